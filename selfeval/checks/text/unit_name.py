"""TEXT-14 and TEXT-22: the unit's name as the text writes it, what it calls itself, and counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from ...budget.neighbours import other_unit_names
from ...evaluation import Evaluation
from ...evaluation.finding import Verdict
from ...folding import bare_name, fold
from ...text.paragraphs import Paragraph, one_of
from ..prose import paragraphs

_PLACE = re.compile(r".*(?:省|市|自治区|区|县|旗|州|盟|镇|乡|街道)")
_SEVERAL = re.compile(r"[含及等各和与]|下属")
_NAME = r"(?P<name>[\u4e00-\u9fff]{4,30})"
_SENTENCE_END = re.compile(r"[。!?;！？；\n]")
_CLAUSE_END = re.compile(r"[,;:]")
_SHORTEST_TAIL = 6
_SHARED_TAIL = 3
_FIELDS = ("problem", "cause", "measure")
_OFFICE = "[局馆所站院校委办处队室府会心]"
_REPORT_TITLE = re.compile(
    r"(?:^|[。;])(?:20\d\d年度?)?(?!根据|按照|依据|关于)(?P<name>[\u4e00-\u9fff]{3,30}?"
    rf"{_OFFICE})(?:20\d\d年度?)?(?:部门|单位)?整体支出"
    r"(?:预算)?绩效(?:自评|评价)(?:报告|表)"
)
_FORM_HEAD = re.compile(
    r"(?:填报|编制|报告)(?:单位|部门)(?:\(盖章\))?:(?P<name>[\u4e00-\u9fff]{4,30})(?=$|[ ,。;(|])"
)
_COUNT = r"(?<![第每某各唯统单同万任])(?:\d{1,4}|[一二两三四五六七八九十百]{1,4})"
_ANY_KIND = {"单位", "部门"}
_SAME_KIND = {"校": ("校", "学", "幼儿园"), "办": ("办", "公室"), "委": ("委", "政协")}
_OTHER_WORD = "[在法理托子点部级置属内人]"
_SHOWN_PLACES = 3


def check_unit_name(case: Evaluation) -> Iterator[Verdict]:
    """TEXT-14: another unit's name where the unit's own should stand, or one misspelt."""
    own = bare_name(case.unit.name)
    told = {bare_name(name) for name in case.unit.settings.also_named}
    text = "。".join(part.text for part in case.unit.narrative.all_parts())
    plain, kin = fold(text), said_of_kin(case, text)
    others = tuple(name for name in other_unit_names(case.unit) if name in plain)
    for paragraph in paragraphs(case, _FIELDS):
        found = [*_misspelt(case, own, paragraph), *_another(case, own, paragraph)]
        for start, end in [*found, *_subjects(case, own, paragraph, others, kin)]:
            quote = paragraph.quote(start, end)
            clause = _CLAUSE_END.split(paragraph.text[paragraph.sentence(start)[0] : start])[-1]
            if quote in told or any(word in clause for word in case.words("other_name")):
                continue
            told.add(quote)
            yield Verdict(
                message=f"文中的单位名称“{quote}”，与 unit.yaml 的“{own}”不同："
                f"“{paragraph.excerpt(start, end)}”。请核实。",
                places=(paragraph.place(start),),
                expected=own,
                found=quote,
                item=quote,
            )
    yield from _self_names(case, own)


def _misspelt(case: Evaluation, own: str, paragraph: Paragraph) -> Iterator[tuple[int, int]]:
    """Yield names of the same place and kind that differ in a character or two."""
    match = _PLACE.match(own)
    place = match[0] if match else ""
    tail = own[len(place) :]
    room = int(len(own) * case.threshold("name_difference"))
    if not place or len(tail) < _SHORTEST_TAIL or not room:
        return
    telling = set("".join(case.words("telling_characters")))
    text, at = paragraph.text, paragraph.text.find(place)
    while at >= 0:
        start = at + len(place)
        names = [text[start : start + n] for n in range(len(tail) - room, len(tail) + room + 1)]
        if tail not in names:
            near = [name for name in names if _is_near(name, tail, room, telling)]
            if near:
                best = max(near, key=lambda name: SequenceMatcher(None, name, tail).ratio())
                yield at, start + len(best)
        at = text.find(place, start)


def _is_near(name: str, tail: str, room: int, telling: set[str]) -> bool:
    if not name or name[0] != tail[0] or name[-1] != tail[-1]:
        return False
    changes = [c for c in SequenceMatcher(None, name, tail, False).get_opcodes() if c[0] != "equal"]
    distance = sum(max(i2 - i1, j2 - j1) for _, i1, i2, j1, j2 in changes)
    changed = {c for _, i1, i2, j1, j2 in changes for c in name[i1:i2] + tail[j1:j2]}
    # 第一小学 and 第二小学 are two schools; 办公室 and 研究室 differ by a word, not by a slip.
    is_word = any(min(i2 - i1, j2 - j1) > 1 for _, i1, i2, j1, j2 in changes)
    return 0 < distance <= room and not is_word and not changed & telling


def _another(case: Evaluation, own: str, paragraph: Paragraph) -> Iterator[tuple[int, int]]:
    """Yield names of the same kind of unit given for 本单位."""
    selves = one_of(case.words("own_unit"))
    given = rf"(?:{selves})\({_NAME}\)"
    called = rf"(?:^|[,。;:]){_NAME}\(以下简称(?:{selves})\)"
    for match in re.finditer(f"{given}|{called.replace('<name>', '<called>')}", paragraph.text):
        group = "name" if match["name"] else "called"
        name = match[group]
        is_short_form = own[-_SHARED_TAIL:] == name[-_SHARED_TAIL:] or name in own
        is_whole = _PLACE.match(name) and not _SEVERAL.search(name)
        if is_whole and name[-1] == own[-1] and own not in name and not is_short_form:
            yield match.span(group)


def said_of_kin(case: Evaluation, text: str) -> str:
    """Return the sentences of a text that say who belongs to the unit or works with it."""
    kin = re.compile(one_of(case.words("belonging")))
    return "\n".join(one for one in _SENTENCE_END.split(text) if kin.search(one))


def without_place(name: str) -> str:
    """Return a unit's bare name as its own place says it: 图书馆."""
    bare = bare_name(name)
    match = _PLACE.match(bare)
    tail = bare[match.end() :] if match else ""
    return tail if len(tail) > 1 else bare


