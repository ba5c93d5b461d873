"""IND-06 to IND-08: each line of the score that has no points is told once.

A rule that finds by itself why there are none names the line, or the total, in ``of``; what no
rule tells is told here, at its cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...budget.where_to_fill import quoted
from ...evaluation import Evaluation
from ...evaluation.finding import Finding, Verdict
from ...evaluation.score import Score, ScoredRow
from ...terms import NOT_COMPUTABLE, SCREEN_WORDS

_ANY_REMEDY = "请核对所用的数。"


def check_lines(case: Evaluation, code: str) -> Iterator[Verdict]:
    """IND-06 to IND-08: no line of the score is without points for a reason of this code."""
    # Where there are public tables alone nothing was to be scored, and MISS-08 says so.
    for row in () if case.has_only_public_tables else case.final_score.without_points:
        told = any(f.is_open and f.of in _names(row) for f in case.all_findings)
        # Where no indicator is filled in at all, those to be judged are not either.
        follows = not case.tables.indicators and not row.quantity
        if row.rule == code and not told and not follows:
            yield _told(case, row)


def check_total(case: Evaluation) -> Iterator[Verdict]:
    """IND-06: every line of the score has points, and there is a total."""
    yield from check_lines(case, "IND-06")
    scored = case.final_score
    if scored.without_points or scored.total.value is not None or case.has_only_public_tables:
        return
    # A unit that says why it has no such table at all has said why there is no total.
    bare = not case.tables.indicators
    own = (f for f in case.all_findings if f.of == scored.total.key)
    if not any(f.is_open or (bare and f.explanation) for f in own):
        yield Verdict(
            outcome="not_computable",
            message=f"没有{SCREEN_WORDS['score']}和等级：{scored.total.missing}。请改正，写说明消除不了。",
            of=scored.total.key,
        )


def withholding(score: Score, findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings, those that tell why there is no total marked so and severe."""
    lacking = {name for row in score.without_points for name in _names(row)}
    lacking |= {score.total.key} if score.total.value is None else set()
    return [
        replace(finding, withholds=True, severity="error")
        if finding.is_open and finding.of in lacking
        else finding
        for finding in findings
    ]


def _names(row: ScoredRow) -> set[str]:
    """Return what a finding may call a line: the key of its number, its row, or its own id."""
    return {row.quantity, row.place, row.line} - {""}


def _told(case: Evaluation, row: ScoredRow) -> Verdict:
    printer = case.printer
    weight = f"（分值{printer.weight(row.weight)}分）" if row.weight > 0 else ""
    basis = row.basis.removeprefix(f"{NOT_COMPUTABLE}：")
    remedies = {ratio.quantity.key: ratio.remedy for ratio in case.ratio_rows}
    remedy = row.remedy or remedies.get(row.quantity) or _ANY_REMEDY
    return Verdict(
        outcome="not_computable",
        message=f"{quoted(row.name)}{weight}不能计分，没有总分：{basis}。{remedy}",
        places=row.cells,
        found=row.actual,
        item=row.name,
        of=row.place or row.quantity or row.line,
    )
