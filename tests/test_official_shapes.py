"""Tests of selfeval.tables.official: shapes that PDFs and other offices give to known forms."""

import pytest
from official_tables import YUAN, found, layout_of, reading, refused

# --- headings ------------------------------------------------------------------------------


def test_a_heading_broken_inside_a_bracket_is_one_and_keeps_its_unit():
    read = reading("""
        一般公共预算财政拨款支出决算表
        科目编码 | 科目名称 | 合计（千元） | 基本支出（千 | 项目支出（千
        | | | 元） | 元）
        201 | 一般公共服务支出 | 9 | 5 | 4
    """)

    assert found(read, 1000 * YUAN) == {"total/201": 9, "basic/201": 5, "project/201": 4}
    assert not read.unread


def test_parts_of_codes_may_have_blank_columns_between_them():
    read = reading("""
        一般公共预算财政拨款支出决算表
        单位：万元
        科目编码 | | | | 科目名称 | 合计 | 基本支出 | 项目支出
        类 | 款 | | 项 | | | |
        201 | | | | 一般公共服务支出 | 9 | 5 | 4
        201 | 03 | | 01 | 行政运行 | 5 | 5 |
    """)

    assert found(read) == {
        "total/201": 9, "basic/201": 5, "project/201": 4,
        "total/2010301": 5, "basic/2010301": 5,
    }  # fmt: skip
    assert not read.unread


def test_a_year_that_one_of_two_equal_headings_names_is_not_guessed_for_the_other():
    read = reading("""
        “三公”经费支出预算表
        单位：万元
        项目 | 预算数 | 2023年预算数
        公务接待费 | 9 | 8
    """)

    assert found(read) == {"three_public_expenses/official_hospitality": 9}
    assert "看不出栏目" in refused(read)["表1!C4"]


def test_what_the_whole_table_is_of_may_stand_above_its_columns():
    read = reading("""
        一般公共预算财政拨款支出决算表
        单位：万元
        项目 | | 一般公共预算财政拨款支出决算数 | |
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        201 | 一般公共服务支出 | 9 | 5 | 4
    """)

    assert layout_of(read) == ["final_general_expenditure"]
    assert found(read) == {"total/201": 9, "basic/201": 5, "project/201": 4}


FUNDS = """
    政府性基金预算财政拨款收入支出决算表
    单位：万元
    项目 | | 年初结转和结余 | 本年收入 | 本年支出 | | | 年末结转和结余
    科目编码 | 科目名称 | | | {over}
    合计 | | {opening} | 9 | {total}
    221 | 住房保障支出 | | 9 | 9 | | 9 |
"""


def test_a_total_row_may_hold_the_sub_headings_and_its_other_numbers():
    read = reading(FUNDS.format(over="", opening="1", total="合计 | 基本支出 | 项目支出 | 1"))

    assert found(read) == {
        "opening_carryover_and_surplus/total": 1,
        "revenue/total": 9,
        "closing_carryover_and_surplus/total": 1,
        "revenue/221": 9,
        "total/221": 9,
        "project/221": 9,
    }
    assert not read.unread


def test_headings_below_a_total_of_other_headings_are_no_sub_headings():
    text = FUNDS.format(over="", opening="1", total="合计 | 基本支出 | 甲乙 | 1")

    assert "project/221" not in found(reading(text))


def test_government_items_are_of_the_class_they_stand_below():
    read = reading("""
        一般公共预算基本支出表（工资福利支出）（按政府预算经济分类）
        单位：万元
        科目编码 | 科目名称 | 总计 | 工资福利支出 | | 对事业单位经常性补助 |
        | | | 合计 | 工资奖金津补贴 | 合计 | 工资福利支出
        201 | 一般公共服务支出 | 9 | 5 | 5 | 4 | 4
    """)

    assert found(read) == {
        "basic/201": 9,
        "basic/501:201": 5,
        "basic/50101:201": 5,
        "basic/505:201": 4,
        "basic/50501:201": 4,
    }
    assert not read.unread


def test_a_total_of_a_group_of_the_other_classification_is_left_open():
    read = reading("""
        一般公共预算基本支出表（工资福利支出）（按部门预算经济分类）
        单位：万元
        科目编码 | 科目名称 | 总计 | 工资津补贴 | |
        | | | 合计 | 基本工资 | 津贴补贴
        201 | 一般公共服务支出 | 9 | 9 | 5 | 4
    """)

    assert found(read) == {"basic/201": 9, "basic/30101:201": 5, "basic/30102:201": 4}
    assert list(refused(read)) == ["表1!D5"]


# --- rows ----------------------------------------------------------------------------------


def test_offices_among_the_items_are_not_taken_for_items():
    read = reading("""
        部门支出总表
        单位：万元
        科目编码 | | | 单位代码 | 单位名称（科目） | 合计 | 基本支出 | 项目支出
        类 | 款 | 项 | | | | |
        | | | | 合计 | 9 | 5 | 4
        | | | 101 | 某局机关 | 9 | 5 | 4
        201 | 03 | 01 | 101 | 行政运行 | 5 | 5 |
    """)

    assert found(read) == {
        "total/total": 9, "basic/total": 5, "project/total": 4,
        "total/office:某局机关": 9, "basic/office:某局机关": 5, "project/office:某局机关": 4,
        "total/2010301": 5, "basic/2010301": 5,
    }  # fmt: skip
    assert not read.unread


