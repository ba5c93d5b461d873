"""Official tables as small grids for tests: drawn with bars, read with the layouts in force."""

from __future__ import annotations

from builders import SCHEMES

from selfeval.schemes.layouts import load_layouts
from selfeval.sheets import Grid
from selfeval.tables.official.reader import read_official
from selfeval.tables.reading import Reading

LAYOUTS = load_layouts(SCHEMES)
YUAN, WAN_YUAN = 100, 1_000_000


def drawn(text: str, sheet: str = "表", file: str = "表.xlsx") -> Grid:
    """Return a grid drawn with one line per row and bars between cells.

    "<" is a cell merged with the one to its left, "^" with the one above.
    """
    lines = [line.strip() for line in text.strip("\n").splitlines()]
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    width = max(map(len, cells))
    cells = [[*row, *[""] * (width - len(row))] for row in cells]
    merged: dict[tuple[int, int], tuple[int, int]] = {}
    for r, row in enumerate(cells):
        for c, cell in enumerate(row):
            if cell in ("<", "^"):
                above = (r, c - 1) if cell == "<" else (r - 1, c)
                merged[r, c] = merged.get(above, above)
    kept = tuple(
        tuple("" if (r, c) in merged else cell for c, cell in enumerate(row))
        for r, row in enumerate(cells)
    )
    return Grid(file, sheet, kept, merged)


def reading(*drawings: str | Grid) -> Reading:
    """Read some drawn sheets."""
    grids = [
        drawing if isinstance(drawing, Grid) else drawn(drawing, f"表{number}")
        for number, drawing in enumerate(drawings, 1)
    ]
    return read_official(grids, LAYOUTS)


def found(read: Reading, unit: int = WAN_YUAN) -> dict[str, object]:
    """Return the amounts that were read, in a unit of money, under their keys.

    A key is "block/item", with "@fund" where the fund is not the table's own and "!phase" where
    the phase is not.
    """
    own = {table.layout: (table.fund, table.phase) for table in read.tables}
    kept: dict[str, object] = {}
    for record in read.amounts:
        fund, phase = own[record.table]
        key = f"{record.block}/{record.item_code}"
        key += f"@{record.fund}" if record.fund != fund else ""
        key += f"!{record.phase}" if record.phase != phase else ""
        fen = record.fen
        if fen is not None:
            assert isinstance(fen, int)
            kept[key] = fen / unit if fen % unit else fen // unit
    return kept


def refused(read: Reading) -> dict[str, str]:
    """Return the cells that were not understood, with the reasons."""
    return {f"{u.place.sheet}!{u.place.cell}": u.why for u in read.unread}


def layout_of(read: Reading) -> list[str]:
    """Return which layouts were recognised, in order."""
    return [table.layout for table in read.tables]
