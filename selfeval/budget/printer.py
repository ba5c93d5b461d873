"""Exact numbers → their digits on pages, forms and in findings: each is rounded once, here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from ..money import DISPLAY_DECIMALS, DISPLAY_UNIT, FEN_PER, Rounding, exact_yuan
from ..terms import NOT_APPLICABLE, NOT_COMPUTABLE, NOT_SUPPLIED, STATES

if TYPE_CHECKING:
    from .quantities import Quantity

Exact = Fraction | Decimal | int
Limits = Iterable[Exact]

_EXACT_DECIMALS = 6
_MOST_DECIMALS = 30
"""More than two amounts' quotient needs to be told from any limit."""


@dataclass(frozen=True)
class Printer:
    """How one unit's numbers are printed: ties as its rule of rounding says.

    Beside the limits that it was compared with, a number has as many decimals more as it takes to
    stand on its own side of each: 89.996 below 90 is never printed as 90.00.
    """

    rounding: Rounding

    def decimal(self, value: Exact, decimals: int, beside: Limits = ()) -> str:
        """Return a number with so many decimals, or more beside limits."""
        exact = _exact(value)
        decimals = self._decimals_beside(exact, decimals, [_exact(one) for one in beside])
        scaled = self._scaled(exact, decimals)
        sign = "-" if scaled < 0 else ""
        digits = str(abs(scaled)).rjust(decimals + 1, "0")
        return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else sign + digits

    def points(self, points: Exact, beside: Limits = ()) -> str:
        """Return points, without 分."""
        return self.decimal(points, 2, beside)

    def weight(self, weight: Exact) -> str:
        """Return full marks: with two decimals, or as many as it takes to be these points."""
        return self.points(weight, [weight])

    def trimmed(self, value: Exact, decimals: int = 2, beside: Limits = ()) -> str:
        """Return a number without the zeros at its end: 7.5 of 7.50."""
        return self.decimal(value, decimals, beside).rstrip("0").rstrip(".")

    def money(self, fen: Fraction | int, beside: Limits = ()) -> str:
        """Return 分 in the unit that is shown: 1683710000 → "1683.71万元"."""
        per = FEN_PER[DISPLAY_UNIT]
        limits = [Fraction(limit) / per for limit in beside]
        return f"{self.decimal(Fraction(fen) / per, DISPLAY_DECIMALS, limits)}{DISPLAY_UNIT}"

    def rate(self, rate: Exact, beside: Limits = ()) -> str:
        """Return a fraction as a percentage, beside fractions: 1.2952 → "129.52%"."""
        limits = [Fraction(limit) * 100 for limit in beside]
        return f"{self.decimal(Fraction(rate) * 100, 2, limits)}%"

    def percent(self, share: Exact, beside: Limits = ()) -> str:
        """Return a fraction as a percentage, without the zeros at its end."""
        limits = [Fraction(limit) * 100 for limit in beside]
        return f"{self.trimmed(Fraction(share) * 100, beside=limits)}%"

    def quantity(self, quantity: Quantity, absolute: bool = False) -> str:
        """Return a quantity by its kind: 万元, %, 分, ㎡, its own unit or its grade.

        ``absolute`` drops the minus where a word says it.
        """
        value, beside = quantity.value, quantity.limits
        if value is None and not quantity.applies:
            return STATES["none"] if quantity.is_none else NOT_APPLICABLE
        if value is None:
            return NOT_COMPUTABLE if quantity.formula else NOT_SUPPLIED
        value = abs(value) if absolute else value
        match quantity.kind:
            case "money":
                return self.money(value, beside)
            case "rate":
                return self.rate(value, beside)
            case "count":
                return f"{int(value)}{quantity.measure_unit}"
            case "area":
                return f"{self.decimal(value, 2)}㎡"
            case "grade":
                return next(grade for least, grade in quantity.bands if value >= least)
            case "points":
                return f"{self.points(value, beside)}分"

    def exact(self, quantity: Quantity) -> str:
        """Return a quantity's exact value: 元 with 角分, or the quotient as it stands."""
        value = quantity.value
        if value is None:
            return quantity.missing
        match quantity.kind:
            case "money":
                return exact_yuan(int(value))
            case "count":
                return f"{int(value)}{quantity.measure_unit}"
            case "area":
                return f"{self.trimmed(value, _EXACT_DECIMALS)}㎡"
            case "points" | "grade":
                return f"{self.trimmed(value, _EXACT_DECIMALS)}分"
            case "rate":
                return f"{self.trimmed(value * 100, _EXACT_DECIMALS)}%"

    def _decimals_beside(self, value: Fraction, decimals: int, limits: list[Fraction]) -> int:
        sides = [_side(value.numerator, value.denominator, limit) for limit in limits]
        for more in range(decimals, _MOST_DECIMALS + 1 if limits else decimals):
            steps, scale = self._scaled(value, more), 10**more
            if sides == [_side(steps, scale, limit) for limit in limits]:
                return more
        # Only where a number equals a limit that no decimals can print.
        return decimals

    def _scaled(self, value: Fraction, decimals: int) -> int:
        """Return a number rounded, in steps of its last decimal.

        ``half_up`` is 四舍五入, away from zero for negatives too, as Excel's ROUND; ``half_even``
        is the rule of GB/T 8170-2008.
        """
        scale: int = 10**decimals
        steps, rest = divmod(abs(value.numerator) * scale, value.denominator)
        on_the_tie = 2 * rest == value.denominator
        goes_up = self.rounding == "half_up" or steps % 2 == 1
        if 2 * rest > value.denominator or (on_the_tie and goes_up):
            steps += 1
        return -steps if value < 0 else steps


def _exact(value: Exact) -> Fraction:
    return value if isinstance(value, Fraction) else Fraction(value)


def _side(numerator: int, denominator: int, limit: Fraction) -> int:
    """Return on which side of a limit a fraction is; as integers, without another fraction."""
    left, right = numerator * limit.denominator, limit.numerator * denominator
    return (left > right) - (left < right)
