"""The parts of an evaluation form: where each header stands, and what its columns hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ...schemes.evaluation_forms import FormBand, FormColumn, form_columns
from ..cells import Cells, bare_label, units_in, without_years, years_in

_ASIDE = re.compile(r"\([^()]*\)$")
_OF_WHICH = re.compile(r"^其中[:：]?")
_MOST_HEADER_ROWS = 3
_FEW_HEADINGS = 2


@dataclass(frozen=True)
class PartColumn:
    """One column as it stands: what it holds (None if unknown), and why it cannot be read."""

    spec: FormColumn | None
    first: int
    end: int
    heading: str
    units: tuple[str, ...]
    fault: str = ""


@dataclass(frozen=True)
class FoundPart:
    """One part as it stands: its header rows, the row after its last, its columns.

    ``side`` is what stands left of the columns: the name of the part.
    """

    band: FormBand
    first: int
    last: int
    end: int
    columns: tuple[PartColumn, ...]
    side: str

    @property
    def first_value(self) -> int:
        """The first column that is explained; what stands before it are labels."""
        return min(column.first for column in self.columns if column.spec)


@lru_cache(maxsize=8192)
def names_of(folded: str) -> tuple[str, ...]:
    """Return the names a folded text may stand for, the fullest first.

    Each leaves out more of what may stand around a name: colon, year, numbering and 其中,
    notes in brackets.
    """
    whole = folded.rstrip(":：")
    dated = without_years(whole)
    name = _OF_WHICH.sub("", bare_label(dated)).rstrip(":：")
    found = [whole, dated, name]
    while (shorter := _ASIDE.sub("", name).rstrip(":：")) != name:
        name = shorter
        found.append(name)
    return tuple(dict.fromkeys(filter(None, found)))


def find_parts(
    cells: Cells, bands: Sequence[FormBand], start: int, end: int, year: int | None
) -> list[FoundPart]:
    """Return the parts of a form that stand in some rows, top to bottom."""
    parts: list[FoundPart] = []
    row = start
    while row < end:
        found = [part for band in bands if (part := _part_at(cells, band, row, end, year))]
        if not found:
            row += 1
            continue
        part = max(found, key=lambda part: len({id(c.spec) for c in part.columns if c.spec}))
        parts.append(part)
        row = part.last + 1
    ends = [part.first for part in parts[1:]] + [end]
    return [replace(part, end=ends[index]) for index, part in enumerate(parts)]


def _part_at(
    cells: Cells, band: FormBand, row: int, end: int, year: int | None
) -> FoundPart | None:
    if cells.has_number(row) or not any(
        is_part_heading(band, cells.folded[row][column]) for column in cells.filled(row)
    ):
        return None
    rows = [row]
    for below in range(row + 1, min(row + _MOST_HEADER_ROWS, end)):
        if not _continues(cells, band, below):
            break
        rows.append(below)
    leaves = _leaves(cells, rows)
    named = [years_in(cells.texts[r][c]) for r in rows for c in cells.filled(r)]
    own = year if year is not None else max((y for years in named for y in years), default=None)
    columns = tuple(_column(cells, band, rows, leaves, index, own) for index in range(len(leaves)))
    found = {id(column.spec) for column in columns if column.spec}
    specs = form_columns(band)
    if len(found) < min(2, len(specs)):
        return None
    if not all(spec.optional or any(_stands(spec, c) for c in columns) for spec in specs):
        return None
    first = min(column.first for column in columns if column.spec)
    side = "".join(column.heading for column in columns if column.first < first)
    return FoundPart(band, rows[0], rows[-1], end, columns, side)


def _stands(spec: FormColumn, column: PartColumn) -> bool:
    """Return whether a column is one of those asked for, if only by its heading."""
    own = column.spec
    if own is None or not column.fault:
        return own is spec
    return not set(own.paths).isdisjoint(spec.paths)


def is_part_heading(band: FormBand, folded: str) -> bool:
    """Return whether a folded text is a word of a part's header."""
    return any(name in band.headings for name in names_of(folded))


