"""Numbers that only the ratios need: read from official tables, or added from the unit's marks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from ..folding import fold
from ..schemes.form import FormLayout
from ..schemes.ratios import CHANGES, LAST_YEAR, NET, PRIORITY, Framework, OfficialInput
from ..schemes.relations import Address
from ..sheets import Place
from ..tables import Tables
from ..tables.rows import Amount, Figure
from ..terms import BLOCKS, NOT_SUPPLIED, PHASES, STATES
from ..unit import Unit
from .lines import Lines, project_line
from .printer import Printer
from .quantities import Quantity, reasons
from .where_to_fill import Tree, tree_of

_ADJUSTMENT = "total.budget_adjustment"


class _Read(NamedTuple):
    """A number of an official table: of which named row, which number, its exact value."""

    row: str
    at: Address
    phase: str
    value: Fraction | None
    state: str
    place: Place


def framework_inputs(
    framework: Framework,
    unit: Unit,
    tables: Tables,
    lines: Lines,
    known: Mapping[str, Quantity],
) -> dict[str, Quantity]:
    """Return the numbers a framework needs beyond the budget lines, and what they are made of.

    Each is there even where nothing was read: it then has no value and says why.
    """
    wanted_tables = {at.table for wanted in framework.inputs for at in wanted.at}
    numbers = list(_numbers(tables, wanted_tables))
    found: dict[str, Quantity] = {}
    for wanted in framework.inputs:
        for quantity in _official(wanted, numbers, unit):
            found[quantity.key] = quantity
    found[PRIORITY] = _priority(unit.form, tables, lines, known)
    return found | _adjustments(unit, lines, known)


def _numbers(tables: Tables, wanted: set[str]) -> Iterator[_Read]:
    numbers: list[Amount | Figure] = [*tables.book.entries, *tables.figures]
    for number in numbers:
        if number.table in wanted:
            row, item = _named(number.item_code)
            value, fund = (
                (number.fen, number.fund) if isinstance(number, Amount) else (number.value, "")
            )
            at = Address(number.table, number.block, item, fund)
            exact = None if value is None else Fraction(value)
            yield _Read(row, at, number.phase, exact, number.state, number.place)


def _named(code: str) -> tuple[str, str]:
    """Split "name:甲楼/building_investment" into the row's name and the item."""
    if not code.startswith("name:"):
        return "", code
    name, _, item = code.removeprefix("name:").rpartition("/")
    return name, item


def _official(wanted: OfficialInput, numbers: Sequence[_Read], unit: Unit) -> Iterator[Quantity]:
    """Yield the parts of one number, if it has any, and the number itself, last."""
    for phase in wanted.phases:
        own = phase
        if phase.startswith(LAST_YEAR):
            own = f"{unit.year - 1}:{phase.removeprefix(LAST_YEAR)}"
        for at in wanted.at:
            read = [n for n in numbers if (n.at, n.phase) == (at, own) and n.state != "blank"]
            if read:
                yield from _combined(wanted, read, _rows(read, numbers, unit.form))
                return
    missing = f"{wanted.label}{NOT_SUPPLIED}"
    yield Quantity(wanted.key, wanted.label, wanted.kind, None, missing=missing)


def _rows(read: Sequence[_Read], numbers: Sequence[_Read], form: FormLayout) -> list[str]:
    """Return the names of a table's rows but for their total, [""] where there is only one.

    Those of the same sheets: a building that has only one of two numbers must not go unnoticed.
    """
    at = {(n.at.table, n.place.file, n.place.sheet) for n in read}
    names = dict.fromkeys(n.row for n in numbers if (n.at.table, n.place.file, n.place.sheet) in at)
    marks = tuple(fold(mark) for mark in form.subtotal_marks)
    kept = [name for name in names if not fold(name).endswith(marks)]
    return kept or list(names)


def _combined(
    wanted: OfficialInput, read: Sequence[_Read], rows: Sequence[str]
) -> Iterator[Quantity]:
    line, _, measure = wanted.key.rpartition(".")
    addends = []
    for name in rows:
        key = f"{line}:{name}.{measure}" if name else wanted.key
        number = next((n for n in read if n.row == name), None)
        addends.append(_single(wanted, key, name, number))
    if len(addends) == 1:
        yield replace(addends[0], key=wanted.key, label=wanted.label)
        return
    yield from addends
    yield total(wanted.key, wanted.label, [(1, q) for q in addends if q.applies] or _all(addends))


def _all(addends: Sequence[Quantity]) -> list[tuple[int, Quantity]]:
    return [(1, addend) for addend in addends]


def _single(wanted: OfficialInput, key: str, name: str, number: _Read | None) -> Quantity:
    label = f"{name}{wanted.label}"
    if number is None:
        return Quantity(key, label, wanted.kind, None, missing=f"{label}{NOT_SUPPLIED}")
    if number.state == "dash":
        missing = f"{label}{STATES['dash']}"
        return Quantity(key, label, wanted.kind, None, missing=missing, applies=False)
    return Quantity(key, label, wanted.kind, number.value, str(number.place))


