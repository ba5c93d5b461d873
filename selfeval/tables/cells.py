"""A grid as official tables are read from it: texts folded, numbers told from words."""

from __future__ import annotations

import re
from functools import cached_property

from ..folding import fold
from ..money import plain_text
from ..sheets import Grid, Place

_NUMBER = re.compile(
    r"[-+−－△▲(（]?\s*[0-9０-９][0-9０-９,，.．\s]*+[)）]?\s*[%％]?(?:[百千万亿]*元|[万亿])?"
)
_UNIT_NOTE = re.compile(
    r"单位[:：]?[(（]?(?:人民币|货币)?[:：/]?(?P<name>亿元|万元|千元|元|万)(?![一-龥])"
)
_IN_BRACKETS = re.compile(r"[(（](?:单位[:：])?(?:人民币)?(?P<name>亿元|万元|千元|元)[)）]")
_UNFINISHED = re.compile(r"\((?:单位:?)?(?:人民币)?[百千万亿]?元?$")
_LETTERS = re.compile(r"\([A-Z0-9/÷=+\-×%*]{1,12}\)$")
_YEAR = re.compile(
    r"(?<![0-9.])(?P<year>20[0-4][0-9])(?:年度?|(?=[一-龥(]))"
    r"|(?P<spelt>二[〇零○oO][一二三四][〇零○oO一二三四五六七八九])年度?"
)
_AFTER_NUMBER = re.compile(r"(?<=[0-9０-９])\s+(?=20[0-4][0-9])")
_SPELT = str.maketrans("〇零○oO一二三四五六七八九", "00000123456789")
_NUMBERING = re.compile(
    r"^(?:其中[:：]?|[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十0-9]+[)）][、.．]?"
    r"|[0-9]+[、.．](?![0-9]))+"
)
_FORM_NUMBER = re.compile(
    r"(?:公开|财决|预算公开|附)?[0-9]{1,2}[-—0-9]{0,12}表|(?:附?表|附件)[一二三四五六七八九十0-9-]+"
)
_CODE_PARTS = re.compile(r"[0-9]{3}(?:[\-—\s][0-9]{2}){1,2}|[0-9]{3}(?:\.[0-9]{2}){2}")
_CODE = re.compile(r"[0-9]{1,7}")
_LONGEST_TITLE = 60


class Cells:
    """The texts of a grid; a cell covered by a merge is blank, and its origin is known."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.texts = [[_text(value) for value in row] for row in grid.rows]
        self.height = len(self.texts)
        self.width = max(map(len, self.texts), default=0)

    @cached_property
    def folded(self) -> list[list[str]]:
        """Every text folded."""
        return [[fold(text) if text else "" for text in row] for row in self.texts]

    @cached_property
    def numeric(self) -> list[list[bool]]:
        """Whether a cell holds a number, also one with a unit or a percent sign."""
        return [[is_number(text) for text in row] for row in self.texts]

    @cached_property
    def _filled(self) -> list[list[int]]:
        return [[column for column, text in enumerate(row) if text] for row in self.texts]

    def filled(self, row: int) -> list[int]:
        """Return the columns of a row that hold something."""
        return self._filled[row]

    def has_number(self, row: int) -> bool:
        """Return whether a row holds any number."""
        return any(self.numeric[row])

    def raw(self, row: int, column: int) -> object:
        """Return a cell as the file gave it."""
        return self.grid.rows[row][column]

    def place(self, row: int, column: int) -> Place:
        """Return a cell's place."""
        return self.grid.place(row, column)

    def heading(self, row: int, column: int) -> str:
        """Return a cell as a heading: without its unit, letters in brackets and a colon."""
        return as_heading(self.folded[row][column])


def _text(value: object) -> str:
    text = plain_text(value)
    return joined_lines(text) if "\n" in text or "\r" in text else text


def joined_lines(text: str) -> str:
    """Return a cell's lines as one, without the space at their joints; the cell's ends are bare."""
    return "".join(line.strip() for line in re.split(r"[\r\n]+", text))


def is_number(text: str) -> bool:
    """Return whether a text is a number as tables print it."""
    return bool(text) and _NUMBER.fullmatch(text) is not None


def as_heading(folded: str) -> str:
    """Return a folded heading without what is beside its name."""
    if not folded:
        return ""
    bare = _IN_BRACKETS.sub("", folded)
    bare = _LETTERS.sub("", _UNFINISHED.sub("", bare))
    return bare.rstrip(":：")


def bare_label(folded: str) -> str:
    """Return a row's folded name without its numbering and 其中."""
    return _NUMBERING.sub("", folded).rstrip(":：")


def as_code(text: str) -> str:
    """Return the digits of a classification code or of a part of one, "" if it is none.

    A spreadsheet may have made a number of it: 205.0 is 205.
    """
    whole = re.sub(r"\.0$", "", text.strip("[]【】()（） "))
    if _CODE_PARTS.fullmatch(whole):
        return re.sub(r"[^0-9]", "", whole)
    return whole if _CODE.fullmatch(whole) else ""


def years_in(text: str) -> list[int]:
    """Return the years a text names, in order."""
    if not any(mark in text for mark in ("20", "年")):
        return []
    squeezed = re.sub(r"\s+", "", apart_from_numbers(text))
    return [
        int(match["year"] or match["spelt"].translate(_SPELT)) for match in _YEAR.finditer(squeezed)
    ]


def apart_from_numbers(text: str) -> str:
    """Return a text whose years stay apart from a number before them: 附件2 2021年."""
    return _AFTER_NUMBER.sub("_", text)


def without_years(text: str) -> str:
    """Return a folded text without the years it names."""
    return _YEAR.sub("", text) if "20" in text or "年" in text else text


def form_numbers(text: str) -> list[str]:
    """Return the numbers of forms a folded text names: 公开03表, 附表2."""
    return _FORM_NUMBER.findall(text)


def units_in(cells: Cells, row: int) -> list[tuple[str, int]]:
    """Return the units of money a row notes, each with its column."""
    noted = unit_notes(cells, row)
    for column, text in enumerate(cells.texts[row]):
        if "元" in text and len(text) < 40:
            noted += [(name, column) for name in units_in_brackets(text)]
    return noted


def unit_notes(cells: Cells, row: int) -> list[tuple[str, int]]:
    """Return the units of money a row states in words (单位：万元), each with its column."""
    found: list[tuple[str, int]] = []
    for column, text in enumerate(cells.texts[row]):
        if "位" not in text or "单" not in text:
            continue
        for match in _UNIT_NOTE.finditer(re.sub(r"\s+", "", text)):
            name = match["name"]
            # PDFs break "单位：万元" across lines.
            if name == "万" and not _below(cells, row, column, "元"):
                continue
            found.append(("万元" if name == "万" else name, column))
    return found


def units_in_brackets(text: str) -> list[str]:
    """Return the units of money a text has in brackets."""
    squeezed = re.sub(r"\s+", "", apart_from_numbers(text))
    return [match["name"] for match in _IN_BRACKETS.finditer(squeezed)]


def _below(cells: Cells, row: int, column: int, wanted: str) -> bool:
    return any(cells.texts[r][column] == wanted for r in range(row + 1, min(row + 4, cells.height)))


def title_of(text: str) -> str:
    """Return what of a cell may be a title, folded: up to the unit, the office, 60 letters."""
    squeezed = fold(text)
    head = re.split(
        r"(?:编制|填报|填表)?(?:部门|单位|公开)(?:名称)?[:：]|金额单位|单位[:：]", squeezed
    )[0]
    return without_years(head[:_LONGEST_TITLE])
