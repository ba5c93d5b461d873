"""Tests of tables read once per run: handed to its notebooks, and only for these very inputs."""

from __future__ import annotations

import os
import pickle
from dataclasses import fields, replace
from pathlib import Path
from random import Random

import nbformat
import pandas as pd
import papermill
import pytest
import yaml
from builders import BASIC, make_folder, make_unit, sheet_of, write_csv, write_xlsx
from conftest import copy_project
from nbformat.v4 import new_code_cell
from pandas.testing import assert_frame_equal
from table_sets import Plan, final_accounts

from selfeval.checks import check
from selfeval.evaluation.load import load_unit
from selfeval.run.batch import run_units
from selfeval.tables import Tables, load_tables
from selfeval.tables.book import Book
from selfeval.tables.handover import VARIABLE, hand_over, handed_over
from selfeval.unit import load_folder as load_folder


@pytest.fixture(autouse=True)
def _nothing_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


def folder_of_tables(tmp_path: Path) -> Path:
    """Return a unit with official tables, a form, and a correction."""
    folder = make_folder(tmp_path)
    sheets = final_accounts(Plan(Random(1)))
    write_xlsx(folder / "决算.xlsx", **sheets)
    write_csv(folder / "基本支出.csv", sheet_of("basic", BASIC))
    mend = {
        "file": "决算.xlsx", "sheet": "三公", "cell": "A6", "expect": str(sheets["三公"][5][0]),
        "correct": "1.00", "reason": "录入时写错了", "status": "open",
    }  # fmt: skip
    text = yaml.safe_dump({"corrections": [mend]}, allow_unicode=True)
    (folder / "corrections.yaml").write_text(text, encoding="utf-8")
    return folder


def assert_same(one: Tables, other: Tables) -> None:
    for field in fields(Tables):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(left, pd.DataFrame):
            assert_frame_equal(left, right)
        elif field.name == "book":
            assert left.entries == right.entries
            assert list(left.tables()) == list(right.tables())
            assert [left.columns(t) for t in left.tables()] == [
                right.columns(t) for t in right.tables()
            ]
        else:
            assert left == right, field.name


def test_tables_are_the_same_after_they_were_handed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = load_folder(folder_of_tables(tmp_path))
    tables = load_tables(unit)
    hand_over(unit, tables, tmp_path / "t")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "t"))
    again = handed_over(unit)

    assert again is not None
    assert again is not tables
    assert_same(tables, again)


def test_what_is_checked_of_them_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of_tables(tmp_path)
    read = check(load_unit(folder))
    hand_over(read.unit, read.tables, tmp_path / "t")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "t"))

    assert check(load_unit(folder)).all_findings == read.all_findings


def test_a_book_is_pickled_without_what_it_can_build_again(tmp_path: Path) -> None:
    tables = load_tables(load_folder(folder_of_tables(tmp_path)))
    without = replace(tables, book=Book([], {}))

    assert len(tables.book.entries) > 300
    assert len(pickle.dumps(tables)) < len(pickle.dumps(without)) + 1000


def test_without_the_variable_a_unit_is_read_as_usual(tmp_path: Path) -> None:
    unit = load_folder(make_unit(tmp_path))

    assert VARIABLE not in os.environ
    assert handed_over(unit) is None
    assert len(load_unit(unit.folder).tables.amounts) > 0


@pytest.mark.parametrize("change", ["table", "unit.yaml", "narrative.md", "another file"])
def test_a_handover_of_other_inputs_is_refused_and_the_unit_read_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    folder = make_unit(tmp_path, basic=BASIC)
    unit = load_folder(folder)
    hand_over(unit, load_tables(unit), tmp_path / "t")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "t"))
    assert handed_over(load_folder(folder)) is not None

    if change == "table":
        make_unit(tmp_path, basic=[BASIC[0] | {"executed": 99}, BASIC[1]])
    elif change == "another file":
        rows = [["政府采购情况表"], ["单位：万元"], ["项目", "金额"], ["合计", 3]]
        write_csv(folder / "采购.csv", rows)
    else:
        path = folder / change
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")

    assert handed_over(load_folder(folder)) is None
    executed = load_unit(folder).quantities["personnel.executed"].value
    assert executed == (99_000_000 if change == "table" else 105_500_000)


def test_a_handover_of_another_unit_or_a_lost_one_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = load_folder(make_unit(tmp_path, settings={"unit_code": "T001"}))
    other = load_folder(make_unit(tmp_path, settings={"unit_code": "T002"}))
    hand_over(unit, load_tables(unit), tmp_path / "t")

    monkeypatch.setenv(VARIABLE, str(tmp_path / "t"))
    assert handed_over(other) is None
    for gone in (tmp_path / "none", tmp_path, ""):
        monkeypatch.setenv(VARIABLE, str(gone))
        assert handed_over(unit) is None


# --- a real run ------------------------------------------------------------------------------

COUNTER = """
import sys
from pathlib import Path

_log = Path(unit).resolve().parents[2] / "started.txt"
def _note(event, args):
    if event == "subprocess.Popen" and "sheets.worker" in str(args[1]):
        with _log.open("a") as file:
            file.write("reader\\n")
sys.addaudithook(_note)
"""
"""Notes each start of the process that reads table files, as Python itself tells of it."""


def test_the_notebooks_of_a_run_read_no_table_and_one_opened_by_hand_does(tmp_path: Path) -> None:
    project = copy_project(tmp_path)
    folder = project.params / "2021" / "S005"
    for edition in ("report", "review"):
        path = project.notebooks / f"{edition}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        tagged = [
            n for n, c in enumerate(notebook.cells) if "parameters" in c.metadata.get("tags", ())
        ]
        notebook.cells.insert(tagged[0] + 1, new_code_cell(COUNTER))
        nbformat.write(notebook, path)
    log = tmp_path / "started.txt"

    (result,) = run_units(project, [folder])

    assert (result.status, result.reason) == ("done", "")
    assert not log.exists()

    papermill.execute_notebook(
        project.notebooks / "review.ipynb",
        tmp_path / "out.ipynb",
        {"unit": str(folder)},
        progress_bar=False,
    )

    assert log.read_text(encoding="utf-8").splitlines() == ["reader"]
