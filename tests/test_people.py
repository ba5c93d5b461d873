"""Frames for people: Chinese headings, exact 万元, blanks for what is unknown, sources kept."""

from __future__ import annotations

import pickle
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from evaluated import COMPLETE, evaluate, sample
from hypothesis import given
from hypothesis import strategies as st

from selfeval.evaluation import Evaluation
from selfeval.evaluation.numbers import ShownDecimal, ShownFraction, exact_money, shown_amount
from selfeval.evaluation.shown import ShownFrame, shown_frame
from selfeval.money import LARGEST_AMOUNT, parse_amount
from selfeval.scoring.score import score
from selfeval.terms import PHASES

FRAMES = ("lines", "projects", "amounts", "findings", "indicators", "scores", "ratios",
          "statements")  # fmt: skip


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return score(evaluate(tmp_path_factory.mktemp("people"), **COMPLETE))


def line(frame: ShownFrame, name: str) -> pd.Series:
    return frame[frame["支出项目"] == name].iloc[0]


@given(st.integers(-LARGEST_AMOUNT + 1, LARGEST_AMOUNT - 1))
def test_an_amount_in_ten_thousands_has_its_last_cent(fen: int) -> None:
    shown = exact_money(fen)

    assert (parse_amount(shown, "万元").fen or 0) == fen
    assert len(shown.partition(".")[2]) >= 2


@pytest.mark.parametrize("name", FRAMES)
def test_every_heading_is_chinese_and_every_row_is_there(name: str) -> None:
    frame = getattr(sample("S001"), name)

    assert all(not heading.isascii() for heading in frame.columns)
    typed = {"scores": "score"}.get(name, name)
    assert len(frame) == len(sample("S001").frame(typed)) + (name == "scores")
    assert len(set(frame.columns)) == len(frame.columns)


def test_a_line_has_its_phases_in_ten_thousands_and_its_rates(evaluation: Evaluation) -> None:
    own = line(evaluation.lines, "人员经费")

    phases = ("initial_budget", "budget_adjustment", "executed")
    assert [own[PHASES[phase]] for phase in phases] == [100, 10, Decimal("105.5")]
    assert str(own["全年执行数"]) == "105.50"
    assert own["预算执行率"] == Fraction(1055, 1100)
    assert str(own["预算执行率"]) == "95.91%"
    assert own["上级"] == "基本支出"


def test_what_is_unknown_is_missing_blank_and_never_zero(tmp_path: Path) -> None:
    case = evaluate(tmp_path, basic=[{"item": "人员经费", "executed": 0}])
    lines, amounts = case.lines, case.amounts
    own = line(lines, "人员经费")

    assert own["年初预算数"] is pd.NA
    assert own["预算执行率"] is pd.NA
    assert own["全年执行数"] == 0
    assert amounts.loc[amounts["状态"] == "空白", "数额"].isna().all()
    assert '<td class="number"></td>' in str(lines._repr_html_())
    assert "NA" not in str(lines._repr_html_()) + repr(lines)


def test_a_budget_of_no_known_kind_has_a_column_only_where_there_is_one() -> None:
    assert PHASES["stated_budget"] not in sample("S001").lines.columns


def test_totals_are_marked_and_can_be_left_out(evaluation: Evaluation) -> None:
    lines = evaluation.lines
    spent = lines[lines["上级"] != ""].without_totals()["全年执行数"].sum()

    assert set(lines.loc[lines["合计"], "支出项目"]) == {
        "支出合计", "基本支出", "项目支出", "宣传培训专项", "“三公”经费",
        "公务用车购置及运行维护费",
    }  # fmt: skip
    assert spent == line(lines, "支出合计")["全年执行数"]
    typed = evaluation.frame("lines", totals=False)
    assert len(typed) == len(lines.without_totals())
    assert not evaluation.frame("staffing", totals=False)["is_total"].any()


def test_a_number_knows_its_cell_and_one_that_is_derived_how(evaluation: Evaluation) -> None:
    sources = evaluation.lines.sources()
    own = sources[evaluation.lines["支出项目"] == "人员经费"].iloc[0]

    assert own["全年执行数"] == str(evaluation.read("personnel", "executed").place)  # type: ignore[union-attr]
    assert own["预算执行率"] == "＝人员经费全年执行数÷人员经费调整后预算数"
    assert own["支出项目"] == ""


