"""LINT-08, LINT-10 to LINT-12, LINT-14: what an indicator's claim stands on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...budget.lines import project_line
from ...budget.neighbours import other_unit_names, prior_year
from ...evaluation import Evaluation
from ...evaluation.finding import Verdict
from ...evaluation.rows import is_satisfaction
from ...folding import bare_name, fold
from ...indicators.directions import (
    STRICT,
    comparison_of,
    family_of,
    is_cost,
    number_of,
    shown_target,
)
from ...indicators.readings import with_unit
from ...tables.rows import Indicator
from ...terms import COMPARISONS, PHASES, RATES, TABLE_HEADS
from .questionnaires import questionnaires

_SHORTEST_NAME = 4


def check_above_last_year(case: Evaluation) -> Iterator[Verdict]:
    """LINT-08: a target is not set below what was reached the year before."""
    ways = {"at_least", "at_most", *STRICT}
    rows = [r for r in case.tables.indicators if comparison_of(r, case.unit.scoring) in ways]
    before = prior_year(case.unit) if rows else None
    # SAME-02 says why last year's folder is not used.
    if before is None or before.tables is None:
        return
    known: dict[str, list[Indicator]] = {}
    for old in before.tables.indicators:
        known.setdefault(fold(old.indicator_name), []).append(old)
    for row in rows:
        for old in known.get(fold(row.indicator_name), []):
            yield from _lowered(case, row, old)


def _lowered(case: Evaluation, row: Indicator, old: Indicator) -> Iterator[Verdict]:
    scoring = case.unit.scoring
    way = comparison_of(row, scoring)
    same_unit = fold(row.measure_unit) == fold(old.measure_unit)
    alike = way == comparison_of(old, scoring) and same_unit
    target = number_of(row, "target_value", scoring)
    reached = number_of(old, "actual_value", scoring)
    if not alike or fold(row.project) != fold(old.project) or None in (target, reached):
        return
    assert target is not None
    assert reached is not None
    upward = STRICT.get(way, way) == "at_least"
    if target >= reached if upward else target <= reached:
        return
    lower, shown = ("低于" if upward else "高于"), shown_target(row, scoring)
    yield Verdict(
        message=f"“{row.indicator_name}”的{TABLE_HEADS['target']}{shown}，{lower}上年的{TABLE_HEADS['actual']}"
        f"{with_unit(old.actual_value, old.measure_unit, scoring.words)}。"
        "请说明为什么比上年要求低，或下年度调整。",
        places=(row.place,),
        expected=f"{COMPARISONS[way]}"
        f"{with_unit(old.actual_value, old.measure_unit, scoring.words)}",
        found=shown,
        item=row.indicator_name,
    )


def check_survey(case: Evaluation) -> Iterator[Verdict]:
    """LINT-10: the evidence of satisfaction names a survey and how many answered.

    The degree is ``no_survey`` where the unit takes the want of complaints for satisfaction, else
    ``no_sample``. Of evidence in the ledger EVID-03 asks how many, of none at all IND-04.
    """
    for row in case.tables.indicators:
        if not is_satisfaction(case, row):
            continue
        rests = questionnaires(case, row)
        material, degree = row.evidence, "no_sample"
        if rests.is_named and rests.is_counted:
            continue
        if rests.excuse and not rests.is_named:
            material, degree = rests.excuse, "no_survey"
            what = "不是调查得来的，没有投诉不等于满意"
        elif rests.rows or not material:
            continue
        else:
            unsaid = [] if rests.is_named else ["没有写是不是调查得来的"]
            unsaid += [] if rests.is_counted else ["没有写发放和收回多少份"]
            what = "，也".join(unsaid)
        yield Verdict(
            message=f"“{row.indicator_name}”的佐证材料“{material}”{what}。"
            "请补上调查方式、发放份数和有效份数；没有调查的，下年度开展。",
            places=(row.place,),
            expected="调查方式和样本数",
            found=material,
            item=row.indicator_name,
            degree=degree,
        )


def check_money_behind(case: Evaluation) -> Iterator[Verdict]:
    """LINT-11: an output claimed in full had its project's money spent."""
    limit = case.threshold("money_behind_output_rate")
    for row, reached in case.attained:
        line = project_line(row.project) if row.project else ""
        if (
            line not in case.budget_lines
            or is_cost(row, case.unit.scoring)
            or family_of(row) == "satisfaction"
        ):
            continue
        share = reached.share
        executed = case.fen(line, "executed")
        rate = case.quantities[f"{line}.execution_rate"].value
        if share is None or share < 1 or executed is None:
            continue
        if executed != 0 and (rate is None or rate >= limit):
            continue
        spent = f"{PHASES['executed']}为零：钱没有花"
        if executed:
            rate_shown = case.rate(f"{line}.execution_rate")
            spent = f"{RATES['execution_rate']}只有{rate_shown}：钱大多没有花"
        yield Verdict(
            message=f"“{row.indicator_name}”完成{case.printer.rate(share, reached.limits)}，"
            f"而关联的项目“{row.project}”{spent}，成果从何而来。请说明资金来源，或核对完成值和关联项目。",
            places=(row.place, *case.places(line, "executed")),
            item=row.indicator_name,
        )


def check_own_unit(case: Evaluation) -> Iterator[Verdict]:
    """LINT-12: no indicator names another unit of the same year."""
    rows = case.tables.indicators
    if not rows:
        return
    own = bare_name(case.unit.name)
    others = [
        name
        for name in dict.fromkeys(other_unit_names(case.unit))
        if len(name) >= _SHORTEST_NAME and name not in own
    ]
    for row in rows:
        said = fold(f"{row.indicator_name}|{row.target_value}")
        found = next((name for name in others if name in said and own not in said), "")
        if found:
            yield Verdict(
                message=f"“{row.indicator_name}”里写的是“{found}”，不是本单位，像是照搬了别处的指标。"
                "请改成本单位的内容。",
                places=(row.place,),
                expected=case.unit.name,
                found=found,
                item=row.indicator_name,
            )


def check_accepted(case: Evaluation) -> Iterator[Verdict]:
    """LINT-14: what counts as done was done and accepted, within the year."""
    later = case.unit.year + 1
    done = "|".join(map(re.escape, case.words("finished")))
    after = re.compile(
        rf"{later}年[0-9]{{1,2}}月(?:[0-9]{{1,2}}日)?[^,，。;；]{{0,6}}(?:{done})"
        rf"|(?:{done})[^,，。;；0-9]{{0,6}}{later}年[0-9]{{1,2}}月"
    )
    for row, reached in case.attained:
        if reached.share is None or reached.share < 1:
            continue
        said = fold(f"{row.actual_value}。{row.evidence}。{row.deviation_cause}")
        found = next((word for word in case.words("not_accepted") if fold(word) in said), "")
        match = after.search(said) if done else None
        if not found and match is None:
            continue
        what = found or (match[0] if match else "")
        yield Verdict(
            message=f"“{row.indicator_name}”按完成计分，材料里却写着“{what}”。"
            f"{case.unit.year}年没有完成或没有验收的，请改实际完成值并写明原因。",
            places=(row.place,),
            found=what,
            item=row.indicator_name,
        )
