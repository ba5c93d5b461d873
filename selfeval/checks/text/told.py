"""TEXT-03, TEXT-07 to TEXT-12, TEXT-23 to TEXT-28: what a text says, each rule a view of it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import attrgetter

from ...evaluation import Evaluation
from ...evaluation.finding import Verdict
from ...folding import fold
from ...sheets import Place
from ...terms import NOT_COMPUTABLE
from ...text.paragraphs import OPAQUE, Paragraph, paragraph
from ...text.statements import Judged, Statement, Subject
from ..prose import paragraphs
from .compare import Comparison
from .dates import dates_of
from .facts import Facts, reader_of, subject_of_line
from .ranks import CODE as RANKS
from .ranks import ranks_of
from .reached import INDICATORS, NOT_SCORED, SCORES, Performance

_EMPTY_SHARE = re.compile(rf"占[^,。;:()\d%{OPAQUE}]{{0,20}}%")
_AGREE = {
    "TEXT-03": "文字中有{}处金额与表格相符。",
    "TEXT-07": "文字中有{}处支出与预算的大小关系与金额相符。",
    "TEXT-08": "文字中有{}处增减与金额相符。",
    "TEXT-09": "文字中有{}处完成率与金额相符。",
    "TEXT-10": "文字中有{}处占比与金额相符。",
    "TEXT-24": "文字中有{}处个数与表格或者上下文相符。",
    "TEXT-27": "文字中有{}处日期与表格或者上下文相符。",
    RANKS: "文字中有{}处最多、最少的说法与表格相符。",
    "TEXT-25": "文字中有{}处指标、满意度、问卷的数与绩效指标和佐证材料相符。",
    "TEXT-26": "文字中有{}处得分、等级与计分相符。",
}


def statements(case: Evaluation) -> tuple[Judged, ...]:
    """Return every number and claim of the unit's text with what came of it."""
    facts = Facts(case)
    reader = reader_of(case, facts)
    performance = Performance(case)
    said: list[Statement] = []
    lead: Paragraph | None = None
    mark = ""
    for text, topic, is_planned in texts(case):
        read = reader.read(text, topic)
        if lead is not None and text.mark and mark in {"", text.mark}:
            mark = text.mark
            read = reader.led(lead, read)
        else:
            lead, mark = text if text.text.endswith(":") else None, ""
        if is_planned:
            said += [replace(one, doubt="plan", measure="other") for one in read]
            continue
        claims = performance.claims(text)
        read = [one for one in read if not _is_among(one, claims)]
        claims += ranks_of(case, facts, text)
        dates = dates_of(text, case.unit.grammar)
        said += sorted((*read, *claims, *dates), key=attrgetter("start"))
    return tuple(Comparison(case, facts, performance, reader.lexicon, said).judged())


def with_score(case: Evaluation) -> tuple[Judged, ...]:
    """Return the statements of a scored unit, those compared that waited for the score."""
    reached = Performance(case)
    return tuple(
        reached.judged(one.said) or one if one.why == NOT_SCORED else one for one in case.judged
    )


def _is_among(one: Statement, claims: Sequence[Statement]) -> bool:
    """Return whether words claim what is among the claims, which stand in the text's order."""
    last = bisect_left(claims, one.end, key=attrgetter("start")) - 1
    return one.measure == "claim" and last >= 0 and one.start < claims[last].end


