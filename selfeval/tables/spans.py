"""Which table of its file a number belongs to: a table may go on over several sheets."""

from __future__ import annotations

from string import ascii_uppercase

from ..sheets import Place
from .reading import OfficialTable, Reading
from .rows import Amount, Figure, Indicator


class Origins:
    """The table of every number that was read."""

    def __init__(self, reading: Reading) -> None:
        self._tables: dict[tuple[str, str, str], list[OfficialTable]] = {}
        self._continued: dict[tuple[str, str, str], OfficialTable] = {}
        open_tables: dict[tuple[str, str], OfficialTable] = {}
        for table in reading.tables:
            self._tables.setdefault((table.file, table.sheet, table.layout), []).append(table)
            open_tables.setdefault((table.file, table.layout), table)
        for record in (*reading.numbers, *reading.indicators):
            layout, place = _where(record)
            here = self._on_sheet(layout, place)
            if here is not None:
                open_tables[place.file, layout] = here
            elif (place.file, layout) in open_tables:
                key = (place.file, place.sheet, layout)
                self._continued.setdefault(key, open_tables[place.file, layout])

    def table(self, layout: str, place: Place) -> OfficialTable | None:
        """Return the table of a layout that a cell belongs to."""
        key = (place.file, place.sheet, layout)
        return self._on_sheet(layout, place) or self._continued.get(key)

    def of(self, record: Amount | Figure | Indicator) -> OfficialTable | None:
        """Return the table of a record."""
        return self.table(*_where(record))

    def _on_sheet(self, layout: str, place: Place) -> OfficialTable | None:
        """Return the table of a sheet that a cell is in; above them all one may go on."""
        tables = self._tables.get((place.file, place.sheet, layout), [])
        row = row_of(place)
        return next((table for table in reversed(tables) if first_row(table) <= row), None)


def _where(record: Amount | Figure | Indicator) -> tuple[str, Place]:
    """Return the layout a record was read by, and where it stands."""
    if isinstance(record, Indicator):
        return record.table, Place(record.file, record.sheet, f"A{record.row}")
    return record.table, record.place


def first_row(table: OfficialTable) -> int:
    """Return the row in which a table begins."""
    return row_of(Place(table.file, table.sheet, table.range.partition(":")[0]))


def row_of(place: Place) -> int:
    """Return the row of a cell, 0 where a place is none."""
    digits = place.cell.lstrip(ascii_uppercase)
    return int(digits) if digits.isdecimal() else 0
