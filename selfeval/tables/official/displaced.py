"""Numbers that do not stand where their headings say: moved by a page break, or of no heading."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ...folding import fold
from ...schemes.layouts import Layouts
from ..cells import Cells, as_code, is_number
from .columns import ColumnGroup, Value
from .keys import CODE_AND_NAME, Label
from .lines import Line

_WORDS = re.compile(r"[一-龥]{2}")


def displaced(cells: Cells, group: ColumnGroup, line: Line, layouts: Layouts) -> str:
    """Return a fault where a name stands among the values, or a number beside them."""
    if any(column in group.nameless for column in line.odd):
        return "有数字落在没有标题的栏里，栏目像是错位了"
    for column in line.numbers:
        text = cells.texts[line.numbers_at][column]
        if is_number(text) or fold(text) in layouts.words.folded["fillers"]:
            continue
        if _WORDS.search(text) and _is_name(text):
            return f"金额栏里是文字“{text}”，栏目像是错位了"
    return ""


def _is_name(text: str) -> bool:
    """Return whether a text among numbers is a row's name, not a number with words around it."""
    return CODE_AND_NAME.fullmatch(text) is not None or not any(map(str.isdecimal, text))


def strayed(
    group: ColumnGroup, line: Line, values: dict[int, Value], lines: Sequence[Line]
) -> dict[int, Value]:
    """Return the only value column where a page break moved its number to a nameless one.

    To the right of its heading, a single number may as well be none of the table's.
    """
    column, value = next(iter(values.items()))
    if not (group.loose or group.panel.rows == "names") or len(line.odd) != 1:
        return values
    at = line.odd[0]
    if any(at in other.odd and other.numbers not in ([], [at]) for other in lines):
        return values  # a column of its own, such as line numbers without a heading
    # Those before it have been taken already.
    alike = sum(other.odd == line.odd and other.numbers in ([], [at]) for other in lines)
    if abs(at - column) <= 2 and at not in group.strange and (at < column or alike > 1):
        line.numbers = [at]
        return {at: value}
    return values


def narrowed(
    cells: Cells, line: Line, values: dict[int, Value], fault: str
) -> tuple[dict[int, Value], str]:
    """Keep one cell for each heading that reaches over several columns: the one that is filled."""
    twins: dict[tuple[int, str], list[int]] = {}
    for column, value in values.items():
        twins.setdefault((id(value.spec), value.phase), []).append(column)
    kept: dict[int, Value] = {}
    for own in twins.values():
        filled = [column for column in own if cells.texts[line.numbers_at][column]]
        if len(filled) > 1:
            fault = fault or "同一栏下有两个数"
        named = [column for column in own if values[column].own]
        for column in filled or named[:1] or own[:1]:
            kept[column] = values[column]
    return kept, fault


def doubtful_columns(cells: Cells, group: ColumnGroup, lines: Sequence[Line]) -> set[int]:
    """Return the columns below another's heading where numbers may be of another column.

    So it is where one row has two numbers below a heading, where other headings stand beside it
    and most numbers below it stand elsewhere, or where a single number stands to their right.
    """
    twins: dict[tuple[int, str], list[int]] = {}
    for column, value in group.values.items():
        twins.setdefault((id(value.spec), value.phase), []).append(column)
    doubtful: set[int] = set()
    for columns in twins.values():
        filled = [[c for c in columns if cells.texts[line.numbers_at][c]] for line in lines]
        counts = Counter(column for found in filled for column in found)
        if any(len(found) > 1 for found in filled):
            doubtful |= {column for column in columns if not group.values[column].own}
        elif counts:
            usual = counts.most_common(1)[0][0]
            alone = {column for column, count in counts.items() if column > usual and count == 1}
            doubtful |= alone if len(twins) == 1 else set(counts) - {usual}
    return doubtful


def without_total(cells: Cells, group: ColumnGroup, line: Line, values: dict[int, Value]) -> str:
    """Return a fault where a row of codes has parts but no total: its numbers may have moved."""
    if group.panel.rows != "codes":
        return ""
    texts = cells.texts[line.numbers_at]
    for column, value in values.items():
        if value.spec is not group.panel.whole or texts[column]:
            continue
        others = [
            c for c, v in values.items() if v.phase == value.phase and v.spec.kind == "amount"
        ]
        if any(is_number(texts[other]) for other in others):
            return "合计栏是空的，其他栏有数，数字像是错位了"
    return ""


