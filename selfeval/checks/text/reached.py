"""What was reached, in a text: indicators, satisfaction, questionnaires, points and grades."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal

from ...evaluation import Evaluation
from ...evaluation.rows import is_satisfaction, ledger_rows
from ...evaluation.score import Score, ScoredRow
from ...folding import fold
from ...sheets import Place
from ...terms import CAPTIONS
from ...text.numbers import Computed, agrees, as_written, best, exactly
from ...text.paragraphs import Paragraph, one_of, pairs_of
from ...text.performance import OWN, WHOLE, PerformanceReader, Told
from ...text.slips import digits_of, is_slip
from ...text.statements import Judged, Outcome, Statement, held_against, left_open
from ...text.tokens import Written
from .facts import number_words, own_units
from .measured import Measured, measured, nearness
from .pasted import other_indicators, pasted_forms

INDICATORS, SCORES = "TEXT-25", "TEXT-26"
CLAIM = "reached"
NOT_SCORED = "还没有计分"
_POINTS = {"full_marks", "earned", "deducted", "marks", "grade"}
_SIGNS: dict[Literal["more", "less"], int] = {"more": 1, "less": -1}
_BEFORE, _NEAR = 1000, 12
_SURE = 4
"""How much has to speak for an indicator: words of its name, numbers that agree, digits."""
_UNIT = 2
_SHORTEST = 3
_DERIVED = {"distance", "completion", "beyond"}
_NO_ROLE = {"tails", "small", "denied"}
_SHARED: tuple[Literal["than", "respectively"], ...] = ("than", "respectively")
_SURVEYED = {"sent", "recovered", "valid", "unreturned", "return_rate", "satisfied", "answers"}


class Performance:
    """What the indicators, the ledger and the score of a unit know of what its text says."""

    def __init__(self, case: Evaluation) -> None:
        """Keep the unit; its words are gathered when there is something to read."""
        self.case, self.scoring = case, case.unit.scoring
        self.rows = [*case.tables.indicators, *other_indicators(case)]
        self._read: dict[int, tuple[Paragraph, dict[tuple[int, int], tuple[Told, list[Told]]]]] = {}

    @cached_property
    def _reader(self) -> PerformanceReader:
        grammar, year = self.case.unit.grammar, self.case.unit.year
        listed = self.case.unit.checks.listed
        lists: dict[str, Iterable[str]] = {
            **{role: grammar.words[role].words for role in _SHARED},
            "last_year": listed("last_year", year),
            **{name: own.words for name, own in grammar.reached.items() if name not in _NO_ROLE},
        }
        name = fold(self.case.unit.name)
        short_names = (name[at:] for at in range(len(name) - _SHORTEST + 1))
        own = (*listed("own_unit", year), *short_names, *self.case.unit.settings.also_named)
        words: dict[str, tuple[str, object]] = dict.fromkeys(map(fold, own), ("whole", None))
        words |= {fold(word): (role, word) for role, each in lists.items() for word in each}
        alone: dict[str, tuple[str, object]] = {}
        alone |= dict.fromkeys(grammar.reached["small"].words, ("beside", None))
        for role, sign in _SIGNS.items():
            words |= dict.fromkeys(listed(role, year), ("change", sign))
            alone |= dict.fromkeys(grammar.alone[role].words, ("change", sign))
        blocks = {block.name for variant in self.scoring.variants for block in variant.blocks}
        for block in blocks:
            kinds = block.replace("指标", "类指标"), block.replace("指标", "类")
            spoken = block, f"部门整体{block}", block.removesuffix("率"), *kinds
            words |= dict.fromkeys(spoken, ("block", block))
        *own_names, indicator = grammar.counting["indicator"].words
        words |= dict.fromkeys(own_names, ("block", OWN)) | {indicator: ("all", OWN)}
        tails = {*grammar.reached["tails"].words, *(fold(row.measure_unit) for row in self.rows)}
        asked = [at for at, row in enumerate(self.rows) if is_satisfaction(self.case, row)]
        short = self.case.words("satisfaction_names") if len(asked) == 1 else ()
        return PerformanceReader(
            words=words,
            alone=alone,
            full_names=[fold(row.indicator_name) for row in self.rows],
            material=[fold(row.evidence) for row in self.rows],
            short=dict.fromkeys(short, asked[0]) if asked else {},
            tails=tuple(sorted(tails - {"", "%", "率"})),
            denied=grammar.reached["denied"].words,
            together=frozenset(grammar.words["together"].words),
            numbered=number_words(grammar, own_units(self.case)),
            year=year,
            fits=lambda at, number: self._measured[at].is_of(number),
        )

    def _told(self, paragraph: Paragraph) -> dict[tuple[int, int], tuple[Told, list[Told]]]:
        """Return what a paragraph tells by its place, each with all that its sentence tells."""
        known = self._read.get(id(paragraph))
        if known is None:
            told: dict[tuple[int, int], tuple[Told, list[Told]]] = {}
            for span in [] if paragraph.raw in self._plans else paragraph.sentences:
                # Cells pasted from a form are no sentence.
                if not paragraph.is_form(span[0]):
                    beside = self._reader.read(paragraph.text, span, self._topic(paragraph))
                    told |= {(one.start, one.end): (one, beside) for one in beside}
            # The paragraph is kept, so that no other has its id.
            known = self._read[id(paragraph)] = paragraph, told
        return known[1]

    @cached_property
    def _plans(self) -> set[str]:
        """What is to be done: no word of it tells what was."""
        return {row.measure.strip() for row in self.case.tables.measures}

    def _topic(self, paragraph: Paragraph) -> tuple[int, ...]:
        """Return the indicator in whose row a cell stands."""
        cell = (paragraph.starts[0][1], paragraph.raw)
        return (self._cells[cell],) if cell in self._cells else ()

    @cached_property
    def _cells(self) -> dict[tuple[Place, str], int]:
        rows = enumerate(self.case.tables.indicators)
        return {(row.place_of("deviation_cause"), row.deviation_cause): at for at, row in rows}

    def claims(self, paragraph: Paragraph) -> list[Statement]:
        """Return what a paragraph claims of targets and grades without a number."""
        return [
            Statement(
                paragraph=paragraph,
                opens=told.start,
                start=told.start,
                end=told.end,
                number=None,
                measure="claim",
                label=paragraph.text[told.start : told.end],
                verb=CLAIM,
            )
            for told, _ in self._told(paragraph).values()
            if told.kind in {"claim", "grade"}
        ]

    def judged(self, said: Statement) -> Judged | None:
        """Return what came of a statement about what was reached, None if it is about another."""
        found = self._told(said.paragraph).get((said.start, said.end))
        if found is None:
            return None
        told, beside = found
        if told.kind in _POINTS:
            return self._points(said, told, beside)
        if told.kind in _SURVEYED:
            return self._survey(said, told, beside)
        return self._indicator(said, told, beside)

    @cached_property
    def _measured(self) -> list[Measured]:
        return [measured(row, self.scoring) for row in self.rows]

    # --- indicators --------------------------------------------------------------------------

    def _indicator(self, said: Statement, told: Told, beside: list[Told]) -> Judged | None:
        known = [self._measured[at] for at in told.of if isinstance(at, int)]
        rows = [row for row in known if row.is_of(said.number)]
        if not rows:
            # Written with another unit, a number is of the row whose digits it has.
            number, one = said.number, known[0] if len(known) == 1 else None
            if number is None or one is None or told.kind not in {"actual", "goal"}:
                return None
            near = one.nearness(told, number) - told.weak
            return self._found(said, told, one, "fail") if near > _UNIT else None
        if told.every:
            return self._every(said, told, rows)
        if len({(row.targets, row.actual, row.unit) for row in rows}) > 1:
            return left_open(said, "有几项同样的指标，不能确定是哪一项")
        one = rows[0]
        if one.actual is None and told.kind == "actual":
            # Where only the target is known, an own number may be what was reached.
            is_goal = any(other.kind == "goal" for other in beside)
            told = replace(told, kind="goal" if is_goal else "duty")
        outcome = one.outcome(told, said.number)
        if outcome is None:
            return None
        if outcome == "unchecked":
            return left_open(said, "不能确定说的是目标还是完成的情况")
        if told.weak and said.number:
            outcome = self._likely(told, said.number, one, outcome, beside)
            if outcome == "unchecked":
                # It may be of something else that others know.
                return None
        return self._found(said, told, one, outcome)

    def _every(self, said: Statement, told: Told, rows: list[Measured]) -> Judged | None:
        """Return what came of a number that is told of several indicators alike."""
        found = [(one.outcome(told, said.number), one) for one in rows]
        for outcome, one in found:
            if outcome == "fail":
                return self._found(said, told, one, outcome)
        holds = all(outcome in {"pass", "rounding"} for outcome, _ in found)
        return self._found(said, told, rows[0], "pass") if holds else None

    def _likely(
        self, told: Told, number: Written, one: Measured, outcome: Outcome, beside: list[Told]
    ) -> Outcome:
        """Return what came of a number of which it is only likely what it is of.

        What is said of the name, others of the sentence that agree with the same row, and how
        much the number looks like the one that should stand there make it sure together.
        """
        at = next((n for n, other in enumerate(beside) if other.start == told.start), 0)
        others = sum(
            1 + (other.kind in _DERIVED or len(digits_of(other.number, other.number.value)) > 1)
            for other in beside[max(at - _NEAR, 0) : at + _NEAR]
            if other.of == told.of and other.start != told.start and other.number
            if one.outcome(replace(other, way=""), other.number) == "pass"
        )
        fitting = sum(row.is_of(number) for row in self._measured)
        known = _SURE - 1 - min(told.weak, 2) + others + (number.kind != "percent" and fitting == 1)
        digits = len(digits_of(number, number.value))
        if outcome != "fail":
            return outcome if known + digits + (fitting == 1) > _SURE else "unchecked"
        last = beside[at - 1] if at else None
        kinds = {last.kind, told.kind} if last and last.of == told.of else set()
        is_behind = kinds == {"goal", "actual"}
        if last and is_behind and one.outcome(replace(last, way=""), last.number) == "pass":
            return outcome  # 没有达到100%的目标，只有90%; 只有90%，距100%的目标尚有差距
        if known >= _SURE and told.kind not in {"actual", "goal"}:
            return outcome
        near = one.nearness(told, number)
        if one.outcome(replace(told, way="", sign=-told.sign), number) == "pass":
            near = digits + 1
        enough = 1
        is_others = not one.has(number) and any(row.has(number) for row in self._measured)
        if told.weak == 1 and is_others:
            near += _UNIT  # 结课率92.6%, which is what another row reached
        if told.weak > 1 and not others:
            # 泵站巡查 is not 闸站巡查: only all digits of the row tell that it is meant.
            enough = max(digits, _SURE - 1) + (number.kind == "percent" or told.weak > 2)
        return outcome if near >= enough and known + near >= _SURE else "unchecked"

    def _found(self, said: Statement, told: Told, one: Measured, outcome: Outcome) -> Judged:
        shown = f"{one.shown}{one.derived(told, self.case)}"
        name = one.row.indicator_name
        return held_against(said, outcome, INDICATORS, shown, (one.row.place,), name)

    # --- questionnaires ----------------------------------------------------------------------

    @cached_property
    def _surveys(self) -> list[_Survey]:
        """What the ledger or the evidence says of the questionnaires of each survey."""
        found = []
        for at, row in enumerate(self.rows):
            if not is_satisfaction(self.case, row):
                continue
            rows = ledger_rows(self.case, row.indicator_name)
            counted = [(one.sample_size, one.recovered, one.place) for one in rows]
            texts = [(one.material, one.place) for one in rows] + [(row.evidence, row.place)]
            counted += [(*self._counted(fold(text)), place) for text, place in texts]
            own = next((one for one in counted if one[:2] != (None, None)), None)
            if own:
                found.append(_Survey(fold(row.indicator_name), *own, self._measured[at]))
        return found

    def _counted(self, text: str) -> tuple[int | None, int | None]:
        """Return how many questionnaires a text in a cell says went out and came back."""
        words = self.case.unit.grammar.reached
        back = one_of((*words["valid"].words, *words["recovered"].words))
        out = one_of((*words["sent"].words, *words["survey"].words))
        sent = re.search(rf"(?:{out})(?:问卷)?([0-9]+)份", text)
        answered = re.search(rf"(?:{back})(?:问卷)?([0-9]+)份", text)
        return int(sent[1]) if sent else None, int(answered[1]) if answered else None

    def _survey(self, said: Statement, told: Told, beside: list[Told]) -> Judged | None:
        number = said.number
        assert number
        start, end = said.paragraph.unit(said.start)
        beside = [one for one in beside if start <= one.start < end]
        surveys = self._surveys
        if len({(one.sent, one.back) for one in surveys}) > 1:
            text = said.paragraph.text[start:end]
            surveys = [one for one in surveys if _whom(one.name, self.case) in text] or surveys
        if not surveys:
            return left_open(said, "佐证材料里没有写问卷的份数")
        if len({(one.sent, one.back) for one in surveys}) > 1:
            return left_open(said, "有几次调查，不能确定是哪一次")
        kinds: list[str] = [one.kind for one in beside if one.number and one.kind != "answers"]
        if kinds.count(told.kind) > 1 or (told.kind == "recovered" and "valid" in kinds):
            return left_open(said, "不止一个数，不能确定与台账对应的是哪一个")
        own = surveys[0]
        readings = own.readings(told, beside)
        if not readings:
            return left_open(said, "佐证材料里没有写问卷的份数")
        outcome: Outcome = best([agrees(number, one) for one in readings])
        if outcome == "rounding":
            outcome = "pass"
        asked = [one.rest for one in beside if one.kind in _SURVEYED and len(one.rest) > 1]
        asked += [said.paragraph.text[start : said.start]] if asked else []
        known = any("满意" in rest or _shares(rest, one.name) for rest in asked for one in surveys)
        if outcome == "fail" and ((asked and not known) or told.kind == "answers"):
            # Of what it is no word tells: others that agree, or a slip of the pen tell it.
            near = max(nearness(number, one.value) for one in readings)
            if own.agreeing(told, beside) + near < _SURE - 1:
                return None
        shown = own.shown(told, readings[0].value, self.case)
        return held_against(said, outcome, INDICATORS, shown, (own.place,), own.name)

    @cached_property
    def _totals(self) -> list[tuple[Decimal, Decimal, str]]:
        """The totals of forms where no score of the unit's own stands against them."""
        totals = (form.total for form in pasted_forms(self.case))
        return [] if self.case.tables.indicators else [one for one in totals if one]

    @cached_property
    def _projects(self) -> list[str]:
        """What tells that points may be those of a project."""
        return ["项目", "专项", *(fold(row.project) for row in self.case.tables.projects)]

    # --- points ------------------------------------------------------------------------------

    def _points(self, said: Statement, told: Told, beside: list[Told]) -> Judged | None:
        scored = self.case.scored
        if scored is None:
            return left_open(said, NOT_SCORED)
        before = said.paragraph.text[max(0, said.start - _BEFORE) : said.start]
        is_project = any(word in before for word in self._projects)
        if told.of == WHOLE and told.loose and is_project and not self._totals:
            return left_open(said, "不能确定说的是整个单位还是项目")
        if told.kind == "grade":
            grade = scored.grade or next((one[2] for one in self._totals), "")
            if not grade:
                return left_open(said, "没有总分，或者有的分还没有定")
            outcome: Outcome = "pass" if told.grade == grade else "fail"
            return held_against(said, outcome, SCORES, f"按得分评定的等级为{grade}")
        number = said.number
        assert number
        opens = said.paragraph.sentence(said.start)[0]
        name, pairs, places = self._points_of(told, scored, said.paragraph.text[opens : said.start])
        if not pairs:
            return None
        full, earned = pairs[0]
        values = {
            "full_marks": [full for full, _ in pairs],
            "earned": [earned for _, earned in pairs if earned is not None],
            "deducted": [full - earned for full, earned in pairs if earned is not None],
            "marks": [one for pair in pairs for one in pair if one is not None],
        }[told.kind]
        if not values:
            return left_open(said, "没有得分")
        outcome = best([agrees(number, exactly(one)) for one in values])
        of_block = [row for row in scored.rows if row.block == told.of]
        is_open = told.of == WHOLE or any(row.points is None for row in of_block)
        is_near = any(is_slip(number, one) for one in values)
        if outcome == "fail" and scored.pending and is_open and not is_near:
            return _added(said, told, beside) or left_open(said, "有的分还没有定")
        printer = self.case.printer
        got = "没有得分" if earned is None else f"得{printer.points(earned)}分"
        shown = f"{name}满分{printer.trimmed(full)}分，{got}"
        return held_against(said, outcome, SCORES, shown, places, name)

    def _points_of(self, told: Told, scored: Score, before: str) -> _Points:
        """Return the name, the pairs of full marks and points in each way to count, the places."""
        if told.of == WHOLE:
            if self._totals:
                return "自评总分", [(Fraction(a), Fraction(b)) for a, b, _ in self._totals], ()
            total = scored.total.value
            whole = sum((row.weight for row in scored.rows), Fraction(0))
            pairs = [] if total is None else [(whole, Fraction(total))]
            words = self.case.unit.grammar.counting["indicator"].words
            own = scored.own if any(word in before for word in words) else ()
            return "自评总分", [*pairs, *_sums(scored.rows), *_sums(own)], ()
        if told.of == OWN:
            return CAPTIONS["targets"], _sums(scored.own), ()
        if isinstance(told.of, str):
            rows = [row for row in scored.rows if row.block == told.of]
            return told.of, _sums(rows), tuple(place for row in rows for place in row.cells)[:3]
        names = {fold(self.rows[at].indicator_name) for at in told.of}
        rows = [row for row in scored.own if fold(row.name) in names]
        if len(rows) == 1:
            return f"“{rows[0].name}”", _sums(rows), rows[0].cells[:3]
        if told.every and len(rows) == len(names):
            # 甲、乙两项合计扣0.88分
            return "、".join(f"“{row.name}”" for row in rows), _sums(rows), ()
        one = self.rows[told.of[0]]
        if rows or len(told.of) > 1 or one.weight is None:
            return "", [], ()
        earned = None if one.self_score is None else Fraction(one.self_score)
        return f"“{one.indicator_name}”", [(Fraction(one.weight), earned)], (one.place,)


