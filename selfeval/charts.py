"""Frames → figures: inline SVG with real text, drawn at the width of a phone.

A chart whose data is missing says so in words; a missing series is an empty outlined bar.
"""

from __future__ import annotations

import html
import io
import re
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Final, Literal

import matplotlib as mpl
import pandas as pd
import pylopdf_fonts_zh_cn
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from .budget import Quantity, difference
from .evaluation import Evaluation
from .money import DISPLAY_UNIT, format_rate
from .narrative import show_quantity
from .terms import BLOCKS, NOT_SUPPLIED, PHASES, RATES

WIDTH: Final = 400
"""CSS pixels; one SVG unit is one pixel at this width, and the page lets it grow to 640."""
_TEXT, _SMALL, _ROW, _BAR, _NAME = 13, 12, 46, 15, 20
_LEAST_BAR = 0.42
_OVERSPENT = "超出"
# Stand-ins that the page's style sheet replaces, so that charts follow light and dark.
_INK, _FAINT = "#1d2129", "#6b7280"
_BUDGET, _OVER, _PRIOR, _PAPER = "#2f6db3", "#c8501e", "#9aa1ab", "#ffffff"
_OVER_TEXT = "#b23c0c"
_VARIABLES = {
    _INK: "ink",
    _FAINT: "faint",
    _BUDGET: "budget",
    _OVER: "over",
    _OVER_TEXT: "over-text",
    _PRIOR: "prior",
    _PAPER: "paper",
}
_SYSTEM_FONTS = ("Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "PingFang SC", "SimHei")


Side = Literal["left", "right"]


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


@cache
def font_family() -> str:
    """Return the Chinese font charts are measured with, registering the bundled one.

    Raises
    ------
    RuntimeError
        If no Chinese font can be found: boxes are never drawn instead of characters.
    """
    bundled = Path(pylopdf_fonts_zh_cn.sans_path())
    if bundled.is_file():
        font_manager.fontManager.addfont(bundled)
        return str(font_manager.FontProperties(fname=bundled).get_name())
    known = {entry.name for entry in font_manager.fontManager.ttflist}
    for name in _SYSTEM_FONTS:
        if name in known:
            return name
    raise RuntimeError("no Chinese font: install pylopdf-fonts-zh-cn")


@contextmanager
def _style() -> Iterator[None]:
    settings = {
        "font.family": font_family(),
        "font.size": _TEXT,
        "axes.unicode_minus": False,
        "svg.fonttype": "none",
        "svg.hashsalt": "selfeval",
        "text.parse_math": False,
    }
    with mpl.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph .* missing")
        yield


def draw_composition(evaluation: Evaluation) -> Chart:
    """Draw what the initial budget is made of: one bar a line, largest first."""
    quantities, lines = evaluation.quantities, evaluation.lines
    subtitle = f"{PHASES['initial_budget']}（{DISPLAY_UNIT}），{evaluation.unit.year}年"
    leaves = ["personnel", "operating", *lines.index[lines["parent"] == "project"]]
    known = [line for line in leaves if quantities[f"{line}.initial_budget"].value is not None]
    total = quantities["total.initial_budget"]
    if not known or not total.value:
        return _nothing(
            "composition", "预算构成", subtitle, f"{PHASES['initial_budget']}{NOT_SUPPLIED}"
        )
    known.sort(key=lambda line: -(quantities[f"{line}.initial_budget"].value or 0))
    names = [str(lines.at[line, "name"]) for line in known]
    share = quantities["project.share"].value
    title = f"{names[0]}占年初预算的{_rate(evaluation, quantities[f'{known[0]}.share'])}"
    if share is not None and share > Fraction(1, 2) and known[0].startswith("project:"):
        title = f"项目支出占年初预算的{_rate(evaluation, quantities['project.share'])}"
    rows = [
        _Row(
            name,
            quantities[f"{line}.initial_budget"].value,
            f"{_money(evaluation, quantities[f'{line}.initial_budget'])}"
            f"（{_rate(evaluation, quantities[f'{line}.share'])}）",
            _BUDGET,
        )
        for line, name in zip(known, names, strict=True)
    ]
    alt = f"{title}。{'；'.join(f'{row.name}{row.label}' for row in rows[:3])}。"
    return Chart("composition", title, subtitle, alt, _bars("composition", rows, title, alt))


def draw_budget_against_spending(evaluation: Evaluation) -> Chart:
    """Draw spending as a share of its budget, overspending beyond the 100 % line.

    The budget is the adjusted one where every line has it and none was copied from spending;
    else the initial one, which is what was approved.
    """
    quantities, lines = evaluation.quantities, evaluation.lines
    own = [*lines.index[lines["parent"] == "project"], "personnel", "operating"]
    copied = any(f.code == "EXEC-03" and f.outcome == "fail" for f in evaluation.all_findings)
    adjusted = not copied and all(quantities[f"{p}.adjusted_budget"].value for p in own)
    phase = "adjusted_budget" if adjusted else "initial_budget"
    rate = "execution_rate" if adjusted else "initial_rate"
    subtitle = f"{PHASES['executed']}占{PHASES[phase]}的百分比，{evaluation.unit.year}年"
    shown = [line for line in own if quantities[f"{line}.{phase}"].value]
    if not shown:
        return _nothing("execution", "预算与支出", subtitle, f"各项{PHASES[phase]}{NOT_SUPPLIED}")
    shown.sort(key=lambda line: -(quantities[f"{line}.{phase}"].value or 0))
    rows = [_execution_row(evaluation, line, phase, rate) for line in shown]
    title = _execution_title(rows, PHASES[phase].removesuffix("数"))
    alt = f"{title}。{'；'.join(f'{row.name}：{row.label}' for row in rows[:4])}。"
    mark = f"{PHASES[phase].removesuffix('数')} 100%"
    return Chart(
        "execution", title, subtitle, alt, _bars("execution", rows, title, alt, reference=mark)
    )


def _execution_row(evaluation: Evaluation, line: str, phase: str, rate: str) -> _Row:
    quantities = evaluation.quantities
    name = str(evaluation.lines.at[line, "name"])
    share, spent = quantities[f"{line}.{rate}"], quantities[f"{line}.executed"]
    if share.value is None:
        return _Row(name, None, f"支出{NOT_SUPPLIED}", _BUDGET)
    if share.value <= 1:
        label = f"{_money(evaluation, spent)}（{_rate(evaluation, share)}）"
        return _Row(name, share.value, label, _BUDGET)
    over = difference("", "", spent, quantities[f"{line}.{phase}"])
    above = format_rate(share.value - 1, rounding=evaluation.unit.settings.rounding)
    return _Row(name, share.value, f"{_OVERSPENT}{_money(evaluation, over)}（+{above}）", _BUDGET)


def _execution_title(rows: Sequence[_Row], budget: str) -> str:
    over = [row for row in rows if row.value is not None and row.value > 1]
    unknown = [row for row in rows if row.value is None]
    if len(over) == 1:
        return f"{over[0].name}支出超出{budget}{format_rate((over[0].value or 1) - 1)}"
    if over:
        return f"{len(over)}项支出超出{budget}"
    if len(unknown) == len(rows):
        return f"各项支出{NOT_SUPPLIED}"
    return f"{len(unknown)}项支出{NOT_SUPPLIED}" if unknown else f"各项支出都在{budget}之内"


def draw_indicators(evaluation: Evaluation) -> Chart:
    """Draw how far each indicator reached its target; the line is the target."""
    rows = evaluation.final_score.rows.iloc[1:]
    subtitle = f"完成值相当于年度指标值的百分比，{evaluation.unit.year}年"
    if rows.empty:
        return _nothing("indicators", "绩效指标完成情况", subtitle, f"绩效指标{NOT_SUPPLIED}")
    bars = []
    for row in rows.to_dict("records"):
        share = row["share"]
        if share is None:
            label = row["basis"]
        else:
            label = f"{row['actual']}（目标{row['target']}）"
        bars.append(_Row(str(row["name"]), share, str(label), _BUDGET))
    reached = sum(1 for row in bars if row.value is not None and row.value >= 1)
    title = f"{len(bars)}项指标中{reached}项达到年度指标值"
    missed = [row for row in bars if row.value is None or row.value < 1]
    alt = f"{title}。"
    if missed:
        alt += f"未达到的：{'；'.join(f'{row.name}：{row.label}' for row in missed[:3])}。"
    svg = _bars("indicators", bars, title, alt, reference="年度指标值", good_beyond=True)
    return Chart("indicators", title, subtitle, alt, svg)


def draw_year_on_year(evaluation: Evaluation) -> Chart:
    """Draw this year's spending beside last year's, for basic spending and each project."""
    quantities, lines = evaluation.quantities, evaluation.lines
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
            ("prior_final_accounts", _PRIOR, f"{year - 1}年"),
            ("executed", _BUDGET, f"{year}年"),
        ):
            quantity = quantities[f"{line}.{measure}"]
            label = f"{word}　{_money(evaluation, quantity)}"
            rows.append(
                _Row(
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
        title = f"支出比上年{word}{format_rate(abs(growth.value), rounding=evaluation.unit.settings.rounding)}"
    alt = (
        f"{title}。"
        + "；".join(
            f"{BLOCKS[line]}{_money(evaluation, quantities[f'{line}.executed'])}" for line in shown
        )
        + "。"
    )
    return Chart("years", title, subtitle, alt, _bars("years", rows, title, alt))


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
        rows.append(_Row(str(row["kind"]), count, label, _BUDGET))
    total = evaluation.quantities["staff.staff_in_post"]
    title = f"年末在职{show_quantity(total, 'half_up')}"
    alt = f"{title}。{'；'.join(f'{row.name}{row.label}' for row in rows)}。"
    return Chart("staffing", title, subtitle, alt, _bars("staffing", rows, title, alt))


@dataclass(frozen=True)
class _Row:
    name: str
    value: Fraction | None
    label: str
    colour: str


def _bars(
    chart: str,
    rows: Sequence[_Row],
    title: str,
    alt: str,
    reference: str = "",
    good_beyond: bool = False,
) -> str:
    """Draw rows of a name, a bar below it, and its value at the bar's end.

    ``reference`` names the line at 100 %; bars are then shares, and what lies beyond the line
    is drawn as overspending unless ``good_beyond``.
    """
    tops, height = [], 24.0 if reference else 6.0
    for row in rows:
        tops.append(height)
        height += _ROW if row.name else _ROW - _NAME
    with _style():
        figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72)
        figure.patch.set_visible(False)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, WIDTH), ylim=(height, 0))
        axes.axis("off")
        scale, mark, above = _scale(rows, bool(reference))
        for row, top in zip(rows, tops, strict=True):
            below = top + (_NAME if row.name else 0)
            _draw_bar(axes, row, below, scale, None if good_beyond else mark)
            if mark is not None:
                axes.plot([mark] * 2, [below - 3, below + _BAR + 3], color=_INK, linewidth=1.2)
            _write_row(axes, row, top, max(_end(row, scale), mark or 0) + 6, above)
        if mark is not None:
            side = "right" if mark > WIDTH / 2 else "left"
            _write(axes, mark, 10, reference, _SMALL, _FAINT, side)
        return _svg(figure, chart, title, alt)


