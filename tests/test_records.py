"""Tests of the rows of the form that are no amounts: what each becomes, or what is said of it."""

from decimal import Decimal

import pytest
from builders import PROJECTS, made, make_folder, sheet_of, write_xlsx

from selfeval.errors import InputErrors, TableError
from selfeval.evaluation.frames import COLUMNS
from selfeval.tables import load_tables
from selfeval.tables.rows import Indicator, Measure, SpendingProject, Staff
from selfeval.unit import load_folder

INDICATOR = {
    "indicator_family": "产出指标", "indicator_aspect": "数量指标", "indicator_name": "培训场次",
    "comparison": "≥", "target_value": "20", "actual_value": "22", "weight": 10, "self_score": 9.5,
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path)


def read(folder, **tables):
    """Load a unit whose one workbook has a sheet for each table."""
    write_xlsx(folder / "表.xlsx", **{name: sheet_of(name, rows) for name, rows in tables.items()})
    return load_tables(load_folder(folder))


def told(folder, **tables):
    """Return place, fault and remedy of all that is said of a unit that is refused."""
    with pytest.raises((TableError, InputErrors)) as caught:
        read(folder, **tables)
    faults = getattr(caught.value, "errors", [caught.value])
    return [(f.place.removeprefix("T001 › 表.xlsx › "), f.fault, f.remedy) for f in faults]


def projects(**parents):
    return [{"item": name, "parent": parent} for name, parent in parents.items()]


# --- what a row becomes ------------------------------------------------------------------------


def test_a_kind_of_staff_keeps_its_counts_their_states_and_their_cells(folder):
    rows = [
        {"kind": "行政编制", "authorised_posts": 20, "staff_in_post": 0, "note": "调出"},
        {"kind": "政府雇员", "authorised_posts": "—"},
    ]
    first, second = read(folder, staffing=rows).staffing

    assert first == Staff(
        kind="行政编制", is_total=False, note="调出", file="表.xlsx", sheet="staffing",
        authorised_posts=20, authorised_posts_state="value", staff_in_post=0,
        staff_in_post_state="zero",
        cells=(
            ("kind", "A3"), ("authorised_posts", "B3"), ("staff_in_post", "C3"), ("note", "D3"),
        ),
    )  # fmt: skip
    assert (second.authorised_posts_state, second.staff_in_post_state) == ("dash", "blank")


def test_a_project_keeps_its_parents_own_spelling_its_note_and_its_cell(folder):
    rows = [{"item": "“大”项目"}, {"item": "小项目", "parent": "大 项目", "note": "原因"}]
    first, second = read(folder, projects=rows).projects

    assert first == made(SpendingProject, project="“大”项目", file="表.xlsx", sheet="projects",
                         cells=first.cells)  # fmt: skip
    assert (first.place.cell, first.place_of("note").cell) == ("A4", "H4")
    assert (second.parent, second.note, second.place.cell) == ("“大”项目", "原因", "A5")


@pytest.mark.parametrize("heading", ["用途", "主要用途", "项目用途"])
def test_what_a_projects_money_is_for_is_read_by_each_of_its_names(folder, heading):
    heads = "项目名称,上级项目,上年决算数,年初预算数,预算调整数,调整后预算数,全年执行数"
    text = f"金额单位：万元\n{heads},{heading}\n甲,,,1,0,1,1,买书\n"
    (folder / "项目支出.csv").write_text(text, encoding="utf-8")

    (row,) = load_tables(load_folder(folder)).projects

    assert (row.use, row.place_of("use").cell) == ("买书", "H3")


def test_a_form_of_before_is_read_without_the_columns_that_it_lacks(folder):
    heads = ["项目名称", "上级项目", "上年决算数", "年初预算数", "预算调整数", "调整后预算数",
             "全年执行数", "调整和偏差原因"]  # fmt: skip
    rows = [["【填写示例】甲", "", 75], ["甲", "", 1, 2, 0, 2, 1.5, "原因"],
            ["项目支出合计", "", 1, 2, 0, 2, 1.5]]  # fmt: skip
    table = [["项目支出情况表"], ["金额单位：", "万元"], [], heads, *rows]
    write_xlsx(
        folder / "填报.xlsx", 填报说明=[["填报说明"], [], ["7. 填好后保存。"]], 项目支出=table
    )

    tables = load_tables(load_folder(folder))

    assert [(row.project, row.note, row.use) for row in tables.projects] == [("甲", "原因", "")]
    assert [a.fen for a in tables.amounts if a.phase == "executed"] == [1_500_000, 1_500_000]


