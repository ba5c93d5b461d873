"""Tests of selfeval.style: a chart of one's own in the house look, and never a box."""

import io
import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

import selfeval
from selfeval import style
from selfeval.errors import UsageError
from selfeval.page.macros import style_sheet

LIGHT = dict(re.findall(r"--([\w-]+): (#\w+);", style_sheet())[:9])


@pytest.fixture
def axes():
    with style.context():
        figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def test_the_colours_of_charts_are_those_of_the_page_in_the_light():
    assert LIGHT["ink"] == style.INK
    assert LIGHT["faint"] == style.FAINT
    assert LIGHT["budget"] == style.BUDGET
    assert LIGHT["over"] == style.OVER
    assert LIGHT["over-text"] == style.OVER_TEXT
    assert LIGHT["prior"] == style.PRIOR


def test_the_look_ends_with_its_context_and_stays_after_use():
    before = mpl.rcParams["axes.spines.top"]

    with selfeval.style.context():
        within = mpl.rcParams["axes.spines.top"]
    after = mpl.rcParams["axes.spines.top"]
    with mpl.rc_context():
        selfeval.style.use()
        used = mpl.rcParams["axes.spines.top"]

    assert (before, within, after, used) == (True, False, True, False)


def test_chinese_names_are_drawn_whole_in_a_chart_of_ones_own(axes):
    axes.barh(["星桥市云台区规划和自然资源局", "人员经费"], [3, 1])

    axes.figure.savefig(io.BytesIO())

    assert min(label.get_window_extent().x0 for label in axes.get_yticklabels()) >= 0


@pytest.mark.filterwarnings("ignore:Glyph")
def test_a_character_that_no_font_has_is_named_and_not_drawn(axes):
    axes.set_title("公用\U0001f600经费")

    with pytest.raises(UsageError) as told:
        axes.figure.savefig(io.BytesIO())

    assert str(told.value) == (
        "图里的“公用\U0001f600经费”：没有字体画得出“\U0001f600”，会变成方框。"
        "请换成常用的字，或装上有这个字的字体，在这段文字里写明 fontfamily。"
    )


@pytest.mark.filterwarnings("ignore:Glyph")
def test_a_character_that_cannot_be_seen_is_named_by_its_number(axes):
    axes.set_title("公用\ue000经费")

    with pytest.raises(UsageError, match="没有字体画得出“U\\+E000”"):
        axes.figure.canvas.draw()


def test_completion_offers_what_an_analyst_needs():
    assert dir(style) == ["context", "use"]


def test_a_character_is_looked_for_in_the_words_of_ticks_too(axes):
    axes.barh(["\U0001f600"], [1])
    axes.figure.set_layout_engine("none")

    with pytest.raises(UsageError, match="\U0001f600"):
        axes.figure.canvas.draw()


def test_an_svg_leaves_a_rare_character_to_the_readers_own_fonts(axes):
    axes.set_title("\U0001f600")
    written = io.StringIO()

    with style.context():
        axes.figure.savefig(written, format="svg")

    assert "\U0001f600</text>" in written.getvalue()


def test_powers_of_ten_on_an_axis_are_a_formula_and_names_are_none(axes):
    axes.set_title("甲$1$乙")

    with style.context():
        axes.plot([1, 2], [1, 100])
        axes.set_yscale("log")
        axes.figure.canvas.draw()

    assert {label.get_parse_math() for label in axes.get_yticklabels()} == {True}
    assert {label.get_parse_math() for label in axes.get_xticklabels()} == {False}
    assert not axes.title.get_parse_math()
