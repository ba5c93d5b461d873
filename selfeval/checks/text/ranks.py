"""TEXT-28: which of several projects or items is the most or the least, as a text says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from ...evaluation import Evaluation
from ...folding import fold
from ...schemes.grammar import ProseGrammar
from ...text.paragraphs import Paragraph, one_of
from ...text.reading import BUDGETS
from ...text.statements import Judged, Outcome, Statement, Subject, held_against, left_open
from ...text.tokens import Lexicon
from .facts import Fact, Facts

CODE, CLAIM = "TEXT-28", "rank"
_NAMED_BEHIND = re.compile(r"的?(?:一[项类个块])?(?:要?数|当属|则?是|为)(?P<name>[^,;。:]+)")
_CLAUSE = re.compile(r"[,;。:()!?]")
_COMMA = re.compile(r"[;。:()!?]")
_COUNT = re.compile(r"[\d一二三四五六七八九十两、]+")
_INSIDE = re.compile(r"[里中内]")
_FEWEST = 2
_COMPARED = {"rate", "money", "executed", "initial_budget", "raised", "growth"}
_PLACES = {"most": (1, 1), "second": (1, 2), "third": (1, 3), "least": (-1, 1)}

_Value = Callable[[Subject], Fraction | None]


@lru_cache(maxsize=8)
def _lexicon(grammar: ProseGrammar) -> Lexicon:
    words = {fold(w): (role, w) for role, own in grammar.ranks.items() for w in own.words}
    return Lexicon(words, {})


def ranks_of(case: Evaluation, facts: Facts, paragraph: Paragraph) -> Iterator[Statement]:
    """Yield what sentences that name any say to be the most or the least of several."""
    grammar, text = case.unit.grammar, paragraph.text
    for role in _PLACES:
        words = re.compile(one_of(tuple(map(fold, grammar.ranks[role].words))))  # type: ignore[index]
        spans = [span for span in paragraph.sentences if words.search(text, *span)]
        named = [span for span in spans if facts.mentioned(text[slice(*span)])]
        for match in (match for span in named for match in words.finditer(text, *span)):
            yield Statement(
                paragraph=paragraph,
                opens=match.start(),
                start=match.start(),
                end=match.end(),
                number=None,
                measure="claim",
                label=role,
                verb=CLAIM,
            )


class Ranks:
    """Holds what is said to be the most or the least against the tables."""

    def __init__(self, case: Evaluation, facts: Facts, names: Lexicon) -> None:
        """Keep the unit, what its tables know and the words."""
        self.case, self.facts, self.names = case, facts, names
        self.lexicon = _lexicon(case.unit.grammar)

    def judged(self, said: Statement) -> Judged:
        """Return what came of a claim."""
        text, start = said.paragraph.text, said.start
        begins, ends = said.paragraph.sentence(start)
        clause = max((m.end() for m in _CLAUSE.finditer(text, begins, start)), default=begins)
        behind = _NAMED_BEHIND.match(text, said.end, ends)
        words = behind["name"] if behind else text[clause:start]
        named = self._mentioned(words)
        if not named and not behind and clause > begins:
            # 甲专项支出50万元，金额最大
            marks = [m.end() for m in _CLAUSE.finditer(text, begins, clause - 1)]
            named = self._mentioned(text[max(marks, default=begins) : clause])
        if len(named) != 1:
            return left_open(said, "不能确定说的是哪一项")
        own = named[0]
        words = text[clause:start]
        roles = None if not behind and _among(words, own) else self._roles(words, own)
        if roles is None:
            return left_open(said, "不能确定比的是什么")
        if not roles & _COMPARED:
            opening = max((m.end() for m in _COMMA.finditer(text, begins, clause)), default=begins)
            roles = {token.role for token in self.lexicon.scan(text, opening, clause)}
        others = self._siblings(own)
        if len(others) < _FEWEST or not roles & _COMPARED:
            return left_open(said, "不能确定比的是什么")
        readings = [found for value in self._values(roles) if (found := _all(value, others))]
        if not readings:
            return left_open(said, "表格里的数不全")
        return self._compared(said, own, readings)

    def _mentioned(self, words: str) -> Sequence[Subject]:
        return self.facts.mentioned(words) or [
            token.value
            for token in self.names.scan(words, 0, len(words))
            if isinstance(token.value, Subject) and token.value.item
        ]

    def _compared(
        self, said: Statement, own: Subject, readings: Sequence[dict[Subject, Fraction]]
    ) -> Judged:
        sign, place = _PLACES[said.label]
        orders = [sorted(found, key=lambda one, f=found: -sign * f[one]) for found in readings]  # type: ignore[misc]
        best = [order[min(place, len(order)) - 1] for order in orders]
        holds = any(found[own] == found[top] for found, top in zip(readings, best, strict=True))
        told = "或者".join(self._named(one) for one in dict.fromkeys(best))
        places = [place for fact in self._facts(best[0], ()) for place in fact.places]
        outcome: Outcome = "pass" if holds else "fail"
        return held_against(said, outcome, CODE, f"表中{said.quote}的是{told}", tuple(places[:2]))

    def _named(self, subject: Subject) -> str:
        known = self._facts(subject, ())
        return known[0].item if known else subject.item.removeprefix("project:")

    def _roles(self, words: str, own: Subject) -> set[str] | None:
        """Return what words compare, None where they say more than is known."""
        roles: set[str] = set()
        names = [name for name, codes in self.facts.codes.items() if own.item in codes]
        for name in (own.item.removeprefix("project:"), *names):
            words = words.replace(name, "")
        for token in self.lexicon.scan(words, 0, len(words)):
            rest = words[token.start : token.end]
            if token.role:
                roles.add(token.role)
            elif not (_COUNT.fullmatch(rest) or self._is_named(rest)):
                return None
        return roles

    def _is_named(self, words: str) -> bool:
        return any(self.facts.mentioned(words)) or self.facts.project_like(words) is not None

    def _siblings(self, own: Subject) -> list[Subject]:
        """Return all of which one is said to be the most: the projects, the items of one level."""
        if own.item.startswith("project:"):
            parents = {fold(row.project): row.parent for row in self.case.tables.projects}
            parent = parents.get(own.item.removeprefix("project:"))
            names = [name for name, above in parents.items() if above == parent]
            return [replace(own, item=f"project:{name}") for name in names]
        for _, parts in self.facts.closed:
            if own in parts:
                return [one for one in parts if self._facts(one, ())]
        shared = len(own.item) - 2
        codes = {code for codes in self.facts.codes.values() for code in codes}
        return [
            Subject("expenditure", item=code)
            for code in sorted(codes)
            if len(code) == len(own.item) and code[:shared] == own.item[:shared]
        ]

    def _facts(self, subject: Subject, phases: Sequence[str]) -> list[Fact]:
        return self.facts.of((subject,), phases, self.case.unit.year)

    def _values(self, roles: set[str]) -> Iterator[_Value]:
        """Yield what is compared, in each way to read it."""
        if "rate" in roles:
            for budget in BUDGETS:
                yield lambda one, budget=budget: self._rate(one, budget)  # type: ignore[misc]
            return
        if "raised" in roles or "growth" in roles:
            yield self._raised
        if "growth" in roles:
            yield self._grown
            yield lambda one: self._grown(one, 1)
        if {"raised", "growth"} & roles:
            return
        told = [phase for phase in ("initial_budget", "executed") if phase in roles]
        for phase in told or (*BUDGETS, "executed"):
            yield lambda one, phase=phase: self._amount(one, phase)  # type: ignore[misc]

    def _amount(self, subject: Subject, phase: str, ago: int = 0) -> Fraction | None:
        known = self.facts.of((subject,), (phase,), self.case.unit.year - ago)
        return known[0].value if known else None

    def _raised(self, subject: Subject) -> Fraction | None:
        first, last = (self._amount(subject, phase) for phase in BUDGETS)
        return None if first is None or last is None else last - first

    def _grown(self, subject: Subject, power: int = 0) -> Fraction | None:
        """Return the change against the year before, or that divided by what was before."""
        now, before = self._amount(subject, "executed"), self._amount(subject, "executed", 1)
        return (now - before) / before**power if now is not None and before else None

    def _rate(self, subject: Subject, budget: str) -> Fraction | None:
        spent, base = self._amount(subject, "executed"), self._amount(subject, budget)
        return spent / base if spent is not None and base else None


def _among(words: str, own: Subject) -> bool:
    """Return whether what is most is something of a whole that is named: 商品和服务支出里最大的."""
    return not own.item.startswith("project:") and _INSIDE.search(words) is not None


def _all(value: _Value, subjects: Sequence[Subject]) -> dict[Subject, Fraction] | None:
    """Return the values of all, None where one is missing."""
    found: dict[Subject, Fraction] = {}
    for one in subjects:
        own = value(one)
        if own is None:
            return None
        found[one] = own
    return found
