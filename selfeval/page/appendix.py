"""What stands below a report: glossary, trace, coverage, and how the page was made."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ..budget.quantities import Quantity
from ..evaluation import Evaluation
from ..tables.reading import Reading, Unread
from ..tables.spans import first_row, row_of
from ..terms import PAGE_HEADINGS, ROUNDINGS, TABLE_HEADS
from ..version import VERSION
from .html import escape


def glossary_html(evaluation: Evaluation) -> str:
    """Return the glossary as a description list."""
    items = "".join(
        f"<div><dt>{escape(entry.term)}</dt><dd>{escape(entry.meaning)}</dd></div>"
        for entry in evaluation.unit.glossary.terms
    )
    return f'<dl class="terms">{items}</dl>\n'


def trace_html(evaluation: Evaluation) -> str:
    """Return the trace: each printed number's exact value and where it comes from.

    A derived number carries its parts, so that the file alone is enough to add them again.
    """
    numbers = evaluation.trace.keys
    rows = "".join(
        _trace_row(evaluation, number, quantity, numbers)
        for number, quantity in enumerate(evaluation.trace.entries, 1)
    )
    heads = "".join(
        f'<th scope="col"{" class=num" if name in {"shown", "exact"} else ""}>'
        f"{TABLE_HEADS[name]}</th>"
        for name in ("number", "name", "shown", "exact", "source")
    )
    return (
        "<p>正文中的每个数都可以点到下表：精确值，以及所在的文件、工作表和单元格；"
        "计算得来的数列出算式。</p>"
        f'<div class="scroll" tabindex="0" role="region" aria-label="{PAGE_HEADINGS["trace"]}">'
        f'<table class="trace"><caption>{PAGE_HEADINGS["trace"]}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>\n"
    )


def _trace_row(
    evaluation: Evaluation, number: int, quantity: Quantity, numbers: dict[str, int]
) -> str:
    value = quantity.value
    assert value is not None
    parts = " ".join(f"{'+' if sign > 0 else '-'}t{numbers[key]}" for key, sign in quantity.parts)
    shown = evaluation.printer.quantity(quantity)
    if quantity.parts:
        links = "、".join(
            f'<a href="#t{numbers[key]}">{numbers[key]}</a>' for key, _ in quantity.parts
        )
        source = f"{escape(quantity.formula)}（序号{links}）"
    else:
        source = escape(quantity.source or quantity.formula)
    operation = "quotient" if quantity.kind == "rate" else "sum"
    data = f' data-operation="{operation}" data-parts="{parts}"' if parts else ""
    if quantity.kind == "count":
        data += f' data-unit="{escape(quantity.measure_unit)}"'
    if quantity.bands:
        bands = " ".join(f"{least} {grade}" for least, grade in quantity.bands)
        data += f' data-bands="{escape(bands)}"'
    if quantity.limits:
        data += f' data-limits="{" ".join(map(str, quantity.limits))}"'
    return (
        f'<tr id="t{number}" data-value="{value}" '
        f'data-kind="{quantity.kind}"{data}><th scope=row>{number}</th>'
        f"<td>{escape(quantity.label)}</td><td class=num>{escape(shown)}</td>"
        f"<td class=num>{escape(evaluation.printer.exact(quantity))}</td><td>{source}</td></tr>\n"
    )


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
    for key, group in amounts.groupby(["file", "sheet", "table"], sort=False):
        file, sheet, table = map(str, key)
        states = group["state"].value_counts()
        cells = group.loc[group["amount"].notna(), "cell"]
        rows.append(
            Coverage(
                f"{file} › {sheet}",
                table,
                len(cells),
                sum((file, sheet, cell) in used for cell in cells),
                unread.pop((file, sheet, table), 0),
                int(states.get("blank", 0)),
                int(states.get("dash", 0)),
            )
        )
    for (file, sheet, table), count in unread.items():
        rows.append(Coverage(f"{file} › {sheet}", table, 0, 0, count, 0, 0))
    return rows


def _table_of(unread: Unread, reading: Reading) -> tuple[str, str, str]:
    """Return the file, sheet and table of a number: its own, or else the last that begins above."""
    file, sheet = unread.place.file, unread.place.sheet
    if unread.of:
        return file, sheet, str(unread.of["table"])
    above = [
        table.layout
        for table in reading.tables
        if (table.file, table.sheet) == (file, sheet) and first_row(table) <= row_of(unread.place)
    ]
    return file, sheet, above[-1] if above else ""


def about_html(evaluation: Evaluation) -> str:
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
        *_undrawn(evaluation),
        f"提纲：{unit.outline.told}",
        *unit.scoring.sources,
        f"检查规则：{unit.checks.told}",
    ]
    files = "".join(
        f"<li><code>{escape(name)}</code>　SHA-256 <code>{digest[:16]}</code></li>"
        for name, digest in unit.inputs().items()
    )
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return (
        f"{paragraphs}<p>本页由 selfeval {escape(VERSION)} 根据下列文件生成，"
        f"文件不变则本页逐字节不变：</p><ul>{files}</ul>\n"
    )


def _explanations(evaluation: Evaluation) -> list[str]:
    """Return the unit's explanations that no budget line's own sentence carries."""
    rules, named = evaluation.unit.checks.rules, set(evaluation.lines["name"])
    told = {
        f"单位说明（{rules[finding.code].title}）：“{finding.explanation}”"
        for finding in evaluation.all_findings
        if finding.explanation and finding.item not in named
    }
    return sorted(told)


def _undrawn(evaluation: Evaluation) -> list[str]:
    """Return one sentence on the charts for which there is no data."""
    told = "；".join(f"{title}（{why}）" for title, why in evaluation.trace.undrawn.items())
    return [f"没有画的图：{told}。"] if told else []


def _corrections(evaluation: Evaluation) -> list[str]:
    """Return the known errors of the sources that were not taken over, each with its reason."""
    return [
        f"来源更正：{place}原为“{c.expect}”，按“{c.correct}”使用。{c.reason}"
        for place, c in evaluation.tables.corrected.items()
    ]
