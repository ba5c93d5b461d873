"""Scoring profiles: what each line may earn and by which method, as dated, sourced data.

Profiles of different places contradict each other, so nothing here is a rule of ours: blocks of
points, methods, caps and grades come from YAML, and a profile that contradicts itself is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise, product
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr, model_validator

from ..errors import ParamsError
from ..folding import fold
from ..strict import Exact, Strict, Text
from ..terms import FAMILIES, GRADES
from .checks import Checks, load_checks
from .loading import Sourced, differ, load_scheme, unknown
from .ratios import load_framework
from .readings import ValueWords, load_value_words

KIND = "scoring"
Family = Literal["input", "process", "cost", "output", "outcome", "satisfaction"]
Steps = Literal["whole", "pro_rata"]
_Points = Annotated[Exact, Field(gt=0)]
_ANY = (True, False)


# --- methods -------------------------------------------------------------------------------


class Proportional(Strict):
    """The share of the target that was reached, times the weight; from ``full_from`` on all."""

    method: Literal["proportional"]
    full_from: Annotated[Exact, Field(gt=0, le=1)] = Decimal(1)


class Inverse(Strict):
    """Target ÷ actual, times the weight, where less is better."""

    method: Literal["inverse"]


class Reached(Strict):
    """The whole weight where the target is reached, nothing otherwise."""

    method: Literal["reached"]


class Deduct(Strict):
    """Points off for each step beyond a limit; ``whole`` counts full steps only.

    Sources rarely say what becomes of a part of a step: ``steps_reference`` says who chose, and
    is printed wherever the choice decides. For indicators the value is the share of the target.
    """

    method: Literal["deduct"]
    beyond: Literal["above", "below"]
    limit: Exact
    step: Annotated[Exact, Field(gt=0)]
    points: Annotated[Exact, Field(gt=0)]
    steps: Steps
    steps_reference: Text
    full: Exact | None = None


class Tier(Strict):
    """The points of values up to a limit, itself included, or below one; the last has none."""

    up_to: Exact | None = None
    below: Exact | None = None
    points: Annotated[Exact, Field(ge=0)]

    @property
    def limit(self) -> Decimal | None:
        """The limit, either way."""
        return self.below if self.up_to is None else self.up_to

    def holds(self, value: Fraction) -> bool:
        """Return whether a value is within the limit."""
        if self.up_to is not None:
            return value <= self.up_to
        return self.below is None or value < self.below

    @model_validator(mode="after")
    def _one_limit(self) -> Tier:
        if self.up_to is not None and self.below is not None:
            raise ValueError("分档的上限只写一种：含本数（up_to）或不含（below）")
        return self


class Tiers(Strict):
    """Points by tiers of the value, lowest first."""

    method: Literal["tiers"]
    tiers: Annotated[tuple[Tier, ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _ordered(self) -> Tiers:
        limits = [tier.limit for tier in self.tiers]
        if limits[-1] is not None or None in limits[:-1]:
            raise ValueError("分档的最后一档不设上限，其余各档都要设")
        known = [limit for limit in limits if limit is not None]
        if any(low >= high for low, high in pairwise(known)):
            raise ValueError("分档的上限应由低到高")
        return self


LineRule = Annotated[Deduct | Tiers | Proportional, Field(discriminator="method")]
IndicatorRule = Annotated[Proportional | Inverse | Reached | Deduct, Field(discriminator="method")]


def most_of(rule: Deduct | Tiers | Proportional) -> Decimal | None:
    """Return the most points a rule can give, None where it gives whatever the weight is."""
    if isinstance(rule, Tiers):
        return max(tier.points for tier in rule.tiers)
    return rule.full if isinstance(rule, Deduct) else None


def limits_of(rule: Deduct | Tiers | Proportional, value: Fraction) -> tuple[Fraction, ...]:
    """Return the limits that a rule compares a value with, of steps those next to it."""
    if isinstance(rule, Tiers):
        return tuple(Fraction(tier.limit) for tier in rule.tiers if tier.limit is not None)
    if isinstance(rule, Proportional):
        return (Fraction(rule.full_from),)
    limit, step = Fraction(rule.limit), Fraction(rule.step)
    last = limit + (value - limit) // step * step
    return (limit, last, last + step)


# --- what earns points -----------------------------------------------------------------------


class FixedLine(Strict):
    """One fixed line: a ratio of the tables scored by a rule, or one that has to be judged.

    A judged line is scored by the unit's own indicator of that name. ``absent`` says what a
    ratio earns of which the tables say that it does not apply: nothing was built.
    """

    line: Text
    aspect: Text
    name: Text
    points: _Points
    ratio: str = ""
    rule: LineRule | None = None
    judged: tuple[Text, ...] = ()
    absent: Literal["refuse", "full"] = "refuse"
    reference: Text

    @model_validator(mode="after")
    def _one_way(self) -> FixedLine:
        if bool(self.ratio) == bool(self.judged):
            raise ValueError(f"“{self.name}”应当要么按比率（ratio）计分，要么由人评议（judged）")
        if bool(self.ratio) != (self.rule is not None):
            raise ValueError(f"“{self.name}”按比率计分要有 rule，由人评议的没有")
        most = most_of(self.rule) if self.rule is not None else None
        if most is not None and most != self.points:
            raise ValueError(f"“{self.name}”的分值是 {self.points}，计分规则的满分却是 {most}")
        return self


class Block(Strict):
    """Points that belong together: the execution rate, fixed lines, or the unit's indicators.

    ``takes`` names the families of the unit's indicators that share what the lines leave.
    """

    block: Text
    name: Text
    points: _Points
    execution: bool = False
    takes: tuple[Family, ...] = ()
    lines: tuple[FixedLine, ...] = ()

    @property
    def left(self) -> Decimal:
        """The points left for the unit's own indicators."""
        return self.points - sum((line.points for line in self.lines), Decimal(0))

    @model_validator(mode="after")
    def _adds_up(self) -> Block:
        if self.execution and (self.takes or self.lines):
            raise ValueError(f"“{self.name}”是执行率得分，不能再有别的指标")
        if not (self.execution or self.takes or self.lines):
            raise ValueError(f"“{self.name}”没有任何指标")
        if self.left < 0 or (self.lines and not self.takes and self.left):
            raise ValueError(
                f"“{self.name}”的分值是 {self.points}，各项相加却是 {self.points - self.left}"
            )
        if self.takes and self.left == 0:
            raise ValueError(f"“{self.name}”没有给本单位的指标留下分值")
        return self


