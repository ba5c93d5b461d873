"""TEXT-15, TEXT-16, TEXT-18: doubled words and marks, years of other reports, half-width marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...evaluation import Evaluation
from ...evaluation.finding import Verdict, unit_place
from ...text.paragraphs import OPAQUE, Paragraph, one_of, plain_line
from ...unit import UNIT_FILE
from ..prose import paragraphs

_FIELDS = ("problem", "cause", "measure")
_DOUBLED_MARKS = re.compile(r"([,。;:、])\1+|[,;:、][,。;、]|%%")
_DOUBLED_PHRASE = re.compile(r"(?!一)([\u4e00-\u9fff]{4,12})\1")
_HALF_WIDTH = re.compile(r"(?<=[\u4e00-\u9fff])[,;:!?](?=[\u4e00-\u9fff])")
_QUOTED = re.compile(r"《[^《》]*》|〔[^〔〕]*〕|\[[^\[\]]*\]")
_CLAUSE_END = re.compile(r"[,。;:!?]")
_OPENING = re.compile(r"(?P<year>20\d\d)年度?,")
_FORM_YEAR = re.compile(
    r"(?:自评表|基础数据表)\((?P<year>20\d\d)年度?\)|(?:^|[。;])(?P<ahead>20\d\d)年度?"
    r"[\u4e00-\u9fff]{2,40}(?:自评表|基础数据表|自评报告|评价报告)(?=$|[ 。(|])"
    r"|纳入本?(?:部门|单位)(?P<drawn_up>20\d\d)年度?(?:部门|单位)?[预决]算"
)
_SHOWN_PLACES = 3


def check_doubled_words(case: Evaluation) -> Iterator[Verdict]:
    """TEXT-15: a word or a mark stands twice in a row."""
    once = (*case.words("doubled_words"), *case.words("doubled_particles"))
    # Where no word begins, none of them need be tried.
    begins = "".join(sorted({re.escape(word[0]) for word in once}))
    words = "|".join(f"(?:{re.escape(word)}){{2,}}" for word in once)
    doubled = re.compile(f"(?=[{begins}])(?:{words})")
    allowed = re.compile(one_of(case.words("doubling_allowed")))
    for paragraph in paragraphs(case, _FIELDS):
        text = paragraph.text
        fine = _covered(text, allowed)
        found = sorted(
            {m.span() for pattern in (doubled, _DOUBLED_PHRASE, _DOUBLED_MARKS)
             for m in pattern.finditer(text)}
        )  # fmt: skip
        for start, end in found:
            if all(fine[start:end]):
                continue
            if text[start].isalpha() and (
                paragraph.is_broken(start, end) or paragraph.is_form(start)
            ):
                continue
            quote = paragraph.quote(start, end)
            yield Verdict(
                message=f"“{quote}”重复：“{paragraph.excerpt(start, end)}”。",
                places=(paragraph.place(start),),
                found=quote,
                item=quote,
            )


def _covered(text: str, pattern: re.Pattern[str]) -> bytearray:
    """Return for each character whether it stands within a match."""
    covered = bytearray(len(text))
    for match in pattern.finditer(text):
        covered[match.start() : match.end()] = b"\1" * len(match[0])
    return covered


def check_half_width_marks(case: Evaluation) -> Iterator[Verdict]:
    """TEXT-18: half-width commas and the like between Chinese characters, told once."""
    found = [
        (paragraph, match.start())
        for paragraph in paragraphs(case, _FIELDS, stand_in=OPAQUE)
        for match in _HALF_WIDTH.finditer(paragraph.raw)
    ]
    if found:
        paragraph, at = found[0]
        places = dict.fromkeys(paragraph.place_of_raw(at) for paragraph, at in found)
        yield Verdict(
            message=f"汉字之间有{len(found)}处半角标点，例如“{_around(paragraph.raw, at)}”。",
            places=tuple(places)[:_SHOWN_PLACES],
            found=paragraph.raw[at],
        )


def _around(raw: str, at: int) -> str:
    return raw[max(0, at - 8) : at + 9].strip("，。；、 ")


def check_years_named(case: Evaluation) -> Iterator[Verdict]:
    """TEXT-16: a year of report that is neither this one nor one beside it."""
    expected = range(case.unit.year - 1, case.unit.year + 2)
    of_report = one_of(case.words("year_of_report"))
    # 2016—2018年度: of several years.
    year = rf"(?<![\d—–~\-至到、和及])(?P<year>(?:19|20)\d\d)年(?={of_report})"
    pattern = re.compile(rf"{year}|(?<!\d)(?P<odd>\d{{3}}|\d{{5}})年度")
    yield from _stale_cells(case, pattern)
    for paragraph in paragraphs(case):
        quoted = _covered(paragraph.text, _QUOTED)
        in_head = _covered(paragraph.text, _FORM_YEAR)
        opening = [_OPENING.match(paragraph.text, start) for start, _ in paragraph.sentences]
        matches = [*pattern.finditer(paragraph.text), *(match for match in opening if match)]
        for match in sorted(matches, key=lambda match: match.start()):
            odd = match.groupdict().get("odd")
            if not odd and int(match["year"]) in expected:
                continue
            if quoted[match.start()] or in_head[match.start()]:
                continue
            if paragraph.is_form(match.start()):
                continue
            if odd and paragraph.is_broken(*match.span()):
                continue
            if odd or not _is_history(case, paragraph, match):
                yield _year_finding(case, paragraph, match, bool(odd))
        for match in _FORM_YEAR.finditer(paragraph.text):
            stated = {int(year) for year in match.groups() if year}
            if stated != {case.unit.year} and not quoted[match.start()]:
                yield _year_finding(case, paragraph, match, False)


def _stale_cells(case: Evaluation, pattern: re.Pattern[str]) -> Iterator[Verdict]:
    """Yield years of other reports in the form's own texts: goals, results, notes, causes."""
    texts, years = case.unit.settings.annex, range(case.unit.year - 1, case.unit.year + 2)
    goals = [texts.annual_goal, texts.annual_result]
    goals += [text for own in texts.projects for text in (own.annual_goal, own.annual_result)]
    cells = [(unit_place(case.unit, UNIT_FILE, "annex"), text) for text in goals]
    cells += [(row.place, row.deviation_cause) for row in case.tables.indicators]
    cells += [(row.place, row.note) for row in case.tables.notes]
    history = re.compile(one_of(case.words("year_of_history")))
    for place, text in cells:
        for clause in _CLAUSE_END.split(plain_line(text)):
            match = None if history.search(clause) else pattern.search(clause)
            year = match.groupdict()["year"] if match else None
            if year and int(year) not in years:
                yield Verdict(
                    message=f"本报告是{case.unit.year}年度的，表里写“{year}年”，可能是套用往年文字："
                    f"“{clause}”。请核实。",
                    places=(place,),
                    found=f"{year}年",
                    item=clause,
                )


def _is_history(case: Evaluation, paragraph: Paragraph, match: re.Match[str]) -> bool:
    """Return whether the clause of a year speaks of the past or of a plan."""
    start, end = paragraph.sentence(match.start())
    before = _CLAUSE_END.split(paragraph.text[start : match.start()])[-1]
    after = paragraph.text[match.end() : end].lstrip(",")
    clause, sentence = before + _CLAUSE_END.split(after)[0], paragraph.text[start:end]
    is_history = any(word in clause for word in case.words("year_of_history"))
    return is_history or any(word in sentence for word in case.words("year_of_comparison"))


def _year_finding(
    case: Evaluation, paragraph: Paragraph, match: re.Match[str], odd: bool
) -> Verdict:
    quote = paragraph.quote(*match.span()).strip("，,")
    why = (
        f"“{quote}”的年份位数不对"
        if odd
        else f"本报告是{case.unit.year}年度的，文中写“{quote}”，可能是套用往年文字"
    )
    return Verdict(
        message=f"{why}：“{paragraph.excerpt(*match.span())}”。请核实。",
        places=(paragraph.place(match.start()),),
        found=quote,
        item=quote,
    )
