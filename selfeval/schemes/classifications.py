"""The national budget classifications by year: which name a code has, and which code a class."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Literal, get_args

from pydantic import Field, model_validator

from ..errors import ParamsError, raise_all
from ..folding import fold
from ..strict import Strict, Text, parse_model, parse_yaml
from .loading import Sourced, lacking, unknown

Kind = Literal["functional", "departmental_economic", "government_economic"]

FOLDER = "classifications"
INDEX = "classifications.yaml"
HEADER = ["code", "name", "from", "to", "aliases", "seen"]

_KINDS: dict[str, Kind] = {"2": "functional", "3": "departmental_economic"}


def kind_of(code: str) -> Kind:
    """Return the list a code belongs to, by its first digit."""
    return _KINDS.get(code[0], "government_economic")


# Offices print the old name for a while after a change, and some change early.
_GRACE = 1
_LEADING_NUMBER = re.compile(
    r"^(?:其中:)?(?:\([一二三四五六七八九十0-9]+\)|[一二三四五六七八九十0-9]+[、.])"
)
_TRAILING_LEVEL = re.compile(r"\(?[0-9]{0,4}类\)$")


class Complete(Strict):
    """Where and when the list has every code, so that a code it lacks does not exist."""

    digits: int
    from_: int = Field(alias="from")
    to: int
    under: tuple[Text, ...] = ()


class ListFile(Sourced):
    """One list: its file, how long its codes are, and what it has in full."""

    file: Text
    levels: tuple[int, ...] = Field(min_length=1)
    complete: tuple[Complete, ...] = ()

    @model_validator(mode="after")
    def _levels_known(self) -> ListFile:
        for claim in self.complete:
            if claim.digits not in self.levels:
                raise ValueError(f"complete：没有 {claim.digits} 位的科目")
        return self


class ClassificationFiles(Sourced):
    """The index of the lists."""

    entries = ("files",)
    files: dict[Kind, ListFile]

    @model_validator(mode="after")
    def _all_there(self) -> ClassificationFiles:
        if fault := lacking(self.files, get_args(Kind)):
            raise ValueError(f"files 里{fault}")
        return self


@dataclass(frozen=True, slots=True)
class Period:
    """A code's name, and the fiscal years it was in force; ``last`` is None while it is."""

    code: str
    name: str
    first: int
    last: int | None
    aliases: tuple[str, ...]
    seen: bool

    def covers(self, year: int) -> bool:
        """Tell whether the name is in force in a fiscal year."""
        return self.first <= year and (self.last is None or year <= self.last)

    def near(self, year: int) -> bool:
        """Tell whether an office may still, or already, print the name in a fiscal year."""
        return self.first - _GRACE <= year and (self.last is None or year <= self.last + _GRACE)

    def named(self, text: str) -> bool:
        """Tell whether a printed text is this name or one of its aliases."""
        return fold(text) in {fold(name) for name in (self.name, *self.aliases)}


@dataclass(frozen=True, eq=False)
class Classifications:
    """The three lists; a code is a string of digits without spaces."""

    lists: Mapping[Kind, Mapping[str, tuple[Period, ...]]]
    complete: Mapping[Kind, tuple[Complete, ...]]

    def periods(self, kind: Kind, code: str) -> tuple[Period, ...]:
        """Return all names a code has had, oldest first."""
        return self.lists[kind].get(code, ())

    def period(self, kind: Kind, code: str, year: int) -> Period | None:
        """Return the name in force in a fiscal year with its years, if the list has one."""
        return next((p for p in self.periods(kind, code) if p.covers(year)), None)

    def name(self, kind: Kind, code: str, year: int) -> str | None:
        """Return a code's name in a fiscal year."""
        period = self.period(kind, code, year)
        return period.name if period else None

    def known(self, kind: Kind, code: str, year: int) -> bool:
        """Tell whether the list has a code in a fiscal year."""
        return self.period(kind, code, year) is not None

    def exhaustive(self, kind: Kind, code: str, year: int) -> bool:
        """Tell whether the list has all codes of this level there, so that a lack is certain."""
        return any(
            len(code) == claim.digits
            and claim.from_ <= year <= claim.to
            and (not claim.under or code.startswith(claim.under))
            for claim in self.complete[kind]
        )

    def confirmed(self, kind: Kind, code: str, year: int) -> bool:
        """Tell whether the name in force was itself seen in a published table or notice."""
        period = self.period(kind, code, year)
        return period is not None and period.seen

    def agrees(self, kind: Kind, code: str, printed_name: str, year: int) -> bool | None:
        """Tell whether a printed name is the code's, one year's delay allowed.

        Returns
        -------
        bool or None
            None if the list does not have the code in that year.
        """
        if any(p.named(printed_name) for p in self.periods(kind, code) if p.near(year)):
            return True
        return False if self.known(kind, code, year) else None

    def class_of(self, printed_name: str, year: int) -> str | None:
        """Return the functional class that a row names, numbered or not, by any year's name."""
        names = {fold(printed_name)}
        names |= {_LEADING_NUMBER.sub("", name, count=1) for name in names}
        names |= {_TRAILING_LEVEL.sub("", name) for name in names}
        found = [p for name in names for p in _classes(self).get(name, ())]
        codes = {p.code for p in found if p.near(year)} or {p.code for p in found}
        return codes.pop() if len(codes) == 1 else None


