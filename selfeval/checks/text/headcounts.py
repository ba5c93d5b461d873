"""Heads and posts in a text against the staffing table: in all, by kind, what is vacant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ...evaluation import Evaluation
from ...folding import fold
from ...tables.rows import STAFF_FIELDS, Staff, StaffField
from ...text.paragraphs import one_of
from ...text.statements import Judged, Statement, left_open
from ...text.tokens import Lexicon, Token
from .counted import (
    CountedSentence,
    KnownCount,
    compared,
    distributed,
    own_words,
    scan,
    tail,
    undated,
    words_by_role,
    words_of,
)

_UNITS = {"人", "名", "位", "个"}
_STEM = re.compile(r"(?:人员)?(?:编制)?(?:人员)?$")
_MARK = re.compile(r"[,;:。、()!?]")
_UNSURE = "说的可能是别的机构、别的时间或者别的人员"


@dataclass(slots=True)
class _HeadContext:
    """What a sentence spoke of so far: whose posts or heads, of which kind."""

    fields: tuple[StaffField, ...] = ()
    kinds: tuple[Staff | None, ...] = (None,)
    parts: bool = False
    told: Fraction = Fraction(0)
    lost: bool = False
    named: int = 0
    several: bool = False


class Headcounts:
    """Compares heads and posts with the staffing table."""

    def __init__(self, case: Evaluation) -> None:
        """Keep the table and the names of its kinds."""
        self.case, self.year = case, case.unit.year
        self.kinds = [row for row in case.tables.staffing if not row.is_total]
        self.total = next((row for row in case.tables.staffing if row.is_total), None)
        form = case.unit.form
        self.heads = {name: form.heading("staffing", name) for name in STAFF_FIELDS}
        grammar = case.unit.grammar
        own = own_words(case)
        base = words_by_role(
            grammar,
            ("posts", "in_post", "vacant", "surplus", "staff_rate", "not_staff", "around"),
            own,
        )
        self.words = self._with_kinds(base)
        self.alls = words_of(grammar, "all_of")
        self.sums = words_of(grammar, "sum")
        ends = "|".join(map(re.escape, words_of(grammar, "other_office")))
        self.other = re.compile(rf"[\u4e00-\u9fff](?:{ends})")
        known = (*map(fold, own), *words_of(grammar, "around"))
        self.own = re.compile(one_of(tuple(name for name in known if len(name) > 1)))

    def _with_kinds(self, base: dict[str, tuple[str, object]]) -> Lexicon:
        words: dict[str, tuple[str, object]] = {}
        for row in self.kinds:
            stem = _STEM.sub("", fold(row.kind)) or fold(row.kind)
            managed = words_of(self.case.unit.grammar, "managed")
            for name in managed if stem in managed else (stem,):
                for behind in ("编制", "编", "编制人员", "在编人员"):
                    words[f"{name}{behind}"] = ("kind_post", row)
                for own in (fold(row.kind), f"{name}人员", f"{name}在职人员", name):
                    if len(own) > 1:
                        words.setdefault(own, ("kind", row))
        return Lexicon({**base, **words}, {})

    def judged(self, sentence: CountedSentence) -> Iterator[tuple[Statement, Judged]]:
        """Yield what came of the numbers of a sentence that count heads or posts."""
        if not self.case.tables.staffing:
            return
        context = _HeadContext()
        at = sentence.start
        for said in sentence.said:
            number = said.number
            assert number
            segment = sentence.paragraph.text[at : said.start]
            at = said.end
            rate = number.kind == "percent"
            if number.kind != "count" and not rate:
                continue
            told = self._one(sentence, said, segment, context)
            if told:
                context.several = context.told > 0
                context.told += number.value
                yield said, told

    def _one(
        self, sentence: CountedSentence, said: Statement, segment: str, context: _HeadContext
    ) -> Judged | None:
        number = said.number
        assert number
        rate = number.kind == "percent"
        left = undated(segment, self.year)
        if left is None:
            context.lost = True
            return None
        clauses = _MARK.split(left)
        mark = left[-len(clauses[-1]) - 1] if len(clauses) > 1 else ""
        if ";" in left:
            context.kinds, context.fields, context.parts = (None,), (), False
            context.told, context.named = Fraction(0), 0
        if "其中" in left or mark == "(":
            context.parts = True
        for clause in clauses[:-1]:
            if self.other.search(self.own.sub("", clause)):
                context.lost = True
        if not rate and number.unit not in _UNITS:
            return None
        clause = clauses[-1]
        if paired := distributed(sentence, said):
            clause, mark = undated(paired, self.year) or paired, "、"
        tokens = scan(self.words, clause)
        roles = {token.role for token in tokens}
        if "" in roles or "not_staff" in roles:
            rest = "".join(clause[t.start : t.end] for t in tokens if not t.role)
            context.lost = context.lost or bool(self.other.search(self.own.sub("", rest)))
            context.kinds = () if "" in roles or context.parts else (None,)
            return None
        if not roles - {"around", "own"}:
            if context.fields and clause.endswith(self.sums):
                return self._summed(said, context)
            tokens = self._behind(said, clause)
        return self._bound(said, tokens, mark, context, rate) if tokens else None

    def _behind(self, said: Statement, clause: str) -> list[Token]:
        """Return the words behind a number that name it: 全馆26名在职职工."""
        tokens = scan(self.words, tail(said))
        if not tokens:
            return []
        known = all(token.role for token in tokens)
        if any(token.role == "vacant" for token in tokens):
            return [token for token in tokens if token.role == "vacant"] if known else []
        if not clause:
            # 24人为事业编制: what follows says what they are, and nothing else.
            return tokens if known and tail(said).startswith(("为", "是", "属")) else []
        first = next((t for t in tokens if t.role != "around"), tokens[0])
        if first.role not in {"in_post", "kind", "kind_post", "posts"}:
            return []
        is_all = clause.endswith(self.alls)
        return [first] if is_all or known else []

    def _summed(self, said: Statement, context: _HeadContext) -> Judged | None:
        known = [one for name in context.fields for one in self._known(None, name)]
        told = KnownCount(context.told, f"前面几项相加{context.told}人")
        if context.lost or not known or (context.parts and not context.several):
            return None
        return compared(said, [told, *known] if context.told else known)

    def _bound(
        self, said: Statement, tokens: Sequence[Token], mark: str, context: _HeadContext, rate: bool
    ) -> Judged | None:
        number = said.number
        assert number
        roles = {token.role for token in tokens}
        row = next((t.value for t in tokens if isinstance(t.value, Staff)), None)
        own_kind = row is not None
        says_post = "kind_post" in roles
        derived = roles & {"vacant", "surplus", "staff_rate"}
        carried = context.fields if context.parts or mark == "、" else ()
        is_post = says_post or "posts" in roles or derived or carried == ("authorised_posts",)
        if rate != ("staff_rate" in derived) or (number.unit == "个" and not is_post):
            return None
        unsure: tuple[StaffField, ...] = ()
        if "in_post" in roles:
            fields: tuple[StaffField, ...] = ("staff_in_post",)
        elif "posts" in roles and not says_post:
            fields = ("authorised_posts",)
        elif own_kind and len(carried) == 1:
            fields = carried
        elif says_post:
            fields, unsure = ("authorised_posts",), ("staff_in_post",)
        else:
            fields = ("staff_in_post",)
        context.named += own_kind
        if own_kind:
            kinds: tuple[Staff | None, ...] = (row,)
        elif not context.kinds:
            kinds = ()
        elif context.parts and mark != "(":
            kinds = (*context.kinds, None)
        elif mark == "," and (derived or fields != context.fields):
            # 事业编制22名，工勤编制1名，在职21人: of the last kind, or of all that were named.
            kinds = (*context.kinds, None) if context.named > 1 else context.kinds
        else:
            kinds = (None,)
        context.fields = fields if not derived else context.fields
        context.kinds = kinds[:1] if not derived else context.kinds
        if context.lost or not kinds:
            return left_open(said, _UNSURE)
        if derived:
            known = [one for kind in kinds for one in self._derived(kind, derived)]
            return compared(said, known) if known else None
        known = [one for kind in kinds for name in fields for one in self._known(kind, name)]
        also = [one for kind in kinds for name in unsure for one in self._known(kind, name)]
        return compared(said, known, also) if known else None

    def _known(self, row: Staff | None, name: StaffField) -> Iterator[KnownCount]:
        if row is not None:
            count = row.count(name)
            if count is not None:
                shown = f"表中{row.kind}{self.heads[name]}{count}人"
                yield KnownCount(Fraction(count), shown, (row.place_of(name),))
            return
        if self.total is not None and (count := self.total.count(name)) is not None:
            shown = f"表中{self.heads[name]}合计{count}人"
            yield KnownCount(Fraction(count), shown, (self.total.place_of(name),))
        elif self.total is None and self.kinds:
            counts = [row.count(name) for row in self.kinds]
            whole = [count for count in counts if count is not None]
            if len(whole) == len(counts):
                places = tuple(row.place_of(name) for row in self.kinds)
                yield KnownCount(
                    Fraction(sum(whole)), f"表中{self.heads[name]}之和{sum(whole)}人", places
                )

    def _derived(self, row: Staff | None, derived: set[str]) -> Iterator[KnownCount]:
        both = [next(self._known(row, name), None) for name in STAFF_FIELDS]
        posts, heads = both
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
