"""Numbers → Chinese sentences. A sentence holds quantities, not digits, until it is printed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .budget import Quantity
from .evaluation import Evaluation
from .money import (
    DISPLAY_DECIMALS,
    DISPLAY_UNIT,
    Rounding,
    format_decimal,
    format_money,
    format_rate,
)
from .terms import BLOCKS, NOT_COMPUTABLE, NOT_SUPPLIED, PHASES, RATES, STAFFING, WHOLE

ORDINALS = "一二三四五六七八九十"
FUND_BLOCKS = ("government_managed_funds", "state_capital_operations")


@dataclass(frozen=True)
class Number:
    """A quantity inside a sentence; ``absolute`` drops the minus where a word says it."""

    quantity: Quantity
    absolute: bool = False


Piece = str | Number
Text = tuple[Piece, ...]


def show_quantity(quantity: Quantity, rounding: Rounding, absolute: bool = False) -> str:
    """Return a quantity as printed: money in 万元, rates in %, people in 人, points in 分."""
    value = quantity.value
    if value is None:
        return NOT_COMPUTABLE if quantity.formula else NOT_SUPPLIED
    value = abs(value) if absolute else value
    if quantity.kind == "money":
        shown = format_money(int(value), DISPLAY_UNIT, DISPLAY_DECIMALS, rounding)
        return f"{shown}{DISPLAY_UNIT}"
    if quantity.kind == "rate":
        return format_rate(value, rounding=rounding)
    if quantity.kind == "count":
        return f"{int(value)}人"
    return f"{format_decimal(value, 2, rounding)}分"


def plain(text: Text, rounding: Rounding = "half_up") -> str:
    """Return a sentence as plain text."""
    return "".join(
        piece if isinstance(piece, str) else show_quantity(piece.quantity, rounding, piece.absolute)
        for piece in text
    )


def ordinal(number: int) -> str:
    """Return 一, 二 … 十, 十一 … for a number from 1 to 99."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return ORDINALS[ones - 1]
    head = "" if tens == 1 else ORDINALS[tens - 1]
    return f"{head}十{ORDINALS[ones - 1] if ones else ''}"


