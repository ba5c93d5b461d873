"""The unit's own text as paragraphs, placeholders filled."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..budget.placeholders import PLACEHOLDER, item_names, resolve
from ..evaluation import Evaluation
from ..evaluation.finding import unit_place
from ..folding import fold
from ..text.paragraphs import OPAQUE, Paragraph, paragraph, runs
from ..unit import NARRATIVE_FILE


def paragraphs(
    case: Evaluation, fields: Sequence[str] = ("problem", "cause"), stand_in: str | None = None
) -> list[Paragraph]:
    """Return the paragraphs of the narrative, then the cells of the problems.

    Placeholders are filled as on the page, unless something is to stand in for them.
    """
    found: list[Paragraph] = []
    names = item_names(case.quantities, case.unit.form) if stand_in is None else {}
    for part in case.unit.narrative.all_parts():
        lines = [
            (
                unit_place(case.unit, NARRATIVE_FILE, f"第 {number} 行"),
                _filled(case, names, line) if stand_in is None else PLACEHOLDER.sub(stand_in, line),
            )
            for number, line in enumerate(part.text.splitlines(), part.text_line)
        ]
        own = [one for run in runs(lines) if (one := paragraph(tuple(run))).text]
        whole = "\n".join(one.text for one in own)
        found += [replace(one, part=whole, heading=fold(part.heading)) for one in own]
    for row in case.tables.measures:
        cells = [paragraph(((row.place, getattr(row, field)),)) for field in fields]
        found += [cell for cell in cells if cell.text]
    return found


def _filled(case: Evaluation, names: dict[str, str], line: str) -> str:
    def fill(match: re.Match[str]) -> str:
        quantity = resolve(match["item"], match["measure"], names, case.quantities)
        if quantity is None or quantity.value is None:
            return OPAQUE
        return case.printer.quantity(quantity) if quantity.kind in {"money", "rate"} else OPAQUE

    return PLACEHOLDER.sub(fill, line)
