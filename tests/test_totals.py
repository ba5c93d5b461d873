"""Tests of selfeval.page.totals: a total opens to the cells that a check compared it with."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from builders import make_folder, make_unit, write_xlsx

from notebooks import exported
from selfeval import Evaluation, check, load_unit, score
from selfeval.page.totals import parts_html
from selfeval.page.verify import verify_page

SPENT: list[list[object]] = [
    ["支出决算表"], ["单位：万元"],
    ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"],
    ["", "", "", "", ""],
    ["合计", "", 90, 60, 30],
    ["201", "一般公共服务支出", 90, 60, 30],
]  # fmt: skip


def unit_of(tmp_path: Path, *amounts: object) -> Path:
    """Return a unit that fills in 人员经费, 公用经费 and 基本支出 as initial budgets."""
    items = ("人员经费", "公用经费", "基本支出合计")
    rows = [
        {"item": item, "initial_budget": amount}
        for item, amount in zip(items, amounts, strict=True)
    ]
    return make_unit(tmp_path, basic=rows)


def lines_of(evaluation: Evaluation, *lines: str) -> list[str]:
    html = parts_html(evaluation, lines, ["initial_budget", "executed"])
    ends = re.sub("</(?:summary|dt|dd)>", "\n", html)
    return unescape(re.sub("<[^>]+>", "", ends)).splitlines()


def test_a_total_opens_to_its_cells_their_amounts_and_their_sum(tmp_path: Path) -> None:
    evaluation = check(load_unit(unit_of(tmp_path, 10.5, 2, 12.5)))

    assert lines_of(evaluation, "basic") == [
        "合计由哪些单元格相加：相符",
        "基本支出年初预算数 填报.xlsx › 基本支出 › D8 125 000.00 元",
        "人员经费 D6 105 000.00 元",
        "公用经费 D7 20 000.00 元",
        "相加，相符 125 000.00 元",
    ]


@pytest.mark.parametrize(
    ("whole", "end"),
    [
        (12.51, ["相加，四舍五入 125 000.00 元", "相差 100.00 元"]),
        (13.5, ["相加，不符 125 000.00 元", "相差 10 000.00 元"]),
        (11.5, ["相加，不符 125 000.00 元", "相差 10 000.00 元"]),
    ],
)
def test_what_came_of_it_is_what_the_check_said(
    whole: float, end: list[str], tmp_path: Path
) -> None:
    evaluation = check(load_unit(unit_of(tmp_path, 10.25, 2.25, whole)))

    assert lines_of(evaluation, "basic")[-2:] == end


def test_a_total_that_no_check_compared_opens_to_nothing(tmp_path: Path) -> None:
    evaluation = check(load_unit(unit_of(tmp_path, 10, "", 10)))

    assert parts_html(evaluation, ["basic", "total"], ["initial_budget"]) == ""
    assert "<details" not in exported(score(evaluation))


def test_a_budget_and_its_adjustment_are_no_parts(tmp_path: Path) -> None:
    row = {"item": "人员经费", "initial_budget": 10, "budget_adjustment": 2, "adjusted_budget": 12}
    evaluation = check(load_unit(make_unit(tmp_path, basic=[row])))

    assert [f.outcome for f in evaluation.all_findings if f.code == "SUM-06"] == ["pass"]
    assert parts_html(evaluation, ["personnel"], ["adjusted_budget"]) == ""


def test_the_worst_of_two_comparisons_stands(tmp_path: Path) -> None:
    folder = make_folder(tmp_path, years={"决算.xlsx": 2021})
    write_xlsx(folder / "决算.xlsx", 支出=[*SPENT[:5], ["201", "一般公共服务支出", 91, 61, 30]])

    told = lines_of(check(load_unit(folder)), "total")

    assert told[0] == "合计由哪些单元格相加：不符"
    assert told[2:4] == [
        "201一般公共服务支出 C6 910 000.00 元",
        "相加，不符 910 000.00 元",
    ]


def test_cells_of_official_tables_are_parts_under_the_names_of_their_table(tmp_path: Path) -> None:
    folder = make_folder(tmp_path, years={"决算.xlsx": 2021})
    write_xlsx(folder / "决算.xlsx", 支出=SPENT)

    assert lines_of(check(load_unit(folder)), "total", "basic") == [
        "合计由哪些单元格相加：相符",
        "支出合计全年执行数 决算.xlsx › 支出 › C5 900 000.00 元",
        "基本支出 D5 600 000.00 元",
        "项目支出 E5 300 000.00 元",
        "相加，相符 900 000.00 元",
        "基本支出全年执行数 决算.xlsx › 支出 › D5 600 000.00 元",
        "201一般公共服务支出的基本支出 D6 600 000.00 元",
        "相加，相符 600 000.00 元",
    ]


def test_a_page_whose_totals_disagree_with_their_parts_is_whole(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text(exported(score(check(load_unit(unit_of(tmp_path, 10, 2, 13))))), "utf-8")

    result = verify_page(page)

    assert (result.faults, result.changes) == ((), ())
