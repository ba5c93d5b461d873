"""Files → grids of raw cells, told apart by content, never by file name.

calamine reads the cells; ``unseen`` and ``xls`` find what it would pass over in silence.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import ParseError

import python_calamine as calamine

from ..errors import TableError, raise_all
from ..money import plain_text
from .unseen import NO_RESULT, Unseen, unseen_in_zip
from .xls import SIGNATURE, EncryptedError, unseen_in_xls

LARGEST_CONTENT = 200 * 1024 * 1024
LARGEST_AREA = 1_000_000
_DAMAGE = (zipfile.BadZipFile, zlib.error, ParseError, ValueError, KeyError, EOFError)
_RESAVE = "请用 Excel 或 WPS 打开，另存为 .xlsx 后再试。"
_MARKUP = re.compile(rb"(?i)\s*<(!doctype|!--|html|head|body|style|\?xml|table|meta)")


@dataclass(frozen=True)
class Place:
    """Where a cell is: file, sheet, address. Printed as a clerk would look for it."""

    file: str
    sheet: str
    cell: str = ""

    def __str__(self) -> str:
        return " › ".join(part for part in (self.file, self.sheet, self.cell) if part)


@dataclass(frozen=True)
class Grid:
    """One sheet as it stands: raw cells by row and column, both from 0.

    ``merged`` maps every covered cell of a merged range to the cell that holds its value.
    ``faults`` tells of cells that hold an error or nothing computed; they have that as text.
    ``is_text`` where it was decoded from a CSV file, so that its words may be garbled.
    A cell is None where its row of a CSV file had already ended.
    """

    file: str
    sheet: str
    rows: tuple[tuple[object, ...], ...]
    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    faults: tuple[TableError, ...] = ()
    is_text: bool = False

    def place(self, row: int, column: int | None = None) -> Place:
        """Return the place of a cell, or of a row."""
        cell = f"第 {row + 1} 行" if column is None else f"{column_letters(column)}{row + 1}"
        return Place(self.file, self.sheet, cell)


def column_letters(column: int) -> str:
    """Return a column's letters: 0 → A, 26 → AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_grids(path: Path) -> list[Grid]:
    """Read every sheet of a table file.

    Returns
    -------
    list of Grid
        The sheets that hold anything, in order. A CSV file is one sheet named after the file.

    Raises
    ------
    TableError, InputErrors
        If the file is empty, damaged, encrypted, of another kind, has a hidden sheet with
        data, an error value, or a formula whose result was never stored.
    """
    grids = read_sheets(path)
    raise_all([fault for grid in grids for fault in grid.faults])
    return grids


