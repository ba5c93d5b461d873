"""What other folders of the project say: the other units' names, this unit's last year."""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from ..errors import SelfEvalError
from ..folding import bare_name
from ..plain_files import read_plain
from ..project import RECORD_FILE, Project
from ..schemes.layouts import load_layouts
from ..sheets import Place
from ..strict import LARGEST_TEXT
from ..tables import Tables, load_tables, unit_names
from ..tables.rows import Amount
from ..tables.sources import BETWEEN, joined
from ..unit import NARRATIVE_FILE, UNIT_FILE, Unit, load_folder
from .lines import budget_lines

PRIOR_YEAR: Final = "prior_year"
"""What the amounts that last year's folder supplies have for their table."""

_PRIOR = "prior_final_accounts"
_NAME = re.compile(r"^unit_name:[ \t]*[\"']?(?P<name>[^\"'#\n]+)", re.MULTILINE)
_SENTENCE_END = re.compile(r"[。!?;]")
_REPLACED = (
    *((blank, "") for blank in (" ", "\u3000", "\r", "“", "”", '"', "**")),
    *(("\n\n", "。"), ("\n", ""), ("，", ","), ("；", ";"), ("：", ":"), ("！", "!"), ("？", "?")),
)
_SHORTEST = 12

Stamp = tuple[Path, int, int]
"""A file, its size and the time of its last change."""


@dataclass(frozen=True)
class PriorYear:
    """A unit and its tables a year before; ``why`` they are not used, "" if they are."""

    unit: Unit | None
    tables: Tables | None
    why: str = ""


def other_unit_names(unit: Unit) -> Iterator[str]:
    """Yield the bare names of the other units of the same year, as far as they can be read.

    Only the one line is looked at: a year may have thousands of units, and whether a folder
    is sound is for its own check to say.
    """
    year = unit.folder.absolute().parent
    names = _known_names(year)
    yield from (name for code, name in names.items() if code != unit.code and name)


def _known_names(year: Path) -> Mapping[str, str]:
    if year in _AT_ONCE:
        return _AT_ONCE[year].names
    try:
        codes = sorted(os.listdir(year))
    except OSError:
        return {}
    return {code: written_name(f"{year}{os.sep}{code}") for code in codes}


def written_name(folder: str | Path) -> str:
    """Return the bare name in a folder's unit.yaml, "" where it cannot be read."""
    path = os.path.join(folder, UNIT_FILE)
    try:
        status = os.stat(path)
        return _name_in(path, status.st_size, status.st_mtime_ns)
    except (OSError, UnicodeDecodeError):
        return ""


# A year's units are each other's neighbours: each name is read once, and again if it was changed.
@lru_cache(maxsize=2**16)
def _name_in(path: str, _size: int, _changed: int) -> str:
    text = read_plain(Path(path), LARGEST_TEXT).decode("utf-8-sig")
    found = _NAME.search(text)
    return bare_name(found["name"].strip()) if found else ""


def neighbour_text(path: Path) -> str:
    """Return the text of a file of another unit, "" where it cannot be read."""
    try:
        return read_plain(path, LARGEST_TEXT).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""


def held_by_others(unit: Unit, wanted: frozenset[str]) -> Mapping[str, list[Path]]:
    """Return of these sentences those that the texts of the same year's other units hold.

    Outside a folder of a year there are none.
    """
    year = unit.folder.absolute().parent
    if year.name != str(unit.year):
        return {}
    if year in _AT_ONCE:
        holders, own = _AT_ONCE[year].holders, year / unit.code / NARRATIVE_FILE
        held = {one: holders[one].copy() for one in wanted & holders.keys()}
        for paths in held.values():
            paths.pop(own, None)
        return {one: [*paths] for one, paths in held.items() if paths}
    stamps = (_stamp(path) for path in sorted(year.glob(f"*/{NARRATIVE_FILE}")))
    return held_sentences([s for s in stamps if s and s[0].parent.name != unit.code], wanted)


def last_narrative(unit: Unit) -> tuple[Stamp, ...]:
    """Return the unit's text of the year before, none if the folder is of another name."""
    named = {bare_name(unit.name), *map(bare_name, unit.settings.also_named)}
    own = _stamp(unit.prior_folder / NARRATIVE_FILE)
    return (own,) if own and written_name(unit.prior_folder) in named else ()


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return path, status.st_size, status.st_mtime_ns


@dataclass(frozen=True)
class _YearAtOnce:
    """What the units of a year were to each other when they were read at once."""

    names: Mapping[str, str]
    holders: Mapping[str, dict[Path, None]]
    """By sentence, in order. Hundreds may hold one: to leave one out, none is to be compared."""


_AT_ONCE: dict[Path, _YearAtOnce] = {}


