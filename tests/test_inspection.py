"""Tests of what files are taken for: `selfeval tables` and `selfeval layouts`."""

import json
import shutil
import sys
from pathlib import Path
from random import Random

import pytest
from builders import BASIC, SCHEMES, make_folder, sheet_of, write_csv, write_xls, write_xlsx
from evaluated import STAFFING, indicator, measure
from table_sets import Plan, final_accounts

from selfeval import cli
from selfeval.evaluation.frames import COLUMNS
from selfeval.tables.inspection import inspect_files, inspection_lines, layout_rows

SPENT = [
    ["2021年度支出决算表"], ["单位：万元"],
    ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"],
    ["合计", "", 80, 50, 30],
    ["201", "一般公共服务支出", 80, 50, "—"],
    ["某科目", "", 7, "", ""],
]  # fmt: skip


def inspected(*paths):
    return list(inspect_files([Path(path) for path in paths], SCHEMES))


def lines(path, brief=False):
    (one,) = inspected(path)
    return [text for _, text in inspection_lines(one, SCHEMES, brief)]


def run(monkeypatch, capsys, *arguments):
    """Run a command; return its exit code and what it printed."""
    monkeypatch.setattr(sys, "argv", ["selfeval", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code, capsys.readouterr()


# --- what is told ----------------------------------------------------------------------------


def test_a_table_is_named_with_its_layout_sheet_range_unit_and_year(tmp_path):
    path = write_xlsx(tmp_path / "决算.xlsx", 支出=SPENT)

    assert lines(path, brief=True) == [
        str(path),
        "2021年度支出决算表（final_expenditure，支出 A1:E6，万元，2021年）读到 5 个数",
        "支出 C6“7”：“某科目”没有科目编码",
    ]


def test_a_table_whose_year_nothing_says_is_told_so_and_the_form_needs_none(tmp_path):
    undated = write_xlsx(tmp_path / "决算.xlsx", 支出=[["支出决算表"], *SPENT[1:4]])
    form = write_csv(tmp_path / "表.csv", sheet_of("basic", BASIC))

    assert "支出 A1:E4，万元，年度不明）读到 3 个数" in lines(undated, brief=True)[1]
    assert "年度不明" not in lines(form, brief=True)[1]


def test_each_number_is_told_in_words_and_in_exact_yuan(tmp_path):
    path = write_xlsx(tmp_path / "决算.xlsx", 支出=SPENT)

    assert lines(path)[2:8] == [
        "C4　合计 · 本年支出合计 · 全年执行数　80 → 800 000.00 元",
        "D4　合计 · 基本支出 · 全年执行数　50 → 500 000.00 元",
        "E4　合计 · 项目支出 · 全年执行数　30 → 300 000.00 元",
        "C5　201 一般公共服务支出 · 本年支出合计 · 全年执行数　80 → 800 000.00 元",
        "D5　201 一般公共服务支出 · 基本支出 · 全年执行数　50 → 500 000.00 元",
        "E5　201 一般公共服务支出 · 项目支出 · 全年执行数　—",
    ]


def test_blank_cells_are_counted_not_listed_and_no_identifier_is_shown(tmp_path):
    path = write_xlsx(tmp_path / "决算.xlsx", **final_accounts(Plan(Random(1))))
    told = lines(path)

    assert sum("格空白" in text for text in told) >= 3
    words = [text.partition("　")[2] for text in told if "　" in text]
    assert [text for text in words if any(c.isascii() and c.isalpha() for c in text)] == []


def test_the_units_own_form_is_told_with_persons_and_rows_of_words(tmp_path):
    path = write_xlsx(
        tmp_path / "填报.xlsx",
        人员=sheet_of("staffing", STAFFING),
        支出=sheet_of("basic", BASIC),
        指标=sheet_of("indicators", [indicator()]),
        措施=sheet_of("measures", [measure(), measure("二")]),
    )
    told = lines(path)

    assert [text.partition("）")[2] for text in told if "（form_" in text] == [
        "读到 6 个数", "读到 6 个数", "读到 1 行文字", "读到 2 行文字",
    ]  # fmt: skip
    assert "B3　行政编制 · 编制数　12" in told
    assert "D5　公用经费 · 年初预算数　20 → 200 000.00 元" in told


def test_a_table_that_goes_on_on_another_sheet_is_listed_whole(tmp_path):
    head = SPENT[:3]
    path = write_xlsx(
        tmp_path / "决算.xlsx",
        一=[*head, ["201", "一般公共服务支出", 80, 50, 30]],
        二=[*head, ["205", "教育支出", 7, 7, ""]],
    )
    told = lines(path)

    assert told[1].endswith("读到 5 个数")
    assert "二 C4　205 教育支出 · 本年支出合计 · 全年执行数　7 → 70 000.00 元" in told


def test_many_cells_not_understood_for_one_reason_are_told_together(tmp_path):
    odd = [[f"科目{n}", "", n, "", ""] for n in range(3)]
    path = write_xlsx(
        tmp_path / "决算.xlsx", 支出=[*SPENT[:4], *odd, ["202", "外交", "约1", "约2", ""]]
    )

    assert lines(path, brief=True)[-1] == "支出 C8“约1”、D8“约2”：不是数字"


# --- as data ---------------------------------------------------------------------------------


def test_the_record_of_a_file_has_amounts_as_whole_fen_or_null(tmp_path):
    path = write_xlsx(tmp_path / "决算.xlsx", 支出=SPENT)
    record = json.loads(json.dumps(inspected(path)[0].record()))

    assert list(record) == ["file", "tables", "amounts", "figures", "unread", "error"]
    assert record["tables"] == [{
        "title": "2021年度支出决算表", "layout": "final_expenditure", "sheet": "支出",
        "range": "A1:E6", "amount_unit": "万元", "year": 2021,
    }]  # fmt: skip
    assert all(set(amount) == set(COLUMNS["amounts"]) for amount in record["amounts"])
    assert [amount["amount"] for amount in record["amounts"]] == [
        80_000_000, 50_000_000, 30_000_000, 80_000_000, 50_000_000, None,
    ]  # fmt: skip
    assert record["unread"] == [
        {"sheet": "支出", "cell": "C6", "raw": "7", "why": "“某科目”没有科目编码"}
    ]
    assert record["error"] == ""


def test_numbers_that_are_no_money_are_exact_text(tmp_path):
    path = write_csv(tmp_path / "人员.csv", sheet_of("staffing", STAFFING))
    figures = inspected(path)[0].record()["figures"]

    assert set(figures[0]) == {*COLUMNS["figures"], "fund", "state"}
    assert [figure["value"] for figure in figures] == ["12", "10", "6", "6", "18", "16"]


def test_cells_of_the_form_that_cannot_be_read_are_named(tmp_path):
    rows = [{"kind": "行政编制", "authorised_posts": "十二"}]
    path = write_csv(tmp_path / "人员.csv", sheet_of("staffing", rows))
    (unread,) = inspected(path)[0].record()["unread"]

    assert (unread["sheet"], unread["cell"]) == ("人员", "B3")
    assert "十二" in unread["why"]


def test_a_formula_without_a_result_is_among_what_was_not_understood(tmp_path):
    rows = [*SPENT[:4], ["201", "一般公共服务支出", "=40+40", 50, 30]]
    path = write_xlsx(tmp_path / "决算.xlsx", 支出=rows)
    unread = inspected(path)[0].record()["unread"]

    assert {item["sheet"] for item in unread} == {"支出"}
    assert any("公式" in item["why"] for item in unread if item["cell"] == "C5")


# --- the command -----------------------------------------------------------------------------


def test_a_file_that_cannot_be_read_says_why_and_does_not_stop_the_others(
    tmp_path, monkeypatch, capsys
):
    good = write_xls(tmp_path / "决算.xls", 支出=SPENT[:5])
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04nothing")
    (tmp_path / "夹").mkdir()
    paths = [tmp_path / "没有.xlsx", tmp_path / "夹", tmp_path / "坏.xlsx", good]
    code, printed = run(monkeypatch, capsys, "tables", "--brief", *paths)

    assert code == 3
    assert "没有.xlsx：文件打不开（文件不存在）" in printed.out
    assert "夹：文件打不开（是文件夹，不是文件）" in printed.out
    assert "坏.xlsx：" in printed.out
    assert "（final_expenditure，支出 A1:E5，万元，2021年）读到 5 个数" in printed.out


def test_a_fault_of_ours_stops_one_file_only_and_says_so(tmp_path, monkeypatch, capsys):
    paths = [write_csv(tmp_path / f"{name}.csv", SPENT[:5]) for name in ("甲", "乙")]

    def broken(grids, *_):
        assert grids[0].file != "甲.csv", "坏了"
        return [], grids

    monkeypatch.setattr("selfeval.tables.inspection.own_and_official", broken)
    code, printed = run(monkeypatch, capsys, "tables", *paths)

    assert code == 3
    assert "甲.csv：程序内部出错（AssertionError：坏了" in printed.out
    assert "支出决算表" in printed.out.partition("乙.csv")[2]


def test_a_table_of_the_form_with_a_wrong_heading_is_told_so(tmp_path):
    rows = [
        ["编制" if cell == "编制数" else cell for cell in row]
        for row in sheet_of("staffing", STAFFING)
    ]

    (one,) = inspected(write_csv(tmp_path / "基本情况.csv", rows))

    assert "缺少栏目“编制数”" in one.unread[0].why


@pytest.mark.parametrize(
    ("rows", "code"), [(SPENT[:5], 0), (SPENT, 1), ([["甲", "乙"], ["丙", "丁"]], 1)]
)
def test_the_exit_code_says_whether_all_was_understood(tmp_path, monkeypatch, capsys, rows, code):
    path = write_csv(tmp_path / "表.csv", rows)

    assert run(monkeypatch, capsys, "tables", path)[0] == code


def test_a_file_that_is_no_table_says_so(tmp_path):
    path = tmp_path / "说明.txt"
    path.write_text("这里没有表。", encoding="utf-8")

    assert lines(path) == [str(path), "没有认出任何一张表"]


def test_without_a_file_the_usage_is_told(monkeypatch, capsys):
    code, printed = run(monkeypatch, capsys, "tables")

    assert code == 2
    assert "缺少“文件...”" in printed.err


def test_the_json_of_several_files_is_one_object_on_a_line_each(tmp_path, monkeypatch, capsys):
    path = write_xlsx(tmp_path / "决算.xlsx", 支出=SPENT)
    code, printed = run(monkeypatch, capsys, "tables", "--json", path, tmp_path / "没有.xlsx")
    records = [json.loads(text) for text in printed.out.splitlines()]

    assert code == 3
    assert [Path(record["file"]).name for record in records] == ["决算.xlsx", "没有.xlsx"]
    assert [bool(record["error"]) for record in records] == [False, True]


def test_the_help_documents_the_exit_codes(monkeypatch, capsys):
    code, printed = run(monkeypatch, capsys, "tables", "--help")

    assert code == 0
    text = "".join(printed.out.split())
    assert "0全部读懂；1有没读懂的；2用法不对；3有文件读不了（其余照常列出）" in text


def test_outside_a_project_the_layouts_that_come_with_the_package_are_used(
    tmp_path, monkeypatch, capsys
):
    path = write_csv(tmp_path / "表.csv", SPENT[:5])
    monkeypatch.chdir(tmp_path)

    assert run(monkeypatch, capsys, "tables", path)[0] == 0
    assert run(monkeypatch, capsys, "layouts")[0] == 0
    assert run(monkeypatch, capsys, "--project", tmp_path / "无", "tables", path)[0] == 2


# --- the layouts -----------------------------------------------------------------------------


def test_every_table_of_every_file_of_layouts_is_listed_with_its_titles_and_columns():
    rows = {row["layout"]: row for row in layout_rows(SCHEMES)}
    files = {path.stem for path in (SCHEMES / "layouts" / "official").glob("*.yaml")} - {"words"}

    assert {row["file"] for row in rows.values()} == files
    assert rows["final_expenditure"]["titles"] == ["支出决算表"]
    assert {"本年支出合计", "基本支出", "项目支出"} <= set(rows["final_expenditure"]["columns"])
    assert rows["base_expenses"]["file"] == "hunan"
    for row in rows.values():
        assert row["columns"]
        assert len(row["columns"]) == len(set(row["columns"]))


def test_the_layouts_are_printed_by_file(monkeypatch, capsys):
    code, printed = run(monkeypatch, capsys, "layouts")

    assert code == 0
    assert "params/schemes/layouts/official/final-accounts.yaml\n" in printed.out
    assert "  final_income 收入决算表\n" in printed.out


def test_a_units_folder_is_not_needed(tmp_path):
    folder = make_folder(tmp_path)

    assert inspected(folder)[0].error


GROUPED = """\
description: 会议费和培训费各有预算和支出
reference: 虚构
verified: false
effective: 2013-01-01
tables:
  - table: local_meetings
    title: 会议费和培训费支出情况表
    has: [会议费, 支出情况]
    phase: executed
    panels:
      - rows: names
        keys: [单位名称]
        block: meetings
        columns:
          - {item: conferences, phase: initial_budget, headings: [会议费/年初预算]}
          - {item: conferences, headings: [会议费/全年支出]}
          - {item: training, phase: initial_budget, headings: [培训费/年初预算]}
          - {item: training, headings: [培训费/全年支出]}
"""


def test_columns_that_differ_by_their_upper_heading_are_told_apart(tmp_path):
    schemes = shutil.copytree(SCHEMES, tmp_path / "schemes")
    (schemes / "layouts" / "official" / "local.yaml").write_text(GROUPED, encoding="utf-8")
    path = write_xlsx(tmp_path / "表.xlsx", 会议培训=[
        ["2021年度会议费和培训费支出情况表"], ["单位：万元"],
        ["单位名称", "会议费", "", "培训费", ""],
        ["", "年初预算", "全年支出", "年初预算", "全年支出"],
        ["局机关", 6, 5, 2, 1],
    ])  # fmt: skip
    (one,) = inspect_files([path], schemes)

    told = [text for kind, text in inspection_lines(one, schemes, brief=False) if kind == "number"]
    assert told == [
        "B5　局机关 · 会议费／年初预算 · 年初预算数　6 → 60 000.00 元",
        "C5　局机关 · 会议费／全年支出 · 全年执行数　5 → 50 000.00 元",
        "D5　局机关 · 培训费／年初预算 · 年初预算数　2 → 20 000.00 元",
        "E5　局机关 · 培训费／全年支出 · 全年执行数　1 → 10 000.00 元",
    ]
