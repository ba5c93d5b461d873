"""Many units at once: the bad ones are named, the others finish, nothing old looks new."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from zipfile import ZipFile

import psutil
import pytest
from annexes import BASE, OVERALL
from annexes import PROJECTS as PROJECT_FORMS
from builders import NARRATIVE, PROJECTS, make_folder, make_unit
from conftest import Samples
from test_cli import selfeval

from notebooks import finish_cell, show_cell, write_notebook
from selfeval.errors import SelfEvalError, UsageError
from selfeval.page.seal import is_whole
from selfeval.project import LIST_FILE, Project, find_project
from selfeval.run.batch import Options, run_units
from selfeval.run.index import write_index
from selfeval.run.plan import Plan
from selfeval.run.publishing import publish
from selfeval.terms import EDITIONS
from selfeval.unit.register import find_units

COMMAND = [str(Path(sys.executable).with_name("selfeval"))]


def run_command(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command within this process, whose warm process is there already."""
    return selfeval(*arguments, cwd=root)


def record_of(project: Project, unit: str) -> dict:
    path = project.outputs / "2021" / unit / "record.json"
    return json.loads(path.read_text(encoding="utf-8"))


def copy_of(samples: Samples, tmp_path: Path) -> Project:
    """The samples with everything that was made of them, to be changed."""
    shutil.copytree(samples.project.root, tmp_path / "copy")
    return Project(tmp_path / "copy")


def break_unit(project: Project, unit: str) -> Path:
    folder = project.params / "2021" / unit
    with (folder / "narrative.md").open("a", encoding="utf-8") as file:
        file.write("\n# 没有的标题\n")
    return folder


# --- a batch of good and bad units ----------------------------------------------------------

# What the index needs to know of a report.
KEYS = dict.fromkeys(
    ("initial_budget", "adjusted_budget", "executed", "execution_rate", "initial_rate")
) | {"sample": False, "open": 3, "rounding": "half_up", "score": "90/1", "grade": "优"}


def small_notebooks(root: Path, *first: str) -> None:
    """Notebooks on T001 that take a second, after cells of the test's own."""
    for edition in ("report", "review"):
        path = root / "notebooks" / f"{edition}.ipynb"
        write_notebook(path, *first, show_cell(), finish_cell(**KEYS, edition=edition))


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, subprocess.CompletedProcess]:
    """One good unit among bad ones of several kinds, run by the command."""
    root = tmp_path_factory.mktemp("mixed")
    small_notebooks(root, "if unit.endswith('T003'): raise MemoryError(f'表格太大：{unit}')")
    make_unit(root)
    (root / "params/2021/T002").mkdir()
    make_unit(root, settings={"unit_code": "T003"})
    make_unit(root, settings={"unit_code": "T004"}, narrative="# 没有的标题\n")
    make_unit(
        root,
        projects=[PROJECTS[0] | {"executed": "四十，问13800138000"}],
        settings={"unit_code": "T005"},
    )
    folder = make_folder(root, unit_code="T006")
    (folder / "填报.xlsx").touch()
    make_unit(root, settings={"unit_code": "T007"})
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (root / "outputs/2021").mkdir(parents=True)
    (root / "outputs/2021/T007").symlink_to(elsewhere)
    (elsewhere / "record.json").write_text("{}", encoding="utf-8")
    make_unit(root, settings={"unit_code": "T008"})
    make_unit(root, settings={"unit_code": "t008"})
    (root / "params/2021/.hidden").mkdir()
    (root / "outputs/2021/T001/log").mkdir(parents=True)
    (root / "outputs/2021/T001/log/report.ipynb").touch()
    return Project(root), run_command(root, "run")


def test_bad_units_are_named_and_the_others_finish_with_code_3(
    mixed: tuple[Project, subprocess.CompletedProcess],
) -> None:
    project, run = mixed

    assert run.returncode == 3
    assert run.stderr == (
        "完成 1 个，未通过 8 个：T002、T003、T004、T005、T006、T007、T008、t008。\n"
    )
    assert (project.outputs / "2021/T001/report.html").is_file()
    assert (project.outputs / "2021/T001/review.html").is_file()


