"""Tests of the frames an analyst explores: their columns, their types, what is in them."""

from dataclasses import replace

import pytest
from builders import make_unit
from evaluated import sample

from selfeval.checks import check
from selfeval.errors import ParamsError
from selfeval.evaluation.frames import COLUMNS
from selfeval.evaluation.load import load_unit
from selfeval.terms import PHASES


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory):
    return check(load_unit(make_unit(tmp_path_factory.mktemp("frames"))))


def types(frame):
    return {name: str(dtype) for name, dtype in frame.dtypes.items()}


def test_numbers_have_their_columns_and_types_even_without_rows(evaluation):
    bare = replace(evaluation, tables=replace(evaluation.tables, amounts=(), stated=()))

    for case in (evaluation, bare):
        for name in ("amounts", "stated", "figures"):
            assert types(case.frame(name)) == COLUMNS[name]


def test_an_amount_has_its_fen_and_its_cell_and_a_blank_is_missing(evaluation):
    rows = evaluation.frame("amounts")

    for row, amount in zip(rows.to_dict("records"), evaluation.tables.amounts, strict=True):
        assert (row["file"], row["sheet"], row["cell"]) == (
            amount.place.file, amount.place.sheet, amount.place.cell,
        )  # fmt: skip
        assert amount.fen is None or row["amount"] == amount.fen
    assert rows["amount"].isna().sum() == sum(a.fen is None for a in evaluation.tables.amounts)


def test_each_line_has_its_phases_side_by_side_in_fen(evaluation):
    rows = evaluation.frame("lines")

    assert list(rows.index) == list(rows["line"]) == list(evaluation.budget_lines)
    assert {str(rows[phase].dtype) for phase in PHASES} == {"Int64"}
    for key, line in evaluation.budget_lines.items():
        for phase, level in line.phases.items():
            said = rows.at[key, phase]
            assert (None if rows[phase].isna()[key] else said) == level.fen
            assert rows.at[key, f"{phase}_source"] == level.source
            assert rows.at[key, f"{phase}_parts"] == level.parts
            assert rows.at[key, f"{phase}_applies"] == level.applies


def test_a_frame_of_no_ratios_has_its_columns(evaluation):
    assert "rate" in replace(evaluation, ratio_rows=()).frame("ratios").columns


@pytest.mark.parametrize(
    "name", ["projects", "staffing", "indicators", "measures", "notes", "evidence"]
)
def test_rows_of_the_units_own_tables_have_their_columns_and_types(evaluation, name):
    for case in (evaluation, sample("S001")):
        assert types(case.frame(name)) == COLUMNS[name]
    assert len(sample("S001").frame(name)) == len(getattr(sample("S001").tables, name)) > 0


@pytest.mark.parametrize(
    ("name", "column", "kind"),
    [
        ("amounts", "amount", "Int64"),
        ("amounts", "state", "str"),
        ("figures", "value", "object"),
        ("staffing", "is_total", "bool"),
        ("staffing", "staff_in_post", "Int64"),
        ("indicators", "weight", "object"),
        ("indicators", "row", "Int64"),
        ("indicators", "cells", "object"),
        ("evidence", "size", "Int64"),
    ],
)
def test_the_type_of_a_column_follows_from_its_field(name, column, kind):
    assert COLUMNS[name][column] == kind


def test_a_row_of_the_units_own_tables_has_its_cells():
    staff, projects = sample("S001").frame("staffing"), sample("S001").frame("projects")

    assert list(staff.loc[0, ["staff_in_post_cell", "note_cell"]]) == ["C6", "D6"]
    assert list(projects.loc[0, ["cell", "note_cell"]]) == ["A6", "H6"]


def test_a_score_has_a_row_for_each_line_with_its_exact_points():
    rows = sample("S001").frame("score")

    assert list(rows["points"]) == [row.points for row in sample("S001").final_score.rows]
    assert sum(rows["weight"]) == 100


def test_a_frame_there_is_not_is_refused_with_the_nearest_name(evaluation):
    with pytest.raises(ParamsError, match=r"是不是“amounts”？"):
        evaluation.frame("amonts")


@pytest.mark.parametrize("name", ["amounts", "stated", "figures", "lines", "findings", "ratios"])
def test_a_frame_that_is_changed_changes_no_other(evaluation, name):
    rows = evaluation.frame(name)
    rows["own"] = 1

    assert "own" not in evaluation.frame(name)
