"""Counts in a text: heads, posts, vehicles, areas, how many projects, problems and measures."""

from __future__ import annotations

from ...evaluation import Evaluation
from ...text.statements import Judged, Statement


def judged(case: Evaluation, said: Statement) -> Judged | None:
    """Return what came of a number that counts something, None if it counts nothing known."""
    return None
