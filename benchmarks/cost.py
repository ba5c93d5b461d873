"""What a command costs together with every process it started, waited for or not (Linux)."""

from __future__ import annotations

import ctypes
import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resource import struct_rusage

_PR_SET_CHILD_SUBREAPER = 36
_TOLD = re.compile(r"CPU (?P<cpu>[\d.]+) s, peak (?P<peak>\d+) MB\n\Z")


@dataclass(frozen=True)
class Cost:
    """CPU seconds, and peak memory in MiB: the largest of a process and those it waited for."""

    cpu: float
    peak: float


def adopt_orphans() -> None:
    """Become the parent of whatever a child leaves behind, so that its cost is not missed.

    A command does not wait for the process that its units are forked from; that process waits
    for theirs.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def cost(command: Sequence[str | Path], folder: Path, accepted: Sequence[int] = (0,)) -> Cost:
    """Run a command in a folder and return its cost; ``adopt_orphans`` was called before.

    ``cpu`` is of all processes, ``peak`` of the command itself. What it printed is in
    ``printed.txt``.

    Raises
    ------
    SystemExit
        With the end of what it printed, if its exit code is none of the accepted.
    """
    # Without compiled files each start would compile again.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    log = folder / "printed.txt"
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=out)
    ended = {pid: (status, usage) for pid, status, usage in _all_children()}
    status, own = ended[process.pid]
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in accepted:
        printed = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        code = f"exit code {process.returncode}"
        raise SystemExit(f"{' '.join(map(str, command))}: {code}\n{printed}")
    cpu = sum(usage.ru_utime + usage.ru_stime for _, usage in ended.values())
    return Cost(cpu, own.ru_maxrss / 1024)


def _all_children() -> Iterator[tuple[int, int, struct_rusage]]:
    """Yield each child and adopted orphan as it ends, until there is none."""
    while True:
        try:
            yield os.wait4(-1, 0)
        except ChildProcessError:
            return


def unit_costs(project: Path) -> dict[str, Cost]:
    """Return by code what each unit's own process told of itself at its end.

    Raises
    ------
    SystemExit
        If one did not come to its end.
    """
    found = {}
    for log in sorted(project.glob("outputs/*/.work/*/log.txt")):
        text = log.read_text(encoding="utf-8")
        told = _TOLD.search(text)
        if told is None:
            raise SystemExit(f"{log.parent.name} did not come to its end:\n{text[-2000:]}")
        found[log.parent.name] = Cost(float(told["cpu"]), float(told["peak"]))
    return found
