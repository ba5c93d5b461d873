"""Workbooks and CSV files → typed rows with a cell address for every number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import TypeVar

from ..errors import SelfEvalError, TableError, flatten, raise_all
from ..schemes.agree import load_relations
from ..schemes.form import FormLayout
from ..schemes.layouts import Layouts, load_layouts
from ..schemes.relations import Relations
from ..sheets import Grid, Place, read_files
from ..unit import UNIT_FILE, Unit
from ..unit.corrections import CORRECTIONS_FILE, Correction, apply_corrections
from .book import Book
from .cells import Cells
from .evaluation_forms.reader import find_forms
from .imprints import years_of_form
from .official.reader import read_official
from .official_table import StatedName, StatedYear
from .own_form.computing import as_filled_in
from .own_form.evidence import file_states, unnamed_files
from .own_form.headings import form_row, is_guide
from .own_form.ledger import material_rows, unknown_indicators
from .own_form.reader import FormTable, read_amounts, read_own_form
from .own_form.records import (
    indicator_rows,
    measure_rows,
    note_rows,
    project_rows,
    repeated_names,
    staff_rows,
    unknown_projects,
)
from .owners import Names, owner_above, set_strangers_apart
from .reading import Reading
from .rows import (
    Amount,
    Figure,
    Indicator,
    Material,
    Measure,
    Note,
    SpendingProject,
    Staff,
)
from .sources import place_in_years, stated_amounts

# The fill-in workbook has its headings in row 4; a CSV file of it may have a line or two more.
_LATEST_FORM_ROW = 5
_GUIDE_HEAD = 3
_OVERALL_INDICATORS = "overall_indicators"
_Read = TypeVar("_Read")


@dataclass(frozen=True)
class Tables:
    """All that a unit's tables hold, as rows.

    ``amounts`` has every amount read; ``stated`` one per budget line and phase, the line as its
    ``item_code``: what the report is made of; ``indicators`` those to be scored, the form's or else
    an official form's. ``present`` are the tables of the unit's own form,
    ``form_files`` where they stand, ``named`` those of which every row could be read; if
    ``all_told`` no other sheet or file may hold one that is not present; ``form_owners`` and
    ``form_years`` what they print of another office or year. ``reading`` tells of the official
    tables, ``unnamed_evidence`` of the files of evidence that no row of the ledger names;
    ``prior_spending`` of what last year's folder says was spent, by budget line,
    ``prior_unread`` of why that is not known.
    """

    amounts: tuple[Amount, ...]
    stated: tuple[Amount, ...]
    figures: tuple[Figure, ...]
    projects: tuple[SpendingProject, ...]
    staffing: tuple[Staff, ...]
    indicators: tuple[Indicator, ...]
    measures: tuple[Measure, ...]
    notes: tuple[Note, ...]
    present: frozenset[str]
    reading: Reading = field(default_factory=Reading)
    book: Book = field(default_factory=lambda: Book([], {}))
    relations: Relations | None = None
    corrected: Mapping[Place, Correction] = field(default_factory=dict)
    hidden: tuple[Grid, ...] = ()
    evidence: tuple[Material, ...] = ()
    unnamed_evidence: tuple[str, ...] = ()
    named: frozenset[str] = frozenset()
    form_files: tuple[str, ...] = ()
    form_owners: tuple[StatedName, ...] = ()
    form_years: tuple[StatedYear, ...] = ()
    all_told: bool = True
    prior_spending: tuple[Amount, ...] = ()
    prior_unread: str = ""

    def texts(self) -> Iterator[tuple[Place, str]]:
        """Yield the texts of the unit's own rows, each with its row's place."""
        for row in (*self.staffing, *self.projects, *self.indicators, *self.measures):
            yield from ((row.place, text) for text in row.texts())


def load_tables(unit: Unit) -> Tables:
    """Read all table files of a unit.

    Raises
    ------
    TableError, ParamsError, InputErrors
        If any cell, heading, sheet or file of the unit's own form cannot be read, or a
        correction no longer fits; all faults are told together. What cannot be read of an
        official table is a finding instead: its office, not this unit, can mend it.
    """
    errors: list[SelfEvalError] = []
    tables = read_tables(unit, errors)
    raise_all(errors)
    return tables


def read_tables(unit: Unit, errors: list[SelfEvalError]) -> Tables:
    """Read all table files of a unit as far as they can be; their faults join ``errors``.

    A row with a fault stays, without what is wrong of it: what names it is not to be told that
    there is no such row.
    """
    faults: list[SelfEvalError] = []
    tables = _read_tables(unit, faults)
    errors += _told_once(unit, faults)
    return tables


def _read_tables(unit: Unit, errors: list[SelfEvalError]) -> Tables:
    before = len(errors)
    all_grids = _grids(unit, errors)
    grids = [as_filled_in(g, unit.form) for g in all_grids if not is_guide(g, unit.form)]
    all_files = len(errors) == before
    errors += [fault for grid in grids for fault in grid.faults]
    place = f"{unit.code} › {CORRECTIONS_FILE}"
    grids, corrected, faults = apply_corrections(grids, unit.corrections, place)
    errors += faults
    own, reading = _sorted_by_kind(unit, grids)
    guides = [grid for grid in all_grids if is_guide(grid, unit.form)]
    form_owners, form_years = _imprints_of_form(unit, [*guides, *own])
    forms, faults = read_own_form(own, unit.form)
    errors += faults
    amounts = _sort_out([r for form in forms for r in read_amounts(form)], errors)
    errors += repeated_names(forms)
    by_name = {form.layout.table: form for form in forms}

    def rows(table: str, read: Callable[[FormTable], Iterable[_Read | TableError]]) -> list[_Read]:
        form = by_name.get(table)
        named = form and (form.sound or table == "projects")  # others name its rows
        return _sort_out(read(form), errors) if form and named else []

    ledger, unnamed = _evidence(unit, rows("evidence", material_rows), by_name, errors)
    own_indicators = rows("indicators", partial(indicator_rows, fiscal_year=unit.year))
    relations = load_relations(unit.schemes) if reading.tables else None
    funds = {table.layout: table.fund for table in reading.tables}
    empty = [t for t in reading.tables if t.says_empty and t.is_empty and t.year == unit.year]
    book = Book(reading.amounts, funds, reading.unread)
    tables = Tables(
        amounts=(*amounts, *reading.amounts),
        stated=stated_amounts(amounts, book, relations, empty),
        figures=tuple(reading.figures),
        staffing=tuple(rows("staffing", staff_rows)),
        projects=tuple(rows("projects", project_rows)),
        indicators=tuple(own_indicators or _form_indicators(unit, reading)),
        measures=tuple(rows("measures", measure_rows)),
        notes=tuple(note_rows(by_name)),
        present=frozenset(by_name),
        reading=reading,
        book=book,
        relations=relations,
        corrected=corrected,
        hidden=tuple(g for g in grids if g.hidden_rows or g.hidden_columns),
        evidence=ledger,
        unnamed_evidence=unnamed,
        named=frozenset(name for name, form in by_name.items() if form.whole),
        form_files=tuple(sorted({form.grid.file for form in forms})),
        form_owners=form_owners,
        form_years=form_years,
        all_told=all_files and len(forms) == len(own),
    )
    # Where the names themselves could not be read, that others are unknown is no news.
    if "projects" in tables.named:
        errors += unknown_projects(by_name)
    official = "indicators" not in by_name and bool(tables.indicators)
    kept = by_name.get("evidence")
    if kept and kept.sound and ("indicators" in tables.named or official):
        errors += unknown_indicators(kept, [row.indicator_name for row in tables.indicators])
    if unit.table_files and not (forms or reading.tables or reading.foreign or errors):
        errors.append(
            TableError(
                unit.code,
                "没有读到任何一张表。",
                "请放入填好的填报.xlsx，或部门预算、决算的公开表。",
            )
        )
    return tables


def _form_indicators(unit: Unit, reading: Reading) -> list[Indicator]:
    """Return the indicators of an official form of the whole unit, where ours has none.

    A family that no profile knows stays as it is printed, to be told.
    """
    own = [
        row
        for row in reading.indicators
        if row.table == _OVERALL_INDICATORS and row.official and row.official.year == unit.year
    ]
    if not own:
        return []
    words = load_layouts(unit.schemes).words
    return [
        replace(
            row,
            indicator_family=words.family_of(row.indicator_family) or row.indicator_family,
            fiscal_year=unit.year,
        )
        for row in own
    ]


def _evidence(
    unit: Unit,
    rows: Sequence[Material],
    forms: dict[str, FormTable],
    errors: list[SelfEvalError],
) -> tuple[tuple[Material, ...], tuple[str, ...]]:
    """Return the ledger with the state of its files, and the files that no row names.

    What is wrong with the folder is no fault where no ledger is kept.
    """
    try:
        ledger = _sort_out(file_states(rows, unit.folder, unit.recorded), errors)
        system = unit.checks.listed("system_files", unit.year)
        return tuple(ledger), unnamed_files(unit.folder, ledger, system)
    except SelfEvalError as error:
        errors += [error] if "evidence" in forms else []
        return (), ()


def _sorted_by_kind(unit: Unit, grids: Sequence[Grid]) -> tuple[list[Grid], Reading]:
    """Return the grids of the unit's own form, and what was read of official tables.

    A sheet that is neither goes with the form's, to be refused by name, unless its file holds
    official tables: those come with covers and notes.
    """
    own, others = own_and_official(grids, unit.form, lambda: load_layouts(unit.schemes))
    if not others:
        return own, Reading()
    layouts = load_layouts(unit.schemes)
    reading = read_official(others, layouts)
    official = {table.file for table in reading.tables}
    set_strangers_apart(reading, unit_names(unit, layouts))
    place_in_years(reading, unit.year, unit.settings.years)
    own += [grid for grid in others if grid.file not in official]
    reading.strangers = [(g, why) for g, why in reading.strangers if g.file in official]
    return own, reading


def _imprints_of_form(
    unit: Unit, grids: Sequence[Grid]
) -> tuple[tuple[StatedName, ...], tuple[StatedYear, ...]]:
    """Return the other offices and other years that the unit's own form and its guide print."""
    layouts = cache(partial(load_layouts, unit.schemes))
    owners: dict[tuple[str, str], StatedName] = {}
    years: dict[tuple[str, int], StatedYear] = {}
    for grid in grids:
        row = form_row(grid, unit.form)
        cells = Cells(replace(grid, rows=grid.rows[: _GUIDE_HEAD if row is None else row]))
        for said in years_of_form(cells):
            if said.year != unit.year:
                years.setdefault((grid.file, said.year), said)
        if not any(cells.texts):
            continue
        owner = owner_above(cells, range(cells.height), layouts().words)
        if owner and unit_names(unit, layouts()).kinship(owner.name) == "stranger":
            owners.setdefault((grid.file, owner.name), owner)
    return tuple(owners.values()), tuple(years.values())


