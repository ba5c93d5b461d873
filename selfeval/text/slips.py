"""Slips of the pen: a number written with one digit wrong, or with two in each other's place."""

from __future__ import annotations

from fractions import Fraction

from ..money import FEN_PER
from .tokens import Written


def digits(number: Written, value: Fraction) -> str:
    """Return the digits of a value, printed with the unit and the decimals of a number."""
    scale = Fraction(FEN_PER[number.unit]) if number.kind == "money" else Fraction(1)
    if number.kind in {"percent", "points"}:
        scale = Fraction(1, 100)
    step = 2 * number.half or scale
    return str(int(abs(value) / step + Fraction(1, 2)))


def is_slip(number: Written, value: Fraction) -> bool:
    """Return whether a number's digits are a value's but for one, or for two changed places."""
    own, right = digits(number, number.value), digits(number, value)
    if len(own) != len(right) or own == right:
        return False
    differ = [at for at in range(len(own)) if own[at] != right[at]]
    return len(differ) == 1 or (len(differ) == 2 and sorted(own) == sorted(right))
