"""What was read of official tables and forms, and what was not."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..sheets import Grid, Place

Record = dict[str, object]


@dataclass(frozen=True)
class Unread:
    """A number that was not understood: where, what it says, and why."""

    place: Place
    raw: str
    why: str


@dataclass
class OfficialTable:
    """One table that was recognised, and where it stands."""

    layout: str
    name: str
    title: str
    file: str
    sheet: str
    range: str
    amount_unit: str
    year: int | None
    phase: str
    fund: str
    notes: tuple[str, ...] = ()
    is_empty: bool = False
    says_empty: bool = False


@dataclass
class Reading:
    """What was read of some grids."""

    tables: list[OfficialTable] = field(default_factory=list)
    amounts: list[Record] = field(default_factory=list)
    figures: list[Record] = field(default_factory=list)
    indicators: list[Record] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    strangers: list[tuple[Grid, str]] = field(default_factory=list)

    def add(self, other: Reading) -> None:
        """Add what was read elsewhere."""
        self.tables += other.tables
        self.amounts += other.amounts
        self.figures += other.figures
        self.indicators += other.indicators
        self.unread += other.unread
        self.strangers += other.strangers
