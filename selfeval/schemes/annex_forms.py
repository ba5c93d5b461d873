"""The official forms as data: what stands in which row and column, in which words, since when."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from ..errors import ParamsError, SelfEvalError
from ..strict import Strict, Text
from ..terms import BLOCKS, PHASES, RATES, STAFFING
from .loading import Sourced, differ, load_scheme, require, scheme_names, strange_braces, unknown
from .ratios import load_framework

KIND = "annex"
Columns = Annotated[str, Field(pattern=r"^[A-Z](?::[A-Z])?$")]
Reference = Annotated[str, Field(pattern=r"^[a-z_]+(?:\.[A-Z])?$")]
"""A row, "row", or a cell of it in another column, "row.G"."""

Style = Literal[
    "mark", "title", "middle", "note", "note_right", "head", "label", "left", "prose", "value"
]
NAME: Final = re.compile(r"\{(?P<name>[a-z_.]+)\}")
"""A number or text named within a text."""

LINE_MEASURES: Final = (*PHASES, "execution_rate")
_MEASURES: Final = (*PHASES, *RATES)
UNIT_NAMES: Final = frozenset(
    {
        *("name", "year", "prior_year", "scoring", "report_date", "annual_goal", "annual_result"),
        *("thrift_measures", "preparer", "telephone", "supervisor"),
        *("execution.weight", "execution.points"),
        *("score.weight", "score.points", "score.note", "score.missing"),
        *(f"{line}.{measure}" for line in BLOCKS for measure in _MEASURES),
        *(f"staff.{measure}" for measure in STAFFING),
    }
)
"""What every cell may hold: ``unit_entries``, and the ratios by ``ratio.<id>``."""

PROJECT_NAMES: Final = frozenset(
    {"number", "project", *(f"own.{measure}" for measure in LINE_MEASURES)}
)
"""What cells of a project may hold besides: ``project_entries``."""

INDICATOR_NAMES: Final = frozenset(
    {"family", "aspect", "indicator", "target", "actual", "deviation", "weight", "points"}
)
"""What cells of an indicator may hold besides: ``indicator_entries``."""


def span_of(at: str) -> tuple[int, int]:
    """Return the first and the last of some columns, from 0."""
    first, _, last = at.partition(":")
    return ord(first) - ord("A"), ord(last or first) - ord("A")


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
    sum: tuple[Reference, ...] = ()
    ratio: tuple[str, str] | None = None
    capped: tuple[str, str] | None = None

    @property
    def columns(self) -> tuple[int, int]:
        """The first and the last column, from 0."""
        return span_of(self.at)

    def references(self) -> list[tuple[str, str]]:
        """Return the rows a sum adds, each with its column, "" for this cell's own."""
        parts = (part.partition(".") for part in self.sum)
        return [(row, column) for row, _, column in parts]


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
    sum: tuple[Reference, ...] = ()
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
        differ(ids, "行的编号")
        require("编号的行", named, ids)
        return self

    @model_validator(mode="after")
    def _columns_exist(self) -> AnnexForm:
        spans = [cell.columns for row in self.rows for cell in row.cells]
        spans += [span_of(column.at) for column in self.amounts]
        for first, last in spans:
            if not first <= last < len(self.widths):
                letters = f"{chr(ord('A') + first)}:{chr(ord('A') + last)}"
                raise ValueError(f"没有栏“{letters}”，widths 里只有 {len(self.widths)} 栏")
        return self

    @model_validator(mode="after")
    def _lines_exist(self) -> AnnexForm:
        phases = [
            *(column.phase for column in self.amounts),
            *(p for r in self.rows for p in r.dash),
        ]
        require("阶段", phases, PHASES)
        require("预算行", (row.line for row in self.rows if row.line), (*BLOCKS, "own"))
        return self

    def strange_names(self, ratios: Iterable[str]) -> Iterator[str]:
        """Yield what is wrong with each name of a number or text that no such cell can have."""
        always = UNIT_NAMES | {f"ratio.{ratio}" for ratio in ratios}
        always |= PROJECT_NAMES if self.of == "project" else set()
        yield from strange_braces(self.sheet, always)
        for row in self.rows:
            known = always | (PROJECT_NAMES if row.each == "projects" else set())
            known |= INDICATOR_NAMES if row.each == "indicators" else set()
            for cell in self.cells_of(row):
                yield from strange_braces(cell.text, known)
                if cell.value and cell.value not in known:
                    yield unknown("数或文字", cell.value, known)

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
    loaded = [_load_form(schemes, name) for name in scheme_names(schemes, KIND)]
    for form in sorted(loaded, key=lambda form: form.effective):
        if form.effective <= dt.date(year, 12, 31):
            found[form.form] = form
    return sorted(found.values(), key=lambda form: form.file)


def _load_form(schemes: Path, name: str) -> AnnexForm:
    form = load_scheme(schemes, KIND, name, AnnexForm)
    for fault in form.strange_names(load_framework(schemes).ids):
        raise ParamsError(f"schemes/{KIND}/{name}.yaml", f"{fault}。", "请对照原来的文件改正。")
    return form


def form_files(schemes: Path) -> list[str]:
    """Return the names of all workbooks that any form, of any year, is written to."""
    names = []
    for name in scheme_names(schemes, KIND):
        try:
            names.append(_load_form(schemes, name).file_name)
        except SelfEvalError:
            continue
    return names
