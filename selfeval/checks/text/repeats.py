"""TEXT-11: one amount told twice in a paragraph, and not the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from ...evaluation import Evaluation
from ...evaluation.finding import Verdict
from ...terms import PHASES
from ...text.numbers import money
from ...text.paragraphs import Paragraph, one_of
from ..prose import paragraphs
from .amounts import phases_said
from .comparisons import (
    LEVELS,
    SaidAmount,
    Speech,
    amounts_said,
    is_rough,
    names_level,
    speech,
    year_of,
)

_NUMBERED = re.compile(r"^(?:\d{1,2}[、.)]|\(?[一二三四五六七八九十\d]{1,3}[)、])?")
_STOPS = re.compile(r"[,。;:!?]")


def check_repeated_amounts(case: Evaluation) -> Iterator[Verdict]:
    """TEXT-11: the same item, phase and year has two amounts within one paragraph."""
    speaking = speech(case)
    for paragraph in paragraphs(case):
        pairs = [*_headline(speaking, paragraph), *_of_lines(speaking, paragraph)]
        for item, one, other in pairs:
            yield Verdict(
                message=f"同一段里{item}先写{one.text}，后写{other.text}："
                f"“{paragraph.excerpt(one.start, one.end)}”"
                f"“{paragraph.excerpt(other.start, other.end)}”。请核实。",
                places=tuple(dict.fromkeys(paragraph.place(said.start) for said in (one, other))),
                expected=one.text,
                found=other.text,
                item=item,
            )


def _headline(
    speaking: Speech, paragraph: Paragraph
) -> Iterator[tuple[str, SaidAmount, SaidAmount]]:
    """Yield the amount after an item's name, and the year's budget told later, if they differ.

    Only where that budget is compared with the year before: 甲项目5万元。2020年执行数4万元，
    2021年预算安排6万元. Elsewhere the first amount may be what was spent.
    """
    case, text = speaking.case, paragraph.text
    end = paragraph.sentence(0)[1]
    own = amounts_said(paragraph, 0, end)
    name = _NUMBERED.sub("", text[: own[0].start]) if own else ""
    if len(own) != 1 or len(name) < 2 or _STOPS.search(name) or phases_said(own[0].label):
        return
    if text[own[0].end : end].strip("。") or not names_level(case, name):
        return
    later = [
        one
        for one in amounts_said(paragraph, end, len(text))
        if speaking.is_linking(one.label) and not is_rough(case, paragraph, one)
    ]
    years = {one: year_of(case, one.label) for one in later}
    budgets = [one for one in later if one.phases and set(one.phases) <= set(LEVELS)]
    spent = [one for one in later if "executed" in one.phases]
    for budget in budgets:
        year = years[budget]
        before = year is not None and any(years[one] == year - 1 for one in spent)
        same_year = any(years[one] in {None, year} for one in spent)
        if before and not same_year and len(budgets) == 1 and _differ(own[0], budget):
            yield paragraph.quote(text.index(name), own[0].start), own[0], budget


def _of_lines(
    speaking: Speech, paragraph: Paragraph
) -> Iterator[tuple[str, SaidAmount, SaidAmount]]:
    """Yield two amounts of one line and phase of which the tables say nothing.

    Where they do, each amount is compared with them instead.
    """
    case = speaking.case
    told: dict[tuple[str, str], list[SaidAmount]] = {}
    for one in amounts_said(paragraph, 0, len(paragraph.text)):
        spoken = speaking.line(paragraph, one.start)
        phases = phases_said(spoken[1][-1]) if spoken else ()
        if spoken is None or len(phases) != 1 or not _is_whole(speaking, paragraph, one):
            continue
        if case.fen(spoken[0], phases[0]) is None:
            told.setdefault((spoken[0], phases[0]), []).append(one)
    for (line, phase), amounts in told.items():
        for one, other in combinations(amounts, 2):
            if _differ(one, other):
                yield f"{case.name(line)}{PHASES[phase]}", one, other
                break


def _is_whole(speaking: Speech, paragraph: Paragraph, said: SaidAmount) -> bool:
    """Return whether an amount is surely all of its line's in this year."""
    case, text = speaking.case, paragraph.text
    before = text[paragraph.sentence(said.start)[0] : said.start]
    unsure = (*case.words("part_of_year"), *case.words("respectively"), *case.words("parts_follow"))
    part = re.search(one_of(case.words("used_for")), text[said.end : said.end + 6])
    return (
        not any(word in before for word in unsure)
        and year_of(case, before) in {None, case.unit.year}
        and names_level(case, before)
        and not is_rough(case, paragraph, said)
        and part is None
    )


def _differ(one: SaidAmount, other: SaidAmount) -> bool:
    first, second = money(one.text), money(other.text)
    return abs(first.value - second.value) > first.half + second.half
