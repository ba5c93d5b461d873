"""What was reached, in a text: indicators, satisfaction, questionnaires, points and grades."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from typing import Literal

from ...evaluation import Evaluation
from ...evaluation.rows import is_satisfaction, ledger_rows
from ...evaluation.score import Score
from ...folding import fold
from ...sheets import Place
from ...text.numbers import agrees, best, exactly
from ...text.paragraphs import Paragraph, one_of
from ...text.performance import WHOLE, PerformanceReader, Told
from ...text.slips import digits_of
from ...text.statements import Judged, Outcome, Statement, left_open
from ...text.tokens import Written
from .facts import number_words, own_units
from .measured import Measured, measured

INDICATORS, SCORES = "TEXT-25", "TEXT-26"
CLAIM = "reached"
NOT_SCORED = "还没有计分"
_POINTS = {"full_marks", "earned", "deducted", "marks", "grade"}
_SIGNS: dict[Literal["more", "less"], int] = {"more": 1, "less": -1}
_BEFORE = 1000
_ENOUGH = 3
"""How many digits are enough to tell what a number is of."""
_NO_ROLE = {"tails", "small", "denied"}
_SURVEYED = {"sent", "recovered", "valid", "unreturned", "return_rate"}


class Performance:
    """What the indicators, the ledger and the score of a unit know of what its text says."""

    def __init__(self, case: Evaluation) -> None:
        """Keep the unit; its words are gathered when there is something to read."""
        self.case, self.scoring = case, case.unit.scoring
        self.rows = case.tables.indicators
        self._read: dict[int, tuple[Paragraph, dict[tuple[int, int], tuple[Told, list[Told]]]]] = {}

    @cached_property
    def _reader(self) -> PerformanceReader:
        grammar, checks, year = self.case.unit.grammar, self.case.unit.checks, self.case.unit.year
        words: dict[str, tuple[str, object]] = {}
        for role, sign in _SIGNS.items():
            words |= dict.fromkeys(checks.listed(role, year), ("change", sign))
        words |= dict.fromkeys(checks.listed("last_year", year), ("last_year", None))
        words |= {word: ("than", word) for word in grammar.words["than"].words}
        words |= {word: ("respectively", word) for word in grammar.words["respectively"].words}
        own = (*checks.listed("own_unit", year), self.case.unit.name)
        words |= {
            fold(word): ("whole", None) for word in (*own, *self.case.unit.settings.also_named)
        }
        for name, listed in grammar.reached.items():
            if name not in _NO_ROLE:
                words |= {fold(word): (name, None) for word in listed.words}
        blocks = {
            name: block.name
            for variant in self.scoring.variants
            for block in variant.blocks
            for name in (
                block.name,
                f"部门整体{block.name}",
                block.name.removesuffix("率"),
                block.name.replace("指标", "类指标"),
                block.name.replace("指标", "类"),
            )
        }
        names = [fold(row.indicator_name) for row in self.rows]
        tails = [*grammar.reached["tails"].words, *(fold(row.measure_unit) for row in self.rows)]
        tails = [tail for tail in tails if tail and tail not in {"%", "率"}]
        asked = [at for at, row in enumerate(self.rows) if is_satisfaction(self.case, row)]
        short = (
            dict.fromkeys(self.case.words("satisfaction_names"), asked[0])
            if len(asked) == 1
            else {}
        )
        alone = {
            word: ("change", sign)
            for role, sign in _SIGNS.items()
            for word in grammar.alone[role].words
        } | dict.fromkeys(grammar.reached["small"].words, ("beside", None))
        return PerformanceReader(
            words,
            names,
            blocks,
            tails,
            number_words(grammar, own_units(self.case)),
            year,
            short,
            alone,
            grammar.reached["denied"].words,
            lambda at, number: self._measured[at].is_of(number),
        )

    def _told(self, paragraph: Paragraph) -> dict[tuple[int, int], tuple[Told, list[Told]]]:
        """Return what a paragraph tells by its place, each with all that its sentence tells."""
        known = self._read.get(id(paragraph))
        if known is None:
            told: dict[tuple[int, int], tuple[Told, list[Told]]] = {}
            for span in [] if paragraph.raw in self._plans else paragraph.sentences:
                beside = self._reader.read(paragraph.text, span, self._topic(paragraph))
                # Cells pasted from a form are no sentence.
                if beside and not paragraph.is_form(span[0]):
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
        at = self._cells.get((paragraph.starts[0][1], paragraph.raw))
        return () if at is None else (at,)

    @cached_property
    def _cells(self) -> dict[tuple[Place, str], int]:
        return {
            (row.place_of("deviation_cause"), row.deviation_cause): at
            for at, row in enumerate(self.rows)
        }

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
            return self._points(said, told)
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
            number = said.number
            rows = known if number and all(one.is_near(told, number, 3) for one in known) else []
            if len(rows) != 1 or told.kind not in {"actual", "goal"}:
                return None
            return self._found(said, told, rows[0], "fail")
        if len({(row.targets, row.actual, row.unit) for row in rows}) > 1:
            return left_open(said, "有几项同样的指标，不能确定是哪一项")
        one = rows[0]
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

    def _likely(
        self, told: Told, number: Written, one: Measured, outcome: Outcome, beside: list[Told]
    ) -> Outcome:
        """Return what came of a number of which it is only likely what it is of.

        Others of the sentence that are what the table says of the indicator make it more likely.
        """
        length = len(digits_of(number, number.value))
        others = [
            len(digits_of(other.number, other.number.value))
            for other in beside
            if other.of == told.of and other.start != told.start and other.number
            if one.outcome(replace(other, way=""), other.number) == "pass"
        ]
        confirmed = len(others) + any(digits > _ENOUGH for digits in others)
        sure = 2 if confirmed > 1 else confirmed + 1 - told.weak
        if outcome != "fail":
            return outcome if length >= _ENOUGH - sure else "unchecked"
        if sure > 1 and told.kind not in {"actual", "goal"}:
            return outcome
        if sure > 0 and told.way and one.outcome(replace(told, way=""), number) == "pass":
            return outcome
        is_near = length >= _ENOUGH - sure and one.is_near(told, number, _ENOUGH - sure)
        return outcome if is_near else "unchecked"

    def _found(self, said: Statement, told: Told, one: Measured, outcome: Outcome) -> Judged:
        shown = f"{one.shown}{one.derived(told, self.case)}"
        return Judged(
            said=said,
            outcome=outcome,
            code=INDICATORS,
            shown=shown,
            expected=shown,
            places=(one.row.place,),
            item=one.row.indicator_name,
        )

    # --- questionnaires ----------------------------------------------------------------------

    @cached_property
    def _surveys(self) -> list[tuple[str, int | None, int | None, Place]]:
        """How many were asked and answered in each survey, as the ledger or the evidence says."""
        found = []
        for row in self.rows:
            if not is_satisfaction(self.case, row):
                continue
            name = fold(row.indicator_name)
            rows = ledger_rows(self.case, row.indicator_name)
            counted = [(one.sample_size, one.recovered, one.place) for one in rows]
            texts = [(one.material, one.place) for one in rows] + [(row.evidence, row.place)]
            counted += [(*self._counted(fold(text)), place) for text, place in texts]
            own = next((one for one in counted if one[:2] != (None, None)), None)
            if own:
                found.append((name, *own))
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
        text = said.paragraph.text[start:end]
        beside = [one for one in beside if start <= one.start < end]
        surveys = self._surveys
        asked = [one.rest for one in beside if one.kind in _SURVEYED and len(one.rest) > 1]
        known = any("满意" in rest or _shares(rest, own[0]) for rest in asked for own in surveys)
        if asked and not known:
            return None
        if len({one[1:3] for one in surveys}) > 1:
            names = [one for one in surveys if _whom(one[0], self.case) in text]
            surveys = names or surveys
        if not surveys:
            return left_open(said, "佐证材料里没有写问卷的份数")
        if len({one[1:3] for one in surveys}) > 1:
            return left_open(said, "有几次调查，不能确定是哪一次")
        kinds = [one.kind for one in beside]
        if kinds.count(told.kind) > 1 or (told.kind == "recovered" and "valid" in kinds):
            return left_open(said, "不止一个数，不能确定与台账对应的是哪一个")
        name, sent, back, place = surveys[0]
        readings = _survey_readings(told, beside, sent, back)
        if not readings:
            return left_open(said, "佐证材料里没有写问卷的份数")
        outcome = best([agrees(number, exactly(one)) for one in readings])
        parts = [f"发放{sent}份"] if sent is not None else []
        parts += [f"收回{back}份"] if back is not None else []
        shown = f"佐证材料写{'、'.join(parts)}"
        if told.kind in {"return_rate", "unreturned"}:
            value = readings[0]
            shown += (
                f"，按此计算为{self.case.as_printed(value)}"
                if told.kind == "return_rate"
                else f"，相差{value}份"
            )
        return Judged(
            said=said,
            outcome=outcome,
            code=INDICATORS,
            shown=shown,
            expected=shown,
            places=(place,),
            item=name,
        )

    @cached_property
    def _projects(self) -> list[str]:
        """What tells that points may be those of a project."""
        return ["项目", "专项", *(fold(row.project) for row in self.case.tables.projects)]

    # --- points ------------------------------------------------------------------------------

    def _points(self, said: Statement, told: Told) -> Judged | None:
        scored = self.case.scored
        if scored is None:
            return left_open(said, NOT_SCORED)
        before = said.paragraph.text[max(0, said.start - _BEFORE) : said.start]
        if told.of == WHOLE and told.loose and any(word in before for word in self._projects):
            return left_open(said, "不能确定说的是整个单位还是项目")
        if told.kind == "grade":
            if not scored.grade:
                return left_open(said, "没有总分，或者有的分还没有定")
            outcome: Outcome = "pass" if told.grade == scored.grade else "fail"
            shown = f"按得分评定的等级为{scored.grade}"
            return Judged(said=said, outcome=outcome, code=SCORES, shown=shown, expected=shown)
        number = said.number
        assert number
        found = self._score_of(told, scored)
        if found is None:
            return None
        name, full, earned, places = found
        values = {
            "full_marks": [full],
            "earned": earned,
            "deducted": [full - one for one in earned],
            "marks": [full, *earned],
        }[told.kind]
        if not values:
            return left_open(said, "没有得分")
        outcome = best([agrees(number, exactly(one)) for one in values])
        if outcome == "fail" and scored.pending and isinstance(told.of, str):
            return left_open(said, "有的分还没有定")
        printer = self.case.printer
        got = f"得{printer.points(earned[0])}分" if earned else "没有得分"
        shown = f"{name}满分{printer.trimmed(full)}分，{got}"
        return Judged(
            said=said,
            outcome=outcome,
            code=SCORES,
            shown=shown,
            expected=shown,
            places=places,
            item=name,
        )

    def _score_of(
        self, told: Told, scored: Score
    ) -> tuple[str, Fraction, list[Fraction], tuple[Place, ...]] | None:
        """Return the name, the full marks and the points, as scored and as the unit wrote them."""
        if told.of == WHOLE:
            name, rows = "自评总分", list(scored.rows)
        elif isinstance(told.of, str):
            name, rows = told.of, [row for row in scored.rows if row.block == told.of]
        else:
            names = {fold(self.rows[at].indicator_name) for at in told.of}
            rows = [row for row in scored.rows if row.is_own and fold(row.name) in names]
            name = f"“{rows[0].name}”" if rows else ""
            if len(rows) > 1:
                return None
        if not rows:
            return None
        full = sum((row.weight for row in rows), Fraction(0))
        earned: list[Fraction] = []
        if told.of == WHOLE and scored.total.value is not None:
            earned.append(Fraction(scored.total.value))
        points = [row.points for row in rows]
        own = [row.points if row.self_score is None else Fraction(row.self_score) for row in rows]
        for column in (points, own):
            if all(one is not None for one in column):
                earned.append(sum((one for one in column if one is not None), Fraction(0)))
        places = tuple(place for row in rows for place in row.cells)
        return name, full, earned, places[:3] if told.of != WHOLE else ()


def _survey_readings(
    told: Told, beside: list[Told], sent: int | None, back: int | None
) -> list[Fraction]:
    if told.kind == "sent":
        return [] if sent is None else [Fraction(sent)]
    if told.kind in {"recovered", "valid"}:
        return [] if back is None else [Fraction(back)]
    if sent is None or back is None or not sent:
        return []
    if told.kind == "unreturned":
        return [Fraction(sent - back)]
    readings = [Fraction(back, sent)]
    numbers = {one.kind: one.number for one in beside if one.start < told.start}
    if (out := numbers.get("sent")) and out.value:
        for kind in ("recovered", "valid"):
            if own := numbers.get(kind):
                readings.append(own.value / out.value)
    return readings


def _shares(rest: str, name: str) -> bool:
    return any(rest[at : at + 2] in name for at in range(len(rest) - 1))


def _whom(name: str, case: Evaluation) -> str:
    return re.sub(rf"(?:{one_of(case.words('satisfaction_names'))})$", "", name)
