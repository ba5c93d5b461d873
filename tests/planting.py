"""Errors planted in texts: what is said of a number once it is changed.

    python tests/planting.py --rounds 3 FOLDER ...

changes each compared number and claim of the units' texts in turn (the sample units' and the
fictions' without folders), reads the text again, and prints what became of it.
"""

from __future__ import annotations

import argparse
import re
import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from functools import partial
from itertools import groupby, pairwise
from pathlib import Path
from random import Random
from typing import Literal

from evaluated import PARAMS

from selfeval.checks.prose import paragraphs
from selfeval.checks.text.told import statements
from selfeval.evaluation import Evaluation
from selfeval.evaluation.load import load_unit
from selfeval.sheets import Place
from selfeval.tables.rows import Row
from selfeval.text.paragraphs import Paragraph
from selfeval.text.paragraphs import paragraph as paragraph_of
from selfeval.text.statements import Judged
from selfeval.unit import NARRATIVE_FILE, Narrative, TextPart

Kind = Literal["digit", "transposed", "unit", "direction", "pair", "one more"]
Outcome = Literal["found", "beside", "elsewhere", "unchecked", "gone", "rounding", "passed", "fits"]
"""``beside`` is found in the sentence, as a sum is at one of its numbers; ``rounding`` is what the
printed numbers leave room for, ``fits`` what is off by a last digit."""
FOUND = {"found", "beside"}

Edits = tuple[tuple[int, int, str], ...]
"""Stretches of a paragraph's raw text, in order, and what replaces each."""

PLANTED = Path(__file__).resolve().parent / "planted"
COMPARED = {"pass", "rounding"}
SUMS = {"TEXT-23", "TEXT-24"}
LEAST_FOUND = 0.9
_TABLES = ("measures", "notes", "projects", "staffing", "indicators")
_OTHER_UNITS = {"万元": ("亿元", "元"), "元": ("万元",), "亿元": ("万元",)}
_TURNED = [
    ("增加", "减少"), ("增长", "下降"), ("上升", "降低"), ("提高", "降低"), ("增支", "减支"),
    ("高于", "低于"), ("大于", "小于"), ("多于", "少于"), ("超过", "低于"), ("增幅", "降幅"),
]  # fmt: skip
_OPPOSITE = dict(_TURNED) | {less: more for more, less in reversed(_TURNED)}
_DIRECTION = re.compile("|".join(_OPPOSITE))
_SUM = "之和"
_NUMERALS = "二三四五六七八九"
_FULL_WIDTH = "０１２３４５６７８９"


@dataclass(frozen=True)
class Change:
    """One changed number or claim; ``halves`` of the last digits of what is summed with it."""

    kind: Kind
    measure: str
    paragraph: Paragraph
    edits: Edits
    told: Judged
    halves: tuple[Fraction, ...] = ()

    @property
    def raw(self) -> str:
        """The paragraph as it was."""
        return self.paragraph.raw

    @property
    def changed(self) -> str:
        """The paragraph with what was changed."""
        raw = self.raw
        for start, end, new in reversed(self.edits):
            raw = raw[:start] + new + raw[end:]
        return raw

    def at(self) -> Iterator[tuple[int, int]]:
        """Yield where the changed stretches stand in the changed paragraph."""
        shift = 0
        for start, end, new in self.edits:
            yield start + shift, start + shift + len(new)
            shift += len(new) - (end - start)

    def __str__(self) -> str:
        start, end = self.edits[0][0], self.edits[-1][1]
        (first, _), (_, last) = next(self.at()), list(self.at())[-1]
        before = self.raw[max(start - 30, 0) : start]
        old, new = self.raw[start:end], self.changed[first:last]
        return f"{self.kind} {self.measure}: {before}【{old}→{new}】{self.raw[end : end + 8]}"


# --- a unit whose text is as it is printed -------------------------------------------------


