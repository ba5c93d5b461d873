"""A sentence about what was reached: which indicator, survey or score each number is of, and how.

A number is of the indicator named before it, in full or in the words its name is made of, if
nothing unknown stands between; of the one told before in the sentence if nothing is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from .reading import pair_off
from .tokens import Lexicon, NumberWords, Token, Written, tokens

Kind = Literal[
    "actual", "goal", "duty", "distance", "completion", "beyond", "sent", "recovered", "valid",
    "unreturned", "return_rate", "full_marks", "earned", "deducted", "marks", "claim", "grade",
    "share",
]  # fmt: skip
Way = Literal["", "over", "under", "better", "met", "unmet"]
WHOLE = "whole"
_WAYS: dict[str, Way] = {
    "over": "over",
    "under": "under",
    "exceeded": "better",
    "better": "better",
    "met": "met",
    "unmet": "unmet",
}
_CLOSES = {",", ";", ":", "(", ")", "。", "!", "?"}
_GRADES = {"优秀": "优", "良好": "良", "优": "优", "良": "良", "中": "中", "差": "差"}
_SHORTEST, _LONG_ENOUGH = 3, 4
_JOINED = re.compile("和|(?<!参)与|及(?!时)")
_BY_ITSELF = "自评"
_EACH = {"每", "平均"}
_ALL_YEAR, _HAS_IN_ALL = "全年", "共有"
_FROM, _TO = "从由自有", "到至"
_THIS_YEAR = {"本年", "本年度", "当年", "今年"}


@dataclass(frozen=True, slots=True)
class Name:
    """What an indicator is called: in full, and what of it is its own."""

    full: str
    core: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a number, a claim or a grade in a sentence says.

    ``of`` are the numbers of the indicators that may be meant, or the name of a block of points,
    or ``WHOLE``; ``way`` what is claimed against the target; ``sign`` of a distance from it.
    ``loose`` where the number may be the target as well as the distance from it. ``weak`` says
    how many other numbers of the sentence have to confirm that the indicator is meant.
    """

    start: int
    end: int
    kind: Kind
    of: tuple[int, ...] | str = ()
    way: Way = ""
    sign: int = 0
    loose: bool = False
    weak: int = 0
    grade: str = ""
    rest: str = ""
    number: Written | None = None
    whole: Written | None = None


@dataclass(slots=True)
class _Window:
    """What stands since the number or the clause before."""

    roles: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    start: int = -1
    rest: str = ""
    raw: str = ""
    between: str = ""
    named: tuple[int, ...] | str = ()
    part: bool = False
    several: bool = False
    opens: bool = False
    each: bool = False
    is_rate: bool = False
    signs: list[int] = field(default_factory=list)

    def has(self, *roles: str) -> bool:
        return any(role in self.roles for role in roles)


