"""Tests of the frames an analyst explores: their columns, their types, what is in them."""

from dataclasses import replace

import pytest
from builders import make_unit

from selfeval.checks import check
from selfeval.errors import ParamsError
from selfeval.evaluation.load import load_unit
from selfeval.terms import AMOUNT_COLUMNS, FIGURE_COLUMNS, PHASES


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory):
    return check(load_unit(make_unit(tmp_path_factory.mktemp("frames"))))


def types(frame):
    return {name: str(dtype) for name, dtype in frame.dtypes.items()}


def test_numbers_have_their_columns_and_types_even_without_rows(evaluation):
    bare = replace(evaluation, tables=replace(evaluation.tables, amounts=(), stated=()))

    for case in (evaluation, bare):
        assert types(case.frame("amounts")) == AMOUNT_COLUMNS
        assert types(case.frame("stated")) == AMOUNT_COLUMNS
        assert types(case.frame("figures")) == FIGURE_COLUMNS


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

    assert list(rows.index) == list(rows["line"]) == list(evaluation.lines)
    assert {str(rows[phase].dtype) for phase in PHASES} == {"Int64"}
    for key, line in evaluation.lines.items():
        for phase, level in line.phases.items():
            said = rows.at[key, phase]
            assert (None if rows[phase].isna()[key] else said) == level.fen
            assert rows.at[key, f"{phase}_source"] == level.source
            assert rows.at[key, f"{phase}_parts"] == level.parts
            assert rows.at[key, f"{phase}_applies"] == level.applies


def test_a_frame_of_no_ratios_has_its_columns(evaluation):
    assert "rate" in replace(evaluation, ratios=()).frame("ratios").columns


def test_a_frame_there_is_not_is_refused_with_the_nearest_name(evaluation):
    with pytest.raises(ParamsError, match=r"是不是“amounts”？"):
        evaluation.frame("amonts")


@pytest.mark.parametrize("name", ["amounts", "stated", "figures", "lines", "findings", "ratios"])
def test_a_frame_that_is_changed_changes_no_other(evaluation, name):
    rows = evaluation.frame(name)
    rows["own"] = 1

    assert "own" not in evaluation.frame(name)
