"""What a batch has to do: units whose report stands are left alone, and every change is seen."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from builders import NARRATIVE, make_unit
from click.testing import CliRunner
from test_batch import record_of, run_command, small_notebooks

from selfeval.checks.text.copied import compared_sentences
from selfeval.cli import cli
from selfeval.evaluation.load import load_unit
from selfeval.project import Project
from selfeval.run.batch import Options, run_units
from selfeval.run.plan import Plan, sentence_digest, versions
from selfeval.schemes.loading import schemes_folder
from selfeval.terms import PLAN_REASONS

OWN = "全年完成维修二百三十处，按期办结率百分之百，群众来信当日回复。"
OTHERS = "另一个单位自己写的一句话，说的是它自己做了些什么。"


def write_record(project: Project, folder: Path, **changed: object) -> None:
    """Write the record that a run of a unit as it is now would leave."""
    compared = sorted({sentence_digest(one) for one in compared_sentences(load_unit(folder))})
    path = Plan(project).record_path(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    record = {
        "status": "done",
        "report": {"draft": False, "score": "90/1"},
        "files": {},
        "compared": compared,
        "key": dict(Plan(project).key(folder, compared)),
    }
    path.write_text(json.dumps(record | changed), encoding="utf-8")


@pytest.fixture
def year(tmp_path: Path) -> Path:
    """A year of three units with schemes and notebooks of their own, T001 with a year before."""
    shutil.copytree(schemes_folder(tmp_path / "params"), tmp_path / "params/schemes")
    small_notebooks(tmp_path)
    make_unit(tmp_path, narrative=f"{NARRATIVE}\n{OWN}\n")
    for code in ("T002", "T003"):
        make_unit(tmp_path, narrative=NARRATIVE, settings={"unit_code": code})
    before = {"unit_code": "T001", "fiscal_year": 2020}
    shutil.copytree(tmp_path / "params/2021/T001", tmp_path / "params/2020/T001")
    text = (tmp_path / "params/2020/T001/unit.yaml").read_text(encoding="utf-8")
    text = text.replace("2021", str(before["fiscal_year"]))
    (tmp_path / "params/2020/T001/unit.yaml").write_text(text, encoding="utf-8")
    write_record(Project(tmp_path), tmp_path / "params/2021/T001")
    return tmp_path


def add(path: str, text: str = "\n") -> object:
    def change(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        with (root / path).open("a", encoding="utf-8") as file:
            file.write(text)

    return change


SCORED = json.dumps({"report": {"score": "88/1"}})
CHANGES = [
    ("files", add("params/2021/T001/narrative.md", "加一句话。\n")),
    ("files", add("params/2021/T001/evidence/材料.txt")),
    ("before", add("params/2020/T001/narrative.md", "加一句话。\n")),
    ("before", add("outputs/2020/T001/record.json", SCORED)),
    ("before", add("params/2019/T001/unit.yaml", "fiscal_year: 2019\n")),
    ("neighbours", add("params/2021/T002/narrative.md", OWN)),
    ("neighbours", add("params/2021/T009/unit.yaml", "unit_name: 新来的单位\n")),
    ("schemes", add("params/schemes/text/grammar.yaml")),
    ("notebooks", add("notebooks/review.ipynb", "#")),
]


@pytest.mark.parametrize(("part", "change"), CHANGES)
def test_each_change_of_what_a_report_is_made_from_is_told(year, part, change):
    folder = year / "params/2021/T001"
    assert Plan(Project(year)).why(folder) == ""

    change(year)

    assert Plan(Project(year)).why(folder) == PLAN_REASONS[part]


def run_in_lab(path: Path) -> None:
    """Leave in a notebook what JupyterLab does when its cells are run and it is saved."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["language_info"] = {"name": "python", "version": "3.13.1"}
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type == "code":
            cell.execution_count = number
            cell.outputs = [nbformat.v4.new_output("stream", text="看过了\n")]
    nbformat.write(notebook, path)


def test_a_notebook_with_the_line_ends_of_windows_is_the_same(year):
    path = year / "notebooks/report.ipynb"

    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert Plan(Project(year)).why(year / "params/2021/T001") == ""


def test_a_notebook_that_was_only_run_and_saved_makes_no_report_anew(year):
    path = year / "notebooks/report.ipynb"
    before = path.read_bytes()

    run_in_lab(path)
    run = Plan(Project(year)).why(year / "params/2021/T001")
    path.write_bytes(path.read_bytes().replace(b"import ", b"import  "))
    changed = Plan(Project(year)).why(year / "params/2021/T001")

    assert path.read_bytes() != before
    assert (run, changed) == ("", PLAN_REASONS["notebooks"])


@pytest.mark.parametrize(
    "path",
    ["params/2021/T002/narrative.md", "params/2021/T002/注.csv", "params/2021/T001/~$a.xlsx"],
)
def test_what_no_report_of_a_unit_is_made_from_leaves_it_alone(year, path):
    add(path, OTHERS)(year)

    assert Plan(Project(year)).why(year / "params/2021/T001") == ""


def test_a_sentence_that_many_have_already_is_no_news_of_one_more(year):
    narratives = [year / f"params/2021/{code}/narrative.md" for code in ("T002", "T003")]
    make_unit(year, narrative=f"{NARRATIVE}\n{OWN}\n", settings={"unit_code": "T004"})
    for path in narratives:
        add(str(path), OWN)(year)
    write_record(Project(year), year / "params/2021/T001")

    add("params/2021/T004/narrative.md", OTHERS)(year)

    assert Plan(Project(year)).why(year / "params/2021/T001") == ""


