"""The unit's own text as paragraphs, placeholders filled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

from ..budget.placeholders import PLACEHOLDER, item_names, resolve
from ..budget.quantities import Quantity
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
    key = (paragraphs, stand_in)
    if key not in case.kept:
        case.kept[key] = list(_narrative(case, stand_in))
    cells = (
        paragraph(((row.place, getattr(row, field)),))
        for row in case.tables.measures
        for field in fields
    )
    return [*cast("list[Paragraph]", case.kept[key]), *(cell for cell in cells if cell.text)]


def own_sentences(case: Evaluation) -> Iterator[str]:
    """Yield the sentences of the narrative, folded and with placeholders filled."""
    for own in paragraphs(case, fields=()):
        yield from (own.text[start:end] for start, end in own.sentences)


def _narrative(case: Evaluation, stand_in: str | None) -> Iterator[Paragraph]:
    names = item_names(case.quantities, case.unit.form) if stand_in is None else {}
    for part in case.unit.narrative.all_parts():
        lines = [
            (
                unit_place(case.unit, NARRATIVE_FILE, f"第 {number} 行"),
                filled(case, names, line)[0]
                if stand_in is None
                else PLACEHOLDER.sub(stand_in, line),
            )
            for number, line in enumerate(part.text.splitlines(), part.text_line)
        ]
        own = [one for run in runs(lines) if (one := paragraph(tuple(run))).text]
        whole = "\n".join(one.text for one in own)
        yield from (replace(one, part=whole, heading=fold(part.heading)) for one in own)


@dataclass(frozen=True)
class FilledIn:
    """A placeholder of a line: where it stands once filled, where as typed, what it names."""

    start: int
    end: int
    typed: tuple[int, int]
    quantity: Quantity | None


def filled(case: Evaluation, names: dict[str, str], line: str) -> tuple[str, list[FilledIn]]:
    """Return a line with its placeholders filled as on the page, and where they stand."""
    text, last, placed = "", 0, []
    for match in PLACEHOLDER.finditer(line):
        quantity = resolve(match["item"], match["measure"], names, case.quantities)
        shown = OPAQUE
        if quantity and quantity.value is not None and quantity.kind in {"money", "rate"}:
            shown = case.printer.quantity(quantity)
        text += line[last : match.start()]
        placed.append(FilledIn(len(text), len(text) + len(shown), match.span(), quantity))
        text, last = text + shown, match.end()
    return text + line[last:], placed
