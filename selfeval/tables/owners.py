"""Whose a table is: the name that is printed on it, and whether it is the unit's own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePath

from ..folding import bare_name, fold
from ..layouts import Words
from ..sheets import Place
from ..terms import STATED_IN
from .cells import Cells
from .origins import Origins
from .reading import OfficialTable, Reading, StatedName

_LONGEST_LINE = 60
_SHORTEST_NAME = 4
_LABEL = (
    r"(?:编制|填报|填表|预算|决算|公开|报送|申报|申请)?(?:部门|单位)"
    r"(?:\((?:部门|单位)\)|/(?:部门|单位))?(?:名称)?(?:\((?:盖章|公章|章)\))?"
)
_NAMED = re.compile(
    rf"(?:^|(?<=表)|(?<=[^一-龥]))(?P<label>{_LABEL}):(?P<name>[^:]+?)"
    r"(?=(?:金额|货币)?单位:|金额单位|单位名称|(?:填报|编制|公开|填表|报送|制表)?(?:日期|时间|人):|年度|$)"
)
_LABEL_CELL = re.compile(rf"(?P<label>{_LABEL})(?P<colon>:?)")
_PLACE = re.compile(
    r"^(?:[一-龥]{0,7}?(?:省|自治区|自治州|(?<!城)市(?![场政容民])|(?<![社园地片小景校厂])区(?![域块])"
    r"|州|盟|县|旗|镇|乡(?!村)|街道))+"
)
_JOINING = re.compile(r"[和与及、之的]")


def owner_above(cells: Cells, rows: Iterable[int], words: Words) -> StatedName | None:
    """Return the office that the lines above a table name as its own, with the cell."""
    for row in rows:
        for column in cells.filled(row):
            for name, at in _names_in(cells, row, column, words):
                if as_office(name, words):
                    return StatedName(name, "表上", cells.place(row, at))
    return None


def _names_in(cells: Cells, row: int, column: int, words: Words) -> Iterator[tuple[str, int]]:
    """Yield what a cell gives as the name of its table's office, each with its column."""
    text = cells.folded[row][column]
    if len(text) > _LONGEST_LINE:
        return
    label = _LABEL_CELL.fullmatch(text)
    if label is not None:
        beside = [c for c in cells.filled(row) if c > column]
        if (label["colon"] or label["label"] not in ("部门", "单位")) and beside:
            yield cells.folded[row][beside[0]], beside[0]
        return
    yield from ((match["name"], column) for match in _NAMED.finditer(text))
    yield from ((name, column) for name in _titled(text, words))


def owner_of_file(file: str, words: Words) -> StatedName | None:
    """Return the office that a file is named after."""
    found = _titled(fold(PurePath(file).stem), words)
    return next((StatedName(name, STATED_IN["file"], Place(file, "")) for name in found), None)


def _titled(text: str, words: Words) -> Iterator[str]:
    """Yield the office whose 预算 or 决算 a title says it is: 某局2021年…, 某局部门决算."""
    ends = "|".join(map(re.escape, (*words.owner_ends, *words.owner_ends_of_place)))
    match = re.search(
        rf"(?:^|[:)_]|年度?)(?P<name>[一-龥]{{2,40}}?(?:{ends}))"
        r"(?=_?20[0-4][0-9]|(?:部门|单位)(?:预算|决算|整体|收支))",
        text,
    )
    if match is not None:
        yield match["name"]


def as_office(printed: str, words: Words) -> str:
    """Return a printed name without code, remarks and level; "" if it is no office's whole name.

    A section of an office (财务科, 办公室) fills in forms too, and names no unit.
    """
    name = re.sub(r"^[^一-龥]+", "", bare_name(printed))
    for mark in words.owner_levels:
        name = name.removesuffix(mark)
    if len(name) < _SHORTEST_NAME or not re.fullmatch("[一-龥]+", name):
        return ""
    of_place = _PLACE.match(name) is not None and name.endswith(words.owner_ends_of_place)
    return name if of_place or name.endswith(words.owner_ends) else ""


