"""The rows of an evaluation as frames for people: headings are the page's and the form's words.

The typed frames, in English and 分, are in ``frames``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import Final

import pandas as pd

from ..budget.lines import BudgetLine, Lines, project_line
from ..budget.printer import Printer
from ..budget.quantities import Quantity
from ..budget.ratios import Ratio
from ..schemes.form import FormLayout
from ..tables.rows import Amount, Indicator, SpendingProject
from ..terms import (
    ACTIONS,
    OUTCOMES,
    PHASES,
    PRIORITIES,
    RATES,
    SAID_OUTCOMES,
    SEVERITIES,
    STATES,
    TABLE_HEADS,
)
from ..text.statements import Judged
from .finding import Finding, places_text
from .numbers import shown_amount, shown_decimal
from .said import SubjectNames, statement_record
from .score import Score
from .shown import ShownFrame, shown_frame

_RATES: Final = ("execution_rate", "initial_rate")
_TEXT, _NUMBER, _COUNT, _FLAG = "str", "object", "Int64", "bool"

Show = Callable[[Quantity | None], object]
"""What makes a unit's quantity a number for people."""


def _heads(**types: str) -> dict[str, str]:
    """Return columns by the names of their heads, each with its type."""
    return {TABLE_HEADS[name]: kind for name, kind in types.items()}


def _measures(lines: Iterable[BudgetLine]) -> list[str]:
    """Return the phases and rates of lines; a budget of no known kind only where there is one."""
    known = list(lines)
    phases = [
        phase
        for phase in PHASES
        if phase != "stated_budget" or any(line.fen(phase) is not None for line in known)
    ]
    return [*phases, *_RATES]


def wholes(lines: Iterable[BudgetLine]) -> list[bool]:
    """Return of each line whether those below it add up to it."""
    following = pairwise([*(line.level for line in lines), 0])
    return [below > level for level, below in following]


def shown_lines(
    lines: Lines, known: Mapping[str, Quantity], form: FormLayout, show: Show, caption: str
) -> ShownFrame:
    """Return every budget line: what it is part of, its phases in 万元, its rates, its note."""
    measures = _measures(lines.values())
    names = PHASES | RATES
    columns = _heads(line=_TEXT, level=_COUNT, parent=_TEXT, total=_FLAG)
    columns |= dict.fromkeys((names[measure] for measure in measures), _NUMBER)
    columns[form.heading("basic", "note")] = _TEXT
    rows = [
        [
            line.name,
            line.level,
            lines[line.parent].name if line.parent in lines else "",
            is_whole,
            *(show(known[f"{line.id}.{measure}"]) for measure in measures),
            line.note,
        ]
        for line, is_whole in zip(lines.values(), wholes(lines.values()), strict=True)
    ]
    return shown_frame(columns, rows, caption)


def shown_projects(
    projects: Sequence[SpendingProject],
    lines: Lines,
    known: Mapping[str, Quantity],
    form: FormLayout,
    show: Show,
    caption: str,
) -> ShownFrame:
    """Return the projects as the unit listed them, their phases in 万元 and their rates."""
    own = {row.project: lines[project_line(row.project)] for row in projects}
    measures, names = _measures(own.values()), PHASES | RATES
    head = partial(form.heading, "projects")
    columns = {head("item"): _TEXT, head("parent"): _TEXT, TABLE_HEADS["total"]: _FLAG}
    columns |= dict.fromkeys((names[measure] for measure in measures), _NUMBER)
    words = (head("priority"), head("use"), head("note"), TABLE_HEADS["place"])
    columns |= dict.fromkeys(words, _TEXT)
    above = {row.parent for row in projects}
    rows = [
        [
            row.project,
            row.parent,
            row.project in above,
            *(show(known[f"{own[row.project].id}.{measure}"]) for measure in measures),
            PRIORITIES.get(row.priority, ""),
            row.use,
            row.note,
            str(row.place),
        ]
        for row in projects
    ]
    return shown_frame(columns, rows, caption)


def shown_amounts(
    amounts: Iterable[Amount], titles: Mapping[str, str], year: int, caption: str
) -> ShownFrame:
    """Return every amount that was read, in 万元, with its cell and what that holds."""
    columns = _heads(
        table=_TEXT, item=_TEXT, item_code=_TEXT, year=_COUNT, phase=_TEXT, amount=_NUMBER,
        status=_TEXT, said=_TEXT, place=_TEXT,
    )  # fmt: skip
    rows = [
        [
            titles.get(one.layout, one.layout),
            one.item_name,
            one.item_code if one.item_code.isdecimal() else "",
            (one.year if one.official else year) or pd.NA,
            PHASES.get(one.phase, ""),
            shown_amount(one.fen, str(one.place)),
            STATES[one.state],
            one.raw,
            str(one.place),
        ]
        for one in amounts
    ]
    return shown_frame(columns, rows, caption)


def shown_findings(
    findings: Sequence[Finding], titles: Callable[[str], str], code: str, caption: str
) -> ShownFrame:
    """Return the findings, what waits for an answer first."""
    columns = _heads(
        rule=_TEXT, name=_TEXT, outcome=_TEXT, severity=_TEXT, open=_FLAG, blocking=_FLAG,
        item=_TEXT, message=_TEXT, expected=_TEXT, found=_TEXT, action=_TEXT, place=_TEXT,
        explanation=_TEXT,
    )  # fmt: skip
    rows = [
        [
            one.code,
            titles(one.code),
            OUTCOMES[one.outcome],
            SEVERITIES[one.severity],
            one.waits,
            one.blocks,
            one.item,
            one.message,
            one.expected,
            one.found,
            ACTIONS[one.action],
            places_text(one.places, code, cells=24, sheets=12),
            one.explanation,
        ]
        for one in findings
    ]
    return shown_frame(columns, rows, caption)


