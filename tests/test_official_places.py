"""Tests of selfeval.tables.official: the forms of other places, each the smallest that shows it."""

# ruff: noqa: E501 (a drawn table is as wide as the form)

import pytest
from official_tables import found, layout_of, reading, refused

# --- income ---------------------------------------------------------------------------------


def test_a_general_public_budget_beside_other_funds_is_no_fiscal_appropriation():
    read = reading("""
        收入总表
        单位：万元
        单位名称 | 合计 | 一般公共预算 | 政府性基金预算 | 事业收入
        某局 | 9 | 6 | 2 | 1
    """)

    assert found(read) == {
        "total/total": 9,
        "general_public_budget/total": 6,
        "government_managed_funds/total": 2,
        "service_revenue/total": 1,
    }


def test_funds_below_a_fiscal_appropriation_are_parts_of_it():
    read = reading("""
        收入预算总表
        单位：万元
        科目编码 | 科目名称 | 合计 | 财政拨款 | | | 财政专户管理资金
        | | | 小计 | 一般公共预算拨款 | 政府性基金预算拨款 |
        201 | 一般公共服务支出 | 9 | 8 | 6 | 2 | 1
    """)

    assert found(read) == {
        "total/201": 9,
        "fiscal_appropriation/201": 8,
        "fiscal_appropriation/201@general_public_budget": 6,
        "fiscal_appropriation/201@government_managed_funds": 2,
        "special_account_funds/201": 1,
    }
    assert not read.unread


def test_subsidies_of_a_superior_treasury_and_of_a_superior_unit_are_two_things():
    read = reading("""
        收入总表
        单位：万元
        单位名称 | 合计 | 一般公共预算 | 上级财政补助收入 | 上级单位补助收入
        某局 | 9 | 6 | 2 | 1
    """)

    assert found(read)["superior_fiscal_subsidy/total"] == 2
    assert found(read)["superior_subsidy_revenue/total"] == 1
    assert not read.unread


def test_final_income_by_office_has_no_codes():
    read = reading("""
        收入决算表（分单位）
        单位：万元
        单位名称 | 本年收入合计 | 财政拨款收入 | 上级补助收入 | 事业收入 | 经营收入 | 附属单位上缴收入 | 其他收入
        合计 | 9 | 8 | | | | | 1
        某局本级 | 9 | 8 | | | | | 1
    """)

    assert layout_of(read) == ["final_income"]
    assert found(read) == {
        "total/total": 9,
        "fiscal_appropriation/total": 8,
        "other_revenue/total": 1,
        "total/某局本级": 9,
        "fiscal_appropriation/某局本级": 8,
        "other_revenue/某局本级": 1,
    }


def test_final_income_whose_keys_nobody_knows_is_not_taken_for_that_of_offices():
    read = reading("""
        收入决算表
        单位：万元
        甲 | 乙 | 本年收入合计 | 财政拨款收入 | 上级补助收入 | 事业收入 | 经营收入 | 附属单位上缴收入 | 其他收入
        201 | 一般公共服务支出 | 9 | 8 | | | | | 1
    """)

    assert not read.amounts
    assert len(read.strangers) == 1


# --- summaries ------------------------------------------------------------------------------


def test_expenditure_of_a_summary_may_be_split_by_fund():
    read = reading("""
        部门收支总体情况表
        单位：万元
        收入 | | 支出 | | | | |
        项目 | 金额 | 项目 | 合计 | 一般公共预算 | | 政府性基金预算 | 单位资金
        | | | | 小计 | 其中：财政拨款 | |
        一、一般公共预算 | 8 | 一、基本支出 | 6 | 5 | 4 | | 1
        其中：财政拨款 | 7 | 1.人员类项目支出 | 5 | 4 | 4 | | 1
        二、政府性基金预算 | 2 | 2.公用经费项目支出 | 1 | 1 | | |
        三、单位资金 | 1 | 二、项目支出 | 5 | 3 | 3 | 2 |
        收入合计 | 11 | 支出合计 | 11 | 8 | 7 | 2 | 1
    """)

    kept = found(read)
    assert kept["revenue/general_public_budget"] == 8
    assert kept["revenue/general_public_budget_appropriation"] == 7
    assert "revenue/fiscal_appropriation" not in kept
    assert kept["total/basic@general_public_budget"] == 5
    assert kept["total/basic@general_public_budget_appropriation"] == 4
    assert kept["total/personnel@own_funds"] == 1
    assert kept["total/operating"] == 1
    assert kept["total/project@government_managed_funds"] == 2
    assert not read.unread


