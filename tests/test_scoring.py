"""Tests of selfeval.scoring and selfeval.indicators: points line by line, and the total."""

import json
import re
from decimal import Decimal
from fractions import Fraction

import pytest
from builders import SCHEMES, made
from evaluated import COMPLETE, INDICATORS, findings, indicator, line, sample, scored
from hypothesis import given
from hypothesis import strategies as st
from printed import HALF_UP, as_plain, attainment

from notebooks import exported
from selfeval.page import internal as review
from selfeval.page.sentences import describe_preview
from selfeval.page.verify import verify_page
from selfeval.run.record import finish_record
from selfeval.schemes.scoring import load_scoring
from selfeval.scoring.comparison import (
    compare_profiles,
    comparison_lines,
    printed_lines,
    score_records,
)
from selfeval.scoring.desk import score_text
from selfeval.scoring.reviewer import preview
from selfeval.tables.rows import Indicator
from selfeval.terms import COMPARISONS

SCORING = load_scoring(SCHEMES, "mof-2020")
NUMBERS = st.decimals(-(10**6), 10**6, places=2).map(str)


def test_a_department_of_sichuan_is_fair_from_seventy_on(tmp_path):
    judged = [
        indicator(name, comparison="定性", target_value="落实", actual_value="部分达成",
                  measure_unit="", weight=weight, self_score="")
        for name, weight in (("过紧日子", 10), ("绩效管理", 10), ("财务管理", 4),
                             ("政府采购", 3), ("资产管理", 3))
    ]  # fmt: skip
    own = [indicator(actual_value="14", self_score=""), *judged, INDICATORS[2]]
    profile = {"settings": {"scoring": "sichuan-2025"}}

    fair = scored(tmp_path / "中", **profile, **COMPLETE | {"indicators": own})
    own[0] |= {"actual_value": "13.9"}
    poor = scored(tmp_path / "差", **profile, **COMPLETE | {"indicators": own})

    # 预算执行率 96.73% 得满分 10；评议 30 分的六成；重点履职 50 分的七成，或不得分；满意度 10
    assert (fair.final_score.total.value, fair.final_score.grade) == (73, "中")
    assert (poor.final_score.total.value, poor.final_score.grade) == (38, "差")


def reached(**values):
    """Return what an indicator of 10 points reached."""
    own = {"comparison": "≥", "target_value": "20", "actual_value": "20", "weight": Decimal(10)}
    return attainment(made(Indicator, **own | values), SCORING)


@pytest.mark.parametrize(
    ("comparison", "target", "actual", "points"),
    [
        ("≥", "20", "20", 10),
        ("≥", "20", "25", 10),
        ("≥", "20", "18", 9),
        ("≥", "20", "0", 0),
        ("≤", "20", "20", 10),
        ("≤", "20", "25", 8),
        ("≤", "0", "0", 10),
        ("≤", "0", "5", 0),
        ("=", "20", "20", 10),
        ("=", "20", "25", 8),
        ("=", "20", "16", 8),
        ("≥", "≥90%", "95%", 10),
        ("≥", "-5", "-3", 10),
        ("≤", "-5", "-6", 10),
    ],
)
def test_points_follow_the_share_of_the_target_and_stop_at_the_weight(
    comparison, target, actual, points
):
    found = reached(comparison=comparison, target_value=target, actual_value=actual)

    assert found.points == points


@pytest.mark.parametrize(
    ("values", "basis"),
    [
        ({"weight": None}, "分值未提供"),
        ({"weight": Decimal(-1)}, "分值为负"),
        ({"actual_value": ""}, "实际完成值未提供"),
        ({"actual_value": "很多"}, "实际完成值“很多”里没有数"),
        ({"target_value": "较多"}, "年度指标值“较多”里没有数"),
        ({"target_value": "0"}, "年度指标值为零，不能计算完成比例"),
        ({"target_value": "-3", "actual_value": "-6"}, "年度指标值为负，不能计算完成比例"),
        ({"comparison": "定性", "actual_value": "好"},
         "实际完成值“好”不是评分办法的等次（“达成”、“部分达成”、“未达成”）"),
    ],
)  # fmt: skip
def test_what_cannot_be_scored_has_no_points_and_says_why(values, basis):
    found = reached(**values)

    assert (found.points, found.share, found.basis) == (None, None, basis)
    assert found.remedy.startswith("请")


