"""The identities of official tables: each relation of the scheme against the numbers as printed.

A blank in an official table stands for nothing to state: parts that add up without it agree.
Where they do not, the finding says how many blanks there are. No finding says which side is
wrong; each names every cell that was added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from ..layouts import load_layouts
from ..money import FEN_PER, format_money
from ..relations import (
    Address,
    Either,
    EitherBlock,
    Limit,
    Parts,
    Relations,
    RowTotal,
    SameItems,
    Total,
)
from ..sheets import Place
from ..tables.book import Book, Entry, is_class
from ..terms import PHASES, STATES, TABLE_HEADS
from .finding import Case, Finding

Outcome = Literal["pass", "rounding", "fail", "not_computable"]
_MOST_NAMED = 6


@dataclass(frozen=True)
class Sum:
    """One comparison: a whole as printed against what its parts add up to."""

    whole: Entry
    parts: tuple[Entry, ...]
    less: tuple[Entry, ...]
    label: str

    @property
    def computed(self) -> int:
        """What the parts add up to, in 分; a blank adds nothing."""
        return sum(e.fen or 0 for e in self.parts) - sum(e.fen or 0 for e in self.less)

    @property
    def gap(self) -> int:
        """How far the whole is from its parts, in 分."""
        return (self.whole.fen or 0) - self.computed

    @property
    def blanks(self) -> int:
        """How many of the parts are blank."""
        return sum(not entry.filled for entry in (*self.parts, *self.less))

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All cells compared."""
        return (self.whole, *self.parts, *self.less)

    @property
    def outcome(self) -> Outcome:
        """How the comparison ends."""
        if self.whole.fen is None:
            return "not_computable"
        if self.gap == 0:
            return "pass"
        printed = (e for e in self.entries if e.fen is not None)
        tolerance = sum((entry.half for entry in printed), Fraction(0))
        return "rounding" if abs(self.gap) <= tolerance else "fail"


@dataclass
class _Told:
    """What is said once of many comparisons of one kind: those that hold, those that round."""

    count: int = 0
    entries: list[Entry] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)


def identity(rule: str) -> Callable[[Case], Iterator[Finding]]:
    """Return the check of one identity: all relations the scheme has for it."""

    def check(case: Case) -> Iterator[Finding]:
        relations, book = case.tables.relations, case.tables.book
        if relations is None:
            return
        told: set[str] = set()
        for finding in _findings(case, book, relations, rule):
            # Two relations may miss the same table.
            if finding.message not in told:
                told.add(finding.message)
                yield finding

    return check


def _findings(case: Case, book: Book, relations: Relations, rule: str) -> Iterator[Finding]:
    for total in relations.totals:
        if total.rule == rule:
            yield from _check_total(case, book, total)
    for row in relations.rows:
        if row.rule == rule:
            yield from _check_rows(case, book, row)
    if relations.levels.rule == rule:
        yield from _check_levels(case, book, rule)
    for same in relations.items:
        if same.rule == rule:
            yield from _check_items(case, book, same)
    for limit in relations.limits:
        if limit.rule == rule:
            yield from _check_limit(case, book, limit)
    for empty in relations.empty:
        if empty.rule == rule:
            yield from _check_empty(case, book, rule, empty.fund, empty.table)


def title(case: Case, table: str) -> str:
    """Return what a table is called."""
    table = table.partition("@")[0]
    own = (t.name for t in case.tables.reading.tables if t.layout == table)
    return next(own, None) or load_layouts(case.unit.schemes).title(table)


def _label(case: Case, entry: Entry) -> str:
    """Return what an amount is called: its row, or its column where the row is a total."""
    phase = PHASES.get(entry.phase, "") if len(case.tables.book.phases(entry.table)) > 1 else ""
    name = entry.name
    if entry.item == "total":
        name = f"{heading(case, entry)}{TABLE_HEADS['total']}"
    return f"{name or heading(case, entry)}{phase}"


def heading(case: Case, entry: Entry) -> str:
    """Return what an amount's column is called by its layout."""
    layouts = load_layouts(case.unit.schemes)
    return layouts.heading(entry.table, entry.block, entry.fund) or title(case, entry.table)


