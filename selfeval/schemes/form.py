"""The layout of the fill-in workbook: tables, columns, fixed rows."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Annotated, Final, Literal, get_args

from pydantic import Field, model_validator

from ..folding import fold
from ..strict import Strict, Text
from ..terms import BLOCKS, PHASES
from .checks import Checks, load_checks
from .known_names import FormTable, WordsName
from .loading import Sourced, differ, lacking, load_scheme, require

_AMOUNTS: Final = frozenset({"item", "note", *PHASES} - {"stated_budget"})
INDICATOR_FIELDS: Final = frozenset({
    "indicator_family", "indicator_aspect", "indicator_name", "comparison", "target_value",
    "measure_unit", "actual_value", "weight", "self_score", "deviation_cause", "evidence",
    "project",
})  # fmt: skip
_FIELDS: Final[dict[str, frozenset[str]]] = {
    "staffing": frozenset({"kind", "authorised_posts", "staff_in_post", "note"}),
    "basic": _AMOUNTS | {"use"},
    "projects": _AMOUNTS | {"parent", "priority", "use"},
    "other": _AMOUNTS - {"budget_adjustment"},
    "indicators": INDICATOR_FIELDS | {"last_actual", "earlier_actual"},
    "measures": frozenset({"problem", "cause", "measure", "owner", "due", "project"}),
    "evidence": frozenset({
        "indicator_name", "material", "evidence_file", "page", "date", "holder", "sample_size",
        "recovered", "sha256", "note",
    }),
}  # fmt: skip


class OwnColumn(Strict):
    """One column of a table: our name for it, the headings it goes by, what its cells hold."""

    field: Text
    heading: Text
    aliases: tuple[str, ...] = ()
    type: Literal["text", "choice", "amount", "count", "number", "date"]
    width: int = 14
    optional: bool = False
    hidden: bool = False
    """Whether the form keeps it out of sight: it is for programs, or few need it."""
    offers: tuple[FormTable, str] | None = None
    """The table and the field whose cells are offered as a list."""
    choices: tuple[str, ...] = ()
    accepts: tuple[WordsName, ...] = ()
    """Word lists of the checks whose words are taken for a choice, too; once loaded, the words."""
    least: int | None = None
    help: str = ""


class Item(Strict):
    """One fixed row of a table."""

    block: Text
    name: Text
    aliases: tuple[str, ...] = ()
    sum_of: tuple[str, ...] = ()
    """The blocks of the rows that it is the sum of: the form has a formula for it."""


class TableLayout(Strict):
    """One table: how it is recognised and what its rows and columns mean."""

    table: Text
    sheet: Text
    title: Text
    amounts: bool
    columns: Annotated[tuple[OwnColumn, ...], Field(min_length=1)]
    items: tuple[Item, ...] = ()
    totals: tuple[str, ...] = ()
    total_block: str = ""
    adds_up: bool = False
    """Whether the form begins with a row of totals that adds its columns up."""
    example: tuple[str | int | float, ...]

    @cached_property
    def names(self) -> dict[str, OwnColumn]:
        """Its columns by their headings and what else they are called, folded."""
        return {fold(n): c for c in self.columns for n in (c.heading, *c.aliases)}

    @model_validator(mode="after")
    def _example_fits(self) -> TableLayout:
        if len(self.example) != len(self.columns):
            raise ValueError(f"表“{self.sheet}”的填写示例与栏目数不同")
        return self

    @model_validator(mode="after")
    def _names_known(self) -> TableLayout:
        require("表", [self.table], _FIELDS)
        blocks = [item.block for item in self.items]
        blocks += [self.total_block] if self.total_block else []
        fields = [column.field for column in self.columns]
        require("栏目", fields, _FIELDS[self.table], f"表“{self.sheet}”：")
        require("行目", blocks, BLOCKS, f"表“{self.sheet}”：")
        for item in self.items:
            others = set(blocks) - {item.block, self.total_block}
            require("行目", item.sum_of, others, f"表“{self.sheet}”的“{item.name}”：")
        if self.adds_up and not self.totals:
            raise ValueError(f"表“{self.sheet}”写了 adds_up，没有写 totals")
        if fault := lacking(fields, _FIELDS[self.table]):
            raise ValueError(f"表“{self.sheet}”{fault}的栏目")
        return self

    @model_validator(mode="after")
    def _names_differ(self) -> TableLayout:
        for parts in (
            [column.field for column in self.columns],
            [name for column in self.columns for name in (column.heading, *column.aliases)],
            [item.block for item in self.items],
            [name for item in self.items for name in (item.name, *item.aliases)],
        ):
            differ(parts, f"表“{self.sheet}”里")
        return self


class FormLayout(Sourced):
    """The tables a unit fills in."""

    guide: Annotated[tuple[Text, ...], Field(min_length=1)]
    example_mark: Text
    note_marks: tuple[str, ...]
    subtotal_marks: tuple[str, ...]
    tables: tuple[TableLayout, ...]

    @model_validator(mode="after")
    def _complete(self) -> FormLayout:
        names = [table.table for table in self.tables]
        differ(names, "表")
        if fault := lacking(names, get_args(FormTable)):
            raise ValueError(f"{fault}的表")
        for column in (column for table in self.tables for column in table.columns):
            if column.offers:
                table, field = column.offers
                require("栏目", [field], _FIELDS[table], f"“{column.heading}”的 offers：")
        return self

    def heading(self, table: str, field: str = "") -> str:
        """Return what the form calls a table, or one of its columns."""
        layout = next(layout for layout in self.tables if layout.table == table)
        named = {column.field: column.heading for column in layout.columns}
        return named[field] if field else layout.sheet


def load_form(folder: Path) -> FormLayout:
    """Load the layout of the fill-in workbook."""
    form = load_scheme(folder, "layouts", "form", FormLayout)
    checks = load_checks(folder)
    tables = [
        table.model_copy(update={"columns": tuple(_accepting(c, checks) for c in table.columns)})
        for table in form.tables
    ]
    return form.model_copy(update={"tables": tuple(tables)})


def _accepting(column: OwnColumn, checks: Checks) -> OwnColumn:
    words = tuple(word for name in column.accepts for word in checks.listed(name))
    return column.model_copy(update={"accepts": words})
