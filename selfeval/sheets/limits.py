"""How large a table file may be, and what is raised where one is larger, locked or strange.

A self-evaluation's workbook has a few dozen sheets of a few thousand cells and is smaller than
5 MB; each limit leaves a factor of ten or more above that and keeps the rest for an attack.
"""

from __future__ import annotations

from typing import NamedTuple

LARGEST_FILE = 50 * 2**20
"""Bytes on disk. Ten times the largest workbook a unit hands in."""

LARGEST_CONTENT = 200 * 2**20
"""Bytes of all parts of a workbook, unpacked: what can still be looked through in the time."""

LARGEST_RATIO = 100
"""Unpacked to packed bytes of one part. Sheets of real workbooks stay below 50."""

RATIO_FROM = 2**20
"""Parts below this many bytes may shrink as they like: they are no danger."""

MOST_PARTS = 2_000
"""Files within a workbook: a few for each sheet, picture and comment."""

MOST_SHEETS = 500
"""Ten times the sheets of the longest set of final accounts."""

MOST_STYLES = 65_536
"""Cell formats of a workbook; Excel itself keeps no more."""

MOST_COLUMNS = 16_384
"""Columns of a row in a CSV file: those of an .xlsx sheet."""

LARGEST_AREA = 1_000_000
"""Cells of a sheet from A1 to the last that holds anything: each takes 100 bytes to read."""

LAST_ROWS = {"xls": 65_536, "xlsx": 1_048_576, "ods": 1_048_576}
"""Rows a sheet can have. One that is full to the last has probably lost the rest."""

SMALLER = "请删去多余的工作表、格式和空白行列，另存后再试。"
TO_TABLE = "请把里面的表格复制到 Excel 或 WPS 的工作表里，另存为 .xlsx 后再试。"
RESAVE = "请用 Excel 或 WPS 打开，另存为 .xlsx 后再试。"


class Limits(NamedTuple):
    """What reading one file may cost: CPU seconds, bytes of memory, cells of a sheet.

    ``wall`` seconds pass only if the computer is very busy, or has no limit of CPU seconds.
    """

    seconds: float = 5.0
    memory: int = 512 * 2**20
    area: int = LARGEST_AREA
    wall: float = 60.0


class EncryptedError(Exception):
    """The workbook is encrypted."""


class OtherKindError(Exception):
    """The file is of a kind that holds no sheets; says in Chinese of which."""


class ExcessError(Exception):
    """The file is larger than any honest one; says in Chinese what there is too much of."""
