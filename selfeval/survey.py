"""What a table file is taken for: each table recognised, what each number became, what did not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from .errors import SelfEvalError
from .layouts import Layouts, columns_of, load_layouts
from .money import exact_yuan
from .performance import columns_of as form_columns
from .schemes import FormLayout, load_form
from .sheets import Grid, column_letters, read_files
from .tables import own_and_official
from .tables.forms import FormTable, amount_records, read_form
from .tables.headings import is_guide
from .tables.official import OfficialTable, Reading, read_official
from .terms import BLOCKS, PHASES, STATES

Record = dict[str, Any]


@dataclass
class FileSurvey:
    """One file: its tables, amounts, figures, what is not understood, or why it cannot be read."""

    file: str
    tables: list[Record] = field(default_factory=list)
    amounts: list[Record] = field(default_factory=list)
    figures: list[Record] = field(default_factory=list)
    unread: list[Record] = field(default_factory=list)
    error: str = ""

    def record(self) -> Record:
        """Return it as plain data for ``selfeval tables --json``."""
        return {
            "file": self.file,
            "tables": self.tables,
            "amounts": self.amounts,
            "figures": self.figures,
            "unread": self.unread,
            "error": self.error,
        }


def survey_files(paths: Sequence[Path], schemes: Path) -> Iterator[FileSurvey]:
    """Yield what each file holds; a file that cannot be read says why, the others go on."""
    layouts, form = load_layouts(schemes), load_form(schemes)
    for path, grids in zip(paths, read_files(list(paths)), strict=True):
        survey = FileSurvey(str(path))
        if isinstance(grids, SelfEvalError):
            survey.error = str(grids)
        else:
            _survey(survey, [g for g in grids if not is_guide(g, form)], layouts, form)
        yield survey


def _survey(survey: FileSurvey, grids: list[Grid], layouts: Layouts, form: FormLayout) -> None:
    own, others = own_and_official(grids, form, lambda: layouts)
    reading = read_official(others, layouts)
    survey.tables = [_official(table) for table in reading.tables]
    survey.amounts = list(reading.amounts)
    survey.figures = [_plain(record) for record in reading.figures]
    tables, errors = read_form(own, form)
    for table in tables:
        survey.tables.append(_form_table(table))
        for record in amount_records(table):
            if isinstance(record, SelfEvalError):
                errors.append(record)
            else:
                survey.amounts.append(record)
    survey.unread = [*_unread(reading), *(_fault(error) for grid in grids for error in grid.faults)]
    survey.unread += [_fault(error) for error in errors]


def _official(table: OfficialTable) -> Record:
    return {
        "title": table.title or table.name,
        "layout": table.layout,
        "sheet": table.sheet,
        "range": table.range,
        "amount_unit": table.amount_unit,
        "year": table.year,
    }


def _form_table(table: FormTable) -> Record:
    rows, width = len(table.grid.rows), max(len(row) for row in table.grid.rows)
    return {
        "title": table.layout.title,
        "layout": f"form_{table.layout.table}",
        "sheet": table.grid.sheet,
        "range": f"A1:{column_letters(width - 1)}{rows}",
        "amount_unit": table.amount_unit,
        "year": None,
    }


def _unread(reading: Reading) -> Iterator[Record]:
    for unread in reading.unread:
        yield {
            "sheet": unread.place.sheet,
            "cell": unread.place.cell,
            "raw": unread.raw,
            "why": unread.why,
        }
    for grid, why in reading.strangers:
        yield {"sheet": grid.sheet, "cell": "", "raw": "", "why": why}


def _fault(error: SelfEvalError) -> Record:
    _, _, rest = error.place.partition(" › ")
    sheet, _, cell = rest.partition(" › ")
    return {"sheet": sheet, "cell": cell, "raw": "", "why": error.fault}


def _plain(record: Record) -> Record:
    value = record["value"]
    return record | {"value": str(value) if isinstance(value, Decimal) else value}


def amount_line(record: Record, layouts: Layouts) -> str:
    """Return what one amount became, in words."""
    block = record["block"]
    column = layouts.heading(record["table"], block, record["fund"]) or BLOCKS.get(block, "")
    code = record["item_code"] if record["item_code"].isdecimal() else ""
    name = " ".join(part for part in (code, record["item_name"]) if part)
    phase = PHASES.get(record["phase"], record["phase"])
    words = " · ".join(dict.fromkeys(part for part in (name, column, phase) if part))
    if record["amount"] is None:
        return f"{record['cell']}　{words}　{STATES[record['state']]}"
    return f"{record['cell']}　{words}　{record['raw']} → {exact_yuan(record['amount'])}"


def layout_rows(schemes: Path) -> Iterator[Record]:
    """Yield each official table that can be read: its id, titles, columns and source file."""
    layouts = load_layouts(schemes)
    for name, file in layouts.files.items():
        known = {id(table) for table in file.tables}
        merged: dict[str, Record] = {}
        for table, panels in layouts.tables:
            if id(table) not in known:
                continue
            heads = [c.headings[0] for panel in panels for c in columns_of(panel)]
            row = merged.setdefault(
                table.table, {"layout": table.table, "titles": [], "columns": [], "file": name}
            )
            row["titles"] += [t for t in [table.title] if t not in row["titles"]]
            row["columns"] += [h for h in heads if h not in row["columns"]]
        yield from merged.values()
    for form, name in zip(layouts.forms.forms, layouts.forms.files, strict=True):
        for band in form.bands:
            heads = [column.headings[0] for column in form_columns(band)]
            titles = [f"{form.title}（{band.title}）"]
            yield {"layout": band.table, "titles": titles, "columns": heads, "file": name}


def table_amounts(survey: FileSurvey, table: Record) -> list[Record]:
    """Return what was read of one table of a file."""
    own = (table["layout"], table["layout"].removeprefix("form_"))
    return [
        record
        for record in survey.amounts
        if record["sheet"] == table["sheet"]
        and record["table"] in own
        and _within(record["cell"], table["range"])
    ]


def counted(survey: FileSurvey, table: Record) -> int:
    """Return how many numbers were read of one table of a file."""
    return sum(record["amount"] is not None for record in table_amounts(survey, table))


def _within(cell: str, area: str) -> bool:
    first, _, last = area.partition(":")
    return _row(first) <= _row(cell) <= _row(last)


def _row(cell: str) -> int:
    return int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
