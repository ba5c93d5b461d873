"""The warm floor: all that a run makes of each unit, in one process that has done it before.

No notebook, no kernel, no fork. Usage:
``floor.py OUTPUTS UNIT_FOLDER...``; it prints the CPU seconds of each unit as JSON. Starting,
importing and a first round over three units are not counted.
"""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path
from typing import Any

from nbformat.notebooknode import from_dict

from selfeval.checks import check
from selfeval.checks.form.privacy import known_in
from selfeval.evaluation import Evaluation
from selfeval.evaluation.load import load_unit
from selfeval.page.contained import check_page
from selfeval.page.parts import build_view, edition_parts
from selfeval.run.making import forms_to_share, page_to_share
from selfeval.run.notebook import view_output
from selfeval.run.record import finish_record
from selfeval.run.report import export_page
from selfeval.scoring.score import score
from selfeval.terms import EDITIONS

WARMING = 3


def cpu() -> float:
    """Return the CPU seconds of this process and of those that it waited for."""
    import resource  # not on Windows, where the rest can be tested

    whole = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in whole)


def executed(evaluation: Evaluation, edition: str) -> Any:
    """Return what an edition's notebook is once it has run, as far as the export looks at it."""
    views = (build_view(evaluation, part) for part in edition_parts(evaluation, edition))
    shown = [view_output(evaluation, view) for view in views if view is not None]
    outputs = [
        {"output_type": "display_data", "data": data, "metadata": {"selfeval": mark}}
        for data, mark in shown
    ]
    cell = {"cell_type": "code", "id": "all", "source": "", "metadata": {}, "execution_count": 1}
    # Made without nbformat's own functions, which look at each output by the schema.
    book = {"cells": [cell | {"outputs": outputs}], "metadata": {}}
    return from_dict(book | {"nbformat": 4, "nbformat_minor": 5})


def make(folder: Path, to: Path) -> None:
    """Make a unit's pages and forms."""
    evaluation = score(check(load_unit(folder)))
    checks, own = evaluation.unit.checks, evaluation.unit.settings.office_contacts
    files: dict[str, bytes] = {}
    for edition in EDITIONS:
        run_path = to / f"{edition}.ipynb"
        book = executed(evaluation, edition)
        record = finish_record(evaluation, edition)
        page = export_page(book, record, run_path, lambda: evaluation).html
        check_page(page, run_path, folder)
        if edition == "report":
            files |= forms_to_share(evaluation, page)
        page = page_to_share(page, checks, own, known_in(evaluation))
        files[f"{edition}.html"] = page.encode("utf-8")
    to.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (to / name).write_bytes(data)


def main(outputs: str, *units: str) -> None:
    """Make each unit and print what it cost."""
    folders = [Path(unit).absolute() for unit in units]
    for folder in folders[:WARMING]:
        make(folder, Path(outputs) / folder.name)
    gc.collect()
    gc.freeze()
    seconds = []
    for folder in folders:
        before = cpu()
        make(folder, Path(outputs) / folder.name)
        seconds.append(cpu() - before)
    print(json.dumps(seconds))


if __name__ == "__main__":
    main(*sys.argv[1:])
