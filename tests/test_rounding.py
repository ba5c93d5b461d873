"""One rule of rounding on all pages and forms of a unit: no quantity is printed in two ways."""

from __future__ import annotations

import re

import pytest
from annexes import pages
from evaluated import indicator, line, measure, satisfaction, scored

from selfeval.annex import build_annexes
from selfeval.review import REVIEW_VIEWS
from selfeval.showing import build_view

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
