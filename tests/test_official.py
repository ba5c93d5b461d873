"""Tests of selfeval.tables.official: the forms of final accounts and budgets, as published."""

# ruff: noqa: E501 (a drawn table is as wide as the form)

import pytest
from official_tables import YUAN, found, layout_of, reading, refused

# --- final accounts ------------------------------------------------------------------------

SUMMARY = """
    收入支出决算总表 |
    | | | | | 公开01表
    部门：某局 | | | | | 金额单位：万元
    收入 | | | 支出 | |
    项目 | 行次 | 金额 | 项目 | 行次 | 金额
    栏次 | | 1 | 栏次 | | 2
    一、一般公共预算财政拨款收入 | 1 | 100.5 | 一、一般公共服务支出 | 32 | 90.5
    二、政府性基金预算财政拨款收入 | 2 | | 二、外交支出 | 33 |
    五、事业收入 | 5 | 7 | 八、社会保障和就业支出 | 39 | 15
    本年收入合计 | 27 | 107.5 | 本年支出合计 | 58 | 105.5
    使用非财政拨款结余（含专用结余） | 28 | 0.00 | 结余分配 | 59 |
    年初结转和结余 | 29 | 3 | 年末结转和结余 | 60 | 5
    总计 | 31 | 110.5 | 总计 | 62 | 110.5
"""


def test_the_national_summary_with_line_numbers_is_read():
    read = reading(SUMMARY)

    assert layout_of(read) == ["final_summary"]
    assert found(read) == {
        "revenue/general_public_budget": 100.5,
        "revenue/service_revenue": 7,
        "revenue/current_total": 107.5,
        "revenue/surplus_used": 0,
        "revenue/opening_carryover_and_surplus": 3,
        "revenue/grand_total": 110.5,
        "total/201": 90.5,
        "total/208": 15,
        "total/current_total": 105.5,
        "total/closing_carryover_and_surplus": 5,
        "total/grand_total": 110.5,
    }
    assert not read.unread


def test_a_line_number_beside_a_blank_amount_is_no_amount():
    states = {r["item_code"]: r["state"] for r in reading(SUMMARY).amounts}

    assert states["202"] == "blank"
    assert states["government_managed_funds"] == "blank"


def test_a_summary_of_three_stages_has_three_phases():
    read = reading("""
        2023年度收入支出决算总表 | | | | | | |
        部门：某局 | | | | | | | 单位：元
        收入 | | | | 支出 | | |
        项目 | 年初预算数 | 全年预算数 | 决算数 | 项目 | 年初预算数 | 全年预算数 | 决算数
        三、事业收入 | 1 | 2 | 3 | 一、一般公共服务支出 | 4 | 5 | 6
    """)

    assert found(read, YUAN) == {
        "revenue/service_revenue!initial_budget": 1,
        "revenue/service_revenue!adjusted_budget": 2,
        "revenue/service_revenue": 3,
        "total/201!initial_budget": 4,
        "total/201!adjusted_budget": 5,
        "total/201": 6,
    }


def test_the_expenditure_table_with_codes_in_three_columns_and_a_ruler_is_read():
    read = reading("""
        支出决算表
        公开03表
        部门：某局 | | | | | | | | | 单位：万元
        项目 | | | | 本年支出合计 | 基本支出 | 项目支出 | 上缴上级支出 | 经营支出 | 对附属单位补助支出
        功能分类科目编码 | | | 科目名称 | | | | | |
        类 | 款 | 项 | 栏次 | 1 | 2 | 3 | 4 | 5 | 6
        | | | 合计 | 120 | 80 | 40 | | |
        201 | | | 一般公共服务支出 | 120 | 80 | 40 | | |
        201 | 03 | | 政府办公厅（室）及相关机构事务 | 120 | 80 | 40 | | |
        201 | 03 | 01 | 行政运行 | 80 | 80 | | | |
        201 | 03 | 02 | 一般行政管理事务 | 40 | | 40 | | |
    """)

    assert layout_of(read) == ["final_expenditure"]
    assert found(read) == {
        "total/total": 120, "basic/total": 80, "project/total": 40,
        "total/201": 120, "basic/201": 80, "project/201": 40,
        "total/20103": 120, "basic/20103": 80, "project/20103": 40,
        "total/2010301": 80, "basic/2010301": 80,
        "total/2010302": 40, "project/2010302": 40,
    }  # fmt: skip
    assert not read.unread


