"""The unit's own text as paragraphs: what stands together, and on which line."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from operator import itemgetter

from ..sheets import Place

OPAQUE = "\ufffc"
"""Stands for a placeholder without a number: no word before it is linked to one after it."""

_LIST_ITEM = re.compile(
    r"\s*(?:[-*+]\s|\||>|\d{1,2}[.、．)）](?!\d)|[（(][一二三四五六七八九十\d]{1,3}[)）]|"
    r"[一二三四五六七八九十]{1,3}[、是])"
)
_ORDINAL, _DIGITS = re.compile(r"[一二三四五六七八九十]+"), re.compile(r"\d+")
_SENTENCE_END = re.compile(r"[。!?]")
_UNIT_END = re.compile(r"[。!?;]")
_DROPPED = re.compile(r"[\s\"'“”‘’「」`]|\*\*")
_THOUSANDS = re.compile(r"(?<![\d.．])(?<!\d[,，])\d{1,3}(?:[,，]\d{3})++(?![\d,，]|\d)")
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_BLANK = re.compile(r"[ \t\u3000\xa0]+")
_IN_NUMBER = re.compile(r"[\d.]{2}")
_MARKS = "，,、。；; "
_BEFORE, _AFTER = 28, 12
_LONGEST_SENTENCE, _LONGEST_UNIT = 1200, 600
_APART = re.compile(r"[A-Za-z]{2}|\d{2}")
_BETWEEN_CELLS = re.compile(
    r"(?<=[\u4e00-\u9fff%）)])[ \t\u3000\xa0]++(?=[\u4e00-\u9fff≥≤（(])|[|\t≥≤≧≦]"
)
_SHORT_LINE, _MOST_CELLS = 16, 3
_LONGEST_TITLE = 40
_TITLE = re.compile(
    r"(?:说明|情况|报告|概况|职能|职责|设置|解释|分析|[总分]表|预算表|决算表|第.{1,2}部分.*)$"
)
_MARKED = re.compile(r"[,，。;；:：、!?！？]")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)\s(?=\s*+\d)")


@dataclass(frozen=True)
class Paragraph:
    """A run of lines, or a cell.

    ``text`` is what patterns are matched against: without quotation marks, thousands separators
    and spaces, but for one between two numbers; digits and punctuation half width. ``raw`` is
    what findings quote. ``part`` is the text of all paragraphs under the same ``heading``.
    """

    raw: str
    text: str
    index: tuple[int, ...]
    starts: tuple[tuple[int, Place], ...]
    part: str = ""
    heading: str = ""

    @property
    def mark(self) -> str:
        """The mark of a list's item without its number, as all items of one list bear it."""
        match = _LIST_ITEM.match(self.raw)
        return _DIGITS.sub("1", _ORDINAL.sub("一", match[0].strip())) if match else ""

    def place(self, at: int) -> Place:
        """Return the line on which a position of ``text`` stands."""
        return self.place_of_raw(self.index[at])

    def place_of_raw(self, at: int) -> Place:
        """Return the line on which a position of ``raw`` stands."""
        return self.starts[max(bisect_right(self.starts, at, key=itemgetter(0)) - 1, 0)][1]

    def quote(self, start: int, end: int) -> str:
        """Return a stretch of ``text`` as it was typed."""
        return _BLANK.sub(" ", self.raw[self.index[start] : self.index[end - 1] + 1]).strip()

    def is_broken(self, start: int, end: int) -> bool:
        """Return whether spaces or marks that ``text`` leaves out stand within a stretch."""
        return self.index[end - 1] - self.index[start] != end - 1 - start

    def excerpt(self, start: int, end: int) -> str:
        """Return a stretch with the words of its sentence around it, marked where they are cut."""
        opening, closing = self.sentence(start)[0], self.sentence(end - 1)[1]
        first, last = max(opening, start - _BEFORE), min(closing, end + _AFTER)
        # A number cut in two would be another number.
        while first > opening and _IN_NUMBER.fullmatch(self.text, first - 1, first + 1):
            first -= 1
        while last < closing and _IN_NUMBER.fullmatch(self.text, last - 1, last + 1):
            last += 1
        before = self.text[opening:first].strip(_MARKS) and "……"
        after = self.text[last:closing].strip(_MARKS) and "……"
        return f"{before}{self.quote(first, last).strip(_MARKS)}{after}"

    def is_form(self, at: int) -> bool:
        """Return whether a position stands among cells, pasted from a form, and not in prose.

        Chinese prose has no spaces between words, and its lines are not short.
        """
        start, end = self.sentence(at)
        first, last = self.index[start], self.index[end - 1] + 1
        lines = pairwise(offset for offset, _ in self.starts)
        short = sum(first < b < last and b - a < _SHORT_LINE for a, b in lines)
        spaced = sum(1 for _ in _BETWEEN_CELLS.finditer(self.raw, first, last))
        return short + spaced > _MOST_CELLS

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """The bounds of the sentences."""
        return _spans(self.text, _SENTENCE_END, _LONGEST_SENTENCE)

    @cached_property
    def _units(self) -> list[tuple[int, int]]:
        return _spans(self.text, _UNIT_END, _LONGEST_UNIT)

    def sentence(self, at: int) -> tuple[int, int]:
        """Return the bounds of the sentence that holds a position."""
        return self.sentences[_holding(self._ends, at)]

    @cached_property
    def _ends(self) -> list[int]:
        return [end for _, end in self.sentences]

    def unit(self, at: int) -> tuple[int, int]:
        """Return the bounds of the part of a sentence, as divided by semicolons."""
        return self._units[_holding(self._unit_ends, at)]

    @cached_property
    def _unit_ends(self) -> list[int]:
        return [end for _, end in self._units]


