"""Amounts → budget lines: each line's phases side by side, totals derived where none is printed.

A derived amount exists only if every addend does. A rate exists only if its denominator does
and is not zero; otherwise the reason is kept, to be printed instead of a number.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Literal

import pandas as pd

from .folding import fold
from .money import (
    DISPLAY_DECIMALS,
    FEN_PER,
    exact_yuan,
    format_decimal,
    rounding_tolerance,
)
from .sheets import Place
from .tables import Tables
from .tables.book import half_digit
from .tables.sources import BETWEEN
from .terms import (
    BLOCKS,
    CORRECTED,
    FUNDS,
    NOT_SUPPLIED,
    PHASES,
    RATES,
    STAFFING,
    STATES,
)

Kind = Literal["money", "rate", "count", "points", "area", "grade"]
Parts = tuple[tuple[str, int], ...]
_EXACT_DECIMALS = 6
_SIGNED = (Fraction(0),)
"""The limit of what is said to be more or less: one that is something is not printed as 0.00."""
ONE_FUND, REST = "one_fund", "rest"
"""Parents of lines that are no part of a derived total: parts of basic spending known of one fund
alone; and parts of the whole that are neither basic nor project spending."""
LEVELS = ("initial_budget", "adjusted_budget", "executed", "prior_final_accounts")
_RESTS = (
    "payments_to_superior",
    "commercial_expenditure",
    "subsidies_to_affiliates",
    "reserve",
    "carried_forward",
)
_OTHERS = (
    ("three_public_expenses", 1),
    ("official_overseas_visits", 2),
    ("official_vehicles", 2),
    ("official_vehicle_purchases", 3),
    ("official_vehicle_running", 3),
    ("official_hospitality", 2),
    ("procurement", 1),
    ("agency_operating", 1),
    ("opening_carryover_and_surplus", 1),
    ("closing_carryover_and_surplus", 1),
    ("government_managed_funds", 1),
    ("state_capital_operations", 1),
)


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


def exact_value(quantity: Quantity) -> str:
    """Return a quantity's exact value in words: 元 with 角分, or the quotient as it stands."""
    value = quantity.value
    if value is None:
        return quantity.missing
    if quantity.kind == "money":
        return exact_yuan(int(value))
    if quantity.kind == "count":
        return f"{int(value)}{quantity.measure_unit}"
    if quantity.kind == "area":
        return f"{_trimmed(value)}㎡"
    if quantity.kind in {"points", "grade"}:
        return f"{_trimmed(value)}分"
    return f"{_trimmed(value * 100)}%"


def _trimmed(value: Fraction) -> str:
    return format_decimal(value, _EXACT_DECIMALS).rstrip("0").rstrip(".")


@dataclass
class _Line:
    """A line while it is built; amounts, sources, formulas and parts by phase."""

    line: str
    name: str
    block: str
    parent: str
    level: int
    note: str = ""
    use: str = ""
    amounts: dict[str, int] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    formulas: dict[str, str] = field(default_factory=dict)
    parts: dict[str, Parts] = field(default_factory=dict)
    dashes: set[str] = field(default_factory=set)
    nones: set[str] = field(default_factory=set)

    def derive(self, phase: str, value: int, formula: str, parts: Parts) -> None:
        """Set an amount that no table states."""
        self.amounts[phase], self.formulas[phase], self.parts[phase] = value, formula, parts


_Lines = dict[str, _Line]


def budget_lines(tables: Tables) -> pd.DataFrame:
    """Return the unit's budget lines.

    Returns
    -------
    DataFrame, one row per line, indexed by ``line``
        ``name``, ``block``, ``parent`` (a line, "" for the total), ``level`` (0 total, 1 basic
        and projects, 2 their parts, 3 parts of a project), ``note``, ``use``; then per phase
        the amount (Int64 分, NA where unknown), ``<phase>_source`` (file › sheet › cell) for a
        number that was read, ``<phase>_formula`` with ``<phase>_parts`` for one derived, and
        ``<phase>_applies``, False where the table says 不适用 or, ``<phase>_none``, 无.
    """
    lines: _Lines = {line.line: line for line in _skeleton(tables)}
    for row in tables.stated.to_dict("records"):
        line = lines.get(row["item_code"])
        if line is not None and row["state"] == "dash":
            line.dashes.add(row["phase"])
        if line is not None and row["state"] == "none":
            line.nones.add(row["phase"])
        if line is not None and not pd.isna(row["amount"]):
            line.amounts[row["phase"]] = int(row["amount"])
            line.sources[row["phase"]] = _source(tables, row)
    _derive_adjusted(lines)
    for phase in LEVELS:
        _derive_totals(lines, phase)
    _derive_adjustment(lines)
    _derive_rest(lines, tables)
    return _line_frame(list(lines.values()))


