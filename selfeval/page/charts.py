"""Evaluation → figures: what each chart shows, its finding as title, and its alt text.

    chart = draw_budget_against_spending(evaluation)
    chart.suptitle("另一个标题", x=0, ha="left")
    chart.axes[0].axvline(0.9)  # an axis of values, from left to right

A chart whose data is missing says so in words; a missing series is an empty outlined bar.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from typing import Final

from markupsafe import Markup
from matplotlib.figure import Figure

from .. import style
from ..budget.lines import REST
from ..budget.quantities import Quantity, difference, quotient
from ..checks.reasons import says_why
from ..evaluation import Evaluation
from ..money import DISPLAY_UNIT, FEN_PER
from ..style import BUDGET, FAINT, PRIOR, SMALL, TITLE, WIDTH, Label, refuse_boxes
from ..terms import (
    BLOCKS,
    CAPTIONS,
    NOT_COMPUTABLE,
    NOT_SUPPLIED,
    PHASES,
    SCREEN_WORDS,
    TABLE_HEADS,
)
from .bars import OVERSPENT, BarRow, draw_bars, wrap
from .html import label_svg, text_html
from .sentences import Number, Text, as_plain, copied_adjustment, count_of, describe_limit
from .svg import drawn_svg, inline_svg, marked_text


class Chart(Figure):
    """A figure that also knows what a page says beside it.

    ``alt`` tells those who do not see it what it shows. ``marked`` are its texts by their gid,
    with the keys of the quantities in them; one that a notebook changes is printed as it then is,
    without. Where there is nothing to draw it has no axes, and ``alt`` is what is missing.
    """

    def __init__(self, chart: str, alt: str, marked: Mapping[str, str]) -> None:
        super().__init__(figsize=(WIDTH / 72, 24 / 72))
        self.set_layout_engine("none")
        self.patch.set_gid("paper")
        refuse_boxes(self)
        self._measure: Label | None = None
        self.begin(chart, alt, marked)

    def begin(self, chart: str, alt: str, marked: Mapping[str, str]) -> None:
        """Take away what is drawn, for another chart."""
        self.set_gid(chart)
        self.alt, self.marked, self.subtitle, self._head = alt, marked, "", 0
        for axes in self.axes:
            for artist in (*axes.patches, *axes.lines, *axes.texts):
                artist.remove()
        if self._measure:
            self._measure.remove()

    def entitle(self, title: str, subtitle: str) -> None:
        """Write title and subtitle above all that is drawn so far."""
        lines = wrap(title, TITLE)
        self.subtitle, self._head = subtitle, 20 * len(lines) + 24
        below = self.get_figheight() * 72
        height = below + self._head
        self.set_figheight(height / 72)
        for axes in self.axes:
            axes.set_position((0, 0, 1, below / height))
        self.suptitle("\n".join(lines), x=0, y=1, ha="left", size=TITLE, gid="title")
        y = (below + 10) / height
        self._measure = Label(0, y, subtitle, size=SMALL, color=FAINT, gid="subtitle")
        self.add_artist(self._measure)

    @property
    def title(self) -> str:
        """The title as it stands now, on one line."""
        return self.get_suptitle().replace("\n", "")

    @property
    def caption(self) -> Markup:
        """The title as HTML, its numbers marked."""
        return marked_text(self.marked, "title", self.title)

    @property
    def inline(self) -> Markup:
        """The figure as the SVG that stands below its caption on a page."""
        return self.drawn_as(self.get_gid() or "", self.title, self.alt)

    def drawn_as(self, chart: str, title: str, alt: str) -> Markup:
        """Return that SVG by another id, and with other words for those who do not see it."""
        return inline_svg(self, chart, title, alt, self.marked, self._head)

    def _ipython_display_(self) -> None:
        from IPython.display import display

        data = {"image/svg+xml": drawn_svg(self), "text/plain": self.alt}
        display(data, raw=True, metadata={"image/svg+xml": {"alt": self.alt}})  # type: ignore[no-untyped-call]


class _Turn(threading.local):
    """Whether charts are drawn in turn in this thread, and the figure for it."""

    depth = 0
    figure: Chart | None = None


_TURN: Final = _Turn()


@contextmanager
def drawn_in_turn() -> Iterator[None]:
    """Draw what is drawn within on one figure, each chart in the place of the one before.

    For a page, which keeps no figure: to make one with its axes costs more than to draw on it.
    """
    _TURN.depth += 1
    try:
        yield
    finally:
        _TURN.depth -= 1


def _blank(chart: str, alt: str, marked: Mapping[str, str]) -> Chart:
    """Return a figure to draw on, where charts are drawn in turn the one for it."""
    if not _TURN.depth:
        return Chart(chart, alt, marked)
    if _TURN.figure is None:
        _TURN.figure = Chart(chart, alt, marked)
    else:
        _TURN.figure.begin(chart, alt, marked)
    return _TURN.figure


def _chart(
    evaluation: Evaluation,
    chart: str,
    title: Text,
    subtitle: str,
    rows: Sequence[BarRow],
    told: Sequence[BarRow],
    lead: str = "",
    reference: str = "",
    good_beyond: bool = False,
) -> Chart:
    """Draw rows; the alt text says the title and, after ``lead``, the rows that are told."""
    said = as_plain(title, evaluation.printer)
    alt = f"{said}。"
    if told:
        alt += f"{lead}{'；'.join(f'{row.name}：{row.label}' for row in told)}。"
    marked = {f"label{number}": row.marked for number, row in enumerate(rows) if row.marked}
    marked["title"] = text_html(evaluation, title)
    with style.context():
        figure = _blank(chart, alt, marked)
        draw_bars(figure, rows, reference, good_beyond)
        figure.entitle(said, subtitle)
    return figure


def _bar(
    evaluation: Evaluation, name: str, value: Fraction | None, label: Text, colour: str = BUDGET
) -> BarRow:
    """Return a row whose label has its numbers marked."""
    shown = as_plain(label, evaluation.printer)
    return BarRow(name, value, shown, colour, label_svg(evaluation, label))


def draw_composition(evaluation: Evaluation) -> Chart:
    """Draw what the initial budget is made of: one bar a line, largest first."""
    quantities, lines = evaluation.quantities, evaluation.budget_lines
    subtitle = f"{PHASES['initial_budget']}（{DISPLAY_UNIT}），{evaluation.unit.year}年"
    own = compared_lines(evaluation, "initial_budget")
    budgets = {line: quantities[f"{line}.initial_budget"] for line in own}
    if not any(budget.value for budget in budgets.values()):
        zero = any(budget.value == 0 for budget in budgets.values())
        missing = f"{PHASES['initial_budget']}{'为零' if zero else NOT_SUPPLIED}"
        return _nothing("composition", CAPTIONS["composition"], subtitle, missing)
    own.sort(key=lambda line: _largest_first(budgets[line]))
    rows = []
    for line in own:
        share = quantities[f"{line}.share"]
        part: Text = ("（", Number(share), "）") if share.value is not None else ()
        label = (Number(budgets[line]), *part)
        bar = _in_display_unit(budgets[line])
        rows.append(_bar(evaluation, lines[line].name, bar, label))
    first, projects = quantities[f"{own[0]}.share"], quantities["project.share"]
    title: Text = (f"{rows[0].name}占年初预算的", Number(first))
    if first.value is None:
        title = (CAPTIONS["composition"],)
    elif own[0].startswith("project") and (projects.value or 0) > Fraction(1, 2):
        title = (f"{BLOCKS['project']}占年初预算的", Number(projects))
    return _chart(evaluation, "composition", title, subtitle, rows, rows[:3])


def compared_lines(evaluation: Evaluation, phase: str) -> list[str]:
    """Return the parts of the whole that are compared: projects, basic spending, and the rest.

    Basic and project spending stand as one where only that is known.
    """
    quantities, lines = evaluation.quantities, evaluation.budget_lines
    basic = ["personnel", "operating"]
    if all(quantities[f"{line}.{phase}"].value is None for line in basic):
        basic = ["basic"]
    projects = [key for key, line in lines.items() if line.parent == "project"] or ["project"]
    rest = [key for key, line in lines.items() if line.parent == REST]
    return [*projects, *basic, *rest]


def _in_display_unit(money: Quantity) -> Fraction | None:
    return None if money.value is None else money.value / FEN_PER[DISPLAY_UNIT]


def _largest_first(quantity: Quantity) -> tuple[bool, Fraction]:
    return quantity.value is None, -(quantity.value or Fraction(0))


def draw_budget_against_spending(evaluation: Evaluation) -> Chart:
    """Draw spending as a share of its budget, overspending beyond the 100 % line.

    The budget is the adjusted one where every line has it and none was copied from spending;
    else the initial one, which is what was approved.
    """
    quantities = evaluation.quantities
    own = compared_lines(evaluation, "initial_budget")
    known = all(quantities[f"{line}.adjusted_budget"].value is not None for line in own)
    adjusted = known and copied_adjustment(evaluation) is None
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
    if all(quantities[f"{line}.executed"].value is None for line in shown):
        return _nothing(
            "execution", "预算与支出", subtitle, f"各项{PHASES['executed']}{NOT_SUPPLIED}"
        )
    shown.sort(key=lambda line: _largest_first(budgets[line]))
    rows = [_execution_row(evaluation, line, phase, rate) for line in shown]
    title = _execution_title(evaluation, shown, rows, phase)
    mark = f"{PHASES[phase].removesuffix('数')} 100%"
    return _chart(evaluation, "execution", title, subtitle, rows, rows[:4], reference=mark)


def _is_zero(evaluation: Evaluation, line: str, phase: str) -> bool:
    """Return whether a line had no budget and no spending, and both are known."""
    quantities = evaluation.quantities
    return quantities[f"{line}.{phase}"].value == 0 == quantities[f"{line}.executed"].value


def _execution_row(evaluation: Evaluation, line: str, phase: str, rate: str) -> BarRow:
    quantities = evaluation.quantities
    name = evaluation.budget_lines[line].name
    budget, share = quantities[f"{line}.{phase}"], quantities[f"{line}.{rate}"]
    spent = quantities[f"{line}.executed"]
    if share.value is None:
        without = (
            f"{PHASES[phase].removesuffix('数')}{'为零' if budget.value == 0 else NOT_SUPPLIED}"
        )
        if spent.value is None:
            return BarRow(name, None, f"支出{NOT_SUPPLIED}" if budget.value else without, BUDGET)
        return _bar(evaluation, name, None, (f"{without}，支出", Number(spent)))
    if share.value <= 1:
        return _bar(evaluation, name, share.value, (Number(spent), "（", Number(share), "）"))
    over, above = _overspending(evaluation, line, phase)
    label = (OVERSPENT, Number(over), "（+", Number(above), "）")
    return _bar(evaluation, name, share.value, label)


def _overspending(evaluation: Evaluation, line: str, phase: str) -> tuple[Quantity, Quantity]:
    """Return by how much a line's spending is beyond a budget, and that as a share of it."""
    quantities = evaluation.quantities
    if phase == "initial_budget":
        return quantities[f"{line}.overspend"], quantities[f"{line}.overspend_rate"]
    budget, key = quantities[f"{line}.{phase}"], f"{line}.over_{phase}"
    label = f"{evaluation.budget_lines[line].name}超出{PHASES[phase]}"
    over = difference(key, label, quantities[f"{line}.executed"], budget)
    return over, quotient(f"{key}_rate", f"{label}的比例", over, budget)


