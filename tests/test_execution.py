"""Tests of EXEC-01 to EXEC-08: spending against budget, the year before, and what is left."""

import pytest
from evaluated import BASIC, PROJECTS, evaluate, fails, findings, line, outcomes, sample, text


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


# --- “三公”经费, 政府采购, 机关运行经费 --------------------------------------------------------


def beside(tmp_path, *rows, **tables):
    """Return a unit with rows of the table that has “三公”经费 and the like."""
    return evaluate(tmp_path, other=rows, **tables)


def other(item, initial="", adjusted="", executed="", **more):
    """Return a row of that table: 年初、调整后、执行."""
    return {"item": item, "initial_budget": initial, "adjusted_budget": adjusted,
            "executed": executed} | more  # fmt: skip


def test_procurement_above_its_budget_is_found_at_its_cells(tmp_path):
    (finding,) = findings(beside(tmp_path, other("政府采购金额", 50, 60, 66)), "EXEC-04")

    assert finding.message == (
        "政府采购金额调整后预算数60.00万元，支出66.00万元，为调整后预算数的110.00%，"
        "超出6.00万元（+10.00%）。"
    )
    assert [place.cell for place in finding.places] == ["D4", "E4"]


def test_procurement_above_an_initial_budget_that_was_not_adjusted_wants_a_reason(tmp_path):
    told = beside(tmp_path, other("政府采购金额", 50, "", 66))
    excused = beside(tmp_path, other("政府采购金额", 50, "", 66, note="汛后抢修采购"))

    assert waiting(told, "EXEC-01") == ["政府采购金额"]
    assert waiting(excused, "EXEC-01") == []


@pytest.mark.parametrize("spent", [60, 59, ""])
def test_procurement_within_its_budget_or_without_spending_is_not_found(tmp_path, spent):
    evaluation = beside(tmp_path, other("政府采购金额", 50, 60, spent))

    assert outcomes(evaluation, "EXEC-04") == outcomes(evaluation, "EXEC-01") == []


def test_a_copied_budget_of_hospitality_is_told_of_it_and_not_again_of_the_whole(tmp_path):
    rows = [other("“三公”经费合计", 6.8, 6.4, 6.4), other("因公出国（境）费", 0, 0, 0),
            other("公务用车运行维护费", 6, 5.95, 5.94),
            other("公务接待费", 0.8, 0.46, 0.46)]  # fmt: skip

    assert fails(beside(tmp_path, *rows), "EXEC-03") == ["公务接待费"]


def test_three_public_expenses_whose_parts_are_not_told_are_looked_at_as_a_whole(tmp_path):
    rows = [other("“三公”经费合计", 6.8, 6, 6), other("公务接待费", 0.8)]

    assert fails(beside(tmp_path, *rows), "EXEC-03") == ["“三公”经费"]


def test_agency_operating_that_is_operating_spending_to_the_fen_is_told_once(tmp_path):
    basic = [line("公用经费", "", 20, "", 30, 30)]
    same = beside(tmp_path, other("机关运行经费", 20, 30, 30), basic=basic)
    differs = beside(tmp_path, other("机关运行经费", 20, 29, 29), basic=basic)

    assert "机关运行经费" not in fails(same, "EXEC-03")
    assert "公用经费" in fails(same, "EXEC-03")
    assert "机关运行经费" in fails(differs, "EXEC-03")


def test_a_budget_that_was_taken_back_whole_is_no_copy_of_spending(tmp_path):
    assert fails(beside(tmp_path, other("因公出国（境）费", 5, 0, 0)), "EXEC-03") == []


def test_what_the_year_opened_and_closed_with_is_no_spending_against_a_budget(tmp_path):
    evaluation = beside(
        tmp_path, other("年末结转和结余", 5, 8, 9), other("年初结转和结余", 1, 8, 8)
    )

    assert not [code for code in ("EXEC-01", "EXEC-03", "EXEC-04") if findings(evaluation, code)]


# --- EXEC-07 ---------------------------------------------------------------------------------


def closing(tmp_path, left, amount=3, opening=2, narrative="甲工作照常。", **more):
    """Return a unit with 100.00万元 that spent all but ``left``, and closed with an amount."""
    rows = [other("支出合计", 100, 100, 100 - left), other("年初结转和结余", executed=opening),
            other("年末结转和结余", executed=amount, **more)]  # fmt: skip
    return evaluate(tmp_path, narrative=text(narrative), other=rows)


def test_more_carried_forward_than_was_left_of_the_budget_is_told_with_where_to_say_why(tmp_path):
    (finding,) = findings(closing(tmp_path, 3, amount=8), "EXEC-07")

    assert (finding.outcome, finding.severity, finding.action) == ("fail", "warning", "explain")
    assert finding.message == (
        "调整后预算数100.00万元减全年执行数97.00万元，没有花完的是3.00万元；"
        "年末结转和结余是8.00万元，相差5.00万元，没有写明原因："
        "多出的是以前年度的结余、预算以外的收入，还是调整后预算数没有报全。"
        "请填写“三公采购结转”表“年末结转和结余”一行的“说明”。"
    )
    assert [place.cell for place in finding.places] == ["D4", "E4", "E6"]


def test_less_carried_forward_than_was_left_asks_whether_it_was_taken_back(tmp_path):
    (finding,) = findings(closing(tmp_path, 3, amount=0), "EXEC-07")

    assert "相差3.00万元，没有写明原因：少的是财政收回了" in finding.message


