"""Workbooks → grids: calamine reads the cells, ``unseen`` adds what it passes over in silence."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import python_calamine as calamine

from ..errors import TableError
from ..money import plain_text
from .grid import Grid
from .limits import LAST_ROWS, EncryptedError
from .unseen import NO_RESULT, Cell, Unseen

MERGED_WHOLE = 10_000
"""Cells of a merged range that is kept as it is; of a larger one, the part that has content."""


def workbook_grids(
    name: str, kind: str, data: bytes, unseen: list[Unseen], area: int
) -> list[Grid]:
    """Read the sheets that hold anything, in order.

    Raises
    ------
    TableError
        If a sheet reaches farther than ``area`` cells, or is full to the last row of its format.
    EncryptedError, ValueError, OSError, python_calamine.CalamineError
        If it is locked or damaged.
    """
    for scanned in unseen:
        _check_extent(name, kind, scanned, area)
    grids: list[Grid | None] = []
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            sheets = workbook.sheets_metadata
            if len(sheets) != len(unseen):
                raise ValueError("工作表的数目不一致")
            for info, scanned in zip(sheets, unseen, strict=True):
                if info.typ == calamine.SheetTypeEnum.WorkSheet:
                    sheet = workbook.get_sheet_by_name(info.name)
                    grids.append(_sheet_grid(name, info, sheet, scanned))
    except calamine.PasswordError:
        raise EncryptedError from None
    return [grid for grid in grids if grid is not None]


def _check_extent(name: str, kind: str, sheet: Unseen, area: int) -> None:
    which = f"工作表“{sheet.name}”" if sheet.name else "有的工作表"
    far = sheet.rows * sheet.columns > area
    if sheet.rows == LAST_ROWS[kind] and not (far and sheet.filled < sheet.rows // 2):
        raise TableError(
            name,
            f"{which}的内容到了 .{kind} 的最后一行（{sheet.rows}），恐怕已被截断。",
            "请从原系统分成几个文件重新导出；若是误填在最后一行，请删去。",
        )
    if far:
        raise TableError(
            name, f"{which}在很远的行或列里有内容。", "请删去多余的行和列，另存后再试。"
        )


def _sheet_grid(
    name: str, info: calamine.SheetMetadata, sheet: calamine.CalamineSheet, unseen: Unseen
) -> Grid | None:
    rows = _cells(sheet.to_python(skip_empty_area=False), unseen)
    if not any(plain_text(value) for row in rows for value in row):
        return None
    merged = _merged(unseen)
    grid = Grid(name, info.name, rows, merged)
    if info.visible != calamine.SheetVisibleEnum.Visible:
        fault = TableError(
            f"{name} › {info.name}",
            "是隐藏的工作表，里面有内容。",
            "请取消隐藏后核对，或把它删去。",
        )
        return Grid(name, info.name, rows, merged, (fault,))
    columns = tuple(zip(*rows, strict=True)) if unseen.hidden_columns else ()
    return Grid(
        name,
        info.name,
        rows,
        merged,
        tuple(_cell_fault(grid, cell, held) for cell, held in sorted(unseen.cells.items())),
        hidden_rows=_holding(unseen.hidden_rows, rows),
        hidden_columns=_holding(unseen.hidden_columns, columns),
        uncomputed=unseen.formulas,
    )


def _cells(rows: list[list[Any]], unseen: Unseen) -> tuple[tuple[object, ...], ...]:
    for (row, column), held in unseen.cells.items():
        rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = held
    for row, column in unseen.percents:
        value = rows[row][column] if row < len(rows) and column < len(rows[row]) else ""
        if isinstance(value, (int, float)):
            rows[row][column] = plain_text(value * 100.0) + "%"
    width = max(map(len, rows), default=0)
    return tuple(tuple(row) + ("",) * (width - len(row)) for row in rows)


def _holding(
    hidden: Iterable[tuple[int, int]], lines: tuple[tuple[object, ...], ...]
) -> frozenset[int]:
    """Return which of the hidden rows, or columns, hold anything."""
    numbers = {n for first, last in hidden for n in range(first, min(last + 1, len(lines)))}
    return frozenset(n for n in numbers if any(map(plain_text, lines[n])))


def _cell_fault(grid: Grid, cell: Cell, held: str) -> TableError:
    place = str(grid.place(*cell))
    if held == NO_RESULT:
        return TableError(
            place,
            "是公式，但文件里没有保存计算结果。",
            "请用 Excel 或 WPS 打开，保存一次后再放入；或直接填数。",
        )
    return TableError(place, f"单元格是错误值 {held}。", "请改正公式，或直接填数。")


def _merged(unseen: Unseen) -> dict[Cell, Cell]:
    covered: dict[Cell, Cell] = {}
    for top, left, bottom, right in unseen.merges:
        if (bottom - top + 1) * (right - left + 1) > MERGED_WHOLE:
            bottom, right = min(bottom, unseen.rows - 1), min(right, unseen.columns - 1)
        cells = ((r, c) for r in range(top, bottom + 1) for c in range(left, right + 1))
        covered |= {cell: (top, left) for cell in cells if cell != (top, left)}
    return covered
