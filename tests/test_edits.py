"""One edit of a sample each: no line is lost without a word, and no miss earns full marks."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest
import yaml
from builders import FORM
from conftest import ROOT

from selfeval.checks import check
from selfeval.errors import SelfEvalError
from selfeval.evaluation import Evaluation
from selfeval.evaluation.load import load_unit
from selfeval.project import Project
from selfeval.run.batch import Options, run_units
from selfeval.scoring.score import score
from selfeval.sheets.grid import Grid
from selfeval.tables.own_form.reader import read_own_form
from selfeval.tables.own_form.records import indicator_rows

SAMPLE = ROOT / "params" / "2021" / "S001"
EXPECTED = ("full", "unscored", "missed", "draft", "either")


class Edit(NamedTuple):
    """What is written into a cell of an indicator's row, and what is to become of it."""

    row: str
    column: str
    text: str
    expected: str


def edits() -> Iterator[Edit]:
    for group in yaml.safe_load((ROOT / "tests/edits/s001.yaml").read_text(encoding="utf-8")):
        assert set(group) <= {"row", "column", *EXPECTED}
        for expected in EXPECTED:
            for text in group.get(expected, ()):
                yield Edit(group["row"], group["column"], str(text), expected)


EDITS = list(edits())


@cache
def unit() -> tuple[Evaluation, Grid]:
    """The sample, read once, and its sheet of indicators."""
    book = openpyxl.load_workbook(SAMPLE / "填报.xlsx", read_only=True)
    rows = [[cell.value or "" for cell in row] for row in book["绩效指标"].iter_rows()]
    return load_unit(SAMPLE), Grid("填报.xlsx", "绩效指标", rows)


def edited(edit: Edit) -> tuple[int, Evaluation, list[SelfEvalError]]:
    """Return the number of the row, the unit with that cell of it changed, or why not."""
    evaluation, sheet = unit()
    rows = [list(row) for row in sheet.rows]
    head = next(n for n, row in enumerate(rows) if "三级指标" in row)
    column = rows[head].index(edit.column)
    number = next(n for n, row in enumerate(rows) if edit.row in row)
    rows[number][column] = edit.text
    tables, faults = read_own_form([replace(sheet, rows=rows)], FORM)
    read: list[Any] = [one for table in tables for one in indicator_rows(table, 2021)]
    refused = [*faults, *(one for one in read if isinstance(one, SelfEvalError))]
    if refused:
        return number + 1, evaluation, refused
    changed = replace(evaluation.tables, indicators=tuple(read))
    return number + 1, score(check(replace(evaluation, tables=changed))), []


def test_the_sample_is_complete_before_any_edit_and_there_are_150_edits():
    evaluation = score(check(unit()[0]))

    assert evaluation.final_score.grade == "优"
    assert not evaluation.is_draft
    assert len(EDITS) >= 150
    assert len({edit[:3] for edit in EDITS}) == len(EDITS)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: f"{edit.column}-{edit.text}"[:40])
def test_one_edit_loses_no_line_in_silence_and_earns_no_miss_full_marks(edit):
    number, evaluation, refused = edited(edit)
    if refused:
        assert edit.expected != "full", refused
        assert all("填报.xlsx › 绩效指标 › " in str(error) for error in refused)
        return
    result = evaluation.final_score
    (line,) = (row for row in result.rows if row.name == edit.row)
    bare = [row.name for row in result.rows if row.points is None]
    telling = [f for f in evaluation.all_findings if f.withholds]
    told = Counter(f.item for f in telling)

    assert {name: told[name] for name in bare} == dict.fromkeys(bare, 1)
    assert (result.total.value is None) >= bool(bare)
    assert bool(telling) == (result.total.value is None)
    assert not (result.total.value is None and (result.grade or not evaluation.is_draft))
    match edit.expected:
        case "full":
            assert (line.points, result.total.missing) == (line.weight, "")
        case "unscored":
            (finding,) = (f for f in telling if f.item == edit.row)
            assert {re.sub(r"[^0-9]", "", place.cell) for place in finding.places} == {str(number)}
            assert line.points is None
        case "missed":
            assert line.points is None or line.points < line.weight
        case "draft":
            assert evaluation.is_draft


# --- as a user meets it ------------------------------------------------------------------------

FINAL = {
    "完成": "实际完成值“完成”里没有数",
    "约26180": "实际完成值“约26180”是约数",
    "2021年12月": "2021年12月",
    "": "没有实际完成值，却自评10.00分",
}


@pytest.mark.parametrize("text", FINAL)
def test_a_unit_without_a_total_is_no_final_report(tmp_path: Path, text: str) -> None:
    folder = shutil.copytree(SAMPLE, tmp_path / "params" / "2021" / "S001")
    shutil.copytree(ROOT / "params" / "schemes", tmp_path / "params" / "schemes")
    book = openpyxl.load_workbook(folder / "填报.xlsx")
    book["绩效指标"]["G7"] = text or None
    book.save(folder / "填报.xlsx")

    [result] = run_units(Project(tmp_path), [folder], Options(final=True))

    assert result.status == "draft"
    assert FINAL[text] in result.reason
    assert "没有自评得分：有1项不能计分：新增馆藏文献册数" in result.reason
    assert not (tmp_path / "outputs/2021/S001/report.html").exists()
