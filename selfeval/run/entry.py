"""The engine papermill knows as ``selfeval``, imported when it is first used.

papermill loads this while it is being imported itself; the engine needs papermill whole.
"""

from __future__ import annotations


def __getattr__(name: str) -> object:
    from .engine import ForkedEngine

    return getattr(ForkedEngine, name)
