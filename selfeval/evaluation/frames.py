"""The rows of an evaluation as pandas frames: made on demand, for the analyst alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Final

import pandas as pd

from ..budget.lines import BudgetLine, Lines
from ..budget.printer import Printer
from ..budget.quantities import Quantity
from ..budget.ratios import Ratio
from ..errors import ParamsError
from ..strict import nearest
from ..tables.rows import Amount, Figure, Row
from ..terms import (
    AMOUNT_COLUMNS,
    EVIDENCE_COLUMNS,
    FIGURE_COLUMNS,
    INDICATOR_COLUMNS,
    MEASURE_COLUMNS,
    NOTE_COLUMNS,
    OUTCOMES,
    PHASES,
    PROJECT_COLUMNS,
    SEVERITIES,
    STAFFING_COLUMNS,
)
from .finding import Finding, places_text
from .score import ScoredRow

Maker = Callable[[], pd.DataFrame]
OWN_COLUMNS: Final = {
    "projects": PROJECT_COLUMNS,
    "staffing": STAFFING_COLUMNS,
    "indicators": INDICATOR_COLUMNS,
    "measures": MEASURE_COLUMNS,
    "notes": NOTE_COLUMNS,
    "evidence": EVIDENCE_COLUMNS,
}
"""The rows of a unit's own tables, and the columns of their frames."""

_LINE = ("line", "name", "block", "parent", "level", "note", "use")
_FINDING = ("code", "outcome", "severity", "item", "message", "places", "explanation")
_RATIO = ("id", "aspect", "name", "basis", "formula", "inputs", "rate", "shown", "missing",
          "remedy", "note", "reference", "verified")  # fmt: skip


def maker_of(name: str, makers: Mapping[str, Maker]) -> Maker:
    """Return what makes the frame of a name.

    Raises
    ------
    ParamsError
        If there is none.
    """
    if name not in makers:
        close = nearest(name, makers)
        hint = f"是不是“{close}”？" if close else ""
        fault = f"没有叫“{name}”的表。"
        raise ParamsError("evaluation.frame", fault, f"{hint}可用的有：{'、'.join(makers)}。")
    return makers[name]


def _numbers(rows: Iterable[Amount | Figure], columns: Mapping[str, str]) -> pd.DataFrame:
    # As objects first: beside a None, pandas would make floats of whole numbers.
    values = [[_cell(row, column) for column in columns] for row in rows]
    return pd.DataFrame(values, columns=list(columns), dtype=object).astype(dict(columns))


def _cell(row: Amount | Figure, column: str) -> object:
    if column in ("file", "sheet", "cell"):
        return getattr(row.place, column)
    return getattr(row, "fen" if column == "amount" else column)


def amounts_frame(amounts: Sequence[Amount]) -> pd.DataFrame:
    """Return amounts, a row each: ``AMOUNT_COLUMNS``."""
    return _numbers(amounts, AMOUNT_COLUMNS)


def figures_frame(figures: Sequence[Figure]) -> pd.DataFrame:
    """Return numbers of official tables that are no money: ``FIGURE_COLUMNS``."""
    return _numbers(figures, FIGURE_COLUMNS)


def rows_frame(rows: Iterable[Row], columns: Mapping[str, str]) -> pd.DataFrame:
    """Return rows of the unit's own tables, with the columns that ``terms`` names."""
    values = [[_value(row, column) for column in columns] for row in rows]
    return pd.DataFrame(values, columns=list(columns), dtype=object).astype(dict(columns))


def _value(row: Row, column: str) -> object:
    """Return what a column has of a row: the address of a cell, of the row itself, or a field."""
    if column.endswith("cell"):
        name = column.removesuffix("cell").rstrip("_")
        return row.cells.get(name, "") if name else row.place.cell
    return getattr(row, column)


def score_frame(rows: Sequence[ScoredRow]) -> pd.DataFrame:
    """Return the lines of a score, with the fields of ``ScoredRow``: points exact."""
    names = [own.name for own in fields(ScoredRow)]
    return pd.DataFrame([[getattr(row, name) for name in names] for row in rows], columns=names)


def lines_frame(budget: Lines) -> pd.DataFrame:
    """Return the budget lines, indexed by ``line``.

    ``name``, ``block``, ``parent`` (a line, "" for the total), ``level`` (0 total, 1 basic and
    projects, 2 their parts, 3 parts of a project), ``note``, ``use``; then per phase the amount
    (Int64 分, NA where unknown), ``<phase>_source`` (file › sheet › cell) of a number that was
    read, ``<phase>_formula`` with ``<phase>_parts`` of one derived, and ``<phase>_applies``,
    False where the table says 不适用 or, ``<phase>_none``, 无.
    """
    lines = list(budget.values())
    table = pd.DataFrame(map(_line, lines), columns=list(_LINE))
    for phase in PHASES:
        levels = [line.phases[phase] for line in lines]
        table[phase] = pd.array([level.fen for level in levels], dtype="Int64")
        table[f"{phase}_source"] = [level.source for level in levels]
        table[f"{phase}_formula"] = [level.formula for level in levels]
        table[f"{phase}_applies"] = [level.applies for level in levels]
        table[f"{phase}_none"] = [level.is_none for level in levels]
        table[f"{phase}_parts"] = pd.Series([level.parts for level in levels], dtype=object)
    return table.set_index("line", drop=False)


def _line(line: BudgetLine) -> tuple[object, ...]:
    return line.id, line.name, line.block, line.parent, line.level, line.note, line.use


def findings_frame(findings: Sequence[Finding], code: str) -> pd.DataFrame:
    """Return the findings of the unit of a code, in Chinese."""
    records = [
        finding.record()
        | {
            "outcome": OUTCOMES[finding.outcome],
            "severity": SEVERITIES[finding.severity],
            "places": places_text(finding.places, code, cells=24, sheets=12),
        }
        for finding in findings
    ]
    return pd.DataFrame(records, columns=list(_FINDING))


def ratios_frame(ratios: Sequence[Ratio], printer: Printer) -> pd.DataFrame:
    """Return the common framework's ratios: ``rate`` is a Fraction, None where there is none."""
    records = [
        {
            "id": ratio.id,
            "aspect": ratio.aspect,
            "name": ratio.name,
            "basis": ratio.basis,
            "formula": ratio.formula,
            "inputs": "；".join(_input(printer, one) for one in ratio.inputs),
            "rate": ratio.quantity.value,
            "shown": ""
            if ratio.quantity.value is None
            else printer.rate(ratio.quantity.value, ratio.quantity.limits),
            "missing": ratio.quantity.missing,
            "remedy": ratio.remedy,
            "note": ratio.note,
            "reference": ratio.reference,
            "verified": ratio.verified,
        }
        for ratio in ratios
    ]
    return pd.DataFrame(records, columns=list(_RATIO), dtype=object)


def _input(printer: Printer, quantity: Quantity) -> str:
    if quantity.value is None:
        return quantity.missing
    return f"{quantity.label} {printer.exact(quantity)}（{quantity.source or quantity.formula}）"
