"""Evaluation forms → amounts, figures and indicators: 基础数据表, 自评表, 绩效目标表.

Unlike a table of amounts, such a form has several parts, each with a header of its own, and
labels with values between them. What is in it is said by its title, the headers of its parts
and its labels; every number that none of these explains is listed with the reason.
"""

from __future__ import annotations

import re

from ...folding import fold
from ...schemes.evaluation_forms import EvaluationForms
from ...schemes.layouts import Layouts
from ...sheets import column_letters
from ..cells import Cells, title_of, units_in, years_in
from ..imprints import ABOVE, IN_TITLE, years_of_names
from ..official_table import OfficialTable, StatedYear
from ..owners import owner_above
from ..reading import Reading, Unread
from .bands import FoundPart, find_parts
from .indicators import read_indicators
from .labels import note_projects, read_labels
from .records import FormText, each_once
from .rows import read_items, read_names, read_single, read_text

_LONGEST_TITLE = 50
_MOST_BESIDE = 4
_FIGURE_IN_LABEL = re.compile(
    r"(?P<label>[^0-9:]{2,30}):(?:-?[0-9][0-9,]*(?:\.[0-9]+)?)(?:亿元|万元|千元|亿|万|元)?"
)


def find_forms(cells: Cells, layouts: Layouts) -> dict[int, FormText]:
    """Return the evaluation forms of a sheet by the row of their title.

    A form reaches to the next title; one whose title is only the name of its sheet, to the end.
    """
    forms = layouts.forms
    titled = {row for row in range(cells.height) if _titled(cells, row, layouts)}
    if not titled:
        text = _form_at(cells, 0, cells.height, cells.grid.sheet, forms)
        return {0: text} if text is not None else {}
    found: dict[int, FormText] = {}
    end = cells.height
    for row in reversed(range(min(titled), cells.height)):
        if row not in titled:
            end = row if _is_other_title(cells, row, layouts) else end
            continue
        text = _form_at(cells, row, end, cells.texts[row][cells.filled(row)[0]], forms)
        if text is not None:
            found[row], end = text, row
    return found


def _titled(cells: Cells, row: int, layouts: Layouts) -> bool:
    """Return whether a row may hold the title of a form."""
    filled = cells.filled(row)
    if not filled or len(filled) > _MOST_BESIDE:
        return False
    text, folded = cells.texts[row][filled[0]], cells.folded[row][filled[0]]
    if len(folded) > _LONGEST_TITLE or "。" in text or text.startswith(layouts.words.notes):
        return False
    name = title_of(text)
    return any(form.titled(name) for form in layouts.forms.forms)


def _is_other_title(cells: Cells, row: int, layouts: Layouts) -> bool:
    """Return whether a row holds the title of a table of amounts."""
    filled = cells.filled(row)
    if len(filled) != 1 or len(cells.folded[row][filled[0]]) > _LONGEST_TITLE:
        return False
    name = title_of(cells.texts[row][filled[0]])
    ends = name.split("(")[0].endswith(layouts.words.title_ends)
    return ends and any(table.titled(name) for table, _ in layouts.tables)


def _form_at(
    cells: Cells, row: int, end: int, title: str, forms: EvaluationForms
) -> FormText | None:
    for form in forms.forms:
        if not form.titled(title_of(title)):
            continue
        said = _stated_year(cells, row, end, title)
        year = said.year if said else None
        parts = find_parts(cells, form.bands, row, end, year)
        if not parts:
            continue
        money = each_once(
            [
                name
                for above in range(row, parts[0].first)
                for name, at in units_in(cells, above)
                if above == row or "单位" in cells.folded[above][at]
            ]
        )
        names = years_of_names(cells.grid.file, cells.grid.sheet)
        years = (*([said] if said else []), *names)
        return FormText(cells, form, forms, row, end, title, year, parts, Reading(), money, years)
    return None


