"""Indicators + profile → scores, line by line, each with how it came about.

What cannot be scored has no points rather than zero, and then the total has none either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any, cast

from ..budget.lines import Parts, budget_lines
from ..budget.neighbours import prior_year, prior_year_score
from ..budget.printer import Printer
from ..budget.quantities import Quantity, quantities
from ..checks import check, check_scored
from ..errors import ParamsError
from ..evaluation import SCORED, Evaluation
from ..evaluation.finding import Finding
from ..evaluation.load import compared_rates
from ..evaluation.rows import (
    EXECUTION_RATES,
    cap_in_force,
    homeless,
    ledger_rows,
    shared_blocks,
    shared_weight,
    variant_in_force,
    weight_places,
)
from ..evaluation.score import Pending, Score, ScoredRow, limit_texts, own_limits
from ..folding import fold
from ..indicators.attainment import Attainment, attainment, rule_points
from ..indicators.directions import family_of, shown_target
from ..indicators.readings import with_unit
from ..money import format_exact
from ..schemes.scoring import Block, Cap, FixedLine, Scoring, limits_of, load_scoring
from ..sheets import Place
from ..tables.rows import Indicator
from ..terms import (
    COMPARISONS,
    FAMILIES,
    GRADES,
    NOT_COMPUTABLE,
    NOT_SUPPLIED,
    PHASES,
    SCORE_TOTAL,
    SCREEN_WORDS,
    TABLE_HEADS,
)
from ..unit import Unit

_GAPS_TOLD = 3


def score(evaluation: Evaluation, scheme: str = "") -> Evaluation:
    """Score by the unit's scheme; returns a new evaluation with ``scored``.

    It is checked first if it was not: points rest on numbers that findings may put in doubt. The
    findings about the score join the others.

    Parameters
    ----------
    evaluation : Evaluation
        As ``load_unit`` or ``check`` returns it.
    scheme : str
        Another scheme than the unit's, one of ``params/schemes/scoring``, for a trial (试算): the
        weights of its indicators are stretched to it, and it can be no report.

    Raises
    ------
    ParamsError
        If there is no such scheme.

    Examples
    --------
    >>> score(load_unit("S001")).scores[["指标", "计算得分"]].tail(1)
    绩效指标完成情况和得分（示例一：星桥区图书馆 2021年）
    指标 计算得分
    合计    98.37
    >>> score(load_unit("S001"), scheme="mof-2020").is_trial
    False
    """
    if scheme:
        by = load_scoring(evaluation.unit.schemes, scheme)
        if by != evaluation.unit.scoring:
            return _tried(evaluation, by)
    if evaluation.scored:
        return evaluation
    case = check(evaluation)
    if held := case.kept.get(SCORED):
        return cast("Evaluation", held)
    scored = score_unit(case)
    if scored.total.value is not None:
        scored = replace(scored, before=_total_before(case.unit))
    held = hold_back(case, scored, case.all_findings)
    numbers = {**case.quantities, **score_quantities(case.unit, scored)}
    return check_scored(replace(case, scored=held, quantities=numbers))


def _tried(evaluation: Evaluation, by: Scoring) -> Evaluation:
    """Return a trial: a unit scored as another profile would have it."""
    numbers = {k: q for k, q in evaluation.quantities.items() if not k.startswith("score.")}
    own = replace(evaluation, quantities=numbers, found=None, judged=(), scored=None)
    unit = replace(own.unit, scoring=by)
    numbers |= compared_rates(replace(own, unit=unit))
    own = check(replace(own, quantities=numbers))
    tried = replace(own, unit=unit, is_trial=True)
    held = hold_back(tried, score_unit(own, by), own.all_findings)
    numbers = {**own.quantities, **score_quantities(unit, held)}
    return check_scored(replace(tried, scored=held, quantities=numbers))


def _total_before(unit: Unit) -> Fraction | None:
    """Return last year's total: as recorded, else as its folder scores, None if neither does."""
    recorded = prior_year_score(unit)
    before = prior_year(unit) if recorded is None else None
    if before is None or before.unit is None or before.tables is None:
        return recorded
    lines = budget_lines(before.tables)
    numbers = quantities(lines, before.tables)
    return score_unit(Evaluation(before.unit, before.tables, lines, numbers)).total.value


