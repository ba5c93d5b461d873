"""What the process has ready from which each unit's is forked; it starts no thread.

It is imported there and nowhere else. Besides imports that is a rehearsal: a unit made of the
examples of the form and of an invented text is evaluated and its pages and forms are made and
thrown away, so that what is worked out once (patterns, fonts, templates, schemes) is there. Of
the batch's own units it reads nothing but what they are to each other as neighbours: names, and
the sentences of texts.
"""

from __future__ import annotations

import csv
import gc
import json
import os
import tempfile
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from .making import without_grammar
from .processes import WARM

_READY = (
    *("pandas", "selfeval.annex", "selfeval.evaluation.load", "selfeval.checks"),
    *("selfeval.scoring.score", "selfeval.page.parts", "selfeval.sheets.worker"),
    *("selfeval.run.notebook", "selfeval.run.report", "selfeval.run.own_page"),
)
_CODE, _YEAR, _OUTLINE = "W001", 2021, "wangcheng-2021"
_TEXT = Path(__file__).with_name("rehearsal.md")


def _get_ready() -> None:
    from ..budget.neighbours import read_year
    from ..errors import SelfEvalError
    from ..schemes.agree import load_schemes
    from ..schemes.loading import schemes_folder
    from .plan import versions

    without_grammar()
    for name in _READY:
        import_module(name)
    import_module("selfeval.run.engine").warm_shell()
    versions()
    told = json.loads(os.environ.get(WARM, "{}"))
    for year in map(Path, told.get("years", ())):
        read_year(year)
        with suppress(SelfEvalError):
            load_schemes(schemes_folder(year.parent))
    if told.get("rehearse"):
        with tempfile.TemporaryDirectory(prefix="se-") as folder:
            _rehearse(Path(folder))
    # What is there now is shared by all that are forked, as long as nobody writes to it.
    gc.collect()
    gc.freeze()


def _rehearse(root: Path) -> None:
    """Do with a unit of examples what is done with each, as far as it goes."""
    from ..annex import build_annexes
    from ..checks import check
    from ..errors import SelfEvalError
    from ..evaluation.load import load_unit
    from ..page.contained import check_page
    from ..page.parts import build_view, edition_parts
    from ..schemes.privacy import masked_page
    from ..scoring.score import score
    from ..terms import EDITIONS
    from .notebook import view_output
    from .record import finish_record
    from .report import rendered

    with suppress(SelfEvalError):
        evaluation = score(check(load_unit(_unit_of_examples(root))))
        for edition in EDITIONS:
            views = [build_view(evaluation, part) for part in edition_parts(evaluation, edition)]
            shown = [view_output(evaluation, view)[0] for view in views if view]
            finish_record(evaluation, edition)
            parts = [{"html": str(data["text/html"])} for data in shown]
            page = rendered(edition, edition, parts, [])
            masked_page(page, evaluation.unit.checks)
            with suppress(SelfEvalError):
                check_page(page, root, root)
        build_annexes(evaluation)


def _unit_of_examples(root: Path) -> Path:
    """Return a unit's folder: the worked examples of the form, and a text of all sorts."""
    from ..project import Project
    from ..schemes.form import load_form
    from ..schemes.loading import schemes_folder
    from ..tables.own_form.new_unit import new_unit
    from ..tables.own_form.workbook import FORM_FILE
    from ..unit import NARRATIVE_FILE

    project = Project(root)
    folder = new_unit(project, _CODE, _YEAR, _CODE, _OUTLINE)
    (folder / FORM_FILE).unlink()
    with (folder / NARRATIVE_FILE).open("a", encoding="utf-8") as narrative:
        narrative.write(_TEXT.read_text(encoding="utf-8"))
    for layout in load_form(schemes_folder(project.params)).tables:
        with (folder / f"{layout.sheet}.csv").open("w", encoding="utf-8", newline="") as file:
            rows = [[layout.title], ["单位：万元"], [c.heading for c in layout.columns]]
            csv.writer(file).writerows([*rows, layout.example])
    return folder


_get_ready()