def test_the_income_table_with_education_fees_below_service_revenue_is_read():
    read = reading("""
        收入决算表
        单位：万元
        项目 | | 本年收入合计 | 财政拨款收入 | 上级补助收入 | 事业收入 | | 经营收入 | 附属单位上缴收入 | 其他收入
        科目编码 | 科目名称 | | | | 小计 | 其中：教育收费 | | |
        合计 | | 50 | 40 | | 8 | 6 | | | 2
        205 | 教育支出 | 50 | 40 | | 8 | 6 | | | 2
    """)

    assert found(read)["service_revenue/205"] == 8
    assert found(read)["education_fees/205"] == 6
    assert found(read)["other_revenue/205"] == 2
    assert not read.unread


def test_the_fiscal_summary_keeps_funds_and_carryovers_apart():
    read = reading("""
        财政拨款收入支出决算总表
        金额单位：万元
        收入 | | | 支出 | | | | |
        项目 | 行次 | 金额 | 项目（按功能分类） | 行次 | 合计 | 一般公共预算财政拨款 | 政府性基金预算财政拨款 | 国有资本经营预算财政拨款
        栏次 | | 1 | 栏次 | | 2 | 3 | 4 | 5
        一、一般公共预算财政拨款 | 1 | 90 | 一、一般公共服务支出 | 33 | 80 | 80 | |
        二、政府性基金预算财政拨款 | 2 | 20 | 十一、城乡社区支出 | 43 | 20 | | 20 |
        本年收入合计 | 27 | 110 | 本年支出合计 | 59 | 100 | 80 | 20 |
        年初财政拨款结转和结余 | 28 | 5 | 年末财政拨款结转和结余 | 60 | 15 | 15 | |
        一般公共预算财政拨款 | 29 | 5 | | | | | |
        政府性基金预算财政拨款 | 30 | | | | | | |
        总计 | 32 | 115 | 总计 | 64 | 115 | 95 | 20 |
    """)

    assert found(read)["revenue/general_public_budget"] == 90
    assert found(read)["revenue/opening_general_public_budget"] == 5
    assert found(read)["total/212"] == 20
    assert found(read)["total/212@government_managed_funds"] == 20
    assert found(read)["total/grand_total@general_public_budget"] == 95
    assert not read.unread


def test_basic_expenditure_in_three_panels_with_a_total_merged_over_two_is_read():
    read = reading("""
        一般公共预算财政拨款基本支出决算明细表
        单位：万元
        人员经费 | | | 公用经费 | | | | |
        科目编码 | 科目名称 | 决算数 | 科目编码 | 科目名称 | 决算数 | 科目编码 | 科目名称 | 决算数
        301 | 工资福利支出 | 60 | 302 | 商品和服务支出 | 11 | 307 | 债务利息及费用支出 |
        30101 | 基本工资 | 60 | 30201 | 办公费 | 11 | 310 | 资本性支出 | 2
        303 | 对个人和家庭的补助 | 4 | | | | 31002 | 办公设备购置 | 2
        人员经费合计 | | 64 | 公用经费合计 | | | | | 13
    """)

    assert found(read) == {
        "basic/301": 60, "basic/30101": 60, "basic/303": 4,
        "basic/302": 11, "basic/30201": 11, "basic/310": 2, "basic/31002": 2,
        "basic/personnel": 64, "basic/operating": 13,
    }  # fmt: skip
    assert not read.unread


