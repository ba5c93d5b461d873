"""Tests of IND-01 to IND-05."""

import pytest
from evaluated import INDICATORS, evaluate, fails, findings, indicator, outcomes


def test_weights_that_miss_the_schemes_are_told_by_family(tmp_path):
    rows = [indicator(weight=40), *INDICATORS[1:]]
    (finding,) = [f for f in findings(evaluate(tmp_path, indicators=rows), "IND-01")
                  if f.outcome == "fail"]  # fmt: skip

    assert finding.message == "产出指标的分值合计为40，评分办法规定50，相差10。"


def test_weights_that_miss_the_schemes_are_told_at_their_cells(tmp_path):
    rows = [indicator(weight=20), indicator("讲座", weight=29.999), *INDICATORS[1:]]
    (finding,) = [f for f in findings(evaluate(tmp_path, indicators=rows), "IND-01")
                  if f.outcome == "fail"]  # fmt: skip

    assert finding.message == "产出指标的分值合计为49.999，评分办法规定50，相差0.001。"
    assert [place.cell for place in finding.places] == ["H3", "H4"]


def test_what_a_blank_weight_leaves_unknown_is_no_sum_that_misses(tmp_path):
    rows = [indicator(weight=""), *INDICATORS[1:]]

    assert fails(evaluate(tmp_path, indicators=rows), "IND-01") == []


def test_a_weight_under_a_family_without_points_is_no_sum_that_misses(tmp_path):
    lost = indicator("讲座", indicator_family="投入指标", indicator_aspect="预算配置", weight=20)
    rows = [indicator(weight=30), lost, *INDICATORS[1:]]

    assert fails(evaluate(tmp_path, indicators=rows), "IND-01") == []
    rows[0] = indicator(weight=31)
    assert fails(evaluate(tmp_path, indicators=rows), "IND-01") == ["产出指标"]


def test_a_line_that_the_scheme_weighs_is_told_where_the_form_weighs_it_otherwise(tmp_path):
    judged = indicator("管理制度健全性", weight=3, comparison="定性", actual_value="达成")
    evaluation = evaluate(tmp_path, settings={"scoring": "hunan-2017"}, indicators=[judged])
    (told,) = [f for f in findings(evaluation, "IND-01") if f.item == judged["indicator_name"]]

    assert told.message == "“管理制度健全性”的分值填的是3，评分办法规定8，按8分计。"
    assert [place.cell for place in told.places] == ["H3"]


def test_weights_of_the_scheme_pass(tmp_path):
    assert outcomes(evaluate(tmp_path, indicators=INDICATORS), "IND-01") == [
        ("pass", "产出指标"), ("pass", "效益指标"), ("pass", "满意度指标"),
    ]  # fmt: skip


def test_a_family_of_cost_brings_the_other_distribution_of_weights(tmp_path):
    cost = indicator(
        "成本", indicator_family="成本指标", indicator_aspect="经济成本指标", weight=20
    )
    rows = [cost, indicator(weight=40), *INDICATORS[1:]]

    assert fails(evaluate(tmp_path, indicators=rows), "IND-01") == ["效益指标"]


def test_a_self_score_without_an_actual_value_is_found(tmp_path):
    rows = [indicator(actual_value=""), indicator("乙", actual_value="", self_score="")]
    (finding,) = findings(evaluate(tmp_path, indicators=rows), "IND-02")

    assert finding.message == "“培训场次”没有实际完成值，却自评50.00分。请填写实际完成的情况。"
    assert [place.cell for place in finding.places] == ["G3"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (indicator(self_score=51), "“培训场次”自评51.00分，超出0至50.00分的范围。"),
        (indicator(self_score=-1), "“培训场次”自评-1.00分，超出0至50.00分的范围。"),
        (
            indicator(actual_value="18"),
            "“培训场次”自评50.00分，按评分办法计算为45.00分（未达到年度指标值，按完成比例得分）。",
        ),
    ],
)
def test_a_self_score_out_of_range_or_unlike_the_computed_one_is_found(tmp_path, row, message):
    (finding,) = findings(evaluate(tmp_path, indicators=[row]), "IND-03")

    assert (finding.outcome, finding.message) == ("fail", message)


def test_self_scores_like_the_computed_ones_pass_and_those_without_one_are_not_counted(tmp_path):
    rows = [indicator(), indicator("乙", weight=3, target_value="30", self_score="2"),
            indicator("丙", actual_value="很多")]  # fmt: skip
    evaluation = evaluate(tmp_path, indicators=rows)

    assert [f.message for f in findings(evaluation, "IND-03")] == [
        "2项指标的自评得分与计算得分一致。"
    ]


def test_an_indicator_without_evidence_is_found_and_with_it_passes(tmp_path):
    bare = evaluate(tmp_path / "a", indicators=[indicator(evidence=""), indicator("乙")])

    assert fails(bare, "IND-04") == ["培训场次"]
    assert outcomes(evaluate(tmp_path / "b", indicators=[indicator()]), "IND-04") == [("pass", "")]


@pytest.mark.parametrize(
    ("actual", "cause", "message"),
    [
        ("18", "", "“培训场次”完成比例90.00%，未达到年度指标值，没有写明原因。"),
        (
            "27",
            "",
            "“培训场次”完成比例135.00%，明显超过年度指标值，指标可能定得偏低，没有写明原因。",
        ),
        ("19.9999", "", "“培训场次”完成比例99.9995%，未达到年度指标值，没有写明原因。"),
        ("18", "疫情", None),
        ("20", "", None),
        ("26", "", None),
        ("", "", None),
    ],
)
def test_an_indicator_missed_or_passed_by_far_needs_a_cause(tmp_path, actual, cause, message):
    rows = [indicator(actual_value=actual, deviation_cause=cause)]
    found = findings(evaluate(tmp_path, indicators=rows), "IND-05")

    assert [f.message for f in found] == ([message] if message else [])


@pytest.mark.parametrize("sign", ["≤", "="])
def test_what_lies_above_a_target_that_wants_less_is_told_as_above_it(tmp_path, sign):
    rows = [indicator(comparison=sign, actual_value="25")]
    [found] = findings(evaluate(tmp_path, indicators=rows), "IND-05")

    assert found.message == "“培训场次”超过年度指标值25.00%，没有写明原因。"
