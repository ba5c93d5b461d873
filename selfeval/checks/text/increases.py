"""TEXT-08: increases stated in the text against the amounts they are of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ...evaluation import Evaluation
from ...evaluation.finding import Outcome, Verdict
from ...text.numbers import Computed, Printed, best, money, outcome_of, printed_percent
from ...text.paragraphs import Paragraph, one_of
from ..prose import paragraphs
from .compared import Basis, basis_of
from .comparisons import SIGNS, Comparison, comparisons, speech


@dataclass(frozen=True)
class _Judgement:
    """What came of one comparison: the outcome, what to say of it, what was computed."""

    outcome: Outcome
    words: str = ""
    expected: str = ""


_AGREED = _Judgement("pass")


def check_changes(case: Evaluation) -> Iterator[Verdict]:
    """TEXT-08: an increase or decrease that does not follow from the amounts it is of."""
    speaking = speech(case)
    agreed = 0
    for paragraph in paragraphs(case):
        for said in comparisons(case, paragraph):
            if said.loose or said.direction == "within":
                continue
            basis = basis_of(speaking, paragraph, said)
            if basis is None:
                continue
            judged = _judged(case, said, basis)
            agreed += judged == _AGREED
            if judged != _AGREED:
                yield _finding(paragraph, said, basis, judged)
        yield from _without_percent(case, paragraph)
    if agreed:
        yield Verdict(outcome="pass", message=f"文字中有{agreed}处增减与金额相符。")


def _judged(case: Evaluation, said: Comparison, basis: Basis) -> _Judgement:
    if basis.missing:
        return _Judgement("not_computable", f"{basis.missing}，无法核对")
    rates = [rate for rate in basis.rates if rate]
    changes = [change for change in basis.changes if change]
    if said.rate and basis.rates and not rates and printed_percent(said.rate).value:
        return _Judgement("fail", f"而按{basis.shown}，比较的基数为零，增减率不可计算")
    amount = (said.amount, money, SIGNS[said.direction], changes)
    rate = (said.rate, printed_percent, SIGNS[said.rate_direction], rates)
    for text, read, sign, found in (amount, rate):
        if not text or not found:
            continue
        stated = read(text)
        signed = stated if _is_unsigned(said) else Printed(sign * stated.value, stated.half)
        outcome = best([outcome_of(signed, _as_said(one, said)) for one in found])
        if outcome != "pass":
            room = "，相差在四舍五入的范围之内" if outcome == "rounding" else ""
            return _computed(case, basis, found[0], read is money, outcome, room)
    if said.rate or said.amount or not changes:
        return _AGREED
    if any(_is_so(case, said, change, basis.rates) for change in changes):
        return _AGREED
    return _computed(case, basis, changes[0], True, "fail")


def _computed(
    case: Evaluation,
    basis: Basis,
    found: Computed,
    is_money: bool,
    outcome: Outcome,
    room: str = "",
) -> _Judgement:
    right = _in_words(case, found, is_money)
    return _Judgement(outcome, f"而按{basis.shown}计算为{right}{room}", right)


def _is_unsigned(said: Comparison) -> bool:
    # Which of spending and budget is larger is the matter of TEXT-07.
    return said.unsigned or (said.against == "budget" and not said.base_amount)


def _as_said(found: Computed, said: Comparison) -> Computed:
    """Return a result without its sign where the text has none either."""
    if not _is_unsigned(said) or found.low is None or found.high is None or found.value >= 0:
        return found
    return Computed(-found.value, -found.high, -found.low)


def _is_so(
    case: Evaluation, said: Comparison, change: Computed, rates: tuple[Computed | None, ...]
) -> bool:
    if said.direction != "level":
        return change.value * SIGNS[said.direction] > 0
    limit = Fraction(case.threshold("level_difference"))
    near = [abs(rate.value) <= limit for rate in rates if rate]
    return any(near) or (
        change.low is not None and change.high is not None and change.low <= 0 <= change.high
    )


def _in_words(case: Evaluation, found: Computed, is_money: bool) -> str:
    if found.value == 0:
        return "没有增减"
    way = "增加" if found.value > 0 else "减少"
    if is_money:
        return f"{way}{case.printer.money(abs(found.value), [0])}"
    return f"{way}{case.as_printed(found.value, [0]).removeprefix('-')}"


def _finding(paragraph: Paragraph, said: Comparison, basis: Basis, judged: _Judgement) -> Verdict:
    quote = paragraph.quote(said.start, said.end)
    excerpt = paragraph.excerpt(said.start, said.end)
    ask = "请核实。" if judged.outcome == "fail" else ""
    return Verdict(
        outcome=judged.outcome,
        message=f"文中写“{quote}”，{judged.words}：“{excerpt}”。{ask}",
        places=(paragraph.place(said.start), *basis.places),
        expected=judged.expected,
        found=quote,
        item=quote,
    )


def _without_percent(case: Evaluation, paragraph: Paragraph) -> Iterator[Verdict]:
    """Yield rates whose percent sign was lost: 增长13.95。"""
    words = one_of((*case.words("more"), *case.words("less")))
    for match in re.finditer(rf"(?:{words})\d+\.\d+(?=[。;)]|,(?!\d))", paragraph.text):
        quote = paragraph.quote(*match.span())
        yield Verdict(
            message=f"“{quote}”没有写单位，像是漏写“%”：“{paragraph.excerpt(*match.span())}”。",
            places=(paragraph.place(match.start()),),
            found=quote,
            item=quote,
        )
