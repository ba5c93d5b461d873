"""The layout of the fill-in workbook: tables, columns, fixed rows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from ..strict import Strict, Text
from .checks import Checks, load_checks
from .loading import Sourced, load_scheme, repeated


class OwnColumn(Strict):
    """One column of a table: our name for it, the headings it goes by, what its cells hold."""

    field: Text
    heading: Text
    aliases: tuple[str, ...] = ()
    type: Literal["text", "choice", "amount", "count", "number", "date"]
    width: int = 14
    optional: bool = False
    choices: tuple[str, ...] = ()
    accepts: tuple[str, ...] = ()
    """Word lists of the checks whose words are taken for a choice, too; once loaded, the words."""
    least: int | None = None
    help: str = ""


class Item(Strict):
    """One fixed row of a table."""

    block: Text
    name: Text
    aliases: tuple[str, ...] = ()


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
    example: tuple[str | int | float, ...]

    @model_validator(mode="after")
    def _example_fits(self) -> TableLayout:
        if len(self.example) != len(self.columns):
            raise ValueError(f"表“{self.sheet}”的填写示例与栏目数不同")
        return self

    @model_validator(mode="after")
    def _names_differ(self) -> TableLayout:
        for parts in (
            [column.field for column in self.columns],
            [name for column in self.columns for name in (column.heading, *column.aliases)],
            [item.block for item in self.items],
            [name for item in self.items for name in (item.name, *item.aliases)],
        ):
            for name in repeated(parts):
                raise ValueError(f"表“{self.sheet}”里“{name}”出现了两次")
        return self


class FormLayout(Sourced):
    """The tables a unit fills in."""

    example_mark: Text
    note_marks: tuple[str, ...]
    subtotal_marks: tuple[str, ...]
    tables: tuple[TableLayout, ...]

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
