"""One notebook and one unit make one page, or a named error and no page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT, Samples, copy_project

from notebooks import PARAMETERS, build, finish_cell, show_cell, write_notebook
from selfeval.errors import NotebookError, ParamsError, TableError, UsageError
from selfeval.evaluation import Evaluation
from selfeval.page.contained import check_page
from selfeval.project import notebook_path
from selfeval.run.processes import UnitLimits
from selfeval.run.report import build_report, export_page, read_finish_record

SHOW, FINISH = show_cell(), finish_cell()
RUN = Path("out") / "report.ipynb"


def unit_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "params" / "2021" / "T001"
    folder.mkdir(parents=True)
    return folder


def small_notebook(tmp_path: Path, *sources: str, **settings: str) -> Path:
    return write_notebook(tmp_path / "notebooks" / "report.ipynb", *sources, **settings)


def test_a_notebook_that_shows_and_finishes_makes_a_page_even_in_a_folder_with_braces(
    tmp_path: Path,
) -> None:
    home = tmp_path / "{unit} 报告 {x"
    notebook = small_notebook(home, SHOW, FINISH, "")

    report = build(notebook, unit_folder(home), home / RUN, UnitLimits())

    assert ">概览</h1>" in report.html
    assert "<title>2021年度测试单位自评报告</title>" in report.html
    assert report.record["unit_code"] == "T001"
    assert (home / RUN).is_file()


ALIEN = finish_cell(unit_code="T002")
REVIEW = finish_cell(edition="review")
BAD_RUNS = {
    "a cell raises": (["1 / 0", SHOW, FINISH], "ZeroDivisionError"),
    "sys.exit(0)": (["import sys; sys.exit(0)", SHOW, FINISH], "没有运行"),
    "sys.exit(0) after the finish": ([SHOW, FINISH, "import sys; sys.exit(0)"], "SystemExit"),
    "the kernel exits": (["import os; os._exit(1)", SHOW, FINISH], "自己结束了程序（退出码 1）"),
    "the kernel is killed": (
        ["import os, signal; os.kill(os.getpid(), signal.SIGKILL)", SHOW, FINISH],
        "第 3 个单元格：程序被中止了（SIGKILL）",
    ),
    "the kernel crashes": (
        ["import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", SHOW, FINISH],
        "第 3 个单元格：程序崩溃了（SIGSEGV）",
    ),
    "out of memory": (["b'1' * 300_000_000", SHOW, FINISH], "要用的内存超过 200 MB"),
    "a misspelt part": (
        [
            "from selfeval.errors import UsageError; raise UsageError('show(…)', '没有这一部分。')",
            SHOW,
            FINISH,
        ],
        "第 3 个单元格：show(…)：没有这一部分。",
    ),
    "out of time": (["import time; time.sleep(60)", SHOW, FINISH], "到了时限"),
    "out of order": (["get_ipython().execution_count = 7", SHOW, FINISH], "按顺序"),
    "no finish record, though our mark": ([SHOW], "完成记录"),
    "two finish records": ([SHOW, FINISH, FINISH], "完成记录"),
    "a finish record that is no record": (
        [SHOW, "display({'application/vnd.selfeval.finish+json': [1]}, raw=True)"],
        "完成记录",
    ),
    "a warning": (["import warnings; warnings.warn('旧接口')", SHOW, FINISH], "旧接口"),
    "an output that was swallowed": ([f"%%capture\n{SHOW}", FINISH], "显示：overview"),
    "a part that is not shown": (
        [SHOW, finish_cell(parts=["overview", "trace", "about"])],
        "还有几部分没有用 show(…) 显示：trace、about。",
    ),
    "a part shown twice": ([SHOW, SHOW, FINISH], "不止一次：overview"),
    "a report on another unit": ([SHOW, ALIEN], "2021/T002，不是 2021/T001"),
    "the review as the report": ([SHOW, REVIEW], "“review”，不是“report”"),
    "a script in the page": ([show_cell("<script>1</script>"), FINISH], "<script>"),
}


@pytest.mark.parametrize("name", BAD_RUNS)
def test_a_run_that_is_not_whole_is_an_error_that_keeps_the_notebook_and_makes_no_page(
    name: str, tmp_path: Path
) -> None:
    sources, message = BAD_RUNS[name]
    notebook = small_notebook(tmp_path, *sources)

    with pytest.raises(NotebookError) as raised:
        build(notebook, unit_folder(tmp_path), tmp_path / RUN, UnitLimits(2, 200 << 20))

    assert message in f"{raised.value}{raised.value.detail}"
    assert list(tmp_path.rglob("*.html")) == []
    kept = nbformat.read(tmp_path / RUN, as_version=4)
    assert [cell.source for cell in kept.cells if cell.source in sources] == sources


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a cell raises", "ZeroDivisionError"),
        ("sys.exit(0)", "没有运行"),
        ("the kernel is killed", "运行笔记本的程序中途退出了"),
        ("out of time", "到了时限"),
    ],
)
def test_a_run_by_a_kernel_that_is_not_whole_is_an_error_too(
    name: str, message: str, tmp_path: Path
) -> None:
    notebook = small_notebook(tmp_path, *BAD_RUNS[name][0])

    with pytest.raises(NotebookError) as raised:
        build(notebook, unit_folder(tmp_path), tmp_path / RUN, UnitLimits(2), kernel=True)

    assert message in f"{raised.value}{raised.value.detail}"
    assert (tmp_path / RUN).is_file()


@pytest.mark.parametrize(
    ("tag", "message"),
    [("raises-exception", "NameError"), ("skip-execution", "没有运行")],
)
def test_a_tag_cannot_hide_a_cell_that_failed_or_did_not_run(
    tag: str, message: str, tmp_path: Path
) -> None:
    notebook = small_notebook(tmp_path, "unknown_name", SHOW, FINISH, tag=tag)

    with pytest.raises(NotebookError) as raised:
        build(notebook, unit_folder(tmp_path), tmp_path / RUN, UnitLimits())

    assert message in f"{raised.value}{raised.value.detail}"


def test_a_fault_of_the_input_that_only_a_cell_finds_is_told_as_one(tmp_path: Path) -> None:
    fault = "from selfeval.errors import TableError; raise TableError('填报.xlsx › A1', '是空的。')"
    notebook = small_notebook(tmp_path, fault, SHOW, FINISH)

    with pytest.raises(TableError) as raised:
        build(notebook, unit_folder(tmp_path), tmp_path / RUN, UnitLimits())

    assert str(raised.value) == "填报.xlsx › A1：是空的。"
    assert (tmp_path / RUN).is_file()


def test_a_notebook_kept_from_a_dead_kernel_does_not_say_that_its_cells_were_completed(
    tmp_path: Path,
) -> None:
    notebook = small_notebook(tmp_path, "import os; os._exit(1)", SHOW, FINISH)

    with pytest.raises(NotebookError):
        build(notebook, unit_folder(tmp_path), tmp_path / RUN, UnitLimits())

    kept = nbformat.read(tmp_path / RUN, as_version=4)
    assert [cell.metadata.papermill.status for cell in kept.cells[-2:]] == ["pending", "pending"]


@pytest.mark.parametrize(
    "parameters",
    ["", "folder = ''", "unity = ''", "# unit = ''"],
    ids=["no parameter", "another parameter", "a longer name", "a comment"],
)
def test_a_notebook_without_the_parameter_unit_is_refused_before_a_kernel_starts(
    parameters: str, tmp_path: Path
) -> None:
    notebook = small_notebook(tmp_path, SHOW, FINISH, parameters=parameters)

    with pytest.raises(ParamsError, match="没有名为 unit 的参数"):
        build_report(notebook, unit_folder(tmp_path), tmp_path / RUN)

    assert not (tmp_path / RUN).exists()


def test_a_notebook_with_two_parameter_cells_is_refused(tmp_path: Path) -> None:
    notebook = small_notebook(tmp_path, PARAMETERS, SHOW, FINISH, tag="parameters")

    with pytest.raises(ParamsError, match="有且只有一个"):
        build_report(notebook, unit_folder(tmp_path), tmp_path / RUN)


@pytest.mark.parametrize("content", [b"", b"{", b"<<<<<<< HEAD\n{}", b"\xff\xfe", b"[]"])
def test_a_file_that_is_no_notebook_is_refused_by_name(content: bytes, tmp_path: Path) -> None:
    notebook = tmp_path / "notebooks" / "report.ipynb"
    notebook.parent.mkdir()
    notebook.write_bytes(content)

    with pytest.raises(ParamsError, match=r"notebooks/report\.ipynb：文件坏了"):
        build_report(notebook, unit_folder(tmp_path), tmp_path / RUN)


def test_a_notebook_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ParamsError, match=r"notebooks/report\.ipynb：笔记本打不开"):
        build_report(tmp_path / "report.ipynb", unit_folder(tmp_path), tmp_path / RUN)


def test_an_edition_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有“draft”这个版本"):
        notebook_path(tmp_path, "draft")


def test_a_project_without_notebooks_uses_those_that_come_with_the_package(tmp_path: Path) -> None:
    assert notebook_path(tmp_path, "review") == ROOT / "notebooks" / "review.ipynb"


def no_evaluation() -> Evaluation:
    raise AssertionError("the standard notebooks ask for no number by its name")


def test_the_papermill_command_alone_makes_a_notebook_that_becomes_the_same_page(
    samples: Samples, tmp_path: Path
) -> None:
    project = copy_project(tmp_path)
    papermill = Path(sys.executable).with_name("papermill")
    arguments = ["notebooks/report.ipynb", "out.ipynb", "-p", "unit", "params/2021/G001"]

    subprocess.run([papermill, *arguments], cwd=project.root, check=True, capture_output=True)

    executed = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    record = read_finish_record(executed, tmp_path / "out.ipynb")
    page = export_page(executed, record, tmp_path / "out.ipynb", no_evaluation).html
    assert page == samples.page("G001").read_text(encoding="utf-8")


BUILD = """\
import sys
from pathlib import Path
from selfeval.run.report import build_report
notebook, unit, out = map(Path, sys.argv[1:])
Path(out).write_bytes(build_report(notebook, unit, out.with_suffix(".ipynb")).html.encode())
"""


def test_two_runs_at_once_elsewhere_in_another_zone_locale_and_seed_give_the_same_bytes(
    samples: Samples, tmp_path: Path
) -> None:
    elsewhere = copy_project(tmp_path / "another place")
    long = tmp_path / ("t" * 90)  # too long for the name of a socket
    long.mkdir()
    odd = {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7", "LC_ALL": "C", "TMPDIR": str(long)}
    plain = {"TZ": "America/New_York", "PYTHONHASHSEED": "1", "LANG": "tr_TR.UTF-8"}

    runs = []
    for name, environment in {"a": odd, "b": plain}.items():
        notebook = elsewhere.notebooks / "report.ipynb"
        unit = elsewhere.params / "2021" / "S001"
        command = [sys.executable, "-c", BUILD, notebook, unit, tmp_path / f"{name}.html"]
        settings = os.environ | {"HOME": str(tmp_path)} | environment
        runs.append(subprocess.Popen(command, cwd=tmp_path, env=settings, stderr=subprocess.PIPE))
    errors = [run.communicate()[1].decode() for run in runs]

    assert [run.returncode for run in runs] == [0, 0], errors
    expected = samples.page("S001").read_bytes()
    assert (tmp_path / "a.html").read_bytes() == expected
    assert (tmp_path / "b.html").read_bytes() == expected


def page_with(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    "body",
    [
        "<script>1</script>",
        "<SCRIPT src=x></SCRIPT>",
        "<svg/onload=alert(1)>",
        '<p onclick = "x()">a</p>',
        '<a href="https://example.org/">a</a>',
        '<a href="javascript:alert(1)">a</a>',
        '<a href="report.html">a</a>',
        '<a href=" #t1">a</a>',
        "<iframe></iframe>",
        "<style>p{background:url(http://a)}</style>",
        '<p style="background:url(http://a/b.png)">a</p>',
        '<rect fill="URL( //a/b)"/>',
        '<meta http-equiv="refresh" content="0;url=http://a">',
        "<form><input></form>",
        "<title>a</title>",
        "<head><style>p{}</style></head>",
        "<!-- a -->",
        "<![CDATA[a]]>",
        "<?xml a?>",
        "<template>a</template>",
        "<svg><foreignObject></foreignObject></svg>",
        "<svg><use href='#a'/></svg>",
        "<pre>Traceback (most recent call last)</pre>",
        "<p>/usr/lib/site-packages/x.py</p>",
    ],
)
def test_a_page_that_could_run_or_fetch_or_tells_of_an_error_is_refused(
    body: str, tmp_path: Path
) -> None:
    with pytest.raises(NotebookError, match="不允许的内容"):
        check_page(page_with(body), RUN, tmp_path)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("<p>{{项目支出.年初预算数}}</p>", "没有替换的占位符“{{项目支出.年初预算数}}”"),
        ('<a href="#t9">1</a>', "链接“#t9”没有指向任何地方"),
        ('<p id="a"></p><p id="a"></p>', "标识“a”出现了两次"),
    ],
)
def test_a_page_with_a_loose_end_is_refused(body: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match=message):
        check_page(page_with(body), RUN, tmp_path)


def test_a_page_that_tells_where_it_was_made_is_refused(tmp_path: Path) -> None:
    for place in (tmp_path, Path.home()):
        with pytest.raises(NotebookError, match="本机的文件夹路径"):
            check_page(page_with(f"<p>{place}/a</p>"), RUN, tmp_path)


@pytest.mark.parametrize("head", ['<link rel="a" href="b">', "<style>@import 'a';</style>"])
def test_a_page_whose_head_fetches_something_is_refused(head: str, tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match="不允许的内容"):
        check_page(page_with("", head), RUN, tmp_path)


@pytest.mark.parametrize(
    "body",
    [
        "<p>&lt;script&gt; https://example.org url(http://a) onload=x {{7*7}}</p>",
        '<a class="n" href="#a" data-note="&quot; onerror=x https://a url(//b)" id="a">1</a>',
        '<svg><title>a</title><desc>b</desc><rect fill="url(#a)"/></svg>',
    ],
)
def test_words_that_only_look_dangerous_are_let_through(body: str, tmp_path: Path) -> None:
    check_page(page_with(body), RUN, tmp_path)


def test_the_finish_record_is_plain_data_with_exact_fractions(samples: Samples) -> None:
    path = samples.project.outputs / "2021" / "G001" / "record.json"

    report = json.loads(path.read_text(encoding="utf-8"))["report"]

    assert report["initial_budget"] == "2181430000/1"
    assert report["initial_rate"] is None
    assert report["executed"] is None
    assert report["known_executed"] == "1683710000/1"
    assert report["draft"] is True
