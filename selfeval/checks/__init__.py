"""Frames → findings. Every rule reconciles; none mends a number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from ..budget.quantities import Quantity
from ..folding import fold
from ..tables import Tables
from ..terms import OUTCOMES, SEVERITIES
from ..unit import UNIT_FILE, Explanation, Unit
from . import (
    amounts,
    characters,
    codes,
    completion,
    evidence,
    execution,
    fitting,
    grounds,
    identities,
    indicators,
    lint,
    naming,
    performance,
    presence,
    privacy,
    rates,
    reading,
    reconcile,
    repeats,
    sanity,
    shares,
    spelling,
    staffing,
    texts,
    unscored,
    wording,
)
from .finding import Case, Finding, places_text, unit_place
from .reasons import short_of, weigh
from .sanity import Scored
from .unscored import withholding

__all__ = [
    "Case",
    "Finding",
    "Scored",
    "check_scored",
    "check_unit",
    "findings_frame",
    "is_draft",
    "places_text",
]

Rule = Callable[[Case], Iterator[Finding]]

RULES: Final[dict[str, Rule]] = {
    "PRIV-01": privacy.personal("PRIV-01"),
    "PRIV-02": privacy.personal("PRIV-02"),
    "PRIV-03": privacy.personal("PRIV-03"),
    "PRIV-04": privacy.personal("PRIV-04"),
    "SUM-01": identities.check_basic_total,
    "SUM-02": identities.check_project_total,
    "SUM-03": identities.check_project_parts,
    "SUM-04": identities.check_grand_total,
    "SUM-05": identities.check_three_public_expenses,
    "SUM-06": identities.check_adjustment,
    "I1": reconcile.identity("I1"),
    "I2": reconcile.identity("I2"),
    "I3": reconcile.identity("I3"),
    "I4": reconcile.identity("I4"),
    "I5": reconcile.identity("I5"),
    "I6": reconcile.identity("I6"),
    "I7": reconcile.identity("I7"),
    "I8": reconcile.identity("I8"),
    "I9": reconcile.identity("I9"),
    "I10": reconcile.identity("I10"),
    "I11": reconcile.identity("I11"),
    "I12": reconcile.identity("I12"),
    "I13": reconcile.identity("I13"),
    "I14": reconcile.identity("I14"),
    "I15": performance.check_projects_with_objectives,
    "I16": reconcile.identity("I16"),
    "I17": performance.check_adjusted_budgets,
    "I18": reconcile.identity("I18"),
    "I19": performance.check_base_data,
    "I20": performance.check_printed_weights,
    "I21": performance.check_printed_scores,
    "I22": performance.check_rates_in_order,
    "SAME-01": reading.check_same_quantity,
    "SAME-02": reading.check_last_year,
    "CODE-01": reading.check_codes,
    "CODE-02": reading.check_code_names,
    "FILE-01": presence.check_files_used,
    "FILE-02": presence.check_tables_present,
    "READ-01": reading.check_all_recognised,
    "READ-02": reading.check_all_read,
    "READ-03": reading.check_hidden,
    "READ-04": reading.check_years,
    "READ-05": reading.check_corrections,
    "READ-07": reading.check_years_known,
    "READ-08": reading.check_owners,
    "READ-09": reading.check_years_agree,
    "READ-10": reading.check_budget_words,
    "READ-11": reading.check_unnamed,
    "STAFF-01": staffing.check_staff_total,
    "STAFF-02": staffing.check_authorised_posts,
    "STAFF-03": staffing.check_outside_establishment,
    "EXEC-01": execution.check_overspending,
    "EXEC-02": execution.check_execution_rate,
    "EXEC-03": execution.check_copied_adjustment,
    "EXEC-04": execution.check_above_adjusted,
    "EXEC-05": execution.check_low_execution,
    "EXEC-06": execution.check_adjustment_reason,
    "MISS-01": presence.check_three_public_supplied,
    "MISS-02": presence.check_procurement_supplied,
    "MISS-03": presence.check_carryover_supplied,
    "MISS-04": presence.check_prior_year_supplied,
    "MISS-05": presence.check_other_budgets_stated,
    "MISS-06": presence.check_indicators_supplied,
    "MISS-07": presence.check_signature,
    "MISS-08": presence.check_form,
    "PAIR-01": texts.check_problems_have_measures,
    "PAIR-02": texts.check_measures_have_owners,
    "TEXT-01": texts.check_slow_but_overspent,
    "TEXT-02": texts.check_amount_units,
    "TEXT-03": amounts.check_literal_amounts,
    "TEXT-04": texts.check_claims_have_evidence,
    "TEXT-05": texts.check_template_residue,
    "TEXT-06": texts.check_personnel_cost_in_projects,
    "TEXT-07": wording.check_budget_wording,
    "TEXT-08": rates.check_changes,
    "TEXT-09": completion.check_completion,
    "TEXT-10": shares.check_shares,
    "TEXT-11": repeats.check_repeated_amounts,
    "TEXT-12": amounts.check_amounts_in_yuan,
    "TEXT-13": codes.check_codes_in_text,
    "TEXT-14": naming.check_unit_name,
    "TEXT-15": spelling.check_doubled_words,
    "TEXT-16": spelling.check_years,
    "TEXT-17": wording.check_reasons,
    "TEXT-18": spelling.check_half_width_marks,
    "PAGE-01": characters.check_characters,
    "SECT-01": presence.check_required_sections,
    "SECT-02": presence.check_expected_sections,
    "IND-01": indicators.check_weights,
    "IND-02": indicators.check_actual_behind_score,
    "IND-03": indicators.check_self_scores,
    "IND-04": indicators.check_evidence,
    "IND-05": indicators.check_deviations,
    "LINT-01": lint.check_wording,
    "LINT-03": lint.check_values_differ,
    "LINT-04": lint.check_cost_direction,
    "LINT-05": fitting.check_aspect,
    "LINT-06": fitting.check_family,
    "LINT-07": fitting.check_repeated,
    "LINT-08": grounds.check_above_last_year,
    "LINT-09": lint.check_far_beyond,
    "LINT-10": grounds.check_survey,
    "LINT-11": grounds.check_money_behind,
    "LINT-12": grounds.check_own_unit,
    "LINT-13": lint.check_positive_weights,
    "LINT-14": grounds.check_accepted,
    "EVID-01": evidence.check_files_present,
    "EVID-02": evidence.check_files_unchanged,
    "EVID-03": evidence.check_samples,
    "EVID-04": evidence.check_every_indicator,
    "EVID-05": evidence.check_dates,
    "EVID-06": evidence.check_unnamed_files,
    "EVID-07": evidence.check_sample_sizes,
}
"""The one table of rules; their titles, sources and severities are in the checks scheme."""

SCORE_RULES: Final[dict[str, sanity.ScoreRule]] = {
    "IND-06": unscored.check_total,
    "IND-07": unscored.lines_without_points("IND-07"),
    "IND-08": unscored.lines_without_points("IND-08"),
    "SANE-01": sanity.check_full_marks,
    "SANE-02": sanity.check_shares_differ,
    "SANE-03": sanity.check_problems_cost_points,
    "SANE-04": sanity.check_better_than_spent,
    "SANE-05": sanity.check_unspent,
    "SANE-06": sanity.check_movement,
}
"""Rules that look at a score: they run once there is one."""

STALE_EXPLANATION: Final = "META-01"
NOT_RECONCILED: Final = "READ-06"
"""Rules about the findings of all others."""


def check_unit(
    unit: Unit, tables: Tables, lines: pd.DataFrame, quantities: dict[str, Quantity]
) -> tuple[Finding, ...]:
    """Run every rule on a unit.

    Returns
    -------
    tuple of Finding
        Fails first, then what cannot be computed, rounding and passes; severe before mild.
    """
    case = Case(unit, tables, lines, quantities)
    found = [finding for rule in RULES.values() for finding in rule(case)]
    missing = set(presence.missing_tables(case))
    found = [finding for finding in found if not _follows(case, finding, missing)]
    found += reading.check_reconciled(case, found)
    found = presence.told_by_form(case, found)
    own = [e for e in unit.settings.explanations if e.finding not in SCORE_RULES]
    return _sorted(_explain(case, found, own))


def _follows(case: Case, finding: Finding, missing: set[str]) -> bool:
    """Return whether a finding only says what follows from a table that is not there at all."""
    rule = case.unit.checks.rules[finding.code]
    lacks = finding.outcome == "not_computable" or rule.action == "supply"
    return finding.is_open and lacks and not missing.isdisjoint(rule.needs)


def check_scored(case: Case, scored: Scored) -> tuple[Finding, ...]:
    """Return ``check_unit``'s findings with those about the score among them."""
    found = [finding for rule in SCORE_RULES.values() for finding in rule(case, scored)]
    own = [e for e in case.unit.settings.explanations if e.finding in SCORE_RULES]
    return _sorted(withholding([*scored.findings, *_explain(case, found, own)], scored))


