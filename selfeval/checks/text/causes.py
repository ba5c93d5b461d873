"""PAIR-03: one shortfall, told with one cause."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...evaluation import Evaluation
from ...evaluation.finding import Verdict
from ...evaluation.rows import is_of_timeliness
from ...folding import fold
from ...schemes.known_names import WordsName
from ...tables.rows import Indicator, Measure
from ..reasons import bare, column

_KINDS: Final[tuple[WordsName, ...]] = ("beyond_control", "own_shortcomings")


def check_one_cause(case: Evaluation) -> Iterator[Verdict]:
    """PAIR-03: an indicator that was missed and its project's problem do not blame each other.

    Only where both are surely of one thing: the project has one indicator that was missed and one
    problem, and both are of time. One place has causes from outside alone, the other the unit's
    own alone; two causes of a kind may both be true.
    """
    missed: dict[str, list[Indicator]] = {}
    for row, reached in case.attained:
        if reached.share is not None and reached.share < 1 and row.project:
            missed.setdefault(fold(row.project), []).append(row)
    problems: dict[str, list[Measure]] = {}
    for measure in case.tables.measures:
        if measure.project:
            problems.setdefault(fold(measure.project), []).append(measure)
    for project, rows in missed.items():
        told = problems.get(project, [])
        if len(rows) == len(told) == 1 and _are_of_time(case, rows[0], told[0]):
            yield from _judged(case, rows[0], told[0])


def _are_of_time(case: Evaluation, row: Indicator, told: Measure) -> bool:
    slow = any(word in fold(told.problem) for word in map(fold, case.words("slow_execution")))
    return slow and is_of_timeliness(case, row)


def _judged(case: Evaluation, row: Indicator, told: Measure) -> Iterator[Verdict]:
    here = _blamed(case, row.deviation_cause)
    there = _blamed(case, f"{told.problem}{told.cause}")
    if {here, there} != {(kind,) for kind in _KINDS}:
        return
    where = column(case, "indicators", "deviation_cause"), column(case, "measures", "cause")
    yield Verdict(
        message=f"“{row.indicator_name}”没有完成，{where[0]}写的是“{bare(row.deviation_cause)}”，"
        f"“{bare(told.problem)}”的{where[1]}写的是“{bare(told.cause)}”：一处说是外部原因，一处说是本单位的原因。"
        "两处说的是同一件事的，请改成一致；各有各的原因的，两处都写全。",
        places=(row.place_of("deviation_cause"), told.place_of("cause")),
        item=row.indicator_name,
        write=(row.place_of("deviation_cause"), told.place_of("cause")),
        asks="同样的原因",
    )


def _blamed(case: Evaluation, text: str) -> tuple[WordsName, ...]:
    """Return which kinds of cause words speak of."""
    said = fold(text)
    return tuple(kind for kind in _KINDS if any(fold(word) in said for word in case.words(kind)))