def _source(tables: Tables, row: Mapping[Hashable, Any]) -> str:
    """Return where an amount was read, and what a corrected cell of it held."""
    cells = str(row["cell"]).split(BETWEEN)
    source = str(Place(row["file"], row["sheet"], row["cell"]))
    for cell in cells:
        mended = tables.corrected.get(Place(row["file"], row["sheet"], cell))
        if mended:
            of = cell if len(cells) > 1 else ""
            source += f"（{of}{CORRECTED}“{mended.expect}”）"
    return source


def _line_frame(lines: list[_Line]) -> pd.DataFrame:
    columns = ["line", "name", "block", "parent", "level", "note", "use"]
    records = [[getattr(line, name) for name in columns] for line in lines]
    frame = pd.DataFrame(records, columns=columns)
    for phase in PHASES:
        amounts = [line.amounts.get(phase, pd.NA) for line in lines]
        frame[phase] = pd.array(amounts, dtype="Int64")
        frame[f"{phase}_source"] = [line.sources.get(phase, "") for line in lines]
        frame[f"{phase}_formula"] = [line.formulas.get(phase, "") for line in lines]
        missing = [line.dashes | (line.nones - set(line.amounts)) for line in lines]
        frame[f"{phase}_applies"] = [phase not in phases for phases in missing]
        frame[f"{phase}_none"] = [phase in line.nones for line in lines]
        frame[f"{phase}_parts"] = pd.Series([line.parts.get(phase, ()) for line in lines])
    return frame.set_index("line", drop=False)


def _skeleton(tables: Tables) -> Iterator[_Line]:
    notes = {str(row["block"]): row for row in tables.notes.to_dict("records")}

    def fixed(block: str, parent: str, level: int) -> _Line:
        note = notes.get(block, {"note": "", "use": ""})
        return _Line(block, BLOCKS[block], block, parent, level, note["note"], note["use"])

    yield fixed("total", "", 0)
    yield fixed("basic", "total", 1)
    yield fixed("personnel", "basic", 2)
    yield fixed("operating", "basic", 2)
    present = set(tables.stated["block"])
    for block in ("personnel", "operating"):
        for fund, name in FUNDS.items():
            if f"{block}@{fund}" in present:
                of_fund = f"{block}@{fund}"
                yield _Line(of_fund, f"{BLOCKS[block]}（{name}）", of_fund, ONE_FUND, 2)
    yield fixed("project", "total", 1)
    yield from _project_skeleton(tables.projects.to_dict("records"), "", "project", 2)
    spent = set(tables.stated.loc[tables.stated["amount"].fillna(0) != 0, "block"])
    for block in _RESTS:
        if block in spent:
            yield fixed(block, REST, 1)
    for block, level in _OTHERS:
        if block in present:
            yield fixed(block, "other", level)


def _project_skeleton(
    projects: list[dict[Hashable, Any]], parent: str, line: str, level: int
) -> Iterator[_Line]:
    for row in projects:
        if row["parent"] == parent:
            own = project_line(row["project"])
            yield _Line(own, row["project"], "project", line, level, row["note"])
            yield from _project_skeleton(projects, row["project"], own, level + 1)


def project_line(name: str) -> str:
    """Return the line id of a project."""
    return f"project:{fold(name)}"


def _derive_adjusted(lines: _Lines) -> None:
    for key, line in lines.items():
        amounts = line.amounts
        if "adjusted_budget" in amounts or not {"initial_budget", "budget_adjustment"} <= set(
            amounts
        ):
            continue
        line.derive(
            "adjusted_budget",
            amounts["initial_budget"] + amounts["budget_adjustment"],
            f"{PHASES['initial_budget']}＋{PHASES['budget_adjustment']}",
            ((f"{key}.initial_budget", 1), (f"{key}.budget_adjustment", 1)),
        )


def _derive_totals(lines: _Lines, phase: str) -> None:
    for key, line in sorted(lines.items(), key=lambda pair: -pair[1].level):
        parts = [p for p in lines.values() if p.parent == key and phase not in p.dashes]
        if phase in line.amounts or not parts or any(phase not in p.amounts for p in parts):
            continue
        line.derive(
            phase,
            sum(part.amounts[phase] for part in parts),
            "＋".join(part.name for part in parts),
            tuple((f"{part.line}.{phase}", 1) for part in parts),
        )


def _derive_adjustment(lines: _Lines) -> None:
    for key, line in lines.items():
        amounts = line.amounts
        if "budget_adjustment" in amounts or not {"initial_budget", "adjusted_budget"} <= set(
            amounts
        ):
            continue
        line.derive(
            "budget_adjustment",
            amounts["adjusted_budget"] - amounts["initial_budget"],
            f"{PHASES['adjusted_budget']}－{PHASES['initial_budget']}",
            ((f"{key}.adjusted_budget", 1), (f"{key}.initial_budget", -1)),
        )


