"""Relations between the numbers of official tables, from ``schemes/checks/relations.yaml``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator

from .schemes import Sourced, load_scheme
from .strict import Strict, Text


class Address(NamedTuple):
    """Which numbers are meant: of a table, a block, an item (or a group of them), a fund.

    ``phase`` only where a relation holds between numbers of different phases.
    """

    table: str
    block: str
    item: str
    fund: str
    phase: str = ""


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

    either: tuple[tuple[At | Either, ...], ...]


Parts = tuple[At | Either, ...]


class Total(Strict):
    """``whole`` = the sum of ``parts`` less ``less``.

    Only where ``needs`` is filled and ``unless`` is not; ``nonzero`` where a whole of nothing
    says nothing about its parts.
    """

    rule: Text
    whole: At
    parts: Parts
    less: Parts = ()
    needs: At | None = None
    unless: At | None = None
    nonzero: bool = False


class EitherBlock(Strict):
    """The first group of blocks of which anything is filled in, in one row."""

    either: tuple[tuple[str, ...], ...]


class RowTotal(Strict):
    """In each row of a table: one block = the sum of others."""

    rule: Text
    table: Text
    whole: Text
    parts: tuple[str | EitherBlock, ...]
    less: tuple[str, ...] = ()
    needs: str = ""


class Levels(Strict):
    """合计 = Σ类, 类 = Σ款, 款 = Σ项."""

    rule: Text


class SameItems(Strict):
    """Each item of two tables is the same."""

    rule: Text
    left: At
    right: At
    codes: Text


class Limit(Strict):
    """Some parts are together at most their whole."""

    rule: Text
    parts: Parts
    whole: At


class Empty(Strict):
    """A table is empty, and says so, exactly where the fund has no money."""

    rule: Text
    fund: At
    table: Text


class Source(Strict):
    """Where a budget line's amount may be taken from: a number, or a sum of some.

    ``same`` are two numbers that must be equal for it to speak of the line: a sum within one
    fund is the unit's own only if the unit has no other.
    """

    at: At | None = None
    sum: tuple[At, ...] = ()
    same: tuple[At, ...] = ()


def _source(given: object) -> object:
    return {"at": given} if isinstance(given, str) else given


class Relations(Sourced):
    """All relations, and the order in which tables are asked for a budget line."""

    totals: tuple[Total, ...]
    rows: tuple[RowTotal, ...]
    levels: Levels
    items: tuple[SameItems, ...]
    limits: tuple[Limit, ...]
    empty: tuple[Empty, ...]
    lines: dict[str, tuple[Annotated[Source, BeforeValidator(_source)], ...]]

    def rules(self) -> Iterator[str]:
        """Yield the rule of each relation."""
        yield self.levels.rule
        for group in (self.totals, self.rows, self.items, self.limits, self.empty):
            yield from (relation.rule for relation in group)


def load_relations(folder: Path) -> Relations:
    """Load the relations of a schemes folder."""
    return load_scheme(folder, "checks", "relations", Relations)
