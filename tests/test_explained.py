"""Tests of TEXT-17: changes, and why."""

import pytest
from evaluated import LINES, evaluate, fails, findings, line, measure, outcomes, saying, text


def test_a_change_without_a_reason_is_told(tmp_path):
    (finding,) = findings(saying(tmp_path, "人员经费支出比上年增加15.5万元。"), "TEXT-17")

    assert (finding.outcome, finding.severity, finding.action) == ("fail", "warning", "explain")
    assert finding.message == (
        "文中写“人员经费支出比上年增加15.5万元”，这一部分里没有写原因："
        "“人员经费支出比上年增加15.5万元”。请补写原因。"
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "决算数大于预算数。",
        "与上年相比，支出总计增加5万元，增长10%。",
        "本年支出100万元，同比增加5万元。",
        "因公出国（境）费支出比上年减少1万元。",
        "各项工作有序开展。人员经费支出比上年增加15.5万元。",
    ],
)
def test_every_way_to_tell_a_change_of_the_units_money_asks_for_a_reason(tmp_path, sentence):
    other = [{"item": "因公出国（境）费", "executed": 1}]

    assert len(fails(saying(tmp_path, sentence, other=other), "TEXT-17")) == 1


def test_what_is_above_the_budget_is_asked_once_by_the_table_itself(tmp_path):
    case = saying(tmp_path, "文献购置支出超出年初预算2万元。")

    assert fails(case, "TEXT-17") == []
    assert "文献购置" in fails(case, "EXEC-01")


@pytest.mark.parametrize(
    "sentences",
    [
        ["人员经费支出比上年增加15.5万元，主要原因是调资。"],
        ["人员经费支出比上年增加15.5万元。增加的原因：调资。"],
        ["由于调资，人员经费支出比上年增加15.5万元。"],
        ["受调资影响，人员经费支出比上年增加15.5万元。"],
        ["年内按照政策调资。人员经费支出比上年增加15.5万元。"],
        ["人员经费支出比上年增加15.5万元。", "主要是政策性调资。"],
        ["人员经费支出比上年增加15.5万元。公用经费持平。增加的主要原因是政策性调资。"],
        ["人员经费支出比上年增加15.5万元；公用经费支出比上年增加2.5万元。主要是物价上涨。"],
        [
            "人员经费支出比上年增加15.5万元。",
            "公用经费支出持平。",
            "增减变化的原因如下。",
            "1.调资。",
        ],
        ["（一）人员经费支出比上年增加15.5万元。", "（二）说明如下：", "1.人员经费：受调资影响。"],
    ],
)
def test_a_reason_stands_anywhere_under_the_same_heading(tmp_path, sentences):
    found = outcomes(saying(tmp_path, *sentences), "TEXT-17")

    assert [outcome for outcome, _ in found] == ["pass"]


@pytest.mark.parametrize(
    ("sentence", "asked"),
    [
        ("支出总计比上年增加15万元，增长10%。", 1),
        ("支出总计比上年增加13万元，增长9.9%。", 0),
        ("人员经费支出比上年增加9万元。", 0),
        ("人员经费支出比上年增加9.6万元。", 1),
        ("支出总计比上年减少30万元，下降19.9%。", 0),
        ("支出总计比上年减少30万元，下降20%。", 1),
    ],
)
def test_a_small_change_needs_no_reason(tmp_path, sentence, asked):
    assert len(fails(saying(tmp_path, sentence), "TEXT-17")) == asked


@pytest.mark.parametrize(
    "sentence",
    [
        "图书流通量较上年增长8.6%。",
        "全区财政收入比上年增长5%。",
        "接待批次比上年减少10批次。",
        "人员经费支出与上年持平。",
        "为企业节约费用，比上年增加5万元。",
        "群众满意度比上年提高2%。",
    ],
)
def test_what_is_not_the_units_money_or_did_not_change_needs_no_reason(tmp_path, sentence):
    assert findings(saying(tmp_path, sentence), "TEXT-17") == []


@pytest.mark.parametrize(
    ("note", "measures"),
    [("政策性调资", []), ("", [measure("人员经费增长快", cause="政策性调资")])],
)
def test_a_note_or_a_cause_in_the_tables_is_a_reason(tmp_path, note, measures):
    rows = [line("人员经费", 90, 100, 10, 110, 105.5, note=note)]
    said = text("人员经费支出比上年增加15.5万元。")
    evaluation = evaluate(tmp_path, narrative=said, basic=rows, measures=measures)

    assert [outcome for outcome, _ in outcomes(evaluation, "TEXT-17")] == ["pass"]


def test_a_reason_under_another_heading_counts_where_it_names_the_same_line(tmp_path):
    said = text("人员经费支出比上年增加15.5万元。")
    other = said.replace("办理各项业务。", "办理各项业务。受调资影响，人员经费上升。")

    found = [findings(evaluate(tmp_path, narrative=n, **LINES), "TEXT-17") for n in (said, other)]
    assert [[f.outcome for f in each] for each in found] == [["fail"], ["pass"]]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("公用经费支出与上年持平，主要原因是。其中水费1万元。", ["主要原因是"]),
        ("支出减少，原因为；其他不变。", ["原因为"]),
        ("支出减少，主要原因是：人员减少。", []),
        ("分析了超支的原因。", []),
        ("主要原因是，年内人员减少。", []),
    ],
)
def test_a_reason_that_was_begun_and_not_written_is_found(tmp_path, sentence, found):
    assert fails(saying(tmp_path, sentence), "TEXT-17") == found