@pytest.mark.parametrize(
    ("unit", "status", "reason"),
    [
        ("T002", "refused", "文件夹里没有 unit.yaml"),
        (
            "T003",
            "out_of_memory",
            "report.ipynb › 第 3 个单元格：要用的内存超过 2048 MB。"
            "请减少它一次处理的数据，或者用 --memory 放宽。详情见 .work/T003/error.txt，"
            "请交给维护人员。",
        ),
        ("T004", "refused", "提纲里没有标题“没有的标题”"),
        ("T005", "refused", "四十，问138****8000"),
        ("T006", "refused", "空文件"),
        ("T008", "refused", "与“t008”只有大小写不同"),
        ("t008", "refused", "与“T008”只有大小写不同"),
    ],
)
def test_a_bad_units_record_and_the_terminal_say_why_and_no_page_is_there(
    unit: str, status: str, reason: str, mixed: tuple[Project, subprocess.CompletedProcess]
) -> None:
    project, run = mixed

    record = record_of(project, unit)

    assert record["status"] == status
    assert reason in record["reason"]
    assert reason in run.stdout
    assert list((project.outputs / "2021" / unit).glob("*.html")) == []


def test_what_went_wrong_is_kept_apart_from_what_is_shared(
    mixed: tuple[Project, subprocess.CompletedProcess],
) -> None:
    project, _ = mixed
    work = project.outputs / "2021/.work"

    shared = [
        path.read_text(encoding="utf-8")
        for path in project.outputs.rglob("*")
        if path.suffix in {".html", ".json"} and work not in path.parents
    ]

    assert (work / "T003/report.ipynb").is_file()
    assert "MemoryError: 表格太大：/" in (work / "T003/error.txt").read_text(encoding="utf-8")
    assert not (project.outputs / "2021/T001/log").exists()
    assert len(shared) > 5
    private = ("MemoryError", str(project.root), "13800138000")
    assert not [text for text in shared for word in private if word in text]


def test_a_reason_that_quotes_a_folder_of_this_machine_is_shared_without_it(
    tmp_path: Path,
) -> None:
    folder = make_unit(tmp_path, narrative=f"# {tmp_path}/标题\n")

    [result] = run_units(Project(tmp_path), [folder])
    index = (tmp_path / "outputs/2021/index.html").read_text(encoding="utf-8")

    assert "没有标题“标题”" in result.reason
    assert str(tmp_path) not in index


def test_nothing_is_written_where_a_link_leads(
    mixed: tuple[Project, subprocess.CompletedProcess],
) -> None:
    project, run = mixed
    link = project.outputs / "2021/T007"

    index = (project.outputs / "2021/index.html").read_text(encoding="utf-8")

    reason = "outputs/2021/T007：是链接，或在链接之下，程序不往里面写。"
    assert reason in run.stdout
    assert reason in index.replace("/record.json", "")
    assert [path.name for path in link.iterdir()] == ["record.json"]