def test_an_appropriation_below_no_general_budget_is_of_all_funds():
    read = reading("""
        收支预算总表
        单位：万元
        收入 | | 支出 |
        项目 | 预算数 | 项目 | 预算数
        其中：财政拨款 | 7 | 一般公共服务支出 | 7
    """)

    assert found(read)["revenue/fiscal_appropriation"] == 7


def test_economic_items_among_the_kinds_of_expenditure_are_of_the_kind_above():
    read = reading("""
        收支总体情况表
        单位：万元
        收入 | | 支出 |
        项目 | 2022年预算 | 项目 | 2022年预算
        一、财政拨款 | 9 | 一、基本支出 | 5
        一般公共预算拨款 | 8 | 工资福利支出 | 4
        基金预算拨款 | 1 | 对个人和家庭的补助 | 1
        二、财政专户拨款 | 2 | 二、项目支出 | 6
        三、其他资金 | | 日常运转类项目 | 1
        | | 政府专项类项目 | 2
        | | 工资福利支出 | 3
        本年收入合计 | 11 | 本年支出合计 | 11
        收入总计 | 11 | 支出总计 | 11
    """)

    kept = found(read)
    assert kept["revenue/government_managed_funds"] == 1
    assert kept["revenue/special_account_funds"] == 2
    assert kept["total/basic"] == 5
    assert kept["purpose/301"] == 4
    assert kept["purpose/303"] == 1
    assert kept["purpose/project_routine"] == 1
    assert kept["purpose/project_government_special"] == 2
    assert kept["purpose/project:301"] == 3
    assert not read.unread


def test_an_economic_item_before_any_kind_of_expenditure_is_left_open():
    read = reading("""
        收支总体情况表
        单位：万元
        收入 | | 支出 |
        项目 | 2022年预算 | 项目 | 2022年预算
        一、财政拨款 | 9 | 工资福利支出 | 4
        收入总计 | 9 | 支出总计 | 9
    """)

    assert list(refused(read)) == ["表1!D5"]


def test_service_revenue_without_that_of_special_accounts_is_service_revenue():
    read = reading("""
        部门收支预算总表
        单位：万元
        收入 | | 支出 |
        项目 | 预算数 | 项目 | 预算数
        一、财政拨款收入 | 7 | 一、一般公共服务支出 | 10
        二、专户资金 | 1 | |
        三、事业收入（不含专户资金） | 2 | |
    """)

    assert found(read)["revenue/special_account_funds"] == 1
    assert found(read)["revenue/service_revenue"] == 2
    assert not read.unread


def test_a_summary_may_have_functional_and_economic_items_side_by_side():
    read = reading("""
        部门预算收支总表
        单位：万元
        收入 | | 支出 | | |
        收入项目 | 预算数 | 支出功能分类科目 | 预算数 | 支出经济分类科目 | 预算数
        一、一般公共预算拨款 | 9 | 一、一般公共服务支出 | 9 | 一、工资福利支出 | 9
        收入总计 | 9 | 支出总计 | 9 | 支出总计 | 9
    """)

    assert found(read) == {
        "revenue/general_public_budget": 9,
        "revenue/grand_total": 9,
        "total/201": 9,
        "total/grand_total": 9,
        "purpose/301": 9,
        "purpose/grand_total": 9,
    }


def test_a_summary_may_list_its_expenditure_four_times():
    read = reading("""
        2019年收支预算总表
        单位：万元
        收入 | | 支出 | | | | | | |
        项目 | 预算数 | 支出类别 | 预算数 | 政府预算经济分类 | 预算数 | 部门预算经济分类 | 预算数 | 功能分类 | 预算数
        财政拨款收入 | 9 | 基本支出 | 9 | 机关工资福利支出 | 9 | 工资福利支出 | 9 | 一般公共服务支出 | 9
    """)

    assert found(read) == {
        "revenue/fiscal_appropriation": 9,
        "purpose/basic": 9,
        "government_economic/501": 9,
        "departmental_economic/301": 9,
        "total/201": 9,
    }


def test_expenditure_without_functions_is_listed_by_kind():
    read = reading("""
        支出总体情况表
        单位：万元
        支出项目 | 2022年预算
        一、基本支出 | 5
        工资福利支出 | 5
        二、项目支出 | 4
        支出总计 | 9
    """)

    assert layout_of(read) == ["budget_expenditure"]
    assert found(read) == {
        "purpose/basic": 5,
        "purpose/301": 5,
        "purpose/project": 4,
        "purpose/grand_total": 9,
    }