def shown(entry: Entry) -> str:
    """Return an amount as its table has it."""
    if entry.fen is None:
        return STATES["blank"]
    return f"{_exact(entry.fen, entry.unit)}{entry.unit}"


def _exact(fen: int, unit: str) -> str:
    """Return 分 in a unit, with no more decimals than it needs, and at least two."""
    decimals = 2
    while FEN_PER[unit] > 10**decimals and fen * 10**decimals % FEN_PER[unit]:
        decimals += 1
    return format_money(fen, unit, decimals)


def _places(entries: Sequence[Entry]) -> tuple[Place, ...]:
    return tuple(dict.fromkeys(entry.place for entry in entries if entry.filled))


# --- one total ------------------------------------------------------------------------------


def _check_total(case: Case, book: Book, relation: Total) -> Iterator[Finding]:
    tables = {relation.whole.table, *_tables(relation.parts)}
    if not book.has(relation.whole.table):
        return
    fixed = relation.whole.phase
    for phase in [fixed] if fixed else book.phases(relation.whole.table):
        if not _applies(book, relation, phase):
            continue
        whole = book.get(relation.whole, phase)
        if whole is None or (relation.nonzero and not whole.fen):
            continue
        missing = [t for t in tables if not fixed and phase not in book.phases(t)]
        parts = _resolve(book, relation.parts, phase)
        if missing or not parts:
            yield from _no_counterpart(case, relation, whole, missing)
            continue
        less = _resolve(book, relation.less, phase)
        if not any(entry.filled for entry in (whole, *parts, *less)):
            continue
        yield _told(case, relation.rule, Sum(whole, tuple(parts), tuple(less), ""))


def _applies(book: Book, relation: Total, phase: str) -> bool:
    def filled(at: Address | None) -> bool:
        return at is not None and any(entry.filled for entry in book.group(at, phase))

    return (relation.needs is None or filled(relation.needs)) and not filled(relation.unless)


def _no_counterpart(
    case: Case, relation: Total, whole: Entry, missing: Sequence[str]
) -> Iterator[Finding]:
    """Say that a total stands alone: the table it should agree with was not supplied."""
    if not missing or not whole.fen:
        return
    yield case.finding(
        relation.rule,
        "not_computable",
        f"{title(case, whole.table)}的{_label(case, whole)}为{shown(whole)}，"
        f"没有可以核对的{'、'.join(title(case, table) for table in missing)}。",
        (whole.place,),
        item=_label(case, whole),
    )


def _tables(parts: Parts) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Either):
            yield from _tables(part.either[0])
        else:
            yield part.table


def _resolve(book: Book, parts: Parts, phase: str) -> list[Entry]:
    """Return the cells that parts mean in a phase."""
    found: list[Entry] = []
    for part in parts:
        if isinstance(part, Either):
            groups = [_resolve(book, group, phase) for group in part.either]
            filled = [group for group in groups if any(entry.filled for entry in group)]
            found += (filled or groups)[0] if groups else []
        else:
            found += book.group(part, phase)
    return found


def _told(case: Case, rule: str, comparison: Sum) -> Finding:
    whole = comparison.whole
    across = whole.name and all(part.item == whole.item for part in comparison.parts)
    one_row = across and len({part.table for part in comparison.parts} | {whole.table}) == 1
    name = heading if one_row else _label
    filled = [part for part in comparison.parts if part.filled] or list(comparison.parts)
    names = "＋".join(dict.fromkeys(name(case, part) for part in filled[:_MOST_NAMED]))
    if len(filled) > _MOST_NAMED:
        names += f"等{len(filled)}项"
    if comparison.less:
        names += "".join(f"－{name(case, entry)}" for entry in comparison.less)
    others = {part.table for part in comparison.parts} - {whole.table}
    where = f"{title(case, next(iter(others)))}的" if others else ""
    label = comparison.label or _label(case, whole)
    computed = f"{_exact(comparison.computed, whole.unit)}{whole.unit}"
    head = f"{title(case, whole.table)}：{label}{shown(whole)}，{where}{names}为{computed}"
    return case.finding(
        rule,
        comparison.outcome,
        head + _tail(comparison),
        _places(comparison.entries),
        computed,
        shown(whole),
        label,
    )


