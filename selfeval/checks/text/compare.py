"""Statements against the tables, against each other, and against what follows from them.

A statement nobody can be sure of is told as not compared, with the reason, and never a finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from ...evaluation import Evaluation
from ...money import FEN_PER
from ...sheets import Place
from ...text.numbers import (
    Computed,
    Printed,
    best,
    change,
    computed,
    growth,
    growth_of,
    outcome_of,
    share,
)
from ...text.statements import Judged, Outcome, Statement, Subject
from ...text.tokens import Number
from . import counts, reached
from .facts import Fact, Facts

BUDGETS = ("initial_budget", "adjusted_budget")
_DOUBTS = {
    "unknown": "名称前后有别的字，不能确定说的是哪一笔",
    "blocked": "说的不是全年的数，或者是计划、要求",
    "several": "提到几个名称，不能确定是哪一个的",
    "unnamed": "没有说是什么的数，或者表格里没有这个名称",
    "aside": "说的是原因或用途",
    "carried": "承前省略了名称，不能确定是哪一个的",
    "part": "说的是其中一部分用途",
}


@dataclass(frozen=True, slots=True)
class _Known:
    """A number something may be computed from: of the text or of the tables."""

    number: Printed
    shown: str
    phase: tuple[str, ...]
    year: int | None
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to compute what is stated; ``found`` is None where it cannot be divided."""

    found: Computed | None
    shown: str
    places: tuple[Place, ...] = ()


