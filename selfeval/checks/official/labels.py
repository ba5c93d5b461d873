"""What the amounts of official tables are called in findings: table, row, column, phase."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import cast

from ...evaluation import Evaluation
from ...money import FEN_PER, format_exact
from ...schemes.layouts import Layouts, columns_of, load_layouts
from ...schemes.relations import Relations
from ...tables.book import apart
from ...tables.rows import Amount
from ...terms import PHASES, STATES, TABLE_HEADS

_TOTAL = TABLE_HEADS["total"]


def labels_of(case: Evaluation, relations: Relations) -> Labels:
    """Return the names of a unit's official tables, made once for all rules."""
    if Labels not in case.kept:
        case.kept[Labels] = Labels(case, relations)
    return cast(Labels, case.kept[Labels])


class Labels:
    """The names of one unit's official tables and amounts."""

    def __init__(self, case: Evaluation, relations: Relations) -> None:
        self._case, self._relations = case, relations
        self._book = case.tables.book
        tables = case.tables.reading.tables
        self._titles = {t.layout: t.name for t in reversed(tables)}
        self._titles |= {apart(t.layout, t.file, t.sheet): t.name for t in reversed(tables)}
        self._headings: dict[tuple[str, str, str], str] = {}

    @cached_property
    def _layouts(self) -> Layouts:
        return load_layouts(self._case.unit.schemes)

    def title(self, table: str) -> str:
        """Return what a table is called."""
        layout = table.partition("@")[0]
        if layout not in self._titles:
            self._titles[layout] = self._layouts.title(layout)
        return self._titles.get(table, self._titles[layout])

    def column(self, entry: Amount) -> str:
        """Return what an amount's column is called by its layout."""
        key = (entry.layout, entry.block, entry.fund)
        if key not in self._headings:
            self._headings[key] = self._heading(*key)
        return self._headings[key] or self._side(entry)

    def _heading(self, table: str, block: str, fund: str) -> str:
        # A column of one fund stands beside that of all funds, under the same block.
        own = (
            column.headings[0].split("/")[0]
            for known, panels in self._layouts.tables
            for panel in panels
            if known.table == table
            for column in columns_of(panel)
            if (column.block, column.fund) == (block, fund)
        )
        return (
            next(own, "")
            or self._layouts.heading(table, block, fund)
            or self._layouts.forms.fund_name(table, fund)
        )

    def row(self, entry: Amount) -> str:
        """Return what an amount's row is called: its code if there is one, and its name."""
        if entry.item_code == "total":
            return _TOTAL
        code = entry.item_code if entry.has_code else ""
        return f"{code}{entry.item_name.removeprefix(code)}" or self.column(entry)

    def full(self, entry: Amount) -> str:
        """Return what an amount is called by itself: its row, its column or side if need be."""
        return f"{self._name(entry)}{self.phase(entry)}"

    def _name(self, entry: Amount) -> str:
        column, row = self.column(entry), self.row(entry)
        if entry.item_code == "total":
            return column if column.endswith(_TOTAL) else f"{column}{_TOTAL}"
        beside, panel = self._beside(entry), self.panel(entry)
        columns = {self.column(other) for other in beside if self.panel(other) == panel}
        if len(columns) > 1 and not column.endswith(_TOTAL):
            return f"{row}的{column}"
        sides = {self._side(other) for other in beside} - {""}
        side = self._side(entry)
        return f"{side}{row}" if len(sides) > 1 and side not in row else row

    def _side(self, entry: Amount) -> str:
        return self._relations.sides.get(entry.block, "")

    def panel(self, entry: Amount) -> str:
        """Return which half of its table an amount stands in, "" where there are none."""
        return entry.block if entry.block in self._relations.sides else ""

    def _beside(self, entry: Amount) -> list[Amount]:
        """Return the amounts of the same row."""
        at, phase = entry.at, entry.phase
        found = (
            self._book.get(at._replace(block=block, fund=fund), phase)
            for block, fund, own in self._book.columns(entry.table)
            if own == phase
        )
        return [other for other in found if other] or [entry]

    def phase(self, entry: Amount) -> str:
        """Return an amount's phase where its table has several, with the year of another year."""
        if len(self._book.phases(entry.table)) < 2:
            return ""
        year, _, own = entry.phase.rpartition(":")
        name = PHASES.get(own) or self._relations.phases.get(own, "")
        when = f"{year}年" if year.isdecimal() else f"{TABLE_HEADS['year_unknown']}，"
        return f"（{when}{name}）" if year else name


def shown(entry: Amount) -> str:
    """Return an amount as its table has it, or what it says instead."""
    if entry.fen is None:
        return STATES[entry.state]
    return exact(entry.fen, entry.amount_unit)


def exact(fen: int, unit: str) -> str:
    """Return 分 in a unit, with no more decimals than it needs, and at least two."""
    return f"{format_exact(Decimal(fen) / FEN_PER[unit], 2)}{unit}"


def title(case: Evaluation, table: str) -> str:
    """Return what a table is called."""
    layout = table.partition("@")[0]
    own = (t.name for t in case.tables.reading.tables if t.layout == layout)
    return next(own, None) or load_layouts(case.unit.schemes).title(layout)
