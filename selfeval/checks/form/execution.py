"""EXEC-01 to EXEC-08: overspending, rates not to be computed, copied adjustments, what is left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from ...budget.lines import OTHERS, printed_tolerance
from ...budget.where_to_fill import tree_of, where_to_fill
from ...evaluation import Evaluation
from ...evaluation.finding import Verdict
from ...evaluation.missing import missing_tables
from ...evaluation.rows import own_row
from ...folding import fold
from ...money import format_exact_rate
from ...tables.rows import SpendingProject
from ...terms import BLOCKS, NOT_COMPUTABLE, PHASES, RATES
from ..prose import own_sentences
from ..reasons import Reason, column, gives_reason, noted

_NAMED = 3
_OPENING, _CLOSING = "opening_carryover_and_surplus", "closing_carryover_and_surplus"
_LIMITED = ("three_public_expenses", "procurement", "agency_operating")
"""Views of spending that have a budget of their own; all deeper levels are below the first."""


def _finest(case: Evaluation, *phases: str) -> list[str]:
    """Return the lines known in all phases, but for those whose parts are all known as well.

    What is wrong is told once, of the part it is wrong with; a line whose parts are listed
    without these amounts is looked at itself.
    """
    own = [key for key, line in case.budget_lines.items() if line.parent != "other"]
    return _without_parts(case, {line: case.parts(line) for line in own}, phases)


def _limited(case: Evaluation, *phases: str) -> list[str]:
    """Return the finest lines, then those of “三公”经费, 政府采购 and 机关运行经费.

    What has the very amounts of a line of spending, as 机关运行经费 may have those of 公用经费,
    is told there.
    """

    def amounts(line: str) -> list[int | None]:
        return [case.fen(line, phase) for phase in phases]

    finest = _finest(case, *phases)
    told = [amounts(line) for line in finest]
    beside = _without_parts(case, _beside(case), phases)
    return [*finest, *(line for line in beside if amounts(line) not in told)]


def _without_parts(
    case: Evaluation, parts: Mapping[str, Sequence[str]], phases: Sequence[str]
) -> list[str]:
    def known(line: str) -> bool:
        return all(case.fen(line, phase) is not None for phase in phases)

    return [
        line
        for line, own in parts.items()
        if known(line) and not (own and all(known(part) for part in own))
    ]


def _beside(case: Evaluation) -> dict[str, list[str]]:
    """Return the lines that limit spending beside its budget, each with the lines below it."""
    parts: dict[str, list[str]] = {}
    above: list[tuple[str, int]] = []
    for line, level in OTHERS:
        if line not in case.budget_lines or (level == 1 and line not in _LIMITED):
            continue
        above = [one for one in above if one[1] < level]
        parts[line] = []
        if above:
            parts[above[-1][0]].append(line)
        above.append((line, level))
    return parts


def check_overspending(case: Evaluation) -> Iterator[Verdict]:
    """EXEC-01: spending above the initial budget needs an adjusted budget or a reason."""
    for line in _limited(case, "initial_budget", "executed"):
        initial, executed = case.fen(line, "initial_budget"), case.fen(line, "executed")
        if initial is None or executed is None or executed <= initial:
            continue
        if case.fen(line, "adjusted_budget") is not None:
            continue
        item, expected = case.name(line), case.printer.money(initial, [executed])
        found = case.printer.money(executed, [initial])
        head = f"{item}{_compared(case, 'initial_budget', initial, executed)}"
        reason = _reason(case, "EXEC-01", line, ("initial_budget", "executed"))
        tail = "。" if reason.holds else f"，{reason.told('也没有写明原因和批准文号。')}"
        yield Verdict(
            message=f"{head}；没有{PHASES['adjusted_budget']}{tail}",
            places=(*case.places(line, "initial_budget", "executed"), *reason.places),
            expected=f"不超过{expected}，或有{PHASES['adjusted_budget']}和原因",
            found=found,
            item=item,
            explanation=reason.explanation,
            asks=f"超出{case.printer.money(executed - initial, [0])}的原因和批准文号",
            doubted=case.places(line, "executed"),
        )


def _compared(case: Evaluation, phase: str, budget: int, executed: int) -> str:
    """Word spending above a budget; of a budget of nothing there is no percentage."""
    if budget == 0:
        return f"{PHASES[phase]}为零，支出{case.printer.money(executed)}"
    rate, above = Fraction(executed, budget), Fraction(executed - budget, abs(budget))
    money, percent = case.printer.money, case.as_printed
    return (
        f"{PHASES[phase]}{money(budget, [executed])}，支出{money(executed, [budget])}，"
        f"为{PHASES[phase]}的{percent(rate, [1])}，"
        f"超出{money(executed - budget, [0])}（+{percent(above, [0])}）"
    )


def check_execution_rate(case: Evaluation) -> Iterator[Verdict]:
    """EXEC-02: 执行率 can be computed, for the whole and for each line that was spent."""
    whole = case.quantities["total.execution_rate"]
    total = BLOCKS["total"]
    if whole.value is not None:
        yield Verdict(
            outcome="pass",
            message=f"{total}的{RATES['execution_rate']}为{case.rate('total.execution_rate')}，"
            f"{RATES['initial_rate']}为{case.rate('total.initial_rate')}。",
            places=case.places("total", "adjusted_budget", "executed"),
            item=total,
        )
    else:
        yield Verdict(
            outcome="not_computable",
            message=f"部门整体的{RATES['execution_rate']}{NOT_COMPUTABLE}：{_why(case)}。",
            places=case.places("total", "adjusted_budget", "executed"),
            item=total,
            expected=f"{PHASES['adjusted_budget']}和{PHASES['executed']}齐全",
            of=whole.key,
            asks="补填空着的数",
            write=tuple(
                own.place_of(phase)
                for phase in ("adjusted_budget", "executed")
                for unknown in _unknown(case, "total", phase)
                if (own := own_row(case, unknown)) and own.address(phase)
            ),
        )
    for line in _finest(case, "executed"):
        executed, adjusted = case.fen(line, "executed"), case.fen(line, "adjusted_budget")
        if line == "total":
            continue  # told above
        # Nothing was to be spent and nothing was: there is no rate, and none is missed.
        if adjusted not in (None, 0) or (adjusted == 0 and not executed):
            continue
        why = "没有提供" if adjusted is None else "为零"
        item = case.name(line)
        initial = case.quantities[f"{line}.initial_rate"]
        also = (
            ""
            if initial.value is None
            else (
                f"按{PHASES['initial_budget']}计算为{case.rate(f'{line}.initial_rate')}，仅供参考。"
            )
        )
        yield Verdict(
            outcome="not_computable",
            message=f"{item}的{RATES['execution_rate']}{NOT_COMPUTABLE}：{PHASES['adjusted_budget']}{why}。{also}",
            places=case.places(line, "executed"),
            item=item,
            asks=PHASES["adjusted_budget"],
            write=tuple(
                own.place_of("adjusted_budget")
                for own in [own_row(case, line)]
                if own and own.address("adjusted_budget")
            ),
        )


def _why(case: Evaluation) -> str:
    gaps = []
    for phase in ("executed", "adjusted_budget"):
        if case.fen("total", phase) is not None:
            continue
        lines = list(_unknown(case, "total", phase))
        if len(lines) == len(list(_leaves(case, "total"))):
            gaps.append(f"各项都没有{PHASES[phase]}")
        elif lines:
            gaps.append(f"{_listed([case.name(line) for line in lines])}没有{PHASES[phase]}")
    known = case.quantities.get("known.coverage")
    if known and known.value is not None and known.value < 1:
        gaps.append(
            f"有{PHASES['executed']}的只占{PHASES['initial_budget']}的{case.rate('known.coverage')}"
        )
    return "；".join(gaps) or case.quantities["total.execution_rate"].missing


def _leaves(case: Evaluation, line: str) -> Iterator[str]:
    parts = case.parts(line)
    if not parts:
        yield line
    for part in parts:
        yield from _leaves(case, part)


def _unknown(case: Evaluation, line: str, phase: str) -> Iterator[str]:
    """Yield the lines whose amounts are missing, below what is known no further."""
    if case.fen(line, phase) is not None:
        return
    parts = case.parts(line)
    if not parts:
        yield line
    for part in parts:
        yield from _unknown(case, part, phase)


def _listed(names: list[str]) -> str:
    """Return names joined, cut short where a reader would lose the sentence."""
    if len(names) <= _NAMED + 1:
        return "、".join(names)
    return f"{'、'.join(names[:_NAMED])}等{len(names)}项"


def check_copied_adjustment(case: Evaluation) -> Iterator[Verdict]:
    """EXEC-03: the adjusted budget equals spending to the 分, far from the initial budget."""
    phases = ("initial_budget", "adjusted_budget", "executed")
    for line, initial, adjusted in _copied(case):
        reason = _reason(case, "EXEC-03", line, ("initial_budget", "adjusted_budget"))
        item = case.name(line)
        message = (
            f"{item}{PHASES['adjusted_budget']}与{PHASES['executed']}同为{case.printer.money(adjusted)}，"
            f"{PHASES['initial_budget']}为{case.printer.money(initial)}：按{PHASES['adjusted_budget']}执行率为"
            f"{case.rate(f'{line}.execution_rate')}，按{PHASES['initial_budget']}为"
            f"{case.rate(f'{line}.initial_rate')}"
        )
        amounts = (amount for phase in phases for amount in case.printed(line, phase))
        tail = "。" if reason.holds else f"；{reason.told('没有写明调整原因和批准文号。')}"
        yield Verdict(
            message=message + tail,
            places=(*dict.fromkeys(amount.place for amount in amounts), *reason.places),
            expected="经批准的调整后预算数",
            found=case.printer.money(adjusted),
            item=item,
            explanation=reason.explanation,
            asks=_adjusted_by(case, initial, adjusted),
            doubted=case.places(line, "adjusted_budget"),
            follows=tuple(_unreasoned(case, "EXEC-03", line)),
        )


def _adjusted_by(case: Evaluation, initial: int, adjusted: int) -> str:
    """Return what a reason for an adjustment has to say."""
    way = "追加" if adjusted > initial else "调减"
    return f"{way}{case.printer.money(abs(adjusted - initial), [0])}的原因和批准文号"


def _copied(case: Evaluation) -> Iterator[tuple[str, int, int]]:
    """Yield the lines whose adjusted budget is copied, with their initial and adjusted budget.

    Of a budget that was taken back whole nothing was to be spent, and there is no rate.
    """
    limit = Fraction(case.threshold("copied_adjustment_rate"))
    finest = _limited(case, "initial_budget", "adjusted_budget", "executed")
    for line in dict.fromkeys(["total", *finest]):
        initial = case.fen(line, "initial_budget")
        adjusted, executed = case.fen(line, "adjusted_budget"), case.fen(line, "executed")
        if initial is None or not adjusted or adjusted != executed or adjusted == initial:
            continue
        if not initial or abs(Fraction(adjusted - initial, initial)) > limit:
            yield line, initial, adjusted


def check_above_adjusted(case: Evaluation) -> Iterator[Verdict]:
    """EXEC-04: spending above the adjusted budget."""
    for line in _limited(case, "adjusted_budget", "executed"):
        adjusted, executed = case.fen(line, "adjusted_budget"), case.fen(line, "executed")
        if adjusted is None or executed is None or executed <= adjusted:
            continue
        yield Verdict(
            message=f"{case.name(line)}{_compared(case, 'adjusted_budget', adjusted, executed)}。",
            places=case.places(line, "adjusted_budget", "executed"),
            expected=f"不超过{case.printer.money(adjusted, [executed])}",
            found=case.printer.money(executed, [adjusted]),
            item=case.name(line),
            asks=f"超出{case.printer.money(executed - adjusted, [0])}的原因",
            doubted=case.places(line, "adjusted_budget", "executed"),
        )


def check_low_execution(case: Evaluation) -> Iterator[Verdict]:
    """EXEC-05: a low execution rate needs a reason."""
    limit = case.threshold("low_execution_rate")
    for line in _finest(case, "adjusted_budget", "executed"):
        rate = case.quantities[f"{line}.execution_rate"]
        if rate.value is None or rate.value >= limit:
            continue
        reason, item, least = (
            _note(case, "EXEC-05", line),
            case.name(line),
            format_exact_rate(limit),
        )
        if reason.holds:
            continue
        yield Verdict(
            message=f"{item}的{RATES['execution_rate']}为{case.rate(f'{line}.execution_rate')}，"
            f"低于{least}，{reason.told('没有写明原因。')}",
            places=(*case.places(line, "adjusted_budget", "executed"), *reason.places),
            expected=f"不低于{least}，或有原因",
            found=case.rate(f"{line}.execution_rate"),
            item=item,
            asks="没有花完的原因",
            doubted=case.places(line, "adjusted_budget", "executed"),
        )


def check_adjustment_reason(case: Evaluation) -> Iterator[Verdict]:
    """EXEC-06: a budget that was adjusted needs a reason; EXEC-03 asks of what is copied."""
    copied, lost = {line for line, _, _ in _copied(case)}, set(missing_tables(case))
    for line in _finest(case, "initial_budget", "adjusted_budget"):
        initial, adjusted = case.fen(line, "initial_budget"), case.fen(line, "adjusted_budget")
        if initial == adjusted or initial is None or adjusted is None or line in copied:
            continue
        reason = _reason(case, "EXEC-06", line, ("initial_budget", "adjusted_budget"))
        # The reasons of a whole's parts stand in their own tables.
        unknown = line == "total" and not lost.isdisjoint({"basic", "projects"})
        if reason.holds or unknown:
            continue
        item = case.name(line)
        yield Verdict(
            message=f"{item}由{PHASES['initial_budget']}{case.printer.money(initial, [adjusted])}"
            f"调整为{case.printer.money(adjusted, [initial])}，"
            f"{reason.told('没有写明理由和批准文号。')}",
            places=(*case.places(line, "initial_budget", "adjusted_budget"), *reason.places),
            item=item,
            asks=_adjusted_by(case, initial, adjusted),
            doubted=case.places(line, "adjusted_budget"),
            follows=tuple(_unreasoned(case, "EXEC-06", line)),
        )


def check_carried_forward(case: Evaluation) -> Iterator[Verdict]:
    """EXEC-07: what was left of the adjusted budget is what the year closed with, or is told.

    What the year opened with may be in the adjusted budget or beside it, and surplus may have been
    distributed; without those amounts nothing is said, MISS-03 asks for them.
    """
    if not {_OPENING, _CLOSING} <= case.budget_lines.keys():
        return
    adjusted, executed = case.fen("total", "adjusted_budget"), case.fen("total", "executed")
    opening, closing = case.fen(_OPENING, "executed"), case.fen(_CLOSING, "executed")
    if adjusted is None or executed is None or opening is None or closing is None:
        return
    left = adjusted - executed
    if left < 0:
        return  # EXEC-04 tells of it.
    printed = [
        *case.printed("total", "adjusted_budget"),
        *case.printed("total", "executed"),
        *case.printed(_CLOSING, "executed"),
    ]
    distributed = _distributed(case)
    gap = closing + distributed - left
    money, item = case.printer.money, case.name(_CLOSING)
    if min(abs(gap), abs(gap - opening)) <= printed_tolerance(printed):
        yield Verdict(
            outcome="pass",
            message=f"没有花完的预算{money(left)}，与{item}对得上。",
            places=case.places(_CLOSING, "executed"),
            item=item,
        )
        return
    reason = _note(case, "EXEC-07", _CLOSING)
    if not reason.holds and _says_where_it_went(case):
        return
    fill = where_to_fill(
        case.unit.form, tree_of(case.budget_lines), case.quantities, [f"{_CLOSING}.note"]
    )
    ask = (
        "多出的是以前年度的结余、预算以外的收入，还是调整后预算数没有报全"
        if gap > 0
        else "少的是财政收回了，还是支出、结余没有报全"
    )
    tail = "。" if reason.holds else f"，{reason.told(f'没有写明原因：{ask}。')}{fill}"
    yield Verdict(
        message=f"{PHASES['adjusted_budget']}{money(adjusted)}减{PHASES['executed']}{money(executed)}，"
        f"没有花完的是{money(left)}；{item}是{money(closing)}，相差{money(abs(gap))}{tail}",
        places=(
            *case.places("total", "adjusted_budget", "executed"),
            *case.places(_CLOSING, "executed"),
            *reason.places,
        ),
        expected=f"{money(left)}，或有原因",
        found=money(closing),
        item=item,
        explanation=reason.explanation,
        asks=f"相差{money(abs(gap))}的原因",
    )


def _distributed(case: Evaluation) -> int:
    """Return the surplus that the final accounts say was distributed, in 分."""
    return next(
        (
            amount.fen
            for amount in case.tables.amounts
            if amount.item_code == "surplus_distribution"
            and amount.phase == "executed"
            and amount.year == case.unit.year
            and amount.fen is not None
        ),
        0,
    )


def _says_where_it_went(case: Evaluation) -> bool:
    """Return whether the unit's text says what became of what was not spent."""
    words = tuple(map(fold, case.words("unspent_taken_back")))
    carried = BLOCKS[_CLOSING]
    return any(
        any(word in said for word in words) or (carried in said and gives_reason(case, said))
        for said in own_sentences(case)
    )


