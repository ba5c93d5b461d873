"""Tests of selfeval.sheets: bytes on disk → grids of raw cells."""

import os
import random
import re
import struct
import zipfile

import pytest
import xlwt
from builders import (
    SCHEMES,
    csv_bytes,
    ods_cell,
    ods_of,
    ods_table,
    ole_of,
    write_csv,
    write_ods,
    write_xls,
    write_xlsx,
)
from hostile import ODS_CELL, ONE_CELL, add_parts, edit_zip, ods_of_xml, xlsx_of
from hypothesis import example, given
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableProperties
from odf.table import CoveredTableCell, Table, TableColumn, TableRow
from openpyxl import Workbook

from selfeval.errors import InputErrors, TableError
from selfeval.sheets import Place, column_letters
from selfeval.sheets.delimited import _is_big5
from selfeval.sheets.files import read_grids, read_sheets
from selfeval.sheets.limits import ExcessError

SHEET = [["项目", "数"], ["NA", 12.5], ["001", -3]]
WRITERS = {"xlsx": write_xlsx, "xls": write_xls, "ods": write_ods}
ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"]


def write(path, rows):
    """Write a file of the kind its suffix tells."""
    kind = path.suffix[1:]
    return write_csv(path, rows) if kind == "csv" else WRITERS[kind](path, 表=rows)


def refusal(path):
    with pytest.raises((TableError, InputErrors)) as caught:
        read_grids(path)
    assert caught.value.place.startswith(path.name)
    assert caught.value.remedy
    return str(caught.value)


# --- what is read --------------------------------------------------------------------------


@pytest.mark.parametrize("kind", WRITERS)
def test_every_kind_of_workbook_gives_the_same_cells(tmp_path, kind):
    [grid] = read_grids(WRITERS[kind](tmp_path / f"a.{kind}", 支出=SHEET))

    assert (grid.file, grid.sheet) == (f"a.{kind}", "支出")
    assert [list(row) for row in grid.rows] == SHEET


@pytest.mark.parametrize("kind", WRITERS)
def test_a_workbook_is_known_by_its_content_not_by_its_name(tmp_path, kind):
    path = WRITERS[kind](tmp_path / f"a.{kind}", 支出=SHEET)

    [grid] = read_grids(path.rename(tmp_path / "b.csv"))
    assert [list(row) for row in grid.rows] == SHEET


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_csv_file_reads_the_same_in_every_usual_encoding(tmp_path, encoding):
    path = tmp_path / "支出.csv"
    path.write_bytes(csv_bytes(SHEET, encoding))

    [grid] = read_grids(path)
    assert grid.sheet == "支出"
    assert [list(row) for row in grid.rows] == [["项目", "数"], ["NA", "12.5"], ["001", "-3"]]


@pytest.mark.parametrize("word", ["NA", "None", "TRUE", "null", "nan", "0101", "1e5", "2021-01-01"])
@pytest.mark.parametrize("kind", [*WRITERS, "csv"])
def test_a_name_that_looks_like_something_else_stays_text(tmp_path, kind, word):
    path = tmp_path / f"a.{kind}"
    if kind == "csv":
        path.write_bytes(csv_bytes([[word]]))
    else:
        WRITERS[kind](path, 表=[[word]])

    assert read_grids(path)[0].rows == ((word,),)


