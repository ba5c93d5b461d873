"""Official tables → amounts with a cell address each, and every number that was not understood.

A sheet may hold several tables, a table may go on over several sheets. What a table is, is said
by its title and headings; what a row is, by its code or its name. Nothing is guessed: a number
that no column or row explains is listed with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..folding import fold
from ..layouts import Layouts, items_of
from ..money import parse_amount, parse_number
from ..sheets import Grid, Place
from ..sheets.files import column_letters
from ..terms import BLOCKS
from .bands import heading_cells, is_ruler
from .cells import Cells, bare_name, units_in
from .performance_forms import find_forms, read_form
from .reading import OfficialTable, Reading, Record, Unread
from .recognition import Match, Title, Value, match_table, titles_between
from .rows import Key, PanelRow, panel_rows


def read_official(grids: Sequence[Grid], layouts: Layouts) -> Reading:
    """Read every official table of some grids.

    Returns
    -------
    Reading
        ``tables``, ``amounts`` (the records of ``terms.AMOUNT_COLUMNS``), ``figures`` (numbers
        that are no money), ``indicators`` of performance forms, ``unread``, and ``strangers``:
        sheets with numbers in which no table was recognised, each with the reason.
    """
    reading = Reading()
    for grid in grids:
        _read_grid(grid, layouts, reading)
    return reading


def _read_grid(grid: Grid, layouts: Layouts, reading: Reading) -> None:
    cells = Cells(grid)
    row, above = 0, 0
    last: Title | None = None
    covered: set[int] = set()
    before = len(reading.tables)
    forms = find_forms(cells, layouts)
    while row < cells.height:
        if row in forms:
            reading.add(read_form(forms[row]))
            covered |= set(range(row, forms[row].end))
            row = above = forms[row].end
            last = None
            continue
        match = match_table(cells, row, above, layouts, last)
        if match is None:
            row += 1
            continue
        end = min([_end(cells, match, layouts), *(at for at in forms if at > row)])
        _read_table(cells, match, above, end, layouts, reading)
        titles = list(titles_between(cells, above, match.band.first + 1, layouts))
        last = titles[0] if titles else last
        covered |= set(range(above, end))
        row = above = end
    _note_leftovers(cells, covered, len(reading.tables) > before, layouts, reading)


def _note_leftovers(
    cells: Cells, covered: set[int], some: bool, layouts: Layouts, reading: Reading
) -> None:
    rows = [row for row in range(cells.height) if row not in covered and cells.has_number(row)]
    if not rows:
        return
    if not some:
        reading.strangers.append((cells.grid, _why_strange(cells, layouts)))
        return
    for row in rows:
        for column in cells.filled(row):
            if cells.numeric[row][column]:
                place, raw = cells.place(row, column), cells.texts[row][column]
                reading.unread.append(Unread(place, raw, "不在任何一张认出的表里"))


def _why_strange(cells: Cells, layouts: Layouts) -> str:
    titles = list(titles_between(cells, 0, cells.height, layouts))
    title = f"标题“{titles[-1].printed}”" if titles else "没有找到标题"
    best = max(range(cells.height), key=lambda row: heading_cells(cells, row, layouts)[0])
    known, count = heading_cells(cells, best, layouts)
    if known == 0:
        return f"{title}，也没有找到认识的表头"
    heads = "、".join(text for text in cells.texts[best] if text)
    return f"{title}，表头“{heads}”与现有的版式都不相符"


def _end(cells: Cells, match: Match, layouts: Layouts) -> int:
    """Return the row after a table's last: the next title, or the next header band."""
    first = match.band.last + 1
    fresh = first  # where what stands above the next table may begin
    for row in range(first, cells.height):
        filled = cells.filled(row)
        if not filled:
            continue
        if _is_title(cells, row, filled, layouts):
            return row
        if len(filled) < 2 or is_ruler(cells, row, layouts) or cells.has_number(row):
            continue
        if _repeats(cells, row, filled, match):
            continue
        known, count = heading_cells(cells, row, layouts)
        if known >= 2 and match_table(cells, row, fresh, layouts, None) is not None:
            start = row
            while start - 1 >= first and _is_preamble(cells, start - 1):
                start -= 1
            return start
    return cells.height


def _is_title(cells: Cells, row: int, filled: list[int], layouts: Layouts) -> bool:
    text = cells.folded[row][filled[0]]
    if len(filled) > 2 or cells.has_number(row) or len(text) > 60:
        return False
    head = text.split("(")[0]
    return (
        len(head) >= 4
        and head.endswith(layouts.words.title_ends)
        and not text.startswith(tuple(layouts.words.notes))
    )


def _is_preamble(cells: Cells, row: int) -> bool:
    return bool(units_in(cells, row)) or not cells.filled(row)


def _repeats(cells: Cells, row: int, filled: list[int], match: Match) -> bool:
    """Return whether a row only repeats the header, as on a new page."""
    own = {cells.folded[r][c] for r in match.band.rows for c in cells.filled(r)}
    return all(cells.folded[row][column] in own for column in filled)


