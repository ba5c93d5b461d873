"""Rows of an official table: which numbers stand in one row, and what the row is of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ...folding import fold
from ...schemes.layouts import Layouts
from ..cells import Cells, as_heading, is_number, without_years, years_in
from .columns import ColumnGroup, Value
from .displaced import (
    are_astray,
    displaced,
    doubtful_columns,
    mark_moved,
    moved_sideways,
    narrowed,
    perhaps_moved,
    strayed,
    without_total,
)
from .keys import Key, KeyReader, is_classified
from .lines import Line, holds_data, lend_totals, panel_line, rejoined_lines
from .recognition import Match


@dataclass(frozen=True)
class PanelRow:
    """One row of one panel: its key, its value cells, and the grid row that holds them.

    ``keyed`` are the columns of the labels that the key was read from, in ``row``.
    """

    group: ColumnGroup
    key: Key
    values: dict[int, Value]
    numbers_at: int
    fault: str
    keyed: tuple[int, ...]
    row: int


def panel_rows(
    cells: Cells, match: Match, end: int, layouts: Layouts, readers: list[KeyReader]
) -> Iterator[PanelRow]:
    """Yield the rows of a recognised table, panel by panel, each read by one of ``readers``."""
    rows = [
        row for row in range(match.band.last + 1, end) if holds_data(cells, row, match, layouts)
    ]
    lines = [[panel_line(cells, group, row, match) for row in rows] for group in match.groups]
    astray = are_astray(cells, match.groups, rows, lines, layouts)
    if astray:
        mark_moved(lines)
    for index, group in enumerate(match.groups):
        own = lines[index]
        if group.panel.rows == "single":
            yield from _single(cells, group, own, match, layouts)
            continue
        if index:
            lend_totals(own, lines[index - 1], group, layouts)
        reader = readers[index]
        reader.look_ahead(fold(line.labels[-1][1]) for line in own if line.labels)
        joined = rejoined_lines(cells, own, reader, match.band.last)
        yield from _keyed(cells, group, joined, reader, astray)


def key_readers(
    match: Match,
    layouts: Layouts,
    before: Sequence[KeyReader],
    headless: bool = False,
    goes_on: bool = False,
) -> list[KeyReader]:
    """Return a reader for each panel: those of the page before, where the table goes on."""
    readers = []
    for index, group in enumerate(match.groups):
        known = index < len(before)
        reader = before[index] if known else KeyReader(group, layouts, match.year)
        reader.group, reader.headless = group, reader.headless or headless
        reader.goes_on = goes_on
        readers.append(reader)
    return readers


# --- tables whose columns say everything ---


def _single(
    cells: Cells, group: ColumnGroup, lines: list[Line], match: Match, layouts: Layouts
) -> Iterator[PanelRow]:
    """Yield the rows of a table whose columns say everything: one row, or one per office."""
    totals = layouts.words.folded["totals"]
    held = [line for line in lines if _any_number(cells, line)]
    for line in held:
        words = [text for _, text in line.labels if not is_number(text)]
        name = " ".join(words)
        folded = fold(name)
        phase = _phase_of_row(folded, match)
        alone = len(held) == 1 or folded in totals or bool(phase)
        kind = _kind_of_row(without_years(as_heading(folded)), group)
        key = Key("total" if alone else folded, name, phase=phase or "", kind=kind)
        fault = displaced(cells, group, line, layouts)
        if any(is_classified(text, layouts) for _, text in line.labels):
            fault = fault or f"“{name}”有科目编码，却看不出哪一栏是科目"
        if phase is None:
            fault = fault or f"看不出“{name}”是哪一年的什么数"
        if not alone and not folded:
            fault = fault or "有几行数，看不出各是什么"
        values, fault = narrowed(cells, line, group.values, fault)
        yield PanelRow(group, key, values, line.row, fault, (), line.row)


def _any_number(cells: Cells, line: Line) -> bool:
    return any(cells.numeric[line.row][column] for column in line.numbers)


def _phase_of_row(name: str, match: Match) -> str | None:
    """Return the phase that a row's name says: 2023年预算数 above 2024年预算数.

    None where the year is neither the table's nor the one before.
    """
    words = match.layout.phase_words
    named = years_in(name)
    bare = without_years(name)
    known = bare in words or f"-{bare}" in words
    if named and match.year is not None and known:
        return words.get({0: bare, 1: f"-{bare}"}.get(match.year - named[-1], ""))
    return words.get(bare, "")


def _kind_of_row(heading: str, group: ColumnGroup) -> str:
    """Return what a row holds whose name says that it is no amount: 增减额, 增减率."""
    specs = (spec for path, spec in group.panel.by_leaf.get(heading, ()) if len(path) == 1)
    return next((spec.kind for spec in specs if spec.kind != "amount"), "")


# --- tables with a key in every row ---


def _keyed(
    cells: Cells, group: ColumnGroup, lines: Iterable[Line], reader: KeyReader, astray: bool
) -> Iterator[PanelRow]:
    kept = list(lines)
    reader.unlabelled = astray or any(line.numbers and not line.labels for line in kept)
    doubtful, loosened = doubtful_columns(cells, group, kept), perhaps_moved(cells, group, kept)
    for line in kept:
        moved = moved_sideways(cells, group, line)
        if moved is not None:
            labels, values, step = moved
            key, fault = reader.read(labels)
            keyed = tuple(column + step for column, _ in labels)
            yield PanelRow(group, key or Key("", ""), values, line.row, fault, keyed, line.row)
            continue
        key, fault = reader.read(line.labels)
        if key is None and group.by_office and reader.is_name(line.labels):
            # The row of an office itself, above those of its items.
            name = line.labels[-1][1]
            key, fault = Key(f"office:{fold(name)}", name), ""
        fault = line.fault or fault or displaced(cells, group, line, reader.layouts)
        values = {c: v for c, v in group.values.items() if c not in line.beside}
        if len({id(value.spec) for value in values.values()}) == 1 and not line.numbers:
            values = strayed(group, line, values, kept)
        values, fault = narrowed(cells, line, values, fault)
        if not fault and any(column in doubtful for column in line.numbers if column in values):
            fault = "数字所在的栏没有自己的标题，分不清属于哪一栏"
        if not fault and key is not None:
            fault = without_total(cells, group, line, values)
        if not fault and line.row in loosened and line.numbers:
            fault = "这张表有几行错了位，这一行的第一栏是空的，不知道是不是也错了位"
        if key is None and not any(column in line.numbers for column in values):
            continue
        keyed = tuple(column for column, _ in line.labels) if key is not None else ()
        yield PanelRow(group, key or Key("", ""), values, line.numbers_at, fault, keyed, line.row)
