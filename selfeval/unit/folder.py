"""What lies in a unit's folder: tables, the unit's own files, evidence, and what nobody reads."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from ..terms import EVIDENCE_FOLDERS

TABLE_SUFFIXES = {".xlsx", ".xls", ".ods", ".csv", ".xlsm", ".xlsb", ".et", ".tsv"}


@dataclass(frozen=True)
class Contents:
    """The entries of a unit's folder; a folder's name ends in "/"."""

    tables: tuple[Path, ...]
    unread: tuple[str, ...]
    ignored: frozenset[str]
    """What of ``ignore`` names an entry."""


def is_named(name: str, patterns: Iterable[str]) -> bool:
    """Return whether a file's name is one of some, where ``*`` stands for anything."""
    return any(fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns)


def folder_contents(
    folder: Path, own: Collection[str], ignore: Collection[str], system_files: Collection[str]
) -> Contents:
    """Sort the entries of a unit's folder, but for those that programs leave there by themselves.

    A link or a pipe that is named like a table is one: its reader says what is wrong with it.
    """
    tables: list[Path] = []
    unread: list[str] = []
    ignored: set[str] = set()
    for path in sorted(folder.iterdir()):
        name, is_folder = path.name, path.is_dir()
        if is_named(name, system_files):
            continue
        if name in (EVIDENCE_FOLDERS if is_folder else own):
            continue
        meant = {name, f"{name}/"} if is_folder else {name}
        if meant & set(ignore):
            ignored |= meant
        elif path.suffix.lower() in TABLE_SUFFIXES and not is_folder:
            tables.append(path)
        elif not is_folder or _holds_anything(path, system_files):
            unread.append(f"{name}/" if is_folder else name)
    return Contents(tuple(tables), tuple(unread), frozenset(ignored))


def _holds_anything(folder: Path, system_files: Collection[str]) -> bool:
    try:
        return not all(is_named(path.name, system_files) for path in folder.iterdir())
    except OSError:
        return True
