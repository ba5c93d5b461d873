"""The performance section: money, deed, result and remedy of each project in one place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

from markupsafe import Markup

from ..budget.lines import project_line
from ..checks.reasons import bare, says_why
from ..evaluation import Evaluation
from ..evaluation.history import Past, indicator_key, past_actuals
from ..evaluation.rows import ledger_rows
from ..evaluation.score import ScoredRow
from ..tables.rows import Material
from ..terms import (
    CAPTIONS,
    NOT_COMPUTABLE,
    NOT_SUPPLIED,
    PHASES,
    SCREEN_WORDS,
    TABLE_HEADS,
    ordinal,
    written_date,
)
from . import charts
from .html import Cell, cell_html, paragraphs_html, text_html
from .macros import macros
from .sentences import Number, Piece, Text, count_of, describe_cap, describe_pending
from .teller import Teller, copied_budget
from .view import drawn_html

_NAMED: Final = 3
_DRAWN_FROM: Final = 3
"""As many missed indicators as are seen better in a chart than in the table."""


def performance_html(evaluation: Evaluation) -> Markup:
    """Return the section's conclusion, the table by project, and a chart where many are missed."""
    told = paragraphs_html(evaluation, describe_performance(evaluation), "conclusion")
    missed = sum(1 for row in evaluation.final_score.own if row.is_missed)
    chart = drawn_html(evaluation, charts.draw_missed) if missed >= _DRAWN_FROM else Markup()
    return told + _indicator_table(evaluation) + chart


def describe_performance(evaluation: Evaluation) -> list[Text]:
    """Open the performance section: how many indicators were reached, which not, and the score."""
    scored = evaluation.final_score
    rows = scored.own
    if not rows:
        own = evaluation.unit.narrative
        words = [own.texts.get("performance"), *own.free.get("performance", ())]
        tail = "以下为单位对履职情况的文字说明。" if any(p and p.text for p in words) else ""
        return [(f"没有填报绩效指标，{SCREEN_WORDS['score']}{NOT_COMPUTABLE}。{tail}",)]
    reached = sum(1 for row in rows if row.is_reached)
    missed = [row.name for row in rows if row.is_missed]
    unknown = sum(1 for row in rows if row.share is None)
    said: list[Piece] = [count_of("indicators", len(rows)), "绩效指标中"]
    said += [count_of("indicators_reached", reached), "达到年度指标值"]
    if missed:
        more = "等" if len(missed) > _NAMED else ""
        said += [f"；没有达到的是{'、'.join(missed[:_NAMED])}{more}"]
    if unknown:
        said += ["；", count_of("indicators_unknown", unknown), "无法判断"]
    said.append("。")
    if scored.total.value is None:
        return [(*said, f"{SCREEN_WORDS['score']}{NOT_COMPUTABLE}，{scored.total.missing}。")]
    ends: list[Piece] = ["，等级为“", Number(evaluation.quantities["score.grade"]), "”。"]
    if scored.pending:
        names = "、".join(one.name for one in scored.pending)
        ends = [
            *describe_pending(scored),
            f"。{names}所依据的数或材料还有严重问题没有更正或说明，核清以前不评等级。",
        ]
    capped = (*describe_cap(evaluation), "。") if scored.cap else ()
    points: list[Piece] = ["按评分办法计算得", Number(scored.total)]
    return [(*said, *points, *ends, *capped, *_by_copied(evaluation))]


def _by_copied(evaluation: Evaluation) -> list[Piece]:
    """Say what the points of an execution rate by a copied budget are worth."""
    t = Teller(evaluation)
    adjusted = evaluation.unit.scoring.execution.denominator == "adjusted_budget"
    copied = copied_budget(evaluation)
    if not adjusted or copied is None or not t.has("total.initial_rate"):
        return []
    of = "该数" if copied.item == t.name("total") else f"其中{copied.item}的"
    told = f"执行率得分按{PHASES['adjusted_budget']}计算，{of}与支出完全相同。"
    return [told]


