"""Tests of selfeval.budget: what is read, what is derived from it, and what is not known."""

from fractions import Fraction

import pandas as pd
import pytest
from builders import make_folder, make_unit, sheet_of, write_xlsx
from hypothesis import given, settings
from hypothesis import strategies as st

from selfeval.budget import budget_lines, missing_reason, project_line, quantities
from selfeval.tables import Tables, load_tables
from selfeval.terms import (
    AMOUNT_COLUMNS,
    BASIC_USE_COLUMNS,
    FIGURE_COLUMNS,
    INDICATOR_COLUMNS,
    MEASURE_COLUMNS,
    PHASES,
    PROJECT_COLUMNS,
    STAFFING_COLUMNS,
)
from selfeval.unit import load_unit

LINES = st.sampled_from(["personnel", "operating", "basic", "project", "total"])
FEN = st.integers(-(10**15) + 1, 10**15 - 1)


def frame(records, columns):
    return pd.DataFrame(list(records), columns=list(columns), dtype=object).astype(columns)


def of(amounts=None, projects=None, staffing=()):
    """Return tables that hold amounts {(line, phase): 分 or None}, projects {name: parent}."""
    records = [
        dict.fromkeys(AMOUNT_COLUMNS, "")
        | {"block": line.partition(":")[0], "item_code": line, "phase": phase, "amount": fen}
        | {"file": "表.xlsx", "sheet": "支出", "cell": f"A{number}"}
        for number, ((line, phase), fen) in enumerate((amounts or {}).items(), 1)
    ]
    rows = [
        dict.fromkeys(PROJECT_COLUMNS, "") | {"project": name, "parent": parent}
        for name, parent in (projects or {}).items()
    ]
    staff = [
        dict.fromkeys(STAFFING_COLUMNS, "") | {"is_total": kind == "合计"}
        | {"kind": kind, "authorised_posts": posts, "staff_in_post": persons}
        for kind, posts, persons in staffing
    ]  # fmt: skip
    return Tables(
        amounts=frame(records, AMOUNT_COLUMNS),
        stated=frame(records, AMOUNT_COLUMNS),
        figures=frame([], FIGURE_COLUMNS),
        projects=frame(rows, PROJECT_COLUMNS),
        staffing=frame(staff, STAFFING_COLUMNS),
        indicators=frame([], INDICATOR_COLUMNS),
        measures=frame([], MEASURE_COLUMNS),
        notes=frame([], BASIC_USE_COLUMNS),
        present=frozenset(),
    )


def found(**inputs):
    tables = of(**inputs)
    return quantities(budget_lines(tables), tables)


def executed(amounts):
    return {(line, "executed"): fen for line, fen in amounts.items()}


# --- lines ---------------------------------------------------------------------------------


def test_the_lines_of_a_workbook_carry_name_rank_note_and_source(tmp_path):
    folder = make_folder(tmp_path)
    rows = [
        {"item": "大项", "executed": 5},
        {"item": "小项", "parent": "大项", "executed": 3, "note": "原因"},
    ]
    basic = [{"item": "人员经费", "use": "工资", "note": "调资", "executed": 1}]
    write_xlsx(folder / "表.xlsx", 项目=sheet_of("projects", rows), 基本=sheet_of("basic", basic))

    lines = budget_lines(load_tables(load_unit(folder)))
    assert lines.index.tolist() == [
        "total", "basic", "personnel", "operating", "project", "project:大项", "project:小项",
    ]  # fmt: skip
    assert lines["level"].tolist() == [0, 1, 2, 2, 1, 2, 3]
    assert lines["parent"].tolist() == [
        "", "total", "basic", "basic", "total", "project", "project:大项",
    ]  # fmt: skip
    assert lines.at["project:小项", "note"] == "原因"
    assert (lines.at["personnel", "use"], lines.at["personnel", "note"]) == ("工资", "调资")
    assert lines.at["project:小项", "executed_source"] == "表.xlsx › 项目 › G5"
    assert {str(lines[phase].dtype) for phase in PHASES} == {"Int64"}


