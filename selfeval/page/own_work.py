"""An analyst's own work as pieces of a page: text, figures and frames by the rules of ours.

A number of a frame that is one of ours says which: the page, which knows the unit, puts our own
number in its place, with its exact value and its source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from html import unescape
from math import isclose, isfinite
from numbers import Integral, Rational, Real
from typing import TYPE_CHECKING, Any, Final

import mistune
import nh3
from markupsafe import Markup
from matplotlib.figure import Figure
from pydantic import TypeAdapter

from .. import style
from ..budget.placeholders import PLACEHOLDER, item_names, resolve
from ..budget.printer import Printer
from ..budget.quantities import Quantity
from ..errors import UsageError
from ..evaluation import Evaluation
from ..money import DISPLAY_UNIT, FEN_PER
from .charts import Chart
from .html import PlacedNumbers, number_html, without_stand_ins
from .macros import macros
from .svg import inline_svg
from .view import chart_html

if TYPE_CHECKING:
    import pandas as pd

Sources = Mapping[tuple[Hashable, Hashable], "Quantity | str"]
"""Which of our numbers a cell of a frame is, by the labels of its row and its column.

A string is a key of ``Evaluation.quantities``.
"""

_TEXT_TAGS: Final = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "strong", "em", "del", "ul", "ol", "li"),
    *("blockquote", "code", "pre", "br", "hr", "table", "thead", "tbody", "tr", "th", "td"),
}
_TABLE_TAGS: Final = {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "p", "br"}
_SPANS: Final = {name: {"colspan", "rowspan"} for name in ("th", "td")}
_NUMBER: Final = re.compile(
    r'<td((?: title="[^"]*")?)>(\s*[-−+]?[0-9][0-9,]*(?:\.[0-9]+)?%?\s*)</td>'
)
# What is longer than eight characters may break, into lines that a phone's reader can follow.
_LONG: Final = re.compile(r'<td((?: title="[^"]*")?)>((?:(?!</td>).){9,})</td>', re.DOTALL)
_SOURCED: Final = re.compile(
    r'<data class="ours" value="([^"]*)" data-value="([^"]*)">([^<]*)</data>'
)
_OF_UNIT: Final = re.compile(r"(\d{4}/\S+) ")
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}\b")
_MARKDOWN: Final = mistune.create_markdown(escape=True, plugins=["table", "strikethrough"])
_QUANTITY: Final = TypeAdapter(Quantity)
_PRINTER: Final = Printer("half_up")


def written_html(markdown: str, evaluation: Callable[[], Evaluation]) -> Markup:
    """Return an analyst's Markdown, cleaned; what placeholders name are our own numbers.

    Raises
    ------
    UsageError
        If a placeholder names nothing.
    """
    if not PLACEHOLDER.search(markdown):
        return Markup(_cleaned(markdown))
    placed = PlacedNumbers(evaluation())
    typed = PLACEHOLDER.sub(placed.stand_in, without_stand_ins(markdown))
    if placed.unknown:
        raise _unknown(placed.unknown[0])
    return placed.put_into(_cleaned(typed))


def written_plain(markdown: str, evaluation: Evaluation) -> str:
    """Return an analyst's Markdown with the numbers that its placeholders name, as text.

    Raises
    ------
    UsageError
        If a placeholder names nothing.
    """
    known = evaluation.quantities
    names = item_names(known, evaluation.unit.form)

    def printed(match: re.Match[str]) -> str:
        quantity = resolve(match["item"], match["measure"], names, known)
        if quantity is None:
            raise _unknown(match[0])
        return evaluation.printer.quantity(quantity)

    return PLACEHOLDER.sub(printed, markdown)


def _unknown(placeholder: str) -> UsageError:
    told = f"占位符“{placeholder}”没有对应的数。"
    return UsageError("", told, "名称和栏目要与填报表里的一致。")


def _cleaned(markdown: str) -> str:
    made = str(_MARKDOWN(markdown))
    return as_page_tables(nh3.clean(made, tags=_TEXT_TAGS, attributes={}, link_rel=None)).strip()


def cleaned_table(html: str) -> str:
    """Return the HTML of a table of any making, of which only the table is left."""
    return as_page_tables(nh3.clean(html, tags=_TABLE_TAGS, attributes=_SPANS))


def as_page_tables(html: str) -> str:
    """Return HTML whose tables have heads that say of what, and numbers to the right."""

    def table(match: re.Match[str]) -> str:
        head, mark, body = match[0].partition("</thead>")
        told = re.sub(r"<th(?=[ >])", '<th scope="col"', head) + mark
        rows = re.sub(r"<th(?=[ >])", '<th scope="row"', body)
        rows = _NUMBER.sub(r'<td class="num own"\1>\2</td>', rows)
        rows = _LONG.sub(r'<td class="long"\1>\2</td>', rows)
        # A corner that heads nothing is no head.
        told = re.sub(r"<th[^>]*>\s*</th>", "<td></td>", _heads_to_the_right(told, rows) + rows)
        told = told.replace("<table", '<table class="own"', 1)
        return str(macros("tables").scroll(Markup(told), "表"))

    return re.sub(r"<table.*?</table>", table, html, flags=re.DOTALL)


def _heads_to_the_right(head: str, body: str) -> str:
    """Return a table's head with the names of columns of numbers to the right, as these are."""
    if "span=" in head + body:
        return head
    rows = [re.findall(r"<t[hd][^>]*>[^<]*", row) for row in body.split("</tr>")]
    columns = zip(*filter(None, rows), strict=False)
    numeric = iter(
        [all("num own" in one or one[-1] == ">" for one in column) for column in columns]
    )

    def name(match: re.Match[str]) -> str:
        is_number = next(numeric, False) and match[0] != "<td"
        return f'{match[0]} class="num"' if is_number else match[0]

    return re.sub(r'<th scope="col"|<td', name, head)


