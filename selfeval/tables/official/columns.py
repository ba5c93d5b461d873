"""Columns of an official table: which are keys, which hold what, and which nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ...schemes.layouts import Layouts, OfficialColumn, OfficialLayout, Panel, columns_of
from .bands import Band, Path

_NEAR = 2  # columns beside the last value, as far as page breaks move numbers


@dataclass(frozen=True)
class Value:
    """A column of values: what it holds, its phase, and the unit its heading states, if any.

    ``own`` tells whether it has a heading of its own or lies only below another's.
    """

    spec: OfficialColumn
    phase: str
    unit: str
    own: bool


@dataclass(frozen=True)
class ColumnGroup:
    """One panel as it stands in the grid: its key columns, of these the codes, and its values.

    ``strange`` maps columns that nobody knows to the reason; ``passed`` are columns that hold
    no values: line numbers, remarks, names of offices; ``by_office`` where rows of offices stand
    among those of items; ``nameless`` are those among or next to
    the values without a heading, where a number means that its row has moved. ``loose`` where
    headings reach over further columns, as in grids made from PDFs.
    """

    panel: Panel
    first: int
    end: int
    keys: tuple[int, ...]
    codes: tuple[int, ...]
    values: dict[int, Value]
    strange: dict[int, str]
    passed: frozenset[int]
    by_office: bool
    nameless: frozenset[int]
    loose: bool


def fit_groups(
    table: OfficialLayout, panels: Sequence[Panel], band: Band, year: int | None, layouts: Layouts
) -> list[ColumnGroup] | None:
    """Return a table's panels as they stand under a header band, None if they do not fit it."""
    aside = _aside(band, panels, layouts)
    spans = list(_spans(band, panels, aside, layouts))
    # Each of several panels in turn; one panel may stand there more than once.
    chosen = tuple(panels) if len(panels) == len(spans) else tuple(panels) * len(spans)
    if not spans or len(chosen) != len(spans):
        return None
    groups = []
    for (first, end), panel in zip(spans, chosen, strict=True):
        group = _fit(table, panel, band, range(first, end), aside, year, layouts)
        if group is None:
            return None
        groups.append(group)
    return groups


def _aside(band: Band, panels: Sequence[Panel], layouts: Layouts) -> frozenset[int]:
    """Return the columns that say again what a row is of, where other keys say it."""
    words = frozenset[str]().union(*(panel.beside_words for panel in panels))
    if not words:
        return frozenset()
    aside = {c for c, path in enumerate(band.paths) if words.intersection(path)}
    keys = {c for c, path in enumerate(band.paths) if _is_key(path, panels, layouts)}
    return frozenset(aside if keys - aside else ())


def _spans(
    band: Band, panels: Sequence[Panel], aside: frozenset[int], layouts: Layouts
) -> Iterator[tuple[int, int]]:
    """Yield the columns of each panel: keys first, then values, until the next keys."""
    width = len(band.paths)
    if panels[0].rows == "single":
        yield 0, width
        return
    is_key = [
        c not in aside and _is_key(path, panels, layouts) for c, path in enumerate(band.paths)
    ]
    if not any(is_key):
        return
    first, valued = 0, False
    for column in range(width):
        if is_key[column] and valued:
            yield first, column
            first, valued = column, False
        elif column in aside or not band.paths[column]:
            continue
        elif not is_key[column] and any(is_key[first:column]):
            # A code of an office among the keys is no value: 类 款 项 | 单位代码 | 单位名称(科目).
            valued = valued or band.paths[column][-1] not in layouts.heads
    yield first, width


def _is_key(path: Path, panels: Iterable[Panel], layouts: Layouts) -> bool:
    if not path:
        return False
    codes = layouts.words.folded["codes"]
    own = frozenset[str]().union(*(panel.key_words for panel in panels))
    words = own or layouts.words.folded["keys"]
    if not any(word in words or word in codes for word in path):
        return False
    # A heading over both keys and values ("项目") is a key only where nothing below says else.
    leaf = path[-1]
    if leaf in words or leaf in codes:
        return True
    if leaf in layouts.heads:
        return False
    return not any(leaf in panel.by_leaf for panel in panels)


