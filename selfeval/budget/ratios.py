"""The ratios of the common framework (共性指标), each with its numbers, or why there is none.

Definitions are data (``schemes/ratios``). Nothing is guessed: a ratio exists only if every
number of it is stated and its denominator is more than nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from ..errors import ParamsError
from ..money import format_exact
from ..schemes.ratios import PRIORITY, RATE, Definition, Framework, RatioRule, Terms, load_framework
from ..tables import Tables
from ..tables.rows import Amount
from ..terms import BLOCKS, NOT_SUPPLIED, PHASES
from ..unit import Unit
from .lines import Lines, printed_tolerance
from .printer import Printer
from .quantities import SIGNED, Quantity, reasons
from .ratio_inputs import framework_inputs, total
from .where_to_fill import Tree, tree_of, where_to_fill


@dataclass(frozen=True)
class Ratio:
    """One ratio of a unit.

    ``inputs`` are its numbers, each with label, exact value and source; ``quantity`` is the
    rate, key ``ratio.<id>``, a fraction (1 for 100 %), or without value and then ``missing``
    says why and ``remedy`` what to fill in where. ``parts`` are the sums in between and what
    the inputs are made of, for the trace.
    """

    id: str
    name: str
    basis: str
    aspect: str
    formula: str
    note: str
    reference: str
    verified: bool
    inputs: tuple[Quantity, ...]
    quantity: Quantity
    parts: tuple[Quantity, ...] = ()
    remedy: str = ""

    @property
    def is_computed(self) -> bool:
        """Whether there is a rate."""
        return self.quantity.value is not None


@dataclass(frozen=True)
class _Case:
    """All that a ratio looks at: the unit, its lines, every number by its key, as printed."""

    unit: Unit
    tree: Tree
    known: Mapping[str, Quantity]
    framework: Framework
    stated: tuple[Amount, ...]


def ratios(
    unit: Unit, tables: Tables, lines: Lines, quantities: Mapping[str, Quantity]
) -> tuple[Ratio, ...]:
    """Compute the framework's ratios that are in force in the unit's year.

    Parameters
    ----------
    lines, quantities
        As ``budget_lines`` and ``quantities`` of ``budget`` return them.

    Returns
    -------
    tuple of Ratio
        In the framework's order, each way to compute a ratio for itself.

    Raises
    ------
    ParamsError
        If the framework divides numbers of different kinds.
    """
    framework = load_framework(unit.schemes)
    more = framework_inputs(framework, unit, tables, lines, quantities)
    case = _Case(unit, tree_of(lines), {**quantities, **more}, framework, tables.stated)
    in_force = framework.in_force(unit.year)
    return tuple(_ratio(case, rule, definition) for rule, definition in in_force)


def _ratio(case: _Case, rule: RatioRule, definition: Definition) -> Ratio:
    key = f"ratio.{definition.id}"
    label = f"{rule.name}（{definition.basis}）" if definition.basis else rule.name
    above, below = (
        _stated(case, terms) for terms in (definition.numerator, definition.denominator)
    )
    above, below, note = _once(case, definition, above, below)
    inputs = {quantity.key: quantity for _, quantity in (*above, *below)}
    parts: list[Quantity] = []
    remedy = ""
    if definition.unavailable:
        rate = _no_rate(key, label, definition.formula, definition.unavailable)
    else:
        numerator = _side(f"{key}.numerator", f"{label}的分子", above)
        denominator = _side(f"{key}.denominator", f"{label}的分母", below)
        parts = [q for q in (numerator, denominator) if q.key not in inputs]
        is_change = any(sign < 0 and (1, quantity) in below for sign, quantity in above)
        rate = _rate(key, label, numerator, denominator, tuple(inputs.values()), is_change)
        notes = (note, *(quantity.note for quantity in inputs.values()))
        rate = replace(rate, note="；".join(told for told in notes if told))
        gaps = [q for q in inputs.values() if q.value is None and q.applies]
        remedy = _remedy(case, gaps)
    parts += [part for quantity in inputs.values() for part in _made_of(case, quantity)]
    return Ratio(
        id=definition.id,
        name=rule.name,
        basis=definition.basis,
        aspect=rule.aspect,
        formula=definition.formula,
        note="".join(f"{told.rstrip('。')}。" for told in (definition.note, rate.note) if told),
        reference=definition.reference,
        verified=definition.verified,
        inputs=tuple(inputs.values()),
        quantity=rate,
        parts=tuple(parts),
        remedy=remedy,
    )


_Side = list[tuple[int, Quantity]]


def _once(
    case: _Case, definition: Definition, above: _Side, below: _Side
) -> tuple[_Side, _Side, str]:
    """Return the sides without a number that others of them hold already, and what that is."""
    once = definition.counted_once
    ((_, number),) = _stated(case, (once.number,)) if once else [(1, None)]
    if once is None or number is None or not number.value:
        return above, below, ""
    within, proof = (_stated(case, terms) for terms in (once.within, once.proof))
    fewer = [[term for term in side if term[1] is not number] for side in (above, below)]
    held, holds = _sum(within), _sum(proof)
    if held is not None and holds is not None:
        room = _room(case, [quantity for _, quantity in (*within, *proof)])
        rounded = abs(held - holds) <= room
        # A number as small as the rounding fits both ways, and nothing tells them apart.
        if rounded and abs(held + number.value - holds) > room:
            return fewer[0], fewer[1], once.held + _rounding(held - holds)
        if not rounded and abs(held + number.value - holds) <= room:
            return above, below, ""
    numerator, denominator = map(_sum, fewer)
    if numerator is None or not denominator:
        return above, below, ""
    shown = Printer(case.unit.settings.rounding).rate(numerator / denominator)
    return above, below, once.unclear.replace(RATE, shown)


def _room(case: _Case, quantities: Sequence[Quantity]) -> Fraction:
    """Return by how many 分 sums of numbers may differ because the tables round them."""
    made = (part for quantity in quantities for part in _made_of(case, quantity))
    keys = {quantity.key for quantity in (*quantities, *made)}
    return printed_tolerance(
        [a for a in case.stated if a.fen is not None and f"{a.item_code}.{a.phase}" in keys]
    )


def _rounding(gap: Fraction) -> str:
    yuan = format_exact(Decimal(abs(int(gap))) / 100)
    return f"（相差{yuan}元，在四舍五入的范围之内）" if gap else ""


def _sum(side: _Side) -> Fraction | None:
    values = [(sign, quantity.value) for sign, quantity in side]
    known = [sign * value for sign, value in values if value is not None]
    return sum(known, Fraction(0)) if len(known) == len(values) else None


def _stated(case: _Case, terms: Terms) -> _Side:
    """Return the numbers of a side with their signs: of alternatives, the first that is stated."""
    found = []
    for term in terms:
        numbers = [case.known.get(key) or _unknown(key) for key in term.keys]
        # What a table says does not apply is said, and nothing else stands in for it.
        stated = (number for number in numbers if number.value is not None or not number.applies)
        found.append((term.sign, next(stated, numbers[0])))
    return found


def _unknown(key: str) -> Quantity:
    """Return a budget line's amount that no table has a row for."""
    line, _, phase = key.rpartition(".")
    label, missing = f"{BLOCKS[line]}{PHASES[phase]}", f"{BLOCKS[line]}的{PHASES[phase]}"
    return Quantity(key, label, "money", None, missing=f"{missing}{NOT_SUPPLIED}")


