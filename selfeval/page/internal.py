"""The parts of the internal edition: findings by what to do, coverage, scores, evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

from markupsafe import Markup

from ..budget.printer import Printer
from ..budget.quantities import counted
from ..budget.ratios import Ratio
from ..checks.explanations import entry
from ..evaluation import Evaluation
from ..evaluation.finding import Finding, places_text
from ..evaluation.rows import ledger_rows
from ..schemes.loading import UNVERIFIED
from ..schemes.reviewer import load_criteria
from ..scoring.comparison import pending_reasons
from ..scoring.reviewer import ReviewedLine, strike_percent
from ..scoring.reviewer import preview as review_preview
from ..scoring.work_list import EXPLANATIONS, WorkItem, WorkList, named, work_list
from ..tables.own_form.evidence import shortened, state_counts
from ..tables.rows import Material
from ..terms import (
    ACTIONS,
    CAPTIONS,
    EVIDENCE_STATES,
    NOT_APPLICABLE,
    NOT_COMPUTABLE,
    NOT_SUPPLIED,
    OUTCOMES,
    PAGE_HEADINGS,
    SCREEN_WORDS,
    SEVERITIES,
    STATES,
    TABLE_HEADS,
)
from ..unit import UNIT_FILE
from . import charts
from .appendix import coverage, coverage_rows
from .html import Cell, Line, paragraphs_html, table_html, text_html
from .macros import macros
from .opening import blocking_count, status_html
from .own_text import describe_text, finding_links, own_text
from .performance import actual_cell
from .sentences import (
    Number,
    Piece,
    Text,
    as_plain,
    count_of,
    describe_cap,
    describe_pending,
    describe_preview,
    describe_strikes,
    describe_work,
    line_left,
)
from .spending import execution_table
from .view import (
    Heading,
    View,
    drawn_html,
    heading_html,
    page_heading,
    section_html,
    titled_view,
)


def internal_overview(evaluation: Evaluation) -> View:
    """Build the first screen: what is to be written where, and what is gone then."""
    unit, found, todo = evaluation.unit, evaluation.all_findings, work_list(evaluation)
    waiting = sum(1 for f in found if f.waits)
    said: list[Piece] = ["检查", count_of("checked", len(found))]
    for outcome, name in OUTCOMES.items():
        count = sum(1 for f in found if f.outcome == outcome)
        said += [f"，{name}", count_of(f"checked_{outcome}", count)]
    said += ["；待处理", count_of("open", waiting)]
    said += ["，不需要处理", count_of("idle", len(todo.idle))] if todo.idle else []
    read, used, unused = _coverage_counts(evaluation)
    said += ["。读到数额", read, "，参与核对", used, "，未参与", *unused, "。"]
    state: Text = ("没有未解决的严重问题。",)
    if any(f.blocks for f in found):
        count_blocking = blocking_count(evaluation)
        state = (f"{SCREEN_WORDS['draft']}：", count_blocking, "严重问题没有更正或说明。")
    cards, pieces = macros("cards"), macros("todo")
    status = cards.marked(SCREEN_WORDS["internal"], text_html(evaluation, state))
    head = cards.head(
        (f"{unit.year}年度", unit.name, "自评内部自查"),
        status_html(evaluation, status),
        text_html(evaluation, describe_work(todo)),
    )
    told = text_html(evaluation, (*said, *describe_text(evaluation)))
    # Without a score there is no preview of what a reviewer may leave of it.
    strikes = describe_strikes(review_preview(evaluation)) if evaluation.scored else ()
    html = (
        head
        + _tasks_html(evaluation, todo)
        + (_line(text_html(evaluation, strikes)) if strikes else Markup())
        + Markup(pieces.counted(told, Markup(macros("said").linked("s-statements", "逐数看"))))
    )
    return View("review-overview", 0, html, f"{unit.name}：待处理{waiting}条")


def _tasks_html(evaluation: Evaluation, todo: WorkList) -> Markup:
    """Return the list of what to write, by cell; a trial's leads nowhere, it may stand alone."""
    is_shown = not evaluation.is_trial
    numbers = {id(f): n if is_shown else None for n, f in enumerate(evaluation.all_findings)}
    tasks = [
        {
            "rows": [
                (named(evaluation, *(own.place for own in row)), row[0].shown, row[0].write)
                for row in task.rows
            ],
            "subjects": "、".join(task.subjects),
            "clears": [(numbers[id(f)], f.code) for f in _first_of_each(task.clears)],
            "otherwise": task.otherwise,
        }
        for task in todo.items
    ]
    after = [(numbers[id(f)], f.code, f.item) for f in todo.following]
    return Markup(macros("todo").tasks(tasks, after)) if tasks else Markup()


