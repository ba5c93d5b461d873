"""The parts of the public edition: each a piece of HTML with its headings.

A notebook shows parts one by one; the export puts them in the outline's order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, cast

from markupsafe import Markup

from ..budget.overviews import SHOWN_PHASES, overview_rows
from ..budget.quantities import Quantity, spending_lines
from ..evaluation import Evaluation
from ..evaluation.score import ScoredRow
from ..money import DISPLAY_UNIT
from ..schemes.outlines import Part, Section
from ..terms import (
    BLOCKS,
    CAPTIONS,
    NOT_APPLICABLE,
    NOT_COMPUTABLE,
    NOT_SUPPLIED,
    PHASES,
    RATES,
    SCREEN_WORDS,
    STAFFING,
    STATES,
    TABLE_HEADS,
    WHOLE,
    ordinal,
)
from . import charts
from . import sentences as narrative
from .appendix import about_html, glossary_html
from .html import (
    Cell,
    markdown_html,
    number_html,
    paragraphs_html,
    table_html,
    text_html,
)
from .macros import macros
from .sentences import Number, Text
from .totals import parts_html
from .trace import mark_of
from .view import Heading, View, drawn_html, heading_html, section_html, titled_view

_FIRST_SECTION, LAST = 100, 900
_ITEMS_NAMED = 3
_PUBLIC_TABLES_ONLY = "MISS-08"


def overview(evaluation: Evaluation) -> View:
    """Build the first screen: title, status, one sentence, four numbers, one chart."""
    unit = evaluation.unit
    sentence = narrative.describe_overview(evaluation)
    html = (
        macros("cards").head(unit.title, _status(evaluation), text_html(evaluation, sentence))
        + _cards(evaluation)
        + drawn_html(evaluation, charts.draw_budget_against_spending)
        + execution_table(evaluation)
    )
    plain = f"{unit.title}\n{narrative.as_plain(sentence, evaluation.printer)}"
    return View("overview", 0, html, plain)


def _status(evaluation: Evaluation) -> Markup:
    cards, lines = macros("cards"), []
    is_public = any(f.code == _PUBLIC_TABLES_ONLY for f in evaluation.all_findings)
    if evaluation.is_draft:
        count = text_html(evaluation, (blocking_count(evaluation),))
        told = cards.draft(SCREEN_WORDS["draft"], count, _faults(evaluation))
        lines.append(status_html(evaluation, told))
    elif not is_public:
        lines.append(status_html(evaluation, SCREEN_WORDS["self_evaluation"]))
    if is_public:
        told = cards.marked(
            SCREEN_WORDS["public_tables"], "没有填报表，本页只列公开表里的数，不是完整的自评报告。"
        )
        own = evaluation.is_draft
        lines.append(cards.plain_status(told) if own else status_html(evaluation, told))
    if evaluation.unit.settings.sample:
        lines.append(
            cards.plain_status(f"{SCREEN_WORDS['sample']}：单位和数据均为虚构，仅供演示。")
        )
    return Markup().join(lines)


def blocking_count(evaluation: Evaluation) -> Number:
    """Return how many severe findings keep the page a draft."""
    blocking = sum(1 for finding in evaluation.all_findings if finding.blocks)
    return narrative.count_of("blocking", blocking)


def status_html(evaluation: Evaluation, text: str) -> Markup:
    """Return the page's status: it follows from a count in the trace."""
    mark = mark_of(evaluation, blocking_count(evaluation).quantity)
    return Markup(macros("numbers").status(mark, text))


def _faults(evaluation: Evaluation) -> list[str]:
    """Return what keeps the page a draft, in a clause for each rule that names its items."""
    checks = evaluation.unit.checks
    items: dict[str, dict[str, None]] = {}
    for finding in evaluation.all_findings:
        if finding.blocks:
            items.setdefault(finding.code, {})[finding.item] = None
    clauses = []
    for code, named in items.items():
        names = "、".join(list(named)[:_ITEMS_NAMED])
        of = f"{names}等" if len(named) > _ITEMS_NAMED else names
        clause = checks.draft_marks.get(code, f"“{checks.rules[code].title}”一条不符")
        clauses.append(clause.replace("{item}", of))
    return clauses


