"""Tables read once per run: the process that checked a unit hands them to its notebooks.

The file is our own, in a folder of this run that nobody else may write to, named to the
kernels by the environment; it is taken only if it is of these very inputs.
"""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any, Final

from ..unit import Unit
from ..version import VERSION
from . import Tables

VARIABLE: Final = "SELFEVAL_TABLES"


def hand_over(unit: Unit, tables: Tables, path: Path) -> None:
    """Write a unit's tables for the notebooks of this run."""
    with path.open("wb") as file:
        pickle.dump((_key(unit), tables), file, protocol=pickle.HIGHEST_PROTOCOL)


def handed_over(unit: Unit) -> Tables | None:
    """Return the tables handed over for exactly this unit as it stands, None if there are none."""
    path = os.environ.get(VARIABLE)
    if not path:
        return None
    try:
        with Path(path).open("rb") as file:
            key, tables = pickle.load(file)
    except OSError:
        return None
    return tables if key == _key(unit) and isinstance(tables, Tables) else None


def _key(unit: Unit) -> dict[str, Any]:
    return unit.inputs() | {"": f"{VERSION} {unit.code} {unit.year} {unit.schemes.resolve()}"}
