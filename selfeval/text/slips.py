"""Slips of the pen: one digit wrong, two in each other's place, the point in another place."""

from __future__ import annotations

from fractions import Fraction

from ..money import FEN_PER
from .tokens import Written


def digits_of(number: Written, value: Fraction) -> str:
    """Return the digits of a value, printed with the unit and the decimals of a number."""
    if number.kind == "count" and not number.half and value.denominator == 1:
        return str(abs(value.numerator))
    scale = Fraction(FEN_PER[number.unit]) if number.kind == "money" else Fraction(1)
    if number.kind in {"percent", "points"}:
        scale = Fraction(1, 100)
    step = 2 * number.half or scale
    return str(int(abs(value) / step + Fraction(1, 2)))


def significant(number: Written) -> str:
    """Return the digits of a number without the zeros behind."""
    return digits_of(number, number.value).rstrip("0")


def is_slip(number: Written, value: Fraction, fewest: int = 3) -> bool:
    """Return whether a number is a value but for one digit, two changed places, or the point.

    Of fewer digits than ``fewest`` nothing is said; zeros behind are no digits that agree, as in
    甲20万元, 乙40万元.
    """
    own, right = digits_of(number, number.value), digits_of(number, value)
    if own == right:
        return False
    if _is_shifted(number, value, fewest):
        return True
    if len(own) != len(right):
        return False
    if max(len(own.rstrip("0")), len(right.rstrip("0"))) < fewest:
        return False
    differ = [at for at in range(len(own)) if own[at] != right[at]]
    return len(differ) == 1 or (len(differ) == 2 and sorted(own) == sorted(right))


def _is_shifted(number: Written, value: Fraction, fewest: int) -> bool:
    """Return whether a number is a value with the decimal point in another place."""
    if len(significant(number)) < fewest or not value:
        return False
    times = abs(number.value / value)
    return any(times in {Fraction(ten), Fraction(1, ten)} for ten in (10, 100, 1000))
