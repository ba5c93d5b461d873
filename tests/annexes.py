"""Official forms as tests look at them: each cell of a workbook by its address."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from selfeval.annex import build_annexes
from selfeval.evaluation import Evaluation

BASE = "附件1-部门整体支出绩效评价基础数据表.xlsx"
OVERALL = "附件2-部门整体支出绩效自评表.xlsx"
PROJECTS = "项目支出绩效自评表.xlsx"


def pages(evaluation: Evaluation, name: str, values: bool = True) -> list[Worksheet]:
    """Return the sheets of one form, with the stored results of formulas or the formulas."""
    return sheets_of(build_annexes(evaluation)[name], values)


def sheets_of(content: bytes, values: bool = True) -> list[Worksheet]:
    """Return the sheets of a workbook."""
    return list(load_workbook(io.BytesIO(content), data_only=values).worksheets)


def cells(sheet: Worksheet, *addresses: str) -> list[Any]:
    """Return what some cells hold."""
    return [sheet[address].value for address in addresses]


def row(sheet: Worksheet, number: int) -> list[Any]:
    """Return what a row holds, blanks left out."""
    return [cell.value for cell in sheet[number] if cell.value is not None]


def part(content: bytes, name: str) -> str:
    """Return one part of a workbook as text."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode("utf-8")
