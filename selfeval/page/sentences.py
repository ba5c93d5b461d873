"""Numbers → Chinese sentences. A sentence holds quantities, not digits, until it is printed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from ..budget.lines import LEVELS, ONE_FUND, REST
from ..budget.printer import Printer
from ..budget.quantities import Kind, Quantity, counted
from ..checks.reasons import bare as _bare
from ..checks.reasons import says_why
from ..evaluation import Evaluation
from ..evaluation.finding import Finding
from ..evaluation.score import Score, capped_words, limit_words, of_total, waiting
from ..scoring.reviewer import Preview, ReviewedLine
from ..scoring.work_list import WorkList, is_cell
from ..terms import (
    BLOCKS,
    CAPTIONS,
    COUNTS,
    NOT_COMPUTABLE,
    NOT_SUPPLIED,
    PHASES,
    RATES,
    SCORE_TOTAL,
    SCREEN_WORDS,
    STAFFING,
    WHOLE,
    ordinal,
)


@dataclass(frozen=True)
class Number:
    """A quantity inside a sentence; ``absolute`` drops the minus where a word says it."""

    quantity: Quantity
    absolute: bool = False


Piece = str | Number
Text = tuple[Piece, ...]


def count_of(what: str, count: int) -> Number:
    """Return how many of something there are (``terms.COUNTS``), to stand in a sentence."""
    return Number(counted(f"count.{what}", COUNTS[what][0], count, COUNTS[what][1]))


def under_caption(shown: str, caption: str) -> str:
    """Return a number as it stands in a table: without the unit that the caption ends with."""
    measure_unit = shown.lstrip("-0123456789.")
    named = caption.endswith((f"，{measure_unit}）", f"（{measure_unit}）"))
    return shown.removesuffix(measure_unit) if named else shown


def as_plain(text: Text, printer: Printer) -> str:
    """Return a sentence as plain text."""
    return "".join(
        piece if isinstance(piece, str) else printer.quantity(piece.quantity, piece.absolute)
        for piece in text
    )


class _Teller:
    """Short names for one evaluation's numbers, so that sentences read as sentences."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.lines = evaluation.budget_lines
        self.quantities = evaluation.quantities

    def number(self, key: str, absolute: bool = False) -> Number:
        return Number(self.quantities[key], absolute)

    def has(self, key: str) -> bool:
        quantity = self.quantities.get(key)
        return quantity is not None and quantity.value is not None

    def name(self, line: str) -> str:
        return self.lines[line].name

    def children(self, line: str) -> list[str]:
        return self._children.get(line, [])

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for key, own in self.lines.items():
            found.setdefault(own.parent, []).append(key)
        return found

    @cached_property
    def _about(self) -> dict[str, list[Finding]]:
        """The findings, by what they are about."""
        found: dict[str, list[Finding]] = {}
        for finding in self.evaluation.all_findings:
            found.setdefault(finding.item, []).append(finding)
        return found

    def note(self, line: str, field: str = "note") -> str:
        return _bare(getattr(self.lines[line], field))

    def given(self, line: str) -> list[Piece]:
        """Return the reasons a unit gave for a line, in its table and in unit.yaml."""
        case, note = self.evaluation, self.note(line)
        about = self._about.get(self.name(line), [])
        words = {_bare(f.explanation) for f in about} | {_bare(f.said) for f in about}
        own = [note] if says_why(case, note) else []
        told = {text for text in words if text != note and says_why(case, text)}
        # A whole that is explained by its parts leaves the words to them.
        told = {text for text in told if not self.quoted(line, text)}
        return [f"{_in_its_words(text)}。" for text in (*own, *sorted(told))]

    def quoted(self, line: str, text: str) -> list[str]:
        """Return the remarks of the lines below a line of which a text is made up, if it is."""
        below = dict.fromkeys(self.note(part) for part in self.below(line))
        notes, left = [note for note in below if note and note in text], text
        for note in sorted(notes, key=len, reverse=True):
            left = left.replace(note, "")
        return [] if left.strip("；") else notes

    def below(self, line: str) -> Iterator[str]:
        """Yield the lines that a line includes."""
        for child in self.children(line):
            yield child
            yield from self.below(child)

    def amount(self, line: str, phase: str) -> list[Piece]:
        """Return a number, or in brackets that there is none."""
        key = f"{line}.{phase}"
        return [self.number(key)] if self.has(key) else [f"（{PHASES[phase]}{NOT_SUPPLIED}）"]

    def has_second_rate(self, line: str) -> bool:
        """Return whether a line's rate by its initial budget reads otherwise than by its other."""
        printer = self.evaluation.printer
        if not self.has(f"{line}.initial_rate"):
            return False
        rates = (self.quantities[f"{line}.{name}"] for name in ("initial_rate", "execution_rate"))
        return len({printer.quantity(rate) for rate in rates}) > 1

    def sign(self, key: str) -> int:
        value = self.quantities[key].value
        return 0 if value is None or value == 0 else (1 if value > 0 else -1)


