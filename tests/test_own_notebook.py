"""A unit's or a department's own notebook, run in the place of the project's; and with kernels."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from builders import make_unit
from conftest import ROOT
from nbformat.v4 import new_code_cell, new_markdown_cell
from playwright.sync_api import Browser
from test_batch import KEYS, record_of, run_command, small_notebooks

from notebooks import PARAMETERS, finish_cell, show_cell, write_notebook
from selfeval.errors import SelfEvalError
from selfeval.project import Project
from selfeval.run.batch import run_units
from selfeval.run.plan import Plan
from selfeval.terms import PLAN_REASONS
from selfeval.unit import load_folder
from selfeval.unit.own_notebook import own_notebooks

TAGGED = {"tags": ["report"]}
DRAWN = """\
import matplotlib.pyplot as plt
figure, axes = plt.subplots()
axes.plot(["2020", "2021"], [2, 1], marker="o")
axes.set_title("接待")
show(figure, title="接待费下降", alt="由2万元降到1万元", after="spending")"""
FRAMED = """\
import pandas as pd
show(pd.DataFrame({"项": ["甲", "乙"], "数": [1.5, None]}), title="两项（万元）")"""


def own_report(folder: Path, *cells: object) -> Path:
    """Write a unit's copy of the report's notebook with cells of its own after the spending."""
    notebook = nbformat.read(ROOT / "notebooks" / "report.ipynb", as_version=4)
    at = next(n for n, cell in enumerate(notebook.cells) if '"spending"' in cell.source) + 1
    made = [
        new_markdown_cell(c, metadata=TAGGED) if isinstance(c, str) else new_code_cell(c[0])  # type: ignore[index]
        for c in cells
    ]
    notebook.cells[at:at] = made
    nbformat.write(notebook, folder / "report.ipynb")
    return folder / "report.ipynb"


def test_a_units_own_notebook_is_run_and_named_in_its_record_alone(tmp_path: Path) -> None:
    small_notebooks(tmp_path)
    own, other = (make_unit(tmp_path, settings={"unit_code": f"T00{n}"}) for n in (1, 2))
    cells = [show_cell("<h1>自己的</h1>"), finish_cell(**KEYS)]
    write_notebook(own / "report.ipynb", *cells)
    project = Project(tmp_path)

    results = run_units(project, [own])

    assert [result.reason for result in results] == [""]
    page = (project.outputs / "2021/T001/report.html").read_text(encoding="utf-8")
    assert ">自己的</h1>" in page
    record = record_of(project, "T001")
    assert record["notebooks"] == {
        "report": "params/2021/T001/report.ipynb",
        "review": "notebooks/review.ipynb",
    }
    assert own_notebooks(other) == {}


def test_a_department_names_one_notebook_for_its_units_and_a_change_of_it_runs_them(
    tmp_path: Path,
) -> None:
    small_notebooks(tmp_path)
    named = {"notebook": "notebooks/教育.ipynb"}
    shared = write_notebook(tmp_path / named["notebook"], show_cell(), finish_cell(open=0))
    folders = [
        make_unit(tmp_path, settings={"unit_code": "T001"} | named),
        make_unit(tmp_path, settings={"unit_code": "T002"}),
    ]

    def digests() -> list[str]:
        plan = Plan(Project(tmp_path))
        return [plan.key(folder, ())["notebooks"] for folder in folders]

    first = digests()
    write_notebook(shared, show_cell("<h1>新的</h1>"), finish_cell(open=0))
    second = digests()
    write_notebook(tmp_path / "notebooks/report.ipynb", show_cell("<h1>别的</h1>"), finish_cell())
    third = digests()

    assert (first[0] != second[0], first[1] != second[1]) == (True, False)
    assert (second[0] != third[0], second[1] != third[1]) == (False, True)


def test_what_jupyterlab_leaves_in_a_units_folder_is_no_change_of_it(tmp_path: Path) -> None:
    small_notebooks(tmp_path)
    folder = make_unit(tmp_path)
    shutil.copy(tmp_path / "notebooks/report.ipynb", folder)
    before = Plan(Project(tmp_path)).key(folder, ())
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints/report-checkpoint.ipynb").touch()

    assert Plan(Project(tmp_path)).key(folder, ()) == before
    assert load_folder(folder).contents.unread == ()


def test_a_change_of_a_notebook_in_the_units_folder_is_told(tmp_path: Path) -> None:
    project = Project(tmp_path)
    small_notebooks(tmp_path)
    folder = make_unit(tmp_path)
    run_units(project, [folder])

    shutil.copy(tmp_path / "notebooks/report.ipynb", folder)

    assert PLAN_REASONS["files"] in Plan(project).why(folder)


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("notebooks/没有.ipynb", "没有 notebook 写的笔记本“notebooks/没有.ipynb”。"),
        ("../外面.ipynb", "notebook 写的“../外面.ipynb”不在项目里。"),
        ("params/2021/T001/unit.yaml", "没有 notebook 写的笔记本"),
        ("notebooks/无参数.ipynb", "notebooks/无参数.ipynb：没有名为 unit 的参数。"),
        ("notebooks/坏.ipynb", "notebooks/坏.ipynb：文件坏了，不是笔记本。"),
    ],
)
def test_a_notebook_that_cannot_be_a_units_own_is_told_as_it_is_loaded(
    named: str, told: str, tmp_path: Path
) -> None:
    write_notebook(tmp_path / "notebooks/无参数.ipynb", parameters="x = 1")
    (tmp_path / "notebooks/坏.ipynb").write_text("{", encoding="utf-8")
    folder = make_unit(tmp_path, settings={"notebook": named})

    with pytest.raises(SelfEvalError) as refused:
        load_folder(folder)

    assert told in str(refused.value)


def test_a_unit_has_one_notebook_of_its_own(tmp_path: Path) -> None:
    write_notebook(tmp_path / "notebooks/甲.ipynb")
    folder = make_unit(tmp_path, settings={"notebook": "notebooks/甲.ipynb"})
    write_notebook(folder / "report.ipynb", parameters=PARAMETERS)

    with pytest.raises(SelfEvalError, match="只能用一个笔记本"):
        load_folder(folder)


def test_a_units_own_notebook_without_a_part_is_refused_by_its_path_and_the_part(
    tmp_path: Path,
) -> None:
    small_notebooks(tmp_path)
    folder = make_unit(tmp_path)
    write_notebook(
        folder / "report.ipynb", show_cell(), finish_cell(parts=["overview", "trace", "about"])
    )

    [result] = run_units(Project(tmp_path), [folder])

    assert result.reason.startswith(
        "params/2021/T001/report.ipynb：还有几部分没有用 show(…) 显示：trace、about。"
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A unit whose own notebook has all kinds of own work, made by forks."""
    root = tmp_path_factory.mktemp("own")
    folder = make_unit(root)
    text = "## 专题\n\n支出{{支出合计.全年执行数}}。\n\n|项|数|\n|-|-|\n|甲|1|\n\n### 细目\n"
    own_report(folder, text, [DRAWN], [FRAMED], ["pd.DataFrame({'密': [1]})"])
    run = run_command(root, "run", "T001")
    assert run.returncode == 0, run.stdout + run.stderr
    return root


