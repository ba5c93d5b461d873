"""What an analyst would change for a trial → cells as they would be: in memory, nothing is written.

A trial goes the way of a correction, so all that follows from the cell follows from the trial.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from ..budget.placeholders import PLACEHOLDER, item_names, resolve
from ..budget.quantities import Quantity
from ..errors import UsageError
from ..folding import fold
from ..money import DISPLAY_UNIT, format_exact, in_unit, parse_amount
from ..schemes.form import FormLayout
from ..sheets import Place
from ..strict import nearest
from ..tables.rows import Amount, Indicator
from ..terms import PHASES
from ..unit.corrections import Trial

Changes = Mapping[str, object]
"""New values by the names of what is changed."""

_AMOUNTS, _INDICATORS = "with_amounts(…)", "with_indicators(…)"


def amount_trials(
    changes: Changes,
    amounts: Iterable[Amount],
    known: Mapping[str, Quantity],
    form: FormLayout,
) -> Iterator[Trial]:
    """Yield the cells of amounts that are named as placeholders are: 人员经费.全年执行数.

    Raises
    ------
    UsageError
        If nothing has that name, no cell holds it, or the value is no amount in 万元.
    """
    names = item_names(known, form)
    read = {(amount.item_code, amount.phase): amount for amount in amounts}
    for name, value in _checked(changes, _AMOUNTS).items():
        match = PLACEHOLDER.fullmatch(f"{{{{{name}}}}}")
        quantity = match and resolve(match["item"], match["measure"], names, known)
        line, _, phase = quantity.key.rpartition(".") if quantity else ("", "", "")
        if quantity is None or phase not in PHASES:
            raise UsageError(_AMOUNTS, f"没有叫“{name}”的数。", _named(name, names))
        amount = read.get((line, phase))
        if amount is None:
            if quantity.parts:
                how = f"是算出来的（{quantity.formula}），请改它由来的数。"
                raise UsageError(_AMOUNTS, f"“{name}”{how}")
            raise UsageError(_AMOUNTS, f"“{name}”在表里没有单元格，不能试算。")
        yield _trial(_AMOUNTS, name, amount.place, _amount_text(name, value, amount.amount_unit))


def indicator_trials(
    changes: Mapping[str, Changes], indicators: Iterable[Indicator], form: FormLayout
) -> Iterator[Trial]:
    """Yield the cells of indicators, by the indicator's name and the heading of the column.

    Raises
    ------
    UsageError
        If there is no such indicator, or its row has no such cell.
    """
    rows = {fold(row.indicator_name): row for row in indicators}
    layout = next(table for table in form.tables if table.table == "indicators")
    for name, cells in _checked(changes, _INDICATORS).items():
        row = rows.get(fold(name))
        if row is None:
            close = nearest(name, [own.indicator_name for own in rows.values()])
            hint = f"是不是“{close}”？" if close else "名称见 evaluation.indicators。"
            raise UsageError(_INDICATORS, f"没有叫“{name}”的指标。", hint)
        for heading, value in _checked(cells, _INDICATORS).items():
            column = layout.names.get(fold(heading))
            if column is None:
                headings = "、".join(own.heading for own in layout.columns)
                raise UsageError(
                    _INDICATORS, f"没有叫“{heading}”的栏目。", f"可用的有：{headings}。"
                )
            yield _trial(_INDICATORS, name, row.place_of(column.field), _text(value))


def _checked(changes: object, function: str) -> Mapping[str, object]:
    if not isinstance(changes, Mapping):
        raise UsageError(function, "要改的写成 {名称: 新的值}。", _EXAMPLES[function])
    return changes


_EXAMPLES = {
    _AMOUNTS: 'evaluation.with_amounts({"人员经费.全年执行数": 430.5})',
    _INDICATORS: 'evaluation.with_indicators({"培训场次": {"分值": 8}})',
}


def _named(name: str, names: Mapping[str, str]) -> str:
    """Return how amounts are named, or which name may be meant."""
    item, _, measure = name.replace("．", ".").replace("·", ".").rpartition(".")
    phases = "、".join(word for phase, word in PHASES.items() if phase != "stated_budget")
    if not item:
        return f"写成“项目.口径”，例如“人员经费.{PHASES['executed']}”；口径有{phases}。"
    if fold(item) not in names:
        close = nearest(fold(item), names)
        return f"是不是“{close}.{measure}”？" if close else "项目的名称见 evaluation.lines。"
    return f"口径有{phases}。"


def _text(value: object) -> str:
    """Return a value as a cell has it; None empties the cell."""
    if value is None:
        return ""
    return format_exact(value) if isinstance(value, Decimal | int) else str(value)


def _amount_text(name: str, value: object, amount_unit: str) -> str:
    """Return an amount in 万元 in the unit of money of its table."""
    try:
        fen = parse_amount(_text(value), DISPLAY_UNIT).fen
    except ValueError as error:
        told = f"“{name}”的新值“{value}”{error}。"
        raise UsageError(_AMOUNTS, told, f"请写{DISPLAY_UNIT}数，例如 430.5。") from None
    return _text(value) if fen is None else in_unit(fen, amount_unit)


def _trial(function: str, name: str, place: Place, text: str) -> Trial:
    try:
        if "/" in place.file:  # last year's folder
            raise ValueError
        return Trial(file=place.file, sheet=place.sheet, cell=place.cell, correct=text)
    except ValueError:
        told = f"“{name}”不在本单位这一年表格的一个单元格里（{place}），不能试算。"
        raise UsageError(function, told) from None