def _sorted(found: Sequence[Finding]) -> tuple[Finding, ...]:
    outcomes, severities = list(_SHOWN_FIRST), list(SEVERITIES)
    codes = [*RULES, *SCORE_RULES, NOT_RECONCILED, STALE_EXPLANATION]
    return tuple(
        sorted(
            found,
            key=lambda f: (
                outcomes.index(f.outcome),
                bool(f.explanation),
                severities.index(f.severity),
                codes.index(f.code),
            ),
        )
    )


_SHOWN_FIRST = ("fail", "not_computable", "rounding", "pass")


def _explain(
    case: Case, findings: Sequence[Finding], explanations: Sequence[Explanation]
) -> list[Finding]:
    """Attach the unit's explanations; one that fits no finding is itself a finding."""
    explained = list(findings)
    stale = []
    for explanation in explanations:
        if not _may_explain(case, explanation.finding):
            stale.append(_useless(case, explanation, ()))
            continue
        fits = [
            index
            for index, finding in enumerate(explained)
            if finding.code == explanation.finding
            and finding.is_open
            and (not explanation.item or fold(explanation.item) == fold(finding.item))
            and (not explanation.cell or _stands_at(finding, explanation.cell))
        ]
        # What is said of one number excuses no other, not even of the same item.
        meant = [explained[index] for index in fits]
        code = case.unit.code
        told = list(dict.fromkeys((f.item, places_text(f.places[:1], code)) for f in meant))
        if len(told) != 1:
            stale.append(_useless(case, explanation, told))
            continue
        basis = f"（依据：{explanation.basis}）" if explanation.basis else ""
        where, place = f"{UNIT_FILE} 的说明", unit_place(case.unit, UNIT_FILE)
        said = f"{explanation.text}{basis}"
        reason = weigh(case, explanation.finding, said, where, place)
        for index, finding in zip(fits, meant, strict=True):
            fault = reason.fault or short_of(case, reason, finding.people)
            message, places = finding.message + fault, (*finding.places, place)
            explained[index] = (
                replace(finding, message=message, places=places, said=reason.words)
                if fault
                else replace(finding, explanation=reason.words)
            )
    return explained + stale


