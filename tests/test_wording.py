"""Tests of LINT-01, LINT-03, LINT-04, LINT-09 and LINT-13: indicators as they are worded."""

from __future__ import annotations

import pytest
from builders import SCHEMES
from evaluated import (
    MONEY,
    cost,
    evaluate,
    findings,
    indicator,
    only,
    qualitative,
    sample,
    satisfaction,
)

from selfeval.schemes.checks import load_checks

LINTS = [f"LINT-{number:02d}" for number in range(1, 15) if number != 2]


CLEAN = [
    indicator(actual_value="22", project="培训"),
    indicator("培训合格率", indicator_aspect="质量指标", target_value="95", measure_unit="%",
              actual_value="93", deviation_cause="缺考"),
    indicator("证书发放及时率", indicator_aspect="时效指标", target_value="98", measure_unit="%",
              actual_value="99"),
    cost(),
    qualitative(),
    satisfaction(),
]  # fmt: skip


# --- a clean unit ----------------------------------------------------------------------------


def test_sound_indicators_give_no_finding_of_any_of_these_rules(tmp_path):
    evaluation = evaluate(tmp_path, indicators=CLEAN, **MONEY)

    assert [f.message for code in LINTS for f in findings(evaluation, code)] == []


@pytest.mark.parametrize("code", ["G001", "S001", "S002", "S003", "S004", "S005"])
def test_of_the_samples_only_the_target_that_is_really_empty_is_found(code):
    found = [f for lint in LINTS for f in findings(sample(code), lint)]

    assert {f.found for f in found} <= {"有效提升"}


# --- LINT-01: empty wording ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "degree"),
    [
        (qualitative(target="效果明显"), "severe"),
        (qualitative(target="有效提升"), "severe"),
        (qualitative(target="良好"), "severe"),
        (qualitative(target="进一步加强，效果显著"), "severe"),
        (qualitative(target=""), "severe"),
        (qualitative(target="办事环境显著改善"), "medium"),
        (qualitative(target="办事环境改善"), ""),
        (qualitative(target="效果明显，办结率90%"), ""),
        (qualitative(target="建立会商制度"), ""),
        (qualitative("社会效益"), "medium"),
        (qualitative("进一步加强队伍建设"), "light"),
        (indicator("不断提高办件质量"), "light"),
        (indicator("有效期内换证数"), ""),
    ],
)
def test_empty_words_are_found_and_how_empty_they_are(tmp_path, row, degree):
    found = findings(evaluate(tmp_path, indicators=[row]), "LINT-01")

    assert [f.degree for f in found] == ([degree] if degree else [])


def test_a_finding_names_file_sheet_and_row_what_was_found_and_what_to_do(tmp_path):
    finding = only(tmp_path, "LINT-01", indicator(), qualitative(target="效果明显"))

    assert finding.message == (
        "“网上办理”的年度指标值“效果明显”只是空话，无法考核。请写清数量、比例、时间或可以核对的结果。"
    )
    assert [str(place) for place in finding.places] == ["绩效指标.csv › 绩效指标 › 第 4 行"]
    assert (finding.severity, finding.action, finding.found) == ("warning", "correct", "效果明显")


def test_words_are_not_looked_for_before_the_date_they_are_of(tmp_path):
    checks = load_checks(SCHEMES)
    year = checks.words["empty_wording"].effective.year

    assert checks.words["empty_wording"].in_force(year) != ()
    assert checks.words["empty_wording"].in_force(year - 1) == ()


# --- LINT-03: the same value everywhere --------------------------------------------------------


def alike(count, other=0):
    rows = [indicator(f"甲{n}", target_value="100", actual_value="88") for n in range(count)]
    return rows + [indicator(f"乙{n}", target_value=str(n + 2)) for n in range(other)]


@pytest.mark.parametrize(
    ("same", "other", "is_found"),
    [(2, 0, False), (3, 0, True), (3, 1, False), (9, 1, True), (8, 1, False)],
)
def test_one_value_for_nearly_all_indicators_is_found(tmp_path, same, other, is_found):
    found = findings(evaluate(tmp_path, indicators=alike(same, other)), "LINT-03")

    assert bool(found) == is_found


def test_targets_and_actuals_all_alike_are_told_together_with_every_row(tmp_path):
    finding = only(tmp_path, "LINT-03", *alike(3))

    assert finding.message == (
        "3项定量指标里有3项的年度指标值都是“100”，实际完成值也都是“88”，像是照填的。"
        "请逐项写实际的目标和完成情况。"
    )
    assert len(finding.places) == 3


# --- LINT-04: cost ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "is_found"),
    [
        (cost(comparison="≥"), True),
        (cost(indicator_family="成本指标", indicator_aspect="经济成本指标", comparison="≥"), True),
        (cost(), False),
        (cost(comparison="="), False),
        (cost(comparison="≥", indicator_name="采购节约率"), False),
        (cost(comparison="≥", measure_unit="万元（节约额）"), False),
        (indicator(), False),
    ],
)
def test_a_cost_to_be_exceeded_is_found_unless_it_is_a_saving(tmp_path, row, is_found):
    assert bool(findings(evaluate(tmp_path, indicators=[row]), "LINT-04")) == is_found


# --- LINT-09: far beyond -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actual", "cause", "here", "there"),
    [
        ("25.99", "需求增加", 0, 0),
        ("26", "", 1, 0),
        ("26", "需求增加", 1, 0),
        ("26.01", "", 0, 1),
        ("26.01", "需求增加", 1, 0),
    ],
)
def test_a_target_passed_by_far_is_told_once_by_this_rule_or_by_the_one_that_asks_why(
    tmp_path, actual, cause, here, there
):
    evaluation = evaluate(
        tmp_path, indicators=[indicator(actual_value=actual, deviation_cause=cause)]
    )

    assert (len(findings(evaluation, "LINT-09")), len(findings(evaluation, "IND-05"))) == (
        here, there,
    )  # fmt: skip


# --- LINT-13: weights --------------------------------------------------------------------------


@pytest.mark.parametrize(("weight", "is_found"), [(0, True), (0.01, False), ("", False)])
def test_an_indicator_that_weighs_nothing_is_found(tmp_path, weight, is_found):
    rows = [indicator(weight=weight, self_score="")]

    assert bool(findings(evaluate(tmp_path, indicators=rows), "LINT-13")) == is_found
