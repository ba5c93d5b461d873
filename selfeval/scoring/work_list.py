"""What is left to do for a unit, cell by cell: what stands there, what to write, what that clears.

What a number would have to be is tried in memory first, with all that follows from it: cells that
change together are told together, and nobody who writes what is asked finds a new finding after.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Final, cast

from ..budget.lines import LEVELS
from ..checks import check
from ..checks.explanations import entry, reasons_given
from ..errors import SelfEvalError
from ..evaluation import Evaluation
from ..evaluation.finding import Finding, unit_place
from ..evaluation.missing import form_place
from ..sheets import Place
from ..tables.rows import Amount, Row
from ..terms import PHASES, TABLE_HEADS
from ..unit import UNIT_FILE
from ..unit.corrections import CORRECTIONS_FILE, Trial, with_trials
from .score import score

EXPLANATIONS: Final = "explanations"
"""The key of unit.yaml that reasons stand in."""

_CELL = re.compile(r"[A-Z]{1,3}[1-9][0-9]*")
_MOST_SHOWN, _RIGHT = 16, TABLE_HEADS["expected"]
_MOST_TRIALS, _MOST_OPTIONS, _MOST_ROUNDS, _RUN = 24, 8, 4, 3
_DO: Final = {"correct": "照提示改正", "explain": "原因", "supply": "补填"}
"""What is written where no rule says it, by what is to be done."""

Cells = Mapping[Place, str]
"""Cells as they would be."""
_Key = tuple[str, str, tuple[Place, ...]]


@dataclass(frozen=True)
class Entry:
    """A place to write into: a cell, a row, a line of a text or a file; what stands there now, ""
    if nothing, None if that is not known; and what to write.
    """

    place: Place
    now: str | None
    write: str

    @property
    def shown(self) -> str:
        """What stands there, as a line of the list has it."""
        if self.now is None:
            return ""
        text = self.now if len(self.now) <= _MOST_SHOWN else f"{self.now[:_MOST_SHOWN]}……"
        return f"现在：{text or '空'}"


@dataclass(frozen=True)
class WorkItem:
    """Entries made together, and the findings that this clears.

    ``otherwise`` says which cells change together where a number itself was wrong.
    """

    entries: tuple[Entry, ...]
    clears: tuple[Finding, ...]
    otherwise: tuple[str, ...] = ()

    @property
    def subjects(self) -> tuple[str, ...]:
        """What its findings are of."""
        return tuple(dict.fromkeys(finding.item for finding in self.clears if finding.item))

    @property
    def codes(self) -> tuple[str, ...]:
        """The rules of the findings that it clears."""
        return tuple(dict.fromkeys(finding.code for finding in self.clears))

    @property
    def rows(self) -> tuple[tuple[Entry, ...], ...]:
        """The entries, those together that have the same and are to have the same."""
        groups: dict[tuple[str | None, str], list[Entry]] = {}
        for own in self.entries:
            groups.setdefault((own.now, own.write), []).append(own)
        return tuple(map(tuple, groups.values()))


@dataclass(frozen=True)
class WorkList:
    """What to do; the findings that go with those of their parts; those that ask for nothing."""

    items: tuple[WorkItem, ...]
    following: tuple[Finding, ...]
    idle: tuple[Finding, ...]

    @property
    def places(self) -> tuple[Place, ...]:
        """The places to write into, each once."""
        return tuple(dict.fromkeys(own.place for task in self.items for own in task.entries))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings that are gone when all is written."""
        cleared = {id(f): f for task in self.items for f in task.clears}
        return (*cleared.values(), *self.following)


def is_cell(place: Place) -> bool:
    """Return whether a place is a single cell of a sheet."""
    return bool(place.sheet and _CELL.fullmatch(place.cell))


def work_list(case: Evaluation) -> WorkList:
    """Return what is left to do for a unit that was checked; once it was scored, of its score."""
    if work_list not in case.kept:
        case.kept[work_list] = _work_list(case)
    return cast(WorkList, case.kept[work_list])


def _work_list(case: Evaluation) -> WorkList:
    waiting = [finding for finding in case.all_findings if finding.waits]
    own = [finding for finding in waiting if not _follows(case, finding)]
    repairs, repaired = _repairs(case, own)
    items = [*repairs, *_answers(case, [f for f in own if _key(f) not in repaired])]
    order = {id(finding): n for n, finding in enumerate(case.all_findings)}
    items.sort(key=lambda item: min(order[id(f)] for f in item.clears))
    return WorkList(
        tuple(items),
        tuple(finding for finding in waiting if _follows(case, finding)),
        tuple(f for f in case.all_findings if f.is_open and not f.waits),
    )


