"""Cases that a finance officer can write and read: a row of indicators and what becomes of it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from builders import LAYOUTS
from evaluated import COMPLETE, indicator, scored, scored_row

from selfeval.evaluation import Evaluation
from selfeval.sheets import Place

CASES = Path(__file__).resolve().parent / "cases"
FIELDS = {column.heading: column.field for column in LAYOUTS["indicators"].columns}
KEYS = {"claim", "row", "points", "says", "tells", "finding", "no_finding", "profile"}


def cases(file: str) -> list[dict[str, Any]]:
    """Return the cases of a file, each with every key it may have."""
    found = yaml.safe_load((CASES / file).read_text(encoding="utf-8"))
    assert all(set(case) <= KEYS for case in found)
    return [dict.fromkeys(KEYS) | {"profile": "mof-2020"} | case for case in found]


FILES = sorted(path.name for path in CASES.glob("*.yaml"))
ALL = [(file, case) for file in FILES for case in cases(file)]


@cache
def evaluations(folder: Path) -> dict[tuple[str, str], Evaluation]:
    """Return a unit for each file and profile, with one indicator for each case."""
    found = {}
    for file, profile in dict.fromkeys((file, case["profile"]) for file, case in ALL):
        rows = [
            indicator(case["claim"], weight=10, self_score="")
            | {FIELDS[heading]: value for heading, value in case["row"].items()}
            for case in cases(file)
            if case["profile"] == profile
        ]
        at = folder / file / profile
        found[file, profile] = scored(
            at, settings={"scoring": profile}, **COMPLETE | {"indicators": rows}
        )
    return found


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Evaluation]:
    """The units of all files."""
    return evaluations(tmp_path_factory.mktemp("cases"))


@pytest.mark.parametrize(("file", "case"), ALL, ids=range(len(ALL)))
def test_a_row_is_scored_as_the_case_says(units, file, case):
    evaluation = units[file, case["profile"]]
    row = scored_row(evaluation, case["row"].get("三级指标", case["claim"]))
    place = row.place
    findings = [f for f in evaluation.all_findings
                if f.outcome != "pass" and any(about(at, place) for at in f.places)]  # fmt: skip
    codes = {f.code for f in findings}

    points = None if case["points"] == "none" else Fraction(Decimal(str(case["points"])))
    assert (case["claim"], row.points) == (case["claim"], points)
    assert (case["says"] or "") in row.sentence, case["claim"]
    assert any((case["tells"] or "") in f.message for f in findings) or not case["tells"], findings
    assert {case["finding"]} - {None} <= codes, case["claim"]
    assert case["no_finding"] not in codes, case["claim"]


def about(at: Place, place: str) -> bool:
    """Return whether a place is a row or a cell of it: “第 4 行”, “G4”."""
    number = place.rpartition("第 ")[2].removesuffix(" 行")
    return str(at) == place or (
        place.startswith(f"{at.file} › {at.sheet} › ")
        and at.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == number
    )
