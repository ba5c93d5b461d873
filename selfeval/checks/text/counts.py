"""Counts in a text: how many projects, indicators, problems, measures, bodies, listed things."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from ...evaluation import Evaluation
from ...folding import fold
from ...schemes.known_names import CountingWords
from ...sheets import Place
from ...terms import ORDINALS, ordinal
from ...text.statements import Judged, Statement, left_open
from ..prose import paragraphs
from .counted import MARK, Count, Counting, KnownCount, compared, counted_sentences, sort_of
from .headcounts import Headcounts

_PIECES = {"个", "项", "条", "点", "方面", "类", "款"}
_FIRST_POINT = re.compile(r"(?<![\u4e00-\u9fff])一是|\(一\)")
_POINT = {
    "是": re.compile(rf"(?<![{ORDINALS}第之])(?P<n>[{ORDINALS}]{{1,2}})是"),
    ")": re.compile(rf"\((?P<n>[{ORDINALS}]{{1,2}})\)"),
}
_FEW_WORDS = re.compile(r"[^\d,;。]*(?:[,;。][^\d,;。]*)?")
_BRACKETED = re.compile(r"\([^()]*\)")
_AND = re.compile(r"以及|和|及|与")
_NO_LIST = re.compile(r"[,;:。()!?]")
_LIST_END = re.compile(r"[。;)!?]")
_NOUN = re.compile(r"[\u4e00-\u9fff]{0,6}?(?=[,:(]|分别|即|具体)")
_NOUN_END = re.compile(r"中|里|全部|均|都|已|逐|每|进行|开展|其|需要|分别|就|只|有")
_LEFT_OUT = re.compile(r"除?了?(?P<name>[^,;:。除]{2,12})(?:以外|之外)的?")
_NAME = "\ufffd\ufffd"
"""Stands for a name that tables have: what is in it is no list."""
_NEAR, _CLOSE = 60, 4
_MOST_LISTED, _MOST_OF_ONE = 400, 30
_LEAST = 2
_Beside = tuple[CountingWords, ...]
_Traits = dict[CountingWords, bool | None]


@dataclass(frozen=True, slots=True)
class _Listed:
    """One of the things that tables list, what it belongs to, and what is true of it."""

    place: Place
    groups: tuple[str, ...] = ()
    traits: _Traits = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Kind:
    """What the unit's tables list, and the words that name it.

    ``also`` are other ways to count it; of what ``is_open`` there may be more than rows; those
    below another are counted by its name only; ``exact`` is a word that names all of them alone.
    """

    noun: CountingWords
    beside: _Beside
    shown: str
    rows: tuple[_Listed, ...]
    also: tuple[int, ...] = ()
    is_open: bool = False
    is_below: bool = False
    barred: _Beside = ()
    exact: str = ""


@dataclass(frozen=True, slots=True)
class _CountReading:
    """Which rows a number counts: of a group, of which something is true or is not.

    ``is_loose`` is whether unknown ones are among its words.
    """

    rows: Sequence[_Listed]
    group: str
    trait: CountingWords | None
    is_true: bool
    words: str
    is_loose: bool


@dataclass(frozen=True, slots=True)
class _List:
    """What a text lists: how many at least, as one reads it, and at most; open if with 等."""

    least: int
    count: int
    most: int
    run: str
    is_open: bool


class Counts(Counting):
    """Compares what the numbers of a text count, each sentence once."""

    def __init__(self, case: Evaluation, statements: Iterable[Statement]) -> None:
        """Read all sentences."""
        super().__init__(case)
        self._found: dict[int, Judged] = {}
        heads = Headcounts(case)
        for sentence in counted_sentences(statements):
            self._found |= {id(said): told for said, told in heads.judged(sentence)}
            for count in sentence.counts:
                for judge in (
                    (self._of_tables, self._listed) if count.number.kind == "count" else ()
                ):
                    known = self._found.get(id(count.said))
                    if known is None or known.outcome == "unchecked":
                        told = judge(count)
                        if told and (known is None or told.outcome != "unchecked"):
                            self._found[id(count.said)] = told

    def judged(self, said: Statement) -> Judged | None:
        """Return what came of a number that counts something, None if it counts nothing known."""
        return self._found.get(id(said))

    # --- what the unit's own tables list ------------------------------------------------------

    @cached_property
    def _kinds(self) -> list[_Kind]:
        tables = self.case.tables
        problems = {row.problem: _Listed(row.place) for row in tables.measures if row.problem}
        measures = tuple(_Listed(row.place) for row in tables.measures if row.measure)
        kinds = [
            _Kind("problem", ("problem_around", "around"), "问题", tuple(problems.values())),
            _Kind("measure", ("measure_around", "around"), "措施", measures, is_open=True),
            *self._project_kinds(),
            self._indicator_kind(),
        ]
        return [kind for kind in kinds if kind.rows]

    def _project_kinds(self) -> Iterator[_Kind]:
        rows = self.case.tables.projects
        beside: _Beside = ("project_around", "around")
        below = tuple(_Listed(row.place, (fold(row.parent),)) for row in rows if row.parent)
        yield _Kind("below_project", ("project", *beside), "下级项目", below, is_below=True)
        if any(fold(row.project).startswith(self.words("other")) for row in rows):
            return
        tops = [row for row in rows if not row.parent]
        leaves = {fold(row.project) for row in rows} - {fold(row.parent) for row in rows}
        called = [
            word
            for word in self.words("called")
            if all(fold(row.project).endswith(word) for row in tops)
        ]
        yield _Kind(
            "project",
            beside,
            "项目支出的项目",
            tuple(_Listed(row.place, (), self._adjusted(row.project)) for row in tops),
            (len(rows), len(leaves)),
            barred=("below_project",),
            exact="".join(called[:1]),
        )

    def _adjusted(self, project: str) -> _Traits:
        """Return how the budget of a project was adjusted."""
        key = f"project:{fold(project)}"
        phases = ("initial_budget", "adjusted_budget") if key in self.case.budget_lines else ()
        known = [fen for phase in phases if (fen := self.case.fen(key, phase)) is not None]
        if len(known) < len(phases) or not known:
            return {}
        moved = known[1] - known[0]
        return {"raised": moved > 0, "lowered": moved < 0, "unmoved": moved == 0}

    def _indicator_kind(self) -> _Kind:
        found = []
        for row, own in self.case.attained:
            weight, score = row.weight, row.self_score
            is_full = None if weight is None or score is None else score >= weight
            traits: _Traits = {
                "reached": None if own.share is None else own.is_reached,
                "full_marks": is_full,
                "lost_marks": None if is_full is None else not is_full,
            }
            kinds = (row.indicator_family, row.indicator_aspect)
            # 产出指标, as 产出类四项
            spoken = [name.replace("指标", "类") for name in kinds]
            groups = (*kinds, *spoken, row.indicator_name)
            found.append(_Listed(row.place, tuple(fold(name) for name in groups if name), traits))
        also = sum(not row.project for row in self.case.tables.indicators)
        beside: _Beside = ("indicator_around", "around")
        return _Kind("indicator", beside, "指标", tuple(found), (also,), barred=("barred",))

    def _of_tables(self, count: Count) -> Judged | None:
        kinds = self._kinds if count.number.unit in _PIECES and count.value else []
        return next((told for kind in kinds if (told := self._counted(kind, count))), None)

    def _counted(self, kind: _Kind, count: Count) -> Judged | None:
        """Judge how many there are of a kind, or how many of which something is true."""
        reading = self._reading(kind, count)
        known = self._known(kind, reading) if reading else []
        if reading is None or not known:
            return None
        if all(one.value != count.value for one in known):
            # 扣分集中在甲和乙两项: it counts what it lists
            lists = (_list_of(self._without_names(count.head)), self._list_before(count))
            if any(listed and listed.count == count.value for listed in lists):
                return None
            if not reading.trait and self._counts_told(count):
                return None
        is_all = reading.trait or self.says(count.head + count.tail, "entire")
        is_rest = not reading.trait and self.says(count.head, "rest")
        is_some = is_rest or (reading.is_loose and not is_all)
        if is_some and count.value < known[0].value:
            return None  # of some that the words may single out there are fewer, and never more
        if kind.is_open and count.value > len(reading.rows):
            return left_open(count.said, "一行措施里可能写了几条")
        is_exact = reading.trait or reading.group or (kind.exact and kind.exact in reading.words)
        also = [] if is_exact else [KnownCount(Fraction(one), "") for one in kind.also]
        return compared(count, known, also + self._points(count), is_loose=reading.is_loose)

    def _counts_told(self, count: Count) -> bool:
        """Return whether a number counts those just told one by one: 甲84.5%，乙36.4%，两项……."""
        told = [one for one in count.sentence.counts[: count.at] if one.number.kind != "count"]
        is_beside = not count.head and count.last is not None and count.last in told
        return is_beside and count.value == len(told)

    def _reading(self, kind: _Kind, count: Count) -> _CountReading | None:
        """Return which of a kind a number counts, None where it may count something else."""
        before, told = self.timely(count.head), count.sentence.text(end=count.said.start)
        is_fixed = count.number.unit == "条" or self.says(count.sentence.text(), "fixed")
        if before is None or (kind.noun == "problem" and is_fixed):
            return None
        trait, is_true = self._trait(kind, count)
        rows, left_out = self._left_out(kind, told)
        words = f"{before.replace(left_out, '')}|{count.tail if trait else self._noun(kind, count)}"
        groups = {name for row in kind.rows for name in row.groups}
        names = {name for name in groups if name in words}
        if kind.is_below and not names:
            names = {name for name in groups if name in told}
        group = max(names, key=len, default="")
        rows = [row for row in rows if not group or group in row.groups]
        is_named = bool(group) or self.says(words, kind.noun)
        clause = MARK.split(told)[-1] + count.tail if is_named else told
        roles = (kind.noun, *kind.beside, *((trait, "negation", "done", "rest") if trait else ()))
        parts = (words.replace(group, "") if group else words).split("|")
        is_loose = any(self.unknown(part, *roles) for part in parts)
        if not is_named and (is_loose or not trait or not self.says(told, kind.noun)):
            return None
        if not group and (kind.is_below or self.says(clause, *kind.barred)):
            return None
        if is_loose and any(self._is_narrower(part, roles) for part in parts):
            return None
        return _CountReading(rows, group, trait, is_true, words, is_loose)

    def _left_out(self, kind: _Kind, text: str) -> tuple[Sequence[_Listed], str]:
        """Return all rows but those that a sentence leaves out: 满意度以外的指标."""
        found = _LEFT_OUT.search(text)
        if found is None:
            return kind.rows, ""
        rows = [row for row in kind.rows if not any(found["name"] in one for one in row.groups)]
        return rows, found[0]

    def _noun(self, kind: _Kind, count: Count) -> str:
        """Return what is counted, of the words behind a number: 问题 of 问题的整改."""
        noun = _NOUN_END.split(count.tail)[0]
        first = noun.partition("的")[0]
        return first if first in self.words(kind.noun) else noun

    def _is_narrower(self, part: str, roles: _Beside) -> bool:
        """Return whether words single out some of a kind, or name another: 疑似问题, 重点项目."""
        tokens = self.tokens(part, *roles)
        if any(a.role == "" and b.role == roles[0] for a, b in pairwise(tokens)):
            return True
        return any(self.says(part[t.start : t.end], "chosen") for t in tokens if not t.role)

    def _trait(self, kind: _Kind, count: Count) -> tuple[CountingWords | None, bool]:
        """Return what is said of those that are counted, and whether it is said or denied."""
        # 九项指标里没达标的有两项: what follows is said of the next number.
        after = count.next if count.next and count.next.number.unit in _PIECES else None
        between = count.sentence.text(count.said.end, after.said.start) if after else ","
        is_parted = MARK.search(between) is None
        for text in (count.head, "" if is_parted else count.tail):
            for trait in kind.rows[0].traits:
                found = self.pattern(trait).search(text)
                if found and not text.startswith(self.words("as_noun"), found.end()):
                    opening = text[max(found.start() - _CLOSE, 0) : found.start()]
                    return trait, not self.says(opening, "negation")
        return None, True

    def _known(self, kind: _Kind, reading: _CountReading) -> list[KnownCount]:
        shown, rows, trait = f"表中{reading.group or kind.shown}", reading.rows, reading.trait
        if trait:
            if any(row.traits.get(trait) is None for row in rows):
                return []
            rows = [row for row in rows if row.traits[trait] is reading.is_true]
            denied = "" if reading.is_true else "没有"
            shown = f"按{shown}的数，{denied}{self.grammar.counting[trait].description}的"
        places = tuple(row.place for row in rows)
        return [KnownCount(Fraction(len(rows)), f"{shown}有{len(rows)}个", places)]

    # --- what the text itself lists -----------------------------------------------------------

    def _points(self, count: Count, *, is_led: bool = False) -> list[KnownCount]:
        """Return how many points follow: 一是、二是 …, of the same part of the text.

        A count that leads them has only a few words before them.
        """
        paragraph = count.sentence.paragraph
        part = paragraph.part or paragraph.text
        behind = part[max(part.find(paragraph.text), 0) + count.said.end :]
        first = _FIRST_POINT.search(behind, 0, _NEAR)
        if first is None or (is_led and not _FEW_WORDS.fullmatch(behind, 0, first.start())):
            return []
        points = 0
        for match in _POINT[first[0][-1]].finditer(behind, first.start()):
            if match["n"] != ordinal(points + 1):
                break
            points += 1
        return [KnownCount(Fraction(points), f"文中接着列了{points}点")] if points > 1 else []

    def _listed(self, count: Count) -> Judged | None:
        number, said = count.number, count.said
        if number.is_hedged or number.value < _LEAST:
            return None
        aspects, bodies = self.words("aspects"), self.words("bodies")
        is_aspect = number.unit in aspects or count.tail.startswith(aspects)
        is_thing = is_aspect or (number.unit in _PIECES and said.measure == "other")
        if is_thing and (points := self._points(count, is_led=True)):
            return compared(count, points)
        listed = self._list_behind(count)
        called = (*bodies, *self.words("below_project"))
        if listed is None and (is_aspect or count.tail.startswith(called)):
            listed = self._list_before(count)
        listed = listed or self._set_up(count)
        if listed is None:
            return None
        if listed.is_open and number.value > listed.count:
            return left_open(said, "只列了其中几个")
        if number.value != listed.count and listed.least <= number.value <= listed.most:
            return left_open(said, "所列的可以有两种数法")
        shown = f"文中列了{listed.count}个（{listed.run}）"
        return compared(count, [KnownCount(Fraction(listed.count), shown)])

    def _list_before(self, count: Count) -> _List | None:
        """Return the list that ends before a number: A、B和C三个方面; A、B和C，共三个方面."""
        clauses = _NO_LIST.split(count.sentence.text(end=count.said.start))
        while len(clauses) > 1 and not self.unknown(clauses[-1], "around", "sum"):
            clauses.pop()
        run = self._without_names(clauses[-1])
        listed = _list_of(run) if "、" in run and not run.endswith(self.words("verbs")) else None
        return replace(listed, run=clauses[-1]) if listed else None

    def _without_names(self, run: str) -> str:
        for name in self._names:
            run = run.replace(name, _NAME)
        return run

    @cached_property
    def _names(self) -> list[str]:
        tables = self.case.tables
        names = {fold(row.project) for row in tables.projects}
        names |= {fold(row.indicator_name) for row in tables.indicators}
        names |= {fold(row.item_name) for row in tables.amounts if row.item_code.isdecimal()}
        return sorted(filter(_AND.search, names), key=len, reverse=True)

    def _set_up(self, count: Count) -> _List | None:
        """Return the list of bodies that stands elsewhere: 内设办公室、财务科和业务科."""
        behind, bare, own = count.tail, self.timely(count.head), self._own_bodies
        if own is None or bare is None or not self.says(f"{bare}|{behind}", "bodies"):
            return None
        if self.unknown(bare, "set_up", "bodies", "around"):
            return None
        if self.says(bare, "set_up") or behind.startswith(self.words("set_up")):
            return own
        # 学院六个部门 are all of them, or some: more than there are can not be.
        is_own = bool(bare) and behind.startswith(self.words("bodies"))
        return own if is_own and count.value > own.most else None

    @cached_property
    def _own_bodies(self) -> _List | None:
        pattern = re.compile(rf"(?:{self.pattern('set_up').pattern})(?P<run>[^,;。:()\d]{{2,200}})")
        texts = [paragraph.text for paragraph in paragraphs(self.case)]
        runs = [match["run"] for text in texts for match in pattern.finditer(text)]
        lists = [listed for run in runs if (listed := _list_of(run)) and not listed.is_open]
        return lists[0] if len(lists) == 1 and lists[0].least > _LEAST else None

    def _list_behind(self, count: Count) -> _List | None:
        text, at = count.sentence.paragraph.text, count.said.end
        bodies = self.pattern("bodies").match(text, at)
        head = re.sub(rf"(?:{self.pattern('sum').pattern})有?$", "", count.head)
        is_body = bodies is not None or head.endswith(self.words("bodies"))
        noun = bodies or _NOUN.match(text[at : at + 10])
        if noun is None and not is_body:
            return None
        at += len(noun[0]) if noun else 0
        roles: _Beside = ("closed", "listing") if is_body else ("closed",)
        opener = re.compile(rf"[,:]*({self.pattern(*roles).pattern}|(?<=:))[,:]*").match(text, at)
        if opener is None:
            return None
        at = opener.end()
        if opener[1] == "(":
            stop = text.find(")", at, at + _MOST_LISTED)
            return _list_of(text[at:stop] if stop > 0 else "")
        told = _LIST_END.split(text[at : at + _MOST_LISTED])[0]
        bare = _BRACKETED.sub("", self._spelt_out(count, at))
        end = _LIST_END.search(bare)
        listed = _list_of(self._without_names(bare[: end.start()])) if end else None
        return replace(listed, run=told) if listed else None

    def _spelt_out(self, count: Count, at: int) -> str:
        """Return what follows, each thing counted in it as often as it is: 本级和3家 as 4."""
        text, last = "", at
        for one in count.sentence.counts[count.at + 1 :]:
            is_alike = sort_of(one.number) == sort_of(count.number) and not one.number.is_hedged
            if one.said.start < last or not is_alike or not 0 < one.value <= _MOST_OF_ONE:
                continue
            before = count.sentence.text(last, one.said.start)
            text += re.sub(rf"(?:{_AND.pattern})$", "、", before) + f"{_NAME}、" * (
                int(one.value) - 1
            )
            last = one.said.end
        return text + count.sentence.paragraph.text[last : at + _MOST_LISTED]


def _list_of(run: str) -> _List | None:
    """Return what a run of words lists, None if it is no plain list."""
    if "," in run or re.search(r"\d", run) or not re.search(r"、|(?<=..)[和及](?=..)", run):
        return None
    pieces = run.split("、")
    if not all(pieces):
        return None
    joints = [len(_AND.findall(piece)) for piece in pieces]
    last = _AND.split(pieces[-1])
    # A和B as the last of a list are two, and surely so where both end alike.
    count = len(pieces) + (joints[-1] == 1 and all(last))
    alike = count > len(pieces) and last[0][-1] == last[1][-1] and not any(joints[:-1])
    least = count if alike else len(pieces)
    return _List(least, count, len(pieces) + sum(joints), run, "等" in run[-6:])
