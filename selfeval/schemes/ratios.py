"""Frameworks of common indicators: their ratios as data, from ``schemes/ratios/*.yaml``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import BeforeValidator, Field, model_validator

from ..strict import Strict, Text
from ..terms import BLOCKS, PHASES, STAFFING
from .loading import FromSource, Sourced, differ, load_scheme, require
from .relations import At

_TERM = re.compile(r"(?P<sign>[+-]?)(?P<keys>\w+\.\w+(?:\|\w+\.\w+)*)")
_CURRENT: Final = "framework-2013"


PRIORITY: Final = "priority.initial_budget"
"""The initial budgets of the projects the unit marks as priorities, added up."""

CHANGES: Final = "changes.budget_adjustment"
"""What was added and what was cut in the year, added up without their signs."""

NET: Final = "net.budget_adjustment"
"""The adjustment of the whole, what was added less what was cut, with a note where both were."""

LAST_YEAR: Final = "last_year:"
_ALWAYS: Final = frozenset(
    {f"{block}.{phase}" for block in BLOCKS for phase in PHASES}
    | {f"staff.{measure}" for measure in STAFFING}
    | {PRIORITY, CHANGES, NET}
)
"""The numbers there are whatever the framework: of budget lines, of posts, and what is added up."""


class Addend(NamedTuple):
    """A signed number of a numerator or denominator: the first of ``keys`` that is stated."""

    sign: int
    keys: tuple[str, ...]


def _term(text: object) -> object:
    if not isinstance(text, str):
        return text
    match = _TERM.fullmatch(text)
    if not match:
        raise ValueError(f"“{text}”应写成“行.栏”，前面可以有负号")
    return Addend(-1 if match["sign"] == "-" else 1, tuple(match["keys"].split("|")))


Terms = tuple[Annotated[Addend, BeforeValidator(_term)], ...]
RATE: Final = "{rate}"


class CountedOnce(Strict):
    """A number of a ratio that others of it may already hold, and what tells whether they do.

    It is left out where the numbers ``within`` alone are as much as those of ``proof``, which
    ``held`` then says, and stays where it takes it too. Where neither is so, ``unclear`` says what
    the rate would be.
    """

    number: Annotated[Addend, BeforeValidator(_term)]
    within: Annotated[Terms, Field(min_length=1)]
    proof: Annotated[Terms, Field(min_length=1)]
    held: Text
    unclear: Annotated[Text, Field(pattern=re.escape(RATE))]


class OfficialInput(Strict):
    """A number that only official tables have, or none: where, and how to supply it.

    ``phases`` in the order they are looked for; ``last_year:`` before one means the phase of a
    table of the year before.
    """

    key: Annotated[str, Field(pattern=r"^\w+\.\w+$")]
    label: Text
    kind: Literal["money", "count", "area"]
    at: tuple[At, ...] = ()
    phases: tuple[str, ...] = ()
    fill: Text


class Definition(FromSource):
    """How one ratio is computed, or why no table has what it takes."""

    id: Annotated[str, Field(pattern=r"^\w+_(?:rate|share)(?:_\w+)?$")]
    basis: str = ""
    formula: Text
    numerator: Terms = ()
    denominator: Terms = ()
    counted_once: CountedOnce | None = None
    unavailable: str = ""
    note: str = ""

    @property
    def addends(self) -> tuple[Addend, ...]:
        """All numbers it names."""
        once = self.counted_once
        own = (once.number, *once.within, *once.proof) if once else ()
        return (*self.numerator, *self.denominator, *own)

    @model_validator(mode="after")
    def _is_whole(self) -> Definition:
        if bool(self.unavailable) == bool(self.numerator and self.denominator):
            raise ValueError("应写 numerator 和 denominator，或写 unavailable")
        once = self.counted_once
        if once and not {once.number} <= {*self.numerator} & {*self.denominator}:
            raise ValueError("counted_once 的 number 应当在 numerator 和 denominator 里都有")
        return self


class RatioRule(Definition):
    """A ratio of the framework; places that define it differently are its ``variants``."""

    entries = ("variants",)
    name: Text
    aspect: Text
    variants: tuple[Definition, ...] = ()


class Framework(Sourced):
    """A framework of common indicators."""

    entries = ("ratios",)
    inputs: tuple[OfficialInput, ...] = ()
    ratios: Annotated[tuple[RatioRule, ...], Field(min_length=1)]

    # Loaded once, and held against the layouts once.
    __hash__ = object.__hash__

    @property
    def ids(self) -> list[str]:
        """The ids of all ratios, each way to compute one for itself."""
        return [one.id for rule in self.ratios for one in (rule, *rule.variants)]

    @model_validator(mode="after")
    def _numbers_known(self) -> Framework:
        known = _ALWAYS | {wanted.key for wanted in self.inputs}
        for one in (one for rule in self.ratios for one in (rule, *rule.variants)):
            keys = (key for addend in one.addends for key in addend.keys)
            require("数", keys, known, f"“{one.id}”：")
        differ(self.ids)
        differ(wanted.key for wanted in self.inputs)
        return self

    def in_force(self, year: int) -> Iterator[tuple[RatioRule, Definition]]:
        """Yield each ratio and each way to compute it in force at the end of a fiscal year."""
        for rule in self.ratios:
            for definition in (rule, *rule.variants):
                if definition.effective <= dt.date(year, 12, 31):
                    yield rule, definition


def load_framework(folder: Path, name: str = _CURRENT) -> Framework:
    """Load a framework from the folder of schemes by name."""
    return load_scheme(folder, "ratios", name, Framework)
