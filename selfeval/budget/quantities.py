"""Budget lines and staff → quantities: every number a report may print, with where it comes from.

A rate exists only if its denominator does and is not zero; otherwise the reason is kept, to be
printed instead of a number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from ..tables import Tables
from ..tables.rows import STAFF_FIELDS, Staff, StaffField
from ..terms import BLOCKS, NOT_SUPPLIED, PHASES, RATES, STAFFING, STATES
from .lines import LEVELS, OTHERS, BudgetLine, Lines, Parts

Kind = Literal["money", "rate", "count", "points", "area", "grade"]


SIGNED = (Fraction(0),)
"""The limit of what is said to be more or less: one that is something is not printed as 0.00."""


@dataclass(frozen=True)
class Quantity:
    """One number a report may print: its exact value and where it comes from.

    ``value`` is 分 for money, a fraction for a rate (1 for 100 %), ``measure_unit`` for a count,
    points for a score and a grade, ㎡ for an area; None where there is no number, and then
    ``missing`` says why. ``applies`` is False where the table says 不适用: such a number is no
    part of a total. ``bands`` are the grades from the best on, each with the least points for it.
    ``limits`` are what it was compared with: it is printed on its own side of each.
    """

    key: str
    label: str
    kind: Kind
    value: Fraction | None
    source: str = ""
    formula: str = ""
    parts: Parts = ()
    missing: str = ""
    applies: bool = True
    is_none: bool = False
    """Whether a table says in words that there was none."""
    note: str = ""
    """What a reader must know of how it was computed for this unit."""
    measure_unit: str = "人"
    bands: tuple[tuple[Fraction, str], ...] = ()
    limits: tuple[Fraction, ...] = ()


def counted(key: str, label: str, number: int, measure_unit: str) -> Quantity:
    """Return how many of something there are, by counting them."""
    value = Fraction(number)
    return Quantity(key, label, "count", value, formula="逐一计数", measure_unit=measure_unit)


def missing_reason(lines: Lines, line: str, phase: str) -> str:
    """Say why a line has no amount in a phase: not supplied, or which parts are missing."""
    own = lines[line]
    if own.phases[phase].is_none:
        return f"公开表写明没有{own.name}"
    if not own.phases[phase].applies:
        return f"{own.name}的{PHASES[phase]}{STATES['dash']}"
    below = (part for part in lines.values() if part.parent == line)
    parts = [part for part in below if part.phases[phase].applies]
    gaps = [part.name for part in parts if part.fen(phase) is None]
    # Where every part is missing, naming them all says no more than naming the line.
    names = "、".join(gaps) if len(gaps) < len(parts) else own.name
    return f"{names}的{PHASES[phase]}{NOT_SUPPLIED}"


def quantities(lines: Lines, tables: Tables) -> dict[str, Quantity]:
    """Return every number of the budget lines and the staffing, by key ``<line>.<measure>``."""
    found: dict[str, Quantity] = {}
    for line in lines:
        for phase in PHASES:
            found[f"{line}.{phase}"] = _level(lines, line, phase)
    for own in lines.values():
        for quantity in _line_quotients(own, found):
            found[quantity.key] = quantity
    for block, _ in OTHERS:
        if block not in lines:
            found |= _absent(block, found["total.initial_budget"])
    found |= _known_executed(lines, found)
    found |= _staffing(tables)
    return found


def _absent(block: str, total: Quantity) -> dict[str, Quantity]:
    """Return the numbers of a fixed line that no table has: a text may ask for them."""
    found = {}
    for phase, name in PHASES.items():
        label, key = f"{BLOCKS[block]}{name}", f"{block}.{phase}"
        found[phase] = Quantity(
            key, label, "money", None, missing=f"{BLOCKS[block]}的{name}{NOT_SUPPLIED}"
        )
    executed, initial = found["executed"], found["initial_budget"]
    rates = [
        quotient(f"{block}.{measure}", f"{BLOCKS[block]}{RATES[measure]}", numerator, denominator)
        for measure, numerator, denominator in (
            ("execution_rate", executed, found["adjusted_budget"]),
            ("initial_rate", executed, initial),
            ("share", initial, total),
        )
    ]
    return {quantity.key: quantity for quantity in (*found.values(), *rates)}


def _level(lines: Lines, line: str, phase: str) -> Quantity:
    own, level = lines[line], lines[line].phases[phase]
    key, label = f"{line}.{phase}", f"{own.name}{PHASES[phase]}"
    if level.fen is None:
        return Quantity(
            key,
            label,
            "money",
            None,
            missing=missing_reason(lines, line, phase),
            applies=level.applies,
            is_none=level.is_none,
        )
    return Quantity(
        key,
        label,
        "money",
        Fraction(level.fen),
        source=level.source,
        formula=level.formula,
        parts=level.parts,
        is_none=level.is_none,
        limits=SIGNED if phase == "budget_adjustment" else (),
    )


def _line_quotients(own: BudgetLine, found: Mapping[str, Quantity]) -> Iterator[Quantity]:
    line, name, parent = own.id, own.name, own.parent
    executed, initial = found[f"{line}.executed"], found[f"{line}.initial_budget"]
    adjusted = found[f"{line}.adjusted_budget"]
    for measure, numerator, denominator in (
        ("execution_rate", executed, adjusted),
        ("initial_rate", executed, initial),
        ("share", initial, found["total.initial_budget"]),
        ("parent_share", initial, found.get(f"{parent}.initial_budget")),
    ):
        if denominator is not None:
            label = f"{name}{RATES.get(measure, '占比')}"
            yield quotient(f"{line}.{measure}", label, numerator, denominator)
    label = f"{name}超出{PHASES['initial_budget']}"
    overspend = difference(f"{line}.overspend", label, executed, initial)
    yield overspend
    yield quotient(f"{line}.overspend_rate", f"{label}的比例", overspend, initial)
    prior = found[f"{line}.prior_final_accounts"]
    label = f"{name}比{PHASES['prior_final_accounts']}增减"
    growth = difference(f"{line}.growth", label, executed, prior)
    yield growth
    yield quotient(f"{line}.growth_rate", f"{label}的比例", growth, prior)


def spending_lines(lines: Lines, known: Mapping[str, Quantity]) -> list[str]:
    """Return the lines of the whole, the whole last.

    Of a part of basic spending that only one fund's tables tell, that line and no empty one.
    """

    split = {line[:at] for line in lines for at, mark in enumerate(line) if mark == "@"}

    def is_told(line: str) -> bool:
        if line not in split:
            return True
        return any(known[f"{line}.{phase}"].value is not None for phase in LEVELS)

    own = [key for key, line in lines.items() if line.parent != "other" and is_told(key)]
    return [*(line for line in own if line != "total"), "total"]


def quotient(key: str, label: str, numerator: Quantity, denominator: Quantity) -> Quantity:
    """Return numerator ÷ denominator, or the reason there is none; never 0 for want of data.

    The quotient of a difference says which way it goes, as the difference does.
    """
    formula = f"{numerator.label}÷{denominator.label}"
    parts = ((numerator.key, 1), (denominator.key, 1))
    missing = reasons((numerator, denominator))
    if not missing and denominator.value == 0:
        missing = f"{denominator.label}为零"
    if missing:
        return Quantity(key, label, "rate", None, formula=formula, missing=missing)
    assert numerator.value is not None
    assert denominator.value is not None
    value, limits = numerator.value / denominator.value, numerator.limits
    return Quantity(key, label, "rate", value, "", formula, parts, limits=limits)


def difference(key: str, label: str, left: Quantity, right: Quantity) -> Quantity:
    """Return left − right, or the reason there is none."""
    formula = f"{left.label}－{right.label}"
    missing = reasons((left, right))
    if missing:
        return Quantity(key, label, left.kind, None, formula=formula, missing=missing)
    assert left.value is not None
    assert right.value is not None
    parts = ((left.key, 1), (right.key, -1))
    value = left.value - right.value
    return Quantity(key, label, left.kind, value, "", formula, parts, limits=SIGNED)


def reasons(quantities: Iterable[Quantity]) -> str:
    """Return why some numbers do not exist, each reason once; "" where all do."""
    told = (why for quantity in quantities for why in quantity.missing.split("；") if why)
    return "；".join(dict.fromkeys(told))


def _known_executed(lines: Lines, found: Mapping[str, Quantity]) -> dict[str, Quantity]:
    """Return what is known to be spent, and the share of the budget it speaks for."""
    if found["total.executed"].value is None:
        known = list(_topmost_known(lines, "total"))
    else:
        known = ["total"]
    nothing = "" if known else f"没有任何{PHASES['executed']}"
    names = "＋".join(lines[line].name for line in known)
    total, budget = (
        _known_sum(f"known.{phase}", label, [found[f"{line}.{phase}"] for line in known], names)
        for phase, label in (
            ("executed", f"已知{BLOCKS['total']}"),
            ("initial_budget", f"有{PHASES['executed']}的{PHASES['initial_budget']}"),
        )
    )
    if nothing:
        total, budget = replace(total, missing=nothing), replace(budget, missing=nothing)
    label = f"有{PHASES['executed']}的预算占比"
    coverage = quotient("known.coverage", label, budget, found["total.initial_budget"])
    return {quantity.key: quantity for quantity in (total, budget, coverage)}


def _known_sum(key: str, label: str, addends: Sequence[Quantity], names: str) -> Quantity:
    values = [addend.value for addend in addends if addend.value is not None]
    phase = PHASES[key.partition(".")[2]]
    if not addends or len(values) < len(addends):
        return Quantity(key, label, "money", None, missing=reasons(addends))
    return Quantity(
        key,
        label,
        "money",
        sum(values, Fraction(0)),
        formula=f"{names}的{phase}",
        parts=tuple((addend.key, 1) for addend in addends),
    )


def _topmost_known(lines: Lines, parent: str) -> Iterator[str]:
    for key, line in lines.items():
        if line.parent != parent:
            continue
        if line.fen("executed") is None:
            yield from _topmost_known(lines, key)
        else:
            yield key


def _staffing(tables: Tables) -> dict[str, Quantity]:
    rows = tables.staffing
    found: dict[str, Quantity] = {}
    for field_name in STAFF_FIELDS:
        kinds = [_staff_count(row, field_name) for row in rows if not row.is_total]
        printed = [_staff_count(row, field_name) for row in rows if row.is_total]
        found |= {quantity.key: quantity for quantity in kinds}
        total = _staff_total(field_name, kinds, printed)
        found[total.key] = total
    found["staff.staffing_rate"] = quotient(
        "staff.staffing_rate",
        STAFFING["staffing_rate"],
        found["staff.staff_in_post"],
        found["staff.authorised_posts"],
    )
    return found


def _staff_count(row: Staff, field_name: StaffField) -> Quantity:
    key, label = f"staff:{row.kind}.{field_name}", f"{row.kind}的{STAFFING[field_name]}"
    value = row.count(field_name)
    if row.state(field_name) == "dash":
        missing = f"{label}{STATES['dash']}"
        return Quantity(key, label, "count", None, missing=missing, applies=False)
    if value is None:
        return Quantity(key, label, "count", None, missing=f"{label}{NOT_SUPPLIED}")
    source = str(row.place_of(field_name))
    return Quantity(key, label, "count", Fraction(value), source=source)


def _staff_total(
    field_name: str, kinds: Sequence[Quantity], printed: Sequence[Quantity]
) -> Quantity:
    key, label = f"staff.{field_name}", f"{STAFFING['staff']}{STAFFING[field_name]}"
    for total in printed:
        if total.value is not None:
            return replace(total, key=key, label=label)
    kinds = [kind for kind in kinds if kind.applies]
    values = [kind.value for kind in kinds if kind.value is not None]
    if not kinds or len(values) < len(kinds):
        return Quantity(key, label, "count", None, missing=f"{label}{NOT_SUPPLIED}")
    return Quantity(
        key,
        label,
        "count",
        sum(values, Fraction(0)),
        formula="＋".join(kind.label.removesuffix(f"的{STAFFING[field_name]}") for kind in kinds),
        parts=tuple((kind.key, 1) for kind in kinds),
    )
