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


def test_the_year_is_that_of_the_title():
    read = reading(EXPENDITURE.replace("一般公共", "2023年度一般公共"))

    assert read.tables[0].year == 2023


def test_the_number_of_a_form_and_the_name_of_a_sheet_prove_nothing():
    text = EXPENDITURE.replace("一般公共预算财政拨款支出决算表", "公开05表")
    read = reading(drawn(text, sheet="一般公共预算财政拨款支出决算表"))

    assert "final_general_expenditure" not in layout_of(read)


def test_a_table_nobody_knows_is_a_stranger_with_its_title_and_headings():
    read = reading("""
        某某情况一览表
        单位：万元
        事项 | 数
        甲 | 12
    """)

    [(_, why)] = read.strangers
    assert "某某情况一览表" in why
    assert not read.amounts


# --- headers -------------------------------------------------------------------------------


def test_merged_headings_stand_over_just_their_cells():
    read = reading("""
        一般公共预算财政拨款支出决算表 | < | < | < | < | <
        单位：万元
        项目 | < | 合计 | 基本支出 | < | 项目支出
        科目编码 | 科目名称 | ^ | 人员经费 | 公用经费 | ^
        201 | 一般公共服务支出 | 9 | 3 | 2 | 4
    """)

    assert "basic" not in {record["block"] for record in read.amounts}
    assert len(read.amounts) == 0  # without a column of its own for 基本支出 it is another form
    assert read.strangers


def test_a_heading_broken_over_two_rows_is_one():
    read = reading("""
        财政拨款收入支出决算总表
        单位：万元
        收入 | | 支出 | | | |
        项目 | 决算数 | 项目 | 合计 | 一般公共预算财 | 政府性基金预 | 国有资本经营
        | | | | 政拨款 | 算财政拨款 | 预算财政拨款
        一、一般公共预算财政拨款 | 9 | 一、一般公共服务支出 | 9 | 9 | |
    """)

    assert found(read)["total/201@general_public_budget"] == 9
    assert not read.unread


def test_what_an_unknown_heading_covers_is_not_what_stands_below_it():
    read = reading("""
        部门收入总表
        单位：万元
        科目编码 | 科目名称 | 合计 | 财政拨款收入 | 事业收入 | 以前年度 |
        | | | | | 财政拨款 | 其他收入
        201 | 一般公共服务支出 | 9 | 5 | 4 | 3 | 2
    """)

    assert found(read)["fiscal_appropriation/201"] == 5
    assert "other_revenue/201" not in found(read)
    assert refused(read) == {
        "表1!F5": "版式“收入预算总表”里没有栏目“以前年度/财政拨款”",
        "表1!G5": "版式“收入预算总表”里没有栏目“以前年度/其他收入”",
    }


def test_two_columns_under_the_same_heading_are_both_left_open():
    read = reading("""
        支出决算表
        单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出 | 经营支出 | 经营支出
        201 | 一般公共服务支出 | 9 | 5 | 4 | 1 | 2
    """)

    assert set(refused(read)) == {"表1!F4", "表1!G4"}
    assert "分不出哪一栏" in refused(read)["表1!F4"]
    assert found(read)["total/201"] == 9


def test_an_unknown_column_is_listed_and_the_others_are_read():
    read = reading("""
        支出决算表
        单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出 | 奇怪支出 | 备注
        201 | 一般公共服务支出 | 9 | 5 | 4 | 3 | 略
    """)

    assert refused(read) == {"表1!F4": "版式“支出决算表”里没有栏目“奇怪支出”"}
    assert found(read)["total/201"] == 9


def test_years_in_headings_are_relative_to_the_year_of_the_title():
    text = """
        {}部门收支总表
        单位：万元
        收入 | | | 支出 | |
        项目 | {} | {} | 项目 | {} | {}
        一、一般公共预算拨款收入 | 1 | 2 | 一、一般公共服务支出 | 3 | 4
    """
    years = ("2023年预算数", "2024年预算数") * 2
    expected = {
        "revenue/general_public_budget!prior_initial_budget": 1,
        "revenue/general_public_budget": 2,
        "total/201!prior_initial_budget": 3,
        "total/201": 4,
    }

    assert found(reading(text.format("2024年", *years))) == expected
    assert found(reading(text.format("", *years))) == expected


def test_a_year_that_is_neither_this_nor_the_last_is_left_open():
    read = reading("""
        2024年一般公共预算支出表
        单位：万元
        科目编码 | 科目名称 | 2022年预算数 | 2024年预算数 | |
        | | | 合计 | 基本支出 | 项目支出
        201 | 一般公共服务支出 | 7 | 9 | 5 | 4
    """)

    assert found(read) == {"total/201": 9, "basic/201": 5, "project/201": 4}
    assert refused(read) == {"表1!C5": "看不出栏目“预算数”是哪一年的什么数"}


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


