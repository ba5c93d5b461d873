"""Tests of selfeval.budget: what is read, what is derived from it, and what is not known."""

from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest
from builders import amount_of, load_rows, made, make_folder, make_unit, sheet_of, write_xlsx
from hypothesis import given, settings
from hypothesis import strategies as st

from selfeval.budget.lines import LineAmount, budget_lines, project_line
from selfeval.budget.quantities import Quantity, missing_reason, quantities
from selfeval.sheets import Place
from selfeval.tables import Tables, load_tables
from selfeval.tables.rows import SpendingProject, Staff
from selfeval.terms import PHASES
from selfeval.unit import load_folder

LINES = st.sampled_from(["personnel", "operating", "basic", "project", "total"])
FEN = st.integers(-(10**15) + 1, 10**15 - 1)


def frame(records, columns):
    return pd.DataFrame(list(records), columns=list(columns), dtype=object).astype(columns)


def cell(number):
    return Place("表.xlsx", "支出", f"A{number}")


def of(amounts=None, projects=None, staffing=()):
    """Return tables that hold amounts {(line, phase): 分 or None}, projects {name: parent}."""
    own = tuple(
        amount_of(line, fen, block=line.partition(":")[0], phase=phase, raw="", place=cell(number))
        for number, ((line, phase), fen) in enumerate((amounts or {}).items(), 1)
    )
    rows = [
        made(SpendingProject, project=name, parent=parent)
        for name, parent in (projects or {}).items()
    ]
    staff = [
        made(Staff, kind=kind, is_total=kind == "合计", authorised_posts=posts,
             staff_in_post=persons)
        for kind, posts, persons in staffing
    ]  # fmt: skip
    return Tables(
        amounts=own,
        stated=own,
        figures=(),
        projects=tuple(rows),
        staffing=tuple(staff),
        indicators=(),
        measures=(),
        notes=(),
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
        {"item": "大项", "executed": 5, "use": "买书"},
        {"item": "小项", "parent": "大项", "executed": 3, "note": "原因"},
    ]
    basic = [{"item": "人员经费", "use": "工资", "note": "调资", "executed": 1}]
    write_xlsx(folder / "表.xlsx", 项目=sheet_of("projects", rows), 基本=sheet_of("basic", basic))

    lines = budget_lines(load_tables(load_folder(folder)))
    assert list(lines) == [
        "total", "basic", "personnel", "operating", "project", "project:大项", "project:小项",
    ]  # fmt: skip
    assert [line.id for line in lines.values()] == list(lines)
    assert [line.block for line in lines.values()] == [
        "total", "basic", "personnel", "operating", "project", "project", "project",
    ]  # fmt: skip
    assert [line.level for line in lines.values()] == [0, 1, 2, 2, 1, 2, 3]
    assert [line.parent for line in lines.values()] == [
        "", "total", "basic", "basic", "total", "project", "project:大项",
    ]  # fmt: skip
    assert [line.use for line in lines.values()] == ["", "", "工资", "", "", "买书", ""]
    assert [line.note for line in lines.values()] == ["", "", "调资", "", "", "", "原因"]
    assert lines["project:小项"].phases["executed"].source == "表.xlsx › 项目 › G5"
    assert {tuple(line.phases) for line in lines.values()} == {tuple(PHASES)}


def test_a_line_of_the_other_table_is_there_only_if_its_table_names_it():
    lines = budget_lines(of({("official_hospitality", "executed"): None}))

    assert "official_hospitality" in lines
    assert "procurement" not in lines
    assert lines["official_hospitality"].parent == "other"


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("three_public_expenses", 1),
        ("official_overseas_visits", 2),
        ("official_vehicles", 2),
        ("official_vehicle_purchases", 3),
        ("official_vehicle_running", 3),
        ("official_hospitality", 2),
        ("procurement", 1),
        ("agency_operating", 1),
        ("opening_carryover_and_surplus", 1),
        ("closing_carryover_and_surplus", 1),
        ("government_managed_funds", 1),
        ("state_capital_operations", 1),
    ],
)
def test_the_lines_of_the_other_table_are_ranked_below_one_another(line, level):
    lines = budget_lines(of({(line, "executed"): 5}))

    assert list(lines)[-1] == line
    assert lines[line].level == level
    assert lines[line].fen("executed") == 5


