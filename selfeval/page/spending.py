"""The spending section: one table of all lines, the reasons, what the money was for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast

from markupsafe import Markup

from ..budget.lines import LEVELS, ONE_FUND, REST
from ..budget.overviews import SHOWN_PHASES, overview_rows
from ..budget.quantities import Quantity, difference, spending_lines
from ..evaluation import Evaluation
from ..money import DISPLAY_UNIT
from ..terms import (
    BLOCKS,
    CAPTIONS,
    NOT_COMPUTABLE,
    NOT_SUPPLIED,
    PHASES,
    RATES,
    STATES,
    TABLE_HEADS,
    WHOLE,
)
from .html import Cell, paragraphs_html, table_html
from .opening import EXECUTION_TABLE
from .sentences import Number, Piece, Text, count_of, spending_of
from .teller import Teller
from .totals import parts_html

_COLUMNS: Final = {
    "prior_final_accounts": "上年决算",
    "initial_budget": "年初预算",
    "adjusted_budget": "调整后",
    "executed": "全年支出",
    "execution_rate": "执行率",
    "initial_rate": "占年初",
}
"""The measures of the table of all lines, by their heads, which a phone has little room for."""


# --- the table of all lines --------------------------------------------------------------------


def execution_table(evaluation: Evaluation) -> Markup:
    """Return every budget line with its amounts and both rates, made once for all parts.

    Columns and lines without any number are left out and named below.
    """
    if execution_table not in evaluation.kept:
        evaluation.kept[execution_table] = _execution_table(evaluation)
    return cast(Markup, evaluation.kept[execution_table])


def _execution_table(evaluation: Evaluation) -> Markup:
    t, lines, known = Teller(evaluation), evaluation.budget_lines, evaluation.quantities
    own = spending_lines(lines, known)
    if not any(t.is_told(line) for line in own):
        return Markup()
    told = [line for line in own if line == "total" or any(map(t.is_told, (line, *t.below(line))))]
    measures = [m for m in _COLUMNS if any(known[f"{line}.{m}"].value is not None for line in told)]
    rows: list[list[Cell]] = []
    for line in told:
        name = WHOLE if line == "total" else lines[line].name
        rows.append([name, *(known[f"{line}.{measure}"] for measure in measures)])
    heads = [TABLE_HEADS["line"], *(_COLUMNS[measure] for measure in measures)]
    table = table_html(
        evaluation,
        f"{CAPTIONS['execution']}（{evaluation.unit.year}年，{DISPLAY_UNIT}）",
        heads,
        rows,
        numeric=range(1, len(heads)),
        strong=[i for i, line in enumerate(told) if line in {"total", "basic", "project"}],
        indent=indents(evaluation, told),
        css=f"lines c{len(measures)}",
        id=EXECUTION_TABLE,
        foot=parts_html(evaluation, ["total", *told[:-1]], [m for m in LEVELS if m in measures]),
    )
    missing = [PHASES[m] for m in LEVELS if m not in measures]
    missing += [lines[line].name for line in own if line not in told]
    note = f"没有填报，表中不列：{'、'.join(missing)}。" if missing else ""
    return table + paragraphs_html(evaluation, [(note,)] if note else [], "note")


def indents(evaluation: Evaluation, lines: Sequence[str]) -> dict[int, int]:
    """Return how far the names of lines are set in, by their rows."""
    levels = [evaluation.budget_lines[line].level for line in lines]
    return {row: level - 1 for row, level in enumerate(levels) if level}


# --- why spending differs ----------------------------------------------------------------------

_ABOUT_EXECUTION = ("EXEC-01", "EXEC-03", "EXEC-04")


def _reasons(evaluation: Evaluation) -> Markup:
    """Return the lines whose spending is explained, in whose words, and name those that are not."""
    t = Teller(evaluation)
    own = [line for line in spending_lines(t.lines, t.quantities) if line != "total"]
    asked = {f.item for f in evaluation.all_findings if f.explanation}
    beside = (line for line, one in t.lines.items() if one.parent == "other" and one.name in asked)
    given = {line: t.given(line) for line in (*own, *beside)}
    told = [line for line in given if given[line]]
    told.sort(key=lambda line: -t.size(f"{line}.overspend"))
    rows: list[list[Cell]] = [[t.name(one), _change(t, one), _quoted(given[one])] for one in told]
    whole = t.given("total")
    rows += [[WHOLE, _change(t, "total"), _quoted(whole)]] if whole else []
    table = Markup()
    if rows:
        caption = f"{CAPTIONS['reasons']}（{evaluation.unit.year}年，{DISPLAY_UNIT}）"
        heads = [TABLE_HEADS["line"], "比年初", TABLE_HEADS["reason"]]
        table = table_html(evaluation, caption, heads, rows, numeric=(1,), css="reasons")
    asked = {f.item for f in evaluation.all_findings if f.code in _ABOUT_EXECUTION and f.is_open}
    bare = [t.name(line) for line in own if t.name(line) in asked and not given[line]]
    note = f"单位没有说明原因：{'、'.join(bare)}。" if bare else ""
    return table + paragraphs_html(evaluation, [(note,)] if note else [], "alarm")


def _change(t: Teller, line: str) -> Cell:
    change = t.quantities[f"{line}.overspend"]
    return change if change.value is not None else t.quantities[f"{line}.budget_adjustment"]


def _quoted(texts: Sequence[str]) -> str:
    """Return a unit's reasons as what they are: its own words."""
    return "".join(f"“{text}”" for text in texts)


