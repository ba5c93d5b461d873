"""Whose a table is: the name that is printed on it, and whether it is the unit's own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import PurePath
from typing import Literal, NamedTuple

from ..folding import bare_name, fold
from ..schemes.layouts import TableWords
from ..sheets import Place
from ..terms import STATED_IN
from .cells import Cells
from .official_table import OfficialTable, StatedName
from .reading import Reading

_LONGEST_LINE = 60
_SHORTEST_NAME = 4
_LABEL = (
    r"(?:编制|填报|填表|编报|预算|决算|公开|报送|申报|申请|自评)?(?:部门|单位)"
    r"(?:\((?:部门|单位)\)|/(?:部门|单位))?(?:名称|全称)?(?:\((?:盖章|公章|章)\))?"
)
_NAMED = re.compile(
    rf"(?:^|(?<=表)(?<!制表)|(?<=[^一-龥]))(?:(?P<label>{_LABEL}):|(?:编制|填报|填表|编报)(?:部门|单位))"
    r"(?P<name>[^:]+?)"
    r"(?=(?:金额|货币)?单位:|金额单位|单位名称|(?:20[0-4][0-9])?年度|公开[0-9]|财决"
    r"|(?:填报|编制|公开|填表|报送|制表|联系|经办|负责|审核)?(?:日期|时间|人|电话):|$)"
)
_LABEL_CELL = re.compile(rf"(?P<label>{_LABEL})(?P<colon>:?)")
_PLACE_PART = re.compile(
    r"[一-龥]{0,7}?(?:省|自治区|自治州|(?<![城委])市(?![场政容民]|监局)|(?<![社园地片小景校厂委])区(?![域块])"
    r"|州(?!市)|盟|(?<!委)县|旗|(?<!城)镇(?!市)|(?<!城)乡(?![村镇])|街道)"
)
_PLACE = re.compile(rf"^(?:{_PLACE_PART.pattern})+")
_BRANCH = re.compile(r"(?P<body>.+局)(?P<of>[一-龥]{2,3}?)区?分局")
_ORDINAL = re.compile(r"第([一二三四五六七八九十百0-9]+)")
_BRACKET = re.compile(r"\(([^()]*)\)")
_JOINING = re.compile(r"[和与及之的]")
_AND = re.compile(r"[、,;/]")


def owner_above(cells: Cells, rows: Iterable[int], words: TableWords) -> StatedName | None:
    """Return the office that the lines above a table name as its own, with the cell."""
    for row in rows:
        for column in cells.filled(row):
            for name, at in _names_in(cells, row, column, words):
                if offices_in(name, words):
                    return StatedName(name, "表上", cells.place(row, at))
    return None


def _names_in(cells: Cells, row: int, column: int, words: TableWords) -> Iterator[tuple[str, int]]:
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


def owner_of_file(file: str, words: TableWords) -> StatedName | None:
    """Return the office that a file is named after."""
    found = _titled(fold(PurePath(file).stem), words)
    return next((StatedName(name, STATED_IN["file"], Place(file, "")) for name in found), None)


def _titled(text: str, words: TableWords) -> Iterator[str]:
    """Yield the office whose 预算 or 决算 a title says it is: 某局2021年…, 2021年某局支出决算表."""
    ends = "|".join(map(re.escape, (*words.owner_ends, *words.owner_ends_of_place)))
    match = re.search(
        rf"(?:^|[:)_]|年度?)(?P<name>[一-龥]{{2,40}}?(?:{ends}))"
        r"(?=_?20[0-4][0-9]|(?P<whole>(?:部门|单位)(?:预算|决算|整体|收|支))"
        r"|(?:部门|单位)?(?:收入|支出|财政拨款|一般公共预算|预算|决算))",
        text,
    )
    # Before 支出 and the like stands also whose money it is: 工会支出, 基层政府收入.
    if match is None:
        return
    sure = match["whole"] or text[match.end() :].lstrip("_").startswith("20")
    if sure or _PLACE.match(match["name"]):
        yield match["name"]


def as_office(printed: str, words: TableWords) -> str:
    """Return a printed name without code, remarks and level; "" if it is no office's whole name.

    A section of an office (财务科, 办公室) fills in forms too, and names no unit.
    """
    name = re.sub(r"^[^一-龥]+|(?:20[0-4][0-9]年?)?$", "", bare_name(printed))
    marked = ""
    while marked != name:
        marked = name
        for mark in sorted(words.owner_levels, key=len, reverse=True):
            name = name.removesuffix(mark)
    place = _PLACE.match(name)
    is_town = place is not None and place[0] == name and name.endswith(words.owner_towns)
    if len(name) < (_SHORTEST_NAME - is_town) or not re.fullmatch("[一-龥]+", name):
        return ""
    of_place = place is not None and name.endswith(words.owner_ends_of_place)
    return name if of_place or is_town or name.endswith(words.owner_ends) else ""


def offices_in(printed: str, words: TableWords) -> tuple[str, ...]:
    """Return the office a printed name is of, and its other names: after 、 and in brackets."""
    folded = fold(printed)
    parts = [*_AND.split(_BRACKET.sub("", folded)), *_BRACKET.findall(folded)]
    offices = [as_office(part, words) for part in parts]
    return tuple(filter(None, offices)) if offices[0] else ()


Kinship = Literal["own", "doubtful", "stranger"]
"""Whose a name is: the unit's own, another office's, or in doubt, where it is a level above."""


@dataclass(frozen=True)
class Names:
    """A unit's name and its other names, to be compared with what is printed.

    ``telling`` are characters by which names of different units differ; ``difference`` is the
    part of a name's characters that may be misspelt.
    """

    own: Sequence[str]
    words: TableWords
    telling: str
    difference: Decimal

    def kinship(self, printed: str) -> Kinship:
        """Return whose a printed name is; what is no office's whole name is nobody else's."""
        found: list[Kinship] = [
            self._kinship(_parted(office, self.words), _parted(own, self.words))
            for office in offices_in(printed, self.words)
            for own in self._own
        ]
        return min(found, key=["own", "doubtful", "stranger"].index, default="own")

    @cached_property
    def _own(self) -> tuple[str, ...]:
        names = (offices_in(name, self.words) or (bare_name(name),) for name in self.own)
        return tuple(office for name in names for office in name)

    def _kinship(self, name: _Parted, mine: _Parted) -> Kinship:
        level = _level(name.places, mine.places)
        heads = {name.head, mine.head} - {""}
        if level == "stranger" or len(heads) > 1 or self._is_other_kind(name.whole, mine.whole):
            return "stranger"
        body, my_body = name.body, mine.body
        if level == "own" and self._is_of_town(name) and self._is_of_town(mine):
            return "own"
        # 某局某中心 is a unit below 某局.
        if my_body.startswith(body) and self._is_below(my_body.removeprefix(body)):
            return "doubtful"
        if body.startswith(my_body) and self._is_below(body.removeprefix(my_body)):
            return "stranger"
        pairs = [(body, my_body), (name.whole, mine.whole)] if level == "own" else [(body, my_body)]
        alike = any(_is_short_for(*pair) or _is_short_for(*pair[::-1]) for pair in pairs)
        return level if alike or self._is_misspelt(body, my_body) else "stranger"

    def _is_of_town(self, name: _Parted) -> bool:
        """Return whether a name is that of a town: government and committee are one unit."""
        if not name.places or not name.places[-1].endswith(self.words.owner_towns):
            return False
        return not name.body or name.body.endswith(self.words.owner_town_organs)

    def _is_below(self, rest: str) -> bool:
        return len(rest) >= _SHORTEST_NAME - 1 and rest.endswith(self.words.owner_below)

    def _is_other_kind(self, name: str, mine: str) -> bool:
        """Return whether only one of two names has the number or the word that tells units apart.

        第一小学 may be called 一小, but 人民医院 is not 第二人民医院.
        """
        pairs = ((name, mine), (mine, name))
        if any(number not in other for one, other in pairs for number in _ORDINAL.findall(one)):
            return True
        kinds = (kind.split("|") for kind in self.words.owner_kinds)
        return any(
            any(word in name for word in kind) != any(word in mine for word in kind)
            for kind in kinds
        )

    def _is_misspelt(self, body: str, mine: str) -> bool:
        room = int(len(mine) * self.difference)
        other, gone = Counter(body) - Counter(mine), Counter(mine) - Counter(body)
        # 第一小学 and 第二小学 are two schools.
        telling = (set(other) | set(gone)) & set(self.telling)
        return max(other.total(), gone.total()) <= room and not telling


class _Parted(NamedTuple):
    """A name: what stands before its places, those, and the rest: 中共, 星桥区, 委宣传部."""

    whole: str
    head: str
    places: tuple[str, ...]
    body: str


def _parted(office: str, words: TableWords) -> _Parted:
    name = _JOINING.sub("", office)
    for short, long in words.owner_short.items():
        name = name.replace(short, long)
    head = next((head for head in words.owner_heads if name.startswith(head)), "")
    rest = name.removeprefix(head)
    match = _PLACE.match(rest)
    places = tuple(_PLACE_PART.findall(match[0])) if match else ()
    body = rest[match.end() :] if match else rest
    branch = _BRANCH.fullmatch(body)
    if branch:  # 某市公安局某分局 is a district's
        places, body = (*places, f"{branch['of']}区"), branch["body"]
    return _Parted(name, words.owner_heads.get(head, ""), places, body)


def _level(places: Sequence[str], mine: Sequence[str]) -> Kinship:
    """Return whether two names may be of one place; in doubt where one is of the place above."""
    if not places or not mine:
        return "own"
    above = [(place, own) for place in places[:-1] for own in mine[:-1]]
    if any(place[-1] == own[-1] and not _is_one_place(place, own) for place, own in above):
        return "stranger"
    if _is_one_place(places[-1], mine[-1]):
        return "own"
    return "doubtful" if any(_is_one_place(places[-1], own) for own in mine[:-1]) else "stranger"


def _is_one_place(one: str, other: str) -> bool:
    return _is_short_for(one, other) or _is_short_for(other, one)


def _is_short_for(short: str, long: str) -> bool:
    """Return whether each character of a name is one of another's: 区人社局, 省政协办公厅."""
    return bool(short) and not Counter(short) - Counter(long)


