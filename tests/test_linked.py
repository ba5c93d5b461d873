"""Tests of IND-09 and IND-10: projects, their indicators, and what is done about missed ones."""

import pytest
from evaluated import evaluate, fails, findings, indicator, line, measure, outcomes, sample

PROJECTS = [line("培训", "", 50, 0, 50, 50), line("监测", "", 45, 0, 45, 45),
            line("印刷", "", 5, 0, 5, 5)]  # fmt: skip


def with_indicators(tmp_path, *rows, projects=PROJECTS, **tables):
    """Return a unit with these projects and indicators."""
    return evaluate(tmp_path, projects=projects, indicators=rows, **tables)


# --- IND-09 ----------------------------------------------------------------------------------


def test_a_large_project_without_an_indicator_is_told_with_its_share(tmp_path):
    (finding,) = findings(with_indicators(tmp_path, indicator(project="培训")), "IND-09")

    assert (finding.outcome, finding.severity, finding.action) == ("fail", "warning", "supply")
    assert finding.message == (
        "“监测”调整后预算数45.00万元，占项目支出的45.00%，却没有一项绩效指标。"
        "请为它设指标；已有的指标说的就是它的，在那一行的“关联项目”栏写上它的名称。"
    )
    assert [place.cell for place in finding.places] == ["A5"]


def test_projects_that_indicators_are_linked_to_or_name_have_indicators(tmp_path):
    rows = [indicator(project="培训"), indicator("监测次数", project="")]

    assert outcomes(with_indicators(tmp_path, *rows), "IND-09") == [("pass", "")]


def test_an_indicator_of_a_part_is_one_of_its_project(tmp_path):
    rows = [line("大项", "", 50, 0, 50, 50), line("小项", "", 50, 0, 50, 50, parent="大项")]
    evaluation = with_indicators(tmp_path, indicator(project="小项"), projects=rows)

    assert fails(evaluation, "IND-09") == []


def test_what_only_gathers_the_other_projects_is_looked_at_by_its_parts(tmp_path):
    rows = [line("培训", "", 70, 0, 70, 70), line("其他项目支出", "", 30, 0, 30, 30),
            line("监测", "", 22, 0, 22, 22, parent="其他项目支出"),
            line("印刷", "", 8, 0, 8, 8, parent="其他项目支出")]  # fmt: skip
    evaluation = with_indicators(tmp_path, indicator(project="培训"), projects=rows)

    assert fails(evaluation, "IND-09") == ["监测"]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [indicator("办件量")],
        [indicator("办件量"), indicator("次数"), indicator("人次", project="培训")],
    ],
    ids=["none", "none linked", "few linked"],
)
def test_nothing_is_said_where_indicators_hardly_say_which_project_they_are_of(tmp_path, rows):
    assert findings(with_indicators(tmp_path, *rows), "IND-09") == []


def test_a_small_project_needs_an_indicator_only_where_it_is_of_priority(tmp_path):
    rows = [indicator(project="培训"), indicator("次数", project="监测")]
    first = [*PROJECTS[:2], PROJECTS[2] | {"priority": "是"}]

    assert fails(with_indicators(tmp_path, *rows), "IND-09") == []
    assert fails(with_indicators(tmp_path, *rows, projects=first), "IND-09") == ["印刷"]


def test_the_largest_project_of_a_sample_has_no_indicator():
    (finding,) = findings(sample("S004"), "IND-09")

    assert finding.item == "空气自动站运行维护专项"
    assert "占项目支出的29.31%，是金额最大的项目，却没有一项绩效指标" in finding.message


# --- IND-10 ----------------------------------------------------------------------------------


def missed(tmp_path, *measures, cause="教师不足", name="培训场次", project="培训"):
    """Return a unit that missed an indicator of a project, with these problems."""
    row = indicator(name, actual_value="10", project=project, deviation_cause=cause)
    return with_indicators(tmp_path, row, measures=measures)


def test_a_missed_indicator_without_problem_or_measure_of_its_project_is_told(tmp_path):
    (finding,) = findings(missed(tmp_path, measure(project="监测")), "IND-10")

    assert (finding.outcome, finding.severity, finding.action) == ("fail", "warning", "supply")
    assert finding.message == (
        "“培训场次”完成比例50.00%，未达到年度指标值，“问题与措施”里没有“培训”的问题和措施，"
        "“偏差原因分析及改进措施”栏也没有写怎么改进。"
        "请在“问题与措施”补一行，“关联项目”栏写“培训”，或者在“偏差原因分析及改进措施”栏写明改进措施。"
    )
    assert [place.cell for place in finding.places] == ["J3"]


@pytest.mark.parametrize(
    ("own", "cause"),
    [
        (measure(project="培训"), "教师不足"),
        (measure("训场次偏少", project="监测"), "教师不足"),
        (measure("培训少", project="监测"), "教师不足"),
        (measure(project="监测"), "教师不足，下年度增聘"),
    ],
    ids=["project", "words", "named", "own cell"],
)
def test_a_problem_of_the_project_or_words_of_it_or_a_measure_in_its_cell_is_enough(
    tmp_path, own, cause
):
    assert outcomes(missed(tmp_path, own, cause=cause), "IND-10") == [("pass", "")]


def test_nothing_is_said_where_problems_name_no_project_or_the_indicator_has_none(tmp_path):
    unlinked = missed(tmp_path / "a", measure())
    whole = missed(tmp_path / "b", measure(project="监测"), name="办件量", project="")
    none = missed(tmp_path / "c")

    assert [findings(one, "IND-10") for one in (unlinked, whole, none)] == [[], [], []]
