"""Indicator parts of evaluation forms → one row per indicator, and the weights around them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from ...folding import fold
from ...sheets import column_letters
from ..reading import Unread
from ..rows import Indicator
from .bands import FoundPart, PartColumn, names_of, repeats_part_header
from .records import FormText, Meaning, filled_under, is_covered, plain_number, take_cell

_NUMBER = r"(?P<points>[0-9０-９]{1,9}(?:\.[0-9]{1,9})?)"
_POINTS = re.compile(rf"(?:(?<!\s)\s*+[(（]\s*+|(?<!\s)\s*+){_NUMBER}\s*+分\s*+(?:[)）]\s*+)?$")
_IN_BRACKETS = re.compile(rf"[(（]\s*+{_NUMBER}\s*+分\s*+[)）]")
_FAMILY, _ASPECT, _NAME = "indicator_family", "indicator_aspect", "indicator_name"
_GROUPS = {_FAMILY: "family", _ASPECT: "aspect"}
_NUMBERS = ("weight", "self_score")
_FILLERS = "-—/….·"


@dataclass
class _IndicatorPanel:
    """One set of columns; the family and aspect its rows are in, and where those stand."""

    name: str
    fields: dict[str, PartColumn] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=lambda: {_FAMILY: "", _ASPECT: ""})
    cells: dict[str, str] = field(default_factory=dict)


def read_indicators(text: FormText, part: FoundPart) -> None:
    """Read an indicator part: its indicators, the weights of its groups and its total row."""
    cells = text.cells
    panels = _panels(text, part)
    note_weight(text, part)
    for row in range(part.last + 1, part.end):
        filled = cells.filled(row)
        if not filled or repeats_part_header(cells, part.band, row):
            text.use_row(row)
            continue
        first = names_of(cells.folded[row][filled[0]])
        if any(name in text.words.totals for name in first):
            _read_total(text, part, row, panels[0].fields)
            return
        if text.ends_at(row):
            continue
        for panel in panels:
            _share_family(panels[0], panel)
            _read_row(text, part, row, panel)
        _note_strange(text, part, row, panels)


def _panels(text: FormText, part: FoundPart) -> list[_IndicatorPanel]:
    """Return the sets of columns that stand side by side; the family is common to all.

    Another set begins with another column of aspects; any other column that comes twice is
    not understood the second time.
    """
    panels = [_IndicatorPanel(_IN_BRACKETS.sub("", part.side))]
    for column in part.columns:
        measure = column.spec.measure if column.spec else ""
        if measure == _ASPECT and {_ASPECT, _NAME} <= panels[-1].fields.keys():
            panels.append(_IndicatorPanel(""))
        if measure:
            panels[-1].fields.setdefault(measure, column)
    panels = [panel for panel in panels if _NAME in panel.fields]
    if len(panels) > 1:
        for panel in panels:
            first = min(c.first for name, c in panel.fields.items() if name != _FAMILY)
            panel.name = _heading_above(text, part, first)
    return panels


def _share_family(first: _IndicatorPanel, panel: _IndicatorPanel) -> None:
    """Put a panel without families of its own into that of the first."""
    if _FAMILY not in panel.fields and panel.groups[_FAMILY] != first.groups[_FAMILY]:
        panel.groups = {_FAMILY: first.groups[_FAMILY], _ASPECT: ""}
        panel.cells = {_FAMILY: first.cells[_FAMILY]} if _FAMILY in first.cells else {}


def _heading_above(text: FormText, part: FoundPart, column: int) -> str:
    """Return the heading of the goals above a column: 中期目标, 年度目标."""
    goals = [p for p in text.parts if p.band.rows == "text" and p.first < part.first]
    found = [c.heading for c in goals[-1].columns if c.first <= column] if goals else []
    return found[-1] if found else ""


def note_weight(text: FormText, part: FoundPart) -> None:
    """Record the points that stand in a part's own heading."""
    if not part.band.weighs:
        return
    for row in range(part.first, part.last + 1):
        for column in text.cells.filled(row):
            found = _IN_BRACKETS.search(text.cells.texts[row][column])
            if found and column < part.first_value:
                _take_points(text, part, row, column, part.band.weighs, found["points"])


def _read_total(text: FormText, part: FoundPart, row: int, fields: dict[str, PartColumn]) -> None:
    measures = {
        at: (measure, column.spec.units)
        for measure in _NUMBERS
        for column in [fields.get(measure)]
        if column and column.spec
        for at in filled_under(text.cells, row, column)
    }
    filled = text.cells.filled(row)
    numbers = [at for at in filled if text.cells.numeric[row][at]]
    text.used |= {(row, at) for at in filled if at not in numbers}
    if all(at in measures for at in numbers):
        for at, (measure, units) in measures.items():
            take_cell(text, row, at, _points(part, "total", measure, units))
    else:
        why = "这一行有数不在分值、得分栏里，栏目像是错位了"
        text.whys |= {(row, at): why for at in numbers}


