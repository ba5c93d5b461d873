"""Dates in a text: limits of measures, dates of material and surveys, dates told twice."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, islice, pairwise

from ...evaluation import Evaluation
from ...folding import fold
from ...indicators.deadlines import Time, read_time
from ...schemes.grammar import ProseGrammar
from ...sheets import Place
from ...text.paragraphs import Paragraph, pairs_of
from ...text.statements import Judged, Statement, left_open
from ...text.tokens import NumberWords, Written, numbers
from .counted import MARK, Counting, words_of

_NO_WORDS = NumberWords((), {}, {})
_TAIL = re.compile(r"(?:[上中下]旬|[底末初])?(?:以前|之前|前)?")
_NUMERAL_MONTH = re.compile(
    r"(?<![〇零一二三四五六七八九十年\d])(?:(?:19|20)\d\d年)?"
    r"(?:十[一二]?|[一二三四五六七八九])月(?=[上中下]旬|[底末])"
)
_POINTED = re.compile(r"(?:19|20)\d\d[-.]\d")
_DATED = re.compile(rf"月|{_POINTED.pattern}")
_DAY = re.compile(r"(?P<year>(?:19|20)\d\d)年(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
_MONTHS = 12
_YEAR = re.compile(r"(?:19|20)\d\d")
_TO = re.compile(r"\s*(?:起|开始)?,?[\u4e00-\u9fff]{0,2}(?:至|到|—+|--?|~|–)\s*")
_LATE = re.compile(r"(?:[底末前]|[以之]前)$")
_BEFORE, _BEHIND, _CLOSE = 60, 40, 16
_NAMED, _COVERED, _STEM = 3, 0.65, 4
_MOST_DATES = 24
_OWNER, _LIKELY, _SURE, _LEAD = 3, 4, 9, 2
_TWICE, _TWICE_DAY, _TWICE_RANGE, _COMMON = 5, 3, 2, 3
"""How many pairs of characters two dates must share to be one; how often common ones stand."""


@dataclass(frozen=True, slots=True)
class _When:
    """When something is, in words and by where it stands; whether that surely is meant."""

    time: Time
    shown: str
    places: tuple[Place, ...] = ()
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class _DateTold:
    """A date of the text with the words around it; of a stretch, its other end and which it is."""

    said: Statement
    time: Time
    before: str
    behind: str
    other_end: Time | None
    is_last: bool

    @property
    def context(self) -> str:
        """The words around it."""
        return f"{self.before},{self.behind}"


def dates_of(paragraph: Paragraph, grammar: ProseGrammar) -> Iterator[Statement]:
    """Yield the dates that name a month, and the years that a report is said to be of."""
    reports = words_of(grammar, "own_report", "assessed")
    if not _DATED.search(paragraph.text) and not any(word in paragraph.text for word in reports):
        return
    found = [one for one in numbers(paragraph.text, _NO_WORDS) if one.kind == "date"]
    for match in _NUMERAL_MONTH.finditer(paragraph.text):
        found.append(Written(*match.span(), "date", unit="day"))
    for number in sorted(found, key=lambda one: one.start):
        before = MARK.split(paragraph.text[max(0, number.start - _CLOSE) : number.start])[-1]
        is_month = number.unit != "year" or _POINTED.match(paragraph.text, number.start)
        if not is_month and not any(word in before for word in reports):
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


class Dates(Counting):
    """Compares the dates of a text."""

    def __init__(self, case: Evaluation, statements: Iterable[Statement]) -> None:
        """Read all dates: the same may be told twice."""
        super().__init__(case)
        own = [said for said in statements if said.measure == "date"]
        sentences = [list(group) for _, group in groupby(own, _sentence_of)]
        self._read = {id(one.said): one for group in sentences for one in self._dated(group)}
        seen = Counter(gram for one in self._read.values() for gram in self._grams(one.context))
        self._common = frozenset(gram for gram, count in seen.items() if count > _COMMON)

    def _dated(self, own: Sequence[Statement]) -> Iterator[_DateTold]:
        """Yield the dates of a sentence, each with the words up to the dates beside it."""
        text = own[0].paragraph.text
        start, end = own[0].paragraph.sentence(own[0].start)
        ranges = [_TO.fullmatch(text, one.end, two.start) is not None for one, two in pairwise(own)]
        for at, said in enumerate(own):
            first = at - 1 if at and ranges[at - 1] else at
            last = at + 1 if at < len(ranges) and ranges[at] else at
            opens = max(own[first - 1].end if first else start, said.start - _BEFORE)
            closes = min(end, said.end + _BEHIND)
            if last + 1 < len(own):
                mark = MARK.search(text, own[last].end, own[last + 1].start)
                closes = min(closes, mark.start() if mark else own[last + 1].start)
            before, behind = text[opens : own[first].start], text[own[last].end : closes]
            times = [self._time(text[one.start : one.end]) for one in own[first : last + 1]]
            if time := times[at - first]:
                other = times[0 if first < at else -1] if first < last else None
                yield _DateTold(said, time, before, behind, other, first < at)

    def judged(self, said: Statement) -> Judged:
        """Return what came of a date."""
        one = self._read.get(id(said))
        if one is None:
            day = _DAY.match(said.paragraph.text, said.start)
            if day and 1 <= int(day["month"]) <= _MONTHS and not _is_day(*map(int, day.groups())):
                shown = f"{day['year']}年{day['month']}月没有这一天"
                return Judged(said=said, outcome="fail", code="TEXT-27", shown=shown)
            return left_open(said, "看不出是哪一天或哪一个月")
        for known in (
            self._reported,
            self._material,
            self._surveyed,
            self._reached,
            self._due,
            self._twice,
        ):
            whens = [(when, self._apart(one, when.time)) for when in known(one)]
            met = [when for when, apart in whens if not apart][:1]
            wrong = [when for when, apart in whens if apart == 1 or when.is_sure]
            if met or wrong:
                shown = "、".join(dict.fromkeys(when.shown for when in met or wrong))
                return Judged(
                    said=said,
                    outcome="pass" if met else "fail",
                    code="TEXT-27",
                    shown=shown,
                    expected="" if met else shown,
                    places=tuple(place for when in met or wrong for place in when.places),
                )
        return left_open(said, "表格里没有可以核对的日期")

    def _time(self, written: str) -> Time | None:
        return read_time(written, self.year, self.case.unit.scoring.words)

    def _apart(self, one: _DateTold, known: Time) -> int:
        """Return in how many of year, month and day two times differ."""
        own, year = one.time, known.last.year
        if not _YEAR.match(one.said.paragraph.text, one.said.start):
            own = Time(_in_year(own.first, year), _in_year(own.last, year))
        if own.first <= known.last and known.first <= own.last:
            return 0
        days = own.first.day <= known.last.day and known.first.day <= own.last.day
        days = days or (_is_month_end(own.last) and _is_month_end(known.last))
        return (own.last.year != year) + (own.last.month != known.last.month) + (not days)

    def _grams(self, text: str) -> frozenset[str]:
        if text not in self._known:
            self._known[text] = self._pairs(text)
        return self._known[text]

    @cached_property
    def _known(self) -> dict[str, frozenset[str]]:
        return {}

    def _pairs(self, text: str) -> frozenset[str]:
        pairs = {pair for pair in pairs_of(text) if not MARK.search(pair)}
        return frozenset(pair for pair in pairs if not pair.isascii()) - self._filling

    @cached_property
    def _filling(self) -> set[str]:
        words = self.words("around", "limit", "made", "surveyed")
        return {pair for word in words for pair in pairs_of(word)}

    def _is_named(self, one: _DateTold, name: str) -> bool:
        own, grams = ({*pairs_of(text)} for text in (one.context, name))
        return len(grams) >= _NAMED and len(grams & own) >= _COVERED * len(grams)

    # --- what tables know --------------------------------------------------------------------

    def _reported(self, one: _DateTold) -> Iterator[_When]:
        """Yield when the report was made, and of which year it is."""
        before, behind = MARK.split(one.before[-_CLOSE:])[-1], MARK.split(one.behind[:_CLOSE])[0]
        number, report = one.said.number, self.case.unit.settings.report_date
        is_made = before.endswith(self.words("made")) or self.says(behind, "made")
        is_made = is_made and not self.says(before, "draft")
        is_year = number is not None and number.unit == "year" and one.time.last.month == 12
        told = f"报告的年度是{self.year}年"
        if self.says(before, "assessed") or (is_year and not self.says(before, "compared")):
            yield _When(Time(dt.date(self.year, 1, 1), dt.date(self.year, 12, 31)), told)
        elif self.says(before, "report") and is_made and report:
            yield _When(Time(report, report), f"unit.yaml 写报告日期{report.isoformat()}")
        elif self.says(before, "report") and is_made and one.time.last.year <= self.year:
            first = dt.date(self.year + 1, 1, 1)
            yield _When(Time(first, first), f"{told}，年度结束以后才会有报告")

    def _material(self, one: _DateTold) -> Iterator[_When]:
        for row in self.case.tables.evidence:
            when = self._time(row.date)
            name = fold(re.sub(r"[（(].*?[）)]", "", row.material))
            if when and one.other_end is None and self._is_named(one, name):
                shown = f"佐证材料台账写“{row.material}”日期{row.date}"
                yield _When(when, shown, (row.place_of("date"),))

    def _surveyed(self, one: _DateTold) -> Iterator[_When]:
        is_survey = self.says(one.context, "survey") and self.says(one.context, "surveyed")
        if not is_survey or self.says(one.context, "other_survey"):
            return
        for row in self.case.tables.indicators:
            text = fold(row.evidence)
            for number in numbers(text, _NO_WORDS) if self.says(text, "survey") else ():
                is_month = number.kind == "date" and number.unit != "year"
                if is_month and (when := self._time(text[number.start : number.end])):
                    shown = f"指标“{row.indicator_name}”的佐证材料写“{row.evidence}”"
                    yield _When(when, shown, (row.place_of("evidence"),))

    def _reached(self, one: _DateTold) -> Iterator[_When]:
        if self.says(one.context, "other_time"):
            return  # 拟提前到4月10日前完成
        for row in self.case.tables.indicators:
            name = fold(row.indicator_name)
            if self._is_named(one, name) or self._is_named(one, _stem(name)):
                for column in ("target_value", "actual_value"):
                    value = getattr(row, column)
                    when = self._time(value) if re.search(r"[年月]|\d-\d", value) else None
                    if when:
                        shown = f"表中“{row.indicator_name}”写{value}"
                        yield _When(when, shown, (row.place_of(column),))

    def _due(self, one: _DateTold) -> Iterator[_When]:
        """Yield when the measure that a text surely speaks of is due."""
        written = one.said.paragraph.text[one.said.start : one.said.end]
        is_limit = self.says(one.context, "limit") or bool(_LATE.search(written))
        is_yeared = bool(_YEAR.match(written))
        if one.time.last <= dt.date(self.year, 12, 31):
            # What is past is no limit, unless it is written as one with a wrong year.
            is_limit = written.endswith("前") if is_yeared else bool(_LATE.search(written))
        if one.other_end or not is_limit:
            return
        is_told_there = self.says(one.said.paragraph.heading, "measure", "problem")
        fewest = _LIKELY if is_yeared or is_told_there else _LIKELY + _OWNER
        near = one.context if is_yeared else f"{one.before},{MARK.split(one.behind)[0]}"
        own, scored = self._grams(near), []
        for row in self.case.tables.measures:
            is_owned = bool(row.owner) and fold(row.owner) in one.context
            is_due = self.says(one.context, "deadline")
            shared = own & self._grams(f"{fold(row.problem)},{fold(row.measure)}")
            likeness = len(shared) + _OWNER * is_owned
            when = self._time(row.due) if row.due else None
            likeness += is_due + (when is not None and _is_other_year(one.time, when))
            if when and (is_owned or is_due or not _is_step(one.time, when)):
                places = (row.place_of("due"),)
                is_other = is_owned and any(not self._apart(one, due) for due in self._dues)
                is_sure = likeness >= _SURE or is_other
                known = _When(when, f"表中这条措施的完成时限是{row.due}", places, is_sure)
                scored.append((likeness, row.row, known))
        scored.sort(reverse=True)
        lead = scored[0][0] - scored[1][0] if len(scored) > 1 else _LEAD
        if scored and scored[0][0] >= fewest and lead >= _LEAD:
            yield scored[0][2]

    @cached_property
    def _dues(self) -> list[Time]:
        """When the measures are due."""
        told = (self._time(row.due) for row in self.case.tables.measures if row.due)
        return [due for due in told if due]

    # --- the same date told twice -------------------------------------------------------------

    def _twice(self, one: _DateTold) -> Iterator[_When]:
        found: list[tuple[int, _When]] = []
        if self.says(one.context, "recurring"):
            return
        own = _sentence_of(one.said)
        others = (
            other
            for other in self._by_ends[one.other_end is None, one.is_last]
            if _sentence_of(other.said) != own and not self.says(other.context, "recurring")
        )
        for other in islice(others, _MOST_DATES):
            likeness, apart = self._likeness(one, other), self._apart(one, other.time)
            # A stretch that begins alike is the same, whenever it ends.
            is_same = one.other_end is not None and one.other_end == other.other_end
            if likeness >= 0 and (apart < _LEAD or is_same):
                place = other.said.paragraph.place(other.said.start)
                quote = other.said.paragraph.excerpt(other.said.start, other.said.end)
                when = _When(other.time, f"{place.cell}写“{quote}”", (place,), is_same)
                found.append((likeness, when))
        found.sort(key=lambda own: -own[0])
        yield from (when for _, when in found[:2])

    @cached_property
    def _by_ends(self) -> dict[tuple[bool, bool], list[_DateTold]]:
        found: dict[tuple[bool, bool], list[_DateTold]] = defaultdict(list)
        for one in self._read.values():
            found[one.other_end is None, one.is_last].append(one)
        return found

    def _likeness(self, one: _DateTold, other: _DateTold) -> int:
        """Return how many pairs of characters more than needed stand around both of two dates."""
        shared = self._grams(one.context) & self._grams(other.context)
        if one.other_end:
            is_same = one.other_end == other.other_end
            return len(shared) - (_TWICE_RANGE if is_same else _TWICE)
        days = [each.time.last for each in (one, other) if each.time.first == each.time.last]
        if len(days) == 2:
            is_same = len({(day.month, day.day) for day in days}) == 1
            return len(shared - self._common) - (1 if is_same else _TWICE_DAY)
        near = [f"{each.before[-_CLOSE:]},{each.behind[:_CLOSE]}" for each in (one, other)]
        stages = [{*self.pattern("stages").findall(text)} for text in near]
        if all(stages) and stages[0].isdisjoint(stages[1]):
            return -1
        return len(self._grams(near[0]) & self._grams(near[1])) - _TWICE


def _is_day(year: int, month: int, day: int) -> bool:
    return 1 <= day <= calendar.monthrange(year, month)[1]


def _is_step(time: Time, due: Time) -> bool:
    """Return whether a date may be that of a step on the way."""
    months = [(one.year, one.month) for one in (time.last, due.first)]
    return months[0] < months[1] and time.last.year == due.last.year


def _is_other_year(one: Time, other: Time) -> bool:
    """Return whether only the year of two days or months differs."""
    return one.last.year != other.last.year and one.last.month == other.last.month


def _sentence_of(said: Statement) -> tuple[int, tuple[int, int]]:
    return id(said.paragraph), said.paragraph.sentence(said.start)


def _in_year(day: dt.date, year: int) -> dt.date:
    return day.replace(year=year, day=min(day.day, calendar.monthrange(year, day.month)[1]))


def _is_month_end(day: dt.date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]


def _stem(name: str) -> str:
    """Return what is done by a time: 汛前检修 of 汛前检修完成时间."""
    stem = re.sub(r"(?:完成|完工|实施)?(?:时间|时限|期限|日期)$", "", name)
    return stem if stem != name and len(stem) >= _STEM else ""