def describe_overview(evaluation: Evaluation) -> Text:
    """Say in one sentence what was planned, what was spent, and what stands out."""
    t = _Teller(evaluation)
    pieces: list[Piece] = [f"{evaluation.unit.year}年，{WHOLE}"]
    if t.has("total.initial_budget"):
        pieces += ["年初预算", t.number("total.initial_budget"), "，"]
    if t.has("total.executed"):
        if t.sign("total.budget_adjustment") or not t.has("total.initial_budget"):
            adjusted = "total.adjusted_budget"
            pieces += ["调整后预算", t.number(adjusted), "，"] if t.has(adjusted) else []
        elif t.has("total.budget_adjustment"):
            pieces += ["年中没有调整，"]
        pieces += ["全年执行", t.number("total.executed"), "，"]
        if t.has("total.execution_rate"):
            pieces += [f"{RATES['execution_rate']}", t.number("total.execution_rate")]
            if t.has_second_rate("total"):
                pieces += ["（按年初预算为", t.number("total.initial_rate"), "）"]
        else:
            if t.has("total.initial_rate"):
                pieces += ["为年初预算的", t.number("total.initial_rate"), "，"]
            pieces += [f"{RATES['execution_rate']}{NOT_COMPUTABLE}"]
    elif t.has("known.executed"):
        pieces += _known_part(t)
    else:
        pieces += [f"{PHASES['executed']}{NOT_SUPPLIED}"]
    pieces += _stands_out(t)
    return (*pieces, "。")


def describe_denominator(evaluation: Evaluation) -> Text:
    """Say of what the whole's execution rate is, with the rate by the other budget; or why not."""
    t = _Teller(evaluation)
    pieces: list[Piece] = [t.quantities["total.execution_rate"].missing]
    if t.has("total.execution_rate"):
        pieces = ["占调整后预算", t.number("total.adjusted_budget")]
    if t.has_second_rate("total"):
        pieces += ["；按年初预算", t.number("total.initial_budget"), "为"]
        pieces += [t.number("total.initial_rate")]
    return tuple(pieces)


def _known_part(t: _Teller) -> list[Piece]:
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


def _stands_out(t: _Teller) -> list[Piece]:
    copied = _copied(t)
    if copied:
        said = f"，{_in_its_words(copied.explanation)}" if copied.explanation else ""
        if len(t.quoted("total", copied.explanation)) > 1:
            said = "，单位对各项分别作了说明，见各项之后的“单位说明”"
        of = "" if copied.item == t.name("total") else f"{copied.item}的"
        same = f"；{of}{PHASES['adjusted_budget']}与执行数完全相同，执行率不能说明执行情况"
        return [f"{same}{said}"]
    told = {f.item: f for f in t.evaluation.all_findings if f.code == "EXEC-01"}
    over = [line for line in t.below("project") if t.name(line) in told]
    if over:
        line = max(over, key=lambda one: t.quantities[f"{one}.overspend"].value or 0)
        words = told[t.name(line)].explanation
        return [
            f"；{t.name(line)}超出年初预算",
            t.number(f"{line}.overspend"),
            f"，{_in_its_words(words) if words else '没有说明原因'}",
        ]
    return []


