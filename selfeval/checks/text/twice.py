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
from itertools import pairwise

from ...evaluation import Evaluation
from ...folding import fold
from ...schemes.known_names import CountingWords
from ...terms import ORDINALS
from ...text.numbers import agrees, exactly
from ...text.paragraphs import pairs_of
from ...text.reading import BUDGETS
from ...text.slips import digits_of, in_other_unit
from ...text.statements import ECONOMIC, Judged, Outcome, Statement, Subject
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

_CODE = "TEXT-11"
_Part = tuple[Fraction, str, str, bool, bool, frozenset[str]]
_COUNTS, _RATIOS = {"count", "score"}, {"rate", "share", "change"}
_KINDS = {"money", "percent", "points"} | _COUNTS
_PHASES = (*BUDGETS, "executed")
_BETWEEN = re.compile(r"(?:19|20)\d\d年度?|\d+|批次|人次|批|团组|辆|万元|元")
"""Years, and numbers with their measure words, that may stand among the words for one thing."""
_SCOPE: tuple[CountingWords, ...] = ("each", "posts", "rest")
_NAMELESS: tuple[CountingWords, ...] = (
    "particles", "done", "sum", "acts", "verbs", "around", "planned",
)  # fmt: skip
_AT_YEAR_END = re.compile(r"截至(?:\d{4}年)?(?:当年|本年)?(?:年?[底末]|12月(?:31日|底))")
_SOME_MONTHS = re.compile(r"[春夏秋冬]季|[一二三四]季度|\d{1,2}月|(?<![\u4e00-\u9fff])[省市县]")
_ORDINAL = re.compile(f"第[{ORDINALS}]")
_AROUND, _EARLIER, _OPENING, _MOST, _SHORT_NAME, _ALIKE, _MOST_PARTS = 40, 80, 8, 40, 3, 3, 12
_NEAREST, _FADING, _LEAST, _CLAUSE_BEFORE = 6, 0.15, 0.15, 0.5
"""The pairs of characters next to a number that count in full, what each further one loses, what
is left of the farthest; what those of the clause before count."""
_SPENDING = Subject("expenditure")
_CLASS = 3
"""How long the code of a class is."""
_SHORT_TEXT = 25
"""The sentences of a text too short to tell how rare a word is."""
_RARE, _NAMED, _MOST_SHARED = 1.0, 2.0, 15.0
"""How rare a word must be to be looked for, those that two names share, and from where more says
no more."""
_OF_RARITY, _OF_ALL, _OF_LEAST, _OF_SLIP, _OF_BESIDE = 0.15, 1.2, 0.35, 0.5, 1.0
_OF_OTHERS, _OF_MORE, _OF_PLAN, _OF_AMOUNT = 0.45, 0.03, 2.0, 1.4
_SURE = 1.5
"""What speaks for two numbers to be of one thing: how rare the words are that they share, how much
of the longer and of the shorter name these are, how likely the slip is, how many other numbers
stand beside both. Against it: words that each of them has alone, and one of them; that only one is
planned; an amount that is no slip of the pen off the other. Weighed by 190 pairs of two
tellings and the numbers of texts in which nothing is told wrong."""
_OF_ALL_ITEMS = {"general_public_budget", "fiscal_appropriation"}
"""The funds that are not told of every item that they pay."""


