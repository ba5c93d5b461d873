"""The page of an analyst's own notebook: its text and its outputs, in their order, made safe.

Code is not shown. What is left out, and what a reader who cannot see would miss, is told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from pathlib import Path
from typing import Any, Final

import mistune
import nh3

from ..budget.printer import Printer
from ..checks import check
from ..errors import NotebookError
from ..evaluation.load import load_unit
from ..page.contained import check_page
from ..page.trace import TRACE, definitions
from ..scoring.score import score
from ..terms import OWN_PAGE, PAGE_HEADINGS
from ..unit import load_folder
from .notebook import MARK, WRAPPER
from .processes import UnitLimits
from .report import Report, execute, number_parts, rendered, require_all_ran

_TEXT_TAGS: Final = {
    *("h1", "h2", "h3", "h4", "p", "strong", "em", "del", "ul", "ol", "li", "blockquote", "code"),
    *("pre", "br", "hr", "table", "thead", "tbody", "tr", "th", "td"),
}
_TABLE_TAGS: Final = {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "p", "br"}
_SPANS: Final = {name: {"colspan", "rowspan"} for name in ("th", "td")}
_HEADING: Final = re.compile(r"<h([1-4])>(.*?)</h\1>", re.DOTALL)
_NUMBER: Final = re.compile(r"<td>(\s*[-−+]?[0-9][0-9,]*(?:\.[0-9]+)?%?\s*)</td>")
_IMAGES: Final = ("image/svg+xml", "image/png", "image/jpeg")
_MARKDOWN: Final = mistune.create_markdown(escape=True, plugins=["table", "strikethrough"])


@dataclass
class _OwnPage:
    """A page as it grows from the cells of its notebook."""

    title: str = ""
    parts: list[dict[str, Any]] = field(default_factory=list)
    headings: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def add(self, html: str) -> None:
        if html:
            self.parts.append({"part": "", "html": html})

    def add_text(self, markdown: str) -> None:
        """Add Markdown, its headings numbered for the contents; the first of all is the title."""

        def heading(match: re.Match[str]) -> str:
            level, text = int(match[1]), unescape(re.sub(r"<[^>]+>", "", match[2]))
            if level == 1 and not self.title:
                self.title = text
                return ""
            level = max(level, 2)
            own = {"id": f"h{len(self.headings) + 1}", "text": text, "level": level}
            self.headings.append(own)
            return f'<h{level} id="{own["id"]}">{match[2]}</h{level}>'

        safe = nh3.clean(str(_MARKDOWN(markdown)), tags=_TEXT_TAGS, attributes={}, link_rel=None)
        self.add(_HEADING.sub(heading, _as_page_tables(safe)).strip())


def build_page(
    notebook: Path,
    unit_folder: Path,
    run_path: Path,
    limits: UnitLimits | None = None,
    kernel: bool = False,
) -> Report:
    """Run an analyst's own notebook on a unit and return its page.

    Its record has the title, and what was left out or lacks words (``faults``). Parameters and
    errors are those of ``execute``.
    """
    executed = execute(notebook, unit_folder, run_path, limits, kernel)
    require_all_ran(executed, run_path)
    unit = load_folder(unit_folder)
    page = _OwnPage()
    for cell in executed.cells:
        if cell.cell_type == "markdown":
            page.add_text(cell.source)
        elif cell.cell_type == "code":
            for output in cell.outputs:
                _add_output(
                    page, output, cell.execution_count, f"{unit.year}/{unit.code}", run_path
                )
    title = page.title or notebook.stem
    head = f"<h1>{escape(title)}</h1><p>{escape(unit.name)}　{unit.year}年度</p>"
    parts = [{"part": "", "html": head}, *page.parts]
    shown = {part["part"] for part in parts} - {""}
    if shown and TRACE not in shown:
        # Parts of ours print numbers that lead to where they come from.
        known = score(check(load_unit(unit_folder))).quantities.values()
        parts.append({"part": TRACE, "html": "", "numbers": definitions(known)})
        page.headings.append({"id": f"s-{TRACE}", "text": PAGE_HEADINGS[TRACE], "level": 2})
    number_parts(parts, Printer(unit.settings.rounding), run_path)
    html = rendered(f"{title}　{unit.name}", OWN_PAGE, parts, page.headings)
    check_page(html, run_path, unit_folder)
    record = {"title": title, "notebook": notebook.stem, "faults": page.faults}
    return Report(html, record | {"sample": unit.settings.sample})


def _add_output(page: _OwnPage, output: Any, cell: int, unit: str, run_path: Path) -> None:
    where = f"第 {cell} 个单元格"
    if output.output_type == "stream":
        if output.name == "stderr":
            page.faults.append(f"{where}输出了警告，没有放进页面。")
        else:
            page.add(f"<pre>{escape(output.text)}</pre>")
        return
    data, mark = output.get("data", {}), output.get("metadata", {}).get(MARK, {})
    if "order" in mark and "text/html" in data:
        if mark["unit"] != unit:
            told = f"“{mark['part']}”这一部分显示的是 {mark['unit']}，不是 {unit}。"
            raise NotebookError(run_path.name, told, "单位只在标记为 parameters 的单元格里指定。")
        html = data["text/html"].removeprefix(WRAPPER[0]).removesuffix(WRAPPER[1])
        page.parts.append({**mark, "html": html})
        page.headings += mark["headings"]
        return
    html, fault = _shown(data, output.get("metadata", {}))
    page.add(html)
    if fault:
        page.faults.append(f"{where}{fault}")


def _shown(data: Mapping[str, Any], metadata: Mapping[str, Any]) -> tuple[str, str]:
    """Return an output as safe HTML, "" if it cannot be shown, and what is amiss with it."""
    for kind in _IMAGES:
        if kind in data:
            alt = str(metadata.get(kind, {}).get("alt") or metadata.get("alt") or "")
            image = f'<img src="{_data_address(kind, data[kind])}" alt="{escape(alt)}">'
            return f"<figure>{image}</figure>", "" if alt else "的图没有文字说明（alt）。"
    if "text/markdown" in data:
        made = str(_MARKDOWN(str(data["text/markdown"])))
        return _as_page_tables(nh3.clean(made, tags=_TEXT_TAGS, attributes={}, link_rel=None)), ""
    if "<table" in str(data.get("text/html", "")):
        safe = nh3.clean(str(data["text/html"]), tags=_TABLE_TAGS, attributes=_SPANS)
        return _as_page_tables(safe), ""
    if set(data) - {"text/plain", "text/html"}:
        kinds = "、".join(sorted(set(data) - {"text/plain"}))
        return "", f"的输出没有放进页面：只放文字、表格和图（这里是 {kinds}）。"
    plain = str(data.get("text/plain", ""))
    if plain.startswith("<Figure "):
        return "", "的图没有放进页面：先 import matplotlib.pyplot，图才会画出来。"
    return f"<pre>{escape(plain)}</pre>" if plain else "", ""


def _data_address(kind: str, data: str) -> str:
    import base64

    content = base64.b64encode(data.encode()).decode() if kind == "image/svg+xml" else data
    return f"data:{kind};base64,{''.join(content.split())}"


def _as_page_tables(html: str) -> str:
    """Return HTML whose tables have heads that say of what, and numbers to the right."""

    def table(match: re.Match[str]) -> str:
        head, mark, body = match[0].partition("</thead>")
        told = re.sub(r"<th(?=[ >])", '<th scope="col"', head) + mark
        rows = re.sub(r"<th(?=[ >])", '<th scope="row"', body)
        rows = _NUMBER.sub(r'<td class="num">\1</td>', rows)
        return f'<div class="scroll" tabindex="0" role="region" aria-label="表">{told}{rows}</div>'

    return re.sub(r"<table.*?</table>", table, html, flags=re.DOTALL)
