"""The pages beside the reports: the index of a year and the page of rules. Jinja, autoescaped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any, Final, Literal
from urllib.parse import quote

from ..budget.printer import Printer
from ..money import DISPLAY_UNIT
from ..schemes.checks import Checks
from ..scoring.distribution import ScoreDistribution, UnitTotal, record_limits
from ..terms import (
    ACTIONS,
    CAPTIONS,
    EDITIONS,
    NOT_COMPUTABLE,
    NOT_SUPPLIED,
    OUTCOMES,
    PHASES,
    RATES,
    SCREEN_WORDS,
    SEVERITIES,
    TABLE_HEADS,
)
from .macros import environment, legible, style_sheet

_NAMED: Final = 3
_OF_EDITIONS: Final = "部门整体支出绩效自评报告"


def index_page(
    year: int,
    records: Sequence[Mapping[str, Any]],
    distribution: ScoreDistribution | None = None,
    stale: Mapping[str, str] | None = None,
    notebook: str = "",
) -> str:
    """Return the index of a year: status, totals, rates, findings and links of every unit.

    Of an analyst's own notebook it shows status and links.

    Parameters
    ----------
    year : int
        The fiscal year.
    records : sequence of mappings
        One ``record.json`` a unit, in the order to show.
    distribution : ScoreDistribution, optional
        How the units' totals lie, shown below the units.
    stale : mapping, optional
        Why a report is no longer what would be made now, by its unit's code.
    notebook : str, optional
        The name of the analyst's own notebook that was run.
    """
    done = [record for record in records if record["status"] == "done"]
    states: Counter[str] = Counter(map(record_state, done))
    failed = len(records) - len(done)
    summary = f"共{len(records)}个单位，已生成报告{len(done)}个"
    short = [state for state in ("draft", "not_scored") if states[state]]
    told = "、".join(f"{SCREEN_WORDS[state]}{states[state]}个" for state in short)
    summary += f"，其中{told}" if told else ""
    summary += f"；{SCREEN_WORDS['failed']}{failed}个" if failed else ""
    summary += f"；{SCREEN_WORDS['stale']}{len(stale)}个" if stale else ""
    template = environment().get_template("index.html.j2")
    titles = dict.fromkeys(str(record["report"]["title"]) for record in done if notebook)
    html = template.render(
        year=year,
        title="、".join(titles) or notebook or _OF_EDITIONS,
        notebook=notebook,
        summary=f"{summary}。",
        money_unit=DISPLAY_UNIT,
        heads=[TABLE_HEADS[name] for name in ("unit", "status", "reports")],
        columns=_own_columns(stale) if notebook else [head for head, _ in _COLUMNS],
        groups=[
            (group, [_index_row(one, stale or {}) for one in own])
            for group, own in _groups(records)
        ],
        distribution=_distribution(distribution) if distribution else None,
        profiles=list(_profiles(done)),
        is_stale=bool(stale),
        style=style_sheet(),
    )
    return legible(html)


def _groups(records: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """Yield the units by group, those of none first, each group in the order given."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for record in records:
        groups.setdefault(str(record.get("group", "")), []).append(record)
    yield from sorted(groups.items())


