"""Grids → the tables of our own form, each number with its file, sheet and cell.

A table is recognised by its headings, never by the name of its sheet or file. Every cell that
holds something is read, or is named in an error: nothing is dropped, nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from typing import Any, TypeVar

from ...errors import SelfEvalError, TableError
from ...folding import fold
from ...money import parse_amount, parse_number, plain_text
from ...schemes.form import FormLayout, Item, OwnColumn, TableLayout
from ...sheets import Grid, Place
from ...strict import nearest
from ..cells import joined_lines
from ..rows import Amount, Row
from .headings import Headings, amount_unit, recognise

_NUMBERING = re.compile(
    r"^(?:其中[:：]|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）]|\d+[.、．])\s*"
)
_NUMERIC = {"amount", "count", "number"}
_MOST_COUNTED = 10**9
_LONGEST_SHOWN = 40
_Row = TypeVar("_Row", bound=Row)


@dataclass(frozen=True)
class RawRow:
    """One row of a recognised table: its raw cells by field, and where each stands."""

    number: int
    cells: Mapping[str, object]
    places: Mapping[str, Place]
    item: Item | None
    is_total: bool

    def text(self, field: str) -> str:
        """Return a cell as text, "" where the column or the value is missing."""
        value = self.cells.get(field)
        if isinstance(value, (dt.datetime, dt.date)):
            return value.strftime("%Y-%m-%d")
        return joined_lines(plain_text(value))


@dataclass(frozen=True)
class FormTable:
    """One recognised table.

    It is ``whole`` unless something is left out that may name something, and ``sound`` if all
    its headings are: of one that is not, only rows and amounts are looked at.
    """

    layout: TableLayout
    grid: Grid
    amount_unit: str
    rows: tuple[RawRow, ...]
    whole: bool = True
    sound: bool = True

    @property
    def place(self) -> Place:
        """The sheet it was read from."""
        return Place(self.grid.file, self.grid.sheet)

    def typed(self, kind: type[_Row], row: RawRow, **known: object) -> _Row:
        """Return one of its rows as a row of a kind; what is not known of it is its cell's text."""
        values: dict[str, Any] = {
            "file": self.grid.file,
            "sheet": self.grid.sheet,
            "row": row.number + 1,
            "cells": tuple((field, place.cell) for field, place in row.places.items()),
        }
        needed = (own.name for own in fields(kind) if own.default is MISSING)
        return kind(**{name: values.get(name, row.text(name)) for name in needed} | known)


def read_own_form(
    grids: Sequence[Grid], form: FormLayout
) -> tuple[list[FormTable], list[SelfEvalError]]:
    """Recognise and read every grid.

    Returns
    -------
    tables, errors
        The tables read, and what could not be read, each with its place and remedy.
    """
    tables: list[FormTable] = []
    errors: list[SelfEvalError] = []
    for grid in grids:
        try:
            table, faults = _read_table(grid, form)
        except TableError as error:
            errors.append(error)
            continue
        errors += faults
        twin = next((t for t in tables if t.layout.table == table.layout.table), None)
        if twin:
            errors.append(
                TableError(
                    str(table.place),
                    f"“{table.layout.title}”已在 {twin.place} 出现过。",
                    "请只留一份。",
                )
            )
        tables.append(table)
    return tables, errors


def _read_table(grid: Grid, form: FormLayout) -> tuple[FormTable, list[SelfEvalError]]:
    headings = recognise(grid, form)
    layout, heading_row, columns = headings.layout, headings.row, headings.columns
    faults: list[SelfEvalError] = list(headings.faults)
    unit = ""
    if layout.amounts:
        try:
            unit = amount_unit(grid, layout, heading_row, columns)
        except TableError as error:
            faults.append(error)
    rows = []
    whole, note = all(column.type in _NUMERIC for column in headings.absent), None
    for number in range(heading_row + 1, len(grid.rows)):
        first = next((plain_text(v) for v in grid.rows[number] if plain_text(v)), "")
        if not first or first.startswith(form.example_mark):
            continue
        if any(fold(first).startswith(fold(mark)) for mark in form.note_marks):
            note = number if note is None else note
        try:
            if note is None:
                rows.append(_read_row(grid, headings, number))
            else:
                _refuse_numbers(grid, columns, number, note)
        except TableError as error:
            faults.append(error)
            whole = False
    faults += [fault for row in rows for fault in _subtotals(row, layout, form)]
    sound = not headings.faults
    return FormTable(layout, grid, unit, tuple(rows), whole, sound), faults


def _refuse_numbers(grid: Grid, columns: dict[int, OwnColumn], number: int, note: int) -> None:
    """Refuse a row with a number from the note on: it would be left out in silence."""
    for index, column in columns.items():
        if column.type not in _NUMERIC:
            continue
        try:
            found = parse_number(grid.rows[number][index])
        except ValueError:
            continue
        if found is not None:
            raise TableError(
                str(grid.place(number, index)),
                f"第 {note + 1} 行是附注，附注以下不应再有“{column.heading}”（{found}）。",
                "请把这一行移到附注之上，或把附注移到表的最后。",
            )


def _subtotals(row: RawRow, layout: TableLayout, form: FormLayout) -> Iterator[TableError]:
    """Yield an error for a row that repeats what others hold."""
    key = layout.columns[0]
    name = row.text(key.field)
    if layout.totals and not row.is_total and fold(name).endswith(form.subtotal_marks):
        yield TableError(
            str(row.places[key.field]),
            f"“{name}”像是小计，会与明细重复计算。",
            f"请删去这一行；合计行请写“{layout.totals[0]}”。",
        )


