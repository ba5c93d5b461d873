"""Evaluation → figures: what each chart shows, its finding as title, and its alt text.

    chart = draw_budget_against_spending(evaluation)
    chart.suptitle("另一个标题", x=0, ha="left")
    chart.axes[0].axvline(100)  # an axis of values, here in 万元, from left to right

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
from ..budget.quantities import Quantity
from ..checks.reasons import says_why
from ..evaluation import Evaluation
from ..money import DISPLAY_UNIT, FEN_PER
from ..style import BUDGET, FAINT, PRIOR, SMALL, TITLE, WIDTH, Label, refuse_boxes
from ..terms import (
    CAPTIONS,
    NOT_COMPUTABLE,
    NOT_SUPPLIED,
    PHASES,
    SCREEN_WORDS,
    TABLE_HEADS,
)
from .bars import OVERSPENT, BarRow, draw_bars, wrap
from .html import label_svg, text_html
from .sentences import (
    Number,
    Text,
    as_captioned,
    as_plain,
    count_of,
    describe_limit,
    spending_of,
)
from .svg import drawn_svg, inline_svg, marked_text
from .teller import compared_lines, overspending


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
    marked = {f"label{n}": row.marked for n, row in enumerate(rows) if row.marked}
    marked |= {f"aside{n}": row.marked_aside for n, row in enumerate(rows) if row.marked_aside}
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


_MOST_LINES: Final = 12
"""As many bars as a phone's screen shows; the table has all lines."""


def draw_budget_against_spending(evaluation: Evaluation) -> Chart:
    """Draw what each line spent, from zero, its budget as a tick, overspending beyond it.

    The budget is the initial one, which is what was approved, or the adjusted one where no
    line has an initial one. Lines stand by spending, the largest first, twelve at most.
    """
    quantities, year = evaluation.quantities, evaluation.unit.year
    phase = next((p for p in _BUDGETS if _any_known(evaluation, p)), _BUDGETS[0])
    own = [line for line in compared_lines(evaluation, phase) if _is_drawn(evaluation, line, phase)]
    subtitle = f"支出与{PHASES[phase].removesuffix('数')}（{year}年，{DISPLAY_UNIT}）"
    if not any(quantities[f"{line}.{phase}"].value for line in own):
        zero = any(quantities[f"{line}.{phase}"].value == 0 for line in own)
        missing = f"各项{PHASES[phase]}{'为零' if zero else NOT_SUPPLIED}"
        return _nothing("execution", "预算与支出", subtitle, missing)
    spent = {line: quantities[f"{line}.executed"] for line in own}
    if all(one.value is None for one in spent.values()):
        missing = f"各项{PHASES['executed']}{NOT_SUPPLIED}"
        return _nothing("execution", "预算与支出", subtitle, missing)
    own.sort(key=lambda line: _largest_first(spent[line]))
    title = _execution_title(evaluation, own, phase)
    if len(own) > _MOST_LINES:
        subtitle = f"支出最多的{_MOST_LINES}项，{subtitle}"
    rows = [_money_row(evaluation, line, phase, subtitle) for line in own[:_MOST_LINES]]
    told = [replace(row, label=f"{row.aside} {row.label}".strip()) for row in rows[:4]]
    lead = f"单位{DISPLAY_UNIT}，支出在前："
    return _chart(evaluation, "execution", title, subtitle, rows, told, lead=lead)


_BUDGETS = ("initial_budget", "adjusted_budget")


def _any_known(evaluation: Evaluation, phase: str) -> bool:
    own = compared_lines(evaluation, phase)
    return any(evaluation.quantities[f"{line}.{phase}"].value is not None for line in own)


def _is_drawn(evaluation: Evaluation, line: str, phase: str) -> bool:
    """Return whether a line has anything to draw: of nothing, nothing was spent."""
    quantities = evaluation.quantities
    budget, spent = quantities[f"{line}.{phase}"].value, quantities[f"{line}.executed"].value
    return bool(budget or spent) or None in (budget, spent)


