"""Tokens → statements: what each number of a text is of, in which phase and year, against what.

A number is of what is named between it and the number before, if nothing but known words stand
there; of what the clause before spoke of, if nothing is named; else nobody can be sure, and the
statement says why not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import takewhile, zip_longest
from typing import Any

from ..money import FEN_PER
from .pairing import IS, pair_off
from .paragraphs import Paragraph
from .statements import Base, Measure, Statement, Subject
from .tokens import Lexicon, NumberWords, Token, Written, hedged, tokens

BUDGETS = ("initial_budget", "adjusted_budget")
_NEAR = 60
"""How many of the levels told before a number may still be what it speaks of."""
_PART_TAIL = re.compile(r"用于|用作|购|/|以上的|的")
_WAYS = {
    "more": ("change", "", 1),
    "less": ("change", "", -1),
    "level": ("level", "", 0),
    "raised": ("change", "adjust", 1),
    "lowered": ("change", "adjust", -1),
    "overspent": ("change", "budget", 1),
    "unspent": ("change", "budget", -1),
    "underspent": ("change", "budget", -1),
    "above": ("budget", "above", 1),
    "below": ("budget", "below", -1),
    "not_above": ("budget", "not_above", None),
}
"""What a word of a role makes of a run: its role, its verb, its direction."""
_NOBODY = Subject()
_COMPARES = {"above", "below", "not_above"}
_BARE, _SIDES = 2, (Subject("expenditure"), Subject("revenue"), Subject("both"))
"""How long 收入 and 支出 are: a word that says nothing but the side."""
_UNIT = re.compile(rf"单位:(?P<unit>{'|'.join(sorted(FEN_PER, key=len, reverse=True))})")
_NUMBERED = re.compile(r"^(?:[(]?[一二三四五六七八九十\d]{1,3}[)、.]*)")
_RISES, _FALLS = re.compile(r"^[增提上]|调增"), re.compile(r"^[降下减压]|调减")
_ASIDES = {"aside", "because"}
_THEREFORE, _CLOSE = "而", 6
_UNTIL, _DECEMBER, _ENDS = {"截至", "截止", "到", "至"}, 12, {"底", "末"}
_BEHIND, _CLAUSE = 3, 2
_BY, _WHOLE_YEAR, _THAT_YEAR = "按", "全年", "当年"


@dataclass(slots=True)
class _Run:
    """What the words between two numbers say."""

    subjects: list[Subject] = field(default_factory=list)
    phases: tuple[str, ...] = ()
    year: int | None = None
    is_last_year: bool = False
    base: Base | None = None
    base_is_open: bool = False
    role: str = ""
    verb: str = ""
    direction: int | None = None
    whole: Subject | None = None
    within: Subject | None = None
    takes_within: bool = False
    has_parts: bool = False
    is_together: bool = False
    is_unknown: bool = False
    unknown: str = ""
    is_blocked: bool = False
    is_elsewhen: bool = False
    is_throughout: bool = False
    is_of_budget: bool = False
    is_it: bool = False
    is_others: bool = False
    is_on_basis: bool = False
    is_unsigned: bool = False
    is_none: bool = False
    is_own: bool = False
    is_bare: bool = False
    doubt: str = ""


@dataclass(slots=True)
class _Context:
    """What was spoken of so far in a paragraph, and in the sentence that is read.

    ``row`` is what the row of a cell is of: what else its words name only explains it.
    ``is_headed`` says that only a heading named the topic, ``is_planned`` that it names a budget,
    ``is_of_budget`` that the amounts told are of one.
    """

    topic: Subject | None
    row: Subject | None = None
    is_headed: bool = False
    is_planned: bool = False
    is_of_budget: bool = False
    subjects: tuple[Subject, ...] = ()
    sure: bool = True
    levels: list[Statement] = field(default_factory=list)
    last: Statement | None = None
    first: int = 0
    near: list[Subject] = field(default_factory=list)
    year: int | None = None
    base: Base | None = None
    of: Statement | None = None
    listed: Statement | None = None
    within: Subject | None = None
    within_phases: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    phases_of_list: tuple[str, ...] = ()
    change: Statement | None = None
    start: Statement | None = None
    direction: int | None = None
    role: str = ""
    is_aside: bool = False
    is_because: bool = False
    is_fresh: bool = True
    is_part_of_year: bool = False
    is_rate: bool = False
    is_share: bool = False
    bracketed: Subject | None = None
    latest: int | None = None
    is_given: bool = False
    is_named: bool = False
    pending: list[_Run] = field(default_factory=list)

    def begin(self) -> None:
        """Forget what only the sentence before said."""
        last = self.subjects[0] if len(self.subjects) == 1 else None
        if not self.is_given and self.sure and _is_distinct(last):
            self.topic = last
        self.latest = None
        self.is_named = self.is_given or _is_distinct(self.topic)
        distinct = self.is_given and _is_distinct(self.topic)
        self.sure = last is None or self.topic in {None, last} or distinct
        if self.topic:
            self.subjects = (self.topic,)
        self.near = [self.topic] if self.topic else []
        self.first = len(self.levels)
        self.year = self.base = self.within = self.change = self.start = None
        self.of = self.listed = None
        self.phases = self.within_phases = self.phases_of_list = ()
        self.direction, self.role, self.pending = None, "", []
        self.is_aside = self.is_part_of_year = self.is_rate = self.is_share = False
        self.is_of_budget = self.is_planned
        self.is_fresh = True


class Reader:
    """Reads the paragraphs of one unit's text with one set of words."""

    def __init__(
        self,
        lexicon: Lexicon,
        numbered: NumberWords,
        year: int,
        items: Callable[[str], list[Token]],
        names: Sequence[str] = (),
        only: Mapping[str, str] | None = None,
    ) -> None:
        """Keep the words, those beside numbers, the year, what finds items, the unit's names.

        ``only`` are the words that name something where an item is spoken of, and that item.
        """
        self.lexicon, self.numbered, self.year, self.items = lexicon, numbered, year, items
        self.names, self.only = names, only or {}

    def led(self, lead: Paragraph, listed: Sequence[Statement]) -> list[Statement]:
        """Return the statements of a list's item with what the words before the list say."""
        start = max(lead.text.rfind(mark) for mark in ",;。") + 1
        words = list(self.lexicon.scan(lead.text, start, len(lead.text)))
        said = self._said(words)
        if said.verb == "adjust" and not said.is_blocked:
            return [_as_moved(one, said) for one in listed]
        is_other = bool(said.role) or said.is_blocked
        sure = () if is_other else said.phases
        doubt = "blocked" if is_other else "" if sure else "carried"
        return [
            replace(one, phases=sure, doubt=doubt)
            if one.measure == "level" and not one.doubt and (not one.phases or one.verb == "spent")
            else one
            for one in listed
        ]

    def read(self, paragraph: Paragraph, topic: Subject | None = None) -> list[Statement]:
        """Return the statements of a paragraph in the order of its text.

        ``topic`` is what it speaks of where it names nothing itself; else its heading says it.
        """
        heading = self._heading(paragraph.heading)
        known = topic or _named(heading)
        headed = topic is None and known is not None
        planned = _is_of_budget(heading.phases)
        context = _Context(known, topic, headed, planned, is_given=known is not None)
        found: list[Statement] = []
        items = self.items(paragraph.text)
        for span in paragraph.sentences:
            own = [item for item in items if span[0] <= item.start < span[1]]
            stream = tokens(paragraph.text, self.lexicon, self.numbered, span, own)
            context.begin()
            stream = pair_off(_named_first(_unbracketed(stream)))
            self._sentence(paragraph, stream, context, found)
        return found

    def _heading(self, heading: str) -> _Run:
        text = _NUMBERED.sub("", heading)
        return self._said(list(self.lexicon.scan(text, 0, len(text))))

    def _sentence(
        self,
        paragraph: Paragraph,
        stream: list[Token],
        context: _Context,
        found: list[Statement],
    ) -> None:
        run: list[Token] = []
        opened: list[tuple[Statement | None, tuple[Subject, ...]]] = []
        stream = [*stream, Token(0, 0, "mark", "。"), Token(0, 0, "mark", "。")]
        for at, token in enumerate(stream[:-1]):
            if token.role == "citation":
                run = []
            elif token.is_number:
                # 50万元的限额, 0.01万元尾差
                run += _qualified(stream[at + 1 : at + 3])
                run += _named_behind(run, stream[at + 1 : at + 4])
                run += _of_a_whole(run, stream[at + 1 : at + 3])
                run = [*_part_behind(run, token, stream[at + 1 : at + 4]), *run]
                found.append(self._number(paragraph, run, token, context, found))
                # 甲占两个项目合计的80%: a count does not end what is said.
                run = run if token.role == "count" and _has(run, "share") else []
            elif token.role != "mark":
                run.append(token)
            else:
                if run and (claim := self._clause(paragraph, run, token.value, context, found)):
                    found.append(claim)
                run = []
                if token.value == "(":
                    opened.append((context.of, context.subjects))
                    if found and _opens_list(found[-1], stream[at:]):
                        context.of = found[-1]
                elif token.value == ")" and opened:
                    is_list, of = context.of is not opened[-1][0], context.of
                    context.of, subjects = opened.pop()
                    if is_list and of:
                        context.subjects, context.last = subjects, of
                elif token.value == "":
                    context.subjects, context.is_fresh = (), False
                elif token.value == ":" and found and context.of is found[-1]:
                    context.listed = context.of
                elif token.value == ";":
                    context.is_part_of_year = False
                    context.of = opened[-1][0] if opened else context.listed
                    context.base = context.within = None
                    context.within_phases = ()
                    if context.row:
                        context.subjects, context.sure = (context.row,), True
                if token.value != "、":
                    context.pending = []

    # --- what the words say ------------------------------------------------------------------

    def _said(self, run: Sequence[Token]) -> _Run:
        run, is_left = _left_of_change(_without_reason(_without_year_end(run)))
        said = _Run(phases=BUDGETS[1:] if is_left else ())
        begins, ends = self._base(run, said)
        for at, token in enumerate(run):
            if not begins <= at < ends:
                self._take(said, token)
                is_all = said.role == "share" and at and run[at - 1].value == _WHOLE_YEAR
                if is_all and token.value == _SIDES[0] and not said.phases:
                    said.phases = ("executed",)  # 占全年支出的64.61%
        plain = [
            token.end - token.start <= _BARE and token.value in _SIDES
            for token in run
            if token.role == "name"
        ]
        said.is_bare = len(said.subjects) == 1 and all(plain) and not _has(run, "alias")
        last = said.subjects[-1] if said.subjects else _NOBODY
        spends = any(plain) and (last.side == "expenditure" or last.item.startswith("project:"))
        if any(plain) and last.item and not said.role:
            said.verb = said.verb or "spent"
        if spends and not said.phases and not said.role:
            said.phases, said.verb = ("executed",), said.verb or "spent"
        return said

    def _take(self, said: _Run, token: Token) -> None:
        role = token.role
        value: Any = token.value
        is_of_last = value in _SIDES and not (said.base and said.base.subjects)
        if role == "name" and said.subjects and is_of_last and said.subjects[-1].joined(value):
            self._name(said, value, False)  # 高于乙专项的支出
        elif role in {"name", "alias"} and said.verb in _COMPARES and said.subjects:
            base = said.base or Base()
            said.base = replace(base, subjects=(*base.subjects[:-1], _joined(base.subjects, value)))
        elif role in {"name", "alias"}:
            self._name(said, value, role == "alias")
        elif said.verb in _COMPARES and role in {"phase", "date", "last_year"}:
            base = said.base or Base()
            if role == "phase":
                year = self.year - 1 if value.last_year else base.year
                said.base = replace(base, phases=_narrowed(base.phases, value.phases), year=year)
            else:
                said.base = replace(base, year=value.year if role == "date" else self.year - 1)
        elif role == "phase":
            if said.role == "share" and said.whole is None:
                said.whole, said.is_of_budget = Subject("expenditure"), True
            said.phases = _narrowed(said.phases, value.phases)
            said.is_last_year = said.is_last_year or value.last_year
        elif role == "date":
            said.year = value.year if value.year else said.year
            if value.unit != "year" and value.value != _DECEMBER:
                said.is_blocked = said.is_elsewhen = True
        elif role == "last_year":
            said.is_last_year = True
        elif role == "this_year":
            said.year = said.year or (None if value == _THAT_YEAR else self.year)
        elif role == "basis":
            said.is_on_basis = True
            if said.phases and not said.base:
                # 在年初预算的基础上有所增加
                said.base, said.phases = Base(phases=said.phases), ()
        elif role == "besides":
            said.subjects, said.is_unknown, said.unknown, said.doubt = [], False, "", ""
        elif role == "others":
            said.is_others = True
        elif role == "it":
            said.is_it = True
        elif role == "tail":
            if not (said.subjects and _is_distinct(said.subjects[-1])):
                self._unknown(said, value)
        elif role == "under":
            if said.subjects:
                said.within = said.subjects.pop()
            else:
                self._unknown(said, value)
                said.is_blocked = said.is_throughout = True
        elif role in {"again", "likewise"}:
            said.verb = said.verb or role
        elif role in _WAYS:
            way, verb, direction = _WAYS[role]
            said.is_unsigned = said.is_unsigned or (
                said.direction is not None and direction != said.direction
            )
            is_still = said.verb == "again"  # 仍突破了预算
            said.role, said.verb = said.role or way, verb if is_still else said.verb or verb
            if said.direction is None:
                said.direction = direction
        elif role in {"share", "rate", "completes"}:
            said.role = role
        elif role == "share_tail":
            said.role = said.role or "share"  # 基本支出的比重64.6%
        elif role in {"from", "to", "respectively", *_ASIDES}:
            said.role = said.role or role
            said.verb = said.verb or str(value)
        elif role == "none":
            said.is_none = True
        elif role == "parts":
            said.has_parts = True
        elif role == "together":
            said.is_together = True
        elif role == "within":
            said.takes_within = True
        elif role == "among" and (said.within or said.subjects) and said.doubt != "unknown":
            said.within = said.within or said.subjects.pop()
            said.takes_within = False
        elif role in {"blocked", "elsewhen", "throughout"}:
            said.is_blocked = True
            said.is_elsewhen = said.is_elsewhen or role == "elsewhen"
            said.is_throughout = said.is_throughout or role == "throughout"
        elif role == "" or (role == "among" and not said.phases):
            if any(_is_short_for(str(value), name) for name in self.names):
                said.is_own = True
            else:
                self._unknown(said, value)
        elif role == "opening" and value in self.names:
            said.is_own = True

    def _unknown(self, said: _Run, value: object) -> None:
        said.is_unknown = True
        said.unknown += str(value or "")
        said.doubt = said.doubt or ("unknown" if said.subjects else "")

    def _name(self, said: _Run, subject: Subject, is_alias: bool) -> None:
        if said.role == "share":
            said.whole = (said.whole and said.whole.joined(subject)) or subject
        elif said.takes_within:
            said.within = (said.within and said.within.joined(subject)) or subject
        else:
            if said.subjects and (joined := said.subjects[-1].joined(subject)):
                said.subjects[-1] = joined
            else:
                said.subjects.append(subject)
            if is_alias:
                said.doubt = said.doubt or "alias"
            if said.is_unknown and not _is_distinct(said.subjects[-1]):
                said.doubt = said.doubt or "unknown"

    def _base(self, run: Sequence[Token], said: _Run) -> tuple[int, int]:
        """Take what is compared with, as in 比上年, 与年初预算相比; return where it stands."""
        for at, token in enumerate(run):
            if token.role != "than":
                continue
            follows = run[at + 1].role if at + 1 < len(run) else ""
            if token.value == "同比" and follows not in {"last_year", "date"}:
                said.base = Base(self.year - 1)
                return at, at + 1
            year: int | None = None
            phases: tuple[str, ...] = ()
            names: list[Subject] = []
            end = at + 1
            for end in range(at + 1, len(run)):
                value: Any = run[end].value
                if run[end].role == "date" and value.unit == "year":
                    year = value.year
                elif run[end].role == "last_year":
                    year = self.year - 1
                elif run[end].role == "phase":
                    phases = _narrowed(phases, value.phases)
                    year = self.year - 1 if value.last_year else year
                elif run[end].role == "name" and year is None and not phases:
                    joined = names[-1].joined(value) if names else None
                    names[-1:] = [joined or value] if names else [value]
                elif run[end].role not in {"link", "rate"}:
                    break
            else:
                end = len(run)
                said.base_is_open = True
            compares = end < len(run) and run[end].role in _WAYS
            if names and year is None and not phases and not compares:
                continue
            if year is not None or phases or names:
                said.base = Base(year, phases, tuple(names))
                closes = end < len(run) and run[end].role == "than"
                return at, end + closes
            said.base_is_open = False
        return 0, 0

    def _subjects(self, said: _Run, context: _Context) -> tuple[tuple[Subject, ...], str]:
        """Return what a run is of, its own name or the one carried on, and why that is unsure."""
        doubt = "blocked" if said.is_blocked or context.is_part_of_year else said.doubt
        doubt = "again" if said.verb == "again" else doubt
        is_its = said.is_it and said.subjects == [_SIDES[0]]  # 该专项支出
        own = [] if is_its else list(said.subjects)
        if own and said.is_bare and said.is_unknown and doubt == "unknown":
            side = "" if own[0].side == "expenditure" else own[0].side
            own, doubt = [replace(own[0], side=side, item=f"text:{said.unknown}")], "unnamed"
        if said.is_together and context.pending:
            own = [one for run in context.pending for one in run.subjects] + own
        elif len(own) > 1:
            doubt = doubt or "several"
        carried = doubt or ("" if context.sure else "carried")
        is_sum = said.is_together and not any(one.item for one in context.subjects)
        if own and said.is_bare and not said.is_unknown and not is_sum:
            both = [one.joined(own[0]) for one in context.subjects]
            if both and all(both):
                # Under a heading of basic spending, 支出 may be all of it or of that alone.
                unsure = context.is_headed and context.subjects == (context.topic,)
                context.near += own if unsure else []
                return tuple(one for one in both if one), carried or ((unsure and "carried") or "")
            if not both and not (context.is_fresh or said.is_own):
                context.near += own
                return (), doubt or "silent"
            if any(one.item or one.block for one in context.subjects):
                return tuple(own), doubt or "carried"
        if own:
            whole = context.within or (
                context.of and context.of.subjects and context.of.subjects[0]
            )
            return tuple(one.within(whole) if whole else one for one in own), doubt
        if said.is_unknown and context.row and said.verb == "adjust":
            return (context.row,), "blocked" if said.is_blocked else ""
        if said.is_unknown:
            return (Subject(item=f"text:{said.unknown}"),), doubt or "unnamed"
        is_told = len(said.phases) == 1 and said.verb != "spent"
        is_told = is_told or (said.base is not None and said.role == "change")
        is_for = is_told or said.role == "rate" or (said.phases and context.is_because)
        if context.is_aside and is_for and said.role not in _ASIDES and not said.is_blocked:
            # 因规模缩小，预算调整为34万元: behind the reason stands what it is for.
            context.is_aside = False
        if context.is_aside:
            return (), doubt or "aside"
        if said.is_others or not context.subjects:
            return (), doubt or "silent"
        if context.subjects[0].item.startswith("text:"):
            return context.subjects, doubt or "unnamed"
        return context.subjects, carried

    # --- numbers and claims ------------------------------------------------------------------

    def _clause(
        self,
        paragraph: Paragraph,
        run: list[Token],
        mark: object,
        context: _Context,
        found: list[Statement],
    ) -> Statement | None:
        """Take what a clause without a number says: whom the next is of, or a claim."""
        last = context.last
        if last and run[0].role == "among" and len(run) == 1 and last.end == run[0].start:
            # 支出100万元中，……
            context.of = last
            return None
        said = self._said(run)
        self._enter(said, context)
        if mark == "、":
            context.pending.append(said)
        if said.is_last_year and said.phases and not (said.subjects or said.is_unknown):
            context.year = self.year - 1  # 上年决算中，甲专项45万元
        is_basis = run[0].value == _BY and not said.subjects and not said.is_unknown
        context.phases = said.phases if mark == ":" or is_basis else ()
        if mark == "(" and said.role == "share" and said.whole:
            # 占支出(2181.43万元)的13.9%: the bracket tells the whole.
            context.within = context.bracketed = said.whole
        if mark == ":" and _has(run, "respectively"):
            context.phases_of_list = said.phases  # 五个专项年初的盘子依次是:
        context.is_of_budget = context.is_of_budget or _is_of_budget(said.phases)
        if said.is_elsewhen and not said.subjects and not said.role:
            context.is_part_of_year = True
        if said.role in _ASIDES:
            # 甲项目因评审滞后，……: the reason stands between the name and what is said of it.
            context.is_aside = run[0].role not in {"name", "alias"} or not said.subjects
            context.is_because = said.role == "because"
            if not context.is_aside:
                context.subjects, context.sure = tuple(said.subjects[:1]), True
            elif run[0].role == "" and context.is_because and context.is_fresh:
                # 馆舍改造因一项工程跨年，执行率只有93.5%
                context.subjects = (Subject(item=f"text:{run[0].value}"),)
                context.is_aside = False
            return None
        # 执行率虽然偏低，也超过了90%
        context.is_rate = said.role == "rate" or (context.is_rate and not said.subjects)
        # 公用经费所占份额很小，仅9.5%
        context.is_share = said.role == "share" or (context.is_share and not said.subjects)
        claim = self._claim(paragraph, run, said, context)
        if said.is_none:
            context.levels.append(self._nothing(paragraph, run, said, context))
        is_all = said.is_together and len(said.subjects) > 1
        own = tuple(said.subjects if is_all else said.subjects[:1])
        named = (token.value for token in run if token.role == "name")
        sure = tuple(one for one in named if isinstance(one, Subject) and _is_distinct(one))
        if len(said.subjects) > 1 and _has(run, "alias") and len(sure) == 1 and not is_all:
            own = sure
        told = context.subjects[:1] if len(context.levels) > context.first else ()
        # 人员经费年中追加82.32万元，到年底全部支出: it is no other subject.
        is_verb = own[:1] == _SIDES[:1] and any(one.joined(own[0]) is not None for one in told)
        if said.subjects and not said.is_blocked and not context.is_aside and not is_verb:
            context.subjects = own
            is_own = said.doubt == "unknown" and _is_distinct(said.subjects[0])
            context.sure = is_own or (not said.doubt and not said.is_unknown)
            if context.topic is None and not found and not said.is_unknown:
                context.topic = said.subjects[0]
        context.is_fresh = context.is_fresh and not (said.is_unknown or said.is_none)
        if not said.subjects and said.is_unknown and not context.is_aside:
            context.sure = context.sure and context.topic is not None
        return claim

    def _claim(
        self, paragraph: Paragraph, run: list[Token], said: _Run, context: _Context
    ) -> Statement | None:
        """Return what a clause claims of more, less or the same, None if it claims nothing."""
        if said.role == "rate" and said.verb in _COMPARES and said.subjects and said.base:
            said.role, said.verb = "budget", f"rate_{said.verb}"
        if said.role not in {"budget", "level", "change"}:
            return None
        if run[0].role == "unspent":
            return None  # it was said of the number before it
        base, context.direction = said.base or context.base, said.direction
        if said.verb == "" and not base:
            return None
        own = said.base or Base()
        first = next((token.role for token in run if token.role != "link"), "")
        if said.subjects and first in _COMPARES and not (own.subjects or said.is_bare):
            # 甲5万元，低于乙; 低于乙的预算
            base, said = replace(own, subjects=tuple(said.subjects)), replace(said, subjects=[])
        subjects, doubt = self._subjects(said, context)
        if said.is_unknown and said.verb == "budget":
            return None
        return Statement(
            paragraph=paragraph,
            opens=run[0].start,
            start=run[0].start,
            end=run[-1].end,
            number=None,
            measure="claim",
            subjects=subjects,
            near=tuple(context.near),
            phases=said.phases,
            year=said.year or context.latest,
            direction=said.direction,
            base=base,
            now=tuple(context.levels[:-_NEAR:-1]),
            doubt=doubt,
            unsigned=said.is_unsigned,
            verb=said.verb,
        )

    def _nothing(
        self, paragraph: Paragraph, run: list[Token], said: _Run, context: _Context
    ) -> Statement:
        """Return 年初未安排预算 as an initial budget of nothing."""
        subjects, doubt = self._subjects(said, context)
        start, end = run[0].start, run[-1].end
        return Statement(
            paragraph=paragraph,
            opens=start,
            start=start,
            end=end,
            number=Written(start, end, "money", unit="元"),
            measure="level",
            subjects=subjects,
            phases=BUDGETS[:1],
            doubt=doubt,
        )

    def _enter(self, said: _Run, context: _Context) -> None:
        """Take over into the sentence what holds for all that follows in it."""
        if said.has_parts:
            context.of = context.last
            if context.base and (before := context.base.amount):
                # 由392万元上升到485万元，其中甲增加53万元: not beside the 392.
                context.base = Base(before.year or context.base.year, before.phases)
        if said.within:
            context.within, context.within_phases = said.within, said.phases
        context.is_part_of_year = context.is_part_of_year or said.is_throughout
        context.is_named = context.is_named or bool(said.subjects and not said.is_bare)
        context.near += [*said.subjects, *([said.within] if said.within else [])]
        if said.base and not said.base_is_open:
            context.base = said.base
        if said.base and not said.role:
            context.base = said.base
        context.year = said.year if said.year is not None else context.year
        context.latest = max(said.year or 0, context.latest or 0) or None

    def _number(
        self,
        paragraph: Paragraph,
        run: list[Token],
        token: Token,
        context: _Context,
        found: Sequence[Statement],
    ) -> Statement:
        number: Any = token.value
        if run and run[0].role == "among" and context.last and context.last.end == run[0].start:
            context.of, run = context.last, run[1:]  # 755.60万元当中甲占64.61%
        run = self._only_within(paragraph.text, run, context.near)
        bound = self.numbered.before.get(str(run[0].value), "none") if run else "none"
        is_share = number.kind == "percent" and _has(run, "name") and run[-1].value == "的"
        if is_share and bound != "none":
            # 公用经费55.80万元，不足全站支出的6%
            run, number = [run[0]._replace(role="share"), *run[1:]], hedged(number, bound)
            token = Token(token.start, token.end, "percent", number)
        said = self._said(run)
        if number.kind == "bare" and said.phases and (unit := _unit_of(paragraph, number)):
            number = _in_unit(number, unit)
            token = Token(token.start, token.end, "money", number)
        bounds = {
            self.numbered.before.get(str(one.value), "none") for one in run if one.role == "link"
        }
        bounds &= {"most", "least"}
        if number.kind == "percent" and len(bounds) == 1:
            # 不到支出合计的四分之三
            number = hedged(number, bounds.pop())
            token = Token(token.start, token.end, "percent", number)
        last = found[-1] if found else None
        if said.is_on_basis and last and last.measure == "level" and run[0].start == last.end:
            # 在上年398.62万元的基础上增加
            said.base = Base(last.year, last.phases, amount=last)
        self._enter(said, context)
        subjects, doubt = self._subjects(said, context)
        count = last if last and last.number and last.number.kind == "count" else None
        is_of_count = count is not None and count.end == (run[0].start if run else -1)
        if said.is_together and not said.subjects and count and is_of_count and count.label:
            # 甲与乙两项合计76.69万元
            said.subjects, subjects = list(count.subjects), count.subjects
            doubt = "" if count.doubt == "several" else count.doubt
        is_sum = said.is_together and not said.subjects and len(context.subjects) < _BARE
        if is_sum and len({*context.near}) > 1:
            doubt = doubt or "several"  # 甲最多，乙次之，两项合计50万元
        if said.subjects and context.is_because:
            context.is_aside = False
        if not subjects and said.phases and not said.is_unknown and not context.near:
            context.near.append(Subject("expenditure"))
        bracketed, context.bracketed = context.bracketed, None
        if bracketed and not run and number.kind == "money":
            subjects, doubt = (bracketed,), ""
        else:
            bracketed = None
        measure = self._measure(paragraph, run, token, said, context, found)
        if measure == "level" and not said.subjects and not said.phases:
            # 甲专项中有10万元用于……; 调整后预算367万元，其中2.60万元属于追加
            is_part = said.within is not None or (said.has_parts and not said.is_unknown)
            doubt = doubt or ("part" if is_part else "")
        now = context.latest if measure == "change" and not said.year else context.year
        year = self.year - 1 if said.is_last_year else now
        if measure == "level" and year is None and not said.phases and context.of:
            year = context.of.year  # 上年决算数392万元，包括甲104万元
        opens = run[0].start if run else token.start
        whole = said.whole
        if measure == "share" and whole is None and context.of is None:
            whole = context.within
        if measure == "share" and not run and found and context.of is None:
            whole = found[-1].whole
        if measure == "share" and said.is_it and whole in _SIDES:
            # 占该专项全年支出的四分之一
            whole, doubt = context.topic, doubt or "carried"
        statement = Statement(
            paragraph=paragraph,
            opens=opens,
            start=token.start,
            end=token.end,
            number=number,
            measure=measure,
            subjects=subjects,
            near=tuple(context.near),
            label=paragraph.text[opens : token.start],
            phases=said.phases
            or context.phases
            or (context.phases_of_list if measure == "level" and said.subjects else ())
            or (context.within_phases if measure == "level" else ()),
            year=year,
            direction=said.direction,
            base=said.base or context.base,
            whole=whole,
            of=context.of,
            now=tuple(context.levels[:-_NEAR:-1]),
            after=context.change if said.role == "change" and number.kind != "money" else None,
            doubt=doubt,
            unsigned=said.is_unsigned,
            is_named=context.is_named,
            verb=said.verb or ("others" if said.is_others else ""),
        )
        if bracketed:
            return statement
        if measure == "level":
            if context.is_of_budget and said.verb == "spent" and not said.is_bare:
                # 年初预算安排如下：甲专项支出30万元
                statement = replace(statement, phases=(), verb="")
            elif statement.phases:
                context.is_of_budget = _is_of_budget(statement.phases)
            statement = self._level(statement, said, context)
        elif measure == "sum":
            own = context.levels[context.first :]
            beside = found[-1].number if found and found[-1].end >= opens - 1 else None
            several = int(beside.value) if beside and beside.kind == "count" else len(own)
            statement = replace(statement, now=tuple(own[-several:]))
        elif measure == "change":
            if said.direction is None and context.base:
                statement = replace(statement, direction=context.direction)
            context.base = statement.base
            context.change = statement if number.kind == "money" else None
        if measure not in {"level", "sum"} and said.subjects:
            context.subjects, context.sure = subjects, not doubt
        context.phases, context.is_fresh = (), False
        context.pending, context.role = [], said.role if measure == "level" else ""
        return statement

    def _only_within(self, text: str, run: list[Token], near: Sequence[Subject]) -> list[Token]:
        """Return words with those unknown that name a part where its whole is not spoken of."""
        spoken = {one.item for one in near}
        return [
            token._replace(role="", value="")
            if self.only and self.only.get(text[token.start : token.end], "") not in {"", *spoken}
            else token
            for token in run
        ]

    def _measure(
        self,
        paragraph: Paragraph,
        run: list[Token],
        token: Token,
        said: _Run,
        context: _Context,
        found: Sequence[Statement],
    ) -> Measure:
        number: Any = token.value
        if len(run) == 1 and run[0].role in {"above", "below"} and not number.is_hedged:
            # 较年初预算28.60万元超出12.75万元
            said.role, said.verb = "change", "" if context.base else "budget"
        is_change = said.role == "change" and not (said.base_is_open and said.base)
        is_change = is_change or (said.verb in {"above", "below"} and said.base is not None)
        is_change = is_change and not _is_of_base(paragraph.text, token, said)
        if number.kind == "money":
            if is_change:
                return "change"
            own = context.levels[context.first :]
            near = found[-1].number if found and found[-1].end >= token.start - _CLOSE else None
            is_counted = near is not None and near.kind == "count" and said.is_bare
            is_sum = said.is_together and (not said.subjects or is_counted)
            return "sum" if is_sum and len(own) > 1 else "level"
        if number.kind == "points" and said.role in {"change", "budget"}:
            return "points"
        if number.kind != "percent":
            return "other"
        is_rate, context.is_rate = context.is_rate, False
        is_share, context.is_share = context.is_share, False
        if is_share and all(one.role == "link" for one in run):
            return "share"
        if is_rate and not (said.subjects or said.is_unknown or said.base or said.phases):
            return "rate" if said.role in {"", "budget"} else "other"
        last = found[-1] if found else None
        if said.role == "share":
            return "share"
        is_of_last = last is not None and last.measure == "level" and last.end == token.start - 1
        is_whole = last and is_of_last and paragraph.text[last.end] == "的" and context.last is last
        if last and is_whole and last.verb not in _COMPARES and len(context.levels) > 1:
            # 支出29.89万元，为预算32万元的93.41%
            context.of = last
            return "share"
        is_again = (
            last is not None
            and last.measure == "rate"
            and last.end == token.start - 1 - sum(one.end - one.start for one in run)
        )
        if is_again and all(one.role == "link" for one in run):
            return "rate"  # 完成率没到九成，只有88.08%
        against = context.base and not context.base.subjects and _is_of_budget(context.base.phases)
        if against and said.phases == ("executed",) and not said.role and not said.is_unknown:
            return "rate"  # 与调整后预算718.50万元相比，执行了约九成八
        if said.role in {"rate", "completes"}:
            # 执行率比上年提高2%: of the rate, or points of it?
            return "other" if said.base and said.direction and not said.verb else "rate"
        if is_change:
            return "change"
        if not said.is_unknown and not said.subjects and context.role in {"share", "completes"}:
            return "share" if context.role == "share" else "rate"
        if said.phases and set(said.phases) <= set(BUDGETS) and not said.is_unknown:
            return "rate"
        is_plain = said.subjects and not (said.role or said.is_unknown or said.is_blocked)
        if is_plain and last and last.measure == "rate" and last.number and context.is_named:
            # 基本支出预算执行率98.56%，项目支出为97.54%
            begins = paragraph.sentence(token.start)[0]
            return "rate" if last.start >= begins else "other"
        in_brackets = token.start and paragraph.text[token.start - 1] == "("
        if in_brackets and not run and found and found[-1].measure in {"change", "share"}:
            return found[-1].measure
        return "other"

    def _level(self, statement: Statement, said: _Run, context: _Context) -> Statement:
        """Return an amount as it stands in its sentence, and go on from it."""
        paragraph, end, moved_from = statement.paragraph, statement.end, None
        if said.base_is_open and said.base:
            statement = replace(statement, year=said.base.year, phases=said.base.phases, base=None)
            context.base = replace(said.base, amount=statement)
            return statement
        if said.base and _is_of_base(paragraph.text, Token(statement.start, end, ""), said):
            doubt = statement.doubt if said.is_blocked else ""
            if said.base.subjects:
                return replace(statement, subjects=said.base.subjects, doubt=doubt, base=None)
            # 高于上年的672万元
            year = said.base.year or statement.year
            return replace(statement, year=year, phases=said.base.phases, base=None)
        if said.role == "share":
            # 占年初支出2181.43万元的86.12%: it is of the whole.
            whole = () if said.is_of_budget or said.whole is None else (said.whole,)
            doubt = statement.doubt if said.is_unknown or said.is_blocked else ""
            context.of = replace(statement, subjects=whole, doubt=doubt if whole else "silent")
            context.levels.append(context.of)
            return context.of
        if said.role == "to" and context.start:
            way = 1 if _RISES.search(said.verb) else -1 if _FALLS.search(said.verb) else None
            statement = replace(
                statement,
                direction=way if way is not None else context.direction,
                base=Base(amount=context.start),
                doubt=statement.doubt or ("" if said.phases else "moved"),
                verb="to",
            )
            moved_from, context.start = statement.base, None
        elif said.role == "from":
            is_told = said.phases or said.is_last_year
            statement = replace(statement, doubt=statement.doubt or ("" if is_told else "moved"))
            context.start = statement
        elif not statement.doubt and _PART_TAIL.match(paragraph.text[end : end + 3]):
            statement = replace(statement, doubt="part")
        if not said.is_blocked:
            context.last = statement
            context.levels.append(statement)
            if context.row and said.is_unknown and not said.subjects:
                return statement
            if statement.subjects and (not said.is_together or len(statement.subjects) == 1):
                context.subjects = statement.subjects
                context.sure = statement.doubt in {"", "part", "unnamed", "moved"}
            is_first = len(context.levels) == 1 and len(statement.subjects) == 1
            if context.topic is None and is_first and not statement.doubt:
                context.topic = statement.subjects[0]
            context.base, context.change = moved_from, None
        return statement


