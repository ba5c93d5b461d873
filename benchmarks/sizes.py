"""How much is measured: enough by default, more, or as little as shows that all parts work."""

from __future__ import annotations

from dataclasses import dataclass

from .units import KINDS


@dataclass(frozen=True)
class Sizes:
    """Numbers of units, characters, rows, projects and indicators.

    ``repeats`` is how often a round measures what takes a second; ``by_hand`` are the kinds that
    the commands are measured on; ``floor`` is the number of units made by the warm floor.
    """

    rounds: int = 2
    repeats: int = 3
    batches: tuple[int, ...] = (10, 100)
    by_hand: tuple[str, ...] = KINDS
    floor: int = 12
    text: int = 50_000
    rows: tuple[int, ...] = (2_500, 5_000, 10_000, 20_000)
    projects: tuple[int, ...] = (50, 100, 200, 400)
    indicators: tuple[int, ...] = (75, 150, 300, 600)


USUAL = Sizes()
FULL = Sizes(batches=(10, 100, 1_000), floor=30)
TINY = Sizes(
    rounds=1,
    repeats=1,
    batches=(1, 2),
    by_hand=(),
    floor=2,
    text=500,
    rows=(30, 60),
    projects=(1, 2),
    indicators=(1, 2),
)
