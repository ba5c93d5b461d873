"""Points of a score that wait: what they rest on is named by severe findings that are open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from .money import Rounding, format_decimal
from .terms import FIGURES

if TYPE_CHECKING:
    from .checks import Finding

_TOLD = 2


@dataclass(frozen=True)
class Pending:
    """The points of a row of the score, by its number, and the findings that they wait for."""

    row: int
    name: str
    points: Fraction
    findings: tuple[Finding, ...]


def pending_text(
    pending: Sequence[tuple[str, Fraction]], rounding: Rounding, is_capped: bool = False
) -> str:
    """Say which points of a score wait, by name and points; "" where none do."""
    told = "、".join(f"{name}{_trimmed(points, rounding)}分" for name, points in waiting(pending))
    return f"{of_total(is_capped)}{told}{FIGURES['pending']}" if told else ""


def of_total(is_capped: bool) -> str:
    """Return what points are part of: the total itself, or a sum that a cap holds down."""
    return "各项得分中" if is_capped else "其中"


def waiting(pending: Sequence[tuple[str, Fraction]]) -> list[tuple[str, Fraction]]:
    """Return the names and points to be told: many as one."""
    if len(pending) <= _TOLD:
        return list(pending)
    whole = sum((points for _, points in pending), Fraction(0))
    return [(f"{pending[0][0]}等{len(pending)}项", whole)]


def _trimmed(points: Fraction, rounding: Rounding) -> str:
    return format_decimal(points, 2, rounding).rstrip("0").rstrip(".")
