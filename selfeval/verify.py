"""Re-adds a report's numbers from the HTML file alone.

Each printed number must be its exact value rounded once, and each derived value must be what
its parts in the trace table make of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

from .errors import UsageError
from .money import FEN_PER, Rounding, format_decimal, format_money, format_rate

_EVEN = "四舍六入五成双"
_ABOUT = 'id="s-about"'
_SMALLEST = Fraction(1, 10**6)
"""Exact rates and points are written with six decimals."""


@dataclass
class _Row:
    value: Fraction
    kind: str
    operation: str
    parts: list[tuple[int, str]]
    cells: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Verification:
    """How many numbers a page prints, how many were re-added, and what does not hold."""

    printed: int
    derived: int
    faults: tuple[str, ...]


@dataclass
class _Page(HTMLParser):
    rows: dict[str, _Row] = field(default_factory=dict)
    printed: list[tuple[str, Fraction, str]] = field(default_factory=list)
    _number: tuple[str, Fraction] | None = None
    _row: _Row | None = None
    _in_cell: bool = False

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "tr":
            self._row = _row(found) if "data-kind" in found else None
            if self._row is not None:
                self.rows[found["id"]] = self._row
        elif tag == "td" and self._row is not None and found.get("class") == "num":
            self._row.cells.append("")
            self._in_cell = True
        elif tag == "a" and found.get("class") == "n":
            self._number = (found["href"].lstrip("#"), Fraction(found["data-value"]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self._in_cell = False
        elif tag == "a":
            self._number = None

    def handle_data(self, data: str) -> None:
        if self._number is not None:
            self.printed.append((*self._number, data))
            self._number = None
        elif self._in_cell and self._row is not None:
            self._row.cells[-1] += data


def _row(attributes: dict[str, str]) -> _Row:
    parts = attributes.get("data-parts", "").split()
    return _Row(
        Fraction(attributes["data-value"]),
        attributes["data-kind"],
        attributes.get("data-operation", ""),
        [(1 if part[0] == "+" else -1, part[1:]) for part in parts],
    )


def verify_page(path: Path) -> Verification:
    """Check every number of a report against the exact values it carries.

    Raises
    ------
    UsageError
        If the file cannot be read, or is not a report with a trace table.
    """
    try:
        html = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(
            str(path), f"文件打不开（{error.strerror}）。", "请检查文件名和权限。"
        ) from None
    except UnicodeDecodeError:
        raise UsageError(str(path), "不是本工具生成的报告：不是 UTF-8 编码。") from None
    page = _Page()
    try:
        page.feed(html)
        page.close()
    except (KeyError, ValueError, ZeroDivisionError):
        raise UsageError(
            str(path), "报告里的数据标记被改坏了，无法核算。", "请重新生成这份报告。"
        ) from None
    if not page.rows:
        raise UsageError(str(path), "不是本工具生成的报告：没有数据来源表。")
    # Only where the report says how it rounds: the unit's own text may name a method as well.
    rounding: Rounding = "half_even" if _EVEN in html.partition(_ABOUT)[2] else "half_up"
    faults = [*_misprinted(page, rounding), *_misstated(page, rounding), *_wrong_sums(page)]
    derived = sum(1 for row in page.rows.values() if row.parts)
    return Verification(len(page.printed), derived, tuple(faults))


def _misprinted(page: _Page, rounding: Rounding) -> list[str]:
    faults = []
    for key, value, shown in page.printed:
        row = page.rows.get(key)
        if row is None:
            faults.append(f"“{shown}”在数据来源表中没有序号{key.lstrip('t')}。")
        elif row.value != value:
            faults.append(f"“{shown}”的精确值与数据来源表序号{key.lstrip('t')}不同。")
        elif _digits(shown) not in _expected(row, rounding):
            faults.append(f"“{shown}”不是其精确值的四舍五入，应为{_expected(row, rounding)[0]}。")
    return faults


def _misstated(page: _Page, rounding: Rounding) -> list[str]:
    """Return what the trace table itself prints wrongly: the number shown, its exact value."""
    faults = []
    for key, row in page.rows.items():
        shown, exact = [*row.cells, "", ""][:2]
        if _digits(shown) not in _expected(row, rounding) or not _states(exact, row):
            faults.append(f"序号{key.lstrip('t')}在数据来源表里写的数与其精确值不同。")
    return faults


def _states(exact: str, row: _Row) -> bool:
    digits = _digits(exact)
    if not re.fullmatch(r"-?\d+(\.\d+)?%?", digits):
        return False
    stated = Fraction(digits.rstrip("%"))
    if row.kind == "money":
        return stated * FEN_PER["元"] == row.value
    value = row.value * 100 if row.kind == "rate" else row.value
    return abs(stated - value) <= _SMALLEST


def _digits(shown: str) -> str:
    return re.sub(r"[^\d.%-]", "", shown)


def _expected(row: _Row, rounding: Rounding) -> list[str]:
    value = row.value
    if row.kind == "money":
        if value.denominator != 1:
            return ["整数分"]
        signed = [format_money(int(v), rounding=rounding) for v in (value, abs(value))]
    elif row.kind == "rate":
        signed = [format_rate(v, rounding=rounding) for v in (value, abs(value))]
    elif row.kind == "count":
        signed = [str(value)]
    else:
        signed = [format_decimal(value, 2, rounding)]
    return signed


def _wrong_sums(page: _Page) -> list[str]:
    faults = []
    for key, row in page.rows.items():
        if not row.parts:
            continue
        number = key.lstrip("t")
        missing = [part for _, part in row.parts if part not in page.rows]
        if missing:
            faults.append(f"序号{number}的组成部分不全。")
        elif row.value != _combine(page, row):
            faults.append(f"序号{number}与其算式的结果不同。")
    return faults


def _combine(page: _Page, row: _Row) -> Fraction | None:
    values = [(sign, page.rows[part].value) for sign, part in row.parts]
    if row.operation != "quotient":
        return sum((sign * value for sign, value in values), Fraction(0))
    if len(values) != 2 or not values[1][1]:
        return None
    return values[0][1] / values[1][1]
