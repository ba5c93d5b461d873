"""TEXT-03, TEXT-12: amounts typed in the text against the tables: only where sure of what.

An amount is taken to be a line's own only if nothing but linking words stand between the two:
"甲项目年初预算50万元，支出40万元" speaks twice of 甲项目, "甲项目设备费5万元" does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ...evaluation import Evaluation
from ...evaluation.finding import Verdict
from ...folding import fold
from ...money import DISPLAY_UNIT
from ...sheets import Place
from ...terms import BLOCKS, PHASES
from ...text.numbers import AMOUNT, printed_amount
from ...text.paragraphs import Paragraph
from ..prose import paragraphs

_PHASE_WORDS = {
    ("prior_final_accounts",): ("上年决算", "上年度决算", "上年支出", "上年度支出"),
    ("adjusted_budget",): ("调整后预算", "调整后", "全年预算"),
    ("initial_budget",): ("年初预算", "年初安排", "年初"),
    ("initial_budget", "adjusted_budget"): ("预算", "安排"),
    ("initial_budget", "adjusted_budget", "executed"): ("预算支出",),
    ("executed",): ("使用", "支出", "执行", "支付", "决算", "花费", "列支"),
}
_PHASES_OF = {word: phases for phases, words in _PHASE_WORDS.items() for word in words}
_PHASE_WORD = re.compile("|".join(sorted(_PHASES_OF, key=len, reverse=True)))
_UNSAID = ("initial_budget", "adjusted_budget", "executed", "prior_final_accounts")
_CLAUSE_END = re.compile(r"[,:;(]")
_YEAR = re.compile(r"(?P<year>20\d\d)年")
_JOINED = ("和", "与", "及", "、", "或")
# Before the name of a fixed line, any other character makes it part of a longer name.
_STARTS = re.compile(r"(?:^|[\W\d]|全年|年度|本年|其中|单位|部门|年)$")
_PART_OF_IT = re.compile(r"用于|用作|购|采购|以上|以下|以内|左右|/")


@dataclass(frozen=True)
class _Subject:
    """What an amount is of: a line, the phases it may be in."""

    line: str
    phases: tuple[str, ...]


def check_literal_amounts(case: Evaluation) -> Iterator[Verdict]:
    """TEXT-03: an amount typed in the text contradicts the table of the item it speaks of."""
    agreed = 0
    for said in _typed_amounts(case):
        if any(_same(said.match, fen) for fen in said.known.values()):
            agreed += 1
        elif not said.in_wrong_unit and not said.is_part:  # TEXT-12
            stated = "、".join(
                f"{PHASES[p]}{case.printer.money(fen)}" for p, fen in said.known.items()
            )
            item = case.name(said.line)
            yield Verdict(
                message=f"文中写{item}{said.quote}，表中{stated}：“{said.excerpt}”。"
                "建议改用占位符，由工具填数。",
                places=(said.place, *case.places(said.line, *said.known)),
                expected=stated,
                found=said.quote,
                item=item,
            )
    if agreed:
        yield Verdict(outcome="pass", message=f"文字中有{agreed}处金额与表格相符。")


def check_amounts_in_yuan(case: Evaluation) -> Iterator[Verdict]:
    """TEXT-12: 元 stands in the text where the digits are those of the table's 万元."""
    for said in _typed_amounts(case):
        agrees = any(_same(said.match, fen) for fen in said.known.values())
        if agrees or said.is_part or not said.in_wrong_unit:
            continue
        phase, item = said.in_wrong_unit[0], case.name(said.line)
        shown = case.printer.money(said.known[phase])
        yield Verdict(
            message=f"文中写{item}{said.quote}，表中{PHASES[phase]}{shown}，数字相同而"
            f"单位不同：“{said.excerpt}”。请核实是否误写了单位。",
            places=(said.place, *case.places(said.line, phase)),
            expected=shown,
            found=said.quote,
            item=item,
        )


@dataclass(frozen=True)
class _Typed:
    """An amount typed in the text, and what the tables know of the line it is surely of.

    ``is_part`` if what follows makes it only a part of the line.
    """

    match: re.Match[str]
    paragraph: Paragraph
    line: str
    known: dict[str, int]
    in_wrong_unit: tuple[str, ...]
    is_part: bool

    @property
    def place(self) -> Place:
        """The line it stands on."""
        return self.paragraph.place(self.match.start())

    @property
    def quote(self) -> str:
        """The amount as it was typed."""
        return self.paragraph.quote(*self.match.span())

    @property
    def excerpt(self) -> str:
        """The amount with the words around it."""
        return self.paragraph.excerpt(*self.match.span())


