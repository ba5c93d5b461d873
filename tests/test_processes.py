"""Jobs in processes of their own: how each ended is told from evidence, and nothing is left."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from selfeval.run.processes import Ended, UnitLimits, in_processes

SLEEP = "import time; time.sleep(600)"


def ended(work: Callable[[object], object], job: object = None, **limits: float) -> Ended:
    [(_, told)] = in_processes(work, [job], 1, UnitLimits(**limits))  # type: ignore[arg-type]
    return told


def are_gone(*pids: int) -> bool:
    """Return whether processes end, which the system takes a moment for."""
    left = [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]
    _, alive = psutil.wait_procs(left, timeout=30)
    return all(one.status() == psutil.STATUS_ZOMBIE for one in alive)


def double(number: object) -> object:
    return number + number  # type: ignore[operator]


def end_by(number: object) -> None:
    os.kill(os.getpid(), int(str(number)))


def leave(code: object) -> None:
    os._exit(int(str(code)))


def raise_fault(job: object) -> None:
    raise ZeroDivisionError


def fill_memory(size: object) -> int:
    return len(b"1" * int(str(size)))


def hang(path: object) -> None:
    """Start a process, tell both, and never end."""
    child = subprocess.Popen([sys.executable, "-c", SLEEP])
    Path(f"{path}.new").write_text(f"{os.getpid()} {child.pid}", encoding="utf-8")
    os.rename(f"{path}.new", str(path))
    child.wait()


def leave_behind(path: object) -> str:
    """Start a process in a group of its own, and end."""
    child = subprocess.Popen([sys.executable, "-c", SLEEP], process_group=0)
    return str(child.pid)


def threads(job: object) -> tuple[int, int]:
    return tuple(len(os.listdir(f"/proc/{pid}/task")) for pid in (os.getpid(), os.getppid()))  # type: ignore[return-value]


def loaded(job: object) -> set[str]:
    return {"pandas", "papermill", "nbconvert", "selfeval.run.report"} & set(sys.modules)


def test_answers_come_as_they_are_ready_whatever_their_size() -> None:
    answers = {job: told.answer for job, told in in_processes(double, ["1" * n for n in
        (1, 10, 3_000_000)], 2, UnitLimits())}  # fmt: skip

    assert all(answer == job * 2 for job, answer in answers.items())
    assert sorted(map(len, answers)) == [1, 10, 3_000_000]


@pytest.mark.parametrize(
    ("work", "job", "ending", "detail"),
    [
        (end_by, signal.SIGKILL, "killed", "SIGKILL"),
        (end_by, signal.SIGTERM, "killed", "SIGTERM"),
        (end_by, signal.SIGSEGV, "crashed", "SIGSEGV"),
        (end_by, signal.SIGABRT, "crashed", "SIGABRT"),
        (end_by, signal.SIGXCPU, "late", ""),
        (leave, 7, "crashed", "exit code 7"),
        (leave, 0, "crashed", "exit code 0"),
        (fill_memory, 200 << 20, "out_of_memory", ""),
    ],
    ids=["killed", "terminated", "segfault", "abort", "CPU time", "exit 7", "exit 0", "memory"],
)
def test_how_a_process_ended_is_told_from_what_the_system_says(
    work: Callable[[object], object], job: object, ending: str, detail: str
) -> None:
    told = ended(work, job, memory=100 << 20)

    assert (told.ending, told.detail, told.answer) == (ending, detail, None)


def test_a_fault_in_the_work_ends_its_process_alone() -> None:
    told = [one for _, one in in_processes(raise_fault, [1, 2], 2, UnitLimits())]

    assert [one.ending for one in told] == ["crashed", "crashed"]


def test_memory_is_counted_beyond_what_is_shared() -> None:
    assert ended(fill_memory, 50 << 20, memory=100 << 20).answer == 50 << 20


def test_a_process_that_is_late_ends_with_what_it_started(tmp_path: Path) -> None:
    told = ended(hang, tmp_path / "pids", seconds=3)

    own, child = map(int, (tmp_path / "pids").read_text(encoding="utf-8").split())
    assert told.ending == "late"
    assert are_gone(own, child)


def test_what_a_process_left_behind_ends_with_it() -> None:
    told = ended(leave_behind)

    assert are_gone(int(str(told.answer)))


def test_whoever_stops_listening_ends_them_all(tmp_path: Path) -> None:
    paths = [tmp_path / "1", tmp_path / "2"]
    done = in_processes(_hang_or_answer, [*paths, paths], 3, UnitLimits())

    job, _ = next(done)
    done.close()

    assert job == paths
    assert are_gone(*(int(pid) for path in paths for pid in path.read_text("utf-8").split()))


def _hang_or_answer(path: object) -> object:
    """Hang, or answer once others do."""
    if not isinstance(path, list):
        return hang(path)
    while not all(one.exists() for one in path):
        os.sched_yield()
    return 1


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is forked")
def test_no_thread_runs_where_a_process_is_forked_nor_in_the_one_that_is(tmp_path: Path) -> None:
    assert ended(threads).answer == (1, 1)
    assert ended(loaded).answer == {"pandas", "papermill", "nbconvert", "selfeval.run.report"}


def test_each_is_begun_once_and_no_more_at_a_time_than_asked() -> None:
    running, most, begun = 0, 0, []

    def begin(job: object) -> None:
        nonlocal running, most
        begun.append(job)
        running += 1
        most = max(most, running)

    for _ in in_processes(double, list(range(5)), 2, UnitLimits(), begun=begin):
        running -= 1

    assert begun == [0, 1, 2, 3, 4]
    assert most == 2


LONG = """\
import sys, tempfile
from selfeval.run.processes import UnitLimits, in_processes
tempfile.tempdir = sys.argv[1]
print([told.answer for _, told in in_processes(str, [1], 1, UnitLimits())])
"""


def test_a_temporary_folder_with_a_long_name_is_no_obstacle(tmp_path: Path) -> None:
    folder = tmp_path / ("长" * 30)
    folder.mkdir()

    run = subprocess.run([sys.executable, "-c", LONG, str(folder)], capture_output=True, text=True)

    assert run.stdout == "['1']\n", run.stderr
    assert list(folder.iterdir()) == []


def limits_of_cpu(job: object) -> tuple[int, int]:
    return resource.getrlimit(resource.RLIMIT_CPU)


def test_a_unit_has_a_limit_of_cpu_seconds_should_nobody_watch_the_clock() -> None:
    assert ended(limits_of_cpu, seconds=20.0).answer[0] == 24
