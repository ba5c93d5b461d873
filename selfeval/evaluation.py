"""One unit's evaluation, as it grows: loaded, checked, scored. Frozen at each step."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import pandas as pd

from .budget.lines import budget_lines
from .budget.neighbours import prior_year, prior_year_score, with_prior_year
from .budget.overviews import overview_quantities
from .budget.placeholders import placeholder_errors, table_placeholder_errors
from .budget.quantities import Quantity, quantities
from .budget.ratios import Ratio, ratio_quantities, ratios, ratios_frame
from .checks import (
    Case,
    Finding,
    Scored,
    check_scored,
    check_unit,
    findings_frame,
    is_draft,
)
from .checks.form.presence import missing_table_faults, names_projects, unfilled_project_faults
from .errors import SelfEvalError, raise_all
from .scoring.score import Score, compared_rates, hold_back, score_quantities, score_unit
from .tables import Tables, read_tables
from .tables.handover import handed_over
from .unit import UNIT_FILE, Unit, read_unit
from .unit.form_texts import unknown_project_texts


@dataclass
class Trace:
    """What the page shows so far: numbers in order of first use, and charts not drawn, with why."""

    keys: dict[str, int] = field(default_factory=dict)
    entries: list[Quantity] = field(default_factory=list)
    undrawn: dict[str, str] = field(default_factory=dict)

    def mark(self, quantity: Quantity, known: dict[str, Quantity]) -> int:
        """Return a quantity's number in the trace, entering it and its parts on first use.

        Its parts are known, or were entered before.
        """
        if quantity.key not in self.keys:
            self.entries.append(quantity)
            self.keys[quantity.key] = len(self.entries)
            for key, _ in quantity.parts:
                if key not in self.keys:
                    self.mark(known[key], known)
        number = self.keys[quantity.key]
        if self.entries[number - 1].value != quantity.value:
            raise RuntimeError(f"two numbers are called {quantity.key}")
        return number


@dataclass(frozen=True)
class Evaluation:
    """A unit, its tables, and what was found and scored so far.

    ``tables``, ``lines`` are frames to explore (``evaluation.tables.amounts``), ``ratios`` the
    ratios of the common framework (``ratios_frame`` as a frame); ``findings`` and ``score`` are
    filled by ``check`` and ``score``.
    """

    unit: Unit
    tables: Tables
    lines: pd.DataFrame
    quantities: dict[str, Quantity]
    findings: tuple[Finding, ...] | None = None
    scored: Score | None = None
    ratios: tuple[Ratio, ...] = ()
    trace: Trace = field(default_factory=Trace)
    shown: list[str] = field(default_factory=list)

    @property
    def findings_frame(self) -> pd.DataFrame:
        """The findings as a frame, in Chinese."""
        return findings_frame(self.all_findings, self.unit.code)

    @property
    def ratios_frame(self) -> pd.DataFrame:
        """The common framework's ratios as a frame: numbers, exact rates, or why there are none."""
        return ratios_frame(self.ratios, self.unit.settings.rounding)

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """The findings; an error of the caller if nothing was checked yet."""
        if self.findings is None:
            raise RuntimeError("还没有检查：请先运行 check(evaluation)。")
        return self.findings

    @property
    def final_score(self) -> Score:
        """The score; an error of the caller if nothing was scored yet."""
        if self.scored is None:
            raise RuntimeError("还没有计分：请先运行 score(evaluation)。")
        return self.scored

    @property
    def case(self) -> Case:
        """What the rules look at."""
        return Case(self.unit, self.tables, self.lines, self.quantities)

    @property
    def is_draft(self) -> bool:
        """Whether unresolved severe fails keep the public edition a draft."""
        return is_draft(self.all_findings)

    def __repr__(self) -> str:
        checked = "" if self.findings is None else f"，检查结果 {len(self.findings)} 条"
        return (
            f"<{self.unit.name} {self.unit.year}年度：读到数额 {len(self.tables.amounts)} 个，"
            f"项目 {len(self.tables.projects)} 个，指标 {len(self.tables.indicators)} 项{checked}>"
        )


def load_unit(folder: str | Path) -> Evaluation:
    """Load a unit's folder and its tables.

    Raises
    ------
    ParamsError, TableError, InputErrors
        If anything in the folder cannot be read, in words its filer can act on.
    """
    errors: list[SelfEvalError] = []
    unit = read_unit(folder, errors)
    tables = handed_over(unit) or with_prior_year(unit, read_tables(unit, errors))
    lines = budget_lines(tables)
    numbers = quantities(lines, tables)
    case = Case(unit, tables, lines, numbers)
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
            unit.settings.annex, tables.projects["project"], f"{unit.code} › {UNIT_FILE}"
        )
    raise_all(errors)
    found = ratios(unit, tables, lines, numbers)
    numbers |= ratio_quantities(found, numbers)
    numbers |= overview_quantities(tables)
    numbers |= compared_rates(Case(unit, tables, lines, numbers))
    found = tuple(replace(one, quantity=numbers[one.quantity.key]) for one in found)
    return Evaluation(unit, tables, lines, numbers, ratios=found)


def check(evaluation: Evaluation) -> Evaluation:
    """Run every check; returns a new evaluation with ``findings``."""
    found = check_unit(evaluation.unit, evaluation.tables, evaluation.lines, evaluation.quantities)
    checked = replace(evaluation, findings=found)
    return _with_score_checks(checked, found) if evaluation.scored else checked


def score(evaluation: Evaluation) -> Evaluation:
    """Score by the unit's scheme; returns a new evaluation with ``scored``.

    It is checked first if it was not: points rest on numbers that findings may put in doubt. The
    findings about the score join the others.
    """
    if evaluation.scored:
        return evaluation
    if evaluation.findings is None:
        evaluation = check(evaluation)
    scored = score_unit(evaluation.unit, evaluation.tables, evaluation.lines, evaluation.quantities)
    numbers = evaluation.quantities | score_quantities(evaluation.unit, scored)
    whole = replace(evaluation, scored=scored, quantities=numbers)
    return _with_score_checks(whole, evaluation.all_findings)


def _with_score_checks(evaluation: Evaluation, found: tuple[Finding, ...]) -> Evaluation:
    unit, case = evaluation.unit, evaluation.case
    score = hold_back(case, evaluation.final_score, found)
    remedies = {ratio.quantity.key: ratio.remedy for ratio in evaluation.ratios}
    scored = Scored(score.rows, score.total, lambda: _total_before(unit), remedies, found)
    return replace(evaluation, scored=score, findings=check_scored(case, scored))


def _total_before(unit: Unit) -> Fraction | None:
    """Return last year's total: as recorded, else as its folder scores, None if neither does."""
    recorded = prior_year_score(unit)
    before = prior_year(unit) if recorded is None else None
    if before is None or before.unit is None or before.tables is None:
        return recorded
    lines = budget_lines(before.tables)
    numbers = quantities(lines, before.tables)
    return score_unit(before.unit, before.tables, lines, numbers).total.value
