"""What each budget line's amount is taken from: the unit's own form first, then official tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..relations import Address, Relations, Source
from ..terms import PHASES
from .book import Book, Entry
from .cells import years_in
from .origins import Origins
from .reading import OfficialTable, Reading
from .records import Record

BETWEEN = "＋"
"""Between the cells of one sheet that were added."""

_LAST_YEAR = {"executed": "prior_final_accounts"}


def place_in_years(reading: Reading, year: int) -> None:
    """Give the amounts of tables of other years the phases they have in a year's report.

    Last year's final accounts are 上年决算数; other phases of other years are named after the
    year, so that they are reconciled with one another and never taken for this year's.
    """
    own_years = [_year_of(table, reading) for table in reading.tables]
    for table, own in zip(reading.tables, own_years, strict=True):
        table.year = own
    origins = Origins(reading)
    for record in (*reading.amounts, *reading.figures):
        of = origins.of(record)
        record["phase"] = placed_phase(str(record["phase"]), of.year if of else None, year)


def placed_phase(phase: str, own: int | None, year: int) -> str:
    """Return what a phase of a table of its own year is in a year's report."""
    if own is None or own == year or not phase:
        return phase
    known = _LAST_YEAR.get(phase) if own == year - 1 else None
    return known or f"{own}:{phase}"


def _year_of(table: OfficialTable, reading: Reading) -> int | None:
    """Return a table's year; one that names none has that of its file's other tables.

    Those of its kind, if the file's tables are of several years; else what the file's name says.
    """
    if table.year is not None:
        return table.year
    beside = [other for other in reading.tables if other.file == table.file and other.year]
    kin = [other for other in beside if other.phase == table.phase]
    for years in (
        {other.year for other in beside},
        {other.year for other in kin},
        set(years_in(table.file)),
    ):
        if len(years) == 1:
            return years.pop()
    return None


def stated_records(own: list[Record], book: Book, relations: Relations | None) -> list[Record]:
    """Return one amount record per line and phase, ``item_code`` being the line.

    Numbers of the form come first; a line or phase the form leaves out is taken from the
    official tables, in the order the relations give.
    """
    records = list(own)
    if relations is None:
        return records
    known = {(r["item_code"], r["phase"]) for r in own if r["state"] != "blank"}
    for line, sources in relations.lines.items():
        for phase in PHASES:
            if (line, phase) in known:
                continue
            found = next((r for s in sources for r in _from(book, line, s, phase)), None)
            if found is not None:
                records.append(found)
    return records


def line_entries(book: Book, relations: Relations, line: str, phase: str) -> Iterator[Entry]:
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


def _from(book: Book, line: str, source: Source, phase: str) -> Iterator[Record]:
    if not _speaks(book, source, phase):
        return
    if source.at is not None:
        entry = book.get(source.at, phase)
        if entry is not None and entry.filled:
            yield _record(line, [entry], entry.fen, entry.state)
        return
    entries = [book.get(at, phase) for at in source.sum]
    filled = [entry for entry in entries if entry is not None and entry.fen is not None]
    if filled:
        total = sum(entry.fen or 0 for entry in filled)
        yield _record(line, filled, total, "value" if total else "zero")


def _record(line: str, entries: list[Entry], fen: int | None, state: str) -> Record:
    first = entries[0]
    return {
        "table": first.table,
        "block": line,
        "item_code": line,
        "item_name": first.name,
        "fund": first.fund,
        "phase": first.phase,
        "amount": fen,
        "state": state,
        "file": first.place.file,
        "sheet": first.place.sheet,
        "cell": BETWEEN.join(entry.place.cell for entry in entries),
        "raw": BETWEEN.join(entry.raw for entry in entries),
        "amount_unit": first.unit,
    }
