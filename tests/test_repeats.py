"""Tests of TEXT-11 and TEXT-12: one amount told in two ways."""

import pytest
from evaluated import fails, findings, outcomes, saying

HEAD = "7、社会保障支出（208类）行政单位离退休（01项）"
REST = "2020年执行数为57.43万元，2021年预算安排{}万元，比2020年执行数增加，因为A。"


def item(first, again, head=HEAD, rest=REST):
    return f"{head}{first}万元。主要用于：退休人员支出。{rest.format(again)}"


# --- TEXT-11 ---------------------------------------------------------------------------------


def test_the_amount_at_the_head_and_the_budget_told_later_are_compared(tmp_path):
    (finding,) = findings(saying(tmp_path, item("56.12", "57.8")), "TEXT-11")

    assert (finding.outcome, finding.severity) == ("fail", "error")
    assert finding.message == (
        "同一段里社会保障支出（208类）行政单位离退休（01项）先写56.12万元，后写57.8万元："
        "“7、社会保障支出（208类）行政单位离退休（01项）56.12万元”"
        "“2020年执行数为57.43万元，2021年预算安排57.8万元，比2020年执行数增加……”。请核实。"
    )
    assert (finding.expected, finding.found) == ("56.12万元", "57.8万元")


@pytest.mark.parametrize(
    "paragraph",
    [
        item("56.12", "56.12"),
        item("56.1", "56.12"),
        item("56", "56.12"),
        item("56.12", "60", rest="2021年预算安排{}万元。"),
        item("56.12", "60", rest="2020年执行数为57万元，2021年执行数为56.12万元，预算安排{}万元。"),
        item("50", "20", head="甲项目总投资"),
        item("50", "20", head="甲项目支出"),
        item("50", "20", head="甲项目，共"),
        item("50", "20", rest="2020年执行数20万元，2021年预算安排{}万元，2022年预算安排10万元。"),
    ],
)
def test_the_same_amount_or_one_that_may_be_another_is_no_finding(tmp_path, paragraph):
    assert findings(saying(tmp_path, paragraph), "TEXT-11") == []


def test_two_amounts_of_a_line_the_tables_leave_blank_are_compared(tmp_path):
    said = "公用经费上年决算30万元。办公节约。公用经费上年决算32万元。"
    line = "文献购置调整后预算15万元。经批准，文献购置调整后预算18万元。"

    assert fails(saying(tmp_path, line), "TEXT-11") == ["文献购置调整后预算数"]
    assert fails(saying(tmp_path / "b", said), "TEXT-11") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "文献购置调整后预算15万元，其中文献购置调整后预算10万元已支付。",
        "文献购置调整后预算15万元，文献购置调整后预算10万元用于报刊。",
        "文献购置调整后预算15万元，上半年文献购置调整后预算10万元。",
        "文献购置预算15万元，文献购置预算18万元。",
        "文献购置调整后预算15万元，文献购置调整后预算15.0万元。",
        "窗口服务专项支出50万元，窗口服务专项支出60万元。",
    ],
)
def test_amounts_that_may_be_of_different_things_are_not_compared(tmp_path, sentence):
    assert findings(saying(tmp_path, sentence), "TEXT-11") == []


def test_amounts_in_two_paragraphs_are_not_compared(tmp_path):
    said = ["文献购置调整后预算15万元。", "文献购置调整后预算18万元。"]

    assert findings(saying(tmp_path, *said), "TEXT-11") == []


# --- TEXT-12 ---------------------------------------------------------------------------------


def test_an_amount_in_yuan_with_the_digits_of_the_table_is_told_once(tmp_path):
    evaluation = saying(tmp_path, "人员经费全年支出105.5元。")
    (finding,) = findings(evaluation, "TEXT-12")

    assert (finding.outcome, finding.severity) == ("fail", "error")
    assert finding.message == (
        "文中写人员经费105.5元，表中全年执行数105.50万元，数字相同而单位不同："
        "“人员经费全年支出105.5元”。请核实是否误写了单位。"
    )
    assert findings(evaluation, "TEXT-03") == []


@pytest.mark.parametrize(
    ("amount", "found"),
    [("0.01", []), ("0.02", ["零星"]), ("9998", ["零星"]), ("10000", [])],
)
def test_the_range_of_a_slip_has_two_ends(tmp_path, amount, found):
    # 0.01 元 is no amount of 万元 that could stand in the table; 10000 元 may be meant.
    spent = {"0.01": "0.001", "0.02": "0.02"}.get(amount, amount)
    rows = [{"item": "零星", "initial_budget": 1, "executed": spent}]

    assert fails(saying(tmp_path, f"零星支出{amount}元。", projects=rows), "TEXT-12") == found


@pytest.mark.parametrize(
    "sentence",
    ["人员经费支出1055000元。", "人员经费支出105.5万元。", "人均人员经费105.5元。",
     "人员经费支出105.5元/人。", "人员经费中补贴105.5元。", "人员经费支出77元。"],
)  # fmt: skip
def test_an_amount_in_yuan_that_is_right_or_of_something_else_is_no_slip(tmp_path, sentence):
    assert outcomes(saying(tmp_path, sentence), "TEXT-12") == []


# --- amounts of more than a year -------------------------------------------------------------


@pytest.mark.parametrize(
    "sentence",
    [
        "窗口服务专项总投资500万元，年初预算50万元，支出54.2万元，大于年初预算，因为A。",
        "窗口服务专项概算500万元，年初预算50万元。",
        "窗口服务专项自开工起累计支出500万元，低于概算。",
        "总投资500万元的窗口服务专项，年初预算50万元。",
        "窗口服务专项累计安排500万元，累计支出400万元，完成投资的80%。",
    ],
)
def test_an_amount_of_several_years_is_never_compared_with_one_year(tmp_path, sentence):
    evaluation = saying(tmp_path, sentence)

    for code in ("TEXT-03", "TEXT-07", "TEXT-09", "TEXT-11"):
        assert fails(evaluation, code) == []


def test_what_was_spent_in_all_the_year_is_still_the_years(tmp_path):
    assert fails(saying(tmp_path, "窗口服务专项全年累计支出60万元。"), "TEXT-03") == [
        "窗口服务专项"
    ]
