"""What the child of the forked engine does: take cells, run them, and send what they show."""

from __future__ import annotations

import asyncio
import atexit
import builtins
import ctypes
import functools
import gc
import getpass
import io
import logging
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any, BinaryIO, Final, NoReturn

from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError, UsageError
from jupyter_client.session import Session, json_packer
from traitlets.config import Config

from ..forking import die_with, lower

SHELL_FAILED: Final = 70
"""Exit code of a child in which something failed that is no cell: EX_SOFTWARE of sysexits.h."""
INLINE: Final = "module://matplotlib_inline.backend_inline"


def be_child(
    *,
    pipes: tuple[int, int],
    captured: list[int],
    parent: int,
    leads: bool,
    memory: int | None,
) -> NoReturn:
    """Run cells in this process, which was just forked, until there are no more; then end it.

    Parameters
    ----------
    pipes : tuple of int
        Where the cells come from, and where the messages go.
    captured : list of int
        What takes the place of the standard output and of the standard error.
    parent : int
        The process this one must not outlive.
    leads : bool
        Whether this process leads a group of its own.
    memory : int, optional
        Bytes of address space it may use.
    """
    code = SHELL_FAILED
    try:
        if leads:
            os.setpgid(0, 0)
        die_with(parent)
        # What is inherited is not looked through for garbage: that would copy its pages.
        gc.freeze()
        lower("RLIMIT_CORE", 0)
        if memory is not None:
            lower("RLIMIT_AS", memory)
        _forget_parent()
        session = _PipeSession(pipes[1], captured)
        _redirect(captured, session)
        shell = _settle(session)
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        with open(pipes[0], "rb") as requests:
            loop.run_until_complete(_serve(shell, session, requests))
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


@functools.cache
def made_shell() -> Any:
    """Return the shell that every child begins with; no cell is ever run in it but in a child."""
    # The writer of a history would be a thread.
    config = Config(HistoryManager={"enabled": False, "hist_file": ":memory:"})
    shell = _Shell(config=config, compiler_class=XCachingCompiler)  # type: ignore[no-untyped-call]
    atexit.unregister(shell.atexit_operations)
    return shell


def flush_all() -> None:
    """Write out what waits to be written to the standard streams, by Python and by C."""
    for stream in (sys.stdout, sys.stderr):
        # A cell may have put something else there, or closed it.
        with suppress(AttributeError, OSError, ValueError):
            stream.flush()
    _libc().fflush(None)


def send_frame(pipe: int, data: bytes) -> None:
    """Write bytes into a pipe, after their number."""
    rest = memoryview(len(data).to_bytes(8, "big") + data)
    while rest:
        rest = rest[os.write(pipe, rest) :]


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)


# --- before the first cell -----------------------------------------------------------------


def _forget_parent() -> None:
    """Put back to how a kernel finds it what the parent has set for itself."""
    signal.set_wakeup_fd(-1)
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    logging.root.handlers.clear()
    logging.root.setLevel(logging.WARNING)
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()
    if "" not in sys.path and not sys.flags.safe_path:
        packages = ("site-packages", "dist-packages")
        places = (i for i, path in enumerate(sys.path) if os.path.basename(path) in packages)
        sys.path.insert(next(places, 0), "")


def _redirect(captured: list[int], session: _PipeSession) -> None:
    """Take the standard streams from nothing and to the parent, for Python and everyone else."""
    nowhere = os.open(os.devnull, os.O_RDONLY)
    for number, fd in enumerate((nowhere, *captured)):
        os.dup2(fd, number)
    os.close(nowhere)
    sys.stdin = sys.__stdin__ = os.fdopen(0, closefd=False)  # type: ignore[misc]
    sys.stdout = sys.__stdout__ = _Stream("stdout", 1, session)  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = _Stream("stderr", 2, session)  # type: ignore[misc]
    builtins.input = _refuse("raw_input")
    getpass.getpass = _refuse("getpass")


def _refuse(name: str) -> Callable[..., str]:
    def refuse(*_: object, **__: object) -> str:
        raise StdinNotImplementedError(
            f"{name} was called, but this frontend does not support input requests."
        )

    return refuse


def _settle(session: Session) -> Any:
    """Return the shell, with this process its own and its messages going into the pipe."""
    shell = made_shell()
    shell.take_over()
    shell.displayhook.session = shell.display_pub.session = session
    if os.environ.setdefault("MPLBACKEND", INLINE) == INLINE:
        # Imported already, matplotlib does not look at the environment again.
        if "matplotlib.pyplot" in sys.modules:
            shell.enable_matplotlib("inline")
        elif "matplotlib" in sys.modules:
            sys.modules["matplotlib"].rcParams["backend"] = INLINE
    return shell


