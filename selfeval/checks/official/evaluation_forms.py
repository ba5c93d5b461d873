"""I15, I17, I19 to I22: evaluation forms against themselves: rates, weights, scores as printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from ...evaluation import Evaluation
from ...evaluation.finding import Outcome, Verdict
from ...schemes.relations import Address
from ...sheets import Place
from ...tables.book import Book
from ...tables.rows import Amount, Figure, Indicator
from ...tables.sources import placed_phase
from ...text.numbers import AMOUNT, printed_amount
from ...text.paragraphs import one_of
from ..prose import paragraphs
from .labels import shown, title
from .reconcile import check_identity
from .sums import named_cells

_LEVELS = ("initial_budget", "adjusted_budget", "executed")
_NEAR = 32
_PERCENT = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?)\s*[%％]?")
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})年")


def check_adjusted_budgets(case: Evaluation) -> Iterator[Verdict]:
    """I17: in an evaluation form, 调整后预算 = 年初预算 + 调整, and 执行率 = 执行 ÷ 调整后预算."""
    book = case.tables.book
    for entry in book.entries:
        if entry.phase == "adjusted_budget":
            yield from _adjusted(case, book, entry)
    for figure in _figures(case, "execution_rate"):
        yield from _rate(case, book, figure)


def _adjusted(case: Evaluation, book: Book, whole: Amount) -> Iterator[Verdict]:
    at = Address(whole.table, whole.block, whole.item_code, whole.fund)
    change, initial = book.get(at, "budget_adjustment"), book.get(at, "initial_budget")
    if change is None or initial is None:
        return
    lost = [entry for entry in (whole, change, initial) if entry.lost]
    if lost:
        cells = named_cells((entry.place, entry.raw) for entry in lost)
        message = f"{title(case, whole.table)}：{whole.item_name}的{cells}没有读懂，无法核对。"
        places = tuple(entry.place for entry in lost)
        yield Verdict(
            outcome="not_computable", message=message, places=places, item=whole.item_name
        )
        return
    if whole.fen is None or change.fen is None:
        return
    computed = (initial.fen or 0) + change.fen
    gap = abs(whole.fen - computed)
    ended = _outcome(Fraction(gap), whole.half + change.half + initial.half)
    yield Verdict(
        outcome=ended,
        message=f"{title(case, whole.table)}：{whole.item_name}的调整后预算{shown(whole)}，"
        f"年初预算{shown(initial)}加调整{shown(change)}为{case.printer.money(computed)}。",
        places=(whole.place, initial.place, change.place),
        expected=case.printer.money(computed),
        found=shown(whole),
        item=whole.item_name,
    )


def _rate(case: Evaluation, book: Book, figure: Figure) -> Iterator[Verdict]:
    table = figure.official
    code, _, fund = figure.item_code.partition("@")
    block = next((e.block for e in book.entries if e.table == figure.table), "")
    at = Address(figure.table, block, code, fund)
    executed, budget = (
        book.get(at, placed_phase(phase, table, case.unit.year) if table else phase)
        for phase in ("executed", "adjusted_budget")
    )
    name = figure.item_name
    stated = Fraction(_value(figure))
    head = f"{title(case, at.table)}：{name}的执行率印为{figure.raw}"
    if executed is None or budget is None or executed.fen is None or budget.fen is None:
        yield Verdict(
            outcome="not_computable",
            message=f"{head}，没有执行数或全年预算数。",
            places=(figure.place,),
            item=name,
        )
        return
    places = (figure.place, executed.place, budget.place)
    amounts = f"执行数{shown(executed)}，全年预算数{shown(budget)}"
    if not budget.fen:
        outcome = "not_computable" if executed.fen == 0 else "fail"
        message = f"{head}，{amounts}，预算为零，没有执行率。"
        yield Verdict(outcome=outcome, message=message, places=places, item=name)  # type: ignore[arg-type]
        return
    computed = Fraction(executed.fen, budget.fen)
    ended = _outcome(abs(stated - computed), _last_digit(figure.raw, Fraction(1, 100)))
    yield Verdict(
        outcome="pass" if ended == "rounding" else ended,
        message=f"{head}，{amounts}，应为{case.printer.rate(computed)}。",
        places=places,
        expected=case.printer.rate(computed),
        found=figure.raw,
        item=name,
    )


def _last_digit(raw: str, unit: Fraction) -> Fraction:
    """Return half of the last printed digit of a rate or a score."""
    match = _PERCENT.search(raw)
    digits = match["number"].rpartition(".")[2] if match and "." in match["number"] else ""
    return unit / Fraction(2 * 10 ** len(digits))


def _outcome(gap: Fraction, tolerance: Fraction) -> Outcome:
    return "pass" if gap == 0 else "rounding" if gap <= tolerance else "fail"


def check_base_data(case: Evaluation) -> Iterator[Verdict]:
    """I19: 基础数据表 adds up, and its rates follow from their parts (控制率 = 在职 ÷ 编制)."""
    yield from check_identity(case, "I19")
    pairs = (
        ("staffing_rate", "staff_in_post", "authorised_posts"),
        ("area_rate", "actual_area", "approved_area"),
    )
    for rate, upper, lower in pairs:
        for figure in _figures(case, rate):
            above, below = (_figure_like(case, figure, block) for block in (upper, lower))
            name = figure.item_name
            head = f"{title(case, str(figure.table))}：{name}印为{figure.raw}"
            if above is None or below is None or not below.value:
                yield Verdict(
                    outcome="not_computable",
                    message=f"{head}，缺少分子或分母，无法核对。",
                    places=(figure.place,),
                )
                continue
            computed = Fraction(_value(above)) / Fraction(_value(below))
            gap = abs(Fraction(_value(figure)) - computed)
            close = gap <= _last_digit(figure.raw, Fraction(1, 100))
            yield Verdict(
                outcome="pass" if close else "fail",
                message=f"{head}，{above.raw}÷{below.raw}为{case.printer.rate(computed)}。",
                places=tuple(f.place for f in (figure, above, below)),
                expected=case.printer.rate(computed),
                found=figure.raw,
                item=name,
            )


def check_printed_weights(case: Evaluation) -> Iterator[Verdict]:
    """I20: the weights of an official form's indicators add up to its families and its total."""
    for key, rows in _by_form(case).items():
        table, file, sheet = key
        place = Place(file, sheet)
        families: dict[str, Decimal] = {}
        for row in rows:
            if row.weight is not None:
                before = families.get(row.indicator_family, Decimal(0))
                families[row.indicator_family] = before + row.weight
        if not families:
            continue
        own = _figures_on(case, "weight", file, sheet)
        for figure in own:
            kind, _, name = figure.item_code.rpartition("/")[2].partition(":")
            if kind == "family" and name in families:
                yield _points(case, f"{name}的分值", figure, families[name], place)
        execution = [f for f in own if _is_execution(f)]
        whole = sum(families.values(), Decimal(0))
        total = next((f for f in own if f.table == table and _is_total(f)), None)
        if total is not None:
            with_execution = whole + sum((_value(f) for f in execution[:1]), Decimal(0))
            # Some forms count the execution rate in the total, some beside it.
            stated = _value(total)
            best = min((whole, with_execution), key=lambda v: abs(v - stated))
            yield _points(case, "总分的分值", total, best, place)