def _cards(evaluation: Evaluation) -> Markup:
    known, scored = evaluation.quantities, evaluation.final_score
    executed = known["total.executed"]
    spent = executed if executed.value is not None else known["known.executed"]
    is_part = executed.value is None and spent.value is not None
    gloss: Text = ("全年实际花的钱",)
    if is_part and known["known.initial_budget"].value is not None:
        gloss = ("对应年初预算", Number(known["known.initial_budget"]))
    total = scored.total
    score_gloss: Text = (total.missing,)
    if scored.pending_text:
        score_gloss = narrative.describe_pending(scored)
    elif total.value is not None:
        score_gloss = ("等级为“", Number(known["score.grade"]), "”")
    if scored.cap:
        score_gloss = (*score_gloss, "，", *narrative.describe_cap(evaluation))
    cards: list[tuple[str, Quantity, Text]] = [
        (PHASES["initial_budget"], known["total.initial_budget"], ("年初批准花的钱",)),
        (SCREEN_WORDS["known_executed"] if is_part else PHASES["executed"], spent, gloss),
        (
            RATES["execution_rate"],
            known["total.execution_rate"],
            narrative.describe_denominator(evaluation),
        ),
        (SCREEN_WORDS["score"], total, score_gloss),
    ]
    items = [
        {
            "name": name,
            "number": _figure(evaluation, quantity),
            "gloss": text_html(evaluation, text),
        }
        for name, quantity, text in cards
    ]
    return Markup(macros("cards").cards(items))


def _figure(evaluation: Evaluation, quantity: Quantity) -> Markup:
    if quantity.value is None and quantity.kind == "points":
        return Markup(macros("numbers").gap(SCREEN_WORDS["not_scored"]))
    return number_html(evaluation, quantity)


def execution_table(evaluation: Evaluation) -> Markup:
    """Return every budget line with its three amounts and both rates, made once for all parts."""
    if execution_table not in evaluation.kept:
        evaluation.kept[execution_table] = _execution_table(evaluation)
    return cast(Markup, evaluation.kept[execution_table])


def _execution_table(evaluation: Evaluation) -> Markup:
    lines, known = evaluation.budget_lines, evaluation.quantities
    own = spending_lines(lines, known)
    rows: list[list[Cell]] = []
    measures = ("initial_budget", "adjusted_budget", "executed", "execution_rate", "initial_rate")
    for line in own:
        name = WHOLE if line == "total" else lines[line].name
        rows.append([name, *(known[f"{line}.{measure}"] for measure in measures)])
    heads = [
        TABLE_HEADS["line"],
        *(PHASES[p] for p in ("initial_budget", "adjusted_budget", "executed")),
        RATES["execution_rate"],
        RATES["initial_rate"],
    ]
    indent = _indents(evaluation, own)
    strong = [i for i, line in enumerate(own) if line in {"total", "basic", "project"}]
    caption = f"{CAPTIONS['execution']}（{evaluation.unit.year}年，{DISPLAY_UNIT}）"
    return table_html(
        evaluation,
        caption,
        heads,
        rows,
        numeric=range(1, 6),
        strong=strong,
        indent=indent,
        foot=parts_html(evaluation, ["total", *own[:-1]], measures[:3]),
    )


def _indents(evaluation: Evaluation, lines: Sequence[str]) -> dict[int, int]:
    levels = [evaluation.budget_lines[line].level for line in lines]
    return {row: level - 1 for row, level in enumerate(levels) if level}


def outline_section(evaluation: Evaluation, part: str) -> View | None:
    """Build a section of the outline, None if the unit's outline has no such section."""
    sections = evaluation.unit.outline.sections
    index = next((i for i, section in enumerate(sections) if section.id == part), None)
    if index is None:
        return None
    section = sections[index]
    head = Heading(f"s-{section.id}", f"{ordinal(index + 1)}、{section.heading}", 2)
    headings, pieces = [head], [heading_html(head)]
    pieces.append(_section_body(evaluation, section.id, section))
    parts: list[tuple[str, str, Markup]] = [
        (f"{section.id}.{p.id}", p.heading, _section_body(evaluation, f"{section.id}.{p.id}", p))
        for p in section.parts
    ]
    parts += [
        (f"{section.id}.{number}", free.heading, markdown_html(evaluation, free.text))
        for number, free in enumerate(evaluation.unit.narrative.free.get(section.id, ()), 1)
    ]
    for number, (key, title, body) in enumerate(parts, 1):
        below = Heading(f"s-{key.replace('.', '-')}", f"（{ordinal(number)}）{title}", 3)
        headings.append(below)
        pieces += [heading_html(below), body]
    pieces.append(_section_end(evaluation, section))
    html = section_html(*pieces, label=head.id)
    return View(part, _FIRST_SECTION + index, html, head.text, tuple(headings))