def _follows(case: Evaluation, finding: Finding) -> bool:
    """Return whether a finding goes once those of its parts are answered."""
    rules, parts = case.unit.checks.rules, {*finding.follows}
    waiting = {f.item for f in case.all_findings if f.waits and rules[f.code].wants_document}
    said = reasons_given(case, case.all_findings)
    return bool(parts & waiting) and parts <= waiting | said.keys()


# --- where an answer is written --------------------------------------------------------------


def _answers(case: Evaluation, findings: Sequence[Finding]) -> Iterator[WorkItem]:
    """Yield what to do for the findings that are answered in the same places."""
    groups: dict[tuple[Place, ...], list[Finding]] = {}
    for finding in findings:
        groups.setdefault(_where(case, finding), []).append(finding)
    for places in [*groups]:
        # What one finding asks for in a few cells, another of the rule asks for among more.
        codes = {finding.code for finding in groups[places]}
        for wider in groups:
            if {*places} < {*wider} and codes == {finding.code for finding in groups[wider]}:
                groups[wider] += groups.pop(places)
                break
    for places, cleared in groups.items():
        own = [finding for finding in cleared if _where(case, finding) == places]
        beside = (line for finding in cleared for line in _otherwise(case, finding))
        entries = tuple(_entry(case, place, own) for place in places)
        yield WorkItem(entries, tuple(cleared), tuple(dict.fromkeys(beside)))


def _entry(case: Evaluation, place: Place, findings: Sequence[Finding]) -> Entry:
    """Return what is written at a place; of a text which words of it would have to be others."""
    now, told = _now(case, place, findings), list[str]()
    for finding in findings:
        write, words = _what(case, finding), finding.found
        is_of_text = words and now and words != now and words in now
        told.append(f"“{words}”{write}" if is_of_text and write.startswith(_RIGHT) else write)
    return Entry(place, now, "；".join(dict.fromkeys(told)))


def _where(case: Evaluation, finding: Finding) -> tuple[Place, ...]:
    """Return the places that the answer to a finding is written into."""
    rule, answer = case.unit.checks.rules[finding.code], case.unit.checks.answers.get(finding.code)
    if finding.write:
        return finding.write
    if answer and answer.column and (cells := _column(case, finding, answer.column)):
        return cells
    if finding.places and (rule.action != "explain" or not rule.explainable):
        return finding.places[:1]
    if rule.explainable:
        line = entry(finding, case.all_findings)
        return (Place(UNIT_FILE, EXPLANATIONS, line, case.unit.code),)
    return form_place(case) or (unit_place(case.unit, UNIT_FILE),)


def _column(case: Evaluation, finding: Finding, column: str) -> tuple[Place, ...]:
    """Return a column's cells in the rows of the form that a finding is of."""
    rows, cells = _rows(case), list[Place]()
    for place in finding.places:
        row = rows.get(Place(place.file, place.sheet, place.cell))
        if row is not None and row.address(column):
            cells.append(row.place_of(column))
    return tuple(dict.fromkeys(cells))


def _rows(case: Evaluation) -> dict[Place, Row]:
    """Return the rows of the unit's own form by each of their cells, and by the row itself."""
    if _rows not in case.kept:
        tables = case.tables
        rows: list[Row] = [*tables.projects, *tables.notes, *tables.staffing, *tables.indicators]
        rows += [*tables.measures, *tables.evidence]
        found = {row.place: row for row in rows if row.place.cell}
        for row in rows:
            found |= {row.place_of(name): row for name, _ in row.cells}
        case.kept[_rows] = found
    return cast("dict[Place, Row]", case.kept[_rows])


def _what(case: Evaluation, finding: Finding) -> str:
    """Return what is written as the answer to a finding, in a few words."""
    answer = case.unit.checks.answers.get(finding.code)
    if finding.asks:
        return finding.asks
    if answer and answer.write:
        return answer.write.replace("{expected}", finding.expected)
    if finding.action != "correct" or not finding.expected:
        return _DO[finding.action]
    published = finding.places and not _is_own(case, finding.places[0])
    right = f"{_RIGHT}{finding.expected}"
    return f"{right}（已公开的表不改，记入 {CORRECTIONS_FILE}）" if published else right


def _is_own(case: Evaluation, place: Place) -> bool:
    """Return whether a place is in the unit's own form or text."""
    return not place.sheet or place.file in case.tables.form_files


