"""An analyst's own notebook over the units: a safe page for each, its own records and index."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest
from builders import make_unit
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import Browser
from test_batch import run_command

from notebooks import write_notebook
from selfeval.errors import UsageError
from selfeval.page.verify import verify_folder
from selfeval.project import Project, require_own_name
from selfeval.run.batch import run_units

PARAMETERS = new_code_cell('unit: str = ""', metadata={"tags": ["parameters"]})
FIGURE = "import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.show()"
UNDRAWN = "from matplotlib.figure import Figure; Figure()"
FRAME = """\
import pandas as pd
pd.DataFrame({"项目": ["甲<b>", "乙"], "金额": [1234.5, 2]})
"""
HOSTILE = """\
from IPython.display import HTML, Javascript, display
display(HTML("<table><tr><td onclick='x()'>一<script>alert(1)</script></td></tr></table>"))
display(Javascript("alert(1)"))
"""


def own_notebook(root: Path, *cells: object, name: str = "专题") -> Project:
    """Write an own notebook of Markdown (str) and code (in a list), and return its project."""
    made = [new_markdown_cell(c) if isinstance(c, str) else new_code_cell(c[0]) for c in cells]  # type: ignore[index]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path = root / "notebooks" / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=[PARAMETERS, *made], metadata=kernel), path)
    return Project(root, path)


def page_of(tmp_path: Path, *cells: object) -> tuple[str, dict]:
    """Return the page that cells make of a unit, and its record."""
    project = own_notebook(tmp_path, *cells)
    [result] = run_units(project, [make_unit(tmp_path)])
    assert result.reason == ""
    folder = project.outputs / "2021/T001"
    record = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    return (folder / "专题.html").read_text(encoding="utf-8"), record


def test_text_tables_figures_and_what_was_printed_come_in_their_order_and_code_does_not(
    tmp_path: Path,
) -> None:
    page, record = page_of(
        tmp_path,
        "# 三公经费专题\n\n先说结论。",
        "## 各项 **支出**\n\n| 项 | 数 |\n|---|---|\n| 一 | 2 |\n",
        [FRAME],
        [FIGURE],
        ["print('共 2 项 <')"],
        ["secret = 1; 40 + 2"],
    )

    places = [page.index(text) for text in (
        ">三公经费专题</h1><p>测试单位　2021年度</p>", '<a href="#h1">各项 支出</a>', "先说结论",
        ' id="h1">各项 <strong>支出</strong></h2>', '<th scope="col">项</th>', "甲&lt;b&gt;",
        '<td class="num own">1234.5</td>', '<img src="data:image/png;base64,', "共 2 项 &lt;",
        ">42<",
    )]  # fmt: skip
    assert places == sorted(places)
    assert "secret" not in page
    assert record["report"] == {
        "title": "三公经费专题",
        "notebook": "专题",
        "sample": False,
        "faults": [
            '第 3 个单元格（pd.DataFrame({"项目": ["甲<…）的表没有标题：'
            "请用 show(frame, title=…)。",
            "第 4 个单元格（import matplotlib.pyplot…）的图没有文字说明（alt）。",
        ],
    }


def test_a_number_of_our_frames_stands_to_the_right_and_keeps_its_source_where_the_mouse_is(
    tmp_path: Path,
) -> None:
    frame = (
        "from selfeval.evaluation.shown import shown_frame\n"
        "from selfeval.evaluation.numbers import ShownDecimal\n"
        "shown_frame({'甲': 'str', '乙': 'object'}, [['丙', ShownDecimal('1.5', '丁')]], '题')"
    )
    page, _ = page_of(tmp_path, "# 题", [frame])

    assert '<td class="num own" title="丁">1.5</td>' in page


@pytest.mark.browser
def test_on_a_phone_a_figure_is_as_wide_as_the_page(browser: Browser, tmp_path: Path) -> None:
    page_of(tmp_path, "# 题", [FIGURE])
    phone = browser.new_page(viewport={"width": 360, "height": 800})

    phone.goto((tmp_path / "outputs/专题/2021/T001/专题.html").as_uri())

    assert phone.evaluate("document.images[0].getBoundingClientRect().right") <= 360
    assert phone.evaluate("document.documentElement.scrollWidth") == 360


def test_what_could_run_is_left_out_and_told(tmp_path: Path) -> None:
    page, record = page_of(
        tmp_path, "# 题\n\n<script>alert(2)</script> [链接](http://a.b)", [HOSTILE]
    )

    assert "<script" not in page
    assert "onclick" not in page
    assert '<a href="http' not in page
    assert "<td>一</td>" in page
    where = '第 3 个单元格（display(HTML("<table><tr…）'
    assert record["report"]["faults"] == [
        f"{where}的表没有表头。",
        f"{where}的输出没有放进页面：只放文字、表格和图（这里是 application/javascript）。",
    ]


def test_a_chart_of_ours_has_its_words_also_where_it_is_only_displayed(tmp_path: Path) -> None:
    drawn = (
        "from selfeval import check, load_unit, score\n"
        "from selfeval.page.charts import draw_budget_against_spending\n"
        "draw_budget_against_spending(score(check(load_unit(unit))))"
    )
    page, record = page_of(tmp_path, "# 题", [drawn])

    assert re.search('<img src="data:image/svg[^"]*" alt="[^"]*单位万元，支出在前：', page)
    assert record["report"]["faults"] == []


def test_a_figure_that_was_not_drawn_is_told(tmp_path: Path) -> None:
    page, record = page_of(tmp_path, "# 题", [UNDRAWN])

    assert "Figure" not in page
    assert record["report"]["faults"] == [
        "第 3 个单元格（from matplotlib.figure i…）的图没有放进页面："
        "请用 show(figure, title=…, alt=…)。"
    ]


def test_a_warning_is_told_and_stands_not_on_the_page(tmp_path: Path) -> None:
    page, record = page_of(tmp_path, "# 题", ["import warnings; warnings.warn('旧接口')"])

    assert "旧接口" not in page
    [fault] = record["report"]["faults"]
    assert fault == "第 3 个单元格（import warnings; warning…）输出了警告，没有放进页面。"


def test_parts_of_the_report_may_be_shown_and_their_numbers_lead_to_their_sources(
    tmp_path: Path,
) -> None:
    shown = (
        "from selfeval import check, load_unit, score, show\n"
        "show(score(check(load_unit(unit))), 'spending')"
    )
    page, _ = page_of(tmp_path, "# 题", [shown])

    assert 'href="#t1"' in page
    assert '<tr id="t1"' in page
    [_, (_, _, verified)] = verify_folder(tmp_path / "outputs/专题/2021/T001")
    assert (verified.faults, verified.changes) == ((), ())
    assert verified.printed > 10


@pytest.mark.parametrize(
    ("cell", "status", "reason"),
    [
        ("1 / 0", "crashed", "专题.ipynb › 第 3 个单元格：运行出错。"),
        ("import sys; sys.exit(0)", "crashed", "有单元格没有运行，或没有按顺序运行。"),
        ("display({'text/html': '<h1>一</h1>'}, raw=True, metadata={'selfeval': {'part': 'a', "
         "'unit': '2021/T002', 'order': 0, 'headings': []}})", "crashed", "显示的是 2021/T002"),
    ],
    ids=["error", "exit", "another unit"],
)  # fmt: skip
def test_a_notebook_that_fails_makes_no_page(
    cell: str, status: str, reason: str, tmp_path: Path
) -> None:
    project = own_notebook(tmp_path, "# 题", [cell], [" 1"])

    [result] = run_units(project, [make_unit(tmp_path)])

    assert result.status == status
    assert reason in result.reason
    assert [path.name for path in (project.outputs / "2021/T001").iterdir()] == ["record.json"]


def test_it_has_records_and_an_index_of_its_own_and_runs_again_only_what_changed(
    tmp_path: Path,
) -> None:
    own_notebook(tmp_path, "# 专题\n", ["print(unit[-4:])"])
    for code in ("T001", "T002"):
        make_unit(tmp_path, settings={"unit_code": code})
    command = ["run", "--notebook", "notebooks/专题.ipynb"]

    first = run_command(tmp_path, *command)
    again = run_command(tmp_path, *command, "--dry-run")
    (tmp_path / "params/2021/T002/附注.csv").write_text("", encoding="utf-8")
    changed = run_command(tmp_path, *command, "--dry-run")
    own_notebook(tmp_path, "# 专题\n", ["print(unit[-3:])"])
    edited = run_command(tmp_path, *command, "--dry-run")

    assert first.returncode == 0, first.stderr
    assert "共 2 个单位，每个单位一页。" in first.stdout
    index = (tmp_path / "outputs/专题/2021/index.html").read_text(encoding="utf-8")
    assert "2021年度专题一览" in index
    assert 'href="T001/专题.html"' in index
    assert "要做 0 个" in again.stdout
    assert "2021/T002 要做：单位的文件有改动\n共 2 个单位，要做 1 个" in changed.stdout
    assert edited.stdout.count("笔记本有改动") == 2
    assert not (tmp_path / "outputs/2021").exists()


NEIGHBOUR = """\
from pathlib import Path
other = Path(unit).parent / "T002" / "unit.yaml"
print(len(other.read_text(encoding="utf-8")) if unit.endswith("T001") else "")
"""


@pytest.mark.parametrize("options", [[], ["--kernels"]], ids=["forked", "kernels"])
def test_a_page_is_stale_once_another_unit_changed_that_its_notebook_looked_into(
    options: list[str], tmp_path: Path
) -> None:
    own_notebook(tmp_path, "# 题", [NEIGHBOUR])
    folders = [make_unit(tmp_path, settings={"unit_code": f"T00{n}"}) for n in (1, 2, 3)]
    command = ["run", "--notebook", "notebooks/专题.ipynb", *options]

    first = run_command(tmp_path, *command)
    same = run_command(tmp_path, *command, "--dry-run")
    (folders[2] / "附注.csv").write_text("", encoding="utf-8")
    third = run_command(tmp_path, *command, "--dry-run")
    (folders[1] / "附注.csv").write_text("", encoding="utf-8")
    second = run_command(tmp_path, *command, "--dry-run")

    assert first.returncode == 0, first.stderr
    assert "要做 0 个" in same.stdout
    assert ("2021/T001 要做" in third.stdout) == bool(options)
    assert "2021/T001 要做：笔记本读过的别的单位有改动" in second.stdout


@pytest.mark.parametrize("name", ["report", "2021", "a b", "一.二", "x" * 61])
def test_a_name_that_cannot_be_that_of_its_outputs_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="不能叫这个名称"):
        require_own_name(tmp_path / f"{name}.ipynb")


@pytest.mark.parametrize("name", ["没有.ipynb", "params", "a.txt"])
def test_a_notebook_that_is_not_there_is_refused(name: str, tmp_path: Path) -> None:
    make_unit(tmp_path)
    (tmp_path / "a.txt").touch()

    run = run_command(tmp_path, "run", "--notebook", name)

    assert run.returncode == 2
    assert f"“{name}”：没有这个笔记本。" in run.stderr


def test_a_notebook_that_takes_no_unit_is_refused_before_anything_is_run(tmp_path: Path) -> None:
    make_unit(tmp_path)
    write_notebook(tmp_path / "notebooks/全部.ipynb", parameters="year: int = 2021")

    run = run_command(tmp_path, "run", "--notebook", "notebooks/全部.ipynb")

    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("notebooks/全部.ipynb：没有名为 unit 的参数。")


def test_a_notebook_without_the_parameter_is_refused_for_each_unit(tmp_path: Path) -> None:
    project = own_notebook(tmp_path, "# 题")
    notebook = nbformat.read(project.run_notebooks[0], as_version=4)
    notebook.cells[0].metadata["tags"] = []
    nbformat.write(notebook, project.run_notebooks[0])

    [result] = run_units(project, [make_unit(tmp_path)])

    assert result.status == "refused"
    assert "没有名为 unit 的参数" in result.reason


def test_the_same_page_comes_of_a_kernel(tmp_path: Path) -> None:
    project = own_notebook(tmp_path, "# 题", [FRAME], [FIGURE], ["print('甲')"])
    make_unit(tmp_path)
    page = project.outputs / "2021/T001/专题.html"
    pages = []
    for options in ([], ["--kernels"]):
        run = run_command(tmp_path, "run", "--all", "--notebook", "notebooks/专题.ipynb", *options)
        assert run.returncode == 0, run.stderr
        pages.append(page.read_bytes())

    assert pages[0] == pages[1]
