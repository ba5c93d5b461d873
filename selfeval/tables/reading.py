"""What was read of official tables and forms, and what was not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from ..sheets import Grid, Place
from .official_table import OfficialTable, StatedName, StatedYear, row_of
from .rows import Amount, Figure, Indicator

_Number = TypeVar("_Number", Amount, Figure)


@dataclass(frozen=True)
class Unread:
    """A number that was not understood: where, what it says, and why.

    ``of`` is its amount without the number, where its row and its column are known.
    """

    place: Place
    raw: str
    why: str
    of: Amount | None = field(default=None, compare=False)


@dataclass
class Reading:
    """What was read of some grids.

    ``covers`` and ``cover_owners`` are what sheets without tables say of their file's year and
    office; ``foreign`` the tables of other offices, that were taken out, with how many numbers
    each had; ``doubtful`` those that may be of the office above, ``doubtful_files`` the files
    that are named after another office.
    """

    tables: list[OfficialTable] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    strangers: list[tuple[Grid, str]] = field(default_factory=list)
    covers: list[StatedYear] = field(default_factory=list)
    cover_owners: list[StatedName] = field(default_factory=list)
    foreign: list[tuple[OfficialTable, int]] = field(default_factory=list)
    doubtful: list[OfficialTable] = field(default_factory=list)
    doubtful_files: list[StatedName] = field(default_factory=list)

    @property
    def numbers(self) -> list[Amount | Figure]:
        """All numbers that were understood, and the blanks among the amounts."""
        return [*self.amounts, *self.figures]

    def add(self, other: Reading) -> None:
        """Add what was read elsewhere."""
        self.tables += other.tables
        self.amounts += other.amounts
        self.figures += other.figures
        self.indicators += other.indicators
        self.unread += other.unread
        self.strangers += other.strangers

    def put_in_time(self, when: Callable[[Amount | Figure], tuple[str, int | None]]) -> None:
        """Give each number its phase and its year, also those that were not understood."""

        def placed(row: _Number) -> _Number:
            phase, year = when(row)
            is_there = (row.phase, row.year) == (phase, year)
            return row if is_there else replace(row, phase=phase, year=year)

        self._renew(placed, placed)

    def settle_tables(self) -> None:
        """Give each row the table of its layout that begins above it, or else the first."""

        def table_of(layout: str, row: int) -> OfficialTable | None:
            own = [table for table in self.tables if table.layout == layout]
            above = (table for table in reversed(own) if table.first_row <= row)
            return next(above, own[0] if own else None)

        def placed(row: _Number) -> _Number:
            return replace(row, official=table_of(row.table, row_of(row.place.cell)))

        self._renew(placed, placed)
        self.indicators = [
            replace(row, official=table_of(row.table, row.row)) for row in self.indicators
        ]

    def _renew(
        self, amount: Callable[[Amount], Amount], figure: Callable[[Figure], Figure]
    ) -> None:
        self.amounts = [amount(row) for row in self.amounts]
        self.figures = [figure(row) for row in self.figures]
        self.unread = [
            unread if unread.of is None else replace(unread, of=amount(unread.of))
            for unread in self.unread
        ]
