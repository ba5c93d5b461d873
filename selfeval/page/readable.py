"""What a page's pieces must have for all its readers, as far as it shows without a browser.

Our own parts have it by how they are made, and tests hold them to it in a browser; this looks at
what an analyst made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final

from ..style import PAPER

_LARGEST: Final = 150_000
"""Bytes of a piece: as much as a whole report with its charts may have."""

_LARGEST_PAGE: Final = 2_000_000

_PHONE: Final = 325
"""Pixels that a phone of 360 leaves a figure."""

_LEAST_LETTERS: Final = 8
_LEAST_CONTRAST: Final = 4.5
_FONT_SIZE: Final = re.compile(r"(?:font-size|font): (?:[a-z]+ |[0-9]00 )*([0-9.]+)px")
_FILL: Final = re.compile(r"(?:^|; )fill: (#[0-9a-f]{6})")


def faults_of(piece: str, is_text: bool = False) -> list[str]:
    """Return what a reader would miss in a piece of a page, each as the end of a sentence.

    A table in a text is named by the text before it.
    """
    reader = _PieceReader(is_text)
    reader.feed(piece)
    reader.close()
    size = len(piece.encode())
    large = [f"的内容有 {size >> 10} KB，页面会打不开或很慢：请画得简单些，或只放汇总的表。"]
    return [*reader.found(), *(large if size > _LARGEST else ())]


def page_faults(page: str) -> list[str]:
    """Return what a reader would miss in a page as a whole, in sentences."""
    size = len(page.encode())
    large = f"整页有 {size >> 10} KB，在手机上打不开或很慢：请少放几张图和大表。"
    return [large] if size > _LARGEST_PAGE else []


class _PieceReader(HTMLParser):
    """Notes what the tags of a piece lack."""

    def __init__(self, is_text: bool) -> None:
        super().__init__()
        self._is_text = is_text
        self._said: dict[str, None] = {}
        self._heads = self._captions = 0
        self._width = 0.0
        self._smallest = float("inf")
        self._faint: dict[str, None] = {}
        self._fill: list[str] = []
        self._heading: list[str] | None = None

    def found(self) -> Iterator[str]:
        """Yield what is amiss, once each."""
        yield from self._said
        if self._smallest < _LEAST_LETTERS:
            told = f"的图在手机上字只有约 {int(self._smallest)} 像素高"
            yield f"{told}：请用 selfeval.style 的样式画，或者画窄些、字大些。"
        if self._faint:
            words = "、".join(f"“{word}”" for word in self._faint)
            yield f"的图里{words}颜色太浅，看不清：请换深一些的颜色。"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        if tag == "img" and not of.get("alt"):
            self._say("的图没有文字说明（alt）。")
        elif tag == "table":
            self._heads = self._captions = 0
        elif tag == "caption":
            self._captions += 1
        elif tag == "th":
            self._heads += 1
        elif tag == "svg":
            self._width = float(of.get("viewbox", "0 0 0 0").split()[2])
        elif tag in {"text", "tspan"}:
            self._letters(tag, of.get("style", ""))
        elif re.fullmatch("h[1-6]", tag):
            self._heading = []

    def _letters(self, tag: str, style: str) -> None:
        # The small letters of a formula are part of one text.
        size = _FONT_SIZE.search(style) if tag == "text" else None
        if size and self._width:
            seen = float(size[1]) * min(_PHONE / self._width, 1)
            self._smallest = min(self._smallest, seen)
        fill = _FILL.search(style)
        self._fill.append(fill[1] if fill else "")

    def handle_data(self, data: str) -> None:
        if self._heading is not None:
            self._heading.append(data)
        fill = next((one for one in reversed(self._fill) if one), "")
        if fill and data.strip() and contrast(fill, PAPER) < _LEAST_CONTRAST:
            self._faint[data.strip()] = None

    def handle_endtag(self, tag: str) -> None:
        if tag in {"text", "tspan"} and self._fill:
            self._fill.pop()
        elif tag == "table" and not self._heads:
            self._say("的表没有表头。")
        elif tag == "table" and not self._captions and not self._is_text:
            self._say("的表没有标题：请用 show(frame, title=…)。")
        elif self._heading is not None and tag.startswith("h"):
            if not "".join(self._heading).strip():
                self._say("有一个空的标题。")
            self._heading = None

    def _say(self, fault: str) -> None:
        self._said[fault] = None


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21, as WCAG 2 defines it."""
    light, dark = sorted(map(_luminance, (one, other)), reverse=True)
    return (20 * light + 1) / (20 * dark + 1)


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    light = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(part * one for part, one in zip((0.2126, 0.7152, 0.0722), light, strict=True))
