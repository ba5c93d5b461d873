"""Tests of the charts and bars of selfeval.page: real text, no box, nothing outside, same bytes."""

import re
from xml.etree import ElementTree

import pytest
from evaluated import COMPLETE, STAFFING, indicator, line, sample, scored
from PIL import ImageFont
from printed import plain_texts
from pylopdf_fonts_zh_cn import sans_path

from selfeval.page import charts
from selfeval.page.bars import WIDTH
from selfeval.page.sentences import describe_performance

DRAW = [
    charts.draw_composition,
    charts.draw_budget_against_spending,
    charts.draw_indicators,
    charts.draw_year_on_year,
    charts.draw_staffing,
]
LONG = (
    "政务服务大厅智慧化改造及标准化建设（含设备购置、系统集成、运行维护）三年行动专项资金（第二期）"
)
MANY = [line(f"{LONG}{n}", 1, 10 + n, 0, 10 + n, 9) for n in range(12)]
EDGES = {
    "zero": [line("甲", 0, 0, 0, 0, 0), line("乙", 0, 0, "", "", 5)],
    "negative": [line("甲", -5, -10, -1, -11, -3), line("乙", 1, 10, 0, 10, -2)],
    "huge": [line("甲", 1, "999999999.99", 0, "999999999.99", "999999999.98"),
             line("乙", 1, "0.01", "", "", "888888888.88")],
    "many": MANY,
    "blank": [line("甲"), line("乙", "", "", "", "", 3), line("丙", "", 3)],
}  # fmt: skip


def texts(chart):
    """Return (x, y, anchor, size, words) of each text of a chart."""
    found = []
    for node in ElementTree.fromstring(chart.svg).iter():
        if node.tag.endswith("text"):
            style = node.get("style", "")
            size = float(re.search(r"(?:font|font-size): *(?:[\w ]*?)([\d.]+)px", style)[1])
            anchor = re.search(r"text-anchor: (\w+)", style)
            words = "".join(node.itertext())
            found.append((float(node.get("x")), float(node.get("y")),
                          anchor[1] if anchor else "start", size, words))  # fmt: skip
    return found


def drawn(evaluation):
    return [chart for chart in (draw(evaluation) for draw in DRAW) if chart.svg]


# --- what every chart is ---------------------------------------------------------------------


@pytest.mark.parametrize("code", ["G001", "S001", "S004"])
def test_a_chart_is_valid_xml_with_title_and_description_and_reaches_for_nothing(code):
    for chart in drawn(sample(code)):
        root = ElementTree.fromstring(chart.svg)
        title, description, *_ = list(root)

        assert (title.text, description.text) == (chart.title, chart.alt)
        assert root.get("aria-labelledby").split() == [title.get("id"), description.get("id")]
        assert not re.search(r"href|url\(|<script|<style|<image|@import|https?:|on\w+=", chart.svg)


def test_a_charts_words_are_real_text(tmp_path):
    words = {words for *_, words in texts(charts.draw_budget_against_spending(scored(tmp_path)))}

    assert {"人员经费", "窗口服务专项", "54.00万元（98.18%）", "调整后预算 100%"} <= words


@pytest.mark.parametrize("draw", DRAW)
def test_a_chart_drawn_twice_is_the_same_to_the_byte(tmp_path, draw):
    evaluation = scored(tmp_path)

    assert draw(evaluation) == draw(evaluation)


def test_four_charts_weigh_little():
    assert sum(len(chart.svg) for chart in drawn(sample("S001"))) < 20_000


# --- what is missing -------------------------------------------------------------------------


def test_a_chart_without_data_says_so_in_words(tmp_path):
    evaluation = scored(tmp_path, measures=COMPLETE["measures"])

    assert [draw(evaluation).svg for draw in DRAW] == [""] * 5
    assert [draw(evaluation).alt for draw in DRAW] == [
        "年初预算数未提供",
        "各项年初预算数未提供",
        "绩效指标未提供",
        "上年决算数未提供，不能与上年比较",
        "人员情况未提供",
    ]


