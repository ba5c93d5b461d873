"""The common framework's ratios: worked by hand, never guessed, exact, and told with sources."""

from __future__ import annotations

import re
from fractions import Fraction

import pandas as pd
import pytest
from builders import SCHEMES, amount_of, made, make_folder, make_unit, sheet_of, write_csv
from evaluated import LAYOUTS, line, scored, scored_row
from hypothesis import given, settings
from hypothesis import strategies as st
from reconciled import a_unit

from notebooks import exported
from selfeval.budget.lines import budget_lines
from selfeval.budget.quantities import quantities
from selfeval.budget.ratios import ratios
from selfeval.checks import check
from selfeval.errors import InputErrors, ParamsError, TableError
from selfeval.evaluation.load import load_unit
from selfeval.page.internal import build_ratios as ratios_view
from selfeval.page.trace import printed_numbers
from selfeval.page.verify import verify_page
from selfeval.schemes.ratios import Framework, load_framework
from selfeval.scoring.score import score
from selfeval.strict import parse_model
from selfeval.tables import Tables
from selfeval.tables.book import Book
from selfeval.tables.rows import SpendingProject, Staff
from selfeval.terms import PHASES

# 万元：上年决算、年初预算、预算调整、调整后预算、全年执行
STAFF = [
    {"kind": "行政编制", "authorised_posts": 12, "staff_in_post": 10},
    {"kind": "事业编制", "authorised_posts": 8, "staff_in_post": 7},
]
BASIC = [line("人员经费", "", 140, 10, 150, 150), line("公用经费", "", 80, 10, 90, 72)]
PROJECTS = [
    line("河道整治", "", 120, 20, 140, 140, priority="是"),
    line("宣传", "", 60, 0, 60, 56, priority="否"),
]


def other(item, prior="", initial="", adjusted="", executed=""):
    return line(item, prior, initial, "", adjusted, executed)


OTHER = [
    other("“三公”经费合计", 4, 5, 4.5, 3.6),
    other("政府采购金额", "—", 60, 50, 45),
    other("年初结转和结余", "—", "—", "—", 20),
    other("年末结转和结余", 25, "—", "—", 30),
]
OPENING = "opening_carryover_and_surplus.executed"
FORM = {"staffing": STAFF, "basic": BASIC, "projects": PROJECTS, "other": OTHER}
BASE_DATA = [
    ["2021年度部门整体支出绩效评价基础数据表"],
    ["财政供养人员情况（人）", "编制数", "2021年实际在职人数", "控制率"],
    ["", "40", "43", "107.50%"],
]
BUILDINGS = [
    "楼堂馆所控制情况", "批复规模（㎡）", "实际规模（㎡）", "规模控制率", "预算投资（万元）",
    "实际投资（万元）", "投资概算控制率",
]  # fmt: skip
THREE_PUBLIC = [
    ["2021年一般公共预算“三公”经费支出表"],
    ["单位：万元"],
    [
        "单位编码",
        "单位名称",
        "合计",
        "因公出国（境）费",
        "公务用车购置及运行费",
        "",
        "",
        "公务接待费",
    ],
    ["", "", "", "", "小计", "公务用车购置费", "公务用车运行费", ""],
    ["", "2020年预算数", "8", "0", "5", "0", "5", "3"],
    ["", "2021年预算数", "5", "0", "3", "0", "3", "2"],
]


def of(tmp_path, *official, **tables):
    """Return a unit's ratios by id; ``official`` are more sheets as rows of cells."""
    folder = make_folder(tmp_path)
    for table, rows in tables.items():
        write_csv(folder / f"{LAYOUTS[table].sheet}.csv", sheet_of(table, rows))
    for number, sheet in enumerate(official, 1):
        write_csv(folder / f"官方表{number}.csv", sheet)
    return {ratio.id: ratio for ratio in load_unit(folder).ratio_rows}


def buildings(*rows):
    return [*BASE_DATA[:1], BUILDINGS, *rows]


