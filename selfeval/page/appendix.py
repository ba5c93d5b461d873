"""What stands below a report: glossary, coverage, and how the page was made."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from markupsafe import Markup

from ..evaluation import Evaluation
from ..schemes.layouts import load_layouts
from ..schemes.loading import UNVERIFIED
from ..tables.official_table import row_of
from ..tables.reading import Reading, Unread
from ..tables.rows import Amount
from ..terms import ROUNDINGS, TRIAL
from ..unit.corrections import Trial
from ..version import VERSION
from .macros import macros


def glossary_html(evaluation: Evaluation) -> Markup:
    """Return the glossary as a description list."""
    return Markup(macros("lists").terms(evaluation.unit.glossary.terms))


@dataclass(frozen=True)
class Coverage:
    """One sheet's table: how many amounts were read, used in a check, not understood, and so on.

    A number that was not understood is one that no check used.
    """

    place: str
    table: str
    read: int
    used: int
    unread: int
    blank: int
    dash: int

    @property
    def unused(self) -> int:
        """How many numbers no check used."""
        return self.read - self.used + self.unread


def coverage(evaluation: Evaluation) -> Coverage:
    """Return how much of all tables was read, and how much of that was checked."""
    rows = coverage_rows(evaluation)
    counts = ("read", "used", "unread", "blank", "dash")
    return Coverage("", "", *(sum(getattr(row, name) for row in rows) for name in counts))


def coverage_rows(evaluation: Evaluation) -> list[Coverage]:
    """Return for each table how much of it was read, and how much of that was checked."""
    compared = (f for f in evaluation.all_findings if f.outcome != "not_computable")
    used = {(p.file, p.sheet, p.cell) for f in compared for p in f.places}
    rows = []
    amounts, reading = evaluation.tables.amounts, evaluation.tables.reading
    unread = Counter(_table_of(other, reading) for other in reading.unread)
    groups: dict[tuple[str, str, str], list[Amount]] = {}
    for amount in amounts:
        at = (amount.place.file, amount.place.sheet, amount.table)
        groups.setdefault(at, []).append(amount)
    for (file, sheet, table), group in groups.items():
        states = Counter(amount.state for amount in group)
        known = [amount.place for amount in group if amount.fen is not None]
        rows.append(
            Coverage(
                f"{file} › {sheet}",
                table,
                len(known),
                sum((file, sheet, place.cell) in used for place in known),
                unread.pop((file, sheet, table), 0),
                states["blank"],
                states["dash"],
            )
        )
    for (file, sheet, table), count in unread.items():
        rows.append(Coverage(f"{file} › {sheet}", table, 0, 0, count, 0, 0))
    return rows


def _table_of(unread: Unread, reading: Reading) -> tuple[str, str, str]:
    """Return the file, sheet and table of a number: its own, or else the last that begins above."""
    file, sheet, row = unread.place.file, unread.place.sheet, row_of(unread.place.cell)
    if unread.of:
        return file, sheet, unread.of.table
    above = [
        table.layout
        for table in reading.tables
        if (table.file, table.sheet) == (file, sheet) and table.first_row <= row
    ]
    return file, sheet, above[-1] if above else ""


def about_html(evaluation: Evaluation) -> Markup:
    """Return how the page was made: nothing in it depends on when or where."""
    unit = evaluation.unit
    settings = unit.settings
    signed = [
        f"{label}：{value}"
        for label, value in (
            ("负责人", settings.signatory),
            ("联系科室", settings.contact),
            ("报告日期", settings.report_date),
        )
        if value
    ]
    lines = [
        *(["；".join(signed)] if signed else []),
        *_explanations(evaluation),
        *_corrections(evaluation),
        f"金额以分为单位精确计算，只在显示时按“{ROUNDINGS[settings.rounding]}”保留两位小数；"
        "紧挨着分数线、限额或满分的数多写几位，不写成已经到线。"
        "因尾数取舍，分项之和与合计可能存在尾差。",
        "“未提供”表示表格里没有这个数，不等于零；“不可计算”表示所需的数不全，报告不作估计。",
    ]
    sources = [
        f"提纲：{unit.outline.told}",
        *unit.scoring.sources,
        f"检查规则：{unit.checks.told}",
        *_unverified_rules(evaluation),
        *_tables_read(evaluation),
    ]
    files = unit.inputs().items()
    return Markup(macros("lists").about(lines, sources, VERSION, files))


def _explanations(evaluation: Evaluation) -> list[str]:
    """Return the unit's explanations that no budget line's own sentence carries."""
    rules, named = (
        evaluation.unit.checks.rules,
        {line.name for line in evaluation.budget_lines.values()},
    )
    told = {
        f"单位说明（{rules[finding.code].title}）：“{finding.explanation}”"
        for finding in evaluation.all_findings
        if finding.explanation and finding.item not in named
    }
    return sorted(told)


def _unverified_rules(evaluation: Evaluation) -> list[str]:
    """Return which rules, of those that had something to look at, nobody held against a source."""
    used = dict.fromkeys(finding.code for finding in evaluation.all_findings)
    rules = evaluation.unit.checks.rules
    named = "、".join(code for code in rules if code in used and not rules[code].verified)
    return [f"其中{named}的依据{UNVERIFIED}。"] if named else []


def _tables_read(evaluation: Evaluation) -> list[str]:
    """Return what the layouts are by which the official tables of this page were read."""
    tables = {table.layout for table in evaluation.tables.reading.tables}
    if not tables:
        return []
    return [f"公开表的式样：{load_layouts(evaluation.unit.schemes).told(tables)}。"]


def _corrections(evaluation: Evaluation) -> list[str]:
    """Return the known errors of the sources that were not taken over, each with its reason."""
    return [
        f"{TRIAL if isinstance(c, Trial) else '来源更正'}：{place}原为“{c.expect}”，"
        f"按“{c.correct}”使用。{c.reason}"
        for place, c in evaluation.tables.corrected.items()
    ]
