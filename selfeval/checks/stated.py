"""Budget and spending beside what a sentence says of them: stated in the text, or in the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ..budget import missing_reason
from ..sheets import Place
from ..terms import PHASES
from .amounts import phases_said
from .comparisons import LEVELS, Said, Speech, amounts_said, year_of
from .figures import Printed, money
from .prose import OPAQUE, Paragraph, one_of

_ENDS = re.compile(r"[。;!?]")
_UNITS_BACK = 3


@dataclass(frozen=True)
class Figure:
    """A number and how a finding names it."""

    phases: tuple[str, ...]
    number: Printed
    shown: str


@dataclass(frozen=True)
class Budgeted:
    """What is known of one subject: its budgets, its spending, or why there are none."""

    item: str
    budgets: tuple[Figure, ...]
    executed: Figure | None
    places: tuple[Place, ...] = ()
    line: str = ""
    missing: str = ""

    def of(self, phases: tuple[str, ...]) -> list[Figure]:
        """Return the budgets that may be of one of these levels."""
        return [figure for figure in self.budgets if set(figure.phases) & set(phases)]


def budgeted(
    speech: Speech, paragraph: Paragraph, at: int, phases: tuple[str, ...]
) -> Budgeted | None:
    """Return budget and spending of what a position speaks of; None where that is not certain.

    ``phases`` are the levels of the budget that are asked for.
    """
    before = paragraph.text[paragraph.sentence(at)[0] : at]
    other = (*speech.case.words("part_of_year"), *speech.case.words("normative"))
    if any(word in before for word in other):
        return None
    return _in_text(speech, paragraph, at) or _in_tables(speech, paragraph, at, phases)


def _in_text(speech: Speech, paragraph: Paragraph, at: int) -> Budgeted | None:
    span = _span_of_amounts(speech, paragraph, at)
    if span is None:
        return None
    said = [one for one in amounts_said(paragraph, *span) if _is_this_years(speech, one)]
    budgets = [one for one in said if one.phases and set(one.phases) <= set(LEVELS)]
    executed = [one for one in said if one.phases == ("executed",)]
    if not budgets or len(executed) != 1:
        return None
    if len({one.phases for one in budgets}) < len(budgets):
        return None
    # The first may carry the name; a later one with a name of its own is of something else.
    _, *later = sorted([*budgets, *executed], key=lambda one: one.start)
    if not all(speech.is_linking(one.label) for one in later):
        return None
    figures = [Figure(one.phases, money(one.text), one.text) for one in [*budgets, *executed]]
    return Budgeted("", tuple(figures[:-1]), figures[-1])


def _span_of_amounts(speech: Speech, paragraph: Paragraph, at: int) -> tuple[int, int] | None:
    """Return where the amounts stand that a position refers to: before it, or further back."""
    start, text = paragraph.unit(at)[0], paragraph.text
    inner = [
        m.end() for m in re.finditer(one_of(speech.case.words("parts_follow")), text[start:at])
    ]
    start += max(inner, default=0)
    own = amounts_said(paragraph, start, at)
    last = own[-1].end if own else start
    if not speech.is_aside(text[last:at]) or (inner and not own):
        return None
    spans = [(start, at)] if own else paragraph.units_before(at)[:_UNITS_BACK]
    respectively = one_of(speech.case.words("respectively"))
    for first, end in spans:
        if amounts_said(paragraph, first, end):
            unclear = OPAQUE in text[first:end] or re.search(respectively, text[first:end])
            return None if unclear else (first, end)
        if not speech.is_aside(_ENDS.sub("", text[first:end])):
            return None
    return None


def _is_this_years(speech: Speech, said: Said) -> bool:
    year = year_of(speech.case, said.label)
    other = any(word in said.label for word in speech.case.words("not_level"))
    return year in {None, speech.case.unit.year} and not other


def _in_tables(
    speech: Speech, paragraph: Paragraph, at: int, phases: tuple[str, ...]
) -> Budgeted | None:
    spoken = speech.line(paragraph, at)
    if spoken is None:
        return None
    line, pieces = spoken
    if phases_said("".join(pieces)) not in {(), ("executed",)}:
        return None
    case = speech.case
    known = [phase for phase in (*phases, "executed") if case.fen(line, phase) is not None]
    gaps = [phase for phase in (*phases, "executed") if phase not in known]
    figures = {figure.phases[0]: figure for figure in _figures(speech, line, known)}
    executed = figures.pop("executed", None)
    enough = executed is not None and figures
    missing = "" if enough else missing_reason(case.lines, line, gaps[-1])
    places = case.places(line, *known)
    return Budgeted(case.name(line), tuple(figures.values()), executed, places, line, missing)


def _figures(speech: Speech, line: str, phases: list[str]) -> Iterator[Figure]:
    for phase in phases:
        fen = speech.case.fen(line, phase)
        assert fen is not None
        shown = f"{PHASES[phase]}{speech.case.money(fen)}"
        yield Figure((phase,), Printed(Fraction(fen)), shown)
