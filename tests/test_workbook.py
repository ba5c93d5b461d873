"""Tests of selfeval.tables.own_form.workbook: the form as written, and as read back."""

from decimal import Decimal

import pytest
from builders import FORM, LAYOUTS, make_folder, make_unit
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from selfeval.budget.lines import budget_lines
from selfeval.budget.quantities import quantities
from selfeval.tables import load_tables
from selfeval.tables.own_form.workbook import BLANK_ROWS, FORM_FILE, write_form
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
    rule = rules(book["绩效指标"])[f"D6:D{5 + BLANK_ROWS}"]

    assert rule.formula1 == '"≥,≤,=,定性"'
    assert rule.showErrorMessage


def test_a_kind_of_staff_that_is_not_in_the_list_may_be_typed(book):
    assert not rules(book["基本情况"])[f"A6:A{5 + BLANK_ROWS}"].showErrorMessage


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
    rule = rules(book[layout.sheet])[f"A6:A{5 + BLANK_ROWS}"]
    sheet, _, area = rule.formula1.lstrip("=").partition("!")
    [*cells] = book[sheet.strip("'")][area.replace("$", "")]
    assert [cell.value for (cell,) in cells] == [item.name for item in items]


@pytest.mark.parametrize(
    ("sheet", "cell", "shown"),
    [
        ("基本支出", "C6", "#,##0.00####"),
        ("基本情况", "B6", "0"),
        ("绩效指标", "H6", "0.##"),
        ("绩效指标", "E6", "@"),
        ("问题与措施", "E6", "@"),
        ("项目支出", "A45", "@"),
    ],
)
def test_cells_are_formatted_for_what_they_hold(book, sheet, cell, shown):
    assert book[sheet][cell].number_format == shown


def test_the_headings_stay_in_sight_and_on_every_printed_page(book):
    for layout in FORM.tables:
        sheet = book[layout.sheet]
        assert sheet.freeze_panes == "B5"
        assert sheet.print_title_rows == "$4:$4"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.orientation == "landscape"


def test_the_guide_names_every_table_and_the_unit(book):
    text = [row[0].value for row in book["填报说明"].iter_rows(max_col=1)]

    assert text[:2] == ["填报说明", "测试单位 2021 年度"]
    assert all(any(layout.title in (line or "") for line in text) for layout in FORM.tables)


def test_an_existing_form_is_replaced_and_a_missing_folder_made(tmp_path):
    path = tmp_path / "新" / "文件夹" / FORM_FILE
    write_form(path, FORM, "甲")
    write_form(path, FORM, "乙")

    assert load_workbook(path)["填报说明"]["A2"].value == "乙"


def test_the_unit_of_the_tests_is_sound(tmp_path):
    tables = load_tables(load_folder(make_unit(tmp_path)))

    assert tables.present == set(LAYOUTS)
    assert sum(amount.fen is not None for amount in tables.amounts) == 9
