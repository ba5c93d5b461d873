"""Points of a score that wait: what they rest on is named by severe findings that are open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from ..money import Rounding, format_decimal, trimmed
from ..terms import FIGURES

if TYPE_CHECKING:
    from ..checks import Finding

_TOLD = 2


@dataclass(frozen=True)
class Pending:
    """The points of a row of the score, by its number, and the findings that they wait for."""

    row: int
    name: str
    points: Fraction
    weight: Fraction
    findings: tuple[Finding, ...]


Waiting = tuple[str, Fraction, Fraction]
"""The name of what waits, its points and their weight."""


def pending_text(pending: Sequence[Waiting], rounding: Rounding, is_capped: bool = False) -> str:
    """Say which points of a score wait, by name and points; "" where none do."""
    told = "、".join(
        f"{name}{trimmed(format_decimal(points, 2, rounding, [weight]))}分"
        for name, points, weight in waiting(pending)
    )
    return f"{of_total(is_capped)}{told}{FIGURES['pending']}" if told else ""


def of_total(is_capped: bool) -> str:
    """Return what points are part of: the total itself, or a sum that a cap holds down."""
    return "各项得分中" if is_capped else "其中"


def waiting(pending: Sequence[Waiting]) -> list[Waiting]:
    """Return what is to be told of the points that wait: many as one."""
    if len(pending) <= _TOLD:
        return list(pending)
    points = sum((points for _, points, _ in pending), Fraction(0))
    weight = sum((weight for *_, weight in pending), Fraction(0))
    return [(f"{pending[0][0]}等{len(pending)}项", points, weight)]
