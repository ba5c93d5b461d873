"""A sheet as it stands, and the address of each of its cells."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..errors import TableError


@dataclass(frozen=True)
class Place:
    """Where a cell is: file, sheet, address. Printed as a clerk would look for it.

    ``unit`` is the code of the unit, where the place stands for itself.
    """

    file: str
    sheet: str
    cell: str = ""
    unit: str = ""

    def __str__(self) -> str:
        return " › ".join(part for part in (self.unit, self.file, self.sheet, self.cell) if part)

    def record(self) -> dict[str, str]:
        """Return it as plain data for programs."""
        return {"file": self.file, "sheet": self.sheet, "cell": self.cell}


@dataclass(frozen=True)
class Grid:
    """One sheet as it stands: raw cells by row and column, both from 0.

    ``merged`` maps every covered cell of a merged range to the cell that holds its value.
    ``faults`` tells of cells that hold an error or nothing computed; they have that as text.
    ``is_text`` where it was decoded from a CSV file, so that its words may be garbled.
    ``hidden_rows`` and ``hidden_columns`` hold something but are not shown, by hand or by a
    filter; their cells are in ``rows`` like any other. ``uncomputed`` are the texts of formulas
    whose result was never stored, as far as they are known; ``faults`` tells of them, too.
    A cell is None where its row of a CSV file had already ended.
    """

    file: str
    sheet: str
    rows: tuple[tuple[object, ...], ...]
    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    faults: tuple[TableError, ...] = ()
    is_text: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    uncomputed: dict[tuple[int, int], str] = field(default_factory=dict)

    def place(self, row: int, column: int | None = None) -> Place:
        """Return the place of a cell, or of a row."""
        cell = f"第 {row + 1} 行" if column is None else f"{column_letters(column)}{row + 1}"
        return Place(self.file, self.sheet, cell)


def column_letters(column: int) -> str:
    """Return a column's letters: 0 → A, 26 → AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
