"""Statements against the tables, and against what follows from the numbers beside them.

A statement nobody can be sure of is told as not compared, with the reason. It is a finding only
where its digits are those of what it may be of but for one slip of the pen.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, reduce
from itertools import pairwise

from ...evaluation import Evaluation
from ...folding import fold
from ...sheets import Place
from ...terms import NOT_COMPUTABLE
from ...text.numbers import (
    Computed,
    Formula,
    Printed,
    agrees,
    best,
    change,
    computed,
    growth,
    growth_of,
    plus,
    share,
    unhedged,
    within,
)
from ...text.paragraphs import one_of
from ...text.reading import BUDGETS
from ...text.slips import in_other_unit, is_slip, significant
from ...text.statements import Base, Judged, Outcome, Statement, Subject, held_against, left_open
from ...text.tokens import Lexicon, Written
from .amounts import Amounts
from .codes import official_names
from .counts import Counts
from .dates import Dates
from .facts import Fact, FactIndex, Facts, as_known
from .ranks import CLAIM as RANK
from .ranks import Ranks
from .reached import Performance
from .tallies import Tallies
from .twice import Twice

_DOUBTS = {
    "unknown": "名称前后有别的字，不能确定说的是哪一笔",
    "alias": "名称不完整，不能确定说的是哪一笔",
    "blocked": "说的不是全年的数，或者是计划、要求",
    "several": "提到几个名称，不能确定是哪一个的",
    "unnamed": "表格里没有这个名称",
    "silent": "没有说是什么的数",
    "plan": "说的是今后的打算",
    "aside": "说的是原因或用途",
    "carried": "承前省略了名称，不能确定是哪一个的",
    "part": "说的是其中一部分用途",
    "moved": "没有说是哪一个阶段的数",
    "again": "说的是前面的数，不能确定是哪一个",
}
_ALL_OF_IT = {"", "carried", "unnamed", "silent"}
"""The doubts that leave no doubt which numbers of the text belong together."""
_GUESSED, _COMPUTED = {"money", "percent", "points"}, {"change", "rate", "share", "points"}
_FEWEST_DIGITS, _FEWEST_ALIKE = 2, 2
_DERIVED = {"change", "rate", "share", "claim"}
_CLOSING, _OPENING = "closing_", "opening_"
_PATH_OF_TEXT = "text:"
"""What an item begins with that only the text names."""
_SPENDING, _PROJECTS = Subject("expenditure"), Subject("expenditure", "", "project")
_CARRIED_OVER, _OPENING_BALANCE = "prior_year_carryover", "opening_carryover_and_surplus"
_CURRENT, _FOLD, _OF_RATES = "current", "倍", "rate_"
_PATH, _FEWEST_OF_ITEM = "named:", 4
_MOST_PARTS, _AS_LARGE = 6, 20
_STOP = re.compile(r"[,。;)](?!\d)")
"""What a number whose unit is missing stands before; a text that is cut off ends without."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A number something may be computed from: of the text or of the tables.

    ``at`` is where it stands in the text: two amounts may be the same.
    """

    number: Printed
    shown: str
    phases: frozenset[str]
    places: tuple[Place, ...] = ()
    at: int = -1


@dataclass(frozen=True, slots=True)
class _Derived:
    """One way to compute what is stated, from how many numbers that the text told itself.

    ``found`` is None where it cannot be divided.
    """

    found: Computed | None
    shown: str
    places: tuple[Place, ...] = ()
    told: int = 0


class Comparison:
    """Compares the statements of one unit's text."""

    def __init__(
        self,
        case: Evaluation,
        facts: Facts,
        performance: Performance,
        lexicon: Lexicon,
        statements: Sequence[Statement],
    ) -> None:
        """Keep the unit, what its tables know, the words, and what its text states."""
        self.lexicon = lexicon
        self.case, self.facts, self.year = case, facts, case.unit.year
        self.performance, self.statements = performance, statements
        self.told: FactIndex = {}
        self._alike: dict[object, list[Statement]] = defaultdict(list)
        self.counts, self.dates = Counts(case, statements), Dates(case, statements)
        self.ranks = Ranks(case, facts, lexicon)
        self._as_of = case.unit.grammar.counting["as_of"].words
        self._spent = re.compile(one_of(case.unit.grammar.ranks["executed"].words))
        self._rates_told = re.compile(one_of(case.unit.grammar.words["rate"].words))
        self._following = {id(one): other for one, other in pairwise(statements)}
        self._last_said = {id(other): one for one, other in pairwise(statements)}

    def judged(self) -> list[Judged]:
        """Return every statement with what came of it, in their order."""
        found = [self._one(said) for said in self.statements]
        self.told = self.facts.told(found)
        if self.told:
            found = [self._by_text(one) for one in found]
        found = Amounts(self.case, self.facts).judged(found)
        found = self._of_one_phase(found)
        parts = {part.item for _, each in self.facts.closed for part in each} - {""}
        twice = Twice(self.case, [one.said for one in found], parts)
        found = [self._guess(one, twice) if one.outcome == "unchecked" else one for one in found]
        for one in found:
            if one.said.measure == "level" and one.outcome == "pass":
                self._alike[id(one.said.paragraph), one.said.phases].append(one.said)
        is_open = [one.outcome == "unchecked" and one.said.doubt == "alias" for one in found]
        found = [
            self._guess(one, twice) if o else one for one, o in zip(found, is_open, strict=True)
        ]
        found = Tallies(self.case).added(found, twice.sentences)
        found = [self._in_unit(one) for one in twice.judged(found)]
        return [replace(one, key=key) if (key := self._key(one)) else one for one in found]

    def _of_one_phase(self, found: list[Judged]) -> list[Judged]:
        """Find an amount of a list that is of another phase than all others: a budget, say.

        61.01万元（甲14.90万元，乙31.36万元，丙15.00万元）
        """
        found = self._rates_of_one_phase(found)
        lists: dict[int, list[int]] = defaultdict(list)
        where = {id(one.said): at for at, one in enumerate(found)}
        for at, one in enumerate(found):
            whole = one.said.of or self._whole_beside(one.said)
            if whole and one.said.measure == whole.measure == "level" and one.outcome == "pass":
                lists[where.get(id(whole), at)].append(at)
        for whole_at, parts in lists.items():
            own = {at: self._phases_of(found[at].said) for at in (whole_at, *parts)}
            for at in parts:
                others = [phases for other, phases in own.items() if other != at]
                shared = set.intersection(*others)
                said, whole = found[at].said, found[whole_at].said
                # 决算5.48万元，其中公务接待费0.62万元
                is_told = len(whole.phases) == 1 and not said.phases and said is not whole
                shared = set(whole.phases) if is_told else shared
                is_alike = is_told or len(others) > _FEWEST_ALIKE
                is_alike = is_alike and not (said.number and said.number.is_hedged)
                if is_alike and shared and own[at] and not own[at] & shared:
                    year = said.year or self.year
                    facts = self.facts.of(said.subjects, tuple(sorted(shared)), year)
                    found[at] = as_known(said, "fail", "TEXT-03", facts) if facts else found[at]
        return found

    def _whole_beside(self, said: Statement) -> Statement | None:
        """Return what its sentence tells before of the whole that an amount is a part of."""
        begins = said.paragraph.sentence(said.start)[0]
        wholes = {
            whole.item
            for whole, parts in self.facts.closed
            if whole.item and any(part.item == one.item for part in parts for one in said.subjects)
        }
        told = (one for one in said.now if one.start >= begins and one.subjects)
        return next((one for one in told if one.subjects[0].item in wholes), None)

    def _rates_of_one_phase(self, found: list[Judged]) -> list[Judged]:
        """Find a rate that is of the initial budget, between others that are of the adjusted one.

        基本支出执行率98.63%、项目支出97.24%
        """
        told = list(found)
        lists: dict[object, list[int]] = defaultdict(list)
        for at, one in enumerate(found):
            if one.said.measure == "rate" and one.outcome == "pass" and not one.said.phases:
                begins = one.said.paragraph.sentence(one.said.start)[0]
                lists[id(one.said.paragraph), begins].append(at)
        for listed in lists.values():
            of_adjusted = {at: self._in_phase(found[at], BUDGETS[1:]) for at in listed}
            sure = [at for at, one in of_adjusted.items() if one and one.outcome == "pass"]
            sure = [at for at in sure if self._is_of_one(found[at])]
            for at, own in of_adjusted.items():
                if sure and own and own.outcome == "fail":
                    told[at] = replace(own, said=found[at].said)
        return told

    def _in_phase(self, judged: Judged, phases: tuple[str, ...]) -> Judged | None:
        """Return what comes of a rate if it is of a budget that was said, None if nothing does."""
        one = self._one(replace(judged.said, phases=phases))
        return one if one.outcome != "unchecked" else None

    def _is_of_one(self, judged: Judged) -> bool:
        """Return whether a rate is of the adjusted budget and not of the initial one."""
        initial = self._in_phase(judged, BUDGETS[:1])
        return initial is not None and initial.outcome == "fail"

    def _phases_of(self, said: Statement) -> set[str]:
        """Return the phases in which the tables have an amount of the year that was told."""
        number = said.number
        if number is None:
            return set()
        facts = self.facts.of(said.subjects, said.phases, said.year or self.year)
        return {fact.phase for fact in facts if abs(fact.value - number.value) <= number.half}

    def _key(self, judged: Judged) -> str:
        """Return the one quantity of the budget lines that a number surely is, "" if none."""
        said = judged.said
        number = said.number
        if judged.key or judged.outcome != "pass" or not number or number.is_hedged:
            return judged.key
        if said.doubt and said.measure != "other":
            return ""
        keys = {
            key
            for key in (*self._named(said), *self._staff(judged))
            if (found := self.case.quantities.get(key)) is not None
            and found.value is not None
            and abs(found.value - number.value) <= number.half
        }
        return keys.pop() if len(keys) == 1 else ""

    def _named(self, said: Statement) -> Iterator[str]:
        """Yield the quantities that a statement of one line's level, rate or share may mean."""
        year, own = said.year or self.year, [*said.subjects]
        if said.measure == "level":
            # Where no phase is told, money spent is meant: another number that is equal is not.
            told = said.phases or ("executed",)
            yield from (fact.key for fact in self.facts.of(own, told, year) if fact.key)
        if year != self.year or said.measure not in {"rate", "share"}:
            return
        budgets = set(said.phases) & set(BUDGETS) or set(BUDGETS)
        whole = said.whole or next(iter(said.of.subjects if said.of else ()), None)
        phases = said.phases or (said.of.phases if said.of else ())
        for line in (key for key, subject in self.facts.lines.items() if [subject] == own):
            if said.measure == "share":
                if phases == ("initial_budget",) and whole == Subject("expenditure"):
                    yield f"{line}.share"
                continue
            if "adjusted_budget" in budgets:
                yield f"{line}.execution_rate"
            if "initial_budget" in budgets:
                yield f"{line}.initial_rate"

    def _staff(self, judged: Judged) -> Iterator[str]:
        """Yield the totals of the staff that stand where a count was compared."""
        places, known = {str(place) for place in judged.places}, self.case.quantities
        for key in ("staff.staff_in_post", "staff.authorised_posts"):
            parts = [known[part] for part, _ in known[key].parts] or [known[key]]
            if judged.said.measure == "other" and {part.source for part in parts} == places:
                yield key

    def _one(self, said: Statement) -> Judged:
        told = None if said.measure == "level" and not said.doubt else self.performance.judged(said)
        if told and told.outcome == "fail" and self._is_of_line(said):
            told = None  # 地表水监测118.46万元 is no cost of one monitoring
        if told and (told.outcome != "unchecked" or said.measure in {"other", "date"}):
            return told
        if told_wrong := self._against_rate(said):
            return told_wrong
        judge = {
            "level": self._level,
            "change": self._change,
            "rate": self._rate,
            "share": self._share,
            "sum": self._sum,
            "points": self._points,
            "claim": self._claim,
            "date": self.dates.judged,
            "other": self._other,
        }[said.measure]
        judged = judge(said)
        if judged.outcome == "unchecked" and said.measure in {"rate", "share"}:
            judged = self.counts.judged(said) or judged  # 编制使用率92.9%，事业编制占43.75%
        return told if told and judged.outcome == "unchecked" else judged

    def _is_of_line(self, said: Statement) -> bool:
        """Return whether an amount is one of what its sentence names of the budget."""
        number = said.number
        if said.measure != "level" or number is None:
            return False
        facts = self.facts.of
        readings = (fact for own in self._likely(said) for fact in facts((own,), said.phases, None))
        return any(abs(fact.value - number.value) <= number.half for fact in readings)

    def _in_unit(self, one: Judged) -> Judged:
        """Find an amount that the text tells elsewhere in another unit."""
        said, number = one.said, one.said.number
        if one.outcome != "unchecked" or said.measure != "level" or said.doubt or not number:
            return one
        told = self.facts.of(said.subjects, said.phases, said.year or self.year, self.told)
        slipped = [fact for fact in told if in_other_unit(number, fact.value)]
        return as_known(said, "fail", "TEXT-12", slipped[:1]) if slipped else one

    def _by_text(self, one: Judged) -> Judged:
        """Compare once more what only the text itself tells the numbers of."""
        is_open = one.outcome == "unchecked" and one.said.measure in _DERIVED
        return self._one(one.said) if is_open else one

    def _other(self, said: Statement) -> Judged:
        number = said.number
        if (
            number
            and number.kind == "bare"
            and number.half
            and said.direction
            and (said.base or said.after)
            and _STOP.match(said.paragraph.text, said.end)
        ):
            shown = "数后面没有写单位，像是漏写“%”"
            return Judged(said=said, outcome="fail", code="TEXT-08", shown=shown)
        if number and number.unit == _FOLD and (told := self._fold(said, number)):
            return told
        if told := self.counts.judged(said):
            return told
        return left_open(said, _DOUBTS.get(said.doubt) or "没有可以核对的数")

    def _fold(self, said: Statement, number: Written) -> Judged | None:
        """Judge how many times as much one thing is as another: 甲是乙的2.2倍."""
        is_of_budget = len(said.subjects) == 1 and said.phases and set(said.phases) <= {*BUDGETS}
        is_of_other = len(said.subjects) == _FEWEST_ALIKE and said.doubt == "several"
        if said.direction or not (is_of_other or (is_of_budget and not said.doubt)):
            return None
        year, stated = said.year or self.year, number
        if not number.half and not number.is_hedged:
            stated = replace(number, half=Fraction(1, 2))
        phases = ("executed",) if is_of_budget else said.phases
        above = self.facts.of(said.subjects[:1], phases, year)
        below = self.facts.of(said.subjects[-1:], said.phases, year)
        pairs = [
            (one, other, Fraction(one.value, other.value))
            for one in above
            for other in below
            if (is_of_budget or one.phase == other.phase) and other.value
        ]
        if not pairs:
            return None
        outcome = best([agrees(stated, within(ratio, Fraction(0))) for *_, ratio in pairs])
        one, other, ratio = pairs[0]
        shown = f"表中{other.shown}、{one.shown}，后者是前者的{self.case.as_printed(ratio)}"
        places = (*other.places, *one.places)
        return Judged(said=said, outcome=outcome, code="TEXT-10", shown=shown, places=places)

    # --- levels ------------------------------------------------------------------------------

    def _level(self, said: Statement) -> Judged:
        number = said.number
        assert number
        if code := self._against_last(said, number):
            last = self._last(said)
            assert last
            shown, right = f"而前面写的是{last.quote}", last.quote if code == "TEXT-11" else ""
            return Judged(said=said, outcome="fail", code=code, shown=shown, expected=right)
        if said.doubt:
            return left_open(said, self._either(said) or _DOUBTS[said.doubt])
        if said.subjects[0].item.startswith(_CLOSING) and said.phases == BUDGETS[:1]:
            # 年末结转和结余14万元，高于年初的6万元
            opening = said.subjects[0].item.replace(_CLOSING, _OPENING, 1)
            said = replace(said, subjects=(replace(said.subjects[0], item=opening),), phases=())
        elif said.subjects[0].item.startswith(_OPENING) and said.label.startswith(self._as_of):
            # 年初结转和结余12.60万元，年末13.63万元
            closing = said.subjects[0].item.replace(_OPENING, _CLOSING, 1)
            said = replace(said, subjects=(replace(said.subjects[0], item=closing),))
        year = said.year or self.year
        own = said.subjects[0]
        if own.total == _CURRENT and own.item:
            # 事业单位医疗(项)本年支出17.28万元
            said = replace(said, subjects=(replace(own, total=""),))
        elif own.total == _CURRENT and any(one.block or one.item for one in said.near):
            return left_open(replace(said, doubt="several"), _DOUBTS["several"])
        facts = self.facts.of(said.subjects, said.phases, year)
        if (number.is_hedged or said.verb == "spent") and not said.phases:
            # 公务接待费支出0.50万元; 投入最大，超过140万元: what was spent, not what was planned.
            facts = [fact for fact in facts if fact.phase == "executed"] or facts
        if said.subjects == (_SPENDING,) and self._tells_projects_before(said):
            # 实施项目五个，合计支出372万元
            facts = [*facts, *self.facts.of((_PROJECTS,), said.phases, year)]
            if best([agrees(number, within(f.value, f.half)) for f in facts]) == "fail":
                return left_open(replace(said, doubt="several"), _DOUBTS["several"])
        if not facts and said.verb == "spent":
            facts = self.facts.of(said.subjects, (), year)
        if not facts and (other := self._of_another(said, number)):
            return other
        return self._by_tables(said, number, facts)

    def _tells_projects_before(self, said: Statement) -> bool:
        """Return whether a sentence speaks of projects before an amount that names the whole."""
        begins = said.paragraph.sentence(said.start)[0]
        if any(one.start >= begins for one in said.now if one.paragraph is said.paragraph):
            return False
        words = self.case.unit.grammar.counting["project"].words
        return any(word in said.paragraph.text[begins : said.opens] for word in words)

    def _of_another(self, said: Statement, number: Written) -> Judged | None:
        """Return an amount of one item that stands behind the name of another no table has."""
        item = said.subjects[0].item if len(said.subjects) == 1 else ""
        if not item.startswith(_PATH):
            return None
        is_many = len(significant(number)) >= _FEWEST_OF_ITEM
        *_, above, name = ["", *item.removeprefix(_PATH).split("/")]
        names, codes = official_names(self.case), self.facts.codes
        for fact in self.facts.items_of(number, said.phases, said.year or self.year):
            parents = [own for own, known in codes.items() if fact.subject.item[:-2] in known]
            is_moved = bool(parents) and above in names and above not in parents
            is_other = fold(fact.item) != name
            if (is_other and name in names and is_many) or (is_moved and (is_many or not is_other)):
                where = f"“{parents[0]}”下的" if parents else ""
                told = replace(fact, shown=f"这是{where}“{fact.item}”的数，没有文中的科目")
                return as_known(said, "fail", "TEXT-03", [told])
        return None

    def _against_rate(self, said: Statement) -> Judged | None:
        """Find a rate told to be above or below another that it is not: 93.4%，高于整体的97.5%."""
        last, number = self._last_said.get(id(said)), said.number
        if said.verb not in {"above", "below"} or said.base or not last or not number:
            return None
        if not last.number or {last.number.kind, number.kind} != {"percent"}:
            return None
        is_beside = last.paragraph is said.paragraph and last.end == said.opens - 1
        excess = (last.number.value - number.value) * (said.direction or 0)
        if not is_beside or excess >= 0 or last.number.is_hedged or number.is_hedged:
            return None
        return held_against(said, "fail", "TEXT-08", f"而前面写的是{last.quote}")

    def _last(self, said: Statement) -> Statement | None:
        """Return the amount told before that an amount is held against."""
        if said.verb == "to":
            return said.base.amount if said.base else None
        return said.now[0] if said.now and said.verb in {"above", "below", "likewise"} else None

    def _against_last(self, said: Statement, number: Written) -> str:
        """Return the rule that an amount breaks by the one before it, "" if none.

        由5万元增加到3万元, 甲5万元，低于乙的3万元, 收入5万元，支出也是6万元.
        """
        last = self._last(said)
        if last is None or last.number is None or number.is_hedged or last.number.is_hedged:
            return ""
        moved = number.value - last.number.value
        if said.verb == "likewise":
            return "TEXT-11" if abs(moved) > number.half + last.number.half else ""
        sign = said.direction or 0
        moved = moved if said.verb == "to" else -moved
        return "TEXT-08" if sign and moved * sign <= 0 else ""

    def _either(self, said: Statement) -> str:
        """Return the two readings of an amount that may be of one thing or of another."""
        if said.doubt not in {"several", "carried"}:
            return ""
        near = dict.fromkeys((*said.subjects, *said.near))
        facts = [f for one in near for f in self.facts.of((one,), said.phases, said.year)[:1]]
        one, other, *_ = [*dict.fromkeys(fact.shown for fact in facts), "", ""]
        return f"可能说的是{one}，也可能是{other}" if other else ""

    def _by_tables(self, said: Statement, number: Written, facts: Sequence[Fact]) -> Judged:
        if not facts:
            return left_open(said, "表格里没有这个数")
        outcome = best([agrees(number, within(f.value, f.half)) for f in facts])
        right = facts
        code = "TEXT-03"
        if outcome == "fail" and (slipped := [f for f in facts if in_other_unit(number, f.value)]):
            right, code = slipped[:1], "TEXT-12"
        elif outcome != "fail":
            right = [f for f in facts if abs(f.value - number.value) <= number.half] or facts
        return as_known(said, outcome, code, right)

    def _sum(self, said: Statement) -> Judged:
        number = said.number
        assert number
        own = [one.number for one in said.now if one.number]
        is_alone = len(own) == _FEWEST_ALIKE and not any(one.of for one in said.now)
        is_sure = said.doubt in _ALL_OF_IT or (said.doubt == "several" and is_alone)
        if not is_sure or len(own) < _FEWEST_ALIKE:
            return left_open(said, "不能确定是哪几个数之和")
        if any(one.is_hedged for one in own):
            return left_open(said, "只说了大约")
        total = sum((one.value for one in own), Fraction(0))
        room = sum((one.half for one in own), Fraction(0))
        outcome = agrees(number, within(total, room))
        shown = "、".join(one.quote for one in said.now)
        right = self.case.printer.money(total)
        return Judged(
            said=said, outcome=outcome, code="TEXT-23", shown=f"文中{shown}", expected=right
        )

    # --- what is known of now and before -----------------------------------------------------

    def _known(
        self,
        said: Statement,
        subjects: Sequence[Subject],
        year: int | None,
        phases: Sequence[str],
    ) -> list[_Known]:
        """Return what the text told before, then what the tables have, of subjects and phases."""
        year = year or self.year
        told = [
            self._of_its_phase(_told(one, one.number), one, year)
            for one in said.now
            if one.number
            and not one.number.is_hedged
            and one.subjects == tuple(subjects)
            and (subjects or (one.doubt == "silent" and one.of is None))
            and one.doubt not in {"blocked", "several", "aside"}
            and (one.year or self.year) == year
            and (not phases or not one.phases or set(phases) & set(one.phases))
        ]
        if not subjects or said.doubt:
            return told
        return told + [
            _Known(
                Printed(f.value, f.half), f"{where}{f.shown}", frozenset({f.phase} - {""}), f.places
            )
            for where, facts in (
                ("表中", self.facts.of(subjects, phases, year)),
                ("文中", self.facts.of(subjects, phases, year, self.told)),
            )
            for f in facts
        ]

    def _pairs(self, said: Statement) -> list[tuple[_Known, _Known]]:
        """Return what is now and what it is compared with, in each way to read it."""
        base, year = said.base, said.year or self.year
        if said.verb == "adjust" and not said.subjects:
            return []
        if said.verb == "adjust" and (base is None or base.year is None):
            now = self._known(said, said.subjects, year, BUDGETS[1:])
            before = self._known(said, said.subjects, year, BUDGETS[:1])
            # 预算 that may be either is neither.
            return _crossed(_exactly(now, {BUDGETS[1]}), _exactly(before, {BUDGETS[0]}))
        if said.verb and (base is None or base == Base()):
            levels = self._known(said, said.subjects, year, BUDGETS)
            spent = self._known(said, said.subjects, year, ["executed"])
            return _crossed(_exactly(spent, {"executed"}), _within(levels))
        if base is None and (following := self._is_between(said)):
            # 年初743.25万元，执行中净增加25.98万元，调整后769.23万元
            told = [_told(one, one.number) for one in (following, said.now[0]) if one.number]
            exact = [self._of_its_phase(one, said, year) for one in told]
            return [(exact[0], exact[1])]
        if base is None:
            return self._two_told(said)
        own = said.subjects[0].item if said.subjects else ""
        is_opening = base.phases == BUDGETS[:1] or base.year == year - 1
        if is_opening and own.startswith(_CLOSING) and not base.subjects:
            # 年末结转和结余比年初、比上年末减少
            opening = replace(said.subjects[0], item=own.replace(_CLOSING, _OPENING, 1))
            now, before = (
                self._known(said, [one], year, ()) for one in (said.subjects[0], opening)
            )
            return _crossed(now, before)
        if base.phases and (base.year is None or base.year == year) and not base.subjects:
            levels = _within(self._before(said, base, year))
            nearest = said.now[0] if said.now else None
            is_budget = bool(said.phases) and set(said.phases) <= set(BUDGETS)
            is_told = nearest and nearest.subjects == said.subjects
            if is_budget or (is_told and nearest and nearest.phases == BUDGETS[1:]):
                later = self._known(said, said.subjects, year, BUDGETS[1:])
                return _crossed(later, [one for one in levels if one.phases == {BUDGETS[0]}])
            spent = self._known(said, said.subjects, year, ["executed"])
            return _crossed(_exactly(spent, {"executed"}), levels)
        if base.year == year and not base.subjects:
            return []
        before = self._before(said, base, base.year or year)
        phases = said.phases or _phases_just_told(said)
        is_free = not said.phases and base.amount is None and base.year == year - 1
        if is_free and self._is_spent_meanwhile(said):
            phases = ("executed",)  # 年初236.40万元，到年底全部支出；与上年比，增加17.57万元
        now = self._known(said, said.subjects, year, phases)
        if base.amount is not None or base.subjects:
            now = [one for one in now if one.at >= 0] or now
        pairs = _crossed(now, before)
        alike = [
            (one, other)
            for one, other in pairs
            if not one.phases or not other.phases or one.phases & other.phases
        ]
        return alike or (pairs if base.phases else [])

    def _is_spent_meanwhile(self, said: Statement) -> bool:
        """Return whether words between the amount told last and a change tell of spending."""
        last = said.now[0] if said.now else None
        if last is None or last.paragraph is not said.paragraph:
            return False
        return self._spent.search(said.paragraph.text, last.end, said.opens) is not None

    def _two_told(self, said: Statement) -> list[tuple[_Known, _Known]]:
        """Return the two amounts just told, of one subject in two years or phases."""
        last = [one for one in said.now[:2] if one.subjects == said.subjects and one.number]
        last.sort(key=lambda one: one.year or self.year, reverse=True)
        unsure = any(one.doubt not in {"", "moved"} for one in last)
        if len(last) < 2 or not said.subjects or unsure:
            return []
        if (last[0].phases, last[0].year) == (last[1].phases, last[1].year):
            return []
        known = [_told(one, one.number) for one in last if one.number and not one.number.is_hedged]
        return [(known[0], known[1])] if len(known) == len(last) else []

    def _before(self, said: Statement, own: Base, year: int | None) -> list[_Known]:
        if own.amount is not None and own.amount.number:
            return [replace(_told(own.amount, own.amount.number), phases=frozenset(own.phases))]
        subjects = own.subjects or said.subjects
        return self._known(said, subjects, year, own.phases)

    # --- what follows from the numbers -------------------------------------------------------

    def _change(self, said: Statement) -> Judged:
        number = said.number
        assert number
        if said.doubt not in _ALL_OF_IT:
            return left_open(said, _DOUBTS[said.doubt])
        before = said.after
        is_signed = before and not (said.unsigned or before.unsigned)
        beside = before and is_signed and said.opens == before.end + 1
        if before and beside and {said.direction, before.direction} == {1, -1}:
            shown = f"与前面写的“{before.told}”方向相反"
            return Judged(said=said, outcome="fail", code="TEXT-08", shown=shown)
        formula = change if number.kind == "money" else growth
        pairs = self._pairs(said)
        readings = [_reading(formula, one, other) for one, other in pairs]
        readings += self._from_change(said)
        if not readings:
            return left_open(said, "没有比较的另一个数")
        judged = self._computed(said, readings, "TEXT-08")
        if judged.outcome == "fail" and self._is_of_another(said):
            return left_open(said, "不能确定是前面哪一个数的变化")
        vague = said.verb in {"adjust", "budget"} and not (said.base and said.base.phases)
        if vague and any(r.found and in_other_unit(number, r.found.value) for r in readings):
            return replace(judged, code="TEXT-12")
        # 年初58万元，核减6万元，调整后52万元: all of it is told.
        begins = said.paragraph.sentence(said.start)[0]
        vague = vague and any(one.places or one.at < begins for pair in pairs for one in pair)
        is_told = self._is_between(said) or self._is_left_over(said) or self._is_before(said)
        vague = vague and not is_told
        if vague and judged.outcome == "fail" and number.kind == "money":
            # 追加, 节约 may be of a part: sure is only which way, and a slip of the pen.
            signs = {(r.found.value > 0) - (r.found.value < 0) for r in readings if r.found}
            wrong_way = signs and said.direction not in signs
            is_slipped = any(r.found and is_slip(number, r.found.value) for r in readings)
            if not wrong_way and not is_slipped and number.value not in self._adjustments:
                return left_open(said, "可能只是其中一部分")
        return judged

    def _is_between(self, said: Statement) -> Statement | None:
        """Return what is after a change that stands between what was before and that.

        年初58万元，核减6万元，调整后52万元
        """
        last, following = said.now[0] if said.now else None, self._following.get(id(said))
        if last is None or following is None or last.number is None or following.number is None:
            return None
        is_between = (last.phases, following.phases) == (BUDGETS[:1], BUDGETS[1:])
        alike = last.subjects == said.subjects == following.subjects
        return following if is_between and alike else None

    def _is_before(self, said: Statement) -> bool:
        """Return whether what a change led to stands right behind: 调增10万元，调整后为590万元."""
        following = self._following.get(id(said))
        is_next = following is not None and following.opens == said.end + 1
        return (
            following is not None
            and is_next
            and (said.verb, following.phases) == ("adjust", BUDGETS[1:])
            and following.subjects == said.subjects
        )

    def _is_left_over(self, said: Statement) -> bool:
        """Return whether a change stands right behind all it follows from.

        预算3.5万元，实际用了3.18万元，节约3200元
        """
        spent, budget, *_ = [*said.now[:2], None, None]
        return (
            spent is not None
            and budget is not None
            and (said.verb, said.doubt) == ("budget", "")
            and said.opens == spent.end + 1
            and spent.phases == ("executed",)
            and bool(budget.phases)
            and set(budget.phases) <= {*BUDGETS}
            and said.subjects == spent.subjects == budget.subjects
        )

    def _from_change(self, said: Statement) -> list[_Derived]:
        """Return rates that follow from the change told just before: 增加5万元，增长10%."""
        told = said.after
        if told is None or told.number is None or told.number.is_hedged or told.unsigned:
            return []
        year, sign = said.year or self.year, -1 if told.direction == -1 else 1
        moved = replace(_told(told, told.number), phases=frozenset())
        now = self._known(said, said.subjects, year, said.phases)
        sums = self._sums(said) if now else []
        return [_reading(growth_of(sign), one, moved) for one in (*now, *sums)]

    def _is_of_another(self, said: Statement) -> bool:
        """Return whether a rate fits another amount told before: after a list, that of all."""
        told, number = said.after, said.number
        if told is None or told.number is None or number is None or said.unsigned:
            return False
        formula = growth_of(-1 if told.direction == -1 else 1)
        sign = -1 if said.direction == -1 else 1
        found = [
            computed(formula, unhedged(one.number), unhedged(told.number))
            for one in said.now
            if one.number
        ]
        return any(one and agrees(number, _times(one, sign)) == "pass" for one in found)

    def _is_of_all(self, said: Statement) -> bool:
        """Return whether a rate is told of the unit as a whole: 部门整体预算执行率, 全站……."""
        words = self.case.unit.grammar.counting["whole_unit"].words
        unknown = {one.item.removeprefix(_PATH_OF_TEXT) for one in said.subjects}
        begins = said.paragraph.sentence(said.start)[0]
        told = said.paragraph.text[begins : said.start]
        if said.subjects in {(), (_SPENDING,)} and said.doubt in {"carried", "silent"}:
            # 全站845.58万元预算已全部支出，执行率达到100%
            is_told = any(word in told for word in words)
            return is_told and not {*said.near} - {_SPENDING} and not self.facts.mentioned(told)
        return unknown <= {*words} and said.label.startswith(words)

    def _rate(self, said: Statement) -> Judged:
        if said.doubt not in _ALL_OF_IT:
            return left_open(said, _DOUBTS[said.doubt])
        if self._is_of_all(said):
            said = replace(said, subjects=(_SPENDING,), doubt="")
        base_phases = said.base.phases if said.base and not said.base.subjects else ()
        wanted = tuple(phase for phase in said.phases or base_phases if phase in BUDGETS) or BUDGETS
        year = said.year or self.year
        spent = _exactly(self._known(said, said.subjects, year, ["executed"]), {"executed"})
        budgets = _within(self._known(said, said.subjects, year, wanted))
        begins = said.paragraph.sentence(said.start)[0]
        base = said.now[0].base if said.now else None
        if base and base.amount and base.amount.number and {*base.phases} & {*wanted}:
            budgets.append(_told(base.amount, base.amount.number))  # 与年初预算500万元相比，支出……
        told = [one for one in budgets if one.at >= begins]
        if told and all(one.phases == {BUDGETS[1]} for one in told):
            budgets = told  # 全年预算275.10万元，支出267.42万元，执行率97.21%
        if said.number and said.number.is_hedged and not (said.phases or told):
            # 执行率不到九成: of the budget as it was in the end.
            budgets = _exactly(budgets, {BUDGETS[1]}) or budgets
        readings = [_reading(share, one, other) for one, other in _crossed(spent, budgets)]
        if not readings:
            return left_open(said, "没有预算或者支出的数")
        return self._computed(said, readings, "TEXT-09")

    def _points(self, said: Statement) -> Judged:
        """Judge how far two rates are apart: 比基本支出执行率低2.59个百分点."""
        base = said.base
        if said.doubt not in _ALL_OF_IT or base is None or not (base.subjects or base.year):
            return left_open(said, _DOUBTS.get(said.doubt) or "没有比较的另一个比率")
        readings = [_reading(change, one, other) for one, other in self._pairs_of_rates(said)]
        if not readings:
            return left_open(said, "没有比较的另一个比率")
        return self._computed(said, readings, "TEXT-08")

    def _pairs_of_rates(self, said: Statement) -> list[tuple[_Known, _Known]]:
        base = said.base or Base()
        now = self._rates(said.subjects, said.year or self.year)
        before = self._rates(base.subjects or said.subjects, base.year or self.year)
        pairs = _crossed(now, before)
        return [(one, other) for one, other in pairs if one.phases == other.phases] or pairs

    def _rates(self, subjects: Sequence[Subject], year: int) -> list[_Known]:
        found = []
        for spent in self.facts.of(subjects, ["executed"], year):
            for budget in self.facts.of(subjects, BUDGETS, year):
                if budget.value:
                    rate = Fraction(spent.value, budget.value)
                    shown = f"表中{spent.item}执行率{self.case.as_printed(rate)}"
                    phases = frozenset({budget.phase})
                    half = Fraction(1, 20000)
                    found.append(_Known(Printed(rate, half), shown, phases, spent.places))
        return found

    def _share(self, said: Statement) -> Judged:
        if said.doubt not in _ALL_OF_IT:
            return left_open(said, _DOUBTS[said.doubt])
        parts = self._known(said, said.subjects, said.year, said.phases)
        nearest = next((one for one in said.now if one is not said.of), None)
        if nearest and nearest.subjects == said.subjects and nearest.number:
            known = _told(nearest, nearest.number)
            parts = [self._of_its_phase(known, said, said.year or self.year)]
        sums = self._sums(said) if parts else []
        pairs = _crossed([*parts, *sums], self._wholes(said))
        alike = [(one, other) for one, other in pairs if one.phases & other.phases]
        readings = [_reading(share, one, other) for one, other in alike or pairs]
        if not readings:
            return left_open(said, "不能确定占的是什么的比重")
        return self._computed(said, readings, "TEXT-10")

    def _of_its_phase(self, known: _Known, said: Statement, year: int) -> _Known:
        """Return an amount as the tables have it: of its phases, and as exact as it is there."""
        if not said.subjects:
            return known
        facts, number = self.facts.of(said.subjects, tuple(known.phases), year), known.number
        if exact := [fact for fact in facts if fact.value == number.value]:
            known = replace(known, number=Printed(number.value, exact[0].half))
        if len(known.phases) == 1:
            return known
        own = {fact.phase for fact in facts if abs(fact.value - number.value) <= number.half}
        return replace(known, phases=frozenset(own) or known.phases)

    def _sums(self, said: Statement) -> list[_Known]:
        """Return the sums of the amounts told last in its sentence: 甲5万元、乙3万元，占80%."""
        begins = said.paragraph.sentence(said.start)[0]
        own = [one for one in said.now[:_MOST_PARTS] if one.start >= begins and one.number]
        own = [one for one in own if one is not said.of]
        sums = []
        for count in range(2, len(own) + 1):
            numbers = [unhedged(one.number) for one in own[:count] if one.number]
            total = reduce(plus, numbers)
            shown = "文中" + "、".join(one.quote for one in reversed(own[:count])) + "之和"
            sums.append(_Known(total, shown, frozenset()))
        return sums

    def _wholes(self, said: Statement) -> list[_Known]:
        wholes: list[Subject] = []
        if said.whole is not None:
            wholes, said = [said.whole], replace(said, doubt="")
        elif said.of is not None and said.of.number:
            return [_told(said.of, said.of.number)]
        elif len(said.subjects) != 1 or said.doubt:
            return []
        else:
            own = said.subjects[0]
            wholes = [whole for whole, parts in self.facts.closed if own in parts]
            if own.block or own.item.startswith("project:") or own.item.isdecimal():
                wholes += [Subject("expenditure", block="project"), Subject("expenditure")]
        known = [one for whole in wholes for one in self._known(said, (whole,), said.year, ())]
        begins = said.paragraph.sentence(said.start)[0]
        # 年初项目支出1878.70万元，甲专项占69.20%
        told = [one for one in known if one.at >= begins and len(one.phases) == 1]
        return known if said.phases or not told else told

    def _claim(self, said: Statement) -> Judged:
        if said.verb == RANK:
            return self.ranks.judged(said)
        if said.doubt == "several":
            return self._claim_of_all(said)
        is_of_two = said.doubt == "alias" and said.base is not None and said.base.subjects
        if said.doubt not in _ALL_OF_IT and not is_of_two:
            return left_open(said, _DOUBTS[said.doubt])
        if said.unsigned:
            return left_open(said, "没有说增加还是减少")
        is_rate = said.verb.startswith(_OF_RATES) and said.base is not None
        pairs = self._pairs_of_rates(said) if is_rate else self._pairs(said)
        if not pairs or (said.base is None and not said.verb):
            return left_open(said, "没有比较的另一个数")
        of_budget = said.verb != "" or (said.base is not None and said.base.year is None)
        code = "TEXT-07" if of_budget else "TEXT-08"
        pairs = [pair for pair in pairs if pair[0].at >= 0 <= pair[1].at] or pairs
        one, other = next((pair for pair in pairs if self._holds(said, *pair)), pairs[0])
        shown = f"{other.shown}、{one.shown}"
        outcome: Outcome = "pass" if self._holds(said, one, other) else "fail"
        return held_against(said, outcome, code, shown, (*other.places, *one.places))

    def _claim_of_all(self, said: Statement) -> Judged:
        """Return what came of a claim of several, if they all agree."""
        each = [self._claim(replace(said, subjects=(one,), doubt="")) for one in said.subjects]
        if len({one.outcome for one in each}) > 1:
            return left_open(said, _DOUBTS["several"])
        return replace(each[0], said=said)

    def _holds(self, said: Statement, one: _Known, other: _Known) -> bool:
        excess = one.number.value - other.number.value
        room = one.number.half + other.number.half
        if said.verb.endswith("not_above"):
            return excess <= room
        if said.direction:
            return excess * said.direction > 0
        limit = Fraction(self.case.threshold("level_difference")) * abs(other.number.value)
        return abs(excess) <= max(room, limit)

    def _computed(self, said: Statement, readings: Sequence[_Derived], code: str) -> Judged:
        number = said.number
        assert number
        first = readings[0]
        known = [(one, one.found) for one in readings if one.found]
        if not known:
            return _indivisible(said, code, first)
        if said.unsigned or (number.kind == "percent" and said.direction is None):
            known = [(one, _absolute(found)) for one, found in known]
        sign = -1 if said.direction == -1 and not said.unsigned else 1
        room = Fraction(self.case.threshold("share_difference") if said.measure == "share" else 0)
        outcomes = [agrees(number, _times(found, sign), room) for _, found in known]
        outcome = best(outcomes)
        if outcome == "fail" and first.found is None:
            return _indivisible(said, code, first)
        reading, found = min(
            (one for one, own in zip(known, outcomes, strict=True) if own == outcome),
            key=lambda one: (-one[0].told, abs(one[1].value * sign - number.value)),
        )
        return Judged(
            said=said,
            outcome=outcome,
            code=code,
            shown=reading.shown,
            expected=self._worded(said, found),
            places=reading.places,
            rights=tuple(found.value for _, found in known),
        )

    def _worded(self, said: Statement, found: Computed) -> str:
        number = said.number
        assert number
        is_change = said.measure == "change"
        value = abs(found.value) if is_change else found.value
        is_money = number.kind == "money"
        shown = self.case.printer.money(value, [0]) if is_money else self.case.as_printed(value)
        if not is_change:
            return shown
        return f"{'增加' if found.value > 0 else '减少'}{shown}" if found.value else "没有增减"

    def _guess(self, one: Judged, twice: Twice) -> Judged:
        """Compare what is unsure with all that its sentence names.

        What agrees is compared; what does not is wrong only if it is a slip of the pen.
        """
        said, number = one.said, one.said.number
        if number is None or number.kind not in _GUESSED:
            return one
        if number.is_hedged and not _is_part(said) and said.measure != "rate":
            return one
        digits = len(significant(number))
        fewest = _FEWEST_DIGITS + (said.measure not in _COMPUTED)
        likely = list(self._likely(said))
        is_sure = self._is_sure(said, likely)
        if said.doubt == "plan" or (digits < fewest and not said.phases and not is_sure):
            return one
        guesses = [guess for own in likely for guess in self._readings(said, own)]
        own = {*said.subjects}
        is_named = said.doubt == "alias" or any(map(_is_project, own))
        for guess in guesses:
            # 花卉布展46.80万元 is not right because that is what another of its list has.
            is_other = is_named and own and not {*guess.said.subjects} & own
            if guess.outcome == "pass" and not is_other:
                return replace(guess, said=said)
        is_known = number.value in self.facts.values or twice.has(said)
        if said.doubt == "blocked" or (is_known and not is_sure):
            return one
        for guess in guesses:
            slips = [right for right in guess.rights if is_slip(number, right)]
            is_part = said.doubt == "part" and not any(
                one.item == _CARRIED_OVER for one in said.subjects
            )
            is_other_unit = guess.code == "TEXT-12" and not is_part
            if guess.outcome == "fail" and (slips or is_other_unit or is_sure):
                return replace(guess, said=said)
        return one

    def _is_sure(self, said: Statement, likely: Sequence[Subject]) -> bool:
        """Return whether a number is wrong if it is not what one subject has."""
        is_rough_rate = said.measure == "rate" and said.number and said.number.is_hedged
        if _is_part(said) or is_rough_rate:
            # 绿化养护占了项目支出的四成多; 决算数不到年初预算的一成
            is_one = said.doubt == "alias" and len(said.subjects) == 1
            names = {(one.item, one.block) for one in likely if one != said.whole}
            return is_one or (said.doubt == "carried" and len(names) == 1)
        is_listed = said.doubt == "alias" and self._is_confirmed(said)
        is_moved = said.verb == "to" and self._is_from_table(said)
        return is_listed or is_moved or self._is_of_other_cell(said)

    def _is_of_other_cell(self, said: Statement) -> bool:
        """Return whether a number is one of the tables, and not the one told.

        Its row may be told for short or before: an amount is sure if its phase is told
        (调整后盘子为48.62万元), a rate or a share if it is one of another row (执行率只有97.2%).
        """
        number = said.number
        if number is None or len(said.subjects) != 1:
            return False
        own = said.subjects[0]
        if own.item.startswith(_PATH_OF_TEXT):
            project = self.facts.project_like(own.item.removeprefix(_PATH_OF_TEXT))
            is_sure, own = project is not None, project or own
        else:
            begins = said.paragraph.sentence(said.start)[0]
            others = {*self.facts.mentioned(said.paragraph.text[begins : said.start]), *said.near}
            others = {one for one in others if _is_project(one) or one.block} - {own}
            is_sure = said.doubt in {"alias", "unknown"} or (said.doubt == "carried" and not others)
        is_short = any(one.doubt == "alias" for one in said.now[:1])
        if not is_sure or (said.doubt == "carried" and is_short):
            return False
        if said.measure == "level":
            large, value = _AS_LARGE, number.value
            told = [fact.value for fact in self.facts.of((own,), (), None)]
            is_alike = any(value < large * one and one < large * value for one in told)
            return len(said.phases) == 1 and is_alike and value in self.facts.values
        last = self._last_said.get(id(said))
        while last and last.number is None:
            last = self._last_said.get(id(last))
        if last and (last.measure, last.subjects) == (said.measure, said.subjects):
            return False  # 甲占44.4%；乙次之，占19.8%
        known = {"rate": self._all_rates, "share": self._all_shares}.get(said.measure, ())
        return any(abs(one - number.value) <= number.half for one in known)

    @cached_property
    def _adjustments(self) -> set[Fraction]:
        """Return by how much the budgets of all lines were adjusted."""
        of = self.facts.of
        lines = self.facts.lines.values()
        both = [[of((one,), (phase,), self.year) for phase in BUDGETS] for one in lines]
        moved = {abs(b.value - a.value) for before, after in both for a in before for b in after}
        return moved - {0}

    @cached_property
    def _all_rates(self) -> list[Fraction]:
        """Return what all budget lines spent of their budgets."""
        lines = self.facts.lines.values()
        return [rate.number.value for one in lines for rate in self._rates((one,), self.year)]

    @cached_property
    def _all_shares(self) -> list[Fraction]:
        """Return which part of spending and of the projects all budget lines are."""
        facts = self.facts.of
        wholes = [whole for own in (_SPENDING, _PROJECTS) for whole in facts((own,), (), None)]
        return [
            Fraction(fact.value, whole.value)
            for line in self.facts.lines.values()
            for fact in self.facts.of((line,), (), None)
            for whole in wholes
            if whole.value and (whole.phase, whole.year) == (fact.phase, fact.year)
        ]

    def _is_from_table(self, said: Statement) -> bool:
        """Return whether an amount is what became of one that tables have: 由36万元减为32万元."""
        start = said.base.amount if said.base else None
        if start is None or start.number is None:
            return False
        own = self.facts.of(said.subjects, start.phases, start.year)
        return any(fact.value == start.number.value for fact in own)

    def _is_confirmed(self, said: Statement) -> bool:
        """Return whether others listed with a number are what the tables say, as it should be."""
        paragraph, begins = said.paragraph, said.paragraph.sentence(said.start)[0]
        beside = [one for one in self._alike[id(paragraph), said.phases] if one is not said]
        own = [one for one in beside if paragraph.sentence(one.start)[0] == begins]
        return len(own) >= _FEWEST_ALIKE and all(one.subjects != said.subjects for one in own)

    def _likely(self, said: Statement) -> Iterable[Subject]:
        """Return what a statement may be of: what it says itself, then what was named before."""
        if len(said.subjects) > 1 or any(one.item.startswith(_PATH) for one in said.subjects):
            return ()
        text, begins = said.paragraph.text, said.paragraph.sentence(said.start)[0]
        labels = [one.item.removeprefix(_PATH_OF_TEXT) for one in said.subjects]
        projects = [found for label in labels if (found := self.facts.project_like(label))]
        own = [one for one in said.subjects if not one.item.startswith(_PATH_OF_TEXT)]
        # What is carried over from last year is what there was when this one began.
        own += [Subject(item=_OPENING_BALANCE) for one in own if one.item == _CARRIED_OVER]
        named = self.facts.mentioned(text[begins : said.start])
        parts = [both for one in named for two in own if (both := one.joined(two)) and both != two]
        likely = dict.fromkeys((*parts, *own, *projects, *named))
        is_project = any(map(_is_project, likely))
        return likely if is_project else dict.fromkeys((*likely, *reversed(said.near)))

    def _readings(self, said: Statement, subject: Subject) -> Iterator[Judged]:
        """Yield what comes of a statement if it is of a subject, in each way to read it."""
        sure = replace(said, subjects=(subject,), doubt="")
        number, year = said.number, said.year or self.year
        assert number
        if said.measure == "level":
            phases = said.phases or ()
            for fact in self.facts.of((subject,), phases, year if phases else said.year):
                yield self._by_tables(sure, number, [fact])
        elif said.measure in _COMPUTED:
            yield self._one(sure)
        elif number.kind == "percent" and self._rates_told.search(said.paragraph.text):
            # 执行进度由高到低，甲98.62%居前
            yield self._one(replace(sure, measure="rate"))


