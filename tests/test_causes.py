"""Tests of PAIR-03: one shortfall, told with one cause."""

import pytest
from evaluated import MONEY, evaluate, findings, indicator, measure


def told(tmp_path, here, there, problem="培训执行进度偏慢", **more):
    """Return what is said of a late indicator of 培训 and of its problem, with these causes."""
    late = indicator("培训按期完成率", indicator_aspect="时效指标", target_value="100",
                     measure_unit="%", actual_value="90", project="培训",
                     deviation_cause=here)  # fmt: skip
    rows = [late | more]
    return findings(
        evaluate(tmp_path, **MONEY, indicators=rows,
                 measures=[measure(problem, cause=there, project="培训")]),
        "PAIR-03",
    )  # fmt: skip


@pytest.mark.parametrize("turned", [False, True])
def test_a_delay_put_down_to_others_here_and_to_the_unit_there_is_told_with_both_cells(
    tmp_path, turned
):
    causes = ["受疫情影响", "前期准备不足"]
    (finding,) = told(tmp_path, *(causes[::-1] if turned else causes))

    assert (finding.outcome, finding.severity, finding.action) == ("fail", "info", "correct")
    assert "一处说是外部原因，一处说是本单位的原因" in finding.message
    assert [(place.sheet, place.cell) for place in finding.places] == [
        ("绩效指标", "J3"), ("问题与措施", "B3"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("受疫情影响", "受疫情影响，前期准备不足"),
        ("受疫情影响，前期准备不足", ""),
        ("配件到货较慢", "前期准备不足"),
        ("受疫情影响", "受暴雨影响"),
        ("受疫情影响", ""),
    ],
)
def test_causes_that_meet_or_that_say_nobody_in_particular_are_no_contradiction(
    tmp_path, here, there
):
    assert told(tmp_path, here, there) == []


def test_two_causes_are_only_compared_where_both_are_surely_of_one_delay(tmp_path):
    causes = "受疫情影响", "前期准备不足"

    assert told(tmp_path / "a", *causes, problem="培训内容陈旧") == []
    assert told(tmp_path / "b", *causes, indicator_name="培训场次", indicator_aspect="数量指标",
                measure_unit="场") == []  # fmt: skip
    assert told(tmp_path / "c", *causes, actual_value="100") == []
