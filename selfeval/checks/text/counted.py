"""What counts are compared with, and the words around a number that say what it counts."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
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
from ...text.numbers import agrees, exactly
from ...text.paragraphs import Paragraph
from ...text.statements import Judged, Statement, left_open
from ...text.tokens import Lexicon, Token

CODE = "TEXT-24"
_CLAUSE_START = re.compile(r"[,;:。、!?]")
_CLAUSE_END = re.compile(r"[,;:。、()!?0-9]")
_RESPECTIVELY = re.compile(r"分别|依次")
_JOINT = re.compile(r"分别|依次|、|以及|和|与|及")
_LONGEST_TAIL = 16
_NEAR = 8
_DATED = re.compile(
    r"(?P<year>(?:19|20)\d\d)年(?:度|(?P<month>1[0-2]|0?[1-9])月(?:(?:[0-2]?\d|3[01])日)?)?"
)


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
    def heads(self) -> dict[int, str]:
        """What ``head`` found of each number."""
        return {}

    @cached_property
    def _starts(self) -> list[int]:
        return [one.start for one in self.said]

    def before(self, said: Statement) -> Statement | None:
        """Return the number that ends last before another."""
        return next((one for one in self.ahead(said) if one.end <= said.start), None)

    def ahead(self, said: Statement) -> Sequence[Statement]:
        """Return the few numbers before another, nearest first."""
        at = bisect_left(self._starts, said.start)
        return self.said[max(at - _NEAR, 0) : at][::-1]

    def after(self, said: Statement) -> Statement | None:
        """Return the number that begins next after another."""
        at = bisect_right(self._starts, said.start)
        return self.said[at] if at < len(self.said) else None

    @cached_property
    def text(self) -> str:
        """Its words."""
        return self.paragraph.text[self.start : self.end]


def counted_sentences(statements: Iterable[Statement]) -> Iterator[CountedSentence]:
    """Yield the sentences that hold numbers, in the order of the text."""
    grouped: dict[tuple[int, int], list[Statement]] = defaultdict(list)
    spans: dict[tuple[int, int], tuple[Paragraph, int, int]] = {}
    for said in statements:
        if said.number is None or said.measure == "date":
            continue
        start, end = said.paragraph.sentence(said.start)
        grouped[id(said.paragraph), start].append(said)
        spans[id(said.paragraph), start] = (said.paragraph, start, end)
    for key, own in grouped.items():
        yield CountedSentence(*spans[key], tuple(own))


def head(sentence: CountedSentence, said: Statement) -> str:
    """Return the words of the clause before a number; of A、B分别为1、2 those that pair with it."""
    if id(said) not in sentence.heads:
        sentence.heads[id(said)] = _head(sentence, said)
    return sentence.heads[id(said)]


def _head(sentence: CountedSentence, said: Statement) -> str:
    if paired := distributed(sentence, said):
        return paired
    last = sentence.before(said)
    start = last.end if last else sentence.start
    marks = list(_CLAUSE_START.finditer(sentence.paragraph.text, start, said.start))
    return sentence.paragraph.text[marks[-1].end() if marks else start : said.start]


def distributed(sentence: CountedSentence, said: Statement) -> str:
    """Return the name that pairs with a number of A、B分别为1、2, "" where it is no such list."""
    before, after = sentence.before(said), sentence.after(said)
    is_later = before is not None and said.opens < before.end
    is_first = after is not None and after.opens < said.start
    if not (is_later or is_first) or not _RESPECTIVELY.search(said.label):
        return ""
    return _JOINT.split(said.label)[0]


def tail(said: Statement) -> str:
    """Return the words of the clause behind a number."""
    text = said.paragraph.text
    end = _CLAUSE_END.search(text, said.end, said.end + _LONGEST_TAIL)
    return text[said.end : end.start() if end else said.end + _LONGEST_TAIL]


def undated(text: str, year: int) -> str | None:
    """Return words without the dates of the fiscal year; None if they speak of another time."""
    for match in _DATED.finditer(text):
        if int(match["year"]) != year or int(match["month"] or 12) != 12:
            return None
    return _DATED.sub("", text)


def compared(
    said: Statement, known: Sequence[KnownCount], unsure: Sequence[KnownCount] = ()
) -> Judged:
    """Judge a count by what is known of it; what only may be meant saves it from being wrong."""
    number = said.number
    assert number
    for one in known:
        if agrees(number, exactly(one.value)) != "fail":
            return Judged(said=said, outcome="pass", code=CODE, shown=one.shown, places=one.places)
    if number.is_hedged:
        return left_open(said, "只说了大约")
    if any(agrees(number, exactly(one.value)) != "fail" for one in unsure):
        return left_open(said, "有两种读法，其中一种相符")
    shown = "、".join(dict.fromkeys(one.shown for one in known))
    places = tuple(dict.fromkeys(place for one in known for place in one.places))
    return Judged(said=said, outcome="fail", code=CODE, shown=shown, expected=shown, places=places)


def words_of(grammar: ProseGrammar, *roles: CountingWords) -> tuple[str, ...]:
    """Return the folded words of some roles."""
    return tuple(fold(word) for role in roles for word in grammar.counting[role].words)


def words_by_role(
    grammar: ProseGrammar, roles: tuple[CountingWords, ...], own: tuple[str, ...] = ()
) -> dict[str, tuple[str, object]]:
    """Return the words of some roles, the first role that has a word winning, and own names."""
    words: dict[str, tuple[str, object]] = {fold(name): ("own", name) for name in own if name}
    for role in roles:
        for word in words_of(grammar, role):
            words.setdefault(word, (role, word))
    return words


def own_words(case: Evaluation) -> tuple[str, ...]:
    """Return how a unit calls itself: 星桥区社区学院, 社区学院, 学院, 我院."""
    names = (case.unit.name, *case.unit.settings.also_named)
    found: dict[str, None] = {}
    for name in map(fold, names):
        found |= dict.fromkeys(name[at:] for at in range(len(name) - 1))
        found |= dict.fromkeys(f"{before}{name[-1]}" for before in "本我全该" if name)
    return (*found, *case.unit.checks.listed("own_unit", case.unit.year))


@lru_cache(maxsize=64)
def lexicon(
    grammar: ProseGrammar, roles: tuple[CountingWords, ...], own: tuple[str, ...] = ()
) -> Lexicon:
    """Return the same as what finds them in a text."""
    return Lexicon(words_by_role(grammar, roles, own), {})


def scan(words: Lexicon, text: str) -> list[Token]:
    """Return a stretch of words as tokens."""
    return list(words.scan(text, 0, len(text)))


def only(words: Lexicon, text: str) -> bool:
    """Return whether a stretch holds nothing but known words."""
    return all(token.role for token in scan(words, text))
