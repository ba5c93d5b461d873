"""Where things are: the folder that holds params, notebooks and outputs."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .errors import UsageError
from .terms import EDITIONS

RECORD_FILE: Final = "record.json"
LIST_FILE: Final = "一览.xlsx"
"""The units of a year as a workbook, beside the index."""
PACKAGE: Final = Path(__file__).resolve().parent
YEAR_PATTERN: Final = r"[0-9]{4}"


@dataclass(frozen=True)
class Project:
    """A project's folders, and the notebooks that are run over its units.

    ``notebook`` is an analyst's own; without one they are those of the two editions.
    """

    root: Path
    notebook: Path | None = None

    @property
    def params(self) -> Path:
        """``params``: schemes, and a folder for each year."""
        return self.root / "params"

    @property
    def notebooks(self) -> Path:
        """``notebooks``: the templates of the editions."""
        return self.root / "notebooks"

    @property
    def all_outputs(self) -> Path:
        """``outputs``: everything made; deleting it loses nothing."""
        return self.root / "outputs"

    @property
    def outputs(self) -> Path:
        """Where the pages of the project's notebooks go; those of an own notebook lie apart."""
        folder = self.all_outputs
        return folder if self.notebook is None else folder / self.notebook.stem

    @property
    def run_notebooks(self) -> list[Path]:
        """The notebooks that are run over each unit, one page each."""
        if self.notebook is not None:
            return [self.notebook]
        return [notebook_path(self.notebooks, edition) for edition in EDITIONS]

    def notebooks_of(self, own: Mapping[str, Path]) -> dict[str, Path]:
        """Return the notebooks of the editions for a unit, by edition, its own where it has any."""
        return {
            edition: own.get(edition) or notebook_path(self.notebooks, edition)
            for edition in EDITIONS
        }

    def shown(self, path: Path) -> str:
        """Return a path as it is told: from the project's folder, by its name from elsewhere."""
        inside = path.is_relative_to(self.root)
        return path.relative_to(self.root).as_posix() if inside else path.name

    def require_own(self, folder: Path) -> None:
        """Refuse to write into a folder that a link leads out of the project, or elsewhere in it.

        Raises
        ------
        UsageError
            If the folder, or one above it within the project, is a link.
        """
        inside = folder.relative_to(self.root)
        if os.path.realpath(folder) != os.path.join(os.path.realpath(self.root), inside):
            raise UsageError(
                inside.as_posix(),
                "是链接，或在链接之下，程序不往里面写。",
                "请删去这个链接；输出文件夹由程序自己建。",
            )

    def years(self) -> list[int]:
        """Return the years that have a folder."""
        folders = (p.name for p in self.params.iterdir() if p.is_dir())
        return sorted(int(name) for name in folders if re.fullmatch(YEAR_PATTERN, name))

    def unit_folders(self, year: int) -> list[Path]:
        """Return the unit folders of a year, by code."""
        folder = self.params / str(year)
        return sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))


def find_project(start: Path) -> Project:
    """Return the project that ``start`` lies in: the nearest folder upward with ``params``.

    Raises
    ------
    UsageError
        If there is none.
    """
    start = Path(os.path.abspath(start))
    for folder in (start, *start.parents):
        if (folder / "params").is_dir():
            return Project(folder)
    raise UsageError(
        "",
        "这里不是 selfeval 项目：找不到 params 文件夹。",
        "请先进入项目文件夹，或用 --project 指明。",
    )


def require_edition(edition: str) -> None:
    """Raise a UsageError if there is no edition of that name."""
    if edition not in EDITIONS:
        raise UsageError("", f"没有“{edition}”这个版本。", f"可用的有：{'、'.join(EDITIONS)}。")


def notebook_path(notebooks: Path, edition: str) -> Path:
    """Return the notebook of an edition: the project's own, else the one in the package."""
    require_edition(edition)
    candidates = [notebooks, PACKAGE.parent / "notebooks", PACKAGE / "_bundled" / "notebooks"]
    found = (folder / f"{edition}.ipynb" for folder in candidates)
    return next((path for path in found if path.is_file()), candidates[-1] / f"{edition}.ipynb")


def require_own_name(notebook: Path) -> None:
    """Refuse a notebook that cannot give its name to a folder of outputs and a page there.

    Raises
    ------
    UsageError
        If it is named as an edition or a year, or not in letters, digits, - and _.
    """
    taken = notebook.stem in EDITIONS or re.fullmatch(YEAR_PATTERN, notebook.stem)
    if taken or not re.fullmatch(r"[\w-]{1,60}", notebook.stem):
        raise UsageError(
            f"“{notebook.name}”",
            "笔记本不能叫这个名称，因为它的页面放在 outputs 下同名的文件夹里。",
            "请改名：用字母、汉字、数字、短横线或下划线，不要用年度和 report、review。",
        )
