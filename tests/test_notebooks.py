"""The notebooks as an analyst opens them: they run unchanged and show every part there is."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
import pytest
from conftest import ROOT, Samples, copy_project
from papermill import execute_notebook
from test_batch import run_command

from selfeval.project import Project
from selfeval.run.batch import run_units
from selfeval.run.notebook import FINISH_TYPE, MARK
from selfeval.run.report import read_finish_record
from selfeval.schemes.loading import scheme_names
from selfeval.schemes.outlines import load_outline
from selfeval.unit.register import find_units

EDITIONS = ("report", "review")
TEMPLATES = ("three-public", "all-units")
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


def papermill(notebook: str, folder: Path, *options: str) -> Any:
    """Run a notebook of a folder by the command; return it as it was executed."""
    command = Path(sys.executable).with_name("papermill")
    subprocess.run(
        [command, *options, notebook, "out.ipynb"], cwd=folder, check=True, capture_output=True
    )
    return nbformat.read(folder / "out.ipynb", as_version=4)


def by_a_kernel(notebook: str, folder: Path, **parameters: str) -> Any:
    """Run a notebook of a folder as the command does, but within this process."""
    return execute_notebook(
        folder / notebook, folder / "out.ipynb", parameters, cwd=folder, progress_bar=False
    )


def test_a_notebook_runs_as_it_is_from_its_own_folder_on_the_golden_case(tmp_path: Path) -> None:
    project = copy_project(tmp_path)

    executed = papermill("review.ipynb", project.notebooks)

    record = read_finish_record(executed, project.notebooks / "out.ipynb")
    assert (record["unit_code"], record["edition"]) == ("G001", "review")


def test_the_template_of_a_topic_makes_a_page_of_every_sample_and_nothing_is_to_be_mended(
    tmp_path: Path,
) -> None:
    project = copy_project(tmp_path)

    run = run_command(tmp_path, "run", "--notebook", "notebooks/three-public.ipynb")

    assert run.returncode == 0, run.stdout + run.stderr
    assert f"完成 {len(UNITS)} 个，没有失败。" in run.stdout
    assert "还要改的地方" not in run.stdout
    folder = project.outputs / "three-public/2021"
    pages = {
        code: (folder / code / "three-public.html").read_text(encoding="utf-8") for code in UNITS
    }
    lacking = [code for code, page in pages.items() if "没有填报“三公”经费的数额" in page]
    assert lacking == ["G001"]
    assert [code for code, page in pages.items() if "<figure" not in page] == ["G001"]


@pytest.mark.parametrize("engine", ["kernel", "forked"])
@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_runs_under_papermill_and_tells_of_drafts_apart(
    name: str, engine: str, tmp_path: Path
) -> None:
    project = copy_project(tmp_path)
    for code in ("S002", "S003", "S005"):
        shutil.rmtree(project.params / "2021" / code)

    if engine == "forked":  # which takes a process of one thread
        executed = papermill(f"{name}.ipynb", project.notebooks, "--engine", "selfeval")
    else:
        executed = by_a_kernel(f"{name}.ipynb", project.notebooks)

    outputs = [output for cell in executed.cells for output in cell.get("outputs", [])]
    assert {output.output_type for output in outputs} <= {"display_data", "execute_result"}
    shown = {output.metadata.get(MARK, {}).get("title"): output.data for output in outputs}
    told = {"得分的名次（2021年）": ["S001"], "没有排名的单位（2021年）": ["G001", "S004"]}
    for title, codes in told.items() if name == "all-units" else ():
        assert re.findall(r"[GS]\d{3}", shown[title]["text/plain"]) == codes


@pytest.mark.parametrize("name", ["start", "explore"])
def test_a_notebook_to_explore_runs_by_papermill_and_warns_of_nothing(
    name: str, tmp_path: Path
) -> None:
    project = copy_project(tmp_path)

    executed = by_a_kernel(f"{name}.ipynb", project.notebooks, unit="2021/G001")

    outputs = [output for cell in executed.cells for output in cell.get("outputs", [])]
    assert len(outputs) > 5
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []


def test_exploring_makes_a_page_of_every_sample_on_which_nothing_falls_short(
    tmp_path: Path,
) -> None:
    copied = copy_project(tmp_path)
    project = Project(copied.root, copied.notebooks / "explore.ipynb")

    results = run_units(project, find_units(project, [], None))

    assert [result.reason for result in results] == [""] * len(UNITS)
    records = [project.outputs / "2021" / unit / "record.json" for unit in UNITS]
    faults = [json.loads(path.read_text(encoding="utf-8"))["report"]["faults"] for path in records]
    assert faults == [[]] * len(UNITS)
