"""Files → grids of raw cells, told apart by content, never by file name.

calamine reads the cells; ``unseen`` and its neighbours find what it would pass over in silence.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from pathlib import Path
from xml.parsers.expat import ExpatError

import python_calamine as calamine

from ..errors import TableError, cause, raise_all
from ..plain_files import read_plain
from .archive import MacroError, StrangerError, unseen_in_zip
from .delimited import read_csv
from .grid import Grid
from .limits import (
    LARGEST_AREA,
    LARGEST_FILE,
    RESAVE,
    SMALLER,
    TO_TABLE,
    EncryptedError,
    ExcessError,
    OtherKindError,
)
from .workbooks import workbook_grids
from .xls import SIGNATURE, unseen_in_xls

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    ExpatError,
    struct.error,
    ValueError,
    ArithmeticError,
    LookupError,
    EOFError,
    OSError,
    NotImplementedError,  # zip features that no office program uses
    calamine.CalamineError,
)
_OTHERS = (
    (
        re.compile(
            rb"(?i)(?:[a-z-]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){0,9}?"
            rb"(?:MIME-Version:|Content-Type:[ \t]*multipart/)"
        ),
        "网页存档（.mht）",
    ),
    (re.compile(rb"ID;P[^\r\n]*[\r\n]+[A-Z]{1,3};"), " SYLK 文件（.slk）"),
)
"""Texts that Excel opens under the name of a workbook; as CSV they would be read as words."""
_MARKUP = re.compile(rb"<[!?/a-zA-Z]")
_BEGINNING = 4096
_OTHER_KINDS = {
    b"%PDF": " PDF 文件",
    b"{\\rtf": "文字材料",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"GIF8": "图片",
    b"Rar!": "压缩包",
    b"7z\xbc\xaf": "压缩包",
}
_PAGES = {".html", ".htm", ".xml"}


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


def read_sheets(path: Path, area: int = LARGEST_AREA) -> list[Grid]:
    """Read every sheet of a table file; what is wrong with single cells stays in ``faults``.

    A file from others may still exhaust memory or time: see ``child.read_files``.
    """
    name = path.name
    data = _read(path)
    if not data.strip(b"\x00\r\n\t ,\xef\xbb\xbf\xfe\xff"):
        raise _empty(name)
    if data.startswith((b"PK", SIGNATURE)):
        return _read_workbook(name, data, area)
    beginning = _beginning(data)
    if _MARKUP.match(beginning):
        renamed = "" if path.suffix.lower() in _PAGES else "，只是改了后缀名"
        raise TableError(name, f"是网页或 XML 文件{renamed}。", RESAVE)
    for pattern, kind in _OTHERS:
        if pattern.match(beginning):
            raise TableError(name, f"是{kind}，只是改了后缀名。", RESAVE)
    for magic, kind in _OTHER_KINDS.items():
        if data.startswith(magic):
            raise _other_kind(name, kind)
    grid = read_csv(path, data, area)
    if grid is None:
        raise _empty(name)
    return [grid]


def _read(path: Path) -> bytes:
    try:
        data = read_plain(path, LARGEST_FILE)
    except OSError as error:
        fault = f"文件打不开（{cause(error)}）。"
        raise TableError(path.name, fault, "请检查后重新放入，或把它移走。") from None
    if len(data) > LARGEST_FILE:
        raise TableError(path.name, f"文件超过 {LARGEST_FILE >> 20} MB。", SMALLER)
    return data


def _beginning(data: bytes) -> bytes:
    """Return how a text begins: without blanks and byte order mark, in bytes of ASCII letters."""
    head = data[:_BEGINNING]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "ignore").encode()
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()


def _other_kind(name: str, kind: str) -> TableError:
    return TableError(name, f"是{kind}，不是表格文件。", TO_TABLE)


def _empty(name: str) -> TableError:
    return TableError(name, "是空文件。", "请填好数据再放入，或把它移走。")


def _read_workbook(name: str, data: bytes, area: int) -> list[Grid]:
    try:
        if data.startswith(SIGNATURE):
            kind, unseen = "xls", unseen_in_xls(data)
        else:
            kind, unseen = unseen_in_zip(data)
        grids = workbook_grids(name, kind, data, unseen, area)
    except EncryptedError:
        raise TableError(name, "文件加了密码。", "请取消密码后另存。") from None
    except MacroError:
        raise TableError(name, "含有宏。", "请另存为不含宏的 .xlsx 文件。") from None
    except OtherKindError as error:
        raise _other_kind(name, str(error)) from None
    except StrangerError as error:
        if str(error):
            raise TableError(name, f"是压缩包，里面有 {error}。", "请解压后放入表格。") from None
        raise TableError(name, "不是 .xlsx 或 .ods 工作簿。", RESAVE) from None
    except ExcessError as error:
        raise TableError(name, f"{error}。", SMALLER) from None
    except _DAMAGE as error:
        raise _damaged(name, error) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # calamine's: no Exception, by design
            raise
        raise _damaged(name, error) from None
    if not grids:
        raise TableError(name, "所有工作表都是空的。", "请填好数据再放入，或把它移走。")
    return grids


def _damaged(name: str, error: BaseException) -> TableError:
    # What a library says is English; only our own words tell a clerk anything.
    reason = f"（{error}）" if isinstance(error, ValueError) and not str(error).isascii() else ""
    return TableError(name, f"文件已损坏，读不出来{reason}。", f"请重新取得，或{RESAVE[1:]}")
