"""A reviewer's criteria applied to oneself: what each indicator may lose, and the range left.

Every deduction says its reason, criterion, percentage and remedy. What the criteria leave to
a reviewer's judgement is a range and not a number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from ..budget.printer import Printer
from ..evaluation import Evaluation
from ..evaluation.finding import Finding
from ..evaluation.rows import (
    cap_in_force,
    is_of_quantity,
    is_of_timeliness,
    is_satisfaction,
    ledger_rows,
)
from ..evaluation.score import ScoredRow
from ..indicators.directions import comparison_of, family_of
from ..schemes.reviewer import Criterion, Fact, Sign, load_criteria
from ..schemes.scoring import Cap
from ..sheets import Place
from ..tables.rows import Indicator
from ..terms import FAMILIES


@dataclass(frozen=True)
class Strike:
    """One criterion on one line: the least and the most of its weight that it costs."""

    criterion: Criterion
    reason: str
    least: Fraction
    most: Fraction


@dataclass(frozen=True)
class ReviewedLine:
    """One indicator as a reviewer may leave it.

    ``points`` are the computed ones, None where there are none; ``low`` and ``high`` are then
    None as well, else 0 ≤ low ≤ high ≤ points ≤ weight. ``weight`` is None where none was given.
    """

    name: str
    place: Place | None
    weight: Fraction | None
    points: Fraction | None
    self_score: Fraction | None
    low: Fraction | None
    high: Fraction | None
    strikes: tuple[Strike, ...] = ()
    notes: tuple[Strike, ...] = ()
    basis: str = ""
    is_execution: bool = False
    pending: str = ""
    """What open severe finding its points wait for: a reviewer may take them all."""

    @property
    def is_struck(self) -> bool:
        """Whether it may lose points, or is noted, or its points wait."""
        return bool(self.strikes or self.notes or self.pending)


@dataclass(frozen=True)
class Preview:
    """The lines in the order of the score; sums, capped as the profile says, are over lines with
    points. ``evaluation`` is what was scored.

    ``self_score`` is None unless every line of an indicator with points has one; the execution
    rate counts in it with its computed points. ``limits`` are what a total is compared with.
    """

    lines: tuple[ReviewedLine, ...]
    criteria: tuple[Criterion, ...]
    evaluation: Evaluation
    cap: Cap | None = None
    """The cap that the execution rate brings."""
    lowest_cap: Cap | None = None
    """The cap it may come to: a lower one where the rate itself waits."""
    limits: tuple[Fraction, ...] = ()
    missing: str = ""
    """Why there is no total; then no cap holds, and the sums are of what can be scored."""

    @property
    def counted(self) -> tuple[ReviewedLine, ...]:
        """The lines in the range."""
        return tuple(line for line in self.lines if line.points is not None)

    @property
    def left_out(self) -> tuple[ReviewedLine, ...]:
        """The lines that have no points and so stay out of the range."""
        return tuple(line for line in self.lines if line.points is None)

    @property
    def struck(self) -> tuple[ReviewedLine, ...]:
        """The lines that may lose points, or are noted, or whose points wait."""
        return tuple(line for line in self.lines if line.is_struck)

    @property
    def sums(self) -> tuple[Fraction, Fraction, Fraction]:
        """The least and the most points left and the computed ones, before any cap."""
        rows = [(line.low, line.high, line.points) for line in self.counted]
        low, high, points = (
            sum((row[n] or Fraction(0) for row in rows), Fraction(0)) for n in range(3)
        )
        return low, high, points

    @property
    def low(self) -> Fraction:
        """The least points left."""
        return held_down(self.sums[0], self.lowest_cap)

    @property
    def high(self) -> Fraction:
        """The most points left."""
        return held_down(self.sums[1], self.cap)

    @property
    def points(self) -> Fraction:
        """The computed points."""
        return held_down(self.sums[2], self.cap)

    @property
    def weight(self) -> Fraction:
        """The weight of the lines in the range."""
        return sum((line.weight or Fraction(0) for line in self.counted), Fraction(0))

    @property
    def self_score(self) -> Fraction | None:
        """What the unit gives itself on the same lines."""
        given = [line.points if line.place is None else line.self_score for line in self.counted]
        known = [points for points in given if points is not None]
        return sum(known, Fraction(0)) if len(known) == len(given) else None


def preview(evaluation: Evaluation) -> Preview:
    """Apply the reviewers' criteria to a unit's own indicators.

    Parameters
    ----------
    evaluation : Evaluation
        Checked and scored: findings say what is struck, scores from what.
    """
    case = evaluation
    criteria = load_criteria(evaluation.unit.schemes).criteria
    found = _by_place(evaluation.all_findings)
    own = {str(row.place): row for row in case.tables.indicators}
    lines = []
    for score in evaluation.final_score.rows:
        row = own.get(score.place)
        if row is None:
            lines.append(_computed_line(score))
        else:
            named = [one.place for one in ledger_rows(case, row.indicator_name)]
            told = [f for place in (row.place, *named) for f in found.get(place, ())]
            lines.append(_line(case, criteria, row, score, told))
    pending = {one.row: one.findings[0].message for one in evaluation.final_score.pending}
    at_risk = [
        replace(line, low=Fraction(0), pending=pending[number]) if number in pending else line
        for number, line in enumerate(lines)
    ]
    total, caps = evaluation.final_score.total, evaluation.unit.scoring.caps
    seen = Preview(tuple(at_risk), criteria, evaluation, limits=total.limits)
    if total.value is None:
        return replace(seen, missing=total.missing)
    cap = cap_in_force(case)
    rate_waits = any(line.pending for line in at_risk if line.is_execution)
    lowest = caps[0] if caps and rate_waits else cap
    return replace(seen, cap=cap, lowest_cap=lowest)


def held_down(points: Fraction, cap: Cap | None) -> Fraction:
    """Return a sum of points as a cap leaves it."""
    return points if cap is None else min(points, Fraction(cap.total))


def _computed_line(score: ScoredRow) -> ReviewedLine:
    """Return a line that no indicator of the unit stands behind: reviewers compute it as we do."""
    points = score.points
    return ReviewedLine(
        score.name,
        None,
        score.weight,
        points,
        None,
        points,
        points,
        basis=score.basis,
        is_execution=score.family == FAMILIES["execution"],
    )


def _by_place(findings: Sequence[Finding]) -> dict[Place, tuple[Finding, ...]]:
    """Return the fails, and what cannot be told, by their first place, which they are told of."""
    found: dict[Place, tuple[Finding, ...]] = {}
    for finding in findings:
        if finding.outcome in {"fail", "not_computable"} and finding.places:
            at = finding.places[0]
            found[at] = (*found.get(at, ()), finding)
    return found


def _line(
    case: Evaluation,
    criteria: Sequence[Criterion],
    row: Indicator,
    score: ScoredRow,
    found: Sequence[Finding],
) -> ReviewedLine:
    applied = {
        criterion.number: strike
        for criterion in criteria
        if (strike := _applied(case, criterion, row, score, found)) is not None
    }
    for strike in list(applied.values()):
        spared = applied.get(strike.criterion.spares)
        if spared is not None:
            # Whether a reviewer grants it is for the reviewer: the most that is lost stays.
            grant = f"第{strike.criterion.number}条可能免扣：{strike.criterion.title}。"
            applied[strike.criterion.spares] = replace(
                spared, least=Fraction(0), reason=f"{spared.reason}{grant}"
            )
    told = [s for s in applied.values() if s.criterion.effect != "spares"]
    strikes = tuple(s for s in told if s.most)
    points, weight = score.points, score.weight
    given = row.self_score
    return ReviewedLine(
        row.indicator_name,
        row.place,
        weight if score.has_weight else None,
        points,
        None if given is None else Fraction(given),
        None if points is None else _lowest(points, weight, strikes),
        None if points is None else _highest(points, weight, strikes),
        strikes,
        tuple(s for s in told if not s.most),
        score.basis,
    )


def _lowest(points: Fraction, weight: Fraction, strikes: Sequence[Strike]) -> Fraction:
    left = points
    for strike in strikes:
        kept = weight * (1 - strike.most)
        # What is also not reached may be lost once more, or be covered by the deduction.
        left = min(left, points - weight * strike.most if strike.criterion.stacks else kept)
    return max(left, Fraction(0))


def _highest(points: Fraction, weight: Fraction, strikes: Sequence[Strike]) -> Fraction:
    return min([points, *(weight * (1 - strike.least) for strike in strikes)])


def _applied(
    case: Evaluation,
    criterion: Criterion,
    row: Indicator,
    score: ScoredRow,
    found: Sequence[Finding],
) -> Strike | None:
    """Return how a criterion applies to a row by the worst of its signs, None if by none."""
    strikes = []
    for sign in criterion.found_by:
        if sign.only == "satisfaction" and not is_satisfaction(case, row):
            continue
        if sign.fact is not None:
            if _FACTS[sign.fact](case, row, score):
                reason = score.standing or score.basis
                strikes.append(_strike(criterion, reason, sign))
            continue
        for finding in found:
            is_meant = finding.degree == sign.degree if sign.degree else finding.outcome == "fail"
            if finding.code == sign.rule and is_meant:
                strike = _strike(criterion, finding.message, sign)
                if finding.explanation:
                    # A reviewer may accept what the unit says.
                    strike = replace(strike, least=Fraction(0))
                strikes.append(strike)
    return max(strikes, key=lambda strike: (strike.most, strike.least), default=None)


def _strike(criterion: Criterion, reason: str, sign: Sign) -> Strike:
    return Strike(criterion, reason, Fraction(sign.least), Fraction(sign.most))


def _is_far_beyond(case: Evaluation, row: Indicator, score: ScoredRow) -> bool:
    share = score.share
    return share is not None and share > 1 + Fraction(case.threshold("over_target_rate"))


def _is_qualitative_quantity(case: Evaluation, row: Indicator, score: ScoredRow) -> bool:
    return comparison_of(row, case.unit.scoring) == "qualitative" and is_of_quantity(case, row)


def _is_partly_in_time(case: Evaluation, row: Indicator, score: ScoredRow) -> bool:
    share = score.share
    return share is not None and 0 < share < 1 and is_of_timeliness(case, row)


def _is_qualitative_outcome(case: Evaluation, row: Indicator, score: ScoredRow) -> bool:
    return (
        comparison_of(row, case.unit.scoring) == "qualitative"
        and family_of(row) == "outcome"
        and bool(row.evidence)
        and score.points is not None
        and score.points > 0
    )


_FACTS: Final[dict[Fact, Callable[[Evaluation, Indicator, ScoredRow], bool]]] = {
    "far_beyond": _is_far_beyond,
    "qualitative_quantity": _is_qualitative_quantity,
    "partly_in_time": _is_partly_in_time,
    "qualitative_outcome": _is_qualitative_outcome,
}


def strike_percent(printer: Printer, strike: Strike) -> str:
    """Return a strike's share of the weight, a range where a reviewer judges it."""
    if strike.least == strike.most:
        return printer.percent(strike.most)
    return f"{printer.percent(strike.least)}–{printer.percent(strike.most)}"