@pytest.mark.parametrize(("said", "priority"), [("是", "yes"), (" 否 ", "no"), ("", "")])
def test_a_project_is_a_priority_only_if_the_unit_says_so(folder, said, priority):
    (row,) = read(folder, projects=[{"item": "甲", "priority": said}]).projects

    assert row.priority == priority


def test_an_indicator_keeps_all_its_columns_its_row_and_its_cells(folder):
    row = INDICATOR | {"deviation_reason": "原因", "evidence": "报告", "project": "甲项目"}
    found = read(folder, projects=PROJECTS, indicators=[row]).indicators

    known = {name: value for name, value in row.items() if name in COLUMNS["indicators"]}
    cells = found[0].cells
    place = {"file": "表.xlsx", "sheet": "indicators", "row": 3, "cells": cells}
    points = {"weight": Decimal(10), "self_score": Decimal("9.5"), "fiscal_year": 2021}
    assert [found[0].address(name) for name in ("target_value", "actual_value")] == ["E3", "G3"]
    assert found == (made(Indicator, **known | points | place),)


def test_a_measure_keeps_all_its_columns_and_its_row(folder):
    row = {name: f"某{name}" for name in ("problem", "cause", "measure", "owner", "due")}
    (found,) = read(folder, projects=PROJECTS, measures=[row | {"project": "甲项目"}]).measures

    place = {"file": "表.xlsx", "sheet": "measures", "row": 3, "cells": found.cells}
    assert found == Measure(**row, project="甲项目", **place)


def test_notes_are_of_the_fixed_rows_of_both_tables(folder):
    basic = [{"item": "人员经费", "use": "工资", "note": "调资"}]
    other = [{"item": "公务接待费", "note": "节约"}]

    found = read(folder, basic=basic, other=other, projects=PROJECTS).notes

    assert [(row.block, row.use, row.note) for row in found] == [
        ("personnel", "工资", "调资"),
        ("official_hospitality", "", "节约"),
    ]


# --- rows named twice --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "field", "names", "faults"),
    [
        ("staffing", "kind", ["行政编制", "行政 编制"], [("A4", "“行政 编制”与 A3 重复。")]),
        ("staffing", "kind", ["合计", "合计"], [("A4", "“合计”与 A3 重复。")]),
        ("basic", "item", ["公用经费", "日常公用经费"], [("A5", "“日常公用经费”与 A4 重复。")]),
        (
            "projects", "item", ["甲", "乙", "甲", "甲"],
            [("A6", "“甲”与 A4 重复。"), ("A7", "“甲”与 A4 重复。")],
        ),
    ],
)  # fmt: skip
def test_each_row_named_as_one_above_it_is_told_with_the_first(folder, table, field, names, faults):
    found = told(folder, **{table: [{field: name} for name in names]})

    remedy = "请合并为一行，或改成不同的名称。"
    assert found == [(f"{table} › {cell}", fault, remedy) for cell, fault in faults]


def test_rows_of_two_tables_and_rows_that_are_not_keyed_may_share_a_name(folder):
    measures = [{"problem": "问题", "measure": "甲"}, {"problem": "问题", "measure": "乙"}]
    found = read(
        folder,
        projects=[{"item": "行政编制"}],
        staffing=[{"kind": "行政编制"}],
        indicators=[INDICATOR, INDICATOR],
        measures=measures,
    )

    assert (len(found.indicators), len(found.measures)) == (2, 2)


def test_a_table_without_keys_hides_no_row_named_twice_in_the_next(folder):
    found = told(folder, measures=[{"problem": "问题"}], projects=projects(甲="") * 2)

    assert [fault for _, fault, _ in found] == ["“甲”与 A4 重复。"]


# --- projects below one another ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("parent", "hint"), [("大项日", "是不是“大项目”？"), ("完全不同的名字", "")]
)
def test_a_parent_that_is_no_project_is_told_with_the_name_it_may_mean(folder, parent, hint):
    (found,) = told(folder, projects=projects(大项目="", 小项目=parent))

    assert found == (
        "projects › B5",
        f"上级项目“{parent}”不在项目名称之列。",
        f"{hint}请写与某一行完全相同的项目名称，或留空。",
    )


def test_the_total_is_no_parent(folder):
    found = told(folder, projects=[{"item": "甲", "parent": "合计"}, {"item": "合计"}])

    assert [place for place, _, _ in found] == ["projects › B4"]


