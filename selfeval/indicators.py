"""How far each indicator was reached, and the points that earns by the profile's methods.

A blank actual value earns no points and no zero either: it cannot be scored, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from .directions import STRICT, direction_of, number_of, shown_target
from .money import format_decimal, format_rate
from .profiles import Deduct, IndicatorRule, Inverse, Proportional, Reached, Scoring, Tiers
from .terms import COMPARISONS, NOT_SUPPLIED, TABLE_HEADS


@dataclass(frozen=True)
class Attainment:
    """What one indicator reached: a share of its target, its points, and how they came about.

    ``share`` and ``points`` are None where they cannot be computed; ``basis`` says how or why.
    Where there are no points, ``rule`` is the check that tells so, ``remedy`` what to write
    instead, and ``field`` the column of the cell to be changed, "" where it is no single one.
    """

    share: Fraction | None
    points: Fraction | None
    basis: str
    rule: str = "IND-06"
    remedy: str = ""
    field: str = ""


def attainment(
    row: Mapping[str, object], scoring: Scoring, weight: Decimal | Fraction | None = None
) -> Attainment:
    """Score one indicator row by the profile.

    Parameters
    ----------
    row : mapping
        One row of the ``indicators`` frame.
    scoring : Scoring
        The profile; its methods decide, this function only applies them.
    weight : Decimal or Fraction, optional
        The profile's weight for the line, instead of the one in the row; the self-score stays one
        of the row's.

    Returns
    -------
    Attainment
        Points never exceed the weight and never fall below 0.
    """
    given = row["weight"] if weight is None else weight
    if not isinstance(given, Decimal | Fraction):
        return Attainment(None, None, f"{TABLE_HEADS['weight']}{NOT_SUPPLIED}")
    if given < 0:
        return Attainment(None, None, "分值为负")
    if not row["actual_value"]:
        return Attainment(None, None, f"{TABLE_HEADS['actual']}{NOT_SUPPLIED}")
    if weight is not None:
        row = {**row, "self_score": _self_score_of(row, Fraction(weight))}
    told = direction_of(row, scoring)
    if told.comparison == "qualitative":
        return _qualitative(row, Fraction(given), scoring)
    ways = (told.comparison,) if told.comparison else told.readings
    found = [_quantitative(row, way, Fraction(given), scoring) for way in ways]
    if found and all(one.points == found[0].points for one in found):
        return found[0]
    return Attainment(None, None, told.why, "IND-07", told.remedy, told.field)


def _self_score_of(row: Mapping[str, object], weight: Fraction) -> object:
    """Return what a self-score is of another weight than the one it was given within."""
    typed, own = row["weight"], row["self_score"]
    if not (isinstance(typed, Decimal) and typed and isinstance(own, Decimal)):
        return own
    return Fraction(own) * weight / Fraction(typed)


def _quantitative(
    row: Mapping[str, object], comparison: str, weight: Fraction, scoring: Scoring
) -> Attainment:
    target = number_of(row, "target_value", scoring)
    actual = number_of(row, "actual_value", scoring)
    if target is None or actual is None:
        which = TABLE_HEADS["target" if target is None else "actual"]
        return Attainment(None, None, f"{which}不是数，不能按数值计算")
    positive = comparison == "more_than" and target == 0
    if comparison in STRICT and actual == target and not positive:
        return _met_exactly(row, comparison, scoring)
    comparison = STRICT.get(comparison, comparison)
    if target == 0 and comparison != "at_most" and not positive:
        return Attainment(None, None, "年度指标值为零，不能计算完成比例")
    share = Fraction(actual > 0) if positive else _share(comparison, target, actual)
    if share is None:
        return Attainment(None, None, "年度指标值为负，不能计算完成比例")
    rule: IndicatorRule = getattr(scoring.quantitative, comparison)
    earned, basis = _earned(rule, share)
    reached = Attainment(share, earned(weight), basis)
    return _over(reached, weight, comparison, scoring)


def _met_exactly(row: Mapping[str, object], comparison: str, scoring: Scoring) -> Attainment:
    """Return what a number earns that is just the one it should be above or below.

    It is not reached, but its share is whole: only a rule without shares says what that earns.
    """
    what = f"实际完成值正好等于年度指标值，而要求是“{shown_target(row, scoring)}”，没有达到"
    if isinstance(getattr(scoring.quantitative, STRICT[comparison]), Reached):
        return Attainment(None, Fraction(0), f"{what}，不得分")
    wider, number = COMPARISONS[STRICT[comparison]], direction_of(row, scoring).text
    return Attainment(
        None,
        None,
        f"{what}；按完成比例（100%）看不出应得几分",
        remedy=f"请把方向改写成“{wider}”：正好是{number}也算达到的，写“{wider}{number}”；"
        f"不算达到的，在“{wider}”后面写刚好达到的那个数。",
        field="target_value",
    )


def _earned(rule: IndicatorRule, share: Fraction) -> tuple[Callable[[Fraction], Fraction], str]:
    if share >= 1:
        return (lambda weight: weight), "达到年度指标值，得满分"
    if isinstance(rule, Proportional) and share >= rule.full_from:
        most = format_rate(Fraction(rule.full_from))
        return (lambda weight: weight), f"完成比例不低于{most}，得满分"
    if isinstance(rule, Proportional | Inverse):
        return (lambda weight: weight * share), "未达到年度指标值，按完成比例得分"
    if isinstance(rule, Deduct):
        off = deducted(rule, share)
        return (
            lambda weight: max(weight - off, Fraction(0))
        ), f"未达到年度指标值，每差{format_rate(Fraction(rule.step))}扣{rule.points}分"
    return (lambda weight: Fraction(0)), "未达到年度指标值，不得分"


def _over(reached: Attainment, weight: Fraction, comparison: str, scoring: Scoring) -> Attainment:
    """Apply what the profile says of an indicator far above its target."""
    over, share = scoring.quantitative.over, reached.share
    if over is None or share is None or comparison == "at_most" or share < over.from_:
        return reached
    far = f"完成比例{format_rate(share)}，达到{format_rate(Fraction(over.from_))}"
    if over.policy == "deduct":
        assert over.points is not None
        points = max(weight - Fraction(over.points), Fraction(0))
        return replace(reached, points=points, basis=f"{far}，视为偏离，扣{over.points}分")
    if over.policy == "by_deviation":
        points = max(weight * (1 - (share - Fraction(over.from_))), Fraction(0))
        return replace(reached, points=min(points, weight), basis=f"{far}，按超出部分扣分")
    return replace(reached, basis=f"{reached.basis}；{far}，应说明目标是否偏低")


def deducted(rule: Deduct, value: Fraction) -> Fraction:
    """Return the points off for a value beyond a rule's limit."""
    beyond = value - Fraction(rule.limit)
    steps = (beyond if rule.beyond == "above" else -beyond) / Fraction(rule.step)
    if rule.steps == "whole":
        steps = Fraction(steps // 1)
    return max(steps, Fraction(0)) * Fraction(rule.points)


def rule_points(
    rule: Deduct | Tiers | Proportional, value: Fraction, weight: Fraction
) -> tuple[Fraction, str]:
    """Return the points that a ratio earns by a rule, and how: never below 0 or above the weight.

    Source
    ------
    The rules of the scoring profile, such as 每超过一个百分点扣 0.5 分.
    """
    if isinstance(rule, Tiers):
        tier = next(tier for tier in rule.tiers if tier.holds(value))
        return min(Fraction(tier.points), weight), f"{_tier_text(rule, value)}，得{tier.points}分"
    if isinstance(rule, Deduct):
        off = min(deducted(rule, value), weight)
        limit = format_rate(Fraction(rule.limit))
        if not off:
            word = "不超过" if rule.beyond == "above" else "不低于"
            return weight, f"{word}{limit}，得满分"
        word = "超过" if rule.beyond == "above" else "低于"
        step = format_rate(Fraction(rule.step))
        whole = "（只计满一档的）" if rule.steps == "whole" else ""
        return (
            weight - off,
            f"{word}{limit}，每{step}{whole}扣{rule.points}分，共扣{format_decimal(off, 2)}分",
        )
    if value >= rule.full_from:
        return weight, "达到100%，得满分" if rule.full_from == 1 else "得满分"
    return max(value, Fraction(0)) * weight, "比率×分值，不超过分值"


def _tier_text(rule: Tiers, value: Fraction) -> str:
    lower = ""
    for tier in rule.tiers:
        if tier.holds(value):
            if tier.limit is None:
                return f"{lower}以上" if lower else "不分档"
            limit = format_rate(Fraction(tier.limit))
            within = "（含）以内" if tier.up_to is not None else "以下"
            return f"{lower}至{limit}{within}" if lower else f"{limit}{within}"
        assert tier.limit is not None
        lower = format_rate(Fraction(tier.limit))
    raise AssertionError("the last tier holds every value")


def _share(comparison: str, target: Fraction, actual: Fraction) -> Fraction | None:
    if target < 0 and comparison in {"at_least", "at_most"}:
        # A quotient of negatives grows as the actual gets worse: only "reached" can be told.
        reached = actual >= target if comparison == "at_least" else actual <= target
        return Fraction(1) if reached else None
    if comparison == "at_most":
        if actual <= target:
            return Fraction(1)
        return max(target / actual, Fraction(0))
    if comparison == "at_least":
        # Beyond the target the share goes on growing: charts show it, points stop at the weight.
        return max(actual / target, Fraction(0))
    if actual == target:
        return Fraction(1)
    return max(min(actual / target, target / actual) if actual else Fraction(0), Fraction(0))


def _qualitative(row: Mapping[str, object], weight: Fraction, scoring: Scoring) -> Attainment:
    said = str(row["actual_value"])
    named = [(name, level) for level in scoring.qualitative.levels for name in level.names]
    longest_first = sorted(named, key=lambda pair: -len(pair[0]))
    found = next(((n, level) for n, level in longest_first if said.startswith(n)), None)
    if found is None:
        return Attainment(None, None, f"定性指标应写{'、'.join(name for name, _ in named)}")
    name, level = found
    given = row["self_score"]
    if isinstance(given, Decimal | Fraction) and weight:
        share = Fraction(given) / weight
        if Fraction(level.lowest) <= share <= Fraction(level.highest):
            return Attainment(share, Fraction(given), f"{name}，自评得分在该档之内")
    share = Fraction(level.given)
    return Attainment(share, weight * share, f"{name}，按该档给分")
