"""Tests of LINT-01 to LINT-14: indicators as they are worded, placed and backed."""

from __future__ import annotations

import pytest
from builders import SCHEMES
from evaluated import evaluate, fails, findings, indicator, line, sample, satisfaction, text

from selfeval.schemes.checks import load_checks

LINTS = [f"LINT-{number:02d}" for number in range(1, 15) if number != 2]


def qualitative(name="网上办理", target="全部事项网上可办", **more):
    return indicator(
        name, indicator_family="效益指标", indicator_aspect="社会效益指标", comparison="定性",
        target_value=target, measure_unit="", actual_value="达成",
    ) | more  # fmt: skip


def cost(**more):
    return indicator(
        "场均费用", indicator_aspect="成本指标", comparison="≤", target_value="2",
        measure_unit="万元", actual_value="1.8",
    ) | more  # fmt: skip


CLEAN = [
    indicator(actual_value="22", project="培训"),
    indicator("培训合格率", indicator_aspect="质量指标", target_value="95", measure_unit="%",
              actual_value="93", deviation_cause="缺考"),
    indicator("证书发放及时率", indicator_aspect="时效指标", target_value="98", measure_unit="%",
              actual_value="99"),
    cost(),
    qualitative(),
    satisfaction(),
]  # fmt: skip
MONEY = {"projects": [line("培训", 20, 20, 0, 20, 19.5)]}


def only(tmp_path, code, *rows, **tables):
    """Return the one finding of a rule on these indicators."""
    (finding,) = findings(evaluate(tmp_path, indicators=rows, **(MONEY | tables)), code)
    return finding


# --- a clean unit ----------------------------------------------------------------------------


def test_sound_indicators_give_no_finding_of_any_of_these_rules(tmp_path):
    evaluation = evaluate(tmp_path, indicators=CLEAN, **MONEY)

    assert [f.message for code in LINTS for f in findings(evaluation, code)] == []


@pytest.mark.parametrize("code", ["G001", "S001", "S002", "S003", "S004", "S005"])
def test_of_the_samples_only_the_target_that_is_really_empty_is_found(code):
    found = [f for lint in LINTS for f in findings(sample(code), lint)]

    assert {f.found for f in found} <= {"有效提升"}


# --- LINT-01: empty wording ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "degree"),
    [
        (qualitative(target="效果明显"), "severe"),
        (qualitative(target="有效提升"), "severe"),
        (qualitative(target="良好"), "severe"),
        (qualitative(target="进一步加强，效果显著"), "severe"),
        (qualitative(target=""), "severe"),
        (qualitative(target="办事环境显著改善"), "medium"),
        (qualitative(target="办事环境改善"), ""),
        (qualitative(target="效果明显，办结率90%"), ""),
        (qualitative(target="建立会商制度"), ""),
        (qualitative("社会效益"), "medium"),
        (qualitative("进一步加强队伍建设"), "light"),
        (indicator("不断提高办件质量"), "light"),
        (indicator("有效期内换证数"), ""),
    ],
)
def test_empty_words_are_found_and_how_empty_they_are(tmp_path, row, degree):
    found = findings(evaluate(tmp_path, indicators=[row]), "LINT-01")

    assert [f.degree for f in found] == ([degree] if degree else [])


def test_a_finding_names_file_sheet_and_row_what_was_found_and_what_to_do(tmp_path):
    finding = only(tmp_path, "LINT-01", indicator(), qualitative(target="效果明显"))

    assert finding.message == (
        "“网上办理”的年度指标值“效果明显”只是空话，无法考核。请写清数量、比例、时间或可以核对的结果。"
    )
    assert [str(place) for place in finding.places] == ["绩效指标.csv › 绩效指标 › 第 4 行"]
    assert (finding.severity, finding.action, finding.found) == ("warning", "correct", "效果明显")


def test_words_are_not_looked_for_before_the_date_they_are_of(tmp_path):
    checks = load_checks(SCHEMES)
    year = checks.words["empty_wording"].effective.year

    assert checks.words["empty_wording"].in_force(year) != ()
    assert checks.words["empty_wording"].in_force(year - 1) == ()


# --- LINT-03: the same value everywhere --------------------------------------------------------


def alike(count, other=0):
    rows = [indicator(f"甲{n}", target_value="100", actual_value="88") for n in range(count)]
    return rows + [indicator(f"乙{n}", target_value=str(n + 2)) for n in range(other)]


@pytest.mark.parametrize(
    ("same", "other", "is_found"),
    [(2, 0, False), (3, 0, True), (3, 1, False), (9, 1, True), (8, 1, False)],
)
def test_one_value_for_nearly_all_indicators_is_found(tmp_path, same, other, is_found):
    found = findings(evaluate(tmp_path, indicators=alike(same, other)), "LINT-03")

    assert bool(found) == is_found


def test_targets_and_actuals_all_alike_are_told_together_with_every_row(tmp_path):
    finding = only(tmp_path, "LINT-03", *alike(3))

    assert finding.message == (
        "3项定量指标里有3项的年度指标值都是“100”，实际完成值也都是“88”，像是照填的。"
        "请逐项写实际的目标和完成情况。"
    )
    assert len(finding.places) == 3


# --- LINT-04: cost ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "is_found"),
    [
        (cost(comparison="≥"), True),
        (cost(indicator_family="成本指标", indicator_aspect="经济成本指标", comparison="≥"), True),
        (cost(), False),
        (cost(comparison="="), False),
        (cost(comparison="≥", indicator_name="采购节约率"), False),
        (cost(comparison="≥", measure_unit="万元（节约额）"), False),
        (indicator(), False),
    ],
)
def test_a_cost_to_be_exceeded_is_found_unless_it_is_a_saving(tmp_path, row, is_found):
    assert bool(findings(evaluate(tmp_path, indicators=[row]), "LINT-04")) == is_found


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


# --- LINT-09: far beyond -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actual", "cause", "here", "there"),
    [
        ("25.99", "需求增加", 0, 0),
        ("26", "", 1, 0),
        ("26", "需求增加", 1, 0),
        ("26.01", "", 0, 1),
        ("26.01", "需求增加", 1, 0),
    ],
)
def test_a_target_passed_by_far_is_told_once_by_this_rule_or_by_the_one_that_asks_why(
    tmp_path, actual, cause, here, there
):
    evaluation = evaluate(
        tmp_path, indicators=[indicator(actual_value=actual, deviation_cause=cause)]
    )

    assert (len(findings(evaluation, "LINT-09")), len(findings(evaluation, "IND-05"))) == (
        here, there,
    )  # fmt: skip


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


# --- LINT-13: weights --------------------------------------------------------------------------


@pytest.mark.parametrize(("weight", "is_found"), [(0, True), (0.01, False), ("", False)])
def test_an_indicator_that_weighs_nothing_is_found(tmp_path, weight, is_found):
    rows = [indicator(weight=weight, self_score="")]

    assert bool(findings(evaluate(tmp_path, indicators=rows), "LINT-13")) == is_found


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
