"""TEXT-11, TEXT-24: the same thing told twice in a text, and not the same.

Each number has a profile: what it surely is of, or else the words that name it, with its year,
phase, place and part of the year. Two numbers are of one thing where nothing tells them apart and
what they share is surer than chance: how much of both names, how rare its words are, and how
easily the one number becomes the other by a slip of the pen.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import islice, pairwise
from typing import NamedTuple

from ...evaluation import Evaluation
from ...folding import fold
from ...money import FEN_PER
from ...schemes.known_names import CountingWords
from ...terms import ORDINALS
from ...text.numbers import agrees, exactly
from ...text.paragraphs import pairs_of
from ...text.reading import BUDGETS
from ...text.slips import digits_of, in_other_unit, significant, slip_patterns
from ...text.statements import Judged, Statement, Subject
from ...text.tokens import Written
from .counted import (
    HEADS,
    MARK,
    Count,
    CountedSentence,
    Counting,
    KnownCount,
    compared,
    counted_sentences,
    sort_of,
    told_at,
)

_CODE = "TEXT-11"
_COUNTS, _RATIOS = {"count", "score"}, {"rate", "share", "change"}
_KINDS = {"money", "percent", "points", "bare"} | _COUNTS
_PHASES = (*BUDGETS, "executed")
_BETWEEN = re.compile(r"(?:19|20)\d\d年度?|\d+|批次|人次|批|团组|辆|万元|元")
"""Years, and numbers with their measure words, that may stand among the words for one thing."""
_SCOPE: tuple[CountingWords, ...] = ("each", "posts", "rest")
_NAMELESS: tuple[CountingWords, ...] = (
    "particles", "done", "sum", "acts", "verbs", "around", "planned",
)  # fmt: skip
_AT_YEAR_END = re.compile(r"截至(?:\d{4}年)?(?:当年|本年)?(?:年?[底末]|12月(?:31日|底))")
_SOME_MONTHS = re.compile(r"[春夏秋冬]季|[一二三四]季度|\d+月|(?<![\u4e00-\u9fff])[省市县]")
_ORDINAL = re.compile(f"第[{ORDINALS}]")
_AROUND, _EARLIER, _OPENING, _MOST, _SHORT_NAME, _ALIKE, _FEWEST_OF_CELL = 40, 80, 8, 40, 3, 3, 3
_NEAREST, _FADING, _LEAST, _CLAUSE_BEFORE = 6, 0.15, 0.15, 0.5
"""The pairs of characters next to a number that count in full, what each further one loses, what
is left of the farthest; what those of the clause before count."""
_SHORT_TEXT = 25
"""The sentences of a text too short to tell how rare a word is."""
_RARE, _NAMED, _MOST_SHARED = 1.0, 2.0, 15.0
"""How rare a word must be to be looked for, those that two names share, and from where more says
no more."""
_OF_RARITY, _OF_ALL, _OF_LEAST, _OF_SLIP, _OF_BESIDE = 0.15, 1.2, 0.3, 0.5, 1.0
_OF_OTHERS, _OF_MORE, _OF_PLAN, _OF_AMOUNT = 0.45, 0.03, 2.0, 1.4
_SURE = 1.5
_CLOSE = 5.0
"""What speaks for two numbers to be of one thing: how rare the words are that they share, how much
of the longer and of the shorter name these are, how likely the slip is, how many other numbers
stand beside both. Against it: words that each of them has alone, and one of them; that only one is
planned; an amount that is no slip of the pen off the other. Weighed
by 190 pairs of two tellings and the numbers of texts in which nothing is told wrong."""
_OF_ALL_ITEMS = {"general_public_budget", "fiscal_appropriation"}
"""The funds that are not told of every item that they pay."""


@dataclass(frozen=True, eq=False)
class _Profile:
    """What a number is of, as far as words tell; ``key`` is what it surely is of."""

    words: Counting
    count: Count
    at: int
    key: object
    is_loose: bool

    @property
    def said(self) -> Statement:
        """The statement."""
        return self.count.said

    @property
    def number(self) -> Written:
        """Its number."""
        return self.count.number

    @property
    def sentence(self) -> CountedSentence:
        """Its sentence."""
        return self.count.sentence

    @cached_property
    def is_cell(self) -> bool:
        """Whether it stands among cells, pasted from a form."""
        return self.number.kind == "bare" or self.sentence.is_form

    @cached_property
    def name(self) -> tuple[str, str]:
        """The words behind it and before it that name it."""
        tail = "" if self.is_cell else self._names(self.count.tail)
        return tail.strip("\n").split("\n")[0], self._names(self.count.head)

    @cached_property
    def own(self) -> dict[str, float]:
        """The pairs of characters of its name, the nearer the heavier."""
        tail, head = map(list, map(pairs_of, self.name))
        pairs = [*enumerate(tail), *enumerate(reversed(head))]
        found: dict[str, float] = {}
        for far, pair in pairs:
            if pair.isalpha():
                weight = max(_LEAST, 1 - _FADING * max(far - _NEAREST + 1, 0))
                found[pair] = max(found.get(pair, 0), weight)
        return found

    @cached_property
    def near(self) -> dict[str, float]:
        """The same with those of the clause before."""
        text = self.sentence.text(self.said.start - _EARLIER, self.said.start)
        clauses = [one for one in MARK.split(text.removesuffix(self.count.head)) if one]
        clause = self._names(clauses[-1]) if clauses and not self.is_cell else ""
        return {pair: _CLAUSE_BEFORE for pair in pairs_of(clause) if pair.isalpha()} | self.own

    def _names(self, text: str) -> str:
        """Return words without those that name nothing; 项 alone is one, that of 事项 is none."""
        text = self.words.timely(text) or text
        found = self.words.tokens(text, *_NAMELESS, "reached")
        inner = {
            id(two if one.role == "" else one)
            for one, two in pairwise(found)
            if "" in (one.role, two.role)
        }
        return "".join(
            text[one.start : one.end]
            if one.role in {"", "reached"}
            or (one.role != "particles" and id(one) in inner and one.end - one.start == 1)
            else "\n"
            for one in found
        )

    @cached_property
    def scope(self) -> tuple[object, ...]:
        """What two numbers of one thing must have alike."""
        says, head = self.words.says, self.count.head
        return self.said.year or self.words.year, *(says(head, role) for role in _SCOPE)

    @cached_property
    def is_plan(self) -> bool:
        """Whether it is planned."""
        opening = self.sentence.text(self.said.start - _AROUND, self.said.start)
        return self.said.doubt == "plan" or self.words.says(opening + self.count.tail, "planned")

    @cached_property
    def parts(self) -> set[str]:
        """The parts of a year, and the places, that it is of."""
        words, head = self.words, self.count.head
        before = _AT_YEAR_END.sub("", self.sentence.text(end=self.said.start))
        text = _AT_YEAR_END.sub("", head)
        text = text if words.says(head, "all_year") else f"{before[:_OPENING]},{text}"
        found = {*words.pattern("part_of_year").findall(text), *_SOME_MONTHS.findall(text)}
        others = {*words.grammar.reached["unsure"].words} - {*words.words("planned")}
        return found | {*words.places(text)} | {word for word in others if word in before}

    def is_within(self, other: _Profile) -> bool:
        """Return whether another's sentence names its places and parts of the year as well."""
        sentence = other.sentence
        text = sentence.paragraph.text[max(sentence.start - _EARLIER, 0) : sentence.end]
        return all(part in text + sentence.paragraph.heading for part in self.parts)


