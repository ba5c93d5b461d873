"""What each budget line's amount is taken from: the unit's own form first, then official tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ..schemes.relations import Address, Relations, Source
from ..terms import FUNDS, PHASES
from .book import Book
from .imprints import settle_years
from .official_table import OfficialTable
from .reading import Reading
from .rows import Amount, AmountState, Figure

BETWEEN = "＋"
"""Between the cells of one sheet that were added."""

_LAST_YEAR = {"executed": "prior_final_accounts"}


def place_in_years(reading: Reading, year: int, declared: Mapping[str, int]) -> None:
    """Give the amounts of tables of other years the phases they have in a year's report.

    Last year's final accounts are 上年决算数; other phases of other years are named after the
    year, those of a table that states none after its file, so that they are reconciled with one
    another and never taken for this year's. ``declared`` are the years that unit.yaml states.
    """
    settle_years(reading, declared)

    def when(row: Amount | Figure) -> tuple[str, int | None]:
        table = row.official
        return (placed_phase(row.phase, table, year), table.year) if table else (row.phase, year)

    reading.put_in_time(when)


def placed_phase(phase: str, table: OfficialTable, year: int) -> str:
    """Return what a phase of a table is in a year's report."""
    own = table.year
    if own == year or not phase:
        return phase
    known = _LAST_YEAR.get(phase) if own == year - 1 else None
    return known or f"{own or table.file}:{phase}"


def stated_amounts(
    own: Sequence[Amount],
    book: Book,
    relations: Relations | None,
    empty: Sequence[OfficialTable] = (),
) -> tuple[Amount, ...]:
    """Return one amount per line and phase, ``item_code`` being the line.

    Numbers of the form come first; a line or phase the form leaves out is taken from the
    official tables, in the order the relations give. What only one fund's tables tell is a line
    of its own (``personnel@general_public_budget``); what one of the ``empty`` tables says there
    is none of has the state none, with the zero it may have.
    """
    stated = list(own)
    known = {(amount.item_code, amount.phase) for amount in own if amount.state != "blank"}
    for line, sources in (relations.lines if relations else {}).items():
        for phase in PHASES:
            if (line, phase) in known:
                continue
            found = next((r for s in sources for r in _from(book, line, s, phase)), None)
            if found is not None and not found.fen and any(t is found.official for t in empty):
                found = replace(found, state="none")
            if found is None:
                found = _of_one_fund(book, line, sources, phase)
            if found is None:
                found = _said_to_be_none(line, sources, phase, empty)
            if found is not None:
                stated.append(found)
    return tuple(stated)


def _of_one_fund(book: Book, line: str, sources: Sequence[Source], phase: str) -> Amount | None:
    for source in sources:
        at = source.at or next(iter(source.sum), None)
        fund = book.fund_of(at.table) if at is not None else ""
        if source.same and fund in FUNDS:
            amount = next(_amounts(book, f"{line}@{fund}", source, phase), None)
            if amount is not None:
                return amount
    return None


def _said_to_be_none(
    line: str, sources: Sequence[Source], phase: str, empty: Sequence[OfficialTable]
) -> Amount | None:
    tables = {s.at.table for s in sources if s.at is not None and not s.same and not s.at.fund}
    table = next((t for t in empty if t.layout in tables and t.phase == phase), None)
    if table is None:
        return None
    return Amount(
        table=table.layout,
        block=line,
        item_code=line,
        item_name=table.name,
        fund=table.fund,
        phase=phase,
        place=table.place,
        raw="",
        amount_unit=table.amount_unit,
        fen=None,
        state="none",
        year=table.year,
        official=table,
    )


def line_entries(book: Book, relations: Relations, line: str, phase: str) -> Iterator[Amount]:
    """Yield each single number that states a line, to be compared with one another."""
    for source in relations.lines[line]:
        if source.at is not None and _speaks(book, source, phase):
            entry = book.get(source.at, phase)
            if entry is not None and entry.fen is not None:
                yield entry


def _speaks(book: Book, source: Source, phase: str) -> bool:
    """Return whether a number of one fund is the unit's own: there is no other money in it."""
    return not source.same or any(_agree(book, group, phase) for group in source.same)


def _agree(book: Book, group: Sequence[Address], phase: str) -> bool:
    entries = [entry for at in group if (entry := book.get(at, phase))]
    first, others = entries[:1], entries[1:]
    return len(entries) == len(group) and all(
        one.fen is not None
        and other.fen is not None
        and abs(one.fen - other.fen) <= one.half + other.half
        for one in first
        for other in others
    )


def _from(book: Book, line: str, source: Source, phase: str) -> Iterator[Amount]:
    if _speaks(book, source, phase):
        yield from _amounts(book, line, source, phase)


def _amounts(book: Book, line: str, source: Source, phase: str) -> Iterator[Amount]:
    if source.at is not None:
        entry = book.get(source.at, phase)
        if entry is not None and entry.filled and not entry.lost:
            yield _added(line, [entry], entry.fen, entry.state)
        return
    entries = [book.get(at, phase) for at in source.sum]
    filled = [entry for entry in entries if entry is not None and entry.fen is not None]
    if filled and not book.may_lack(entries):
        total = sum(entry.fen or 0 for entry in filled)
        yield _added(line, filled, total, "value" if total else "zero")


def _added(line: str, entries: list[Amount], fen: int | None, state: AmountState) -> Amount:
    return replace(joined(entries), block=line, item_code=line, fen=fen, state=state)


def joined(amounts: Sequence[Amount]) -> Amount:
    """Return the first of some amounts of one sheet, with the cells and texts of all."""
    first = amounts[0]
    cells = BETWEEN.join(amount.place.cell for amount in amounts)
    raw = BETWEEN.join(amount.raw for amount in amounts)
    return replace(first, place=replace(first.place, cell=cells), raw=raw)
