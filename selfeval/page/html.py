"""Sentences, numbers and tables → HTML. All text is escaped here, at the source."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

import mistune
import nh3

from ..budget.placeholders import PLACEHOLDER, item_names, resolve
from ..budget.quantities import Quantity
from ..evaluation import Evaluation
from ..terms import EVIDENCE_STATES, NOT_COMPUTABLE, NOT_SUPPLIED
from .sentences import Number, Text, as_plain, under_caption
from .trace import key_html

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
_OPEN, _CLOSE, _ITEM, _STAR, _LINE = map(chr, range(0x10400, 0x10405))
_TOKEN = re.compile(f"{_OPEN}(?P<index>[0-9]+){_CLOSE}")
_STAND_INS = dict.fromkeys(map(ord, (_OPEN, _CLOSE, _ITEM, _STAR, _LINE)))
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
    """Return what stands for * and _ that are no **bold**, no bullet and no placeholder's."""
    if match["kept"] or match["stars"] == "**":
        return match[0]
    return (_STAR if match["stars"] else _LINE) * len(match[0])


def escape(text: object) -> str:
    """Return text safe inside an element or a quoted attribute."""
    return html.escape(str(text), quote=True)


def number_html(
    evaluation: Evaluation, quantity: Quantity, absolute: bool = False, caption: str = ""
) -> str:
    """Return a number that knows its exact value and its source, linked by its key.

    In a table whose ``caption`` ends with its unit, it stands without it.
    """
    printer = evaluation.printer
    shown = printer.quantity(quantity, absolute)
    if quantity.value is None:
        return f'<span class="gap" title="{escape(quantity.missing)}">{escape(shown)}</span>'
    note = f"{shown}＝{printer.exact(quantity)}｜{quantity.source or quantity.formula}"
    return (
        f'<a class="n" href="#{key_html(evaluation, quantity)}" data-value="{quantity.value}" '
        f'data-note="{escape(note)}">{escape(under_caption(shown, caption))}</a>'
    )


def text_html(evaluation: Evaluation, text: Text) -> str:
    """Return a sentence as HTML."""
    return "".join(
        escape(piece)
        if isinstance(piece, str)
        else number_html(evaluation, piece.quantity, piece.absolute)
        for piece in text
    )


def label_svg(evaluation: Evaluation, text: Text) -> str:
    """Return a chart's label: each of its numbers carries its key."""
    printer = evaluation.printer
    return "".join(
        f'<tspan data-n="{key_html(evaluation, piece.quantity)}">'
        f"{escape(as_plain((piece,), printer))}</tspan>"
        if isinstance(piece, Number) and piece.quantity.value is not None
        else escape(as_plain((piece,), printer))
        for piece in text
    )


def paragraphs_html(evaluation: Evaluation, texts: Sequence[Text], css: str = "") -> str:
    """Return sentences as paragraphs."""
    attribute = f' class="{css}"' if css else ""
    return "".join(f"<p{attribute}>{text_html(evaluation, text)}</p>\n" for text in texts)


def markdown_html(evaluation: Evaluation, markdown: str) -> str:
    """Return the unit's own text: Markdown without raw HTML, placeholders bound to numbers."""
    names = item_names(evaluation.quantities, evaluation.unit.form)
    numbers: list[str] = []

    def number(match: re.Match[str]) -> str:
        quantity = resolve(match["item"], match["measure"], names, evaluation.quantities)
        if quantity is None:
            return match[0]
        numbers.append(number_html(evaluation, quantity))
        return f"{_OPEN}{len(numbers) - 1}{_CLOSE}"

    typed = _NO_EMPHASIS.sub(_literal, markdown.translate(_STAND_INS))
    typed = _NO_ITEM.sub(rf"\g<0>{_ITEM}", typed)
    # The page counts the items of a list by itself, whatever was typed.
    typed = _ITEM_NUMBER.sub(rf"\1{_ITEM}\2{_ITEM}", typed)
    state = mistune.BlockState()
    state.env["number"] = number
    made, _ = _MARKDOWN.parse(typed, state)
    safe = nh3.clean(str(made), tags=_TAGS, attributes={}, link_rel=None)
    safe = safe.replace("<th>", '<th scope="col">').replace(_STAR, "*").replace(_LINE, "_")
    safe = re.sub(rf"<li>(\s*<p>)?{_ITEM}([0-9]+){_ITEM}", r'<li value="\2">\1', safe)
    safe = re.sub(f"{_ITEM}(?:[0-9]+{_ITEM})?", "", safe)
    return _TOKEN.sub(lambda found: numbers[int(found["index"])], safe)


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
) -> str:
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
    """
    head = "".join(
        f'<th scope="col"{_numeric(i, numeric)}>{escape(text)}</th>' for i, text in enumerate(heads)
    )
    body = []
    for index, row in enumerate(rows):
        depth = (indent or {}).get(index, 0)
        set_in = f" class=in{depth}" if depth else ""
        first = f'<th scope="row"{set_in}>{_cell(evaluation, row[0], caption)}</th>'
        rest = "".join(
            f"<td{_numeric(i, numeric)}>{_cell(evaluation, cell, caption)}</td>"
            for i, cell in enumerate(row[1:], 1)
        )
        body.append(f"<tr{' class=sum' if index in strong else ''}>{first}{rest}</tr>")
    return (
        f'<div class="scroll{" " + css if css else ""}" tabindex="0" role="region" '
        f'aria-label="{escape(caption)}"><table><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead>\n<tbody>{chr(10).join(body)}</tbody></table></div>\n"
    )


def _numeric(column: int, numeric: Sequence[int]) -> str:
    return " class=num" if column in numeric else ""


def _cell(evaluation: Evaluation, cell: Cell, caption: str) -> str:
    if isinstance(cell, list):
        return "".join(f"<div>{_cell(evaluation, line, caption)}</div>" for line in cell)
    if isinstance(cell, Quantity):
        return number_html(evaluation, cell, caption=caption)
    if isinstance(cell, tuple):
        return text_html(evaluation, cell)
    if cell in _GAPS:
        return f'<span class="gap">{escape(cell)}</span>'
    return escape(cell)
