"""Counts against each other: parts and their whole, and the same count told in two places."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from operator import ge

from ...folding import fold
from ...text.numbers import agrees, as_written, exactly
from ...text.paragraphs import pairs_of
from ...text.slips import digits_of, is_slip, slip_patterns
from ...text.statements import Judged
from ...text.tokens import Written
from .counted import (
    CODE,
    HEADS,
    MARK,
    Count,
    Counting,
    KnownCount,
    compared,
    counted_sentences,
    sort_of,
    told_at,
)

_MOST_PARTS, _MOST_ALIKE = 12, 16
_FEWEST, _BOTH, _FEW, _QUARTER = 2, 2, 9, 4
_SURE, _ALIKE, _LOOSE = Fraction(100), Fraction(1, 2), Fraction(15, 100)
"""How likely a gap that a slip of the pen makes may be by chance, by how a list is written."""
_AROUND, _EARLIER, _OPENING, _CLOSE = 40, 80, 6, 10
_BETWEEN = re.compile(r"(?:19|20)\d\d年度?|\d+|批次|人次|批|团组|辆|万元|元")
"""Years, and numbers with their measure words, that may stand among the words for one thing."""
_JOINED = re.compile(r"[\u4e00-\u9fff](?:[及和与]|以及)[\u4e00-\u9fff]{0,4}$")
_Shared = tuple[tuple[int, int, int], ...]
_EQUAL: _Shared = ((1, 3, 0),)
_SWAPPED: _Shared = ((1, 2, 0),)
_LONG: _Shared = ((2, 4, 0), (1, 3, 1))
_SHORT: _Shared = ((3, 6, 0), (5, 5, 0), (1, 6, 0), (0, 4, 1))
_SINGLE: _Shared = ((6, 8, 0), (2, 5, 1))
_WHOLE: _Shared = ((0, 3, 0),)
"""How many pairs of characters of their names, and around them, and other numbers must be the
same, for two counts to be one: by how they differ."""


@dataclass(frozen=True, slots=True)
class _ListedSum:
    """A whole, its parts, and how likely parts that do not add up may be of another kind."""

    whole: Count
    parts: list[Count]
    limit: Fraction
    is_all: bool = False

    def limit_of(self, gap: Fraction) -> Fraction:
        """Return the limit for parts that are more than the whole, or less: more cannot be."""
        if gap > 0 and self.limit == _ALIKE and len(self.parts) > _BOTH:
            return _SURE
        return self.limit * (2 if gap > 0 else 1)


@dataclass(frozen=True, slots=True)
class _Named:
    """A count with the pairs of characters that name it and those around it.

    ``thing`` is what is counted alike in every text, of which year, and whether it is planned;
    ``is_loose`` whether unknown words stand before its name.
    """

    count: Count
    own: frozenset[str]
    around: frozenset[str]
    elsewhere: tuple[str, ...]
    anchors: frozenset[tuple[Fraction, str]]
    is_post: bool
    thing: tuple[str, int, bool] | None = None
    is_loose: bool = False

    @property
    def patterns(self) -> Iterator[str]:
        """What one of the same thing has alike: its digits but for a slip, or what it counts."""
        yield from slip_patterns(self.count.number)
        if self.thing and not self.is_loose:
            yield str(self.thing)

    @property
    def window(self) -> str:
        """The words among which a place or a time must be named."""
        sentence = self.count.sentence
        text = sentence.paragraph.text[max(sentence.start - _EARLIER, 0) : sentence.end]
        return text + sentence.paragraph.heading


@dataclass(frozen=True, slots=True)
class _Portion:
    """A part of a counted whole: what they did, or did not."""

    whole: _Named
    count: Count
    core: str
    is_denied: bool
    is_alone: bool


class Tallies(Counting):
    """Compares the counts of a text with each other."""

    # --- parts and wholes ---------------------------------------------------------------------

    def added(self, found: list[Judged]) -> list[Judged]:
        """Hold the parts that a sentence lists against their whole."""
        told, self._at = list(found), {id(one.said): at for at, one in enumerate(found)}
        self.sentences = list(counted_sentences([one.said for one in found]))
        for sentence in self.sentences:
            for one in self._sums(sentence.counts):
                self._add(told, one)
            for count in sentence.counts:
                self._divide(told, count)
        return told

    def _divide(self, told: list[Judged], count: Count) -> None:
        """Hold a rate against the two counts before it: 12次检测中11次达标，达标率91.7%."""
        part = count.last
        whole, at = part.last if part else None, self._at[id(count.said)]
        if not part or not whole or count.number.kind != "percent" or whole.value < _FEWEST:
            return
        is_rate = _exact(part) and _exact(whole) and part.number.unit == whole.number.unit
        if told[at].outcome != "unchecked" or not is_rate or not 0 < part.value <= whole.value:
            return
        rate, shown = part.value / whole.value, f"{whole.said.quote}、{part.said.quote}"
        if agrees(count.number, exactly(rate)) != "fail":
            told[at] = Judged(said=count.said, outcome="pass", code=CODE, shown=f"文中{shown}")
        elif is_slip(count.number, rate):
            shown = f"而按文中{shown}计算是{self.case.as_printed(rate)}"
            told[at] = Judged(said=count.said, outcome="fail", code=CODE, shown=shown)

    def _add(self, told: list[Judged], one: _ListedSum) -> None:
        own = [self._at[id(count.said)] for count in (one.whole, *one.parts)]
        if any(told[at].outcome == "fail" for at in own) or one.whole.said.doubt == "plan":
            return
        numbers = [one.whole.number, *(part.number for part in one.parts)]
        total = sum((part.value for part in one.parts), Fraction(0))
        gap = total - one.whole.value
        shown = f"{'、'.join(part.said.quote for part in one.parts)}之和"
        if abs(gap) <= sum(number.half for number in numbers):
            for at in own:
                if told[at].outcome == "unchecked":
                    told[at] = Judged(said=told[at].said, outcome="pass", code=CODE, shown=shown)
            return
        rights = [total, *(part.value - gap for part in one.parts)]
        slips = [
            (at, number, right)
            for at, number, right in zip(own, numbers, rights, strict=True)
            if right > 0 and is_slip(number, right, 0) and told[at].outcome == "unchecked"
        ]
        if one.is_all and not slips:
            slips = [(own[0], numbers[0], total)]
        elif not slips or _by_chance(numbers, gap) > one.limit_of(gap):
            return
        at, number, right = slips[-1]
        told[at] = Judged(
            said=told[at].said,
            outcome="fail",
            code=CODE,
            shown=f"文中{one.whole.said.quote}，而{shown}是{_written(numbers[0], total)}",
            expected=_written(number, right),
        )

    def _sums(self, counts: Sequence[Count]) -> Iterator[_ListedSum]:
        """Yield the wholes of a sentence with all the parts listed behind or before them."""
        sorts = {"级", *self.words("aspects")}
        own = [
            one
            for one in counts
            if one.number.kind != "percent" and one.number.unit not in sorts and not _is_name(one)
        ]
        for at, whole in enumerate(own):
            if not _exact(whole) or self.says(whole.head, "each"):
                continue
            if _JOINED.search(whole.head):
                continue  # 本部及下属5家: they are not all that follow
            behind = list(self._run(whole, own[at + 1 : at + 1 + _MOST_PARTS]))
            between = whole.sentence.text(whole.said.end, behind[0].said.start) if behind else ""
            opens = re.search(r"其中|[(:]|分|包括", between)
            if at and own[at - 1].number.unit == whole.number.unit and not opens:
                behind = []  # it is itself one of a list, and what follows is the rest of that
            if len(behind) == 1 and "其中" in between and behind[0].value > whole.value:
                yield _ListedSum(whole, behind, _SURE, True)
            elif len(behind) >= _FEWEST and not re.match(r"[^,;。]{0,6}等", behind[-1].tail):
                limit = self._limit(whole, behind)
                is_other = behind[-1].head.startswith(self.words("other"))
                if limit is not None:
                    yield _ListedSum(whole, behind, limit, len(behind) > _BOTH and is_other)
            before = list(self._run(whole, own[max(at - _MOST_PARTS, 0) : at][::-1], closes=True))
            if len(before) >= _FEWEST and self._is_together(whole):
                yield _ListedSum(whole, before[::-1], _SURE)

    def _run(self, whole: Count, others: Sequence[Count], closes: bool = False) -> Iterator[Count]:
        last = whole
        for one in others:
            first, second = sorted((last, one), key=lambda own: own.said.start)
            between = whole.sentence.text(first.said.end, second.said.start)
            units = {one.number.unit, whole.number.unit}
            if not _exact(one) or one.value == 0 or not (len(units) == 1 or units <= HEADS):
                return
            if self.says(one.head, "each") or (";" in between and (last is whole or closes)):
                return
            if self._is_together(one) or (closes and one.value > whole.value * 2):
                return
            # What follows the bracket that lists the parts is none.
            if between.count(")") > between.count("("):
                return
            yield one
            last = one

    def _is_together(self, count: Count) -> bool:
        return self.pattern("sum", "all_year").match(count.head) is not None

    def _limit(self, whole: Count, parts: Sequence[Count]) -> Fraction | None:
        """Return how likely it may be that parts are not all, None where they are no such list."""
        text, ends = whole.sentence.text, [one.said.end for one in (whole, *parts)]
        opening = text(ends[0], parts[0].said.start)
        names = [
            one.paired or MARK.split(text(end, one.said.start))[-1]
            for end, one in zip(ends, parts, strict=False)
        ]
        if parts[-1].tail[:8].endswith(self.words("composed")):
            return _SURE
        bare = not re.search(r"[:中里(由]|包括|涉及", opening)
        if bare and ("、" in opening or ";" in text(ends[0], parts[-1].said.start)):
            return None
        is_closed = self.says(opening, "closed", "spread")
        if is_closed or self.says(names[-1] or parts[-1].tail, "other", "rest", "not"):
            return _SURE
        longest = max(len(one.tail) for one in parts)
        if any(not self.unknown(name, "around") for name in names) or longest > _BOTH:
            return None
        alike = len({name[-1:] for name in names}) == 1
        alike = alike or len({name[:1] if len(name) > 1 else name for name in names}) == 1
        if re.match(r"[^,;、]{0,10}(?:[:中里]|由)", opening) or alike or len(parts) > _BOTH:
            return _ALIKE
        return _LOOSE

    # --- the same told twice ------------------------------------------------------------------

    def twice(self, found: list[Judged]) -> list[Judged]:
        """Find counts of the same name in two sentences, one a slip of the pen off the other."""
        told = list(found)
        named = list(self._named_counts())
        alike: dict[tuple[str, str], list[_Named]] = defaultdict(list)
        for one in named:
            for pattern in one.patterns:
                alike[sort_of(one.count.number), pattern].append(one)
        for one in reversed(named):
            at = self._at[id(one.count.said)]
            if told[at].outcome != "unchecked":
                continue
            others = {
                id(other): other
                for pattern in one.patterns
                for other in alike[sort_of(one.count.number), pattern][:_MOST_ALIKE]
            }
            near = [
                told_at(other.count)
                for other in others.values()
                if other.count.sentence is not one.count.sentence
                and told[self._at[id(other.count.said)]].outcome != "fail"
                and self._is_same(one, other)
            ]
            known = self._figures(one) or [x for x in near if x.value == one.count.value] or near
            if known:
                told[at] = compared(one.count, known[:1], is_loose=one.is_loose)
        self._compare_portions(told, named)
        return told

    def _figures(self, one: _Named) -> list[KnownCount]:
        """Return what official tables say of a thing that all texts tell of this year."""
        item, year, planned = one.thing or ("", 0, True)
        return [
            KnownCount(Fraction(own.value), f"表中{own.item_name}{own.value}", (own.place,))
            for own in self.case.tables.figures
            if own.item_code == item and own.value is not None and own.year in {None, self.year}
            if year == self.year and not planned
        ]

    def _is_same(self, one: _Named, other: _Named) -> bool:
        """Return whether two counts are of one thing: the less they differ, the fewer words do."""
        if one.thing and other.thing:
            return one.thing == other.thing
        number, value = one.count.number, other.count.value
        own, right = digits_of(number, number.value), digits_of(number, value)
        if own == right:
            return self._share(one, other, _EQUAL if len(own) > 1 else _SINGLE)
        if sorted(own) == sorted(right):
            return self._share(one, other, _SWAPPED)
        if not is_slip(number, value, 0) or _is_beside(one, other) or _is_beside(other, one):
            return False
        if _QUARTER * len(one.own & other.own) < min(len(one.own), len(other.own)):
            return False
        needed = {1: _SINGLE, _BOTH: _SHORT}.get(len(own), _LONG)
        is_named = one.own == other.own and len(one.own) >= needed[0][0]
        return self._share(one, other, ((0, 0, 0),) if is_named else needed)

    def _share(self, one: _Named, other: _Named, needed: _Shared) -> bool:
        years = {each.count.said.year or self.year for each in (one, other)}
        if len(years) > 1 or one.is_post != other.is_post:
            return False
        pairs = ((one, other), (other, one))
        if any(name not in each.window for own, each in pairs for name in own.elsewhere):
            return False
        sides = ((one.own, other.own), (one.around, other.around), (one.anchors, other.anchors))
        shared = [len(first & second) for first, second in sides]
        return any(all(map(ge, shared, least)) for least in needed)

    def _named_counts(self) -> Iterator[_Named]:
        for sentence in self.sentences:
            is_timely, carried = self.timely(sentence.text()) is not None, ""
            for count in sentence.counts:
                known = (
                    carried + count.head if not self.unknown(count.head, "around") else count.head
                )
                is_exact = _exact(count) or count.number.kind == "score"
                thing, is_loose = self._thing(count, known) if is_exact else (None, False)
                carried = known if thing else ""
                opening = sentence.text(count.said.start - _AROUND, count.said.start)
                is_plan = count.said.doubt == "plan" or self.says(opening + count.tail, "planned")
                is_own = _exact(count) and is_timely and count.value >= _FEWEST and not is_plan
                if thing or (is_own and not self.says(count.head, "each")):
                    yield self._named(count, opening, thing, is_loose)

    def _named(
        self, count: Count, opening: str, thing: tuple[str, int, bool] | None, is_loose: bool
    ) -> _Named:
        before, sentence, end = self._names(count.head), count.sentence, count.said.end
        if not before and not self._names(count.tail):
            # 团体参观由读者服务部受理，全年共62批次: the clause before names it.
            before = self._names(MARK.split(opening.removesuffix(count.head))[-_BOTH:][0])
        own = _grams(before[-_CLOSE:]) | _grams(self._names(count.tail)[:_CLOSE])
        behind = sentence.paragraph.text[end : end + _AROUND]
        around = own | _grams(self._names(opening)) | _grams(behind)
        around |= _grams(sentence.paragraph.heading)
        part = "" if self.says(count.head, "all_year") else sentence.text()[:_OPENING] + count.head
        places = self.places(before)
        elsewhere = (*places, *self.pattern("part_of_year").findall(part))
        anchors = frozenset(
            (one.value, one.number.unit)
            for one in (count.last, count.next)
            if one and one.value > _FEW
        )
        is_post = self.says(count.head, "posts")
        return _Named(count, own, around, elsewhere, anchors, is_post, thing, is_loose)

    def _names(self, text: str) -> str:
        """Return words without those that name nothing; 项 alone is one, that of 事项 is none."""
        text = self.timely(text) or text
        found = self.tokens(text, "done", "around", "verbs", "acts", "sum", "reached", "not")
        inner = {
            id(two if one.role == "" else one)
            for one, two in pairwise(found)
            if "" in (one.role, two.role)
        }
        return "".join(
            text[one.start : one.end]
            for one in found
            if one.role in {"", "reached", "not"}
            or (one.role in {"around", "acts"} and id(one) in inner and one.end - one.start == 1)
        )

    def _thing(self, count: Count, before: str) -> tuple[tuple[str, int, bool] | None, bool]:
        """Return what is counted alike in every text, and whether unknown words stand before it."""
        found: list[tuple[int, str, bool]] = []
        for thing in self.grammar.things:
            if count.number.unit not in thing.units or thing.noun not in before + count.tail:
                continue
            for word in [word for word in map(fold, thing.words) if word in before][:1]:
                left, _, right = _BETWEEN.sub("", before).partition(word)
                unknown = self.unknown(left, "around", "planned")
                is_other = any(self.says(one, "chosen") for one in unknown)
                is_other = is_other or self.says(left, "part_of_year")
                if not is_other and not self.unknown(right, "around", "planned"):
                    found.append((len(word), thing.item, bool(unknown)))
        if not found:
            return None, False
        said, (_, item, is_loose) = count.said, max(found)
        text = said.paragraph.text[said.paragraph.unit(said.start)[0] : said.start]
        year = self.year if self.says(text, "as_of") else said.year or self.year
        return (item, year, self.says(text, "planned")), is_loose

    # --- parts of one whole in two sentences --------------------------------------------------

    def _compare_portions(self, told: list[Judged], named: Sequence[_Named]) -> None:
        """Compare parts of one whole in two sentences: 12次中11次达标; 12次中2次不达标."""
        seen: dict[tuple[Fraction, str], list[_Portion]] = defaultdict(list)
        for portion in (portion for whole in named for portion in self._portions(whole)):
            count, whole = portion.count, portion.whole
            others = seen[whole.count.value, sort_of(whole.count.number)]
            at = self._at[id(count.said)]
            for other in others[:_MOST_PARTS] if told[at].outcome == "unchecked" else ():
                is_apart = other.count.sentence is not count.sentence
                if not is_apart or not self._share(whole, other.whole, _WHOLE):
                    continue
                is_within = portion.core in other.core or other.core in portion.core
                if portion.is_denied == other.is_denied and is_within:
                    told[at] = compared(count, [told_at(other.count)])
                elif portion.is_alone and other.is_alone and portion.core == other.core:
                    left = whole.count.value - other.count.value
                    told[at] = compared(count, [told_at(other.count, left)])
            others.append(portion)

    def _portions(self, whole: _Named) -> Iterator[_Portion]:
        sentence, start = whole.count.sentence, whole.count.said.end
        parts: list[Count] = []
        for one in sentence.counts[whole.count.at + 1 :][:_MOST_PARTS]:
            is_part = _exact(one) and one.number.unit == whole.count.number.unit
            if not is_part or one.value > whole.count.value:
                break
            if ";" in sentence.text(start, one.said.start):
                break
            parts.append(one)
        for one in parts:
            done = one.tail if len(one.tail) >= _FEWEST else one.head
            is_denied = self.says(one.head + one.tail, "negation")
            core = "".join(self.unknown(done, "done", "around", "rest", "negation", "reached"))
            if core or self.says(done, "reached"):
                yield _Portion(whole, one, core, is_denied, len(parts) == 1)


def _is_name(count: Count) -> bool:
    """Return whether a number is a part of another's name: 60岁以上的214名."""
    if count.next is None or count.next.number.unit == count.number.unit:
        return False
    between = count.sentence.text(count.said.end, count.next.said.start)
    return between != "" and MARK.search(between) is None


def _is_beside(one: _Named, other: _Named) -> bool:
    """Return whether a sentence tells the other count too: then they are of two things."""
    number = other.count.number
    return (number.value, number.unit) in one.count.sentence.values


def _exact(count: Count) -> bool:
    number = count.number
    return number.kind == "count" and not number.is_hedged and number.unit != "级"


def _grams(text: str) -> frozenset[str]:
    return frozenset(pair for pair in pairs_of(text) if not MARK.search(pair))


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
