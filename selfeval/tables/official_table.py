"""An official table that was recognised: what it is, where it stands, what is stated for it."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_uppercase
from typing import NamedTuple

from ..sheets import Place


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

    @property
    def place(self) -> Place:
        """Its cells."""
        return Place(self.file, self.sheet, self.range)

    @property
    def first_row(self) -> int:
        """The row in which it begins."""
        return row_of(self.range.partition(":")[0])


def row_of(cell: str) -> int:
    """Return the row of a cell by its address, 0 where that is none."""
    digits = cell.lstrip(ascii_uppercase)
    return int(digits) if digits.isdecimal() else 0