@dataclass(frozen=True, eq=False)
class _Profile(Count):
    """What a number is of, as far as words tell; ``key`` is what it surely is of."""

    words: Counting
    order: int
    key: object
    is_loose: bool

    @cached_property
    def name(self) -> tuple[str, str]:
        """The words behind it and before it that name it."""
        tail = self._names(self.tail).strip("\n")
        return tail.split("\n")[0], self._names(self.head)

    @cached_property
    def own(self) -> dict[str, float]:
        """The pairs of characters of its name, the nearer the heavier."""
        tail, head = map(list, map(pairs_of, self.name))
        found: dict[str, float] = {}
        for far, pair in (*enumerate(tail), *enumerate(reversed(head))):
            if pair.isalpha():
                weight = max(_LEAST, 1 - _FADING * max(far - _NEAREST + 1, 0))
                found[pair] = max(found.get(pair, 0), weight)
        return found

    @cached_property
    def near(self) -> dict[str, float]:
        """The same with those of the clause before."""
        text = self.sentence.text(self.said.start - _EARLIER, self.said.start)
        clauses = [one for one in MARK.split(text.removesuffix(self.head)) if one]
        clause = self._names(clauses[-1]) if clauses else ""
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
        says, head = self.words.says, self.head
        return self.said.year or self.words.year, *(says(head, role) for role in _SCOPE)

    @cached_property
    def is_plan(self) -> bool:
        """Whether it is planned."""
        opening = self.sentence.text(self.said.start - _AROUND, self.said.start)
        return self.said.doubt == "plan" or self.words.says(opening + self.tail, "planned")

    @cached_property
    def parts(self) -> set[str]:
        """The parts of a year, and the places, that it is of."""
        words, head = self.words, self.head
        before = _AT_YEAR_END.sub("", self.sentence.text(end=self.said.start))
        text = _AT_YEAR_END.sub("", head)
        text = text if words.says(head, "all_year") else f"{before[:_OPENING]},{text}"
        found = {*words.pattern("part_of_year").findall(text), *_SOME_MONTHS.findall(text)}
        unsure, planned = words.grammar.reached["unsure"].words, words.words("planned")
        others = {word for word in unsure if word in before and word not in planned}
        return found | {*words.places(text)} | others

    def is_within(self, other: _Profile) -> bool:
        """Return whether another's sentence names its places and parts of the year as well."""
        sentence = other.sentence
        text = sentence.paragraph.text[max(sentence.start - _EARLIER, 0) : sentence.end]
        return all(part in text + sentence.paragraph.heading for part in self.parts)


