"""The numbers of a page: marked by their keys in each part, numbered once all parts are there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from html import unescape
from typing import Final

from markupsafe import Markup
from pydantic import TypeAdapter

from ..budget.printer import Printer
from ..budget.quantities import Quantity
from ..evaluation import Evaluation
from ..terms import PAGE_HEADINGS, TABLE_HEADS
from .macros import macros

TRACE: Final = "trace"
_MARK: Final = re.compile(
    r'(<(?:a class="n" href="#|tspan data-n="|p class="status(?: draft)?" data-n="))([^"]*)"'
    r'(?: data-number="([^"]*)")?(?: data-value="([^"]*)")?'
)
"""The key of a number; its definition, where the evaluation has none of it; its exact value."""

_LINK: Final = re.compile(r'<a class="n" [^>]*>([^<]*)</a>')
_KEY: Final = re.compile(r' data-n="[^"]*"(?: data-number="[^"]*")?')

_CHART: Final = re.compile(r"(<figcaption>.*?</figcaption>)(<svg .*?</svg>)", re.DOTALL)
_UNDRAWN: Final = re.compile(r'<p class="note undrawn">没有画的图：([^<]+)。</p>\n')
UNDRAWN_HERE: Final = '<p class="undrawn"></p>'
"""Where the note on how the page was made names the charts that were not drawn."""

_QUANTITY: Final = TypeAdapter(Quantity)
_QUANTITIES: Final = TypeAdapter(list[Quantity])


@dataclass(frozen=True)
class Mark:
    """What a number on a page carries: its key and its exact value.

    A number that the evaluation does not hold, such as a count, brings its definition along.
    """

    key: str
    value: Fraction | None
    definition: str = ""


def mark_of(evaluation: Evaluation, quantity: Quantity) -> Mark:
    """Return the mark of a number."""
    if evaluation.quantities.get(quantity.key) is quantity:
        return Mark(quantity.key, quantity.value)
    data = _QUANTITY.dump_json(quantity, exclude_defaults=True).decode()
    return Mark(quantity.key, quantity.value, data)


def definitions(numbers: Iterable[Quantity]) -> str:
    """Return the numbers that have a value as JSON: as one text, which costs a notebook little."""
    known = [number for number in numbers if number.value is not None]
    return _QUANTITIES.dump_json(known, exclude_defaults=True).decode()


def defined(texts: Iterable[str]) -> dict[str, Quantity]:
    """Return numbers by their keys from their definitions."""
    return {q.key: q for text in texts for q in _QUANTITIES.validate_json(text)}


def printed_numbers(parts: Iterable[str], known: Mapping[str, Quantity]) -> dict[str, Quantity]:
    """Return the numbers that parts print, in order of first use, what each is made of after it.

    Raises
    ------
    ValueError
        With a number's label, if two numbers of different values have its key.
    """
    entries: dict[str, Quantity] = {}

    def enter(quantity: Quantity) -> Quantity:
        if quantity.key not in entries:
            entries[quantity.key] = quantity
            for key, _ in quantity.parts:
                enter(entries.get(key) or known[key])
        return entries[quantity.key]

    for part in parts:
        # A chart's title sums up its labels: they are numbered before it.
        for _, key, own, value in _MARK.findall(_CHART.sub(r"\2\1", part)):
            found = _QUANTITY.validate_json(unescape(own)) if own else known[unescape(key)]
            if enter(found).value != found.value or value not in {"", str(found.value)}:
                raise ValueError(found.label)
    return entries


def has_numbers(parts: Iterable[str]) -> bool:
    """Return whether parts print any number that leads to its row of the trace."""
    return any(map(_MARK.search, parts))


def numbered(part: str, numbers: Iterable[str]) -> str:
    """Return a part with each number linked to its row of the trace, by the order of the keys."""
    rows = {key: number for number, key in enumerate(numbers, 1)}
    return _MARK.sub(
        lambda mark: (
            f'{mark[1]}t{rows[unescape(mark[2])]}"'
            + (f' data-value="{mark[4]}"' if mark[4] else "")
        ),
        part,
    )


def untraced(part: str) -> str:
    """Return a part whose numbers are plain text and lead nowhere."""
    return _KEY.sub("", _LINK.sub(r"\1", part))


def told_undrawn(parts: Iterable[str]) -> str:
    """Return one sentence on the charts that parts did not draw, "" if there are none."""
    charts = dict.fromkeys(chart for part in parts for chart in _UNDRAWN.findall(part))
    return str(macros("charts").all_undrawn([Markup(chart) for chart in charts]))


def without_undrawn(part: str) -> str:
    """Return a part without its own notes on charts that were not drawn."""
    return _UNDRAWN.sub("", part)


def trace_section(entries: Mapping[str, Quantity], printer: Printer) -> Markup:
    """Return the trace: each printed number's exact value and where it comes from.

    A derived number carries its parts, so that the file alone is enough to add them again.
    """
    numbers = {key: number for number, key in enumerate(entries, 1)}
    rows = [_trace_row(quantity, numbers, printer) for quantity in entries.values()]
    heads = [TABLE_HEADS[name] for name in ("number", "name", "shown", "exact", "source")]
    return Markup(macros("tables").trace(PAGE_HEADINGS[TRACE], heads, rows))


def _trace_row(
    quantity: Quantity, numbers: Mapping[str, int], printer: Printer
) -> dict[str, object]:
    source = quantity.formula if quantity.parts else quantity.source or quantity.formula
    return {
        "number": numbers[quantity.key],
        "value": quantity.value,
        "kind": quantity.kind,
        "operation": "quotient" if quantity.kind == "rate" else "sum",
        "parts": [("+" if sign > 0 else "-", numbers[key]) for key, sign in quantity.parts],
        "unit": quantity.measure_unit if quantity.kind == "count" else None,
        "bands": " ".join(f"{least} {grade}" for least, grade in quantity.bands),
        "limits": " ".join(map(str, quantity.limits)),
        "label": quantity.label,
        "shown": printer.quantity(quantity),
        "exact": printer.exact(quantity),
        "source": source,
    }
