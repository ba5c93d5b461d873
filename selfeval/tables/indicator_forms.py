"""Indicator parts of performance forms → one record per indicator, and the weights around them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from ..folding import fold
from ..sheets.files import column_letters
from ..terms import INDICATOR_COLUMNS
from .form_bands import Column, Part, names_of, repeats_header
from .form_records import (
    FormText,
    Meaning,
    filled_under,
    is_covered,
    number_of,
    take_cell,
)
from .reading import Record, Unread

_POINTS = re.compile(r"\s*[(（]?\s*(?P<points>[0-9０-９]+(?:\.[0-9]+)?)\s*分\s*[)）]?\s*$")
_IN_BRACKETS = re.compile(r"[(（]\s*(?P<points>[0-9０-９]+(?:\.[0-9]+)?)\s*分\s*[)）]")
_FAMILY, _ASPECT, _NAME = "indicator_family", "indicator_aspect", "indicator_name"
_GROUPS = {_FAMILY: "family", _ASPECT: "aspect"}
_NUMBERS = ("weight", "self_score")
_FILLERS = "-—/….·"
_OTHERS = ("part", "adjusted_target", "coefficient", "is_core")
_FIELDS = (*INDICATOR_COLUMNS, *_OTHERS)


@dataclass
class _Groups:
    """The family and aspect that rows below them belong to, and where each stands."""

    names: dict[str, str] = field(default_factory=lambda: {_FAMILY: "", _ASPECT: ""})
    cells: dict[str, str] = field(default_factory=dict)


def read_indicators(text: FormText, part: Part) -> None:
    """Read an indicator part: its indicators, the weights of its groups and its total row."""
    cells = text.cells
    fields = _fields(text, part)
    groups = _Groups()
    note_weight(text, part)
    for row in range(part.last + 1, part.end):
        filled = cells.filled(row)
        if not filled or repeats_header(cells, part.band, row):
            text.use_row(row)
            continue
        first = names_of(cells.folded[row][filled[0]])
        if any(name in text.words.totals for name in first):
            _read_total(text, part, row, fields)
            return
        if any(name.startswith(text.words.ends) for name in first):
            continue
        _read_row(text, part, row, fields, groups)


def note_weight(text: FormText, part: Part) -> None:
    """Record the points that stand in a part's own heading."""
    if not part.band.weighs:
        return
    for row in range(part.first, part.last + 1):
        for column in text.cells.filled(row):
            found = _IN_BRACKETS.search(text.cells.texts[row][column])
            if found and column < part.first_value:
                _take_points(text, part, row, column, part.band.weighs, found["points"])


def _fields(text: FormText, part: Part) -> dict[str, Column]:
    """Return the column of each field; what stands under one a second time is not understood."""
    fields: dict[str, Column] = {}
    for column in part.columns:
        if column.spec is None or column.spec.measure not in fields:
            if column.spec is not None and column.spec.measure:
                fields[column.spec.measure] = column
            continue
        place = text.cells.place(part.last, column.first)
        why = f"栏目“{column.heading}”出现两次，看不出属于哪一组，这一栏没有读取"
        text.reading.unread.append(Unread(place, column.heading, why))
    return fields


def _read_total(text: FormText, part: Part, row: int, fields: dict[str, Column]) -> None:
    for measure in _NUMBERS:
        column = fields.get(measure)
        for at in filled_under(text.cells, row, column) if column else ():
            take_cell(text, row, at, _points(part, "total", measure))
    for at in text.cells.filled(row):
        if not text.cells.numeric[row][at]:
            text.used.add((row, at))


