"""The official forms as workbooks: 附件1 基础数据表, 附件2 自评表, 项目支出绩效自评表.

An evaluation that is checked and scored → entries → filled sheets → .xlsx, by forms that are
data (``params/schemes/annex``). What a unit did not supply stays blank, never 0.
"""

from __future__ import annotations

import datetime as dt
from collections import ChainMap
from collections.abc import Callable, Iterable

from ..evaluation import Evaluation
from ..schemes.annex_forms import AnnexForm, load_forms
from ..terms import SCREEN_WORDS
from .entries import (
    CellEntry,
    Entries,
    indicator_entries,
    listed_projects,
    printed,
    project_entries,
    unit_entries,
)
from .sheets import RowGroup, Sheet, fill, worded
from .workbook import workbook_bytes


def build_annexes(evaluation: Evaluation, say: Callable[[str], str] = str) -> dict[str, bytes]:
    """Return the official forms of a unit, each as a workbook, by file name.

    Parameters
    ----------
    evaluation : Evaluation
        Checked and scored.
    say : callable
        Turns a text into what is printed of it.

    Returns
    -------
    dict of str to bytes
        Only forms in force at the end of the year; none of projects where there are none.
        The same evaluation gives the same bytes.

    Raises
    ------
    ParamsError
        If a form in ``params/schemes/annex`` is not as it should be.
    """
    unit = evaluation.unit
    dated = unit.settings.report_date or dt.date(unit.year, 12, 31)
    marks = [SCREEN_WORDS["sample"]] if unit.settings.sample else []
    marks += [SCREEN_WORDS["draft"]] if evaluation.is_draft else []
    waits = evaluation.final_score.pending_text
    marks += [f"{SCREEN_WORDS['score']}（{waits}）"] if waits else []
    found = {}
    for form in load_forms(unit.schemes, unit.year):
        sheets = [worded(sheet, say) for sheet in fill_form(form, evaluation)]
        if sheets:
            found[form.file_name] = workbook_bytes(sheets, dated, "　".join(marks))
    return found


def fill_form(form: AnnexForm, evaluation: Evaluation) -> list[Sheet]:
    """Return a form filled in: one sheet of the unit, or one of each of its projects."""

    def each(rows: Iterable[Entries]) -> list[dict[str, CellEntry]]:
        return [printed(entries, evaluation.printer) for entries in rows]

    (unit,) = each([unit_entries(evaluation)])
    if form.of == "project":
        return [
            fill(
                form,
                RowGroup(
                    ChainMap(own, unit),
                    indicators=each(indicator_entries(evaluation, own["project"].text)),
                ),
            )
            for own in each(project_entries(evaluation))
        ]
    group = RowGroup(unit, each(listed_projects(evaluation)), each(indicator_entries(evaluation)))
    return [fill(form, group)]