def literal(case: Evaluation, text: str | None = None) -> Evaluation:
    """Return a unit that says in so many words what the page shows, one line a paragraph.

    With ``text`` its narrative says that instead.
    """
    parts: list[TextPart] = []
    if text is None:
        silent = replace(case, tables=replace(case.tables, measures=()))
        for part in case.unit.narrative.all_parts():
            own = paragraphs(_saying(silent, [part]))
            parts += [replace(part, text=one.raw) for one in own]
    else:
        parts += [TextPart("", line, 1, 1) for line in text.splitlines()]
    parts = [replace(part, text_line=number) for number, part in enumerate(parts, 1)]
    case = _saying(replace(case, found=None), parts)
    return replace(case, judged=statements(case))


def _saying(case: Evaluation, parts: Sequence[TextPart]) -> Evaluation:
    return replace(case, unit=replace(case.unit, narrative=Narrative({}, {"": tuple(parts)})))


def saying(case: Evaluation, paragraph: Paragraph, raw: str) -> Evaluation:
    """Return a unit of ``literal`` one paragraph or cell of which says something else."""
    place = paragraph.place_of_raw(0)
    if place.file == NARRATIVE_FILE:
        parts = case.unit.narrative.all_parts()
        here = next(n for n, part in enumerate(parts) if f"第 {part.text_line} 行" == place.cell)
        return _saying(case, [*parts[:here], replace(parts[here], text=raw), *parts[here + 1 :]])
    changed = {
        name: tuple(_reworded(row, place, paragraph.raw, raw) for row in getattr(case.tables, name))
        for name in _TABLES
    }
    return replace(case, tables=replace(case.tables, **changed))


def _reworded(row: Row, place: Place, old: str, new: str) -> Row:
    """Return a row whose cell of a place says something else, if it is of this row."""
    names = [own.name for own in fields(row) if getattr(row, own.name) == old]
    if (place.file, place.sheet) != (row.file, row.sheet):
        return row
    if place == row.place:
        return replace(row, **dict.fromkeys(names[:1], new))
    return replace(row, **{name: new for name in names if row.place_of(name) == place})


# --- what can be changed -------------------------------------------------------------------


def changes(case: Evaluation, rng: Random) -> Iterator[Change]:
    """Yield one change of each kind for each number and claim that agrees with what is known."""
    for paragraph, group in groupby(case.judged, lambda judged: judged.said.paragraph):
        own = list(group)
        for judged in own:
            if judged.outcome in COMPARED:
                halves = tuple(
                    one.said.number.half
                    for one in own
                    if one.said.number and _are_summed(judged, one)
                )
                for kind, edits in _edits(paragraph, judged, own, rng):
                    yield Change(kind, judged.said.measure, paragraph, edits, judged, halves)


def _edits(
    paragraph: Paragraph, judged: Judged, own: Sequence[Judged], rng: Random
) -> Iterator[tuple[Kind, Edits]]:
    said, number = judged.said, judged.said.number
    if number is None or (said.measure == "change" and number.value and not said.unsigned):
        yield from _turned(paragraph, judged)
    if number is None or number.is_hedged:
        return
    start, end = _raw(paragraph, said.start, said.end)
    raw = paragraph.raw[start:end]
    digits = [at for at, c in enumerate(raw) if c.isdecimal() or c in _NUMERALS]
    if digits:
        at = rng.choice(digits)
        yield "digit", ((start + at, start + at + 1, _other_digit(raw[at], rng)),)
    # Nobody writes 010 for 100.
    pairs = [
        (a, b)
        for a, b in pairwise(digits)
        if raw[a] != raw[b] and not (a == digits[0] and raw[b : b + 1] == "0" and b in digits[:-1])
    ]
    if pairs:
        a, b = rng.choice(pairs)
        yield "transposed", ((start + a, start + b + 1, raw[b] + raw[a + 1 : b] + raw[a]),)
    if number.kind == "money" and number.value and raw.endswith(number.unit):
        new = rng.choice(_OTHER_UNITS.get(number.unit, ("万元",)))
        yield "unit", ((end - len(number.unit), end, new),)
    if number.kind in {"count", "bare"} and (digit := re.match(r"\d+(?!\d*\.)", raw)):
        more = rng.choice([1, -1]) if int(digit[0]) else 1
        yield "one more", ((start, start + digit.end(), str(int(digit[0]) + more)),)
    if other := _partner(paragraph, judged, own):
        first, second = sorted([(start, end), _raw(paragraph, other.said.start, other.said.end)])
        one, two = paragraph.raw[slice(*first)], paragraph.raw[slice(*second)]
        yield "pair", ((*first, two), (*second, one))


