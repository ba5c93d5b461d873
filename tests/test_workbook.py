"""Tests of selfeval.tables.own_form.workbook: the form as written, and as read back."""

from decimal import Decimal

import pytest
from builders import FORM, LAYOUTS, make_folder, make_unit
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from selfeval.budget.lines import budget_lines
from selfeval.budget.quantities import quantities
from selfeval.sheets.files import read_grids
from selfeval.tables import load_tables
from selfeval.tables.own_form.formulas import LAST_ROW
from selfeval.tables.own_form.workbook import FORM_FILE, write_form
from selfeval.unit import load_folder

# Text that a workbook, and a table by its own rules, hands back as it was given.
TEXT = st.text("甲乙丙=+@'\"{}<>&,，0123456789ABC_", min_size=1, max_size=20).map(
    lambda text: f"项目{text}"
)
AMOUNT = st.integers(-(10**14), 10**14).map(lambda fen: Decimal(fen) / 10**6)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("form") / FORM_FILE
    write_form(path, FORM, "测试单位 2021 年度")
    return load_workbook(path)


def rules(sheet):
    return {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}


def written(folder, **tables):
    write_form(folder / FORM_FILE, FORM, "测试", tables)
    return load_tables(load_folder(folder))


@settings(max_examples=8)
@given(
    st.lists(
        st.fixed_dictionaries({"item": TEXT, "note": TEXT, "executed": AMOUNT}),
        max_size=5,
        unique_by=lambda row: "".join(c for c in row["item"] if c not in "'\"").replace("，", ","),
    )
)
def test_the_rows_written_are_the_rows_read_back(tmp_path_factory, rows):
    found = written(make_folder(tmp_path_factory.mktemp("unit")), projects=rows)

    assert [(row.project, row.note) for row in found.projects] == [
        (row["item"], row["note"]) for row in rows
    ]
    executed = [a.fen for a in found.amounts if a.phase == "executed" and a.fen is not None]
    assert executed == [int(row["executed"] * 10**6) for row in rows]


@pytest.mark.parametrize(
    "name", ["=1+1", '=HYPERLINK("x")', "+1", "@x", "NA", "001", "TRUE", "_x0041_甲"]
)
def test_a_text_is_written_as_text_and_never_as_a_formula(tmp_path, name):
    found = written(make_folder(tmp_path), projects=[{"item": name, "executed": 1}])

    assert [row.project for row in found.projects] == [name]
    sheet = load_workbook(tmp_path / "params/2021/T001" / FORM_FILE)["项目支出"]
    assert sheet["A6"].data_type != "f"
    # Else it would become a formula once somebody edits the cell and confirms it.
    assert sheet["A6"].quotePrefix == (name[0] in "=+@")


def test_a_character_that_no_workbook_may_hold_is_left_out(tmp_path):
    found = written(make_folder(tmp_path), projects=[{"item": "甲\x0b项目"}])

    assert [row.project for row in found.projects] == ["甲项目"]


def test_the_worked_examples_are_not_read(tmp_path):
    found = written(make_folder(tmp_path), projects=[], indicators=[], measures=[], staffing=[])

    assert (found.projects, found.indicators, found.measures, found.staffing) == ((), (), (), ())
    assert {amount.fen for amount in found.amounts} == {None}


def test_every_example_stands_in_the_row_below_the_headings_with_its_mark(book):
    for layout in FORM.tables:
        assert book[layout.sheet]["A5"].value == f"{FORM.example_mark}{layout.example[0]}"


def test_a_fresh_form_loads_without_a_number_and_says_what_is_missing(tmp_path):
    folder = make_folder(tmp_path)
    write_form(folder / FORM_FILE, FORM, "测试")

    tables = load_tables(load_folder(folder))
    found = quantities(budget_lines(tables), tables)
    assert tables.present == set(LAYOUTS)
    assert all(quantity.value is None for quantity in found.values())
    assert found["personnel.executed"].missing == "人员经费的全年执行数未提供"
    assert found["total.execution_rate"].missing


def test_the_fixed_rows_have_their_names(book):
    for layout in FORM.tables:
        names = [book[layout.sheet].cell(6 + n, 1).value for n in range(len(layout.items))]
        assert names == [item.name for item in layout.items]


