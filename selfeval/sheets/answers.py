"""What a process that reads tables says beside grids and errors of files."""

from __future__ import annotations

from typing import Final, NamedTuple

NO_MEMORY: Final = 101
"""Its exit code where Python found no memory; calamine aborts without one."""


class Fault(NamedTuple):
    """A fault of ours in it, as a traceback."""

    traceback: str
