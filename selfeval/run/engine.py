"""A papermill engine whose cells run in a fork of this process, not in a kernel of their own.

A fork begins with everything this process has imported, and a pipe is all that lies between the
two. The child runs ipykernel's shell and sends ipykernel's messages; the parent is papermill's
client and reads them: so a notebook comes out as it would from a kernel. Where a fork would not be
safe, a kernel is started.
"""

from __future__ import annotations

import asyncio
import builtins
import codecs
import ctypes
import functools
import gc
import getpass
import io
import json
import logging
import os
import select
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, BinaryIO, Final, NoReturn

from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError, UsageError
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME
from jupyter_client.session import Session, json_packer
from nbclient.exceptions import (
    CellExecutionComplete,
    CellExecutionError,
    CellTimeoutError,
    DeadKernelError,
)
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine
from papermill.log import logger
from traitlets.config import Config

SHELL_FAILED: Final = 70
"""Exit code of a child whose shell failed, not a cell: EX_SOFTWARE of sysexits.h."""
_TICK: Final = 0.1
_FAREWELL: Final = 5.0
_STREAMS: Final = ("stdout", "stderr")
_INLINE: Final = "module://matplotlib_inline.backend_inline"
_PR_SET_PDEATHSIG: Final = 1


class ChildLostError(DeadKernelError):
    """The child ended before the cell it ran did.

    Attributes
    ----------
    cell_index : int
        The cell that ran, counted from 0 among all cells.
    signal : int or None
        What killed the child.
    exit_code : int or None
        What the child ended with, when nothing killed it; ``SHELL_FAILED`` if its shell failed.
    """

    def __init__(self, cell_index: int, signal: int | None, exit_code: int | None) -> None:
        super().__init__(cell_index, signal, exit_code)
        self.cell_index, self.signal, self.exit_code = cell_index, signal, exit_code

    def __str__(self) -> str:
        how = f"with exit code {self.exit_code}"
        if self.signal is not None:
            how = f"by signal {self.signal} ({_signal_name(self.signal)})"
        return f"The process running the notebook ended {how} at cell {self.cell_index}."


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unnamed"


