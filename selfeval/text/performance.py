"""A sentence about what was reached: which indicator, survey or score each number is of, and how.

A number is of the indicator named before it, or of the one told before in the sentence. How much
of the name is said, and what unknown words stand around it, makes that more or less sure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, get_args

from .pairing import pair_off
from .paragraphs import pairs_of
from .tokens import Lexicon, NumberWords, Token, Written, tokens

Way = Literal["", "over", "under", "not_over", "not_under", "better", "met", "unmet"]
WHOLE, OWN = "whole", "own"
_WAYS: dict[str, Way] = {
    "exceeded": "better",
    **{way: way for way in get_args(Way)},
}
_SURVEYED = ("sent", "recovered", "valid", "unreturned", "satisfied")
_ANSWERED = {"valid", "satisfied", "unreturned", "return_rate"}
_POINTS = ("full_marks", "earned", "deducted")
_CLOSES = {",", ";", ":", "(", ")", "。", "!", "?"}
_GRADES = {"优秀": "优", "良好": "良", "优": "优", "良": "良", "中": "中", "差": "差"}
_SHORTEST, _LONG_ENOUGH, _LONG = 3, 4, 6
_JOINED = re.compile("和|(?<!参)与|及(?!时)")
_JOINTS = dict.fromkeys(map(ord, "的和与及、"))
_OF_EACH = ("各", "均")
_BY_ITSELF = "自评"
_EACH = {"每", "平均"}
_ALL_YEAR, _AMONG = "全年", "中有"
_FROM, _TO, _OF = "从由自有", "到至", "的"
_RATES, _SATISFIED = "率度", "满意度"
_LEADS_IN, _DENIED, _ABOUT = "把将对就", "没未", "对"
_ONLY = {"只有", "仅", "仅有", "仅为", "只", "实际", "为", "是"}
_WITHIN = ("中", "里", "内", "下")
_THIS_YEAR = {"本年", "本年度", "当年", "今年"}
Subject = tuple[int, ...] | str


@dataclass(frozen=True, slots=True)
class Told:
    """What a number, a claim or a grade in a sentence says, by its ``kind``.

    ``of`` are the numbers of the indicators that may be meant, or of ``every`` one that is, or
    the name of a block of points, or ``WHOLE``; ``way`` what is claimed against the target;
    ``sign`` of a distance from it. ``loose`` where the number may be the target as well as the
    distance from it. ``weak`` says how many other numbers of the sentence have to confirm that
    the indicator is meant.
    """

    start: int
    end: int
    kind: str
    of: Subject = ()
    way: Way = ""
    sign: int = 0
    loose: bool = False
    weak: int = 0
    every: bool = False
    grade: str = ""
    rest: str = ""
    number: Written | None = None


# --- whom words mean -----------------------------------------------------------------------


class Name:
    """What an indicator is called: in full, and what of it is its own."""

    def __init__(self, full: str, core: str) -> None:
        """Take the names apart, to be held against all that a text says."""
        self.full, self.core = full, core
        self.pairs, self.characters = _pairs(full), frozenset(core)
        self.is_rate = full[-1:] in _RATES
        # Of two who were asked, or of one of many rates, a part of the name tells another.
        self._is_whole = core.endswith(_SATISFIED) or _JOINED.search(core) is not None

    def is_made_of(self, said: str) -> bool:
        """Return whether words are the end of the name, or of its characters and half of it."""
        length = len(said)
        if self._is_whole:
            return False
        if length >= _LONG_ENOUGH and (self.core.endswith(said) or self.full.endswith(said)):
            return True
        is_half = length <= len(self.core) <= 2 * length
        return is_half and self.core[-1] not in _RATES and self.characters.issuperset(said)


@dataclass(frozen=True, eq=False)
class PerformanceReader:
    """Reads sentences with the words of performance and the names of one unit's indicators.

    ``material`` is what each is proved by, ``short`` are names so short that they mean one
    indicator only in this unit; ``alone`` are words that mean something only where nothing else
    stands beside them, ``denied`` those behind a number that tell of what was not done, ``tails``
    the ends of names that may be left out. ``fits`` says whether a number may be one of an
    indicator, by its unit.
    """

    words: Mapping[str, tuple[str, object]]
    alone: Mapping[str, tuple[str, object]]
    full_names: Sequence[str]
    material: Sequence[str]
    short: Mapping[str, int]
    tails: tuple[str, ...]
    denied: Sequence[str]
    together: frozenset[str]
    numbered: NumberWords
    year: int
    fits: Callable[[int, Written], bool]

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words of performance."""
        return Lexicon(self.words, self.alone)

    @cached_property
    def names(self) -> list[Name]:
        """The names of the indicators."""
        return [Name(name, _alike(self._core(name))) for name in self.full_names]

    @cached_property
    def _full(self) -> Lexicon:
        full = _by_name(self.full_names)
        return Lexicon({name: ("indicator", ats) for name, ats in full.items() if name}, {})

    @cached_property
    def _exact(self) -> dict[str, tuple[int, ...]]:
        return _by_name([name.core for name in self.names])

    @cached_property
    def _without_joints(self) -> dict[str, tuple[int, ...]]:
        names = _by_name([name.core.translate(_JOINTS) for name in self.names])
        return {name: ats for name, ats in names.items() if len(name) >= _LONG}

    @cached_property
    def surveys(self) -> list[str]:
        """The words that tell of a survey."""
        return [word for word, (role, _) in self.words.items() if role == "survey"]

    def _core(self, name: str) -> str:
        """Return what of a name is its own: without counters and words that say nothing."""
        found = list(self.lexicon.scan(name, 0, len(name)))
        first = 0
        while first < len(found) - 1 and found[first].role in {"beside", "done", "met"}:
            first += 1
        return self._cut(name[found[first].start :] if found else name)

    def _cut(self, name: str) -> str:
        if not name.endswith(self.tails):
            return name
        tail = max(filter(name.endswith, self.tails), key=len)
        return name[: len(name) - len(tail)] if len(name) > len(tail) + 1 else name

    def named(self, said: str) -> tuple[int, ...]:
        """Return the indicators that words surely mean: by their own part, or pieces of it."""
        if said in self.short:
            return (self.short[said],)
        said = _alike(said)
        if found := self._without_joints.get(said.translate(_JOINTS)):
            return found  # 委托单位和公众的满意度
        for own in dict.fromkeys((said, self._cut(said))):
            if found := self._exact.get(own):
                return found
            if len(own) >= _SHORTEST:
                made = (at for at, name in enumerate(self.names) if name.is_made_of(own))
                if found := tuple(made):
                    return found
        return ()

    def likely(self, said: str, number: Written | None) -> tuple[tuple[int, ...], int]:
        """Return the one indicator of a number's unit that shares the most with some words.

        Beside it stands how little that is: 1 if nothing else is said, 3 if it is a word or none.
        """
        pairs, is_rate = _pairs(_alike(said)), number is not None and number.kind == "percent"
        sign = self._sign(said)
        shared = {
            at: (len(pairs & name.pairs), is_rate and name.is_rate)
            for at, name in enumerate(self.names)
            if not pairs.isdisjoint(name.pairs)
            and (number is None or self.fits(at, number))
            and self._sign(name.full) * sign >= 0
        }
        if not shared and number and number.kind == "count":
            fitting = (at for at, name in enumerate(self.names) if name.full)
            shared = {at: (0, False) for at in fitting if self.fits(at, number)}
        top = max(shared.values(), default=(0, False))
        best, most = tuple(at for at, own in shared.items() if own == top), top[0]
        if len(best) != 1:
            return (), 0
        name = self.names[best[0]]
        if name.core in said and len(name.core) >= _LONG_ENOUGH:
            # 少儿阅读推广活动 is a part of 阅读推广活动; what stands behind it seldom is.
            return best, 1 if said.startswith(name.core) else 2
        if name.core.endswith(_SATISFIED):
            asked = pairs & _pairs(name.core.removesuffix(_SATISFIED))
            # 读者对借阅环境的满意率 is of a part of what they were asked.
            is_only = best[0] in self.short.values() and _ABOUT not in said
            is_told = bool(asked) and _SATISFIED in _alike(said)
            return (best, 2 - (len(asked) > 1 or is_only)) if is_told else ((), 0)
        # What has a word of its own may be a sibling: 闸门检修合格率 of 闸门启闭合格率.
        if most > 1 and set(self._cut(_alike(said))) <= {*name.full, *self.material[best[0]]}:
            return best, 1
        return best, 2 if 3 * len(name.characters.intersection(said)) >= 2 * len(
            name.characters
        ) else 3

    def _sign(self, name: str) -> int:
        """Return the direction of a rate of change: 1 for 增长率, -1 for 下降率, else 0."""
        told = name.removesuffix("率")
        words = (told[-length:] for length in (2, 3) if told != name)
        found = (value for role, value in map(self._role, words) if role == "change")
        return next((value for value in found if isinstance(value, int)), 0)

    def _role(self, word: str) -> tuple[str, object]:
        return self.words.get(word, ("", None))

    def is_small(self, word: str) -> bool:
        """Return whether a word at the end of others says nothing."""
        return self.alone.get(word, ("", None))[0] == "beside"

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


