"""JupyterLab's server of a project: it opens the start notebook, and leaves notebooks as they are.

``.jupyter/lab.json`` names both.
"""

from __future__ import annotations

from typing import Any, Final

from ipykernel.ipkernel import IPythonKernel
from jupyter_server.base.handlers import RedirectWithParams
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

_START: Final = "lab/tree/notebooks/start.ipynb?file-browser-path=/"

# The server writes the token behind the address it prints as if that had no query of its own: a
# start notebook beside the project's root in the file browser needs a plain address before it.
default_handlers = [("/start", RedirectWithParams, {"url": _START, "permanent": False})]
"""What the server adds to its own addresses."""

_KERNEL: Final = "python3"
_KEPT: Final = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": _KERNEL},
    "language_info": {"name": "python"},
}
"""What a notebook says of its kernel: nothing that another machine's would say otherwise."""


class NotebookFiles(AsyncLargeFileManager):  # type: ignore[misc]
    """The files of a project. What JupyterLab would note of the kernel is in no notebook's file.

    It is handed to JupyterLab as if it were, or each notebook would count as changed once opened.
    """

    async def get(self, *args: Any, **more: Any) -> dict[str, Any]:
        """Return a file; a notebook with what JupyterLab would write into it by itself."""
        model: dict[str, Any] = await super().get(*args, **more)
        if _is_ours(model):
            spec = self.parent.kernel_spec_manager.get_kernel_spec(_KERNEL)
            own = {"display_name": spec.display_name, "language": spec.language, "name": _KERNEL}
            said = {"kernelspec": own, "language_info": dict(IPythonKernel.language_info)}
            model["content"]["metadata"] |= said
        return model

    async def save(self, model: dict[str, Any], path: str = "") -> dict[str, Any]:
        """Save a file; a notebook without what is only this machine's."""
        if _is_ours(model):
            model["content"]["metadata"] |= _KEPT
        saved: dict[str, Any] = await super().save(model, path)
        return saved


def _is_ours(model: dict[str, Any]) -> bool:
    """Return whether it is the content of a notebook of the kernel that this server starts."""
    if model.get("type") != "notebook" or not model.get("content"):
        return False
    spec = model["content"].setdefault("metadata", {}).get("kernelspec", {})
    return bool(spec.get("name", _KERNEL) == _KERNEL)
