"""Writes the fill-in workbook: the form as a layout describes it, ready for Excel or WPS."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from ...money import DISPLAY_UNIT, FEN_PER
from ...schemes.form import FormLayout, OwnColumn, TableLayout

FORM_FILE = "填报.xlsx"
BLANK_ROWS = 40
_GUIDE = "填报说明"
_HEADING, _EXAMPLE, _FIRST = 3, 4, 5
"""Rows, from 0: of the headings, of the worked example, and the first to be filled in."""
_UNIT_LABEL = "金额单位："
_INK, _PALE = "#1F2937", "#8A8F98"
_LINE: Final = {"border": 1, "border_color": "#C5CBD3", "valign": "vcenter"}
_HEAD: Final = {
    **_LINE,
    "bold": True,
    "font_color": _INK,
    "bg_color": "#E8EEF6",
    "align": "center",
    "text_wrap": True,
}
_FORMATS = {
    "amount": "#,##0.00####",
    "count": "0",
    "number": "0.##",
    "text": "@",
    "choice": "@",
    "date": "@",
}
_LONGEST: Final = 32_767
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_FORMULA_SIGNS = tuple("=+-@＝＋－＠")
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
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    _write_guide(book, form, title)
    for layout in form.tables:
        _write_table(book, form, layout, (rows or {}).get(layout.table))
    book.worksheets()[1].activate()
    book.close()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(stream.getvalue())


def _write_guide(book: Any, form: FormLayout, title: str) -> None:
    sheet = book.add_worksheet(_GUIDE)
    lines = [
        _GUIDE,
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
    for number, line in enumerate(lines):
        look = {"bold": number < 2, "font_size": 11 if number else 14, "font_color": _INK}
        _write(book, sheet, number, 0, line, {**look, "text_wrap": True, "valign": "vcenter"})
    sheet.set_column(0, 0, 80)


def _write_table(book: Any, form: FormLayout, layout: TableLayout, rows: Rows | None) -> None:
    sheet = book.add_worksheet(layout.sheet)
    bold = {"bold": True, "font_color": _INK}
    _write(book, sheet, 0, 0, layout.title, {**bold, "font_size": 14})
    if layout.amounts:
        _write(book, sheet, 1, 0, _UNIT_LABEL, {"align": "right"})
        _write(book, sheet, 1, 1, DISPLAY_UNIT, bold)
        _offer(book, sheet, (1, 1, 1, 1), tuple(FEN_PER))
    if rows is None:
        rows = [{layout.columns[0].field: item.name} for item in layout.items]
    for number, column in enumerate(layout.columns):
        _write_column(book, sheet, number, column, [row.get(column.field) for row in rows])
        choices = column.choices
        if number == 0 and layout.items:
            choices = tuple(item.name for item in layout.items)
        if choices:
            cells = (_FIRST, number, _FIRST + BLANK_ROWS - 1, number)
            _offer(book, sheet, cells, choices, column.field != "kind")
    for number, value in enumerate(layout.example):
        shown = f"{form.example_mark}{value}" if number == 0 else value
        look = {"italic": True, "font_color": _PALE, "text_wrap": True}
        kind = _FORMATS[layout.columns[number].type]
        _write(book, sheet, _EXAMPLE, number, shown, {**_LINE, **look, "num_format": kind})
    sheet.freeze_panes(_EXAMPLE, 1)
    sheet.set_zoom(110)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADING)


def _write_column(
    book: Any, sheet: Any, number: int, column: OwnColumn, values: Sequence[object]
) -> None:
    sheet.set_column(number, number, column.width)
    _write(book, sheet, _HEADING, number, column.heading, _HEAD)
    if column.help:
        note = {"author": "selfeval", "width": 260, "height": 90, "font_size": 9}
        sheet.write_comment(_HEADING, number, column.help, note)
    numeric = column.type in {"amount", "count", "number"}
    aligned = {"align": "right"} if numeric else {"align": "left", "text_wrap": True}
    look = {**_LINE, **aligned, "num_format": _FORMATS[column.type]}
    blank = [None] * (BLANK_ROWS - len(values))
    for row, value in enumerate([*values, *blank], _FIRST):
        _write(book, sheet, row, number, value, look)


def _write(
    book: Any, sheet: Any, row: int, column: int, value: object, look: Mapping[str, object]
) -> None:
    """Write a value so that Excel takes a text for text, even where it begins with "="."""
    text = "" if value is None or isinstance(value, (int, float, Decimal)) else storable(str(value))
    form = book.add_format({**look, "quote_prefix": is_like_a_formula(text)})
    if text:
        sheet.write_string(row, column, text, form)
    elif isinstance(value, (int, float, Decimal)):
        sheet.write_number(row, column, value, form)
    else:
        sheet.write_blank(row, column, None, form)


def is_like_a_formula(text: str) -> bool:
    """Return whether a text would become a formula once its cell is edited and confirmed."""
    return text.lstrip().startswith(_FORMULA_SIGNS) or text != text.lstrip()


def storable(text: str) -> str:
    """Return a text as a cell can hold it: no control characters, at most 32 767 letters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = _UNPRINTABLE.sub("", lines)
    if len(kept) > _LONGEST:
        kept = kept[: _LONGEST - 1] + "…"
    # What begins and ends like this would be taken for markup of several fonts.
    return f"{kept} " if kept.startswith("<r>") and kept.endswith("</r>") else kept


def _offer(
    book: Any,
    sheet: Any,
    cells: tuple[int, int, int, int],
    choices: Sequence[str],
    strict: bool = True,
) -> None:
    source: Sequence[str] | str = list(choices)
    if len(",".join(choices)) > 250:  # Excel's limit for a list written into the rule is 255.
        from xlsxwriter.utility import xl_range_abs

        guide = book.get_worksheet_by_name(_GUIDE)
        column = guide.dim_colmax + 2
        for row, choice in enumerate(choices):
            _write(book, guide, row, column, choice, {"font_color": "#FFFFFF", "font_size": 8})
        source = f"='{_GUIDE}'!{xl_range_abs(0, column, len(choices) - 1, column)}"
    rule = {
        "validate": "list",
        "source": source,
        "show_error": strict,
        "error_title": "填写内容不在列表中",
        "error_message": "请从下拉列表中选择。",
    }
    sheet.data_validation(*cells, rule)
