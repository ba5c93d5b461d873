"""Tests of selfeval.tables.official: the forms of other places, each the smallest that shows it."""

from official_tables import found, reading

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
