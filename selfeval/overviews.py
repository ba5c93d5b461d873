"""Income by source and spending by function, as official tables have them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from .budget import Quantity
from .relations import Address
from .tables import Tables
from .tables.book import CLASSES, Book, Entry, is_class
from .terms import NOT_SUPPLIED, PHASES

SHOWN_PHASES = ("initial_budget", "executed")
_NUMBERED = re.compile(r"(?:[一二三四五六七八九十]+|[（(][一二三四五六七八九十]+[)）]|\d+)[、.．]?")
_TOTALS = ("total", "current_total", "grand_total")


def overview_quantities(tables: Tables) -> dict[str, Quantity]:
    """Return the rows of both overviews, by key ``<overview>:<item>.<phase>``, in reading order.

    A phase that no table has is left out, and so is a row that is nowhere more than nothing.
    """
    found: dict[str, Quantity] = {}
    relations = tables.relations
    for overview, sources in (relations.overviews if relations else {}).items():
        columns = {
            phase: entries
            for phase in SHOWN_PHASES
            if (entries := _column(tables.book, sources, phase, overview))
        }
        rows = {entry.item: entry.name for column in columns.values() for entry in column.values()}
        for item, name in sorted(rows.items(), key=lambda row: row[0] == "total"):
            if any(item in column and column[item].fen for column in columns.values()):
                for phase, column in columns.items():
                    key = f"{overview}:{item}.{phase}"
                    label = f"{name if overview == 'revenue' else _bare(name)}{PHASES[phase]}"
                    found[key] = _quantity(key, label, column.get(item))
    return found


def _column(book: Book, sources: Sequence[Address], phase: str, overview: str) -> dict[str, Entry]:
    """Return one phase's numbers from the first table that has any, by item."""
    for source in sources:
        entries = {
            entry.item: entry
            for item in book.items(source.table)
            if overview == "revenue" or item in _TOTALS or is_class(item, CLASSES)
            if (entry := book.get(source._replace(item=item), phase)) is not None
        }
        if any(entry.fen and entry.item not in _TOTALS for entry in entries.values()):
            return entries
    return {}


def overview_rows(
    known: dict[str, Quantity], overview: str
) -> Iterator[tuple[str, dict[str, Quantity]]]:
    """Yield each row of an overview: its name, and its numbers by phase."""
    rows: dict[str, dict[str, Quantity]] = {}
    for key, quantity in known.items():
        line, _, phase = key.rpartition(".")
        if line.startswith(f"{overview}:"):
            rows.setdefault(line, {})[phase] = quantity
    for numbers in rows.values():
        phase, first = next(iter(numbers.items()))
        yield first.label.removesuffix(PHASES[phase]), numbers


def _bare(name: str) -> str:
    """Return a class's name without its number, which skips the classes that have nothing."""
    return _NUMBERED.sub("", name, count=1) if _NUMBERED.match(name) else name


def _quantity(key: str, label: str, entry: Entry | None) -> Quantity:
    if entry is None:
        return Quantity(key, label, "money", None, missing="表里没有这一行", applies=False)
    if entry.fen is None:
        return Quantity(
            key,
            label,
            "money",
            None,
            missing=f"{label}{NOT_SUPPLIED}",
            applies=entry.state != "dash",
        )
    return Quantity(key, label, "money", Fraction(entry.fen), source=str(entry.place))