class _Thing(NamedTuple):
    """What is counted alike in every text, of which year, and whether it is planned."""

    item: str
    year: int
    is_planned: bool


class _Part(NamedTuple):
    """A part of a counted whole: what they did, or did not; whether no other is told of."""

    of: _Profile
    whole: Count
    core: str
    is_denied: bool
    is_alone: bool


class Twice(Counting):
    """The numbers of a text by what they are of."""

    def __init__(self, case: Evaluation, statements: Sequence[Statement], parts: set[str]) -> None:
        """Keep the statements; ``parts`` are the items that are always parts of one whole."""
        super().__init__(case)
        self.statements, self.parts = statements, parts
        numbers = [said.number for said in statements if said.number]
        self._rare: dict[str, float] = {}
        self._values = Counter((one.kind, one.value) for one in numbers if not one.is_hedged)

    def has(self, said: Statement) -> bool:
        """Return whether a number stands in the text twice."""
        return said.number is not None and self._values[said.number.kind, said.number.value] > 1

    def judged(self, found: Sequence[Judged]) -> list[Judged]:
        """Return the statements, those judged that tell again what another told."""
        outcomes = {id(one.said): one for one in found}
        first: dict[object, _Profile] = {}
        ways: dict[object, Statement] = {}
        for one in self._profiles:
            told = outcomes[id(one.said)]
            other = first.setdefault(one.key, one) if one.key and told.outcome != "fail" else one
            if told.outcome != "unchecked" or one.number.is_hedged:
                continue
            known = [*self._known(one), *islice(self._left(one), 1)]
            is_same = other is not one and self._may_differ(one, other)
            likely = other if is_same else self._likely(one, outcomes)
            if known:
                told = compared(one.count, known, is_loose=one.is_loose)
            elif likely and (is_same or one.number.kind in _COUNTS or not _agree(one, likely)):
                told = self._against(told, one, likely)
            outcomes[id(one.said)] = told
        return [self._turned(outcomes[id(one.said)], ways) for one in found]

    # --- which tells the same -----------------------------------------------------------------

    def _likely(self, one: _Profile, outcomes: dict[int, Judged]) -> _Profile | None:
        """Return the number that most surely is of the same thing, one that agrees if there is."""
        best: tuple[float, _Profile] | None = None
        for other, shared in self._sharing(one):
            outcome = outcomes[id(other.said)].outcome
            is_known = outcome == "pass" or other.at < one.at
            if outcome == "fail" or not is_known or not self._may_be(one, other):
                continue
            sureness = self._sureness(one, other, shared)
            if sureness >= _SURE and (best is None or sureness > best[0]):
                best = sureness + 100 * _agree(one, other), other
        return best[1] if best else None

    def _sharing(self, one: _Profile) -> Iterator[tuple[_Profile, float]]:
        """Yield the numbers that share words for their names, with how rare these are."""
        others: dict[int, _Profile] = {}
        for pair in one.near if not one.is_cell else ():
            if self._rarity(pair) < _RARE:
                continue
            alike = self._by_pair[_sort(one.number), pair]
            others |= {id(other): other for other in alike} if len(alike) <= _MOST else {}
        for pattern in slip_patterns(one.number) if others and _sort(one.number) == "money" else ():
            others |= {id(other): other for other in self._cells[pattern][:_MOST]}
        for other in others.values():
            pairs = (one.own.keys() & other.near.keys()) | (one.near.keys() & other.own.keys())
            shared = sum(self._rarity(p) * min(one.near[p], other.near[p]) for p in sorted(pairs))
            if other is not one and shared >= _NAMED:
                yield other, shared

    def _may_be(self, one: _Profile, other: _Profile) -> bool:
        """Return whether nothing tells two numbers apart."""
        said, known = one.said, other.said
        if one.sentence is other.sentence or one.scope != other.scope:
            return False
        if one.number.kind == other.number.kind == "bare":
            return False
        # Cells pasted from a form are told again and again, each time of something else.
        is_cell, units = one.is_cell or other.is_cell, {one.number.unit, other.number.unit}
        is_close = is_cell or (len(units) > 1 and not units <= HEADS)
        if is_close and _likelihood(one.number, other.number) < _CLOSE * is_cell:
            return False
        if said.measure != known.measure and {said.measure, known.measure} != {"level", "other"}:
            return False
        if said.phases and known.phases and not {*said.phases} & {*known.phases}:
            return False
        if said.direction and known.direction and said.direction != known.direction:
            return False
        if not (one.is_within(other) and other.is_within(one)):
            return False
        ordinals = [set(_ORDINAL.findall("".join(each.name))) for each in (one, other)]
        if all(ordinals) and ordinals[0] != ordinals[1]:
            return False
        is_ratio = said.measure in _RATIOS or (one.number.kind == "percent" and bool(said.phases))
        if is_ratio and (said.doubt or said.subjects != known.subjects):
            return False  # what stands nearest to a ratio is what it is a ratio of
        if not (said.doubt or known.doubt or _joined(said.subjects, known.subjects)):
            return False
        # A sentence that tells both tells of two things.
        pairs = ((one, other), (other, one))
        return _agree(one, other) or not any(
            (each.number.value, each.number.unit) in by.sentence.values for each, by in pairs
        )

    def _sureness(self, one: _Profile, other: _Profile, shared: float) -> float:
        sizes = [sum(self._rarity(p) * w for p, w in each.own.items()) for each in (one, other)]
        alone = [self._alone(one, other), self._alone(other, one)]
        slip = _likelihood(one.number, other.number)
        beside = len(one.sentence.large & other.sentence.large) - _agree(one, other)
        return (
            _OF_RARITY * min(shared, _MOST_SHARED)
            + _OF_ALL * min(shared / max(*sizes, _NAMED), 1)
            + _OF_LEAST * min(shared / max(min(sizes), _NAMED), 1)
            + _OF_SLIP * slip
            + _OF_BESIDE * min(beside, 2)
            - _OF_OTHERS * min(alone)
            - _OF_MORE * max(alone)
            - _OF_PLAN * (one.is_plan != other.is_plan)
            - _OF_AMOUNT * (slip <= 0 and one.number.kind != "count")
        )

    def _alone(self, one: _Profile, other: _Profile) -> float:
        """Return how rare the characters of a name are that the other's sentence does not have."""
        own = {*"".join(one.name)}
        if max(len(one.own), len(other.own)) < _SHORT_NAME:
            # 代办员培训3期，参训260人; 窗口人员培训6期，参训620人
            own |= {*"".join(one.near)}
        return sum(self._rarity(c) for c in sorted(own - other.sentence.characters) if c.isalpha())

    def _rarity(self, words: str) -> float:
        if words not in self._rare:
            count = max(1.0, self._count[words] - 0.5)
            self._rare[words] = math.log(self._total / count)
        return self._rare[words]

    # --- profiles -----------------------------------------------------------------------------

    @cached_property
    def _sentences(self) -> list[CountedSentence]:
        return list(counted_sentences(self.statements))

    @cached_property
    def _total(self) -> int:
        return max(len(self._prose), _SHORT_TEXT)

    @cached_property
    def _prose(self) -> list[CountedSentence]:
        return [sentence for sentence in self._sentences if not sentence.is_form]

    @cached_property
    def _count(self) -> Counter[str]:
        """In how many sentences each character stands, and each two."""
        texts = [sentence.text() for sentence in self._prose]
        return Counter(words for text in texts for words in {*text, *pairs_of(text)})

    @cached_property
    def _profiles(self) -> list[_Profile]:
        return [one for sentence in self._sentences for one in self._of_sentence(sentence)]

    @cached_property
    def _by_pair(self) -> dict[tuple[str, str], list[_Profile]]:
        found: dict[tuple[str, str], list[_Profile]] = defaultdict(list)
        for one in self._profiles:
            for pair in one.near if not one.is_cell else ():
                found[_sort(one.number), pair].append(one)
        return found

    @cached_property
    def _cells(self) -> dict[str, list[_Profile]]:
        """The amounts among cells by what a slip of the pen would keep of their digits."""
        found: dict[str, list[_Profile]] = defaultdict(list)
        for one in self._profiles:
            digits = significant(one.number) if one.is_cell else ""
            if _sort(one.number) == "money" and len(digits) > _FEWEST_OF_CELL:
                for pattern in slip_patterns(one.number):
                    found[pattern].append(one)
        return found

    def _of_sentence(self, sentence: CountedSentence) -> Iterator[_Profile]:
        carried = ""
        for count in sentence.counts:
            if count.number.kind not in _KINDS:
                continue
            thing, is_loose = None, False
            if count.number.unit in self._units:
                is_bare = not self.unknown(count.head, "around")
                known = carried + count.head if is_bare else count.head
                thing, is_loose = self._thing(count, known)
                carried = known if thing else ""
            key = thing or self._key(count.said)
            yield _Profile(self, count, self._order[id(count.said)], key, is_loose)

    @cached_property
    def _order(self) -> dict[int, int]:
        return {id(said): at for at, said in enumerate(self.statements)}

    @cached_property
    def _units(self) -> set[str]:
        return {unit for thing in self.grammar.things for unit in thing.units}

    # --- what a number surely is of -----------------------------------------------------------

    def _key(self, said: Statement) -> object:
        """Return what an amount is surely of, None where that is not sure."""
        if said.measure != "level" or said.doubt or not said.subjects:
            return None
        whole, subjects = said.of.subjects if said.of else (), said.subjects
        if subjects[0].item in self.parts:
            whole, subjects = (
                (),
                tuple(
                    replace(one, fund="" if one.fund in _OF_ALL_ITEMS else one.fund)
                    for one in subjects
                ),
            )
        return subjects, self._phases(said), said.year or self.year, whole

    def _phases(self, said: Statement) -> tuple[str, ...]:
        """Return the phase of an amount; the one behind a name is the budget of a budget's text.

        甲项目5万元。2020年执行数4万元，2021年预算安排6万元: the first amount is the budget too.
        """
        if told := said.phases or (said.of.phases if said.of else ()):
            return told
        own, year = self._beside[id(said.paragraph), said.subjects], said.year or self.year
        before = any(one.phases == ("executed",) and one.year == year - 1 for one in own)
        same = any(one.phases == ("executed",) and (one.year or year) == year for one in own)
        later = any((one.year or year) > year for one in own)
        return BUDGETS if before and not same and not later else ()

    @cached_property
    def _beside(self) -> dict[object, list[Statement]]:
        found: dict[object, list[Statement]] = defaultdict(list)
        for said in self.statements:
            found[id(said.paragraph), said.subjects].append(said)
        return found

    def _thing(self, count: Count, before: str) -> tuple[_Thing | None, bool]:
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
        return _Thing(item, year, self.says(text, "planned")), is_loose

    def _may_differ(self, one: _Profile, other: _Profile) -> bool:
        """Return whether an amount may be wrong where another of the same key is right."""
        is_slip = in_other_unit(one.number, other.number.value) and one.number.kind == "money"
        return bool(one.number.value and other.number.value) and (one.said.is_named or not is_slip)

    def _known(self, one: _Profile) -> list[KnownCount]:
        """Return what official tables say of a thing that all texts tell of this year."""
        if one.number.kind not in _COUNTS or not isinstance(one.key, _Thing):
            return []
        item, year, planned = one.key
        return [
            KnownCount(Fraction(own.value), f"表中{own.item_name}{own.value}", (own.place,))
            for own in self.case.tables.figures
            if own.item_code == item and own.value is not None and own.year in {None, self.year}
            if year == self.year and not planned
        ]

    def _left(self, one: _Profile) -> Iterator[KnownCount]:
        """Yield what is left for a part of a whole that another sentence divides.

        12次中11次达标; 12次中2次不达标
        """
        own = self._parts.get(id(one.said))
        for known in self._parts.values() if own else ():
            if not own or known.of.at >= one.at:
                return
            is_apart = known.of.sentence is not one.sentence
            if not is_apart or own.whole.value != known.whole.value:
                continue
            texts = (
                part.whole.sentence.text(end=part.whole.said.end + _OPENING)
                for part in (own, known)
            )
            pairs = [{*pairs_of(text)} for text in texts]
            if (
                len(pairs[0] & pairs[1]) < _ALIKE
                or own.whole.number.unit != known.whole.number.unit
            ):
                continue
            if own.is_denied == known.is_denied and (
                own.core in known.core or known.core in own.core
            ):
                yield told_at(known.of.count)
            elif own.is_alone and known.is_alone and own.core == known.core:
                yield told_at(known.of.count, own.whole.value - known.of.number.value)

    @cached_property
    def _parts(self) -> dict[int, _Part]:
        own = (one for one in self._profiles if one.number.kind == "count" and not one.is_cell)
        return {id(one.said): part for one in own if (part := self._part(one))}

    def _part(self, one: _Profile) -> _Part | None:
        """Return what a count says of the whole that it is a part of, None if of none."""
        count = one.count
        run = [count]
        while (last := run[-1].last) and last.number.unit == count.number.unit:
            run.append(last)
        whole, done = run[-1], count.tail if len(count.tail) > 1 else count.head
        if whole is count or whole.number.is_hedged or count.value > whole.value:
            return None
        core = "".join(self.unknown(done, "done", "around", "rest", "negation", "reached"))
        between = count.sentence.text(whole.said.end, count.said.start)
        if ";" in between or not (core or self.says(done, "reached")):
            return None
        after = count.next
        is_last = after is None or after.number.unit != count.number.unit
        is_denied = self.says(count.head + count.tail, "negation")
        return _Part(one, whole, core, is_denied, is_last and len(run) == len((whole, count)))

    # --- what comes of it ---------------------------------------------------------------------

    def _against(self, told: Judged, one: _Profile, other: _Profile) -> Judged:
        """Return what came of a number that another told before."""
        if one.number.kind in _COUNTS and not (other.number.is_hedged and _agree(one, other)):
            return compared(one.count, [told_at(other.count)], is_loose=one.is_loose)
        shown = other.said.quote if one.key and one.key == other.key else f"“{other.said.told}”"
        return replace(
            told,
            outcome="pass" if _agree(one, other) else "fail",
            code=_CODE,
            shown=f"文中另写{shown}",
            expected=other.said.quote,
        )

    def _turned(self, one: Judged, ways: dict[object, Statement]) -> Judged:
        """Find a change that another sentence says to go the other way."""
        said, base = one.said, one.said.base
        if one.outcome != "unchecked" or said.measure not in {"change", "claim"} or said.of:
            return one
        if said.direction is None or said.doubt or said.unsigned or not said.subjects:
            return one
        if not base or not base.year or base.subjects:
            return one
        for phase in said.phases or base.phases or _PHASES:
            key = said.subjects, said.year or self.year, base.year, phase
            other = ways.setdefault(key, said)
            if other.direction != said.direction and not _are_beside(said, other):
                shown = f"文中另写“{other.told}”"
                return replace(one, outcome="fail", code=_CODE, shown=shown, expected=other.told)
        return one


