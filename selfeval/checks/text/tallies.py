"""Counts against each other: parts and their whole, and the same count told in two places."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from ...evaluation import Evaluation
from ...text.numbers import as_written
from ...text.paragraphs import one_of
from ...text.slips import digits_of, is_slip
from ...text.statements import Judged, Statement
from ...text.tokens import Written
from .counted import (
    CODE,
    CountedSentence,
    counted_sentences,
    head,
    lexicon,
    only,
    own_words,
    scan,
    tail,
    undated,
    words_of,
)

_MOST_PARTS = 12
_FEWEST = 2
_BOTH = 2
_SURE, _ALIKE, _LOOSE = Fraction(100), Fraction(1, 2), Fraction(15, 100)
"""How likely a gap that a slip of the pen makes may be by chance, by how a list is written."""
_PIECES = frozenset("个家项件条处所座间种类")
_HEADS = frozenset("人名位")
_BEFORE, _EARLIER, _NOUN = 40, 80, 4
_MOST_ALIKE = 16
_OPENING = 6
_LONG = 6
_SHARED, _SHARED_OF_FEW = 3, 5
_MARK = re.compile(r"[,;:。、()!?]")


@dataclass(frozen=True, slots=True)
class _ListedSum:
    """A whole, its parts, and how likely parts that do not add up may be of another kind."""

    whole: Statement
    parts: tuple[Statement, ...]
    limit: Fraction
    is_all: bool = False

    def limit_of(self, gap: Fraction) -> Fraction:
        """Return the limit for parts that are more than the whole, or less: more cannot be."""
        if gap > 0 and self.limit == _ALIKE and len(self.parts) > _BOTH:
            return _SURE
        return self.limit * (2 if gap > 0 else 1)


@dataclass(frozen=True, slots=True)
class _Named:
    """A count with the words that name it and those around it."""

    at: int
    said: Statement
    number: Written
    sentence: CountedSentence
    own: str
    around: str
    grams: frozenset[str]
    elsewhere: frozenset[str]
    anchors: frozenset[tuple[Fraction, str]]


class Tallies:
    """Compares the counts of a text with each other."""

    def __init__(self, case: Evaluation) -> None:
        """Keep the words that say how counts belong together."""
        self.case, self.year, self.grammar = case, case.unit.year, case.unit.grammar
        self.own = own_words(case)

    def _any(self, *roles: str) -> re.Pattern[str]:
        return re.compile(one_of(words_of(self.grammar, *roles)))  # type: ignore[arg-type]

    # --- parts and wholes ---------------------------------------------------------------------

    def added(self, found: list[Judged]) -> list[Judged]:
        """Hold the parts that a sentence lists against their whole."""
        told, at_of = list(found), {id(one.said): at for at, one in enumerate(found)}
        self.sentences = list(counted_sentences([one.said for one in found]))
        for sentence in self.sentences:
            for one in self._sums(sentence):
                self._add(told, at_of, one)
        return told

    def _add(self, told: list[Judged], at_of: dict[int, int], one: _ListedSum) -> None:
        own = [at_of[id(said)] for said in (one.whole, *one.parts)]
        if any(told[at].outcome == "fail" for at in own) or told[own[0]].said.doubt == "plan":
            return
        numbers = [said.number for said in (one.whole, *one.parts) if said.number]
        whole, parts = numbers[0], numbers[1:]
        total = sum((part.value for part in parts), Fraction(0))
        shown = f"{'、'.join(said.quote for said in one.parts)}之和"
        room = sum((number.half for number in numbers), Fraction(0))
        gap = total - whole.value
        if abs(gap) <= room:
            for at in own:
                if told[at].outcome == "unchecked":
                    told[at] = Judged(said=told[at].said, outcome="pass", code=CODE, shown=shown)
            return
        slips = [own[0]] if is_slip(whole, total, 0) else []
        rights = {own[0]: total}
        for at, part in zip(own[1:], parts, strict=True):
            if part.value > gap and is_slip(part, part.value - gap, 0):
                slips.append(at)
                rights[at] = part.value - gap
        slips = [at for at in slips if told[at].outcome == "unchecked"]
        if one.is_all and not slips:
            slips = [own[0]]
        elif not slips or _by_chance(numbers, gap) > one.limit_of(gap):
            return
        culprit = slips[-1]
        right = _written(numbers[own.index(culprit)], rights[culprit])
        whole_said = f"文中{one.whole.quote}，而{shown}是{_written(whole, total)}"
        told[culprit] = Judged(
            said=told[culprit].said, outcome="fail", code=CODE, shown=whole_said, expected=right
        )

    def _sums(self, sentence: CountedSentence) -> Iterator[_ListedSum]:
        """Yield the wholes of a sentence with all the parts listed behind or before them."""
        text = sentence.paragraph.text
        sorts = {"级", *words_of(self.grammar, "aspects")}
        said = [
            one
            for one in sentence.said
            if one.number and one.number.kind != "percent" and one.number.unit not in sorts
        ]
        for at, whole in enumerate(said):
            if not _exact(whole) or self._is_each(sentence, whole):
                continue
            behind = list(self._run(sentence, whole, said[at + 1 : at + 1 + _MOST_PARTS]))
            if at and behind and _is_inner(text, said[at - 1], whole, behind[0]):
                behind = []
            if len(behind) >= _FEWEST and not self._is_open(text, behind[-1]):
                limit = self._limit(sentence, whole, behind)
                others = words_of(self.grammar, "other")
                is_all = len(behind) > _BOTH and head(sentence, behind[-1]).startswith(others)
                if limit is not None:
                    yield _ListedSum(whole, tuple(behind), limit, is_all)
            elif len(behind) == 1 and "其中" in text[whole.end : behind[0].start]:
                assert behind[0].number
                if behind[0].number.value > whole.number.value:  # type: ignore[union-attr]
                    yield _ListedSum(whole, tuple(behind), _SURE, True)
            before = list(
                self._run(sentence, whole, said[max(at - _MOST_PARTS, 0) : at][::-1], closes=True)
            )[::-1]
            if len(before) >= _FEWEST and self._together.search(head(sentence, whole)):
                yield _ListedSum(whole, tuple(before), _SURE)

    def _run(
        self,
        sentence: CountedSentence,
        whole: Statement,
        others: Sequence[Statement],
        closes: bool = False,
    ) -> Iterator[Statement]:
        text, last = sentence.paragraph.text, whole
        assert whole.number
        for one in others:
            first, second = sorted((last, one), key=lambda own: own.start)
            between = text[first.end : second.start]
            if not _exact(one) or not one.number or one.number.unit != whole.number.unit:
                return
            if self._is_each(sentence, one) or (";" in between and (last is whole or closes)):
                return
            if self._together.search(head(sentence, one)) or one.number.value == 0:
                return
            if closes and one.number.value > whole.number.value * 2:
                return
            yield one
            last = one

    @cached_property
    def _together(self) -> re.Pattern[str]:
        return re.compile(rf"^(?:{self._any('sum', 'all_year').pattern})")

    @cached_property
    def _closing(self) -> re.Pattern[str]:
        return self._any("closed", "spread")

    @cached_property
    def _rest(self) -> re.Pattern[str]:
        return self._any("other", "rest", "not")

    def _is_each(self, sentence: CountedSentence, said: Statement) -> bool:
        return bool(self._any_each.search(head(sentence, said)))

    @cached_property
    def _any_each(self) -> re.Pattern[str]:
        return self._any("each")

    def _is_open(self, text: str, last: Statement) -> bool:
        return re.match(r"[^,;。]{0,6}等", text[last.end : last.end + 8]) is not None

    def _limit(
        self, sentence: CountedSentence, whole: Statement, parts: Sequence[Statement]
    ) -> Fraction | None:
        """Return how likely it may be that parts are not all, None where they are no such list."""
        text = sentence.paragraph.text
        assert whole.number
        opening = text[whole.end : parts[0].start]
        names = [head(sentence, one) for one in parts]
        longest = max(len(tail(one)) for one in parts)
        ending = text[parts[-1].end : parts[-1].end + 8]
        if _MARK.split(ending)[0].endswith(self._composed):
            return _SURE
        bare = not re.search(r"[:中里(由]|包括|涉及", opening)
        if bare and ("、" in opening or ";" in text[whole.end : parts[-1].start]):
            return None
        if self._closing.search(opening) or self._rest.search(names[-1] or tail(parts[-1])):
            return _SURE
        if any(only(lexicon(self.grammar, ("around",)), name) for name in names) or longest > _BOTH:
            return None
        alike = len({name[-1:] for name in names}) == 1 or len({*map(_shape, names)}) == 1
        if re.match(r"[^,;、]{0,10}(?:[:中里]|由)", opening) or alike or len(parts) > _BOTH:
            return _ALIKE
        return _LOOSE

    @cached_property
    def _composed(self) -> tuple[str, ...]:
        return words_of(self.grammar, "composed")

    # --- the same told twice ------------------------------------------------------------------

    def twice(self, found: list[Judged]) -> list[Judged]:
        """Find counts of the same name in two sentences, one a slip of the pen off the other."""
        told = list(found)
        by_gram: dict[str, list[_Named]] = defaultdict(list)
        counts = list(self._counts(found))
        for one in counts:
            for gram in one.grams:
                by_gram[gram].append(one)
        for one in reversed(counts):
            if told[one.at].outcome != "unchecked":
                continue
            near = {
                id(other): other
                for gram in sorted(one.grams)
                for other in by_gram[gram][:_MOST_ALIKE]
                if other.sentence is not one.sentence and told[other.at].outcome != "fail"
            }
            value = one.number.value
            equal = [o for o in near.values() if o.number.value == value and self._is_same(one, o)]
            wrong = [
                other
                for other in near.values()
                if not equal
                and is_slip(one.number, other.number.value, 0)
                and self._is_same(one, other)
            ]
            if equal:
                outcome, other = "pass", equal[0]
            elif wrong:
                outcome, other = "fail", wrong[0]
            else:
                continue
            place = other.said.paragraph.place(other.said.start)
            quote = other.said.paragraph.excerpt(other.said.opens, other.said.end)
            shown = f"{place.cell}写“{quote}”"
            told[one.at] = Judged(
                said=one.said,
                outcome=outcome,  # type: ignore[arg-type]
                code=CODE,
                shown=shown,
                expected=shown if outcome == "fail" else "",
                places=(place,),
            )
        return told

    def _counts(self, found: Sequence[Judged]) -> Iterator[_Named]:
        at_of = {id(one.said): at for at, one in enumerate(found)}
        for sentence in self.sentences:
            if undated(sentence.text, self.year) is None:
                continue
            for said in sentence.said:
                number = said.number
                if not _exact(said) or not number or said.doubt == "plan" or number.value < _FEWEST:
                    continue
                if self._is_each(sentence, said):
                    continue
                before, behind = head(sentence, said), tail(said)
                own = self._named(before) + self._named(behind)[:_NOUN]
                start = max(sentence.start, said.start - _BEFORE)
                around = sentence.paragraph.text[start : said.start] + "," + behind
                grams = _grams(self._named(before)) | _grams(self._named(behind))
                opening = sentence.text[:_OPENING] + before
                when = () if self._all_year.search(before) else self._when.findall(opening)
                places = frozenset((*self._elsewhere.findall(self._named(around)), *when))
                anchors = frozenset(
                    (one.number.value, one.number.unit)
                    for one in (sentence.before(said), sentence.after(said))
                    if one and one.number and one.number.value > 1
                )
                if grams and not self._vague.search(around[: -len(behind) - 1]):
                    at = at_of[id(said)]
                    yield _Named(at, said, number, sentence, own, around, grams, places, anchors)

    @cached_property
    def _vague(self) -> re.Pattern[str]:
        return self._any("planned")

    @cached_property
    def _elsewhere(self) -> re.Pattern[str]:
        return re.compile(rf"[\u4e00-\u9fff]{{2}}(?<!城)(?:{self._any('elsewhere').pattern})")

    @cached_property
    def _all_year(self) -> re.Pattern[str]:
        return self._any("all_year")

    @cached_property
    def _when(self) -> re.Pattern[str]:
        return self._any("part_of_year")

    def _named(self, text: str) -> str:
        """Return words without those that name nothing."""
        roles = ("around", "verbs", "done", "acts", "sum", "reached", "not")
        text = undated(text, self.year) or text
        named = {"", "reached", "not"}
        found = scan(lexicon(self.grammar, roles, self.own), text)
        return "".join(text[t.start : t.end] for t in found if t.role in named)

    def _is_same(self, one: _Named, other: _Named) -> bool:
        if not _same_unit(one.number.unit, other.number.unit):
            return False
        if (one.said.year or self.year) != (other.said.year or self.year):
            return False
        if any(name not in _whole(other) for name in one.elsewhere):
            return False
        if any(name not in _whole(one) for name in other.elsewhere):
            return False
        shared = _grams(one.around) & _grams(other.around)
        length = len(digits_of(one.number, one.number.value))
        needed = _SHARED if length > 1 else _SHARED_OF_FEW
        if one.anchors & other.anchors:
            needed = _SHARED
        if _is_swapped(one.number, other.number):
            needed = _BOTH
        if len(shared) < needed:
            return False
        if length > _BOTH and tail(one.said)[:_LONG] == tail(other.said)[:_LONG] != "":
            return True
        return set(one.own) <= set(_whole(other)) and set(other.own) <= set(_whole(one))


def _is_inner(text: str, last: Statement, whole: Statement, part: Statement) -> bool:
    """Return whether a count is itself one of a list, and what follows is the rest of that."""
    assert last.number
    assert whole.number
    opens = re.search(r"其中|[(:]|分|包括", text[whole.end : part.start])
    return last.number.unit == whole.number.unit and not opens


def _whole(one: _Named) -> str:
    start, text = one.sentence.start, one.said.paragraph.text
    return text[max(start - _EARLIER, 0) : one.sentence.end] + one.said.paragraph.heading


def _is_swapped(one: Written, other: Written) -> bool:
    own, right = digits_of(one, one.value), digits_of(one, other.value)
    return own != right and sorted(own) == sorted(right)


def _exact(said: Statement) -> bool:
    number = said.number
    return bool(number and number.kind == "count" and not number.is_hedged and number.unit != "级")


def _same_unit(one: str, other: str) -> bool:
    return one == other or any({one, other} <= group for group in (_PIECES, _HEADS))


def _shape(name: str) -> str:
    return name[:1] if len(name) > 1 else name


def _grams(text: str) -> frozenset[str]:
    return frozenset(a + b for a, b in pairwise(text) if not _MARK.search(a + b))


def _by_chance(numbers: Sequence[Written], gap: Fraction) -> Fraction:
    """Return how likely a gap of any size is one that a slip of the pen leaves."""
    lengths = [len(digits_of(number, number.value)) for number in numbers[1:]]
    step = 2 * numbers[0].half or Fraction(1)
    steps = abs(gap) / step
    ways = sum(9 * n if steps % 9 else n * (n - 1) // 2 for n in lengths)
    return Fraction(ways) / max(int(digits_of(numbers[0], numbers[0].value)), 1)


def _written(number: Written, value: Fraction) -> str:
    scale = {"万": 10**4, "亿": 10**8}.get(number.unit[:1], 1)
    return as_written(value / scale)
