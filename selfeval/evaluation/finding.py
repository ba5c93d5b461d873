"""What a check says, and what it looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..sheets import Place
from ..tables.rows import Amount
from ..unit import Unit

Outcome = Literal["pass", "rounding", "fail", "not_computable"]


@dataclass(frozen=True)
class TotalAndParts:
    """A total as printed, and the amounts it was compared with: each is added (1) or taken off."""

    whole: Amount
    parts: tuple[tuple[Amount, int], ...]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a rule says of one item, worded for the person who filed the tables.

    ``not_computable`` is an outcome of its own, never a pass; its message says why. No verdict
    claims which side of a disagreement is wrong.
    """

    message: str
    outcome: Outcome = "fail"
    places: tuple[Place, ...] = ()
    expected: str = ""
    found: str = ""
    item: str = ""
    explanation: str = ""
    people: int = 0
    """How many people a reason that speaks of a number of them has to speak of."""
    degree: str = ""
    """How bad it is, where a rule tells degrees apart; reviewers deduct by it."""
    of: str = ""
    """What of the score is missing for it: a line's number, row or id, or the total's key."""
    compared: tuple[TotalAndParts, ...] = ()
    """The totals that it is about, each with its parts: all of them ended as it did."""
    write: tuple[Place, ...] = ()
    """The cells that its answer is written into, where that is not told by its rule."""
    asks: str = ""
    """What is written there, in a few words, where its rule does not tell it."""
    due: tuple[tuple[Place, str], ...] = ()
    """Cells of which one may be wrong, each with what it alone would hold for it to pass."""
    doubted: tuple[Place, ...] = ()
    """The amounts that may themselves be wrong, where the answer is written elsewhere."""
    follows: tuple[str, ...] = ()
    """The items whose reasons are its reason: it goes once all of theirs are given."""


@dataclass(frozen=True, kw_only=True)
class Finding(Verdict):
    """A rule's verdict under its code, with the severity and the action of the scheme."""

    code: str
    severity: Literal["error", "warning", "info"]
    action: Literal["correct", "explain", "supply"]
    said: str = ""
    """What unit.yaml says of it, where that is not enough to explain it."""
    withholds: bool = False
    """Whether the unit has no total for it."""

    @property
    def is_open(self) -> bool:
        """Whether it still asks for something: not passed, not rounding, not explained."""
        return self.outcome in {"fail", "not_computable"} and not self.explanation

    @property
    def waits(self) -> bool:
        """Whether the unit has something to do for it; of what is mild and unknown it has not."""
        return self.is_open and not (self.outcome == "not_computable" and self.severity == "info")

    @property
    def blocks(self) -> bool:
        """Whether it keeps the public edition a draft."""
        is_severe = self.outcome == "fail" and self.severity == "error"
        return self.is_open and (is_severe or self.withholds)

    def record(self) -> dict[str, object]:
        """Return it as plain data for ``selfeval check --json``."""
        return {
            "code": self.code,
            "outcome": self.outcome,
            "severity": self.severity,
            "message": self.message,
            "places": [place.record() for place in self.places],
            "expected": self.expected,
            "found": self.found,
            "item": self.item,
            "action": self.action,
            "explanation": self.explanation,
        }


def places_text(places: Sequence[Place], code: str, cells: int = 6, sheets: int = 3) -> str:
    """Return places as a clerk would look for them: cells of one sheet named together.

    ``code`` is the unit's; a file of its folder of the year before has it in its name already.
    """
    groups: dict[tuple[str, str, str], list[str]] = {}
    for place in places:
        unit = "" if "/" in place.file else code
        groups.setdefault((unit, place.file, place.sheet), []).append(place.cell)
    shown = []
    for (unit, file, sheet), named in list(groups.items())[:sheets]:
        listed = "、".join(cell for cell in named[:cells] if cell)
        more = f" 等 {len(named)} 处" if len(named) > cells else ""
        shown.append(f"{Place(file, sheet, listed, unit)}{more}")
    rest = len(groups) - sheets
    return "；".join(shown) + (f"；另有 {rest} 张表" if rest > 0 else "")


def unit_place(unit: Unit, file: str, cell: str = "") -> Place:
    """Return a place in one of the unit's own text files."""
    return Place(file, "", cell, unit.code)


def is_draft(findings: Sequence[Finding]) -> bool:
    """Return whether unresolved severe fails keep the public edition a draft."""
    return any(finding.blocks for finding in findings)