_INDICATOR_FIELDS: Final = (
    "indicator_family", "indicator_aspect", "indicator_name", "comparison", "target_value",
    "measure_unit", "actual_value", "weight", "self_score",
)  # fmt: skip
_INDICATOR_TEXTS: Final = ("deviation_cause", "evidence", "project")


def shown_indicators(
    indicators: Sequence[Indicator],
    scored: Score | None,
    form: FormLayout,
    show: Show,
    caption: str,
) -> ShownFrame:
    """Return the unit's indicators as filled in; with the points of each once it is scored."""
    head = partial(form.heading, "indicators")
    columns = {head(name): _TEXT for name in _INDICATOR_FIELDS}
    columns |= {head("weight"): _NUMBER, head("self_score"): _NUMBER}
    columns |= {TABLE_HEADS["computed"]: _NUMBER}
    columns |= {head(name): _TEXT for name in _INDICATOR_TEXTS}
    columns |= {TABLE_HEADS["place"]: _TEXT}
    points = _points_by_place(scored, show)
    rows = [
        [
            *(getattr(row, name) for name in _INDICATOR_FIELDS[:-2]),
            shown_decimal(row.weight, str(row.place_of("weight"))),
            shown_decimal(row.self_score, str(row.place_of("self_score"))),
            points.get((row.indicator_name, str(row.place)), pd.NA),
            *(getattr(row, name) for name in _INDICATOR_TEXTS),
            str(row.place),
        ]
        for row in indicators
    ]
    return shown_frame(columns, rows, caption)


def _points_by_place(scored: Score | None, show: Show) -> dict[tuple[str, str], object]:
    if scored is None:
        return {}
    return {
        (row.name, row.place): _points(scored, number, "points", show)
        for number, row in enumerate(scored.rows)
        if row.place
    }


def _points(scored: Score, number: int, measure: str, show: Show) -> object:
    """Return the points or the weight of a line of a score."""
    row = scored.rows[number]
    value = row.points if measure == "points" else row.weight
    if value is None or (measure == "weight" and not row.has_weight):
        return pd.NA
    key = f"score.{number}.{measure}"
    made = Quantity(key, row.name, "points", value, formula=row.basis, limits=(row.weight,))
    if measure == "weight":
        made = Quantity(key, row.name, "points", value, source=row.place, limits=(value,))
    return show(made)


def shown_scores(scored: Score, show: Show, caption: str) -> ShownFrame:
    """Return every line of the score, and the total as the last."""
    columns = _heads(
        indicator=_TEXT, family=_TEXT, aspect=_TEXT, target=_TEXT, actual=_TEXT, total=_FLAG,
        weight=_NUMBER, computed=_NUMBER, self_score=_NUMBER, basis=_TEXT, place=_TEXT,
    )  # fmt: skip
    rows: list[list[object]] = [
        [
            row.name,
            row.family,
            row.aspect,
            row.target,
            row.actual,
            False,
            _points(scored, number, "weight", show),
            _points(scored, number, "points", show),
            shown_decimal(row.self_score, row.place),
            row.basis,
            row.place,
        ]
        for number, row in enumerate(scored.rows)
    ]
    told = scored.total.missing or scored.pending_text or scored.total.formula
    weight = sum((row.weight for row in scored.rows), Fraction(0))
    whole = Quantity("score.weight", "", "points", weight, limits=(weight,))
    total = [show(one) for one in (whole, scored.total)]
    rows.append([TABLE_HEADS["total"], "", "", "", "", True, *total, pd.NA, told, ""])
    return shown_frame(columns, rows, caption)


def shown_ratios(ratios: Sequence[Ratio], printer: Printer, show: Show, caption: str) -> ShownFrame:
    """Return the common framework's ratios: the result, or why there is none and what to do."""
    columns = _heads(
        indicator=_TEXT, criterion=_TEXT, outcome=_NUMBER, formula=_TEXT, data=_TEXT, reason=_TEXT,
        remedy=_TEXT, reference=_TEXT,
    )  # fmt: skip
    rows = [
        [
            one.name,
            one.basis,
            show(one.quantity),
            one.formula,
            "；".join(ratio_input(printer, number) for number in one.inputs),
            one.quantity.missing,
            one.remedy,
            one.reference,
        ]
        for one in ratios
    ]
    return shown_frame(columns, rows, caption)


def ratio_input(printer: Printer, quantity: Quantity) -> str:
    """Return a number of a ratio with its exact value and where it stands, or why there is none."""
    if quantity.value is None:
        return quantity.missing
    return f"{quantity.label} {printer.exact(quantity)}（{quantity.source or quantity.formula}）"


def shown_statements(
    statements: Sequence[Judged], names: SubjectNames, code: str, caption: str
) -> ShownFrame:
    """Return the numbers and claims of the unit's text, and what came of each."""
    columns = _heads(
        said=_TEXT, item=_TEXT, phase=_TEXT, status=_TEXT, expected=_TEXT, rule=_TEXT,
        reason=_TEXT, place=_TEXT, sentence=_TEXT,
    )  # fmt: skip
    rows = []
    for one in statements:
        record, place = statement_record(one, names), one.said.paragraph.place(one.said.start)
        rows.append(
            [
                record["raw"],
                record["subject"],
                "、".join(PHASES[phase] for phase in one.said.phases),
                SAID_OUTCOMES[one.outcome],
                one.expected,
                one.code,
                one.why,
                str(place),
                record["sentence"],
            ]
        )
    return shown_frame(columns, rows, caption)