def figure_html(figure: Figure, chart: str, title: str, alt: str) -> Markup:
    """Return a figure as a page has it: drawn anew as an SVG that follows the page's colours.

    Parameters
    ----------
    chart : str
        Its id on the page; all ids within it begin with it.
    title, alt : str
        Its caption, and what it tells those who do not see it; a chart of ours has its own.

    Raises
    ------
    UsageError
        If there is anything in it that an SVG cannot hold.
    """
    if isinstance(figure, Chart):
        title, alt = title or figure.title, alt or figure.alt
        if not figure.axes:
            return chart_html(figure)
        caption = figure.caption if title == figure.title else Markup.escape(title)
        drawing = figure.drawn_as(chart, title, alt)
        return Markup(macros("charts").own_figure(caption, figure.subtitle, drawing, ""))
    style.dress(figure)
    drawing = inline_svg(figure, chart, title, alt, {})
    # Colours that are not the page's were chosen on white paper.
    light = "light" if _COLOUR.search(drawing) else ""
    return Markup(macros("charts").own_figure(title, "", drawing, light))


def frame_html(frame: pd.DataFrame, title: str, sources: Sources | None = None) -> Markup:
    """Return a frame as a page's table: the first column, or a named index, heads the rows.

    Decimals are printed as they are, other numbers with two decimals unless they are whole; what
    is missing stays blank.

    Parameters
    ----------
    sources : mapping, optional
        Which of our numbers its cells are; a number of a frame of ours says so itself.
    """
    columns = [*_index_columns(frame), *_columns(frame, sources or {})]
    numeric = [number for number, column in enumerate(columns) if number and column.is_numeric]
    heads = [column.head for column in columns]
    rows = [[column.cell(row) for column in columns] for row in range(len(frame))]
    return Markup(macros("tables").own_table(title, heads, rows, numeric))