def _agree(one: _Profile, other: _Profile) -> bool:
    """Return whether two numbers may be the same, as far as they are printed."""
    number, known = one.number, other.number
    if known.is_hedged:
        return agrees(known, exactly(number.value)) != "fail"
    apart, room = abs(number.value - _like(known, number)), number.half + known.half
    return apart < room or not apart


def _sort(number: Written) -> str:
    """Return the kind of a number; an amount may stand in a table without its unit."""
    return "money" if number.kind == "bare" else sort_of(number)


def _like(other: Written, number: Written) -> Fraction:
    """Return the value of a number as that of another: one without a unit is of the nearest."""
    if {number.kind, other.kind} != {"bare", "money"}:
        return other.value
    is_money = number.kind == "money"
    values = (other.value * per if is_money else other.value / per for per in FEN_PER.values())
    return min(values, key=lambda value: abs(value - number.value))


def _likelihood(number: Written, other: Written) -> float:
    """Return how much likelier two numbers are if they tell one thing than if they tell two."""
    value = _like(other, number)
    own, right = digits_of(number, number.value), digits_of(number, value)
    kept, of_ten = own.strip("0"), math.log(10)
    differ = [at for at, two in enumerate(zip(own, right, strict=False)) if len({*two}) > 1]
    if own == right:
        return (len(own) - 1) * of_ten
    is_shifted = kept in (right.strip("0"), digits_of(other, other.value).strip("0"))
    if len(kept) > 1 and (is_shifted or in_other_unit(number, value)):
        return (len(kept) - 1) * of_ten  # the point, or the unit
    if len(own) == len(right) and sorted(own) == sorted(right) and len(differ) == len("12"):
        return len(own) * of_ten - math.log(len(own))
    if len(own) == len(right) and len(differ) == 1:
        return len(own) * of_ten - math.log(25 * len(own))
    apart = abs(math.log(abs(number.value / value))) if number.value and value else 9
    return -4 * max(apart - math.log(1.25), 0)


def _joined(one: tuple[Subject, ...], other: tuple[Subject, ...]) -> bool:
    is_like = len(one) == len(other)
    return is_like and all(a.joined(b) for a, b in zip(one, other, strict=True))


def _are_beside(one: Statement, other: Statement) -> bool:
    """Return whether two statements stand in one sentence."""
    own = one.paragraph
    return own is other.paragraph and own.sentence(one.start) == own.sentence(other.start)
