"""The first screen of the public edition: title, status, what was planned and spent, one chart."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from ..evaluation import Evaluation
from ..schemes.annex_forms import load_forms
from ..terms import (
    CAPTIONS,
    NOT_COMPUTABLE,
    NOT_SUPPLIED,
    PHASES,
    RATES,
    SCREEN_WORDS,
    WHOLE,
    written_date,
)
from . import charts
from .html import text_html
from .macros import macros
from .sentences import Number, Piece, Text, as_plain, count_of, describe_cap, describe_pending
from .teller import Teller, compared_lines, copied_budget
from .trace import mark_of
from .view import View, drawn_html

EXECUTION_TABLE: Final = "execution-table"
"""The id of the table of budget and spending, which the first screen leads to."""

_ITEMS_NAMED = 3
_PUBLIC_TABLES_ONLY = "MISS-08"


def overview(evaluation: Evaluation) -> View:
    """Build the first screen: title, status, lead, the sum, three facts, a chart of the money."""
    unit, cards = evaluation.unit, macros("cards")
    lead = describe_overview(evaluation)
    html = (
        cards.head(unit.title_parts, _status(evaluation), text_html(evaluation, lead))
        + _strip(evaluation)
        + cards.facts([(name, text_html(evaluation, text)) for name, text in _facts(evaluation)])
        + drawn_html(evaluation, charts.draw_budget_against_spending)
    )
    t = Teller(evaluation)
    if any(t.is_told(line) for line in t.lines):
        html += cards.leads_to(EXECUTION_TABLE, CAPTIONS["execution"])
    plain = f"{unit.title}\n{as_plain(lead, evaluation.printer)}"
    return View("overview", 0, html, plain)


# --- what it is -------------------------------------------------------------------------------


def _status(evaluation: Evaluation) -> Markup:
    cards, lines = macros("cards"), []
    settings = evaluation.unit.settings
    is_public = any(f.code == _PUBLIC_TABLES_ONLY for f in evaluation.all_findings)
    if evaluation.is_draft:
        count = text_html(evaluation, (blocking_count(evaluation),))
        told = cards.draft(SCREEN_WORDS["draft"], count, _faults(evaluation))
        lines.append(status_html(evaluation, told))
    elif not is_public:
        dated = f"　{written_date(settings.report_date)}" if settings.report_date else ""
        own = f"{SCREEN_WORDS['self_evaluation']}，未经财政部门复核{dated}"
        lines.append(status_html(evaluation, own))
    if is_public:
        told = cards.marked(
            SCREEN_WORDS["public_tables"], "没有填报表，本页只列公开表里的数，不是完整的自评报告。"
        )
        own_line = evaluation.is_draft
        lines.append(cards.plain_status(told) if own_line else status_html(evaluation, told))
    if settings.sample:
        lines.append(
            cards.plain_status(f"{SCREEN_WORDS['sample']}：单位和数据均为虚构，仅供演示。")
        )
    return Markup().join(lines)


def blocking_count(evaluation: Evaluation) -> Number:
    """Return how many severe findings keep the page a draft."""
    return count_of("blocking", sum(1 for finding in evaluation.all_findings if finding.blocks))


def status_html(evaluation: Evaluation, text: str) -> Markup:
    """Return the page's status: it follows from a count in the trace."""
    mark = mark_of(evaluation, blocking_count(evaluation).quantity)
    return Markup(macros("numbers").status(mark, text))


def _faults(evaluation: Evaluation) -> list[str]:
    """Return what keeps the page a draft, a clause for each rule, and what cannot be relied on."""
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
    waiting = "、".join(dict.fromkeys(one.name for one in evaluation.final_score.pending))
    return [*clauses, f"{waiting}和得分暂不能采信"] if waiting else clauses


# --- what was planned and spent ----------------------------------------------------------------


