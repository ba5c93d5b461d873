"""Header bands: the rows that name a table's columns, and each column's path of headings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from ...schemes.layouts import Layouts
from ..cells import (
    Cells,
    as_heading,
    unit_notes,
    units_in,
    units_in_brackets,
    without_years,
    years_in,
)

Path = tuple[str, ...]
Stand = Literal["own", "merged", "within"]

_MOST_HEADER_ROWS = 14  # blank rows between included: PDFs are full of them
_ON_RULERS = frozenset("0123456789=+-×÷*/()（）＝＋ 栏次行甲乙丙丁")


@dataclass(frozen=True)
class Band:
    """The header rows of a table, and for each column what its headings say.

    ``stands`` tells whether the lowest heading is the column's own, merged across it, or only
    reaches over it; ``wording`` has every heading in order, wherever it stands.
    """

    cells: Cells
    rows: tuple[int, ...]
    paths: tuple[Path, ...]
    years: tuple[int | None, ...]
    units: tuple[str, ...]
    stands: tuple[Stand, ...]
    wording: tuple[str, ...]
    within_data: frozenset[tuple[int, int]]

    @property
    def first(self) -> int:
        """The first header row."""
        return self.rows[0]

    @property
    def last(self) -> int:
        """The last header row."""
        return self.rows[-1]

    @cached_property
    def placed(self) -> frozenset[tuple[int, str]]:
        """Every heading with the column it stands in."""
        cells = self.cells
        return frozenset((c, cells.folded[r][c]) for r in self.rows for c in cells.filled(r))


def heading_cells(cells: Cells, row: int, layouts: Layouts) -> tuple[int, int]:
    """Return how many of a row's filled cells are known headings, and how many there are."""
    filled = cells.filled(row)
    known = sum(is_heading(cells, row, column, layouts) for column in filled)
    return known, len(filled)


def is_heading(cells: Cells, row: int, column: int, layouts: Layouts) -> bool:
    """Return whether a cell is a known heading."""
    return layouts.is_heading(without_years(cells.heading(row, column)))


def may_start(cells: Cells, row: int, layouts: Layouts) -> bool:
    """Return whether a header band may start in a row."""
    if cells.has_number(row) or not cells.filled(row):
        return False
    known, count = heading_cells(cells, row, layouts)
    return known * 2 >= count


def within_band(cells: Cells, row: int, first: int, layouts: Layouts) -> bool:
    """Return whether headings stand right above a row, so that no band can start in it."""
    above = next((r for r in range(row - 1, first - 1, -1) if cells.filled(r)), None)
    if above is None or not may_start(cells, above, layouts) or unit_notes(cells, above):
        return False
    filled = cells.filled(above)
    if any(cells.texts[above][column].endswith((":", "：")) for column in filled):
        return False
    return len(filled) > 1 or filled[0] > min(cells.filled(row))


def is_preamble(cells: Cells, row: int, layouts: Layouts) -> bool:
    """Return whether a row above a header tells of the office, the unit, the form, not of money."""
    if not cells.has_number(row) or units_in(cells, row):
        return True
    texts = (cells.folded[row][column].rstrip(":") for column in cells.filled(row))
    return any(text in layouts.heads for text in texts)


def is_header(cells: Cells, row: int, layouts: Layouts) -> bool:
    """Return whether a row without numbers is plainly a header: two headings, one of a key column.

    Of three headings or more, that of a code tells it though nobody knows the others.
    """
    headings = [without_years(cells.heading(row, column)) for column in cells.filled(row)]
    known = sum(heading in layouts.vocabulary for heading in headings)
    if known < 2 or not any(heading in layouts.keys for heading in headings):
        return False
    codes = layouts.words.folded["codes"]
    return known * 2 >= len(headings) or any(heading in codes for heading in headings)


