"""A sentence as tokens: its numbers with unit and hedge, the words that are known, and the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

from ..money import FEN_PER
from ..schemes.grammar import Bound
from .paragraphs import one_of

NumberKind = Literal["money", "percent", "points", "score", "count", "bare", "date", "citation"]

_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "百万": 10**6, "千万": 10**7,
           "亿": 10**8, "万亿": 10**12}  # fmt: skip
_PER_CENT: dict[str, NumberKind] = {"%": "percent", "百分点": "points", "个百分点": "points"}
_INFINITE = Fraction(10**30)
_HALF_A_TENTH = Fraction(1, 20)
_MORE = set("多余")
_ROUGHLY = Fraction(1, 10)
_LONGEST_HEDGE = 5
_DIGIT_FOLLOWS = re.compile(r"[ ,](?=\d)", re.ASCII)
_DIGITS_BEFORE = re.compile(r"\d $|(?<![\d.])\d{1,3},$", re.ASCII)
_CUTS = (" ", ",")
_ONE_OF, _HAVE, _NO_NOUN = "一项", ("有", "仅"), frozenset("没未不尚,;。")
_MONTH = re.compile(r"(\d{1,2})月", re.ASCII)

_PARTS = {
    "numeral": r"[〇零一二两三四五六七八九十百千万亿]{1,24}(?:点[〇零一二三四五六七八九]{1,8})?",
    "arabic": r"(?<![\d.])\d{1,15}+(?:\.\d{1,8}+)?+(?!\.?\d)",
    "month": r"(?:1[0-2]|0?[1-9])",
    "day": r"(?:3[01]|[12]\d|0?[1-9])",
}
_NUMBER = r"""
    (?P<citation>
        [〔\[(][12]\d{{3}}[〕\])]第?\d{{1,5}}号?
        | 第[\d〇零一二三四五六七八九十百]{{1,6}}[条款章节号届次期批]
        | (?<![A-Za-z])[A-Za-z]+[-/]?\d[A-Za-z0-9./-]*
        | [一二三四五六七八九十]{{1,2}}[项条](?=规定)
        | (?<![^。;:])\d{{1,2}}[.、](?!\d) | (?<![^。;])\d{{1,2}}\)
        | (?<=\()\d{{1,2}}\)
        | \d{{16,}} | (?<![\d.])\d+(?:\.\d+){{2,}}
    )
    | (?P<date>
        (?P<year>(?:19|20)\d\d|[一二][〇零九][〇零一二三四五六七八九]{{2}})年
            (?:{month}月(?:{day}日)?|度)?
        | (?<![\d.])(?:{month}[-~—至到])?{month}月(?:{day}日)?
        | (?<![\d.])(?:19|20)\d\d[-./]{month}(?:[-./]{day})?(?![\d.]|{unit}|[万亿千百])
    )
    | (?P<below>[百千]|{numeral})分之(?P<above>{arabic}|{numeral})
    | (?P<tenths>[一二两三四五六七八九])成(?P<more_tenths>[一二三四五六七八九半多余])?
        (?![员立果本为功就交熟长品效套绩])
    | (?:(?<=[加长升少降率为是:(])(?P<sign>[-−]))?
      (?:(?P<arabic>{arabic})(?:[-~—至](?P<upto>{arabic}))?|(?P<numeral>{numeral}))
      (?P<more>[余多])?(?P<scale>万亿|百万|千万|[亿万千]|百(?!分点))?(?P<more_scale>[余多])?(?P<unit>{unit})?
"""


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


class Token(NamedTuple):
    """A stretch of a text that is a number, a known word of a role, a mark, or unknown (``""``)."""

    start: int
    end: int
    role: str
    value: object = None

    @property
    def is_number(self) -> bool:
        """Whether it is a number, and no date."""
        return isinstance(self.value, Written) and self.role != "date"


# --- numbers -------------------------------------------------------------------------------


def chinese(numeral: str) -> int | None:
    """Return the number that a Chinese numeral writes, None if it writes none, or two (三四)."""
    if numeral and all(c in _DIGITS for c in numeral):
        is_number = len(numeral) != 2 or numeral[0] in "〇零"
        return _positional(numeral) if is_number else None
    total = section = digit = 0
    before = last = ""
    for c in f"{numeral}个":
        if c in _DIGITS:
            if digit:
                return None
            digit, before = _DIGITS[c], last
        elif c in "十百千":
            section += (digit or 1) * _SCALES[c]
            digit = 0
        elif digit and before and before in "百千万亿":
            # 三百五 is 350 to some and 305 to others.
            return None
        else:
            total += (section + digit) * (_SCALES["万"] if c == "万" else 1)
            total *= _SCALES["亿"] if c == "亿" else 1
            section = digit = 0
        last = c
    return total


def _positional(digits: str) -> int:
    return int("".join(str(_DIGITS.get(c, c)) for c in digits))


@dataclass(frozen=True, eq=False)
class NumberWords:
    """The words that stand beside numbers: what is counted, and what makes them less exact.

    ``before`` and ``after`` say what a hedge leaves open; "none" is for words that only end or
    begin like a hedge.
    """

    units: tuple[str, ...]
    before: Mapping[str, Bound]
    after: Mapping[str, Bound]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What numbers look like."""
        counted = one_of((*self.units, *FEN_PER, *_PER_CENT))
        unit = rf"(?:(?!支[出付持])(?:{counted})|分(?![之别类为工布析配解]))"
        return re.compile(_NUMBER.format(unit=unit, **_PARTS), re.VERBOSE | re.ASCII)

    def bound(self, text: str, start: int, end: int) -> Bound:
        """Return what the longest words beside a number leave open."""
        if text[start - 1 : start] in self._beside[0]:
            for length in range(_LONGEST_HEDGE, 0, -1):
                if own := self.before.get(text[max(start - length, 0) : start]):
                    return own
        if text[end : end + 1] in self._beside[1]:
            for length in range(_LONGEST_HEDGE, 0, -1):
                if own := self.after.get(text[end : end + length]):
                    return own
        return "none"

    @cached_property
    def _beside(self) -> tuple[set[str], set[str]]:
        """The characters right before and right behind a number that is less exact."""
        return {word[-1] for word in self.before}, {word[0] for word in self.after}


def numbers(
    text: str, words: NumberWords, start: int = 0, end: int | None = None
) -> Iterator[Written]:
    """Yield the numbers of a text, in order."""
    for match in words.pattern.finditer(text, start, len(text) if end is None else end):
        at = match.span()
        if match["citation"]:
            yield Written(*at, "citation")
        elif match["date"]:
            yield _date(match)
        elif number := _fraction(match) or _number(text, match):
            yield hedged(number, words.bound(text, *at))


# Amounts and performance are read in the same sentences.
@lru_cache(maxsize=4096)
def _numbers_in(text: str, words: NumberWords, start: int, end: int) -> tuple[Written, ...]:
    return tuple(numbers(text, words, start, end))


def _date(match: re.Match[str]) -> Written:
    year = _positional(match["year"]) if match["year"] else None
    month = _MONTH.search(match["date"])
    unit = "year" if year and not month else "day"
    return Written(*match.span(), "date", Fraction(month[1] if month else 0), unit=unit, year=year)


def _fraction(match: re.Match[str]) -> Written | None:
    """Return 百分之九十八, 四分之三 or 三成五 as a part of one."""
    if match["tenths"]:
        more = match["more_tenths"]
        if more in _MORE:
            value = Fraction(_DIGITS[match["tenths"]], 10)
            own = Written(*match.span(), "percent", value, unit="%")
            return replace(own, low=value, high=value + Fraction(1, 10))
        value = Fraction(_DIGITS[match["tenths"]] * 10 + (_DIGITS.get(more, 5) if more else 0), 100)
        return Written(*match.span(), "percent", value, Fraction(1, 200 if more else 20), "%")
    below = _written(match["below"]) if match["below"] else None
    above = _written(match["above"]) if match["above"] else None
    if not below or not above or not below[0]:
        return None
    last = above[1] / (below[0] * below[1])
    if match["below"] in "百千":
        return Written(*match.span(), "percent", above[0] * last, last / 2, "%")
    return hedged(Written(*match.span(), "percent", above[0] * last, unit="%"), "about")


def _number(text: str, match: re.Match[str]) -> Written | None:
    numeral, unit, scale = match["numeral"] or "", match["unit"] or "", match["scale"] or ""
    written = _written(match["arabic"] or numeral) if match["arabic"] or numeral else None
    # 一个, 百名, 一般: articles and turns of phrase; 十分 is very; 有一项 counts.
    is_counted = match[0] == _ONE_OF and text.endswith(_HAVE, 0, match.start())
    is_counted = is_counted and text[match.end() : match.end() + 1] in _NO_NOUN
    is_phrase = _is_phrase(numeral, unit) and not is_counted
    if written is None or (numeral and (not unit or is_phrase)):
        return None
    kind, worth = _kind(unit)
    digits, (last, half) = written[0], _worth(written[1], worth, scale)
    value = Fraction(digits * last.numerator, last.denominator)
    half = Fraction(0) if last == 1 and kind in {"count", "bare"} else half
    if _is_cut(text, match):
        return Written(*match.span(), "bare", value, half)
    if kind == "money":
        # 48万元 is 万元, not 万 of 元.
        ten_thousands = scale or numeral[-1:]
        unit = ten_thousands + unit if ten_thousands + unit in FEN_PER else unit
    elif kind == "points":
        unit = "%"
    number = Written(*match.span(), kind, value, half, unit or scale)
    if match["sign"]:
        return replace(number, value=-number.value)
    if match["upto"]:
        ends = number.value, Fraction(match["upto"]) * worth * _SCALES.get(scale, 1)
        return replace(number, low=min(ends), high=max(ends))
    if match["more"] or match["more_scale"]:
        zeros = len(str(digits)) - len(str(digits).rstrip("0"))
        return replace(number, low=number.value, high=number.value + 10**zeros * last)
    return number


@lru_cache(maxsize=256)
def _worth(last: Fraction, worth: Fraction, scale: str) -> tuple[Fraction, Fraction]:
    """Return what one of the last digit that is written is worth, and half of it."""
    last *= worth * _SCALES.get(scale, 1)
    return last, last / 2


def _is_phrase(numeral: str, unit: str) -> bool:
    return numeral == "一" or set(numeral) <= set("百千万亿") or (numeral == "十" and unit == "分")


def _kind(unit: str) -> tuple[NumberKind, Fraction]:
    """Return what a number with a unit is, and what one of it is worth."""
    if unit in FEN_PER:
        return "money", Fraction(FEN_PER[unit])
    if unit in _PER_CENT:
        return _PER_CENT[unit], Fraction(1, 100)
    return ("score" if unit == "分" else "count" if unit else "bare"), Fraction(1)


def _written(written: str) -> tuple[int, Fraction] | None:
    """Return the digits that are written and the worth of the last one, None if there are none."""
    whole, _, decimals = written.replace("点", ".").partition(".")
    number = int(whole) if whole.isascii() else chinese(whole)
    if number is None:
        return None
    if decimals:
        scale = 10 ** len(decimals)
        return number * scale + _positional(decimals), Fraction(1, scale)
    last = _SCALES[whole[-1]] if whole[-1] in "万亿" else 1
    return number // last, Fraction(last)


def _is_cut(text: str, match: re.Match[str]) -> bool:
    """Return whether a space or a comma cuts a number off from digits beside it."""
    start, end = match.span()
    whole = not match["unit"] and "." not in match[0]
    follows = _DIGIT_FOLLOWS.match(text, end)
    if follows and (whole or follows[0] == " "):
        return True
    return text[start - 1 : start] in _CUTS and bool(
        _DIGITS_BEFORE.search(text[max(start - 6, 0) : start])
    )


def hedged(number: Written, bound: Bound) -> Written:
    """Return a number with what the words beside it leave open."""
    if bound == "none":
        return number
    value, room = number.value, abs(number.value) * _ROUGHLY
    if bound == "about":
        room = min(room, _step(number))
        return replace(number, low=value - room, high=value + room)
    if number.half == _HALF_A_TENTH:
        number, room = replace(number, half=Fraction(0)), _HALF_A_TENTH
    if bound == "near":
        return replace(number, low=value - room, high=value)
    low, high = (value, _INFINITE) if bound == "least" else (-_INFINITE, value)
    # 超过3万元 begins at 3 and not at 2.5; 超过3.18万元 may be 3.184.
    is_round = 2 * number.half >= (Fraction(1, 100) if number.unit == "%" else _per(number))
    return replace(number, low=low, high=high, half=Fraction(0) if is_round else number.half)


def _per(number: Written) -> int:
    return FEN_PER[number.unit] if number.kind == "money" else 1


def _step(number: Written) -> Fraction:
    """Return one of the last digit that is no zero, five of a 5: nobody writes 约434 for 430."""
    step = 2 * number.half or Fraction(1)
    digits = str(abs(number.value / step).numerator)
    zeros = len(digits) - len(digits.rstrip("0"))
    worth = int(f"1{'0' * zeros}")
    return step * worth * (5 if digits.rstrip("0").endswith("5") else 1)


# --- words ---------------------------------------------------------------------------------


class Lexicon:
    """Words with their roles, found longest first at each position."""

    def __init__(
        self,
        words: Mapping[str, tuple[str, object]],
        alone: Mapping[str, tuple[str, object]],
    ) -> None:
        """Sort the words by their first two characters, the longest first.

        Those that mean something only where nothing else stands beside them are ``alone``.
        """
        self._alone = alone
        self._by_first: dict[str, dict[str, list[tuple[str, str, object]]]] = {}
        for word in sorted(words, key=len, reverse=True):
            own = self._by_first.setdefault(word[0], {"": []})
            if word[1:]:
                own.setdefault(word[1], []).append((word, *words[word]))
            else:
                for same in own.values():
                    same.append((word, *words[word]))

    def scan(self, text: str, start: int, end: int) -> Iterator[Token]:
        """Yield the known words of a stretch and, with no role, what stands between them."""
        known, begins = self._by_first.get, text.startswith
        at = unknown = start
        if self._alone.get(text[start:end], ("",))[0] == "name":
            at = end  # 工程 is the end of a name, or by itself a kind of procurement
        while at < end:
            own = known(text[at])
            for word, role, value in own.get(text[at + 1 : at + 2], own[""]) if own else ():
                if begins(word, at, end):
                    if unknown < at:
                        yield self._rest(text, unknown, at)
                    unknown = at + len(word)
                    yield Token(at, unknown, role, value)
                    at = unknown
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
    numbered: NumberWords,
    span: tuple[int, int],
    items: Sequence[Token] = (),
) -> list[Token]:
    """Return a sentence as tokens: numbers, marks, words and what is unknown.

    ``items`` are tokens that were found before, in order, such as classification items.
    """
    found: list[Token] = []
    at, end = span
    for item in items:
        found += _plain(text, lexicon, numbered, (at, item.start))
        found.append(item)
        at = item.end
    return [*found, *_plain(text, lexicon, numbered, (at, end))]


def _plain(
    text: str, lexicon: Lexicon, numbered: NumberWords, span: tuple[int, int]
) -> Iterator[Token]:
    at, end = span
    for number in _numbers_in(text, numbered, *span):
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
