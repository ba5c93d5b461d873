"""Rows of bars as inline SVG with real text, drawn at the width of a phone."""

from __future__ import annotations

import html
import io
import re
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Final, Literal

import matplotlib as mpl
import pylopdf_fonts_zh_cn
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

WIDTH: Final = 400
"""CSS pixels; one SVG unit is one pixel at this width, and the page lets it grow to 640."""
_TEXT, _SMALL, _ROW, _BAR, _NAME = 13, 12, 46, 15, 20
_LEAST_BAR, _EMPTY_BAR = 0.42, 0.33
_WIDE_LETTERS = frozenset("MWmw%@&")
OVERSPENT = "超出"
# Stand-ins that the page's style sheet replaces, so that charts follow light and dark.
_INK, _FAINT = "#1d2129", "#6b7280"
BUDGET, _OVER, PRIOR, _PAPER = "#2f6db3", "#c8501e", "#9aa1ab", "#ffffff"
_OVER_TEXT = "#b23c0c"
_VARIABLES = {
    _INK: "ink",
    _FAINT: "faint",
    BUDGET: "budget",
    _OVER: "over",
    _OVER_TEXT: "over-text",
    PRIOR: "prior",
    _PAPER: "paper",
}
_SYSTEM_FONTS = ("Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "PingFang SC", "SimHei")


Side = Literal["left", "right"]


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
    raise RuntimeError("没有中文字体，画不出图：请安装 pylopdf-fonts-zh-cn。")


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
    with mpl.rc_context(settings), warnings.catch_warnings():  # type: ignore[arg-type]
        # Texts are measured by the em and drawn by the reader's own fonts.
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        yield


@dataclass(frozen=True)
class BarRow:
    """A name, a bar below it, and what stands at the bar's end; no bar without a value.

    ``marked`` is the label as SVG with its numbers marked, "" where it holds none.
    """

    name: str
    value: Fraction | None
    label: str
    colour: str
    marked: str = ""


def draw_bars(
    chart: str,
    rows: Sequence[BarRow],
    title: str,
    alt: str,
    reference: str = "",
    good_beyond: bool = False,
) -> str:
    """Draw rows of a name, a bar below it, and its value at the bar's end.

    ``reference`` names the line at 100 %; bars are then shares, and what lies beyond the line
    is drawn as overspending unless ``good_beyond``.
    """
    rows = [replace(row, name=_one_line(row.name), label=_one_line(row.label)) for row in rows]
    scale, mark, above = _scale(rows, bool(reference))
    tops, height = [], 24.0 if reference else 6.0
    for row in rows:
        tops.append(height)
        height += (_NAME if row.name else 0) + (_NAME if above else 0) + _ROW - _NAME
    with _style():
        figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72)
        figure.patch.set_visible(False)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, WIDTH), ylim=(height, 0))
        axes.axis("off")
        for row, top in zip(rows, tops, strict=True):
            below = top + (_NAME if row.name else 0) + (_NAME if above else 0)
            # An amount that is not known gets an outline as long as the mark, or a third.
            empty = mark if mark is not None else _EMPTY_BAR * _room(rows)
            end = empty if row.value is None else max(float(row.value) * scale, 0)
            _draw_bar(axes, row, below, end, None if good_beyond else mark)
            if mark is not None:
                tick = [below - 3, below + _BAR + 3]
                axes.plot([mark] * 2, tick, color=_INK, linewidth=1.2, clip_on=False)
            _write_row(axes, row, top, below, max(end, mark or 0) + 6, above)
        if mark is not None:
            side: Side = "right" if mark > WIDTH / 2 else "left"
            _write(axes, mark, 10, reference, _SMALL, _FAINT, side)
        svg = _svg(figure, chart, title, alt)
    for row in rows:
        if row.marked:
            label = html.escape(row.label, quote=False)
            svg = svg.replace(f">{label}</text>", f">{row.marked}</text>", 1)
    return svg


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _room(rows: Sequence[BarRow]) -> float:
    """Return how long a bar may be with its label after it."""
    return WIDTH - max((_width(row.label) for row in rows), default=0) - 10


def _scale(rows: Sequence[BarRow], marked: bool) -> tuple[float, float | None, bool]:
    """Return units per value, where the 100 % line stands, and whether labels go above."""
    room = _room(rows)
    largest = max([row.value for row in rows if row.value is not None] + [Fraction(marked)])
    # Labels that would leave the bars no room go on a line of their own above them.
    above = room < WIDTH * _LEAST_BAR
    scale = (WIDTH - 4 if above else room) / float(max(largest, Fraction(0)) or 1)
    return scale, scale if marked else None, above


def _draw_bar(axes: Axes, row: BarRow, top: float, end: float, limit: float | None) -> None:
    if row.value is None:
        outline = Rectangle((0.5, top), end - 1, _BAR, fill=False)
        outline.set(edgecolor=_FAINT, linewidth=1, linestyle=(0, (3, 2)), clip_on=False)
        axes.add_patch(outline)
        return
    within = end if limit is None else min(end, limit)
    _rectangle(axes, 0, top, within, row.colour)
    if end > within:
        _rectangle(axes, within, top, end - within, _OVER)


def _rectangle(axes: Axes, left: float, top: float, width: float, colour: str) -> None:
    bar = Rectangle((left, top), width, _BAR, color=colour, linewidth=0)
    bar.set_clip_on(False)
    axes.add_patch(bar)


def _write_row(
    axes: Axes, row: BarRow, top: float, below: float, after: float, above: bool
) -> None:
    if row.name:
        _write(axes, 0, top + 8, _clip(row.name, WIDTH, _TEXT), _TEXT, _INK)
    over = row.label.startswith(OVERSPENT)
    colour = _OVER_TEXT if over else (_FAINT if row.value is None else _INK)
    if above:
        _write(axes, 0, below - _NAME + 8, _clip(row.label, WIDTH, _SMALL), _SMALL, colour)
    else:
        _write(axes, after, below + _BAR / 2, row.label, _SMALL, colour)


def _write(
    axes: Axes, x: float, y: float, text: str, size: int, colour: str, side: Side = "left"
) -> None:
    axes.text(x, y, text, ha=side, va="center", fontsize=size, color=colour, clip_on=False)


def _width(text: str, size: float = _SMALL) -> float:
    """Return a text's width in units, by the em: safe for any font the reader has."""
    return sum(size * _ems(character) for character in text)


def _ems(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WFA" or character in _WIDE_LETTERS:
        return 1
    return 0.8 if character.isupper() else 0.6


def _clip(text: str, room: float, size: float) -> str:
    if _width(text, size) <= room:
        return text
    while text and _width(text + "…", size) > room:
        text = text[:-1]
    return text + "…"


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
    svg = re.sub(r"<g>\s*(<text[^>]*>[^<]*</text>|<path[^>]*/>)\s*</g>", r"\1", svg)
    svg = re.sub(r"\s*\n\s*", " ", svg).replace("> <", "><")
    # Only inside tags: the texts are the unit's own and stay as they are.
    return re.sub(r"<[^>]*>", lambda tag: _tidy_tag(tag[0]), svg).strip()


def _tidy_tag(tag: str) -> str:
    """Return a tag with the page's colours and font, and no more decimals than are seen."""
    for colour, variable in _VARIABLES.items():
        tag = tag.replace(colour, f"var(--{variable})")
    tag = re.sub(r" ?transform=\"rotate\(-0 [^\"]*\)\"", "", tag)
    tag = re.sub(r" font-family: [^;\"]*;| text-anchor: start;", "", tag)
    return re.sub(r"(-?\d+\.\d{2})\d+", r"\1", tag)
