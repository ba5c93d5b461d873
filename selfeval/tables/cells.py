"""A grid as official tables are read from it: texts folded, numbers told from words."""

from __future__ import annotations

import re
from functools import cached_property

from ..folding import fold
from ..money import FEN_PER, plain_text
from ..sheets import Grid, Place

_NUMBER = re.compile(
    r"[-+−－△▲(（]?\s*[0-9０-９][0-9０-９,，.．\s]*[)）]?\s*[%％]?(?:[百千万亿]*元|[万亿])?"
)
_UNIT_NOTE = re.compile(r"单位[:：](?:人民币)?(?P<name>亿元|万元|千元|元|万)(?![一-龥])")
_IN_BRACKETS = re.compile(r"[(（](?:单位[:：])?(?P<name>亿元|万元|千元|元)[)）]")
_LETTERS = re.compile(r"\([A-Z0-9/÷=+\-×%*]{1,12}\)$")
_YEAR = re.compile(r"(?P<year>20[0-9]{2})年(?:度)?")
_NUMBERING = re.compile(
    r"^(?:其中[:：]|[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十0-9]+[)）][、.．]?"
    r"|[0-9]+[、.．](?![0-9]))+"
)
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

    def filled(self, row: int) -> list[int]:
        """Return the columns of a row that hold something."""
        return [column for column, text in enumerate(self.texts[row]) if text]

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
    return re.sub(r"\s*[\r\n]+\s*", "", text) if "\n" in text or "\r" in text else text


def is_number(text: str) -> bool:
    """Return whether a text is a number as tables print it."""
    return bool(text) and _NUMBER.fullmatch(text) is not None


def as_heading(folded: str) -> str:
    """Return a folded heading without what is beside its name."""
    if not folded:
        return ""
    bare = _IN_BRACKETS.sub("", folded)
    bare = _LETTERS.sub("", bare)
    return bare.rstrip(":：")


def bare_name(folded: str) -> str:
    """Return a row's folded name without its numbering and 其中."""
    return _NUMBERING.sub("", folded).rstrip(":：")


def years_in(text: str) -> list[int]:
    """Return the years a text names, in order."""
    return [int(match["year"]) for match in _YEAR.finditer(re.sub(r"\s+", "", text))]


def without_years(text: str) -> str:
    """Return a folded text without the years it names."""
    return _YEAR.sub("", text)


def units_in(cells: Cells, row: int) -> list[tuple[str, int]]:
    """Return the units of money a row notes, each with its column."""
    found = []
    for column, text in enumerate(cells.texts[row]):
        if "元" not in text and "单位" not in text:
            continue
        squeezed = re.sub(r"\s+", "", text)
        for match in _UNIT_NOTE.finditer(squeezed.replace("（", "(").replace("）", ")")):
            name = match["name"]
            # PDFs break "单位：万元" across lines.
            if name == "万" and not _below(cells, row, column, "元"):
                continue
            found.append(("万元" if name == "万" else name, column))
        found += [
            (m["name"], column) for m in _IN_BRACKETS.finditer(squeezed) if len(squeezed) < 40
        ]
    return [(name, column) for name, column in found if name in FEN_PER]


def _below(cells: Cells, row: int, column: int, wanted: str) -> bool:
    return any(cells.texts[r][column] == wanted for r in range(row + 1, min(row + 4, cells.height)))


def title_of(text: str) -> str:
    """Return what of a cell may be a table's title, folded: up to the unit, the office, 60 letters."""
    squeezed = fold(text)
    head = re.split(
        r"(?:编制|填报|填表)?(?:部门|单位|公开)(?:名称)?[:：]|金额单位|单位[:：]", squeezed
    )[0]
    return without_years(head[:_LONGEST_TITLE])
