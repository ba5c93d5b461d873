"""An indicator's target and actual value against what a text says of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from ...evaluation import Evaluation
from ...indicators.directions import (
    STRICT,
    comparison_of,
    direction_of,
    number_of,
    shown_target,
)
from ...indicators.readings import ReadNumber, factor_of, read_number, unit_of, with_unit
from ...money import FEN_PER
from ...schemes.readings import ValueWords
from ...schemes.scoring import Scoring
from ...tables.rows import Indicator
from ...terms import TABLE_HEADS
from ...text.numbers import Judgement, Printed, as_written, best, exactly, outcome_of
from ...text.performance import Told, Way
from ...text.slips import digits_of
from ...text.statements import Outcome
from ...text.tokens import Written

_FAR = 100


def measured(row: Indicator, scoring: Scoring) -> Measured:
    """Return the numbers of an indicator, as far as its cells hold any."""
    words = scoring.words
    adjusted = replace(row, target_value=row.adjusted_target)
    targets = (number_of(own, "target_value", scoring) for own in (row, adjusted))
    unit = unit_of(row.measure_unit, words)
    if not unit:
        read = read_number(direction_of(row, scoring).text, "target", words)
        unit = read.unit if isinstance(read, ReadNumber) else ""
    way = comparison_of(row, scoring)
    reached = with_unit(row.actual_value, row.measure_unit, words)
    told = f"，{TABLE_HEADS['actual']}{reached}" if reached else ""
    return Measured(
        row,
        tuple(one for one in targets if one is not None),
        number_of(row, "actual_value", scoring),
        STRICT.get(way, way),
        unit,
        f"“{row.indicator_name}”的{TABLE_HEADS['target']}{shown_target(row, scoring)}{told}",
        words,
    )


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator's numbers in its unit: the targets it ever had and what was reached."""

    row: Indicator
    targets: tuple[Fraction, ...]
    actual: Fraction | None
    comparison: str
    unit: str
    shown: str
    words: ValueWords

    @property
    def target(self) -> Fraction | None:
        """The target, None where it is no number."""
        return self.targets[0] if self.targets else None

    @property
    def stated(self) -> Printed | None:
        """What was reached, as far as it is exact; None where it is no number."""
        if self.actual is None:
            return None
        decimals = len(as_written(self.actual).partition(".")[2])
        return Printed(self.actual, Fraction(1, 2 * 10**decimals))

    def is_of(self, number: Written | None) -> bool:
        """Return whether a number may be one of the indicator, by its unit."""
        if number is None or number.kind in {"points", "percent"}:
            return True
        if number.kind == "bare" and not number.unit:
            return True
        return self._scale(number) is not None

    def _scale(self, number: Written) -> Fraction | None:
        """Return what one of a number is in the indicator's unit, None if it is of another."""
        unit, words = self.unit, self.words
        if number.kind == "percent":
            factor = factor_of("%", unit, words) if unit else None
            return None if factor is None else factor * 100
        if number.kind == "money":
            per = FEN_PER.get(unit.partition("/")[0])
            return None if per is None else Fraction(1, per)
        if number.kind == "count":
            return factor_of(number.unit, unit, words) if unit else None
        if number.kind != "bare":
            return None
        if not unit:
            return None if number.unit else Fraction(1)
        # 30.56万 of a name that says 人次 itself.
        counted = unit.lstrip("万亿")
        is_counted = bool(number.unit) and counted in words.counters
        return factor_of(counted, unit, words) if is_counted else None

    def _printed(self, number: Written) -> Printed | None:
        scale = self._scale(number)
        return None if scale is None else Printed(number.value * scale, number.half * scale)

    def outcome(self, told: Told, number: Written | None) -> Outcome | None:
        """Return what came of a number or claim, None where there is nothing to compare."""
        if number is None:
            return self._claim(told.way, self.target)
        printed = self._printed(number)
        if told.kind == "actual" and number.kind == "percent" and printed is None:
            told = replace(told, kind="completion")
        if printed is None and number.kind == "bare":
            printed = Printed(number.value, number.half)
        if told.kind in {"goal", "duty"}:
            return self._goal(told, printed)
        if self.actual is None:
            return None
        if told.kind == "actual":
            return self._reached(told, number, printed)
        readings = list(self._derived(told, number, printed))
        if not readings:
            return None
        if told.loose and told.way and printed and printed.value in self.targets:
            return self._claim(told.way, self.target)
        outcomes = [_judged(number, one, found) for one, found in readings]
        outcome = best(outcomes)
        if outcome == "fail" and told.kind == "completion" and self.comparison != "at_least":
            return "unchecked"
        # 低于目标值7%, of a rate: hardly by 7 % of the target.
        is_rate = told.loose and number.kind == "percent" and self.unit == "%"
        if is_rate and outcome != "fail" and set(outcomes[:-1]) == {"fail"}:
            return "unchecked"
        return outcome

    def has(self, number: Written) -> bool:
        """Return whether a number is just what was reached or aimed at."""
        scale = self._scale(number) if self.is_of(number) else None
        own = (self.actual, *self.targets)
        return scale is not None and any(one == number.value * scale for one in own)

    def nearness(self, told: Told, number: Written) -> int:
        """Return how much a number looks like a slip of the pen off what is known, 0 if not.

        The more digits are right the less it is by chance.
        """
        scale, actual, target = self._scale(number), self.actual, self.target
        if actual is None or not target:
            return 0
        if told.kind == "completion":
            known, scale = [actual / target], Fraction(1)
        elif told.kind in {"distance", "beyond"}:
            known = [actual - target, actual]
            scale = Fraction(100) if number.kind == "points" else scale
        else:
            known = [*self.targets] if told.kind in {"goal", "duty"} else [actual]
            own = digits_of(number, number.value).lstrip("0")
            worth = number.value * (scale or 1)
            if own in map(_written, known) and (scale != 1 or worth > _FAR * known[0]):
                return len(own) + 1
        return max(nearness(number, one / (scale or 1)) for one in known)

    def derived(self, told: Told, case: Evaluation) -> str:
        """Say what follows from target and actual value where a number is compared with that."""
        if not self.target or self.actual is None:
            return ""
        if told.kind == "completion":
            return f"，完成率{case.as_printed(self.actual / self.target)}"
        if told.kind in {"distance", "beyond"}:
            unit = "个百分点" if self.unit == "%" else self.unit
            return f"，相差{case.printer.trimmed(abs(self.actual - self.target))}{unit}"
        return ""

    def _goal(self, told: Told, printed: Printed | None) -> Outcome | None:
        if printed is None or not self.targets:
            return None
        outcome = best([outcome_of(printed, exactly(one)) for one in self.targets])
        if self._claim(told.way, printed.value) == "fail":
            return "fail"
        if outcome == "fail":
            return "unchecked" if told.kind == "duty" else "fail"
        return "fail" if self._claim(told.way, self.target) == "fail" else outcome

    def _claim(self, way: Way, target: Fraction | None) -> Outcome | None:
        if target is None or self.actual is None or not way:
            return None
        over, under = self.actual > target, self.actual < target
        beyond = under if self.comparison == "at_most" else over
        met = beyond or self.actual == target
        holds = {"over": over, "under": under, "not_over": not over, "not_under": not under}
        holds |= {"better": beyond, "met": met, "unmet": not met}
        return "pass" if holds[way] else "fail"

    def _reached(self, told: Told, number: Written, printed: Printed | None) -> Outcome | None:
        if self.actual is None:
            return None
        if number.kind == "points":
            return "fail" if number.value * 100 == self.actual and self.unit == "%" else None
        if printed is None:
            return None
        if told.way == "unmet":
            return self._claim("unmet", printed.value)
        if number.low is None or number.high is None:
            return outcome_of(printed, exactly(self.actual))
        scale = self._scale(number) or Fraction(1)
        if number.low * scale <= self.actual <= number.high * scale:
            return "pass"
        # 不低于90% may be the target as well.
        return "unchecked" if not told.way and printed.value in self.targets else "fail"

    def _derived(
        self, told: Told, number: Written, printed: Printed | None
    ) -> Iterator[tuple[Printed, Fraction]]:
        """Yield a number as printed and what it should be, in each way to read it."""
        if self.actual is None or not self.target:
            return
        stated, apart = Printed(number.value, number.half), self.actual - self.target
        if told.kind == "completion":
            yield stated, self.actual / self.target
            if told.loose and printed is not None:
                yield printed, self.target
            # What is done beyond the target may be left out of a rate.
            if self.actual >= self.target and number.value == 1:
                yield stated, Fraction(1)
            return
        sign = told.sign or (1 if apart > 0 else -1)
        if printed is not None:
            yield Printed(sign * printed.value, printed.half), apart
            if told.loose:
                yield printed, self.target
            if told.kind == "beyond":
                yield printed, self.actual
        if number.kind == "points" and self.unit == "%":
            yield Printed(sign * number.value * 100, number.half * 100), apart
        elif number.kind == "percent":
            yield Printed(sign * number.value, number.half), apart / self.target


def _judged(number: Written, one: Printed, found: Fraction) -> Judgement:
    """Judge a number, as it reads in another unit or direction, with what its hedge leaves open."""
    if number.low is None or number.high is None or not number.value:
        return outcome_of(one, exactly(found))
    scale = one.value / number.value
    low, high = sorted((number.low * scale, number.high * scale))
    return "pass" if low - one.half <= found <= high + one.half else "fail"


def _written(value: Fraction) -> str:
    """Return the digits of a number of a table, without the zeros before them."""
    return as_written(value).replace(".", "").lstrip("0")


def nearness(number: Written, value: Fraction) -> int:
    """Return how many digits tell that a number is a slip of the pen, 0 if it is none.

    Rates lie so near to each other that another digit may be another rate.
    """
    own, right = digits_of(number, number.value), digits_of(number, value)
    if len(own) != len(right) or own == right:
        return 0
    length = max(len(own.rstrip("0")), len(right.rstrip("0")))
    if sorted(own) == sorted(right):
        return length
    is_one = sum(a != b for a, b in zip(own, right, strict=True)) == 1
    return max(length - 1 - (number.kind == "percent"), 0) if is_one else 0
