"""Tests of selfeval.tables.official: what real tables do to a form, and what must stay open."""

import pytest
from official_tables import WAN_YUAN, YUAN, drawn, found, layout_of, reading, refused

from selfeval.sheets import Grid

EXPENDITURE = """
    一般公共预算财政拨款支出决算表
    单位：万元
    科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
    合计 | | 9 | 5 | 4
    201 | 一般公共服务支出 | 9 | 5 | 4
"""
READ = {
    "total/total": 9, "basic/total": 5, "project/total": 4,
    "total/201": 9, "basic/201": 5, "project/201": 4,
}  # fmt: skip


def rows_of(
    body: str, title: str = "一般公共预算财政拨款支出决算表", unit: str = "单位：万元"
) -> str:
    """Draw rows below the header of a table of expenditure."""
    return f"{title}\n{unit}\n科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n{body.strip()}"


# --- titles --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        "2023年度一般公共预算财政拨款支出决算表",
        "二○二三年度某市某局一般公共预算财政拨款支出决算表",
        "一般公共预算财政拨款支出决算表（按功能分类科目）",
        "表5 一般公共预算财政拨款支出决算表",
        "附表5：某单位一般公共预算财政拨款支出决算表（公开）",
        "五、一般公共预算财政拨款支出决算表",
        "一般公共预算财政拨款支出决算表 部门：某局 金额单位：万元",
        "一 般 公 共 预 算 财 政 拨 款 支 出 决 算 表",
        "一般公共预算财政拨款支出决算表（续表）",
    ],
)
def test_a_title_is_known_with_what_offices_print_around_it(title):
    read = reading(EXPENDITURE.replace("一般公共预算财政拨款支出决算表", title))

    assert layout_of(read) == ["final_general_expenditure"]
    assert found(read) == READ


def test_the_number_of_a_form_and_the_name_of_a_sheet_prove_nothing():
    text = EXPENDITURE.replace("一般公共预算财政拨款支出决算表", "公开05表")
    read = reading(drawn(text, sheet="一般公共预算财政拨款支出决算表"))

    assert "final_general_expenditure" not in layout_of(read)


# --- units ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "size"),
    [
        ("单位：万元", WAN_YUAN),
        ("单位:元", YUAN),
        ("金额单位：人民币元", YUAN),
        ("金额单位：人民币万元", WAN_YUAN),
        ("部门：某局 | | | 单位：千元", 100_000),
        ("（单位：万元）", WAN_YUAN),
        ("单 位 ： 万 元", WAN_YUAN),
        ("单位：万元、平方米", WAN_YUAN),
    ],
)
def test_the_unit_of_money_is_read_however_it_is_noted(unit, size):
    assert found(reading(EXPENDITURE.replace("单位：万元", unit)), size) == READ


# --- codes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    [
        "2080501 | 行政单位离退休 | 9 | 5 | 4",
        "[2080501]行政单位离退休 | | 9 | 5 | 4",
        " | 2080501 行政单位离退休 | 9 | 5 | 4",
        "2080501-行政单位离退休 | | 9 | 5 | 4",
        "2080501.0 | 行政单位离退休 | 9 | 5 | 4",
        "208.05.01 | 行政单位离退休 | 9 | 5 | 4",
        "208 05 01 | 行政单位离退休 | 9 | 5 | 4",
    ],
)
def test_a_code_is_read_in_every_way_of_writing_it(row):
    assert found(reading(rows_of(row))) == {
        "total/2080501": 9, "basic/2080501": 5, "project/2080501": 4,
    }  # fmt: skip


PARTS = """
    支出决算表
    单位：万元
    科目编码 | | | 科目名称 | 合计 | 基本支出 | 项目支出
    类 | 款 | 项 | | | |
    {}
"""


