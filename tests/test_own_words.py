"""Tests of TEXT-01, 02, 04 to 06, PAIR-01 and PAIR-02: the unit's words, its numbers."""

import pytest
from evaluated import (
    INDICATORS,
    evaluate,
    fails,
    findings,
    indicator,
    line,
    measure,
    outcomes,
    satisfaction,
    text,
)

TABLES = {
    "basic": [line("人员经费", 90, 100, 10, 110, 105.5), line("公用经费", "", 20, 0, 20, 19)],
    "projects": [line("窗口服务专项", 45, 50, 5, 55, 54.2), line("文献", "", 8, 0, 8, 7),
                 line("文献购置", "", 10, "", "", 12)],
}  # fmt: skip


def says(tmp_path, *sentences, **tables):
    return evaluate(tmp_path, narrative=text(*sentences), **(TABLES | tables))


# --- TEXT-01 ---------------------------------------------------------------------------------


def test_a_project_said_to_be_slow_by_its_link_and_overspent_is_found(tmp_path):
    problem = measure("部分款项支付不及时，执行进度偏慢", project="文献购置")
    (finding,) = findings(says(tmp_path, measures=[problem]), "TEXT-01")

    assert finding.outcome == "fail"
    assert finding.message == (
        "问题中说“执行进度”“进度偏慢”“支付不及时”，而文献购置支出12.00万元，"
        "为年初预算数10.00万元的120.00%，超出2.00万元。两种说法对不上，请核实。"
    )
    assert [str(place) for place in finding.places] == [
        "问题与措施.csv › 问题与措施 › 第 3 行",
        "项目支出.csv › 项目支出 › D6",
        "项目支出.csv › 项目支出 › G6",
    ]


@pytest.mark.parametrize(
    ("problem", "cause", "link", "items"),
    [
        ("文献购置进度滞后", "", "", ["文献购置"]),
        ("进度滞后", "“文献 购置”招标晚", "", ["文献购置"]),
        ("文献购置进度滞后", "", "窗口服务专项", ["文献购置"]),
        ("文献购置质量不高", "", "文献购置", []),
        ("窗口服务专项进度滞后", "", "", []),
        ("部分项目进度滞后", "", "", []),
    ],
)
def test_a_project_is_found_by_link_or_by_name_where_it_is_said_to_be_slow(
    tmp_path, problem, cause, link, items
):
    row = measure(problem, cause=cause, project=link)

    assert fails(says(tmp_path, measures=[row]), "TEXT-01") == items


def test_a_name_within_a_longer_name_is_not_taken_for_a_project(tmp_path):
    evaluation = says(tmp_path, measures=[measure("文献购置进度滞后")])

    assert [item for _, item in outcomes(evaluation, "TEXT-01")] == ["文献购置"]


def test_a_slow_project_within_its_budget_is_no_contradiction(tmp_path):
    row = measure("进度滞后", project="窗口服务专项")

    assert outcomes(says(tmp_path, measures=[row]), "TEXT-01") == [("pass", "窗口服务专项")]


def test_spending_without_budget_contradicts_slowness_without_a_percentage(tmp_path):
    evaluation = evaluate(tmp_path, projects=[line("甲项目", "", 0, "", "", 5)],
                          measures=[measure("甲项目进度滞后")])  # fmt: skip

    assert "甲项目支出5.00万元，年初预算数为零，超出5.00万元" in (
        findings(evaluation, "TEXT-01")[0].message
    )


# --- TEXT-02 ---------------------------------------------------------------------------------


def test_an_amount_without_yuan_is_told_as_it_should_be_written(tmp_path):
    (finding,) = findings(says(tmp_path, "免费刻章一项安排 40 万，与其余各项一并列入。"), "TEXT-02")

    assert finding.severity == "warning"
    assert finding.message == (
        "“40 万”漏写“元”，应为“40万元”：“免费刻章一项安排 40 万，与其余各项一并列入”。"
    )
    assert str(finding.places[0]) == "T001 › narrative.md › 第 13 行"


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("安排40万元。", []),
        ("安排40 万 元。", []),
        ("资金惠及40万人。", []),
        ("安排资金惠及5万群众。", []),
        ("投入资金改造40万平方米。", []),
        ("支出带动就业1.2万余人。", []),
        ("投入经费印发资料1.2万余。", []),
        ("参观人数达40万，同比上升。", []),
        ("安排40万美元。", []),
        ("安排40 万用于刻章。", ["40 万"]),
        ("追加资金3亿。", ["3亿"]),
        ("培训费20万、会议费5万。", ["20万", "5万"]),
        ("列支40万的经费。", ["40万"]),
        ("安排40万用于多元化解。", ["40万"]),
    ],
)
def test_only_an_amount_of_money_lacks_yuan(tmp_path, sentence, found):
    assert fails(says(tmp_path, sentence), "TEXT-02") == found


