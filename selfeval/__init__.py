"""The analyst's front door: load a unit, check it, score it, show its report part by part.

    from selfeval import check, finish, load_unit, score, show

    evaluation = score(check(load_unit("params/2021/G001")))
    show(evaluation, "overview")

Everything is imported on first use, so that the command answers at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import style
    from .checks import check
    from .evaluation import Evaluation
    from .evaluation.load import load_unit
    from .page.parts import parts
    from .run.notebook import finish, show
    from .scoring.score import score

__all__ = ["Evaluation", "check", "finish", "load_unit", "parts", "score", "show", "style"]

_HOMES = {
    "Evaluation": "evaluation",
    "check": "checks",
    "load_unit": "evaluation.load",
    "parts": "page.parts",
    "score": "scoring.score",
    "finish": "run.notebook",
    "show": "run.notebook",
    "style": "style",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = import_module(f".{_HOMES[name]}", __name__)
    return home if name == _HOMES[name] else getattr(home, name)


def __dir__() -> list[str]:
    return __all__
