"""Performance forms → amounts, figures and indicators: 基础数据表, 自评表, 绩效目标表.

Unlike a table of amounts, such a form has several parts, each with a header of its own, and
labels with values between them. What is in it is said by its title, the headers of its parts
and its labels; every number that none of these explains is listed with the reason.
"""

from __future__ import annotations

import re

from ..folding import fold
from ..layouts import Layouts
from ..performance import FormItem, Forms, items_of
from ..sheets.files import column_letters
from .cells import Cells, bare_name, title_of, units_in, years_in
from .form_bands import Part, find_parts, names_of, repeats_header
from .form_records import FormText, Meaning, filled_under, joined, take_row
from .indicator_forms import note_weight, read_indicators
from .labelled import note_projects, read_labels
from .reading import OfficialTable, Reading, Unread

_LONGEST_TITLE = 50
_NUMBERED = re.compile(r"^[0-9]+[、.．)]")
_FIGURE_IN_LABEL = re.compile(
    r"(?P<label>[^0-9:]{2,30}):(?:-?[0-9][0-9,]*(?:\.[0-9]+)?)(?:亿元|万元|千元|亿|万|元)?"
)


def find_forms(cells: Cells, layouts: Layouts) -> dict[int, FormText]:
    """Return the performance forms of a sheet by the row of their title.

    A form reaches to the next title; one whose title is only the name of its sheet, to the end.
    """
    found: dict[int, FormText] = {}
    titled = False
    end = cells.height
    for row in reversed(range(cells.height)):
        title = _title(cells, row, layouts)
        if not title:
            continue
        text = _form_at(cells, row, end, title, layouts.forms)
        if text is not None:
            found[row] = text
        elif any(form.titled(title_of(title)) for form in layouts.forms.forms):
            continue
        titled, end = True, row
    if not titled:
        text = _form_at(cells, 0, end, cells.grid.sheet, layouts.forms)
        return {0: text} if text is not None else {}
    return found


def _title(cells: Cells, row: int, layouts: Layouts) -> str:
    """Return the title that stands in a row, "" if none does."""
    filled = cells.filled(row)
    if not filled or len(filled) > 4:
        return ""
    text, folded = cells.texts[row][filled[0]], cells.folded[row][filled[0]]
    if len(folded) > _LONGEST_TITLE or "。" in text or text.startswith(layouts.words.notes):
        return ""
    name = title_of(text)
    if any(form.titled(name) for form in layouts.forms.forms):
        return text
    ends = name.split("(")[0].endswith(layouts.words.title_ends)
    official = any(table.titled(name) for table, _ in layouts.tables)
    return text if len(filled) == 1 and ends and official else ""


def _form_at(cells: Cells, row: int, end: int, title: str, forms: Forms) -> FormText | None:
    for form in forms.forms:
        if not form.titled(title_of(title)):
            continue
        year = next(iter(_years(cells, row, end, title)), None)
        parts = find_parts(cells, form.bands, row, end, year)
        if not parts:
            continue
        money = joined(
            [
                name
                for above in range(row, parts[0].first)
                for name, at in units_in(cells, above)
                if above == row or "单位" in cells.folded[above][at]
            ]
        )
        return FormText(cells, form, forms, row, end, title, year, parts, Reading(), money)
    return None


def _years(cells: Cells, row: int, end: int, title: str) -> list[int]:
    """Return the year of the title, or that in a cell of its own just below."""
    named = years_in(title)
    for below in range(row, min(row + 4, end)):
        for column in cells.filled(below):
            bare = cells.folded[below][column].strip("()")
            if not named and re.fullmatch(r"20[0-9]{2}年度?", bare):
                named = years_in(bare)
    return named


def read_form(text: FormText) -> Reading:
    """Read all of a form."""
    note_projects(text)
    for part in text.parts:
        _READERS[part.band.rows](text, part)
    read_labels(text)
    _note_unread(text)
    told = [part for part in text.parts if part.band.rows != "text"] or text.parts
    text.reading.tables += [_table(text, part) for part in told]
    own = {table.layout for table in text.reading.tables}
    known = {str(r["table"]) for r in (*text.reading.amounts, *text.reading.figures)}
    if text.form.labels_table in known - own:
        text.reading.tables.append(_table(text, None))
    return text.reading


def _table(text: FormText, part: Part | None) -> OfficialTable:
    """Return the entry of a part, or of the labels between the parts."""
    cells, reading = text.cells, text.reading
    first, end = (part.first, part.end) if part else (text.first, text.end)
    filled = [row for row in range(first, end) if cells.filled(row)]
    width = max(column for row in filled for column in cells.filled(row))
    layout = part.band.table if part else text.form.labels_table
    own = [r for r in reading.amounts if r["table"] == layout]
    held: list[object] = [r["amount"] for r in own if r["amount"]]
    held += [r["value"] for r in reading.figures if r["table"] == layout and r["value"]]
    held += [r for r in reading.indicators if r["table"] == layout]
    units = joined([str(r["amount_unit"]) for r in own])
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
    )


def _is_end(text: FormText, row: int) -> bool:
    filled = text.cells.filled(row)
    names = names_of(text.cells.folded[row][filled[0]]) if filled else ()
    return any(name.startswith(text.words.ends) for name in names)


