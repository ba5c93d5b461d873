"""Tests of selfeval.page.performance: money, deed, result and remedy by project."""

import pytest
from evaluated import COMPLETE, indicator, line, measure, sample, scored
from printed import paragraphs_of, plain_texts, rows_of, words_of

from selfeval.page import performance

PROJECTS = [line("宣传", "", 10, "", 10, 9), line("培训", "", 20, "", 20, 30)]
MISSED = {"actual_value": "15", "self_score": 30}


def rows(evaluation):
    """Return the rows below the head of the table; the first cell as its name alone."""
    page = performance.performance_html(evaluation).replace("<details>", "")
    page = page.replace("</summary>", "｜")
    return [[row[0].partition("｜")[0], *row[1:]] for row in rows_of(page)[1:]]


def told(evaluation):
    return plain_texts(performance.describe_performance(evaluation))


# --- the conclusion --------------------------------------------------------------------------


def test_the_conclusion_counts_what_was_reached_names_what_not_and_gives_the_score(tmp_path):
    own = [indicator(weight=30, self_score=30), indicator("乙", weight=60, **MISSED)]

    assert told(scored(tmp_path, **COMPLETE | {"indicators": own})).startswith(
        "2项绩效指标中1项达到年度指标值；没有达到的是乙。按评分办法计算得"
    )


def test_more_than_three_that_were_missed_are_not_all_named(tmp_path):
    own = [indicator(name, weight=20, **MISSED | {"self_score": 15}) for name in "甲乙丙丁"]

    assert "；没有达到的是甲、乙、丙等" in told(scored(tmp_path, indicators=own))


def test_indicators_without_a_score_say_how_many_were_reached_and_why_there_is_none(tmp_path):
    own = [indicator(), indicator("乙", actual_value="")]

    assert told(scored(tmp_path, indicators=own)).startswith(
        "2项绩效指标中1项达到年度指标值；1项无法判断。自评得分不可计算，有2项不能计分："
    )


def test_words_that_say_a_target_is_reached_are_counted_as_reached_whatever_the_unit_took(tmp_path):
    own = {"indicator_family": "效益指标", "indicator_aspect": "社会效益指标", "comparison": "定性",
           "target_value": "全部网上可办", "measure_unit": "", "weight": 20}  # fmt: skip
    evaluation = scored(tmp_path, indicators=[
        indicator("甲", **own, actual_value="达成", self_score=17),
        indicator("乙", **own, actual_value="部分达成", self_score=15),
    ])  # fmt: skip

    assert told(evaluation).startswith("2项绩效指标中1项达到年度指标值；没有达到的是乙。")
    assert [row[3] for row in rows(evaluation)[:2]] == ["达到", "未达到"]


def test_without_indicators_the_unit_speaks_and_there_is_no_table(tmp_path):
    evaluation = scored(tmp_path, basic=COMPLETE["basic"])

    assert told(evaluation) == (
        "没有填报绩效指标，自评得分不可计算。以下为单位对履职情况的文字说明。"
    )
    assert words_of(performance.performance_html(evaluation)) == told(evaluation)


# --- the table by project --------------------------------------------------------------------


def test_indicators_stand_below_their_project_and_its_money(tmp_path):
    own = [indicator("人次", project="培训"), indicator("公开率")]
    evaluation = scored(tmp_path, projects=PROJECTS, indicators=own)

    assert [row[0] for row in rows(evaluation)] == [
        "宣传　支出9.00万元，占年初90.00%，没有填报绩效指标",
        "培训　支出30.00万元，占年初150.00%",
        "人次",
        "不属于单个项目的指标",
        "公开率",
        "部门整体预算执行率",
        "合计",
    ]


def test_indicators_of_no_project_stand_without_a_head(tmp_path):
    evaluation = scored(tmp_path, projects=PROJECTS, indicators=[indicator("公开率")])

    assert [row[0] for row in rows(evaluation)] == ["公开率", "部门整体预算执行率", "合计"]


def test_a_part_of_a_project_heads_its_own_indicators_and_an_empty_one_is_not_listed(tmp_path):
    parts = [line("大项", "", 10, "", "", 9), line("一期", "", 5, "", "", 5, parent="大项"),
             line("二期", "", 5, "", "", 4, parent="大项")]  # fmt: skip
    evaluation = scored(tmp_path, projects=parts, indicators=[indicator("工期", project="一期")])

    assert [row[0] for row in rows(evaluation)[:2]] == ["一期　支出5.00万元，占年初100.00%", "工期"]
    assert "二期" not in str(rows(evaluation))


