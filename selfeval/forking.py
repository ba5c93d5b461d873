"""What a process asks before it is forked, and its fork, or another child, does first."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

_DIE_WITH_PARENT: Final = 1
"""PR_SET_PDEATHSIG of <linux/prctl.h>."""


def is_alone() -> bool:
    """Return whether this process may be forked: it has one thread, of Python or not."""
    return sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1


def die_with(parent: int) -> None:
    """Let the system kill this process when its parent dies; end at once if it has."""
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def mapped() -> int:
    """Return how many bytes this process has mapped, whether it uses them or not (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")


def lower(name: str, limit: int) -> None:
    """Lower one of the system's limits of this process, such as ``RLIMIT_AS``."""
    if sys.platform == "win32":  # has no such limits: there the parent's clock must do
        return
    import resource

    kind = getattr(resource, name)
    _, highest = resource.getrlimit(kind)
    if highest != resource.RLIM_INFINITY:
        limit = min(limit, highest)
    with suppress(ValueError, OSError):  # macOS knows RLIMIT_AS and does not take it
        resource.setrlimit(kind, (limit, highest))
