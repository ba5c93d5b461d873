"""A frame as people read it in JupyterLab: Chinese headings, exact numbers, sources on hover."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from html import escape
from numbers import Number
from typing import Any, Final, Self

import pandas as pd

from ..budget.printer import Printer
from ..terms import PRIORITIES, TABLE_HEADS

_PRINTER: Final = Printer("half_up")
_MOST_ROWS: Final = 500
_NONE: Final = "（没有）"
_LONG: Final = 16
"""How many characters of a text may stand on one line, whatever becomes of the others."""

_BOX: Final = "div.selfeval-frame"
_STYLE: Final = (
    f"<style>{_BOX}{{overflow:auto;max-height:36em}}"
    f"{_BOX} table{{table-layout:auto;width:auto;max-width:none}}"
    f"{_BOX} table thead th{{position:sticky;top:0;background:var(--jp-layout-color0,#fff)}}"
    f"{_BOX} table caption{{text-align:left;caption-side:top;white-space:nowrap}}"
    f"{_BOX} table .text{{text-align:left;white-space:nowrap}}"
    f"{_BOX} table td.long{{min-width:14em;max-width:32em;white-space:normal}}"
    f"{_BOX} table .number{{text-align:right;white-space:nowrap}}"
    f"{_BOX} table td[title]{{text-decoration:underline dotted;text-underline-offset:3px}}"
    f"{_BOX} button{{all:unset;cursor:pointer;color:var(--jp-content-link-color,#1565c0)}}"
    f"{_BOX} :is(button:focus-visible,button:hover){{text-decoration:underline}}"
    "</style>"
)


class Linked(str):
    """A text that leads somewhere: links where a frame is shown in JupyterLab, else plain text."""

    html: str

    def __new__(cls, text: str, html: str) -> Self:
        made = super().__new__(cls, text)
        made.html = html
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.html)


class ShownFrame(pd.DataFrame):
    """A pandas frame for people: filtered, sorted, joined and saved as any other.

    Amounts are exact decimals in 万元, rates exact fractions that print as percentages; what is
    not known is NA, shown as a blank and never 0. In JupyterLab a wide or long one scrolls, and
    the source of a number (file › sheet › cell, or how it was derived) shows where the mouse is.
    """

    _metadata: list[str] = ["caption"]  # noqa: RUF012 - as pandas wants it
    caption: str = ""

    @property
    def _constructor(self) -> Callable[..., ShownFrame]:
        return ShownFrame

    def sources(self) -> pd.DataFrame:
        """Where each number of the frame comes from, "" of what is no number of a table."""
        rows = [[getattr(value, "source", "") for value in row] for row in _rows(self)]
        return pd.DataFrame(rows, index=self.index, columns=self.columns, dtype="str")

    def without_totals(self) -> ShownFrame:
        """The rows that are no sum of others; all where no column says which are."""
        total = TABLE_HEADS["total"]
        if total not in self.columns:
            return self
        return ShownFrame(self[~self[total].astype(bool)]).captioned(self.caption)

    def captioned(self, caption: str) -> ShownFrame:
        """Return it under a caption: what, which year, which unit of measure."""
        self.caption = caption
        return self

    def __repr__(self) -> str:
        if self.columns.nlevels > 1:
            return super().__repr__()
        if self.empty:
            return f"{self.caption}{_NONE}"
        shown = pd.DataFrame(
            [[_text(value) for value in row] for row in _rows(self)],
            index=self.index,
            columns=self.columns,
        )
        with pd.option_context("display.unicode.east_asian_width", True):
            text = shown.to_string(index=not _is_plain(self.index), max_rows=60)
        return "\n".join(filter(None, [self.caption, text]))

    def _repr_html_(self) -> str | None:
        if self.columns.nlevels > 1 or self.index.nlevels > 1:
            return self.to_html(na_rep="", notebook=True)
        names = [] if _is_plain(self.index) else [str(self.index.name or "")]
        columns = [str(column) for column in self.columns]
        rows = list(_rows(self.head(_MOST_ROWS)))
        numeric = [_is_numeric([row[n] for row in rows]) for n in range(len(columns))]
        heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
        heads += "".join(
            f'<th scope="col" class="{"number" if number else "text"}">{escape(name)}</th>'
            for name, number in zip(columns, numeric, strict=True)
        )
        body = "".join(
            f"<tr>{_index_cell(label) if names else ''}"
            + "".join(_cell(value, number) for value, number in zip(row, numeric, strict=True))
            + "</tr>"
            for label, row in zip(self.index, rows, strict=False)
        )
        if self.empty:
            # In a cell: the end of a caption is out of sight on a phone.
            body = f'<tr><td class="text" colspan="{len(names) + len(columns)}">{_NONE}</td></tr>'
        caption = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        more = len(self) - len(rows)
        told = f"<p>只显示前 {len(rows)} 行，共 {len(self)} 行。</p>" if more > 0 else ""
        return (
            f'{_STYLE}<div class="selfeval-frame"><table>{caption}<thead><tr>{heads}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>{told}"
        )


def shown_frame(
    columns: Mapping[str, str], rows: Sequence[Sequence[object]], caption: str = ""
) -> ShownFrame:
    """Return rows under Chinese headings, each column with its type.

    As objects first: beside an NA, pandas would make floats of whole numbers.
    """
    made = ShownFrame([list(row) for row in rows], columns=list(columns), dtype=object)
    frame = ShownFrame(made.astype(dict(columns)))
    return frame.captioned(caption)


def _rows(frame: pd.DataFrame) -> Sequence[tuple[Any, ...]]:
    return list(frame.itertuples(index=False, name=None))


def _is_plain(index: pd.Index[Any]) -> bool:
    """Return whether an index only counts rows: it says nothing to a reader."""
    return index.name is None and index.nlevels == 1 and pd.api.types.is_integer_dtype(index.dtype)


def _is_missing(value: object) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or value != value


def _is_numeric(values: Sequence[object]) -> bool:
    known = [value for value in values if not _is_missing(value)]
    return bool(known) and all(
        isinstance(one, Number) and not pd.api.types.is_bool(one) for one in known
    )


def _text(value: object) -> str:
    """Return what people read of a value; a blank where there is none."""
    if isinstance(value, list | tuple | set | frozenset):
        return "、".join(map(_text, value))
    if pd.api.types.is_bool(value):
        return PRIORITIES["yes"] if value else ""
    if _is_missing(value):
        return ""
    if type(value) is Fraction:  # computed in the notebook: no decimals of its own
        return _PRINTER.decimal(value, 2)
    return str(value)


def _cell(value: object, number: bool) -> str:
    source = getattr(value, "source", "")
    title = f' title="{escape(source)}"' if source else ""
    text = _text(value)
    shown = value.html if isinstance(value, Linked) else escape(text)
    kind = "number" if number else "text long" if len(text) > _LONG else "text"
    return f'<td class="{kind}"{title}>{shown}</td>'


def _index_cell(label: object) -> str:
    return f'<th scope="row">{escape(_text(label))}</th>'
