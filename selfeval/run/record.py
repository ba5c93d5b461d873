"""What the batch and the index of a year know of a finished report, as plain data."""

from __future__ import annotations

from collections import Counter
from typing import Final

from ..evaluation import Evaluation
from ..evaluation.finding import Finding
from ..page.appendix import coverage
from ..page.parts import edition_parts
from ..terms import OUTCOMES, SEVERITIES
from ..version import VERSION

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
        "open": sum(1 for finding in found if finding.waits),
        "problems": _problems(evaluation),
        "numbers_read": covered.read,
        "numbers_unread": covered.unread,
        "numbers_checked": covered.used,
        "inputs": unit.inputs(),
        "version": VERSION,
    }


def _problems(evaluation: Evaluation) -> list[dict[str, object]]:
    """Return what waits, by rule: how much of it, and how it weighs; what weighs most first.

    Severe is only what keeps the report a draft.
    """
    rules = evaluation.unit.checks.rules
    counts = Counter(
        (_weight(finding), finding.code, rules[finding.code].brief(finding.outcome))
        for finding in evaluation.all_findings
        if finding.waits
    )
    order = list(SEVERITIES)
    return [
        {"severity": severity, "code": code, "problem": problem, "count": count}
        for (severity, code, problem), count in sorted(
            counts.items(), key=lambda item: order.index(item[0][0])
        )
    ]


def _weight(finding: Finding) -> str:
    if finding.blocks:
        return "error"
    return "info" if finding.severity == "info" else "warning"