# --- expenditure by codes -------------------------------------------------------------------


def test_codes_in_brackets_before_names_are_codes():
    read = reading("""
        一般公共预算支出情况表（按功能分类科目）
        单位：万元
        功能科目名称 | 一般公共预算支出 | |
        | 合计 | 其中：基本支出 | 其中：项目支出
        合计 | 9 | 5 | 4
        [2010306]政务公开审批 | 9 | 5 | 4
    """)

    assert found(read) == {
        "total/total": 9, "basic/total": 5, "project/total": 4,
        "total/2010306": 9, "basic/2010306": 5, "project/2010306": 4,
    }  # fmt: skip


def test_items_of_both_economic_classifications_are_the_departmental_one_s():
    read = reading("""
        一般公共预算安排基本支出预算表（按支出经济分类科目）
        单位：万元
        部门预算支出经济科目 | 政府预算支出经济科目 | 一般公共预算基本支出
        合计 | | 9
        [301]工资福利支出 | | 5
        [30101]基本工资 | [50101]工资奖金津补贴 | 5
        [30201]办公费 | [50201]办公经费 | 4
    """)

    assert found(read) == {
        "basic/total": 9,
        "basic/301": 5,
        "basic/30101": 5,
        "basic/30201": 4,
    }
    assert not read.unread


def test_an_item_that_is_split_over_two_of_the_other_classification_is_left_open():
    read = reading("""
        一般公共预算安排基本支出预算表（按支出经济分类科目）
        单位：万元
        部门预算支出经济科目 | 政府预算支出经济科目 | 一般公共预算基本支出
        合计 | | 9
        [30201]办公费 | [50201]办公经费 | 4
        [30201]办公费 | [50502]商品和服务支出 | 5
    """)

    assert found(read) == {"basic/total": 9}
    assert list(refused(read)) == ["表1!C5", "表1!C6"]


def test_code_parts_of_both_economic_classifications_are_kept_apart():
    read = reading("""
        一般公共预算基本支出明细表（按经济分类）
        单位：万元
        部门预算经济分类 | < | < | 政府预算经济分类 | < | < | 金额
        类 | 款 | 科目名称 | 类 | 款 | 科目名称 | ^
        301 | | 工资福利支出 | 501 | | 机关工资福利支出 | 5
        301 | 01 | 基本工资 | 501 | 01 | 工资奖金津补贴 | 5
    """)

    assert found(read) == {"basic/301": 5, "basic/30101": 5}
    assert not read.unread


def test_codes_of_the_other_classification_may_stand_among_the_keys():
    read = reading("""
        一般公共预算基本支出明细表
        单位：万元
        部门经济科目编码 | 政府经济科目编码 | 部门经济科目名称 | 金额
        30201 | 50201 | 办公费 | 4
    """)

    assert found(read) == {"basic/30201": 4}
    assert not read.unread


def test_government_economic_items_alone_are_read_as_they_are():
    read = reading("""
        一般公共预算基本支出明细表
        单位：万元
        政府经济科目编码 | 政府经济科目名称 | 金额
        501 | 机关工资福利支出 | 5
    """)

    assert found(read) == {"basic/501": 5}


def test_expenditure_of_special_operations_is_not_taken_for_all_projects():
    read = reading(
        """
        部门综合预算一般公共预算支出明细表（按支出功能分类科目）
        单位：万元
        功能科目编码 | 功能科目名称 | 合计 | 人员经费支出 | 公用经费支出 | 专项业务经费支出
        201 | 一般公共服务支出 | 9 | 5 | 3 | 1
        """,
        """
        部门综合预算一般公共预算支出明细表（按支出经济分类科目）
        单位：万元
        部门经济科目编码 | 部门经济科目名称 | 政府经济科目编码 | 政府经济科目名称 | 合计 | 人员经费支出 | 公用经费支出 | 专项业务经费支出
        30201 | 办公费 | 50201 | 办公经费 | 4 | | 3 | 1
        """,
    )

    assert layout_of(read) == ["budget_general_expenditure", "budget_general_economic"]
    assert found(read) == {
        "total/201": 9, "personnel/201": 5, "operating/201": 3, "special_operations/201": 1,
        "total/30201": 4, "operating/30201": 3, "special_operations/30201": 1,
    }  # fmt: skip
    assert not read.unread


