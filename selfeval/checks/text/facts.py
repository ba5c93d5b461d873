"""What the tables know of what a text may speak of: amounts by subject, phase and year."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, lru_cache, partial
from itertools import islice, product
from operator import attrgetter

from ...evaluation import Evaluation
from ...folding import fold
from ...money import FEN_PER
from ...schemes.checks import Checks
from ...schemes.classifications import load_classifications
from ...schemes.grammar import ProseGrammar
from ...schemes.known_names import GrammarWords, WordsName
from ...sheets import Place
from ...terms import PHASES
from ...text.paragraphs import pairs_of
from ...text.reading import Reader
from ...text.statements import Judged, Outcome, Statement, Subject, held_against
from ...text.tokens import Lexicon, NumberWords, Token, Written
from .codes import NAMED_CODE, class_names

_MOST_SUMS = 8
_BLOCKS = ("basic", "personnel", "operating", "project")
_TOTALS = {"total": "", "grand_total": "grand", "current_total": "current"}
_FUNDS = (
    "general_public_budget",
    "government_managed_funds",
    "state_capital_operations",
    "fiscal_appropriation",
)
_APART = {"government_managed_funds", "state_capital_operations"}
_BESIDE: tuple[GrammarWords, ...] = ("above", "below")
_NO_BLOCK = {
    *_FUNDS,
    "revenue",
    "total",
    "purpose",
    "three_public_expenses",
    "procurement",
    "agency_operating",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One number of the tables: what it is of, its phase and year, and where it stands."""

    subject: Subject
    phase: str
    year: int | None
    value: Fraction
    half: Fraction
    places: tuple[Place, ...]
    shown: str
    item: str = ""
    key: str = ""
    """The quantity it is, where a budget line has it."""


FactIndex = Mapping[tuple[str, str], list[Fact]]
"""Facts by the item and the block they are of."""