def _unit_of(paragraph: Paragraph, number: Written) -> str:
    """Return the unit of an amount without one, "" if it may be none: of nothing, or 单位:万元."""
    told = _UNIT.search(paragraph.text)
    return told["unit"] if told else "" if number.value else "元"


def _in_unit(number: Written, unit: str) -> Written:
    per = FEN_PER[unit]
    half = number.half or Fraction(1, 2)
    return replace(number, kind="money", unit=unit, value=number.value * per, half=half * per)


def _unbracketed(stream: list[Token]) -> list[Token]:
    """Return a sentence without the brackets around what only names a phase: 全年预算(调整后)."""
    brackets = [
        at
        for at, token in enumerate(stream[:-_CLAUSE])
        if token.value == "(" and stream[at + _CLAUSE].value == ")"
        if stream[at + 1].role == "phase"
    ]
    dropped = {at + step for at in brackets for step in (0, _CLAUSE)}
    return [token for at, token in enumerate(stream) if at not in dropped] if dropped else stream


def _named_first(stream: list[Token]) -> list[Token]:
    """Return 118万元(甲项目) as 甲项目118万元: a bracket right behind an amount names it alone.

    In a list of such amounts, one with a name that nobody knows is of nothing that is known.
    """
    named = {at for at in range(len(stream)) if _is_named_behind(stream[at : at + 2 + _CLAUSE])}
    found: list[Token] = []
    skipped = 0
    for at, token in enumerate(stream):
        if skipped:
            skipped -= 1
        elif at not in named:
            found.append(token)
        else:
            start, name = token.start, stream[at + _CLAUSE]
            if name.role == "name":
                found.append(name._replace(start=start, end=start))
                skipped = 1 + _CLAUSE
            elif len(named) > 1:
                found.append(Token(start, start, "blocked", ""))
            found.append(token)
    return found


