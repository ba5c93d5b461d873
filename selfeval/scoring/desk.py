"""The records of a year's units as a desk lays them out: state, what waits, what compares.

Whatever a page or workbook beside the reports says of a unit is read from its record here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal, get_args

from ..budget.printer import Printer
from ..terms import SCREEN_WORDS

DeskState = Literal["failed", "stale", "draft", "not_scored", "warned", "noted", "clear", "done"]
DESK_STATES: Final[tuple[DeskState, ...]] = get_args(DeskState)
"""In the order of what asks for work first; ``done`` is a page of an own notebook."""
READY: Final[frozenset[DeskState]] = frozenset({"warned", "noted", "clear", "done"})
"""The states of reports that may be handed in."""


@dataclass(frozen=True)
class DeskUnit:
    """One unit of a year, by its record; ``stale`` says why its report is no longer good."""

    record: Mapping[str, Any]
    stale: str = ""

    @property
    def code(self) -> str:
        """The unit's code."""
        return str(self.record["unit_code"])

    @property
    def name(self) -> str:
        """The unit's name, its code where nothing tells it."""
        return str(self.record["unit_name"] or self.code)

    @property
    def group(self) -> str:
        """Its department, "" for none."""
        return str(self.record.get("group", ""))

    @property
    def report(self) -> Mapping[str, Any]:
        """What the record tells of the report, empty where there is none."""
        report: Mapping[str, Any] = self.record.get("report", {})
        return report

    @property
    def printer(self) -> Printer:
        """Prints as the unit's own report does: two pages never print one amount differently."""
        return Printer(self.report["rounding"])

    @property
    def state(self) -> DeskState:
        """Where it stands."""
        if self.record["status"] != "done":
            return "failed"
        if self.stale:
            return "stale"
        state = record_state(self.record)
        if state != "done" or "notebook" in self.report:
            return state
        return "warned" if self.waiting("warning") else "noted" if self.problems else "clear"

    @property
    def problems(self) -> Sequence[Mapping[str, Any]]:
        """What waits, by rule, what weighs most first."""
        found: Sequence[Mapping[str, Any]] = self.report.get("problems", ())
        return found

    def waiting(self, severity: str) -> int:
        """Return how many findings of a severity wait."""
        return sum(one["count"] for one in self.problems if one["severity"] == severity)

    def number(self, key: str) -> Fraction | None:
        """Return a number of the report as it is exactly, None where there is none."""
        exact = self.report.get(key)
        return None if exact is None else Fraction(exact)

    @property
    def held(self) -> str:
        """Whether points of its score wait or a cap holds it, a key of ``SCREEN_WORDS``."""
        if self.report.get("pending"):
            return "pending"
        return "capped" if self.report.get("cap") else ""

    @property
    def incomparable(self) -> str:
        """Why its score is not held against others', a key of ``SCREEN_WORDS``; "" if it is."""
        apart = self.state in {"failed", "stale", "draft", "not_scored"}
        return self.state if apart else self.held


@dataclass(frozen=True)
class Sums:
    """What units have together: only of those that have both numbers, which are counted.

    Money is in 分. ``rate`` is spending as a share of the other number; None without any.
    """

    units: int
    budget: Fraction
    executed: Fraction

    @property
    def rate(self) -> Fraction | None:
        """Spending ÷ budget."""
        return self.executed / self.budget if self.budget else None


def desk_units(
    records: Iterable[Mapping[str, Any]], stale: Mapping[str, str] | None = None
) -> list[DeskUnit]:
    """Return the units in order: by state, then by severe findings, then by amount.

    Parameters
    ----------
    records : iterable of mappings
        One ``record.json`` a unit.
    stale : mapping, optional
        Why a report is no longer what would be made now, by its unit's code.
    """
    units = [DeskUnit(one, (stale or {}).get(one["unit_code"], "")) for one in records]
    return sorted(units, key=_order)


def _order(unit: DeskUnit) -> tuple[int, int, Fraction, str]:
    amount = unit.number("executed") or unit.number("initial_budget") or Fraction(0)
    return DESK_STATES.index(unit.state), -unit.waiting("error"), -amount, unit.code


def sums(units: Iterable[DeskUnit], budget: str) -> Sums:
    """Return what those units have together whose report is good and tells both numbers.

    ``budget`` is the number beside the spending: ``initial_budget`` or ``adjusted_budget``.
    """
    pairs = [
        (planned, spent)
        for unit in units
        if unit.state != "stale"
        and (planned := unit.number(budget)) is not None
        and (spent := unit.number("executed")) is not None
    ]
    return Sums(
        len(pairs),
        sum((planned for planned, _ in pairs), Fraction(0)),
        sum((spent for _, spent in pairs), Fraction(0)),
    )


def record_state(record: Mapping[str, Any]) -> Literal["draft", "not_scored", "done"]:
    """Return how far a report is: a draft, without a total, or complete.

    The page of an own notebook is complete once it is.
    """
    report = record["report"]
    if "notebook" in report:
        return "done"
    if report["draft"]:
        return "draft"
    return "not_scored" if report["score"] is None else "done"


def record_limits(report: Mapping[str, Any], key: str) -> tuple[Fraction, ...]:
    """Return beside what a number of a unit's record is printed."""
    return tuple(Fraction(limit) for limit in report.get("limits", {}).get(key, ()))


def score_text(report: Mapping[str, Any]) -> str:
    """Return the score of a unit's record with its grade, its cap and the points that wait.

    Without a score it says why.
    """
    if report["score"] is None:
        why = report.get("score_missing", "")
        return SCREEN_WORDS["not_scored"] + (f"（{why}）" if why else "")
    printer = Printer(report["rounding"])
    points = printer.points(Fraction(report["score"]), record_limits(report, "score"))
    first = f"{points}分" if report.get("pending") else f"{points}（{report['grade']}）"
    return "".join([first, *(f"（{text}）" for text in _held(report, printer) if text)])


def _held(report: Mapping[str, Any], printer: Printer) -> tuple[str, str]:
    """Return which cap holds a total down, and which of its points wait."""
    # Brings pandas, which the page of rules does not need.
    from ..evaluation.score import pending_text

    cap = report.get("cap", "")
    waiting = [
        # A record of an earlier version has no weights.
        (one["name"], Fraction(one["points"]), Fraction(one.get("weight", one["points"])))
        for one in report.get("pending", ())
    ]
    return cap, pending_text(waiting, printer, bool(cap))
