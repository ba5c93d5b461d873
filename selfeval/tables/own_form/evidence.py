"""The files behind the evidence ledger: are they there, and are they what they were.

A file of evidence is never opened to be understood: it is only measured and hashed. Everything
stays within the unit's own folder of evidence.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from ...errors import ParamsError, TableError, cause
from ...plain_files import open_plain
from ...terms import EVIDENCE_FOLDERS, EVIDENCE_STATES
from ...unit.folder import is_named
from ...unit.hashes import RecordedHash
from ..rows import Material

_LONGEST_NAME = 255
"""What file systems take, in bytes: a longer name could not even be looked for."""
_SHOWN_DIGITS = 12


def shortened(digest: str) -> str:
    """Return the digits of a hash that a reader compares."""
    return digest[:_SHOWN_DIGITS]


# --- where the files are -----------------------------------------------------------------------


def inner_path(text: str) -> str:
    """Return a path within the folder of evidence, as typed but with "/" and without the folder.

    Raises
    ------
    ValueError
        If it is absolute or leads upwards, in words that follow the quoted path.
    """
    path = text.replace("\\", "/")
    if path.startswith("/") or ":" in path:
        raise ValueError("是绝对路径或网址，应是佐证材料文件夹里的文件")
    parts = path.split("/")
    if parts[0] in EVIDENCE_FOLDERS and len(parts) > 1:
        parts = parts[1:]
    for part in parts:
        # Windows passes over dots and spaces at the end: there "... " is ".." as well.
        if not part.strip(" ."):
            raise ValueError("里有“..”或空的一级，不能指向佐证材料文件夹以外")
        if len(part.encode("utf-8", "replace")) > _LONGEST_NAME:
            raise ValueError("太长，不是文件名")
        if any(unicodedata.category(letter) == "Cc" for letter in part):
            raise ValueError("里有看不见的字符")
    return "/".join(parts)


def evidence_folder(unit_folder: Path) -> Path | None:
    """Return the unit's folder of evidence, None if it has none.

    Raises
    ------
    ParamsError
        If it has two, or it is a link that leads out of the unit's folder.
    """
    found = [unit_folder / name for name in EVIDENCE_FOLDERS if (unit_folder / name).is_dir()]
    if len(found) > 1:
        raise ParamsError(
            unit_folder.name,
            f"有{'、'.join(EVIDENCE_FOLDERS)}两个文件夹，看不出材料在哪一个。",
            "请合并为一个。",
        )
    if found and not _is_inside(found[0], unit_folder):
        raise ParamsError(
            f"{unit_folder.name}/{found[0].name}",
            "是指向单位文件夹以外的链接。",
            "请把材料放进单位文件夹。",
        )
    return found[0] if found else None


def _is_inside(path: Path, folder: Path) -> bool:
    """Return whether a path, its links followed, stays inside a folder."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except RuntimeError:  # links that go round in a circle, before Python 3.13
        return False


# --- what state they are in --------------------------------------------------------------------


def file_states(
    rows: Iterable[Material], unit_folder: Path, recorded: Mapping[str, RecordedHash]
) -> Iterator[Material | TableError]:
    """Yield each row of the ledger with the state of its file, or the error of a bad path.

    Parameters
    ----------
    rows : iterable of Material
        As ``ledger`` reads them from the sheet.
    unit_folder : Path
        Holds the folder of evidence.
    recorded : mapping of path to RecordedHash
        From evidence.yaml; a hash in the sheet wins over it.
    """
    folder = evidence_folder(unit_folder)
    hashed: dict[str, tuple[int, str] | None] = {}
    for row in rows:
        name = row.evidence_file
        try:
            if name and name not in hashed:
                hashed[name] = _measured(folder, name)
        except (OSError, ValueError) as error:
            why = f"打不开（{cause(error)}）" if isinstance(error, OSError) else str(error)
            yield TableError(
                str(row.place),
                f"文件“{name}”{why}。",
                "请把文件本身放进佐证材料文件夹，或改正文件名。",
            )
            continue
        own = recorded.get(name)
        expected = row.sha256 or (own.sha256 if own else "")
        size, found = hashed.get(name) or (None, "")
        yield replace(
            row,
            state=_state(name, found, expected),
            size=size,
            expected_sha256=expected,
            found_sha256=found,
        )


