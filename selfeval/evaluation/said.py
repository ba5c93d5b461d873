"""What a text says, as plain records: one number or claim each, with what came of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from ..budget.lines import Lines
from ..schemes.grammar import ProseGrammar
from ..sheets import Place
from ..tables.rows import Amount
from ..terms import BLOCKS
from ..text.numbers import as_written
from ..text.statements import Judged, Subject
from ..unit import NARRATIVE_FILE

STATEMENT: Final = (
    "file", "sheet", "cell", "line", "raw", "kind", "subject", "measure", "phase", "year", "value",
    "outcome", "code", "shown", "expected", "places", "why", "key", "sentence",
)  # fmt: skip
"""What a record of a statement has."""

_LINE = re.compile(r"第 (\d+) 行")
_PARTS = ("fund", "block", "item", "side", "total")


class SubjectNames:
    """What a number is of by the names that a unit's tables have for it."""

    def __init__(self, lines: Lines, amounts: Iterable[Amount], grammar: ProseGrammar) -> None:
        """Keep the names of the lines, of the classification items, and the words of the rest."""
        self._names = {key: line.name for key, line in lines.items()}
        self._names |= {
            one.item_code: one.item_name for one in amounts if one.item_code.isdecimal()
        }
        self._words = _words(grammar)

    def of(self, subject: Subject) -> str:
        """Return the name of a subject, "" where none is known."""
        if subject.item in self._names:
            return self._names[subject.item]
        words = self._words
        block = BLOCKS.get(subject.block or subject.item) or words.get(("item", subject.item), "")
        side = "" if block else words.get(("side", subject.side), "")
        total = words.get(("total", subject.total), "")
        return f"{words.get(('fund', subject.fund), '')}{block}{side}{total}"


def statement_record(judged: Judged, names: SubjectNames) -> dict[str, object]:
    """Return a number or claim as plain data for programs.

    ``value`` is 分 for money, a fraction for a rate, else the number; ``phase`` those that are
    open; ``key`` is the quantity it surely is.
    """
    said = judged.said
    place, number = said.paragraph.place(said.start), said.number
    sentence = said.paragraph.quote(*said.paragraph.sentence(said.start))
    return {
        **place.record(),
        "line": line_of(place) or None,
        "raw": said.quote,
        "kind": number.kind if number else "claim",
        "subject": "、".join(names.of(one) for one in said.subjects),
        "measure": said.measure,
        "phase": list(said.phases),
        "year": said.year,
        "value": None if number is None else as_written(number.value),
        "outcome": judged.outcome,
        "code": judged.code,
        "shown": judged.shown,
        "expected": judged.expected,
        "places": [own.record() for own in judged.places],
        "why": judged.why,
        "key": judged.key,
        "sentence": sentence,
    }


def line_of(place: Place) -> int:
    """Return the line of a place in the unit's own text, 0 for a cell."""
    match = _LINE.fullmatch(place.cell) if place.file == NARRATIVE_FILE else None
    return int(match[1]) if match else 0


@lru_cache(maxsize=8)
def _words(grammar: ProseGrammar) -> dict[tuple[str, str], str]:
    """Return the first word for each part of a name that stands alone, such as a fund."""
    found: dict[tuple[str, str], str] = {}
    for name in grammar.names:
        told = [(part, getattr(name, part)) for part in _PARTS if getattr(name, part)]
        own = [one for one in told if one[0] != "side"] or told
        if len(own) == 1:
            found.setdefault(own[0], name.words[0])
    return found
