"""Numbers → Chinese sentences. A sentence holds quantities, not digits, until it is printed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from ..budget.printer import Printer
from ..budget.quantities import Kind, Quantity, counted
from ..evaluation import Evaluation
from ..evaluation.score import Score, capped_words, limit_words, of_total, waiting
from ..scoring.reviewer import Preview, ReviewedLine
from ..scoring.work_list import WorkList, is_cell
from ..terms import (
    COUNTS,
    SCORE_TOTAL,
    SCREEN_WORDS,
)


@dataclass(frozen=True)
class Number:
    """A quantity inside a sentence; ``absolute`` drops the minus where a word says it."""

    quantity: Quantity
    absolute: bool = False


Piece = str | Number
Text = tuple[Piece, ...]


def count_of(what: str, count: int) -> Number:
    """Return how many of something there are (``terms.COUNTS``), to stand in a sentence."""
    return Number(counted(f"count.{what}", COUNTS[what][0], count, COUNTS[what][1]))


def spending_of(name: str) -> str:
    """Return how the spending of a line is named: once where its name says that it is spending."""
    return name if name.endswith("支出") else f"{name}支出"


def under_caption(shown: str, caption: str) -> str:
    """Return a number as it stands in a table: without the unit that the caption ends with."""
    measure_unit = shown.lstrip("-0123456789.")
    named = caption.endswith((f"，{measure_unit}）", f"（{measure_unit}）"))
    return shown.removesuffix(measure_unit) if named else shown


def as_captioned(text: Text, printer: Printer, caption: str) -> str:
    """Return a sentence as plain text, its numbers without the unit that a caption ends with."""
    return "".join(
        piece if isinstance(piece, str) else under_caption(as_plain((piece,), printer), caption)
        for piece in text
    )


def as_plain(text: Text, printer: Printer) -> str:
    """Return a sentence as plain text."""
    return "".join(
        piece if isinstance(piece, str) else printer.quantity(piece.quantity, piece.absolute)
        for piece in text
    )


def describe_cap(evaluation: Evaluation) -> Text:
    """Say what the lines add up to and which cap holds the total down; nothing where none does."""
    limit = describe_limit(evaluation.final_score)
    whole = Number(evaluation.quantities["score.subtotal"])
    return capped_words(whole, limit) if limit else ()


def describe_preview(seen: Preview) -> Text:
    """Say in one sentence what a reviewer may leave, and name the lines nothing is known of."""
    if len(seen.lines) == 1:
        return ("没有填报绩效指标，不能预演。",)
    known, low, high = seen.evaluation.quantities, *seen.sums[:2]
    pieces: list[Piece] = ["按", count_of("criteria", len(seen.criteria)), "复核口径预演："]
    if seen.missing:
        # Lines without points are named at the end, each with its reason.
        why = "" if seen.left_out else f"（{seen.missing}）"
        pieces.append(f"没有总分{why}；可计分的部分")
    own = Quantity("preview.self_score", "预演各项的自评得分", "points", seen.self_score)
    own = replace(own, formula="各项自评得分之和，执行率按计算的得分", limits=seen.limits)
    pieces += ["自评得分不全"] if own.value is None else ["自评", Number(own)]
    pieces += ["，按评分办法计算", Number(known["score.subtotal" if seen.missing else SCORE_TOTAL])]
    whole = points_left("preview", "总分", seen.low, seen.high, seen.limits)
    if capped := describe_cap(seen.evaluation):
        pieces += ["（", *capped, "），复核后各项相加可能剩下"]
        pieces += [
            *points_left("preview.sum", "各项相加", low, high, seen.limits),
            "，总分可能是",
            *whole,
        ]
    else:
        pieces += ["，复核后可能剩下", *whole]
    pieces += ["（分值", Number(known["score.scored_weight"]), "）"]
    deducted = sum(1 for line in seen.struck if line.strikes)
    noted = sum(1 for line in seen.struck if line.notes and not line.strikes)
    waits = sum(1 for line in seen.struck if line.pending)
    struck: list[Piece] = ["，", count_of("struck", deducted), "可能被扣分"]
    pieces += struck if deducted else ["，没有看出会被扣分的指标"]
    if waits:
        pieces += ["，", count_of("waiting", waits), f"{SCREEN_WORDS['pending']}，得分可能全部被扣"]
    pieces += ["，", count_of("noted", noted), "会被注明。"] if noted else ["。"]
    if seen.lowest_cap is not None and seen.lowest_cap != seen.cap:
        cap, label = Fraction(seen.lowest_cap.total), "执行率可能带来的总分上限"
        least = Quantity("preview.cap", label, "points", cap, formula=seen.lowest_cap.reference)
        pieces += [
            f"{SCREEN_WORDS['execution']}{SCREEN_WORDS['pending']}，总分的上限可能低到",
            Number(least),
            "。",
        ]
    if seen.left_out:
        names = "；".join(f"“{line.name}”（{line.basis}）" for line in seen.left_out)
        pieces += [count_of("left_out", len(seen.left_out)), f"没有计算得分，不在其中：{names}。"]
    return tuple(pieces)


def describe_work(todo: WorkList) -> Text:
    """Say how much there is to write, and what is gone then."""
    if not todo.items:
        return ("没有要处理的发现。",)
    places = todo.places
    cells = count_of("cells", sum(map(is_cell, places)))
    gone: Text = (count_of("open", len(todo.findings)), "发现就都消失。")
    if all(map(is_cell, places)):
        return ("填", cells, "单元格，", *gone)
    written = count_of("places", len(places))
    among: Text = ("（其中单元格", cells, "）") if any(map(is_cell, places)) else ()
    return ("写", written, *among, "，", *gone)


def describe_strikes(seen: Preview) -> Text:
    """Name the lines that a reviewer may take most from, and those that may lose all."""
    struck = [
        (line.points - line.low, number, line)
        for number, line in enumerate(seen.lines)
        if line.strikes and line.points is not None and line.low is not None
    ]
    most = sorted(struck, key=lambda one: -one[0])[:_MOST_STRUCK]
    pieces: list[Piece] = []
    for _, number, line in most:
        pieces += ["、" if pieces else "复核时最可能扣：", f"“{line.name}”可能剩"]
        pieces += line_left(seen.evaluation, number, line)
    waits = "、".join(f"“{line.name}”" for line in seen.lines if line.pending)
    if waits:
        pieces += ["；" if pieces else "复核时", f"{waits}{SCREEN_WORDS['pending']}，可能全扣"]
    return (*pieces, "。") if pieces else ()


_MOST_STRUCK = 3


def line_left(evaluation: Evaluation, number: int, line: ReviewedLine) -> Text:
    """Return the points that a reviewer may leave of a line with points, by its number."""
    limits = evaluation.quantities[f"score.{number}.points"].limits
    low, high = line.low or Fraction(0), line.high or Fraction(0)
    return points_left(f"preview.{number}", f"“{line.name}”", low, high, limits)


def points_left(
    key: str, label: str, low: Fraction, high: Fraction, limits: tuple[Fraction, ...]
) -> Text:
    """Return the points a reviewer may leave: a range where the least are not the most."""

    def left(end: str, points: Fraction, other: Fraction) -> Number:
        # Two ends that are not the same are not printed as the same.
        beside = limits if points == other else (*limits, other)
        name = f"{label}复核后{_ENDS[end]}可能剩下的分"
        why = "按复核口径预演"
        return Number(Quantity(f"{key}.{end}", name, "points", points, formula=why, limits=beside))

    most = left("high", high, low)
    return (most,) if low == high else (left("low", low, high), "–", most)


_ENDS = {"low": "最少", "high": "最多"}


def describe_limit(scored: Score) -> Text:
    """Say where a cap holds and what it allows; nothing where none does."""
    cap = scored.cap
    if cap is None:
        return ()
    label, limit = "总分设上限的执行率", Fraction(cap.execution_below)
    below = Quantity("score.cap", label, "rate", limit, formula=cap.reference)
    return limit_words(Number(below), Number(scored.total))


def describe_pending(scored: Score) -> Text:
    """Say which points of a score wait, in brackets; nothing where none do."""
    pieces: list[Piece] = []
    for name, points, weight in waiting(scored.pending_points):
        kind: Kind = "count" if points.denominator == 1 else "points"
        label, why = f"{name}{SCREEN_WORDS['pending']}的得分", "所依据的数或材料有严重问题"
        key = f"pending.{name}"
        number = Quantity(
            key, label, kind, points, formula=why, measure_unit="分", limits=(weight,)
        )
        lead = f"（{of_total(scored.cap is not None)}"
        pieces += ["、" if pieces else lead, name, Number(number)]
    return (*pieces, f"{SCREEN_WORDS['pending']}）") if pieces else ()
