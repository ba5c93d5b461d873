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
from typing import Literal

from .errors import UsageError
from .money import Rounding, format_decimal, format_money, format_rate

_EVEN = "四舍六入五成双"


@dataclass
class _Row:
    value: Fraction
    kind: str
    operation: str
    parts: list[tuple[int, str]]


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
    text: list[str] = field(default_factory=list)
    _open: tuple[str, Fraction] | None = None

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "tr" and "data-kind" in found:
            parts = [
                (1 if part[0] == "+" else -1, part[1:]) for part in found.get("data-parts", "").split()
            ]
            self.rows[found["id"]] = _Row(
                Fraction(found["data-value"]),
                found["data-kind"],
                found.get("data-operation", ""),
                parts,
            )
        if tag == "a" and found.get("class") == "n":
            self._open = (found["href"].lstrip("#"), Fraction(found["data-value"]))

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._open is not None:
            self.printed.append((*self._open, data))
            self._open = None


def verify_page(path: Path) -> Verification:
    """Check every number of a report against the exact values it carries.

    Raises
    ------
    UsageError
        If the file cannot be read, or is not a report with a trace table.
    """
    try:
        html = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UsageError(str(path), "文件打不开。", "请检查文件名。") from None
    page = _Page()
    page.feed(html)
    if not page.rows:
        raise UsageError(str(path), "不是本工具生成的报告：没有数据来源表。")
    rounding: Rounding = "half_even" if _EVEN in "".join(page.text) else "half_up"
    faults = [*_misprinted(page, rounding), *_wrong_sums(page)]
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
        elif re.sub(r"[^\d.%-]", "", shown) not in _expected(row, rounding):
            faults.append(f"“{shown}”不是其精确值的四舍五入，应为{_expected(row, rounding)[0]}。")
    return faults


def _expected(row: _Row, rounding: Rounding) -> list[str]:
    value = row.value
    if row.kind == "money":
        signed = [format_money(int(v), rounding=rounding) for v in (value, abs(value))]
    elif row.kind == "rate":
        signed = [format_rate(v, rounding=rounding) for v in (value, abs(value))]
    elif row.kind == "count":
        signed = [str(int(value))]
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
    operation: Literal["sum", "quotient"] = "quotient" if row.operation == "quotient" else "sum"
    if operation == "quotient":
        (_, numerator), (_, denominator) = values
        return numerator / denominator if denominator else None
    return sum((sign * value for sign, value in values), Fraction(0))