# --- TEXT-04 ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("办事群体满意度90%以上。", "满意度"),
        ("减轻企业负担100%。", "减轻企业负担"),
        ("群众满意率达到百分之百。", "满意率"),
        ("98％的满意度来之不易。", "满意度"),
        ("满意度调查结果良好，平均95%。", "满意度"),
    ],
)
def test_a_rate_of_satisfaction_without_indicator_is_found(tmp_path, sentence, word):
    (finding,) = findings(says(tmp_path, sentence), "TEXT-04")

    assert (finding.outcome, finding.item) == ("fail", word)
    assert f"文中的“{word}”没有相应的绩效指标，也看不到调查样本或来源" in finding.message


@pytest.mark.parametrize(
    "sentence",
    ["满意度不断提升。", "满意度不断提升，办结率100%。", "开展满意度调查，发放问卷400份。"],
)
def test_satisfaction_without_a_rate_of_its_own_claims_nothing(tmp_path, sentence):
    assert findings(says(tmp_path, sentence), "TEXT-04") == []


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [
        (INDICATORS, "pass"),
        ([indicator("群众满意情况")], "pass"),
        ([satisfaction(evidence="")], "fail"),
        ([indicator()], "fail"),
    ],
)
def test_a_claim_is_backed_by_an_indicator_of_its_kind_with_evidence(tmp_path, rows, outcome):
    evaluation = says(tmp_path, "满意度95%。", indicators=rows)

    assert outcomes(evaluation, "TEXT-04") == [(outcome, "满意度")]


# --- TEXT-05 ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "residue"),
    [
        ("由XX单位承办。", "XX"),
        ("由ＸＸＸ单位承办。", "XXX"),
        ("由xx科室承办。", "xx"),
        ("由××单位承办。", "××"),
        ("待填写。", "待填写"),
        ("收入增加（减少）5%。", "增加(减少)"),
        ("收入增加(减少)5%。", "增加(减少)"),
        ("负责人：________。", "________"),
    ],
)
def test_what_a_template_left_behind_is_found_as_it_stands(tmp_path, sentence, residue):
    (finding,) = findings(says(tmp_path, sentence), "TEXT-05")

    assert finding.outcome == "fail"
    assert finding.message.startswith(f"有未填写的模板文字“{residue}”：“")


@pytest.mark.parametrize(
    "sentence",
    ["场地按3×2布置。", "依据×财预〔2021〕1号。", "采购XXL号服装。", "使用Foxxy系统。", "3x2"],
)
def test_crosses_and_letters_of_ordinary_prose_are_not_residue(tmp_path, sentence):
    assert findings(says(tmp_path, sentence), "TEXT-05") == []


def test_braces_left_in_the_table_of_measures_are_residue(tmp_path):
    row = measure("窗口服务专项只用了{{执行数}}")

    assert fails(says(tmp_path, measures=[row]), "TEXT-05") == ["{{"]


# --- TEXT-06 ---------------------------------------------------------------------------------


def test_a_project_named_for_paying_people_is_asked_about_unless_it_says_why(tmp_path):
    rows = [line("窗口人员奖励", "", 1), line("编外费用", "", 1, note="政府购买服务"),
            line("设备购置", "", 1)]  # fmt: skip
    (finding,) = findings(evaluate(tmp_path, projects=rows), "TEXT-06")

    assert finding.severity == "info"
    assert finding.message == (
        "“窗口人员奖励”列在项目支出，名称含“人员奖励”。"
        "属于人员经费的应列基本支出；确属项目的请说明。"
    )


# --- PAIR-01, PAIR-02 ------------------------------------------------------------------------


def test_a_problem_without_a_measure_is_found(tmp_path):
    rows = [measure(measure=""), measure()]
    (finding,) = findings(evaluate(tmp_path, measures=rows), "PAIR-01")

    assert finding.message == "这一行没有措施，问题与措施不能一一对应。"


def test_problems_and_measures_in_pairs_pass(tmp_path):
    (finding,) = findings(evaluate(tmp_path, measures=[measure()]), "PAIR-01")

    assert (finding.outcome, finding.message) == ("pass", "问题1个，措施1条，一一对应。")


def test_a_measure_without_owner_or_date_is_found_by_its_words(tmp_path):
    rows = [measure(), measure("乙", measure="加强管理", owner="", due="")]
    (finding,) = findings(evaluate(tmp_path, measures=rows), "PAIR-02")

    assert finding.message == "措施没有写明责任部门、完成时限：“加强管理”。"


def test_empty_words_are_no_cause_of_a_problem(tmp_path):
    (finding,) = findings(evaluate(tmp_path, measures=[measure(cause="无")]), "PAIR-02")

    assert finding.message == "“原因分析”栏写的“无”不是原因。请写明具体原因。"
    assert str(finding.places[0]).endswith("第 3 行")
