"""Spending against budget: overspending, rates that cannot be computed, copied adjustments."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pandas as pd

from ..money import format_rate
from ..terms import BLOCKS, PHASES, RATES
from .finding import Case, Finding


_NAMED = 3


def _budget_lines(case: Case) -> list[str]:
    """Return the lines that are not sums of other listed lines, plus basic spending's parts."""
    lines = case.lines
    own = lines[lines["parent"] != "other"]
    parents = set(own["parent"])
    return [line for line in own.index if line not in parents]


def _spending_lines(case: Case) -> list[str]:
    lines = case.lines
    return list(lines.index[(lines["parent"] != "other")])


def check_overspending(case: Case) -> Iterator[Finding]:
    """EXEC-01: spending above the initial budget needs an adjusted budget or a reason."""
    for line in _spending_lines(case):
        initial, executed = case.fen(line, "initial_budget"), case.fen(line, "executed")
        if initial is None or executed is None or case.lines.at[line, "executed_formula"]:
            continue
        item = case.name(line)
        places = case.places(line, "initial_budget", "executed")
        if executed <= initial or case.fen(line, "adjusted_budget") is not None:
            continue
        over = case.money(executed - initial)
        above = case.rate(f"{line}.overspend_rate")
        head = (
            f"{item}{PHASES['initial_budget']}{case.money(initial)}，支出{case.money(executed)}，"
            f"为{PHASES['initial_budget']}的{case.rate(f'{line}.initial_rate')}，"
            f"超出{over}（+{above}）"
        )
        note = str(case.lines.at[line, "note"])
        expected, found = case.money(initial), case.money(executed)
        if note:
            yield case.finding(
                "EXEC-01", "pass", f"{head}；单位说明：{note}。", places, expected, found, item
            )
        else:
            yield case.finding(
                "EXEC-01",
                "fail",
                f"{head}；没有{PHASES['adjusted_budget']}，也没有写明原因和批准文号。",
                places,
                f"不超过{expected}，或有调整后预算和原因",
                found,
                item,
            )


def check_execution_rate(case: Case) -> Iterator[Finding]:
    """EXEC-02: 执行率 can be computed, for the whole and for each line that was spent."""
    whole = case.quantities["total.execution_rate"]
    total = BLOCKS["total"]
    if whole.value is not None:
        yield case.finding(
            "EXEC-02",
            "pass",
            f"{total}的{RATES['execution_rate']}为{case.rate('total.execution_rate')}，"
            f"{RATES['initial_rate']}为{case.rate('total.initial_rate')}。",
            case.places("total", "adjusted_budget", "executed"),
            item=total,
        )
    else:
        yield case.finding(
            "EXEC-02",
            "not_computable",
            f"部门整体的{RATES['execution_rate']}不可计算：{_why(case)}。",
            item=total,
            expected=f"{PHASES['adjusted_budget']}和{PHASES['executed']}齐全",
        )
    for line in _budget_lines(case):
        executed, adjusted = case.fen(line, "executed"), case.fen(line, "adjusted_budget")
        if executed is None or adjusted not in (None, 0):
            continue
        why = "没有提供" if adjusted is None else "为零"
        item = case.name(line)
        initial = case.quantities[f"{line}.initial_rate"]
        also = (
            ""
            if initial.value is None
            else (
                f"按{PHASES['initial_budget']}计算为{case.rate(f'{line}.initial_rate')}，仅供参考。"
            )
        )
        yield case.finding(
            "EXEC-02",
            "not_computable",
            f"{item}的{RATES['execution_rate']}不可计算：{PHASES['adjusted_budget']}{why}。{also}",
            case.places(line, "executed"),
            item=item,
        )


def _why(case: Case) -> str:
    gaps = []
    leaves = _budget_lines(case)
    for phase in ("executed", "adjusted_budget"):
        lines = [case.name(line) for line in leaves if case.fen(line, phase) is None]
        if case.fen("total", phase) is not None:
            continue
        if len(lines) == len(leaves):
            gaps.append(f"各项都没有{PHASES[phase]}")
        elif lines:
            gaps.append(f"{_listed(lines)}没有{PHASES[phase]}")
    known = case.quantities.get("known.coverage")
    if known and known.value is not None and known.value < 1:
        gaps.append(
            f"有{PHASES['executed']}的只占{PHASES['initial_budget']}的{case.rate('known.coverage')}"
        )
    return "；".join(gaps) or case.quantities["total.execution_rate"].missing


