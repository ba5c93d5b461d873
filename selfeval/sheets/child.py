"""Files → grids, read in a child process: a hostile or broken file costs only itself.

calamine aborts its process where it finds no memory, which no Python code can catch, and a
crafted file can keep any parser busy for hours. So nothing is parsed in this process. The
child is a fresh interpreter, which takes a tenth of a second to start; on Linux a fork of this
process where that has no other thread: a kernel has some running, and so has numpy.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import SelfEvalError, TableError
from ..forking import is_alone
from .answers import NO_MEMORY, Fault
from .fork import Fork, fork
from .grid import Grid
from .limits import RESAVE, SMALLER, Limits

if TYPE_CHECKING:
    from subprocess import Popen

    Child = Popen[bytes] | Fork

START_SECONDS = 60.0
"""A fresh interpreter starts in a tenth of a second; a fault of ours if it never does."""
LIMITS = Limits()


def read_files(paths: Sequence[Path], limits: Limits = LIMITS) -> list[list[Grid] | SelfEvalError]:
    """Read every sheet of each table file, as ``read_sheets`` does, or tell why it cannot be read.

    Returns
    -------
    list
        For each path its grids, or the error that refuses it: also where it took longer or
        needed more memory than it may, or ended the process that read it.
    """
    answers: dict[Path, list[Grid] | SelfEvalError] = {
        path: TableError(path.name, "文件打不开（没有权限）。", "请检查文件的权限。")
        for path in paths
        if path.exists() and not os.access(path, os.R_OK)
    }
    left = [path for path in dict.fromkeys(paths) if path not in answers]
    while left:
        with _child(limits) as process:
            while left:
                path = left.pop(0)
                answer, late = _ask(process, str(path), limits.wall)
                if isinstance(answer, Fault):
                    raise RuntimeError(f"{path.name}: {answer.traceback}")
                died = answer is None
                answers[path] = _refusal(process, path.name, limits, late) if died else answer
                if died or late:
                    break
    return [answers[path] for path in paths]


@contextmanager
def _child(limits: Limits) -> Iterator[Child]:
    process = _forked() if is_alone() else _start()
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        answer, _ = _ask(process, limits, START_SECONDS)
        if answer is not True:
            raise RuntimeError(f"the process that reads tables did not start: {answer}")
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        with suppress(OSError):  # of a request that nobody read
            process.stdin.close()


def _forked() -> Fork:
    from .worker import serve_forked  # here, so that the fork has loaded all it reads with

    return fork(serve_forked)


def _start() -> Popen[bytes]:
    import subprocess

    # Only these folders, after Python's own: neither the user's environment nor a file that
    # lies in the current folder can take the place of a module.
    folders = [str(Path(__file__).parents[2])]
    for library in ("python_calamine", "olefile"):
        found = find_spec(library)
        assert found is not None
        assert found.origin is not None
        folders.append(str(Path(found.origin).parents[1]))
    code = f"import sys; sys.path += {folders!a}; from {__package__}.worker import serve"
    flags = ["-I", "-S", "-X", f"utf8={sys.flags.utf8_mode}"]
    flags += ["-B"] if sys.dont_write_bytecode else []
    return subprocess.Popen(
        [sys.executable, *flags, "-c", f"{code}; serve()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _ask(process: Child, request: object, seconds: float) -> tuple[Any, bool]:
    """Return the child's answer, None if it died, and whether it was killed for being late."""
    assert process.stdin is not None
    assert process.stdout is not None
    clock = process.clock if isinstance(process, Fork) else partial(_clock, process)
    with clock(seconds) as late:
        try:
            pickle.dump(request, process.stdin)
            process.stdin.flush()
            answer = pickle.load(process.stdout)  # from our own code, so as good as it
        except (EOFError, OSError, pickle.UnpicklingError):
            answer = None
    return answer, late.is_set()


@contextmanager
def _clock(process: Popen[bytes], seconds: float) -> Iterator[threading.Event]:
    """Kill a process that is late, and tell so."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    clock = threading.Timer(seconds, stop)
    clock.start()
    try:
        yield late
    finally:
        clock.cancel()
        clock.join()  # so that it cannot strike at the next file


def _refusal(process: Child, name: str, limits: Limits, late: bool) -> TableError:
    process.wait(START_SECONDS)
    if late:
        fault = f"{limits.wall:g} 秒内没有读完。"
        return TableError(name, fault, f"{SMALLER}电脑正忙时，请过一会儿再试。")
    if process.returncode == -getattr(signal, "SIGXCPU", 0):
        return TableError(name, f"读它要算 {limits.seconds:g} 秒以上。", SMALLER)
    if process.returncode == NO_MEMORY:
        return TableError(name, f"读它要用的内存超过 {limits.memory >> 20} MB。", SMALLER)
    return TableError(name, "读它的程序中止了：文件已损坏，或要用的内存过多。", RESAVE)
