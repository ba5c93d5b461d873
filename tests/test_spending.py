"""Tests of selfeval.page.spending: all lines in one table, reasons, uses, what is left."""

import pytest
from evaluated import COMPLETE, line, sample, scored
from printed import paragraphs_of, plain_texts, rows_of, words_of

from selfeval.page import public, spending
from selfeval.page.opening import overview
from selfeval.page.trace import printed_numbers

OTHER_HEADS = ["项目", "上年决算", "年初预算", "调整后", "全年支出", "比上年"]


def reasons(evaluation):
    """Return the rows of the table of reasons, and who gave none."""
    page = spending.spending_html(evaluation)
    rows = [row for row in rows_of(page.partition("原因（")[2]) if row[0] != "支出项目"]
    return rows, paragraphs_of(page, "alarm")


def other(**amounts):
    """Return a row of the table of 三公 and the like."""
    names = ("prior_final_accounts", "initial_budget", "adjusted_budget", "executed")
    return {"item": "政府采购金额", **dict.fromkeys(names, ""), **amounts}


def carried(opening, closing, **more):
    """Return what was carried over at both ends of the year, and a whole that left 7 over."""
    return [
        {"item": "支出合计", "initial_budget": 100, "adjusted_budget": 107, "executed": 100},
        {"item": "年初结转和结余", "executed": opening},
        {"item": "年末结转和结余", "executed": closing, **more},
    ]


def end(evaluation):
    return spending.spending_end(evaluation)


# --- the table of all lines ------------------------------------------------------------------


def test_the_table_has_each_line_with_both_rates_and_the_whole_last(tmp_path):
    rows = rows_of(spending.execution_table(scored(tmp_path)))

    assert rows[0] == [
        "支出项目", "上年决算", "年初预算", "调整后", "全年支出", "执行率", "占年初"
    ]  # fmt: skip
    assert rows[2] == ["人员经费", "90.00", "100.00", "110.00", "105.50", "95.91%", "105.50%"]
    assert [row[0] for row in rows if len(row) > 1][-1] == "部门整体支出"


def test_columns_and_lines_without_a_number_are_left_out_and_named_once(tmp_path):
    rows = [line("甲", "", 10, "", "", 12), line("乙")]
    page = spending.execution_table(scored(tmp_path, projects=rows))

    told = rows_of(page)
    assert told[0] == ["支出项目", "年初预算", "全年支出", "占年初"]
    assert [row[0] for row in told[1:]] == ["项目支出", "甲", "部门整体支出"]
    assert paragraphs_of(page, "note") == [
        "没有填报，表中不列：调整后预算数、上年决算数、基本支出、人员经费、公用经费、乙。"
    ]


def test_a_line_known_in_part_keeps_its_gap_in_words(tmp_path):
    rows = [line("甲", "", 10, "", "", 12), line("乙", "", 5)]
    told = rows_of(spending.execution_table(scored(tmp_path, projects=rows)))

    assert ["乙", "5.00", "未提供", "不可计算"] in told


def test_a_unit_that_tells_no_amount_has_no_table_of_names(tmp_path):
    evaluation = scored(tmp_path, measures=COMPLETE["measures"])

    assert spending.execution_table(evaluation) == ""
    assert words_of(spending.spending_html(evaluation)) == (
        "部门整体支出的年初预算数或它的组成未提供。"
    )


# --- reasons ---------------------------------------------------------------------------------


def test_reasons_stand_in_the_units_words_the_largest_change_first(tmp_path):
    assert reasons(scored(tmp_path)) == (
        [
            ["人员经费", "5.50", "“政策性调资（×财预〔2021〕5号）”"],
            ["窗口服务专项", "4.00", "“追加设备（×财预〔2021〕7号）”"],
            ["公用经费", "-1.50", "“压减一般性支出（×财预〔2021〕6号）”"],
        ],
        [],
    )


def test_who_gave_no_reason_is_named_and_who_gave_one_without_a_document_is_not(tmp_path):
    rows = [line("甲", "", 10, 2, 12, 12, note="汛后抢修"), line("乙", "", 10, 5, 15, 15)]
    told, silent = reasons(scored(tmp_path, projects=rows))

    assert told == [["甲", "2.00", "“汛后抢修”"]]
    assert silent == ["单位没有说明原因：乙。"]