def _measured(folder: Path | None, name: str) -> tuple[int, str] | None:
    """Return a file's size in bytes and its SHA-256, None if there is none of that name."""
    if folder is None:
        return None
    path = folder / name
    if not _is_inside(path, folder):
        raise ValueError("是指向佐证材料文件夹以外的链接")
    if not path.exists():
        return None
    with open_plain(path) as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), digest


def _state(name: str, found: str, expected: str) -> str:
    if not name:
        return "paper"
    if not found:
        return "missing"
    if not expected:
        return "unhashed"
    return "present" if found == expected else "changed"


def unnamed_files(
    unit_folder: Path, rows: Iterable[Material], system_files: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return the files in the folder of evidence that no row names, by path, sorted.

    What programs leave there by themselves is passed over.
    """
    folder = evidence_folder(unit_folder)
    if folder is None:
        return ()
    # By identity: a disk may take two spellings of a name, or of a letter, for one.
    named = {_identity(folder / row.evidence_file) for row in rows if row.found_sha256}
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not is_named(name, system_files)]
        for name in names:
            path = Path(place) / name
            if is_named(name, system_files) or _identity(path) in named:
                continue
            shown = PurePosixPath(path.relative_to(folder))
            found.append(os.fsencode(shown).decode("utf-8", "replace"))
    return tuple(sorted(found))


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what file this is; a link inside the folder is the file it leads to."""
    try:
        status = path.stat()
    except (OSError, RuntimeError):
        return None
    return status.st_dev, status.st_ino


# --- what is recorded of them ---------------------------------------------------------------


@dataclass(frozen=True)
class Recording:
    """What evidence.yaml is to hold, and which of its files are new, changed or gone from it.

    ``contradicted`` are files whose hash in the sheet differs: they are not recorded.
    """

    files: dict[str, RecordedHash]
    new: tuple[str, ...]
    changed: tuple[str, ...]
    dropped: tuple[str, ...]
    contradicted: tuple[str, ...]


def record_hashes(
    rows: Sequence[Material], recorded: Mapping[str, RecordedHash], on: dt.date | None
) -> Recording:
    """Return the hashes to record: of each file named and there, as it is now.

    A file that is missing keeps what was recorded of it; one that no row names any more is
    dropped. What did not change keeps its date; ``on`` is the date of all others.
    """
    contradicted = {
        row.evidence_file for row in rows if row.sha256 not in ("", row.found_sha256)
    } & {row.evidence_file for row in rows if row.found_sha256}
    files: dict[str, RecordedHash] = {}
    new: list[str] = []
    changed: list[str] = []
    for name, found in sorted({(row.evidence_file, row.found_sha256) for row in rows}):
        old = recorded.get(name)
        if old is not None and (not found or name in contradicted or old.sha256 == found):
            files[name] = old
        elif found and name not in contradicted:
            files[name] = RecordedHash(sha256=found, recorded=on)
            (changed if old else new).append(name)
    dropped = sorted(set(recorded) - set(files))
    return Recording(files, tuple(new), tuple(changed), tuple(dropped), tuple(sorted(contradicted)))


# --- in words ----------------------------------------------------------------------------------


def state_counts(rows: Sequence[Material]) -> dict[str, int]:
    """Return how many rows of the ledger are in each state, those that occur."""
    counts = {state: sum(1 for row in rows if row.state == state) for state in EVIDENCE_STATES}
    return {state: count for state, count in counts.items() if count}


def ledger_lines(rows: Sequence[Material], unnamed: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the ledger line by line for the command: a state, "" for other lines, and text."""
    for row in rows:
        facts = [f"{row.indicator_name}：{row.material}"]
        if row.evidence_file:
            size = f"（{row.size}字节）" if row.found_sha256 else ""
            facts.append(f"{row.evidence_file}{size}")
        if row.state == "changed":
            facts.append(
                f"记录 {shortened(row.expected_sha256)}，现为 {shortened(row.found_sha256)}"
            )
        elif row.found_sha256:
            facts.append(shortened(row.found_sha256))
        yield row.state, "  ".join(facts)
    for name in unnamed:
        yield "", f"台账没有写到的文件：{name}"
