"""TEXT-21: regulations as the text cites them, against a registry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...evaluation import Evaluation
from ...evaluation.finding import Verdict
from ...folding import fold
from ...schemes.citations import Citations, Regulation, bare_title, load_citations
from ...schemes.loading import UNVERIFIED
from ...text.paragraphs import Paragraph, one_of
from ..prose import paragraphs

_FIELDS = ("problem", "cause", "measure")
_NUMBER = re.compile(
    r"(?P<office>[\u4e00-\u9fff]{1,16})(?:[〔\[(【](?P<year>\d{4})年?[〕\])】]第?|令第)(?P<own>\d{1,4})号"
)
_BROKEN = re.compile(
    r"[\u4e00-\u9fff](?:[〔【]\d{4} ?\d{1,5}号|[〔【](?:\d{1,3}|\d{5})[〕】]\d{1,4}号"
    r"|\d{4}[〕】]\d{1,4}号)"
)
_TITLE = re.compile(r"《(?P<title>[^《》]{2,80})》")
_BEFORE = re.compile(r"《([^《》]{2,80})》(?:的通知》)?[,(]*$")
_AFTER = re.compile(r"(?:文件?)?(?:印发的|发布的)?《([^《》]{2,80})》")
_NEAR = 100
_YEARS_LATE = 2

_Told = tuple[int, int, str, str]
"""Where a citation stands, what is wrong with it, and what it should be."""


def check_citations(case: Evaluation) -> Iterator[Verdict]:
    """TEXT-21: a number that is broken, of another title or another office, or out of force."""
    known = load_citations(case.unit.schemes)
    told: set[tuple[str, str]] = set()
    cited = {key: number for _, key, number in _cited(fold(case.unit.settings.notice))}
    noted = _noted(case)
    for paragraph in paragraphs(case, _FIELDS):
        found = [
            *_broken(paragraph.text),
            *_cited_otherwise(paragraph.text, cited),
            *_noted_otherwise(paragraph.text, noted),
            *_misnumbered(case, known, paragraph),
            *_misattributed(known, paragraph.text),
        ]
        for start, end, why, expected in sorted(found):
            quote = paragraph.quote(start, end)
            if (quote, why) in told:
                continue
            told.add((quote, why))
            yield Verdict(
                message=f"“{quote}”{why}：“{paragraph.excerpt(start, end)}”。请对照原文核实。",
                places=(paragraph.place(start),),
                expected=expected,
                found=quote,
                item=quote,
            )


_Cited = dict[tuple[str, str], tuple[str, str]]
"""The years and numbers of what is cited, by its title and who issued it."""


def _cited(text: str) -> Iterator[tuple[re.Match[str], tuple[str, str], tuple[str, str]]]:
    """Yield the numbers that stand behind titles: 《……的通知》(星财绩〔2022〕3号)."""
    for match in _NUMBER.finditer(text):
        if before := _BEFORE.search(text, max(0, match.start() - _NEAR), match.start()):
            yield match, (before[1], match["office"]), (match["year"] or "", match["own"])


def _cited_otherwise(text: str, cited: _Cited) -> Iterator[_Told]:
    """Yield a number that another stands for elsewhere, of the same title and the same office."""
    for match, (title, office), number in _cited(text):
        year, own = cited.setdefault((title, office), number)
        if (year, own) != number:
            known = f"{office}〔{year}〕{own}号"
            yield *match.span(), f"与另一处写的《{title}》的文号{known}不同", known


def _noted(case: Evaluation) -> dict[tuple[str, str], set[str]]:
    """Return the years of the numbers that the tables give as reasons, by office and number."""
    found: dict[tuple[str, str], set[str]] = {}
    for line in case.budget_lines.values():
        for match in _NUMBER.finditer(fold(line.note)):
            found.setdefault((match["office"], match["own"]), set()).add(match["year"] or "")
    return found


def _noted_otherwise(text: str, noted: Mapping[tuple[str, str], set[str]]) -> Iterator[_Told]:
    """Yield a number of another year than the tables give: 星财预〔2020〕40号 for 〔2021〕40号."""
    for match in _NUMBER.finditer(text):
        for (office, own), years in noted.items():
            is_same = match["own"] == own and match["office"].endswith(office)
            if is_same and match["year"] and match["year"] not in years:
                known = f"{office}〔{max(years)}〕{own}号"
                start = match.end("office") - len(office)
                yield start, match.end(), f"与表中写的文号{known}只差年份", known


def _broken(text: str) -> Iterator[_Told]:
    for match in _BROKEN.finditer(text):
        yield match.start() + 1, match.end(), "不成文号，年份应为四位，写在一对〔〕里", ""


def _misnumbered(case: Evaluation, known: Citations, paragraph: Paragraph) -> Iterator[_Told]:
    """Yield numbers that the registry gives another title, and titles it gives another number."""
    words = one_of(case.words("citation_leads"))
    leads, text = re.compile(f".*(?:{words})(?=.)"), paragraph.text
    for match in _NUMBER.finditer(text):
        office = leads.sub("", match["office"])
        start, end = match.end("office") - len(office), match.end()
        if match["year"] and int(match["year"]) > case.unit.year + _YEARS_LATE:
            yield start, end, f"的年份在报告年度（{case.unit.year}年）之后", ""
            continue
        before = _BEFORE.search(text, max(0, start - _NEAR), start)
        titled = before or _AFTER.match(text, end)
        title = titled[1] if titled else ""
        own = known.numbered.get((office, match["year"] or "", match["own"]))
        if own is None:
            fitting = _nearest(known, title, office, match)
            if fitting:
                yield start, end, f"与登记的文号不同，{_shown(fitting)}", fitting.number
        elif title and not own.is_called(title):
            yield start, end, f"与《{title}》对不上，{_shown(own)}", own.title
        elif own.repealed and own.repealed.year < case.unit.year:
            opening, closing = paragraph.sentence(start)
            if not any(word in text[opening:closing] for word in case.words("of_the_past")):
                newer = next(one for one in known.regulations if one.number == own.replaced_by)
                why = f"自{own.repealed.year}年{own.repealed.month}月{own.repealed.day}日起已被代替"
                yield start, end, f"{why}，{_shown(newer)}", newer.number


def _nearest(known: Citations, title: str, office: str, match: re.Match[str]) -> Regulation | None:
    """Return the regulation a title is of, if the number beside it is a slip of its number.

    Other places issue regulations of the same title: only a number of the same office, or one
    that has the rest of it and begins alike, is a slip.
    """
    number = (match["year"] or "", match["own"])
    named = [one for one in known.regulations if title and bare_title(title) in one.titles]
    for one in named:
        letters, *rest = one.parts
        if letters == office or (letters[0] == office[0] and tuple(rest) == number):
            return one
    return None


def _misattributed(known: Citations, text: str) -> Iterator[_Told]:
    """Yield titles of the Party's centre, the State Council or the Ministry given to another."""
    issuers = sorted({one.issued for one in known.regulations if one.is_national})
    named = one_of(tuple(issuers)).replace("中共中央国务院", "中共中央、?国务院")
    given = re.compile(
        rf"(?:^|[^\u4e00-\u9fff、]|[据照行实彻])(?P<by>{named})(?:印发的?|发布的?|的)?$"
    )
    for match in _TITLE.finditer(text):
        by = given.search(text, max(0, match.start() - 16), match.start())
        owned = [
            one
            for one in known.regulations
            if one.is_national and bare_title(match["title"]) in one.titles
        ]
        if by and owned and not any(by["by"].replace("、", "") in one.issued for one in owned):
            start = by.start("by")
            yield start, match.end(), f"的发文机关与登记的不同，{_shown(owned[0])}", owned[0].issuer


def _shown(one: Regulation) -> str:
    doubt = "" if one.verified else f"，这一条登记{UNVERIFIED}"
    return f"登记的是{one.issuer}《{one.title}》，{one.number}{doubt}"
