"""The parts of the public edition, as HTML, from the sample units and small ones."""

import html
import re

import pytest
from evaluated import evaluate, sample
from printed import pairs_of

from notebooks import exported
from selfeval.page.internal import findings
from selfeval.page.parts import build_view
from selfeval.page.public import about, outline_section, overview
from selfeval.scoring.score import score


def words(view):
    """Return a view's text, tags gone and entities resolved."""
    return html.unescape(re.sub(r"<[^>]+>", " ", view.html))


def test_the_first_screen_of_a_unit_without_spending_says_why_there_is_no_rate():
    text = words(overview(sample("G001")))

    assert "部门整体支出年初预算 2181.43万元 ，其中 1300.00万元" in text
    assert "支出合计的全年执行数未提供；支出合计的调整后预算数未提供" in text
    assert "未评" in text
    assert "没有填报绩效指标" in text
    assert pairs_of(overview(sample("G001")).html, "strip") == []


def test_the_first_screen_shows_what_its_rate_is_of():
    assert "98.23% ，占调整后预算 769.23万元 ；占年初预算 101.66%" in words(
        overview(sample("S001"))
    )


def test_a_draft_says_what_is_wrong_with_which_item():
    text = words(overview(sample("G001")))

    assert (
        "没有更正或说明：行政审批中介服务费专项资金支出超出年初预算，没有调整后预算，也没有写明原因；"
        "绩效指标、自评得分没有填齐；文字里说行政审批中介服务费专项资金执行慢，支出却超出预算；"
        "部门整体的预算执行率算不出来，没有总分。"
    ) in text
    assert "未做到" not in text


def test_charts_without_data_are_one_sentence():
    evaluation = sample("G001")
    page = exported(evaluation)

    assert "undrawn" not in page
    assert "没有画的图" not in page
    assert 'data-kind="points"' not in page


def test_the_foot_says_where_points_and_grades_are_from_and_that_nobody_verified_it():
    text = words(about(sample("S001")))

    for said in sample("S001").unit.scoring.sources:
        assert said in text
    assert "没有见到原文" in text or "尚未对照原文核实" in text


def test_a_sample_says_that_it_is_invented_and_a_real_unit_does_not():
    assert "虚构" in words(overview(sample("S001")))
    assert "虚构" not in words(overview(sample("G001")))


def test_only_a_unit_with_open_severe_fails_is_marked_as_a_draft():
    assert "草稿" in words(overview(sample("G001")))
    assert "草稿" not in words(overview(sample("S001")))


@pytest.mark.parametrize("unit", ["G001", "S001", "S004"])
def test_sections_are_numbered_in_the_order_of_the_outline(unit):
    evaluation = sample(unit)
    sections = evaluation.unit.outline.sections

    views = [outline_section(evaluation, section.id) for section in sections]

    assert [view.plain[0] for view in views] == list("一二三四五六七八九十"[: len(sections)])
    assert [view.order for view in views] == sorted(view.order for view in views)


def test_a_section_the_outline_does_not_have_is_no_part():
    assert build_view(sample("G001"), "use_and_publicity") is None
    assert build_view(sample("S001"), "use_and_publicity") is not None


def test_parts_of_what_was_never_supplied_are_told_once_by_their_head():
    nothing = words(outline_section(sample("G001"), "spending"))
    something = words(outline_section(sample("S001"), "spending"))

    assert "“三公”经费" in nothing
    assert "公务接待费" not in nothing
    assert "公务接待费" in something


def test_an_explanation_of_no_budget_line_is_printed_at_the_end(tmp_path):
    explained = [
        {"finding": "MISS-06", "text": "指标随部门决算另行公开", "basis": "某财绩〔2022〕1号"}
    ]

    evaluation = evaluate(tmp_path, settings={"explanations": explained}, indicators=[])

    assert (
        "单位说明（有绩效指标和自评得分）：“指标随部门决算另行公开（依据：某财绩〔2022〕1号）”"
        in words(about(evaluation))
    )
    assert "单位已说明（1条）" in words(findings(evaluation))


def test_every_heading_of_a_view_stands_in_its_html():
    evaluation = sample("S001")
    for section in evaluation.unit.outline.sections:
        view = outline_section(evaluation, section.id)
        for heading in view.headings:
            assert f'<h{heading.level} id="{heading.id}">' in view.html


def test_a_complete_unit_has_no_missing_number_on_its_first_screen(tmp_path):
    assert "未提供" not in words(overview(score(evaluate(tmp_path))))
