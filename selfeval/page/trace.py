"""The numbers of a page: marked by their keys in each part, numbered once all parts are there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import unescape
from typing import Final

from markupsafe import Markup
from pydantic import TypeAdapter

from ..budget.printer import Printer
from ..budget.quantities import Quantity
from ..evaluation import Evaluation
from ..terms import PAGE_HEADINGS, TABLE_HEADS, TRACE_GROUPS
from .macros import macros

TRACE: Final = "trace"
_MARK: Final = re.compile(
    r'(<(?:a class="n" href="#|tspan data-n="|p class="status(?: draft)?" data-n="))([^"]*)"'
    r'(?: data-number="([^"]*)")?(?: data-value="([^"]*)")?'
)
"""The key of a number; its definition, where the evaluation has none of it; its exact value."""

_LINK: Final = re.compile(r'<a class="n" [^>]*>([^<]*)</a>')
_KEY: Final = re.compile(r' data-n="[^"]*"(?: data-number="[^"]*")?')

_ROWS_BESIDE, _LETTERS_BESIDE = 2, 6
"""How much fits on paper beside a number; longer sources stand below it."""
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
    """Return the numbers that parts print, and what they are made of, in the order of the trace.

    Numbers of one sheet stand together, in order of first use; those from no sheet come last.

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
    groups = dict.fromkeys(_placed(quantity)[0] for quantity in entries.values())
    order = {group: place for place, group in enumerate([*groups, *TRACE_GROUPS.values()])}
    return dict(sorted(entries.items(), key=lambda entry: order[_placed(entry[1])[0]]))


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
    """Return the trace: each printed number's exact value and where it comes from, by sheets.

    A derived number names the rows it is made of, so that the file alone is enough to add them
    again.
    """
    numbers = {key: number for number, key in enumerate(entries, 1)}
    groups: dict[str, list[dict[str, object]]] = {}
    for quantity in entries.values():
        group, cell = _placed(quantity)
        formula = _told(quantity, [entries[key].label for key, _ in quantity.parts])
        row = {
            "quantity": quantity,
            "number": numbers[quantity.key],
            "bands": " ".join(f"{least} {grade}" for least, grade in quantity.bands),
            "limits": " ".join(map(str, quantity.limits)),
            "exact": printer.exact(quantity),
            "cell": cell or formula,
            "is_long": bool(formula)
            or len(quantity.parts) > _ROWS_BESIDE
            or len(cell) > _LETTERS_BESIDE,
            "parts": [
                (sign, numbers[key])
                for sign, (key, _) in zip(signs_of(quantity), quantity.parts, strict=True)
            ],
        }
        groups.setdefault(group, []).append(row)
    heads = [TABLE_HEADS[name] for name in ("number", "name", "exact", "source")]
    return Markup(macros("tables").trace(PAGE_HEADINGS[TRACE], heads, groups))


def _placed(quantity: Quantity) -> tuple[str, str]:
    """Return below what a number stands in the trace, and what it says there, "" of a sum."""
    if quantity.parts:
        return TRACE_GROUPS["derived"], ""
    sheet, _, cell = quantity.source.rpartition(" › ")
    return (sheet, cell) if sheet else (TRACE_GROUPS["told"], quantity.source or quantity.formula)


def _told(quantity: Quantity, labels: Sequence[str]) -> str:
    """Return a derived number's formula, "" if it says no more than the names of its rows."""
    return (
        ""
        if not quantity.parts or quantity.formula == formula_of(signs_of(quantity), labels)
        else quantity.formula
    )


def signs_of(quantity: Quantity) -> list[str]:
    """Return what stands before each part of a derived number: nothing before the first."""
    between = "÷" if quantity.kind == "rate" else "＋"
    signs = [between if sign > 0 else "－" for _, sign in quantity.parts]
    return ["" if sign != "－" else sign for sign in signs[:1]] + signs[1:]


def formula_of(signs: Iterable[str], names: Iterable[str]) -> str:
    """Return a formula of names: 甲－乙."""
    return "".join(f"{sign}{name}" for sign, name in zip(signs, names, strict=True))
