"""SANE-01 to SANE-06: scores all full, all alike, better than spent, leaping from last year.

These rules look at a score, so they run after it was made. What an indicator is said to have
earned is its self-score where there is one, else the computed points.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ...evaluation import Evaluation
from ...evaluation.finding import Verdict
from ...evaluation.score import ScoredRow
from ...money import format_exact, format_exact_rate
from ...terms import BLOCKS, FAMILIES, PHASES, SCREEN_WORDS
from ..reasons import says_why


def claimed(row: ScoredRow) -> Fraction | None:
    """Return the points an indicator is said to have earned, None if nobody says."""
    return row.points if row.self_score is None else Fraction(row.self_score)


def _shares(case: Evaluation) -> list[Fraction] | None:
    """Return each indicator's points ÷ weight, None unless all are known."""
    shares = []
    for row in _indicators(case):
        points = claimed(row)
        if points is None:
            return None
        shares.append(points / row.weight)
    return shares


def _indicators(case: Evaluation) -> list[ScoredRow]:
    """Return the rows of indicators that weigh something."""
    return [row for row in case.final_score.own if row.weight > 0]


def _problems(case: Evaluation) -> int:
    return sum(1 for row in case.tables.measures if row.problem)


def check_full_marks(case: Evaluation) -> Iterator[Verdict]:
    """SANE-01: not every indicator has full marks."""
    shares = _shares(case)
    if not shares or len(shares) < case.threshold("full_marks_count") or min(shares) < 1:
        return
    count = _problems(case)
    sheet = case.unit.form.heading("measures")
    also = f"，而“{sheet}”里写了{count}个问题" if count else ""
    yield Verdict(
        message=f"{len(shares)}项指标全部满分{also}。请逐项核对完成值和佐证材料；确实都完成的，说明指标值怎么定的。",
        found=f"{len(shares)}项满分",
    )


def check_shares_differ(case: Evaluation) -> Iterator[Verdict]:
    """SANE-02: indicators that lost points did not all lose the same share."""
    shares = _shares(case)
    if not shares or len(shares) < case.threshold("equal_shares_count"):
        return
    if len(set(shares)) == 1 and shares[0] < 1:
        shown = case.printer.rate(shares[0], [1])
        yield Verdict(
            message=f"{len(shares)}项指标的得分都是分值的{shown}，像是按同一比例打的分。"
            "请按每项的完成情况分别打分。",
            found=shown,
        )


def check_problems_cost_points(case: Evaluation) -> Iterator[Verdict]:
    """SANE-03: a unit that names problems is not all but perfect."""
    total, count = case.final_score.total.value, _problems(case)
    if not count or total is None or total < case.threshold("near_full_score"):
        return
    points = case.printer.points(total, case.final_score.total.limits)
    yield Verdict(
        message=f"“{case.unit.form.heading('measures')}”里写了{count}个问题，总分却有{points}分。"
        "请核对：问题影响了哪些指标，就在哪些指标上扣分。",
        found=f"{points}分",
    )


def check_better_than_spent(case: Evaluation) -> Iterator[Verdict]:
    """SANE-04: indicators do not look much better than money went out."""
    rows = [(claimed(row), row.weight) for row in _indicators(case)]
    weight = sum((w for points, w in rows if points is not None), Fraction(0))
    points = sum((points for points, _ in rows if points is not None), Fraction(0))
    execution = next(
        (row for row in case.final_score.rows if row.family == FAMILIES["execution"]), None
    )
    if execution is None or not weight or points <= 0 or not execution.weight:
        return
    if execution.points is None:
        yield Verdict(
            outcome="not_computable",
            message=f"指标得分率不能与执行得分率比较：{FAMILIES['execution']}的得分{execution.basis}。",
        )
        return
    reached, spent = points / weight, execution.points / execution.weight
    above, limit = (reached - spent) / reached, case.threshold("indicator_above_execution_rate")
    if above > limit:
        printer, most = case.printer, format_exact_rate(limit)
        shown = printer.rate(above, [limit])
        yield Verdict(
            message=f"指标得分率{printer.rate(reached, [1])}，"
            f"执行得分率{case.as_printed(spent, [1])}，相差占指标得分率的"
            f"{shown}，超过{most}，平台会红色预警。"
            "请说明钱没花完而指标完成得更好的原因，或核对指标得分。",
            expected=f"不超过{most}",
            found=shown,
        )


def check_unspent(case: Evaluation) -> Iterator[Verdict]:
    """SANE-05: there was a budget, and most of it was spent."""
    adjusted, executed = case.fen("total", "adjusted_budget"), case.fen("total", "executed")
    places = case.places("total", "adjusted_budget", "executed")
    head = f"{BLOCKS['total']}的{PHASES['adjusted_budget']}"
    if adjusted == 0:
        yield Verdict(
            message=f"{head}为零，平台会黄色预警。请核对预算数。", places=places, found="0"
        )
        return
    if adjusted is None or executed is None or adjusted < 0:
        return  # Why there is no rate, EXEC-02 says.
    left, limit = Fraction(adjusted - executed, adjusted), case.threshold("unspent_rate")
    if left > limit:
        most = format_exact_rate(limit)
        shown, money = case.printer.rate(left, [limit]), case.printer.money
        yield Verdict(
            message=f"{head}{money(adjusted)}，还有{money(adjusted - executed)}没有支出，"
            "占"
            f"{shown}，超过{most}，平台会黄色预警。"
            "请说明原因和下一步安排。",
            places=places,
            expected=f"不超过{most}",
            found=shown,
        )


def check_movement(case: Evaluation) -> Iterator[Verdict]:
    """SANE-06: a total far from last year's has its cause written."""
    total, before = case.final_score.total.value, case.final_score.before
    if total is None or before is None:
        return
    limit, printer = case.threshold("score_movement"), case.printer
    if abs(total - before) <= limit:
        return
    lost = [row for row in _indicators(case) if row.points != row.weight]
    if total < before and lost and all(says_why(case, row.deviation) for row in lost):
        return
    way = "上升" if total > before else "下降"
    shown = printer.points(total, case.final_score.total.limits)
    by = printer.points(abs(total - before), [limit])
    yield Verdict(
        message=f"{SCREEN_WORDS['score']}{shown}分，上年{printer.points(before)}分，"
        f"{way}{by}分，超过{format_exact(limit)}分。"
        "请在 unit.yaml 里用 explanations 写明原因。",
        expected=f"与上年相差不超过{format_exact(limit)}分，或有原因",
        found=shown,
    )
