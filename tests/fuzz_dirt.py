"""Damage to invented sheets: what clerks, copies and PDFs do, with the truth kept apart.

What a number means does not change when its row is damaged; what no longer is a number, or
cannot be known any more, loses its meaning and may only be listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random

from fuzz_sheets import Cell, Laid, Sheet, Style

Dirt = Callable[[Random, list[Sheet], Sheet, Laid, Style], bool]
JUNK = ["12a", "1.2.3", "#REF!", "约12", "12%", "1 2", "1,23.4", "3元5角", "0.0000001"]


def soil(rng: Random, sheets: list[Sheet], style: Style, kind: str) -> str:
    """Damage some tables in one or two ways; return which."""
    done: list[str] = []
    for _ in range(rng.choice([1, 1, 2, 3])):
        kinds = [*DIRT, *(WORKBOOK_DIRT if kind in ("openpyxl", "xml") else [])]
        for dirt in rng.sample(kinds, len(kinds)):
            if done and dirt.__name__ in MOVING:
                continue
            sheet = rng.choice(sheets)
            if not sheet.tables:
                continue
            if dirt(rng, sheets, sheet, rng.choice(sheet.tables), style):
                done.append(dirt.__name__)
                break
        if done and done[-1] in MOVING:
            break
    return " ".join(done) or "nothing"


def _forget(sheet: Sheet, cells: Iterable[Cell]) -> None:
    for cell in cells:
        sheet.truth.pop(cell, None)


def _all_values(laid: Laid) -> list[Cell]:
    return [cell for cells in laid.values.values() for cell in cells]


def _move(sheet: Sheet, cells: Iterable[Cell], rows: int, columns: int) -> None:
    """Move cells with what they mean."""
    moved = {}
    for cell in cells:
        if cell in sheet.cells:
            at = (cell[0] + rows, cell[1] + columns)
            numbered = cell in sheet.numbers
            moved[at] = (sheet.cells.pop(cell), sheet.truth.pop(cell, None), numbered)
            sheet.numbers.discard(cell)
            if cell in sheet.formulas:
                sheet.formulas.remove(cell)
                sheet.formulas.add(at)
    for at, (value, truth, numbered) in moved.items():
        sheet.cells[at] = value
        if truth is not None:
            sheet.truth[at] = truth
        if numbered:
            sheet.numbers.add(at)


def _some_row(rng: Random, laid: Laid) -> int | None:
    rows = [row for row in laid.rows if laid.values.get(row)]
    return rng.choice(rows) if rows else None


# --- cells ---------------------------------------------------------------------------------


def broken_number(rng: Random, sheets: list[Sheet], sheet: Sheet, laid: Laid, style: Style) -> bool:
    """Write something that is no amount over an amount."""
    values = _all_values(laid)
    if not values:
        return False
    cell = rng.choice(values)
    sheet.cells[cell] = rng.choice(JUNK)
    _forget(sheet, [cell])
    return True


def number_with_its_unit(
    rng: Random, sheets: list[Sheet], sheet: Sheet, laid: Laid, style: Style
) -> bool:
    """Write a unit behind an amount, the table's or another."""
    values = [
        cell for cell in _all_values(laid) if not str(sheet.cells[cell]).endswith(("元", "万"))
    ]
    if not values:
        return False
    cell = rng.choice(values)
    unit = rng.choice(["元", "万元", "亿元", "万"])
    sheet.cells[cell] = f"{sheet.cells[cell]}{unit}"
    if unit.removesuffix("元") != style.unit.removesuffix("元"):
        _forget(sheet, [cell])
    return True


def number_in_a_label(
    rng: Random, sheets: list[Sheet], sheet: Sheet, laid: Laid, style: Style
) -> bool:
    """Write an amount where a name should stand."""
    row = _some_row(rng, laid)
    if row is None or not laid.labels.get(row):
        return False
    cell = rng.choice(laid.labels[row])
    sheet.cells[cell] = "1,234.56"
    sheet.numbers.add(cell)
    return True


def stray_number(rng: Random, sheets: list[Sheet], sheet: Sheet, laid: Laid, style: Style) -> bool:
    """Write a number beside or below the table."""
    cell = rng.choice(
        [
            (rng.choice(laid.rows), sheet.width() + rng.randint(0, 2)),
            (laid.end + rng.randint(0, 2), rng.randint(0, sheet.width())),
        ]
    )
    if cell in sheet.cells or laid is not sheet.tables[-1]:
        return False
    sheet.cells[cell] = rng.choice([77.25, "88.50"])
    sheet.numbers.add(cell)
    return True


# --- units and titles ----------------------------------------------------------------------