def test_a_unit_in_the_title_or_in_the_headings_counts():
    titled = EXPENDITURE.replace("单位：万元", "").replace("决算表", "决算表（万元）")
    headed = EXPENDITURE.replace("单位：万元", "")
    for heading in ("合计 ", "基本支出", "项目支出"):
        headed = headed.replace(f"{heading.strip()} |", f"{heading.strip()}（元） |", 1)
    headed = headed.replace("项目支出\n", "项目支出（元）\n")

    assert found(reading(titled)) == READ
    assert found(reading(headed), YUAN)["project/201"] == 4


def test_a_table_without_a_unit_is_left_open():
    read = reading(EXPENDITURE.replace("单位：万元", ""))

    assert not found(read)
    assert set(refused(read).values()) == {"表上没有写明金额单位"}
    assert len(read.unread) == len(READ)


def test_two_units_for_one_table_leave_it_open():
    read = reading(EXPENDITURE.replace("单位：万元", "单位：万元 | | 金额单位：元"))

    assert not found(read)
    assert set(refused(read).values()) == {"金额单位前后不一（万元、元）"}


def test_a_column_with_another_unit_than_its_table_is_left_open():
    read = reading(EXPENDITURE.replace("项目支出\n", "项目支出（元）\n"))

    assert set(refused(read).values()) == {"表上写的单位是万元，栏目写的是元"}
    assert found(read)["total/201"] == 9


def test_a_cell_may_repeat_the_unit_of_its_table_but_no_other():
    read = reading(EXPENDITURE.replace("201 | 一般公共服务支出 | 9 | 5 | 4",
                                       "201 | 一般公共服务支出 | 9万 | 5万元 | 4元"))  # fmt: skip

    assert found(read)["total/201"] == 9
    assert found(read)["basic/201"] == 5
    assert refused(read) == {"表1!E5": "把单位写进了单元格"}


def test_two_tables_of_one_sheet_each_have_their_own_unit():
    other = EXPENDITURE.replace("一般公共预算财政拨款", "").replace("万元", "元")
    read = reading(EXPENDITURE + other)

    assert [table.amount_unit for table in read.tables] == ["万元", "元"]
    assert {r["amount"] for r in read.amounts if r["item_code"] == "201" and r["block"] == "total"} == {900, 9 * WAN_YUAN}  # fmt: skip  # noqa: E501


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


def test_a_part_left_out_below_a_row_nobody_could_read_is_left_open():
    read = reading(
        PARTS.format("""
        201 | | | 一般公共服务支出 | 1 | 1 |
        20 | | | 社会保障和就业支出 | 2 | 2 |
        | 05 | | 行政事业单位养老支出 | 2 | 2 |
    """)
    )

    assert set(found(read)) == {"total/201", "basic/201"}
    assert refused(read)["表1!E7"] == "科目编码“20”不完整"
    assert refused(read)["表1!E8"] == "科目编码“05”不完整"


def test_a_part_missing_in_the_middle_is_not_closed_up():
    read = reading(PARTS.format("201 | | 01 | 行政运行 | 1 | 1 |"))

    assert not found(read)
    assert set(refused(read)) == {"表1!E5", "表1!F5"}


@pytest.mark.parametrize("code", ["20", "2080", "208050", "20805011", "802", "2O8"])
def test_a_code_of_no_known_form_is_left_open(code):
    read = reading(rows_of(f"{code} | 社会保障和就业支出 | 9 | 5 | 4"))

    assert not found(read)
    assert {"表1!C4", "表1!D4", "表1!E4"} <= set(refused(read))


def test_a_code_cut_off_to_one_that_exists_is_found_out_by_its_name():
    read = reading(rows_of("20805 | 行政单位离退休 | 9 | 5 | 4"))

    assert not found(read)
    assert set(refused(read).values()) == {
        "科目编码“20805”与名称“行政单位离退休”不符，像是少了几位"
    }


def test_a_code_that_stands_on_two_rows_with_other_amounts_is_left_open():
    read = reading(
        rows_of("""
        20801 | 人力资源和社会保障管理事务 | 9 | 5 | 4
        20801 | 民政管理事务 | 8 | 5 | 3
    """)
    )

    assert not found(read)
    assert "C4、C5" in refused(read)["表1!C4"]


def test_a_row_printed_twice_is_one():
    row = "20801 | 人力资源和社会保障管理事务 | 9 | 5 | 4"

    assert found(reading(rows_of(f"{row}\n{row}"))) == {
        "total/20801": 9, "basic/20801": 5, "project/20801": 4,
    }  # fmt: skip


