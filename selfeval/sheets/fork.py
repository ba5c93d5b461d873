"""This process, forked: it has loaded all it needs, where a fresh interpreter loads it anew.

Only on Linux, and only from a process without other threads: a lock that another thread held
would stay locked in the fork for ever. For the same reason no thread watches the fork's time.
"""

from __future__ import annotations

import gc
import io
import os
import signal
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from ..forking import die_with


class Fork:
    """A forked process, used as ``subprocess.Popen`` is."""

    def __init__(self, pid: int, requests: int, answers: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._answers = _Answers(answers)
        self.stdin = os.fdopen(requests, "wb")
        self.stdout = io.BufferedReader(self._answers)

    @contextmanager
    def clock(self, seconds: float) -> Iterator[threading.Event]:
        """Kill the process if its answer is late, and tell so."""
        self._answers.until = time.monotonic() + seconds
        yield self._answers.late
        if self._answers.late.is_set():
            self.kill()

    def poll(self) -> int | None:
        """Return how the process ended, None if it did not."""
        return self._ended(os.WNOHANG)

    def wait(self, timeout: float | None = None) -> int | None:
        """Return how the process ended, as soon as it does; it has closed its answers, or soon."""
        return self._ended(0)

    def kill(self) -> None:
        """End the process, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)

    def _ended(self, options: int) -> int | None:
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, options)
            self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode


class _Answers(io.RawIOBase):
    """What a fork writes, for as long as it is waited for."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self.until = 0.0
        self.late = threading.Event()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        import select

        waiting = select.poll()
        waiting.register(self._pipe, select.POLLIN)
        if not waiting.poll(max(self.until - time.monotonic(), 0) * 1000):
            self.late.set()
            raise TimeoutError
        return os.readv(self._pipe, [buffer])

    def close(self) -> None:
        if not self.closed:
            os.close(self._pipe)
        super().close()


def fork(serve: Callable[[int, int], None]) -> Fork:
    """Fork this process to serve: requests from one pipe, answers to another."""
    parent = os.getpid()
    asked, asks = os.pipe()
    answers, answered = os.pipe()
    # A signal that strikes before the fork has its own handlers would be handled as here.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        pid = os.fork()
        if pid == 0:
            try:
                die_with(parent)
                asked, answered = _leave_the_rest(asked, answered)
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
                serve(asked, answered)
            finally:
                os._exit(0)
        return Fork(pid, asks, answers)
    finally:
        os.close(asked)
        os.close(answered)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _leave_the_rest(*pipes: int) -> list[int]:
    """Drop what a fork has of its parent but some pipes: handlers, files, warnings, garbage."""
    import fcntl

    signal.set_wakeup_fd(-1)
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)) or number == signal.SIGXCPU:
            signal.signal(number, signal.SIG_DFL)
    kept = [fcntl.fcntl(pipe, fcntl.F_DUPFD_CLOEXEC, 3) for pipe in pipes]
    for file in map(int, os.listdir("/proc/self/fd")):
        if file not in kept:
            with suppress(OSError):  # the list's own
                os.close(file)
    nowhere = os.open(os.devnull, os.O_RDWR)  # the first free number: 0
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    warnings.simplefilter("ignore")
    gc.freeze()  # or each search for garbage would copy what the parent holds
    return kept
