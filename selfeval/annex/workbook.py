"""Filled sheets → a workbook: fonts, borders, merges, heights and print set-up.

The same sheets give the same bytes: no clock is read, and the workbook is made in memory.
"""

from __future__ import annotations

import datetime as dt
import io
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from ..tables.own_form.workbook import is_like_a_formula, storable
from .entries import DECIMALS, as_decimal, decimals_of
from .sheets import Cell, Sheet

_SONG, _HEI = "宋体", "黑体"
_SIZE, _SMALLEST = 10.5, 5.0
_LINE: Final = 14.5
"""Points a line of text takes at that size."""
_PADDING, _HIGHEST = 7.0, 409.0
_A4: Final = (595.0, 842.0)
_SIDE, _HEAD, _INCH = 0.5, 0.75, 72
_SPARE: Final = 0.97
"""How much of a page is filled: programs differ in how high a row is on paper."""
_WIDE: Final = 2.0
"""Widths of a digit that a Chinese character takes."""
_FORMATS: Final = {
    "money": "#,##0.00",
    "rate": "0.00%",
    "count": "0",
    "points": "0.00",
    "weight": "General",
    "text": "@",
}
_STYLES: Final[dict[str, dict[str, Any]]] = {
    "mark": {"align": "left", "font_name": _HEI},
    "title": {"align": "center", "font_name": _HEI, "font_size": 16},
    "middle": {"align": "center"},
    "note": {"align": "left"},
    "note_right": {"align": "right"},
    "head": {"align": "center", "border": 1, "font_name": _HEI},
    "label": {"align": "left", "border": 1},
    "left": {"align": "left", "border": 1},
    "prose": {"align": "left", "border": 1},
    "value": {"align": "center", "border": 1},
}
_MONEY: Final = {"align": "right", "indent": 1}


def workbook_bytes(sheets: Sequence[Sheet], dated: dt.date, header: str = "") -> bytes:
    """Return the sheets as a workbook.

    Parameters
    ----------
    sheets : sequence of Sheet
        At least one; their names differ.
    dated : date
        Written as the day the workbook was made.
    header : str
        Printed at the head of every page, "" for nothing.
    """
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": dt.datetime.combine(dated, dt.time())})
    formats: dict[tuple[object, ...], Any] = {}
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        _set_up(page, sheet, header)
        sizes = [_font_size(cell, sheet.form.widths) for cell in sheet.cells]
        heights = _heights(sheet, sizes)
        for row, height in enumerate(heights):
            page.set_row(row, height)
        starts = _page_starts(sheet, heights)
        page.set_h_pagebreaks(starts)
        for cell, size in zip(sheet.cells, sizes, strict=True):
            for part in _by_page(cell, starts):
                _write(page, part, _format(book, part, size, formats))
    book.close()
    return stream.getvalue()


def _set_up(page: Any, sheet: Sheet, header: str) -> None:
    for column, width in enumerate(sheet.form.widths):
        page.set_column(column, column, width)
    page.set_paper(9)  # A4
    if sheet.form.landscape:
        page.set_landscape()
    page.set_margins(left=_SIDE, right=_SIDE, top=_HEAD, bottom=_HEAD)
    page.center_horizontally()
    page.fit_to_pages(1, 0)
    page.hide_gridlines(2)
    if sheet.repeat is not None:
        page.repeat_rows(sheet.repeat)
    page.set_footer("&C第 &P 页，共 &N 页")
    if header:
        page.set_header(f"&R{header.replace('&', '&&')}")


def _format(book: Any, cell: Cell, size: float, formats: dict[tuple[object, ...], Any]) -> Any:
    text = storable(cell.text)
    quoted = is_like_a_formula(text)
    number_format = _number_format(cell)
    key = (cell.style, cell.kind, number_format, cell.indent, size, quoted)
    if key not in formats:
        given = {
            "font_name": _SONG,
            "valign": "vcenter",
            "text_wrap": True,
            "indent": cell.indent,
            "num_format": number_format,
            **_STYLES[cell.style],
            **(_MONEY if cell.kind == "money" else {}),
            "font_size": size,
        }
        formats[key] = book.add_format(given)
        formats[key].set_quote_prefix(quoted)
    return formats[key]


def _number_format(cell: Cell) -> str:
    """Return the format of a cell's kind, with as many decimals as its number was printed with."""
    usual = _FORMATS[cell.kind]
    if cell.number is None:
        return usual
    more = decimals_of(cell.number, cell.kind) - DECIMALS[cell.kind]
    return usual.replace("0.00", f"0.00{'0' * more}")


