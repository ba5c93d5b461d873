"""Frames → findings. Every rule reconciles; none mends a number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Final, cast, get_args

from ..evaluation import CHECKED, Evaluation
from ..evaluation.finding import Finding, Verdict
from ..evaluation.missing import missing_tables
from ..schemes.known_names import PersonalRule, RelationRule
from ..terms import SEVERITIES
from .explanations import STALE_EXPLANATION, explain
from .form import characters, execution, identities, presence, privacy, staffing
from .indicators import (
    claims,
    evidence,
    linked,
    placement,
    self_scores,
    unscored,
    whole_score,
    wording,
)
from .indicators.unscored import withholding
from .official import evaluation_forms, reading, reconcile
from .text import (
    causes,
    citations,
    codes,
    copied,
    explained,
    own_words,
    spelling,
    told,
    unit_name,
)

TOLD = (
    "TEXT-03", "TEXT-07", "TEXT-08", "TEXT-09", "TEXT-10", "TEXT-11", "TEXT-12", "TEXT-23",
    "TEXT-24", "TEXT-25", "TEXT-27", "TEXT-28",
)  # fmt: skip

Rule = Callable[[Evaluation], Iterator[Verdict]]

RULES: Final[dict[str, Rule]] = {
    **{code: partial(privacy.check_personal, code=code) for code in get_args(PersonalRule)},
    "SUM-01": identities.check_basic_total,
    "SUM-02": identities.check_project_total,
    "SUM-03": identities.check_project_parts,
    "SUM-04": identities.check_grand_total,
    "SUM-05": identities.check_three_public_expenses,
    "SUM-06": identities.check_adjustment,
    **{rule: partial(reconcile.check_identity, rule=rule) for rule in get_args(RelationRule)},
    "I15": evaluation_forms.check_projects_with_objectives,
    "I17": evaluation_forms.check_adjusted_budgets,
    "I19": evaluation_forms.check_base_data,
    "I20": evaluation_forms.check_printed_weights,
    "I21": evaluation_forms.check_printed_scores,
    "I22": evaluation_forms.check_rates_in_order,
    "SAME-01": reading.check_same_quantity,
    "SAME-02": reading.check_last_year,
    "CODE-01": reading.check_codes,
    "CODE-02": reading.check_code_names,
    "FILE-01": presence.check_files_used,
    "FILE-02": presence.check_tables_present,
    "READ-01": reading.check_all_recognised,
    "READ-02": reading.check_all_read,
    "READ-03": reading.check_hidden,
    "READ-04": reading.check_table_years,
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
    "EXEC-07": execution.check_carried_forward,
    "EXEC-08": execution.check_growth,
    "MISS-01": presence.check_three_public_supplied,
    "MISS-02": presence.check_procurement_supplied,
    "MISS-03": presence.check_carryover_supplied,
    "MISS-04": presence.check_prior_year_supplied,
    "MISS-05": presence.check_other_budgets_stated,
    "MISS-06": presence.check_indicators_supplied,
    "MISS-07": presence.check_signature,
    "MISS-08": presence.check_form,
    "PAIR-01": own_words.check_problems_have_measures,
    "PAIR-02": own_words.check_measures_have_owners,
    "PAIR-03": causes.check_one_cause,
    "TEXT-01": own_words.check_slow_but_overspent,
    "TEXT-02": own_words.check_amount_units,
    "TEXT-04": own_words.check_claims_have_evidence,
    "TEXT-05": own_words.check_template_residue,
    "TEXT-06": own_words.check_personnel_cost_in_projects,
    **{code: partial(told.check_told, code=code) for code in TOLD},
    "TEXT-13": codes.check_codes_in_text,
    "TEXT-14": unit_name.check_unit_name,
    "TEXT-15": spelling.check_doubled_words,
    "TEXT-16": spelling.check_years_named,
    "TEXT-17": explained.check_reasons,
    "TEXT-18": spelling.check_half_width_marks,
    "TEXT-19": copied.check_copied_text,
    "TEXT-20": copied.check_last_years_text,
    "TEXT-21": citations.check_citations,
    "TEXT-22": unit_name.check_measure_words,
    "PAGE-01": characters.check_characters,
    "SECT-01": presence.check_required_sections,
    "SECT-02": presence.check_expected_sections,
    "IND-01": self_scores.check_weights,
    "IND-02": self_scores.check_actual_behind_score,
    "IND-03": self_scores.check_self_scores,
    "IND-04": self_scores.check_evidence,
    "IND-05": self_scores.check_deviations,
    "IND-09": linked.check_projects_have_indicators,
    "IND-10": linked.check_missed_have_measures,
    "LINT-01": wording.check_wording,
    "LINT-03": wording.check_values_differ,
    "LINT-04": wording.check_cost_direction,
    "LINT-05": placement.check_aspect,
    "LINT-06": placement.check_family,
    "LINT-07": placement.check_repeated,
    "LINT-08": claims.check_above_last_year,
    "LINT-09": wording.check_far_beyond,
    "LINT-10": claims.check_survey,
    "LINT-11": claims.check_money_behind,
    "LINT-12": claims.check_own_unit,
    "LINT-13": wording.check_positive_weights,
    "LINT-14": claims.check_accepted,
    "EVID-01": evidence.check_files_present,
    "EVID-02": evidence.check_files_unchanged,
    "EVID-03": evidence.check_samples,
    "EVID-04": evidence.check_every_indicator,
    "EVID-05": evidence.check_dates,
    "EVID-06": evidence.check_unnamed_files,
    "EVID-07": evidence.check_sample_sizes,
}
"""The one table of rules; their titles, sources and severities are in the checks scheme."""

SCORE_RULES: Final[dict[str, Rule]] = {
    "IND-06": unscored.check_total,
    "IND-07": partial(unscored.check_lines, code="IND-07"),
    "IND-08": partial(unscored.check_lines, code="IND-08"),
    "SANE-01": whole_score.check_full_marks,
    "SANE-02": whole_score.check_shares_differ,
    "SANE-03": whole_score.check_problems_cost_points,
    "SANE-04": whole_score.check_better_than_spent,
    "SANE-05": whole_score.check_unspent,
    "SANE-06": whole_score.check_movement,
    "TEXT-26": partial(told.check_told, code="TEXT-26"),
}
"""Rules that look at a score: they run once there is one."""

NOT_RECONCILED: Final = "READ-06"
"""The rule about the findings of all others."""


def check(evaluation: Evaluation) -> Evaluation:
    """Run every rule that needs no score; return a new evaluation with what was ``found``.

    Fails come first, then what cannot be computed, rounding and passes; severe before mild.

    Examples
    --------
    >>> findings = check(load_unit("G001")).findings
    >>> findings[findings["待处理"]][["规则", "程度", "名称"]].head(2)
    检查结果（望城区行政审批服务局 2021年）
       规则 程度                                   名称
    EXEC-01 严重 支出超出年初预算，应有调整后预算或原因
    MISS-06 严重                   有绩效指标和自评得分
    """
    case = evaluation
    if case.found is not None:
        return case
    if held := case.kept.get(CHECKED):
        return cast("Evaluation", held)
    case = replace(case, judged=told.statements(case))
    found = _found(case, RULES)
    missing = set(missing_tables(case))
    found = [finding for finding in found if not _follows(case, finding, missing)]
    found += [case.finding(NOT_RECONCILED, told) for told in reading.check_reconciled(case, found)]
    found = presence.told_by_form(case, found)
    own = [e for e in case.unit.settings.explanations if e.finding not in SCORE_RULES]
    return replace(case, found=_sorted(explain(case, found, own)))


def _follows(case: Evaluation, finding: Finding, missing: set[str]) -> bool:
    """Return whether a finding only says what follows from a table that is not there at all."""
    rule = case.unit.checks.rules[finding.code]
    lacks = finding.outcome == "not_computable" or rule.action == "supply"
    return finding.is_open and lacks and not missing.isdisjoint(rule.needs)


def check_scored(case: Evaluation) -> Evaluation:
    """Return a scored evaluation with the findings about its score among the others."""
    own = [e for e in case.unit.settings.explanations if e.finding in SCORE_RULES]
    case = replace(case, judged=told.with_score(case))
    found = [*case.all_findings, *explain(case, _found(case, SCORE_RULES), own)]
    return replace(case, found=_sorted(withholding(case.final_score, found)))


def _found(case: Evaluation, rules: dict[str, Rule]) -> list[Finding]:
    return [case.finding(code, told) for code, rule in rules.items() for told in rule(case)]


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
