"""Outlines: the headings of a report, in order."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from ..strict import Strict, Text
from .known_names import Generated
from .loading import FromSource, Sourced, differ, load_scheme, require, strange_braces


class Part(Strict):
    """A subsection of the report."""

    id: Text
    heading: Text
    generated: bool = False
    text: Literal["required", "optional", "none"] = "none"


class Section(Part):
    """A section of the report; ``free_parts`` lets the unit name its own subsections."""

    free_parts: bool = False
    parts: tuple[Part, ...] = ()


class Expected(FromSource):
    """A section or attachment that other outlines ask for, in some places.

    ``places`` are words of the units' names there; no other unit is told of it.
    """

    heading: Text
    places: Annotated[tuple[Text, ...], Field(min_length=1)]


class Outline(Sourced):
    """The report's headings, in order."""

    entries = ("expected",)
    title: Text
    sections: tuple[Section, ...]
    expected: tuple[Expected, ...] = ()

    @model_validator(mode="after")
    def _names_differ(self) -> Outline:
        groups: list[tuple[Part, ...]] = [self.sections, *(s.parts for s in self.sections)]
        for parts in groups:
            differ((*(part.id for part in parts), *(part.heading for part in parts)), "提纲里")
        return self

    @model_validator(mode="after")
    def _can_be_generated(self) -> Outline:
        keys = [section.id for section in self.sections if section.generated]
        keys += [f"{s.id}.{part.id}" for s in self.sections for part in s.parts if part.generated]
        require("程序能写的部分", keys, get_args(Generated))
        for fault in strange_braces(self.title, ("year", "name")):
            raise ValueError(f"title：{fault}")
        return self


def load_outline(folder: Path, name: str) -> Outline:
    """Load an outline by name."""
    return load_scheme(folder, "outlines", name, Outline)