def _scale(rows: Sequence[_Row], marked: bool) -> tuple[float, float | None, bool]:
    """Return units per value, where the 100 % line stands, and whether labels go above."""
    room = WIDTH - max((_width(row.label) for row in rows), default=0) - 10
    largest = max([row.value for row in rows if row.value is not None] + [Fraction(marked)])
    # Labels that would leave the bars no room go on the line of the name instead.
    above = room < WIDTH * _LEAST_BAR
    scale = (WIDTH - 4 if above else room) / float(largest or 1)
    return scale, scale if marked else None, above


def _end(row: _Row, scale: float) -> float:
    return max(float(row.value) * scale, 0) if row.value is not None else 0


def _draw_bar(axes: Axes, row: _Row, top: float, scale: float, limit: float | None) -> None:
    if row.value is None:
        outline = Rectangle((0.5, top), (limit or scale or WIDTH) - 1, _BAR, fill=False)
        outline.set(edgecolor=_FAINT, linewidth=1, linestyle=(0, (3, 2)), clip_on=False)
        axes.add_patch(outline)
        return
    end = _end(row, scale)
    within = end if limit is None else min(end, limit)
    _rectangle(axes, 0, top, within, row.colour)
    if end > within:
        _rectangle(axes, within, top, end - within, _OVER)