def _added(said: Statement, told: Told, beside: list[Told]) -> Judged | None:
    """Return a total that is not what the points told before it add up to, but for a slip."""
    number = said.number
    own = [one for one in beside if one.start < told.start and one.kind in {"earned", "marks"}]
    parts = [one.number for one in own if one.number and one.of != WHOLE]
    if number is None or len(parts) < _UNIT or len({one.of for one in own}) < len(own):
        return None
    total = sum((one.value for one in parts), Fraction(0))
    if told.of != WHOLE or told.kind == "full_marks" or not is_slip(number, total):
        return None
    return held_against(said, "fail", SCORES, f"前面写的各项得分之和是{as_written(total)}分")


_Points = tuple[str, list[tuple[Fraction, Fraction | None]], tuple[Place, ...]]


def _sums(rows: Sequence[ScoredRow]) -> list[tuple[Fraction, Fraction | None]]:
    """Return the full marks of rows with their points, as scored and as the unit wrote them."""
    full = sum((row.weight for row in rows), Fraction(0))
    scored = [row.points for row in rows]
    own = [row.points if row.self_score is None else Fraction(row.self_score) for row in rows]
    sums: list[Fraction | None] = [
        sum((one for one in column if one is not None), Fraction(0))
        for column in (scored, own)
        if all(one is not None for one in column)
    ]
    return [(full, one) for one in sums or [None]] if rows else []