def _may_explain(case: Case, code: str) -> bool:
    rule = case.unit.checks.rules.get(code)
    return rule is None or rule.explainable


def _stands_at(finding: Finding, cell: str) -> bool:
    return any(fold(cell) == fold(place.cell) for place in finding.places)


def _useless(case: Case, explanation: Explanation, told: Sequence[tuple[str, str]]) -> Finding:
    """Return the finding that an explanation fits nothing, or does not say which of several.

    ``told`` are the items and places of those that it may speak of.
    """
    code, text = explanation.finding, explanation.text
    items = list(dict.fromkeys(item for item, _ in told))
    if not _may_explain(case, code):
        title = case.unit.checks.rules[code].title
        message = (
            f"{code}（{title}）不能靠说明消除，说明“{text}”不起作用。"
            "有这条发现的，请照它的提示改正来源；这条说明请删去。"
        )
    elif len(items) > 1:
        names = "、".join(f"“{item}”" for item in items if item)
        message = (
            f"{code} 有{len(items)}项发现（{names}），说明“{text}”没有写是哪一项。"
            "请用 item 写明；每一项各写一条说明。"
        )
    elif told:
        of = f"“{items[0]}”的 " if items[0] else ""
        message = (
            f"{of}{code} 有{len(told)}处发现（{'；'.join(place for _, place in told)}），"
            f"说明“{text}”没有写是哪一处。请用 cell 写明单元格或行；每一处各写一条说明。"
        )
    else:
        of = f"“{explanation.item}”的" if explanation.item else ""
        message = (
            f"没有{of} {code}这条发现，说明“{text}”用不上。"
            "已经更正的，请删去这条说明；代码或名称写错的，请改正。"
        ).replace("没有 ", "没有")
    return case.finding(
        STALE_EXPLANATION,
        "fail",
        message,
        (unit_place(case.unit, UNIT_FILE),),
        item=explanation.item,
    )


def is_draft(findings: Sequence[Finding]) -> bool:
    """Return whether unresolved severe fails keep the public edition a draft."""
    return any(finding.blocks for finding in findings)


def findings_frame(findings: Sequence[Finding], code: str) -> pd.DataFrame:
    """Return a unit's findings as a frame to explore in a notebook, in Chinese."""
    records = [
        finding.record()
        | {
            "outcome": OUTCOMES[finding.outcome],
            "severity": SEVERITIES[finding.severity],
            "places": places_text(finding.places, code, cells=24, sheets=12),
        }
        for finding in findings
    ]
    columns = ["code", "outcome", "severity", "item", "message", "places", "explanation"]
    return pd.DataFrame(records, columns=columns)