def _is_named_behind(stream: Sequence[Token]) -> bool:
    """Return whether an amount begins a stream and one name in brackets follows."""
    values = [token.value for token in stream]
    is_one = [*values[1:2], *values[3:]] == ["(", ")"]
    return is_one and stream[0].role == "money" and stream[_CLAUSE].role in {"name", ""}


def _opens_list(last: Statement, stream: Sequence[Token]) -> bool:
    """Return whether a bracket lists what an amount consists of: 61.01万元(甲14.90万元，乙……)."""
    inner = takewhile(lambda token: token.value != ")", stream)
    is_behind = last.measure == "level" and last.end == stream[0].start
    return is_behind and sum(token.role == "money" for token in inner) >= _BARE


def _qualified(behind: Sequence[Token]) -> list[Token]:
    """Return the word right behind a number that says it is no amount of the year."""
    first = behind[1:] if behind[0].role == "link" else behind[:1]
    return [one for one in first if one.role in {"blocked", "unspent"}]


def _named_behind(run: Sequence[Token], behind: Sequence[Token]) -> list[Token]:
    """Return the name of an amount that stands behind it: 余下28万元为公用经费."""
    if _has(run, "name") or len(behind) < _BEHIND:
        return []
    link, name, after = behind[:_BEHIND]
    is_all = link.value in IS and name.role == "name" and after.role == "mark"
    return [name] if is_all and after.value != "、" else []