class ForkedEngine(NBClientEngine):  # type: ignore[misc]
    """Runs a notebook in a fork of this process, or in a kernel where it cannot fork."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        log_output: bool = False,
        stdout_file: Any = None,
        stderr_file: Any = None,
        start_timeout: int = 60,
        execution_timeout: int | None = None,
        memory: int | None = None,
        same_group: bool = False,
        **settings: Any,
    ) -> None:
        """Run the cells of a notebook.

        Parameters
        ----------
        nb_man, kernel_name, log_output, stdout_file, stderr_file, start_timeout
            As in papermill's own engine. Only Python's own kernel is ever replaced by a fork.
        execution_timeout : int, optional
            Seconds a cell may take; None or -1 for no limit.
        memory : int, optional
            Bytes of address space the child may use, what it inherits included.
        same_group : bool
            Leave the child in the process group of this process, which then must see to what the
            cells start. Otherwise the child leads a group of its own, killed at the end.
        **settings
            Traits of nbclient's client. Others are ignored.

        Raises
        ------
        ChildLostError
            If the child ended before its cell did.
        CellTimeoutError
            If a cell took too long.
        """
        known = set(PapermillNotebookClient.class_trait_names()) - {"startup_timeout"}
        settings = {name: value for name, value in settings.items() if name in known}
        files = {"stdout_file": stdout_file, "stderr_file": stderr_file}
        if kernel_name != NATIVE_KERNEL_NAME or not can_fork():
            super().execute_managed_notebook(
                nb_man,
                kernel_name,
                log_output=log_output,
                start_timeout=start_timeout,
                execution_timeout=execution_timeout,
                **files,
                **settings,
            )
            return
        settings["timeout"] = execution_timeout or settings.get("timeout")
        settings |= {"kernel_name": kernel_name, "log": logger, "log_output": log_output, **files}
        client = _Client(nb_man, **settings)
        client.start = functools.partial(_Child, memory, same_group)
        client.execute()


def can_fork() -> bool:
    """Whether this process may fork: on Linux, when it has one thread and none to be lost."""
    if sys.platform != "linux":
        return False
    # papermill's progress bar starts a thread that only watches whether bars are redrawn often
    # enough. The bar goes on without it, and the next bar starts another.
    monitor: Any = getattr(sys.modules.get("tqdm"), "TMonitor", ())
    for thread in threading.enumerate():
        if isinstance(thread, monitor):
            thread.exit()
            _wait_for_end_of_thread(thread)
    return len(os.listdir("/proc/self/task")) == 1


def _wait_for_end_of_thread(thread: threading.Thread) -> None:
    """Wait until the system, too, has done with a thread that was joined; a second at most."""
    end = time.monotonic() + 1
    while os.path.exists(f"/proc/self/task/{thread.native_id}") and time.monotonic() < end:
        os.sched_yield()


def warm_shell() -> None:
    """Import what a child's shell would import by itself, so that each child finds it there.

    Nothing else of this process changes: each child makes its shell itself, in 4 ms, since a shell
    takes over ``__main__``, the environment and ``builtins``.
    """
    import bdb  # noqa: F401

    import IPython.core.application
    import IPython.core.completerlib
    import IPython.core.crashhandler
    import IPython.core.logger
    import IPython.core.oinspect  # noqa: F401


# --- the parent ----------------------------------------------------------------------------


class _Client(PapermillNotebookClient):  # type: ignore[misc]
    """papermill's client, with a child in the place of the kernel."""

    start: Callable[[], _Child]

    def execute(self) -> Any:
        self.reset_execution_trackers()
        with self.start() as self.child:
            self.log.info(f"Executing notebook with kernel: {self.kernel_name}")
            self.papermill_execute_cells()
            self.nb.metadata["language_info"] = dict(IPythonKernel.language_info)
        return self.nb

    def execute_cell(self, cell: Any, cell_index: int, **_: Any) -> Any:
        """Run one cell, as nbclient does."""
        tags = cell.metadata.get("tags", [])
        runs = cell.cell_type == "code" and cell.source.strip()
        if not runs or self.skip_cells_with_tag in tags:
            return cell
        if self.record_timing:
            cell.metadata["execution"] = {}
        cell.outputs = []
        self.clear_before_next_output = False
        self.code_cells_executed += 1
        timeout = self._get_timeout(cell)
        self._process("status", {"execution_state": "busy"}, cell, cell_index)
        try:
            reply = self._answer(cell, cell_index, timeout)
        except TimeoutError:
            self.log.error("Timeout waiting for execute reply (%is).", timeout)
            raise CellTimeoutError.error_from_timeout_and_cell(
                "Cell execution timed out", timeout, cell
            ) from None
        except EOFError:
            status = self.child.end()
            lost = (-status, None) if status < 0 else (None, status)
            raise ChildLostError(cell_index, *lost) from None
        if self.record_timing:
            cell.metadata["execution"]["shell.execute_reply"] = _now().strftime(
                "%Y-%m-%dT%H:%M:%S.%fZ"
            )
        with suppress(CellExecutionComplete):
            self._process("status", {"execution_state": "idle"}, cell, cell_index)
        allowed = not self.force_raise_errors and (
            self.allow_errors
            or reply.get("ename") in self.allow_error_names
            or "raises-exception" in tags
        )
        if reply["status"] == "error" and not allowed:
            raise CellExecutionError.from_cell_and_msg(cell, reply)
        return cell

    def _answer(self, cell: Any, cell_index: int, timeout: int | None) -> dict[str, Any]:
        """Return the child's reply to a cell, having put what came before it into the cell."""
        for kind, content, written in self.child.run(cell.source, timeout):
            for stream in written:
                self._write(*stream, cell, cell_index)
            if kind == "execute_reply":
                return content
            if kind:
                self._process(kind, content, cell, cell_index)
        raise AssertionError("the messages end with a reply or an error")

    def _write(self, name: str, text: str, cell: Any, cell_index: int) -> None:
        """Add text to a cell, to its last output if that is the same stream."""
        last = cell.outputs[-1] if cell.outputs else {}
        if last.get("name") != name or self.clear_before_next_output:
            self._process("stream", {"name": name, "text": text}, cell, cell_index)
            return
        last["text"] += text
        self.nb_man.autosave_cell()
        if self.log_output or self.stdout_file or self.stderr_file:
            self.log_output_message(NotebookNode(output_type="stream", name=name, text=text))

    def _process(self, kind: str, content: dict[str, Any], cell: Any, cell_index: int) -> None:
        message = {
            "msg_type": kind,
            "header": {"msg_type": kind, "date": _now()},
            "parent_header": {},
            "content": content,
        }
        self.process_message(message, cell, cell_index)


def _now() -> datetime:
    return datetime.now(UTC)


