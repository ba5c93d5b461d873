"""What every part of a page is made of: headings, charts with captions, the view itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from markupsafe import Markup

from ..budget.quantities import Quantity
from ..evaluation import Evaluation
from ..terms import PAGE_HEADINGS
from .charts import Chart, drawn_in_turn
from .macros import macros


@dataclass(frozen=True)
class Heading:
    """A heading of the page: its id, its text, its level (2 or 3)."""

    id: str
    text: str
    level: int


@dataclass(frozen=True)
class View:
    """One part of the page, ready to be shown."""

    part: str
    order: int
    html: Markup
    plain: str
    headings: tuple[Heading, ...] = ()
    numbers: tuple[Quantity, ...] = ()
    """All numbers of the evaluation, which the trace holds for the page."""


def heading_html(heading: Heading) -> Markup:
    """Return a heading that can be linked to."""
    return Markup(macros("lists").heading(heading))


def section_html(*pieces: Markup, label: str = "", css: str = "") -> Markup:
    """Return a section, labelled by the heading of that id."""
    return Markup(macros("lists").section(Markup().join(pieces), label, css))


def page_heading(part: str, level: int = 2, tail: str = "") -> Heading:
    """Return the heading of a part that no outline names."""
    return Heading(f"s-{part}", f"{PAGE_HEADINGS[part]}{tail}", level)


def titled_view(part: str, order: int, *pieces: Markup, css: str = "") -> View:
    """Return a part that no outline names: its heading, and what stands below it."""
    head = page_heading(part)
    html = section_html(heading_html(head), *pieces, css=css)
    return View(part, order, html, head.text, (head,))


def drawn_html(evaluation: Evaluation, draw: Callable[[Evaluation], Chart]) -> Markup:
    """Return a chart of an evaluation, drawn once for all parts of its pages."""
    if draw not in evaluation.kept:
        with drawn_in_turn():
            evaluation.kept[draw] = chart_html(draw(evaluation))
    return cast(Markup, evaluation.kept[draw])


def chart_html(chart: Chart) -> Markup:
    """Return a chart with its title, measure and year, or why there is none.

    On the page those not drawn are told together in the note on how it was made.
    """
    pieces = macros("charts")
    if not chart.axes:
        return Markup(pieces.undrawn(chart.title, chart.alt))
    return Markup(pieces.figure(chart.caption, chart.subtitle, chart.inline))
