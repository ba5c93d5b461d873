"""Rows of one table that claim the same key: a row printed twice, or a key that cannot be right."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ...folding import fold
from ...sheets import Place
from ..cells import bare_label
from ..reading import Record, Unread, as_lost


@dataclass(frozen=True)
class TakenRow:
    """One row that was read: its page, which panel and key it is of, its name, its amounts."""

    page: int
    panel: int
    code: str
    phase: str
    name: str
    records: tuple[Record, ...]

    @property
    def filled(self) -> bool:
        """Whether it has any amount."""
        return any(record["amount"] is not None for record in self.records)


def conflicts(rows: Sequence[TakenRow], untitled: Collection[int]) -> dict[int, Unread]:
    """Return, by identity, the records of a table whose key another row claims as well.

    The same key on two rows is one row printed twice, if name and amounts are the same; else
    nobody can tell which of them is meant. An ``untitled`` page that conflicts with others may be
    another table: all of it is given up.
    """
    found: dict[tuple[int, str, str], list[TakenRow]] = {}
    for row in rows:
        if not row.code.startswith("name:"):
            found.setdefault((row.panel, row.code, row.phase), []).append(row)
    bad: dict[int, Unread] = {}
    for same in found.values():
        if len(same) > 1 and not _one_row(same):
            why = f"同一科目在这张表里有几行，名称或数额不同（{_cells(same)}）"
            bad |= _given_up(same, why)
    doubtful = {row.page for row in rows for record in row.records if id(record) in bad}
    for page in doubtful & set(untitled):
        own = [row for row in rows if row.page == page]
        bad |= _given_up(own, "这一页没有标题，又与前一页的数冲突，可能是另一张表")
    return bad


def _given_up(rows: Sequence[TakenRow], why: str) -> dict[int, Unread]:
    return {
        id(record): Unread(
            Place(str(record["file"]), str(record["sheet"]), str(record["cell"])),
            str(record["raw"]),
            why,
            as_lost(record),
        )
        for row in rows
        for record in row.records
    }


def _cells(rows: Sequence[TakenRow]) -> str:
    """Return the first cells of rows, with their sheets where these are several."""
    places = [Place(str(r["file"]), str(r["sheet"]), str(r["cell"]))
              for row in rows for r in row.records[:1]]  # fmt: skip
    several = len({(place.file, place.sheet) for place in places}) > 1
    return "、".join(f"{place.sheet}!{place.cell}" if several else place.cell for place in places)


def _one_row(rows: Sequence[TakenRow]) -> bool:
    filled = [row for row in rows if row.filled]
    if not filled:
        return True
    if any(_amounts(row) != _amounts(filled[0]) for row in filled):
        return False
    # Fixed rows go by several names; one code has one, perhaps cut off.
    if not rows[0].code.isdecimal():
        return True
    names = {bare_label(fold(row.name)) for row in rows}
    longest = max(names, key=len)
    return all(longest.startswith(name) for name in names)


def _amounts(row: TakenRow) -> dict[tuple[object, ...], object]:
    return {(r["block"], r["item_code"], r["fund"], r["phase"]): r["amount"] for r in row.records}