def _first_of_each(found: Iterable[Finding]) -> list[Finding]:
    """Return the first finding of each rule."""
    return [*{f.code: f for f in reversed([*found])}.values()][::-1]


def _coverage_counts(evaluation: Evaluation) -> tuple[Number, Number, list[Piece]]:
    """Return how many amounts were read, and used by a check; and the words for the others."""
    covered = coverage(evaluation)
    unused: list[Piece] = [count_of("unused", covered.unused)]
    if covered.unread:
        unused += ["（含没有读懂的", count_of("unread", covered.unread), "）"]
    return count_of("read", covered.read), count_of("used", covered.used), unused


def findings(evaluation: Evaluation) -> View:
    """Build the findings, grouped by what to do; those the unit explained come last.

    Findings that one task clears stand together, all but the first folded; so do those that go
    with the findings of their parts.
    """
    found, todo = evaluation.all_findings, work_list(evaluation)
    shown = _FindingCards(evaluation)
    head = page_heading("findings")
    headings, pieces = [head], [heading_html(head)]
    for action, name in ACTIONS.items():
        tasks = [task for task in todo.items if task.clears and task.clears[0].action == action]
        after = [finding for finding in todo.following if finding.action == action]
        count = sum(len(task.clears) for task in tasks) + len(after)
        if not count:
            continue
        headings.append(Heading(f"s-findings-{action}", f"{name}（{count}条）", 3))
        pieces.append(heading_html(headings[-1]))
        for task in tasks:
            first, *others = task.clears
            pieces += [shown.of(first, task), shown.folded("原因相同、一起消失的", others)]
        pieces.append(shown.folded("上面几项答复以后随之消失的", after))
    explained = [f for f in found if f.explanation]
    if explained:
        heading = page_heading("explained", 3)
        headings.append(Heading(heading.id, f"{heading.text}（{len(explained)}条）", 3))
        pieces += [heading_html(headings[-1]), *map(shown.of, explained)]
    if not todo.items:
        pieces.insert(1, macros("lists").paragraph("没有待处理的发现。"))
    return View("findings", 10, section_html(*pieces), head.text, tuple(headings))


class _FindingCards:
    """The findings of an evaluation as they stand on the page."""

    def __init__(self, evaluation: Evaluation) -> None:
        self._case = evaluation
        self._numbers = {id(f): n for n, f in enumerate(evaluation.all_findings)}
        self._links = finding_links(evaluation)

    def of(self, finding: Finding, task: WorkItem | None = None) -> Markup:
        """Return a finding: what was found, where, and where it is answered."""
        case, number = self._case, self._numbers[id(finding)]
        rule = case.unit.checks.rules[finding.code]
        write = "；".join(
            f"{named(case, *(own.place for own in row))}：{row[0].write}"
            for row in (task.rows if task else ())
        )
        line = entry(finding, case.all_findings) if finding.waits and rule.explainable else ""
        facts = (
            ("write", write),
            ("say", f"{UNIT_FILE} 的 {EXPLANATIONS}：{line}" if line else ""),
            ("place", places_text(finding.places, case.unit.code, cells=40, sheets=10)),
            ("expected", finding.expected),
            ("found", finding.found),
            ("explanation", finding.explanation),
        )
        told = [(TABLE_HEADS[name], text) for name, text in facts if text]
        if number in self._links:
            told.append((TABLE_HEADS["said"], Markup(macros("said").linked(*self._links[number]))))
        words = [SEVERITIES[finding.severity], OUTCOMES[finding.outcome]]
        words = [*words, "已说明"] if finding.explanation else words
        return Markup(macros("cards").finding(finding, "·".join(words), told, number))

    def folded(self, why: str, found: Sequence[Finding]) -> Markup:
        """Return findings folded under a line that says why; nothing if there are none."""
        if not found:
            return Markup()
        cards = Markup().join(map(self.of, found))
        return Markup(macros("todo").folded(f"{why}（{len(found)}条）", cards))


def execution(evaluation: Evaluation) -> View:
    """Build the chart and the table of budget against spending."""
    chart = drawn_html(evaluation, charts.draw_budget_against_spending)
    html = section_html(chart, execution_table(evaluation))
    return View("execution", 15, html, CAPTIONS["execution"])


