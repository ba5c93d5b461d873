"""Which units a batch has to run: those whose report is no longer what would be made now.

All that can change a report's bytes has a digest: the unit's folder, its folder of the year
before, what other units say that it is compared with, the schemes, the notebooks, the program and
the libraries it stands on. The record of a report keeps them; where none differs, and the files
are those the record names, the report stands.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache, cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

from ..budget.neighbours import neighbour_text, sentences, written_name
from ..checks.text.copied import MOST_OTHERS
from ..errors import SelfEvalError
from ..project import PACKAGE, RECORD_FILE, Project
from ..schemes.checks import load_checks
from ..schemes.loading import schemes_folder
from ..terms import PLAN_REASONS
from ..unit import NARRATIVE_FILE, UNIT_FILE, prior_folders, visible
from ..unit.folder import is_named
from ..unit.own_notebook import own_notebooks
from ..version import VERSION
from .publishing import read_record

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_LETTERS = str.maketrans("0123456789", "ghijklmnop")

Key = Mapping[str, str]
"""The digest of each part of what a report is made from, by its name in ``PLAN_REASONS``."""


class Plan:
    """Knows of each unit whether its report stands, and why not."""

    def __init__(self, project: Project) -> None:
        """Read nothing yet; what is read is read once, so a plan is of one moment."""
        self.project = project
        self._years: dict[str, _Year] = {}
        self._digests: dict[Path, str] = {}

    def why(self, folder: Path, final: bool = False) -> str:
        """Return why a unit has to be run, in words, "" if its report stands.

        ``final`` asks for a report that is no draft and has a total.
        """
        record = read_record(self.record_path(folder))
        if record is None:
            return PLAN_REASONS["new"]
        if record.get("status") != "done":
            return PLAN_REASONS["failed"]
        report = record.get("report", {})
        of_editions = self.project.notebook is None
        if final and of_editions and (report.get("draft") or report.get("score") is None):
            return PLAN_REASONS["final"]
        then = record.get("key", {})
        now = self.key(folder, record.get("compared", ()), record.get("read", ()))
        changed = [PLAN_REASONS[part] for part in now if now[part] != then.get(part)]
        if not changed and not self._has_files(folder, record):
            changed = [PLAN_REASONS["outputs"]]
        return "、".join(changed)

    def key(self, folder: Path, compared: Iterable[str], read: Iterable[str] = ()) -> Key:
        """Return the digests of what a unit's report is made from now.

        ``compared`` are the digests of the sentences that were looked for in other units' texts;
        ``read`` are the other folders of ``params`` that an own notebook looked into.
        """
        prior, earlier = prior_folders(folder, int(folder.parent.name))
        told = self.project.all_outputs / prior.parent.name / folder.name / RECORD_FILE
        score = read_record(told)
        earned = str((score or {}).get("report", {}).get("score"))
        return {
            "files": self._folder_digest(folder),
            "before": digest(
                [
                    ("files", self._folder_digest(prior)),
                    ("earlier", self._folder_digest(earlier)),
                    ("score", earned),
                ]
            ),
            "neighbours": self.neighbours(folder, compared),
            "read": self.read(read),
            "schemes": self._schemes,
            "notebooks": self._notebooks(folder),
            "program": self._program,
        }

    def neighbours(self, folder: Path, compared: Iterable[str]) -> str:
        """Return the digest of what the other units of the year say that a unit's report tells."""
        around = self._years.setdefault(folder.parent.name, _Year(folder.parent))
        return around.digest_for(folder.name, compared)

    def read(self, entries: Iterable[str]) -> str:
        """Return the digest of folders of ``params`` as an own notebook read them.

        ``2021/S001`` is a unit's folder, ``2021`` the list of a year's, ``2021/*`` all of them.
        """
        return digest((entry, self._read_digest(entry)) for entry in sorted(entries))

    def _read_digest(self, entry: str) -> str:
        year, _, code = entry.partition("/")
        folder = self.project.params / year
        units = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
        if code == "*":
            return digest((name, self._folder_digest(folder / name)) for name in units)
        return self._folder_digest(folder / code) if code else digest((name, "") for name in units)

    def record_path(self, folder: Path) -> Path:
        """Return where the record of a unit's report is."""
        return self.project.outputs / folder.parent.name / visible(folder.name) / RECORD_FILE

    def _has_files(self, folder: Path, record: Mapping[str, Any]) -> bool:
        target = self.record_path(folder).parent
        files: Mapping[str, str] = record.get("files", {})
        return all(file_digest(target / name) == told for name, told in files.items())

    def _folder_digest(self, folder: Path) -> str:
        if folder not in self._digests:
            self._digests[folder] = digest(self._files(folder))
        return self._digests[folder]

    def _files(self, folder: Path) -> Iterator[tuple[str, str]]:
        """Yield what lies in a unit's folder, but for what programs leave there by themselves."""
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            inside = path.relative_to(folder)
            if any(is_named(name, self._system_files) for name in inside.parts):
                continue
            if path.is_file():
                yield inside.as_posix(), file_digest(path)
            elif path.is_dir():
                yield f"{inside.as_posix()}/", ""

    @cached_property
    def _system_files(self) -> tuple[str, ...]:
        try:
            return load_checks(schemes_folder(self.project.params)).listed("system_files")
        except SelfEvalError:
            return ()

    @cached_property
    def _schemes(self) -> str:
        return digest(_tree(schemes_folder(self.project.params)))

    def _notebooks(self, folder: Path) -> str:
        """Return the digest of the notebooks that are run over a unit, its own among them."""
        paths = self.project.run_notebooks
        if self.project.notebook is None:
            paths = [*self.project.notebooks_of(own_notebooks(folder)).values()]
        return digest((path.name, self._notebook_digest(path)) for path in paths)

    def _notebook_digest(self, path: Path) -> str:
        if path not in self._digests:
            self._digests[path] = notebook_digest(path)
        return self._digests[path]

    @cached_property
    def _program(self) -> str:
        return digest(program().items())


