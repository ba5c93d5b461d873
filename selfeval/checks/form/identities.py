"""SUM-01 to SUM-06: parts against printed totals: exact where both are, else within halves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ...budget.lines import printed_tolerance
from ...budget.neighbours import PRIOR_YEAR
from ...evaluation import Evaluation
from ...evaluation.finding import Outcome, TotalAndParts, Verdict
from ...money import DISPLAY_DECIMALS, DISPLAY_UNIT, FEN_PER, format_exact, in_unit
from ...sheets import Place
from ...tables.rows import Amount
from ...terms import BLOCKS, NOT_SUPPLIED, PHASES

CHECKED_PHASES = ("prior_final_accounts", "initial_budget", "adjusted_budget", "executed")


def check_basic_total(case: Evaluation) -> Iterator[Verdict]:
    """SUM-01: 基本支出合计 = 人员经费 + 公用经费, in each phase."""
    yield from _check_parts(case, "basic", ["personnel", "operating"])


def check_project_total(case: Evaluation) -> Iterator[Verdict]:
    """SUM-02: 项目支出合计 = the projects of the first rank, in each phase."""
    yield from _check_parts(case, "project", case.parts("project"))


def check_project_parts(case: Evaluation) -> Iterator[Verdict]:
    """SUM-03: a project = its parts, in each phase."""
    for line in case.budget_lines:
        if line.startswith("project:") and case.parts(line):
            yield from _check_parts(case, line, case.parts(line))


def check_grand_total(case: Evaluation) -> Iterator[Verdict]:
    """SUM-04: 支出合计 = 基本支出 + 项目支出, in each phase."""
    yield from _check_parts(case, "total", ["basic", "project"])


def check_three_public_expenses(case: Evaluation) -> Iterator[Verdict]:
    """SUM-05: “三公”经费 = its three kinds; vehicles = purchases + running."""
    vehicles = ["official_vehicle_purchases", "official_vehicle_running"]
    # Without a row for vehicles as a whole, the two kinds stand directly in the total.
    own = ["official_vehicles"] if "official_vehicles" in case.budget_lines else vehicles
    parts = ["official_overseas_visits", *own, "official_hospitality"]
    for total, below in (("three_public_expenses", parts), ("official_vehicles", vehicles)):
        if total in case.budget_lines:
            yield from _check_parts(case, total, below)


def check_adjustment(case: Evaluation) -> Iterator[Verdict]:
    """SUM-06: 调整后预算数 = 年初预算数 + 预算调整数, for each line that states all three."""
    for line in case.budget_lines:
        whole = case.read(line, "adjusted_budget")
        parts = [case.read(line, phase) for phase in ("initial_budget", "budget_adjustment")]
        if whole is None or any(part is None for part in parts):
            continue
        read = [part for part in parts if part is not None]
        names = "＋".join(PHASES[part.phase] for part in read)
        yield _compare(case, case.name(line), "adjusted_budget", whole, read, names)


def _check_parts(case: Evaluation, total: str, parts: Sequence[str]) -> Iterator[Verdict]:
    for phase in CHECKED_PHASES:
        finding = _check_phase(case, total, parts, phase)
        if finding is not None:
            yield finding


def _check_phase(case: Evaluation, total: str, parts: Sequence[str], phase: str) -> Verdict | None:
    whole, item = case.read(total, phase), case.name(total)
    # A part that the unit marked as not applicable adds nothing; a blank one is unknown.
    due = [part for part in parts if not case.is_dash(part, phase)]
    # A part without a printed number of its own still has the sum of its parts.
    known = [
        part for part in due if part in case.budget_lines and case.fen(part, phase) is not None
    ]
    if whole is None and not known:
        return None
    if _is_told_elsewhere(case, total, whole, [r for p in known for r in case.printed(p, phase)]):
        return None
    if whole is None:
        return Verdict(
            outcome="not_computable",
            message=f"{item}{PHASES[phase]}没有填报合计，"
            f"无法核对{_used_instead(case, total, phase)}。",
            item=item,
        )
    gaps = [_name(case, part) for part in due if part not in known]
    if gaps or not parts or (not due and whole.fen):
        what = f"{'、'.join(gaps)}{NOT_SUPPLIED}" if gaps else "没有填报明细"
        return Verdict(
            outcome="not_computable",
            message=f"{item}{PHASES[phase]}为{case.printer.money(whole.fen or 0)}，"
            f"{what}，无法核对。",
            places=(whole.place,),
            item=item,
        )
    if not due:
        return None
    rows = [row for part in due for row in case.printed(part, phase)]
    names = "＋".join(_name(case, part) for part in due)
    return _compare(case, item, phase, whole, rows, names)


def _is_told_elsewhere(
    case: Evaluation, total: str, whole: Amount | None, parts: Sequence[Amount]
) -> bool:
    """Return whether official tables are reconciled by themselves, with all the parts they have.

    A total of theirs is compared with parts that the unit's own form gives; only spending as a
    whole may have parts there that the form does not know.
    """
    rows = [*parts, *([] if whole is None else [whole])]
    # Last year's total has projects that this year's form no longer lists.
    if any(row.table == PRIOR_YEAR for row in rows):
        return True
    if any(case.is_official(part) for part in parts):
        return True
    return whole is not None and case.is_official(whole) and (not parts or total == "total")


def _name(case: Evaluation, line: str) -> str:
    return case.name(line) if line in case.budget_lines else BLOCKS[line]


def _used_instead(case: Evaluation, total: str, phase: str) -> str:
    if case.fen(total, phase) is None:
        return ""
    return "；报告中的数由各部分相加得出"


def _compare(
    case: Evaluation,
    item: str,
    phase: str,
    whole: Amount,
    parts: Sequence[Amount],
    names: str,
) -> Verdict:
    stated = whole.fen or 0
    computed = sum(part.fen or 0 for part in parts)
    gap = stated - computed
    places = tuple(row.place for row in (whole, *parts))
    says = "在公开表里为" if case.is_official(whole) else "填报"
    given, right = case.printer.money(stated), case.printer.money(computed)
    head = f"{item}{PHASES[phase]}{says}{given}，{names}为{right}"
    outcome: Outcome
    if gap == 0:
        outcome, tail = "pass", "，相符。"
    elif abs(gap) <= printed_tolerance([whole, *parts]):
        outcome = "rounding"
        tail = f"，相差{_exact_gap(case, gap)}，在四舍五入的范围之内。"
    else:
        outcome, tail = "fail", f"，相差{_exact_gap(case, gap)}。"
    return Verdict(
        outcome=outcome,
        message=head + tail,
        places=places,
        expected=right,
        found=given,
        item=item,
        compared=(TotalAndParts(whole, tuple((part, 1) for part in parts)),),
        due=((whole.place, in_unit(computed, whole.amount_unit)), *_other_parts(parts, gap)),
    )


def _other_parts(parts: Sequence[Amount], gap: int) -> Iterator[tuple[Place, str]]:
    """Yield each part with what it would be if it alone were wrong; never below nothing for it."""
    for part in parts:
        fen = part.fen or 0
        if not fen + gap < 0 <= fen:
            yield part.place, in_unit(fen + gap, part.amount_unit)


def _exact_gap(case: Evaluation, gap: int) -> str:
    # A gap below the last digit shown would read as "相差 0.00万元".
    if abs(gap) >= FEN_PER[DISPLAY_UNIT] // 10**DISPLAY_DECIMALS:
        return case.printer.money(abs(gap))
    return f"{format_exact(Decimal(abs(gap)) / 100, 2)}元"
