"""A unit's folder → its evaluation, before anything is checked: all its faults told at once."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from ..budget.lines import budget_lines
from ..budget.neighbours import with_prior_year
from ..budget.overviews import overview_quantities
from ..budget.placeholders import placeholder_errors, table_placeholder_errors
from ..budget.quantities import Quantity, quantities
from ..budget.ratios import ratio_quantities, ratios
from ..errors import SelfEvalError, raise_all
from ..schemes.scoring import limits_of
from ..tables import read_tables
from ..unit import UNIT_FILE, Unit, prior_folders, read_unit
from ..unit.annex_texts import unknown_project_texts
from ..unit.register import unit_folder
from . import CHECKED, SCORED, Evaluation
from .missing import missing_table_faults, names_projects, unfilled_project_faults

_OF_BUDGET = re.compile(r"\.(?:execution|initial)_rate$")


_COMPARED = re.compile(rf"^ratio\.|\.staffing_rate$|{_OF_BUDGET.pattern}")


def compared_rates(case: Evaluation) -> dict[str, Quantity]:
    """Return the rates that are compared with a limit, each with its limits.

    Every rate of execution, posts or the framework is held against 100 %, those of a budget
    against what the thresholds and the profile say of the whole's, others against what the
    profile says of them, a change against nothing. Equal rates have their limits together: they
    are printed in one way.
    """
    scoring, limits = case.unit.scoring, dict[Fraction, set[Fraction]]()
    rules = {f"ratio.{x.ratio}": x.rule for v in scoring.variants for x in v.lines if x.rule}
    steady = {Fraction(case.threshold("low_execution_rate"))}
    steady |= {Fraction(cap.execution_below) for cap in scoring.caps}
    rates = {
        key: (rate, rate.value)
        for key, rate in case.quantities.items()
        if rate.kind == "rate" and rate.value is not None and _COMPARED.search(key)
    }
    for key, (rate, value) in rates.items():
        of_budget = _OF_BUDGET.search(key)
        rule = scoring.execution.rule if of_budget else rules.get(key)
        own = limits.setdefault(value, {Fraction(1)})
        own |= {*rate.limits, *(limits_of(rule, value) if rule else ())}
        own |= steady if of_budget else set()
    return {
        key: replace(rate, limits=tuple(sorted(limits[value])))
        for key, (rate, value) in rates.items()
    }


def load_unit(unit: str | Path, year: int | None = None) -> Evaluation:
    """Load a unit: its settings, its text and its tables. Nothing is checked yet.

    What is returned is of the files as they are now, whenever it is called.

    Parameters
    ----------
    unit : str or Path
        The unit's code, then of the latest year that has it; ``2021/G001``; or its folder.
    year : int, optional
        The year of a code.

    Raises
    ------
    UsageError
        If there is no such unit.
    ParamsError, TableError, InputErrors
        If anything in the folder cannot be read, in words its filer can act on.

    Examples
    --------
    >>> load_unit("S001")
    <示例一：星桥区图书馆 2021年度：读到数额 102 个，项目 6 个，指标 9 项>
    >>> load_unit("S001", year=2021).unit.name
    '示例一：星桥区图书馆'
    """
    folder = unit_folder(unit, year)
    held = _HELD.get(folder.absolute())
    if held is not None and held.files == _files_of(held.evaluation.unit):
        return held.evaluation
    errors: list[SelfEvalError] = []
    return _evaluated(read_unit(folder, errors), errors)


def _remade(unit: Unit) -> Evaluation:
    return _evaluated(unit, [])


def _evaluated(unit: Unit, errors: list[SelfEvalError]) -> Evaluation:
    """Return what the tables of a unit say; their faults are told with those of its folder."""
    tables = with_prior_year(unit, read_tables(unit, errors))
    lines = budget_lines(tables)
    numbers = quantities(lines, tables)
    case = Evaluation(unit, tables, lines, numbers)
    are_named = names_projects(case)
    errors += table_placeholder_errors(unit, tables)
    told = placeholder_errors(unit, numbers, are_named)
    errors += told
    waiting = len(told) < len(placeholder_errors(unit, numbers))
    errors += unfilled_project_faults(case, waiting)
    if errors or waiting:
        errors += missing_table_faults(case, waiting)
    if are_named:
        errors += unknown_project_texts(
            unit.settings.annex,
            [row.project for row in tables.projects],
            f"{unit.code} › {UNIT_FILE}",
        )
    raise_all(errors)
    found = ratios(unit, tables, lines, numbers)
    numbers |= ratio_quantities(found, numbers)
    numbers |= overview_quantities(tables)
    numbers |= compared_rates(Evaluation(unit, tables, lines, numbers))
    found = tuple(replace(one, quantity=numbers[one.quantity.key]) for one in found)
    return Evaluation(unit, tables, lines, numbers, ratio_rows=found, remake=_remade)


Files = frozenset[tuple[str, int, int, int]]


class _HeldUnit(NamedTuple):
    evaluation: Evaluation
    files: Files


_HELD: dict[Path, _HeldUnit] = {}


def hold(
    loaded: Evaluation, checked: Evaluation | None = None, scored: Evaluation | None = None
) -> None:
    """Let ``load_unit`` return this very evaluation, as long as no file of the unit's changes.

    ``check`` of it and ``score`` of that return what is given along. A batch evaluates a unit
    once; the notebooks' processes, forked from its own, inherit it.
    """
    unit = loaded.unit
    _HELD[unit.folder.absolute()] = _HeldUnit(loaded, _files_of(unit))
    if checked is not None:
        loaded.kept[CHECKED], checked.kept[SCORED] = checked, scored


def files_of(*folders: Path) -> Files:
    """Return each file in folders with its size and its last change.

    A program may give a file back the time of an older one; when that was done it cannot hide.
    """
    found = []
    for folder in folders:
        for path, _, names in os.walk(folder):
            for name in names:
                whole = os.path.join(path, name)
                with suppress(OSError):
                    status = os.stat(whole)
                    times = status.st_mtime_ns, status.st_ctime_ns
                    found.append((whole, status.st_size, *times))
    return frozenset(found)


def _files_of(unit: Unit) -> Files:
    """Return the files of a unit's folders, of this year and those before it."""
    return files_of(unit.folder, *prior_folders(unit.folder, unit.year))
