"""Official tables checked against one another: the rules of the tables alone, read in place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from builders import SCHEMES, make_folder, write_csv
from official_tables import LAYOUTS, drawn

from selfeval.checks import RULES
from selfeval.checks.official.reading import check_reconciled
from selfeval.evaluation import Evaluation
from selfeval.evaluation.finding import Finding
from selfeval.schemes.agree import load_relations
from selfeval.sheets import Grid
from selfeval.tables import Tables
from selfeval.tables.book import Book
from selfeval.tables.official.reader import read_official
from selfeval.tables.sources import place_in_years, stated_amounts
from selfeval.unit import Unit, load_folder

IDENTITIES = [f"I{n}" for n in (*range(1, 15), 16)]
RELATIONS = load_relations(SCHEMES)


def a_unit(folder: Path) -> Unit:
    """Return a unit of 2021; its tables are given to ``case_of``."""
    made = make_folder(folder)
    write_csv(made / "表.csv", [["表"]])
    return load_folder(made)


def grid_of(name: str, rows: Sequence[Sequence[object]], file: str = "表.xlsx") -> Grid:
    """Return rows as a sheet, each as long as the longest."""
    width = max(map(len, rows))
    return Grid(file, name, tuple((*row, *[""] * (width - len(row))) for row in rows))


def case_of(unit: Unit, *sheets: Grid | str) -> Evaluation:
    """Return what the rules look at, of sheets that are read as they are or as they are drawn.

    Files that say no year are of the unit's, as unit.yaml would have it.
    """
    grids = [
        sheet if isinstance(sheet, Grid) else drawn(sheet, f"表{number}")
        for number, sheet in enumerate(sheets, 1)
    ]
    reading = read_official(grids, LAYOUTS)
    dated = {table.file for table in reading.tables if table.year}
    undated = {grid.file: unit.year for grid in grids if grid.file not in dated}
    place_in_years(reading, unit.year, undated)
    funds = {table.layout: table.fund for table in reading.tables}
    book = Book(reading.amounts, funds, reading.unread)
    none = pd.DataFrame()
    stated = stated_amounts([], book, RELATIONS)
    tables = Tables(
        (), stated, (), none, none, none, none, none, frozenset(),
        reading=reading, book=book, relations=RELATIONS,
    )  # fmt: skip
    return Evaluation(unit, tables, {}, {})


def told(case: Evaluation, *rules: str) -> list[Finding]:
    """Return what some rules find, all identities by default."""
    rules = rules or IDENTITIES
    return [case.finding(rule, verdict) for rule in rules for verdict in RULES[rule](case)]


def outcomes(case: Evaluation, *rules: str) -> list[tuple[str, str]]:
    """Return (outcome, message) of what some rules find."""
    return [(finding.outcome, finding.message) for finding in told(case, *rules)]


def cells(finding: Finding) -> list[str]:
    """Return the cells a finding names, with their sheets."""
    return [f"{place.sheet}!{place.cell}" for place in finding.places]


def unreconciled(case: Evaluation) -> list[str]:
    """Return the tables of which nothing was compared."""
    return [finding.item for finding in check_reconciled(case, told(case))]