def test_basic_expenditure_in_two_panels_with_codes_in_parts_is_read():
    read = reading("""
        一般公共预算财政拨款基本支出决算表
        单位：万元
        人员经费 | | | | 公用经费 | | |
        经济分类科目编码 | | 科目名称 | 决算数 | 经济分类科目编码 | | 科目名称 | 决算数
        类 | 款 | | | 类 | 款 | |
        301 | | 工资福利支出 | 60 | 302 | | 商品和服务支出 | 11
        301 | 01 | 基本工资 | 60 | 302 | 01 | 办公费 | 11
        人员经费合计 | | | 60 | 公用经费合计 | | | 11
    """)

    assert found(read) == {
        "basic/301": 60, "basic/30101": 60, "basic/302": 11, "basic/30201": 11,
        "basic/personnel": 60, "basic/operating": 11,
    }  # fmt: skip


THREE_PUBLIC = {
    "three_public_expenses/three_public_expenses": 10,
    "three_public_expenses/official_vehicles": 6,
    "three_public_expenses/official_vehicle_running": 6,
    "three_public_expenses/official_hospitality": 4,
    "three_public_expenses/three_public_expenses!stated_budget": 12,
    "three_public_expenses/official_vehicles!stated_budget": 7,
    "three_public_expenses/official_vehicle_running!stated_budget": 7,
    "three_public_expenses/official_hospitality!stated_budget": 5,
}


def test_three_public_expenses_as_six_budget_and_six_final_columns_are_read():
    read = reading("""
        财政拨款“三公”经费支出决算表 |
        单位：万元
        预算数 | | | | | | 决算数 | | | | |
        合计 | 因公出国（境）费 | 公务用车购置及运行维护费 | | | 公务接待费 | 合计 | 因公出国（境）费 | 公务用车购置及运行维护费 | | | 公务接待费
        | | 小计 | 公务用车购置费 | 公务用车运行维护费 | | | | 小计 | 公务用车购置费 | 公务用车运行维护费 |
        1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12
        12 | | 7 | | 7 | 5 | 10 | | 6 | | 6 | 4
    """)

    assert found(read) == THREE_PUBLIC
    assert not read.unread


def test_three_public_expenses_in_pairs_of_budget_and_final_are_read():
    read = reading("""
        一般公共预算财政拨款“三公”经费支出决算表
        单位：万元
        合计 | | 因公出国（境）费 | | 公务用车购置及运行维护费 | | | | | | 公务接待费 |
        | | | | 小计 | | 公务用车购置费 | | 公务用车运行维护费 | | |
        预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数
        12 | 10 | | | 7 | 6 | | | 7 | 6 | 5 | 4
    """)

    assert found(read) == THREE_PUBLIC


def test_three_public_expenses_as_a_list_are_read():
    read = reading("""
        “三公”经费支出决算表
        单位：万元
        项目 | 行次 | 预算数 | 决算数
        合计 | 1 | 12 | 10
        1.因公出国（境）费 | 2 | |
        2.公务用车购置及运行维护费 | 3 | 7 | 6
        （1）公务用车购置费 | 4 | |
        （2）公务用车运行维护费 | 5 | 7 | 6
        3.公务接待费 | 6 | 5 | 4
    """)

    assert found(read) == THREE_PUBLIC


def test_conferences_and_training_beside_three_public_expenses_are_read():
    read = reading("""
        一般公共预算财政拨款“三公”经费及会议费、培训费支出决算表
        单位：万元
        项目 | “三公”经费 | | | | | | 会议费 | 培训费
        | 小计 | 因公出国（境）费 | 公务接待费 | 公务用车购置及运行维护费 | | | |
        | | | | 小计 | 公务用车购置费 | 公务用车运行维护费 | |
        预算数 | 12 | | 5 | 7 | | 7 | 1 | 2
        决算数 | 10 | | 4 | 6 | | 6 | 1 | 2
    """)

    assert found(read) == THREE_PUBLIC | {
        "three_public_expenses/conferences": 1,
        "three_public_expenses/training": 2,
        "three_public_expenses/conferences!stated_budget": 1,
        "three_public_expenses/training!stated_budget": 2,
    }


