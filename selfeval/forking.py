"""What a process asks before it is forked, and its fork does first. Linux only."""

from __future__ import annotations

import os
import signal
import sys
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