def describe_overview(evaluation: Evaluation) -> Text:
    """Say what was planned, what was spent, where the two differ most, and what was reached."""
    t = Teller(evaluation)
    pieces: list[Piece] = [f"{evaluation.unit.year}年，{WHOLE}"]
    has_initial = t.has("total.initial_budget")
    pieces += ["年初预算", t.number("total.initial_budget"), "，"] if has_initial else []
    if t.has("total.executed"):
        if not has_initial and t.has("total.adjusted_budget"):
            pieces += ["调整后预算", t.number("total.adjusted_budget"), "，"]
        pieces += ["全年支出", t.number("total.executed"), *_compared(t, "total")]
    elif t.has("known.executed"):
        pieces += _known_part(t)
    else:
        pieces += [f"{PHASES['executed']}{NOT_SUPPLIED}"]
    return (*pieces, "。", *_differ_most(t), *_reached(t))


def _compared(t: Teller, line: str) -> list[Piece]:
    """Word a line's spending against its initial budget: more or less, in money and per cent."""
    if not t.has(f"{line}.overspend"):
        return []
    sign = t.sign(f"{line}.overspend")
    if not sign:
        return ["，与年初预算相同"]
    word, mark = ("多", "+") if sign > 0 else ("少", "－")
    pieces: list[Piece] = [f"，{word}", t.number(f"{line}.overspend", absolute=True)]
    if t.has(f"{line}.overspend_rate"):
        pieces += [f"（{mark}", t.number(f"{line}.overspend_rate", absolute=True), "）"]
    return pieces


def _differ_most(t: Teller) -> list[Piece]:
    """Name the lines that differ most from their initial budget, in money and in per cent."""
    own = compared_lines(t.evaluation, "initial_budget")
    over = [line for line in own if t.sign(f"{line}.overspend") > 0]
    lines = over or [line for line in own if t.sign(f"{line}.overspend") < 0]
    if len(own) < 2 or not lines:
        return []
    word, mark = ("多", "+") if over else ("少", "－")

    def largest(measure: str) -> str:
        known = [line for line in lines if t.has(f"{line}.{measure}")]
        return max(known, key=lambda line: t.size(f"{line}.{measure}"))

    by_money = largest("overspend")
    lead = f"比年初预算{word}得最多的是" if len(lines) > 1 else f"比年初预算{word}的是"
    pieces: list[Piece] = [f"{lead}{t.name(by_money)}，{word}"]
    pieces += [t.number(f"{by_money}.overspend", absolute=True)]
    if any(t.has(f"{line}.overspend_rate") for line in lines):
        by_rate = largest("overspend_rate")
        rate = t.number(f"{by_rate}.overspend_rate", absolute=True)
        same = by_rate == by_money
        pieces += (
            [f"（{mark}", rate, "）"] if same else [f"；比例最大的是{t.name(by_rate)}，{word}"]
        )
        pieces += [] if same else [rate]
    return [*pieces, "。"]


def _reached(t: Teller) -> list[Piece]:
    own = t.evaluation.final_score.own
    if not own:
        return []
    reached = sum(1 for row in own if row.is_reached)
    return [
        count_of("indicators", len(own)),
        "绩效指标达到",
        count_of("indicators_reached", reached),
        "。",
    ]


def _known_part(t: Teller) -> list[Piece]:
    """Word spending that is known of a part only: of how much of the budget, and how much."""
    name, whole = PHASES["executed"], f"整体{RATES['execution_rate']}{NOT_COMPUTABLE}"
    if not t.has("known.coverage"):
        return [SCREEN_WORDS["known_executed"], t.number("known.executed"), f"，{whole}"]
    return [
        "其中",
        t.number("known.initial_budget"),
        "（占",
        t.number("known.coverage"),
        f"）有{name}，这部分支出",
        t.number("known.executed"),
        f"；其余没有{name}，{whole}",
    ]


