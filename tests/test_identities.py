"""Tests of SUM-01 to SUM-06: parts against printed totals."""

import random

import pytest
from builders import make_folder, sheet_of, write_csv
from evaluated import BASIC, OTHER, PROJECTS, evaluate, fails, findings, line, outcomes
from hypothesis import given, settings
from hypothesis import strategies as st

from selfeval.checks import check
from selfeval.evaluation.load import load_unit


def other(**executed):
    """Return rows of 三公 with these executed amounts, by the last word of their names."""
    names = {"total": "“三公”经费合计", "abroad": "因公出国（境）费", "host": "公务接待费",
             "cars": "公务用车购置及运行维护费", "bought": "公务用车购置费",
             "run": "公务用车运行维护费"}  # fmt: skip
    return [{"item": names[key], "executed": amount} for key, amount in executed.items()]


# --- a case that fails, one that passes, of each rule ----------------------------------------


def test_a_basic_total_that_misses_its_parts_is_told_with_both_sums_and_all_cells(tmp_path):
    rows = [line("人员经费", "", 100), line("公用经费", "", 20), line("基本支出合计", "", 130)]
    (finding,) = findings(evaluate(tmp_path, basic=rows), "SUM-01")

    assert finding.outcome == "fail"
    assert finding.message == (
        "基本支出年初预算数填报130.00万元，人员经费＋公用经费为120.00万元，相差10.00万元。"
    )
    assert (finding.expected, finding.found) == ("120.00万元", "130.00万元")
    assert [str(place) for place in finding.places] == [
        f"基本支出.csv › 基本支出 › {cell}" for cell in ("D6", "D4", "D5")
    ]  # fmt: skip


def test_a_basic_total_that_equals_its_parts_passes_in_every_phase(tmp_path):
    assert outcomes(evaluate(tmp_path, basic=BASIC), "SUM-01") == [("pass", "基本支出")] * 4


def test_a_project_total_that_misses_the_projects_fails_and_details_are_not_counted(tmp_path):
    wrong = [*PROJECTS[:-1], line("项目支出合计", 68, 110, 5, 115, 112)]

    assert (
        outcomes(evaluate(tmp_path / "a", projects=PROJECTS), "SUM-02")
        == [("pass", "项目支出")] * 4
    )
    assert [o for o, _ in outcomes(evaluate(tmp_path / "b", projects=wrong), "SUM-02")] == [
        "fail", "fail", "fail", "pass",
    ]  # fmt: skip


def test_a_project_that_misses_its_own_parts_fails_by_its_name(tmp_path):
    rows = [line("大项", "", 30), line("小项", "", 20, parent="大项")]

    assert fails(evaluate(tmp_path, projects=rows), "SUM-03") == ["大项"]


def test_a_project_that_equals_its_own_parts_passes(tmp_path):
    rows = [line("大项", "", 30), *(line(n, "", 15, parent="大项") for n in ("小甲", "小乙"))]

    assert outcomes(evaluate(tmp_path, projects=rows), "SUM-03") == [("pass", "大项")]


def test_a_grand_total_that_misses_basic_and_project_spending_fails(tmp_path):
    total = [{"item": "支出合计", "initial_budget": 200, "executed": 206}]
    evaluation = evaluate(tmp_path, basic=BASIC, projects=PROJECTS, other=total)

    # Of the two phases without a printed total nothing can be said.
    assert [o for o, _ in outcomes(evaluation, "SUM-04")] == [
        "fail", "not_computable", "not_computable", "pass",
    ]  # fmt: skip


def test_a_three_public_total_that_misses_its_kinds_fails(tmp_path):
    rows = other(total=10, abroad=0, cars=8, host=1, bought=3, run=5)

    assert fails(evaluate(tmp_path, other=rows), "SUM-05") == ["“三公”经费"]