def _distribution(scores: ScoreDistribution) -> dict[str, Any]:
    def shown(points: Fraction, like: UnitTotal) -> str:
        return like.printer.points(points, like.limits)

    def of_unit(total: UnitTotal) -> str:
        return f"{shown(total.points, total)}（{total.unit}）"

    totals = scores.totals
    cells = {
        "units_scored": str(len(totals)),
        "lowest": of_unit(totals[0]),
        "median": shown(scores.median, totals[len(totals) // 2]),
        "highest": of_unit(totals[-1]),
        "all_excellent": "是" if scores.all_excellent else "否",
    }
    mixed = f"这些得分出自{scores.profiles}个评分办法，算法和分数线不同，不宜直接比较。"
    return {
        "caption": CAPTIONS["scores"],
        "heads": [TABLE_HEADS[name] for name in cells],
        "cells": list(cells.values()),
        "without": (mixed if scores.profiles > 1 else "")
        + (f"另有{scores.without}个单位没有总分，不在其中。" if scores.without else "")
        + (f"另有{scores.pending}个单位有得分待核，不在其中。" if scores.pending else ""),
        "warning": scores.warning,
    }


def _profiles(done: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield where points and grades are from, for each profile in use; of several, whose."""
    used: dict[tuple[str, ...], list[str]] = {}
    for record in done:
        if sources := tuple(record["report"].get("sources", ())):
            used.setdefault(sources, []).append(record["unit_code"])
    for sources, codes in used.items():
        named = "、".join(codes[:_NAMED]) + (f"等{len(codes)}个单位" if codes[_NAMED:] else "")
        whose = f"用这个办法的：{named}。" if len(used) > 1 else ""
        yield f"{''.join(sources)}{whose}"


def _own_columns(stale: Mapping[str, str] | None) -> list[str]:
    """Return the column of an own notebook's index that says why a page is stale, if one is."""
    return [TABLE_HEADS["explanation"]] if stale else []


def _index_row(record: Mapping[str, Any], all_stale: Mapping[str, str]) -> dict[str, Any]:
    stale = all_stale.get(record["unit_code"], "")
    base = {"code": record["unit_code"], "name": record["unit_name"] or record["unit_code"]}
    if record["status"] != "done":
        return base | {
            "sample": False,
            "status": SCREEN_WORDS["failed"],
            "alarm": True,
            "failed": True,
            "told": [],
            "reason": str(record["reason"]).splitlines(),
        }
    report, state = record["report"], record_state(record)
    known = base | {
        "sample": report["sample"],
        "status": "，".join(SCREEN_WORDS[one] for one in _states(state, stale)),
        "alarm": bool(stale) or state != "done",
        "failed": False,
    }
    again = [f"生成以后{stale}，请重新运行。"] if stale else []
    if "notebook" in report:
        href = quote(f"{record['unit_code']}/{report['notebook']}.html")
        return known | {
            "told": [],
            "cells": ["".join(again) for _ in _own_columns(all_stale)],
            "links": [{"href": href, "text": report["title"]}],
        }
    return known | {
        "cells": [cell(report) for _, cell in _COLUMNS],
        "told": [*again, *score_lines(report)[1:]],
        "links": [
            {"href": f"{record['unit_code']}/{edition}.html", "text": name}
            for edition, name in EDITIONS.items()
        ]
        + [
            {"href": quote(f"{record['unit_code']}/{name}"), "text": _short(name)}
            for name in record.get("annexes", ())
        ],
    }


def _states(state: str, stale: str) -> list[str]:
    """Return how far a report is, and whether it is stale; a complete one is then no more."""
    return [state] if not stale else [*([state] if state != "done" else ()), "stale"]


def record_state(record: Mapping[str, Any]) -> Literal["draft", "not_scored", "done"]:
    """Return how far a unit's report is; the page of an own notebook is complete once it is."""
    report = record["report"]
    return "done" if "notebook" in report else report_state(report)


def report_state(report: Mapping[str, Any]) -> Literal["draft", "not_scored", "done"]:
    """Return how far a report is: a draft, without a total, or complete."""
    if report["draft"]:
        return "draft"
    return "not_scored" if report["score"] is None else "done"


def _short(name: str) -> str:
    """Return a form's file name as a link: its number, if it has one."""
    return name.removesuffix(".xlsx").partition("-")[0]


def _printer(report: Mapping[str, Any]) -> Printer:
    # As the unit's own report rounds: two pages never print one amount differently.
    return Printer(report["rounding"])


def _money(report: Mapping[str, Any], key: str) -> str:
    if report[key] is None:
        return NOT_SUPPLIED
    return _printer(report).money(Fraction(report[key])).removesuffix(DISPLAY_UNIT)


def _rate(report: Mapping[str, Any], key: str) -> str:
    if report[key] is None:
        return NOT_COMPUTABLE
    return _printer(report).rate(Fraction(report[key]), record_limits(report, key))


def score_text(report: Mapping[str, Any]) -> str:
    """Return the score of a unit's record with its grade, its cap and the points that wait."""
    return "".join(score_lines(report))


def score_lines(report: Mapping[str, Any]) -> list[str]:
    """Return ``score_text`` as lines: the cap, the points that wait or why there is no score
    stand on their own."""
    # Brings pandas, which the page of rules does not need.
    from ..evaluation.score import pending_text

    if report["score"] is None:
        why = report.get("score_missing", "")
        return [SCREEN_WORDS["not_scored"], *([f"（{why}）"] if why else [])]
    score, limits = Fraction(report["score"]), record_limits(report, "score")
    points = _printer(report).points(score, limits)
    cap = report.get("cap", "")
    waiting = [
        # A record of an earlier version has no weights.
        (one["name"], Fraction(one["points"]), Fraction(one.get("weight", one["points"])))
        for one in report.get("pending", ())
    ]
    told = [cap, pending_text(waiting, _printer(report), bool(cap))]
    first = f"{points}分" if waiting else f"{points}（{report['grade']}）"
    return [first, *(f"（{text}）" for text in told if text)]


_COLUMNS: Final[tuple[tuple[str, Callable[[Mapping[str, Any]], str]], ...]] = (
    (PHASES["initial_budget"], partial(_money, key="initial_budget")),
    (PHASES["adjusted_budget"], partial(_money, key="adjusted_budget")),
    (PHASES["executed"], partial(_money, key="executed")),
    (RATES["execution_rate"], partial(_rate, key="execution_rate")),
    (RATES["initial_rate"], partial(_rate, key="initial_rate")),
    (SCREEN_WORDS["score"], lambda report: score_lines(report)[0]),
    (TABLE_HEADS["open"], lambda report: f"{report['open']}条"),
)
"""The columns of the index between a unit's status and its reports: head, and cell of a record."""


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
