"""Tests of IND-06: a line without points is told once, and without a total nothing is final."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from builders import make_folder, write_xlsx
from evaluated import (
    BASIC,
    COMPLETE,
    INDICATORS,
    SIGNED,
    evaluate,
    findings,
    indicator,
    sample,
    scored,
    scored_row,
)
from table_sets import Plan, final_accounts

from selfeval.checks import check
from selfeval.evaluation.load import load_unit
from selfeval.page.public import overview
from selfeval.project import Project
from selfeval.run.batch import Options, run_units
from selfeval.scoring.score import score


def unit(tmp_path, first=None, settings=None, **tables):
    """Return a complete unit with its first indicator changed."""
    rows = [INDICATORS[0] | (first or {}), *INDICATORS[1:]]
    whole = COMPLETE | {"indicators": rows} | tables
    return scored(tmp_path, settings=SIGNED | (settings or {}), **whole)


def withholding(evaluation):
    return [(f.code, f.item) for f in evaluation.all_findings if f.withholds]


def test_an_indicator_without_points_is_told_at_its_cell_with_what_was_found_and_what_to_write(
    tmp_path,
):
    (finding,) = findings(unit(tmp_path, {"actual_value": "约20"}), "IND-06")

    assert (finding.outcome, finding.severity, finding.found) == (
        "not_computable", "error", "约20场",
    )  # fmt: skip
    assert [str(place) for place in finding.places] == ["绩效指标.csv › 绩效指标 › G3"]
    assert finding.message == (
        "“培训场次”（分值50.00分）不能计分，没有总分：实际完成值“约20”是约数。请核实以后写确切的数。"
    )


@pytest.mark.parametrize(
    ("first", "cell"),
    [
        ({"actual_value": "完成"}, "G3"),
        ({"actual_value": "", "self_score": ""}, "G3"),
        ({"target_value": "0"}, "E3"),
        ({"target_value": "若干"}, "E3"),
        ({"weight": "", "self_score": ""}, "H3"),
        ({"comparison": "定性", "actual_value": "22"}, "G3"),
    ],
)
def test_the_place_is_the_cell_to_be_changed(tmp_path, first, cell):
    (finding,) = findings(unit(tmp_path, first), "IND-06")

    assert [place.cell for place in finding.places] == [cell]


def test_an_indicator_of_an_official_form_is_told_at_its_cell_too():
    evaluation = sample("S005")
    first, *others = evaluation.tables.indicators
    rows = (replace(first, actual_value="完成"), *others)
    tables = replace(evaluation.tables, indicators=rows)
    again = score(check(replace(evaluation, tables=tables, scored=None)))
    (finding,) = findings(again, "IND-06")

    assert [place.cell for place in finding.places] == [first.address("actual_value")]


def test_what_another_rule_tells_of_a_line_is_not_told_again(tmp_path):
    evaluation = unit(tmp_path, {"actual_value": ""})

    assert ("IND-02", "培训场次") in withholding(evaluation)
    assert findings(evaluation, "IND-06") == []
    assert evaluation.is_draft


def test_an_indicator_that_the_profile_has_no_points_for_is_told_at_its_family(tmp_path):
    family = {"indicator_family": "投入指标", "indicator_aspect": "目标设定"}
    (finding,) = findings(unit(tmp_path, family), "IND-06")

    assert finding.message == (
        "“培训场次”（分值50.00分）不能计分，没有总分：评分办法“全国通行（10—50—30—10）”"
        "没有给投入指标的分值。请改填办法里有分值的一级指标，或删去这项指标。"
    )
    assert [place.cell for place in finding.places] == ["A3"]


def test_an_execution_rate_that_cannot_be_computed_keeps_the_unit_a_draft_and_is_told_once(
    tmp_path,
):
    unspent = [row | {"executed": ""} for row in BASIC]
    evaluation = unit(tmp_path, basic=unspent, other=[])

    assert ("EXEC-02", "支出合计") in withholding(evaluation)
    assert findings(evaluation, "IND-06") == []
    assert evaluation.is_draft


def test_no_reason_in_unit_yaml_makes_up_for_points_that_are_missing(tmp_path):
    said = [
        {"finding": "IND-02", "text": "因疫情推迟（×财预〔2021〕5号）"},
        {"finding": "IND-06", "text": "因疫情推迟（×财预〔2021〕5号）"},
    ]
    evaluation = unit(tmp_path, {"actual_value": ""}, {"explanations": said})

    assert [f.is_open for f in findings(evaluation, "IND-02")] == [False]
    assert withholding(evaluation) == [("IND-06", "培训场次")]
    assert "不能靠说明消除" in findings(evaluation, "META-01")[0].message
    assert evaluation.is_draft


def test_weights_that_are_explained_give_no_total_and_stay_a_draft(tmp_path):
    said = [{"finding": "IND-01", "text": "按上级文件分配（×财绩〔2021〕5号）"}]
    evaluation = unit(tmp_path, {"weight": 45, "self_score": 45}, {"explanations": said})
    (finding,) = findings(evaluation, "IND-06")

    assert finding.message == (
        "没有自评得分和等级：分值合计为95，不是100：产出指标共45，评分办法规定50。"
        "请改正，写说明消除不了。"
    )
    assert evaluation.is_draft


def test_lines_of_a_profile_say_what_they_lack_and_where_it_is_to_be_filled_in(tmp_path):
    evaluation = unit(tmp_path, settings={"scoring": "hunan-2017"})
    told = {f.item: f.message for f in findings(evaluation, "IND-06")}

    assert told["行政效能"] == (
        "“行政效能”（分值6.00分）不能计分，没有总分：由单位评议，还没有填报"
        "（评议内容：改进文风会风、精简流程、节约成本、降低消耗）。请在“绩效指标”表里加一行，"
        "三级指标写“行政效能”，指标性质写“定性”，选一级指标和二级指标，填上实际完成值。"
    )
    assert told["新建楼堂馆所面积控制率"] == (
        "“新建楼堂馆所面积控制率”（分值5.00分）不能计分，没有总分：楼堂馆所实际规模未提供；"
        "楼堂馆所批复规模未提供。请放入《部门整体支出绩效评价基础数据表》，"
        "填写“楼堂馆所控制情况”；没有新建的写“—”。"
    )
    assert told["“三公”经费变动率"].startswith("“‘三公’经费变动率”")


def test_a_judged_line_says_what_is_reached_as_an_indicator_does(tmp_path):
    row = indicator("行政效能", comparison="定性", target_value="", actual_value="达成", weight="")
    evaluation = unit(tmp_path, settings={"scoring": "hunan-2017"}, indicators=[row])
    sentence = scored_row(evaluation, "行政效能").sentence

    assert sentence.startswith("“行政效能”实际达成：达成（80%—100%档），")


def test_where_no_indicator_is_filled_in_the_lines_to_be_judged_are_not_told_one_by_one(tmp_path):
    evaluation = unit(tmp_path, settings={"scoring": "hunan-2017"}, indicators=[])
    told = {item for code, item in withholding(evaluation) if code == "IND-06"}

    assert ("MISS-06", "绩效指标") in withholding(evaluation)
    assert "行政效能" not in told
    assert "新建楼堂馆所面积控制率" in told


def test_a_complete_unit_has_no_such_finding(tmp_path):
    evaluation = unit(tmp_path)

    assert findings(evaluation, "IND-06") == []
    assert withholding(evaluation) == []


def test_the_page_of_a_unit_without_a_total_says_draft_and_why(tmp_path):
    html = overview(unit(tmp_path, {"actual_value": "完成"})).html

    assert "<strong>草稿</strong>" in html
    assert "：培训场次不能计分，没有总分。" in html


def test_public_tables_alone_are_no_draft_but_cannot_be_final(tmp_path):
    folder = make_folder(tmp_path, "")
    write_xlsx(folder / "决算.xlsx", **final_accounts(Plan(Random(1)), year="2021年度"))

    evaluation = score(check(load_unit(folder)))
    [result] = run_units(Project(tmp_path), [folder], Options(final=True))

    assert (evaluation.is_draft, findings(evaluation, "IND-06")) == (False, [])
    assert result.status == "draft"
    assert result.reason == "T001：没有自评得分：没有填报绩效指标。没有总分的不能定稿。"


def test_two_indicators_without_points_are_two_findings(tmp_path):
    rows = [indicator("甲", actual_value="完成"), indicator("乙", actual_value="完成")]

    assert [f.item for f in findings(scored(tmp_path, indicators=rows), "IND-06")] == ["甲", "乙"]


def test_findings_about_the_score_need_one(tmp_path):
    evaluation = evaluate(tmp_path, indicators=[indicator(actual_value="完成")])

    assert findings(evaluation, "IND-06") == []