def test_projects_stand_below_their_parents_whatever_the_order_of_the_rows():
    lines = budget_lines(of(projects={"小": "大", "微": "小", "大": "", "别": ""}))

    assert list(lines)[5:] == ["project:大", "project:小", "project:微", "project:别"]
    assert [line.level for line in lines.values()][5:] == [2, 3, 4, 2]


def test_a_projects_line_does_not_depend_on_spaces_and_quotation_marks():
    assert project_line("“放管服” 改革") == project_line("放管服改革")


# --- totals --------------------------------------------------------------------------------


@settings(max_examples=25)
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
    assert lines["basic"].fen("executed") == sum(basic)
    assert lines["project"].fen("executed") == sum(top)
    assert lines["total"].fen("executed") == sum(basic) + sum(top)


@settings(max_examples=25)
@given(st.lists(FEN, min_size=3, max_size=3), st.permutations(range(3)))
def test_the_order_of_the_rows_changes_no_total(amounts, order):
    rows = [(("personnel", "executed"), amounts[0]), (("operating", "executed"), amounts[1]),
            (("project:甲", "executed"), amounts[2])]  # fmt: skip

    shuffled = budget_lines(of(dict(rows[n] for n in order), {"甲": ""}))
    assert shuffled["total"].fen("executed") == sum(amounts)


def test_a_printed_total_stays_as_printed_even_where_its_parts_disagree():
    lines = budget_lines(of(executed({"personnel": 1, "operating": 2, "basic": 4})))

    assert lines["basic"].fen("executed") == 4
    assert lines["basic"].phases["executed"].source == "表.xlsx › 支出 › A3"
    assert lines["basic"].phases["executed"].formula == ""


def test_a_derived_total_says_how_it_came_about_and_has_no_cell():
    lines = budget_lines(of(executed({"personnel": 1, "operating": 2})))

    assert lines["basic"].phases["executed"].formula == "人员经费＋公用经费"
    assert lines["basic"].phases["executed"].parts == (
        ("personnel.executed", 1),
        ("operating.executed", 1),
    )
    assert lines["basic"].phases["executed"].source == ""


def test_a_total_with_a_part_missing_is_missing_and_names_the_part():
    lines = budget_lines(of(executed({"personnel": 1, "operating": None})))

    assert lines["basic"].fen("executed") is None
    assert missing_reason(lines, "basic", "executed") == "公用经费的全年执行数未提供"
    assert missing_reason(lines, "operating", "executed") == "公用经费的全年执行数未提供"


def test_of_several_parts_all_that_are_missing_are_named_and_the_line_where_all_are():
    some = budget_lines(of(executed({"project:甲": 1}), dict.fromkeys("甲乙丙", "")))
    none = budget_lines(of(projects=dict.fromkeys("甲乙丙", "")))

    assert missing_reason(some, "project", "executed") == "乙、丙的全年执行数未提供"
    assert missing_reason(none, "project", "executed") == "项目支出的全年执行数未提供"


def test_a_zero_is_added_and_not_taken_for_missing():
    assert (
        budget_lines(of(executed({"personnel": 0, "operating": 0})))["basic"].fen("executed") == 0
    )


def test_parts_below_a_printed_project_are_not_counted_again():
    amounts = executed({"project:大": 10, "project:小": 4})

    assert budget_lines(of(amounts, {"大": "", "小": "大"}))["project"].fen("executed") == 10


@pytest.mark.parametrize(
    "phase", ["initial_budget", "adjusted_budget", "executed", "prior_final_accounts"]
)
def test_every_level_is_added_up_and_no_amount_of_another(phase):
    lines = budget_lines(of({("personnel", phase): 1, ("operating", phase): 2}))

    assert {name: lines["basic"].fen(name) for name in PHASES} == {
        name: 3 if name == phase else None for name in PHASES
    }


