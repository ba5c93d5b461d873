"""Known errors in a published source: recorded beside it, never mended in it.

Each says what the cell holds now; once the source changes, the correction no longer fits and
is refused, loudly, instead of being applied to another number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from .errors import ParamsError, SelfEvalError
from .money import plain_text
from .sheets import Grid, Place
from .strict import Strict, load_yaml, parse_model

CORRECTIONS_FILE = "corrections.yaml"


class Correction(Strict):
    """One wrong cell of a source: where, what it holds, what it should, why, and how far it is."""

    file: Annotated[str, Field(min_length=1)]
    sheet: str = ""
    cell: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}[1-9][0-9]{0,6}$")]
    expect: str
    correct: str
    reason: Annotated[str, Field(min_length=2)]
    basis: str = ""
    status: Literal["open", "reported"]

    def place(self, sheet: str) -> Place:
        """Return the place of the cell."""
        return Place(self.file, sheet, self.cell)


class CorrectionsFile(Strict):
    """The file ``corrections.yaml`` of a unit's folder."""

    corrections: tuple[Correction, ...]


def load_corrections(folder: Path, shown: str) -> tuple[Correction, ...]:
    """Load a unit's corrections; none where there is no such file."""
    path, place = folder / CORRECTIONS_FILE, f"{shown}/{CORRECTIONS_FILE}"
    if not path.is_file():
        return ()
    return parse_model(CorrectionsFile, load_yaml(path, place), place).corrections


def apply_corrections(
    grids: Iterable[Grid], corrections: Sequence[Correction], place: str
) -> tuple[list[Grid], dict[Place, Correction], list[SelfEvalError]]:
    """Return the grids with the corrections in place of what the cells hold.

    Returns
    -------
    grids, applied, errors
        ``applied`` by place; an error for each correction that fits no cell, or whose cell no
        longer holds what was expected.
    """
    applied: dict[Place, Correction] = {}
    corrected = []
    left = list(corrections)
    errors: list[SelfEvalError] = []
    for grid in grids:
        own = [c for c in left if c.file == grid.file and c.sheet in ("", grid.sheet)]
        for correction in own:
            left.remove(correction)
            fault = _unfit(grid, correction)
            if fault:
                errors.append(
                    ParamsError(
                        f"{place} › {correction.place(grid.sheet)}",
                        fault,
                        "来源已经改变：已更正的，请删去这一条；改成了别的数的，请重新核对。",
                    )
                )
                continue
            grid = _replaced(grid, correction)
            applied[correction.place(grid.sheet)] = correction
        corrected.append(grid)
    errors += _unused(left, place)
    return corrected, applied, errors


def _unused(left: Iterable[Correction], place: str) -> Iterator[SelfEvalError]:
    for correction in left:
        where = correction.place(correction.sheet)
        yield ParamsError(
            f"{place} › {where}", "没有这个文件或工作表。", "请检查 file 和 sheet，或删去这一条。"
        )


def _position(correction: Correction) -> tuple[int, int]:
    letters = correction.cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(correction.cell[len(letters) :]) - 1, column - 1


def _unfit(grid: Grid, correction: Correction) -> str:
    row, column = _position(correction)
    inside = row < len(grid.rows) and column < len(grid.rows[row])
    held = plain_text(grid.rows[row][column]) if inside else ""
    if held == correction.expect.strip():
        return ""
    return f"expect 写的是“{correction.expect}”，单元格现在是“{held}”。"


def _replaced(grid: Grid, correction: Correction) -> Grid:
    row, column = _position(correction)
    cells = list(grid.rows[row])
    cells[column] = correction.correct
    rows = (*grid.rows[:row], tuple(cells), *grid.rows[row + 1 :])
    return replace(grid, rows=rows)
