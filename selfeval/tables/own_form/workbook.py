"""Writes the fill-in workbook: the form as a layout describes it, ready for Excel or WPS."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from ...money import DISPLAY_UNIT, FEN_PER, plain_text
from ...schemes.form import FormLayout, OwnColumn, TableLayout
from .formulas import LAST_ROW, Formula, Rows, filled_range, form_formulas, names_range, total_row

FORM_FILE = "填报.xlsx"
SPARE_ROWS = 15
"""Rows with a formula that follow the filled ones; below them a row is copied."""
_GUIDE = "填报说明"
_HEADING, _EXAMPLE, _FIRST = 3, 4, 5
"""Rows, from 0: of the headings, of the worked example, and the first to be filled in."""
_UNIT_LABEL = "金额单位："
_INK, _PALE = "#1F2937", "#8A8F98"
_WIDTHS: Final = {"font_name": "宋体", "font_size": 10}
"""The font whose digits the widths of columns are counted in."""
_SIZE: Final = {"font_size": 12}
_A4: Final = 9
_SIDE: Final = 0.4
"""Inches left and right of a page."""
_LINE: Final = {"border": 1, "border_color": "#C5CBD3"}
_FILL: Final = {"bg_color": "#F1F3F5"}
"""The look of cells that are computed."""
_HEAD: Final = {
    **_LINE,
    "valign": "vcenter",
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


class _NoLetters(str):
    """A result that is an empty text: xlsxwriter takes "" for a formula that was never computed."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


def write_form(
    path: Path, form: FormLayout, title: str, rows: Mapping[str, Rows] | None = None
) -> None:
    """Write the fill-in workbook; what is given alike makes the same bytes.

    Parameters
    ----------
    path : Path
        Where to write; an existing file is replaced.
    form : FormLayout
        The tables, from ``params/schemes/layouts``.
    title : str
        The unit and the year, shown at the head of the guide and the foot of every printed page.
    rows : mapping of table name to rows, optional
        Rows to fill in, each a mapping of field to value. A table that is not mentioned gets
        the names of its fixed rows or its row of totals, if it has any. A cell that has a formula
        in the form gets it where that comes to the value given.
    """
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "default_format_properties": _WIDTHS})
    book.set_properties({"created": dt.datetime.combine(form.effective, dt.time())})
    _write_guide(book, form, title)
    given = {
        layout.table: (rows or {}).get(layout.table, _fixed_rows(layout)) for layout in form.tables
    }
    for layout in form.tables:
        _write_table(book, form, layout, given[layout.table])
    for sheet in book.worksheets():
        _set_page(sheet, title)
    _define_ranges(book, form, given)
    book.close()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(stream.getvalue())


def _fixed_rows(layout: TableLayout) -> Rows:
    totals = layout.totals[:1] if layout.adds_up else ()
    names = [item.name for item in layout.items] or totals
    return [{layout.columns[0].field: name} for name in names]


def _write_guide(book: Any, form: FormLayout, title: str) -> None:
    sheet = book.add_worksheet(_GUIDE)
    lines = [
        _GUIDE,
        title,
        "",
        *(f"{number}. {line}" for number, line in enumerate(form.guide, 1)),
        "",
        *(f"{layout.sheet}：{layout.title}" for layout in form.tables),
    ]
    for number, line in enumerate(lines):
        look = {"bold": number < 2, "font_size": 14 if number else 18, "font_color": _INK}
        _write(book, sheet, number, 0, line, {**look, "text_wrap": True, "valign": "vcenter"})
    sheet.set_column(0, 0, 120)
    sheet.hide_gridlines(2)
    sheet.print_area(0, 0, len(lines) - 1, 0)


def _set_page(sheet: Any, title: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=_SIDE, right=_SIDE)
    sheet.fit_to_pages(1, 0)
    foot = f"&L&12 {title.replace('&', '&&')}&R&12 第 &P 页，共 &N 页"
    sheet.set_footer(foot, {"scale_with_doc": False})


def _write_table(book: Any, form: FormLayout, layout: TableLayout, rows: Rows) -> None:
    sheet = book.add_worksheet(layout.sheet)
    items = tuple(item.name for item in layout.items)
    # Above a total at the end, a row is put in; below one at the head, rows are at hand.
    spare = 0 if items or total_row(layout, rows) else SPARE_ROWS
    formulas = form_formulas(layout, rows, _FIRST + 1, spare)
    for number, column in enumerate(layout.columns):
        look = _look(column)
        shown = {"hidden": column.hidden}
        sheet.set_column(number, number, column.width, book.add_format(look), shown)
        _offer(book, sheet, number, column, items)
        for row in range(len(rows) + spare):
            value = rows[row].get(column.field) if row < len(rows) else None
            formula = formulas.get((row, column.field))
            if formula and _comes_to(formula, value):
                fill = _FILL if row < len(rows) else {}
                cell_look = book.add_format({**look, **fill})
                result = formula.result if formula.result != "" else _NoLetters()
                sheet.write_formula(_FIRST + row, number, formula.text, cell_look, result)
            elif row < len(rows):
                _write(book, sheet, _FIRST + row, number, value, look)
        if (len(rows), column.field) in formulas:
            area = (len(rows), number, len(rows) + spare - 1, number)
            _mark_filled(book, sheet, area, {**_LINE, **_FILL})
    _mark_filled(book, sheet, (0, 0, LAST_ROW - _FIRST - 1, len(layout.columns) - 1), _LINE)
    _write_head(book, form, layout, sheet)
    sheet.freeze_panes(_EXAMPLE, 1)
    sheet.repeat_rows(0, _HEADING)


