"""Small notebooks for tests, which run in a second, and pages made without a kernel."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

from selfeval.errors import SelfEvalError
from selfeval.evaluation import Evaluation
from selfeval.page.parts import build_view, edition_parts
from selfeval.run.notebook import FINISH_TYPE, MARK, view_output
from selfeval.run.processes import UnitLimits, in_processes
from selfeval.run.record import finish_record
from selfeval.run.report import Report, build_report, export_page

PARAMETERS = 'unit: str = ""'
OVERVIEW = {"part": "overview", "unit": "2021/T001", "order": 0, "headings": []}
RECORD = {
    "edition": "report",
    "unit_code": "T001",
    "fiscal_year": 2021,
    "title": "2021年度测试单位自评报告",
    "draft": False,
    "rounding": "half_up",
    "parts": ["overview"],
}


def show_cell(html: str = "<h1>概览</h1>", **mark: object) -> str:
    """Return the source of a cell that shows HTML with our mark."""
    data, metadata = {"text/html": html}, {MARK: OVERVIEW | mark}
    return f"display({data!r}, raw=True, metadata={metadata!r})"


def finish_cell(**keys: object) -> str:
    """Return the source of a cell that writes a finish record."""
    record = json.dumps(RECORD | keys)
    return f"import json; display({{{FINISH_TYPE!r}: json.loads({record!r})}}, raw=True)"


def exported(evaluation: Evaluation, edition: str = "report") -> str:
    """Return the page of a checked and scored unit as the export makes it, without a kernel."""
    shown = [output_of(evaluation, part) for part in edition_parts(evaluation, edition)]
    record = finish_record(evaluation, edition)
    return export_page(executed(shown), record, Path("report.ipynb"), lambda: evaluation).html


def traced(evaluation: Evaluation) -> str:
    """Return the trace of what the sections of a unit's report print."""
    sections = [section.id for section in evaluation.unit.outline.sections]
    view = build_view(evaluation, "trace", *sections)
    assert view is not None
    return view.html


def output_of(evaluation: Evaluation, part: str) -> Any:
    """Return the output that a cell has which shows a part."""
    view = build_view(evaluation, part)
    assert view is not None
    data, mark = view_output(evaluation, view)
    return new_output("display_data", data=data, metadata={MARK: mark})


def executed(outputs: list[Any]) -> Any:
    """Return a notebook whose cells have these outputs, one each."""
    return new_notebook(cells=[new_code_cell("", outputs=[output]) for output in outputs])


def write_notebook(path: Path, *sources: str, tag: str = "", parameters: str = PARAMETERS) -> Path:
    """Write a notebook: the parameters, then a cell for each source; ``tag`` marks the first."""
    cells = [new_code_cell(parameters, metadata={"tags": ["parameters"]})]
    cells += [new_code_cell(source) for source in sources]
    if tag:
        cells[1].metadata["tags"] = [tag]
    path.parent.mkdir(parents=True, exist_ok=True)
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), path)
    return path


def build(
    notebook: Path, folder: Path, run_path: Path, limits: UnitLimits, kernel: bool = False
) -> Report:
    """Build a report as a batch does: in a process of its own, which can be forked again."""
    if kernel:
        return build_report(notebook, folder, run_path, limits, kernel)
    job = notebook, folder, run_path, limits
    [(_, ended)] = in_processes(_built, [job], 1, UnitLimits(60))
    assert ended.ending == "answered", ended
    if isinstance(ended.answer, Exception):
        raise ended.answer
    report: Report = ended.answer
    return report


def _built(job: tuple[Path, Path, Path, UnitLimits]) -> Report | Exception:
    try:
        return build_report(*job)
    except SelfEvalError as error:
        return error