def find_band(cells: Cells, start: int, layouts: Layouts, exact: bool) -> Band:
    """Return the header band that starts in a row.

    ``exact`` takes a heading to stand over just the cells it is merged across; otherwise it
    reaches to the next heading of its row, within what stands above it.
    """
    rows = [start]
    stacks: dict[int, list[str]] = {c: [cells.folded[start][c]] for c in cells.filled(start)}
    for row in range(start + 1, min(start + _MOST_HEADER_ROWS, cells.height)):
        if not cells.filled(row):
            continue
        if not _continues(cells, row, stacks, layouts):
            if heads := _heads_beside_total(cells, row, stacks, layouts):
                return _band(cells, [*rows, row], layouts, exact, heads)
            break
        rows.append(row)
        for column in cells.filled(row):
            stacks.setdefault(column, []).append(cells.folded[row][column])
    return _band(cells, rows, layouts, exact)


def _heads_beside_total(
    cells: Cells, row: int, stacks: dict[int, list[str]], layouts: Layouts
) -> tuple[int, ...]:
    """Return the columns of the sub-headings that stand in the row of the total itself.

    So in Shanghai: 合计 | | 0 | 2002.80 | 合计 | 基本支出 | 项目支出 | 0.
    """
    filled = cells.filled(row)
    words = layouts.words.folded
    if cells.folded[row][filled[0]] not in words["totals"]:
        return ()
    heads = tuple(c for c in filled[1:] if not cells.numeric[row][c])
    if len(heads) < 2 or heads != tuple(range(heads[0], heads[-1] + 1)):
        return ()
    known = all(cells.heading(row, c) in layouts.vocabulary for c in heads)
    # The first stands below the heading over them all, the others have none of their own.
    return heads if known and heads[0] in stacks and not any(c in stacks for c in heads[1:]) else ()


def _continues(cells: Cells, row: int, stacks: dict[int, list[str]], layouts: Layouts) -> bool:
    if is_ruler(cells, row, layouts):
        return True
    filled = cells.filled(row)
    if cells.has_number(row):
        return False
    words = layouts.words.folded
    if all(cells.folded[row][column] in words["totals"] for column in filled) and len(filled) <= 2:
        return False
    known = 0
    for column in filled:
        text, above = without_years(cells.heading(row, column)), stacks.get(column, [])
        own = cells.folded[row][column]
        piece = any(_run_on((*above[i:], own)) in layouts.vocabulary for i in range(len(above)))
        key = bool(above) and as_heading(above[-1]) in layouts.keys
        # What stands below the heading of a key column and is no such heading is a row's name.
        if key and text not in layouts.keys and not piece:
            return text in words["line_numbers"]
        known += layouts.is_heading(text) or piece
    # One short piece alone is the rest of a heading that a PDF broke in two.
    broken = len(filled) == 1 and len(cells.folded[row][filled[0]]) <= 2 and filled[0] > 0
    return (known * 2 >= len(filled) and known > 0) or broken


def _run_on(pieces: Iterable[str]) -> str:
    """Return the heading of which a PDF broke the text into pieces, one below the other."""
    return without_years(as_heading("".join(pieces)))


def is_ruler(cells: Cells, row: int, layouts: Layouts) -> bool:
    """Return whether a row only numbers the columns: 栏次, or 1 2 3 …"""
    words = layouts.words.folded
    texts = [(cells.folded[row][c], cells.texts[row][c]) for c in cells.filled(row)]
    rest = [text for folded, text in texts if folded not in words["codes"]]
    if len(rest) < len(texts) and not rest:
        return False
    named = [text for text in rest if text not in words["line_numbers"]]
    if len(named) < len(rest):
        return all(_ruler_number(text) for text in named)
    numbers = [int(text) for text in named if text.isdecimal()]
    return (
        len(numbers) > 2
        and len(numbers) == len(named)
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        and numbers[0] <= 2
    )


def _ruler_number(text: str) -> bool:
    bare = text.strip("—-－ ")
    return bare.isdecimal() or set(bare) <= _ON_RULERS


