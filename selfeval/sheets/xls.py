"""Old .xls files, read only for what calamine does not tell: see ``unseen``.

The file is a small file system (Compound File Binary) with one stream of records (BIFF).
Source: [MS-XLS] sections 2.4.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

from .limits import MOST_SHEETS, EncryptedError, ExcessError, OtherKindError
from .unseen import ERROR, NO_RESULT, Unseen

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOF, _EOF, _BOUND_SHEET, _FILE_PASS = 0x0809, 0x000A, 0x0085, 0x002F
_FORMULA, _BOOL_ERR, _STRING, _MUL_RK = 0x0006, 0x0205, 0x0207, 0x00BD
_DIMENSIONS, _TEXTS, _MERGED = 0x0200, 0x00FC, 0x00E5
_ROW, _COLUMNS = 0x0208, 0x007D
_VALUES = {_FORMULA, _BOOL_ERR, _MUL_RK, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x027E}
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


def unseen_in_xls(data: bytes) -> list[Unseen]:
    """Look through an .xls file, sheet by sheet, in the workbook's order.

    Raises
    ------
    EncryptedError
        If it is encrypted.
    OtherKindError
        If it is a text document.
    ExcessError
        If it has too many sheets.
    ValueError, OSError
        If it is damaged or no workbook.
    """
    try:
        stream = _workbook_stream(data)
        starts: list[int] = []
        for kind, body in _records(stream, 0):
            if kind == _FILE_PASS:
                raise EncryptedError
            if kind == _TEXTS and max(struct.unpack_from("<II", body)) > len(stream):
                raise ValueError("文字的数目不对")  # calamine would ask for that much memory
            if kind == _BOUND_SHEET:
                starts.append(struct.unpack_from("<I", body)[0])
        if len(starts) > MOST_SHEETS:
            raise ExcessError(f"工作表超过 {MOST_SHEETS} 张")
        if len(set(starts)) < len(starts):
            raise ValueError("两张工作表是同一张")
        return [_scan_sheet(stream, start) for start in starts]
    except (struct.error, IndexError, RecursionError):
        raise ValueError("记录不完整") from None


def _scan_sheet(stream: bytes, start: int) -> Unseen:
    sheet = Unseen()
    for kind, body in _records(stream, start):
        if kind == _DIMENSIONS and len(body) >= 12:
            top, rows, left, columns = struct.unpack_from("<IIHH", body)
            if not (top <= rows <= 65_536 and left <= columns <= 256):
                raise ValueError("行列的数目不对")
        elif kind in (_ROW, _COLUMNS, _MERGED):
            _scan_layout(sheet, kind, body)
        if kind not in _VALUES:
            continue
        row, column = struct.unpack_from("<HH", body)
        last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == _MUL_RK else column
        sheet.reach(row, last)
        if kind == _BOOL_ERR and body[7]:
            sheet.cells[row, column] = _ERRORS.get(body[6], ERROR)
        elif kind == _FORMULA and body[12:14] == b"\xff\xff":
            if body[6] == 2:
                sheet.cells[row, column] = _ERRORS.get(body[8], ERROR)
            elif body[6] == 3:  # an empty text, or never computed: the file does not say which
                sheet.cells[row, column] = NO_RESULT
    return sheet


def _scan_layout(sheet: Unseen, kind: int, body: bytes) -> None:
    if kind == _ROW:
        row, height, shown = struct.unpack_from("<H4xH4xH", body)
        if shown & 0x20 or height & 0x7FFF == 0:
            sheet.hidden_rows.append((row, row))
    elif kind == _COLUMNS:
        first, last, width, shown = struct.unpack_from("<3H2xH", body)
        if shown & 1 or width == 0:
            sheet.hidden_columns.append((first, last))
    else:
        for number in range(struct.unpack_from("<H", body)[0]):
            top, bottom, left, right = struct.unpack_from("<4H", body, 2 + 8 * number)
            sheet.merges.append((top, left, bottom, right))


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Yield one substream's records, without those of charts within it."""
    depth = 0
    while True:
        kind, length = struct.unpack_from("<HH", stream, start)
        body = stream[start + 4 : start + 4 + length]
        start += 4 + length
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, body


def _workbook_stream(data: bytes) -> bytes:
    import olefile

    with olefile.OleFileIO(io.BytesIO(data)) as container:
        if container.exists("EncryptedPackage"):  # an .xlsx with a password is kept so
            raise EncryptedError
        if container.exists("WordDocument"):
            raise OtherKindError(" Word 或 WPS 文字文档")
        name = next(filter(container.exists, ("Workbook", "Book")), "")
        if not name:
            raise ValueError("不是 Excel 工作簿")
        if container.get_size(name) > len(data):  # its sectors would be read in circles
            raise ValueError("文件已损坏")
        return bytes(container.openstream(name).read())