def texts(case: Evaluation) -> Iterator[tuple[Paragraph, Subject | None, bool]]:
    """Yield the paragraphs of the unit's text and of its cells.

    With each what a cell's row is of, and whether it tells what is still to be done.
    """
    projects = {
        (row.place, text): Subject(item=f"project:{fold(row.project)}")
        for row in case.tables.measures
        if row.project
        for text in (row.problem, row.cause)
    }
    for one in paragraphs(case):
        yield one, projects.get((one.starts[0][1], one.raw)), False
    for own in case.tables.measures:
        if own.measure.strip():
            yield paragraph(((own.place, own.measure),)), None, True
    cells: list[tuple[Place, str, Subject | None]] = []
    for note in case.tables.notes:
        topic = subject_of_line(note.block) if note.block in case.budget_lines else None
        cells += [(note.place_of("use"), note.use, None), (note.place_of("note"), note.note, topic)]
    for project in case.tables.projects:
        topic = Subject(item=f"project:{fold(project.project)}")
        cells.append((project.place_of("use"), project.use, None))
        cells.append((project.place_of("note"), project.note, topic))
    for staff in case.tables.staffing:
        cells.append((staff.place_of("note"), staff.note, None))
    for row in case.tables.indicators:
        topic = Subject(item=f"indicator:{fold(row.indicator_name)}")
        cells.append((row.place_of("deviation_cause"), row.deviation_cause, topic))
    for place, text, topic in cells:
        if text.strip():
            yield paragraph(((place, text),)), topic, False


def check_told(case: Evaluation, code: str) -> Iterator[Verdict]:
    """TEXT-03, TEXT-07 to TEXT-12, TEXT-23 to TEXT-28: yield what is wrong, and how many agree."""
    agreed = 0
    for judged in case.judged:
        if judged.code != code:
            continue
        if judged.outcome == "pass":
            agreed += 1
        elif judged.outcome in {"fail", "rounding"}:
            yield _verdict(judged)
    if code == "TEXT-10":
        yield from _without_number(case)
    if agreed and code in _AGREE:
        yield Verdict(outcome="pass", message=_AGREE[code].format(agreed))


def _verdict(judged: Judged) -> Verdict:
    said = judged.said
    quote = said.paragraph.quote(said.start, said.end)
    told = said.paragraph.quote(said.opens, said.end)
    excerpt = said.paragraph.excerpt(said.opens, said.end)
    rounding = judged.outcome == "rounding"
    room = "，相差在四舍五入的范围之内" if rounding else ""
    ask = "" if rounding else "请核实。"
    if judged.code == "TEXT-12":
        ask = "请核实是否误写了单位。"
        words = f"文中写{quote}，表中{judged.shown}，数字相同而单位不同"
    elif judged.code == "TEXT-03":
        ask = "" if rounding else "建议改用占位符，由工具填数。"
        words = f"文中写{quote}，表中{judged.shown}{room}"
    elif judged.code in {INDICATORS, SCORES}:
        words = f"文中写“{told}”，而{judged.shown}{room}"
    elif judged.code in {"TEXT-24", "TEXT-27", RANKS}:
        words = f"文中写“{told}”，{judged.shown}{room}"
    elif said.number is None:
        words, ask = f"文中写“{told}”，而{judged.shown}", "两种说法对不上，请核实。"
    elif judged.expected == NOT_COMPUTABLE:
        words = f"文中写“{told}”，而按{judged.shown}，基数为零，{NOT_COMPUTABLE}"
    elif judged.code == "TEXT-11" or judged.expected in {"", judged.shown}:
        words = f"文中写“{told}”，{judged.shown}"
    else:
        words = f"文中写“{told}”，而按{judged.shown}计算为{judged.expected}{room}"
    return Verdict(
        outcome="rounding" if rounding else "fail",
        message=f"{words}：“{excerpt}”。{ask}",
        places=(said.paragraph.place(said.start), *judged.places),
        expected=judged.expected,
        found=quote,
        item=judged.item or told,
    )


def _without_number(case: Evaluation) -> Iterator[Verdict]:
    """Yield shares whose number is missing: 占支出合计的%。"""
    for text in paragraphs(case):
        for match in _EMPTY_SHARE.finditer(text.text):
            quote = text.quote(*match.span())
            yield Verdict(
                message=f"“{quote}”没有写数：“{text.excerpt(*match.span())}”。",
                places=(text.place(match.start()),),
                found=quote,
                item=quote,
            )
