"""What counts as a reason: words that say something and, where a rule asks for it, a document.

One standard for the cells of the form and for the explanations in unit.yaml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from ..evaluation import Evaluation
from ..folding import fold
from ..sheets import Place
from ..tables.rows import Note, SpendingProject, Staff
from ..text.paragraphs import one_of

_LONGEST_QUOTED = 36
_DIGITS = "零一二三四五六七八九"
_HAN = re.compile(r"[\u3400-\u9fff]")
_SENTENCE_ENDS = re.compile(r"[。;!?]")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_WRITTEN_DAY = "([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_WRITTEN_DATE = re.compile(
    rf"([〇○零一二三四五六七八九]{{4}})年{_WRITTEN_DAY}月(?:{_WRITTEN_DAY}日)?"
)


@dataclass(frozen=True)
class Reason:
    """What a unit gives as a reason; ``fault`` says why it is none, "" where nothing is given.

    ``said`` are its words; those of several parts where they give the reason of a whole.
    """

    said: tuple[str, ...] = ()
    fault: str = ""
    places: tuple[Place, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether it is a reason."""
        return bool(self.said) and not self.fault

    @property
    def words(self) -> str:
        """The words as one text."""
        return "；".join(self.said)

    @property
    def explanation(self) -> str:
        """The words, as far as they are a reason."""
        return self.words if self.holds else ""

    def told(self, missing: str) -> str:
        """Return how a message ends: why these words are no reason, or that there are none."""
        return self.fault or missing


def bare(text: object) -> str:
    """Return a unit's words as one line without the mark at their end, which ours replaces."""
    return " ".join(str(text).split()).rstrip("。．；;，,、：:！!？? ")


@cache
def _empty(words: tuple[str, ...]) -> list[tuple[str, re.Pattern[str]]]:
    """Return words that say nothing, the longest first, each with its pattern.

    What was not approved or not finished says something, unlike what was.
    """
    folded = map(fold, sorted(words, key=len, reverse=True))
    return [(word, re.compile(f"(?<!未){re.escape(word)}")) for word in folded]


def says_why(case: Evaluation, text: object) -> bool:
    """Return whether words say anything, once the empty ones are taken out."""
    left = fold(str(text))
    for word, pattern in _empty(case.words("empty_reasons")):
        left = pattern.sub(" ", left) if word in left else left
    return len(set(_HAN.findall(left))) >= case.threshold("reason_characters")


def gives_reason(case: Evaluation, text: str) -> bool:
    """Return whether folded text has a word that leads to a reason."""
    return _leads_to_reason(text, case.words("reason"), case.words("no_reason"))


@lru_cache(maxsize=1024)
def _leads_to_reason(text: str, reasons: tuple[str, ...], others: tuple[str, ...]) -> bool:
    bare = re.sub(one_of(others), "。", text)
    return re.search(one_of(reasons), bare) is not None


def weigh(case: Evaluation, code: str, text: str, where: str, place: Place) -> Reason:
    """Return the reason that words give for a finding of a rule, or why they give none.

    Parameters
    ----------
    code : str
        The rule; some want a document named.
    where : str
        Where the words stand, as a message says it.
    """
    words = bare(text) or text.strip()
    if not words:
        return Reason()
    shown = words if len(words) <= _LONGEST_QUOTED else f"{words[:_LONGEST_QUOTED]}……"
    said, wants = f"{where}写的“{shown}”", case.unit.checks.rules[code].wants_document
    document, years = case.form("approvals").description, _approval_years(case, words)
    first, last = case.unit.year - int(case.threshold("approval_years")), case.unit.year
    # A document's number says where the reason stands, even among words that say nothing.
    if wants and any(first <= year <= last for year in years):
        return Reason((words,), "", (place,))
    if wants and years:
        told = "、".join(map(str, years))
        fault = f"{said}里的文件是{told}年的，看不出调整的是{last}年的预算。"
        ask = f"请写明{first}—{last}年批准调整的文件：{document}"
        return Reason((words,), fault + ask, (place,))
    ask = f"请写明原因和批准文件：{document}" if wants else "请写明具体原因。"
    if not says_why(case, words):
        return Reason((words,), f"{said}不是原因。{ask}", (place,))
    fault = f"{said}没有写明批准文件。{ask}" if wants else ""
    return Reason((words,), fault, (place,))


def _approval_years(case: Evaluation, words: str) -> list[int]:
    """Return the years of the documents that words say approve something."""
    text = _WRITTEN_DATE.sub(_in_digits, fold(words))
    return list(
        dict.fromkeys(
            int(_YEAR.search(found.group())[0])  # type: ignore[index]
            for sentence in _SENTENCE_ENDS.split(text)
            if not any(word in sentence for word in case.words("not_approved"))
            for form in case.form("approvals").words
            for found in re.finditer(form, sentence)
        )
    )


def _in_digits(date: re.Match[str]) -> str:
    """Return a date written in Chinese numerals in digits: 2021年8月12日."""
    year = "".join(str(_DIGITS.find(digit)) if digit in _DIGITS else "0" for digit in date[1])
    day = f"{_number(date[3])}日" if date[3] else ""
    return f"{year}年{_number(date[2])}月{day}"


def people_in(case: Evaluation, text: str) -> int | None:
    """Return how many people words speak of, None where they speak of no number."""
    forms = case.form("people").words
    spoken = [found for form in forms for found in re.findall(form, fold(text))]
    return sum(map(_number, spoken)) if spoken else None


def short_of(case: Evaluation, reason: Reason, people: int) -> str:
    """Return that a reason speaks of fewer people than a finding, "" where it does not."""
    spoken = people_in(case, reason.words)
    if spoken is None or spoken >= people:
        return ""
    return f"“{reason.words}”只讲到{spoken}人，还有{people - spoken}人没有说明。"


def _number(spoken: str) -> int:
    """Return a number below a hundred in digits or in Chinese: 12, 十二."""
    if spoken.isdecimal():
        return int(spoken)
    tens, _, ones = spoken.replace("两", "二").rpartition("十")
    ten = (_DIGITS.index(tens) if tens else 1) if "十" in spoken else 0
    return 10 * ten + (_DIGITS.index(ones) if ones else 0)


def noted(case: Evaluation, code: str, table: str, row: Staff | SpendingProject | Note) -> Reason:
    """Return the reason in the remark of a row of our own form."""
    return weigh(case, code, row.note, column(case, table, "note"), row.place_of("note"))


def column(case: Evaluation, table: str, field: str) -> str:
    """Return a column of our own form as messages name it."""
    return f"“{case.unit.form.heading(table, field)}”栏"
