"""Indicators + scheme → scores, line by line, each with how it came about.

What cannot be scored has no points rather than zero, and then the total has none either.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from .budget import Quantity
from .checks.finding import Case
from .checks.indicators import weights_in_force
from .indicators import attainment, family_of
from .tables import Tables
from .terms import COMPARISONS, FAMILIES, GRADES
from .unit import Unit


@dataclass(frozen=True)
class Score:
    """A unit's score.

    ``rows`` has one row per scored line: family, aspect, name, target, actual, weight (points),
    points (None where not computable), share, basis, self_score, evidence, place.
    ``total`` is None unless every line has points; ``missing`` then says why. ``grade`` follows.
    """

    rows: pd.DataFrame
    total: Quantity
    subtotal: Fraction
    scored_weight: Fraction
    grade: str


def score_unit(
    unit: Unit, tables: Tables, lines: pd.DataFrame, quantities: dict[str, Quantity]
) -> Score:
    """Score a unit by its scheme: the execution rate, then each indicator."""
    case = Case(unit, tables, lines, quantities)
    records = [_execution_row(case)]
    records += [_indicator_row(case, row) for row in tables.indicators.to_dict("records")]
    rows = pd.DataFrame(records)
    known = [Fraction(p) for p in rows["points"] if p is not None]
    weights = [w for w, p in zip(rows["weight"], rows["points"], strict=True) if p is not None]
    subtotal, scored = sum(known, Fraction(0)), sum(weights, Fraction(0))
    missing = _missing(case, rows)
    label = "自评得分（按评分办法计算）"
    if missing:
        total = Quantity("score.total", label, "points", None, missing=missing)
        return Score(rows, total, subtotal, scored, "")
    total = Quantity(
        "score.total",
        label,
        "points",
        subtotal,
        formula="预算执行率得分＋各项指标得分",
    )
    grade = next(band.grade for band in unit.scoring.grades if subtotal >= band.from_)
    return Score(rows, total, subtotal, scored, GRADES[grade])


def _execution_row(case: Case) -> dict[str, object]:
    rule = case.unit.scoring.execution
    key = {"adjusted_budget": "total.execution_rate", "initial_budget": "total.initial_rate"}
    rate = case.quantities[key[rule.denominator]]
    weight = Fraction(weights_in_force(case).execution)
    if rate.value is None:
        points, basis = None, f"不可计算：{rate.missing}"
    else:
        # Spending above the budget earns no more than the weight: a scheme can only cap here.
        points = max(min(rate.value, Fraction(1)), Fraction(0)) * weight
        basis = "执行率×分值，不超过分值"
    return {
        "family": FAMILIES["execution"],
        "aspect": "",
        "name": f"部门整体{FAMILIES['execution']}",
        "target": "100%",
        "actual": case.rate(rate.key) if rate.value is not None else "",
        "weight": weight,
        "points": points,
        "share": rate.value,
        "basis": basis,
        "self_score": None,
        "evidence": "",
        "place": "",
        "deviation": "",
    }


def _indicator_row(case: Case, row: dict[Hashable, Any]) -> dict[str, object]:
    reached = attainment({str(key): value for key, value in row.items()}, case.unit.scoring)
    weight = row["weight"]
    unit = str(row["measure_unit"])
    sign = "" if row["comparison"] == COMPARISONS["qualitative"] else str(row["comparison"])
    return {
        "family": FAMILIES[family_of({"indicator_family": row["indicator_family"]})],
        "aspect": row["indicator_aspect"],
        "name": row["indicator_name"],
        "target": f"{sign}{row['target_value']}{unit}",
        "actual": f"{row['actual_value']}{unit if row['actual_value'] and sign else ''}",
        "weight": Fraction(str(weight)) if weight is not None else Fraction(0),
        "points": reached.points,
        "share": reached.share,
        "basis": reached.basis,
        "self_score": row["self_score"],
        "evidence": row["evidence"],
        "place": f"{row['file']} › {row['sheet']} › 第 {row['row']} 行",
        "deviation": row["deviation_cause"],
    }


def _missing(case: Case, rows: pd.DataFrame) -> str:
    if case.tables.indicators.empty:
        return "没有填报绩效指标"
    gaps = [
        f"{row['name']}（{row['basis']}）"
        for row in rows.to_dict("records")
        if row["points"] is None
    ]
    if gaps:
        return f"有{len(gaps)}项不能计分：{'；'.join(gaps)}"
    total = sum(rows["weight"], Fraction(0))
    if total != case.unit.scoring.total:
        return f"分值合计为{float(total):g}，不是{case.unit.scoring.total}"
    return ""
