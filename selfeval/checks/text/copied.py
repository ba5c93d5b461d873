"""TEXT-19 and TEXT-20: passages that stand in another unit's text, or in last year's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from ...budget.neighbours import (
    held_by_others,
    held_sentences,
    last_narrative,
    neighbour_text,
    sentences,
    written_name,
)
from ...evaluation import Evaluation
from ...evaluation.finding import Verdict
from ...sheets import Place
from ...text.paragraphs import OPAQUE, Paragraph, one_of
from ...unit import NARRATIVE_FILE
from ..prose import paragraphs
from .unit_name import said_of_kin, without_place

_FIELDS = ("problem", "cause", "measure")
_ABOUT_THE_UNIT = "profile"
_FREELY_WORDED = {"performance", "problems", "measures"}
_SENTENCE_END = re.compile(r"[。!?;！？；]")
_NUMBER = re.compile(
    r"(?<![\d.A-Za-z第每·+~—-])(?P<number>\d+(?:\.\d+)?)%?"
    r"(?![\d.A-Za-z·+~—年月日号条届期章时天-]|个月|个工作日|分钟|小时|热线|平台|万?元?含?及?以[上下内外])"
)
MOST_OTHERS = 2
"""How many units may share a sentence: what more of them say is everybody's."""
_LEAST_NUMBER = 10
_SHORTEST = {1: 50, 2: 24}  # how long a passage must be, by how many numbers it has
_FULL, _SHOWN, _OPENING, _NEW_LINE = 100, 24, 12, "\n"


@dataclass(frozen=True)
class _BareSentence:
    paragraph: Paragraph
    start: int
    end: int
    bare: str
    section: str

    @property
    def place(self) -> Place:
        """The line on which it begins."""
        return self.paragraph.place_of_raw(self.start)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Its numbers but for dates, limits, small counts and the like, which many share."""
        found = (match["number"] for match in _NUMBER.finditer(self.bare.replace(",", "")))
        return frozenset(n for n in found if float(n) >= _LEAST_NUMBER and float(n) != _FULL)


def check_copied_text(case: Evaluation) -> Iterator[Verdict]:
    """TEXT-19: a passage that one or two other units of the same year have word by word."""
    own = list(_sentences(case))
    held = held_by_others(case.unit, frozenset(one.bare for one in own))
    yield from _shared(case, own, held, case.threshold("copied_characters"))


def check_last_years_text(case: Evaluation) -> Iterator[Verdict]:
    """TEXT-20: a passage that stands word by word in the unit's report of the year before."""
    own = list(_sentences(case))
    held = held_sentences(last_narrative(case.unit), frozenset(one.bare for one in own))
    longest = case.threshold("repeated_characters")
    yield from _shared(case, own, held, longest, f"{case.unit.year - 1}/")


def _shared(
    case: Evaluation,
    own: list[_BareSentence],
    held: Mapping[str, list[Path]],
    longest: Decimal,
    year: str = "",
) -> Iterator[Verdict]:
    """Yield the passages that files hold too; ``year`` is of a text of the unit's own."""
    if not held:
        return
    kin: dict[Path, bool] = {}
    whose = "本单位上年的" if year else "另一个单位的"
    common = (*case.words("explanatory"), *case.words("shared_facts"))
    common += case.words("standing_facts") if year else ()
    for path, run in _passages(own, held, re.compile(one_of(common))):
        numbers = sorted({number for one in run for number in one.numbers}, key=float)
        length = sum(len(one.bare) for one in run)
        says_facts = bool(numbers) and length >= _SHORTEST[min(len(numbers), 2)]
        if not (says_facts or (length >= longest and _is_of_deeds(case, run))):
            continue
        if path not in kin:
            kin[path] = not year and _is_kin(case, path)
        if kin[path]:
            continue
        first, last = run[0], run[-1]
        quote = first.paragraph.raw[first.start : first.end].strip()
        also = f"，连数字{'、'.join(numbers[:3])}也相同" if says_facts else ""
        place = Place(f"{year}{path.parent.name}/{NARRATIVE_FILE}", "", _line(path, quote))
        yield Verdict(
            message=f"“{_cut(quote)}”起的{len(run)}句{length}字，与{whose}文字一字不差"
            f"（{place}）{also}。请核实是否照搬，改成本单位本年的内容。",
            places=tuple(dict.fromkeys((first.place, last.place))),
            found=quote,
            item=_cut(quote),
        )


def _cut(quote: str) -> str:
    return quote if len(quote) <= _SHOWN else f"{quote[:_SHOWN]}……"


def compared_sentences(case: Evaluation) -> list[str]:
    """Return the unit's sentences that are looked for in the texts of other units."""
    return [one.bare for one in _sentences(case)]


def _sentences(case: Evaluation) -> Iterator[_BareSentence]:
    narrative = case.unit.narrative
    parts = [(key.partition(".")[0], part) for key, part in narrative.texts.items()]
    parts += [(key, part) for key, own in narrative.free.items() for part in own]
    section_of = {
        f"第 {part.text_line + n} 行": section
        for section, part in parts
        for n in range(part.text.count("\n") + 1)
    }
    for paragraph in paragraphs(case, _FIELDS, stand_in=OPAQUE):
        place = paragraph.place(0)
        section = section_of.get(place.cell, "") if place.file == NARRATIVE_FILE else "measures"
        if section != _ABOUT_THE_UNIT:
            start = 0
            for stop in [*_SENTENCE_END.finditer(paragraph.raw), None]:
                end = stop.start() if stop else len(paragraph.raw)
                for bare in sentences(paragraph.raw[start:end]):
                    yield _BareSentence(paragraph, start, end, bare, section)
                start = end + 1


def _passages(
    own: list[_BareSentence], held: Mapping[str, list[Path]], common: re.Pattern[str]
) -> Iterator[tuple[Path, list[_BareSentence]]]:
    """Yield the longest runs of sentences that a file holds; what anybody may say breaks none."""
    runs: dict[Path, list[_BareSentence]] = {}
    for one in own:
        holders = held.get(one.bare, [])
        if common.search(one.bare) or len(holders) > MOST_OTHERS:
            continue
        for path in [path for path in runs if path not in holders]:
            yield path, runs.pop(path)
        for path in holders:
            runs.setdefault(path, []).append(one)
    yield from runs.items()


def _is_of_deeds(case: Evaluation, run: list[_BareSentence]) -> bool:
    deeds = case.words("deeds")
    return all(one.section in _FREELY_WORDED for one in run) and any(
        word in one.bare for one in run for word in deeds
    )


def _is_kin(case: Evaluation, path: Path) -> bool:
    """Return whether one of two units is said to belong to the other, or to work with it."""
    own = "。".join(part.text for part in case.unit.narrative.all_parts())
    name = written_name(path.parent)
    return without_place(case.unit.name) in said_of_kin(case, neighbour_text(path)) or (
        bool(name) and without_place(name) in said_of_kin(case, own)
    )


def _line(path: Path, quote: str) -> str:
    text = neighbour_text(path)
    at = text.find(quote[:_OPENING])
    return f"第 {1 + text.count(_NEW_LINE, 0, at)} 行" if at >= 0 else ""