class Facts:
    """The amounts of a unit's tables by what they are of."""

    def __init__(self, case: Evaluation) -> None:
        """Index the budget lines and the amounts of official tables."""
        self.year = case.unit.year
        self._by: dict[tuple[str, str], list[Fact]] = defaultdict(list)
        self.names: dict[str, Subject] = {}
        self.lines = {key: subject_of_line(key) for key in case.budget_lines}
        self.codes: dict[str, set[str]] = defaultdict(set)
        seen = set()
        for fact in [*self._lines(case), *self._official(case)]:
            key = (fact.subject, fact.phase, fact.year, fact.value)
            if key not in seen:
                seen.add(key)
                self._by[fact.subject.item, fact.subject.block].append(fact)
        self._pieces = _pieces_of(self.names, case.unit.grammar)
        self.values = {fact.value for facts in self._by.values() for fact in facts}
        self.closed = _closed(case.unit.grammar)

    def _lines(self, case: Evaluation) -> Iterator[Fact]:
        for key, line in case.budget_lines.items():
            subject = subject_of_line(key)
            self.names.setdefault(fold(line.name), subject)
            for phase in ("initial_budget", "adjusted_budget", "executed", "prior_final_accounts"):
                fen = case.fen(key, phase)
                if fen is None:
                    continue
                own = "executed" if phase == "prior_final_accounts" else phase
                year = self.year - (phase == "prior_final_accounts")
                shown = f"{line.name}{PHASES[phase]}{case.printer.money(fen)}"
                read = case.read(key, phase)
                half = read.half if read else Fraction(0)
                places = case.places(key, phase)
                shown_by = (places, shown, line.name, f"{key}.{phase}")
                yield Fact(subject, own, year, Fraction(fen), half, *shown_by)

    def _official(self, case: Evaluation) -> Iterator[Fact]:
        for amount in case.tables.amounts:
            if amount.fen is None or not case.is_official(amount) or not amount.phase:
                continue
            subject = _subject_of(amount.table, amount.block, amount.item_code, amount.fund)
            phase, year = amount.phase, amount.year
            if phase == "prior_final_accounts":
                phase, year = "executed", (year or self.year) - 1
            if amount.item_code.isdecimal() and amount.item_name:
                self.codes[fold(amount.item_name)].add(amount.item_code)
            shown = f"{amount.item_name or case.unit.name}{case.printer.money(amount.fen)}"
            yield Fact(
                subject,
                phase,
                year,
                Fraction(amount.fen),
                amount.half,
                (amount.place,),
                shown,
                amount.item_name,
            )

    def told(self, found: Iterable[Judged]) -> FactIndex:
        """Return the amounts that a text alone tells, where it tells but one."""
        told: dict[tuple[Subject, str, int], dict[Fraction, Statement]] = defaultdict(dict)
        parts = {part.item for _, each in self.closed for part in each} - {""}
        for said in (one.said for one in found):
            if said.measure != "level" or said.doubt or len(said.subjects) != 1:
                continue
            is_named = said.is_named or _TOTAL.search(said.told)
            item = said.subjects[0].item
            is_whole = said.of is None or item in parts or item.isdecimal()
            if said.number and not said.number.is_hedged and is_named and is_whole:
                phase = "stated_budget" if len(said.phases) > 1 else "".join(said.phases)
                key = said.subjects[0], phase, said.year or self.year
                told[key].setdefault(said.number.value, said)
        known: dict[tuple[str, str], list[Fact]] = defaultdict(list)
        for (subject, phase, year), values in told.items():
            if len(values) == 1 and not self._of(subject, (phase,) if phase else (), year):
                value, said = values.popitem()
                half = said.number.half if said.number else Fraction(0)
                places = (said.paragraph.place(said.start),)
                own = Fact(subject, phase, year, value, half, places, f"另写“{said.told}”")
                known[subject.item, subject.block].append(own)
        return known

    def project_like(self, label: str) -> Subject | None:
        """Return the one project whose name has all characters of a label in their order."""
        if len(label) < _SHORTEST_LABEL:
            return None
        found = [
            subject
            for name, subject in self.names.items()
            if subject.item.startswith("project:") and _is_within(label, name)
        ]
        return found[0] if len(found) == 1 else None

    @cached_property
    def _items(self) -> list[Fact]:
        """The amounts of classification items, the smallest first."""
        facts = (fact for own in self._by.values() for fact in own)
        return sorted((f for f in facts if f.subject.item.isdecimal()), key=_value_of)

    def items_of(self, number: Written, phases: Sequence[str], year: int) -> list[Fact]:
        """Return the classification items that have an amount, of one name if of any."""
        first = bisect_left(self._items, number.value - number.half, key=_value_of)
        behind = bisect_right(self._items, number.value + number.half, key=_value_of)
        found = [
            fact
            for fact in self._items[first:behind]
            if (not phases or fact.phase in phases) and fact.year in {None, year}
        ]
        return found if len({fact.item for fact in found}) == 1 else []

    def mentioned(self, text: str) -> list[Subject]:
        """Return the projects and classification items that words name, the last one first.

        A project is named by two pieces of its name, two characters each, that no other has:
        空气自动站运维 is 空气自动站运行维护专项.
        """
        ends: dict[str, list[int]] = defaultdict(list)
        for at, pair in enumerate(pairs_of(text)):
            if name := self._pieces.get(pair):
                ends[name].append(at)
        found = {self.names[name]: own[-1] for name, own in ends.items() if len({*own}) > 1}
        for name, codes in self.codes.items():
            if len(name) > _SHORTEST_LABEL and (at := text.rfind(name)) >= 0:
                found |= dict.fromkeys((Subject("expenditure", item=code) for code in codes), at)
        return sorted(found, key=lambda subject: -found[subject])

    def of(
        self,
        subjects: Sequence[Subject],
        phases: Sequence[str],
        year: int | None,
        among: FactIndex | None = None,
    ) -> list[Fact]:
        """Return what may be meant: one number, or the sums of one of each subject.

        It is looked for in the tables, or among what else is known.
        """
        each = [self._of(subject, phases, year, among) for subject in subjects]
        if len(each) < 2:
            return each[0] if each else []
        by_phase: list[dict[object, list[Fact]]] = [defaultdict(list) for _ in each]
        for known, own in zip(by_phase, each, strict=True):
            for fact in own:
                known[fact.phase, fact.year].append(fact)
        shared = [key for key in by_phase[0] if all(key in known for known in by_phase)]
        # Two tables may have two numbers of one item.
        every = (product(*(known[key] for known in by_phase)) for key in shared)
        return [_sum(own) for sums in every for own in islice(sums, _MOST_SUMS)]

    def _of(
        self,
        subject: Subject,
        phases: Sequence[str],
        year: int | None,
        among: FactIndex | None = None,
    ) -> list[Fact]:
        wanted = set(phases) | ({"stated_budget"} if "adjusted_budget" in phases else set())
        return [
            fact
            for fact in (self._by if among is None else among).get(
                (subject.item, subject.block), ()
            )
            # What a text tells without a phase may be of any.
            if (not phases or fact.phase in wanted or (among is not None and not fact.phase))
            and (year is None or fact.year in {None, year})
            and _fits(fact.subject.side, subject.side)
            and (
                fact.subject.fund == subject.fund
                if subject.fund
                else fact.subject.fund not in _APART
            )
            and (not subject.total or fact.subject.total in {"", subject.total})
        ]


