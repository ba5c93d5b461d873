"""Amounts → budget lines: each line's phases side by side, totals derived where none is printed.

A derived amount exists only if every addend does. A rate exists only if its denominator does
and is not zero; otherwise the reason is kept, to be printed instead of a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

from ..folding import fold
from ..money import DISPLAY_DECIMALS, FEN_PER, rounding_tolerance
from ..tables import Tables
from ..tables.rows import Amount, SpendingProject
from ..tables.sources import BETWEEN
from ..terms import BLOCKS, CORRECTED, FUNDS, PHASES, TRIAL
from ..unit.corrections import Trial

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
class LineAmount:
    """A budget line in one phase: its amount, and where that comes from or why there is none.

    ``fen`` is in 分, None where it is unknown; ``source`` (file › sheet › cell) of a number that
    was read, ``formula`` and ``parts`` of one derived; ``is_dash`` where the table says 不适用,
    ``is_none`` where it says 无.
    """

    fen: int | None = None
    source: str = ""
    formula: str = ""
    parts: Parts = ()
    is_dash: bool = False
    is_none: bool = False

    @property
    def applies(self) -> bool:
        """Whether there is, or should be, an amount."""
        return not self.is_dash and (self.fen is not None or not self.is_none)


_UNKNOWN: Final = MappingProxyType(dict.fromkeys(PHASES, LineAmount()))


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
    note: str = ""
    use: str = ""
    phases: Mapping[str, LineAmount] = field(default_factory=lambda: _UNKNOWN, hash=False)

    def fen(self, phase: str) -> int | None:
        """Return the amount of a phase in 分, None where it is unknown."""
        return self.phases[phase].fen

    def having(self, phase: str, **known: Any) -> BudgetLine:
        """Return the line with more known of a phase."""
        level = replace(self.phases[phase], **known)
        return replace(self, phases=MappingProxyType({**self.phases, phase: level}))


Lines = Mapping[str, BudgetLine]
"""The budget lines of a unit by their ids, in order."""


def budget_lines(tables: Tables) -> dict[str, BudgetLine]:
    """Return the unit's budget lines by their ids: the whole, its parts, and what is beside it."""
    lines = {line.id: line for line in _skeleton(tables)}
    for amount in tables.stated:
        if amount.item_code in lines:
            lines[amount.item_code] = _stated(lines[amount.item_code], amount, tables)
    sums = {"initial_budget": 1, "budget_adjustment": 1}
    lines = {key: _derived(line, "adjusted_budget", sums) for key, line in lines.items()}
    for phase in LEVELS:
        _derive_totals(lines, phase)
    sums = {"adjusted_budget": 1, "initial_budget": -1}
    lines = {key: _derived(line, "budget_adjustment", sums) for key, line in lines.items()}
    _derive_rest(lines, tables)
    return lines


def _stated(line: BudgetLine, amount: Amount, tables: Tables) -> BudgetLine:
    """Return a line with what a table states of it."""
    match amount.state:
        case "dash":
            line = line.having(amount.phase, is_dash=True)
        case "none":
            line = line.having(amount.phase, is_none=True)
    if amount.fen is None:
        return line
    return line.having(amount.phase, fen=amount.fen, source=source_of(tables, amount))


def source_of(tables: Tables, amount: Amount) -> str:
    """Return where an amount was read, and what a corrected cell of it held."""
    source, cells = str(amount.place), amount.place.cell.split(BETWEEN)
    for cell in cells:
        mended = tables.corrected.get(replace(amount.place, cell=cell))
        if mended:
            of = cell if len(cells) > 1 else ""
            how = f"{TRIAL}，原为" if isinstance(mended, Trial) else CORRECTED
            source += f"（{of}{how}“{mended.expect}”）"
    return source


