"""Shows the parts of a report and an analyst's own work in a notebook; writes the finish record."""

from __future__ import annotations

import hashlib
import re
import sys
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from IPython.display import display
from markupsafe import Markup, escape
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .. import style
from ..budget.placeholders import PLACEHOLDER
from ..errors import UsageError
from ..evaluation import Evaluation
from ..evaluation.load import load_unit
from ..page.macros import macros, style_sheet
from ..page.own_work import Sources, figure_html, frame_html, written_plain
from ..page.parts import build_view
from ..page.trace import definitions, untraced
from ..page.view import View
from ..project import require_edition
from ..terms import TRIAL
from ..unit.own_notebook import PARAMETER
from .live import is_batch, is_live, shell
from .record import finish_record

if TYPE_CHECKING:
    import pandas as pd

MARK: Final = "selfeval"
"""The key of our metadata on a notebook's outputs: how the export knows what it is shown."""

FINISH_TYPE: Final = "application/vnd.selfeval.finish+json"
# JupyterLab gives all columns of a table one width, and names break that need not.
_STYLE: Final = f"{style_sheet()}div.selfeval table{{table-layout:auto}}"

WRAPPER: Final = (f"<style>{_STYLE}</style>", '<div class="selfeval">', "</div>")
"""What gives a part its style in JupyterLab; on the page the head and the body do."""

_CHART: Final = "own-chart"
_ID: Final = re.compile(r' id="([^"]+)"')
_TAG: Final = re.compile(r"<[^>]*>")

# A notebook that has this module may draw: without the house look, boxes are told of once a cell.
style.tell_boxes_once()


def show(
    shown: Evaluation | Figure | Axes | pd.DataFrame | pd.Series[Any] | str,
    part: str = "",
    *of: str,
    title: str = "",
    alt: str = "",
    after: str = "",
    sources: Sources | None = None,
) -> None:
    """Show one part of a report, or take one's own work into it.

        show(evaluation, "spending")
        show(figure, title="三公经费三年持平", alt="2019至2021年分别为…", after="spending")
        show(frame, title="三公经费（2021年，万元）")
        show("### 补充说明\\n\\n支出共{{支出合计.全年执行数}}。")

    What a part shows depends on no other cell. One's own work is exported, whether its cell is
    tagged ``report`` or not, after the part that was shown before it.

    Parameters
    ----------
    shown : Evaluation, Figure, Axes, DataFrame, Series or str
        A checked and scored unit, of which ``part`` is shown; or a figure, a frame or Markdown.
    part : str
        One of ``parts(evaluation)``. A section that only other outlines have is left out, with
        a word in JupyterLab.
    of : str
        For the part ``trace``: the parts whose numbers JupyterLab lists. The exported page lists
        those of all parts.
    title : str
        What a figure or a frame is called; a report takes none without. A frame's ends with the
        unit of its amounts, ``三公经费（2021年，万元）``, for these to stand without it.
    alt : str
        What a figure tells those who do not see it; a report takes none without.
    after : str
        The part that it is to stand after, instead of the one shown before it.
    sources : mapping, optional
        Which of our numbers the cells of a frame are: (row label, column label) to a key of
        ``Evaluation.quantities`` or a Quantity. Frames of ours say so by themselves.

    Raises
    ------
    UsageError
        If no edition and no outline has such a part, or what is given cannot be shown.

    Examples
    --------
    >>> show(score(load_unit("S001")), "glossary")
    名词解释
    """
    if isinstance(shown, Evaluation):
        if title or alt or after or sources:
            raise UsageError("show(…)", "报告的部分不用写 title、alt、after、sources。")
        _show_part(shown, part, *of)
    elif part:
        raise UsageError("show(…)", f"多写了“{part}”。", "放在哪一部分后面，请写 after=…。")
    else:
        _show_own(shown, title, alt, after, sources)


def _show_part(evaluation: Evaluation, part: str, *of: str) -> None:
    view = build_view(evaluation, part, *of)
    if view is None:
        _display({"text/plain": "（本单位所用的提纲没有这一部分）"}, {"absent": part})
    else:
        _display(*view_output(evaluation, view))


def _show_own(shown: Any, title: str, alt: str, after: str, sources: Sources | None) -> None:
    import pandas as pd

    mark: dict[str, object] = {"title": title, "after": after}
    if isinstance(shown, str):
        if title or alt:
            raise UsageError("show(…)", "文字不用写 title、alt。", "标题写在文字里：### 标题")
        printed = _with_numbers(shown)
        mark |= {"own": "text", "written": shown}
        _display({"text/markdown": printed, "text/plain": printed}, mark)
    elif isinstance(shown, pd.DataFrame | pd.Series):
        frame = shown.to_frame() if isinstance(shown, pd.Series) else shown
        title = title or getattr(frame, "caption", "")
        html = frame_html(frame, title, sources)
        own = {"own": "table", "title": title}
        _display(_page_data(html, frame.to_string()), mark | own)
        _ask_for(title=title)
    elif isinstance(shown, Figure | Axes):
        figure = shown.get_figure(root=True) if isinstance(shown, Axes) else shown
        assert figure is not None
        drawn = figure_html(figure, _CHART, title, alt)
        chart = f"own-{hashlib.sha256(drawn.encode()).hexdigest()[:8]}"
        title, alt = title or getattr(figure, "title", ""), alt or getattr(figure, "alt", "")
        told = {"own": "figure", "title": title, "has_alt": bool(alt), "chart": chart}
        _display(_page_data(drawn.replace(_CHART, chart), alt or title), mark | told)
        _ask_for(title=title, alt=alt)
        # Or the cell would show it once more as it ends.
        if pyplot := sys.modules.get("matplotlib.pyplot"):
            pyplot.close(figure)
    else:
        kind = type(shown).__name__
        raise UsageError("show(…)", f"不会显示 {kind}。", "可以是图、表（DataFrame）或者文字。")


def _with_numbers(markdown: str) -> str:
    """Return a text as the page of the notebook's unit will have it, where somebody looks at it."""
    unit = shell().user_ns.get(PARAMETER, "") if is_live() else ""
    if not unit or not PLACEHOLDER.search(markdown):
        return markdown
    return written_plain(markdown, load_unit(str(unit)))


def _ask_for(**words: str) -> None:
    missing = [f"{name}=…" for name, word in words.items() if not word]
    if missing:
        told = f"（放进报告要写 {'、'.join(missing)}）"
        _display({"text/plain": told}, {"note": told})


def view_output(evaluation: Evaluation, view: View) -> tuple[dict[str, object], dict[str, object]]:
    """Return a part as an output's data, and the mark that the export knows it by.

    Of a trial it says so first, and its numbers are in no trace: no file has them.
    """
    if evaluation.is_trial:
        view = _as_trial(view)
    # Should a batch's notebook be looked at, its first part styles them all: half of its bytes.
    data = _page_data(view.html, view.plain, is_styled=not (view.order and is_batch()))
    mark: dict[str, object] = {
        "part": view.part,
        "unit": evaluation.unit.year_and_code,
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


def _page_data(html: str, plain: str, is_styled: bool = True) -> dict[str, object]:
    style, before, after = WRAPPER
    shown = f"{style if is_styled else ''}{before}{html}{after}"
    return {"text/html": shown, "text/plain": plain}


def _display(data: dict[str, object], mark: dict[str, object]) -> None:
    display(data, raw=True, metadata={MARK: mark})  # type: ignore[no-untyped-call]


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