def _largest_first(quantity: Quantity) -> tuple[bool, Fraction]:
    return quantity.value is None, -(quantity.value or Fraction(0))


def _in_display_unit(money: Quantity) -> Fraction | None:
    return None if money.value is None else money.value / FEN_PER[DISPLAY_UNIT]


def _money_row(evaluation: Evaluation, line: str, phase: str, caption: str) -> BarRow:
    """Return a line's row: spending and budget beside its name, what is beyond at the bar's end."""
    quantities = evaluation.quantities
    budget, spent = quantities[f"{line}.{phase}"], quantities[f"{line}.executed"]
    name = PHASES[phase].removesuffix("预算数") or PHASES[phase]
    beside: Text = (Number(spent), f"　{name}", Number(budget))
    over, above = overspending(evaluation, line, phase)
    label: Text = ()
    if (over.value or 0) > 0:
        percent: Text = ("（+", Number(above), "）") if above.value is not None else ()
        label = (OVERSPENT, Number(over), *percent)
    row = _bar(evaluation, evaluation.budget_lines[line].name, _in_display_unit(spent), label)
    return replace(
        row,
        label=as_captioned(label, evaluation.printer, caption),
        marked=label_svg(evaluation, label, caption),
        limit=_in_display_unit(budget),
        aside=as_captioned(beside, evaluation.printer, caption),
        marked_aside=label_svg(evaluation, beside, caption),
    )


def _execution_title(evaluation: Evaluation, lines: Sequence[str], phase: str) -> Text:
    """Say how many lines are beyond their budget, or the largest difference."""
    budget = PHASES[phase].removesuffix("数")
    beyond = {line: overspending(evaluation, line, phase)[0].value for line in lines}
    over = [line for line, value in beyond.items() if value is not None and value > 0]
    if len(over) == 1:
        money, rate = overspending(evaluation, over[0], phase)
        more = Number(money if rate.value is None else rate)
        return (f"{spending_of(evaluation.budget_lines[over[0]].name)}超出{budget}", more)
    if over:
        return (count_of("overspent", len(over)), f"支出超出{budget}")
    unknown = [line for line, value in beyond.items() if value is None]
    if unknown:
        return (count_of("without_rate", len(unknown)), f"的预算或支出{NOT_SUPPLIED}")
    least = min(lines, key=lambda line: beyond[line] or 0)
    if not beyond[least]:
        return (f"各项支出与{budget}相同",)
    name = evaluation.budget_lines[least].name
    left = Number(overspending(evaluation, least, phase)[0], absolute=True)
    if len(lines) == 1:
        return (f"{spending_of(name)}比{budget}少", left)
    return (f"各项支出都没有超出{budget}，{name}少得最多，少", left)


def draw_missed(evaluation: Evaluation) -> Chart:
    """Draw how far the indicators that were missed are from their targets, the farthest first."""
    subtitle = f"达到年度指标值的程度，{evaluation.unit.year}年"
    missed = [row for row in evaluation.final_score.own if row.share is not None and row.is_missed]
    if not missed:
        return _nothing("missed", CAPTIONS["indicators"], subtitle, "没有未达到的指标")
    missed.sort(key=lambda row: row.share or 0)
    bars = [
        BarRow(row.name, row.share, f"{row.actual}（目标{row.target}）", BUDGET) for row in missed
    ]
    title = (count_of("indicators_missed", len(bars)), "指标没有达到年度指标值")
    mark = TABLE_HEADS["target"]
    return _chart(
        evaluation, "missed", title, subtitle, bars, bars[:3], reference=mark, good_beyond=True
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


def _nothing(chart: str, title: str, subtitle: str, missing: str) -> Chart:
    with style.context():
        figure = Chart(chart, missing, {})
        figure.text(0, 0.5, missing, color=FAINT, va="center")
        figure.entitle(title, subtitle)
    return figure
