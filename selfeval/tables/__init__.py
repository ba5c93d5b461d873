"""Workbooks and CSV files → tidy frames with a cell address for every number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from ..errors import SelfEvalError, TableError, flatten, raise_all
from ..sheets import Grid, read_sheets
from ..terms import (
    AMOUNT_COLUMNS,
    BASIC_USE_COLUMNS,
    INDICATOR_COLUMNS,
    MEASURE_COLUMNS,
    PROJECT_COLUMNS,
    STAFFING_COLUMNS,
)
from ..unit import UNIT_FILE, Unit
from .forms import FormTable, amount_records, read_form
from .headings import is_guide, same_text
from .records import (
    Record,
    indicator_records,
    measure_records,
    note_records,
    project_records,
    repeated,
    staffing_records,
    unknown_projects,
)

__all__ = ["Tables", "load_tables", "same_text"]


@dataclass(frozen=True)
class Tables:
    """All that a unit's tables hold, as frames described in ``terms``."""

    amounts: pd.DataFrame
    projects: pd.DataFrame
    staffing: pd.DataFrame
    indicators: pd.DataFrame
    measures: pd.DataFrame
    notes: pd.DataFrame
    present: frozenset[str]


def load_tables(unit: Unit) -> Tables:
    """Read all table files of a unit.

    Raises
    ------
    TableError, InputErrors
        If any cell, heading, sheet or file cannot be read; all faults are told together.
    """
    errors: list[SelfEvalError] = []
    grids = [grid for grid in _grids(unit, errors) if not is_guide(grid, unit.form)]
    errors += [fault for grid in grids for fault in grid.faults]
    forms, faults = read_form(grids, unit.form)
    errors += faults
    amounts = _sort_out([r for form in forms for r in amount_records(form)], errors)
    errors += repeated(forms)
    by_name = {form.layout.table: form for form in forms}

    def records(
        table: str, read: Callable[[FormTable], Iterable[Record | TableError]]
    ) -> list[Record]:
        return _sort_out(read(by_name[table]), errors) if table in by_name else []

    tables = Tables(
        amounts=_frame(amounts, AMOUNT_COLUMNS),
        staffing=_frame(records("staffing", staffing_records), STAFFING_COLUMNS),
        projects=_frame(records("projects", project_records), PROJECT_COLUMNS),
        indicators=_frame(records("indicators", indicator_records), INDICATOR_COLUMNS),
        measures=_frame(records("measures", measure_records), MEASURE_COLUMNS),
        notes=_frame(list(note_records(by_name)), BASIC_USE_COLUMNS),
        present=frozenset(by_name),
    )
    # Where the projects could not be read, that their names are unknown is no news.
    if by_name["projects"].whole if "projects" in by_name else not errors:
        errors += unknown_projects(by_name)
    if not forms and not errors:
        errors.append(TableError(unit.code, "没有读到任何一张填报表。", "请放入填好的填报.xlsx。"))
    raise_all(_told_once(unit, errors))
    return tables


def _grids(unit: Unit, errors: list[SelfEvalError]) -> list[Grid]:
    """Read the sheets that unit.yaml does not tell us to ignore."""
    ignored = set(unit.settings.ignore)
    found: set[str] = set()
    kept: list[Grid] = []
    for path in unit.table_files:
        found.add(path.name)
        if path.name in ignored:
            continue
        try:
            grids = read_sheets(path)
        except SelfEvalError as error:
            errors.append(error)
            continue
        found |= {f"{grid.file}#{grid.sheet}" for grid in grids}
        kept += [grid for grid in grids if f"{grid.file}#{grid.sheet}" not in ignored]
    errors += [
        TableError(f"{unit.code}/{UNIT_FILE}", f"ignore 里的“{name}”不存在。", "请删去这一条。")
        for name in sorted(ignored - found)
        if not any(name.startswith(f"{error.place}#") for error in errors)
    ]
    return kept


def _told_once(unit: Unit, errors: Iterable[SelfEvalError]) -> Iterator[SelfEvalError]:
    """Yield the errors with the unit in their place, only the first of each place."""
    told: set[str] = set()
    for error in flatten(errors):
        if error.place in told:
            continue
        told.add(error.place)
        own = error.place == unit.code or error.place.startswith(f"{unit.code}/")
        place = error.place if own else f"{unit.code} › {error.place}"
        yield type(error)(place, error.fault, error.remedy)


def _sort_out(rows: Iterable[Record | TableError], errors: list[SelfEvalError]) -> list[Record]:
    records: list[Record] = []
    for row in rows:
        if isinstance(row, TableError):
            errors.append(row)
        else:
            records.append(row)
    return records


def _frame(records: Sequence[Record], columns: dict[str, str]) -> pd.DataFrame:
    # As objects first: beside a None, pandas would make floats of whole numbers.
    frame = pd.DataFrame(list(records), columns=list(columns), dtype=object)
    return frame.astype(columns)