@lru_cache(maxsize=8)
def _classes(lists: Classifications) -> Mapping[str, tuple[Period, ...]]:
    found: defaultdict[str, list[Period]] = defaultdict(list)
    functional = lists.lists["functional"]
    shortest = min(len(code) for code in functional)
    for code, periods in functional.items():
        if len(code) == shortest:
            for period in periods:
                for name in {fold(n) for n in (period.name, *period.aliases)}:
                    found[name].append(period)
    return {name: tuple(periods) for name, periods in found.items()}


# --- loading -------------------------------------------------------------------------------


def load_classifications(folder: Path) -> Classifications:
    """Load the lists from the folder of the schemes.

    Raises
    ------
    ParamsError
        If a file is missing or a list contradicts itself: malformed codes, periods that
        overlap, a code whose parent is not in force.
    """
    data = _read(folder, INDEX)
    index = _parse_index(data)
    return _assemble(data, tuple(_read(folder, file.file) for file in index.files.values()))


def _read(folder: Path, name: str) -> bytes:
    try:
        return (folder / FOLDER / name).read_bytes()
    except OSError:
        raise ParamsError(f"schemes/{FOLDER}", f"读不到文件“{name}”。", "请放回该文件。") from None


# Kept by content, as the other schemes are.
@lru_cache(maxsize=8)
def _parse_index(data: bytes) -> ClassificationFiles:
    place = f"schemes/{FOLDER}/{INDEX}"
    return parse_model(ClassificationFiles, parse_yaml(data, place), place)


@lru_cache(maxsize=8)
def _parse_list(
    data: bytes, shown: str, levels: tuple[int, ...]
) -> Mapping[str, tuple[Period, ...]]:
    try:
        lines = list(csv.reader(data.decode("utf-8-sig").splitlines(), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise ParamsError(shown, "不是 UTF-8 编码的 CSV。", "请用 UTF-8 重新保存。") from None
    if not lines or lines[0] != HEADER:
        raise ParamsError(shown, "表头不对。", f"第一行应是“{','.join(HEADER)}”。")
    periods: defaultdict[str, list[Period]] = defaultdict(list)
    faults: list[ParamsError] = []
    for number, cells in enumerate(lines[1:], 2):
        place = f"{shown} › 第 {number} 行"
        period = _period(cells, levels)
        if isinstance(period, Period):
            periods[period.code].append(period)
        else:
            faults.append(ParamsError(place, period, "请改正这一行。"))
    raise_all(faults)
    kept = {code: tuple(sorted(found, key=lambda p: p.first)) for code, found in periods.items()}
    raise_all(_contradictions(kept, shown, levels))
    return MappingProxyType(kept)


def _period(cells: list[str], levels: tuple[int, ...]) -> Period | str:
    if len(cells) != len(HEADER):
        return f"应有 {len(HEADER)} 栏，实有 {len(cells)} 栏。"
    code, name, first, last, aliases, seen = cells
    if not (code.isascii() and code.isdigit() and len(code) in levels):
        return f"科目编码“{code}”的格式不对。"
    if not name or name != name.strip():
        return f"科目“{code}”的名称为空，或前后有空格。"
    if not re.fullmatch(r"[12][0-9]{3}", first) or not re.fullmatch(r"([12][0-9]{3})?", last):
        return f"科目“{code}”的起止年度“{first}—{last}”不是四位年份。"
    if last and int(last) < int(first):
        return f"科目“{code}”的止年 {last} 早于起年 {first}。"
    if seen not in ("", "yes"):
        return f"科目“{code}”的 seen 栏应为空或 yes。"
    others = tuple(alias for alias in aliases.split("|") if alias)
    return Period(code, name, int(first), int(last) if last else None, others, seen == "yes")


def _contradictions(
    lists: Mapping[str, tuple[Period, ...]], shown: str, levels: tuple[int, ...]
) -> Iterator[ParamsError]:
    shorter = dict(zip(levels[1:], levels, strict=False))
    for code, periods in lists.items():
        for before, after in pairwise(periods):
            if before.last is None or before.last >= after.first:
                yield ParamsError(
                    shown, f"科目“{code}”的两个时段重叠（{after.first} 年）。", "请改正起止年度。"
                )
        if len(code) not in shorter:
            continue
        above = lists.get(code[: shorter[len(code)]], ())
        for period in periods:
            if not _within(period, above):
                yield ParamsError(
                    shown, f"科目“{code}”在其时段内没有上级科目。", "请补上上级科目或改正起止年度。"
                )


def _within(period: Period, above: tuple[Period, ...]) -> bool:
    if period.last is None:
        ends = any(p.last is None for p in above)
    else:
        ends = any(p.covers(period.last) for p in above)
    return ends and any(p.covers(period.first) for p in above)


@lru_cache(maxsize=8)
def _assemble(index_data: bytes, contents: tuple[bytes, ...]) -> Classifications:
    files = _parse_index(index_data).files
    lists = {
        kind: _parse_list(data, f"schemes/{FOLDER}/{file.file}", file.levels)
        for (kind, file), data in zip(files.items(), contents, strict=True)
    }
    for kind, file in files.items():
        for code in (code for claim in file.complete for code in claim.under):
            if code not in lists[kind]:
                fault = f"{kind} 的 complete：{unknown('科目', code, lists[kind])}。"
                raise ParamsError(f"schemes/{FOLDER}/{INDEX}", fault, "请对照科目清单改正。")
    return Classifications(
        lists,
        {kind: file.complete for kind, file in files.items()},
    )
