"""The pages beside the reports: the index of a year and the page of rules. Jinja, autoescaped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from ..budget.printer import Printer
from ..money import DISPLAY_UNIT
from ..project import LIST_FILE
from ..schemes.checks import Checks
from ..scoring.desk import DESK_STATES, READY, DeskUnit, Sums, record_limits, sums
from ..scoring.distribution import ScoreDistribution, UnitTotal
from ..terms import (
    ACTIONS,
    CAPTIONS,
    NOT_COMPUTABLE,
    NOT_SUPPLIED,
    OUTCOMES,
    PAGE_HEADINGS,
    RUN_STATES,
    SCREEN_WORDS,
    SEVERITIES,
    TABLE_HEADS,
)
from .macros import environment, legible, style_sheet
from .strip import score_strip

_NAMED: Final = 5
_MOST_PROBLEMS: Final = 12
_REASONS_SHOWN: Final = 2
_OF_EDITIONS: Final = "部门整体支出绩效自评报告"
_NO_URL: Final = re.compile(r'[\x00-\x20"#%<>?\\^`{|}\x7f]')
_INCOMPARABLE: Final = {
    "stale": "依据已经改动",
    "draft": "还有严重问题没有处理",
    "not_scored": "算不出总分",
    "pending": "得分所依据的数或材料还没有核实",
    "capped": "总分以上限为准",
}
"""Why scores are not held against each other."""


def index_page(
    year: int,
    units: Sequence[DeskUnit],
    scores: Sequence[ScoreDistribution] = (),
    notebook: str = "",
) -> str:
    """Return the index of a year as a desk: what asks for work first, one line for each unit.

    Of an analyst's own notebook it shows states, reasons and links.

    Parameters
    ----------
    year : int
        The fiscal year.
    units : sequence of DeskUnit
        In the order to show.
    scores : sequence of ScoreDistribution
        How those totals lie that compare, for each way of scoring.
    notebook : str, optional
        The name of the analyst's own notebook that was run.
    """
    named = sorted({unit.group for unit in units} - {""})
    groups = {name: number for number, name in enumerate(named, 1)}
    titles = dict.fromkeys(str(unit.report["title"]) for unit in units if notebook and unit.report)
    html = (
        environment()
        .get_template("index.html.j2")
        .render(
            year=year,
            title="、".join(titles) or notebook or _OF_EDITIONS,
            notebook=notebook,
            total=len(units),
            counts=_counts(units),
            money="" if notebook else _money_told(units),
            words=SCREEN_WORDS,
            heads=TABLE_HEADS,
            captions=CAPTIONS,
            headings=PAGE_HEADINGS,
            money_unit=DISPLAY_UNIT,
            list_file="" if notebook else LIST_FILE,
            sections=[
                (state, [_row(one, groups) for one in own])
                for state, own in _by_state(units).items()
            ],
            groups=[] if notebook else [_group(name, n, units) for name, n in groups.items()],
            scores=[_scores(one) for one in scores],
            unranked="" if notebook else _unranked(units),
            problems=[] if notebook else list(_problems(units)),
            profiles=list(_profiles(units)),
            states={unit.state for unit in units},
            style=style_sheet(),
        )
    )
    return legible(html)


def _by_state(units: Sequence[DeskUnit]) -> dict[str, list[DeskUnit]]:
    found: dict[str, list[DeskUnit]] = {}
    for state in DESK_STATES:
        if own := [unit for unit in units if unit.state == state]:
            found[state] = own
    return found


def _counts(units: Sequence[DeskUnit]) -> list[dict[str, Any]]:
    """Return how many units are how far, and where on the page they begin."""
    states = Counter(unit.state for unit in units)
    first = next((state for state in DESK_STATES if state in READY and states[state]), "")
    found = [
        {"state": state, "word": SCREEN_WORDS[state], "count": states[state]}
        for state in DESK_STATES
        if state not in READY and states[state]
    ]
    ready = sum(states[state] for state in READY)
    if ready:
        word = "done" if first == "done" else "ready"
        found.append({"state": first, "word": SCREEN_WORDS[word], "count": ready})
    return found


def _printed(units: Sequence[DeskUnit]) -> Printer:
    """Return what prints numbers of several units: as they do, where all do it alike."""
    rules = {unit.report["rounding"] for unit in units if unit.report}
    return Printer(rules.pop() if len(rules) == 1 else "half_up")


def _money_told(units: Sequence[DeskUnit]) -> str:
    """Return what the units have spent together, and of how many that is."""
    printer = _printed(units)
    planned, adjusted = sums(units, "initial_budget"), sums(units, "adjusted_budget")
    if not planned.units:
        return ""
    told = f"年初合计{printer.money(planned.budget)}，支出合计{printer.money(planned.executed)}"
    if planned.rate is not None:
        told += f"，为年初的{printer.rate(planned.rate)}"
    if adjusted.rate is None:
        return f"{told}{_of(planned, units)}"
    apart = _of(planned, units) if adjusted.units != planned.units else ""
    rate = printer.rate(adjusted.rate)
    return f"{told}{apart}，{SCREEN_WORDS['execution']}{rate}{_of(adjusted, units)}"


def _of(found: Sums, units: Sequence[DeskUnit]) -> str:
    """Return of how many units a sum is, where it is not of all."""
    return f"（{found.units}个单位）" if found.units < len(units) else ""


def _group(name: str, number: int, units: Sequence[DeskUnit]) -> dict[str, Any]:
    """Return a department: how many of its units are how far, and what they have together."""
    own = [unit for unit in units if unit.group == name]
    printer, planned, adjusted = (
        _printed(own), sums(own, "initial_budget"), sums(own, "adjusted_budget")
    )  # fmt: skip
    money = [printer.money(fen).removesuffix(DISPLAY_UNIT) for fen in
             (planned.budget, planned.executed)]  # fmt: skip
    return {
        "name": name,
        "number": number,
        "total": len(own),
        "counts": _counts(own),
        "money": _money_told(own),
        "cells": [
            *(money if planned.units else [NOT_SUPPLIED, NOT_SUPPLIED]),
            NOT_COMPUTABLE if adjusted.rate is None else printer.rate(adjusted.rate),
        ],
        "short": planned.units < len(own) or adjusted.units < len(own),
    }


def _row(unit: DeskUnit, groups: Mapping[str, int]) -> dict[str, Any]:
    """Return what the line of a unit shows."""
    report, problems = unit.report, unit.problems
    told: dict[str, Any] = {
        "code": unit.code,
        "name": unit.name,
        "group": unit.group,
        "number": groups.get(unit.group, 0),
        "sample": report.get("sample", False),
        "problem": problems[0]["problem"] if problems else "",
    }
    if unit.state == "failed":
        reasons = str(unit.record["reason"]).splitlines()
        return told | {
            "kind": RUN_STATES.get(unit.record["status"], ""),
            "reasons": reasons[:_REASONS_SHOWN],
            "more": reasons[_REASONS_SHOWN:],
        }
    if unit.stale:
        told["problem"] = unit.stale
    if "notebook" in report:
        link = {"href": _href(unit.code, f"{report['notebook']}.html"), "text": report["title"]}
        return told | {"page": link}
    return told | {
        "waiting": [
            {"severity": severity, "word": SEVERITIES[severity], "count": count}
            for severity in SEVERITIES
            if (count := unit.waiting(severity))
        ],
        "cells": [_money(unit, "initial_budget"), _money(unit, "executed"), _rate(unit)],
        "score": score_cell(unit),
        "forms": [
            {"href": _href(unit.code, name), "text": _short(name)}
            for name in unit.record.get("annexes", ())
        ],
    }


def _href(code: str, name: str) -> str:
    """Return a link to a unit's file; Chinese stays as it is, which is a third as long."""
    return f"{code}/{_NO_URL.sub(lambda match: quote(match[0]), name)}"