def test_a_quoted_field_keeps_its_commas_quotes_and_line_breaks(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes('项目,数\n"甲,""乙""\r\n丙","1,234.50"\n'.encode())

    assert read_grids(path)[0].rows[1] == ('甲,"乙"\r\n丙', "1,234.50")


def test_a_tab_separated_file_is_told_by_its_tabs(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("支出表\n项目\t数\n甲\t1,234.50\n乙\t2\n".encode("utf-16"))

    assert [row[:2] for row in read_grids(path)[0].rows[1:]] == [
        ("项目", "数"), ("甲", "1,234.50"), ("乙", "2"),
    ]  # fmt: skip


def test_a_short_row_of_a_csv_file_ends_in_nothing_not_in_blanks(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b,c\nd,\n")

    assert read_grids(path)[0].rows == (("a", "b", "c"), ("d", "", None))


def test_a_cell_keeps_its_address_when_the_first_rows_and_columns_are_empty(tmp_path):
    [grid] = read_grids(write_xlsx(tmp_path / "a.xlsx", 表=[[], [], ["", "", 7]]))

    assert grid.rows[2][2] == 7
    assert str(grid.place(2, 2)) == "a.xlsx › 表 › C3"
    assert str(grid.place(2)) == "a.xlsx › 表 › 第 3 行"


@given(st.integers(0, 16383))
def test_column_letters_count_as_a_spreadsheet_does(column):
    letters = column_letters(column)

    number = 0
    for letter in letters:
        number = number * 26 + "ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(letter) + 1
    assert number - 1 == column


def test_a_place_leaves_out_what_it_does_not_know():
    assert str(Place("a.csv", "", "A1")) == "a.csv › A1"


def test_merged_cells_are_known_in_every_kind_of_workbook(tmp_path):
    book = Workbook()
    book.active["A1"], book.active["B1"] = "合", 1
    book.active.merge_cells("A1:A3")
    book.save(tmp_path / "a.xlsx")
    old = xlwt.Workbook()
    sheet = old.add_sheet("表")
    sheet.write_merge(0, 2, 0, 0, "合")
    sheet.write(0, 1, 1)
    old.save(str(tmp_path / "a.xls"))
    covered = [CoveredTableCell()]
    spanned = ods_cell("合", numberrowsspanned=3, numbercolumnsspanned=1)
    ods_of(tmp_path / "a.ods", [spanned, ods_cell(1)], covered, [CoveredTableCell()])

    for kind in WRITERS:
        [grid] = read_grids(tmp_path / f"a.{kind}")
        assert grid.merged == {(1, 0): (0, 0), (2, 0): (0, 0)}, kind


def test_a_number_shown_as_a_percentage_is_read_as_the_percentage(tmp_path):
    book = Workbook()
    for row, shown in enumerate(["0%", "0.00%", "0.0%;[Red]-0.0%", '0.00"%"', "General"], 1):
        book.active.cell(row, 1, 0.29).number_format = shown
    book.save(tmp_path / "a.xlsx")
    ods_of(tmp_path / "a.ods", [ods_cell(0.29, valuetype="percentage")])

    [grid] = read_grids(tmp_path / "a.xlsx")
    assert [row[0] for row in grid.rows] == ["29%", "29%", "29%", 0.29, 0.29]
    assert read_grids(tmp_path / "a.ods")[0].rows == (("29%",),)


def test_a_chart_sheet_is_passed_over(tmp_path):
    book = Workbook()
    book.active["A1"] = "x"
    book.create_chartsheet("图")
    book.save(tmp_path / "a.xlsx")

    assert [grid.sheet for grid in read_grids(tmp_path / "a.xlsx")] == ["Sheet"]


@pytest.mark.parametrize("path", sorted((SCHEMES.parent / "2021").rglob("*.[xc]*")), ids=str)
def test_no_sample_file_has_a_fault(path):
    assert read_grids(path)


# --- hidden sheets -------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_with_content_is_refused_and_an_empty_one_passed_over(tmp_path, state):
    book = Workbook()
    book.active["A1"] = "x"
    hidden = book.create_sheet("藏")
    hidden.sheet_state = state
    book.save(tmp_path / "a.xlsx")
    assert [grid.sheet for grid in read_grids(tmp_path / "a.xlsx")] == ["Sheet"]

    hidden["C5"] = 0
    book.save(tmp_path / "a.xlsx")
    assert "a.xlsx › 藏：是隐藏的工作表，里面有内容" in refusal(tmp_path / "a.xlsx")


@pytest.mark.parametrize("state", [1, 2])
def test_a_hidden_sheet_of_an_old_workbook_is_refused(tmp_path, state):
    book = xlwt.Workbook()
    book.add_sheet("表").write(0, 0, "x")
    hidden = book.add_sheet("藏")
    hidden.write(0, 0, 1)
    hidden.visibility = state
    book.save(str(tmp_path / "a.xls"))

    assert "a.xls › 藏：是隐藏的工作表" in refusal(tmp_path / "a.xls")


def test_a_hidden_sheet_of_an_ods_is_refused(tmp_path):
    document = OpenDocumentSpreadsheet()
    hidden = Style(name="藏", family="table")
    hidden.addElement(TableProperties(display="false"))
    document.automaticstyles.addElement(hidden)
    for name in ("表", "藏"):
        document.spreadsheet.addElement(ods_table(name, [[ods_cell(1)]]))
    document.spreadsheet.lastChild.setAttribute("stylename", hidden)
    document.save(str(tmp_path / "a.ods"))

    assert "a.ods › 藏：是隐藏的工作表" in refusal(tmp_path / "a.ods")


# --- hidden rows and columns ---------------------------------------------------------------


def hidden_xlsx(path):
    book = Workbook()
    for row in range(4):
        book.active.append([row] * 3)
    book.active.row_dimensions[2].hidden = book.active.row_dimensions[9].hidden = True
    book.active.column_dimensions["B"].hidden = book.active.column_dimensions["H"].hidden = True
    book.save(path)


def hidden_xls(path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for row in range(4):
        for column in range(3):
            sheet.write(row, column, row)
    sheet.row(1).hidden = sheet.row(8).hidden = True
    sheet.col(1).hidden = sheet.col(7).hidden = True
    book.save(str(path))


def hidden_ods(path):
    document = OpenDocumentSpreadsheet()
    table = Table(name="表")
    for shown in ("visible", "collapse", "visible"):
        table.addElement(TableColumn(visibility=shown))
    for number, shown in enumerate(["visible", "collapse", "visible", "visible"]):
        row = TableRow(visibility=shown)
        for _ in range(3):
            row.addElement(ods_cell(number))
        table.addElement(row)
    row = TableRow(visibility="collapse", numberrowsrepeated=1000)
    row.addElement(ods_cell(""))
    table.addElement(row)
    document.spreadsheet.addElement(table)
    document.save(str(path))


@pytest.mark.parametrize("kind", WRITERS)
def test_hidden_rows_and_columns_are_kept_and_told_if_they_hold_anything(tmp_path, kind):
    {"xlsx": hidden_xlsx, "xls": hidden_xls, "ods": hidden_ods}[kind](tmp_path / f"a.{kind}")

    [grid] = read_grids(tmp_path / f"a.{kind}")
    assert [list(row) for row in grid.rows] == [[row] * 3 for row in range(4)]
    assert (grid.hidden_rows, grid.hidden_columns) == ({1}, {1})


@pytest.mark.parametrize("kind", [*WRITERS, "csv"])
def test_a_table_that_hides_nothing_has_no_hidden_rows_or_columns(tmp_path, kind):
    path = write(tmp_path / f"a.{kind}", SHEET)

    [grid] = read_grids(path)
    assert (grid.hidden_rows, grid.hidden_columns) == (frozenset(), frozenset())


def test_rows_and_columns_without_height_or_width_are_hidden(tmp_path):
    path = xlsx_of(
        tmp_path / "a.xlsx",
        '<row r="1" ht="0"><c r="A1"><v>1</v></c></row><row r="2" ht="15"><c><v>1</v></c></row>',
        before='<cols><col min="1" max="16384" width="0"/></cols>',
    )
    [grid] = read_grids(path)
    assert (grid.hidden_rows, grid.hidden_columns) == ({0}, {0})

    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    sheet.write(0, 0, 1)
    sheet.row(0).height, sheet.row(0).height_mismatch = 0, True
    sheet.col(0).width = 0
    book.save(str(tmp_path / "a.xls"))
    [grid] = read_grids(tmp_path / "a.xls")
    assert (grid.hidden_rows, grid.hidden_columns) == ({0}, {0})


def test_rows_and_columns_of_a_filter_or_a_folded_group_are_hidden(tmp_path):
    row = f"<table:table-row{{}}>{ODS_CELL.format('')}</table:table-row>"
    folded = '<table:{0}-group table:display="false">{1}</table:{0}-group>'.format
    path = ods_of_xml(
        tmp_path / "a.ods",
        folded("table-column", "<table:table-column/>")
        + row.format("")
        + row.format(' table:visibility="filter" table:number-rows-repeated="2"')
        + folded("table-row", row.format("") + folded("table-row", row.format("")))
        + row.format(""),
    )

    [grid] = read_grids(path)
    assert (grid.hidden_rows, grid.hidden_columns) == ({1, 2, 3, 4}, {0})


# --- cells that only look blank ------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ('<c r="B2"><f>SUM(A1:A2)</f><v></v></c>', "没有保存计算结果"),
        ('<c r="B2"><f>SUM(A1:A2)</f></c>', "没有保存计算结果"),
        ('<c r="B2" t="str"><f>A1</f></c>', "没有保存计算结果"),
        ('<c r="B2"><f t="shared" si="0"/><v/></c>', "没有保存计算结果"),
        ('<c r="B2" t="e"><v>#DIV/0!</v></c>', "单元格是错误值 #DIV/0!"),
        ('<c r="B2" t="e"><f>1/0</f><v>#N/A</v></c>', "单元格是错误值 #N/A"),
        ('<c s="0"><v>1</v></c><c t="e"><v>#REF!</v></c>', "单元格是错误值 #REF!"),
    ],
)
def test_an_xlsx_cell_that_only_looks_blank_is_refused_by_address(tmp_path, cell, said):
    path = xlsx_of(tmp_path / "a.xlsx", f'<row r="2">{cell}</row>')

    text = refusal(path)
    assert text.startswith("a.xlsx › 表 › B2：")
    assert said in text


def test_a_sheet_written_with_a_prefix_for_every_element_is_looked_through_too(tmp_path):
    write_xlsx(tmp_path / "a.xlsx", 表=[["x"]])
    xml = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<x:sheetData><x:row r="1"><x:c r="A1"><x:v>5</x:v></x:c>'
        '<x:c r="B1" t="e"><x:v>#N/A</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    path = edit_zip(tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml", lambda _: xml.encode())

    assert "B1：单元格是错误值 #N/A" in refusal(path)


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1" t="str"><f>""</f><v></v></c><c r="B1"><v>1</v></c>',
        '<c r="A1"><f>1+1</f><v>2</v></c>',
        '<c r="A1" t="b"><f>1=1</f><v>1</v></c>',
        '<c r="A1" s="0"/><c r="B1"><v>1</v></c>',
        '<c r="A1" t="inlineStr"><is><t>x</t></is></c>',
    ],
)
def test_a_formula_with_a_stored_result_is_no_fault_even_if_the_result_is_empty(tmp_path, cell):
    assert read_grids(xlsx_of(tmp_path / "a.xlsx", f'<row r="1">{cell}</row>'))