class Twice(Counting):
    """The numbers of a text by what they are of."""

    def __init__(self, case: Evaluation, statements: Sequence[Statement], parts: set[str]) -> None:
        """Keep the statements; ``parts`` are the items that are always parts of one whole."""
        super().__init__(case)
        self.statements, self.parts = statements, parts
        numbers = [said.number for said in statements if said.number]
        self._values = Counter((one.kind, one.value) for one in numbers if not one.is_hedged)
        self._rare: dict[str, float] = {}
        self.sentences = list(counted_sentences(statements))

    def has(self, said: Statement) -> bool:
        """Return whether a number stands in the text twice."""
        return said.number is not None and self._values[said.number.kind, said.number.value] > 1

    def judged(self, found: Sequence[Judged]) -> list[Judged]:
        """Return the statements, those judged that tell again what another told."""
        outcomes = {id(one.said): one for one in found}
        first: dict[object, _Profile] = {}
        ways: dict[object, Statement] = {}
        phases: dict[object, dict[object, _Profile]] = defaultdict(dict)
        for one in self._profiles:
            told = outcomes[id(one.said)]
            is_known = one.key and told.outcome != "fail"
            other = first.setdefault(one.key, one) if is_known else one
            if is_known and other is one:
                other = self._of_one_phase(one, phases)
            if told.outcome != "unchecked" or (one.number.is_hedged and other is one):
                continue
            if one.said.doubt == "moved":
                continue  # 由480万元调整到490万元
            is_same = other is not one and _may_differ(one, other)
            likely = other if is_same else self._likely(one, outcomes)
            if known := self._known(one):
                told = compared(one, known[:1], is_loose=one.is_loose)
            elif likely and (is_same or one.number.kind in _COUNTS or not _agree(one, likely)):
                told = self._against(told, one, likely)
            outcomes[id(one.said)] = told
        return [self._turned(outcomes[id(one.said)], ways) for one in found]

    def _of_one_phase(self, one: _Profile, known: dict[object, dict[object, _Profile]]) -> _Profile:
        """Return the amount of the same thing where only one of the two tells its phase.

        年初预算安排如下：农林水支出300.51万元。……农林水支出310.51万元
        """
        item = one.said.subjects[0].item if one.said.subjects else ""
        is_whole = item in self.parts or (len(item) == _CLASS and not item.startswith(ECONOMIC))
        is_whole = is_whole or not any(own.item for own in one.said.subjects)
        key = one.key
        if one.said.measure != "level" or not is_whole or not isinstance(key, tuple):
            return one
        phases: object = key[1]
        alike = known[key[:1] + key[2:]]
        others = {told for told in alike if told != phases}
        alike.setdefault(phases, one)
        is_one = len(others) == 1 and (not phases or others == {()})
        return alike[others.pop()] if is_one else one

    # --- which tells the same -----------------------------------------------------------------

    def _likely(self, one: _Profile, outcomes: dict[int, Judged]) -> _Profile | None:
        """Return the number that most surely is of the same thing, one that agrees if there is."""
        best: tuple[float, _Profile] | None = None
        others: dict[int, _Profile] = {}
        for pair in one.near if not one.sentence.is_form else ():
            alike = self._by_pair[sort_of(one.number), pair] if self._rarity(pair) > _RARE else []
            others |= {id(other): other for other in alike} if len(alike) <= _MOST else {}
        for other in others.values():
            outcome = outcomes[id(other.said)].outcome
            pairs = (one.own.keys() & other.near.keys()) | (one.near.keys() & other.own.keys())
            shared = sum(self._rarity(p) * min(one.near[p], other.near[p]) for p in sorted(pairs))
            is_known = outcome == "pass" or (outcome != "fail" and other.order < one.order)
            if shared >= _NAMED and is_known and _may_be(one, other):
                sureness = self._sureness(one, other, shared)
                if sureness >= _SURE and (best is None or sureness > best[0]):
                    best = sureness + 100 * _agree(one, other), other
        return best[1] if best else None

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
        # 代办员培训3期，参训260人; 窗口人员培训6期，参训620人
        is_short = max(len(one.own), len(other.own)) < _SHORT_NAME
        own = {*"".join((*one.name, *(one.near if is_short else ())))}
        return sum(self._rarity(c) for c in sorted(own - other.sentence.characters) if c.isalpha())

    def _rarity(self, words: str) -> float:
        if words not in self._rare:
            count = max(1.0, self._count[words] - 0.5)
            self._rare[words] = math.log(max(self._count[""], _SHORT_TEXT) / count)
        return self._rare[words]

    @cached_property
    def _count(self) -> Counter[str]:
        """In how many sentences each character stands, and each two, and how many there are."""
        texts = [one.text() for one in self.sentences if not one.is_form]
        return Counter(words for text in texts for words in {"", *text, *pairs_of(text)})

    @cached_property
    def _by_pair(self) -> dict[tuple[str, str], list[_Profile]]:
        found: dict[tuple[str, str], list[_Profile]] = defaultdict(list)
        # Cells pasted from a form are told again and again, each time of something else.
        for one in self._profiles:
            for pair in one.near if not one.sentence.is_form else ():
                found[sort_of(one.number), pair].append(one)
        return found

    @cached_property
    def _profiles(self) -> list[_Profile]:
        found: list[_Profile] = []
        units = {unit for thing in self.grammar.things for unit in thing.units}
        for sentence in self.sentences:
            carried = ""
            for one in sentence.counts:
                thing, is_loose = None, False
                if one.number.unit in units:
                    is_bare = not self.unknown(one.head, "around")
                    lead = carried or _clause_before(one)
                    known = lead + one.head if is_bare else one.head
                    thing, is_loose = self._thing(one, known)
                    carried = known if thing else ""
                key = thing or self._key(one.said)
                own = one.sentence, one.at, one.said, one.number
                if one.number.kind in _KINDS:
                    found.append(_Profile(*own, self, len(found), key, is_loose))
        return found

    # --- what a number surely is of -----------------------------------------------------------

    def _key(self, said: Statement) -> object:
        """Return what an amount is surely of, None where that is not sure."""
        if said.measure != "level" or said.doubt or not said.subjects:
            return None
        whole, subjects = said.of.subjects if said.of else (), said.subjects
        whole = () if whole == (_SPENDING,) else whole
        item = subjects[0].item
        if item in self.parts or (len(item) == _CLASS and not item.startswith(ECONOMIC)):
            funds = ["" if one.fund in _OF_ALL_ITEMS else one.fund for one in subjects]
            pairs = zip(subjects, funds, strict=True)
            whole, subjects = (), tuple(replace(one, fund=fund) for one, fund in pairs)
        return subjects, self._phases(said), said.year or self.year, whole

    def _phases(self, said: Statement) -> tuple[str, ...]:
        """Return the phase of an amount; the one behind a name is the budget of a budget's text.

        甲项目5万元。2020年执行数4万元，2021年预算安排6万元: the first amount is the budget too.
        """
        if told := said.phases or (said.of.phases if said.of else ()):
            return told
        if said.verb == "spent":
            return ("executed",)
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

    def _thing(self, count: Count, before: str) -> tuple[tuple[str, int, bool] | None, bool]:
        """Return what is counted alike in every text, and whether unknown words stand before it."""
        found: list[tuple[int, str, bool]] = []
        for thing in self.grammar.things:
            if count.number.unit not in thing.units or thing.noun not in before + count.tail:
                continue
            for word in [word for word in map(fold, thing.words) if word in before]:
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

    def _known(self, one: _Profile) -> list[KnownCount]:
        """Return what official tables say of a thing that all texts tell, or what divides it."""
        return [
            KnownCount(Fraction(own.value), f"表中{own.item_name}{own.value}", (own.place,))
            for own in self.case.tables.figures
            if (own.item_code, self.year, False) == one.key
            if own.value is not None and own.year in {None, self.year}
        ] or [*self._left(one)]

    # --- parts of one whole in two sentences --------------------------------------------------

    def _left(self, one: _Profile) -> Iterator[KnownCount]:
        """Yield what is left for a part of a whole that another sentence divides.

        12次中11次达标; 12次中2次不达标
        """
        own = self._parts.get(one.order)
        for order in self._divided[own[:2]] if own else ():
            known, other = self._parts[order], self._profiles[order]
            if not own or order >= one.order:
                return
            value, _, core, is_denied, is_alone, text = own
            _, _, done, denied, alone, beside = known
            if other.sentence is one.sentence or len(text & beside) < _ALIKE:
                continue
            if is_denied == denied and (core in done or done in core):
                yield told_at(other)
            elif is_alone and alone and core == done:
                yield told_at(other, value - other.value)

    @cached_property
    def _divided(self) -> dict[tuple[Fraction, str], list[int]]:
        found: dict[tuple[Fraction, str], list[int]] = defaultdict(list)
        for order, part in self._parts.items():
            if len(found[part[:2]]) < _MOST_PARTS:
                found[part[:2]].append(order)
        return found

    @cached_property
    def _parts(self) -> dict[int, _Part]:
        """The counts that are parts of others: what they did, or did not, by the whole.

        And whether that is the only part told of, and the words around the whole.
        """
        found: dict[int, _Part] = {}
        for one in self._profiles:
            run: list[Count] = [one]
            last = one.last if one.number.kind == "count" else None
            while last and _is_of(last, one) and len(run) < _MOST_PARTS:
                run.append(last)
                last = last.last
            whole, done = run[-1], one.tail if len(one.tail) > 1 else one.head
            between = one.sentence.text(whole.said.end, one.said.start)
            is_part = len(run) > 1 and one.value <= whole.value and ";" not in between
            if not is_part or whole.number.is_hedged or one.sentence.is_form:
                continue
            core = "".join(self.unknown(done, "done", "around", "rest", "negation", "reached"))
            if core or self.says(done, "reached"):
                is_denied = self.says(one.head + one.tail, "negation")
                is_alone = len(run) == len((whole, one)) and not (
                    one.next and _is_of(one.next, one)
                )
                start, end = whole.said.start - _AROUND, whole.said.end + _OPENING
                text = frozenset(pairs_of(one.sentence.text(start, end)))
                found[one.order] = whole.value, one.number.unit, core, is_denied, is_alone, text
        return found

    # --- what comes of it ---------------------------------------------------------------------

    def _against(self, told: Judged, one: _Profile, other: _Profile) -> Judged:
        """Return what came of a number that another told before."""
        is_same = _agree(one, other)
        if one.number.kind in _COUNTS and not (other.number.is_hedged and is_same):
            return compared(one, [told_at(other)], is_loose=one.is_loose)
        quote = other.said.quote
        shown = f"文中另写{quote if one.key and one.key == other.key else f'“{other.said.told}”'}"
        outcome: Outcome = "pass" if is_same else "fail"
        code = CODE if one.number.kind in _COUNTS else _CODE
        return replace(told, outcome=outcome, code=code, shown=shown, expected=quote)

    def _turned(self, one: Judged, ways: dict[object, Statement]) -> Judged:
        """Find a change that another sentence says to go the other way."""
        said, base = one.said, one.said.base
        is_sure = said.subjects and not (said.direction is None or said.doubt or said.unsigned)
        if one.outcome != "unchecked" or said.measure not in {"change", "claim"} or said.of:
            return one
        if not is_sure or not base or not base.year or base.subjects:
            return one
        for phase in said.phases or base.phases or _PHASES:
            key = said.subjects, said.year or self.year, base.year, phase
            other = ways.setdefault(key, said)
            places = {(id(x.paragraph), x.paragraph.sentence(x.start)) for x in (said, other)}
            if other.direction != said.direction and len(places) > 1:
                shown = f"文中另写“{other.told}”"
                return replace(one, outcome="fail", code=_CODE, shown=shown, expected=other.told)
        return one