def check_printed_scores(case: Evaluation) -> Iterator[Verdict]:
    """I21: in an official form no score is above its weight, and the total is their sum."""
    for (table, file, sheet), rows in _by_form(case).items():
        scores = [row.self_score for row in rows if row.self_score is not None]
        for row in rows:
            weight, own_score = row.weight, row.self_score
            if weight is not None and own_score is not None and own_score > weight:
                yield Verdict(
                    message=f"{title(case, table)}："
                    f"“{row.indicator_name}”得{row.self_score}分，"
                    f"超过分值{row.weight}分。",
                    places=(row.place,),
                    expected=f"不超过{row.weight}",
                    found=str(row.self_score),
                    item=row.indicator_name,
                )
        own = _figures_on(case, "self_score", file, sheet)
        total = next((f for f in own if f.table == table and _is_total(f)), None)
        if total is None or not scores:
            continue
        blank = [row for row in rows if row.self_score is None and row.weight is not None]
        if blank:
            yield Verdict(
                outcome="not_computable",
                message=f"{title(case, table)}：总分印为{total.raw}，"
                f"有{len(blank)}项指标没有得分，无法核对。",
                places=(total.place,),
            )
            continue
        whole = sum(scores, Decimal(0))
        execution = [f for f in own if _is_execution(f)]
        with_execution = whole + sum((_value(f) for f in execution[:1]), Decimal(0))
        # What a profile's cap makes of a sum is no other sum.
        capped = [cap.total for cap in case.unit.scoring.caps if cap.total < with_execution]
        stated = _value(total)
        best = min((whole, with_execution, *capped), key=lambda v: abs(v - stated))
        yield _points(case, "总分合计", total, best, Place(file, sheet))


def _is_execution(figure: Figure) -> bool:
    """Return whether points are those of the execution rate: of the whole, not of one fund."""
    return figure.table.endswith("_funds") and "@" not in figure.item_code


def _is_total(figure: Figure) -> bool:
    code = figure.item_code
    return code == "total" or (code.startswith("project:") and "/" not in code)