def _stated_year(cells: Cells, row: int, end: int, title: str) -> StatedYear | None:
    """Return the year of the title, or that in a cell of its own just below."""
    named = years_in(title)
    if named:
        return StatedYear(named[0], IN_TITLE, title, cells.place(row, cells.filled(row)[0]))
    for below in range(row, min(row + 4, end)):
        for column in cells.filled(below):
            text = cells.texts[below][column]
            if re.fullmatch(r"\(?20[0-9]{2}年度?\)?", cells.folded[below][column]):
                return StatedYear(years_in(text)[0], ABOVE, text, cells.place(below, column))
    return None


def read_evaluation_form(text: FormText, layouts: Layouts) -> Reading:
    """Read all of a form."""
    note_projects(text)
    for part in text.parts:
        for row in range(part.first, part.last + 1):
            text.use_row(row)
        _READERS[part.band.rows](text, part)
    read_labels(text)
    _note_unread(text)
    told = [part for part in text.parts if part.band.rows != "text"] or text.parts
    text.reading.tables += [_table(text, part, layouts) for part in told]
    own = {table.layout for table in text.reading.tables}
    known = {row.table for row in text.reading.numbers}
    if text.form.labels_table in known - own:
        text.reading.tables.append(_table(text, None, layouts))
    text.reading.settle_tables()
    return text.reading


def _table(text: FormText, part: FoundPart | None, layouts: Layouts) -> OfficialTable:
    """Return the entry of a part, or of the labels between the parts."""
    cells, reading = text.cells, text.reading
    above = range(text.first, text.parts[0].first)
    first, end = (part.first, part.end) if part else (text.first, text.end)
    filled = [row for row in range(first, end) if cells.filled(row)]
    width = max(column for row in filled for column in cells.filled(row))
    layout = part.band.table if part else text.form.labels_table
    own = [amount for amount in reading.amounts if amount.table == layout]
    held: list[object] = [amount for amount in own if amount.fen]
    held += [row for row in reading.figures if row.table == layout and row.value]
    held += [row for row in reading.indicators if row.table == layout]
    units = each_once([amount.amount_unit for amount in own])
    return OfficialTable(
        layout,
        part.band.title if part else text.form.labels_title,
        text.title,
        cells.grid.file,
        cells.grid.sheet,
        f"A{first + 1}:{column_letters(width)}{filled[-1] + 1}",
        units[0] if units else "",
        text.year,
        part.band.phase if part else text.form.labels_phase,
        "",
        is_empty=not held,
        years=text.years,
        owner=owner_above(cells, above, layouts.words),
    )


_READERS = {
    "items": read_items,
    "names": read_names,
    "single": read_single,
    "indicators": read_indicators,
    "text": read_text,
}


def _note_unread(text: FormText) -> None:
    """List every number that nothing explained, but for those of no one's concern."""
    cells = text.cells
    for row in range(text.first + 1, text.end):
        for column in cells.filled(row):
            printed, folded = cells.texts[row][column], cells.folded[row][column]
            inside = _FIGURE_IN_LABEL.fullmatch(folded)
            if (row, column) in text.used or not (cells.numeric[row][column] or inside):
                continue
            label = inside["label"] if inside else _left(text, row, column)
            beside = fold(label + _heading(text, row, column))
            if any(word in beside for word in text.words.passed):
                continue
            named = f"“{label}”" + ("" if inside else "后面的数")
            why = f"{named}不在版式“{text.form.title}”里" if label else "看不出属于哪一行或哪一栏"
            why = text.whys.get((row, column), why)
            text.reading.unread.append(Unread(cells.place(row, column), printed, why))


def _heading(text: FormText, row: int, column: int) -> str:
    """Return the heading a cell stands under in its part."""
    parts = [part for part in text.parts if part.last < row < part.end]
    found = [c.heading for part in parts for c in part.columns if c.first <= column < c.end]
    return found[0] if found else ""


def _left(text: FormText, row: int, column: int) -> str:
    """Return the nearest text left of a cell that is no number."""
    for at in range(column - 1, -1, -1):
        if text.cells.texts[row][at] and not text.cells.numeric[row][at]:
            return text.cells.texts[row][at]
    return ""
