"""Worked examples of every scoring method, by hand, on both sides of every threshold."""

import operator
import re
from decimal import Decimal
from fractions import Fraction

import pytest
from builders import SCHEMES
from evaluated import row
from hypothesis import assume, given
from hypothesis import strategies as st
from printed import attainment, rule_points
from pydantic import TypeAdapter

from selfeval.budget.printer import Printer
from selfeval.indicators.directions import comparison_of
from selfeval.schemes.loading import scheme_names
from selfeval.schemes.scoring import LineRule, QuantitativeRule, limits_of, load_scoring, most_of

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
PRO_RATA = {"steps": "pro_rata", "steps_reference": "原表没有写，本办法按比例扣"}
WHOLE = {"steps": "whole", "steps_reference": "原表没有写，本办法不扣"}


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
        (STAFF | PRO_RATA, "1", "不超过100%，得满分"),
        (
            STAFF | PRO_RATA,
            "1.087",
            "超过100%，每超过1个百分点扣0.5分，共扣4.35分（原表没有写，本办法按比例扣）",
        ),
        (STAFF | PRO_RATA, "1.08", "超过100%，每超过1个百分点扣0.5分，共扣4.00分"),
        (STAFF | PRO_RATA, "1.5", "超过100%，每超过1个百分点扣0.5分，应扣25.00分，扣完为止"),
        (
            STAFF | PRO_RATA,
            "1.00001",
            "超过100%，每超过1个百分点扣0.5分，共扣0.001分（原表没有写，本办法按比例扣）",
        ),
        (
            STAFF | WHOLE,
            "1.087",
            "超过100%，每满1个百分点扣0.5分，共扣4.00分（原表没有写，本办法不扣）",
        ),
        (COMPLETION | WHOLE, "1", "不低于100%，得满分"),
        (
            COMPLETION | WHOLE,
            "0.9826",
            "低于100%，但相差不到5个百分点，每满5个百分点才扣2分，得满分（原表没有写，本办法不扣）",
        ),
        (COMPLETION | WHOLE, "0.9", "低于100%，每满5个百分点扣2分，共扣4.00分"),
        (CONTROL, "0", "不超过0%的一档为5分"),
        (CONTROL, "0.05", "超过0%、不超过10%的一档为4分"),
        (CONTROL, "0.4", "超过30%的一档为0分"),
        (KEY_SPENDING, "0.5", "低于60%的一档为0分"),
        (KEY_SPENDING, "0.65", "不低于60%、低于70%的一档为2分"),
        (KEY_SPENDING, "0.9", "不低于90%的一档为5分"),
        ({"method": "proportional"}, "1", "达到100%，得满分"),
        ({"method": "proportional"}, "0.98", "低于100%，按比率乘以分值计分"),
        ({"method": "proportional"}, "-0.2", "为负，不得分"),
        ({"method": "proportional", "full_from": "0.9"}, "0.9", "达到90%，得满分"),
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


REACHED = {"at_least": {"method": "reached"}}
NINETY = {"at_least": {"method": "proportional", "full_from": "0.9"}}
PER_POINT = {
    "at_least": {"method": "deduct", "beyond": "below", "limit": 1, "step": "0.01",
                 "points": "0.2", **PRO_RATA},
}  # fmt: skip
FROM = {"from": "1.3", "applies_to": ["at_least", "equal"], "reference": "虚构"}
DEDUCT = {"over": FROM | {"policy": "deduct", "points": 2}}
BY_DEVIATION = {"over": FROM | {"policy": "by_deviation"}}
NOTE = {"over": FROM | {"policy": "note"}}
NO_POINTS = {"no_points": {"below": "0.7", "above": "1.3"}}
MORE_ONLY = {"over": DEDUCT["over"] | {"applies_to": ["at_least"]}}


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
        (NO_POINTS, "14", "7"),
        (NO_POINTS, "13.99", "0"),
        (NO_POINTS, "26", "10"),
        (NO_POINTS, "26.01", "0"),
        ({}, "60", "10"),
    ],
)
def test_an_indicator_earns_by_the_profiles_method(changes, actual, points):
    found = attainment(row(actual_value=actual), profile(**changes))

    assert found.points == Fraction(points)


