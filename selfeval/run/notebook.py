"""Shows the parts of a report in a notebook, each by itself, and writes the finish record."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

from IPython.display import display

from ..errors import UsageError
from ..evaluation import Evaluation
from ..page.appendix import coverage
from ..page.markup import style_sheet
from ..page.parts import build_view, edition_parts
from ..page.trace import definitions
from ..page.view import View
from ..terms import EDITIONS, OUTCOMES
from ..version import VERSION

MARK: Final = "selfeval"
"""The key of our metadata on a notebook's outputs; the export keeps no other output."""

FINISH_TYPE: Final = "application/vnd.selfeval.finish+json"
WRAPPER: Final = (f'<style>{style_sheet()}</style><div class="selfeval">', "</div>")
"""What gives a part its style in JupyterLab; on the page the head and the body do."""


def show(evaluation: Evaluation, part: str, *of: str) -> None:
    """Show one part of a report; what it shows depends on no other cell.

    Parameters
    ----------
    evaluation : Evaluation
        Checked and scored.
    part : str
        One of ``parts(evaluation)``. A section that only other outlines have is left out, with
        a word in JupyterLab.
    of : str
        For the part ``trace``: the parts whose numbers JupyterLab lists. The exported page lists
        those of all parts.

    Raises
    ------
    UsageError
        If no edition and no outline has such a part.
    """
    view = build_view(evaluation, part, *of)
    if view is None:
        _display({"text/plain": "（本单位所用的提纲没有这一部分）"})
    else:
        _display(*view_output(evaluation, view))


def view_output(evaluation: Evaluation, view: View) -> tuple[dict[str, object], dict[str, object]]:
    """Return a part as an output's data, and the mark that the export knows it by."""
    data: dict[str, object] = {
        "text/html": f"{WRAPPER[0]}{view.html}{WRAPPER[1]}",
        "text/plain": view.plain,
    }
    mark: dict[str, object] = {
        "part": view.part,
        "unit": f"{evaluation.unit.year}/{evaluation.unit.code}",
        "order": view.order,
        "headings": [asdict(heading) for heading in view.headings],
    }
    return data, mark | ({"numbers": definitions(view.numbers)} if view.numbers else {})


def _display(data: dict[str, object], mark: dict[str, object] | None = None) -> None:
    metadata = {MARK: mark} if mark else {}
    display(data, raw=True, metadata=metadata)  # type: ignore[no-untyped-call]


def require_edition(edition: str) -> None:
    """Raise a UsageError if there is no edition of that name."""
    if edition not in EDITIONS:
        raise UsageError("", f"没有“{edition}”这个版本。", f"可用的有：{'、'.join(EDITIONS)}。")


def finish(evaluation: Evaluation, edition: str) -> None:
    """Write the finish record. That all its parts were shown is proven by the export.

    Raises
    ------
    UsageError
        If there is no such edition.
    """
    require_edition(edition)
    told = "完成记录已写好；各部分是否都显示了，导出时核对。"
    record = finish_record(evaluation, edition)
    _display({FINISH_TYPE: record, "text/plain": told}, {"part": "finish"})


_LIMITED: Final = {
    "execution_rate": "total.execution_rate",
    "initial_rate": "total.initial_rate",
    "score": "score.total",
}
"""Numbers that other pages print again, as the report does beside what they were compared with."""


def finish_record(evaluation: Evaluation, edition: str) -> dict[str, object]:
    """Return what the batch needs to know of a finished report, as plain data.

    ``parts`` are those that the edition must have; the export puts those shown in their place.
    """
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
        "parts": edition_parts(evaluation, edition),
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