def _copied(t: _Teller) -> Finding | None:
    """Return the finding that an adjusted budget was copied from spending, of the whole first."""
    found = [f for f in t.evaluation.all_findings if f.code == "EXEC-03" and f.outcome == "fail"]
    return min(found, key=lambda f: f.item != t.name("total"), default=None)


def _in_its_words(text: str) -> str:
    """Return a unit's reason as what it is: its own words."""
    return f"单位说明：“{_bare(text)}”"


def describe_staffing(evaluation: Evaluation) -> list[Text]:
    """Word the staffing: how many, of which kinds, against how many posts."""
    t = _Teller(evaluation)
    staff = evaluation.tables.staffing
    kinds = [row.kind for row in staff if not row.is_total]
    counted = [kind for kind in kinds if t.has(f"staff:{kind}.staff_in_post")]
    pieces: list[Piece] = []
    if t.has("staff.staff_in_post"):
        pieces += ["年末在职实有人员", t.number("staff.staff_in_post")]
        pieces += ["，其中" if counted else ""]
    elif counted:
        pieces += [f"年末在职实有人员总数{NOT_SUPPLIED}，已填报"]
    else:
        pieces += [f"{CAPTIONS['staffing']}情况{NOT_SUPPLIED}"]
    for index, kind in enumerate(counted):
        pieces += ["、" if index else "", kind, t.number(f"staff:{kind}.staff_in_post")]
    pieces.append("。")
    if t.has("staff.authorised_posts"):
        pieces += ["核定编制", t.number("staff.authorised_posts"), f"，{STAFFING['staffing_rate']}"]
        pieces += [t.number("staff.staffing_rate"), "。"]
    elif kinds:
        missing = f"{STAFFING['authorised_posts']}{NOT_SUPPLIED}"
        pieces.append(f"{missing}，{STAFFING['staffing_rate']}{NOT_COMPUTABLE}。")
    return [tuple(pieces)]


def describe_spending(evaluation: Evaluation) -> list[Text]:
    """Open the spending section: the whole, its composition, and how it was executed."""
    t = _Teller(evaluation)
    if t.has("total.initial_budget"):
        opening: list[Piece] = [f"{WHOLE}年初预算", t.number("total.initial_budget")]
    else:
        opening = [f"{WHOLE}{PHASES['initial_budget']}{NOT_SUPPLIED}"]
    parts = [*t.children("total"), *t.children(REST)]
    known = [line for line in parts if t.has(f"{line}.initial_budget")]
    for index, line in enumerate(known):
        lead = "，其中" if t.has("total.initial_budget") else "，已填报"
        opening += ["，" if index else lead, t.name(line), t.number(f"{line}.initial_budget")]
        if t.has(f"{line}.share"):
            opening += ["，占", t.number(f"{line}.share")]
    opening.append("。")
    opening += [*_execution(t, "total", "部门整体"), *t.given("total")]
    return [tuple(opening)]


def _execution(t: _Teller, line: str, subject: str) -> list[Piece]:
    """Word a line's adjusted budget, spending and both rates, or why they are not known."""
    pieces = _adjusted(t, line)
    if not t.has(f"{line}.executed"):
        reason = t.quantities[f"{line}.executed"].missing
        return [*pieces, f"{reason}，{subject}的{RATES['execution_rate']}{NOT_COMPUTABLE}。"]
    pieces += ["全年执行", t.number(f"{line}.executed")]
    if t.has(f"{line}.execution_rate"):
        pieces += [f"，{RATES['execution_rate']}", t.number(f"{line}.execution_rate")]
        if t.has_second_rate(line):
            pieces += ["，按年初预算计算为", t.number(f"{line}.initial_rate")]
    else:
        if t.has(f"{line}.initial_rate"):
            pieces += ["，为年初预算的", t.number(f"{line}.initial_rate")]
        if t.sign(f"{line}.overspend") > 0:
            pieces += ["，超出年初预算" if not t.has(f"{line}.initial_rate") else "，超出"]
            pieces += [t.number(f"{line}.overspend")]
        missing = t.quantities[f"{line}.execution_rate"].missing
        pieces += [f"。{RATES['execution_rate']}{NOT_COMPUTABLE}：{missing}"]
    return [*pieces, "。", *_year_on_year(t, line)]


