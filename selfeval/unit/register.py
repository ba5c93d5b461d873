"""Finds the unit folders that a command or an analyst names, and says whose they are."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..errors import SelfEvalError, UsageError
from ..project import YEAR_PATTERN, Project, find_project
from ..strict import load_yaml, nearest
from . import CODE_PATTERN, UNIT_FILE, visible


def identity(folder: Path) -> dict[str, Any]:
    """Return a unit's code, name, year and group, as far as its folder tells."""
    data: object = None
    with suppress(SelfEvalError):
        data = load_yaml(folder / UNIT_FILE)
    told = data if isinstance(data, dict) else {}
    return {
        "unit_code": visible(folder.name),
        "unit_name": str(told.get("unit_name", "")),
        "fiscal_year": int(folder.parent.name),
        "group": str(told.get("group") or ""),
    }


def find_units(project: Project, wanted: Sequence[str], year: int | None) -> list[Path]:
    """Return the unit folders asked for, all by default.

    Parameters
    ----------
    wanted : sequence of str
        Unit codes, or paths of unit folders.
    year : int, optional
        Only this year's units.

    Raises
    ------
    UsageError
        If a year or unit does not exist, or a name could leave the params folder.
    """
    years = project.years()
    if year is not None and year not in years:
        known = "、".join(str(y) for y in years) or "无"
        raise UsageError(
            f"params/{year}", f"没有{year}年度的单位（现有年度：{known}）。", "请检查年度。"
        )
    chosen = [year] if year is not None else years
    if not wanted:
        folders = [folder for y in chosen for folder in project.unit_folders(y)]
        if not folders:
            raise UsageError("params", "还没有任何单位。", "请用 selfeval new 新建一个。")
        return folders
    found = [folder for name in wanted for folder in _find_unit(project, name, chosen)]
    return list(dict.fromkeys(found))


_NAMED = re.compile(
    rf"(?:(?:(?:\.{{1,2}}/)*params/)?(?P<year>{YEAR_PATTERN})/)?(?P<code>{CODE_PATTERN})/?"
)
"""A unit as an analyst names it: G001, 2021/G001, or a path that ends so from wherever it is."""


def unit_folder(unit: str | Path, year: int | None = None) -> Path:
    """Return the folder of a unit by its code, its year and code, or a path.

    A code alone is of the latest year that has it. A path is taken from the current folder; where
    there is no such folder, ``params/<year>/<code>`` is the project's around the current folder.

    Raises
    ------
    UsageError
        If no year has such a unit, or none was named.
    """
    if not isinstance(unit, str | Path) or not str(unit):
        named = '写单位代码、“年度/单位代码”或者单位文件夹，例如 load_unit("G001")。'
        raise UsageError("", "没有指明是哪个单位。", named)
    text = str(unit).replace("\\", "/")
    match = _NAMED.fullmatch(text)
    is_path = isinstance(unit, Path) or "/" in text
    if match is None or (is_path and os.path.isdir(unit)):
        return Path(unit)
    said = int(match["year"]) if match["year"] else None
    if said and year and said != year:
        raise UsageError(f"“{unit}”", f"年度写了两个：{said}和{year}。", "请只写一个。")
    try:
        project = find_project(Path.cwd())
        return find_units(project, [match["code"]], said or year)[-1]
    except UsageError:
        if isinstance(unit, Path):  # what lies elsewhere is for its reader to refuse
            return unit
        raise


def of_group(folders: Sequence[Path], group: str) -> list[Path]:
    """Return the unit folders that belong to a group.

    Raises
    ------
    UsageError
        If none does.
    """
    groups = {folder: identity(folder)["group"] for folder in folders}
    found = [folder for folder in folders if groups[folder] == group]
    if not found:
        known = "、".join(sorted({*groups.values()} - {""})) or "无"
        raise UsageError(
            f"“{group}”", f"没有这个主管部门的单位（现有：{known}）。", "请检查 --group。"
        )
    return found


def _find_unit(project: Project, name: str, years: Sequence[int]) -> list[Path]:
    if not re.fullmatch(CODE_PATTERN, name):
        return [_unit_at(project, name)]
    found = [f for y in years for f in project.unit_folders(y) if f.name == name]
    if not found:
        known = [f.name for y in years for f in project.unit_folders(y)]
        close = nearest(name, known)
        hint = f"是不是“{close}”？" if close else f"现有单位：{'、'.join(known[:10]) or '无'}。"
        where = "、".join(str(y) for y in years) or "任何"
        raise UsageError(f"“{name}”", f"{where}年度没有这个单位。", hint)
    return found


def _unit_at(project: Project, name: str) -> Path:
    """Return the unit folder at a path, from the current folder or from the project's."""
    path = Path(name)
    plain = re.fullmatch(CODE_PATTERN, path.name) and ".." not in path.parts
    # The folder itself is not resolved: where a link leads to is no part of the project.
    for place in (path.absolute(), project.root / path) if plain else ():
        year = place.parent.name
        inside = place.parent.parent.resolve() == project.params.resolve()
        if inside and re.fullmatch(YEAR_PATTERN, year) and place.is_dir():
            return project.params / year / place.name
    raise UsageError(
        f"“{visible(name)}”",
        "不是单位代码，也不是 params 里的单位文件夹。",
        "单位代码由 1 至 32 位字母、数字、短横线或下划线组成。",
    )
