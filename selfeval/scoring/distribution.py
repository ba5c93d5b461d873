"""The scores of all units of a year beside each other: how far apart, and who lies where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, NamedTuple

from ..budget.printer import Printer
from ..money import format_exact
from ..schemes.checks import Checks
from ..terms import GRADES


class UnitTotal(NamedTuple):
    """A unit's total, how it is printed, and by what it was scored."""

    points: Fraction
    unit: str
    grade: str
    printer: Printer
    limits: tuple[Fraction, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class ScoreDistribution:
    """The totals of a year's units that have one, low to high; ``warning`` "" if none is due.

    ``without`` counts the units that were evaluated and have no total, ``pending`` those some of
    whose points wait: they are in no figure here.
    """

    totals: tuple[UnitTotal, ...]
    without: int
    pending: int
    warning: str

    @property
    def median(self) -> Fraction:
        """The middle total, or the mean of the two in the middle."""
        low, high = (len(self.totals) - 1) // 2, len(self.totals) // 2
        return (self.totals[low].points + self.totals[high].points) / 2

    @property
    def profiles(self) -> int:
        """In how many ways they were scored."""
        return len({total.sources for total in self.totals})

    @property
    def all_excellent(self) -> bool:
        """Whether each of them is of the best grade."""
        return all(total.grade == GRADES["excellent"] for total in self.totals)


def record_limits(report: Mapping[str, Any], key: str) -> tuple[Fraction, ...]:
    """Return beside what a number of a unit's record is printed."""
    return tuple(Fraction(limit) for limit in report.get("limits", {}).get(key, ()))


def score_distribution(
    checks: Checks, year: int, records: Sequence[Mapping[str, Any]]
) -> ScoreDistribution | None:
    """Return how the totals of a year's units lie, None where no unit has one.

    Parameters
    ----------
    checks : Checks
        The thresholds: from how many units on, and how close is too close.
    records : sequence of mappings
        One ``record.json`` a unit.
    """
    done = [record for record in records if record["status"] == "done"]
    totals = sorted(
        UnitTotal(
            Fraction(r["report"]["score"]),
            str(r["unit_name"] or r["unit_code"]),
            r["report"]["grade"],
            Printer(r["report"]["rounding"]),
            record_limits(r["report"], "score"),
            tuple(r["report"].get("sources", ())),
        )
        for r in done
        if r["report"]["score"] is not None and not r["report"].get("pending")
    )
    pending = sum(1 for r in done if r["report"].get("pending"))
    if not totals:
        return None
    found = ScoreDistribution(tuple(totals), len(done) - len(totals) - pending, pending, "")
    warnings = []
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
    return replace(found, warning=f"{'，'.join(warnings)}{tail}。") if warnings else found
