"""One unit under several scoring profiles: the points side by side, and why they differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ..budget.printer import Printer
from ..evaluation import Evaluation
from ..evaluation.finding import places_text
from ..evaluation.load import compared_rates
from ..evaluation.score import Score, ScoredRow
from ..folding import fold
from ..schemes.scoring import Scoring
from ..terms import NOT_COMPUTABLE, NOT_SUPPLIED, SCREEN_WORDS, TABLE_HEADS
from .score import hold_back, score_unit


@dataclass(frozen=True)
class ComparedLine:
    """One scored line under some profiles: its row in each score, None where there is none."""

    name: str
    rows: tuple[ScoredRow | None, ...]

    @property
    def differs(self) -> bool:
        """Whether its weight or its points are not the same everywhere."""
        return len({row and (row.weight, row.points) for row in self.rows}) > 1


@dataclass(frozen=True)
class Compared:
    """A unit's scores under some profiles, in their order, and its lines side by side."""

    profiles: tuple[Scoring, ...]
    scores: tuple[Score, ...]
    lines: tuple[ComparedLine, ...]


def compare_profiles(evaluation: Evaluation, profiles: Sequence[Scoring]) -> Compared:
    """Score a checked unit by each of some profiles; a rate is printed beside the limits of all."""
    for profile in profiles:
        case = replace(evaluation, unit=replace(evaluation.unit, scoring=profile))
        numbers = {**evaluation.quantities, **compared_rates(case)}
        evaluation = replace(evaluation, quantities=numbers)
    scores = tuple(
        hold_back(
            replace(evaluation, unit=replace(evaluation.unit, scoring=profile)),
            score_unit(evaluation, by=profile),
            evaluation.all_findings,
        )
        for profile in profiles
    )
    return Compared(tuple(profiles), scores, tuple(_lines(scores)))


def _lines(scores: Sequence[Score]) -> Iterator[ComparedLine]:
    rows = [{(fold(row.name), row.family): row for row in score.rows} for score in scores]
    for key in dict.fromkeys(key for own in rows for key in own):
        found = tuple(own.get(key) for own in rows)
        yield ComparedLine(next(row.name for row in found if row is not None), found)


def comparison_lines(compared: Compared) -> Iterator[tuple[str, str]]:
    """Yield what is printed of a comparison: a kind (total, line, reason, same) and a text."""
    for profile, score in zip(compared.profiles, compared.scores, strict=True):
        yield "total", f"{profile.name}：{_total(score)}"
        yield from (("reason", text) for text in _reasons(score))
    for line in compared.lines:
        points = [
            _points(row, score.printer)
            for row, score in zip(line.rows, compared.scores, strict=True)
        ]
        if not line.differs:
            yield "same", f"{line.name}：{points[0]}"
            continue
        yield "line", f"{line.name}：{' ／ '.join(points)}"
        said = [_basis(row) for row in line.rows]
        if said[0] and len(set(said)) == 1:
            yield "reason", f"{said[0]}；{TABLE_HEADS['weight']}不同"
            continue
        for profile, basis in zip(compared.profiles, said, strict=True):
            yield "reason", f"{profile.name}：{basis or '没有这一项'}"


def _total(score: Score) -> str:
    if score.total.value is None:
        return f"{NOT_COMPUTABLE}（{score.total.missing}）"
    points = f"{_total_text(score)}分"
    return f"{points}（{score.pending_text}）" if score.pending else f"{points}，{score.grade}"


def _reasons(score: Score) -> Iterator[str]:
    """Say what a total rests on, or in which cells the weights are that leave none."""
    if score.amiss:
        yield places_text(score.amiss, "")
    if score.rescaled:
        yield (
            f"各指标的{TABLE_HEADS['weight']}按这个办法的分配同比例换算；"
            f"{TABLE_HEADS['self_score']}不换算，只与填报的{TABLE_HEADS['weight']}相比"
        )
    if score.cap is not None:
        yield score.cap_text
    yield from pending_reasons(score)


def _total_text(score: Score) -> str:
    assert score.total.value is not None
    return score.printer.points(score.total.value, score.total.limits)


def pending_reasons(score: Score) -> Iterator[str]:
    """Say for each line with points that wait what they wait for."""
    for one in score.pending:
        yield (
            f"{one.name}{SCREEN_WORDS['pending']}：所依据的数或材料有{len(one.findings)}处严重问题"
            f"没有更正或说明，例如：{one.findings[0].message}"
        )


def _points(row: ScoredRow | None, printer: Printer) -> str:
    if row is None:
        return "没有"
    if not row.has_weight:
        return f"不能计分（{TABLE_HEADS['weight']}{NOT_SUPPLIED}）"
    earned = "不能计分" if row.points is None else printer.points(row.points, [row.weight])
    return f"{earned}（满分{printer.weight(row.weight)}）"


def _basis(row: ScoredRow | None) -> str:
    """Say how points came about, with the rate that a rule looked at; "" where no line is."""
    if row is None:
        return ""
    return f"{row.actual}，{row.basis}" if row.quantity and row.actual else row.basis


def printed_lines(score: Score) -> Iterator[tuple[str, str]]:
    """Yield what is printed of one score, kinds as in ``comparison_lines``."""
    yield "total", _total(score)
    yield from (("reason", text) for text in _reasons(score))
    for row in score.rows:
        yield "line", row.sentence


def score_records(compared: Compared) -> Iterable[dict[str, object]]:
    """Yield one record per profile, for programs; points as decimal texts."""
    for profile, score in zip(compared.profiles, compared.scores, strict=True):
        yield {
            "scheme_name": profile.name,
            "reference": profile.reference,
            "verified": profile.verified,
            "grades": profile.grade_lines,
            "grades_reference": profile.grades_reference,
            "total": None if score.total.value is None else _total_text(score),
            "missing": score.total.missing,
            "places": [place.record() for place in score.amiss],
            "rescaled": score.rescaled,
            "grade": score.grade,
            "pending": [
                {
                    "name": one.name,
                    "points": score.printer.points(one.points, [one.weight]),
                }
                for one in score.pending
            ],
            "raw": score.printer.points(score.subtotal, score.total.limits),
            "cap": None if score.cap is None else str(score.cap.total),
            "cap_text": score.cap_text,
            "lines": [
                {
                    "name": row.name,
                    "family": row.family,
                    "weight": score.printer.weight(row.weight) if row.has_weight else None,
                    "typed_weight": None
                    if row.typed_weight is None
                    else score.printer.weight(row.typed_weight),
                    "points": None
                    if row.points is None
                    else score.printer.points(row.points, [row.weight]),
                    "self_score": None if row.self_score is None else str(row.self_score),
                    "sentence": row.sentence,
                }
                for row in score.rows
            ],
        }
