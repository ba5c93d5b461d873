"""What each budget line's amount is taken from: the unit's own form first, then official tables."""

from __future__ import annotations

from collections.abc import Iterator

from ..relations import Relations, Source
from .book import Book, Entry
from .official import Reading
from .records import Record

_BETWEEN = "＋"


_LAST_YEAR = {"executed": "prior_final_accounts"}


def place_in_years(reading: Reading, year: int) -> None:
    """Give the amounts of tables of other years the phases they have in a year's report.

    Last year's final accounts are 上年决算数; other phases of other years are named after the
    year, so that they are reconciled with one another and never taken for this year's.
    """
    years = {(t.file, t.sheet, t.layout): t.year for t in reading.tables}
    for record in (*reading.amounts, *reading.figures):
        own = years.get((str(record["file"]), str(record["sheet"]), str(record["table"])))
        phase = str(record["phase"])
        if own is None or own == year or not phase:
            continue
        known = _LAST_YEAR.get(phase) if own == year - 1 else None
        record["phase"] = known or f"{own}:{phase}"


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
        for phase in {entry.phase: None for entry in book.entries}:
            if (line, phase) in known or not phase:
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
    entries = [book.get(at, phase) for at in source.same]
    known = [entry.fen for entry in entries if entry is not None]
    return len(known) == len(source.same) and len(set(known)) <= 1 and None not in known


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
        "cell": _BETWEEN.join(entry.place.cell for entry in entries),
        "raw": _BETWEEN.join(entry.raw for entry in entries),
        "amount_unit": first.unit,
    }
