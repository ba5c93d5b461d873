"""Workbooks of Excel and WPS (.xlsx), read only for what calamine does not tell: see ``unseen``."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from xml.parsers import expat

from .limits import MOST_SHEETS, MOST_STYLES, ExcessError
from .parts import Start, local, read_part
from .unseen import ERROR, NO_RESULT, Unseen

WORKBOOK = "xl/workbook.xml"
_LINKS = "xl/_rels/workbook.xml.rels"
_STYLES = "xl/styles.xml"
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?")
_QUOTED = re.compile(r'"[^"]*"|\\.|_.')
_DIGITS = "0123456789"


def unseen_in_xlsx(archive: zipfile.ZipFile) -> tuple[list[Unseen], set[str]]:
    """Look through a workbook, sheet by sheet; also return the names of the parts read."""
    parts = _sheet_parts(archive)
    percents: frozenset[str] = frozenset()
    names = {WORKBOOK, _LINKS, *parts.values()}
    if _STYLES in archive.namelist():
        names.add(_STYLES)
        percents = _percent_styles(archive)
    return [_scan(archive, part, name, percents) for name, part in parts.items()], names


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of each sheet by the sheet's name, in order."""
    targets: dict[str, str] = {}
    parts: dict[str, str] = {}

    def link(tag: str, given: dict[str, str]) -> None:
        if local(tag) == "Relationship":
            targets[given.get("Id", "")] = given.get("Target", "").lstrip("/")

    def sheet(tag: str, given: dict[str, str]) -> None:
        if local(tag) != "sheet":
            return
        target = targets[next((value for key, value in given.items() if local(key) == "id"), "")]
        part = target if target.startswith("xl/") else f"xl/{target}"
        if part in parts.values() or given.get("name", "") in parts:
            raise ValueError("两张工作表是同一张")
        parts[given.get("name", "")] = part
        if len(parts) > MOST_SHEETS:
            raise ExcessError(f"工作表超过 {MOST_SHEETS} 张")

    read_part(archive, _LINKS, link)
    read_part(archive, WORKBOOK, sheet)
    return parts


def _percent_styles(archive: zipfile.ZipFile) -> frozenset[str]:
    """Return the cell formats that show a number as a percentage, by their number."""
    within = ""
    shown = {"9", "10"}  # built in: 0% and 0.00%
    formats: list[str] = []

    def start(tag: str, given: dict[str, str]) -> None:
        nonlocal within
        tag = local(tag)
        if tag in ("numFmts", "cellXfs", "cellStyleXfs", "dxfs"):
            within = tag
        elif tag == "numFmt" and within == "numFmts":
            if "%" in _QUOTED.sub("", given.get("formatCode", "")):
                shown.add(given.get("numFmtId", ""))
        elif tag == "xf" and within == "cellXfs":
            formats.append(given.get("numFmtId", "0"))
            if len(formats) > MOST_STYLES:
                raise ExcessError(f"单元格格式超过 {MOST_STYLES} 种")

    read_part(archive, _STYLES, start)
    return frozenset(str(number) for number, kind in enumerate(formats) if kind in shown)


def _scan(archive: zipfile.ZipFile, part: str, name: str, percents: frozenset[str]) -> Unseen:
    sheet = Unseen(name)
    parser = expat.ParserCreate()
    start, finish = _handlers(sheet, parser, percents)
    read_part(archive, part, start, parser=parser)
    finish()
    return sheet


def _handlers(
    sheet: Unseen, parser: expat.XMLParserType, percents: frozenset[str]
) -> tuple[Start, Callable[[], None]]:
    # Most of the time goes here. So a cell is judged when something else begins, which spares a
    # call for every end, and text is heard only where it says more than that there is some.
    row, column = -1, -1
    kind, style = "", ""
    inside = filled = formula = False
    text: list[str] = []
    written = ""
    columns: dict[str, int] = {}

    def finish() -> None:
        nonlocal inside, filled, formula
        parser.CharacterDataHandler = None
        if formula or (filled and kind == "e"):
            held = _held(kind, "".join(text) if filled else None)
            if held:
                sheet.cells[row, column] = held
            if held == NO_RESULT:
                sheet.formulas[row, column] = written if filled else "".join(text)
        if filled and kind == "n" and style in percents:
            sheet.percents.add((row, column))
        if filled or formula:
            sheet.reach(row, column)
        inside = filled = formula = False

    def start(tag: str, given: dict[str, str]) -> None:
        nonlocal row, column, kind, style, inside, filled, formula, written
        if ":" in tag:
            tag = local(tag)
        if tag == "c":
            if inside:
                finish()
            inside = True
            kind, style = given.get("t", "n"), given.get("s", "0")
            address = given.get("r")
            if address is None:  # addresses may be left out: then cells follow one another
                column += 1
                return
            letters = address.rstrip(_DIGITS)
            if letters not in columns:
                columns[letters] = _column(letters)
            row, column = int(address[len(letters) :]) - 1, columns[letters]
            if row < 0:
                raise ValueError(f"没有 {address[:20]} 这个单元格")
        elif inside and tag == "v":
            filled = True
            if formula or kind == "e":
                written = "".join(text)
                text.clear()
                parser.CharacterDataHandler = text.append
        elif inside and tag == "f":
            formula = True
            text.clear()
            parser.CharacterDataHandler = text.append
        elif inside and tag == "is":
            filled, formula = True, False
        else:
            if inside:
                finish()
            if tag == "row":
                row, column = int(given.get("r", row + 2)) - 1, -1
                if _is_hidden(given, "ht"):
                    sheet.hidden_rows.append((row, row))
            elif tag == "col" and _is_hidden(given, "width"):
                sheet.hidden_columns.append((int(given["min"]) - 1, int(given["max"]) - 1))
            elif tag == "mergeCell":
                sheet.merges.append(_range(given.get("ref", "")))

    return start, finish


def _held(kind: str, text: str | None) -> str:
    """Return what an error or a formula holds that only looks blank, or nothing."""
    stripped = (text or "").strip()
    if kind == "e":
        return stripped or ERROR
    # A formula whose result is an empty text has an empty <v>; one never computed has none.
    return NO_RESULT if not stripped and (kind != "str" or text is None) else ""


def _is_hidden(given: dict[str, str], size: str) -> bool:
    return given.get("hidden") in ("1", "true") or (size in given and float(given[size]) == 0)


def _range(text: str) -> tuple[int, int, int, int]:
    match = _RANGE.fullmatch(text)
    if not match:
        raise ValueError(f"没有 {text[:20]} 这个区域")
    left, top, right, bottom = match.groups()
    first = int(top) - 1, _column(left)
    last = (int(bottom) - 1, _column(right)) if right else first
    return (*first, *last)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        if not "A" <= letter <= "Z" or number > 26**3:
            raise ValueError(f"没有 {letters[:20]} 列")
        number = number * 26 + ord(letter) - 64
    return number - 1
