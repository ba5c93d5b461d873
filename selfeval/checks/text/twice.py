"""TEXT-11: the same thing told twice in a text, and not the same."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from ...money import FEN_PER
from ...text.paragraphs import pairs_of
from ...text.reading import BUDGETS
from ...text.slips import in_other_unit, is_slip, significant, slip_patterns
from ...text.statements import Base, Judged, Statement
from ...text.tokens import Lexicon, Written

_CODE = "TEXT-11"
_KINDS = {"money", "percent", "points", "score", "bare"}
_FEWEST_DIGITS, _FEWEST_OF_ONE, _ENOUGH_DIGITS = 3, 2, 6
_LONG_ENOUGH = len("text:") + 3
_SHARED = 3
_MOST = 8
_NAMING = {"", "name", "alias", "tail"}
_PHASES = ("initial_budget", "adjusted_budget", "executed")
_DIGIT, _LISTED = re.compile(r"(?<!\d)\d+(?![\d年月])"), re.compile(r"[\d元%点][、和]|[、和]\d")
_UNSURE = {"plan", "blocked"}
_FUNDS = {"general_public_budget": "", "fiscal_appropriation": ""}
"""The funds that are not told of every item that they pay."""


class Twice:
    """The numbers of a text by their digits, to find one that another is a slip off."""

    def __init__(
        self, found: Sequence[Judged], year: int, lexicon: Lexicon, parts: set[str]
    ) -> None:
        """Index the numbers under each of their digits left out, and each two changed places.

        ``parts`` are the items that are always parts of one whole.
        """
        self.year, self.lexicon, self.parts = year, lexicon, parts
        self._by: dict[tuple[str, str], list[Statement]] = defaultdict(list)
        self._values: dict[tuple[str, Fraction], int] = defaultdict(int)
        self._by_digits: dict[str, list[Statement]] = defaultdict(list)
        self._grams: dict[int, frozenset[str]] = {}
        self._order = {id(one.said): at for at, one in enumerate(found)}
        for one in found:
            number = one.said.number
            if number and number.kind in _KINDS and not number.is_hedged:
                self._values[number.kind, number.value] += 1
                self._by_digits[significant(number)].append(one.said)
                for pattern in slip_patterns(number):
                    self._by[_sort(number), pattern].append(one.said)

    def has(self, said: Statement) -> bool:
        """Return whether a number stands in the text twice."""
        return said.number is not None and self._values[said.number.kind, said.number.value] > 1

    def judged(self, found: Sequence[Judged]) -> list[Judged]:
        """Return the statements, those judged that tell again what another told."""
        told: list[Judged] = []
        first: dict[object, Statement] = {}
        beside: dict[object, list[Statement]] = defaultdict(list)
        for one in found:
            beside[id(one.said.paragraph), one.said.subjects].append(one.said)
        for one in found:
            said, number = one.said, one.said.number
            other, is_exact = None, number is not None and not number.is_hedged
            key = self._key(said, beside[id(said.paragraph), said.subjects]) if is_exact else None
            if key and one.outcome != "fail":
                other = first.setdefault(key, said)
            if one.outcome != "unchecked" or not number or not is_exact:
                other = None
            else:
                if other and not (said.is_named or _is_in_other_unit(number, other.number)):
                    other = None
                if other is None or other is said:
                    other = self._near(said)
            one = _against(one, other) if other else one
            if one.outcome == "unchecked":
                one = self._turned(one, first)
            told.append(self._opposed(one) if one.outcome == "unchecked" else one)
        return told

    def _turned(self, one: Judged, first: dict[object, Statement]) -> Judged:
        """Find a change that another sentence says to go the other way."""
        said, base = one.said, one.said.base
        if said.direction is None or said.doubt or said.unsigned or not said.subjects or not base:
            return one
        if said.measure not in {"change", "claim"} or said.of or not base.year or base.subjects:
            return one
        year = said.year or self.year
        for phase in said.phases or base.phases or _PHASES:
            other = first.setdefault(("way", said.subjects, year, base.year, phase), said)
            if other.direction != said.direction and _is_elsewhere(said, other):
                shown = f"文中另写“{other.told}”"
                return replace(one, outcome="fail", code=_CODE, shown=shown, expected=other.told)
        return one

    def _opposed(self, one: Judged) -> Judged:
        """Find a change by an amount that another sentence tells to go the other way."""
        said, number = one.said, one.said.number
        if said.measure != "change" or number is None or number.is_hedged or not said.direction:
            return one
        if len(significant(number)) < _FEWEST_DIGITS or said.unsigned or said.doubt in _UNSURE:
            return one
        for other in self._by_digits[significant(number)][:_MOST]:
            same = other.number and (other.number.kind, other.number.value)
            way = other.after.direction if other.unsigned and other.after else other.direction
            if same != (number.kind, number.value) or other.measure != "change" or not way:
                continue
            if other.unsigned and not other.after:
                continue
            alike = said.subjects == other.subjects or len(self._named(said) & self._named(other))
            if way == -said.direction and alike and _is_elsewhere(said, other):
                shown = f"文中另写“{other.told}”"
                return replace(one, outcome="fail", code=_CODE, shown=shown, expected=other.told)
        return one

    def _key(self, said: Statement, beside: Sequence[Statement]) -> object:
        """Return what an amount is surely of, None where that is not sure."""
        if said.measure != "level" or said.doubt or not said.subjects:
            return None
        whole, subjects = said.of.subjects if said.of else (), said.subjects
        if subjects[0].item in self.parts:
            whole, subjects = (
                (),
                tuple(replace(one, fund=_FUNDS.get(one.fund, one.fund)) for one in subjects),
            )
        return subjects, self._phases(said, beside), said.year or self.year, whole

    def _phases(self, said: Statement, own: Sequence[Statement]) -> tuple[str, ...]:
        """Return the phase of an amount; the one behind a name is the budget of a budget's text.

        甲项目5万元。2020年执行数4万元，2021年预算安排6万元: the first amount is the budget too.
        """
        if told := said.phases or (said.of.phases if said.of else ()):
            return told
        year = said.year or self.year
        before = any(one.phases == ("executed",) and one.year == year - 1 for one in own)
        same = any(one.phases == ("executed",) and (one.year or year) == year for one in own)
        later = any((one.year or year) > year for one in own)
        return BUDGETS if before and not same and not later else ()

    def _near(self, said: Statement) -> Statement | None:
        """Return a number of the same thing, told elsewhere, that this one is a slip off."""
        number = said.number
        if number is None or number.kind not in _KINDS or self.has(said) or _is_unsure(said):
            return None
        digits = significant(number)
        if number.kind == "money" and len(digits) >= _ENOUGH_DIGITS:
            # The same digits of another unit.
            for other in self._by_digits[digits][:_MOST]:
                if other.number and _is_other_unit(number, other.number):
                    return other
        if len(digits) < _FEWEST_OF_ONE:
            return None
        for pattern in slip_patterns(number):
            for other in self._by.get((_sort(number), pattern), ())[:_MOST]:
                if self._order[id(other)] >= self._order[id(said)]:
                    continue
                if other.number is None or not is_slip(number, _like(other.number, number)):
                    continue
                if said.doubt == "again":
                    return other
                if _is_elsewhere(said, other) and self._are_alike(said, other):
                    return other
        return None

    def _are_alike(self, said: Statement, other: Statement) -> bool:
        """Return whether two numbers may well be of one thing in one year and phase."""
        digits = len(significant(said.number)) if said.number else 0
        is_bare = said.measure == "level" and other.measure == "other"
        if said.measure != other.measure and not is_bare:
            return False
        if (said.year or self.year) != (other.year or self.year) or _is_unsure(other):
            return False
        if said.direction != other.direction:
            return False
        is_long = digits >= _ENOUGH_DIGITS and said.subjects == other.subjects
        if not _phases_of(said) & _phases_of(other) and not (is_long and not said.phases):
            return False
        if said.after and other.after and said.after.number and other.after.number:
            return said.after.number.value == other.after.number.value
        if not said.doubt and not other.doubt and said.subjects != other.subjects:
            if digits < _ENOUGH_DIGITS or len(said.subjects) != len(other.subjects):
                return False
            pairs = zip(said.subjects, other.subjects, strict=True)
            if not all(one.joined(two) for one, two in pairs):
                return False
        own, others = self._named(said), self._named(other)
        shared = len(own & others)
        if digits >= _ENOUGH_DIGITS:
            return shared > 0 or digits > _ENOUGH_DIGITS
        is_named = not said.subjects or len(said.subjects[0].item) > _LONG_ENOUGH
        is_named = is_named or said.measure == "change"
        if said.measure in {"level", "change"} and said.subjects == other.subjects != ():
            return is_named and _year_of(said.base) == _year_of(other.base)
        is_told = said.measure in {"rate", "share"} and said.is_named and not _is_listed(other)
        if is_told and not _is_listed(said) and said.subjects == other.subjects != ():
            return said.whole == other.whole and not said.doubt
        is_known = any(one.item.startswith("named:") for one in (*said.subjects, *other.subjects))
        if digits < _FEWEST_DIGITS or is_known:
            return False
        if any(_DIGIT.search(one.label) or _is_listed(one) for one in (said, other)):
            return False
        return shared >= _SHARED and 2 * shared >= min(len(own), len(others))

    def _named(self, said: Statement) -> frozenset[str]:
        """Return the words of a statement that name something, two characters each."""
        if id(said) not in self._grams:
            text = said.paragraph.text
            named = "".join(
                text[token.start : token.end] if token.role in _NAMING else ","
                for token in self.lexicon.scan(text, said.opens, said.start)
            )
            grams = frozenset(pair for pair in pairs_of(named) if "," not in pair)
            self._grams[id(said)] = grams
        return self._grams[id(said)]


def _against(one: Judged, other: Statement) -> Judged:
    """Return what came of a number that another told before."""
    number = one.said.number
    if other is one.said or number is None or other.number is None:
        return one
    if not (number.value and other.number.value):
        return one
    room = other.number.half + number.half
    agrees = number.value == other.number.value or abs(other.number.value - number.value) < room
    return replace(
        one,
        outcome="pass" if agrees else "fail",
        code=_CODE,
        shown=f"文中另写{other.quote}",
        expected=other.quote,
    )


def _like(number: Written, like: Written) -> Fraction:
    """Return the value of a number, one without a unit as if it had that of another."""
    is_bare = number.kind == "bare" and like.kind == "money"
    return number.value * FEN_PER[like.unit] if is_bare else number.value


def _is_in_other_unit(number: Written, other: Written | None) -> bool:
    return other is not None and in_other_unit(number, other.value)


def _is_other_unit(one: Written, other: Written) -> bool:
    return one.kind == other.kind == "money" and one.unit != other.unit


def _year_of(base: Base | None) -> int | None:
    return base.year if base else None


def _phases_of(said: Statement) -> set[str]:
    """Return the phases a number may be of; a part's may be those of its whole."""
    return set(said.phases or ("executed", *(said.of.phases if said.of else ())))


def _is_unsure(said: Statement) -> bool:
    """Return whether a number may be of another time, or of a part; points are of what is named."""
    is_score = said.number is not None and said.number.kind == "score"
    return said.doubt in _UNSURE and not (is_score and said.doubt != "plan")


def _sort(number: Written) -> str:
    """Return the kind of a number; an amount may stand in a table without its unit."""
    return "money" if number.kind == "bare" else number.kind


def _is_listed(said: Statement) -> bool:
    """Return whether a number is one of several that belong to several names: 5%、6%和7%."""
    text = said.paragraph.text
    around = text[said.start - 2 : said.start], text[said.end : said.end + 2]
    return any(_LISTED.search(two) for two in around)


def _is_elsewhere(one: Statement, other: Statement) -> bool:
    """Return whether two statements stand in different sentences."""
    own, paragraph = one.paragraph, other.paragraph
    return own is not paragraph or own.sentence(one.start) != own.sentence(other.start)