def test_the_headings_carry_the_layouts_names_and_help(book):
    for layout in FORM.tables:
        for number, column in enumerate(layout.columns, 1):
            head = book[layout.sheet].cell(4, number)
            assert head.value == column.heading
            assert head.comment.text == column.help


def test_the_unit_of_the_amounts_is_chosen_from_a_list(book):
    for layout in FORM.tables:
        sheet = book[layout.sheet]
        if layout.amounts:
            assert (sheet["A2"].value, sheet["B2"].value) == ("金额单位：", "万元")
            assert rules(sheet)["B2"].formula1 == '"元,千元,万元,亿元"'
        else:
            assert "B2" not in rules(sheet)


def test_a_choice_is_offered_in_every_row_and_another_refused(book):
    rule = rules(book["绩效指标"])[f"D6:D{LAST_ROW}"]

    assert rule.formula1 == '"≥,≤,=,定性"'
    assert rule.showErrorMessage


def test_a_kind_of_staff_that_is_not_in_the_list_may_be_typed(book):
    assert not rules(book["基本情况"])[f"A6:A{LAST_ROW}"].showErrorMessage


def test_no_list_is_longer_than_excel_allows(book):
    for sheet in book.worksheets:
        for rule in rules(sheet).values():
            assert len(rule.formula1) <= 257


def test_a_long_list_is_kept_in_the_guide(tmp_path):
    items = [
        item.model_copy(update={"name": f"{item.name}{'长' * 30}"})
        for item in LAYOUTS["other"].items
    ]
    layout = LAYOUTS["other"].model_copy(update={"items": tuple(items)})
    write_form(tmp_path / "a.xlsx", FORM.model_copy(update={"tables": (layout,)}), "测试")

    book = load_workbook(tmp_path / "a.xlsx")
    rule = rules(book[layout.sheet])[f"A6:A{LAST_ROW}"]
    sheet, _, area = rule.formula1.lstrip("=").partition("!")
    [*cells] = book[sheet.strip("'")][area.replace("$", "")]
    assert [cell.value for (cell,) in cells] == [item.name for item in items]


@pytest.mark.parametrize(
    ("sheet", "column", "shown"),
    [
        ("基本支出", "C", "#,##0.00####"),
        ("基本情况", "B", "0"),
        ("绩效指标", "H", "0.##"),
        ("绩效指标", "E", "@"),
        ("问题与措施", "E", "@"),
        ("项目支出", "A", "@"),
    ],
)
def test_cells_are_formatted_for_what_they_hold(book, sheet, column, shown):
    assert book[sheet].column_dimensions[column].number_format == shown


def test_the_headings_stay_in_sight_and_on_every_printed_page(book):
    for layout in FORM.tables:
        sheet = book[layout.sheet]
        assert sheet.freeze_panes == "B5"
        assert sheet.print_title_rows == "$1:$4"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.orientation == "landscape"


def test_the_form_opens_on_a_guide_of_five_lines_that_names_the_unit_and_every_table(book):
    text = [row[0].value for row in book["填报说明"].iter_rows(max_col=1)]

    assert (book.sheetnames[0], book.active.title) == ("填报说明", "填报说明")
    assert text[:2] == ["填报说明", "测试单位 2021 年度"]
    assert [line[:3] for line in text[3:9] if line] == ["1. ", "2. ", "3. ", "4. ", "5. "]
    assert all(any(layout.title in (line or "") for line in text) for layout in FORM.tables)


def test_an_existing_form_is_replaced_and_a_missing_folder_made(tmp_path):
    path = tmp_path / "新" / "文件夹" / FORM_FILE
    write_form(path, FORM, "甲")
    write_form(path, FORM, "乙")

    assert load_workbook(path)["填报说明"]["A2"].value == "乙"


def test_the_day_a_form_was_made_is_that_of_its_layout(book):
    assert book.properties.created.date() == FORM.effective


def test_the_unit_of_the_tests_is_sound(tmp_path):
    tables = load_tables(load_folder(make_unit(tmp_path)))

    assert tables.present == set(LAYOUTS)
    assert sum(amount.fen is not None for amount in tables.amounts) == 9


# --- on paper ------------------------------------------------------------------------------