def _part_behind(run: Sequence[Token], number: Token, behind: Sequence[Token]) -> list[Token]:
    """Return the name of the part of a share, and what makes it one: 基本支出的80%用于人员经费."""
    if number.role != "percent" or not _has(run, "name") or run[-1].value != "的":
        return []
    is_part = len(behind) == _BEHIND and (behind[0].role == "aside" or behind[0].value in IS)
    if not is_part or behind[1].role != "name" or behind[2].role != "mark":
        return []
    at = run[0].start
    return [Token(at, at, "name", behind[1].value), Token(at, at, "share")]


def _of_a_whole(run: Sequence[Token], behind: Sequence[Token]) -> list[Token]:
    """Return a word unknown where an amount without a name is a whole: 年初500万元预算里，甲……."""
    is_whole = [one.role for one in behind] in (["phase", "among"], ["name", "among"])
    return (
        [Token(behind[0].start, behind[0].start, "")] if is_whole and not _has(run, "name") else []
    )


def _named(heading: _Run) -> Subject | None:
    one = len(heading.subjects) == 1 and not heading.is_unknown
    return heading.subjects[0] if one else None


def _is_of_budget(phases: Sequence[str]) -> bool:
    return bool(phases) and set(phases) <= set(BUDGETS)


def _has(run: Sequence[Token], role: str) -> bool:
    return any(token.role == role for token in run)


