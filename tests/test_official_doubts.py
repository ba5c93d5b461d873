# ruff: noqa: E501
"""Rows, pages and totals of official tables that may be another's: left open, never guessed."""

from official_tables import found, layout_of, reading, refused

HEADER = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出"


def test_a_total_over_rows_of_meetings_is_not_taken_for_the_three_public_expenses():
    read = reading("""
        “三公”经费、会议费、培训费支出表
        单位：万元
        项目 | 预算数
        合计 | 11
        因公出国（境）费 | 1
        公务接待费 | 4
        会议费 | 6
    """)

    assert "three_public_expenses/three_public_expenses" not in found(read)
    assert list(refused(read)) == ["表1!B4"]


def test_a_page_that_names_another_office_does_not_go_on_with_the_table():
    read = reading(
        f"""
        支出决算表
        部门：甲局 单位：万元
        {HEADER}
        201 | 一般公共服务支出 | 9 | 5 | 4
        """,
        """
        支出决算表
        部门：乙局
        208 | 社会保障和就业支出 | 3 | 2 | 1
        """,
    )

    assert found(read) == {"total/201": 9, "basic/201": 5, "project/201": 4}
    assert [grid.sheet for grid, _ in read.strangers] == ["表2"]


def test_a_table_whose_numbers_were_refused_is_not_empty():
    read = reading(f"""
        支出决算表
        {HEADER}
        201 | 一般公共服务支出 | 9 | 5 | 4
    """)

    assert [table.is_empty for table in read.tables] == [False]
    assert set(refused(read).values()) == {"表上没有写明金额单位"}


def test_a_code_that_a_row_not_understood_claims_as_well_is_given_up():
    read = reading(f"""
        支出决算表
        单位：万元
        {HEADER}
        20805 | 行政事业单位养老支出 | #REF! | 5 | 4
        20805 | 抚恤 | 3 | 2 | 1
    """)

    assert found(read) == {}
    assert len(refused(read)) == 6


def test_a_second_header_without_a_title_that_conflicts_is_a_page_of_another_table():
    read = reading(f"""
        支出决算表
        单位：万元
        {HEADER}
        合计 | | 9 | 5 | 4
        201 | 一般公共服务支出 | 9 | 5 | 4
        {HEADER}
        合计 | | 3 | 2 | 1
        208 | 社会保障和就业支出 | 3 | 2 | 1
    """)

    assert found(read) == {"total/201": 9, "basic/201": 5, "project/201": 4}
    assert "可能是另一张表" in refused(read)["表1!C8"]


def test_a_header_below_the_notes_begins_another_table():
    read = reading(f"""
        支出决算表
        单位：万元
        {HEADER}
        201 | 一般公共服务支出 | 9 | 5 | 4
        注：本表反映本年度支出情况。
        {HEADER}
        208 | 社会保障和就业支出 | 3 | 2 | 1
    """)

    assert found(read) == {"total/201": 9, "basic/201": 5, "project/201": 4}
    assert layout_of(read) == ["final_expenditure", "budget_untitled"]


def test_a_header_below_a_closing_total_begins_another_table():
    read = reading(f"""
        支出决算表
        单位：万元
        {HEADER}
        201 | 一般公共服务支出 | 9 | 5 | 4
        合计 | | 9 | 5 | 4
        {HEADER}
        208 | 社会保障和就业支出 | 3 | 2 | 1
    """)

    assert "total/208" not in found(read)
    assert "total/total" in found(read)


def test_a_row_of_funds_on_a_page_whose_beginning_was_not_read_is_left_open():
    read = reading("""
        财政拨款收入支出决算总表
        单位：万元
        收入 | | 支出 | | | |
        某项目 | 决算数 | 某项目 | 合计 | 一般公共预算财政拨款 | 政府性基金预算财政拨款 | 某
        一般公共预算财政拨款 | 7 | 国防支出 | 7 | 7 | |
        财政拨款收入支出决算总表
        收入 | | 支出 | | | |
        项目 | 决算数 | 项目 | 合计 | 一般公共预算财政拨款 | 政府性基金预算财政拨款 | 国有资本经营预算财政拨款
        政府性基金预算财政拨款 | 5 | | | | |
        总计 | 12 | 总计 | 12 | 7 | 5 |
    """)

    assert found(read)["revenue/grand_total"] == 12
    assert "revenue/government_managed_funds" not in found(read)
    assert "表1!B9" in refused(read)


def test_a_number_to_the_right_of_the_only_column_is_not_taken_into_it():
    read = reading("""
        项目支出预算表
        单位：万元
        项目名称 | | 预算数 |
        维修 | | 3 |
        培训 | | | 5
    """)

    assert found(read) == {"project/name:维修": 3}
    assert list(refused(read)) == ["表1!D5"]


def test_a_number_below_a_total_needs_a_second_to_be_of_it():
    blank = f"""
        支出决算表
        单位：万元
        {HEADER}
        合计 | | | |
        | | 77 | |
    """

    assert found(reading(blank)) == {}
    assert list(refused(reading(blank))) == ["表1!C5"]


def test_rows_left_blank_on_one_side_are_doubted_where_other_rows_have_moved():
    read = reading("""
        收入支出决算总表
        单位：万元
        收入 | | 支出 | |
        项目 | 决算数 | 项目 | 决算数 |
        一、事业收入 | 27 | 一、国防支出 | 5 |
        | | 本年收入合计 | 30 | 3
        | | 总计 | 39 | 总计
    """)

    assert found(read) == {"revenue/service_revenue": 27, "total/203": 5}
    assert set(refused(read)) == {"表1!D6", "表1!D7", "表1!E6"}


def test_a_number_among_line_numbers_that_breaks_their_order_is_listed():
    read = reading("""
        收入支出决算总表
        单位：万元
        收入 | | | 支出 | |
        项目 | 行次 | 决算数 | 项目 | 行次 | 决算数
        一、事业收入 | 1 | 27 | 一、国防支出 | 31 | 5
        本年收入合计 | 929 | 27 | 本年支出合计 | 32 | 5
        总计 | 3 | 27 | 总计 | 33 | 5
    """)

    assert list(refused(read)) == ["表1!B6", "表1!B7"]


def test_a_year_on_one_of_two_equal_headings_says_nothing_sure():
    read = reading("""
        一般公共预算财政拨款基本支出决算表
        单位：万元
        科目编码 | 科目名称 | 决算数 | 2015年决算数
        301 | 工资福利支出 | 7 | 5
    """)

    assert found(read) == {"basic/301": 7}
    assert "哪一年" in refused(read)["表1!D4"]


def test_rows_with_codes_in_a_table_of_offices_are_left_open():
    read = reading("""
        2026年度部门支出总表
        单位：万元
        单位名称 | 合计 | 基本支出 | 项目支出
        205 教育支出 | 9 | 5 | 4
        某中学 | 9 | 5 | 4
    """)

    assert set(refused(read)) == {"表1!B4", "表1!C4", "表1!D4"}


def test_an_amount_that_slipped_beside_a_whole_code_is_listed():
    read = reading("""
        支出决算表
        单位：万元
        科目编码 | | | 科目名称 | 合计 | 基本支出 | 项目支出
        类 | 款 | 项 | | | |
        2080502 | 事业单位离退休 | 3 | 2 | | |
    """)

    assert found(read) == {}
    assert {"表1!C5", "表1!D5"} <= set(refused(read))
