"""What was reached of the same indicators in the two years before: the unit's own folders, or
columns of the form."""

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

    A folder says it before the form does. A year whose folder is not there, or cannot be read, and
    all before it are left to the form: SAME-02 says why last year's is not used.
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
                reached = _with_unit(case, row, row.actual_value)
                found[key] = (*found.get(key, ()), (unit.year, reached))
    for row in case.tables.indicators:
        key = indicator_key(row.indicator_name, row.project)
        told = dict(found.get(key, ()))
        for back, value in enumerate((row.last_actual, row.earlier_actual), 1):
            if value:
                told.setdefault(case.unit.year - back, _with_unit(case, row, value))
        if told:
            found[key] = tuple(sorted(told.items(), reverse=True))
    return found


def _with_unit(case: Evaluation, row: Indicator, value: str) -> str:
    return with_unit(value, row.measure_unit, case.unit.scoring.words)