def _typed_amounts(case: Evaluation) -> Iterator[_Typed]:
    names, link = spoken_names(case), link_pattern(case)
    # Measures speak of the years to come.
    for paragraph in paragraphs(case, ("problem", "cause"), stand_in=""):
        for match in AMOUNT.finditer(paragraph.text):
            before = paragraph.text[paragraph.unit(match.start())[0] : match.start()]
            subject = _subject(case, before, names, link)
            if subject is None:
                continue
            amounts = {phase: case.fen(subject.line, phase) for phase in subject.phases}
            known = {phase: fen for phase, fen in amounts.items() if fen is not None}
            if known:
                wrong = tuple(p for p, fen in known.items() if _in_wrong_unit(case, match, fen))
                part = _PART_OF_IT.match(paragraph.text, match.end()) is not None
                yield _Typed(match, paragraph, subject.line, known, wrong, part)


def spoken_names(case: Evaluation) -> list[tuple[str, str]]:
    """Return the names lines go by in a text, folded, longest first."""
    names = {(fold(case.name(line)), line) for line in case.lines}
    names |= {(fold(name), block) for block, name in BLOCKS.items() if block in case.lines}
    return sorted(names, key=lambda pair: (-len(pair[0]), pair))


def link_pattern(case: Evaluation) -> re.Pattern[str]:
    """Return the pattern of the words that may stand between a name and what is its own."""
    words = [*case.words("amount_link"), *_PHASES_OF, f"{case.unit.year}年"]
    options = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    # Possessive: 年初预算 is also 年初 and 预算, and many in a row would be tried in all ways.
    return re.compile(rf"(?:{options}|\s)*+")


def _subject(
    case: Evaluation, before: str, names: list[tuple[str, str]], link: re.Pattern[str]
) -> _Subject | None:
    """Return the line an amount after these words is of, None if that is not certain."""
    spoken = line_before(case, before, names, link)
    if spoken is None:
        return None
    line, pieces = spoken
    found = _PHASE_WORD.findall(pieces[-1])
    if not found and len(pieces) > 1:
        return None
    phases = dict.fromkeys(phase for word in found for phase in _PHASES_OF[word])
    return _Subject(line, tuple(phases) or _UNSAID)


def phases_said(text: str) -> tuple[str, ...]:
    """Return the phases that the last words of their kind in a text leave open, () if none."""
    said = [_PHASES_OF[word] for word in _PHASE_WORD.findall(text)]
    if not said:
        return ()
    # 年初预算安排: the second word adds nothing to the first.
    exact = [phases for phases in said if len(phases) == 1 and set(phases) <= set(said[-1])]
    return exact[-1] if exact else said[-1]


def line_before(
    case: Evaluation, before: str, names: list[tuple[str, str]], link: re.Pattern[str]
) -> tuple[str, list[str]] | None:
    """Return the line that what follows is surely of, and the words between, by amounts."""
    # The name that ends last; of those, the longest.
    ends = [(before.rfind(name) + len(name), name, line) for name, line in names if name in before]
    if not ends:
        return None
    end, name, line = max(ends, key=lambda found: (found[0], len(found[1])))
    head = before[: end - len(name)]
    # Earlier amounts of the same line may stand between; each then says its phase.
    pieces = AMOUNT.split(before[end:])[:: AMOUNT.groups + 1]
    if not all(link.fullmatch(piece) for piece in pieces) or _is_of_another(
        case, line, head, names
    ):
        return None
    return line, pieces


def _is_of_another(case: Evaluation, line: str, head: str, names: list[tuple[str, str]]) -> bool:
    """Return whether what stands before a name makes the amount one of something else."""
    clause = _CLAUSE_END.split(head)[-1]
    if any(word in clause for word in (*case.words("not_level"), "上年")):
        return True
    if any(int(found["year"]) != case.unit.year for found in _YEAR.finditer(clause)):
        return True
    bare = head.rstrip("“‘「《 ")
    if not line.startswith("project:") and not _STARTS.search(head):
        return True
    # 基本支出和项目支出共…: a sum of both.
    return bare.endswith(_JOINED) and any(bare[:-1].endswith(name) for name, _ in names)


def _in_wrong_unit(case: Evaluation, match: re.Match[str], fen: int) -> bool:
    """Return whether an amount in 元 shows the digits of a line's amount in 万元."""
    lowest, highest = case.threshold("yuan_slip_lowest"), case.threshold("yuan_slip_highest")
    if match["unit"] != "元" or not lowest <= Decimal(match["number"]) <= highest:
        return False
    return _same(match, fen, DISPLAY_UNIT)


def _same(match: re.Match[str], fen: int, amount_unit: str = "") -> bool:
    said = printed_amount(match, amount_unit)
    return abs(said.value - fen) <= said.half