def _short(name: str) -> str:
    """Return a form's file name as a link: its number, or its first words if it has none."""
    number, dash, _ = name.partition("-")
    return number if dash else name[:4]


def _money(unit: DeskUnit, key: str) -> str:
    fen = unit.number(key)
    return NOT_SUPPLIED if fen is None else unit.printer.money(fen).removesuffix(DISPLAY_UNIT)


def _rate(unit: DeskUnit) -> str:
    rate = unit.number("execution_rate")
    if rate is None:
        return NOT_COMPUTABLE
    return unit.printer.rate(rate, record_limits(unit.report, "execution_rate"))


def score_cell(unit: DeskUnit) -> str:
    """Return a unit's score with its grade, or with why points do not say what they seem to.

    What is no longer good, or a draft, has neither: it stands under that word.
    """
    points = unit.number("score")
    if points is None:
        return SCREEN_WORDS["not_scored"]
    shown = unit.printer.points(points, record_limits(unit.report, "score"))
    word = SCREEN_WORDS[unit.held] if unit.held else unit.report["grade"]
    return f"{shown} {word}" if unit.held or not unit.incomparable else shown


def _scores(scores: ScoreDistribution) -> dict[str, Any]:
    """Return how scores lie: the drawn strip and its words."""
    count = len(scores.totals)
    middle = scores.totals[count // 2]
    median = middle.printer.points(scores.median, middle.limits)
    lowest, highest = (_at(scores, end) for end in (scores.totals[0], scores.totals[-1]))
    profile = scores.sources[0].partition("。")[0] if scores.sources else ""
    return {
        "title": f"{count}个得分：最低{lowest}，中位{median}，最高{highest}",
        "profile": profile,
        "strip": score_strip(scores) if count > 1 else None,
        "warning": scores.warning,
    }


def _at(scores: ScoreDistribution, end: UnitTotal) -> str:
    """Return a score at an end with whose it is."""
    same = sum(1 for total in scores.totals if total.points == end.points)
    return f"{end.shown}（{end.unit}{f'等{same}个单位' if same > 1 else ''}）"


def _unranked(units: Sequence[DeskUnit]) -> str:
    """Return whose scores are not held against others, and why."""
    counts = Counter(unit.incomparable for unit in units)
    return "、".join(
        f"{SCREEN_WORDS[state]}{counts[state]}个（{why}）"
        for state, why in _INCOMPARABLE.items()
        if counts[state]
    )


def _problems(units: Sequence[DeskUnit]) -> Iterator[dict[str, Any]]:
    """Yield what waits in several units, the commonest first, with the first of the units."""
    found: dict[tuple[str, str], list[DeskUnit]] = {}
    for unit in units:
        for one in unit.problems if unit.state != "stale" else ():
            found.setdefault((one["severity"], one["problem"]), []).append(unit)
    order = list(SEVERITIES)
    shared = [(key, own) for key, own in found.items() if len(own) > 1]
    shared.sort(key=lambda one: (-len(one[1]), order.index(one[0][0]), one[0][1]))
    for (severity, problem), own in shared[:_MOST_PROBLEMS]:
        yield {
            "problem": problem,
            "severity": severity,
            "word": SEVERITIES[severity],
            "count": len(own),
            "units": own[:_NAMED],
        }


def _profiles(units: Sequence[DeskUnit]) -> Iterator[str]:
    """Yield where points and grades are from, for each profile in use; of several, whose."""
    used: dict[tuple[str, ...], list[str]] = {}
    for unit in units:
        if sources := tuple(unit.report.get("sources", ())):
            used.setdefault(sources, []).append(unit.code)
    for sources, codes in used.items():
        named = "、".join(codes[:_NAMED]) + (f"等{len(codes)}个单位" if codes[_NAMED:] else "")
        whose = f"用这个办法的：{named}。" if len(used) > 1 else ""
        yield f"{''.join(sources)}{whose}"


def rules_page(checks: Checks) -> str:
    """Return the page of rules as HTML."""
    template = environment().get_template("rules.html.j2")
    return template.render(
        rules=rule_rows(checks),
        thresholds=threshold_rows(checks),
        outcomes=list(OUTCOMES.values()),
        style=style_sheet(),
    )


def rule_rows(checks: Checks) -> list[dict[str, str]]:
    """Return the rules as rows of Chinese words."""
    return [
        {
            "code": code,
            "title": rule.title,
            "asks": rule.asks,
            "severity": SEVERITIES[rule.severity],
            "action": ACTIONS[rule.action],
            "reference": rule.source,
        }
        for code, rule in checks.rules.items()
    ]


def threshold_rows(checks: Checks) -> list[dict[str, str]]:
    """Return the thresholds as rows of Chinese words."""
    return [
        {
            "description": dated.description,
            "reference": dated.whence,
            "values": "；".join(
                f"{date.year}年{date.month}月{date.day}日起为{value.normalize():f}"
                for date, value in sorted(dated.values.items())
            )
            + "。",
        }
        for dated in checks.thresholds.values()
    ]


def rules_markdown(checks: Checks) -> str:
    """Return the page of rules as Markdown, the copy kept beside the schemes."""
    lines = [
        "# 检查规则",
        "",
        "本页由 `selfeval rules --markdown` 生成，请改 `checks/rules.yaml`，不要改本页。",
        "",
        f"每条的结果是{'、'.join(OUTCOMES.values())}之一；“不可计算”不算通过。",
        "",
        "| 代码 | 规则 | 查什么 | 轻重 | 该做什么 | 依据 |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['code']} | {row['title']} | {row['asks']} | {row['severity']} | {row['action']} |"
        f" {row['reference']} |"
        for row in rule_rows(checks)
    ]
    lines += ["", "## 阈值", ""]
    lines += [
        f"- {row['description']}{row['values']}依据：{row['reference']}"
        for row in threshold_rows(checks)
    ]
    return "\n".join(lines) + "\n"
