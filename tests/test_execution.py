"""Tests of EXEC-01 to EXEC-06: spending against budget."""

import pytest
from evaluated import BASIC, PROJECTS, evaluate, fails, findings, line, outcomes, sample


def project(tmp_path, *amounts, **more):
    """Return a unit whose one project 甲 has these amounts: 上年、年初、调整、调整后、执行."""
    return evaluate(tmp_path, projects=[line("甲", *amounts, **more)])


def waiting(evaluation, code):
    """Return the items of one rule's findings that still ask for something."""
    return [finding.item for finding in findings(evaluation, code) if finding.is_open]


# --- EXEC-01 ---------------------------------------------------------------------------------


def test_spending_above_the_initial_budget_without_a_reason_is_told_with_rate_and_excess(tmp_path):
    (finding,) = findings(project(tmp_path, "", 1300, "", "", 1683.71), "EXEC-01")

    assert (finding.outcome, finding.severity, finding.action) == ("fail", "error", "explain")
    assert finding.message == (
        "甲年初预算数1300.00万元，支出1683.71万元，为年初预算数的129.52%，"
        "超出383.71万元（+29.52%）；没有调整后预算数，也没有写明原因和批准文号。"
    )
    assert [place.cell for place in finding.places] == ["D4", "G4"]


def test_spending_above_the_initial_budget_is_explained_by_a_reason(tmp_path):
    (finding,) = findings(project(tmp_path, "", 10, "", "", 12, note="汛后抢修。"), "EXEC-01")

    assert (finding.is_open, finding.explanation) == (False, "汛后抢修")
    assert finding.message.endswith("超出2.00万元（+20.00%）；没有调整后预算数。")


@pytest.mark.parametrize("amounts", [("", 10, "", "", 10), ("", 10, "", "", 9), ("", 0, "", "", 0)])
def test_spending_of_the_budget_or_less_is_no_overspending(tmp_path, amounts):
    assert findings(project(tmp_path, *amounts), "EXEC-01") == []


def test_spending_without_any_budget_is_found_and_no_percentage_is_made_of_nothing(tmp_path):
    (finding,) = findings(project(tmp_path, "", 0, "", "", 5), "EXEC-01")

    assert finding.message == (
        "甲年初预算数为零，支出5.00万元；没有调整后预算数，也没有写明原因和批准文号。"
    )


def test_an_overspending_part_is_named_and_its_parents_sum_is_not_named_again(tmp_path):
    rows = [line("大项", "", 20, "", "", 25), line("小甲", "", 10, "", "", 16, parent="大项"),
            line("小乙", "", 10, "", "", 9, parent="大项"),
            line("项目支出合计", "", 20, "", "", 25)]  # fmt: skip

    assert fails(evaluate(tmp_path, projects=rows), "EXEC-01") == ["小甲"]


def test_a_parent_whose_parts_have_no_spending_is_looked_at_itself(tmp_path):
    rows = [line("大项", "", 20, "", "", 25), line("小甲", "", 20, parent="大项")]

    assert fails(evaluate(tmp_path, projects=rows), "EXEC-01") == ["大项"]


def test_a_reason_given_for_the_overspending_part_holds_for_the_total(tmp_path):
    rows = [line("甲", "", 10, "", "", 16, note="汛后抢修"), line("乙", "", 10),
            line("项目支出合计", "", 20, "", "", 25)]  # fmt: skip

    assert waiting(evaluate(tmp_path, projects=rows), "EXEC-01") == []


# --- EXEC-02 ---------------------------------------------------------------------------------


def test_the_execution_rate_of_a_unit_that_supplies_all_is_told_on_both_budgets(tmp_path):
    (finding,) = findings(evaluate(tmp_path), "EXEC-02")

    assert finding.outcome == "pass"
    assert finding.message == "支出合计的预算执行率为96.73%，年初预算完成率为103.50%。"


def test_an_execution_rate_that_cannot_be_computed_says_what_is_missing(tmp_path):
    rows = [line("甲", "", 10, "", "", 8), line("乙", "", 30)]
    whole, own = findings(evaluate(tmp_path, basic=BASIC, projects=rows), "EXEC-02")

    assert whole.message == (
        "部门整体的预算执行率不可计算：乙没有全年执行数；甲、乙没有调整后预算数；"
        "有全年执行数的只占年初预算数的81.25%。"
    )
    assert own.message == (
        "甲的预算执行率不可计算：调整后预算数没有提供。按年初预算数计算为80.00%，仅供参考。"
    )
    assert {whole.outcome, own.outcome} == {"not_computable"}


def test_a_whole_that_was_adjusted_to_nothing_is_told_at_its_cell(tmp_path):
    whole, *_ = findings(evaluate(tmp_path, other=[line("支出合计", "", 10, "", 0, 8)]), "EXEC-02")

    assert whole.message == "部门整体的预算执行率不可计算：支出合计调整后预算数为零。"
    assert [place.sheet for place in whole.places] == ["三公采购结转", "三公采购结转"]


def test_what_is_known_of_a_project_is_not_asked_of_its_parts(tmp_path):
    rows = [line("大项", "", 20, 0, 20, 15), line("小甲", "", 20, parent="大项"), line("乙", "", 5)]
    whole = findings(evaluate(tmp_path, basic=BASIC, projects=rows), "EXEC-02")[0]

    assert "不可计算：乙没有全年执行数" in whole.message


