"""Amounts → budget lines: each line's phases side by side, totals derived where none is printed.

A derived amount exists only if every addend does. A rate exists only if its denominator does
and is not zero; otherwise the reason is kept, to be printed instead of a number.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from ..folding import fold
from ..money import DISPLAY_DECIMALS, FEN_PER, rounding_tolerance
from ..tables import Tables
from ..tables.rows import Amount
from ..tables.sources import BETWEEN
from ..terms import BLOCKS, CORRECTED, FUNDS, PHASES

Parts = tuple[tuple[str, int], ...]
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
OTHERS = (
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A budget line in one phase: its amount, and where that comes from or why there is none.

    ``fen`` is in 分, None where it is unknown; ``source`` (file › sheet › cell) of a number that
    was read, ``formula`` and ``parts`` of one derived; ``applies`` is False where the table says
    不适用 or, and then it also ``is_none``, 无.
    """

    fen: int | None = None
    source: str = ""
    formula: str = ""
    parts: Parts = ()
    applies: bool = True
    is_none: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLine:
    """A line of the budget, its phases side by side.

    ``parent`` is the id of a line, ONE_FUND, REST, ``other``, or "" for the total; ``level`` is 0
    for the total, 1 for basic spending and projects, 2 for their parts, 3 for parts of a project;
    ``note`` and ``use`` are the unit's words; ``phases`` has every phase.
    """

    id: str
    name: str
    block: str
    parent: str
    level: int
    note: str
    use: str
    phases: Mapping[str, Level]

    def fen(self, phase: str) -> int | None:
        """Return the amount of a phase in 分, None where it is unknown."""
        return self.phases[phase].fen


Lines = Mapping[str, BudgetLine]
"""The budget lines of a unit by their ids, in order."""


@dataclass
class _Draft:
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

    def finished(self) -> BudgetLine:
        """Return the line as it stands."""
        return BudgetLine(
            id=self.line,
            name=self.name,
            block=self.block,
            parent=self.parent,
            level=self.level,
            note=self.note,
            use=self.use,
            phases={phase: self._in_phase(phase) for phase in PHASES},
        )

    def _in_phase(self, phase: str) -> Level:
        is_none = phase in self.nones
        return Level(
            fen=self.amounts.get(phase),
            source=self.sources.get(phase, ""),
            formula=self.formulas.get(phase, ""),
            parts=self.parts.get(phase, ()),
            applies=phase not in self.dashes and not (is_none and phase not in self.amounts),
            is_none=is_none,
        )


_Drafts = dict[str, _Draft]


def budget_lines(tables: Tables) -> dict[str, BudgetLine]:
    """Return the unit's budget lines by their ids: the whole, its parts, and what is beside it."""
    lines: _Drafts = {line.line: line for line in _skeleton(tables)}
    for amount in tables.stated:
        line = lines.get(amount.item_code)
        if line is None:
            continue
        if amount.state == "dash":
            line.dashes.add(amount.phase)
        if amount.state == "none":
            line.nones.add(amount.phase)
        if amount.fen is not None:
            line.amounts[amount.phase] = amount.fen
            line.sources[amount.phase] = _source(tables, amount)
    _derive_adjusted(lines)
    for phase in LEVELS:
        _derive_totals(lines, phase)
    _derive_adjustment(lines)
    _derive_rest(lines, tables)
    return {key: line.finished() for key, line in lines.items()}


def _source(tables: Tables, amount: Amount) -> str:
    """Return where an amount was read, and what a corrected cell of it held."""
    source, cells = str(amount.place), amount.place.cell.split(BETWEEN)
    for cell in cells:
        mended = tables.corrected.get(replace(amount.place, cell=cell))
        if mended:
            of = cell if len(cells) > 1 else ""
            source += f"（{of}{CORRECTED}“{mended.expect}”）"
    return source


def _skeleton(tables: Tables) -> Iterator[_Draft]:
    notes = {str(row["block"]): row for row in tables.notes.to_dict("records")}

    def fixed(block: str, parent: str, level: int) -> _Draft:
        note = notes.get(block, {"note": "", "use": ""})
        return _Draft(block, BLOCKS[block], block, parent, level, note["note"], note["use"])

    yield fixed("total", "", 0)
    yield fixed("basic", "total", 1)
    yield fixed("personnel", "basic", 2)
    yield fixed("operating", "basic", 2)
    present = {amount.block for amount in tables.stated}
    for block in ("personnel", "operating"):
        for fund, name in FUNDS.items():
            if f"{block}@{fund}" in present:
                of_fund = f"{block}@{fund}"
                yield _Draft(of_fund, f"{BLOCKS[block]}（{name}）", of_fund, ONE_FUND, 2)
    yield fixed("project", "total", 1)
    yield from _project_skeleton(tables.projects.to_dict("records"), "", "project", 2)
    spent = {amount.block for amount in tables.stated if amount.fen}
    for block in _RESTS:
        if block in spent:
            yield fixed(block, REST, 1)
    for block, level in OTHERS:
        if block in present:
            yield fixed(block, "other", level)


def _project_skeleton(
    projects: list[dict[Hashable, Any]], parent: str, line: str, level: int
) -> Iterator[_Draft]:
    for row in projects:
        if row["parent"] == parent:
            own = project_line(row["project"])
            yield _Draft(own, row["project"], "project", line, level, row["note"])
            yield from _project_skeleton(projects, row["project"], own, level + 1)


def project_line(name: str) -> str:
    """Return the line id of a project."""
    return f"project:{fold(name)}"


def _derive_adjusted(lines: _Drafts) -> None:
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


def _derive_totals(lines: _Drafts, phase: str) -> None:
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


def _derive_adjustment(lines: _Drafts) -> None:
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


def _derive_rest(lines: _Drafts, tables: Tables) -> None:
    """Add a line for what a printed total has beyond all parts that are known by name."""
    parts = [line for line in lines.values() if line.parent in ("total", REST)]
    total, rest = lines["total"], _Draft(REST, BLOCKS[REST], REST, REST, 1)
    for whole in _printed(tables, ["total"]):
        phase = whole.phase
        known = [part for part in parts if phase in part.amounts]
        if phase not in LEVELS or not {"basic", "project"} <= {part.line for part in known}:
            continue
        left = total.amounts[phase] - sum(part.amounts[phase] for part in known)
        # Parts may be printed more roughly than their total: what they round off is no line.
        if left > (len(known) + 1) * max(
            amount.half
            for amount in (whole, *_printed(tables, [part.line for part in known], phase))
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


def _printed(tables: Tables, lines: Sequence[str], phase: str = "") -> list[Amount]:
    """Return the amounts of lines that tables print, of one phase or of all."""
    return [
        amount
        for amount in tables.stated
        if amount.item_code in lines and phase in ("", amount.phase) and amount.fen is not None
    ]


def printed_tolerance(amounts: Sequence[Amount]) -> Fraction:
    """Return by how many 分 printed parts may miss their total: (n+1)·½ of the last digit.

    Amounts printed down to the 分 are exact, and so are amounts in 元 with 角分; amounts in
    元 without are taken as rounded to the 元. Each unit has a last digit of its own.
    """
    tolerance = Fraction(0)
    for unit in sorted({amount.amount_unit for amount in amounts}):
        own = [amount for amount in amounts if amount.amount_unit == unit]
        decimals = max(_decimals(amount.raw) for amount in own)
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