def _continues(cells: Cells, band: FormBand, row: int) -> bool:
    """Return whether a row belongs to the header above it: half of it are words of a header."""
    filled = cells.filled(row)
    known = sum(is_part_heading(band, cells.folded[row][column]) for column in filled)
    several = known >= _FEW_HEADINGS and 2 * known >= len(filled)
    return (several and not cells.has_number(row)) or repeats_part_header(cells, band, row)


def repeats_part_header(cells: Cells, band: FormBand, row: int) -> bool:
    """Return whether a row holds words of a part's header only."""
    filled = cells.filled(row)
    return bool(filled) and all(
        not cells.numeric[row][column] and is_part_heading(band, cells.folded[row][column])
        for column in filled
    )


def _leaves(cells: Cells, rows: Sequence[int]) -> list[tuple[int, int]]:
    """Return the lowest heading of each column that has one, as column and row."""
    lowest = {column: row for row in rows for column in cells.filled(row)}
    return sorted(lowest.items())


def _column(
    cells: Cells,
    band: FormBand,
    rows: Sequence[int],
    leaves: list[tuple[int, int]],
    index: int,
    year: int | None,
) -> PartColumn:
    first, row = leaves[index]
    last = leaves[index + 1][0] if index + 1 < len(leaves) else cells.width
    merged = cells.grid.merged
    exact = any((r, c) in merged for r in rows for c in range(cells.width))
    end = first + 1
    while end < last and (not exact or merged.get((row, end)) == (row, first)):
        end += 1
    above = [_owner(cells, r, first, rows, exact) for r in rows if r < row]
    path = [(r, c) for r, c in zip(rows, above, strict=False) if c is not None]
    texts = [cells.folded[r][c] for r, c in [*path, (row, first)]]
    named = [y for text in texts for y in years_in(text)]
    heading = cells.texts[row][first]
    spec, fault = _spec(band, texts, named[-1] if named else None, year)
    if fault:
        fault = f"栏目“{heading}”{fault}"
    own = [n for r, c in [*path, (row, first)] for n, at in units_in(cells, r) if at == c]
    units = own or _units_beside(cells, band, rows)
    return PartColumn(spec, first, end, heading, tuple(dict.fromkeys(units)), fault)


def _owner(cells: Cells, row: int, column: int, rows: Sequence[int], exact: bool) -> int | None:
    """Return the column of the heading that stands over a column in a row."""
    if cells.texts[row][column]:
        return column
    if exact:
        origin = cells.grid.merged.get((row, column))
        return origin[1] if origin and origin[0] == row else None
    left = [c for c in range(column) if cells.texts[row][c]]
    # Without merges, a heading reaches to the next only if it has something below itself.
    below = [r for r in rows if r > row]
    return left[-1] if left and any(cells.texts[r][left[-1]] for r in below) else None


def _spec(
    band: FormBand, texts: Sequence[str], named: int | None, year: int | None
) -> tuple[FormColumn | None, str]:
    """Return the column some headings mean, and what is wrong with the year they name."""
    best: list[FormColumn] = []
    most = 0
    for spec in form_columns(band):
        length = max(_length(path, texts) for path in spec.paths)
        if length > most:
            best, most = [spec], length
        elif length == most and length:
            best.append(spec)
    if not best:
        return None, ""
    if len(best) == 1 and named is None:
        return best[0], ""
    fitting = [spec for spec in best if _fits_year(spec, named, year)]
    if fitting:
        return fitting[0], ""
    return best[0], f"的年度与本表的年度（{year}年）对不上"


def _length(path: tuple[str, ...], texts: Sequence[str]) -> int:
    """Return how many headings a path names, 0 unless the texts have them all, its last last."""
    if path[-1] not in names_of(texts[-1]):
        return 0
    above = iter(texts[:-1])
    return len(path) if all(any(p in names_of(t) for t in above) for p in path[:-1]) else 0


def _fits_year(spec: FormColumn, named: int | None, year: int | None) -> bool:
    if spec.year is None or year is None:
        return True
    return not spec.year if named is None else named - year == spec.year


def _units_beside(cells: Cells, band: FormBand, rows: Sequence[int]) -> list[str]:
    """Return the units of money noted in a header, but not at one of its columns."""
    return [
        name
        for row in rows
        for name, column in units_in(cells, row)
        if not is_part_heading(band, cells.folded[row][column])
    ]
