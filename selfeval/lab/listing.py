"""All units of a project: listed from their folders alone, or loaded, checked and scored."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import overload
from urllib.parse import quote

from ..errors import SelfEvalError, UsageError
from ..evaluation import Evaluation
from ..evaluation.load import load_unit
from ..evaluation.numbers import shown_quantity
from ..evaluation.shown import Linked, ShownFrame, shown_frame
from ..project import find_project
from ..run.index import unit_status
from ..run.live import progress
from ..scoring.score import score
from ..terms import CAPTIONS, EDITIONS, PHASES, PLAN_REASONS, RATES, SCREEN_WORDS, TABLE_HEADS
from ..unit import visible
from ..unit.own_notebook import own_notebooks
from ..unit.register import find_units, identity, unit_folder

_MEASURES = ("adjusted_budget", "executed", "execution_rate")


def units(year: int | None = None) -> ShownFrame:
    """List the units: year, code, name, office in charge, state, folder, notebooks and pages.

    No table is read. The state is that of ``selfeval status``: how far its report is. In
    JupyterLab a folder opens in the file browser, a notebook or a page beside the own notebook.

    Parameters
    ----------
    year : int, optional
        Only the units of this year.

    Raises
    ------
    UsageError
        If there is no such year, or the current folder lies in no project.

    Examples
    --------
    >>> units(2021)[["年度", "代码", "状态"]].head(2)
    各单位
    年度 代码       状态
    2021 G001 还没有报告
    2021 S001 还没有报告
    """
    project = find_project(Path.cwd())
    folders = find_units(project, [], year)
    names = {"year": "Int64", "code": "str", "name": "str", "group": "str", "status": "str"}
    names |= dict.fromkeys(("folder", "notebooks", "pages"), "object")
    columns = {TABLE_HEADS[name]: kind for name, kind in names.items()}
    rows = []
    for folder, one in zip(folders, unit_status(project, folders), strict=True):
        made = project.outputs / folder.parent.name / folder.name
        pages = {edition: made / f"{edition}.html" for edition in EDITIONS}
        rows.append(
            [
                one["fiscal_year"],
                one["unit_code"],
                one["unit_name"],
                one["group"],
                SCREEN_WORDS.get(one["state"], PLAN_REASONS["new"]),
                _opened(f"params/{one['fiscal_year']}/{one['unit_code']}"),
                _links(project.notebooks_of(own_notebooks(folder))),
                _links(pages),
            ]
        )
    return shown_frame(columns, rows, CAPTIONS["all_units"])


def _opened(folder: str) -> Linked:
    """Return a folder that JupyterLab's file browser opens; a link would open an editor."""
    told = 'type="button" data-commandlinker-command="filebrowser:open-path"'
    path = escape(json.dumps({"path": folder}))
    html = f'<button {told} data-commandlinker-args="{path}">{escape(folder)}</button>'
    return Linked(folder, html)


def _links(files: Mapping[str, Path]) -> Linked:
    """Return the editions whose file is there, each with a link from the current folder."""
    there = {EDITIONS[edition]: path for edition, path in files.items() if path.is_file()}
    links = [f'<a href="{_address(path)}">{name}</a>' for name, path in there.items()]
    return Linked("、".join(there), "、".join(links))


def _address(path: Path) -> str:
    return quote(Path(os.path.relpath(path)).as_posix())


