"""The parts of both editions by name: what a notebook can show, and what an edition must have."""

from __future__ import annotations

import pandas as pd

from ..errors import UsageError
from ..evaluation import Evaluation
from ..schemes.loading import scheme_names
from ..schemes.outlines import load_outline
from ..strict import nearest
from ..terms import EDITIONS, PAGE_HEADINGS, TABLE_HEADS
from .internal import INTERNAL_VIEWS
from .macros import macros
from .public import LAST, PUBLIC_VIEWS, outline_section
from .spending import execution_table
from .trace import TRACE, printed_numbers, trace_section
from .view import View, page_heading


def parts(evaluation: Evaluation) -> pd.DataFrame:
    """Return the parts of both editions for the unit's outline: edition, name, Chinese heading.

    Examples
    --------
    >>> parts(load_unit("S001")).head(2)
        版本        部分          标题
    0  公开版  overview          概览
    1  公开版   profile  部门（单位）基本情况
    """
    headings = {section.id: section.heading for section in evaluation.unit.outline.sections}
    headings |= PAGE_HEADINGS
    rows = [
        (EDITIONS[edition], part, headings[part])
        for edition in EDITIONS
        for part in edition_parts(evaluation, edition)
    ]
    heads = [TABLE_HEADS[name] for name in ("edition", "part", "heading")]
    return pd.DataFrame(rows, columns=heads)


def edition_parts(evaluation: Evaluation, edition: str) -> list[str]:
    """Return the parts that an edition must have for the unit's outline, in order."""
    if edition == "review":
        return [*INTERNAL_VIEWS, TRACE, "about"]
    first, *after = PUBLIC_VIEWS
    sections = [section.id for section in evaluation.unit.outline.sections]
    return [first, *sections, *after[:-1], TRACE, after[-1]]


def build_view(evaluation: Evaluation, part: str, *of: str) -> View | None:
    """Return a part by name, None for a section that only other outlines have.

    ``of`` are the parts whose numbers the part ``trace`` is to list.

    Raises
    ------
    UsageError
        If no edition and no outline has such a part, or another part than ``trace`` is told ``of``.
    """
    if part == TRACE:
        return _trace(evaluation, *of)
    if of:
        raise UsageError("show(…)", f"“{part}”后面不能再写别的部分。", "一次只显示一部分。")
    views = PUBLIC_VIEWS | INTERNAL_VIEWS
    if part in views:
        return views[part](evaluation)
    view = outline_section(evaluation, part)
    if view is None:
        _require_known(evaluation, part)
    return view


def _require_known(evaluation: Evaluation, part: str) -> None:
    schemes = evaluation.unit.schemes
    outlines = [load_outline(schemes, name) for name in scheme_names(schemes, "outlines")]
    known = {TRACE, *PUBLIC_VIEWS, *INTERNAL_VIEWS}
    known |= {section.id for outline in outlines for section in outline.sections}
    if part not in known:
        close = nearest(part, sorted(known))
        hint = f"是不是“{close}”？" if close else "有哪些部分，请看 parts(evaluation)。"
        raise UsageError("show(…)", f"没有“{part}”这一部分。", hint)


def _trace(evaluation: Evaluation, *of: str) -> View:
    """Build the trace of what some parts print, or else of the table of all budget lines.

    That of a page lists what the page prints and is made when it is exported: this part holds
    all numbers of the evaluation for it.
    """
    views = (build_view(evaluation, part) for part in of if part != TRACE)
    shown = [view.html for view in views if view]
    numbers = printed_numbers(shown or [execution_table(evaluation)], evaluation.quantities)
    which = "这几部分里" if shown else f"“{PAGE_HEADINGS['execution']}”表里"
    html = macros("tables").trace_note(which) + trace_section(numbers, evaluation.printer)
    head = page_heading(TRACE)
    return View(TRACE, LAST + 1, html, head.text, (head,), tuple(evaluation.quantities.values()))