@pytest.mark.parametrize(
    "rows",
    [
        """208 | | | 社会保障和就业支出 | 1 | 1 |
           208 | 05 | | 行政事业单位养老支出 | 2 | 2 |
           208 | 05 | 01 | 行政单位离退休 | 3 | 3 |""",
        """208 | | | 社会保障和就业支出 | 1 | 1 |
           | 05 | | 行政事业单位养老支出 | 2 | 2 |
           | | 01 | 行政单位离退休 | 3 | 3 |""",
        """208 | | | 社会保障和就业支出 | 1 | 1 |
           208 | 5 | | 行政事业单位养老支出 | 2 | 2 |
           208 | 5 | 1 | 行政单位离退休 | 3 | 3 |""",
        """208 | | | 社会保障和就业支出 | 1 | 1 |
           208 | 20805 | | 行政事业单位养老支出 | 2 | 2 |
           208 | 20805 | 2080501 | 行政单位离退休 | 3 | 3 |""",
        """208 | | | 社会保障和就业支出 | 1 | 1 |
           ^ | 05 | | 行政事业单位养老支出 | 2 | 2 |
           ^ | ^ | 01 | 行政单位离退休 | 3 | 3 |""",
    ],
)
def test_codes_in_columns_of_their_own_are_put_together(rows):
    assert found(reading(PARTS.format(rows))) == {
        "total/208": 1, "basic/208": 1, "total/20805": 2, "basic/20805": 2,
        "total/2080501": 3, "basic/2080501": 3,
    }  # fmt: skip


@pytest.mark.parametrize("code", ["20", "2080", "208050", "20805011", "802", "2O8"])
def test_a_code_of_no_known_form_is_left_open(code):
    read = reading(rows_of(f"{code} | 社会保障和就业支出 | 9 | 5 | 4"))

    assert not found(read)
    assert {"表1!C4", "表1!D4", "表1!E4"} <= set(refused(read))


# --- totals --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["合计", "合 计", "总计", "合　计", "支出合计"])
def test_a_total_is_known_by_every_name_and_in_every_key_column(name):
    assert found(reading(rows_of(f"{name} | | 9 | 5 | 4")))["total/total"] == 9
    assert found(reading(rows_of(f"| {name} | 9 | 5 | 4")))["total/total"] == 9


# --- pages ---------------------------------------------------------------------------------


@pytest.mark.parametrize("again", ["一般公共预算财政拨款支出决算表", "续表", "（续表）"])
def test_a_title_repeated_on_a_new_page_goes_on_with_the_table(again):
    read = reading(
        rows_of(f"""
        201 | 一般公共服务支出 | 9 | 5 | 4
        {again}
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        208 | 社会保障和就业支出 | 3 | 3 |
    """)
    )

    assert found(read)["total/201"] == 9
    assert found(read)["total/208"] == 3
    assert len(read.tables) == 1


# --- several tables ------------------------------------------------------------------------


def test_phantom_columns_far_to_the_right_do_no_harm():
    grid = drawn(EXPENDITURE)
    wide = tuple((*row, *[""] * 250) for row in grid.rows)

    assert found(reading(Grid(grid.file, grid.sheet, wide))) == READ


# --- cells ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        ("9", 9 * WAN_YUAN),
        ("9.00", 9 * WAN_YUAN),
        ("1,293.60", 129360 * 10**4),
        ("3，518.85", 351885 * 10**4),
        ("（2.5）", -25 * 10**5),
        ("-2.5", -25 * 10**5),
        ("0.00", 0),
    ],
)
def test_an_amount_is_read_as_offices_print_it(cell, fen):
    read = reading(rows_of(f"201 | 一般公共服务支出 | {cell} | |"))

    assert read.amounts[0].fen == fen


@pytest.mark.parametrize("cell", ["12a", "约12", "1.2.3", "#REF!", "12%", "1 2", "0.0000001"])
def test_what_is_no_amount_is_listed_and_the_rest_of_the_row_is_read(cell):
    read = reading(rows_of(f"201 | 一般公共服务支出 | 9 | {cell} | 4"))

    assert found(read) == {"total/201": 9, "project/201": 4}
    assert set(refused(read)) == {"表1!D4"}


@pytest.mark.parametrize("cell", ["", "-", "—", "——", "/", "…", "无", "不适用"])
def test_nothing_is_not_zero_and_not_refused(cell):
    read = reading(rows_of(f"201 | 一般公共服务支出 | 9 | {cell} | 9"))

    assert found(read) == {"total/201": 9, "project/201": 9}
    assert not read.unread
