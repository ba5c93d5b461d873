"""A matplotlib figure → inline SVG: sized by the page, coloured by it, read out by readers."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from markupsafe import Markup
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from .. import style
from ..errors import UsageError
from .bars import one_line

_LEFT_OUT: Final = {"paper", "title", "subtitle"}
"""Gids of artists that only a figure on its own needs: a page has paper and captions."""

_VARIABLES: Final = {
    style.INK: "ink",
    style.FAINT: "faint",
    style.BUDGET: "budget",
    style.OVER: "over",
    style.OVER_TEXT: "over-text",
    style.PRIOR: "prior",
    style.PAPER: "paper",
    **dict.fromkeys(("#000000", "#262626"), "ink"),
    **dict(zip(("#1f77b4", "#ff7f0e", "#7f7f7f"), ("budget", "over", "prior"), strict=True)),
}
"""Colours of the page, so that charts follow light, dark and print.

The last are matplotlib's own: a figure that was made without the house look gets its colours here.
"""

_WIDEST = 7 / 6
_DECIMALS = re.compile(r"-?[0-9]+\.[0-9]{3,}")
# What XML cannot hold a page does not print either: see contained.py.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_UPRIGHT = re.compile(r"rotate\(-?0 ")
_NOWHERE: Final = {"Date": None, "Creator": None, "Format": None, "Type": None}


def drawn_svg(figure: Figure) -> str:
    """Return a figure as matplotlib's own SVG, its texts as text."""
    buffer, canvas, dpi = io.StringIO(), figure.canvas, figure.dpi
    with style.context():
        try:  # as savefig does, which draws all of it twice where a layout engine was switched off
            FigureCanvasSVG(figure).print_svg(buffer, metadata=_NOWHERE)  # type: ignore[no-untyped-call]
        finally:
            figure.dpi = dpi
            figure.set_canvas(canvas)
    return _NOT_XML.sub("\ufffd", buffer.getvalue())


def inline_svg(
    figure: Figure,
    chart: str,
    title: str,
    alt: str,
    marked: Mapping[str, str],
    head: float = 0,
) -> Markup:
    """Return a figure as a part of a page.

    Parameters
    ----------
    chart : str
        The chart's id on the page; all ids within it begin with it.
    title, alt : str
        What it is called, and what it tells those who do not see it.
    marked : mapping of gid to SVG
        The texts of artists with their numbers marked, as far as they are still what is drawn.
    head : float
        Pixels at the top that the page leaves out.
    """
    with _unseen(figure):
        drawn = ElementTree.fromstring(drawn_svg(figure))
    _, _, width, height = map(float, drawn.attrib["viewBox"].split())
    names = f"{chart}-title {chart}-alt"
    box = f"0 {head:g} {width:g} {height - head:g}"
    # As wide as its letters are read well: 12 px on a phone, 14 on a desktop.
    widest = f"max-width: {width * _WIDEST:.0f}px"
    svg = Element("svg", {"viewBox": box, "role": "img", "aria-labelledby": names, "style": widest})
    for tag, own, words in (("title", "title", title), ("desc", "alt", alt)):
        ElementTree.SubElement(svg, tag, id=f"{chart}-{own}").text = words
    defined = {one.get("id", ""): one for one in drawn.iter()}
    svg.extend([*_Drawing(chart, marked, defined).kept(drawn)])
    return Markup(ElementTree.tostring(svg, encoding="unicode"))


@contextmanager
def _unseen(figure: Figure) -> Iterator[None]:
    """Leave out what a page has above the figure: to measure a title costs as much as ten bars."""
    left_out = [one for one in figure.get_children() if one.get_gid() in _LEFT_OUT]
    seen = [one for one in left_out if one.get_visible()]
    for one in seen:
        one.set_visible(False)
    try:
        yield
    finally:
        for one in seen:
            one.set_visible(True)


def marked_text(marked: Mapping[str, str], gid: str, shown: str) -> Markup:
    """Return a text with its numbers marked, or bare where a notebook has changed it."""
    markup = marked.get(gid, "")
    return Markup(markup) if _says(markup, shown) else Markup.escape(shown)


