"""From a total to its parts: the cells a check compared it with, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import cast

from markupsafe import Markup

from ..budget.lines import source_of
from ..budget.quantities import Quantity, difference
from ..checks.official.labels import labels_of
from ..evaluation import Evaluation
from ..evaluation.finding import Finding, TotalAndParts
from ..sheets import Place
from ..tables.rows import Amount
from ..terms import PHASES, SAID_OUTCOMES
from .html import exact_html
from .macros import macros
from .trace import formula_of, signs_of


def parts_html(evaluation: Evaluation, lines: Sequence[str], phases: Sequence[str]) -> Markup:
    """Return, folded, each cell that the totals of lines were compared with; nothing without one.

    Where a total was compared more than once, its worst comparison stands.
    """
    found = list(_findings(evaluation, lines, phases))
    if not found:
        return Markup()
    came = {finding.outcome for finding, _ in found}
    told = "、".join(word for outcome, word in SAID_OUTCOMES.items() if outcome in came)
    groups = [_group(evaluation, finding, compared) for finding, compared in found]
    return Markup(macros("tables").parts(told, groups))


def _findings(
    evaluation: Evaluation, lines: Sequence[str], phases: Sequence[str]
) -> Iterator[tuple[Finding, TotalAndParts]]:
    worst: dict[Place, tuple[Finding, TotalAndParts]] = {}
    ranks = list(SAID_OUTCOMES)
    judged = [f for f in evaluation.found or () if f.compared and f.outcome in ranks]
    for finding in sorted(judged, key=lambda one: ranks.index(one.outcome)):
        for compared in filter(_is_of_parts, finding.compared):
            worst.setdefault(compared.whole.place, (finding, compared))
    for line in lines:
        for phase in phases:
            whole = evaluation.read(line, phase)
            if whole is not None and whole.place in worst:
                yield worst[whole.place]


def _is_of_parts(compared: TotalAndParts) -> bool:
    """Return whether parts were added, not a budget and its adjustment, nor another's total."""
    whole, parts = compared.whole, [part for part, _ in compared.parts]
    is_same = len(parts) == 1 and parts[0].table != whole.table
    return not is_same and all(part.phase == whole.phase for part in parts)


def _group(evaluation: Evaluation, finding: Finding, compared: TotalAndParts) -> dict[str, object]:
    whole = compared.whole
    total = _quantity(evaluation, whole)
    parts = [(part, sign) for part, sign in compared.parts if part.fen is not None]
    addends = [(_quantity(evaluation, part), sign) for part, sign in parts]
    added = _sum(total, addends)
    gap = None
    if added.value != total.value:
        high, low = sorted((total, added), key=lambda one: -(one.value or 0))
        gap = difference(f"{added.key}.gap", f"{total.label}与分项之和相差", high, low)
    return {
        "name": total.label,
        "number": exact_html(evaluation, total),
        "place": whole.place,
        "parts": [
            {
                "name": _name(evaluation, part),
                "sign": sign,
                "number": exact_html(evaluation, quantity),
                "place": _beside(part.place, whole.place),
            }
            for (part, sign), (quantity, _) in zip(parts, addends, strict=True)
        ],
        "added": exact_html(evaluation, added),
        "gap": exact_html(evaluation, gap) if gap else "",
        "outcome": finding.outcome,
        "word": SAID_OUTCOMES[finding.outcome],
    }


def _quantity(evaluation: Evaluation, amount: Amount) -> Quantity:
    """Return an amount as a number of the page: that of a budget line, where it is one."""
    if key := _keys(evaluation).get(amount.place):
        return evaluation.quantities[key]
    assert amount.fen is not None
    source = source_of(evaluation.tables, amount)
    label, value = _full_name(evaluation, amount), Fraction(amount.fen)
    return Quantity(f"cell:{amount.place}", label, "money", value, source=source)


def _keys(evaluation: Evaluation) -> dict[Place, str]:
    """Return which number each cell of a budget line is."""
    if _keys not in evaluation.kept:
        found: dict[Place, str] = {}
        for line in evaluation.budget_lines:
            for phase in PHASES:
                if read := evaluation.read(line, phase):
                    found.setdefault(read.place, f"{line}.{phase}")
        evaluation.kept[_keys] = found
    return cast(dict[Place, str], evaluation.kept[_keys])


def _sum(total: Quantity, addends: Sequence[tuple[Quantity, int]]) -> Quantity:
    added = Quantity(
        f"{total.key}.added",
        f"{total.label}分项之和",
        "money",
        sum((sign * (one.value or Fraction(0)) for one, sign in addends), Fraction(0)),
        parts=tuple((one.key, sign) for one, sign in addends),
    )
    return replace(added, formula=formula_of(signs_of(added), (one.label for one, _ in addends)))


def _name(evaluation: Evaluation, part: Amount) -> str:
    """Return what a part is called beside its total: its line, or what its own table calls it."""
    key = _keys(evaluation).get(part.place)
    return evaluation.name(key.rpartition(".")[0]) if key else _full_name(evaluation, part)


def _full_name(evaluation: Evaluation, amount: Amount) -> str:
    relations = evaluation.tables.relations
    return labels_of(evaluation, relations).full(amount) if relations else amount.item_name


def _beside(place: Place, other: Place) -> str:
    """Return a place, without its file and sheet where another is in them too."""
    if place.file != other.file:
        return str(place)
    return place.cell if place.sheet == other.sheet else f"{place.sheet} › {place.cell}"
