"""CSV files → one grid of texts, whatever usual encoding and delimiter they were saved with."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from ..errors import TableError
from ..money import plain_text
from .grid import Grid
from .limits import MOST_COLUMNS

_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_WORDS = re.compile("[\u3040-\u30ff\u3400-\u9fff\ue000-\uf8ff]")


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
        raise TableError(name, "CSV 的引号或逗号不配对。", "请检查后另存。") from None
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
        if encoding == "gb18030" and _is_big5(data, text):
            raise TableError(
                name,
                "文字是繁体中文的 Big5 编码，按简体读会变成别的字。",
                "请用 Excel 或 WPS 打开，看到的字没有错，再另存为“CSV UTF-8（逗号分隔）”格式。",
            )
        if "\x00" not in text:
            return text
    raise TableError(
        name,
        "文字编码不是 UTF-8，也不是 GB18030，或文件不完整。",
        "请重新取得，或另存为“CSV UTF-8（逗号分隔）”格式。",
    )


def _is_big5(data: bytes, text: str) -> bool:
    """Tell whether bytes that GB18030 can read make better words in Big5.

    Big5's frequent characters fall on kana, rare and private characters of GB18030; GBK's are
    either no Big5 at all or fall on its rare half.
    """
    try:
        other = data.decode("cp950")
    except UnicodeDecodeError:
        return False
    return _share(other, "big5", 0xA4, 0xC6) > _share(text, "gb2312", 0xB0, 0xD7)


def _share(text: str, encoding: str, first: int, last: int) -> float:
    """Return which share of a text's characters, marks left out, are frequent in an encoding."""
    words: list[str] = _WORDS.findall(text)
    codes = [c.encode(encoding, "ignore")[:1] for c in words]
    frequent = sum(first <= code[0] <= last for code in codes if code)
    return frequent / len(words) if words else 1.0


def _is_cut(data: bytes, error: UnicodeDecodeError) -> bool:
    """Tell whether UTF-8 ends within a character: GB18030 could read that, as other words."""
    whole = data[: error.start]
    return error.reason == "unexpected end of data" and not whole.isascii()
