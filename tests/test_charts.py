"""Tests of charts, bars and svg: figures to change, real text, nothing outside, same bytes."""

import re
from xml.etree import ElementTree

import pytest
from evaluated import COMPLETE, STAFFING, indicator, line, sample, scored
from matplotlib.colors import to_rgba
from PIL import ImageFont
from pylopdf_fonts_zh_cn import sans_path

from selfeval.page import charts
from selfeval.page.svg import drawn_svg
from selfeval.page.view import chart_html
from selfeval.style import BUDGET, OVER, WIDTH

DRAW = [draw for name, draw in vars(charts).items() if re.match("draw_(?!bars)", name)]
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


def svg(evaluation, chart):
    """Return a chart as a page has it, "" where there is nothing to draw."""
    return "".join(re.findall("<svg.*</svg>", chart_html(chart)))


def texts(drawn):
    """Return (x, y, anchor, size, words) of each text of an SVG."""
    found = []
    for node in ElementTree.fromstring(drawn).iter("text"):
        style = node.get("style", "")
        size = float(re.search(r"font-size: ([\d.]+)px", style)[1])
        anchor = re.search(r"text-anchor: (\w+)", style)
        words = "".join(node.itertext())
        found.append((float(node.get("x")), float(node.get("y")),
                      anchor[1] if anchor else "start", size, words))  # fmt: skip
    return found


def words_of(evaluation, draw):
    return [words for *_, words in texts(svg(evaluation, draw(evaluation)))]


def drawn(evaluation):
    """Return the charts that there is something to draw for, each with its SVG."""
    charts = [draw(evaluation) for draw in DRAW]
    return [(chart, svg(evaluation, chart)) for chart in charts if chart.axes]


# --- what every chart is ---------------------------------------------------------------------


@pytest.mark.parametrize("code", ["G001", "S001", "S004"])
def test_a_chart_is_valid_xml_with_title_and_description_and_reaches_for_nothing(code):
    for chart, page in drawn(sample(code)):
        root = ElementTree.fromstring(page)
        title, description, *_ = list(root)

        assert (title.text, description.text) == (chart.title, chart.alt)
        assert root.get("aria-labelledby").split() == [title.get("id"), description.get("id")]
        assert not re.search(r"href|url\(|<script|<style|<image|@import|https?:|on\w+=", page)


def test_a_charts_words_are_real_text(tmp_path):
    words = words_of(scored(tmp_path), charts.draw_budget_against_spending)

    assert {"人员经费", "窗口服务专项", "54.00　年初50.00", "多4.00（+8.00%）"} <= set(words)


@pytest.mark.parametrize("draw", DRAW)
def test_a_chart_drawn_twice_is_the_same_to_the_byte(tmp_path, draw):
    evaluation = scored(tmp_path)

    assert svg(evaluation, draw(evaluation)) == svg(evaluation, draw(evaluation))


def test_charts_drawn_in_turn_on_one_figure_are_those_drawn_on_their_own():
    todo = [(draw, sample(unit)) for draw in DRAW for unit in ("S001", "G001", "S004")]

    with charts.drawn_in_turn():
        in_turn = [chart_html(draw(evaluation)) for draw, evaluation in todo]

    assert in_turn == [chart_html(draw(evaluation)) for draw, evaluation in todo]
    first, second = (charts.draw_scores(sample("S001")) for _ in range(2))
    assert first is not second


def test_all_charts_of_a_unit_weigh_little():
    assert sum(len(page) for _, page in drawn(sample("S001"))) < 24_000


# --- what a notebook may change --------------------------------------------------------------


def test_a_chart_shows_its_title_and_measure_in_a_notebook_and_not_a_second_time_on_the_page():
    chart = charts.draw_budget_against_spending(sample("S001"))
    alone, page = drawn_svg(chart), svg(sample("S001"), chart)

    assert chart.title in alone
    assert chart.subtitle in alone
    assert f">{chart.title}</text>" not in page
    assert chart.subtitle not in page


def test_a_title_a_colour_and_a_line_that_a_notebook_changes_are_on_the_page():
    evaluation = sample("G001")
    chart = charts.draw_budget_against_spending(evaluation)

    chart.suptitle("中介服务费\n超支近三成")
    chart.axes[0].patches[0].set_color("seagreen")
    chart.axes[0].axvline(1300, color=BUDGET)
    page = chart_html(chart)

    assert "<strong>中介服务费超支近三成</strong>" in page
    assert '<title id="execution-title">中介服务费超支近三成</title>' in page
    assert page.count("#2e8b57") == 1
    mark = re.search(r'd="M ([\d.]+) [\d.]+ L \1 ', page)
    line = re.search(r'd="M ([\d.]+) [^>]* clip-path="url\(#execution-[^>]*--budget', page)
    assert line[1] == mark[1]


