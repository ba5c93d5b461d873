"""What calamine does not tell of a sheet: errors, formulas without results, merges, extent.

calamine shows an error cell, and a formula whose result was never stored, as blank. Either
would make a total silently wrong, so the workbook's own XML or records are read for them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

NO_RESULT = "公式"
"""Stands in ``Unseen.cells`` for a formula whose result was never stored."""
ERROR = "错误值"
"""Stands in ``Unseen.cells`` for an error that has no name."""
Cell = tuple[int, int]


@dataclass
class Unseen:
    """One sheet: cells that only look blank, by row and column from 0, and what they hold.

    ``formulas`` are the texts of formulas without results, as far as the format tells them.
    ``percents`` are numbers shown as percentages. A merged range is top, left, bottom, right;
    hidden rows and columns are ranges of first and last. ``filled`` counts the rows that hold
    anything.
    """

    name: str = ""
    cells: dict[Cell, str] = field(default_factory=dict)
    formulas: dict[Cell, str] = field(default_factory=dict)
    percents: set[Cell] = field(default_factory=set)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[Cell] = field(default_factory=list)
    hidden_columns: list[Cell] = field(default_factory=list)
    rows: int = 0
    columns: int = 0
    filled: int = 0
    _last: int = field(default=-1, init=False)

    def reach(self, row: int, column: int, rows: int = 1) -> None:
        """Note that the sheet holds something up to this cell, in that many rows above it."""
        if column >= self.columns:
            self.columns = column + 1
        if row != self._last:
            self.filled, self._last = self.filled + rows, row
            self.rows = max(self.rows, row + 1)
