"""TEXT-09: rates of completion stated in the text, against the budget and what was spent of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...evaluation import Evaluation
from ...evaluation.finding import Verdict
from ...text.numbers import PERCENT, best, computed, outcome_of, printed_percent, share
from ...text.paragraphs import Paragraph, one_of
from ..prose import paragraphs
from .amounts import phases_said
from .comparisons import LEVELS, Speech, speech
from .stated import Budgeted, budgeted


@dataclass(frozen=True)
class _Claim:
    """A stated rate of completion, and the levels of the budget it may be of."""

    start: int
    end: int
    rate: str
    phases: tuple[str, ...]


def check_completion(case: Evaluation) -> Iterator[Verdict]:
    """TEXT-09: a rate of completion without a budget, or not that of the amounts."""
    speaking = speech(case)
    agreed = 0
    for paragraph in paragraphs(case):
        for claim in _claims(case, paragraph):
            if _budget_is_said_to_be_none(case, paragraph, claim):
                yield _without_budget(paragraph, claim, None)
                continue
            of = budgeted(speaking, paragraph, claim.start, claim.phases)
            findings = list(_judged(speaking, paragraph, claim, of)) if of else []
            agreed += of is not None and not findings
            yield from findings
    if agreed:
        yield Verdict(outcome="pass", message=f"文字中有{agreed}处完成率与金额相符。")


def _claims(case: Evaluation, paragraph: Paragraph) -> Iterator[_Claim]:
    completes, named = one_of(case.words("completes")), one_of(case.words("completion_rate"))
    filling, budget = one_of(case.words("change_fill")), one_of(case.words("budget_base"))
    fill = f"(?P<about>(?:{filling})*+)"
    of_budget = rf"(?:{completes})了?(?P<base>{budget})总?额?的?{fill}"
    named = rf"(?:{named}){fill}"
    for pattern in (of_budget, named):
        for match in re.finditer(rf"{pattern}(?P<rate>{PERCENT})", paragraph.text):
            near = match["about"] + paragraph.text[match.end() : match.end() + 2]
            if any(word in near for word in case.words("roughly")):
                continue
            said = phases_said(match.groupdict().get("base") or "")
            phases = tuple(phase for phase in said if phase in LEVELS) or LEVELS
            yield _Claim(match.start(), match.end(), match["rate"], phases)


def _budget_is_said_to_be_none(case: Evaluation, paragraph: Paragraph, claim: _Claim) -> bool:
    before = paragraph.text[paragraph.sentence(claim.start)[0] : claim.start]
    said = one_of(case.words("no_initial_budget"))
    none = re.search(rf"(?:{said})(?![\d.万千亿元])", before)
    return none is not None and "initial_budget" in claim.phases


def _judged(
    speaking: Speech, paragraph: Paragraph, claim: _Claim, of: Budgeted
) -> Iterator[Verdict]:
    case = speaking.case
    budgets = of.of(claim.phases)
    quote = paragraph.quote(claim.start, claim.end)
    place = paragraph.place(claim.start)
    if of.missing or of.executed is None or not budgets:
        if of.missing:
            message = f"文中写{of.item}“{quote}”，{of.missing}，无法核对。"
            yield Verdict(
                outcome="not_computable",
                message=message,
                places=(place, *of.places),
                found=quote,
                item=of.item,
            )
        return
    rates = [computed(share, of.executed.number, budget.number) for budget in budgets]
    known = [rate for rate in rates if rate]
    if not known:
        yield _without_budget(paragraph, claim, of)
        return
    outcome = best([outcome_of(printed_percent(claim.rate), rate) for rate in known])
    if outcome == "pass":
        return
    right = "或".join(dict.fromkeys(case.as_printed(r.value) for r in known))
    tail = "请核实。" if outcome == "fail" else ""
    words = "，相差在四舍五入的范围之内" if outcome == "rounding" else ""
    yield Verdict(
        outcome=outcome,
        message=f"文中写“{quote}”，而按{of.shown(claim.phases)}计算为{right}{words}："
        f"“{paragraph.excerpt(claim.start, claim.end)}”。{tail}",
        places=(place, *of.places),
        expected=right,
        found=claim.rate,
        item=of.item or quote,
    )


def _without_budget(paragraph: Paragraph, claim: _Claim, of: Budgeted | None) -> Verdict:
    """Return the finding on a rate of a budget of zero; of nothing spent, it is no reproach."""
    quote = paragraph.quote(claim.start, claim.end)
    excerpt = paragraph.excerpt(claim.start, claim.end)
    item = of.item if of else ""
    nothing_spent = of is not None and of.executed is not None and of.executed.number.value == 0
    remedy = "没有预算也没有支出的，不写完成率" if nothing_spent else "请改写完成全年预算的比例"
    return Verdict(
        outcome="not_computable" if nothing_spent else "fail",
        message=f"{item}预算为零，完成率不可计算，而文中写“{quote}”：“{excerpt}”。{remedy}。",
        places=(paragraph.place(claim.start), *(of.places if of else ())),
        found=claim.rate,
        item=item or quote,
    )
