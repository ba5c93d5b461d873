"""Typical faults of real self-evaluations, rebuilt as invented units: each found by its rule."""

from __future__ import annotations

import pytest
from evaluated import (
    BASIC,
    OTHER,
    PROJECTS,
    SIGNED,
    STAFFING,
    indicator,
    line,
    measure,
    satisfaction,
    scored,
    text,
)  # fmt: skip

from selfeval.evaluation import Evaluation
from selfeval.scoring.reviewer import preview


def outcome(name="网上办理", target="全部事项网上可办", **more):
    return indicator(
        name, indicator_family="效益指标", indicator_aspect="社会效益指标", comparison="定性",
        target_value=target, measure_unit="", actual_value="达成", weight=30, self_score=30,
    ) | more  # fmt: skip


def cost(**more):
    return indicator(
        "场均费用", indicator_aspect="成本指标", comparison="≤", target_value="160",
        measure_unit="元", actual_value="150", weight=10, self_score=10,
    ) | more  # fmt: skip


CLEAN = {
    "staffing": STAFFING,
    "basic": BASIC,
    "projects": PROJECTS,
    "other": OTHER,
    "measures": [measure()],
    "indicators": [
        indicator(target_value="20", actual_value="22", weight=15, self_score=15, project="培训"),
        indicator("结业率", indicator_aspect="质量指标", target_value="95", measure_unit="%",
                  actual_value="90.25", weight=15, self_score=14.25, deviation_cause="缺考"),
        indicator("证书发放及时率", indicator_aspect="时效指标", target_value="98",
                  measure_unit="%", actual_value="99", weight=10, self_score=10),
        cost(),
        outcome(),
        satisfaction(),
    ],
}  # fmt: skip


def unit(tmp_path, **tables) -> Evaluation:
    return scored(tmp_path, settings=SIGNED, **(CLEAN | tables))


def with_row(number, **more):
    """Return the clean indicators with one of them changed."""
    rows = [dict(row) for row in CLEAN["indicators"]]
    rows[number] |= more
    return {"indicators": rows}


def failed(evaluation):
    return {f.code for f in evaluation.all_findings if f.outcome in {"fail", "not_computable"}}


def full_marks():
    lost = CLEAN["indicators"][1]
    return {"indicators": [
        *(row for row in CLEAN["indicators"] if row is not lost),
        lost | {"actual_value": "95", "self_score": 15, "deviation_cause": ""},
    ]}  # fmt: skip


def copied(target, actual):
    same = {"target_value": target, "actual_value": actual, "deviation_cause": "见附件"}
    return {"indicators": [
        row if row["comparison"] == "定性" else row | same for row in CLEAN["indicators"]
    ]}  # fmt: skip


SPECIMENS = {
    "自评得分虚高：各项满分，却写了问题": (full_marks(), {"SANE-01"}),
    "指标值空洞：社会效益“效果明显”": (with_row(4, target_value="效果明显"), {"LINT-01"}),
    "指标值空洞：每项都是 88/100": (copied("100", "88"), {"LINT-03"}),
    "指标性质错：成本指标设为≥": (with_row(3, comparison="≥", actual_value="170"), {"LINT-04"}),
    "三级与二级不符：资金支付率作数量指标": (
        with_row(0, indicator_name="资金支付率", project=""), {"LINT-05"}),
    "同一指标在产出和效益各列一次": (
        with_row(4, indicator_name="培训场次", project="培训"), {"LINT-07"}),
    "钱没有花而成果已有：执行 0.08%，完成 748%": (
        {"projects": [line("培训", "", 1250, 0, 1250, 1, note="疫情")],
         **with_row(0, actual_value="149.6", deviation_cause="线上")}, {"LINT-11", "LINT-09"}),
    "没有验收而得满分": (with_row(0, evidence="采购合同，尚未验收"), {"LINT-14"}),
    "时效日期不对：次年一月才验收": (with_row(2, evidence="验收单（2022年1月）"), {"LINT-14"}),
    "超支 2.4 倍而得满分：成本≤160，实际 386": (
        with_row(3, actual_value="386"), {"IND-03", "IND-05"}),
    "没有投诉就是满意": (with_row(5, evidence="全年无投诉"), {"LINT-10"}),
    "完成值空白而有得分": (with_row(0, actual_value=""), {"IND-02"}),
    "大项不等于明细之和": (
        {"projects": [*PROJECTS[:-1], line("项目支出合计", 68, 80, 5, 85, 137)]}, {"SUM-02"}),
    "调整后预算照抄支出数": (
        {"projects": [line("培训", "", 30, "", 70, 70)]}, {"EXEC-03"}),
    "超编": ({"staffing": [{"kind": "行政编制", "authorised_posts": 46, "staff_in_post": 50}]},
             {"STAFF-02"}),
}  # fmt: skip


def test_a_clean_unit_has_none_of_these_findings(tmp_path):
    evaluation = unit(tmp_path)

    assert failed(evaluation) == set()
    assert preview(evaluation).struck == ()


@pytest.mark.parametrize("specimen", SPECIMENS)
def test_each_specimens_fault_is_found_by_its_rule(tmp_path, specimen):
    tables, codes = SPECIMENS[specimen]

    assert failed(unit(tmp_path, **tables)) >= codes


def test_another_bureaus_indicator_is_found(tmp_path):
    other = {"unit_code": "T002", "unit_name": "星桥区民政局"}
    scored(tmp_path, settings=other, **CLEAN)

    copy = with_row(5, indicator_name="星桥区民政局受益老年人满意度")

    assert "LINT-12" in failed(unit(tmp_path, **copy))


def test_satisfaction_claimed_in_the_text_alone_is_found(tmp_path):
    own = {"indicators": CLEAN["indicators"][:5]}
    evaluation = scored(tmp_path, settings=SIGNED, narrative=text("满意度95%。"), **(CLEAN | own))

    assert "TEXT-04" in failed(evaluation)