def unchecked(evaluation: Evaluation) -> View:
    """Build the coverage: how many numbers were read, and how many no check used."""
    read, used, unused = _coverage_counts(evaluation)
    said: list[Piece] = ["读到数额", read, "，其中", used, "参与了至少一项核对；没有参与任何核对的"]
    said += ["共", *unused, "。"]
    tables = evaluation.tables.reading.tables
    names = {table.layout: table.name for table in tables}
    undated = {(f"{t.file} › {t.sheet}", t.layout) for t in tables if t.year is None}
    names |= {layout.table: layout.title for layout in evaluation.unit.form.tables}
    # Tables that nobody knows have one layout, and names of their own.
    own = {(f"{table.file} › {table.sheet}", table.layout): table.name for table in tables}
    counts = {name: TABLE_HEADS.get(name) or STATES[name] for name in _COVERED}
    rows: list[list[Cell]] = []
    for row in coverage_rows(evaluation):
        name = own.get((row.place, row.table)) or names.get(row.table, NOT_APPLICABLE)
        is_undated = (row.place, row.table) in undated
        told = f"（{TABLE_HEADS['year_unknown']}，没有用在报告里）" if is_undated else ""
        cells = (macros("numbers").count(getattr(row, key)) for key in counts)
        rows.append([f"{name}{told}", row.place, *cells])
    heads = [TABLE_HEADS["table"], TABLE_HEADS["place"], *counts.values()]
    caption = f"{CAPTIONS['cells']}（个）"
    table = table_html(evaluation, caption, heads, rows, numeric=range(2, len(heads)))
    return titled_view("coverage", 20, _line(text_html(evaluation, tuple(said))), table)


_COVERED: Final = ("read", "used", "unread", "unused", "blank", "dash")
"""What is counted of each table, column by column."""


def build_ratios(evaluation: Evaluation) -> View:
    """Build the ratios of the common framework: result or why there is none, formula, numbers."""
    rows: list[list[Cell]] = [
        [
            [ratio.name, *([f"（{ratio.basis}）"] if ratio.basis else [])],
            ratio.quantity,
            [ratio.formula, *([f"注：{ratio.note}"] if ratio.note else [])],
            _inputs(evaluation.printer, ratio),
        ]
        for ratio in evaluation.ratio_rows
        if ratio.is_computed
    ]
    heads = [TABLE_HEADS[name] for name in ("indicator", "outcome", "formula", "data")]
    caption = f"{PAGE_HEADINGS['ratios']}（{evaluation.unit.year}年）"
    table = table_html(evaluation, caption, heads, rows, css="words ratios")
    without = [ratio for ratio in evaluation.ratio_rows if not ratio.is_computed]
    said = (
        "同一指标口径不同的分行列出，共",
        count_of("ratios", len(rows) + len(without)),
        "：",
        count_of("ratios_computed", len(rows)),
        "有结果，",
        count_of("ratios_without", len(without)),
        f"{NOT_COMPUTABLE}或{STATES['dash']}。缺的数没有用别的数代替。",
    )
    told = _line(text_html(evaluation, tuple(said)))
    rest = Markup(macros("lists").bullets([_why_none(ratio) for ratio in without]))
    return titled_view(
        "ratios", 18, told, table if rows else Markup(), rest, _references(evaluation)
    )


def _line(text: str, css: str = "") -> Markup:
    return Markup(macros("lists").line(text, css))


def _references(evaluation: Evaluation) -> Markup:
    """Return where the definitions come from, those of one source together."""
    named: dict[str, list[str]] = {}
    for ratio in evaluation.ratio_rows:
        source = f"{ratio.reference}{'' if ratio.verified else f'（{UNVERIFIED}）'}"
        named.setdefault(source, []).append(ratio.quantity.label)
    told = (f"{source}：{'、'.join(labels)}。" for source, labels in named.items())
    return paragraphs_html(evaluation, [(text,) for text in told], "note")


def _inputs(printer: Printer, ratio: Ratio) -> list[Line]:
    """Return each number with its exact value and where it stands."""
    lines: list[Line] = []
    for quantity in ratio.inputs:
        text: list[str | Number] = [f"{quantity.label}：", Number(quantity)]
        if quantity.value is not None:
            # A line never breaks within a number.
            exact = printer.exact(quantity).replace(" ", "\xa0")
            facts = [] if quantity.kind == "count" else [exact]
            text.append(f"（{'，'.join([*facts, quantity.source or quantity.formula])}）")
        lines.append(tuple(text))
    return lines or ["表中没有"]


