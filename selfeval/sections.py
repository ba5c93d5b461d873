"""The parts of a report: each a piece of HTML with its headings, made from one evaluation.

A notebook shows parts one by one; the export puts them in the outline's order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from . import charts, narrative
from .annotations import about_html, coverage, glossary_html, trace_html
from .budget import Quantity
from .charts import Chart
from .checks import Finding
from .evaluation import Evaluation
from .markup import Cell, escape, markdown_html, number_html, paragraphs, table_html, text_html
from .money import DISPLAY_UNIT, format_decimal
from .narrative import ordinal
from .schemes import Part, Section
from .terms import (
    ACTIONS,
    BLOCKS,
    NOT_COMPUTABLE,
    NOT_SUPPLIED,
    OUTCOMES,
    PHASES,
    RATES,
    SEVERITIES,
    WHOLE,
)

_FIRST_SECTION, _LAST = 100, 900


@dataclass(frozen=True)
class Heading:
    """A heading of the page: its id, its text, its level (2 or 3)."""

    id: str
    text: str
    level: int


@dataclass(frozen=True)
class View:
    """One part of the page, ready to be shown."""

    part: str
    order: int
    html: str
    plain: str
    headings: tuple[Heading, ...] = ()


def overview(evaluation: Evaluation) -> View:
    """Build the first screen: title, status, one sentence, four figures, one chart."""
    unit = evaluation.unit
    sentence = narrative.describe_overview(evaluation)
    chart = charts.draw_budget_against_spending(evaluation)
    html = (
        f"<header><h1>{escape(unit.title)}</h1>{_status(evaluation)}"
        f'<p class="lead">{text_html(evaluation, sentence)}</p></header>\n'
        f"{_figures(evaluation)}{chart_html(chart)}{_execution_table(evaluation)}"
    )
    plain = f"{unit.title}\n{narrative.plain(sentence, unit.settings.rounding)}"
    return View("overview", 0, html, plain)


def _status(evaluation: Evaluation) -> str:
    unit = evaluation.unit
    lines = []
    if evaluation.is_draft:
        rules = unit.checks.rules
        blocking = [f for f in evaluation.all_findings if f.blocks]
        titles = "；".join(dict.fromkeys(rules[f.code].title for f in blocking))
        lines.append(
            f'<p class="status draft"><strong>草稿</strong>　尚有{len(blocking)}处没有更正或说明，未做到：'
            f"{escape(titles)}。</p>"
        )
    else:
        lines.append('<p class="status">单位自评</p>')
    if unit.settings.sample:
        lines.append('<p class="status">示例：单位和数据均为虚构，仅供演示。</p>')
    return "".join(lines)


def _figures(evaluation: Evaluation) -> str:
    known, scored = evaluation.quantities, evaluation.final_score
    executed = known["total.executed"]
    spent = executed if executed.value is not None else known["known.executed"]
    coverage_known = known.get("known.coverage")
    gloss = "全年实际花的钱"
    if executed.value is None and coverage_known and coverage_known.value is not None:
        gloss = f"只覆盖年初预算的{narrative.show_quantity(coverage_known, 'half_up')}"
    rate, initial = known["total.execution_rate"], known["total.initial_rate"]
    if rate.value is None:
        rate_gloss = f"{rate.missing}"
    else:
        rate_gloss = f"按年初预算为{narrative.show_quantity(initial, 'half_up')}"
    total = scored.total
    score_gloss = f"等级为“{scored.grade}”" if total.value is not None else total.missing
    cards = [
        (PHASES["initial_budget"], known["total.initial_budget"], "年初批准花的钱"),
        ("已知支出" if executed.value is None else PHASES["executed"], spent, gloss),
        (RATES["execution_rate"], rate, rate_gloss),
        ("自评得分", total, score_gloss),
    ]
    items = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{_figure(evaluation, quantity, name)}</dd>"
        f'<dd class="gloss">{escape(text)}</dd></div>'
        for name, quantity, text in cards
    )
    return f'<dl class="figures">{items}</dl>\n'


def _figure(evaluation: Evaluation, quantity: Quantity, name: str) -> str:
    if quantity.value is None and quantity.kind == "points":
        return '<span class="gap">未评</span>'
    return number_html(evaluation, quantity)


def _execution_table(evaluation: Evaluation) -> str:
    """Return every budget line with its three amounts and both rates."""
    lines, known = evaluation.lines, evaluation.quantities
    own = [line for line in lines.index if lines.at[line, "parent"] != "other"]
    rows: list[list[Cell]] = []
    for line in own:
        name = WHOLE if line == "total" else str(lines.at[line, "name"])
        measures = ("initial_budget", "adjusted_budget", "executed", "execution_rate", "initial_rate")
        rows.append([name, *(known[f"{line}.{measure}"] for measure in measures)])
    # The whole comes last, as totals do.
    rows, own = [*rows[1:], rows[0]], [*own[1:], own[0]]
    heads = ["支出项目", *(PHASES[p] for p in ("initial_budget", "adjusted_budget", "executed")),
             RATES["execution_rate"], RATES["initial_rate"]]
    indent = {i: int(lines.at[line, "level"]) - 1 for i, line in enumerate(own) if line != "total"}
    strong = [i for i, line in enumerate(own) if line in {"total", "basic", "project"}]
    caption = f"预算与执行情况（{evaluation.unit.year}年，{DISPLAY_UNIT}）"
    return table_html(
        evaluation, caption, heads, rows, numeric=range(1, 6), strong=strong, indent=indent
    )


def outline_section(evaluation: Evaluation, part: str) -> View | None:
    """Build a section of the outline, None if the unit's outline has no such section."""
    sections = evaluation.unit.outline.sections
    index = next((i for i, section in enumerate(sections) if section.id == part), None)
    if index is None:
        return None
    section = sections[index]
    head = Heading(f"s-{section.id}", f"{ordinal(index + 1)}、{section.heading}", 2)
    headings, pieces = [head], [_heading_html(head)]
    pieces.append(_section_body(evaluation, section.id, section))
    parts: list[tuple[str, str, str]] = [
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
        pieces += [_heading_html(below), body]
    pieces.append(_section_end(evaluation, section))
    html = f'<section aria-labelledby="{head.id}">{"".join(pieces)}</section>\n'
    return View(part, _FIRST_SECTION + index, html, head.text, tuple(headings))


def _heading_html(heading: Heading) -> str:
    return f'<h{heading.level} id="{heading.id}">{escape(heading.text)}</h{heading.level}>\n'


_GENERATED: Final[dict[str, Callable[[Evaluation], str]]] = {
    "profile.staffing": lambda e: paragraphs(e, narrative.describe_staffing(e))
    + chart_html(charts.draw_staffing(e))
    + _staffing_table(e),
    "spending": lambda e: paragraphs(e, narrative.describe_spending(e), "conclusion")
    + chart_html(charts.draw_composition(e))
    + _composition_table(e),
    "spending.basic": lambda e: paragraphs(e, narrative.describe_basic(e)),
    "spending.projects": lambda e: paragraphs(e, narrative.describe_projects(e)),
    "government_managed_funds": lambda e: paragraphs(
        e, narrative.describe_fund(e, "government_managed_funds")
    ),
    "state_capital_operations": lambda e: paragraphs(
        e, narrative.describe_fund(e, "state_capital_operations")
    ),
    "performance": lambda e: paragraphs(e, narrative.describe_performance(e), "conclusion")
    + chart_html(charts.draw_indicators(e))
    + _indicator_table(e),
    "problems": lambda e: paragraphs(e, narrative.describe_problems(e)),
    "measures": lambda e: paragraphs(e, narrative.describe_measures(e)),
}


def _section_body(evaluation: Evaluation, key: str, part: Part) -> str:
    generated = _GENERATED[key](evaluation) if part.generated else ""
    text = evaluation.unit.narrative.texts.get(key)
    own = markdown_html(evaluation, text.text) if text and text.text else ""
    if not generated and not own and part.text == "required":
        empty = not evaluation.unit.narrative.free.get(key)
        return f'<p class="gap">{NOT_SUPPLIED}</p>\n' if empty else ""
    return generated + own


def _section_end(evaluation: Evaluation, section: Section) -> str:
    if section.id != "spending":
        return ""
    return chart_html(charts.draw_year_on_year(evaluation)) + _other_table(evaluation)


def chart_html(chart: Chart) -> str:
    """Return a chart with its title, measure and year; in words where there is none."""
    if not chart.svg:
        return (
            f'<figure class="none"><figcaption><strong>{escape(chart.title)}</strong>'
            f'<span>{escape(chart.subtitle)}</span></figcaption><p class="gap">{escape(chart.alt)}</p>'
            f"</figure>\n"
        )
    return (
        f"<figure><figcaption><strong>{escape(chart.title)}</strong>"
        f"<span>{escape(chart.subtitle)}</span></figcaption>{chart.svg}</figure>\n"
    )


def _composition_table(evaluation: Evaluation) -> str:
    lines, known = evaluation.lines, evaluation.quantities
    own = ["personnel", "operating", *lines.index[lines["parent"] == "project"]]
    own.sort(key=lambda line: -(known[f"{line}.initial_budget"].value or 0))
    rows: list[list[Cell]] = [
        [str(lines.at[line, "name"]), known[f"{line}.initial_budget"], known[f"{line}.share"]]
        for line in [*own, "total"]
    ]
    rows[-1][0] = WHOLE
    heads = ["支出项目", PHASES["initial_budget"], RATES["share"]]
    caption = f"预算构成（{evaluation.unit.year}年，{DISPLAY_UNIT}）"
    return table_html(
        evaluation, caption, heads, rows, numeric=(1, 2), strong=[len(rows) - 1], css="narrow"
    )


def _staffing_table(evaluation: Evaluation) -> str:
    staff, known = evaluation.tables.staffing, evaluation.quantities
    kinds = [str(kind) for kind in staff.loc[~staff["is_total"], "kind"]]
    if not kinds:
        return ""
    rows: list[list[Cell]] = [
        [kind, known[f"staff:{kind}.authorised_posts"], known[f"staff:{kind}.staff_in_post"]]
        for kind in kinds
    ]
    rows.append(["合计", known["staff.authorised_posts"], known["staff.staff_in_post"]])
    caption = f"在职人员（{evaluation.unit.year}年末）"
    return table_html(
        evaluation,
        caption,
        ["人员类别", "编制数", "年末实有"],
        rows,
        numeric=(1, 2),
        strong=[len(rows) - 1],
        css="narrow",
    )


def _other_table(evaluation: Evaluation) -> str:
    """Return 三公, procurement, carry-over and prior-year amounts, or that they are missing."""
    lines, known = evaluation.lines, evaluation.quantities
    own = ["basic", "project", *lines.index[lines["parent"] == "other"]]
    dashes = evaluation.tables.amounts
    dashes = set(
        (dashes["item_code"] + "." + dashes["phase"])[dashes["state"] == "dash"]
    )
    measures = ("prior_final_accounts", "initial_budget", "executed")
    rows: list[list[Cell]] = [
        [
            str(lines.at[line, "name"]),
            *("—" if f"{line}.{m}" in dashes else known[f"{line}.{m}"] for m in measures),
        ]
        for line in own
    ]
    if len(own) == 2:
        rows += [[BLOCKS[b], *[NOT_SUPPLIED] * 3] for b in ("three_public_expenses", "procurement")]
        rows.append(["结转和结余", *[NOT_SUPPLIED] * 3])
    indent = {i: int(lines.at[line, "level"]) - 1 for i, line in enumerate(own)}
    caption = f"与上年比较和其他数据（{evaluation.unit.year}年，{DISPLAY_UNIT}）"
    heads = ["项目", *(PHASES[m] for m in measures)]
    return table_html(evaluation, caption, heads, rows, numeric=(1, 2, 3), indent=indent)


def _indicator_table(evaluation: Evaluation) -> str:
    rows = evaluation.final_score.rows
    if len(rows) == 1:
        return ""
    cells: list[list[Cell]] = [
        [
            row["name"],
            row["aspect"] or row["family"],
            row["target"],
            row["actual"] or NOT_SUPPLIED,
            format_decimal(row["weight"], 2),
            _points(row["points"]),
        ]
        for row in rows.to_dict("records")
    ]
    scored = evaluation.final_score
    total = scored.total if scored.total.value is not None else NOT_COMPUTABLE
    cells.append(["合计", "", "", "", format_decimal(sum(rows["weight"]), 2), total])
    caption = f"绩效指标完成情况和得分（{evaluation.unit.year}年）"
    heads = ["指标", "类别", "年度指标值", "实际完成值", "分值", "得分"]
    return table_html(
        evaluation, caption, heads, cells, numeric=(4, 5), strong=[len(cells) - 1], css="words"
    )


def _points(points: object) -> str:
    return NOT_COMPUTABLE if points is None else format_decimal(points, 2)  # type: ignore[arg-type]


def glossary(evaluation: Evaluation) -> View:
    """Build the plain-language glossary."""
    head = Heading("s-glossary", "名词解释", 2)
    html = f"<section>{_heading_html(head)}{glossary_html(evaluation)}</section>\n"
    return View("glossary", _LAST, html, head.text, (head,))


def trace(evaluation: Evaluation) -> View:
    """Build the numbered trace table: every number printed before, exact, with its source."""
    head = Heading("s-trace", "数据来源", 2)
    html = f'<section class="small">{_heading_html(head)}{trace_html(evaluation)}</section>\n'
    return View("trace", _LAST + 1, html, head.text, (head,))


def about(evaluation: Evaluation) -> View:
    """Build the note on how the page was made: rules, rounding, inputs and their hashes."""
    head = Heading("s-about", "编制说明", 2)
    html = f'<section class="small">{_heading_html(head)}{about_html(evaluation)}</section>\n'
    return View("about", _LAST + 2, html, head.text, (head,))


def review_overview(evaluation: Evaluation) -> View:
    """Build the head of the review edition: what was found, counted."""
    unit, found = evaluation.unit, evaluation.all_findings
    waiting = [f for f in found if f.is_open]
    blocking = sum(1 for f in found if f.blocks)
    counts = "，".join(
        f"{name}{sum(1 for f in found if f.outcome == outcome)}条"
        for outcome, name in OUTCOMES.items()
    )
    state = f"草稿：{blocking}处严重问题没有更正或说明。" if blocking else "没有未解决的严重问题。"
    read, used = coverage(evaluation)
    html = (
        f"<header><h1>{escape(unit.year)}年度{escape(unit.name)}自评内部自查</h1>"
        f'<p class="status{" draft" if blocking else ""}"><strong>内部资料</strong>　{escape(state)}</p>'
        f'<p class="lead">检查{len(found)}处，{escape(counts)}；待处理{len(waiting)}条。'
        f"读到数额{read}个，参与核对{used}个，未参与{read - used}个。</p></header>\n"
    )
    return View("review-overview", 0, html, f"{unit.name}：待处理{len(waiting)}条")


_OPEN_FIRST = ("correct", "explain", "supply")


def findings(evaluation: Evaluation) -> View:
    """Build the findings, grouped by what to do, then what was explained, rounded and passed."""
    found = evaluation.all_findings
    head = Heading("s-findings", "待处理的发现", 2)
    headings, pieces = [head], [_heading_html(head)]
    for action in _OPEN_FIRST:
        group = [f for f in found if f.is_open and f.action == action]
        if group:
            below = Heading(f"s-findings-{action}", f"{ACTIONS[action]}（{len(group)}条）", 3)
            headings.append(below)
            pieces += [_heading_html(below), *(_finding_html(f) for f in group)]
    if len(headings) == 1:
        pieces.append("<p>没有待处理的发现。</p>\n")
    explained = [f for f in found if f.explanation]
    if explained:
        below = Heading("s-findings-explained", f"单位已说明（{len(explained)}条）", 3)
        headings.append(below)
        pieces += [_heading_html(below), *(_finding_html(f) for f in explained)]
    html = f"<section>{''.join(pieces)}</section>\n"
    return View("findings", 10, html, head.text, tuple(headings))


def _finding_html(finding: Finding) -> str:
    facts = []
    if finding.places:
        facts.append(("位置", "；".join(str(place) for place in finding.places)))
    if finding.expected:
        facts.append(("应为", finding.expected))
    if finding.found:
        facts.append(("实为", finding.found))
    if finding.explanation:
        facts.append(("说明", finding.explanation))
    details = "".join(f"<div><dt>{name}</dt><dd>{escape(text)}</dd></div>" for name, text in facts)
    return (
        f'<article class="finding {finding.severity}"><p><strong>{SEVERITIES[finding.severity]}·'
        f"{OUTCOMES[finding.outcome]}</strong> <code>{finding.code}</code> "
        f"{escape(finding.message)}</p><dl>{details}</dl></article>\n"
    )


def passed(evaluation: Evaluation) -> View:
    """Build what was checked and holds, rounding told apart."""
    head = Heading("s-passed", "已通过的核对", 2)
    kept = [f for f in evaluation.all_findings if f.outcome in {"pass", "rounding"}]
    rows: list[list[Cell]] = [
        [f.code, OUTCOMES[f.outcome], f.message, "；".join(str(p) for p in f.places[:3])]
        for f in kept
    ]
    heads = ["规则", "结果", "内容", "位置"]
    table = table_html(evaluation, f"已通过的核对（{len(kept)}条）", heads, rows, css="words")
    html = f'<section class="small">{_heading_html(head)}{table}</section>\n'
    return View("passed", 40, html, head.text, (head,))


def unchecked(evaluation: Evaluation) -> View:
    """Build the coverage: which numbers were read and which of them no check used."""
    head = Heading("s-coverage", "核对覆盖面", 2)
    read, used = coverage(evaluation)
    amounts = evaluation.tables.amounts
    rows: list[list[Cell]] = []
    for (file, sheet), group in amounts.groupby(["file", "sheet"], sort=False):
        states = group["state"].value_counts()
        rows.append(
            [f"{file} › {sheet}", *(str(states.get(s, 0)) for s in ("value", "zero", "blank", "dash"))]
        )
    heads = ["表", "有数", "零", "空白", "不适用"]
    table = table_html(evaluation, "读到的金额单元格", heads, rows, numeric=(1, 2, 3, 4))
    html = (
        f"<section>{_heading_html(head)}<p>读到数额{read}个，其中{used}个参与了至少一项核对，"
        f"{read - used}个没有参与任何核对。</p>{table}</section>\n"
    )
    return View("coverage", 20, html, head.text, (head,))


def scores(evaluation: Evaluation) -> View:
    """Build the score line by line: weight, computed points, self-score, how it came about."""
    head = Heading("s-scores", "评分逐项", 2)
    scored = evaluation.final_score
    rows: list[list[Cell]] = [
        [
            row["name"],
            row["family"],
            row["target"],
            row["actual"] or NOT_SUPPLIED,
            format_decimal(row["weight"], 2),
            _points(row["points"]),
            NOT_SUPPLIED if row["self_score"] is None else format_decimal(row["self_score"], 2),
            row["basis"],
        ]
        for row in scored.rows.to_dict("records")
    ]
    heads = ["指标", "类别", "年度指标值", "实际完成值", "分值", "计算得分", "自评得分", "怎么得来"]
    if scored.total.value is None:
        conclusion = (
            f"总分{NOT_COMPUTABLE}：{scored.total.missing}。可计分的部分得"
            f"{format_decimal(scored.subtotal, 2)}分（分值{format_decimal(scored.scored_weight, 2)}分）。"
        )
    else:
        conclusion = f"总分{format_decimal(scored.subtotal, 2)}分，等级为“{scored.grade}”。"
    profile = evaluation.unit.scoring
    source = f"评分办法：{profile.description}依据：{profile.reference}"
    table = table_html(evaluation, "评分逐项", heads, rows, numeric=(4, 5, 6), css="words")
    html = (
        f"<section>{_heading_html(head)}<p>{escape(conclusion)}</p>{table}"
        f'<p class="note">{escape(source)}</p></section>\n'
    )
    return View("scores", 30, html, head.text, (head,))


def evidence(evaluation: Evaluation) -> View:
    """Build the evidence ledger: what backs each indicator, missing said in words."""
    head = Heading("s-evidence", "佐证材料台账", 2)
    rows: list[list[Cell]] = [
        [row["name"], row["evidence"] or NOT_SUPPLIED, row["place"]]
        for row in evaluation.final_score.rows.iloc[1:].to_dict("records")
    ]
    body = (
        table_html(evaluation, "佐证材料", ["指标", "材料", "填报位置"], rows, css="words")
        if rows
        else f"<p>绩效指标{NOT_SUPPLIED}，没有佐证材料。</p>"
    )
    html = f"<section>{_heading_html(head)}{body}</section>\n"
    return View("evidence", 35, html, head.text, (head,))


VIEWS: Final[dict[str, Callable[[Evaluation], View]]] = {
    "overview": overview,
    "glossary": glossary,
    "trace": trace,
    "about": about,
    "review-overview": review_overview,
    "findings": findings,
    "coverage": unchecked,
    "scores": scores,
    "evidence": evidence,
    "passed": passed,
    "execution": lambda e: View(
        "execution",
        15,
        f"<section>{chart_html(charts.draw_budget_against_spending(e))}{_execution_table(e)}</section>\n",
        "预算与执行",
    ),
}
"""The parts that every report may show, beside the sections of its outline."""


def build_view(evaluation: Evaluation, part: str) -> View | None:
    """Return a part by name: one of ``VIEWS``, or a section of the outline, or None."""
    if part in VIEWS:
        return VIEWS[part](evaluation)
    return outline_section(evaluation, part)
