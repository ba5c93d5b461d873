"""Opens the zip archive that an .xlsx or .ods workbook is, and refuses one that is a trap."""

from __future__ import annotations

import io
import zipfile

from .limits import (
    LARGEST_CONTENT,
    LARGEST_RATIO,
    MOST_PARTS,
    RATIO_FROM,
    EncryptedError,
    ExcessError,
    OtherKindError,
)
from .ods import CONTENT, MANIFEST, unseen_in_ods
from .parts import XML, check_parts
from .unseen import Unseen
from .xlsx import WORKBOOK, unseen_in_xlsx

_LOCKED = 99  # the compression method of a part encrypted with AES
_HEADER = 30  # bytes before the name in a part's own header


_OTHER_KINDS = {"word/document.xml": " Word 文档", "ppt/presentation.xml": "演示文稿"}


class MacroError(Exception):
    """The workbook holds macros."""


class StrangerError(Exception):
    """The archive is no workbook we know; says what it holds that may be one."""


def unseen_in_zip(data: bytes) -> tuple[str, list[Unseen]]:
    """Look through an .xlsx or .ods file: which of the two, and its sheets in order.

    Raises
    ------
    EncryptedError, MacroError, StrangerError, OtherKindError, ExcessError
        If it is not to be read at all.
    xml.parsers.expat.ExpatError, ValueError, KeyError, zipfile.BadZipFile, zlib.error
        If a part is missing, damaged, or declares a document type.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = _checked_names(archive)
        if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
            raise MacroError
        if MANIFEST in archive.namelist() and b"encryption-data" in archive.read(MANIFEST):
            raise EncryptedError
        if WORKBOOK in archive.namelist():
            kind, (sheets, read) = "xlsx", unseen_in_xlsx(archive)
        elif CONTENT in archive.namelist() and MANIFEST in archive.namelist():
            kind, (sheets, read) = "ods", unseen_in_ods(archive)
        elif kinds := [kind for part, kind in _OTHER_KINDS.items() if part in names]:
            raise OtherKindError(kinds[0])
        else:
            raise StrangerError(_first_table(names))
        check_parts(archive, read)
    return kind, sheets


def _checked_names(archive: zipfile.ZipFile) -> list[str]:
    """Return the parts' names in lower case, as calamine compares them."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise ExcessError(f"内部文件超过 {MOST_PARTS} 个")
    if sum(part.file_size for part in parts) > LARGEST_CONTENT:
        raise ExcessError(f"解压后超过 {LARGEST_CONTENT >> 20} MB")
    names = [part.filename.lower() for part in parts]
    if len(set(names)) < len(names):
        raise ValueError("内部文件重名")
    end = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.filename.startswith("/") or ".." in part.filename.split("/"):
            raise ValueError("内部文件的路径不对")
        if part.flag_bits & 1 or part.compress_type == _LOCKED:
            raise EncryptedError
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError("内部文件的压缩方法不对")  # office programs use no other
        large = part.file_size > max(RATIO_FROM, LARGEST_RATIO * part.compress_size)
        if large and part.filename.endswith(XML):  # pictures shrink more, and nobody unpacks them
            raise ExcessError("压缩得异常紧密，像是压缩炸弹")
        if part.header_offset < end:
            raise ValueError("内部文件互相重叠")
        end = part.header_offset + _HEADER + len(part.filename) + part.compress_size
    return names


def _first_table(names: list[str]) -> str:
    return next((name for name in names if name.endswith((".xlsx", ".xls", ".ods", ".csv"))), "")
