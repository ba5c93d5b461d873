"""Cells of official tables → amounts and figures; whatever is neither is listed with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from ...folding import fold
from ...money import parse_amount, parse_number
from ...schemes.layouts import Layouts
from ...terms import BLOCKS
from ..cells import Cells, as_code, is_number
from ..official_table import OfficialTable
from ..reading import Reading, Unread
from ..rows import Amount, Figure
from .amount_units import MoneyUnit, unit_of_column
from .columns import ColumnGroup, Value
from .conflicts import TakenRow
from .recognition import Match
from .rows import PanelRow

_LONGEST_MISTYPED = 12


@dataclass
class Taking:
    """Where the cells of one table go: a reading, and which of its cells were looked at.

    ``pages`` gives the page of every row.
    """

    cells: Cells
    match: Match
    unit: MoneyUnit
    layouts: Layouts
    table: OfficialTable
    reading: Reading
    rows: list[TakenRow]
    pages: Sequence[int]
    used: set[tuple[int, int]] = field(default_factory=set)

    def unread(self, row: int, column: int, why: str, of: Amount | None = None) -> None:
        """List a cell as not understood."""
        place, raw = self.cells.place(row, column), self.cells.texts[row][column]
        self.reading.unread.append(Unread(place, raw, why, of))


def take_row(taking: Taking, row: PanelRow) -> None:
    """Take every value cell of a row."""
    amounts: list[Amount] = []
    taking.used |= {(row.row, column) for column in row.keyed}
    for column, value in row.values.items():
        taking.used.add((row.numbers_at, column))
        if row.fault:
            _refuse(taking, row, column)
        elif (row.key.kind or value.spec.kind) == "amount":
            amounts += _amount_of(taking, row, column, value)
        else:
            _take_figure(taking, row, column, value)
    key = row.key
    if amounts or (row.fault and key.code):
        panel = id(row.group.panel)
        page = taking.pages[row.numbers_at]
        taking.rows.append(TakenRow(page, panel, key.code, key.phase, key.name, tuple(amounts)))


def _refuse(taking: Taking, row: PanelRow, column: int) -> None:
    raw = taking.cells.texts[row.numbers_at][column]
    if raw and not _says_nothing(raw, taking.layouts):
        taking.unread(row.numbers_at, column, row.fault)


def _says_nothing(raw: str, layouts: Layouts) -> bool:
    """Return whether a text among the values is no number lost: a name, or 无."""
    folded = fold(raw)
    return folded in layouts.words.folded["fillers"] or not any(map(str.isdigit, folded))


def _code(row: PanelRow, value: Value) -> str:
    """Return what a number is of: its row, its column's item, or both."""
    item, code = value.spec.item, row.key.code
    if item and code not in ("", "total"):
        return f"{item}:{code}"
    return item or code


def _block(row: PanelRow, value: Value) -> str:
    return row.key.block or value.spec.block or row.group.panel.block


def _name(taking: Taking, row: PanelRow, value: Value) -> str:
    """Return what an amount is of: the item that its column says, or its row's name."""
    key, spec = row.key, value.spec
    if spec.item in BLOCKS:
        return BLOCKS[spec.item]
    if key.name and not (spec.item and key.code == "total"):
        return key.name
    if not spec.item and key.code not in ("", "total"):
        return ""
    first, _, last = spec.headings[0].rpartition("/")
    words = taking.layouts.words.folded
    return first if first and fold(last) in words["totals"] | words["subtotals"] else last


def _amount_of(taking: Taking, row: PanelRow, column: int, value: Value) -> list[Amount]:
    """Return the amount of a cell, none where the cell is listed instead."""
    raw = taking.cells.texts[row.numbers_at][column]
    number = taking.cells.raw(row.numbers_at, column)
    layout, unit = taking.match.layout, unit_of_column(taking.unit, value.unit)
    held = partial(
        Amount,
        table=layout.table,
        block=_block(row, value),
        item_code=_code(row, value),
        item_name=_name(taking, row, value),
        fund=value.spec.fund or layout.fund,
        phase=row.key.phase or value.phase,
        place=taking.cells.place(row.numbers_at, column),
        raw=raw,
        amount_unit=unit.name,
        official=taking.table,
    )
    if raw and fold(raw) in taking.layouts.words.folded["fillers"]:
        raw, number = "", None
    if unit.fault and raw:
        taking.unread(row.numbers_at, column, unit.fault, held(fen=None, state="unread"))
        return []
    try:
        amount = parse_amount(_bare(number, raw, unit.name), unit.name)
    except ValueError as error:
        taking.unread(row.numbers_at, column, str(error), held(fen=None, state="unread"))
        return []
    return [held(fen=amount.fen, state=amount.state)]


