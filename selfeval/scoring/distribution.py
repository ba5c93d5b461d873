"""The scores of a year's units beside each other: how far apart, and who lies where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from ..budget.printer import Printer
from ..money import format_exact
from ..schemes.checks import Checks
from ..terms import GRADES
from .desk import DeskUnit, record_limits


class UnitTotal(NamedTuple):
    """A unit's total, and how it is printed."""

    points: Fraction
    unit: str
    grade: str
    printer: Printer
    limits: tuple[Fraction, ...]

    @property
    def shown(self) -> str:
        """The points as the unit's own page prints them."""
        return self.printer.points(self.points, self.limits)


@dataclass(frozen=True)
class ScoreDistribution:
    """The totals of units that were scored in one way, low to high; ``warning`` "" if none is due.

    ``sources`` say by what they were scored.
    """

    totals: tuple[UnitTotal, ...]
    sources: tuple[str, ...]
    warning: str = ""

    @property
    def median(self) -> Fraction:
        """The middle total, or the mean of the two in the middle."""
        low, high = (len(self.totals) - 1) // 2, len(self.totals) // 2
        return (self.totals[low].points + self.totals[high].points) / 2

    @property
    def all_excellent(self) -> bool:
        """Whether each of them is of the best grade."""
        return all(total.grade == GRADES["excellent"] for total in self.totals)


def score_distributions(
    checks: Checks, year: int, units: Sequence[DeskUnit]
) -> list[ScoreDistribution]:
    """Return how those totals lie that compare, for each way of scoring; most units first.

    Parameters
    ----------
    checks : Checks
        The thresholds: from how many units on, and how close is too close.
    units : sequence of DeskUnit
        The units of a year.
    """
    found: dict[tuple[str, ...], list[UnitTotal]] = {}
    for unit in units:
        if not unit.incomparable and (points := unit.number("score")) is not None:
            found.setdefault(tuple(unit.report.get("sources", ())), []).append(
                UnitTotal(
                    points,
                    unit.name,
                    unit.report["grade"],
                    unit.printer,
                    record_limits(unit.report, "score"),
                )
            )
    lying = []
    for sources, own in found.items():
        one = ScoreDistribution(tuple(sorted(own, key=_rank)), sources)
        lying.append(replace(one, warning=_warning(checks, year, one)))
    return sorted(lying, key=lambda one: (-len(one.totals), one.sources))


def _warning(checks: Checks, year: int, found: ScoreDistribution) -> str:
    totals, warnings = found.totals, []
    if len(totals) >= checks.threshold("peer_score_count", year):
        if found.all_excellent:
            warnings.append(f"{len(totals)}个单位全部为“{GRADES['excellent']}”")
        least = checks.threshold("peer_score_spread", year)
        apart = totals[-1].points - totals[0].points
        if apart < least:
            # Of two units that round differently, the highest says how.
            shown = totals[-1].printer.points(apart, [least])
            warnings.append(f"最高与最低只相差{shown}分，不到{format_exact(least)}分")
    tail = "，分不出好坏，复核时容易被认为自评虚高，请抽查佐证材料"
    return f"{'，'.join(warnings)}{tail}。" if warnings else ""


def _rank(total: UnitTotal) -> tuple[Fraction, str]:
    return total.points, total.unit