class Comparison:
    """Compares the statements of one unit's text."""

    def __init__(self, case: Evaluation, facts: Facts) -> None:
        """Keep the unit and what its tables know."""
        self.case, self.facts, self.year = case, facts, case.unit.year

    def judged(self, statements: Sequence[Statement]) -> list[Judged]:
        """Return every statement with what came of it, in their order."""
        return [replace(one, key=self._key(one)) for one in map(self._one, statements)]

    def _key(self, judged: Judged) -> str:
        """Return the one quantity of the budget lines that a number surely is, "" if none."""
        said = judged.said
        number = said.number
        if judged.key or judged.outcome != "pass" or not number or number.is_hedged or said.doubt:
            return judged.key
        keys = {
            key
            for key in self._named(said)
            if (found := self.case.quantities.get(key)) is not None
            and found.value is not None
            and abs(found.value - number.value) <= number.half
        }
        return keys.pop() if len(keys) == 1 else ""

    def _named(self, said: Statement) -> Iterator[str]:
        """Yield the quantities that a statement of one line's level, rate or share may mean."""
        year, own = said.year or self.year, [*said.subjects]
        if said.measure == "level":
            # Where no phase is told, money spent is meant: another number that is equal is not.
            told = said.phases or ("executed",)
            yield from (fact.key for fact in self.facts.of(own, told, year) if fact.key)
        if year != self.year or said.measure not in {"rate", "share"}:
            return
        budgets = set(said.phases) & set(BUDGETS) or set(BUDGETS)
        whole = said.whole or next(iter(said.of.subjects if said.of else ()), None)
        phases = said.phases or (said.of.phases if said.of else ())
        for line in (key for key, subject in self.facts.lines.items() if [subject] == own):
            if said.measure == "share":
                if phases == ("initial_budget",) and whole == Subject("expenditure"):
                    yield f"{line}.share"
                continue
            if "adjusted_budget" in budgets:
                yield f"{line}.execution_rate"
            if "initial_budget" in budgets:
                yield f"{line}.initial_rate"

    def _one(self, said: Statement) -> Judged:
        if said.measure == "other":
            for judge in (counts.judged, reached.judged):
                if told := judge(self.case, said):
                    return told
            return _unchecked(said, _DOUBTS.get(said.doubt) or "没有可以核对的数")
        if said.measure == "level":
            return self._level(said)
        if said.measure == "change":
            return self._change(said)
        if said.measure == "rate":
            return self._rate(said)
        if said.measure == "share":
            return self._share(said)
        return self._claim(said)

    # --- levels ------------------------------------------------------------------------------

    def _level(self, said: Statement) -> Judged:
        number = said.number
        assert number
        if said.doubt:
            return _unchecked(said, _DOUBTS[said.doubt])
        facts = self.facts.of(said.subjects, said.phases, said.year or self.year)
        if not facts:
            return _unchecked(said, "表格里没有这个数")
        outcome = best_of(number, facts)
        if outcome == "pass":
            facts = [fact for fact in facts if best_of(number, [fact]) == outcome]
        shown = "、".join(dict.fromkeys(fact.shown for fact in facts[:4]))
        places = tuple(dict.fromkeys(place for fact in facts[:4] for place in fact.places))
        code = "TEXT-03"
        if outcome == "fail":
            slipped = next((fact for fact in facts if _in_other_unit(number, fact)), None)
            if slipped:
                code, shown, places = "TEXT-12", slipped.shown, slipped.places
        return Judged(
            said=said, outcome=outcome, code=code, shown=shown, expected=shown, places=places
        )

    # --- what is known of now and before -----------------------------------------------------

    def _told(self, said: Statement, year: int | None, phases: Sequence[str]) -> Iterator[_Known]:
        """Yield the levels told before it of the same subject, year and phases."""
        for one in said.now:
            if one.number is None or one.number.is_hedged or one.subjects != said.subjects:
                continue
            if one.doubt not in {"", "unnamed", "unknown"}:
                continue
            if (one.year or self.year) != (year or self.year):
                continue
            if phases and one.phases and not set(phases) & set(one.phases):
                continue
            text = one.paragraph.quote(one.start, one.end)
            yield _Known(_printed(one.number), f"文中{text}", one.phases, one.year)

    def _in_tables(
        self, said: Statement, year: int | None, phases: Sequence[str]
    ) -> Iterator[_Known]:
        if said.doubt or not said.subjects:
            return
        for fact in self.facts.of(said.subjects, phases, year or self.year):
            number = Printed(fact.value, fact.half)
            yield _Known(number, f"表中{fact.shown}", (fact.phase,), fact.year, fact.places)

    def _pairs(self, said: Statement) -> list[tuple[_Known, _Known]]:
        """Return what is now and what it is compared with, in each way to read it."""
        base = said.base
        year = said.year or self.year
        if base is None:
            return []
        if base.year is None and base.phases and set(base.phases) <= {*BUDGETS, "executed"}:
            now_phases: tuple[str, ...] = ("executed",)
            before_year: int | None = year
        else:
            now_phases = said.phases
            before_year = base.year
        if before_year == year and not (base.phases and set(base.phases) != set(now_phases)):
            return []
        if base.amount is not None and base.amount.number:
            before = [_Known(_printed(base.amount.number), "文中的数", base.phases, base.year)]
        else:
            before = [
                *self._told(said, before_year, base.phases),
                *self._in_tables(said, before_year, base.phases),
            ]
        now = [*self._told(said, year, now_phases), *self._in_tables(said, year, now_phases)]
        return [
            (one, other)
            for one in now
            for other in before
            if one != other and _comparable(one, other, base.year is None)
        ]

    # --- changes -----------------------------------------------------------------------------

    def _change(self, said: Statement) -> Judged:
        number = said.number
        assert number
        if number.is_hedged:
            return _unchecked(said, "只说了大约")
        if said.doubt and said.doubt not in {"unnamed", "carried"}:
            return _unchecked(said, _DOUBTS[said.doubt])
        formula = change if number.kind == "money" else growth
        readings = [
            _Reading(
                computed(formula, one.number, other.number),
                f"{one.shown}、{other.shown}",
                (*one.places, *other.places),
            )
            for one, other in self._pairs(said)
        ]
        readings += self._from_change(said)
        if not readings:
            return _unchecked(said, "没有比较的另一个数")
        return self._computed(said, readings, "TEXT-08", _signed(said))

    def _from_change(self, said: Statement) -> list[_Reading]:
        """Return rates that follow from the change told just before: 增加5万元，增长10%."""
        told = said.after
        if told is None or told.number is None or told.number.is_hedged:
            return []
        year, sign = said.year or self.year, -1 if told.direction == -1 else 1
        moved = _printed(told.number)
        now = [*self._told(said, year, said.phases), *self._in_tables(said, year, said.phases)]
        text = told.paragraph.quote(told.start, told.end)
        return [
            _Reading(computed(growth_of(sign), one.number, moved), f"{one.shown}、文中{text}")
            for one in now
        ]

    def _rate(self, said: Statement) -> Judged:
        number = said.number
        assert number
        if number.is_hedged:
            return _unchecked(said, "只说了大约")
        if said.doubt and said.doubt not in {"carried"}:
            return _unchecked(said, _DOUBTS[said.doubt])
        wanted = tuple(phase for phase in said.phases if phase in BUDGETS) or BUDGETS
        year = said.year or self.year
        executed = [
            *self._told(said, year, ("executed",)),
            *self._in_tables(said, year, ("executed",)),
        ]
        budgets = [*self._told(said, year, wanted), *self._in_tables(said, year, wanted)]
        readings = [
            _Reading(
                computed(share, one.number, other.number),
                f"{other.shown}、{one.shown}",
                (*other.places, *one.places),
            )
            for one in executed
            for other in budgets
            if set(one.phase) == {"executed"}
            and other.phase
            and set(other.phase) <= {*BUDGETS, "stated_budget"}
        ]
        if not readings:
            return _unchecked(said, "没有预算或者支出的数")
        return self._computed(said, readings, "TEXT-09", _printed(number))

    def _share(self, said: Statement) -> Judged:
        number = said.number
        assert number
        if number.is_hedged:
            return _unchecked(said, "只说了大约")
        parts = [*self._told(said, said.year, said.phases)][:1] or [
            *self._in_tables(said, said.year, said.phases)
        ]
        wholes = self._wholes(said)
        readings = [
            _Reading(
                computed(share, one.number, other.number),
                f"{one.shown}、{other.shown}",
                (*one.places, *other.places),
            )
            for one in parts
            for other in wholes
            if not (one.phase and other.phase) or set(one.phase) & set(other.phase)
        ]
        if not readings:
            return _unchecked(said, "不能确定占的是什么的比重")
        return self._computed(said, readings, "TEXT-10", _printed(number))

    def _wholes(self, said: Statement) -> list[_Known]:
        if said.whole is not None:
            like = replace(said, subjects=(said.whole,), doubt="")
            return [
                *self._told(like, said.year, ()),
                *self._in_tables(like, said.year, ()),
            ]
        if said.of is not None and said.of.number:
            text = said.of.paragraph.quote(said.of.start, said.of.end)
            return [_Known(_printed(said.of.number), f"文中{text}", said.of.phases, said.of.year)]
        return []

    def _claim(self, said: Statement) -> Judged:
        if said.doubt:
            return _unchecked(said, _DOUBTS[said.doubt])
        if said.unsigned:
            return _unchecked(said, "没有说增加还是减少")
        pairs = self._pairs(said)
        if not pairs:
            return _unchecked(said, "没有比较的另一个数")
        if any(self._holds(said, one, other) for one, other in pairs):
            return Judged(said=said, outcome="pass", code="TEXT-07")
        one, other = pairs[0]
        return Judged(
            said=said,
            outcome="fail",
            code="TEXT-07" if said.base and said.base.year is None else "TEXT-08",
            shown=f"{other.shown}、{one.shown}",
            expected=f"{other.shown}、{one.shown}",
            places=(*other.places, *one.places),
        )

    def _holds(self, said: Statement, one: _Known, other: _Known) -> bool:
        excess = one.number.value - other.number.value
        room = one.number.half + other.number.half
        if said.verb == "not_above":
            return excess <= room
        way = {"above": 1, "below": -1}.get(said.verb, said.direction)
        if way:
            return excess * way > 0
        limit = Fraction(self.case.threshold("level_difference")) * abs(other.number.value)
        return abs(excess) <= max(room, limit)

    def _computed(
        self, said: Statement, readings: Sequence[_Reading], code: str, stated: Printed
    ) -> Judged:
        known = [(reading, reading.found) for reading in readings if reading.found]
        first = readings[0]
        if not known:
            outcome: Outcome = "fail" if stated.value else "pass"
            return Judged(
                said=said,
                outcome=outcome,
                code=code,
                shown=first.shown,
                places=first.places,
                expected="不可计算",
            )
        if said.unsigned:
            known = [(reading, _absolute(found)) for reading, found in known]
        outcome = best([outcome_of(stated, found) for _, found in known])
        reading, found = known[0]
        return Judged(
            said=said,
            outcome=outcome,
            code=code,
            shown=reading.shown,
            expected=self._worded(said, found),
            places=reading.places,
        )

    def _worded(self, said: Statement, found: Computed) -> str:
        number = said.number
        assert number
        money = number.kind == "money"
        value = abs(found.value) if said.measure == "change" else found.value
        shown = self.case.printer.money(value, [0]) if money else self.case.as_printed(value)
        if said.measure != "change":
            return shown
        return f"{'增加' if found.value > 0 else '减少'}{shown}" if found.value else "没有增减"