class _Teller:
    """Short names for one evaluation's numbers, so that sentences read as sentences."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.lines = evaluation.lines
        self.quantities = evaluation.quantities

    def number(self, key: str, absolute: bool = False) -> Number:
        return Number(self.quantities[key], absolute)

    def has(self, key: str) -> bool:
        quantity = self.quantities.get(key)
        return quantity is not None and quantity.value is not None

    def name(self, line: str) -> str:
        return str(self.lines.at[line, "name"])

    def children(self, line: str) -> list[str]:
        return list(self.lines.index[self.lines["parent"] == line])

    def sign(self, key: str) -> int:
        value = self.quantities[key].value
        return 0 if value is None or value == 0 else (1 if value > 0 else -1)


def describe_overview(evaluation: Evaluation) -> Text:
    """Say in one sentence what was planned, what was spent, and what stands out."""
    t = _Teller(evaluation)
    pieces: list[Piece] = [f"{evaluation.unit.year}年，"]
    if t.has("total.initial_budget"):
        pieces += [f"{WHOLE}年初预算", t.number("total.initial_budget"), "，"]
    if t.has("total.executed"):
        pieces += ["全年执行", t.number("total.executed"), "，"]
        if t.has("total.execution_rate"):
            pieces += [f"{RATES['execution_rate']}", t.number("total.execution_rate")]
            pieces += ["（按年初预算为", t.number("total.initial_rate"), "）"]
        else:
            pieces += [f"{RATES['execution_rate']}{NOT_COMPUTABLE}"]
    elif t.has("known.executed"):
        pieces += ["已知支出", t.number("known.executed"), "，"]
        if t.has("known.coverage"):
            pieces += ["只覆盖年初预算的", t.number("known.coverage"), "，"]
        pieces += [f"整体{RATES['execution_rate']}{NOT_COMPUTABLE}"]
    else:
        pieces += [f"{PHASES['executed']}{NOT_SUPPLIED}"]
    pieces += _stands_out(t)
    return (*pieces, "。")


def _stands_out(t: _Teller) -> list[Piece]:
    if any(f.code == "EXEC-03" and f.outcome == "fail" for f in t.evaluation.all_findings):
        return ["；调整后预算数与执行数完全相同，执行率不能说明执行情况"]
    over = [
        line
        for line in _leaves(t, "project")
        if t.sign(f"{line}.overspend") > 0 and not t.has(f"{line}.adjusted_budget")
    ]
    if over:
        line = max(over, key=lambda one: t.quantities[f"{one}.overspend"].value or 0)
        return [
            f"；{t.name(line)}超出年初预算",
            t.number(f"{line}.overspend"),
            "，没有说明原因" if not t.lines.at[line, "note"] else "",
        ]
    return []


def _leaves(t: _Teller, line: str) -> Iterator[str]:
    for child in t.children(line):
        yield child
        yield from _leaves(t, child)


def describe_staffing(evaluation: Evaluation) -> list[Text]:
    """Word the staffing: how many, of which kinds, against how many posts."""
    t = _Teller(evaluation)
    staff = evaluation.tables.staffing
    kinds = [str(kind) for kind in staff.loc[~staff["is_total"], "kind"]]
    if not kinds:
        return [(f"在职人员情况{NOT_SUPPLIED}。",)]
    pieces: list[Piece] = ["年末在职实有人员", t.number("staff.staff_in_post"), "，其中"]
    for index, kind in enumerate(kinds):
        pieces += ["、" if index else "", kind, t.number(f"staff:{kind}.staff_in_post")]
    pieces.append("。")
    if t.has("staff.authorised_posts"):
        pieces += ["核定编制", t.number("staff.authorised_posts"), f"，{STAFFING['staffing_rate']}"]
        pieces += [t.number("staff.staffing_rate"), "。"]
    else:
        pieces.append(
            f"{STAFFING['authorised_posts']}{NOT_SUPPLIED}，{STAFFING['staffing_rate']}{NOT_COMPUTABLE}。"
        )
    return [tuple(pieces)]


def describe_spending(evaluation: Evaluation) -> list[Text]:
    """Open the spending section: the whole, its composition, and how it was executed."""
    t = _Teller(evaluation)
    if not t.has("total.initial_budget"):
        return [(f"{WHOLE}年初预算数{NOT_SUPPLIED}。",)]
    opening: list[Piece] = [f"{WHOLE}年初预算", t.number("total.initial_budget"), "，其中"]
    for index, line in enumerate(t.children("total")):
        opening += ["，" if index else "", t.name(line), t.number(f"{line}.initial_budget")]
        opening += ["，占", t.number(f"{line}.share")]
    opening.append("。")
    opening += _execution(t, "total", "部门整体")
    return [tuple(opening)]


def _execution(t: _Teller, line: str, subject: str) -> list[Piece]:
    """Word a line's adjusted budget, spending and both rates, or why they are not known."""
    pieces: list[Piece] = []
    adjusted, executed = t.has(f"{line}.adjusted_budget"), t.has(f"{line}.executed")
    if adjusted:
        change = t.sign(f"{line}.budget_adjustment")
        if change:
            pieces += [f"年中{'调增' if change > 0 else '调减'}"]
            pieces += [t.number(f"{line}.budget_adjustment", absolute=True), "，调整后预算"]
        else:
            pieces += ["年中没有调整，全年预算"]
        pieces += [t.number(f"{line}.adjusted_budget"), "。"]
    if executed:
        pieces += ["全年执行", t.number(f"{line}.executed")]
        if t.has(f"{line}.execution_rate"):
            pieces += [f"，{RATES['execution_rate']}", t.number(f"{line}.execution_rate")]
            if t.has(f"{line}.initial_rate"):
                pieces += ["，按年初预算计算为", t.number(f"{line}.initial_rate")]
        elif t.has(f"{line}.initial_rate"):
            pieces += ["，为年初预算的", t.number(f"{line}.initial_rate")]
            if t.sign(f"{line}.overspend") > 0:
                pieces += ["，超出", t.number(f"{line}.overspend")]
        if not t.has(f"{line}.execution_rate"):
            missing = t.quantities[f"{line}.execution_rate"].missing
            pieces += [f"。{RATES['execution_rate']}{NOT_COMPUTABLE}：{missing}"]
        pieces.append("。")
        pieces += _year_on_year(t, line)
    else:
        reason = t.quantities[f"{line}.executed"].missing
        pieces.append(f"{reason}，{subject}的{RATES['execution_rate']}{NOT_COMPUTABLE}。")
    return pieces


def _year_on_year(t: _Teller, line: str) -> list[Piece]:
    if not t.has(f"{line}.growth_rate"):
        return []
    change = t.sign(f"{line}.growth")
    if not change:
        return ["与上年决算数持平。"]
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
    if not t.has("basic.initial_budget"):
        return [(f"{BLOCKS['basic']}年初预算数{NOT_SUPPLIED}。",)]
    pieces: list[Piece] = [
        f"{BLOCKS['basic']}年初预算",
        t.number("basic.initial_budget"),
        "。其中：",
    ]
    for index, line in enumerate(("personnel", "operating")):
        pieces += ["；" if index else "", t.name(line), t.number(f"{line}.initial_budget")]
        if t.has(f"{line}.parent_share"):
            pieces += ["，占", t.number(f"{line}.parent_share")]
        if t.lines.at[line, "use"]:
            pieces.append(f"，主要用于{_bare(t.lines.at[line, 'use'])}")
    pieces.append("。")
    texts: list[Text] = [tuple(pieces), tuple(_execution(t, "basic", BLOCKS["basic"]))]
    texts += [
        (f"{t.name(line)}调整和偏差原因：{_bare(t.lines.at[line, 'note'])}。",)
        for line in ("personnel", "operating")
        if t.lines.at[line, "note"]
    ]
    return texts


