"""What was read of official tables: numbers not understood, tables not reconciled, odd codes."""

from __future__ import annotations

from collections.abc import Iterator

from ..classification import Classifications, kind_of, load_classifications
from ..sheets import Place
from ..tables.book import Entry, as_entry
from ..tables.sources import line_entries
from ..terms import BLOCKS, PHASES
from .finding import Case, Finding
from .reconcile import shown, title

_MOST_SHOWN = 5


def check_all_recognised(case: Case) -> Iterator[Finding]:
    """READ-01: every sheet with numbers, in a file of official tables, was recognised."""
    for grid, why in case.tables.reading.strangers:
        yield case.finding(
            "READ-01",
            "fail",
            f"工作表里有数，但没有认出是哪张表：{why}。里面的数没有读取，也没有核对。",
            (Place(grid.file, grid.sheet),),
            item=grid.sheet,
        )


def check_all_read(case: Case) -> Iterator[Finding]:
    """READ-02: every number of a recognised table was understood."""
    reasons: dict[tuple[str, str, str], list[tuple[Place, str]]] = {}
    for unread in case.tables.reading.unread:
        key = (unread.place.file, unread.place.sheet, unread.why)
        reasons.setdefault(key, []).append((unread.place, unread.raw))
    for (_, sheet, why), cells in reasons.items():
        named = "、".join(f"“{raw}”" for _, raw in cells[:_MOST_SHOWN])
        more = f"等{len(cells)}个数" if len(cells) > _MOST_SHOWN else ""
        yield case.finding(
            "READ-02",
            "fail",
            f"{named}{more}没有读懂：{why}。这些数没有参与核对。",
            tuple(place for place, _ in cells),
            item=sheet,
        )


def check_hidden(case: Case) -> Iterator[Finding]:
    """READ-03: numbers in hidden rows or columns are read like all others, and told."""
    for grid in case.tables.hidden:
        rows = [f"第 {row + 1} 行" for row in sorted(grid.hidden_rows)]
        columns = [f"第 {column + 1} 列" for column in sorted(grid.hidden_columns)]
        hidden = [*rows, *columns]
        named = "、".join(hidden[:_MOST_SHOWN]) + ("等" if len(hidden) > _MOST_SHOWN else "")
        yield case.finding(
            "READ-03",
            "fail",
            f"隐藏的{named}里有内容，已照常读取。请取消隐藏后核对，不该有的请删去。",
            (Place(grid.file, grid.sheet),),
            item=grid.sheet,
        )


def check_years(case: Case) -> Iterator[Finding]:
    """READ-04: official tables are of the report's year, or of the year before."""
    year = case.unit.year
    for table in case.tables.reading.tables:
        if table.year is None or table.year in (year, year - 1):
            continue
        yield case.finding(
            "READ-04",
            "fail",
            f"{table.name}是{table.year}年度的表，报告年度是{year}年，它的数没有用在报告里。",
            (Place(table.file, table.sheet, table.range),),
            f"{year}年度",
            f"{table.year}年度",
            table.name,
        )


def check_corrections(case: Case) -> Iterator[Finding]:
    """READ-05: each correction of a published source in force is told, with its reason."""
    for place, correction in case.tables.corrected.items():
        basis = f"依据：{correction.basis}。" if correction.basis else ""
        state = "已向发布单位提出" if correction.status == "reported" else "尚未向发布单位提出"
        yield case.finding(
            "READ-05",
            "pass",
            f"来源中的“{correction.expect}”按“{correction.correct}”使用：{correction.reason}。"
            f"{basis}{state}。来源文件没有改动。",
            (place,),
            correction.correct,
            correction.expect,
        )


def check_same_quantity(case: Case) -> Iterator[Finding]:
    """SAME-01: one quantity stated in several places is the same in each."""
    relations, book = case.tables.relations, case.tables.book
    if relations is None:
        return
    for entries in book.repeated():
        yield from _same(case, entries, entries[0].name or title(case, entries[0].table))
    for line in relations.lines:
        for phase in dict.fromkeys(entry.phase for entry in book.entries):
            entries = list(line_entries(book, relations, line, phase))
            own = _own_form(case, line, phase)
            entries = [*([own] if own else []), *entries]
            if len(entries) > 1:
                yield from _same(case, entries, f"{BLOCKS[line]}{PHASES.get(phase, '')}")