def test_basic_expenditure_by_government_items_may_be_split_in_two():
    read = reading("""
        一般公共预算基本支出表（按政府预算经济分类）
        单位：万元
        政府预算支出经济分类科目 | | 本年一般公共预算基本支出 | |
        科目编码 | 科目名称 | 合计 | 人员经费 | 公用经费
        501 | 机关工资福利支出 | 6 | 6 |
    """)

    assert layout_of(read) == ["budget_general_basic_government_economic"]
    assert found(read) == {"basic/501": 6, "personnel/501": 6}


def test_appropriations_of_this_year_and_of_others_are_kept_apart_by_economic_item():
    read = reading("""
        财政拨款支出预算表（部门经济分类科目）
        单位：万元
        项目 | | | | 总计 | 省级当年财政拨款安排 | | | | 中央提前通知专项转移支付等 | 上年结转安排
        科目编码 | | 单位代码 | 单位名称（科目） | | 合计 | 一般公共预算拨款 | | | |
        类 | 款 | | | | | 小计 | 基本支出 | 项目支出 | |
        301 | 01 | 123301 | 基本工资 | 12 | 9 | 9 | 5 | 4 | 2 | 1
    """)

    assert layout_of(read) == ["budget_fiscal_economic"]
    assert found(read) == {
        "total/30101": 12,
        "current_year_appropriation/30101": 9,
        "current_year_appropriation/30101@general_public_budget": 9,
        "basic/30101@general_public_budget": 5,
        "project/30101@general_public_budget": 4,
        "superior_transfers/30101": 2,
        "prior_year_carryover/30101": 1,
    }
    assert not read.unread


def test_details_of_final_accounts_have_projects_of_government_managed_funds():
    read = reading("""
        财政拨款支出决算明细表
        单位：万元
        项目 | | 合计 | 一般公共预算财政拨款 | | 政府性基金预算财政拨款 |
        经济分类科目编码 | 科目名称 | | 小计 | 基本支出 | 小计 | 项目支出
        302 | 商品和服务支出 | 9 | 6 | 6 | 3 | 3
    """)

    assert found(read)["project/302@government_managed_funds"] == 3
    assert not read.unread


# --- “三公” expenses ------------------------------------------------------------------------


def test_the_part_from_the_general_budget_stands_beside_the_whole():
    read = reading("""
        2015年部门“三公”经费情况统计表
        单位：万元
        项 目 | 本年预算数 | 其中：公共预算财政拨款
        合 计 | 9 | 5
        1.公务接待费 | 9 | 5
    """)

    assert found(read) == {
        "three_public_expenses/three_public_expenses": 9,
        "three_public_expenses/three_public_expenses@general_public_budget": 5,
        "three_public_expenses/official_hospitality": 9,
        "three_public_expenses/official_hospitality@general_public_budget": 5,
    }


def test_a_grand_total_of_three_public_expenses_is_their_total():
    read = reading("""
        一般公共预算“三公”经费支出表
        单位：万元
        总计 | 因公出国（境）费用 | 公务用车购置及运行费 | | | 公务接待费
        | | 小计 | 公务用车购置费 | 公务用车运行费 |
        9 | 2 | 4 | 1 | 3 | 3
    """)

    assert found(read)["three_public_expenses/three_public_expenses"] == 9
    assert not read.unread


@pytest.mark.parametrize("title", ["“三公”经费支出预算表", "财政拨款“三公”经费支出决算表"])
@pytest.mark.parametrize("more", ["会议费", "培训费"])
@pytest.mark.parametrize("total", ["合计", "总计"])
def test_a_total_beside_meetings_or_training_may_be_of_these_too(title, more, total):
    read = reading(f"""
        {title}
        单位：万元
        {total} | 因公出国（境）费用 | 公务用车购置及运行维护费 | | | 公务接待费 | {more}
        | | 小计 | 公务用车购置费 | 公务用车运行维护费 | |
        14 | 2 | 4 | 1 | 3 | 3 | 5
    """)

    kept = found(read)
    assert "three_public_expenses/three_public_expenses" not in kept
    assert kept["three_public_expenses/official_hospitality"] == 3
    assert list(refused(read)) == ["表1!A5"]


