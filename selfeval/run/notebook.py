"""Shows the parts of a report in a notebook, each by itself, and writes the finish record."""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, replace
from typing import Final

from IPython.display import display
from markupsafe import Markup, escape

from ..errors import UsageError
from ..evaluation import Evaluation
from ..page.macros import macros, style_sheet
from ..page.parts import build_view
from ..page.trace import definitions, untraced
from ..page.view import View
from ..project import require_edition
from ..terms import TRIAL
from .record import finish_record

MARK: Final = "selfeval"
"""The key of our metadata on a notebook's outputs; the export keeps no other output."""

FINISH_TYPE: Final = "application/vnd.selfeval.finish+json"
WRAPPER: Final = (f'<style>{style_sheet()}</style><div class="selfeval">', "</div>")
"""What gives a part its style in JupyterLab; on the page the head and the body do."""


_ID: Final = re.compile(r' id="([^"]+)"')
_TAG: Final = re.compile(r"<[^>]*>")


def show(evaluation: Evaluation, part: str, *of: str) -> None:
    """Show one part of a report; what it shows depends on no other cell.

    Parameters
    ----------
    evaluation : Evaluation
        Checked and scored.
    part : str
        One of ``parts(evaluation)``. A section that only other outlines have is left out, with
        a word in JupyterLab.
    of : str
        For the part ``trace``: the parts whose numbers JupyterLab lists. The exported page lists
        those of all parts.

    Raises
    ------
    UsageError
        If no edition and no outline has such a part.

    Examples
    --------
    >>> show(score(load_unit("S001")), "glossary")
    名词解释
    """
    view = build_view(evaluation, part, *of)
    if view is None:
        _display({"text/plain": "（本单位所用的提纲没有这一部分）"})
    else:
        _display(*view_output(evaluation, view))


def view_output(evaluation: Evaluation, view: View) -> tuple[dict[str, object], dict[str, object]]:
    """Return a part as an output's data, and the mark that the export knows it by.

    Of a trial it says so first, and its numbers are in no trace: no file has them.
    """
    if evaluation.is_trial:
        view = _as_trial(view)
    data: dict[str, object] = {
        "text/html": f"{WRAPPER[0]}{view.html}{WRAPPER[1]}",
        "text/plain": view.plain,
    }
    mark: dict[str, object] = {
        "part": view.part,
        "unit": f"{evaluation.unit.year}/{evaluation.unit.code}",
        "order": view.order,
        "headings": [asdict(heading) for heading in view.headings],
    }
    trial = {"trial": True} if evaluation.is_trial else {}
    return data, mark | trial | ({"numbers": definitions(view.numbers)} if view.numbers else {})


def _as_trial(view: View) -> View:
    """Return a part that says that it is of a trial, and can stand beside that of the unit."""
    told = "改动只在笔记本里，没有写进任何文件；这些数不是填报的数，不能用作报告。"
    note = macros("lists").paragraph(f"{TRIAL}：{told}", "note")
    html = untraced(view.html)
    apart = f"t{hashlib.sha256(html.encode()).hexdigest()[:8]}-"
    html, headings = _with_own_ids(html, apart), []
    for heading in view.headings:
        own = replace(heading, id=f"{apart}{heading.id}", text=f"{heading.text}（{TRIAL}）")
        html = html.replace(f">{escape(heading.text)}</h", f">{escape(own.text)}</h")
        headings.append(own)
    shown = Markup(f"{note}{html}")
    return replace(view, html=shown, headings=tuple(headings), numbers=())


def _with_own_ids(html: str, prefix: str) -> str:
    """Return HTML whose ids, and what names them, begin with a prefix."""
    ids = "|".join(map(re.escape, _ID.findall(html)))
    named = re.compile(rf'(?<=["#\s])(?:{ids})(?=["\s)])')
    return _TAG.sub(lambda tag: named.sub(rf"{prefix}\g<0>", tag[0]), html) if ids else html


def _display(data: dict[str, object], mark: dict[str, object] | None = None) -> None:
    metadata = {MARK: mark} if mark else {}
    display(data, raw=True, metadata=metadata)  # type: ignore[no-untyped-call]


def finish(evaluation: Evaluation, edition: str) -> None:
    """Write the finish record. That all its parts were shown is proven by the export.

    Raises
    ------
    UsageError
        If there is no such edition, or the evaluation is a trial.

    Examples
    --------
    >>> finish(score(load_unit("S001")), "report")
    完成记录已写好；各部分是否都显示了，导出时核对。
    """
    require_edition(edition)
    if evaluation.is_trial:
        raise UsageError(
            "finish(…)",
            f"{TRIAL}的结果不能定为报告。",
            "要改报告，请改填报的文件，再用 load_unit 重新读取。",
        )
    told = "完成记录已写好；各部分是否都显示了，导出时核对。"
    record = finish_record(evaluation, edition)
    _display({FINISH_TYPE: record, "text/plain": told}, {"part": "finish"})
