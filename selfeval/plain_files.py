"""Files of others → bytes: only plain files, and never more of one than is wanted."""

from __future__ import annotations

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path


def open_plain(path: Path) -> BufferedReader:
    """Open a file to read its bytes; a pipe or a device, which may never end, is refused.

    Raises
    ------
    OSError
        If it cannot be opened or is no plain file; ``errors.cause`` says why.
    """
    file = open(path, "rb", opener=_at_once)  # noqa: SIM115 - the caller closes it
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.ENXIO, "", str(path))
    return file


def read_plain(path: Path, largest: int) -> bytes:
    """Return a plain file's bytes; one more than ``largest`` where there are more."""
    with open_plain(path) as file:
        return file.read(largest + 1)


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # a pipe would wait for a writer