def _execution_title(
    evaluation: Evaluation, lines: Sequence[str], rows: Sequence[BarRow], phase: str
) -> Text:
    budget = PHASES[phase].removesuffix("数")
    over = [n for n, row in enumerate(rows) if row.value is not None and row.value > 1]
    unknown = [row for row in rows if row.value is None]
    if len(over) == 1:
        _, above = _overspending(evaluation, lines[over[0]], phase)
        return (f"{rows[over[0]].name}支出超出{budget}", Number(above))
    if over:
        count = count_of("overspent", len(over))
        return (count, f"支出超出{budget}")
    if unknown:
        count = count_of("without_rate", len(unknown))
        return (count, f"的预算或支出{NOT_SUPPLIED}或为零")
    lowest = min(range(len(rows)), key=lambda n: rows[n].value or Fraction(0))
    if rows[lowest].value == 1:
        return (f"各项支出与{budget}相同",)
    measure = "execution_rate" if phase == "adjusted_budget" else "initial_rate"
    rate = Number(evaluation.quantities[f"{lines[lowest]}.{measure}"])
    alike = sum(1 for row in rows if row.value == rows[lowest].value)
    which = f"{rows[lowest].name}最低，为" if alike == 1 else "最低的为"
    which = which if alike < len(rows) else "都为" if alike > 1 else "为"
    return (f"各项支出没有超出{budget}，{which}", rate)


