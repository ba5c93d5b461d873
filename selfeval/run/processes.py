"""Many jobs in processes of their own, each within limits; how each ended, from evidence.

On Linux a job's process is forked from one warm process without threads, which has imported all
it needs; elsewhere it is a fresh interpreter. A process leads a session, and all that it started
ends with it.
"""

from __future__ import annotations

import multiprocessing.util
import os
import signal
import sys
import tempfile
import threading
import time
import types
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from ..forking import die_with, lower, mapped

NO_MEMORY: Final = 101
"""The exit code of a process that found no memory."""
_TERMINATED: Final = 128 + signal.SIGTERM
"""The exit code of a process that was told to end and cleared up after itself."""
_LONGEST: Final = 60
"""Bytes of a folder's name: a socket's whole name may have 107, and 31 are multiprocessing's."""
_LOST: Final = 255
"""What multiprocessing tells of a process that ended with the one it was forked from."""
_GRACE = 3.0
"""How long a process may take to clear up after itself once it is told to end."""
_FORKED: Final = sys.platform == "linux"
_READY: Final = "selfeval.run.warm"
WARM: Final = "SELFEVAL_WARM"
"""The variable that says what to get ready, as JSON: ``years`` are folders whose units are
neighbours, ``rehearse`` whether there are enough units to make that worth its while."""
HEADLESS: Final = "SELFEVAL_HEADLESS"
"""The variable that says that nobody sits at a notebook that is run."""
ENVIRONMENT: Final = {
    HEADLESS: "1",
    # A library that starts threads must not: what is forked has but the one that forked.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}

_BOOKS: Final = threading.Lock()
"""Held where multiprocessing notes which processes there are: it may not be asked by two threads
at once, and a process that is noted as ended by the one has no exit code for the other."""

Ending = Literal["answered", "late", "out_of_memory", "killed", "crashed", "lost", "unmade"]


class UnitLimits(NamedTuple):
    """What one unit may take: seconds on the clock, and bytes of memory beyond what is shared."""

    seconds: float = 600.0
    memory: int = 2 * 2**30


class Ended(NamedTuple):
    """How a job's process ended, and what it answered if it did.

    ``detail`` says what the system told: a signal's name or an exit code. ``lost`` is a job whose
    machine went away, ``unmade`` one that no machine was left for: a cluster's endings.
    """

    ending: Ending
    answer: Any = None
    detail: str = ""
    seconds: float = 0.0


@dataclass
class _Running:
    job: Any
    process: Any
    answers: Connection
    began: float = field(default_factory=time.monotonic)
    oom_kills: int = field(default_factory=lambda: _oom_kills())


def in_processes(
    work: Callable[[Any], Any],
    jobs: Iterable[Any],
    count: int,
    limits: UnitLimits,
    begun: Callable[[Any], None] = lambda job: None,
    tick: Callable[[], None] | None = None,
    variables: Mapping[str, str] | None = None,
) -> Generator[tuple[Any, Ended]]:
    """Do each job in a process of its own, ``count`` at a time; yield each as it ends.

    If the caller stops early, by closing the iterator or by an exception, all of them are ended.
    Several threads may do this at once.

    Parameters
    ----------
    work : callable
        What is done with a job; it and its answer must be able to be pickled.
    begun : callable
        Called with each job as it begins.
    tick : callable, optional
        Called about twice a second; what it raises stops the jobs.
    variables : mapping, optional
        Variables of the environment of the process they are forked from.
    """
    waiting, running = deque(jobs), list[_Running]()
    try:
        while waiting or running:
            while waiting and len(running) < count:
                job = waiting.popleft()
                running.append(_start(work, job, limits, variables or {}))
                begun(job)
            until = min(one.began for one in running) + limits.seconds - time.monotonic()
            pause = max(until, 0.0) if tick is None else min(max(until, 0.0), 0.5)
            ends = [one.answers for one in running] + [one.process.sentinel for one in running]
            ready = wait(ends, pause)
            for one in list(running):
                over = one.answers in ready or one.process.sentinel in ready
                late = not over and time.monotonic() - one.began >= limits.seconds
                if over or late:
                    running.remove(one)
                    yield one.job, _ended(one, late)
            if tick is not None:
                tick()
    finally:
        for one in running:
            one.process.terminate()
        for one in running:
            _end(one)


def _start(
    work: Callable[[Any], Any], job: Any, limits: UnitLimits, variables: Mapping[str, str]
) -> _Running:
    context: Any = multiprocessing.get_context("forkserver" if _FORKED else "spawn")
    with _BOOKS, set_variables({**ENVIRONMENT, **variables}), _no_main():
        if _FORKED:
            _shorten_addresses()
            context.set_forkserver_preload([_READY])
        get, put = context.Pipe(duplex=False)
        process = context.Process(target=_serve, args=(put, work, job, limits))
        process.start()
    put.close()
    return _Running(job, process, get)


def _shorten_addresses() -> None:
    """Give multiprocessing a folder whose name leaves room for that of a socket."""
    own = tempfile.tempdir
    if len(os.fsencode(tempfile.gettempdir())) > _LONGEST:
        tempfile.tempdir = "/tmp"
    try:
        multiprocessing.util.get_temp_dir()  # which remembers it
    finally:
        tempfile.tempdir = own


@contextmanager
def set_variables(settings: Mapping[str, str]) -> Iterator[None]:
    """Set variables of the environment for as long as processes are started in it."""
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _no_main() -> Iterator[None]:
    """Keep a new process from running the caller's script again."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _ended(one: _Running, late: bool) -> Ended:
    answer: Any = None
    with suppress(EOFError, OSError):
        if not late and one.answers.poll():
            answer = one.answers.recv()
    if answer is not None:
        _is_gone(one, _GRACE)
    elif late:
        one.process.terminate()
    else:
        # Its end of the pipe is closed, so it is ending; the system may not have said how.
        _is_gone(one, _GRACE)
    code = _end(one)
    seconds = time.monotonic() - one.began
    if answer is not None:
        return Ended("answered", answer, seconds=seconds)
    if late:
        return Ended("late", seconds=seconds)
    if code == NO_MEMORY:
        return Ended("out_of_memory", seconds=seconds)
    if code == _LOST:
        return Ended("killed", seconds=seconds)
    code = -signal.SIGTERM if code == _TERMINATED else code
    if code == -getattr(signal, "SIGXCPU", 0):
        return Ended("late", seconds=seconds)
    name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    if code == -signal.SIGKILL and _oom_kills() > one.oom_kills:
        return Ended("out_of_memory", detail=name, seconds=seconds)
    return Ended("killed" if name in _FROM_OUTSIDE else "crashed", detail=name, seconds=seconds)


_FROM_OUTSIDE: Final = {"SIGKILL", "SIGTERM", "SIGHUP", "SIGINT"}
"""Signals that somebody sends; the others are what a program does to itself."""


def _end(one: _Running) -> int:
    """End a process with all that it started; return its exit code, -n for signal n."""
    if not _is_gone(one, _GRACE):
        one.process.kill()
    _kill_session(one.process.pid)
    _is_gone(one, None)
    one.answers.close()
    with _BOOKS:
        one.process.join()
        code = int(one.process.exitcode or 0)
        one.process.close()
    return code


def _is_gone(one: _Running, seconds: float | None) -> bool:
    """Wait for a process to end; return whether it did."""
    return bool(wait([one.process.sentinel], seconds))


def _kill_session(leader: int) -> None:
    """Kill what is left of a session: what a process started and did not end."""
    if not _FORKED:
        return
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):
            # After the name, which may hold anything: state, parent, group, session.
            state, _, _, session = stat.read_text().rpartition(")")[2].split()[:4]
            if int(session) == leader and state not in "ZX":
                os.kill(int(stat.parent.name), signal.SIGKILL)


def _oom_kills() -> int:
    """Return how often this system has killed a process for want of memory."""
    with suppress(OSError):
        for line in Path("/proc/vmstat").read_text().splitlines():
            if line.startswith("oom_kill "):
                return int(line.split()[1])
    return 0


def _serve(answers: Connection, work: Callable[[Any], Any], job: Any, limits: UnitLimits) -> None:
    """Do a job in this process, which is its own, and send back what came of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the batch decides what Ctrl-C ends
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_TERMINATED))
    if sys.platform != "win32":
        os.setsid()
    _let_server_end()
    die_with(os.getppid())
    _limit(limits)
    try:
        answers.send(work(job))
    except MemoryError:
        os._exit(NO_MEMORY)


def _let_server_end() -> None:
    """Let go of the pipe that keeps the server alive which forked this process.

    The server ends, and what it forked with it, when nobody holds the pipe any more: that must be
    when the batch dies, not when the last of its units has ended.
    """
    from multiprocessing import forkserver

    server: Any = getattr(forkserver, "_forkserver", None)
    if (held := getattr(server, "_forkserver_alive_fd", None)) is not None:
        os.close(held)
        server._forkserver_alive_fd = None


def _limit(limits: UnitLimits) -> None:
    """Let this process take so much memory beyond what it has mapped already (Linux).

    The limit of CPU seconds is for a batch that was itself stopped, and watches no clock.
    """
    if _FORKED:
        lower("RLIMIT_AS", mapped() + limits.memory)
        lower("RLIMIT_CPU", int(limits.seconds + _GRACE) + 1)
        lower("RLIMIT_CORE", 0)
