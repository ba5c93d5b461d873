"""Whether somebody sits at the notebook: only then there are widgets, else plain text."""

from __future__ import annotations

import os
from typing import Any

from ..run.processes import HEADLESS


def shell() -> Any:
    """Return the running IPython, None where there is none."""
    from IPython.core.getipython import get_ipython

    return get_ipython()


def is_live() -> bool:
    """Return whether this is a kernel that a person may look at: no batch, no script."""
    return getattr(shell(), "kernel", None) is not None and HEADLESS not in os.environ


def as_shown(widget: Any, plain: str, **more: Any) -> Any:
    """Return what IPython shows of an object: its widget with a plain text beside it, or that."""
    if widget is None:
        return {"text/plain": plain}
    bundle = widget._repr_mimebundle_(**more)
    return {**bundle, "text/plain": plain} if bundle else {"text/plain": plain}
