"""META-01: the unit's explanations in unit.yaml, each held against the finding that it is of."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ..evaluation import Evaluation
from ..evaluation.finding import Finding, Verdict, places_text, unit_place
from ..folding import fold
from ..unit import UNIT_FILE, Explanation
from .reasons import short_of, weigh

STALE_EXPLANATION: Final = "META-01"


def explain(
    case: Evaluation, findings: Sequence[Finding], explanations: Sequence[Explanation]
) -> list[Finding]:
    """Attach the unit's explanations; one that fits no finding is itself a finding."""
    explained = list(findings)
    stale = []
    for explanation in explanations:
        if not _mayexplain(case, explanation.finding):
            stale.append(_useless(case, explanation, ()))
            continue
        fits = [
            index
            for index, finding in enumerate(explained)
            if finding.code == explanation.finding
            and finding.is_open
            and (not explanation.item or fold(explanation.item) == fold(finding.item))
            and (not explanation.cell or _stands_at(finding, explanation.cell))
        ]
        # What is said of one number excuses no other, not even of the same item.
        meant = [explained[index] for index in fits]
        code = case.unit.code
        told = list(dict.fromkeys((f.item, places_text(f.places[:1], code)) for f in meant))
        if len(told) != 1:
            stale.append(_useless(case, explanation, told))
            continue
        basis = f"（依据：{explanation.basis}）" if explanation.basis else ""
        where, place = f"{UNIT_FILE} 的说明", unit_place(case.unit, UNIT_FILE)
        said = f"{explanation.text}{basis}"
        reason = weigh(case, explanation.finding, said, where, place)
        for index, finding in zip(fits, meant, strict=True):
            fault = reason.fault or short_of(case, reason, finding.people)
            message, places = finding.message + fault, (*finding.places, place)
            explained[index] = (
                replace(finding, message=message, places=places, said=reason.words)
                if fault
                else replace(finding, explanation=reason.words)
            )
    return [_of_parts(case, finding, explained) for finding in explained] + stale


def _of_parts(case: Evaluation, finding: Finding, explained: Sequence[Finding]) -> Finding:
    """Return a finding with the reasons of its parts, where unit.yaml gives all of them."""
    said = reasons_given(case, explained) if finding.follows else {}
    if not finding.is_open or not finding.follows or not said.keys() >= {*finding.follows}:
        return finding
    reasons = dict.fromkeys(said[item] for item in finding.follows)
    return replace(finding, explanation="；".join(reasons))


def reasons_given(case: Evaluation, found: Sequence[Finding]) -> dict[str, str]:
    """Return the reasons with a document that were given, by what they are of."""
    rules = case.unit.checks.rules
    return {f.item: f.explanation for f in found if f.explanation and rules[f.code].wants_document}


def entry(finding: Finding, found: Sequence[Finding]) -> str:
    """Return the line of unit.yaml that a reason for a finding is written in.

    It says of which item and cell, as far as other findings of the rule make that needful.
    """
    others = [one for one in found if one.code == finding.code and one.is_open]
    keys = {"finding": finding.code}
    if finding.item and len(others) > 1:
        keys["item"] = finding.item
    same = [one for one in others if fold(one.item) == fold(finding.item)]
    if len({one.places[:1] for one in same}) > 1 and finding.places and finding.places[0].cell:
        keys["cell"] = finding.places[0].cell
    told = ", ".join(f"{key}: {json.dumps(text, ensure_ascii=False)}" for key, text in keys.items())
    return f"- {{{told}, text: }}"


def _mayexplain(case: Evaluation, code: str) -> bool:
    rule = case.unit.checks.rules.get(code)
    return rule is None or rule.explainable


def _stands_at(finding: Finding, cell: str) -> bool:
    return any(fold(cell) == fold(place.cell) for place in finding.places)


def _useless(
    case: Evaluation, explanation: Explanation, told: Sequence[tuple[str, str]]
) -> Finding:
    """Return the finding that an explanation fits nothing, or does not say which of several.

    ``told`` are the items and places of those that it may speak of.
    """
    code, text = explanation.finding, explanation.text
    items = list(dict.fromkeys(item for item, _ in told))
    if not _mayexplain(case, code):
        title = case.unit.checks.rules[code].title
        message = (
            f"{code}（{title}）不能靠说明消除，说明“{text}”不起作用。"
            "有这条发现的，请照它的提示改正来源；这条说明请删去。"
        )
    elif len(items) > 1:
        names = "、".join(f"“{item}”" for item in items if item)
        message = (
            f"{code} 有{len(items)}项发现（{names}），说明“{text}”没有写是哪一项。"
            "请用 item 写明；每一项各写一条说明。"
        )
    elif told:
        of = f"“{items[0]}”的 " if items[0] else ""
        message = (
            f"{of}{code} 有{len(told)}处发现（{'；'.join(place for _, place in told)}），"
            f"说明“{text}”没有写是哪一处。请用 cell 写明单元格或行；每一处各写一条说明。"
        )
    else:
        of = f"“{explanation.item}”的" if explanation.item else ""
        message = (
            f"没有{of} {code}这条发现，说明“{text}”用不上。"
            "已经更正的，请删去这条说明；代码或名称写错的，请改正。"
        ).replace("没有 ", "没有")
    places = (unit_place(case.unit, UNIT_FILE),)
    useless = Verdict(message=message, places=places, item=explanation.item)
    return case.finding(STALE_EXPLANATION, useless)