class Variant(Strict):
    """The blocks in force where the unit has cost or satisfaction indicators, or has none."""

    cost: bool | None = None
    satisfaction: bool | None = None
    blocks: Annotated[tuple[Block, ...], Field(min_length=1)]
    reference: Text

    def fits(self, families: Collection[str]) -> bool:
        """Return whether it is meant for a unit with indicators of these families."""
        return self._suits("cost" in families, "satisfaction" in families)

    def _suits(self, cost: bool, satisfaction: bool) -> bool:
        return self.cost in (None, cost) and self.satisfaction in (None, satisfaction)

    @property
    def lines(self) -> Iterator[FixedLine]:
        """All fixed lines."""
        return (line for block in self.blocks for line in block.lines)

    def line_named(self, name: str) -> FixedLine | None:
        """Return the fixed line that has to be judged of a name."""
        return next((x for x in self.lines if x.judged and fold(x.name) == fold(name)), None)

    def block_of(self, family: str) -> Block | None:
        """Return the block that takes a family of the unit's indicators."""
        return next((block for block in self.blocks if family in block.takes), None)

    @model_validator(mode="after")
    def _names_once(self) -> Variant:
        for names in (
            [block.block for block in self.blocks],
            [line.line for line in self.lines],
            [family for block in self.blocks for family in block.takes],
        ):
            differ(names)
        if sum(block.execution for block in self.blocks) > 1:
            raise ValueError("执行率得分列了两次")
        return self


# --- how ---------------------------------------------------------------------------------------


