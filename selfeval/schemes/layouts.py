"""Layouts of official tables: how a table is recognised and what its numbers mean, from YAML."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import MAXYEAR
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from ..errors import ParamsError
from ..folding import fold
from ..strict import Strict, Text, parse_model, parse_yaml, read_data
from ..terms import FAMILIES, PHASES
from .classifications import Classifications, Period, load_classifications
from .evaluation_forms import Column, EvaluationForms, FormFile, Titled, join_forms
from .loading import Sourced, require

OFFICIAL = "official"
_NAMING = {
    *("table", "labels_table", "block", "item", "fund", "opens", "measure", "unlabelled"),
    *("phase", "labels_phase"),
}
Kind = Literal["amount", "difference", "count", "rate", "points", "area", "text", "skip"]
EconomicKind = Literal["departmental_economic", "government_economic"]
Rows = Literal["codes", "items", "names", "single"]


class OfficialColumn(Column):
    """One column of an official table, and what it holds."""

    kind: Kind = "amount"


class OfficialItem(Strict):
    """One fixed row: the names it goes by.

    ``after`` and ``before`` where a name means this only below or above another item's row,
    ``until`` where it no longer does below that, ``unless`` where it is not sure beside rows of
    these items: a 合计 that may hold them as well;
    ``kind`` where the row is not of what its columns hold, such as a count among amounts.
    """

    item: Text
    names: Annotated[tuple[str, ...], Field(min_length=1)]
    after: str = ""
    before: str = ""
    until: str = ""
    unless: tuple[str, ...] = ()
    block: str = ""
    kind: Kind | None = None
    phase: str = ""


class Panel(Strict):
    """A part of a table that stands beside others: its key columns, values and fixed rows.

    ``rows`` says what a row's key is: a classification code, one of ``items``, any name, nothing
    at all (``single``). ``classes`` lets rows be named after functional classes, ``economic``
    columns after the items of an economic classification. ``beside`` are headings of columns
    that say again, by another classification, what a row is of.
    """

    rows: Rows
    keys: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    columns: str | tuple[OfficialColumn, ...] = ()
    items: str | tuple[OfficialItem, ...] = ()
    classes: bool = False
    economic: EconomicKind | None = None
    block: str = ""
    under: tuple[str, ...] = ()

    @cached_property
    def key_words(self) -> frozenset[str]:
        """The headings of its own key columns, folded."""
        return frozenset(map(fold, self.keys))

    @cached_property
    def beside_words(self) -> frozenset[str]:
        """The headings of columns beside its keys that are none of them, folded."""
        return frozenset(map(fold, self.beside))

    @cached_property
    def under_words(self) -> frozenset[str]:
        """Words of which one must stand above its columns, folded."""
        return frozenset(map(fold, self.under))

    @cached_property
    def whole(self) -> OfficialColumn | None:
        """The column that is the sum of the others, or the only one."""
        columns = [column for column in columns_of(self) if column.kind == "amount"]
        if not columns:
            return None
        first = columns[0]
        if len(columns) == 1:
            return first
        blocks = {column.block for column in columns}
        total = first.block == "total" or (first.block == "basic" and "personnel" in blocks)
        return first if total and not first.fund and len(blocks) > 1 else None

    @cached_property
    def by_leaf(self) -> dict[str, list[tuple[tuple[str, ...], OfficialColumn]]]:
        """Every path of headings with its column, by the lowest heading."""
        found: dict[str, list[tuple[tuple[str, ...], OfficialColumn]]] = {}
        for column in columns_of(self):
            for path in column.paths:
                found.setdefault(path[-1], []).append((path, column))
        return found

    @cached_property
    def by_name(self) -> dict[str, list[OfficialItem]]:
        """The fixed rows by each of their folded names."""
        found: dict[str, list[OfficialItem]] = {}
        for item in items_of(self):
            for name in dict.fromkeys(map(fold, item.names)):
                found.setdefault(name, []).append(item)
        return found


class OfficialLayout(Titled):
    """One official table.

    ``distinct`` where the headings alone tell it from every other table;
    ``fallback`` where nothing else fits; ``band`` where it is a part of a larger form.
    """

    table: Text
    distinct: bool = False
    fallback: bool = False
    band: bool = False
    phase: str = ""
    fund: str = ""
    phases: dict[str, str] = Field(default_factory=dict)
    over: str | tuple[str, ...] = ()
    panels: Annotated[tuple[Panel, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _can_be_found(self) -> OfficialLayout:
        if not (self.has or self.distinct or self.fallback):
            raise ValueError("没有写 has，也没有写 distinct、fallback，哪张表都不会认成它")
        return self

    @cached_property
    def over_words(self) -> frozenset[str]:
        """Words that may stand above its columns and say nothing new, folded."""
        return frozenset(map(fold, self.over))

    @cached_property
    def phase_words(self) -> dict[str, str]:
        """Words of headings that say the phase, folded; "-" before one: of the year before."""
        return {fold(word): phase for word, phase in self.phases.items()}


class OfficialFile(Sourced):
    """One file of layouts, with the column sets, items and words its tables share.

    ``always`` are columns that may stand in any of its tables, such as changes and shares.
    """

    entries = ("tables",)
    phases: dict[str, str] = Field(default_factory=dict)
    always: tuple[OfficialColumn, ...] = ()
    columns: dict[str, tuple[OfficialColumn, ...]] = Field(default_factory=dict)
    items: dict[str, tuple[OfficialItem, ...]] = Field(default_factory=dict)
    over: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    tables: tuple[OfficialLayout, ...]

    @model_validator(mode="after")
    def _names_known(self) -> OfficialFile:
        panels = [panel for table in self.tables for panel in table.panels]
        groups: tuple[tuple[str, list[object], Collection[str]], ...] = (
            ("上层表头", [table.over for table in self.tables], self.over),
            ("栏目组", [panel.columns for panel in panels], self.columns),
            ("行目组", [panel.items for panel in panels], self.items),
        )
        for what, named, known in groups:
            used = [name for name in named if isinstance(name, str)]
            require(what, used, known)
            require(f"一张表用到{what}", known, used)
        own = [panel.items for panel in panels if not isinstance(panel.items, str)]
        for rows in (*self.items.values(), *own):
            items = {"", *(row.item for row in rows)}
            for row in rows:
                beside = (row.after, row.before, row.until, *row.unless)
                require("行目", beside, items, f"行目“{row.item}”：")
        return self


class TableWords(Sourced):
    """Words that mean the same in every official table."""

    keys: tuple[str, ...]
    codes: tuple[str, ...]
    parts: tuple[str, ...]
    line_numbers: tuple[str, ...]
    sides: tuple[str, ...]
    totals: tuple[str, ...]
    subtotals: tuple[str, ...]
    notes: tuple[str, ...]
    fillers: tuple[str, ...]
    empty: tuple[str, ...]
    nothing: tuple[str, ...]
    void: tuple[str, ...]
    void_if: tuple[str, ...]
    funds: dict[str, tuple[str, ...]]
    budgets: dict[str, tuple[str, ...]]
    title_ends: tuple[str, ...]
    continued: tuple[str, ...]
    over: tuple[str, ...]
    heads: tuple[str, ...]
    offices: tuple[str, ...]
    owner_ends: tuple[str, ...]
    owner_ends_of_place: tuple[str, ...]
    owner_levels: tuple[str, ...]
    owner_towns: tuple[str, ...]
    owner_town_organs: tuple[str, ...]
    owner_below: tuple[str, ...]
    owner_kinds: tuple[str, ...]
    owner_heads: dict[str, str]
    owner_short: dict[str, str]
    families: dict[str, tuple[str, ...]]

    @model_validator(mode="after")
    def _names_known(self) -> TableWords:
        require("指标类别", self.families, FAMILIES.values())
        require("阶段", self.budgets, PHASES)
        return self

    def family_of(self, printed: str) -> str:
        """Return the family of indicators that a form prints, "" if it is none of them."""
        bare = re.sub(r"[(（].*", "", fold(printed))
        return next((f for f, names in self.families.items() if bare in map(fold, names)), "")

    def says_nothing(self, text: str) -> bool:
        """Return whether a text, as a note of an empty table, says that there is nothing."""
        folded = fold(text)
        return folded in self.folded["fillers"] or bool(self._nothing.search(folded))

    def says_void(self, note: str) -> bool:
        """Return whether a note says of its own table that it is empty.

        An instruction of the form (若…，则本表为空表) says nothing of this one.
        """
        sentences = re.split("[。;]", fold(note))
        return any(self._void.search(s) and not self._void_if.search(s) for s in sentences)

    @cached_property
    def _nothing(self) -> re.Pattern[str]:
        parts = (map(re.escape, fold(word).split("...")) for word in (*self.empty, *self.nothing))
        return re.compile("|".join("[^,。;]{0,40}?".join(part) for part in parts))

    @cached_property
    def _void(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, map(fold, self.void))))

    @cached_property
    def _void_if(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, map(fold, self.void_if))))

    @cached_property
    def folded(self) -> dict[str, frozenset[str]]:
        """Each list folded."""
        names = (
            *("keys", "codes", "parts", "line_numbers", "sides"),
            *("totals", "subtotals", "fillers", "over", "offices"),
        )
        return {name: frozenset(map(fold, getattr(self, name))) for name in names}


class Layouts:
    """All official layouts in force, with what is looked up in them.

    ``said`` are the blocks, items, funds and phases as written: file, key, name; ``read`` the
    tables that each file is of.
    """

    def __init__(
        self,
        files: dict[str, OfficialFile],
        words: TableWords,
        folder: Path,
        forms: EvaluationForms,
        said: tuple[tuple[str, str, str], ...],
        read: tuple[tuple[frozenset[str], Sourced], ...],
    ) -> None:
        self.files, self.words, self.folder, self.forms = files, words, folder, forms
        self.said, self.read = said, read
        self.tables: list[tuple[OfficialLayout, tuple[Panel, ...]]] = [
            (
                table.model_copy(
                    update={
                        "phases": file.phases | table.phases,
                        "over": file.over[table.over]
                        if isinstance(table.over, str)
                        else table.over,
                    }
                ),
                tuple(_resolved(panel, file) for panel in table.panels),
            )
            for file in files.values()
            for table in file.tables
        ]
        shared = words.folded
        self.keys = shared["keys"] | shared["codes"]
        self.heads = frozenset(map(fold, words.heads))
        self.neutral = shared["over"] | shared["sides"] | self.keys
        self.vocabulary = self._vocabulary()

    @cached_property
    def classifications(self) -> Classifications:
        """The national lists of codes; read when first needed."""
        return load_classifications(self.folder)

    def heading(
        self, table: str, block: str, fund: str = "", item: str = "", phase: str = ""
    ) -> str:
        """Return what a column of a table is called by its first heading.

        With what stands above it, where another column has the same lowest heading. ``item`` is
        that of an amount: where the column says what it is of, it begins with the column's.
        """
        own = [
            (panel.block, column)
            for known, panels in self.tables
            if known.table == table
            for panel in panels
            for column in columns_of(panel)
        ]
        fitting = [
            column
            for below, column in own
            if column.fund in (fund, "")
            and (
                (column.block or below) == block and item.partition(":")[0] == column.item
                if item and column.item
                else column.block == block
            )
        ]
        if not fitting:
            return ""

        def unlike(column: OfficialColumn) -> tuple[bool, ...]:
            other = bool(column.phase and phase and column.phase != phase)
            return (not column.item and bool(item), column.fund != fund, other)

        best = min(fitting, key=unlike)
        name = self._lowest(best)
        meant = (best.block, best.item, best.fund)
        twins = any(
            (column.block, column.item, column.fund) != meant and self._lowest(column) == name
            for _, column in own
        )
        return best.headings[0].replace("/", "／") if twins else name

    def _lowest(self, column: OfficialColumn) -> str:
        """Return the lowest heading of a column that is no mere total."""
        first, _, last = column.headings[0].rpartition("/")
        return first if fold(last) in self.words.folded["totals"] and first else last

    def told(self, tables: Collection[str]) -> str:
        """Return the sources of some tables, each file's once: what they are, since when."""
        files = (file for known, file in self.read if not known.isdisjoint(tables))
        return "；".join(
            f"{file.description.removesuffix('。')}，{file.since_when}" for file in files
        )

    def title(self, table: str) -> str:
        """Return what a table is called by its first layout."""
        titles = ((known.table, known.title) for known, _ in self.tables)
        return next((t for own, t in (*titles, *self.forms.titles()) if own == table), table)

    def names_of(self, code: str) -> frozenset[str]:
        """Return all names, folded, that a code ever had."""
        return self._names.get(code, frozenset())

    def codes_below(self, code: str) -> tuple[str, ...]:
        """Return the codes that begin with a code and are longer."""
        return self._below.get(code, ())

    def is_heading(self, text: str) -> bool:
        """Return whether a folded text heads a column of some table, or names economic items."""
        return text in self.vocabulary or any(text in names for names in self._economic.values())

    def is_economic(self, kind: EconomicKind, name: str) -> bool:
        """Return whether a folded text is the name of an item of an economic classification."""
        return name in self._economic[kind]

    @cached_property
    def _economic(self) -> dict[EconomicKind, frozenset[str]]:
        kinds: tuple[EconomicKind, ...] = get_args(EconomicKind)
        codes = {kind: self.classifications.lists[kind] for kind in kinds}
        return {kind: frozenset().union(*map(self.names_of, codes[kind])) for kind in kinds}

    def is_name(self, name: str) -> bool:
        """Return whether any code ever had a folded name."""
        return name in self._all_names

    @cached_property
    def _all_names(self) -> frozenset[str]:
        return frozenset().union(*self._names.values())

    @cached_property
    def _names(self) -> dict[str, frozenset[str]]:
        lists = self.classifications.lists.values()
        return {
            code: frozenset(fold(name) for p in periods for name in (p.name, *p.aliases))
            for known in lists
            for code, periods in known.items()
        }

    @cached_property
    def _below(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for code in self._names:
            for length in range(3, len(code), 2):
                found.setdefault(code[:length], []).append(code)
        return {code: tuple(below) for code, below in found.items()}

    def economic_code(
        self, kind: EconomicKind, names: Sequence[str], year: int | None, whole: bool = False
    ) -> str | None:
        """Return the code of an economic classification that headings name, class first.

        Of the headings above an item only those that name a class say where it belongs.
        ``whole`` where the last of them heads the total of others; that is a class.
        """
        periods = self.classifications.lists[kind]
        found = [c for c in periods if names and names[-1] in self.names_of(c)]
        classes = {name for c in periods if len(c) == 3 for name in self.names_of(c)}
        above = [name for name in names[:-1] if name in classes]
        found = [c for c in found if all(self._is_below(c, name) for name in above)]
        if whole or not above:
            found = [c for c in found if len(c) == 3] or ([] if whole else found)
        if len(found) > 1:
            at = year or MAXYEAR
            found = [c for c in found if any(_named(p, names[-1], at) for p in periods[c])]
        return found[0] if len(found) == 1 else None

    def _is_below(self, code: str, name: str) -> bool:
        return any(name in self.names_of(code[:end]) for end in range(3, len(code), 2))

    def class_of(self, name: str, year: int | None = None) -> str | None:
        """Return the functional class that a row's name names."""
        return self.classifications.class_of(name, year or 0)

    def _vocabulary(self) -> frozenset[str]:
        shared = self.words.folded
        known = {*self.keys, *self.heads, *shared["line_numbers"], *shared["sides"]}
        for table, panels in self.tables:
            known |= {word.removeprefix("-") for word in table.phase_words} - {""}
            for panel in panels:
                known |= {fold(word) for word in (*panel.keys, *panel.under)}
                known |= {word for c in columns_of(panel) for path in c.paths for word in path}
        return frozenset(known)


def _named(period: Period, name: str, year: int) -> bool:
    """Return whether a code went by a folded name in a year."""
    return period.covers(year) and name in map(fold, (period.name, *period.aliases))


def columns_of(panel: Panel) -> tuple[OfficialColumn, ...]:
    """Return a resolved panel's columns."""
    assert not isinstance(panel.columns, str)
    return panel.columns


def items_of(panel: Panel) -> tuple[OfficialItem, ...]:
    """Return a resolved panel's fixed rows."""
    assert not isinstance(panel.items, str)
    return panel.items


def _resolved(panel: Panel, file: OfficialFile) -> Panel:
    columns = file.columns[panel.columns] if isinstance(panel.columns, str) else panel.columns
    items = file.items[panel.items] if isinstance(panel.items, str) else panel.items
    return panel.model_copy(update={"columns": (*columns, *file.always), "items": items})


@lru_cache(maxsize=8)
def _parsed(contents: tuple[tuple[str, bytes], ...], folder: Path) -> Layouts:
    files: dict[str, OfficialFile] = {}
    forms: dict[str, FormFile] = {}
    words: TableWords | None = None
    said: list[tuple[str, str, str]] = []
    for name, data in contents:
        shown = f"schemes/layouts/{OFFICIAL}/{name}.yaml"
        if name == "words":
            words = parse_model(TableWords, parse_yaml(data, shown), shown)
        else:
            held = parse_yaml(data, shown)
            said += ((shown, key, value) for key, value in _said(held))
            if isinstance(held, dict) and "forms" in held:
                forms[shown] = parse_model(FormFile, held, shown)
            else:
                files[name] = parse_model(OfficialFile, held, shown)
    if words is None:
        raise ParamsError(
            f"schemes/layouts/{OFFICIAL}/words.yaml", "文件不存在。", "请从安装包恢复。"
        )
    for name, file in files.items():
        _check_funds(file, words, f"schemes/layouts/{OFFICIAL}/{name}.yaml")
    read: list[tuple[frozenset[str], Sourced]] = [
        *((frozenset(table.table for table in file.tables), file) for file in files.values()),
        *((file.table_ids, file) for file in forms.values()),
    ]
    return Layouts(files, words, folder, join_forms(forms), tuple(said), tuple(read))


def _said(held: object, under: str = "") -> Iterator[tuple[str, str]]:
    """Yield the blocks, items, funds and phases of a file, each as often as it is written."""
    if isinstance(held, dict):
        for key, value in held.items():
            yield from _said(value, "phase" if under == "phases" else key)
    elif isinstance(held, list):
        for value in held:
            yield from _said(value)
    elif under in _NAMING:
        yield from ((under, name) for name in str(held).split(":") if name)


def _check_funds(file: OfficialFile, words: TableWords, shown: str) -> None:
    """Refuse a layout of one fund that takes titles which do not name the fund."""
    for table in file.tables:
        known = words.funds.get(table.fund, ())
        named = [fold(word) for word in known]
        says = (all(any(n in fold(w) for n in named) for w in p.split("|")) for p in table.has)
        # A table without words of a title is known by its headings alone.
        if table.fund and table.has and not any(says):
            raise ParamsError(
                shown,
                f"表“{table.title}”只限一类资金（fund: {table.fund}），"
                "has 里却没有写明这类资金的字样，别的资金的表也会认成它。",
                f"请在 has 里加上{'或'.join(f'“{word}”' for word in known)}。"
                if known
                else f"请先在 words.yaml 的 funds 里写明 {table.fund} 的字样。",
            )


def load_layouts(folder: Path) -> Layouts:
    """Load every layout of official tables under ``layouts/official`` of a schemes folder.

    Raises
    ------
    ParamsError
        If a file is not as described here, with the file and the key.
    """
    paths = sorted((folder / "layouts" / OFFICIAL).glob("*.yaml"))
    return _parsed(tuple((path.stem, read_data(path, path.name)) for path in paths), folder)
