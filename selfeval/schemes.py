"""Rules as dated, sourced data: layouts, outlines, scoring profiles, checks, all from YAML.

A scheme is validated when it is loaded: unknown keys, duplicate keys, weights that do not add
up and bands that leave gaps are refused with the file and the key.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, Field, field_validator, model_validator

from .errors import ParamsError
from .strict import (
    Exact,
    IsoDate,
    Strict,
    Text,
    load_yaml,
    nearest,
    parse_model,
    parse_yaml,
    read_data,
)

__all__ = ["Strict", "load_yaml", "nearest", "parse_model"]

_Model = TypeVar("_Model", bound=BaseModel)


def _repeated(names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield name
        seen.add(name)


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


# --- table layouts -------------------------------------------------------------------------


class Column(Strict):
    """One column of a table: our name for it, the headings it goes by, what its cells hold."""

    field: Text
    heading: Text
    aliases: tuple[str, ...] = ()
    type: Literal["text", "choice", "amount", "count", "number", "date"]
    width: int = 14
    optional: bool = False
    choices: tuple[str, ...] = ()
    accepts: tuple[str, ...] = ()
    """Word lists of the checks whose words are taken for a choice, too; once loaded, the words."""
    least: int | None = None
    help: str = ""


class Item(Strict):
    """One fixed row of a table."""

    block: Text
    name: Text
    aliases: tuple[str, ...] = ()


class TableLayout(Strict):
    """One table: how it is recognised and what its rows and columns mean."""

    table: Text
    sheet: Text
    title: Text
    amounts: bool
    columns: Annotated[tuple[Column, ...], Field(min_length=1)]
    items: tuple[Item, ...] = ()
    totals: tuple[str, ...] = ()
    total_block: str = ""
    example: tuple[str | int | float, ...]

    @model_validator(mode="after")
    def _example_fits(self) -> TableLayout:
        if len(self.example) != len(self.columns):
            raise ValueError(f"表“{self.sheet}”的填写示例与栏目数不同")
        return self

    @model_validator(mode="after")
    def _names_differ(self) -> TableLayout:
        for parts in (
            [column.field for column in self.columns],
            [name for column in self.columns for name in (column.heading, *column.aliases)],
            [item.block for item in self.items],
            [name for item in self.items for name in (item.name, *item.aliases)],
        ):
            for name in _repeated(parts):
                raise ValueError(f"表“{self.sheet}”里“{name}”出现了两次")
        return self


class FormLayout(Sourced):
    """The tables a unit fills in."""

    example_mark: Text
    note_marks: tuple[str, ...]
    subtotal_marks: tuple[str, ...]
    tables: tuple[TableLayout, ...]


# --- outlines ------------------------------------------------------------------------------


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


class Expected(Strict):
    """A section or attachment that other outlines ask for, in some places.

    ``places`` are words of the units' names there; no other unit is told of it.
    """

    heading: Text
    places: Annotated[tuple[Text, ...], Field(min_length=1)]
    reference: Text


class Outline(Sourced):
    """The report's headings, in order."""

    title: Text
    sections: tuple[Section, ...]
    expected: tuple[Expected, ...] = ()

    @model_validator(mode="after")
    def _names_differ(self) -> Outline:
        groups: list[tuple[Part, ...]] = [self.sections, *(s.parts for s in self.sections)]
        for parts in groups:
            names = [*(part.id for part in parts), *(part.heading for part in parts)]
            for name in _repeated(names):
                raise ValueError(f"提纲里“{name}”出现了两次")
        return self


# --- checks --------------------------------------------------------------------------------


class RuleText(Strict):
    """What is said of one rule: its title, where it comes from, how much it weighs."""

    title: Text
    asks: Text
    reference: Text
    severity: Literal["error", "warning", "info"]
    action: Literal["correct", "explain", "supply"]
    when_unknown: Literal["error", "warning", "info"] | None = None
    needs: tuple[str, ...] = ()
    """Tables of the form: where one is not there at all, that is told instead."""
    unsettles: bool = False
    """Whether points computed from what its severe findings name wait until they are resolved."""
    wants_document: bool = False
    """Whether only a reason that names a document resolves its findings."""
    explainable: bool = True
    """Whether a reason in unit.yaml can resolve its findings."""


class Dated(Strict):
    """A threshold and the value it has from a date on."""

    description: Text
    values: dict[IsoDate, Exact]
    reference: Text


class Words(Strict):
    """Words a check looks for, why these, and from when on."""

    description: Text
    words: tuple[str, ...]
    reference: str = ""
    effective: IsoDate | None = None

    def in_force(self, year: int) -> tuple[str, ...]:
        """Return the words in force at the end of a fiscal year."""
        if self.effective is not None and self.effective > dt.date(year, 12, 31):
            return ()
        return self.words