def test_a_chart_of_spending_that_is_all_unknown_is_not_drawn(tmp_path):
    evaluation = scored(tmp_path, projects=[line("甲", "", 10), line("乙", "", 5)])

    assert charts.draw_budget_against_spending(evaluation).svg == ""
    assert charts.draw_scores(evaluation).svg == ""


def test_spending_within_its_budget_names_the_line_with_the_lowest_rate(tmp_path):
    rows = [line("甲", "", 10, "", 10, 6.5), line("乙", "", 5, "", 5, 5)]
    basic = [line("人员经费", "", 9, "", 9, 9), line("公用经费", "", 1, "", 1, 1)]
    chart = charts.draw_budget_against_spending(scored(tmp_path, projects=rows, basic=basic))

    assert chart.title == "各项支出没有超出调整后预算，甲最低，为65.00%"


@pytest.mark.parametrize(
    ("executed", "told"),
    [
        ((9, 9, 9), "都为90.00%"),
        ((9, 9, 9.5), "最低的为90.00%"),
        ((9.5, 9, 9.5), "公用经费最低，为90.00%"),
    ],
)
def test_rates_that_are_alike_are_not_told_as_one_lines_alone(tmp_path, executed, told):
    named = zip(("人员经费", "公用经费", "甲"), executed, strict=True)
    rows = [line(name, "", 10, "", 10, spent) for name, spent in named]
    evaluation = scored(tmp_path, basic=rows[:2], projects=rows[2:])

    chart = charts.draw_budget_against_spending(evaluation)

    assert chart.title == f"各项支出没有超出调整后预算，{told}"


def test_words_that_say_a_target_is_reached_are_counted_as_reached_whatever_the_unit_took(tmp_path):
    own = {"indicator_family": "效益指标", "indicator_aspect": "社会效益指标", "comparison": "定性",
           "target_value": "全部网上可办", "measure_unit": "", "weight": 20}  # fmt: skip
    rows = [indicator("甲", **own, actual_value="达成", self_score=17),
            indicator("乙", **own, actual_value="部分达成", self_score=15)]  # fmt: skip
    evaluation = scored(tmp_path, indicators=rows)

    chart = charts.draw_indicators(evaluation)

    assert chart.title == "2项指标中1项达到年度指标值"
    assert "未达到的：乙：部分达成（目标全部网上可办）。" in chart.alt
    assert "，达到年度指标值1项。" in plain_texts(describe_performance(evaluation))


def test_spending_that_is_not_known_is_an_outlined_bar_and_said_to_be_missing(tmp_path):
    rows = [line("甲", "", 10, "", "", 8), line("乙", "", 5)]
    chart = charts.draw_budget_against_spending(scored(tmp_path, projects=rows))

    assert chart.svg.count("stroke-dasharray") == 2
    assert [words for *_, words in texts(chart)].count("支出未提供") == 1
    assert "年初预算未提供" in [words for *_, words in texts(chart)]


def test_an_outlined_bar_of_a_chart_without_mark_has_a_length(tmp_path):
    rows = [{"kind": "行政编制", "staff_in_post": 3}, {"kind": "事业编制"}]
    svg = charts.draw_staffing(scored(tmp_path, staffing=rows)).svg
    path = re.search(r'd="M 0\.5 [\d.]+ L ([\d.]+) [^"]*" style="fill: none; stroke-dash', svg)

    assert float(path[1]) > 50


def test_spending_on_a_budget_of_nothing_is_shown_and_nothing_on_nothing_is_not(tmp_path):
    rows = [
        line("甲", "", 10, "", "", 8),
        line("乙", "", 0, "", "", 5),
        line("丙", "", 0, "", "", 0),
    ]
    words = [w for *_, w in texts(charts.draw_budget_against_spending(
        scored(tmp_path, projects=rows)))]  # fmt: skip

    assert "年初预算为零，支出5.00万元" in words
    assert "乙" in words
    assert "丙" not in words


