"""Cases that a finance officer can write and read: a drawn table and what is read of it.

A case says its ``claim`` and draws a ``sheet`` (several as ``sheets``): a line for each row, bars
between cells, "<" a cell merged with the one to its left, "^" with the one above. Then, all by
address: the ``tables`` that are recognised, every number ``read`` with what it is of (block and
item) and how much, the ``figures`` that are no money, the cells ``refused`` with the reason. The
phase and the fund of a number are those of its table unless it says others. What is not listed is
not read; only titles, names and blank cells need not be listed.
"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from official_tables import drawn, reading

from selfeval.money import FEN_PER

CASES = Path(__file__).resolve().parent / "cases" / "tables"
KEYS = {"claim", "sheet", "sheets", "tables", "read", "blank", "figures", "refused", "unknown"}
OPTIONAL = {"name", "title"}
ALL = [
    (path.stem, case)
    for path in sorted(CASES.glob("*.yaml"))
    for case in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
]


def fen(text: object) -> object:
    """Return an amount of money in 分; a word for what is no number as it is."""
    match = re.fullmatch(r"(-?[0-9.]+)(\D+)", str(text))
    return int(Decimal(match[1]) * FEN_PER[match[2]]) if match else text


def wanted(case: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what a case expects, by kind and address."""
    read = {at: one | {"amount": fen(one["amount"])} for at, one in case.get("read", {}).items()}
    figures = {
        at: one | {"value": Decimal(str(one["value"]))}
        for at, one in case.get("figures", {}).items()
    }
    rest = {key: case.get(key, {}) for key in ("tables", "blank", "refused", "unknown")}
    return {"read": read, "figures": figures, **rest}


def got(case: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what is read of a case's sheets, by kind and address."""
    sheets = case.get("sheets") or [case["sheet"]]
    read = reading(*(drawn(sheet, f"表{number}") for number, sheet in enumerate(sheets, 1)))
    tables = {t.layout: {"phase": t.phase, "fund": t.fund} for t in reversed(read.tables)}

    def at(sheet: object, cell: object) -> str:
        return str(cell) if len(sheets) == 1 else f"{sheet}!{cell}"

    def told(record: dict[str, object], *keys: str) -> dict[str, object]:
        own = tables[str(record["table"])]
        of = {"of": f"{record['block']}/{record['item_code']}", "name": record["item_name"]}
        return of | {key: record[key] for key in keys if record[key] != own.get(key)}

    found: dict[str, dict[str, Any]] = {key: {} for key in sorted(KEYS)}
    for one in read.amounts:
        amount = one["state"] if one["amount"] is None else one["amount"]
        kind = "read" if one["raw"] else "blank"
        entry = told(one, "phase", "fund") | {"amount": amount}
        found[kind][at(one["sheet"], one["cell"])] = entry if one["raw"] else entry["of"]
    for one in read.figures:
        found["figures"][at(one["sheet"], one["cell"])] = told(one, "phase", "kind", "value")
    for left in read.unread:
        found["refused"][at(left.place.sheet, left.place.cell)] = left.why
    for t in read.tables:
        said = {
            "layout": t.layout, "title": t.title, "phase": t.phase, "fund": t.fund,
            "unit": t.amount_unit, "year": t.year, "notes": [*t.notes], "empty": t.is_empty,
            "says_empty": t.says_empty,
        }  # fmt: skip
        found["tables"][at(t.sheet, t.range)] = {key: one for key, one in said.items() if one}
    found["unknown"] = {grid.sheet: why for grid, why in read.strangers}
    return found


def differences(wanted: dict[str, Any], got: dict[str, Any]) -> list[str]:
    """Return where a reading is not the one expected, a line for each address."""
    found = []
    for address in dict.fromkeys((*wanted, *got)):
        want, have = wanted.get(address), got.get(address)
        if isinstance(want, dict) and isinstance(have, dict):
            have = {key: one for key, one in have.items() if key in want or key not in OPTIONAL}
        if want != have:
            found.append(f"{address}：应为 {want}，读成 {have}")
    return found


@pytest.mark.parametrize(("file", "case"), ALL, ids=range(len(ALL)))
def test_a_drawn_table_is_read_as_its_case_says(file: str, case: dict[str, Any]) -> None:
    assert set(case) <= KEYS, case["claim"]
    want, have = wanted(case), got(case)

    wrong = {kind: differences(want[kind], have[kind])
             for kind in want if kind != "blank" or "blank" in case}  # fmt: skip
    assert (case["claim"], {kind: lines for kind, lines in wrong.items() if lines}) == (
        case["claim"],
        {},
    ), file