def test_an_amount_of_a_line_there_is_not_changes_nothing():
    tables = of(executed({"personnel": 1, "project:甲": 2, "project:乙": None}))
    *known, last = tables.stated
    tables = replace(tables, stated=(*known, replace(last, state="dash")))

    lines = budget_lines(tables)

    known = {key: line.fen("executed") for key, line in lines.items()}
    assert {key: fen for key, fen in known.items() if fen is not None} == {"personnel": 1}
    assert all(line.phases["executed"].applies for line in lines.values())


def test_the_lines_of_the_other_table_are_no_part_of_the_total():
    amounts = executed({"basic": 1, "project": 2, "procurement": 100})

    assert budget_lines(of(amounts))["total"].fen("executed") == 3


# --- adjusted budgets ----------------------------------------------------------------------


def test_the_adjusted_budget_follows_from_the_initial_one_and_the_adjustment():
    lines = budget_lines(
        of({("personnel", "initial_budget"): 10, ("personnel", "budget_adjustment"): -3})
    )

    assert lines["personnel"].fen("adjusted_budget") == 7
    assert lines["personnel"].phases["adjusted_budget"].formula == "年初预算数＋预算调整数"
    assert lines["personnel"].phases["adjusted_budget"].parts == (
        ("personnel.initial_budget", 1),
        ("personnel.budget_adjustment", 1),
    )


def test_the_adjustment_follows_from_the_two_budgets():
    lines = budget_lines(
        of({("personnel", "initial_budget"): 10, ("personnel", "adjusted_budget"): 7})
    )

    assert lines["personnel"].fen("budget_adjustment") == -3
    assert lines["personnel"].phases["budget_adjustment"].parts == (
        ("personnel.adjusted_budget", 1),
        ("personnel.initial_budget", -1),
    )


def test_an_unknown_adjustment_is_not_taken_for_none():
    assert (
        budget_lines(of({("personnel", "initial_budget"): 10}))["personnel"].fen("adjusted_budget")
        is None
    )


def test_three_printed_amounts_that_disagree_all_stay():
    phases = {"initial_budget": 10, "budget_adjustment": 1, "adjusted_budget": 99}
    lines = budget_lines(of({("personnel", phase): fen for phase, fen in phases.items()}))

    assert {phase: lines["personnel"].fen(phase) for phase in phases} == phases


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


def test_a_rate_over_zero_without_its_numerator_says_what_is_missing():
    rate = found(amounts={("personnel", "adjusted_budget"): 0})["personnel.execution_rate"]

    assert rate.missing == "人员经费的全年执行数未提供"


def test_a_rate_without_its_amounts_names_all_that_is_missing():
    rate = found()["personnel.execution_rate"]

    assert rate.value is None
    assert rate.missing == "人员经费的全年执行数未提供；人员经费的调整后预算数未提供"


