"""The criteria by which reviewers go through a self-evaluation: dated, sourced data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from ..strict import Exact, Strict, Text
from .checks import Code
from .known_names import DEGREES
from .loading import FromSource, Sourced, load_scheme, require

Fact = Literal["far_beyond", "qualitative_quantity", "partly_in_time", "qualitative_outcome"]
"""What is seen of an indicator's row itself, where no rule looks for it."""


class Sign(Strict):
    """By what a criterion is seen to apply, and the share of the weight it then costs.

    ``degree`` where only findings of that degree count; ``only`` where only indicators of that
    family do. ``least`` and ``most`` differ where it is for the reviewer to judge.
    """

    rule: Code | None = None
    fact: Fact | None = None
    degree: str = ""
    only: Literal["satisfaction"] | None = None
    least: Annotated[Exact, Field(ge=0, le=1)]
    most: Annotated[Exact, Field(ge=0, le=1)]

    @model_validator(mode="after")
    def _one_sign(self) -> Sign:
        if bool(self.rule) == bool(self.fact):
            raise ValueError("rule 和 fact 应当有且只有一个")
        if self.degree:
            require(f"{self.rule} 的程度", [self.degree], DEGREES.get(self.rule or "", ()))
        if self.least > self.most:
            raise ValueError("least 不应大于 most")
        return self


class Criterion(FromSource):
    """One criterion of the reviewers, what it does, and how it is seen."""

    number: Annotated[int, Field(ge=1)]
    title: Text
    effect: Literal["deducts", "notes", "spares", "unseen"]
    found_by: tuple[Sign, ...] = ()
    stacks: bool = False
    spares: int = 0
    remedy: str = ""
    why: str = ""

    @model_validator(mode="after")
    def _says_how(self) -> Criterion:
        if (self.effect == "unseen") != (not self.found_by):
            raise ValueError(f"第 {self.number} 条应写明由什么看出来，看不出的写 unseen")
        if self.effect == "unseen" and not self.why:
            raise ValueError(f"第 {self.number} 条应写明为什么看不出来")
        if (self.effect == "spares") != bool(self.spares):
            raise ValueError(f"第 {self.number} 条应写明免去第几条的扣分")
        return self


class Criteria(Sourced):
    """The criteria of one reviewing body."""

    entries = ("criteria",)
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _numbered(self) -> Criteria:
        numbers = [criterion.number for criterion in self.criteria]
        if numbers != list(range(1, len(numbers) + 1)):
            raise ValueError("各条应从 1 起依次编号")
        for criterion in self.criteria:
            if criterion.spares and criterion.spares not in numbers:
                raise ValueError(f"第 {criterion.number} 条的 spares：没有第 {criterion.spares} 条")
        return self


CRITERIA = "criteria-14"


def load_criteria(folder: Path, name: str = CRITERIA) -> Criteria:
    """Load the criteria of a reviewing body."""
    return load_scheme(folder, "review", name, Criteria)
