"""Official tables → amounts with a cell address each, and every number that was not understood.

A sheet may hold several tables, a table may go on over several sheets. What a table is, is said
by its title and headings; what a row is, by its code or its name. Nothing is guessed: a number
that no column or row explains is listed with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ...schemes.layouts import Layouts
from ...sheets import Grid, column_letters
from ..cells import Cells, form_numbers
from ..evaluation_forms.reader import find_forms, read_evaluation_form
from ..imprints import (
    IN_HEADINGS,
    IN_TITLE,
    settle_years,
    year_of_cover,
    years_above,
    years_of_names,
)
from ..official_table import OfficialTable, StatedYear
from ..owners import owner_above
from ..reading import Reading, Unread
from .amount_units import MoneyUnit, table_unit, unit_of_page
from .bands import heading_cells, is_preamble, is_ruler
from .boundaries import office_in, table_end
from .budget_words import settle_budgets
from .conflicts import TakenRow, conflicts
from .keys import KeyReader
from .lines import repeats_header
from .recognition import (
    Before,
    Match,
    Title,
    match_table,
    names_a_table,
    numbers_between,
    says_continued,
    titles_between,
)
from .rows import key_readers, panel_rows
from .values import Taking, note_all, note_unused, take_row


@dataclass
class _Open:
    """The table being read; it may go on on the next page or sheet.

    ``keys`` are those of the page's rows; ``pages`` tells of each page whether it has a title of
    its own; ``refused`` counts its numbers that were not understood.
    """

    table: OfficialTable
    match: Match
    numbers: frozenset[str]
    office: str
    unit: MoneyUnit
    width: int
    keys: list[str] = field(default_factory=list)
    pages: list[bool] = field(default_factory=lambda: [True])
    readers: list[KeyReader] = field(default_factory=list)
    rows: list[TakenRow] = field(default_factory=list)
    refused: int = 0


def read_official(grids: Sequence[Grid], layouts: Layouts) -> Reading:
    """Read every official table of some grids.

    Returns
    -------
    Reading
        ``tables``, ``amounts``, ``figures`` (numbers that are no money), ``indicators`` of
        evaluation forms, ``unread``, and ``strangers``:
        sheets with numbers in which no table was recognised, each with the reason.
    """
    reader = _TableReader(layouts)
    for grid in grids:
        reader.read(Cells(grid))
    reader.close()
    settle_years(reader.reading, {})
    settle_budgets(reader.reading, grids, layouts)
    return reader.reading


class _TableReader:
    """Reads sheets in order, and keeps the last table open: a page may continue it."""

    def __init__(self, layouts: Layouts) -> None:
        self.layouts, self.reading = layouts, Reading()
        self.open: _Open | None = None

    def read(self, cells: Cells) -> None:
        """Read one sheet."""
        if self.open is not None and _elsewhere(self.open.table, cells.grid):
            self.close()
        row, above = 0, 0
        last: Title | None = None
        covered: set[int] = set()
        before = len(self.reading.tables)
        forms = find_forms(cells, self.layouts)
        while row < cells.height:
            if row in forms:
                self.close()
                self.reading.add(read_evaluation_form(forms[row], self.layouts))
                covered |= set(range(row, forms[row].end))
                row = above = forms[row].end
                last = None
                continue
            match = self._match(cells, row, above, last)
            if match is None:
                row += 1
                continue
            end = min([table_end(cells, match, self.layouts), *(at for at in forms if at > row)])
            self._read_table(cells, match, above, end)
            last = match.title or last
            covered |= set(range(above, end))
            row = above = end
        some = bool(covered) or len(self.reading.tables) > before
        self._note_leftovers(cells, covered, some)

    def _match(self, cells: Cells, row: int, above: int, last: Title | None) -> Match | None:
        opened = self.open
        before = None
        if opened is not None:
            noted = bool(opened.table.notes)
            before = Before(opened.match, opened.numbers, opened.keys, noted)
        match = match_table(cells, row, above, self.layouts, last, before)
        if match is None and opened is not None:
            return self._resumed(cells, row, above, opened)
        return match

    def _resumed(self, cells: Cells, row: int, above: int, opened: _Open) -> Match | None:
        """Return the open table where it goes on without its header: same title, same width."""
        if not cells.has_number(row) or is_ruler(cells, row, self.layouts):
            return None
        title = opened.match.title
        same = title is not None and any(
            found.folded == title.folded
            for found in titles_between(cells, above, row, self.layouts)
        )
        if not same and not says_continued(cells, above, row, self.layouts):
            return None
        if not _same_office(opened.office, office_in(cells, above, row)):
            return None
        if _width(cells, row, cells.height) != opened.width:
            return None
        first = max((r for r in range(above, row) if cells.filled(r)), default=-1)
        while first > above and not is_preamble(cells, first, self.layouts):
            first -= 1
        band = opened.match.band
        here = replace(band, cells=cells, rows=(first,))
        return replace(opened.match, band=here, continues=True)

    # --- one table ---

    def _read_table(self, cells: Cells, match: Match, above: int, end: int) -> None:
        opened = self._opened(cells, match, above, end)
        before = len(self.reading.unread)
        pages = self._pages(cells, match, end, opened)
        taking = Taking(
            cells,
            match,
            opened.unit,
            self.layouts,
            opened.table,
            self.reading,
            opened.rows,
            pages,
        )
        loose = [
            r for r in range(above, match.band.first + 1) if not is_preamble(cells, r, self.layouts)
        ]
        for row in loose:
            note_all(taking, row, "在表头上面，不属于任何一行")
        last = max((row for row in range(end) if cells.has_number(row)), default=0)
        again = match.title is not None and any(
            title.folded == match.title.folded
            for title in titles_between(
                cells, max(last, match.band.last) + 1, end + 1, self.layouts
            )
        )
        opened.readers = key_readers(match, self.layouts, opened.readers, bool(loose), again)
        opened.keys = []
        for panel_row in panel_rows(cells, match, end, self.layouts, opened.readers):
            take_row(taking, panel_row)
            opened.keys.append(panel_row.key.code)
        for row in range(match.band.last + 1, end):
            if not is_ruler(cells, row, self.layouts):
                note_unused(taking, row)
        opened.refused += len(self.reading.unread) - before

    def _pages(self, cells: Cells, match: Match, end: int, opened: _Open) -> list[int]:
        """Return the page of each row; a header again in the middle begins a new one."""
        pages: list[int] = []
        within = True  # a header of several rows
        for row in range(end):
            again = row > match.band.last and repeats_header(cells, row, match)
            if again and not within:
                above = row - 1
                while above > match.band.last and not cells.has_number(above):
                    above -= 1
                opened.pages.append(self._has_title(cells, above + 1, row, match))
            within = again or (within and not cells.filled(row))
            pages.append(len(opened.pages) - 1)
        return pages

    def _has_title(self, cells: Cells, first: int, end: int, match: Match) -> bool:
        """Return whether some rows print a table's own title."""
        own = match.title.folded if match.title else None
        return any(title.folded == own for title in titles_between(cells, first, end, self.layouts))

    def _opened(self, cells: Cells, match: Match, above: int, end: int) -> _Open:
        """Return the table that a match begins, or the open one that it continues."""
        numbers = frozenset(numbers_between(cells, above, match.band.first))
        office = office_in(cells, above, match.band.first)
        unit = table_unit(cells, above, match.band)
        opened = self.open
        if opened is not None and _same_table(opened, match, office):
            match = replace(match, continues=True)
        if opened is not None and match.continues:
            opened.pages.append(self._has_title(cells, above, match.band.first + 1, match))
            opened.unit = unit_of_page(opened.unit, unit)
            opened.match = match
            opened.table.notes += tuple(_notes(cells, match.band.last + 1, end, self.layouts))
            opened.table.says_empty |= _says_nothing(cells, match.band.last + 1, end, self.layouts)
            return opened
        self.close()
        table = _described(cells, match, above, end, unit, self.layouts)
        self.reading.tables.append(table)
        width = _width(cells, match.band.first, end)
        self.open = _Open(table, match, numbers, office, unit, width)
        return self.open

    def close(self) -> None:
        """End the open table: whatever two of its rows claim is given up, the rest is kept."""
        opened, self.open = self.open, None
        if opened is None:
            return
        table = opened.table
        amounts = [amount for row in opened.rows for amount in row.amounts]
        some = any(amount.fen for amount in amounts)
        table.is_empty = not some and not opened.refused
        table.says_empty &= table.is_empty
        untitled = [page for page, titled in enumerate(opened.pages) if not titled]
        bad = conflicts(opened.rows, untitled)
        self.reading.unread += [unread for unread in bad.values() if unread.raw]
        self.reading.amounts += [amount for amount in amounts if id(amount) not in bad]

    # --- what belongs to no table ---

    def _note_leftovers(self, cells: Cells, covered: set[int], some: bool) -> None:
        rows = [row for row in range(cells.height) if row not in covered and cells.has_number(row)]
        if not rows:
            if not some:
                self._note_cover(cells)
            return
        if not some:
            self.reading.strangers.append((cells.grid, _why_strange(cells, self.layouts)))
            return
        for row in rows:
            for column in cells.filled(row):
                if cells.numeric[row][column]:
                    place, raw = cells.place(row, column), cells.texts[row][column]
                    self.reading.unread.append(Unread(place, raw, "不在任何一张认出的表里"))

    def _note_cover(self, cells: Cells) -> None:
        year = year_of_cover(cells)
        owner = owner_above(cells, range(cells.height), self.layouts.words)
        self.reading.covers += [year] if year else []
        self.reading.cover_owners += [owner] if owner else []