def test_a_number_is_lost_neither_as_text_nor_as_an_error_nor_as_a_formula(tmp_path):
    path = xlsx_of(
        tmp_path / "a.xlsx",
        '<row r="1"><c r="A1"><v>100</v></c></row><row r="2"><c r="A2"><f>A1*2</f></c></row>'
        '<row r="3"><c r="A3" t="e"><f>A9</f><v>#REF!</v></c></row>'
        '<row r="4"><c r="A4" t="inlineStr"><is><t>1,234.50</t></is></c></row>'
        '<row r="5"><c r="A5" t="inlineStr"><is><t>（300）</t></is></c></row>',
    )

    [grid] = read_sheets(path)
    assert [row[0] for row in grid.rows] == [100, "公式", "#REF!", "1,234.50", "（300）"]
    assert [fault.place for fault in grid.faults] == ["a.xlsx › 表 › A2", "a.xlsx › 表 › A3"]


@pytest.mark.parametrize("kind", [*WRITERS, "csv"])
def test_no_row_is_dropped_for_its_name(tmp_path, kind):
    names = [["NA"], ["None"], ["教育局"], [""], ["合计"]]
    path = write(tmp_path / f"a.{kind}", names)

    assert [list(row) for row in read_grids(path)[0].rows] == names


@pytest.mark.parametrize("kind", ["inlineStr", "str"])
def test_a_code_that_is_text_stays_text_in_an_xlsx_even_as_the_result_of_a_formula(tmp_path, kind):
    held = "<f>A2</f><v>0101</v>" if kind == "str" else "<is><t>0101</t></is>"
    path = xlsx_of(tmp_path / "a.xlsx", f'<row r="1"><c r="A1" t="{kind}">{held}</c></row>')

    assert read_grids(path)[0].rows == (("0101",),)