def _pieces_of(names: Mapping[str, Subject], grammar: ProseGrammar) -> dict[str, str]:
    """Return the projects by the pairs of characters that only their names have.

    占项目支出的 does not speak of 其他项目支出.
    """
    said = {fold(word) for name in grammar.names if name.block for word in name.words}
    found: dict[str, str | None] = dict.fromkeys(pair for word in said for pair in pairs_of(word))
    for name, subject in names.items():
        if subject.item.startswith("project:"):
            for piece in {*pairs_of(name)}:
                found[piece] = None if piece in found else name
    return {piece: name for piece, name in found.items() if name}


@lru_cache(maxsize=8)
def _closed(grammar: ProseGrammar) -> tuple[tuple[Subject, tuple[Subject, ...]], ...]:
    """Return the wholes whose parts are all known."""
    by_word = {
        fold(word): Subject(name.side, name.fund, name.block, name.item, name.total)
        for name in grammar.names
        for word in name.words
    }

    def named(words: Iterable[str]) -> Subject:
        found = Subject()
        for word in words:
            found = found.joined(by_word[fold(word)]) or found
        return found

    return tuple(
        (named(closed.whole), tuple(named([part]) for part in closed.parts))
        for closed in grammar.closed
    )


def _sum(facts: Sequence[Fact]) -> Fact:
    return replace(
        facts[0],
        value=sum((fact.value for fact in facts), Fraction(0)),
        half=sum((fact.half for fact in facts), Fraction(0)),
        places=tuple(place for fact in facts for place in fact.places),
        shown="、".join(fact.shown for fact in facts),
        item="",
        key="",
    )


def _is_within(label: str, name: str) -> bool:
    rest = iter(name)
    return all(character in rest for character in label)


def _fits(own: str, said: str) -> bool:
    return not own or said in {"", "both", own}


def subject_of_line(key: str) -> Subject:
    """Return what a budget line is of."""
    block, _, fund = key.partition("@")
    if block == "total":
        return Subject("expenditure")
    if block in _BLOCKS:
        return Subject("expenditure", fund, block)
    if block in _FUNDS:
        return Subject("expenditure", block)
    return Subject(item=key)


@lru_cache(maxsize=4096)
def _subject_of(table: str, block: str, item: str, fund: str) -> Subject:
    layout = table.partition("@")[0]
    income = block == "revenue" or layout.endswith("_income")
    side = "revenue" if income else "expenditure"
    total = _TOTALS.get(item, "")
    own_block = "" if block in _NO_BLOCK else block
    if item.startswith("3") and item.isdecimal() and block == "basic":
        own_block = ""
    if income and block in _FUNDS:
        fund = block
    elif income and block not in {"revenue", "total"} and item in _TOTALS:
        return Subject(side, fund, "", block)
    if item in _FUNDS:
        return Subject(side, item, own_block)
    if item in _TOTALS:
        return Subject(side, fund, own_block, "", total)
    if not item.isdecimal() and block not in _BLOCKS:
        side = side if income else ""
    if block in {"three_public_expenses", "procurement", "agency_operating"}:
        side = ""
    return Subject(side, fund, own_block, item)


