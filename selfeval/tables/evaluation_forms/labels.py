"""Labels with a value beside them, and numbers inside label cells: "其中:基本支出:900.47"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ...folding import fold
from ...schemes.evaluation_forms import FormItem, form_items
from ..cells import is_number, units_in
from ..reading import Unread
from .bands import names_of
from .records import FormText, Meaning, each_once, take_cell

_NUMBER = r"-?[0-9](?:[0-9,. ]*[0-9])?|[-—/]{1,4}"
_UNIT = r"亿元|万元|千元|亿|万|元"
_BETWEEN = re.compile(r"其中|[一二三四五六七八九十0-9]{1,3}[、.]|[\s:：;；,，、。()（）]")
_NAMED_NUMBER = re.compile(
    rf"(?P<label>[^0-9:：]{{2,30}})[:：]\s*(?:{_NUMBER})\s*(?:{_UNIT})?\s*[;；。)）]?"
)


@dataclass
class _Order:
    """What label was read last, anywhere and in each column."""

    last: str = ""
    by_column: dict[int, str] = field(default_factory=dict)

    def before(self, column: int) -> str:
        return self.by_column.get(column, self.last)

    def enter(self, column: int, item: str) -> None:
        self.last = self.by_column[column] = item


def note_projects(text: FormText) -> None:
    """Find the names of the projects a form is of."""
    if not text.form.project:
        return
    for row, column in _free_cells(text):
        for item in form_items(text.form.labels):
            if item.kind != "text":
                continue
            name, at = _named_in(text, row, column, item)
            if name:
                text.projects.append((row, name))
                text.used |= {(row, column), (row, at)}


def _named_in(text: FormText, row: int, column: int, item: FormItem) -> tuple[str, int]:
    """Return the name behind a label, or beside it, and its column."""
    printed = text.cells.texts[row][column]
    label, colon, rest = printed.replace("：", ":").partition(":")
    if not any(name in item.folded for name in names_of(fold(label))):
        return "", column
    if colon and rest.strip():
        return rest.strip(), column
    at = _beside(text, row, column)
    if at is None or _items_named(text, text.cells.folded[row][at]):
        return "", column
    return text.cells.texts[row][at], at


def read_labels(text: FormText) -> None:
    """Read every label with its value outside the parts, and numbers inside label cells."""
    if not text.form.labels:
        return
    order = _Order()
    for row, column in _free_cells(text):
        folded = text.cells.folded[row][column]
        fitting = _fitting(_items_named(text, folded), order.before(column))
        if fitting is not None:
            _read_pair(text, row, column, fitting, order)
        elif ":" in folded:
            _read_inside(text, row, column, order)


def _free_cells(text: FormText) -> Iterator[tuple[int, int]]:
    """Yield the cells that no part has explained, row by row."""
    for row in range(text.first, text.end):
        for column in text.cells.filled(row):
            if (row, column) not in text.used:
                yield row, column


def _items_named(text: FormText, folded: str) -> list[FormItem]:
    names = names_of(folded)
    return [i for i in form_items(text.form.labels) if any(name in i.folded for name in names)]


def _fitting(items: Sequence[FormItem], before: str) -> FormItem | None:
    """Return the item meant where it stands: one that must follow another goes first."""
    after = [item for item in items if before in item.after]
    plain = [item for item in items if not item.after]
    return next(iter([*after, *plain]), None)


def _beside(text: FormText, row: int, column: int) -> int | None:
    """Return the column of the next cell to the right that holds something."""
    return next((at for at in text.cells.filled(row) if at > column), None)


def _read_pair(text: FormText, row: int, column: int, item: FormItem, order: _Order) -> None:
    text.used.add((row, column))
    order.enter(column, item.item)
    if item.kind == "text":
        return
    meaning = _meaning(text, row, column, item, text.cells.texts[row][column])
    at = _beside(text, row, column)
    if at is not None and (
        is_number(text.cells.texts[row][at]) or not fold(text.cells.texts[row][at]).strip("-—/")
    ):
        take_cell(text, row, at, meaning)
    elif at is None or _is_label(text, row, at):
        empty = _empty_beside(text, row, column)
        if empty is not None:
            take_cell(text, row, empty, meaning)


def _is_label(text: FormText, row: int, at: int) -> bool:
    folded = text.cells.folded[row][at]
    return bool(_items_named(text, folded)) or _NAMED_NUMBER.fullmatch(folded) is not None


def _empty_beside(text: FormText, row: int, column: int) -> int | None:
    """Return the first cell right of a label that no merge hides."""
    cells = text.cells
    for at in range(column + 1, cells.width):
        if cells.grid.merged.get((row, at)) != (row, column):
            return at if not cells.texts[row][at] else None
    return None


def _read_inside(text: FormText, row: int, column: int, order: _Order) -> None:
    """Read the names and numbers of a cell; if anything else stands in it, it is prose."""
    printed = _plain(str(text.cells.raw(row, column)))
    pattern = _pattern(form_items(text.form.labels))
    matches = list(pattern.finditer(printed))
    if not matches:
        return
    if _BETWEEN.sub("", pattern.sub("", printed)):
        if pattern.match(printed):
            place, raw = text.cells.place(row, column), text.cells.texts[row][column]
            text.reading.unread.append(Unread(place, raw, "格里的文字没有全部读懂"))
            text.used.add((row, column))
        return
    for match in matches:
        item = _fitting(_items_named(text, fold(match["name"])), order.before(column))
        if item is None or item.kind == "text":
            continue
        order.enter(column, item.item)
        meaning = _meaning(text, row, column, item, match["name"])
        take_cell(text, row, column, meaning, f"{match['number'] or ''}{match['unit'] or ''}")


def _plain(printed: str) -> str:
    """Return a text without differences of width, and without space except within numbers."""
    text = unicodedata.normalize("NFKC", printed).replace("\n", ";")
    return re.sub(r"(?<![0-9.,])\s+|\s+(?![0-9.,])", "", text)


@lru_cache(maxsize=64)
def _pattern(items: tuple[FormItem, ...]) -> re.Pattern[str]:
    names = sorted({fold(n) for i in items if i.kind != "text" for n in i.names}, key=len)
    either = "|".join(map(re.escape, reversed(names))) or "(?!)"
    return re.compile(
        rf"(?P<name>{either})(?:\((?:{_UNIT})\))?:\s*(?P<number>{_NUMBER})?(?P<unit>{_UNIT})?"
    )


def _meaning(text: FormText, row: int, column: int, item: FormItem, printed: str) -> Meaning:
    """Return what the value of a label means."""
    form = text.form
    return Meaning(
        item.table or form.labels_table,
        "total" if form.project else item.item,
        printed.rstrip(":： "),
        item.kind,
        item.block,
        item.fund,
        item.phase or form.labels_phase,
        item.measure,
        each_once(_money(text, row, column), text.money),
        ("分",),
    )


def _money(text: FormText, row: int, column: int) -> tuple[str, ...]:
    """Return the unit noted nearest: in the label, left of it, or above those."""
    for above in range(row, text.first - 1, -1):
        noted = [(at, name) for name, at in units_in(text.cells, above) if at <= column]
        if noted:
            return (max(noted)[1],)
    return ()
