"""TEXT-13: classification codes beside names in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ...evaluation import Evaluation
from ...evaluation.finding import Verdict
from ...folding import fold
from ...schemes.classifications import Classifications, Kind, kind_of, load_classifications
from ...schemes.grammar import ProseGrammar
from ...schemes.known_names import GrammarWords
from ...text.paragraphs import Paragraph, one_of
from ..prose import paragraphs

_LEVEL = re.compile(r"\((?P<code>\d{2,3})(?P<level>[类款项])\)")
_PLAIN_LEVEL = re.compile(r"(?P<name>[\u4e00-\u9fff]{2,32})\((?P<level>[类款项])\)")
_CODE_FIRST = re.compile(r"(?<![\d.])(?P<code>\d{7}|\d{5})(?P<name>[\u4e00-\u9fff]{2,32})")
NAMED_CODE = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{2,32})\((?:科目)?(?:编码|代码)?:?(?P<code>\d{7}|\d{5}|\d{3})\)"
)
"""A name with its whole code behind it: 行政运行(2040601)."""
_LONGEST_CLASS = 3
_RUN = re.compile(r"[\u4e00-\u9fff]{1,32}$")
_LONGEST_NAME, _SHORTEST_NAME = 32, 4
_DEPTH = {"类": 0, "款": 1, "项": 2}
_FIELDS = ("problem", "cause", "measure")


@dataclass(frozen=True)
class _Coded:
    """A code and the characters that stand as its name, after it or before it."""

    code: str
    start: int
    end: int
    after: bool = False


def check_codes_in_text(case: Evaluation) -> Iterator[Verdict]:
    """TEXT-13: a code has the name of another code, or one it no longer has."""
    told = [
        (paragraph, coded)
        for paragraph in paragraphs(case, _FIELDS)
        for coded in [*_by_level(paragraph), *_whole_codes(paragraph)]
    ]
    yield from _misplaced(case)
    if not told:
        return
    lists, year = load_classifications(case.unit.schemes), case.unit.year
    link = _link(case.unit.grammar)
    agreed = 0
    for paragraph, coded in told:
        kind = kind_of(coded.code)
        if _has_own_name(lists, kind, paragraph, coded, year):
            agreed += 1
            continue
        name, said = lists.name(kind, coded.code, year), paragraph.text[coded.start : coded.end]
        if name is None or not _is_a_name(lists, kind, coded, said, link):
            continue
        sure = lists.confirmed(kind, coded.code, year) or _is_of_another(case, coded.code, said)
        quote = paragraph.quote(coded.start, coded.end)
        yield Verdict(
            outcome="fail" if sure else "not_computable",
            message=f"文中把编码{coded.code}写作“{quote}”，{year}年的科目里它是“{name}”"
            f"{'' if sure else '（这个名称尚待核实）'}："
            f"“{paragraph.excerpt(coded.start, coded.end)}”。",
            places=(paragraph.place(coded.start),),
            expected=name,
            found=quote,
            item=coded.code,
        )
    if agreed:
        yield Verdict(outcome="pass", message=f"文字中有{agreed}处科目编码与名称相符。")


def _misplaced(case: Evaluation) -> Iterator[Verdict]:
    """Yield items under a class that never had them: 社会保障和就业支出(类)住房改革支出(款)."""
    lists = load_classifications(case.unit.schemes)
    for paragraph in paragraphs(case, _FIELDS):
        above, last, end = "", -1, -1
        for match in _PLAIN_LEVEL.finditer(paragraph.text):
            depth, said = _DEPTH[match["level"]], match["name"]
            codes = class_names(lists, depth)
            name = next((said[at:] for at in range(len(said) - 1) if said[at:] in codes), "")
            if match.start() == end and depth == last + 1 and above and name:
                parents = class_names(lists, last)[above]
                if not any(code.startswith(parents) for code in codes[name]):
                    quote = paragraph.quote(match.start("name"), match.end())
                    yield Verdict(
                        message=f"科目里“{above}”下没有“{name}”："
                        f"“{paragraph.excerpt(match.start(), match.end())}”。请核实。",
                        places=(paragraph.place(match.start()),),
                        found=quote,
                        item=quote,
                    )
            above, last, end = name, depth, match.end()


@lru_cache(maxsize=8)
def class_names(lists: Classifications, depth: int) -> dict[str, tuple[str, ...]]:
    """Return the codes of functional items of a depth by the names they have or had."""
    found: dict[str, list[str]] = {}
    for code, periods in lists.lists["functional"].items():
        if len(code) == _LONGEST_CLASS + 2 * depth:
            for name in {fold(name) for p in periods for name in (p.name, *p.aliases)}:
                found.setdefault(name, []).append(code)
    return {name: tuple(codes) for name, codes in found.items()}


def official_names(case: Evaluation) -> frozenset[str]:
    """Return the names that functional items have or had."""
    return _all_names(load_classifications(case.unit.schemes), "functional")


def _is_of_another(case: Evaluation, code: str, said: str) -> bool:
    """Return whether the unit's own tables give the name another code of the same parent."""
    own = {amount.item_code for amount in case.tables.amounts if fold(amount.item_name) == said}
    return bool(own) and code not in own and all(one[:-2] == code[:-2] for one in own)