def test_a_row_without_a_code_is_left_open():
    read = reading(rows_of("| 人力资源和社会保障管理事务 | 9 | 5 | 4"))

    assert refused(read)["表1!C4"] == "“人力资源和社会保障管理事务”没有科目编码"


# --- totals --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["合计", "合 计", "总计", "合　计", "支出合计"])
def test_a_total_is_known_by_every_name_and_in_every_key_column(name):
    assert found(reading(rows_of(f"{name} | | 9 | 5 | 4")))["total/total"] == 9
    assert found(reading(rows_of(f"| {name} | 9 | 5 | 4")))["total/total"] == 9


def test_a_subtotal_is_not_the_total():
    read = reading(
        rows_of("""
        201 | 一般公共服务支出 | 9 | 5 | 4
        小计 | | 9 | 5 | 4
        合计 | | 9 | 5 | 4
    """)
    )

    assert found(read)["total/total"] == 9
    assert refused(read)["表1!C5"] == "不知道“小计”是哪些行的合计"


def test_a_row_of_parts_without_its_total_is_left_open():
    read = reading(rows_of("201 | 一般公共服务支出 | | 5 | 4"))

    assert not found(read)
    assert set(refused(read).values()) == {"合计栏是空的，其他栏有数，数字像是错位了"}


# --- pages ---------------------------------------------------------------------------------


def test_a_header_repeated_on_a_new_page_is_no_row():
    header = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出"
    read = reading(
        rows_of(f"""
        201 | 一般公共服务支出 | 9 | 5 | 4
        {header}
        208 | 社会保障和就业支出 | 3 | 3 |
        合计 | | 12 | 8 | 4
    """)
    )

    assert found(read)["total/208"] == 3
    assert found(read)["total/total"] == 12
    assert len(read.tables) == 1


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


def test_a_page_whose_columns_moved_is_read_by_its_own_header():
    read = reading(
        rows_of("""
        201 | 一般公共服务支出 | 9 | 5 | 4
        | 科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        | 208 | 社会保障和就业支出 | 3 | 2 | 1
    """)
    )

    assert found(read)["total/208"] == 3
    assert found(read)["basic/208"] == 2
    assert not read.unread


def test_a_page_that_moved_sideways_without_a_header_is_read_by_its_codes():
    read = reading(
        rows_of("""
        201 | 一般公共服务支出 | 9 | 5 | 4
        | 208 | 社会保障和就业支出 | 3 | 2 | 1
    """)
    )

    assert found(read)["total/208"] == 3
    assert found(read)["basic/208"] == 2
    assert found(read)["project/208"] == 1
    assert not read.unread


def test_a_row_with_a_name_among_its_amounts_is_left_open():
    read = reading("""
        财政拨款收入支出决算总表
        单位：万元
        收入 | | 支出 | | | |
        项目 | 决算数 | 项目 | 合计 | 一般公共预算财政拨款 | 政府性基金预算财政拨款 |
        一、一般公共预算财政拨款 | 9 | | 一、一般公共服务支出 | 8 | 7 | 1
    """)

    assert found(read) == {"revenue/general_public_budget": 9}
    assert set(refused(read)) == {"表1!E5", "表1!F5", "表1!G5"}


def test_a_table_goes_on_over_sheets_with_its_title_or_without_its_header():
    second = """
        一般公共预算财政拨款支出决算表
        单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        208 | 社会保障和就业支出 | 3 | 2 | 1
    """
    headless = "\n".join(line for line in second.splitlines() if "科目编码" not in line)

    for further in (second, headless, second.replace("决算表", "决算表（续表）")):
        read = reading(EXPENDITURE, further)

        assert found(read) == READ | {"total/208": 3, "basic/208": 2, "project/208": 1}
        assert not read.unread
        assert not read.strangers


def test_a_headless_sheet_of_another_width_is_a_stranger():
    read = reading(
        EXPENDITURE,
        """
        一般公共预算财政拨款支出决算表
        208 | 社会保障和就业支出 | 3 | 2
    """,
    )

    assert found(read) == READ
    assert read.strangers


def test_the_same_header_below_the_number_of_another_form_is_another_table():
    read = reading("""
        公开05表
        一般公共预算财政拨款支出决算表
        单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        201 | 一般公共服务支出 | 9 | 5 | 4
        公开08表
        单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        212 | 城乡社区支出 | 3 | 2 | 1
    """)

    general = [r for r in read.amounts if r["table"] == "final_general_expenditure"]
    assert {record["item_code"] for record in general} == {"201"}


def test_a_total_alone_on_the_last_page_is_read():
    read = reading(
        rows_of("""
        201 | 一般公共服务支出 | 9 | 5 | 4
        一般公共预算财政拨款支出决算表
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        合 计 | | 9 | 5 | 4
    """)
    )

    assert found(read) == READ


