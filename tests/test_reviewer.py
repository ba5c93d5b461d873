"""The reviewers' criteria applied to oneself: what is struck, and the range that is left."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from builders import SCHEMES
from evaluated import LOW, indicator, line, satisfaction, scored
from hypothesis import given, settings
from hypothesis import strategies as st
from printed import HALF_UP, as_plain
from pydantic import ValidationError

from selfeval.checks import RULES
from selfeval.page.internal import build_preview as preview_view
from selfeval.page.sentences import describe_preview
from selfeval.schemes.reviewer import Criteria, Criterion, load_criteria
from selfeval.scoring.reviewer import ReviewedLine, preview, strike_percent

MONEY = {
    "basic": [line("人员经费", "", 100, 0, 100, 90), line("公用经费", "", 0, 0, 0, 0)],
    "projects": [line("培训", "", 0, 0, 0, 0)],
}


def outcome(target="全部网上可办", **more):
    return indicator(
        "网上办理", indicator_family="效益指标", indicator_aspect="社会效益指标", comparison="定性",
        target_value=target, measure_unit="", actual_value="达成",
    ) | more  # fmt: skip


def seen(tmp_path, *rows, **more):
    """Return the preview of a unit with these indicators."""
    return preview(scored(tmp_path, indicators=rows, **(MONEY | more)))


def left(line: ReviewedLine) -> tuple[object, object, list[int], list[int]]:
    """Return (low, high, criteria that strike, criteria that note)."""
    strikes = [strike.criterion.number for strike in line.strikes]
    return line.low, line.high, strikes, [note.criterion.number for note in line.notes]


# --- what each criterion does ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "low", "high", "strikes", "notes"),
    [
        # nothing wrong; reached in part: the computed points stay
        (indicator(), 50, 50, [], []),
        (indicator(actual_value="18"), 45, 45, [], []),
        # 1: no evidence
        (indicator(evidence=""), 0, 0, [1], []),
        # 3: empty: light at most 30 %, medium 30 to 60 %, severe 60 to 100 %
        (indicator("不断提高办件质量"), 35, 50, [3], []),
        (indicator("数量指标"), 20, 35, [3], []),
        (indicator("数量指标", actual_value="18"), 15, 35, [3], []),
        (
            outcome("效果明显", indicator_family="产出指标", indicator_aspect="质量指标"),
            0,
            20,
            [3],
            [],
        ),
        # 6 and 8: a qualitative quantity, or a benefit that came, may be spared
        (
            outcome("效果明显", indicator_family="产出指标", indicator_aspect="数量指标"),
            0,
            50,
            [3],
            [],
        ),
        (outcome("效果明显"), 0, 50, [3], []),
        # 4: satisfaction
        (satisfaction(evidence="无投诉"), 0, 0, [4], []),
        (satisfaction(evidence="问卷统计"), 0, 10, [4], []),
        (satisfaction(evidence=""), 0, 0, [1, 4], []),
        # 5: noted beyond 130 %, nothing at it
        (indicator(actual_value="26"), 50, 50, [], []),
        (indicator(actual_value="26.01"), 50, 50, [], [5]),
        # 7: partly in time: 30 % at most, and not on top of what is lost already
        (indicator(indicator_aspect="时效指标", actual_value="18"), 35, 45, [7], []),
        (indicator(indicator_aspect="时效指标", actual_value="10"), 25, 25, [7], []),
        (indicator(indicator_aspect="时效指标"), 50, 50, [], []),
        # 10: third level under another second level
        (indicator("资金支付率"), 0, 0, [10], []),
        (indicator(indicator_aspect="社会效益指标"), 0, 50, [10], []),
    ],
)
def test_each_criterion_takes_what_it_says(tmp_path, row, low, high, strikes, notes):
    _, line = seen(tmp_path, row).lines

    assert left(line) == (low, high, strikes, notes)


def test_an_indicator_in_two_families_counts_once_and_twice_in_one_family_perhaps(tmp_path):
    across = indicator(indicator_family="效益指标", indicator_aspect="社会效益指标")

    _, first, second = seen(tmp_path / "a", indicator(), across).lines
    _, _, within = seen(tmp_path / "b", indicator(), indicator()).lines

    assert left(first) == (50, 50, [], [])
    assert left(second) == (0, 0, [9], [])
    assert left(within) == (0, 50, [9], [])


def test_what_may_be_the_same_indicator_may_count_once(tmp_path):
    projects = [line("培训", "", 0, 0, 0, 0), line("宣传", "", 0, 0, 0, 0)]
    bare = indicator("场次", indicator_family="效益指标", indicator_aspect="社会效益指标")
    rows = [indicator("场次", project="培训"), bare]

    _, _, second = seen(tmp_path, *rows, projects=projects).lines

    assert left(second) == (0, 50, [9], [])


def test_another_units_name_may_cost_all(tmp_path):
    other = {"unit_code": "T002", "unit_name": "星桥区图书馆"}
    scored(tmp_path, settings=other, indicators=[indicator()], **MONEY)

    _, line = seen(tmp_path, indicator("星桥区图书馆到馆人次")).lines

    assert left(line) == (0, 50, [2], [])


def test_an_explained_finding_may_be_accepted(tmp_path):
    explained = {"explanations": [{"finding": "LINT-05", "text": "按上级口径"}]}

    _, line = seen(tmp_path, indicator("资金支付率"), settings=explained).lines

    assert left(line) == (0, 50, [10], [])


@pytest.mark.parametrize("cell", ["", "见台账"])
@pytest.mark.parametrize(
    ("counts", "notes"), [({"sample_size": 400, "recovered": 386}, []), ({"note": "另附"}, [4])]
)
def test_a_ledger_costs_nothing_with_counts_and_is_noted_without(tmp_path, cell, counts, notes):
    ledger = [{"indicator_name": "服务对象评价", "material": "满意度汇总"} | counts]
    _, line = seen(tmp_path, satisfaction(evidence=cell), evidence=ledger).lines

    assert left(line) == (10, 10, [], notes)


# --- the whole -------------------------------------------------------------------------------


def test_the_range_is_the_sum_of_all_lines_and_the_execution_rate_keeps_its_points(tmp_path):
    found = seen(tmp_path, indicator(evidence=""), outcome("效果明显"), satisfaction())

    assert found.lines[0].high == found.lines[0].low == 9
    assert (found.low, found.high, found.points) == (19, 69, 119)
    assert (found.weight, found.self_score) == (120, 119)
    assert [line.name for line in found.struck] == ["培训场次", "网上办理"]


def test_a_line_without_points_stays_out_of_the_range_and_is_named(tmp_path):
    found = seen(tmp_path, indicator(), indicator("乙", actual_value="", evidence=""))

    assert (found.low, found.weight) == (59, 60)
    assert [line.name for line in found.left_out] == ["乙"]
    assert as_plain(describe_preview(found)).endswith(
        "1项没有计算得分，不在其中：“乙”（实际完成值未提供）。"
    )


def test_one_sentence_says_the_claim_the_computed_points_and_the_range(tmp_path):
    found = seen(tmp_path, indicator(self_score=49, evidence=""), satisfaction(actual_value="130"))

    assert as_plain(describe_preview(found)) == (
        "按14条复核口径预演：没有总分（分值合计为70，不是100：效益指标共0，评分办法规定30）；"
        "可计分的部分自评68.00分，按评分办法计算69.00分，复核后可能剩下19.00分"
        "（分值70.00分），1项可能被扣分，1项会被注明。"
    )


def test_without_self_scores_or_indicators_the_sentence_says_so(tmp_path):
    bare = seen(tmp_path / "a", indicator(self_score=""))
    none = preview(scored(tmp_path / "b", **MONEY))

    assert "自评得分不全" in as_plain(describe_preview(bare))
    assert as_plain(describe_preview(bare)).endswith("没有看出会被扣分的指标。")
    assert as_plain(describe_preview(none)) == "没有填报绩效指标，不能预演。"


def test_the_review_edition_shows_line_criterion_percentage_reason_and_remedy(tmp_path):
    struck = [indicator("资金支付率", evidence=""), outcome("效果明显")]
    noted = satisfaction(actual_value="130")
    view = preview_view(scored(tmp_path, indicators=[*struck, noted], **MONEY))

    assert view.headings[0].text == "复核预演"
    for text in (
        "第1条 没有佐证材料的不得分", "补上佐证材料", "100%", "0%–100%", "0.00分–50.00分",
        "“资金支付率”没有写明佐证材料。", "第5条 完成超过 130% 的不扣分，但注明",
        "完成比例144.44%", "第8条可能免扣：定性的效益确实发生的，不扣分。",
        "第11条（报告与盖章的工作底稿一致）看不出来：工作底稿不在表格里，请人工核对。",
        "原文未核实",
    ):  # fmt: skip
        assert text in re.sub("<[^>]+>", "", view.html)


def test_a_struck_share_is_one_percentage_or_a_range(tmp_path):
    found = seen(tmp_path, indicator(evidence=""), indicator("不断提高办件质量"))

    shown = [strike_percent(HALF_UP, s) for line in found.lines for s in line.strikes]
    assert shown == ["100%", "0%–30%"]


def test_a_capped_score_is_the_most_that_a_reviewer_may_leave_and_says_why(tmp_path):
    rows = [indicator(evidence=""), *LOW["indicators"][1:]]
    capped = {"settings": {"scoring": "execution-capped"}}
    light = [indicator("不断提高办件质量"), *LOW["indicators"][1:]]

    found = preview(scored(tmp_path / "a", **capped, **LOW | {"indicators": light}))
    below = preview(scored(tmp_path / "b", **capped, **LOW | {"indicators": rows}))

    assert (found.low, found.high, found.points) == (69, 69, 69)
    assert (below.low, below.high, below.points) == (45, 45, 69)
    assert as_plain(describe_preview(found)).startswith(
        "按14条复核口径预演：自评95.00分，按评分办法计算69.00分（各项相加得95.00分，执行率低于60.00%，"
        "总分以69.00分为限），复核后各项相加可能剩下80.00分–95.00分，总分可能是69.00分（分值100.00分）"
    )


def test_without_a_total_no_cap_holds_and_no_total_is_foretold(tmp_path):
    rows = [indicator(actual_value="尚好"), *LOW["indicators"][1:]]

    found = preview(
        scored(tmp_path, settings={"scoring": "execution-capped"}, **LOW | {"indicators": rows})
    )

    assert (found.cap, found.low, found.points) == (None, 45, 45)
    assert as_plain(describe_preview(found)).startswith(
        "按14条复核口径预演：没有总分；可计分的部分自评45.00分，按评分办法计算45.00分，"
        "复核后可能剩下45.00分（分值50.00分）"
    )


def test_where_the_execution_rate_waits_a_reviewer_may_find_the_lowest_cap(tmp_path):
    wrong = [line("人员经费", 90, 100, 5, 100, 100), line("公用经费", 18, 20, 0, 20, 20)]
    tables = LOW | {"basic": wrong, "projects": [line("窗口服务专项", 40, 50, 0, 50, 50)]}

    found = preview(scored(tmp_path, settings={"scoring": "execution-capped"}, **tables))

    assert (found.low, found.high, found.points) == (59, 100, 100)
    assert as_plain(describe_preview(found)).endswith("执行率待核，总分的上限可能低到59.00分。")


# --- invariants --------------------------------------------------------------------------------

ROWS = st.fixed_dictionaries(
    {
        "indicator_name": st.sampled_from(
            ["培训场次", "资金支付率", "不断提高办件质量", "办结及时率"]
        ),
        "indicator_aspect": st.sampled_from(["数量指标", "质量指标", "时效指标"]),
        "comparison": st.sampled_from(["≥", "≤", "=", "定性"]),
        "target_value": st.sampled_from(["20", "0", "效果明显", "办结率显著提高", "-3"]),
        "actual_value": st.sampled_from(["", "18", "20", "27", "达成", "部分达成", "未达成"]),
        "weight": st.sampled_from([0, 10, 12.5, 50]),
        "self_score": st.sampled_from(["", 0, 10]),
    }
)
EVIDENCE = st.sampled_from(["签到表", "无投诉", "问卷统计", "问卷100份", "尚未验收"])
FAMILY = st.sampled_from(
    [{}, {"indicator_family": "满意度指标", "indicator_aspect": "服务对象满意度指标"},
     {"indicator_family": "效益指标", "indicator_aspect": "社会效益指标"}]
)  # fmt: skip
INDICATOR = st.builds(lambda row, family: indicator() | row | family, ROWS, FAMILY)


def of(rows):
    with TemporaryDirectory() as folder:
        return preview(scored(Path(folder), indicators=rows, **MONEY))


@settings(max_examples=10)
@given(st.lists(INDICATOR, min_size=1, max_size=6), st.data())
def test_the_range_lies_within_the_weight_and_evidence_never_lowers_it(rows, data):
    index = data.draw(st.integers(0, len(rows) - 1))
    bare = [row | {"evidence": ""} if n == index else row for n, row in enumerate(rows)]
    backed = [
        row | {"evidence": data.draw(EVIDENCE)} if n == index else row for n, row in enumerate(rows)
    ]

    without, found = of(bare), of(backed)

    for own in found.counted:
        assert 0 <= own.low <= own.high <= own.points <= own.weight
    assert 0 <= found.low <= found.high <= found.weight
    assert found.low >= without.low
    assert found.high >= without.high
    assert all(isinstance(total, Fraction) for total in (found.low, found.high))


# --- the criteria as data ------------------------------------------------------------------------


def test_all_criteria_are_there_each_seen_by_a_rule_or_a_fact_or_said_to_be_unseen():
    criteria = load_criteria(SCHEMES)
    rules = {sign.rule for c in criteria.criteria for sign in c.found_by if sign.rule}

    assert [criterion.number for criterion in criteria.criteria] == list(range(1, 15))
    assert rules <= set(RULES)
    assert not criteria.verified
    assert [c.number for c in criteria.criteria if c.effect == "unseen"] == [11, 12, 13, 14]
    assert all(c.remedy for c in criteria.criteria if c.effect != "unseen")


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ({"effect": "unseen"}, "unseen"),
        ({"found_by": ()}, "unseen"),
        ({"effect": "unseen", "found_by": ()}, "为什么"),
        ({"effect": "spares"}, "免去"),
        ({"found_by": ({"rule": "IND-04", "least": 0.6, "most": 0.3},)}, "least"),
        ({"found_by": ({"least": 0, "most": 1},)}, "有且只有一个"),
        (
            {"found_by": ({"rule": "IND-04", "fact": "far_beyond", "least": 0, "most": 1},)},
            "有且只有",
        ),
        ({"found_by": ({"rule": "IND-04", "least": 0, "most": 1.1},)}, "most"),
    ],
)
def test_a_criterion_that_contradicts_itself_is_refused(keys, fault):
    sound = {"reference": "虚构", "verified": False, "effective": "2020-01-01",
             "number": 1, "title": "甲", "effect": "deducts",
             "found_by": ({"rule": "IND-04", "least": 1, "most": 1},)}  # fmt: skip
    assert Criterion.model_validate(sound)

    with pytest.raises(ValidationError, match=fault):
        Criterion.model_validate(sound | keys)


def test_criteria_are_numbered_one_after_the_other():
    data = yaml.safe_load((SCHEMES / "review" / "criteria-14.yaml").read_text(encoding="utf-8"))
    data["effective"] = str(data["effective"])
    data["criteria"].pop(3)

    with pytest.raises(ValidationError, match="依次编号"):
        Criteria.model_validate(data)
