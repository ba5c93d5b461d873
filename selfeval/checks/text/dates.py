"""Dates in a text: limits of measures, dates of material and surveys, periods told twice."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ...evaluation import Evaluation
from ...folding import fold
from ...indicators.deadlines import Time, read_time
from ...schemes.known_names import CountingWords
from ...sheets import Place
from ...tables.rows import Measure
from ...text.paragraphs import Paragraph
from ...text.statements import Judged, Statement, left_open
from ...text.tokens import NumberWords, numbers
from .counted import words_of

_NO_WORDS = NumberWords((), {}, {})

_CODE = "TEXT-27"
_TAIL = re.compile(r"(?:[上中下]旬|[底末初])?(?:以前|之前|前)?")
_POINTED = re.compile(r"(?:19|20)\d\d[-.]\d")
_TO = re.compile(r"\s*(?:至|到|—+|--?|~|–)\s*")
_FROM = re.compile(r"[年月日号旬\d](?:至|到|—|-|~)$")
_PUNCTUATION = re.compile(r"[,;:。、()]")
_BEFORE, _BEHIND = 80, 40
_SURE, _LIKELY, _LEAD = 6, 4, 2
_NAMED = 5


@dataclass(frozen=True, slots=True)
class _When:
    """When something is, in words and by where it stands."""

    time: Time
    shown: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of time and the words before it."""

    first: Statement
    last: Statement
    word: str
    context: str


def dates_of(paragraph: Paragraph) -> Iterator[Statement]:
    """Yield the dates of a paragraph that name a month."""
    for number in numbers(paragraph.text, _NO_WORDS):
        if number.kind != "date":
            continue
        if number.unit == "year" and not _POINTED.match(paragraph.text, number.start):
            continue
        end = _TAIL.match(paragraph.text, number.end)
        assert end
        yield Statement(
            paragraph=paragraph,
            opens=number.start,
            start=number.start,
            end=end.end(),
            number=number,
            measure="date",
            year=number.year,
        )


