"""How far each indicator was reached, and the points that earns by the scheme.

A blank actual value earns no points and no zero either: it cannot be scored, and says so.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .money import parse_number
from .schemes import Scoring
from .terms import ATTAINMENTS, COMPARISONS, FAMILIES, NOT_SUPPLIED, TABLE_HEADS

_FAMILY_OF = {name: family for family, name in FAMILIES.items()}
_COMPARISON_OF = {sign: key for key, sign in COMPARISONS.items()}


@dataclass(frozen=True)
class Attainment:
    """What one indicator reached: a share of its target, its points, and how they came about.

    ``share`` and ``points`` are None where they cannot be computed; ``basis`` says how or why.
    """

    share: Fraction | None
    points: Fraction | None
    basis: str


def family_of(row: Mapping[str, object]) -> str:
    """Return our id of an indicator's family (一级指标)."""
    return _FAMILY_OF[unicodedata.normalize("NFKC", str(row["indicator_family"]))]


def attainment(row: Mapping[str, object], scoring: Scoring) -> Attainment:
    """Score one indicator row by the scheme.

    Parameters
    ----------
    row : mapping
        One row of the ``indicators`` frame.
    scoring : Scoring
        The profile; its methods decide, this function only applies them.

    Returns
    -------
    Attainment
        Points never exceed the weight and never fall below 0.
    """
    weight = row["weight"]
    comparison = _COMPARISON_OF[unicodedata.normalize("NFKC", str(row["comparison"]))]
    if not isinstance(weight, Decimal):
        return Attainment(None, None, f"{TABLE_HEADS['weight']}{NOT_SUPPLIED}")
    if weight < 0:
        return Attainment(None, None, "分值为负")
    if not row["actual_value"]:
        return Attainment(None, None, f"{TABLE_HEADS['actual']}{NOT_SUPPLIED}")
    if comparison == "qualitative":
        return _qualitative(row, Fraction(weight), scoring)
    target, actual = _number(row, "target_value"), _number(row, "actual_value")
    if target is None or actual is None:
        which = TABLE_HEADS["target" if target is None else "actual"]
        return Attainment(None, None, f"{which}不是数，不能按数值计算")
    if target == 0 and comparison != "at_most":
        return Attainment(None, None, "年度指标值为零，不能计算完成比例")
    share = _share(comparison, target, actual)
    if share is None:
        return Attainment(None, None, "年度指标值为负，不能计算完成比例")
    if share >= 1:
        return Attainment(share, Fraction(weight), "达到年度指标值，得满分")
    return Attainment(share, Fraction(weight) * share, "未达到年度指标值，按完成比例得分")


def _share(comparison: str, target: Fraction, actual: Fraction) -> Fraction | None:
    if target < 0 and comparison in {"at_least", "at_most"}:
        # A quotient of negatives grows as the actual gets worse: only "reached" can be told.
        reached = actual >= target if comparison == "at_least" else actual <= target
        return Fraction(1) if reached else None
    if comparison == "at_most":
        if actual <= target:
            return Fraction(1)
        return max(target / actual, Fraction(0))
    if comparison == "at_least":
        # Beyond the target the share goes on growing: charts show it, points stop at the weight.
        return max(actual / target, Fraction(0))
    if actual == target:
        return Fraction(1)
    return max(min(actual / target, target / actual) if actual else Fraction(0), Fraction(0))


def _qualitative(row: Mapping[str, object], weight: Fraction, scoring: Scoring) -> Attainment:
    said = str(row["actual_value"])
    names = sorted(ATTAINMENTS.items(), key=lambda pair: -len(pair[1]))
    key = next((key for key, name in names if said.startswith(name)), None)
    if key is None:
        return Attainment(None, None, f"定性指标应写{'、'.join(ATTAINMENTS.values())}")
    band = getattr(scoring.qualitative, key)
    given = row["self_score"]
    name = ATTAINMENTS[key]
    if isinstance(given, Decimal) and weight:
        share = Fraction(given) / weight
        if Fraction(band.lowest) <= share <= Fraction(band.highest):
            return Attainment(share, Fraction(given), f"{name}，自评得分在该档之内")
    share = Fraction(band.given)
    return Attainment(share, weight * share, f"{name}，按该档给分")


def _number(row: Mapping[str, object], field: str) -> Fraction | None:
    text = unicodedata.normalize("NFKC", str(row[field])).strip().lstrip("≥≤=<>")
    unit = unicodedata.normalize("NFKC", str(row["measure_unit"]))
    text = text.removesuffix(unit) if unit else text
    try:
        number = parse_number(text.removesuffix("%"))
    except ValueError:
        return None
    return None if number is None else Fraction(number)
