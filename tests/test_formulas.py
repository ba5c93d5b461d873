"""Tests of selfeval.tables.own_form.formulas: what the form adds up, and what that comes to."""

from decimal import Decimal

import pytest
from builders import LAYOUTS

from selfeval.tables.own_form.formulas import form_formulas, names_range, total_row

TOTAL = {"item": "项目支出合计"}


def results(table, rows):
    """Return the results of a table's formulas by row and field."""
    found = form_formulas(LAYOUTS[table], rows, 6, 0)
    return {at: formula.result for at, formula in found.items()}


@pytest.mark.parametrize(
    ("initial", "change", "adjusted"),
    [(0.1, 0.2, Decimal("0.3")), (5, -6, Decimal(-1)), (5, None, ""), (None, 0, ""), ("—", 0, "")],
)
def test_the_adjusted_budget_is_the_sum_of_both_if_both_are_numbers(initial, change, adjusted):
    row = {"item": "甲", "initial_budget": initial, "budget_adjustment": change}

    assert results("projects", [row])[0, "adjusted_budget"] == adjusted


@pytest.mark.parametrize("rows", [[0, 1, 2, 3], [1, 2, 3, 0]])
def test_a_total_above_or_below_adds_each_project_once_and_no_part_of_another(rows):
    whole = {"item": "大项", "executed": 5}
    part = {"item": "小项", "parent": "大项", "executed": 3}
    dash = {"item": "不适用", "executed": "—"}
    listed = [[TOTAL, whole, part, dash][number] for number in rows]

    assert results("projects", listed)[rows.index(0), "executed"] == 5


def test_a_total_of_which_a_number_is_missing_is_blank():
    rows = [{"item": "甲", "executed": 5}, {"item": "乙"}, TOTAL]

    assert results("projects", rows)[2, "executed"] == ""


def test_a_total_among_its_parts_has_no_formula():
    rows = [{"item": "甲", "executed": 5}, TOTAL, {"item": "乙", "executed": 5}]

    assert total_row(LAYOUTS["projects"], rows) is None
    assert (1, "executed") not in results("projects", rows)


def test_fixed_rows_are_the_sum_of_their_parts_and_a_dash_if_none_applies():
    names = [item.name for item in LAYOUTS["other"].items]
    of_vehicles = {"公务用车购置费": 0, "公务用车运行维护费": 2.5}
    rows = [{"item": name, "executed": of_vehicles.get(name), "initial_budget": "—"}
            for name in names]  # fmt: skip
    found = results("other", rows)

    vehicles = names.index("公务用车购置及运行维护费")
    assert found[vehicles, "executed"] == Decimal("2.5")
    assert found[vehicles, "initial_budget"] == "—"
    assert found[names.index("“三公”经费合计"), "executed"] == ""


def test_a_fixed_row_without_all_its_parts_has_no_formula():
    assert results("basic", [{"item": "人员经费"}, {"item": "基本支出合计"}]).keys() == {
        (0, "adjusted_budget"), (1, "adjusted_budget"),
    }  # fmt: skip


def test_the_names_offered_begin_below_a_total_at_the_head():
    area = names_range(LAYOUTS["projects"], "item", [TOTAL, {"item": "甲"}], 6)

    assert area.startswith("OFFSET('项目支出'!$A$6,1,0,")