# --- the table by project ----------------------------------------------------------------------


def _indicator_table(evaluation: Evaluation) -> Markup:
    scored = evaluation.final_score
    if not any(row.is_own or row.line for row in scored.rows):
        return Markup()
    t = Teller(evaluation)
    past = past_actuals(evaluation)
    groups = [
        {"head": head, "rows": [_row(t, number, past) for number in numbers]}
        for head, numbers in _groups(t)
    ]
    total: Cell = scored.total if scored.total.value is not None else NOT_COMPUTABLE
    shown = [_cell(evaluation, evaluation.quantities["score.weight"]), _cell(evaluation, total)]
    names = ("indicator", "target", "actual", "outcome", "weight", "points")
    capped = describe_cap(evaluation)
    table = macros("performance").table(
        _caption(evaluation),
        [TABLE_HEADS[name] for name in names],
        groups,
        TABLE_HEADS["total"],
        shown,
    )
    notes: list[Text] = [(*capped, "。")] if capped else []
    if scored.pending_text:
        points = TABLE_HEADS["points"]
        notes.append((f"合计的{points}", *describe_pending(scored), "还没有定。"))
    return Markup(table) + paragraphs_html(evaluation, notes, "note")


def _caption(evaluation: Evaluation) -> str:
    return f"{CAPTIONS['indicators']}（{evaluation.unit.year}年，分）"


def _groups(t: Teller) -> Iterator[tuple[Markup | str, list[int]]]:
    """Yield the heads of projects with their lines of the score; the fixed lines come last."""
    rows = t.evaluation.final_score.rows
    of: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        if row.is_own:
            line = project_line(row.project) if row.project else ""
            of.setdefault(line if line in t.lines else "", []).append(number)
    projects = [line for line in t.below("project") if line in of or line in t.children("project")]
    if any(of):
        for line in projects:
            below = [part for part in t.below(line) if part in of]
            if line in of or not below:
                yield _project_head(t, line, line in of), of.get(line, [])
    if "" in of:
        yield "不属于单个项目的指标" if any(of) else "", of[""]
    fixed = [number for number, row in enumerate(rows) if not row.is_own]
    if fixed:
        yield "", fixed


def _project_head(t: Teller, line: str, has_indicators: bool) -> Markup:
    """Return a project's head: its name, what it spent of what, or that nothing measures it."""
    pieces: list[Piece] = [f"{t.name(line)}　"]
    if t.has(f"{line}.executed"):
        pieces += ["支出", t.number(f"{line}.executed")]
        if t.has(f"{line}.initial_rate"):
            pieces += ["，占年初", t.number(f"{line}.initial_rate")]
    else:
        pieces += [t.quantities[f"{line}.executed"].missing]
    pieces += [] if has_indicators else ["，没有填报绩效指标"]
    return text_html(t.evaluation, tuple(pieces))


def _row(t: Teller, number: int, past: Mapping[tuple[str, str], Past]) -> dict[str, Any]:
    evaluation, known = t.evaluation, t.evaluation.quantities
    row = evaluation.final_score.rows[number]
    return {
        "name": row.name,
        "record": _record(evaluation, row, past) if row.is_own else [],
        "target": row.target,
        "actual": _cell(evaluation, actual_cell(evaluation, row)),
        "result": _result(row),
        "missed": row.is_missed,
        "weight": _cell(evaluation, known[f"score.{number}.weight"]),
        "points": _cell(evaluation, known[f"score.{number}.points"]),
        "why": _why(evaluation, row) if row.is_own and row.is_missed else None,
    }


def _cell(evaluation: Evaluation, cell: Cell) -> str:
    return cell_html(evaluation, cell, _caption(evaluation))


def _result(row: ScoredRow) -> str:
    if not row.is_own:
        return ""
    if row.is_missed:
        return row.gap or "未达到"
    return "达到" if row.is_reached else "无法判断"