def _why_none(ratio: Ratio) -> str:
    """Return why a ratio has no result, and what would give it one."""
    basis = f"（{ratio.basis}）" if ratio.basis else ""
    if not ratio.quantity.applies:
        return f"{ratio.name}{basis}{STATES['dash']}：{ratio.quantity.missing}。"
    return f"{ratio.name}{basis}{NOT_COMPUTABLE}：{ratio.quantity.missing}。{ratio.remedy}"


def scores(evaluation: Evaluation) -> View:
    """Build the score line by line: weight, computed points, self-score, how it came about."""
    scored, known = evaluation.final_score, evaluation.quantities
    rows: list[list[Cell]] = [
        [
            row.name,
            row.family,
            row.target,
            actual_cell(evaluation, row),
            *(known[f"score.{number}.{m}"] for m in ("weight", "points", "self_score")),
        ]
        for number, row in enumerate(scored.rows)
    ]
    heads = [
        TABLE_HEADS[name]
        for name in (
            "indicator",
            "aspect",
            "target",
            "actual",
            "weight",
            "computed",
            "self_score",
        )
    ]
    points = Number(known["score.subtotal"])
    if scored.total.value is None:
        conclusion: Text = (
            f"{SCREEN_WORDS['score']}{NOT_COMPUTABLE}：{scored.total.missing}。可计分的部分得",
            points,
            "（分值",
            Number(known["score.scored_weight"]),
            "）。",
        )
    else:
        grade = Number(known["score.grade"])
        ends: Text = ("，等级为“", grade, "”。")
        if scored.pending:
            ends = (*describe_pending(scored), "。", *pending_reasons(scored))
        conclusion = (SCREEN_WORDS["score"], Number(scored.total), *ends)
        if scored.cap is not None:
            conclusion += (*describe_cap(evaluation), "。")
    caption = f"{PAGE_HEADINGS['scores']}（{evaluation.unit.year}年，分）"
    table = table_html(evaluation, caption, heads, rows, numeric=(4, 5, 6), css="words")
    drawn = (
        drawn_html(evaluation, draw)
        for draw in (charts.draw_ladder, charts.draw_scores, charts.draw_deviations)
    )
    return titled_view(
        "scores",
        14,
        _line(text_html(evaluation, conclusion)),
        *drawn,
        table,
        macros("lists").numbered([row.sentence for row in scored.rows]),
        _line("".join(evaluation.unit.scoring.sources), "note"),
    )


def build_preview(evaluation: Evaluation) -> View:
    """Build the reviewers' preview: the range they may leave, and each line they would strike."""
    seen = review_preview(evaluation)
    rows: list[list[Cell]] = [
        row
        for number, line in enumerate(seen.lines)
        if line.is_struck
        for row in _strike_rows(evaluation, number, line)
    ]
    names = ("indicator", "weight", "points", "left", "criterion", "deduction", "reason", "remedy")
    heads = [TABLE_HEADS[name] for name in names]
    table = table_html(evaluation, CAPTIONS["preview"], heads, rows, numeric=(1, 2, 3), css="words")
    sentence = describe_preview(seen)
    source = load_criteria(evaluation.unit.schemes)
    unseen = [c for c in seen.criteria if c.effect == "unseen"]
    blind = "".join(f"第{c.number}条（{c.title}）看不出来：{c.why}" for c in unseen)
    view = titled_view(
        "preview",
        12,
        _line(text_html(evaluation, sentence)),
        table if rows else Markup(),
        _line(blind, "note"),
        _line(source.told, "note"),
    )
    return replace(view, plain=f"{view.plain}：{as_plain(sentence, evaluation.printer)}")


def _strike_rows(evaluation: Evaluation, number: int, line: ReviewedLine) -> list[list[Cell]]:
    """Return a line's criteria as rows of the table, its points in the first."""
    told = [
        (strike.criterion, strike.reason, strike_percent(evaluation.printer, strike))
        for strike in line.strikes
    ]
    told += [(note.criterion, note.reason, NOT_APPLICABLE) for note in line.notes]
    weight, points = (evaluation.quantities[f"score.{number}.{m}"] for m in ("weight", "points"))
    left: Cell = NOT_COMPUTABLE
    if line.low is not None and line.high is not None:
        left = line_left(evaluation, number, line)
    rows: list[list[Cell]] = [
        [line.name, weight, points, left, f"第{c.number}条 {c.title}", share, reason, c.remedy]
        for c, reason, share in told
    ]
    if line.pending:
        remedy = "请更正，或写明原因和批准文件。"
        wait = SCREEN_WORDS["pending"]
        rows.append([line.name, weight, points, left, wait, "0%–100%", line.pending, remedy])
    return rows


