"""How far each indicator was reached, and the points that earns by the profile's methods.

A blank actual value earns no points and no zero either: it cannot be scored, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from ..budget.printer import Printer
from ..money import format_exact, format_exact_rate
from ..schemes.scoring import (
    Deduct,
    IndicatorRule,
    Inverse,
    Level,
    Proportional,
    Reached,
    Scoring,
    Tier,
    Tiers,
    limits_of,
)
from ..tables.rows import Indicator, ValueField
from ..terms import COMPARISONS, NOT_SUPPLIED, TABLE_HEADS
from .deadlines import Time, event_of, in_time, read_time
from .directions import (
    STRICT,
    SaidActual,
    change_of,
    changed_alike,
    direction_of,
    is_marked_qualitative,
    is_never_negative,
    is_none,
    names_date,
    own_direction,
    said_of,
    shown_target,
    time_limit,
)
from .readings import (
    Head,
    ReadNumber,
    UnreadValue,
    behind_mark,
    choice_in,
    doubts,
    goes_on,
    is_echo,
    level_at,
    measure,
    plain_value,
    read_number,
    read_numbers,
)

_TO_LEVEL = f"按程度评的，指标性质改为“{COMPARISONS['qualitative']}”"


@dataclass(frozen=True)
class Attainment:
    """What one indicator reached: a share of its target, its points, and how they came about.

    ``share`` and ``points`` are None where they cannot be computed; ``basis`` says how or why.
    Where there are no points, ``rule`` is the check that tells so, ``remedy`` what to write
    instead, and ``field`` the column of the cell to be changed, "" where it is no single one.
    ``standing`` says which share of its target a number is, ``gap`` by how much it misses it, in
    its own unit (差5家次); both "" where there are no numbers, ``gap`` also where none is missed.
    ``limits`` are what the share is compared with. ``is_best_level`` where words say that the
    target is reached, though the unit may have taken less than all points for it.
    """

    share: Fraction | None
    points: Fraction | None
    basis: str
    rule: str = "IND-06"
    remedy: str = ""
    field: str = ""
    standing: str = ""
    gap: str = ""
    limits: tuple[Fraction, ...] = ()
    is_best_level: bool = False

    @property
    def is_reached(self) -> bool:
        """Whether the target is known to be reached."""
        return self.share is not None and (self.share >= 1 or self.is_best_level)


def attainment(
    row: Indicator,
    scoring: Scoring,
    printer: Printer,
    weight: Decimal | Fraction | None = None,
) -> Attainment:
    """Score one indicator row by the profile.

    Parameters
    ----------
    row : Indicator
        As it was read.
    scoring : Scoring
        The profile; its methods decide, this function only applies them.
    printer : Printer
        How the words print what was computed.
    weight : Decimal or Fraction, optional
        The profile's weight for the line, instead of the one in the row; the self-score stays one
        within the row's.

    Returns
    -------
    Attainment
        Points never exceed the weight and never fall below 0.
    """
    given = row.weight if weight is None else weight
    if given is None:
        blank = f"{TABLE_HEADS['weight']}{NOT_SUPPLIED}"
        return Attainment(None, None, blank, remedy="请填写分值。", field="weight")
    if given < 0:
        remedy = "请改成大于零的数，或删去这项指标。"
        return Attainment(None, None, "分值为负", remedy=remedy, field="weight")
    if not row.actual_value:
        return _refused(row, "actual", "", "请填写实际完成的情况。")
    way, full = direction_of(row, scoring), Fraction(given)
    limit = time_limit(row, scoring)
    if limit is not None and way.comparison:
        return _timely(row, limit, way.comparison, full, scoring, printer)
    if way.comparison == "qualitative":
        return _qualitative(row, full, scoring, printer)
    ways = (way.comparison,) if way.comparison else way.readings
    found = [_quantitative(row, way.text, one, full, scoring, printer) for one in ways]
    if found and all(one.points == found[0].points for one in found):
        return found[0]
    return Attainment(None, None, way.why, "IND-07", way.remedy, way.field)


def _by_level(row: Indicator, scoring: Scoring) -> str:
    """Say what to write where an indicator is to be judged by degrees."""
    marked = is_marked_qualitative(row, scoring)
    return f"{'按程度评的' if marked else _TO_LEVEL}，写完成的程度"


def _refused(row: Indicator, head: Head, why: str, remedy: str, rule: str = "IND-06") -> Attainment:
    """Refuse a value: ``why`` goes on after the quoted cell."""
    field: ValueField = "target_value" if head == "target" else "actual_value"
    told = f"“{row.value(field)}”{why}" if row.value(field) else NOT_SUPPLIED
    return Attainment(None, None, f"{TABLE_HEADS[head]}{told}", rule, remedy, field)


# --- times -------------------------------------------------------------------------------------


def _timely(
    row: Indicator,
    limit: Time,
    comparison: str,
    weight: Fraction,
    scoring: Scoring,
    printer: Printer,
) -> Attainment:
    """Score what was to be done by a time: in time is reached, however early."""
    if STRICT.get(comparison, comparison) == "at_least":
        return _against(row, "是时限")
    said, unit = said_of(row.actual_value, scoring).text, plain_value(row.measure_unit)
    year, words = row.fiscal_year, scoring.words
    remedy = "请写完成的时间，例如“9月30日”"
    if said.startswith(words.date_planned):
        return _refused(row, "actual", "是打算，不是结果", f"{remedy}。")
    if not _same_event(row, said, scoring):
        return _refused(row, "actual", "说的不是年度指标值要求的那件事的时间", f"{remedy}。")
    done = read_time(said, year, words) or read_time(f"{said}{unit}", year, words)
    if done is None and comparison == "qualitative":
        done = read_time(behind_mark(said), year, words)
        if done is None or in_time(limit, done) is not False:
            return _qualitative(row, weight, scoring, printer)
    if done is None:
        return _refused(
            row, "actual", "不是时间，不能与时限比较", f"{remedy}；{_by_level(row, scoring)}。"
        )
    same = is_echo(row.actual_value, row.target_value, words)
    punctual = same or in_time(limit, done)
    if punctual is None:
        why = f"看不出在不在{TABLE_HEADS['target']}“{row.target_value}”的时限以内"
        return _refused(row, "actual", why, "请把两处的时间都写到哪一天，例如“9月30日”。")
    if punctual:
        return Attainment(Fraction(1), weight, "没有超过时限，得满分")
    if isinstance(scoring.quantitative.at_most, Reached):
        return Attainment(Fraction(0), Fraction(0), "晚于时限，不得分")
    by_level = _by_level(row, scoring)
    remedy = f"请改用能算比例的指标，例如按期完成率、“12个月内”一类的期限；{by_level}。"
    why = f"晚于{TABLE_HEADS['target']}“{row.target_value}”，评分办法没有规定逾期怎样扣分"
    return _refused(row, "actual", why, remedy)


def _same_event(row: Indicator, said: str, scoring: Scoring) -> bool:
    """Return whether an actual time is of what the target asks for: not of the beginning."""
    words = scoring.words
    actual, wanted = event_of(said, words), event_of(row.target_value, words)
    if not actual or actual == wanted:
        return True
    if any(word in row.indicator_name for word in words.date_events[actual]):
        return True
    return not wanted and actual != words.date_begins


def _against(row: Indicator, what: str) -> Attainment:
    """Refuse a limit that a sign says is to be exceeded."""
    remedy = f"请把指标性质改为“{COMPARISONS['at_most']}”。"
    return _refused(row, "target", f"{what}，指标性质却是“{row.comparison}”", remedy, "IND-07")


# --- numbers -----------------------------------------------------------------------------------


def _quantitative(
    row: Indicator,
    target_text: str,
    comparison: str,
    weight: Fraction,
    scoring: Scoring,
    printer: Printer,
) -> Attainment:
    words, unit = scoring.words, row.measure_unit
    said = said_of(row.actual_value, scoring)
    nothing = is_none(row, "actual_value", scoring) and comparison != "at_least"
    read = read_numbers(target_text, "0" if nothing else said.text, unit, words)
    if isinstance(read, UnreadValue):
        return _refused(row, read.head, read.why, read.remedy)
    target, actual, shared = read
    if nothing and target.value:
        return _refused(row, "actual", "里没有数", "一件也没有的，请写0。")
    unclear = _unclear(row, said, target, actual, shared, scoring)
    if unclear is not None:
        return unclear
    wider = STRICT.get(comparison, comparison)
    if target.within and wider != "at_most":
        return _against(row, "是不超过的期限或数额")
    asks_any = _asks_anything(comparison, target.value)
    beyond = said.bound in STRICT and said.bound == comparison
    if comparison in STRICT and actual.value == target.value and not asks_any and not beyond:
        return _met_exactly(row, comparison, scoring)
    found = _compared(comparison, target.value, actual.value, weight, scoring, printer)
    bound = STRICT.get(said.bound, said.bound) or ("at_most" if actual.within else "equal")
    far = bound == "at_least" and _limits_above(scoring)
    if bound != "equal" and (far or bound != wider or found.share is None or found.share < 1):
        return _refused(row, "actual", "不是确数", "请写确切的数。")
    for doubt in doubts(target, actual, shared, words):
        meant = {"target": target.value, "actual": actual.value} | {doubt.head: doubt.value}
        other = _compared(comparison, meant["target"], meant["actual"], weight, scoring, printer)
        if other.points != found.points:
            either = f"“{doubt.otherwise}”，或“{doubt.as_written}”"
            why = f"看不出是{doubt.as_written}还是{doubt.otherwise}"
            return _refused(row, doubt.head, why, f"请连单位写明：{either}。", "IND-08")
    if found.share is None or found.share >= 1:
        return found
    return replace(found, gap=_gap(actual.value - target.value, shared or unit, printer))


def _gap(difference: Fraction, unit: str, printer: Printer) -> str:
    """Word by how much a number misses its target."""
    behind = "个百分点" if unit == "%" else unit
    return f"{'差' if difference < 0 else '多'}{printer.trimmed(abs(difference), 6)}{behind}"


def _unclear(
    row: Indicator,
    said: SaidActual,
    target: ReadNumber,
    actual: ReadNumber,
    unit: str,
    scoring: Scoring,
) -> Attainment | None:
    """Refuse two numbers that may not be of one thing, None where they are."""
    words = scoring.words
    if not changed_alike(row, scoring):
        why = f"与年度指标值“{row.target_value}”说的不是同一种变化"
        return _refused(row, "actual", why, "请把两处写成同一种变化，例如都写“增长”。")
    if actual.value < 0 and words.falls in (said.change, change_of(row, scoring)):
        why = "是负数，看不出是下降还是上升"
        return _refused(row, "actual", why, "请写成不带负号的数，例如“下降6%”。")
    if actual.value < 0 < target.value and is_never_negative(row, unit, scoring):
        return _refused(row, "actual", "是负数", "请核对以后写不带负号的数；没有发生的，写0。")
    if names_date(row, scoring) and not unit:
        remedy = "是日期的，请写成“12月31日”；是数的，请填度量单位。"
        return _refused(row, "target", "看不出是日期还是数", remedy)
    (what, size), (share, percent) = measure(unit, words), measure("%", words)
    if said.is_task and what == share and target.value * size != 100 * percent:
        why = f"看不出是指标本身的数，还是完成了年度指标值的{said.text}"
        return _refused(row, "actual", why, "请只写指标本身的数。")
    return None


def _compared(
    comparison: str,
    target: Fraction,
    actual: Fraction,
    weight: Fraction,
    scoring: Scoring,
    printer: Printer,
) -> Attainment:
    anything, comparison = _asks_anything(comparison, target), STRICT.get(comparison, comparison)
    if anything:
        share: Fraction | None = Fraction(actual > 0)
    else:
        nothing = target == 0 and comparison == "at_least"
        share = None if nothing else _share(comparison, target, actual)
    if share is None:
        why = f"年度指标值为{'负' if target else '零'}，不能计算完成比例"
        remedy = f"请换成大于零的数来考核；{_TO_LEVEL}，写完成的程度。"
        return Attainment(None, None, why, remedy=remedy, field="target_value")
    found = _Reach(
        comparison,
        share,
        actual / target if target > 0 else None,
        comparison != "at_least" and actual > target,
        _limits(comparison, share, scoring),
    )
    points, basis = _earned(found, weight, scoring, printer)
    standing = _standing(found, printer)
    reached = Attainment(share, points, basis, standing=standing, limits=found.limits)
    return _outside(_over(reached, found, weight, scoring, printer), found, scoring)


def _limits_above(scoring: Scoring) -> bool:
    """Return whether a number far above its target loses points, so that it has to be known."""
    over = scoring.quantitative.over
    return bool(scoring.quantitative.no_points) or (over is not None and over.policy != "note")


def _asks_anything(comparison: str, target: Fraction) -> bool:
    return comparison == "more_than" and target == 0


def _met_exactly(row: Indicator, comparison: str, scoring: Scoring) -> Attainment:
    """Return what a number earns that is just the one it should be above or below.

    It is not reached, but its share is whole: only a rule without shares says what that earns.
    """
    what = f"实际完成值正好等于年度指标值，而要求是“{shown_target(row, scoring)}”，没有达到"
    if isinstance(getattr(scoring.quantitative, STRICT[comparison]), Reached):
        return Attainment(None, Fraction(0), f"{what}，不得分")
    wider, number = COMPARISONS[STRICT[comparison]], direction_of(row, scoring).text
    own = own_direction(row, scoring)
    if not own:
        remedy = (
            f"请核对指标性质：正好是{number}也算达到的，改为“{wider}”；不算达到的，改为“{wider}”，"
        )
        remedy += f"{TABLE_HEADS['target']}写刚好达到的那个数。"
        why = f"{what}；按完成比例（100%）看不出应得几分"
        return Attainment(None, None, why, remedy=remedy, field="comparison")
    if own != comparison:
        target = f"{TABLE_HEADS['target']}写的是“{plain_value(row.target_value)}”"
        why = f"{target}，指标性质却是“{row.comparison}”，正好等于时看不出算不算达到"
        remedy = "请核对后把两处改成同一个方向。"
        return Attainment(None, None, why, "IND-07", remedy, "comparison")
    return Attainment(
        None,
        None,
        f"{what}；按完成比例（100%）看不出应得几分",
        remedy=f"请把方向改写成“{wider}”：正好是{number}也算达到的，写“{wider}{number}”；"
        f"不算达到的，在“{wider}”后面写刚好达到的那个数。",
        field="target_value",
    )


@dataclass(frozen=True)
class _Reach:
    """How a number stands to its target: ``share`` earns points, ``beyond`` is actual ÷ target."""

    comparison: str
    share: Fraction
    beyond: Fraction | None
    is_above: bool
    """Whether it is above a target that wanted no more."""
    limits: tuple[Fraction, ...]
    """What the share is compared with, wherever it is printed."""

    @property
    def missed(self) -> str:
        """How a missed target is missed."""
        return f"{'超过' if self.is_above else '未达到'}{TABLE_HEADS['target']}"

    @property
    def share_name(self) -> str:
        """What the share of a missed target is."""
        return "年度指标值与实际完成值之比" if self.is_above else "完成比例"


def _limits(comparison: str, share: Fraction, scoring: Scoring) -> tuple[Fraction, ...]:
    rules = scoring.quantitative
    over, out, rule = rules.over, rules.no_points, getattr(rules, comparison)
    return (
        Fraction(1),
        *([Fraction(over.from_)] if over else []),
        *([Fraction(out.below), Fraction(out.above)] if out else []),
        *(limits_of(rule, share) if isinstance(rule, Proportional | Deduct) else ()),
    )


def _standing(found: _Reach, printer: Printer) -> str:
    """Say how far a number is from its target."""
    share, beyond = found.share, found.beyond
    if found.is_above:
        far = "" if beyond is None else printer.rate(beyond - 1, [0])
        return f"{found.missed}{far}"
    if share == 1 and beyond != 1:
        return "达到年度指标值"  # Less was wanted, and less it is.
    missed = f"，{found.missed}" if share < 1 else ""
    return f"完成比例{printer.rate(share, found.limits)}{missed}"


def _earned(
    found: _Reach, weight: Fraction, scoring: Scoring, printer: Printer
) -> tuple[Fraction, str]:
    rule: IndicatorRule = getattr(scoring.quantitative, found.comparison)
    share = found.share
    if share >= 1:
        return weight, "达到年度指标值，得满分"
    if isinstance(rule, Proportional) and share >= rule.full_from:
        most = format_exact_rate(rule.full_from)
        return weight, f"{found.missed}，但{found.share_name}不低于{most}，得满分"
    if isinstance(rule, Proportional | Inverse):
        return weight * share, f"{found.missed}，按{found.share_name}{TABLE_HEADS['points']}"
    if isinstance(rule, Deduct):
        points, off = rule_points(rule, share, weight, printer)
        shown = printer.rate(share, found.limits)
        return points, f"{found.missed}，{found.share_name}{shown}，{off}"
    return Fraction(0), f"{found.missed}，不得分"


def _over(
    reached: Attainment, found: _Reach, weight: Fraction, scoring: Scoring, printer: Printer
) -> Attainment:
    """Apply what the profile says of an indicator far above its target."""
    over, earned, beyond = scoring.quantitative.over, reached.points, found.beyond
    if over is None or beyond is None or earned is None or found.comparison == "at_most":
        return reached
    start = Fraction(over.from_)
    if beyond < start:
        return reached
    if found.comparison not in over.applies_to:
        return replace(reached, basis=f"{reached.basis}（{over.reference}）")
    limit = format_exact_rate(over.from_)
    far = f"完成比例{printer.rate(beyond, found.limits)}，达到{limit}"
    # What is missed by being above has lost points already, and says so first.
    head = f"{reached.basis}；" if found.is_above else ""
    if over.policy == "note":
        return replace(reached, basis=f"{reached.basis}；{far}，应说明目标是否偏低")
    if over.policy == "deduct":
        assert over.points is not None
        off = Fraction(over.points)
        told = f"视为偏离，扣{format_exact(over.points)}分{'，扣完为止' if off > earned else ''}"
        return replace(reached, points=max(earned - off, Fraction(0)), basis=f"{head}{far}，{told}")
    points = max(weight * (1 - (beyond - start)), Fraction(0))
    if points > earned:
        return reached
    return replace(reached, points=points, basis=f"{far}，按超出{limit}的部分扣分")


def _outside(reached: Attainment, found: _Reach, scoring: Scoring) -> Attainment:
    """Take all points from an indicator that the profile says is too far from its target."""
    limits, beyond = scoring.quantitative.no_points, found.beyond
    if limits is None:
        return reached
    if found.comparison != "at_most" and beyond is not None and beyond > limits.above:
        head = f"{found.missed}，" if found.is_above else f"达到{TABLE_HEADS['target']}，但"
        far = f"{head}完成比例高于{format_exact_rate(limits.above)}"
    elif found.share < limits.below:
        far = f"{found.missed}，{found.share_name}低于{format_exact_rate(limits.below)}"
    else:
        return reached
    return replace(reached, points=Fraction(0), basis=f"{far}，不得分")


def deducted(rule: Deduct, value: Fraction) -> Fraction:
    """Return the points off for a value beyond a rule's limit."""
    beyond = value - Fraction(rule.limit)
    steps = (beyond if rule.beyond == "above" else -beyond) / Fraction(rule.step)
    if rule.steps == "whole":
        steps = Fraction(steps // 1)
    return max(steps, Fraction(0)) * Fraction(rule.points)


def rule_points(
    rule: Deduct | Tiers | Proportional,
    value: Fraction,
    weight: Fraction,
    printer: Printer,
) -> tuple[Fraction, str]:
    """Return the points that a ratio earns by a rule, and how: never below 0 or above the weight.

    Source
    ------
    The rules of the scoring profile, such as 每超过一个百分点扣 0.5 分.
    """
    if isinstance(rule, Tiers):
        tier = next(tier for tier in rule.tiers if tier.holds(value))
        told = f"{_tier_text(rule, tier)}的一档为{format_exact(tier.points)}分"
        return min(Fraction(tier.points), weight), told
    if isinstance(rule, Deduct):
        off = deducted(rule, value)
        return max(weight - off, Fraction(0)), _deduction_text(rule, value, weight, off, printer)
    full = format_exact_rate(rule.full_from)
    if value >= rule.full_from:
        return weight, f"达到{full}，得满分"
    if value < 0:
        return Fraction(0), "为负，不得分"
    return value * weight, f"低于{full}，按比率乘以分值计分"


def _deduction_text(
    rule: Deduct, value: Fraction, weight: Fraction, off: Fraction, printer: Printer
) -> str:
    is_above, limit = rule.beyond == "above", format_exact_rate(rule.limit)
    distance = (value - Fraction(rule.limit)) * (1 if is_above else -1)
    if distance <= 0:
        return f"{'不超过' if is_above else '不低于'}{limit}，得满分"
    word, step = "超过" if is_above else "低于", f"{format_exact(rule.step * 100)}个百分点"
    head = f"{word}{limit}"
    is_part = distance % Fraction(rule.step) != 0
    chosen = f"（{rule.steps_reference}）" if is_part and off < weight else ""
    if not off:
        each = f"每满{step}才扣{format_exact(rule.points)}分"
        return f"{head}，但相差不到{step}，{each}，得满分{chosen}"
    each = "每满" if rule.steps == "whole" else "每超过" if is_above else "每低"
    shown = printer.points(off, [0, weight])
    told = f"应扣{shown}分，扣完为止" if off > weight else f"共扣{shown}分"
    return f"{head}，{each}{step}扣{format_exact(rule.points)}分，{told}{chosen}"


def _tier_text(rule: Tiers, tier: Tier) -> str:
    """Say between which limits a tier lies; whether a limit itself is in is in the words."""
    below = rule.tiers[rule.tiers.index(tier) - 1] if tier != rule.tiers[0] else None
    told = []
    if below is not None and below.limit is not None:
        word = "超过" if below.up_to is not None else "不低于"
        told.append(f"{word}{format_exact_rate(below.limit)}")
    if tier.limit is not None:
        word = "不超过" if tier.up_to is not None else "低于"
        told.append(f"{word}{format_exact_rate(tier.limit)}")
    return "、".join(told)


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


def _qualitative(
    row: Indicator, weight: Fraction, scoring: Scoring, printer: Printer
) -> Attainment:
    said, wanted = row.actual_value, row.target_value
    levels, words = scoring.qualitative.levels, scoring.words
    name, at = level_at(said, [level.names for level in levels], words)
    names = "、".join(f"“{level.names[0]}”" for level in levels)
    remedy = f"请以{names}之一开头，要说明的写在冒号后面。"
    if at < 0:
        told = ""
        if is_echo(said, wanted, words):
            told = f"与{TABLE_HEADS['target']}相同，即"
        elif choice_in(wanted, words) == plain_value(said):
            told = f"是“{wanted}”里最好的一档，即"
        if told:
            return _of_level(row, weight, levels[0], levels[0].names[0], printer, told)
        return _incomparable(row, scoring, remedy) or _refused(
            row, "actual", f"不是评分办法的等次（{names}）", remedy
        )
    # Only the best level can be taken back by what follows: behind others that explains them.
    lower = tuple(n for level in levels[1:] for n in level.names) if at == 0 else ()
    back = goes_on(said, name, lower, words)
    if back:
        remedy += "" if at else f"没有全部做到的，不写“{name}”。"
        return _refused(row, "actual", f"不是“{name}”：后面又写了“{back}”", remedy)
    reached = _of_level(row, weight, levels[at], name, printer)
    return replace(reached, is_best_level=at == 0)


def _incomparable(row: Indicator, scoring: Scoring, to_level: str) -> Attainment | None:
    """Refuse a target that a time or a number cannot be held against, if the row has one."""
    words, done = scoring.words, said_of(row.actual_value, scoring).text
    target = read_number(row.target_value, "target", words)
    if read_time(done, row.fiscal_year, words) is not None:
        remedy = f"请写一个期限，例如“12月底前”；{_by_level(row, scoring)}。"
        return _refused(row, "target", "不是一个期限，不能与完成的时间比较", remedy)
    if isinstance(target, UnreadValue) and isinstance(
        read_number(done, "actual", words), ReadNumber
    ):
        remedy = target.remedy
        if not any(map(str.isdigit, plain_value(row.target_value))):
            remedy = f"请写数；按程度评的，{TABLE_HEADS['actual']}{to_level.removeprefix('请')}"
        return _refused(row, "target", target.why, remedy)
    return None


def _of_level(
    row: Indicator, weight: Fraction, level: Level, name: str, printer: Printer, told: str = ""
) -> Attainment:
    """Return the points within a level: the unit's own, or else those that the profile gives."""
    band = f"{told}{name}（{printer.percent(level.lowest)}—{printer.percent(level.highest)}档）"
    if row.self_score is not None and weight:
        # The unit gave it within the weight it typed, if any.
        share = Fraction(row.self_score) / Fraction(row.weight or weight)
        if Fraction(level.lowest) <= share <= Fraction(level.highest):
            given = printer.percent(share, [level.lowest, level.highest])
            basis = f"{band}，自评得分在该档之内，按{given}给分"
            return Attainment(share, share * weight, basis)
    share = Fraction(level.given)
    return Attainment(share, weight * share, f"{band}，按{printer.percent(share)}给分")