def total(key: str, label: str, addends: Sequence[tuple[int, Quantity]]) -> Quantity:
    """Return the signed sum of some numbers of one kind, or why there is none."""
    quantities = [quantity for _, quantity in addends]
    signs = ["＋" if sign > 0 else "－" for sign, _ in addends]
    formula = "".join(
        f"{sign}{quantity.label}" for sign, quantity in zip(signs, quantities, strict=True)
    ).removeprefix("＋")
    missing = reasons(quantities)
    kind = quantities[0].kind
    if missing:
        applies = all(quantity.applies for quantity in quantities)
        return Quantity(key, label, kind, None, formula=formula, missing=missing, applies=applies)
    value = sum((sign * (q.value or Fraction(0)) for sign, q in addends), Fraction(0))
    parts = tuple((quantity.key, sign) for sign, quantity in addends)
    return Quantity(key, label, kind, value, formula=formula, parts=parts)


def _priority(
    form: FormLayout, tables: Tables, lines: Lines, known: Mapping[str, Quantity]
) -> Quantity:
    sheet, column = form.heading("projects"), form.heading("projects", "priority")
    label = f"重点{BLOCKS['project']}{PHASES['initial_budget']}"
    marks = {project_line(row.project): row.priority for row in tables.projects}
    tree = tree_of(lines)
    tops = tree.parts.get("project", ())
    settled = [pair for line in tops for pair in _marked(tree, marks, line)]
    unmarked = [tree.names[line] for line, mark in settled if not mark]
    missing = ""
    if not settled:
        missing = f"“{sheet}”表没有项目"
    elif len(unmarked) == len(settled):
        missing = f"“{sheet}”表的“{column}”栏没有填写"
    elif unmarked:
        missing = f"{'、'.join(unmarked)}的“{column}”没有填写"
    if missing:
        return Quantity(PRIORITY, label, "money", None, missing=missing)
    counted = [known[f"{line}.initial_budget"] for line, mark in settled if mark == "yes"]
    if not counted:
        return Quantity(PRIORITY, label, "money", Fraction(0), formula="没有标为重点的项目")
    return total(PRIORITY, label, _all(counted))


def _adjustments(unit: Unit, lines: Lines, known: Mapping[str, Quantity]) -> dict[str, Quantity]:
    """Return the adjustment of the whole: as a sum without signs, and net."""
    whole = known[_ADJUSTMENT]
    if whole.value is None:
        return {CHANGES: whole, NET: whole}
    tree = tree_of(lines)
    blocks = _apart(tree, known, "total")
    told = [line for block in blocks for line in _apart(tree, known, block)]
    changes = [known[f"{line}.budget_adjustment"] for line in told]
    signed = [(-1 if (change.value or 0) < 0 else 1, change) for change in changes]
    gross = total(CHANGES, f"{whole.label}（追加、追减合计）", signed)
    added, cut = (
        abs(sum((q.value or Fraction(0) for sign, q in signed if sign == way), Fraction(0)))
        for way in (1, -1)
    )
    note = net = ""
    if added and cut:
        shown = [Printer(unit.settings.rounding).money(fen) for fen in (added, cut)]
        both = f"各行追加合计{shown[0]}、追减合计{shown[1]}"
        note, net = f"{both}，两者相加，没有相抵", f"{both}，只按相抵后的净额计算"
    together = [
        tree.names[line]
        for line in told
        if line in {"total", *tree.parts["total"]} and known[f"{line}.initial_budget"].value
    ]
    if together:
        only = f"{'、'.join(together)}没有与合计相符的分行预算调整数，只比较了增减相抵后的净额"
        note, net = f"{note}；{only}" if note else only, net or only
    return {CHANGES: replace(gross, note=note), NET: replace(whole, note=net)}


def _apart(tree: Tree, known: Mapping[str, Quantity], line: str) -> list[str]:
    """Return the lines right below a line whose adjustments make up its own, else the line."""
    parts = tree.parts.get(line, ())
    values = [known[f"{part}.budget_adjustment"].value for part in parts]
    stated = [value for value in values if value is not None]
    is_whole = len(stated) == len(values) and bool(values)
    own = known[f"{line}.budget_adjustment"].value
    return [*parts] if is_whole and sum(stated, Fraction(0)) == own else [line]


def _marked(
    tree: Tree, marks: Mapping[str, str], line: str, above: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield the topmost lines that are marked as a whole, each with its mark.

    A part without a mark has that of the project above it.
    """
    mark = marks.get(line, "") or above
    below = tree.parts.get(line, ())
    parts = [pair for part in below for pair in _marked(tree, marks, part, mark)]
    kinds = {kind for _, kind in parts} or {mark}
    if len(kinds) == 1:
        yield line, kinds.pop()
    else:
        yield from parts