class PerformanceReader:
    """Reads sentences with the words of performance and the names of one unit's indicators."""

    def __init__(
        self,
        words: Mapping[str, tuple[str, object]],
        names: Sequence[str],
        blocks: Mapping[str, str],
        tails: Sequence[str],
        numbered: NumberWords,
        year: int,
        short: Mapping[str, int],
        alone: Mapping[str, tuple[str, object]],
        denied: Sequence[str],
        fits: Callable[[int, Written], bool],
    ) -> None:
        """Keep the words; ``blocks`` are the names of blocks of points by what they are called.

        ``short`` are names so short that they mean one indicator only in this unit; ``alone`` are
        words that mean something only where nothing else stands beside them, ``denied``
        those behind a number that tell of what was not done. ``fits`` says whether a number may
        be one of an indicator, by its unit.
        """
        self.short, self.alone, self.denied, self.fits = short, alone, denied, fits
        self.numbered, self.year = numbered, year
        self.surveys = [word for word, (role, _) in words.items() if role == "survey"]
        self.tails = tuple(sorted(tails, key=len, reverse=True))
        named = {name: ("block", own) for name, own in blocks.items()}
        self.lexicon = Lexicon({**words, **named}, alone)
        self._meant: dict[str, tuple[int, ...]] = {}
        self.names = [Name(name, _alike(self._core(name))) for name in names]
        by_name: dict[str, list[int]] = {}
        for at, name in enumerate(names):
            by_name.setdefault(name, []).append(at)
        full = {n: ("indicator", tuple(ats)) for n, ats in by_name.items() if n}
        self._full = Lexicon(full, {})

    def _core(self, name: str) -> str:
        """Return what of a name is its own: without counters and words that say nothing."""
        found = list(self.lexicon.scan(name, 0, len(name)))
        first = 0
        while first < len(found) - 1 and found[first].role in {"beside", "done", "met"}:
            first += 1
        return self._cut(name[found[first].start :] if found else name)

    def _cut(self, name: str) -> str:
        tail = next((tail for tail in self.tails if name.endswith(tail)), "")
        return name[: len(name) - len(tail)] if len(name) > len(tail) + 1 else name

    # --- whom words mean ---------------------------------------------------------------------

    def named(self, rest: str) -> tuple[int, ...]:
        """Return the indicators that words may mean: by their own part, or by pieces of it."""
        if rest not in self._meant:
            self._meant[rest] = self._named(rest)
        return self._meant[rest]

    def _named(self, rest: str) -> tuple[int, ...]:
        if rest in self.short:
            return (self.short[rest],)
        rest = _alike(rest)
        for said in dict.fromkeys((rest, self._cut(rest))):
            if exact := self.exactly(said):
                return exact
            made = tuple(at for at, name in enumerate(self.names) if _is_made_of(said, name.core))
            if made:
                return made
        return ()

    def is_small(self, word: str) -> bool:
        """Return whether a word at the end of others says nothing."""
        return self.alone.get(word, ("", None))[0] == "beside"

    def exactly(self, said: str) -> tuple[int, ...]:
        """Return the indicators whose own part of the name these words are."""
        return tuple(at for at, name in enumerate(self.names) if said == name.core)

    def likely(self, rest: str, number: Written) -> tuple[tuple[int, ...], int]:
        """Return the one indicator of a number's unit that shares the most with some words.

        Beside it stands how little that is: 2 where it is a word or the unit, or more is said.
        """
        said = _pairs(_alike(rest))
        shared = {
            at: len(said & _pairs(name.full))
            for at, name in enumerate(self.names)
            if self.fits(at, number) and not _is_wider(name.core, rest)
        }
        most = max(shared.values(), default=0)
        best = tuple(at for at, own in shared.items() if own == most)
        if len(best) != 1 or not (most or number.kind == "count"):
            return (), 0
        # What has a word of its own may be a sibling: 闸门检修合格率 of 闸门启闭合格率.
        is_own = most > 1 and set(self._cut(_alike(rest))) <= set(self.names[best[0]].full)
        return best, 1 if is_own else 2

    # --- sentences ---------------------------------------------------------------------------

    def read(self, text: str, span: tuple[int, int], topic: tuple[int, ...] = ()) -> list[Told]:
        """Return what a sentence about a topic, if any, tells, in the order of its text."""
        # In 2020年到馆人次 the 年 is of the date.
        items = [
            one
            for one in self._full.scan(text, *span)
            if one.role
            and not (text[one.start] == "年" and text[one.start - 1 : one.start].isdigit())
        ]
        stream = pair_off(tokens(text, self.lexicon, self.numbered, span, items))
        return list(_Sentence(self, text, stream, topic).told())


def _alike(name: str) -> str:
    return name.replace("满意率", "满意度")


def _is_wider(core: str, said: str) -> bool:
    """Return whether words tell a part of an indicator, or of one that has many parts."""
    return (core in said and len(core) >= _LONG_ENOUGH) or core.endswith("满意度")


def _pairs(words: str) -> set[str]:
    return {words[at : at + 2] for at in range(len(words) - 1)}


def _is_made_of(said: str, core: str) -> bool:
    """Return whether words are the end of a name, or pieces of it that make at least its half."""
    # Of two who were asked, or of one of many rates, a part of the name tells another.
    if core.endswith("满意度") or _JOINED.search(core):
        return False
    if len(said) >= _LONG_ENOUGH and core.endswith(said):
        return True
    if not _SHORTEST <= len(said) <= len(core) <= 2 * len(said):
        return False
    if core[-1] in "率度":
        return core.endswith(said)
    at = 0
    while at < len(said):
        length = next((n for n in range(len(said) - at, 1, -1) if said[at : at + n] in core), 0)
        if not length:
            return False
        at += length
    return True


