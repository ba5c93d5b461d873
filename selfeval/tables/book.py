"""All amounts of the official tables, to be looked up by table, block, item, fund and phase."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..schemes.relations import CLASSES, GROUPS, OTHERS, Address
from ..sheets import Place
from .reading import Unread
from .rows import Amount

Column = tuple[str, str, str]
"""A block, a fund and a phase: what the numbers of one column have in common."""

_NAMES = ("name:", "project:")
"""What the items of rows that bear names of their own begin with."""


class Book:
    """The amounts of one unit's official tables, in the order of reading.

    Numbers that were not understood are among them where their row and column are known; the
    others may be part of any sum in their row or their column.
    """

    def __init__(
        self,
        amounts: Sequence[Amount],
        funds: Mapping[str, str],
        unread: Sequence[Unread] = (),
    ) -> None:
        self._made_of = (amounts, funds, unread)
        self._loose = [other for other in unread if other.of is None]
        lost = [other.of for other in unread if other.of is not None]
        self.entries = [_entry(amount, funds.get(amount.table, "")) for amount in (*amounts, *lost)]
        self._found: dict[tuple[Address, str], list[Amount]] = {}
        self._items: dict[str, dict[str, None]] = {}
        self._columns: dict[str, dict[Column, None]] = {}
        self._phases: dict[str, dict[str, None]] = {}
        for entry in self.entries:
            self._found.setdefault((entry.at, entry.phase), []).append(entry)
            self._items.setdefault(entry.table, {})[entry.item_code] = None
            column = (entry.block, entry.fund, entry.phase)
            self._columns.setdefault(entry.table, {})[column] = None
            self._phases.setdefault(entry.table, {})[entry.phase] = None
        # Of a number that was read several times, the first that is filled in.
        self._first = {
            key: next((entry for entry in found if entry.filled), found[0])
            for key, found in self._found.items()
        }

    def __reduce__(self) -> tuple[type[Book], tuple[Any, ...]]:
        return Book, self._made_of

    def fund_of(self, table: str) -> str:
        """Return the fund a table is of by itself, "" where it is of none or of several."""
        return self._made_of[1].get(table, "")

    def has(self, table: str) -> bool:
        """Return whether any amount of a table was read."""
        return table in self._items

    def tables(self) -> Iterator[str]:
        """Yield the tables of which anything was read."""
        yield from self._items

    def items(self, table: str) -> list[str]:
        """Return the items of a table in the order of reading."""
        return list(self._items.get(table, ()))

    def phases(self, *tables: str) -> list[str]:
        """Return the phases that each of some tables has."""
        first, *others = (self._phases.get(table, {}) for table in tables)
        return [phase for phase in first if all(phase in other for other in others)]

    def columns(self, table: str) -> list[Column]:
        """Return the blocks, funds and phases of a table."""
        return list(self._columns.get(table, ()))

    def get(self, at: Address, phase: str) -> Amount | None:
        """Return one number; of several read for it the first that is filled in."""
        if at.phase:
            at, phase = at._replace(phase=""), at.phase
        return self._first.get((at, phase))

    def group(self, at: Address, phase: str) -> list[Amount]:
        """Return the numbers an address means: one, or all of a group of items."""
        if at.item not in GROUPS:
            entry = self.get(at, phase)
            return [entry] if entry else []
        found = (
            self.get(at._replace(item=item), phase)
            for item in self.items(at.table)
            if (item.startswith(_NAMES) if at.item == OTHERS else is_class(item, at.item))
        )
        return [entry for entry in found if entry]

    def loose(self, entries: Iterable[Amount], in_one_row: bool = False) -> tuple[Unread, ...]:
        """Return the numbers of unknown rows or columns that stand in line with some others."""
        if not self._loose:
            return ()
        lines = {_line(entry.place, in_one_row) for entry in entries}
        return tuple(other for other in self._loose if _line(other.place, in_one_row) in lines)

    def loose_in(self, table: str) -> tuple[Unread, ...]:
        """Return the numbers of unknown rows or columns on the sheets of a table."""
        places = (entry.place for entry in self.entries if entry.table == table)
        sheets = {(place.file, place.sheet) for place in places}
        return tuple(
            other for other in self._loose if (other.place.file, other.place.sheet) in sheets
        )

    def may_lack(self, addends: Sequence[Amount | None]) -> bool:
        """Return whether a number that was not understood is, or may be, among some addends."""
        found = [entry for entry in addends if entry is not None]
        lost = any(entry.lost for entry in found)
        return lost or (len(found) < len(addends) and bool(self.loose(found)))

    def repeated(self) -> Iterator[list[Amount]]:
        """Yield the numbers that were read more than once, where the item is sure."""
        for (at, phase), found in self._found.items():
            if phase and not at.item.startswith("name:"):
                filled = [entry for entry in found if entry.fen is not None]
                if len(filled) > 1:
                    yield filled


def _line(place: Place, row: bool) -> tuple[str, str, str]:
    """Return the row or the column of a cell."""
    letters = place.cell.rstrip("0123456789")
    return place.file, place.sheet, place.cell.removeprefix(letters) if row else letters


def is_class(item: str, group: str) -> bool:
    """Return whether an item is a class of the group's classification."""
    if group == CLASSES:
        return item.startswith("name:") or (len(item) == 3 and item[0] == "2")
    return len(item) == 3 and item.isdecimal() and item[0] in "345"


def apart(layout: str, file: str, sheet: str) -> str:
    """Return the name of a table that says not what it is of: it is that of its sheet alone."""
    return f"{layout}@{file}#{sheet}"


def _entry(amount: Amount, own_fund: str) -> Amount:
    """Return an amount as others look for it; the table's own fund goes unnamed."""
    if not amount.phase:  # a table without a title is nobody's but its own sheet's
        own_table = apart(amount.table, amount.place.file, amount.place.sheet)
        amount = replace(amount, table=own_table)
    return replace(amount, fund="") if own_fund and amount.fund == own_fund else amount