@pytest.mark.parametrize("kind", [*WRITERS, "csv"])
def test_a_text_that_looks_like_a_formula_is_a_text(tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    if kind == "csv":
        path.write_bytes(b"=SUM(A1:A2)\n")
    elif kind == "xlsx":
        cell = '<c r="A1" t="inlineStr"><is><t>=SUM(A1:A2)</t></is></c>'
        xlsx_of(path, f'<row r="1">{cell}</row>')
    else:
        WRITERS[kind](path, 表=[["=SUM(A1:A2)"]])

    assert read_grids(path)[0].rows == (("=SUM(A1:A2)",),)


def test_the_result_of_a_formula_on_another_workbook_is_read(tmp_path):
    link = b"<externalLink><externalBook><sheetNames/></externalBook></externalLink>"
    path = xlsx_of(tmp_path / "a.xlsx", '<row r="1"><c r="A1"><f>[1]表!A1</f><v>5</v></c></row>')
    add_parts(path, ("xl/externalLinks/externalLink1.xml", link))

    assert read_grids(path)[0].rows == ((5,),)


def test_a_formula_outside_the_cells_is_no_fault(tmp_path):
    rule = "<extLst><ext><x14:cfRule><xm:f>A1</xm:f></x14:cfRule></ext></extLst>"
    spaces = '<extLst xmlns:x14="x14" xmlns:xm="xm">'
    path = xlsx_of(tmp_path / "a.xlsx", ONE_CELL, rule.replace("<extLst>", spaces))

    assert read_grids(path)[0].rows == ((1,),)


def test_a_formula_written_by_a_library_is_refused_until_excel_has_saved_it(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", 表=[[1, 2], ["=SUM(A1:B1)", "=A1"]])

    text = refusal(path)
    assert text.startswith("共 2 处需要更正：")
    assert "a.xlsx › 表 › A2：是公式" in text
    assert "a.xlsx › 表 › B2：是公式" in text


def test_an_old_workbooks_errors_and_formulas_without_result_are_refused_by_address(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    sheet.write(0, 0, "x")
    sheet.write(1, 1, xlwt.Formula("1+1"))
    sheet.row(2).set_cell_error(2, 42)
    book.add_sheet("乙").row(0).set_cell_error(0, 7)
    book.save(str(tmp_path / "a.xls"))

    text = refusal(tmp_path / "a.xls")
    assert "a.xls › 表 › B2：是公式" in text
    assert "a.xls › 表 › C3：单元格是错误值 #N/A" in text
    assert "a.xls › 乙 › A1：单元格是错误值 #DIV/0!" in text


def test_an_old_workbooks_formula_with_an_error_for_result_is_refused(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    sheet.write(0, 0, "x")
    sheet.write(1, 0, xlwt.Formula("1/0"))
    book.save(str(tmp_path / "a.xls"))
    # xlwt stores "no result"; Excel stores what it computed: type 2 is an error, 7 is #DIV/0!.
    data = (tmp_path / "a.xls").read_bytes()
    stored = struct.pack("<Q", 0xFFFF000000000003)
    assert data.count(stored) == 1
    failed = struct.pack("<Q", 0xFFFF000000070002)
    (tmp_path / "a.xls").write_bytes(data.replace(stored, failed))

    assert "a.xls › 表 › A2：单元格是错误值 #DIV/0!" in refusal(tmp_path / "a.xls")


def test_an_old_workbooks_formula_with_a_stored_number_is_read(tmp_path):
    book = xlwt.Workbook()
    book.add_sheet("表").write(0, 0, xlwt.Formula("1+1"))
    book.save(str(tmp_path / "a.xls"))
    data = (tmp_path / "a.xls").read_bytes()
    stored, two = struct.pack("<Q", 0xFFFF000000000003), struct.pack("<d", 2.0)
    (tmp_path / "a.xls").write_bytes(data.replace(stored, two))

    assert read_grids(tmp_path / "a.xls")[0].rows == ((2,),)


def test_an_old_workbook_larger_than_one_allocation_sector_is_looked_through(tmp_path):
    rows = [[f"项目{n}" * 20, n] for n in range(3000)]
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for number, row in enumerate(rows):
        sheet.write(number, 0, row[0])
    sheet.row(3000).set_cell_error(0, 42)
    book.save(str(tmp_path / "a.xls"))

    assert "A3001：单元格是错误值 #N/A" in refusal(tmp_path / "a.xls")


@pytest.mark.parametrize(
    ("attributes", "text", "said"),
    [
        ({"formula": "of:=SUM([.A1:.B1])"}, "", "没有保存计算结果"),
        ({"formula": "of:=1", "valuetype": "float"}, "", "没有保存计算结果"),
        ({"formula": "of:=1/0", "valuetype": "string"}, "#DIV/0!", "错误值 #DIV/0!"),
        ({"formula": "of:=X()", "valuetype": "string", "stringvalue": ""}, "Err:508", "Err:508"),
        ({"formula": "of:=1/0", "valuetype": "float", "value": "0"}, "#N/A", "错误值 #N/A"),
    ],
)
def test_an_ods_cell_that_only_looks_blank_is_refused_by_address(tmp_path, attributes, text, said):
    cell = ods_cell("", **attributes)
    if text:
        cell.addElement(ods_cell(text).firstChild)
    path = ods_of(tmp_path / "a.ods", [ods_cell("x")], [ods_cell(1), cell])

    text = refusal(path)
    assert "a.ods › 表 › B2：" in text
    assert said in text


def test_an_ods_cell_marked_as_an_error_by_libreoffice_is_refused(tmp_path):
    path = ods_of(tmp_path / "a.ods", [ods_cell("x"), ods_cell("#N/A", stringvalue="")])
    namespace = (
        b'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    )

    def mark(xml):
        xml = xml.replace(
            b"<office:document-content ", b"<office:document-content " + namespace + b" "
        )
        return xml.replace(
            b'office:string-value=""', b'office:string-value="" calcext:value-type="error"'
        )

    assert "B1：单元格是错误值 #N/A" in refusal(edit_zip(path, "content.xml", mark))


def test_repeated_ods_cells_and_rows_do_not_shift_an_address(tmp_path):
    document = OpenDocumentSpreadsheet()
    table = Table(name="表")
    row = TableRow(numberrowsrepeated=3)
    row.addElement(ods_cell("x", numbercolumnsrepeated=2))
    table.addElement(row)
    row = TableRow()
    row.addElement(ods_cell("", numbercolumnsrepeated=4))
    row.addElement(ods_cell("", formula="of:=1"))
    table.addElement(row)
    document.spreadsheet.addElement(table)
    document.save(str(tmp_path / "a.ods"))

    assert "a.ods › 表 › E4：" in refusal(tmp_path / "a.ods")


def test_a_repeated_percentage_is_a_percentage_in_each_of_its_cells(tmp_path):
    cell = ods_cell("100%", valuetype="percentage", value="1", numbercolumnsrepeated=3)
    path = ods_of(tmp_path / "a.ods", [cell])

    assert read_grids(path)[0].rows == (("100%",) * 3,)


def test_a_blank_shown_as_a_percentage_is_a_blank(tmp_path):
    style = b'<styleSheet><cellXfs><xf/><xf numFmtId="9"/></cellXfs></styleSheet>'
    blank = '<row r="9"><c r="B9" s="1" t="n"><v></v></c></row>'
    path = xlsx_of(tmp_path / "a.xlsx", ONE_CELL + blank)

    assert read_grids(edit_zip(path, "xl/styles.xml", lambda _: style))[0].rows == ((1,),)


def test_a_percentage_only_some_conditional_format_shows_is_a_number(tmp_path):
    style = (
        b'<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0.0"/></numFmts>'
        b'<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="164"/></cellXfs>'
        b'<dxfs><dxf><numFmt numFmtId="164" formatCode="0%"/></dxf></dxfs></styleSheet>'
    )
    path = xlsx_of(tmp_path / "a.xlsx", '<row r="1"><c r="A1" s="0"><v>0.5</v></c></row>')

    assert read_grids(edit_zip(path, "xl/styles.xml", lambda _: style))[0].rows == ((0.5,),)


def test_read_sheets_keeps_a_cells_fault_with_its_sheet(tmp_path):
    write_xlsx(tmp_path / "a.xlsx", 好=[[1]], 坏=[["=A1"]])

    good, bad = read_sheets(tmp_path / "a.xlsx")
    assert good.faults == ()
    assert bad.faults[0].place == "a.xlsx › 坏 › A1"


# --- workbooks that look dangerous and are not ---------------------------------------------


def test_a_declared_extent_is_not_believed(tmp_path):
    path = xlsx_of(tmp_path / "a.xlsx", ONE_CELL, before='<dimension ref="A1:XFD1048576"/>')

    assert read_grids(path)[0].rows == ((1,),)


def test_of_a_huge_merged_range_only_what_has_content_is_kept(tmp_path):
    merge = '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    path = xlsx_of(tmp_path / "a.xlsx", '<row r="2"><c r="B2"><v>1</v></c></row>', merge)

    assert read_grids(path)[0].merged == {(0, 1): (0, 0), (1, 0): (0, 0), (1, 1): (0, 0)}


def test_blank_rows_and_columns_to_the_end_of_an_ods_are_no_fault(tmp_path):
    path = ods_of_xml(
        tmp_path / "a.ods",
        f"<table:table-row>{ODS_CELL.format('')}"
        '<table:table-cell table:number-columns-repeated="16383"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048575">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>',
    )

    assert read_grids(path)[0].rows == ((7,),)


def test_a_workbook_within_a_workbook_and_a_large_picture_are_passed_over(tmp_path):
    other = write_xlsx(tmp_path / "b.xlsx", 乙=[["z"]]).read_bytes()
    parts = [("xl/embeddings/b.xlsx", other), ("xl/media/1.bmp", bytes(3 * 2**20))]

    assert read_grids(add_parts(tmp_path / "a.xlsx", *parts))[0].rows == (("x",),)


# --- CSV files -----------------------------------------------------------------------------


def written(tmp_path, data):
    """Write a CSV file's bytes."""
    path = tmp_path / "表.csv"
    path.write_bytes(data)
    return path


def csv_rows(tmp_path, data, **kwargs):
    [grid] = read_sheets(written(tmp_path, data), **kwargs)
    assert (grid.file, grid.sheet, grid.is_text) == ("表.csv", "表", True)
    return grid.rows


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_csv_file_may_end_its_lines_in_any_way(tmp_path, end):
    data = end.join(["甲,1", "乙,2", ""]).encode()

    assert csv_rows(tmp_path, data, area=4) == (("甲", "1"), ("乙", "2"))


def test_a_csv_file_may_have_as_many_lines_as_cells_are_allowed(tmp_path):
    assert csv_rows(tmp_path, b"1\r\n2\r\n3\r\n", area=3) == (("1",), ("2",), ("3",))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"1\n2\n3\n4\n", "多于 3 行"),
        (b"1\r2\r3\r4\r", "多于 3 行"),
        (b"1\r\n2\r\n3\r\n4\r\n", "多于 3 行"),
        (b"1,2\n3,4\n", "多于 3 格"),
        (b"1,2\n3\n", "多于 3 格"),
        (b"," * 16_384, "有一行多于 16384 格"),
        (b"1\n" + b"\t" * 16_384 + b"\n", "有一行多于 16384 格"),
        (b"1" * 131_073, "有一格多于 131072 字"),
    ],
)
def test_a_csv_file_with_too_much_in_it_is_refused(tmp_path, data, said):
    with pytest.raises(TableError) as caught:
        read_sheets(written(tmp_path, data + b"1"), area=3)

    assert str(caught.value) == (f"表.csv：{said}。请检查逗号、引号和换行，删去多余的内容后另存。")


def test_a_csv_file_may_be_as_wide_as_a_sheet_and_a_cell_as_long_as_the_reader_takes(tmp_path):
    [row] = csv_rows(tmp_path, b"," * 16_383 + b"1" * 131_072)

    assert (len(row), len(row[-1])) == (16_384, 131_072)


@pytest.mark.parametrize(
    ("data", "first"),
    [
        (b"1\t2,3\n", ("1\t2", "3")),
        (b"1\t2,3\n4,5\n", ("1\t2", "3")),
        (b"1\t2,3\n4\t5\n", ("1", "2,3")),
    ],
)
def test_tabs_divide_the_cells_where_more_lines_have_them_than_commas(tmp_path, data, first):
    assert csv_rows(tmp_path, data)[0] == first


@pytest.mark.parametrize(
    ("data", "cell"),
    [
        (b"\xfe\xff" + "甲".encode("utf-16-be"), "甲"),
        ("模中".encode("gb18030"), "模中"),  # 模 is ģ in UTF-8
        (b"a\xe4\xb8", "a涓"),  # a character of GB18030, or two thirds of one in UTF-8
    ],
)
def test_an_encoding_is_told_by_its_mark_or_by_what_can_be_read(tmp_path, data, cell):
    assert csv_rows(tmp_path, data) == ((cell,),)


@pytest.mark.parametrize("data", ["中文".encode() + b"\xe4\xb8", b"1,\xff\xff\xff\n", b"1\x002"])
def test_a_csv_file_cut_off_or_in_no_encoding_is_refused(tmp_path, data):
    assert refusal(written(tmp_path, data)) == (
        "表.csv：文字编码不是 UTF-8，也不是 GB18030，或文件不完整。"
        "请重新取得，或另存为“CSV UTF-8（逗号分隔）”格式。"
    )


@pytest.mark.parametrize(
    "said",
    ["項目名稱,年初預算數\n設備採購,10\n", "項目,金額\n", "單位：萬元\n部門整體支出績效自評表\n"],
)
def test_big5_is_told_from_gb18030_and_refused(tmp_path, said):
    assert refusal(written(tmp_path, said.encode("big5"))) == (
        "表.csv：文字是繁体中文的 Big5 编码，按简体读会变成别的字。"
        "请用 Excel 或 WPS 打开，看到的字没有错，再另存为“CSV UTF-8（逗号分隔）”格式。"
    )
    assert csv_rows(tmp_path, said.encode("gb18030"))[0][0] == re.split("[,\n]", said)[0]


COMMON = "".join(
    bytes([high, low]).decode("gb2312") for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFF)
)


@example("㎡")
@given(st.text(COMMON + "，。“”％①㎡,0", min_size=1))
def test_simplified_text_is_never_taken_for_big5(said):
    data = said.encode("gb18030")

    assert not _is_big5(data, said)


def test_quotes_that_do_not_match_are_told(tmp_path):
    assert refusal(written(tmp_path, b'1,"2\n')) == (
        "表.csv：CSV 的引号或逗号不配对。请检查后另存。"
    )


# --- files that are no tables --------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "空文件"),
        (b"\xef\xbb\xbf", "空文件"),
        (b"\xff\xfe", "空文件"),
        (b"\r\n ,,\r\n", "空文件"),
        (b'"",""\n', "空文件"),
        ("\u3000,\n".encode(), "空文件"),
        (b"%PDF-1.7\n1 0 obj", "不是表格文件"),
        (b"{\\rtf1 x}", "不是表格文件"),
        (b"\x89PNG\r\n\x1a\n", "不是表格文件"),
        (ole_of("WordDocument"), "是 Word 或 WPS"),
        (ole_of("PowerPoint Document"), "不是 Excel 工作簿"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页或 XML"),
        (b"\xef\xbb\xbf  <!DOCTYPE html>\n<p>", "网页或 XML"),
        (b'<?xml version="1.0"?><Workbook/>', "网页或 XML"),
        (b"a,\xff\xff\xff\n", "编码"),
        ("a,b".encode("utf-16-le"), "编码"),
        (b'a,"b\n', "引号"),
        (b'a,"b"c\n', "引号"),
        (b"PK\x03\x04 and no more", "损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and no more", "损坏"),
        (ole_of("EncryptionInfo", "EncryptedPackage"), "密码"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words_to_act_on(tmp_path, data, said):
    path = tmp_path / "a.xls"
    path.write_bytes(data)

    assert said in refusal(path)


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path):
    (tmp_path / "夹.xlsx").mkdir()
    (tmp_path / "圈.xlsx").symlink_to(tmp_path / "圈.xlsx")
    (tmp_path / "断.xlsx").symlink_to(tmp_path / "没有")
    (tmp_path / "零.xlsx").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "管.xlsx")

    assert "夹.xlsx：文件打不开（是文件夹，不是文件）" in refusal(tmp_path / "夹.xlsx")
    assert "指向自己" in refusal(tmp_path / "圈.xlsx")
    assert "文件不存在" in refusal(tmp_path / "断.xlsx")
    assert "不是普通文件" in refusal(tmp_path / "零.xlsx")
    assert "不是普通文件" in refusal(tmp_path / "管.xlsx")


@pytest.mark.parametrize("kind", WRITERS)
def test_an_empty_workbook_is_refused(tmp_path, kind):
    assert "所有工作表都是空的" in refusal(WRITERS[kind](tmp_path / f"a.{kind}", 表=[[]]))


def test_a_workbook_with_macros_is_refused(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsm", 表=[[1]])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")

    assert "含有宏" in refusal(path)


def test_a_zip_file_that_is_no_workbook_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("甲.txt", "x")

    assert "不是 .xlsx 或 .ods 工作簿" in refusal(tmp_path / "a.xlsx")


def test_an_encrypted_ods_is_refused(tmp_path):
    path = write_ods(tmp_path / "a.ods", 表=[[1]])
    edit_zip(
        path,
        "META-INF/manifest.xml",
        lambda xml: xml.replace(
            b"</manifest:manifest>", b"<manifest:encryption-data/></manifest:manifest>"
        ),
    )

    assert "文件加了密码" in refusal(path)


def test_an_encrypted_old_workbook_is_refused(tmp_path):
    path = write_xls(tmp_path / "a.xls", 表=[[1]])
    data = path.read_bytes()
    start = data.index(b"\x09\x08\x10\x00")  # the first record; the next becomes FilePass
    after = start + 20
    path.write_bytes(data[:after] + b"\x2f\x00" + data[after + 2 :])

    assert "文件加了密码" in refusal(path)


@pytest.mark.parametrize("name", ["WordDocument", "EncryptedPackage"])
def test_a_cell_that_names_a_stream_makes_nothing_else_of_a_workbook(tmp_path, name):
    [grid] = read_grids(write_xls(tmp_path / "a.xls", 表=[[f"表{name}"]]))

    assert grid.rows == ((f"表{name}",),)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_a_document_type_with_entities_is_refused_before_it_is_expanded(tmp_path, part):
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    path = write_xlsx(tmp_path / "a.xlsx", 表=[[1]])
    edit_zip(path, part, lambda xml: bomb + xml.removeprefix(b"<?xml version='1.0'?>"))

    assert "损坏" in refusal(path)


def test_one_cell_in_the_farthest_corner_is_refused_before_it_fills_the_memory(tmp_path):
    path = xlsx_of(
        tmp_path / "a.xlsx",
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    )
    assert "很远的行或列" in refusal(path)

    document = OpenDocumentSpreadsheet()
    table = Table(name="表")
    row = TableRow(numberrowsrepeated=1_000_000)
    row.addElement(ods_cell("x", numbercolumnsrepeated=1000))
    table.addElement(row)
    document.spreadsheet.addElement(table)
    document.save(str(tmp_path / "a.ods"))
    assert "很远的行或列" in refusal(tmp_path / "a.ods")


def test_formats_without_content_far_down_are_no_fault(tmp_path):
    path = xlsx_of(
        tmp_path / "a.xlsx",
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>',
    )

    assert read_grids(path)[0].rows == ((1,),)


def test_an_old_workbook_with_a_far_cell_is_refused(tmp_path):
    book = xlwt.Workbook()
    book.add_sheet("表").write(65535, 255, 1)
    book.save(str(tmp_path / "a.xls"))

    assert "很远的行或列" in refusal(tmp_path / "a.xls")


@pytest.mark.parametrize(
    ("record", "claim"),
    [
        (struct.pack("<HH", 0x0200, 14), struct.pack("<IIHH", 0, 0x7FFFFFFF, 0, 0xFFFF)),
        (struct.pack("<HH", 0x0200, 14), struct.pack("<IIHH", 255, 3, 0, 2)),
        (struct.pack("<H", 0x00FC), struct.pack("<HII", 100, 5, 0xFFFFFFFF)),
    ],
    ids=["far", "backwards", "texts"],
)
def test_an_old_workbook_that_claims_a_size_it_has_not_is_refused(tmp_path, record, claim):
    path = write_xls(tmp_path / "a.xls", 表=SHEET)
    data = bytearray(path.read_bytes())
    start = data.index(record) + len(record)
    if len(record) == 2:
        claim = data[start : start + 2] + claim[2:]
    data[start : start + len(claim)] = claim
    path.write_bytes(data)

    assert "数目不对" in refusal(path)


def test_a_text_that_makes_the_reader_panic_is_refused_as_damaged(tmp_path):
    path = write_xls(tmp_path / "a.xls", 表=SHEET)
    data = path.read_bytes()
    assert data.count(b"\x03\x00\x00001") == 1
    path.write_bytes(data.replace(b"\x03\x00\x00001", b"\x03\x00\xff001"))

    assert "文件已损坏" in refusal(path)


@pytest.mark.parametrize("kind", WRITERS)
def test_a_damaged_workbook_is_read_or_refused_and_nothing_else(tmp_path, kind):
    path = WRITERS[kind](tmp_path / f"a.{kind}", 表=SHEET)
    whole = path.read_bytes()
    chance = random.Random(1)
    told = []
    for number in range(60):
        data = bytearray(whole)
        if number % 2:
            del data[chance.randrange(8, len(data)) :]
        else:
            for _ in range(chance.randint(1, 20)):
                data[chance.randrange(8, len(data))] = chance.randrange(256)
        path.write_bytes(data)
        try:
            read_grids(path)
        except (TableError, InputErrors) as error:
            told.append(str(error))

    assert told
    assert all(path.name in message for message in told)


@pytest.mark.parametrize("kind", [*WRITERS, "csv"])
def test_a_file_cut_anywhere_is_read_or_refused_and_nothing_else(tmp_path, kind):
    path = write(tmp_path / f"a.{kind}", SHEET * 20)
    whole = path.read_bytes()
    read, told = [], []
    for part in range(1, 100):
        path.write_bytes(whole[: len(whole) * part // 100])
        try:
            read.append(read_grids(path)[0].rows)
        except (TableError, InputErrors) as error:
            told.append(str(error))

    assert all(path.name in message for message in told)
    # Nothing in a CSV file tells that lines are missing.
    assert {rows[0][0] for rows in read} == ({"项目"} if kind == "csv" else set())


# --- what is said whole --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "是空文件。请填好数据再放入，或把它移走。"),
        (
            b"%PDF-1.7",
            "是 PDF 文件，不是表格文件。请把里面的表格复制到 Excel 或 WPS 的工作表里，"
            "另存为 .xlsx 后再试。",
        ),
        (
            b"<html>",
            "是网页或 XML 文件，只是改了后缀名。请用 Excel 或 WPS 打开，另存为 .xlsx 后再试。",
        ),
        (
            b"From: <Saved by Excel>\r\nSubject: =?gb2312?B?1w==?=\r\n =?x\r\nMIME-Version: 1\r\n",
            "是网页存档（.mht），只是改了后缀名。请用 Excel 或 WPS 打开，另存为 .xlsx 后再试。",
        ),
        (
            b"ID;PWXL;N;E\r\nP;PGeneral\r\nC;Y1;X1;K1\r\nE\r\n",
            "是 SYLK 文件（.slk），只是改了后缀名。请用 Excel 或 WPS 打开，另存为 .xlsx 后再试。",
        ),
        (ole_of("EncryptedPackage"), "文件加了密码。请取消密码后另存。"),
    ],
)
def test_a_refusal_says_what_is_wrong_and_what_to_do(tmp_path, data, said):
    (tmp_path / "表.xls").write_bytes(data)

    assert refusal(tmp_path / "表.xls") == f"表.xls：{said}"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"<div><table>", "网页"),
        (b"\r\n<tr><td>1", "网页"),
        ("<table>".encode("utf-16"), "网页"),
        (b"\r\nMIME-Version: 1.0\r\n", "网页存档"),
        (b"mime-version: 1.0\r\n", "网页存档"),
        (b"Content-Type: multipart/related; boundary=x\r\n", "网页存档"),
        (b"\xef\xbb\xbfID;PWXL;N;E\r\nP;PGeneral\r\n", "SYLK"),
    ],
)
def test_a_page_is_known_by_how_its_text_begins_behind_blanks_and_marks(tmp_path, data, kind):
    (tmp_path / "表.xls").write_bytes(data)

    assert kind in refusal(tmp_path / "表.xls")
    assert "只是改了后缀名" in refusal(tmp_path / "表.xls")


