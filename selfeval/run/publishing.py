"""Puts files in their place whole or not at all: one file, or a unit's set of files as one.

A set is written beside its place, flushed and proven, then exchanged with the set that stands
there in a single step of the file system. Whoever looks sees the old set or the new one.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from ..errors import SelfEvalError, cause
from ..page.seal import sealed_record
from ..project import RECORD_FILE

WORK_FOLDER: Final = ".work"
"""Holds what is not shared: a unit's executed notebooks, its log, and what went wrong in them."""
HOLDER_FILE: Final = ".batch"
_SET, _OLD = "set", "old"
_EXCHANGE: Final = 2
"""``RENAME_EXCHANGE`` of Linux and ``RENAME_SWAP`` of macOS."""
_CANNOT_EXCHANGE: Final = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}
FULL: Final = {errno.ENOSPC, errno.EDQUOT}
"""What the system says of a disk, or one's share of it, that is full."""


class PublishError(SelfEvalError):
    """A file could not be written; what stood in its place before stands there still."""


class Busy(SelfEvalError):  # noqa: N818 - it is a state, not a mistake
    """Another command writes to the same outputs."""


@contextmanager
def alone(outputs: Path) -> Iterator[None]:
    """Hold the lock of an outputs folder, which everything takes that writes there.

    The system lets go of it when its holder dies, however that was.

    Raises
    ------
    Busy
        If another command holds it; names which.
    """
    from filelock import FileLock, Timeout

    outputs.mkdir(parents=True, exist_ok=True)
    holder, lock = outputs / HOLDER_FILE, FileLock(outputs / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        who = f"（{told}）" if (told := read_holder(outputs)) else ""
        raise Busy("", f"另一批任务正在使用同一个输出文件夹{who}。", _WAIT) from None
    try:
        with suppress(OSError):  # on a full disk the units' own faults say more
            holder.write_text(f"进程 {os.getpid()}，电脑 {socket.gethostname()}", encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def read_holder(outputs: Path) -> str:
    """Return who holds the lock of an outputs folder, "" where nobody says so."""
    try:
        return (outputs / HOLDER_FILE).read_text(encoding="utf-8")
    except OSError:
        return ""


_WAIT: Final = "请等它结束后再试。"


def work_folder(target: Path) -> Path:
    """Return where a unit's work is kept, by the folder of its published set."""
    return target.parent / WORK_FOLDER / target.name


def stage(target: Path, files: Mapping[str, bytes]) -> None:
    """Write the files that are to stand in a unit's folder beside it, flushed to the disk.

    Raises
    ------
    PublishError
        If one cannot be written; for a full disk it says how much is needed.
    """
    folder = work_folder(target) / _SET
    with _named(target, sum(map(len, files.values()))):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, data in files.items():
            _write(folder / name, data)
        _flush(folder)


def stage_record(target: Path, record: Mapping[str, Any]) -> None:
    """Write the record of a set beside it, the last of its files.

    Raises
    ------
    PublishError
        If it cannot be written.
    """
    folder, data = work_folder(target) / _SET, record_bytes(record)
    with _named(target, len(data)):
        _write(folder / RECORD_FILE, data)
        _flush(folder)


@contextmanager
def _named(target: Path, need: int) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        # A rename fails with two names; the second is the file a user knows.
        named = error.filename2 or error.filename
        where = Path(os.fsdecode(named)).name if named else target.name
        full = f"，这一套文件共需 {need // 1024 + 1} KB" if error.errno in FULL else ""
        raise PublishError(
            f"{target.name} › {where}",
            f"写文件失败（{cause(error)}{full}）。",
            "请检查磁盘空间、权限，以及文件是否正被打开，再运行一次。",
        ) from error


def swap(target: Path, record: Mapping[str, Any], ours: Collection[str] = ()) -> None:
    """Put a staged set in its place, once it is seen to be what its record says.

    What others put into the unit's folder stays there: what neither record names, is no page,
    and is not among ``ours``.

    Raises
    ------
    PublishError
        If the set is not whole, or cannot be put there.
    """
    staged = work_folder(target) / _SET
    with _named(target, 0):
        for name, told in record["files"].items():
            if hashlib.sha256((staged / name).read_bytes()).hexdigest() != told:
                raise OSError(errno.EIO, os.strerror(errno.EIO), name)
        if target.exists():
            _bring_along(target, staged, {RECORD_FILE, *ours, *record["files"]})
            _exchange(staged, target)
            _flush(target.parent)
            shutil.rmtree(staged, ignore_errors=True)
        else:
            os.rename(staged, target)
            _flush(target.parent)


def recover(year_folder: Path) -> None:
    """Put back what a batch left aside that died between two steps, and clear what it staged."""
    for work in year_folder.glob(f"{WORK_FOLDER}/*"):
        target, old = year_folder / work.name, work / _OLD
        if old.is_dir() and not target.exists():
            os.rename(old, target)
        for left in (old, work / _SET):
            shutil.rmtree(left, ignore_errors=True)


def _exchange(staged: Path, target: Path) -> None:
    """Exchange two folders in one step; in two where the file system knows no such step."""
    try:
        _rename_exchange(os.fsencode(staged), os.fsencode(target))
        return
    except OSError as error:
        if error.errno not in _CANNOT_EXCHANGE:
            raise
    old = staged.with_name(_OLD)
    os.rename(target, old)
    try:
        os.rename(staged, target)
    except OSError:
        os.rename(old, target)
        raise
    os.rename(old, staged)


def _rename_exchange(one: bytes, other: bytes) -> None:
    library: Any = ctypes.CDLL(None, use_errno=True) if sys.platform != "win32" else None
    here = -100  # AT_FDCWD of Linux; both paths are absolute
    if sys.platform == "linux" and hasattr(library, "renameat2"):
        failed = library.renameat2(here, one, here, other, _EXCHANGE)
    elif sys.platform == "darwin" and hasattr(library, "renamex_np"):
        failed = library.renamex_np(one, other, _EXCHANGE)
    else:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if failed:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), os.fsdecode(other))


def _bring_along(old: Path, new: Path, ours: Collection[str]) -> None:
    """Link what is none of ours from the set that stands into the one that takes its place."""
    own = {*ours, *_files_of(old)}
    for path in old.iterdir():
        if path.name in own or path.suffix in {".html", ".tmp"}:
            continue
        if path.is_dir():
            shutil.copytree(path, new / path.name, symlinks=True, copy_function=_link)
        else:
            _link(path, new / path.name)


def _link(one: str | Path, other: str | Path) -> None:
    try:
        os.link(one, other, follow_symlinks=False)
    except OSError:  # not every file system knows links
        shutil.copy2(one, other, follow_symlinks=False)


def _files_of(folder: Path) -> Mapping[str, str]:
    record = read_record(folder / RECORD_FILE) or {}
    files: Mapping[str, str] = record.get("files", {})
    return files


def read_record(path: Path) -> dict[str, Any] | None:
    """Return a record, None where there is none that can be read."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) else None


def record_bytes(record: Mapping[str, Any]) -> bytes:
    """Return a record as it is written, sealed."""
    text = json.dumps(sealed_record(record), ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode()


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the SHA-256 of each file that is published, by its name."""
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def publish(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all: temp file, flush, rename, flush the folder."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        os.close(handle)
        _write(Path(temporary), data)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _flush(path.parent)


def _write(path: Path, data: bytes) -> None:
    try:
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        path.chmod(0o644)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _flush(folder: Path) -> None:
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