def test_a_project_without_budget_and_without_spending_misses_no_rate(tmp_path):
    items = [item for _, item in outcomes(project(tmp_path, "", 0, 0, 0, 0), "EXEC-02")]

    assert "甲" not in items


def test_all_blank_amounts_make_every_rate_not_computable_and_nothing_fails(tmp_path):
    evaluation = evaluate(tmp_path, basic=[line("人员经费"), line("公用经费")],
                          projects=[line("甲")])  # fmt: skip

    assert outcomes(evaluation, "EXEC-02") == [("not_computable", "支出合计")]
    assert not [f for f in evaluation.all_findings if f.code[:4] == "EXEC" and f.outcome == "fail"]


# --- EXEC-03 ---------------------------------------------------------------------------------


def test_an_adjusted_budget_copied_from_spending_is_told_with_both_rates(tmp_path):
    finding = findings(project(tmp_path, "", 50, "", 126.9, 126.9), "EXEC-03")[-1]

    assert finding.outcome == "fail"
    assert finding.message == (
        "甲调整后预算数与全年执行数同为126.90万元，年初预算数为50.00万元："
        "按调整后预算数执行率为100.00%，按年初预算数为253.80%；没有写明调整原因和批准文号。"
    )


def test_an_adjusted_budget_equal_to_spending_is_explained_by_a_reason_and_stays_told(tmp_path):
    evaluation = project(tmp_path, "", 50, "", 126.9, 126.9, note="抢修（×财预〔2021〕5号）")

    assert waiting(evaluation, "EXEC-03") == []
    assert "甲" in fails(evaluation, "EXEC-03")


@pytest.mark.parametrize(
    ("amounts", "found"),
    [
        (("", 100, "", 105, 105), False),
        (("", 100, "", 105.01, 105.01), True),
        (("", 100, "", 100, 100), False),
        (("", 100, "", 120, 119.99), False),
        (("", 0, "", 30, 30), True),
        (("", 100, -50, 50, 50), True),
    ],
)
def test_a_copied_adjustment_is_one_equal_to_spending_and_far_from_the_initial_budget(
    tmp_path, amounts, found
):
    assert ("甲" in fails(project(tmp_path, *amounts), "EXEC-03")) is found


# --- EXEC-04 ---------------------------------------------------------------------------------


def test_a_few_yuan_above_a_budget_are_printed_as_above_it(tmp_path):
    (finding,) = findings(project(tmp_path, "", 100, -50, 50, "50.0005"), "EXEC-04")

    assert (
        "调整后预算数50.00万元，支出50.001万元，为调整后预算数的100.001%，超出0.001万元（+0.001%）"
        in finding.message
    )


def test_spending_above_an_adjusted_budget_that_was_lowered_below_it_is_found(tmp_path):
    (finding,) = findings(project(tmp_path, "", 100, -50, 50, 60), "EXEC-04")

    assert finding.outcome == "fail"
    assert finding.message == (
        "甲调整后预算数50.00万元，支出60.00万元，为调整后预算数的120.00%，超出10.00万元（+20.00%）。"
    )


@pytest.mark.parametrize("spent", [60, 59.99])
def test_spending_of_the_adjusted_budget_or_less_is_within_it(tmp_path, spent):
    assert findings(project(tmp_path, "", 50, 10, 60, spent), "EXEC-04") == []


def test_spending_above_an_adjusted_budget_of_nothing_is_found_without_a_percentage(tmp_path):
    (finding,) = findings(project(tmp_path, "", 10, -10, 0, 1), "EXEC-04")

    assert finding.message == "甲调整后预算数为零，支出1.00万元。"


# --- EXEC-05 ---------------------------------------------------------------------------------


def test_a_low_execution_rate_without_a_reason_is_found(tmp_path):
    (finding,) = findings(project(tmp_path, "", 100, 0, 100, 89.99), "EXEC-05")

    assert finding.message == "甲的预算执行率为89.99%，低于90%，没有写明原因。"


@pytest.mark.parametrize(("spent", "note"), [(90, ""), (10, "招标推迟")])
def test_a_rate_at_the_limit_or_with_a_reason_is_not_found(tmp_path, spent, note):
    assert findings(project(tmp_path, "", 100, 0, 100, spent, note=note), "EXEC-05") == []


# --- EXEC-06 ---------------------------------------------------------------------------------


@pytest.mark.parametrize("adjustment", [5, -5])
def test_an_adjustment_without_a_reason_is_found(tmp_path, adjustment):
    evaluation = project(tmp_path, "", 50, adjustment, 50 + adjustment, 44)
    (finding,) = findings(evaluation, "EXEC-06")

    assert finding.message == (
        f"甲由年初预算数50.00万元调整为{50 + adjustment}.00万元，没有写明理由和批准文号。"
    )


def test_an_adjustment_with_a_reason_and_no_adjustment_pass(tmp_path):
    assert findings(evaluate(tmp_path, basic=BASIC, projects=PROJECTS), "EXEC-06") == []


# --- the samples -----------------------------------------------------------------------------


def test_the_sample_with_a_copied_adjustment_is_told_with_both_rates():
    found = findings(sample("S004"), "EXEC-03")

    assert {finding.outcome for finding in found} == {"fail"}
    whole = next(finding for finding in found if finding.item == "支出合计")
    assert "100.00%" in whole.message
    assert "169.12%" in whole.message
