"""The unit of money of a table and of its columns: stated above it, or in a heading."""

from __future__ import annotations

from dataclasses import dataclass

from ..cells import Cells, unit_notes, units_in_brackets
from .bands import Band

_LONGEST_TITLE = 60


@dataclass(frozen=True)
class MoneyUnit:
    """A unit of money, or the fault why there is none; ``unstated`` if nothing says it."""

    name: str
    fault: str = ""
    unstated: bool = False


UNSTATED = MoneyUnit("", "表上没有写明金额单位", unstated=True)


def table_unit(cells: Cells, above: int, band: Band) -> MoneyUnit:
    """Return the unit that a table's title, the lines below it or its header state."""
    found: dict[str, None] = {}
    for row in range(above, band.last + 1):
        found |= dict.fromkeys(name for name, _ in unit_notes(cells, row))
        if row < band.first:
            for text in cells.texts[row]:
                if "元" in text and len(text) <= _LONGEST_TITLE:
                    found |= dict.fromkeys(units_in_brackets(text))
    if not found:
        return UNSTATED
    if len(found) > 1:
        return MoneyUnit("", f"金额单位前后不一（{'、'.join(found)}）")
    return MoneyUnit(next(iter(found)))


def unit_of_page(table: MoneyUnit, page: MoneyUnit) -> MoneyUnit:
    """Return the unit of a table's further page, which may not state it again."""
    if page.unstated:
        return table
    if table.unstated or table == page:
        return page
    for unit in (table, page):
        if unit.fault:
            return unit
    return MoneyUnit("", f"金额单位前后不一（{table.name}、{page.name}）")


def unit_of_column(table: MoneyUnit, heading: str) -> MoneyUnit:
    """Return the unit of a column whose heading states one, or nothing."""
    if not heading or heading == table.name:
        return table
    if table.unstated:
        return MoneyUnit(heading)
    if table.fault:
        return table
    return MoneyUnit("", f"表上写的单位是{table.name}，栏目写的是{heading}")