def score_unit(own: Evaluation, by: Scoring | None = None) -> Score:
    """Score a unit by its profile: the execution rate, fixed lines, then each indicator.

    ``by`` is another profile, to be compared with: as the unit did not write its weights for it,
    those of a block's indicators are stretched to the block's points, in proportion. Weights that
    do not add up by the unit's own profile give no total by any.
    """
    unit = own.unit
    case = replace(own, unit=replace(unit, scoring=by or unit.scoring))
    stretched, unequal, amiss = _weighed(own, case)
    rows = tuple(_rows(case, stretched))
    subtotal = sum((row.points for row in rows if row.points is not None), Fraction(0))
    gaps = _gaps(case, rows)
    missing = gaps or unequal
    label, limits = "自评得分（按评分办法计算）", _total_limits(unit.scoring)
    found = Score(
        rows,
        Quantity(SCORE_TOTAL, label, "points", None, missing=missing, limits=limits),
        subtotal,
        grade="",
        rescaled=bool(stretched),
        printer=own.printer,
        amiss=() if gaps else amiss,
    )
    return found if missing else _with_total(case, found)


def _with_total(case: Evaluation, score: Score) -> Score:
    """Return a score that lacks nothing with its total, capped where the profile says so."""
    cap = binding(cap_in_force(case), score.subtotal)
    if cap is None:
        value, formula = score.subtotal, "各项得分之和"
        parts: Parts = tuple((f"score.{n}.points", 1) for n in range(len(score.rows)))
    else:
        value, parts = Fraction(cap.total), ()
        formula = f"各项得分之和，{''.join(limit_texts(cap, score.printer))}"
    total = replace(score.total, value=value, formula=formula, parts=parts)
    return replace(score, cap=cap, total=total, grade=_grade(case.unit.scoring, value))


def binding(cap: Cap | None, subtotal: Fraction) -> Cap | None:
    """Return a cap where it holds a sum down."""
    return cap if cap is not None and cap.total < subtotal else None


def _total_limits(scoring: Scoring) -> tuple[Fraction, ...]:
    """Return what a sum of points is compared with: grades, caps, full marks."""
    limits = {Fraction(scoring.total), *(Fraction(band.from_) for band in scoring.grades)}
    return tuple(sorted(limits | {Fraction(cap.total) for cap in scoring.caps}))


def _grade(scoring: Scoring, total: Fraction | None) -> str:
    if total is None:
        return ""
    return GRADES[next(band.grade for band in scoring.grades if total >= band.from_)]


