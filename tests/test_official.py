"""Tests of selfeval.tables.official: the forms of final accounts and budgets, as published."""

# ruff: noqa: E501 (a drawn table is as wide as the form)

import pytest
from official_tables import found, layout_of, reading, refused

# --- final accounts ------------------------------------------------------------------------


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
        kinds = {record.phase for record in read.amounts} - {"executed"}
        assert kinds == {phase}


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
    assert {record.fund for record in read.amounts} == {fund}
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


# --- budgets -------------------------------------------------------------------------------


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
    assert {record.fund for record in read.amounts} == {fund}
    assert found(read) == {"total/208": 3, "basic/208": 1, "project/208": 2}


# --- “三公” expenses ------------------------------------------------------------------------


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
