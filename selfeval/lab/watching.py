"""A unit's folder while it is worked on: read again whenever a file is saved, and what changed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from html import escape
from pathlib import Path
from typing import Any, Final

from ..errors import SelfEvalError
from ..evaluation import Evaluation
from ..evaluation.load import files_of, load_unit
from ..evaluation.shown import ShownFrame, shown_frame
from ..run.live import as_shown, is_live
from ..scoring.score import score
from ..terms import CAPTIONS, COUNTS, NOT_SUPPLIED, PHASES, SCREEN_WORDS, TABLE_HEADS
from ..unit.register import unit_folder

_SECONDS: Final = 1.0
"""How often the folder is looked at; a file is read once it stays as it is for as long."""

_KEPT: Final = 5
"""How many changes stay on the screen."""


_TOLD: Final = {*PHASES, "execution_rate"}
"""Which numbers are told also where they are derived."""


class Watched:
    """A unit that is looked at again and again; ``evaluation`` is what the last look saw."""

    def __init__(self, folder: Path, before: Evaluation | None) -> None:
        self.folder = folder
        self.evaluation = before
        self.changes = changes(before, before)
        self._trouble = ""
        self._told: list[str] = []
        self._task: asyncio.Task[None] | None = None
        self._widget: Any = None
        self.look()

    def look(self) -> ShownFrame:
        """Read the folder now; return what changed since the last look."""
        before = self.evaluation
        try:
            self.evaluation = score(load_unit(self.folder))
        except SelfEvalError as error:
            self._trouble = str(error)
            return self.changes
        self._trouble = ""
        self.changes = changes(before, self.evaluation)
        if len(self.changes):
            self._told = [str(self.changes._repr_html_()), *self._told][:_KEPT]
        return self.changes

    def stop(self) -> None:
        """Look no more by itself."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def __repr__(self) -> str:
        return "\n".join(filter(None, [self._state(), self._trouble, repr(self.changes)]))

    def _repr_mimebundle_(self, **more: Any) -> Any:
        return as_shown(self._widget, repr(self), **more)

    def _state(self) -> str:
        name = f"{self.folder.parent.name}/{self.folder.name}"
        return f"{name} {_state_of(self.evaluation)}" if self.evaluation else name

    def _html(self) -> str:
        trouble = "<br>".join(map(escape, self._trouble.splitlines()))
        said = f"<p>还读不进来，下面是上一次的：<br>{trouble}</p>" if trouble else ""
        return f"<p>{escape(self._state())}</p>{said}{''.join(self._told)}"

    def begin(self) -> None:
        """Look by itself from now on, while the kernel has nothing else to do."""
        import ipywidgets

        self._widget = ipywidgets.HTML(self._html())
        self._task = asyncio.get_running_loop().create_task(self._go_on())

    async def _go_on(self) -> None:
        seen = files_of(self.folder)
        while True:
            await asyncio.sleep(_SECONDS)
            now = files_of(self.folder)
            if now == seen:
                continue
            # A program that is still writing is given the time to end.
            await asyncio.sleep(_SECONDS)
            if files_of(self.folder) == now:
                seen = now
                self.look()
                self._widget.value = self._html()


_WATCHED: dict[Path, Watched] = {}


def watch(unit: str | Path) -> Watched:
    """Watch a unit's folder: when a file is saved it is read, checked and scored again.

    In JupyterLab the cell then shows what changed in numbers, findings and score since the last
    look; elsewhere each call is one look.

    Parameters
    ----------
    unit : str or Path
        As ``load_unit`` takes it.

    Raises
    ------
    UsageError
        If there is no such unit.

    Examples
    --------
    >>> watch("S001")
    2021/S001 示例一：星桥区图书馆：自评得分98.37分，等待处理的发现 0 条
    与上次看时相比（没有）
    """
    folder = unit_folder(unit).absolute()
    last = _WATCHED.get(folder)
    if last is not None:
        last.stop()
    watched = _WATCHED[folder] = Watched(folder, last.evaluation if last else None)
    if is_live():
        watched.begin()
    return watched


def changes(before: Evaluation | None, after: Evaluation | None) -> ShownFrame:
    """Return what differs between two evaluations of a unit: numbers, findings, score."""
    heads = ("part", "name", "before", "after")
    columns = {TABLE_HEADS[name]: "str" for name in heads}
    rows = [] if before is None or after is None else [*_changes(before, after)]
    return shown_frame(columns, rows, CAPTIONS["since"])


def _changes(before: Evaluation, after: Evaluation) -> Iterator[list[str]]:
    for key in dict.fromkeys([*after.quantities, *before.quantities]):
        old, new = before.quantities.get(key), after.quantities.get(key)
        known = new or old
        assert known is not None
        if key.startswith("score.") or not (known.source or key.rpartition(".")[2] in _TOLD):
            continue
        told = [
            NOT_SUPPLIED if one is None or one.value is None else case.printer.quantity(one)
            for one, case in ((old, before), (new, after))
        ]
        if (old and old.value) != (new and new.value):
            yield [TABLE_HEADS["amount"], known.label, *told]
    had, has = _open(before), _open(after)
    for finding, _ in (had - has).items():
        yield [TABLE_HEADS["open"], finding[0], finding[1], "已消除"]
    for finding, _ in (has - had).items():
        yield [TABLE_HEADS["open"], finding[0], "", finding[1]]
    points = [{row.name: _points(case, row.points) for row in case.final_score.rows} for case in
              (before, after)]  # fmt: skip
    for name in dict.fromkeys([*points[1], *points[0]]):
        old_points, new_points = (one.get(name, "") for one in points)
        if old_points != new_points:
            yield [TABLE_HEADS["points"], name, old_points, new_points]
    totals = [_total(case) for case in (before, after)]
    if totals[0] != totals[1]:
        yield [TABLE_HEADS["points"], SCREEN_WORDS["score"], *totals]


def _open(case: Evaluation) -> Counter[tuple[str, str]]:
    waiting = (finding for finding in case.all_findings if finding.waits)
    return Counter((finding.code, finding.message) for finding in waiting)


def _points(case: Evaluation, points: Fraction | None) -> str:
    return SCREEN_WORDS["not_scored"] if points is None else f"{case.printer.points(points)}分"


def _total(case: Evaluation) -> str:
    total, pending = case.final_score.total, case.final_score.pending_text
    if total.value is None:
        return SCREEN_WORDS["not_scored"]
    return f"{case.printer.quantity(total)}{f'（{pending}）' if pending else ''}"


def _state_of(case: Evaluation) -> str:
    waiting = sum(finding.waits for finding in case.all_findings)
    label, measure = COUNTS["open"]
    return f"{case.unit.name}：{SCREEN_WORDS['score']}{_total(case)}，{label} {waiting} {measure}"