def _fit(
    table: OfficialLayout,
    panel: Panel,
    band: Band,
    span: range,
    aside: frozenset[int],
    year: int | None,
    layouts: Layouts,
) -> ColumnGroup | None:
    first, end = span.start, span.stop
    keys: list[int] = []
    values: dict[int, Value] = {}
    strange: dict[int, str] = {}
    passed: set[int] = set()
    numbers = layouts.words.folded["line_numbers"]
    for column in span:
        path = band.paths[column]
        if column in aside:
            passed.add(column)
        elif panel.rows != "single" and _is_key(path, (panel,), layouts):
            keys.append(column)
        elif not path:
            if not values:
                keys.append(column)
        elif path[-1] in numbers or path[-1] in layouts.heads:
            passed.add(column)
        else:
            value = _value(table, panel, band, column, year, layouts)
            if isinstance(value, Value):
                values[column] = value
            else:
                strange[column] = value
    _set_apart_twins(values, strange)
    several = len({(id(value.spec), value.phase) for value in values.values()}) > 1
    last = max((column for column, value in values.items() if value.own), default=0)
    loose = any(band.stands[c] == "within" and band.paths[c] for c in range(last))
    nameless = (
        _set_apart_nameless(values, strange, band, end) if several or not loose else set[int]()
    )
    codes = tuple(c for c in keys if band.paths[c] and _is_code(band, c, layouts))
    if not _complete(table, panel, band, range(first, end), codes, values, layouts):
        return None
    return ColumnGroup(
        panel,
        first,
        end,
        tuple(keys),
        codes,
        values,
        strange,
        frozenset(passed),
        any(band.paths[c][-1] in layouts.words.folded["offices"] for c in passed),
        frozenset(nameless),
        loose,
    )


def _complete(
    table: OfficialLayout,
    panel: Panel,
    band: Band,
    columns: range,
    codes: tuple[int, ...],
    values: dict[int, Value],
    layouts: Layouts,
) -> bool:
    """Return whether all that a panel must have is there."""
    found = {id(value.spec) for value in values.values()}
    # Rows that have codes are not known by their names alone.
    if panel.rows == "items" and codes and len(table.panels) == 1:
        return False
    if not values or any(id(c) not in found for c in columns_of(panel) if not c.optional):
        return False
    # Without a title, only a column of codes tells such a table from a list of names.
    if table.fallback and panel.rows == "codes" and not codes:
        return False
    under = panel.under_words
    return not under or any(word in under for c in columns for word in band.paths[c])


def _is_code(band: Band, column: int, layouts: Layouts) -> bool:
    leaf = band.paths[column][-1]
    # 类, 款, 项 each have one column; a blank one beside it is none.
    beside = band.stands[column] != "own" and leaf in layouts.words.folded["parts"]
    return leaf in layouts.words.folded["codes"] and not beside


def _set_apart_twins(values: dict[int, Value], strange: dict[int, str]) -> None:
    """Take out columns with headings of their own that mean the same: nobody can tell which."""
    seen: dict[tuple[object, ...], list[int]] = {}
    for column, value in values.items():
        # Each column of an economic item has a spec of its own.
        spec = value.spec
        meant = (spec.block, spec.item, spec.fund, spec.kind) if spec.item else (id(spec),)
        seen.setdefault((*meant, value.phase), []).append(column)
    for columns in seen.values():
        own = sum(values[column].own for column in columns)
        if own > 1:
            name = values[columns[0]].spec.headings[0]
            for column in columns:
                strange[column] = f"有 {own} 栏都像是“{name}”，分不出哪一栏"
    for column in strange:
        values.pop(column, None)


def _set_apart_nameless(
    values: dict[int, Value], strange: dict[int, str], band: Band, end: int
) -> set[int]:
    """Take out columns without a heading beside others that have one: theirs may be lost.

    Where all mean the same, in a grid made from a PDF, numbers may stand anywhere below.
    """
    for column in [c for c in values if band.stands[c] == "within"]:
        strange[column] = f"这一栏没有自己的标题，左边一栏是“{'/'.join(band.paths[column])}”"
        del values[column]
    if not values:
        return set()
    near = range(min(values), min(max(values) + 1 + _NEAR, end))
    return {c for c in near if c not in values and band.stands[c] != "own"}