@pytest.mark.parametrize(
    ("said", "phase"),
    [
        ("注：本表反映“三公”经费支出预决算情况。", "stated_budget"),
        ("注：本表反映预决算情况。其中，预算数为“三公”经费年初预算数。", "initial_budget"),
        ("注：预算数为“三公”经费全年预算数，反映按规定程序调整后的预算数。", "adjusted_budget"),
        ("注：预算数为调整预算数；年初预算数为12万元。", "stated_budget"),
        ("注：预算数为调整预算数；年初预算数为15万元。", "adjusted_budget"),
        ("“三公”经费财政拨款支出年初预算为 12 万元，支出决算为 10 万元。", "initial_budget"),
        ("“三公”经费财政拨款支出年初预算为 12.5 万元，支出决算为 10 万元。", "stated_budget"),
        ("一般公共预算支出年初预算为 12 万元。", "stated_budget"),
        ("“三公”经费支出决算小于全年预算数12万元。", "adjusted_budget"),
    ],
)
def test_the_budget_beside_the_accounts_is_what_the_same_file_calls_it(said, phase):
    table = """
        “三公”经费支出决算表
        单位：万元
        项目 | 预算数 | 决算数
        “三公”经费合计 | 12 | 10
        公务接待费 | 5 | 4
    """
    below, elsewhere = reading(f"{table}    {said}"), reading(table, f"    情况说明\n    {said}")

    for read in (below, elsewhere) if "三公" in said else (below,):
        kinds = {record["phase"] for record in read.amounts} - {"executed"}
        assert kinds == {phase}


def test_a_total_that_may_hold_conferences_or_not_is_left_open():
    read = reading("""
        “三公”经费、会议费、培训费支出决算表
        单位：万元
        合计 | 因公出国（境）费 | 公务用车购置及运行维护费 | | | 公务接待费 | 会议费 | 培训费
        | | 小计 | 公务用车购置费 | 公务用车运行维护费 | | |
        13 | | 6 | | 6 | 4 | 1 | 2
    """)

    assert "three_public_expenses/three_public_expenses" not in found(read)
    assert found(read)["three_public_expenses/official_hospitality"] == 4
    assert refused(read).keys() == {"表1!A5"}


@pytest.mark.parametrize(
    ("title", "layout"),
    [
        ("政府性基金预算财政拨款收入支出决算表", "final_government_funds"),
        ("国有资本经营预算财政拨款收入支出决算表", "final_state_capital"),
    ],
)
def test_a_table_of_funds_keeps_flows_apart(title, layout):
    read = reading(f"""
        {title}
        单位：万元
        项目 | | 年初结转和结余 | 本年收入 | 本年支出 | | | 年末结转和结余
        科目编码 | 科目名称 | | | 小计 | 基本支出 | 项目支出 |
        栏次 | | 1 | 2 | 3 | 4 | 5 | 6
        合计 | | 1 | 9 | 8 | | 8 | 2
        212 | 城乡社区支出 | 1 | 9 | 8 | | 8 | 2
    """)

    assert layout_of(read) == [layout]
    assert found(read)["opening_carryover_and_surplus/212"] == 1
    assert found(read)["revenue/212"] == 9
    assert found(read)["total/212"] == 8
    assert found(read)["project/212"] == 8
    assert found(read)["closing_carryover_and_surplus/212"] == 2
    assert not read.unread


def test_a_table_of_state_capital_with_expenditure_only_is_read():
    read = reading("""
        国有资本经营预算财政拨款支出决算表
        单位：万元
        项目 | | 本年支出 | |
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        合计 | | 8 | | 8
    """)

    assert found(read) == {"total/total": 8, "project/total": 8}


def test_an_empty_table_says_so_and_reads_nothing():
    read = reading("""
        政府性基金预算财政拨款收入支出决算表
        单位：万元
        项目 | | 年初结转和结余 | 本年收入 | 本年支出 | | | 年末结转和结余
        科目编码 | 科目名称 | | | 小计 | 基本支出 | 项目支出 |
        无 | | | | | | |
        合计 | | | | | | |
        说明：本部门没有政府性基金预算财政拨款收入，故本表无数据。
    """)

    [table] = read.tables
    assert table.is_empty
    assert table.says_empty
    assert not found(read)
    assert not read.unread


