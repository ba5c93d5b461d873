"""Sentences, numbers and tables → HTML. The templates escape all text, here at the source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import mistune
import nh3
from markupsafe import Markup

from ..budget.placeholders import PLACEHOLDER, item_names, resolve
from ..budget.quantities import Quantity
from ..evaluation import Evaluation
from ..terms import EVIDENCE_STATES, NOT_COMPUTABLE, NOT_SUPPLIED
from .macros import macros
from .sentences import Piece, Text, as_captioned, under_caption
from .trace import mark_of

_NOTHING = Markup()
Line = str | Quantity | Text
Cell = Line | list[Line]
"""What stands in a cell of a table; a list stands one under the other."""

_TAGS = {
    "p",
    "ol",
    "ul",
    "li",
    "strong",
    "em",
    "br",
    "blockquote",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
_GAPS = {
    NOT_SUPPLIED,
    NOT_COMPUTABLE,
    EVIDENCE_STATES["missing"],
    EVIDENCE_STATES["changed"],
}
# Letters of Deseret stand for what is no text while Markdown is rendered: beside private-use
# characters ** would not count as emphasis, letters are words to it.
_OPEN, _CLOSE, _ITEM, _STAR, _LINE, _PIPE = map(chr, range(0x10400, 0x10406))
_TOKEN = re.compile(f"{_OPEN}(?P<index>[0-9]+){_CLOSE}")
_STAND_INS = dict.fromkeys(map(ord, (_OPEN, _CLOSE, _ITEM, _STAR, _LINE, _PIPE)))
_AS_TYPED = str.maketrans(_STAR + _LINE + _PIPE, "*_|")
_NO_EMPHASIS = re.compile(
    rf"(?P<kept>{PLACEHOLDER.pattern}|^[ \t]*\*(?=[ \t]))|(?P<stars>\*+)|_", re.MULTILINE
)
_ITEM_NUMBER = re.compile(r"^([ \t]*([0-9]{1,9})[.)][ \t]+)(?=\S)", re.MULTILINE)
_NO_ITEM = re.compile(
    r"^(?:[ \t]*(?:[-+*][ \t]+)+(?=[0-9])|[ \t]*(?=[0-9]{1,9}[.)][ \t]*$))", re.MULTILINE
)
"""Before a number that Markdown would count as a list of its own, and so not print: 2021. alone."""


def _our_markdown() -> mistune.Markdown:
    """Return Markdown of paragraphs, bold, lists and tables; all else is text as it is typed.

    What Markdown takes for a link's definition, a rule or a quotation would be lost or moved.
    """
    markdown = mistune.create_markdown(escape=True, plugins=["table"])
    block = markdown.block
    ours = ["list", "blank_line", "table", "nptable"]
    block.specification |= dict.fromkeys(set(block.specification) - set(ours), "(?!)")
    block.rules, block.list_rules = ours, ours[:2]
    markdown.inline.rules = ["emphasis", "linebreak", "softbreak"]
    markdown.inline.register("placeholder", PLACEHOLDER.pattern, _put_number, start_chars="{")
    # A backslash at the end of a line is printed as any other.
    markdown.inline.specification = {**markdown.inline.specification, "linebreak": r" {2,}\n\s*"}
    return markdown


def _put_number(inline: Any, match: re.Match[str], state: Any) -> int:
    """Put what ``number`` of the environment returns in the place of a placeholder."""
    # As text: beside anything else ** would not count as emphasis.
    inline.process_text(state.env["number"](match), state, parse_emphasis=False)
    return match.end()


_MARKDOWN = _our_markdown()


def _literal(match: re.Match[str]) -> str:
    """Return what stands for * and _ that are no **bold**, no bullet and no placeholder's.

    A placeholder's | would end a table's cell.
    """
    if match["kept"]:
        return match[0].replace("|", _PIPE)
    if match["stars"] == "**":
        return match[0]
    return (_STAR if match["stars"] else _LINE) * len(match[0])


def exact_html(evaluation: Evaluation, quantity: Quantity) -> Markup:
    """Return a number with all its digits, linked by its key: beside it stands its cell."""
    shown = evaluation.printer.exact(quantity)
    return Markup(macros("numbers").number(mark_of(evaluation, quantity), "", shown))


def number_html(
    evaluation: Evaluation, quantity: Quantity, absolute: bool = False, caption: str = ""
) -> Markup:
    """Return a number that knows its exact value and its source, linked by its key.

    In a table whose ``caption`` ends with its unit, it stands without it.
    """
    printer = evaluation.printer
    shown = printer.quantity(quantity, absolute)
    if quantity.value is None:
        return Markup(macros("numbers").gap(shown, quantity.missing))
    note = f"{shown}＝{printer.exact(quantity)}｜{quantity.source or quantity.formula}"
    mark = mark_of(evaluation, quantity)
    return Markup(macros("numbers").number(mark, note, under_caption(shown, caption)))


def text_html(evaluation: Evaluation, text: Text) -> Markup:
    """Return a sentence as HTML."""
    return _NOTHING.join(
        piece if isinstance(piece, str) else number_html(evaluation, piece.quantity, piece.absolute)
        for piece in text
    )


def label_svg(evaluation: Evaluation, text: Text, caption: str = "") -> Markup:
    """Return a chart's label: each of its numbers carries its key.

    In a chart whose ``caption`` ends with its unit, it stands without it.
    """
    return _NOTHING.join(_label_piece(evaluation, piece, caption) for piece in text)


def _label_piece(evaluation: Evaluation, piece: Piece, caption: str) -> str:
    shown = as_captioned((piece,), evaluation.printer, caption)
    if isinstance(piece, str) or piece.quantity.value is None:
        return shown
    return Markup(macros("numbers").label(mark_of(evaluation, piece.quantity), shown))


def paragraphs_html(evaluation: Evaluation, texts: Iterable[Text], css: str = "") -> Markup:
    """Return sentences as paragraphs."""
    paragraph = macros("lists").paragraph
    return _NOTHING.join(paragraph(text_html(evaluation, text), css) for text in texts)


class PlacedNumbers:
    """The numbers of a text's placeholders, kept apart while its Markdown is made and cleaned.

    ``unknown`` are the placeholders that name nothing.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        self.unknown: list[str] = []
        self._evaluation, self._numbers = evaluation, list[str]()
        self._names = item_names(evaluation.quantities, evaluation.unit.form)

    def stand_in(self, match: re.Match[str]) -> str:
        """Return what stands for a placeholder's number meanwhile, or the placeholder itself."""
        known, item = self._evaluation.quantities, match["item"].translate(_AS_TYPED)
        quantity = resolve(item, match["measure"], self._names, known)
        if quantity is None:
            self.unknown.append(match[0])
            return match[0]
        self._numbers.append(number_html(self._evaluation, quantity))
        return f"{_OPEN}{len(self._numbers) - 1}{_CLOSE}"

    def put_into(self, html: str) -> Markup:
        """Return HTML with the numbers in their places."""
        return Markup(_TOKEN.sub(lambda found: self._numbers[int(found["index"])], html))