def test_a_web_page_that_is_named_as_one_is_not_said_to_be_renamed(tmp_path):
    (tmp_path / "表.html").write_bytes(b"<html>")

    assert refusal(tmp_path / "表.html").startswith("表.html：是网页或 XML 文件。请用 Excel")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (FileNotFoundError(2, "x"), "文件不存在"),
        (PermissionError(13, "x"), "没有权限"),
        (OSError(40, "x"), "是链接，绕了一圈又指向自己"),
        (OSError(5, "Input/output error"), "系统错误 5"),
    ],
)
def test_a_file_that_cannot_be_opened_says_why(tmp_path, monkeypatch, error, reason):
    def opened(*_):
        raise error

    monkeypatch.setattr("selfeval.plain_files._at_once", opened)

    told = refusal(tmp_path / "表.xls")
    assert told == f"表.xls：文件打不开（{reason}）。请检查后重新放入，或把它移走。"


def test_a_pipe_is_refused_in_words_to_act_on(tmp_path):
    os.mkfifo(tmp_path / "管.xlsx")

    told = refusal(tmp_path / "管.xlsx")
    assert told == "管.xlsx：文件打不开（不是普通文件）。请检查后重新放入，或把它移走。"


def test_a_file_may_be_as_large_as_the_limit_and_no_larger(tmp_path, monkeypatch):
    monkeypatch.setattr("selfeval.sheets.files.LARGEST_FILE", 2**20)

    assert "空文件" in refusal(written(tmp_path, b" " * 2**20))
    assert refusal(written(tmp_path, b" " * (2**20 + 1))) == (
        "表.csv：文件超过 1 MB。请删去多余的工作表、格式和空白行列，另存后再试。"
    )