def _own_form(case: Case, line: str, phase: str) -> Entry | None:
    """Return the number of the unit's own form, as an entry beside those of official tables."""
    row = case.read(line, phase)
    if row is None or case.is_official(row):
        return None
    return as_entry({str(name): value for name, value in row.items()})


def _same(case: Case, entries: list[Entry], name: str) -> Iterator[Finding]:
    first = entries[0]
    for other in entries[1:]:
        if first.fen is None or other.fen is None:
            continue
        gap = abs(first.fen - other.fen)
        outcome = "pass" if gap == 0 else "rounding" if gap <= first.half + other.half else "fail"
        tail = {"pass": "相同", "rounding": "只差四舍五入", "fail": "不同"}[outcome]
        tables = [_where(case, first), _where(case, other)]
        yield case.finding(
            "SAME-01",
            outcome,  # type: ignore[arg-type]
            f"{name}：{tables[0]}为{shown(first)}，{tables[1]}为{shown(other)}，{tail}。",
            (first.place, other.place),
            shown(first),
            shown(other),
            name,
        )


def _where(case: Case, entry: Entry) -> str:
    known = {table.layout for table in case.tables.reading.tables}
    return title(case, entry.table) if entry.table in known else "填报表"


def check_reconciled(case: Case, findings: list[Finding]) -> Iterator[Finding]:
    """READ-06: every recognised table with numbers took part in at least one check."""
    used = {place for finding in findings for place in finding.places}
    for table in case.tables.reading.tables:
        own = [
            entry
            for entry in case.tables.book.entries
            if entry.table == table.layout
            and (entry.place.file, entry.place.sheet) == (table.file, table.sheet)
            and entry.fen
        ]
        if own and not any(entry.place in used for entry in own):
            yield case.finding(
                "READ-06",
                "not_computable",
                f"{table.name}有{len(own)}个数，没有一个能与别的数核对。",
                (Place(table.file, table.sheet, table.range),),
                item=table.name,
            )


def check_codes(case: Case) -> Iterator[Finding]:
    """CODE-01: codes are in the classification of the year."""
    for lists, entry, year in _codes(case):
        kind = kind_of(entry.item)
        if lists.agrees(kind, entry.item, entry.name, year) is None and lists.exhaustive(
            kind, entry.item, year
        ):
            yield case.finding(
                "CODE-01",
                "fail",
                f"{_printed(case, entry)}：{year}年的科目里没有编码{entry.item}。",
                (entry.place,),
                found=entry.item,
                item=entry.item,
            )


def check_code_names(case: Case) -> Iterator[Finding]:
    """CODE-02: codes are named as the classification of the year names them."""
    agreed: list[Entry] = []
    for lists, entry, year in _codes(case):
        kind = kind_of(entry.item)
        agrees = lists.agrees(kind, entry.item, entry.name, year)
        if agrees:
            agreed.append(entry)
        if agrees is not False:
            continue
        name = lists.name(kind, entry.item, year) or ""
        # Names nobody has checked against print are no ground for a reproach.
        sure = lists.confirmed(kind, entry.item, year)
        yield case.finding(
            "CODE-02",
            "fail" if sure else "not_computable",
            f"{_printed(case, entry)}：{year}年编码{entry.item}的名称是“{name}”"
            f"{'' if sure else '（这个名称尚待核实）'}。",
            (entry.place,),
            name,
            entry.name,
            entry.item,
        )
    if agreed:
        places = tuple(entry.place for entry in agreed)
        yield case.finding("CODE-02", "pass", f"科目编码与名称：{len(agreed)}处相符。", places)


def _codes(case: Case) -> Iterator[tuple[Classifications, Entry, int]]:
    """Yield each code a table names, once, with the year of the table."""
    entries = case.tables.book.entries
    if not entries:
        return
    lists = load_classifications(case.unit.schemes)
    years = {table.layout: table.year for table in case.tables.reading.tables}
    told: set[tuple[str, str, str]] = set()
    for entry in entries:
        key = (entry.table, entry.item, entry.name)
        if entry.item.isdecimal() and entry.name and key not in told and not _is_row(entry):
            told.add(key)
            yield lists, entry, years.get(entry.table) or case.unit.year


def _is_row(entry: Entry) -> bool:
    """Return whether an item was found by its name, and so cannot disagree with it."""
    return entry.table.endswith("_summary")


def _printed(case: Case, entry: Entry) -> str:
    return f"{title(case, entry.table)}的“{entry.item} {entry.name}”"