def without_stand_ins(text: str) -> str:
    """Return a text without the letters that stand for what is no text."""
    return text.translate(_STAND_INS)


def markdown_html(evaluation: Evaluation, markdown: str) -> Markup:
    """Return the unit's own text: Markdown without raw HTML, placeholders bound to numbers."""
    placed = PlacedNumbers(evaluation)
    typed = _NO_EMPHASIS.sub(_literal, without_stand_ins(markdown))
    typed = _NO_ITEM.sub(rf"\g<0>{_ITEM}", typed)
    # The page counts the items of a list by itself, whatever was typed.
    typed = _ITEM_NUMBER.sub(rf"\1{_ITEM}\2{_ITEM}", typed)
    state = mistune.BlockState()
    state.env["number"] = placed.stand_in
    made, _ = _MARKDOWN.parse(typed, state)
    safe = nh3.clean(str(made), tags=_TAGS, attributes={}, link_rel=None)
    safe = safe.replace("<th>", '<th scope="col">').translate(_AS_TYPED)
    safe = re.sub(rf"<li>(\s*<p>)?{_ITEM}([0-9]+){_ITEM}", r'<li value="\2">\1', safe)
    safe = re.sub(f"{_ITEM}(?:[0-9]+{_ITEM})?", "", safe)
    return placed.put_into(safe)


def table_html(
    evaluation: Evaluation,
    caption: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    numeric: Sequence[int] = (),
    strong: Sequence[int] = (),
    indent: Mapping[int, int] | None = None,
    css: str = "",
    id: str = "",
    foot: Markup = _NOTHING,
) -> Markup:
    """Return a table in its own scrolling box.

    Parameters
    ----------
    caption : str
        What, which year, which unit: ``表（2021年，万元）``.
    heads : sequence of str
        Column headings; the first column heads its rows.
    rows : sequence of sequences
        Cells: text, a Quantity, a sentence, or a list of these.
    numeric, strong : sequence of int
        Columns aligned right; rows set heavier.
    indent : mapping of row to depth
        How far the first cell is set in.
    id : str
        What leads to it.
    foot : Markup
        What the whole width below the last row holds: the parts of its totals, folded.
    """
    cells = [[cell_html(evaluation, cell, caption) for cell in row] for row in rows]
    table = macros("tables").table
    return Markup(table(caption, heads, cells, numeric, strong, indent or {}, css, id, foot))


def cell_html(evaluation: Evaluation, cell: Cell, caption: str) -> str:
    """Return what stands in a cell of a table with that caption."""
    if isinstance(cell, list):
        lines = [cell_html(evaluation, line, caption) for line in cell]
        return Markup(macros("tables").lines(lines))
    if isinstance(cell, Quantity):
        return number_html(evaluation, cell, caption=caption)
    if isinstance(cell, tuple):
        return text_html(evaluation, cell)
    return Markup(macros("numbers").gap(cell)) if cell in _GAPS else cell