class _FrameColumn:
    """A column of a frame as it is printed."""

    def __init__(self, head: str, values: list[Any], sources: list[Quantity | str | None]) -> None:
        self.head, self._values, self._sources = head, values, sources
        known = [value for value in values if not _is_missing(value)]
        self.is_numeric = bool(known) and all(map(_is_number, known))
        self._is_whole = self.is_numeric and all(_is_whole(value) for value in known)

    def cell(self, row: int) -> str:
        value, source = self._values[row], self._sources[row]
        shown = self._shown(value)
        if source is None or not self.is_numeric or not shown:
            return shown
        own = source if isinstance(source, str) else _QUANTITY.dump_json(source).decode()
        return Markup(macros("tables").ours(own, str(_exact(value)), shown))

    def _shown(self, value: Any) -> str:
        if _is_missing(value):
            return ""
        if isinstance(value, bool) or type(value).__name__ == "bool":
            return "是" if value else "否"
        if not _is_number(value):
            # A day without a time of day is a date.
            return str(value).removesuffix(" 00:00:00")
        if hasattr(value, "source"):  # it prints itself as our pages do
            return str(value)
        if self._is_whole and not isinstance(value, Decimal):
            return str(int(value))
        if isinstance(value, Decimal):
            return f"{value:f}"
        return _PRINTER.decimal(_exact(value), 2)


def _index_columns(frame: pd.DataFrame) -> Iterator[_FrameColumn]:
    names = [*frame.index.names]
    if names == [None] and frame.index.inferred_type in {"integer", "empty"}:
        return  # it only counts the rows
    for level, name in enumerate(names):
        values = [*frame.index.get_level_values(level)]
        yield _FrameColumn("" if name is None else str(name), values, [None] * len(values))


def _columns(frame: pd.DataFrame, sources: Sources) -> Iterator[_FrameColumn]:
    for number, label in enumerate(frame.columns):
        head = "　".join(map(str, label)).strip() if isinstance(label, tuple) else str(label)
        values = [*frame.iloc[:, number]]
        own = [
            sources.get((row, label)) or getattr(value, "key", "") or None
            for row, value in zip(frame.index, values, strict=True)
        ]
        yield _FrameColumn(head, values, own)


def _is_missing(value: Any) -> bool:
    import pandas as pd

    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def _is_number(value: Any) -> bool:
    is_truth = isinstance(value, bool) or type(value).__name__ == "bool"
    return isinstance(value, Real | Decimal) and not is_truth and isfinite(value)


def _is_whole(value: Any) -> bool:
    return isinstance(value, Integral) or (float(value).is_integer() and abs(value) < 2**53)


def _exact(value: Any) -> Fraction:
    return Fraction(value) if isinstance(value, Rational) else Fraction(str(value))


def with_our_numbers(html: str, caption: str, evaluation: Callable[[], Evaluation]) -> str:
    """Return a table with our own numbers where it says that it has them.

    Where such a cell has another value by now, it stands as it is, and leads to no source.
    """

    def number(match: re.Match[str]) -> str:
        own, value = unescape(match[1]), _exact(unescape(match[2]))
        case = evaluation()
        if of := _OF_UNIT.match(own):
            if of[1] != case.unit.year_and_code:
                return match[3]  # another unit's, whatever it is equal to
            own = own[of.end() :]
        quantity = case.quantities.get(own)
        if own.startswith("{"):
            told = _QUANTITY.validate_json(own)
            quantity = case.quantities.get(told.key, told)
            quantity = quantity if quantity == told else told
        if quantity is None or not _is_value(value, quantity):
            return match[3]
        return str(number_html(case, quantity, caption=caption))

    return _SOURCED.sub(number, html)


def _is_value(value: Fraction, quantity: Quantity) -> bool:
    """Return whether a cell has a number's value: money in 万元, a rate as 0.97 or as 97."""
    if quantity.value is None or quantity.kind == "grade":
        return False
    exact = quantity.value / (FEN_PER[DISPLAY_UNIT] if quantity.kind == "money" else 1)
    forms = [exact, exact * 100] if quantity.kind == "rate" else [exact]
    return any(isclose(value, form, rel_tol=1e-9) for form in forms)