def _value(
    table: OfficialLayout,
    panel: Panel,
    band: Band,
    column: int,
    year: int | None,
    layouts: Layouts,
) -> Value | str:
    """Return what a column holds, or why that is not known."""
    path = band.paths[column]
    spec, words = _best(panel, table, path, layouts)
    if spec is None and panel.economic is not None:
        spec, words = _economic(panel, table, path, year, layouts)
    if spec is None:
        return f"版式“{table.title}”里没有栏目“{'/'.join(path)}”"
    phase = _phase(table, spec, words, band.years[column], year)
    if phase is None:
        return f"看不出栏目“{'/'.join(path)}”是哪一年的什么数"
    return Value(spec, phase, band.units[column], band.stands[column] == "own")


def _best(
    panel: Panel, table: OfficialLayout, path: Path, layouts: Layouts
) -> tuple[OfficialColumn | None, list[str]]:
    """Return the column a path of headings means best, and the words in it that say a phase."""
    words = [word for word in path if word in table.phase_words or f"-{word}" in table.phase_words]
    bare = tuple(word for word in path if word not in words)
    best: OfficialColumn | None = None
    most = (0, 0)
    for candidate in (path, bare) if words else (path,):
        for option, spec in panel.by_leaf.get(candidate[-1], ()) if candidate else ():
            places = _places(option, candidate)
            if not places or not _explained(candidate, places, spec, table, layouts):
                continue
            if (len(option), sum(places)) > most:
                best, most = spec, (len(option), sum(places))
    # A stage alone is of the whole: 上年执行数 beside 合计, 基本支出, 项目支出.
    known = not (table.distinct or table.fallback)
    if best is None and known and words and all(word in layouts.neutral for word in bare):
        best = panel.whole
    return best, words


def _economic(
    panel: Panel, table: OfficialLayout, path: Path, year: int | None, layouts: Layouts
) -> tuple[OfficialColumn | None, list[str]]:
    """Return the column named after an item of an economic classification, below its class.

    What stands above may also be one of the panel's own columns: 基本支出 over 工资福利支出.
    """
    assert panel.economic is not None
    above = [word for word in path if word not in layouts.neutral and word not in table.over_words]
    block = panel.block or "total"
    words: list[str] = []
    for length in range(1, len(above)):
        spec, words = _best(panel, table, tuple(above[:length]), layouts)
        if spec is not None:
            block, above = spec.block or block, above[length:]
            break
    subtotal = layouts.words.folded["subtotals"] | layouts.words.folded["totals"]
    whole = len(above) > 1 and above[-1] in subtotal
    names = [word for word in above if layouts.is_economic(panel.economic, word)]
    # A total is of what stands right above it; another classification's group has none here.
    if not names or names[-1] != above[-2 if whole else -1]:
        return None, words
    # What heads a column of some other table (项目支出) makes something else of it.
    others = [word for word in above[: -1 if whole else None] if word not in names]
    if any(word in layouts.vocabulary for word in others):
        return None, words
    code = layouts.economic_code(panel.economic, names, year, whole)
    if code is None:
        return None, words
    return OfficialColumn(headings=("/".join(path),), block=block, item=code), words


def _places(option: Path, path: Path) -> tuple[int, ...]:
    """Return where in a path an option's headings stand, in order and as low as can be."""
    places: list[int] = []
    place = len(path)
    for word in reversed(option):
        place -= 1
        while place >= 0 and path[place] != word:
            place -= 1
        if place < 0:
            return ()
        places.append(place)
    return tuple(places)


def _explained(
    path: Path,
    places: tuple[int, ...],
    spec: OfficialColumn,
    table: OfficialLayout,
    layouts: Layouts,
) -> bool:
    """Return whether what stands above a column's headings does not make something else of it."""
    if spec.kind != "amount":
        return True
    return all(
        place in places
        or word in layouts.neutral
        or word in table.phase_words
        or word in table.over_words
        for place, word in enumerate(path)
    )


def _phase(
    table: OfficialLayout, spec: OfficialColumn, words: list[str], own: int | None, year: int | None
) -> str | None:
    """Return what phase a column says, relative to the table's year; None if that is not known."""
    if spec.phase or spec.kind != "amount":
        return spec.phase or table.phase
    if own is not None and year is None:
        return None
    behind = year - own if own is not None and year is not None else 0
    known = table.phase_words
    for word in reversed(words):
        found = known.get({0: word, 1: f"-{word}"}.get(behind, ""))
        if found:
            return found
    return table.phase if behind == 0 and not words else None