def _derive_rest(lines: _Lines, tables: Tables) -> None:
    """Add a line for what a printed total has beyond all parts that are known by name."""
    parts = [line for line in lines.values() if line.parent in ("total", REST)]
    total, rest = lines["total"], _Line(REST, BLOCKS[REST], REST, REST, 1)
    printed = tables.stated[tables.stated["item_code"] == "total"]
    for row in printed[printed["amount"].notna()].to_dict("records"):
        phase = row["phase"]
        known = [part for part in parts if phase in part.amounts]
        if phase not in LEVELS or not {"basic", "project"} <= {part.line for part in known}:
            continue
        left = total.amounts[phase] - sum(part.amounts[phase] for part in known)
        # Parts may be printed more roughly than their total: what they round off is no line.
        if left > (len(known) + 1) * max(
            half_digit(str(one["raw"]), str(one["amount_unit"]))
            for one in (row, *_printed(tables.stated, [part.line for part in known], phase))
        ):
            rest.derive(
                phase,
                left,
                "－".join([total.name, *(part.name for part in known)]),
                (
                    (f"total.{phase}", 1),
                    *((f"{part.line}.{phase}", -1) for part in known),
                ),
            )
    if rest.amounts:
        others = {key: line for key, line in lines.items() if line.parent == "other"}
        for key in others:
            del lines[key]
        lines[REST] = rest
        lines.update(others)


def _printed(stated: pd.DataFrame, lines: Sequence[str], phase: str) -> list[dict[Hashable, Any]]:
    """Return the amounts of lines that tables print."""
    rows = stated[stated["item_code"].isin(lines) & (stated["phase"] == phase)]
    return rows[rows["amount"].notna()].to_dict("records")


def printed_tolerance(rows: Sequence[Mapping[Any, Any] | pd.Series]) -> Fraction:
    """Return by how many 分 printed parts may miss their total: (n+1)·½ of the last digit.

    Amounts printed down to the 分 are exact, and so are amounts in 元 with 角分; amounts in
    元 without are taken as rounded to the 元. Each unit has a last digit of its own.
    """
    tolerance = Fraction(0)
    for unit in sorted({str(row["amount_unit"]) for row in rows}):
        own = [row for row in rows if row["amount_unit"] == unit]
        decimals = max(_decimals(str(row["raw"])) for row in own)
        if unit == "元" and decimals:
            continue
        if unit != "元":
            decimals = max(decimals, DISPLAY_DECIMALS)
        if FEN_PER[unit] > 10**decimals:
            tolerance += rounding_tolerance(len(own) - 1, unit, decimals)
    return tolerance


def _decimals(raw: str) -> int:
    digits = raw.rstrip(")） ")
    return len(digits.rpartition(".")[2]) if "." in digits else 0


def _fen(lines: pd.DataFrame, line: str, phase: str) -> int | None:
    value: Any = lines.at[line, phase]
    return None if pd.isna(value) else int(value)


def _text(lines: pd.DataFrame, line: str, column: str) -> str:
    return str(lines.at[line, column])


def missing_reason(lines: pd.DataFrame, line: str, phase: str) -> str:
    """Say why a line has no amount in a phase: not supplied, or which parts are missing."""
    applies = lines[f"{phase}_applies"]
    if lines.at[line, f"{phase}_none"]:
        return f"公开表写明没有{_text(lines, line, 'name')}"
    if not applies[line]:
        return f"{_text(lines, line, 'name')}的{PHASES[phase]}{STATES['dash']}"
    parts = lines.index[(lines["parent"] == line) & applies]
    gaps = [_text(lines, part, "name") for part in parts if _fen(lines, part, phase) is None]
    # Where every part is missing, naming them all says no more than naming the line.
    names = "、".join(gaps) if len(gaps) < len(parts) else _text(lines, line, "name")
    return f"{names}的{PHASES[phase]}{NOT_SUPPLIED}"


def quantities(lines: pd.DataFrame, tables: Tables) -> dict[str, Quantity]:
    """Return every number of the budget lines and the staffing, by key ``<line>.<measure>``."""
    found: dict[str, Quantity] = {}
    for line in lines.index:
        for phase in PHASES:
            found[f"{line}.{phase}"] = _level(lines, line, phase)
    for line in lines.index:
        for quantity in _line_quotients(lines, line, found):
            found[quantity.key] = quantity
    for block, _ in _OTHERS:
        if block not in lines.index:
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