def test_a_label_that_a_notebook_changes_is_printed_without_marks():
    evaluation = sample("G001")
    chart = charts.draw_budget_against_spending(evaluation)
    (label,) = chart.findobj(lambda artist: artist.get_gid() == "label0")
    before = svg(evaluation, chart)

    label.set_text("超出约384万元")

    label.set_visible(False)
    hidden = svg(evaluation, chart)
    label.set_visible(True)

    assert "384万元" not in hidden
    marks = before.count("<tspan data-n=")
    assert svg(evaluation, chart).count("<tspan data-n=") == marks - 2
    assert ">超出约384万元</text>" in svg(evaluation, chart)


def test_the_axis_of_a_chart_holds_values_in_the_unit_its_subtitle_names(tmp_path):
    chart = charts.draw_budget_against_spending(scored(tmp_path))

    assert chart.subtitle == "支出与年初预算（2021年，万元）"
    assert [bar.get_width() for bar in chart.axes[0].patches[:2]] == [100, 5.5]


# --- what is missing -------------------------------------------------------------------------


def test_a_chart_without_data_says_so_in_words(tmp_path):
    evaluation = scored(tmp_path, measures=COMPLETE["measures"])

    told = {
        charts.draw_budget_against_spending: "各项年初预算数未提供",
        charts.draw_missed: "没有未达到的指标",
        charts.draw_deviations: "没有偏离目标的指标",
        charts.draw_scores: "没有一项能计分",
        charts.draw_ladder: "没有一项能计分",
    }
    assert {draw: draw(evaluation).alt for draw in told} == told
    assert {svg(evaluation, draw(evaluation)) for draw in told} == {""}


def test_a_chart_of_spending_that_is_all_unknown_is_not_drawn(tmp_path):
    evaluation = scored(tmp_path, projects=[line("甲", "", 10), line("乙", "", 5)])

    assert svg(evaluation, charts.draw_budget_against_spending(evaluation)) == ""
    assert svg(evaluation, charts.draw_scores(evaluation)) == ""


@pytest.mark.parametrize(
    ("executed", "title"),
    [
        ((6.5, 5), "各项支出都没有超出年初预算，甲少得最多，少3.50万元"),
        ((10, 5), "各项支出与年初预算相同"),
        ((10, 6), "乙支出超出年初预算20.00%"),
        ((11, 6), "2项支出超出年初预算"),
        ((9, ""), "1项的预算或支出未提供"),
        ((12, ""), "甲支出超出年初预算20.00%"),
    ],
)
def test_the_title_says_who_went_beyond_or_who_spent_least(tmp_path, executed, title):
    rows = [line("甲", "", 10, "", "", executed[0]), line("乙", "", 5, "", "", executed[1])]
    basic = [line("人员经费", "", 9, "", "", 9), line("公用经费", "", 1, "", "", 1)]
    chart = charts.draw_budget_against_spending(scored(tmp_path, projects=rows, basic=basic))

    assert chart.title == title


def test_the_title_of_one_line_alone_and_of_one_named_spending_reads_well(tmp_path):
    nothing = [line("人员经费", "", 0, "", "", 0), line("公用经费", "", 0, "", "", 0)]
    rows = [line("其他项目支出", "", 10, "", "", 9)]
    chart = charts.draw_budget_against_spending(scored(tmp_path, projects=rows, basic=nothing))

    assert chart.title == "其他项目支出比年初预算少1.00万元"


def test_a_budget_of_nothing_that_was_spent_on_has_no_per_cent_in_the_title(tmp_path):
    rows = [line("甲", "", 10, "", "", 8), line("乙", "", 0, "", "", 5)]
    chart = charts.draw_budget_against_spending(scored(tmp_path, projects=rows))

    assert chart.title == "乙支出超出年初预算5.00万元"


def test_without_initial_budgets_spending_is_held_against_the_adjusted_ones(tmp_path):
    chart = charts.draw_budget_against_spending(
        scored(tmp_path, projects=[line("甲", "", "", "", 10, 12)])
    )

    assert chart.subtitle == "支出与调整后预算（2021年，万元）"
    assert chart.title == "甲支出超出调整后预算20.00%"