def _now(case: Evaluation, place: Place, findings: Iterable[Finding] = ()) -> str | None:
    """Return what stands at a place, None where that is not known."""
    cells = _printed(case)
    if place in cells:
        return cells[place].raw
    row = _rows(case).get(place)
    if row is not None and is_cell(place):
        field = next((name for name, cell in row.cells if cell == place.cell), "")
        known = {own.name: getattr(row, own.name) for own in fields(row)}
        value = known.get(field)
        return "" if value is None else str(value)
    return next((f.found for f in findings if f.places[:1] == (place,) and f.found), None)


def _printed(case: Evaluation) -> dict[Place, Amount]:
    if _printed not in case.kept:
        case.kept[_printed] = {amount.place: amount for amount in case.tables.amounts}
    return cast("dict[Place, Amount]", case.kept[_printed])


# --- numbers that may themselves be wrong ----------------------------------------------------


def _otherwise(case: Evaluation, finding: Finding) -> Iterator[str]:
    """Yield which cells change together where a number that is asked about was itself wrong."""
    for place in finding.doubted:
        amount = _printed(case).get(place)
        if amount is None or not _is_own(case, place):
            continue
        moved = _moved_with(case, amount)
        together = f"一起改{named(case, *moved)}" if moved[1:] else "改这一格"
        yield f"{place.cell}（{PHASES[amount.phase]}）写错的，{together}"


def _moved_with(case: Evaluation, amount: Amount) -> list[Place]:
    """Return what is changed where an amount is: its cell, the totals it is in, its text.

    And where the same money is told once more: another view of it, or what the year closed with.
    """
    phases = [amount.phase]
    if amount.phase == "adjusted_budget":
        phases.append("budget_adjustment")
    lines, line = list[str](), amount.item_code
    while line in case.budget_lines and line not in lines:
        lines.append(line)
        line = case.budget_lines[line].parent
    lines += _views(case, amount.item_code)
    read = [case.read(line, phase) for line in lines for phase in phases]
    if "total" in lines:
        read.append(case.read("closing_carryover_and_surplus", "executed"))
    cells = [one.place for one in read if one is not None and _is_own(case, one.place)]
    moved = {amount.place, *cells}
    keys = {f"{line}.{measure}" for line in lines for measure in (*phases, "execution_rate")}
    texts = [
        one.said.paragraph.place(one.said.start)
        for one in case.judged
        if one.key in keys or moved.intersection(one.places)
    ]
    return list(dict.fromkeys([amount.place, *cells, *texts]))


def _views(case: Evaluation, line: str) -> list[str]:
    """Return the lines beside spending that have the very amounts of a line of it."""

    def amounts(of: str) -> list[int | None]:
        return [case.fen(of, phase) for phase in LEVELS[:-1]]

    others = [key for key, own in case.budget_lines.items() if own.parent == "other"]
    own = amounts(line) if line in case.budget_lines else []
    return [key for key in others if key != line and any(own) and amounts(key) == own]


# --- numbers that would have to be others ----------------------------------------------------


@dataclass(frozen=True)
class _Tried:
    """The unit as it would be with some cells changed."""

    case: Evaluation
    cells: Cells

    @cached_property
    def waiting(self) -> dict[_Key, Finding]:
        """What would be left to do, by what makes two findings the same."""
        return {_key(f): f for f in self.case.all_findings if f.waits}

    def new(self, before: _Tried) -> list[Finding]:
        """Return what would be left to do that was not before."""
        return [finding for key, finding in self.waiting.items() if key not in before.waiting]

    def rank(self, before: _Tried) -> tuple[int, int]:
        """Return how much is upset, and how much is left: the less the better."""
        return len(self.new(before)), len(self.waiting)

    def changed(self, before: _Tried) -> dict[Place, str]:
        """Return the cells that are others than before."""
        return {p: text for p, text in self.cells.items() if before.cells.get(p) != text}


def _key(finding: Finding) -> _Key:
    return finding.code, finding.item, finding.places[:1]


class _Trials:
    """Trials of a unit's cells, as many as may be made."""

    def __init__(self, case: Evaluation) -> None:
        self._case, self._left = case, _MOST_TRIALS

    def of(self, cells: Cells) -> _Tried | None:
        """Return the unit with other cells; None if it cannot be read or enough were tried."""
        unit, remake = self._case.unit, self._case.remake
        if self._left <= 0 or remake is None:
            return None
        self._left -= 1
        trials = [
            Trial(file=place.file, sheet=place.sheet, cell=place.cell, correct=text)
            for place, text in cells.items()
        ]
        try:
            corrections = with_trials(unit.corrections, trials)
            tried = check(remake(replace(unit, corrections=corrections)))
            return _Tried(score(tried) if self._case.scored else tried, cells)
        except SelfEvalError:
            return None

    def clearing(self, finding: Finding, state: _Tried) -> list[_Tried]:
        """Return the unit with each cell changed that clears a finding, the best first."""
        tried = [
            self.of({**state.cells, place: right})
            for place, right in _options(state.case, finding).items()
        ]
        sound = [one for one in tried if one and _key(finding) not in one.waiting]
        return sorted(sound, key=lambda one: one.rank(state))


