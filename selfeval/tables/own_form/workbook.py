"""Writes the fill-in workbook: the form as a layout describes it, ready for Excel or WPS."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ...money import DISPLAY_UNIT, FEN_PER
from ...schemes.form import FormLayout, OwnColumn, TableLayout

FORM_FILE = "填报.xlsx"
BLANK_ROWS = 40
_HEADING_ROW = 4
_UNIT_LABEL = "金额单位："
_INK, _FILL, _EXAMPLE = "1F2937", "E8EEF6", "8A8F98"
_THIN = Side(style="thin", color="C5CBD3")
_LINE = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_FORMATS = {
    "amount": "#,##0.00####",
    "count": "0",
    "number": "0.##",
    "text": "@",
    "choice": "@",
    "date": "@",
}
_FORMULA_SIGNS = tuple("=+-@＝＋－＠")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""What begins like the code of a character in a workbook's XML: Excel would read it as one."""
Rows = Sequence[Mapping[str, object]]


def write_form(
    path: Path, form: FormLayout, title: str, rows: Mapping[str, Rows] | None = None
) -> None:
    """Write the fill-in workbook.

    Parameters
    ----------
    path : Path
        Where to write; an existing file is replaced.
    form : FormLayout
        The tables, from ``params/schemes/layouts``.
    title : str
        The unit and the year, shown at the head of the guide.
    rows : mapping of table name to rows, optional
        Rows to fill in, each a mapping of field to value. A table that is not mentioned gets
        the names of its fixed rows, if it has any.
    """
    book = Workbook()
    guide = book.active
    assert isinstance(guide, Worksheet)
    _write_guide(guide, form, title)
    for layout in form.tables:
        sheet = book.create_sheet(layout.sheet)
        _write_table(sheet, form, layout, (rows or {}).get(layout.table))
    book.active = 1
    guide.sheet_view.tabSelected = False
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def _write_guide(sheet: Worksheet, form: FormLayout, title: str) -> None:
    sheet.title = "填报说明"
    lines = [
        "填报说明",
        title,
        "",
        "1. 每张工作表从第 6 行起填写；第 5 行的灰色示例不会被读取，可以保留。",
        "2. 金额单位在每张表的左上角，可从下拉列表改；一张表只用一个单位。",
        "3. 没有数据就留空，报告会写“未提供”；不适用写“—”；确实为零才填 0。",
        "4. 年初预算数、调整后预算数、全年执行数是三个不同的数，不要互相照抄。",
        "5. 预算有调整、超支、执行较慢的，在“调整和偏差原因”栏写明原因和批准文号。",
        "6. 项目名称前后一致；属于大项的明细，在“上级项目”写大项的名称。",
        "7. 填好后保存，运行 selfeval check 看检查结果，运行 selfeval run 生成报告。",
        "",
        *(f"{layout.sheet}：{layout.title}" for layout in form.tables),
    ]
    for number, line in enumerate(lines, 1):
        cell = _written(sheet, number, 1, line)
        cell.font = Font(bold=number <= 2, size=14 if number == 1 else 11, color=_INK)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    sheet.column_dimensions["A"].width = 80


def _write_table(
    sheet: Worksheet, form: FormLayout, layout: TableLayout, rows: Rows | None
) -> None:
    _written(sheet, 1, 1, layout.title).font = Font(bold=True, size=14, color=_INK)
    if layout.amounts:
        sheet.cell(2, 1, _UNIT_LABEL).alignment = Alignment(horizontal="right")
        sheet.cell(2, 2, DISPLAY_UNIT).font = Font(bold=True, color=_INK)
        _choices(sheet, "B2", tuple(FEN_PER))
    for number, column in enumerate(layout.columns, 1):
        _write_column(sheet, number, column, layout)
    _write_example(sheet, form, layout)
    body = rows if rows is not None else _blank_rows(layout)
    for offset, row in enumerate(body, _HEADING_ROW + 2):
        for number, column in enumerate(layout.columns, 1):
            _written(sheet, offset, number, row.get(column.field))
    sheet.freeze_panes = f"B{_HEADING_ROW + 1}"
    sheet.sheet_view.zoomScale = 110
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{_HEADING_ROW}:{_HEADING_ROW}"


