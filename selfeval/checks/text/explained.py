"""TEXT-17: whether the text says why spending changed, or is above or below the budget."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from ...evaluation import Evaluation
from ...evaluation.finding import Verdict
from ...folding import fold
from ...text.paragraphs import Paragraph, one_of
from ...text.statements import Statement, Subject
from ..prose import paragraphs
from ..reasons import gives_reason, says_why
from .facts import subject_of_line

_SURE = {"", "carried"}


def check_reasons(case: Evaluation) -> Iterator[Verdict]:
    """TEXT-17: a change against the year before or the budget is told, and nowhere a reason."""
    lines = {subject_of_line(line): line for line in case.budget_lines}
    given = 0
    rise, fall = (
        Fraction(case.threshold(name)) for name in ("explained_change", "explained_decrease")
    )
    # The table of problems has a column of its own for the cause.
    told = paragraphs(case, fields=())
    rates = {
        id(one.said.after): one.said.number.value
        for one in case.judged
        if one.said.after and one.said.number
    }
    for said in _changes(case):
        own = said.subjects[0] if said.subjects else Subject()
        line = lines.get(own) or lines.get(Subject(item=own.item), "")
        size = _size(case, said, line, rates)
        smallest = fall if said.direction == -1 else rise
        if (size is not None and size < smallest) or (line and _is_of_budget(said)):
            continue  # what is above or below the budget the tables' own checks ask
        if gives_reason(case, said.paragraph.part) or _is_explained(case, line, told):
            given += 1
            continue
        yield Verdict(
            message=f"文中写“{said.told}”，这一部分里没有写原因："
            f"“{said.paragraph.excerpt(said.opens, said.end)}”。请补写原因。",
            places=(said.paragraph.place(said.start),),
            found=said.told,
            item=said.told,
        )
    for paragraph in told:
        yield from _unfinished(case, paragraph)
    if given:
        yield Verdict(outcome="pass", message=f"文字中有{given}处增减写明了原因。")


def _changes(case: Evaluation) -> Iterator[Statement]:
    """Yield the changes of the unit's money that the narrative tells, each once."""
    for judged in case.judged:
        said = judged.said
        moves = said.direction in {1, -1} and said.base is not None and said.after is None
        moves = moves and said.verb in {"", "above", "below"} and not said.base.subjects  # type: ignore[union-attr]
        vague = said.number is None and said.verb == ""
        if vague or (said.number and said.number.is_hedged):
            continue
        is_told = said.measure in {"change", "claim"} and said.paragraph.part
        of_budget = said.doubt == "silent" and said.base is not None and said.base.phases
        is_own = said.subjects and said.doubt in _SURE
        if moves and is_told and (is_own or of_budget):
            yield said


def _size(
    case: Evaluation, said: Statement, line: str, rates: Mapping[int, Fraction]
) -> Fraction | None:
    """Return how large a change is beside what was before it, None if nobody can tell.

    ``rates`` are those told behind an amount, by the id of its statement.
    """
    number = said.number
    if number is None:
        phases = ("executed", "prior_final_accounts")
        of_year = said.base is not None and said.base.year == case.unit.year - 1
        fen, last = (case.fen(line, phase) if line and of_year else None for phase in phases)
        return None if fen is None or not last else abs(Fraction(fen - last, last))
    if number.kind == "percent":
        return number.value
    told, now = rates.get(id(said)), case.fen(line, "executed") if line else None
    beside = said.base.amount if said.base else None
    if told is None and beside and beside.number and beside.number.value:
        return number.value / beside.number.value
    if told is not None or now is None:
        return told
    before = now - number.value * (said.direction or 0)
    return number.value / before if before > 0 else None


def _is_of_budget(said: Statement) -> bool:
    return said.base is not None and bool(said.base.phases) and said.base.year is None


def _is_explained(case: Evaluation, line: str, told: Sequence[Paragraph]) -> bool:
    """Return whether the tables, or words elsewhere that name a line, say why it changed."""
    if not line:
        return False
    name = fold(case.name(line))
    problems = [f"{row.project}{row.problem}{row.cause}" for row in case.tables.measures]
    return (
        says_why(case, case.budget_lines[line].note)
        or any(name in fold(problem) for problem in problems)
        or any(name in one.text and gives_reason(case, one.text) for one in told)
    )


def _unfinished(case: Evaluation, paragraph: Paragraph) -> Iterator[Verdict]:
    opening = one_of(case.words("reason_opening"))
    for match in re.finditer(rf"(?<![的是为])(?:{opening}):?(?=[。;])", paragraph.text):
        quote = paragraph.quote(*match.span())
        yield Verdict(
            message=f"“{quote}”后面没有写原因：“{paragraph.excerpt(*match.span())}”。",
            places=(paragraph.place(match.start()),),
            found=quote,
            item=quote,
        )
