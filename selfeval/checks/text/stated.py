"""Budget and spending beside what a sentence says of them: stated in the text, or in the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ...budget.quantities import missing_reason
from ...sheets import Place
from ...terms import PHASES
from ...text.numbers import Printed, money
from ...text.paragraphs import OPAQUE, Paragraph, one_of
from .amounts import phases_said
from .comparisons import LEVELS, SaidAmount, Speech, amounts_said, names_level, year_of

_ENDS = re.compile(r"[。;!?]")
_UNITS_BACK = 3


@dataclass(frozen=True)
class StatedNumber:
    """A number and how a finding names it."""

    phases: tuple[str, ...]
    number: Printed
    shown: str


@dataclass(frozen=True)
class Budgeted:
    """What is known of one subject: its budgets, its spending, or why there are none."""

    item: str
    budgets: tuple[StatedNumber, ...]
    executed: StatedNumber | None
    places: tuple[Place, ...] = ()
    line: str = ""
    missing: str = ""

    def of(self, phases: tuple[str, ...]) -> list[StatedNumber]:
        """Return the budgets that may be of one of these levels."""
        return [figure for figure in self.budgets if set(figure.phases) & set(phases)]

    def shown(self, phases: tuple[str, ...]) -> str:
        """Return these budgets and the spending, and where they stand, for a message."""
        figures = [*self.of(phases), *([self.executed] if self.executed else [])]
        where = f"表中{self.item}" if self.item else "同处"
        return where + "、".join(figure.shown for figure in figures)


def budgeted(
    speaking: Speech, paragraph: Paragraph, at: int, phases: tuple[str, ...]
) -> Budgeted | None:
    """Return budget and spending of what a position speaks of; None where that is not certain.

    ``phases`` are the levels of the budget that are asked for.
    """
    before = paragraph.text[paragraph.sentence(at)[0] : at]
    other = (*speaking.case.words("part_of_year"), *speaking.case.words("normative"))
    if any(word in before for word in other):
        return None
    return _in_text(speaking, paragraph, at) or _in_tables(speaking, paragraph, at, phases)


def _in_text(speaking: Speech, paragraph: Paragraph, at: int) -> Budgeted | None:
    span = _span_of_amounts(speaking, paragraph, at)
    if span is None:
        return None
    said = [one for one in amounts_said(paragraph, *span) if _is_this_years(speaking, one)]
    budgets = [one for one in said if one.phases and set(one.phases) <= set(LEVELS)]
    executed = [one for one in said if one.phases == ("executed",)]
    if not budgets or len(executed) != 1:
        return None
    if len({one.phases for one in budgets}) < len(budgets):
        return None
    # The first may carry the name; a later one with a name of its own is of something else.
    _, *later = sorted([*budgets, *executed], key=lambda one: one.start)
    if not all(speaking.is_linking(one.label) for one in later):
        return None
    figures = [StatedNumber(one.phases, money(one.text), f"预算{one.text}") for one in budgets]
    spent = StatedNumber(("executed",), money(executed[0].text), f"支出{executed[0].text}")
    return Budgeted("", tuple(figures), spent)


def _span_of_amounts(speaking: Speech, paragraph: Paragraph, at: int) -> tuple[int, int] | None:
    """Return where the amounts stand that a position refers to: before it, or further back."""
    start, text = paragraph.unit(at)[0], paragraph.text
    inner = [
        m.end() for m in re.finditer(one_of(speaking.case.words("parts_follow")), text[start:at])
    ]
    start += max(inner, default=0)
    own = amounts_said(paragraph, start, at)
    last = own[-1].end if own else start
    if not speaking.is_aside(text[last:at]) or (inner and not own):
        return None
    spans = [(start, at)] if own else paragraph.units_before(at, _UNITS_BACK)
    respectively = one_of(speaking.case.words("respectively"))
    for first, end in spans:
        if amounts_said(paragraph, first, end):
            unclear = OPAQUE in text[first:end] or re.search(respectively, text[first:end])
            return None if unclear else (first, end)
        if not speaking.is_aside(_ENDS.sub("", text[first:end])):
            return None
    return None


def _is_this_years(speaking: Speech, said: SaidAmount) -> bool:
    year = year_of(speaking.case, said.label)
    return year in {None, speaking.case.unit.year} and names_level(speaking.case, said.label)


def _in_tables(
    speaking: Speech, paragraph: Paragraph, at: int, phases: tuple[str, ...]
) -> Budgeted | None:
    spoken = speaking.line(paragraph, at)
    if spoken is None:
        return None
    line, pieces = spoken
    if phases_said("".join(pieces)) not in {(), ("executed",)}:
        return None
    case = speaking.case
    known = [phase for phase in (*phases, "executed") if case.fen(line, phase) is not None]
    gaps = [phase for phase in (*phases, "executed") if phase not in known]
    figures = {figure.phases[0]: figure for figure in _figures(speaking, line, known)}
    executed = figures.pop("executed", None)
    enough = executed is not None and figures
    missing = "" if enough else missing_reason(case.lines, line, gaps[-1])
    places = case.places(line, *known)
    return Budgeted(case.name(line), tuple(figures.values()), executed, places, line, missing)


def _figures(speaking: Speech, line: str, phases: list[str]) -> Iterator[StatedNumber]:
    for phase in phases:
        fen = speaking.case.fen(line, phase)
        assert fen is not None
        shown = f"{PHASES[phase]}{speaking.case.printer.money(fen)}"
        yield StatedNumber((phase,), Printed(Fraction(fen)), shown)
