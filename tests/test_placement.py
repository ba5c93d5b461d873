"""Tests of LINT-05 to LINT-07: indicators in their places, each once."""

from __future__ import annotations

import pytest
from evaluated import (
    evaluate,
    findings,
    indicator,
    line,
    qualitative,
)

# --- LINT-05, LINT-06: levels ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "aspect", "is_found"),
    [
        ("资金支付率", "数量指标", True),
        ("预算执行率（全年）", "质量指标", True),
        ("资金支付进度", "时效指标", False),
        ("群众满意度", "社会效益指标", True),
        ("群众满意度指标", "数量指标", True),
        ("满意度调查次数", "数量指标", False),
        ("群众满意度", "服务对象满意度指标", False),
        ("补贴发放及时率", "数量指标", True),
        ("补贴发放及时率", "时效指标", False),
        ("及时率考核次数", "数量指标", False),
        ("场均成本", "质量指标", True),
        ("场均成本", "成本指标", False),
        ("企业办事成本", "经济效益指标", False),
        ("培训场次", "数量指标", False),
    ],
)
def test_a_third_level_of_another_kind_than_its_second_is_found(tmp_path, name, aspect, is_found):
    rows = [indicator(name, indicator_aspect=aspect)]

    assert bool(findings(evaluate(tmp_path, indicators=rows), "LINT-05")) == is_found


@pytest.mark.parametrize(
    ("family", "aspect", "target", "is_found"),
    [
        ("产出指标", "数量指标", "6月底前完成", True),
        ("产出指标", "质量指标", "2021年9月验收", True),
        ("产出指标", "时效指标", "6月底前完成", False),
        ("产出指标", "数量指标", "持续3个月", False),
        ("效益指标", "社会效益指标", "年底前见效", False),
    ],
)
def test_an_output_with_a_date_for_a_target_belongs_under_timeliness(
    tmp_path, family, aspect, target, is_found
):
    row = qualitative("检修", target, indicator_family=family, indicator_aspect=aspect)

    assert bool(findings(evaluate(tmp_path, indicators=[row]), "LINT-05")) == is_found


@pytest.mark.parametrize(
    ("family", "aspect", "is_found"),
    [
        ("产出指标", "社会效益指标", True),
        ("效益指标", "数量指标", True),
        ("成本指标", "数量指标", True),
        ("满意度指标", "社会效益指标", True),
        ("产出指标", "成本指标", False),
        ("成本指标", "社会成本指标", False),
        ("效益指标", "服务对象满意度指标", False),
        ("满意度指标", "服务对象满意度指标", False),
    ],
)
def test_a_second_level_of_another_first_level_is_found(tmp_path, family, aspect, is_found):
    rows = [indicator("甲", indicator_family=family, indicator_aspect=aspect)]

    assert bool(findings(evaluate(tmp_path, indicators=rows), "LINT-06")) == is_found


# --- LINT-07: twice ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("second", "degree"),
    [
        (indicator("培训 场次"), "within"),
        (indicator(indicator_family="效益指标", indicator_aspect="社会效益指标"), "across"),
        (indicator("培训人次"), ""),
    ],
)
def test_an_indicator_named_twice_is_found_in_its_second_row(tmp_path, second, degree):
    rows, money = [indicator(project=""), second], {"projects": [line("宣传", 5, 5, 0, 5, 5)]}
    found = findings(evaluate(tmp_path, indicators=rows, **money), "LINT-07")

    assert [f.degree for f in found] == ([degree] if degree else [])
    assert all(f.places[0].cell == "第 4 行" for f in found)


OUTCOME = {"indicator_family": "效益指标", "indicator_aspect": "社会效益指标"}


@pytest.mark.parametrize(
    ("name", "projects", "own", "outcome", "degree"),
    [
        ("培训场次", ["宣传"], "宣传", "fail", "across"),  # the only project
        ("宣传场次", ["宣传", "培训"], "宣传", "fail", "across"),  # named by the indicator
        ("培训场次", ["宣传", "培训"], "宣传", "", ""),  # the indicator names the other
        ("举办场次", ["宣传", "培训"], "宣传", "not_computable", "untold"),
    ],
)
@pytest.mark.parametrize("is_first_bare", [True, False])
def test_an_indicator_without_a_project_may_be_the_one_of_a_project(
    tmp_path, name, projects, own, outcome, degree, is_first_bare
):
    linked = ["", own] if is_first_bare else [own, ""]
    rows = [indicator(name, project=linked[0]), indicator(name, project=linked[1], **OUTCOME)]
    money = {"projects": [line(project, 5, 5, 0, 5, 5) for project in projects]}

    found = findings(evaluate(tmp_path, indicators=rows, **money), "LINT-07")

    assert [(f.outcome, f.degree) for f in found] == ([(outcome, degree)] if degree else [])


def test_one_name_in_two_projects_is_two_indicators(tmp_path):
    rows = [indicator(project="宣传"), indicator(project="培训", **OUTCOME)]
    money = {"projects": [line(project, 5, 5, 0, 5, 5) for project in ("宣传", "培训")]}

    assert findings(evaluate(tmp_path, indicators=rows, **money), "LINT-07") == []


def test_what_may_be_the_same_indicator_is_said_so(tmp_path):
    rows = [indicator("举办场次", project="宣传"), indicator("举办场次", **OUTCOME)]
    money = {"projects": [line(project, 5, 5, 0, 5, 5) for project in ("宣传", "培训")]}
    (found,) = findings(evaluate(tmp_path, indicators=rows, **money), "LINT-07")

    assert found.message == (
        "“举办场次”在产出指标和效益指标下各有一项，一项没有填关联项目，看不出是不是同一指标。"
        "请补填关联项目；是同一指标的只能计一次分，请删去一项。"
    )
