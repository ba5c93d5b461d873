"""Tests of selfeval.scoring.comparison: one unit under several profiles."""

import tempfile
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from builders import SCHEMES
from evaluated import COMPLETE, LOW, indicator, sample, scored
from hypothesis import given
from hypothesis import strategies as st

from selfeval.schemes.loading import scheme_names
from selfeval.schemes.scoring import load_scoring
from selfeval.scoring.comparison import (
    compare_profiles,
    comparison_lines,
    printed_lines,
    score_records,
)
from selfeval.scoring.score import score_unit

NAMES = scheme_names(SCHEMES, "scoring")


def profiles(*names):
    return [load_scoring(SCHEMES, name) for name in names]


def test_equal_profiles_score_a_unit_the_same(tmp_path):
    unit = scored(tmp_path)

    one, other = compare_profiles(unit, profiles("mof-2020", "mof-2020")).scores

    assert one.total.value == other.total.value == unit.final_score.total.value
    lines = compare_profiles(unit, profiles("mof-2020", "mof-2020")).lines
    assert not any(line.differs for line in lines)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("code", ["S001", "S002", "S003", "S004"])
def test_every_line_stays_within_its_weight_and_the_total_is_their_sum(code, name):
    [score] = compare_profiles(sample(code), profiles(name)).scores

    known = [(row.points, row.weight) for row in score.rows if row.points is not None]
    assert all(0 <= points <= weight for points, weight in known)
    assert score.subtotal == sum((points for points, _ in known), Fraction(0))
    assert score.total.value is None or score.total.value <= score.subtotal


def test_a_low_execution_rate_caps_the_total_of_one_profile_only(tmp_path):
    unit = scored(tmp_path, **LOW)

    compared = compare_profiles(unit, profiles("mof-2020", "execution-capped"))

    plain, capped = compared.scores
    assert (plain.total.value, plain.grade, plain.cap) == (95, "优", None)
    assert (capped.subtotal, capped.total.value, capped.grade) == (95, 69, "中")
    assert capped.total.formula == "各项得分之和，执行率低于60.00%，总分以69.00分为限"
    assert ("reason", "各项相加得95.00分，执行率低于60.00%，总分以69.00分为限") in list(
        comparison_lines(compared)
    )
    assert [text for kind, text in comparison_lines(compared) if kind == "total"] == [
        "全国通行（10—50—30—10）：95.00分，优",
        "执行率限总分：69.00分，中",
    ]


def test_an_overshoot_costs_points_under_one_profile_and_says_why(tmp_path):
    rows = [indicator(actual_value="26"), *COMPLETE["indicators"][1:]]
    unit = scored(tmp_path, **COMPLETE | {"indicators": rows})

    compared = compare_profiles(unit, profiles("mof-2020", "execution-capped"))

    [told] = [i for i, pair in enumerate(comparison_lines(compared)) if pair[0] == "line"]
    assert list(comparison_lines(compared))[told : told + 3] == [
        ("line", "培训场次：50.00（满分50.00） ／ 48.00（满分50.00）"),
        ("reason", "全国通行（10—50—30—10）：达到年度指标值，得满分"),
        ("reason", "执行率限总分：完成比例130.00%，达到130%，视为偏离，扣2分"),
    ]


def test_weights_written_for_one_profile_are_stretched_to_another(tmp_path):
    unit = scored(tmp_path)

    compared = compare_profiles(unit, profiles("city-20-80"))

    [score] = compared.scores
    assert score.rescaled
    assert sum(row.weight for row in score.rows) == 100
    assert {row.name: row.weight for row in score.rows}["服务对象评价"] == 40
    told = ("reason", "各指标的分值按这个办法的分配同比例换算；自评得分不换算，只与填报的分值相比")
    assert told in list(comparison_lines(compared))
    assert told in list(printed_lines(score))
    assert score.rows[3].sentence.endswith("分值40.00分（由填报的10.00分换算），得40.00分。")


def test_full_points_are_printed_as_their_weight_is(tmp_path):
    rows = [indicator(weight="9.375", self_score="9.375"), *COMPLETE["indicators"][1:]]
    evaluation = scored(tmp_path, **COMPLETE | {"indicators": rows})

    rows = evaluation.final_score.rows
    line = next(n for n, row in enumerate(rows) if row.name == "培训场次")
    full, points = (evaluation.quantities[f"score.{line}.{m}"] for m in ("weight", "points"))
    assert rows[line].sentence.endswith("分值9.375分，得9.375分。")
    assert full.limits == points.limits