@lru_cache(maxsize=8)
def _base_words(grammar: ProseGrammar, checks: Checks, year: int) -> dict[str, tuple[str, object]]:
    words: dict[str, tuple[str, object]] = {}
    for role, listed in grammar.words.items():
        words |= {word: (role, word) for word in listed.words}
    for name in grammar.names:
        subject = Subject(name.side, name.fund, name.block, name.item, name.total)
        words |= {fold(word): ("name", subject) for word in name.words if not name.alone}
    for phase in grammar.phases:
        words |= dict.fromkeys(phase.words, ("phase", phase))
    lists: tuple[WordsName, ...] = ("more", "less", "level", "last_year")
    for own in lists:
        for word in checks.listed(own, year):
            words.setdefault(word, (own, word))
    listed_words = {role: grammar.words[role].words for role in _BESIDE}
    for hedge in grammar.hedges:
        for word in (*hedge.before, *hedge.after) if hedge.bound != "none" else ():
            # 略高于 is about a number only right before it.
            role = next((r for r in _BESIDE if word[1:] in listed_words[r]), "link")
            words.setdefault(word, (role, word))
    words |= {word: ("none", word) for word in checks.listed("no_initial_budget", year)}
    words |= {word: ("opening", word) for word in checks.listed("own_unit", year)}
    return words


_TOTAL = re.compile("[总合]计|总额")
_LEVEL = re.compile(r"\((?P<code>\d{2,3})?(?P<level>[类款项])\)")
_RUN = re.compile(r"[\u4e00-\u9fff()、]{2,40}$")
_DEPTH = {"类": 0, "款": 1, "项": 2}


def classification_items(facts: Facts, text: str) -> list[Token]:
    """Return the classification items of a text, such as 公共安全支出(类)司法(款)行政运行(项)."""
    found: list[Token] = []
    path: list[tuple[int, str, str]] = []
    start = last = 0
    for match in _LEVEL.finditer(text):
        if found and match.start() < found[-1].end:
            continue
        depth = _DEPTH[match["level"]]
        continued = bool(path) and path[-1][0] < depth
        run = _RUN.search(text, max(last, match.start() - 40), match.start())
        if run is None:
            path = []
            continue
        if not continued or run.start() > last:
            path = []
        if path and found:
            found.pop()
        else:
            start = run.start()
        path.append((depth, run[0].lstrip("、"), match["code"] or ""))
        last = match.end()
        own, used = _resolved(facts, path)
        if len(path) == 1:
            start = match.start() - used
        side = "expenditure" if own.isdecimal() else ""
        found.append(Token(start, last, "name", Subject(side, item=own)))
    return sorted([*found, *_coded(facts, text)], key=attrgetter("start"))


def _coded(facts: Facts, text: str) -> Iterator[Token]:
    """Yield the items with their whole code behind the name: 行政运行(2040601)."""
    for match in NAMED_CODE.finditer(text):
        name = match["name"]
        own = next((name[at:] for at in range(len(name) - 1) if name[at:] in facts.codes), "")
        codes = facts.codes[own] if own else ()
        if codes:
            code = match["code"] if match["code"] in codes or len(codes) > 1 else min(codes)
            start = match.end("name") - len(own)
            yield Token(start, match.end(), "name", Subject("expenditure", item=code))


def _resolved(facts: Facts, path: list[tuple[int, str, str]]) -> tuple[str, int]:
    """Return the code of an item, and how long the name of its first level is."""
    base, first, _ = path[0]
    known = next((first[at:] for at in range(len(first) - 1) if first[at:] in facts.codes), "")
    used = len(known or first)
    is_whole = path[-1][0] - base == len(path) - 1
    digits = [own for _, _, own in path]
    if all(digits) and not base and is_whole:
        return "".join(digits), used
    codes = {""}
    for depth, name, _ in path:
        codes = {
            code
            for code in facts.codes.get(known if depth == base else name, ())
            if len(code) == 3 + 2 * depth and any(code.startswith(before) for before in codes)
        }
    if len(codes) == 1:
        return codes.pop(), used
    if len(path) == 1 and (found := _in_short(facts, first, base)):
        return found
    return "named:" + "/".join(name for _, name, _ in path), used


def _in_short(facts: Facts, said: str, depth: int) -> tuple[str, int] | None:
    """Return the one item whose name has the end of some words, and how long: 职业年金缴费(项)."""
    length = 3 + 2 * depth
    for at in range(len(said) - _ALIAS + 1):
        own = {c for name, codes in facts.codes.items() if said[at:] in name for c in codes}
        if codes := [code for code in own if len(code) == length]:
            return (codes[0], len(said) - at) if len(codes) == 1 else None
    return None


_ALIAS = 4
_SHORTEST_LABEL = 3


