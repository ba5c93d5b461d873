"""A printed total against what its parts add up to, and what is said of it.

A blank stands for nothing to state: parts that add up without it agree. Where they do not, the
finding names the blanks. Where there is nothing but blanks to add, nothing can be said; nor where
a number that was not understood is, or may be, among the parts, nor where another sum lacks just
as much for the same blank. No finding says which side is wrong; each names every cell that was
added.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

from ...evaluation.finding import Outcome, TotalAndParts, Verdict
from ...schemes.relations import Address, Either, Parts
from ...sheets import Place
from ...tables.book import Book
from ...tables.reading import Unread
from ...tables.rows import Amount
from ...terms import STATES, TABLE_HEADS
from .labels import Labels, exact, shown

_MOST_NAMED = 6


@dataclass(frozen=True)
class Sum:
    """One comparison: a whole as printed against what its parts, less others, add up to.

    ``absent`` where the table of the parts has no such row at all. ``loose`` are numbers that were
    not understood and may be parts; ``missing`` blanks that another sum lacks by as much.
    """

    whole: Amount
    parts: tuple[Amount, ...]
    less: tuple[Amount, ...] = ()
    absent: bool = False
    loose: tuple[Unread, ...] = ()
    missing: tuple[Amount, ...] = ()

    @cached_property
    def entries(self) -> tuple[Amount, ...]:
        """All cells compared."""
        return (self.whole, *self.parts, *self.less)

    @property
    def cells(self) -> TotalAndParts:
        """The whole and its parts, as a page tells them."""
        added, less = [(part, 1) for part in self.parts], [(part, -1) for part in self.less]
        return TotalAndParts(self.whole, (*added, *less))

    @property
    def unit(self) -> str:
        """The unit to tell it in: the whole's, if that is known."""
        return next(entry.amount_unit for entry in (self.whole, *self.entries) if entry.amount_unit)

    @cached_property
    def computed(self) -> int:
        """What the parts add up to, in 分; a blank adds nothing."""
        return sum(e.fen or 0 for e in self.parts) - sum(e.fen or 0 for e in self.less)

    @cached_property
    def gap(self) -> int:
        """How far the whole is from its parts, in 分."""
        return (self.whole.fen or 0) - self.computed

    @cached_property
    def lost(self) -> tuple[Amount, ...]:
        """The cells compared that hold a number nobody understood."""
        return tuple(entry for entry in self.entries if entry.lost)

    @property
    def says_nothing(self) -> bool:
        """Whether there is nothing to compare: no total, and nothing to add either."""
        if self.lost:  # of numbers of which none was read READ-02 tells
            return all(entry.fen is None for entry in self.entries)
        if self.whole.fen is None:
            return not self.computed
        return not self.whole.fen and not any(part.filled for part in (*self.parts, *self.less))

    @cached_property
    def reason(self) -> Literal["", "whole", "parts", "unread", "missing"]:
        """What is lacking for a comparison: the whole, its parts, or what was not read."""
        if self.lost:
            return "unread"
        if self.whole.fen is None:
            return "whole"
        has_parts = self.absent or any(part.filled for part in (*self.parts, *self.less))
        if not has_parts and self.gap:
            return "parts"
        if abs(self.gap) <= self.tolerance:
            return ""
        return "unread" if self.loose else "missing" if self.missing else ""

    @cached_property
    def tolerance(self) -> Fraction:
        """How far the whole may be from its parts by rounding, in 分."""
        printed = (entry for entry in self.entries if entry.fen is not None)
        return sum((entry.half for entry in printed), Fraction(0))

    @cached_property
    def outcome(self) -> Outcome:
        """How the comparison ends."""
        if self.reason:
            return "not_computable"
        if self.gap == 0:
            return "pass"
        return "rounding" if abs(self.gap) <= self.tolerance else "fail"