def _read_row(
    text: FormText, part: Part, row: int, fields: dict[str, Column], groups: _Groups
) -> None:
    cells = text.cells
    _enter_groups(text, part, row, fields, groups)
    record: Record = dict.fromkeys(_FIELDS, "") | {"weight": None, "self_score": None}
    at = dict(groups.cells)
    for name, column in fields.items():
        found = _origin(text, part, row, column) if name not in _GROUPS else None
        if found is not None:
            at[name] = _address(*found)
            record[name] = cells.texts[found[0]][found[1]]
    if not any(cells.folded[row][c].strip(_FILLERS) for c in _held(text, row, fields)):
        text.use_row(row)
        return
    for measure in _NUMBERS:
        record[measure] = _number(text, row, fields.get(measure))
    record |= groups.names
    place = cells.grid.place(row)
    record |= {
        "table": part.band.table,
        "part": _IN_BRACKETS.sub("", part.side),
        "project": text.project_at(row) if text.form.project else "",
        "file": place.file,
        "sheet": place.sheet,
        "row": row + 1,
        "cells": at,
    }
    text.reading.indicators.append(record)
    known = {c for column in part.columns if column.spec for c in range(column.first, column.end)}
    text.used |= {(row, c) for c in cells.filled(row) if c in known}
    for column in part.columns:
        if column.spec is None and column.first > part.first_value:
            for c in filled_under(cells, row, column):
                text.whys[row, c] = f"版式“{part.band.title}”里没有栏目“{column.heading}”"


def _enter_groups(
    text: FormText, part: Part, row: int, fields: dict[str, Column], groups: _Groups
) -> None:
    """Take over a family or an aspect a row begins; each lasts until the next."""
    for name, kind in _GROUPS.items():
        column = fields.get(name)
        filled = filled_under(text.cells, row, column) if column else []
        if not filled:
            continue
        printed = text.cells.texts[row][filled[0]]
        bare = _POINTS.sub("", printed)
        if name == _FAMILY:
            groups.names[_ASPECT] = ""
            groups.cells.pop(_ASPECT, None)
        groups.names[name] = bare
        groups.cells[name] = _address(row, filled[0])
        points = _POINTS.search(printed)
        if points and bare:
            above = f"{groups.names[_FAMILY]}/" if name == _ASPECT else ""
            code = f"{kind}:{fold(above + bare)}"
            _take_points(text, part, row, filled[0], code, points["points"])


def _held(text: FormText, row: int, fields: dict[str, Column]) -> list[int]:
    """Return the filled cells of a row that are more than the names of its groups."""
    own = [column for name, column in fields.items() if name not in _GROUPS]
    return [c for column in own for c in filled_under(text.cells, row, column)]


def _address(row: int, column: int) -> str:
    return f"{column_letters(column)}{row + 1}"


def _origin(text: FormText, part: Part, row: int, column: Column) -> tuple[int, int] | None:
    """Return where the text of a row's cell stands: there, or above where a merge covers it."""
    filled = filled_under(text.cells, row, column)
    if filled:
        return row, filled[0]
    origin = text.cells.grid.merged.get((row, column.first))
    if origin and part.last < origin[0] < row and text.cells.texts[origin[0]][origin[1]]:
        return origin
    return None


def _number(text: FormText, row: int, column: Column | None) -> Decimal | None:
    """Return the points of a row; those a merge shares stand in its first row only."""
    if column is None or column.spec is None or is_covered(text.cells, row, column.first):
        return None
    for at in filled_under(text.cells, row, column):
        meaning = Meaning("", "", "", "points", units=column.spec.units)
        try:
            return number_of(text.cells.raw(row, at), meaning)
        except ValueError as error:
            place, raw = text.cells.place(row, at), text.cells.texts[row][at]
            text.reading.unread.append(Unread(place, raw, str(error)))
    return None


def _take_points(text: FormText, part: Part, row: int, column: int, code: str, points: str) -> None:
    take_cell(text, row, column, _points(part, code, "weight"), points)


def _points(part: Part, code: str, measure: str) -> Meaning:
    name = code.rpartition(":")[2].rpartition("/")[2] if ":" in code else ""
    return Meaning(
        part.band.table,
        code,
        name,
        "points",
        phase=part.band.phase,
        measure=measure,
        units=("分",),
    )
