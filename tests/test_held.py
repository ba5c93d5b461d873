"""A unit evaluated once per run: held for its notebooks, and only for these very inputs."""

from __future__ import annotations

from pathlib import Path

import nbformat
import papermill
import pytest
from builders import BASIC, make_unit, write_csv
from conftest import copy_project
from nbformat.v4 import new_code_cell

from selfeval import check, score
from selfeval.evaluation import load
from selfeval.evaluation.load import hold, load_unit
from selfeval.run.batch import run_units


@pytest.fixture(autouse=True)
def _nothing_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "_HELD", {})


def test_a_unit_that_is_held_is_not_read_again_nor_checked_nor_scored(tmp_path: Path) -> None:
    folder = make_unit(tmp_path, basic=BASIC)
    evaluation = load_unit(folder)
    assert load_unit(folder) is not evaluation
    checked = check(evaluation)
    scored = score(checked)

    hold(evaluation, checked, scored)

    assert load_unit(folder) is evaluation
    assert check(load_unit(folder)) is checked
    assert score(load_unit(folder)) is scored


def test_a_unit_that_is_not_held_is_checked_anew_each_time(tmp_path: Path) -> None:
    evaluation = load_unit(make_unit(tmp_path, basic=BASIC))

    assert check(evaluation) is not check(evaluation)


@pytest.mark.parametrize("change", ["table", "unit.yaml", "narrative.md", "another file"])
def test_a_unit_whose_files_changed_is_read_as_it_is(tmp_path: Path, change: str) -> None:
    folder = make_unit(tmp_path, basic=BASIC)
    evaluation = load_unit(folder)
    hold(evaluation)

    if change == "table":
        make_unit(tmp_path, basic=[BASIC[0] | {"executed": 99}, BASIC[1]])
    elif change == "another file":
        rows = [["政府采购情况表"], ["单位：万元"], ["项目", "金额"], ["合计", 3]]
        write_csv(folder / "采购.csv", rows)
    else:
        path = folder / change
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    again = load_unit(folder)

    assert again is not evaluation
    executed = again.quantities["personnel.executed"].value
    assert executed == (99_000_000 if change == "table" else 105_500_000)


def test_another_unit_of_the_same_files_is_another(tmp_path: Path) -> None:
    one = load_unit(make_unit(tmp_path, settings={"unit_code": "T001"}))
    hold(one)

    other = load_unit(make_unit(tmp_path, settings={"unit_code": "T002"}))

    assert other.unit.code == "T002"


# --- a real run ------------------------------------------------------------------------------

COUNTER = """
from pathlib import Path

from selfeval import checks

_first, _log = next(iter(checks.RULES)), Path(unit).resolve().parents[2] / "checked.txt"
_rule = checks.RULES[_first]
def _noted(case):
    with _log.open("a") as file:
        file.write("checked\\n")
    return _rule(case)
checks.RULES[_first] = _noted
"""
"""Notes each check that a notebook makes itself."""


def test_the_notebooks_of_a_run_check_nothing_again_and_one_opened_by_hand_does(
    tmp_path: Path,
) -> None:
    project = copy_project(tmp_path)
    folder = project.params / "2021" / "S005"
    for edition in ("report", "review"):
        path = project.notebooks / f"{edition}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        tagged = [
            n for n, c in enumerate(notebook.cells) if "parameters" in c.metadata.get("tags", ())
        ]
        notebook.cells.insert(tagged[0] + 1, new_code_cell(COUNTER))
        nbformat.write(notebook, path)
    log = tmp_path / "checked.txt"

    (result,) = run_units(project, [folder])

    assert (result.status, result.reason) == ("done", "")
    assert not log.exists()

    papermill.execute_notebook(
        project.notebooks / "review.ipynb",
        tmp_path / "out.ipynb",
        {"unit": str(folder)},
        progress_bar=False,
    )

    assert log.read_text().splitlines() == ["checked"]