def unit_names(unit: Unit, layouts: Layouts) -> Names:
    """Return the unit's own and other names, to be compared with what tables print."""
    telling = "".join(unit.checks.words["telling_characters"].words)
    difference = unit.checks.threshold("name_difference", unit.year)
    own = (unit.name, *unit.settings.also_named)
    return Names(own, layouts.words, telling, difference)


def own_and_official(
    grids: Sequence[Grid], form: FormLayout, layouts: Callable[[], Layouts]
) -> tuple[list[Grid], list[Grid]]:
    """Return the grids that are of the unit's own form, and all others.

    Some official forms have a part with the same columns as one of ours, but below their own
    title and parts; ``layouts`` are asked for only where that may be.
    """
    own: list[Grid] = []
    others: list[Grid] = []
    for grid in grids:
        row = form_row(grid, form)
        is_own = row is not None and (
            row <= _LATEST_FORM_ROW or not find_forms(Cells(grid), layouts())
        )
        (own if is_own else others).append(grid)
    return own, others


def _grids(unit: Unit, errors: list[SelfEvalError]) -> list[Grid]:
    """Read the sheets that unit.yaml does not tell us to ignore."""
    ignored = set(unit.settings.ignore) - unit.contents.ignored
    found = {path.name for path in unit.table_files}
    kept: list[Grid] = []
    for grids in read_files(list(unit.table_files)):
        if isinstance(grids, SelfEvalError):
            errors.append(grids)
            continue
        found |= {f"{grid.file}#{grid.sheet}" for grid in grids}
        kept += [grid for grid in grids if f"{grid.file}#{grid.sheet}" not in ignored]
    unknown = [
        f"{key} 里的“{name}”{fault}。"
        for key, names, fault in (
            ("ignore", ignored, "不存在，或不能不读"),
            ("years", set(unit.settings.years), "不存在"),
        )
        for name in sorted(names - found)
        if not any(name.startswith(f"{error.place}#") for error in errors)
    ]
    if unknown:
        remedy = "请删去这一条。" if len(unknown) == 1 else "请删去这些条目。"
        errors.append(TableError(f"{unit.code} › {UNIT_FILE}", "".join(unknown), remedy))
    return kept


def _told_once(unit: Unit, errors: Iterable[SelfEvalError]) -> Iterator[SelfEvalError]:
    """Yield the errors with the unit in their place, only the first of each place."""
    told: set[str] = set()
    for error in flatten(errors):
        if error.place in told:
            continue
        told.add(error.place)
        own = error.place == unit.code or error.place.startswith(f"{unit.code} › ")
        place = error.place if own else f"{unit.code} › {error.place}"
        yield type(error)(place, error.fault, error.remedy)


def _sort_out(rows: Iterable[_Read | TableError], errors: list[SelfEvalError]) -> list[_Read]:
    read: list[_Read] = []
    for row in rows:
        if isinstance(row, TableError):
            errors.append(row)
        else:
            read.append(row)
    return read
