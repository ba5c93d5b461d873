"""How a unit prints that says nothing of rounding: half up."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from selfeval.budget.printer import Printer
from selfeval.indicators import attainment as points
from selfeval.page import sentences

HALF_UP = Printer("half_up")
attainment = partial(points.attainment, printer=HALF_UP)
rule_points = partial(points.rule_points, printer=HALF_UP)
as_plain = partial(sentences.as_plain, printer=HALF_UP)


def plain_texts(texts: Iterable[sentences.Text]) -> str:
    """Return several paragraphs as plain text, one a line."""
    return "\n".join(map(as_plain, texts))