def test_a_line_of_the_other_table_is_there_only_if_its_table_names_it():
    lines = budget_lines(of({("official_hospitality", "executed"): None}))

    assert "official_hospitality" in lines.index
    assert "procurement" not in lines.index
    assert lines.at["official_hospitality", "parent"] == "other"


def test_projects_stand_below_their_parents_whatever_the_order_of_the_rows():
    lines = budget_lines(of(projects={"小": "大", "微": "小", "大": "", "别": ""}))

    assert lines.index[5:].tolist() == ["project:大", "project:小", "project:微", "project:别"]
    assert lines["level"].tolist()[5:] == [2, 3, 4, 2]


def test_a_projects_line_does_not_depend_on_spaces_and_quotation_marks():
    assert project_line("“放管服” 改革") == project_line("放管服改革")


# --- totals --------------------------------------------------------------------------------


@settings(max_examples=50)
@given(
    st.lists(FEN, min_size=2, max_size=2),
    st.lists(st.tuples(FEN, st.lists(FEN, max_size=3)), min_size=1, max_size=6),
)
def test_derived_totals_are_the_exact_sums_of_what_was_read(basic, projects):
    amounts = dict(zip(["personnel", "operating"], basic, strict=True))
    parents = {}
    top = []
    for number, (own, parts) in enumerate(projects):
        parents[f"p{number}"] = ""
        for order, part in enumerate(parts):
            parents[f"p{number}.{order}"] = f"p{number}"
            amounts[f"project:p{number}.{order}"] = part
        if parts:
            top.append(sum(parts))
        else:
            amounts[f"project:p{number}"] = own
            top.append(own)

    lines = budget_lines(of(executed(amounts), parents))
    assert lines.at["basic", "executed"] == sum(basic)
    assert lines.at["project", "executed"] == sum(top)
    assert lines.at["total", "executed"] == sum(basic) + sum(top)


@settings(max_examples=50)
@given(st.lists(FEN, min_size=3, max_size=3), st.permutations(range(3)))
def test_the_order_of_the_rows_changes_no_total(amounts, order):
    rows = [(("personnel", "executed"), amounts[0]), (("operating", "executed"), amounts[1]),
            (("project:甲", "executed"), amounts[2])]  # fmt: skip

    shuffled = budget_lines(of(dict(rows[n] for n in order), {"甲": ""}))
    assert shuffled.at["total", "executed"] == sum(amounts)


def test_a_printed_total_stays_as_printed_even_where_its_parts_disagree():
    lines = budget_lines(of(executed({"personnel": 1, "operating": 2, "basic": 4})))

    assert lines.at["basic", "executed"] == 4
    assert lines.at["basic", "executed_source"] == "表.xlsx › 支出 › A3"
    assert lines.at["basic", "executed_formula"] == ""


def test_a_derived_total_says_how_it_came_about_and_has_no_cell():
    lines = budget_lines(of(executed({"personnel": 1, "operating": 2})))

    assert lines.at["basic", "executed_formula"] == "人员经费＋公用经费"
    assert lines.at["basic", "executed_parts"] == (
        ("personnel.executed", 1),
        ("operating.executed", 1),
    )
    assert lines.at["basic", "executed_source"] == ""


def test_a_total_with_a_part_missing_is_missing_and_names_the_part():
    lines = budget_lines(of(executed({"personnel": 1, "operating": None})))

    assert lines.at["basic", "executed"] is pd.NA
    assert missing_reason(lines, "basic", "executed") == "公用经费的全年执行数未提供"
    assert missing_reason(lines, "operating", "executed") == "公用经费的全年执行数未提供"


def test_a_zero_is_added_and_not_taken_for_missing():
    assert budget_lines(of(executed({"personnel": 0, "operating": 0}))).at["basic", "executed"] == 0