def _tail(comparison: Sum) -> str:
    blanks = f"（其中{comparison.blanks}个空白按没有数处理）" if comparison.blanks else ""
    unit = comparison.whole.unit
    gap = f"{_exact(abs(comparison.gap), unit)}{unit}"
    match comparison.outcome:
        case "pass":
            return "，相符。"
        case "rounding":
            return f"，相差{gap}，在四舍五入的范围之内。"
        case "fail":
            return f"，相差{gap}{blanks}。"
        case _:
            return "；合计是空白，无法核对。"


# --- many comparisons of one kind -----------------------------------------------------------


def _summed(case: Case, rule: str, what: str, comparisons: Iterator[Sum]) -> Iterator[Finding]:
    """Tell each disagreement by itself; what holds and what rounds, once."""
    told: dict[Outcome, _Told] = {"pass": _Told(), "rounding": _Told()}
    for comparison in comparisons:
        outcome = comparison.outcome
        if outcome in told:
            one = told[outcome]
            one.count += 1
            one.entries += comparison.entries
            one.labels.append(comparison.label or _label(case, comparison.whole))
        elif outcome == "fail" or comparison.computed:
            yield _told(case, rule, comparison)
    for outcome, one in told.items():
        if not one.count:
            continue
        names = "、".join(one.labels[:_MOST_NAMED])
        more = "等" if len(one.labels) > _MOST_NAMED else ""
        message = f"{what}：{one.count}处相符。"
        if outcome == "rounding":
            message = f"{what}：{one.count}处有四舍五入的尾差（{names}{more}）。"
        yield case.finding(
            rule,
            outcome,
            message,
            _places(one.entries),
        )


def _check_rows(case: Case, book: Book, relation: RowTotal) -> Iterator[Finding]:
    table = relation.table
    blocks = {(block, fund) for block, fund, _ in book.columns(table)}
    if _split(relation.whole) not in blocks or (
        relation.needs and _split(relation.needs) not in blocks
    ):
        return
    what = f"{title(case, table)}每行的合计与各栏"
    yield from _summed(case, relation.rule, what, _row_sums(case, book, relation))


def _split(block: str) -> tuple[str, str]:
    name, _, fund = block.partition("@")
    return name, fund


def _row_sums(case: Case, book: Book, relation: RowTotal) -> Iterator[Sum]:
    for phase in book.phases(relation.table):
        for item in book.items(relation.table):

            def cell(block: str, item: str = item, phase: str = phase) -> Entry | None:
                name, fund = _split(block)
                return book.get(Address(relation.table, name, item, fund), phase)

            whole = cell(relation.whole)
            parts = _row_cells(relation.parts, cell)
            less = [entry for block in relation.less if (entry := cell(block))]
            if whole is None or not parts:
                continue
            if any(entry.filled for entry in (whole, *parts, *less)):
                code = item if item.isdecimal() else ""
                yield Sum(whole, tuple(parts), tuple(less), f"{code}{whole.name}")


def _row_cells(
    parts: Sequence[str | EitherBlock], cell: Callable[[str], Entry | None]
) -> list[Entry]:
    found: list[Entry] = []
    for part in parts:
        groups = part.either if isinstance(part, EitherBlock) else ((part,),)
        cells = [[entry for block in group if (entry := cell(block))] for group in groups]
        filled = [group for group in cells if any(entry.filled for entry in group)]
        found += filled[0] if filled else cells[0]
    return found


def _check_levels(case: Case, book: Book, rule: str) -> Iterator[Finding]:
    for table in book.tables():
        items = book.items(table)
        codes = [item for item in items if item.isdecimal()]
        if not any(len(code) > 3 for code in codes) and "total" not in items:
            continue
        if not codes:
            continue
        what = f"{title(case, table)}各级科目与其明细"
        yield from _summed(case, rule, what, _level_sums(book, table, items, codes))