def test_a_project_is_named_by_its_parts_where_they_are_asked_and_itself_where_not(tmp_path):
    parts = [line("大项", "", 10, "", "", 15), line("小项", "", 10, "", "", 15, parent="大项")]
    alone = [line("大项", "", 10, "", "", 15), line("小项", parent="大项")]

    assert reasons(scored(tmp_path / "a", projects=parts))[1] == ["单位没有说明原因：小项。"]
    assert reasons(scored(tmp_path / "b", projects=alone))[1] == ["单位没有说明原因：大项。"]


def test_a_reason_from_unit_yaml_stands_with_its_line_and_end_marks_are_not_doubled(tmp_path):
    explanations = [{"finding": "EXEC-01", "item": "乙", "text": "政策性调资。"}]
    rows = [line("甲", "", 10, "", "", 12, note="材料涨价；"), line("乙", "", 10, "", "", 15)]
    told, _ = reasons(scored(tmp_path, projects=rows, settings={"explanations": explanations}))

    assert told == [["乙", "5.00", "“政策性调资”"], ["甲", "2.00", "“材料涨价”"]]


# --- sentences -------------------------------------------------------------------------------


def test_the_section_opens_with_what_the_budget_is_made_of_and_the_year_before(tmp_path):
    assert plain_texts([spending.describe_spending(scored(tmp_path))]) == (
        "年初预算中，基本支出占60.00%，项目支出占40.00%。"
        "支出比上年决算数增加31.00万元，增长17.61%。"
    )


def test_basic_spending_says_what_its_parts_pay_for(tmp_path):
    assert plain_texts(spending.describe_basic(scored(tmp_path))) == (
        "基本支出124.00万元，执行率96.12%。人员经费主要用于工资；公用经费主要用于办公费。"
    )


def test_each_project_says_its_use_and_its_parts_only_where_it_does_not(tmp_path):
    rows = [
        line("宣传", "", 10, "", 10, 9, use="印制手册"),
        line("印刷", "", 10, "", 10, 9, parent="宣传", use="手册"),
        line("培训", "", 20, "", 20, 18),
        line("讲课", "", 20, "", 20, 18, parent="培训", use="聘请教师"),
        line("其他项目支出", "", 5, "", 5, 5),
    ]

    assert plain_texts(spending.describe_projects(scored(tmp_path, projects=rows))) == (
        "项目支出共3个项目（另列明细2项），支出32.00万元，执行率91.43%。\n"
        "1. 宣传用于印制手册，支出9.00万元，执行率90.00%。\n"
        "2. 培训支出18.00万元，执行率90.00%。\n"
        "（1）讲课用于聘请教师，支出18.00万元，执行率90.00%。"
    )


def test_a_whole_that_lacks_a_part_names_both(tmp_path):
    rows = [line("甲", "", 10, "", "", 12), line("乙", "", 5)]

    assert plain_texts(spending.describe_projects(scored(tmp_path, projects=rows))) == (
        "项目支出共2个项目，项目支出的全年执行数不可计算（乙的全年执行数未提供）。"
    )


@pytest.mark.parametrize(
    ("amounts", "told"),
    [
        ((5, 4), "政府性基金预算支出年初预算5.00万元，全年支出4.00万元。"),
        ((0, 0), "政府性基金预算支出没有预算也没有支出。"),
        (("", 0), "政府性基金预算支出全年支出0.00万元，年初预算数未提供。"),
        (("", ""), ""),
    ],
)
def test_a_fund_of_zero_says_so_and_one_that_is_not_known_does_not(tmp_path, amounts, told):
    row = {"item": "政府性基金预算支出", "initial_budget": amounts[0], "executed": amounts[1]}
    evaluation = scored(tmp_path, other=[row])

    assert plain_texts(spending.describe_fund(evaluation, "government_managed_funds")) == told


def test_a_fund_of_zero_is_left_to_the_units_own_words():
    evaluation = sample("S004")
    view = public.outline_section(evaluation, "government_managed_funds")

    assert paragraphs_of(view.html) == ["本年度无政府性基金预算安排，未发生相关支出。"]


