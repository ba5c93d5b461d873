"""What a row of an official table is of: a classification code, or one of the fixed rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ...folding import fold
from ...schemes.layouts import Layouts, OfficialItem
from ..cells import as_code, bare_label, is_number, without_years, years_in
from .columns import ColumnGroup

Label = tuple[int, str]

CODE_AND_NAME = re.compile(
    r"[\[【(（]?(?P<code>[2-5][0-9]{2}(?:[0-9]{2}){0,2})[\]】)）]?[\s\-—_:：、]*(?P<name>[一-龥(（].*)"
)
_NUMERAL = re.compile(r"^[一二三四五六七八九十]{1,3}")
_LENGTHS = (3, 5, 7)


@dataclass(frozen=True)
class Key:
    """What a row is of: a code or an item, and its name as printed."""

    code: str
    name: str
    block: str = ""
    phase: str = ""
    kind: str = ""


@dataclass
class KeyReader:
    """Reads the keys of a panel's rows in order: codes in parts, names under names above.

    ``seen`` are the fixed rows so far, ``closed`` those of them that are sums of rows above;
    ``unlabelled`` tells that there are numbers of which nobody knows what they are, ``headless``
    that such rows stand above the header, perhaps of the same panel, ``goes_on`` that the table
    goes on below under a title of its own.
    """

    group: ColumnGroup
    layouts: Layouts
    year: int | None
    parts: list[str] | None = field(default_factory=list)
    section: str = ""
    seen: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    sure: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    unlabelled: bool = False
    headless: bool = False
    goes_on: bool = False

    def look_ahead(self, names: Iterable[str]) -> None:
        """Note which fixed rows the panel has for sure, for names that depend on these."""
        self.names = tuple(names)
        known = self.group.panel.by_name
        options = (known.get(form, []) for name in self.names for form in _forms(name))
        self.sure = frozenset(items[0].item for items in options if len(items) == 1)

    @cached_property
    def _sums(self) -> tuple[str, ...]:
        words = self.layouts.words.folded
        return tuple(words["totals"] | words["subtotals"])

    def known(self, labels: Sequence[Label]) -> bool:
        """Return whether labels alone say what a row is of; reads nothing on."""
        kept = (self.parts, self.section, set(self.seen), set(self.closed))
        key, _ = self.read(labels)
        self.parts, self.section, self.seen, self.closed = kept
        return key is not None

    def is_name(self, labels: Sequence[Label]) -> bool:
        """Return whether labels are a name alone, of no classification and of no sum."""
        if len(labels) != 1 or any(map(str.isdecimal, labels[0][1])):
            return False
        folded = fold(labels[0][1])
        return bare_label(folded) not in self._sums and not self.layouts.is_name(folded)

    def read(self, labels: Sequence[Label]) -> tuple[Key | None, str]:
        """Return the key of a row; None with the reason where it cannot be read."""
        fillers = self.layouts.words.folded["fillers"]
        labels = [(column, text) for column, text in labels if fold(text) not in fillers]
        if not labels:
            return None, "这一行没有科目或项目名称"
        words = [text for _, text in labels if not as_code(text) and not is_number(text)]
        name = words[-1] if words else ""
        stray = next((t for c, t in labels if self._is_stray(c, t)), None)
        if stray is not None:
            return self._lost(f"“{stray}”不在金额栏里，栏目像是错位了")
        item = self._item(labels)
        if item is not None:
            self.seen.add(item.item)
            if bare_label(fold(name)).endswith(self._sums):
                self.closed.add(item.item)
            return Key(item.item, name, item.block, item.phase, item.kind or ""), ""
        if self.group.panel.rows == "codes":
            return self._coded(labels, name)
        return self._named(labels, name)

    def _named(self, labels: Sequence[Label], name: str) -> tuple[Key | None, str]:
        folded = bare_label(fold(name))
        if not folded:
            return None, "这一行没有科目或项目名称"
        if self.group.panel.classes:
            code = self.layouts.class_of(folded, self.year)
            if code is not None:
                return Key(code, name), ""
        if folded in self.layouts.words.folded["subtotals"]:
            return None, f"不知道“{name}”是哪些行的合计"
        if self.group.panel.rows == "items":
            return None, f"“{name}”不是这张表的行目，或看不出是哪一个行目"
        if folded in self.layouts.words.folded["totals"]:
            return Key("total", name), ""
        joined = "/".join(text for _, text in labels)
        return Key(f"name:{fold(joined)}", joined), ""

    def _item(self, labels: Sequence[Label]) -> OfficialItem | None:
        panel = self.group.panel
        if not panel.by_name:
            return None
        texts = [fold(text) for _, text in labels]
        if len(labels) > 1 or labels[0][0] == self.group.keys[0]:
            self.section = bare_label(texts[0])
        options = (f"{self.section}/{bare_label(texts[-1])}", *_forms(texts[-1]))
        for form in dict.fromkeys(options):
            fitting = panel.by_name.get(form, [])
            if fitting:
                return self._chosen(fitting, texts[-1])
        return None

    def _chosen(self, fitting: Sequence[OfficialItem], name: str) -> OfficialItem | None:
        """Return which of the rows of one name is meant; None where that is not sure."""
        after = [item for item in fitting if item.after in self.seen]
        if after:
            return after[-1]
        turns = {turn for item in fitting for turn in (item.after, item.until)} - {""}
        if self.headless and turns and not turns & (self.sure | self.seen):
            return None
        before = [item for item in fitting if item.before in self.sure]
        plain = [
            item
            for item in fitting
            if not item.after
            and not item.before
            and item.until not in self.closed
            and not set(item.unless) & self.sure
        ]
        if before or not plain:
            return next(iter(before), None)
        chosen = plain[0]
        if len(fitting) > 1 and chosen.item in self.seen:
            return None
        # 合计 is the grand total only where nothing stands below it, or all.
        others = [item for item in fitting if item.before]
        if not all(item.item in self.sure for item in others):
            outermost = name in (*self.names[:1], *self.names[-1:])
            doubtful = self.unlabelled or self.goes_on
            return chosen if outermost and not doubtful else None
        return chosen

    # --- codes ---

    def _coded(self, labels: Sequence[Label], name: str) -> tuple[Key | None, str]:
        digits = [(column, as_code(text)) for column, text in labels if as_code(text)]
        joined = CODE_AND_NAME.fullmatch(name) if not digits else None
        if joined:
            digits, name = [(labels[-1][0], joined["code"])], joined["name"].strip()
        if not digits:
            return self._without_digits(name)
        if not name and len(digits) == 1 and digits[0][0] not in self.group.codes:
            return self._lost(f"“{digits[-1][1]}”没有科目名称")
        code = self._whole(digits)
        if code is None:
            printed = " ".join(text for _, text in labels if as_code(text))
            return self._lost(f"科目编码“{printed}”不完整")
        if len(code) > sum(len(text) for _, text in digits) and self._elsewhere(code, name):
            return self._lost(f"上一级编码没有写，推出的编码“{code}”与名称“{name}”不符")
        if self._cut_off(code, name):
            return self._lost(f"科目编码“{code}”与名称“{name}”不符，像是少了几位")
        self.parts = [code[:3], *(code[i : i + 2] for i in range(3, len(code), 2))]
        return Key(code, name), ""

    def _is_stray(self, column: int, text: str) -> bool:
        """Return whether a number stands among the names, where only whole codes may stand."""
        if not is_number(text):
            return False
        if self.group.panel.rows != "codes" or column in self.group.codes:
            return not as_code(text).strip("0")  # lines and codes are counted from 1
        return len(as_code(text)) not in _LENGTHS

    def _without_digits(self, name: str) -> tuple[Key | None, str]:
        folded = bare_label(fold(name))
        if folded in self.layouts.words.folded["subtotals"]:
            return None, f"不知道“{name}”是哪些行的合计"
        if folded in self.layouts.words.folded["totals"]:
            return Key("total", name), ""
        return self._lost(f"“{name}”没有科目编码")

    def _lost(self, why: str) -> tuple[None, str]:
        """Give a row up; parts of codes left out below it can no longer be known."""
        self.parts = None
        return None, why

    def _whole(self, digits: Sequence[Label]) -> str | None:
        """Return a row's whole code; parts left out in columns of their own are those above."""
        full = digits[-1][1]
        if len(full) in _LENGTHS and all(full.startswith(part) for _, part in digits):
            code = full
        else:
            code = "".join(self._all_parts(digits) or ())
        return code if len(code) in _LENGTHS and code[0] in "2345" else None

    def _all_parts(self, digits: Sequence[Label]) -> list[str] | None:
        columns = [c for c in self.group.codes if c <= digits[-1][0]]
        given = {max((c for c in columns if c <= at), default=at): text for at, text in digits}
        if len(given) < len(digits):
            return None
        parts: list[str] = []
        for level, column in enumerate(columns):
            text = given.get(column)
            if text is None:
                # Left out, it is the part above, if all before it are the same as there.
                if self.parts is None or self.parts[:level] != parts or len(self.parts) <= level:
                    return None
                text = self.parts[level]
            elif level:
                text = text.zfill(2)
            if len(text) != (2 if level else 3):
                return None
            parts.append(text)
        return parts

    def _elsewhere(self, code: str, name: str) -> bool:
        """Return whether a name is known, but of other codes only."""
        folded = fold(name)
        return folded not in self.layouts.names_of(code) and self.layouts.is_name(folded)

    def _cut_off(self, code: str, name: str) -> bool:
        """Return whether a name is that of a code below, so that the code has lost digits."""
        folded = fold(name)
        return folded not in self.layouts.names_of(code) and any(
            folded in self.layouts.names_of(below) for below in self.layouts.codes_below(code)
        )


def is_classified(text: str, layouts: Layouts) -> bool:
    """Return whether a text is of a classification: a code with a name, or one of its names."""
    return CODE_AND_NAME.fullmatch(text) is not None or layouts.is_name(fold(text))


def _forms(name: str) -> tuple[str, ...]:
    """Return the forms in which a row's name may be known."""
    folded = fold(name)
    plain = without_years(folded) if years_in(folded) else folded
    return tuple(
        dict.fromkeys((folded, bare_label(folded), _NUMERAL.sub("", folded), bare_label(plain)))
    )
