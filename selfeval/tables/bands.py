"""Header bands: the rows that name a table's columns, and each column's path of headings."""

from __future__ import annotations

from dataclasses import dataclass

from ..layouts import Layouts
from .cells import Cells, without_years, years_in

Path = tuple[str, ...]


@dataclass(frozen=True)
class Band:
    """The header rows of a table, and for each column its headings from top to bottom."""

    rows: tuple[int, ...]
    paths: tuple[Path, ...]
    years: tuple[int | None, ...]

    @property
    def first(self) -> int:
        """The first header row."""
        return self.rows[0]

    @property
    def last(self) -> int:
        """The last header row."""
        return self.rows[-1]


def heading_cells(cells: Cells, row: int, layouts: Layouts) -> tuple[int, int]:
    """Return how many of a row's filled cells are known headings, and how many there are."""
    filled = cells.filled(row)
    known = sum(is_heading(cells, row, column, layouts) for column in filled)
    return known, len(filled)


def is_heading(cells: Cells, row: int, column: int, layouts: Layouts) -> bool:
    """Return whether a cell is a known heading."""
    return without_years(cells.heading(row, column)) in layouts.vocabulary


def may_start(cells: Cells, row: int, layouts: Layouts) -> bool:
    """Return whether a header band may start in a row."""
    if cells.has_number(row):
        return False
    known, count = heading_cells(cells, row, layouts)
    return known >= 1 and known * 2 >= count


def find_band(cells: Cells, start: int, layouts: Layouts, exact: bool) -> Band:
    """Return the header band that starts in a row.

    ``exact`` takes a heading to stand over just the cells it is merged across; otherwise it
    reaches to the next heading of its row, within what stands above it.
    """
    rows = [start]
    for row in range(start + 1, min(start + 12, cells.height)):
        filled = cells.filled(row)
        if not filled:
            continue
        if not _continues(cells, row, filled, layouts):
            break
        rows.append(row)
    named = [row for row in rows if not is_ruler(cells, row, layouts)]
    spans = [_spans(cells, row, exact) for row in named]
    paths, years = _paths(cells, named, spans)
    return Band(tuple(rows), paths, years)


def _continues(cells: Cells, row: int, filled: list[int], layouts: Layouts) -> bool:
    if is_ruler(cells, row, layouts):
        return True
    if cells.has_number(row):
        return False
    totals = layouts.words.folded["totals"]
    if all(cells.folded[row][column] in totals for column in filled) and len(filled) <= 2:
        return False
    known, count = heading_cells(cells, row, layouts)
    # One short piece alone is the rest of a heading that a PDF broke in two.
    broken = count == 1 and len(cells.folded[row][filled[0]]) <= 2 and filled[0] > 0
    return (known * 2 >= count and known > 0) or broken


def is_ruler(cells: Cells, row: int, layouts: Layouts) -> bool:
    """Return whether a row only numbers the columns: 栏次, or 1 2 3 …"""
    texts = [text for text in cells.texts[row] if text]
    if texts and cells.folded[row][cells.filled(row)[0]] in layouts.words.folded["line_numbers"]:
        texts = texts[1:]
        return all(_ruler_number(text) for text in texts)
    numbers = [int(text) for text in texts if text.isdecimal()]
    return (
        len(numbers) > 2
        and len(numbers) == len(texts)
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        and numbers[0] <= 2
    )


def _ruler_number(text: str) -> bool:
    bare = text.strip("—-－ ")
    return not bare or bare.isdecimal() or set(bare) <= set("0123456789=+-×÷/()（）＝＋ 栏次行")


def _spans(cells: Cells, row: int, exact: bool) -> list[int]:
    """Return for each column the column whose heading stands over it in a row, -1 if none."""
    width = cells.width
    if not exact:
        owner, spans = -1, []
        for column in range(width):
            owner = column if cells.texts[row][column] else owner
            spans.append(owner)
        return spans
    spans = []
    for column in range(width):
        origin = cells.grid.merged.get((row, column))
        if cells.texts[row][column]:
            spans.append(column)
        elif origin is not None and origin[0] == row:
            spans.append(origin[1])
        else:
            spans.append(-1)
    return spans


def _paths(
    cells: Cells, rows: list[int], spans: list[list[int]]
) -> tuple[tuple[Path, ...], tuple[int | None, ...]]:
    paths: list[Path] = []
    years: list[int | None] = []
    for column in range(cells.width):
        path: list[str] = []
        year: int | None = None
        above = -1  # the column at which the heading above begins
        for row, span in zip(rows, spans, strict=True):
            owner = span[column]
            if owner < 0 or owner < above:  # it would reach past what stands above it
                continue
            text = cells.heading(row, owner)
            named = years_in(text)
            year = named[-1] if named else year
            bare = without_years(text)
            if bare and (not path or path[-1] != bare):
                path.append(bare)
            above = max(above, owner)
        paths.append(tuple(path))
        years.append(year)
    return tuple(paths), tuple(years)