def replaced(rows, item, **cells):
    return [row | cells if row["item"] == item else row for row in rows]


@pytest.fixture(scope="module")
def worked(tmp_path_factory):
    return of(tmp_path_factory.mktemp("worked"), **FORM)


# --- 算得出的 --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        ("staffing_rate", Fraction(17, 20)),  # 在职 10＋7，编制 12＋8
        ("three_public_change_rate_on_totals", Fraction(-1, 10)),  # （3.6－4）÷4
        ("priority_share", Fraction(2, 3)),  # 120÷（120＋60）
        ("completion_rate", Fraction(418, 400)),  # 150＋72＋140＋56，140＋80＋120＋60
        ("completion_rate_on_adjusted", Fraction(418, 440)),  # 150＋90＋140＋60
        ("completion_rate_hunan", Fraction(430, 460)),  # （20＋400＋40－30）÷（20＋400＋40）
        ("budget_control_rate", Fraction(40, 400)),  # 追加 10＋10＋20＋0
        ("adjustment_rate", Fraction(40, 400)),
        ("carryover_rate", Fraction(30, 400)),
        ("carryover_rate_on_adjusted", Fraction(30, 440)),
        ("carryover_change_rate", Fraction(1, 5)),  # （30－25）÷25
        ("carryover_change_rate_on_opening", Fraction(1, 2)),  # （30－20）÷20
        ("operating_control_rate", Fraction(72, 80)),
        ("operating_control_rate_on_adjusted", Fraction(72, 90)),
        ("three_public_control_rate", Fraction(18, 25)),  # 3.6÷5
        ("three_public_control_rate_on_adjusted", Fraction(4, 5)),  # 3.6÷4.5
        ("procurement_execution_rate", Fraction(45, 60)),
        ("procurement_execution_rate_on_adjusted", Fraction(45, 50)),
    ],
)
def test_a_ratio_is_what_a_finance_officer_works_out_by_hand(worked, ratio, expected):
    assert worked[ratio].quantity.value == expected
    assert worked[ratio].remedy == ""


def test_the_change_of_three_public_budgets_takes_last_years_budget_from_an_official_table(
    tmp_path,
):
    ratio = of(tmp_path, THREE_PUBLIC)["three_public_change_rate"]

    assert ratio.quantity.value == Fraction(5 - 8, 8)
    assert [quantity.source for quantity in ratio.inputs] == [
        "官方表1.csv › 官方表1 › C6", "官方表1.csv › 官方表1 › C5",
    ]  # fmt: skip


def test_a_table_of_the_year_before_gives_last_years_three_public_budget(tmp_path):
    before = [["2020年一般公共预算“三公”经费支出表"], *THREE_PUBLIC[1:4]]
    before.append(["001", "某局", "8", "0", "5", "0", "5", "3"])
    ratio = of(tmp_path, before, **FORM)["three_public_change_rate"]

    assert ratio.quantity.value == Fraction(5 - 8, 8)


def test_one_new_building_is_held_against_what_was_approved(tmp_path):
    row = ["", "300", "310", "103.33%", "90", "88.5", "98.33%"]
    found = of(tmp_path, buildings(row), **FORM)
    area = found["building_area_control_rate"]

    assert area.quantity.value == Fraction(31, 30)
    assert [(q.label, q.kind, q.value, q.source) for q in area.inputs] == [
        ("楼堂馆所实际规模", "area", 310, "官方表1.csv › 官方表1 › C3"),
        ("楼堂馆所批复规模", "area", 300, "官方表1.csv › 官方表1 › B3"),
    ]
    assert found["building_investment_control_rate"].quantity.value == Fraction(885, 900)


