"""The units that are measured: samples under new codes, and ones that are made large."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "params" / "2021"
KINDS = ("S001", "S005", "G001")
"""What a batch is made of: a form, official tables beside it, a real bureau."""
FINAL = "2021年部门决算公开表.xlsx"
FORM = "填报.xlsx"
_TEXT = ROOT / "tests" / "planted" / "S001.md"
_CODES = ROOT / "params" / "schemes" / "classifications" / "functional.csv"
_BY_ITEM = ("收入决算表", "支出决算表", "一般公共预算支出决算表")


def new_project(folder: Path) -> Path:
    """Make a project without units: the schemes and the notebooks."""
    shutil.copytree(ROOT / "params" / "schemes", folder / "params" / "schemes")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    return folder


def copy_sample(project: Path, sample: str, code: str) -> Path:
    """Copy a sample unit into a project under a new code."""
    folder = project / "params" / "2021" / code
    shutil.copytree(SAMPLES / sample, folder)
    _edit(folder / "unit.yaml", rf"(?m)^unit_code: {sample}\b", f"unit_code: {code}")
    return folder


def _edit(path: Path, pattern: str, new: str) -> None:
    path.write_text(re.sub(pattern, new, path.read_text(encoding="utf-8")), encoding="utf-8")


def batch_project(folder: Path, count: int) -> Path:
    """Make a project of so many units, the kinds taking turns."""
    project = new_project(folder)
    for n in range(count):
        copy_sample(project, KINDS[n % len(KINDS)], f"B{n:05}")
    return project


def unit_of_final_accounts(project: Path) -> Path:
    """Make a unit that holds nothing but its final accounts, nine tables in one workbook."""
    folder = copy_sample(project, "S005", "NINE")
    for path in folder.iterdir():
        if path.name not in {FINAL, "unit.yaml", "narrative.md"}:
            path.unlink()
    # The projects its text names are in the form, which is left out.
    _edit(folder / "narrative.md", r"[{]{2}.*?[}]{2}", "若干")
    return folder


def unit_of_text(project: Path, length: int) -> Path:
    """Make a unit whose own text is so long: one that speaks of its money, again and again."""
    folder = copy_sample(project, "S001", f"TEXT{length}")
    said = _TEXT.read_text(encoding="utf-8").replace("\n", "\n\n")
    whole = said * (length // len(said) + 1)
    with (folder / "narrative.md").open("a", encoding="utf-8") as narrative:
        narrative.write(f"\n{whole[:length].rpartition('。')[0]}。\n")
    return folder


def unit_of_rows(project: Path, count: int) -> Path:
    """Make a unit whose final accounts have so many rows, in three tables; all of them add up."""
    folder = copy_sample(project, "S005", f"ROWS{count}")
    (folder / "corrections.yaml").unlink()
    book = openpyxl.load_workbook(folder / FINAL)
    for name in _BY_ITEM:
        sheet = book[name]
        sheet.delete_rows(6, sheet.max_row)
        rows = list(_accounts(count // len(_BY_ITEM)))
        total = sum(amount for code, _, amount in rows if len(code) == 3)
        for code, item, amount in [("合计", None, total), *rows]:
            sheet.append([code, item, amount / 100, amount / 100])
    book.save(folder / FINAL)
    return folder


def _accounts(count: int) -> Iterator[tuple[str, str, int]]:
    """Yield classes, items and details with amounts that add up: the real codes, then invented."""
    with _CODES.open(encoding="utf-8-sig", newline="") as file:
        names = {row["code"]: row["name"] for row in csv.DictReader(file)}
    invented = (
        f"{top}{item:02}{detail:02}"
        for top in range(201, 234)
        for item in range(1, 99)
        for detail in range(1, 99)
    )
    while len(names) < count:
        code = next(invented)
        for part in (code[:3], code[:5], code):
            names.setdefault(part, f"自拟科目{part}")
    # In this order a code comes after those it belongs to, wherever the list is cut off.
    codes = sorted(names)[:count]
    inner = {code[:end] for code in codes for end in (3, 5) if len(code) > end}
    amounts = dict.fromkeys(codes, 0)
    for code in codes:
        if code not in inner:
            for part in {code[:3], code[:5], code}:
                amounts[part] += 100 + int(code[-2:])
    for code in codes:
        yield code, names[code], amounts[code]


def unit_of_projects(project: Path, count: int) -> Path:
    """Make a unit that has so many projects more."""
    folder = copy_sample(project, "S001", f"PROJECTS{count}")
    book = openpyxl.load_workbook(folder / FORM, data_only=True)
    sheet = book["项目支出"]
    total = next(cell.row for cell in sheet["A"] if cell.value == "项目支出合计")
    amounts = {3: 10, 4: 12, 5: 0, 6: 12, 7: 11.5}
    for column, amount in amounts.items():
        whole = sheet.cell(total, column)
        whole.value = round(whole.value + count * amount, 2)
    sheet.insert_rows(total, count)
    for n in range(count):
        sheet.cell(total + n, 1, f"专项业务项目{n:04}")
        for column, amount in amounts.items():
            sheet.cell(total + n, column, amount)
    book.save(folder / FORM)
    return folder


def unit_of_indicators(project: Path, count: int) -> Path:
    """Make a unit that has so many indicators more, each with its entry in the ledger."""
    folder = copy_sample(project, "S001", f"INDICATORS{count}")
    book = openpyxl.load_workbook(folder / FORM)
    for n in range(count):
        name, ledger = f"完成业务事项第{n:04}类办件量", f"办件台账{n}"
        row = ["产出指标", "数量指标", name, "≥", str(100 + n), "件", str(101 + n)]
        book["绩效指标"].append([*row, 0.1, 0.1, None, ledger])
        book["佐证材料"].append([name, ledger, None, "1—3", "2021-12-31", "办公室"])
    book.save(folder / FORM)
    return folder
