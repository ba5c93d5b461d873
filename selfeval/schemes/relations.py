"""Relations between the numbers of official tables, from ``schemes/checks/relations.yaml``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import chain
from typing import Annotated, Literal, NamedTuple, get_args

from pydantic import BeforeValidator, Field, model_validator

from ..strict import Strict, Text
from ..terms import BLOCKS, PHASES
from .known_names import RelationRule
from .loading import FromSource, Sourced, differ, lacking, require

GROUPS = CLASSES, ECONOMIC, OTHERS = "classes", "economic", "others"
"""Items that stand for a group: all functional classes, all economic classes, or all rows of a
block that bear names of their own."""
Role = Literal["one", "some", "column"]
"""What an address may stand for: one number, one or a group, or all of a column."""


class Address(NamedTuple):
    """Which numbers are meant: of a table, a block, an item (or a group of them), a fund.

    ``phase`` only where a relation holds between numbers of different phases.
    """

    table: str
    block: str
    item: str
    fund: str
    phase: str = ""

    @property
    def written(self) -> str:
        """The address as it is written in a scheme."""
        path = "/".join((self.table, self.block, self.item)).rstrip("/")
        fund, phase = f"@{self.fund}" * bool(self.fund), f"#{self.phase}" * bool(self.phase)
        return f"{path}{fund}{phase}"


def parse_address(text: str) -> Address:
    """Parse "table/block/item@fund#phase"; item, fund and phase may be left out."""
    rest, _, phase = text.partition("#")
    path, _, fund = rest.partition("@")
    table, _, rest = path.partition("/")
    block, _, item = rest.partition("/")
    return Address(table, block, item, fund, phase)


def _address(text: object) -> object:
    return parse_address(text) if isinstance(text, str) else text


At = Annotated[Address, BeforeValidator(_address)]


class Either(Strict):
    """The first group of addends of which anything is filled in."""

    either: Annotated[
        tuple[Annotated[tuple[At | Either, ...], Field(min_length=1)], ...], Field(min_length=1)
    ]


Parts = tuple[At | Either, ...]


class Relation(FromSource):
    """What should hold between numbers, and the rule that tells where it does not."""

    rule: RelationRule


class SumRelation(Relation):
    """``whole`` = the sum of ``parts``.

    Only where the table has the row ``has``, where ``needs`` is not nothing and ``unless`` is.
    ``optional`` where not every place publishes both tables: that one is missing is then no news.
    """

    whole: At
    parts: Annotated[Parts, Field(min_length=1)]
    has: At | None = None
    needs: At | None = None
    unless: At | None = None
    optional: bool = False


class EitherBlock(Strict):
    """The first group of blocks of which anything is filled in, in one row."""

    either: tuple[tuple[str, ...], ...]


class RowTotal(Relation):
    """In each row of a table: one block = the sum of others."""

    table: Text
    whole: Text
    parts: tuple[str | EitherBlock, ...]
    less: tuple[str, ...] = ()
    needs: str = ""

    @property
    def columns(self) -> Iterator[str]:
        """All its columns, as written: "block" or "block@fund"."""
        yield from (self.whole, *self.less, *([self.needs] if self.needs else []))
        for part in self.parts:
            yield from chain(*part.either) if isinstance(part, EitherBlock) else [part]


class Levels(Relation):
    """合计 = Σ类, 类 = Σ款, 款 = Σ项."""


class SameItems(Relation):
    """Each item of two tables is the same."""

    left: At
    right: At
    codes: Literal["classes", "economic"]


class Limit(Relation):
    """Some parts are together at most their whole; ``optional`` as for a total."""

    parts: Parts
    whole: At | Either
    optional: bool = False


class Empty(Relation):
    """A table is empty, and says so, exactly where the fund has no money; ``spent`` is its sum."""

    fund: At
    table: Text
    spent: At


class Source(Strict):
    """Where a budget line's amount may be taken from: a number, or a sum of some.

    In one of the groups of ``same`` all numbers must be equal for it to speak of the line: a
    number of one fund is the unit's own only if the unit has no other.
    """

    at: At | None = None
    sum: tuple[At, ...] = ()
    same: tuple[tuple[At, ...], ...] = ()


def _source(given: object) -> object:
    return {"at": given} if isinstance(given, str) else given


class Relations(Sourced):
    """All relations, and the order in which tables are asked for a budget line.

    ``overviews`` are the blocks of tables that have income by source and spending by function.

    ``sides`` are what the halves of a table are called where both have a row of one name,
    ``phases`` what is called what no budget line has.
    """

    entries = ("totals", "rows", "levels", "items", "limits", "empty")
    sides: dict[str, Text]
    phases: dict[str, Text]
    totals: tuple[SumRelation, ...]
    rows: tuple[RowTotal, ...]
    levels: Levels
    items: tuple[SameItems, ...]
    limits: tuple[Limit, ...]
    empty: tuple[Empty, ...]
    overviews: dict[Literal["revenue", "function"], tuple[At, ...]]
    lines: dict[str, tuple[Annotated[Source, BeforeValidator(_source)], ...]]

    # Loaded once, and held against the layouts once.
    __hash__ = object.__hash__

    @model_validator(mode="after")
    def _lines_known(self) -> Relations:
        require("预算行", self.lines, BLOCKS, "lines：")
        differ([*PHASES, *self.phases], "phases 里，阶段")
        told = chain[Relation](
            self.totals, self.rows, self.items, self.limits, self.empty, [self.levels]
        )
        if fault := lacking({one.rule for one in told}, get_args(RelationRule)):
            raise ValueError(f"各条的 rule 里{fault}")
        for number, total in enumerate(self.totals, 1):
            if total.whole in addresses(total.parts):
                raise ValueError(f"totals 第 {number} 条的 whole 又是它自己的一部分")
            if total in self.totals[: number - 1]:
                raise ValueError(f"totals 第 {number} 条与前面的一条相同")
        return self

    def named(self) -> Iterator[tuple[str, Address, Role]]:
        """Yield every number with where it is named, and what it may stand for there."""
        for number, total in enumerate(self.totals, 1):
            where = f"totals 第 {number} 条（{total.rule}）"
            yield from ((where, at, "one") for at in (total.whole, total.has) if at)
            some = (at for at in (total.needs, total.unless) if at)
            yield from ((where, at, "some") for at in (*addresses(total.parts), *some))
        for number, limit in enumerate(self.limits, 1):
            for at in addresses((limit.whole, *limit.parts)):
                yield f"limits 第 {number} 条（{limit.rule}）", at, "some"
        for number, same in enumerate(self.items, 1):
            yield from ((f"items 第 {number} 条", at, "column") for at in (same.left, same.right))
        for number, empty in enumerate(self.empty, 1):
            yield from ((f"empty 第 {number} 条", at, "one") for at in (empty.fund, empty.spent))
        for name, columns in self.overviews.items():
            yield from ((f"overviews 的 {name}", at, "column") for at in columns)
        for line, sources in self.lines.items():
            for source in sources:
                own = [source.at] if source.at else []
                for at in (*own, *source.sum, *chain(*source.same)):
                    yield f"lines 的 {line}", at, "one"

    @cached_property
    def compared(self) -> frozenset[frozenset[Address]]:
        """The pairs of numbers that a relation says are one quantity."""
        return frozenset(
            frozenset((total.whole, at))
            for total in self.totals
            if len(total.parts) == 1
            for at in _alone(total.parts[0])
        )


def _alone(part: Address | Either) -> Iterator[Address]:
    """Yield the numbers that may stand for a part by themselves."""
    if isinstance(part, Either):
        for group in part.either:
            if len(group) == 1:
                yield from _alone(group[0])
    else:
        yield part


def addresses(parts: Parts) -> Iterator[Address]:
    """Yield every number that parts may mean."""
    for part in parts:
        if isinstance(part, Either):
            for group in part.either:
                yield from addresses(group)
        else:
            yield part