def check_growth(case: Evaluation) -> Iterator[Verdict]:
    """EXEC-08: an initial budget far above what was spent the year before has a reason.

    Of the whole alone nobody can say what grew; MISS-04 asks for the parts.
    """
    limit = case.threshold("budget_growth")
    least = Fraction(case.threshold("budget_growth_share"))
    # A whole that is not known in full is at least what is known of it.
    whole = case.fen("total", "initial_budget") or sum(
        case.fen(part, "initial_budget") or 0 for part in case.parts("total")
    )
    for line in _finest(case, "prior_final_accounts", "initial_budget"):
        before, now = case.fen(line, "prior_final_accounts"), case.fen(line, "initial_budget")
        # What was not there the year before did not grow.
        if line == "total" or not before or before < 0 or now is None or whole <= 0:
            continue
        more = now - before
        grown = Fraction(more, before)
        if grown <= Fraction(limit) or Fraction(more, whole) < least:
            continue
        notes = [_note(case, "EXEC-08", one) for one in (line, *case.parts(line))]
        speaks = any(_speaks_of_growth(case, line, note) for note in notes)
        if speaks or _tells_of_growth(case, line):
            continue
        reason = next((note for note in notes if note.said), Reason())
        item, money = case.name(line), case.printer.money
        # One column is for all reasons: what came later in the year is none for this.
        others = f"{column(case, _table_of(line), 'note')}写的不是年初预算增加的原因。"
        missing = others if reason.holds else reason.told("没有写明原因。")
        fill = where_to_fill(
            case.unit.form, tree_of(case.budget_lines), case.quantities, [f"{line}.note"]
        )
        yield Verdict(
            message=f"{item}{PHASES['initial_budget']}{money(now, [before])}，"
            f"比{PHASES['prior_final_accounts']}{money(before, [now])}增加{money(more, [0])}"
            f"（+{case.as_printed(grown, [Fraction(limit)])}），{missing}{fill}",
            places=(*case.places(line, "prior_final_accounts", "initial_budget"), *reason.places),
            expected=f"增长不超过{format_exact_rate(limit)}，或有原因",
            found=case.as_printed(grown, [Fraction(limit)]),
            item=item,
        )


