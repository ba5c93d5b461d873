"""What every part of a page is made of: headings, charts with captions, the view itself."""

from __future__ import annotations

from dataclasses import dataclass

from ..budget.quantities import Quantity
from ..terms import PAGE_HEADINGS
from .charts import Chart
from .html import escape


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
    html: str
    plain: str
    headings: tuple[Heading, ...] = ()
    numbers: tuple[Quantity, ...] = ()
    """All numbers of the evaluation, which the trace holds for the page."""


def heading_html(heading: Heading) -> str:
    """Return a heading that can be linked to."""
    return f'<h{heading.level} id="{heading.id}">{escape(heading.text)}</h{heading.level}>\n'


def page_heading(part: str, level: int = 2, tail: str = "") -> Heading:
    """Return the heading of a part that no outline names."""
    return Heading(f"s-{part}", f"{PAGE_HEADINGS[part]}{tail}", level)


def chart_html(chart: Chart) -> str:
    """Return a chart with its title, measure and year, or why there is none.

    On the page those not drawn are told together in the note on how it was made.
    """
    if not chart.axes:
        missing = escape(f"{chart.title}（{chart.alt}）")
        return f'<p class="note undrawn">没有画的图：{missing}。</p>\n'
    return (
        f"<figure><figcaption><strong>{chart.caption}</strong>"
        f"<span>{escape(chart.subtitle)}</span></figcaption>{chart.inline}</figure>\n"
    )