def score_quantities(unit: Unit, score: Score) -> dict[str, Quantity]:
    """Return every number of a score: of each line, of each block, their sums and the grade."""
    rows = score.rows
    found: dict[str, Quantity] = {}
    for n, row in enumerate(rows):
        found |= {quantity.key: quantity for quantity in _line_points(unit, n, row)}

    def add(key: str, label: str, parts: Parts, limits: Iterable[Fraction] = ()) -> None:
        values = ((found[part].value or Fraction(0)) * sign for part, sign in parts)
        lacking = [found[part].missing for part, _ in parts if found[part].value is None]
        missing = "、".join(lacking) if parts else "没有能计分的"
        value = None if missing else sum(values, Fraction(0))
        beside = tuple(limits) or (() if value is None else (value,))
        whole = Quantity(key, label, "points", value, formula=label, parts=parts, limits=beside)
        found[key] = replace(whole, missing=missing)

    def parts_of(measure: str, among: Iterable[int]) -> Parts:
        return tuple((f"score.{n}.{measure}", 1) for n in among)

    known = [n for n, row in enumerate(rows) if row.points is not None]
    weighty = [n for n in known if rows[n].weight]
    add("score.weight", "各项分值之和", parts_of("weight", range(len(rows))))
    add("score.scored_weight", "能计分各项的分值之和", parts_of("weight", known))
    beside = _total_limits(unit.scoring)
    add("score.subtotal", "各项得分之和", parts_of("points", known), beside)
    taken = tuple((key, -sign) for key, sign in parts_of("points", weighty))
    add("score.lost", "没有得到的分", (*parts_of("weight", weighty), *taken), [Fraction(0)])
    for number, (block, lines) in enumerate(score.blocks.items()):
        scored = [n for n in lines if n in known]
        add(f"score.block{number}.weight", f"{block}的分值", parts_of("weight", lines))
        full = sum((rows[n].weight for n in lines), Fraction(0))
        add(f"score.block{number}.points", f"{block}的得分", parts_of("points", scored), [full])
    total = score.total
    bands = tuple((Fraction(band.from_), GRADES[band.grade]) for band in unit.scoring.grades)
    label = "按得分评定的等级"
    grade = replace(total, key="score.grade", label=label, kind="grade", bands=bands, limits=())
    if total.value is not None:
        grade = replace(grade, formula=unit.scoring.grade_lines, parts=((total.key, 1),))
    return found | {total.key: total, grade.key: grade}


def _line_points(unit: Unit, n: int, row: ScoredRow) -> Iterator[Quantity]:
    """Yield a line's weight, its points as computed, and those the unit gave itself."""
    place, basis, own, limits = row.place, row.basis, row.self_score, (row.weight,)

    def named(measure: str, value: Fraction | None, **more: Any) -> Quantity:
        label = f"{row.name}{TABLE_HEADS[measure]}"
        facts = {"missing": f"{label}{NOT_SUPPLIED}", "limits": limits} | more
        return Quantity(f"score.{n}.{measure}", label, "points", value, **facts)

    given = {"source": place} if place else {"formula": unit.scoring.name}
    if row.has_weight:
        yield named("weight", row.weight, **given)
    else:
        yield named("weight", None, **given, limits=())
    yield named("points", row.points, formula=basis, missing=basis)
    if own is None:
        yield named("self_score", None, source=place)
    else:
        beside = own_limits(own, row.weight)
        yield named("self_score", Fraction(own), source=place, limits=beside)


# --- points that wait ------------------------------------------------------------------------


def hold_back(case: Evaluation, score: Score, findings: Sequence[Finding]) -> Score:
    """Return a score with the points that wait for open severe findings, and then no grade.

    A line rests on the cells its number was computed from, an indicator on its own row and its
    rows in the ledger of evidence; a finding of a rule that ``unsettles`` names such a place.
    """
    doubts = Doubts(case, findings)
    pending = []
    for number, row in enumerate(score.rows if doubts.findings else ()):
        told = doubts.naming(_bases(case, row))
        if told and row.points:
            is_whole = row.family == FAMILIES["execution"]
            name = SCREEN_WORDS["execution"] if is_whole else f"“{row.name}”"
            pending.append(Pending(number, name, row.points, row.weight, told))
    grade = "" if pending else _grade(case.unit.scoring, score.total.value)
    return replace(score, pending=tuple(pending), grade=grade)


class Doubts:
    """Open severe findings of rules that unsettle points, found by the places they name."""

    def __init__(self, case: Evaluation, findings: Sequence[Finding]) -> None:
        rules = case.unit.checks.rules
        self._case = case
        self.findings = [f for f in findings if f.blocks and rules[f.code].unsettles]
        self._by_place: dict[str, list[int]] = {}
        for number, finding in enumerate(self.findings):
            for place in finding.places:
                self._by_place.setdefault(str(place), []).append(number)

    def naming(self, places: Iterable[str]) -> tuple[Finding, ...]:
        """Return those that name one of some places, in their order."""
        names = {name for place in places for name in _names(place)}
        found = {number for name in names for number in self._by_place.get(name, ())}
        return tuple(self.findings[number] for number in sorted(found))

    def holds(self, key: str) -> bool:
        """Return whether one of them names a cell that a number rests on."""
        return bool(self.findings and self.naming(_sources(self._case, key, set())))