def _aliases(case: Evaluation, facts: Facts) -> dict[str, Subject]:
    """Return what projects are called for short: by a half of their name that no other has."""
    tails = case.unit.grammar.project_tails.words
    found: dict[str, Subject | None] = {}
    for name, subject in facts.names.items():
        if not subject.item.startswith("project:"):
            continue
        tail = next((tail for tail in tails if name.endswith(tail)), "")
        bare = name.removesuffix(tail)
        for short in {bare, bare[-_ALIAS:], *_halves(bare)}:
            if len(short) >= _ALIAS and short not in facts.names:
                found[short] = None if found.get(short, subject) != subject else subject
    return {short: subject for short, subject in found.items() if subject}


def _halves(name: str) -> Iterator[str]:
    """Yield the stretches of a name that are its half or more."""
    shortest = max(_ALIAS, (len(name) + 1) // 2)
    for length in range(shortest, len(name)):
        for at in range(len(name) - length + 1):
            yield name[at : at + length]


@lru_cache(maxsize=8)
def number_words(grammar: ProseGrammar, counted: tuple[str, ...] = ()) -> NumberWords:
    """Return the words that stand beside numbers, with more that are counted."""
    return NumberWords(
        tuple(dict.fromkeys([*map(fold, grammar.units.words), *counted])),
        {fold(word): hedge.bound for hedge in grammar.hedges for word in hedge.before},
        {fold(word): hedge.bound for hedge in grammar.hedges for word in hedge.after},
    )


def own_units(case: Evaluation) -> tuple[str, ...]:
    """Return what the unit's indicators count in, without 万 and 亿."""
    units = (fold(row.measure_unit) for row in case.tables.indicators)
    counted = (unit.lstrip("万亿") for unit in units if "/" not in unit and "%" not in unit)
    return tuple(unit for unit in counted if unit and unit not in FEN_PER)


def reader_of(case: Evaluation, facts: Facts) -> Reader:
    """Return the reader of a unit's text: the words of the language and its own names."""
    words = dict(_base_words(case.unit.grammar, case.unit.checks, case.unit.year))
    own = {
        name: Subject("expenditure", item=min(codes))
        for name, codes in facts.codes.items()
        if len(codes) == 1
    }
    for name, subject in (own | facts.names).items():
        if len(name) > 1 and name not in words:
            words[name] = ("name", subject)
    for name, codes in facts.codes.items():
        deepest = max(codes, key=len)
        if len(codes) > 1 and all(deepest.startswith(code) for code in codes):
            words.setdefault(name, ("alias", Subject("expenditure", item=deepest)))
    for name, classes in class_names(load_classifications(case.unit.schemes), 0).items():
        words.setdefault(name, ("name", Subject("expenditure", item=classes[-1])))
    words |= {w: ("tail", w) for w in case.unit.grammar.project_tails.words if w not in words}
    for name, subject in _aliases(case, facts).items():
        is_most = 3 * len(name) >= 2 * len(subject.item.removeprefix("project:"))
        is_short = len(name) == _ALIAS and not is_most
        words.setdefault(name, ("alias" if is_short else "name", subject))
    numbered = number_words(case.unit.grammar, own_units(case))
    grammar = case.unit.grammar
    alone: dict[str, tuple[str, object]] = {
        w: (role, w) for role, own in grammar.alone.items() for w in own.words
    }
    only: dict[str, str] = {}
    for one in grammar.names:
        named = Subject(one.side, one.fund, one.block, one.item, one.total)
        alone |= dict.fromkeys(one.words if one.alone else (), ("name", named))
        only |= dict.fromkeys(one.words if one.of else (), one.of)
    names = [fold(name) for name in (case.unit.name, *case.unit.settings.also_named)]
    for name in names:
        words[name] = ("opening", name)
        for at in range(1, len(name) - 1):
            words.setdefault(name[at:], ("opening", name))  # 学院全年花了531.79万元
    items = partial(classification_items, facts)
    return Reader(Lexicon(words, alone), numbered, case.unit.year, items, names, only)


def as_known(said: Statement, outcome: Outcome, code: str, facts: Sequence[Fact]) -> Judged:
    """Return a statement judged by facts, the first of them named."""
    told = facts[:4]
    shown = "、".join(dict.fromkeys(fact.shown for fact in told))
    places = tuple(dict.fromkeys(place for fact in told for place in fact.places))
    judged = held_against(said, outcome, code, shown, places, told[0].item)
    return replace(judged, rights=tuple(fact.value for fact in facts))


def _value_of(fact: Fact) -> Fraction:
    return fact.value