def build_evidence(evaluation: Evaluation) -> View:
    """Build the evidence ledger: what backs each indicator, missing said in words."""
    rows: list[list[Cell]] = [
        [row.name, row.evidence or NOT_SUPPLIED, row.place] for row in evaluation.final_score.own
    ]
    body = _line(f"没有填报绩效指标，{CAPTIONS['evidence']}{NOT_SUPPLIED}。")
    if evaluation.tables.evidence:
        body = _ledger_html(evaluation)
    elif rows:
        heads = [TABLE_HEADS[name] for name in ("indicator", "evidence", "place")]
        body = table_html(evaluation, CAPTIONS["evidence"], heads, rows, css="words")
    unnamed = "、".join(evaluation.tables.unnamed_evidence)
    tail = _line(f"台账没有写到的文件：{unnamed}", "note") if unnamed else Markup()
    return titled_view("evidence", 16, body, tail)


def _ledger_html(evaluation: Evaluation) -> Markup:
    """Return the ledger's rows in the order of the indicators, and what no row names."""
    ledger = evaluation.tables.evidence
    rows: list[list[Cell]] = []
    for indicator in evaluation.tables.indicators:
        name = indicator.indicator_name
        own = ledger_rows(evaluation, name)
        rows += [[name, *_material_cells(row)] for row in own]
        if not own:
            blank = [NOT_APPLICABLE] * (len(_LEDGER_HEADS) - 3)
            said = indicator.evidence or NOT_SUPPLIED
            rows.append([name, said, *blank, NOT_SUPPLIED])
    heads = [TABLE_HEADS[name] for name in _LEDGER_HEADS]
    table = table_html(evaluation, CAPTIONS["evidence"], heads, rows, css="words")
    counts: list[Piece] = ["台账共", count_of("materials", len(ledger)), "材料"]
    for state, count in state_counts(ledger).items():
        name = EVIDENCE_STATES[state]
        number = counted(f"count.materials_{state}", f"台账里{name}的材料", count, "份")
        counts += ["，" if len(counts) > 3 else "：", name, Number(number)]
    return _line(text_html(evaluation, (*counts, "。"))) + table


_LEDGER_HEADS = (
    "indicator",
    "evidence",
    "evidence_file",
    "page",
    "date",
    "holder",
    "sample",
    "sha256",
    "status",
)


def _material_cells(row: Material) -> list[Cell]:
    """Return one material as cells below the heads, the indicator left out."""
    sample = "" if row.sample_size is None else f"{row.sample_size}份"
    if row.recovered is not None:
        sample = f"{sample}，收回{row.recovered}份".lstrip("，")
    facts = (
        row.evidence_file,
        row.page,
        row.date,
        row.holder,
        sample,
        shortened(row.found_sha256),
    )
    return [
        row.material,
        *(fact or NOT_APPLICABLE for fact in facts),
        EVIDENCE_STATES[row.state],
    ]


def passed(evaluation: Evaluation) -> View:
    """Build what was checked and holds, rounding told apart."""
    code = evaluation.unit.code
    kept = [f for f in evaluation.all_findings if f.outcome in {"pass", "rounding"}]
    rows: list[list[Cell]] = [
        [f.code, OUTCOMES[f.outcome], f.message, places_text(f.places, code)] for f in kept
    ]
    heads = [TABLE_HEADS[name] for name in ("rule", "outcome", "message", "place")]
    caption = f"{PAGE_HEADINGS['passed']}（{len(kept)}条）"
    table = table_html(evaluation, caption, heads, rows, css="words")
    idle = work_list(evaluation).idle
    cards = _FindingCards(evaluation)
    return titled_view("passed", 40, table, cards.folded(PAGE_HEADINGS["idle"], idle), css="small")


INTERNAL_VIEWS: Final[dict[str, Callable[[Evaluation], View]]] = {
    "review-overview": internal_overview,
    "findings": findings,
    "execution": execution,
    "ratios": build_ratios,
    "coverage": unchecked,
    "scores": scores,
    "preview": build_preview,
    "evidence": build_evidence,
    "passed": passed,
    "statements": own_text,
}
"""The parts only the internal edition shows."""