def test_a_project_whose_spending_is_not_known_says_so(tmp_path):
    evaluation = scored(
        tmp_path, projects=[line("培训", "", 20)], indicators=[indicator(project="培训")]
    )

    assert rows(evaluation)[0] == ["培训　培训的全年执行数未提供"]


def test_the_execution_rate_and_the_sum_stand_at_the_foot(tmp_path):
    assert rows(scored(tmp_path))[-2:] == [
        ["部门整体预算执行率", "100%", "96.73%", "", "10.00", "9.67"],
        ["合计", "", "", "", "100.00", "99.67"],
    ]


def test_a_score_that_cannot_be_computed_is_not_a_sum_of_what_is_known(tmp_path):
    evaluation = scored(tmp_path, indicators=[indicator(), indicator("乙", actual_value="")])

    assert rows(evaluation)[1][2:4] == ["未提供", "无法判断"]
    assert rows(evaluation)[-1][-1] == "不可计算"


# --- what was missed -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "result"),
    [
        ({"actual_value": "15"}, "差5场"),
        ({"actual_value": "96.9", "target_value": "98", "measure_unit": "%"}, "差1.1个百分点"),
        ({"actual_value": "25", "comparison": "≤"}, "多5场"),
        ({"actual_value": "20"}, "达到"),
    ],
)
def test_the_result_says_by_how_much_a_target_is_missed(tmp_path, more, result):
    assert rows(scored(tmp_path, indicators=[indicator(**more)]))[0][3] == result


def test_a_missed_one_tells_its_cause_and_leads_to_the_measure_of_its_project(tmp_path):
    own = [indicator(project="培训", deviation_cause="讲师请假。", **MISSED)]
    evaluation = scored(
        tmp_path, projects=PROJECTS, indicators=own,
        measures=[measure(), measure("场次偏少", measure="增聘讲师", project="培训")],
    )  # fmt: skip

    assert ["原因：“讲师请假”。措施：五（二）。"] in rows(evaluation)
    assert 'href="#measure-2"' in performance.performance_html(evaluation)
    assert 'id="measure-2"' in performance.measures_html(evaluation)


@pytest.mark.parametrize("cause", ["", "无"])
def test_a_missed_one_without_a_cause_says_so_in_orange(tmp_path, cause):
    own = [indicator(deviation_cause=cause, **MISSED)]
    evaluation = scored(tmp_path, indicators=own)

    assert ["没有写明原因。"] in rows(evaluation)
    assert '<span class="alarm">没有写明原因。</span>' in performance.performance_html(evaluation)


def test_a_measure_for_no_project_is_not_said_to_be_against_what_no_project_missed(tmp_path):
    own = [indicator(deviation_cause="讲师请假", **MISSED)]
    evaluation = scored(tmp_path, indicators=own, measures=[measure()])

    assert ["原因：“讲师请假”。"] in rows(evaluation)


@pytest.mark.parametrize(("missed", "drawn"), [(2, 0), (3, 1)])
def test_what_was_missed_is_drawn_from_three_on(tmp_path, missed, drawn):
    own = [indicator(name, weight=20, **MISSED | {"self_score": 15}) for name in "甲乙丙"[:missed]]

    page = performance.performance_html(scored(tmp_path, indicators=own))

    assert page.count("<svg") == drawn


def test_points_that_wait_are_told_at_the_table_too():
    page = performance.performance_html(sample("S004"))

    assert paragraphs_of(page, "note") == ["合计的得分（其中执行率10分待核）还没有定。"]


# --- problems and measures -------------------------------------------------------------------


def test_empty_words_are_not_printed_as_the_cause_of_a_problem(tmp_path):
    evaluation = scored(tmp_path, measures=[measure(cause="无")])

    assert paragraphs_of(performance.problems_html(evaluation)) == ["（一）窗口偏少。"]


def test_marks_at_the_end_of_the_units_words_are_not_doubled(tmp_path):
    given = [measure("问题一；", cause="场地有限。", measure="措施一！")]
    evaluation = scored(tmp_path, measures=given)

    assert paragraphs_of(performance.problems_html(evaluation)) == [
        "（一）问题一。原因：场地有限。"
    ]
    assert paragraphs_of(performance.measures_html(evaluation)) == [
        "（一）措施一（责任部门：办公室；完成时限：2022年6月30日）。"
    ]


def test_a_measure_keeps_the_number_of_its_problem(tmp_path):
    given = [measure(measure=""), measure("人手不足", measure="增加人手")]
    evaluation = scored(tmp_path, measures=given)

    assert paragraphs_of(performance.measures_html(evaluation))[0].startswith("（二）增加人手")


def test_an_indicators_name_opens_to_how_its_points_were_counted():
    page = performance.performance_html(sample("S001"))

    assert page.count("计分方法：未达到年度指标值，按完成比例得分") == 2
