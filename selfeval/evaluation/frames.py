"""The rows of an evaluation as pandas frames: made on demand, for the analyst alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Final

import pandas as pd

from ..budget.lines import BudgetLine, Lines
from ..budget.printer import Printer
from ..budget.ratios import Ratio
from ..errors import ParamsError
from ..strict import nearest
from ..tables.rows import (
    Amount,
    Figure,
    Indicator,
    Material,
    Measure,
    Note,
    Row,
    SpendingProject,
    Staff,
)
from ..terms import OUTCOMES, PHASES, SEVERITIES
from ..text.statements import Judged
from .finding import Finding, places_text
from .people import ratio_input, wholes
from .said import STATEMENT, SubjectNames, statement_record
from .score import ScoredRow

Maker = Callable[[], pd.DataFrame]
_AMOUNT = "table block item_code item_name fund phase amount state file sheet cell raw amount_unit"
_KINDS: Final[Mapping[str, tuple[type[Amount | Figure | Row], str]]] = {
    "amounts": (Amount, _AMOUNT),
    "stated": (Amount, _AMOUNT),
    "figures": (Figure, "table block item_code item_name phase kind value file sheet cell raw"),
    "projects": (
        SpendingProject,
        "project parent note priority use file sheet cell note_cell use_cell",
    ),
    "staffing": (
        Staff,
        "kind is_total authorised_posts staff_in_post authorised_posts_state staff_in_post_state "
        "note file sheet authorised_posts_cell staff_in_post_cell note_cell",
    ),
    "indicators": (
        Indicator,
        "indicator_family indicator_aspect indicator_name comparison target_value measure_unit "
        "actual_value weight self_score deviation_cause evidence project last_actual "
        "earlier_actual file sheet row cells",
    ),
    "measures": (Measure, "problem cause measure owner due project file sheet row"),
    "notes": (Note, "table block use note file sheet note_cell"),
    "evidence": (
        Material,
        "indicator_name material evidence_file page date holder sample_size recovered sha256 note "
        "file sheet cell state size expected_sha256 found_sha256",
    ),
}
_DTYPES: Final = {
    "bool": "bool",
    "int": "Int64",
    "int | None": "Int64",
    "Decimal | None": "object",
    "tuple[tuple[str, str], ...]": "object",
}


def _columns(kind: type[Amount | Figure | Row], names: str) -> dict[str, str]:
    said = {own.name: str(own.type) for own in fields(kind)}
    said["amount"] = said.get("fen", "")
    return {name: _DTYPES.get(said.get(name, ""), "str") for name in names.split()}


COLUMNS: Final = {name: _columns(*kind) for name, kind in _KINDS.items()}
"""The columns of each frame of a unit's rows and their types; the rows say what they mean.

``amount`` is in 分, NA where there is no number; ``cell`` is where the row or its name stands,
``<field>_cell`` where a field does, ``cells`` has the address of each of its fields.
"""

_LINE = ("line", "name", "block", "parent", "level", "note", "use")
_FINDING = ("code", "outcome", "severity", "item", "message", "places", "explanation")
_STATEMENT: Final = {
    "line": "Int64", "year": "Int64", "value": "object", "phase": "object", "places": "str",
}  # fmt: skip
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


def rows_frame(name: str, rows: Iterable[Amount | Figure | Row]) -> pd.DataFrame:
    """Return rows of a unit's tables as the frame of a name: its ``COLUMNS``."""
    columns = COLUMNS[name]
    # As objects first: beside a None, pandas would make floats of whole numbers.
    values = [[_value(row, column) for column in columns] for row in rows]
    return pd.DataFrame(values, columns=list(columns), dtype=object).astype(dict(columns))


def _value(row: Amount | Figure | Row, column: str) -> object:
    """Return what a column has of a row: a field, its place, or the addresses of its cells."""
    if column in ("file", "sheet", "cell"):
        return getattr(row.place, column)
    if isinstance(row, Row) and column == "cells":
        return dict(row.cells)
    if isinstance(row, Row) and column.endswith("_cell"):
        return row.address(column.removesuffix("_cell"))
    return getattr(row, "fen" if column == "amount" else column)


def score_frame(rows: Sequence[ScoredRow]) -> pd.DataFrame:
    """Return the lines of a score, with the fields of ``ScoredRow``: points exact."""
    names = [own.name for own in fields(ScoredRow)]
    return pd.DataFrame([[getattr(row, name) for name in names] for row in rows], columns=names)


def lines_frame(budget: Lines) -> pd.DataFrame:
    """Return the budget lines, indexed by ``line``.

    ``name``, ``block``, ``parent`` (a line, "" for the total), ``level`` (0 total, 1 basic and
    projects, 2 their parts, 3 parts of a project), ``note``, ``use``, ``is_total`` where it is the
    sum of the lines below it; then per phase the amount
    (Int64 分, NA where unknown), ``<phase>_source`` (file › sheet › cell) of a number that was
    read, ``<phase>_formula`` with ``<phase>_parts`` of one derived, and ``<phase>_applies``,
    False where the table says 不适用 or, ``<phase>_none``, 无.
    """
    lines = list(budget.values())
    table = pd.DataFrame(map(_line, lines), columns=list(_LINE))
    table["is_total"] = wholes(lines)
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


def statements_frame(statements: Sequence[Judged], names: SubjectNames, code: str) -> pd.DataFrame:
    """Return the numbers and claims of a unit's text, with the fields of ``statement_record``.

    ``cell`` is a line of the unit's own text or a row of a table; ``line`` (Int64) its number in
    the text; ``value`` an exact Fraction, in 分 for money, None of a claim; ``year`` Int64, NA
    where none is said; ``phase`` a tuple; ``outcome`` is pass, rounding, fail or unchecked.
    """
    records = [statement_record(judged, names) for judged in statements]
    for record, judged in zip(records, statements, strict=True):
        number = judged.said.number
        record |= {
            "value": number.value if number else None,
            "phase": judged.said.phases,
            "places": places_text(judged.places, code),
        }
    columns = {name: _STATEMENT.get(name, "str") for name in STATEMENT}
    values = [[record[name] for name in columns] for record in records]
    return pd.DataFrame(values, columns=list(columns), dtype=object).astype(columns)


def ratios_frame(ratios: Sequence[Ratio], printer: Printer) -> pd.DataFrame:
    """Return the common framework's ratios: ``rate`` is a Fraction, None where there is none."""
    records = [
        {
            "id": ratio.id,
            "aspect": ratio.aspect,
            "name": ratio.name,
            "basis": ratio.basis,
            "formula": ratio.formula,
            "inputs": "；".join(ratio_input(printer, one) for one in ratio.inputs),
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
