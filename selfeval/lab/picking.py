"""A picker of year and unit, which sets the parameter ``unit`` of the notebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..project import Project, find_project
from ..run.live import as_shown, is_live, shell
from ..run.notebook import MARK
from ..terms import TABLE_HEADS
from ..unit import visible
from ..unit.own_notebook import PARAMETER
from ..unit.register import find_units, identity, unit_folder

_BY_HAND: dict[str, Path] = {}
"""What was picked by hand where a unit was asked for: it stays until another one is."""


class Picker:
    """The unit that is picked: two lists in JupyterLab, one line of text elsewhere."""

    def __init__(self, project: Project, folder: Path, asked: str) -> None:
        self._project, self._folder, self._asked = project, folder, asked
        self._widget = self._made() if is_live() else None

    @property
    def unit(self) -> str:
        """The unit that is picked, as ``load_unit`` takes it: 2021/G001."""
        return f"{self._folder.parent.name}/{self._folder.name}"

    def __repr__(self) -> str:
        return f"{self.unit} {identity(self._folder)['unit_name']}"

    def _repr_mimebundle_(self, **more: Any) -> Any:
        # What is picked is the page's own subject: it need not say so once more.
        return as_shown(self._widget, repr(self), **more), {MARK: {"note": repr(self)}}

    def _made(self) -> Any:
        import ipywidgets

        wide = ipywidgets.Layout(width="max-content")
        years = ipywidgets.Dropdown(
            options=[str(year) for year in self._project.years()],
            value=self._folder.parent.name,
            description=TABLE_HEADS["year"],
        )
        units = ipywidgets.Dropdown(
            options=self._options(years.value),
            value=self._folder.name,
            description=TABLE_HEADS["unit"],
            layout=wide,
        )
        told = ipywidgets.Label(self._told())

        def pick_year(change: Any) -> None:
            options = self._options(change["new"])
            codes = [code for _, code in options]
            kept = units.value if units.value in codes else codes[0]
            with units.hold_trait_notifications():
                units.options, units.value = options, kept
            pick_unit({"new": kept})

        def pick_unit(change: Any) -> None:
            if change["new"]:
                self._folder = self._project.params / years.value / change["new"]
                shell().user_ns[PARAMETER] = self.unit
                _BY_HAND[self._asked] = self._folder
                told.value = self._told()

        years.observe(pick_year, "value")
        units.observe(pick_unit, "value")
        return ipywidgets.VBox([ipywidgets.HBox([years, units]), told])

    def _told(self) -> str:
        return f"{PARAMETER} = “{self.unit}”。改选以后，请再运行下面的单元格。"

    def _options(self, year: str) -> list[tuple[str, str]]:
        folders = find_units(self._project, [], int(year))
        return [
            (f"{visible(folder.name)} {identity(folder)['unit_name']}", folder.name)
            for folder in folders
        ]


def pick(unit: str | Path = "") -> Picker:
    """Pick a year and a unit: the notebook's parameter ``unit`` becomes what is picked.

    In JupyterLab these are two lists; in a batch or a script, one line of text. What is picked
    stays when all cells are run again, until the notebook's parameter is given another value.

    Parameters
    ----------
    unit : str or Path
        What is picked at first, as ``load_unit`` takes it: the notebook's ``unit`` by default, else
        the first one of the latest year.

    Raises
    ------
    UsageError
        If there is no such unit, or the current folder lies in no project.

    Examples
    --------
    >>> pick("2021/S001")
    2021/S001 示例一：星桥区图书馆
    >>> load_unit(pick("2021/S001").unit)
    <示例一：星桥区图书馆 2021年度：读到数额 102 个，项目 6 个，指标 9 项>
    """
    project, names = find_project(Path.cwd()), getattr(shell(), "user_ns", {})
    asked = str(unit or names.get(PARAMETER, ""))
    folder = unit_folder(asked) if asked else find_units(project, [], max(project.years()))[0]
    kept = _BY_HAND.get(asked)
    _BY_HAND.clear()
    if kept is not None and kept.is_dir():
        _BY_HAND[asked] = folder = kept
    picked = Picker(project, folder.absolute(), asked)
    if _BY_HAND or not asked:
        names[PARAMETER] = picked.unit
    return picked