def _subjects(
    case: Evaluation, own: str, paragraph: Paragraph, others: tuple[str, ...], kin: str
) -> Iterator[tuple[int, int]]:
    """Yield names of other units that a report, a form or a sentence about the whole is of."""
    year, subject = r"(?:20\d\d年度?,?)?", one_of(case.words("report_subject"))
    known = rf"(?:^|[。;]){year}(?P<name>{one_of(others)}){year}(?:{subject})"
    for pattern in (known, _REPORT_TITLE, _FORM_HEAD):
        for match in re.finditer(pattern, paragraph.text):
            name = match["name"]
            is_other = _PLACE.match(name) and own not in name and name not in own
            if is_other and without_place(name) not in kin:
                yield match.span("name")


def _self_names(case: Evaluation, own: str) -> Iterator[Verdict]:
    """Yield what the unit calls itself that its name does not bear: 我局 in a library's text."""
    kinds = {word[1:] for word in case.words("own_unit")}
    names = "".join((own, *case.unit.settings.also_named))
    fits = {kind for kind in kinds if any(one in names for one in _SAME_KIND.get(kind, (kind,)))}
    if fits <= _ANY_KIND:
        return
    called = rf"(?P<self>[本我](?P<kind>{one_of(tuple(sorted(kinds)))}))(?!{_OTHER_WORD})"
    pattern = re.compile(rf"(?:^|[,。;:、(]){called}")
    right, wrong = 0, []
    for paragraph in paragraphs(case, _FIELDS):
        right += paragraph.text.count(own)
        for match in pattern.finditer(paragraph.text):
            if match["kind"] in fits | _ANY_KIND:
                right += 1
            else:
                wrong.append((match["self"], paragraph, match.start("self")))
    for word in dict.fromkeys(word for word, _, _ in wrong):
        found = [(paragraph, at) for own_word, paragraph, at in wrong if own_word == word]
        paragraph, at = found[0]
        if len(found) <= right:
            yield Verdict(
                message=f"本单位是“{own}”，文中自称“{word}”："
                f"“{paragraph.excerpt(at, at + len(word))}”。可能是套用别的单位的文字，请核实。",
                places=tuple(dict.fromkeys(p.place(start) for p, start in found))[:_SHOWN_PLACES],
                expected=own,
                found=word,
                item=word,
            )


def check_measure_words(case: Evaluation) -> Iterator[Verdict]:
    """TEXT-22: a unit counted as things or people are, or the whole department called a project."""
    counted, nouns = one_of(case.words("wrong_measures")), one_of(case.words("measured_units"))
    subjects = one_of(case.words("wrong_subjects"))
    pattern = re.compile(
        rf"{_COUNT}(?:{counted})(?:{nouns})(?=$|[,。;:)]|组成|构成)"
        rf"|{subjects}"
    )
    for paragraph in paragraphs(case, _FIELDS):
        for match in pattern.finditer(paragraph.text):
            if paragraph.is_broken(*match.span()):
                continue
            quote = paragraph.quote(*match.span())
            yield Verdict(
                message=f"“{quote}”不是对单位的说法：“{paragraph.excerpt(*match.span())}”。"
                "可能是替换文字时留下的，请核实。",
                places=(paragraph.place(match.start()),),
                found=quote,
                item=quote,
            )
