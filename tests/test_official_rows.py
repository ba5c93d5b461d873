"""Tests of the rows of official tables: whose numbers are whose, and which have moved."""

import pytest
from official_tables import drawn, found, reading, refused

from selfeval.sheets import Grid

SUMMARY = """
    收支预算总表
    单位：万元
    收入 | | 支出 |
    项目 | 预算数 | 项目 | 预算数
"""
EXPENDITURE = """
    支出决算表
    单位：万元
    科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
"""
PARTS = """
    支出决算表
    公开03表
    单位：万元
    科目编码 | | | 科目名称 | 合计 | 基本支出 | 项目支出
    类 | 款 | 项 | | | |
"""


# --- rows that moved ---------------------------------------------------------------------------


NARROW = """\
    208 | 社会保障和就业支出 | 3 | 2 | 1
    20805 | 行政事业单位养老支出 | 3.5 | 2 | 1.5
    2080501 | 行政单位离退休 | 3 | 2 | 1
"""


@pytest.mark.parametrize(
    "row",
    [
        "2080502 | 事业单位离退休 | 3 | 2 | ",
        "20 | 某支出 | 3 | 2 | 1",
        "210 | 3 | 3 | 2 | 1",
        "210 | 卫 | 3 | 2 | 1",
        "211 | 节能环保支出 | 3 | x | 1",
        "212 | 城乡社区支出 | 3 | 2 | 1 | 7",
    ],
)
def test_a_row_of_such_a_page_is_left_open_unless_every_cell_is_where_it_must_be(row):
    read = reading(PARTS + NARROW + row)

    assert len(found(read)) == 9
    assert any(cell.endswith("9") for cell in refused(read))


# --- rows that a PDF broke in two --------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "sure"),
    [
        ("| | 国防支出 |\n| | | 2\n\n事业收入 | 1 | |", True),
        ("| | | 2\n| | 国防支出 |\n\n事业收入 | 1 | |", True),
        ("| | 国防支出 |\n| | | 2", True),
        ("| | 国防支出 |\n| | | 2\n事业收入 | 1 | |", False),
        ("事业收入 | 1 | |\n| | 国防支出 |\n| | | 2", False),
        ("事业收入 | 1 | |\n\n| | 国防支出 |\n| | | 2", True),
        ("事业收入 | 1 | |\n| | 国防支出 |\n| | | 2\n\n其他收入 | 1 | |", True),
        ("事业收入 | 1 | |\n| | | 2\n| | 国防支出 |\n\n其他收入 | 1 | |", False),
        ("事业收入 | 1 | |\n| | | 2\n| | 国防支出 |", False),
    ],
)
def test_a_number_in_a_row_of_its_own_is_that_of_the_name_beside_it_if_they_stand_apart(rows, sure):
    read = reading(SUMMARY + rows)

    assert ("total/203" in found(read)) == sure
    assert bool(refused(read)) != sure


# --- labels ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "between",
    [
        "支出决算表\n{}",
        "公开03表\n支出决算表\n单位：万元\n{}",
        "公开03表\n{}",
        "单位：万元",
        "科目编码 | | | 科目名称 | 合计 | 基本支出 | 项目支出",
        "注：本表",
        "附表3\n{}",
    ],
)
def test_parts_of_codes_are_those_above_a_page_break_or_a_note_too(between):
    header = PARTS.split("单位：万元\n")[1]
    read = reading(
        PARTS
        + """\
        201 | 03 | | 政府办公厅（室）及相关机构事务 | 1 | |
        201 | 04 | | 发展与改革事务 | | |
        """.rstrip(" ")
        + between.format(header.strip("\n"))
        + "\n| | 01 | 行政运行 | 1 | |"
    )

    assert found(read) == {"total/20103": 1, "total/2010401": 1}
    assert not refused(read)


@pytest.mark.parametrize("between", ["某某", "公开03表 | 某某", "| | | 某事务"])
def test_parts_of_codes_are_lost_at_a_row_that_may_be_of_another_code(between):
    read = reading(
        PARTS
        + "201 | 03 | | 政府办公厅（室）及相关机构事务 | 1 | |\n"
        + between
        + "\n| | 01 | 行政运行 | 1 | |"
    )

    assert found(read) == {"total/20103": 1}


# --- numbers beside the values -----------------------------------------------------------------


def test_an_error_beside_all_panels_is_of_none():
    grid = drawn(EXPENDITURE + "201 | 一般公共服务支出 | 9 | 5 | 4 | #REF!")

    read = reading(Grid(grid.file, grid.sheet, grid.rows))

    assert found(read) == {"total/201": 9, "basic/201": 5, "project/201": 4}


# --- pages narrower than their header -----------------------------------------------------------


NARROWER = """
    支出决算表
    单位：万元
    科目编码 | | | 科目名称 | 本年支出合计 | 基本支出 | 项目支出
    类 | 款 | 项 | | | |
    201 | | | 一般公共服务支出 | 9 | 5 | 4
    {page}
"""


@pytest.mark.parametrize(
    "page", ["2010301 | 行政运行 | 5 | 5 | | |", "2010301 | 行政运行 | 5 | 5 | 0 | 1 |"]
)
def test_rows_of_a_narrower_page_with_a_number_less_or_more_are_left_open(page):
    read = reading(NARROWER.format(page=page))

    assert "total/2010301" not in found(read)
    assert read.unread