@pytest.mark.parametrize(
    ("changes", "actual", "shown"),
    [(NO_POINTS, "13.9999", "69.9995%"), (NO_POINTS, "26.0001", "130.001%"),
     (NINETY, "17.9999", "89.9995%"), ({}, "13.9999", "70.00%")],
)  # fmt: skip
def test_how_far_an_indicator_is_stands_on_its_side_of_each_limit(changes, actual, shown):
    found = attainment(row(actual_value=actual), profile(**changes))

    assert f"完成比例{shown}" in found.standing


@pytest.mark.parametrize(
    ("comparison", "actual", "points"),
    [
        ("≤", "21", "10"),
        ("≤", "1", "10"),
        ("≤", "30", "7"),
        ("≤", "30.01", "0"),
        ("=", "14.7", "7"),
        ("=", "14.69", "0"),
        ("=", "27.3", "100/13"),
        ("=", "27.31", "0"),
    ],
)
def test_too_far_is_only_the_worse_side_but_both_where_it_should_be_equal(
    comparison, actual, points
):
    found = attainment(
        row(comparison=comparison, target_value="21", actual_value=actual), profile(**NO_POINTS)
    )

    assert found.points == Fraction(points)


def test_a_noted_overshoot_keeps_its_points_and_is_told():
    found = attainment(row(actual_value="26"), profile(**NOTE))

    assert found.basis == "达到年度指标值，得满分；完成比例130.00%，达到130%，应说明目标是否偏低"


@pytest.mark.parametrize(
    ("changes", "actual", "points"),
    [
        (DEDUCT, "25", "8"),
        (DEDUCT, "26", Fraction(200, 26) - 2),
        (DEDUCT, "200", "0"),
        (MORE_ONLY, "26", Fraction(200, 26)),
        (BY_DEVIATION, "26", Fraction(200, 26)),
        (BY_DEVIATION, "44", "1"),
        (NOTE, "26", Fraction(200, 26)),
    ],
)
def test_what_should_be_equal_is_far_above_as_far_as_the_profile_says_so(changes, actual, points):
    found = attainment(row(comparison="=", actual_value=actual), profile(**changes))

    assert found.points == Fraction(points)


@pytest.mark.parametrize("changes", [{}, DEDUCT, BY_DEVIATION, NOTE])
@given(st.decimals(20, 100, places=1), st.decimals(20, 100, places=1))
def test_the_farther_above_what_should_be_equal_the_less_it_earns(changes, one, other):
    points = [
        attainment(row(comparison="=", actual_value=str(actual)), profile(**changes)).points
        for actual in sorted((one, other))
    ]

    assert points[0] >= points[1]


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


PROFILES = [
    *(load_scoring(SCHEMES, name) for name in scheme_names(SCHEMES, "scoring")),
    *(profile(**changes) for changes in (NINETY, REACHED, PER_POINT, DEDUCT, BY_DEVIATION, NOTE)),
]
MISSED = {
    "≥": lambda target, actual: "未达到" if actual < target else "",
    "≤": lambda target, actual: "超过" if actual > target else "",
    "=": lambda target, actual: "未达到" if actual < target else "超过" * (actual > target),
}


