"""OpenDocument spreadsheets (.ods), read only for what calamine does not tell: see ``unseen``."""

from __future__ import annotations

import re
import zipfile
from xml.parsers import expat

from .limits import LARGEST_AREA, MOST_SHEETS, ExcessError
from .parts import local, read_part
from .unseen import ERROR, NO_RESULT, Unseen

CONTENT = "content.xml"
MANIFEST = "META-INF/manifest.xml"
_VALUES = {
    "float": "value",
    "currency": "value",
    "percentage": "value",
    "date": "date-value",
    "time": "time-value",
    "boolean": "boolean-value",
}
_ERROR = re.compile(r"#(?:[A-Z]+[/!?0A-Z]*)|Err:[0-9]+")
_GROUPS = {"table-row-group", "table-column-group"}


def unseen_in_ods(archive: zipfile.ZipFile) -> tuple[list[Unseen], set[str]]:
    """Look through a workbook, sheet by sheet; also return the names of the parts read."""
    parser = expat.ParserCreate()
    reader = _OdsReader(parser)
    read_part(archive, CONTENT, reader.start, reader.end, parser)
    return reader.sheets, {CONTENT}


class _OdsReader:
    """Follows the elements of content.xml: where in which sheet we are, and what stands there."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.parser = parser
        self.sheets: list[Unseen] = []
        self.within: list[str] = []
        self.hidden_groups: list[bool] = []
        self.row = self.column = 0
        self.rows = 1
        self.next_column = 0
        self.cell: dict[str, str] = {}
        self.text: list[str] = []

    def start(self, name: str, given: dict[str, str]) -> None:
        tag = local(name)
        parent = self.within[-1] if self.within else ""
        self.within.append(tag)
        if parent == "table-row":
            self.cell, self.text = given, []
        elif tag == "p" and parent in ("table-cell", "covered-table-cell"):
            self.parser.CharacterDataHandler = self.text.append
        elif tag == "table":
            self._start_sheet(_plain(given))
        elif tag == "table-row":
            self._start_row(_plain(given))
        elif tag == "table-column":
            self._take_column(_plain(given))
        elif tag in _GROUPS:
            self.hidden_groups.append(_plain(given).get("display") == "false")

    def end(self, name: str) -> None:
        tag = self.within.pop()
        parent = self.within[-1] if self.within else ""
        if parent == "table-row":
            self._take_cell()
        elif tag == "p" and parent in ("table-cell", "covered-table-cell"):
            self.parser.CharacterDataHandler = None
        elif tag == "table-row":
            self.row += self.rows
        elif tag in _GROUPS:
            self.hidden_groups.pop()

    def _start_sheet(self, given: dict[str, str]) -> None:
        self.sheets.append(Unseen(given.get("name", "")))
        self.row = self.next_column = 0
        if len(self.sheets) > MOST_SHEETS:
            raise ExcessError(f"工作表超过 {MOST_SHEETS} 张")

    def _start_row(self, given: dict[str, str]) -> None:
        self.rows, self.column = _count(given, "number-rows-repeated"), 0
        if self._is_hidden(given):
            self.sheets[-1].hidden_rows.append((self.row, self.row + self.rows - 1))

    def _take_column(self, given: dict[str, str]) -> None:
        first = self.next_column
        self.next_column += _count(given, "number-columns-repeated")
        if self._is_hidden(given):
            self.sheets[-1].hidden_columns.append((first, self.next_column - 1))

    def _is_hidden(self, given: dict[str, str]) -> bool:
        return given.get("visibility") in ("collapse", "filter") or any(self.hidden_groups)

    def _take_cell(self) -> None:
        sheet, row, column = self.sheets[-1], self.row, self.column
        given = _plain(self.cell)
        text = "".join(self.text).strip()
        width = _count(given, "number-columns-repeated")
        self.column += width
        held = _held(self.cell, given, text)
        if held:
            sheet.cells[row, column] = held
        elif given.get("value-type") == "percentage" and self.rows * width <= LARGEST_AREA:
            across = range(column, column + width)
            sheet.percents |= {(r, c) for r in range(row, row + self.rows) for c in across}
        if text or held or "value-type" in given:
            sheet.reach(row + self.rows - 1, column + width - 1, self.rows)
        down, right = _count(given, "number-rows-spanned"), _count(given, "number-columns-spanned")
        if down * right > 1:
            sheet.merges.append((row, column, row + down - 1, column + right - 1))


def _plain(given: dict[str, str]) -> dict[str, str]:
    return {local(name): value for name, value in given.items()}


def _count(given: dict[str, str], name: str) -> int:
    number = int(given.get(name, "1"))
    if number < 1:
        raise ValueError(f"{name} 不对")
    return number


def _held(cell: dict[str, str], given: dict[str, str], text: str) -> str:
    """Return what a cell holds that only looks blank, or nothing."""
    kind = given.get("value-type")
    types = {value for name, value in cell.items() if name.endswith(":value-type")}
    if "error" in types or ("formula" in given and _ERROR.fullmatch(text)):
        return text or ERROR
    uncomputed = "formula" in given and kind is None and not text
    if uncomputed or (kind in _VALUES and _VALUES[kind] not in given):
        return NO_RESULT
    return ""