def test_projects_with_their_stages_are_read_by_name():
    read = reading("""
        项目支出决算表
        单位：万元
        序号 | 项目名称 | 年初预算数 | 全年预算数 | 决算数 | 备注
        1 | 信息化建设 | 30 | 28 | 25 |
        2 | 培训 | 5 | 5 | 5 |
    """)

    assert found(read)["project/name:信息化建设"] == 25
    assert found(read)["project/name:信息化建设!initial_budget"] == 30
    assert not read.unread


def test_assets_are_read_column_by_column():
    read = reading("""
        国有资产使用情况表
        单位：元
        项目 | 行次 | 资产总额 | 流动资产 | 固定资产 | | | | | 对外投资/有价证券 | 在建工程 | 无形资产 | 其他资产
        | | | | 小计 | 房屋构筑物 | 车辆 | 单价200万以上大型设备 | 其他固定资产 | | | |
        栏次 | | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11
        合计 | 1 | 100 | 20 | 70 | 50 | 10 | | 10 | | | 10 |
    """)

    assert found(read, YUAN)["assets/fixed_assets"] == 70
    assert found(read, YUAN)["assets/vehicles"] == 10
    assert not read.unread


def test_the_matrix_of_functions_and_economic_items_is_read_by_name():
    read = reading("""
        财政拨款支出决算明细表
        单位：万元
        项目 | | 合计 | 工资福利支出 | | | 商品和服务支出 | |
        科目编码 | 科目名称 | | 小计 | 基本工资 | 津贴补贴 | 小计 | 办公费 | 会议费
        201 | 一般公共服务支出 | 15 | 10 | 6 | 4 | 5 | 3 | 2
    """)

    assert layout_of(read) == ["final_fiscal_detail"]
    assert found(read) == {
        "total/201": 15, "total/301:201": 10, "total/30101:201": 6, "total/30102:201": 4,
        "total/302:201": 5, "total/30201:201": 3, "total/30215:201": 2,
    }  # fmt: skip


GENERAL_BUDGET = "general_public_budget"


@pytest.mark.parametrize(
    ("title", "layout", "block", "fund"),
    [
        ("支出决算明细表(财决05表)", "final_expenditure_detail", "total", ""),
        ("基本支出决算明细表(财决05-1表)", "final_basic_detail", "basic", ""),
        ("项目支出决算明细表(财决05-2表)", "final_project_detail", "project", ""),
        ("经营支出决算明细表(财决05-3表)", "final_commercial_detail", "commercial_expenditure", ""),
        ("一般公共预算财政拨款支出决算明细表(财决08表)", "final_general_detail", "total", GENERAL_BUDGET),
        ("一般公共预算财政拨款基本支出决算明细表(财决08-1表)", "final_general_basic_detail", "basic",
         GENERAL_BUDGET),
        ("一般公共预算财政拨款项目支出决算明细表(财决08-2表)", "final_general_project_detail", "project",
         GENERAL_BUDGET),
    ],
)  # fmt: skip
def test_the_detailed_tables_of_the_accounts_are_of_the_fund_their_title_names(
    title, layout, block, fund
):
    read = reading(f"""
        {title}
        编制单位：某局 | | | | | | 金额单位：万元
        项目 | < | < | < | 合计 | 工资福利支出 | < | 商品和服务支出 | < | 其他支出
        支出功能分类科目编码 | < | < | 科目名称 | ^ | 小计 | 基本工资 | 小计 | 印刷费 | ^
        类 | 款 | 项 | 栏次 | 1 | 2 | 3 | 4 | 5 | 6
        ^ | ^ | ^ | 合计 | 15 | 10 | 10 | 5 | 5 | —
        2010301 | < | < | 行政运行 | 15 | 10 | 10 | 5 | 5 | —
    """)

    assert [(table.layout, table.fund) for table in read.tables] == [(layout, fund)]
    assert {record["fund"] for record in read.amounts} == {fund}
    assert not read.unread
    assert found(read) == {
        f"{block}/total": 15, f"{block}/301": 10, f"{block}/30101": 10, f"{block}/302": 5,
        f"{block}/30202": 5, f"{block}/2010301": 15, f"{block}/301:2010301": 10,
        f"{block}/30101:2010301": 10, f"{block}/302:2010301": 5, f"{block}/30202:2010301": 5,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("title", "layout", "fund"),
    [
        ("基本支出决算表", "final_basic", ""),
        ("财政拨款基本支出决算表", "final_fiscal_basic", "fiscal_appropriation"),
        ("公共预算财政拨款基本支出决算表", "final_general_basic", GENERAL_BUDGET),
        ("项目支出决算表", "final_project", ""),
        ("财政拨款项目支出决算表", "final_fiscal_project", "fiscal_appropriation"),
        ("一般公共预算财政拨款项目支出决算表", "final_general_project", GENERAL_BUDGET),
        ("基本支出预算表（按政府预算经济分类）", "budget_basic_government_economic", ""),
    ],
)
def test_a_title_that_names_no_fund_is_of_no_single_fund(title, layout, fund):
    read = reading(f"""
        {title}
        单位：万元
        科目编码 | 科目名称 | 合计
        合计 | | 9
    """)

    assert [(table.layout, table.fund) for table in read.tables] == [(layout, fund)]