@given(
    st.sampled_from(PROFILES),
    st.sampled_from(sorted(MISSED)),
    st.integers(1, 2000),
    st.integers(0, 4000),
    st.sampled_from(["half_up", "half_even"]),
)
def test_what_a_sentence_says_of_an_indicator_is_so(scoring, sign, target, actual, rounding):
    numbers = row(comparison=sign, target_value=str(target), actual_value=str(actual))
    found = attainment(numbers, scoring, printer=Printer(rounding))
    assume(found.points is not None)  # A number far off may be a slip, and is then not scored.

    missed = MISSED[sign](target, actual)
    far = re.search(r"完成比例([0-9.]+)%，达到([0-9.]+)%", found.basis)
    assert far or found.basis.startswith(f"{missed or '达到'}年度指标值，")
    assert missed in found.standing
    assert ("得满分" in found.basis) <= (found.points == 10)
    assert not far or actual * 100 >= Fraction(far[2]) * target
    assert not far or Fraction(far[1]) >= Fraction(far[2])
    above = re.fullmatch(r"超过年度指标值([0-9.]+)%", found.standing)
    below = re.fullmatch(r"完成比例([0-9.]+)%(，未达到年度指标值)?", found.standing)
    if above or below:
        told = Fraction(above[1]) + 100 if above else Fraction(below[1])
        assert abs(told - Fraction(100 * actual, target)) <= Fraction(1, 100)
        assert (told > 100, told < 100) == (actual > target, actual < target)
    else:
        assert (found.standing, sign, missed) == ("达到年度指标值", "≤", "")


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


COMPARED = {
    "不低于": operator.ge, "达到": operator.ge, "低于": operator.lt,
    "不超过": operator.le, "超过": operator.gt,
}  # fmt: skip
CLAIM = re.compile(r"(?<!每)(不低于|低于|不超过|超过|达到)(-?[0-9.]+)%")
LINES = [
    line.rule
    for name in scheme_names(SCHEMES, "scoring")
    for variant in load_scoring(SCHEMES, name).variants
    for line in variant.lines
    if line.rule
]
NEAR = st.builds(
    lambda at, by, size: Fraction(at) / 100 + Fraction(by, 10**size),
    st.sampled_from([-5, 0, 10, 20, 30, 60, 70, 80, 90, 95, 100, 101, 105, 110]),
    st.integers(-99, 99),
    st.integers(2, 12),
)


@given(st.sampled_from(LINES), NEAR, st.sampled_from(["half_up", "half_even"]))
def test_the_numbers_of_a_fixed_lines_sentence_bear_out_what_it_says(rule, value, rounding):
    weight = Fraction(most_of(rule) or 10)
    printer = Printer(rounding)
    points, basis = rule_points(rule, value, weight, printer=printer)
    shown = Fraction(printer.rate(value, limits_of(rule, value)).rstrip("%"))

    claims = CLAIM.findall(basis)
    assert claims or basis == "为负，不得分"
    assert all(COMPARED[word](shown, Fraction(limit)) for word, limit in claims), (shown, basis)
    assert ("得满分" not in basis) or points == weight
    within = re.search(r"相差不到([0-9.]+)个百分点", basis)
    assert not within or 0 < abs(shown - Fraction(claims[0][1])) < Fraction(within[1])
    off = re.search(r"(共|应)扣([0-9.]+)分", basis)
    if off:
        limit, step, each = re.search(
            r"(-?[0-9.]+)%，每\D+([0-9.]+)个百分点扣([0-9.]+)分", basis
        ).groups()
        steps = abs(shown - Fraction(limit)) / Fraction(step)
        steps = steps // 1 if "每满" in basis else steps
        near = Fraction(1, 100) * (1 + Fraction(each) / Fraction(step))
        assert abs(steps * Fraction(each) - Fraction(off[2])) <= near, (shown, basis)
        assert (off[1] == "应") == (Fraction(off[2]) > weight) == ("扣完为止" in basis)


@given(st.fractions(-2, 3), st.fractions(-2, 3))
def test_a_deduction_grows_with_the_distance(one, other):
    rule = RULES.validate_python(STAFF | PRO_RATA)
    low, high = sorted((one, other))

    near, _ = rule_points(rule, low, Fraction(5))
    far, _ = rule_points(rule, high, Fraction(5))

    assert 0 <= far <= near <= 5
