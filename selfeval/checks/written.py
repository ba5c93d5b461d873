"""The unit's text as its author typed it: which of its numbers count, where each stands, and the
placeholders that could stand there."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Final

from ..budget.placeholders import item_names, placeholder_of
from ..evaluation import Evaluation
from ..evaluation.finding import places_text
from ..evaluation.said import line_of, statement_record
from ..sheets import Place
from ..terms import NOT_COMPUTABLE, SAID_OUTCOMES, STAFFING
from ..text.paragraphs import Paragraph
from ..text.statements import Judged, Statement
from .prose import FilledIn, filled
from .text.told import texts

NOT_COUNTED: Final = "没有核对的日期、文号、序号、科目编码和年份不算数"
"""Which numbers of a text nobody compares, for whoever reads how many there are."""

_LISTED = re.compile(r"(?:[.、:)]|\(?[A-Za-z]\)?)(?!\d)|[\u4e00-\u9fff]")
_OPENS = re.compile(r"(?:^|[。;:、!?(第\s])$")
_AFTER_TEXT = 10**9
_CODE_LENGTHS = (3, 5, 7)
_MOST_QUOTED, _LONGEST_QUOTE = 6, 60


def is_counted(judged: Judged) -> bool:
    """Return whether a number is one that its author answers for: no date, code or ordinal.

    What was compared is one whatever it looks like.
    """
    said = judged.said
    number, text = said.number, said.paragraph.text
    if number is not None and judged.outcome != "unchecked":
        return True
    if number is None or number.kind in {"date", "citation"}:
        return False
    if number.kind != "bare":
        return True
    printed, after = text[number.start : number.end], text[number.end : number.end + 2]
    before = text[max(0, number.start - 1) : number.start]
    if not printed.isdigit():
        # An ordinal and a year run together, as 1. 2023年, are no number.
        is_broken = said.paragraph.is_broken(number.start, number.end)
        return not (is_broken and _OPENS.search(before))
    if after[:1].isascii() and after[:1].isalpha():
        return False
    if len(printed) in _CODE_LENGTHS and re.match(r"[\u4e00-\u9fff]", after):
        return False
    if len(printed) == 4 and printed[:2] in {"19", "20"}:
        return False
    # In a list that was pasted a space stands behind the ordinal, which ``text`` leaves out.
    last = said.paragraph.index[number.end - 1]
    is_apart = said.paragraph.raw[last + 1 : last + 2].isspace() or _OPENS.search(before)
    is_ordinal = len(printed) <= 2 and _LISTED.match(after) and is_apart
    return not (is_ordinal or before in {"第", "图", "表"})


@dataclass(frozen=True)
class Offer:
    """A placeholder for a number: what it prints, and the columns of the number in its line.

    It is exact where it prints what stands there; ``line`` is 0 where it cannot be put in.
    """

    placeholder: str
    prints: str
    is_exact: bool
    line: int = 0
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Passage:
    """A paragraph of the text under its heading, with what it says and the placeholders in it."""

    heading: str
    paragraph: Paragraph
    said: tuple[Judged, ...]
    placed: tuple[FilledIn, ...]
    """By their place in ``raw``."""


@dataclass(frozen=True)
class Tally:
    """How many numbers a text has, how many were compared, how many are wrong or placeholders."""

    numbers: int
    compared: int
    wrong: int
    placed: int
    claims: int


class WrittenText:
    """The text of one unit that was checked."""

    def __init__(self, case: Evaluation) -> None:
        """Keep its lines as they were typed, with their placeholders filled."""
        self.case = case
        self.names = item_names(case.quantities, case.unit.form)
        parts = sorted(case.unit.narrative.all_parts(), key=lambda part: part.line)
        self._headings = [(part.line, part.heading) for part in parts]
        self._found: dict[tuple[Place, str], list[FilledIn]] = {}
        self._lines = {
            number: (line, *filled(case, self.names, line))
            for part in parts
            for number, line in enumerate(part.text.splitlines(), part.text_line)
        }

    def passages(self) -> list[Passage]:
        """Return the paragraphs in the order of the file, then those of the tables' cells."""
        said: dict[tuple[Place, str], list[Judged]] = {}
        for judged in self.case.judged:
            said.setdefault(_key(judged.said.paragraph), []).append(judged)
        found = [own for own, *_ in texts(self.case) if own.text]
        found.sort(key=lambda own: line_of(own.starts[0][1]) or _AFTER_TEXT)
        return [
            Passage(
                self._heading(own.starts[0][1]),
                own,
                tuple(said.pop(_key(own), ())),
                tuple(self._placed(own)),
            )
            for own in found
        ]

    def _heading(self, place: Place) -> str:
        line = line_of(place)
        if not line:
            return place.sheet or place.file
        return next((text for at, text in reversed(self._headings) if at <= line), "")

    def _placed(self, paragraph: Paragraph) -> list[FilledIn]:
        key = _key(paragraph)
        if key not in self._found:
            self._found[key] = list(self._placeholders(paragraph))
        return self._found[key]

    def _placeholders(self, paragraph: Paragraph) -> Iterator[FilledIn]:
        for offset, place in paragraph.starts:
            _, text, placed = self._lines.get(line_of(place), ("", "", []))
            shift = offset - (len(text) - len(text.lstrip()))
            yield from (replace(p, start=p.start + shift, end=p.end + shift) for p in placed)

    def is_placed(self, said: Statement) -> bool:
        """Return whether a placeholder printed a number."""
        at = said.paragraph.index[said.start]
        return any(own.start <= at < own.end for own in self._placed(said.paragraph))

    def offer(self, judged: Judged) -> Offer | None:
        """Return the placeholder for a number that equals a quantity and is none yet."""
        said, line = judged.said, judged.key.rpartition(".")[0]
        if not judged.key or not line_of(said.paragraph.place(said.start)) or self.is_placed(said):
            return None
        name = (
            self.case.budget_lines[line].name
            if line in self.case.budget_lines
            else STAFFING["staff"]
        )
        text = placeholder_of(judged.key, name, self.names, self.case.quantities)
        if not text:
            return None
        prints = self.case.printer.quantity(self.case.quantities[judged.key])
        # A space within a number is the typist's; a comma or another digit is a choice.
        typed = "".join(said.paragraph.raw[self._raw(said)].split())
        line_and_columns = self._columns(said) if typed == prints else (0, 0, 0)
        return Offer(text, prints, typed == prints, *line_and_columns)

    def _raw(self, said: Statement) -> slice:
        index = said.paragraph.index
        return slice(index[said.start], index[said.end - 1] + 1)

    def _columns(self, said: Statement) -> tuple[int, int, int]:
        """Return the line of a number and its columns as typed, zeros if it is broken."""
        own, raw = said.paragraph, self._raw(said)
        offset, place = own.starts[bisect_right(own.starts, raw.start, key=itemgetter(0)) - 1]
        typed, text, placed = self._lines[line_of(place)]
        start = raw.start - offset + len(text) - len(text.lstrip())
        start += sum(p.typed[1] - p.typed[0] - (p.end - p.start) for p in placed if p.end <= start)
        end = start + raw.stop - raw.start
        if typed[start:end] != own.raw[raw]:
            return 0, 0, 0
        return line_of(place), start, end

    def lines(self, everything: bool) -> Iterator[tuple[str, str]]:
        """Yield each number as a line by its outcome and, as ``more``, the words it stands in.

        What is wrong comes first, what is 相符 only if ``everything``; those of one paragraph
        with one reason share a line.
        """
        lines: dict[str, list[tuple[str, str]]] = {outcome: [] for outcome in SAID_OUTCOMES}
        for passage in self.passages():
            groups: dict[tuple[str, str, str], list[Judged]] = {}
            for one in passage.said:
                if self._is_listed(one, everything):
                    groups.setdefault((one.outcome, *self._told(one)), []).append(one)
            for (outcome, told, offer), group in groups.items():
                own, said = passage.paragraph, group[0].said
                quotes = [*dict.fromkeys(own.quote(o.said.start, o.said.end) for o in group)]
                more = f"等{len(group)}个" if len(quotes) > _MOST_QUOTED else ""
                last = group[-1].said
                last = last if last.end - said.start < _LONGEST_QUOTE else said
                place = own.place(said.start)
                where = place.cell if line_of(place) else f"{place.sheet} {place.cell}"
                quoted = "、".join(quotes[:_MOST_QUOTED])
                lines[outcome] += [
                    (outcome, f"{where} {quoted}{more}：{told}"),
                    ("more", f"“{own.excerpt(said.start, last.end)}”"),
                    *([("more", offer)] if offer else []),
                ]
        for found in lines.values():
            yield from found

    def _is_listed(self, one: Judged, everything: bool) -> bool:
        if one.said.number is None:
            return one.outcome == "fail" or (everything and one.outcome != "unchecked")
        if not is_counted(one) or (one.outcome != "fail" and self.is_placed(one.said)):
            return False
        return everything or one.outcome != "pass"

    def _told(self, one: Judged) -> tuple[str, str]:
        """Return what a number was compared with, or why it was not, and what could stand there."""
        if one.outcome == "unchecked":
            return one.why, ""
        where = f"（{places_text(one.places, '')}）" if one.places else ""
        code = f"{one.code} " if one.outcome == "fail" else ""
        offer = self.offer(one)
        put = f"可改用 {offer.placeholder}" if offer else ""
        put += f"（会印成{offer.prints}）" if offer and not offer.is_exact else ""
        return f"{code}{expected_words(one)}{one.shown or '与所比的数一致'}{where}", put

    def records(self) -> list[dict[str, object]]:
        """Return every number and claim as plain data, with the placeholder that could stand."""
        unit, names = self.case.unit, self.case.subject_names
        records = []
        for one in self.case.judged:
            offer = self.offer(one)
            records.append(
                {"unit_code": unit.code, "fiscal_year": unit.year}
                | statement_record(one, names)
                | {"is_counted": is_counted(one), "is_placeholder": self.is_placed(one.said)}
                | {"placeholder": offer.placeholder if offer else ""}
                | {"prints": offer.prints if offer else ""}
            )
        return records

    def summary(self) -> str:
        """Return how many numbers there are and what came of them, in one sentence."""
        tally = self.tally()
        placed = f"；另有{tally.placed}个由占位符填写" if tally.placed else ""
        told = (
            f"核对{tally.compared}个，不符{tally.wrong}个，未核对{tally.numbers - tally.compared}个"
        )
        return f"文中{tally.numbers}个数，{told}{placed}。{NOT_COUNTED}。"

    def tally(self) -> Tally:
        """Return how many of its numbers were compared."""
        counted = [one for one in self.case.judged if is_counted(one)]
        own = [one for one in counted if not self.is_placed(one.said) or one.outcome == "fail"]
        compared = [one for one in own if one.outcome != "unchecked"]
        claims = sum(one.said.number is None for one in self.case.judged)
        wrong = sum(one.outcome == "fail" for one in compared)
        return Tally(len(own), len(compared), wrong, len(counted) - len(own), claims)

    def bound(self, content: str) -> str:
        """Return the text of the file with every exact placeholder in the place of its number."""
        lines = content.split("\n")
        offers = [o for one in self.case.judged if (o := self.offer(one)) and o.line]
        whole = {o.line for o in offers if self._lines[o.line][0] == lines[o.line - 1].rstrip("\r")}
        for offer in sorted(offers, key=lambda own: (own.line, own.start), reverse=True):
            if offer.line in whole:
                line = lines[offer.line - 1]
                lines[offer.line - 1] = (
                    f"{line[: offer.start]}{offer.placeholder}{line[offer.end :]}"
                )
        return "\n".join(lines)


def expected_words(one: Judged) -> str:
    """Return what should stand where a number is wrong, before what it follows from."""
    if one.outcome == "pass" or one.expected in {"", one.shown}:
        return ""
    return f"{one.expected}，按" if one.expected == NOT_COMPUTABLE else f"应为{one.expected}，按"


def _key(paragraph: Paragraph) -> tuple[Place, str]:
    return paragraph.starts[0][1], paragraph.raw


def in_runs(numbers: Iterable[int]) -> str:
    """Return whole numbers in order, those in a row as from–to."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(
        f"{run[0]}–{run[-1]}" if len(run) > 2 else "、".join(map(str, run)) for run in runs
    )