def _adjusted(t: _Teller, line: str) -> list[Piece]:
    change = t.sign(f"{line}.budget_adjustment")
    known = t.has(f"{line}.adjusted_budget")
    pieces: list[Piece] = []
    if change:
        pieces += [f"年中{'调增' if change > 0 else '调减'}"]
        pieces += [t.number(f"{line}.budget_adjustment", absolute=True)]
        pieces += ["，调整后预算" if known else "。"]
    elif known:
        unchanged = t.has(f"{line}.budget_adjustment")
        pieces += ["年中没有调整，全年预算" if unchanged else "全年预算"]
    return [*pieces, t.number(f"{line}.adjusted_budget"), "。"] if known else pieces


def _year_on_year(t: _Teller, line: str) -> list[Piece]:
    if not t.has(f"{line}.growth_rate"):
        return []
    change = t.sign(f"{line}.growth")
    if not change:
        return [f"与{PHASES['prior_final_accounts']}持平。"]
    word = ("增加", "增长") if change > 0 else ("减少", "下降")
    return [
        f"比{PHASES['prior_final_accounts']}{word[0]}",
        t.number(f"{line}.growth", absolute=True),
        f"，{word[1]}",
        t.number(f"{line}.growth_rate", absolute=True),
        "。",
    ]


def describe_basic(evaluation: Evaluation) -> list[Text]:
    """Word basic spending: its two parts, what they pay for, and their execution."""
    t = _Teller(evaluation)
    parts = [
        line
        for line in ("personnel", "operating")
        if t.has(f"{line}.initial_budget") or t.note(line, "use")
    ]
    pieces: list[Piece] = [f"{BLOCKS['basic']}{PHASES['initial_budget']}{NOT_SUPPLIED}"]
    if t.has("basic.initial_budget"):
        pieces = [f"{BLOCKS['basic']}年初预算", t.number("basic.initial_budget")]
    for index, line in enumerate(parts):
        pieces += ["；" if index else "。其中：", t.name(line), *t.amount(line, "initial_budget")]
        if t.has(f"{line}.parent_share"):
            pieces += ["，占", t.number(f"{line}.parent_share")]
        if t.note(line, "use"):
            pieces.append(f"，主要用于{t.note(line, 'use')}")
    pieces.append("。")
    texts: list[Text] = [tuple(pieces), tuple(_execution(t, "basic", BLOCKS["basic"]))]
    texts += _of_one_fund(t)
    for line in ("basic", "personnel", "operating"):
        name = "" if line == "basic" else t.name(line)
        texts += [(f"关于{name}，{piece}",) for piece in t.given(line)]
    return texts


def _of_one_fund(t: _Teller) -> list[Text]:
    """Word the parts of basic spending that the tables tell of one fund alone."""
    pieces: list[Piece] = []
    for line in t.children(ONE_FUND):
        known = [phase for phase in LEVELS if t.has(f"{line}.{phase}")]
        pieces += ["；" if pieces else "其中只按一种资金公开的部分：", t.name(line)]
        for index, phase in enumerate(known):
            pieces += ["，" if index else "", PHASES[phase], t.number(f"{line}.{phase}")]
    return [(*pieces, "。")] if pieces else []


def describe_projects(evaluation: Evaluation) -> list[Text]:
    """Word project spending: the whole, then each project with its parts."""
    t = _Teller(evaluation)
    projects = t.children("project")
    if not projects and not any(t.has(f"project.{phase}") for phase in LEVELS):
        return [(f"{BLOCKS['project']}{NOT_SUPPLIED}。",)]
    parts = sum(1 for _ in t.below("project")) - len(projects)
    count: list[Piece] = [f"，项目明细{NOT_SUPPLIED}"]
    if projects:
        count = ["，共", count_of("projects", len(projects)), "项目"]
    if parts:
        count += ["（另列明细", count_of("project_parts", parts), "）"]
    opening: list[Piece] = [f"{BLOCKS['project']}{PHASES['initial_budget']}{NOT_SUPPLIED}"]
    if t.has("project.initial_budget"):
        opening = [f"{BLOCKS['project']}年初预算", t.number("project.initial_budget")]
    whole = _execution(t, "project", BLOCKS["project"])
    texts: list[Text] = [(*opening, *count, "。", *whole, *t.given("project"))]
    return texts + [_project(t, line, index) for index, line in enumerate(projects, 1)]


