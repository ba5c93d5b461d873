"""The scores of all units of a year beside each other: how far apart, and who lies where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .money import Rounding, format_decimal, format_exact
from .schemes import Checks
from .terms import GRADES


@dataclass(frozen=True)
class ScoreDistribution:
    """The totals of a year's units that have one, low to high; ``warning`` "" if none is due.

    ``order`` names the units in the order of ``scores``, ``roundings`` says how each rounds,
    ``limits`` beside what it is printed; ``profiles`` counts the ways they were scored.
    ``without`` counts the units that were evaluated and have no total, ``pending`` those some of
    whose points wait: they are in no figure here.
    """

    scores: tuple[Fraction, ...]
    order: tuple[str, ...]
    roundings: tuple[Rounding, ...]
    limits: tuple[tuple[Fraction, ...], ...]
    profiles: int
    without: int
    pending: int
    all_excellent: bool
    warning: str

    @property
    def median(self) -> Fraction:
        """The middle total, or the mean of the two in the middle."""
        middle = len(self.scores) // 2
        if len(self.scores) % 2:
            return self.scores[middle]
        return (self.scores[middle - 1] + self.scores[middle]) / 2


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
    known = sorted(
        (
            Fraction(r["report"]["score"]),
            str(r["unit_name"] or r["unit_code"]),
            r["report"]["grade"],
            r["report"]["rounding"],
            record_limits(r["report"], "score"),
            tuple(r["report"].get("sources", ())),
        )
        for r in done
        if r["report"]["score"] is not None and not r["report"].get("pending")
    )
    pending = sum(1 for r in done if r["report"].get("pending"))
    if not known:
        return None
    scores = tuple(score for score, *_ in known)
    excellent = all(grade == GRADES["excellent"] for _, _, grade, *_ in known)
    warnings = []
    if len(known) >= checks.threshold("peer_score_count", year):
        if excellent:
            warnings.append(f"{len(known)}个单位全部为“{GRADES['excellent']}”")
        least = checks.threshold("peer_score_spread", year)
        apart = scores[-1] - scores[0]
        if apart < least:
            # Of two units that round differently, the highest says how.
            shown = format_decimal(apart, 2, known[-1][3], [least])
            warnings.append(f"最高与最低只相差{shown}分，不到{format_exact(least)}分")
    tail = "，分不出好坏，复核时容易被认为自评虚高，请抽查佐证材料"
    return ScoreDistribution(
        scores,
        tuple(name for _, name, *_ in known),
        tuple(rounding for *_, rounding, _, _ in known),
        tuple(limits for *_, limits, _ in known),
        len({profile for *_, profile in known}),
        len(done) - len(known) - pending,
        pending,
        excellent,
        f"{'，'.join(warnings)}{tail}。" if warnings else "",
    )
