"""Placeholders in the unit's own text: ``{{项目名称.全年执行数}}`` → a number of its tables.

A fixed grammar and a fixed list of names: no formatting, no expressions, no code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..errors import ParamsError, SelfEvalError, TableError
from ..folding import fold
from ..schemes.form import FormLayout
from ..strict import nearest
from ..tables import Tables
from ..terms import BLOCKS, PHASES, RATES, STAFFING
from ..unit import NARRATIVE_FILE, Unit
from .quantities import Quantity

PLACEHOLDER = re.compile(r"\{\{(?P<item>[^{}]*)[.．·](?P<measure>[^{}.．·]*)\}\}")
_ANY = re.compile(r"\{\{[^{}]*\}\}|\{\{|\}\}")
_MEASURES = {
    name: key
    for terms in (PHASES, RATES, STAFFING)
    for key, name in terms.items()
    if key not in ("staff", "stated_budget")
}


def item_names(quantities: Mapping[str, Quantity], form: FormLayout) -> dict[str, str]:
    """Return every name an item may be called by, and its line.

    A bare 合计 is left out: in a sentence it does not say of what.
    """
    lines = {key.rpartition(".")[0] for key in quantities}
    names = {fold(name): block for block, name in BLOCKS.items() if block in lines}
    for table in form.tables:
        for item in table.items:
            if item.block in lines:
                names |= {fold(name): item.block for name in (item.name, *item.aliases)}
    names[fold(STAFFING["staff"])] = "staff"
    for name in form.subtotal_marks:
        names.pop(fold(name), None)
    # A project's own name wins over a fixed row of the same name.
    names |= {line.removeprefix("project:"): line for line in lines if line.startswith("project:")}
    return names


def resolve(
    item: str, measure: str, names: Mapping[str, str], quantities: Mapping[str, Quantity]
) -> Quantity | None:
    """Return the quantity a placeholder names, None if there is no such name."""
    line = names.get(fold(item))
    key = _MEASURES.get(measure.strip())
    return quantities.get(f"{line}.{key}") if line and key else None


def placeholder_of(
    key: str, name: str, names: Mapping[str, str], quantities: Mapping[str, Quantity]
) -> str:
    """Return the placeholder of a quantity, by its line's name; "" where none can name it."""
    line, _, own = key.rpartition(".")
    measure = next((word for word, measure in _MEASURES.items() if measure == own), "")
    for item in (BLOCKS.get(line, ""), name):
        match = PLACEHOLDER.fullmatch(f"{{{{{item}.{measure}}}}}")
        if match and resolve(match["item"], match["measure"], names, quantities) is quantities[key]:
            return match[0]
    return ""


def placeholder_errors(
    unit: Unit,
    quantities: Mapping[str, Quantity],
    are_named: bool = True,
) -> list[SelfEvalError]:
    """Return an error for each placeholder that is malformed or names nothing known.

    Unless all projects ``are_named``, a name that is unknown may be of one that was not read.
    """
    names = item_names(quantities, unit.form)
    errors: list[SelfEvalError] = []
    for part in unit.narrative.all_parts():
        if _ANY.search(part.heading):
            place = f"{unit.code} › {NARRATIVE_FILE} › 第 {part.line} 行"
            errors.append(
                ParamsError(place, "标题里有占位符。", "标题照原样印出；请把占位符写到正文里。")
            )
        for number, text in enumerate(part.text.split("\n"), part.text_line):
            place = f"{unit.code} › {NARRATIVE_FILE} › 第 {number} 行"
            for found in _ANY.finditer(text):
                match = PLACEHOLDER.fullmatch(found[0])
                if match is None:
                    errors.append(
                        ParamsError(
                            place,
                            f"占位符“{found[0]}”写得不完整。",
                            "格式是 {{项目名称.全年执行数}}，名称和栏目之间用一个点隔开。",
                        )
                    )
                elif fold(match["item"]) in names or are_named:
                    errors += _unknown(place, match, names, quantities)
    return errors


def table_placeholder_errors(unit: Unit, tables: Tables) -> list[SelfEvalError]:
    """Return an error for each table cell that holds a placeholder: tables are the source."""
    return [
        TableError(
            f"{unit.code} › {place}",
            f"单元格里有占位符“{found[0]}”。",
            f"占位符只用在 {NARRATIVE_FILE} 里；表中请直接写文字或数。",
        )
        for place, text in tables.texts()
        if (found := PLACEHOLDER.search(text))
    ]


def _unknown(
    place: str,
    match: re.Match[str],
    names: Mapping[str, str],
    quantities: Mapping[str, Quantity],
) -> Iterator[ParamsError]:
    """Yield an error where a placeholder names no item, or one that has no such measure."""
    item, measure = match["item"].strip(), match["measure"].strip()
    if fold(item) not in names:
        close = nearest(fold(item), names)
        hint = (
            f"是不是“{close}”？"
            if close
            else "请写表中的项目名称，或支出合计、基本支出、项目支出等。"
        )
        yield ParamsError(place, f"占位符里的“{item}”不在表中。", hint)
    elif resolve(item, measure, names, quantities) is None:
        close = nearest(measure, _MEASURES)
        known = "、".join(_MEASURES)
        hint = f"是不是“{close}”？" if close else f"可用的有：{known}。"
        yield ParamsError(place, f"占位符里的“{measure}”不是可用的栏目。", hint)
