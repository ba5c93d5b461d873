"""TEXT-07, TEXT-17: what the text says of spending against the budget, and whether it says why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from ...evaluation import Evaluation
from ...evaluation.finding import Verdict
from ...folding import fold
from ...text.paragraphs import Paragraph, one_of
from ..prose import paragraphs
from ..reasons import says_why
from .comparisons import Comparison, Speech, comparisons, speech
from .stated import Budgeted, StatedNumber, budgeted


def check_budget_wording(case: Evaluation) -> Iterator[Verdict]:
    """TEXT-07: the text says spending is above, below, at or within a budget, and it is not."""
    speaking = speech(case)
    agreed = 0
    for paragraph in paragraphs(case):
        for said in comparisons(case, paragraph):
            if said.against != "budget" or said.loose or said.unsigned:
                continue
            of = budgeted(speaking, paragraph, said.start, said.phases)
            if of is None:
                continue
            if of.missing:
                yield _unknown(paragraph, said, of)
                continue
            budgets = of.of(said.phases)
            assert of.executed
            if any(_holds(case, said, budget, of.executed) for budget in budgets):
                agreed += 1
            elif budgets:
                yield _contradiction(paragraph, said, of)
    if agreed:
        message = f"文字中有{agreed}处支出与预算的大小关系与金额相符。"
        yield Verdict(outcome="pass", message=message)


def _holds(
    case: Evaluation, said: Comparison, budget: StatedNumber, executed: StatedNumber
) -> bool:
    excess = executed.number.value - budget.number.value
    room = executed.number.half + budget.number.half
    if said.direction == "above":
        return excess > 0
    if said.direction == "below":
        return excess < 0
    if said.direction == "within":
        return excess <= room
    limit = Fraction(case.threshold("level_difference")) * abs(budget.number.value)
    return abs(excess) <= max(room, limit)


def _contradiction(paragraph: Paragraph, said: Comparison, of: Budgeted) -> Verdict:
    quote = paragraph.quote(said.start, said.end)
    shown = of.shown(said.phases)
    return Verdict(
        message=f"文中写“{quote}”，而{shown}：“{paragraph.excerpt(said.start, said.end)}”。"
        "两种说法对不上，请核实。",
        places=(paragraph.place(said.start), *of.places),
        expected=shown,
        found=quote,
        item=of.item or quote,
    )


def _unknown(paragraph: Paragraph, said: Comparison, of: Budgeted) -> Verdict:
    quote = paragraph.quote(said.start, said.end)
    return Verdict(
        outcome="not_computable",
        message=f"文中写{of.item}“{quote}”，{of.missing}，无法核对。",
        places=(paragraph.place(said.start), *of.places),
        found=quote,
        item=of.item,
    )


def check_reasons(case: Evaluation) -> Iterator[Verdict]:
    """TEXT-17: a change against the year before or the budget is told, and nowhere a reason."""
    speaking = speech(case)
    terms = [(fold(term), "") for term in case.words("budget_subject")]
    wider = replace(speaking, names=sorted({*speaking.names, *terms}, key=_longest_first))
    given = 0
    # The table of problems has a column of its own for the cause.
    told = paragraphs(case, fields=())
    for paragraph in told:
        for said in comparisons(case, paragraph):
            if said.direction not in {"above", "below"}:
                continue
            subject = _of_the_budget(wider, paragraph, said)
            if subject is None:
                continue
            if _has_reason(case, paragraph.part) or _is_explained(case, subject, told):
                given += 1
                continue
            quote = paragraph.quote(said.start, said.end)
            yield Verdict(
                message=f"文中写“{quote}”，这一部分里没有写原因："
                f"“{paragraph.excerpt(said.start, said.end)}”。请补写原因。",
                places=(paragraph.place(said.start),),
                found=quote,
                item=quote,
            )
        yield from _unfinished(case, paragraph)
    if given:
        yield Verdict(outcome="pass", message=f"文字中有{given}处增减写明了原因。")


def _longest_first(pair: tuple[str, str]) -> tuple[int, tuple[str, str]]:
    return -len(pair[0]), pair


def _of_the_budget(speaking: Speech, paragraph: Paragraph, said: Comparison) -> str | None:
    """Return the line of the unit's money that surely changed, "" if no one line; else None."""
    named = speaking.named(said.subject)
    if named is None and not speaking.is_linking(said.subject):
        return None
    spoken = named or speaking.line(paragraph, said.start)
    if spoken is not None:
        return spoken[0]
    if said.against == "year":
        return None
    of = budgeted(speaking, paragraph, said.start, said.phases)
    return None if of is None else of.line


def _is_explained(case: Evaluation, line: str, told: Sequence[Paragraph]) -> bool:
    """Return whether the tables, or words elsewhere that name a line, say why it changed."""
    if not line:
        return False
    name = fold(case.name(line))
    problems = [f"{row.project}{row.problem}{row.cause}" for row in case.tables.measures]
    return (
        says_why(case, case.lines[line].note)
        or any(name in fold(problem) for problem in problems)
        or any(name in one.text and _has_reason(case, one.text) for one in told)
    )


def _has_reason(case: Evaluation, text: str) -> bool:
    return _gives_reason(text, case.words("reason"), case.words("no_reason"))


@lru_cache(maxsize=1024)
def _gives_reason(text: str, reasons: tuple[str, ...], others: tuple[str, ...]) -> bool:
    bare = re.sub(one_of(others), "。", text)
    return re.search(one_of(reasons), bare) is not None


def _unfinished(case: Evaluation, paragraph: Paragraph) -> Iterator[Verdict]:
    opening = one_of(case.words("reason_opening"))
    for match in re.finditer(rf"(?:{opening}):?(?=[。;])", paragraph.text):
        quote = paragraph.quote(*match.span())
        yield Verdict(
            message=f"“{quote}”后面没有写原因：“{paragraph.excerpt(*match.span())}”。",
            places=(paragraph.place(match.start()),),
            found=quote,
            item=quote,
        )
