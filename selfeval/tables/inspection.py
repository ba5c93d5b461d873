"""What a table file is taken for: each table recognised, what each number became, what did not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, TypeVar

from ..errors import SelfEvalError, flatten, own_fault
from ..money import exact_yuan
from ..schemes.agree import load_relations
from ..schemes.evaluation_forms import form_columns
from ..schemes.form import FormLayout, load_form
from ..schemes.layouts import Layouts, columns_of, load_layouts
from ..sheets import Grid, Place, column_letters, read_files
from ..terms import BLOCKS, PHASES, STAFFING, STATES, TABLE_HEADS
from . import own_and_official
from .official.reader import read_official
from .own_form.computing import as_filled_in
from .own_form.headings import is_guide
from .own_form.ledger import material_rows
from .own_form.reader import FormTable, read_amounts, read_own_form
from .own_form.records import indicator_rows, measure_rows, staff_rows
from .reading import Reading, Unread
from .rows import STAFF_FIELDS, Amount, Figure, Staff

Record = dict[str, Any]
_Read = TypeVar("_Read")
_NOTHING = "没有认出任何一张表"
_MOST_CELLS = 8
_FORM = "form_"


@dataclass(frozen=True)
class InspectedTable:
    """One table that was recognised: ``held`` are its numbers, ``rows`` counts rows of words."""

    title: str
    layout: str
    sheet: str
    range: str
    amount_unit: str
    year: int | None
    held: Sequence[Amount | Figure]
    rows: int

    def record(self) -> Record:
        """Return it as plain data."""
        return {
            "title": self.title,
            "layout": self.layout,
            "sheet": self.sheet,
            "range": self.range,
            "amount_unit": self.amount_unit,
            "year": self.year,
        }


@dataclass
class InspectedFile:
    """One file: its tables, amounts, figures, what is not understood, or why it cannot be read."""

    file: str
    tables: list[InspectedTable] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    error: str = ""

    def record(self) -> Record:
        """Return it as plain data for ``selfeval tables --json``."""
        return {
            "file": self.file,
            "tables": [table.record() for table in self.tables],
            "amounts": [amount.record() for amount in self.amounts],
            "figures": [figure.record() for figure in self.figures],
            "unread": [
                {"sheet": u.place.sheet, "cell": u.place.cell, "raw": u.raw, "why": u.why}
                for u in self.unread
            ],
            "error": self.error,
        }


def inspect_files(paths: Sequence[Path], schemes: Path) -> Iterator[InspectedFile]:
    """Yield what each file holds; a file that cannot be read says why, the others go on."""
    layouts, form = load_layouts(schemes), load_form(schemes)
    for path, grids in zip(paths, read_files(list(paths)), strict=True):
        inspected = InspectedFile(str(path))
        if isinstance(grids, SelfEvalError):
            inspected.error = str(grids)
        else:
            try:
                held = [as_filled_in(g, form) for g in grids if not is_guide(g, form)]
                _inspect(inspected, held, layouts, form)
            except Exception as error:  # a command's boundary: the other files go on
                inspected = InspectedFile(str(path), error=str(own_fault(path.name, error)))
        yield inspected


def _inspect(
    inspected: InspectedFile, grids: list[Grid], layouts: Layouts, form: FormLayout
) -> None:
    own, others = own_and_official(grids, form, lambda: layouts)
    _take_official(inspected, read_official(others, layouts))
    tables, errors = read_own_form(own, form)
    for table in tables:
        _take_form(inspected, table, errors)
    errors += [fault for grid in grids for fault in grid.faults]
    inspected.unread += [_fault(error) for error in flatten(errors)]
    if not inspected.tables and not inspected.unread:
        inspected.unread.append(Unread(Place(inspected.file, ""), "", _NOTHING))


def _take_official(inspected: InspectedFile, reading: Reading) -> None:
    for table in reading.tables:
        inspected.tables.append(
            InspectedTable(
                table.title or table.name,
                table.layout,
                table.sheet,
                table.range,
                table.amount_unit,
                table.year,
                [number for number in reading.numbers if number.official is table],
                sum(row.official is table for row in reading.indicators),
            )
        )
    inspected.amounts += reading.amounts
    inspected.figures += reading.figures
    inspected.unread += reading.unread
    inspected.unread += [Unread(Place(g.file, g.sheet), "", why) for g, why in reading.strangers]


def _take_form(inspected: InspectedFile, table: FormTable, errors: list[SelfEvalError]) -> None:
    amounts = list(_sound(read_amounts(table), errors))
    figures: list[Figure] = []
    rows = 0
    match table.layout.table if table.sound else "":
        case "staffing":
            figures = list(_staff(_sound(staff_rows(table), errors)))
        case "indicators":
            rows = len(list(_sound(indicator_rows(table), errors)))
        case "measures":
            rows = len(list(measure_rows(table)))
        case "evidence":
            rows = len(list(_sound(material_rows(table), errors)))
    height, width = len(table.grid.rows), max(len(row) for row in table.grid.rows)
    inspected.tables.append(
        InspectedTable(
            table.layout.title,
            f"{_FORM}{table.layout.table}",
            table.grid.sheet,
            f"A1:{column_letters(width - 1)}{height}",
            table.amount_unit,
            None,
            [*amounts, *figures],
            rows,
        )
    )
    inspected.amounts += amounts
    inspected.figures += figures


def _sound(rows: Iterable[_Read | SelfEvalError], errors: list[SelfEvalError]) -> Iterator[_Read]:
    for row in rows:
        if isinstance(row, SelfEvalError):
            errors.append(row)
        else:
            yield row


def _staff(rows: Iterable[Staff]) -> Iterator[Figure]:
    """Yield the numbers of persons as figures, like those of official tables."""
    for row in rows:
        for block in STAFF_FIELDS:
            persons = row.count(block)
            if persons is not None:
                yield Figure(
                    table="staffing",
                    block=block,
                    item_code="staff",
                    item_name=row.kind,
                    fund="",
                    phase="",
                    place=row.place_of(block),
                    raw=str(persons),
                    kind="count",
                    value=Decimal(persons),
                )


def _fault(error: SelfEvalError) -> Unread:
    file, sheet, cell = [*error.place.split(" › "), "", ""][:3]
    return Unread(Place(file, sheet, cell), "", error.fault.rstrip("。"))


# --- in words ------------------------------------------------------------------------------

Kind = Literal["file", "error", "table", "number", "unread"]


def inspection_lines(
    inspected: InspectedFile, schemes: Path, brief: bool
) -> Iterator[tuple[Kind, str]]:
    """Yield what a file was taken for, line by line; ``brief`` without the numbers."""
    layouts, sides = load_layouts(schemes), load_relations(schemes).sides
    yield "file", inspected.file
    if inspected.error:
        yield "error", inspected.error
    for table in inspected.tables:
        yield "table", _table_line(table)
        if not brief:
            yield from _numbers(table, layouts, sides)
    reasons: dict[tuple[str, str], list[str]] = {}
    for item in inspected.unread:
        raw = f"“{item.raw}”" if item.raw else ""
        reasons.setdefault((item.place.sheet, item.why), []).append(f"{item.place.cell}{raw}")
    for (sheet, why), cells in reasons.items():
        more = f"等{len(cells)}处" if len(cells) > _MOST_CELLS else ""
        named = "、".join(cell for cell in cells[:_MOST_CELLS] if cell)
        where = " ".join(part for part in (sheet, named) if part)
        yield "unread", f"{where}{more}：{why}" if where else why


def _numbers(
    table: InspectedTable, layouts: Layouts, sides: dict[str, str]
) -> Iterator[tuple[Kind, str]]:
    filled = [number for number in table.held if number.raw]
    for number in filled:
        yield "number", _number_line(number, table.sheet, layouts, sides)
    if len(filled) < len(table.held):
        yield "number", f"另有 {len(table.held) - len(filled)} 格{STATES['blank']}"


def _table_line(table: InspectedTable) -> str:
    facts = [table.layout, f"{table.sheet} {table.range}"]
    facts += [table.amount_unit] if table.amount_unit else []
    if table.year:
        facts.append(f"{table.year}年")
    elif not table.layout.startswith(_FORM):
        facts.append(TABLE_HEADS["year_unknown"])
    numbers = sum(number.has_number for number in table.held)
    read = [f"{numbers} 个数"] if numbers or not table.rows else []
    read += [f"{table.rows} 行文字"] if table.rows else []
    return f"{table.title}（{'，'.join(facts)}）读到 {'、'.join(read)}"


def _number_line(
    number: Amount | Figure, sheet: str, layouts: Layouts, sides: dict[str, str]
) -> str:
    """Return what one cell became, in words."""
    block, code, fund = number.block, number.item_code, number.fund
    column = (
        layouts.heading(number.table, block, fund, code, number.phase)
        or sides.get(block)
        or (BLOCKS | STAFFING).get(block, "")
    )
    name = f"{code} {number.item_name}" if code.isdecimal() else number.item_name
    phase = PHASES.get(number.phase, "")
    words = " · ".join(dict.fromkeys(part for part in (name, column, phase) if part))
    place = number.place
    cell = place.cell if place.sheet == sheet else f"{place.sheet} {place.cell}"
    raw = " ".join(number.raw.split())
    became = ""
    if isinstance(number, Amount) and number.fen is not None:
        became = f" → {exact_yuan(number.fen)}"
    return f"{cell}　{words}　{raw}{became}"


def layout_rows(schemes: Path) -> Iterator[Record]:
    """Yield each official table that can be read: its id, titles, columns, sources and file."""
    layouts = load_layouts(schemes)
    for name, file in layouts.files.items():
        known = {table.table for table in file.tables}
        merged: dict[str, Record] = {}
        for table, panels in layouts.tables:
            if table.table not in known:
                continue
            columns = [c for panel in panels for c in columns_of(panel) if c not in file.always]
            row = merged.setdefault(
                table.table,
                {"layout": table.table, "titles": [], "columns": [], "sources": [], "file": name},
            )
            _extend(row["sources"], [table.source])
            _extend(row["titles"], [table.title])
            _extend(row["columns"], [column.headings[0] for column in columns])
        yield from merged.values()
    for form, name in zip(layouts.forms.forms, layouts.forms.files, strict=True):
        for band in form.bands:
            heads: list[str] = []
            _extend(heads, [column.headings[0] for column in form_columns(band)])
            titles = [f"{form.title}（{band.title}）"]
            yield {
                "layout": band.table,
                "titles": titles,
                "columns": heads,
                "sources": [form.source],
                "file": name,
            }


def _extend(names: list[str], more: Iterable[str]) -> None:
    names += [name for name in dict.fromkeys(more) if name not in names]
