"""Tests of selfeval.tables.official: shapes that PDFs and other offices give to known forms."""

import pytest
from official_tables import YUAN, found, reading, refused

# --- rows ----------------------------------------------------------------------------------


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