def _as_moved(one: Statement, said: _Run) -> Statement:
    """Return an item of a list of what was added or taken away."""
    if one.measure != "level" or one.doubt:
        return one
    return replace(one, measure="change", verb=said.verb, direction=said.direction)


def _is_distinct(subject: Subject | None) -> bool:
    """Return whether a name is so much its own that words before it do not make it another."""
    return subject is not None and (":" in subject.item or subject.item.isdecimal())


def _narrowed(said: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    """Return the phases two words in a row leave open: 年初预算安排 is of 年初预算."""
    return tuple(phase for phase in said if phase in more) or more


def _is_of_base(text: str, token: Token, said: _Run) -> bool:
    """Return whether an amount is what another is held against: 低于基本支出的360.07万元."""
    return said.verb in _COMPARES and said.base is not None and text[token.start - 1] == "的"


def _without_reason(run: Sequence[Token]) -> Sequence[Token]:
    """Return words without the reason they give on the way: 因评审核减而调减6万元."""
    opens = next((at for at, token in enumerate(run) if token.role in _ASIDES), len(run))
    closes = [at for at in range(opens, len(run)) if run[at].value == _THEREFORE]
    return [*run[:opens], *run[closes[-1] + 1 :]] if closes else run


def _without_year_end(run: Sequence[Token]) -> Sequence[Token]:
    """Return words without 截至12月底: what is told is of the whole year."""
    kept = [
        token
        for token, behind in zip_longest(run, run[1:])
        if not (token.value in _UNTIL and behind and _is_december(behind))
    ]
    return [
        token
        for last, token in zip([None, *kept], kept, strict=False)
        if not (last and token.value in _ENDS and token.role == "" and _is_december(last))
    ]


def _is_december(token: Token) -> bool:
    value: Any = token.value
    return token.role == "date" and value.value == _DECEMBER


def _left_of_change(run: Sequence[Token]) -> tuple[Sequence[Token], bool]:
    """Return words without the change that what follows is left of: 压减一般性支出后为60.50万元."""
    ways = [at for at, token in enumerate(run) if _WAYS.get(token.role, ("",))[0] == "change"]
    for at in range(len(run) - 1, ways[0] if ways else len(run), -1):
        value: Any = run[at].value
        is_after = run[at].role == "phase" and value.phases == BUDGETS[1:]
        if is_after or run[at].role == "afterwards":
            own = [token for token in run[: ways[0]] if token.role == "name"]
            return [*own, *run[at + 1 :]], True
    return run, False


def _is_short_for(said: str, name: str) -> bool:
    """Return whether words are what a name is called for short: 区建管委, 区本级."""
    if len(said) < _BEHIND or said[-1] not in name[-_BEHIND:]:
        return False
    rest = iter(name)
    return all(character in rest for character in said)


def _joined(names: Sequence[Subject], more: Subject) -> Subject:
    """Return the last of some names with what another adds to it."""
    return (names[-1].joined(more) if names else None) or more
