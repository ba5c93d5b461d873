"""What was read of official tables and forms, and what was not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeVar

from ..sheets import Grid, Place
from .rows import Amount, Figure, Indicator

Record = dict[str, object]
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


class StatedYear(NamedTuple):
    """A year that is stated for a table: in what, in which words, and where they stand."""

    year: int
    where: str
    text: str
    place: Place

    @property
    def source(self) -> str:
        """What says it, as messages name it."""
        return f"{self.where}“{self.text}”"


class StatedName(NamedTuple):
    """The name of an office that is printed for a table: on what, and where it stands."""

    name: str
    where: str
    place: Place


@dataclass
class OfficialTable:
    """One table that was recognised, and where it stands.

    ``years`` are what is stated of its year, the first of them holds; ``year_by`` is what its
    year is known from, ``doubts`` the sources that contradict one another; ``owner`` is the
    office it names as its own.
    """

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
    years: tuple[StatedYear, ...] = ()
    year_by: str = ""
    doubts: tuple[str, ...] = ()
    owner: StatedName | None = None


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
            return replace(row, phase=phase, year=year)

        self.amounts = [placed(row) for row in self.amounts]
        self.figures = [placed(row) for row in self.figures]
        self.unread = [
            unread if unread.of is None else replace(unread, of=placed(unread.of))
            for unread in self.unread
        ]
