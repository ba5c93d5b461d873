"""A papermill engine whose cells run in a fork of this process, not in a kernel of their own.

A fork begins with everything this process has imported, and pipes are all that lies between the
two. The child (``shell``) has ipykernel's shell and sends ipykernel's messages; here papermill's
client reads them: a notebook comes out as it would from a kernel. Where a fork would not be safe,
a kernel is started. Comms, and so widgets, nbclient's hooks and interrupts are not offered.
"""

from __future__ import annotations

import codecs
import json
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

from ipykernel.ipkernel import IPythonKernel
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME
from nbclient.client import timestamp
from nbclient.exceptions import (
    CellExecutionComplete,
    CellExecutionError,
    CellTimeoutError,
    DeadKernelError,
)
from nbformat import from_dict
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine
from papermill.log import logger

from ..forking import is_alone
from .shell import INLINE, be_child, flush_all, made_shell, send_frame

_TICK: Final = 0.1
_FAREWELL: Final = 5.0
_OUTPUTS: Final = {
    "display_data": ("data", "metadata"),
    "execute_result": ("data", "metadata", "execution_count"),
    "stream": ("name", "text"),
    "error": ("ename", "evalue", "traceback"),
}
"""What each kind of output holds of its message, by the Jupyter protocol."""
_Message = tuple[str, dict[str, Any], list[tuple[str, str]]]


class ChildLostError(DeadKernelError):
    """The child ended before the cell it ran did.

    Attributes
    ----------
    cell_index : int
        The cell that ran, counted from 0 among all cells.
    signal : int or None
        What killed the child.
    exit_code : int or None
        What the child ended with, if nothing killed it; ``SHELL_FAILED`` if its shell failed.
    """

    def __init__(self, cell_index: int, signal: int | None, exit_code: int | None) -> None:
        super().__init__(cell_index, signal, exit_code)
        self.cell_index, self.signal, self.exit_code = cell_index, signal, exit_code

    def __str__(self) -> str:
        how = f"with exit code {self.exit_code}"
        if self.signal is not None:
            how = f"by signal {self.signal} ({signal.strsignal(self.signal)})"
        return f"The process running the notebook ended {how} at cell {self.cell_index}."


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
            As in papermill's own engine. Only a kernel of this Python is replaced by a fork.
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
        settings |= {
            "log_output": log_output,
            "stdout_file": stdout_file,
            "stderr_file": stderr_file,
        }
        if kernel_name != NATIVE_KERNEL_NAME or not can_fork():
            settings |= {"start_timeout": start_timeout, "execution_timeout": execution_timeout}
            super().execute_managed_notebook(nb_man, kernel_name, **settings)
            return
        settings["timeout"] = execution_timeout or settings.get("timeout")
        client = _Client(nb_man, **settings | {"kernel_name": kernel_name, "log": logger})
        client.execute(memory=memory, same_group=same_group)


def can_fork() -> bool:
    """Whether this process may fork: on Linux, with one thread, as others would be missing."""
    if sys.platform != "linux":
        return False
    # papermill's progress bar starts a thread that only watches whether bars are redrawn often
    # enough. The bar goes on without it, and the next bar starts another.
    monitor: Any = getattr(sys.modules.get("tqdm"), "TMonitor", ())
    for thread in threading.enumerate():
        if isinstance(thread, monitor):
            thread.exit()
            _await_end(f"/proc/self/task/{thread.native_id}")
    return is_alone()


def _await_end(task: str) -> None:
    """Wait until the system has done with a thread that Python has joined; a second at most."""
    end = time.monotonic() + 1
    while os.path.exists(task) and time.monotonic() < end:
        os.sched_yield()


def warm_shell() -> None:
    """Make the shell that the children begin with, and import what the first cell would.

    No thread is started, and nothing that this process works with changes.
    """
    import bdb  # noqa: F401
    import resource  # noqa: F401

    import IPython.core.logger  # noqa: F401

    made_shell()
    if "matplotlib" in sys.modules:
        # Asked for the first time, it looks for the backends of all that is installed.
        sys.modules["matplotlib"].rcsetup.validate_backend(INLINE)