def set_strangers_apart(reading: Reading, names: Names) -> None:
    """Take out of what was read the tables that bear another office's name.

    A table that bears none goes with the others of its file, if all of those are strangers', or
    with its cover. A table with the name of the office above the unit, and a file that is only
    named after a stranger, are left and noted as doubtful.
    """
    printed: dict[str, list[StatedName]] = {}
    for owner in (*reading.cover_owners, *(table.owner for table in reading.tables)):
        if owner is not None:
            printed.setdefault(owner.place.file, []).append(owner)
    foreign: dict[int, OfficialTable] = {}
    for table in reading.tables:
        owners = [table.owner] if table.owner else printed.get(table.file, [])
        kinships = {names.kinship(owner.name) for owner in owners}
        if len(kinships) == 1 and kinships != {"own"}:
            table.owner = owners[0]
            if "stranger" in kinships:
                foreign[id(table)] = table
            else:
                reading.doubtful.append(table)
    for file in dict.fromkeys(table.file for table in reading.tables if table.file not in printed):
        owner = owner_of_file(file, names.words)
        if owner is not None and names.kinship(owner.name) == "stranger":
            reading.doubtful_files.append(owner)
    if foreign:
        _take_out(reading, foreign)


def _take_out(reading: Reading, foreign: dict[int, OfficialTable]) -> None:
    reading.tables = [table for table in reading.tables if id(table) not in foreign]
    own_files = {table.file for table in reading.tables}
    own_sheets = {(table.file, table.sheet) for table in reading.tables}
    files = {table.file for table in foreign.values()} - own_files
    sheets = {(table.file, table.sheet) for table in foreign.values()} - own_sheets
    counts: Counter[int] = Counter()
    for kind in ("amounts", "figures", "indicators"):
        kept = []
        for record in getattr(reading, kind):
            table = record.official
            if table is None or id(table) not in foreign:
                kept.append(record)
            elif kind == "indicators" or record.has_number:
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
