"""Computes the formulas of the form where the program that saved it stored no results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from ...money import plain_text
from ...schemes.form import FormLayout, TableLayout
from ...sheets import Grid
from .formulas import Formula, Result, form_formulas

_Cell = tuple[int, int]
_SOUGHT = 15
"""Rows from the top among which the headings are."""
_UNKNOWN = Decimal("NaN")


def as_filled_in(grid: Grid, form: FormLayout) -> Grid:
    """Return a sheet of the form without what the form itself brought.

    Its own formulas have their results, and its own hidden columns are no longer told as hidden.
    Other sheets, and formulas that somebody else wrote, stay as they are.
    """
    found = _own_table(grid, form)
    if found is None:
        return grid
    layout, head = found
    hidden = {number for number, column in enumerate(layout.columns) if column.hidden}
    results = dict(_results(grid, layout, _first_row(grid, form, head)))
    places = {str(grid.place(*cell)) for cell in results}
    rows = [list(row) for row in grid.rows]
    for (row, column), result in results.items():
        rows[row][column] = result if isinstance(result, str) else float(result)
    return replace(
        grid,
        rows=tuple(map(tuple, rows)),
        faults=tuple(fault for fault in grid.faults if fault.place not in places),
        hidden_columns=grid.hidden_columns - hidden,
    )


def _own_table(grid: Grid, form: FormLayout) -> tuple[TableLayout, int] | None:
    """Return the table of a sheet that has our headings in our order, and their row."""
    for number, row in enumerate(grid.rows[:_SOUGHT]):
        heads = [plain_text(value) for value in row]
        for layout in form.tables:
            own = [column.heading for column in layout.columns]
            if heads[: len(own)] == own:
                return layout, number
    return None


def _first_row(grid: Grid, form: FormLayout, head: int) -> int:
    below = grid.rows[head + 1] if head + 1 < len(grid.rows) else ("",)
    return head + (2 if plain_text(below[0]).startswith(form.example_mark) else 1)


def _results(grid: Grid, layout: TableLayout, first: int) -> Iterator[tuple[_Cell, Result]]:
    """Yield what the form's own formulas come to, those first that others add up."""
    open_cells = {cell for cell in grid.uncomputed if cell[0] >= first}
    fields = [column.field for column in layout.columns]
    lines = [
        {
            field: _UNKNOWN if (row, column) in open_cells else value
            for column, (field, value) in enumerate(zip(fields, grid.rows[row], strict=False))
        }
        for row in range(first, len(grid.rows))
    ]
    named = [row for row, line in enumerate(lines) if plain_text(line[fields[0]])]
    rows, spare = lines[: max(named, default=-1) + 1], len(lines)
    while True:
        known: dict[_Cell, Result] = {}
        for (row, field), formula in form_formulas(layout, rows, first + 1, spare).items():
            cell = (first + row, fields.index(field))
            if cell in open_cells and _is_result(formula, grid.uncomputed[cell]):
                known[cell] = formula.result
        if not known:
            return
        for (row, column), result in known.items():
            lines[row - first][fields[column]] = result
        open_cells -= known.keys()
        yield from known.items()


def _is_result(formula: Formula, written: str) -> bool:
    """Return whether a cell has the form's formula, of which all that it needs is known."""
    unknown = isinstance(formula.result, Decimal) and formula.result.is_nan()
    return formula.text == f"={written.strip()}" and not unknown
