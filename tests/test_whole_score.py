"""Tests of SANE-01 to SANE-06, and of the scores of all units beside each other."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from builders import SCHEMES
from evaluated import (
    BASIC,
    INDICATORS,
    OTHER,
    PROJECTS,
    SIGNED,
    STAFFING,
    findings,
    indicator,
    line,
    measure,
    scored,
)  # fmt: skip

from selfeval.checks import check
from selfeval.evaluation.load import load_unit
from selfeval.page.index import index_page
from selfeval.schemes.checks import load_checks
from selfeval.scoring.desk import desk_units
from selfeval.scoring.distribution import score_distributions
from selfeval.scoring.score import score

SANE = [f"SANE-{number:02d}" for number in range(1, 7)]
YEAR = 2021


def rows(*actuals, target="100", **more):
    """Return outputs of ten points each that reached these values of 100."""
    return [
        indicator(f"甲{n}", target_value=target, actual_value=str(actual), weight=10,
                  self_score="", deviation_cause="迟延" if float(actual) < 100 else "") | more
        for n, actual in enumerate(actuals)
    ]  # fmt: skip


def spent(executed, budget=100):
    own = [line("人员经费", "", budget, "", budget, executed), line("公用经费", "", 0, 0, 0, 0)]
    return {"basic": own,
            "projects": [line("甲项目", "", 0, 0, 0, 0)]}  # fmt: skip


def told(tmp_path, code, **tables):
    """Return the messages of one rule about a unit evaluated and scored."""
    return [f.message for f in findings(scored(tmp_path, **tables), code)]


def test_a_sound_score_gives_no_finding_of_any_of_these_rules(tmp_path):
    own = [indicator(actual_value="19", self_score="47.5", deviation_cause="停课"), *INDICATORS[1:]]
    evaluation = scored(
        tmp_path, settings=SIGNED, staffing=STAFFING, basic=BASIC, projects=PROJECTS, other=OTHER,
        indicators=own, measures=[measure()],
    )  # fmt: skip

    assert [f.message for code in SANE for f in findings(evaluation, code)] == []


# --- SANE-01, SANE-02: full and alike ----------------------------------------------------------


@pytest.mark.parametrize(
    ("actuals", "is_found"),
    [((100,) * 3, False), ((100,) * 4, True), ((100, 100, 100, 99), False),
     ((100, 100, 100, 120), True)],
)  # fmt: skip
def test_full_marks_on_every_indicator_are_found_from_four_on(tmp_path, actuals, is_found):
    assert bool(told(tmp_path, "SANE-01", indicators=rows(*actuals))) == is_found


def test_the_self_score_is_what_counts_as_claimed(tmp_path):
    claimed = rows(*(90,) * 4, self_score="10")

    assert told(tmp_path / "a", "SANE-01", indicators=claimed)
    assert told(tmp_path / "b", "SANE-01", indicators=rows(*(100,) * 4, self_score="9")) == []


def test_full_marks_are_told_beside_the_problems_the_unit_names(tmp_path):
    (message,) = told(
        tmp_path, "SANE-01", indicators=rows(*(100,) * 4), measures=[measure(), measure("乙")]
    )

    assert message.startswith("4项指标全部满分，而“问题与措施”里写了2个问题。")


@pytest.mark.parametrize(
    ("actuals", "is_found"),
    [((95,) * 4, False), ((95,) * 5, True), ((95,) * 4 + (94,), False), ((100,) * 5, False)],
)
def test_one_share_for_all_indicators_is_found_from_five_on(tmp_path, actuals, is_found):
    assert bool(told(tmp_path, "SANE-02", indicators=rows(*actuals))) == is_found


def test_an_indicator_without_points_leaves_full_and_alike_open(tmp_path):
    own = [*rows(*(100,) * 5), indicator("乙", actual_value="", self_score="")]
    evaluation = scored(tmp_path, indicators=own)

    assert [findings(evaluation, code) for code in ("SANE-01", "SANE-02")] == [[], []]


# --- SANE-03: problems ---------------------------------------------------------------------------


def nearly_full(lost):
    """Return indicators of 90 points that lose this many."""
    return [
        indicator(target_value="5000", actual_value=str(5000 - 100 * lost), self_score="",
                  deviation_cause="迟延"),
        *[row | {"self_score": ""} for row in INDICATORS[1:]],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lost", "problems", "is_found"),
    [(0.5, 1, True), (0.51, 1, False), (0, 1, True), (0, 0, False)],
)
def test_a_unit_that_names_problems_and_scores_all_but_full_is_found(
    tmp_path, lost, problems, is_found
):
    found = told(
        tmp_path, "SANE-03", indicators=nearly_full(lost), measures=[measure()] * problems,
        **spent(100),
    )  # fmt: skip

    assert bool(found) == is_found


# --- SANE-04, SANE-05: money ---------------------------------------------------------------------


@pytest.mark.parametrize(("executed", "is_found"), [(95, False), (94.99, True), (110, False)])
def test_indicators_that_look_much_better_than_spending_are_found(tmp_path, executed, is_found):
    found = told(tmp_path, "SANE-04", indicators=INDICATORS, **spent(executed))

    assert bool(found) == is_found


def test_the_red_alarm_says_both_rates_and_their_gap(tmp_path):
    (message,) = told(tmp_path, "SANE-04", indicators=INDICATORS, **spent(80))

    assert message.startswith(
        "指标得分率100.00%，执行得分率80.00%，相差占指标得分率的20.00%，超过5%，平台会红色预警。"
    )


def test_without_an_execution_rate_the_comparison_is_not_computable_and_says_why(tmp_path):
    (finding,) = findings(scored(tmp_path, indicators=INDICATORS, **spent("")), "SANE-04")

    assert (finding.outcome, finding.severity) == ("not_computable", "info")
    assert "不可计算" in finding.message


def test_indicators_that_earned_nothing_are_not_better_than_spending(tmp_path):
    own = rows(0)

    assert told(tmp_path, "SANE-04", indicators=own, **spent(50)) == []


@pytest.mark.parametrize(
    ("budget", "executed", "said"),
    [(100, 80, ""), (100, 79.99, "占20.01%，超过20%"), (100, "", ""), (0, 0, "为零"),
     (0, 5, "为零")],
)  # fmt: skip
def test_a_budget_of_nothing_or_mostly_unspent_is_found(tmp_path, budget, executed, said):
    found = told(tmp_path, "SANE-05", indicators=INDICATORS, **spent(executed, budget))

    assert len(found) == bool(said)
    assert all(said in message for message in found)


# --- SANE-06: last year ---------------------------------------------------------------------------


def recorded(tmp_path, points, **report):
    folder = tmp_path / "outputs" / "2020" / "T001"
    folder.mkdir(parents=True)
    record = {"status": "done", "report": {"score": points} | report}
    (folder / "record.json").write_text(json.dumps(record), encoding="utf-8")


@pytest.mark.parametrize(
    ("before", "is_found"),
    [("90/1", False), ("8999/100", True), ("100/1", False), (None, False), ("x", False)],
)
def test_a_total_far_from_last_years_record_is_found(tmp_path, before, is_found):
    recorded(tmp_path, before)

    found = told(tmp_path, "SANE-06", indicators=nearly_full(0), **spent(100))

    assert bool(found) == is_found


def test_a_fall_with_a_cause_on_every_lost_point_needs_no_other(tmp_path):
    recorded(tmp_path, "100/1")
    own = nearly_full(11)

    assert told(tmp_path, "SANE-06", indicators=own, **spent(100)) == []
    own[0]["deviation_cause"] = ""
    assert told(tmp_path, "SANE-06", indicators=own, **spent(100)) == [
        "自评得分89.00分，上年100.00分，下降11.00分，超过10分。"
        "请在 unit.yaml 里用 explanations 写明原因。"
    ]


def test_without_a_record_last_years_folder_is_scored(tmp_path):
    scored(tmp_path, settings={"fiscal_year": 2020}, indicators=nearly_full(30), **spent(100))

    (message,) = told(tmp_path, "SANE-06", indicators=nearly_full(0), **spent(100))

    assert "上年70.00分，上升30.00分" in message


# --- when they run --------------------------------------------------------------------------------


def test_the_findings_of_a_score_come_with_the_score_once_and_in_order(tmp_path):
    evaluation = scored(tmp_path, indicators=rows(*(100,) * 4), **spent(50))
    unscored = check(load_unit(evaluation.unit.folder))
    codes = [f.code for f in evaluation.all_findings]

    assert not {f.code for f in unscored.all_findings} & set(SANE)
    assert codes.count("SANE-01") == codes.count("SANE-04") == codes.count("SANE-05") == 1
    assert score(evaluation).all_findings == evaluation.all_findings
    assert check(score(load_unit(evaluation.unit.folder))).all_findings == evaluation.all_findings
    assert [f.severity for f in evaluation.all_findings if f.outcome == "fail"] == sorted(
        (f.severity for f in evaluation.all_findings if f.outcome == "fail"),
        key=["error", "warning", "info"].index,
    )


def test_an_explanation_of_a_finding_about_the_score_is_taken_and_a_useless_one_named(tmp_path):
    settings = {"explanations": [{"finding": "SANE-01", "text": "指标值按上年实际定"},
                                 {"finding": "SANE-02", "text": "没有这条"}]}  # fmt: skip
    evaluation = scored(tmp_path, settings=settings, indicators=rows(*(100,) * 4))

    assert [f.explanation for f in findings(evaluation, "SANE-01")] == ["指标值按上年实际定"]
    assert [f.message.partition("，")[0] for f in findings(evaluation, "META-01")] == [
        "没有SANE-02这条发现"
    ]


# --- all units of a year --------------------------------------------------------------------------


def records(*points, grade="优"):
    return [
        {"unit_code": f"U{n}", "unit_name": "", "status": "done",
         "report": {"score": None if p is None else str(p), "grade": grade, "draft": False,
                    "sample": False, "rounding": "half_up"}}
        for n, p in enumerate(points)
    ]  # fmt: skip


def distributions(held):
    return score_distributions(load_checks(SCHEMES), YEAR, desk_units(held))


def distribution(*points, grade="优"):
    [found] = distributions(records(*points, grade=grade))
    return found


def test_scores_are_put_in_order_with_their_units_and_those_without_are_left_out():
    found = distribution(95, None, 80, 88)

    assert [total[:2] for total in found.totals] == [(80, "U2"), (88, "U3"), (95, "U0")]
    assert found.median == 88


def test_each_score_of_the_distribution_is_printed_as_on_its_units_page():
    held = records(Fraction("80.005"), Fraction("90.005"))
    held[0]["report"]["rounding"] = "half_even"
    held[0]["report"]["limits"] = {"score": ["80"]}

    [found] = distributions(held)

    assert [total.shown for total in found.totals] == ["80.005", "90.01"]


@pytest.mark.parametrize(
    "told",
    [{"grade": "", "pending": [{"name": "执行率"}]}, {"draft": True}, {"cap": "总分以69分为限"}],
    ids=["points that wait", "draft", "capped"],
)
def test_a_score_that_does_not_compare_is_not_ranked(told):
    held = records(99, 80, 88)
    held[0]["report"] |= told

    [found] = distributions(held)

    assert [total.unit for total in found.totals] == ["U1", "U2"]


def test_the_score_of_a_stale_report_is_not_ranked():
    units = desk_units(records(99, 80), {"U0": "方案有改动"})

    [found] = score_distributions(load_checks(SCHEMES), YEAR, units)

    assert [total.unit for total in found.totals] == ["U1"]


def test_scores_by_several_profiles_are_never_ranked_together():
    held = records(99, 80, 70)
    held[0]["report"]["sources"] = ["评分办法：甲。", "等级：甲。"]

    found = distributions(held)

    assert [[total.unit for total in one.totals] for one in found] == [["U2", "U1"], ["U0"]]
    page = index_page(YEAR, desk_units(held), found)
    assert "评分办法不同的，算法和分数线不同，分开来看。" in page


def test_the_median_of_two_is_their_mean_and_no_score_gives_no_distribution():
    assert distribution(90, Fraction(181, 2)).median == Fraction(361, 4)
    assert distributions(records(None)) == []
    assert distributions([{"unit_code": "U0", "unit_name": "", "status": "refused"}]) == []


@pytest.mark.parametrize(
    ("points", "grade", "warning"),
    [
        ((99, 92), "优", ""),
        ((99, 98, 92), "优", "3个单位全部为“优”，分不出好坏"),
        ((99, 98, 94), "良", ""),
        ((99, 98, Fraction(9401, 100)), "良", "最高与最低只相差4.99分，不到5分，分不出好坏"),
        ((99, 98, 97), "优", "3个单位全部为“优”，最高与最低只相差2.00分，不到5分，"),
    ],
)
def test_all_excellent_or_hardly_apart_is_warned_of_from_three_units_on(points, grade, warning):
    found = distribution(*points, grade=grade)

    assert found.warning.startswith(warning)
    assert bool(found.warning) == bool(warning)


def test_the_index_shows_how_scores_lie_and_warns():
    held = records(99, 98, None, 97)

    page = index_page(YEAR, desk_units(held), distributions(held))

    assert "3个得分：最低97.00（U3），中位98.00，最高99.00（U0）" in page
    assert page.count("<circle") == 3
    assert "3个单位全部为“优”" in page
    assert "没有列入比较的：未评1个（算不出总分）。" in page
    assert 'id="scores"' not in index_page(YEAR, [])
