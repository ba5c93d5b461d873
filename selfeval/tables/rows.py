"""The rows of a unit's tables as they were read: what travels inside the package.

Frames are made of them once, for the analyst (``evaluation.frames``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final, Literal

from ..money import DISPLAY_DECIMALS, FEN_PER, State
from ..schemes.relations import Address
from ..sheets import Place
from .official_table import OfficialTable

AmountState = State | Literal["unread", "none"]
ValueField = Literal["target_value", "actual_value"]
StaffField = Literal["authorised_posts", "staff_in_post"]
STAFF_FIELDS: Final[tuple[StaffField, ...]] = ("authorised_posts", "staff_in_post")

_LAST_NUMBER = re.compile(r"[0-9０-９](?:[.．](?P<decimals>[0-9０-９]+))?[^0-9０-９]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _NumberRead:
    """A number of a table: what its row and its column say it is, and its cell as printed.

    ``table`` is the layout; ``block`` what it is for; ``item_code`` the classification's code,
    ``total``, a fixed row's id or ``project:<name>``, and ``item_name`` the row's name; ``phase``
    is that of the report, ``year`` the fiscal year of an official table, None where it is unknown,
    ``official`` the official table that it is of, None for a number of the unit's own form.
    """

    table: str
    block: str
    item_code: str
    item_name: str
    fund: str
    phase: str
    place: Place
    raw: str
    year: int | None = None
    official: OfficialTable | None = field(default=None, compare=False, repr=False)

    def _record(self) -> dict[str, object]:
        return {
            "table": self.table,
            "block": self.block,
            "item_code": self.item_code,
            "item_name": self.item_name,
            "fund": self.fund,
            "phase": self.phase,
            **self.place.record(),
            "raw": self.raw,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount(_NumberRead):
    """An amount of money: ``fen`` in 分, None where its cell is blank, 不适用 or not understood.

    ``amount_unit`` is the printed unit of money, ``half`` half of the last printed digit in 分.
    ``state`` is ``none`` where a table says in words that there was nothing, ``unread`` of a cell
    that was not understood, where its row and column are known.
    """

    fen: int | None
    state: AmountState
    amount_unit: str
    half: Fraction = field(init=False, compare=False)

    def __post_init__(self) -> None:
        half = Fraction(0) if self.fen is None else half_digit(self.raw, self.amount_unit)
        object.__setattr__(self, "half", half)

    @property
    def has_number(self) -> bool:
        """Whether there is a number that was understood."""
        return self.fen is not None

    @property
    def filled(self) -> bool:
        """Whether anything is filled in, also 0 and 不适用."""
        return self.state != "blank"

    @property
    def lost(self) -> bool:
        """Whether there is a number that was not understood."""
        return self.state == "unread"

    @property
    def has_code(self) -> bool:
        """Whether its row has a code of its own; in summaries a class is known by its name."""
        return self.item_code.isdecimal() and not self.layout.endswith("_summary")

    @property
    def is_apart(self) -> bool:
        """Whether its table says not what it is of, so that it is compared with no other."""
        return not self.phase

    @property
    def at(self) -> Address:
        """Which number this is."""
        return Address(self.table, self.block, self.item_code, self.fund)

    @property
    def layout(self) -> str:
        """The layout of its table, also where that is its sheet's alone."""
        return self.table.partition("@")[0]

    def record(self) -> dict[str, object]:
        """Return it as plain data for programs."""
        amount = {"amount_unit": self.amount_unit, "amount": self.fen, "state": self.state}
        return self._record() | amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(_NumberRead):
    """A number that is no money: ``value`` as ``kind`` says, None for a dash.

    A rate is a fraction (1 for 100 %), an area in ㎡, a count in persons or pieces.
    """

    kind: str
    value: Decimal | None

    @property
    def state(self) -> State:
        """What the cell holds: a number, zero, or a dash."""
        return "dash" if self.value is None else "value" if self.value else "zero"

    @property
    def has_number(self) -> bool:
        """Whether there is a number that was understood."""
        return self.value is not None

    def record(self) -> dict[str, object]:
        """Return it as plain data for programs."""
        value = None if self.value is None else str(self.value)
        return self._record() | {"kind": self.kind, "value": value, "state": self.state}


def half_digit(raw: str, amount_unit: str) -> Fraction:
    """Return half of the last printed digit in 分; nothing where it is printed to the 分."""
    number = _LAST_NUMBER.search(raw)  # a label may stand in the same cell
    return _half_digit(len((number["decimals"] or "") if number else ""), amount_unit)