def test_a_file_of_any_size_is_refused_without_reading_it_whole(tmp_path):
    path = written(tmp_path, b"1,2")
    os.truncate(path, 2**42)

    assert "文件超过" in refusal(path)


def zipped(tmp_path, *names):
    path = tmp_path / "表.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return path


def test_a_workbook_that_is_none_says_what_it_is(tmp_path):
    macros = write_xlsx(tmp_path / "宏.xlsx", 表=[[1]])
    add_parts(macros, ("xl/vbaProject.bin", b"x"))

    assert refusal(macros) == "宏.xlsx：含有宏。请另存为不含宏的 .xlsx 文件。"
    assert refusal(zipped(tmp_path, "甲.txt")) == (
        "表.xlsx：不是 .xlsx 或 .ods 工作簿。请用 Excel 或 WPS 打开，另存为 .xlsx 后再试。"
    )
    assert refusal(zipped(tmp_path, "word/document.xml")) == (
        "表.xlsx：是 Word 文档，不是表格文件。请把里面的表格复制到 Excel 或 WPS 的工作表里，"
        "另存为 .xlsx 后再试。"
    )
    assert refusal(zipped(tmp_path, "甲.xlsx")) == (
        "表.xlsx：是压缩包，里面有 甲.xlsx。请解压后放入表格。"
    )
    assert refusal(write_xlsx(tmp_path / "空.xlsx", 表=[[]])) == (
        "空.xlsx：所有工作表都是空的。请填好数据再放入，或把它移走。"
    )


