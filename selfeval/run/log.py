"""A unit's log in its work folder: when each step began, how long it took, what libraries print."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import cause
from .processes import UnitLimits
from .publishing import WORK_FOLDER, publish

LOG_FILE, ERROR_FILE = "log.txt", "error.txt"
_MARGIN = 2.0
"""Seconds before the unit's end in which its process still tells which cell was late."""


def told_to_log(detail: str, work: Path) -> str:
    """Write what is for maintainers only, and return where it is."""
    where = f"{WORK_FOLDER}/{work.name}"
    if not detail:
        return f"执行过的笔记本在 {where}。"
    try:
        publish(work / ERROR_FILE, f"{detail}\n")
    except OSError as error:
        return f"详情没有写进 {where}（{cause(error)}）。"
    return f"详情见 {where}/{ERROR_FILE}，请交给维护人员。"


@dataclass
class Log:
    """A unit's log: what was begun when, and how long it took; times stand here and nowhere else.

    A step that has no end is where the process ended.
    """

    file: int
    began: float = field(default_factory=time.monotonic)

    def tell(self, text: str) -> None:
        """Write a line with the time."""
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        with suppress(OSError):  # a log that cannot be written stops nothing
            os.write(self.file, f"{now} {text}\n".encode())

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Write when a step begins, and how long it took."""
        self.tell(f"{name} ...")
        before = time.monotonic()
        yield
        self.tell(f"{name} {time.monotonic() - before:.2f} s")

    def left(self, limits: UnitLimits) -> UnitLimits:
        """Return what is left for a notebook of what the unit may take."""
        seconds = limits.seconds - (time.monotonic() - self.began) - _MARGIN
        return limits._replace(seconds=max(seconds, 1.0))


@contextmanager
def log_at(work: Path) -> Iterator[Log]:
    """Begin a unit's work folder anew, with its log; what libraries print goes there too."""
    shutil.rmtree(work, ignore_errors=True)
    kind = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    try:
        work.mkdir(parents=True, exist_ok=True)
        file = os.open(work / LOG_FILE, kind, 0o644)
    except OSError:
        file = os.open(os.devnull, kind)
    for stream in (1, 2):
        os.dup2(file, stream)
    log = Log(file)
    log.tell(f"{work.parent.parent.name}/{work.name} ...")
    yield log
    log.tell(f"{time.monotonic() - log.began:.2f} s{_usage()}")


def _usage() -> str:
    if sys.platform == "win32":
        return ""
    import resource

    whole = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(one.ru_utime + one.ru_stime for one in whole)
    peak = max(one.ru_maxrss for one in whole) / (2**20 if sys.platform == "darwin" else 2**10)
    return f", CPU {cpu:.2f} s, peak {peak:.0f} MB"
