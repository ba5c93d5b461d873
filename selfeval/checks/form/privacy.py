"""PRIV-01 to PRIV-04: personal numbers and addresses in what the page and the forms print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...errors import SelfEvalError
from ...evaluation import Evaluation
from ...evaluation.finding import Verdict, unit_place
from ...money import plain_text
from ...schemes.privacy import Found, find_in_text
from ...sheets import Place, read_files
from ...unit import NARRATIVE_FILE, UNIT_FILE, Unit
from ...unit.corrections import CORRECTIONS_FILE

_LINE_TEXTS: Final = ("name", "note", "use")
_INDICATOR_TEXTS: Final = (
    "indicator_family",
    "indicator_aspect",
    "indicator_name",
    "target_value",
    "measure_unit",
    "actual_value",
    "deviation_cause",
    "evidence",
    "adjusted_target",
    "last_actual",
    "earlier_actual",
)
_MEASURE_TEXTS: Final = ("problem", "cause", "measure", "owner", "due")


def check_personal(case: Evaluation, code: str) -> Iterator[Verdict]:
    """PRIV-01 to PRIV-04: what will be published has no personal number or address."""
    unit = case.unit
    for one in known_in(case):
        if one.kind.rule != code:
            continue
        yield Verdict(
            message=f"要公开的内容里有{one.kind.description}{one.shown}。{remedy(one)}",
            places=tuple(dict.fromkeys(places_of(unit, one))),
            found=one.shown,
            item=one.shown,
        )


def known_in(case: Evaluation) -> list[Found]:
    """Return what is personal in what will be published, each number or address once."""
    texts = public_texts(case)
    found = (one for text, markdown in texts for one in found_in(case.unit, text, markdown))
    return list({one.text: one for one in found}.values())


def remedy(found: Found) -> str:
    """Return what to do about something personal."""
    masked = "，或隐去中间几位" if found.kind.is_number else ""
    office = "；确是单位对外公布的，列入 unit.yaml 的 office_contacts" if found.kind.office else ""
    return f"请在来源里删去{masked}{office}。"


def found_in(unit: Unit, text: str, markdown: bool = False) -> list[Found]:
    """Return what is personal in a unit's text; its office's own contacts are not."""
    return find_in_text(text, unit.checks, unit.settings.office_contacts, markdown)


def public_texts(case: Evaluation) -> Iterator[tuple[str, bool]]:
    """Yield every text that the public edition or a form may print, and whether it is Markdown."""
    for part in case.unit.narrative.all_parts():
        yield part.heading, False
        yield part.text, True
    settings, tables = case.unit.settings, case.tables
    said = settings.annex
    texts = [
        settings.unit_name,
        settings.signatory,
        settings.contact,
        settings.notice,
        *(text for e in settings.explanations for text in (e.text, e.basis)),
        *(said.annual_goal, said.annual_result, said.thrift_measures),
        *(said.supervisor, said.preparer, said.telephone),
        *(t for p in said.projects for t in (p.annual_goal, p.annual_result, p.supervisor)),
        *(text for c in tables.corrected.values() for text in (c.expect, c.correct, c.reason)),
        *(path.name for path in case.unit.table_files),
        *dict.fromkeys(amount.place.sheet for amount in tables.amounts),
        *dict.fromkeys(amount.item_name for amount in tables.amounts),
        *(row.kind for row in tables.staffing),
        *(getattr(line, name) for name in _LINE_TEXTS for line in case.budget_lines.values()),
        *(getattr(row, name) for name in _INDICATOR_TEXTS for row in tables.indicators),
        *(getattr(row, name) for name in _MEASURE_TEXTS for row in tables.measures),
        *(row.material for row in tables.evidence),
    ]
    yield from ((str(text), False) for text in texts if text)


def places_of(unit: Unit, wanted: Found) -> Iterator[Place]:
    """Yield where in a unit's folder something personal stands."""
    for part in unit.narrative.all_parts():
        yield from _lines(unit, NARRATIVE_FILE, part.heading, part.line, wanted)
        yield from _lines(unit, NARRATIVE_FILE, part.text, part.text_line, wanted, markdown=True)
    for name in (UNIT_FILE, CORRECTIONS_FILE):
        if (unit.folder / name).is_file():
            content = (unit.folder / name).read_text(encoding="utf-8-sig")
            yield from _lines(unit, name, content, 1, wanted)
    ignored = set(unit.settings.ignore)
    tables = [path for path in unit.table_files if path.name not in ignored]
    for path in tables:
        if _holds(unit, path.name, wanted):
            yield Place(path.name, "")
    for grids in read_files(tables):
        for grid in [] if isinstance(grids, SelfEvalError) else grids:
            if f"{grid.file}#{grid.sheet}" in ignored:
                continue
            if _holds(unit, grid.sheet, wanted):
                yield Place(grid.file, grid.sheet)
            for row, cells in enumerate(grid.rows):
                for column, cell in enumerate(cells):
                    if _holds(unit, plain_text(cell), wanted):
                        yield grid.place(row, column)


def _lines(
    unit: Unit, file: str, text: str, first: int, wanted: Found, markdown: bool = False
) -> Iterator[Place]:
    for one in found_in(unit, text, markdown):
        if one.text == wanted.text:
            line = first + text.count("\n", 0, one.spans[0][0])
            yield unit_place(unit, file, f"第 {line} 行")


def _holds(unit: Unit, text: str, wanted: Found) -> bool:
    return any(one.text == wanted.text for one in found_in(unit, text))
