"""Tokens → statements: what each number of a text is of, in which phase and year, against what.

A number is of what is named between it and the number before, if nothing but known words stand
there; of what the clause before spoke of, if nothing is named; else nobody can be sure, and the
statement says why not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from .paragraphs import Paragraph
from .statements import Base, Measure, Statement, Subject
from .tokens import Lexicon, Number, NumberWords, Token, tokens

_LEVEL_TAIL = re.compile(r"用于|用作|购|/|以上的|的")


@dataclass(slots=True)
class _Run:
    """What the words between two numbers say."""

    subjects: list[Subject] = field(default_factory=list)
    phases: tuple[str, ...] = ()
    year: int | None = None
    base: Base | None = None
    base_open: bool = False
    direction: int | None = None
    role: str = ""
    verb: str = ""
    whole: Subject | None = None
    unknown: bool = False
    named_last: bool = False
    blocked: str = ""
    parts: bool = False
    together: bool = False
    unsigned: bool = False
    doubt: str = ""
    is_empty: bool = True


@dataclass(slots=True)
class _Context:
    """What was spoken of so far in a paragraph."""

    topic: Subject | None = None
    subject: tuple[Subject, ...] = ()
    sure: bool = True
    phases: tuple[str, ...] = ()
    year: int | None = None
    base: Base | None = None
    of: Statement | None = None
    last: Statement | None = None
    levels: list[Statement] = field(default_factory=list)
    change: Statement | None = None
    aside: bool = False
    pending: list[_Run] = field(default_factory=list)


class Reader:
    """Reads the paragraphs of one unit's text with one set of words."""

    def __init__(
        self,
        lexicon: Lexicon,
        numbered: NumberWords,
        year: int,
        items: Callable[[str], list[Token]],
    ) -> None:
        """Keep the words, those beside numbers, the fiscal year, and what finds items."""
        self.lexicon, self.numbered, self.year, self.items = lexicon, numbered, year, items

    def read(self, paragraph: Paragraph, heading: str = "") -> list[Statement]:
        """Return the statements of a paragraph in the order of its text."""
        context = _Context(topic=self._heading(heading))
        found: list[Statement] = []
        items = self.items(paragraph.text)
        for start, end in paragraph.sentences:
            own = [item for item in items if start <= item.start < end]
            self._sentence(paragraph, (start, end), own, context, found)
        return found

    def _heading(self, heading: str) -> Subject | None:
        run = self._run(list(self.lexicon.scan(heading, 0, len(heading))))
        return run.subjects[0] if len(run.subjects) == 1 and not run.unknown else None

    def _sentence(
        self,
        paragraph: Paragraph,
        span: tuple[int, int],
        items: list[Token],
        context: _Context,
        found: list[Statement],
    ) -> None:
        stream = _distributed(tokens(paragraph.text, self.lexicon, self.numbered, span, items))
        last = context.subject[0] if len(context.subject) == 1 else None
        topic = context.topic
        context.sure = not (last and topic and last != topic) or bool(
            topic and topic.item.isdecimal()
        )
        context.subject = (topic,) if topic else context.subject
        context.phases, context.base, context.aside = (), None, False
        context.year, context.of = None, None
        context.pending, context.change = [], None
        run: list[Token] = []
        opened: list[Statement | None] = []
        for token in stream:
            if isinstance(token.value, Number) and token.role != "date":
                self._number(paragraph, run, token, context, found)
                run = []
            elif token.role == "mark":
                mark = token.value
                if run:
                    self._clause(paragraph, run, mark, context, found)
                run = []
                if mark == "(":
                    opened.append(context.of)
                elif mark == ")" and opened:
                    context.of = opened.pop()
                elif mark == ";":
                    context.of, context.base = (opened[-1] if opened else None), None
                if mark != "、":
                    context.pending = []
            else:
                run.append(token)
        if run:
            self._clause(paragraph, run, "。", context, found)

    # --- what the words say ------------------------------------------------------------------

    def _run(self, run: Sequence[Token]) -> _Run:
        said = _Run(is_empty=not run)
        base = self._base(run)
        for at, token in enumerate(run):
            if base and base[0] <= at < base[1]:
                continue
            self._take(said, token)
        if base:
            said.base = base[2]
            said.base_open = base[3]
        return said

    def _take(self, said: _Run, token: Token) -> None:
        role, value = token.role, token.value
        if role == "name":
            assert isinstance(value, Subject)
            self._name(said, value)
        elif role == "phase":
            if said.role == "share" and said.whole is None:
                said.whole = Subject("expenditure")
            said.phases = _narrowed(said.phases, value.phases)  # type: ignore[attr-defined]
            if value.last_year:  # type: ignore[attr-defined]
                said.year = self.year - 1
        elif role in {"year", "date"}:
            number = token.value
            assert isinstance(number, Number)
            if number.unit == "year":
                said.year = number.year
            else:
                said.blocked = said.blocked or "date"
        elif role == "last_year":
            said.year = self.year - 1
        elif role in {"more", "less", "level"}:
            if said.direction is not None:
                said.unsigned = True
            else:
                said.direction = {"more": 1, "less": -1, "level": 0}[role]
            said.role = said.role or ("level" if role == "level" else "change")
        elif role in {"above", "below", "not_above"}:
            said.role, said.verb = said.role or "budget", role
        elif role in {"share", "rate", "completes"}:
            said.role = role
        elif role == "parts":
            said.parts = True
        elif role == "together":
            said.together = True
        elif role == "aside":
            said.role = said.role or "aside"
        elif role == "blocked":
            said.blocked = said.blocked or str(value)
        elif role == "":
            said.unknown = True
            said.named_last = said.named_last and False
            if said.subjects:
                said.doubt = "unknown"

    def _name(self, said: _Run, subject: Subject) -> None:
        if said.role == "share":
            said.whole = subject if said.whole is None else said.whole.joined(subject) or subject
            return
        if said.subjects and (joined := said.subjects[-1].joined(subject)):
            said.subjects[-1] = joined
        else:
            said.subjects.append(subject)
        if said.unknown and not _is_distinct(subject):
            said.doubt = "unknown"

    def _base(self, run: Sequence[Token]) -> tuple[int, int, Base, bool] | None:
        """Return where what is compared with stands in a run, what it is, whether it is open."""
        for at, token in enumerate(run):
            if token.role != "than":
                continue
            if token.value == "同比":
                return at, at + 1, Base(self.year - 1), False
            year: int | None = None
            phases: tuple[str, ...] = ()
            for end in range(at + 1, len(run)):
                other = run[end]
                if other.role in {"date", "year"} and isinstance(other.value, Number):
                    year = other.value.year
                elif other.role == "last_year":
                    year = self.year - 1
                elif other.role == "phase":
                    phases = _narrowed(phases, other.value.phases)  # type: ignore[attr-defined]
                    if other.value.last_year:  # type: ignore[attr-defined]
                        year = self.year - 1
                elif other.role in {"link", "name"}:
                    if other.role == "name" and (year or phases):
                        break_at = end
                        return (at, break_at, Base(year, phases), False)
                elif other.role == "than" or other.role in {"more", "less", "level"}:
                    if year is None and not phases:
                        break
                    return at, end + (other.role == "than"), Base(year, phases), False
                else:
                    break
            else:
                if year is not None or phases:
                    return at, len(run), Base(year, phases), True
        return None

    # --- numbers and claims ------------------------------------------------------------------

    def _clause(
        self,
        paragraph: Paragraph,
        run: list[Token],
        mark: object,
        context: _Context,
        found: list[Statement],
    ) -> None:
        """Take what a clause without a number says: whom the next is of, or a claim."""
        said = self._run(run)
        if mark == "、" or (mark == "," and said.subjects and context.pending):
            context.pending.append(said)
        if said.parts:
            context.of = context.last
        if said.role == "aside":
            context.aside = True
            return
        if said.base:
            context.base = said.base
        if said.role in {"budget", "level", "change"}:
            subjects, doubt = self._subjects(said, context)
            if said.verb == "" and said.role == "change" and not (said.base or context.base):
                return
            claim = Statement(
                paragraph,
                run[0].start,
                run[0].start,
                run[-1].end,
                None,
                "claim",
                subjects,
                paragraph.text[run[0].start : run[-1].end],
                said.phases,
                said.year or context.year,
                said.direction,
                said.base or context.base,
                now=tuple(reversed(context.levels)),
                doubt=doubt,
                unsigned=said.unsigned,
                verb=said.verb or ("change" if said.role == "change" else said.role),
            )
            found.append(claim)
            return
        if said.subjects and not said.blocked:
            if not context.aside:
                context.subject = tuple(said.subjects[:1])
                context.sure = not said.doubt and not said.unknown
                if context.topic is None and not found and not said.unknown:
                    context.topic = said.subjects[0]
        elif said.unknown and not context.aside:
            context.sure = context.sure and bool(context.topic)
        if said.year is not None:
            context.year = said.year
        if said.phases and not said.unknown:
            context.phases = said.phases

    def _subjects(self, said: _Run, context: _Context) -> tuple[tuple[Subject, ...], str]:
        """Return what a run is of, its own name or the one carried on, and why that is unsure."""
        doubt = said.doubt or ("blocked" if said.blocked else "")
        own = list(said.subjects)
        if said.together and context.pending:
            own = [one for run in context.pending for one in run.subjects] + own
        elif len(own) > 1:
            doubt = doubt or "several"
        if own and own == [Subject(own[0].side)] and not said.unknown and context.subject:
            carried = [one.joined(own[0]) for one in context.subject]
            if all(carried):
                both = tuple(one for one in carried if one)
                return both, doubt or ("" if context.sure else "carried")
        if own:
            if context.of is not None and context.of.subjects:
                own = [one.within(context.of.subjects[0]) for one in own]
            return tuple(own), doubt
        if said.unknown:
            return (), "unnamed"
        if context.aside:
            return (), "aside"
        if not context.subject:
            return (), "unnamed"
        return context.subject, doubt or ("" if context.sure else "carried")

    def _number(
        self,
        paragraph: Paragraph,
        run: list[Token],
        token: Token,
        context: _Context,
        found: list[Statement],
    ) -> None:
        number = token.value
        assert isinstance(number, Number)
        said = self._run(run)
        if said.parts:
            context.of = context.last
        label = "".join(paragraph.text[one.start : one.end] for one in run)
        subjects, doubt = self._subjects(said, context)
        measure: Measure = "other"
        if number.kind == "money":
            measure = "change" if said.role == "change" and not said.base_open else "level"
        elif number.kind == "percent":
            if said.role == "share":
                measure = "share"
            elif said.role in {"rate", "completes"}:
                measure = "rate"
            elif said.role == "change":
                measure = "change"
            elif not run and token.start and paragraph.text[token.start - 1] == "(":
                measure = "change" if found and found[-1].measure == "change" else "other"
        year = said.year or context.year
        statement = Statement(
            paragraph,
            run[0].start if run else token.start,
            token.start,
            token.end,
            number,
            measure,
            subjects,
            label,
            said.phases,
            year,
            said.direction,
            said.base or context.base,
            said.whole,
            context.of,
            tuple(reversed(context.levels)),
            context.change if measure == "change" and number.kind == "percent" else None,
            doubt,
            said.unsigned,
            said.role,
        )
        found.append(statement)
        if measure == "level":
            tail = paragraph.text[token.end : token.end + 3]
            if _LEVEL_TAIL.match(tail) and not doubt:
                statement = found[-1] = replace(statement, doubt="part")
            if said.base_open and said.base:
                found[-1] = replace(
                    statement, year=said.base.year, phases=said.base.phases, base=None
                )
                context.base = Base(said.base.year, said.base.phases, found[-1])
                return
            context.last = found[-1]
            context.levels.append(found[-1])
            if subjects and not said.together:
                context.subject, context.sure = subjects, not doubt or doubt == "part"
            elif not subjects:
                context.sure = False
            if context.topic is None and len(subjects) == 1 and not doubt:
                context.topic = subjects[0]
            context.base = context.change = None
        elif measure == "change":
            context.base = statement.base
            context.change = statement if number.kind == "money" else None
        elif said.subjects and not doubt:
            context.subject, context.sure = subjects, True
        context.pending = []
        if said.year is not None:
            context.year = said.year