def _same_table(opened: _Open, match: Match, office: str) -> bool:
    """Return whether a header under a title is the open table's again, on a new page or sheet."""
    title, before = match.title, opened.match.title
    return (
        title is not None
        and before is not None
        and title.folded == before.folded
        and match.layout is opened.match.layout
        and (None in (match.year, opened.match.year) or match.year == opened.match.year)
        and match.band.wording == opened.match.band.wording
        and _same_office(opened.office, office)
    )


def _elsewhere(table: OfficialTable, grid: Grid) -> bool:
    """Return whether a sheet is of another workbook than a table, or a page of another year."""
    named = [
        {said.year for said in years_of_names(file, sheet)}
        for file, sheet in ((table.file, table.sheet), (grid.file, grid.sheet))
    ]
    if table.file == grid.file:
        return all(named) and named[0].isdisjoint(named[1])
    return not grid.is_text or named[0] != named[1]


def _same_office(one: str, other: str) -> bool:
    """Return whether two pages may be of one office; not every page names it."""
    return not one or not other or one == other


def _described(
    cells: Cells, match: Match, above: int, end: int, unit: MoneyUnit, layouts: Layouts
) -> OfficialTable:
    layout, band, title = match.layout, match.band, match.title
    last = max([r for r in range(band.first, end) if cells.filled(r)], default=band.last)
    top = title.row if title and above <= title.row <= band.first else band.first
    letters = column_letters(_width(cells, band.first, last + 1))
    headed = {value.unit for group in match.groups for value in group.values.values()} - {""}
    shown = headed.pop() if unit.unstated and len(headed) == 1 else unit.name
    return OfficialTable(
        layout.table,
        _name(match, layouts),
        title.printed if title else "",
        cells.grid.file,
        cells.grid.sheet,
        f"A{top + 1}:{letters}{last + 1}",
        shown,
        match.year,
        layout.phase,
        layout.fund,
        tuple(_notes(cells, band.last + 1, end, layouts)),
        years=tuple(_years(cells, match, above)),
        owner=owner_above(cells, range(above, band.first), layouts.words),
        says_empty=_says_nothing(cells, band.last + 1, end, layouts),
    )


