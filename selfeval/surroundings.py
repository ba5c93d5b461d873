"""What other folders of the project say: the other units' names, this unit's last year."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from .errors import SelfEvalError
from .folding import bare_name
from .project import Project
from .tables import Tables, load_tables
from .unit import UNIT_FILE, Unit, load_unit

RECORD_FILE = "record.json"
_NAME = re.compile(r"^unit_name:[ \t]*[\"']?(?P<name>[^\"'#\n]+)", re.MULTILINE)


@dataclass(frozen=True)
class PriorYear:
    """A unit and its tables a year before; ``why`` they could not be read, "" if they were."""

    unit: Unit | None
    tables: Tables | None
    why: str = ""


def other_unit_names(unit: Unit) -> Iterator[str]:
    """Yield the bare names of the other units of the same year, as far as they can be read.

    Only the one line is looked at: a year may have thousands of units, and whether a folder
    is sound is for its own check to say.
    """
    for path in sorted(unit.folder.resolve().parent.glob(f"*/{UNIT_FILE}")):
        if path.parent.name == unit.code:
            continue
        try:
            found = _NAME.search(path.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError):
            continue
        if found:
            yield bare_name(found["name"].strip())


def prior_year(unit: Unit) -> PriorYear | None:
    """Return the same unit's folder of the year before, None if there is none."""
    folder = _year_folder(unit) / unit.code
    if not (folder / UNIT_FILE).is_file():
        return None
    try:
        before = load_unit(folder)
        return PriorYear(before, load_tables(before))
    except SelfEvalError as error:
        return PriorYear(None, None, str(error).splitlines()[0])


def prior_year_score(unit: Unit) -> Fraction | None:
    """Return the score in the unit's record of the year before, None if none is recorded."""
    project = Project(unit.folder.resolve().parent.parent.parent)
    path = project.outputs / str(unit.year - 1) / unit.code / RECORD_FILE
    try:
        record: Any = json.loads(path.read_text(encoding="utf-8"))
        return Fraction(record["report"]["score"])
    except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError):
        return None


def _year_folder(unit: Unit) -> Path:
    return unit.folder.resolve().parent.parent / str(unit.year - 1)
