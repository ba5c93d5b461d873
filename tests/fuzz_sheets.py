"""Invented tables laid out on sheets, in one of the many ways offices lay them out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import NamedTuple

from fuzz_forms import BUDGET, FINAL, Form, Meaning, Node, Panel, Row

Cell = tuple[int, int]
Value = str | int | float
FEN = {"元": 100, "千元": 10**5, "万元": 10**6}


class Expected(NamedTuple):
    """What an amount means: all that the reader says of it, but where it stands."""

    table: str
    block: str
    item: str
    fund: str
    phase: str
    fen: int


@dataclass
class Sheet:
    """One sheet: its cells, merged ranges, and what its amounts mean."""

    name: str
    cells: dict[Cell, Value] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    formulas: set[Cell] = field(default_factory=set)
    truth: dict[Cell, Expected] = field(default_factory=dict)
    numbers: set[Cell] = field(default_factory=set)
    tables: list[Laid] = field(default_factory=list)

    def bottom(self) -> int:
        """Return the first row below everything."""
        return max((row for row, _ in self.cells), default=-1) + 1

    def width(self) -> int:
        """Return how many columns are used."""
        return max((column for _, column in self.cells), default=-1) + 1


@dataclass
class Laid:
    """Where a table stands on its sheet, for those who want to damage it."""

    form: Form
    title: Cell
    unit: list[Cell]
    header: range
    rows: list[int] = field(default_factory=list)
    labels: dict[int, list[Cell]] = field(default_factory=dict)
    codes: dict[int, list[Cell]] = field(default_factory=dict)
    values: dict[int, list[Cell]] = field(default_factory=dict)
    end: int = 0


@dataclass
class Style:
    """How one office lays out its tables."""

    year: int
    office: str
    unit: str
    numbers: str
    blank: str
    codes: str
    title: str
    total: str
    note: str
    unit_at: str
    numbered: bool
    ruled: bool
    gaps: bool
    merged: bool
    spread: bool
    broken: bool


def any_style(rng: Random) -> Style:
    """Return the style of some office."""
    return Style(
        year=rng.randint(2018, 2026),
        office=rng.choice(["某市某局", "望川县教育局", "北河省人民检察院", "青山街道办事处"]),
        unit=rng.choice(["万元", "万元", "元", "元", "千元"]),
        numbers=rng.choice(["number", "text", "thousands"]),
        blank=rng.choice(["", "", "", "—", "-"]),
        codes=rng.choice(
            ["one", "one", "one number", "parts", "parts", "own", "joined", "spaced", "dotted"]
        ),
        title=rng.choice(
            [
                "{title}",
                "{year}年度{title}",
                "{year}年{office}{title}",
                "{title}（{year}年度）",
                "附表{number}：{title}",
                "表{number} {title}",
                "{office}{year}年{title}",
            ]
        ),
        total=rng.choice(["合计", "合 计", "合　计"]),
        note=rng.choice(
            [
                "",
                "注：本表反映本年度情况，共 3 个单位。",
                "说明：本表金额单位转换时可能存在尾数误差。",
            ]
        ),
        unit_at=rng.choice(["line", "line", "cell", "right", "title", "heading"]),
        numbered=rng.random() < 0.3,
        ruled=rng.random() < 0.3,
        gaps=rng.random() < 0.1,
        merged=rng.random() < 0.6,
        spread=rng.random() < 0.15,
        broken=rng.random() < 0.15,
    )


def any_sheets(rng: Random, style: Style, most: int = 4) -> list[Sheet]:
    """Return the sheets of an invented workbook, each with one table or more."""
    makers = rng.sample(rng.choice([FINAL, BUDGET]), rng.randint(1, most))
    sheets: list[Sheet] = []
    style.broken &= not style.ruled
    for number, make in enumerate(makers, 1):
        form = make(rng)
        if style.unit == "元":
            _finer(form)
        if form.may_be_empty and rng.random() < 0.4:
            _empty(form)
        if sheets and rng.random() < 0.25:
            sheet, top = sheets[-1], sheets[-1].bottom() + rng.randint(1, 2)
        else:
            sheet, top = Sheet(f"{number:02d}表"), rng.choice([0, 0, 0, 1])
            sheets.append(sheet)
        lay(rng, form, sheet, top, style, number)
        rows = len(form.panels[0].rows)
        if rows > 4 and len(form.panels) == 1 and rng.random() < 0.1:
            sheets.append(_next_sheet(rng, form, style, number))
    if style.spread and not style.merged:
        for sheet in sheets:
            _spread(sheet)
    return sheets


def _spread(sheet: Sheet) -> None:
    """Put a blank column behind every column, as tables rebuilt from PDFs have them."""

    def twice(cell: Cell) -> Cell:
        return cell[0], 2 * cell[1]

    sheet.cells = {twice(cell): value for cell, value in sheet.cells.items()}
    sheet.truth = {twice(cell): truth for cell, truth in sheet.truth.items()}
    sheet.numbers = set(map(twice, sheet.numbers))
    for laid in sheet.tables:
        laid.title, laid.unit = twice(laid.title), list(map(twice, laid.unit))
        for cells in (laid.labels, laid.codes, laid.values):
            for row, kept in cells.items():
                cells[row] = list(map(twice, kept))


def _finer(form: Form) -> None:
    for panel in form.panels:
        for row in panel.rows:
            row.cells = [fen if fen is None else fen * 37 // 10**4 for fen in row.cells]


def _empty(form: Form) -> None:
    for panel in form.panels:
        panel.rows = [Row("none", "无", [None for _ in panel.rows[0].cells]),
                      Row("total", "合计", [None for _ in panel.rows[0].cells])]  # fmt: skip


def _next_sheet(rng: Random, form: Form, style: Style, number: int) -> Sheet:
    """Return a sheet on which a table goes on with further rows."""
    sheet = Sheet(f"{number:02d}续")
    panel = form.panels[0]
    further = [row for row in panel.rows if row.key != "total"][-1:]
    rest = Form(**vars(form) | {"panels": [Panel(**vars(panel) | {"rows": further})]})
    again = Style(**vars(style) | {"title": style.title + rng.choice(["", "（续表）"])})
    lay(rng, rest, sheet, 0, again, number)
    return sheet


# --- one table -----------------------------------------------------------------------------


def lay(rng: Random, form: Form, sheet: Sheet, top: int, style: Style, number: int) -> Laid:
    """Lay a table out on a sheet, from a row on."""
    nodes = [_panel_nodes(panel, form, style) for panel in form.panels]
    width = sum(len(node.leaves()) for panel in nodes for node in panel)
    title, unit, row = _preamble(rng, form, sheet, top, style, number, width)
    depth = max(node.depth() for panel in nodes for node in panel)
    laid = Laid(form, title, unit, range(row, row + depth))
    _head(sheet, nodes, row, depth, style)
    row += depth
    if style.ruled:
        row = _ruler(sheet, nodes, row)
    for index in range(max(len(panel.rows) for panel in form.panels)):
        if index and rng.random() < 0.04 and not style.gaps:
            row = _new_page(rng, sheet, laid, nodes, row, depth, style)
        _data_row(sheet, form, nodes, laid, row, index, style)
        row += 2 if style.gaps else 1
    if style.note:
        sheet.cells[row, 0] = style.note
        row += 1
    laid.end = row
    sheet.tables.append(laid)
    return laid


def _preamble(
    rng: Random, form: Form, sheet: Sheet, top: int, style: Style, number: int, width: int
) -> tuple[Cell, list[Cell], int]:
    text = style.title.format(title=form.title, year=style.year, office=style.office, number=number)
    unit: list[Cell] = []
    at = style.unit_at
    if at == "title":
        text += f"（{style.unit}）"
        unit.append((top, 0))
    sheet.cells[top, 0] = text
    if style.merged and width > 1:
        sheet.merges.append((top, 0, top, width - 1))
    title, row = (top, 0), top + 1
    last = max(width - 1, 1)
    if rng.random() < 0.3:
        sheet.cells[row, last] = f"公开{number:02d}表"
        row += 1
    word = rng.choice(["单位：", "金额单位：", "单位:", "单位：人民币"])
    if at == "line":
        sheet.cells[row, 0] = f"编制单位：{style.office} {word}{style.unit}"
        unit.append((row, 0))
        row += 1
    elif at in ("cell", "right"):
        if at == "cell":
            sheet.cells[row, 0] = f"部门：{style.office}"
        sheet.cells[row, last] = f"{word}{style.unit}"
        unit.append((row, last))
        row += 1
    return title, unit, row


def _panel_nodes(panel: Panel, form: Form, style: Style) -> list[Node]:
    """Return the headings of a panel as they are printed."""
    keys = panel.keys
    if panel.coded and style.codes in ("parts", "own"):
        longest = max((len(row.key) for row in panel.rows if row.key.isdecimal()), default=7)
        parts = ["类", "款", "项"][: (longest - 1) // 2]
        keys = [_in_parts(key, parts) for key in keys]
    elif not panel.coded and not form.single and style.numbered:
        keys = [*keys, Node("行次")]
    nodes = [*keys, *(_worded(node, style) for node in panel.values)]
    return [Node(panel.over, nodes)] if panel.over else nodes


def _in_parts(key: Node, parts: Sequence[str]) -> Node:
    if key.below:
        return Node(key.text, [_in_parts(node, parts) for node in key.below])
    if key.text.endswith(("编码", "代码")) and len(parts) > 1:
        return Node(key.text, [Node(part) for part in parts])
    return key


def _worded(node: Node, style: Style) -> Node:
    text = node.text.format(year=style.year, before=style.year - 1)
    if style.unit_at == "heading" and node.meaning and node.meaning.kind == "amount":
        text += f"（{style.unit}）"
    return Node(text, [_worded(low, style) for low in node.below], node.meaning)


def _head(sheet: Sheet, nodes: list[list[Node]], row: int, depth: int, style: Style) -> None:
    column = 0
    for panel in nodes:
        for node in panel:
            column = _heading(sheet, node, row, column, depth, style)


def _heading(sheet: Sheet, node: Node, row: int, column: int, depth: int, style: Style) -> int:
    """Write a heading and those below it; return the next free column."""
    sheet.cells[row, column] = node.text
    end = column
    for low in node.below:
        end = _heading(sheet, low, row + 1, end, depth - 1, style)
    end = end if node.below else column + 1
    bottom = row if node.below else row + depth - 1
    if style.broken and not style.merged and bottom > row and len(node.text) > 7:
        sheet.cells[row, column], sheet.cells[row + 1, column] = node.text[:6], node.text[6:]
    if style.merged and (end - 1 > column or bottom > row):
        sheet.merges.append((row, column, bottom, end - 1))
    return end


def _ruler(sheet: Sheet, nodes: list[list[Node]], row: int) -> int:
    column, count = 0, 0
    for panel in nodes:
        leaves = [leaf for node in panel for leaf in node.leaves()]
        if leaves[0].meaning is None:
            sheet.cells[row, column] = "栏次"
        for place, leaf in enumerate(leaves):
            if leaf.meaning is not None:
                count += 1
                sheet.cells[row, column + place] = count
        column += len(leaves)
    return row + 1


def _new_page(
    rng: Random,
    sheet: Sheet,
    laid: Laid,
    nodes: list[list[Node]],
    row: int,
    depth: int,
    style: Style,
) -> int:  # fmt: skip
    """Break the page: the header again, with or without the title."""
    if rng.random() < 0.5:
        sheet.cells[row, 0] = sheet.cells[laid.title]
        row += 1
    _head(sheet, nodes, row, depth, style)
    return row + depth


def _data_row(
    sheet: Sheet, form: Form, nodes: list[list[Node]], laid: Laid, at: int, index: int, style: Style
) -> None:
    column = 0
    laid.rows.append(at)
    for panel, heads in zip(form.panels, nodes, strict=True):
        leaves = [leaf for node in heads for leaf in node.leaves()]
        row = _row_of(form, panel, index)
        if row is not None:
            keys = [leaf for leaf in leaves if leaf.meaning is None]
            for place, text in enumerate(_labels(panel, row, keys, index, style)):
                if text != "":
                    cell = (at, column + place)
                    sheet.cells[cell] = text
                    is_code = panel.coded and (isinstance(text, int) or text[0] in "0123456789[")
                    (laid.codes if is_code else laid.labels).setdefault(at, []).append(cell)
            meanings = [leaf.meaning for leaf in leaves if leaf.meaning is not None]
            for place, (meaning, fen) in enumerate(zip(meanings, row.cells, strict=True)):
                _amount(
                    sheet, form, laid, (at, column + len(keys) + place), row, meaning, fen, style
                )
        column += len(leaves)


def _row_of(form: Form, panel: Panel, index: int) -> Row | None:
    """Return a panel's row; the last rows of panels side by side stand at the same height."""
    most = max(len(other.rows) for other in form.panels)
    short = most - len(panel.rows)
    if index == most - 1 and panel.rows[-1].key in ("personnel", "operating", "grand_total"):
        return panel.rows[-1]
    if short and index >= len(panel.rows) - 1 and panel.rows[-1].key in (
        "personnel", "operating", "grand_total"
    ):  # fmt: skip
        return None
    return panel.rows[index] if index < len(panel.rows) else None


