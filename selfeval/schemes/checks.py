"""What is said of the checks: rules, thresholds, words and what is personal, each with its date."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, field_validator, model_validator

from ..errors import ParamsError
from ..strict import Exact, IsoDate, Strict, Text
from .known_names import (
    FormTable,
    PatternsName,
    PersonalRule,
    RuleCode,
    ThresholdName,
    WordsName,
)
from .loading import FromSource, Sourced, lacking, load_scheme, require, strange_braces


def _is_rule(code: str) -> str:
    require("规则编号", [code], get_args(RuleCode))
    return code


Code = Annotated[str, AfterValidator(_is_rule)]
"""A rule that is named in a scheme."""


Brief = Annotated[Text, Field(max_length=18)]
"""What has to stand on one line beside a unit's name."""


class RuleText(FromSource):
    """What is said of one rule: its title, where it comes from, how much it weighs."""

    title: Text
    problem: Brief
    """What is wrong where it does not hold, as a list of units says it."""
    unknown: Brief | None = None
    """The same where it could not be computed; by default that it could not be checked."""
    asks: Text
    severity: Literal["error", "warning", "info"]
    action: Literal["correct", "explain", "supply"]
    when_unknown: Literal["error", "warning", "info"] | None = None
    needs: tuple[FormTable, ...] = ()
    """Tables of the form: where one is not there at all, that is told instead."""
    unsettles: bool = False
    """Whether points computed from what its severe findings name wait until they are resolved."""
    wants_document: bool = False
    """Whether only a reason that names a document resolves its findings."""
    explainable: bool = True
    """Whether a reason in unit.yaml can resolve its findings."""

    def brief(self, outcome: str) -> str:
        """Return what a list of units says of its findings of an outcome."""
        if outcome == "not_computable":
            return self.unknown or f"无法核对：{self.title}"
        return self.problem


class Answer(Strict):
    """Where the unit answers the findings of a rule, where its first place is not it.

    ``column`` is one of the form, in the row that a finding is of; ``write`` what to write there,
    in a few words, ``{expected}`` what would be right.
    """

    column: str = ""
    write: str = ""


class Dated(FromSource):
    """A threshold and the value it has from a date on."""

    description: Text
    values: Annotated[dict[IsoDate, Exact], Field(min_length=1)]


class WordList(FromSource):
    """Words a check looks for, why these, and from when on."""

    description: Text
    words: tuple[str, ...]

    def in_force(self, year: int) -> tuple[str, ...]:
        """Return the words in force at the end of a fiscal year."""
        return self.words if self.effective <= dt.date(year, 12, 31) else ()


class Patterns(WordList):
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

    rule: PersonalRule
    expression: re.Pattern[str]
    is_number: bool = True
    groups: tuple[str, ...] = ()
    check: Literal["none", "identity", "luhn"] = "none"
    near: tuple[str, ...] = ()
    office: bool = False
    keep: tuple[int, int]


class Checks(Sourced):
    """All rules with severities, thresholds, words, ways of writing, and what is personal."""

    entries = ("rules", "thresholds", "words", "forms", "personal")
    rules: dict[Code, RuleText]
    thresholds: dict[ThresholdName, Dated]
    words: dict[WordsName, WordList]
    forms: dict[PatternsName, Patterns]
    personal: Annotated[tuple[Personal, ...], Field(min_length=1)]
    without_form: tuple[Code, ...] = ()
    """What only the form and the text can give; one finding where there are public tables alone."""
    draft_marks: dict[Code, Text] = Field(default_factory=dict)
    """What a page's draft mark says of a rule; ``{item}`` is what its findings are of."""
    answers: dict[Code, Answer] = Field(default_factory=dict)
    """How the unit answers the findings of a rule, where its action does not tell it."""

    # Loaded once: what is made of the words is kept beside them.
    __hash__ = object.__hash__

    @model_validator(mode="after")
    def _complete(self) -> Checks:
        for key, given, wanted in (
            ("rules", self.rules, RuleCode),
            ("thresholds", self.thresholds, ThresholdName),
            ("words", self.words, WordsName),
            ("forms", self.forms, PatternsName),
            ("personal", {kind.rule for kind in self.personal}, PersonalRule),
        ):
            if fault := lacking(given, get_args(wanted)):
                raise ValueError(f"{key} 里{fault}")
        for code, mark in self.draft_marks.items():
            for fault in strange_braces(mark, ("item",)):
                raise ValueError(f"draft_marks 的 {code}：{fault}")
        for code, answer in self.answers.items():
            for fault in strange_braces(answer.write, ("expected",)):
                raise ValueError(f"answers 的 {code}：{fault}")
        return self

    def threshold(self, name: ThresholdName, year: int) -> Decimal:
        """Return a threshold's value in force at the end of a fiscal year."""
        values = self.thresholds[name].values
        dates = [date for date in values if date <= dt.date(year, 12, 31)]
        if not dates:
            raise ParamsError(
                "schemes/checks", f"{year} 年没有“{name}”的阈值。", "请在方案里补上该年度的值。"
            )
        return values[max(dates)]

    def listed(self, name: WordsName, year: int = dt.MAXYEAR) -> tuple[str, ...]:
        """Return a word list in force at the end of a fiscal year, empty before its date."""
        return self.words[name].in_force(year)


def load_checks(folder: Path) -> Checks:
    """Load the rules of the checks."""
    return load_scheme(folder, "checks", "rules", Checks)
