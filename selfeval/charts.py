"""Frames → figures: what each chart shows, its finding as title, and its alt text.

A chart whose data is missing says so in words; a missing series is an empty outlined bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from .bars import BUDGET, OVERSPENT, PRIOR, WIDTH, Row, draw_bars, font_family
from .budget import Quantity, difference
from .checks.finding import form_heading
from .evaluation import Evaluation
from .money import DISPLAY_UNIT, format_decimal, format_rate
from .narrative import show_quantity
from .terms import BLOCKS, CAPTIONS, FIGURES, NOT_COMPUTABLE, NOT_SUPPLIED, PHASES, TABLE_HEADS

__all__ = [
    "WIDTH",
    "Chart",
    "draw_budget_against_spending",
    "draw_composition",
    "draw_deviations",
    "draw_indicators",
    "draw_ladder",
    "draw_scores",
    "draw_staffing",
    "draw_year_on_year",
    "font_family",
]


@dataclass(frozen=True)
class Chart:
    """A drawn chart: its id, its finding as title, measure and year, alt text, and the SVG.

    ``svg`` is "" where there is nothing to draw, and ``alt`` then says what is missing.
    """

    id: str
    title: str
    subtitle: str
    alt: str
    svg: str


def draw_composition(evaluation: Evaluation) -> Chart:
    """Draw what the initial budget is made of: one bar a line, largest first."""
    quantities, lines = evaluation.quantities, evaluation.lines
    subtitle = f"{PHASES['initial_budget']}（{DISPLAY_UNIT}），{evaluation.unit.year}年"
    own = _compared_lines(evaluation, "initial_budget")
    budgets = {line: quantities[f"{line}.initial_budget"] for line in own}
    if not any(budget.value for budget in budgets.values()):
        zero = any(budget.value == 0 for budget in budgets.values())
        missing = f"{PHASES['initial_budget']}{'为零' if zero else NOT_SUPPLIED}"
        return _nothing("composition", CAPTIONS["composition"], subtitle, missing)
    own.sort(key=lambda line: _largest_first(budgets[line]))
    rows = []
    for line in own:
        share = quantities[f"{line}.share"]
        part = f"（{_rate(evaluation, share)}）" if share.value is not None else ""
        label = f"{_money(evaluation, budgets[line])}{part}"
        rows.append(Row(str(lines.at[line, "name"]), budgets[line].value, label, BUDGET))
    first, projects = quantities[f"{own[0]}.share"], quantities["project.share"]
    if first.value is None:
        title = CAPTIONS["composition"]
    elif own[0].startswith("project:") and (projects.value or 0) > Fraction(1, 2):
        title = f"{BLOCKS['project']}占年初预算的{_rate(evaluation, projects)}"
    else:
        title = f"{rows[0].name}占年初预算的{_rate(evaluation, first)}"
    alt = f"{title}。{'；'.join(f'{row.name}{row.label}' for row in rows[:3])}。"
    return Chart("composition", title, subtitle, alt, draw_bars("composition", rows, title, alt))


def _compared_lines(evaluation: Evaluation, phase: str) -> list[str]:
    """Return the projects and basic spending's parts; basic as one where only that is known."""
    quantities, lines = evaluation.quantities, evaluation.lines
    basic = ["personnel", "operating"]
    if all(quantities[f"{line}.{phase}"].value is None for line in basic):
        basic = ["basic"]
    return [*lines.index[lines["parent"] == "project"], *basic]


def _largest_first(quantity: Quantity) -> tuple[bool, Fraction]:
    return quantity.value is None, -(quantity.value or Fraction(0))


