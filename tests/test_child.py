"""Tests of selfeval.sheets.child: no file can do more than be refused by its own name."""

import pickle
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress

import psutil
import pytest
from builders import csv_bytes, make_unit, write_ods, write_xls, write_xlsx
from hostile import HOSTILE, ONE_CELL, build, endless_xls, xlsx_of

from selfeval import sheets
from selfeval.errors import TableError
from selfeval.forking import is_alone
from selfeval.sheets import Limits
from selfeval.sheets.files import read_sheets

ROWS = [["项目", "数"], ["0101", 12.5], ["NA", -3]]
HASTE = Limits(seconds=0.1)


FORKING = """
import pickle, subprocess, sys
from selfeval.sheets import Limits, read_files

subprocess.Popen = None  # no interpreter can be started: only a fork reads
"""
CALL = f"""{FORKING}
call = pickle.load(sys.stdin.buffer)
try:
    answer = read_files(*call)
except RuntimeError as error:
    answer = error
pickle.dump(answer, sys.stdout.buffer)
"""


THREAD = "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()"


def read_in_a_fork(*call):
    """Call ``read_files`` in a process that has one thread."""
    process = subprocess.run(
        [sys.executable, "-c", CALL], input=pickle.dumps(call), capture_output=True, check=False
    )
    assert process.stderr == b""
    answer = pickle.loads(process.stdout)
    if isinstance(answer, RuntimeError):
        raise answer
    return answer


WAYS = ["interpreter"] + ["fork"] * (sys.platform == "linux")
INTERPRETER = pytest.mark.parametrize("way", WAYS[:1])


@contextmanager
def another_thread():
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        yield
    finally:
        done.set()
        other.join()


@pytest.fixture(params=WAYS)
def way(request):
    """Files are read in a fresh interpreter, as beside other threads, or in a fork."""
    return request.param


@pytest.fixture
def read_files(way):
    if way == "fork":
        yield read_in_a_fork
    else:
        with another_thread():
            yield sheets.read_files


@pytest.fixture
def good(tmp_path):
    return write_xlsx(tmp_path / "好.xlsx", 表=ROWS)


def is_read(answer):
    return isinstance(answer, list) and [list(row) for row in answer[0].rows] == ROWS


def aborting(folder):
    """Write a workbook for which calamine asks for memory for 17 billion cells, and aborts.

    Only an ``area`` far beyond the usual lets it come so far.
    """
    far = '<row r="1048575"><c r="XFD1048575"><v>1</v></c></row>'
    return xlsx_of(folder / "远.xlsx", ONE_CELL + far), Limits(area=10**12)


# --- as if it were read here ---------------------------------------------------------------


@pytest.fixture(scope="module", autouse=True)
def one_reader():
    """Every test starts the processes it reads with by itself."""


def test_files_are_read_in_the_child_as_they_are_here(tmp_path, read_files):
    paths = [
        write_xlsx(tmp_path / "a.xlsx", 表=ROWS[:2], 空=[[]]),
        write_xls(tmp_path / "a.xls", 表=ROWS),
        write_ods(tmp_path / "a.ods", 表=ROWS),
        make_unit(tmp_path) / "填报.xlsx",
        tmp_path / "支出 表\udcff.csv",
    ]
    paths[-1].write_bytes(csv_bytes(ROWS, "gb18030"))

    assert read_files(paths) == [read_sheets(path) for path in paths]


def test_faults_of_cells_come_with_their_sheet_and_faults_of_files_for_it(
    tmp_path, good, read_files
):
    formula = write_xlsx(tmp_path / "a.xlsx", 表=[["=A2"]])
    (tmp_path / "b.csv").write_bytes(b"")

    sheets, refused, again = read_files([formula, tmp_path / "b.csv", good])
    assert [fault.place for fault in sheets[0].faults] == ["a.xlsx › 表 › A1"]
    assert isinstance(refused, TableError)
    assert str(refused) == "b.csv：是空文件。请填好数据再放入，或把它移走。"
    assert is_read(again)


def test_no_files_need_no_child(read_files):
    assert read_files([]) == []