class _Year:
    """What the units of a year may find of each other: names, and sentences of their texts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def _names(self) -> dict[str, str]:
        paths = sorted(self.folder.glob(f"*/{UNIT_FILE}"))
        return {path.parent.name: written_name(path.parent) for path in paths}

    @cached_property
    def _texts(self) -> dict[str, str]:
        paths = sorted(self.folder.glob(f"*/{NARRATIVE_FILE}"))
        return {path.parent.name: neighbour_text(path) for path in paths}

    @cached_property
    def _holders(self) -> Mapping[str, list[str]]:
        held: defaultdict[str, list[str]] = defaultdict(list)
        for code, text in self._texts.items():
            for one in {*map(sentence_digest, sentences(text))}:
                held[one].append(code)
        return held

    def digest_for(self, code: str, compared: Iterable[str]) -> str:
        """Return the digest of what the others have of a unit's sentences, and of their names."""
        parts = [(other, name) for other, name in self._names.items() if other != code]
        shared: set[str] = set()
        for one in compared:
            others = [other for other in self._holders.get(one, ()) if other != code]
            few = others if len(others) <= MOST_OTHERS else ["*"]
            parts += [(one, other) for other in few]
            shared |= {*few} & self._texts.keys()
        return digest([*parts, *((other, self._texts[other]) for other in sorted(shared))])


def digest(parts: Iterable[tuple[str, str]]) -> str:
    """Return one digest of named texts, in letters alone: no part of it looks like a number."""
    whole = hashlib.sha256()
    for name, text in parts:
        whole.update(f"{len(name)} {name}{len(text)} {text}".encode())
    return whole.hexdigest().translate(_LETTERS)


def sentence_digest(sentence: str) -> str:
    """Return a short digest of a sentence."""
    return hashlib.blake2b(sentence.encode(), digest_size=8).hexdigest().translate(_LETTERS)


def file_digest(path: Path) -> str:
    """Return a file's SHA-256, "" where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def notebook_digest(path: Path) -> str:
    """Return the digest of what a notebook runs and says; its outputs are not part of it.

    So a notebook that was run in JupyterLab and saved makes no report anew.
    """
    try:
        notebook = json.loads(path.read_bytes())
        cells = [_bare_cell(cell) for cell in notebook["cells"]]
        kernel = notebook["metadata"].get("kernelspec", {}).get("name", "")
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return file_digest(path)
    return digest([("kernel", str(kernel)), ("cells", json.dumps(cells, sort_keys=True))])


def _bare_cell(cell: dict[str, Any]) -> dict[str, Any]:
    """Return a cell without what a run leaves in it, and with the line ends of one machine."""
    text = "".join(cell["source"])  # lines, or all of them in one
    tags = cell.get("metadata", {}).get("tags", [])
    source = text.replace("\r\n", "\n")
    return {"cell_type": cell["cell_type"], "source": source, "tags": tags}


def program() -> dict[str, str]:
    """Return what makes the reports: each version by its name, and a digest of the package."""
    return {**versions(), "selfeval 的程序文件": digest(_tree(PACKAGE))}


@cache
def versions() -> Mapping[str, str]:
    """Return the versions of this program, of Python, and of the libraries it needs."""
    found = {"selfeval": VERSION, "python": platform.python_version()}
    with suppress(metadata.PackageNotFoundError):
        for line in metadata.requires("selfeval") or ():
            name = _NAME.match(line)
            if name and "extra" not in line:
                with suppress(metadata.PackageNotFoundError):
                    found[name[0]] = metadata.version(name[0])
    return found


def _tree(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(folder).as_posix(), file_digest(path)
