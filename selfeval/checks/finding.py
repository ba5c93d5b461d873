"""What a check says, and what it looks at."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal, TypeVar

import pandas as pd

from ..budget.quantities import Quantity
from ..errors import ParamsError
from ..folding import fold
from ..indicators.attainment import Attainment, attainment
from ..money import DISPLAY_UNIT, Limits, format_decimal, format_money, format_rate
from ..schemes.checks import Forms
from ..schemes.classifications import kind_of, load_classifications
from ..schemes.privacy import masked_text
from ..sheets import Place
from ..tables import Tables
from ..tables.book import Entry
from ..terms import PHASES
from ..unit import Unit

Outcome = Literal["pass", "rounding", "fail", "not_computable"]


@dataclass(frozen=True)
class Finding:
    """The outcome of one rule on one item, worded for the person who filed the tables.

    ``not_computable`` is an outcome of its own, never a pass; its message says why. No finding
    claims which side of a disagreement is wrong.
    """

    code: str
    outcome: Outcome
    severity: Literal["error", "warning", "info"]
    message: str
    places: tuple[Place, ...] = ()
    expected: str = ""
    found: str = ""
    item: str = ""
    action: Literal["correct", "explain", "supply"] = "correct"
    explanation: str = ""
    people: int = 0
    """How many people a reason that speaks of a number of them has to speak of."""
    degree: str = ""
    """How bad it is, where a rule tells degrees apart; reviewers deduct by it."""
    said: str = ""
    """What unit.yaml says of it, where that is not enough to explain it."""
    of: str = ""
    """What of the score is missing for it: a line's number, row or id, or the total's key."""
    withholds: bool = False
    """Whether the unit has no total for it."""

    @property
    def is_open(self) -> bool:
        """Whether it still asks for something: not passed, not rounding, not explained."""
        return self.outcome in {"fail", "not_computable"} and not self.explanation

    @property
    def blocks(self) -> bool:
        """Whether it keeps the public edition a draft."""
        is_severe = self.outcome == "fail" and self.severity == "error"
        return self.is_open and (is_severe or self.withholds)

    def record(self) -> dict[str, object]:
        """Return it as plain data for ``selfeval check --json``."""
        return {
            "code": self.code,
            "outcome": self.outcome,
            "severity": self.severity,
            "message": self.message,
            "places": [place.record() for place in self.places],
            "expected": self.expected,
            "found": self.found,
            "item": self.item,
            "action": self.action,
            "explanation": self.explanation,
        }


_Entry = TypeVar("_Entry")


def _entry(entries: Mapping[str, _Entry], section: str, name: str) -> _Entry:
    if name not in entries:
        raise ParamsError(
            "schemes/checks/rules.yaml", f"{section} 里缺少“{name}”。", "请对照原来的文件补上。"
        )
    return entries[name]


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a frame's rows, each by the names of its columns."""
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


