"""A part is at most its whole; a table is empty where its fund has no money, and says no less."""

from __future__ import annotations

from collections.abc import Iterator

from ...evaluation import Evaluation
from ...evaluation.finding import Outcome, Verdict
from ...folding import fold
from ...schemes.layouts import load_layouts
from ...schemes.relations import Empty, Limit, addresses
from ...tables.official_table import OfficialTable
from ...tables.rows import Amount
from ...tables.sources import placed_phase
from ...terms import STATES
from .labels import Labels, exact, shown
from .sums import cells_meant, listed, named_cells, places

_TOLD = {"pass": "部分不超过全部", "rounding": "只差四舍五入", "fail": "部分超过了全部"}


def check_limit(case: Evaluation, labels: Labels, relation: Limit) -> Iterator[Verdict]:
    """Compare parts with their whole in each phase that the parts' table has."""
    book = case.tables.book
    table = next(addresses(relation.parts)).table
    for phase in book.phases(table):
        found, _ = cells_meant(book, relation.parts, phase)
        meant = [part for part in found if case.named_by_code(part)]
        parts = [part for part in meant if part.fen is not None]
        lost = [part for part in meant if part.lost]
        whole, _ = cells_meant(book, (relation.whole,), phase)
        if parts:
            above = whole[0] if whole else None
            yield from _compare(case, labels, relation, parts, lost, above)


def _compare(
    case: Evaluation,
    labels: Labels,
    relation: Limit,
    parts: list[Amount],
    lost: list[Amount],
    whole: Amount | None,
) -> Iterator[Verdict]:
    total = sum(part.fen or 0 for part in parts)
    names = listed([labels.row(part) for part in parts], "＋")
    head = (
        f"{labels.title(parts[0].table)}的{names}{labels.phase(parts[0])}"
        f"{exact(total, parts[0].amount_unit)}"
    )
    table = next(addresses((relation.whole,))).table
    above = labels.title(table)
    if whole is None or whole.fen is None:
        if not total or relation.optional:
            return
        why = f"里是{shown(whole)}" if whole else "没有这一项"
        if whole and whole.lost:
            why = f"的{named_cells([(whole.place, whole.raw)])}{STATES[whole.state]}"
        if not case.tables.book.has(table):
            why = "没有提供"
        cells = places([*parts, *([whole] if whole else [])], blank=True)
        message = f"{head}，{above}{why}，无法核对。"
        yield Verdict(outcome="not_computable", message=message, places=cells, item=names)
        return
    over = total - whole.fen
    outcome: Outcome = "pass"
    if over > 0:
        slack = sum((part.half for part in parts), whole.half)
        outcome = "rounding" if over <= slack else "fail"
    told = _TOLD[outcome]
    if lost and outcome != "fail":
        named = named_cells((part.place, part.raw) for part in lost)
        outcome, told = "not_computable", f"{named}没有读懂，无法核对"
    yield Verdict(
        outcome=outcome,
        message=f"{head}，{above}的{labels.full(whole)}{shown(whole)}，{told}。",
        places=places([*parts, *lost, whole]),
        item=names,
    )


def check_empty(case: Evaluation, labels: Labels, relation: Empty) -> Iterator[Verdict]:
    """Compare each table of a fund with what the summary has for the fund."""
    for table in case.tables.reading.tables:
        if table.layout == relation.table:
            yield from _empty(case, labels, relation, table)


def _empty(
    case: Evaluation, labels: Labels, relation: Empty, table: OfficialTable
) -> Iterator[Verdict]:
    book, fund, name = case.tables.book, relation.fund, table.name
    phase = placed_phase(table.phase, table, case.unit.year)
    place = table.place
    money = book.get(fund, phase)
    own = book.get(relation.spent, phase)
    outcome: Outcome = "fail"
    # Two numbers that differ are told by the identity of the two tables.
    if money and own and money.fen is not None and own.fen is not None and money.fen != own.fen:
        return
    if table.is_empty and money and money.fen:
        message = f"{labels.title(fund.table)}的{labels.full(money)}{shown(money)}，{name}是空表。"
    elif table.is_empty and table.says_empty:
        outcome, message = "pass", f"{name}是空表，有说明。"
    elif money and money.fen is None and own and own.fen:
        message = (
            f"{name}的{labels.full(own)}{shown(own)}，"
            f"{labels.title(fund.table)}的{labels.full(money)}是{shown(money)}。"
        )
    else:
        return
    cells = [entry.place for entry in (money, own) if entry and entry.fen]
    yield Verdict(outcome=outcome, message=message, places=(place, *cells), item=name)


def check_notes(case: Evaluation, funds: frozenset[str]) -> Iterator[Verdict]:
    """Tell each note that says of a filled table that it is empty, or speaks of another fund.

    ``funds`` are those of which a note may say that the unit has none.
    """
    words = load_layouts(case.unit.schemes).words
    for table in case.tables.reading.tables:
        place = table.place
        for note in table.notes:
            folded = fold(note)
            others = [
                word
                for fund in sorted(funds - {table.fund})
                for word in words.funds[fund]
                if fold(word) in folded
            ]
            own = any(fold(word) in folded for word in words.funds.get(table.fund, ()))
            elsewhere = others and not own and words.says_void(note)
            if elsewhere and table.fund in funds:
                message = f"{table.name}下面写着“{note}”，说的是{others[0]}，不是这张表的资金。"
            elif words.says_void(note) and not table.is_empty:
                message = f"{table.name}里有数，下面却写着“{note}”。"
            else:
                continue
            yield Verdict(message=message, places=(place,), item=table.name)
