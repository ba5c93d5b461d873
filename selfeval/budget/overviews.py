"""Income by source and spending by function, as official tables have them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from ..schemes.relations import CLASSES, Address
from ..tables import Tables
from ..tables.book import Book, is_class
from ..tables.rows import Amount
from ..terms import NOT_SUPPLIED, PHASES
from .quantities import Quantity

SHOWN_PHASES = ("initial_budget", "executed")
_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十]+[)）]|\d+[、.．])"
)
_TOTALS = ("total", "current_total", "grand_total")


def overview_quantities(tables: Tables) -> dict[str, Quantity]:
    """Return the rows of both overviews, by key ``<overview>:<item>.<phase>``, in reading order.

    A phase that no table has is left out, and so is a row that is nowhere more than nothing.
    Budgets and final accounts list income in different rows: each phase has its own.
    """
    found: dict[str, Quantity] = {}
    relations = tables.relations
    for overview, sources in (relations.overviews if relations else {}).items():
        columns = {phase: _column(tables.book, sources, phase, overview) for phase in SHOWN_PHASES}
        columns = {phase: column for phase, column in columns.items() if column}
        for phases in [[p] for p in columns] if overview == "revenue" else [list(columns)]:
            for item, name in _names([columns[phase] for phase in phases]):
                for phase in phases:
                    key, label = f"{overview}:{item}.{phase}", f"{name}{PHASES[phase]}"
                    found[key] = _quantity(key, label, columns[phase].get(item))
    return found


def _names(columns: Sequence[dict[str, Amount]]) -> Iterator[tuple[str, str]]:
    """Yield the items that are anywhere more than nothing with their names, 合计 last."""
    names = {entry.item_code: entry.item_name for column in columns for entry in column.values()}
    for item in sorted(names, key=lambda item: item == "total"):
        if any(item in column and column[item].fen for column in columns):
            # The number of a class skips the classes that have nothing.
            yield item, _NUMBERED.sub("", names[item]) if is_class(item, CLASSES) else names[item]


def _column(book: Book, sources: Sequence[Address], phase: str, overview: str) -> dict[str, Amount]:
    """Return one phase's numbers from the first table that has any, by item."""
    for source in sources:
        entries = {
            entry.item_code: entry
            for item in book.items(source.table)
            if overview == "revenue" or item in _TOTALS or is_class(item, CLASSES)
            if (entry := book.get(source._replace(item=item), phase)) is not None
        }
        if any(entry.fen and entry.item_code not in _TOTALS for entry in entries.values()):
            return entries
    return {}


def overview_rows(
    known: Mapping[str, Quantity], overview: str, phases: Sequence[str]
) -> list[tuple[str, list[Quantity]]]:
    """Return the rows of an overview in some phases: names, and numbers in their order."""
    rows: dict[str, list[Quantity]] = {}
    for key, quantity in known.items():
        line, _, phase = key.rpartition(".")
        if line.startswith(f"{overview}:") and phase in phases:
            rows.setdefault(line, []).append(quantity)
    return [
        (numbers[0].label.removesuffix(PHASES[numbers[0].key.rpartition(".")[2]]), numbers)
        for numbers in rows.values()
    ]


def _quantity(key: str, label: str, entry: Amount | None) -> Quantity:
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