def test_other_versions_of_the_libraries_are_told(year, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr("selfeval.run.plan.metadata.version", lambda name: "0.0.1")
        versions.cache_clear()
        why = Plan(Project(year)).why(year / "params/2021/T001")
    versions.cache_clear()

    assert why == PLAN_REASONS["program"]


@pytest.mark.parametrize(
    ("record", "final", "why"),
    [
        ({"status": "crashed"}, False, "failed"),
        ({"files": {"report.html": "没有的"}}, False, "outputs"),
        ({"report": {"draft": True, "score": "90/1"}}, True, "final"),
        ({"report": {"draft": False, "score": None}}, True, "final"),
    ],
)
def test_what_came_of_the_last_run_may_ask_for_another(year, record, final, why):
    write_record(Project(year), year / "params/2021/T001", **record)

    assert Plan(Project(year)).why(year / "params/2021/T001", final) == PLAN_REASONS[why]


def test_a_unit_that_never_ran_has_no_report_yet(year):
    assert Plan(Project(year)).why(year / "params/2021/T002") == PLAN_REASONS["new"]


# --- runs -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of one unit, run once."""
    root = tmp_path_factory.mktemp("ran")
    small_notebooks(root)
    make_unit(root)
    assert [one.status for one in run_units(Project(root), [root / "params/2021/T001"])] == ["done"]
    return root


@pytest.fixture
def project(ran: Path, tmp_path: Path) -> Project:
    """The project of ``ran``, to be changed."""
    return Project(Path(shutil.copytree(ran, tmp_path / "copy")))


def test_a_unit_whose_report_stands_is_not_run_again_wherever_the_project_is(project):
    notebook = project.outputs / "2021/.work/T001/report.ipynb"
    notebook.unlink()

    [result] = run_units(project, [project.params / "2021/T001"])

    assert (result.kept, result.record) == (True, record_of(project, "T001"))
    assert not notebook.exists()


def test_a_run_of_what_stands_by_request_leaves_the_same_record(project):
    before = record_of(project, "T001")

    [result] = run_units(project, [project.params / "2021/T001"], Options(again=True))

    assert not result.kept
    assert record_of(project, "T001") == before


def test_the_index_says_which_reports_are_stale_and_why(project):
    make_unit(project.root, settings={"unit_code": "T002", "unit_name": "另一个单位"})

    run_units(project, [])
    run_units(project, [project.params / "2021/T002"])

    index = (project.outputs / "2021/index.html").read_text(encoding="utf-8")
    assert "未通过1</a>" in index
    assert "已过期1</a>" in index
    assert f'<td class="problem">{PLAN_REASONS["neighbours"]}</td>' in index


@pytest.mark.parametrize("keep", [False, True])
def test_the_pages_of_a_removed_unit_leave_the_outputs(project, keep):
    folder = project.params / "2021/T001"
    make_unit(project.root, settings={"unit_code": "T002"}, narrative="# 没有的标题\n")
    shutil.rmtree(folder)

    run_units(project, [project.params / "2021/T002"], Options(keep=keep))

    assert not (project.outputs / "2021/T001").exists()
    assert not (project.outputs / "2021/.work/T001").exists()
    assert (project.outputs / "2021/.removed/T001/report.html").exists() is keep


def test_the_commands_tell_the_plan_the_state_and_run_only_what_failed(project):
    make_unit(project.root, settings={"unit_code": "T002"}, narrative="# 没有的标题\n")
    add("params/2021/T001/narrative.md", "加一句话。\n")(project.root)

    planned = run_command(project.root, "run", "--dry-run")
    failed = run_command(project.root, "run", "T002")
    told = run_command(project.root, "status")
    again = run_command(project.root, "retry")

    assert planned.stdout.splitlines() == [
        f"2021/T001 要做：{PLAN_REASONS['files']}、{PLAN_REASONS['neighbours']}",
        f"2021/T002 要做：{PLAN_REASONS['new']}",
        "共 2 个单位，要做 2 个，没有变化的 0 个。",
    ]
    assert (failed.returncode, again.returncode) == (3, 3)
    assert "2021/T001 已过期" in told.stdout
    assert "2021/T002 未通过" in told.stdout
    assert told.stdout.endswith("共 2 个单位：已过期 1 个，未通过 1 个。\n")
    assert "T001" not in again.stdout


def test_the_state_is_told_to_programs_too(project):
    asked = ["--project", str(project.root), "status", "--json"]
    [one] = json.loads(CliRunner().invoke(cli, asked).output)

    assert (one["unit_code"], one["fiscal_year"], one["state"]) == ("T001", 2021, "done")


def test_the_units_of_a_department_are_taken_alone(project):
    make_unit(project.root, settings={"unit_code": "T002", "group": "甲主管局"})

    def said(*arguments: str) -> list[str]:
        asked = ["--project", str(project.root), *arguments, "--group", "甲主管局"]
        return CliRunner().invoke(cli, asked).output.splitlines()

    assert said("list") == ["2021/T002 甲主管局 › 测试单位", "共 1 个单位。"]
    assert said("status")[0] == f"2021/T002 {PLAN_REASONS['new']} 甲主管局 › 测试单位"
    assert [line[:9] for line in said("run", "--dry-run")[:-1]] == ["2021/T002"]


def test_a_department_that_is_not_there_is_answered_with_those_there_are(project):
    make_unit(project.root, settings={"unit_code": "T002", "group": "甲主管局"})
    asked = ["--project", str(project.root), "list", "--group", "乙主管局"]

    assert "（现有：甲主管局）" in str(CliRunner().invoke(cli, asked).exception)


def test_nothing_failed_is_said_so(project):
    asked = ["--project", str(project.root), "retry"]

    assert CliRunner().invoke(cli, asked).output == "没有上次未通过的单位。\n"