def test_a_bar_begins_at_zero_has_a_tick_at_its_budget_and_what_is_beyond_in_orange(tmp_path):
    rows = [line("甲", "", 10, "", "", 15), line("乙", "", 20, "", "", 8)]
    chart = charts.draw_budget_against_spending(scored(tmp_path, projects=rows, basic=[
        line("人员经费", "", 0, "", "", 0), line("公用经费", "", 0, "", "", 0)]))  # fmt: skip
    (axes,) = chart.axes
    bars = [(bar.get_x(), bar.get_width(), bar.get_facecolor()) for bar in axes.patches]

    assert bars == [(0, 10, to_rgba(BUDGET)), (10, 5, to_rgba(OVER)), (0, 8, to_rgba(BUDGET))]
    assert [tick.get_xdata()[0] for tick in axes.lines] == [10, 20]


def test_lines_stand_by_spending_the_largest_first_and_what_is_not_known_last(tmp_path):
    rows = [line("甲", "", 10, "", "", 8), line("乙", "", 5), line("丙", "", 1, "", "", 30)]
    evaluation = scored(tmp_path, projects=rows, basic=COMPLETE["basic"])
    names = [words for *_, words in texts(svg(evaluation,
             charts.draw_budget_against_spending(evaluation)))]  # fmt: skip

    assert [name for name in names if not re.search(r"\d", name)] == [
        "人员经费", "丙", "公用经费", "甲", "乙"
    ]  # fmt: skip


def test_twelve_lines_at_most_are_drawn_and_the_subtitle_says_so(tmp_path):
    rows = [line(f"项目{n}", "", 10, "", "", 9 + n) for n in range(13)]
    chart = charts.draw_budget_against_spending(scored(tmp_path, projects=rows))

    assert chart.subtitle == "支出最多的12项，支出与年初预算（2021年，万元）"
    assert len(chart.axes[0].lines) == 12


def test_money_stands_on_a_line_of_its_own_below_a_long_name(tmp_path):
    rows = [line("短", "", 10, "", "", 9), line("很长的项目名" * 4, "", 10, "", "", 8)]
    evaluation = scored(tmp_path, projects=rows, basic=COMPLETE["basic"])
    page = svg(evaluation, charts.draw_budget_against_spending(evaluation))
    heights = {words: y for _, y, *_, words in texts(page)}

    assert heights["9.00　年初10.00"] == heights["短"]
    assert heights["8.00　年初10.00"] > heights["很长的项目名" * 4] + 12
    last = max(float(top) for top in re.findall(r'd="M 0 ([\d.]+) L', page))
    assert last > heights["8.00　年初10.00"]


def test_what_was_missed_is_drawn_by_how_far_it_is_from_its_target(tmp_path):
    missed = {"甲": "15", "乙": "5", "丙": "20"}
    rows = [indicator(name, weight=20, actual_value=n) for name, n in missed.items()]
    chart = charts.draw_missed(scored(tmp_path, indicators=rows))

    assert chart.title == "2项指标没有达到年度指标值"
    assert chart.alt.endswith("乙：5场（目标≥20场）；甲：15场（目标≥20场）。")
    assert [bar.get_width() for bar in chart.axes[0].patches] == [0.25, 0.75]


def test_spending_that_is_not_known_is_an_outlined_bar_and_said_to_be_missing(tmp_path):
    rows = [line("甲", "", 10, "", "", 8), line("乙", "", 5)]
    evaluation = scored(tmp_path, projects=rows, basic=COMPLETE["basic"])
    page = svg(evaluation, charts.draw_budget_against_spending(evaluation))
    words = [words for *_, words in texts(page)]

    assert page.count("stroke-dasharray") == 1
    assert words[-2:] == ["未提供　年初5.00", "乙"]


def test_an_outlined_bar_without_mark_has_a_length(tmp_path):
    evaluation = scored(tmp_path, projects=[line("甲", "", 10, "", "", 8), line("乙")])
    page = svg(evaluation, charts.draw_budget_against_spending(evaluation))
    path = re.search(r'd="M 0\.5 [\d.]+ L ([\d.]+) [^"]*" style="fill: none; stroke-dash', page)

    assert float(path[1]) > 50


def test_spending_on_a_budget_of_nothing_is_shown_and_nothing_on_nothing_is_not(tmp_path):
    rows = [
        line("甲", "", 10, "", "", 8),
        line("乙", "", 0, "", "", 5),
        line("丙", "", 0, "", "", 0),
    ]
    words = words_of(scored(tmp_path, projects=rows), charts.draw_budget_against_spending)

    assert {"5.00　年初0.00", "多5.00"} <= set(words)
    assert "乙" in words
    assert "丙" not in words