def _level_sums(book: Book, table: str, items: list[str], codes: list[str]) -> Iterator[Sum]:
    below: dict[str, list[str]] = {}
    for code in codes:
        if len(code) > 3:
            below.setdefault(code[:-2], []).append(code)
    if "total" in items:
        below["total"] = [item for item in codes if len(item) == 3]
    for block, fund, phase in book.columns(table):
        for parent, children in below.items():
            if not children:
                continue
            whole = book.get(Address(table, block, parent, fund), phase)
            parts = [
                entry
                for child in children
                if (entry := book.get(Address(table, block, child, fund), phase))
            ]
            if whole is None or not any(entry.filled for entry in (whole, *parts)):
                continue
            code = parent if parent.isdecimal() else ""
            yield Sum(whole, tuple(parts), (), f"{code}{whole.name}")


def _check_items(case: Case, book: Book, relation: SameItems) -> Iterator[Finding]:
    left, right = relation.left, relation.right
    if not (book.has(left.table) and book.has(right.table)):
        return
    what = f"{title(case, left.table)}与{title(case, right.table)}的各类"
    yield from _summed(case, relation.rule, what, _item_sums(book, relation))


def _item_sums(book: Book, relation: SameItems) -> Iterator[Sum]:
    left, right = relation.left, relation.right
    for phase in book.phases(left.table, right.table):
        for item in book.items(left.table):
            if not is_class(item, relation.codes) or not item.isdecimal():
                continue
            whole = book.get(left._replace(item=item), phase)
            part = book.get(right._replace(item=item), phase)
            if whole is None or not (whole.filled or (part and part.filled)):
                continue
            if part is None:  # the class is in one table only: it must be nothing there
                part = whole._replace(fen=None, state="blank", table=right.table)
            yield Sum(whole, (part,), (), f"{item}{whole.name}")


# --- limits and empty tables ----------------------------------------------------------------


def _check_limit(case: Case, book: Book, relation: Limit) -> Iterator[Finding]:
    tables = set(_tables(relation.parts)) | {relation.whole.table}
    for phase in book.phases(*tables):
        whole = book.get(relation.whole, phase)
        parts = [
            entry
            for entry in _resolve(book, relation.parts, phase)
            if entry.fen is not None and case.named_by_code(entry)
        ]
        if whole is None or not parts:
            continue
        names = "＋".join(entry.name for entry in parts)
        total = sum(entry.fen or 0 for entry in parts)
        sum_shown = f"{_exact(total, parts[0].unit)}{parts[0].unit}"
        head = (
            f"{title(case, parts[0].table)}的{names}{sum_shown}，"
            f"{title(case, whole.table)}的{_label(case, whole)}{shown(whole)}"
        )
        places = _places([*parts, whole])
        if whole.fen is None:
            if total:
                yield case.finding(
                    relation.rule, "not_computable", f"{head}，无法核对。", places, item=names
                )
            continue
        over = total - whole.fen
        ended: Outcome = "pass"
        if over > 0:
            slack = sum((entry.half for entry in parts), whole.half)
            ended = "rounding" if over <= slack else "fail"
        tail = "部分超过了全部。" if ended == "fail" else "部分不超过全部。"
        yield case.finding(
            relation.rule,
            ended,
            f"{head}，{tail}",
            places,
            f"不超过{shown(whole)}",
            sum_shown,
            names,
        )


def _check_empty(case: Case, book: Book, rule: str, fund: Address, table: str) -> Iterator[Finding]:
    own = [t for t in case.tables.reading.tables if t.layout == table]
    for official in own:
        place = Place(official.file, official.sheet, official.range)
        money = [entry for phase in book.phases(fund.table) if (entry := book.get(fund, phase))]
        known = [entry for entry in money if entry.fen]
        name = official.name
        if official.is_empty and known:
            yield case.finding(
                rule,
                "fail",
                f"{title(case, fund.table)}有这类支出{shown(known[0])}，而{name}是空表。",
                (known[0].place, place),
                item=name,
            )
        elif official.is_empty and not official.says_empty:
            yield case.finding(
                rule,
                "fail",
                f"{name}是空表，没有写明本年度没有这类收支。",
                (place,),
                item=name,
            )
        elif official.is_empty:
            yield case.finding(rule, "pass", f"{name}是空表，有说明。", (place,), item=name)
        elif money and not known:
            yield case.finding(
                rule,
                "fail",
                f"{name}有数，而{title(case, fund.table)}没有这类支出。",
                (place, *(entry.place for entry in money[:1])),
                item=name,
            )