def draw_indicators(evaluation: Evaluation) -> Chart:
    """Draw how far each indicator reached its target; the line is the target."""
    rows = evaluation.final_score.own
    subtitle = f"达到年度指标值的程度，{evaluation.unit.year}年"
    if not rows:
        return _nothing(
            "indicators",
            CAPTIONS["indicators"].removesuffix("和得分"),
            subtitle,
            f"{evaluation.unit.form.heading('indicators')}{NOT_SUPPLIED}",
        )
    bars = []
    for row in rows:
        share = row.share
        label = row.basis if share is None else f"{row.actual}（目标{row.target}）"
        bars.append(BarRow(row.name, share, label, BUDGET))
    missed = [bar for bar, row in zip(bars, rows, strict=True) if not row.is_reached]
    reached = len(bars) - len(missed)
    title = (
        count_of("indicators", len(bars)),
        "指标中",
        count_of("indicators_reached", reached),
        "达到年度指标值",
    )
    return _chart(
        evaluation,
        "indicators",
        title,
        subtitle,
        bars,
        missed[:3],
        lead="未达到的：",
        reference=TABLE_HEADS["target"],
        good_beyond=True,
    )


def draw_scores(evaluation: Evaluation) -> Chart:
    """Draw the points of each line against its weight, the line at the end being full marks."""
    known, rows = evaluation.quantities, evaluation.final_score.rows
    subtitle = f"得分占{TABLE_HEADS['weight']}的百分比，{evaluation.unit.year}年"
    # A number that is drawn is in the trace: nothing is drawn before it is known to be printed.
    if all(known[f"score.{number}.points"].value is None for number in range(len(rows))):
        return _nothing("scores", "各项得分", subtitle, "没有一项能计分")
    bars = []
    for number, row in enumerate(rows):
        weight, points = (known[f"score.{number}.{measure}"] for measure in ("weight", "points"))
        full = ("（满分", Number(weight), "）")
        if points.value is None or not weight.value:
            bars.append(_bar(evaluation, row.name, None, ("不能计分", *full)))
            continue
        share = points.value / weight.value
        bars.append(_bar(evaluation, row.name, share, (Number(points), *full)))
    short = [bar for bar in bars if bar.value is not None and bar.value < 1]
    unknown = sum(1 for bar in bars if bar.value is None)
    whole = count_of("scored_lines", len(bars))
    title: Text = (
        whole,
        "中",
        count_of("short_lines", len(short)),
        "没有得满分，共少得",
        Number(known["score.lost"]),
    )
    if not short:
        title = ("能计分的都得满分",) if unknown else (whole, "都得满分")
    if unknown:
        count = count_of("unscored_lines", unknown)
        title = (*title, "，", count, "不能计分")
    limit = describe_limit(evaluation.final_score)
    title = (*title, "；", *limit) if limit else title
    lead = "没有得满分的："
    return _chart(
        evaluation, "scores", title, subtitle, bars, short[:3], lead=lead, reference="满分"
    )


