"""Heads and posts in a text against the staffing table: in all, by kind, what is vacant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from ...evaluation import Evaluation
from ...folding import fold
from ...schemes.known_names import CountingWords
from ...tables.rows import STAFF_FIELDS, Staff, StaffField
from ...text.numbers import agrees, exactly
from ...text.paragraphs import one_of
from ...text.statements import Judged, Statement, held_against, left_open
from ...text.tokens import Lexicon, Token
from .counted import CODE, MARK, Count, CountedSentence, Counting, KnownCount, compared

_UNITS = {"人", "名", "位", "个"}
_STEM = re.compile(r"(?:人员)?(?:编制)?(?:人员)?$")
_MARKED = re.compile(f"({MARK.pattern})")
_UNSURE = "说的可能是别的机构、别的时间或者别的人员"
_KEYS = {"posts", "in_post", "staff", "vacant", "surplus", "staff_rate", "kind", "kind_post"}
_ROLES: tuple[CountingWords, ...] = (
    "posts", "in_post", "vacant", "surplus", "staff_rate", "not_staff", "staff", "around",
)  # fmt: skip


@dataclass(slots=True)
class _HeadContext:
    """What a sentence spoke of so far: whose posts or heads, of which kind."""

    fields: tuple[StaffField, ...] = ()
    kinds: tuple[Staff | None, ...] = (None,)
    parts: bool = False
    lost: bool = False
    named: int = 0
    mark: str = ""

    def restart(self) -> None:
        """Forget what was told before a semicolon."""
        self.fields, self.kinds, self.parts, self.named = (), (None,), False, 0


class Headcounts(Counting):
    """Compares heads and posts with the staffing table."""

    def __init__(self, case: Evaluation) -> None:
        """Keep the table and the names of its kinds."""
        super().__init__(case)
        self.kinds = [row for row in case.tables.staffing if not row.is_total]
        self.total = next((row for row in case.tables.staffing if row.is_total), None)
        self.titles = {name: case.unit.form.heading("staffing", name) for name in STAFF_FIELDS}
        words = dict(self._kind_words())
        for role in _ROLES:
            words = {word: (role, word) for word in self.words(role)} | words
        self.lexicon = Lexicon(words, {})
        ends = "|".join(map(re.escape, self.words("other_office")))
        self.other = re.compile(rf"[\u4e00-\u9fff](?:{ends})")
        known = (*map(fold, self.own), *self.words("around"))
        self.not_other = re.compile(one_of(tuple(name for name in known if len(name) > 1)))

    def _kind_words(self) -> Iterator[tuple[str, tuple[str, object]]]:
        yield from ((name, ("own", name)) for name in map(fold, self.own))
        named = []
        for row in self.kinds:
            stem = _STEM.sub("", fold(row.kind)) or fold(row.kind)
            managed = self.words("managed")
            named += [(row, name) for name in (managed if stem in managed else (stem,))]
        for row, name in named:
            for own in (fold(row.kind), f"{name}人员", f"{name}在职人员", name):
                if len(own) > 1:
                    yield own, ("kind", row)
        for row, name in named:
            for behind in ("编制", "编", "编制人员", "在编人员"):
                yield f"{name}{behind}", ("kind_post", row)

    def judged(self, sentence: CountedSentence) -> Iterator[tuple[Statement, Judged]]:
        """Yield what came of the numbers of a sentence that count heads or posts."""
        context, at = _HeadContext(), sentence.start
        for count in sentence.counts if self.case.tables.staffing else ():
            last, at = at, count.said.end
            if count.number.kind not in {"count", "percent", "bare"}:
                continue
            left = self.timely(sentence.text(last, count.said.start))
            self._follow(left, context)
            if left is None or (count.number.kind == "count" and count.number.unit not in _UNITS):
                continue
            *_, context.mark, clause = ["", *_MARKED.split(left)]
            if count.paired:
                context.mark, clause = "、", self.timely(count.paired) or ""
            if not context.lost and (told := self._share(count, clause)):
                yield count.said, told
                continue
            naming, is_loose = self._naming(count, clause, context)
            if naming and (told := self._bound(count, naming, context, is_loose)):
                yield count.said, told

    def _share(self, count: Count, clause: str) -> Judged | None:
        """Judge which part of all heads a kind is: 事业编制人数居首，占比43.75%."""
        shares = self.grammar.words["share"].words
        if count.number.kind != "percent" or not any(word in clause for word in shares):
            return None
        text = count.sentence.text(end=count.said.start)
        tokens = list(self.lexicon.scan(text, 0, len(text)))
        kinds = [token.value for token in tokens if isinstance(token.value, Staff)]
        of_heads = any(token.role in {"in_post", "staff"} for token in tokens)
        part = next(self._known(kinds[-1], "staff_in_post"), None) if kinds else None
        whole = next(self._known(None, "staff_in_post"), None)
        if not of_heads or part is None or whole is None or not whole.value:
            return None
        rate = part.value / whole.value
        shown = f"{part.shown}、{whole.shown.removeprefix('表中')}"
        shown = f"{shown}，算得{self.case.as_printed(rate)}"
        outcome = agrees(count.number, exactly(rate))
        return held_against(count.said, outcome, CODE, shown, (*part.places, *whole.places))

    def _follow(self, left: str | None, context: _HeadContext) -> None:
        """Take up what the words before a number say of all that follow."""
        if left is None:
            context.lost = True
            return
        clauses = MARK.split(left)
        if ";" in left:
            context.restart()
        if "其中" in left or self.says(left, "listing") or left.endswith(f"({clauses[-1]}"):
            context.parts = True
        context.lost = context.lost or self.says(left, "other_time")
        context.lost = context.lost or any(map(self._is_elsewhere, clauses[:-1]))

    def _is_elsewhere(self, clause: str) -> bool:
        return self.other.search(self.not_other.sub("", clause)) is not None

    def _naming(self, count: Count, clause: str, context: _HeadContext) -> tuple[list[Token], bool]:
        """Return the words before a number that name it, else those behind: 26名在职职工.

        With them, whether other words stand among them: then it may be of some only.
        """
        tokens = list(self.lexicon.scan(clause, 0, len(clause)))
        last = max((at for at, token in enumerate(tokens) if token.role in _KEYS), default=-1)
        rest = [clause[token.start : token.end] for token in tokens if not token.role]
        is_other = any(not a.role and b.value in self.names for a, b in pairwise(tokens))
        context.lost = context.lost or is_other or (bool(rest) and self._is_elsewhere(clause))
        is_part = any(token.role == "not_staff" for token in tokens)
        is_part = is_part or any(self.says(one, "chosen") for one in rest)
        behind, is_loose = self._behind(count, clause)
        if is_part or any(not token.role for token in tokens[last + 1 :]):
            if behind and behind[0].role != "kind" and last < 0 and not is_part:
                return behind, True
            context.kinds = () if rest or context.parts else (None,)
            return [], False
        if count.number.kind == "bare" and (rest or last < 0 or count.number.half):
            return [], False
        if last >= 0 and {token.role for token in tokens} & _KEYS != {"staff"}:
            return tokens, bool(rest) or self.says(clause[tokens[last].end :], "within")
        is_all = self.says(clause, "all_of") or any(token.role == "own" for token in tokens)
        if not behind and is_all and not self.says(count.tail, "chosen"):
            return tokens, True
        return behind, is_loose

    def _behind(self, count: Count, clause: str) -> tuple[list[Token], bool]:
        text = count.tail
        tokens = list(self.lexicon.scan(text, 0, len(text)))
        if not tokens or self.says(text, "chosen"):
            return [], False
        known = all(token.role for token in tokens)
        if known and (vacant := [token for token in tokens if token.role == "vacant"]):
            return vacant, False
        # 24人为事业编制: what follows says what they are, and nothing else.
        if not clause and known and text.startswith(("为", "是", "属")):
            return tokens, False
        first = next((token for token in tokens if token.role != "around"), tokens[0])
        is_sure = clause and (known or clause.endswith(self.words("all_of")))
        if is_sure and first.role in {"in_post", "kind", "kind_post", "posts"}:
            return [first], False
        return (tokens[:1] if tokens[0].role in _KEYS - {"kind", "staff"} else []), True

    def _bound(
        self, count: Count, naming: Sequence[Token], context: _HeadContext, is_loose: bool
    ) -> Judged | None:
        number, mark, roles = count.number, context.mark, {token.role for token in naming}
        row = next((t.value for t in naming if isinstance(t.value, Staff)), None)
        derived = roles & {"vacant", "surplus", "staff_rate"}
        carried = context.fields if context.parts or mark == "、" else ()
        is_post = roles & {"kind_post", "posts"} or derived or carried == ("authorised_posts",)
        is_rate = number.kind == "percent"
        if is_rate != ("staff_rate" in derived) or (number.unit == "个" and not is_post):
            return None
        fields, unsure = _fields_of(roles, carried if row else ())
        if unsure and self.says(count.head, "as_of"):
            fields = unsure  # 现有事业编制人员24名
        context.named += row is not None
        kinds = self._kinds(row, fields, bool(derived), context)
        if not derived:
            context.fields, context.kinds = fields, kinds[:1]
        if context.lost or not kinds:
            return left_open(count.said, _UNSURE)
        also: list[KnownCount] = []
        if derived:
            known = [one for kind in kinds for one in self._derived(kind, derived)]
        else:
            known = [one for kind in kinds for name in fields for one in self._known(kind, name)]
            also = [one for kind in kinds for name in unsure for one in self._known(kind, name)]
        known, also = (known, also) if known else (also, [])
        return compared(count, known, also, is_loose=is_loose) if known else None

    def _kinds(
        self,
        row: Staff | None,
        fields: tuple[StaffField, ...],
        derived: bool,
        context: _HeadContext,
    ) -> tuple[Staff | None, ...]:
        """Return which kinds of staff a number may be of, None for all of them."""
        if row is not None:
            return (row,)
        if not context.kinds:
            return ()
        if context.parts and context.mark != "(":
            return (*context.kinds, None)
        if context.mark in {",", "、", ""} and (derived or fields != context.fields):
            # 事业编制22名，工勤编制1名，在职21人: of the last kind, or of all that were named.
            return (*context.kinds, None) if context.named > 1 else context.kinds
        return (None,)

    def _known(self, row: Staff | None, name: StaffField) -> Iterator[KnownCount]:
        rows = [row or self.total] if row or self.total else self.kinds
        counts = [(one.count(name), one.place_of(name)) for one in rows if one]
        whole = [count for count, _ in counts if count is not None]
        if not counts or len(whole) < len(counts):
            return
        of = row.kind if row else ""
        summed = "" if row else "合计" if self.total else "之和"
        shown = f"表中{of}{self.titles[name]}{summed}{sum(whole)}人"
        yield KnownCount(Fraction(sum(whole)), shown, tuple(place for _, place in counts))

    def _derived(self, row: Staff | None, derived: set[str]) -> Iterator[KnownCount]:
        posts, heads = [next(self._known(row, name), None) for name in STAFF_FIELDS]
        if posts is None or heads is None:
            return
        places = (*posts.places, *heads.places)
        shown = f"{posts.shown}、{heads.shown.removeprefix('表中')}"
        if "staff_rate" in derived:
            if posts.value:
                rate = heads.value / posts.value
                yield KnownCount(rate, f"{shown}，算得{self.case.as_printed(rate)}", places)
            return
        left = posts.value - heads.value
        value = left if "vacant" in derived else -left
        yield KnownCount(value, f"{shown}，相差{abs(left)}人", places)


def _fields_of(
    roles: set[str], carried: tuple[StaffField, ...]
) -> tuple[tuple[StaffField, ...], tuple[StaffField, ...]]:
    """Return the column that words name, and the one that they only may mean."""
    if "in_post" in roles:
        return ("staff_in_post",), ()
    if "posts" in roles and "kind_post" not in roles:
        return ("authorised_posts",), ()
    if len(carried) == 1:
        return carried, ()
    if "kind_post" in roles:
        return ("authorised_posts",), (() if "posts" in roles else ("staff_in_post",))
    return ("staff_in_post",), ()