def _labels(
    panel: Panel, row: Row, keys: Sequence[Node], index: int, style: Style
) -> Iterator[Value]:
    name = style.total if row.name == "合计" else row.name
    if not panel.coded:
        yield from (name if place == 0 else index + 1 for place in range(len(keys)))
        return
    if not row.key.isdecimal():
        yield name
        return
    parts = len(keys) - 1
    if parts > 1:
        pieces = [row.key[:3], *(row.key[i : i + 2] for i in range(3, len(row.key), 2))]
        shown = pieces if style.codes == "parts" else [""] * (len(pieces) - 1) + pieces[-1:]
        yield from [*shown, *[""] * (parts - len(shown)), name]
    elif style.codes == "joined":
        yield from (f"[{row.key}]{name}", "")
    elif style.codes == "spaced":
        yield from ("", f"{row.key} {name}")
    elif style.codes == "dotted":
        yield from ("-".join([row.key[:3], row.key[3:5], row.key[5:]]).rstrip("-"), name)
    else:
        yield from (int(row.key) if style.codes == "one number" else row.key, name)


def _amount(
    sheet: Sheet, form: Form, laid: Laid, cell: Cell, row: Row, meaning: Meaning,
    fen: int | None, style: Style,
) -> None:  # fmt: skip
    if fen is None:
        if style.blank and row.key != "none":
            sheet.cells[cell] = style.blank
        return
    if meaning.kind != "amount":
        sheet.cells[cell] = "12.5%" if cell[1] % 2 else 7
        return
    sheet.cells[cell] = printed(fen, style)
    sheet.numbers.add(cell)
    laid.values.setdefault(cell[0], []).append(cell)
    item = meaning.item or row.key
    sheet.truth[cell] = Expected(
        form.table,
        meaning.block or row.block,
        item,
        form.fund if meaning.fund is None else meaning.fund,
        meaning.phase or form.phase,
        fen,
    )


def printed(fen: int, style: Style) -> Value:
    """Return an amount as the office prints it."""
    exact = Decimal(fen) / FEN[style.unit]
    decimals = max(2, -exact.as_tuple().exponent)  # type: ignore[operator]
    if style.numbers == "number":
        return int(exact) if exact == exact.to_integral() else float(exact)
    return f"{exact:,.{decimals}f}" if style.numbers == "thousands" else f"{exact:.{decimals}f}"