@pytest.mark.parametrize(
    ("parents", "told_at"),
    [
        ({"甲": "甲"}, ["B4"]),
        ({"甲": "乙", "乙": "甲"}, ["B4", "B5"]),
        ({"甲": "乙", "乙": "丙", "丙": "甲"}, ["B4", "B5", "B6"]),
        ({"甲": "乙", "乙": "丙", "丙": "乙"}, ["B5", "B6"]),
        ({"甲": "乙", "乙": "丙", "丙": ""}, []),
    ],
)
def test_a_project_below_itself_is_told_and_one_below_such_a_circle_is_not(
    folder, parents, told_at
):
    rows = projects(**parents)
    found = told(folder, projects=rows) if told_at else read(folder, projects=rows) and []

    assert [place for place, _, _ in found] == [f"projects › {cell}" for cell in told_at]
    assert {remedy for _, _, remedy in found} <= {"请改正上级项目，或留空。"}


def test_a_circle_is_told_with_both_names(folder):
    first, _ = told(folder, projects=projects(甲="乙", 乙="甲"))

    assert first[1] == "上级项目“乙”又归到了“甲”自己之下。"


# --- words and numbers that are refused --------------------------------------------------------


@pytest.mark.parametrize(
    ("family", "hint"), [("产出", "是不是“产出指标”？"), ("完全不同的名字", "")]
)
def test_a_word_that_is_no_choice_is_told_with_all_of_them(folder, family, hint):
    (found,) = told(folder, indicators=[INDICATOR | {"indicator_family": family}])

    place, fault, remedy = found
    assert place == "indicators › A3"
    assert fault == f"“一级指标”栏的“{family}”不在可选之列。"
    assert remedy.startswith(f"{hint}请从下拉列表选：")
    assert "、产出指标" in remedy or "：产出指标" in remedy
    assert remedy.endswith("。")


def test_a_choice_that_is_not_made_is_told_so(folder):
    (found,) = told(folder, indicators=[INDICATOR | {"comparison": ""}])

    assert found[1:] == ("“指标性质”栏没有填。", "请从下拉列表选：≥、≤、=、定性。")


def test_every_fault_of_a_row_is_told_and_none_of_its_numbers_taken(folder):
    staff = [{"kind": "行政编制", "authorised_posts": "二十", "staff_in_post": "十"}]
    wrong = INDICATOR | {"comparison": "≠", "weight": "十", "self_score": "九"}

    places = [place for place, _, _ in told(folder, staffing=staff, indicators=[wrong])]

    assert sorted(places) == sorted(
        ["staffing › B3", "staffing › C3", "indicators › D3", "indicators › H3", "indicators › I3"]
    )


def test_the_total_of_the_indicators_may_hold_anything(folder):
    total = {"indicator_family": "合计", "weight": "十"}

    assert len(read(folder, indicators=[total, INDICATOR]).indicators) == 1


@pytest.mark.parametrize("table", ["indicators", "measures"])
@pytest.mark.parametrize(("name", "hint"), [("甲项日", "是不是“甲项目”？"), ("完全不同的名字", "")])
def test_a_related_project_that_is_not_in_its_table_is_told(folder, table, name, hint):
    row = INDICATOR | {"problem": "问题", "project": name}
    (found,) = told(folder, projects=PROJECTS, **{table: [row]})

    place, fault, remedy = found
    assert place.startswith(f"{table} › ")
    assert fault == f"关联项目“{name}”不在“项目支出”表中。"
    assert remedy == f"{hint}请写与该表完全相同的项目名称，或留空。"


def test_a_related_project_is_known_by_its_name_however_it_is_spaced(folder):
    measures = [{"problem": "问题", "project": "甲 项目"}, {"problem": "又一", "project": ""}]

    assert len(read(folder, projects=PROJECTS, measures=measures).measures) == 2


def test_without_a_table_of_projects_no_related_project_is_called_unknown(folder):
    tables = read(folder, measures=[{"problem": "问题", "project": "甲项目"}])

    assert [row.project for row in tables.measures] == ["甲项目"]


def test_the_total_of_the_projects_is_no_related_project(folder):
    rows = [*PROJECTS, {"item": "合计", "executed": 40}]
    (found,) = told(folder, projects=rows, measures=[{"problem": "问题", "project": "合计"}])

    assert found[1] == "关联项目“合计”不在“项目支出”表中。"
