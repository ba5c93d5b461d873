"""I1 to I14, I16, I18: each relation of the scheme against the official tables as printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from ...evaluation import Evaluation
from ...evaluation.finding import Verdict
from ...schemes.relations import (
    GROUPS,
    Address,
    EitherBlock,
    Relations,
    RowTotal,
    SameItems,
    SumRelation,
    addresses,
)
from ...tables.book import Book, is_class
from ...tables.rows import Amount
from .labels import Labels, labels_of, shown
from .parts_and_wholes import check_empty, check_limit, check_notes
from .sums import Sum, cells_meant, places, tell, tell_together


@dataclass
class Desk:
    """What the relations of one rule are checked with; ``lonely`` are numbers without another."""

    case: Evaluation
    rule: str
    book: Book
    labels: Labels
    lonely: dict[tuple[str, str, str], list[Amount]] = field(default_factory=dict)

    def has(self, table: str, entry: Amount) -> bool:
        """Return whether a table of the same year as an amount's own was supplied."""
        return (table, entry.year) in self._supplied

    @cached_property
    def _supplied(self) -> set[tuple[str, int | None]]:
        return {(table.layout, table.year) for table in self.case.tables.reading.tables}


def check_identity(case: Evaluation, rule: str) -> Iterator[Verdict]:
    """I1 to I18: the numbers of official tables are related as the scheme says of an identity."""
    relations = case.tables.relations
    if relations is None:
        return
    desk = Desk(case, rule, case.tables.book, labels_of(case, relations))
    # Two relations may say the same of the same cells, each for a layout of its own.
    yield from dict.fromkeys(_findings(desk, relations))


def _findings(desk: Desk, relations: Relations) -> Iterator[Verdict]:
    rule = desk.rule
    for total in relations.totals:
        if total.rule == rule:
            yield from _check_total(desk, total)
    yield from _alone(desk)
    for row in relations.rows:
        if row.rule == rule:
            what = f"{desk.labels.title(row.table)}每行的合计与各栏"
            sums = _explained(desk.book, relations, _row_sums(desk.book, row))
            yield from tell_together(desk.labels, what, sums)
    if relations.levels.rule == rule:
        for table in desk.book.tables():
            what = f"{desk.labels.title(table)}各级科目与其明细"
            sums = _explained(desk.book, relations, _level_sums(desk.book, table))
            yield from tell_together(desk.labels, what, sums)
    for same in relations.items:
        if same.rule == rule:
            names = (desk.labels.title(at.table) for at in (same.left, same.right))
            sums = _item_sums(desk.book, same)
            yield from tell_together(desk.labels, f"{'与'.join(names)}的各类", sums)
    for limit in relations.limits:
        if limit.rule == rule:
            yield from check_limit(desk.case, desk.labels, limit)
    for empty in relations.empty:
        if empty.rule == rule:
            yield from check_empty(desk.case, desk.labels, empty)
    funds = frozenset(empty.fund.fund for empty in relations.empty if empty.rule == rule)
    if funds:
        yield from check_notes(desk.case, funds)


# --- one total -----------------------------------------------------------------------------


def _check_total(desk: Desk, relation: SumRelation) -> Iterator[Verdict]:
    book = desk.book
    if not book.has(relation.whole.table):
        _note_parts_alone(desk, relation)
        return
    fixed = relation.whole.phase
    for phase in [fixed] if fixed else book.phases(relation.whole.table):
        whole = book.get(relation.whole, phase)
        if whole is None or not _applies(book, relation, phase):
            continue
        parts, absent = cells_meant(book, relation.parts, phase)
        others = dict.fromkeys(at.table for at in absent if at.table != whole.table)
        missing = [table for table in others if not desk.has(table, whole)]
        if missing:
            if whole.fen and not relation.optional:
                desk.lonely.setdefault((whole.table, missing[0], phase), []).append(whole)
        elif parts:
            # Of fixed numbers that were all read, none can be missing.
            group = any(at.item in GROUPS for at in addresses(relation.parts))
            loose = book.loose((whole, *parts)) if absent or group else ()
            compared = Sum(whole, tuple(parts), loose=loose)
            if not compared.says_nothing:
                yield tell(desk.labels, compared)
        elif others and whole.fen and not relation.optional:
            yield from _no_row(desk, whole, list(others), phase)


def _applies(book: Book, relation: SumRelation, phase: str) -> bool:
    def states(at: Address) -> bool:
        return any(entry.fen or entry.lost for entry in book.group(at, phase))

    return (
        (relation.has is None or book.get(relation.has, phase) is not None)
        and (relation.needs is None or states(relation.needs))
        and (relation.unless is None or not states(relation.unless))
    )


def _no_row(desk: Desk, whole: Amount, tables: Sequence[str], phase: str) -> Iterator[Verdict]:
    """Say that the table of the parts is there, but not what the total should agree with."""
    # A table need not have every phase that another has.
    if phase not in desk.book.phases(tables[0]):
        return
    names = "、".join(map(desk.labels.title, tables))
    label = desk.labels.full(whole)
    yield Verdict(
        outcome="not_computable",
        message=f"{desk.labels.title(whole.table)}的{label}为{shown(whole)}，"
        f"{names}里没有可以与它核对的数。",
        places=(whole.place,),
        item=label,
    )


def _note_parts_alone(desk: Desk, relation: SumRelation) -> None:
    """Note that the table of a total is missing, where one number of another should equal it."""
    if len(relation.parts) > 1 or relation.optional:
        return
    tables = dict.fromkeys(at.table for at in addresses(relation.parts))
    for table in tables:
        for phase in desk.book.phases(table):
            parts, _ = cells_meant(desk.book, relation.parts, phase)
            if any(entry.fen for entry in parts):
                key = (parts[0].table, relation.whole.table, phase)
                desk.lonely.setdefault(key, []).extend(entry for entry in parts if entry.fen)


