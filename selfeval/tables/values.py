"""Cells of official tables → amounts and figures; whatever is neither is listed with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..folding import fold
from ..layouts import Layouts
from ..money import DISPLAY_UNIT, parse_amount, parse_number
from ..sheets import Place
from ..terms import BLOCKS
from .cells import Cells, as_code, bare_name, is_number
from .columns import Value
from .reading import Reading, Record, Unread
from .recognition import Match
from .rows import PanelRow
from .units import MoneyUnit, unit_of_column


@dataclass
class Taking:
    """Where the cells of one table go: a reading, and which of its cells were looked at."""

    cells: Cells
    match: Match
    unit: MoneyUnit
    layouts: Layouts
    reading: Reading
    records: list[Record]
    used: set[tuple[int, int]] = field(default_factory=set)

    def unread(self, row: int, column: int, why: str) -> None:
        """List a cell as not understood."""
        place, raw = self.cells.place(row, column), self.cells.texts[row][column]
        self.reading.unread.append(Unread(place, raw, why))


def take_row(taking: Taking, row: PanelRow) -> None:
    """Take every value cell of a row."""
    for column, value in row.values.items():
        taking.used.add((row.numbers_at, column))
        if row.fault:
            _refuse(taking, row, column)
        elif (row.key.kind or value.spec.kind) == "amount":
            _take_amount(taking, row, column, value)
        else:
            _take_figure(taking, row, column, value)


def _refuse(taking: Taking, row: PanelRow, column: int) -> None:
    raw = taking.cells.texts[row.numbers_at][column]
    if raw and not _says_nothing(raw, taking.layouts):
        taking.unread(row.numbers_at, column, row.fault)


def _says_nothing(raw: str, layouts: Layouts) -> bool:
    """Return whether a text among the values is no number lost: a name, or 无."""
    folded = fold(raw)
    return folded in layouts.words.folded["fillers"] or not any(map(str.isdigit, folded))


def _record(taking: Taking, row: PanelRow, column: int, value: Value) -> Record:
    spec, key, layout = value.spec, row.key, taking.match.layout
    place = taking.cells.place(row.numbers_at, column)
    code = spec.item or key.code
    if spec.item and key.code not in ("", "total"):
        code = f"{spec.item}:{key.code}"
    return {
        "table": layout.table,
        "block": key.block or spec.block or row.group.panel.block,
        "item_code": code,
        "item_name": BLOCKS.get(spec.item, "") or key.name or spec.headings[0].split("/")[0],
        "fund": spec.fund or layout.fund,
        "phase": key.phase or value.phase,
        "file": place.file,
        "sheet": place.sheet,
        "cell": place.cell,
        "raw": taking.cells.texts[row.numbers_at][column],
    }


def _take_amount(taking: Taking, row: PanelRow, column: int, value: Value) -> None:
    raw = taking.cells.texts[row.numbers_at][column]
    number = taking.cells.raw(row.numbers_at, column)
    if raw and fold(raw) in taking.layouts.words.folded["fillers"]:
        raw, number = "", None
    unit = unit_of_column(taking.unit, value.unit)
    if unit.fault and raw:
        taking.unread(row.numbers_at, column, unit.fault)
        return
    try:
        amount = parse_amount(_bare(number, raw, unit.name), unit.name or DISPLAY_UNIT)
    except ValueError as error:
        taking.unread(row.numbers_at, column, str(error))
        return
    record = _record(taking, row, column, value)
    record |= {"amount": amount.fen, "state": amount.state, "amount_unit": unit.name}
    taking.records.append(record)


def _bare(number: object, raw: str, unit: str) -> object:
    """Return a number without the unit it repeats: "250万" in a table of 万元."""
    for ending in (unit, unit.removesuffix("元")):
        if ending and raw.endswith(ending):
            return raw.removesuffix(ending).rstrip()
    return number if raw else None


def _take_figure(taking: Taking, row: PanelRow, column: int, value: Value) -> None:
    raw = taking.cells.texts[row.numbers_at][column]
    kind = row.key.kind or value.spec.kind
    if kind in ("text", "skip") or not raw or _says_nothing(raw, taking.layouts):
        return
    try:
        number = parse_number(raw.rstrip("%％"))
    except ValueError as error:
        taking.unread(row.numbers_at, column, str(error))
        return
    shown = number / 100 if number is not None and raw.endswith(("%", "％")) else number
    record = _record(taking, row, column, value)
    taking.reading.figures.append(record | {"value": shown, "kind": kind})


def note_unused(taking: Taking, row: int, why: str = "看不出属于哪一行或哪一栏") -> None:
    """List the numbers of a row that no column and no row explained."""
    cells, match = taking.cells, taking.match
    for column in cells.filled(row):
        if not cells.numeric[row][column] or (row, column) in taking.used:
            continue
        group = next((g for g in match.groups if g.first <= column < g.end), None)
        if group is not None and column in group.passed:
            continue
        if group is not None and column in group.keys and _is_key_number(taking, row, column):
            continue
        taking.unread(row, column, group.strange.get(column, why) if group else why)


def _is_key_number(taking: Taking, row: int, column: int) -> bool:
    """Return whether a number in a key column is a code, not an amount that went astray."""
    group = next(g for g in taking.match.groups if g.first <= column < g.end)
    texts = taking.cells.texts[row]
    if group.panel.rows != "codes":
        return texts[column].isdecimal()
    named = any(texts[c] and not is_number(texts[c]) for c in group.keys)
    code = as_code(texts[column])
    return bool(code) and (named or len(code) in (3, 5, 7))


def conflicts(
    records: Sequence[Record], pages: Sequence[tuple[int, bool]] = ()
) -> dict[int, Unread]:
    """Return, by identity, the records of a table whose key another row claims as well.

    The same key on two rows is one row printed twice, if name and amount are the same; else
    nobody can tell which of them is meant. A page without a title of its own that conflicts with
    others may be another table: all of it is given up.
    """
    found: dict[tuple[object, ...], list[Record]] = {}
    for record in records:
        key = tuple(record[part] for part in ("block", "item_code", "fund", "phase"))
        found.setdefault(key, []).append(record)
    bad: dict[int, Unread] = {}
    for same in found.values():
        if len(same) < 2 or str(same[0]["item_code"]).startswith("name:") or not _differ(same):
            continue
        cells = "、".join(str(record["cell"]) for record in same)
        why = f"同一科目在这张表里有几行，名称或数额不同（{cells}）"
        bad |= {id(record): _given_up(record, why) for record in same}
    for number, (start, titled) in enumerate(pages, 1):
        end = pages[number][0] if number < len(pages) else len(records)
        own = records[start:end]
        if not titled and any(id(record) in bad for record in own):
            why = "这一页没有标题，又与前一页的数冲突，可能是另一张表"
            bad |= {id(record): _given_up(record, why) for record in own}
    return bad


def _given_up(record: Record, why: str) -> Unread:
    place = Place(str(record["file"]), str(record["sheet"]), str(record["cell"]))
    return Unread(place, str(record["raw"]), why)


def _differ(records: Sequence[Record]) -> bool:
    amounts = {record["amount"] for record in records if record["amount"] is not None}
    if len(amounts) > 1:
        return True
    # Fixed rows go by several names; one code has one.
    if not amounts or not str(records[0]["item_code"]).isdecimal():
        return False
    filled = [record for record in records if record["amount"] is not None]
    names = {bare_name(fold(str(record["item_name"]))) for record in filled} - {""}
    longest = max(names, key=len, default="")
    return not all(longest.startswith(name) for name in names)