def _mark_filled(
    book: Any, sheet: Any, area: tuple[int, int, int, int], look: Mapping[str, object]
) -> None:
    """Give rows a look, counted from the first to be filled in, once they have a name.

    So programs that print all that has a look print no row that nobody has filled in.
    """
    top, left, bottom, right = area
    named = f'=$A{_FIRST + top + 1}<>""'
    rule = {"type": "formula", "criteria": named, "format": book.add_format(dict(look))}
    sheet.conditional_format(_FIRST + top, left, _FIRST + bottom, right, rule)


def _write_head(book: Any, form: FormLayout, layout: TableLayout, sheet: Any) -> None:
    """Write what stands above the rows: title, unit of the amounts, headings, example."""
    bold = {"bold": True, "font_color": _INK}
    _write(book, sheet, 0, 0, layout.title, {**bold, "font_size": 14})
    if layout.amounts:
        _write(book, sheet, 1, 0, _UNIT_LABEL, {"align": "right"})
        _write(book, sheet, 1, 1, DISPLAY_UNIT, bold)
        _validate(sheet, (1, 1, 1, 1), list(FEN_PER), "stop")
    for number, (column, value) in enumerate(zip(layout.columns, layout.example, strict=True)):
        _write(book, sheet, _HEADING, number, column.heading, _HEAD)
        if column.help:
            note = {"author": "selfeval", "width": 260, "height": 90, "font_size": 9}
            sheet.write_comment(_HEADING, number, column.help, note)
        shown = f"{form.example_mark}{value}" if number == 0 else value
        look = {"italic": True, "font_color": _PALE, "text_wrap": True, "valign": "vcenter"}
        form_of = {**_LINE, **look, "num_format": _FORMATS[column.type]}
        _write(book, sheet, _EXAMPLE, number, shown, form_of)


def _look(column: OwnColumn) -> dict[str, object]:
    numeric = column.type in {"amount", "count", "number"}
    aligned = (
        {"align": "right", "indent": 1, "shrink": True}
        if numeric
        else {"align": "left", "text_wrap": True}
    )
    return {**_SIZE, **aligned, "valign": "vcenter", "num_format": _FORMATS[column.type]}


def _comes_to(formula: Formula, value: object) -> bool:
    """Return whether a formula comes to the value of a cell, as a reader sees both."""
    result = formula.result
    if isinstance(value, (int, float, Decimal)) and isinstance(result, Decimal):
        return Decimal(plain_text(value)) == result
    return plain_text(value) == result


def _write(
    book: Any, sheet: Any, row: int, column: int, value: object, look: Mapping[str, object]
) -> None:
    """Write a value so that Excel takes a text for text, even where it begins with "="."""
    text = "" if value is None or isinstance(value, (int, float, Decimal)) else storable(str(value))
    form = book.add_format({**_SIZE, **look, "quote_prefix": is_like_a_formula(text)})
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


def _offer(book: Any, sheet: Any, number: int, column: OwnColumn, items: Sequence[str]) -> None:
    """Offer a list of what a column's cells may hold, if there is one."""
    choices = list(column.choices or (items if number == 0 else ()))
    cells = (_FIRST, number, LAST_ROW - 1, number)
    if column.offers:
        _validate(sheet, cells, f"={_list_name(*column.offers)}", "warning")
    elif len(",".join(choices)) > 250:  # Excel's limit for a list written into the rule is 255.
        from xlsxwriter.utility import xl_range_abs

        guide = book.get_worksheet_by_name(_GUIDE)
        column_of_list = guide.dim_colmax + 2
        for row, choice in enumerate(choices):
            look = {"font_color": "#FFFFFF", "font_size": 8}
            _write(book, guide, row, column_of_list, choice, look)
        area = xl_range_abs(0, column_of_list, len(choices) - 1, column_of_list)
        _validate(sheet, cells, f"='{_GUIDE}'!{area}", "stop")
    elif choices:
        _validate(sheet, cells, choices, "information" if column.field == "kind" else "stop")


def _validate(
    sheet: Any, cells: tuple[int, int, int, int], source: Sequence[str] | str, refusal: str
) -> None:
    """Offer a list for a range of cells; ``refusal`` is what becomes of anything else."""
    rule = {
        "validate": "list",
        "source": source,
        "show_error": refusal != "information",
        "error_type": refusal,
        "error_title": "填写内容不在列表中",
        "error_message": "请从下拉列表中选择。",
    }
    sheet.data_validation(*cells, rule)


def _list_name(table: str, field: str) -> str:
    return f"list_{table}_{field}"


def _define_ranges(book: Any, form: FormLayout, given: Mapping[str, Rows]) -> None:
    """Name what drop-downs offer, and what of each sheet is printed."""
    offered = {column.offers for layout in form.tables for column in layout.columns}
    for layout in form.tables:
        printed = filled_range(layout, _FIRST + 1)
        book.define_name(f"'{layout.sheet}'!_xlnm.Print_Area", f"={printed}")
        for column in layout.columns:
            if (layout.table, column.field) in offered:
                names = names_range(layout, column.field, given[layout.table], _FIRST + 1)
                book.define_name(_list_name(layout.table, column.field), f"={names}")