def _band(
    cells: Cells, rows: list[int], layouts: Layouts, exact: bool, heads: tuple[int, ...] = ()
) -> Band:
    naming = [(row, is_ruler(cells, row, layouts)) for row in rows]
    owners = [(row, _owners(cells, row, ruler, exact)) for row, ruler in naming]
    if heads:
        owners[-1] = (rows[-1], [c if c in heads else -1 for c in range(cells.width)])
    columns = [_column(cells, column, owners, layouts) for column in range(cells.width)]
    beside = frozenset((rows[-1], column) for column in heads)
    if heads:
        rows, naming = rows[:-1], naming[:-1]
    named = [row for row, ruler in naming if not ruler]
    return Band(
        cells,
        tuple(rows),
        tuple(column.path for column in columns),
        tuple(column.year for column in columns),
        tuple(column.unit for column in columns),
        tuple(_stand(cells, at, columns) for at in range(cells.width)),
        tuple(cells.folded[r][c] for r in named for c in cells.filled(r)),
        beside,
    )


class _Piece(NamedTuple):
    """A heading, or a piece of one: as a heading, as it stands there, and its column."""

    bare: str
    folded: str
    at: int


class _HeadedColumn(NamedTuple):
    """What is said over a column, and the cell of the lowest heading that says it."""

    path: Path
    year: int | None
    unit: str
    lowest: tuple[int, int]


def _stand(cells: Cells, at: int, columns: list[_HeadedColumn]) -> Stand:
    column = columns[at]
    if column.lowest[1] == at:
        return "own"
    merged = cells.grid.merged.get((column.lowest[0], at)) == column.lowest
    deeper = any(
        len(other.path) > len(column.path) and other.path[: len(column.path)] == column.path
        for other in columns
    )
    return "merged" if merged and not deeper else "within"


def _owners(cells: Cells, row: int, ruler: bool, exact: bool) -> list[int]:
    """Return for each column the column whose heading stands over it in a row, -1 if none."""
    texts = cells.texts[row]
    if ruler:  # 类 款 项 may stand beside the numbers of the columns
        return [-1 if _ruler_number(t) else c for c, t in enumerate(texts)]
    owner, owners = -1, []
    for column in range(cells.width):
        origin = cells.grid.merged.get((row, column))
        if texts[column]:
            owner = column
        elif exact:
            owner = origin[1] if origin is not None and origin[0] == row else -1
        owners.append(owner)
    return owners


def _column(
    cells: Cells, column: int, owners: list[tuple[int, list[int]]], layouts: Layouts
) -> _HeadedColumn:
    path: list[_Piece] = []
    year, unit = None, ""
    above = -1  # the column at which the heading above begins
    lowest = (-1, -1)
    for row, owner in owners:
        at = owner[column]
        if at < 0 or at < above:  # it would reach past what stands above it
            continue
        text = cells.heading(row, at)
        named = years_in(text)
        year = named[-1] if named else year
        piece = _Piece(without_years(text), cells.folded[row][at], at)
        above_it = "".join(p.folded for p in path if p.at == at)
        unit = next(iter(units_in_brackets(above_it + piece.folded)), unit)
        if piece.folded and (not path or path[-1].bare != piece.bare):
            path.append(piece)
        lowest = (row, at)
        above = max(above, at)
    return _HeadedColumn(_mended(path, layouts), year, unit, lowest)


def _mended(path: list[_Piece], layouts: Layouts) -> Path:
    """Join the pieces of a heading that stands in several rows of one column."""
    words = [piece.bare for piece in path]
    for length in range(len(words), 1, -1):
        for start in range(len(words) - length + 1):
            pieces = path[start : start + length]
            joined = _run_on(piece.folded for piece in pieces)
            if (
                len({piece.at for piece in pieces}) == 1
                and joined in layouts.vocabulary
                and not all(piece.bare in layouts.vocabulary for piece in pieces)
            ):
                words[start : start + length] = [joined]
                return tuple(word for word in words if word)
    return tuple(word for word in words if word)