class ExecutionRule(Strict):
    """How the execution rate earns its points; spending above the budget earns no more."""

    denominator: Literal["adjusted_budget", "initial_budget"]
    rule: LineRule
    zero_budget: Literal["refuse", "full", "zero"]


class Over(Strict):
    """What becomes of an indicator far above its target: ``from_`` times the target, or more.

    ``applies_to`` says of which indicators: of those that should be at least, or also of those
    that should be equal; one that should be at most is missed when it is above. ``reference``
    says who chose, and is printed where an indicator is spared.
    """

    from_: Annotated[Exact, Field(alias="from", gt=1)]
    policy: Literal["note", "deduct", "by_deviation"]
    points: Annotated[Exact, Field(gt=0)] | None = None
    applies_to: Annotated[tuple[Literal["at_least", "at_most", "equal"], ...], Field(min_length=1)]
    reference: Text

    @model_validator(mode="after")
    def _points_where_deducted(self) -> Over:
        if (self.policy == "deduct") != (self.points is not None):
            raise ValueError("超额完成扣分（deduct）要写扣几分（points），其他的不写")
        if "at_most" in self.applies_to:
            raise ValueError("“≤”的指标超过目标就是没有达到，不是超额完成：applies_to 不写 at_most")
        return self


class NoPoints(Strict):
    """The shares of the target below and above which an indicator earns nothing."""

    below: Annotated[Exact, Field(gt=0, le=1)]
    above: Annotated[Exact, Field(gt=1)]


class Unstated(Strict):
    """How a numeric target without a sign is read, by family."""

    cost: Literal["at_least", "at_most", "equal"]
    other: Literal["at_least", "at_most", "equal"]


class QuantitativeRule(Strict):
    """How a numeric indicator earns its points, by direction."""

    at_least: IndicatorRule
    at_most: IndicatorRule
    equal: IndicatorRule
    unstated: Unstated
    over: Over | None = None
    no_points: NoPoints | None = None

    @model_validator(mode="after")
    def _can_be(self) -> QuantitativeRule:
        for rule in (self.at_least, self.at_most, self.equal):
            if isinstance(rule, Deduct) and (rule.limit != 1 or rule.beyond != "below"):
                raise ValueError(
                    "指标按差距扣分（deduct），差距从 100% 往下算：limit 1，beyond below"
                )
        over = self.over if self.over is not None and self.over.policy != "note" else None
        if over and "equal" in over.applies_to and isinstance(self.equal, Reached):
            raise ValueError("“=”的指标超过目标本来就不得分，超额完成（over）不能再扣")
        return self


class Level(Strict):
    """A level of qualitative attainment: the words that say it, and the shares it may earn.

    ``given`` is the share where the unit gives itself no score within the level.
    """

    names: Annotated[tuple[Text, ...], Field(min_length=1)]
    lowest: Exact
    highest: Exact
    given: Exact