# --- sentences ---------------------------------------------------------------------------------


def spending_html(evaluation: Evaluation) -> Markup:
    """Return the section's conclusion, the table of all lines and that of the reasons."""
    conclusion = paragraphs_html(evaluation, [describe_spending(evaluation)], "conclusion")
    return conclusion + execution_table(evaluation) + _reasons(evaluation)


def describe_spending(evaluation: Evaluation) -> Text:
    """Open the spending section: what the budget is made of, and the year before."""
    t = Teller(evaluation)
    parts = [*t.children("total"), *t.children(REST)]
    known = [line for line in parts if t.has(f"{line}.share")]
    pieces: list[Piece] = []
    for line in known:
        pieces += [
            "，" if pieces else "年初预算中，",
            t.name(line),
            "占",
            t.number(f"{line}.share"),
        ]
    if not known:
        pieces = [f"{WHOLE}的{PHASES['initial_budget']}或它的组成{NOT_SUPPLIED}"]
    return (*pieces, "。", *_year_on_year(t, "total"))


def _year_on_year(t: Teller, line: str) -> list[Piece]:
    if not t.has(f"{line}.growth_rate"):
        return []
    change = t.sign(f"{line}.growth")
    if not change:
        return [f"支出与{PHASES['prior_final_accounts']}持平。"]
    word = ("增加", "增长") if change > 0 else ("减少", "下降")
    return [
        f"支出比{PHASES['prior_final_accounts']}{word[0]}",
        t.number(f"{line}.growth", absolute=True),
        f"，{word[1]}",
        t.number(f"{line}.growth_rate", absolute=True),
        "。",
    ]


def _spent(t: Teller, line: str, name: str = "") -> list[Piece]:
    """Word a line's spending with its rate, or why they are not known."""
    if not t.has(f"{line}.executed"):
        why, own = t.quantities[f"{line}.executed"].missing, f"{t.name(line)}的"
        return [
            why if why.startswith(own) else f"{own}{PHASES['executed']}{NOT_COMPUTABLE}（{why}）"
        ]
    pieces: list[Piece] = [spending_of(name), t.number(f"{line}.executed")]
    if t.has(f"{line}.execution_rate"):
        return [*pieces, f"，{_COLUMNS['execution_rate']}", t.number(f"{line}.execution_rate")]
    if t.has(f"{line}.initial_rate"):
        return [*pieces, "，为年初预算的", t.number(f"{line}.initial_rate")]
    return [*pieces, f"，{RATES['execution_rate']}{NOT_COMPUTABLE}"]


def describe_basic(evaluation: Evaluation) -> list[Text]:
    """Word basic spending: what was spent and what its two parts pay for."""
    t = Teller(evaluation)
    uses = [line for line in ("personnel", "operating") if t.note(line, "use")]
    pieces: list[Piece] = [*_spent(t, "basic", BLOCKS["basic"]), "。"]
    if t.note("basic", "use"):
        pieces.append(f"主要用于{t.note('basic', 'use')}。")
    told = "；".join(f"{t.name(line)}主要用于{t.note(line, 'use')}" for line in uses)
    pieces += [f"{told}。"] if told else []
    return [tuple(pieces), *_of_one_fund(t)]


def _of_one_fund(t: Teller) -> list[Text]:
    """Word the parts of basic spending that the tables tell of one fund alone."""
    pieces: list[Piece] = []
    for line in t.children(ONE_FUND):
        known = [phase for phase in LEVELS if t.has(f"{line}.{phase}")]
        pieces += ["；" if pieces else "其中只按一种资金公开的部分：", t.name(line)]
        for index, phase in enumerate(known):
            pieces += ["，" if index else "", PHASES[phase], t.number(f"{line}.{phase}")]
    return [(*pieces, "。")] if pieces else []


