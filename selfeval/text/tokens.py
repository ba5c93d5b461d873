"""A sentence as tokens: its numbers with unit and hedge, the words that are known, and the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from ..money import FEN_PER

NumberKind = Literal["money", "percent", "points", "score", "count", "bare", "date", "citation"]

_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_OWN_VALUE = {*_DIGITS, "十"}
_SCALES = {"百": 100, "千": 1000, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_NUMERAL = r"[〇零一二两三四五六七八九十百千万亿]{1,12}"
_CITED = (
    r"[〔\[(][12]\d{3}[〕\])]第?\d{1,5}号?|第[\d〇零一二三四五六七八九十百]{1,6}[条款章节号届次期批]"
    r"|(?<![A-Za-z])[A-Za-z]+[-/]?\d[\w./-]*"
)
_DATE = (
    r"(?:19|20)\d\d[-.](?:0?[1-9]|1[0-2])(?:[-.](?:[0-2]?\d|3[01]))?(?![\d.])"
    r"|(?P<year>(?:19|20)\d\d)年(?:(?P<month>1[0-2]|0?[1-9])月(?:(?:[0-2]?\d|3[01])日)?)?"
    r"|(?:1[0-2]|0?[1-9])月(?:(?:[0-2]?\d|3[01])日)?"
)
_MONTH = re.compile(r"(\d{1,2})月")
_ABOUT_BEFORE = ("大约", "约", "将近", "接近", "近")
_LEAST_BEFORE = (
    "不低于",
    "不少于",
    "不小于",
    "至少",
    "超过",
    "超",
    "逾",
    "高于",
    "大于",
    "突破",
    "多于",
)
_MOST_BEFORE = (
    "不超过",
    "不高于",
    "不多于",
    "不大于",
    "不足",
    "不到",
    "低于",
    "少于",
    "小于",
    "至多",
)
_SIDES = dict.fromkeys(_LEAST_BEFORE, 1) | dict.fromkeys(_MOST_BEFORE, -1)
_DENIES = ("未", "没有", "没", "未曾")
_LEAST_AFTER, _MOST_AFTER = ("以上", "及以上"), ("以下", "以内", "之内")
_ABOUT_AFTER = ("左右", "上下")
_ABOUT = Fraction(1, 10)
_INFINITE = Fraction(10**30)


@dataclass(frozen=True, slots=True)
class Written:
    """A number as printed: 分, a fraction (1 for 100 %) or a count; ``half`` of its last digit.

    ``low`` and ``high`` are what a hedge leaves open, without regard to ``half``; both None
    without one. ``year`` is that of a date, its value the month.
    """

    start: int
    end: int
    kind: NumberKind
    value: Fraction = Fraction(0)
    half: Fraction = Fraction(0)
    unit: str = ""
    low: Fraction | None = None
    high: Fraction | None = None
    year: int | None = None

    @property
    def is_hedged(self) -> bool:
        """Whether it only says about how much, at least or at most."""
        return self.low is not None


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of a text that is a number, a known word of a role, a mark, or unknown (``""``)."""

    start: int
    end: int
    role: str
    value: object = None


def chinese(numeral: str) -> int | None:
    """Return the number that a Chinese numeral writes, None if it writes none."""
    if numeral and all(c in _DIGITS for c in numeral):
        return (
            int("".join(str(_DIGITS[c]) for c in numeral))
            if len(numeral) != 2
            else None
            if (numeral[0] != "二" and numeral[0] != "一")
            else int("".join(str(_DIGITS[c]) for c in numeral))
        )
    total, section, digit = 0, 0, 0
    for c in numeral:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _TENS:
            section += (digit or 1) * _TENS[c]
            digit = 0
        elif c in "万亿":
            total = (total + section + digit) * _SCALES[c]
            section = digit = 0
    return total + section + digit


@lru_cache(maxsize=8)
def _number_pattern(units: tuple[str, ...]) -> re.Pattern[str]:
    money = "|".join(sorted(FEN_PER, key=len, reverse=True))
    counted = "|".join(re.escape(unit) for unit in sorted(units, key=len, reverse=True))
    more = r"(?P<more>[余多])?"
    return re.compile(
        rf"(?P<cited>{_CITED})|(?P<date>{_DATE})"
        rf"|百分之(?P<per>\d{{1,3}}(?:\.\d+)?|{_NUMERAL})"
        rf"|(?<![\d.])(?P<digits>\d{{1,15}}(?:\.\d{{1,8}})?)(?:{more}(?P<scale>百万|千万|亿|万|千|百)?"
        rf"(?P<more2>[余多])?(?:(?P<money>{money})|(?P<percent>[%％])|(?P<points>个?百分点)"
        rf"|(?P<score>分)(?![之别类为工布析配解])|(?P<unit>{counted}))?)"
        rf"|(?P<numeral>{_NUMERAL})(?P<more3>[余多])?(?:(?P<money2>{money})|(?P<points2>个百分点)"
        rf"|(?P<unit2>{counted}))"
    )


def numbers(
    text: str, units: tuple[str, ...], start: int = 0, end: int | None = None
) -> Iterator[Written]:
    """Yield the numbers of a text, in order."""
    for match in _number_pattern(units).finditer(text, start, len(text) if end is None else end):
        number = _number(text, match)
        if number:
            yield number


