"""Tests of selfeval.tables.own_form.computing: the form's formulas, their results not stored."""

import shutil

import pytest
from builders import make_folder, make_unit
from evaluated import PARAMS
from openpyxl import load_workbook

from selfeval.errors import InputErrors, TableError
from selfeval.sheets.files import read_sheets
from selfeval.tables import load_tables
from selfeval.tables.own_form.workbook import FORM_FILE
from selfeval.unit import load_folder

ROW = {"item": "甲", "initial_budget": 1, "budget_adjustment": 0.2, "adjusted_budget": 1.2}


def saved(folder, **cells):
    """Save a form by a program that computes nothing, with cells of 项目支出 changed."""
    book = load_workbook(folder / FORM_FILE)
    for address, value in cells.items():
        book["项目支出"][address] = value
    book.save(folder / FORM_FILE)
    assert any(grid.uncomputed for grid in read_sheets(folder / FORM_FILE))
    return folder


def told(folder):
    with pytest.raises((TableError, InputErrors)) as caught:
        load_tables(load_folder(folder))
    return [str(fault.place) for fault in getattr(caught.value, "errors", [caught.value])]


@pytest.mark.parametrize("code", ["S001", "G001"])
def test_a_form_saved_by_a_program_that_computes_nothing_reads_the_same(tmp_path, code):
    shutil.copytree(PARAMS / "schemes", tmp_path / "params/schemes")
    folder = shutil.copytree(PARAMS / "2021" / code, tmp_path / "params/2021" / code)
    before = list(load_tables(load_folder(folder)).amounts)

    assert list(load_tables(load_folder(saved(folder))).amounts) == before


def test_what_is_changed_by_such_a_program_is_added_up_anew(tmp_path):
    rows = [ROW, {"item": "项目支出合计", "initial_budget": 1, "adjusted_budget": 1.2}]
    folder = saved(make_unit(tmp_path, projects=rows), D6=3)

    found = {a.place.cell: a.fen for a in load_tables(load_folder(folder)).amounts
             if a.table == "projects"}  # fmt: skip
    assert (found["F6"], found["D7"], found["F7"]) == (3_200_000, 3_000_000, 3_200_000)


@pytest.mark.parametrize("formula", ["=D6+E6", "=[1]Sheet1!A1", "=1/0"])
def test_a_formula_that_somebody_else_wrote_is_a_fault_without_its_result(tmp_path, formula):
    folder = saved(make_unit(tmp_path, projects=[ROW]), F6=formula)

    assert [place.rpartition(" › ")[2] for place in told(folder)] == ["F6"]


def test_what_needs_a_formula_without_result_is_not_computed(tmp_path):
    rows = [ROW, {"item": "项目支出合计", "initial_budget": 1, "adjusted_budget": 1.2}]
    folder = saved(make_unit(tmp_path, projects=rows), D6="=1+0")

    assert [place.rpartition(" › ")[2] for place in told(folder)] == ["D6", "F6", "D7", "F7"]


def test_a_form_of_another_order_of_columns_is_read_as_ever(tmp_path):
    folder = make_folder(tmp_path)
    heads = "项目名称,全年执行数,上级项目,上年决算数,年初预算数,预算调整数,调整后预算数"
    text = f"金额单位：万元\n{heads}\n甲,1,,,2,,2\n"
    (folder / "项目支出.csv").write_text(text, encoding="utf-8")

    found = {a.phase: a.fen for a in load_tables(load_folder(folder)).amounts}

    assert (found["executed"], found["initial_budget"]) == (1_000_000, 2_000_000)