def _bare(number: object, raw: str, unit: str) -> object:
    """Return a number without the unit it repeats: "250万" in a table of 万元."""
    for ending in (unit, unit.removesuffix("元")):
        if ending and raw.endswith(ending):
            return raw.removesuffix(ending)
    return number if raw else None


def _take_figure(taking: Taking, row: PanelRow, column: int, value: Value) -> None:
    raw = taking.cells.texts[row.numbers_at][column]
    kind = row.key.kind or value.spec.kind
    if kind in ("text", "skip") or _says_nothing(raw, taking.layouts):
        return
    try:
        number = parse_number(raw.rstrip("%％"))
    except ValueError as error:
        taking.unread(row.numbers_at, column, str(error))
        return
    shown = number / 100 if number is not None and raw.endswith(("%", "％")) else number
    layout = taking.match.layout
    taking.reading.figures.append(
        Figure(
            table=layout.table,
            block=_block(row, value),
            item_code=_code(row, value),
            item_name=_name(taking, row, value),
            fund=value.spec.fund or layout.fund,
            phase=row.key.phase or value.phase,
            place=taking.cells.place(row.numbers_at, column),
            raw=raw,
            kind=kind,
            value=shown,
            official=taking.table,
        )
    )


def note_all(taking: Taking, row: int, why: str) -> None:
    """List every number of a row."""
    for column in taking.cells.filled(row):
        if taking.cells.numeric[row][column]:
            taking.unread(row, column, why)


def note_unused(taking: Taking, row: int) -> None:
    """List the numbers of a row that no column and no row explained."""
    why = "看不出属于哪一行或哪一栏"
    cells, match = taking.cells, taking.match
    for column in cells.filled(row):
        group = next((g for g in match.groups if g.first <= column < g.end), None)
        broken = group is not None and column in group.strange and _is_error(cells, row, column)
        if not (cells.numeric[row][column] or broken) or (row, column) in taking.used:
            continue
        if group is not None and column in group.passed and _may_pass(taking, group, row, column):
            continue
        if group is not None and column in group.codes and _is_code(taking, row, column):
            continue
        taking.unread(row, column, group.strange.get(column, why) if group else why)


def _is_error(cells: Cells, row: int, column: int) -> bool:
    """Return whether a cell held a number that was lost or mistyped: #REF!, 3元5角."""
    text = cells.texts[row][column]
    return text.startswith("#") or (len(text) <= _LONGEST_MISTYPED and any(map(str.isdigit, text)))


def _may_pass(taking: Taking, group: ColumnGroup, row: int, column: int) -> bool:
    """Return whether a number beside the values is no amount: a line number, or in a remark."""
    path = taking.match.band.paths[column]
    if path[-1] not in taking.layouts.words.folded["line_numbers"]:
        return True
    texts = taking.cells.texts[row][group.first : group.end]
    named = any(text and not is_number(text) for text in texts)
    alone = sum(map(bool, texts)) == 1
    return (named or alone) and _is_line_number(taking.cells, row, column)


def _is_line_number(cells: Cells, row: int, column: int) -> bool:
    """Return whether a number counts lines: from 1 on, and more than the one above it."""
    texts = [line[column] for line in cells.texts]
    above = next((text for text in reversed(texts[:row]) if text), "")
    below = next((text for text in texts[row + 1 :] if text), "")
    least = above if is_number(above) else "0"
    if not (least.isdecimal() and texts[row].isdecimal() and int(least) < int(texts[row])):
        return False
    return not below.isdecimal() or int(texts[row]) < int(below)


def _is_code(taking: Taking, row: int, column: int) -> bool:
    """Return whether a number in a column of codes is one, though its row was not understood."""
    group = next(g for g in taking.match.groups if g.first <= column < g.end)
    texts = taking.cells.texts[row]
    named = any(texts[c] and not is_number(texts[c]) for c in group.keys)
    code = as_code(texts[column])
    # Behind a whole code there is no part of another.
    whole = any(len(as_code(texts[c])) > 3 for c in group.codes if c < column)
    return named and bool(code.strip("0")) and not whole