def cells_meant(book: Book, parts: Parts, phase: str) -> tuple[list[Amount], list[Address]]:
    """Return the cells that parts mean in a phase, and what of them no table has."""
    found: list[Amount] = []
    absent: list[Address] = []
    for part in parts:
        if isinstance(part, Either):
            groups = [cells_meant(book, group, phase) for group in part.either]
            filled = [group for group in groups if any(entry.filled for entry in group[0])]
            there = [group for group in groups if group[0]]
            entries, lacking = (filled or there or groups)[0]
            found += entries
            absent += lacking
        else:
            entries = book.group(part, phase)
            found += entries
            absent += [] if entries else [part]
    return found, absent


def places(entries: Iterable[Amount], blank: bool = False) -> tuple[Place, ...]:
    """Return where entries are; blank ones only if asked for."""
    return tuple(dict.fromkeys(entry.place for entry in entries if blank or entry.filled))


def _places(compared: Sum) -> tuple[Place, ...]:
    """Return the cells of a comparison, also blank ones and others that matter to how it ended."""
    disagrees = compared.outcome in {"fail", "not_computable"}
    loose = [other.place for other in compared.loose] if compared.reason == "unread" else []
    return (*places(compared.entries, blank=disagrees), *loose)


def tell(labels: Labels, compared: Sum) -> Verdict:
    """Return the finding of one comparison."""
    whole, outcome = compared.whole, compared.outcome
    item, sentence = _said(labels, compared)
    match outcome:
        case "pass":
            tail = "，相符。"
        case "rounding":
            tail = f"，相差{_gap(compared)}，在四舍五入的范围之内。"
        case "fail":
            tail = f"，相差{_gap(compared)}{_blanks(labels, compared)}。"
        case _:
            tail = f"，{_missing(compared)}{_unread(compared)}无法核对。"
    return Verdict(
        outcome=outcome,
        message=f"{labels.title(whole.table)}：{sentence}{tail}",
        places=_places(compared),
        item=item,
        compared=(compared.cells,),
    )


def _gap(compared: Sum) -> str:
    return exact(abs(compared.gap), compared.unit)


def _said(labels: Labels, compared: Sum) -> tuple[str, str]:
    """Return what the whole is called, and the sentence that sets it against its parts."""
    whole, parts = compared.whole, compared.parts
    all_parts = (*parts, *compared.less)
    label = labels.full(whole)
    stated = f"{label}“{whole.raw}”" if whole.lost else f"{label}{shown(whole)}"
    if compared.absent:
        return label, f"{stated}，{labels.title(parts[0].table)}没有这一行"
    if all(part.lost for part in parts):
        return label, stated
    column = (whole.table, whole.block, whole.fund)
    one_column = all((part.table, part.block, part.fund) == column for part in all_parts)
    one_row = _in_one_row(labels, compared)
    name = labels.column if one_row else labels.row if one_column else labels.full
    filled = [part for part in parts if part.filled and not part.lost] or list(parts)
    names = listed(_told_apart([name(part) for part in filled], filled), "＋")
    names += "".join(f"－{name(part)}" for part in compared.less)
    others = dict.fromkeys(part.table for part in parts if part.table != whole.table)
    where = "、".join(map(labels.title, others)) + ("的" if others else "")
    amount = f"为{exact(compared.computed, compared.unit)}"
    if compared.reason == "parts":
        amount = f"{'都' if len(parts) > 1 else ''}是{STATES['blank']}"
    return label, f"{stated}，{where}{names}{amount}"


def _told_apart(names: Sequence[str], entries: Sequence[Amount]) -> list[str]:
    """Return names, with the cell where two have the same: 一般公共预算 of now and of before."""
    return [
        f"{name}（{entry.place.cell}）" if names.count(name) > 1 else name
        for name, entry in zip(names, entries, strict=True)
    ]


def listed(names: Sequence[str], between: str) -> str:
    """Return names once each, the first few of many."""
    once = list(dict.fromkeys(names))
    more = f"等{len(once)}项" if len(once) > _MOST_NAMED else ""
    return between.join(once[:_MOST_NAMED]) + more


