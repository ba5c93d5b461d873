"""A new unit's folder can be filled in, loaded and run as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import copy_project
from openpyxl import load_workbook

from selfeval.cli import cli
from selfeval.errors import ParamsError, TableError, UsageError
from selfeval.project import Project
from selfeval.run.batch import run_units
from selfeval.schemes.loading import scheme_names
from selfeval.tables.own_form.new_unit import new_unit
from selfeval.unit import load_folder

OUTLINE = "wangcheng-2021"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "params").mkdir()
    return Project(tmp_path)


def entries(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


@pytest.mark.parametrize("outline", ["wangcheng-2021", "hunan-ten-part"])
def test_a_new_folder_loads_with_every_outline_there_is(outline: str, project: Project) -> None:
    folder = new_unit(project, "A-01", 2022, "测试局", outline)

    unit = load_folder(folder)

    assert outline in scheme_names(Path("params/schemes"), "outlines")
    assert (unit.code, unit.name, unit.year) == ("A-01", "测试局", 2022)
    assert entries(folder) == sorted(["unit.yaml", "narrative.md", "填报.xlsx"])
    assert entries(folder.parent) == sorted(["A-01", *entries(folder)])


def test_a_new_folder_runs_at_once_and_becomes_a_draft(tmp_path: Path) -> None:
    project = copy_project(tmp_path)
    folder = new_unit(project, "A01", 2021, "测试局", OUTLINE)

    [result] = run_units(project, [folder])

    assert result.status == "done", result.reason
    assert result.record["report"]["draft"] is True
    assert result.record["report"]["initial_budget"] is None


def test_the_workbook_names_the_unit_and_the_year(project: Project) -> None:
    folder = new_unit(project, "A01", 2021, "测试局", OUTLINE)

    guide = load_workbook(folder / "填报.xlsx").worksheets[0]

    assert "测试局　2021年度" in str(guide["A1"].value) + str(guide["A2"].value)


@pytest.mark.parametrize("name", ["=1+1", "+86局", "-甲", "@SUM(1)"])
def test_a_name_like_a_formula_stays_text_in_the_workbook(name: str, project: Project) -> None:
    folder = new_unit(project, "A01", 2021, name, OUTLINE)

    cells = [
        cell
        for sheet in load_workbook(folder / "填报.xlsx")
        for row in sheet.iter_rows()
        for cell in row
    ]

    assert [c.value for c in cells if c.data_type == "f" and name[1:] in str(c.value)] == []
    assert [cell.value for cell in cells if cell.quotePrefix] == [f"{name}　2021年度"]


@pytest.mark.parametrize(
    "name",
    [
        "a: b",
        "#x",
        "- 甲",
        "{甲}",
        "[甲]",
        "{name} {code}",
        "甲'乙",
        "“甲”局",
        "yes",
        "010",
        "*a",
        "!b",
    ],
)
def test_a_name_that_means_something_in_yaml_stays_a_name(name: str, project: Project) -> None:
    folder = new_unit(project, "A01", 2021, name, OUTLINE)

    assert load_folder(folder).name == name


@pytest.mark.parametrize(
    "code", ["../x", "CON", "nul", "com1", "", "x" * 40, "单位", "a b", "-a", "a/b", "a\n", ".a"]
)
def test_a_code_that_cannot_be_a_folder_everywhere_is_refused(code: str, project: Project) -> None:
    with pytest.raises(ParamsError, match="单位代码"):
        new_unit(project, code, 2021, "测试局", OUTLINE)

    assert entries(project.root) == ["params"]


@pytest.mark.parametrize(
    "name", ["", " ", "局", "长" * 61, 'a"b', "a\\b", "a\nb", "a\tb", "甲\u202e乙", "甲\udc80乙"]
)
def test_a_name_that_cannot_stand_in_a_title_is_refused(name: str, project: Project) -> None:
    with pytest.raises((UsageError, ParamsError)):
        new_unit(project, "A01", 2021, name, OUTLINE)

    assert entries(project.root) == ["params"]


@pytest.mark.parametrize("year", [0, 99, 1999, 2101])
def test_a_year_that_would_be_refused_later_is_refused_now(year: int, project: Project) -> None:
    with pytest.raises(ParamsError, match="fiscal_year"):
        new_unit(project, "A01", year, "测试局", OUTLINE)

    assert entries(project.root) == ["params"]


@pytest.mark.parametrize("code", ["A01", "a01"])
def test_a_folder_that_is_there_is_never_touched_whatever_its_case(
    code: str, project: Project
) -> None:
    folder = new_unit(project, "A01", 2021, "测试局", OUTLINE)
    before = (folder / "unit.yaml").read_bytes()

    with pytest.raises(UsageError, match="params/2021/A01：已经存在，没有改动"):
        new_unit(project, code, 2021, "另一个局", OUTLINE)

    assert (folder / "unit.yaml").read_bytes() == before
    assert [path.name for path in folder.parent.iterdir()] == ["A01"]


def test_an_outline_that_is_nearly_right_is_answered_with_the_right_one(
    project: Project,
) -> None:
    with pytest.raises(ParamsError, match="是不是“wangcheng-2021”"):
        new_unit(project, "A01", 2021, "测试局", "wangchen-2021")

    assert entries(project.root) == ["params"]


# --- many at once ---------------------------------------------------------------------------


def listed(project: Project, text: str, encoding: str = "utf-8") -> list[str]:
    """Write a list of units; return the command that makes them."""
    (project.root / "名单.csv").write_bytes(text.encode(encoding))
    path = str(project.root / "名单.csv")
    return ["--project", str(project.root), "new", "--from", path, "--year", "2021"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_list_makes_a_folder_for_each_of_its_units(project: Project, encoding: str) -> None:
    text = "单位代码,单位名称,报告提纲\n101001,甲局,hunan-ten-part\n,,\n101002,乙局,\n"

    made = CliRunner().invoke(cli, listed(project, text, encoding))

    units = [load_folder(folder) for folder in project.unit_folders(2021)]
    assert made.exit_code == 0
    assert made.output.endswith("新建 2 个，没有新建 0 个。\n")
    assert [(one.code, one.name) for one in units] == [("101001", "甲局"), ("101002", "乙局")]
    assert [one.settings.outline for one in units] == ["hunan-ten-part", OUTLINE]


def test_what_is_wrong_with_one_unit_of_a_list_stops_no_other(project: Project) -> None:
    new_unit(project, "A01", 2021, "甲局", OUTLINE)
    text = "单位代码,单位名称\nA01,改名局\n坏 码,丙局\nA02,乙局\n"

    made = CliRunner().invoke(cli, listed(project, text))

    assert made.exit_code == 3
    assert [folder.name for folder in project.unit_folders(2021)] == ["A01", "A02"]
    assert load_folder(project.params / "2021/A01").name == "甲局"
    assert (
        "名单.csv › 第 2 行 A01 没有新建\n    params/2021/A01：已经存在，没有改动。" in made.output
    )
    assert "名单.csv › 第 3 行 坏 码 没有新建" in made.output


def test_a_list_without_the_two_columns_is_refused(project: Project) -> None:
    made = CliRunner().invoke(cli, listed(project, "代码,名称\nA01,甲局\n"))

    assert isinstance(made.exception, TableError)
    assert "没有“单位代码”、“单位名称”两列" in str(made.exception)


def test_a_list_and_one_unit_are_not_made_together(project: Project) -> None:
    command = [*listed(project, "单位代码,单位名称\n"), "A01"]

    assert isinstance(CliRunner().invoke(cli, command).exception, UsageError)