def _project(t: _Teller, line: str, index: int) -> Text:
    pieces: list[Piece] = [f"{ordinal(index)}是{t.name(line)}，"]
    if t.has(f"{line}.initial_budget"):
        pieces += ["年初预算", t.number(f"{line}.initial_budget")]
    else:
        pieces += [f"{PHASES['initial_budget']}{NOT_SUPPLIED}"]
    for number, child in enumerate(t.children(line)):
        pieces += ["、" if number else "，其中", t.name(child), *t.amount(child, "initial_budget")]
    pieces += ["。", *_execution(t, line, "该项"), *t.given(line)]
    for child in t.below(line):
        pieces += [f"关于{t.name(child)}，{piece}" for piece in t.given(child)]
    return tuple(pieces)


def describe_fund(evaluation: Evaluation, block: str) -> list[Text]:
    """Word a fund's spending where the tables have it."""
    t = _Teller(evaluation)
    if block not in t.lines:
        return []
    phases = {"initial_budget": "年初预算", "executed": "全年执行"}
    known = [phase for phase in phases if t.has(f"{block}.{phase}")]
    zero = all(t.sign(f"{block}.{phase}") == 0 for phase in known)
    if zero and any(t.quantities[f"{block}.{phase}"].is_none for phase in phases):
        return [(f"公开表写明没有{t.name(block)}。",)]
    if zero:
        return []
    pieces: list[Piece] = [t.name(block)]
    for phase in known:
        pieces += ["，" if len(pieces) > 1 else "", phases[phase], t.number(f"{block}.{phase}")]
    pieces += [f"，{PHASES[phase]}{NOT_SUPPLIED}" for phase in phases if phase not in known]
    return [(*pieces, "。")]


def describe_performance(evaluation: Evaluation) -> list[Text]:
    """Open the performance section: how many indicators were reached, and the score."""
    t, scored = _Teller(evaluation), evaluation.final_score
    rows = scored.own
    if not rows:
        own = evaluation.unit.narrative
        words = [own.texts.get("performance"), *own.free.get("performance", ())]
        tail = "以下为单位对履职情况的文字说明。" if any(p and p.text for p in words) else ""
        return [(f"没有填报绩效指标，{SCREEN_WORDS['score']}{NOT_COMPUTABLE}。{tail}",)]
    reached = sum(1 for row in rows if row.is_reached)
    unknown = sum(1 for row in rows if row.share is None)
    said: list[Piece] = ["全年填报绩效指标", count_of("indicators", len(rows))]
    said += ["，达到年度指标值", count_of("indicators_reached", reached)]
    if unknown:
        said += ["，", count_of("indicators_unknown", unknown), "无法判断"]
    said.append("。")
    if scored.total.value is None:
        return [(*said, f"{SCREEN_WORDS['score']}{NOT_COMPUTABLE}，{scored.total.missing}。")]
    ends: list[Piece] = ["，等级为“", Number(evaluation.quantities["score.grade"]), "”。"]
    if scored.pending:
        names = "、".join(one.name for one in scored.pending)
        ends = [
            *describe_pending(scored),
            f"。{names}所依据的数或材料还有严重问题没有更正或说明，核清以前不评等级。",
        ]
    capped = (*describe_cap(evaluation), "。") if scored.cap else ()
    return [(*said, "按评分办法计算得", Number(scored.total), *ends, *capped, *_by_copied(t))]


def describe_cap(evaluation: Evaluation) -> Text:
    """Say what the lines add up to and which cap holds the total down; nothing where none does."""
    limit = describe_limit(evaluation.final_score)
    whole = Number(evaluation.quantities["score.subtotal"])
    return capped_words(whole, limit) if limit else ()