# --- files that do harm --------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_by_name_and_the_next_is_read(tmp_path, good, name, read_files):
    path = build(name, tmp_path)

    refused, read = read_files([path, good], Limits(seconds=60))
    assert isinstance(refused, TableError)
    assert refused.place.startswith(path.name)
    assert HOSTILE[name][1] in refused.fault
    assert refused.remedy
    assert is_read(read)


def test_a_file_that_aborts_the_reader_costs_only_itself(tmp_path, good, read_files):
    bad, limits = aborting(tmp_path)

    answers = read_files([good, bad, good, bad], limits)
    assert [is_read(answer) for answer in answers] == [True, False, True, False]
    assert str(answers[1]) == (
        "远.xlsx：读它的程序中止了：文件已损坏，或要用的内存过多。"
        "请用 Excel 或 WPS 打开，另存为 .xlsx 后再试。"
    )


def test_a_file_that_takes_too_long_costs_only_itself(tmp_path, good, read_files):
    answers = read_files([good, endless_xls(tmp_path / "慢.xls"), good], HASTE)

    assert [is_read(answer) for answer in answers] == [True, False, True]
    assert answers[1].place == "慢.xls"
    assert answers[1].fault == "读它要算 0.1 秒以上。"


def test_a_file_that_waits_too_long_says_that_the_computer_may_be_busy(tmp_path, read_files):
    (late,) = read_files([endless_xls(tmp_path / "慢.xls")], Limits(seconds=60, wall=0.5))

    assert late.fault == "0.5 秒内没有读完。"
    assert "过一会儿再试" in late.remedy


@pytest.mark.skipif(sys.platform != "linux", reason="no other system keeps to RLIMIT_AS")
def test_a_file_that_needs_too_much_memory_costs_only_itself(tmp_path, good, read_files):
    path = tmp_path / "大.csv"
    path.write_bytes((b",".join([b"1234567"] * 10) + b"\n") * 99_000)  # 170 MB, 60 for Python

    large, read = read_files([path, good])
    assert len(large[0].rows) == 99_000
    assert is_read(read)

    refused, read = read_files([path, good], Limits(memory=128 * 2**20))
    assert str(refused).startswith("大.csv：读它要用的内存超过 128 MB。")
    assert is_read(read)


# --- what is left behind -------------------------------------------------------------------


LEFT = f"""{FORKING}
import os, psutil, threading

def left():
    me = psutil.Process()
    files = [*os.listdir(), *os.listdir("..")]
    return me.children(), me.num_fds(), threading.active_count(), files

calls = pickle.load(sys.stdin.buffer)
before = left()
for call in calls:
    read_files(*call)
sys.exit(left() != before)
"""


def test_nothing_is_left_behind(tmp_path, good, monkeypatch, way):
    bad, limits = aborting(tmp_path)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    endless = endless_xls(tmp_path / "慢.xls")
    calls = [([good, bad, good], limits), ([endless], Limits(wall=0.2))]
    monkeypatch.setenv("TMPDIR", str(temporary))
    code = LEFT
    if way == "interpreter":
        code = LEFT.replace("subprocess.Popen = None", THREAD)

    process = subprocess.run(
        [sys.executable, "-c", code], input=pickle.dumps(calls), cwd=temporary, check=False
    )

    assert process.returncode == 0


def test_what_the_reader_prints_reaches_nobody(tmp_path, good, capfd, read_files):
    path = write_xls(tmp_path / "a.xls", 表=[["001"]])
    data = path.read_bytes()
    path.write_bytes(data.replace(b"\x03\x00\x00001", b"\x03\x00\xff001"))  # calamine panics
    bad, limits = aborting(tmp_path)

    panicked, aborted, read = read_files([path, bad, good], limits)

    assert "已损坏" in str(panicked)
    assert "中止" in str(aborted)
    assert is_read(read)
    assert capfd.readouterr() == ("", "")


# --- the surroundings ----------------------------------------------------------------------


