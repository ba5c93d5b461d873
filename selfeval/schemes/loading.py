"""Rules as dated, sourced data: layouts, outlines, scoring profiles, checks, all from YAML.

A scheme is validated when it is loaded: unknown keys, duplicate keys, weights that do not add
up and bands that leave gaps are refused with the file and the key.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from ..errors import ParamsError
from ..project import PACKAGE
from ..strict import IsoDate, Strict, Text, nearest, parse_model, parse_yaml, read_data

_Model = TypeVar("_Model", bound=BaseModel)


def repeated(names: Iterable[str]) -> Iterator[str]:
    """Yield the names that stood before."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield name
        seen.add(name)


def lacking(given: Collection[str], wanted: Collection[str]) -> str:
    """Return which wanted names are not given, as a fault; "" where none is lacking."""
    names = [name for name in wanted if name not in given]
    return f"缺少{'、'.join(f'“{name}”' for name in names)}" if names else ""


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Return that there is no such thing, with the nearest name that there is."""
    close = nearest(name, known)
    return f"没有{what}“{name}”" + (f"，是不是“{close}”" if close else "")


class Sourced(Strict):
    """What every scheme file says of itself."""

    description: Text
    reference: Text
    verified: bool
    effective: IsoDate

    @property
    def told(self) -> str:
        """What it is, where it is from, and that nobody held it against its original."""
        doubt = "" if self.verified else "（尚未对照原文核实）"
        return f"{self.description}依据：{self.reference.removesuffix('。')}{doubt}。"


def schemes_folder(params: Path) -> Path:
    """Return ``params/schemes`` if it exists, else the one that comes with the package."""
    candidates = [params / "schemes", PACKAGE.parent / "params" / "schemes"]
    return next((path for path in candidates if path.is_dir()), PACKAGE / "_bundled" / "schemes")


# Kept by content, not by path: in JupyterLab a scheme is edited and read again.
@lru_cache(maxsize=64)
def _parse(data: bytes, model: type[_Model], shown: str) -> _Model:
    return parse_model(model, parse_yaml(data, shown), shown)


def load_scheme(folder: Path, kind: str, name: str, model: type[_Model]) -> _Model:
    """Load a scheme of one kind by name, as a model.

    Raises
    ------
    ParamsError
        If there is none of that name, or it is not as the model says.
    """
    known = scheme_names(folder, kind)
    if name not in known:
        close = nearest(name, known)
        hint = f"是不是“{close}”？" if close else "请从现有的方案里选。"
        raise ParamsError(
            f"schemes/{kind}", f"没有名为“{name}”的方案（现有：{'、'.join(known)}）。", hint
        )
    place = f"schemes/{kind}/{name}.yaml"
    scheme: _Model = _parse(read_data(folder / kind / f"{name}.yaml", place), model, place)
    return scheme


def scheme_names(folder: Path, kind: str) -> list[str]:
    """Return the names of the schemes of one kind."""
    return sorted(path.stem for path in (folder / kind).glob("*.yaml"))