# --- several tables ------------------------------------------------------------------------


def test_tables_of_one_sheet_are_told_apart_by_their_titles():
    other = EXPENDITURE.replace("一般公共预算财政拨款", "政府性基金预算财政拨款")
    read = reading(EXPENDITURE + "注：单位为万元。\n\n" + other)

    assert layout_of(read) == ["final_general_expenditure", "final_government_funds"]
    assert len(read.amounts) == 2 * len(READ)


def test_a_table_nobody_knows_below_a_known_one_is_listed_not_swallowed():
    read = reading(
        EXPENDITURE
        + """
        某某情况表
        科目编码 | 科目名称 | 上年数 | 本年数
        201 | 一般公共服务支出 | 7 | 6
    """
    )

    assert found(read) == READ
    assert set(refused(read)) == {"表1!A9", "表1!C9", "表1!D9"}


def test_a_header_nobody_knows_without_a_title_ends_the_table_above_it():
    read = reading(
        EXPENDITURE
        + """
        科目编码 | 科目名称 | 某数 | 某率 | 项目支出
        208 | 社会保障和就业支出 | 7 | 6 | 5
    """
    )

    assert found(read) == READ
    assert {"表1!C8", "表1!D8", "表1!E8"} <= set(refused(read))


def test_numbers_above_a_known_table_are_listed():
    read = reading("某某情况表\n甲 | 乙 | 丙\n1.5 | 2.5 | 3.5\n" + EXPENDITURE)

    assert found(read) == READ
    assert {"表1!A3", "表1!B3", "表1!C3"} <= set(refused(read))


def test_notes_and_blank_rows_between_are_no_rows():
    read = reading(EXPENDITURE.replace("201 |", "\n | \n201 |") + "注：本表数据含 3 个下属单位。")

    assert found(read) == READ
    assert not read.unread


def test_phantom_columns_far_to_the_right_do_no_harm():
    grid = drawn(EXPENDITURE)
    wide = tuple((*row, *[""] * 250) for row in grid.rows)

    assert found(reading(Grid(grid.file, grid.sheet, wide))) == READ


# --- rows that a PDF broke in two ----------------------------------------------------------


def test_the_numbers_of_a_coded_row_in_the_next_line_are_joined():
    read = reading(
        rows_of("""
        201 | 一般公共服务支出 | | |
        | | 9 | 5 | 4
        | | 12 | 8 | 4
        | 合计 | | |
    """)
    )

    assert found(read) == READ | {"total/total": 12, "basic/total": 8}


def test_numbers_between_two_rows_that_lack_them_are_left_open():
    read = reading(
        rows_of("""
        201 | 一般公共服务支出 | | |
        | | 9 | 5 | 4
        208 | 社会保障和就业支出 | | |
    """)
    )

    assert not found(read)
    assert set(refused(read).values()) == {"看不出属于上一行还是下一行"}


def test_a_number_without_a_label_beside_a_blank_fixed_row_is_left_open():
    read = reading("""
        收支预算总表
        单位：万元
        收入 | | 支出 |
        项目 | 预算数 | 项目 | 预算数
        一、财政拨款收入 | 9 | 一、一般公共服务支出 | 7
        二、事业收入 | | 二、外交支出 |
        | | | 2
        收入总计 | 9 | 支出总计 | 9
    """)

    assert "total/202" not in found(read)
    assert set(refused(read)) == {"表1!D7"}


def test_a_name_broken_around_its_numbers_is_joined():
    read = reading("""
        收支预算总表
        单位：万元
        收入 | | 支出 |
        项目 | 预算数 | 项目 | 预算数
        一、财政拨款收入 | 9 | 七、文化旅游体育与传媒支 |
        | | | 9
        | | 出 |
        收入总计 | 9 | 支出总计 | 9
    """)

    assert found(read)["total/207"] == 9


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

    assert read.amounts[0]["amount"] == fen


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


def test_an_amount_in_the_column_of_names_is_listed():
    read = reading(rows_of("2010101 | 1,234.50 | 5 | 4 |"))

    assert "表1!B4" in refused(read)
    assert not found(read)


def test_every_number_below_a_header_is_read_or_listed():
    read = reading(
        rows_of("""
        201 | 一般公共服务支出 | 9 | 5 | 4 |
        208 | 社会保障和就业支出 | 8 | 5 | 3 | 77
        | | | | 3
        其他 | | 1 | 2 | 3
        12.5 | | | |
    """)
    )

    assert {"表1!C5", "表1!F5", "表1!E6", "表1!C7", "表1!D7", "表1!E7", "表1!A8"} <= set(
        refused(read)
    )
    assert found(read) == {"total/201": 9, "basic/201": 5, "project/201": 4}
