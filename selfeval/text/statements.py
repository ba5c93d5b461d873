"""What a text says, as rows: one number or claim each, what it is of, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from ..sheets import Place
from .paragraphs import Paragraph
from .tokens import Written

Measure = Literal["level", "change", "share", "rate", "sum", "points", "claim", "date", "other"]
_FUNDS_OF_ALL = "fiscal_appropriation"
ECONOMIC = "3"
"""What the codes of the economic classification begin with."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a number is of; what is not said is ``""``."""

    side: str = ""
    fund: str = ""
    block: str = ""
    item: str = ""
    total: str = ""

    def joined(self, other: Subject) -> Subject | None:
        """Return what both say together, None if they say different things."""
        fields: dict[str, str] = {}
        for name in ("side", "fund", "block", "item", "total"):
            one, two = getattr(self, name), getattr(other, name)
            if one and two and one != two:
                if name == "fund" and _FUNDS_OF_ALL in (one, two):
                    fields[name] = two if one == _FUNDS_OF_ALL else one
                    continue
                return None
            fields[name] = one or two
        if fields["item"] and not fields["item"].isdecimal() and fields["side"] == "expenditure":
            fields["side"] = ""
        return Subject(**fields)

    def within(self, whole: Subject) -> Subject:
        """Return it as a part of a whole: what it does not say itself, the whole says."""
        only_fund = self.fund and not self.block and not self.item
        only_block = self.block and not self.item and not self.fund
        is_class = self.item.isdecimal() and self.item.startswith(ECONOMIC)
        of_projects = whole.block if is_class and whole.block == "project" else ""
        keeps_item = whole.item and (only_fund or (only_block and whole.item.isdecimal()))
        return Subject(
            self.side or whole.side,
            self.fund or whole.fund,
            self.block or of_projects,
            whole.item if keeps_item else self.item,
            self.total,
        )


@dataclass(frozen=True, slots=True)
class Base:
    """What something is compared with: a year, a phase, another subject, an amount told beside."""

    year: int | None = None
    phases: tuple[str, ...] = ()
    subjects: tuple[Subject, ...] = ()
    amount: Statement | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One number or claim of a text and what it says.

    ``opens`` is where the words begin that say what it is; ``subjects`` are what it is of, their
    sum if several; ``near`` all that its sentence names before it. ``whole`` is what a share is
    of, where it is named; ``of`` the statement of the whole it is told to be a part of. ``now``
    are the levels told before, nearest first, ``after`` the change in money that a rate of change
    was told behind. ``is_named`` is whether its own sentence names what it is of, by more than 收入
    or 支出. ``verb`` is the role of the word that says which way. ``doubt`` says why
    nobody can be sure, "" where it is sure.
    """

    paragraph: Paragraph
    opens: int
    start: int
    end: int
    number: Written | None
    measure: Measure
    subjects: tuple[Subject, ...] = ()
    near: tuple[Subject, ...] = ()
    label: str = ""
    phases: tuple[str, ...] = ()
    year: int | None = None
    direction: int | None = None
    base: Base | None = None
    whole: Subject | None = None
    of: Statement | None = field(default=None, repr=False)
    now: tuple[Statement, ...] = field(default=(), repr=False)
    after: Statement | None = field(default=None, repr=False)
    doubt: str = ""
    unsigned: bool = False
    is_named: bool = False
    verb: str = ""

    @property
    def quote(self) -> str:
        """The number or claim as it was typed."""
        return self.paragraph.quote(self.start, self.end)

    @property
    def told(self) -> str:
        """The same with the words that say what it is."""
        return self.paragraph.quote(self.opens, self.end)


Outcome = Literal["pass", "rounding", "fail", "unchecked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What came of one statement: the outcome, the rule, what should stand there and why.

    ``shown`` names what it was compared with, ``expected`` the number that follows from it,
    ``places`` where that stands; ``item`` what it is of, as the tables name it; ``why`` says why
    nothing was compared; ``key`` is the quantity it equals, for a placeholder. ``rights`` are the
    numbers it would be, one for each way to read it.
    """

    said: Statement
    outcome: Outcome
    code: str = ""
    shown: str = ""
    expected: str = ""
    places: tuple[Place, ...] = ()
    item: str = ""
    why: str = ""
    key: str = ""
    rights: tuple[Fraction, ...] = ()


def left_open(said: Statement, why: str) -> Judged:
    """Return a statement as not compared."""
    return Judged(said=said, outcome="unchecked", why=why)


def held_against(
    said: Statement,
    outcome: Outcome,
    code: str,
    shown: str,
    places: tuple[Place, ...] = (),
    item: str = "",
) -> Judged:
    """Return a statement judged by what stands elsewhere, shown as what should stand here."""
    return Judged(
        said=said,
        outcome=outcome,
        code=code,
        shown=shown,
        expected=shown,
        places=places,
        item=item,
    )