def test_procurement_is_read_by_its_rows():
    read = reading("""
        政府采购情况表
        单位：万元
        项目 | 金额
        一、政府采购支出合计 | 30
        1.政府采购货物支出 | 10
        2.政府采购工程支出 |
        3.政府采购服务支出 | 20
        二、政府采购授予中小企业合同金额 | 25
        其中：授予小微企业合同金额 | 5
    """)

    assert found(read)["procurement/procurement"] == 30
    assert found(read)["procurement/procurement_services"] == 20
    assert found(read)["procurement/procurement_micro_firms"] == 5
    assert not read.unread


# --- budgets -------------------------------------------------------------------------------


def test_the_budget_summary_tells_current_and_grand_totals_apart():
    read = reading("""
        部门收支总表
        部门：某局 | | | 单位：万元
        收入 | | 支出 |
        项目 | 预算数 | 项目 | 预算数
        一、一般公共预算拨款收入 | 100 | 一、一般公共服务支出 | 90
        四、财政专户管理资金收入 | 5 | 二、社会保障和就业支出 | 20
        收入合计 | 105 | 支出合计 | 110
        上年结转结余 | 7 | 年终结转结余 | 2
        收入总计 | 112 | 支出总计 | 112
    """)

    assert found(read) == {
        "revenue/general_public_budget": 100,
        "revenue/special_account_funds": 5,
        "revenue/current_total": 105,
        "revenue/prior_year_carryover": 7,
        "revenue/grand_total": 112,
        "total/201": 90,
        "total/208": 20,
        "total/current_total": 110,
        "total/carried_forward": 2,
        "total/grand_total": 112,
    }


def test_sums_above_their_parts_are_read_with_the_parts_of_each():
    read = reading("""
        财政拨款收支总表
        单位：万元
        收入 | | 支出 | | | |
        项目 | 预算数 | 项目 | 合计 | 一般公共预算 | 政府性基金预算 | 国有资本经营预算
        一、本年收入 | 100 | 一、本年支出 | 110 | 106 | 4 |
        （一）一般公共预算拨款 | 96 | （一）一般公共服务支出 | 106 | 106 | |
        （二）政府性基金预算拨款 | 4 | （二）城乡社区支出 | 4 | | 4 |
        （三）国有资本经营预算拨款 | | | | | |
        二、上年结转 | 10 | | | | |
        （一）一般公共预算拨款 | 10 | | | | |
        （二）政府性基金预算拨款 | | | | | |
        （三）国有资本经营预算拨款 | | 二、年终结转结余 | | | |
        收入总计 | 110 | 支出总计 | 110 | 106 | 4 |
    """)

    assert found(read)["revenue/current_total"] == 100
    assert found(read)["revenue/general_public_budget"] == 96
    assert found(read)["revenue/prior_year_carryover"] == 10
    assert found(read)["revenue/prior_general_public_budget"] == 10
    assert found(read)["total/current_total"] == 110
    assert found(read)["total/212@government_managed_funds"] == 4
    assert not read.unread


