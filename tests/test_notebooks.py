"""The notebooks as an analyst opens them: they run unchanged and show every part there is."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT, Samples, copy_project

from selfeval.run.notebook import FINISH_TYPE, MARK
from selfeval.run.report import read_finish_record
from selfeval.schemes.loading import scheme_names
from selfeval.schemes.outlines import load_outline

EDITIONS = ("report", "review")
UNITS = ("G001", "S001", "S002", "S003", "S004", "S005")


def shown_parts(edition: str) -> list[str]:
    notebook = nbformat.read(ROOT / "notebooks" / f"{edition}.ipynb", as_version=4)
    source = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    return re.findall(r'show\(evaluation, "([\w-]+)"\)', source)


def test_the_report_notebook_shows_every_section_of_every_outline() -> None:
    schemes = ROOT / "params" / "schemes"
    outlines = [load_outline(schemes, name) for name in scheme_names(schemes, "outlines")]

    needed = {section.id for outline in outlines for section in outline.sections}

    assert len(outlines) > 1
    assert needed <= set(shown_parts("report"))


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_notebook_shows_each_part_once_and_the_trace_near_its_end(
    edition: str,
) -> None:
    parts = shown_parts(edition)

    assert len(parts) == len(set(parts))
    assert parts[-2:] == ["trace", "about"]


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_markdown_cell_before_a_part_names_it_for_the_table_of_contents(
    edition: str,
) -> None:
    notebook = nbformat.read(ROOT / "notebooks" / f"{edition}.ipynb", as_version=4)
    cells = notebook.cells

    bare = [
        cell.source
        for before, cell in pairwise(cells)
        if cell.source.startswith("show(") and not before.source.startswith("## ")
    ]

    assert bare == []


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("unit", UNITS)
def test_an_executed_sample_ran_every_cell_in_order_and_printed_nothing_aside(
    unit: str, edition: str, samples: Samples
) -> None:
    path = samples.page(unit).parent.parent / ".work" / unit / f"{edition}.ipynb"
    executed = nbformat.read(path, as_version=4)

    record = read_finish_record(executed, path)

    outputs = [output for cell in executed.cells for output in cell.get("outputs", [])]
    assert (record["unit_code"], record["edition"]) == (unit, edition)
    assert {output.output_type for output in outputs} <= {"display_data", "execute_result"}
    finished = [output for output in outputs if FINISH_TYPE in output.data]
    marked = [output for output in outputs if "order" in output.metadata.get(MARK, {})]
    assert len(finished) == 1
    assert len(marked) == len(record["parts"])


def test_a_notebook_runs_as_it_is_from_its_own_folder_on_the_golden_case(tmp_path: Path) -> None:
    project = copy_project(tmp_path)
    papermill = Path(sys.executable).with_name("papermill")

    subprocess.run(
        [papermill, "review.ipynb", "out.ipynb"],
        cwd=project.notebooks,
        check=True,
        capture_output=True,
    )

    path = project.notebooks / "out.ipynb"
    record = read_finish_record(nbformat.read(path, as_version=4), path)
    assert (record["unit_code"], record["edition"]) == ("G001", "review")
