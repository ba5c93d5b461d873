"""Rows of an official table: which numbers stand in one row, and what the row is of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ..folding import fold
from ..layouts import Layouts
from .cells import Cells, as_code, is_number, without_years, years_in
from .columns import Group, Value
from .keys import CODE_AND_NAME, Key, KeyReader
from .lines import Line, holds_data, joined_lines, lend_totals, panel_line
from .recognition import Match

_WORDS = re.compile(r"[一-龥]{2}")


@dataclass(frozen=True)
class PanelRow:
    """One row of one panel: its key, its value cells, and the grid row that holds them."""

    group: Group
    key: Key
    values: dict[int, Value]
    numbers_at: int
    fault: str = ""


def panel_rows(
    cells: Cells, match: Match, end: int, layouts: Layouts, readers: list[KeyReader] | None = None
) -> Iterator[PanelRow]:
    """Yield the rows of a recognised table, panel by panel.

    ``readers`` are those of the page before, where the table goes on from there.
    """
    rows = [
        row for row in range(match.band.last + 1, end) if holds_data(cells, row, match, layouts)
    ]
    lines = [[panel_line(cells, group, row, match) for row in rows] for group in match.groups]
    for index, group in enumerate(match.groups):
        own = lines[index]
        if group.panel.rows == "single":
            yield from _single(cells, group, own, match, layouts)
            continue
        if index:
            lend_totals(own, lines[index - 1], group, layouts)
        reader = _reader(group, layouts, match, readers, index)
        reader.look_ahead(fold(line.labels[-1][1]) for line in own if line.labels)
        yield from _keyed(cells, group, joined_lines(cells, own, reader, layouts), reader)


def _reader(
    group: Group, layouts: Layouts, match: Match, readers: list[KeyReader] | None, index: int
) -> KeyReader:
    if readers is None:
        return KeyReader(group, layouts, match.year)
    if index < len(readers):
        readers[index].group = group
    else:
        readers.append(KeyReader(group, layouts, match.year))
    return readers[index]


# --- tables whose columns say everything ---


def _single(
    cells: Cells, group: Group, lines: list[Line], match: Match, layouts: Layouts
) -> Iterator[PanelRow]:
    """Yield the rows of a table whose columns say everything: one row, or one per office."""
    totals = layouts.words.folded["totals"]
    held = [line for line in lines if _any_number(cells, line)]
    for line in held:
        words = [text for _, text in line.labels if not is_number(text)]
        name = " ".join(words)
        phase = _phase_of_row(fold(name), match)
        folded = fold(name)
        alone = len(held) == 1 or folded in totals or bool(phase)
        key = Key("total" if alone else folded, name, phase=phase)
        fault = _displaced(cells, line, layouts)
        if not alone and not folded:
            fault = fault or "有几行数，看不出各是什么"
        values, fault = _narrowed(cells, line, group.values, fault)
        yield PanelRow(group, key, values, line.row, fault)


def _any_number(cells: Cells, line: Line) -> bool:
    return any(cells.numeric[line.row][column] for column in line.numbers)


def _phase_of_row(name: str, match: Match) -> str:
    """Return the phase that a row's name says: 2023年预算数 above 2024年预算数."""
    words = match.layout.phase_words
    named = years_in(name)
    bare = without_years(name)
    if named and match.year is not None:
        return words.get({0: bare, 1: f"-{bare}"}.get(match.year - named[-1], ""), "")
    return words.get(bare, "")


# --- tables with a key in every row ---


def _keyed(
    cells: Cells, group: Group, lines: Iterable[Line], reader: KeyReader
) -> Iterator[PanelRow]:
    kept = list(lines)
    usual = _usual_columns(group, kept)
    for line in kept:
        moved = _moved(cells, group, line, reader)
        if moved is not None:
            yield moved
            continue
        key, fault = reader.read(line.labels)
        fault = line.fault or fault or _displaced(cells, line, reader.layouts)
        values = dict(group.values)
        if len({id(value.spec) for value in values.values()}) == 1 and not line.numbers:
            values = _strayed(group, line, values)
        values, fault = _narrowed(cells, line, values, fault)
        if not fault and any(c in usual and c != usual[c] for c in values if c in line.numbers):
            fault = "数字的位置与其他行不一致，分不清属于哪一栏"
        if not fault and key is not None:
            fault = _without_total(cells, group, line, values)
        if key is None and not any(column in line.numbers for column in values):
            continue
        yield PanelRow(group, key or Key("", ""), values, line.numbers_at, fault)


def _displaced(cells: Cells, line: Line, layouts: Layouts) -> str:
    """Return a fault where a name stands among the values: the columns have moved."""
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


def _strayed(group: Group, line: Line, values: dict[int, Value]) -> dict[int, Value]:
    """Return the only value column where a page break moved its number to a nameless one."""
    column, value = next(iter(values.items()))
    if len(line.odd) == 1 and abs(line.odd[0] - column) <= 2 and line.odd[0] not in group.strange:
        line.numbers = [line.odd[0]]
        return {line.odd[0]: replace(value, own=False)}
    return values


def _narrowed(
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


def _usual_columns(group: Group, lines: Sequence[Line]) -> dict[int, int]:
    """Return for each value column the one where numbers under its heading mostly stand."""
    twins: dict[tuple[int, str], Counter[int]] = {}
    for line in lines:
        for column in line.numbers:
            if column in group.values:
                value = group.values[column]
                twins.setdefault((id(value.spec), value.phase), Counter())[column] += 1
    if len(twins) < 2:
        return {}
    return {column: counts.most_common(1)[0][0] for counts in twins.values() for column in counts}


def _without_total(cells: Cells, group: Group, line: Line, values: dict[int, Value]) -> str:
    """Return a fault where a row of codes has parts but no total: its numbers may have moved."""
    if group.panel.rows != "codes" or len({id(v.spec) for v in values.values()}) < 2:
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


def _moved(cells: Cells, group: Group, line: Line, reader: KeyReader) -> PanelRow | None:
    """Return a row that a page break moved sideways as a whole, if that is beyond doubt.

    Beyond doubt: a whole code and a name stand side by side, only not in their own columns, and
    every filled cell is where the same step takes it.
    """
    whole_width = group.first == 0 and group.end == cells.width
    if group.panel.rows != "codes" or len(group.codes) != 1 or not whole_width:
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
            key, fault = reader.read([(code, texts[code + step]), (name, texts[name + step])])
            moved = {column + step: value for column, value in own.items()}
            return PanelRow(group, key or Key("", ""), moved, line.row, fault)
    return None