def _rectangle(axes: Axes, left: float, top: float, width: float, colour: str) -> None:
    bar = Rectangle((left, top), width, _BAR, color=colour, linewidth=0)
    bar.set_clip_on(False)
    axes.add_patch(bar)


def _write_row(axes: Axes, row: _Row, top: float, after: float, above: bool) -> None:
    if row.name:
        room = WIDTH - (_width(row.label) + 12 if above else 0)
        _write(axes, 0, top + 8, _clip(row.name, room), _TEXT, _INK)
    over = row.label.startswith(_OVERSPENT)
    colour = _OVER_TEXT if over else (_FAINT if row.value is None else _INK)
    if above:
        _write(axes, WIDTH - 2, top + 8, row.label, _SMALL, colour, "right")
    else:
        middle = top + (_NAME if row.name else 0) + _BAR / 2
        _write(axes, after, middle, row.label, _SMALL, colour)


def _write(
    axes: Axes, x: float, y: float, text: str, size: int, colour: str, side: Side = "left"
) -> None:
    axes.text(x, y, text, ha=side, va="center", fontsize=size, color=colour, clip_on=False)


def _width(text: str, size: float = _SMALL) -> float:
    """Return a text's width in units, by the em: safe for any font the reader has."""
    return sum(size if unicodedata.east_asian_width(c) in "WFA" else size * 0.6 for c in text)


