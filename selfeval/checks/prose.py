"""The unit's own text as paragraphs: what stands together, and on which line."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise

from ..money import DISPLAY_UNIT, format_money, format_rate
from ..placeholders import PLACEHOLDER, item_names, resolve
from ..sheets import Place
from ..unit import NARRATIVE_FILE
from .finding import Case, unit_place

OPAQUE = "\ufffc"
"""Stands for a placeholder without a number: no word before it is linked to one after it."""

_LIST_ITEM = re.compile(
    r"\s*(?:[-*+]\s|\||>|\d{1,2}[.、．)）](?!\d)|[（(][一二三四五六七八九十\d]{1,3}[)）]|"
    r"[一二三四五六七八九十]{1,3}[、是])"
)
_SENTENCE_END = re.compile(r"[。!?]")
_UNIT_END = re.compile(r"[。!?;]")
_DROPPED = re.compile(r"[\s\"'“”‘’「」`]|\*\*|(?<=\d)[,，](?=\d{3}(?!\d))")
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_BLANK = re.compile(r"[ \t\u3000\xa0]+")
_IN_NUMBER = re.compile(r"[\d.]{2}")
_BEFORE, _AFTER = 28, 12
_LONGEST_SENTENCE, _LONGEST_UNIT = 1200, 600
_LETTERS = re.compile(r"[A-Za-z]{2}")


@dataclass(frozen=True)
class Paragraph:
    """A run of lines, or a cell.

    ``text`` is what patterns are matched against: without spaces, quotation marks and thousands
    separators, punctuation half width; ``raw`` is what findings quote. ``after`` is the first
    sentence of the paragraph that follows.
    """

    raw: str
    text: str
    index: tuple[int, ...]
    starts: tuple[tuple[int, Place], ...]
    after: str = ""

    def place(self, at: int) -> Place:
        """Return the line on which a position of ``text`` stands."""
        return self.place_of_raw(self.index[at])

    def place_of_raw(self, at: int) -> Place:
        """Return the line on which a position of ``raw`` stands."""
        offsets = [offset for offset, _ in self.starts]
        return self.starts[max(bisect_right(offsets, at) - 1, 0)][1]

    def quote(self, start: int, end: int) -> str:
        """Return a stretch of ``text`` as it was typed."""
        return _BLANK.sub(" ", self.raw[self.index[start] : self.index[end - 1] + 1]).strip()

    def is_broken(self, start: int, end: int) -> bool:
        """Return whether spaces or marks that ``text`` leaves out stand within a stretch."""
        return self.index[end - 1] - self.index[start] != end - 1 - start

    def excerpt(self, start: int, end: int) -> str:
        """Return a stretch with the words of its sentence around it."""
        opening, closing = self.sentence(start)[0], self.sentence(end - 1)[1]
        first, last = max(opening, start - _BEFORE), min(closing, end + _AFTER)
        # A number cut in two would be another number.
        while first > opening and _IN_NUMBER.fullmatch(self.text, first - 1, first + 1):
            first -= 1
        while last < closing and _IN_NUMBER.fullmatch(self.text, last - 1, last + 1):
            last += 1
        return self.quote(first, last).strip("，,、。；; ")

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """The bounds of the sentences."""
        return _spans(self.text, _SENTENCE_END, _LONGEST_SENTENCE)

    @cached_property
    def _units(self) -> list[tuple[int, int]]:
        return _spans(self.text, _UNIT_END, _LONGEST_UNIT)

    def sentence(self, at: int) -> tuple[int, int]:
        """Return the bounds of the sentence that holds a position."""
        return self.sentences[_holding(self.sentences, at)]

    def unit(self, at: int) -> tuple[int, int]:
        """Return the bounds of the part of a sentence, as divided by semicolons."""
        return self._units[_holding(self._units, at)]

    def units_before(self, at: int, count: int) -> list[tuple[int, int]]:
        """Return the bounds of the parts before the one that holds a position, nearest first."""
        own = _holding(self._units, at)
        return self._units[max(own - count, 0) : own][::-1]


def _spans(text: str, end: re.Pattern[str], longest: int) -> list[tuple[int, int]]:
    """Return the stretches up to each end; what never ends is cut at a comma."""
    ends = [0]
    for match in re.finditer(rf"{end.pattern}|,", text):
        if match[0] != "," or match.end() - ends[-1] > longest:
            ends.append(match.end())
    return list(pairwise([*ends, len(text)])) if ends[-1] < len(text) else list(pairwise(ends))


def _holding(spans: Sequence[tuple[int, int]], at: int) -> int:
    return min(bisect_right(spans, at, key=lambda span: span[1]), len(spans) - 1)


def paragraphs(
    case: Case, fields: Sequence[str] = ("problem", "cause"), shown: bool = True
) -> list[Paragraph]:
    """Return the paragraphs of the narrative, then the cells of the problems.

    With ``shown``, placeholders are filled as on the page.
    """
    found: list[Paragraph] = []
    names = item_names(case.quantities, case.unit.form) if shown else {}
    for part in case.unit.narrative.all_parts():
        lines = [
            (unit_place(case.unit, NARRATIVE_FILE, f"第 {number} 行"), _filled(case, names, line))
            for number, line in enumerate(part.text.splitlines(), part.text_line)
        ]
        own = [paragraph for run in _runs(lines) if (paragraph := _paragraph(tuple(run))).text]
        firsts = [*(one.text[slice(*one.sentence(0))] for one in own), ""]
        found += [replace(one, after=next_) for one, next_ in zip(own, firsts[1:], strict=True)]
    for row in case.tables.measures.to_dict("records"):
        place = Place(row["file"], row["sheet"], f"第 {row['row']} 行")
        cells = [_paragraph(((place, str(row[field])),)) for field in fields]
        found += [cell for cell in cells if cell.text]
    return found


def _filled(case: Case, names: dict[str, str], line: str) -> str:
    rounding = case.unit.settings.rounding

    def fill(match: re.Match[str]) -> str:
        quantity = resolve(match["item"], match["measure"], names, case.quantities)
        if quantity is None or quantity.value is None:
            return OPAQUE
        if quantity.kind == "money":
            return f"{format_money(int(quantity.value), rounding=rounding)}{DISPLAY_UNIT}"
        if quantity.kind == "rate":
            return format_rate(quantity.value, rounding=rounding)
        return OPAQUE

    return PLACEHOLDER.sub(fill, line)


def _runs(lines: Iterable[tuple[Place, str]]) -> Iterator[list[tuple[Place, str]]]:
    """Group lines as Markdown does: a blank line or a list's item begins a new paragraph."""
    run: list[tuple[Place, str]] = []
    for place, line in lines:
        if run and (not line.strip() or _LIST_ITEM.match(line)):
            yield run
            run = []
        if line.strip():
            run.append((place, line.strip()))
    if run:
        yield run


# Every rule reads the same paragraphs.
@lru_cache(maxsize=1024)
def _paragraph(lines: tuple[tuple[Place, str], ...]) -> Paragraph:
    raw, starts = "", []
    for place, line in lines:
        joint = " " if raw and _LETTERS.fullmatch(raw[-1] + line[:1]) else ""
        starts.append((len(raw) + len(joint), place))
        raw += joint + line
    dropped = {at for match in _DROPPED.finditer(raw) for at in range(*match.span())}
    index = tuple(at for at in range(len(raw)) if at not in dropped)
    text = "".join(raw[at] for at in index).translate(_HALF_WIDTH)
    return Paragraph(raw, text, index, tuple(starts))


@lru_cache(maxsize=256)
def one_of(words: tuple[str, ...]) -> str:
    """Return the pattern of any of these words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)"
