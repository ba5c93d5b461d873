"""The names that schemes and code share: a scheme that lacks or misspells one is refused.

A name stands here once. The code that asks for it, or serves it, is held to these by its types
and by ``tests/test_agree.py``, the schemes by their models.
"""

from __future__ import annotations

from typing import Final, Literal

RuleCode = Literal[
    "SUM-01", "SUM-02", "SUM-03", "SUM-04", "SUM-05", "SUM-06", "I1", "I2", "I3", "I4", "I5",
    "I6", "I7", "I8", "I9", "I10", "I11", "I12", "I13", "I14", "I16", "I15", "I17", "I18",
    "I19", "I20", "I21", "I22", "SAME-01", "SAME-02", "CODE-01", "CODE-02", "FILE-01",
    "FILE-02", "READ-01", "READ-02", "READ-03", "READ-04", "READ-05", "READ-06", "READ-07",
    "READ-08", "READ-09", "READ-10", "READ-11", "STAFF-01", "STAFF-02", "STAFF-03", "EXEC-01",
    "EXEC-02", "EXEC-03", "EXEC-04", "EXEC-05", "EXEC-06", "EXEC-07", "EXEC-08",
    "MISS-01", "MISS-02", "MISS-03",
    "MISS-04", "MISS-05", "MISS-06", "MISS-07", "MISS-08", "PAIR-01", "PAIR-02", "PAIR-03",
    "TEXT-01",
    "TEXT-02", "TEXT-03", "TEXT-04", "TEXT-05", "TEXT-06", "TEXT-07", "TEXT-08", "TEXT-09",
    "TEXT-10", "TEXT-11", "TEXT-12", "TEXT-13", "TEXT-14", "TEXT-15", "TEXT-16", "TEXT-17",
    "TEXT-18", "TEXT-19", "TEXT-20", "TEXT-21", "TEXT-22", "TEXT-23", "TEXT-24", "TEXT-25",
    "TEXT-26", "TEXT-27", "TEXT-28", "PAGE-01", "SECT-01", "SECT-02",
    "IND-01", "IND-02", "IND-03", "IND-04", "IND-05", "IND-06", "IND-07", "IND-08", "IND-09",
    "IND-10", "LINT-01",
    "LINT-03", "LINT-04", "LINT-05", "LINT-06", "LINT-07", "LINT-08", "LINT-09", "LINT-10",
    "LINT-11", "LINT-12", "LINT-13", "LINT-14", "SANE-01", "SANE-02", "SANE-03", "SANE-04",
    "SANE-05", "SANE-06", "EVID-01", "EVID-02", "EVID-03", "EVID-04", "EVID-05", "EVID-06",
    "EVID-07", "PRIV-01", "PRIV-02", "PRIV-03", "PRIV-04", "META-01",
]  # fmt: skip
"""The rules that have a function in ``checks``."""

RelationRule = Literal[
    "I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9", "I10", "I11", "I12", "I13", "I14",
    "I15", "I16", "I18", "I19",
]  # fmt: skip
"""The rules that look into ``relations.yaml``."""

PersonalRule = Literal[
    "PRIV-01", "PRIV-02", "PRIV-03", "PRIV-04",
]  # fmt: skip
"""The rules that look for what is personal."""

DEGREES: Final[dict[str, tuple[str, ...]]] = {
    "LINT-01": ("light", "medium", "severe"),
    "LINT-07": ("across", "within", "untold"),
    "LINT-10": ("no_survey", "no_sample"),
    "EVID-03": ("no_sample",),
}
"""How bad the findings of a rule with several degrees may be."""

ThresholdName = Literal[
    "low_execution_rate", "reason_characters", "approval_years", "copied_adjustment_rate",
    "score_difference", "over_target_rate", "smallest_sample", "latest_evidence_day",
    "share_difference", "explained_change", "explained_decrease", "level_difference",
    "name_difference",
    "identical_values_count", "identical_values_share", "money_behind_output_rate",
    "full_marks_count", "equal_shares_count",
    "near_full_score", "indicator_above_execution_rate", "unspent_rate", "score_movement",
    "peer_score_spread", "peer_score_count", "copied_characters", "repeated_characters",
    "budget_growth", "budget_growth_share", "project_without_indicator_share",
]  # fmt: skip

PatternsName = Literal[
    "approvals", "people",
]  # fmt: skip