def _names(source: str) -> Iterator[str]:
    """Yield what a place may be called: a corrected cell's source also says what it held."""
    yield source
    yield from (source[: mark.start()] for mark in re.finditer("（", source))


def _bases(case: Evaluation, row: ScoredRow) -> Iterator[str]:
    """Yield the places that a scored line rests on."""
    yield from _sources(case, row.quantity, set())
    if row.place:
        yield row.place
        for own in ledger_rows(case, row.name):
            yield str(own.place)


def _sources(case: Evaluation, key: str, seen: set[str]) -> Iterator[str]:
    """Yield where a number was read: itself, what it is computed from, the lines it includes."""
    quantity = case.quantities.get(key)
    if quantity is None or key in seen:
        return
    seen.add(key)
    yield quantity.source
    line, _, phase = key.rpartition(".")
    below = case.parts(line) if phase in PHASES else []
    for part in (*(part for part, _ in quantity.parts), *(f"{one}.{phase}" for one in below)):
        yield from _sources(case, part, seen)


# --- rows ------------------------------------------------------------------------------------


def _stretched(case: Evaluation) -> dict[str, Fraction]:
    """Return by how much each block's weights are stretched; blocks that fit are left out."""
    shared = [(block, shared_weight(rows)) for block, rows in shared_blocks(case)]
    return {
        block.block: Fraction(block.left) / Fraction(given)
        for block, given in shared
        if given > 0 and given != block.left
    }


def _rows(case: Evaluation, stretched: Mapping[str, Fraction]) -> Iterator[ScoredRow]:
    variant = variant_in_force(case)
    sharing = {block.block: rows for block, rows in shared_blocks(case)}
    for block in variant.blocks:
        if block.execution:
            yield _execution_row(case, block)
        for line in block.lines:
            yield _line_row(case, block, line)
        for row in sharing.get(block.block, ()):
            yield _indicator_row(case, block, row, stretched.get(block.block))
    yield from (_homeless(case, row) for row in homeless(case))


def _execution_row(case: Evaluation, block: Block) -> ScoredRow:
    scoring = case.unit.scoring
    key = EXECUTION_RATES[scoring.execution.denominator]
    rate, weight = case.quantities[key], Fraction(block.points)
    shown = ""
    points: Fraction | None = None
    if rate.value is not None:
        rule = scoring.execution.rule
        points, basis = rule_points(rule, rate.value, weight, case.printer)
        shown = case.rate(key, limits_of(rule, rate.value))
    elif scoring.execution.zero_budget != "refuse" and _is_zero_budget(case):
        points = weight if scoring.execution.zero_budget == "full" else Fraction(0)
        basis = "预算和支出都为零，按评分办法" + ("得满分" if points else "不得分")
    else:
        basis = f"不可计算：{rate.missing}"
    row = _row(block, weight, Attainment(rate.value, points, basis))
    name = f"部门整体{FAMILIES['execution']}"
    row = replace(
        row, family=FAMILIES["execution"], name=name, target="100%", actual=shown, quantity=key
    )
    return _explained(case, row, f"{name}{shown}" if shown else name)


def _is_zero_budget(case: Evaluation) -> bool:
    denominator = case.unit.scoring.execution.denominator
    budget, executed = case.fen("total", denominator), case.fen("total", "executed")
    return budget == 0 and executed == 0


def _line_row(case: Evaluation, block: Block, line: FixedLine) -> ScoredRow:
    weight, name = Fraction(line.points), fold(line.name)
    own = next((row for row in case.tables.indicators if fold(row.indicator_name) == name), None)
    if line.ratio:
        reached, shown = _ratio_attainment(case, line)
    elif own is None:
        reached, shown = _unjudged(case, line), ""
    else:
        reached, shown = attainment(own, case.unit.scoring, case.printer, line.points), ""
    row = _row(block, weight, reached)
    if own is not None:
        row = _told(case, row, own, reached)
    row = replace(row, aspect=line.aspect, name=line.name, line=line.line)
    if line.ratio:
        row = replace(row, actual=shown, target=line.reference, quantity=f"ratio.{line.ratio}")
    judged = own is not None and not line.ratio
    said = f"“{line.name}”{_really(row)}" if judged else f"{line.name}{shown}"
    return _explained(case, row, said)


