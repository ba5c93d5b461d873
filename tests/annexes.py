"""Workbooks as tests look at them: each cell by its address, and what LibreOffice makes of them."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from selfeval.annex import build_annexes
from selfeval.evaluation import Evaluation

BASE = "附件1-部门整体支出绩效评价基础数据表.xlsx"
OVERALL = "附件2-部门整体支出绩效自评表.xlsx"
PROJECTS = "项目支出绩效自评表.xlsx"
RESULT = re.compile(r"(</f>)<v>[^<]*</v>")


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


def without_results(content: bytes) -> tuple[bytes, int]:
    """Return a workbook with the stored results of its formulas taken out, and their count."""
    stream, count = io.BytesIO(), 0
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                text, found = RESULT.subn(r"\1", data.decode("utf-8"))
                data, count = text.encode("utf-8"), count + found
            new.writestr(name, data)
    return stream.getvalue(), count


def converted(soffice: str, folder: Path, kind: str, contents: dict[str, bytes]) -> list[Path]:
    """Have LibreOffice open workbooks, compute them and save them as another kind."""
    source, target = folder / "from", folder / "to"
    source.mkdir()
    for name, content in contents.items():
        (source / name).write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", kind, "--outdir", str(target)]
    subprocess.run(
        [*command, *(str(source / name) for name in contents)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return [target / f"{Path(name).stem}.{kind}" for name in contents]


def printed_pages(path: Path) -> int:
    """Return how many pages a PDF has."""
    return len(re.findall(rb"/Type\s*/Page\b", path.read_bytes()))
