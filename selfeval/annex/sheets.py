"""A form and its entries → a filled sheet: every cell with its place, content and formula."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from ..budget.printer import Printer
from ..schemes.annex_forms import NAME, AnnexForm, FormCell, FormRow, Style
from .entries import CellEntry, Entries, Kind, decimals_of, written

_NOTHING = CellEntry("text")


@dataclass(frozen=True)
class Cell:
    """One cell, from its first row and column to its last (counted from 0).

    ``number`` is as printed, in 万元 where ``kind`` is money; None for a text or a blank.
    """

    row: int
    column: int
    last_row: int
    last_column: int
    style: Style
    indent: int = 0
    kind: Kind = "text"
    number: Fraction | None = None
    text: str = ""
    formula: str = ""

    @property
    def address(self) -> str:
        """The address of its first cell: A1."""
        return f"{chr(ord('A') + self.column)}{self.row + 1}"


@dataclass(frozen=True)
class Sheet:
    """A filled sheet: its cells, and the least height of each row in points."""

    name: str
    form: AnnexForm
    cells: tuple[Cell, ...]
    least_heights: tuple[float, ...]
    repeat: int | None


@dataclass(frozen=True)
class _Placed:
    """A cell with what it is of."""

    spec: FormCell
    id: str
    cell: Cell


class _ByPlace:
    """The cells of a sheet, by their first row and column, and by their row's id and column."""

    def __init__(self, placed: Sequence[_Placed]) -> None:
        self.at: dict[tuple[int, int], Cell] = {}
        self.named: dict[tuple[str, int], list[Cell]] = {}
        for one in placed:
            self.at.setdefault((one.cell.row, one.cell.column), one.cell)
            self.named.setdefault((one.id, one.cell.column), []).append(one.cell)


@dataclass(frozen=True)
class RowGroup:
    """The entries of a sheet, and of each of the rows that repeat."""

    own: Entries
    projects: Sequence[Entries] = ()
    indicators: Sequence[Entries] = ()


def fill(form: AnnexForm, group: RowGroup) -> Sheet:
    """Fill a form. What has no entry, or an entry without a value, stays blank."""
    placed: list[_Placed] = []
    heights: list[float] = []
    last_rows: dict[str, int] = {}
    repeat = None
    for row in form.rows:
        if row.id and row.id == form.repeat:
            repeat = len(heights)
        rows = list(_rows_of(form, row, group))
        for entries in rows:
            at = len(heights)
            placed += [_place(spec, row.id, entries, at) for spec in form.cells_of(row)]
            heights.append(max(row.height, form.row_height))
        last_rows[row.id] = len(heights) - 1
    placed = [_reaching_down(one, last_rows) for one in placed]
    placed = _joined(placed)
    known = _ByPlace(placed)
    cells = tuple(_with_formula(one, known) for one in placed)
    return Sheet(_filled_in(form.sheet, group.own), form, cells, tuple(heights), repeat)


def _rows_of(form: AnnexForm, row: FormRow, group: RowGroup) -> Iterator[Entries]:
    """Yield the entries of each row that a row of the form becomes."""
    if not row.each:
        yield group.own
        return
    own = group.projects if row.each == "projects" else group.indicators
    for entries in own:
        yield ChainMap(entries, group.own)
    if row.each == "indicators" and not own:
        for family, aspect in form.skeleton:
            yield {
                "family": CellEntry("text", text=family),
                "aspect": CellEntry("text", text=aspect),
            }


def _filled_in(text: str, entries: Entries) -> str:
    return NAME.sub(lambda match: written(entries.get(match["name"], _NOTHING)), text)


def _place(spec: FormCell, row_id: str, entries: Entries, at: int) -> _Placed:
    first, last = spec.columns
    cell = partial(Cell, at, first, at, last, spec.style, spec.indent)
    if not spec.value:
        return _Placed(spec, row_id, cell(text=_filled_in(spec.text, entries)))
    entry = entries.get(spec.value, _NOTHING)
    if entry.value is None:
        return _Placed(spec, row_id, cell(text=entry.text))
    return _Placed(spec, row_id, cell(kind=entry.kind, number=entry.value))


def _reaching_down(one: _Placed, last_rows: dict[str, int]) -> _Placed:
    if not one.spec.down:
        return one
    last = max(last_rows[one.spec.down], one.cell.row)
    return replace(one, cell=replace(one.cell, last_row=last))