@lru_cache(maxsize=64)
def _half_digit(decimals: int, unit: str) -> Fraction:
    if unit == "元" and decimals:
        return Fraction(0)
    if unit != "元":  # 45 in 万元 may have been 45.00: a workbook keeps no trailing zeros
        decimals = max(decimals, DISPLAY_DECIMALS)
    scale = Fraction(FEN_PER[unit], 10**decimals)
    return scale / 2 if scale > 1 else Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row; ``cells`` are its fields, as far as is known where they stand, and their addresses."""

    file: str
    sheet: str
    cells: tuple[tuple[str, str], ...]

    @property
    def place(self) -> Place:
        """Where the row stands."""
        return Place(self.file, self.sheet)

    def texts(self) -> Iterator[str]:
        """Yield the words of the row, and the names of its file and sheet."""
        values = (getattr(self, own.name) for own in fields(self))
        yield from (value for value in values if isinstance(value, str))

    def place_of(self, name: str) -> Place:
        """Return where the cell of a field stands; the row's place where that is not known."""
        address = self.address(name)
        return Place(self.file, self.sheet, address) if address else self.place

    def address(self, name: str) -> str:
        """Return the address of the cell of a field, "" where that is not known."""
        return next((address for own, address in self.cells if own == name), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class _NumberedRow(Row):
    """A row that is known by its number, counted from 1."""

    row: int

    @property
    def place(self) -> Place:
        """The row by its number."""
        return Place(self.file, self.sheet, f"第 {self.row} 行")


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator(_NumberedRow):
    """A performance indicator (绩效指标): its target and what was reached, as printed.

    ``weight`` and ``self_score`` are points, None where blank. ``last_actual`` and
    ``earlier_actual`` are what was reached one year and two years before. ``fiscal_year`` is the
    year a time without one is of. What is behind it only official forms have: ``table`` is the
    layout, ``part`` the heading of the set of columns (中期目标, 年度目标), "" where there is one
    alone, ``official`` the form.
    """

    indicator_family: str
    indicator_aspect: str
    indicator_name: str
    comparison: str
    target_value: str
    measure_unit: str
    actual_value: str
    weight: Decimal | None
    self_score: Decimal | None
    deviation_cause: str
    evidence: str
    project: str
    last_actual: str = ""
    earlier_actual: str = ""
    fiscal_year: int | None = None
    table: str = ""
    part: str = ""
    adjusted_target: str = ""
    coefficient: str = ""
    is_core: str = ""
    official: OfficialTable | None = field(default=None, compare=False, repr=False)

    def value(self, name: ValueField) -> str:
        """Return the target or the actual value."""
        return self.target_value if name == "target_value" else self.actual_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Material(Row):
    """A material (佐证材料) of the ledger that backs an indicator, and the state of its file.

    ``evidence_file`` is the path within the unit's evidence folder, "" for material on paper;
    ``date`` is ISO, as exact as it was written (2021, 2021-12 or 2021-12-31); ``sample_size`` and
    ``recovered`` count questionnaires; ``sha256`` is as the sheet has it. ``state`` is a key of
    ``EVIDENCE_STATES``, ``size`` in bytes, ``expected_sha256`` the sheet's or else the recorded
    hash, ``found_sha256`` that of the file as it is now; "" or None where there is none.
    """

    indicator_name: str
    material: str
    evidence_file: str
    page: str
    date: str
    holder: str
    sample_size: int | None
    recovered: int | None
    sha256: str
    note: str
    state: str = "paper"
    size: int | None = None
    expected_sha256: str = ""
    found_sha256: str = ""

    @property
    def place(self) -> Place:
        """The cell of its file."""
        return Place(self.file, self.sheet, self.address("evidence_file"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingProject(Row):
    """A project (项目) of project spending.

    ``parent`` is "" for a project of the first rank; ``priority`` yes, no, or "" where the unit
    does not say (``PRIORITIES``); ``use`` is what its money is for, in the unit's words.
    """

    project: str
    parent: str
    note: str
    priority: str
    use: str

    @property
    def place(self) -> Place:
        """The cell of its name."""
        return Place(self.file, self.sheet, self.address("item"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff(Row):
    """A kind of staff (人员类别), or the printed total of all kinds.

    ``authorised_posts`` and ``staff_in_post`` are persons, None where there is no number; their
    states are keys of ``STATES``.
    """

    kind: str
    is_total: bool
    authorised_posts: int | None
    staff_in_post: int | None
    authorised_posts_state: str
    staff_in_post_state: str
    note: str

    def count(self, name: StaffField) -> int | None:
        """Return the persons of a column."""
        return self.authorised_posts if name == "authorised_posts" else self.staff_in_post

    def state(self, name: StaffField) -> str:
        """Return the state of a column's cell."""
        posts = name == "authorised_posts"
        return self.authorised_posts_state if posts else self.staff_in_post_state


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(_NumberedRow):
    """A problem (问题), its cause, the measure (改进措施) against it, who takes it and by when."""

    problem: str
    cause: str
    measure: str
    owner: str
    due: str
    project: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Row):
    """What the money of a fixed row is for, and its explanation, as the unit wrote them.

    ``table`` is the table of the form, ``block`` a key of ``BLOCKS``.
    """

    table: str
    block: str
    use: str
    note: str
