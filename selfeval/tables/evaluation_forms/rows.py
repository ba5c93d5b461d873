"""Rows of an evaluation form's parts: fixed rows, named lines, one row of columns, prose."""

from __future__ import annotations

import re

from ...folding import fold
from ...schemes.evaluation_forms import FormItem, form_items
from ..cells import bare_label, is_number, units_in
from .bands import FoundPart, PartColumn, is_part_heading, names_of, repeats_part_header
from .indicators import note_weight
from .records import FormText, Meaning, each_once, filled_under, take_form_row

_NUMBERED = re.compile(r"^[0-9]+[、.．)]")
_FILLERS = "….·*"


def _labels(text: FormText, part: FoundPart, row: int) -> list[tuple[int, str]]:
    """Return the labels of a row: what stands before its values and is no number.

    A label merged over several rows belongs to those that have no other.
    """
    cells = text.cells
    before = range(part.first_value)
    own = [(c, cells.texts[row][c]) for c in before if cells.texts[row][c]]
    if own:
        return [(column, label) for column, label in own if not is_number(label)]
    above = [cells.grid.merged.get((row, column), (row, column)) for column in before]
    return [(c, cells.texts[r][c]) for r, c in above if part.last < r < row and cells.texts[r][c]]


def _data_rows(text: FormText, part: FoundPart) -> list[int]:
    """Return the rows of a part with something in them, up to what ends it."""
    rows = []
    for row in range(part.last + 1, part.end):
        if text.ends_at(row):
            break
        if repeats_part_header(text.cells, part.band, row):
            text.use_row(row)
        elif text.cells.filled(row):
            rows.append(row)
    return rows


def read_items(text: FormText, part: FoundPart) -> None:
    """Read a part of fixed rows, and of the lines with names of their own under some."""
    note_weight(text, part)
    rows = [(row, _labels(text, part, row)) for row in _data_rows(text, part)]
    lone = not any(_item(part, labels) for _, labels in rows)
    opened: list[FormItem] = []
    divided: list[tuple[int, str]] = []  # the labels of a row with headings in its cells
    for row, own in rows:
        labels = own or divided
        divided = labels if _divides(text, part, row) else []
        if divided:
            cells = text.cells
            text.used |= {(row, c) for c in cells.filled(row) if not cells.numeric[row][c]}
            continue
        item = _item(part, labels) or (_unlabelled(part, labels) if lone else None)
        if item is not None and _holds_labels(text, part, row):
            continue
        if item is not None:
            opened = _opened(opened, item)
            meaning = Meaning(
                part.band.table,
                item.item,
                labels[-1][1].rstrip(":：") if labels else "",
                block=item.block,
                fund=item.fund,
                phase=item.phase,
                money=_noted(text, row, labels),
            )
        elif opened and _is_named(text, labels):
            name = fold(labels[-1][1])
            # A number of its own puts a line beside the numbered row above, not under it.
            opener = opened[0] if _NUMBERED.match(name) else opened[-1]
            code = f"project:{bare_label(name)}"
            meaning = Meaning(part.band.table, code, labels[-1][1], block=opener.opens)
        else:
            _refuse(text, part, row, labels)
            continue
        text.used |= {(row, column) for column, _ in labels}
        if item is not None or len(text.cells.filled(row)) > len(labels):
            take_form_row(text, part, row, meaning)


def _opened(opened: list[FormItem], item: FormItem) -> list[FormItem]:
    """Return the items under which lines with names of their own may stand after a row."""
    inside = opened[:1] if opened and opened[0].block == item.block else []
    return [*inside, item] if item.opens else inside


def _noted(text: FormText, row: int, labels: list[tuple[int, str]]) -> tuple[str, ...]:
    own = {column for column, _ in labels}
    return each_once([name for name, at in units_in(text.cells, row) if at in own])


def _is_named(text: FormText, labels: list[tuple[int, str]]) -> bool:
    name = bare_label(fold(labels[-1][1])) if labels else ""
    return bool(name.strip(_FILLERS)) and name not in text.words.totals