def describe_projects(evaluation: Evaluation) -> list[Text]:
    """Word project spending: the whole, then each project with its parts."""
    t = _Teller(evaluation)
    projects = t.children("project")
    if not projects:
        return [(f"{BLOCKS['project']}{NOT_SUPPLIED}。",)]
    parts = sum(1 for _ in _leaves(t, "project")) - len(projects)
    detail = f"（另列明细{parts}项）" if parts else ""
    opening: list[Piece] = [
        f"{BLOCKS['project']}年初预算",
        t.number("project.initial_budget"),
        f"，共{len(projects)}个项目{detail}。",
    ]
    texts: list[Text] = [(*opening, *_execution(t, "project", BLOCKS["project"]))]
    for index, line in enumerate(projects, 1):
        texts.append(_project(t, line, index))
    return texts


def _project(t: _Teller, line: str, index: int) -> Text:
    pieces: list[Piece] = [f"{ordinal(index)}是{t.name(line)}，年初预算"]
    pieces += [t.number(f"{line}.initial_budget")]
    children = t.children(line)
    if children:
        pieces.append("，其中")
        for number, child in enumerate(children):
            pieces += ["、" if number else "", t.name(child), t.number(f"{child}.initial_budget")]
    pieces.append("。")
    pieces += _execution(t, line, "该项")
    if t.lines.at[line, "note"]:
        pieces.append(f"调整和偏差原因：{_bare(t.lines.at[line, 'note'])}。")
    pieces += _explanations(t, t.name(line))
    return tuple(pieces)


def _explanations(t: _Teller, item: str) -> list[Piece]:
    found = {f.explanation for f in t.evaluation.all_findings if f.item == item and f.explanation}
    return [f"单位说明：{_bare(text)}。" for text in sorted(found)]


def describe_fund(evaluation: Evaluation, block: str) -> list[Text]:
    """Word a fund's spending where the tables have it."""
    t = _Teller(evaluation)
    if block not in t.lines.index or not t.has(f"{block}.executed"):
        return []
    if t.sign(f"{block}.executed") == 0 and t.sign(f"{block}.initial_budget") == 0:
        return []
    pieces: list[Piece] = [f"{t.name(block)}年初预算", t.number(f"{block}.initial_budget"), "，"]
    return [(*pieces, "全年执行", t.number(f"{block}.executed"), "。")]


def describe_performance(evaluation: Evaluation) -> list[Text]:
    """Open the performance section: how many indicators were reached, and the score."""
    scored = evaluation.final_score
    rows = scored.rows.iloc[1:]
    if rows.empty:
        return [(f"没有填报绩效指标，自评得分{NOT_COMPUTABLE}。以下为单位对履职情况的文字说明。",)]
    reached = sum(1 for share in rows["share"] if share is not None and share >= 1)
    unknown = sum(1 for share in rows["share"] if share is None)
    tail = f"，{unknown}项无法判断" if unknown else ""
    text = f"全年填报绩效指标{len(rows)}项，达到年度指标值{reached}项{tail}。"
    if scored.total.value is None:
        return [(f"{text}自评得分{NOT_COMPUTABLE}：{scored.total.missing}。",)]
    return [(f"{text}按评分办法计算得", Number(scored.total), f"，等级为“{scored.grade}”。")]


def describe_problems(evaluation: Evaluation) -> list[Text]:
    """Word the problems with their causes, numbered as the measures are."""
    rows = evaluation.tables.measures.to_dict("records")
    return [
        (f"（{ordinal(index)}）{_bare(row['problem'])}。", f"{_cause(row['cause'])}")
        for index, row in enumerate(rows, 1)
        if row["problem"]
    ]


def _cause(cause: str) -> str:
    return f"原因：{_bare(cause)}。" if cause else ""


def describe_measures(evaluation: Evaluation) -> list[Text]:
    """Word the measures, numbered as the problems are, with who and by when."""
    texts: list[Text] = []
    for index, row in enumerate(evaluation.tables.measures.to_dict("records"), 1):
        if not row["measure"]:
            continue
        who = [
            f"{label}：{_date(row[field])}"
            for label, field in (("责任部门", "owner"), ("完成时限", "due"))
            if row[field]
        ]
        tail = f"（{'；'.join(who)}）" if who else ""
        texts.append((f"（{ordinal(index)}）{_bare(row['measure'])}{tail}。",))
    return texts


def _date(text: str) -> str:
    """Return an ISO date as 2022年6月30日, anything else as it is."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.year}年{day.month}月{day.day}日"


def _bare(text: object) -> str:
    return str(text).strip().rstrip("。；;，,")


def joined(texts: Iterable[Text], rounding: Rounding = "half_up") -> str:
    """Return several paragraphs as plain text, one a line."""
    return "\n".join(plain(text, rounding) for text in texts)