def test_parts_below_a_printed_project_are_not_counted_again():
    amounts = executed({"project:大": 10, "project:小": 4})

    assert budget_lines(of(amounts, {"大": "", "小": "大"})).at["project", "executed"] == 10


def test_the_lines_of_the_other_table_are_no_part_of_the_total():
    amounts = executed({"basic": 1, "project": 2, "procurement": 100})

    assert budget_lines(of(amounts)).at["total", "executed"] == 3


# --- adjusted budgets ----------------------------------------------------------------------


def test_the_adjusted_budget_follows_from_the_initial_one_and_the_adjustment():
    lines = budget_lines(
        of({("personnel", "initial_budget"): 10, ("personnel", "budget_adjustment"): -3})
    )

    assert lines.at["personnel", "adjusted_budget"] == 7
    assert lines.at["personnel", "adjusted_budget_formula"] == "年初预算数＋预算调整数"


def test_the_adjustment_follows_from_the_two_budgets():
    lines = budget_lines(
        of({("personnel", "initial_budget"): 10, ("personnel", "adjusted_budget"): 7})
    )

    assert lines.at["personnel", "budget_adjustment"] == -3
    assert lines.at["personnel", "budget_adjustment_parts"] == (
        ("personnel.adjusted_budget", 1),
        ("personnel.initial_budget", -1),
    )


def test_an_unknown_adjustment_is_not_taken_for_none():
    assert (
        budget_lines(of({("personnel", "initial_budget"): 10})).at["personnel", "adjusted_budget"]
        is pd.NA
    )


def test_three_printed_amounts_that_disagree_all_stay():
    phases = {"initial_budget": 10, "budget_adjustment": 1, "adjusted_budget": 99}
    lines = budget_lines(of({("personnel", phase): fen for phase, fen in phases.items()}))

    assert {phase: lines.at["personnel", phase] for phase in phases} == phases


# --- rates ---------------------------------------------------------------------------------


def test_a_rate_is_the_exact_quotient():
    rates = found(
        amounts={
            ("total", "initial_budget"): 6,
            ("total", "adjusted_budget"): 9,
            ("total", "executed"): 7,
            ("basic", "initial_budget"): 4,
        }
    )

    assert rates["total.execution_rate"].value == Fraction(7, 9)
    assert rates["total.initial_rate"].value == Fraction(7, 6)
    assert rates["basic.share"].value == Fraction(4, 6)
    assert rates["total.overspend"].value == 1
    assert rates["total.overspend_rate"].value == Fraction(1, 6)
    assert rates["total.execution_rate"].formula == "支出合计全年执行数÷支出合计调整后预算数"
    assert rates["total.execution_rate"].parts == (
        ("total.executed", 1),
        ("total.adjusted_budget", 1),
    )


def test_a_rate_over_zero_does_not_exist_and_says_why():
    rate = found(amounts={("total", "executed"): 0, ("total", "adjusted_budget"): 0})[
        "total.execution_rate"
    ]

    assert rate.value is None
    assert rate.missing == "支出合计调整后预算数为零"


def test_a_rate_without_its_amounts_names_all_that_is_missing():
    rate = found()["personnel.execution_rate"]

    assert rate.value is None
    assert rate.missing == "人员经费的全年执行数未提供；人员经费的调整后预算数未提供"


@settings(max_examples=50)
@given(st.dictionaries(st.tuples(LINES, st.sampled_from(sorted(PHASES))), st.none() | FEN))
def test_every_quantity_has_a_value_or_a_reason_never_both_and_is_the_sum_of_its_parts(amounts):
    every = found(amounts=amounts)

    for key, quantity in every.items():
        assert quantity.key == key
        assert (quantity.value is None) == bool(quantity.missing)
        if quantity.kind in {"money", "count"} and quantity.parts and quantity.value is not None:
            parts = (sign * every[part].value for part, sign in quantity.parts)
            assert quantity.value == sum(parts)