class _Captured:
    """What the child writes to one file descriptor, kept in memory until it is read here.

    A pipe would have to be read all the time. Memory also keeps what was written before a crash.
    """

    def __init__(self, name: str) -> None:
        import fcntl

        self.name = name
        self.fd = os.memfd_create(name)
        # Whoever opens /dev/stdout empties it, and others go on writing: at its end, then.
        fcntl.fcntl(self.fd, fcntl.F_SETFL, os.O_APPEND)
        self._position = 0
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode

    def size(self) -> int:
        return os.fstat(self.fd).st_size

    def text_to(self, size: int) -> str:
        """Return what was not read yet, up to a size in bytes."""
        self._position = self._position if self._position <= size else 0
        data = os.pread(self.fd, size - self._position, self._position)
        self._position += len(data)
        return self._decode(data)


class _Child:
    """A fork of this process that runs the cells it is sent."""

    def __init__(self, memory: int | None, same_group: bool) -> None:
        # Or the child would write once more what is still waiting here to be written.
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
        _libc().fflush(None)
        self._captured = [_Captured(name) for name in _STREAMS]
        requests, self._requests = os.pipe()
        self._messages, messages = os.pipe()
        self._leads = not same_group
        self._status: int | None = None
        self._buffer = bytearray()
        parent = os.getpid()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._requests)
            os.close(self._messages)
            _be_child(
                requests, messages, [c.fd for c in self._captured], parent, memory, same_group
            )
        os.close(requests)
        os.close(messages)
        if self._leads:
            # Here too: it may be killed before it got to do so itself.
            with suppress(OSError):
                os.setpgid(self._pid, self._pid)

    def __enter__(self) -> _Child:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._dismiss()
        self.end()
        for fd in (self._requests, self._messages, *(c.fd for c in self._captured)):
            os.close(fd)

    def _dismiss(self) -> None:
        """Let the child clear up and end; it may take a while, but not for ever."""
        with suppress(BrokenPipeError):
            _send_frame(self._requests, b"")
        end = time.monotonic() + _FAREWELL
        while select.select([self._messages], [], [], max(end - time.monotonic(), 0))[0]:
            if not os.read(self._messages, 1 << 20):
                return

    def end(self) -> int:
        """Kill the child with all of its group; return how it had ended: a code, or -signal."""
        if self._status is None:
            with suppress(ProcessLookupError):
                (os.killpg if self._leads else os.kill)(self._pid, signal.SIGKILL)
            self._status = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        return self._status

    def run(
        self, source: str, timeout: int | None
    ) -> Iterator[tuple[str, dict[str, Any], list[tuple[str, str]]]]:
        """Yield what comes of a cell: a message, "" for none, and the text written before it.

        Raises
        ------
        TimeoutError
            If there is no reply in time.
        EOFError
            If the child has ended.
        """
        deadline = float("inf") if timeout is None else time.monotonic() + timeout
        with suppress(BrokenPipeError):
            _send_frame(self._requests, source.encode("utf-8", "surrogatepass"))
        while True:
            # Taken before the pipe is looked at: what was written by now comes before all that
            # is not in the pipe yet.
            sizes = [captured.size() for captured in self._captured]
            left = deadline - time.monotonic()
            if select.select([self._messages], [], [], max(min(left, _TICK), 0))[0] and left > 0:
                chunk = os.read(self._messages, 1 << 20)
                self._buffer += chunk
                for kind, content, at in self._taken():
                    yield kind, content, self._written(at)
                    if kind == "execute_reply":
                        return
                if chunk:
                    continue
                sizes = [captured.size() for captured in self._captured]
            yield "", {}, self._written(sizes)
            if left <= 0:
                raise TimeoutError
            if self._has_ended():
                yield "", {}, self._written([captured.size() for captured in self._captured])
                raise EOFError

    def _has_ended(self) -> bool:
        """Whether the child is dead, which the pipe does not tell if a cell's own forks hold it."""
        return os.waitid(os.P_PID, self._pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None

    def _taken(self) -> Iterator[tuple[str, dict[str, Any], list[int]]]:
        """Yield the messages that have come whole."""
        while len(self._buffer) >= 8:
            end = 8 + int.from_bytes(self._buffer[:8], "big")
            if len(self._buffer) < end:
                return
            kind, content, sizes = json.loads(self._buffer[8:end].decode("utf-8", "replace"))
            del self._buffer[:end]
            yield kind, content, sizes

    def _written(self, sizes: Sequence[int]) -> list[tuple[str, str]]:
        texts = [(c.name, c.text_to(size)) for c, size in zip(self._captured, sizes, strict=True)]
        return [(name, text) for name, text in texts if text]


# --- the child -----------------------------------------------------------------------------


def _be_child(
    requests: int,
    messages: int,
    captured: list[int],
    parent: int,
    memory: int | None,
    same_group: bool,
) -> NoReturn:
    """Run cells until there are no more, and end."""
    code = SHELL_FAILED
    try:
        if not same_group:
            os.setpgid(0, 0)
        _die_with(parent)
        # What is inherited is not looked through for garbage: that would copy its pages.
        gc.freeze()
        _limit(memory)
        _forget_parent()
        session = _PipeSession(messages)
        _redirect(captured, session)
        shell = _new_shell(session)
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        with open(requests, "rb") as source:
            loop.run_until_complete(_serve(shell, session, source))
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)