def test_a_lone_sum_is_the_grand_total():
    read = reading("""
        收支预算总表
        单位：万元
        收入 | | 支出 |
        项目 | 预算数 | 项目 | 预算数
        一、财政拨款收入 | 100 | 一、一般公共服务支出 | 100
        收入合计 | 100 | 支出合计 | 100
    """)

    assert found(read)["revenue/grand_total"] == 100
    assert found(read)["total/grand_total"] == 100


def test_the_summary_of_hunan_with_four_panels_is_read():
    read = reading("""
        收支总表
        单位：万元
        收入 | | 支出 | | | | |
        项目 | 本年预算 | 项目（按功能分类） | 本年预算 | 项目（按部门预算经济分类） | 本年预算 | 项目（按政府预算经济分类） | 本年预算
        一、一般公共预算拨款收入 | 100 | 一、一般公共服务支出 | 100 | 一、基本支出 | 70 | 一、机关工资福利支出 | 60
        经费拨款 | 95 | 二、外交支出 | | 工资福利支出 | 60 | 二、机关商品和服务支出 | 40
        纳入一般公共预算管理的非税收入拨款 | 5 | | | 商品和服务支出 | 10 | |
        | | | | 二、项目支出 | 30 | |
        | | | | 按项目管理的商品和服务支出 | 30 | |
        本年收入合计 | 100 | 本年支出合计 | 100 | 本年支出合计 | 100 | 本年支出合计 | 100
    """)

    assert found(read)["revenue/budget_appropriation"] == 95
    assert found(read)["total/201"] == 100
    assert found(read)["purpose/302"] == 10
    assert found(read)["purpose/project:302"] == 30
    assert found(read)["government_economic/501"] == 60
    assert not read.unread


def test_income_by_office_keeps_this_year_and_carryover_apart():
    read = reading("""
        部门收入总表
        单位：万元
        部门（单位）代码 | 部门（单位）名称 | 合计 | 本年收入 | | | | | 上年结转结余 | |
        | | | 小计 | 一般公共预算 | 政府性基金预算 | 财政专户管理资金 | 单位资金 | 小计 | 一般公共预算 | 政府性基金预算
        | 合计 | 120 | 100 | 90 | 4 | 5 | 1 | 20 | 18 | 2
        101 | 某局 | 120 | 100 | 90 | 4 | 5 | 1 | 20 | 18 | 2
    """)

    assert found(read)["total/total"] == 120
    assert found(read)["current_total/total"] == 100
    assert found(read)["general_public_budget/total"] == 90
    assert found(read)["prior_year_carryover/total"] == 20
    assert found(read)["prior_general_public_budget/total"] == 18
    assert found(read)["prior_government_managed_funds/total"] == 2
    assert found(read)["general_public_budget/某局"] == 90
    assert not read.unread


def test_a_budget_beside_last_years_accounts_and_the_change_between_is_read():
    read = reading("""
        2024年一般公共预算支出表
        单位：万元
        功能分类科目 | | 2023年执行数 | 2024年预算数 | | | 2024年预算数比2023年执行数 |
        科目编码 | 科目名称 | | 小计 | 基本支出 | 项目支出 | 增减额 | 增减%
        201 | 一般公共服务支出 | 80 | 100 | 70 | 30 | 20 | 25%
    """)

    assert found(read) == {
        "total/201!prior_final_accounts": 80,
        "total/201": 100,
        "basic/201": 70,
        "project/201": 30,
    }
    assert [(f["kind"], str(f["value"])) for f in read.figures] == [
        ("difference", "20"),
        ("rate", "0.25"),
    ]
    assert not read.unread


def test_basic_expenditure_by_economic_class_is_read_with_its_parts():
    read = reading("""
        一般公共预算基本支出表
        单位：元
        部门预算支出经济分类科目 | | 本年一般公共预算基本支出 | |
        科目编码 | 科目名称 | 合计 | 人员经费 | 公用经费
        合计 | | 15 | 10 | 5
        301 | 工资福利支出 | 10 | 10 |
        302 | 商品和服务支出 | 5 | | 5
    """)

    assert found(read, YUAN) == {
        "basic/total": 15, "personnel/total": 10, "operating/total": 5,
        "basic/301": 10, "personnel/301": 10, "basic/302": 5, "operating/302": 5,
    }  # fmt: skip


