"""Counts in a text: heads, posts, vehicles, how many projects, problems, measures, parts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ...evaluation import Evaluation
from ...folding import fold
from ...schemes.grammar import ThingWords
from ...schemes.known_names import CountingWords
from ...sheets import Place
from ...text.statements import Judged, Statement
from .counted import (
    Known,
    Sentence,
    compared,
    head,
    lexicon,
    only,
    sentences,
    tail,
    unchecked,
    undated,
    words_of,
)
from .headcounts import Headcounts

_PIECES = {"个", "项", "条", "点", "方面", "类", "款"}
_NUMERALS = "一二三四五六七八九十"
_FIRST_POINT = re.compile(r"(?<![\u4e00-\u9fff])一是|(?<![\u4e00-\u9fff])1[.、]|\(一\)")
_POINT = {
    "是": re.compile(rf"(?<![{_NUMERALS}第之])(?P<n>[{_NUMERALS}]{{1,2}})是"),
    ")": re.compile(rf"\((?P<n>[{_NUMERALS}]{{1,2}})\)"),
}
_BRACKETED = re.compile(r"\([^()]*\)")
_AND = re.compile(r"以及|和|及|与")
_ONE = re.compile(r"一(?P<unit>次|个|项|家次|家|处|件|名|人|场|条)")
_LIST_END = re.compile(r"[。;)!?]")
_NEAR = 60
_MOST_LISTED = 400
_LEAST_WORD = 2
_BETWEEN = ("批次", "人次", "批", "团组", "辆", "万元", "元")
"""Measure words that may stand between two numbers of one thing."""


@dataclass(frozen=True, slots=True)
class _Part:
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
    parts: tuple[_Part, ...]


class Counts:
    """Compares what the numbers of a text count, each sentence once."""

    def __init__(self, case: Evaluation, statements: Iterable[Statement]) -> None:
        """Read all sentences: the same may be counted in several."""
        self.case, self.year, self.grammar = case, case.unit.year, case.unit.grammar
        own = (case.unit.name, *case.unit.settings.also_named)
        self.own = (*own, *case.unit.checks.listed("own_unit", self.year))
        self._found: dict[int, Judged] = {}
        self._all = list(sentences(statements))
        heads = Headcounts(case)
        for sentence in self._all:
            self._keep(heads.judged(sentence))
            for said in sentence.said:
                self._keep(self._of_tables(sentence, said))
                self._keep(self._listed(sentence, said))
        self._keep(self._things())
        self._keep(self._parts())
        self._keep(self._anchored())

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

    def _of_tables(self, sentence: Sentence, said: Statement) -> Iterator[tuple[Statement, Judged]]:
        number = said.number
        assert number
        if number.kind != "count" or number.unit not in _PIECES:
            return
        before, behind = head(sentence, said), tail(said)
        whole = before + behind
        for judge in (self._problems, self._measures, self._projects, self._indicators):
            if told := judge(sentence, said, before, behind, whole):
                yield said, told
                return

    def _problems(
        self, sentence: Sentence, said: Statement, before: str, behind: str, whole: str
    ) -> Judged | None:
        rows = [row for row in self.case.tables.measures if row.problem]
        if not rows or not any(word in whole for word in self._words("problem")):
            return None
        if said.number.unit == "条" or not said.number.value:  # type: ignore[union-attr]
            return None
        if not self._only(whole, "problem", "problem_around"):
            return None
        count = len(dict.fromkeys(row.problem for row in rows))
        shown = f"表中问题有{count}个"
        known = [Known(Fraction(count), shown, tuple(row.place for row in rows))]
        return compared(said, known, self._points(said))

    def _measures(
        self, sentence: Sentence, said: Statement, before: str, behind: str, whole: str
    ) -> Judged | None:
        rows = [row for row in self.case.tables.measures if row.measure]
        if not rows or not any(word in whole for word in self._words("measure")):
            return None
        if not self._only(whole, "measure", "measure_around"):
            return None
        number, count = said.number, len(rows)
        assert number
        if number.value > count:
            return unchecked(said, "一行措施里可能写了几条")
        known = [Known(Fraction(count), f"表中措施有{count}条", tuple(r.place for r in rows))]
        return compared(said, known, self._points(said))

    def _projects(
        self, sentence: Sentence, said: Statement, before: str, behind: str, whole: str
    ) -> Judged | None:
        rows = self.case.tables.projects
        names = [fold(row.project) for row in rows]
        if not rows or any(name.startswith(("其他", "其它")) for name in names):
            return None
        below = self._words("below_project")
        if any(word in whole for word in below):
            own = [r for r in rows if r.parent and fold(r.parent) in before]
            if not own:
                return None
            shown = f"表中{own[0].parent}的下级项目有{len(own)}个"
            return compared(said, [Known(Fraction(len(own)), shown, tuple(r.place for r in own))])
        if not any(word in whole for word in self._words("project")):
            return None
        if not self._only(whole, "project", "project_around"):
            return None
        tops = [row for row in rows if not row.parent]
        parents = {fold(row.parent) for row in rows}
        leaves = [row for row in rows if fold(row.project) not in parents]
        shown = f"表中项目支出的项目有{len(tops)}个"
        known = [Known(Fraction(len(tops)), shown, tuple(row.place for row in tops))]
        also = [Known(Fraction(len(more)), shown) for more in (rows, leaves)]
        special = "专项" in whole and all(fold(row.project).endswith("专项") for row in tops)
        return compared(said, known, () if special else also)

    def _indicators(
        self, sentence: Sentence, said: Statement, before: str, behind: str, whole: str
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
            if not self._only(whole.replace(name, ""), "indicator", "indicator_around"):
                return None
            shown = f"表中{name}有{len(groups[name])}项"
            return compared(said, [Known(Fraction(len(groups[name])), shown, tuple(groups[name]))])
        if not self._only(whole.split("中")[0], "indicator", "indicator_around"):
            return None
        if any(word in sentence.text for word in ("一级", "二级", "项目绩效")):
            return None
        shown = f"表中绩效指标有{len(rows)}项"
        known = [Known(Fraction(len(rows)), shown, tuple(row.place for row in rows))]
        own = [row for row in rows if not row.project]
        return compared(said, known, [Known(Fraction(len(own)), shown)])

    def _reached(
        self, sentence: Sentence, said: Statement, before: str, behind: str
    ) -> Judged | None:
        """Judge how many of all indicators reached their target, or did not."""
        rows = self.case.attained
        ahead = [
            one
            for one in sentence.said
            if one.start < said.start
            and one.number
            and one.number.value == len(rows)
            and any(word in tail(one) for word in self._words("indicator"))
        ]
        if not ahead or not self._only(before, "indicator_around", "done", "rest"):
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
        return compared(said, [Known(Fraction(len(own)), shown, tuple(r.place for r in own))])

    # --- what the text itself lists -----------------------------------------------------------

    def _points(self, said: Statement) -> list[Known]:
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
            if match["n"] != _numeral(count + 1):
                break
            count += 1
        return [Known(Fraction(count), f"文中接着列了{count}点")] if count > 1 else []

    def _listed(self, sentence: Sentence, said: Statement) -> Iterator[tuple[Statement, Judged]]:
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
        if is_aspect:
            listed = _list_before(text[sentence.start : said.start], self._words("verbs"))
        else:
            listed = self._list_behind(sentence, said)
        if listed is None:
            return
        least, most, pieces, is_open = listed
        if least <= number.value <= most:
            yield said, Judged(said=said, outcome="pass", code="TEXT-25", shown=f"文中列了{pieces}")
        elif is_open and number.value > most:
            yield said, unchecked(said, "只列了其中几个")
        else:
            count = str(least) if least == most else f"{least}至{most}"
            yield said, compared(said, [Known(Fraction(least), f"文中列了{count}个（{pieces}）")])

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

    def _list_behind(
        self, sentence: Sentence, said: Statement
    ) -> tuple[int, int, str, bool] | None:
        text, at = sentence.paragraph.text, said.end
        bodies = sorted(self._words("bodies"), key=len, reverse=True)
        body = next((word for word in bodies if text.startswith(word, at)), "")
        before = head(sentence, said)
        if not body and not before.endswith(tuple(bodies)):
            return None
        at += len(body)
        while text[at : at + 1] in {",", ":"}:
            at += 1
        openers = sorted(self._words("listing"), key=len, reverse=True)
        opener = next((word for word in openers if text.startswith(word, at)), "")
        if not opener and text[at - 1] != ":":
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
            Known(Fraction(one.value), f"表中{one.item_name}{one.value}", (one.place,))
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

    def _elsewhere(self, other: Statement, value: Fraction, why: str = "") -> Known:
        place = other.paragraph.place(other.start)
        quote = other.paragraph.excerpt(other.opens, other.end)
        return Known(value, f"{place.cell}写“{quote}”{why}", (place,))

    # --- parts of a whole ---------------------------------------------------------------------

    def _parts(self) -> Iterator[tuple[Statement, Judged]]:
        wholes = [whole for sentence in self._all for whole in self._wholes(sentence)]
        seen: list[_Whole] = []
        for whole in wholes:
            for part in whole.parts:
                known = [
                    *self._against(whole, whole, part),
                    *(
                        one
                        for other in seen
                        if _same_whole(whole, other)
                        for one in self._against(whole, other, part)
                    ),
                ]
                if part.said is not None and known:
                    yield part.said, compared(part.said, known[:1])
            seen.append(whole)

    def _against(self, whole: _Whole, other: _Whole, part: _Part) -> Iterator[Known]:
        """Yield what a part must be by another part, of the same sentence or of another."""
        number = whole.said.number
        assert number
        for one in other.parts:
            if one is part or one.rest or part.rest or not one.core or one.core != part.core:
                continue
            if one.negated != part.negated:
                left = number.value - one.value
                taken = f"，{_plain(number.value)}减去{_plain(one.value)}得{_plain(left)}"
                yield self._elsewhere(one.said or other.said, left, taken)
            elif one.said is not None and other is not whole:
                yield self._elsewhere(one.said, one.value)

    def _wholes(self, sentence: Sentence) -> Iterator[_Whole]:
        text = sentence.paragraph.text
        if undated(sentence.text, self.year) is None:
            return
        for at, said in enumerate(sentence.said):
            number = said.number
            assert number
            if number.kind != "count" or number.is_hedged:
                continue
            noun = _noun(tail(said))
            if len(noun) < _LEAST_WORD:
                continue
            parts = []
            for one in sentence.said[at + 1 :]:
                other = one.number
                assert other
                if other.kind != "count" or other.unit != number.unit or other.is_hedged:
                    break
                if other.value > number.value:
                    break
                parts.append(self._part(sentence, one, other.value))
            for match in _ONE.finditer(text, said.end, sentence.end):
                if match["unit"] == number.unit and parts:
                    before = text[sentence.start : match.start()]
                    predicate = re.split(r"[,;:。、()]", before)[-1]
                    parts.append(self._cored(None, Fraction(1), predicate))
            if parts:
                yield _Whole(said, noun, tuple(parts))

    def _part(self, sentence: Sentence, said: Statement, value: Fraction) -> _Part:
        before, behind = head(sentence, said), tail(said)
        return self._cored(said, value, behind if len(behind) >= _LEAST_WORD else before)

    def _cored(self, said: Statement | None, value: Fraction, predicate: str) -> _Part:
        rest = any(word in predicate for word in self._words("rest"))
        negated = any(word in predicate for word in self._words("not"))
        core = predicate
        for word in sorted(self._words("not", "done"), key=len, reverse=True):
            core = core.replace(word, "")
        return _Part(said, value, core if len(core) >= _LEAST_WORD else "", negated, rest)

    # --- told twice beside the same other count -----------------------------------------------

    def _anchored(self) -> Iterator[tuple[Statement, Judged]]:
        """Yield counts that two sentences tell of the same thing, beside the same other count."""
        seen: list[tuple[Statement, str, Statement, str]] = []
        for sentence in self._all:
            if undated(sentence.text, self.year) is None:
                continue
            own = []
            for at, anchor in enumerate(sentence.said):
                noun = _noun(tail(anchor))
                if anchor.number.kind != "count" or len(noun) < _LEAST_WORD:  # type: ignore[union-attr]
                    continue
                for said in sentence.said[at + 1 :]:
                    number = said.number
                    assert number
                    core = self._core(head(sentence, said))
                    if number.kind == "count" and len(core) >= _LEAST_WORD and not number.is_hedged:
                        own.append((anchor, noun, said, core))
            for anchor, noun, said, core in own:
                for before, other_noun, other, other_core in seen:
                    if core == other_core and _alike(anchor, before) and _within(noun, other_noun):
                        assert said.number
                        assert other.number
                        if said.number.unit == other.number.unit:
                            known = self._elsewhere(other, other.number.value)
                            yield said, compared(said, [known])
                            break
            seen += own

    def _core(self, text: str) -> str:
        core = text
        for word in sorted(self._words("around", "done"), key=len, reverse=True):
            core = core.replace(word, "")
        return core


def _plain(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"


def _numeral(count: int) -> str:
    return _NUMERALS[count - 1] if count <= len(_NUMERALS) else f"十{_NUMERALS[count - 11]}"


def _noun(behind: str) -> str:
    """Return what is counted, of the words behind a number."""
    return re.split(r"中|里|全部|均|都|已|逐|每|进行|开展|其", behind)[0]


def _alike(one: Statement, other: Statement) -> bool:
    assert one.number
    assert other.number
    return (one.number.value, one.number.unit) == (other.number.value, other.number.unit)


def _within(one: str, other: str) -> bool:
    return one.endswith(other) or other.endswith(one)


def _same_whole(one: _Whole, other: _Whole) -> bool:
    return _alike(one.said, other.said) and _within(one.noun, other.noun)


def _list_of(run: str) -> tuple[int, int, str, bool] | None:
    """Return how many a list names at least and at most, the list, and whether it is open."""
    is_open = run.endswith("等") or "等" in run[-6:]
    if not run or "," in run or re.search(r"\d", run) or "、" not in run:
        return None
    pieces = run.split("、")
    if any(not piece for piece in pieces):
        return None
    joined = sum(len(_AND.findall(piece)) for piece in pieces)
    return (
        len(pieces) + (len(_AND.findall(pieces[-1])) == 1 and 0),
        len(pieces) + joined,
        run,
        is_open,
    )


def _list_before(text: str, verbs: tuple[str, ...]) -> tuple[int, int, str, bool] | None:
    """Return the list that ends right before a number: A、B和C三个方面."""
    run = re.split(r"[,;:。()!?]", text)[-1]
    if run.endswith(verbs):
        return None
    return _list_of(run)