def _is_part(said: Statement) -> bool:
    """Return whether a share is of something that is told."""
    return said.measure == "share" and (said.whole is not None or said.of is not None)


def _is_project(subject: Subject) -> bool:
    return subject.item.startswith("project:")


def _phases_just_told(said: Statement) -> tuple[str, ...]:
    """Return the phases of the amount told just before, in the same sentence: a change is of it."""
    last = said.now[0] if said.now else None
    begins = said.paragraph.sentence(said.start)[0]
    is_own = last and last.paragraph is said.paragraph and last.start >= begins
    return last.phases if last and is_own and last.subjects == said.subjects else ()


def _told(said: Statement, number: Written) -> _Known:
    return _Known(unhedged(number), f"文中{said.quote}", frozenset(said.phases), at=said.start)


def _exactly(known: Iterable[_Known], phases: set[str]) -> list[_Known]:
    return [one for one in known if one.phases == phases]


def _within(known: Iterable[_Known]) -> list[_Known]:
    return [one for one in known if one.phases and one.phases <= {*BUDGETS, "stated_budget"}]


def _crossed(now: Sequence[_Known], before: Sequence[_Known]) -> list[tuple[_Known, _Known]]:
    return [
        (one, other)
        for one in now
        for other in before
        if one != other and (one.at != other.at or one.at < 0)
    ]


def _reading(formula: Formula, one: _Known, other: _Known) -> _Derived:
    found = computed(formula, one.number, other.number)
    told = (one.at >= 0) + (other.at >= 0)
    return _Derived(found, f"{other.shown}、{one.shown}", (*other.places, *one.places), told)


def _absolute(found: Computed) -> Computed:
    return found if found.value >= 0 else _times(found, -1)


def _times(found: Computed, sign: int) -> Computed:
    if sign > 0:
        return found
    low, high = found.low, found.high
    return Computed(-found.value, None if high is None else -high, None if low is None else -low)


def _indivisible(said: Statement, code: str, reading: _Derived) -> Judged:
    """Return a rate over nothing: it cannot be, unless it is nothing too."""
    return Judged(
        said=said,
        outcome="fail" if said.number and said.number.value else "pass",
        code=code,
        shown=reading.shown,
        places=reading.places,
        expected=NOT_COMPUTABLE,
    )