def test_own_work_of_all_kinds_is_exported_and_what_is_left_out_stands_in_the_log(
    made: Path,
) -> None:
    page = (made / "outputs/2021/T001/report.html").read_text(encoding="utf-8")
    log = (made / "outputs/2021/.work/T001/log.txt").read_text(encoding="utf-8")

    places = [page.index(one) for one in ('id="s-spending"', "接待费下降", ">三、专题<")]
    assert page.index("两项（万元）</caption>") > page.index('id="h1">三、专题')
    assert places[0] < page.index("接待费下降")
    assert "密" not in page
    assert "（pd.DataFrame({'密': [1]})）的输出没有放进页面：单元格没有 report 标记。" in log
    # And the evaluation, which both notebooks show: the figure is not displayed a second time.
    assert log.count("没有放进页面") == 3


def test_the_same_bytes_come_of_kernels_and_the_page_verifies(made: Path) -> None:
    page = made / "outputs/2021/T001/report.html"
    forked = page.read_bytes()

    verified = run_command(made, "verify", "outputs/2021/T001")
    run = run_command(made, "run", "--all", "--kernels", "T001")

    assert verified.returncode == 0, verified.stdout
    assert run.returncode == 0, run.stdout + run.stderr
    assert page.read_bytes() == forked


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_a_page_with_own_work_reads_well_in_a_browser(
    width: int, made: Path, browser: Browser
) -> None:
    context = browser.new_context(bypass_csp=True, viewport={"width": width, "height": 800})
    page = context.new_page()

    page.goto((made / "outputs/2021/T001/report.html").as_uri())

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert [found["id"] for found in Axe().run(page).response["violations"]] == []
    letters = "[...document.querySelectorAll('figure.own svg text')].map(t => t.getBBox().height)"
    scale = "document.querySelector('figure.own svg').getBoundingClientRect().width / 400"
    assert min(page.evaluate(letters)) * page.evaluate(scale) > 9
    context.close()


def test_what_is_to_be_better_is_told_once_at_the_end_with_its_units(tmp_path: Path) -> None:
    faint = "plt.title('字', color='#ffee00')"
    cells = [
        "import matplotlib.pyplot as plt\nfrom selfeval import show\nplt.plot([1])",
        f"{faint}\nshow(plt.gcf(), title='题', alt='话')",
    ]
    write_notebook(tmp_path / "notebooks/专题.ipynb", *cells)
    for code in ("T001", "T002"):
        make_unit(tmp_path, settings={"unit_code": code})

    run = run_command(tmp_path, "run", "--notebook", "notebooks/专题.ipynb")

    assert run.returncode == 0, run.stdout + run.stderr
    told = run.stdout.partition("自己写的单元格，还有要改的地方：\n")[2]
    assert "的图里“字”颜色太浅，看不清：请换深一些的颜色。（T001、T002）" in told
    assert told.count("颜色太浅") == 1


BOXES = """\
import matplotlib.pyplot as plt
plt.title("公用经费")
plt.show()"""


@pytest.mark.parametrize("options", [[], ["--kernels"]], ids=["forked", "kernels"])
def test_a_plain_chart_in_chinese_is_told_in_one_line_with_the_remedy(
    options: list[str], tmp_path: Path
) -> None:
    write_notebook(tmp_path / "notebooks/专题.ipynb", "from selfeval import show", BOXES)
    make_unit(tmp_path)

    run = run_command(tmp_path, "run", "--notebook", "notebooks/专题.ipynb", *options)

    assert run.returncode == 0, run.stdout + run.stderr
    told = [line for line in run.stdout.splitlines() if "方框" in line]
    assert len(told) == 1
    assert "from selfeval import style; style.use()" in told[0]
    page = (tmp_path / "outputs/专题/2021/T001/专题.html").read_text(encoding="utf-8")
    assert "<img" not in page
