"""TEXT-11: what a text tells twice in other words, one number a slip of the pen off the other.

How sure that is adds up: how rare the words are that stand nearest to both numbers, the words and
the numbers around them, and how seldom such a slip comes about by chance.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from ...text.paragraphs import pairs_of
from ...text.slips import digits_of, is_slip, significant, slip_patterns
from ...text.statements import Judged, Statement, held_against
from ...text.tokens import Lexicon, Written
from .counted import Counting, sort_of

_CODE, _MARKS = "TEXT-11", re.compile("[,;:。]")
_AT_YEAR_END = re.compile(r"截至(?:\d{4}年)?(?:当年|本年)?(?:年?[底末]|12月(?:31日|底))")
_KINDS = {"money", "percent", "points", "score", "count"}
_RATIOS = {"rate", "share", "change"}
_NAMING = {"", "name", "alias", "tail", "blocked"}
_NEAREST, _FADING, _LEAST = 6, 0.15, 0.15
"""The pairs of characters before a number that count in full, what each further one loses, and
what is left of the farthest."""
_FADING_BEHIND = 1 / 10
_BEFORE, _BEHIND, _AROUND = 24, 8, 45
_FEWEST_DIGITS, _MOST = 2, 8
_NAMED, _ALIKE = 2.5, 0.5
_OF_CONTEXT, _OF_NUMBER, _MOST_NUMBERS, _FEW = 0.15, 3.0, 2, 9
_OF_DIGIT, _OF_SWAP, _OF_POINT = 1.5, 3.0, 0.5
_OF_NAME = 0.25
"""What counts of shared words though most of the name is another; the rest counts by its share."""
_OF_PART = 1.75
"""How much surer it must be where only one of the two says of which place or part of the year."""
_SHORT_TEXT = 25
"""The sentences of a text too short to tell how rare a word is."""
_SURE = 16.0
"""When a number is one that was told before: no two things of 90 published texts came up to it,
and two in five of the planted slips that nothing else had noticed."""


@dataclass(frozen=True, eq=False)
class _Echo:
    """A number with the words that name it, the nearer the heavier, and those around it."""

    number: Written
    named: dict[str, float]
    around: frozenset[str]
    beside: frozenset[tuple[Fraction, str]]


class Echoes:
    """The numbers of a text by their digits, and how rare each two characters of it are."""

    def __init__(self, found: Sequence[Judged], words: Counting, lexicon: Lexicon) -> None:
        """Index the numbers under what a slip of the pen would keep of them."""
        self.words, self.year, self.lexicon = words, words.year, lexicon
        self._by: dict[tuple[str, str], list[Statement]] = defaultdict(list)
        self._sentences: dict[tuple[int, int], list[Statement]] = defaultdict(list)
        self._order: dict[int, int] = {}
        self._known: dict[int, _Echo] = {}
        for at, one in enumerate(found):
            said, number = one.said, one.said.number
            if number is None or number.kind not in _KINDS:
                continue
            self._order[id(said)] = at
            self._sentences[self._key(said)].append(said)
            if number.value and not number.is_hedged and said.doubt != "plan":
                for pattern in slip_patterns(number):
                    self._by[sort_of(number), pattern].append(said)

    def judged(self, found: Sequence[Judged]) -> list[Judged]:
        """Return the statements, those judged that another told before in other words."""
        told = []
        for one in found:
            other = self._told_before(one.said) if one.outcome == "unchecked" else None
            if other:
                shown = f"文中另写“{other.told}”"
                one = held_against(
                    one.said, "fail", _CODE, shown, (other.paragraph.place(other.start),)
                )
            told.append(one)
        return told

    def _told_before(self, said: Statement) -> Statement | None:
        number = said.number
        if number is None or id(said) not in self._order or number.is_hedged or not number.value:
            return None
        if said.doubt == "plan" or len(digits_of(number, number.value)) < _FEWEST_DIGITS:
            return None
        others = {
            id(other): other
            for pattern in slip_patterns(number)
            for other in self._by[sort_of(number), pattern][:_MOST]
            if self._order[id(other)] < self._order[id(said)] and self._may_be(said, other)
        }
        likely = [
            (self._sureness(said, other) / self._doubt(said, other), -at, other)
            for at, other in enumerate(others.values())
        ]
        best = max(likely, default=None, key=lambda one: one[:2])
        return best[2] if best and best[0] >= _SURE else None

    def _may_be(self, said: Statement, other: Statement) -> bool:
        """Return whether both may be of one thing, and one is a slip off the other."""
        one, two = said.number, other.number
        if one is None or two is None or one.value == two.value:
            return False
        if self._key(said) == self._key(other) or not is_slip(one, two.value, 0):
            return False
        if any(not self._speaks_of(each.year, by) for each, by in ((said, other), (other, said))):
            return False
        is_ratio = said.measure in _RATIOS or (one.kind == "percent" and bool(said.phases))
        if is_ratio and (said.doubt or said.subjects != other.subjects):
            return False  # what stands nearest to a ratio is what it is a ratio of
        if said.direction and other.direction and said.direction != other.direction:
            return False
        # A sentence that tells both tells of two things.
        beside = (each.number for each in self._sentences[self._key(said)] if each.number)
        return is_slip(two, one.value, 0) and all(
            (each.value, sort_of(each)) != (two.value, sort_of(two)) for each in beside
        )

    def _doubt(self, said: Statement, other: Statement) -> float:
        """Return how much surer it must be that two numbers are of one part of a year and place."""
        one, two = self._scope(said), self._scope(other)
        return 1 if one == two else _OF_PART if one <= two or two <= one else math.inf

    def _scope(self, said: Statement) -> set[str]:
        """Return the parts of a year, and the places, that stand before a number."""
        start, _ = said.paragraph.sentence(said.start)
        text = _AT_YEAR_END.sub("", said.paragraph.text[start : said.start])
        is_whole = self.words.says(text, "all_year")
        parts = [] if is_whole else self.words.pattern("part_of_year").findall(text)
        return {*parts, *self.words.places(text)}

    def _speaks_of(self, year: int | None, other: Statement) -> bool:
        """Return whether a statement may be of a year that another is of."""
        of = year or self.year
        return of == (other.year or self.year) or str(year) in other.paragraph.text

    def _sureness(self, said: Statement, other: Statement) -> float:
        one, two = self._echo(said), self._echo(other)
        shared = one.named.keys() & two.named.keys()
        named = sum(self._rarity(pair) * min(one.named[pair], two.named[pair]) for pair in shared)
        least = min(
            sum(self._rarity(pair) * weight for pair, weight in each.named.items())
            for each in (one, two)
        )
        if named < _NAMED or named < _ALIKE * least:
            return 0
        around = sum(self._rarity(pair) for pair in (one.around & two.around) - shared)
        numbers = min(len(one.beside & two.beside), _MOST_NUMBERS)
        alike = _OF_NAME + (1 - _OF_NAME) * min(named / least, 1)
        return (
            named * alike
            + _OF_CONTEXT * around
            + _OF_NUMBER * numbers
            + self._of_slip(one.number, two.number.value)
        )

    def _of_slip(self, number: Written, value: Fraction) -> float:
        own, right = digits_of(number, number.value), digits_of(number, value)
        kept = len(significant(number))
        if own.rstrip("0") == right.rstrip("0"):
            return (_OF_DIGIT + _OF_POINT) * kept
        return _OF_DIGIT * kept + (_OF_SWAP if sorted(own) == sorted(right) else 0)

    def _rarity(self, pair: str) -> float:
        return math.log(max(len(self._words), _SHORT_TEXT) / max(1.0, self._count[pair] - 0.5))

    @cached_property
    def _words(self) -> list[frozenset[str]]:
        return [
            frozenset(
                pairs_of(own[0].paragraph.text[slice(*own[0].paragraph.sentence(own[0].start))])
            )
            for own in self._sentences.values()
        ]

    @cached_property
    def _count(self) -> Counter[str]:
        return Counter(pair for words in self._words for pair in words)

    def _key(self, said: Statement) -> tuple[int, int]:
        return id(said.paragraph), said.paragraph.sentence(said.start)[0]

    def _echo(self, said: Statement) -> _Echo:
        if id(said) not in self._known:
            self._known[id(said)] = self._read(said)
        return self._known[id(said)]

    def _read(self, said: Statement) -> _Echo:
        paragraph, number = said.paragraph, said.number
        assert number is not None
        beside = [one for one in self._sentences[self._key(said)] if one is not said]
        start, end = paragraph.sentence(said.start)
        opens = max([start, *(one.end for one in beside if one.end <= said.start)])
        stops = min([end, *(one.start for one in beside if one.start >= said.end)])
        before = list(self._pairs(said, max(opens, said.start - _BEFORE), said.start))
        behind = list(self._pairs(said, said.end, min(stops, said.end + _BEHIND)))
        if not before and not behind:
            before = list(self._pairs(said, max(opens, said.start - _BEFORE), said.start, -2))
        named = {pair: 1 - _FADING_BEHIND * far for far, pair in reversed(list(enumerate(behind)))}
        for far, pair in enumerate(reversed(before)):
            weight = max(_LEAST, 1 - _FADING * max(far - _NEAREST + 1, 0))
            named[pair] = max(named.get(pair, 0), weight)
        text = paragraph.text[max(start, said.start - _AROUND) : min(end, said.end + _AROUND)]
        around = frozenset(
            pair for pair in pairs_of(f"{text} {paragraph.heading}") if pair.isalpha()
        )
        values = frozenset(
            (one.number.value, sort_of(one.number))
            for one in beside
            if one.number and one.number.value > _FEW
        )
        return _Echo(number, named, around, values)

    def _pairs(self, said: Statement, start: int, end: int, at: int = -1) -> Iterator[str]:
        """Yield each two characters of the words of one clause that name something.

        Of what stands before a number it is the last clause, or an earlier one.
        """
        text = said.paragraph.text
        clause = "".join(
            text[token.start : token.end] if token.role in _NAMING else "\n"
            for token in self.lexicon.scan(text, start, end)
        )
        clauses = _MARKS.split(clause)
        clause = clauses[0 if end > said.start else max(at, -len(clauses))]
        return (pair for pair in pairs_of(clause) if pair.isalpha())