WordsName = Literal[
    "empty_reasons", "not_approved", "system_files", "document_files", "picture_files",
    "archive_files", "projects_with_objectives", "money_arrived", "money_spent", "slow_execution",
    "money", "after_amount", "satisfaction", "template_residue", "personnel_cost",
    "outside_establishment", "no_such_funds", "more", "less", "level", "last_year",
    "no_initial_budget", "reason", "no_reason", "reason_opening", "own_unit", "other_name",
    "report_subject", "belonging", "citation_leads", "of_the_past", "explanatory", "shared_facts",
    "standing_facts", "deeds", "wrong_measures", "measured_units", "wrong_subjects",
    "telling_characters", "doubled_words", "doubled_particles", "doubling_allowed",
    "year_of_report", "year_of_history", "year_of_comparison", "empty_wording", "empty_targets",
    "saving",
    "direction_at_least", "direction_at_most", "direction_more_than", "direction_less_than",
    "direction_equal", "direction_at_least_behind", "direction_at_most_behind",
    "direction_included", "direction_at_least_leads", "direction_at_most_leads",
    "direction_at_least_named", "direction_at_most_named", "direction_qualitative",
    "direction_silent", "direction_sentences", "direction_negations", "spending_names",
    "not_a_cost", "direction_unclear_names", "direction_adverse_names",
    "direction_adverse_measures", "direction_handled", "direction_unclear_units", "cost_aspects",
    "money_spent_names", "money_spent_aspects", "satisfaction_names", "satisfaction_aspects",
    "timeliness_names", "quantity_aspects", "timeliness_aspects", "cost_names",
    "cost_and_outcome_aspects", "aspects_of_cost", "aspects_of_output", "aspects_of_outcome",
    "aspects_of_satisfaction", "survey", "no_complaints", "sample_counts", "sample_leads",
    "sample_units", "not_accepted", "finished", "after_quantity", "number_names", "contact_marks",
    "unspent_taken_back", "growth", "improving", "beyond_control", "own_shortcomings",
    "other_projects",
]  # fmt: skip

RankWords = Literal[
    "most", "least", "second", "third", "rate", "initial_budget", "executed", "money", "around",
    "raised", "growth",
]  # fmt: skip

GrammarWords = Literal[
    "share", "share_tail", "rate", "completes", "than", "within", "afterwards", "under",
    "among", "from", "to", "raised", "lowered", "unspent", "overspent", "underspent", "above",
    "below", "not_above", "parts", "respectively", "together", "aside", "because", "link",
    "opening", "this_year", "likewise", "it", "basis", "besides", "others", "again", "throughout",
    "elsewhen", "blocked",
]  # fmt: skip
"""What words do in a sentence of budget prose."""

ReachedWords = Literal[
    "beside", "small", "done", "such", "goal", "duty", "apart", "completion", "over", "under",
    "not_over", "not_under", "exceeded", "better", "met", "unmet", "sent", "recovered", "valid",
    "unreturned", "return_rate", "satisfied", "survey", "other_survey", "full_marks", "earned",
    "deducted", "total_score", "whole", "grade_before", "unsure", "part", "every", "denied",
    "tails",
]  # fmt: skip
"""What words do in a sentence about what was reached."""

CountingWords = Literal[
    "posts", "in_post", "vacant", "surplus", "staff_rate", "not_staff", "other_office", "around",
    "listing", "bodies", "aspects", "verbs", "problem", "problem_around", "measure",
    "measure_around", "indicator", "indicator_around", "reached", "not", "project",
    "project_around", "below_project", "rest", "done", "planned", "managed", "all_of", "sum",
    "set_up", "closed", "other", "further", "report", "made", "survey", "surveyed", "period",
    "limit", "composed", "spread", "each", "acts", "elsewhere", "all_year", "part_of_year", "staff",
    "chosen", "entire", "barred", "negation", "full_marks", "lost_marks", "raised", "lowered",
    "unmoved", "called", "as_of", "assessed", "recurring", "own_report", "compared", "other_time",
    "fixed", "other_survey", "stages", "within", "draft", "deadline", "anywhere", "whole_unit",
    "as_noun", "particles",
]  # fmt: skip
"""What words do around a number that counts something."""

FormTable = Literal[
    "staffing", "basic", "projects", "other", "indicators", "measures", "evidence",
]  # fmt: skip
"""The tables of the fill-in form."""

Generated = Literal[
    "profile.staffing", "spending", "spending.basic", "spending.projects",
    "government_managed_funds", "state_capital_operations", "performance", "problems", "measures",
]  # fmt: skip
"""The sections, and parts of sections, that the page can write by itself."""