def _points(
    case: Evaluation, name: str, figure: Figure, computed: Decimal, place: Place
) -> Verdict:
    gap = abs(Fraction(_value(figure)) - Fraction(computed))
    ended: Outcome = _outcome(gap, Fraction(1, 100))
    unread = [
        (other.place, other.raw)
        for other in case.tables.reading.unread
        if (other.place.file, other.place.sheet) == (place.file, place.sheet)
    ]
    tail = ""
    cells: tuple[Place, ...] = (figure.place, place)
    if ended == "fail" and unread:
        ended, tail = (
            "not_computable",
            f"；{named_cells(unread)}没有读懂，可能是其中的一部分，无法核对",
        )
        cells += tuple(at for at, _ in unread)
    return Verdict(
        outcome=ended,
        message=f"{title(case, str(figure.table))}：{name}印为{figure.raw}，"
        f"各项相加为{case.printer.points(computed)}{tail}。",
        places=cells,
        expected=case.printer.points(computed),
        found=figure.raw,
        item=name,
    )


def check_rates_in_order(case: Evaluation) -> Iterator[Verdict]:
    """I22: where the money that arrived is less than due, no more than that can be spent."""
    rows = [*case.tables.reading.indicators, *case.tables.indicators]
    arrived, spent = (
        [row for row in rows if any(word in row.indicator_name for word in case.words(kind))]
        for kind in ("money_arrived", "money_spent")
    )
    for row in arrived:
        for other in spent:
            if row.project != other.project:
                continue
            first, second = _percent(row.actual_value), _percent(other.actual_value)
            if first is None or second is None or first >= 100:
                continue
            yield Verdict(
                outcome="fail" if second > first else "pass",
                message=f"“{row.indicator_name}”为{row.actual_value}，"
                f"“{other.indicator_name}”为{other.actual_value}"
                f"{'，支出超过了到位的资金，请核实。' if second > first else '。'}",
                places=(row.place, other.place),
                item=other.indicator_name,
            )


def _percent(text: object) -> Decimal | None:
    match = _PERCENT.fullmatch(str(text).strip())
    return Decimal(match["number"]) if match else None


def check_projects_with_objectives(case: Evaluation) -> Iterator[Verdict]:
    """I15: the money of projects said to have objectives is not above all projects' money."""
    yield from check_identity(case, "I15")
    words = one_of(case.words("projects_with_objectives"))
    known = {phase: case.fen("project", phase) or 0 for phase in _LEVELS}
    largest = max(known, key=lambda phase: known[phase])
    total = known[largest]
    if not total:
        return
    for paragraph in paragraphs(case, ("problem", "cause", "measure"), stand_in=""):
        for start, end in paragraph.sentences:
            years = {int(year) for year in _YEAR.findall(paragraph.text, start, end)}
            if years and case.unit.year not in years:
                continue  # 2025年拟编报绩效目标的项目……
            said = re.search(words, paragraph.text[start:end])
            match = AMOUNT.search(paragraph.text, start + said.end(), end) if said else None
            if said is None or match is None or match.start() - start - said.end() > _NEAR:
                continue
            stated, shown = printed_amount(match), paragraph.quote(*match.span())
            over = stated.value - stated.half > total
            yield Verdict(
                outcome="fail" if over else "pass",
                message=f"文中编报绩效目标的项目资金{shown}，项目支出{case.printer.money(total)}"
                f"{'，部分超过了全部，请核实' if over else ''}："
                f"“{paragraph.excerpt(*match.span())}”。",
                places=(paragraph.place(match.start()), *case.places("project", largest)),
                expected=f"不超过{case.printer.money(total)}",
                found=shown,
            )


def _figures(case: Evaluation, block: str) -> list[Figure]:
    return [f for f in case.tables.figures if f.block == block and f.value is not None]


def _figures_on(case: Evaluation, block: str, file: str, sheet: str) -> list[Figure]:
    at = (file, sheet)
    return [f for f in _figures(case, block) if (f.place.file, f.place.sheet) == at]


def _value(figure: Figure) -> Decimal:
    """Return the number of a figure that has one."""
    assert figure.value is not None
    return figure.value


def _figure_like(case: Evaluation, figure: Figure, block: str) -> Figure | None:
    def at(one: Figure) -> tuple[str, str, str, str]:
        return one.table, one.item_code, one.place.file, one.place.sheet

    return next((f for f in _figures(case, block) if at(f) == at(figure)), None)


def _by_form(case: Evaluation) -> dict[tuple[str, str, str], list[Indicator]]:
    """Return the indicators of official forms, by table and sheet."""
    forms: dict[tuple[str, str, str], list[Indicator]] = {}
    for row in case.tables.reading.indicators:
        forms.setdefault((row.table, row.file, row.sheet), []).append(row)
    return forms
