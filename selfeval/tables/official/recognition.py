"""Which official table a header band belongs to: by its title and its headings, nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...schemes.layouts import Layouts, OfficialLayout, Panel
from ..cells import Cells, form_numbers, title_of, years_in
from ..imprints import years_of_names
from .bands import Band, find_band, is_preamble, is_ruler, may_start, within_band
from .columns import ColumnGroup, fit_groups

_FALLBACK_HANDICAP = 20
_THIS_YEAR = re.compile(r"[本当]年度?[一-龥]*数$")


@dataclass(frozen=True)
class Title:
    """A text above a header band that may be its title."""

    folded: str
    printed: str
    row: int
    year: int | None


@dataclass(frozen=True)
class Match:
    """A recognised table: its layout, its title as printed, its header band and its panels.

    ``continues`` where it goes on with the table before it, as on a new page.
    """

    layout: OfficialLayout
    title: Title | None
    year: int | None
    band: Band
    groups: tuple[ColumnGroup, ...]
    score: int
    continues: bool = False


@dataclass(frozen=True)
class Before:
    """The table before: what it was, the numbers of forms above it, the keys of its rows.

    ``noted`` where notes stood below it.
    """

    match: Match
    numbers: frozenset[str]
    keys: Sequence[str]
    noted: bool

    @property
    def is_whole(self) -> bool:
        """Whether its total stood at its end, so that nothing can follow."""
        return len(self.keys) > 1 and self.keys[-1] == "total" != self.keys[0]


def match_table(
    cells: Cells,
    row: int,
    above: int,
    layouts: Layouts,
    last: Title | None = None,
    before: Before | None = None,
) -> Match | None:
    """Return the table whose header band starts in a row, None if there is none.

    ``above`` is the first row that may hold its title; ``last`` the sheet's last title, for the
    parts of a form that has one title for all; ``before`` the table it may continue.
    """
    if not may_start(cells, row, layouts) or within_band(cells, row, above, layouts):
        return None
    # Numbers between a title and a header are of another table, or of a page nobody could read.
    numbered = (r for r in range(row - 1, above - 1, -1) if not is_preamble(cells, r, layouts))
    above = next((r for r in numbered if not is_ruler(cells, r, layouts)), above - 1) + 1
    titles = list(titles_between(cells, above, row + 1, layouts))
    bands = [
        find_band(cells, row, layouts, exact)
        for exact in ((True, False) if cells.grid.merged else (False,))
    ]
    if before is not None and _goes_on(cells, above, row, bands[0], titles, before, layouts):
        for band in bands:
            groups = fit_groups(
                before.match.layout, _panels(before), band, before.match.year, layouts
            )
            if groups is not None:
                match = before.match
                return Match(match.layout, match.title, match.year, band, tuple(groups), 0, True)
    named = {said.year for said in years_of_names(cells.grid.file, cells.grid.sheet)}
    by_name = named.pop() if len(named) == 1 else None
    best: Match | None = None
    for band in bands:
        for table, panels, title in _candidates(titles, layouts, last):
            found = _match(table, panels, band, title, by_name, layouts)
            if found is not None and (best is None or found.score > best.score):
                best = found
    return best


def names_a_table(title: Title, layouts: Layouts) -> bool:
    """Return whether a title says more than the number of a form, or that a table goes on."""
    bare = title.folded.strip("()")
    return bool(bare) and bare not in layouts.words.continued and not form_numbers(bare)


def _panels(before: Before) -> tuple[Panel, ...]:
    return tuple({id(group.panel): group.panel for group in before.match.groups}.values())


def _goes_on(
    cells: Cells,
    above: int,
    row: int,
    band: Band,
    titles: Sequence[Title],
    before: Before,
    layouts: Layouts,
) -> bool:
    """Return whether a header is that of the table before again, as on a new page.

    Without a title of its own, and without the number of another form above it.
    """
    if band.wording != before.match.band.wording or before.is_whole:
        return False
    if any(names_a_table(title, layouts) for title in titles):
        return False
    if set(numbers_between(cells, above, row)) - before.numbers:
        return False
    same_sheet = cells is before.match.band.cells and not before.noted
    return same_sheet or says_continued(cells, above, row, layouts)


def says_continued(cells: Cells, first: int, end: int, layouts: Layouts) -> bool:
    """Return whether some rows say that a table goes on here: 续表."""
    marks = layouts.words.continued
    return any(
        cells.folded[row][column].strip("()") in marks
        for row in range(first, end)
        for column in cells.filled(row)
    )


def numbers_between(cells: Cells, first: int, end: int) -> Iterator[str]:
    """Yield the numbers of forms that some rows print: 公开03表."""
    for row in range(first, end):
        for column in cells.filled(row):
            text = cells.folded[row][column]
            if "表" in text or "附" in text:
                yield from form_numbers(text)


def titles_between(cells: Cells, first: int, end: int, layouts: Layouts) -> Iterator[Title]:
    """Yield what may be titles in some rows, nearest to the end first."""
    ends = layouts.words.title_ends
    for row in range(min(end, cells.height) - 1, first - 1, -1):
        for column in cells.filled(row):
            text = cells.texts[row][column]
            if not any(word in text for word in ends):
                continue
            folded = title_of(text)
            if len(folded) >= 3 and any(word in folded for word in ends):
                named = years_in(text)
                bare = _without_marks(folded, layouts)
                yield Title(bare, text, row, named[0] if named else None)


def _without_marks(title: str, layouts: Layouts) -> str:
    """Return a title without what says that the table goes on: 支出决算表（续表）."""
    for mark in layouts.words.continued:
        title = title.replace(f"({mark})", "")
    return title


def _candidates(
    titles: Sequence[Title], layouts: Layouts, last: Title | None
) -> Iterator[tuple[OfficialLayout, tuple[Panel, ...], Title | None]]:
    for title in titles:
        own = [(t, panels, title) for t, panels in layouts.tables if t.titled(title.folded)]
        if own:
            yield from own
            return
    nearest = titles[0] if titles else None
    if last is not None:
        for table, panels in layouts.tables:
            if table.band and table.titled(last.folded):
                yield table, panels, last
    for table, panels in layouts.tables:
        if table.distinct or table.fallback:
            yield table, panels, nearest


def _match(
    table: OfficialLayout,
    panels: tuple[Panel, ...],
    band: Band,
    title: Title | None,
    by_name: int | None,
    layouts: Layouts,
) -> Match | None:
    year = title.year if title and title.year else _year_of_columns(band)
    groups = fit_groups(table, panels, band, year or by_name, layouts)
    if groups is None:
        return None
    score = sum(_score(group, band) for group in groups)
    score -= _FALLBACK_HANDICAP if table.fallback else 0
    return Match(table, title, year, band, tuple(groups), score)


def _year_of_columns(band: Band) -> int | None:
    """Return the latest year that headings name.

    None where others say the same without a year, or speak of this year: 2020年执行数, 本年预算数.
    """
    dated = {path[-1] for path, year in zip(band.paths, band.years, strict=True) if path and year}
    own = zip(band.paths, band.years, band.stands, strict=True)
    if any(
        path and not year and stand == "own" and (path[-1] in dated or _THIS_YEAR.match(path[-1]))
        for path, year, stand in own
    ):
        return None
    return max(filter(None, band.years), default=None)


def _score(group: ColumnGroup, band: Band) -> int:
    """Return how well a panel explains its columns; those without a heading count for nothing."""
    known = {(id(value.spec), value.phase) for value in group.values.values()}
    strange = [column for column in group.strange if band.stands[column] == "own"]
    without_codes = group.panel.rows == "codes" and not group.codes
    return 2 * len(known) - len(strange) - without_codes
