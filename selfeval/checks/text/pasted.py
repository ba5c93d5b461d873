"""The indicators and the total of an evaluation form that was pasted into the unit's text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ...evaluation import Evaluation
from ...evaluation.finding import unit_place
from ...folding import fold
from ...tables.rows import Indicator
from ...unit import NARRATIVE_FILE

_CELL = re.compile(r"[^\s|]+")
_ALIKE = str.maketrans("≧≦═=＝", "≥≤＝＝＝", "()（）")
_ALL_SIGNS = "≥≤＝<>"
_NUMBER = r"\d{1,12}(?:\.\d{1,6})?"
_KINDS = {
    "N": re.compile(_NUMBER),
    "S": re.compile(f"[{_ALL_SIGNS}]"),
    "V": re.compile(rf"[{_ALL_SIGNS}]{_NUMBER}[^\d.]{{0,6}}|{_NUMBER}[^\d.]{{1,3}}"),
}
_SHORTEST = 3
_ROW = re.compile(r"T(?:(?:SNT?|S?V)(?:[NV](?P<points>NN))?|TT(?P<level>NN))")
"""A row by the kinds of its cells: numbers, signs, values with a sign or a unit, texts."""
_TOTAL = re.compile(rf"\|总\|?分\|({_NUMBER})\|({_NUMBER})\|(?:([优良中差])\|)?")


class PastedForm:
    """A form that was pasted into a text, cell by cell."""

    def __init__(self, case: Evaluation, text: str, line: int) -> None:
        """Find the cells behind the headings, and of what kind each is."""
        self.case, self.text, self.line = case, text, line
        cells = list(_CELL.finditer(text))
        heading = case.unit.form.heading("indicators", "indicator_name")
        first = [n for n, one in enumerate(cells) if one[0] == heading]
        self.cells = cells[first[0] :] if first else []
        self.words = [one[0].translate(_ALIKE).replace("百分比", "%") for one in self.cells]

    def rows(self) -> Iterator[Indicator]:
        """Yield the indicators, in their order."""
        for match in _ROW.finditer("".join(map(_kind, self.words))):
            name, *said = self.words[match.start() : match.end()]
            if len(name) < _SHORTEST:
                continue
            has_points = bool(match["points"] or match["level"])
            score, weight = (
                (Decimal(said.pop()), Decimal(said.pop())) if has_points else (None,) * 2
            )
            actual = said.pop() if has_points else ""
            target = "".join(said)
            number = target.lstrip(_ALL_SIGNS)
            yield Indicator(
                file=unit_place(self.case.unit, NARRATIVE_FILE).file,
                sheet="",
                cells=(),
                row=self.line + self.text.count("\n", 0, self.cells[match.start()].start()),
                indicator_family="",
                indicator_aspect="",
                indicator_name=name,
                comparison=target.removesuffix(number),
                target_value=number,
                measure_unit="",
                actual_value=actual,
                weight=weight,
                self_score=score,
                deviation_cause="",
                evidence="",
                project="",
            )

    @property
    def total(self) -> tuple[Decimal, Decimal, str] | None:
        """The full marks, the points and the grade, "" without one; None if it has no total."""
        match = _TOTAL.search(f"|{'|'.join(self.words)}|")
        return (Decimal(match[1]), Decimal(match[2]), match[3] or "") if match else None


def _kind(cell: str) -> str:
    return next((kind for kind, pattern in _KINDS.items() if pattern.fullmatch(cell)), "T")


def pasted_forms(case: Evaluation) -> list[PastedForm]:
    """Return the forms that were pasted into the unit's text."""
    parts = case.unit.narrative.all_parts()
    return [PastedForm(case, part.text, part.text_line) for part in parts]


def other_indicators(case: Evaluation) -> list[Indicator]:
    """Return the indicators of official and pasted forms that the unit's own table has not."""
    known = {fold(row.indicator_name) for row in case.tables.indicators}
    pasted = (row for form in pasted_forms(case) for row in form.rows())
    rows = [*case.tables.reading.indicators, *pasted]
    return [row for row in rows if fold(row.indicator_name) not in known]