def test_vehicles_that_miss_purchases_and_running_fail(tmp_path):
    rows = other(total=10, abroad=0, cars=8, host=2, bought=3, run=4)

    assert fails(evaluate(tmp_path, other=rows), "SUM-05") == ["公务用车购置及运行维护费"]


def test_the_three_public_expenses_of_a_sound_unit_pass(tmp_path):
    assert set(outcomes(evaluate(tmp_path, other=OTHER), "SUM-05")) == {
        ("pass", "“三公”经费"), ("pass", "公务用车购置及运行维护费"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "outcome"),
    [
        (line("甲", "", 50, 5, 55), "pass"),
        (line("甲", "", 50, -5, 45), "pass"),
        (line("甲", "", 50, -5, 55), "fail"),
        (line("甲", "", 50, 5.01, 55), "rounding"),
    ],
)
def test_an_adjusted_budget_is_the_initial_one_and_the_signed_adjustment(tmp_path, row, outcome):
    assert outcomes(evaluate(tmp_path, projects=[row]), "SUM-06") == [(outcome, "甲")]


def test_a_line_that_leaves_out_one_of_the_three_is_not_compared(tmp_path):
    assert outcomes(evaluate(tmp_path, projects=[line("甲", "", 50, "", 55)]), "SUM-06") == []


# --- what is missing -------------------------------------------------------------------------


def test_a_part_that_is_blank_is_not_taken_for_zero(tmp_path):
    rows = [line("人员经费", "", 100), line("公用经费"), line("基本支出合计", "", 100)]
    (finding,) = findings(evaluate(tmp_path, basic=rows), "SUM-01")

    assert finding.outcome == "not_computable"
    assert finding.message == "基本支出年初预算数为100.00万元，公用经费未提供，无法核对。"


def test_a_part_marked_as_not_applicable_adds_nothing(tmp_path):
    rows = [line("人员经费", "", 100), line("公用经费", "", "—"), line("基本支出合计", "", 100)]

    assert outcomes(evaluate(tmp_path, basic=rows), "SUM-01") == [("pass", "基本支出")]


def test_a_total_of_nothing_over_parts_that_do_not_apply_is_no_finding(tmp_path):
    rows = other(total=0, abroad="—", cars="—", host="—")

    assert outcomes(evaluate(tmp_path, other=rows), "SUM-05") == []


def test_a_missing_total_row_is_said_to_be_missing_and_its_sum_to_be_ours(tmp_path):
    (finding,) = findings(evaluate(tmp_path, projects=[line("甲", "", 5)]), "SUM-02")

    assert finding.outcome == "not_computable"
    assert finding.message == (
        "项目支出年初预算数没有填报合计，无法核对；报告中的数由各部分相加得出。"
    )


def test_without_a_row_for_vehicles_their_two_kinds_stand_in_the_total(tmp_path):
    rows = other(total=10, abroad=0, host=2, bought=3, run=5)

    assert outcomes(evaluate(tmp_path, other=rows), "SUM-05") == [("pass", "“三公”经费")]


def test_a_kind_of_the_three_that_has_no_row_makes_the_sum_unknown_not_wrong(tmp_path):
    rows = other(total=10, host=2)
    (finding,) = findings(evaluate(tmp_path, other=rows), "SUM-05")

    assert finding.outcome == "not_computable"
    assert "因公出国（境）费、公务用车购置费、公务用车运行维护费未提供" in finding.message


def test_a_part_whose_adjusted_budget_is_derived_counts_with_what_it_is_derived_from(tmp_path):
    rows = [line("人员经费", "", 100, 10), line("公用经费", "", 20, 0, 20),
            line("基本支出合计", "", 120, 10, 130)]  # fmt: skip

    assert fails(evaluate(tmp_path, basic=rows), "SUM-01") == []


def test_tables_all_blank_give_no_comparison_at_all(tmp_path):
    evaluation = evaluate(tmp_path, basic=[line("人员经费")], projects=[line("甲")])

    assert {f.code for f in evaluation.all_findings if f.code.startswith("SUM")} == set()


