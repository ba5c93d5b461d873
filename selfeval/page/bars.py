"""Rows of bars, drawn at the width of a phone."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from ..style import FAINT, INK, OVER, OVER_TEXT, SMALL, TEXT, WIDTH, Label

_ROW, _BAR, _NAME = 46, 15, 20
_LEAST_BAR, _EMPTY_BAR, _BASE = 0.42, 0.33, 0.38
_WIDE_LETTERS = frozenset("MWmw%@&")
OVERSPENT = "多"

Side = Literal["left", "right"]


@dataclass(frozen=True)
class BarRow:
    """A name, a bar below it, and what stands at the bar's end; no bar without a value.

    ``aside`` stands at the right of the name. What lies beyond ``limit``, where the bar has a
    tick, is drawn as overspending. ``marked`` and ``marked_aside`` are the two texts as SVG with
    their numbers marked, "" where they hold none.
    """

    name: str
    value: Fraction | None
    label: str
    colour: str
    marked: str = ""
    limit: Fraction | None = None
    aside: str = ""
    marked_aside: str = ""

    @property
    def extent(self) -> float:
        """How far the row reaches on the axis of values."""
        return max(float(self.value or 0), float(self.limit or 0), 0.0)

    @property
    def is_split(self) -> bool:
        """Whether what stands at the right of the name needs a line of its own."""
        return _width(self.name, TEXT) + _width(self.aside, TEXT) + 12 > WIDTH


def draw_bars(
    figure: Figure, rows: Sequence[BarRow], reference: str = "", good_beyond: bool = False
) -> None:
    """Draw rows of a name, a bar below it, and its value at the bar's end.

    The horizontal axis holds the values, the vertical one pixels from the top; the label of the
    first row has the gid ``label0``, what stands beside its name ``aside0``. ``reference`` names
    the line at 1, which is 100 % and the limit of all rows. With ``good_beyond`` nothing that lies
    beyond a limit is drawn as overspending.
    """
    limit = Fraction(1) if reference else None
    rows = [
        replace(
            row,
            name=one_line(row.name),
            label=one_line(row.label),
            aside=one_line(row.aside),
            limit=row.limit if limit is None else limit,
        )
        for row in rows
    ]
    room = min((_room(row) for row in rows), default=WIDTH)
    pixel, above = _pixel(rows, room)
    tops, height = [], 24.0 if reference else 6.0
    for row in rows:
        tops.append(height)
        height += (_NAME if row.name else 0) + (_NAME if above else 0) + _ROW - _NAME
        height += _NAME if row.aside and row.is_split else 0
    figure.set_size_inches(WIDTH / 72, height / 72)
    axes = figure.axes[0] if figure.axes else figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH * pixel), ylim=(height, 0))
    axes.axis("off")
    for number, (row, top) in enumerate(zip(rows, tops, strict=True)):
        below = top + (_NAME if row.name else 0) + (_NAME if above else 0)
        if row.aside:
            own = _NAME if row.is_split else 0
            below += own
            end, gid = WIDTH * pixel, f"aside{number}"
            _write(axes, end, top + own + 8, row.aside, TEXT, FAINT, "right", gid=gid)
        tick = None if row.limit is None else max(float(row.limit), 0)
        # An amount that is not known gets an outline as long as its limit, or a third.
        empty = tick or _EMPTY_BAR * room * pixel
        end = empty if row.value is None else max(float(row.value), 0)
        if row.value is None:
            _outline(axes, below, end, pixel)
        else:
            _draw_bar(axes, row, below, end, None if good_beyond else tick)
        if tick is not None:
            ends = [below - 3, below + _BAR + 3]
            axes.add_artist(Line2D([tick] * 2, ends, color=INK, linewidth=1.2, clip_on=False))
        if row.name:
            _write(axes, 0, top + 8, _clip(row.name, WIDTH, TEXT), TEXT, INK)
        over = row.label.startswith(OVERSPENT)
        colour = OVER_TEXT if over else (FAINT if row.value is None else INK)
        x, y, label = max(end, tick or 0) + 6 * pixel, below + _BAR / 2, row.label
        if above:
            x, y, label = 0, below - _NAME + 8, _clip(row.label, WIDTH, SMALL)
        if label:
            _write(axes, x, y, label, SMALL, colour, gid=f"label{number}")
    if reference:
        side: Side = "right" if pixel * WIDTH < 2 else "left"
        _write(axes, 1, 10, reference, SMALL, FAINT, side)


def wrap(text: str, size: float) -> list[str]:
    """Return a text in lines that are no wider than a chart."""
    lines = [""]
    for character in one_line(text):
        if lines[-1] and _width(lines[-1] + character, size) > WIDTH:
            lines.append("")
        lines[-1] += character
    return lines


def one_line(text: str) -> str:
    """Return a text as a chart prints it: without line breaks."""
    return " ".join(text.split())


def _room(row: BarRow) -> float:
    """Return how many pixels long a bar may be with its label after it."""
    return WIDTH - (_width(row.label) if row.label else 0) - 10


def _pixel(rows: Sequence[BarRow], room: float) -> tuple[float, bool]:
    """Return the value a pixel stands for, and whether labels go above their bars."""
    # Labels that would leave the bars no room go on a line of their own above them.
    above = room < WIDTH * _LEAST_BAR
    pixels = (row.extent / (WIDTH - 4 if above else _room(row)) for row in rows)
    return max(pixels, default=0) or 1 / WIDTH, above


def _outline(axes: Axes, top: float, end: float, pixel: float) -> None:
    outline = Rectangle((0.5 * pixel, top), end - pixel, _BAR, fill=False)
    outline.set(edgecolor=FAINT, linewidth=1, linestyle=(0, (3, 2)), clip_on=False)
    axes.add_artist(outline)


def _draw_bar(axes: Axes, row: BarRow, top: float, end: float, limit: float | None) -> None:
    within = end if limit is None else min(end, limit)
    _rectangle(axes, 0, top, within, row.colour)
    if end > within:
        _rectangle(axes, within, top, end - within, OVER)


def _rectangle(axes: Axes, left: float, top: float, width: float, colour: str) -> None:
    bar = Rectangle((left, top), width, _BAR, color=colour, linewidth=0)
    bar.set_clip_on(False)
    axes.add_artist(bar)


def _write(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    size: int,
    colour: str,
    side: Side = "left",
    gid: str | None = None,
) -> None:
    """Write a text around a height; from its base line, which no font has elsewhere."""
    label = Label(x, y + size * _BASE, text, fontsize=size, color=colour, gid=gid, ha=side)
    label.set_transform(axes.transData)
    label.set_clip_on(False)
    axes.add_artist(label)


def _width(text: str, size: float = SMALL) -> float:
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