def describe_projects(evaluation: Evaluation) -> list[Text]:
    """Word project spending: the whole, then what each project is for, as the unit wrote it."""
    t = Teller(evaluation)
    projects = t.children("project")
    if not projects and not any(t.has(f"project.{phase}") for phase in LEVELS):
        return [(f"{BLOCKS['project']}{NOT_SUPPLIED}。",)]
    parts = sum(1 for _ in t.below("project")) - len(projects)
    count: list[Piece] = [f"项目明细{NOT_SUPPLIED}"]
    if projects:
        count = [f"{BLOCKS['project']}共", count_of("projects", len(projects)), "项目"]
    if parts:
        count += ["（另列明细", count_of("project_parts", parts), "）"]
    name = "" if projects else BLOCKS["project"]
    texts: list[Text] = [(*count, "，", *_spent(t, "project", name), "。")]
    return [*texts, *_uses(t, "project", "{}. ")]


def _uses(t: Teller, parent: str, numbered: str) -> Iterator[Text]:
    """Word what each project is for and what it spent; its parts where it does not say itself."""
    told = [
        line
        for line in t.children(parent)
        if any(t.note(one, "use") for one in (line, *t.below(line)))
    ]
    for index, line in enumerate(told, 1):
        name, use = t.name(line), t.note(line, "use")
        lead = [f"{name}用于{use}，", *_spent(t, line)] if use else _spent(t, line, name)
        yield (numbered.format(index), *lead, "。")
        if not use:
            yield from _uses(t, line, "（{}）")


def describe_fund(evaluation: Evaluation, block: str) -> list[Text]:
    """Word a fund's spending where the tables have it."""
    t = Teller(evaluation)
    if block not in t.lines:
        return []
    phases = {"initial_budget": "年初预算", "executed": "全年支出"}
    known = [phase for phase in phases if t.has(f"{block}.{phase}")]
    zero = all(t.sign(f"{block}.{phase}") == 0 for phase in known)
    if zero and any(t.quantities[f"{block}.{phase}"].is_none for phase in phases):
        return [(f"公开表写明没有{t.name(block)}。",)]
    own = t.evaluation.unit.narrative.texts.get(block)
    if not known or (zero and own and own.text):
        return []
    if zero and len(known) == len(phases):
        return [(f"{t.name(block)}没有预算也没有支出。",)]
    pieces: list[Piece] = [t.name(block)]
    for phase in known:
        pieces += ["，" if len(pieces) > 1 else "", phases[phase], t.number(f"{block}.{phase}")]
    pieces += [f"，{PHASES[phase]}{NOT_SUPPLIED}" for phase in phases if phase not in known]
    return [(*pieces, "。")]


# --- what stands beside it ---------------------------------------------------------------------

_CARRYOVERS: Final = ("opening_carryover_and_surplus", "closing_carryover_and_surplus")
_OTHER_BUDGETS: Final = ("adjusted_budget", "stated_budget")
_OTHER_HEADS: Final = ("prior_final_accounts", "initial_budget", "adjusted_budget", "executed")


def spending_end(evaluation: Evaluation) -> Markup:
    """Return what ends the section: the balance, 三公 and the like, income and functions."""
    phases = [[phase] for phase in SHOWN_PHASES]
    return Markup().join(
        [
            paragraphs_html(evaluation, _balance(evaluation)),
            _other_table(evaluation),
            *(_overview_table(evaluation, "revenue", phase) for phase in phases),
            _overview_table(evaluation, "function", SHOWN_PHASES),
        ]
    )


def _balance(evaluation: Evaluation) -> list[Text]:
    """Say what is left of the adjusted budget beside what was carried over at the end."""
    t, (opening, closing) = Teller(evaluation), _CARRYOVERS
    carried, told = f"{closing}.executed", f"{opening}.executed"
    if not t.has(carried):
        return []
    name = BLOCKS[closing]
    pieces: list[Piece] = [name, t.number(carried)]
    if t.has(told):
        pieces = [BLOCKS[opening], t.number(told), "，", *pieces]
    if not (t.has("total.adjusted_budget") and t.has("total.executed")):
        return [(*pieces, "。")]
    left = t.left_of("adjusted_budget")
    label = f"没有用完的预算与{name}之差"
    gap = difference(f"{closing}.unexplained", label, left, t.quantities[carried])
    if gap.value == 0:
        return [(*pieces, "，与没有用完的预算一致。")]
    said = t.given(closing)
    asked = any(f.code == "EXEC-07" and f.is_open for f in evaluation.all_findings)
    why = f"，单位说明：{_quoted(said)}" if said else "，单位没有说明" if asked else ""
    tail: list[Piece] = [
        "；没有用完的预算是",
        Number(left),
        "，两者相差",
        Number(gap, absolute=True),
    ]
    return [(*pieces, *tail, f"{why}。")]