def test_basic_spending_known_only_as_a_whole_is_drawn_as_one(tmp_path):
    basic = [line("人员经费"), line("基本支出合计", "", 100, "", "", 90)]
    words = [w for *_, w in texts(charts.draw_composition(scored(tmp_path, basic=basic)))]

    assert words[0] == "基本支出"


# --- what stands out -------------------------------------------------------------------------


def test_the_title_names_the_one_that_overspent_and_its_bar_goes_beyond_the_line():
    chart = charts.draw_budget_against_spending(sample("G001"))

    assert chart.title == "行政审批中介服务费专项资金支出超出年初预算29.52%"
    assert "超出383.71万元（+29.52%）" in [words for *_, words in texts(chart)]
    assert chart.svg.count("var(--over)") == 1


def test_copied_adjusted_budgets_are_not_drawn_as_the_budget():
    chart = charts.draw_budget_against_spending(sample("S004"))

    assert chart.subtitle.startswith("全年执行数占年初预算数的百分比")


def test_no_digit_of_a_units_own_words_is_cut(tmp_path):
    rows = [indicator(target_value="3.14159", actual_value="3.14162")]
    chart = charts.draw_indicators(scored(tmp_path, indicators=rows))

    assert "3.14162场（目标≥3.14159场）" in [words for *_, words in texts(chart)]


def test_a_name_that_looks_like_markup_or_style_is_drawn_as_it_is(tmp_path):
    name = "</b>&#1d2129 font-family: x; $a$ -->"
    chart = charts.draw_composition(scored(tmp_path, projects=[line(name, "", 1)]))

    assert name in [words for *_, words in texts(chart)]


# --- inside the box --------------------------------------------------------------------------


@pytest.mark.parametrize("edge", sorted(EDGES))
def test_no_text_and_no_bar_leaves_the_box(tmp_path, edge):
    staffing = [*STAFFING[:2], {"kind": "编外聘用人员", "staff_in_post": 99999}]
    indicators = [indicator(LONG, actual_value=LONG, target_value=LONG, comparison="定性"),
                  indicator("WWWW%@" * 12, actual_value="999999999", target_value="1")]  # fmt: skip
    evaluation = scored(tmp_path, projects=EDGES[edge], basic=COMPLETE["basic"],
                        staffing=staffing, indicators=indicators)  # fmt: skip
    assert len(drawn(evaluation)) >= 4
    for chart in drawn(evaluation):
        height = float(re.search(rf'viewBox="0 0 {WIDTH} ([\d.]+)"', chart.svg)[1])
        for x, y, anchor, size, words in texts(chart):
            length = ImageFont.truetype(sans_path(), 100).getlength(words) * size / 100
            left = {"start": x, "end": x - length, "middle": x - length / 2}[anchor]
            assert left >= -1, words
            assert left + length <= WIDTH + 1, words
            assert 0 <= y <= height, words
        for path in re.findall(r' d="([^"]*)"', chart.svg):
            numbers = [float(number) for number in re.findall(r"-?[\d.]+", path)]
            assert all(-1 <= x <= WIDTH + 1 for x in numbers[::2]), path
            assert all(-1 <= y <= height + 1 for y in numbers[1::2]), path


# --- no box ----------------------------------------------------------------------------------


@pytest.mark.parametrize("character", ["\U0001f600", "𠮷", "\ue123", "\u202e"])
def test_a_character_the_font_lacks_is_left_to_the_readers_own_fonts(tmp_path, character):
    chart = charts.draw_composition(scored(tmp_path, projects=[line(f"甲{character}项目", "", 1)]))

    assert f"甲{character}项目" in [words for *_, words in texts(chart)]


def test_a_line_break_in_a_name_is_a_space_in_a_chart(tmp_path):
    chart = charts.draw_composition(scored(tmp_path, projects=[line("甲\n项目", "", 1)]))

    assert {"甲 项目", "甲项目"} & {words for *_, words in texts(chart)}
