"""Tests of LINT-08, LINT-10 to LINT-12 and LINT-14: what an indicator's claim stands on."""

from __future__ import annotations

import pytest
from evaluated import (
    cost,
    evaluate,
    fails,
    findings,
    indicator,
    line,
    satisfaction,
    text,
)

# --- LINT-08: last year ------------------------------------------------------------------------


def two_years(tmp_path, now, before):
    """Evaluate a unit whose folder of 2020 has one set of indicators and that of 2021 another."""
    evaluate(tmp_path, settings={"fiscal_year": 2020}, indicators=[before])
    return evaluate(tmp_path, indicators=[now])


@pytest.mark.parametrize(
    ("now", "before", "is_found"),
    [
        ({"target_value": "20"}, {"actual_value": "21"}, True),
        ({"target_value": "20"}, {"actual_value": "20"}, False),
        ({"target_value": "20"}, {"actual_value": "19"}, False),
        ({"target_value": "20"}, {"actual_value": "21", "measure_unit": "次"}, False),
        ({"target_value": "20"}, {"actual_value": "21", "comparison": "="}, False),
        ({"target_value": "20"}, {"actual_value": "21", "indicator_name": "其他"}, False),
        ({"target_value": "20"}, {"actual_value": "很多"}, False),
        ({"comparison": "≤"}, {"comparison": "≤", "actual_value": "19"}, True),
        ({"comparison": "≤"}, {"comparison": "≤", "actual_value": "20"}, False),
        ({"target_value": "增加3场"}, {"actual_value": "20场"}, False),
        ({"comparison": "≤", "target_value": "2021.12", "measure_unit": "/",
          "indicator_name": "完成时间"},
         {"comparison": "≤", "actual_value": "2020.11", "measure_unit": "/",
          "indicator_name": "完成时间"}, False),
    ],
)  # fmt: skip
def test_a_target_easier_than_what_was_reached_last_year_is_found(tmp_path, now, before, is_found):
    evaluation = two_years(tmp_path, indicator(**now), indicator(**before))

    assert bool(findings(evaluation, "LINT-08")) == is_found


def test_last_years_value_is_told_beside_this_years(tmp_path):
    (finding,) = findings(two_years(tmp_path, indicator(), indicator(actual_value="26")), "LINT-08")

    assert finding.message.startswith("“培训场次”的年度指标值≥20场，低于上年的实际完成值26场。")


def test_a_bad_folder_of_last_year_is_named_once(tmp_path):
    alone = evaluate(tmp_path, indicators=[indicator()])
    bad = tmp_path / "params" / "2020" / "T001"
    bad.mkdir(parents=True)
    (bad / "unit.yaml").write_text("unit_code: T001\n", encoding="utf-8")

    assert findings(alone, "LINT-08") == []
    evaluation = evaluate(tmp_path, indicators=[indicator()])
    assert findings(evaluation, "LINT-08") == []
    (finding,) = findings(evaluation, "SAME-02")
    assert "没有取上年决算数，也没有与上年的指标比较" in finding.message


# --- LINT-10: surveys --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("evidence", "degree"),
    [
        ("全年无投诉", "no_survey"),
        ("满意度问卷统计（2021年12月）", "no_sample"),
        ("满意度汇总表", "no_sample"),  # perhaps of a survey: not said
        ("问卷汇总，发放400份，回收386份", ""),
        ("电话回访 1,200 户", ""),
        ("", ""),
    ],
)
def test_satisfaction_rests_on_a_survey_that_says_how_many_were_asked(tmp_path, evidence, degree):
    found = findings(evaluate(tmp_path, indicators=[satisfaction(evidence=evidence)]), "LINT-10")

    assert [f.degree for f in found] == ([degree] if degree else [])


def test_what_evidence_of_satisfaction_does_not_say_is_told_and_nothing_more(tmp_path):
    found = [
        findings(evaluate(tmp_path / said, indicators=[satisfaction(evidence=said)]), "LINT-10")
        for said in ("满意度汇总表", "问卷统计", "全年无投诉")
    ]

    assert [f.message.split("。")[0] for (f,) in found] == [
        "“服务对象评价”的佐证材料“满意度汇总表”没有写是不是调查得来的，也没有写发放和收回多少份",
        "“服务对象评价”的佐证材料“问卷统计”没有写发放和收回多少份",
        "“服务对象评价”的佐证材料“全年无投诉”不是调查得来的，没有投诉不等于满意",
    ]