def _table_of(line: str) -> str:
    """Return the table of the form that has a line of spending below the whole."""
    return "projects" if line.startswith("project") else "basic"


def _speaks_of_growth(case: Evaluation, line: str, reason: Reason) -> bool:
    """Return whether a line's reason is of the initial budget, not of what was adjusted later."""
    initial, adjusted = case.fen(line, "initial_budget"), case.fen(line, "adjusted_budget")
    said = fold(reason.words)
    speaks = any(word in said for word in map(fold, case.words("growth")))
    return reason.holds and (speaks or adjusted in (None, initial))


def _tells_of_growth(case: Evaluation, line: str) -> bool:
    """Return whether a sentence of the unit's text names a line, and why it grew."""
    name = fold(case.name(line))
    words = tuple(map(fold, case.words("growth")))
    return any(
        name in said and any(word in said for word in words) and gives_reason(case, said)
        for said in own_sentences(case)
    )


def _reason(case: Evaluation, code: str, line: str, phases: tuple[str, str]) -> Reason:
    """Return the reason given for what a line moved from one phase to another, or its parts did.

    The parts' reasons excuse the line as far as they go: all parts that moved its way give one,
    and what they moved makes up the line's own movement.
    """
    own = _note(case, code, line)
    if own.holds or not _is_of_parts(case, line, phases):
        return own
    reasons = [_reason(case, code, part, phases) for part in _moved(case, line, phases)]
    if not all(reason.holds for reason in reasons):
        return own
    said = dict.fromkeys(words for reason in reasons for words in reason.said)
    return Reason(tuple(said), "", tuple(place for reason in reasons for place in reason.places))


