"""Where an official table ends, and what of the lines above it are only a preamble."""

from __future__ import annotations

import re

from ...schemes.layouts import Layouts
from ..cells import Cells, units_in
from .bands import heading_cells, is_header, is_ruler
from .lines import is_note, repeats_header
from .recognition import Match, match_table, titles_between

_LONGEST_TITLE = 60
_MOST_PREAMBLE = 8
_OFFICE = re.compile(
    r"(?:编制|填报|填表|预算)?(?:部门|单位)(?:名称|\(公章\))?:(?!(?:人民币)?[千万亿]?元)(?P<name>[^:]*?)"
    r"(?=金额单位|单位:|单位名称|年度|$)"
)


def table_end(cells: Cells, match: Match, layouts: Layouts) -> int:
    """Return the row after a table's last: the next title, or the next header band."""
    first = match.band.last + 1
    noted, again = False, first
    coded = all(group.panel.rows == "codes" for group in match.groups) and len(match.groups) == 1
    totals: list[bool] = []  # whether each row of numbers is a total, of which codes have but one
    for row in range(first, cells.height):
        filled = cells.filled(row)
        if not filled or row < again:
            continue
        if _is_title(cells, row, layouts):
            header = _header_again(cells, row, match, layouts)
            if header is None:
                return row
            again = header
            continue
        noted = noted or is_note(cells, row, layouts)
        if cells.has_number(row) and coded:
            names = layouts.words.folded["totals"]
            totals.append(any(cells.folded[row][column] in names for column in filled))
        if cells.has_number(row) or is_ruler(cells, row, layouts):
            continue
        if repeats_header(cells, row, match):
            # A table ends with its notes, or with its total if that did not come first.
            if noted or (totals[-1:] == [True] and not totals[0]):
                return row
            continue
        if is_header(cells, row, layouts) or (
            heading_cells(cells, row, layouts)[0] >= 2
            and match_table(cells, row, first, layouts) is not None
        ):
            start = row
            while start - 1 >= first and _belongs_below(cells, start - 1):
                start -= 1
            return start
    return cells.height


def _header_again(cells: Cells, row: int, match: Match, layouts: Layouts) -> int | None:
    """Return where the header stands in place again, below a title that is the table's own."""
    again = next(titles_between(cells, row, row + 1, layouts), None)
    if again is None or match.title is None or again.folded != match.title.folded:
        return None
    if None not in (again.year, match.year) and again.year != match.year:
        return None
    for below in range(row + 1, min(row + _MOST_PREAMBLE, cells.height)):
        if repeats_header(cells, below, match):
            office = office_in(cells, row, below)
            own = office_in(cells, match.title.row, match.band.first)
            return below if not office or not own or office == own else None
        if cells.has_number(below):
            return None
    return None


def _is_title(cells: Cells, row: int, layouts: Layouts) -> bool:
    filled = cells.filled(row)
    text = cells.folded[row][filled[0]]
    if len(filled) > 2 or cells.has_number(row) or len(text) > _LONGEST_TITLE:
        return False
    if text.strip("()") in layouts.words.continued:
        return True
    head = text.split("(")[0]
    return (
        len(head) >= 4
        and head.endswith(layouts.words.title_ends)
        and not text.startswith(layouts.words.notes)
    )


def _belongs_below(cells: Cells, row: int) -> bool:
    return bool(units_in(cells, row)) or not cells.filled(row)


def office_in(cells: Cells, first: int, end: int) -> str:
    """Return the office that the lines above a table name, "" if they name none."""
    for row in range(first, end):
        for column in cells.filled(row):
            text = cells.folded[row][column]
            match = _OFFICE.search(text) if ":" in text else None
            if match and match["name"]:
                return match["name"]
    return ""
