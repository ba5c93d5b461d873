"""LINT-01, LINT-03, LINT-04, LINT-09, LINT-13: indicators as they are worded and valued."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from ...evaluation import Evaluation
from ...evaluation.finding import Verdict
from ...folding import fold
from ...indicators.directions import comparison_of, is_cost, is_saving
from ...money import format_exact_rate
from ...tables.rows import Indicator
from ...terms import COMPARISONS, TABLE_HEADS
from ..reasons import says_why

_ASPECT_TAIL = "指标"
_MARKS = ",，.。;；、!！"


def is_numeric(case: Evaluation, row: Indicator) -> bool:
    """Return whether an indicator is to be measured in numbers."""
    return comparison_of(row, case.unit.scoring) != "qualitative"


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in fold(text))


def check_wording(case: Evaluation) -> Iterator[Verdict]:
    """LINT-01: names and targets say something that can be examined.

    The degree is severe where a target is nothing but empty words, medium where they stand for
    a measure, light where only the name has them.
    """
    for row in case.tables.indicators:
        degree, what, field = _emptiness(case, row)
        if degree:
            yield Verdict(
                message=f"“{row.indicator_name}”{what}。请写清数量、比例、时间或可以核对的结果。",
                places=(row.place,),
                found=row.target_value,
                item=row.indicator_name,
                degree=degree,
                write=(row.place_of(field),),
            )


def _emptiness(case: Evaluation, row: Indicator) -> tuple[str, str, str]:
    """Return how empty an indicator's wording is, "" if it is not; in words why; of which cell."""
    name, target = fold(row.indicator_name), fold(row.target_value)
    if not is_numeric(case, row) and not _has_digit(target):
        head = TABLE_HEADS["target"]
        if not target:
            return "severe", f"没有{head}，看不出要达到什么程度", "target_value"
        if not _without(target, (*case.words("empty_targets"), *case.words("empty_wording"))):
            return "severe", f"的{head}“{row.target_value}”只是空话，无法考核", "target_value"
        found = _first(target, case.words("empty_wording"))
        if found:
            return "medium", f"的{head}用“{found}”代替了可以考核的标准", "target_value"
    if name.removesuffix(_ASPECT_TAIL) == fold(row.indicator_aspect).removesuffix(_ASPECT_TAIL):
        return "medium", "只重复了二级指标的名称，没有说考核什么", "indicator_name"
    found = _first(name, case.words("empty_wording"))
    if found:
        return "light", f"的名称里有“{found}”，说的是要求，不是考核的内容", "indicator_name"
    return "", "", ""


def _first(text: str, words: tuple[str, ...]) -> str:
    return next((word for word in words if fold(word) in text), "")


def _without(text: str, words: tuple[str, ...]) -> str:
    for word in sorted(map(fold, words), key=len, reverse=True):
        text = text.replace(word, "")
    return text.strip(_MARKS)


def check_values_differ(case: Evaluation) -> Iterator[Verdict]:
    """LINT-03: the targets of many indicators are not all one and the same number."""
    rows = [row for row in case.tables.indicators if is_numeric(case, row) and row.target_value]
    if not rows:
        return
    least = case.threshold("identical_values_count")
    share = Fraction(case.threshold("identical_values_share"))
    (value, count), *_ = Counter(fold(row.target_value) for row in rows).most_common(1)
    if count < least or count < share * len(rows):
        return
    same = [row for row in rows if fold(row.target_value) == value]
    actuals = {fold(row.actual_value) for row in same}
    both = f"，{TABLE_HEADS['actual']}也都是“{actuals.pop()}”" if len(actuals) == 1 else ""
    yield Verdict(
        message=f"{len(rows)}项定量指标里有{count}项的{TABLE_HEADS['target']}都是“{value}”{both}，"
        "像是照填的。请逐项写实际的目标和完成情况。",
        places=tuple(row.place for row in same),
        found=value,
    )


def check_cost_direction(case: Evaluation) -> Iterator[Verdict]:
    """LINT-04: a cost is to be kept below its target, unless it is a saving."""
    scoring = case.unit.scoring
    for row in case.tables.indicators:
        way = comparison_of(row, scoring)
        if way not in {"at_least", "more_than"} or not is_cost(row, scoring):
            continue
        if is_saving(row, scoring):
            continue
        yield Verdict(
            message=f"“{row.indicator_name}”是成本指标，指标性质却是“{COMPARISONS[way]}”，"
            f"等于花得越多越好。请改为“{COMPARISONS['at_most']}”；是节约额、节约率的，在名称里写明。",
            places=(row.place,),
            expected=COMPARISONS["at_most"],
            found=COMPARISONS[way],
            item=row.indicator_name,
        )


def check_far_beyond(case: Evaluation) -> Iterator[Verdict]:
    """LINT-09: a target passed by far is noted, even where the unit wrote why.

    Where it did not, IND-05 says so, and once is enough.
    """
    far, printer = 1 + case.threshold("over_target_rate"), case.printer
    for row, reached in case.attained:
        share = reached.share
        bare = share is not None and share > far and not says_why(case, row.deviation_cause)
        if share is None or share < far or bare:
            continue
        shown, limit = printer.rate(share, reached.limits), format_exact_rate(far)
        yield Verdict(
            message=f"“{row.indicator_name}”完成比例{shown}，"
            f"达到或超过{limit}：复核时会注明，有的地方按偏离扣分。"
            "请核对指标值是否定得偏低，下年度调整。",
            places=(row.place,),
            expected=f"低于{limit}",
            found=shown,
            item=row.indicator_name,
        )


def check_positive_weights(case: Evaluation) -> Iterator[Verdict]:
    """LINT-13: every indicator weighs something."""
    for row in case.tables.indicators:
        weight = row.weight
        if isinstance(weight, Decimal) and weight <= 0:
            yield Verdict(
                message=f"“{row.indicator_name}”的{TABLE_HEADS['weight']}是{case.printer.points(weight)}，"
                "应大于零。请补上分值，或删去这项指标。",
                places=(row.place_of("weight"),),
                expected="大于0",
                found=case.printer.points(weight),
                item=row.indicator_name,
                of=str(row.place),
            )
