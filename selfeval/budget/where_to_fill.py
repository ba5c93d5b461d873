"""Where in the fill-in form a number that is missing is to be filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..schemes.form import FormLayout, TableLayout
from .lines import Lines
from .quantities import Quantity

_LEVELS_OF: Final = {"budget_adjustment": ("initial_budget", "adjusted_budget")}
"""What a signed difference follows from, where the form has no column of it."""

_INNER = str.maketrans("“”", "‘’")
_NAMED = 3


@dataclass(frozen=True)
class Tree:
    """The budget lines by id: what each is called, and which make it up."""

    names: Mapping[str, str]
    parts: Mapping[str, Sequence[str]]


def tree_of(lines: Lines) -> Tree:
    """Return the lines of ``budget_lines`` as a tree."""
    parts: dict[str, list[str]] = {}
    for key, line in lines.items():
        if key != line.parent:  # what is left beyond all lines is a part of nothing else
            parts.setdefault(line.parent, []).append(key)
    return Tree({key: line.name for key, line in lines.items()}, parts)


def where_to_fill(
    form: FormLayout, tree: Tree, known: Mapping[str, Quantity], keys: Sequence[str]
) -> str:
    """Return the rows and columns of the form that would give some numbers, in a sentence.

    Of a line that is the sum of others, those of its parts that are missing; "" where the form
    has no place for any of the numbers.
    """
    cells: dict[str, dict[str, list[str]]] = {}
    for key in keys:
        for sheet, heading, rows in _places(form, tree, known, key):
            headings = cells.setdefault(sheet, {}).setdefault(rows, [])
            headings.append(heading)
    told = []
    for sheet, by_rows in cells.items():
        parts = [
            f"{rows}的{''.join(f'“{heading}”' for heading in dict.fromkeys(headings))}"
            for rows, headings in by_rows.items()
        ]
        told.append(f"“{sheet}”表{'和'.join(parts)}")
    return f"请填写{'、'.join(told)}。" if told else ""


def _places(
    form: FormLayout, tree: Tree, known: Mapping[str, Quantity], key: str
) -> Iterator[tuple[str, str, str]]:
    """Yield the sheets of the form with the columns and the rows that would give a number."""
    line, _, measure = key.rpartition(".")
    rows: dict[tuple[str, str], list[str]] = {}
    for field in _LEVELS_OF.get(measure, (measure,)):
        for leaf in _leaves(tree, line):
            place = _cell(form, tree, leaf, field)
            if place and not _is_stated(known.get(f"{leaf}.{field}")):
                sheet, heading, row = place
                rows.setdefault((sheet, heading), []).append(row)
    for (sheet, heading), names in rows.items():
        yield sheet, heading, _listed(names)


def _is_stated(quantity: Quantity | None) -> bool:
    return quantity is not None and (quantity.value is not None or not quantity.applies)


def _leaves(tree: Tree, line: str) -> list[str]:
    """Return the lines without parts that make up a line, itself if it has none."""
    parts = tree.parts.get(line, ())
    return [leaf for part in parts for leaf in _leaves(tree, part)] or [line]


def _cell(form: FormLayout, tree: Tree, line: str, field: str) -> tuple[str, str, str] | None:
    """Return the sheet, the heading and the row of the form for a number, None if it has none."""
    for layout in form.tables:
        heading = next((c.heading for c in layout.columns if c.field == field), "")
        row = _row(layout, tree, line)
        if heading and row is not None:
            return layout.sheet, heading, row
    return None


def _row(layout: TableLayout, tree: Tree, line: str) -> str | None:
    """Return what a table of the form calls a line's row, "" for all of its rows."""
    if line == "staff":
        return "" if layout.table == "staffing" else None
    if layout.total_block and line == layout.total_block:
        return layout.totals[0]
    if layout.total_block and line.startswith(f"{layout.total_block}:"):
        return tree.names[line]
    return next((item.name for item in layout.items if item.block == line), None)


def _listed(names: Sequence[str]) -> str:
    """Return the names of rows, cut short where there are many; "" where all rows are meant."""
    told = [quoted(name) for name in names if name]
    if len(told) > _NAMED:
        return f"{told[0]}等{len(told)}行"
    return f"{''.join(told)}{'各行' if len(told) > 1 else '一行'}" if told else ""


def quoted(name: str) -> str:
    """Return a name in quotation marks; those within are single ones."""
    return f"“{name.translate(_INNER)}”"