def _is_of(one: Count, other: Count) -> bool:
    return one.number.unit == other.number.unit


def _may_be(one: _Profile, other: _Profile) -> bool:
    """Return whether nothing tells two numbers apart."""
    said, known, number = one.said, other.said, one.number
    units, subjects = {number.unit, other.number.unit}, (said.subjects, known.subjects)
    is_ratio = said.measure in _RATIOS or (number.kind == "percent" and bool(said.phases))
    if (
        one.sentence is other.sentence
        or one.scope != other.scope
        or (len(units) > 1 and not units <= HEADS and _likelihood(number, other.number) < 0)
        or (said.measure != known.measure and {said.measure, known.measure} != {"level", "other"})
        or (said.phases and known.phases and not {*said.phases} & {*known.phases})
        or (said.direction and known.direction and said.direction != known.direction)
        # What stands nearest to a ratio is what it is a ratio of.
        or (is_ratio and (said.doubt or said.subjects != known.subjects))
        or not (said.doubt or known.doubt or len(subjects[0]) == len(subjects[1]))
    ):
        return False
    if not (said.doubt or known.doubt or all(a.joined(b) for a, b in zip(*subjects, strict=True))):
        return False
    ordinals = [{*_ORDINAL.findall("".join(each.name))} for each in (one, other)]
    if (all(ordinals) and ordinals[0] != ordinals[1]) or not one.is_within(other):
        return False
    # A sentence that tells both tells of two things.
    beside = ((number, other), (other.number, one))
    tells_both = any((each.value, each.unit) in by.sentence.values for each, by in beside)
    return other.is_within(one) and (_agree(one, other) or not tells_both)