def test_three_public_expenses_by_office_have_the_office_among_the_keys():
    read = reading("""
        一般公共预算“三公”经费支出预算表
        单位：万元
        单位编码 | 单位名称（科目） | 当年财政拨款预算安排 | | | | |
        | | 合计 | 因公出国（境）费用 | 公务用车购置及运行费 | | | 公务接待费
        | | | | 小计 | 公务用车购置费 | 公务用车运行费 |
        | 合 计 | 9 | 2 | 4 | 1 | 3 | 3
        123301 | 某局机关 | 9 | 2 | 4 | 1 | 3 | 3
    """)

    assert found(read)["three_public_expenses/three_public_expenses"] == 9
    assert found(read)["three_public_expenses/three_public_expenses:某局机关"] == 9
    assert not read.unread


ROWS_OF_STAGES = """
    一般公共预算财政拨款“三公”经费及会议费、培训费支出决算表
    单位：万元
    {key} | {over} | | | | | | 会议费 | 培训费
    | 小计 | 因公出国（境）费用 | 公务接待费 | 公务用车购置及运行维护费 | | | |
    | | | | 小计 | 公务用车购置费 | 公务用车运行维护费 | |
    栏次 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8
    预算数 | 9 | | 5 | 4 | | 4 | 2 | 1
    决算数 | 8 | | 5 | 3 | | 3 | 2 | 1
    增减额 | -1 | | 0 | -1 | | -1 | 0 | 0
"""


@pytest.mark.parametrize("key", ["", "项目"])
@pytest.mark.parametrize("over", ["“三公”经费", "一般公共预算财政拨款安排的“三公”经费"])
def test_stages_in_rows_may_stand_below_a_heading_of_their_own(key, over):
    read = reading(ROWS_OF_STAGES.format(key=key, over=over))

    kept = found(read)
    assert kept["three_public_expenses/three_public_expenses!stated_budget"] == 9
    assert kept["three_public_expenses/three_public_expenses"] == 8
    assert kept["three_public_expenses/training"] == 1
    assert not read.unread


def test_a_change_in_a_row_is_a_figure_no_amount():
    read = reading(ROWS_OF_STAGES.format(key="项目", over="“三公”经费"))

    figures = {f["item_code"]: f["value"] for f in read.figures}
    assert figures["three_public_expenses:增减额"] == -1
    assert -1 not in found(read).values()


def test_running_costs_beside_three_public_expenses_are_their_own():
    read = reading("""
        一般公共预算财政拨款“三公”经费及机关运行经费支出决算表
        单位：万元
        “三公”经费 | | | | | | 机关运行经费决算数
        合计 | 因公出国（境）费 | 公务用车购置及运行维护费 | | | 公务接待费 |
        | | 小计 | 公务用车购置费 | 公务用车运行维护费 | |
        9 | 2 | 4 | 1 | 3 | 3 | 30
    """)

    assert found(read)["three_public_expenses/agency_operating"] == 30
    assert not read.unread


def test_administrative_expenses_stand_above_three_public_expenses():
    read = reading("""
        一般公共预算安排的行政经费及“三公”经费预算表
        单位：万元
        项目 | 2022年预算
        行政经费 | 12
        “三公”经费 | 5
        （三）公务接待费支出 | 2
    """)

    assert found(read) == {
        "three_public_expenses/administrative_expenses": 12,
        "three_public_expenses/three_public_expenses": 5,
        "three_public_expenses/official_hospitality": 2,
    }


def test_fuel_and_repairs_are_of_the_vehicles_that_run():
    rows = "2.公务用车运行维护费 | 8\n其中：加油 | 5\n维修 | 3"
    head = "一般公共预算财政拨款“三公”经费支出决算表\n单位：万元\n项目 | 决算数\n"

    assert found(reading(head + rows)) == {
        "three_public_expenses/official_vehicle_running": 8,
        "three_public_expenses/official_vehicle_fuel": 5,
        "three_public_expenses/official_vehicle_repairs": 3,
    }
    assert list(refused(reading(head + "其中：加油 | 5"))) == ["表1!B4"]


def test_counts_below_three_public_expenses_are_figures():
    read = reading("""
        财政拨款“三公”经费、会议费和培训费支出决算表
        单位：万元
        项目 | 决算数
        公务接待费 | 9
        相关统计数： |
        项目 | | 统计数 | 项目 | | 统计数
        国内公务接待批次（个） | | 12 | 国内公务接待人次（人） | | 130
        召开会议次数（个） | | 4 | 参加会议人次（人） | | 90
    """)

    assert found(read) == {"three_public_expenses/official_hospitality": 9}
    assert {f["item_code"]: f["value"] for f in read.figures} == {
        "domestic_receptions": 12,
        "domestic_guests": 130,
        "conferences_held": 4,
        "conference_participants": 90,
    }
    assert not read.unread


