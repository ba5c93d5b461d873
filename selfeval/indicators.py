"""How far each indicator was reached, and the points that earns by the profile's methods.

A blank actual value earns no points and no zero either: it cannot be scored, and says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from .money import format_decimal, format_rate, parse_number
from .profiles import Deduct, IndicatorRule, Inverse, Proportional, Scoring, Tiers
from .terms import COMPARISONS, FAMILIES, NOT_SUPPLIED, TABLE_HEADS

_FAMILY_OF = {name: family for family, name in FAMILIES.items()}
_COMPARISON_OF = {sign: key for key, sign in COMPARISONS.items()}
_SIGN = re.compile(
    r"^(?P<sign>≥|>=|＞=|≧|不低于|不少于|≤|<=|≦|不超过|不高于|=|═)?\s*+(?P<rest>.*)$"
)
_BEHIND = re.compile(r"[0-9](?P<unit>\s*[^0-9.,%\s][^0-9]*)$")
_SIGNS = {
    "≥": "at_least", ">=": "at_least", "≧": "at_least", "不低于": "at_least", "不少于": "at_least",
    "≤": "at_most", "<=": "at_most", "≦": "at_most", "不超过": "at_most", "不高于": "at_most",
    "=": "equal", "═": "equal",
}  # fmt: skip


@dataclass(frozen=True)
class Attainment:
    """What one indicator reached: a share of its target, its points, and how they came about.

    ``share`` and ``points`` are None where they cannot be computed; ``basis`` says how or why.
    """

    share: Fraction | None
    points: Fraction | None
    basis: str


def family_of(row: Mapping[str, object]) -> str:
    """Return our id of an indicator's family (一级指标), "" if an official form has another."""
    return _FAMILY_OF.get(unicodedata.normalize("NFKC", str(row["indicator_family"])), "")


def comparison_of(row: Mapping[str, object], scoring: Scoring) -> str:
    """Return how an indicator is compared: by its own column, or by the sign of its target.

    A numeric target without a sign is read as the profile says for its family; a target in
    words is qualitative.
    """
    stated = unicodedata.normalize("NFKC", str(row["comparison"]))
    if stated:
        return _COMPARISON_OF[stated]
    found = _SIGN.match(unicodedata.normalize("NFKC", str(row["target_value"])).strip())
    assert found is not None
    if found["sign"]:
        return _SIGNS[found["sign"]]
    if number_of(row, "target_value") is None:
        return "qualitative"
    unstated = scoring.quantitative.unstated
    return unstated.cost if family_of(row) == "cost" else unstated.other


def attainment(
    row: Mapping[str, object], scoring: Scoring, weight: Decimal | None = None
) -> Attainment:
    """Score one indicator row by the profile.

    Parameters
    ----------
    row : mapping
        One row of the ``indicators`` frame.
    scoring : Scoring
        The profile; its methods decide, this function only applies them.
    weight : Decimal, optional
        The profile's own weight for the line, instead of the one in the row.

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
    comparison = comparison_of(row, scoring)
    if comparison == "qualitative":
        return _qualitative(row, Fraction(given), scoring)
    return _quantitative(row, comparison, Fraction(given), scoring)


def _quantitative(
    row: Mapping[str, object], comparison: str, weight: Fraction, scoring: Scoring
) -> Attainment:
    target, actual = number_of(row, "target_value"), number_of(row, "actual_value")
    if target is None or actual is None:
        which = TABLE_HEADS["target" if target is None else "actual"]
        return Attainment(None, None, f"{which}不是数，不能按数值计算")
    if target == 0 and comparison != "at_most":
        return Attainment(None, None, "年度指标值为零，不能计算完成比例")
    share = _share(comparison, target, actual)
    if share is None:
        return Attainment(None, None, "年度指标值为负，不能计算完成比例")
    rule: IndicatorRule = getattr(scoring.quantitative, comparison)
    earned, basis = _earned(rule, share)
    reached = Attainment(share, earned(weight), basis)
    return _over(reached, weight, comparison, scoring)


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


def with_unit(value: object, unit: object) -> str:
    """Return an indicator's value with its unit, once: the value may have it already."""
    told = unicodedata.normalize("NFKC", str(value)).rstrip()
    return (
        f"{value}" if told.endswith(unicodedata.normalize("NFKC", str(unit))) else f"{value}{unit}"
    )


def number_of(row: Mapping[str, object], field: str) -> Fraction | None:
    """Return an indicator's target or actual value as a number, None if it is none."""
    text = unicodedata.normalize("NFKC", str(row[field])).strip()
    found = _SIGN.match(text)
    assert found is not None
    text = found["rest"].lstrip("≥≤=<>").strip()
    unit = unicodedata.normalize("NFKC", str(row["measure_unit"])) or _unit_behind(row)
    text = text.removesuffix(unit).strip() if unit else text
    try:
        number = parse_number(text.removesuffix("%"))
    except ValueError:
        return None
    return None if number is None else Fraction(number)


def _unit_behind(row: Mapping[str, object]) -> str:
    """Return the unit that stands behind a target without one of its own: ≥20场."""
    found = _BEHIND.search(unicodedata.normalize("NFKC", str(row["target_value"])))
    return found["unit"].strip() if found else ""