def test_several_new_buildings_are_added_and_a_printed_total_is_not_added_again(tmp_path):
    rows = [
        ["甲楼", "300", "310", "", "90", "88", ""],
        ["乙楼", "100", "100", "", "30", "32", ""],
        ["合计", "400", "410", "", "120", "120", ""],
    ]
    found = of(tmp_path, buildings(*rows), **FORM)
    area = found["building_area_control_rate"]

    assert area.quantity.value == Fraction(410, 400)
    assert area.inputs[0].parts == (("buildings:甲楼.actual_area", 1),
                                    ("buildings:乙楼.actual_area", 1))  # fmt: skip
    assert found["building_investment_control_rate"].quantity.value == 1


def test_the_basic_data_stand_in_for_staff_the_form_leaves_out_and_never_else(tmp_path):
    without = of(tmp_path / "a", BASE_DATA)["staffing_rate"]
    both = of(tmp_path / "b", BASE_DATA, staffing=STAFF)["staffing_rate"]

    assert without.quantity.value == Fraction(43, 40)
    assert both.quantity.value == Fraction(17, 20)


def test_fixed_assets_in_use_need_a_table_that_tells_them_apart(unit):
    assets = amount_of("fixed_assets", 900, table="final_assets", block="assets")
    tables = tables_of(official=[assets])

    [rate] = by_id(unit, tables, "fixed_asset_use_rate")

    assert rate.quantity.missing == "实际在用固定资产总额未提供"


# --- 追加和追减 ------------------------------------------------------------------------------


def changed(tmp_path, personnel, operating, one, two):
    """Return the ratios of a unit of 400万元 whose four lines were adjusted by these."""
    rows = [
        line(name, "", initial, change, initial + change, 50)
        for name, initial, change in (
            ("人员经费", 140, personnel), ("公用经费", 80, operating),
            ("河道整治", 120, one), ("宣传", 60, two),
        )
    ]  # fmt: skip
    return of(tmp_path, basic=rows[:2], projects=rows[2:])


@pytest.mark.parametrize(
    ("changes", "rate", "net", "note"),
    [
        ((10, 10, 20, 0), "1/10", "1/10", ""),
        ((0, 0, -68.16, 0), "213/1250", "-213/1250", ""),  # 只有追减，也是调整
        ((0, 0, 50, -50), "1/4", "0", "各行追加合计50.00万元、追减合计50.00万元"),
        ((10, -5, 0, 0), "15/400", "5/400", "各行追加合计10.00万元、追减合计5.00万元"),
        ((0, 0, 0, 0), "0", "0", ""),
    ],
)
def test_what_was_cut_is_an_adjustment_and_never_makes_up_for_what_was_added(
    tmp_path, changes, rate, net, note
):
    found = changed(tmp_path, *changes)
    gross, control = found["adjustment_rate"].quantity, found["budget_control_rate"].quantity

    assert (gross.value, control.value) == (Fraction(rate), Fraction(net))
    assert gross.note == (f"{note}，两者相加，没有相抵" if note else "")
    assert control.note == (f"{note}，只按相抵后的净额计算" if note else "")


def test_an_adjustment_known_only_as_a_whole_says_that_it_is_net(tmp_path):
    whole = [line("支出合计", "", 400, "", 380, 370)]
    both = of(tmp_path, other=whole)
    found, control = both["adjustment_rate"], both["budget_control_rate"]

    assert (found.quantity.value, control.quantity.value) == (Fraction(1, 20), Fraction(-1, 20))
    assert control.quantity.note == found.quantity.note
    assert found.quantity.note == (
        "支出合计没有与合计相符的分行预算调整数，只比较了增减相抵后的净额"
    )
    assert found.note.endswith(f"没有扣除。{found.quantity.note}。")