def _by_name(names: Sequence[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for at, name in enumerate(names):
        found[name] = (*found.get(name, ()), at)
    return found


def _pairs(words: str) -> set[str]:
    return {*pairs_of(words)}


# --- sentences -----------------------------------------------------------------------------


@dataclass(slots=True)
class _Window:
    """What stands since the number or the clause before.

    ``rest`` are the unknown words, ``raw`` the same with the known ones between them; those
    before a name stand in ``lead``.
    """

    roles: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    start: int = -1
    lead: str = ""
    rest: str = ""
    raw: str = ""
    between: str = ""
    named: Subject = ()
    several: tuple[int, ...] = ()
    part: bool = False
    opens: bool = False
    each: bool = False
    is_rate: bool = False
    signs: list[int] = field(default_factory=list)

    def has(self, *roles: str) -> bool:
        return any(role in self.roles for role in roles)

    def word_of(self, role: str) -> str:
        return self.words[self.roles.index(role)] if role in self.roles else ""

    @property
    def way(self) -> Way:
        return next((_WAYS[role] for role in reversed(self.roles) if role in _WAYS), "")


class _Sentence:
    """One sentence being read."""

    def __init__(
        self, reader: PerformanceReader, text: str, stream: list[Token], topic: tuple[int, ...]
    ) -> None:
        self.reader, self.text, self.stream = reader, text, stream
        self.subject: Subject = topic
        self.topic = topic
        self.other_year = self.unsure = self.partial = False
        self.weak = 0
        self.last: Told | None = None
        self.counted: Token | None = None
        self.all_named: tuple[int, ...] = ()
        self.narrower = ""
        self.roles = {token.role for token in stream}
        said = text[stream[0].start : stream[-1].end] if stream else ""
        asks = any(word in said for word in reader.surveys) or self.roles & _ANSWERED
        self.survey = bool(asks) and "other_survey" not in self.roles

    def told(self) -> Iterator[Told]:
        window = _Window()
        for at, token in enumerate(self.stream):
            if isinstance(token.value, Written) and token.is_number:
                self.counted = token
                found = self._number(window, token.value, at)
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
        self.narrower = ""
        if self.topic:
            self.subject, self.weak = self.topic, 0

    def _take(self, window: _Window, token: Token) -> None:
        role = token.role
        word = self.text[token.start : token.end]
        if window.start < 0 and role != "mark":
            window.start = token.start
        if role == "indicator":
            ats = token.value
            assert isinstance(ats, tuple)
            window.several += ats
            self.all_named += ats
            window.named, window.lead = ats, window.lead + window.rest
            window.rest = window.raw = window.between = ""
        elif (
            role == "" or (role == "completion" and window.rest) or self._is_of_name(window, token)
        ):
            word = word[: -1 if self.reader.is_small(word[-1]) and len(word) > 1 else None]
            window.rest += word
            window.raw += f"{window.between}{word}" if window.raw else word
            window.between = ""
            window.roles += [role] if role == "completion" else []
            window.words += [word] if role == "completion" else []
        elif role == "such":
            window.rest = window.raw = ""
        elif role == "all" and not ("score" in self.roles and self._counts_all(token)):
            self._known(window, token._replace(role="beside"), word)
        elif role in {"block", "all"} and (token.value != OWN or "score" in self.roles):
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
            self._known(window, token, word)

    def _several(self, window: _Window) -> int:
        """Return how many a number is told of together: two of 甲、乙两项合计扣0.88分."""
        counts = [one.value for one in self.stream if one.role == "count"]
        numbers = [int(one.value) for one in counts[-1:] if isinstance(one, Written)]
        is_sum = any(word in self.reader.together for word in window.words)
        return numbers[0] if is_sum and numbers else 0

    def _counts_all(self, token: Token) -> bool:
        """Return whether the number right before a word is that of all indicators: 七项指标."""
        last = self.counted
        number = last.value if last and last.end == token.start else None
        return isinstance(number, Written) and number.value == len(self.reader.full_names)

    def _known(self, window: _Window, token: Token, word: str) -> None:
        window.between += word
        if word in _THIS_YEAR:
            self.other_year = False
        if word in _WITHIN and window.roles[-1:] == ["goal"]:
            # 96家次计划中完成91家次: the target was told before.
            window.roles[-1] = "beside"
        # 没完成180万人次的目标
        is_denied = token.role == "met" and self.text[token.start - 1] in _DENIED
        window.roles.append("unmet" if is_denied else token.role)
        window.words.append(word)
        sign = token.value if token.role == "change" else {"over": 1, "under": -1}.get(token.role)
        if isinstance(sign, int):
            window.signs.append(sign)

    def _is_of_name(self, window: _Window, token: Token) -> bool:
        """Return whether a known word is part of a name: 增长率, 营养改善计划."""
        if token.role == "change":
            return self.text.startswith("率", token.end)
        said = window.rest[-2:] + self.text[token.start : token.end]
        is_known = token.role == "goal" and len(window.rest) > 1
        return is_known and any(said in name.full for name in self.reader.names)

    # --- whom a window speaks of -------------------------------------------------------------

    def _of(self, window: _Window, number: Written | None) -> tuple[Subject, int]:
        """Return what a window speaks of, or the subject carried on, and how unsure that is."""
        if isinstance(window.named, str):
            return ((), 0) if window.rest else (window.named, 0)
        if window.named:
            return self._named(window)
        said = window.rest
        if self.subject and (len(said) < 2 or said in self.reader.tails):
            window.is_rate = self._is_rate(window)
            return self.subject, self.weak
        if (
            isinstance(self.subject, tuple)
            and not self.weak
            and any(said in self.reader.names[at].core for at in self.subject)
        ):
            return self.subject, self.weak
        for words in dict.fromkeys((window.raw, said)):
            if found := self.reader.named(words):
                return found, 0
        if found := self._by_rate(window):
            return found, 0
        likely, weak = self.reader.likely(said, number)
        fits = self.reader.fits
        if weak != 1 and self.topic and (number is None or fits(self.topic[0], number)):
            return self.topic, 1
        if likely and (number or weak == 1):
            return likely, weak
        # What happened is told between: its number may be of the same.
        return self.subject, self.weak + 1

    def _named(self, window: _Window) -> tuple[Subject, int]:
        """Return the indicator named in full; what else is said may make it a part of it."""
        assert isinstance(window.named, tuple)
        known = self.reader.named(window.rest) if len(window.rest) > 1 else ()
        if len({*window.several, *known}) > len(window.named):
            return ((*window.several, *known) if window.has("every") else ()), 0
        if not window.lead or window.lead[-1] in _LEADS_IN:
            return window.named, 2 if window.rest.startswith(_WITHIN) else 0
        name = self.reader.names[window.named[0]]
        is_long = len(name.full) >= _LONG and not name.core.endswith(_SATISFIED)
        return window.named, 1 if is_long else 2

    def _is_rate(self, window: _Window) -> bool:
        """Return whether a change is the indicator itself: 用水量下降率下降2.8%."""
        word = window.word_of("change")
        names = [self.reader.names[at].full for at in self.subject if isinstance(at, int)]
        is_apart = not word or window.has("than", "over", "under")
        return bool(names) and not is_apart and all(own.endswith(f"{word}率") for own in names)

    def _by_rate(self, window: _Window) -> tuple[int, ...]:
        """Return the indicator whose rate of completion, or of change, a window tells."""
        if word := window.word_of("completion"):
            return self.reader.named(window.rest.removesuffix(word))
        if not window.has("change") or window.has("goal"):
            return ()
        # 用水量下降2.8% tells the 用水量下降率.
        found = self.reader.named(f"{window.raw}{window.word_of('change')}率")
        window.is_rate = bool(found)
        return found

    # --- clauses without a number ------------------------------------------------------------

    def _clause(self, window: _Window, end: int) -> Iterator[Told]:
        """Take what a clause without a number, or behind its last one, says."""
        if window.start < 0:
            return
        yield from self._grade(window, end)
        own, weak = self._of(window, None)
        is_claim = window.has("goal") or any(word.endswith("达标") for word in window.words)
        # 任务量大于本站: another's.
        is_claim = is_claim and window.roles[-1:] != ["whole"] and not window.part
        sure = own and isinstance(own, tuple) and not weak and not self._is_unsure()
        if is_claim and window.way and sure:
            yield Told(window.start, end, "claim", own, window.way)
        if window.rest or window.named:
            self.subject, self.weak = own, weak

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

    # --- numbers -----------------------------------------------------------------------------

    def _tail(self, at: int) -> list[Token]:
        """Return the words behind a number, up to the next number or mark."""
        found: list[Token] = []
        for token in self.stream[at + 1 :]:
            if token.role == "mark" or token.is_number:
                break
            found.append(token)
        return found

    def _is_denied(self, number: Written, tail: list[Token]) -> bool:
        behind = self.text[number.end : tail[-1].end] if tail else ""
        return any(word in behind for word in self.reader.denied)

    def _number(self, window: _Window, number: Written, at: int) -> Told | None:
        tail = self._tail(at)
        if number.kind == "score" or (number.kind == "bare" and window.has("earned", "deducted")):
            return self._score(window, number)
        asked = tuple({*self.reader.short.values()})
        of_survey = window.has("return_rate", "sent", "recovered", "valid")
        if number.unit == "%" and window.has("satisfied") and len(asked) == 1 and not of_survey:
            return Told(number.start, number.end, "actual", asked)  # 表示满意的学员超过九成二
        if self.survey and (told := self._of_survey(window, number, tail)):
            return told
        own, weak = self._of(window, number)
        if number.kind == "percent" and not window.named and (weak or not own):
            own, weak = (found, 0) if (found := self._behind(tail)) else (own, weak)
        if isinstance(own, tuple):
            weak = self._narrowed(window, own, weak)
            if not window.several:
                own = tuple(at for at in own if self.reader.fits(at, number)) or own
        self.subject, self.weak = own, weak
        each = window.each and number.kind != "money"
        if (window.part or self.partial or each) and not window.is_rate:
            self.partial = self.partial or not window.has("than")
            return None
        if not own or isinstance(own, str) or self._is_unsure():
            return None
        told = self._of_indicator(window, number, tail, own)
        if told is None:
            return None
        is_apart = window.has("apart") and not (self.topic and window.has("goal"))
        weak = weak or int(number.kind == "bare" or is_apart)
        return replace(told, weak=weak, every=window.has("every") and len(own) > 1)

    def _behind(self, tail: list[Token]) -> tuple[int, ...]:
        """Return the indicator named behind a number: 94.3%的满意度, 94.3%的读者表示满意."""
        asked = {*self.reader.short.values()}
        if any(one.role == "satisfied" for one in tail):
            return tuple(asked) if len(asked) == 1 else ()
        return self.reader.named("".join(self.text[t.start : t.end] for t in tail if not t.role))

    def _narrowed(self, window: _Window, own: tuple[int, ...], weak: int) -> int:
        """Return how unsure an indicator is of which a narrower one was told before.

        安全培训3场，培训120人: what follows is of the narrower one as well.
        """
        if _ALL_YEAR not in window.words and any(
            self.reader.names[at].core in self.narrower for at in own
        ):
            weak += 2
        if weak and window.rest:
            self.narrower += f" {window.lead}{window.rest}"
        return weak

    def _of_indicator(
        self, window: _Window, number: Written, tail: list[Token], own: tuple[int, ...]
    ) -> Told | None:
        """Return what a number says of an indicator, by the words around it."""
        if window.has("return_rate", *_SURVEYED):
            return None
        span, way = (number.start, number.end), window.way
        before = self.text[number.start - 1]
        behind = next((one.role for one in tail if one.role and one.role != "beside"), "")
        is_apart = number.kind != "points" and behind in {"apart", "change", "over", "under"}
        if window.is_rate:
            is_goal = window.has("goal") or behind == "goal"
            return Told(*span, "goal" if is_goal else "actual", own)
        is_goal = is_apart and (window.has("goal") or window.roles[-1:] == ["apart"])
        if is_goal or behind == "goal" or (behind == "duty" and way):
            return Told(*span, "duty" if behind == "duty" else "goal", own, way)
        if self._is_completion(window, number, own):
            return Told(*span, "completion", own, loose=window.has("goal"))
        # 由82%提高到85%, 有5家次没有实施: what was before, or a part.
        is_all = window.words and window.words[-1][1:] == before and window.words[-1] != _AMONG
        if before in _FROM and not is_all:
            return None
        if window.has("change") and before in _TO and not window.has("goal"):
            return Told(*span, "actual", own)
        if self._is_apart(window, number):
            return self._distance(window, number, own, behind)
        if window.has("exceeded"):
            return Told(*span, "beyond", own)
        if window.has("goal"):
            if not window.has("over", "under"):
                return Told(*span, "goal", own, way)
            sign = 1 if window.has("over") else -1
            return Told(*span, "distance", own, way, sign, loose=True)
        if window.has("duty"):
            return Told(*span, "duty", own)
        if self._is_denied(number, tail):
            return None
        # 131场，12场在分馆: what only follows may be a part.
        is_behind = self.last is not None and self.last.kind == "goal" and _ONLY & {*window.words}
        known = window.rest or window.named or window.opens or is_behind
        if not known and not window.has("met", "done", *_WAYS):
            return None
        against: Way = way if window.has("unmet", "over", "under") else ""
        return Told(*span, "actual", own, against)

    def _is_completion(self, window: _Window, number: Written, own: tuple[int, ...]) -> bool:
        """Return whether a number is the target's rate of completion: 完成目标的95%."""
        if window.has("completion"):
            said = window.rest[-_SHORTEST:]
            return not (said and all(self.reader.names[at].full.endswith(said) for at in own))
        if number.kind != "percent" or self.text[number.start - 1] != _OF:
            return False
        of_goal = self.last is not None and self.last.kind == "goal" and window.words == [_OF]
        return of_goal or (window.has("goal") and not window.has("over", "under"))

    def _is_apart(self, window: _Window, number: Written) -> bool:
        """Return whether a number is a distance: from the target, or from another."""
        plain = not window.has("goal", "than", "change", "over", "under", "apart")
        if number.kind == "points" and (window.rest or window.named) and plain:
            return False
        if number.kind == "points" or window.has("change", "apart"):
            return True
        other = window.rest or window.has("goal", "duty", "over", "under")
        return window.has("than") and not other

    def _distance(
        self, window: _Window, number: Written, own: tuple[int, ...], behind: str
    ) -> Told | None:
        of_goal = self.last is not None and self.last.kind == "goal"
        met = self.topic and window.has("met")
        if not (of_goal or met or window.has("goal", "apart")):
            return None
        signs = set(window.signs)
        if not signs and self.last and self.last.way in {"over", "under"}:
            signs = {1 if self.last.way == "over" else -1}
        if not signs and (window.has("apart") or behind == "apart"):
            signs = {0}
        if len(signs) != 1:
            return None
        return Told(number.start, number.end, "distance", own, sign=signs.pop())

    # --- questionnaires ----------------------------------------------------------------------

    def _of_survey(self, window: _Window, number: Written, tail: list[Token]) -> Told | None:
        kind = self._surveyed(window, number, tail)
        if not kind or self._is_unsure():
            return None
        rest = "" if window.named else window.rest
        return Told(number.start, number.end, kind, rest=rest)

    def _surveyed(self, window: _Window, number: Written, tail: list[Token]) -> str:
        """Return what a number says of a survey, "" if it is of something else."""
        roles = [role for role in window.roles if role in _SURVEYED]
        if number.kind == "percent":
            of_all = self.last is not None and self.last.kind == "sent" and window.words == [_OF]
            return "return_rate" if window.has("return_rate") or of_all else ""
        if number.unit != "份" and not (number.kind in {"count", "bare"} and roles):
            return ""
        behind = next((one.role for one in tail if one.role in {*_SURVEYED, "survey"}), "")
        if behind in {"valid", "recovered"} and self._is_denied(number, tail):
            behind = "unreturned"
        last = roles[-1] if roles else "sent" if behind == "survey" else behind
        if "valid" in roles and last not in {"sent", "satisfied"}:
            return "valid"
        return behind if behind in _ANSWERED and last != "unreturned" else last or "answers"

    # --- points ------------------------------------------------------------------------------

    def _score(self, window: _Window, number: Written) -> Told | None:
        own, _ = self._of(window, None)
        kinds = [role for role in window.roles if role in _POINTS]
        is_bare = not (window.named or window.rest)
        is_own = any(word.startswith(_BY_ITSELF) for word in window.words) and not self.subject
        is_whole = window.has("total_score") or (is_bare and (window.has("whole") or is_own))
        if is_whole:
            own = WHOLE
        if window.rest or window.named or own == WHOLE:
            self.subject = own
        follows = not (window.rest or window.named or window.opens or window.roles)
        # 单项成本得10分，其余五项各得8分: what each of others has.
        is_each = self.text[number.start - 2 : number.start].startswith(_OF_EACH)
        if not own or follows or is_each or self._is_unsure():
            return None
        # 除甲扣1分外，七项指标合计89分
        is_earned = "deducted" in self.roles and "earned" not in self.roles
        kind = kinds[-1] if kinds else "earned" if is_earned else "marks"
        if not kinds and window.has("apart"):
            kind = "deducted"  # 距满分90分仅差0.63分
        others = [role for role in window.roles if role not in _POINTS]
        if own == WHOLE and not is_whole and kind == "deducted" and others:
            return None  # 总分98.92分，执行率部分也扣了0.20分
        several = self._several(window)
        if several > 1 and isinstance(own, tuple) and not window.named:
            # 甲、乙两项合计扣0.88分
            named = tuple(dict.fromkeys(self.all_named))
            is_all = len(named) == several
            return Told(number.start, number.end, kind, named, every=True) if is_all else None
        return Told(number.start, number.end, kind, own, loose=not window.has("whole"))
