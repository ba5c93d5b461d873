"""TEXT-10: shares stated in the text, against the part and the whole they are of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from ...evaluation import Evaluation
from ...evaluation.finding import Outcome, Verdict
from ...sheets import Place
from ...terms import PHASES
from ...text.numbers import (
    PERCENT,
    Computed,
    Printed,
    best,
    computed,
    money,
    outcome_of,
    plus,
    printed_percent,
    share,
)
from ...text.paragraphs import Paragraph, one_of
from ..prose import paragraphs
from .amounts import phases_said
from .comparisons import (
    LEVELS,
    SaidAmount,
    Speech,
    amounts_said,
    is_rough,
    names_level,
    speech,
    year_of,
)

_REACH = 1000
_NO_DIGIT = re.compile(r"[^\d。;%]{0,24}")
_PHASES = (*LEVELS, "executed")
_TOTAL_OF = {"official": "three_public_expenses"}
"""The whole of fixed lines that have no parent among the lines, by how their ids begin."""


@dataclass(frozen=True)
class _Share:
    """A stated share, the words for its whole, and the amounts it may be of, nearest first."""

    start: int
    end: int
    rate: str
    whole: str
    parts: tuple[SaidAmount, ...]


@dataclass(frozen=True)
class _ShareReading:
    """What a share may be computed from; ``found`` is None where the whole is zero."""

    found: Computed | None
    shown: str
    places: tuple[Place, ...] = ()


def check_shares(case: Evaluation) -> Iterator[Verdict]:
    """TEXT-10: a share that does not follow from the part and the whole."""
    speaking = speech(case)
    agreed = 0
    for paragraph in paragraphs(case):
        shares = list(_shares(speaking, paragraph))
        wrong: list[Verdict] = []
        for said in shares:
            readings = _in_text(speaking, paragraph, said) or _in_tables(speaking, paragraph, said)
            finding = _judged(case, paragraph, said, readings) if readings else None
            agreed += bool(readings) and finding is None
            wrong += [finding] if finding else []
        yield from wrong or _sums(speaking, paragraph, shares)
        yield from _without_number(case, paragraph)
    if agreed:
        yield Verdict(outcome="pass", message=f"文字中有{agreed}处占比与金额相符。")


def _shares(speaking: Speech, paragraph: Paragraph) -> Iterator[_Share]:
    case, text = speaking.case, paragraph.text
    word, fill = one_of(case.words("share_word")), one_of(case.words("share_fill"))
    named = r"(?P<whole>[^,。;:()\d%\ufffc]{0,20}?)"
    pattern = rf"(?:{word}){named}(?P<about>(?:{fill})*+)(?P<rate>{PERCENT})"
    last = 0
    for match in re.finditer(pattern, text):
        near = match["about"] + text[match.end() : match.end() + 2]
        start = max(last, paragraph.unit(match.start())[0])
        parts = amounts_said(paragraph, start, match.start())
        last = match.end()
        if any(word in near for word in case.words("roughly")):
            continue
        if parts and not (
            speaking.is_linking(text[parts[-1].end : match.start()].strip("()"))
            and names_level(case, parts[-1].label)
            and not is_rough(case, paragraph, parts[-1])
        ):
            continue
        yield _Share(match.start(), match.end(), match["rate"], match["whole"], tuple(parts[::-1]))


# --- what there is to compute from -----------------------------------------------------------


def _in_text(speaking: Speech, paragraph: Paragraph, said: _Share) -> list[_ShareReading]:
    if not said.parts:
        return []
    wholes = (
        _named_in_text(speaking, paragraph, said)
        if said.whole
        else [whole for whole, _ in _wholes(speaking, paragraph, said.parts[0].start)]
    )
    mine = said.parts[0].text
    readings = []
    for whole in wholes:
        for part in _sums_of([one for one in said.parts if one.start > whole.start]):
            found = computed(share, part, money(whole.text))
            readings.append(_ShareReading(found, f"文中{mine}、{whole.text}"))
    return readings


def _sums_of(parts: Sequence[SaidAmount]) -> list[Printed]:
    """Return each amount and each sum of those nearest: 甲5万元、乙3万元，占 may be of both."""
    amounts = [money(part.text) for part in parts]
    return [*amounts, *accumulate(amounts, plus)]


def _named_in_text(speaking: Speech, paragraph: Paragraph, said: _Share) -> list[SaidAmount]:
    """Return this year's amounts before a share whose label ends with the name of its whole."""
    case = speaking.case
    return [
        one
        for one in amounts_said(paragraph, max(0, said.start - _REACH), said.parts[0].start)
        if said.whole in one.label
        and speaking.is_linking(one.label.rpartition(said.whole)[2])
        and names_level(case, one.label)
        and year_of(case, one.label) in {None, case.unit.year}
    ]


