"""How far each indicator was reached, and the points that earns by the profile's methods.

A blank actual value earns no points and no zero either: it cannot be scored, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from .deadlines import Time, in_time, read_time
from .directions import STRICT, bound_of, direction_of, shown_target, time_limit
from .money import format_decimal, format_rate
from .profiles import (
    Deduct,
    IndicatorRule,
    Inverse,
    Level,
    Proportional,
    Reached,
    Scoring,
    Tiers,
)
from .readings import Head, Unread, doubts, goes_on, plain, read_numbers
from .terms import COMPARISONS, NOT_SUPPLIED, TABLE_HEADS

_BY_LEVEL = f"按程度评的，指标性质改为“{COMPARISONS['qualitative']}”，写完成的程度"


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
        told = f"{TABLE_HEADS['weight']}{NOT_SUPPLIED}"
        return Attainment(None, None, told, remedy="请填写分值。", field="weight")
    if given < 0:
        remedy = "请改成大于零的数，或删去这项指标。"
        return Attainment(None, None, "分值为负", remedy=remedy, field="weight")
    if not row["actual_value"]:
        return _refused(row, "actual", "", "请填写实际完成的情况。")
    if weight is not None:
        row = {**row, "self_score": _self_score_of(row, Fraction(weight))}
    way, full = direction_of(row, scoring), Fraction(given)
    limit = time_limit(row, scoring)
    if limit is not None and way.comparison:
        return _timely(row, limit, way.comparison, full, scoring)
    if way.comparison == "qualitative":
        return _qualitative(row, full, scoring)
    ways = (way.comparison,) if way.comparison else way.readings
    found = [_quantitative(row, way.text, one, full, scoring) for one in ways]
    if found and all(one.points == found[0].points for one in found):
        return found[0]
    return Attainment(None, None, way.why, "IND-07", way.remedy, way.field)


def _refused(
    row: Mapping[str, object], head: Head, why: str, remedy: str, rule: str = "IND-06"
) -> Attainment:
    """Refuse a value: ``why`` goes on after the quoted cell."""
    field = f"{head}_value"
    basis = f"{TABLE_HEADS[head]}“{row[field]}”{why}" if row[field] else _not_supplied(head)
    return Attainment(None, None, basis, rule, remedy, field)


def _not_supplied(head: str) -> str:
    return f"{TABLE_HEADS[head]}{NOT_SUPPLIED}"


# --- times -------------------------------------------------------------------------------------


def _timely(
    row: Mapping[str, object], limit: Time, comparison: str, weight: Fraction, scoring: Scoring
) -> Attainment:
    """Score what was to be done by a time: in time is reached, however early."""
    if STRICT.get(comparison, comparison) == "at_least":
        return _against(row, "是时限")
    said, unit = bound_of(row["actual_value"], scoring)[1], plain(row["measure_unit"])
    year, words = row.get("fiscal_year"), scoring.words
    done = read_time(said, year, words) or read_time(f"{said}{unit}", year, words)
    if done is None and comparison == "qualitative":
        return _qualitative(row, weight, scoring)
    if done is None:
        remedy = f"请写完成的时间，例如“9月30日”；{_BY_LEVEL}。"
        return _refused(row, "actual", "不是时间，不能与时限比较", remedy)
    punctual = in_time(limit, done)
    if punctual is None:
        why = f"看不出在不在{TABLE_HEADS['target']}“{row['target_value']}”的时限以内"
        return _refused(row, "actual", why, "请把两处的时间都写到哪一天，例如“9月30日”。")
    if punctual:
        return Attainment(Fraction(1), weight, "没有超过时限，得满分")
    if isinstance(scoring.quantitative.at_most, Reached):
        return Attainment(Fraction(0), Fraction(0), "晚于时限，不得分")
    remedy = f"请改用能算比例的指标，例如按期完成率、“12个月内”一类的期限；{_BY_LEVEL}。"
    why = f"晚于{TABLE_HEADS['target']}“{row['target_value']}”，评分办法没有规定逾期怎样扣分"
    return _refused(row, "actual", why, remedy)


def _against(row: Mapping[str, object], what: str) -> Attainment:
    """Refuse a limit that a sign says is to be exceeded."""
    remedy = f"请把指标性质改为“{COMPARISONS['at_most']}”。"
    return _refused(row, "target", f"{what}，指标性质却是“{row['comparison']}”", remedy, "IND-07")


# --- numbers -----------------------------------------------------------------------------------


def _self_score_of(row: Mapping[str, object], weight: Fraction) -> object:
    """Return what a self-score is of another weight than the one it was given within."""
    typed, own = row["weight"], row["self_score"]
    if not (isinstance(typed, Decimal) and typed and isinstance(own, Decimal)):
        return own
    return Fraction(own) * weight / Fraction(typed)


def _quantitative(
    row: Mapping[str, object],
    target_text: str,
    comparison: str,
    weight: Fraction,
    scoring: Scoring,
) -> Attainment:
    words, unit = scoring.words, row["measure_unit"]
    bound, actual_text = bound_of(row["actual_value"], scoring)
    read = read_numbers(target_text, actual_text, unit, words)
    if isinstance(read, Unread):
        return _refused(row, read.head, read.why, read.remedy)
    target, actual, shared = read
    wider = STRICT.get(comparison, comparison)
    if target.within and wider != "at_most":
        return _against(row, "是不超过的期限或数额")
    asks_any = _asks_anything(comparison, target.value)
    if comparison in STRICT and actual.value == target.value and not asks_any:
        return _met_exactly(row, comparison, scoring)
    found = _compared(comparison, target.value, actual.value, weight, scoring)
    bound = bound or ("at_most" if actual.within else "equal")
    if bound != "equal" and (bound != wider or found.share is None or found.share < 1):
        return _refused(row, "actual", "不是确数", "请写确切的数。")
    for doubt in doubts(target, actual, shared, words):
        meant = {"target": target.value, "actual": actual.value} | {doubt.head: doubt.value}
        other = _compared(comparison, meant["target"], meant["actual"], weight, scoring)
        if other.points != found.points:
            either = f"“{doubt.otherwise}”，或“{doubt.as_written}”"
            why = f"看不出是{doubt.as_written}还是{doubt.otherwise}"
            return _refused(row, doubt.head, why, f"请连单位写明：{either}。", "IND-08")
    return found


def _compared(
    comparison: str, target: Fraction, actual: Fraction, weight: Fraction, scoring: Scoring
) -> Attainment:
    anything, comparison = _asks_anything(comparison, target), STRICT.get(comparison, comparison)
    if anything:
        share: Fraction | None = Fraction(actual > 0)
    else:
        nothing = target == 0 and comparison == "at_least"
        share = None if nothing else _share(comparison, target, actual)
    if share is None:
        why = f"年度指标值为{'负' if target else '零'}，不能计算完成比例"
        remedy = f"请换成大于零的数来考核；{_BY_LEVEL}。"
        return Attainment(None, None, why, remedy=remedy, field="target_value")
    rule: IndicatorRule = getattr(scoring.quantitative, comparison)
    earned, basis = _earned(rule, share)
    reached = Attainment(share, earned(weight), basis)
    return _over(reached, weight, comparison, scoring)


def _asks_anything(comparison: str, target: Fraction) -> bool:
    return comparison == "more_than" and target == 0


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
    if not actual or not target:
        return Fraction(0)
    return max(min(actual / target, target / actual), Fraction(0))


def _qualitative(row: Mapping[str, object], weight: Fraction, scoring: Scoring) -> Attainment:
    said, levels = str(row["actual_value"]), scoring.qualitative.levels
    named = [(name, n) for n, level in enumerate(levels) for name in level.names]
    longest_first = sorted(named, key=lambda pair: -len(pair[0]))
    found = next(((n, at) for n, at in longest_first if plain(said).startswith(n)), None)
    names = "、".join(f"“{level.names[0]}”" for level in levels)
    remedy = f"请以{names}之一开头，要说明的写在冒号后面。"
    if found is None:
        return _refused(row, "actual", f"不是评分办法的等次（{names}）", remedy)
    name, at = found
    # Only the best level can be taken back by what follows; that of others is part of them.
    lower = tuple(n for level in levels[1:] for n in level.names) if at == 0 else ()
    back = goes_on(said, name, lower, scoring.words)
    if back:
        remedy += "" if at else f"没有全部做到的，不写“{name}”。"
        return _refused(row, "actual", f"不是“{name}”：后面又写了“{back}”", remedy)
    return _of_level(row["self_score"], weight, levels[at], name)


def _of_level(own: object, weight: Fraction, level: Level, name: str) -> Attainment:
    """Return the points within a level: the unit's own, or else those that the profile gives."""
    band = f"{name}（{_percent(level.lowest)}—{_percent(level.highest)}档）"
    if isinstance(own, Decimal | Fraction) and weight:
        share = Fraction(own) / weight
        if Fraction(level.lowest) <= share <= Fraction(level.highest):
            basis = f"{band}，自评得分在该档之内，按{_percent(share)}给分"
            return Attainment(share, Fraction(own), basis)
    share = Fraction(level.given)
    return Attainment(share, weight * share, f"{band}，按{_percent(share)}给分")


def _percent(share: Fraction | Decimal) -> str:
    """Return a share as a percentage with no more decimals than it needs, two at most."""
    return format_rate(Fraction(share)).removesuffix("%").rstrip("0").removesuffix(".") + "%"