def _is_distinct(subject: Subject) -> bool:
    """Return whether a name is so much its own that words before it do not make it another."""
    return ":" in subject.item or subject.item.isdecimal()


def _narrowed(said: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    """Return the phases two words in a row leave open: 年初预算安排 is of 年初预算."""
    both = tuple(phase for phase in said if phase in more)
    return both or more


def _distributed(stream: list[Token]) -> list[Token]:
    """Return A、B分别为1、2 as A为1、B为2; what does not pair off stays as it is, in doubt."""
    at = next((n for n, token in enumerate(stream) if token.role == "respectively"), None)
    if at is None:
        return stream
    first = at
    while first and not (
        (stream[first - 1].role == "mark" and stream[first - 1].value != "、")
        or (isinstance(stream[first - 1].value, Number) and stream[first - 1].role != "date")
    ):
        first -= 1
    pieces: list[list[Token]] = [[]]
    for token in stream[first:at]:
        if token.role == "mark" or (token.role == "than" and token.value in {"和", "与", "同"}):
            pieces.append([])
        else:
            pieces[-1].append(token)
    pieces = [piece for piece in pieces if piece]
    told: list[Token] = []
    end = at + 1
    while end < len(stream):
        token = stream[end]
        if isinstance(token.value, Number) and token.role != "date":
            told.append(token)
        elif not (
            (token.role == "mark" and token.value in {"、", ","}) or token.role in {"than", "link"}
        ):
            break
        end += 1
    while end > at + 1 and not isinstance(stream[end - 1].value, Number):
        end -= 1
    if len(pieces) != len(told) or len(told) < 2:
        return [
            *stream[:at],
            Token(stream[at].start, stream[at].end, "blocked", "分别"),
            *stream[at + 1 :],
        ]
    unit = told[-1].value
    assert isinstance(unit, Number)
    paired: list[Token] = []
    for piece, token in zip(pieces, told, strict=True):
        if paired:
            paired.append(Token(token.start, token.start, "mark", "、"))
        paired += [*piece, _with_unit(token, unit)]
    return [*stream[:first], *paired, *_distributed(stream[end:])]


def _with_unit(token: Token, like: Number) -> Token:
    number = token.value
    assert isinstance(number, Number)
    if number.kind != "bare" or like.kind == "bare":
        return token
    digits = like.half and number.half
    scale = _scale(like)
    return Token(
        token.start,
        token.end,
        like.kind,
        replace(
            number,
            kind=like.kind,
            unit=like.unit,
            value=number.value * scale,
            half=digits * scale,
        ),
    )


def _scale(like: Number) -> int:
    from ..money import FEN_PER

    return FEN_PER[like.unit] if like.kind == "money" else 1