class Evaluations(Sequence[Evaluation]):
    """Units that were loaded, checked and scored, in the order of their years and codes.

    ``frame`` has a row of each, ``refused`` those that could not be read, with the reason.
    """

    def __init__(self, found: Sequence[Evaluation], refused: ShownFrame) -> None:
        self._found = tuple(found)
        self.refused = refused

    @overload
    def __getitem__(self, index: int) -> Evaluation: ...

    @overload
    def __getitem__(self, index: slice) -> Evaluations: ...

    def __getitem__(self, index: int | slice) -> Evaluation | Evaluations:
        if isinstance(index, slice):
            return Evaluations(self._found[index], self.refused)
        return self._found[index]

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Evaluation]:
        return iter(self._found)

    @property
    def frame(self) -> ShownFrame:
        """A row of each unit: its score and grade, its budget in 万元, what is still open."""
        names = PHASES | RATES
        heads = {"year": "Int64", "code": "str", "name": "str", "group": "str"}
        columns = {TABLE_HEADS[name]: kind for name, kind in heads.items()}
        columns |= {TABLE_HEADS["points"]: "object", TABLE_HEADS["grade"]: "str"}
        columns |= {names[measure]: "object" for measure in _MEASURES}
        columns |= {TABLE_HEADS["blocking"]: "Int64", TABLE_HEADS["open"]: "Int64"}
        columns |= {SCREEN_WORDS["draft"]: "bool"}
        rows = [_row(one) for one in self]
        return shown_frame(columns, rows, f"{CAPTIONS['all_units']}（万元，分）")

    def _repr_html_(self) -> str | None:
        return self.frame._repr_html_()

    def __repr__(self) -> str:
        told = f"，{len(self.refused)} 个没有读进来" if len(self.refused) else ""
        return f"<{len(self)} 个单位{told}>"


def _row(one: Evaluation) -> list[object]:
    unit, found = one.unit, one.all_findings
    return [
        unit.year,
        unit.code,
        unit.name,
        unit.settings.group,
        shown_quantity(one.final_score.total, one.printer, unit.year_and_code),
        one.final_score.grade,
        *(
            shown_quantity(one.quantities[f"total.{m}"], one.printer, unit.year_and_code)
            for m in _MEASURES
        ),
        sum(finding.blocks for finding in found),
        sum(finding.waits for finding in found),
        one.is_draft,
    ]


def load_all(
    year: int | None = None, codes: Sequence[str] = (), *, near: str = "", most: int = 12
) -> Evaluations:
    """Load, check and score all units. Those that cannot be read are told, and never left out.

    In JupyterLab one line tells how many were read so far.

    Parameters
    ----------
    year : int, optional
        Only the units of this year.
    codes : sequence of str
        Only these units.
    near : str
        Only this unit and those whose codes stand next to it. A page of each unit that looks at
        all others would take the square of the time.
    most : int
        How many units these are together.

    Raises
    ------
    UsageError
        If there is no such year or unit.

    Examples
    --------
    >>> all_units = load_all(2021, codes=["S001", "S002"])
    >>> all_units
    <2 个单位>
    >>> all_units.frame.sort_values("得分")[["代码", "得分", "等级"]]
    各单位（万元，分）
    代码  得分 等级
    S002 96.77   优
    S001 98.37   优
    >>> [one.unit.code for one in load_all(2021, near="S001", most=3)]
    ['G001', 'S001', 'S002']
    """
    wanted = [codes] if isinstance(codes, str) else codes
    folders = find_units(find_project(Path.cwd()), wanted, year)
    if near:
        folders = _next_to(unit_folder(near, year), folders, most)
    found: list[Evaluation] = []
    refused: list[list[object]] = []
    tell = progress(len(folders))
    for number, folder in enumerate(folders, 1):
        tell(number)
        try:
            found.append(score(load_unit(folder)))
        except SelfEvalError as error:
            one = identity(folder)
            refused.append([one["fiscal_year"], one["unit_code"], one["unit_name"], str(error)])
            name = f"{folder.parent.name}/{visible(folder.name)}"
            print(f"{name} 没有读进来：{str(error).splitlines()[0]}")
    heads = {"year": "Int64", "code": "str", "name": "str", "reason": "str"}
    columns = {TABLE_HEADS[name]: kind for name, kind in heads.items()}
    return Evaluations(found, shown_frame(columns, refused, CAPTIONS["refused"]))


def _next_to(unit: Path, folders: list[Path], most: int) -> list[Path]:
    """Return a unit's folder and those beside it: as many before as after, where there are."""
    whole = [folder.absolute() for folder in folders]
    if unit.absolute() not in whole:
        told = f"near 写的“{unit.parent.name}/{unit.name}”不在要看的单位里。"
        raise UsageError("load_all(…)", told, "年度要与这个单位的相同。")
    first = max(0, min(whole.index(unit.absolute()) - most // 2, len(folders) - most))
    return folders[first : first + max(most, 1)]