def _turned(paragraph: Paragraph, judged: Judged) -> Iterator[tuple[Kind, Edits]]:
    """Yield a claim or a change with its last word of direction turned."""
    said = judged.said
    words = list(_DIRECTION.finditer(paragraph.text, said.opens, said.end))
    if said.direction != 0 and words and said.verb != "not_above":
        word = words[-1]
        start, end = _raw(paragraph, word.start(), word.end())
        yield "direction", ((start, end, _OPPOSITE[word[0]]),)


def _partner(paragraph: Paragraph, judged: Judged, own: Sequence[Judged]) -> Judged | None:
    """Return the next number of the sentence that is of the same kind and another one."""
    said, number = judged.said, judged.said.number
    for other in own:
        two = other.said.number
        if other.said.start <= said.start or two is None or number is None:
            continue
        if paragraph.sentence(other.said.start) != paragraph.sentence(said.start):
            continue
        if (two.kind, two.unit) == (number.kind, number.unit) and two.value != number.value:
            swapped = other.outcome in COMPARED and not two.is_hedged
            return other if swapped and not _are_summed(judged, other) else None
    return None


def _are_summed(one: Judged, other: Judged) -> bool:
    """Return whether two numbers are known only by their sum, which is the same if they swap."""
    of_one = one.code == other.code and one.code in SUMS
    return of_one and one.shown == other.shown and one.shown.endswith(_SUM)


def _other_digit(digit: str, rng: Random) -> str:
    row = next(r for r in ("0123456789", _FULL_WIDTH, _NUMERALS) if digit in r)
    return rng.choice([c for c in row if c != digit])


def _raw(paragraph: Paragraph, start: int, end: int) -> tuple[int, int]:
    return paragraph.index[start], paragraph.index[end - 1] + 1


# --- what becomes of it --------------------------------------------------------------------


def outcome_of(case: Evaluation, change: Change) -> Outcome:
    """Return what is said of the changed place when the text is read again."""
    told = statements(saying(case, change.paragraph, change.changed))
    own, wholly = [], change.kind == "direction"
    for judged in told:
        paragraph = judged.said.paragraph
        if paragraph.raw == change.changed:
            opens = judged.said.opens if wholly else judged.said.start
            start, end = _raw(paragraph, min(opens, judged.said.start), judged.said.end)
            if any(start < last and first < end for first, last in change.at()):
                own.append(judged)
    if any(judged.outcome == "fail" for judged in own):
        return "found"
    if failing := _failing(told) - _failing(case.judged):
        sentences = {sentence for sentence, _ in failing}
        return "beside" if _sentences(change) & sentences else "elsewhere"
    if not own:
        return "gone"
    room = Fraction(case.threshold("share_difference")) if change.measure == "share" else 0
    if not wholly and all(_fits(change, judged, room) for judged in own):
        return "fits"
    outcomes = {judged.outcome for judged in own}
    return "passed" if "pass" in outcomes else "rounding" if "rounding" in outcomes else "unchecked"


def _failing(told: Sequence[Judged]) -> Counter[tuple[str, str]]:
    """Return what is found, each with its sentence."""
    failing = (judged.said for judged in told if judged.outcome == "fail")
    return Counter(
        (_sentence(said.paragraph, said.start), said.paragraph.text[said.opens : said.end])
        for said in failing
    )


