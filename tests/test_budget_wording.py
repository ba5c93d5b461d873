"""Tests of TEXT-07 and TEXT-17: spending above or below the budget, and why."""

import pytest
from evaluated import LINES, evaluate, fails, findings, line, measure, outcomes, saying, text

# --- TEXT-07 ---------------------------------------------------------------------------------


def test_spending_said_to_be_below_a_budget_it_exceeds_is_told_with_both_amounts(tmp_path):
    (finding,) = findings(
        saying(tmp_path, "窗口服务专项支出低于年初预算，主要原因是接待减少。"), "TEXT-07"
    )

    assert (finding.outcome, finding.severity) == ("fail", "error")
    assert finding.message == (
        "文中写“低于年初预算”，而表中窗口服务专项年初预算数50.00万元、全年执行数54.20万元："
        "“窗口服务专项支出低于年初预算，主要原因是接待减少”。两种说法对不上，请核实。"
    )
    assert [str(place) for place in finding.places] == [
        "T001 › narrative.md › 第 13 行",
        "项目支出.csv › 项目支出 › D4",
        "项目支出.csv › 项目支出 › G4",
    ]


def test_amounts_stated_beside_the_words_come_before_the_tables(tmp_path):
    said = "年初预算为50万元，支出决算为54.2万元。决算数小于预算数的主要原因是接待减少。"
    (finding,) = findings(saying(tmp_path, said), "TEXT-07")

    assert "而同处预算50万元、支出54.2万元" in finding.message
    assert finding.item == "小于预算数"


@pytest.mark.parametrize(
    "sentence",
    [
        "窗口服务专项支出大于年初预算，因为A。窗口服务专项支出小于年初预算，因为A。",
        "窗口服务专项支出与年初预算持平。",
        "窗口服务专项支出{{窗口服务专项.全年执行数}}，控制在年初预算以内。",
        "窗口服务专项支出未超出年初预算。",
        "窗口服务专项支出比年初预算减少，因为A。",
        "人员经费支出大于全年预算，因为A。",
        "预算为50万元，支出为54万元，低于预算，因为A。",
        "年初预算为50万元，支出决算为50万元。完成年初预算的100%。决算数大于预算数，因为A。",
        "年初预算28.11万元，支出决算28.11万元，决算数小于预算数，因为A。",
    ],
)
def test_words_that_contradict_the_amounts_are_found(tmp_path, sentence):
    assert len(fails(saying(tmp_path, sentence), "TEXT-07")) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "窗口服务专项支出大于年初预算，因为A。",
        "窗口服务专项支出小于调整后预算，因为A。",
        "窗口服务专项支出小于预算，因为A。",
        "窗口服务专项支出控制在全年预算以内。",
        "窗口服务专项支出没有超过全年预算。",
        "年初预算为100万元，支出决算为100.4万元。决算数与预算数持平。",
        "年初预算为50万元，支出决算为54.2万元，大于年初预算，因为A。",
    ],
)
def test_words_that_agree_with_the_amounts_pass(tmp_path, sentence):
    assert outcomes(saying(tmp_path, sentence), "TEXT-07") == [("pass", "")]


@pytest.mark.parametrize(("executed", "outcome"), [("100.5", "pass"), ("100.51", "fail")])
def test_level_means_no_more_apart_than_the_threshold(tmp_path, executed, outcome):
    said = f"年初预算为100.00万元，支出决算为{executed}0万元。决算数同预算数持平。"

    assert [found for found, _ in outcomes(saying(tmp_path, said), "TEXT-07")] == [outcome]


def test_a_budget_the_tables_lack_cannot_be_compared_with(tmp_path):
    (finding,) = findings(saying(tmp_path, "文献购置支出大于全年预算，因为A。"), "TEXT-07")

    assert (finding.outcome, finding.severity) == ("not_computable", "info")
    assert "文献购置的调整后预算数未提供，无法核对" in finding.message


@pytest.mark.parametrize(
    "sentence",
    [
        "窗口服务专项支出与年初预算基本持平。",
        "上半年窗口服务专项支出低于年初预算。",
        "窗口服务专项支出低于预算执行进度。",
        "窗口服务专项采购价低于预算单价。",
        "严禁窗口服务专项超预算支出。",
        "坚持无预算不支出，杜绝超预算。",
        "某项支出低于年初预算。",
        "窗口服务专项总投资500万元，大于年度预算。",
        "甲项支出50万元，乙项年初预算60万元，低于预算。",
        "确保窗口服务专项支出低于年初预算。",
        "甲、乙两项年初预算分别为50万元和60万元，支出为55万元，低于年初预算。",
        "预算50万元，其中中央资金20万元，支出30万元，大于预算。",
        "年初预算{{文献购置.调整后预算数}}，支出54万元，低于年初预算。",
        "2020年年初预算50万元，支出54万元，低于年初预算。",
        "窗口服务专项年初预算低于上年预算。",
    ],
)
def test_words_of_no_certain_subject_claim_nothing(tmp_path, sentence):
    assert findings(saying(tmp_path, sentence), "TEXT-07") == []


def test_a_problem_in_the_table_is_read_as_the_narrative_is(tmp_path):
    row = measure("窗口服务专项支出低于年初预算")
    (finding,) = findings(saying(tmp_path, measures=[row]), "TEXT-07")

    assert str(finding.places[0]) == "问题与措施.csv › 问题与措施 › 第 3 行"


def test_a_measure_speaks_of_the_years_to_come(tmp_path):
    row = measure(measure="窗口服务专项支出低于年初预算")

    assert findings(saying(tmp_path, measures=[row]), "TEXT-07") == []


# --- TEXT-17 ---------------------------------------------------------------------------------


def test_a_change_without_a_reason_is_told(tmp_path):
    (finding,) = findings(saying(tmp_path, "人员经费支出比上年增加15.5万元。"), "TEXT-17")

    assert (finding.outcome, finding.severity, finding.action) == ("fail", "warning", "explain")
    assert finding.message == (
        "文中写“比上年增加15.5万元”，这一部分里没有写原因："
        "“人员经费支出比上年增加15.5万元”。请补写原因。"
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "文献购置支出超出年初预算2万元。",
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
        ["人员经费支出比上年增加1万元；公用经费支出比上年增加2万元。主要是物价上涨。"],
        ["人员经费支出比上年增加1万元。", "公用经费支出持平。", "增减变化的原因如下。", "1.调资。"],
        ["（一）人员经费支出比上年增加1万元。", "（二）说明如下：", "1.人员经费：受调资影响。"],
    ],
)
def test_a_reason_stands_anywhere_under_the_same_heading(tmp_path, sentences):
    found = outcomes(saying(tmp_path, *sentences), "TEXT-17")

    assert [outcome for outcome, _ in found] == ["pass"]


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