def _blanks(labels: Labels, compared: Sum) -> str:
    """Name the blanks among the parts: what was added as nothing may be what is missing."""
    blank = [part for part in (*compared.parts, *compared.less) if not part.filled]
    if not blank or compared.absent:
        return ""
    name = labels.column if _in_one_row(labels, compared) else labels.row
    names = _told_apart([name(part) for part in blank], blank)
    return f"（{listed(names, '；')}是空白）"


def _missing(*sums: Sum) -> str:
    """Name the blank cells that seem to have lost their numbers."""
    lacking = [compared for compared in sums if compared.reason == "missing"]
    if not lacking:
        return ""
    cells = [blank.place.cell for compared in lacking for blank in compared.missing]
    gaps = [_gap(compared) for compared in lacking]
    return f"{listed(cells, '、')}空白，它所在的行和栏都差{listed(gaps, '、')}，像是漏了数，"


def _unread(*sums: Sum) -> str:
    """Name the cells for want of which nothing can be said: not understood, or perhaps parts."""
    sure = [(entry.place, entry.raw) for compared in sums for entry in compared.lost]
    perhaps = [
        (other.place, other.raw)
        for compared in sums
        for other in compared.loose
        if not compared.lost and compared.reason == "unread"
    ]
    told = f"{named_cells(sure)}没有读懂，" if sure else ""
    return told + (f"{named_cells(perhaps)}没有读懂，可能是其中的一部分，" if perhaps else "")


def named_cells(cells: Iterable[tuple[Place, str]]) -> str:
    """Return cells with what they hold: C9“20几”."""
    return listed([f"{place.cell}“{raw}”" for place, raw in dict.fromkeys(cells)], "、")


def _in_one_row(labels: Labels, compared: Sum) -> bool:
    whole = compared.whole
    same = all(
        (part.table, part.item_code) == (whole.table, whole.item_code) for part in compared.entries
    )
    return same and len({labels.panel(entry) for entry in compared.entries} - {""}) < 2


def tell_together(labels: Labels, what: str, comparisons: Iterable[Sum]) -> Iterator[Verdict]:
    """Tell each disagreement by itself; what holds, what rounds and what is blank, once."""
    kept: dict[str, list[Sum]] = {
        kind: [] for kind in ("pass", "rounding", "whole", "parts", "unread", "missing")
    }
    for compared in comparisons:
        if compared.says_nothing:
            continue
        if compared.outcome == "fail":
            yield tell(labels, compared)
        else:
            kept[compared.reason or compared.outcome].append(compared)
    for kind, held in kept.items():
        if held and (len(held) > 1 or not held[0].reason):
            yield _told_once(labels, what, kind, held)
        elif held:
            yield tell(labels, held[0])


def _told_once(labels: Labels, what: str, kind: str, held: Sequence[Sum]) -> Verdict:
    count = len(held)
    names = "" if kind == "pass" else listed([labels.full(one.whole) for one in held], "；")
    if kind == "pass":
        said = f"{count}处相符"
    elif kind == "rounding":
        most = exact(max(abs(compared.gap) for compared in held), held[0].whole.amount_unit)
        said = f"{count}处有四舍五入的尾差（{names}），最多相差{most}"
    elif kind in ("unread", "missing"):
        said = f"{_missing(*held)}{_unread(*held)}{count}处无法核对（{names}）"
    else:
        side = TABLE_HEADS["total"] if kind == "whole" else "明细"
        said = f"{count}处的{side}是{STATES['blank']}（{names}），无法核对"
    cells = dict.fromkeys(place for compared in held for place in _places(compared))
    return Verdict(
        outcome=held[0].outcome,
        message=f"{what}：{said}。",
        places=tuple(cells),
        compared=tuple(compared.cells for compared in held),
    )
