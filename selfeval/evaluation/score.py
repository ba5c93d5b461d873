"""A score as later stages look at it: its rows and total, what caps it, which points wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from ..budget.lines import project_line
from ..budget.printer import Limits, Printer
from ..budget.quantities import Quantity
from ..schemes.scoring import Cap
from ..sheets import Place
from ..terms import SCREEN_WORDS
from .finding import Finding

_TOLD = 2


@dataclass(frozen=True)
class Pending:
    """The points of a row of the score, by its number, and the findings that they wait for."""

    row: int
    name: str
    points: Fraction
    weight: Fraction
    findings: tuple[Finding, ...]


Waiting = tuple[str, Fraction, Fraction]
"""The name of what waits, its points and their weight."""


def pending_text(pending: Sequence[Waiting], printer: Printer, is_capped: bool = False) -> str:
    """Say which points of a score wait, by name and points; "" where none do."""
    told = "、".join(
        f"{name}{printer.trimmed(points, beside=[weight])}分"
        for name, points, weight in waiting(pending)
    )
    return f"{of_total(is_capped)}{told}{SCREEN_WORDS['pending']}" if told else ""


def of_total(is_capped: bool) -> str:
    """Return what points are part of: the total itself, or a sum that a cap holds down."""
    return "各项得分中" if is_capped else "其中"


def waiting(pending: Sequence[Waiting]) -> list[Waiting]:
    """Return what is to be told of the points that wait: many as one."""
    if len(pending) <= _TOLD:
        return list(pending)
    points = sum((points for _, points, _ in pending), Fraction(0))
    weight = sum((weight for *_, weight in pending), Fraction(0))
    return [(f"{pending[0][0]}等{len(pending)}项", points, weight)]


def own_limits(own: Decimal, weight: Decimal | Fraction | None) -> tuple[Fraction, ...]:
    """Return what a self-score is compared with: its weight, and nothing if it is below that."""
    return Fraction(weight or 0), *([Fraction(0)] if own < 0 else [])


_Shown = TypeVar("_Shown")
"""A number as a text, or as what is printed as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredRow:
    """One line of a score: what of its weight it earned, and why.

    ``weight`` is in points, ``points`` None where they are not computable; ``rule``, ``remedy`` and
    ``cells`` then say which check tells so, what to do and where. ``share`` is of the target,
    ``is_reached`` says whether that is known to be reached, ``standing`` which share of it a
    number is, ``gap`` by how much it misses it, ``sentence`` explains the line. ``block`` is a
    printed name, ``line`` the id of a fixed line, ``quantity`` the key of the number it is
    computed from, if any. ``is_own`` where an
    indicator of the unit stands behind it, at ``place``; ``has_weight`` is False where the unit
    gave none, and ``weight`` 0; ``typed_weight`` is the unit's own of one that was stretched.
    """

    block: str
    family: str = ""
    aspect: str = ""
    name: str = ""
    target: str = ""
    actual: str = ""
    weight: Fraction
    points: Fraction | None
    share: Fraction | None
    is_reached: bool
    basis: str
    standing: str
    gap: str
    rule: str
    remedy: str
    cells: tuple[Place, ...] = ()
    sentence: str = ""
    self_score: Decimal | None = None
    evidence: str = ""
    place: str = ""
    deviation: str = ""
    line: str = ""
    project: str = ""
    is_own: bool = False
    has_weight: bool = True
    typed_weight: Fraction | None = None
    quantity: str = ""

    @property
    def is_missed(self) -> bool:
        """Whether the target is known not to be reached."""
        return self.share is not None and not self.is_reached


@dataclass(frozen=True)
class Score:
    """A unit's score.

    ``total`` is None unless every line has points and the weights add up; ``missing`` then says
    why, and ``amiss`` in which cells the weights are that do not. ``subtotal`` is the sum before
    ``cap``, which holds where the execution rate is low. ``grade`` follows the total; it is ""
    while points are ``pending``. ``rescaled`` where the unit's weights were stretched to another
    profile's; self-scores stay as typed. ``printer`` prints the unit's numbers. ``before`` is the
    total of the year before, None where there is none to compare with.
    """

    rows: tuple[ScoredRow, ...]
    total: Quantity
    subtotal: Fraction
    grade: str
    printer: Printer
    cap: Cap | None = None
    rescaled: bool = False
    pending: tuple[Pending, ...] = ()
    amiss: tuple[Place, ...] = ()
    before: Fraction | None = None

    @property
    def cap_text(self) -> str:
        """The sum and the cap that holds it down, "" where none does."""
        return capped_text(self.subtotal, self.cap, self.printer, self.total.limits)

    @property
    def pending_text(self) -> str:
        """Which points of the total wait, "" where none do or there is no total."""
        return pending_text(self.pending_points, self.printer, self.cap is not None)

    @property
    def pending_points(self) -> list[Waiting]:
        """The points that wait; none where there is no total."""
        if self.total.value is None:
            return []
        return [(one.name, one.points, one.weight) for one in self.pending]

    @property
    def own(self) -> tuple[ScoredRow, ...]:
        """The rows of the unit's own indicators."""
        return tuple(row for row in self.rows if row.is_own)

    @property
    def without_points(self) -> list[ScoredRow]:
        """The rows that have no points."""
        return [row for row in self.rows if row.points is None]

    @cached_property
    def by_project(self) -> dict[str, list[int]]:
        """The numbers of the rows of each project, by the id of its budget line."""
        found: dict[str, list[int]] = {}
        for number, row in enumerate(self.rows):
            found.setdefault(project_line(row.project), []).append(number)
        return found

    @cached_property
    def pending_rows(self) -> dict[int, Pending]:
        """The points that wait, by the number of their row."""
        return {one.row: one for one in self.pending}

    @property
    def blocks(self) -> dict[str, list[int]]:
        """The numbers of the rows of each block, by its printed name."""
        found: dict[str, list[int]] = {}
        for number, row in enumerate(self.rows):
            found.setdefault(row.block, []).append(number)
        return found


def limit_words(below: _Shown, most: _Shown) -> tuple[str | _Shown, ...]:
    """Say where a cap holds and what it allows, around the two numbers."""
    return (f"{SCREEN_WORDS['execution']}低于", below, "，总分以", most, "为限")


def capped_words(subtotal: _Shown, limit: tuple[str | _Shown, ...]) -> tuple[str | _Shown, ...]:
    """Say what a cap makes of a sum."""
    return ("各项相加得", subtotal, "，", *limit)


def limit_texts(cap: Cap, printer: Printer) -> tuple[str, ...]:
    below = printer.rate(cap.execution_below)
    return limit_words(below, f"{printer.points(cap.total)}分")


def capped_text(subtotal: Fraction, cap: Cap | None, printer: Printer, limits: Limits) -> str:
    """Say what a cap makes of a sum, "" where there is none."""
    if cap is None:
        return ""
    whole = f"{printer.points(subtotal, limits)}分"
    return "".join(capped_words(whole, limit_texts(cap, printer)))
