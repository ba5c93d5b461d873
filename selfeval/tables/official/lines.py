"""Rows of a panel before they are understood: labels and numbers, pieces joined to one row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ...folding import fold
from ...schemes.layouts import Layouts
from ..cells import Cells, bare_label, form_numbers, is_number, unit_notes
from .bands import is_ruler
from .columns import ColumnGroup
from .keys import KeyReader, Label
from .recognition import Match, titles_between


@dataclass
class Line:
    """A row of a panel before it is understood: labels, filled values, numbers elsewhere.

    ``beside`` are value cells that hold headings.
    """

    row: int
    labels: list[Label]
    numbers: list[int]
    odd: list[int]
    numbers_at: int
    fault: str = ""
    beside: list[int] = field(default_factory=list)


def holds_data(cells: Cells, row: int, match: Match, layouts: Layouts) -> bool:
    """Return whether a row below a header is neither blank, a ruler, a note nor a header again."""
    filled = cells.filled(row)
    if not filled or is_ruler(cells, row, layouts) or is_note(cells, row, layouts):
        return False
    return not repeats_header(cells, row, match) and not _is_page_top(cells, row, match, layouts)


def _is_page_top(cells: Cells, row: int, match: Match, layouts: Layouts) -> bool:
    """Return whether a row is what stands above the header, again on a new page."""
    if cells.has_number(row):
        return False
    if unit_notes(cells, row):
        return True
    title = match.title.folded if match.title else None
    return any(found.folded == title for found in titles_between(cells, row, row + 1, layouts)) or (
        len(cells.filled(row)) == 1
        and any(form_numbers(cells.folded[row][column]) for column in cells.filled(row))
    )


def repeats_header(cells: Cells, row: int, match: Match) -> bool:
    """Return whether a row only repeats the header, each heading in its own column."""
    filled, placed = cells.filled(row), match.band.placed
    return len(filled) > 1 and all((c, cells.folded[row][c]) in placed for c in filled)


def is_note(cells: Cells, row: int, layouts: Layouts) -> bool:
    """Return whether a row is a note below the table."""
    filled = cells.filled(row)
    return bool(filled) and cells.texts[row][filled[0]].startswith(layouts.words.notes)


def panel_line(cells: Cells, group: ColumnGroup, row: int, match: Match) -> Line:
    line = Line(row, [], [], [], row)
    first_value = min(group.values)
    for column in range(group.first, min(group.end, cells.width)):  # a page may be narrower
        if (row, column) in match.band.within_data:  # a heading in the row of the total
            line.beside.append(column)
            continue
        text = cells.texts[row][column] or _merged_above(cells, group, row, column, match)
        if not text or (column in group.passed and not _names_office(group, column)):
            continue
        if column in group.values:
            line.numbers.append(column)
        elif _is_stray(group, text) or (is_number(text) and column not in group.keys):
            line.odd += [column] if is_number(text) else []
        elif column in group.keys or (
            column < first_value and not (group.keys and column in group.strange)
        ):
            line.labels.append((column, text))
    return line


def _names_office(group: ColumnGroup, column: int) -> bool:
    """Return whether a column says what office a row is of: no other key does."""
    return group.panel.rows == "single" and column < min(group.values)


def _is_stray(group: ColumnGroup, text: str) -> bool:
    """Return whether a text among names is none: an amount that a page break moved, a dash."""
    return group.panel.rows == "names" and (is_number(text) or not any(map(str.isalnum, text)))


def _merged_above(cells: Cells, group: ColumnGroup, row: int, column: int, match: Match) -> str:
    """Return a key that is merged over several rows: it belongs to each of them."""
    origin = cells.grid.merged.get((row, column))
    if column not in group.keys or origin is None or origin[1] != column or origin[0] == row:
        return ""
    return cells.texts[origin[0]][column] if origin[0] > match.band.last else ""


def lend_totals(own: list[Line], left: list[Line], group: ColumnGroup, layouts: Layouts) -> None:
    """Give a row without a label that of a total to its left, merged over both panels."""
    totals = layouts.words.folded["totals"]
    for line, beside in zip(own, left, strict=True):
        if not (line.numbers and not line.labels and beside.labels and not beside.numbers):
            continue
        name = fold(beside.labels[-1][1])
        if name in totals or any(form in group.panel.by_name for form in (name, bare_label(name))):
            line.labels = beside.labels


# --- rows that a PDF broke in two ---


def rejoined_lines(cells: Cells, lines: list[Line], reader: KeyReader, top: int) -> Iterator[Line]:
    """Yield the lines, those broken in two made one: labels here, numbers next to them.

    ``top`` is the last row of the header.
    """
    by_row = {line.row: line for line in lines}
    taken: set[int] = set()
    for line in lines:
        rest = by_row.get(line.row + 1)
        if line.labels and line.numbers and rest and rest.labels and not rest.numbers:
            pieces = [line, rest]
            if (
                rest.labels[-1][0] == line.labels[-1][0]
                and not reader.known(rest.labels)
                and reader.known(_run_on(pieces))
            ):
                line.labels = _run_on(pieces)
                taken.add(rest.row)
        if not line.numbers or line.labels:
            continue
        around = [by_row.get(line.row - 1), by_row.get(line.row + 1)]
        pieces = [o for o in around if o and o.labels and not o.numbers and o.row not in taken]
        whole = [other for other in pieces if reader.known(other.labels)]
        if len(whole) == 1 and not _stands_apart(cells, line, whole[0], reader, top):
            line.fault = f"看不出是不是“{whole[0].labels[-1][1]}”这一行的数"
        elif len(whole) == 1:
            taken.add(line.row)
            whole[0].numbers, whole[0].numbers_at = line.numbers, line.row
        elif whole:
            line.fault = "看不出属于上一行还是下一行"
        elif len(pieces) == 2 and reader.known(_run_on(pieces)):
            line.labels = _run_on(pieces)
            taken |= {piece.row for piece in pieces}
        else:
            line.fault = "这一行没有科目或项目名称"
    yield from (line for line in lines if line.row not in taken)


def _stands_apart(cells: Cells, line: Line, other: Line, reader: KeyReader, top: int) -> bool:
    """Return whether two rows are sure to be one: a row may as well just be blank.

    A row with a code in a table of several columns is there because of its numbers, of which it
    has two at least: a whole and a part. Others must have blank rows around the two, as PDFs
    leave them, or one between them and the rows below.
    """
    specs = {id(value.spec) for value in reader.group.values.values()}
    if reader.group.panel.rows == "codes" and len(specs) > 1:
        return sum(cells.numeric[line.row][column] for column in line.numbers) > 1
    low, high = sorted((line.row, other.row))
    after = high + 1 < cells.height and bool(cells.filled(high + 1))
    if after:
        return False
    more = any(cells.filled(row) for row in range(high + 1, cells.height))
    return low - 1 <= top or not cells.filled(low - 1) or (other.row == low and more)


def _run_on(pieces: Sequence[Line]) -> list[Label]:
    column = pieces[0].labels[-1][0]
    return [(column, "".join(piece.labels[-1][1] for piece in pieces))]
