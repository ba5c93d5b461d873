"""The page of an analyst's own notebook: its text and its outputs, in their order, made safe.

Code is not shown. What is left out, and what a reader would miss, is told.
"""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

from ..budget.printer import Printer
from ..evaluation import Evaluation
from ..page.contained import check_page
from ..page.readable import page_faults
from ..page.trace import TRACE, definitions, has_numbers
from ..terms import OWN_PAGE, PAGE_HEADINGS
from ..unit import load_folder
from .cells import CellReader, PagePieces
from .processes import UnitLimits
from .report import Report, evaluated, execute, number_parts, rendered, require_all_ran


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

    @cache
    def evaluation() -> Evaluation:
        return evaluated(unit_folder)

    shown = CellReader(unit.year_and_code, run_path, False, evaluation).read(executed)
    title, contents = shown.title or notebook.stem, PagePieces(shown)
    head = f"<h1>{escape(title)}</h1><p>{escape(unit.name)}　{unit.year}年度</p>"
    contents.pieces.append({"part": "", "html": head})
    contents.add_own("")
    for part in shown.parts:
        contents.add_part(part)
        contents.add_own(part["part"])
    has_trace = any(part["part"] == TRACE for part in shown.parts)
    if not has_trace and has_numbers(piece["html"] for piece in contents.pieces):
        known = definitions(evaluation().quantities.values())
        told = {"id": f"s-{TRACE}", "text": PAGE_HEADINGS[TRACE], "level": 2}
        contents.add_part({"part": TRACE, "html": "", "numbers": known, "headings": [told]})
    number_parts(contents.pieces, Printer(unit.settings.rounding), run_path)
    html = rendered(f"{title}　{unit.name}", OWN_PAGE, contents.pieces, contents.headings)
    check_page(html, run_path, unit_folder)
    record = {
        "title": title,
        "notebook": notebook.stem,
        "faults": [*shown.faults, *page_faults(html)],
    }
    return Report(html, record | {"sample": unit.settings.sample})
