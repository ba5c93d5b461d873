"""One rule of rounding on all pages and forms of a unit: no quantity is printed in two ways."""

from __future__ import annotations

import re

import pytest
from annexes import OVERALL, pages
from evaluated import indicator, line, measure, satisfaction, scored

from selfeval.annex import build_annexes
from selfeval.page.internal import REVIEW_VIEWS
from selfeval.page.parts import build_view

TIES = {
    "personnel": ("645.55", "645.54"),
    "rate": ("96.13", "96.12"),
    "points": ("49.73", "49.72"),
    "beyond": ("137.13", "137.12"),
    "total": ("97.33", "97.32"),
}
"""Quantities on the tie, as printed half up and half even."""


def on_the_tie(folder, rounding):
    """Return a unit with an amount, a rate, a share, points and a total on the tie."""
    rows = [
        indicator(target_value="2000", actual_value="1989", evidence=""),
        indicator("网上办理", indicator_family="效益指标", indicator_aspect="社会效益指标",
                  target_value="80", actual_value="109.7", weight=30, self_score=28),
        satisfaction(target_value="80", actual_value="79.9"),
    ]  # fmt: skip
    return scored(
        folder,
        unit="元",
        settings={"rounding": rounding, "scoring": "execution-capped", "report_date": "2022-04-20"},
        basic=[line("人员经费", "", 6_500_000, 0, 6_500_000, 6_455_450),
               line("公用经费", "", 1_500_000, 0, 1_500_000, 1_234_550)],
        projects=[line("培训", "", 0, 0, 0, 0)],
        indicators=rows,
        measures=[measure()],
    )  # fmt: skip


def printed(evaluation):
    """Return the texts of both editions and what the forms hold, as they are read."""
    parts = [section.id for section in evaluation.unit.outline.sections]
    parts = ["overview", *parts, *REVIEW_VIEWS, "trace", "about"]
    views = [view for part in parts if (view := build_view(evaluation, part))]
    found = {view.part: re.sub(r"<[^>]+>", " ", view.html) for view in views}
    for name in build_annexes(evaluation):
        held = [cell.value for sheet in pages(evaluation, name)
                for row in sheet.iter_rows() for cell in row if cell.value is not None]  # fmt: skip
        found[name] = "\n".join(as_shown(value) for value in held)
    return found


def as_shown(value):
    """Return what a cell holds as it would be read: a number with all its digits."""
    return f"{value:.6f}".rstrip("0") if isinstance(value, float) else str(value)


@pytest.mark.parametrize("rounding", ["half_up", "half_even"])
def test_each_quantity_on_the_tie_is_printed_in_one_way_on_every_part_of_a_page(tmp_path, rounding):
    evaluation = on_the_tie(tmp_path, rounding)
    which = ("half_up", "half_even").index(rounding)

    texts = printed(evaluation)

    for name, told in TIES.items():
        other = rf"(?<![0-9.]){re.escape(told[1 - which])}(?![0-9])"
        assert [part for part, text in texts.items() if re.search(other, text)] == [], name
        assert any(told[which] in text for text in texts.values()), name


def test_the_notes_name_no_other_rule_of_rounding_than_the_one_in_use(tmp_path):
    notes = printed(on_the_tie(tmp_path, "half_even"))["about"]

    assert "四舍六入五成双" in notes
    assert "四舍五入" not in notes


THIRDS = [
    indicator("甲", weight="16.667", self_score=""),
    indicator("乙", weight="16.667", actual_value="19.9999", self_score=""),
    indicator("丙", weight="16.666", self_score=""),
    indicator("办件量", indicator_family="效益指标", indicator_aspect="社会效益指标",
              weight=30, self_score=""),
    satisfaction(self_score=""),
]  # fmt: skip
NO_PROJECTS = [line("培训", 0, 0, 0, 0, 0)]


def spent(executed, budget=100_000):
    """Return the tables of a unit whose whole budget is one of personnel."""
    personnel = line("人员经费", "", budget, 0, budget, executed)
    return {"basic": [personnel, line("公用经费", "", 0, 0, 0, 0)], "projects": NO_PROJECTS}


def all_of(texts):
    return "\n".join(texts.values())


def test_a_rate_under_two_names_is_printed_in_one_way(tmp_path):
    posts = [{"kind": "行政编制", "authorised_posts": 100_000, "staff_in_post": 104_999}]
    evaluation = scored(
        tmp_path,
        settings={"scoring": "hunan-2015"},
        staffing=posts,
        **spent(94_999.9),
        indicators=THIRDS,
    )

    text = all_of(printed(evaluation))

    assert "104.999%" in text
    assert "105.00%" not in text


def test_both_rates_of_the_whole_and_its_lines_stand_on_their_side_of_a_cap(tmp_path):
    evaluation = scored(
        tmp_path,
        settings={"scoring": "execution-capped"},
        **spent(79_999),
        indicators=THIRDS,
    )

    texts = printed(evaluation)

    first = re.sub(r"\s+", " ", texts["overview"])
    assert "预算执行率 79.999% 。" in first
    assert "80.00%" not in first.replace("低于 80.00%", "")


def test_what_is_more_or_less_is_never_printed_as_nothing(tmp_path):
    evaluation = scored(
        tmp_path,
        unit="元",
        basic=[line("人员经费", 70_000_001, 70_000_000, 30, 70_000_030, 70_000_000),
               line("公用经费", 20_000_000, 20_000_000, 0, 20_000_000, 20_000_010)],
        projects=NO_PROJECTS,
    )  # fmt: skip

    text = re.sub(r"\s+", "", all_of(printed(evaluation)))

    assert "年中调增0.003万元" in text
    assert "比上年决算数增加0.001万元，增长0.00001%" in text
    assert "超出0.001万元（+0.0001%）" in text
    assert not re.findall(r".{9}(?:增加|减少|增长|下降|调增|调减|超出)0\.00(?!\d).{5}", text)


def test_full_marks_are_printed_as_the_weight_is(tmp_path):
    texts = printed(scored(tmp_path, **spent(100_000), indicators=THIRDS))

    assert "分值16.667分，得16.667分" in texts["scores"]
    assert "分值16.667分，得16.6669分" in texts["scores"]
    assert not re.search(r"(?<![0-9.])16\.67(?![0-9])", all_of(texts))


@pytest.mark.parametrize("rounding", ["half_up", "half_even"])
def test_a_form_holds_a_number_near_a_limit_as_the_page_prints_it(tmp_path, rounding):
    rows = [*THIRDS[:4], satisfaction(target_value="1000", actual_value="999.6", self_score="")]
    evaluation = scored(
        tmp_path,
        settings={"scoring": "execution-capped", "rounding": rounding},
        **spent(79_999),
        indicators=rows,
    )

    overall = pages(evaluation, OVERALL)[0]
    held = {cell.value: cell.number_format for row in overall.iter_rows() for cell in row}

    assert held[0.79999] == "0.000%"
    assert held[16.6669] == "0.0000"
    assert held[9.996] == "0.000"
    assert held[16.667] == "General"
