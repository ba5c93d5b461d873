"""TEXT-14: the unit's name as the text writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from ...evaluation import Evaluation
from ...evaluation.finding import Verdict
from ...folding import bare_name
from ...text.paragraphs import Paragraph, one_of
from ..prose import paragraphs

_PLACE = re.compile(r".*(?:省|市|自治区|区|县|旗|州|盟|镇|乡|街道)")
_SEVERAL = re.compile(r"[含及等各和与]|下属")
_NAME = r"(?P<name>[\u4e00-\u9fff]{4,30})"
_CLAUSE_END = re.compile(r"[,;:]")
_SHORTEST_TAIL = 6
_SHARED_TAIL = 3
_FIELDS = ("problem", "cause", "measure")


def check_unit_name(case: Evaluation) -> Iterator[Verdict]:
    """TEXT-14: another unit's name where the unit's own should stand, or one misspelt."""
    own = bare_name(case.unit.name)
    told = {bare_name(name) for name in case.unit.settings.also_named}
    for paragraph in paragraphs(case, _FIELDS):
        for start, end in [*_misspelt(case, own, paragraph), *_another(case, own, paragraph)]:
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
