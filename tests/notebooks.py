"""Small notebooks for tests: they need a kernel, but not the package, so they run in a second."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from selfeval.showing import FINISH_TYPE, MARK

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