def _absolute(found: Computed) -> Computed:
    if found.low is None or found.high is None or found.value >= 0:
        return found
    return Computed(-found.value, -found.high, -found.low)


def _signed(said: Statement) -> Printed:
    number = said.number
    assert number
    sign = -1 if said.direction == -1 and not said.unsigned else 1
    return Printed(sign * number.value, number.half)


def _printed(number: Number) -> Printed:
    return Printed(number.value, number.half)


def _comparable(one: _Known, other: _Known, of_budget: bool) -> bool:
    """Return whether two numbers may be set against each other."""
    if of_budget:
        return bool(one.phase) and "executed" in one.phase and other.phase != one.phase
    return True


def best_of(number: Number, facts: Iterable[Fact]) -> Outcome:
    """Return how a number agrees with the best of what may be meant."""
    outcomes: list[Literal["pass", "rounding", "fail"]] = []
    for fact in facts:
        if number.low is not None and number.high is not None:
            inside = number.low - number.half <= fact.value <= number.high + number.half
            outcomes.append("pass" if inside else "fail")
            continue
        found = Computed(fact.value, fact.value - fact.half, fact.value + fact.half)
        outcomes.append(outcome_of(_printed(number), found))
    return best(outcomes)


def _in_other_unit(number: Number, fact: Fact) -> bool:
    own = FEN_PER.get(number.unit)
    return own is not None and any(
        abs(number.value / own * per - fact.value) <= number.half / own * per
        for per in FEN_PER.values()
        if per != own and number.value
    )


def _unchecked(said: Statement, why: str) -> Judged:
    return Judged(said=said, outcome="unchecked", why=why)