def test_every_measure_of_a_line_says_what_it_is_and_how_it_was_computed():
    phases = {"initial_budget": 10, "adjusted_budget": 12, "executed": 15}
    amounts = {("personnel", phase): fen for phase, fen in phases.items()}
    amounts |= {("personnel", "prior_final_accounts"): 12}
    amounts |= {("basic", "initial_budget"): 20, ("total", "initial_budget"): 40}
    every = found(amounts=amounts)

    def kept(measure):
        made = every[f"personnel.{measure}"]
        assert made.source == ""
        return made.label, made.kind, made.value, made.formula, made.parts

    own = "人员经费"
    assert {measure: kept(measure) for measure in (
        "budget_adjustment", "execution_rate", "initial_rate", "share", "parent_share",
        "overspend", "overspend_rate", "growth", "growth_rate",
    )} == {
        "budget_adjustment": (
            f"{own}预算调整数", "money", 2, "调整后预算数－年初预算数",
            (("personnel.adjusted_budget", 1), ("personnel.initial_budget", -1)),
        ),
        "execution_rate": (
            f"{own}预算执行率", "rate", Fraction(15, 12), f"{own}全年执行数÷{own}调整后预算数",
            (("personnel.executed", 1), ("personnel.adjusted_budget", 1)),
        ),
        "initial_rate": (
            f"{own}年初预算完成率", "rate", Fraction(15, 10), f"{own}全年执行数÷{own}年初预算数",
            (("personnel.executed", 1), ("personnel.initial_budget", 1)),
        ),
        "share": (
            f"{own}占年初预算比重", "rate", Fraction(10, 40),
            f"{own}年初预算数÷支出合计年初预算数",
            (("personnel.initial_budget", 1), ("total.initial_budget", 1)),
        ),
        "parent_share": (
            f"{own}占比", "rate", Fraction(10, 20), f"{own}年初预算数÷基本支出年初预算数",
            (("personnel.initial_budget", 1), ("basic.initial_budget", 1)),
        ),
        "overspend": (
            f"{own}超出年初预算数", "money", 5, f"{own}全年执行数－{own}年初预算数",
            (("personnel.executed", 1), ("personnel.initial_budget", -1)),
        ),
        "overspend_rate": (
            f"{own}超出年初预算数的比例", "rate", Fraction(5, 10),
            f"{own}超出年初预算数÷{own}年初预算数",
            (("personnel.overspend", 1), ("personnel.initial_budget", 1)),
        ),
        "growth": (
            f"{own}比上年决算数增减", "money", 3, f"{own}全年执行数－{own}上年决算数",
            (("personnel.executed", 1), ("personnel.prior_final_accounts", -1)),
        ),
        "growth_rate": (
            f"{own}比上年决算数增减的比例", "rate", Fraction(3, 12),
            f"{own}比上年决算数增减÷{own}上年决算数",
            (("personnel.growth", 1), ("personnel.prior_final_accounts", 1)),
        ),
    }  # fmt: skip


def test_a_measure_without_its_amounts_keeps_its_name_and_formula_and_each_reason_once():
    every = found()
    unknown = every["personnel.executed"]

    assert (unknown.source, unknown.formula, unknown.parts) == ("", "", ())
    assert unknown.applies
    assert every["personnel.growth"] == Quantity(
        "personnel.growth", "人员经费比上年决算数增减", "money", None,
        formula="人员经费全年执行数－人员经费上年决算数",
        missing="人员经费的全年执行数未提供；人员经费的上年决算数未提供",
    )  # fmt: skip
    assert every["personnel.growth_rate"] == Quantity(
        "personnel.growth_rate", "人员经费比上年决算数增减的比例", "rate", None,
        formula="人员经费比上年决算数增减÷人员经费上年决算数",
        missing="人员经费的全年执行数未提供；人员经费的上年决算数未提供",
    )  # fmt: skip


def test_a_line_that_is_no_part_of_another_has_no_share_of_it():
    every = found(amounts=executed({"procurement": 5}))

    assert "procurement.share" in every
    assert "procurement.parent_share" not in every
    assert "total.parent_share" not in every


@settings(max_examples=25)
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


def test_what_is_known_to_be_spent_says_what_it_is_and_what_it_was_added_from():
    amounts = {("basic", "initial_budget"): 30, ("basic", "executed"): 29}
    every = found(amounts=amounts | {("total", "initial_budget"): 100})

    assert [every[f"known.{name}"] for name in ("executed", "initial_budget", "coverage")] == [
        Quantity(
            "known.executed", "已知支出合计", "money", Fraction(29),
            formula="基本支出的全年执行数", parts=(("basic.executed", 1),),
        ),
        Quantity(
            "known.initial_budget", "有全年执行数的年初预算数", "money", Fraction(30),
            formula="基本支出的年初预算数", parts=(("basic.initial_budget", 1),),
        ),
        Quantity(
            "known.coverage", "有全年执行数的预算占比", "rate", Fraction(30, 100),
            formula="有全年执行数的年初预算数÷支出合计年初预算数",
            parts=(("known.initial_budget", 1), ("total.initial_budget", 1)),
        ),
    ]  # fmt: skip


def test_of_several_budgets_each_that_is_missing_is_named():
    every = found(amounts=executed({"personnel": 5, "operating": 6}))
    budgets = "人员经费的年初预算数未提供；公用经费的年初预算数未提供"
    apart = found(
        amounts=executed({"personnel": 5, "project:甲": 6}), projects={"甲": "", "乙": ""}
    )

    assert every["known.initial_budget"].missing == "基本支出的年初预算数未提供"
    assert apart["known.initial_budget"] == Quantity(
        "known.initial_budget", "有全年执行数的年初预算数", "money", None,
        missing=budgets.replace("公用经费", "甲"),
    )  # fmt: skip


