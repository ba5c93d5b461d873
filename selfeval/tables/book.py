"""All amounts of the official tables, to be looked up by table, block, item, fund and phase."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from ..money import DISPLAY_DECIMALS, FEN_PER
from ..relations import Address
from ..sheets import Place

CLASSES, ECONOMIC, OTHERS = "classes", "economic", "others"
"""Items that stand for a group: all functional classes, all economic classes, or all items of a
block but the one that is named like it, its total."""


class Entry(NamedTuple):
    """One amount as printed: 分 (None where blank or 不适用), and half of its last digit."""

    table: str
    block: str
    item: str
    name: str
    fund: str
    phase: str
    fen: int | None
    state: str
    raw: str
    unit: str
    half: Fraction
    place: Place

    @property
    def filled(self) -> bool:
        """Whether anything is filled in, also 0 and 不适用."""
        return self.state != "blank"


class Book:
    """The amounts of one unit's official tables, in the order of reading."""

    def __init__(self, records: Sequence[Mapping[str, Any]], funds: Mapping[str, str]) -> None:
        self.entries = [as_entry(record, funds.get(str(record["table"]), "")) for record in records]
        self._found: dict[tuple[str, str, str, str, str], list[Entry]] = {}
        self._items: dict[str, dict[str, None]] = {}
        self._phases: dict[str, dict[str, None]] = {}
        for entry in self.entries:
            key = (entry.table, entry.block, entry.item, entry.fund, entry.phase)
            self._found.setdefault(key, []).append(entry)
            self._items.setdefault(entry.table, {})[entry.item] = None
            self._phases.setdefault(entry.table, {})[entry.phase] = None

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

    def columns(self, table: str) -> list[tuple[str, str, str]]:
        """Return the blocks, funds and phases of a table."""
        found = {(e.block, e.fund, e.phase): None for e in self.entries if e.table == table}
        return list(found)

    def get(self, at: Address, phase: str) -> Entry | None:
        """Return one number; of several read for it the first that is filled in."""
        key = (at.table, at.block, at.item, at.fund, at.phase or phase)
        found = self._found.get(key, [])
        return next((entry for entry in found if entry.filled), found[0] if found else None)

    def group(self, at: Address, phase: str) -> list[Entry]:
        """Return the numbers an address means: one, or all of a group of items."""
        if at.item not in (CLASSES, ECONOMIC, OTHERS):
            entry = self.get(at, phase)
            return [entry] if entry else []
        found = (
            self.get(at._replace(item=item), phase)
            for item in self.items(at.table)
            if (item != at.block if at.item == OTHERS else is_class(item, at.item))
        )
        return [entry for entry in found if entry]

    def repeated(self) -> Iterator[list[Entry]]:
        """Yield the numbers that were read more than once, where the item is sure."""
        for (_, _, item, _, _), found in self._found.items():
            if not item.startswith("name:"):
                filled = [entry for entry in found if entry.filled]
                if len(filled) > 1:
                    yield filled


def is_class(item: str, group: str) -> bool:
    """Return whether an item is a class of the group's classification."""
    if group == CLASSES:
        return item.startswith("name:") or (len(item) == 3 and item[0] == "2")
    return len(item) == 3 and item.isdecimal() and item[0] in "345"


def as_entry(record: Mapping[str, Any], own_fund: str = "") -> Entry:
    """Return an amount record as an entry; the table's own fund goes unnamed."""
    table, fund = str(record["table"]), str(record["fund"])
    raw, unit = str(record["raw"]), str(record["amount_unit"])
    if not record["phase"]:  # a table without a title is nobody's but its own sheet's
        table = f"{table}@{record['file']}#{record['sheet']}"
    return Entry(
        table,
        str(record["block"]),
        str(record["item_code"]),
        str(record["item_name"]),
        "" if fund == own_fund else fund,
        str(record["phase"]),
        None if record["state"] in ("blank", "dash") else int(record["amount"]),
        str(record["state"]),
        raw,
        unit,
        _half(raw, unit),
        Place(str(record["file"]), str(record["sheet"]), str(record["cell"])),
    )


def _half(raw: str, unit: str) -> Fraction:
    """Return half of the last printed digit in 分; nothing where it is printed to the 分."""
    digits = raw.rstrip(")）% 元万亿千")
    decimals = len(digits.rpartition(".")[2]) if "." in digits else 0
    if unit == "元" and decimals:
        return Fraction(0)
    if unit != "元":  # 45 in 万元 may have been 45.00: a workbook keeps no trailing zeros
        decimals = max(decimals, DISPLAY_DECIMALS)
    scale = Fraction(FEN_PER[unit], 10**decimals)
    return scale / 2 if scale > 1 else Fraction(0)