def test_a_number_that_was_read_names_its_cell():
    assert found(amounts=executed({"personnel": 5}))["personnel.executed"].source == (
        "表.xlsx › 支出 › A1"
    )


# --- what is known of the spending ---------------------------------------------------------


def test_what_is_known_to_be_spent_is_the_total_where_there_is_one():
    every = found(amounts=executed({"total": 9, "basic": 4}) | {("total", "initial_budget"): 10})

    assert every["known.executed"].value == 9
    assert every["known.coverage"].value == 1


def test_what_is_known_to_be_spent_speaks_for_its_share_of_the_budget_only():
    amounts = {
        ("total", "initial_budget"): 100,
        ("personnel", "initial_budget"): 30,
        ("personnel", "executed"): 29,
        ("project:甲", "initial_budget"): 10,
        ("project:甲", "executed"): 11,
    }
    every = found(amounts=amounts, projects={"甲": "", "乙": ""})

    assert every["known.executed"].value == 40
    assert every["known.executed"].formula == "人员经费＋甲的全年执行数"
    assert every["known.initial_budget"].value == 40
    assert every["known.coverage"].value == Fraction(40, 100)


def test_where_nothing_is_known_to_be_spent_that_is_said():
    every = found()

    assert every["known.executed"].missing == "没有任何全年执行数"
    assert every["known.coverage"].value is None


def test_spending_on_a_line_without_a_budget_leaves_the_coverage_unknown():
    every = found(amounts=executed({"personnel": 5}))

    assert every["known.executed"].value == 5
    assert every["known.coverage"].value is None


# --- staff ---------------------------------------------------------------------------------


def test_staff_is_added_where_no_total_is_printed():
    every = found(staffing=[("行政编制", 20, 19), ("工勤编制", 2, 2)])

    assert every["staff.authorised_posts"].value == 22
    assert every["staff.authorised_posts"].formula == "行政编制＋工勤编制"
    assert every["staff.staffing_rate"].value == Fraction(21, 22)


def test_the_printed_total_of_staff_goes_before_the_sum():
    every = found(staffing=[("行政编制", 20, 19), ("合计", 25, 19)])

    assert every["staff.authorised_posts"].value == 25
    assert every["staff.authorised_posts"].label == "人员编制数"
    assert "staff:合计.staff_in_post" not in every


@pytest.mark.parametrize("staffing", [[], [("行政编制", None, 19)]])
def test_without_every_count_there_is_no_total_of_staff(staffing):
    every = found(staffing=staffing)

    assert every["staff.authorised_posts"].value is None
    assert every["staff.staffing_rate"].value is None
    assert "未提供" in every["staff.staffing_rate"].missing


def test_an_inapplicable_part_leaves_the_total_of_the_others(tmp_path):
    staff = [
        {"kind": "行政编制", "authorised_posts": 6, "staff_in_post": 6},
        {"kind": "政府雇员", "authorised_posts": "—", "staff_in_post": 2},
    ]
    projects = [
        {"item": "甲项目", "initial_budget": 10, "executed": 8},
        {"item": "乙项目", "initial_budget": "—", "executed": 1},
    ]
    tables = load_tables(load_unit(make_unit(tmp_path, staffing=staff, projects=projects)))

    lines = budget_lines(tables)
    found = quantities(lines, tables)

    assert found["staff.authorised_posts"].value == 6
    assert lines.at["project", "initial_budget"] == 10_000_000
    assert lines.at["project", "executed"] == 9_000_000
    assert found["project:乙项目.initial_budget"].applies is False
    assert found["project:乙项目.initial_budget"].missing == "乙项目的年初预算数不适用"


def test_a_total_of_nothing_but_inapplicable_parts_does_not_exist(tmp_path):
    projects = [
        {"item": "甲项目", "initial_budget": "—"},
        {"item": "乙项目", "initial_budget": "/"},
    ]
    tables = load_tables(load_unit(make_unit(tmp_path, projects=projects)))

    assert pd.isna(budget_lines(tables).at["project", "initial_budget"])