def _alone(desk: Desk) -> Iterator[Verdict]:
    """Say once for each table that another, with which it should agree, was not supplied."""
    for (table, missing, _), wholes in desk.lonely.items():
        first = wholes[0]
        label = desk.labels.full(first)
        more = len({entry.place for entry in wholes})
        others = f"等{more}个数" if more > 1 else ""
        yield Verdict(
            outcome="not_computable",
            message=f"{desk.labels.title(table)}的{label}（{shown(first)}）{others}"
            f"没有可以核对的{desk.labels.title(missing)}。",
            places=places(wholes),
            item=label,
        )


# --- many comparisons of one kind ----------------------------------------------------------


def _explained(book: Book, relations: Relations, sums: Iterable[Sum]) -> Iterator[Sum]:
    """Yield some sums, those that do not hold with the blanks that explain it."""
    for compared in sums:
        if compared.outcome == "fail":
            blanks = (part for part in compared.parts if not part.filled)
            lacking = (b for b in blanks if _lacks_as_much(book, relations, compared, b))
            yield replace(compared, missing=tuple(lacking))
        else:
            yield compared


def _lacks_as_much(book: Book, relations: Relations, compared: Sum, blank: Amount) -> bool:
    """Return whether another sum that a blank is part of is off by as much as this one."""
    rows = (s for row in relations.rows if row.table == blank.table for s in _row_sums(book, row))
    return any(
        blank in other.parts
        and other.entries != compared.entries
        and abs(other.gap) > other.tolerance
        and abs(other.gap - compared.gap) <= other.tolerance + compared.tolerance
        for other in (*rows, *_level_sums(book, blank.table))
    )


def _row_sums(book: Book, relation: RowTotal) -> Iterator[Sum]:
    """Yield for each row of a table its total and the columns that make it up."""
    table = relation.table
    columns = {(block, fund) for block, fund, _ in book.columns(table)}
    named = [_column(relation.whole), *([_column(relation.needs)] if relation.needs else [])]
    if any(column not in columns for column in named):
        return
    for phase in book.phases(table):
        for item in book.items(table):
            at = Address(table, "", item, "")
            whole = _cell(book, at, relation.whole, phase)
            parts = _row_cells(book, at, relation.parts, phase)
            if whole is not None and parts:
                taken = [_cell(book, at, block, phase) for block in relation.less]
                less = tuple(entry for entry in taken if entry)
                loose = book.loose((whole, *parts, *less), in_one_row=True)
                yield Sum(whole, tuple(parts), less, loose=loose)


def _column(block: str) -> tuple[str, str]:
    name, _, fund = block.partition("@")
    return name, fund


def _cell(book: Book, at: Address, block: str, phase: str) -> Amount | None:
    name, fund = _column(block)
    return book.get(at._replace(block=name, fund=fund), phase)


def _row_cells(
    book: Book, at: Address, parts: Sequence[str | EitherBlock], phase: str
) -> list[Amount]:
    found: list[Amount] = []
    for part in parts:
        groups = part.either if isinstance(part, EitherBlock) else ((part,),)
        cells = [
            [entry for block in group if (entry := _cell(book, at, block, phase))]
            for group in groups
        ]
        filled = [group for group in cells if any(entry.filled for entry in group)]
        found += (filled or [group for group in cells if group] or cells)[0]
    return found


def _level_sums(book: Book, table: str) -> Iterator[Sum]:
    """Yield for each column 合计 and its classes, each class and what is below it, and so on."""
    below = list(_below(book.items(table)))
    for block, fund, phase in book.columns(table) if below else ():
        for parent, children in below:
            whole = book.get(Address(table, block, parent, fund), phase)
            parts = (book.get(Address(table, block, child, fund), phase) for child in children)
            found = tuple(part for part in parts if part)
            if whole is not None and found:
                yield Sum(whole, found, loose=book.loose((whole, *found)))


def _below(items: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield each item that is a sum, and the items right below it.

    A code whose next level up is left out belongs to the nearest that is there. A total is of
    each classification by itself.
    """
    codes = {item for item in items if item.isdecimal()}
    children: dict[str, list[str]] = {}
    for code in (item for item in items if item in codes):
        above = (code[:length] for length in range(len(code) - 2, 2, -2))
        parent = next((longer for longer in above if longer in codes), "")
        children.setdefault(parent or f"total:{code[0]}", []).append(code)
    for parent, own in children.items():
        item = parent.partition(":")[0]
        if item in codes or item in items:
            yield item, own


def _item_sums(book: Book, relation: SameItems) -> Iterator[Sum]:
    """Yield each class of two tables, also where only one of them has it."""
    left, right = relation.left, relation.right
    classes = dict.fromkeys((*book.items(left.table), *book.items(right.table)))
    own = [item for item in classes if item.isdecimal() and is_class(item, relation.codes)]
    for phase in book.phases(left.table, right.table):
        sides = [[book.get(at._replace(item=item), phase) for item in own] for at in (left, right)]
        if not all(any(side) for side in sides):
            continue  # one of the tables is not by class
        for one, other in zip(*sides, strict=True):
            if one and other:
                yield Sum(one, (other,))
            elif one and one.fen:
                yield _absent(book, one, right.table)
            elif other and other.fen:
                yield _absent(book, other, left.table)


def _absent(book: Book, entry: Amount, table: str) -> Sum:
    """Return the comparison of an entry with a table that lacks its row."""
    nothing = replace(entry, table=table, fen=None, state="blank")
    return Sum(entry, (nothing,), absent=True, loose=book.loose_in(table))