def draw_ladder(evaluation: Evaluation) -> Chart:
    """Draw the way from the blocks' points to the sum, and to the total where it is capped."""
    scored, known = evaluation.final_score, evaluation.quantities
    full = evaluation.unit.scoring.total
    subtitle = f"各部分得分相加（满分{full}分），{evaluation.unit.year}年"
    if known["score.subtotal"].value is None:
        return _nothing("ladder", "各部分的得分", subtitle, "没有一项能计分")
    bars = []
    for number, (block, rows) in enumerate(scored.blocks.items()):
        points = known[f"score.block{number}.points"]
        gaps = any(scored.rows[n].points is None for n in rows)
        label: Text = (Number(points), "（满分", Number(known[f"score.block{number}.weight"]))
        label = (*label, "），有的不能计分" if gaps else "）")
        share = (points.value or Fraction(0)) / full
        bars.append(_bar(evaluation, block or NOT_COMPUTABLE, share, label, PRIOR))
    raw = Number(known["score.subtotal"])
    bars.append(_bar(evaluation, "相加", scored.subtotal / full, (raw,)))
    title: Text = ("各部分相加得", raw)
    if scored.total.value is None:
        title = (*title, f"，{SCREEN_WORDS['score']}{NOT_COMPUTABLE}")
    elif scored.cap is not None:
        bars.append(
            _bar(
                evaluation,
                SCREEN_WORDS["score"],
                scored.total.value / full,
                (Number(scored.total), "（", *describe_limit(scored), "）"),
            )
        )
        title = (*title, "，", *describe_limit(scored))
    return _chart(evaluation, "ladder", title, subtitle, bars, bars, reference=f"{full}分")