def _wholes(speaking: Speech, paragraph: Paragraph, at: int) -> list[tuple[SaidAmount, int]]:
    """Return the amounts whose parts are told at a position, and where the telling begins.

    None of them if it is not certain what the innermost is.
    """
    start, text = paragraph.sentence(at)[0], paragraph.text
    found, innermost_known = [], False
    for marker in re.finditer(one_of(speaking.case.words("parts_follow")), text[start:at]):
        begins = start + marker.start()
        first = paragraph.sentence(start - 1)[0] if begins == start and start else start
        before = amounts_said(paragraph, first, begins)
        gap = speaking.rates.sub("", text[before[-1].end : begins]) if before else ""
        innermost_known = bool(before) and _NO_DIGIT.fullmatch(gap.rstrip("。")) is not None
        if innermost_known:
            found.append((before[-1], start + marker.end()))
    return found if innermost_known else []


def _in_tables(speaking: Speech, paragraph: Paragraph, said: _Share) -> list[_ShareReading]:
    case = speaking.case
    before = paragraph.text[paragraph.sentence(said.start)[0] : said.start]
    if any(word in before for word in case.words("part_of_year")) or len(said.parts) > 1:
        return []
    if year_of(case, before) not in {None, case.unit.year} or not names_level(case, before):
        return []
    spoken = speaking.line(paragraph, said.start)
    line, pieces = spoken or ("", [said.parts[0].label if said.parts else ""])
    wholes = _named_lines(speaking, said.whole) if said.whole else _totals(case, line)
    phases = phases_said("".join(pieces))
    phases = phases if len(phases) == 1 else _PHASES
    if not (line or said.parts):
        return []
    found: list[_ShareReading] = []
    for whole in wholes:
        own = _by_phase(case, line, whole, phases, said.parts[:1])
        # 支出50万元，占支出合计的25%: the share may be of the budget all the same.
        also = [phase for phase in _PHASES if line and case.fen(line, phase) is not None]
        found += own and [*own, *(r for p in also for r in _by_phase(case, line, whole, [p], ()))]
    return found


def _named_lines(speaking: Speech, whole: str) -> list[str]:
    for name, line in speaking.names:
        before, found, after = whole.partition(name)
        if found and speaking.is_linking(before) and speaking.is_linking(after):
            return [line]
    return []


def _totals(case: Evaluation, line: str) -> list[str]:
    if not line:
        return []
    own = [case.lines[line].parent, _TOTAL_OF.get(line.partition("_")[0], ""), "total"]
    return [total for total in dict.fromkeys(own) if total in case.lines and total != line]


def _by_phase(
    case: Evaluation, line: str, whole: str, phases: Sequence[str], parts: Sequence[SaidAmount]
) -> list[_ShareReading]:
    """Return the readings by phase; none at all if one that may be meant is not known."""
    found = []
    for phase in phases:
        total = case.fen(whole, phase)
        own = case.fen(line, phase) if line else None
        if total is None or (own is None and not parts):
            return []
        part = money(parts[0].text) if parts else Printed(Fraction(own or 0))
        mine = (
            parts[0].text
            if parts
            else f"{case.name(line)}{PHASES[phase]}{case.printer.money(own or 0)}"
        )
        shown = f"{mine}、表中{case.name(whole)}{PHASES[phase]}{case.printer.money(total)}"
        quotient = computed(share, part, Printed(Fraction(total)))
        found.append(_ShareReading(quotient, shown, case.places(whole, phase)))
    return found


