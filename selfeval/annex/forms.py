"""The official forms as data: what stands in which row and column, in which words, since when."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from ..errors import SelfEvalError
from ..schemes.loading import Sourced, load_scheme, scheme_names
from ..strict import Strict, Text

KIND = "annex"
Columns = Annotated[str, Field(pattern=r"^[A-Z](?::[A-Z])?$")]
Style = Literal[
    "mark", "title", "middle", "note", "note_right", "head", "label", "left", "prose", "value"
]
_REFERENCE = re.compile(r"(?P<row>[a-z_]+)(?:\.(?P<column>[A-Z]))?")


class FormCell(Strict):
    """One cell, over the columns ``at`` and down to the row named ``down``.

    It holds a ``text`` with names in braces, or the number or text named by ``value``. The number
    is a formula where that gives the very number: ``sum`` of rows ("row" in the same column,
    "row.G" in another), ``ratio`` of two columns, or a rate ``capped`` at 1 times a weight.
    ``runs`` joins it with equal cells below, in a row that repeats.
    """

    at: Columns
    text: str = ""
    value: str = ""
    down: str = ""
    style: Style = "value"
    indent: int = 0
    runs: bool = False
    sum: tuple[str, ...] = ()
    ratio: tuple[str, str] | None = None
    capped: tuple[str, str] | None = None

    @property
    def columns(self) -> tuple[int, int]:
        """The first and the last column, from 0."""
        first, _, last = self.at.partition(":")
        return ord(first) - ord("A"), ord(last or first) - ord("A")

    def references(self) -> list[tuple[str, str]]:
        """Return the rows a sum adds, each with its column, "" for this cell's own."""
        found = [_REFERENCE.fullmatch(part) for part in self.sum]
        return [(match["row"], match["column"] or "") for match in found if match]


class FormRow(Strict):
    """One row, or one for each project or indicator (``each``).

    ``label`` and ``line`` are short for a label and the line's amount in each of the form's
    columns of amounts; those of the phases in ``dash`` do not apply.
    """

    id: str = ""
    each: Literal["", "projects", "indicators"] = ""
    height: float = 0
    label: str = ""
    indent: int = 0
    line: str = ""
    dash: tuple[str, ...] = ()
    sum: tuple[str, ...] = ()
    cells: tuple[FormCell, ...] = ()


class AmountColumn(Strict):
    """A column of amounts of one phase."""

    at: Columns
    phase: Text


class AnnexForm(Sourced):
    """One form of the unit, or of each of its projects (one sheet a project).

    ``widths`` are counted in digits, heights in points. ``repeat`` is the row printed again on
    every page; ``skeleton`` the families and aspects printed where there are no indicators.
    """

    form: Text
    of: Literal["unit", "project"]
    file: Annotated[str, Field(pattern=r'^[^\\/:*?"<>|.]+$')]
    sheet: Text
    widths: Annotated[tuple[float, ...], Field(min_length=1, max_length=26)]
    landscape: bool = False
    row_height: float = 21
    repeat: str = ""
    amounts: tuple[AmountColumn, ...] = ()
    skeleton: tuple[tuple[str, str], ...] = ()
    rows: Annotated[tuple[FormRow, ...], Field(min_length=1)]

    @property
    def file_name(self) -> str:
        """The name of the workbook."""
        return f"{self.file}.xlsx"

    @model_validator(mode="after")
    def _rows_exist(self) -> AnnexForm:
        ids = [row.id for row in self.rows if row.id]
        named = [cell.down for row in self.rows for cell in row.cells if cell.down]
        named += [self.repeat] if self.repeat else []
        for row in self.rows:
            sums = (*row.sum, *(part for cell in row.cells for part in cell.sum))
            named += [part.partition(".")[0] for part in sums]
        for name in named:
            if ids.count(name) != 1:
                raise ValueError(f"没有编号为“{name}”的行，或不止一行")
        return self

    def cells_of(self, row: FormRow) -> tuple[FormCell, ...]:
        """Return a row's cells, those that ``label`` and ``line`` stand for written out."""
        if not row.label:
            return row.cells
        amounts = []
        for column in self.amounts:
            if column.phase in row.dash:
                amounts.append(FormCell(at=column.at, text="——"))
            elif row.line:
                value = f"{row.line}.{column.phase}"
                amounts.append(FormCell(at=column.at, value=value, sum=row.sum))
            else:
                amounts.append(FormCell(at=column.at))
        label = FormCell(at="A", text=row.label, style="label", indent=row.indent)
        return (label, *amounts, *row.cells)


def load_forms(schemes: Path, year: int) -> list[AnnexForm]:
    """Load the forms in force at the end of a fiscal year, the latest of each kind.

    Raises
    ------
    ParamsError
        If a file is not as described here, with the file and the key.
    """
    found: dict[str, AnnexForm] = {}
    loaded = [load_scheme(schemes, KIND, name, AnnexForm) for name in scheme_names(schemes, KIND)]
    for form in sorted(loaded, key=lambda form: form.effective):
        if form.effective <= dt.date(year, 12, 31):
            found[form.form] = form
    return sorted(found.values(), key=lambda form: form.file)


def form_files(schemes: Path) -> list[str]:
    """Return the names of all workbooks that any form, of any year, is written to."""
    names = []
    for name in scheme_names(schemes, KIND):
        try:
            names.append(load_scheme(schemes, KIND, name, AnnexForm).file_name)
        except SelfEvalError:
            continue
    return names