def _joined(placed: Sequence[_Placed]) -> list[_Placed]:
    """Return the cells, row after row, with equal ones below each other joined as the form says.

    Only within what is joined to their left: two families may have aspects of one name.
    """
    kept: list[_Placed] = []
    ends: dict[tuple[int, int], int] = {}  # by the cell of the form and the last row
    begun: dict[int, int] = {}  # by row, the first column where something new begins
    for one in placed:
        cell, above = one.cell, None
        if one.spec.runs and cell.text and begun.get(cell.row, cell.column) >= cell.column:
            above = ends.pop((id(one.spec), cell.row - 1), None)
        if above is not None and kept[above].cell.text == cell.text:
            kept[above] = replace(kept[above], cell=replace(kept[above].cell, last_row=cell.row))
        else:
            above = len(kept)
            kept.append(one)
            if one.spec.runs and cell.last_row == cell.row:
                begun[cell.row] = min(begun.get(cell.row, cell.last_column), cell.last_column)
        ends[id(one.spec), kept[above].cell.last_row] = above
    return kept


def _with_formula(one: _Placed, known: _ByPlace) -> Cell:
    """Return a cell with its formula, if that gives its very number from cells that have one."""
    cell = one.cell
    if cell.number is None:
        return cell
    formula, value = _formula(one, known)
    return replace(cell, formula=formula) if value == cell.number else cell


def _formula(one: _Placed, known: _ByPlace) -> tuple[str, Fraction | None]:
    spec = one.spec
    if spec.sum:
        parts = _parts(one, known)
        numbers = [part.number for part in parts if part.number is not None]
        if not parts or len(numbers) < len(parts):
            return "", None
        return f"={_added(parts)}", sum(numbers, Fraction(0))
    pair = spec.ratio or spec.capped
    if pair is None:
        return "", None
    left, right = (known.at.get((one.cell.row, ord(letter) - ord("A"))) for letter in pair)
    if left is None or right is None or left.number is None or right.number is None:
        return "", None
    if spec.capped:
        # As in scoring: no less than nothing and no more than the weight.
        share = max(min(left.number, Fraction(1)), Fraction(0))
        return _to_digits(
            one, f"MAX(MIN({left.address},1),0)*{right.address}", share * right.number
        )
    if not right.number:
        return "", None
    return _to_digits(one, f"{left.address}/{right.address}", left.number / right.number)


def _to_digits(one: _Placed, formula: str, value: Fraction) -> tuple[str, Fraction]:
    """Return a formula and its result to the digits that its cell shows."""
    assert one.cell.number is not None
    decimals = decimals_of(one.cell.number, one.cell.kind)
    # A workbook's ROUND rounds half up, whatever the unit's rule is.
    return f"=ROUND({formula},{decimals})", Fraction(Printer("half_up").decimal(value, decimals))


def _parts(one: _Placed, known: _ByPlace) -> list[Cell]:
    found = []
    for row_id, letter in one.spec.references():
        column = ord(letter) - ord("A") if letter else one.cell.column
        found += known.named.get((row_id, column), [])
    return found


def _added(parts: Sequence[Cell]) -> str:
    """Return a sum: addresses with plus signs, a range where they stand below one another."""
    runs: list[list[Cell]] = []
    for part in parts:
        if runs and runs[-1][-1].row == part.row - 1 and runs[-1][-1].column == part.column:
            runs[-1].append(part)
        else:
            runs.append([part])
    shown = [
        f"SUM({run[0].address}:{run[-1].address})" if len(run) > 1 else run[0].address
        for run in runs
    ]
    return "+".join(shown)


def worded(sheet: Sheet, say: Callable[[str], str]) -> Sheet:
    """Return a sheet with its texts as ``say`` tells them, and a name that a workbook allows."""
    told = ((cell, say(cell.text)) for cell in sheet.cells)
    cells = tuple(cell if text == cell.text else replace(cell, text=text) for cell, text in told)
    return replace(sheet, name=_sheet_name(say(sheet.name)), cells=cells)


def _sheet_name(text: str) -> str:
    """Return a name that a workbook allows: 31 letters, none of []:*?/\\ and no outer quote."""
    bare = "".join(c for c in text if c.isprintable() and c not in "[]:*?/\\'")
    while len(bare.encode("utf-16-le")) > 62:
        bare = bare[:-1]
    return bare.strip()
