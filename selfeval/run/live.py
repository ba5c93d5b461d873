"""Whether somebody sits at the notebook: only then there are widgets, else plain text."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from .processes import HEADLESS


def shell() -> Any:
    """Return the running IPython, None where there is none."""
    from IPython.core.getipython import get_ipython

    return get_ipython()


def is_batch() -> bool:
    """Return whether nobody sits at this notebook, whatever runs it."""
    return HEADLESS in os.environ


def is_live() -> bool:
    """Return whether this is a kernel that a person may look at: no batch, no script."""
    return getattr(shell(), "kernel", None) is not None and not is_batch()


def as_shown(widget: Any, plain: str, **more: Any) -> Any:
    """Return what IPython shows of an object: its widget with a plain text beside it, or that."""
    if widget is None:
        return {"text/plain": plain}
    bundle = widget._repr_mimebundle_(**more)
    return {**bundle, "text/plain": plain} if bundle else {"text/plain": plain}


def progress(count: int) -> Callable[[int], None]:
    """Return what tells, in one line of a notebook that somebody looks at, which unit is read."""
    if count < 2 or not is_live():
        return lambda number: None
    from IPython.display import display

    line = display({"text/plain": ""}, raw=True, display_id=True)  # type: ignore[no-untyped-call]

    def tell(number: int) -> None:
        told = f"正在读第 {number} 个，共 {count} 个单位" if number < count else f"{count} 个单位"
        line.update({"text/plain": told}, raw=True)

    return tell