def _read_row(text: FormText, part: FoundPart, row: int, panel: _IndicatorPanel) -> None:
    cells = text.cells
    _enter_groups(text, part, row, panel)
    own = [column for name, column in panel.fields.items() if name not in _GROUPS]
    held = [c for column in own for c in filled_under(cells, row, column)]
    if not any(cells.folded[row][c].strip(_FILLERS) for c in held):
        text.used |= {(row, c) for c in held}
        return
    said: dict[str, str] = {}
    at = dict(panel.cells)
    for name, column in panel.fields.items():
        found = _origin(text, part, row, column) if name not in _GROUPS else None
        if found is not None:
            at[name] = _address(*found)
            said[name] = cells.texts[found[0]][found[1]]
    weight, self_score = (_number(text, row, panel.fields.get(name)) for name in _NUMBERS)
    text.reading.indicators.append(
        Indicator(
            indicator_family=panel.groups[_FAMILY],
            indicator_aspect=panel.groups[_ASPECT],
            indicator_name=said.get(_NAME, ""),
            comparison=said.get("comparison", ""),
            target_value=said.get("target_value", ""),
            measure_unit=said.get("measure_unit", ""),
            actual_value=said.get("actual_value", ""),
            weight=weight,
            self_score=self_score,
            deviation_cause=said.get("deviation_cause", ""),
            evidence=said.get("evidence", ""),
            project=text.project_at(row) if text.form.project else "",
            table=part.band.table,
            part=panel.name,
            adjusted_target=said.get("adjusted_target", ""),
            coefficient=said.get("coefficient", ""),
            is_core=said.get("is_core", ""),
            file=cells.grid.file,
            sheet=cells.grid.sheet,
            row=row + 1,
            cells=tuple(at.items()),
        )
    )
    text.used |= {(row, c) for c in held}


def _note_strange(text: FormText, part: FoundPart, row: int, panels: list[_IndicatorPanel]) -> None:
    """Take what the columns explain as used, and tell of a number no column explains."""
    known = [column for panel in panels for column in panel.fields.values()]
    for column in part.columns:
        for c in filled_under(text.cells, row, column):
            if column in known or (column.spec is not None and not column.spec.measure):
                text.used.add((row, c))
            elif column.spec is not None:
                text.whys[row, c] = f"栏目“{column.heading}”与前面的一栏重复"
            elif column.first > part.first_value:
                text.whys[row, c] = f"版式“{part.band.title}”里没有栏目“{column.heading}”"


def _enter_groups(text: FormText, part: FoundPart, row: int, panel: _IndicatorPanel) -> None:
    """Take over a family or an aspect a row begins; each lasts until the next."""
    for name, kind in _GROUPS.items():
        column = panel.fields.get(name)
        filled = filled_under(text.cells, row, column) if column else []
        if not filled:
            continue
        printed = text.cells.texts[row][filled[0]]
        bare = _POINTS.sub("", printed)
        if name == _FAMILY:
            panel.groups[_ASPECT] = ""
            panel.cells.pop(_ASPECT, None)
        panel.groups[name] = bare
        panel.cells[name] = _address(row, filled[0])
        points = _POINTS.search(printed)
        if points and bare:
            above = f"{panel.groups[_FAMILY]}/" if name == _ASPECT else ""
            code = f"{kind}:{fold(above + bare)}"
            _take_points(text, part, row, filled[0], code, points["points"])


def _address(row: int, column: int) -> str:
    return f"{column_letters(column)}{row + 1}"


def _origin(
    text: FormText, part: FoundPart, row: int, column: PartColumn
) -> tuple[int, int] | None:
    """Return where the text of a row's cell stands: there, or above where a merge covers it."""
    filled = filled_under(text.cells, row, column)
    if filled:
        return row, filled[0]
    origin = text.cells.grid.merged.get((row, column.first))
    if origin and part.last < origin[0] < row and text.cells.texts[origin[0]][origin[1]]:
        return origin
    return None


def _number(text: FormText, row: int, column: PartColumn | None) -> Decimal | None:
    """Return the points of a row; those a merge shares stand in its first row only."""
    if column is None or column.spec is None or is_covered(text.cells, row, column.first):
        return None
    for at in filled_under(text.cells, row, column):
        meaning = Meaning("", "", "", "points", units=column.spec.units)
        try:
            return plain_number(text.cells.raw(row, at), meaning)
        except ValueError as error:
            place, raw = text.cells.place(row, at), text.cells.texts[row][at]
            text.reading.unread.append(Unread(place, raw, str(error)))
    return None


def _take_points(
    text: FormText, part: FoundPart, row: int, column: int, code: str, points: str
) -> None:
    take_cell(text, row, column, _points(part, code, "weight"), points)


def _points(part: FoundPart, code: str, measure: str, units: tuple[str, ...] = ("分",)) -> Meaning:
    name = code.rpartition(":")[2].rpartition("/")[2] if ":" in code else ""
    return Meaning(
        part.band.table,
        code,
        name,
        "points",
        phase=part.band.phase,
        measure=measure,
        units=units,
    )