def _read_table(
    cells: Cells, match: Match, above: int, end: int, layouts: Layouts, reading: Reading
) -> None:
    layout, band, grid = match.layout, match.band, cells.grid
    unit = _unit(cells, above, band.last)
    notes = tuple(_notes(cells, band.last + 1, end, layouts))
    last = max([r for r in range(band.first, end) if cells.filled(r)], default=band.last)
    width = max(c for r in range(band.first, last + 1) for c in cells.filled(r))
    top = match.title_row if above <= match.title_row <= band.first else band.first
    table = OfficialTable(
        layout.table,
        layout.title,
        match.title,
        grid.file,
        grid.sheet,
        f"A{top + 1}:{column_letters(width)}{last + 1}",
        unit if len(unit) < 4 else "",
        match.year,
        layout.phase,
        layout.fund,
        notes,
    )
    before = len(reading.amounts)
    used: set[tuple[int, int]] = set()
    for row in panel_rows(cells, match, end, layouts):
        for column, value in row.values.items():
            used.add((row.numbers_at, column))
            _take(cells, table, match, row, column, value, unit, layouts, reading)
    for row_number in range(band.last + 1, end):
        _note_unused(cells, row_number, used, match, layouts, reading)
    own = reading.amounts[before:]
    table.is_empty = all(record["amount"] in (None, 0) for record in own)
    marks = layouts.words.empty
    table.says_empty = any(mark in note for note in notes for mark in marks)
    reading.tables.append(table)


def _unit(cells: Cells, first: int, last: int) -> str:
    """Return the table's unit of money, or why there is none."""
    found: dict[str, int] = {}
    for row in range(first, last + 1):
        for name, _ in units_in(cells, row):
            found.setdefault(name, row)
    if not found:
        return "表上没有写明金额单位"
    if len(found) > 1:
        return f"金额单位前后不一（{'、'.join(found)}）"
    return next(iter(found))


def _notes(cells: Cells, first: int, end: int, layouts: Layouts) -> Iterator[str]:
    for row in range(first, end):
        for column in cells.filled(row):
            text = cells.texts[row][column]
            if text.startswith(layouts.words.notes) or (
                len(text) > 6 and any(mark in text for mark in layouts.words.empty)
            ):
                yield text


def _take(
    cells: Cells,
    table: OfficialTable,
    match: Match,
    row: PanelRow,
    column: int,
    value: Value,
    unit: str,
    layouts: Layouts,
    reading: Reading,
) -> None:
    spec, key = value.spec, row.key
    raw = cells.texts[row.numbers_at][column]
    place = cells.place(row.numbers_at, column)
    number = cells.raw(row.numbers_at, column)
    if row.fault:
        if raw and not _is_label(raw, match, layouts):
            reading.unread.append(Unread(place, raw, row.fault))
        return
    record: Record = {
        "table": match.layout.table,
        "block": key.block or spec.block or row.group.panel.block,
        "item_code": spec.item or key.code,
        "item_name": BLOCKS.get(spec.item, "") or key.name or spec.headings[0].split("/")[0],
        "fund": spec.fund or match.layout.fund,
        "phase": key.phase or value.phase,
        "file": place.file,
        "sheet": place.sheet,
        "cell": place.cell,
        "raw": raw,
    }
    if spec.item and key.code not in ("", "total"):
        record["item_code"] = f"{spec.item}:{key.code}"
    if spec.kind != "amount":
        _take_figure(record, spec.kind, place, raw, reading)
        return
    try:
        if len(unit) > 3:
            raise ValueError(unit)
        amount = parse_amount(_bare(number, raw, unit), unit)
    except ValueError as error:
        if raw and not _is_label(raw, match, layouts):
            reading.unread.append(Unread(place, raw, str(error)))
        return
    record |= {"amount": amount.fen, "state": amount.state, "amount_unit": unit}
    reading.amounts.append(record)


def _is_label(raw: str, match: Match, layouts: Layouts) -> bool:
    """Return whether a text among the values is but the name of the row beside it."""
    name = bare_name(fold(raw))
    return layouts.class_of(name) is not None or any(
        name in map(fold, item.names) for g in match.groups for item in items_of(g.panel)
    )


def _bare(number: object, raw: str, unit: str) -> object:
    """Return a number without the unit it repeats: "250万" in a table of 万元."""
    for ending in (unit, unit.removesuffix("元")):
        if ending and raw.endswith(ending):
            return raw.removesuffix(ending).rstrip()
    return number


def _take_figure(record: Record, kind: str, place: Place, raw: str, reading: Reading) -> None:
    if kind in ("text", "skip") or not raw:
        return
    try:
        number = parse_number(raw.rstrip("%％"))
    except ValueError as error:
        reading.unread.append(Unread(place, raw, str(error)))
        return
    percent = raw.endswith(("%", "％"))
    value = number / 100 if number is not None and percent else number
    reading.figures.append(record | {"value": value, "kind": kind})


def _note_unused(
    cells: Cells,
    row: int,
    used: set[tuple[int, int]],
    match: Match,
    layouts: Layouts,
    reading: Reading,
) -> None:
    """List the numbers of a row that no column and no row explained."""
    if is_ruler(cells, row, layouts):
        return
    for column in cells.filled(row):
        if not cells.numeric[row][column] or (row, column) in used:
            continue
        group = next((g for g in match.groups if g.first <= column < g.end), None)
        if group is None or (column in group.keys and column not in group.values):
            continue
        path = match.band.paths[column]
        if path and (path[-1] in layouts.words.folded["line_numbers"] or path[-1] in layouts.heads):
            continue
        why = (
            f"版式“{match.layout.title}”里没有栏目“{'/'.join(path)}”"
            if path and column in group.strange
            else "看不出属于哪一行或哪一栏"
        )
        reading.unread.append(Unread(cells.place(row, column), cells.texts[row][column], why))


__all__ = ["Key", "OfficialTable", "Reading", "Unread", "read_official"]