def _labels(text: FormText, part: Part, row: int) -> list[tuple[int, str]]:
    """Return the labels of a row: what stands before its values and is no number."""
    cells = text.cells
    return [
        (column, cells.texts[row][column])
        for column in cells.filled(row)
        if column < part.first_value and not cells.numeric[row][column]
    ]


def _data_rows(text: FormText, part: Part) -> list[int]:
    """Return the rows of a part with something in them, up to what ends it."""
    rows = []
    for row in range(part.last + 1, part.end):
        if _is_end(text, row):
            break
        if repeats_header(text.cells, part.band, row):
            text.use_row(row)
        elif text.cells.filled(row):
            rows.append(row)
    return rows


def _read_items(text: FormText, part: Part) -> None:
    note_weight(text, part)
    rows = [(row, _labels(text, part, row)) for row in _data_rows(text, part)]
    lone = not any(_item(part, labels) for _, labels in rows)
    opened: list[FormItem] = []
    for row, labels in rows:
        item = _item(part, labels) or (_unlabelled(part, labels) if lone else None)
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
        elif opened and _is_named(labels):
            name = fold(labels[-1][1])
            # A number of its own puts a line beside the numbered row above, not under it.
            opener = opened[0] if _NUMBERED.match(name) else opened[-1]
            code = f"project:{bare_name(name)}"
            meaning = Meaning(part.band.table, code, labels[-1][1], block=opener.opens)
        else:
            _refuse(text, part, row, labels)
            continue
        text.used |= {(row, column) for column, _ in labels}
        take_row(text, part, row, meaning)


def _opened(opened: list[FormItem], item: FormItem) -> list[FormItem]:
    """Return the items under which lines with names of their own may stand after a row."""
    inside = opened[:1] if opened and opened[0].block == item.block else []
    return [*inside, item] if item.opens else inside


def _noted(text: FormText, row: int, labels: list[tuple[int, str]]) -> tuple[str, ...]:
    own = {column for column, _ in labels}
    return joined([name for name, at in units_in(text.cells, row) if at in own])


def _is_named(labels: list[tuple[int, str]]) -> bool:
    return bool(labels) and bool(bare_name(fold(labels[-1][1])).strip("….·*"))


def _item(part: Part, labels: list[tuple[int, str]]) -> FormItem | None:
    items = items_of(part.band.items)
    for _, label in reversed(labels):
        for name in names_of(fold(label)):
            found = next((item for item in items if name in item.folded), None)
            if found is not None:
                return found
    return None


def _unlabelled(part: Part, labels: list[tuple[int, str]]) -> FormItem | None:
    """Return the item of the only row, where it has no label."""
    items = items_of(part.band.items)
    return next((i for i in items if not labels and i.item == part.band.unlabelled), None)


def _refuse(text: FormText, part: Part, row: int, labels: list[tuple[int, str]]) -> None:
    why = f"“{labels[-1][1]}”不是这张表的行目" if labels else "这一行没有名称"
    for column in text.cells.filled(row):
        if column >= part.first_value:
            text.whys[row, column] = why


def _read_names(text: FormText, part: Part) -> None:
    key = next(c for c in part.columns if c.spec and c.spec.measure == "name")
    for row in _data_rows(text, part):
        filled = filled_under(text.cells, row, key)
        labels = filled or [column for column, _ in _labels(text, part, row)]
        name = text.cells.texts[row][labels[-1]] if labels else ""
        if not fold(name).strip("….·*"):
            _refuse(text, part, row, [])
            continue
        total = any(n in text.words.totals for n in names_of(fold(name)))
        code = "total" if total else f"{part.band.block}:{fold(name)}"
        text.used |= {(row, column) for column in labels}
        take_row(text, part, row, Meaning(part.band.table, code, name))


def _read_single(text: FormText, part: Part) -> None:
    values = [c for c in part.columns if c.spec and c.first >= part.first_value]
    rows = [
        row
        for row in _data_rows(text, part)
        if any(
            text.cells.numeric[row][at] or not fold(text.cells.texts[row][at]).strip("-—/")
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
        take_row(text, part, row, Meaning(part.band.table, code, name))


def _read_text(text: FormText, part: Part) -> None:
    labels = items_of(text.form.labels)
    for row in range(part.first, part.end):
        filled = text.cells.filled(row)
        names = names_of(text.cells.folded[row][filled[0]]) if filled else ()
        if row > part.last and any(name in item.folded for name in names for item in labels):
            return
        text.use_row(row)


_READERS = {
    "items": _read_items,
    "names": _read_names,
    "single": _read_single,
    "indicators": read_indicators,
    "text": _read_text,
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
            if any(word in fold(label) for word in text.words.passed):
                continue
            named = f"“{label}”" + ("" if inside else "后面的数")
            why = f"{named}不在版式“{text.form.title}”里" if label else "看不出属于哪一行或哪一栏"
            why = text.whys.get((row, column), why)
            text.reading.unread.append(Unread(cells.place(row, column), printed, why))


def _left(text: FormText, row: int, column: int) -> str:
    """Return the nearest text left of a cell that is no number."""
    for at in range(column - 1, -1, -1):
        if text.cells.texts[row][at] and not text.cells.numeric[row][at]:
            return text.cells.texts[row][at]
    return ""
