"""The parts of the public edition: each a piece of HTML with its headings.

A notebook shows parts one by one; the export puts them in the outline's order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from markupsafe import Markup

from ..evaluation import Evaluation
from ..schemes.outlines import Part
from ..terms import (
    CAPTIONS,
    NOT_COMPUTABLE,
    NOT_SUPPLIED,
    STAFFING,
    TABLE_HEADS,
    ordinal,
)
from .appendix import about_html, glossary_html
from .html import Cell, markdown_html, paragraphs_html, table_html
from .macros import macros
from .opening import letter_end, letter_opening, overview
from .performance import measures_html, performance_html, problems_html
from .sentences import Piece, Text
from .spending import (
    describe_basic,
    describe_fund,
    describe_projects,
    spending_end,
    spending_html,
)
from .teller import Teller
from .view import Heading, View, heading_html, section_html, titled_view

_FIRST_SECTION, LAST = 100, 900


def outline_section(evaluation: Evaluation, part: str) -> View | None:
    """Build a section of the outline, None if the unit's outline has no such section."""
    sections = evaluation.unit.outline.sections
    index = next((i for i, section in enumerate(sections) if section.id == part), None)
    if index is None:
        return None
    section = sections[index]
    head = Heading(f"s-{section.id}", f"{ordinal(index + 1)}、{section.heading}", 2)
    headings, pieces = [head], [heading_html(head)]
    pieces.append(_section_body(evaluation, section.id, section))
    parts: list[tuple[str, str, Markup]] = [
        (f"{section.id}.{p.id}", p.heading, _section_body(evaluation, f"{section.id}.{p.id}", p))
        for p in section.parts
    ]
    parts += [
        (f"{section.id}.{number}", free.heading, markdown_html(evaluation, free.text))
        for number, free in enumerate(evaluation.unit.narrative.free.get(section.id, ()), 1)
    ]
    for number, (key, title, body) in enumerate(parts, 1):
        below = Heading(f"s-{key.replace('.', '-')}", f"（{ordinal(number)}）{title}", 3)
        headings.append(below)
        pieces += [heading_html(below), body]
    pieces.append(spending_end(evaluation) if section.id == "spending" else Markup())
    html = section_html(*pieces, label=head.id)
    html = letter_opening(evaluation) + html if index == 0 else html
    html = html + letter_end(evaluation) if index == len(sections) - 1 else html
    return View(part, _FIRST_SECTION + index, html, head.text, tuple(headings))


_GENERATED: Final[dict[str, Callable[[Evaluation], Markup]]] = {
    "profile.staffing": lambda e: paragraphs_html(e, describe_staffing(e)) + _staffing_table(e),
    "spending": spending_html,
    "spending.basic": lambda e: paragraphs_html(e, describe_basic(e)),
    "spending.projects": lambda e: paragraphs_html(e, describe_projects(e)),
    "government_managed_funds": lambda e: paragraphs_html(
        e, describe_fund(e, "government_managed_funds")
    ),
    "state_capital_operations": lambda e: paragraphs_html(
        e, describe_fund(e, "state_capital_operations")
    ),
    "performance": performance_html,
    "problems": problems_html,
    "measures": measures_html,
}


def _section_body(evaluation: Evaluation, key: str, part: Part) -> Markup:
    generated = _GENERATED[key](evaluation) if part.generated else Markup()
    text = evaluation.unit.narrative.texts.get(key)
    own = markdown_html(evaluation, text.text) if text and text.text else Markup()
    if not generated and not own and (part.generated or part.text == "required"):
        empty = not evaluation.unit.narrative.free.get(key)
        return Markup(macros("lists").paragraph(NOT_SUPPLIED, "gap")) if empty else Markup()
    return generated + own


def describe_staffing(evaluation: Evaluation) -> list[Text]:
    """Word the staffing: how many, against how many posts; the table tells of which kinds."""
    t = Teller(evaluation)
    kinds = [row.kind for row in evaluation.tables.staffing if not row.is_total]
    counted = [kind for kind in kinds if t.has(f"staff:{kind}.staff_in_post")]
    pieces: list[Piece] = []
    if t.has("staff.authorised_posts"):
        pieces += ["核定编制", t.number("staff.authorised_posts"), "，"]
    elif kinds:
        missing = f"{STAFFING['authorised_posts']}{NOT_SUPPLIED}"
        pieces.append(f"{missing}，{STAFFING['staffing_rate']}{NOT_COMPUTABLE}；")
    if t.has("staff.staff_in_post"):
        pieces += ["年末在职", t.number("staff.staff_in_post")]
    elif counted:
        pieces += [f"年末在职总人数{NOT_SUPPLIED}，各类人员见下表"]
    else:
        pieces += [f"{CAPTIONS['staffing']}情况{NOT_SUPPLIED}"]
    if t.has("staff.staffing_rate"):
        pieces += [f"，{STAFFING['staffing_rate']}", t.number("staff.staffing_rate")]
    return [(*pieces, "。")]


def _staffing_table(evaluation: Evaluation) -> Markup:
    staff, known = evaluation.tables.staffing, evaluation.quantities
    kinds = [row.kind for row in staff if not row.is_total]
    if not kinds:
        return Markup()
    rows: list[list[Cell]] = [
        [kind, known[f"staff:{kind}.authorised_posts"], known[f"staff:{kind}.staff_in_post"]]
        for kind in kinds
    ]
    rows.append(
        [TABLE_HEADS["total"], known["staff.authorised_posts"], known["staff.staff_in_post"]]
    )
    caption = f"{CAPTIONS['staffing']}（{evaluation.unit.year}年末）"
    return table_html(
        evaluation,
        caption,
        [TABLE_HEADS["kind"], STAFFING["authorised_posts"], STAFFING["staff_in_post"]],
        rows,
        numeric=(1, 2),
        strong=[len(rows) - 1],
        css="narrow",
    )


def glossary(evaluation: Evaluation) -> View:
    """Build the plain-language glossary."""
    return titled_view("glossary", LAST, glossary_html(evaluation))


def about(evaluation: Evaluation) -> View:
    """Build the note on how the page was made: rules, rounding, inputs and their hashes."""
    return titled_view("about", LAST + 2, about_html(evaluation), css="small")


PUBLIC_VIEWS: Final[dict[str, Callable[[Evaluation], View]]] = {
    "overview": overview,
    "glossary": glossary,
    "about": about,
}
"""The parts around the outline's sections; the note on how it was made ends both editions."""