def test_basic_expenditure_by_the_governments_classes_is_another_table():
    read = reading("""
        一般公共预算基本支出表（按政府预算经济分类）
        单位：万元
        科目编码 | 科目名称 | 合计
        501 | 机关工资福利支出 | 10
    """)

    assert layout_of(read) == ["budget_general_basic_government_economic"]
    assert found(read) == {"basic/501": 10}


def test_expenditure_by_economic_classes_in_columns_is_read_by_name():
    read = reading("""
        支出预算分类汇总表（按部门预算经济分类）
        单位：万元
        科目编码 | | | 科目名称 | 总计 | 基本支出 | | | 项目支出 | |
        类 | 款 | 项 | | | 合计 | 工资福利支出 | 商品和服务支出 | 合计 | 商品和服务支出 | 资本性支出
        201 | 03 | 01 | 行政运行 | 15 | 12 | 10 | 2 | 3 | 1 | 2
    """)

    assert layout_of(read) == ["budget_departmental_economic"]
    assert found(read) == {
        "total/2010301": 15, "basic/2010301": 12, "project/2010301": 3,
        "basic/301:2010301": 10, "basic/302:2010301": 2,
        "project/302:2010301": 1, "project/310:2010301": 2,
    }  # fmt: skip


def test_personnel_by_the_governments_items_is_read_by_name():
    read = reading("""
        一般公共预算基本支出表--人员经费(工资福利支出)(按政府预算经济分类)
        单位：万元
        科目编码 | 科目名称 | 总计 | 机关工资福利支出 | | | 对事业单位经常性补助 |
        | | | 小计 | 工资奖金津补贴 | 住房公积金 | 小计 | 工资福利支出
        2010301 | 行政运行 | 15 | 12 | 10 | 2 | 3 | 3
    """)

    assert layout_of(read) == ["budget_basic_details_government"]
    assert found(read) == {
        "basic/2010301": 15, "basic/501:2010301": 12, "basic/50101:2010301": 10,
        "basic/50103:2010301": 2, "basic/505:2010301": 3, "basic/50501:2010301": 3,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("title", "layout", "fund"),
    [
        ("政府性基金预算支出表", "budget_government_funds", "government_managed_funds"),
        ("国有资本经营预算支出表", "budget_state_capital", "state_capital_operations"),
        ("财政专户管理资金预算支出表", "budget_special_account", "special_account_funds"),
        ("支出总表", "budget_expenditure", ""),
        ("一般公共预算支出表", "budget_general_expenditure", "general_public_budget"),
    ],
)
def test_what_an_expenditure_table_is_of_is_said_by_its_title(title, layout, fund):
    read = reading(f"""
        某市某局2024年{title}
        单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        208 | 社会保障和就业支出 | 3 | 1 | 2
    """)

    assert layout_of(read) == [layout]
    assert {record["fund"] for record in read.amounts} == {fund}
    assert found(read) == {"total/208": 3, "basic/208": 1, "project/208": 2}


def test_three_public_expenses_of_two_years_are_told_apart_by_the_years():
    read = reading("""
        2024年一般公共预算“三公”经费支出表
        单位：万元
        2023年预算数 | | | | | | 2024年预算数 | | | | |
        合计 | 因公出国（境）费 | 公务用车购置及运行费 | | | 公务接待费 | 合计 | 因公出国（境）费 | 公务用车购置及运行费 | | | 公务接待费
        | | 小计 | 公务用车购置费 | 公务用车运行费 | | | | 小计 | 公务用车购置费 | 公务用车运行费 |
        9 | | 5 | | 5 | 4 | 8 | | 5 | | 5 | 3
    """)

    assert found(read)["three_public_expenses/official_hospitality!prior_initial_budget"] == 4
    assert found(read)["three_public_expenses/official_hospitality"] == 3
    assert not read.unread