def _skeleton(tables: Tables) -> Iterator[BudgetLine]:
    notes = {row.block: row for row in tables.notes}

    def fixed(block: str, parent: str, level: int) -> BudgetLine:
        own = notes.get(block)
        return BudgetLine(
            id=block,
            name=BLOCKS[block],
            block=block,
            parent=parent,
            level=level,
            note=own.note if own else "",
            use=own.use if own else "",
        )

    yield fixed("total", "", 0)
    yield fixed("basic", "total", 1)
    yield fixed("personnel", "basic", 2)
    yield fixed("operating", "basic", 2)
    present = {amount.block for amount in tables.stated}
    for block in ("personnel", "operating"):
        for fund, name in FUNDS.items():
            if f"{block}@{fund}" in present:
                of_fund = f"{block}@{fund}"
                own = f"{BLOCKS[block]}（{name}）"
                yield BudgetLine(id=of_fund, name=own, block=of_fund, parent=ONE_FUND, level=2)
    yield fixed("project", "total", 1)
    yield from _project_skeleton(tables.projects, "", "project", 2)
    spent = {amount.block for amount in tables.stated if amount.fen}
    for block in _RESTS:
        if block in spent:
            yield fixed(block, REST, 1)
    for block, level in OTHERS:
        if block in present:
            yield fixed(block, "other", level)


def _project_skeleton(
    projects: Sequence[SpendingProject], parent: str, line: str, level: int
) -> Iterator[BudgetLine]:
    for row in projects:
        if row.parent == parent:
            own = project_line(row.project)
            yield BudgetLine(
                id=own,
                name=row.project,
                block="project",
                parent=line,
                level=level,
                note=row.note,
                use=row.use,
            )
            yield from _project_skeleton(projects, row.project, own, level + 1)


def project_line(name: str) -> str:
    """Return the line id of a project."""
    return f"project:{fold(name)}"


def _derived(line: BudgetLine, phase: str, signs: Mapping[str, int]) -> BudgetLine:
    """Return a line with a phase that is not printed as the signed sum of two others."""
    known = [sign * fen for one, sign in signs.items() if (fen := line.fen(one)) is not None]
    if line.fen(phase) is not None or len(known) < len(signs):
        return line
    (first, _), (other, sign) = signs.items()
    formula = f"{PHASES[first]}{'＋' if sign > 0 else '－'}{PHASES[other]}"
    parts = tuple((f"{line.id}.{one}", sign) for one, sign in signs.items())
    return line.having(phase, fen=sum(known), formula=formula, parts=parts)


def _derive_totals(lines: dict[str, BudgetLine], phase: str) -> None:
    below: dict[str, list[str]] = {}
    for key, line in lines.items():
        below.setdefault(line.parent, []).append(key)
    for key, line in sorted(lines.items(), key=lambda pair: -pair[1].level):
        parts = [lines[own] for own in below.get(key, ()) if not lines[own].phases[phase].is_dash]
        amounts = [fen for part in parts if (fen := part.fen(phase)) is not None]
        if line.fen(phase) is None and parts and len(amounts) == len(parts):
            formula = "＋".join(part.name for part in parts)
            added = tuple((f"{part.id}.{phase}", 1) for part in parts)
            lines[key] = line.having(phase, fen=sum(amounts), formula=formula, parts=added)


def _derive_rest(lines: dict[str, BudgetLine], tables: Tables) -> None:
    """Add a line for what a printed total has beyond all parts that are known by name."""
    parts = [line for line in lines.values() if line.parent in ("total", REST)]
    total = lines["total"]
    rest = BudgetLine(id=REST, name=BLOCKS[REST], block=REST, parent=REST, level=1)
    for whole in _printed(tables, ["total"]):
        phase = whole.phase
        known = {part.id: fen for part in parts if (fen := part.fen(phase)) is not None}
        if phase not in LEVELS or not {"basic", "project"} <= set(known):
            continue
        left = (total.fen(phase) or 0) - sum(known.values())
        printed = [whole, *_printed(tables, list(known), phase)]
        # Parts may be printed more roughly than their total: what they round off is no line.
        if left > (len(known) + 1) * max(amount.half for amount in printed):
            formula = "－".join([total.name, *(lines[key].name for key in known)])
            taken = ((f"total.{phase}", 1), *((f"{key}.{phase}", -1) for key in known))
            rest = rest.having(phase, fen=left, formula=formula, parts=taken)
    if any(level.fen is not None for level in rest.phases.values()):
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