def test_a_batch_refuses_outputs_that_are_a_link(tmp_path: Path) -> None:
    folder = make_unit(tmp_path / "project")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "project/outputs").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(UsageError, match="outputs：是链接"):
        run_units(Project(tmp_path / "project"), [folder])

    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_page_with_a_number_that_no_finding_tells_of_is_not_published(tmp_path: Path) -> None:
    for edition in ("report", "review"):
        html = "<h1>概览</h1><h2>一、概况</h2><p>联系138<b>0013</b>8000</p>"
        path = tmp_path / "notebooks" / f"{edition}.ipynb"
        write_notebook(path, show_cell(html), finish_cell(**KEYS, edition=edition))
    project = Project(tmp_path)

    [result] = run_units(project, [make_unit(tmp_path)])

    assert result.status == "refused"
    assert result.reason == (
        "report.html › 一、概况：公开版里有手机号码138****8000，没有找到它写在哪份文件里。"
        "请检查笔记本、方案和单位的文件，删去后再运行。"
    )
    assert not (project.outputs / "2021/T001/report.html").exists()

    said = NARRATIVE.replace("内设三个科室。", "联系13800138000。")
    named = {"unit_name": "测试局13800138000"}
    [result] = run_units(project, [make_unit(tmp_path, narrative=said, settings=named)])
    target = project.outputs / "2021/T001"
    told = {path.name: told_in(path) for path in target.iterdir()}
    pages = [told[f"{edition}.html"] for edition in EDITIONS]
    [final] = run_units(project, [make_unit(tmp_path, narrative=said)], Options(final=True))

    assert (result.status, final.status) == ("done", "draft")
    assert "手机号码138****8000" in final.reason
    assert all("联系138<b>****</b>8000" in page and is_whole(page) for page in pages)
    assert result.record["unit_name"] == "测试局138****8000"
    assert not [name for name, text in told.items() if "13800138000" in text]
    assert "测试局138****8000" in told[BASE]


def told_in(path: Path) -> str:
    if path.suffix != ".xlsx":
        return path.read_text(encoding="utf-8")
    with ZipFile(path) as book:
        return "".join(book.read(name).decode("utf-8") for name in book.namelist())


def test_the_index_lists_good_and_bad_and_links_the_good_alone(
    mixed: tuple[Project, subprocess.CompletedProcess],
) -> None:
    project, _ = mixed

    index = (project.outputs / "2021/index.html").read_text(encoding="utf-8")

    assert '>9个单位：<a href="#failed">未通过8</a> · <a href=' in index
    assert 'href="T001/report.html"' in index
    assert all(f'href="T00{number}/' not in index for number in range(2, 9))


def test_nothing_is_left_in_the_outputs_but_pages_forms_records_logs_and_the_lock(
    mixed: tuple[Project, subprocess.CompletedProcess],
) -> None:
    project, _ = mixed

    names = {path.name for path in project.outputs.rglob("*") if path.is_file()}

    assert names <= {
        *("report.html", "review.html", "record.json", "report.ipynb", "review.ipynb"),
        *("index.html", "rules.html", LIST_FILE, ".lock", "error.txt", "log.txt"),
        *(BASE, OVERALL, PROJECT_FORMS),
    }


def test_the_samples_all_succeed(samples: Samples) -> None:
    assert [(result.unit_folder.name, result.status) for result in samples.results] == [
        (unit, "done") for unit in ("G001", "S001", "S002", "S003", "S004", "S005")
    ]
    index = (samples.project.outputs / "2021/index.html").read_text(encoding="utf-8")
    assert ">6个单位：" in index


def test_a_run_writes_the_official_forms_that_its_record_and_the_index_name(
    samples: Samples,
) -> None:
    index = (samples.project.outputs / "2021/index.html").read_text(encoding="utf-8")

    for result in samples.results:
        unit = result.unit_folder.name
        folder = samples.project.outputs / "2021" / unit
        names = record_of(samples.project, unit)["annexes"]
        assert sorted(path.name for path in folder.glob("*.xlsx")) == sorted(names)
        assert names == [BASE, OVERALL, PROJECT_FORMS]
        assert all(f'href="{unit}/{name}"' in index for name in names)


# --- nothing old looks new ------------------------------------------------------------------


def test_a_unit_that_fails_after_a_good_run_leaves_no_page_that_looks_current(
    samples: Samples, tmp_path: Path
) -> None:
    project = copy_of(samples, tmp_path)

    [result] = run_units(project, [break_unit(project, "S001")])

    assert result.status == "refused"
    assert list((project.outputs / "2021/S001").glob("*.html")) == []
    assert record_of(project, "S001")["status"] == "refused"
    index = (project.outputs / "2021/index.html").read_text(encoding="utf-8")
    assert ">未通过1</a> · " in index
    assert 'href="S001/report.html"' not in index
    assert 'href="S002/report.html"' in index