def read_year(year: Path) -> None:
    """Read what the units of a year are to each other, so that none of them has to.

    From then on this process, and each that is forked from it, goes by what it read.
    """
    year = year.absolute()
    names, holders = _known_names(year), defaultdict[str, dict[Path, None]](dict)
    for path in sorted(year.glob(f"*/{NARRATIVE_FILE}")):
        for sentence in {*sentences(neighbour_text(path))}:
            holders[sentence][path] = None
    _AT_ONCE[year] = _YearAtOnce(names, dict(holders))


# Units of one year that are checked one after the other have nearly the same neighbours: each
# text is split once, and again only if it was changed.
@lru_cache(maxsize=4096)
def _sentences_of(file: Stamp) -> frozenset[str]:
    return frozenset(sentences(neighbour_text(file[0])))


def held_sentences(files: Iterable[Stamp], wanted: frozenset[str]) -> Mapping[str, list[Path]]:
    """Return of these sentences those that the files hold, each with its files."""
    held: defaultdict[str, list[Path]] = defaultdict(list)
    for file in files:
        for sentence in wanted & _sentences_of(file):
            held[sentence].append(file[0])
    return held


def sentences(text: str) -> list[str]:
    """Return the longer sentences of a text without spaces, quotation marks and full width."""
    for typed, plain in _REPLACED:
        text = text.replace(typed, plain)
    return [one for one in _SENTENCE_END.split(text) if len(one) >= _SHORTEST]


def prior_year(unit: Unit) -> PriorYear | None:
    """Return the same unit's folder of the year before, None if there is none."""
    if not (unit.prior_folder / UNIT_FILE).is_file():
        return None
    try:
        before = load_folder(unit.prior_folder)
        if before.name != unit.name and _is_stranger(unit, before.name):
            why = (
                f"它的 {UNIT_FILE} 里单位名称是“{before.name}”，不是“{unit.name}”。"
                "改过名称的，请把原名写进 also_named。"
            )
            return PriorYear(None, None, why)
        return PriorYear(before, load_tables(before))
    except SelfEvalError as error:
        return PriorYear(None, None, str(error).splitlines()[0])


def _is_stranger(unit: Unit, name: str) -> bool:
    return unit_names(unit, load_layouts(unit.schemes)).kinship(name) == "stranger"


def prior_year_score(unit: Unit) -> Fraction | None:
    """Return the score in the unit's record of the year before, None if none is recorded."""
    project = Project(unit.folder.absolute().parent.parent.parent)
    path = project.outputs / str(unit.year - 1) / unit.code / RECORD_FILE
    try:
        record: Any = json.loads(path.read_text(encoding="utf-8"))
        return Fraction(record["report"]["score"])
    except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError):
        return None


def with_prior_year(unit: Unit, tables: Tables) -> Tables:
    """Return a unit's tables with 上年决算数 from last year's folder, where nothing states it."""
    prior = prior_year(unit)
    if prior is None:
        return tables
    if prior.tables is None:
        return replace(tables, prior_unread=prior.why)
    folder = f"{unit.year - 1}/{unit.code}"
    before = tuple(_spent(prior.tables, folder))
    if not before:
        return tables
    lines = budget_lines(tables)
    lacking = {
        key
        for key, line in lines.items()
        if line.fen(_PRIOR) is None and line.phases[_PRIOR].applies
    }
    used = [amount for amount in before if amount.item_code in lacking]
    cells = {
        replace(amount.place, cell=cell)
        for amount in used
        for cell in amount.place.cell.split(BETWEEN)
    }
    moved = {
        Place(f"{folder}/{place.file}", place.sheet, place.cell): correction
        for place, correction in prior.tables.corrected.items()
    }
    corrected = {place: mend for place, mend in moved.items() if place in cells}
    return replace(
        tables,
        stated=(*tables.stated, *used),
        corrected={**tables.corrected, **corrected},
        prior_spending=before,
    )


def _spent(tables: Tables, folder: str) -> Iterator[Amount]:
    """Yield what last year's budget lines spent: as read, or added from the cells of one sheet."""
    lines = budget_lines(tables)
    read = {
        amount.item_code: amount
        for amount in tables.stated
        if amount.phase == "executed" and amount.fen is not None
    }

    def made_of(line: str) -> list[Amount]:
        if line in read:
            return [read[line]]
        parts = lines[line].phases["executed"].parts
        return [amount for key, _ in parts for amount in made_of(key.rpartition(".")[0])]

    for line in lines:
        spent = lines[line].fen("executed")
        found = [] if spent is None else made_of(line)
        if len({(amount.place.file, amount.place.sheet) for amount in found}) == 1:
            whole = joined(found)
            place = replace(whole.place, file=f"{folder}/{whole.place.file}")
            yield replace(
                whole, table=PRIOR_YEAR, item_code=line, phase=_PRIOR, fen=spent, place=place
            )