def no_unit(rng: Random, sheets: list[Sheet], sheet: Sheet, laid: Laid, style: Style) -> bool:
    """Drop the unit of money; a page before may still state it."""
    if style.unit_at not in ("cell", "right") or not laid.unit:
        return False
    for cell in laid.unit:
        sheet.cells.pop(cell, None)
    return True


def two_units(rng: Random, sheets: list[Sheet], sheet: Sheet, laid: Laid, style: Style) -> bool:
    """State a second, other unit."""
    if style.unit_at == "heading" or not any(cell in sheet.cells for cell in laid.unit):
        return False
    cell = (laid.unit[0][0], sheet.width())
    other = rng.choice([unit for unit in ("元", "万元", "千元") if unit != style.unit])
    sheet.cells[cell] = f"金额单位：{other}"
    _forget(sheet, _all_values(laid))
    return True


def no_title(rng: Random, sheets: list[Sheet], sheet: Sheet, laid: Laid, style: Style) -> bool:
    """Drop the title, or leave the number of the form only."""
    if style.unit_at == "title":
        return False
    if rng.random() < 0.5:
        sheet.cells.pop(laid.title, None)
    else:
        sheet.cells[laid.title] = "公开表"
    return True


def wrong_title(rng: Random, sheets: list[Sheet], sheet: Sheet, laid: Laid, style: Style) -> bool:
    """Mistype the title so that it is nobody's."""
    if style.unit_at == "title":
        return False
    sheet.cells[laid.title] = "有关情况一览表"
    return True


# --- headers -------------------------------------------------------------------------------


def wrong_heading(rng: Random, sheets: list[Sheet], sheet: Sheet, laid: Laid, style: Style) -> bool:
    """Mistype a heading or drop it; what stands below it means what it did."""
    heads = [cell for cell in sheet.cells if cell[0] in laid.header]
    cell = rng.choice(sorted(heads))
    sheet.cells[cell] = rng.choice(["某某数", "基木支出", "", "", "（略）"])
    return True


def unknown_column(
    rng: Random, sheets: list[Sheet], sheet: Sheet, laid: Laid, style: Style
) -> bool:
    """Add a column of numbers that no form has."""
    if laid is not sheet.tables[0] or len(sheet.tables) > 1:
        return False
    column = sheet.width()
    # Where no title has a year, a column's year is the table's.
    dated = ["2015年决算数"] if "{year}" in style.title else []
    sheet.cells[laid.header.start, column] = rng.choice(["某某数", "其他数", *dated])
    for row in laid.rows:
        sheet.cells[row, column] = 5.5
        sheet.numbers.add((row, column))
    return True


# --- rows ----------------------------------------------------------------------------------


def cut_code(rng: Random, sheets: list[Sheet], sheet: Sheet, laid: Laid, style: Style) -> bool:
    """Cut digits off a code."""
    rows = [row for row in laid.rows if laid.codes.get(row)]
    cells = [cell for row in rows for cell in laid.codes[row]]
    cells = [cell for cell in cells if len(str(sheet.cells.get(cell, ""))) > 2]
    if not cells:
        return False
    cell = rng.choice(cells)
    text = str(sheet.cells[cell])
    if "]" in text:
        digits, _, name = text.partition("]")
        sheet.cells[cell] = f"{digits[: rng.randint(2, len(digits) - 1)]}]{name}"
    else:
        sheet.cells[cell] = text[: rng.randint(1, len(text) - 1)]
    return True


def no_label(rng: Random, sheets: list[Sheet], sheet: Sheet, laid: Laid, style: Style) -> bool:
    """Drop what a row is of."""
    row = _some_row(rng, laid)
    if row is None:
        return False
    cells = [*laid.labels.get(row, []), *laid.codes.get(row, [])]
    if rng.random() < 0.5 and laid.codes.get(row):
        cells = laid.codes[row]
    if not cells:
        return False
    for cell in cells:
        sheet.cells.pop(cell, None)
    return True


def lost_row(rng: Random, sheets: list[Sheet], sheet: Sheet, laid: Laid, style: Style) -> bool:
    """Drop a whole row, as a page break may; without the last total nobody knows what lacks."""
    row = _some_row(rng, laid)
    if row is None or any(sheet.truth[cell].item == "grand_total" for cell in sheet.truth
                          if cell[0] == row):  # fmt: skip
        return False
    for cell in [cell for cell in sheet.cells if cell[0] == row]:
        del sheet.cells[cell]
        sheet.numbers.discard(cell)
        sheet.truth.pop(cell, None)
    return True