def _read_row(grid: Grid, headings: Headings, number: int) -> RawRow:
    layout, columns = headings.layout, headings.columns
    cells: dict[str, object] = {}
    places: dict[str, Place] = {}
    for index, value in enumerate(grid.rows[number]):
        column = columns.get(index)
        if column is not None:
            cells[column.field] = _cell(grid, columns, number, index)
            places[column.field] = grid.place(number, index)
        elif plain_text(value) and index not in headings.strange:
            raise TableError(
                str(grid.place(number, index)),
                f"“{plain_text(value)}”所在的一列没有表头。",
                "请移走，或写到“说明”栏。",
            )
    key = layout.columns[0]
    name = plain_text(cells.get(key.field))
    if not name:
        found = (place for field, place in places.items() if plain_text(cells[field]))
        filled = next(found, grid.place(number))
        raise TableError(str(filled), f"这一行没有填“{key.heading}”。", "请补填，或清空这一行。")
    row = RawRow(number, cells, places, _item(layout, name), _is_total(layout, name))
    if layout.items and row.item is None:
        close = nearest(name, [i.name for i in layout.items])
        hint = f"是不是“{close}”？" if close else ""
        raise TableError(
            str(places[key.field]),
            f"“{layout.title}”里没有“{name}”这一行。",
            f"{hint}可用的有：{'、'.join(i.name for i in layout.items)}。",
        )
    return row


def _cell(grid: Grid, columns: dict[int, OwnColumn], number: int, index: int) -> object:
    """Return a cell's value; text of a merged range belongs to all its rows, a number to none."""
    column, value = columns[index], grid.rows[number][index]
    if value is None:
        ended = next(i for i, cell in enumerate(grid.rows[number]) if cell is None)
        raise TableError(
            str(grid.place(number)),
            f"这一行只有 {ended} 栏，表头到第 {max(columns) + 1} 栏。",
            "请补足逗号；内容里有逗号的（如 1,234.50）请加英文双引号，或用 Excel 另存为 CSV。",
        )
    origin = grid.merged.get((number, index))
    if origin is None:
        return value
    held = grid.rows[origin[0]][origin[1]]
    owner = columns.get(origin[1])
    numeric = column.type in _NUMERIC or (owner is not None and owner.type in _NUMERIC)
    if numeric and plain_text(held):
        across = "几行" if origin[0] != number else "几栏"
        raise TableError(
            str(grid.place(*origin)),
            f"“{(owner or column).heading}”的合并单元格跨了{across}，"
            f"看不出“{plain_text(held)}”属于哪一格。",
            "请取消合并，每格各填各的。",
        )
    return held if origin[0] != number and origin[1] == index else value


def _is_total(layout: TableLayout, name: str) -> bool:
    return fold(name) in {fold(total) for total in layout.totals}


def _item(layout: TableLayout, name: str) -> Item | None:
    wanted = fold(_NUMBERING.sub("", name))
    for item in layout.items:
        if wanted in {fold(n) for n in (item.name, *item.aliases)}:
            return item
    return None


def read_amounts(table: FormTable) -> Iterator[Amount | TableError]:
    """Yield the amount of each amount cell of a table, or the error of a cell that is none."""
    layout = table.layout
    if not table.amount_unit:
        return
    for row in table.rows:
        key = layout.columns[0].field
        name = row.text(key)
        block = row.item.block if row.item else layout.total_block
        code = block if row.item or row.is_total else f"{layout.total_block}:{fold(name)}"
        for column in layout.columns:
            if column.type != "amount" or column.field not in row.cells:
                continue
            raw, place = row.cells[column.field], row.places[column.field]
            try:
                amount = parse_amount(raw, table.amount_unit)
            except ValueError as error:
                yield _bad_cell(place, column, raw, error, table.amount_unit)
                continue
            yield Amount(
                table=layout.table,
                block=block,
                item_code=code,
                item_name=name,
                fund="",
                phase=column.field,
                place=place,
                raw=plain_text(raw),
                amount_unit=table.amount_unit,
                fen=amount.fen,
                state=amount.state,
            )


def read_points(row: RawRow, column: OwnColumn) -> Decimal | None:
    """Read a cell of type ``number`` or ``count``: a Decimal, or None where it is blank.

    Raises
    ------
    TableError
        If it is not a number, less than the column allows, or a count that is no whole number.
    """
    raw = row.cells.get(column.field)
    try:
        number = parse_number(raw)
        if column.type == "count" and number is not None and not _is_count(number):
            raise ValueError("不是 0 至 10 亿之间的整数")
        if column.least is not None and number is not None and number < column.least:
            raise ValueError(f"小于 {column.least}")
    except ValueError as error:
        raise _bad_cell(row.places[column.field], column, raw, error, "") from None
    return number


def _is_count(number: Decimal) -> bool:
    return 0 <= number <= _MOST_COUNTED and number == number.to_integral_value()


def _bad_cell(
    place: Place, column: OwnColumn, raw: object, error: ValueError, amount_unit: str
) -> TableError:
    kind = "金额" if column.type == "amount" else "数"
    kind = kind if column.least is None else f"不小于 {column.least} 的{kind}"
    unit = f"（以{amount_unit}为单位）" if amount_unit else ""
    text = plain_text(raw)
    shown = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
    return TableError(
        str(place),
        f"“{column.heading}”栏的“{shown}”{error}。",
        f"请在来源处改成{kind}{unit}；没有数据就留空，不适用写“—”。",
    )