def test_a_unit_whose_folder_was_removed_leaves_the_index(samples: Samples, tmp_path: Path) -> None:
    project = copy_of(samples, tmp_path)
    shutil.rmtree(project.params / "2021/S004")

    index = write_index(Plan(project), "2021").read_text(encoding="utf-8")

    assert ">5个单位：" in index
    assert "S004" not in index


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"status": "done"}'])
def test_a_damaged_record_counts_as_failed_until_the_unit_is_run_again(
    content: str, samples: Samples, tmp_path: Path
) -> None:
    project = copy_of(samples, tmp_path)
    (project.outputs / "2021/S004/record.json").write_text(content, encoding="utf-8")

    index = write_index(Plan(project), "2021").read_text(encoding="utf-8")

    assert "record.json 损坏，请重新运行这个单位。" in index
    assert ">未通过1</a>" in index


def test_final_refuses_a_draft_says_what_is_open_and_leaves_its_pages(
    samples: Samples, tmp_path: Path
) -> None:
    project = copy_of(samples, tmp_path)
    folder, target = project.params / "2021/G001", project.outputs / "2021/G001"
    before = {path.name: path.read_bytes() for path in target.iterdir()}

    [result] = run_units(project, [folder], Options(final=True))

    assert result.status == "draft"
    assert "还是草稿" in result.reason
    assert {path.name: path.read_bytes() for path in target.iterdir()} == before

    shutil.rmtree(target)
    [result] = run_units(project, [folder], Options(final=True))

    assert [path.name for path in target.iterdir()] == ["record.json"]
    assert record_of(project, "G001")["status"] == "draft"


def test_a_fault_of_the_program_stops_one_unit_only_and_is_kept_for_the_maintainer(
    tmp_path: Path,
) -> None:
    """The fault is brought to light by a notebook whose mark lacks what it must have."""
    make_unit(tmp_path)
    for edition in ("report", "review"):
        shown = show_cell().replace("'headings': [], ", "").replace(", 'headings': []", "")
        path = tmp_path / "notebooks" / f"{edition}.ipynb"
        write_notebook(path, shown, finish_cell(**KEYS, edition=edition))
    project = Project(tmp_path)
    bad = project.params / "2021/T001"

    results = run_units(project, [bad, project.params / "2021/没有"])

    assert [result.status for result in results] == ["crashed", "refused"]
    assert results[0].reason == "程序出错。详情见 .work/T001/error.txt，请交给维护人员。"
    log = project.outputs / "2021/.work/T001/error.txt"
    assert "KeyError: 'headings'" in log.read_text(encoding="utf-8")


# --- publishing -----------------------------------------------------------------------------