_GENERATED: Final[dict[str, Callable[[Evaluation], Markup]]] = {
    "profile.staffing": lambda e: (
        paragraphs_html(e, narrative.describe_staffing(e))
        + drawn_html(e, charts.draw_staffing)
        + _staffing_table(e)
    ),
    "spending": lambda e: (
        paragraphs_html(e, narrative.describe_spending(e), "conclusion")
        + drawn_html(e, charts.draw_composition)
        + _composition_table(e)
    ),
    "spending.basic": lambda e: paragraphs_html(e, narrative.describe_basic(e)),
    "spending.projects": lambda e: paragraphs_html(e, narrative.describe_projects(e)),
    "government_managed_funds": lambda e: paragraphs_html(
        e, narrative.describe_fund(e, "government_managed_funds")
    ),
    "state_capital_operations": lambda e: paragraphs_html(
        e, narrative.describe_fund(e, "state_capital_operations")
    ),
    "performance": lambda e: (
        paragraphs_html(e, narrative.describe_performance(e), "conclusion")
        + drawn_html(e, charts.draw_indicators)
        + drawn_html(e, charts.draw_scores)
        + _indicator_table(e)
    ),
    "problems": lambda e: paragraphs_html(e, narrative.describe_problems(e)),
    "measures": lambda e: paragraphs_html(e, narrative.describe_measures(e)),
}


def _section_body(evaluation: Evaluation, key: str, part: Part) -> Markup:
    generated = _GENERATED[key](evaluation) if part.generated else Markup()
    text = evaluation.unit.narrative.texts.get(key)
    own = markdown_html(evaluation, text.text) if text and text.text else Markup()
    if not generated and not own and (part.generated or part.text == "required"):
        empty = not evaluation.unit.narrative.free.get(key)
        return Markup(macros("lists").paragraph(NOT_SUPPLIED, "gap")) if empty else Markup()
    return generated + own


def _section_end(evaluation: Evaluation, section: Section) -> Markup:
    if section.id != "spending":
        return Markup()
    return Markup().join(
        [
            drawn_html(evaluation, charts.draw_year_on_year),
            _other_table(evaluation),
            *(_overview_table(evaluation, "revenue", [phase]) for phase in SHOWN_PHASES),
            _overview_table(evaluation, "function", SHOWN_PHASES),
        ]
    )


def _overview_table(evaluation: Evaluation, overview: str, phases: Sequence[str]) -> Markup:
    """Return income by source or spending by function, where official tables have it."""
    named = overview_rows(evaluation.quantities, overview, phases)
    if not named:
        return Markup()
    known = [quantity.key.rpartition(".")[2] for quantity in named[0][1]]
    rows: list[list[Cell]] = [[name, *numbers] for name, numbers in named]
    caption = f"{CAPTIONS[overview]}（{evaluation.unit.year}年，{DISPLAY_UNIT}）"
    heads = [TABLE_HEADS["item"], *(PHASES[phase] for phase in known)]
    return table_html(evaluation, caption, heads, rows, numeric=range(1, len(heads)), css="narrow")


def _composition_table(evaluation: Evaluation) -> Markup:
    lines, known = evaluation.budget_lines, evaluation.quantities
    own = charts.compared_lines(evaluation, "initial_budget")
    if all(known[f"{line}.initial_budget"].value is None for line in [*own, "total"]):
        return Markup()
    own.sort(key=lambda line: -(known[f"{line}.initial_budget"].value or 0))
    rows: list[list[Cell]] = [
        [lines[line].name, known[f"{line}.initial_budget"], known[f"{line}.share"]] for line in own
    ]
    rows.append([WHOLE, known["total.initial_budget"], NOT_APPLICABLE])
    heads = [TABLE_HEADS["line"], PHASES["initial_budget"], RATES["share"]]
    caption = f"{CAPTIONS['composition']}（{evaluation.unit.year}年，{DISPLAY_UNIT}）"
    return table_html(
        evaluation, caption, heads, rows, numeric=(1, 2), strong=[len(rows) - 1], css="narrow"
    )


def _staffing_table(evaluation: Evaluation) -> Markup:
    staff, known = evaluation.tables.staffing, evaluation.quantities
    kinds = [row.kind for row in staff if not row.is_total]
    if not kinds:
        return Markup()
    rows: list[list[Cell]] = [
        [kind, known[f"staff:{kind}.authorised_posts"], known[f"staff:{kind}.staff_in_post"]]
        for kind in kinds
    ]
    rows.append(
        [TABLE_HEADS["total"], known["staff.authorised_posts"], known["staff.staff_in_post"]]
    )
    caption = f"{CAPTIONS['staffing']}（{evaluation.unit.year}年末）"
    return table_html(
        evaluation,
        caption,
        [TABLE_HEADS["kind"], STAFFING["authorised_posts"], STAFFING["staff_in_post"]],
        rows,
        numeric=(1, 2),
        strong=[len(rows) - 1],
        css="narrow",
    )


