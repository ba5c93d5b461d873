"""Schemes held against each other: what one of them names must be there in the other.

What a scheme names of itself, and what the package serves by name (``names``), is held by its
model; a profile's ratios and the form's word lists when those are loaded. Here are the numbers of
official tables that relations and ratios name, held against the layouts that read them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import MAXYEAR
from functools import lru_cache, partial
from pathlib import Path

from ..errors import ParamsError, SelfEvalError, attempt, flatten, raise_all
from ..terms import PHASES
from .annex_forms import load_forms
from .checks import Checks, load_checks
from .citations import load_citations
from .classifications import load_classifications
from .evaluation_forms import FormBand, form_columns, form_items
from .form import FormLayout, load_form
from .glossary import load_glossary
from .layouts import Layouts, Panel, columns_of, items_of, load_layouts
from .loading import load_scheme, scheme_names, unknown
from .outlines import load_outline
from .ratios import LAST_YEAR, Framework, load_framework
from .relations import CLASSES, ECONOMIC, GROUPS, OTHERS, Address, Relations, Role, RowTotal
from .reviewer import load_criteria
from .scoring import load_scoring

Number = tuple[str, str, str]
"""A block, an item and a fund of a table."""

_RELATIONS, _RATIOS = "schemes/checks/relations.yaml", "schemes/ratios"
_CODE, _NAMED = "<code>", "<name>"
"""Items that stand for any code, and for rows that bear names of their own."""
_SHORT = 2


def load_relations(folder: Path) -> Relations:
    """Load the relations; they and the ratios' inputs are held against the layouts.

    Raises
    ------
    ParamsError, InputErrors
        If a number, a table, a phase or a code that they name can be read by no layout.
    """
    relations = load_scheme(folder, "checks", "relations", Relations)
    return _held(relations, load_framework(folder), load_layouts(folder))


def load_schemes(folder: Path) -> Checks:
    """Load every scheme of a folder, to see whether they agree; return the rules of the checks.

    Raises
    ------
    ParamsError, InputErrors
        With all that is wrong in any of them.
    """
    checks = load_checks(folder)
    wanted: list[Callable[[Path], object]] = [
        *(load_form, load_glossary, load_criteria, load_classifications, load_relations),
        load_citations,
        *(partial(load_outline, name=name) for name in scheme_names(folder, "outlines")),
        *(partial(load_scoring, name=name) for name in scheme_names(folder, "scoring")),
        partial(load_forms, year=MAXYEAR),
    ]
    errors: list[SelfEvalError] = []
    for load in wanted:
        attempt(errors, partial(load, folder))
    if not errors:
        errors += _answer_faults(checks, load_form(folder))
    raise_all({str(error): error for error in flatten(errors)}.values())
    return checks


def _answer_faults(checks: Checks, form: FormLayout) -> Iterator[ParamsError]:
    """Yield the rules whose answers are said to stand in a column that the form has not."""
    known = {column.field for table in form.tables for column in table.columns}
    for code, answer in checks.answers.items():
        if answer.column and answer.column not in known:
            fault = unknown("栏", answer.column, known)
            yield _fault(f"schemes/checks/rules.yaml › answers 的 {code}", fault)


# Once for schemes of one content: all three are kept by theirs.
@lru_cache(maxsize=8)
def _held(relations: Relations, framework: Framework, layouts: Layouts) -> Relations:
    raise_all([*_layout_faults(layouts, relations), *_number_faults(relations, framework, layouts)])
    return relations


# --- numbers that relations and ratios name ------------------------------------------------


def readable(layouts: Layouts) -> dict[str, dict[str, set[str]]]:
    """Return what the layouts can read: of each table its columns, of each column its items."""
    found: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for table, number in _numbers(layouts):
        block, item, fund = number
        found[table][_column(block, fund)].add(item)
    return {table: dict(columns) for table, columns in found.items()}


def _column(block: str, fund: str) -> str:
    return f"{block}@{fund}" if fund else block


def _numbers(layouts: Layouts) -> Iterator[tuple[str, Number]]:
    for table, panels in layouts.tables:
        yield from ((table.table, number) for panel in panels for number in _of_panel(panel))
    for form in layouts.forms.forms:
        for band in form.bands:
            yield from ((band.table, number) for number in _of_band(band))
        for row in form_items(form.labels):
            # The rows of one project's form are that project's, under its name.
            for item in ("total", _NAMED) if form.project else (row.item,):
                yield row.table or form.labels_table, (row.measure or row.block, item, row.fund)


def _of_panel(panel: Panel) -> Iterator[Number]:
    items = {item.item for item in items_of(panel)}
    if panel.rows in ("codes", "names", "single"):
        items.add("total")
    if panel.rows == "names":
        items.add(_NAMED)
    if panel.rows == "codes" or panel.classes:
        items.add(_CODE)
    blocks = {item.block for item in items_of(panel)} - {""}
    for column in columns_of(panel):
        own = {column.item} if column.item else items
        for block in {column.block or panel.block, *blocks}:
            yield from ((block, item, column.fund) for item in own)


def _of_band(band: FormBand) -> Iterator[Number]:
    rows = form_items(band.items)
    for column in form_columns(band):
        own = column.measure or column.block or band.block
        yield from ((row.block or own, row.item, row.fund or column.fund) for row in rows)
        yield from ((row.opens, _NAMED, column.fund) for row in rows if row.opens)
        yield own, column.item or "total", column.fund
        yield from ((own, "total", row.fund) for row in rows)
        if band.rows != "single":
            yield own, _NAMED, column.fund


class _SchemeReader:
    """What can be read, and what is said of an address that cannot."""

    def __init__(self, layouts: Layouts, phases: Iterable[str]) -> None:
        self.tables, self.phases = readable(layouts), tuple(phases)
        self._codes = {code for codes in layouts.classifications.lists.values() for code in codes}

    def fault(self, at: Address, role: Role) -> str:
        """Return what is wrong with an address, "" if nothing is."""
        shown = f"“{at.written}”"
        if at.table not in self.tables:
            return unknown("一张表读得到", at.written, self._written())
        if (role == "column") != (not at.item):
            return f"{shown}应写到{'栏' if role == 'column' else '行'}为止"
        if role == "one" and at.item in GROUPS:
            return f"{shown}是一组数，这里只能写一个数"
        if at.phase and at.phase not in self.phases:
            return unknown("阶段", at.phase, self.phases)
        if not self._has(at):
            return unknown("一张表读得到", at.written, self._written())
        if at.item.isdecimal() and at.item not in self._codes:
            return unknown("科目", at.item, self._codes)
        return ""

    def _has(self, at: Address) -> bool:
        items = self.tables.get(at.table, {}).get(_column(at.block, at.fund), set())
        if at.item == OTHERS:
            return _NAMED in items
        if at.item in GROUPS or at.item.isdecimal():
            return _CODE in items
        return at.item in items if at.item else bool(items)

    def _written(self) -> Iterator[str]:
        for table, columns in self.tables.items():
            for column, items in columns.items():
                block, _, fund = column.partition("@")
                for item in items:
                    names = {_CODE: (CLASSES, ECONOMIC), _NAMED: (OTHERS,)}.get(item, (item, ""))
                    yield from (Address(table, block, name, fund).written for name in names)

    def row_faults(self, row: RowTotal) -> Iterator[str]:
        """Yield what is wrong with a relation of rows: its columns stand in the same rows."""
        columns = self.tables.get(row.table)
        if columns is None:
            yield unknown("表", row.table, self.tables)
            return
        for name in row.columns:
            if name not in columns:
                yield f"表“{row.table}”{unknown('栏', name, columns)}"
            elif row.whole in columns and not columns[name] & columns[row.whole]:
                yield f"表“{row.table}”的栏“{name}”与“{row.whole}”不在同一些行里"


def _number_faults(
    relations: Relations, framework: Framework, layouts: Layouts
) -> Iterator[ParamsError]:
    reader = _SchemeReader(layouts, (*PHASES, *relations.phases))
    for where, at, role in relations.named():
        if fault := reader.fault(at, role):
            yield _fault(f"{_RELATIONS} › {where}", fault)
    blocks = {column.partition("@")[0] for columns in reader.tables.values() for column in columns}
    for side in relations.sides:
        if side not in blocks:
            yield _fault(f"{_RELATIONS} › sides", unknown("栏", side, blocks))
    for number, row in enumerate(relations.rows, 1):
        for fault in reader.row_faults(row):
            yield _fault(f"{_RELATIONS} › rows 第 {number} 条（{row.rule}）", fault)
    for empty in relations.empty:
        if empty.table not in reader.tables:
            yield _fault(f"{_RELATIONS} › empty", unknown("表", empty.table, reader.tables))
    for wanted in framework.inputs:
        where = f"{_RATIOS} › inputs 的 {wanted.key}"
        faults = [reader.fault(at, "one") for at in wanted.at]
        named = (phase.removeprefix(LAST_YEAR) for phase in wanted.phases)
        faults += [
            unknown("阶段", name, reader.phases) for name in named if name not in reader.phases
        ]
        yield from (_fault(where, fault) for fault in faults if fault)


def _fault(place: str, fault: str) -> ParamsError:
    said, asked, close = fault.partition("，是不是")
    return ParamsError(
        place, f"{said}。", f"是不是{close}？" if asked else "请对照原来的文件改正。"
    )


# --- names of the layouts themselves --------------------------------------------------------


def _layout_faults(layouts: Layouts, relations: Relations) -> Iterator[ParamsError]:
    """Yield phases that nobody knows, and names that stand once and are a letter off another.

    A block, an item or a fund is there by being named; only its spelling can be held against
    that of the others.
    """
    phases = (*PHASES, *relations.phases)
    names = [(place, name) for place, key, name in layouts.said if not key.endswith("phase")]
    for place, name in {(p, n): n for p, key, n in layouts.said if key.endswith("phase")}:
        if name not in phases:
            yield _fault(place, unknown("阶段", name, phases))
    counted = Counter(name for _, name in names)
    counted.update(name for _, at, _ in relations.named() for name in at)
    near: defaultdict[str, set[str]] = defaultdict(set)
    for name in counted:
        for shorter in _shorter(name):
            near[shorter].add(name)
    for place, name in names:
        if counted[name] == 1:
            close = {other for shorter in _shorter(name) for other in near[shorter]} - {name}
            for other in sorted(close, key=lambda one: -counted[one])[:1]:
                said = f"名称“{name}”只出现一次，与“{other}”只差一个字母"
                yield _fault(place, f"{said}，是不是“{other}”")


def _shorter(name: str) -> Iterator[str]:
    """Yield a name, and it without each of its letters; of a short name nothing."""
    if len(name) > _SHORT:
        yield name
        yield from (name[:i] + name[i + 1 :] for i, c in enumerate(name) if c.isalpha())
