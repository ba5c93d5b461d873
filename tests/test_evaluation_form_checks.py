"""Tests of selfeval.checks.official.evaluation_forms: evaluation forms against themselves."""

from __future__ import annotations

import pytest
from builders import write_csv
from evaluated import LINES, evaluate, make_folder, saying

from selfeval.checks import check
from selfeval.evaluation.finding import Finding
from selfeval.evaluation.load import load_unit


def found(tmp_path, form: str, rule: str, **settings: object) -> list[Finding]:
    """Put a drawn form beside a unit's own tables and return what a rule says."""
    folder = make_folder(tmp_path, **settings)
    for old in folder.glob("*.csv"):
        old.unlink()
    rows = [[cell.strip() for cell in line.split("|")] for line in form.strip().splitlines()]
    width = max(map(len, rows))
    write_csv(folder / "自评.csv", [row + [""] * (width - len(row)) for row in rows])
    return [f for f in check(load_unit(folder)).all_findings if f.code == rule]


def outcomes(findings: list[Finding]) -> list[str]:
    return sorted(f.outcome for f in findings)


PROJECT = """
项目支出绩效自评表
（2021年度）
项目名称|校舍维修||||||
项目资金（万元）||年初预算数|全年预算数（A）|全年执行数（B）|分值|执行率（B/A）|得分
|年度资金总额|{initial}|{adjusted}|{executed}|10|{rate}|9.1
|其中：本年财政拨款|88|88|80|-||-
|其他资金|||0|-||-
年度绩效指标|一级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析及改进措施
|产出指标（50分）|维修间数|6|6|{output}|{score}|
|效益指标（30分）|教学环境|改善|改善|30|30|
|满意度指标（10分）|师生满意度|≥90%|95%|10|10|
总分|||||{weights}|{total}|
"""
GOOD = {
    "initial": 88, "adjusted": 88, "executed": 80, "rate": "90.91%", "output": 50, "score": 50,
    "weights": 100, "total": "99.1",
}  # fmt: skip


def project(**changed: object) -> str:
    return PROJECT.format(**GOOD | changed)


def test_an_adjustment_of_an_amount_that_was_not_understood_cannot_be_checked(tmp_path):
    findings = found(tmp_path, ADJUSTED.format(change="约10", adjusted=70), "I17")

    assert [f.message for f in findings if f.outcome == "not_computable"] == [
        "项目资金：河道保洁的D4“约10”没有读懂，无法核对。"
    ]


@pytest.mark.parametrize(
    ("changed", "rule", "cells"),
    [
        ({"output": "5O", "score": ""}, "I20", "F9“5O”"),
        ({"output": "5O", "score": "5O"}, "I21", "F9“5O”、G9“5O”"),
    ],
)
def test_points_that_lack_one_not_understood_cannot_be_added(tmp_path, changed, rule, cells):
    findings = [f for f in found(tmp_path, project(**changed), rule) if f.outcome != "pass"]

    assert {f.outcome for f in findings} == {"not_computable"}
    assert any(f"{cells}没有读懂，可能是其中的一部分，无法核对。" in f.message for f in findings)


def test_a_printed_total_that_the_profiles_cap_holds_down_is_no_wrong_sum(tmp_path):
    form = project(total="59")

    [plain] = found(tmp_path / "a", form, "I21")
    [capped] = found(tmp_path / "b", form, "I21", scoring="execution-capped")

    assert (plain.outcome, capped.outcome) == ("fail", "pass")


@pytest.mark.parametrize("rule", ["I17", "I18", "I20", "I21"])
def test_a_form_that_adds_up_passes_each_rule(tmp_path, rule):
    findings = found(tmp_path, project(), rule)

    assert findings
    assert set(outcomes(findings)) == {"pass"}


@pytest.mark.parametrize(
    ("rate", "outcome"), [("90.9%", "pass"), ("91%", "pass"), ("90.92%", "fail"), ("95%", "fail")]
)
def test_a_printed_rate_is_computed_again_to_its_own_last_digit(tmp_path, rate, outcome):
    [finding] = found(tmp_path, project(rate=rate), "I17")

    assert finding.outcome == outcome
    assert finding.expected == "90.91%"
    assert {place.cell for place in finding.places} == {"G5", "D5", "E5"}


def test_a_rate_without_a_budget_is_not_computable_and_of_a_zero_budget_wrong(tmp_path):
    [blank] = found(tmp_path, project(adjusted=""), "I17")
    [zero] = found(tmp_path / "b", project(adjusted=0, rate="100%"), "I17")

    assert (blank.outcome, zero.outcome) == ("not_computable", "fail")
    assert "没有执行数或全年预算数" in blank.message
    assert "预算为零" in zero.message


def test_sources_that_do_not_add_up_to_the_yearly_total_are_told_with_every_cell(tmp_path):
    findings = found(tmp_path, project(executed=0), "I18")

    [wrong] = [f for f in findings if f.outcome == "fail"]
    assert "相差80.00万元" in wrong.message
    assert "，财政拨款＋其他资金为" in wrong.message
    assert {place.cell for place in wrong.places} == {"E5", "E6", "E7"}


@pytest.mark.parametrize(("output", "outcome"), [(50, "pass"), (49, "fail")])
def test_weights_add_up_to_the_printed_family_and_total(tmp_path, output, outcome):
    findings = found(tmp_path, project(output=output), "I20")

    told = {f.item: f.outcome for f in findings}
    assert told["产出指标的分值"] == outcome
    assert told["效益指标的分值"] == "pass"
    assert told["总分的分值"] == outcome