def _other_table(evaluation: Evaluation) -> Markup:
    """Return 三公, procurement, carry-over and prior-year amounts, or that they are missing."""
    lines, known = evaluation.budget_lines, evaluation.quantities
    measures = ("prior_final_accounts", "initial_budget", "executed")
    levels_known = (*measures, *_OTHER_BUDGETS)

    def told(line: str) -> bool:
        # Where nothing is supplied, the heads of the parts say so once for all of them.
        cells = [known[f"{line}.{measure}"] for measure in levels_known]
        return lines[line].level == 1 or any(c.value is not None or not c.applies for c in cells)

    others = [key for key, line in lines.items() if line.parent == "other"]
    own = ["basic", "project", *filter(told, others)]
    rows: list[list[Cell]] = []
    phase = ""
    for line in own:
        above, phase = phase, _budget_phase(known, line)
        # What is said of an amount's budget need not be said again of each of its parts.
        note = "" if lines[line].level > 1 and phase == above else phase
        budget = known[f"{line}.{phase or 'initial_budget'}"]
        rows.append(
            [
                lines[line].name,
                _or_none(known[f"{line}.prior_final_accounts"]),
                [budget, PHASES[note]] if note else _or_none(budget),
                _or_none(known[f"{line}.executed"]),
            ]
        )
    if len(own) == 2:
        rows += [[BLOCKS[b], *[NOT_SUPPLIED] * 3] for b in ("three_public_expenses", "procurement")]
        rows.append([CAPTIONS["carryover"], *[NOT_SUPPLIED] * 3])
    caption = f"{CAPTIONS['other']}（{evaluation.unit.year}年，{DISPLAY_UNIT}）"
    heads = [TABLE_HEADS["item"], *(PHASES[m] for m in measures)]
    indent = _indents(evaluation, own)
    return table_html(evaluation, caption, heads, rows, numeric=(1, 2, 3), indent=indent)


_OTHER_BUDGETS = ("adjusted_budget", "stated_budget")


def _budget_phase(known: Mapping[str, Quantity], line: str) -> str:
    """Return which budget stands for an initial one that there is not, "" where there is none."""
    if known[f"{line}.initial_budget"].value is not None:
        return ""
    others = (p for p in _OTHER_BUDGETS if known[f"{line}.{p}"].value is not None)
    return next(others, "")


def _or_none(quantity: Quantity) -> Cell:
    return STATES["none"] if quantity.is_none else quantity


def actual_cell(evaluation: Evaluation, row: ScoredRow) -> Cell:
    """Return what a line of the score reached: a number of ours, or what the unit filled in."""
    quantity = evaluation.quantities.get(row.quantity)
    if quantity is not None and quantity.value is not None:
        return quantity
    return row.actual or NOT_SUPPLIED


def _indicator_table(evaluation: Evaluation) -> Markup:
    rows = evaluation.final_score.rows
    if not any(row.is_own or row.line for row in rows):
        return Markup()
    known = evaluation.quantities
    cells: list[list[Cell]] = [
        [
            row.name,
            row.aspect or row.family,
            row.target,
            actual_cell(evaluation, row),
            known[f"score.{number}.weight"],
            known[f"score.{number}.points"],
        ]
        for number, row in enumerate(rows)
    ]
    scored = evaluation.final_score
    total: Cell = scored.total if scored.total.value is not None else NOT_COMPUTABLE
    if scored.pending_text:
        total = [scored.total, narrative.describe_pending(scored)]
    cells.append([TABLE_HEADS["total"], "", "", "", known["score.weight"], total])
    caption = f"{CAPTIONS['indicators']}（{evaluation.unit.year}年，分）"
    names = ("indicator", "aspect", "target", "actual", "weight", "points")
    heads = [TABLE_HEADS[name] for name in names]
    capped = narrative.describe_cap(evaluation)
    note = paragraphs_html(evaluation, [(*capped, "。")] if capped else [], "note")
    table = table_html(
        evaluation, caption, heads, cells, numeric=(4, 5), strong=[len(cells) - 1], css="words"
    )
    return table + note


def glossary(evaluation: Evaluation) -> View:
    """Build the plain-language glossary."""
    return titled_view("glossary", LAST, glossary_html(evaluation))


def about(evaluation: Evaluation) -> View:
    """Build the note on how the page was made: rules, rounding, inputs and their hashes."""
    return titled_view("about", LAST + 2, about_html(evaluation), css="small")


PUBLIC_VIEWS: Final[dict[str, Callable[[Evaluation], View]]] = {
    "overview": overview,
    "glossary": glossary,
    "about": about,
}
"""The parts around the outline's sections; the note on how it was made ends both editions."""