def test_plain_pandas_filters_sorts_and_joins_and_keeps_the_sources(
    evaluation: Evaluation,
) -> None:
    lines = evaluation.lines

    large = lines[lines["全年执行数"] > 50].sort_values("全年执行数", ascending=False)
    joined = pd.concat([large, large]).reset_index(drop=True).merge(lines, on="支出项目")
    low = lines[lines["预算执行率"] < 0.95]

    assert isinstance(joined, ShownFrame)
    assert list(large["支出项目"])[:2] == ["支出合计", "基本支出"]
    assert set(joined.sources()["全年执行数_x"]) == set(large.sources()["全年执行数"])
    assert 0 < len(low) < len(lines)
    assert all(rate < Fraction(95, 100) for rate in low["预算执行率"])
    assert (large["全年执行数"] * 2).map(type).eq(Decimal).all()


@pytest.mark.parametrize("typed", [0.8, Decimal("0.8"), Fraction(4, 5)])
def test_a_rate_that_is_just_on_a_limit_is_on_it(typed: object) -> None:
    rate = ShownFraction(Fraction(4, 5), "80.00%")

    assert (rate == typed, rate <= typed, rate < typed, rate != typed) == (True, True, False, False)


def test_an_amount_equals_what_is_typed_of_it() -> None:
    amount = ShownDecimal("1683.71")

    assert amount == 1683.71
    assert not amount < 1683.71
    assert amount < float("inf")


def test_numbers_survive_being_saved_and_copied() -> None:
    numbers = ShownDecimal("1.5", "甲 › 乙"), ShownFraction(Fraction(1, 3), "33.33%", "＝丙")

    again = pickle.loads(pickle.dumps(numbers))

    assert [(str(one), one.source) for one in again] == [("1.5", "甲 › 乙"), ("33.33%", "＝丙")]


def test_what_a_cell_holds_is_text_on_the_screen_and_no_markup() -> None:
    value = shown_amount(100, '"><b>')
    frame = shown_frame({"甲<b>": "str", "乙": "object"}, [["<i>", value]], "<u>")

    html = str(frame._repr_html_())

    assert not {"<b>", "<i>", "<u>"} & {html[n : n + 3] for n in range(len(html))}
    assert 'title="&quot;&gt;&lt;b&gt;"' in html


def test_an_index_that_says_something_is_shown_and_one_that_counts_is_not() -> None:
    frame = shown_frame({"甲": "str", "乙": "Int64"}, [["丙", 1]])

    assert 'scope="row"' not in str(frame._repr_html_())
    assert '<th scope="row">丙</th>' in str(frame.set_index("甲")._repr_html_())


def test_of_an_empty_frame_the_screen_says_that_there_is_nothing() -> None:
    frame = shown_frame({"甲": "str"}, [], "乙")

    assert ">（没有）</td></tr></tbody>" in str(frame._repr_html_())


def test_points_that_were_lost_are_a_weight_less_what_was_earned() -> None:
    weight, earned = ShownDecimal("10"), ShownFraction(Fraction(19, 2), "9.50")
    frame = shown_frame({"甲": "object", "乙": "object"}, [[weight, earned]])

    lost = (frame["甲"] - frame["乙"]).rename("丙").to_frame()

    assert [weight - earned, earned - weight] == [Fraction(1, 2), Fraction(-1, 2)]
    assert ">0.50</td>" in str(ShownFrame(lost)._repr_html_())


def test_of_a_very_long_frame_the_screen_says_how_much_it_shows() -> None:
    frame = shown_frame({"甲": "Int64"}, [[n] for n in range(501)])

    html = str(frame._repr_html_())

    assert html.count("<tr>") == 501
    assert "只显示前 500 行，共 501 行。" in html


def test_indicators_have_their_points_once_they_are_scored(evaluation: Evaluation) -> None:
    before = replace(evaluation, scored=None).indicators
    after = evaluation.indicators

    assert before["计算得分"].isna().all()
    assert list(after["计算得分"]) == [row.points for row in evaluation.final_score.own]


def test_the_score_ends_with_its_total(evaluation: Evaluation) -> None:
    last = evaluation.scores.iloc[-1]

    assert (last["指标"], last["计算得分"]) == ("合计", evaluation.final_score.total.value)


def test_a_finding_says_whether_it_waits(evaluation: Evaluation) -> None:
    frame = evaluation.findings

    assert list(frame["待处理"]) == [finding.is_open for finding in evaluation.all_findings]
    assert list(frame["严重问题"]) == [finding.blocks for finding in evaluation.all_findings]


def test_the_caption_says_whose_which_year_and_which_unit(evaluation: Evaluation) -> None:
    name = evaluation.unit.name

    assert evaluation.lines.caption == f"预算与执行情况（{name} 2021年，万元）"
    assert (
        evaluation.with_amounts({}).lines.caption == f"预算与执行情况（{name} 2021年 试算，万元）"
    )