def _number(text: str, match: re.Match[str]) -> Written | None:
    start, end = match.span()
    if match["cited"]:
        return Written(start, end, "citation")
    if match["date"]:
        year = int(match["year"]) if match["year"] else None
        month = _MONTH.search(match["date"])
        own = Fraction(int(month[1])) if month else Fraction(0)
        unit = "year" if year and not month else "day"
        return Written(start, end, "date", own, unit=unit, year=year)
    written = match["per"] or match["digits"] or match["numeral"]
    is_numeral = not written.isascii()
    counted = chinese(written) if is_numeral else None
    # 一个, 三四个, 百: articles and turns of phrase.
    if is_numeral and (counted is None or written == "一" or not set(written) & _OWN_VALUE):
        return None
    kind, unit, scale = _kind(match)
    value = Fraction(counted if counted is not None else written) * scale
    decimals = 0 if is_numeral else len(written.partition(".")[2])
    is_whole = is_numeral or (kind in {"count", "bare"} and not decimals and not match["scale"])
    half = Fraction(0) if is_whole else scale / (2 * 10**decimals)
    more = any(match[name] for name in ("more", "more2", "more3"))
    return _hedged(text, Written(start, end, kind, value, half, unit), more)


def _kind(match: re.Match[str]) -> tuple[NumberKind, str, Fraction]:
    """Return what a number is of, its unit, and what one of it is worth."""
    scale = Fraction(_SCALES[match["scale"]] if match["scale"] else 1)
    if money := match["money"] or match["money2"]:
        unit = f"{match['scale'] or ''}{money}"
        return "money", unit if unit in FEN_PER else money, scale * FEN_PER[money]
    if match["percent"] or match["per"]:
        return "percent", "%", scale / 100
    if match["points"] or match["points2"]:
        return "points", "%", scale / 100
    if match["score"]:
        return "score", "分", scale
    if unit := match["unit"] or match["unit2"]:
        return "count", unit, scale
    return "bare", match["scale"] or "", scale


def _hedged(text: str, number: Written, more: bool) -> Written:
    """Return a number with what the words beside it leave open."""
    before = text[max(0, number.start - 6) : number.start]
    after = text[number.end : number.end + 3]
    value, room = number.value, abs(number.value) * _ABOUT
    word = max((own for own in _SIDES if before.endswith(own)), key=len, default="")
    side = _SIDES[word] if word else 0
    # 未超过 is at most, where 超过 is at least.
    if word and before.removesuffix(word).endswith(_DENIES):
        side = -side
    if side < 0 or after.startswith(_MOST_AFTER):
        low, high = -_INFINITE, value
    elif side > 0 or after.startswith(_LEAST_AFTER):
        low, high = value, _INFINITE
    elif more:
        low, high = value, value * Fraction(3, 2)
    elif before.endswith(_ABOUT_BEFORE) or after.startswith(_ABOUT_AFTER):
        low, high = value - room, value + room
    else:
        return number
    return replace(number, low=low, high=high)


class Lexicon:
    """Words with their roles, found longest first at each position."""

    def __init__(
        self,
        words: Mapping[str, tuple[str, object]],
        alone: Mapping[str, tuple[str, object]],
    ) -> None:
        """Sort the words by their first character, the longest first.

        Those that mean something only where nothing else stands beside them are ``alone``.
        """
        self._alone = alone
        self._by_first: dict[str, list[tuple[str, str, object]]] = {}
        for word in sorted(words, key=len, reverse=True):
            self._by_first.setdefault(word[0], []).append((word, *words[word]))

    def scan(self, text: str, start: int, end: int) -> Iterator[Token]:
        """Yield the known words of a stretch and, with no role, what stands between them."""
        at = unknown = start
        while at < end:
            for word, role, value in self._by_first.get(text[at], ()):
                if text.startswith(word, at) and at + len(word) <= end:
                    if unknown < at:
                        yield self._rest(text, unknown, at)
                    yield Token(at, at + len(word), role, value)
                    at += len(word)
                    unknown = at
                    break
            else:
                at += 1
        if unknown < end:
            yield self._rest(text, unknown, end)

    def _rest(self, text: str, start: int, end: int) -> Token:
        return Token(start, end, *self._alone.get(text[start:end], ("", text[start:end])))


_MARK = re.compile(r"[,;:()、。!?]")


def tokens(
    text: str,
    lexicon: Lexicon,
    units: tuple[str, ...],
    span: tuple[int, int],
    items: Sequence[Token] = (),
) -> list[Token]:
    """Return a sentence as tokens: numbers, marks, words and what is unknown.

    ``items`` are tokens that were found before, in order, such as classification items.
    """
    found: list[Token] = []
    at, end = span
    for item in items:
        found += _plain(text, lexicon, units, (at, item.start))
        found.append(item)
        at = item.end
    return [*found, *_plain(text, lexicon, units, (at, end))]


def _plain(
    text: str, lexicon: Lexicon, units: tuple[str, ...], span: tuple[int, int]
) -> Iterator[Token]:
    at, end = span
    for number in numbers(text, units, *span):
        yield from _worded(text, lexicon, at, number.start)
        yield Token(number.start, number.end, number.kind, number)
        at = number.end
    yield from _worded(text, lexicon, at, end)


def _worded(text: str, lexicon: Lexicon, start: int, end: int) -> Iterator[Token]:
    at = start
    for mark in _MARK.finditer(text, start, end):
        if mark[0] in "()" and _joined_brackets(text, mark.start()):
            continue
        yield from lexicon.scan(text, at, mark.start())
        yield Token(mark.start(), mark.end(), "mark", mark[0])
        at = mark.end()
    yield from lexicon.scan(text, at, end)


def _joined_brackets(text: str, at: int) -> bool:
    """Return whether a bracket belongs to a name, as in 因公出国(境)费."""
    return text.startswith(("(境)", "(事业)"), at) or text.endswith(("(境", "(事业"), 0, at)
