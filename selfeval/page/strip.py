"""Scores as a strip of dots: one for each unit, above an axis of points."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ..scoring.distribution import ScoreDistribution

_WIDTH, _EDGE, _FOOT, _GAP = 3240, 100, 200, 60
"""Tenths of a pixel on a phone, as all lengths here: whole numbers are printed in one way."""
_HIGHEST: Final = 1600
_SIZES: Final = (80, 60, 40, 26, 16)
_STEPS: Final = (5, 10, 20, 25, 50)
"""Points between two marks of the axis; the first of them is what its ends are multiples of."""
_MOST_MARKS: Final = 6


@dataclass(frozen=True)
class Dot:
    """A unit's dot, and what it tells on hovering."""

    x: int
    y: int
    told: str


@dataclass(frozen=True)
class Strip:
    """A drawn strip: its dots, and the marks of its axis as places and labels."""

    width: int
    height: int
    radius: int
    axis: int
    median: int
    dots: tuple[Dot, ...]
    marks: tuple[tuple[int, str], ...]


def score_strip(scores: ScoreDistribution) -> Strip:
    """Return the strip of scores; its dots are as large as the tallest pile of them allows."""
    step = _STEPS[0]
    low = int(scores.totals[0].points // step) * step
    high = max(-int(-scores.totals[-1].points // step) * step, low + step)

    def place(points: Fraction | int) -> int:
        return _EDGE + int((points - low) * Fraction(_WIDTH - 2 * _EDGE, high - low))

    places = [place(total.points) for total in scores.totals]
    size = next((size for size in _SIZES if _tallest(places, size) * size <= _HIGHEST), _SIZES[-1])
    axis = _tallest(places, size) * size + _GAP
    piles: Counter[int] = Counter()
    dots = []
    for x, total in zip(places, scores.totals, strict=True):
        pile = x // size
        piles[pile] += 1
        y = axis + size // 2 - piles[pile] * size
        dots.append(Dot(pile * size + size // 2, y, f"{total.unit} {total.shown}"))
    wide = next(one for one in _STEPS if (high - low) // one < _MOST_MARKS)
    return Strip(
        _WIDTH,
        axis + _FOOT,
        size * 2 // 5,
        axis,
        place(scores.median),
        tuple(dots),
        tuple((place(mark), str(mark)) for mark in range(low, high + 1, wide)),
    )


def _tallest(places: list[int], size: int) -> int:
    return max(Counter(x // size for x in places).values())
