"""When something was to be done and when it was: 10月底前, 2021年9月, 第三季度, 2021-09-30."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from ..folding import fold
from ..schemes.readings import ValueWords
from .readings import NUMERALS, end_of, start_of, value_of

_NUMERAL = re.compile(rf"(?<![{NUMERALS}])[{NUMERALS}]{{1,12}}+(?=[年月日号])")
_ISO = re.compile(
    r"(?P<year>(?:19|20)[0-9]{2})[-/.](?P<month>1[0-2]|0?[1-9])"
    r"(?:[-/.](?P<day>3[01]|[12][0-9]|0?[1-9]))?(?:00:00(?::00)?)?(?P<before>以前|之前|前)?"
)
_DIGITS = re.compile(r"((?:19|20)[0-9]{2})(?:(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])?)?")
_LOST_ZERO = re.compile(r"(?:19|20)[0-9]{2}\.1")
"""January, or October in a cell of numbers: 2021.10 is 2021.1 there."""
_WRITTEN = re.compile(
    r"(?:(?P<year>(?:19|20)[0-9]{2})年度?|(?P<same>本年度?|当年|今年)|(?P<next>次年|下年度?|翌年))?"
    r"(?:(?P<month>1[0-2]|0?[1-9])月份?(?:(?P<day>3[01]|[12][0-9]|0?[1-9])[日号]"
    r"|(?P<third>[上中下]旬|[底末初]))?"
    r"|第?(?P<quarter>[1-4一二三四])季度(?P<close>[底末])?|(?P<half>[上下])半年"
    r"|年?(?P<end>[底末])|(?P<within>年)(?=以内|之内|内))?"
    r"(?:(?P<before>以前|之前|前)|以内|之内|内)?"
)
_CLOSED = ("day", "third", "close", "end")
_LAST = 31
_FIRST_DAY = {"上旬": 1, "初": 1, "中旬": 11, "下旬": 21, "底": 21, "末": 21}
_LAST_DAY = {"上旬": 10, "初": 10, "中旬": 20, "下旬": _LAST, "底": _LAST, "末": _LAST}


@dataclass(frozen=True)
class Time:
    """A day, or a stretch of days in which it lies; as a limit, the last day is the limit.

    10月前 is a limit at the end of September or of October: ``first`` and ``last`` are those.
    """

    first: dt.date
    last: dt.date
    loose: bool = False


def read_time(said: str, year: object, words: ValueWords) -> Time | None:
    """Read a value as a time, None if it is none; without a year it is of the fiscal year."""
    text = fold(said)
    text = text.removeprefix(start_of(text, words.date_before))
    events = [word for names in words.date_events.values() for word in names]
    text = text.removesuffix(end_of(text, [*words.task_after, *words.date_after, *events]))
    return _time(_NUMERAL.sub(lambda found: str(value_of(found[0])), text), year)


def event_of(said: str, words: ValueWords) -> str:
    """Return what a time is the time of by the words behind it, "" if they do not say."""
    text = fold(said)
    named = ((end, event) for event, ends in words.date_events.items() for end in ends)
    return next((event for end, event in named if text.endswith(end)), "")


@lru_cache(maxsize=4096)
def _time(text: str, fiscal: object) -> Time | None:
    digits = _DIGITS.fullmatch(text)
    if digits:
        text = "-".join(filter(None, digits.groups())) if digits[2] else f"{text}年"
    if _LOST_ZERO.fullmatch(text):
        return Time(dt.date(int(text[:4]), 1, 1), dt.date(int(text[:4]), 10, _LAST), loose=True)
    iso = _ISO.fullmatch(text)
    found = iso or _WRITTEN.fullmatch(text)
    if found is None or not text:
        return None
    parts = found.groupdict()
    year = int(parts["year"]) if parts["year"] else fiscal
    if not isinstance(year, int):
        return None
    year += bool(parts.get("next"))
    whole = _stretch(year, parts)
    if whole is None or not parts["before"] or any(map(parts.get, _CLOSED)):
        return whole
    return Time(whole.first - dt.timedelta(1), whole.last, loose=True)


def _stretch(year: int, parts: dict[str, str | None]) -> Time | None:
    """Return the days that the parts of a date name."""
    month, day, third = parts["month"], parts["day"], parts.get("third") or ""
    if month:
        try:
            first = dt.date(year, int(month), int(day or _FIRST_DAY.get(third, 1)))
        except ValueError:
            return None
        return Time(first, _day(year, int(month), int(day or _LAST_DAY.get(third, _LAST))))
    if parts["quarter"]:
        before = "一二三四1234".index(parts["quarter"]) % 4 * 3
        return Time(dt.date(year, before + 1, 1), _day(year, before + 3, _LAST))
    if parts["half"]:
        start = 1 if parts["half"] == "上" else 7
        return Time(dt.date(year, start, 1), _day(year, start + 5, _LAST))
    if parts["end"]:
        return Time(dt.date(year, 12, 21), dt.date(year, 12, _LAST))
    if any(parts[name] for name in ("year", "same", "next", "within")):
        return Time(dt.date(year, 1, 1), dt.date(year, 12, _LAST))
    return None


def _day(year: int, month: int, day: int) -> dt.date:
    return dt.date(year, month, min(day, calendar.monthrange(year, month)[1]))


def in_time(target: Time, actual: Time) -> bool | None:
    """Return whether something was done by its limit, None where the words do not tell."""
    if actual.last <= (target.first if target.loose else target.last):
        return True
    return False if actual.first > target.last else None
