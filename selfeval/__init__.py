"""The analyst's front door, in JupyterLab: list units, load, check and score them, show the report.

    from selfeval import check, load_unit, score, show, units

    units()
    evaluation = score(check(load_unit("G001")))
    evaluation.lines
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
    from .lab.comparing import compare
    from .lab.listing import load_all, units
    from .lab.picking import pick
    from .lab.watching import watch
    from .page.parts import parts
    from .run.notebook import finish, show
    from .scoring.score import score

__all__ = [
    "Evaluation",
    "check",
    "compare",
    "finish",
    "load_all",
    "load_unit",
    "parts",
    "pick",
    "score",
    "show",
    "style",
    "units",
    "watch",
]

_HOMES = {
    "Evaluation": "evaluation",
    "check": "checks",
    "compare": "lab.comparing",
    "finish": "run.notebook",
    "load_all": "lab.listing",
    "load_unit": "evaluation.load",
    "parts": "page.parts",
    "pick": "lab.picking",
    "score": "scoring.score",
    "show": "run.notebook",
    "style": "style",
    "units": "lab.listing",
    "watch": "lab.watching",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = import_module(f".{_HOMES[name]}", __name__)
    if name in (_HOMES[name], "Evaluation"):
        return home if name == _HOMES[name] else getattr(home, name)
    asked = import_module(".lab.door", __name__).asked
    globals()[name] = asked(getattr(home, name))
    return globals()[name]


def __dir__() -> list[str]:
    return __all__