def read_sheets(path: Path) -> list[Grid]:
    """Read every sheet of a table file; what is wrong with single cells stays in ``faults``."""
    name = path.name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TableError(name, f"文件打不开（{error.strerror}）。", "请检查权限。") from None
    if not data.strip(b"\x00\r\n\t ,\xef\xbb\xbf\xfe\xff"):
        raise _empty(name)
    if data.startswith(b"PK"):
        return _workbook_grids(name, data, _look_into_zip(name, data))
    if data.startswith(SIGNATURE):
        return _workbook_grids(name, data, _look_into_xls(name, data))
    if _MARKUP.match(data.removeprefix(b"\xef\xbb\xbf")):
        raise TableError(name, "是网页或 XML 文件，只是改了后缀名。", _RESAVE)
    if data.startswith((b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf")):
        raise TableError(name, "不是表格文件。", "请放入 .xlsx、.xls、.ods 或 .csv 文件。")
    return [_read_csv(path, data)]


def _empty(name: str) -> TableError:
    return TableError(name, "是空文件。", "请填好数据再放入，或把它移走。")


def _look_into_zip(name: str, data: bytes) -> list[Unseen]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
        if any(part.filename.endswith("vbaProject.bin") for part in parts):
            raise TableError(name, "含有宏。", "请另存为不含宏的 .xlsx 文件。")
        if sum(part.file_size for part in parts) > LARGEST_CONTENT:
            raise TableError(
                name, "解压后超过 200 MB。", "请删去多余的工作表和空白行列，另存后再试。"
            )
        if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in archive.read(
            "META-INF/manifest.xml"
        ):
            raise _locked(name)
        sheets = unseen_in_zip(archive)
    except (*_DAMAGE, OSError) as error:
        raise _damaged(name, error) from None
    except (NotImplementedError, RuntimeError):  # a compression unknown to us, or a password
        raise _locked(name) from None
    if sheets is None:
        raise TableError(name, "不是 .xlsx 或 .ods 工作簿。", _RESAVE)
    return sheets


def _look_into_xls(name: str, data: bytes) -> list[Unseen]:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise _locked(name)
    try:
        return unseen_in_xls(data)
    except EncryptedError:
        raise _locked(name) from None
    except ValueError as error:
        raise _damaged(name, error) from None


def _locked(name: str) -> TableError:
    return TableError(name, "文件加了密码。", "请取消密码后另存。")


def _damaged(name: str, error: BaseException) -> TableError:
    reason = re.sub(r"\s+", " ", str(error))[:80]
    return TableError(name, f"文件已损坏，读不出来（{reason}）。", f"请重新取得，或{_RESAVE[1:]}")


def _workbook_grids(name: str, data: bytes, unseen: list[Unseen]) -> list[Grid]:
    if any(sheet.rows * sheet.columns > LARGEST_AREA for sheet in unseen):
        raise TableError(
            name, "有的工作表在很远的行或列里有内容。", "请删去多余的行和列，另存后再试。"
        )
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            sheets = workbook.sheets_metadata
            if len(sheets) != len(unseen):
                raise ValueError("工作表的数目不一致")
            grids = [
                _sheet_grid(name, info, workbook.get_sheet_by_name(info.name), hidden_cells)
                for info, hidden_cells in zip(sheets, unseen, strict=True)
                if info.typ == calamine.SheetTypeEnum.WorkSheet
            ]
    except calamine.PasswordError:
        raise _locked(name) from None
    except (calamine.CalamineError, ValueError, OSError) as error:
        raise _damaged(name, error) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # calamine's: no Exception, by design
            raise
        raise _damaged(name, error) from None
    filled = [grid for grid in grids if grid is not None]
    if not filled:
        raise TableError(name, "所有工作表都是空的。", "请填好数据再放入，或把它移走。")
    return filled


def _sheet_grid(
    name: str, info: calamine.SheetMetadata, sheet: calamine.CalamineSheet, unseen: Unseen
) -> Grid | None:
    rows = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    merged = _merged(sheet) if unseen.merged is None else unseen.merged
    for (row, column), held in unseen.cells.items():
        rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = held
    for row, column in unseen.percents:
        value = rows[row][column]
        if isinstance(value, (int, float)):
            rows[row][column] = plain_text(value * 100.0) + "%"
    width = max(map(len, rows), default=0)
    cells = tuple(tuple(row) + ("",) * (width - len(row)) for row in rows)
    if not any(plain_text(value) for row in cells for value in row):
        return None
    grid = Grid(name, info.name, cells, merged)
    if info.visible != calamine.SheetVisibleEnum.Visible:
        fault = TableError(
            f"{name} › {info.name}",
            "是隐藏的工作表，里面有内容。",
            "请取消隐藏后核对，或把它删去。",
        )
        return Grid(name, info.name, cells, merged, (fault,))
    faults = tuple(_cell_fault(grid, cell, held) for cell, held in sorted(unseen.cells.items()))
    return Grid(name, info.name, cells, merged, faults)


def _cell_fault(grid: Grid, cell: tuple[int, int], held: str) -> TableError:
    place = str(grid.place(*cell))
    if held == NO_RESULT:
        return TableError(
            place,
            "是公式，但文件里没有保存计算结果。",
            "请用 Excel 或 WPS 打开，保存一次后再放入；或直接填数。",
        )
    return TableError(place, f"单元格是错误值 {held}。", "请改正公式，或直接填数。")


def _merged(sheet: calamine.CalamineSheet) -> dict[tuple[int, int], tuple[int, int]]:
    covered = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (row, column) != (top, left):
                    covered[row, column] = (top, left)
    return covered


def _read_csv(path: Path, data: bytes) -> Grid:
    text = _decode(path.name, data)
    lines = text.splitlines()
    holding = Counter(mark for line in lines for mark in "\t," if mark in line)
    delimiter = "\t" if holding["\t"] > holding[","] else ","
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise TableError(
            path.name, f"CSV 的引号或逗号不配对（{error}）。", "请检查后另存。"
        ) from None
    if not any(plain_text(value) for row in rows for value in row):
        raise _empty(path.name)
    width = max(len(row) for row in rows)
    padded = tuple(tuple(row) + (None,) * (width - len(row)) for row in rows)
    return Grid(path.name, path.stem, padded, is_text=True)


def _decode(name: str, data: bytes) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise TableError(
        name, "文字编码不是 UTF-8，也不是 GB18030。", "请另存为“CSV UTF-8（逗号分隔）”格式。"
    )
