"""Which official table a header band belongs to: by its title and its headings, nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..folding import fold
from ..layouts import Layouts, OfficialColumn, OfficialTable, Panel, columns_of
from .bands import Band, Path, find_band, may_start
from .cells import Cells, title_of, years_in


@dataclass(frozen=True)
class Value:
    """A column of values: what it holds, and the phase it says, relative to the table's year."""

    spec: OfficialColumn
    phase: str


@dataclass(frozen=True)
class Group:
    """One panel as it stands in the grid: its key columns and its value columns.

    ``skipped`` are columns that number the rows or remark on them.
    """

    panel: Panel
    first: int
    end: int
    keys: tuple[int, ...]
    values: dict[int, Value]
    strange: tuple[int, ...]
    skipped: frozenset[int]


@dataclass(frozen=True)
class Match:
    """A recognised table: its layout, its title as printed, its header band and its panels."""

    layout: OfficialTable
    title: str
    title_row: int
    year: int | None
    band: Band
    groups: tuple[Group, ...]
    score: int


@dataclass(frozen=True)
class Title:
    """A text above a header band that may be its title."""

    folded: str
    printed: str
    row: int
    year: int | None


def match_table(
    cells: Cells, row: int, above: int, layouts: Layouts, last: Title | None
) -> Match | None:
    """Return the table whose header band starts in a row, None if there is none.

    ``above`` is the first row that may hold its title; ``last`` the sheet's last title, for the
    parts of a form that has one title for all.
    """
    if not may_start(cells, row, layouts):
        return None
    titles = list(titles_between(cells, above, row + 1, layouts))
    candidates = list(_candidates(titles, layouts, last))
    best: Match | None = None
    for exact in (True, False) if cells.grid.merged else (False,):
        band = find_band(cells, row, layouts, exact)
        for table, panels, title in candidates:
            found = _match(cells, table, panels, band, title, layouts)
            if found is not None and (best is None or found.score > best.score):
                best = found
    return best


def titles_between(cells: Cells, first: int, end: int, layouts: Layouts) -> Iterator[Title]:
    """Yield what may be titles in some rows, nearest to the end first."""
    ends = layouts.words.title_ends
    for row in range(min(end, cells.height) - 1, first - 1, -1):
        for column in cells.filled(row):
            text = cells.texts[row][column]
            folded = title_of(text)
            if len(folded) >= 3 and any(word in folded for word in ends):
                named = years_in(text)
                yield Title(folded, text, row, named[0] if named else None)


def _candidates(
    titles: Sequence[Title], layouts: Layouts, last: Title | None
) -> Iterator[tuple[OfficialTable, tuple[Panel, ...], Title | None]]:
    own = False
    for title in titles:
        for table, panels in layouts.tables:
            if table.titled(title.folded):
                own = True
                yield table, panels, title
        if own:
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
    cells: Cells,
    table: OfficialTable,
    panels: tuple[Panel, ...],
    band: Band,
    title: Title | None,
    layouts: Layouts,
) -> Match | None:
    year = title.year if title else None
    spans = list(_groups(band, panels, layouts))
    if not spans:
        return None
    # Each of several groups in turn; one panel may stand there more than once.
    chosen = panels if len(panels) == len(spans) else panels * len(spans)
    if len(chosen) != len(spans):
        return None
    groups = []
    score = 0
    for (first, end), panel in zip(spans, chosen, strict=True):
        group = _fit(table, panel, band, first, end, year, layouts)
        if group is None:
            return None
        groups.append(group)
        score += 2 * len({v.spec.headings for v in group.values.values()}) - len(group.strange)
    score += -20 if table.fallback else 0
    return Match(
        table,
        title.printed if title else "",
        title.row if title else band.first,
        year,
        band,
        tuple(groups),
        score,
    )