class _Shell(ZMQInteractiveShell):
    """ipykernel's shell without its kernel, and without a folder for profile and history.

    It is made in the parent, and there nothing of it is to be seen: what a shell changes of its
    process is left to the child.
    """

    leaves = False

    def init_ipython_dir(self, ipython_dir: object) -> None:
        self._db = {}  # type: ignore[assignment]

    def init_profile_dir(self, profile_dir: object) -> None:
        pass

    def init_environment(self) -> None:
        pass

    def init_sys_modules(self) -> None:
        pass

    def init_builtins(self) -> None:
        pass

    def take_over(self) -> None:
        """Change what a shell changes of its process, and be the one that is asked for."""
        super().init_environment()  # type: ignore[no-untyped-call]
        super().init_sys_modules()  # type: ignore[no-untyped-call]
        super().init_builtins()  # type: ignore[no-untyped-call]
        for owner in type(self)._walk_mro():
            owner._instance = self  # type: ignore[assignment]

    def enable_gui(self, gui: Any = None) -> None:
        if gui is not None:
            raise UsageError(f"There is no window to show {gui} in.")

    def ask_exit(self) -> None:
        self.leaves = True


class _PipeSession(Session):
    """Sends into a pipe what ipykernel's shell means for a socket."""

    def __init__(self, pipe: int, captured: list[int]) -> None:
        super().__init__(key=b"")
        self._pipe, self._captured = pipe, captured
        self._owner, self._lock = os.getpid(), threading.RLock()
        self._stream = ""

    def msg(self, msg_type: str, content: Any = None, *_: Any, **__: Any) -> dict[str, Any]:
        header = {"msg_type": msg_type}
        return {"header": header, "msg_type": msg_type, "content": content or {}, "metadata": {}}

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, *_: Any, **__: Any) -> None:
        """Send a message, with how much was written to each stream before it."""
        if isinstance(msg_or_type, dict):
            msg_or_type, content = msg_or_type["msg_type"], msg_or_type["content"]
        # A fork of a cell's own writes where the child writes, but has nothing to say.
        if os.getpid() == self._owner:
            with self._lock:
                sizes = [os.fstat(fd).st_size for fd in self._captured]
                send_frame(self._pipe, json_packer([msg_or_type, content, sizes]))

    def turn_to(self, stream: str) -> None:
        """Keep what comes next behind what was written to the other stream."""
        if stream != self._stream:
            self._stream = stream
            self.send(None, "", {})


class _Stream(io.TextIOWrapper):
    """A standard stream that writes at once, so that what others write comes in its place."""

    def __init__(self, name: str, fd: int, session: _PipeSession) -> None:
        raw = io.FileIO(fd, "w", closefd=False)
        raw.name = name
        super().__init__(raw, "utf-8", "replace", newline="", write_through=True)
        self._session = session

    def write(self, text: str) -> int:
        self._session.turn_to(self.name)
        return super().write(text)


# --- cells ---------------------------------------------------------------------------------


async def _serve(shell: Any, session: Session, requests: BinaryIO) -> None:
    """Run cells until an empty one comes."""
    while not shell.leaves and (size := int.from_bytes(requests.read(8), "big")):
        source = requests.read(size).decode("utf-8", "surrogatepass")
        session.send(None, "execute_input", {"execution_count": shell.execution_count})
        reply = await _run_cell(shell, source)
        flush_all()
        session.send(None, "execute_reply", reply)
    # Files are closed, and folders removed, that the cells have left to be.
    shell.user_ns.clear()


async def _run_cell(shell: Any, source: str) -> dict[str, Any]:
    """Run a cell as ipykernel does, in a running loop; return the content of its reply."""
    fault = None
    try:
        cell = shell.transform_cell(source)
    except Exception:
        cell, fault = source, sys.exc_info()
    known = {"transformed_cell": cell, "preprocessing_exc_tuple": fault}
    if shell.should_run_async(source, **known):
        result = await shell.run_cell_async(source, store_history=True, **known)
        shell.events.trigger("post_execute")
        shell.events.trigger("post_run_cell", result)
    else:
        result = shell.run_cell(source, store_history=True)
    shell.payload_manager.clear_payload()
    # Not every ipykernel sets it: what the cell ends with could not be shown.
    if result.success and not getattr(shell, "_last_traceback_during_displayhook", False):
        return {"status": "ok"}
    error = result.error_before_exec or result.error_in_exec
    return {
        "status": "error",
        "ename": type(error).__name__,
        "evalue": str(error),
        "traceback": shell._last_traceback or [],
    }
