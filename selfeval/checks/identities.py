"""Parts against printed totals: exact where exact values exist, else the interval rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import pandas as pd

from ..money import FEN_PER, rounding_tolerance
from ..terms import PHASES
from .finding import Case, Finding, amount_place

CHECKED_PHASES = ("prior_final_accounts", "initial_budget", "adjusted_budget", "executed")
USUAL_DECIMALS = 2


def check_basic_total(case: Case) -> Iterator[Finding]:
    """SUM-01: 基本支出合计 = 人员经费 + 公用经费, in each phase."""
    yield from _check_parts(case, "SUM-01", "basic", ["personnel", "operating"])


def check_project_total(case: Case) -> Iterator[Finding]:
    """SUM-02: 项目支出合计 = the projects of the first rank, in each phase."""
    yield from _check_parts(case, "SUM-02", "project", _children(case, "project"))


def check_project_parts(case: Case) -> Iterator[Finding]:
    """SUM-03: a project = its parts, in each phase."""
    for line in case.lines.index:
        if line.startswith("project:") and _children(case, line):
            yield from _check_parts(case, "SUM-03", line, _children(case, line))


def check_grand_total(case: Case) -> Iterator[Finding]:
    """SUM-04: 支出合计 = 基本支出 + 项目支出, in each phase."""
    yield from _check_parts(case, "SUM-04", "total", ["basic", "project"])


def check_three_public_expenses(case: Case) -> Iterator[Finding]:
    """SUM-05: “三公”经费 = its three kinds; vehicles = purchases + running."""
    for total, parts in (
        (
            "three_public_expenses",
            ["official_overseas_visits", "official_vehicles", "official_hospitality"],
        ),
        ("official_vehicles", ["official_vehicle_purchases", "official_vehicle_running"]),
    ):
        if total in case.lines.index:
            yield from _check_parts(
                case, "SUM-05", total, [part for part in parts if part in case.lines.index]
            )


def check_adjustment(case: Case) -> Iterator[Finding]:
    """SUM-06: 调整后预算数 = 年初预算数 + 预算调整数, for each line that states all three."""
    for line in case.lines.index:
        whole = case.read(line, "adjusted_budget")
        parts = [case.read(line, phase) for phase in ("initial_budget", "budget_adjustment")]
        if whole is None or any(part is None for part in parts):
            continue
        read = [part for part in parts if part is not None]
        names = "＋".join(PHASES[str(part["phase"])] for part in read)
        yield _compare(case, "SUM-06", case.name(line), "adjusted_budget", whole, read, names)


def _children(case: Case, line: str) -> list[str]:
    return list(case.lines.index[case.lines["parent"] == line])


def _check_parts(case: Case, code: str, total: str, parts: Sequence[str]) -> Iterator[Finding]:
    for phase in CHECKED_PHASES:
        whole = case.read(total, phase)
        # A part without a printed number of its own still has the sum of its parts.
        known = [part for part in parts if case.fen(part, phase) is not None]
        item = case.name(total)
        if whole is None and not known:
            continue
        if whole is None:
            yield case.finding(
                code,
                "not_computable",
                f"{item}{PHASES[phase]}没有填报合计，无法核对{_used_instead(case, total, phase)}。",
                item=item,
            )
            continue
        gaps = [case.name(part) for part in parts if part not in known]
        if gaps or not parts:
            what = f"{'、'.join(gaps)}未提供" if gaps else "没有填报明细"
            yield case.finding(
                code,
                "not_computable",
                f"{item}{PHASES[phase]}为{case.money(int(whole['amount']))}，{what}，无法核对。",
                (amount_place(whole),),
                item=item,
            )
            continue
        rows = [row for part in parts for row in _printed(case, part, phase)]
        names = "＋".join(case.name(part) for part in parts)
        yield _compare(case, code, item, phase, whole, rows, names)


def _used_instead(case: Case, total: str, phase: str) -> str:
    if case.fen(total, phase) is None:
        return ""
    return "；报告中的数由各部分相加得出"


def _printed(case: Case, line: str, phase: str) -> list[pd.Series]:
    row = case.read(line, phase)
    if row is not None:
        return [row]
    return [found for part in _children(case, line) for found in _printed(case, part, phase)]


def _compare(
    case: Case,
    code: str,
    item: str,
    phase: str,
    whole: pd.Series,
    parts: Sequence[pd.Series],
    names: str,
) -> Finding:
    stated = int(whole["amount"])
    computed = sum(int(part["amount"]) for part in parts)
    gap = stated - computed
    places = tuple(amount_place(row) for row in (whole, *parts))
    head = f"{item}{PHASES[phase]}填报{case.money(stated)}，{names}为{case.money(computed)}"
    if gap == 0:
        outcome, tail = "pass", "，相符。"
    elif abs(gap) <= _tolerance([whole, *parts]):
        outcome = "rounding"
        tail = f"，相差{case.money(abs(gap))}，在四舍五入的范围之内。"
    else:
        outcome, tail = "fail", f"，相差{_exact_gap(case, gap)}。"
    return case.finding(
        code,
        outcome,  # type: ignore[arg-type]
        head + tail,
        places,
        case.money(computed),
        case.money(stated),
        item,
    )


def _exact_gap(case: Case, gap: int) -> str:
    # A gap below the last digit shown would read as "相差 0.00万元".
    return case.money(abs(gap)) if abs(gap) >= FEN_PER["万元"] // 100 else f"{abs(gap) / 100:.2f}元"


def _tolerance(rows: Sequence[pd.Series]) -> Fraction:
    """Return by how many 分 printed parts may miss their total: (n+1)·½ of the last digit.

    Amounts in 元 with 角分 are exact; amounts in 元 without are taken as rounded to the 元.
    """
    units = {str(row["amount_unit"]) for row in rows}
    coarsest = max(units, key=lambda unit: FEN_PER[unit])
    decimals = max(_decimals(str(row["raw"])) for row in rows)
    if coarsest == "元":
        return Fraction(0) if decimals else rounding_tolerance(len(rows) - 1, coarsest, 0)
    return rounding_tolerance(len(rows) - 1, coarsest, max(decimals, USUAL_DECIMALS))


def _decimals(raw: str) -> int:
    digits = raw.rstrip(")） ")
    return len(digits.rpartition(".")[2]) if "." in digits else 0