def _repairs(case: Evaluation, findings: Sequence[Finding]) -> tuple[list[WorkItem], set[_Key]]:
    """Return the numbers that would have to be others, and the findings that this clears.

    Each was tried: of the cells that may be wrong, the one that upsets least and clears most,
    with what is to be changed together with it.
    """
    trials, state = _Trials(case), _Tried(case, {})
    items, done = list[WorkItem](), set[_Key]()
    for key in dict.fromkeys(map(_key, findings)):
        finding = state.waiting.get(key)
        if key in done or finding is None:
            continue
        tried = trials.clearing(finding, state)
        equal = [one for one in tried[1:] if one.rank(state) == tried[0].rank(state)]
        # Where each would do and each upsets something nobody can tell which it is.
        is_open = equal == tried[1:] != [] and tried[0].new(state) and _has_words(case, finding)
        if not tried or is_open:
            continue
        after, together = _with_followers(trials, tried[0], state)
        gone = {_key(f) for f in findings} - after.waiting.keys() - done
        cleared = [f for f in findings if _key(f) in gone]
        changed = after.changed(state)
        entries = [Entry(p, _now(case, p), f"{_RIGHT}{text}") for p, text in changed.items()]
        beside = [_instead(case, next(iter(changed)), one.changed(state)) for one in equal]
        items.append(WorkItem((*entries, *together), tuple(cleared), tuple(beside)))
        state, done = after, done | gone
    return items, done


def _has_words(case: Evaluation, finding: Finding) -> bool:
    """Return whether the rule says by itself what is to be written."""
    answer = case.unit.checks.answers.get(finding.code)
    return answer is not None and bool(answer.write)


def _options(case: Evaluation, finding: Finding) -> dict[Place, str]:
    """Return the cells of the unit's own form of which one may be wrong, with what is right."""
    own = [(place, right) for place, right in finding.due if is_cell(place)]
    return dict([one for one in own if one[0].file in case.tables.form_files][:_MOST_OPTIONS])


def _with_followers(trials: _Trials, tried: _Tried, before: _Tried) -> tuple[_Tried, list[Entry]]:
    """Return the unit with all numbers changed that have to be after one was; and other entries."""
    for _ in range(_MOST_ROUNDS):
        options = [[*_options(tried.case, finding).items()] for finding in tried.new(before)]
        more = dict(own[0] for own in options if own and own[0][0] not in tried.cells)
        further = trials.of({**tried.cells, **more}) if more else None
        if further is None:
            break
        tried = further
    asked = _answers(tried.case, tried.new(before))
    return tried, [own for item in asked for own in item.entries]


def _instead(case: Evaluation, chosen: Place, changed: Cells) -> str:
    """Say which other cell may be the wrong one, and what it would have to be."""
    told = (f"{named(case, place)}{_RIGHT}{text}" for place, text in changed.items())
    return f"如果{chosen.cell}没有错：{'，'.join(told)}"


# --- how places are named --------------------------------------------------------------------


def named(case: Evaluation, *places: Place) -> str:
    """Return places as short as they can be told: 项目支出!F6、H6；narrative.md 第 8 行.

    Cells of one sheet stand together; the form's file is not named.
    """
    groups: dict[str, list[str]] = {}
    for place in places:
        lead = "" if place.sheet and place.file in case.tables.form_files else f"{place.file} "
        if place.file == UNIT_FILE:
            groups.setdefault(f"{lead}的 {place.sheet}" if place.sheet else place.file, [])
            continue
        mark = "!" if is_cell(place) else " "
        groups.setdefault(f"{lead}{place.sheet}".strip() + mark, []).append(place.cell)
    return "；".join(f"{head}{'、'.join(_runs(cells))}".strip() for head, cells in groups.items())


def _runs(cells: Sequence[str]) -> Iterator[str]:
    """Yield cells, three and more below each other as one: F6–F8."""
    runs: list[list[str]] = []
    for cell in cells:
        if runs and cell == _below(runs[-1][-1]):
            runs[-1].append(cell)
        else:
            runs.append([cell])
    for run in runs:
        yield from [f"{run[0]}–{run[-1]}"] if len(run) >= _RUN else run


def _below(cell: str) -> str:
    column = cell.rstrip("0123456789")
    row = cell.removeprefix(column)
    return f"{column}{int(row) + 1}" if row else ""
