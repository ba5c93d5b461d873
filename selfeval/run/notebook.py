"""Shows the parts of a report in a notebook, and proves at its end that all were shown."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

from IPython.display import display

from ..evaluation import Evaluation
from ..page.appendix import coverage
from ..page.index import TEMPLATES
from ..page.internal import REVIEW_VIEWS
from ..page.public import PUBLIC_VIEWS, outline_section
from ..page.view import View
from ..terms import OUTCOMES
from ..version import VERSION

MARK: Final = "selfeval"
"""The key of our metadata on a notebook's outputs; the export keeps no other output."""

WRAPPER: Final = ('<div class="selfeval">', "</div>")
"""What gives a part its style in JupyterLab; on the page the body does."""

FINISH_TYPE: Final = "application/vnd.selfeval.finish+json"
STYLE: Final = TEMPLATES / "selfeval" / "style.css"
REQUIRED: Final = {
    "report": ("overview", "glossary", "trace", "about"),
    "review": (
        "review-overview",
        "execution",
        "findings",
        "ratios",
        "coverage",
        "scores",
        "preview",
        "evidence",
        "passed",
        "trace",
        "about",
    ),
}


def build_view(evaluation: Evaluation, part: str) -> View | None:
    """Return a part by name: a fixed part, or a section of the unit's outline, or None."""
    views = PUBLIC_VIEWS | REVIEW_VIEWS
    return views[part](evaluation) if part in views else outline_section(evaluation, part)


def show(evaluation: Evaluation, part: str) -> None:
    """Show one part of a report.

    Parameters
    ----------
    evaluation : Evaluation
        Checked and scored.
    part : str
        A section id of an outline (``profile``, ``spending``, …) or one of ``VIEWS``. A section
        the unit's outline does not have is left out, with a word in JupyterLab.
    """
    view = build_view(evaluation, part)
    if view is None:
        _display({"text/plain": "（本单位所用的提纲没有这一部分）"})
        return
    if not evaluation.shown:
        style = STYLE.read_text(encoding="utf-8")
        _display({"text/html": f"<style>{style}</style>", "text/plain": ""})
    evaluation.shown.append(part)
    _display(
        {"text/html": f"{WRAPPER[0]}{view.html}{WRAPPER[1]}", "text/plain": view.plain},
        {
            "part": part,
            "order": view.order,
            "headings": [asdict(heading) for heading in view.headings],
        },
    )


def _display(data: dict[str, object], mark: dict[str, object] | None = None) -> None:
    metadata = {MARK: mark} if mark else {}
    display(data, raw=True, metadata=metadata)  # type: ignore[no-untyped-call]


def finish(evaluation: Evaluation, edition: str) -> None:
    """Write the finish record: the proof that every part of the edition was shown.

    Raises
    ------
    RuntimeError
        If a required part, or a section of the unit's outline, was not shown.
    """
    required = list(REQUIRED[edition])
    if edition == "report":
        required += [section.id for section in evaluation.unit.outline.sections]
    missing = [part for part in required if part not in evaluation.shown]
    if missing:
        raise RuntimeError(f"还有几部分没有用 show(…) 显示：{'、'.join(missing)}。")
    _display(
        {FINISH_TYPE: finish_record(evaluation, edition), "text/plain": "报告已完整生成。"},
        {"part": "finish"},
    )


_LIMITED: Final = {
    "execution_rate": "total.execution_rate",
    "initial_rate": "total.initial_rate",
    "score": "score.total",
}
"""Numbers that other pages print again, as the report does beside what they were compared with."""


def finish_record(evaluation: Evaluation, edition: str) -> dict[str, object]:
    """Return what the batch needs to know of a finished report, as plain data."""
    unit, found = evaluation.unit, evaluation.all_findings
    known = evaluation.quantities
    covered = coverage(evaluation)

    def exact(key: str) -> str | None:
        quantity = known.get(key)
        if quantity is None or quantity.value is None:
            return None
        return f"{quantity.value.numerator}/{quantity.value.denominator}"

    score = evaluation.final_score
    return {
        "edition": edition,
        "unit_code": unit.code,
        "unit_name": unit.name,
        "fiscal_year": unit.year,
        "title": unit.title,
        "sample": unit.settings.sample,
        "draft": evaluation.is_draft,
        "rounding": unit.settings.rounding,
        "parts": list(evaluation.shown),
        "initial_budget": exact("total.initial_budget"),
        "adjusted_budget": exact("total.adjusted_budget"),
        "executed": exact("total.executed"),
        "known_executed": exact("known.executed"),
        **{key: exact(name) for key, name in _LIMITED.items()},
        "score_missing": score.total.missing,
        "sources": list(unit.scoring.sources),
        "grade": score.grade,
        "cap": score.cap_text,
        "limits": {
            key: [f"{limit.numerator}/{limit.denominator}" for limit in known[name].limits]
            for key, name in _LIMITED.items()
            if name in known
        },
        "pending": [
            {"name": name, "points": str(points), "weight": str(weight)}
            for name, points, weight in score.pending_points
        ],
        "outcomes": {
            outcome: sum(1 for finding in found if finding.outcome == outcome)
            for outcome in OUTCOMES
        },
        "blocking": sum(1 for finding in found if finding.blocks),
        "open": sum(1 for finding in found if finding.is_open),
        "numbers_read": covered.read,
        "numbers_unread": covered.unread,
        "numbers_checked": covered.used,
        "inputs": unit.inputs(),
        "version": VERSION,
    }