def test_a_self_score_stays_as_typed_where_its_weight_is_stretched(tmp_path):
    rows = [COMPLETE["indicators"][0],
            indicator("办件量", indicator_family="效益指标", comparison="定性", actual_value="达成",
                      weight=30, self_score=27), COMPLETE["indicators"][2]]  # fmt: skip
    unit = scored(tmp_path, **COMPLETE | {"indicators": rows})

    [record] = score_records(compare_profiles(unit, profiles("city-20-80")))

    line = record["lines"][2]
    assert record["rescaled"] is True
    assert [line[name] for name in ("weight", "typed_weight", "self_score", "points")] == [
        "15.00", "30.00", "27", "13.50",
    ]  # fmt: skip


def test_weights_that_do_not_add_up_are_stretched_to_no_profile(tmp_path):
    rows = [indicator(weight=45, self_score=45), *COMPLETE["indicators"][1:]]
    unit = scored(tmp_path, **COMPLETE | {"indicators": rows})

    own, other = (record for record in score_records(
        compare_profiles(unit, profiles("mof-2020", "city-20-80"))))  # fmt: skip

    assert own["missing"] == "分值合计为95，不是100：产出指标共45，评分办法规定50"
    assert own["missing"] == unit.final_score.total.missing
    assert other["missing"] == f"按本单位的评分办法，{own['missing']}；不能换算成这个办法的分值"
    assert (own["total"], other["total"], own["grade"], other["grade"]) == (None, None, "", "")
    assert own["places"] == [{"file": "绩效指标.csv", "sheet": "绩效指标", "cell": "H3"}]
    assert (own["rescaled"], other["rescaled"]) == (False, False)
    [score] = compare_profiles(unit, [unit.unit.scoring]).scores
    assert list(printed_lines(score))[:2] == [
        ("total", f"不可计算（{own['missing']}）"),
        ("reason", "绩效指标.csv › 绩效指标 › H3"),
    ]


WEIGHTS = st.sampled_from([None, *map(Decimal, ("-5", "0", "10", "30", "45", "49.999", "50"))])


@given(st.tuples(WEIGHTS, WEIGHTS, WEIGHTS), st.sampled_from(NAMES))
def test_there_is_no_total_without_every_line_and_weights_that_add_up(typed, name):
    unit = sample_unit()
    own = zip(unit.tables.indicators, typed, strict=True)
    tables = replace(unit.tables, indicators=tuple(replace(row, weight=w) for row, w in own))
    by = load_scoring(SCHEMES, name)

    own, other = (score_unit(replace(unit, tables=tables), by=profile) for profile in (None, by))

    for score in (own, other):
        if score.total.value is not None:
            assert all(row.points is not None for row in score.rows)
            assert sum(row.weight for row in score.rows) == 100
            assert score.total.value <= score.subtotal
        assert bool(score.total.missing) == (score.total.value is None)
    if other.rescaled and other.total.value is not None:
        assert sum(typed, Decimal(0)) == 90


@cache
def sample_unit():
    return scored(Path(tempfile.mkdtemp()))


def test_a_comparison_is_one_record_for_each_profile(tmp_path):
    unit = scored(tmp_path)

    first, second = score_records(compare_profiles(unit, profiles("mof-2020", "sichuan-2023")))

    assert [r["scheme_name"] for r in (first, second)] == [
        "全国通行（10—50—30—10）",
        "四川（10＋90）",
    ]
    assert first["total"] == second["total"] == "99.67"
    assert first["verified"] is second["verified"] is False
    assert second["reference"].startswith("四川省 2023 年度项目支出绩效自评表")
    assert second["grades"] == (
        "90分以上为优，80分以上不足90分为良，60分以上不足80分为中，不足60分为差"
    )
    assert second["grades_reference"].startswith("等级分数线不出自这张表")
    assert [line["points"] for line in first["lines"]] == ["9.67", "50.00", "30.00", "10.00"]


def test_a_line_that_only_one_profile_has_is_said_to_be_missing_from_the_other(tmp_path):
    unit = scored(tmp_path)

    told = list(comparison_lines(compare_profiles(unit, profiles("mof-2020", "hunan-2017"))))

    at = told.index(("line", "在职人员控制率：没有 ／ 5.00（满分5.00）"))
    assert told[at + 1 : at + 3] == [
        ("reason", "全国通行（10—50—30—10）：没有这一项"),
        ("reason", "湖南省直部门整体支出（2017 年度）：88.89%，不超过100%，得满分"),
    ]