# --- projects, procurement, running costs ---------------------------------------------------


def test_projects_of_the_general_budget_have_money_of_this_year_and_the_last():
    read = reading("""
        一般公共预算项目支出表
        单位：万元
        序号 | 项目名称 | 合计 | 本年一般公共预算 | 上年结转
        1 | 档案数字化 | 9 | 6 | 3
    """)

    assert found(read) == {
        "project/name:档案数字化": 9,
        "project/name:档案数字化@general_public_budget": 6,
        "prior_year_carryover/name:档案数字化": 3,
    }


def test_projects_have_revenue_expenditure_and_balances():
    read = reading("""
        项目收入支出决算表
        单位：万元
        项目名称 | 年初结转和结余 | 本年收入 | | 本年支出 | | 年末结转和结余
        | | 合计 | 财政拨款 | 合计 | 其他资金 |
        审计业务 | 2 | 9 | 8 | 10 | 1 | 1
    """)

    assert layout_of(read) == ["final_projects"]
    assert found(read) == {
        "opening_carryover_and_surplus/name:审计业务": 2,
        "revenue/name:审计业务": 9,
        "revenue/name:审计业务@fiscal_appropriation": 8,
        "project/name:审计业务": 10,
        "project/name:审计业务@other_funds": 1,
        "closing_carryover_and_surplus/name:审计业务": 1,
    }


def test_special_funds_are_told_by_source_and_by_level():
    read = reading("""
        专项资金预算汇总表
        单位：万元
        单位代码 | 单位（专项资金）名称 | 预算总额 | 按支出性质分 | | | 按级次分 |
        | | 合计 | 公共财政拨款 | 经费拨款 | 非税收入拨款 | 本级支出 | 转移支付
        101 | 大厅运行 | 9 | 9 | 7 | 2 | 8 | 1
    """)

    assert found(read) == {
        "project/name:大厅运行": 9,
        "by_source/name:大厅运行@general_public_budget": 9,
        "budget_appropriation/name:大厅运行": 7,
        "non_tax_revenue/name:大厅运行": 2,
        "own_level_expenditure/name:大厅运行": 8,
        "transfer_payments/name:大厅运行": 1,
    }
    assert not read.unread


def test_procurement_may_be_split_by_source():
    read = reading("""
        政府采购支出预算表
        单位：万元
        采购品目大类 | 采购品目名称 | 资金来源 | |
        | | 合计 | 一般公共预算资金 | 其他资金
        一、货物A | | 9 | 7 | 2
    """)

    assert found(read) == {
        "procurement/goods": 9,
        "procurement/goods@general_public_budget": 7,
        "procurement/goods@other_funds": 2,
    }


def test_running_costs_of_final_accounts_may_be_listed_by_economic_item():
    read = reading("""
        机关运行经费支出决算表
        单位：万元
        科目编码 | 科目名称 | 机关运行经费支出决算
        合计 | | 9
        302 | 商品和服务支出 | 9
    """)

    assert layout_of(read) == ["final_agency_operating"]
    assert found(read) == {"agency_operating/total": 9, "agency_operating/302": 9}


def test_running_costs_vehicles_and_procurement_may_share_a_table():
    read = reading("""
        机构运行经费支出、国有资产占用情况及政府采购支出信息表
        单位：万元
        项目 | 行次 | 统计数 | 项目 | 行次 | 统计数
        一、机构运行经费 | 1 | 8 | 三、国有资产占用情况 | 10 |
        （一）行政单位 | 2 | 8 | （一）车辆数合计（辆） | 11 | 3
        二、其他 | 4 | 5 | （一）政府采购支出合计 | 21 | 15
    """)

    assert found(read) == {
        "/agency_operating": 8,
        "/agency_operating_offices": 8,
        "procurement/procurement": 15,
    }
    assert [(f["item_code"], f["value"]) for f in read.figures] == [("vehicles_kept", 3)]
    assert list(refused(read)) == ["表1!C6"]


def test_a_name_that_another_code_once_had_is_of_the_code_that_has_it_now():
    read = reading("""
        一般公共预算基本支出表（工资福利支出）（按部门预算经济分类）
        单位：万元
        科目编码 | 科目名称 | 总计 | 基本工资 | 住房公积金
        201 | 一般公共服务支出 | 9 | 5 | 4
    """)

    assert found(read)["basic/30113:201"] == 4
    assert not read.unread