@lru_cache(maxsize=8)
def _link(grammar: ProseGrammar) -> re.Pattern[str]:
    """Return the pattern of the words that may stand between a name and its amount."""
    roles: tuple[GrammarWords, ...] = ("link", "opening", "together")
    words = [word for role in roles for word in grammar.words[role].words]
    words += [word for phase in grammar.phases for word in phase.words]
    # Possessive: many words in a row would be tried in all ways.
    return re.compile(rf"(?:{one_of(tuple(words))}|[支出 ,:、]|\d{{4}}年)*+")


def _by_level(paragraph: Paragraph) -> Iterator[_Coded]:
    """Yield 公共安全支出（204类）司法（06款）行政运行（01项）: 204, 20406, 2040601."""
    codes: list[str] = []
    for match in _LEVEL.finditer(paragraph.text):
        depth = _DEPTH[match["level"]]
        if depth > len(codes) or len(match["code"]) != (2 if depth else 3):
            codes = []
            continue
        codes = [*codes[:depth], match["code"]]
        run = _RUN.search(paragraph.text, max(0, match.start() - _LONGEST_NAME), match.start())
        if run:
            yield _Coded("".join(codes), run.start(), run.end())


def _whole_codes(paragraph: Paragraph) -> Iterator[_Coded]:
    for pattern, after in ((_CODE_FIRST, True), (NAMED_CODE, False)):
        for match in pattern.finditer(paragraph.text):
            if len(match["code"]) > _LONGEST_CLASS:
                yield _Coded(match["code"], match.start("name"), match.end("name"), after)


def _has_own_name(
    lists: Classifications, kind: Kind, paragraph: Paragraph, coded: _Coded, year: int
) -> bool:
    periods = [period for period in lists.periods(kind, coded.code) if period.near(year)]
    names = {fold(name) for period in periods for name in (period.name, *period.aliases)}
    if coded.after:
        return any(paragraph.text.startswith(name, coded.start) for name in names)
    return any(paragraph.text.endswith(name, 0, coded.end) for name in names)


def _is_a_name(
    lists: Classifications, kind: Kind, coded: _Coded, said: str, link: re.Pattern[str]
) -> bool:
    """Return whether what is said is surely the name of a code, and nothing else."""
    known = _all_names(lists, kind)
    if not coded.after:
        return any(said[at:] in known for at in range(max(len(said) - _SHORTEST_NAME + 1, 1)))
    return any(
        said[:end] in known and link.fullmatch(said[end:]) for end in range(2, len(said) + 1)
    )


@lru_cache(maxsize=8)
def _all_names(lists: Classifications, kind: Kind) -> frozenset[str]:
    periods = (period for found in lists.lists[kind].values() for period in found)
    return frozenset(fold(name) for p in periods for name in (p.name, *p.aliases))
