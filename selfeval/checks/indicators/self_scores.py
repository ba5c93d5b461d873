"""IND-01 to IND-05: weights, actuals, self-scores and evidence of indicators."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from ...evaluation import Evaluation
from ...evaluation.finding import Verdict
from ...evaluation.rows import (
    homeless,
    shared_blocks,
    shared_weight,
    variant_in_force,
    weight_places,
)
from ...evaluation.score import own_limits
from ...folding import fold
from ...money import format_exact
from ...terms import SCORE_TOTAL
from ..reasons import column, weigh


def check_weights(case: Evaluation) -> Iterator[Verdict]:
    """IND-01: the weights of the indicators of each block add up to the profile's."""
    if not case.tables.indicators:
        return
    variant, without = variant_in_force(case), homeless(case)
    for block, rows in shared_blocks(case):
        if any(row.weight is None for row in rows):
            continue  # What the weights of a block come to is not known before all are there.
        given = shared_weight(rows)
        if without and given + shared_weight(without) == block.left:
            continue  # What it lacks stands in rows that have no points, and are told for that.
        due, same = format_exact(block.left), given == block.left
        off = f"相差{format_exact(abs(given - block.left))}"
        yield Verdict(
            outcome="pass" if same else "fail",
            message=f"{block.name}的分值合计为{format_exact(given)}，评分办法规定{due}"
            f"，{'相符' if same else off}。",
            places=weight_places(rows),
            expected=due,
            found=format_exact(given),
            item=block.name,
            of="" if same else SCORE_TOTAL,
            due=tuple(
                (row.place_of("weight"), format_exact(row.weight + block.left - given))
                for row in rows
                if row.weight is not None and row.weight + block.left > given
            ),
        )
    for row in case.tables.indicators:
        line = variant.line_named(row.indicator_name)
        if line is not None and row.weight not in (None, line.points):
            typed, fixed = format_exact(row.weight), format_exact(line.points)
            yield Verdict(
                message=f"“{line.name}”的分值填的是{typed}，评分办法规定{fixed}，按{fixed}分计。",
                places=(row.place_of("weight"),),
                expected=fixed,
                found=typed,
                item=line.name,
                due=((row.place_of("weight"), fixed),),
            )


def check_actual_behind_score(case: Evaluation) -> Iterator[Verdict]:
    """IND-02: an indicator with a self-score has an actual value."""
    for row in case.tables.indicators:
        own = row.self_score
        if own is not None and not row.actual_value:
            given = case.printer.points(own, own_limits(own, row.weight))
            yield Verdict(
                message=f"“{row.indicator_name}”没有实际完成值，却自评{given}分。"
                "请填写实际完成的情况。",
                places=(row.place_of("actual_value"),),
                item=row.indicator_name,
                of=str(row.place),
            )


def check_self_scores(case: Evaluation) -> Iterator[Verdict]:
    """IND-03: self-scores stay within their weight and agree with the computed ones."""
    limit, printer = Fraction(case.threshold("score_difference")), case.printer
    agreed = 0
    for row, reached in case.attained:
        own, weight = row.self_score, row.weight
        if own is None or not isinstance(weight, Decimal):
            continue
        right = None if reached.points is None else printer.points(reached.points, [weight])
        name, given = row.indicator_name, printer.points(own, own_limits(own, weight))
        if own > weight or own < 0:
            most = printer.weight(weight)
            message = f"“{name}”自评{given}分，超出0至{most}分的范围。"
            expected = f"不超过{most}分"
        elif reached.points is None:
            continue  # Nothing to compare with; why not is said where the score is.
        elif abs(Fraction(own) - reached.points) <= limit:
            agreed += 1
            continue
        else:
            message = f"“{name}”自评{given}分，按评分办法计算为{right}分（{reached.basis}）。"
            expected = f"{right}分"
        yield Verdict(
            message=message,
            places=(row.place,),
            expected=expected,
            found=f"{given}分",
            item=name,
            due=() if right is None else ((row.place_of("self_score"), right),),
        )
    if agreed:
        yield Verdict(outcome="pass", message=f"{agreed}项指标的自评得分与计算得分一致。")


def check_evidence(case: Evaluation) -> Iterator[Verdict]:
    """IND-04: each indicator names its evidence, in its own row or in the ledger."""
    rows = case.tables.indicators
    bare = [r for r in rows if not r.evidence and fold(r.indicator_name) not in case.ledger]
    for row in bare:
        yield Verdict(
            message=f"“{row.indicator_name}”没有写明佐证材料。",
            places=(row.place,),
            item=row.indicator_name,
        )
    if rows and not bare:
        yield Verdict(outcome="pass", message=f"{len(rows)}项指标都写明了佐证材料。")


def check_deviations(case: Evaluation) -> Iterator[Verdict]:
    """IND-05: an indicator missed, or passed by far, has its cause explained."""
    far = Fraction(case.threshold("over_target_rate"))
    for row, reached in case.attained:
        share = reached.share
        if share is None or 1 <= share <= 1 + far:
            continue
        where = column(case, "indicators", "deviation_cause")
        cause = weigh(case, "IND-05", row.deviation_cause, where, row.place)
        if cause.holds:
            continue
        high = "，明显超过年度指标值，指标可能定得偏低" if share > 1 else ""
        yield Verdict(
            message=f"“{row.indicator_name}”{reached.standing or f'：{reached.basis}'}{high}，"
            f"{cause.told('没有写明原因。')}",
            places=(row.place,),
            item=row.indicator_name,
        )