def _moved(case: Evaluation, line: str, phases: tuple[str, str]) -> dict[str, int]:
    """Return by how much each part moved that moved a line's own way."""
    whole = _movement(case, line, phases) or 0
    moved = {part: _movement(case, part, phases) or 0 for part in case.parts(line)}
    return {part: by for part, by in moved.items() if by * whole > 0}


def _is_of_parts(case: Evaluation, line: str, phases: tuple[str, str]) -> bool:
    """Return whether the reasons of its parts would be the reason of a line."""
    moved, whole = _moved(case, line, phases), _movement(case, line, phases) or 0
    # Printed totals are rounded: where every part is known, the sums are for other rules.
    known = all(_movement(case, part, phases) is not None for part in case.parts(line))
    return bool(moved) and (known or abs(sum(moved.values())) >= abs(whole))


def _unreasoned(case: Evaluation, code: str, line: str) -> Iterator[str]:
    """Yield the parts whose reasons would be that of a line, and are not given."""
    phases = ("initial_budget", "adjusted_budget")
    for part in _moved(case, line, phases) if _is_of_parts(case, line, phases) else ():
        if not _reason(case, code, part, phases).holds:
            yield from list(_unreasoned(case, code, part)) or [case.name(part)]


def _note(case: Evaluation, code: str, line: str) -> Reason:
    """Return the reason in a line's own row of the form."""
    row = own_row(case, line)
    if row is None:
        return Reason()
    table = "projects" if isinstance(row, SpendingProject) else row.table
    return noted(case, code, table, row)


def _movement(case: Evaluation, line: str, phases: tuple[str, str]) -> int | None:
    before, after = (case.fen(line, phase) for phase in phases)
    return None if before is None or after is None else after - before