@dataclass(frozen=True)
class _Survey:
    """A survey of satisfaction: how many were asked and answered, and the rate that came out."""

    name: str
    sent: int | None
    back: int | None
    place: Place
    rate: Measured

    def readings(self, told: Told, beside: list[Told]) -> list[Computed]:
        """Return what a number of a survey may be, by its kind."""
        sent, back = self.sent, self.back
        if told.kind == "return_rate":
            return [exactly(one) for one in self._rates(told, beside)]
        counts = {"sent": [sent], "recovered": [back], "valid": [back]}.get(told.kind, [])
        if told.kind in {"unreturned", "answers"} and sent is not None and back is not None:
            counts = [*counts, sent - back]
        if told.kind == "answers":
            counts = [sent, back, *counts]
        found = [exactly(Fraction(one)) for one in counts if one is not None]
        if told.kind in {"satisfied", "answers"} and back and (rate := self.rate.stated):
            low, high = rate.value - rate.half, rate.value + rate.half
            ends = (Fraction(back) * one / 100 for one in (rate.value, low, high))
            found.append(Computed(*ends))
        return found

    def agreeing(self, told: Told, beside: list[Told]) -> int:
        """Return how much the other numbers of a sentence tell that they are of this survey."""
        return sum(
            any(agrees(other.number, value) == "pass" for value in self.readings(other, beside))
            for other in beside
            if other.number and other.start != told.start
        )

    def _rates(self, told: Told, beside: list[Told]) -> Iterator[Fraction]:
        if self.sent and self.back is not None:
            yield Fraction(self.back, self.sent)
        numbers = {one.kind: one.number for one in beside if one.start < told.start}
        if (out := numbers.get("sent")) and out.value:
            for kind in ("recovered", "valid"):
                if own := numbers.get(kind):
                    yield own.value / out.value

    def shown(self, told: Told, value: Fraction, case: Evaluation) -> str:
        """Say what the evidence says, and what follows from it."""
        parts = [f"发放{self.sent}份"] if self.sent is not None else []
        parts += [f"收回{self.back}份"] if self.back is not None else []
        shown = f"佐证材料写{'、'.join(parts)}"
        if told.kind == "return_rate":
            return f"{shown}，按此计算为{case.as_printed(value)}"
        if told.kind == "satisfied":
            return f"{shown}，{self.rate.shown}"
        return f"{shown}，相差{value}份" if told.kind == "unreturned" else shown


def _shares(rest: str, name: str) -> bool:
    return any(pair in name for pair in pairs_of(rest))


def _whom(name: str, case: Evaluation) -> str:
    return re.sub(rf"(?:{one_of(case.words('satisfaction_names'))})$", "", name)
