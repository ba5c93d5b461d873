"""How the values of indicators are written: units, words and slips, from ``schemes/readings``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from ..strict import Exact, Strict, Text
from .loading import Sourced, load_scheme, require


class Approximate(Strict):
    """Words before and after a number that make it no exact one."""

    before: tuple[Text, ...]
    after: tuple[Text, ...]


class Units(Strict):
    """Units of one quantity, and how many of the smallest each of them is."""

    of: Text
    names: dict[str, Exact]


class Slip(Strict):
    """How many times too large or small a number of a quantity may have been written."""

    of: str
    times: Annotated[int, Field(gt=1)]
    band: tuple[Exact, Exact]


class ValueWords(Sourced):
    """How values are written: words that make a number inexact, units, words that take back."""

    approximate: Approximate
    not_in_units: tuple[Text, ...]
    unit_brackets: tuple[Text, ...]
    per_year: tuple[Text, ...]
    scales: dict[str, int]
    units: tuple[Units, ...]
    alike: dict[str, Text]
    no_unit: tuple[Text, ...]
    within: tuple[Text, ...]
    by_then: tuple[Text, ...]
    months: tuple[Text, ...]
    date_before: tuple[Text, ...]
    date_after: tuple[Text, ...]
    date_events: dict[str, tuple[Text, ...]]
    date_begins: Text
    date_planned: tuple[Text, ...]
    date_names: tuple[Text, ...]
    counters: tuple[Text, ...]
    differences: tuple[Text, ...]
    doing: tuple[Text, ...]
    task: tuple[Text, ...]
    task_after: tuple[Text, ...]
    changes: dict[str, tuple[Text, ...]]
    falls: Text
    since: tuple[Text, ...]
    nothing: tuple[Text, ...]
    slips: tuple[Slip, ...]
    level_before: tuple[Text, ...]
    level_tails: tuple[Text, ...]
    level_effects: tuple[Text, ...]
    taken_back: tuple[Text, ...]
    denied: tuple[Text, ...]
    not_done: tuple[Text, ...]
    not_alone: tuple[Text, ...]
    shares: tuple[Text, ...]
    echo_before: tuple[Text, ...]
    no_target: tuple[Text, ...]
    choices: dict[str, str]

    @model_validator(mode="after")
    def _names_known(self) -> ValueWords:
        quantities = {"", *(units.of for units in self.units)}
        require("度量", (slip.of for slip in self.slips), quantities)
        require("增减", (self.falls,), self.changes)
        require("事件", (self.date_begins,), self.date_events)
        return self

    # Loaded once: what is made of the words is kept beside them.
    __hash__ = object.__hash__


def load_value_words(folder: Path) -> ValueWords:
    """Load the words by which values are read."""
    return load_scheme(folder, "readings", "values", ValueWords)