class _Sentence:
    """One sentence being read."""

    def __init__(
        self, reader: PerformanceReader, text: str, stream: list[Token], topic: tuple[int, ...]
    ) -> None:
        self.reader, self.text, self.stream = reader, text, stream
        self.subject: tuple[int, ...] | str = topic
        self.topic = topic
        self.other_year = self.unsure = self.partial = False
        self.weak = 0
        self.last: Told | None = None
        self.narrower: list[str] = []
        self.roles = {token.role for token in stream}
        said = text[stream[0].start : stream[-1].end] if stream else ""
        asks = any(word in said for word in reader.surveys)
        self.survey = asks and "other_survey" not in self.roles
        self.unknown = ""
        self.counts: list[Written] = []

    def told(self) -> Iterator[Told]:
        window = _Window()
        for at, token in enumerate(self.stream):
            if isinstance(token.value, Written) and token.role != "date":
                found = self._number(window, token, at)
                self.last = found
                if found:
                    yield replace(found, number=token.value)
                window = _Window()
            elif token.role == "mark" and token.value in _CLOSES:
                yield from self._clause(window, token.start)
                # 高于目标(90%): what stands in the bracket is the target.
                goes_on = token.value == "(" and window.roles[-1:] == ["goal"]
                window = _Window(roles=["goal"], words=[""]) if goes_on else _Window()
                window.opens = token.value == "("
                if token.value == ";":
                    self._part()
            elif not (token.role == "" and self.text[token.start] == "/"):
                self._take(window, token)
        yield from self._clause(window, self.stream[-1].end if self.stream else 0)

    def _part(self) -> None:
        """Begin a part of the sentence, of which the one before says little."""
        self.unsure = self.partial = False
        self.narrower, self.counts = [], []
        if self.topic:
            self.subject, self.weak = self.topic, 0

    def _take(self, window: _Window, token: Token) -> None:
        role = token.role
        word = self.text[token.start : token.end]
        if window.start < 0 and role != "mark":
            window.start = token.start
        if role == "indicator":
            window.several = bool(window.named)
            window.named = token.value  # type: ignore[assignment]
        elif role == "" or (role == "completion" and window.rest) or self._is_of_name(token):
            word = word[: -1 if self.reader.is_small(word[-1]) and len(word) > 1 else None]
            window.rest += word
            window.raw += f"{window.between}{word}" if window.raw else word
            window.between = ""
            window.roles += [role] if role == "completion" else []
        elif role == "such":
            window.rest = window.raw = ""
        elif role == "block":
            window.named = str(token.value)
        elif role == "date":
            number = token.value
            assert isinstance(number, Written)
            if number.year is not None:
                self.other_year = number.year != self.reader.year
            window.part = window.part or number.unit != "year"
        elif role == "last_year":
            window.part = True
            self.other_year = self.other_year or not window.has("than")
        elif role in {"unsure", "blocked"}:
            self.unsure = True
        elif role == "part":
            window.part = window.part or word not in _EACH
            window.each = True
        elif role != "mark":
            window.between += word
            if word in _THIS_YEAR:
                self.other_year = False
            window.roles.append(role)
            window.words.append(word)
            sign = token.value if role == "change" else {"over": 1, "under": -1}.get(role)
            if isinstance(sign, int):
                window.signs.append(sign)

    def _is_of_name(self, token: Token) -> bool:
        """Return whether a word of change is part of a name: 增长率."""
        return token.role == "change" and self.text.startswith("率", token.end)

    def _of(self, window: _Window) -> tuple[int, ...] | str:
        """Return what a window speaks of, the subject carried on, or () where it is not known."""
        if window.named:
            return () if window.rest or window.several else window.named
        if not window.rest or window.rest in self.reader.tails:
            word = window.words[window.roles.index("change")] if window.has("change") else ""
            names = [self.reader.names[at].full for at in self.subject if isinstance(at, int)]
            is_rate = bool(names) and all(name.endswith(f"{word}率") for name in names)
            window.is_rate = (
                bool(word) and is_rate and not window.has("goal", "than", "over", "under")
            )
            return self.subject
        if isinstance(self.subject, tuple) and any(
            window.rest in self.reader.names[at].core for at in self.subject
        ):
            return self.subject
        if found := self.reader.named(window.raw) or self.reader.named(window.rest):
            return found
        if window.has("completion"):
            cut = next((w for w in ("完成率", "完成比例", "实现率") if window.rest.endswith(w)), "")
            return self.reader.named(window.rest.removesuffix(cut)) if cut else ()
        if window.has("change") and not window.has("goal"):
            # 用水量下降2.8% tells the 用水量下降率.
            word = window.words[window.roles.index("change")]
            window.is_rate = bool(found := self.reader.exactly(f"{window.raw}{word}率"))
            return found
        return ()

    def _clause(self, window: _Window, end: int) -> Iterator[Told]:
        """Take what a clause without a number, or behind its last one, says."""
        if window.start < 0:
            return
        yield from self._grade(window, end)
        own = self._of(window)
        is_claim = window.has("goal") or any(word.endswith("达标") for word in window.words)
        way = self._way(window)
        if is_claim and way and isinstance(own, tuple) and own and not self._is_unsure():
            yield Told(window.start, end, "claim", own, way)
        if window.rest or window.named:
            self.subject, self.weak = own, 0
            self.unknown = "" if own else window.rest

    def _grade(self, window: _Window, end: int) -> Iterator[Told]:
        if self._is_unsure() or not window.has("grade_before"):
            return
        tail = self.text[window.start : end]
        for word, grade in _GRADES.items():
            if tail.endswith(word):
                loose = not self.roles & {"whole", "total_score"}
                yield Told(end - len(word), end, "grade", WHOLE, loose=loose, grade=grade)
                return

    def _is_unsure(self) -> bool:
        return self.unsure or self.other_year

    def _way(self, window: _Window) -> Way:
        return next((_WAYS[role] for role in reversed(window.roles) if role in _WAYS), "")

    def _tail(self, at: int) -> list[Token]:
        """Return the words behind a number, up to the next number or mark."""
        found: list[Token] = []
        for token in self.stream[at + 1 :]:
            if token.role == "mark" or (isinstance(token.value, Written) and token.role != "date"):
                break
            found.append(token)
        return found

    def _number(self, window: _Window, token: Token, at: int) -> Told | None:
        number = token.value
        assert isinstance(number, Written)
        tail = self._tail(at)
        if number.kind == "score":
            return self._score(window, number)
        if share := self._share(window, number, tail):
            return share
        if self.survey and (told := self._of_survey(window, number, tail)):
            return told
        own, weak = self._of(window), self.weak
        rest = window.rest or self.unknown
        if window.rest or window.named:
            weak = 0
        if not own and window.rest:
            self.narrower.append(window.rest)
        if not own and rest and not window.named:
            own, weak = self.reader.likely(rest, number)
            if weak != 1 and self.topic and self.reader.fits(self.topic[0], number):
                own, weak = self.topic, 1
            self.unknown = "" if own else rest
        elif isinstance(own, tuple):
            # 安全培训3场，培训120人: what follows is of the narrower one as well.
            cores = [self.reader.names[at].core for at in own]
            is_narrower = any(core in rest for core in cores for rest in self.narrower)
            own = () if is_narrower and _ALL_YEAR not in window.words else own
            own = tuple(at for at in own if self.reader.fits(at, number)) or own
        if window.rest or window.named or own:
            self.subject, self.weak = own, weak
        each = window.each and number.kind != "money"
        if (window.part or self.partial or each) and not window.is_rate:
            self.partial = self.partial or not window.has("than")
            return None
        if not own or isinstance(own, str) or self._is_unsure():
            return None
        told = self._of_indicator(window, number, tail, own)
        if told and (
            number.kind == "bare"
            or (window.has("apart") and not (self.topic and window.has("goal")))
        ):
            weak = weak or 1
        return replace(told, weak=weak) if told else None

    # --- indicators --------------------------------------------------------------------------

    def _of_indicator(
        self, window: _Window, number: Written, tail: list[Token], own: tuple[int, ...]
    ) -> Told | None:
        if window.has("sent", "recovered", "valid", "unreturned", "return_rate"):
            return None
        span, way = (number.start, number.end), self._way(window)
        behind = next((one.role for one in tail if one.role and one.role != "beside"), "")
        if window.is_rate:
            return Told(*span, "actual", own)
        is_goal = window.has("goal") and behind in {"apart", "change", "over", "under"}
        if is_goal or behind == "goal" or (behind == "duty" and way):
            return Told(*span, "duty" if behind == "duty" else "goal", own, way)
        of_goal = self.last is not None and self.last.kind == "goal"
        is_of_it = of_goal and number.kind == "percent" and window.words == ["的"]
        said = window.rest[-_SHORTEST:]
        is_own = said and all(self.reader.names[at].full.endswith(said) for at in own)
        if (window.has("completion") and not is_own) or is_of_it:
            return Told(*span, "completion", own)
        # 由82%提高到85%, 有5家次没有实施: what was before, or a part.
        if self.text[number.start - 1] in _FROM and window.words[-1:] != [_HAS_IN_ALL]:
            return None
        if window.has("change") and self.text[number.start - 1] in _TO and not window.has("goal"):
            return Told(*span, "actual", own)
        is_named = bool(window.rest) and not window.has("than")
        of_this = number.kind == "points" or window.has("change", "apart")
        if of_this or (
            window.has("than") and not window.has("goal", "over", "under") and not is_named
        ):
            is_direct = number.kind == "points" and (window.rest or window.named)
            if is_direct and not window.has("goal", "than", "change", "over", "under", "apart"):
                return Told(*span, "actual", own)
            return self._distance(window, number, own, behind)
        if window.has("exceeded"):
            return Told(*span, "beyond", own)
        if window.has("goal"):
            if number.kind == "percent" and self.text[number.start - 1] == "的":
                return Told(*span, "completion", own)
            if window.has("over", "under"):
                sign = 1 if window.has("over") else -1
                return Told(*span, "distance", own, way, sign, loose=True)
            return Told(*span, "goal", own, way)
        if window.has("duty"):
            return Told(*span, "duty", own)
        behind_it = self.text[number.end : tail[-1].end] if tail else ""
        if any(word in behind_it for word in self.reader.denied):
            return None
        # 131场，12场在分馆: what only follows may be a part.
        if not (window.rest or window.named or window.opens or window.has("met", "done", *_WAYS)):
            return None
        against: Way = way if window.has("unmet", "over", "under") else ""
        return Told(*span, "actual", own, against)

    def _distance(
        self, window: _Window, number: Written, own: tuple[int, ...], behind: str
    ) -> Told | None:
        of_goal = self.last is not None and self.last.kind == "goal"
        if (
            not of_goal
            and not window.has("goal", "apart")
            and not (self.topic and window.has("met"))
        ):
            return None
        signs = set(window.signs)
        if not signs and self.last and self.last.way in {"over", "under"}:
            signs = {1 if self.last.way == "over" else -1}
        if not signs and (window.has("apart") or behind == "apart"):
            signs = {0}
        if len(signs) != 1:
            return None
        return Told(number.start, number.end, "distance", own, sign=signs.pop())

    def _share(self, window: _Window, number: Written, tail: list[Token]) -> Told | None:
        """Return what 10项中按期完工9项 says of the rate in whose row it stands."""
        if number.kind != "count" or not self.topic:
            return None
        before, self.counts = self.counts, [*self.counts, number]
        words = window.rest or "".join(self.text[t.start : t.end] for t in tail if not t.role)
        name = self.reader.names[self.topic[0]].core
        core = name.removesuffix("率")
        if (
            name == core
            or len(before) != 1
            or len(words) < 2
            or not core.endswith(words)
            or self._is_unsure()
        ):
            return None
        return Told(number.start, number.end, "share", self.topic, whole=before[0])

    # --- questionnaires ----------------------------------------------------------------------

    def _of_survey(self, window: _Window, number: Written, tail: list[Token]) -> Told | None:
        roles = [role for role in window.roles if role in _SURVEYED]
        span = (number.start, number.end)
        kind: Kind | None = None
        if number.kind == "percent":
            is_of_all = (
                self.last is not None and self.last.kind == "sent" and window.words == ["的"]
            )
            kind = "return_rate" if window.has("return_rate") or is_of_all else None
        elif number.unit == "份" or (number.kind in {"count", "bare"} and roles):
            behind = next((one.role for one in tail if one.role in {*_SURVEYED, "survey"}), "")
            last = roles[-1] if roles else "sent" if behind == "survey" else behind
            kind = _SURVEYED.get(last)
            if "valid" in roles and last != "sent":
                kind = "valid"
            elif behind in {"valid", "unreturned"} and last != "unreturned":
                kind = _SURVEYED[behind]
        if kind is None or self._is_unsure():
            return None
        rest = "" if window.named else window.rest
        return Told(*span, kind, rest=rest)

    # --- points ------------------------------------------------------------------------------

    def _score(self, window: _Window, number: Written) -> Told | None:
        own = self._of(window)
        span = (number.start, number.end)
        kinds = [role for role in window.roles if role in {"full_marks", "earned", "deducted"}]
        kind: Kind = kinds[-1] if kinds else "marks"  # type: ignore[assignment]
        is_bare = not window.named and not window.rest and not self.subject
        is_own = any(word.startswith(_BY_ITSELF) for word in window.words)
        if window.has("total_score") or (is_bare and (window.has("whole") or is_own)):
            own = WHOLE
        if window.rest or window.named or own == WHOLE:
            self.subject = own
        follows = not (window.rest or window.named or window.opens or window.roles)
        if not own or follows or self._is_unsure():
            return None
        return Told(*span, kind, own, loose=not window.has("whole"))


_SURVEYED: dict[str, Kind] = {
    "sent": "sent",
    "recovered": "recovered",
    "valid": "valid",
    "unreturned": "unreturned",
}