def describe_preview(seen: Preview) -> Text:
    """Say in one sentence what a reviewer may leave, and name the lines nothing is known of."""
    if len(seen.lines) == 1:
        return ("没有填报绩效指标，不能预演。",)
    known, low, high = seen.evaluation.quantities, *seen.sums[:2]
    pieces: list[Piece] = ["按", count_of("criteria", len(seen.criteria)), "复核口径预演："]
    if seen.missing:
        # Lines without points are named at the end, each with its reason.
        why = "" if seen.left_out else f"（{seen.missing}）"
        pieces.append(f"没有总分{why}；可计分的部分")
    own = Quantity("preview.self_score", "预演各项的自评得分", "points", seen.self_score)
    own = replace(own, formula="各项自评得分之和，执行率按计算的得分", limits=seen.limits)
    pieces += ["自评得分不全"] if own.value is None else ["自评", Number(own)]
    pieces += ["，按评分办法计算", Number(known["score.subtotal" if seen.missing else SCORE_TOTAL])]
    whole = points_left("preview", "总分", seen.low, seen.high, seen.limits)
    if capped := describe_cap(seen.evaluation):
        pieces += ["（", *capped, "），复核后各项相加可能剩下"]
        pieces += [
            *points_left("preview.sum", "各项相加", low, high, seen.limits),
            "，总分可能是",
            *whole,
        ]
    else:
        pieces += ["，复核后可能剩下", *whole]
    pieces += ["（分值", Number(known["score.scored_weight"]), "）"]
    deducted = sum(1 for line in seen.struck if line.strikes)
    noted = sum(1 for line in seen.struck if line.notes and not line.strikes)
    waits = sum(1 for line in seen.struck if line.pending)
    struck: list[Piece] = ["，", count_of("struck", deducted), "可能被扣分"]
    pieces += struck if deducted else ["，没有看出会被扣分的指标"]
    if waits:
        pieces += ["，", count_of("waiting", waits), f"{SCREEN_WORDS['pending']}，得分可能全部被扣"]
    pieces += ["，", count_of("noted", noted), "会被注明。"] if noted else ["。"]
    if seen.lowest_cap is not None and seen.lowest_cap != seen.cap:
        cap, label = Fraction(seen.lowest_cap.total), "执行率可能带来的总分上限"
        least = Quantity("preview.cap", label, "points", cap, formula=seen.lowest_cap.reference)
        pieces += [
            f"{SCREEN_WORDS['execution']}{SCREEN_WORDS['pending']}，总分的上限可能低到",
            Number(least),
            "。",
        ]
    if seen.left_out:
        names = "；".join(f"“{line.name}”（{line.basis}）" for line in seen.left_out)
        pieces += [count_of("left_out", len(seen.left_out)), f"没有计算得分，不在其中：{names}。"]
    return tuple(pieces)


def describe_work(todo: WorkList) -> Text:
    """Say how much there is to write, and what is gone then."""
    if not todo.items:
        return ("没有要处理的发现。",)
    places = todo.places
    cells = count_of("cells", sum(map(is_cell, places)))
    gone: Text = (count_of("open", len(todo.findings)), "发现就都消失。")
    if all(map(is_cell, places)):
        return ("填", cells, "单元格，", *gone)
    written = count_of("places", len(places))
    among: Text = ("（其中单元格", cells, "）") if any(map(is_cell, places)) else ()
    return ("写", written, *among, "，", *gone)


def describe_strikes(seen: Preview) -> Text:
    """Name the lines that a reviewer may take most from, and those that may lose all."""
    struck = [
        (line.points - line.low, number, line)
        for number, line in enumerate(seen.lines)
        if line.strikes and line.points is not None and line.low is not None
    ]
    most = sorted(struck, key=lambda one: -one[0])[:_MOST_STRUCK]
    pieces: list[Piece] = []
    for _, number, line in most:
        pieces += ["、" if pieces else "复核时最可能扣：", f"“{line.name}”可能剩"]
        pieces += line_left(seen.evaluation, number, line)
    waits = "、".join(f"“{line.name}”" for line in seen.lines if line.pending)
    if waits:
        pieces += ["；" if pieces else "复核时", f"{waits}{SCREEN_WORDS['pending']}，可能全扣"]
    return (*pieces, "。") if pieces else ()