@pytest.mark.parametrize("digit", [7, 8])  # pixels, of 宋体 and of what stands in for it
def test_letters_are_at_least_nine_points_on_paper(book, digit):
    for layout in FORM.tables:
        sheet = book[layout.sheet]
        width = sum(column.width * digit + 5 for column in layout.columns if not column.hidden)
        room = 96 * (11.69 - sheet.page_margins.left - sheet.page_margins.right)
        assert sheet["A4"].font.size * min(1, room / width) >= 9, layout.sheet


def test_a_row_that_nobody_filled_in_has_neither_a_frame_nor_a_place_on_paper(book):
    for layout in FORM.tables:
        sheet = book[layout.sheet]
        spare = list(sheet.iter_rows(min_row=6 + (len(layout.items) or layout.adds_up)))
        assert {cell.border.left.style for row in spare for cell in row} <= {None}
        assert {cell.data_type for row in spare for cell in row if cell.value} <= {"f"}
        frames = [str(area.sqref) for area in sheet.conditional_formatting]
        assert any(area.startswith("A6:") for area in frames)


def test_technical_columns_are_out_of_sight_and_no_finding(tmp_path):
    found = written(make_folder(tmp_path), evidence=[])

    (grid,) = [g for g in read_grids(tmp_path / "params/2021/T001" / FORM_FILE)
               if g.sheet == "佐证材料"]  # fmt: skip
    assert grid.hidden_columns == {8}
    assert found.hidden == ()


def test_another_hidden_column_of_the_form_is_still_told(tmp_path):
    path = make_unit(tmp_path) / FORM_FILE
    book = load_workbook(path)
    book["项目支出"].column_dimensions["G"].hidden = True
    book.save(path)

    (grid,) = load_tables(load_folder(path.parent)).hidden

    assert (grid.sheet, grid.hidden_columns) == ("项目支出", {6})


# --- what is chosen ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "cell", "names", "first"),
    [
        ("项目支出", "B", "list_projects_item", "OFFSET('项目支出'!$A$6,1,0,"),
        ("绩效指标", "L", "list_projects_item", "OFFSET('项目支出'!$A$6,1,0,"),
        ("问题与措施", "F", "list_projects_item", "OFFSET('项目支出'!$A$6,1,0,"),
        ("佐证材料", "A", "list_indicators_indicator_name", "OFFSET('绩效指标'!$C$6,0,0,"),
    ],
)
def test_names_of_other_sheets_are_offered_and_another_may_be_typed(
    book, sheet, cell, names, first
):
    rule = rules(book[sheet])[f"{cell}6:{cell}{LAST_ROW}"]

    assert (rule.formula1, rule.errorStyle) == (names, "warning")
    assert book.defined_names[names].value.startswith(first)


def test_the_total_below_the_projects_is_no_project_to_choose(tmp_path):
    rows = [{"item": "甲"}, {"item": "乙"}, {"item": "项目支出合计"}]
    write_form(tmp_path / FORM_FILE, FORM, "测试", {"projects": rows})

    names = load_workbook(tmp_path / FORM_FILE).defined_names["list_projects_item"]

    assert names.value == "'项目支出'!$A$6:OFFSET('项目支出'!$A$8,-1,0)"


# --- what is computed ----------------------------------------------------------------------


def test_a_number_that_the_formula_does_not_come_to_is_written_and_the_formula_is_not(tmp_path):
    rows = [
        {"item": "甲", "initial_budget": 1, "budget_adjustment": 0.2, "adjusted_budget": 1.2},
        {"item": "乙", "initial_budget": 1, "budget_adjustment": 0.2, "adjusted_budget": 9},
        {"item": "丙", "initial_budget": 1, "budget_adjustment": 0.2},
    ]
    write_form(tmp_path / FORM_FILE, FORM, "测试", {"projects": rows})

    formulas = load_workbook(tmp_path / FORM_FILE)["项目支出"]
    results = load_workbook(tmp_path / FORM_FILE, data_only=True)["项目支出"]
    assert [formulas[f"F{row}"].data_type for row in (6, 7, 8)] == ["f", "n", "n"]
    assert [results[f"F{row}"].value for row in (6, 7, 8)] == [1.2, 9, None]
