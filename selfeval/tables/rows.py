"""Rows of an official table: which numbers stand in one row, and what the row is of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..folding import fold
from ..layouts import Layouts, OfficialItem, items_of
from .bands import is_ruler
from .cells import Cells, bare_name, is_number
from .recognition import Group, Match, Value

_CODE_AND_NAME = re.compile(
    r"[\[【(]?(?P<code>[2-5][0-9]{2,6})[\]】)]?[\s\-—_:：]*(?P<name>[一-龥].*)"
)
_CODE = re.compile(r"[0-9]{1,7}")
_NUMERAL = re.compile(r"^[一二三四五六七八九十]{1,3}")


@dataclass(frozen=True)
class Key:
    """What a row is of: a code or an item, and its name as printed."""

    code: str
    name: str
    block: str = ""
    phase: str = ""


@dataclass(frozen=True)
class PanelRow:
    """One row of one panel: its key, its value cells, and the grid row that holds them."""

    group: Group
    key: Key
    values: dict[int, Value]
    numbers_at: int
    fault: str = ""


@dataclass
class _Line:
    """A row of a panel before it is understood."""

    row: int
    labels: list[tuple[int, str]]
    numbers: list[int]
    numbers_at: int
    fault: str = ""


def panel_rows(cells: Cells, match: Match, end: int, layouts: Layouts) -> Iterator[PanelRow]:
    """Yield the rows of a recognised table, panel by panel."""
    headings = {cells.folded[r][c] for r in match.band.rows for c in cells.filled(r)}
    start = match.band.last + 1
    rows = [
        row
        for row in range(start, end)
        if cells.filled(row)
        and not is_ruler(cells, row, layouts)
        and not _is_note(cells, row, layouts)
        and not (
            len(cells.filled(row)) > 1
            and all(cells.folded[row][c] in headings for c in cells.filled(row))
            and not _only_totals(cells, row, layouts)
        )
    ]
    lines = [[_line(cells, group, row) for row in rows] for group in match.groups]
    for index, group in enumerate(match.groups):
        own = lines[index]
        if group.panel.rows == "single":
            yield from _single(cells, group, own, layouts)
            continue
        left = lines[index - 1] if index else None
        _lend_labels(own, left)
        yield from _keyed(cells, group, _joined(own), layouts)


def _only_totals(cells: Cells, row: int, layouts: Layouts) -> bool:
    totals = layouts.words.folded["totals"]
    return all(cells.folded[row][c] in totals for c in cells.filled(row))


def _is_note(cells: Cells, row: int, layouts: Layouts) -> bool:
    filled = cells.filled(row)
    return bool(filled) and cells.texts[row][filled[0]].startswith(layouts.words.notes)


def _line(cells: Cells, group: Group, row: int) -> _Line:
    labels: list[tuple[int, str]] = []
    numbers: list[int] = []
    named = group.panel.rows == "names"
    last = max((c for c in cells.filled(row) if group.first <= c < group.end), default=-1)
    for column in range(group.first, group.end):
        text = cells.texts[row][column]
        if not text:
            origin = cells.grid.merged.get((row, column))
            # A key merged over several rows belongs to each of them.
            if column in group.keys and origin and origin[1] == column and origin[0] != row:
                text = cells.texts[origin[0]][column]
            if not text:
                continue
        if column in group.skipped:
            continue
        if column in group.values or (named and column == last and is_number(text)):
            numbers.append(column)
        elif column in group.keys:
            labels.append((column, text))
        elif is_number(text):
            numbers.append(column)
        elif column < min(group.values):
            labels.append((column, text))
    return _Line(row, labels, numbers, row)


def _lend_labels(own: list[_Line], left: list[_Line] | None) -> None:
    """Give a row without a label that of the panel to its left: a total merged over both."""
    if left is None:
        return
    for line, beside in zip(own, left, strict=True):
        if line.numbers and not line.labels and beside.labels and not beside.numbers:
            line.labels = beside.labels


def _joined(lines: list[_Line]) -> Iterator[_Line]:
    """Yield the lines, those a PDF broke in two made one: labels here, numbers next to them."""
    taken: set[int] = set()
    by_row = {line.row: line for line in lines}
    for line in lines:
        if not line.numbers or line.labels:
            continue
        beside = [
            other
            for other in (by_row.get(line.row - 1), by_row.get(line.row + 1))
            if other and other.labels and not other.numbers and other.row not in taken
        ]
        if len(beside) == 1:
            taken.add(line.row)
            beside[0].numbers, beside[0].numbers_at = line.numbers, line.row
        elif beside:
            line.fault = "看不出属于上一行还是下一行"
        else:
            line.fault = "这一行没有科目或项目名称"
    yield from (line for line in lines if line.row not in taken)


def _single(cells: Cells, group: Group, lines: list[_Line], layouts: Layouts) -> Iterator[PanelRow]:
    """Yield the rows of a table whose columns say everything: one row, or one per office."""
    totals = layouts.words.folded["totals"]
    held = [line for line in lines if any(column in group.values for column in line.numbers)]
    for line in held:
        name = " ".join(text for _, text in line.labels if not is_number(text))
        alone = len(held) == 1 or fold(name) in totals
        key = Key("total" if alone else fold(name), name)
        values, fault = dict(group.values), line.fault
        if len({id(v.spec) for v in values.values()}) < len(values):
            values, fault = _narrowed(cells, line, values, fault)
        yield PanelRow(group, key, values, line.row, fault)


def _keyed(
    cells: Cells, group: Group, lines: Iterator[_Line], layouts: Layouts
) -> Iterator[PanelRow]:
    reader = _Keys(group, layouts)
    for line in lines:
        key, fault = reader.read(line)
        values = dict(group.values)
        odd = [column for column in line.numbers if column not in values]
        # Where a table has one value column only, a page break may have moved its numbers.
        movable = group.panel.rows == "names" and len(group.values) == 1
        if movable and odd and not set(line.numbers) & set(values):
            if len(odd) == 1 and abs(odd[0] - next(iter(values))) <= 2:
                values = {odd[0]: next(iter(values.values()))}
        elif len({id(v.spec) for v in values.values()}) < len(values):
            values, fault = _narrowed(cells, line, values, fault)
        if key is None and not any(column in line.numbers for column in values):
            continue
        yield PanelRow(group, key or Key("", ""), values, line.numbers_at, line.fault or fault)


def _narrowed(
    cells: Cells, line: _Line, values: dict[int, Value], fault: str
) -> tuple[dict[int, Value], str]:
    """Keep one cell for each column that stands over several: the one that is filled."""
    kept: dict[int, Value] = {}
    for spec in {id(value.spec): value.spec for value in values.values()}.values():
        own = [column for column, value in values.items() if value.spec is spec]
        phases = {values[column].phase for column in own}
        if len(phases) > 1:
            kept |= {column: values[column] for column in own}
            continue
        filled = [column for column in own if cells.texts[line.numbers_at][column]]
        if len(filled) > 1:
            fault = "同一栏下有两个数"
        kept |= {column: values[column] for column in filled or own[:1]}
    return kept, fault


class _Keys:
    """Reads the keys of a panel's rows, in order: codes in parts, names in groups."""

    def __init__(self, group: Group, layouts: Layouts) -> None:
        self.group, self.layouts = group, layouts
        self.totals = layouts.words.folded["totals"]
        self.fillers = layouts.words.folded["fillers"]
        self.parts: list[str] = []
        self.section = ""
        self.seen: set[str] = set()
        self.items = items_of(group.panel)

    def read(self, line: _Line) -> tuple[Key | None, str]:
        """Return the key of a row, None with the reason where it cannot be read."""
        labels = [(column, text) for column, text in line.labels if fold(text) not in self.fillers]
        if not labels:
            return None, "这一行没有科目或项目名称"
        name = next((t for _, t in reversed(labels) if not _CODE.fullmatch(t)), "")
        item = self._item(labels)
        if item is not None:
            self.seen.add(item.item)
            return Key(item.item, name, item.block, item.phase), ""
        if self.group.panel.rows == "codes":
            return self._coded(labels, name)
        folded = fold(name)
        if self.group.panel.classes:
            code = self.layouts.class_of(bare_name(folded))
            return Key(code or f"name:{bare_name(folded)}", name), ""
        if folded in self.totals:
            return Key("total", name), ""
        if self.group.panel.rows == "names":
            joined = "/".join(text for _, text in labels)
            return Key(f"name:{fold(joined)}", joined), ""
        return None, f"“{name}”不是这张表的行目"

    def _item(self, labels: list[tuple[int, str]]) -> OfficialItem | None:
        texts = [fold(text) for _, text in labels]
        if len(labels) > 1 or labels[0][0] == self.group.keys[0]:
            self.section = bare_name(texts[0])
        options = dict.fromkeys(
            form
            for text in ("/".join([self.section, bare_name(texts[-1])]), texts[-1])
            for form in (text, bare_name(text), _NUMERAL.sub("", text))
        )
        for form in options:
            fitting = [i for i in self.items if any(fold(name) == form for name in i.names)]
            if fitting:
                after = [i for i in fitting if i.after and i.after in self.seen]
                plain = [i for i in fitting if not i.after]
                return (after or plain or [None])[-1 if after else 0]  # type: ignore[list-item]
        return None

    def _coded(self, labels: list[tuple[int, str]], name: str) -> tuple[Key | None, str]:
        digits = [(c, t) for c, t in ((c, _digits(t)) for c, t in labels) if t]
        if not digits:
            match = _CODE_AND_NAME.fullmatch(name)
            if match:
                return Key(match["code"], match["name"].strip()), ""
            if fold(name) in self.totals:
                return Key("total", name), ""
            return None, f"“{name}”没有科目编码"
        full = digits[-1][1]
        if len(full) in (3, 5, 7) and (len(digits) == 1 or full.startswith(digits[0][1])):
            code = full
            if len(digits) == 1 and len(full) == 3:
                self.parts = [full]
            else:
                self.parts = [full[:3], *(full[i : i + 2] for i in range(3, len(full), 2))]
        else:
            code = self._in_parts(digits)
        if len(code) not in (3, 5, 7) or code[0] not in "2345":
            return None, f"科目编码“{' '.join(text for _, text in digits)}”不完整"
        return Key(code, name), ""

    def _in_parts(self, digits: list[tuple[int, str]]) -> str:
        """Return the code of parts in columns of their own; parts left out are those above."""
        columns = [column for column in self.group.keys if column <= digits[-1][0]]
        first = columns.index(digits[0][0]) if digits[0][0] in columns else 0
        parts = self.parts[:first] + [
            text if len(text) == 3 and index == 0 and first == 0 else text.zfill(2)
            for index, (_, text) in enumerate(digits)
        ]
        self.parts = parts
        return "".join(parts)


def _digits(text: str) -> str:
    squeezed = re.sub(r"[\s\-—.．]", "", text) if re.fullmatch(r"[0-9\s\-—.．]+", text) else ""
    return squeezed if _CODE.fullmatch(squeezed) else ""