def _record(
    evaluation: Evaluation, row: ScoredRow, past: Mapping[tuple[str, str], Past]
) -> list[str]:
    """Return what is told where an indicator is opened: past years, materials, method."""
    key = indicator_key(row.name, row.project)
    rows = evaluation.tables.indicators
    own = next((i for i in rows if indicator_key(i.indicator_name, i.project) == key), None)
    ledger = ledger_rows(evaluation, row.name)
    materials = [one.material for one in ledger] or [row.evidence]
    facts = {
        TABLE_HEADS["aspect"]: row.aspect or row.family,
        "往年": "，".join(f"{year}年{text}" for year, text in past.get(key, ())),
        f"调整后的{TABLE_HEADS['target']}": own.adjusted_target if own else "",
        TABLE_HEADS["evidence"]: "；".join(
            one for one in dict.fromkeys(map(bare, materials)) if one
        ),
        TABLE_HEADS["sample"]: "；".join(_questionnaires(one) for one in ledger if one.sample_size),
        "计分方法": row.basis if row.points is not None else "",
    }
    return [f"{name}：{told}" for name, told in facts.items() if told]


def _questionnaires(one: Material) -> str:
    back = f"，收回{one.recovered}份" if one.recovered is not None else ""
    return f"发放{one.sample_size}份{back}"


def _why(evaluation: Evaluation, row: ScoredRow) -> dict[str, Any]:
    """Return a missed indicator's cause in the unit's words, and which measures are against it."""
    cause = bare(row.deviation) if says_why(evaluation, row.deviation) else ""
    sections = [section.id for section in evaluation.unit.outline.sections]
    place = ordinal(sections.index(MEASURES) + 1) if MEASURES in sections else ""
    measures = [
        (number, f"{place}（{ordinal(number)}）")
        for number, measure in _measures(evaluation)
        if place and row.project and measure.project == row.project
    ]
    return {"cause": cause, "measures": measures}


def actual_cell(evaluation: Evaluation, row: ScoredRow) -> Cell:
    """Return what a line of the score reached: a number of ours, or what the unit filled in."""
    quantity = evaluation.quantities.get(row.quantity)
    if quantity is not None and quantity.value is not None:
        return quantity
    return row.actual or NOT_SUPPLIED


# --- problems and measures ---------------------------------------------------------------------

MEASURES: Final = "measures"


def problems_html(evaluation: Evaluation) -> Markup:
    """Return the problems with their causes, numbered as the measures are."""
    told = [
        (f"（{ordinal(index)}）{bare(row.problem)}。", _cause(evaluation, row.cause))
        for index, row in enumerate(evaluation.tables.measures, 1)
        if bare(row.problem)
    ]
    return paragraphs_html(evaluation, told)


def _cause(evaluation: Evaluation, cause: str) -> str:
    return f"原因：{bare(cause)}。" if says_why(evaluation, cause) else ""


def _measures(evaluation: Evaluation) -> list[tuple[int, Any]]:
    rows = enumerate(evaluation.tables.measures, 1)
    return [(index, row) for index, row in rows if bare(row.measure)]


def measures_html(evaluation: Evaluation) -> Markup:
    """Return the measures, numbered as the problems are, with who and by when."""
    told = []
    for index, row in _measures(evaluation):
        who = [
            f"{evaluation.unit.form.heading(MEASURES, field)}：{said}"
            for field, said in (("owner", row.owner), ("due", _dated(row.due)))
            if said
        ]
        tail = f"（{'；'.join(who)}）" if who else ""
        told.append((index, f"（{ordinal(index)}）{bare(row.measure)}{tail}。"))
    return Markup(macros("performance").measures(told))


def _dated(text: str) -> str:
    """Return an ISO date as 2022年6月30日, anything else as it is."""
    try:
        return written_date(dt.date.fromisoformat(text))
    except ValueError:
        return text