def _strip(evaluation: Evaluation) -> Markup:
    """Return the sum from the initial budget to what is left; what is unknown is named instead."""
    t = Teller(evaluation)
    known = {p: t.has(f"total.{p}") for p in ("initial_budget", "adjusted_budget", "executed")}
    missing = [PHASES[phase] for phase, is_known in known.items() if not is_known]
    terms: list[tuple[str, str, Number]] = []
    if known["initial_budget"]:
        terms.append(("", "年初预算", t.number("total.initial_budget")))
    if known["initial_budget"] and known["adjusted_budget"]:
        change = t.sign("total.budget_adjustment")
        sign = "－" if change < 0 else "＋"
        word = "年中调减" if change < 0 else ("年中调增" if change else "年中调整")
        terms.append((sign, word, t.number("total.budget_adjustment", absolute=True)))
    if known["adjusted_budget"]:
        mark = "＝" if known["initial_budget"] else ""
        terms.append((mark, "调整后预算", t.number("total.adjusted_budget")))
    if known["executed"] and terms:
        left = t.left_of("adjusted_budget" if known["adjusted_budget"] else "initial_budget")
        terms.append(("－", "全年支出", t.number("total.executed")))
        word = "没有用完" if (left.value or 0) >= 0 else "超出"
        terms.append(("＝", word, Number(left, absolute=True)))
    if len(terms) < 3:
        terms = []
    items = [(mark, name, text_html(evaluation, (number,))) for mark, name, number in terms]
    note = f"{'、'.join(missing)}{NOT_SUPPLIED}，这里没有列。" if missing and terms else ""
    return Markup(macros("cards").strip(items, note))


def _facts(evaluation: Evaluation) -> list[tuple[str, Text]]:
    """Return the rate with its denominator, the indicators, the score: a name and words each."""
    t, scored = Teller(evaluation), evaluation.final_score
    own = scored.own
    reached: Text = ("没有填报",)
    if own:
        met = count_of("indicators_reached", sum(1 for row in own if row.is_reached))
        reached = ("达到", met, "，共", count_of("indicators", len(own)))
        unknown = sum(1 for row in own if row.share is None)
        if unknown:
            reached = (*reached, "，", count_of("indicators_unknown", unknown), "无法判断")
    return [
        (RATES["execution_rate"], describe_rates(evaluation)),
        (CAPTIONS["targets"], reached),
        (SCREEN_WORDS["score"], _score(t)),
    ]


def describe_rates(evaluation: Evaluation) -> Text:
    """Say the whole's execution rate and of what it is, with the rate by the other budget."""
    t = Teller(evaluation)
    pieces: list[Piece] = [NOT_COMPUTABLE, f"：{t.quantities['total.execution_rate'].missing}"]
    if t.has("total.execution_rate"):
        pieces = [t.number("total.execution_rate"), "，占调整后预算"]
        pieces += [t.number("total.adjusted_budget")]
        copied = copied_budget(evaluation)
        if copied is not None:
            of = "" if copied.item == t.name("total") else f"其中{copied.item}"
            told = "原因见后" if copied.explanation else "不能说明执行情况"
            pieces += [f"（{of}与支出完全相同，{told}）"]
    if t.has_second_rate("total"):
        pieces += ["；占年初预算", t.number("total.initial_rate")]
    return tuple(pieces)


def _score(t: Teller) -> Text:
    scored = t.evaluation.final_score
    if scored.total.value is None:
        return (f"{SCREEN_WORDS['not_scored']}：{scored.total.missing}",)
    tail: Text = ()
    if scored.pending_text:
        tail = describe_pending(scored)
    elif scored.grade:
        tail = ("，等级为“", t.number("score.grade"), "”")
    capped: Text = ("，", *describe_cap(t.evaluation)) if scored.cap else ()
    return (Number(scored.total), *tail, *capped)


# --- the form of a letter ----------------------------------------------------------------------


def letter_opening(evaluation: Evaluation) -> Markup:
    """Return the sentence a letter begins with, where the unit names the notice it follows."""
    unit = evaluation.unit
    if not unit.settings.notice:
        return Markup()
    told = f"根据{unit.settings.notice}，现将{unit.year}年度{WHOLE}绩效自评情况报告如下。"
    return Markup(macros("lists").paragraph(told))


def letter_end(evaluation: Evaluation) -> Markup:
    """Return who signs and when, and the forms that go with the report."""
    unit = evaluation.unit
    projects = any(line.parent == "project" for line in evaluation.budget_lines.values())
    forms = load_forms(unit.schemes, unit.year)
    files = [form.file_name for form in forms if form.of != "project" or projects]
    dated = written_date(unit.settings.report_date) if unit.settings.report_date else ""
    return Markup(macros("cards").signature(unit.name, dated, files))
