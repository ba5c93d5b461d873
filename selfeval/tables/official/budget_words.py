"""Which budget the 预算数 of final accounts is: what the same file calls it, else nobody knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...folding import fold
from ...schemes.layouts import Layouts
from ...sheets import Grid
from ..reading import Reading
from ..rows import Amount, Figure

STATED: str = "stated_budget"
"""The phase of a budget of which nothing says whether it is the initial or the adjusted one."""


_DEFINED = r"(?:^|[,。;:、(.]|其中|表中|本表)预算数(?:为|是|指|即|系|反映)[^。;]{0,30}?"


def settle_budgets(reading: Reading, grids: Sequence[Grid], layouts: Layouts) -> None:
    """Give a budget of unknown kind the phase that notes or sentences of its file give it.

    A note below the table counts, and so does a sentence elsewhere that speaks of what the table
    is of: it must say what 预算数 is, or call the table's own total an initial or adjusted budget.
    """
    lost = (unread.of for unread in reading.unread if unread.of)
    groups: dict[tuple[str, str], list[Amount]] = {}
    for row in (*reading.amounts, *lost):
        if row.phase == STATED:
            groups.setdefault((row.place.file, row.table), []).append(row)
    settled: dict[tuple[str, str], str] = {}
    for (file, table), rows in groups.items():
        texts = list(_texts(reading, grids, layouts, file, table, rows))
        totals = [row.raw for row in rows if row.fen]
        said = {phase for text in texts for phase in _said(text, totals[:1], layouts)}
        if len(said) == 1:
            settled[file, table] = next(iter(said))

    def when(row: Amount | Figure) -> tuple[str, int | None]:
        stated = isinstance(row, Amount) and row.phase == STATED
        phase = settled.get((row.place.file, row.table), row.phase) if stated else row.phase
        return phase, row.year

    if settled:
        reading.put_in_time(when)


def _texts(
    reading: Reading,
    grids: Sequence[Grid],
    layouts: Layouts,
    file: str,
    table: str,
    rows: Sequence[Amount],
) -> Iterator[str]:
    """Yield the notes of a table, and what else in its file speaks of the same."""
    own = {id(found): found for row in rows if (found := row.official)}
    yield from (fold(note) for found in own.values() for note in found.notes)
    about = {fold(w) for t, _ in layouts.tables if t.table == table for w in t.has[0].split("|")}
    for grid in grids:
        for text in (fold(cell) for row in grid.rows for cell in row if isinstance(cell, str)):
            if grid.file == file and any(word in text for word in about):
                yield text


def _said(text: str, totals: Sequence[str], layouts: Layouts) -> Iterator[str]:
    """Yield which budgets a text says that 预算数, or the amount of the total, is."""
    for phase, words in layouts.words.budgets.items():
        named = "|".join(re.escape(fold(word)) for word in words)
        amounts = "|".join(re.escape(fold(total)) for total in totals)
        called = rf"(?:{named})(?:数|安排|支出)*(?:为|是|:)?(?:{amounts})(?![0-9.])"
        if re.search(rf"{_DEFINED}(?:{named})", text) or (amounts and re.search(called, text)):
            yield phase