def _side(key: str, label: str, addends: Sequence[tuple[int, Quantity]]) -> Quantity:
    if len(addends) == 1 and addends[0][0] > 0:
        return addends[0][1]
    return total(key, label, addends)


def _rate(
    key: str,
    label: str,
    numerator: Quantity,
    denominator: Quantity,
    inputs: Sequence[Quantity],
    is_change: bool,
) -> Quantity:
    formula = f"{numerator.label}÷{denominator.label}"
    if len({quantity.kind for quantity in inputs}) > 1:
        fault = f"“{label}”里的数不是同一种（金额、人数、面积）。"
        raise ParamsError("schemes/ratios", fault, "请改正分子或分母。")
    missing = reasons(inputs)
    if missing or numerator.value is None or denominator.value is None:
        applies = any(quantity.value is None and quantity.applies for quantity in inputs)
        return _no_rate(key, label, formula, missing, applies)
    if denominator.value == 0:
        why = "从零起没有变动率" if is_change else "不能作分母"
        return _no_rate(key, label, formula, f"{denominator.label}为零，{why}")
    if denominator.value < 0:
        return _no_rate(key, label, formula, f"{denominator.label}为负，比率没有意义")
    value = numerator.value / denominator.value
    parts = ((numerator.key, 1), (denominator.key, 1))
    # A change that is something is not printed as nothing: the same growth is not either.
    limits = SIGNED if is_change else numerator.limits
    return Quantity(key, label, "rate", value, "", formula, parts, limits=limits)


def _no_rate(key: str, label: str, formula: str, missing: str, applies: bool = True) -> Quantity:
    return Quantity(key, label, "rate", None, "", formula, missing=missing, applies=applies)


def _made_of(case: _Case, quantity: Quantity) -> Iterator[Quantity]:
    for key, _ in quantity.parts:
        yield case.known[key]
        yield from _made_of(case, case.known[key])


def _remedy(case: _Case, gaps: Sequence[Quantity]) -> str:
    """Say where to fill in the numbers that are missing."""
    form = case.unit.form
    sheet, column = form.heading("projects"), form.heading("projects", "priority")
    fills = {wanted.key: wanted.fill for wanted in case.framework.inputs}
    fills[PRIORITY] = f"请在“{sheet}”表的“{column}”栏逐项填“是”或“否”。"
    own = [gap.key for gap in gaps if gap.key not in fills]
    others = dict.fromkeys(fills[gap.key] for gap in gaps if gap.key in fills)
    return where_to_fill(form, case.tree, case.known, own) + "".join(others)


def ratio_quantities(found: Iterable[Ratio], known: Mapping[str, Quantity]) -> dict[str, Quantity]:
    """Return the numbers of ratios that are not yet known, so that a trace can hold them."""
    numbers = (q for ratio in found for q in (*ratio.parts, *ratio.inputs, ratio.quantity))
    return {
        quantity.key: quantity
        for quantity in numbers
        if quantity.key not in known and (quantity.value is not None or quantity.kind == "rate")
    }
