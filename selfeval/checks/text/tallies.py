"""Counts of a sentence against each other: parts and their whole, a rate and its two counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ...text.numbers import agrees, as_written, exactly
from ...text.slips import digits_of, is_slip
from ...text.statements import Judged
from ...text.tokens import Written
from .counted import CODE, HEADS, MARK, Count, CountedSentence, Counting

_MOST_PARTS, _FEWEST, _BOTH = 12, 2, 2
_SURE, _ALIKE, _LOOSE = Fraction(100), Fraction(1, 2), Fraction(15, 100)
"""How likely a gap that a slip of the pen makes may be by chance, by how a list is written."""
_JOINED = re.compile(r"[\u4e00-\u9fff](?:[及和与]|以及)[\u4e00-\u9fff]{0,4}$")


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


class Tallies(Counting):
    """Compares the counts of a text with each other."""

    def added(self, found: list[Judged], sentences: Sequence[CountedSentence]) -> list[Judged]:
        """Hold the parts that a sentence lists against their whole."""
        told, self._at = list(found), {id(one.said): at for at, one in enumerate(found)}
        for sentence in sentences:
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


def _is_name(count: Count) -> bool:
    """Return whether a number is a part of another's name: 60岁以上的214名."""
    if count.next is None or count.next.number.unit == count.number.unit:
        return False
    between = count.sentence.text(count.said.end, count.next.said.start)
    return between != "" and MARK.search(between) is None


def _exact(count: Count) -> bool:
    number = count.number
    return number.kind == "count" and not number.is_hedged and number.unit != "级"


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