def test_a_damaged_workbook_is_told_without_what_a_library_says(tmp_path, monkeypatch):
    def damaged(_):
        raise ValueError("bad magic number")

    monkeypatch.setattr("selfeval.sheets.files.unseen_in_zip", damaged)

    assert refusal(zipped(tmp_path, "x")) == (
        "表.xlsx：文件已损坏，读不出来。请重新取得，或用 Excel 或 WPS 打开，另存为 .xlsx 后再试。"
    )


def test_a_workbook_larger_than_any_honest_one_says_of_what_there_is_too_much(
    tmp_path, monkeypatch
):
    def too_large(_):
        raise ExcessError("工作表超过 500 张")

    monkeypatch.setattr("selfeval.sheets.files.unseen_in_zip", too_large)

    assert refusal(zipped(tmp_path, "x")) == (
        "表.xlsx：工作表超过 500 张。请删去多余的工作表、格式和空白行列，另存后再试。"
    )


def test_a_panic_of_the_reader_is_told_as_damage_and_another_fault_is_not(tmp_path, monkeypatch):
    panic = type("PanicException", (BaseException,), {})

    def raising(error):
        def read(*_):
            raise error

        return read

    monkeypatch.setattr("selfeval.sheets.files.unseen_in_zip", raising(panic("越界")))
    assert "读不出来。" in refusal(zipped(tmp_path, "x"))
    monkeypatch.setattr("selfeval.sheets.files.unseen_in_zip", raising(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        read_grids(zipped(tmp_path, "x"))