def _other_table(evaluation: Evaluation) -> Markup:
    """Return 三公, procurement and the like; those of nothing in a sentence below."""
    lines, known = evaluation.budget_lines, evaluation.quantities
    own = [key for key, line in lines.items() if line.parent == "other" and key not in _CARRYOVERS]

    def is_zero(line: str, *phases: str) -> bool:
        cells = [known[f"{line}.{phase}"] for phase in phases]
        return any(cell.value == 0 or cell.is_none for cell in cells)

    def is_nothing(line: str) -> bool:
        phases = {*_OTHER_HEADS, *_OTHER_BUDGETS}
        some = any(known[f"{line}.{phase}"].value for phase in phases)
        return not some and is_zero(line, "executed")

    def is_told(line: str, *measures: str) -> bool:
        cells = (known[f"{line}.{measure}"] for measure in measures)
        return any(cell.value is not None or cell.is_none for cell in cells)

    budgets = ("initial_budget", *_OTHER_BUDGETS)
    nothing = [line for line in own if is_nothing(line) and is_zero(line, *budgets)]
    denied = [
        line
        for line in own
        if is_nothing(line) and known[f"{line}.executed"].is_none and line not in nothing
    ]
    told = [line for line in own if is_told(line, *_OTHER_HEADS, *_OTHER_BUDGETS)]
    shown = [line for line in told if line not in (*nothing, *denied)]
    # A budget that its table calls neither initial nor adjusted stands where the initial one would.
    stands = {"initial_budget": ("initial_budget", "stated_budget")}
    measures = [
        m for m in _OTHER_HEADS if any(is_told(line, *stands.get(m, (m,))) for line in shown)
    ]
    rows: list[list[Cell]] = []
    phase = ""
    for line in shown:
        above, phase = phase, _budget_phase(known, line)
        # What is said of an amount's budget need not be said again of each of its parts.
        note = "" if lines[line].level > 1 and phase == above else phase
        rows.append([lines[line].name])
        for measure in measures:
            cell = _or_none(known[f"{line}.{measure}"])
            if measure == "initial_budget" and phase == "stated_budget":
                budget = known[f"{line}.{phase}"]
                cell = [budget, PHASES[note]] if note else _or_none(budget)
            rows[-1].append(cell)
        rows[-1].append(_growth(known, line))
    # The heads speak for their parts.
    left = [
        line for line in own if lines[line].level == 1 and line not in (*shown, *nothing, *denied)
    ]
    is_dash = {line: not known[f"{line}.executed"].applies for line in left}
    absent = [b for b in ("three_public_expenses", "procurement") if b not in own]
    absent += [line for line in left if not is_dash[line]]
    notes: list[Text] = [
        (f"{words}：{'、'.join(BLOCKS[line] for line in named)}。",)
        for words, named in (
            ("没有预算也没有支出", nothing),
            ("公开表写明没有", denied),
            (STATES["dash"], [line for line in left if is_dash[line]]),
            (NOT_SUPPLIED, absent),
        )
        if named
    ]
    below = paragraphs_html(evaluation, notes, "note")
    if not rows:
        return below
    caption = f"{CAPTIONS['other']}（{evaluation.unit.year}年，{DISPLAY_UNIT}）"
    heads = [TABLE_HEADS["item"], *(_COLUMNS[m] for m in measures), "比上年"]
    table = table_html(
        evaluation,
        caption,
        heads,
        rows,
        numeric=range(1, len(heads)),
        indent=indents(evaluation, shown),
        css=f"lines c{len(heads) - 1}",
    )
    return table + below


def _growth(known: Mapping[str, Quantity], line: str) -> Cell:
    growth = known.get(f"{line}.growth_rate")
    return growth if growth is not None and growth.value is not None else "—"


def _budget_phase(known: Mapping[str, Quantity], line: str) -> str:
    """Return which budget stands for an initial one that there is not, "" where there is none."""
    if known[f"{line}.initial_budget"].value is not None:
        return ""
    others = (p for p in _OTHER_BUDGETS if known[f"{line}.{p}"].value is not None)
    return next(others, "")


def _or_none(quantity: Quantity) -> Cell:
    return STATES["none"] if quantity.is_none else quantity


def _overview_table(evaluation: Evaluation, overview: str, phases: Sequence[str]) -> Markup:
    """Return income by source or spending by function, where official tables have it."""
    named = overview_rows(evaluation.quantities, overview, phases)
    if not named:
        return Markup()
    known = [quantity.key.rpartition(".")[2] for quantity in named[0][1]]
    rows: list[list[Cell]] = [[name, *numbers] for name, numbers in named]
    caption = f"{CAPTIONS[overview]}（{evaluation.unit.year}年，{DISPLAY_UNIT}）"
    heads = [TABLE_HEADS["item"], *(PHASES[phase] for phase in known)]
    return table_html(evaluation, caption, heads, rows, numeric=range(1, len(heads)), css="narrow")
