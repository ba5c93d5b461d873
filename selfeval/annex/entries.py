"""An evaluation → what a form's cells are named after: numbers with their kind, and texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from fractions import Fraction
from typing import Final, Literal

from ..budget.lines import project_line
from ..budget.printer import Printer
from ..evaluation import Evaluation
from ..evaluation.score import ScoredRow, Waiting, capped_text, pending_text
from ..folding import fold
from ..indicators.attainment import rule_points
from ..money import DISPLAY_DECIMALS, DISPLAY_UNIT, FEN_PER, format_exact
from ..schemes.annex_forms import LINE_MEASURES, UNIT_NAMES
from ..schemes.loading import UNVERIFIED
from ..schemes.scoring import Scoring
from ..scoring.score import Doubts, binding
from ..terms import FAMILIES, SCREEN_WORDS
from ..unit.annex_texts import ProjectTexts

Kind = Literal["money", "rate", "count", "points", "area", "grade", "weight", "text"]
DECIMALS: Final[Mapping[Kind, int]] = {
    "money": DISPLAY_DECIMALS,
    "rate": 4,
    "count": 0,
    "points": 2,
    "area": 2,
    "weight": 2,
}
"""The decimals of a number in a form: a rate has those of its percentage and two more."""
DASH: Final = "——"
_DIGITS: Final = Context(prec=15)
"""Digits a workbook keeps of a number."""


@dataclass(frozen=True)
class CellEntry:
    """What one cell is to hold: a text, or a number (money in 万元), or nothing.

    ``value`` is exact until ``printed`` rounds it, beside its ``limits``; None where there is no
    number. ``text`` is all there is then.
    """

    kind: Kind
    value: Fraction | None = None
    text: str = ""
    limits: tuple[Fraction, ...] = ()


Entries = MutableMapping[str, CellEntry]


def as_decimal(value: Fraction) -> Decimal:
    """Return a number as a workbook keeps it: exact if it has at most 15 digits."""
    return _DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))


def printed(entries: Entries, printer: Printer) -> dict[str, CellEntry]:
    """Return entries with their numbers as a page prints them."""

    def as_printed(entry: CellEntry) -> CellEntry:
        if entry.value is None or entry.kind not in DECIMALS:
            return entry
        value = printer.decimal(entry.value, DECIMALS[entry.kind], entry.limits)
        return replace(entry, value=Fraction(value))

    return {name: as_printed(entry) for name, entry in entries.items()}


def decimals_of(printed: Fraction, kind: Kind) -> int:
    """Return how many decimals a printed number has: those of its kind, or more near a limit."""
    exponent = as_decimal(printed).normalize().as_tuple().exponent
    return max(DECIMALS[kind], -int(exponent))


def written(entry: CellEntry) -> str:
    """Return a printed entry as text within a text."""
    if entry.value is None:
        return entry.text
    return format_exact(as_decimal(entry.value), DECIMALS[entry.kind])


def unit_entries(evaluation: Evaluation) -> dict[str, CellEntry]:
    """Return the entries of a unit: its lines, staffing, score and texts.

    ``<line>.<measure>`` and ``ratio.<id>`` are as in ``evaluation.quantities``, as far as a form
    may name them; ``execution.weight`` and ``.points``
    are the execution rate's, ``score.weight`` and ``.points`` the totals, where all are known;
    ``score.note`` says which cap holds the total down, and which points wait;
    ``score.missing`` why there is no total.
    """
    unit = evaluation.unit
    date, said = unit.settings.report_date, unit.settings.annex
    texts = {
        "name": unit.name,
        "year": str(unit.year),
        "prior_year": str(unit.year - 1),
        "scoring": _scoring_text(unit.scoring),
        "report_date": f"{date.year}年{date.month}月{date.day}日" if date else "",
        **{key: getattr(said, key) for key in _UNIT_TEXTS},
    }
    found = {key: CellEntry("text", text=text) for key, text in texts.items()}
    found |= {key: _entry(evaluation, key) for key in evaluation.quantities if _is_of_unit(key)}
    rows, own = evaluation.final_score.rows, evaluation.tables.indicators
    execution = next(filter(_is_execution, rows), None)
    full, points = (execution.weight, execution.points) if execution else (None, None)
    found |= _scored_entries("execution.", full, points)
    complete = bool(own) and all(row.weight is not None for row in own)
    whole = sum((row.weight for row in rows), Fraction(0)) if complete else None
    found["score.weight"] = _weight_entry(whole)
    score = evaluation.final_score
    found["score.points"] = CellEntry("points", score.total.value, limits=score.total.limits)
    found["score.note"] = _note(score.cap_text, score.pending_text)
    told = score.total.value is None and bool(score.own)
    found["score.missing"] = _note(f"没有总分：{score.total.missing}。" if told else "")
    return found


def _is_of_unit(key: str) -> bool:
    return key in UNIT_NAMES or key.startswith("ratio.")


def _scoring_text(scoring: Scoring) -> str:
    doubt = "" if scoring.verified else f"，{UNVERIFIED}"
    return f"得分按评分办法“{scoring.name}”计算，依据见自评报告{doubt}。"


_UNIT_TEXTS: Final = (
    "annual_goal",
    "annual_result",
    "thrift_measures",
    "preparer",
    "telephone",
    "supervisor",
)


def _entry(evaluation: Evaluation, key: str) -> CellEntry:
    quantity = evaluation.quantities[key]
    value, kind, limits = quantity.value, quantity.kind, quantity.limits
    if value is not None and kind == "money":
        fen = FEN_PER[DISPLAY_UNIT]
        value, limits = value / fen, tuple(limit / fen for limit in limits)
    return CellEntry(kind, value, "" if quantity.applies else DASH, limits)


def _scored_entries(
    name: str, weight: Fraction | None, points: Fraction | None
) -> dict[str, CellEntry]:
    """Return the entries of a weight and of the points beside it."""
    full = _weight_entry(weight)
    return {f"{name}weight": full, f"{name}points": CellEntry("points", points, limits=full.limits)}


def _weight_entry(weight: Fraction | None) -> CellEntry:
    return CellEntry("weight", weight, limits=() if weight is None else (weight,))


def project_entries(evaluation: Evaluation) -> Iterator[dict[str, CellEntry]]:
    """Yield what each project has beside the unit's entries, and in the place of some of them.

    ``own.<measure>``, its name, its texts, its weights and points. A project is scored only where
    its indicators and the execution rate weigh as much as a whole evaluation: the weights a unit
    supplies are of all its indicators together.
    """
    scoring, rows = evaluation.unit.scoring, evaluation.final_score.rows
    execution = next((row.weight for row in rows if _is_execution(row)), Fraction(0))
    doubts = Doubts(evaluation, evaluation.all_findings)
    texts = evaluation.unit.settings.annex.by_project
    for number, project in enumerate(evaluation.tables.projects, 1):
        name = project.project
        line = project_line(name)
        found = _line_entries(evaluation, line)
        found |= _project_texts(evaluation, number, name, texts.get(fold(name)))
        own = list(indicator_entries(evaluation, name))
        weights = [entries["weight"].value for entries in own]
        whole = sum((w for w in weights if w is not None), execution)
        complete = bool(own) and None not in weights and whole == scoring.total
        rate = found["own.execution_rate"].value
        points = None
        if complete and rate is not None:
            points, _ = rule_points(scoring.execution.rule, rate, execution, evaluation.printer)
        scores = [points, *(entries["points"].value for entries in own)]
        known = [score for score in scores if score is not None]
        total = sum(known, Fraction(0)) if complete and len(known) == len(scores) else None
        waiting = []
        if points and doubts.holds(f"{line}.execution_rate"):
            waiting.append((SCREEN_WORDS["execution"], points, execution))
        found |= _total_entries(evaluation, name, total, waiting)
        found |= _scored_entries("execution.", execution if complete else None, points)
        found["score.weight"] = _weight_entry(whole if complete else None)
        yield found


def _total_entries(
    evaluation: Evaluation, project: str, subtotal: Fraction | None, waiting: Sequence[Waiting]
) -> dict[str, CellEntry]:
    """Return a project's total, capped by its own execution rate, and what is to be said of it.

    ``subtotal`` is None where the points of that rate are not known; ``waiting`` holds them where
    they wait.
    """
    line, score = project_line(project), evaluation.final_score
    rate = evaluation.quantities[f"{line}.execution_rate"].value
    if subtotal is None or rate is None:
        return {"score.points": CellEntry("points"), "score.note": CellEntry("text")}
    cap = binding(evaluation.unit.scoring.cap_for(rate), subtotal)
    rows = score.by_project.get(line, ())
    pending = [score.pending_rows[number] for number in rows if number in score.pending_rows]
    waiting = [*waiting, *((one.name, one.points, one.weight) for one in pending)]
    told = (
        capped_text(subtotal, cap, score.printer, score.total.limits),
        pending_text(waiting, score.printer, cap is not None),
    )
    total = subtotal if cap is None else Fraction(cap.total)
    points = CellEntry("points", total, limits=score.total.limits)
    return {"score.points": points, "score.note": _note(*told)}


def _note(*told: str) -> CellEntry:
    return CellEntry("text", text="；".join(filter(None, told)))


def _project_texts(
    evaluation: Evaluation, number: int, name: str, own: ProjectTexts | None
) -> dict[str, CellEntry]:
    """Return a project's texts; the goals are its own, never the unit's."""
    texts = {
        "number": str(number),
        "project": name,
        "annual_goal": own.annual_goal if own else "",
        "annual_result": own.annual_result if own else "",
        "supervisor": (own.supervisor if own else "") or evaluation.unit.settings.annex.supervisor,
    }
    return {key: CellEntry("text", text=text) for key, text in texts.items()}


def listed_projects(evaluation: Evaluation) -> Iterator[dict[str, CellEntry]]:
    """Yield the entries of each project of the first rank, to be listed one a row."""
    for row in evaluation.tables.projects:
        if not row.parent:
            own = _line_entries(evaluation, project_line(row.project))
            yield own | {"project": CellEntry("text", text=row.project)}


def _line_entries(evaluation: Evaluation, line: str) -> dict[str, CellEntry]:
    return {f"own.{name}": _entry(evaluation, f"{line}.{name}") for name in LINE_MEASURES}


def indicator_entries(evaluation: Evaluation, project: str = "") -> Iterator[dict[str, CellEntry]]:
    """Yield the entries of each scored line but the execution rate, of one project if named."""
    score = evaluation.final_score
    own = range(len(score.rows))
    for number in score.by_project.get(project_line(project), ()) if project else own:
        if not _is_execution(score.rows[number]):
            yield _indicator(score.rows[number])


def _is_execution(row: ScoredRow) -> bool:
    return row.family == FAMILIES["execution"]


def _indicator(row: ScoredRow) -> dict[str, CellEntry]:
    texts = {
        "family": row.block if row.line else row.family or row.block,
        "aspect": row.aspect,
        "indicator": row.name,
        "target": row.target,
        "actual": row.actual,
        "deviation": row.deviation,
    }
    weight = row.weight if row.has_weight else None
    numbers = _scored_entries("", weight, row.points)
    return {key: CellEntry("text", text=text) for key, text in texts.items()} | numbers
