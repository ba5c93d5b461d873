"""The look of the kit's charts as a matplotlib style, for an analyst's own charts too.

    import selfeval

    selfeval.style.use()  # from here on
    with selfeval.style.context():  # or here only
        figure, axes = plt.subplots()

A character that no font has is refused by name when the figure is drawn: it never becomes a box.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.rcsetup import cycler
from matplotlib.text import Text

from .errors import UsageError
from .glyphs import bundled_font, glyphs_of, is_unseen

__all__ = ["context", "use"]

WIDTH: Final = 324
"""A chart's width in CSS pixels, for a phone; one point is one pixel, the page lets it grow."""

TEXT: Final = 13
SMALL: Final = 12
TITLE: Final = 15

_SIZE: Final = (WIDTH / 72, WIDTH / 72 * 0.62)

INK: Final = "#1d2129"
FAINT: Final = "#5b6470"
PAPER: Final = "#ffffff"
BUDGET: Final = "#2f6db3"
OVER: Final = "#c8501e"
OVER_TEXT: Final = "#b23c0c"
PRIOR: Final = "#8d95a1"

_SYSTEM_FONTS = ("Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "PingFang SC", "SimHei")
_MISSING = "Glyph .* missing from font"
_FONT_TROUBLE: Final = re.compile(rf"{_MISSING}|^findfont: ")
BOXES: Final = (
    "图里有的字没有字体画得出，会变成方框。"
    "请在画图之前运行 from selfeval import style; style.use()。"
)
"""What is told of a figure without the house look whose characters no font of it has."""


def use() -> None:
    """Give all figures made from here on the house look."""
    mpl.rcParams.update(_settings())
    warnings.filterwarnings("ignore", _MISSING)  # a figure of this look says so by itself


@contextmanager
def context() -> Iterator[None]:
    """Give figures made within ``with`` the house look."""
    with mpl.rc_context(_settings()), warnings.catch_warnings():
        warnings.filterwarnings("ignore", _MISSING)
        yield


def tell_boxes_once() -> None:
    """Let JupyterLab tell of boxes in one line a cell, with the remedy, not in one a character."""
    from IPython.core.getipython import get_ipython

    shell, show = get_ipython(), warnings.showwarning
    if shell is None or getattr(show, "__module__", "") == __name__:
        return
    told: set[int] = set()

    def tell(message: Any, *of: Any, **more: Any) -> None:
        if not re.match(_MISSING, str(message)):
            show(message, *of, **more)
        elif shell.execution_count not in told:
            told.add(shell.execution_count)
            print(BOXES, file=sys.stderr)

    warnings.showwarning = tell


def is_of_fonts(printed: str) -> bool:
    """Return whether all that a cell wrote to stderr is of fonts it lacks."""
    # A warning quotes the line of code below it, set in.
    lines = [line for line in printed.splitlines() if line.strip() and not line.startswith(" ")]
    return bool(lines) and all(line == BOXES or _FONT_TROUBLE.search(line) for line in lines)


def tells_of_boxes(printed: str) -> bool:
    """Return whether a cell wrote to stderr that a figure of it has boxes for characters."""
    return BOXES in printed or re.search(_MISSING, printed) is not None


def dress(figure: Figure) -> None:
    """Give a figure that was made without the house look our fonts, and letters fit for a phone."""
    plain = mpl.rcParamsDefault
    for text in figure.findobj(Text):
        if isinstance(text, Text) and text.get_fontfamily() == plain["font.family"]:
            text.set(fontfamily=font_families(), fontsize=max(text.get_fontsize(), SMALL))
    if (*figure.get_size_inches(),) == plain["figure.figsize"]:
        figure.set_size_inches(_SIZE)
    if figure.get_layout_engine() is None:
        figure.set_layout_engine("tight")
    _read_powers(figure)


def _read_powers(figure: Figure) -> None:
    """Let the powers of ten of a logarithmic axis be read as such, though names are no formulas."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            for label in axis.get_ticklabels(which="both") if axis.get_scale() != "linear" else ():
                label.set_parse_math(True)


def __dir__() -> list[str]:
    return __all__


@cache
def font_families() -> list[str]:
    """Return the Chinese fonts there are, registering the bundled one, which comes first.

    Raises
    ------
    RuntimeError
        If there is none: boxes are never drawn instead of characters.
    """
    found = []
    if Path(bundled_font()).is_file():
        font_manager.fontManager.addfont(bundled_font())
        found.append(FontProperties(fname=bundled_font()).get_name())
    known = {entry.name for entry in font_manager.fontManager.ttflist}
    found += [name for name in _SYSTEM_FONTS if name in known and name not in found]
    if not found:
        raise RuntimeError("没有中文字体，画不出图：请安装 pylopdf-fonts-zh-cn。")
    return found


@cache
def _settings() -> dict[Any, object]:
    return {
        "font.family": font_families(),
        "font.size": TEXT,
        "figure.figsize": _SIZE,
        "figure.dpi": 144,
        "figure.autolayout": True,  # long names are not cut
        "figure.facecolor": PAPER,
        "figure.hooks": [f"{__name__}:refuse_boxes"],
        "text.color": INK,
        "text.parse_math": False,
        "axes.prop_cycle": cycler(color=[BUDGET, OVER, PRIOR, INK]),
        "axes.facecolor": PAPER,
        "axes.edgecolor": FAINT,
        "axes.labelcolor": FAINT,
        "axes.labelsize": SMALL,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlelocation": "left",
        "axes.titlesize": TITLE,
        "axes.unicode_minus": False,
        "xtick.color": FAINT,
        "xtick.labelsize": SMALL,
        "ytick.color": FAINT,
        "ytick.labelsize": SMALL,
        "legend.frameon": False,
        "legend.fontsize": SMALL,
        "svg.fonttype": "none",
        "svg.hashsalt": "selfeval",
    }


class Label(Text):
    """A text on one line, which an SVG is given as it is: to measure it costs most of a chart."""

    def draw(self, renderer: RendererBase) -> None:
        figure = self.get_figure(root=True)
        changed = self.get_rotation() or self.get_alpha() is not None or "\n" in self.get_text()
        if not self.get_visible() or changed or figure is None or not _holds_texts(figure):
            super().draw(renderer)
            return
        x, y = self.get_transform().transform(self.get_position())
        _, height = renderer.get_canvas_width_height()
        gc = renderer.new_gc()
        gc.set_foreground(self.get_color())
        renderer.open_group("text", self.get_gid())
        renderer.draw_text(
            gc, x, height - y, self.get_text(), self.get_fontproperties(), 0, mtext=self
        )
        renderer.close_group("text")
        gc.restore()


def refuse_boxes(figure: Figure) -> None:
    """Make a figure raise where it would draw a box instead of a character."""
    figure.add_artist(_GlyphReader())


class _GlyphReader(Artist):
    """Draws nothing, and first of all: it reads what the figure is about to write.

    An SVG holds the text itself, which the reader's own fonts draw.
    """

    zorder = float("-inf")

    def __init__(self) -> None:
        super().__init__()
        self.set_in_layout(False)

    def draw(self, renderer: RendererBase) -> None:
        figure = self.get_figure(root=True)
        assert figure is not None
        _read_powers(figure)
        if _holds_texts(figure):
            return
        for axes in figure.axes:  # a tick has its words only once it is asked for them
            axes.get_xticklabels()
            axes.get_yticklabels()
        for text in figure.findobj(Text):
            assert isinstance(text, Text)
            lacking = _lacking(text) if text.get_visible() else ""
            if lacking:
                raise UsageError(
                    f"图里的“{' '.join(text.get_text().split())}”",
                    f"没有字体画得出“{lacking}”，会变成方框。",
                    "请换成常用的字，或装上有这个字的字体，在这段文字里写明 fontfamily。",
                )


def _holds_texts(figure: Figure) -> bool:
    """Return whether a figure is being written as an SVG that holds its texts as text."""
    return figure.canvas.get_default_filetype() == "svg" and mpl.rcParams["svg.fonttype"] == "none"


def _lacking(text: Text) -> str:
    """Return the characters of a text that none of its fonts has."""
    words = {character for character in text.get_text() if not is_unseen(character)}
    for family in text.get_fontfamily():
        if words:
            has = glyphs_of(font_manager.findfont(FontProperties(family=[family])))
            words = {character for character in words if ord(character) not in has}
    return "、".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in sorted(words))