def _item(part: FoundPart, labels: list[tuple[int, str]]) -> FormItem | None:
    names = names_of(fold(labels[-1][1])) if labels else ()
    items = form_items(part.band.items)
    return next((item for name in names for item in items if name in item.folded), None)


def _divides(text: FormText, part: FoundPart, row: int) -> bool:
    """Return whether a row has headings where its numbers should be: 预算, 决算."""
    return any(
        is_part_heading(part.band, text.cells.folded[row][column])
        for column in text.cells.filled(row)
        if column >= part.first_value
    )


def _holds_labels(text: FormText, part: FoundPart, row: int) -> bool:
    """Return whether a row has other labels where its numbers should be: 按支出性质分：."""
    return any(
        ":" in text.cells.folded[row][at]
        for column in part.columns
        if column.spec is not None and column.spec.kind not in ("text", "skip")
        for at in filled_under(text.cells, row, column)
    )


def _unlabelled(part: FoundPart, labels: list[tuple[int, str]]) -> FormItem | None:
    """Return the item of the only row, where it has no label."""
    items = form_items(part.band.items)
    return next((i for i in items if not labels and i.item == part.band.unlabelled), None)


def _refuse(text: FormText, part: FoundPart, row: int, labels: list[tuple[int, str]]) -> None:
    why = f"“{labels[-1][1]}”不是这张表的行目" if labels else "这一行没有名称"
    for column in text.cells.filled(row):
        if column >= part.first_value:
            text.whys[row, column] = why


def read_names(text: FormText, part: FoundPart) -> None:
    """Read a part of lines that each bear a name, up to their total."""
    key = next(c for c in part.columns if c.spec and c.spec.measure == "name")
    for row in _data_rows(text, part):
        filled = filled_under(text.cells, row, key)
        labels = filled or [column for column, _ in _labels(text, part, row)]
        name = text.cells.texts[row][labels[-1]] if labels else ""
        if not fold(name).strip(_FILLERS):
            _refuse(text, part, row, [])
            continue
        total = any(n in text.words.totals for n in names_of(fold(name)))
        code = "total" if total else f"{part.band.block}:{fold(name)}"
        text.used |= {(row, column) for column in labels}
        if len(text.cells.filled(row)) > len(labels):
            take_form_row(text, part, row, Meaning(part.band.table, code, name))
        if total:
            return


def read_single(text: FormText, part: FoundPart) -> None:
    """Read a part whose columns say everything."""
    values = [c for c in part.columns if c.spec and c.first >= part.first_value]
    rows = [
        row
        for row in _data_rows(text, part)
        if any(
            _is_value(text.cells.texts[row][at], column)
            for column in values
            for at in filled_under(text.cells, row, column)
        )
    ]
    for row in rows:
        labels = _labels(text, part, row)
        name = labels[-1][1] if labels else ""
        # Several rows without a name are not one number read twice.
        code = f"name:{fold(name) or row + 1}" if len(rows) > 1 else ""
        text.used |= {(row, column) for column, _ in labels}
        take_form_row(text, part, row, Meaning(part.band.table, code, name))


def _is_value(shown: str, column: PartColumn) -> bool:
    """Return whether a cell holds a number, with or without its unit, or a dash."""
    for unit in column.spec.units if column.spec else ():
        shown = shown.removesuffix(unit).rstrip()
    return is_number(shown) or not fold(shown).strip("-—/")


def read_text(text: FormText, part: FoundPart) -> None:
    """Pass over prose and dates; a number among them is not explained."""
    labels = form_items(text.form.labels)
    for row in range(part.first, part.end):
        filled = text.cells.filled(row)
        names = names_of(text.cells.folded[row][filled[0]]) if filled else ()
        named = any(name in item.folded for name in names for item in labels)
        if row > part.last and (named or text.ends_at(row)):
            return
        dates = {
            at
            for column in part.columns
            if column.spec and column.spec.kind == "skip"
            for at in filled_under(text.cells, row, column)
        }
        for at in filled:
            if not text.cells.numeric[row][at] or at in dates:
                text.used.add((row, at))
