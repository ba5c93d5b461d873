"""Small real inputs for tests: a unit's folder, its workbook, and the same rows in any format."""

from __future__ import annotations

import csv
import io
import struct
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from pathlib import Path
from typing import TypeVar

import xlwt
import yaml
from odf.element import Element
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl import Workbook

from selfeval.schemes.form import FormLayout, TableLayout, load_form
from selfeval.sheets import Place
from selfeval.sheets.xls import SIGNATURE
from selfeval.tables import Tables, load_tables
from selfeval.tables.own_form.workbook import FORM_FILE, write_form
from selfeval.tables.rows import Amount
from selfeval.unit import NARRATIVE_FILE, UNIT_FILE, load_folder

SCHEMES = Path(__file__).resolve().parent.parent / "params" / "schemes"
FORM: FormLayout = load_form(SCHEMES)
LAYOUTS: dict[str, TableLayout] = {layout.table: layout for layout in FORM.tables}
SETTINGS = {"unit_code": "T001", "unit_name": "测试单位", "fiscal_year": 2021}
NARRATIVE = """\
# 一、部门、单位基本情况

## （二）机构设置

内设三个科室。

## （三）主要职能

办理各项业务。

# 三、部门整体支出绩效情况

全年工作按计划完成。
"""
BASIC = [
    {"item": "人员经费", "initial_budget": 100, "adjusted_budget": 110, "executed": 105.5},
    {"item": "公用经费", "initial_budget": 20, "adjusted_budget": 20, "executed": 19},
]
PROJECTS = [{"item": "甲项目", "initial_budget": 50, "adjusted_budget": 50, "executed": 40}]
Rows = Sequence[Mapping[str, object]]
Sheet = Sequence[Sequence[object]]
_Kind = TypeVar("_Kind")


def make_folder(tmp_path: Path, narrative: str = NARRATIVE, **settings: object) -> Path:
    """Write a unit's folder without tables: params/<year>/<code> with unit.yaml, narrative.md."""
    keys = SETTINGS | settings
    folder = tmp_path / "params" / str(keys["fiscal_year"]) / str(keys["unit_code"])
    folder.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(keys, allow_unicode=True, sort_keys=False)
    (folder / UNIT_FILE).write_text(text, encoding="utf-8")
    (folder / NARRATIVE_FILE).write_text(narrative, encoding="utf-8")
    return folder


def make_unit(
    tmp_path: Path,
    *,
    narrative: str = NARRATIVE,
    settings: Mapping[str, object] | None = None,
    **tables: Rows,
) -> Path:
    """Write a whole unit: the folder and its 填报.xlsx.

    ``tables`` maps a table of the layout (staffing, basic, projects, other, indicators,
    measures, evidence) to its rows, each a mapping of field to value. Without any, basic and
    projects hold a few sound amounts.
    """
    folder = make_folder(tmp_path, narrative, **(settings or {}))
    write_form(folder / FORM_FILE, FORM, "测试", tables or {"basic": BASIC, "projects": PROJECTS})
    return folder


def made(kind: type[_Kind], /, **values: object) -> _Kind:
    """Return a row as one is read from a table, blank but for these values."""
    blank: dict[object, object] = {
        "str": "", "bool": False, "int": 1, "tuple[tuple[str, str], ...]": (),
    }  # fmt: skip
    needed = (own for own in fields(kind) if own.default is MISSING)  # type: ignore[arg-type]
    return kind(**{own.name: blank.get(own.type) for own in needed} | values)


def load_rows(tmp_path: Path, **tables: Rows) -> Tables:
    """Return the tables of a unit made with ``make_unit``."""
    return load_tables(load_folder(make_unit(tmp_path, **tables)))


def amount_of(item: str, fen: int | None = None, **changed: object) -> Amount:
    """Return an amount as it was read, in 元; without 分 it is a blank."""
    state = "blank" if fen is None else "value" if fen else "zero"
    raw = "" if fen is None else f"{fen / 100:.2f}"
    known: dict[str, object] = {
        "table": "甲", "block": "total", "item_code": item, "item_name": item, "fund": "",
        "phase": "executed", "fen": fen, "state": state, "place": Place("表.xlsx", "一", "C4"),
        "raw": raw, "amount_unit": "元",
    }  # fmt: skip
    return Amount(**(known | changed))  # type: ignore[arg-type]


