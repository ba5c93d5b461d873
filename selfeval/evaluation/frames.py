"""The rows of an evaluation as pandas frames: made on demand, for the analyst alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Final

import pandas as pd

from ..budget.lines import BudgetLine
from ..budget.printer import Printer
from ..budget.quantities import Quantity
from ..errors import ParamsError
from ..strict import nearest
from ..tables.rows import Amount, Figure
from ..terms import AMOUNT_COLUMNS, FIGURE_COLUMNS, OUTCOMES, PHASES, SEVERITIES
from .finding import places_text

if TYPE_CHECKING:
    from . import Evaluation

_LINE = ("line", "name", "block", "parent", "level", "note", "use")
_FINDING = ("code", "outcome", "severity", "item", "message", "places", "explanation")
_RATIO = ("id", "aspect", "name", "basis", "formula", "inputs", "rate", "shown", "missing",
          "remedy", "note", "reference", "verified")  # fmt: skip


def frame(evaluation: Evaluation, name: str) -> pd.DataFrame:
    """Return one of ``FRAMES``, new each time.

    Raises
    ------
    ParamsError
        If there is no frame of that name.
    """
    if name not in FRAMES:
        close = nearest(name, FRAMES)
        hint = f"是不是“{close}”？" if close else ""
        fault = f"没有叫“{name}”的表。"
        raise ParamsError("evaluation.frame", fault, f"{hint}可用的有：{'、'.join(FRAMES)}。")
    return FRAMES[name](evaluation)


def _numbers(rows: Iterable[Amount | Figure], columns: Mapping[str, str]) -> pd.DataFrame:
    # As objects first: beside a None, pandas would make floats of whole numbers.
    values = [[_cell(row, column) for column in columns] for row in rows]
    return pd.DataFrame(values, columns=list(columns), dtype=object).astype(dict(columns))


def _cell(row: Amount | Figure, column: str) -> object:
    if column in ("file", "sheet", "cell"):
        return getattr(row.place, column)
    return getattr(row, "fen" if column == "amount" else column)


def _amounts(evaluation: Evaluation) -> pd.DataFrame:
    """Return every amount that was read: ``AMOUNT_COLUMNS``."""
    return _numbers(evaluation.tables.amounts, AMOUNT_COLUMNS)


def _stated(evaluation: Evaluation) -> pd.DataFrame:
    """Return what the report is made of: one amount per line and phase, ``AMOUNT_COLUMNS``."""
    return _numbers(evaluation.tables.stated, AMOUNT_COLUMNS)


def _figures(evaluation: Evaluation) -> pd.DataFrame:
    """Return the numbers of official tables that are no money: ``FIGURE_COLUMNS``."""
    return _numbers(evaluation.tables.figures, FIGURE_COLUMNS)


def _lines(evaluation: Evaluation) -> pd.DataFrame:
    """Return the budget lines, indexed by ``line``.

    ``name``, ``block``, ``parent`` (a line, "" for the total), ``level`` (0 total, 1 basic and
    projects, 2 their parts, 3 parts of a project), ``note``, ``use``; then per phase the amount
    (Int64 分, NA where unknown), ``<phase>_source`` (file › sheet › cell) of a number that was
    read, ``<phase>_formula`` with ``<phase>_parts`` of one derived, and ``<phase>_applies``,
    False where the table says 不适用 or, ``<phase>_none``, 无.
    """
    lines = list(evaluation.lines.values())
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


def _findings(evaluation: Evaluation) -> pd.DataFrame:
    """Return the findings, in Chinese."""
    records = [
        finding.record()
        | {
            "outcome": OUTCOMES[finding.outcome],
            "severity": SEVERITIES[finding.severity],
            "places": places_text(finding.places, evaluation.unit.code, cells=24, sheets=12),
        }
        for finding in evaluation.all_findings
    ]
    return pd.DataFrame(records, columns=list(_FINDING))


def _ratios(evaluation: Evaluation) -> pd.DataFrame:
    """Return the common framework's ratios: ``rate`` is a Fraction, None where there is none."""
    printer = evaluation.printer
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
        for ratio in evaluation.ratios
    ]
    return pd.DataFrame(records, columns=list(_RATIO), dtype=object)


def _input(printer: Printer, quantity: Quantity) -> str:
    if quantity.value is None:
        return quantity.missing
    return f"{quantity.label} {printer.exact(quantity)}（{quantity.source or quantity.formula}）"


FRAMES: Final[Mapping[str, Callable[[Evaluation], pd.DataFrame]]] = {
    "amounts": _amounts,
    "stated": _stated,
    "figures": _figures,
    "lines": _lines,
    "findings": _findings,
    "ratios": _ratios,
}
"""What there is to explore, by name."""