def test_basic_spending_known_only_as_a_whole_is_drawn_as_one(tmp_path):
    basic = [line("人员经费"), line("基本支出合计", "", 100, "", "", 90)]
    words = words_of(scored(tmp_path, basic=basic), charts.draw_budget_against_spending)

    assert words[:2] == ["90.00　年初100.00", "基本支出"]


# --- what stands out -------------------------------------------------------------------------


def test_the_title_names_the_one_that_overspent_and_its_bar_goes_beyond_the_line():
    chart = charts.draw_budget_against_spending(sample("G001"))
    page = svg(sample("G001"), chart)

    assert chart.title == "行政审批中介服务费专项资金支出超出年初预算29.52%"
    assert "多383.71（+29.52%）" in [words for *_, words in texts(page)]
    assert page.count("var(--over)") == 1


def test_copied_adjusted_budgets_are_not_drawn_as_the_budget():
    chart = charts.draw_budget_against_spending(sample("S004"))

    assert chart.subtitle == "支出与年初预算（2021年，万元）"
    assert "多82.32（+34.82%）" in chart.alt


def test_no_digit_of_a_units_own_words_is_cut(tmp_path):
    rows = [indicator(target_value="3.14162", actual_value="3.14159")]
    words = words_of(scored(tmp_path, indicators=rows), charts.draw_missed)

    assert "3.14159场（目标≥3.14162场）" in words


def test_a_name_that_looks_like_markup_or_style_is_drawn_as_it_is(tmp_path):
    name = "</b>&#1d2129 font-family: x; $a$ -->"

    evaluation = scored(tmp_path, projects=[line(name, "", 1, "", "", 1)])

    assert name in words_of(evaluation, charts.draw_budget_against_spending)


# --- inside the box --------------------------------------------------------------------------


@pytest.mark.parametrize("edge", sorted(EDGES))
def test_no_text_and_no_bar_leaves_the_box(tmp_path, edge):
    staffing = [*STAFFING[:2], {"kind": "编外聘用人员", "staff_in_post": 99999}]
    indicators = [indicator(LONG, actual_value=LONG, target_value=LONG, comparison="定性"),
                  indicator("WWWW%@" * 12, actual_value="999999999", target_value="1"),
                  indicator(LONG, actual_value="1", target_value="999999999")]  # fmt: skip
    evaluation = scored(tmp_path, projects=EDGES[edge], basic=COMPLETE["basic"],
                        staffing=staffing, indicators=indicators)  # fmt: skip
    assert len(drawn(evaluation)) >= 4
    for _, page in drawn(evaluation):
        box = re.search(rf'viewBox="0 ([\d.]+) {WIDTH} ([\d.]+)"', page)
        top, height = map(float, box.groups())
        for x, y, anchor, size, words in texts(page):
            length = ImageFont.truetype(sans_path(), 100).getlength(words) * size / 100
            left = {"start": x, "end": x - length, "middle": x - length / 2}[anchor]
            assert left >= -1, words
            assert left + length <= WIDTH + 1, words
            assert top <= y <= top + height, words
        for path in re.findall(r' d="([^"]*)"', page):
            numbers = [float(number) for number in re.findall(r"-?[\d.]+", path)]
            assert all(-1 <= x <= WIDTH + 1 for x in numbers[::2]), path
            assert all(top - 1 <= y <= top + height + 1 for y in numbers[1::2]), path


# --- no box ----------------------------------------------------------------------------------


@pytest.mark.parametrize("character", ["\U0001f600", "𠮷", "\ue123", "\u202e"])
def test_a_character_the_font_lacks_is_left_to_the_readers_own_fonts(tmp_path, character):
    evaluation = scored(tmp_path, projects=[line(f"甲{character}项目", "", 1, "", "", 1)])

    assert f"甲{character}项目" in words_of(evaluation, charts.draw_budget_against_spending)


def test_a_character_that_no_page_can_hold_does_not_stop_a_chart(tmp_path):
    evaluation = scored(tmp_path, projects=[line("甲\x01项目", "", 10, "", "", 12)])
    draw = charts.draw_budget_against_spending

    assert "甲\x01项目" in draw(evaluation).caption
    assert ">甲\ufffd项目</text>" in svg(evaluation, draw(evaluation))


def test_a_line_break_in_a_name_is_a_space_in_a_chart(tmp_path):
    evaluation = scored(tmp_path, projects=[line("甲\n项目", "", 1, "", "", 1)])
    words = words_of(evaluation, charts.draw_budget_against_spending)

    assert {"甲 项目", "甲项目"} & set(words)