@dataclass(frozen=True)
class Names:
    """A unit's name and its other names, to be compared with what is printed.

    ``telling`` are characters by which names of different units differ; ``difference`` is the
    part of a name's characters that may be misspelt.
    """

    own: Sequence[str]
    words: Words
    telling: str
    difference: Decimal

    def is_stranger(self, printed: str) -> bool:
        """Return whether a printed name is surely another office's.

        Not where one of the names contains the other or is short for it, place or no place.
        """
        office = as_office(printed, self.words)
        return bool(office) and not any(self._same(office, own) for own in self.own)

    def _same(self, office: str, own: str) -> bool:
        name, mine = (_JOINING.sub("", text) for text in (office, self._bare(own)))
        if _is_short_for(name, mine) or _is_short_for(mine, name):
            return True
        (place, body), (my_place, my_body) = _split(name), _split(mine)
        if not (place.endswith(my_place) or my_place.endswith(place)):
            return False
        return (
            _is_short_for(body, my_body)
            or _is_short_for(my_body, body)
            or self._is_misspelt(body, my_body)
        )

    def _bare(self, own: str) -> str:
        return as_office(own, self.words) or bare_name(own)

    def _is_misspelt(self, body: str, mine: str) -> bool:
        room = int(len(mine) * self.difference)
        other, gone = Counter(body) - Counter(mine), Counter(mine) - Counter(body)
        # 第一小学 and 第二小学 are two schools.
        telling = (set(other) | set(gone)) & set(self.telling)
        return max(other.total(), gone.total()) <= room and not telling


def _is_short_for(short: str, long: str) -> bool:
    """Return whether each character of a name is one of another's: 区人社局, 省政协办公厅."""
    return bool(short) and not Counter(short) - Counter(long)


def _split(name: str) -> tuple[str, str]:
    """Return the place a name begins with, and the rest."""
    match = _PLACE.match(name)
    return (match[0], name[match.end() :]) if match else ("", name)


def set_strangers_apart(reading: Reading, names: Names) -> None:
    """Take out of what was read the tables that bear another office's name.

    A table that bears none goes with the others of its file, if all of those are strangers', or
    with its cover. A file that is only named after a stranger is left and noted as doubtful.
    """
    printed: dict[str, list[StatedName]] = {}
    for owner in (*reading.cover_owners, *(table.owner for table in reading.tables)):
        if owner is not None:
            printed.setdefault(owner.place.file, []).append(owner)
    foreign: dict[int, OfficialTable] = {}
    for table in reading.tables:
        owners = [table.owner] if table.owner else printed.get(table.file, [])
        if owners and all(names.is_stranger(owner.name) for owner in owners):
            table.owner = owners[0]
            foreign[id(table)] = table
    for file in dict.fromkeys(table.file for table in reading.tables if table.file not in printed):
        owner = owner_of_file(file, names.words)
        if owner is not None and names.is_stranger(owner.name):
            reading.doubtful_files.append(owner)
    if foreign:
        _take_out(reading, foreign)


def _take_out(reading: Reading, foreign: dict[int, OfficialTable]) -> None:
    origins = Origins(reading)
    reading.tables = [table for table in reading.tables if id(table) not in foreign]
    own_files = {table.file for table in reading.tables}
    own_sheets = {(table.file, table.sheet) for table in reading.tables}
    files = {table.file for table in foreign.values()} - own_files
    sheets = {(table.file, table.sheet) for table in foreign.values()} - own_sheets
    counts: Counter[int] = Counter()
    for kind in ("amounts", "figures", "indicators"):
        kept = []
        for record in getattr(reading, kind):
            table = origins.of(record)
            if table is None or id(table) not in foreign:
                kept.append(record)
            elif kind == "indicators" or record.get("amount", record.get("value")) is not None:
                counts[id(table)] += 1
        setattr(reading, kind, kept)
    reading.foreign += [(table, counts[key]) for key, table in foreign.items()]
    reading.unread = [
        unread
        for unread in reading.unread
        if unread.place.file not in files and (unread.place.file, unread.place.sheet) not in sheets
    ]
    reading.strangers = [(grid, why) for grid, why in reading.strangers if grid.file not in files]
    reading.covers = [said for said in reading.covers if said.place.file not in files]