@pytest.mark.parametrize(
    ("actual", "given_", "points"),
    [
        ("达成", None, 10),
        ("达成", "9", 9),
        ("达成", "7", 10),
        ("部分达成", None, 6),
        ("部分达成，略慢", "7", 7),
        ("未达成", None, 0),
    ],
)
def test_a_qualitative_indicator_earns_its_self_score_within_its_band_only(actual, given_, points):
    own = None if given_ is None else Decimal(given_)
    found = reached(comparison="定性", actual_value=actual, self_score=own)

    assert found.points == points


@given(
    st.sampled_from(sorted(COMPARISONS.values())),
    NUMBERS,
    st.one_of(NUMBERS, st.sampled_from(["达成", "部分达成", "未达成"])),
    st.decimals(0, 100, places=1),
    st.one_of(st.none(), st.decimals(-50, 150, places=1)),
)
def test_points_stay_between_nothing_and_the_weight(comparison, target, actual, weight, own):
    found = reached(comparison=comparison, target_value=target, actual_value=actual,
                    weight=weight, self_score=own)  # fmt: skip

    assert found.points is None or 0 <= found.points <= Fraction(weight)


# --- the total -------------------------------------------------------------------------------


def test_a_unit_scores_its_execution_rate_and_its_indicators(tmp_path):
    score = scored(tmp_path).final_score

    assert [row.points for row in score.rows] == [Fraction(10 * 207, 214), 50, 30, 10]
    assert score.total.value == Fraction(10 * 207, 214) + 90
    assert score.grade == "优"


@pytest.mark.parametrize(("rounding", "shown"), [("half_up", "5.01"), ("half_even", "5.00")])
def test_a_line_is_printed_everywhere_as_the_unit_has_its_numbers_rounded(
    tmp_path, rounding, shown
):
    tie = indicator("培训场次", target_value="1000", actual_value="100.1", weight=50)
    evaluation = scored(
        tmp_path,
        settings={"rounding": rounding},
        **COMPLETE | {"indicators": [tie, *INDICATORS[1:]]},
    )

    score = evaluation.final_score
    printed = {
        "sentence": score.rows[1].sentence,
        "alone": " ".join(text for _, text in printed_lines(score)),
        "review": review.scores(evaluation).html,
    }
    assert {name: f"{shown}" in text for name, text in printed.items()} == dict.fromkeys(
        printed, True
    )
    other = {"5.01": "5.00", "5.00": "5.01"}[shown]
    assert not [
        name for name, text in printed.items() if re.search(rf"(?<![\d.]){other}(?!\d)", text)
    ]


def test_a_weight_that_is_not_supplied_is_nowhere_a_zero(tmp_path):
    rows = [indicator(weight="", self_score="", evidence=""), *INDICATORS[1:]]
    evaluation = scored(tmp_path, **COMPLETE | {"indicators": rows})
    known, compared = evaluation.quantities, compare_profiles(evaluation, [SCORING, SCORING])
    (record, _) = score_records(compared)

    assert (known["score.1.weight"].value, known["score.weight"].value) == (None, None)
    assert HALF_UP.quantity(known["score.1.weight"]) == "未提供"
    assert record["lines"][1]["weight"] is None
    assert ("same", "培训场次：不能计分（分值未提供）") in list(comparison_lines(compared))
    printed = review.scores(evaluation).html + review.build_preview(evaluation).html
    assert not re.search(r"(?<![\d.])0\.00", printed)


ALMOST = [indicator(target_value="1000000", actual_value="806462"), *INDICATORS[1:]]


def test_a_total_just_below_a_grade_is_printed_below_it_everywhere(tmp_path):
    # The last year's 90.00 is no total.
    basic = [{**row, "prior_final_accounts": ""} for row in COMPLETE["basic"]]
    evaluation = scored(tmp_path, **COMPLETE | {"indicators": ALMOST, "basic": basic})
    page = tmp_path / "report.html"
    page.write_text(exported(evaluation), encoding="utf-8", newline="")
    compared = compare_profiles(evaluation, [SCORING])
    shown = json.loads(json.dumps(finish_record(evaluation, "report")))

    assert next(printed_lines(evaluation.final_score)) == ("total", "89.996分，良")
    assert score_text(shown) == "89.996（良）"
    assert next(iter(score_records(compared)))["total"] == "89.996"
    assert "计算89.996分" in as_plain(describe_preview(preview(evaluation)))
    assert not re.search(r">90\.00", page.read_text(encoding="utf-8"))
    assert verify_page(page).faults == ()


