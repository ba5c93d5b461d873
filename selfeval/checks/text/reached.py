"""What was reached, in a text: indicators, satisfaction, questionnaires, points and grades."""

from __future__ import annotations

from ...evaluation import Evaluation
from ...text.statements import Judged, Statement


def judged(case: Evaluation, said: Statement) -> Judged | None:
    """Return what came of a number that tells a performance, None if it tells none known."""
    return None