@INTERPRETER
def test_files_are_read_beside_running_threads_and_in_several_of_them(tmp_path, good, read_files):
    bad, limits = aborting(tmp_path)
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(read_files([bad, good], limits)))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [is_read(second) for _, second in answers] == [True] * 3


@INTERPRETER
def test_modules_in_the_current_folder_and_in_pythonpath_are_not_run(
    tmp_path, good, monkeypatch, read_files
):
    folder = tmp_path / "资料"
    folder.mkdir()
    for name in ("zipfile", "csv", "python_calamine", "selfeval", "sitecustomize"):
        (folder / f"{name}.py").write_text("raise SystemExit")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PYTHONPATH", str(folder))

    assert is_read(read_files([good])[0])


def test_a_path_from_the_current_folder_is_found(good, monkeypatch, read_files):
    monkeypatch.chdir(good.parent)

    assert is_read(read_files([good.relative_to(good.parent)])[0])


def the_child(parent):
    """Return the child, when it has begun to read the 40 MB of ``endless_xls``."""
    for _ in range(6_000):
        for child in parent.children():
            with suppress(psutil.Error):  # of one that has just ended
                if child.memory_info().rss > 60 * 2**20:
                    return child
        time.sleep(0.01)
    raise AssertionError("no child")


@pytest.fixture
def read_aside(way):
    """Start to read a file; return the process that does, and what waits for the answer."""
    code = CALL
    if way == "interpreter":
        code = CALL.replace("subprocess.Popen = None", THREAD)

    def start(path, limits):
        parent = psutil.Popen([sys.executable, "-c", code], stdin=-1, stdout=-1)
        parent.stdin.write(pickle.dumps(([path], limits)))
        parent.stdin.flush()
        return parent, lambda: pickle.loads(parent.communicate()[0])[0]

    return start


@pytest.mark.skipif(sys.platform == "win32", reason="sends signals")
def test_an_interrupt_is_for_the_parent_to_decide(tmp_path, read_aside):
    parent, answer = read_aside(endless_xls(tmp_path / "慢.xls"), HASTE)

    the_child(parent).send_signal(signal.SIGINT)

    assert "读它要算 0.1 秒以上" in str(answer())


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the limits of a process")
def test_the_system_itself_holds_the_child_to_its_limits(tmp_path, way, read_aside):
    parent, answer = read_aside(endless_xls(tmp_path / "慢.xls"), HASTE)

    child = the_child(parent)
    kinds = (psutil.RLIMIT_AS, psutil.RLIMIT_CPU, psutil.RLIMIT_CORE)
    memory, seconds, core = (child.rlimit(kind)[0] for kind in kinds)
    mapped = parent.memory_info().vms if way == "fork" else 0  # before it read anything

    assert answer()
    assert core == 0
    assert 0.9 * mapped <= memory - 512 * 2**20 <= 1.1 * mapped
    assert 0 < seconds <= 2


@pytest.mark.skipif(sys.platform != "linux", reason="no other system ends it in time")
def test_a_child_whose_parent_is_killed_ends_by_itself(tmp_path, way, read_aside):
    parent, _ = read_aside(endless_xls(tmp_path / "慢.xls"), HASTE)

    child = the_child(parent)
    if way == "fork":
        child.suspend()  # by itself it could not even notice
    parent.kill()
    parent.communicate()

    assert psutil.wait_procs([child], timeout=60) == ([child], [])


def test_a_child_killed_by_others_is_a_refusal_too(tmp_path, read_aside):
    parent, answer = read_aside(endless_xls(tmp_path / "慢.xls"), Limits(seconds=60))

    the_child(parent).kill()

    assert "中止" in str(answer())


def test_a_process_with_another_thread_is_not_forked():
    with another_thread():
        assert not is_alone()


def test_a_fault_of_ours_is_not_taken_for_a_fault_of_the_file(good, read_files):
    with pytest.raises(RuntimeError, match=r"好\.xlsx: Traceback(.|\n)*TypeError"):
        read_files([good], Limits(area=None))


def test_reading_files_loads_no_pandas():
    code = "import sys, selfeval.sheets.worker; sys.exit('pandas' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
