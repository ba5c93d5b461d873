"""The formulas of the form: each as a workbook has it, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ...money import parse_number, plain_text
from ...schemes.form import Item, TableLayout
from ...sheets.grid import column_letters

Rows = Sequence[Mapping[str, object]]
Result = Decimal | str
LAST_ROW: Final = 2000
"""The last row, from 1, that totals, drop-downs and printing reach."""
_INITIAL, _CHANGE, _ADJUSTED = "initial_budget", "budget_adjustment", "adjusted_budget"
_ADDED: Final = frozenset({"amount", "count"})
_DASH: Final = "—"
_EXACT: Final = 10
"""Decimals that a sum keeps: a 分 in 亿元. What doubles add beyond them is noise."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, and its result: "" where a number that it needs is missing, NaN where unknown."""

    text: str
    result: Result


@dataclass(frozen=True, slots=True)
class _FormRows:
    layout: TableLayout
    rows: Rows
    first: int

    def cell(self, row: int, field: str) -> str:
        """Return the address of a cell of a row, counted from 0."""
        return f"{self.letters(field)}{self.first + row}"

    def letters(self, field: str) -> str:
        names = [column.field for column in self.layout.columns]
        return column_letters(names.index(field))

    def name(self, row: int) -> str:
        return plain_text(self.rows[row].get(self.layout.columns[0].field))

    def added(self) -> list[str]:
        """Return the fields of the columns that can be added up."""
        return [column.field for column in self.layout.columns if column.type in _ADDED]


def form_formulas(
    layout: TableLayout, rows: Rows, first: int, spare: int
) -> dict[tuple[int, str], Formula]:
    """Return the formulas of a table by row, counted from 0, and field.

    Parameters
    ----------
    layout : TableLayout
        The table.
    rows : sequence of mapping of field to value
        Its rows.
    first : int
        The number of the first of them in the sheet, from 1.
    spare : int
        How many rows to be filled in follow them.
    """
    table = _FormRows(layout, rows, first)
    found: dict[tuple[int, str], Formula] = {}
    total = total_row(layout, rows)
    if {_INITIAL, _CHANGE, _ADJUSTED} <= set(table.added()):
        for row in set(range(len(rows) + spare)) - {total}:
            found[row, _ADJUSTED] = _adjusted(table, row)
    for field in table.added():
        if total is not None:
            found[total, field] = _total(table, total, field)
        for row, item in _sums(table):
            found[row, field] = _sum(table, item, field)
    return found


def total_row(layout: TableLayout, rows: Rows) -> int | None:
    """Return the row that adds the others up, counted from 0: it stands above or below them."""
    ends = {0, len(rows) - 1} if layout.adds_up and rows else set()
    key = layout.columns[0].field
    named = (row for row in sorted(ends) if plain_text(rows[row].get(key)) in layout.totals)
    return next(named, None)


def names_range(layout: TableLayout, field: str, rows: Rows, first: int) -> str:
    """Return the cells of a column that are filled in, as a range that grows with them.

    The row of the total is none of them.
    """
    letters = _FormRows(layout, rows, first).letters(field)
    total, sheet = total_row(layout, rows), f"'{layout.sheet}'!"
    if total:  # below the others
        return f"{sheet}${letters}${first}:OFFSET({sheet}${letters}${first + total},-1,0)"
    above = 0 if total is None else 1
    count = f"{_last_filled(layout, letters, first)}-{above}"
    return f"OFFSET({sheet}${letters}${first},{above},0,MAX(1,{count}),1)"


def filled_range(layout: TableLayout, first: int) -> str:
    """Return all cells of the rows that are filled in, as a range that grows with them."""
    width, last = len(layout.columns), _last_filled(layout, "A", first)
    return f"OFFSET('{layout.sheet}'!$A${first},0,0,MAX(1,{last}),{width})"


def _last_filled(layout: TableLayout, letters: str, first: int) -> str:
    cells = f"'{layout.sheet}'!${letters}${first}:${letters}${LAST_ROW}"
    return f'SUMPRODUCT(MAX(({cells}<>"")*(ROW({cells})-{first - 1})))'


def _adjusted(table: _FormRows, row: int) -> Formula:
    parts = [table.cell(row, field) for field in (_INITIAL, _CHANGE)]
    text = f'=IF(COUNT({",".join(parts)})=2,ROUND({"+".join(parts)},{_EXACT}),"")'
    values = table.rows[row] if row < len(table.rows) else {}
    numbers = [_number(values.get(field)) for field in (_INITIAL, _CHANGE)]
    known = [number for number in numbers if number is not None]
    return Formula(text, sum(known, Decimal(0)) if len(known) == len(numbers) else "")


def _total(table: _FormRows, total: int, field: str) -> Formula:
    """Return the sum of a column: of its rows that are no part of another one."""

    def cells(name: str) -> str:
        letters = table.letters(name)
        # From the row of the total itself, so that a row put in beside it is added, too.
        if total:
            return f"{letters}${table.first}:OFFSET({letters}{table.first + total},-1,0)"
        return f"OFFSET({letters}{table.first},1,0):{letters}${LAST_ROW}"

    fields = [column.field for column in table.layout.columns]
    whole = [f'({cells(fields[0])}<>"")']
    whole += [f'({cells("parent")}="")'] if "parent" in fields else []
    which, added = "*".join(whole), cells(field)
    text = (
        f'=IF(SUMPRODUCT({which}*({added}=""))>0,"",'
        f'IF(SUMPRODUCT({which}*ISNUMBER({added}))=0,"",'
        f"ROUND(SUMPRODUCT({which}*1,{added}),{_EXACT})))"
    )
    parts = [
        values.get(field)
        for row, values in enumerate(table.rows)
        if row != total and not plain_text(values.get("parent"))
    ]
    return Formula(text, _added(parts, ""))


def _sums(table: _FormRows) -> list[tuple[int, Item]]:
    """Return the rows of fixed items that are the sum of others."""
    items = {item.name: item for item in table.layout.items if item.sum_of}
    named = ((row, items.get(table.name(row))) for row in range(len(table.rows)))
    return [(row, item) for row, item in named if item and _parts(table, item)]


def _parts(table: _FormRows, item: Item) -> list[int]:
    """Return the rows of the parts of an item, none if not all are there."""
    rows = {table.name(row): row for row in range(len(table.rows))}
    names = [own.name for own in table.layout.items if own.block in item.sum_of]
    return [rows[name] for name in names] if rows.keys() >= set(names) else []


def _sum(table: _FormRows, item: Item, field: str) -> Formula:
    parts = _parts(table, item)
    cells = [table.cell(row, field) for row in parts]
    blank, listed = ",".join(f'{cell}=""' for cell in cells), ",".join(cells)
    text = f'=IF(OR({blank}),"",IF(COUNT({listed})=0,"{_DASH}",ROUND(SUM({listed}),{_EXACT})))'
    return Formula(text, _added([table.rows[row].get(field) for row in parts], _DASH))


def _added(values: Sequence[object], without: str) -> Result:
    """Return the sum of cells; "" if one is blank, and ``without`` if none holds a number."""
    numbers = [number for number in map(_number, values) if number is not None]
    if any(not plain_text(value) for value in values):
        return ""
    return sum(numbers, Decimal(0)) if numbers else without


def _number(value: object) -> Decimal | None:
    """Return the number of a cell, None where it is blank or a text, which no formula adds."""
    if isinstance(value, Decimal):
        return value
    return None if value is None or isinstance(value, str) else parse_number(value)
