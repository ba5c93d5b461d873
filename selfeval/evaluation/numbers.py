"""Numbers of the frames for people: exact, printed as our pages print them, each with its source.

The source travels with the number itself: it stays beside it in whatever is filtered, sorted or
joined, and what is computed from it has none.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Any, Self

import pandas as pd

from ..budget.printer import Printer
from ..budget.quantities import Quantity
from ..money import DISPLAY_UNIT, FEN_PER, format_exact


def _typed(number: object) -> object:
    """Return a float as the decimal that was typed: 0.8, not the binary number beside it."""
    return (
        Decimal(float.__repr__(number))
        if isinstance(number, float) and isfinite(number)
        else (number)
    )


def _comparing(name: str, kind: type[Decimal | Fraction]) -> Callable[[Any, Any], Any]:
    compare = getattr(operator, name)
    own = getattr(kind, f"__{name}__")

    def compared(self: Any, other: object) -> Any:
        other = _typed(other)
        if isinstance(other, Decimal) and kind is Fraction and other.is_finite():
            return compare(Fraction(self), Fraction(other))
        return own(self, other)

    return compared


def _reckoning(name: str) -> Callable[[Any, Any], Any]:
    own = getattr(Fraction, f"__{name}__")

    def reckoned(self: Any, other: object) -> Any:
        return own(self, Fraction(other) if isinstance(other, Decimal) else other)

    return reckoned


class _Traced:
    """What a number of a frame has besides its value; it is never changed, and needs no copy."""

    source: str
    key: str

    def __repr__(self) -> str:
        return str(self)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self


class ShownDecimal(_Traced, Decimal):
    """An exact number that a table has: an amount in 万元, points, or a count.

    ``source`` is where it was read, or how it was derived; ``key`` whose
    quantity it is and which, ``2021/S001 total.executed``, if any.
    """

    def __new__(cls, value: Decimal | str | int, source: str = "", key: str = "") -> Self:
        made = super().__new__(cls, value)
        made.source, made.key = source, key
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.source, self.key)

    __hash__ = Decimal.__hash__
    __eq__, __ne__ = _comparing("eq", Decimal), _comparing("ne", Decimal)
    __lt__, __le__ = _comparing("lt", Decimal), _comparing("le", Decimal)
    __gt__, __ge__ = _comparing("gt", Decimal), _comparing("ge", Decimal)


class ShownFraction(_Traced, Fraction):
    """An exact quotient, which may have no end of decimals: a rate or points, and how it prints.

    ``text`` is what pages print, 97.35%; the number compares as the fraction, 0.9735….
    """

    text: str

    def __new__(cls, value: Fraction, text: str, source: str = "", key: str = "") -> Self:
        made = super().__new__(cls, value)
        made.text, made.source, made.key = text, source, key
        return made

    def __str__(self) -> str:
        return self.text

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (Fraction(self), self.text, self.source, self.key)

    __hash__ = Fraction.__hash__
    __eq__, __ne__ = _comparing("eq", Fraction), _comparing("ne", Fraction)
    __lt__, __le__ = _comparing("lt", Fraction), _comparing("le", Fraction)
    __gt__, __ge__ = _comparing("gt", Fraction), _comparing("ge", Fraction)
    # A weight is a decimal, what it earns a quotient: the one may be taken from the other.
    __add__, __radd__ = _reckoning("add"), _reckoning("radd")
    __sub__, __rsub__ = _reckoning("sub"), _reckoning("rsub")
    __mul__, __rmul__ = _reckoning("mul"), _reckoning("rmul")
    __truediv__, __rtruediv__ = _reckoning("truediv"), _reckoning("rtruediv")


ShownNumber = ShownDecimal | ShownFraction


def exact_money(fen: int) -> str:
    """Return 分 in 万元 to the last 分, with at least two decimals: 4301600 → "4.3016"."""
    scale = len(str(FEN_PER[DISPLAY_UNIT])) - 1
    return format_exact(Decimal(fen).scaleb(-scale), 2)


def shown_amount(fen: int | None, source: str = "", key: str = "") -> object:
    """Return an amount for people, NA where it is unknown."""
    return pd.NA if fen is None else ShownDecimal(exact_money(fen), source, key)


def shown_decimal(value: Decimal | None, source: str = "") -> object:
    """Return a number as a table has it, NA where there is none."""
    return pd.NA if value is None else ShownDecimal(format_exact(value), source)


def shown_quantity(quantity: Quantity | None, printer: Printer, unit: str) -> object:
    """Return a quantity of a unit for people by its kind, NA where there is no number."""
    if quantity is None or quantity.value is None:
        return pd.NA
    value, key = quantity.value, f"{unit} {quantity.key}"
    source = quantity.source or (f"＝{quantity.formula}" if quantity.formula else "")
    match quantity.kind:
        case "money":
            return shown_amount(int(value), source, key)
        case "count":
            return ShownDecimal(int(value), source, key)
        case "points":
            return ShownFraction(value, printer.points(value, quantity.limits), source, key)
        case _:
            return ShownFraction(value, printer.quantity(quantity), source, key)