class _Client(PapermillNotebookClient):  # type: ignore[misc]
    """papermill's client, with a child in the place of the kernel."""

    def execute(self, **limits: Any) -> Any:
        self.reset_execution_trackers()
        with _Child(**limits) as self.child:
            self.log.info(f"Executing notebook with kernel: {self.kernel_name}")
            self.papermill_execute_cells()
            self.nb.metadata["language_info"] = from_dict(IPythonKernel.language_info)  # type: ignore[no-untyped-call]
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
        self._process("status", {"execution_state": "busy"}, cell, cell_index)
        reply = self._reply(cell, cell_index)
        if self.record_timing:
            cell.metadata["execution"]["shell.execute_reply"] = timestamp(_message("", {}))
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

    def _reply(self, cell: Any, cell_index: int) -> dict[str, Any]:
        """Return the child's reply to a cell, having put what comes before it into the cell."""
        timeout = self._get_timeout(cell)
        try:
            for kind, content, written in self.child.run(cell.source, timeout):
                for name, text in written:
                    self._write({"name": name, "text": text}, cell, cell_index)
                if kind == "execute_reply":
                    return content
                if kind:
                    self._process(kind, content, cell, cell_index)
        except TimeoutError:
            self.log.error("Timeout waiting for execute reply (%is).", timeout)
            raise CellTimeoutError.error_from_timeout_and_cell(
                "Cell execution timed out", timeout, cell
            ) from None
        status = self.child.end()
        how = (-status, None) if status < 0 else (None, status)
        raise ChildLostError(cell_index, *how)

    def _write(self, stream: dict[str, Any], cell: Any, cell_index: int) -> None:
        """Add text to a cell: to its last output, if that is of the same stream."""
        last = cell.outputs[-1] if cell.outputs else {}
        if last.get("name") != stream["name"] or self.clear_before_next_output:
            self._process("stream", stream, cell, cell_index)
            return
        last["text"] += stream["text"]
        self.nb_man.autosave_cell()
        if self.log_output or self.stdout_file or self.stderr_file:
            self.log_output_message(from_dict({"output_type": "stream", **stream}))  # type: ignore[no-untyped-call]

    def output(self, outs: Any, msg: Any, display_id: str | None, cell_index: int) -> Any:
        """Add an output as nbclient does, but do not hold it against the schema by itself.

        papermill has that done of the whole notebook when it is written, at a tenth of the cost.
        """
        kind, content = msg["msg_type"], msg["content"]
        if kind not in _OUTPUTS:
            return super().output(outs, msg, display_id, cell_index)
        if self.clear_before_next_output:
            outs.clear()
            self.clear_display_id_mapping(cell_index)
            self.clear_before_next_output = False
        if display_id:
            places = self._display_id_map.setdefault(display_id, {})
            places.setdefault(cell_index, []).append(len(outs))
        own = {name: content[name] for name in _OUTPUTS[kind]}
        outs.append(from_dict({"output_type": kind, **own}))  # type: ignore[no-untyped-call]
        return outs[-1]

    def _process(self, kind: str, content: dict[str, Any], cell: Any, cell_index: int) -> None:
        self.process_message(_message(kind, content), cell, cell_index)


def _message(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    header = {"msg_type": kind, "date": datetime.now(UTC)}
    return {"header": header, "msg_type": kind, "parent_header": {}, "content": content}


class _Child:
    """A fork of this process that runs the cells it is sent."""

    def __init__(self, *, memory: int | None, same_group: bool) -> None:
        warm_shell()
        # Or the child would write once more what waits here to be written.
        flush_all()
        self._captured = [_Captured(name) for name in ("stdout", "stderr")]
        requests, self._requests = os.pipe()
        self._messages, messages = os.pipe()
        self._buffer = bytearray()
        self._leads = not same_group
        self._status: int | None = None
        parent = os.getpid()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._requests)
            os.close(self._messages)
            be_child(
                pipes=(requests, messages),
                captured=[captured.fd for captured in self._captured],
                parent=parent,
                leads=self._leads,
                memory=memory,
            )
        os.close(requests)
        os.close(messages)
        if self._leads:
            # Here too: it may have to be killed before it came to do so itself.
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
        end = time.monotonic() + _FAREWELL
        with suppress(BrokenPipeError):
            send_frame(self._requests, b"")
        while self._comes(end - time.monotonic()) and os.read(self._messages, 1 << 20):
            pass

    def end(self) -> int:
        """Kill the child with all of its group; return how it had ended: a code, or -signal."""
        if self._status is None:
            with suppress(ProcessLookupError):
                (os.killpg if self._leads else os.kill)(self._pid, signal.SIGKILL)
            self._status = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        return self._status

    def run(self, source: str, timeout: float | None) -> Iterator[_Message]:
        """Yield what comes of a cell: a message, "" for none, and the text written before it.

        The last is the reply, unless the child has ended.

        Raises
        ------
        TimeoutError
            If there is no reply in time.
        """
        deadline = float("inf") if timeout is None else time.monotonic() + timeout
        with suppress(BrokenPipeError):
            send_frame(self._requests, source.encode("utf-8", "surrogatepass"))
        while (left := deadline - time.monotonic()) > 0:
            # Before the pipe is looked at: what is written by now comes before every message that
            # is not there yet. And a fork of a cell's own may hold the pipe of a child long dead.
            sizes, ended = self._sizes(), self._has_ended()
            if self._comes(0 if ended else min(left, _TICK)):
                if not (chunk := os.read(self._messages, 1 << 20)):
                    break
                self._buffer += chunk
                for kind, content, at in self._taken():
                    yield kind, content, self._written(at)
                    if kind == "execute_reply":
                        return
            elif ended:
                break
            else:
                yield "", {}, self._written(sizes)
        yield "", {}, self._written(self._sizes())
        if left <= 0:
            raise TimeoutError

    def _comes(self, seconds: float) -> bool:
        return bool(select.select([self._messages], [], [], max(seconds, 0))[0])

    def _has_ended(self) -> bool:
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

    def _sizes(self) -> list[int]:
        return [os.fstat(captured.fd).st_size for captured in self._captured]

    def _written(self, sizes: list[int]) -> list[tuple[str, str]]:
        texts = [(c.name, c.text_to(size)) for c, size in zip(self._captured, sizes, strict=True)]
        return [(name, text) for name, text in texts if text]


class _Captured:
    """What the child writes to one of its streams, kept in memory until it is read here.

    A pipe would have to be read all the time. Memory also keeps what was written before a crash.
    """

    def __init__(self, name: str) -> None:
        import fcntl

        self.name = name
        self.fd = os.memfd_create(name)
        # Whoever opens /dev/stdout may empty it while others go on writing: at its end, then.
        fcntl.fcntl(self.fd, fcntl.F_SETFL, os.O_APPEND)
        self._position = 0
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode

    def text_to(self, size: int) -> str:
        """Return what was not read yet, up to a size in bytes."""
        if os.fstat(self.fd).st_size < self._position:
            self._position = 0
        data = os.pread(self.fd, max(size - self._position, 0), self._position)
        self._position += len(data)
        return self._decode(data)