# --- rounding --------------------------------------------------------------------------------


def test_a_gap_that_rounding_explains_is_told_as_rounding_with_the_gap(tmp_path):
    rows = [line("人员经费", "", 100.01), line("公用经费", "", 20.01),
            line("基本支出合计", "", 120.03)]  # fmt: skip
    (finding,) = findings(evaluate(tmp_path, basic=rows), "SUM-01")

    assert finding.outcome == "rounding"
    assert finding.message.endswith("相差0.01万元，在四舍五入的范围之内。")


def test_a_gap_smaller_than_the_last_digit_shown_is_told_in_yuan(tmp_path):
    rows = [
        line("人员经费", "", 1000001),
        line("公用经费", "", 1),
        line("基本支出合计", "", 1000003),
    ]
    (finding,) = findings(evaluate(tmp_path, unit="元", basic=rows), "SUM-01")

    assert finding.outcome == "rounding"
    assert "相差1.00元" in finding.message


@pytest.mark.parametrize(
    ("unit", "whole", "outcome"),
    [("万元", "3.000001", "fail"), ("元", "3.01", "fail"), ("元", "3.00", "pass")],
)
def test_amounts_printed_to_the_fen_allow_no_rounding(tmp_path, unit, whole, outcome):
    rows = [line("人员经费", "", "1"), line("公用经费", "", "2"), line("基本支出合计", "", whole)]

    assert outcomes(evaluate(tmp_path, unit=unit, basic=rows), "SUM-01") == [(outcome, "基本支出")]


def round_half_up(fen, step):
    return (fen + step // 2) // step * step


@settings(max_examples=8)
@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=8), st.sampled_from([2, 3, 4]))
def test_rounding_alone_is_never_a_fail(tmp_path_factory, amounts, decimals):
    step = 10 ** (6 - decimals)

    def printed(fen):
        return f"{round_half_up(fen, step) / 10**6:.{decimals}f}"

    rows = [line(f"项目{i}", "", printed(fen)) for i, fen in enumerate(amounts)]
    rows.append(line("项目支出合计", "", printed(sum(amounts))))
    evaluation = evaluate(tmp_path_factory.mktemp("unit"), projects=rows)

    (finding,) = findings(evaluation, "SUM-02")
    assert finding.outcome in {"pass", "rounding"}


@settings(max_examples=8)
@given(st.lists(st.integers(-(10**9), 10**12), min_size=1, max_size=8), st.randoms())
def test_parts_that_add_up_exactly_pass_in_any_order_of_rows(tmp_path_factory, amounts, order):
    rows = [line(f"项目{i}", "", f"{fen // 100}") for i, fen in enumerate(amounts)]
    rows.append(line("项目支出合计", "", f"{sum(fen // 100 for fen in amounts)}"))
    random.Random(order.random()).shuffle(rows)
    evaluation = evaluate(tmp_path_factory.mktemp("unit"), unit="元", projects=rows)

    assert outcomes(evaluation, "SUM-02") == [("pass", "项目支出")]


@pytest.mark.parametrize(("total", "outcome"), [("0.0202", "rounding"), ("0.0205", "fail")])
def test_a_sum_over_tables_is_as_coarse_as_the_coarsest_of_them(tmp_path, total, outcome):
    folder = make_folder(tmp_path)
    basic = [line("人员经费", "", 1), line("公用经费", "", 1)]
    write_csv(folder / "基本.csv", sheet_of("basic", basic, "万元"))
    projects = [line("甲", "", "2004000.55")]
    write_csv(folder / "项目.csv", sheet_of("projects", projects, "元"))
    other = [{"item": "支出合计", "initial_budget": total}]
    write_csv(folder / "其他.csv", sheet_of("other", other, "亿元"))

    assert outcomes(check(load_unit(folder)), "SUM-04") == [(outcome, "支出合计")]
