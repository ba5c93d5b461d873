"""What was reached of the same indicators in the two years before, from the unit's own folders."""

from __future__ import annotations

from collections.abc import Mapping

from ..budget.neighbours import prior_year
from ..folding import fold
from ..indicators.readings import with_unit
from ..tables.rows import Indicator
from . import Evaluation

Past = tuple[tuple[int, str], ...]
"""Fiscal years, the latest first, each with what was reached."""

_YEARS = 2


def indicator_key(name: str, project: str) -> tuple[str, str]:
    """Return what tells one indicator from another, in whatever way it is written."""
    return fold(name), fold(project)


def past_actuals(case: Evaluation) -> Mapping[tuple[str, str], Past]:
    """Return what indicators reached in the years before, by ``indicator_key``.

    A year whose folder is not there, or cannot be read, and all before it are left out: SAME-02
    says why last year's is not used.
    """
    found: dict[tuple[str, str], Past] = {}
    unit = case.unit
    for _ in range(_YEARS):
        before = prior_year(unit)
        if before is None or before.unit is None or before.tables is None:
            break
        unit = before.unit
        for row in before.tables.indicators:
            if row.actual_value:
                key = indicator_key(row.indicator_name, row.project)
                found[key] = (*found.get(key, ()), (unit.year, _reached(case, row)))
    return found


def _reached(case: Evaluation, row: Indicator) -> str:
    return with_unit(row.actual_value, row.measure_unit, case.unit.scoring.words)
