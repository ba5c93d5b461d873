"""The amounts of a text against each other: parts and their whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from ...evaluation import Evaluation
from ...text.slips import in_other_unit, is_slip
from ...text.statements import Judged, Outcome, Statement, Subject
from ...text.tokens import Written
from .facts import Facts

_FEWEST_ITEMS, _PAIR = 3, 2


class Amounts:
    """Holds the parts that a text tells against their whole, where nothing else judged them."""

    def __init__(self, case: Evaluation, facts: Facts) -> None:
        """Keep the unit and what its tables know."""
        self.case, self.facts, self.year = case, facts, case.unit.year

    def judged(self, found: list[Judged]) -> list[Judged]:
        """Return all statements, those judged that are of each other."""
        sums = (self._closed, self._hundred, self._parts, self._items)
        for look in sums:
            found = look(found)
        return found

    def _closed(self, found: list[Judged]) -> list[Judged]:
        """Hold parts that are all of a whole against it: amounts, and changes of the same base."""
        groups: dict[object, list[int]] = defaultdict(list)
        for at, one in enumerate(found):
            said = one.said
            sure = said.number and said.number.kind == "money" and not said.number.is_hedged
            sure = sure and not said.doubt and not said.unsigned and len(said.subjects) == 1
            if sure and said.measure in {"level", "change"}:
                base = (said.base.year, said.base.phases) if said.base else None
                key = (id(said.paragraph), said.measure, said.phases, said.year, base)
                groups[key if said.measure == "change" else (*key[:4], None)].append(at)
        wholes = [
            # What comes in of a fund is what is spent of it, in a budget.
            (
                whole,
                (whole, replace(whole, side="revenue")) if whole.fund else (whole,),
                [part.within(whole) for part in parts],
            )
            for whole, parts in self.facts.closed
        ]
        for group in groups.values():
            by_subject: dict[Subject, list[int]] = defaultdict(list)
            for at in group:
                by_subject[found[at].said.subjects[0]].append(at)
            for whole, alike, parts in wholes:
                own = [by_subject.get(part, []) for part in parts]
                told = [one for one in alike if len(by_subject.get(one, ())) == 1]
                if told and all(len(one) == 1 for one in own):
                    below = [one[0] for one in own]
                    found = self._added(found, by_subject[told[0]][0], below, told[0] == whole)
        return found

    def _hundred(self, found: list[Judged]) -> list[Judged]:
        """Find shares of all parts of a whole that do not add up to 100 %, or of some beyond it."""
        told = list(found)
        by_whole: dict[tuple[int, Subject], dict[Subject, list[int]]] = {}
        by_list: dict[object, list[int]] = defaultdict(list)
        for at, one in enumerate(found):
            said = one.said
            if one.outcome != "unchecked" or said.measure != "share":
                continue
            if said.whole is None and said.of is None and said.doubt:
                continue
            if not said.doubt and len(said.subjects) == 1 and said.whole:
                shares = by_whole.setdefault((said.year or self.year, said.whole), {})
                shares.setdefault(said.subjects[0], []).append(at)
            begins = said.paragraph.unit(said.start)[0]
            if said.number and not said.number.is_hedged and said.doubt in {"", "unnamed"}:
                by_list[id(said.paragraph), begins, said.whole, id(said.of)].append(at)
        room = Fraction(self.case.threshold("share_difference"))
        for listed in by_list.values():
            total = sum((_value(found[at]) for at in listed), Fraction(0))
            differ = len({found[at].said.subjects for at in listed}) == len(listed) > 1
            if differ and total > 1 + room * len(listed):
                shown, last = f"而各占比之和为{self.case.as_printed(total)}", listed[-1]
                told[last] = replace(found[last], outcome="fail", code="TEXT-10", shown=shown)
        for shares in by_whole.values():
            for _, parts in self.facts.closed:
                own = [shares.get(part, []) for part in parts]
                if not all(len(one) == 1 for one in own):
                    continue
                total = sum((_value(found[one[0]]) for one in own), Fraction(0))
                if abs(total - 1) <= room * len(own):
                    continue
                shown = f"而各占比之和为{self.case.as_printed(total)}"
                last = max(one[0] for one in own)
                told[last] = replace(told[last], outcome="fail", code="TEXT-10", shown=shown)
        return told

    def _parts(self, found: list[Judged]) -> list[Judged]:
        """Hold the parts a text lists of a whole against it: 其中, 包括, 分别为."""
        groups: dict[tuple[int, bool], list[int]] = defaultdict(list)
        at_of = {id(one.said): at for at, one in enumerate(found)}
        for at, one in enumerate(found):
            said = one.said
            if said.measure == "level" and said.of is not None and id(said.of) in at_of:
                groups[at_of[id(said.of)], _is_behind_list(said, said.of)].append(at)
        for (whole, _), parts in groups.items():
            blocked = {found[at].said.doubt == "blocked" for at in (whole, *parts)}
            phases = {found[at].said.phases for at in parts} - {()}
            named = [found[at].said.subjects for at in parts if found[at].said.subjects]
            if len(set(named)) < len(named) or self._has_stray(found[whole], named):
                continue
            if len(parts) > 1 and len(phases) <= 1 and len(blocked) == 1:
                told = {subject.item for subjects in named for subject in subjects}
                is_all = any(self._covers(own.item, told) for own in found[whole].said.subjects)
                # 845.58万元，其中甲360.07万元，另外485.51万元
                is_all = is_all or found[parts[-1]].said.verb == "others"
                found = self._added(found, whole, parts, is_all)
        return found

    def _covers(self, item: str, told: set[str]) -> bool:
        """Return whether items are all that a whole consists of, or its parts do."""
        return any(
            item == whole.item != ""
            and all(part.item in told or self._covers(part.item, told) for part in parts)
            for whole, parts in self.facts.closed
        )

    def _items(self, found: list[Judged]) -> list[Judged]:
        """Hold the items that paragraphs list against the total of the words that lead them in."""
        paragraphs: dict[int, list[int]] = defaultdict(list)
        for at, one in enumerate(found):
            if one.said.measure == "level" and one.said.number and one.said.phases:
                paragraphs[id(one.said.paragraph)].append(at)
        lead: list[int] = []
        items: list[list[int]] = []
        mark = ""
        for own in [*paragraphs.values(), []]:
            text = found[own[0]].said.paragraph if own else None
            opens = text is not None and text.text.endswith(":")
            if text and lead and not opens and text.mark and mark in {"", text.mark}:
                mark = text.mark
                items.append(own)
                continue
            found = self._listed(found, lead, items)
            lead, items, mark = own if opens else [], [], ""
        return found

    def _listed(
        self, found: list[Judged], lead: Sequence[int], items: Sequence[Sequence[int]]
    ) -> list[Judged]:
        for phases in {found[at].said.phases for at in lead}:
            whole = [at for at in lead if found[at].said.phases == phases]
            parts = [[at for at in own if found[at].said.phases == phases] for own in items]
            if len(whole) == 1 and len(parts) >= _FEWEST_ITEMS and all(len(p) == 1 for p in parts):
                found = self._added(found, whole[0], [own[0] for own in parts], False)
        return found

    def _has_stray(self, whole: Judged, parts: Iterable[Sequence[Subject]]) -> bool:
        """Return whether a list goes on to what is no part, or is one of a part.

        After 公务用车费, 公务接待费; after 公务用车购置及运行维护费, 公务用车运行维护费.
        """
        items = {subject.item for subject in whole.said.subjects if subject.item}
        own: set[str] = set()
        for one, below in self.facts.closed:
            if one.item in items:
                items |= {part.item for part in below}
                own |= {part.item for part in below}
        told = {part.item for subjects in parts for part in subjects} - {""}
        closed = [(one.item, {part.item for part in below}) for one, below in self.facts.closed]
        known = set().union(*(below for _, below in closed))
        within = set().union(*(below for one, below in closed if one in told))
        return bool((own and told & known - own) or told & within)

    def _added(
        self, found: list[Judged], whole: int, parts: Sequence[int], is_all: bool
    ) -> list[Judged]:
        """Return the findings with what the sum of parts says of those nothing else did."""
        own = [found[at].said for at in (whole, *parts)]
        if any(one.number is None or one.number.is_hedged for one in own):
            return found
        if any(found[at].outcome == "fail" for at in (whole, *parts)):
            return found
        signed = [_signed(one) for one in own]
        total = sum((value for value, _ in signed[1:]), Fraction(0))
        room = sum((half for _, half in signed), Fraction(0))
        gap = total - signed[0][0]
        outcome: Outcome = "pass" if abs(gap) <= room else "fail"
        culprit = whole
        if outcome == "fail":
            rights = [abs(signed[0][0] + gap), *(abs(value - gap) for value, _ in signed[1:])]
            slips = [
                at
                for at, one, right in zip((whole, *parts), own, rights, strict=True)
                if one.number and _is_slip(one.number, right)
            ]
            doubts = {one.doubt for one in own}
            most = max(value for value, _ in signed[1:])
            # Of more than two, one may be a part of another.
            exceeds = gap > room and most <= signed[0][0] and len(parts) == _PAIR
            exceeds = exceeds and doubts <= {"", "unnamed"}
            if not slips and not is_all and not exceeds:
                return found
            unchecked = [at for at in slips if found[at].outcome == "unchecked"]
            unsure = [at for at in parts if found[at].outcome == "unchecked"]
            is_one = len(unsure) == 1 and found[whole].outcome == "pass"
            culprit = (unchecked or slips or (unsure if is_one else [whole]))[0]
        elif abs(gap) > signed[0][1]:
            outcome = "rounding"
        shown = f"文中{'、'.join(one.quote for one in own[1:])}之和"
        right = self.case.printer.money(total)
        told = list(found)
        for at in (whole, *parts) if outcome != "fail" else (culprit,):
            if found[at].outcome == "unchecked":
                if outcome == "rounding" and at != whole:
                    continue
                told[at] = Judged(
                    said=found[at].said,
                    outcome=outcome,
                    code="TEXT-23",
                    shown=shown,
                    expected=right,
                )
        if outcome == "fail" and found[culprit].outcome != "unchecked":
            told[culprit] = replace(
                found[culprit], outcome="fail", code="TEXT-23", shown=shown, expected=right
            )
        return told


def _is_behind_list(said: Statement, whole: Statement) -> bool:
    """Return whether an amount stands behind a list in brackets: 830万元(……)，其中预留332万元."""
    text = whole.paragraph.text
    return text[whole.end : whole.end + 1] == "(" and ")" in text[whole.end : said.start]


def _signed(said: Statement) -> tuple[Fraction, Fraction]:
    number = said.number
    assert number
    sign = -1 if said.measure == "change" and said.direction == -1 else 1
    # 0万元 is nothing at all.
    return sign * number.value, number.half if number.value else Fraction(0)


def _is_slip(number: Written, right: Fraction) -> bool:
    """Return whether a number is a slip off what parts leave for it, each of them rounded."""
    step = 2 * number.half
    near = (right, right - step, right + step)
    return in_other_unit(number, right) or any(is_slip(number, one) for one in near)


def _value(judged: Judged) -> Fraction:
    assert judged.said.number
    return judged.said.number.value
