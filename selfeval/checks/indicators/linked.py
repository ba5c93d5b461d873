"""IND-09, IND-10: projects, their indicators, and what is done about those that were missed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from ...budget.lines import project_line
from ...evaluation import Evaluation
from ...evaluation.finding import Verdict
from ...folding import fold
from ...indicators.directions import family_of
from ...money import format_exact_rate
from ...tables.rows import Indicator, Measure
from ...terms import BLOCKS, PHASES, PRIORITIES
from ..reasons import column
from ..text.own_words import named_projects

_RUN = 3
"""How many characters in a row a problem shares with the name of the indicator it is about."""
_LINK = ("indicators", "project")


def check_projects_have_indicators(case: Evaluation) -> Iterator[Verdict]:
    """IND-09: a large project, or one of priority, has an indicator.

    Where few indicators say which project they are of, nobody can tell, and nothing is said.
    """
    rows = case.tables.indicators
    linked = {
        line for row in rows for line in named_projects(case, row.project, row.indicator_name)
    }
    outputs = [row for row in rows if family_of(row) == "output"]
    if not linked or 2 * sum(bool(row.project) for row in outputs) < len(outputs):
        return
    own = {project_line(row.project): row for row in case.tables.projects}
    phase, whole = _budget(case)
    limit, where = case.threshold("project_without_indicator_share"), column(case, *_LINK)
    least, shown = Fraction(limit), format_exact_rate(limit)
    amounts = {line: case.fen(line, phase) or 0 for line in _projects(case)}
    bare = False
    for line, fen in amounts.items():
        share, row = Fraction(fen, whole), own[line]
        covered = not linked.isdisjoint([*_with_parts(case, line), project_line(row.parent)])
        if covered or (share < least and row.priority != "yes"):
            continue
        bare = True
        rank = "，是金额最大的项目" if fen == max(amounts.values()) else ""
        large = (
            f"{PHASES[phase]}{case.printer.money(fen)}，"
            f"占{BLOCKS['project']}的{case.as_printed(share, [least])}{rank}"
        )
        priority = f"{column(case, 'projects', 'priority')}是“{PRIORITIES['yes']}”"
        yield Verdict(
            message=f"“{row.project}”{large if share >= least else priority}，却没有一项绩效指标。"
            f"请为它设指标；已有的指标说的就是它的，在那一行的{where}写上它的名称。",
            places=(row.place,),
            expected=f"金额占{BLOCKS['project']}{shown}以上的项目有绩效指标",
            item=row.project,
            write=(replace(rows[-1].place, cell=""),),
            asks=f"为“{row.project}”加一个指标，分值从同类指标里匀出；已有指标说的就是它的，"
            f"在那一行的{where}写上它的名称",
        )
    if not bare:
        message = f"占{BLOCKS['project']}{shown}以上的项目都有绩效指标。"
        yield Verdict(outcome="pass", message=message)


def _budget(case: Evaluation) -> tuple[str, int]:
    """Return the phase that tells how large a project is, and project spending in it."""
    known = {
        phase: case.fen("project", phase) or 0
        for phase in ("adjusted_budget", "initial_budget", "executed")
    }
    return next(((phase, fen) for phase, fen in known.items() if fen > 0), ("executed", 1))


def _projects(case: Evaluation) -> Iterator[str]:
    """Yield the projects of the first rank; of what only gathers the other ones, its parts."""
    gathers = tuple(map(fold, case.words("other_projects")))
    for line in case.parts("project"):
        parts = case.parts(line) if fold(case.name(line)).startswith(gathers) else []
        yield from parts or [line]


def _with_parts(case: Evaluation, line: str) -> Iterator[str]:
    yield line
    for part in case.parts(line):
        yield from _with_parts(case, part)


def check_missed_have_measures(case: Evaluation) -> Iterator[Verdict]:
    """IND-10: an indicator of a project that was missed has a problem or a measure of it.

    Where the problems do not say which project they are of, nothing is said.
    """
    measures = case.tables.measures
    if not any(row.project for row in measures):
        return
    missed = [
        (row, reached.standing or f"：{reached.basis}")
        for row, reached in case.attained
        if reached.share is not None and reached.share < 1 and row.project
        if project_line(row.project) in case.budget_lines
    ]
    lacking = False
    for row, standing in missed:
        if _says_how(case, row) or any(_is_about(case, own, row) for own in measures):
            continue
        lacking = True
        cell = column(case, "indicators", "deviation_cause")
        table, link = f"“{case.unit.form.heading('measures')}”", column(case, "measures", "project")
        yield Verdict(
            message=f"“{row.indicator_name}”{standing}，{table}里没有“{row.project}”的问题和措施，"
            f"{cell}也没有写怎么改进。请在{table}补一行，{link}写“{row.project}”，"
            f"或者在{cell}写明改进措施。",
            places=(row.place_of("deviation_cause"),),
            item=row.indicator_name,
            write=(row.place_of("deviation_cause"),),
            asks="怎么改进",
        )
    if missed and not lacking:
        message = f"没有完成、写了关联项目的{len(missed)}项指标都有改进措施。"
        yield Verdict(outcome="pass", message=message)


def _says_how(case: Evaluation, row: Indicator) -> bool:
    """Return whether the row of an indicator itself says what is done about it."""
    said = fold(row.deviation_cause)
    return any(fold(word) in said for word in case.words("improving"))


def _is_about(case: Evaluation, measure: Measure, row: Indicator) -> bool:
    """Return whether a problem and its measure are of an indicator's project, or speak of it."""
    said = fold(f"{measure.problem}{measure.cause}{measure.measure}")
    name = fold(row.indicator_name)
    if any(name[at : at + _RUN] in said for at in range(len(name) - _RUN + 1)):
        return True
    own = project_line(row.project)
    named = named_projects(case, measure.project, said)
    return any(own in _with_parts(case, one) or one in _with_parts(case, own) for one in named)
