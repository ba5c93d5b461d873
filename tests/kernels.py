"""A real kernel for tests: run a cell, see what it shows and what its widgets say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

_SECONDS = 60


class Kernel:
    """A kernel, with all messages it published and the state of its widgets as of now."""

    def __init__(self, client: BlockingKernelClient) -> None:
        self._client = client
        self.widgets: dict[str, dict[str, Any]] = {}
        self.shown_anew: list[str] = []

    def run(self, source: str) -> list[dict[str, Any]]:
        """Run a cell; return what it showed, each as the content of its message."""
        asked = self._client.execute(source)
        shown = []
        while True:
            kind, content, parent = self._next()
            if parent == asked and kind in ("display_data", "execute_result", "stream", "error"):
                shown.append(content)
            if parent == asked and kind == "status" and content["execution_state"] == "idle":
                self._client.get_shell_msg(timeout=_SECONDS)
                return shown

    def text(self, source: str) -> str:
        """Run a cell; return the plain text of what it ends with."""
        return str(self.run(source)[-1]["data"]["text/plain"])

    def widget(self, **state: object) -> str:
        """Return the id of the widget that has this state."""
        return next(own for own, has in self.widgets.items() if state.items() <= has.items())

    def change(self, widget: str, **state: object) -> None:
        """Change a widget as a person does in the browser."""
        content = {"comm_id": widget, "data": {"method": "update", "state": state}}
        self._client.shell_channel.send(self._client.session.msg("comm_msg", content))
        self.run("None")

    def wait_for(self, widget: str, key: str) -> Any:
        """Return the next value that a widget is given by the kernel itself."""
        before = self.widgets[widget].get(key)
        while self.widgets[widget].get(key) == before:
            self._next()
        return self.widgets[widget][key]

    def completions(self, code: str) -> list[str]:
        """Return what Tab offers behind a piece of code."""
        reply = self._client.complete(code, reply=True, timeout=_SECONDS)
        return list(reply["content"]["matches"])

    def _next(self) -> tuple[str, dict[str, Any], str]:
        message = self._client.get_iopub_msg(timeout=_SECONDS)
        kind, content = message["msg_type"], message["content"]
        if kind == "update_display_data":
            self.shown_anew.append(content["data"]["text/plain"])
        elif kind == "comm_open":
            self.widgets[content["comm_id"]] = dict(content["data"]["state"])
        elif kind == "comm_msg" and content["comm_id"] in self.widgets:
            self.widgets[content["comm_id"]] |= content["data"].get("state", {})
        return kind, content, message["parent_header"].get("msg_id", "")


@contextmanager
def started(folder: Path) -> Iterator[Kernel]:
    """Start a kernel whose cells run in a folder."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(folder))
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=_SECONDS)
        yield Kernel(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()
