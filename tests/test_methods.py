"""Worked examples of every scoring method, by hand, on both sides of every threshold."""

from decimal import Decimal
from fractions import Fraction

import pytest
from builders import SCHEMES
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from selfeval.directions import comparison_of
from selfeval.indicators import attainment, rule_points
from selfeval.profiles import LineRule, QuantitativeRule, load_scoring
from selfeval.schemes import scheme_names

RULES = TypeAdapter(LineRule)
STAFF = {"method": "deduct", "beyond": "above", "limit": 1, "step": 0.01, "points": 0.5}
COMPLETION = {"method": "deduct", "beyond": "below", "limit": 1, "step": 0.05, "points": 2}
CONTROL = {
    "method": "tiers",
    "tiers": [{"up_to": 0, "points": 5}, {"up_to": "0.1", "points": 4},
              {"up_to": "0.2", "points": 3}, {"up_to": "0.3", "points": 2}, {"points": 0}],
}  # fmt: skip
KEY_SPENDING = {
    "method": "tiers",
    "tiers": [{"below": "0.6", "points": 0}, {"below": "0.7", "points": 2},
              {"below": "0.8", "points": 3}, {"below": "0.9", "points": 4}, {"points": 5}],
}  # fmt: skip
PRO_RATA, WHOLE = {"steps": "pro_rata"}, {"steps": "whole"}


@pytest.mark.parametrize(
    ("rule", "weight", "value", "points"),
    [
        # 在职人员控制率：每超过一个百分点扣 0.5 分，50 人 ÷ 46 个编制 = 108.70%
        (STAFF | PRO_RATA, 5, "1", "5"),
        (STAFF | PRO_RATA, 5, "1.005", "4.75"),
        (STAFF | WHOLE, 5, "1.0099", "5"),
        (STAFF | WHOLE, 5, "1.01", "4.5"),
        (STAFF | WHOLE, 5, "1.087", "1"),
        (STAFF | PRO_RATA, 5, "1.087", "0.65"),
        (STAFF | PRO_RATA, 5, "1.1", "0"),
        (STAFF | PRO_RATA, 5, "2", "0"),
        (STAFF | PRO_RATA, 5, "0.5", "5"),
        # 预算完成率：100% 得满分，每低 5 个百分点扣 2 分
        (COMPLETION | WHOLE, 5, "1", "5"),
        (COMPLETION | WHOLE, 5, "1.2", "5"),
        (COMPLETION | WHOLE, 5, "0.9501", "5"),
        (COMPLETION | WHOLE, 5, "0.95", "3"),
        (COMPLETION | WHOLE, 5, "0.9", "1"),
        (COMPLETION | WHOLE, 5, "0.85", "0"),
        (COMPLETION | PRO_RATA, 5, "0.975", "4"),
        # 预算控制率：上限含本数
        (CONTROL, 5, "-0.1", "5"),
        (CONTROL, 5, "0", "5"),
        (CONTROL, 5, "0.0001", "4"),
        (CONTROL, 5, "0.1", "4"),
        (CONTROL, 5, "0.1001", "3"),
        (CONTROL, 5, "0.2", "3"),
        (CONTROL, 5, "0.2001", "2"),
        (CONTROL, 5, "0.3", "2"),
        (CONTROL, 5, "0.3001", "0"),
        # 重点支出安排率：下限含本数
        (KEY_SPENDING, 5, "0.5999", "0"),
        (KEY_SPENDING, 5, "0.6", "2"),
        (KEY_SPENDING, 5, "0.7", "3"),
        (KEY_SPENDING, 5, "0.8", "4"),
        (KEY_SPENDING, 5, "0.8999", "4"),
        (KEY_SPENDING, 5, "0.9", "5"),
        # 执行率×分值，不超过分值
        ({"method": "proportional"}, 10, "0.76", "7.6"),
        ({"method": "proportional"}, 10, "1", "10"),
        ({"method": "proportional"}, 10, "1.2952", "10"),
        ({"method": "proportional"}, 10, "-0.2", "0"),
        ({"method": "proportional", "full_from": "0.9"}, 10, "0.9", "10"),
        ({"method": "proportional", "full_from": "0.9"}, 10, "0.8999", "8.999"),
    ],
)
def test_a_ratio_earns_by_its_rule(rule, weight, value, points):
    found, basis = rule_points(RULES.validate_python(rule), Fraction(value), Fraction(weight))

    assert found == Fraction(points)
    assert basis


