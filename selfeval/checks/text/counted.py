"""What counts are compared with, and the words around a number that say what it counts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

from ...evaluation import Evaluation
from ...folding import fold
from ...schemes.grammar import ProseGrammar
from ...schemes.known_names import CountingWords
from ...sheets import Place
from ...text.numbers import agrees, as_written, exactly
from ...text.paragraphs import Paragraph, one_of
from ...text.slips import is_slip
from ...text.statements import Judged, Statement, held_against, left_open
from ...text.tokens import Lexicon, Token, Written

CODE = "TEXT-24"
HEADS = frozenset("人名位")
_PIECES = frozenset("个家项件条处所座间种类")
MARK = re.compile(r"[,;:。、()!?]")
_CLAUSE_START = re.compile(r"[,;:。、!?]")
_CLAUSE_END = re.compile(r"[,;:。、()!?0-9]")
_RESPECTIVELY = re.compile(r"分别|依次")
_JOINT = re.compile(r"分别|依次|、|以及|和|与|及")
_LONGEST_TAIL = 16
_NEAR, _FEW = 2, 9
_DATED = re.compile(
    r"(?P<year>(?:19|20)\d\d)年(?:度|(?P<month>1[0-2]|0?[1-9])月(?:(?:[0-2]?\d|3[01])日)?)?"
)
_SOME_MONTHS = re.compile(r"(?:\d{1,2}[-~—至到])\d{1,2}月")


@dataclass(frozen=True, slots=True)
class KnownCount:
    """A count that is known, in words and by where it stands."""

    value: Fraction
    shown: str
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, eq=False)
class CountedSentence:
    """The numbers of one sentence, in order."""

    paragraph: Paragraph
    start: int
    end: int
    said: tuple[Statement, ...]

    @cached_property
    def counts(self) -> list[Count]:
        """Its numbers with the words around them."""
        return [
            Count(self, at, said, said.number) for at, said in enumerate(self.said) if said.number
        ]

    @cached_property
    def values(self) -> frozenset[tuple[Fraction, str]]:
        """Its numbers with their units."""
        return frozenset((one.number.value, one.number.unit) for one in self.counts)

    @cached_property
    def large(self) -> frozenset[tuple[Fraction, str]]:
        """Those of more than one digit: they seldom are the same by chance."""
        return frozenset(one for one in self.values if one[0] > _FEW)

    @cached_property
    def characters(self) -> frozenset[str]:
        """Its characters and those of the heading that it stands under."""
        return frozenset(self.text() + self.paragraph.heading)

    @cached_property
    def is_form(self) -> bool:
        """Whether it is no prose but cells, pasted from a form."""
        return self.paragraph.is_form(self.start)

    def text(self, start: int | None = None, end: int | None = None) -> str:
        """Return its words, or those from and up to places of its paragraph."""
        start = self.start if start is None else max(start, self.start)
        return self.paragraph.text[start : self.end if end is None else min(end, self.end)]


@dataclass(frozen=True, eq=False)
class Count:
    """A number of a sentence with the words around it."""

    sentence: CountedSentence
    at: int
    said: Statement
    number: Written

    @property
    def value(self) -> Fraction:
        """What it says."""
        return self.number.value

    @property
    def last(self) -> Count | None:
        """The number before it."""
        return self.sentence.counts[self.at - 1] if self.at else None

    @property
    def next(self) -> Count | None:
        """The number behind it."""
        return self.sentence.counts[self.at + 1] if self.at + 1 < len(self.sentence.said) else None

    @cached_property
    def head(self) -> str:
        """The words of the clause before it; of A、B分别为1、2 those that pair with it."""
        if self.paired:
            return self.paired
        start = self.last.said.end if self.last else self.sentence.start
        return _CLAUSE_START.split(self.sentence.text(start, self.said.start))[-1]

    @cached_property
    def tail(self) -> str:
        """The words of the clause behind it."""
        end = self.said.end
        return _CLAUSE_END.split(self.sentence.paragraph.text[end : end + _LONGEST_TAIL])[0]

    @cached_property
    def paired(self) -> str:
        """The name that pairs with a number of A、B分别为1、2, "" if it is of no such list."""
        is_later = self.last is not None and self.said.opens < self.last.said.end
        is_first = self.next is not None and self.next.said.opens < self.said.start
        if not (is_later or is_first) or not _RESPECTIVELY.search(self.said.label):
            return ""
        return _JOINT.split(self.said.label)[0]


def counted_sentences(statements: Iterable[Statement]) -> Iterator[CountedSentence]:
    """Yield the sentences that hold numbers, in the order of the text."""
    grouped: dict[tuple[int, int], list[Statement]] = defaultdict(list)
    for said in statements:
        if said.number and said.measure != "date":
            grouped[id(said.paragraph), said.paragraph.sentence(said.start)[0]].append(said)
    for own in grouped.values():
        paragraph = own[0].paragraph
        yield CountedSentence(paragraph, *paragraph.sentence(own[0].start), tuple(own))


def compared(
    count: Count,
    known: Sequence[KnownCount],
    unsure: Sequence[KnownCount] = (),
    *,
    is_loose: bool = False,
) -> Judged:
    """Judge a count by what is known of it; what only may be meant saves it from being wrong.

    One that is loosely bound to what is known is wrong only if it is near it, as slips are.
    """
    said, number = count.said, count.number
    for one in known:
        if agrees(number, exactly(one.value)) != "fail":
            return Judged(said=said, outcome="pass", code=CODE, shown=one.shown, places=one.places)
    if number.is_hedged:
        return left_open(said, "只说了大约")
    if any(agrees(number, exactly(one.value)) != "fail" for one in unsure):
        return left_open(said, "有两种读法，其中一种相符")
    if is_loose and not any(_is_near(number, one.value) for one in known):
        return left_open(said, "可能只是其中一部分")
    shown = "、".join(dict.fromkeys(one.shown for one in known))
    places = tuple(dict.fromkeys(place for one in known for place in one.places))
    return held_against(said, "fail", CODE, shown, places)


def _is_near(number: Written, value: Fraction) -> bool:
    is_alike = value < 10 * number.value and number.value < 10 * value
    return abs(number.value - value) <= _NEAR or (is_alike and is_slip(number, value, 2))


def sort_of(number: Written) -> str:
    """Return what a number is of, one for all units that people take for each other: 个, 家, 项."""
    if number.kind != "count":
        return number.kind
    return "个" if number.unit in _PIECES else "人" if number.unit in HEADS else number.unit


def told_at(other: Count, value: Fraction | None = None) -> KnownCount:
    """Return a count that a text tells elsewhere, or what is left of its whole beside it."""
    said = other.said
    place = said.paragraph.place(said.start)
    shown = f"{place.cell}写“{said.paragraph.excerpt(said.opens, said.end)}”"
    if value is None:
        return KnownCount(other.value, shown, (place,))
    return KnownCount(value, f"{shown}，余下的是{as_written(value)}", (place,))


@lru_cache(maxsize=512)
def words_of(grammar: ProseGrammar, *roles: CountingWords) -> tuple[str, ...]:
    """Return the folded words of some roles."""
    return tuple(fold(word) for role in roles for word in grammar.counting[role].words)


@lru_cache(maxsize=512)
def _pattern(grammar: ProseGrammar, *roles: CountingWords) -> re.Pattern[str]:
    return re.compile(one_of(words_of(grammar, *roles)))


@lru_cache(maxsize=256)
def _lexicon(grammar: ProseGrammar, own: tuple[str, ...], *roles: CountingWords) -> Lexicon:
    """Return what finds the words of some roles, the first role that has a word winning."""
    words: dict[str, tuple[str, object]] = {fold(name): ("own", name) for name in own if name}
    for role in roles:
        words = {word: (role, word) for word in words_of(grammar, role)} | words
    return Lexicon(words, {})


class Counting:
    """The words around the counts of one unit's text."""

    def __init__(self, case: Evaluation) -> None:
        """Keep the unit and how it calls itself: 星桥区社区学院, 社区学院, 学院, 我院."""
        self.case, self.year, self.grammar = case, case.unit.year, case.unit.grammar
        names = [*map(fold, (case.unit.name, *case.unit.settings.also_named))]
        self.names = tuple({name[at:]: 0 for name in names for at in range(len(name) - 1)})
        called = {f"{before}{name[-1]}": 0 for name in names for before in "本我全该" if name}
        self.own = (*self.names, *called, *case.unit.checks.listed("own_unit", case.unit.year))

    def words(self, *roles: CountingWords) -> tuple[str, ...]:
        """Return the folded words of some roles."""
        return words_of(self.grammar, *roles)

    def pattern(self, *roles: CountingWords) -> re.Pattern[str]:
        """Return the pattern of any word of some roles."""
        return _pattern(self.grammar, *roles)

    def says(self, text: str, *roles: CountingWords) -> bool:
        """Return whether a text has any word of some roles."""
        return self.pattern(*roles).search(text) is not None

    def tokens(self, text: str, *roles: CountingWords) -> list[Token]:
        """Return words as tokens of some roles."""
        return list(_lexicon(self.grammar, self.own, *roles).scan(text, 0, len(text)))

    def unknown(self, text: str, *roles: CountingWords) -> list[str]:
        """Return the stretches of a text that no word of some roles covers."""
        return [text[t.start : t.end] for t in self.tokens(text, *roles) if not t.role]

    def places(self, text: str) -> list[str]:
        """Return the places that words name: 城东街道, 东湖社区, but not 到社区, 街镇社区."""
        ends = self.pattern("elsewhere").pattern
        found = re.findall(rf"[\u4e00-\u9fff]{{2}}(?<![城各种分])(?:{ends})(?![民场])", text)
        own = fold(self.case.unit.name)
        return [x for x in found if x not in own and not self.says(x[:_NEAR], "anywhere")]

    def timely(self, text: str) -> str | None:
        """Return words without the dates of the fiscal year; None if they speak of another."""
        if _SOME_MONTHS.search(text):
            return None
        for match in _DATED.finditer(text):
            if int(match["year"]) != self.year or int(match["month"] or 12) != 12:
                return None
        return _DATED.sub("", text)
