"""The questionnaires behind an indicator of satisfaction, wherever the unit wrote of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...evaluation import Evaluation
from ...evaluation.rows import is_satisfaction, ledger_rows
from ...folding import fold
from ...tables.rows import Indicator, Material
from ...text.paragraphs import one_of
from ..prose import paragraphs


@dataclass(frozen=True)
class Questionnaires:
    """What is written of the survey that an indicator rests on.

    ``rows`` are its rows in the ledger. ``is_named`` says whether one of the places names a
    survey, ``is_counted`` whether one says how many were asked or answered. ``excuse`` is the
    material that takes the want of complaints for satisfaction, "" where none does.
    """

    rows: tuple[Material, ...]
    is_named: bool
    is_counted: bool
    excuse: str = ""


def questionnaires(case: Evaluation, row: Indicator) -> Questionnaires:
    """Return which questionnaires an indicator rests on.

    They may be told in the columns of the ledger, in the words of its materials or of the
    indicator's own cell, or in the narrative.
    """
    rows = ledger_rows(case, row.indicator_name)
    materials = [row.evidence, *(own.material for own in rows)]
    said = [*materials, *(f"{own.evidence_file}，{own.note}" for own in rows)]
    texts = [fold(text) for text in said]
    units, leads = one_of(case.words("sample_units")), one_of(case.words("sample_leads"))
    # One copy of a report is no questionnaire.
    count = rf"(?<![0-9.])(?!1(?:{units}))[0-9][0-9,.]*[余多]?万?[余多]?(?:{units})"
    bare = rf"(?<![A-Za-z])(?:{leads})[:=为共计]{{0,2}}[0-9][0-9,]*+(?![0-9.]*[年月日%])"
    in_columns = any((own.sample_size, own.recovered) != (None, None) for own in rows)
    in_text = in_columns or any(_narrated(case, row, count))
    survey, excuse = one_of(case.words("survey")), one_of(case.words("no_complaints"))
    return Questionnaires(
        tuple(rows),
        in_text or any(re.search(survey, text) for text in texts),
        in_text or any(re.search(f"{count}|{bare}", text) for text in texts),
        next((own for own in materials if re.search(excuse, fold(own))), ""),
    )


def _narrated(case: Evaluation, row: Indicator, count: str) -> Iterator[bool]:
    """Yield whether a sentence of the narrative counts the questionnaires of an indicator.

    Where the unit has several indicators of satisfaction, it must say whom it asked.
    """
    asked = [own for own in case.tables.indicators if is_satisfaction(case, own)]
    names, before = one_of(case.words("satisfaction_names")), one_of(case.words("sample_counts"))
    whom = re.sub(rf"(?:{names})$", "", fold(row.indicator_name))
    counted = re.compile(rf"(?:{before})[^,。;0-9]{{0,8}}{count}")
    for paragraph in paragraphs(case, (), stand_in=""):
        for start, end in paragraph.sentences:
            sentence = paragraph.text[start:end]
            if len(asked) == 1 or (whom and whom in sentence):
                yield counted.search(sentence) is not None
