"""Rows of one table that claim the same key: a row printed twice, or a key that cannot be right."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from ...folding import fold
from ..cells import bare_label
from ..reading import Unread
from ..rows import Amount


@dataclass(frozen=True)
class TakenRow:
    """One row that was read: its page, which panel and key it is of, its name, its amounts."""

    page: int
    panel: int
    code: str
    phase: str
    name: str
    amounts: tuple[Amount, ...]

    @property
    def filled(self) -> bool:
        """Whether it has any amount."""
        return any(amount.fen is not None for amount in self.amounts)


def conflicts(rows: Sequence[TakenRow], untitled: Collection[int]) -> dict[int, Unread]:
    """Return, by identity, the amounts of a table whose key another row claims as well.

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
    doubtful = {row.page for row in rows for amount in row.amounts if id(amount) in bad}
    for page in doubtful & set(untitled):
        own = [row for row in rows if row.page == page]
        bad |= _given_up(own, "这一页没有标题，又与前一页的数冲突，可能是另一张表")
    return bad


def _given_up(rows: Sequence[TakenRow], why: str) -> dict[int, Unread]:
    return {
        id(one): Unread(one.place, one.raw, why, replace(one, fen=None, state="unread"))
        for row in rows
        for one in row.amounts
    }


def _cells(rows: Sequence[TakenRow]) -> str:
    """Return the first cells of rows, with their sheets where these are several."""
    places = [amount.place for row in rows for amount in row.amounts[:1]]
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


def _amounts(row: TakenRow) -> dict[tuple[str, ...], int | None]:
    return {(one.block, one.item_code, one.fund, one.phase): one.fen for one in row.amounts}