def _written(sheet: Worksheet, row: int, column: int, value: object) -> Cell:
    """Write a value so that Excel takes a text for text, even where it begins with "="."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    if value is None or isinstance(value, (int, float, Decimal)):
        cell.value = value
    elif str(value):
        text = ILLEGAL_CHARACTERS_RE.sub("", str(value))
        cell.value = _ESCAPE.sub("_x005F_", text)
        cell.data_type = "s"
        cell.quotePrefix = is_like_a_formula(text)
    return cell


def is_like_a_formula(text: str) -> bool:
    """Return whether a text would become a formula once its cell is edited and confirmed."""
    return text.lstrip().startswith(_FORMULA_SIGNS) or text != text.lstrip()


def _blank_rows(layout: TableLayout) -> Rows:
    key = layout.columns[0].field
    if layout.items:
        return [{key: item.name} for item in layout.items]
    return []


def _write_column(sheet: Worksheet, number: int, column: OwnColumn, layout: TableLayout) -> None:
    letter = get_column_letter(number)
    sheet.column_dimensions[letter].width = column.width
    head = _written(sheet, _HEADING_ROW, number, column.heading)
    head.font = Font(bold=True, color=_INK)
    head.fill = PatternFill("solid", fgColor=_FILL)
    head.border = _LINE
    head.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    if column.help:
        note = Comment(column.help, "selfeval")
        note.width, note.height = 260, 90
        head.comment = note
    first, last = _HEADING_ROW + 2, _HEADING_ROW + 1 + BLANK_ROWS
    numeric = column.type in {"amount", "count", "number"}
    for row in range(first, last + 1):
        cell = sheet.cell(row, number)
        cell.number_format = _FORMATS[column.type]
        cell.border = _LINE
        cell.alignment = Alignment(
            horizontal="right" if numeric else "left", vertical="center", wrap_text=not numeric
        )
    choices = column.choices
    if number == 1 and layout.items:
        choices = tuple(item.name for item in layout.items)
    if choices:
        _choices(sheet, f"{letter}{first}:{letter}{last}", choices, column.field != "kind")


def _choices(sheet: Worksheet, cells: str, choices: Sequence[str], strict: bool = True) -> None:
    listed = ",".join(choices)
    if len(listed) > 250:  # Excel's limit for a list written into the rule itself is 255.
        book = sheet.parent
        assert isinstance(book, Workbook)
        names = book["填报说明"]
        column = names.max_column + 2
        for row, choice in enumerate(choices, 1):
            _written(names, row, column, choice).font = Font(color="FFFFFF", size=8)
        letter = get_column_letter(column)
        listed = f"'填报说明'!${letter}$1:${letter}${len(choices)}"
        rule = DataValidation(type="list", formula1=f"={listed}", allow_blank=True)
    else:
        rule = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
    rule.showErrorMessage = strict
    rule.errorTitle, rule.error = "填写内容不在列表中", "请从下拉列表中选择。"
    sheet.add_data_validation(rule)
    rule.add(cells)


def _write_example(sheet: Worksheet, form: FormLayout, layout: TableLayout) -> None:
    row = _HEADING_ROW + 1
    for number, value in enumerate(layout.example, 1):
        shown = f"{form.example_mark}{value}" if number == 1 else value
        cell = _written(sheet, row, number, shown)
        cell.font = Font(italic=True, color=_EXAMPLE)
        cell.border = _LINE
        cell.number_format = _FORMATS[layout.columns[number - 1].type]
        cell.alignment = Alignment(vertical="center", wrap_text=True)