def _says(markup: str, shown: str) -> bool:
    """Return whether a text is, without its marks, what is shown."""
    return bool(markup) and one_line("".join(_text(markup).itertext())) == shown


def _text(markup: str) -> Element:
    return ElementTree.fromstring(_NOT_XML.sub("\ufffd", f"<text>{markup}</text>"))


@dataclass(frozen=True)
class _Drawing:
    """What a page keeps of a drawing: all ids within it begin with ``chart``."""

    chart: str
    marked: Mapping[str, str]
    defined: Mapping[str, Element]

    def kept(self, parent: Element, gid: str = "") -> Iterator[Element]:
        """Yield what is drawn in an element, without groups that only name what they hold."""
        for child in parent:
            name, own = child.tag.rpartition("}")[2], child.get("id", "")
            if name in {"metadata", "style"} or own in _LEFT_OUT:
                continue
            if name == "defs":
                # A marker stands where it is drawn: a page lets nothing be used from elsewhere.
                inner = [one for one in self.kept(child, gid) if one.tag not in {"path", "g"}]
                if inner:
                    yield _element("defs", {}, inner)
            elif name == "a" or (name == "g" and set(child.attrib) <= {"id"}):
                yield from self.kept(child, own)
            elif name == "use":
                yield self._drawn_here(child)
            elif name == "text":
                yield self._text(child, gid)
            elif name == "image":
                raise UsageError(
                    "这张图",
                    "里面有点阵（如 imshow），不能作为矢量图放进页面。",
                    "请改用 pcolormesh 这类画法。",
                )
            else:
                inner = list(self.kept(child, own or gid))
                yield _element(name, self._tidy(child), inner, child.text)

    def _text(self, drawn: Element, gid: str) -> Element:
        text, shown = Element("text"), "".join(drawn.itertext())
        if _says(self.marked.get(gid, ""), shown):
            text = _text(self.marked[gid])
        elif len(drawn):  # a formula, in pieces
            text.extend([*self.kept(drawn)])
        else:
            text.text = shown
        text.attrib.update(self._tidy(drawn))
        return text

    def _drawn_here(self, use: Element) -> Element:
        """Return a marker in the place where it is used."""
        place, shape = self._tidy(use), self.defined[_reference(use)]
        own = self._tidy(shape)
        own.pop("id", None)
        looks = [one for one in (place.get("style", ""), own.get("style", "")) if one]
        if looks:
            own["style"] = "; ".join(dict.fromkeys("; ".join(looks).split("; ")))
        own["transform"] = f"translate({place.get('x', 0)} {place.get('y', 0)})"
        return Element("path", own)

    def _tidy(self, element: Element) -> dict[str, str]:
        """Return attributes with the page's colours and font, no more decimals than are seen."""
        tidy = {}
        for name, value in element.attrib.items():
            name = name.rpartition("}")[2]
            if name == "id":
                value = f"{self.chart}-{value}"
            elif name in {"href", "clip-path"}:
                value = value.replace("#", f"#{self.chart}-")
            elif name == "fill" and value in _VARIABLES:
                name, value = "style", f"fill: var(--{_VARIABLES[value]})"
            elif name == "style":
                value = _DECIMALS.sub(_two_decimals, _style(value))
                value = value.replace("url(#", f"url(#{self.chart}-")
            elif not _UPRIGHT.match(value):
                value = _DECIMALS.sub(_two_decimals, " ".join(value.split()))
            else:
                continue
            tidy[name] = value
        return tidy


def _reference(use: Element) -> str:
    (address,) = (value for name, value in use.attrib.items() if name.endswith("href"))
    return address.lstrip("#")


def _element(
    name: str, attributes: dict[str, str], inner: list[Element], text: str | None = None
) -> Element:
    element = Element(name, attributes)
    element.text = (text or "").strip() or None
    element.extend(inner)
    return element


def _style(declarations: str) -> str:
    kept = []
    for declaration in declarations.split("; "):
        name, _, value = declaration.partition(": ")
        if name != "font-family" and declaration != "text-anchor: start":
            colour = _VARIABLES.get(value)
            kept.append(f"{name}: var(--{colour})" if colour else declaration)
    return "; ".join(kept)


def _two_decimals(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
