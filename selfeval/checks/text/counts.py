"""Counts in a text: heads, posts, vehicles, how many projects, problems, measures, parts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import chain

from ...evaluation import Evaluation
from ...folding import fold
from ...indicators.readings import start_of
from ...schemes.grammar import ThingWords
from ...schemes.known_names import CountingWords
from ...sheets import Place
from ...terms import ORDINALS, ordinal
from ...text.numbers import as_written
from ...text.statements import Judged, Statement, left_open
from ..prose import paragraphs
from .counted import (
    CODE,
    CountedSentence,
    KnownCount,
    compared,
    counted_sentences,
    head,
    lexicon,
    only,
    own_words,
    tail,
    undated,
    words_of,
)
from .headcounts import Headcounts

_PIECES = {"个", "项", "条", "点", "方面", "类", "款"}
_FIRST_POINT = re.compile(r"(?<![\u4e00-\u9fff])一是|(?<![\u4e00-\u9fff])1[.、]|\(一\)")
_POINT = {
    "是": re.compile(rf"(?<![{ORDINALS}第之])(?P<n>[{ORDINALS}]{{1,2}})是"),
    ")": re.compile(rf"\((?P<n>[{ORDINALS}]{{1,2}})\)"),
}
_BRACKETED = re.compile(r"\([^()]*\)")
_AND = re.compile(r"以及|和|及|与")
_ONE = re.compile(r"一(?P<unit>次|个|项|家次|家|处|件|名|人|场|条)")
_LIST_END = re.compile(r"[。;)!?]")
_NEAR = 60
_MOST_LISTED = 400
_LEAST_WORD = 2
_MOST_PARTS = 12
_BOTH = 2
_BETWEEN = ("批次", "人次", "批", "团组", "辆", "万元", "元")
"""Measure words that may stand between two numbers of one thing."""


@dataclass(frozen=True, slots=True)
class _CountedPart:
    """A part of a counted whole: how many did or did not do what."""

    said: Statement | None
    value: Fraction
    core: str
    negated: bool
    rest: bool


@dataclass(frozen=True, slots=True)
class _Whole:
    """A counted whole of one sentence, and its parts there."""

    said: Statement
    noun: str
    parts: tuple[_CountedPart, ...]
    unnumbered: tuple[_CountedPart, ...] = ()
    is_parted: bool = False


@dataclass(frozen=True, slots=True)
class _List:
    """What a text lists: how many at least, as one reads it, and at most; open if with 等."""

    least: int
    count: int
    most: int
    run: str
    is_open: bool


class Counts:
    """Compares what the numbers of a text count, each sentence once."""

    def __init__(self, case: Evaluation, statements: Iterable[Statement]) -> None:
        """Read all sentences: the same may be counted in several."""
        self.case, self.year, self.grammar = case, case.unit.year, case.unit.grammar
        self.own = own_words(case)
        self._found: dict[int, Judged] = {}
        self._all = list(counted_sentences(statements))
        heads = Headcounts(case)
        for sentence in self._all:
            self._keep(heads.judged(sentence))
            for said in sentence.said:
                self._keep(self._of_tables(sentence, said))
                self._keep(self._listed(sentence, said))
        self._keep(self._things())
        self._keep(self._parts())

    def judged(self, said: Statement) -> Judged | None:
        """Return what came of a number that counts something, None if it counts nothing known."""
        return self._found.get(id(said))

    def _keep(self, told: Iterable[tuple[Statement, Judged]]) -> None:
        for said, judged in told:
            known = self._found.get(id(said))
            if known is None or (known.outcome == "unchecked" and judged.outcome != "unchecked"):
                self._found[id(said)] = judged

    def _only(self, text: str, *roles: CountingWords) -> bool:
        bare = undated(text, self.year)
        return bare is not None and only(lexicon(self.grammar, roles, self.own), bare)

    def _words(self, *roles: CountingWords) -> tuple[str, ...]:
        return words_of(self.grammar, *roles)

    # --- what the unit's own tables list ------------------------------------------------------

    def _of_tables(
        self, sentence: CountedSentence, said: Statement
    ) -> Iterator[tuple[Statement, Judged]]:
        number = said.number
        assert number
        if number.kind != "count" or number.unit not in _PIECES:
            return
        before, behind = head(sentence, said), tail(said)
        whole = before + _noun(behind)
        for judge in (self._problems, self._measures, self._projects, self._indicators):
            if told := judge(sentence, said, before, behind, whole):
                yield said, told
                return

    def _problems(
        self, sentence: CountedSentence, said: Statement, before: str, behind: str, whole: str
    ) -> Judged | None:
        rows = [row for row in self.case.tables.measures if row.problem]
        if not rows or not any(word in whole for word in self._words("problem")):
            return None
        if said.number.unit == "条" or not said.number.value:  # type: ignore[union-attr]
            return None
        noun, _, rest = _noun(behind).partition("的")
        if (
            rest
            and noun in self._words("problem")
            and any(w in before for w in self._words("all_of"))
        ):
            whole = before + noun
        if not self._only(whole, "problem", "problem_around", "around"):
            return None
        count = len(dict.fromkeys(row.problem for row in rows))
        shown = f"表中问题有{count}个"
        known = [KnownCount(Fraction(count), shown, tuple(row.place for row in rows))]
        return compared(said, known, self._points(said))

    def _measures(
        self, sentence: CountedSentence, said: Statement, before: str, behind: str, whole: str
    ) -> Judged | None:
        rows = [row for row in self.case.tables.measures if row.measure]
        if not rows or not any(word in whole for word in self._words("measure")):
            return None
        if not self._only(whole, "measure", "measure_around", "around"):
            return None
        number, count = said.number, len(rows)
        assert number
        if number.value > count:
            return left_open(said, "一行措施里可能写了几条")
        known = [KnownCount(Fraction(count), f"表中措施有{count}条", tuple(r.place for r in rows))]
        return compared(said, known, self._points(said))

    def _projects(
        self, sentence: CountedSentence, said: Statement, before: str, behind: str, whole: str
    ) -> Judged | None:
        rows = self.case.tables.projects
        names = [fold(row.project) for row in rows]
        below = self._words("below_project")
        if any(word in whole for word in below):
            own = [r for r in rows if r.parent and fold(r.parent) in before]
            if not own:
                return None
            shown = f"表中{own[0].parent}的下级项目有{len(own)}个"
            return compared(
                said, [KnownCount(Fraction(len(own)), shown, tuple(r.place for r in own))]
            )
        if not rows or any(name.startswith(("其他", "其它")) for name in names):
            return None
        if not any(word in whole for word in self._words("project")):
            return None
        if not self._only(whole, "project", "project_around", "around"):
            return None
        tops = [row for row in rows if not row.parent]
        parents = {fold(row.parent) for row in rows}
        leaves = [row for row in rows if fold(row.project) not in parents]
        shown = f"表中项目支出的项目有{len(tops)}个"
        known = [KnownCount(Fraction(len(tops)), shown, tuple(row.place for row in tops))]
        also = [KnownCount(Fraction(len(more)), shown) for more in (rows, leaves)]
        special = "专项" in whole and all(fold(row.project).endswith("专项") for row in tops)
        return compared(said, known, () if special else also)

    def _indicators(
        self, sentence: CountedSentence, said: Statement, before: str, behind: str, whole: str
    ) -> Judged | None:
        rows = self.case.tables.indicators
        if not rows or said.number.unit not in {"个", "项"}:  # type: ignore[union-attr]
            return None
        if told := self._reached(sentence, said, before, behind):
            return told
        if not any(word in whole for word in self._words("indicator")):
            return None
        groups: dict[str, list[Place]] = defaultdict(list)
        for row in rows:
            for name in dict.fromkeys((row.indicator_family, row.indicator_aspect)):
                if name:
                    groups[fold(name)].append(row.place)
        named = [name for name in groups if name in whole]
        for name in sorted(named, key=len, reverse=True)[:1]:
            if not self._only(whole.replace(name, ""), "indicator", "indicator_around", "around"):
                return None
            shown = f"表中{name}有{len(groups[name])}项"
            return compared(
                said, [KnownCount(Fraction(len(groups[name])), shown, tuple(groups[name]))]
            )
        if not self._only(whole, "indicator", "indicator_around", "around"):
            return None
        if any(word in sentence.text for word in ("一级", "二级", "项目绩效")):
            return None
        shown = f"表中绩效指标有{len(rows)}项"
        known = [KnownCount(Fraction(len(rows)), shown, tuple(row.place for row in rows))]
        own = [row for row in rows if not row.project]
        return compared(said, known, [KnownCount(Fraction(len(own)), shown)])

    def _reached(
        self, sentence: CountedSentence, said: Statement, before: str, behind: str
    ) -> Judged | None:
        """Judge how many of all indicators reached their target, or did not."""
        rows = self.case.attained
        ahead = [
            one
            for one in sentence.ahead(said)
            if one.number
            and one.number.value == len(rows)
            and any(w in head(sentence, one) + tail(one) for w in self._words("indicator"))
        ]
        if not ahead or not self._only(
            before, "indicator", "indicator_around", "around", "done", "rest"
        ):
            return None
        reached = next((word for word in self._words("reached") if word in behind), "")
        front = behind.partition(reached)[0] if reached else ""
        if not reached or not self._only(front, "not", "done", "indicator", "indicator_around"):
            return None
        if any(row.share is None for _, row in rows):
            return None
        missed = any(word in front for word in self._words("not"))
        own = [one for one, found in rows if found.is_reached != missed]
        shown = f"按表中数据，{'没有' if missed else ''}达到目标值的指标有{len(own)}项"
        return compared(said, [KnownCount(Fraction(len(own)), shown, tuple(r.place for r in own))])

    # --- what the text itself lists -----------------------------------------------------------

    def _points(self, said: Statement) -> list[KnownCount]:
        """Return how many points follow: 一是、二是 …, of the same part of the text."""
        part = said.paragraph.part or said.paragraph.text
        at = part.find(said.paragraph.text)
        behind = part[at + said.end :] if at >= 0 else said.paragraph.text[said.end :]
        first = _FIRST_POINT.search(behind, 0, _NEAR)
        if first is None:
            return []
        end = first[0][-1]
        if end not in _POINT:
            return []
        count = 0
        for match in _POINT[end].finditer(behind, first.start()):
            if match["n"] != ordinal(count + 1):
                break
            count += 1
        return [KnownCount(Fraction(count), f"文中接着列了{count}点")] if count > 1 else []

    def _listed(
        self, sentence: CountedSentence, said: Statement
    ) -> Iterator[tuple[Statement, Judged]]:
        number = said.number
        assert number
        if number.kind != "count" or number.is_hedged or number.value < _LEAST_WORD:
            return
        text, behind = sentence.paragraph.text, tail(said)
        aspects = self._words("aspects")
        is_aspect = number.unit in aspects or behind.startswith(aspects)
        if is_aspect or (number.unit in _PIECES and said.measure == "other"):
            points = self._points(said) if self._opens(said) else []
            if points:
                yield said, compared(said, points)
                return
        listed = self._list_behind(sentence, said)
        if listed is None and (is_aspect or behind.startswith(self._words("bodies"))):
            listed = _list_before(text[sentence.start : said.start], self._words("verbs"))
        if listed is None:
            listed = self._set_up(sentence, said, behind)
        if listed is None:
            return
        if number.value == listed.count:
            yield said, Judged(said=said, outcome="pass", code=CODE, shown=f"文中列了{listed.run}")
        elif listed.is_open and number.value > listed.count:
            yield said, left_open(said, "只列了其中几个")
        elif listed.least <= number.value <= listed.most:
            yield said, left_open(said, "所列的可以有两种数法")
        else:
            shown = f"文中列了{listed.count}个（{listed.run}）"
            yield said, compared(said, [KnownCount(Fraction(listed.count), shown)])

    def _set_up(self, sentence: CountedSentence, said: Statement, behind: str) -> _List | None:
        """Return the list of bodies that stands elsewhere: 内设办公室、财务科和业务科."""
        before = head(sentence, said)
        bare = undated(before, self.year)
        if bare is None or not any(word in before + behind for word in self._words("bodies")):
            return None
        if not only(lexicon(self.grammar, ("set_up", "bodies", "around"), self.own), bare):
            return None
        listed, number = self._own_bodies, said.number
        set_up = self._words("set_up")
        if any(word in bare for word in set_up) or behind.startswith(set_up):
            return listed
        # 学院六个部门 are all of them, or some: more than there are can not be.
        is_own = bool(bare) and behind.startswith(self._words("bodies"))
        return listed if is_own and listed and number and number.value > listed.most else None

    @cached_property
    def _own_bodies(self) -> _List | None:
        words = "|".join(self._words("set_up"))
        pattern = re.compile(rf"(?:{words})(?P<run>[^,;。:()\d]{{2,200}})")
        runs = [
            match["run"]
            for paragraph in paragraphs(self.case)
            for match in pattern.finditer(paragraph.text)
        ]
        lists = [listed for run in runs if (listed := _list_of(run)) and not listed.is_open]
        return lists[0] if len(lists) == 1 and lists[0].least > _LEAST_WORD else None

    def _opens(self, said: Statement) -> bool:
        """Return whether only a few words stand between a count and its points."""
        part = said.paragraph.part or said.paragraph.text
        at = part.find(said.paragraph.text)
        behind = part[at + said.end :] if at >= 0 else said.paragraph.text[said.end :]
        first = _FIRST_POINT.search(behind, 0, _NEAR)
        if first is None:
            return False
        between = behind[: first.start()]
        return not re.search(r"\d", between) and len(re.findall(r"[,;。]", between)) <= 1

    def _list_behind(self, sentence: CountedSentence, said: Statement) -> _List | None:
        text, at = sentence.paragraph.text, said.end
        bodies = sorted(self._words("bodies"), key=len, reverse=True)
        body = next((word for word in bodies if text.startswith(word, at)), "")
        is_body = bool(body) or head(sentence, said).endswith(tuple(bodies))
        noun = re.match(r"[\u4e00-\u9fff]{0,6}?(?=[,:(]|分别|即|具体)", text[at : at + 10])
        if not is_body and noun is None:
            return None
        at += len(body) if body or noun is None else noun.end()
        while text[at : at + 1] in {",", ":"}:
            at += 1
        roles: tuple[CountingWords, ...] = ("closed", "listing") if is_body else ("closed",)
        openers = sorted(self._words(*roles), key=len, reverse=True)
        opener = next((word for word in openers if text.startswith(word, at)), "")
        if not opener and not (is_body and text[at - 1] == ":"):
            return None
        at += len(opener)
        while text[at : at + 1] in {",", ":"}:
            at += 1
        if opener == "(":
            stop = text.find(")", at, at + _MOST_LISTED)
            run = text[at:stop] if stop > 0 else ""
        else:
            bare = _BRACKETED.sub("", text[at : at + _MOST_LISTED])
            end = _LIST_END.search(bare)
            run = bare[: end.start()] if end else ""
        return _list_of(run)

    # --- the same thing told twice ------------------------------------------------------------

    def _things(self) -> Iterator[tuple[Statement, Judged]]:
        told: dict[tuple[str, int, bool], list[Statement]] = defaultdict(list)
        names: dict[str, ThingWords] = {thing.item: thing for thing in self.grammar.things}
        for sentence in self._all:
            carried = ""
            for said in sentence.said:
                number = said.number
                assert number
                before = head(sentence, said)
                bare = before if not self._only(before, "around") else carried + before
                thing = self._thing(said, bare) if number.kind == "count" else None
                if thing is None:
                    carried = ""
                    continue
                carried = bare
                year = said.year or self.year
                planned = any(word in before for word in self._words("planned"))
                if not number.is_hedged:
                    told[thing.item, year, planned].append(said)
        for (item, year, planned), all_said in told.items():
            yield from self._told_thing(names[item], year, planned, all_said)

    def _thing(self, said: Statement, before: str) -> ThingWords | None:
        number = said.number
        assert number
        behind = tail(said)
        found: list[tuple[int, ThingWords]] = []
        for thing in self.grammar.things:
            if number.unit not in thing.units or (thing.noun and thing.noun not in before + behind):
                continue
            word = next((w for w in map(fold, thing.words) if w in before), "")
            if not word:
                continue
            left = re.sub(r"(?:19|20)\d\d年度?|\d+", "", before.replace(word, "", 1))
            known = lexicon(self.grammar, ("around", "planned"), (*self.own, *_BETWEEN))
            if only(known, left):
                found.append((len(word), thing))
        return max(found, key=lambda one: one[0])[1] if found else None

    def _told_thing(
        self, thing: ThingWords, year: int, planned: bool, all_said: Sequence[Statement]
    ) -> Iterator[tuple[Statement, Judged]]:
        figures = [
            KnownCount(Fraction(one.value), f"表中{one.item_name}{one.value}", (one.place,))
            for one in self.case.tables.figures
            if one.item_code == thing.item and one.value is not None and one.year in {None, year}
        ]
        if figures and year == self.year and not planned:
            for said in all_said:
                yield said, compared(said, figures)
            return
        first = all_said[0]
        if len(all_said) < 2:
            return
        for said in all_said[1:]:
            assert first.number
            yield said, compared(said, [self._elsewhere(first, first.number.value)])

    def _elsewhere(self, other: Statement, value: Fraction, why: str = "") -> KnownCount:
        place = other.paragraph.place(other.start)
        quote = other.paragraph.excerpt(other.opens, other.end)
        return KnownCount(value, f"{place.cell}写“{quote}”{why}", (place,))

    # --- parts of a whole ---------------------------------------------------------------------

    def _parts(self) -> Iterator[tuple[Statement, Judged]]:
        seen: dict[tuple[Fraction, str], list[_Whole]] = defaultdict(list)
        for whole in (whole for sentence in self._all for whole in self._wholes(sentence)):
            number = whole.said.number
            assert number
            key = (number.value, number.unit)
            others = [one for one in seen[key][:_MOST_PARTS] if _within(whole.noun, one.noun)]
            for at, part in enumerate(whole.parts):
                if part.said is None:
                    continue
                known = chain(
                    self._against(whole, part, (*whole.parts[:at], *whole.unnumbered)),
                    *(self._against(one, part, one.parts, elsewhere=True) for one in others),
                    self._rest(whole, part, whole.parts[:at]),
                )
                first = next(known, None)
                if first:
                    yield part.said, compared(part.said, [first])
            seen[key].append(whole)

    def _against(
        self,
        whole: _Whole,
        part: _CountedPart,
        parts: Sequence[_CountedPart],
        *,
        elsewhere: bool = False,
    ) -> Iterator[KnownCount]:
        """Yield what a part must be by others of the same whole, here or elsewhere."""
        number = whole.said.number
        assert number
        for one in parts:
            if one.rest or part.rest or not one.core or one.core != part.core:
                continue
            if one.negated != part.negated:
                # 已完成8项、正在办理1项、未完成1项: then one is not what the other leaves.
                if len(whole.parts) + len(whole.unnumbered) > _BOTH:
                    continue
                left = number.value - one.value
                taken = f"，{_plain(number.value)}减去{_plain(one.value)}得{_plain(left)}"
                yield self._elsewhere(one.said or whole.said, left, taken)
            elif one.said is not None and elsewhere:
                yield self._elsewhere(one.said, one.value)

    def _rest(
        self, whole: _Whole, part: _CountedPart, parts: Sequence[_CountedPart]
    ) -> Iterator[KnownCount]:
        """Yield what is left of a whole when its other parts are told: 10项，其中9项 …，其余1项."""
        number = whole.said.number
        assert number
        if not (part.rest and parts and whole.is_parted) or any(one.rest for one in parts):
            return
        left = number.value - sum(one.value for one in parts)
        yield self._elsewhere(whole.said, left, f"，减去前面所说的得{_plain(left)}")

    def _wholes(self, sentence: CountedSentence) -> Iterator[_Whole]:
        if undated(sentence.text, self.year) is None:
            return
        for at, said in enumerate(sentence.said):
            number = said.number
            assert number
            if number.kind != "count" or number.is_hedged or number.value < _LEAST_WORD:
                continue
            noun = _noun(tail(said))
            if len(noun) < _LEAST_WORD:
                noun = self._core(head(sentence, said))
            yield from self._parted(sentence, said, noun, sentence.said[at + 1 : at + _MOST_PARTS])

    def _parted(
        self, sentence: CountedSentence, said: Statement, noun: str, after: Sequence[Statement]
    ) -> Iterator[_Whole]:
        number, text = said.number, sentence.paragraph.text
        assert number
        parts, ones = [], []
        for one in after:
            other = one.number
            assert other
            if ";" in text[said.end : one.start]:
                break
            is_part = other.kind == "count" and other.unit == number.unit
            if not is_part or other.is_hedged or other.value > number.value:
                break
            parts.append(self._part(sentence, one, other.value))
        if not parts:
            return
        for match in _ONE.finditer(text, said.end, sentence.end):
            if match["unit"] == number.unit:
                predicate = re.split(r"[,;:。、()]", text[sentence.start : match.start()])[-1]
                ones.append(self._cored(None, Fraction(1), predicate))
        first = parts[0].said
        between = text[said.end : first.start] if first else ""
        is_parted = "其中" in between
        if is_parted or len(noun) >= _LEAST_WORD:
            yield _Whole(said, noun, tuple(parts), tuple(ones), is_parted)

    def _part(self, sentence: CountedSentence, said: Statement, value: Fraction) -> _CountedPart:
        before, behind = head(sentence, said), tail(said)
        told = self._cored(said, value, behind if len(behind) >= _LEAST_WORD else before)
        return replace(told, rest=told.rest or any(word in before for word in self._words("rest")))

    def _cored(self, said: Statement | None, value: Fraction, predicate: str) -> _CountedPart:
        rest = any(word in predicate for word in self._words("rest"))
        core, negated = predicate, False
        done, nots = self._words("done"), self._words("not")
        while opening := start_of(core, (*done, *nots)):
            negated = negated or opening in nots
            core = core.removeprefix(opening)
        for word in sorted(done, key=len, reverse=True):
            core = core.replace(word, "")
        return _CountedPart(said, value, core if len(core) >= _LEAST_WORD else "", negated, rest)

    def _core(self, text: str) -> str:
        core = text
        for word in sorted(self._words("around", "done", "verbs"), key=len, reverse=True):
            core = core.replace(word, "")
        return core


def _plain(value: Fraction) -> str:
    return as_written(value)


def _noun(behind: str) -> str:
    """Return what is counted, of the words behind a number."""
    return re.split(r"中|里|全部|均|都|已|逐|每|进行|开展|其|需要|分别", behind)[0]


def _within(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    return shorter >= _LEAST_WORD and (one.endswith(other) or other.endswith(one))


def _list_of(run: str) -> _List | None:
    """Return what a run of words lists, None if it is no plain list."""
    if (
        not run
        or "," in run
        or re.search(r"\d", run)
        or not re.search(r"、|(?<=..)[和及](?=..)", run)
    ):
        return None
    is_open = "等" in run[-6:]
    pieces = run.split("、")
    if any(not piece for piece in pieces):
        return None
    joints = [len(_AND.findall(piece)) for piece in pieces]
    last = _AND.split(pieces[-1])
    # A和B as the last of a list are two, and surely so where both end alike.
    count = len(pieces) + (joints[-1] == 1 and all(last))
    alike = count > len(pieces) and last[0][-1] == last[1][-1] and not any(joints[:-1])
    return _List(count if alike else len(pieces), count, len(pieces) + sum(joints), run, is_open)


def _list_before(text: str, verbs: tuple[str, ...]) -> _List | None:
    """Return the list that ends right before a number: A、B和C三个方面."""
    run = re.split(r"[,;:。()!?]", text)[-1]
    if run.endswith(verbs) or "、" not in run:
        return None
    return _list_of(run)
