"""LINT-05 to LINT-07: the third level under its second, the second under its first, each once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ...budget.lines import project_line
from ...evaluation import Evaluation
from ...evaluation.finding import Verdict
from ...evaluation.rows import is_of_timeliness
from ...folding import fold
from ...indicators.directions import family_of, is_level
from ...schemes.known_names import WordsName
from ...tables.rows import Indicator
from ...terms import FAMILIES
from ..text.own_words import named_projects

_KINDS: Final[tuple[tuple[WordsName, WordsName, str], ...]] = (
    ("money_spent_names", "money_spent_aspects", "资金支付"),
    ("satisfaction_names", "satisfaction_aspects", "满意程度"),
    ("timeliness_names", "timeliness_aspects", "是否及时"),
    ("cost_names", "cost_and_outcome_aspects", "成本"),
)
_FAMILY_ASPECTS: Final[Mapping[str, WordsName]] = {
    "cost": "aspects_of_cost",
    "output": "aspects_of_output",
    "outcome": "aspects_of_outcome",
    "satisfaction": "aspects_of_satisfaction",
}
_DATE = re.compile(r"[0-9]{1,2}月(?:[0-9]{1,2}日)?|年底|月底|[0-9]{4}年[0-9]")
_TAIL = re.compile(r"\([^()]*\)$|指标$")


def check_aspect(case: Evaluation) -> Iterator[Verdict]:
    """LINT-05: a third-level indicator is of the kind its second level names."""
    for row in case.tables.indicators:
        kind, allowed = _misplaced(case, row)
        if not kind:
            continue
        proper = f"请移到{'、'.join(f'“{name}”' for name in allowed)}下，或改写指标。"
        yield Verdict(
            message=f"“{row.indicator_name}”说的是{kind}，却列在“{row.indicator_aspect}”下。{proper}",
            places=(row.place,),
            expected="、".join(allowed),
            found=row.indicator_aspect,
            item=row.indicator_name,
        )


def _misplaced(case: Evaluation, row: Indicator) -> tuple[str, tuple[str, ...]]:
    """Return what an indicator is about and where that belongs, ("", ()) if it is there."""
    name, aspect = _bare(row.indicator_name), row.indicator_aspect
    for names, aspects, kind in _KINDS:
        allowed = case.words(aspects)
        if name.endswith(tuple(map(fold, case.words(names)))) and not is_level(aspect, allowed):
            return kind, allowed
    # A benefit may have a date by which it is to be felt; an output that has one is on time.
    dated = family_of(row) == "output" and _DATE.search(fold(row.target_value))
    if dated and not is_of_timeliness(case, row):
        return "什么时候完成", case.words("timeliness_aspects")
    return "", ()


def _bare(name: str) -> str:
    folded, shorter = "", fold(name)
    while shorter != folded:
        folded, shorter = shorter, _TAIL.sub("", shorter)
    return folded


def check_family(case: Evaluation) -> Iterator[Verdict]:
    """LINT-06: a second level is one of its first level's."""
    for row in case.tables.indicators:
        family, aspect = family_of(row), row.indicator_aspect
        allowed = case.words(_FAMILY_ASPECTS[family]) if family in _FAMILY_ASPECTS else (aspect,)
        if not aspect or is_level(aspect, allowed):
            continue
        yield Verdict(
            message=f"“{row.indicator_name}”的二级指标“{aspect}”不属于一级指标"
            f"“{row.indicator_family}”。请改选{'、'.join(f'“{name}”' for name in allowed)}之一，"
            "或改一级指标。",
            places=(row.place,),
            expected="、".join(allowed),
            found=aspect,
            item=row.indicator_name,
        )


def check_repeated(case: Evaluation) -> Iterator[Verdict]:
    """LINT-07: an indicator is counted once.

    The degree is ``across`` where two families have it, else ``within``, or ``untold`` where one
    of the two has no project and may be another.
    """
    seen: dict[str, list[Indicator]] = {}
    for row in case.tables.indicators:
        before = seen.setdefault(fold(row.indicator_name), [])
        alike = [(old, _is_same_project(case, old, row)) for old in before]
        before.append(row)
        earlier = next((old for wanted in (True, None) for old, is_same in alike
                        if is_same is wanted), None)  # fmt: skip
        if earlier is None:
            continue
        is_told = any(is_same for _, is_same in alike)
        families = [FAMILIES.get(family_of(r), r.indicator_family) for r in (earlier, row)]
        across = families[0] != families[1]
        where = f"在{'和'.join(families)}下各有一项" if across else f"在{families[0]}下有两项"
        told = "同一指标只能计一次分。请删去一项，或改成不同的内容。"
        if not is_told:
            where += "，一项没有填关联项目，看不出是不是同一指标"
            told = "请补填关联项目；是同一指标的只能计一次分，请删去一项。"
        yield Verdict(
            outcome="fail" if is_told else "not_computable",
            message=f"“{row.indicator_name}”{where}{'，' if is_told else '。'}{told}",
            places=(row.place, earlier.place),
            item=row.indicator_name,
            degree=("across" if across else "within") if is_told else "untold",
        )


def _is_same_project(case: Evaluation, one: Indicator, other: Indicator) -> bool | None:
    """Return whether two indicators are of one project, None where that cannot be told."""
    if fold(one.project) == fold(other.project):
        return True
    projects = [_project(case, row) for row in (one, other)]
    return projects[0] == projects[1] if all(projects) else None


def _project(case: Evaluation, row: Indicator) -> str:
    """Return the project of an indicator: as filled in, as named by it, or the only one, or ""."""
    if row.project:
        return project_line(row.project)
    all_lines = [line for line in case.budget_lines if line.startswith("project:")]
    lines = named_projects(case, "", row.indicator_name) or all_lines
    return lines[0] if len(lines) == 1 else ""