def _groups(band: Band, panels: Sequence[Panel], layouts: Layouts) -> Iterator[tuple[int, int]]:
    """Yield the columns of each panel: keys first, then values, until the next keys."""
    width = len(band.paths)
    if panels[0].rows == "single":
        yield 0, width
        return
    is_key = [_is_key(path, panels, layouts) for path in band.paths]
    if not any(is_key):
        return
    first, valued = 0, False
    for column in range(width):
        if is_key[column] and valued:
            yield first, column
            first, valued = column, False
        elif not is_key[column] and band.paths[column] and any(is_key[first:column]):
            valued = True
    yield first, width


def _is_key(path: Path, panels: Sequence[Panel], layouts: Layouts) -> bool:
    if not path:
        return False
    own = {fold(word) for panel in panels for word in panel.keys}
    words = (own or layouts.words.folded["keys"]) | layouts.words.folded["codes"]
    if not any(word in words for word in path):
        return False
    # A heading over both keys and values ("项目") is a key only where nothing below says else.
    values = {p[-1] for panel in panels for c in columns_of(panel) for p in c.paths}
    return path[-1] in words or path[-1] not in values


def _fit(
    table: OfficialTable,
    panel: Panel,
    band: Band,
    first: int,
    end: int,
    year: int | None,
    layouts: Layouts,
) -> Group | None:
    keys: list[int] = []
    values: dict[int, Value] = {}
    strange: list[int] = []
    skipped: set[int] = set()
    numbers = layouts.words.folded["line_numbers"]
    for column in range(first, end):
        path = band.paths[column]
        if panel.rows != "single" and _is_key(path, (panel,), layouts):
            keys.append(column)
            continue
        if not path:
            if not values:
                keys.append(column)
            continue
        if path[-1] in numbers or path[-1] in layouts.heads:
            skipped.add(column)
            continue
        spec, words = _best(panel, table, path)
        if spec is None:
            strange.append(column)
            continue
        values[column] = Value(spec, _phase(table, spec, words, band.years[column], year))
    # Without a title, only a column of codes tells such a table from a list of names.
    if table.fallback and panel.rows == "codes" and not _has_codes(band, keys, layouts):
        return None
    found = {value.spec.headings for value in values.values()}
    if not values or any(c.headings not in found for c in columns_of(panel) if not c.optional):
        return None
    if panel.under and not any(
        fold(word) in band.paths[column] for word in panel.under for column in range(first, end)
    ):
        return None
    return Group(panel, first, end, tuple(keys), values, tuple(strange), frozenset(skipped))


def _has_codes(band: Band, keys: Sequence[int], layouts: Layouts) -> bool:
    codes = layouts.words.folded["codes"]
    return any(word in codes for column in keys for word in band.paths[column])


def _best(
    panel: Panel, table: OfficialTable, path: Path
) -> tuple[OfficialColumn | None, list[str]]:
    """Return the column a path of headings means best, and the words in it that say a phase."""
    words = [word for word in path if word in table.phase_words or f"-{word}" in table.phase_words]
    bare = tuple(word for word in path if word not in words)
    best: OfficialColumn | None = None
    most: tuple[int, int] = (0, 0)
    for candidate in (path, bare):
        for spec in columns_of(panel):
            fit = max((_nearness(option, candidate) for option in spec.paths), default=(0, 0))
            if fit > most:
                best, most = spec, fit
    return best, words


def _nearness(option: Path, path: Path) -> tuple[int, int]:
    """Return how many headings of a path an option names, and how near the leaf they stand.

    Nothing unless all of its own are there in order, the last being the last.
    """
    if not path or option[-1] != path[-1]:
        return 0, 0
    place, near = len(path), 0
    for word in reversed(option):
        while place and path[place - 1] != word:
            place -= 1
        if not place:
            return 0, 0
        place -= 1
        near += place
    return len(option), near


def _phase(
    table: OfficialTable, spec: OfficialColumn, words: list[str], year: int | None, own: int | None
) -> str:
    if spec.phase:
        return spec.phase
    known = table.phase_words
    for word in reversed(words):
        before = year is not None and own is not None and year == own - 1
        if before and f"-{word}" in known:
            return known[f"-{word}"]
        if word in known:
            return known[word]
    return table.phase