NARROWER = """
    支出决算表
    单位：万元
    科目编码 | | | 科目名称 | 本年支出合计 | 基本支出 | 项目支出
    类 | 款 | 项 | | | |
    201 | | | 一般公共服务支出 | 9 | 5 | 4
    {page}
"""


def test_rows_of_a_page_with_a_single_column_of_codes_are_read_where_they_stand():
    read = reading(NARROWER.format(page="2010301 | 行政运行 | 5 | 5 | 0 | |"))

    assert found(read) == {
        "total/201": 9, "basic/201": 5, "project/201": 4,
        "total/2010301": 5, "basic/2010301": 5, "project/2010301": 0,
    }  # fmt: skip
    assert not read.unread


@pytest.mark.parametrize(
    "page", ["2010301 | 行政运行 | 5 | 5 | | |", "2010301 | 行政运行 | 5 | 5 | 0 | 1 |"]
)
def test_rows_of_a_narrower_page_with_a_number_less_or_more_are_left_open(page):
    read = reading(NARROWER.format(page=page))

    assert "total/2010301" not in found(read)
    assert read.unread


BROKEN = """
    收支预算总表
    单位：万元
    收入 | | 支出 |
    项目 | 预算数 | 项目 | 预算数
    财政拨款 | 9 | 一般公共服务支出 | 5
    | | {first} | 4
    | | {rest} |
"""


def test_a_name_cut_by_a_page_break_is_joined_where_its_amount_is_on_the_first_half():
    read = reading(BROKEN.format(first="八、社会保障和就", rest="业支出"))

    assert found(read)["total/208"] == 4
    assert not read.unread


def test_two_halves_that_make_no_name_are_left_open():
    read = reading(BROKEN.format(first="八、社会保障和", rest="甲乙"))

    assert "total/208" not in found(read)
    assert list(refused(read)) == ["表1!D6"]


# --- performance forms ---------------------------------------------------------------------


def test_the_whole_project_and_the_year_are_told_apart_in_an_application():
    read = reading("""
        财政项目支出绩效目标申报表 | | | | | | |
        项目名称 | | 下立交工程 | 项目性质 | 阶段性项目 | 项目类别 | 特定目标类 |
        项目资金（元） | | 项目资金总额 | | 90 | 年度资金申请总额 | | 30
        | | 其中：财政资金 | | 80 | 其中：当年财政拨款 | | 20
        | | | | | 上年结转资金 | | 6
        | | 其他资金 | | 10 | 其他资金 | | 4
        项目绩效目标 | 一级指标 | 二级指标 | 三级指标 | | | 年度指标值 |
        | 产出指标 | 数量指标 | 道路建设长度 | | | 985米 |
    """)

    amounts = {(r["block"], r["fund"]): r["amount"] for r in read.amounts}
    assert amounts == {
        ("project_period", ""): 90 * YUAN,
        ("project_period", "fiscal_appropriation"): 80 * YUAN,
        ("project_period", "other_funds"): 10 * YUAN,
        ("project", ""): 30 * YUAN,
        ("project", "fiscal_appropriation"): 20 * YUAN,
        ("project", "prior_year_carryover"): 6 * YUAN,
        ("project", "other_funds"): 4 * YUAN,
    }


SELF_EVALUATION = """
    项目支出绩效自评表 | | | | | | |
    项目名称 | 巡查 | | | | | |
    预算执行情况（万元） | | 预算数 | 执行数 | 执行率 | 得分 | |
    | 年度财政资金总额 | 200 | 180 | 90% | 18 | |
    绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 分值 | 得分 | 原因
    | 产出指标 | 数量指标 | 巡查次数 | 100次 | 100 | 98 |
    {total}
"""


def test_fiscal_funds_alone_are_no_total_of_all_funds():
    read = reading(SELF_EVALUATION.format(total=""))

    assert {(r["fund"], r["phase"], r["raw"]) for r in read.amounts} == {
        ("fiscal_appropriation", "adjusted_budget", "200"),
        ("fiscal_appropriation", "executed", "180"),
    }


def test_a_total_score_in_its_columns_is_read():
    read = reading(SELF_EVALUATION.format(total="总分 | | | | | 100 | 98 |"))

    assert {f["block"]: f["value"] for f in read.figures if f["cell"][1:] == "7"} == {
        "weight": 100,
        "self_score": 98,
    }


def test_a_total_score_beyond_its_columns_is_left_open_with_all_of_its_row():
    read = reading(SELF_EVALUATION.format(total="总分 | | | | | | 100 | 98"))

    assert not [f for f in read.figures if f["cell"][1:] == "7"]
    assert list(refused(read)) == ["表1!G7", "表1!H7"]
    assert "错位" in refused(read)["表1!G7"]


def test_the_content_of_a_target_is_no_number_of_its_own():
    read = reading("""
        项目支出绩效目标表
        单位：万元
        一级指标 | 二级指标 | 三级指标 | 指标值 | 指标值内容 | 评（扣）分标准
        产出指标 | 数量指标 | 维护设备台数 | ≥100 | 100 | 未完成扣分
    """)

    assert [r["target_value"] for r in read.indicators] == ["≥100"]
    assert not read.unread