def _die_with(parent: int) -> None:
    _libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(SHELL_FAILED)


def _limit(memory: int | None) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory is not None:
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        most = memory if most == resource.RLIM_INFINITY else min(memory, most)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _forget_parent() -> None:
    """Put back to how a kernel finds it what this process has set for itself."""
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
    """Point the standard streams to nothing and to the parent, for Python and for all others."""
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


def _send_frame(pipe: int, data: bytes) -> None:
    rest = memoryview(len(data).to_bytes(8, "big") + data)
    while rest:
        rest = rest[os.write(pipe, rest) :]


class _PipeSession(Session):
    """Sends into a pipe what ipykernel's shell means for a socket."""

    def __init__(self, pipe: int) -> None:
        super().__init__(key=b"")
        self._pipe, self._owner, self._lock = pipe, os.getpid(), threading.RLock()
        self._stream = ""

    def msg(self, msg_type: str, content: Any = None, *_: Any, **__: Any) -> dict[str, Any]:
        header = {"msg_type": msg_type}
        return {"header": header, "msg_type": msg_type, "content": content or {}, "metadata": {}}

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, *_: Any, **__: Any) -> None:
        """Send a message, with how much was written to each stream before it."""
        kind = msg_or_type
        if isinstance(msg_or_type, dict):
            kind, content = msg_or_type["msg_type"], msg_or_type["content"]
        # A fork of a cell's own writes where the child writes, but has nothing to say.
        if os.getpid() == self._owner:
            with self._lock:
                sizes = [os.fstat(fd).st_size for fd in (1, 2)]
                _send_frame(self._pipe, json_packer([kind, content, sizes]))

    def turn_to(self, stream: str) -> None:
        """Keep what comes next after what was written to the other stream."""
        if stream != self._stream:
            self._stream = stream
            self.send(None, "", {})


class _Stream(io.TextIOWrapper):
    """A standard stream: all is written through, so that what others write comes in its place."""

    def __init__(self, name: str, fd: int, session: _PipeSession) -> None:
        raw = io.FileIO(fd, "w", closefd=False)
        raw.name = name
        super().__init__(raw, "utf-8", "replace", newline="", write_through=True)  # type: ignore[arg-type]
        self._session = session

    def write(self, text: str) -> int:
        self._session.turn_to(self.name)
        return super().write(text)


class _Shell(ZMQInteractiveShell):
    """ipykernel's shell without its kernel, and without a folder for profile and history."""

    def init_ipython_dir(self, ipython_dir: object) -> None:
        self._db = {}  # type: ignore[assignment]

    def init_profile_dir(self, profile_dir: object) -> None:
        pass

    def enable_gui(self, gui: Any = None) -> None:
        if gui is not None:
            raise UsageError(f"There is no window to show {gui} in.")

    def ask_exit(self) -> None:
        self.leaves = True

    leaves = False


def _new_shell(session: Session) -> Any:
    history = {"enabled": False, "hist_file": ":memory:"}
    config = Config(HistoryManager=history)
    shell: Any = _Shell.instance(config=config, compiler_class=XCachingCompiler)
    shell.displayhook.session = shell.display_pub.session = session
    if os.environ.setdefault("MPLBACKEND", _INLINE) == _INLINE and "matplotlib" in sys.modules:
        # Imported already, it does not look at the environment again.
        if "matplotlib.pyplot" in sys.modules:
            shell.enable_matplotlib("inline")
        else:
            sys.modules["matplotlib"].rcParams["backend"] = _INLINE
    return shell


async def _serve(shell: Any, session: Session, requests: BinaryIO) -> None:
    while size := int.from_bytes(requests.read(8), "big"):
        source = requests.read(size).decode("utf-8", "surrogatepass")
        count = {"execution_count": shell.execution_count}
        session.send(None, "execute_input", count)
        reply = await _run_cell(shell, source)
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        _libc().fflush(None)
        session.send(None, "execute_reply", reply)
        if shell.leaves:
            return
    # Files are closed and folders removed that the cells have left to be.
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
    if result.success and not getattr(shell, "_last_traceback_during_displayhook", False):
        return {"status": "ok"}
    error = result.error_before_exec or result.error_in_exec
    return {
        "status": "error",
        "ename": type(error).__name__,
        "evalue": str(error),
        "traceback": shell._last_traceback or [],
    }