@pytest.mark.parametrize(
    ("one", "two", "points", "said"),
    [
        (-68.16, 0, 1, "预算调整率17.04%："),
        (50, -50, 0.5, "（各行追加合计50.00万元、追减合计50.00万元，两者相加，没有相抵）"),
    ],
)
def test_the_scored_line_says_how_its_ratio_came_about(tmp_path, one, two, points, said):
    rows = {
        "basic": [line("人员经费", "", 140, 0, 140, 50), line("公用经费", "", 80, 0, 80, 50)],
        "projects": [line("河道整治", "", 120, one, 120 + one, 50),
                     line("宣传", "", 60, two, 60 + two, 5)],
    }  # fmt: skip
    scoring = {"scoring": "hunan-yueyang-2018"}
    row = scored_row(scored(tmp_path, settings=scoring, **rows), "预算调整率")

    assert row.points == points
    assert said in row.sentence


# --- 年初结转和结余 --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opening", "closing", "rate", "note"),
    [
        # 年初 400、调整 40、执行 418：已含的，年末是 22；未含的，年末是 42
        (20, 22, Fraction(418, 440), "没有再加一次年初结转和结余"),
        (20, 42, Fraction(418, 460), ""),
        (20, 30, Fraction(430, 460), "如已含在内，只算一次是93.18%"),
        (0, 30, Fraction(410, 440), ""),
        # 表里的数四舍五入过：相差一分也是已含的，结转和四舍五入一样小的看不出来
        (20, "22.01", Fraction(41799, 44000), "相差100元，在四舍五入的范围之内"),
        (20, "42.01", Fraction(41799, 46000), ""),
        (20, "22.90", Fraction(43710, 46000), "如已含在内，只算一次是94.80%"),
        ("0.01", 22, Fraction(41801, 44001), "如已含在内，只算一次是95.00%"),
    ],
)
def test_a_carryover_that_the_budget_holds_already_is_counted_once(
    tmp_path, opening, closing, rate, note
):
    rows = [other("年初结转和结余", "—", "—", "—", opening),
            other("年末结转和结余", "—", "—", "—", closing)]  # fmt: skip
    found = of(tmp_path, **(FORM | {"other": rows}))["completion_rate_hunan"]

    assert found.quantity.value == rate
    assert note in found.quantity.note
    assert bool(note) == bool(found.quantity.note)
    is_held = "没有再加一次" in found.quantity.note
    assert (OPENING in [q.key for q in found.inputs]) != is_held


# --- 重点项目 --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        # 大项、明细一、明细二、单列项目：30＝10＋20，70
        (("是", "", "", "否"), Fraction(30, 100)),  # 明细从大项
        (("", "是", "否", "否"), Fraction(10, 100)),
        (("是", "是", "否", "否"), Fraction(10, 100)),  # 明细自己填了的从自己
        (("", "是", "是", "是"), Fraction(1)),
        (("否", "", "", "否"), Fraction(0)),
        (("是", "", "", ""), "丁的“是否重点”没有填写"),
        (("", "是", "", "否"), "丙的“是否重点”没有填写"),
        (("", "", "", ""), "“项目支出”表的“是否重点”栏没有填写"),
    ],
)
def test_projects_are_priorities_only_where_the_unit_says_so(tmp_path, marks, expected):
    names = [("甲", "", 30), ("乙", "甲", 10), ("丙", "甲", 20), ("丁", "", 70)]
    rows = [
        {"item": name, "parent": parent, "initial_budget": amount, "executed": 1, "priority": mark}
        for (name, parent, amount), mark in zip(names, marks, strict=True)
    ]
    quantity = of(tmp_path, projects=rows)["priority_share"].quantity

    assert (quantity.missing or quantity.value) == expected


def test_a_mark_that_is_neither_yes_nor_no_is_refused_by_its_cell(tmp_path):
    with pytest.raises((TableError, InputErrors), match="“是否重点”栏的“大概”不在可选之列"):
        of(tmp_path, projects=[PROJECTS[0] | {"priority": "大概"}])