def draw_budget_against_spending(evaluation: Evaluation) -> Chart:
    """Draw spending as a share of its budget, overspending beyond the 100 % line.

    The budget is the adjusted one where every line has it and none was copied from spending;
    else the initial one, which is what was approved.
    """
    quantities = evaluation.quantities
    own = _compared_lines(evaluation, "initial_budget")
    copied = any(f.code == "EXEC-03" and f.outcome == "fail" for f in evaluation.all_findings)
    known = all(quantities[f"{line}.adjusted_budget"].value is not None for line in own)
    adjusted = known and not copied
    phase = "adjusted_budget" if adjusted else "initial_budget"
    rate = "execution_rate" if adjusted else "initial_rate"
    budgets = {line: quantities[f"{line}.{phase}"] for line in own}
    subtitle = f"{PHASES['executed']}占{PHASES[phase]}的百分比，{evaluation.unit.year}年"
    # Of nothing, nothing was spent: no bar, and none is missed.
    shown = [line for line in own if budgets[line].value or not _is_zero(evaluation, line, phase)]
    if not any(budgets[line].value for line in shown):
        zero = any(budget.value == 0 for budget in budgets.values())
        missing = f"各项{PHASES[phase]}{'为零' if zero else NOT_SUPPLIED}"
        return _nothing("execution", "预算与支出", subtitle, missing)
    shown.sort(key=lambda line: _largest_first(budgets[line]))
    rows = [_execution_row(evaluation, line, phase, rate) for line in shown]
    title = _execution_title(evaluation, rows, PHASES[phase].removesuffix("数"))
    alt = f"{title}。{'；'.join(f'{row.name}：{row.label}' for row in rows[:4])}。"
    mark = f"{PHASES[phase].removesuffix('数')} 100%"
    return Chart(
        "execution", title, subtitle, alt, draw_bars("execution", rows, title, alt, reference=mark)
    )


def _is_zero(evaluation: Evaluation, line: str, phase: str) -> bool:
    """Return whether a line had no budget and no spending, and both are known."""
    quantities = evaluation.quantities
    return quantities[f"{line}.{phase}"].value == 0 == quantities[f"{line}.executed"].value


def _execution_row(evaluation: Evaluation, line: str, phase: str, rate: str) -> Row:
    quantities = evaluation.quantities
    name = str(evaluation.lines.at[line, "name"])
    budget, share = quantities[f"{line}.{phase}"], quantities[f"{line}.{rate}"]
    spent = quantities[f"{line}.executed"]
    if share.value is None:
        without = (
            f"{PHASES[phase].removesuffix('数')}{'为零' if budget.value == 0 else NOT_SUPPLIED}"
        )
        if spent.value is None:
            return Row(name, None, f"支出{NOT_SUPPLIED}" if budget.value else without, BUDGET)
        return Row(name, None, f"{without}，支出{_money(evaluation, spent)}", BUDGET)
    if share.value <= 1:
        label = f"{_money(evaluation, spent)}（{_rate(evaluation, share)}）"
        return Row(name, share.value, label, BUDGET)
    over = difference("", "", spent, budget)
    above = format_rate(share.value - 1, rounding=evaluation.unit.settings.rounding)
    return Row(name, share.value, f"{OVERSPENT}{_money(evaluation, over)}（+{above}）", BUDGET)


def _execution_title(evaluation: Evaluation, rows: Sequence[Row], budget: str) -> str:
    over = [row for row in rows if row.value is not None and row.value > 1]
    unknown = [row for row in rows if row.value is None]
    if len(over) == 1:
        above = (over[0].value or Fraction(1)) - 1
        rate = format_rate(above, rounding=evaluation.unit.settings.rounding)
        return f"{over[0].name}支出超出{budget}{rate}"
    if over:
        return f"{len(over)}项支出超出{budget}"
    if len(unknown) == len(rows):
        return f"各项支出{NOT_SUPPLIED}"
    if unknown:
        return f"{len(unknown)}项的预算或支出{NOT_SUPPLIED}或为零"
    return f"各项支出都在{budget}之内"


def draw_indicators(evaluation: Evaluation) -> Chart:
    """Draw how far each indicator reached its target; the line is the target."""
    rows = evaluation.final_score.own
    subtitle = f"完成值相当于年度指标值的百分比，{evaluation.unit.year}年"
    if rows.empty:
        return _nothing(
            "indicators",
            CAPTIONS["indicators"].removesuffix("和得分"),
            subtitle,
            f"{form_heading(evaluation.unit.form, 'indicators')}{NOT_SUPPLIED}",
        )
    bars = []
    for row in rows.to_dict("records"):
        share = row["share"]
        label = row["basis"] if share is None else f"{row['actual']}（目标{row['target']}）"
        bars.append(Row(str(row["name"]), share, str(label), BUDGET))
    reached = sum(1 for row in bars if row.value is not None and row.value >= 1)
    title = f"{len(bars)}项指标中{reached}项达到年度指标值"
    missed = [row for row in bars if row.value is None or row.value < 1]
    alt = f"{title}。"
    if missed:
        alt += f"未达到的：{'；'.join(f'{row.name}：{row.label}' for row in missed[:3])}。"
    svg = draw_bars(
        "indicators", bars, title, alt, reference=TABLE_HEADS["target"], good_beyond=True
    )
    return Chart("indicators", title, subtitle, alt, svg)


