"""The unit's own text at the end of the internal edition: each number with what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

from ..budget.quantities import Quantity
from ..checks.written import NOT_COUNTED, Passage, WrittenText, expected_words, in_runs, is_counted
from ..evaluation import Evaluation
from ..evaluation.finding import Finding, places_text
from ..evaluation.said import line_of
from ..schemes.privacy import masked_text
from ..terms import NOT_SUPPLIED, SAID_OUTCOMES
from ..text.statements import Judged
from .html import number_html, text_html
from .macros import macros
from .sentences import Piece, Text, count_of
from .view import Heading, View, heading_html, titled_view

_MARKS = {"fail": SAID_OUTCOMES["fail"]}
"""What stands at the number itself, beside its number below the paragraph."""


@dataclass(frozen=True)
class _Marked:
    """A passage, its number on the page, and its statements that are marked, by their numbers."""

    number: int
    passage: Passage
    said: dict[int, Judged]
    findings: dict[int, Finding]


def describe_text(evaluation: Evaluation) -> Text:
    """Return how many numbers the text has, and how many were compared."""
    tally = WrittenText(evaluation).tally()
    if not tally.numbers:
        said: list[Piece] = ["文中没有自己写的数"]
    else:
        said = ["文中", count_of("said", tally.numbers), "数，核对"]
        said += [count_of("said_compared", tally.compared), "，不符"]
        said += [count_of("said_wrong", tally.wrong)]
    if tally.placed:
        said += ["；另有", count_of("said_placed", tally.placed), "由占位符填写"]
    return (*said, "。")


def finding_links(evaluation: Evaluation) -> dict[int, tuple[str, str]]:
    """Return where in the text each finding stands, by its index: the id and the words."""
    links: dict[int, tuple[str, str]] = {}
    for own in _marked(WrittenText(evaluation)):
        for index, finding in own.findings.items():
            exact = (number for number, one in own.said.items() if _is_of(finding, one))
            at = next(exact, 0)
            links.setdefault(index, (f"d{at}", f"第{at}处") if at else (f"p{own.number}", "这一段"))
    return links


def own_text(evaluation: Evaluation) -> View:
    """Build the text: paragraph by paragraph, the reasons below each."""
    pieces = macros("said")
    sources = {q.source: q for q in reversed([*evaluation.quantities.values()]) if q.source}
    written, heading = WrittenText(evaluation), ""
    marked = list(_marked(written))
    wrong = [n for own in marked for n, one in own.said.items() if one.outcome == "fail"]
    told = text_html(evaluation, describe_text(evaluation))
    lines = [
        Markup(macros("lists").paragraph(told + Markup(pieces.jumps(wrong)))),
        Markup(pieces.legend([*SAID_OUTCOMES.items()])),
        Markup(macros("lists").line(f"{NOT_COUNTED}。", "note")),
    ]
    for own in marked:
        if own.passage.heading != heading:
            heading = own.passage.heading
            lines.append(heading_html(Heading(f"x{own.number}", heading, 3)))
        notes = list(_notes(evaluation, written, own, sources))
        place = own.passage.paragraph.starts[0][1]
        cell = "" if line_of(place) else place.cell
        shown = _pieces(evaluation, own)
        lines.append(Markup(pieces.passage(own.number, cell, shown, notes)))
    return titled_view("statements", 30, *lines, css="own-text")


def _marked(written: WrittenText) -> Iterator[_Marked]:
    """Yield the passages with their statements numbered, and the findings about each."""
    evaluation = written.case
    at: dict[tuple[str, str, str], list[int]] = {}
    for at_index, finding in enumerate(evaluation.all_findings):
        if finding.is_open or finding.explanation:
            for place in finding.places:
                at.setdefault((place.file, place.sheet, place.cell), []).append(at_index)
    count = 0
    for number, passage in enumerate(written.passages(), 1):
        said: dict[int, Judged] = {}
        end = 0
        for one in passage.said:
            index = passage.paragraph.index
            is_told = is_counted(one) or (not one.said.number and one.outcome != "unchecked")
            is_filled = one.outcome != "fail" and written.is_placed(one.said)
            if is_told and index[one.said.start] >= end and not is_filled:
                count, end = count + 1, index[one.said.end - 1] + 1
                said[count] = one
        lines = dict.fromkeys((p.file, p.sheet, p.cell) for _, p in passage.paragraph.starts)
        found = dict.fromkeys(one for line in lines for one in at.get(line, ()))
        findings = {one: evaluation.all_findings[one] for one in found}
        yield _Marked(number, passage, said, findings)


def _is_of(finding: Finding, judged: Judged) -> bool:
    said = judged.said
    return (
        finding.code == judged.code
        and judged.outcome in {"fail", "rounding"}
        and finding.found == said.quote
        and finding.places[:1] == (said.paragraph.place(said.start),)
    )


def _pieces(evaluation: Evaluation, own: _Marked) -> list[str]:
    """Return the text of a passage as HTML, its numbers marked, its placeholders filled."""
    paragraph, unit = own.passage.paragraph, evaluation.unit
    raw = masked_text(paragraph.raw, unit.checks, unit.settings.office_contacts)
    if len(raw) != len(paragraph.raw):
        return [raw]
    spans: list[tuple[int, int, str]] = []
    mark = macros("said").mark
    for number, one in own.said.items():
        start, end = paragraph.index[one.said.start], paragraph.index[one.said.end - 1] + 1
        word = _MARKS.get(one.outcome, "")
        css = one.outcome if one.said.number else f"{one.outcome} claim"
        shown = mark(number, css, word, own.number, _plain(raw[start:end]))
        spans.append((start, end, shown))
    for placed in own.passage.placed:
        shown = NOT_SUPPLIED
        if placed.quantity:
            shown = number_html(evaluation, placed.quantity)
        spans.append((placed.start, placed.end, shown))
    html: list[str] = []
    last = 0
    for start, end, shown in sorted(spans):
        if start >= last:
            html += [_plain(raw[last:start]), shown]
            last = end
    return [*html, _plain(raw[last:])]


def _plain(text: str) -> str:
    return text.replace("**", "")


_Note = tuple[str, str, str, str]
"""The word of an outcome, the outcome, the numbers it is of, and what is told of them."""


def _notes(
    evaluation: Evaluation, written: WrittenText, own: _Marked, sources: dict[str, Quantity]
) -> Iterator[_Note]:
    """Yield what came of the numbers of a passage: what is wrong first, like reasons together."""
    linked = macros("said").linked
    notes: dict[tuple[str, Markup], list[int]] = {}
    told = set()
    for number, one in own.said.items():
        html = escape(one.why) if one.why else _compared(evaluation, one, sources)
        for index, finding in own.findings.items():
            if _is_of(finding, one):
                html += Markup("；见{}").format(Markup(linked(f"f{index}", finding.code)))
                told.add(index)
                break
        if offer := written.offer(one):
            html += Markup("。{}").format(Markup(macros("said").offer(offer)))
        notes.setdefault((one.outcome, html), []).append(number)
    for outcome, word in SAID_OUTCOMES.items():
        for (came, html), numbers in notes.items():
            if came == outcome:
                yield word, outcome, in_runs(numbers), html
    rest = {i: finding.code for i, finding in own.findings.items() if i not in told}
    if rest:
        yield "发现", "", "", Markup("、").join(Markup(linked(f"f{i}", c)) for i, c in rest.items())


def _compared(evaluation: Evaluation, one: Judged, sources: dict[str, Quantity]) -> Markup:
    """Return what a number was compared with, each by its row of the trace where it has one."""
    known = evaluation.quantities
    found = [known[one.key]] if one.key else [sources.get(str(place)) for place in one.places]
    html = escape(expected_words(one))
    # A row of several numbers has one source: the number it was compared with is that named.
    if found and all(q and (one.key or q.label in one.shown) for q in found):
        names = (Markup("{}{}").format(q.label, number_html(evaluation, q)) for q in found if q)
        return html + Markup("、").join(dict.fromkeys(names))
    place = f"（{places_text(one.places, '', cells=4, sheets=1)}）" if one.places else ""
    return html + escape(f"{one.shown or '与所比的数一致'}{place}")
