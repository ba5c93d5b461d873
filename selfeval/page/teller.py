"""Short names for one evaluation's numbers, so that sentences read as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property

from ..budget.lines import LEVELS, REST
from ..budget.quantities import Quantity, difference, quotient
from ..checks.reasons import bare, says_why
from ..evaluation import Evaluation
from ..evaluation.finding import Finding
from ..terms import PHASES
from .sentences import Number


def compared_lines(evaluation: Evaluation, phase: str) -> list[str]:
    """Return the parts of the whole that are compared: projects, basic spending, and the rest.

    Basic and project spending stand as one where only that is known.
    """
    quantities, lines = evaluation.quantities, evaluation.budget_lines
    basic = ["personnel", "operating"]
    if all(quantities[f"{line}.{phase}"].value is None for line in basic):
        basic = ["basic"]
    projects = [key for key, line in lines.items() if line.parent == "project"] or ["project"]
    rest = [key for key, line in lines.items() if line.parent == REST]
    return [*projects, *basic, *rest]


def overspending(evaluation: Evaluation, line: str, phase: str) -> tuple[Quantity, Quantity]:
    """Return by how much a line's spending is beyond a budget, and that as a share of it."""
    quantities = evaluation.quantities
    if phase == "initial_budget":
        return quantities[f"{line}.overspend"], quantities[f"{line}.overspend_rate"]
    budget, key = quantities[f"{line}.{phase}"], f"{line}.over_{phase}"
    label = f"{evaluation.budget_lines[line].name}超出{PHASES[phase]}"
    over = difference(key, label, quantities[f"{line}.executed"], budget)
    return over, quotient(f"{key}_rate", f"{label}的比例", over, budget)


def copied_budget(evaluation: Evaluation) -> Finding | None:
    """Return the finding that an adjusted budget was copied from spending, of the whole first.

    “三公”经费 and the like are other views of the money: no rate that a page leads with is theirs.
    """
    lines = evaluation.budget_lines
    beside = {line.name for line in lines.values() if line.parent == "other"}
    found = [
        finding
        for finding in evaluation.all_findings
        if finding.code == "EXEC-03" and finding.outcome == "fail" and finding.item not in beside
    ]
    return min(found, key=lambda f: f.item != lines["total"].name, default=None)


class Teller:
    """What sentences ask of one evaluation."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.lines = evaluation.budget_lines
        self.quantities = evaluation.quantities

    def number(self, key: str, absolute: bool = False) -> Number:
        return Number(self.quantities[key], absolute)

    def has(self, key: str) -> bool:
        quantity = self.quantities.get(key)
        return quantity is not None and quantity.value is not None

    def name(self, line: str) -> str:
        return self.lines[line].name

    def children(self, line: str) -> list[str]:
        return self._children.get(line, [])

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for key, own in self.lines.items():
            found.setdefault(own.parent, []).append(key)
        return found

    @cached_property
    def _about(self) -> dict[str, list[Finding]]:
        """The findings, by what they are about."""
        found: dict[str, list[Finding]] = {}
        for finding in self.evaluation.all_findings:
            found.setdefault(finding.item, []).append(finding)
        return found

    def note(self, line: str, field: str = "note") -> str:
        return bare(getattr(self.lines[line], field))

    def given(self, line: str) -> list[str]:
        """Return the reasons a unit gave for a line, in its table and in unit.yaml."""
        case, note = self.evaluation, self.note(line)
        about = self._about.get(self.name(line), [])
        words = {bare(f.explanation) for f in about} | {bare(f.said) for f in about}
        own = [note] if says_why(case, note) else []
        told = {text for text in words if text != note and says_why(case, text)}
        # A whole that is explained by its parts leaves the words to them.
        told = {text for text in told if not self.quoted(line, text)}
        return [*own, *sorted(told)]

    def quoted(self, line: str, text: str) -> list[str]:
        """Return the remarks of the lines below a line of which a text is made up, if it is."""
        below = dict.fromkeys(self.note(part) for part in self.below(line))
        notes, left = [note for note in below if note and note in text], text
        for note in sorted(notes, key=len, reverse=True):
            left = left.replace(note, "")
        return [] if left.strip("；") else notes

    def below(self, line: str) -> Iterator[str]:
        """Yield the lines that a line includes."""
        # What no table names stands among the rest by itself.
        for child in (child for child in self.children(line) if child != line):
            yield child
            yield from self.below(child)

    def left_of(self, phase: str) -> Quantity:
        """Return what spending left of the whole's budget."""
        label = f"{self.name('total')}没有用完的{PHASES[phase]}"
        budget, spent = self.quantities[f"total.{phase}"], self.quantities["total.executed"]
        return difference(f"total.left_of_{phase}", label, budget, spent)

    def is_told(self, line: str) -> bool:
        """Return whether any amount of a line is known, or known to be none or not to apply."""
        cells = (self.quantities[f"{line}.{phase}"] for phase in LEVELS)
        return any(cell.value is not None or cell.is_none or not cell.applies for cell in cells)

    def has_second_rate(self, line: str) -> bool:
        """Return whether a line's rate by its initial budget reads otherwise than by its other."""
        printer = self.evaluation.printer
        if not self.has(f"{line}.initial_rate"):
            return False
        rates = (self.quantities[f"{line}.{name}"] for name in ("initial_rate", "execution_rate"))
        return len({printer.quantity(rate) for rate in rates}) > 1

    def sign(self, key: str) -> int:
        value = self.quantities[key].value
        return 0 if value is None or value == 0 else (1 if value > 0 else -1)

    def size(self, key: str) -> Fraction:
        """Return how large a number is, whichever way it goes; 0 where there is none."""
        return abs(self.quantities[key].value or Fraction(0))