def test_where_nothing_is_known_to_be_spent_its_budget_and_coverage_are_unknown_too():
    every = found(amounts={("total", "initial_budget"): 100})

    assert every["known.initial_budget"].missing == "没有任何全年执行数"
    assert every["known.coverage"].missing == "没有任何全年执行数"


# --- staff ---------------------------------------------------------------------------------


def test_staff_is_added_where_no_total_is_printed():
    every = found(staffing=[("行政编制", 20, 19), ("工勤编制", 2, 2)])

    assert every["staff.authorised_posts"].value == 22
    assert every["staff.authorised_posts"].formula == "行政编制＋工勤编制"
    assert every["staff.staffing_rate"] == Quantity(
        "staff.staffing_rate", "在职人员控制率", "rate", Fraction(21, 22),
        formula="人员年末实有÷人员编制数",
        parts=(("staff.staff_in_post", 1), ("staff.authorised_posts", 1)),
    )  # fmt: skip


def test_a_count_of_staff_names_its_cell_or_why_there_is_none(tmp_path):
    staff = [
        {"kind": "行政编制", "authorised_posts": 6, "staff_in_post": ""},
        {"kind": "政府雇员", "authorised_posts": "—", "staff_in_post": 2},
    ]
    tables = load_tables(load_folder(make_unit(tmp_path, staffing=staff)))
    every = quantities(budget_lines(tables), tables)

    assert [every[f"staff:{kind}.{name}"] for kind in ("行政编制", "政府雇员")
            for name in ("authorised_posts", "staff_in_post")] == [
        Quantity("staff:行政编制.authorised_posts", "行政编制的编制数", "count", Fraction(6),
                 source="填报.xlsx › 基本情况 › B6"),
        Quantity("staff:行政编制.staff_in_post", "行政编制的年末实有", "count", None,
                 missing="行政编制的年末实有未提供"),
        Quantity("staff:政府雇员.authorised_posts", "政府雇员的编制数", "count", None,
                 missing="政府雇员的编制数不适用", applies=False),
        Quantity("staff:政府雇员.staff_in_post", "政府雇员的年末实有", "count", Fraction(2),
                 source="填报.xlsx › 基本情况 › C7"),
    ]  # fmt: skip
    assert every["staff.staff_in_post"] == Quantity(
        "staff.staff_in_post", "人员年末实有", "count", None, missing="人员年末实有未提供"
    )
    assert every["staff.authorised_posts"] == Quantity(
        "staff.authorised_posts", "人员编制数", "count", Fraction(6),
        formula="行政编制", parts=(("staff:行政编制.authorised_posts", 1),),
    )  # fmt: skip


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
    tables = load_tables(load_folder(make_unit(tmp_path, staffing=staff, projects=projects)))

    lines = budget_lines(tables)
    found = quantities(lines, tables)

    assert found["staff.authorised_posts"].value == 6
    assert lines["project"].fen("initial_budget") == 10_000_000
    assert lines["project"].fen("executed") == 9_000_000
    assert found["project:乙项目.initial_budget"].applies is False
    assert found["project:乙项目.initial_budget"].missing == "乙项目的年初预算数不适用"


def test_a_total_of_nothing_but_inapplicable_parts_does_not_exist(tmp_path):
    projects = [
        {"item": "甲项目", "initial_budget": "—"},
        {"item": "乙项目", "initial_budget": "/"},
    ]
    tables = load_tables(load_folder(make_unit(tmp_path, projects=projects)))

    assert budget_lines(tables)["project"].fen("initial_budget") is None


def test_a_line_cannot_be_changed(tmp_path):
    lines = budget_lines(load_rows(tmp_path, basic=[{"item": "人员经费"}]))

    with pytest.raises(TypeError, match="does not support item assignment"):
        lines["total"].phases["executed"] = LineAmount()
