"""What calamine does not tell of a workbook: errors, formulas without results, merges, extent.

calamine shows an error cell, and a formula whose result was never stored, as blank. Either
would make a total silently wrong, so the workbook's own XML or records are read for them.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from defusedxml import ElementTree

NO_RESULT = "公式"
"""Stands in ``Unseen.cells`` for a formula whose result was never stored."""
Cell = tuple[int, int]

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_NUMERIC = {"float", "currency", "percentage"}
_ODS_VALUES = {
    "float": "value",
    "currency": "value",
    "percentage": "value",
    "date": "date-value",
    "time": "time-value",
    "boolean": "boolean-value",
}
_ODS_ERROR = re.compile(r"#(?:[A-Z]+[/!?0A-Z]*)|Err:[0-9]+")


@dataclass
class Unseen:
    """One sheet: cells that only look blank, by row and column from 0, and what they hold.

    ``percents`` are numbers shown as percentages. ``merged`` is None where calamine tells.
    """

    cells: dict[Cell, str] = field(default_factory=dict)
    percents: set[Cell] = field(default_factory=set)
    merged: dict[Cell, Cell] | None = None
    rows: int = 0
    columns: int = 0

    def reach(self, row: int, column: int) -> None:
        """Note that the sheet holds something up to this cell."""
        self.rows, self.columns = max(self.rows, row + 1), max(self.columns, column + 1)


def unseen_in_zip(archive: zipfile.ZipFile) -> list[Unseen] | None:
    """Look through an .xlsx or .ods file, sheet by sheet; None if it is neither.

    Raises
    ------
    xml.etree.ElementTree.ParseError, ValueError, KeyError, zipfile.BadZipFile
        If a part is missing, damaged, or declares a document type.
    """
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        percents = _percent_styles(archive) if "xl/styles.xml" in names else frozenset()
        return [_scan_xlsx(archive.read(part), percents) for part in _sheet_parts(archive)]
    if "content.xml" in names and "META-INF/manifest.xml" in names:
        return _scan_ods(archive.read("content.xml"))
    return None


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _attributes(node: Any) -> dict[str, str]:
    return {_local(name): value for name, value in node.attrib.items()}


def _parse(data: bytes) -> Any:
    return ElementTree.fromstring(data, forbid_dtd=True)


def _sheet_parts(archive: zipfile.ZipFile) -> Iterator[str]:
    links = _parse(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for node in _parse(archive.read("xl/workbook.xml")).iter():
        if _local(node.tag) == "sheet":
            target = targets[_attributes(node)["id"]].lstrip("/")
            yield target if target.startswith("xl/") else f"xl/{target}"


def _percent_styles(archive: zipfile.ZipFile) -> frozenset[int]:
    styles = _parse(archive.read("xl/styles.xml"))
    shown = {9, 10}  # built in: 0% and 0.00%
    for node in styles.iter():
        if _local(node.tag) == "numFmt":
            code = re.sub(r'"[^"]*"|\\.|_.', "", node.get("formatCode", ""))
            if "%" in code:
                shown.add(int(node.get("numFmtId", "0")))
    formats: list[Any] = next((n for n in styles if _local(n.tag) == "cellXfs"), [])
    return frozenset(n for n, xf in enumerate(formats) if int(xf.get("numFmtId", "0")) in shown)


def _scan_xlsx(xml: bytes, percents: frozenset[int]) -> Unseen:
    sheet = Unseen()
    row, column = -1, -1
    events = ElementTree.iterparse(io.BytesIO(xml), ("start", "end"), forbid_dtd=True)
    for event, node in events:
        tag = _local(node.tag)
        if tag == "row":
            if event == "start":  # addresses may be left out: then cells follow one another
                row, column = int(node.get("r", row + 2)) - 1, -1
            else:
                node.clear()
        elif tag == "c" and event == "start":
            match = _REFERENCE.fullmatch(node.get("r", ""))
            column = _column(match[1]) if match else column + 1
            row = int(match[2]) - 1 if match else row
        elif tag == "c":
            _scan_xlsx_cell(sheet, (row, column), node, percents)
    return sheet


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _scan_xlsx_cell(sheet: Unseen, cell: Cell, node: Any, percents: frozenset[int]) -> None:
    parts = {_local(part.tag): part for part in node}
    value = (parts["v"].text or "").strip() if "v" in parts else None
    kind = node.get("t", "n")
    if kind == "e":
        sheet.cells[cell] = value or "错误值"
    elif "f" in parts and not value and "is" not in parts:
        # A formula whose result is an empty text has an empty <v>; one never computed has none.
        if kind != "str" or value is None:
            sheet.cells[cell] = NO_RESULT
    elif value and kind == "n" and int(node.get("s", "0")) in percents:
        sheet.percents.add(cell)
    if value or parts.keys() & {"f", "is"}:
        sheet.reach(*cell)


def _scan_ods(xml: bytes) -> list[Unseen]:
    content = _parse(xml)
    return [_scan_ods_table(table) for table in content.iter() if _local(table.tag) == "table"]


def _scan_ods_table(table: Any) -> Unseen:
    sheet = Unseen(merged={})
    row = 0
    for node in table.iter():
        if _local(node.tag) != "table-row":
            continue
        repeated = int(_attributes(node).get("number-rows-repeated", "1"))
        column = 0
        for cell in node:
            column += _scan_ods_cell(sheet, row, column, repeated, cell)
        row += repeated
    return sheet


def _scan_ods_cell(sheet: Unseen, row: int, column: int, rows: int, node: Any) -> int:
    given = _attributes(node)
    width = int(given.get("number-columns-repeated", "1"))
    text = "".join("".join(p.itertext()) for p in node if _local(p.tag) == "p").strip()
    found = _ods_fault(node, given, text)
    if found:
        sheet.cells[row, column] = found
    elif given.get("value-type") == "percentage" and rows * width == 1:
        sheet.percents.add((row, column))
    if text or found or "value-type" in given:
        sheet.reach(row + rows - 1, column + width - 1)
    down, across = (int(given.get(f"number-{n}-spanned", "1")) for n in ("rows", "columns"))
    if down * across > 1 and sheet.merged is not None and down * across < 100_000:
        covered = ((r, c) for r in range(row, row + down) for c in range(column, column + across))
        sheet.merged |= {cell: (row, column) for cell in covered if cell != (row, column)}
    return width


def _ods_fault(node: Any, given: dict[str, str], text: str) -> str:
    kind = given.get("value-type")
    types = {v for name, v in node.attrib.items() if name.endswith("}value-type")}
    if "error" in types or ("formula" in given and _ODS_ERROR.fullmatch(text)):
        return text or "错误值"
    uncomputed = "formula" in given and kind is None and not text
    if uncomputed or (kind in _ODS_VALUES and _ODS_VALUES[kind] not in given):
        return NO_RESULT
    return ""
