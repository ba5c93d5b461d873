"""Comparisons in a text, such as 比上年增加 and 大于年初预算: with what, which way, by how much."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from ...evaluation import Evaluation
from ...schemes.known_names import WordsName
from ...text.numbers import AMOUNT, MONEY, PERCENT
from ...text.paragraphs import Paragraph, one_of
from .amounts import line_before, link_pattern, phases_said, spoken_names

Direction = Literal["above", "below", "level", "within"]
_CLAUSE = re.compile(r"[,:;。!?()、\ufffc]")
_YEAR = re.compile(r"(20\d\d)年")
_YEAR_WORD = re.compile(r"20\d\d年度?")
SIGNS: Final[dict[Direction, int]] = {"above": 1, "below": -1, "level": 0, "within": 0}
LEVELS = ("initial_budget", "adjusted_budget")


@dataclass(frozen=True)
class Comparison:
    """One comparison and where it stands.

    ``against`` the year before or another, or the budget. ``unsigned`` for 下降（增长）, ``loose``
    for 基本持平 and numbers said to be about so much.
    """

    start: int
    end: int
    against: Literal["year", "budget"]
    base: str
    direction: Direction
    subject: str
    base_amount: str
    amount: str
    rate: str
    rate_direction: Direction
    unsigned: bool
    loose: bool

    @property
    def phases(self) -> tuple[str, ...]:
        """The levels of the budget that are meant: either, where it only says 预算."""
        return tuple(phase for phase in phases_said(self.base) if phase in LEVELS) or LEVELS


@dataclass(frozen=True)
class SaidAmount:
    """An amount, and the words of its clause before it."""

    start: int
    end: int
    text: str
    label: str

    @property
    def phases(self) -> tuple[str, ...]:
        """The phases its label leaves open, () if it says none."""
        return phases_said(self.label)


@dataclass(frozen=True)
class Speech:
    """What the words of a unit's text may be of: its lines by name, and words that only link."""

    case: Evaluation
    names: list[tuple[str, str]]
    link: re.Pattern[str]
    rates: re.Pattern[str]

    def line(self, paragraph: Paragraph, at: int) -> tuple[str, list[str]] | None:
        """Return the line that the words at a position are surely of, as ``line_before``."""
        before = paragraph.text[paragraph.unit(at)[0] : at]
        return line_before(self.case, before, self.names, self.link)

    def named(self, subject: str) -> tuple[str, list[str]] | None:
        """Return the line that words begin with, if the rest of them only link."""
        for name, line in self.names:
            if subject.startswith(name) and self.is_linking(subject[len(name) :]):
                return line, [subject[len(name) :]]
        return None

    def is_linking(self, text: str) -> bool:
        """Return whether words name nothing of their own: phases, years, 为, 共."""
        return self.link.fullmatch(_YEAR_WORD.sub("", text)) is not None

    def is_aside(self, text: str) -> bool:
        """Return whether words name nothing of their own, rates and shares left out."""
        return self.is_linking(self.rates.sub("", text))


def speech(case: Evaluation) -> Speech:
    """Return how the unit's lines are spoken of in folded text."""
    share = one_of(case.words("share_word"))
    rates = re.compile(rf"(?:{share})[^,。;:\d]{{0,20}}{PERCENT}|{PERCENT}|的")
    return Speech(case, spoken_names(case), link_pattern(case), rates)


def amounts_said(paragraph: Paragraph, start: int, end: int) -> list[SaidAmount]:
    """Return the amounts between two positions, each with its label."""
    found, last = [], start
    for match in AMOUNT.finditer(paragraph.text, start, end):
        label = _CLAUSE.split(paragraph.text[last : match.start()])[-1]
        found.append(SaidAmount(match.start(), match.end(), match[0], label))
        last = match.end()
    return found


def names_level(case: Evaluation, label: str) -> bool:
    """Return whether a label may be of a whole year's amount: not 追加, 上半年, 每人."""
    return not any(word in label for word in case.words("not_level"))


def is_rough(case: Evaluation, paragraph: Paragraph, said: SaidAmount) -> bool:
    """Return whether an amount is only about so much."""
    near = said.label[-2:] + paragraph.text[said.end : said.end + 2]
    return any(word in near for word in case.words("roughly"))


def year_of(case: Evaluation, text: str) -> int | None:
    """Return the one year a text names, 上年 included; None if it names none or several."""
    years = {int(year) for year in _YEAR.findall(text)}
    if re.search(one_of(case.words("last_year")), text):
        years.add(case.unit.year - 1)
    return years.pop() if len(years) == 1 else None