class QualitativeRule(Strict):
    """The levels of qualitative attainment, best first, touching."""

    levels: Annotated[tuple[Level, ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _levels_touch(self) -> QualitativeRule:
        if self.levels[0].highest != 1 or self.levels[-1].lowest != 0:
            raise ValueError("定性分档应从 0 到 1")
        for upper, lower in pairwise(self.levels):
            if upper.lowest != lower.highest:
                raise ValueError("定性分档之间有空当或重叠")
        if any(not level.lowest <= level.given <= level.highest for level in self.levels):
            raise ValueError("定性分档的给分不在档内")
        differ((name for level in self.levels for name in level.names), "定性分档的")
        return self


class Cap(Strict):
    """The most the total may be where the execution rate is below a limit."""

    execution_below: Annotated[Exact, Field(gt=0)]
    total: Annotated[Exact, Field(ge=0)]
    reference: Text


class GradeBand(Strict):
    """A grade and the lowest total score that earns it."""

    grade: Literal["excellent", "good", "fair", "poor"]
    from_: Annotated[int, Field(alias="from")]


class Scoring(Sourced):
    """A scoring profile; profiles of different places contradict each other."""

    name: Text
    total: Annotated[int, Field(gt=0)]
    variants: Annotated[tuple[Variant, ...], Field(min_length=1)]
    execution: ExecutionRule
    quantitative: QuantitativeRule
    qualitative: QualitativeRule
    caps: tuple[Cap, ...] = ()
    grades: Annotated[tuple[GradeBand, ...], Field(min_length=1)]
    grades_reference: Text
    _words: ValueWords = PrivateAttr()
    _checks: Checks = PrivateAttr()

    @cached_property  # of a model, each look at what is private costs as much as reading a number
    def words(self) -> ValueWords:
        """How values are written, whatever the profile."""
        return self._words

    @cached_property
    def checks(self) -> Checks:
        """The scheme of the checks: its word lists say how indicators are read."""
        return self._checks

    @property
    def grade_lines(self) -> str:
        """From which total on each grade is given, best first, and below which."""
        told, above = [], ""
        for band in self.grades:
            least = f"{band.from_}分以上" if band.from_ else ""
            told.append(f"{least}{above}为{GRADES[band.grade]}")
            above = f"不足{band.from_}分"
        return "，".join(told)

    @property
    def sources(self) -> tuple[str, str]:
        """Where the points are from, and where the grades are from."""
        return (
            f"评分办法：{self.name}。{self.told}",
            f"等级：{self.grade_lines}。{self.grades_reference}",
        )

    def variant_for(self, families: Collection[str]) -> Variant:
        """Return the blocks in force for a unit with indicators of these families."""
        return next(variant for variant in self.variants if variant.fits(families))

    def cap_for(self, rate: Fraction) -> Cap | None:
        """Return the lowest cap on the total that an execution rate brings."""
        return next((cap for cap in self.caps if rate < cap.execution_below), None)

    @model_validator(mode="after")
    def _adds_up(self) -> Scoring:
        for variant in self.variants:
            points = sum(block.points for block in variant.blocks)
            if points != self.total:
                raise ValueError(f"分值合计为 {points}，不是 {self.total}")
        for cost, satisfaction in product(_ANY, _ANY):
            found = [variant for variant in self.variants if variant._suits(cost, satisfaction)]
            if len(found) != 1:
                has = {True: "有", False: "没有"}
                which = (
                    f"{has[cost]}{FAMILIES['cost']}、{has[satisfaction]}{FAMILIES['satisfaction']}"
                )
                said = "没有规定分值" if not found else "规定了几套分值"
                raise ValueError(f"{which}的情形{said}")
        return self

    @model_validator(mode="after")
    def _caps_ascend(self) -> Scoring:
        for low, high in pairwise(self.caps):
            if low.execution_below >= high.execution_below or low.total >= high.total:
                raise ValueError("执行率越低，总分的上限应越低，由低到高排列")
        if any(cap.total > self.total for cap in self.caps):
            raise ValueError("总分的上限超过了总分")
        return self

    @model_validator(mode="after")
    def _grades_descend(self) -> Scoring:
        floors = [band.from_ for band in self.grades]
        if floors != sorted(set(floors), reverse=True) or floors[-1] != 0:
            raise ValueError("等级的分数线应由高到低，最后一档为 0")
        if floors[0] > self.total:
            raise ValueError(f"最高一档的分数线 {floors[0]} 超过总分 {self.total}")
        differ((band.grade for band in self.grades), "等级")
        return self


def load_scoring(folder: Path, name: str) -> Scoring:
    """Load a scoring profile by name, ``scoring/<name>.yaml`` of a schemes folder."""
    scoring = load_scheme(folder, KIND, name, Scoring).model_copy()
    known = load_framework(folder).ids
    for line in (line for variant in scoring.variants for line in variant.lines):
        if line.ratio and line.ratio not in known:
            fault = f"“{line.name}”的 ratio：{unknown('比率', line.ratio, known)}。"
            raise ParamsError(f"schemes/{KIND}/{name}.yaml", fault, "请对照 schemes/ratios 改正。")
    scoring._words, scoring._checks = load_value_words(folder), load_checks(folder)
    return scoring
