"""Evaluation forms: what cases that are drawn (cases/tables/evaluation_forms.yaml) cannot show."""

from dataclasses import replace
from pathlib import Path

import pytest
from builders import SCHEMES, write_csv
from official_tables import LAYOUTS, drawn, reading
from openpyxl import Workbook
from test_drawn_tables import ALL, sheets_of

from selfeval.errors import ParamsError
from selfeval.schemes.layouts import load_layouts
from selfeval.sheets import Grid
from selfeval.sheets.files import read_sheets

FORMS = [
    drawn(sheet, name)
    for file, case in ALL
    if file == "evaluation_forms"
    for name, sheet in sheets_of(case).items()
]


def write_merged(path: Path, grid: Grid) -> Path:
    """Write a drawn form as a workbook with merged cells."""
    book = Workbook()
    book.active.title = grid.sheet
    for r, row in enumerate(grid.rows, 1):
        for c, cell in enumerate(row, 1):
            book.active.cell(r, c, cell or None)
    for first in dict.fromkeys(grid.merged.values()):
        last = max(cell for cell, own in grid.merged.items() if own == first)
        (r, c), (below, right) = first, last
        book.active.merge_cells(None, r + 1, c + 1, below + 1, right + 1)
    book.save(path)
    return path


def filled(grid: Grid) -> dict[tuple[int, int], object]:
    """Return the cells of a sheet that are not blank."""
    return {(r, c): cell for r, row in enumerate(grid.rows) for c, cell in enumerate(row) if cell}


def test_a_workbook_and_a_csv_file_hold_what_is_drawn(tmp_path):
    for grid in FORMS:
        [workbook] = read_sheets(write_merged(tmp_path / "表.xlsx", grid))
        [plain] = read_sheets(write_csv(tmp_path / "表.csv", grid.rows))

        assert filled(workbook) == filled(plain) == filled(grid)
        assert (workbook.sheet, workbook.merged) == (grid.sheet, grid.merged)
        assert plain.merged == {}


def test_one_cell_may_hold_several_labels_on_lines_of_their_own():
    grid = drawn("""
        2023年度部门整体支出绩效自评表 | < | < | < | < | <
        年度预算申请（万元） | | | 年初预算数 | 全年预算数 | 全年执行数
        ^ | 年度资金总额 | < | 800.5 | 1000.25 | 990
        ^ | 甲 | | | |
    """)
    inside = "按收入性质分：9.5\n其中：一般公共预算：1,003.25\n政府性基金拨款：——"
    rows = tuple(tuple(inside if cell == "甲" else cell for cell in row) for row in grid.rows)

    read = reading(replace(grid, rows=rows))

    assert [(r.block, r.fund, r.fen) for r in read.amounts if r.raw in inside] == [
        ("revenue", "", 9_500_000),
        ("revenue", "general_public_budget", 1_003_250_000),
        ("revenue", "government_managed_funds", None),
    ]


def test_no_telephone_and_no_clerk_is_kept():
    signed = [grid for grid in FORMS if "电话" in str(grid.rows)]
    kept = "".join(repr(vars(reading(grid))) for grid in signed)

    assert len(signed) >= 5
    assert not any(word in kept for word in ("12345678", "13900000000", "丁某", "庚某", "己某"))


def test_no_title_of_a_budget_or_final_accounts_is_a_forms(tmp_path):
    titles = [table.title for table, _ in LAYOUTS.tables]

    assert not [t for t in titles for form in LAYOUTS.forms.forms if form.titled(t)]


def test_every_table_of_the_forms_has_a_name(tmp_path):
    tables = {table for table, _ in LAYOUTS.forms.titles() if table}

    assert {"base_expenses", "overall_funds", "project_funds", "objective_funds"} <= tables
    assert all(LAYOUTS.title(table) != table for table in tables)


def test_a_form_with_a_name_no_file_defines_is_refused(tmp_path):
    folder = tmp_path / "layouts" / "official"
    folder.mkdir(parents=True)
    for path in (SCHEMES / "layouts" / "official").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        changed = text.replace("columns: base_staffing}", "columns: base_people}")
        (folder / path.name).write_text(changed, encoding="utf-8")

    with pytest.raises(ParamsError, match=r"hunan\.yaml.*没有栏目组、行目组“base_people”"):
        load_layouts(tmp_path)