def comparisons(case: Evaluation, paragraph: Paragraph) -> list[Comparison]:
    """Return the comparisons of a paragraph, in order; of two that overlap, the longer."""
    lists: tuple[WordsName, ...] = (
        "more", "less", "level", "last_year", "budget_base", "not_budget_base", "change_fill",
        "above_budget", "below_budget", "not_above_budget", "kept_within", "roughly",
    )  # fmt: skip
    words = {name: case.words(name) for name in lists}
    found = [
        _comparison(case, paragraph, match, direction)
        for triggers, pattern, direction in _grammar(tuple(words.items()))
        # Compiling costs more than all of the reading: only what the words may meet.
        if any(word in paragraph.text for word in triggers)
        for match in re.finditer(pattern, paragraph.text)
        # 提高2个百分点, 增加10批次: of neither money nor a rate.
        if not paragraph.text[match.end() : match.end() + 1].isdigit()
    ]
    kept: list[Comparison] = []
    taken = bytearray(len(paragraph.text))
    for one in sorted(found, key=lambda one: one.start - one.end):
        if not any(taken[one.start : one.end]):
            kept.append(one)
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
    return sorted(kept, key=lambda one: one.start)


def _comparison(
    case: Evaluation, paragraph: Paragraph, match: re.Match[str], direction: Direction | None
) -> Comparison:
    said = match.groupdict()
    word, second = said.get("word") or "", said.get("second") or ""
    own = direction or _way(case, word)
    base = said.get("budget") or said.get("year") or ""
    named = year_of(case, base)
    budget = bool(said.get("budget")) and named in {None, case.unit.year}
    near = f"{said.get('about') or ''}{paragraph.text[match.end() : match.end() + 2]}"
    return Comparison(
        start=match.start(),
        end=match.end(),
        against="budget" if budget else "year",
        base=base,
        direction=own,
        subject=said.get("subject") or "",
        base_amount=said.get("base_amount") or "",
        amount=said.get("amount") or "",
        rate=said.get("rate") or said.get("in_brackets") or said.get("alone") or "",
        rate_direction=_way(case, second) if second else own,
        unsigned=bool(said.get("option") or said.get("whichever")),
        loose=any(about in near for about in case.words("roughly")),
    )


def _way(case: Evaluation, word: str) -> Direction:
    return "above" if word in case.words("more") else "below"


@lru_cache(maxsize=8)
def _grammar(
    words: tuple[tuple[str, tuple[str, ...]], ...],
) -> list[tuple[tuple[str, ...], str, Direction | None]]:
    """Return patterns, words of which each needs one, and the direction it says.

    The direction is None where the word it meets says it.
    """
    own = dict(words)
    any_of = {name: f"(?:{one_of(listed)})" for name, listed in words}
    either = f"(?:{any_of['more']}|{any_of['less']})"
    fill = f"{any_of['change_fill']}*+"
    year = rf"(?P<year>(?:20\d\d年度?|{any_of['last_year']})[^,。;:、()\d%]{{0,12}}?)"
    budget = rf"(?P<budget>(?:20\d\d年度?)?{any_of['budget_base']})(?!{any_of['not_budget_base']})"
    base = rf"(?:{budget}|{year})(?:为|是)?(?P<base_amount>{MONEY})?"
    second = rf"(?P<second>{either})(?P<option>\({either}\))?{fill}"
    # A percentage after an amount must say that it is of the change.
    then = rf"(?:[,、(]?{second}(?P<rate>{PERCENT})|\({fill}(?P<in_brackets>{PERCENT})\))?"
    by = rf"(?:(?P<about>{fill})(?:(?P<amount>{MONEY}){then}|(?P<alone>{PERCENT})))?"
    option = rf"(?P<whichever>\({either}\))?"
    than = r"(?:比|较|相比|相较于?|(?:与|同|和)(?=[^,。;:]{0,24}相比))"
    subject = r"(?P<subject>[^,。;:、()\d%\ufffc]{0,18}?)"
    level = rf"(?P<about>{any_of['roughly']})?{any_of['level']}"
    patterns: list[tuple[tuple[str, ...], str, Direction | None]] = [
        (("比", "较"), rf"{than}{base}(?:相比较?)?,?{subject}(?P<word>{either}){option}{by}", None),
        (("同比",), rf"同比(?:{year})?(?P<word>{either}){option}{by}", None),
        (own["level"], rf"(?:与|同|和|较|比){base}(?:相比)?,?{level}", "level"),
        (own["above_budget"], rf"{any_of['above_budget']}{budget}{by}", "above"),
        (own["below_budget"], rf"{any_of['below_budget']}{budget}{by}", "below"),
        (own["not_above_budget"], rf"{any_of['not_above_budget']}{budget}", "within"),
    ]
    for frame in dict(words)["kept_within"]:
        before, _, after = frame.partition("{}")
        pattern = f"{re.escape(before)}{budget}{re.escape(after)}"
        patterns.append(((before or after,), pattern, "within"))
    return patterns