def draw_scores(evaluation: Evaluation) -> Chart:
    """Draw the points of each line against its weight, the line at the end being full marks."""
    scored, rounding = evaluation.final_score, evaluation.unit.settings.rounding
    subtitle = f"得分占{TABLE_HEADS['weight']}的百分比，{evaluation.unit.year}年"
    bars, lost, unknown = [], Fraction(0), 0
    for row in scored.rows.to_dict("records"):
        weight, points = row["weight"], row["points"]
        full = format_decimal(weight, 2, rounding)
        if points is None or not weight:
            unknown += 1
            bars.append(Row(str(row["name"]), None, f"不能计分（满分{full}分）", BUDGET))
            continue
        lost += weight - points
        label = f"{format_decimal(points, 2, rounding)}分（满分{full}分）"
        bars.append(Row(str(row["name"]), points / weight, label, BUDGET))
    short = [bar for bar in bars if bar.value is not None and bar.value < 1]
    title = f"{len(bars)}项中{len(short)}项没有得满分，共少得{format_decimal(lost, 2, rounding)}分"
    title = f"{len(bars)}项都得满分" if not short and not unknown else title
    title += f"，{unknown}项不能计分" if unknown else ""
    said = "；".join(f"{bar.name}{bar.label}" for bar in short[:3])
    alt = f"{title}。" + (f"没有得满分的：{said}。" if said else "")
    svg = draw_bars("scores", bars, title, alt, reference="满分")
    return Chart("scores", title, subtitle, alt, svg)


def draw_ladder(evaluation: Evaluation) -> Chart:
    """Draw the way from the blocks' points to the sum, and to the total where it is capped."""
    scored, rounding = evaluation.final_score, evaluation.unit.settings.rounding
    full = evaluation.unit.scoring.total
    subtitle = f"各部分得分相加（满分{full}分），{evaluation.unit.year}年"
    bars = []
    for block, rows in scored.rows.groupby("block", sort=False):
        points = [p for p in rows["points"] if p is not None]
        weight = format_decimal(sum(rows["weight"], Fraction(0)), 2, rounding)
        value = sum(points, Fraction(0))
        label = f"{format_decimal(value, 2, rounding)}分（满分{weight}分）"
        label += "，有的不能计分" if len(points) < len(rows) else ""
        bars.append(Row(str(block) or NOT_COMPUTABLE, value / full, label, PRIOR))
    raw = f"{format_decimal(scored.subtotal, 2, rounding)}分"
    bars.append(Row("相加", scored.subtotal / full, raw, BUDGET))
    title = f"各部分相加得{raw}"
    if scored.total.value is None:
        title += f"，{FIGURES['score']}{NOT_COMPUTABLE}"
    elif scored.cap is not None:
        below = format_rate(Fraction(scored.cap.execution_below), rounding=rounding)
        capped = f"{format_decimal(scored.total.value, 2, rounding)}分"
        bars.append(Row(f"执行率低于{below}，以此为限", scored.total.value / full, capped, BUDGET))
        title += f"，因执行率低以{capped}为限"
    alt = f"{title}。{'；'.join(f'{bar.name}{bar.label}' for bar in bars)}。"
    svg = draw_bars("ladder", bars, title, alt, reference=f"{full}分")
    return Chart("ladder", title, subtitle, alt, svg)


def draw_deviations(evaluation: Evaluation) -> Chart:
    """Draw the indicators that missed their target or passed it by far, with their causes."""
    far = 1 + Fraction(evaluation.unit.checks.threshold("over_target_rate", evaluation.unit.year))
    subtitle = f"完成值相当于年度指标值的百分比，{evaluation.unit.year}年"
    off = [
        row
        for row in evaluation.final_score.own.to_dict("records")
        if row["share"] is not None and not 1 <= row["share"] <= far
    ]
    if not off:
        return _nothing("deviations", "指标偏离目标的情况", subtitle, "没有偏离目标的指标")
    bars = [
        Row(
            f"{row['name']}（{row['deviation'] or '没有写明原因'}）",
            row["share"],
            f"{row['actual']}（目标{row['target']}）",
            BUDGET,
        )
        for row in off
    ]
    bare = sum(1 for row in off if not row["deviation"])
    title = f"{len(off)}项指标偏离目标" + (f"，{bare}项没有写明原因" if bare else "，都写明了原因")
    alt = f"{title}。{'；'.join(f'{bar.name}{bar.label}' for bar in bars[:3])}。"
    svg = draw_bars(
        "deviations", bars, title, alt, reference=TABLE_HEADS["target"], good_beyond=True
    )
    return Chart("deviations", title, subtitle, alt, svg)