class Forms(Words):
    """Ways to write something, as regular expressions for folded text; described as in messages."""

    @field_validator("words")
    @classmethod
    def _compile(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        for word in words:
            try:
                re.compile(word)
            except re.error as error:
                raise ValueError(f"“{word}”不是正则表达式（{error}）") from None
        return words


class Personal(Sourced):
    """A kind of personal number or address: what it looks like and what is shown of it.

    ``expression`` is what its digits are without spaces and hyphens, of an address the whole;
    ``groups`` how it may be spaced, anyhow if none; ``near`` words of which one must stand
    before it; ``office`` whether it may be an office's own; ``keep`` how many of its first and
    last characters may be shown.
    """

    rule: Text
    expression: re.Pattern[str]
    is_number: bool = True
    groups: tuple[str, ...] = ()
    check: Literal["none", "identity", "luhn"] = "none"
    near: tuple[str, ...] = ()
    office: bool = False
    keep: tuple[int, int]


class Checks(Sourced):
    """All rules with severities, thresholds, words, ways of writing, and what is personal."""

    rules: dict[str, RuleText]
    thresholds: dict[str, Dated]
    words: dict[str, Words]
    forms: dict[str, Forms]
    personal: Annotated[tuple[Personal, ...], Field(min_length=1)]
    without_form: tuple[str, ...] = ()
    """What only the form and the text can give; one finding where there are public tables alone."""
    draft_marks: dict[str, Text] = Field(default_factory=dict)
    """What a page's draft mark says of a rule; ``{item}`` is what its findings are of."""

    # Loaded once: what is made of the words is kept beside them.
    __hash__ = object.__hash__

    @model_validator(mode="after")
    def _rules_exist(self) -> Checks:
        for key, codes in (("draft_marks", self.draft_marks), ("without_form", self.without_form)):
            for code in codes:
                if code not in self.rules:
                    raise ValueError(f"{key} 里的“{code}”不是 rules 里的规则")
        return self

    def threshold(self, name: str, year: int) -> Decimal:
        """Return a threshold's value in force at the end of a fiscal year."""
        if name not in self.thresholds:
            raise ParamsError(
                "schemes/checks/rules.yaml",
                f"thresholds 里缺少“{name}”。",
                "请对照原来的文件补上。",
            )
        values = self.thresholds[name].values
        dates = [date for date in values if date <= dt.date(year, 12, 31)]
        if not dates:
            raise ParamsError(
                "schemes/checks", f"{year} 年没有“{name}”的阈值。", "请在方案里补上该年度的值。"
            )
        return values[max(dates)]

    def listed(self, name: str, year: int = dt.MAXYEAR) -> tuple[str, ...]:
        """Return a word list in force at the end of a fiscal year, empty before its date."""
        if name not in self.words:
            raise ParamsError(
                "schemes/checks/rules.yaml", f"words 里缺少“{name}”。", "请对照原来的文件补上。"
            )
        return self.words[name].in_force(year)


# --- glossary ------------------------------------------------------------------------------


class Term(Strict):
    """A term and what it means in plain words."""

    term: Text
    meaning: Text


class Glossary(Sourced):
    """The plain-language glossary at the end of a report."""

    terms: tuple[Term, ...]


# --- where they are ------------------------------------------------------------------------


def schemes_folder(params: Path) -> Path:
    """Return ``params/schemes`` if it exists, else the one that comes with the package."""
    package = Path(__file__).resolve().parent
    candidates = [params / "schemes", package.parent / "params" / "schemes"]
    return next((path for path in candidates if path.is_dir()), package / "_bundled" / "schemes")


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


def load_form(folder: Path) -> FormLayout:
    """Load the layout of the fill-in workbook."""
    form = load_scheme(folder, "layouts", "form", FormLayout)
    checks = load_checks(folder)
    tables = [
        table.model_copy(update={"columns": tuple(_accepting(c, checks) for c in table.columns)})
        for table in form.tables
    ]
    return form.model_copy(update={"tables": tuple(tables)})


def _accepting(column: Column, checks: Checks) -> Column:
    words = tuple(word for name in column.accepts for word in checks.listed(name))
    return column.model_copy(update={"accepts": words})


def load_outline(folder: Path, name: str) -> Outline:
    """Load an outline by name."""
    return load_scheme(folder, "outlines", name, Outline)


def load_checks(folder: Path) -> Checks:
    """Load the rules of the checks."""
    return load_scheme(folder, "checks", "rules", Checks)


def load_glossary(folder: Path) -> Glossary:
    """Load the glossary."""
    return load_scheme(folder, "glossary", "plain", Glossary)


def scheme_names(folder: Path, kind: str) -> list[str]:
    """Return the names of the schemes of one kind."""
    return sorted(path.stem for path in (folder / kind).glob("*.yaml"))