def _unjudged(case: Evaluation, line: FixedLine) -> Attainment:
    head = partial(case.unit.form.heading, "indicators")
    remedy = (
        f"请在“{head()}”表里加一行，{head('indicator_name')}写“{line.name}”，"
        f"{head('comparison')}写“{COMPARISONS['qualitative']}”，"
        f"选{head('indicator_family')}和{head('indicator_aspect')}，填上{head('actual_value')}。"
    )
    asked = "；".join(line.judged)
    return Attainment(None, None, f"由单位评议，还没有填报（评议内容：{asked}）", remedy=remedy)


def _ratio_attainment(case: Evaluation, line: FixedLine) -> tuple[Attainment, str]:
    assert line.rule is not None
    ratio = case.quantities.get(f"ratio.{line.ratio}")
    if ratio is None:
        raise ParamsError(
            f"schemes/scoring（{case.unit.scoring.name}）",
            f"“{line.name}”的 ratio“{line.ratio}”不在共性指标里。",
            "请对照 params/schemes/ratios 改正。",
        )
    weight = Fraction(line.points)
    if ratio.value is None:
        if not ratio.applies and line.absent == "full":
            return Attainment(None, weight, f"{ratio.missing}，按评分办法得满分"), ""
        return Attainment(None, None, f"{NOT_COMPUTABLE}：{ratio.missing}"), ""
    points, basis = rule_points(line.rule, ratio.value, weight, case.printer)
    told = f"（{ratio.note}）" if ratio.note else ""
    shown = case.rate(ratio.key, limits_of(line.rule, ratio.value))
    return Attainment(ratio.value, points, f"{basis}{told}"), shown


def _indicator_row(
    case: Evaluation, block: Block, own: Indicator, factor: Fraction | None
) -> ScoredRow:
    typed = _weight(own)
    weight = typed * factor if factor else typed
    stretched = weight if factor and own.weight else None
    reached = attainment(own, case.unit.scoring, case.printer, stretched)
    row = _told(case, _row(block, weight, reached), own, reached)
    has_weight = own.weight is not None
    row = replace(row, has_weight=has_weight, typed_weight=typed if factor else None)
    target = row.target if own.target_value else NOT_SUPPLIED
    said = f"“{own.indicator_name}”目标{target}，{_really(row)}"
    return _explained(case, row, said)


def _really(row: ScoredRow) -> str:
    """Say what an indicator's actual value is."""
    return f"实际{(row.actual or NOT_SUPPLIED).removeprefix('实际')}"


def _homeless(case: Evaluation, own: Indicator) -> ScoredRow:
    """Return the row of an indicator for which the profile has no points."""
    weight = _weight(own)
    basis = f"评分办法“{case.unit.scoring.name}”没有给{own.indicator_family}的分值"
    remedy = "请改填办法里有分值的一级指标，或删去这项指标。"
    reached = Attainment(None, None, basis, remedy=remedy, field="indicator_family")
    row = _told(case, _row(None, weight, reached), own, reached)
    return _explained(case, replace(row, has_weight=own.weight is not None), own.indicator_name)


def _weight(own: Indicator) -> Fraction:
    return Fraction(own.weight) if own.weight is not None else Fraction(0)


def _row(block: Block | None, weight: Fraction, reached: Attainment) -> ScoredRow:
    return ScoredRow(
        block=block.name if block else "",
        weight=weight,
        points=reached.points,
        share=reached.share,
        is_reached=reached.is_reached,
        basis=reached.basis,
        standing=reached.standing,
        gap=reached.gap,
        rule=reached.rule,
        remedy=reached.remedy,
    )