def draw_year_on_year(evaluation: Evaluation) -> Chart:
    """Draw this year's spending beside last year's, for basic and for project spending."""
    quantities = evaluation.quantities
    year = evaluation.unit.year
    subtitle = f"{PHASES['prior_final_accounts']}与{PHASES['executed']}（{DISPLAY_UNIT}），{year}年"
    shown = ["basic", "project"]
    known = [line for line in shown if quantities[f"{line}.prior_final_accounts"].value is not None]
    if not known:
        missing = f"{PHASES['prior_final_accounts']}{NOT_SUPPLIED}，不能与上年比较"
        return _nothing("years", "与上年比较", subtitle, missing)
    rows = []
    for line in shown:
        name = BLOCKS[line]
        for measure, colour, word in (
            ("prior_final_accounts", PRIOR, f"{year - 1}年"),
            ("executed", BUDGET, f"{year}年"),
        ):
            quantity = quantities[f"{line}.{measure}"]
            label = f"{word}　{_money(evaluation, quantity)}"
            rows.append(
                Row(
                    name if measure == "prior_final_accounts" else "", quantity.value, label, colour
                )
            )
    growth = quantities["total.growth_rate"]
    if growth.value is None:
        title = f"{BLOCKS['basic']}和{BLOCKS['project']}与上年比较"
    elif growth.value == 0:
        title = "支出与上年持平"
    else:
        word = "增长" if growth.value > 0 else "下降"
        rounding = evaluation.unit.settings.rounding
        title = f"支出比上年{word}{format_rate(abs(growth.value), rounding=rounding)}"
    alt = (
        f"{title}。"
        + "；".join(
            f"{BLOCKS[line]}{_money(evaluation, quantities[f'{line}.executed'])}" for line in shown
        )
        + "。"
    )
    return Chart("years", title, subtitle, alt, draw_bars("years", rows, title, alt))


def draw_staffing(evaluation: Evaluation) -> Chart:
    """Draw staff in post by kind, against authorised posts where they are known."""
    staff = evaluation.tables.staffing
    kinds = staff[~staff["is_total"]].to_dict("records")
    subtitle = f"年末实有人数，{evaluation.unit.year}年"
    if not kinds:
        return _nothing("staffing", "人员构成", subtitle, f"人员情况{NOT_SUPPLIED}")
    rows = []
    for row in kinds:
        people, posts = row["staff_in_post"], row["authorised_posts"]
        count = None if pd.isna(people) else Fraction(int(people))
        tail = "" if pd.isna(posts) else f"（编制{int(posts)}人）"
        label = f"{int(count)}人{tail}" if count is not None else NOT_SUPPLIED
        rows.append(Row(str(row["kind"]), count, label, BUDGET))
    total = evaluation.quantities["staff.staff_in_post"]
    title = (
        f"年末在职总人数{NOT_SUPPLIED}"
        if total.value is None
        else f"年末在职{show_quantity(total, evaluation.unit.settings.rounding)}"
    )
    alt = f"{title}。{'；'.join(f'{row.name}{row.label}' for row in rows)}。"
    return Chart("staffing", title, subtitle, alt, draw_bars("staffing", rows, title, alt))


def _nothing(chart: str, title: str, subtitle: str, missing: str) -> Chart:
    return Chart(chart, title, subtitle, f"{missing}，图无法绘制。", "")


def _money(evaluation: Evaluation, quantity: Quantity) -> str:
    return show_quantity(quantity, evaluation.unit.settings.rounding)


def _rate(evaluation: Evaluation, quantity: Quantity) -> str:
    if quantity.value is None:
        return NOT_COMPUTABLE
    return format_rate(quantity.value, rounding=evaluation.unit.settings.rounding)