def unknown_row(rng: Random, sheets: list[Sheet], sheet: Sheet, laid: Laid, style: Style) -> bool:
    """Rename a fixed row, or give a coded one a code of no list."""
    row = _some_row(rng, laid)
    if row is None or not laid.labels.get(row) or laid.codes.get(row):
        return False
    if any(truth.item.startswith("name:") for truth in sheet.truth.values()):
        return False  # a project has no other name than the one printed
    sheet.cells[laid.labels[row][0]] = rng.choice(["其他有关事项", "待定", "其中：甲"])
    return True


def same_code_twice(
    rng: Random, sheets: list[Sheet], sheet: Sheet, laid: Laid, style: Style
) -> bool:
    """Give a row the code of another."""
    rows = [row for row in laid.rows if laid.codes.get(row) and laid.values.get(row)]
    if len(rows) < 2 or style.codes not in ("one", "one number"):
        return False
    first, second = rng.sample(rows, 2)
    code = sheet.cells.get(laid.codes[first][0])
    if code is None:
        return False
    sheet.cells[laid.codes[second][0]] = code
    return True


def split_row(rng: Random, sheets: list[Sheet], sheet: Sheet, laid: Laid, style: Style) -> bool:
    """Move the numbers of a row into a line of their own, as PDFs do."""
    row = _some_row(rng, laid)
    if row is None or laid is not sheet.tables[-1] or style.merged:
        return False
    below = sorted(cell for cell in sheet.cells if cell[0] > row)
    _move(sheet, below, 1, 0)
    labels = {*laid.labels.get(row, []), *laid.codes.get(row, [])}
    if rng.random() < 0.5:
        _move(sheet, [c for c in sorted(sheet.cells) if c[0] == row and c not in labels], 1, 0)
    else:
        _move(sheet, sorted(labels), 1, 0)
    return True


# --- pages ---------------------------------------------------------------------------------


def moved_page(rng: Random, sheets: list[Sheet], sheet: Sheet, laid: Laid, style: Style) -> bool:
    """Move everything from a row on sideways, as a page break may."""
    if laid is not sheet.tables[-1] or style.merged or len(laid.rows) < 2:
        return False
    first = rng.choice(laid.rows[1:])
    step = rng.choice([1, 1, 2])
    _move(sheet, sorted(c for c in sheet.cells if first <= c[0] < laid.end), 0, step)
    return True


def moved_numbers(rng: Random, sheets: list[Sheet], sheet: Sheet, laid: Laid, style: Style) -> bool:
    """Move the numbers of some rows one column on, their labels staying."""
    if laid is not sheet.tables[-1] or style.merged or len(laid.form.panels) > 1:
        return False
    rows = [row for row in laid.rows if laid.values.get(row)]
    if not rows or not laid.form.panels[0].coded:
        return False
    first = min(cell[1] for cell in _all_values(laid))
    moved = rows[rng.randrange(len(rows)) :]
    # Where no number leaves the columns, nothing tells that they have moved.
    if not any((row, sheet.width() - 1) in sheet.numbers for row in moved):
        return False
    for row in moved:
        _move(sheet, sorted(c for c in sheet.cells if c[0] == row and c[1] >= first), 0, 1)
    return True


def second_table_without_title(
    rng: Random, sheets: list[Sheet], sheet: Sheet, laid: Laid, style: Style
) -> bool:
    """Drop the title and preamble of a table that stands below another."""
    if len(sheet.tables) < 2:
        return False
    below = sheet.tables[-1]
    first = below.title[0]
    for cell in [c for c in sheet.cells if first <= c[0] < below.header.start]:
        del sheet.cells[cell]
    return True


def hidden_rows(rng: Random, sheets: list[Sheet], sheet: Sheet, laid: Laid, style: Style) -> bool:
    """Hide a row; its numbers mean what they mean."""
    sheet.hidden.add(rng.choice(laid.rows))
    return True


def formula_without_result(
    rng: Random, sheets: list[Sheet], sheet: Sheet, laid: Laid, style: Style
) -> bool:
    """Put a formula in place of an amount, never computed."""
    values = _all_values(laid)
    if not values:
        return False
    cell = rng.choice(values)
    sheet.formulas.add(cell)
    _forget(sheet, [cell])
    return True


DIRT: list[Dirt] = [
    broken_number, number_with_its_unit, number_in_a_label, stray_number, no_unit, two_units,
    no_title, wrong_title, wrong_heading, unknown_column, cut_code, no_label, lost_row,
    unknown_row, same_code_twice, split_row, moved_page, moved_numbers,
    second_table_without_title,
]  # fmt: skip
MOVING = {
    "split_row", "moved_page", "moved_numbers", "lost_row", "second_table_without_title",
    "same_code_twice", "two_units",
}  # fmt: skip
"""Damage that comes last and alone: together with more, nothing could tell it any more."""
WORKBOOK_DIRT: list[Dirt] = [hidden_rows, formula_without_result]