def test_a_rate_just_below_a_cap_and_a_threshold_is_printed_below_them(tmp_path):
    tables = COMPLETE | {
        "basic": [line("人员经费", 90, 100, 0, 100, 89.9999), line("公用经费", 18, 20, 0, 20, 16)],
        "projects": [line("窗口服务专项", 40, 50, 0, 50, 29.9991)],
        "other": [],
    }
    evaluation = scored(tmp_path, settings={"scoring": "execution-capped"}, **tables)
    score = evaluation.final_score
    low = [f.message for f in findings(evaluation, "EXEC-05")]

    assert score.rows[0].sentence.startswith("部门整体预算执行率79.999%：低于100%，")
    assert score.total.formula == "各项得分之和，执行率低于80.00%，总分以89.00分为限"
    assert "人员经费的预算执行率为89.9999%，低于90%，没有写明原因。" in low


def test_full_marks_are_not_printed_where_a_line_has_not_all_of_them(tmp_path):
    rows = [indicator(target_value="1000000", actual_value="999999"), *INDICATORS[1:]]
    score = scored(tmp_path, **COMPLETE | {"indicators": rows}).final_score

    assert score.rows[1].sentence.endswith(
        "：未达到年度指标值，按完成比例得分，分值50.00分，得49.99995分。"
    )


def test_grades_are_told_with_both_ends(tmp_path):
    grade = scored(tmp_path).quantities["score.grade"]

    assert grade.formula == "90分以上为优，80分以上不足90分为良，60分以上不足80分为中，不足60分为差"


def test_spending_above_the_budget_earns_no_more_than_the_weight(tmp_path):
    tables = COMPLETE | {
        "other": [{"item": "支出合计", "initial_budget": 1, "adjusted_budget": 1, "executed": 9}]
    }

    assert scored(tmp_path, **tables).final_score.rows[0].points == 10


def test_without_indicators_there_is_no_score_rather_than_zero(tmp_path):
    tables = {key: rows for key, rows in COMPLETE.items() if key != "indicators"}
    score = scored(tmp_path, **tables).final_score

    assert (score.total.value, score.grade) == (None, "")
    assert score.total.missing == "没有填报绩效指标"
    assert score.subtotal == Fraction(10 * 207, 214)


def test_one_line_that_cannot_be_scored_leaves_the_total_unknown_and_is_named(tmp_path):
    rows = [indicator(actual_value=""), *INDICATORS[1:]]
    evaluation = scored(tmp_path, **COMPLETE | {"indicators": rows})

    assert evaluation.final_score.total.value is None
    assert evaluation.final_score.total.missing == "有1项不能计分：培训场次"
    assert evaluation.quantities["score.scored_weight"].value == 50


def test_weights_that_do_not_add_up_leave_the_total_unknown(tmp_path):
    rows = [indicator(weight=40), *INDICATORS[1:]]
    score = scored(tmp_path, **COMPLETE | {"indicators": rows}).final_score

    assert (score.total.value, score.grade, score.cap) == (None, "", None)
    assert score.total.missing == "分值合计为90，不是100：产出指标共40，评分办法规定50"
    assert [str(place) for place in score.amiss] == ["绩效指标.csv › 绩效指标 › H3"]


def test_weights_that_almost_add_up_are_told_to_their_last_digit(tmp_path):
    rows = [indicator(weight="50.00001"), *INDICATORS[1:]]
    score = scored(tmp_path, **COMPLETE | {"indicators": rows}).final_score

    assert score.total.missing.startswith("分值合计为100.00001，不是100：产出指标共50.00001，")


def test_an_execution_rate_that_is_not_computable_has_no_points(tmp_path):
    tables = COMPLETE | {"other": [], "projects": [line("甲", "", 10)]}
    first = scored(tmp_path, **tables).final_score.rows[0]

    assert first.points is None
    assert first.basis.startswith("不可计算：")


@pytest.mark.parametrize(
    ("actual", "grade"), [("20", "优"), ("15", "良"), ("10", "中"), ("0", "差")]
)
def test_the_grade_is_the_band_of_the_total(tmp_path, actual, grade):
    rows = [indicator(actual_value=actual), *INDICATORS[1:]]

    assert scored(tmp_path, **COMPLETE | {"indicators": rows}).final_score.grade == grade


@pytest.mark.parametrize("code", ["S001", "S002", "S003", "S004"])
def test_every_line_of_a_sample_scores_within_its_weight(code):
    rows = sample(code).final_score.rows

    assert all(0 <= row.points <= row.weight for row in rows)