@pytest.mark.parametrize(
    ("rule", "value", "basis"),
    [
        (STAFF | PRO_RATA, "1", "不超过100.00%，得满分"),
        (STAFF | PRO_RATA, "1.087", "超过100.00%，每1.00%扣0.5分，共扣4.35分"),
        (STAFF | WHOLE, "1.087", "超过100.00%，每1.00%（只计满一档的）扣0.5分，共扣4.00分"),
        (COMPLETION | WHOLE, "0.9", "低于100.00%，每5.00%（只计满一档的）扣2分，共扣4.00分"),
        (CONTROL, "0", "0.00%（含）以内，得5分"),
        (CONTROL, "0.05", "0.00%至10.00%（含）以内，得4分"),
        (CONTROL, "0.4", "30.00%以上，得0分"),
        (KEY_SPENDING, "0.65", "60.00%至70.00%以下，得2分"),
    ],
)
def test_a_rule_explains_what_it_gave(rule, value, basis):
    assert rule_points(RULES.validate_python(rule), Fraction(value), Fraction(5))[1] == basis


# --- indicators ------------------------------------------------------------------------------

MOF = load_scoring(SCHEMES, "mof-2020")


def profile(**changes):
    """Return the national profile with other methods for numeric indicators."""
    plain = MOF.quantitative.model_dump(by_alias=True)
    return MOF.model_copy(update={"quantitative": QuantitativeRule.model_validate(plain | changes)})


def row(**values):
    return {
        "indicator_family": "产出指标", "comparison": "≥", "target_value": "20",
        "actual_value": "20", "measure_unit": "", "weight": Decimal(10), "self_score": None,
    } | values  # fmt: skip


REACHED = {"at_least": {"method": "reached"}}
NINETY = {"at_least": {"method": "proportional", "full_from": "0.9"}}
PER_POINT = {
    "at_least": {"method": "deduct", "beyond": "below", "limit": 1, "step": "0.01",
                 "points": "0.2", "steps": "pro_rata"},
}  # fmt: skip
DEDUCT = {"over": {"from": "1.3", "policy": "deduct", "points": 2}}
BY_DEVIATION = {"over": {"from": "1.3", "policy": "by_deviation"}}
NOTE = {"over": {"from": "1.3", "policy": "note"}}


@pytest.mark.parametrize(
    ("changes", "actual", "points"),
    [
        (REACHED, "20", "10"),
        (REACHED, "19.99", "0"),
        (NINETY, "18", "10"),
        (NINETY, "17.99", "8.995"),
        (PER_POINT, "20", "10"),
        (PER_POINT, "19", "9"),
        (PER_POINT, "9", "0"),
        (DEDUCT, "25.99", "10"),
        (DEDUCT, "26", "8"),
        (BY_DEVIATION, "25.99", "10"),
        (BY_DEVIATION, "26", "10"),
        (BY_DEVIATION, "30", "8"),
        (BY_DEVIATION, "60", "0"),
        (NOTE, "26", "10"),
        ({}, "60", "10"),
    ],
)
def test_an_indicator_earns_by_the_profiles_method(changes, actual, points):
    found = attainment(row(actual_value=actual), profile(**changes))

    assert found.points == Fraction(points)


def test_a_noted_overshoot_keeps_its_points_and_is_told():
    found = attainment(row(actual_value="26"), profile(**NOTE))

    assert found.basis == "达到年度指标值，得满分；完成比例130.00%，达到130.00%，应说明目标是否偏低"


