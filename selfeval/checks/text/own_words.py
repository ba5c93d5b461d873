"""TEXT-01, TEXT-02, TEXT-04 to TEXT-06, PAIR-01, PAIR-02: the unit's claims and its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from ...evaluation import Evaluation
from ...evaluation.finding import Verdict
from ...folding import fold
from ...money import DISPLAY_UNIT
from ...terms import BLOCKS, FAMILIES, NOT_SUPPLIED, PHASES
from ...text.numbers import NUMBER, PERCENT
from ...text.paragraphs import Paragraph
from ..prose import paragraphs
from ..reasons import column, says_why, weigh
from .pasted import other_indicators

_BARE = re.compile(rf"(?P<amount>{NUMBER}[万亿])(?!\w?元)(?P<next>\w{{0,8}})")
_CLAUSE = re.compile(r"[,;:()]")
_PERCENT = rf"(?:{PERCENT}|百分之|百分百)"
_FIELDS = ("problem", "cause", "measure")


def check_slow_but_overspent(case: Evaluation) -> Iterator[Verdict]:
    """TEXT-01: a problem says a project is slow or unpaid, while it overspent."""
    for row in case.tables.measures:
        text = f"{row.problem}{row.cause}"
        said = "".join(f"“{word}”" for word in case.words("slow_execution") if word in text)
        for line in named_projects(case, row.project, text) if said else ():
            phase = "adjusted_budget"
            if case.fen(line, phase) is None:
                phase = "initial_budget"
            budget, executed = case.fen(line, phase), case.fen(line, "executed")
            if executed is None or budget is None:
                continue
            place = row.place
            cells = tuple(
                row.place_of(field)
                for field, words in (("problem", row.problem), ("cause", row.cause))
                if any(word in words for word in case.words("slow_execution"))
            )
            item = case.name(line)
            facts = _spent(case, item, phase, budget, executed)
            if executed > budget:
                over = case.printer.money(executed - budget)
                yield Verdict(
                    message=f"问题中说{said}，而{facts}，超出{over}。两种说法对不上，请核实。",
                    places=(place, *case.places(line, phase, "executed")),
                    item=item,
                    write=cells,
                )
            else:
                yield Verdict(
                    outcome="pass",
                    message=f"问题中说{said}，{facts}，不矛盾。",
                    places=(place,),
                    item=item,
                )


def _spent(case: Evaluation, item: str, phase: str, budget: int, executed: int) -> str:
    if budget == 0:
        return f"{item}支出{case.printer.money(executed)}，{PHASES[phase]}为零"
    rate, money = case.as_printed(Fraction(executed, budget)), case.printer.money
    return f"{item}支出{money(executed)}，为{PHASES[phase]}{money(budget)}的{rate}"


def named_projects(case: Evaluation, linked: str, text: str) -> list[str]:
    """Return the projects a row is linked to or names; a name within a longer one is not it."""
    own, rest = f"project:{fold(linked)}", fold(text)
    lines = [line for line in case.budget_lines if line.startswith("project:")]
    named = {own} if linked else set()
    for line in sorted(lines, key=len, reverse=True):
        name = line.removeprefix("project:")
        if name in rest:
            named.add(line)
            rest = rest.replace(name, "。")
    return [line for line in lines if line in named]


def check_amount_units(case: Evaluation) -> Iterator[Verdict]:
    """TEXT-02: an amount in the text lacks 元, as in 40万."""
    currency, after, words = DISPLAY_UNIT[-1], case.words("after_amount"), case.words("money")
    for paragraph in paragraphs(case, _FIELDS, stand_in=""):
        for match in _BARE.finditer(paragraph.text):
            if paragraph.is_form(match.start()):
                continue
            follows = match["next"]
            before = paragraph.text[paragraph.unit(match.start())[0] : match.start()]
            clause = _CLAUSE.split(before)[-1]
            if follows and not any(follows.startswith(word) for word in after):
                continue
            if not any(word in clause + follows for word in words):
                continue
            shown = paragraph.quote(*match.span("amount"))
            right = f"{''.join(shown.split())}{currency}"
            excerpt = paragraph.excerpt(*match.span("amount"))
            yield Verdict(
                message=f"“{shown}”漏写“{currency}”，应为“{right}”：“{excerpt}”。",
                places=(paragraph.place(match.start()),),
                expected=right,
                found=shown,
                item=shown,
            )


def check_claims_have_evidence(case: Evaluation) -> Iterator[Verdict]:
    """TEXT-04: a rate of satisfaction or the like in the text, without indicator or evidence."""
    for paragraph in paragraphs(case, _FIELDS, stand_in=""):
        for word in case.words("satisfaction"):
            # Of the same clause, or of the survey that is told of: not any percentage around.
            claim = (
                rf"{word}(?:调查[^。;]{{0,12}}?|[^,。;0-9]{{0,8}}){_PERCENT}"
                rf"|{_PERCENT}[^,。;]{{0,4}}{word}"
            )
            for start, end in paragraph.sentences:
                match = re.search(claim, paragraph.text[start:end])
                if match is None or paragraph.is_form(start + match.start()):
                    continue
                at, lack = start + match.start(), _lacks_evidence(case, word)
                if not lack and _is_denied(case, paragraph, at, start + match.end()):
                    continue
                excerpt = paragraph.excerpt(at, start + match.end())
                yield Verdict(
                    outcome="fail" if lack else "pass",
                    message=f"文中的“{word}”{lack}，也看不到调查样本或来源：“{excerpt}”。"
                    if lack
                    else f"文中的“{word}”有指标和佐证材料。",
                    places=(paragraph.place(at),),
                    item=word,
                )


def _is_denied(case: Evaluation, paragraph: Paragraph, start: int, end: int) -> bool:
    """Return whether a number within a stretch of the text does not agree with the tables."""
    return any(
        judged.outcome == "fail"
        and judged.said.paragraph.starts == paragraph.starts
        and judged.said.paragraph.raw == paragraph.raw
        and start < judged.said.end
        and judged.said.start < end
        for judged in case.judged
    )


def _lacks_evidence(case: Evaluation, word: str) -> str:
    """Return what a claim lacks, "" if an indicator of its kind names its evidence."""
    stem, family = word.rstrip("度率"), FAMILIES["satisfaction"]
    matching = [
        row
        for row in case.tables.indicators
        # An indicator of satisfaction need not have the word in its own name.
        if stem in row.indicator_name or (stem in family and row.indicator_family == family)
    ]
    if any(stem in row.indicator_name for row in other_indicators(case)):
        return ""
    if not matching:
        return "没有相应的绩效指标"
    if not any(row.evidence or fold(row.indicator_name) in case.ledger for row in matching):
        return f"指标的佐证材料{NOT_SUPPLIED}"
    return ""


def check_template_residue(case: Evaluation) -> Iterator[Verdict]:
    """TEXT-05: text left over from a template."""
    words = dict.fromkeys(fold(word) for word in case.words("template_residue"))
    patterns = [re.compile(_residue(word)) for word in words]
    for paragraph in paragraphs(case, _FIELDS, stand_in=""):
        for pattern in patterns:
            for span in paragraph.sentences:
                match = pattern.search(paragraph.text, *span)
                if match is None:
                    continue
                at, till = match.span()
                yield Verdict(
                    message=f"有未填写的模板文字“{match[0]}”：“{paragraph.excerpt(at, till)}”。",
                    places=(paragraph.place(at),),
                    found=match[0],
                    item=match[0],
                )


def _residue(word: str) -> str:
    """Return the pattern of a stand-in: as many of one letter as there may be, but no word."""
    pattern = f"{re.escape(word[0])}{{{len(word)},}}" if len(set(word)) == 1 else re.escape(word)
    bound = "[0-9A-Za-z]"
    return f"(?<!{bound}){pattern}(?!{bound})" if word.isascii() and word.isalpha() else pattern


def check_personnel_cost_in_projects(case: Evaluation) -> Iterator[Verdict]:
    """TEXT-06: a project whose name speaks of paying people."""
    words = case.words("personnel_cost")
    for row in case.tables.projects:
        name = row.project
        said = next((word for word in words if word in name), "")
        if said and not says_why(case, row.note):
            yield Verdict(
                message=f"“{name}”列在{BLOCKS['project']}，名称含“{said}”。"
                f"属于{BLOCKS['personnel']}的应列{BLOCKS['basic']}；确属项目的请说明。",
                places=(row.place,),
                item=name,
            )


def check_problems_have_measures(case: Evaluation) -> Iterator[Verdict]:
    """PAIR-01: each problem has a measure and each measure a problem."""
    rows = case.tables.measures
    unpaired = False
    for row in rows:
        said = {"problem": ("问题", row.problem), "measure": ("措施", row.measure)}
        lacks = {field: name for field, (name, words) in said.items() if not words}
        gaps = list(lacks.values())
        if gaps:
            unpaired = True
            yield Verdict(
                message=f"这一行没有{'、'.join(gaps)}，问题与措施不能一一对应。",
                places=(row.place,),
                item=_shorten(row.problem or row.measure or row.cause),
                asks="、".join(gaps),
                write=tuple(row.place_of(field) for field in lacks),
            )
    if rows and not unpaired:
        message = f"问题{len(rows)}个，措施{len(rows)}条，一一对应。"
        yield Verdict(outcome="pass", message=message)


def check_measures_have_owners(case: Evaluation) -> Iterator[Verdict]:
    """PAIR-02: each measure says who does it by when, and no cause is empty words."""
    for row in case.tables.measures:
        place, where = row.place, column(case, "measures", "cause")
        cause = weigh(case, "PAIR-02", row.cause, where, place)
        if cause.fault:
            item = _shorten(row.problem)
            yield Verdict(
                message=cause.fault,
                places=(place,),
                item=item,
                asks="具体原因",
                write=(row.place_of("cause"),),
            )
        lacks = {
            field: case.unit.form.heading("measures", field)
            for field, said in (("owner", row.owner), ("due", row.due))
            if not said
        }
        gaps = "、".join(lacks.values())
        if row.measure and gaps:
            yield Verdict(
                message=f"措施没有写明{gaps}：“{_shorten(row.measure)}”。",
                places=(place,),
                item=_shorten(row.measure),
                asks=gaps,
                write=tuple(row.place_of(field) for field in lacks),
            )


def _shorten(text: str) -> str:
    return text if len(text) <= 24 else f"{text[:24]}……"
