"""The floor: the same calls as the two notebooks, in one plain process, without a kernel."""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat

from selfeval import check, load_unit, score
from selfeval.page.parts import build_view


def main(unit: str, notebooks: str) -> None:
    """Build every part that the report and review notebooks show."""
    for edition in ("report", "review"):
        evaluation = score(check(load_unit(unit)))
        book = nbformat.read(Path(notebooks) / f"{edition}.ipynb", as_version=4)
        for cell in book.cells:
            if cell.cell_type == "code" and cell.source.startswith("show("):
                build_view(evaluation, cell.source.split('"')[1])


if __name__ == "__main__":
    main(*sys.argv[1:])