def fail(*arguments: object, **settings: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("step", ["close", "fsync", "replace"])
def test_publishing_is_whole_or_not_at_all(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.html"
    publish(path, "旧")
    monkeypatch.setattr(os, step, fail)

    with pytest.raises(OSError, match="No space"):
        publish(path, "新")

    assert path.read_text(encoding="utf-8") == "旧"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.html"]


def test_text_that_cannot_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    publish(path, "旧")

    with pytest.raises(UnicodeEncodeError):
        publish(path, "新\ud800")

    assert path.read_text(encoding="utf-8") == "旧"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.html"]


def test_a_published_file_may_be_read_by_others_and_has_the_same_bytes_everywhere(
    tmp_path: Path,
) -> None:
    publish(tmp_path / "a" / "b.html", "一\n二\n")

    assert (tmp_path / "a" / "b.html").read_bytes() == "一\n二\n".encode()
    assert (tmp_path / "a" / "b.html").stat().st_mode & 0o777 == 0o644


def test_a_set_takes_the_place_of_what_is_in_the_way(tmp_path: Path) -> None:
    small_notebooks(tmp_path)
    folder = make_unit(tmp_path)
    project = Project(tmp_path)
    (project.outputs / "2021/T001/review.html/in the way").mkdir(parents=True)

    [result] = run_units(project, [folder])

    assert result.status == "done"
    assert (project.outputs / "2021/T001/review.html").is_file()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """The outputs of a project on a disk of 8 MB."""
    outputs = tmp_path / "outputs"
    outputs.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(outputs)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    yield outputs
    subprocess.run(["umount", str(outputs)], check=True)


def test_a_full_disk_is_named_and_leaves_what_stands(small_disk: Path, tmp_path: Path) -> None:
    small_notebooks(tmp_path)
    make_unit(tmp_path)
    run_command(tmp_path, "run")
    target, filler = small_disk / "2021/T001", small_disk / "filler"
    before = {path.name: path.read_bytes() for path in target.iterdir()}
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(b"1" * 4096)

    full = run_command(tmp_path, "run", "--all")
    after = {path.name: path.read_bytes() for path in target.iterdir()}
    filler.unlink()
    again = run_command(tmp_path, "run", "--all")

    assert full.returncode == 3, full.stderr
    assert "T001 未通过（没有写成）" in full.stdout
    assert re.search(r"磁盘已满.*需 \d+ [KM]B", full.stdout)
    assert after == before
    assert again.returncode == 0, again.stderr


# --- the lock, and stopping -----------------------------------------------------------------

HOLD = """\
import sys
from pathlib import Path
from selfeval.run.publishing import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_run_exits_with_4_names_the_holder_and_touches_nothing(
    samples: Samples, tmp_path: Path
) -> None:
    project = copy_of(samples, tmp_path)
    before = record_of(project, "S001")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, project.outputs],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        break_unit(project, "S001")

        second = run_command(project.root, "run", "S001")

        assert second.returncode == 4
        assert (
            f"另一批任务正在使用同一个输出文件夹（进程 {holder.pid}，电脑 {socket.gethostname()}）"
            in second.stderr
        )
        assert record_of(project, "S001") == before
        holder.communicate("")
    assert run_command(project.root, "run", "S001").returncode == 3


@pytest.mark.parametrize(
    ("name", "options"),
    [("SIGINT", []), ("SIGTERM", []), ("SIGHUP", []), ("SIGTERM", ["--kernels"])],
    ids=["Ctrl-C", "SIGTERM", "SIGHUP", "SIGTERM, kernels"],
)
def test_a_batch_that_is_stopped_exits_with_5_leaves_nothing_and_goes_on_where_it_was(
    name: str, options: list[str], tmp_path: Path
) -> None:
    root, began, temporary = tmp_path / "项目", tmp_path / "began", tmp_path / "tmp"
    temporary.mkdir()
    hang = f"import time; open({str(began)!r}, 'w').close(); time.sleep(600)"
    small_notebooks(root, f"if unit.endswith('T002'): {hang}")
    make_unit(root)
    make_unit(root, settings={"unit_code": "T002"})
    run = subprocess.Popen(
        [*COMMAND, "run", "--jobs", "1", *options],
        cwd=root,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=os.environ | {"TMPDIR": str(temporary)},
        # A shell's background job, such as these tests may be, ignores Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while not began.exists():
        assert run.poll() is None
        time.sleep(0.05)
    processes = psutil.Process(run.pid).children(recursive=True)

    run.send_signal(getattr(signal, name))
    _, errors = run.communicate(timeout=60)

    assert run.returncode == 5
    # A kernel may still say that its parent is gone; nothing of ours may say more.
    told = [line for line in errors.decode().splitlines() if line.strip()]
    assert [line for line in told if "[IPKernelApp]" not in line] == [
        "已停止。已完成的单位都已保存，再运行一次即可。"
    ]
    gone, alive = psutil.wait_procs(processes, timeout=10)
    assert gone
    assert alive == []
    assert list(temporary.iterdir()) == []
    assert not (root / "outputs/.batch").exists()
    small_notebooks(root)
    again = run_command(root, "run", "--dry-run")
    assert "T002 要做：还没有报告" in again.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a unit outlives its batch")
def test_a_batch_that_is_killed_takes_its_units_processes_with_it(tmp_path: Path) -> None:
    began = tmp_path / "began"
    small_notebooks(
        tmp_path,
        f"import os, time; open({str(began)!r}, 'w').write(f'{{os.getpid()}} ')",
        "time.sleep(600)",
    )
    make_unit(tmp_path)
    with subprocess.Popen([*COMMAND, "run"], cwd=tmp_path, stdout=subprocess.DEVNULL) as run:
        while not began.exists() or " " not in began.read_text(encoding="utf-8"):
            assert run.poll() is None
            time.sleep(0.05)
        cells = psutil.Process(int(began.read_text(encoding="utf-8")))
        ours = [cells, *(one for one in cells.parents() if "forkserver" in "".join(one.cmdline()))]

        run.kill()

    assert len(ours) > 2
    assert psutil.wait_procs(ours, timeout=60)[1] == []


# --- finding units --------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Project:
    for unit in ("2021/A001", "2021/A002", "2022/A001", "备份/A009", "²/A008", "02021/A007"):
        (tmp_path / "params" / unit).mkdir(parents=True)
    return Project(tmp_path)


def names(folders: list[Path]) -> list[str]:
    return [f"{folder.parent.name}/{folder.name}" for folder in folders]


def test_without_names_all_units_of_all_years_are_found_and_no_other_folder(
    project: Project,
) -> None:
    assert names(find_units(project, [], None)) == ["2021/A001", "2021/A002", "2022/A001"]
    assert names(find_units(project, [], 2022)) == ["2022/A001"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (["A001"], ["2021/A001", "2022/A001"]),
        (["A002", "A002"], ["2021/A002"]),
        (["params/2021/A001"], ["2021/A001"]),
        (["params/2021/A001/", "A002"], ["2021/A001", "2021/A002"]),
    ],
)
def test_a_unit_is_found_once_by_its_code_or_its_folder(
    wanted: list[str], found: list[str], project: Project
) -> None:
    assert names(find_units(project, wanted, None)) == found


def test_a_unit_is_found_by_an_absolute_path_inside_the_project(project: Project) -> None:
    path = str(project.params / "2021/A001")

    assert names(find_units(project, [path], None)) == ["2021/A001"]


@pytest.mark.parametrize(
    "wanted",
    [
        *("../x", "params/2021/../2021/A001", "/etc/passwd", "params/2021", "params/备份/A009"),
        *("params/²/A008", "params/2021/A003", "A 1", "", "x" * 5000, "~/A001", "A001\n"),
    ],
)
def test_what_is_no_code_and_no_unit_folder_is_refused(wanted: str, project: Project) -> None:
    with pytest.raises(UsageError, match="不是单位代码"):
        find_units(project, [wanted], None)


def test_a_code_that_is_nearly_right_is_answered_with_the_right_one(project: Project) -> None:
    with pytest.raises(UsageError, match=r"没有这个单位。是不是“A00[12]”？"):
        find_units(project, ["A0O1"], None)


def test_a_code_like_no_other_is_answered_with_those_there_are(project: Project) -> None:
    with pytest.raises(UsageError, match="现有单位：A001、A002、A001。"):
        find_units(project, ["zzz"], None)


def test_a_year_that_is_not_there_is_answered_with_those_there_are(project: Project) -> None:
    with pytest.raises(UsageError, match="现有年度：2021、2022"):
        find_units(project, [], 2020)


def test_a_project_without_units_says_how_to_make_one(tmp_path: Path) -> None:
    (tmp_path / "params").mkdir()

    with pytest.raises(UsageError, match="selfeval new"):
        find_units(Project(tmp_path), [], None)


def test_a_project_is_found_from_any_folder_below_it(project: Project) -> None:
    assert find_project(project.params / "2021") == project


def test_a_folder_outside_any_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SelfEvalError, match="这里不是 selfeval 项目"):
        find_project(tmp_path)