class Dates:
    """Compares the dates of a text."""

    def __init__(self, case: Evaluation, statements: Iterable[Statement]) -> None:
        """Find the periods: the same may be told twice."""
        self.case, self.year = case, case.unit.year
        self.report = case.unit.settings.report_date
        self._found: dict[int, Judged] = {}
        own = [said for said in statements if said.measure == "date"]
        self._per_sentence = Counter(map(_sentence_of, own))
        periods = [period for one, other in pairwise(own) if (period := self._period(one, other))]
        for at, period in enumerate(periods):
            self._told_twice(period, periods[:at])

    def judged(self, said: Statement) -> Judged:
        """Return what came of a date."""
        if told := self._found.get(id(said)):
            return told
        time = self._time(said)
        if time is None:
            return left_open(said, "看不出是哪一天或哪一个月")
        for known in (self._reported, self._material, self._surveyed, self._reached, self._due):
            if whens := known(said, time):
                return self._compared(said, time, whens)
        return left_open(said, "表格里没有可以核对的日期")

    def _compared(self, said: Statement, time: Time, whens: Sequence[_When]) -> Judged:
        known = [one for one in whens if _meets(time, one.time)]
        shown = known[0].shown if known else "、".join(dict.fromkeys(w.shown for w in whens))
        places = tuple(dict.fromkeys(p for one in (known or whens) for p in one.places))
        if not known and not self._is_dated(said):
            return left_open(said, "没有写年份")
        return Judged(
            said=said,
            outcome="pass" if known else "fail",
            code=_CODE,
            shown=shown,
            expected="" if known else shown,
            places=places,
        )

    def _time(self, said: Statement) -> Time | None:
        written = said.paragraph.text[said.start : said.end]
        return read_time(written, self.year, self.case.unit.scoring.words)

    def _is_dated(self, said: Statement) -> bool:
        return bool(re.match(r"(?:19|20)\d\d", said.paragraph.text[said.start : said.end]))

    def _context(self, said: Statement) -> str:
        start, end = said.paragraph.sentence(said.start)
        text = said.paragraph.text
        return text[max(start, said.start - _BEFORE) : min(end, said.end + _BEHIND)]

    def _listed(self, role: CountingWords) -> tuple[str, ...]:
        return words_of(self.case.unit.grammar, role)

    def _is_range(self, said: Statement) -> bool:
        text = said.paragraph.text
        return bool(
            _TO.match(text, said.end)
            or re.search(
                r"[年月日号旬\d](?:至|到|—|-|~)$", text[max(0, said.start - 2) : said.start]
            )
        )

    # --- what tables know --------------------------------------------------------------------

    def _reported(self, said: Statement, time: Time) -> list[_When]:
        if self.report is None:
            return []
        text = said.paragraph.text
        before = _PUNCTUATION.split(text[max(0, said.start - 16) : said.start])[-1]
        if not before.endswith(self._listed("made")) or not any(
            word in before for word in self._listed("report")
        ):
            return []
        when = Time(self.report, self.report)
        return [_When(when, f"unit.yaml 写报告日期{self.report.isoformat()}", ())]

    def _material(self, said: Statement, time: Time) -> list[_When]:
        if self._is_range(said):
            return []
        context = self._context(said)
        found = []
        for row in self.case.tables.evidence:
            name = fold(re.sub(r"[（(].*?[）)]", "", row.material))
            when = self._read(row.date) if len(name) >= _NAMED and name in context else None
            if when:
                shown = f"佐证材料台账写“{row.material}”日期{row.date}"
                found.append(_When(when, shown, (row.place_of("date"),)))
        return found

    def _surveyed(self, said: Statement, time: Time) -> list[_When]:
        context = self._context(said)
        text = said.paragraph.text
        close = text[said.start - 8 : said.start] + text[said.end : said.end + 12]
        if not any(word in context for word in self._listed("survey")) or not any(
            word in close for word in self._listed("surveyed")
        ):
            return []
        found = []
        for row in self.case.tables.indicators:
            if not any(word in row.evidence for word in self._listed("survey")):
                continue
            for number in numbers(fold(row.evidence), _NO_WORDS):
                if number.kind == "date" and number.unit != "year":
                    when = self._read(fold(row.evidence)[number.start : number.end])
                    if when:
                        shown = f"指标“{row.indicator_name}”的佐证材料写“{row.evidence}”"
                        found.append(_When(when, shown, (row.place_of("evidence"),)))
        return found

    def _reached(self, said: Statement, time: Time) -> list[_When]:
        context = self._context(said)
        for row in self.case.tables.indicators:
            name = fold(row.indicator_name)
            if name not in context and not (_stem(name) and _stem(name) in context):
                continue
            found = []
            for name in ("target_value", "actual_value"):
                value = getattr(row, name)
                when = self._read(value) if re.search(r"[年月]|\d-\d", value) else None
                if when:
                    found.append(
                        _When(when, f"表中“{row.indicator_name}”写{value}", (row.place_of(name),))
                    )
            if found:
                return found
        return []

    def _due(self, said: Statement, time: Time) -> list[_When]:
        if self._is_range(said) or time.last <= dt.date(self.year, 12, 31):
            return []
        if self._per_sentence[_sentence_of(said)] > 1:
            return []
        context = self._context(said)
        written = said.paragraph.text[said.start : said.end]
        late = written.endswith(("前", "底", "末")) or any(
            word in context for word in self._listed("limit")
        )
        if not late:
            return []
        rows = [row for row in self.case.tables.measures if row.due and self._read(row.due)]
        scored = sorted(
            ((self._likeness(row, context), row.row, row) for row in rows), reverse=True
        )
        if not scored or scored[0][0] < _SURE:
            return []
        if len(scored) > 1 and scored[1][0] > scored[0][0] - _LEAD:
            return []
        row = scored[0][2]
        when = self._read(row.due)
        assert when
        # An earlier date may be that of a step.
        days = [(one.last.month, sorted(str(one.last.day))) for one in (time, when)]
        is_owned = bool(row.owner) and fold(row.owner) in context
        if time.last < when.first and not is_owned and days[0] != days[1]:
            return []
        return [_When(when, f"表中这条措施的完成时限是{row.due}", (row.place_of("due"),))]

    def _likeness(self, row: Measure, context: str) -> int:
        length = common_length(fold(row.measure), context)
        owner = bool(row.owner) and fold(row.owner) in context
        return length + (_SURE - _LIKELY if owner and length >= _LIKELY else 0)

    def _read(self, written: str) -> Time | None:
        return read_time(written, self.year, self.case.unit.scoring.words)

    # --- the same period told twice ----------------------------------------------------------

    def _period(self, one: Statement, other: Statement) -> _Stretch | None:
        if one.paragraph is not other.paragraph:
            return None
        text = one.paragraph.text
        if not _TO.fullmatch(text, one.end, other.start):
            return None
        before = re.sub(r"(?:为|是|从|自|:)$", "", text[max(0, one.start - 12) : one.start])
        word = next((w for w in self._listed("period") if before.endswith(w)), "")
        return _Stretch(one, other, word, self._context(one)) if word else None

    def _told_twice(self, period: _Stretch, others: Sequence[_Stretch]) -> None:
        for other in others:
            if other.word != period.word or other.first.start == period.first.start:
                continue
            if common_length(other.context, period.context) < len(period.word) + _SURE:
                own = _words_before(period, self)
                if not (own and own in other.context):
                    continue
            for mine, theirs in ((period.first, other.first), (period.last, other.last)):
                when, time = self._time(theirs), self._time(mine)
                if when is None or time is None:
                    continue
                place = theirs.paragraph.place(theirs.start)
                quote = theirs.paragraph.excerpt(other.first.start, other.last.end)
                known = [_When(when, f"{place.cell}写“{quote}”", (place,))]
                self._found[id(mine)] = self._compared(mine, time, known)
            return


def _words_before(period: _Stretch, dates: Dates) -> str:
    """Return the name before the word of a period, if it is long enough to be one."""
    name = period.context.partition(period.word)[0]
    name = _PUNCTUATION.split(name)[-1]
    return name if len(name) >= _SURE else ""


def _sentence_of(said: Statement) -> tuple[int, int]:
    return id(said.paragraph), said.paragraph.sentence(said.start)[0]


def _stem(name: str) -> str:
    """Return what is done by a time: 汛前检修 of 汛前检修完成时间."""
    stem = re.sub(r"(?:完成|完工|实施)?(?:时间|时限|期限|日期)$", "", name)
    return stem if stem != name and len(stem) >= _LIKELY else ""


def _meets(one: Time, other: Time) -> bool:
    return one.first <= other.last and other.first <= one.last


def common_length(one: str, other: str) -> int:
    """Return the length of the longest stretch that two texts share."""
    longest = 0
    lengths = [0] * (len(other) + 1)
    for char in one:
        last = 0
        for at, twin in enumerate(other, 1):
            last, lengths[at] = lengths[at], last + 1 if char == twin else 0
            longest = max(longest, lengths[at])
    return longest