_MOST_STRUCK = 3


def line_left(evaluation: Evaluation, number: int, line: ReviewedLine) -> Text:
    """Return the points that a reviewer may leave of a line with points, by its number."""
    limits = evaluation.quantities[f"score.{number}.points"].limits
    low, high = line.low or Fraction(0), line.high or Fraction(0)
    return points_left(f"preview.{number}", f"“{line.name}”", low, high, limits)


def points_left(
    key: str, label: str, low: Fraction, high: Fraction, limits: tuple[Fraction, ...]
) -> Text:
    """Return the points a reviewer may leave: a range where the least are not the most."""

    def left(end: str, points: Fraction, other: Fraction) -> Number:
        # Two ends that are not the same are not printed as the same.
        beside = limits if points == other else (*limits, other)
        name = f"{label}复核后{_ENDS[end]}可能剩下的分"
        why = "按复核口径预演"
        return Number(Quantity(f"{key}.{end}", name, "points", points, formula=why, limits=beside))

    most = left("high", high, low)
    return (most,) if low == high else (left("low", low, high), "–", most)


_ENDS = {"low": "最少", "high": "最多"}


def describe_limit(scored: Score) -> Text:
    """Say where a cap holds and what it allows; nothing where none does."""
    cap = scored.cap
    if cap is None:
        return ()
    label, limit = "总分设上限的执行率", Fraction(cap.execution_below)
    below = Quantity("score.cap", label, "rate", limit, formula=cap.reference)
    return limit_words(Number(below), Number(scored.total))


def describe_pending(scored: Score) -> Text:
    """Say which points of a score wait, in brackets; nothing where none do."""
    pieces: list[Piece] = []
    for name, points, weight in waiting(scored.pending_points):
        kind: Kind = "count" if points.denominator == 1 else "points"
        label, why = f"{name}{SCREEN_WORDS['pending']}的得分", "所依据的数或材料有严重问题"
        key = f"pending.{name}"
        number = Quantity(
            key, label, kind, points, formula=why, measure_unit="分", limits=(weight,)
        )
        lead = f"（{of_total(scored.cap is not None)}"
        pieces += ["、" if pieces else lead, name, Number(number)]
    return (*pieces, f"{SCREEN_WORDS['pending']}）") if pieces else ()


def _by_copied(t: _Teller) -> list[Piece]:
    """Say what the points of an execution rate by a copied budget are worth."""
    adjusted = t.evaluation.unit.scoring.execution.denominator == "adjusted_budget"
    copied = _copied(t)
    if not adjusted or copied is None or not t.has("total.initial_rate"):
        return []
    of = "该数" if copied.item == t.name("total") else f"其中{copied.item}的"
    return [
        f"执行率得分按{PHASES['adjusted_budget']}计算，{of}与执行数完全相同，按年初预算为",
        t.number("total.initial_rate"),
        "。",
    ]


def describe_problems(evaluation: Evaluation) -> list[Text]:
    """Word the problems with their causes, numbered as the measures are."""
    return [
        (f"（{ordinal(index)}）{_bare(row.problem)}。", _cause(evaluation, row.cause))
        for index, row in enumerate(evaluation.tables.measures, 1)
        if _bare(row.problem)
    ]


def _cause(evaluation: Evaluation, cause: str) -> str:
    return f"原因：{_bare(cause)}。" if says_why(evaluation, cause) else ""


def describe_measures(evaluation: Evaluation) -> list[Text]:
    """Word the measures, numbered as the problems are, with who and by when."""
    texts: list[Text] = []
    for index, row in enumerate(evaluation.tables.measures, 1):
        if not _bare(row.measure):
            continue
        who = [
            f"{evaluation.unit.form.heading('measures', field)}：{_date(said)}"
            for field, said in (("owner", row.owner), ("due", row.due))
            if said
        ]
        tail = f"（{'；'.join(who)}）" if who else ""
        texts.append((f"（{ordinal(index)}）{_bare(row.measure)}{tail}。",))
    return texts


def _date(text: str) -> str:
    """Return an ISO date as 2022年6月30日, anything else as it is."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.year}年{day.month}月{day.day}日"
