"""The notebooks of a unit's own, in the place of those that the project has for all units."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ..errors import ParamsError, SelfEvalError, cause
from ..strict import load_yaml
from ..terms import EDITIONS

NOTEBOOK_FILES: Final = {f"{edition}.ipynb": edition for edition in EDITIONS}
"""What a notebook in a unit's folder is called, and the edition that it is of."""

KEY: Final = "notebook"
"""The key of unit.yaml that names one elsewhere in the project, for the public edition."""

_UNIT_FILE: Final = "unit.yaml"
_TAG: Final = "parameters"

PARAMETER: Final = "unit"
"""The parameter of a notebook that is run over units: whose page it makes."""


def own_notebooks(folder: Path) -> dict[str, Path]:
    """Return the notebooks of a unit's own by edition, as far as its folder tells."""
    found = {
        edition: folder / name
        for name, edition in NOTEBOOK_FILES.items()
        if (folder / name).is_file()
    }
    named = _named(folder)
    return found | ({"report": _root(folder) / named} if named else {})


def _named(folder: Path) -> str:
    try:
        text = (folder / _UNIT_FILE).read_bytes()
        # A year has thousands of units, and hardly one of them names a notebook.
        keys = load_yaml(folder / _UNIT_FILE) if re.search(rb"(?m)^[\"']?notebook", text) else {}
    except (OSError, SelfEvalError):
        return ""
    named = keys.get(KEY) if isinstance(keys, dict) else None
    return named if isinstance(named, str) else ""


def _root(folder: Path) -> Path:
    return folder.absolute().parent.parent.parent


def notebook_faults(folder: Path, named: str, place: str) -> Iterator[SelfEvalError]:
    """Yield what is wrong with the notebooks of a unit's own.

    Parameters
    ----------
    named : str
        What unit.yaml names, "" for nothing.
    place : str
        Where it names it.
    """
    root = _root(folder)
    at = Path(os.path.realpath(root / named))
    if named and (folder / "report.ipynb").is_file():
        yield ParamsError(
            place, f"写了 {KEY}，文件夹里又有 report.ipynb。", "只能用一个笔记本，请去掉一个。"
        )
    elif named and not at.is_relative_to(os.path.realpath(root)):
        yield ParamsError(place, f"{KEY} 写的“{named}”不在项目里。", "请把笔记本放进 notebooks。")
        return
    elif named and (at.suffix != ".ipynb" or not at.is_file()):
        yield ParamsError(
            place,
            f"没有 {KEY} 写的笔记本“{named}”。",
            "请写项目里的路径，如 notebooks/专题.ipynb。",
        )
        return
    for path in own_notebooks(folder).values():
        shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
        try:
            require_parameter(path, shown)
        except SelfEvalError as error:
            yield error


def require_parameter(notebook: Path, place: str, name: str = PARAMETER) -> None:
    """Refuse a notebook that does not take a parameter, in one cell tagged ``parameters``.

    Raises
    ------
    ParamsError
        If it does not, or is no notebook.
    """
    try:
        book = json.loads(notebook.read_bytes())
        cells = [cell for cell in book["cells"] if _TAG in cell["metadata"].get("tags", [])]
        sources = ["".join(cell["source"]) for cell in cells]
    except OSError as error:
        raise ParamsError(
            place, f"笔记本打不开（{cause(error)}）。", "请检查文件名和权限。"
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ParamsError(
            place, "文件坏了，不是笔记本。", "请从安装包恢复，或者在 JupyterLab 里重新保存。"
        ) from None
    if len(sources) != 1 or not re.search(rf"^{name}\s*[:=]", sources[0], re.MULTILINE):
        raise ParamsError(
            place,
            f"没有名为 {name} 的参数。",
            f"逐个单位运行的笔记本，有且只有一个标记为 {_TAG} 的单元格，里面写 {name}。",
        )