def test_a_score_above_its_weight_is_told(tmp_path):
    findings = found(tmp_path, project(score=51, total="100.1"), "I21")

    [above] = [f for f in findings if f.outcome == "fail"]
    assert "“维修间数”得51分，超过分值50分" in above.message


@pytest.mark.parametrize(
    ("total", "outcome"), [("99.1", "pass"), ("99.11", "rounding"), ("99.12", "fail")]
)
def test_the_printed_total_is_the_sum_of_the_scores_and_of_the_execution(tmp_path, total, outcome):
    [finding] = found(tmp_path, project(total=total), "I21")

    assert finding.outcome == outcome
    assert finding.expected == "99.10"


def test_a_total_over_indicators_without_scores_is_not_computable(tmp_path):
    [finding] = found(tmp_path, project(score=""), "I21")

    assert finding.outcome == "not_computable"
    assert "有1项指标没有得分" in finding.message


ADJUSTED = """
部门预算项目支出绩效自评表（2021年度）
项目名称|河道保洁||||
预算执行情况（10分）|年度预算数（万元）|年初预算|预算调整数|调整后预算数|预算执行数
|总额|100|{change}|{adjusted}|90
"""


@pytest.mark.parametrize(
    ("adjusted", "outcome"), [("110", "pass"), ("110.01", "rounding"), ("110.03", "fail")]
)
def test_an_adjusted_budget_is_the_initial_one_plus_the_adjustment(tmp_path, adjusted, outcome):
    findings = found(tmp_path, ADJUSTED.format(change=10, adjusted=adjusted), "I17")

    assert outcomes(findings) == [outcome]


BASE = """
2021年度部门整体支出绩效评价基础数据表
财政供养人员情况（人）|编制数|2021年实际在职人数|控制率
|40|43|{rate}
经费控制情况（万元）|2020年决算数|2021年预算数|2021年决算数
“三公”经费：|12|15|{three}
1、公务用车购置和维护经费|7|8|7.5
其中：公车购置|0|0|0
公车运行维护|7|8|7.5
2、出国经费|0|0|0
3、公务接待|5|7|6
项目支出：|100|120|{project}
1、业务工作经费|60|70|80
2、运行维护经费|40|50|50
公用经费|30|31|{operating}
其中：办公经费|5|6|7
水费、电费、差旅费|4|4|4
会议费、培训费|1|1|1
"""


def base(**changed: object) -> str:
    return BASE.format(
        **{"rate": "107.50%", "three": 13.5, "project": 130, "operating": 32} | changed
    )


def test_basic_data_that_add_up_pass(tmp_path):
    findings = found(tmp_path, base(), "I19")

    assert set(outcomes(findings)) == {"pass"}
    assert len(findings) >= 10


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"rate": "100%"}, "43÷40为107.50%"),
        ({"three": 14}, "相差0.50万元"),
        ({"project": 130.54}, "相差0.54万元"),
        ({"operating": 11}, "部分超过了全部"),
    ],
)
def test_basic_data_that_disagree_are_told(tmp_path, changed, words):
    wrong = [f for f in found(tmp_path, base(**changed), "I19") if f.outcome == "fail"]

    assert len(wrong) == 1
    assert words in wrong[0].message


OVERALL = """
2021年度部门整体支出绩效自评表
年度预算申请（万元）||年初预算数|全年预算数|全年执行数|分值|执行率|自评得分
|年度资金总额|861.10|2030.12|2030.12|10|100%|10
|按收入性质分：2030.12||按支出性质分：{spending}|||
|其中：一般公共预算：1444.50||其中：基本支出：900.47|||
|其他资金：585.62||项目支出：1025.20|||
"""


def test_two_totals_of_one_year_that_differ_are_told_against_each_other(tmp_path):
    findings = found(tmp_path, OVERALL.format(spending="1925.67"), "I18")

    wrong = [f.message for f in findings if f.outcome == "fail"]
    assert len(wrong) == 2
    assert all("相差104.45万元" in message for message in wrong)


@pytest.mark.parametrize(("spent", "outcome"), [("80%", "pass"), ("80.5%", "fail")])
def test_no_more_can_be_spent_than_arrived(tmp_path, spent, outcome):
    rows = [
        {"indicator_family": "产出指标", "indicator_aspect": "质量指标", "indicator_name": name,
         "comparison": "≥", "target_value": "100", "measure_unit": "%", "actual_value": actual,
         "weight": 25, "self_score": 20, "deviation_cause": "资金晚到", "evidence": "支付明细"}
        for name, actual in (("资金到位率", "80%"), ("资金使用率", spent))
    ]  # fmt: skip
    evaluation = evaluate(tmp_path, **LINES, indicators=rows)

    told = [f.outcome for f in evaluation.all_findings if f.code == "I22"]
    assert told == [outcome]


@pytest.mark.parametrize(
    ("amount", "outcome"),
    [
        ("68", "pass"),
        ("2000", "fail"),
        ("1,234.5", "fail"),
        ("１，２３４．５", "fail"),
        ("6 8", ""),
    ],
)
def test_projects_with_objectives_have_no_more_money_than_all_projects(tmp_path, amount, outcome):
    evaluation = saying(tmp_path, f"编报绩效目标的项目3个，涉及资金{amount}万元。")

    told = [f.outcome for f in evaluation.all_findings if f.code == "I15"]
    assert told == [outcome] * bool(outcome)


def test_a_unit_without_official_forms_is_told_nothing_of_them(tmp_path):
    evaluation = evaluate(tmp_path)

    codes = {f.code for f in evaluation.all_findings}
    assert not codes & {"I17", "I18", "I19", "I20", "I21", "I22"}
