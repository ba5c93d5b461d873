"""Rules as dated, sourced data: layouts, outlines, scoring profiles, checks, all from YAML.

A scheme is validated when it is loaded: unknown keys, duplicate keys, weights that do not add
up and bands that leave gaps are refused with the file and the key.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated, ClassVar, Final, Self, TypeVar

from pydantic import BaseModel, Field, model_validator

from ..errors import ParamsError
from ..project import PACKAGE
from ..strict import IsoDate, Strict, Text, nearest, parse_model, parse_yaml, read_data

_Model = TypeVar("_Model", bound=BaseModel)


def lacking(given: Collection[str], wanted: Collection[str]) -> str:
    """Return which wanted names are not given, as a fault; "" where none is lacking."""
    names = [name for name in wanted if name not in given]
    return f"缺少{'、'.join(f'“{name}”' for name in names)}" if names else ""


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Return that there is no such thing, with the nearest name that there is."""
    close = nearest(name, known)
    return f"没有{what}“{name}”" + (f"，是不是“{close}”" if close else "")


def require(what: str, names: Iterable[str], known: Collection[str], where: str = "") -> None:
    """Refuse the first name that is not known.

    Raises
    ------
    ValueError
        With the nearest name that is.
    """
    for name in names:
        if name not in known:
            raise ValueError(f"{where}{unknown(what, name, known)}")


def differ(names: Iterable[str], where: str = "") -> None:
    """Refuse the first name that stood before.

    Raises
    ------
    ValueError
        With the name.
    """
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"{where}“{name}”出现了两次")
        seen.add(name)


def strange_braces(text: str, known: Collection[str]) -> Iterator[str]:
    """Yield what is wrong with each name in braces, and with braces that hold none."""
    if _BRACES.isdisjoint(text):
        return
    named = _BRACED.findall(text)
    yield from (unknown("数或文字", name, known) for name in named if name not in known)
    if not _BRACES.isdisjoint(_BRACED.sub("", text)):
        yield f"“{text}”里的花括号不成对，或者是全角的"


UNVERIFIED: Final = "尚未对照原文核实"
_SOURCE: Final = ("reference", "verified", "effective")
_BRACES: Final = frozenset("{}｛｝")
_BRACED = re.compile(r"\{([^{}]*)\}")
_DOUBT = re.compile(
    r"(?:未|没|待)[^，。；：（）]{0,6}(?:核[实对](?!过的)|确认|证实)|待查|存疑|据说|转引"
    r"|(?:未能?|没有)(?:见|读|查|找|取得)[到过]?|只凭|凭一般知识"
    r"|unverified|unconfirmed|not (?:yet )?(?:verified|checked|seen)|to be checked|todo|tbc",
    re.IGNORECASE,
)
_YEARS_AHEAD: Final = 1
"""What is issued this year may be in force from next year on; later is a slip of a digit."""


class FromSource(Strict):
    """What says whence it is, since when, and whether anyone held it against its original.

    ``entries`` are the fields whose entries are from the same source unless they say another.
    """

    entries: ClassVar[tuple[str, ...]] = ()
    reference: Annotated[Text, Field(pattern=r"\S")]
    verified: bool
    effective: IsoDate

    @model_validator(mode="before")
    @classmethod
    def _hand_down(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        own = {key: data[key] for key in _SOURCE if key in data}
        return data | {name: _from(own, data[name]) for name in cls.entries if name in data}

    @model_validator(mode="after")
    def _no_false_claim(self) -> Self:
        said = f"{getattr(self, 'description', '')}{self.reference}"
        if self.verified and (doubt := _DOUBT.search(said)):
            raise ValueError(f"verified 是 true，来源里却写着“{doubt[0]}”")
        if self.effective.year > dt.date.today().year + _YEARS_AHEAD:
            raise ValueError(f"effective 写的是 {self.effective}，还没有到这一年")
        return self

    @property
    def whence(self) -> str:
        """Where it is from, and that nobody held it against its original, where so."""
        doubt = "" if self.verified else f"（{UNVERIFIED}）"
        return f"{self.reference.removesuffix('。')}{doubt}"

    @property
    def since_when(self) -> str:
        """Since when it is, and that nobody held it against its original, where so."""
        day, doubt = self.effective, "" if self.verified else f"，{UNVERIFIED}"
        return f"自{day.year}年{day.month}月{day.day}日起{doubt}"

    @property
    def source(self) -> str:
        """Where it is from, since when, and that nobody held it against its original."""
        return f"{self.reference.removesuffix('。')}（{self.since_when}）"


def _from(source: dict[str, object], held: object) -> object:
    """Return an entry, or each of a list or group, with the source it does not name itself."""
    if isinstance(held, list):
        return [_from(source, one) for one in held]
    if not isinstance(held, dict):
        return held
    source = source | {key: held[key] for key in _SOURCE if key in held}
    named = {key: one for key, one in held.items() if key not in _SOURCE}
    if all(isinstance(one, dict) for one in named.values()):
        return {key: source | one for key, one in named.items()}
    return source | held


class Sourced(FromSource):
    """What every scheme file says of itself."""

    description: Text

    @property
    def told(self) -> str:
        """What it is, whence and since when, and that nobody held it against its original."""
        return f"{self.description}依据：{self.source}。"


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