# --- what is stated --------------------------------------------------------------------------


def _judged(
    case: Evaluation, paragraph: Paragraph, said: _Share, readings: Sequence[_ShareReading]
) -> Verdict | None:
    stated = printed_percent(said.rate)
    known = [(reading, reading.found) for reading in readings if reading.found]
    if not known:
        shown = f"而按{readings[0].shown}，合计为零，占比不可计算"
        return _finding(paragraph, said, "fail", shown) if stated.value else None
    tolerance = Fraction(case.threshold("share_difference"))
    outcome = best([outcome_of(stated, found, tolerance) for _, found in known])
    if outcome == "pass":
        return None
    right = case.printer.rate(known[0][1].value)
    room = "，相差在四舍五入的范围之内" if outcome == "rounding" else ""
    words = f"而按{known[0][0].shown}计算为{right}{room}"
    return _finding(paragraph, said, outcome, words, right, known[0][0].places)


def _finding(
    paragraph: Paragraph,
    said: _Share,
    outcome: Outcome,
    words: str,
    expected: str = "",
    places: tuple[Place, ...] = (),
) -> Verdict:
    quote = paragraph.quote(said.start, said.end)
    ask = "请核实。" if outcome == "fail" else ""
    return Verdict(
        outcome=outcome,
        message=f"文中写“{quote}”，{words}：“{paragraph.excerpt(said.start, said.end)}”。{ask}",
        places=(paragraph.place(said.start), *places),
        expected=expected,
        found=said.rate,
        item=quote,
    )


def _sums(speaking: Speech, paragraph: Paragraph, shares: Sequence[_Share]) -> Iterator[Verdict]:
    """Yield enumerations whose parts add up to the whole while their shares do not to 100 %."""
    end_of_text = len(paragraph.text)
    told = [one for said in shares for one in _wholes(speaking, paragraph, said.start)]
    for whole, begins in dict.fromkeys(told):
        end = paragraph.sentence(min(begins, end_of_text - 1))[1]
        own = [s for s in shares if begins <= s.start < end]
        amounts = [money(one.text) for one in amounts_said(paragraph, begins, end)]
        parts = [sum(one.start >= begins for one in s.parts) for s in own]
        if len(own) < 2 or parts != [1] * len(amounts):
            continue
        gap = sum((a.value for a in amounts), -money(whole.text).value)
        if abs(gap) > sum((a.half for a in amounts), money(whole.text).half):
            continue
        stated = [printed_percent(s.rate) for s in own]
        total = sum((one.value for one in stated), Fraction(0))
        room = sum((one.half for one in stated), Fraction(0))
        case = speaking.case
        if abs(total - 1) <= max(Fraction(case.threshold("share_sum_difference")), room):
            continue
        shown = case.printer.rate(total)
        quote = paragraph.quote(own[0].start, own[-1].end)
        yield Verdict(
            message=f"各部分金额之和等于{whole.text}，而各占比之和为{shown}：“{quote}”。请核实。",
            places=(paragraph.place(own[0].start),),
            found=shown,
            item=whole.text,
        )


def _without_number(case: Evaluation, paragraph: Paragraph) -> Iterator[Verdict]:
    """Yield shares whose number is missing: 占支出合计的%。"""
    word = one_of(case.words("share_word"))
    for match in re.finditer(rf"(?:{word})[^,。;:()\d%\ufffc]{{0,20}}%", paragraph.text):
        quote = paragraph.quote(*match.span())
        yield Verdict(
            message=f"“{quote}”没有写数：“{paragraph.excerpt(*match.span())}”。",
            places=(paragraph.place(match.start()),),
            found=quote,
            item=quote,
        )