@dataclass(frozen=True)
class Case:
    """All that the rules look at."""

    unit: Unit
    tables: Tables
    lines: pd.DataFrame
    quantities: dict[str, Quantity]

    def finding(
        self,
        code: str,
        outcome: Outcome,
        message: str,
        places: tuple[Place, ...] = (),
        expected: str = "",
        found: str = "",
        item: str = "",
        degree: str = "",
        explanation: str = "",
        people: int = 0,
        of: str = "",
    ) -> Finding:
        """Return a finding with the severity and the action the scheme gives the rule."""
        rule = _entry(self.unit.checks.rules, "rules", code)
        unknown = outcome == "not_computable"
        severity = (rule.when_unknown if unknown else None) or rule.severity
        own = self.unit.settings.office_contacts
        return Finding(
            code,
            outcome,
            severity,
            masked_text(message, self.unit.checks, own),
            places,
            expected,
            found,
            item,
            rule.action,
            explanation,
            people,
            degree,
            of=of,
        )

    def threshold(self, name: str) -> Decimal:
        """Return a threshold of the scheme in force in the unit's year."""
        return self.unit.checks.threshold(name, self.unit.year)

    def words(self, name: str) -> tuple[str, ...]:
        """Return a word list of the scheme, empty before the date it is of."""
        return self.unit.checks.listed(name, self.unit.year)

    def form(self, name: str) -> Forms:
        """Return the ways to write something, none before the date they are of."""
        forms = _entry(self.unit.checks.forms, "forms", name)
        return forms.model_copy(update={"words": forms.in_force(self.unit.year)})

    def name(self, line: str) -> str:
        """Return a budget line's name."""
        return str(self.lines.at[line, "name"])

    def fen(self, line: str, phase: str) -> int | None:
        """Return a line's amount in 分, None where it is unknown."""
        return self._fen[phase][line]

    @cached_property
    def _fen(self) -> dict[str, dict[str, int | None]]:
        return {
            phase: {str(n): None if pd.isna(v) else int(v) for n, v in self.lines[phase].items()}
            for phase in PHASES
        }

    @cached_property
    def _read(self) -> dict[tuple[str, str], pd.Series]:
        rows = self.tables.stated
        known = (row for _, row in rows[rows["amount"].notna()].iloc[::-1].iterrows())
        return {(row["item_code"], row["phase"]): row for row in known}

    @cached_property
    def _dashes(self) -> frozenset[tuple[str, str]]:
        rows = self.tables.stated
        rows = rows[rows["state"].isin(["dash", "none"])]
        return frozenset(zip(rows["item_code"], rows["phase"], strict=True))

    @property
    def has_only_public_tables(self) -> bool:
        """Whether the unit evaluates nothing itself: no table of our form, no 自评表 of its own."""
        return not self.tables.present and self.tables.indicators.empty

    @cached_property
    def indicators(self) -> list[dict[str, Any]]:
        """The indicators to be scored, in order: the form's, or else an official form's.

        Each says of which fiscal year it is.
        """
        rows = records(self.tables.indicators)
        return [row | {"fiscal_year": self.unit.year} for row in rows]

    @cached_property
    def attained(self) -> list[tuple[dict[str, Any], Attainment]]:
        """The indicators to be scored, each with what it reached by the unit's profile."""
        scoring, rounding = self.unit.scoring, self.unit.settings.rounding
        return [(row, attainment(row, scoring, rounding=rounding)) for row in self.indicators]

    @cached_property
    def ledger(self) -> list[dict[str, Any]]:
        """The rows of the ledger of evidence."""
        return records(self.tables.evidence)

    @cached_property
    def backed(self) -> frozenset[str]:
        """The indicators, by folded name, that have a row in the ledger of evidence."""
        return frozenset(fold(row["indicator_name"]) for row in self.ledger)

    def read(self, line: str, phase: str) -> pd.Series | None:
        """Return the amount record that was read for a line, None if none was."""
        return self._read.get((line, phase))

    def parts(self, line: str) -> list[str]:
        """Return the lines right below a line."""
        return self._below.get(line, [])

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        below: dict[str, list[str]] = {}
        for line, parent in self.lines["parent"].items():
            if parent != line:  # what is left over stands among the rest
                below.setdefault(parent, []).append(str(line))
        return below

    def printed(self, line: str, phase: str) -> list[pd.Series]:
        """Return the amounts that were read for a line, or that its amount is derived from."""
        row = self.read(line, phase)
        if row is not None:
            return [row]
        parts = self.parts(line)
        if parts and all(self.fen(part, phase) is not None for part in parts):
            return [found for part in parts for found in self.printed(part, phase)]
        # An adjusted budget that is not printed is the initial one plus the adjustment.
        both = [self.read(line, own) for own in ("initial_budget", "budget_adjustment")]
        return [found for found in both if found is not None]

    def is_official(self, row: pd.Series) -> bool:
        """Return whether an amount was read from an official table."""
        return self.tables.book.has(row["table"])

    def named_by_code(self, entry: Entry) -> bool:
        """Return whether a row is what its code says, as far as its name does not deny it."""
        if not entry.item.isdecimal() or not entry.name:
            return True
        lists = load_classifications(self.unit.schemes)
        kind = kind_of(entry.item)
        return lists.agrees(kind, entry.item, entry.name, self.unit.year) is not False

    def is_dash(self, line: str, phase: str) -> bool:
        """Return whether a line's amount is marked as not applicable, or said to be none."""
        return (line, phase) in self._dashes

    def money(self, fen: int, beside: Iterable[int] = ()) -> str:
        """Return 分 as printed in messages, beside what they were compared with."""
        shown = format_money(fen, rounding=self.unit.settings.rounding, beside=beside)
        return f"{shown}{DISPLAY_UNIT}"

    def rate(self, key: str, limits: Iterable[Fraction] = ()) -> str:
        """Return a rate as printed in messages, beside limits, or why there is none."""
        quantity = self.quantities[key]
        if quantity.value is None:
            return f"不可计算（{quantity.missing}）"
        return self.percent(quantity.value, beside=(*quantity.limits, *limits))

    def percent(self, share: Fraction | Decimal, decimals: int = 2, beside: Limits = ()) -> str:
        """Return a fraction as printed in messages: 0.97 as 97.00%, beside limits."""
        return format_rate(Fraction(share), decimals, self.unit.settings.rounding, beside)

    def points(self, points: Fraction | Decimal, decimals: int = 2, beside: Limits = ()) -> str:
        """Return points as printed in messages, beside limits."""
        return format_decimal(points, decimals, self.unit.settings.rounding, beside)

    def places(self, line: str, *phases: str) -> tuple[Place, ...]:
        """Return where a line's amounts were read."""
        rows = [self.read(line, phase) for phase in phases]
        return tuple(amount_place(row) for row in rows if row is not None)


def amount_place(row: pd.Series | Mapping[Hashable, Any]) -> Place:
    """Return the place of an amount record."""
    return Place(row["file"], row["sheet"], row["cell"])


def places_text(places: Sequence[Place], code: str, cells: int = 6, sheets: int = 3) -> str:
    """Return places as a clerk would look for them: cells of one sheet named together.

    ``code`` is the unit's; a file of its folder of the year before has it in its name already.
    """
    groups: dict[tuple[str, str, str], list[str]] = {}
    for place in places:
        unit = "" if "/" in place.file else code
        groups.setdefault((unit, place.file, place.sheet), []).append(place.cell)
    shown = []
    for (unit, file, sheet), named in list(groups.items())[:sheets]:
        listed = "、".join(cell for cell in named[:cells] if cell)
        more = f" 等 {len(named)} 处" if len(named) > cells else ""
        shown.append(f"{Place(file, sheet, listed, unit)}{more}")
    rest = len(groups) - sheets
    return "；".join(shown) + (f"；另有 {rest} 张表" if rest > 0 else "")


def unit_place(unit: Unit, file: str, cell: str = "") -> Place:
    """Return a place in one of the unit's own text files."""
    return Place(file, "", cell, unit.code)
