"""Which table a grid is, where its columns stand, and in which unit its amounts are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from ...errors import TableError
from ...folding import fold
from ...money import FEN_PER, plain_text
from ...schemes.form import FormLayout, OwnColumn, TableLayout
from ...sheets import Grid, Place
from ...strict import nearest

_UNIT_NOTE = re.compile(r"(?P<kind>金额|货币)?单位\s*[:：]\s*(?P<unit>[^\s,，;；()（）]*)")
_UNIT_SUFFIX = re.compile(r"[(（]\s*+(?:单位[:：]\s*+)?(?P<unit>元|千元|万元|亿元|人|分)\s*[)）]$")
_MONEY_WORD = re.compile(r".*元|人民币.*|[百千万亿]+(?:元.*)?|[美欧港日].*")
_HEADING_ROWS = 15


def is_guide(grid: Grid, form: FormLayout) -> bool:
    """Tell whether a sheet is the guide that comes with the form, and holds no table."""
    return fold(plain_text(grid.rows[0][0])).startswith("填报说明") and not any(
        len(_found(layout, [_heading(cell) for cell in cells])) > 1
        for cells in grid.rows[:_HEADING_ROWS]
        for layout in form.tables
    )


def form_row(grid: Grid, form: FormLayout) -> int | None:
    """Return the row of the headings of one of the form's tables, None if there is none.

    It has all columns, or most of them under the form's own title.
    """
    for number, cells in enumerate(grid.rows[:_HEADING_ROWS]):
        texts = [_heading(cell) for cell in cells]
        for layout in form.tables:
            found = _found(layout, texts)
            if layout.columns[0].field not in found:
                continue
            missing = [c for c in layout.columns if not c.optional and c.field not in found]
            if not missing or (len(missing) < len(found) and _is_titled(grid, number, layout)):
                return number
    return None


def _is_titled(grid: Grid, number: int, layout: TableLayout) -> bool:
    """Return whether a table has our title above its headings, one of which may be misspelt."""
    above = (fold(plain_text(value)) for row in grid.rows[:number] for value in row)
    return fold(layout.title) in above


def _found(layout: TableLayout, texts: Sequence[str]) -> set[str]:
    names = layout.names
    return {names[text].field for text in texts if text in names}


class Headings(NamedTuple):
    """Which table a grid is: the row of its headings, its columns by index, and their faults.

    ``strange`` are the indexes of headings that are unknown or there twice; ``absent`` the
    columns that are not there at all.
    """

    layout: TableLayout
    row: int
    columns: dict[int, OwnColumn]
    strange: frozenset[int] = frozenset()
    absent: tuple[OwnColumn, ...] = ()
    faults: tuple[TableError, ...] = ()


def recognise(grid: Grid, form: FormLayout) -> Headings:
    """Return the table a grid is; its rows can be read as far as its columns are known.

    Raises
    ------
    TableError
        If it is none of the form's, or lacks most columns or the one that names its rows.
    """
    best: tuple[int, TableLayout, int, list[OwnColumn]] | None = None
    for number, cells in enumerate(grid.rows[:_HEADING_ROWS]):
        texts = [_heading(cell) for cell in cells]
        above = [fold(plain_text(v)) for row in grid.rows[: number + 1] for v in row]
        for layout in form.tables:
            found = _found(layout, texts)
            missing = [c for c in layout.columns if not c.optional and c.field not in found]
            if not missing and layout.columns[0].field in found:
                return _columns(grid, number, texts, layout)
            # A title alone already says which table was meant.
            titled = any(fold(layout.title) in text for text in above)
            score = len(found) * 2 + (3 if titled else 0)
            if len(found) > 1 and (best is None or score > best[0]):
                best = (score, layout, number, missing)
    if best is None:
        known = "、".join(layout.title for layout in form.tables)
        garbled = "文字若是乱码，请另存为“CSV UTF-8”格式；" if grid.is_text else ""
        raise TableError(
            str(Place(grid.file, grid.sheet)),
            "不是本工具认识的表。",
            f"{garbled}认识的有：{known}。与填报无关的工作表请移走，"
            f"或在 unit.yaml 的 ignore 里写明“{grid.file}#{grid.sheet}”。",
        )
    _, layout, number, missing = best
    fault = _missing_columns(grid, number, layout, missing)
    texts = [_heading(cell) for cell in grid.rows[number]]
    headings = _columns(grid, number, texts, layout)
    if layout.columns[0] in missing or len(missing) >= len(headings.columns):
        raise fault
    # What is missing has most likely a wrong name: that name is told beside it.
    return headings._replace(absent=tuple(missing), faults=(fault,))


def _missing_columns(
    grid: Grid, number: int, layout: TableLayout, missing: list[OwnColumn]
) -> TableError:
    present = [plain_text(cell) for cell in grid.rows[number] if plain_text(cell)]
    strange = [text for text in present if _heading(text) not in layout.names]
    hints = []
    for column in missing:
        close = nearest(column.heading, strange)
        if close:
            hints.append(f"“{close}”是不是“{column.heading}”？")
    names = "”“".join(column.heading for column in missing)
    return TableError(
        str(grid.place(number)),
        f"“{layout.title}”缺少栏目“{names}”（现有：{'、'.join(present)}）。",
        f"{''.join(hints)}请按填报表的栏目名称改正表头。",
    )


def _heading(cell: object) -> str:
    return fold(_UNIT_SUFFIX.sub("", plain_text(cell)))


def _columns(grid: Grid, number: int, texts: list[str], layout: TableLayout) -> Headings:
    names = layout.names
    columns: dict[int, OwnColumn] = {}
    faults: dict[int, TableError] = {}
    for index, text in enumerate(texts):
        if not text:
            continue
        column = names.get(text)
        place = str(grid.place(number, index))
        if column is None:
            known = [c.heading for c in layout.columns]
            close = nearest(text, known)
            hint = f"是不是“{close}”？" if close else f"可用的栏目：{'、'.join(known)}。"
            faults[index] = TableError(place, f"“{layout.title}”里没有栏目“{text}”。", hint)
        elif column in columns.values():
            fault = f"栏目“{column.heading}”出现了两次。"
            faults[index] = TableError(place, fault, "请合并为一栏。")
        else:
            columns[index] = column
    return Headings(
        layout, number, columns, strange=frozenset(faults), faults=tuple(faults.values())
    )


def amount_unit(
    grid: Grid, layout: TableLayout, heading_row: int, columns: dict[int, OwnColumn]
) -> str:
    """Return the unit of a table's amounts: noted above the headings, or within them.

    Raises
    ------
    TableError
        If it is missing, unknown, or noted in two ways.
    """
    found: dict[str, str] = {}
    for number in range(heading_row):
        texts = [plain_text(value) for value in grid.rows[number]]
        for index, text in enumerate(texts):
            # The unit may stand in the next cell, where the form has its drop-down.
            beside = next((i for i in range(index + 1, len(texts)) if texts[i]), index)
            for match in _UNIT_NOTE.finditer(text):
                at = index if match["unit"] else beside
                unit = match["unit"] if at == index else texts[at]
                unit = unicodedata.normalize("NFKC", unit)
                place = str(grid.place(number, at))
                if unit in FEN_PER:
                    found.setdefault(unit, place)
                elif match["kind"] or _MONEY_WORD.fullmatch(unit):
                    raise TableError(
                        place, f"金额单位“{unit}”不认识。", f"请写 {'、'.join(FEN_PER)} 之一。"
                    )
    for index in columns:
        suffix = _UNIT_SUFFIX.search(plain_text(grid.rows[heading_row][index]))
        if suffix and suffix["unit"] in FEN_PER:
            found.setdefault(suffix["unit"], str(grid.place(heading_row, index)))
    if len(found) == 1:
        return next(iter(found))
    place = str(Place(grid.file, grid.sheet))
    if not found:
        raise TableError(
            place, f"“{layout.title}”没有写明金额单位。", "请在表头上方写“金额单位：万元”（或元）。"
        )
    where = "；".join(f"{cell} 为{unit}" for unit, cell in found.items())
    raise TableError(place, f"金额单位前后不一：{where}。", "请统一为一个单位。")