def _clause_before(one: Count) -> str:
    """Return the clause before that of a number: 全部为国内接待 of 全部为国内接待，共2批次."""
    clauses = MARK.split(one.sentence.text(end=one.said.start))
    return clauses[-2] if len(clauses) > 1 else ""


def _may_differ(one: _Profile, other: _Profile) -> bool:
    """Return whether an amount may be wrong where another of the same key is right."""
    is_slip = in_other_unit(one.number, other.value) and one.number.kind == "money"
    return bool(one.value and other.value) and (one.said.is_named or not is_slip)


def _agree(one: _Profile, other: _Profile) -> bool:
    """Return whether two numbers may be the same, as far as they are printed."""
    if other.number.is_hedged:
        return agrees(other.number, exactly(one.value)) != "fail"
    if one.number.is_hedged:
        return agrees(one.number, exactly(other.value)) != "fail"
    return abs(one.value - other.value) < one.number.half + other.number.half or (
        one.value == other.value
    )


def _likelihood(number: Written, other: Written) -> float:
    """Return how much likelier two numbers are if they tell one thing than if they tell two."""
    own, right = digits_of(number, number.value), digits_of(number, other.value)
    kept, of_ten = own.strip("0"), math.log(10)
    differ = sum(a != b for a, b in zip(own, right, strict=False))
    if own == right:
        return (len(own) - 1) * of_ten
    is_shifted = kept == right.strip("0") or in_other_unit(number, other.value)
    if len(kept) > 1 and is_shifted:
        return (len(kept) - 1) * of_ten  # the point, or the unit
    if len(own) == len(right) and (differ == 1 or (differ == 2 and sorted(own) == sorted(right))):
        return len(own) * of_ten - math.log((25 if differ == 1 else 1) * len(own))
    apart = abs(math.log(abs(number.value / other.value))) if number.value and other.value else 9
    return -4 * max(apart - math.log(1.25), 0)
