"""The regulations that reports cite: number, issuer, title, and how long each is in force."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from ..folding import fold
from ..strict import IsoDate, Text
from .loading import FromSource, Sourced, differ, load_scheme, require

_NUMBER = re.compile(r"([\u4e00-\u9fff]+?)(?:〔(20\d\d)〕|令第)([1-9]\d*)号")
_WRAPPED = re.compile(
    r"关于(?:印发|发布)[<〈]?|[>〉]?的通知$"
    r"|\((?:试行|暂行)\)|[<>〈〉]|中华人民共和国"
)


_PLACE = re.compile(r"[省市区县]")


def bare_title(title: str) -> str:
    """Return a regulation's title folded, without what announces it and whether it is on trial."""
    return _WRAPPED.sub("", fold(title))


class Regulation(FromSource):
    """One regulation; ``repealed`` is the day from which ``replaced_by`` stands in its place."""

    title: Text
    number: Annotated[Text, Field(pattern=rf"^{_NUMBER.pattern}$")]
    issuer: Text
    also: tuple[Text, ...] = ()
    repealed: IsoDate | None = None
    replaced_by: str = ""

    @model_validator(mode="after")
    def _ends_after_it_began(self) -> Regulation:
        if bool(self.repealed) != bool(self.replaced_by):
            raise ValueError(f"{self.number} 的 repealed 和 replaced_by 应当一起写")
        if self.repealed and self.repealed <= self.effective:
            raise ValueError(f"{self.number} 的 repealed 应在 effective 之后")
        return self

    @cached_property
    def parts(self) -> tuple[str, str, str]:
        """The letters of the office, the year ("" of a decree), and the number in it."""
        found = _NUMBER.fullmatch(self.number)
        assert found is not None  # by its pattern
        return found[1], found[2] or "", found[3]

    @cached_property
    def titles(self) -> frozenset[str]:
        """All that it is called, bare, with its issuer and without."""
        named = {bare_title(name) for name in (self.title, *self.also)}
        return frozenset(named | {self.issued + name for name in named})

    def is_called(self, title: str) -> bool:
        """Return whether a title as it is quoted may be this one's, in whole or shortened."""
        given = bare_title(title)
        return any(name in given or _shortens(given, name) for name in self.titles)

    @property
    def issued(self) -> str:
        """Its issuers in one word."""
        return fold(self.issuer)

    @property
    def is_national(self) -> bool:
        """Whether it is of no single place."""
        return not _PLACE.search(self.issuer)


def _shortens(short: str, whole: str) -> bool:
    rest = iter(whole)
    return all(character in rest for character in short)


class Citations(Sourced):
    """The registry of regulations; an old one stays beside what replaced it."""

    entries = ("regulations",)
    regulations: Annotated[tuple[Regulation, ...], Field(min_length=1)]

    __hash__ = object.__hash__

    @model_validator(mode="after")
    def _each_once(self) -> Citations:
        numbers = [one.number for one in self.regulations]
        differ(numbers)
        replacing = [one.replaced_by for one in self.regulations if one.replaced_by]
        require("文件", replacing, numbers, "replaced_by ")
        return self

    @cached_property
    def numbered(self) -> dict[tuple[str, str, str], Regulation]:
        """Each regulation by the parts of its number."""
        return {one.parts: one for one in self.regulations}


def load_citations(folder: Path) -> Citations:
    """Load the registry of regulations."""
    return load_scheme(folder, "citations", "regulations", Citations)