def _spans(text: str, end: re.Pattern[str], longest: int) -> list[tuple[int, int]]:
    """Return the stretches up to each end; what never ends is cut at a comma, or anywhere."""
    ends = [0]
    for match in re.finditer(rf"{end.pattern}|,|$", text):
        ends += range(ends[-1] + 2 * longest, match.end(), 2 * longest)
        if match[0] != "," or match.end() - ends[-1] > longest:
            ends.append(match.end())
    return [(start, stop) for start, stop in pairwise(ends) if start < stop] or [(0, 0)]


def _holding(ends: Sequence[int], at: int) -> int:
    return min(bisect_right(ends, at), len(ends) - 1)


def runs(lines: Iterable[tuple[Place, str]]) -> Iterator[list[tuple[Place, str]]]:
    """Group lines as Markdown does: a blank line or a list's item begins a new paragraph."""
    run: list[tuple[Place, str]] = []
    for place, line in lines:
        ends = not line.strip() or _LIST_ITEM.match(line) or _is_title(run, line)
        if run and ends:
            yield run
            run = []
        if line.strip():
            run.append((place, line.strip()))
        if len(run) == 1 and _is_title([], line):
            yield run
            run = []
    if run:
        yield run


def _is_title(run: list[tuple[Place, str]], line: str) -> bool:
    """Return whether a line is a title: short, without marks, after a line that ends."""
    if run and not run[-1][1].endswith(("。", "！", "？", ".")):
        return False
    return (
        len(line) <= _LONGEST_TITLE and not _MARKED.search(line) and _TITLE.search(line) is not None
    )


# Every rule reads the same paragraphs.
@lru_cache(maxsize=8192)
def paragraph(lines: tuple[tuple[Place, str], ...]) -> Paragraph:
    raw, starts = "", []
    for place, line in lines:
        joint = " " if raw and _APART.fullmatch(raw[-1] + line[:1]) else ""
        starts.append((len(raw) + len(joint), place))
        raw += joint + line
    dropped = {at for match in _DROPPED.finditer(raw) for at in range(*match.span())}
    for match in _THOUSANDS.finditer(raw):
        dropped |= {at for at in range(*match.span()) if raw[at] in ",，"}
    # Numbers of two cells or columns are not one number.
    dropped -= {match.start() for match in _BETWEEN_DIGITS.finditer(raw)}
    index = tuple(at for at in range(len(raw)) if at not in dropped)
    text = "".join(" " if raw[at].isspace() else raw[at] for at in index).translate(_HALF_WIDTH)
    return Paragraph(raw, text, index, tuple(starts))


def pairs_of(words: str) -> Iterator[str]:
    """Yield each two characters of words that stand side by side."""
    return map("".join, pairwise(words))


def plain_line(text: str) -> str:
    """Return one line of text as that of a ``Paragraph``."""
    return paragraph(((Place("", ""), text),)).text


@lru_cache(maxsize=256)
def one_of(words: tuple[str, ...]) -> str:
    """Return the pattern of any of these words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)"
