"""Rows of the form: where each stands, what it is of; which block an indicator shares."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from ..budget.lines import project_line
from ..folding import fold
from ..indicators.directions import family_of, is_level
from ..schemes.scoring import Block, Cap, Variant
from ..sheets import Place
from ..tables.rows import Indicator, Material, Note, SpendingProject
from . import Evaluation

EXECUTION_RATES: Final = {
    "adjusted_budget": "total.execution_rate",
    "initial_budget": "total.initial_rate",
}
"""The rate of the whole by the budget that a profile divides by."""


def own_row(case: Evaluation, line: str) -> SpendingProject | Note | None:
    """Return a budget line's own row of the form, None where it has none."""
    for project in case.tables.projects:
        if project_line(project.project) == line:
            return project
    return next((row for row in case.tables.notes if row.block == line), None)


def cap_in_force(case: Evaluation) -> Cap | None:
    """Return the profile's cap on the total that the unit's execution rate brings."""
    scoring = case.unit.scoring
    rate = case.quantities[EXECUTION_RATES[scoring.execution.denominator]].value
    return None if rate is None else scoring.cap_for(rate)


def variant_in_force(case: Evaluation) -> Variant:
    """Return the profile's blocks for the families of indicators that the unit has."""
    return case.unit.scoring.variant_for({family_of(row) for row in case.tables.indicators})


def shared_blocks(case: Evaluation) -> list[tuple[Block, list[Indicator]]]:
    """Return the profile's blocks that indicators share, each with those that share it."""
    variant = variant_in_force(case)
    free = _free_rows(case, variant)
    return [
        (block, [row for row in free if family_of(row) in block.takes])
        for block in variant.blocks
        if block.takes
    ]


def homeless(case: Evaluation) -> list[Indicator]:
    """Return the indicators that the profile has no points for."""
    variant = variant_in_force(case)
    return [r for r in _free_rows(case, variant) if variant.block_of(family_of(r)) is None]


def _free_rows(case: Evaluation, variant: Variant) -> list[Indicator]:
    """Return the indicators that are none of the profile's fixed lines."""
    rows = case.tables.indicators
    return [row for row in rows if variant.line_named(row.indicator_name) is None]


def shared_weight(rows: Sequence[Indicator]) -> Decimal:
    """Return the sum of the weights that are there."""
    return sum((row.weight for row in rows if row.weight is not None), Decimal(0))


def weight_places(rows: Sequence[Indicator]) -> tuple[Place, ...]:
    """Return the cells of weights."""
    return tuple(row.place_of("weight") for row in rows)


def is_satisfaction(case: Evaluation, row: Indicator) -> bool:
    """Return whether an indicator is about how satisfied somebody is."""
    names = tuple(map(fold, case.words("satisfaction_names")))
    return family_of(row) == "satisfaction" or fold(row.indicator_name).endswith(names)


def ledger_rows(case: Evaluation, indicator: str) -> list[Material]:
    """Return an indicator's rows in the ledger of evidence."""
    return case.ledger.get(fold(indicator), [])


def is_of_quantity(case: Evaluation, row: Indicator) -> bool:
    """Return whether an indicator is listed as one of quantity."""
    return is_level(row.indicator_aspect, case.words("quantity_aspects"))


def is_of_timeliness(case: Evaluation, row: Indicator) -> bool:
    """Return whether an indicator is listed as one of timeliness."""
    return is_level(row.indicator_aspect, case.words("timeliness_aspects"))