def draw_deviations(evaluation: Evaluation) -> Chart:
    """Draw the indicators that missed their target or passed it by far, with their causes."""
    far = 1 + Fraction(evaluation.unit.checks.threshold("over_target_rate", evaluation.unit.year))
    subtitle = f"达到年度指标值的程度，{evaluation.unit.year}年"
    off = [
        row
        for row in evaluation.final_score.own
        if row.share is not None and not 1 <= row.share <= far
    ]
    if not off:
        return _nothing("deviations", "指标偏离目标的情况", subtitle, "没有偏离目标的指标")
    told = [says_why(evaluation, row.deviation) for row in off]
    bars = [
        BarRow(
            f"{row.name}（{row.deviation if said else '没有写明原因'}）",
            row.share,
            f"{row.actual}（目标{row.target}）",
            BUDGET,
        )
        for row, said in zip(off, told, strict=True)
    ]
    bare = told.count(False)
    title: Text = (count_of("deviations", len(off)), "指标偏离目标")
    if bare:
        count = count_of("deviations_bare", bare)
        title = (*title, "，", count, "没有写明原因")
    else:
        title = (*title, "，都写明了原因" if len(off) > 1 else "，写明了原因")
    return _chart(
        evaluation,
        "deviations",
        title,
        subtitle,
        bars,
        bars[:3],
        reference=TABLE_HEADS["target"],
        good_beyond=True,
    )


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
            label = (f"{word}　", Number(quantity))
            named = name if measure == "prior_final_accounts" else ""
            rows.append(_bar(evaluation, named, _in_display_unit(quantity), label, colour))
    growth = quantities["total.growth_rate"]
    if growth.value is None:
        title: Text = (f"{BLOCKS['basic']}和{BLOCKS['project']}与上年比较",)
    elif growth.value == 0:
        title = ("支出与上年持平",)
    else:
        word = "增长" if growth.value > 0 else "下降"
        title = (f"支出比上年{word}", Number(growth, absolute=True))
    told = [replace(row, name=BLOCKS[line]) for line, row in zip(shown, rows[1::2], strict=True)]
    return _chart(evaluation, "years", title, subtitle, rows, told)


def draw_staffing(evaluation: Evaluation) -> Chart:
    """Draw staff in post by kind, against authorised posts where they are known."""
    staff = evaluation.tables.staffing
    kinds = [row.kind for row in staff if not row.is_total]
    subtitle = f"年末实有人数，{evaluation.unit.year}年"
    if not kinds:
        return _nothing("staffing", "人员构成", subtitle, f"人员情况{NOT_SUPPLIED}")
    rows = []
    for kind in kinds:
        people = evaluation.quantities[f"staff:{kind}.staff_in_post"]
        posts = evaluation.quantities[f"staff:{kind}.authorised_posts"]
        label: Text = (NOT_SUPPLIED,)
        if people.value is not None:
            tail: Text = ("（编制", Number(posts), "）") if posts.value is not None else ()
            label = (Number(people), *tail)
        rows.append(_bar(evaluation, str(kind), people.value, label))
    total = evaluation.quantities["staff.staff_in_post"]
    title: Text = ("年末在职", Number(total))
    if total.value is None:
        title = (f"年末在职总人数{NOT_SUPPLIED}",)
    return _chart(evaluation, "staffing", title, subtitle, rows, rows)


def _nothing(chart: str, title: str, subtitle: str, missing: str) -> Chart:
    with style.context():
        figure = Chart(chart, missing, {})
        figure.text(0, 0.5, missing, color=FAINT, va="center")
        figure.entitle(title, subtitle)
    return figure
