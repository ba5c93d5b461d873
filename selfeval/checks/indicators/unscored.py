"""IND-06 to IND-08: each line of the score that has no points is told once.

A rule that finds by itself why there are none names the line, or the total, in ``of``; what no
rule tells is told here, at its cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...budget.where_to_fill import quoted
from ...evaluation import Evaluation
from ...evaluation.finding import Finding
from ...evaluation.score import ScoredRow
from ...terms import NOT_COMPUTABLE, SCREEN_WORDS
from .whole_score import Scored

_ANY_REMEDY = "请核对所用的数。"


def check_lines(case: Evaluation, scored: Scored, code: str) -> Iterator[Finding]:
    """IND-06 to IND-08: no line of the score is without points for a reason of this code."""
    # Where there are public tables alone nothing was to be scored, and MISS-08 says so.
    for row in () if case.has_only_public_tables else scored.without_points:
        told = any(f.is_open and f.of in _names(row) for f in scored.findings)
        # Where no indicator is filled in at all, those to be judged are not either.
        follows = not case.tables.indicators and not row.quantity
        if row.rule == code and not told and not follows:
            yield _finding(case, scored, row)


def check_total(case: Evaluation, scored: Scored) -> Iterator[Finding]:
    """IND-06: every line of the score has points, and there is a total."""
    yield from check_lines(case, scored, "IND-06")
    if scored.without_points or scored.total.value is not None or case.has_only_public_tables:
        return
    if not any(f.is_open and f.of == scored.total.key for f in scored.findings):
        yield case.finding(
            code="IND-06",
            outcome="not_computable",
            message=f"没有{SCREEN_WORDS['score']}和等级：{scored.total.missing}。请改正，写说明消除不了。",
            of=scored.total.key,
        )


def withholding(findings: Sequence[Finding], scored: Scored) -> list[Finding]:
    """Return the findings, those that tell why there is no total marked so and severe."""
    lacking = {name for row in scored.without_points for name in _names(row)}
    lacking |= {scored.total.key} if scored.total.value is None else set()
    return [
        replace(finding, withholds=True, severity="error")
        if finding.is_open and finding.of in lacking
        else finding
        for finding in findings
    ]


def _names(row: ScoredRow) -> set[str]:
    """Return what a finding may call a line: the key of its number, its row, or its own id."""
    return {row.quantity, row.place, row.line} - {""}


def _finding(case: Evaluation, scored: Scored, row: ScoredRow) -> Finding:
    printer = case.printer
    weight = f"（分值{printer.weight(row.weight)}分）" if row.weight > 0 else ""
    basis = row.basis.removeprefix(f"{NOT_COMPUTABLE}：")
    remedy = row.remedy or scored.remedies.get(row.quantity) or _ANY_REMEDY
    return case.finding(
        code=row.rule,
        outcome="not_computable",
        message=f"{quoted(row.name)}{weight}不能计分，没有总分：{basis}。{remedy}",
        places=row.cells,
        found=row.actual,
        item=row.name,
        of=row.place or row.quantity or row.line,
    )
