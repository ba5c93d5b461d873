"""Invented sheets written as files by independent writers: xlsx twice, xls, ods, CSV."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape

import xlwt
from builders import ods_cell
from fuzz_sheets import Sheet
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableRow
from openpyxl import Workbook

from selfeval.sheets import column_letters

KINDS = ["openpyxl", "openpyxl", "openpyxl", "xml", "xml", "xml", "xls", "csv", "csv", "csv", "ods"]


def write_sheets(rng: Random, sheets: list[Sheet], folder: Path, kind: str) -> list[Path]:
    """Write sheets as files of one kind; a CSV file holds one sheet."""
    if kind == "csv":
        return [_write_csv(rng, sheet, folder / f"{sheet.name}.csv") for sheet in sheets]
    path = folder / f"表.{'xlsx' if kind in ('openpyxl', 'xml') else kind}"
    {"openpyxl": _openpyxl, "xml": _xml, "xls": _xls, "ods": _ods}[kind](sheets, path)
    return [path]


def _write_csv(rng: Random, sheet: Sheet, path: Path) -> Path:
    text = io.StringIO(newline="")
    width = sheet.width()
    csv.writer(text).writerows(
        [sheet.cells.get((row, column), "") for column in range(width)]
        for row in range(sheet.bottom())
    )
    path.write_bytes(text.getvalue().encode(rng.choice(["utf-8", "utf-8-sig", "gb18030"])))
    return path


def _openpyxl(sheets: list[Sheet], path: Path) -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        for (row, column), value in sheet.cells.items():
            held = f"=SUM({value})" if (row, column) in sheet.formulas else value
            page.cell(row + 1, column + 1, held)
        for top, left, bottom, right in sheet.merges:
            page.merge_cells(None, top + 1, left + 1, bottom + 1, right + 1)
        for row in sheet.hidden:
            page.row_dimensions[row + 1].hidden = True
    book.save(path)


_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships'
    '+xml"/><Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/>{}</Types>'
)
_SHEET_TYPE = (
    '<Override PartName="/xl/worksheets/sheet{}.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.worksheet+xml"/>'
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    "{}</Relationships>"
)
_RELATION = '<Relationship Id="r{}" Type="' + _OFFICE + '/{}" Target="{}"/>'


def _xml(sheets: list[Sheet], path: Path) -> None:
    """Write an .xlsx file without any library: texts inline, no styles."""
    numbers = range(1, len(sheets) + 1)
    parts = {
        "[Content_Types].xml": _TYPES.format("".join(_SHEET_TYPE.format(n) for n in numbers)),
        "_rels/.rels": _RELATIONS.format(_RELATION.format(1, "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        + "".join(
            f'<sheet name="{sheet.name}" sheetId="{n}" r:id="r{n}"/>'
            for n, sheet in enumerate(sheets, 1)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _RELATIONS.format(
            "".join(_RELATION.format(n, "worksheet", f"worksheets/sheet{n}.xml") for n in numbers)
        ),
    }
    parts |= {f"xl/worksheets/sheet{n}.xml": _xml_sheet(s) for n, s in enumerate(sheets, 1)}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')


def _xml_sheet(sheet: Sheet) -> str:
    rows: dict[int, list[str]] = {}
    for (row, column), value in sorted(sheet.cells.items()):
        place = f"{column_letters(column)}{row + 1}"
        if (row, column) in sheet.formulas:
            cell = f'<c r="{place}"><f>SUM(A1:A2)</f></c>'
        elif isinstance(value, str):
            cell = f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        else:
            cell = f'<c r="{place}"><v>{value!r}</v></c>'
        rows.setdefault(row, []).append(cell)
    hidden = dict.fromkeys(sheet.hidden, ' hidden="1"')
    body = "".join(
        f'<row r="{row + 1}"{hidden.get(row, "")}>{"".join(cells)}</row>'
        for row, cells in rows.items()
    )
    merges = "".join(
        f'<mergeCell ref="{column_letters(left)}{top + 1}:{column_letters(right)}{bottom + 1}"/>'
        for top, left, bottom, right in sheet.merges
    )
    merged = f'<mergeCells count="{len(sheet.merges)}">{merges}</mergeCells>' if merges else ""
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData>{merged}</worksheet>'


def _xls(sheets: list[Sheet], path: Path) -> None:
    book = xlwt.Workbook()
    for sheet in sheets:
        page = book.add_sheet(sheet.name)
        for top, left, bottom, right in sheet.merges:
            page.merge(top, bottom, left, right)
        for (row, column), value in sheet.cells.items():
            page.write(row, column, value)
        for row in sheet.hidden:
            page.row(row).hidden = True
    book.save(str(path))


def _ods(sheets: list[Sheet], path: Path) -> None:
    document = OpenDocumentSpreadsheet()
    for sheet in sheets:
        spans = {(m[0], m[1]): (m[2] - m[0] + 1, m[3] - m[1] + 1) for m in sheet.merges}
        covered = {
            (row, column)
            for top, left, bottom, right in sheet.merges
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        } - set(spans)
        table = Table(name=sheet.name)
        for row in range(sheet.bottom()):
            line = TableRow(**({"visibility": "collapse"} if row in sheet.hidden else {}))
            for column in range(sheet.width()):
                if (row, column) in covered:
                    line.addElement(CoveredTableCell())
                    continue
                rows, columns = spans.get((row, column), (1, 1))
                merged = {"numberrowsspanned": rows, "numbercolumnsspanned": columns}
                value = sheet.cells.get((row, column), "")
                line.addElement(ods_cell(value, **(merged if rows * columns > 1 else {})))
            table.addElement(line)
        document.spreadsheet.addElement(table)
    document.save(str(path))