def _level(lines: pd.DataFrame, line: str, phase: str) -> Quantity:
    value = _fen(lines, line, phase)
    key, label = f"{line}.{phase}", f"{_text(lines, line, 'name')}{PHASES[phase]}"
    is_none = bool(lines.at[line, f"{phase}_none"])
    if value is None:
        applies = bool(lines.at[line, f"{phase}_applies"])
        reason = missing_reason(lines, line, phase)
        return Quantity(key, label, "money", None, missing=reason, applies=applies, is_none=is_none)
    parts: Any = lines.at[line, f"{phase}_parts"]
    return Quantity(
        key,
        label,
        "money",
        Fraction(value),
        source=_text(lines, line, f"{phase}_source"),
        formula=_text(lines, line, f"{phase}_formula"),
        parts=parts,
        is_none=is_none,
        limits=_SIGNED if phase == "budget_adjustment" else (),
    )


def _line_quotients(
    lines: pd.DataFrame, line: str, found: Mapping[str, Quantity]
) -> Iterator[Quantity]:
    name, parent = _text(lines, line, "name"), _text(lines, line, "parent")
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


def spending_lines(lines: pd.DataFrame, known: Mapping[str, Quantity]) -> list[str]:
    """Return the lines of the whole, the whole last.

    Of a part of basic spending that only one fund's tables tell, that line and no empty one.
    """

    def is_told(line: str) -> bool:
        if not any(other.startswith(f"{line}@") for other in lines.index):
            return True
        return any(known[f"{line}.{phase}"].value is not None for phase in LEVELS)

    own = [line for line in lines.index[lines["parent"] != "other"] if is_told(line)]
    return [*(line for line in own if line != "total"), "total"]


def quotient(key: str, label: str, numerator: Quantity, denominator: Quantity) -> Quantity:
    """Return numerator ÷ denominator, or the reason there is none; never 0 for want of data.

    The quotient of a difference says which way it goes, as the difference does.
    """
    formula = f"{numerator.label}÷{denominator.label}"
    parts = ((numerator.key, 1), (denominator.key, 1))
    missing = _reasons(numerator, denominator)
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
    missing = _reasons(left, right)
    if missing:
        return Quantity(key, label, left.kind, None, formula=formula, missing=missing)
    assert left.value is not None
    assert right.value is not None
    parts = ((left.key, 1), (right.key, -1))
    value = left.value - right.value
    return Quantity(key, label, left.kind, value, "", formula, parts, limits=_SIGNED)


def _reasons(*addends: Quantity) -> str:
    """Return why some of the numbers do not exist, each reason once."""
    reasons = (one for addend in addends for one in addend.missing.split("；") if one)
    return "；".join(dict.fromkeys(reasons))


def _known_executed(lines: pd.DataFrame, found: Mapping[str, Quantity]) -> dict[str, Quantity]:
    """Return what is known to be spent, and the share of the budget it speaks for."""
    if found["total.executed"].value is None:
        known = list(_topmost_known(lines, "total"))
    else:
        known = ["total"]
    nothing = "" if known else f"没有任何{PHASES['executed']}"
    names = "＋".join(_text(lines, line, "name") for line in known)
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
        return Quantity(key, label, "money", None, missing=_reasons(*addends))
    return Quantity(
        key,
        label,
        "money",
        sum(values, Fraction(0)),
        formula=f"{names}的{phase}",
        parts=tuple((addend.key, 1) for addend in addends),
    )


def _topmost_known(lines: pd.DataFrame, parent: str) -> Iterator[str]:
    for line in lines.index[lines["parent"] == parent]:
        if _fen(lines, line, "executed") is None:
            yield from _topmost_known(lines, line)
        else:
            yield line


def _staffing(tables: Tables) -> dict[str, Quantity]:
    rows = tables.staffing.to_dict("records")
    found: dict[str, Quantity] = {}
    for field_name in ("authorised_posts", "staff_in_post"):
        kinds = [_staff_count(row, field_name) for row in rows if not row["is_total"]]
        printed = [_staff_count(row, field_name) for row in rows if row["is_total"]]
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


def _staff_count(row: Mapping[Hashable, Any], field_name: str) -> Quantity:
    key, label = f"staff:{row['kind']}.{field_name}", f"{row['kind']}的{STAFFING[field_name]}"
    value = row[field_name]
    if row[f"{field_name}_state"] == "dash":
        missing = f"{label}{STATES['dash']}"
        return Quantity(key, label, "count", None, missing=missing, applies=False)
    if pd.isna(value):
        return Quantity(key, label, "count", None, missing=f"{label}{NOT_SUPPLIED}")
    source = f"{row['file']} › {row['sheet']} › {row[f'{field_name}_cell']}"
    return Quantity(key, label, "count", Fraction(int(value)), source=source)


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