def _write(page: Any, cell: Cell, form: Any) -> None:
    row, column = cell.row, cell.column
    if (row, column) != (cell.last_row, cell.last_column):
        page.merge_range(row, column, cell.last_row, cell.last_column, "", form)
    if cell.number is not None:
        # As Decimal: its digits are written as they are, where a float shows binary noise.
        number = Decimal(f"{as_decimal(cell.number):f}")
        if cell.formula:
            page.write_formula(row, column, cell.formula, form, number)
        else:
            page.write_number(row, column, number, form)
    elif cell.text:
        page.write_string(row, column, storable(cell.text), form)
    else:
        page.write_blank(row, column, None, form)


def _heights(sheet: Sheet, sizes: Sequence[float]) -> list[float]:
    """Return the height of each row: as much as its texts need, merged cells included."""
    heights = list(sheet.least_heights)
    sized = zip(sheet.cells, sizes, strict=True)
    for cell, size in sorted(sized, key=lambda pair: pair[0].last_row - pair[0].row):
        needed = _needed(cell, sheet.form.widths, size)
        short = needed - sum(heights[cell.row : cell.last_row + 1])
        if short > 0:
            share = short / (cell.last_row + 1 - cell.row)
            for row in range(cell.row, cell.last_row + 1):
                heights[row] = min(heights[row] + share, _HIGHEST)
    return [round(height * 4) / 4 for height in heights]


def _page_starts(sheet: Sheet, heights: Sequence[float]) -> list[int]:
    """Return the rows at which a new page is to begin, so that no frame is cut by its end.

    None where no cell would go over to another page: then a program may break as it likes.
    """
    across, down = reversed(_A4) if sheet.form.landscape else _A4
    # A column is 7 pixels a digit and 5 more, of three quarters of a point each.
    width = sum((7 * digits + 5) * 0.75 for digits in sheet.form.widths)
    scale = min(1.0, (across - 2 * _SIDE * _INCH) / width)
    room = (down - 2 * _HEAD * _INCH) / scale * _SPARE
    starts, used = [], 0.0
    for row, height in enumerate(heights):
        if used + height > room and used:
            starts.append(row)
            used = heights[sheet.repeat] if sheet.repeat is not None and sheet.repeat < row else 0.0
        used += height
    return starts if any(_starts_within(cell, starts) for cell in sheet.cells) else []


def _starts_within(cell: Cell, starts: Sequence[int]) -> Sequence[int]:
    """Return the rows after a cell's first at which a new page begins."""
    if not starts or cell.row == cell.last_row:
        return ()
    return starts[bisect_right(starts, cell.row) : bisect_right(starts, cell.last_row)]


def _by_page(cell: Cell, starts: Sequence[int]) -> Iterator[Cell]:
    """Yield a cell, or where it goes over to another page its part of each, framed and labelled."""
    first = cell.row
    for start in _starts_within(cell, starts):
        yield replace(cell, row=first, last_row=start - 1)
        first = start
    yield replace(cell, row=first) if first > cell.row else cell


def _font_size(cell: Cell, widths: Sequence[float]) -> float:
    """Return the size of a cell's text: smaller where rows cannot be high enough for all of it."""
    size: float = _STYLES[cell.style].get("font_size", _SIZE)
    room = _HIGHEST * (cell.last_row + 1 - cell.row)
    while size > _SMALLEST and _needed(cell, widths, size) > room:
        size -= 0.5
    return size


def _needed(cell: Cell, widths: Sequence[float], size: float) -> float:
    return _LINE * size / _SIZE * _lines(cell, widths, size) + _PADDING


def _lines(cell: Cell, widths: Sequence[float], font_size: float) -> int:
    """Return how many lines a cell's text takes when it is wrapped within its columns."""
    if not cell.text:
        return 1
    width = sum(widths[cell.column : cell.last_column + 1]) - 0.5 - 1.5 * cell.indent
    size = font_size / _SIZE
    count = 0
    for line in storable(cell.text).split("\n"):
        length = _length(line) * size
        # Where a line is broken there may be no room for half a word or a comma.
        room = width if length <= width else width - 2
        count += max(1, -int(-length // max(room, 2)))
    return count


@lru_cache(maxsize=4096)
def _length(line: str) -> float:
    return sum(_WIDE if _is_wide(c) else 1.1 for c in line)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WFA"