def moved_sideways(
    cells: Cells, group: ColumnGroup, line: Line
) -> tuple[list[Label], dict[int, Value], int] | None:
    """Return labels, values and step of a row that surely moved sideways as a whole.

    Beyond doubt: a whole code and a name stand side by side, only not in their own columns, and
    every filled cell is where the same step takes it.
    """
    whole_width = group.first == 0 and group.end == cells.width
    if group.panel.rows != "codes" or not whole_width:
        return None
    if len(group.codes) > 1:
        return _narrower_page(cells, group, line)
    if len(group.codes) != 1:
        return None
    code = group.codes[0]
    own = {column: value for column, value in group.values.items() if value.own}
    name = next((c for c in group.keys if c > code), None)
    texts = cells.texts[line.row]
    if name is None or not own or as_code(texts[code]) or line.row != line.numbers_at:
        return None
    for step in (1, 2, -1, -2):
        places = {code + step, name + step, *(column + step for column in own)}
        if min(places) < 0 or max(places) >= len(texts):
            continue
        amounts = [texts[column + step] for column in own]
        if (
            len(as_code(texts[code + step])) in (3, 5, 7)
            and _WORDS.search(texts[name + step])
            and set(cells.filled(line.row)) <= places
            and all(not text or is_number(text) for text in amounts)
        ):
            labels = [(code, texts[code + step]), (name, texts[name + step])]
            return labels, {column + step: value for column, value in own.items()}, step
    return None


def perhaps_moved(cells: Cells, group: ColumnGroup, lines: Sequence[Line]) -> set[int]:
    """Return the rows that may have moved along with others: their first column is blank."""
    if not any(column in group.nameless for line in lines for column in line.odd):
        return set()
    first = min((column for column, value in group.values.items() if value.own), default=None)
    if first is None:
        return set()
    return {line.row for line in lines if not cells.texts[line.numbers_at][first]}


def _narrower_page(
    cells: Cells, group: ColumnGroup, line: Line
) -> tuple[list[Label], dict[int, Value], int] | None:
    """Return a row of a page whose grid has one column of codes where the header has several.

    Beyond doubt: a whole code, its name next to it, then a number for every column and no more.
    """
    own = [column for column in sorted(group.values) if group.values[column].own]
    code, texts = group.codes[0], cells.texts[line.row]
    name = code + 1
    places = range(name + 1, name + 1 + len(own))
    if (
        name not in group.codes
        or line.row != line.numbers_at
        or len(as_code(texts[code])) not in (3, 5, 7)
        or not _WORDS.search(texts[name])
        or cells.filled(line.row) != [code, name, *places]
        or not all(is_number(texts[column]) for column in places)
    ):
        return None
    values = {place: group.values[column] for place, column in zip(places, own, strict=True)}
    return [(code, texts[code]), (group.keys[-1], texts[name])], values, 0


def are_astray(
    cells: Cells,
    groups: Sequence[ColumnGroup],
    rows: Sequence[int],
    lines: Sequence[Sequence[Line]],
    layouts: Layouts,
) -> bool:
    """Return whether some rows of panels side by side surely moved: a number or a total beside."""
    totals = layouts.words.folded["totals"]
    return any(
        column in group.nameless
        for group, own in zip(groups, lines, strict=True)
        for line in own
        for column in line.odd
    ) or any(
        cells.folded[row][column] in totals
        for group in groups
        for row in rows
        for column in group.nameless
        if column < cells.width
    )


def mark_moved(lines: Sequence[Sequence[Line]]) -> None:
    """Mark the rows of panels side by side that may have moved on by a panel.

    Where some rows surely moved, so may have those that are blank below the first panel.
    """
    for first, *others in zip(*lines, strict=True):
        if not (first.labels or first.numbers or first.odd):
            for line in others:
                line.fault = "这张表有几行错了位，不知道这一行是不是也错了位"
