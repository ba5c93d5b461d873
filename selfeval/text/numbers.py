"""Numbers as printed in a text, and what can be computed from them.

A printed number stands for all that round to it. A rate computed from printed numbers is
therefore a range; a stated rate contradicts them only if it lies outside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Literal

from ..money import FEN_PER
from .tokens import Written

NUMBER = r"(?<![0-9.])(?<![0-9][ ,])[0-9]{1,15}(?:\.[0-9]{1,8})?"
"""A number in a ``Paragraph``, whole: none that digits, a comma or a space cut off from others."""

Judgement = Literal["pass", "rounding", "fail"]
Formula = Callable[..., tuple[Fraction, Fraction]]
"""What returns a numerator and a denominator, each linear in every number it takes."""

_UNITS = "|".join(FEN_PER)
MONEY = rf"{NUMBER}(?:{_UNITS})"
PERCENT = rf"{NUMBER}%"
AMOUNT = re.compile(rf"(?P<number>{NUMBER})(?P<unit>{_UNITS})")
_PERCENT = re.compile(rf"(?P<number>{NUMBER})%")


@dataclass(frozen=True)
class Printed:
    """A number as printed: 分 or a fraction, and half of its last digit."""

    value: Fraction
    half: Fraction = Fraction(0)


@dataclass(frozen=True)
class Computed:
    """What follows from printed numbers: from those as they stand, and the range of it."""

    value: Fraction
    low: Fraction | None
    high: Fraction | None


def money(text: str) -> Printed:
    """Return an amount, such as 1683.71万元, in 分."""
    match = AMOUNT.fullmatch(text)
    assert match
    return printed_amount(match)


def printed_amount(match: re.Match[str], unit: str = "") -> Printed:
    """Return a match of ``AMOUNT`` in 分; with ``unit``, as if that stood behind the number."""
    return _printed(match["number"], Fraction(FEN_PER[unit or match["unit"]]))


def printed_percent(text: str) -> Printed:
    """Return a percentage as a fraction."""
    match = _PERCENT.fullmatch(text)
    assert match
    return _printed(match["number"], Fraction(1, 100))


def _printed(number: str, scale: Fraction) -> Printed:
    digits = len(number.partition(".")[2])
    return Printed(Fraction(number) * scale, scale / (2 * 10**digits))


def computed(formula: Formula, *numbers: Printed) -> Computed | None:
    """Return a quotient of printed numbers, None if its denominator is zero.

    ``formula`` returns numerator and denominator, each linear in every number: the extremes of
    the quotient then stand at the corners.
    """
    numerator, denominator = formula(*(number.value for number in numbers))
    if denominator == 0:
        return None
    if not any(number.half for number in numbers):
        return exactly(numerator / denominator)
    ends = [(number.value - number.half, number.value + number.half) for number in numbers]
    corners = [formula(*corner) for corner in product(*ends)]
    if any(below * denominator <= 0 for _, below in corners):
        return Computed(numerator / denominator, None, None)
    quotients = [above / below for above, below in corners]
    return Computed(numerator / denominator, min(quotients), max(quotients))


def plus(one: Printed, other: Printed) -> Printed:
    """Return a sum; what each was rounded by adds up."""
    return Printed(one.value + other.value, one.half + other.half)


def growth(new: Fraction, old: Fraction) -> tuple[Fraction, Fraction]:
    """(new − old) ÷ old."""
    return new - old, old


def growth_of(sign: int) -> Callable[[Fraction, Fraction], tuple[Fraction, Fraction]]:
    """(new and what it rose or fell by) → the change ÷ what it was before."""
    return lambda new, change: (sign * change, new - sign * change)


def share(part: Fraction, whole: Fraction) -> tuple[Fraction, Fraction]:
    """part ÷ whole."""
    return part, whole


def change(new: Fraction, old: Fraction) -> tuple[Fraction, Fraction]:
    """new − old, as a quotient."""
    return new - old, Fraction(1)


def outcome_of(
    stated: Printed | Written, found: Computed, tolerance: Fraction = Fraction(0)
) -> Judgement:
    """Judge a stated number by what was computed.

    ``pass`` within half of its last digit, or within ``tolerance``; ``rounding`` if the printed
    numbers leave room for it, or its last digits were cut off; else ``fail``.
    """
    room = max(stated.half, tolerance)
    if abs(stated.value - found.value) <= room:
        return "pass"
    if found.low is None or found.high is None:
        return "rounding"
    if found.low != found.high and found.low - room <= stated.value <= found.high + room:
        return "rounding"
    cut = abs(found.value) - abs(stated.value)
    same_sign = stated.value * found.value >= 0
    return "rounding" if same_sign and 0 <= cut < 2 * stated.half else "fail"


def unhedged(number: Written) -> Printed:
    """Return a number of a text without its hedge."""
    return Printed(number.value, number.half)


def exactly(value: Fraction) -> Computed:
    """Return a number of a table as one that nothing was rounded of."""
    return Computed(value, value, value)


def within(value: Fraction, half: Fraction) -> Computed:
    """Return a number that stands for all up to so much above and below it."""
    return Computed(value, value - half, value + half) if half else exactly(value)


def agrees(number: Written, found: Computed, tolerance: Fraction = Fraction(0)) -> Judgement:
    """Judge a number of a text, with its hedge, by what was found."""
    if number.low is None or number.high is None:
        return outcome_of(number, found, tolerance)
    low = found.value if found.low is None else found.low
    high = found.value if found.high is None else found.high
    inside = low <= number.high + number.half and number.low - number.half <= high
    return "pass" if inside else "fail"


def as_written(value: Fraction) -> str:
    """Return a number that was read from decimals, with all of them."""
    return f"{(Decimal(value.numerator) / Decimal(value.denominator)).normalize():f}"


def best(outcomes: Sequence[Judgement]) -> Judgement:
    """Return the mildest outcome: one reading that holds is enough."""
    order: tuple[Judgement, ...] = ("pass", "rounding", "fail")
    return min(outcomes, key=order.index)
