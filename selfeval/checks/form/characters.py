"""PAGE-01: every character of a unit's can be read on its readers' phones and computers."""

from __future__ import annotations

from collections.abc import Iterator

from ...evaluation import Evaluation
from ...evaluation.finding import Verdict, unit_place
from ...glyphs import UNREADABLE, rare_characters
from ...sheets import Place
from ...unit import NARRATIVE_FILE, UNIT_FILE


def check_characters(case: Evaluation) -> Iterator[Verdict]:
    """PAGE-01: no character that fonts lack; one that no other machine has stops the page."""
    found: dict[str, list[Place]] = {}
    for place, text in _texts(case):
        for character in rare_characters(text):
            found.setdefault(character, []).append(place)
    for character, places in found.items():
        code = f"U+{ord(character):04X}"
        if UNREADABLE.match(character):
            message = (
                f"字符 {code} 是自造字或控制字符，在别人的手机和电脑上是方框，报告不能生成。"
                "请改用通用汉字，或删去它。"
            )
        else:
            message = (
                f"“{character}”（{code}）不在通用的字库里，有的手机和电脑上会显示成方框。"
                "能用通用汉字的请改用；名称确实如此的，请写说明。"
            )
        yield Verdict(
            message=message, places=tuple(dict.fromkeys(places)), found=code, item=character
        )


def _texts(case: Evaluation) -> Iterator[tuple[Place, str]]:
    """Yield what a unit wrote, each with its place."""
    unit = case.unit
    yield from case.tables.texts()
    for part in unit.narrative.all_parts():
        lines = [(part.line, part.heading), *enumerate(part.text.split("\n"), part.text_line)]
        for number, text in lines:
            yield unit_place(unit, NARRATIVE_FILE, f"第 {number} 行"), text
    settings = unit.settings
    said = [text for one in settings.explanations for text in (one.text, one.basis)]
    for value in (settings.unit_name, settings.signatory, settings.contact, *said):
        yield unit_place(unit, UNIT_FILE), value or ""
