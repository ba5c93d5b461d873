"""Small notebooks for tests, which run in a second, and pages made without a kernel."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

from selfeval.evaluation import Evaluation
from selfeval.run.notebook import FINISH_TYPE, MARK, REQUIRED, build_view, finish_record
from selfeval.run.report import export_page

PARAMETERS = 'unit: str = ""'
OVERVIEW = {"part": "overview", "order": 0, "headings": []}
RECORD = {
    "edition": "report",
    "unit_code": "T001",
    "fiscal_year": 2021,
    "title": "2021年度测试单位自评报告",
    "draft": False,
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
    outlined = [section.id for section in evaluation.unit.outline.sections]
    parts = [*REQUIRED[edition], *(outlined if edition == "report" else [])]
    outputs = []
    # What is shown last lists the numbers of all the others.
    for part in sorted(parts, key=lambda part: part in {"trace", "about"}):
        view = build_view(evaluation, part)
        assert view is not None
        evaluation.shown.append(part)
        mark = {"part": part, "order": view.order, "headings": list(map(asdict, view.headings))}
        html = {"text/html": view.html}
        outputs.append(new_output("display_data", data=html, metadata={MARK: mark}))
    cell = new_code_cell("", outputs=outputs)
    record = finish_record(evaluation, edition)
    return export_page(new_notebook(cells=[cell]), record, Path("report.ipynb"))


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
