"""The rows of a unit's tables as they were read: what travels inside the package.

Frames are made of them once, for the analyst (``evaluation.frames``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from ..money import DISPLAY_DECIMALS, FEN_PER, State
from ..sheets import Place

AmountState = State | Literal["unread", "none"]

_LAST_NUMBER = re.compile(r"[0-9０-９](?:[.．](?P<decimals>[0-9０-９]+))?[^0-9０-９]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Number:
    """A number of a table: what its row and its column say it is, and its cell as printed.

    ``table`` is the layout; ``block`` what it is for; ``item_code`` the classification's code,
    ``total``, a fixed row's id or ``project:<name>``, and ``item_name`` the row's name; ``phase``
    is that of the report, ``year`` the fiscal year of an official table, None where it is unknown.
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
class Amount(_Number):
    """An amount of money: ``fen`` in 分, None where its cell is blank, 不适用 or not understood.

    ``amount_unit`` is the printed unit of money, ``half`` half of the last printed digit in 分.
    ``state`` is ``none`` where a table says in words that there was nothing.
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

    def record(self) -> dict[str, object]:
        """Return it as plain data for programs."""
        amount = {"amount_unit": self.amount_unit, "amount": self.fen, "state": self.state}
        return self._record() | amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(_Number):
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