def _told(case: Evaluation, row: ScoredRow, own: Indicator, reached: Attainment) -> ScoredRow:
    """Return a row with what the indicator behind it says."""
    unit, scoring = own.measure_unit, case.unit.scoring
    return replace(
        row,
        family=FAMILIES.get(family_of(own), own.indicator_family),
        aspect=own.indicator_aspect,
        name=own.indicator_name,
        target=shown_target(own, scoring),
        actual=with_unit(own.actual_value, unit, scoring.words),
        self_score=own.self_score,
        evidence=own.evidence,
        place=str(own.place),
        cells=(own.place_of(reached.field),),
        deviation=own.deviation_cause,
        project=own.project,
        is_own=True,
    )


def _explained(case: Evaluation, row: ScoredRow, said: str) -> ScoredRow:
    """Return a row with the sentence that explains it: what was reached, how that is scored."""
    return replace(row, sentence=_sentence(case, row, said))


def _sentence(case: Evaluation, row: ScoredRow, said: str) -> str:
    printer = case.printer
    if not row.has_weight:
        return f"{said}：{row.basis}，不能计分。"
    weight = _weight_text(row, printer)
    if row.points is None:
        reason = row.basis if row.basis.startswith(NOT_COMPUTABLE) else f"：{row.basis}"
        return f"{said}{reason}，{weight}，不能计分。"
    points = printer.points(row.points, [row.weight])
    return f"{said}：{row.basis}，{weight}，得{points}分。"


def _weight_text(row: ScoredRow, printer: Printer) -> str:
    """Say a line's weight, and what the unit typed where it was stretched."""
    weight = f"{TABLE_HEADS['weight']}{printer.weight(row.weight)}分"
    if row.typed_weight is None:
        return weight
    typed = printer.weight(row.typed_weight)
    return f"{weight}（由填报的{typed}分换算）"


def _gaps(case: Evaluation, rows: Sequence[ScoredRow]) -> str:
    """Return which lines have no points, "" where each has."""
    wants = any(block.takes for block in variant_in_force(case).blocks)
    if wants and not case.tables.indicators:
        return "没有填报绩效指标"
    gaps = [row.name for row in rows if row.points is None]
    if gaps:
        told = "、".join(gaps[:_GAPS_TOLD])
        return f"有{len(gaps)}项不能计分：{told}{'等' if len(gaps) > _GAPS_TOLD else ''}"
    return ""


def _weighed(
    own: Evaluation, case: Evaluation
) -> tuple[Mapping[str, Fraction], str, tuple[Place, ...]]:
    """Return by how much weights are stretched to a profile; or why there is no total, and where.

    Weights that do not add up by the profile they were written for are stretched to no other.
    """
    stretched = {} if case.unit.scoring == own.unit.scoring else _stretched(case)
    unequal, amiss = _unequal(own, {}) if stretched else ("", ())
    if unequal:
        told = f"按本单位的评分办法，{unequal}；不能换算成这个办法的{TABLE_HEADS['weight']}"
        return {}, told, amiss
    return stretched, *_unequal(case, stretched)


def _unequal(case: Evaluation, stretched: Mapping[str, Fraction]) -> tuple[str, tuple[Place, ...]]:
    """Say that the weights do not add up, by block, and in which cells; stretched ones do."""
    full = case.unit.scoring.total
    off = [
        (block, rows, shared_weight(rows))
        for block, rows in shared_blocks(case)
        if block.block not in stretched and shared_weight(rows) != block.left
    ]
    whole = full + sum((given - block.left for block, _, given in off), Decimal(0))
    if whole == full:
        return "", ()
    told = "；".join(
        f"{block.name}共{format_exact(given)}，评分办法规定{format_exact(block.left)}"
        for block, _, given in off
    )
    cells = weight_places([row for _, rows, _ in off for row in rows])
    return f"{TABLE_HEADS['weight']}合计为{format_exact(whole)}，不是{full}：{told}", cells
