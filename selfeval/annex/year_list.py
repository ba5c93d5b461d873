"""The units of a year → a workbook to filter: a row for each unit, and one for each problem."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Literal

from ..money import DISPLAY_UNIT, FEN_PER
from ..scoring.desk import DeskUnit, record_limits, score_text
from ..tables.own_form.workbook import is_like_a_formula, storable
from ..terms import (
    EDITIONS,
    PAGE_HEADINGS,
    PHASES,
    RATES,
    RUN_STATES,
    SCREEN_WORDS,
    SEVERITIES,
    TABLE_HEADS,
)
from .entries import as_decimal

Value = str | Decimal | None
Rows = Sequence[Sequence[Value]]
_HEAD_FONT: Final = {"font_name": "黑体", "align": "center", "text_wrap": True}
_FONT: Final = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "border": 1}
_FORMATS: Final[dict[str, dict[str, object]]] = {
    "text": {"num_format": "@", "text_wrap": True},
    "word": {"num_format": "@", "align": "center"},
    "count": {"num_format": "0"},
    "money": {"num_format": "#,##0.00####"},
    "rate": {"num_format": "0.00##%"},
    "points": {"num_format": "0.00##"},
    "link": {"num_format": "@", "font_color": "#1F5A9E", "underline": 1},
}


@dataclass(frozen=True)
class ListColumn:
    """A column of the workbook: its head, its width in digits, and what kind of cells it has.

    A cell of links holds where its link leads, from the workbook's own folder.
    """

    head: str
    width: int
    kind: Literal["text", "word", "count", "money", "rate", "points", "link"] = "text"


def year_list(year: int, units: Sequence[DeskUnit]) -> bytes:
    """Return the units of a year as a workbook; the same units give the same bytes.

    Amounts are in 万元 and exact, rates and points as the unit's own report prints them. What is
    not known stays blank. What stands after the first link is not printed.
    """
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": dt.datetime(year, 12, 31)})
    formats = {kind: book.add_format({**_FONT, **own}) for kind, own in _FORMATS.items()}
    formats["head"] = book.add_format({**_FONT, **_HEAD_FONT, "bg_color": "#E8EEF6"})
    formats["quoted"] = book.add_format({**_FONT, **_FORMATS["text"]})
    formats["quoted"].set_quote_prefix(True)
    files = [f"{edition}.html" for edition in EDITIONS]
    forms = dict.fromkeys(name for unit in units for name in unit.record.get("annexes", ()))
    links = [*EDITIONS.values(), *(name.removesuffix(".xlsx") for name in forms)]
    sheets: list[tuple[str, list[ListColumn], Rows]] = [
        (
            PAGE_HEADINGS["units"],
            [*(column for column, _ in _COLUMNS), *(ListColumn(one, 12, "link") for one in links)],
            [_row(unit, [*files, *forms]) for unit in units],
        ),
        (TABLE_HEADS["problems"], _PROBLEM_COLUMNS, _problem_rows(units)),
    ]
    for name, columns, rows in sheets:
        page = book.add_worksheet(name)
        _set_up(page, f"{year}年度{PAGE_HEADINGS['units']}（{DISPLAY_UNIT}）")
        _write(page, columns, rows, formats)
    book.close()
    return stream.getvalue()


def _set_up(page: Any, title: str) -> None:
    page.set_paper(9)  # A4
    page.set_landscape()
    page.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_header(f"&C{title}")
    page.set_footer("&C第 &P 页，共 &N 页")
    page.freeze_panes(1, 2)


def _write(page: Any, columns: Sequence[ListColumn], rows: Rows, formats: dict[str, Any]) -> None:
    last_row, last_column = max(len(rows), 1), len(columns) - 1
    for at, column in enumerate(columns):
        page.set_column(at, at, column.width)
        page.write_string(0, at, column.head, formats["head"])
        for line, row in enumerate(rows, 1):
            _write_cell(page, (line, at), column, row[at], formats)
    page.autofilter(0, 0, last_row, last_column)
    printed = [at for at, column in enumerate(columns) if column.kind != "link"]
    page.print_area(0, 0, last_row, printed[-1])


def _write_cell(
    page: Any, at: tuple[int, int], column: ListColumn, value: Value, formats: dict[str, Any]
) -> None:
    form = formats[column.kind]
    if value is None or value == "":
        page.write_blank(*at, None, form)
    elif isinstance(value, Decimal):
        page.write_number(*at, Decimal(f"{value:f}"), form)
    elif column.kind == "link":
        page.write_url(*at, f"external:{value}", form, column.head)
    else:
        text = storable(value)
        page.write_string(*at, text, formats["quoted"] if is_like_a_formula(text) else form)


def _row(unit: DeskUnit, files: Sequence[str]) -> list[Value]:
    published = unit.record.get("files", ())
    links = [f"{unit.code}/{name}" if name in published else "" for name in files]
    return [*(value(unit) for _, value in _COLUMNS), *links]


def _problem_rows(units: Sequence[DeskUnit]) -> Rows:
    return [
        [
            *(unit.code, unit.name, unit.group, one["code"], one["problem"]),
            *(SEVERITIES[one["severity"]], Decimal(one["count"])),
        ]
        for unit in units
        for one in unit.problems
    ]


def _first_problem(unit: DeskUnit) -> str:
    if unit.state == "failed":
        return str(RUN_STATES.get(unit.record["status"], ""))
    return str(unit.problems[0]["problem"]) if unit.problems else ""


def _explanation(unit: DeskUnit) -> str:
    """Return why there is no good report, or why its score is not held against others."""
    if unit.state == "failed":
        return str(unit.record["reason"])
    if unit.stale:
        return f"生成以后{unit.stale}，请重新运行。"
    return score_text(unit.report) if unit.held or unit.number("score") is None else ""


def _waiting(severity: str) -> Callable[[DeskUnit], Value]:
    return lambda unit: Decimal(unit.waiting(severity)) if unit.report else None


def _money(key: str) -> Callable[[DeskUnit], Value]:
    def value(unit: DeskUnit) -> Value:
        fen = unit.number(key)
        return None if fen is None else as_decimal(fen / FEN_PER[DISPLAY_UNIT])

    return value


def _rate(key: str) -> Callable[[DeskUnit], Value]:
    def value(unit: DeskUnit) -> Value:
        rate = unit.number(key)
        if rate is None:
            return None
        shown = unit.printer.rate(rate, record_limits(unit.report, key))
        return as_decimal(Fraction(shown.removesuffix("%")) / 100)

    return value


def _points(unit: DeskUnit) -> Value:
    points = unit.number("score")
    if points is None:
        return None
    return as_decimal(Fraction(unit.printer.points(points, record_limits(unit.report, "score"))))


_CODE, _NAME, _GROUP = (
    ListColumn(TABLE_HEADS[head], width)
    for head, width in (("code", 9), ("unit", 26), ("group", 14))
)
_COLUMNS: Final[tuple[tuple[ListColumn, Callable[[DeskUnit], Value]], ...]] = (
    (_CODE, lambda unit: unit.code),
    (_NAME, lambda unit: unit.name),
    (_GROUP, lambda unit: unit.group),
    (ListColumn(TABLE_HEADS["status"], 9, "word"), lambda unit: SCREEN_WORDS[unit.state]),
    *((ListColumn(SEVERITIES[one], 6, "count"), _waiting(one)) for one in SEVERITIES),
    (ListColumn(TABLE_HEADS["problem"], 24), _first_problem),
    *(
        (ListColumn(PHASES[key], 13, "money"), _money(key))
        for key in ("initial_budget", "adjusted_budget", "executed")
    ),
    *(
        (ListColumn(RATES[key], 11, "rate"), _rate(key))
        for key in ("execution_rate", "initial_rate")
    ),
    (ListColumn(SCREEN_WORDS["score"], 9, "points"), _points),
    (
        ListColumn(TABLE_HEADS["grade"], 6, "word"),
        lambda unit: "" if unit.incomparable else str(unit.report["grade"]),
    ),
    (
        ListColumn(TABLE_HEADS["unranked"], 8, "word"),
        lambda unit: SCREEN_WORDS[unit.incomparable] if unit.incomparable else "",
    ),
    (ListColumn(TABLE_HEADS["explanation"], 32), _explanation),
)
"""The columns of a unit before its links: head, and what the cell of a unit is."""
_PROBLEM_COLUMNS: Final = [
    _CODE,
    _NAME,
    _GROUP,
    ListColumn(TABLE_HEADS["rule"], 10),
    ListColumn(TABLE_HEADS["problems"], 36),
    ListColumn(TABLE_HEADS["severity"], 8, "word"),
    ListColumn(TABLE_HEADS["findings"], 8, "count"),
]