@pytest.mark.parametrize(
    ("left", "amount"), [(3, 3), (3, 5), (3, "3.01"), (0, 0)], ids=["in", "beside", "rounded", "0"]
)
def test_what_was_left_with_or_without_what_the_year_opened_with_is_carried_forward(
    tmp_path, left, amount
):
    evaluation = closing(tmp_path, left, amount=amount)

    assert outcomes(evaluation, "EXEC-07") == [("pass", "年末结转和结余")]


@pytest.mark.parametrize(("amount", "opening", "left"), [("", 2, 3), (8, "", 3), (8, 2, -3)])
def test_nothing_is_said_of_what_is_left_where_an_amount_is_missing_or_all_was_overspent(
    tmp_path, amount, opening, left
):
    evaluation = closing(tmp_path, left, amount=amount, opening=opening)

    assert findings(evaluation, "EXEC-07") == []


def test_the_note_or_the_text_says_where_the_rest_went_and_empty_words_do_not(tmp_path):
    noted = closing(tmp_path / "a", 3, amount=0, note="未支出的3万元年末由财政收回")
    written = closing(tmp_path / "b", 3, amount=0, narrative="未使用的额度年末由财政收回。")
    other_words = closing(tmp_path / "c", 3, amount=0, narrative="问卷收回306份。")
    empty = closing(tmp_path / "d", 3, amount=0, note="属实")

    assert waiting(noted, "EXEC-07") == waiting(written, "EXEC-07") == []
    assert waiting(other_words, "EXEC-07") == waiting(empty, "EXEC-07") == ["年末结转和结余"]


# --- EXEC-08 ---------------------------------------------------------------------------------


def test_an_initial_budget_far_above_last_years_spending_is_told_with_where_to_say_why(tmp_path):
    (finding,) = findings(project(tmp_path, 40, 60, 0, 60, 60), "EXEC-08")

    assert (finding.outcome, finding.severity, finding.action) == ("fail", "warning", "explain")
    assert finding.message == (
        "甲年初预算数60.00万元，比上年决算数40.00万元增加20.00万元（+50.00%），没有写明原因。"
        "请填写“项目支出”表“甲”一行的“调整和偏差原因”。"
    )
    assert [place.cell for place in finding.places] == ["C4", "D4"]


@pytest.mark.parametrize("before", [60, 50, "46.16", 0, ""])
def test_growth_within_the_limit_and_what_was_not_there_the_year_before_need_no_reason(
    tmp_path, before
):
    assert findings(project(tmp_path, before, 60, 0, 60, 60), "EXEC-08") == []


def test_growth_that_is_little_beside_the_whole_budget_needs_no_reason(tmp_path):
    rows = [line("甲", 500, 500, 0, 500, 500), line("乙", 1, 2, 0, 2, 2)]

    assert findings(evaluate(tmp_path, projects=rows), "EXEC-08") == []


def test_a_reason_for_what_was_adjusted_later_is_none_for_the_growth(tmp_path):
    later = project(tmp_path / "a", 40, 60, 5, 65, 65, note="追加设备（×财预〔2021〕7号）")
    growth = project(tmp_path / "b", 40, 60, 5, 65, 65, note="比上年新增两个站点；追加设备")
    unmoved = project(tmp_path / "c", 40, 60, 0, 60, 60, note="增设两个站点")
    (finding,) = findings(later, "EXEC-08")

    assert "“调整和偏差原因”栏写的不是年初预算增加的原因。" in finding.message
    assert findings(growth, "EXEC-08") == findings(unmoved, "EXEC-08") == []


def test_what_grew_as_a_whole_alone_is_asked_for_at_its_parts_and_answered_there(tmp_path):
    def basic(note):
        return [line("人员经费", "", 40, 0, 40, 40, note=note), line("公用经费", "", 20, 0, 20, 20),
                line("基本支出合计", 40, 60, 0, 60, 60)]  # fmt: skip

    (finding,) = findings(evaluate(tmp_path / "a", basic=basic("")), "EXEC-08")

    assert finding.item == "基本支出"
    assert "请填写“基本支出”表“人员经费”“公用经费”各行的“调整和偏差原因”" in finding.message
    assert findings(evaluate(tmp_path / "b", basic=basic("比上年新增编制")), "EXEC-08") == []


def test_a_sentence_that_says_why_a_line_grew_is_its_reason(tmp_path):
    rows = [line("站点专项", 40, 60, 0, 60, 60)]
    told = text("站点专项比上年增加，主要是新增两个站点。")
    about = text("站点专项比上年增加20.00万元。")

    assert findings(evaluate(tmp_path / "a", narrative=told, projects=rows), "EXEC-08") == []
    assert fails(evaluate(tmp_path / "b", narrative=about, projects=rows), "EXEC-08") == [
        "站点专项"
    ]


# --- the samples -----------------------------------------------------------------------------


def test_the_sample_with_a_copied_adjustment_is_told_with_both_rates():
    found = findings(sample("S004"), "EXEC-03")

    assert {finding.outcome for finding in found} == {"fail"}
    whole = next(finding for finding in found if finding.item == "支出合计")
    assert "100.00%" in whole.message
    assert "169.12%" in whole.message


def test_the_sample_whose_closing_balance_is_47_59_above_what_was_left_is_told():
    (finding,) = findings(sample("S005"), "EXEC-07")

    assert finding.is_open
    assert "年末结转和结余是56.00万元，相差47.59万元" in finding.message
