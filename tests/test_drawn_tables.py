"""Cases that a finance officer can write and read: a drawn table and what is read of it.

A case says its ``claim`` and draws a ``sheet`` (or ``sheets`` by their names): a line for each
row, bars between cells, "<" a cell merged with the one to its left, "^" with the one above;
``unmerged: same`` where it must be read alike without merged cells, as a CSV file has none. Then,
all by address: the ``tables`` that are recognised, every number ``read`` with what it is of (block
and item) and how much, the ``figures`` that are no money, the cells ``refused`` with the reason;
by row, the ``indicators``; by sheet, why it is ``unknown``. The phase and the fund of a number are
those of its table unless it says others. What is not listed must not be read; only titles, names
and blank cells need not be listed.
"""

from __future__ import annotations

import re
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from builders import LAYOUTS
from official_tables import drawn, reading

from selfeval.money import FEN_PER
from selfeval.sheets import Grid
from selfeval.tables.rows import Amount, Figure

CASES = Path(__file__).resolve().parent / "cases" / "tables"
SAID = ("tables", "read", "blank", "figures", "refused", "indicators", "unknown")
KEYS = {"claim", "sheet", "sheets", "unmerged", *SAID}
OPTIONAL = {"name", "title", "cells"}
PLACE = {"official", "file", "sheet", "row", "table"}
HEADINGS = {column.field: column.heading for column in LAYOUTS["indicators"].columns} | {
    "part": "部分", "project": "项目", "adjusted_target": "调整指标值", "coefficient": "得分系数",
    "is_core": "是否核心指标",
}  # fmt: skip
ALL = [
    (path.stem, case)
    for path in sorted(CASES.glob("*.yaml"))
    for case in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
]
Said = dict[str, dict[str, list[Any]]]


def sheets_of(case: dict[str, Any]) -> dict[str, str]:
    """Return the drawings of a case by the names of their sheets."""
    return case.get("sheets") or {"表1": case["sheet"]}


def exact(entry: object) -> object:
    """Return an entry with its amount in 分 and its value as a number."""
    if not isinstance(entry, dict):
        return entry
    found = {k: Decimal(str(one)) if isinstance(one, float) else one for k, one in entry.items()}
    money = re.fullmatch(r"(-?[0-9.]+)(\D+)", str(entry.get("amount")))
    if money:
        found["amount"] = int(Decimal(money[1]) * FEN_PER[money[2]])
    return found


def wanted(case: dict[str, Any]) -> Said:
    """Return what a case expects, by kind and address."""
    return {
        kind: {
            str(at): [exact(one) for one in (entry if isinstance(entry, list) else [entry])]
            for at, entry in case.get(kind, {}).items()
        }
        for kind in SAID
    }


def got(*grids: Grid) -> Said:
    """Return what is read of some sheets, by kind and address."""
    read = reading(*grids)
    tables = {t.layout: {"phase": t.phase, "fund": t.fund} for t in reversed(read.tables)}
    found: Said = {kind: {} for kind in SAID}

    def tell(kind: str, sheet: object, at: object, entry: object) -> None:
        address = str(at) if len(grids) == 1 else f"{sheet}!{at}"
        found[kind].setdefault(address, []).append(entry)

    def told(number: Amount | Figure, *keys: str) -> dict[str, object]:
        own, said = tables[number.table], {key: getattr(number, key) for key in keys}
        of = {"of": f"{number.block}/{number.item_code}", "name": number.item_name}
        return of | {key: word for key, word in said.items() if word != own.get(key)}

    for amount in read.amounts:
        fen = amount.state if amount.fen is None else amount.fen
        kind, entry = "read", told(amount, "phase", "fund") | {"amount": fen}
        if not amount.raw:
            kind, entry = "blank", told(amount)["of"]
        tell(kind, amount.place.sheet, amount.place.cell, entry)
    for figure in read.figures:
        value = figure.state if figure.value is None else figure.value
        entry = told(figure, "phase", "kind") | {"value": value}
        tell("figures", figure.place.sheet, figure.place.cell, entry)
    for left in read.unread:
        tell("refused", left.place.sheet, left.place.cell, left.why)
    for one in read.indicators:
        own = {field.name: getattr(one, field.name) for field in fields(one)}
        words = {HEADINGS.get(k, k): w for k, w in own.items() if w not in ("", None)}
        words["cells"] = {HEADINGS.get(k, k): at for k, at in one.cells}
        entry = {key: word for key, word in words.items() if key not in PLACE}
        tell("indicators", one.sheet, one.row, entry)
    for t in read.tables:
        said = {
            "layout": t.layout, "title": t.title, "phase": t.phase, "fund": t.fund,
            "unit": t.amount_unit, "year": t.year, "notes": [*t.notes], "empty": t.is_empty,
            "says_empty": t.says_empty,
        }  # fmt: skip
        tell("tables", t.sheet, t.range, {key: one for key, one in said.items() if one})
    for grid, why in read.strangers:
        found["unknown"][grid.sheet] = [why]
    return found


def differences(want: Said, have: Said, kind: str) -> list[str]:
    """Return where a reading is not the one expected, a line for each address."""
    found = []
    for at in dict.fromkeys((*want[kind], *have[kind])):
        told, read = want[kind].get(at, []), have[kind].get(at, [])
        shown = [
            {key: word for key, word in entry.items() if key in told[n] or key not in OPTIONAL}
            if isinstance(entry, dict) and n < len(told)
            else entry
            for n, entry in enumerate(read)
        ]
        if told != shown:
            found.append(f"{kind} {at}：应为 {told or '不读'}，实为 {shown or '没有读'}")
    return found


@pytest.mark.parametrize(("file", "case"), ALL, ids=range(len(ALL)))
def test_a_drawn_table_is_read_as_its_case_says(file: str, case: dict[str, Any]) -> None:
    grids = [drawn(sheet, name) for name, sheet in sheets_of(case).items()]
    readings = {"": got(*grids)}
    if case.get("unmerged") == "same":
        readings["没有合并格："] = got(*(replace(grid, merged={}) for grid in grids))

    wrong = [
        note + line
        for note, have in readings.items()
        for kind in SAID
        if kind != "blank" or (kind in case and not note)
        for line in differences(wanted(case), have, kind)
    ]
    assert set(case) <= KEYS
    assert wrong == [], f"{file}.yaml：{case['claim']}\n" + "\n".join(wrong)