def _listed(names: list[str]) -> str:
    """Return names joined, cut short where a reader would lose the sentence."""
    if len(names) <= _NAMED + 1:
        return "、".join(names)
    return f"{'、'.join(names[:_NAMED])}等{len(names)}项"


def check_copied_adjustment(case: Case) -> Iterator[Finding]:
    """EXEC-03: the adjusted budget equals spending to the 分, far from the initial budget."""
    limit = Fraction(case.threshold("copied_adjustment_rate"))
    for line in ["total", *_budget_lines(case)]:
        initial = case.fen(line, "initial_budget")
        adjusted, executed = case.fen(line, "adjusted_budget"), case.fen(line, "executed")
        if not initial or adjusted is None or adjusted != executed:
            continue
        if abs(Fraction(adjusted - initial, initial)) <= limit:
            continue
        note = _reason(case, line)
        item = case.name(line)
        message = (
            f"{item}{PHASES['adjusted_budget']}与{PHASES['executed']}同为{case.money(adjusted)}，"
            f"{PHASES['initial_budget']}为{case.money(initial)}：按{PHASES['adjusted_budget']}执行率为"
            f"{case.rate(f'{line}.execution_rate')}，按{PHASES['initial_budget']}为"
            f"{case.rate(f'{line}.initial_rate')}"
        )
        places = case.places(line, "initial_budget", "adjusted_budget", "executed")
        tail = f"；单位说明：{note}。" if note else "；没有写明调整原因和批准文号。"
        outcome = "pass" if note else "fail"
        yield case.finding(
            "EXEC-03",
            outcome,  # type: ignore[arg-type]
            message + tail,
            places,
            "经批准的调整后预算数",
            case.money(adjusted),
            item,
        )


def check_above_adjusted(case: Case) -> Iterator[Finding]:
    """EXEC-04: spending above the adjusted budget."""
    for line in _spending_lines(case):
        adjusted, executed = case.fen(line, "adjusted_budget"), case.fen(line, "executed")
        if adjusted is None or executed is None or executed <= adjusted:
            continue
        yield case.finding(
            "EXEC-04",
            "fail",
            f"{case.name(line)}支出{case.money(executed)}，超出{PHASES['adjusted_budget']}"
            f" {case.money(adjusted)}，多{case.money(executed - adjusted)}"
            f"（{RATES['execution_rate']}{case.rate(f'{line}.execution_rate')}）。",
            case.places(line, "adjusted_budget", "executed"),
            f"不超过{case.money(adjusted)}",
            case.money(executed),
            case.name(line),
        )


def check_low_execution(case: Case) -> Iterator[Finding]:
    """EXEC-05: a low execution rate needs a reason."""
    limit = Fraction(case.threshold("low_execution_rate"))
    for line in _budget_lines(case):
        rate = case.quantities[f"{line}.execution_rate"]
        if rate.value is None or rate.value >= limit or case.lines.at[line, "note"]:
            continue
        item = case.name(line)
        yield case.finding(
            "EXEC-05",
            "fail",
            f"{item}的{RATES['execution_rate']}为{case.rate(f'{line}.execution_rate')}，"
            f"低于{format_rate(limit, 0)}，没有写明原因。",
            case.places(line, "adjusted_budget", "executed"),
            f"不低于{format_rate(limit, 0)}，或有原因",
            case.rate(f"{line}.execution_rate"),
            item,
        )


def check_adjustment_reason(case: Case) -> Iterator[Finding]:
    """EXEC-06: a budget that was adjusted needs a reason."""
    for line in _budget_lines(case):
        initial, adjusted = case.fen(line, "initial_budget"), case.fen(line, "adjusted_budget")
        if initial is None or adjusted is None or initial == adjusted or _reason(case, line):
            continue
        item = case.name(line)
        yield case.finding(
            "EXEC-06",
            "fail",
            f"{item}由{PHASES['initial_budget']}{case.money(initial)}调整为{case.money(adjusted)}，"
            "没有写明理由和批准文号。",
            case.places(line, "initial_budget", "adjusted_budget"),
            item=item,
        )


def _reason(case: Case, line: str) -> str:
    """Return the reason given for a line, or for the parts it is the sum of."""
    own = str(case.lines.at[line, "note"])
    parts = case.lines[case.lines["parent"] == line]
    changed = parts[_differs(parts)]
    if own or changed.empty:
        return own
    reasons = [_reason(case, part) for part in changed.index]
    return "；".join(reasons) if all(reasons) else ""


def _differs(lines: pd.DataFrame) -> pd.Series:
    different = lines["initial_budget"] != lines["adjusted_budget"]
    return different.fillna(False).astype(bool)