def _clip(text: str, room: float) -> str:
    if _width(text, _TEXT) <= room:
        return text
    while text and _width(text + "…", _TEXT) > room:
        text = text[:-1]
    return text + "…"


def _nothing(chart: str, title: str, subtitle: str, missing: str) -> Chart:
    return Chart(chart, title, subtitle, f"{missing}，图无法绘制。", "")


def _money(evaluation: Evaluation, quantity: Quantity) -> str:
    return show_quantity(quantity, evaluation.unit.settings.rounding)


def _rate(evaluation: Evaluation, quantity: Quantity) -> str:
    if quantity.value is None:
        return RATES["execution_rate"]
    return format_rate(quantity.value, rounding=evaluation.unit.settings.rounding)


def _svg(figure: Figure, chart: str, title: str, alt: str) -> str:
    """Return a figure as an inline SVG: sized by the page, coloured by it, read by readers."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    box = re.search(r'viewBox="([^"]+)"', svg)
    assert box is not None
    head = (
        f'<svg viewBox="{box[1]}" role="img" aria-labelledby="{chart}-title {chart}-alt">'
        f'<title id="{chart}-title">{html.escape(title)}</title>'
        f'<desc id="{chart}-alt">{html.escape(alt)}</desc>'
    )
    svg = re.sub(r"<svg[^>]*>", lambda _: head, svg, count=1)
    svg = re.sub(r'<g id="[^"]*">', "<g>", svg)
    svg = re.sub(r"<defs>\s*<style[^>]*>.*?</style>\s*</defs>\s*", "", svg, flags=re.DOTALL)
    for colour, variable in _VARIABLES.items():
        svg = svg.replace(colour, f"var(--{variable})")
    svg = re.sub(r" ?transform=\"rotate\(-0 [^\"]*\)\"", "", svg)
    svg = re.sub(r" font-family: [^;\"]*;", "", svg)
    svg = re.sub(r"<g>\s*(<text[^>]*>[^<]*</text>)\s*</g>", r"\1", svg)
    svg = re.sub(r"\s*\n\s*", " ", svg).replace("> <", "><")
    svg = re.sub(r"(-?\d+\.\d{2})\d+", r"\1", svg)
    return svg.strip()