TOLD = "全年工作按计划完成。发放问卷400份，回收386份。"


@pytest.mark.parametrize(
    ("sentence", "names", "is_found"),
    [
        (TOLD, ["服务对象评价"], False),
        ("对12个教学点开展满意度调查。", ["服务对象评价"], True),  # counts no questionnaires
        (TOLD, ["读者满意度", "学员满意度"], True),  # of which of the two?
        ("向读者发放问卷400份。", ["读者满意度"], False),
        ("向读者发放问卷400份。", ["学员满意度", "读者满意度"], True),  # none of the first
    ],
)
def test_questionnaires_may_be_counted_in_the_text(tmp_path, sentence, names, is_found):
    rows = [satisfaction(indicator_name=name, evidence="问卷汇总") for name in names]
    evaluation = evaluate(tmp_path, narrative=text(sentence), indicators=rows)

    assert (names[0] in fails(evaluation, "LINT-10")) == is_found


def test_satisfaction_listed_elsewhere_needs_a_survey_too_and_other_indicators_none(tmp_path):
    rows = [
        indicator("群众满意率", evidence="无投诉"),
        indicator("满意度调查次数", evidence="记录"),
    ]

    assert fails(evaluate(tmp_path, indicators=rows), "LINT-10") == ["群众满意率"]


# --- LINT-11: money ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("executed", "actual", "is_found"),
    [
        (0, "20", True),
        (3.99, "20", True),
        (4, "20", False),
        (3.99, "19", False),
        ("", "20", False),
    ],
)
def test_an_output_reached_without_its_projects_money_is_found(
    tmp_path, executed, actual, is_found
):
    rows, money = (
        [indicator(actual_value=actual, project="培训")],
        [line("培训", 20, 20, 0, 20, executed)],
    )
    found = findings(evaluate(tmp_path, indicators=rows, projects=money), "LINT-11")

    assert bool(found) == is_found
    assert all(("：钱没有花" in f.message) == (executed == 0) for f in found)


def test_a_cost_kept_down_by_not_spending_is_no_output(tmp_path):
    rows = [cost(project="培训")]
    money = [line("培训", 20, 20, 0, 20, 0)]

    assert findings(evaluate(tmp_path, indicators=rows, projects=money), "LINT-11") == []


# --- LINT-12: another unit ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "other", "is_found"),
    [
        ("星桥区图书馆到馆人次", "示例一：星桥区图书馆（示例）", True),
        ("图书馆到馆人次", "星桥区图书馆", False),
        ("测试单位与星桥区图书馆共建点", "星桥区图书馆", False),
        ("图书馆到馆人次", "图书馆", False),
    ],
)
def test_the_name_of_another_unit_of_the_year_is_found(tmp_path, name, other, is_found):
    evaluate(tmp_path, settings={"unit_code": "T002", "unit_name": other}, indicators=[indicator()])
    found = findings(evaluate(tmp_path, indicators=[indicator(name)]), "LINT-12")

    assert bool(found) == is_found
    assert all(f.found == "星桥区图书馆" for f in found)


def test_a_neighbour_that_cannot_be_read_is_passed_over(tmp_path):
    bad = tmp_path / "params" / "2021" / "T009"
    bad.mkdir(parents=True)
    (bad / "unit.yaml").write_bytes(b"\xff\xfe\x00unit_name")

    assert findings(evaluate(tmp_path, indicators=[indicator()]), "LINT-12") == []


# --- LINT-14: accepted -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "is_found"),
    [
        ({"evidence": "采购合同（尚未验收）"}, True),
        ({"evidence": "2022年1月15日通过验收"}, True),
        ({"evidence": "验收单（2022年1月）"}, True),
        ({"evidence": "2021年12月通过验收"}, False),
        ({"evidence": "2022年1月编印的工作总结"}, False),
        ({"evidence": "尚未验收", "actual_value": "19"}, False),
    ],
)
def test_what_counts_as_done_was_accepted_within_the_year(tmp_path, more, is_found):
    found = findings(evaluate(tmp_path, indicators=[indicator(**more)]), "LINT-14")

    assert bool(found) == is_found