@pytest.mark.parametrize(
    ("target", "actual", "unit", "family", "points"),
    [
        ("≥20场", "22场", "", "产出指标", "10"),
        ("≥20场", "18", "", "产出指标", "9"),
        ("不低于90%", "95%", "", "满意度指标", "10"),
        ("≤5万元", "4万元", "", "成本指标", "10"),
        ("5万元", "10万元", "", "成本指标", "5"),
        ("5", "10", "万元", "产出指标", "10"),
        ("=100%", "100%", "", "产出指标", "10"),
        ("═12次", "12次", "", "产出指标", "10"),
        ("≧12", "6", "", "产出指标", "5"),
    ],
)
def test_a_form_without_a_column_of_signs_is_read_by_the_sign_or_the_family(
    target, actual, unit, family, points
):
    printed = row(comparison="", target_value=target, actual_value=actual, measure_unit=unit,
                  indicator_family=family)  # fmt: skip

    assert attainment(printed, MOF).points == Fraction(points)


def test_a_target_in_words_without_a_sign_is_qualitative():
    assert comparison_of(row(comparison="", target_value="有效提升"), MOF) == "qualitative"


@pytest.mark.parametrize(
    ("name", "said", "given_", "points"),
    [
        ("mof-2020", "部分达成", "6", "6"),
        ("mof-2020", "部分达成", "5.9", "6"),
        ("city-20-80", "部分达成", "5.9", "5.9"),
        ("city-20-80", "部分达成", "4.9", "5"),
        ("city-20-80", "未达成", "4.9", "4.9"),
    ],
)
def test_the_bands_of_a_qualitative_indicator_are_the_profiles(name, said, given_, points):
    judged = row(comparison="定性", actual_value=said, self_score=Decimal(given_))

    assert attainment(judged, load_scoring(SCHEMES, name)).points == Fraction(points)


@given(
    st.sampled_from(scheme_names(SCHEMES, "scoring")),
    st.sampled_from(["≥", "≤", "=", ""]),
    st.decimals(-1000, 1000, places=1).map(str),
    st.decimals(-1000, 1000, places=1).map(str),
    st.decimals(0, 100, places=1),
)
def test_no_profile_gives_less_than_nothing_or_more_than_the_weight(
    name, comparison, target, actual, weight
):
    found = attainment(
        row(comparison=comparison, target_value=target, actual_value=actual, weight=weight),
        load_scoring(SCHEMES, name),
    )

    assert found.points is None or 0 <= found.points <= Fraction(weight)


@pytest.mark.parametrize("changes", [{}, NINETY, PER_POINT, REACHED, NOTE])
@given(
    st.decimals(1, 1000, places=1),
    st.decimals(0, 2000, places=1),
    st.decimals(0, 2000, places=1),
)
def test_more_of_what_should_be_more_never_earns_less(changes, target, one, other):
    low, high = sorted((one, other))
    points = [
        attainment(row(target_value=str(target), actual_value=str(actual)), profile(**changes))
        for actual in (low, high)
    ]

    assume(all(found.points is not None for found in points))  # a slip of scale has none
    assert points[0].points <= points[1].points


@given(st.decimals(1, 1000, places=1), st.decimals(0, 2000), st.decimals(0, 2000))
def test_more_of_what_should_be_less_never_earns_more(target, one, other):
    low, high = sorted((round(one, 1), round(other, 1)))
    points = [
        attainment(row(comparison="≤", target_value=str(target), actual_value=str(actual)), MOF)
        for actual in (low, high)
    ]

    assume(all(found.points is not None for found in points))
    assert points[0].points >= points[1].points


@given(st.fractions(-2, 3), st.fractions(-2, 3))
def test_a_deduction_grows_with_the_distance(one, other):
    rule = RULES.validate_python(STAFF | PRO_RATA)
    low, high = sorted((one, other))

    near, _ = rule_points(rule, low, Fraction(5))
    far, _ = rule_points(rule, high, Fraction(5))

    assert 0 <= far <= near <= 5
