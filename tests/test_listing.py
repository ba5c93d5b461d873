"""All units of a project, listed without a table read, or loaded, checked and scored."""

from __future__ import annotations

import pickle
import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import pandas as pd
import pytest
from builders import make_unit
from conftest import Samples
from evaluated import BASIC

from selfeval.errors import UsageError
from selfeval.evaluation.load import load_unit
from selfeval.lab.listing import load_all, units


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of two units, of which the second has a table that cannot be read."""
    first = make_unit(tmp_path, basic=BASIC)
    second = first.with_name("T002")
    shutil.copytree(first, second)
    settings = second / "unit.yaml"
    text = settings.read_text(encoding="utf-8").replace("T001", "T002")
    settings.write_text(f"{text}\ngroup: 民政\n", encoding="utf-8")
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    return tmp_path


def test_the_units_are_listed_from_their_folders_alone(project: Path) -> None:
    (project / "params/2021/T002/填报.xlsx").write_bytes(b"no workbook")

    frame = units()

    assert list(frame.columns) == [
        "年度", "代码", "名称", "主管部门", "状态", "文件夹", "笔记本", "报告",
    ]  # fmt: skip
    assert list(frame["代码"]) == ["T001", "T002"]
    assert list(frame["主管部门"]) == ["", "民政"]
    assert list(frame["文件夹"]) == ["params/2021/T001", "params/2021/T002"]


def test_the_state_of_a_unit_is_that_of_the_command(
    samples: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(samples.project.root)

    states = units(2021).set_index("代码")["状态"]

    assert (states["S001"], states["G001"]) == ("已完成", "草稿")


def test_in_jupyterlab_a_unit_leads_to_its_folder_notebooks_and_pages_by_links_that_hold(
    samples: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(samples.project.notebooks)

    shown = str(units(2021).head(1)._repr_html_())

    links = [unquote(link) for link in re.findall('<a href="([^"]+)">', shown)]
    names = ("report", "review")
    assert links == [
        *(f"{name}.ipynb" for name in names),
        *(f"../outputs/2021/G001/{name}.html" for name in names),
    ]
    assert [link for link in links if not Path(link).is_file()] == []
    assert "{&quot;path&quot;: &quot;params/2021/G001&quot;}" in shown


def test_what_is_not_made_yet_has_no_link_and_a_name_in_a_path_is_no_markup(project: Path) -> None:
    (project / "params/2021/T001").rename(project / "params/2021/T&1")

    frame = units()

    assert list(frame["报告"]) == ["", ""]
    assert "params/2021/T&amp;1</button>" in str(frame._repr_html_())
    assert list(pickle.loads(pickle.dumps(frame["文件夹"]))) == list(frame["文件夹"])


def test_a_year_there_is_not_is_refused(project: Path) -> None:
    with pytest.raises(UsageError, match="没有2020年度的单位（现有年度：2021）"):
        units(2020)


def test_all_units_have_a_row_and_those_refused_a_reason(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "params/2021/T002/填报.xlsx").write_bytes(b"no workbook")

    found = load_all()

    assert [one.unit.code for one in found] == ["T001"]
    assert repr(found) == "<1 个单位，1 个没有读进来>"
    assert list(found.frame["代码"]) == ["T001"]
    assert found.frame.loc[0, "严重问题"] == sum(one.blocks for one in found[0].all_findings) > 0
    assert found.frame.loc[0, "全年执行数"] is pd.NA
    assert list(found.refused["代码"]) == ["T002"]
    assert capsys.readouterr().out.startswith("2021/T002 没有读进来：")
    assert "填报.xlsx" in found.refused.loc[0, "原因"]


def test_only_the_units_that_are_named_are_loaded(project: Path) -> None:
    assert [one.unit.code for one in load_all(2021, codes=["T002"])] == ["T002"]
    assert [one.unit.code for one in load_all(codes="T002")] == ["T002"]


@pytest.mark.parametrize(
    ("near", "most", "codes"),
    [
        ("S002", 3, ["S001", "S002", "S003"]),
        ("G001", 3, ["G001", "S001", "S002"]),
        ("2021/S005", 2, ["S004", "S005"]),
        ("S002", 1, ["S002"]),
        ("S002", 12, ["G001", "S001", "S002", "S003", "S004", "S005"]),
    ],
)
def test_units_beside_one_are_as_many_as_asked_for_wherever_it_stands(
    samples: Samples, monkeypatch: pytest.MonkeyPatch, near: str, most: int, codes: list[str]
) -> None:
    monkeypatch.chdir(samples.project.notebooks)

    assert [one.unit.code for one in load_all(2021, near=near, most=most)] == codes


def test_a_unit_that_is_not_among_those_asked_for_has_none_beside_it(project: Path) -> None:
    with pytest.raises(UsageError, match="near 写的“2021/T001”不在要看的单位里"):
        load_all(2021, codes=["T002"], near="T001")


@pytest.mark.parametrize(
    "named",
    ["T001", "2021/T001", "params/2021/T001", "../params/2021/T001", "../../params/2021/T001"],
)
@pytest.mark.parametrize("where", [".", "notebooks", "params/2021/T001"])
def test_a_unit_is_found_by_code_year_or_path_from_anywhere_in_the_project(
    project: Path, monkeypatch: pytest.MonkeyPatch, named: str, where: str
) -> None:
    monkeypatch.chdir(project / where)

    assert load_unit(named).unit.folder.resolve() == project / "params/2021/T001"


def test_a_code_alone_is_of_the_latest_year(project: Path) -> None:
    before = project / "params/2020/T001"
    shutil.copytree(project / "params/2021/T001", before)
    settings = before / "unit.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("2021", "2020"), encoding="utf-8")

    assert load_unit("T001").unit.year == 2021
    assert load_unit("T001", 2020).unit.year == load_unit("2020/T001").unit.year == 2020
    with pytest.raises(UsageError, match="年度写了两个：2020和2021"):
        load_unit("2020/T001", 2021)


def test_a_unit_there_is_not_is_refused_with_the_nearest_code(project: Path) -> None:
    with pytest.raises(UsageError) as slip:
        load_unit("T0O1")
    with pytest.raises(UsageError, match="没有指明是哪个单位"):
        load_unit("")

    assert str(slip.value) == "“T0O1”：2021年度没有这个单位。是不是“T001”？"
