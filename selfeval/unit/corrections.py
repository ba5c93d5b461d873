"""Known errors in a published source: recorded beside it, never mended in it.

Each says what the cell holds now; once the source changes, the correction no longer fits and
is refused, loudly, instead of being applied to another number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from ..errors import ParamsError, SelfEvalError
from ..money import plain_text
from ..sheets import Grid, Place
from ..strict import Strict, load_yaml, parse_model
from ..terms import TRIAL

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

    @model_validator(mode="after")
    def _changes(self) -> Correction:
        if self.expect.strip() == self.correct.strip():
            raise ValueError("原来的内容（expect）与更正后的（correct）相同，没有更正什么")
        return self

    def place(self, sheet: str) -> Place:
        """Return the place of the cell."""
        return Place(self.file, sheet, self.cell)


class Trial(Correction):
    """A cell as an analyst would have it, in memory alone: no file says so, and none is written."""

    expect: str = ""
    reason: str = TRIAL
    status: Literal["open", "reported"] = "open"

    @model_validator(mode="after")
    def _changes(self) -> Trial:
        return self


def with_trials(
    corrections: Iterable[Correction], trials: Sequence[Trial]
) -> tuple[Correction, ...]:
    """Return corrections with trials in the place of those of the same cells."""

    def is_tried(own: Correction) -> bool:
        return any(
            (own.file, own.cell) == (one.file, one.cell) and own.sheet in ("", one.sheet)
            for one in trials
        )

    return (*(own for own in corrections if not is_tried(own)), *trials)


class CorrectionsFile(Strict):
    """The file ``corrections.yaml`` of a unit's folder."""

    corrections: tuple[Correction, ...]


def load_corrections(folder: Path) -> tuple[Correction, ...]:
    """Load a unit's corrections; none where there is no such file."""
    path, place = folder / CORRECTIONS_FILE, str(Place(CORRECTIONS_FILE, "", unit=folder.name))
    if not path.exists():
        return ()
    return parse_model(CorrectionsFile, load_yaml(path, place), place).corrections


def apply_corrections(
    grids: Iterable[Grid], corrections: Sequence[Correction], place: str
) -> tuple[list[Grid], dict[Place, Correction], list[SelfEvalError]]:
    """Return the grids with the corrections in place of what the cells hold.

    Returns
    -------
    grids, applied, errors
        ``applied`` by place; an error for each correction that fits no cell or several, or whose
        cell no longer holds what was expected.
    """
    corrected = list(grids)
    applied: dict[Place, Correction] = {}
    errors: list[SelfEvalError] = []
    for correction in corrections:
        own = [n for n, grid in enumerate(corrected) if _is_meant(grid, correction)]
        sheet = corrected[own[0]].sheet if len(own) == 1 else correction.sheet
        cell = correction.place(sheet)
        fault = _which(own) or _unfit(corrected[own[0]], correction, cell in applied)
        if fault:
            errors.append(ParamsError(f"{place} › {cell}", *fault))
            continue
        if isinstance(correction, Trial):
            held = _held(corrected[own[0]], correction)
            correction = correction.model_copy(update={"expect": held})
        corrected[own[0]] = _replaced(corrected[own[0]], correction)
        applied[cell] = correction
    return corrected, applied, errors


def _is_meant(grid: Grid, correction: Correction) -> bool:
    return correction.file == grid.file and correction.sheet in ("", grid.sheet)


def _which(own: Sequence[int]) -> tuple[str, str] | None:
    if not own:
        return "没有这个文件或工作表。", "请检查文件名（file）和工作表名（sheet），或删去这一条。"
    if len(own) > 1:
        return f"文件有{len(own)}张工作表，没有写是哪一张。", "请补上工作表名（sheet）。"
    return None


def _position(correction: Correction) -> tuple[int, int]:
    letters = correction.cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(correction.cell[len(letters) :]) - 1, column - 1


def _unfit(grid: Grid, correction: Correction, is_taken: bool) -> tuple[str, str] | None:
    """Return why a correction does not fit its cell, and what to do."""
    if is_taken:
        return "同一个单元格有两条更正。", "请只留一条。"
    row, column = _position(correction)
    if row >= len(grid.rows) or column >= len(grid.rows[row]):
        return "工作表里没有这个单元格。", "来源已经改变：请找到这个数现在的位置，或删去这一条。"
    held = _held(grid, correction)
    if isinstance(correction, Trial) or held == correction.expect.strip():
        return None
    now = f"现在是“{held}”" if held else "现在是空的"
    return (
        f"更正里写明原来是（expect）“{correction.expect}”，单元格{now}。",
        "来源已经改变：已更正的，请删去这一条；改成了别的数的，请重新核对。",
    )


def _held(grid: Grid, correction: Correction) -> str:
    row, column = _position(correction)
    return plain_text(grid.rows[row][column])


def _replaced(grid: Grid, correction: Correction) -> Grid:
    row, column = _position(correction)
    cells = list(grid.rows[row])
    cells[column] = correction.correct
    rows = (*grid.rows[:row], tuple(cells), *grid.rows[row + 1 :])
    return replace(grid, rows=rows)
