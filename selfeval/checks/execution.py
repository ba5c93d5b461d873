"""Spending against budget: overspending, rates that cannot be computed, copied adjustments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from ..money import format_rate
from ..terms import BLOCKS, NOT_COMPUTABLE, PHASES, RATES
from .finding import Case, Finding

_NAMED = 3


def _finest(case: Case, *phases: str) -> list[str]:
    """Return the lines known in all phases, but for those whose parts are all known as well.

    What is wrong is told once, of the part it is wrong with; a line whose parts are listed
    without these amounts is looked at itself.
    """
    lines = case.lines

    def known(line: str) -> bool:
        return all(case.fen(line, phase) is not None for phase in phases)

    own = lines.index[lines["parent"] != "other"]
    parts = {line: list(lines.index[lines["parent"] == line]) for line in own}
    return [
        line for line in own if known(line) and not (parts[line] and all(map(known, parts[line])))
    ]


def check_overspending(case: Case) -> Iterator[Finding]:
    """EXEC-01: spending above the initial budget needs an adjusted budget or a reason."""
    for line in _finest(case, "initial_budget", "executed"):
        initial, executed = case.fen(line, "initial_budget"), case.fen(line, "executed")
        if initial is None or executed is None or executed <= initial:
            continue
        if case.fen(line, "adjusted_budget") is not None:
            continue
        item, expected, found = case.name(line), case.money(initial), case.money(executed)
        head = f"{item}{_compared(case, line, 'initial_budget', initial, executed)}"
        note = _reason(case, line, _overspent)
        tail = (
            f"单位说明：{note}。"
            if note
            else f"没有{PHASES['adjusted_budget']}，也没有写明原因和批准文号。"
        )
        yield case.finding(
            "EXEC-01",
            "pass" if note else "fail",
            f"{head}；{tail}",
            case.places(line, "initial_budget", "executed"),
            "" if note else f"不超过{expected}，或有{PHASES['adjusted_budget']}和原因",
            found,
            item,
        )


def _compared(case: Case, line: str, phase: str, budget: int, executed: int) -> str:
    """Word spending above a budget; of a budget of nothing there is no percentage."""
    if budget == 0:
        return f"{PHASES[phase]}为零，支出{case.money(executed)}"
    rate, above = Fraction(executed, budget), Fraction(executed - budget, abs(budget))
    rounding = case.unit.settings.rounding
    return (
        f"{PHASES[phase]}{case.money(budget)}，支出{case.money(executed)}，"
        f"为{PHASES[phase]}的{format_rate(rate, rounding=rounding)}，"
        f"超出{case.money(executed - budget)}（+{format_rate(above, rounding=rounding)}）"
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
            f"部门整体的{RATES['execution_rate']}{NOT_COMPUTABLE}：{_why(case)}。",
            item=total,
            expected=f"{PHASES['adjusted_budget']}和{PHASES['executed']}齐全",
        )
    for line in _finest(case, "executed"):
        executed, adjusted = case.fen(line, "executed"), case.fen(line, "adjusted_budget")
        if line == "total":
            continue  # told above
        # Nothing was to be spent and nothing was: there is no rate, and none is missed.
        if adjusted not in (None, 0) or (adjusted == 0 and not executed):
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
            f"{item}的{RATES['execution_rate']}{NOT_COMPUTABLE}：{PHASES['adjusted_budget']}{why}。{also}",
            case.places(line, "executed"),
            item=item,
        )


def _why(case: Case) -> str:
    gaps = []
    for phase in ("executed", "adjusted_budget"):
        if case.fen("total", phase) is not None:
            continue
        lines = list(_unknown(case, "total", phase))
        if len(lines) == len(list(_leaves(case, "total"))):
            gaps.append(f"各项都没有{PHASES[phase]}")
        elif lines:
            gaps.append(f"{_listed([case.name(line) for line in lines])}没有{PHASES[phase]}")
    known = case.quantities.get("known.coverage")
    if known and known.value is not None and known.value < 1:
        gaps.append(
            f"有{PHASES['executed']}的只占{PHASES['initial_budget']}的{case.rate('known.coverage')}"
        )
    return "；".join(gaps) or case.quantities["total.execution_rate"].missing


def _parts(case: Case, line: str) -> list[str]:
    return list(case.lines.index[case.lines["parent"] == line])


def _leaves(case: Case, line: str) -> Iterator[str]:
    parts = _parts(case, line)
    if not parts:
        yield line
    for part in parts:
        yield from _leaves(case, part)


def _unknown(case: Case, line: str, phase: str) -> Iterator[str]:
    """Yield the lines whose amounts are missing, below what is known no further."""
    if case.fen(line, phase) is not None:
        return
    parts = _parts(case, line)
    if not parts:
        yield line
    for part in parts:
        yield from _unknown(case, part, phase)


def _listed(names: list[str]) -> str:
    """Return names joined, cut short where a reader would lose the sentence."""
    if len(names) <= _NAMED + 1:
        return "、".join(names)
    return f"{'、'.join(names[:_NAMED])}等{len(names)}项"


def check_copied_adjustment(case: Case) -> Iterator[Finding]:
    """EXEC-03: the adjusted budget equals spending to the 分, far from the initial budget."""
    limit = Fraction(case.threshold("copied_adjustment_rate"))
    phases = ("initial_budget", "adjusted_budget", "executed")
    for line in dict.fromkeys(["total", *_finest(case, *phases)]):
        initial = case.fen(line, "initial_budget")
        adjusted, executed = case.fen(line, "adjusted_budget"), case.fen(line, "executed")
        if initial is None or adjusted is None or adjusted != executed or adjusted == initial:
            continue
        if initial and abs(Fraction(adjusted - initial, initial)) <= limit:
            continue
        note = _reason(case, line, _changed)
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
    for line in _finest(case, "adjusted_budget", "executed"):
        adjusted, executed = case.fen(line, "adjusted_budget"), case.fen(line, "executed")
        if adjusted is None or executed is None or executed <= adjusted:
            continue
        yield case.finding(
            "EXEC-04",
            "fail",
            f"{case.name(line)}{_compared(case, line, 'adjusted_budget', adjusted, executed)}。",
            case.places(line, "adjusted_budget", "executed"),
            f"不超过{case.money(adjusted)}",
            case.money(executed),
            case.name(line),
        )


def check_low_execution(case: Case) -> Iterator[Finding]:
    """EXEC-05: a low execution rate needs a reason."""
    limit = Fraction(case.threshold("low_execution_rate"))
    for line in _finest(case, "adjusted_budget", "executed"):
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
    for line in _finest(case, "initial_budget", "adjusted_budget"):
        initial, adjusted = case.fen(line, "initial_budget"), case.fen(line, "adjusted_budget")
        if initial == adjusted or initial is None or adjusted is None:
            continue
        if _reason(case, line, _changed):
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


def _reason(case: Case, line: str, asks: Callable[[Case, str], bool]) -> str:
    """Return the reason given for a line, or for all of its parts that need one."""
    own = str(case.lines.at[line, "note"])
    parts = [part for part in _parts(case, line) if asks(case, part)]
    if own or not parts:
        return own
    reasons = [_reason(case, part, asks) for part in parts]
    return "；".join(dict.fromkeys(reasons)) if all(reasons) else ""


def _changed(case: Case, line: str) -> bool:
    initial, adjusted = case.fen(line, "initial_budget"), case.fen(line, "adjusted_budget")
    return initial is not None and adjusted is not None and initial != adjusted


def _overspent(case: Case, line: str) -> bool:
    initial, executed = case.fen(line, "initial_budget"), case.fen(line, "executed")
    return initial is not None and executed is not None and executed > initial