# --- what is left ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (carried(3, 7), "年初结转和结余3.00万元，年末结转和结余7.00万元，与没有用完的预算一致。"),
        (carried("", 7), "年末结转和结余7.00万元，与没有用完的预算一致。"),
        (carried(3, 5), "年初结转和结余3.00万元，年末结转和结余5.00万元；没有用完的预算是7.00万元，"
                        "两者相差2.00万元，单位没有说明。"),
        (carried(3, 9), "年初结转和结余3.00万元，年末结转和结余9.00万元；没有用完的预算是7.00万元，"
                        "两者相差2.00万元，单位没有说明。"),
        (carried(1, 9), "年初结转和结余1.00万元，年末结转和结余9.00万元；没有用完的预算是7.00万元，"
                        "两者相差2.00万元，单位没有说明。"),
        (carried(3, 5)[1:], "年初结转和结余3.00万元，年末结转和结余5.00万元。"),
    ],
)  # fmt: skip
def test_what_was_carried_over_is_held_against_what_was_not_spent(tmp_path, rows, told):
    assert paragraphs_of(end(scored(tmp_path, other=rows)))[0] == told


def test_a_difference_that_the_unit_explains_is_told_in_its_words(tmp_path):
    evaluation = scored(tmp_path, other=carried(3, 5, note="财政收回2万元指标"))

    assert paragraphs_of(end(evaluation))[0].endswith(
        "两者相差2.00万元，单位说明：“财政收回2万元指标”。"
    )


def test_without_what_was_carried_over_there_is_no_sentence_of_it(tmp_path):
    assert "结转" not in end(scored(tmp_path, other=carried(3, "")[:2]))


# --- 三公, procurement -------------------------------------------------------------------------


def test_zeros_are_a_sentence_and_what_is_missing_is_said_to_be(tmp_path):
    rows = [other(prior_final_accounts=3, initial_budget=3, adjusted_budget=3, executed=2),
            {"item": "国有资本经营预算支出", "initial_budget": 0, "executed": 0},
            {"item": "政府性基金预算支出", "initial_budget": "—", "executed": "—"}]  # fmt: skip
    page = end(scored(tmp_path, other=rows))

    assert rows_of(page) == [
        OTHER_HEADS, ["政府采购金额", "3.00", "3.00", "3.00", "2.00", "-33.33%"]
    ]  # fmt: skip
    assert paragraphs_of(page, "note") == [
        "没有预算也没有支出：国有资本经营预算支出。",
        "不适用：政府性基金预算支出。",
        "未提供：“三公”经费。",
    ]


@pytest.mark.parametrize(
    "amounts",
    [
        {"prior_final_accounts": 0},
        {"initial_budget": 0},
        {"executed": 0},
        {"initial_budget": 0, "executed": 3},
        {"prior_final_accounts": 3, "initial_budget": 0, "executed": 0},
    ],
)
def test_what_is_not_known_to_be_nothing_is_not_said_to_be(tmp_path, amounts):
    page = end(scored(tmp_path, other=[other(**amounts)]))

    assert "没有预算也没有支出" not in page
    assert "政府采购金额" in [row[0] for row in rows_of(page)]


def test_a_column_that_no_row_has_is_left_out_and_a_gap_in_another_is_in_words(tmp_path):
    rows = [other(initial_budget=3, executed=2),
            {"item": "公务接待费", "initial_budget": 1}]  # fmt: skip

    assert rows_of(end(scored(tmp_path, other=rows))) == [
        ["项目", "年初预算", "全年支出", "比上年"],
        ["公务接待费", "1.00", "未提供", "—"],
        ["政府采购金额", "3.00", "2.00", "—"],
    ]


def test_no_number_of_a_page_has_two_values_under_one_key(tmp_path):
    evaluation = scored(tmp_path, other=carried(3, 5))
    page = [overview(evaluation).html, spending.spending_html(evaluation), end(evaluation)]

    assert "total.left_of_adjusted_budget" in printed_numbers(page, evaluation.quantities)
