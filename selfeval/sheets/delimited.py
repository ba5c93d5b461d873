"""CSV files → one grid of texts, whatever usual encoding and delimiter they were saved with."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from ..errors import TableError
from ..money import plain_text
from .grid import Grid
from .limits import MOST_COLUMNS

_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


def read_csv(path: Path, data: bytes, area: int) -> Grid | None:
    """Read a CSV file; None if its cells are all blank.

    Raises
    ------
    TableError
        If its encoding or quotes are wrong, or it has more than ``area`` cells.
    """
    name = path.name
    text = _decode(name, data)
    if text.count("\n") + text.count("\r") - text.count("\r\n") > area:
        raise _too_large(name, f"多于 {area} 行")
    lines = text.splitlines()
    if any(line.count(mark) >= MOST_COLUMNS for line in lines for mark in "\t,"):
        raise _too_large(name, f"有一行多于 {MOST_COLUMNS} 格")
    tabs = sum("\t" in line for line in lines) > sum("," in line for line in lines)
    try:
        source = io.StringIO(text, newline="")
        rows = list(csv.reader(source, delimiter="\t" if tabs else ",", strict=True))
    except csv.Error as error:
        if "field larger" in str(error):
            raise _too_large(name, f"有一格多于 {csv.field_size_limit()} 字") from None
        raise TableError(name, f"CSV 的引号或逗号不配对（{error}）。", "请检查后另存。") from None
    if not any(plain_text(value) for row in rows for value in row):
        return None
    width = max(len(row) for row in rows)
    if width * len(rows) > area:
        raise _too_large(name, f"多于 {area} 格")
    padded = tuple(tuple(row) + (None,) * (width - len(row)) for row in rows)
    return Grid(name, path.stem, padded, is_text=True)


def _too_large(name: str, what: str) -> TableError:
    return TableError(name, f"{what}。", "请检查逗号、引号和换行，删去多余的内容后另存。")


def _decode(name: str, data: bytes) -> str:
    marked = next((known for mark, known in _BOMS.items() if data.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            if encoding == "utf-8" and _is_cut(data, error):
                break
            continue
        if "\x00" not in text:
            return text
    raise TableError(
        name,
        "文字编码不是 UTF-8，也不是 GB18030，或文件不完整。",
        "请重新取得，或另存为“CSV UTF-8（逗号分隔）”格式。",
    )


def _is_cut(data: bytes, error: UnicodeDecodeError) -> bool:
    """Tell whether UTF-8 ends within a character: GB18030 could read that, as other words."""
    whole = data[: error.start]
    return error.reason == "unexpected end of data" and not whole.isascii()