def _years(cells: Cells, match: Match, above: int) -> Iterator[StatedYear]:
    """Yield what says the year of a table, the surest first."""
    title, first = match.title, match.band.first
    if title is not None and title.year is not None:
        row = cells.texts[title.row]
        column = row.index(title.printed) if title.printed in row else 0
        yield StatedYear(title.year, IN_TITLE, title.printed, cells.place(title.row, column))
    elif match.year is not None:
        yield StatedYear(match.year, IN_HEADINGS, f"{match.year}年", cells.place(first, 0))
    yield from years_above(cells, range(above, first), title.printed if title else "")
    yield from years_of_names(cells.grid.file, cells.grid.sheet)


def _name(match: Match, layouts: Layouts) -> str:
    """Return what a table is called: by its layout, or by what it says where none knows it."""
    layout, title = match.layout, match.title
    if not layout.fallback or title is None:
        return layout.title
    if names_a_table(title, layouts):
        return title.printed
    numbers = form_numbers(title.folded)
    return f"{layout.title}（{numbers[0]}）" if numbers else layout.title


def _width(cells: Cells, first: int, end: int) -> int:
    return max((c for row in range(first, end) for c in cells.filled(row)), default=0)


def _notes(cells: Cells, first: int, end: int, layouts: Layouts) -> Iterator[str]:
    for row in range(first, end):
        for column in cells.filled(row):
            text = cells.texts[row][column]
            if text.startswith(layouts.words.notes) or (
                len(text) > 6 and any(mark in text for mark in layouts.words.empty)
            ):
                yield text


def _says_nothing(cells: Cells, first: int, end: int, layouts: Layouts) -> bool:
    """Return whether anything below a header says that there is nothing: 无, 本表为空表."""
    says = layouts.words.says_nothing
    return any(says(cells.texts[r][c]) for r in range(first, end) for c in cells.filled(r))


def _why_strange(cells: Cells, layouts: Layouts) -> str:
    titles = list(titles_between(cells, 0, cells.height, layouts))
    title = f"标题“{titles[-1].printed}”" if titles else "没有找到标题"
    best = max(range(cells.height), key=lambda row: heading_cells(cells, row, layouts)[0])
    known, _ = heading_cells(cells, best, layouts)
    if known == 0:
        return f"{title}，也没有找到认识的表头"
    heads = "、".join(text for text in cells.texts[best] if text)
    return f"{title}，表头“{heads}”与现有的版式都不相符"