# --- 算不出的 --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ratio", "changes", "missing", "remedy"),
    [
        ("staffing_rate", {"staffing": [STAFF[0] | {"authorised_posts": ""}]},
         "人员编制数未提供", "请填写“基本情况”表的“编制数”。"),
        ("three_public_change_rate", {}, "“三公”经费上年预算数未提供",
         "上年预算数不在填报表里，请放入列有它的“三公”经费预算表，或上一年度的“三公”经费预算表。"),
        ("three_public_change_rate_on_totals",
         {"other": replaced(OTHER, "“三公”经费合计", prior_final_accounts="")},
         "“三公”经费的上年决算数未提供",
         "请填写“三公采购结转”表“‘三公’经费合计”一行的“上年决算数”。"),
        ("priority_share", {"projects": [{**row, "priority": ""} for row in PROJECTS]},
         "“项目支出”表的“是否重点”栏没有填写",
         "请在“项目支出”表的“是否重点”栏逐项填“是”或“否”。"),
        ("completion_rate", {"basic": replaced(BASIC, "公用经费", executed="")},
         "基本支出的全年执行数未提供", "请填写“基本支出”表“公用经费”一行的“全年执行数”。"),
        ("budget_control_rate",
         {"basic": replaced(BASIC, "公用经费", budget_adjustment="", adjusted_budget="")},
         "基本支出的预算调整数未提供", "请填写“基本支出”表“公用经费”一行的“调整后预算数”。"),
        ("carryover_rate", {"other": OTHER[:3]}, "年末结转和结余的全年执行数未提供",
         "请填写“三公采购结转”表“年末结转和结余”一行的“全年执行数”。"),
        ("procurement_execution_rate",
         {"other": replaced(OTHER, "政府采购金额", initial_budget="", executed="")},
         "政府采购金额的全年执行数未提供；政府采购金额的年初预算数未提供",
         "请填写“三公采购结转”表“政府采购金额”一行的“全年执行数”“年初预算数”。"),
        ("building_area_control_rate", {}, "楼堂馆所实际规模未提供；楼堂馆所批复规模未提供",
         "请放入《部门整体支出绩效评价基础数据表》，填写“楼堂馆所控制情况”；没有新建的写“—”。"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_with_the_place_to_fill_it_in(
    tmp_path, ratio, changes, missing, remedy
):
    found = of(tmp_path, **(FORM | changes))[ratio]

    assert (found.quantity.value, found.quantity.missing) == (None, missing)
    assert found.remedy == remedy


def test_an_initial_budget_never_stands_in_for_an_adjusted_one(tmp_path):
    blank = {"budget_adjustment": "", "adjusted_budget": ""}
    tables = FORM | {
        "basic": [row | blank for row in BASIC],
        "projects": [row | blank for row in PROJECTS],
        "other": [row | blank for row in OTHER],
    }
    found = of(tmp_path, **tables)
    gaps = {ratio.id for ratio in found.values() if "调整" in ratio.quantity.missing}

    assert gaps == {
        "completion_rate_on_adjusted", "completion_rate_hunan", "budget_control_rate",
        "adjustment_rate", "carryover_rate_on_adjusted", "operating_control_rate_on_adjusted",
        "three_public_control_rate_on_adjusted", "procurement_execution_rate_on_adjusted",
    }  # fmt: skip
    assert found["completion_rate"].quantity.value == Fraction(418, 400)


@pytest.mark.parametrize(
    "ratio",
    [
        "payment_progress_rate",
        "task_completion_rate",
        "timely_completion_rate",
        "quality_rate",
        "key_task_completion_rate",
    ],
)
def test_what_no_table_holds_says_so_and_is_never_computed(worked, ratio):
    found = worked[ratio]

    assert found.quantity.value is None
    assert found.quantity.missing.startswith("各种表都没有")
    assert found.inputs == ()


@pytest.mark.parametrize(
    ("ratio", "item", "cells", "missing"),
    [
        ("procurement_execution_rate", "政府采购金额", {"initial_budget": 0},
         "政府采购金额年初预算数为零，不能作分母"),
        ("procurement_execution_rate", "政府采购金额", {"initial_budget": 0, "executed": 0},
         "政府采购金额年初预算数为零，不能作分母"),
        ("procurement_execution_rate", "政府采购金额", {"initial_budget": -1},
         "政府采购金额年初预算数为负，比率没有意义"),
        ("three_public_change_rate_on_totals", "“三公”经费合计", {"prior_final_accounts": 0},
         "“三公”经费上年决算数为零，从零起没有变动率"),
        ("carryover_change_rate_on_opening", "年初结转和结余", {"executed": 0},
         "年初结转和结余全年执行数为零，从零起没有变动率"),
    ],
)  # fmt: skip
def test_nothing_is_divided_by_nothing_or_less(tmp_path, ratio, item, cells, missing):
    found = of(tmp_path, **(FORM | {"other": replaced(OTHER, item, **cells)}))[ratio]

    assert (found.quantity.value, found.quantity.missing) == (None, missing)


def test_the_smallest_denominator_above_nothing_divides(tmp_path):
    rows = replaced(OTHER, "政府采购金额", initial_budget="0.000001", executed="0.000002")
    found = of(tmp_path, **(FORM | {"other": rows}))["procurement_execution_rate"]

    assert found.quantity.value == 2


def test_a_dash_is_told_as_not_applicable_and_asks_for_nothing(tmp_path):
    rows = replaced(OTHER, "政府采购金额", initial_budget="—", executed="—")
    found = of(tmp_path, **(FORM | {"other": rows}))["procurement_execution_rate"]

    assert not found.quantity.applies
    assert found.quantity.missing == (
        "政府采购金额的全年执行数不适用；政府采购金额的年初预算数不适用"
    )
    assert found.remedy == ""


def test_no_new_building_is_told_as_not_applicable(tmp_path):
    row = ["", "——", "——", "——", "——", "——", "——"]
    found = of(tmp_path, buildings(row), **FORM)

    for ratio in ("building_area_control_rate", "building_investment_control_rate"):
        assert not found[ratio].quantity.applies
        assert found[ratio].quantity.missing.count("不适用") == 2


def test_a_building_without_one_of_its_numbers_leaves_no_sum_of_the_others(tmp_path):
    rows = [["甲楼", "300", "310", "", "90", "88", ""], ["乙楼", "100", "", "", "30", "", ""]]
    found = of(tmp_path, buildings(*rows), **FORM)

    assert found["building_area_control_rate"].quantity.missing == "乙楼楼堂馆所实际规模未提供"
    assert found["building_investment_control_rate"].quantity.missing == (
        "乙楼楼堂馆所实际投资未提供"
    )


def test_the_guide_the_form_and_the_remedy_ask_for_the_same_carryovers(tmp_path):
    guide = (SCHEMES.parents[1] / "README.zh-CN.md").read_text(encoding="utf-8")
    help_ = {column.field: column.help for column in LAYOUTS["other"].columns}
    asked = [other("年初结转和结余", "—", "—", "—", 20)]
    last = [other("年末结转和结余", prior, "—", "—", 30) for prior in ("", 25)]

    bare = of(tmp_path / "a", other=[*asked, last[0]])["carryover_change_rate"]
    filled = of(tmp_path / "b", other=[*asked, last[1]])

    assert "年初、年末结转和结余填“全年执行数”一栏；年末一行再填“上年决算数”" in guide
    assert "年末结转和结余填上年年末的数" in help_["prior_final_accounts"]
    assert bare.remedy == "请填写“三公采购结转”表“年末结转和结余”一行的“上年决算数”。"
    assert filled["carryover_change_rate"].quantity.value == Fraction(1, 5)
    assert filled["carryover_change_rate_on_opening"].quantity.value == Fraction(1, 2)


# --- 恒成立的 --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def unit(tmp_path_factory):
    return a_unit(tmp_path_factory.mktemp("unit"))


def frame(records, columns):
    return pd.DataFrame(list(records), columns=list(columns), dtype=object).astype(columns)


def tables_of(amounts=None, projects=(), staffing=(), official=()):
    """Return tables of amounts {(line, phase): 分}, projects (name, mark), staff, sheets."""
    own = tuple(
        amount_of(name, fen, block=name.partition(":")[0], phase=phase, raw=str(fen))
        for (name, phase), fen in (amounts or {}).items()
    )
    rows = [made(SpendingProject, project=name, priority=mark) for name, mark in projects]
    staff = [
        made(Staff, kind=kind, authorised_posts=posts, staff_in_post=persons)
        for kind, posts, persons in staffing
    ]  # fmt: skip
    return Tables(
        amounts=own,
        stated=own,
        figures=(),
        projects=tuple(rows),
        staffing=tuple(staff),
        indicators=(),
        measures=(),
        notes=(),
        present=frozenset(),
        book=Book(official, {}),
    )


def found_in(unit, tables):
    lines = budget_lines(tables)
    return ratios(unit, tables, lines, quantities(lines, tables))


def by_id(unit, tables, *ids):
    return [ratio for ratio in found_in(unit, tables) if ratio.id in ids]


def values(unit, tables):
    return {ratio.id: ratio.quantity.value for ratio in found_in(unit, tables)}


LINES = [
    *("total", "personnel", "operating", "project:甲", "project:乙", "procurement"),
    *("three_public_expenses", "opening_carryover_and_surplus", "closing_carryover_and_surplus"),
]
AMOUNTS = st.dictionaries(
    st.tuples(st.sampled_from(LINES), st.sampled_from([*PHASES])), st.integers(0, 10**12)
)
MARKS = st.sampled_from(["yes", "no"])


@settings(max_examples=15)
@given(AMOUNTS, MARKS, MARKS, st.integers(1, 10**6))
def test_all_amounts_times_the_same_leave_every_ratio_as_it_was(unit, amounts, one, two, times):
    projects = [("甲", one), ("乙", two)]
    more = {key: fen * times for key, fen in amounts.items()}

    before = values(unit, tables_of(amounts, projects))

    assert values(unit, tables_of(more, projects)) == before


@settings(max_examples=15)
@given(AMOUNTS, st.data())
def test_the_order_of_rows_changes_no_ratio(unit, amounts, data):
    projects = [("甲", "yes"), ("乙", "no")]
    staff = [("行政编制", 3, 2), ("事业编制", 5, 5)]
    shuffled = dict(data.draw(st.permutations(list(amounts.items()))))
    people = data.draw(st.permutations(staff))

    before = values(unit, tables_of(amounts, projects, staff))

    assert values(unit, tables_of(shuffled, projects[::-1], people)) == before


@settings(max_examples=15)
@given(AMOUNTS)
def test_a_ratio_is_its_parts_divided_or_says_why_there_is_none(unit, amounts):
    tables = tables_of(amounts, [("甲", "yes"), ("乙", "no")])
    lines = budget_lines(tables)
    known = quantities(lines, tables)
    for ratio in ratios(unit, tables, lines, known):
        numbers = known | {q.key: q for q in (*ratio.inputs, *ratio.parts)}
        if ratio.quantity.value is None:
            assert ratio.quantity.missing
            continue
        (above, _), (below, _) = ratio.quantity.parts
        assert isinstance(ratio.quantity.value, Fraction)
        assert ratio.quantity.value * numbers[below].value == numbers[above].value
        for part in ratio.parts:
            if part.parts and part.value is not None:
                assert part.value == sum(sign * numbers[key].value for key, sign in part.parts)


# --- 显示和方案 ------------------------------------------------------------------------------


def test_the_frame_gives_an_analyst_exact_rates_and_every_number_with_its_cell(tmp_path):
    folder = make_unit(tmp_path, **FORM)
    rows = load_unit(folder).frame("ratios").set_index("id")

    assert rows.at["procurement_execution_rate", "rate"] == Fraction(3, 4)
    assert rows.at["procurement_execution_rate", "inputs"] == (
        "政府采购金额全年执行数 450 000.00 元（填报.xlsx › 三公采购结转 › E7）；"
        "政府采购金额年初预算数 600 000.00 元（填报.xlsx › 三公采购结转 › C7）"
    )
    assert rows.at["three_public_change_rate", "rate"] is None
    assert list(rows.loc[rows["rate"].notna(), "missing"].unique()) == [""]


def test_the_section_shows_result_formula_and_numbers_and_the_trace_holds_them(tmp_path):
    evaluation = score(check(load_unit(make_unit(tmp_path, **FORM))))
    view = ratios_view(evaluation)

    assert ">75.00%</a>" in view.html
    assert "政府采购金额全年执行数：<a" in view.html
    assert ">45.00万元</a>" in view.html
    assert "（450\xa0000.00\xa0元，填报.xlsx › 三公采购结转 › E7）" in view.html
    assert "不可计算" in view.html
    words = re.sub("<[^>]+>", "", view.html)
    assert "共27行：18行有结果，9行不可计算或不适用" in words
    assert {"ratio.completion_rate_hunan", "ratio.completion_rate_hunan.numerator"} <= set(
        printed_numbers([view.html], evaluation.quantities)
    )


def test_the_numbers_of_the_section_are_added_again_from_the_page_alone(tmp_path):
    folder = make_unit(tmp_path, **FORM)
    rows = [
        ["甲楼", "300", "310.5", "", "90", "88", ""],
        ["乙楼", "100", "99.5", "", "30", "31", ""],
    ]
    write_csv(folder / "基础数据表.csv", buildings(*rows))
    evaluation = score(check(load_unit(folder)))
    page = tmp_path / "review.html"
    page.write_text(exported(evaluation, "review"), encoding="utf-8")

    verified = verify_page(page)

    assert verified.faults == ()
    assert "410.00㎡" in page.read_text(encoding="utf-8")
    assert verified.derived > sum(ratio.is_computed for ratio in evaluation.ratio_rows) == 20


def test_each_ratio_says_where_it_comes_from_and_ids_are_its_keys(worked):
    for ratio in worked.values():
        assert ratio.reference
        assert ratio.quantity.key == f"ratio.{ratio.id}"
        assert ratio.quantity.label.startswith(ratio.name)


def test_a_definition_counts_from_its_year_on():
    framework = load_framework(SCHEMES)
    ids = {
        year: {definition.id for _, definition in framework.in_force(year)}
        for year in (2012, 2016, 2017)
    }

    assert ids[2012] == set()
    assert "completion_rate_hunan" not in ids[2016]
    assert "completion_rate_hunan" in ids[2017]


RULE = {
    "id": "some_rate", "name": "甲率", "aspect": "预算执行", "formula": "甲÷乙",
    "numerator": ["total.executed"], "denominator": ["total.initial_budget"],
    "reference": "某文件", "verified": False,
}  # fmt: skip

ONCE = {
    "number": "total.executed", "within": ["total.initial_budget"], "proof": ["total.executed"],
    "held": "已含", "unclear": "也许是{rate}",
}  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        ([RULE | {"numerator": ["支出"]}], "应写成“行.栏”"),
        ([RULE | {"unavailable": "没有"}], "或写 unavailable"),
        ([RULE | {"denominator": []}], "或写 unavailable"),
        ([RULE, RULE], "“some_rate”出现了两次"),
        ([RULE | {"weight": 5}], "不认识的键"),
        ([RULE | {"counted_once": ONCE}], "numerator 和 denominator 里都有"),
        ([RULE | {"counted_once": ONCE | {"unclear": "不清楚"}}], "unclear"),
    ],
)
def test_a_framework_that_cannot_be_computed_is_refused(rules, fault):
    scheme = {
        "description": "一", "reference": "二", "verified": False, "effective": "2013-04-21",
        "ratios": rules,
    }  # fmt: skip

    with pytest.raises(ParamsError, match=fault):
        parse_model(Framework, scheme, "ratios.yaml")