def _sentence(paragraph: Paragraph, at: int) -> str:
    return paragraph.text[slice(*paragraph.sentence(at))]


def _sentences(change: Change) -> set[str]:
    """Return the sentences that were changed, as they are now."""
    changed = plain(change.changed)
    return {_sentence(changed, bisect_left(changed.index, at)) for at, _ in change.at()}


def plain(raw: str) -> Paragraph:
    """Return a text as one paragraph."""
    return paragraph_of(((Place("", ""), raw),))


def _fits(change: Change, judged: Judged, room: Fraction | int) -> bool:
    """Return whether a changed number is no more than one of its last digit, or ``room``, off."""
    old, new = change.told.said.number, judged.said.number
    if old is None or new is None or judged.outcome == "unchecked":
        return False
    halves = [old.half, new.half, *change.halves]
    return abs(old.value - new.value) <= max(2 * max(halves), room)


# --- many of them --------------------------------------------------------------------------


def fictions() -> Iterator[tuple[str, Evaluation]]:
    """Yield the sample units with the texts of ``planted``, which say far more of their tables."""
    for path in sorted(PLANTED.glob("*.md")):
        case = load_unit(PARAMS / "2021" / path.stem)
        yield path.stem, literal(case, path.read_text(encoding="utf-8"))


def run_unit(folder: str, rounds: int) -> list[tuple[Change, Outcome]]:
    """Return every change of a unit's text, or of a fiction's, and what became of it."""
    path = Path(folder).resolve()
    case = dict(fictions())[path.stem] if path.parent == PLANTED else literal(load_unit(path))
    done: dict[object, tuple[Change, Outcome]] = {}
    for seed in range(rounds):
        for change in changes(case, Random(seed)):
            if (change.raw, change.edits) not in done:
                done[change.raw, change.edits] = change, outcome_of(case, change)
    return list(done.values())


def main() -> int:
    """Change the texts of all units named, print what became of each number."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folders", nargs="*", help="units; without, the samples and fictions")
    parser.add_argument("--rounds", type=int, default=3, help="how often each number is changed")
    options = parser.parse_args()
    folders = options.folders or [
        *map(str, sorted(p for p in (PARAMS / "2021").iterdir() if p.is_dir())),
        *map(str, sorted(PLANTED.glob("*.md"))),
    ]
    done: list[tuple[Change, Outcome]] = []
    with ProcessPoolExecutor() as pool:
        run = partial(run_unit, rounds=options.rounds)
        for folder, own in zip(folders, pool.map(run, folders), strict=True):
            done += own
            print(f"{folder}: {len(own)} changed, {share_found(own):.1%} found")
    return _report(done)


def share_found(done: Sequence[tuple[Change, Outcome]]) -> float:
    """Return the share of changed numbers that became findings at their place."""
    asked = [outcome for _, outcome in done if outcome != "fits"]
    return sum(outcome in FOUND for outcome in asked) / max(len(asked), 1)


def _report(done: Sequence[tuple[Change, Outcome]]) -> int:
    for change, outcome in done:
        if outcome not in FOUND | {"fits"}:
            print(f"{outcome.upper()} {change}")
    for name in ("kind", "measure"):
        for value in sorted({getattr(change, name) for change, _ in done}):
            own = [(c, o) for c, o in done if getattr(c, name) == value]
            told = ", ".join(f"{o} {n}" for o, n in Counter(o for _, o in own).most_common())
            print(f"{name} {value}: {len(own)}, {share_found(own):.1%} found ({told})")
    passed = sum(outcome == "passed" for _, outcome in done)
    print(f"{len(done)} changed, {share_found(done):.1%} found, {passed} still agree")
    return 1 if passed or share_found(done) < LEAST_FOUND else 0


if __name__ == "__main__":
    sys.exit(main())
