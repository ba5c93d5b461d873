"""Slips of the pen: a digit, two in each other's place, the point in another place, the unit."""

from __future__ import annotations

from fractions import Fraction

from ..money import FEN_PER
from .tokens import Written

_SHIFTS, _TEN_THOUSAND, _ROUGHLY = {10, 100, 1000}, 10**4, 4


def digits_of(number: Written, value: Fraction) -> str:
    """Return the digits of a value, printed with the unit and the decimals of a number."""
    if number.kind == "count" and not number.half and value.denominator == 1:
        return str(abs(value.numerator))
    step, per = 2 * number.half.numerator, number.half.denominator
    if not step:
        step = FEN_PER[number.unit] if number.kind == "money" else 1
        per = 100 if number.kind in {"percent", "points"} else 1
    # In whole numbers, for it is asked very often: the value in steps, to the nearest.
    above, below = 2 * abs(value.numerator) * per, value.denominator * step
    return str((above + below) // (2 * below))


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
    if len(significant(number)) > 1 and _is_shifted(number, value):
        return True
    longest = max(len(own.rstrip("0")), len(right.rstrip("0")))
    if len(own) != len(right) or longest < min(fewest, 2):
        return False
    differ = [at for at in range(len(own)) if own[at] != right[at]]
    # By chance two digits change places far less often than one differs.
    return (len(differ) == 2 and sorted(own) == sorted(right)) or (
        len(differ) == 1 and longest >= fewest
    )


def _is_shifted(number: Written, value: Fraction) -> bool:
    """Return whether a number is a value with the decimal point in another place."""
    times = abs(number.value / value) if value else Fraction(0)
    ends = times.numerator, times.denominator
    is_of_unit = number.kind == "count" and max(ends) == _TEN_THOUSAND
    return min(ends) == 1 and (max(ends) in _SHIFTS or is_of_unit)


def in_other_unit(number: Written, value: Fraction) -> bool:
    """Return whether an amount is a value but for its unit: 105.5元 for 105.50万元."""
    own = FEN_PER.get(number.unit)
    if own is None or not number.value:
        return False
    # Roughly first, for it is asked very often.
    times = own * abs(float(value) / float(number.value))
    return any(
        abs(number.value * per - abs(value) * own) <= number.half * per
        for per in FEN_PER.values()
        if per != own and per < _ROUGHLY * times < _ROUGHLY**2 * per
    )