def sheet_of(table: str, rows: Rows, unit: str = "万元", note: str = "金额单位：") -> Sheet:
    """Return a table as rows of cells: title, unit where it has amounts, headings, body."""
    layout = LAYOUTS[table]
    head: list[list[object]] = [[layout.title]]
    if layout.amounts and unit:
        head.append([f"{note}{unit}"])
    head.append([column.heading for column in layout.columns])
    return head + [[row.get(column.field, "") for column in layout.columns] for row in rows]


def write_xlsx(path: Path, **sheets: Sheet) -> Path:
    """Write a workbook with openpyxl; "" is an empty cell."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([None if value == "" else value for value in row])
    book.save(path)
    return path


def write_xls(path: Path, **sheets: Sheet) -> Path:
    """Write an old workbook with xlwt."""
    book = xlwt.Workbook()
    for title, rows in sheets.items():
        sheet = book.add_sheet(title)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value != "":
                    sheet.write(number, column, value)
    book.save(str(path))
    return path


def ole_of(*names: str) -> bytes:
    """Return an OLE container of empty streams, each found by way of the one before it."""
    none, end = 0xFFFFFFFF, 0xFFFFFFFE

    def entry(name: str, kind: int, right: int, child: int) -> bytes:
        text = name.encode("utf-16-le")
        links = (none, right, child)
        return struct.pack("<64sHBB3I36xIQ", text, len(text) + 2, kind, 1, *links, end, 0)

    streams = [
        entry(name, 2, number if number <= len(names) else none, none)
        for number, name in enumerate(names, 2)
    ]
    directory = b"".join([entry("Root Entry", 5, none, 1), *streams])
    directory += bytes(-len(directory) % 512)
    sectors = len(directory) // 512
    tables = sectors // 127 + 1
    chain = [0xFFFFFFFD] * tables + [*range(tables + 1, tables + sectors), end]
    chain += [none] * (128 * tables - len(chain))
    listed = [*range(tables), *[none] * (109 - tables)]
    numbers = (0, tables, tables, 0, 4096, end, 0, end, 0)
    head = struct.pack("<8s16x5H6x9I", SIGNATURE, 0x3E, 3, 0xFFFE, 9, 6, *numbers)
    return head + struct.pack(f"<109I{128 * tables}I", *listed, *chain) + directory


def write_ods(path: Path, **sheets: Sheet) -> Path:
    """Write an OpenDocument spreadsheet with odfpy."""
    document = OpenDocumentSpreadsheet()
    for title, rows in sheets.items():
        cells = [[ods_cell(value) for value in row] for row in rows]
        document.spreadsheet.addElement(ods_table(title, cells))
    document.save(str(path))
    return path


def ods_of(path: Path, *rows: Sequence[Element]) -> Path:
    """Write an OpenDocument spreadsheet with one sheet, 表, from cells."""
    document = OpenDocumentSpreadsheet()
    document.spreadsheet.addElement(ods_table("表", rows))
    document.save(str(path))
    return path


def ods_table(name: str, rows: Sequence[Sequence[Element]]) -> Element:
    """Return one sheet of an OpenDocument spreadsheet."""
    table = Table(name=name)
    for cells in rows:
        row = TableRow()
        for cell in cells:
            row.addElement(cell)
        table.addElement(row)
    return table


def ods_cell(value: object, /, **attributes: object) -> Element:
    """Return one cell of an OpenDocument spreadsheet."""
    if isinstance(value, (int, float)):
        attributes = {"valuetype": "float", "value": repr(value)} | attributes
    elif value != "":
        attributes = {"valuetype": "string"} | attributes
    cell = TableCell(**attributes)
    if value != "":
        cell.addElement(P(text=str(value)))
    return cell


def csv_bytes(rows: Sheet, encoding: str = "utf-8") -> bytes:
    """Return rows as a CSV file's bytes, each as long as the longest, as Excel saves them."""
    width = max(map(len, rows))
    text = io.StringIO(newline="")
    csv.writer(text).writerows([*row, *[""] * (width - len(row))] for row in rows)
    return text.getvalue().encode(encoding)


def write_csv(path: Path, rows: Sheet, encoding: str = "utf-8") -> Path:
    """Write a CSV file."""
    path.write_bytes(csv_bytes(rows, encoding))
    return path
