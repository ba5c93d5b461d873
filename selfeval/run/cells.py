"""What the cells of an executed notebook show: parts of a report, and an analyst's own work.

Both kinds of page are made of it, by the same rules: the editions, which take from an analyst's
cells what is tagged or shown on purpose, and the page of a notebook of one's own, which takes all.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from html import escape, unescape
from pathlib import Path
from typing import Any, Final, NoReturn

from .. import style
from ..errors import NotebookError, UsageError
from ..evaluation import Evaluation
from ..page.contained import refused_in
from ..page.own_work import cleaned_table, with_our_numbers, written_html
from ..page.readable import faults_of
from ..strict import nearest
from ..terms import ordinal
from ..unit import without_numbering
from .notebook import FINISH_TYPE, MARK, WRAPPER

TAG: Final = "report"
"""The tag of cells that are exported in the place where they stand."""

_IMAGES: Final = ("image/svg+xml", "image/png", "image/jpeg")
_HEADING: Final = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)
_SECTIONS: Final = {f"{ordinal(number)}、": number for number in range(1, 100)}
_NAMELESS: Final = re.compile(r'(?<=role="region" )aria-label="表"')
_CUT_SHORT: Final = re.compile(r"<p>\d+ rows × \d+ columns</p>")
_FIRST_WORDS: Final = 24


@dataclass(frozen=True)
class OwnPiece:
    """A piece of an analyst's own work: the cell it is of, and the part it stands after."""

    cell: str
    html: str
    after: str


@dataclass
class Shown:
    """What a notebook shows, in its order.

    ``faults`` are told when the page is made, ``left_out`` only stands in the log.
    """

    title: str = ""
    parts: list[dict[str, Any]] = field(default_factory=list)
    own: list[OwnPiece] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def cell_name(cell: Any) -> str:
    """Return what an author knows a cell by: its number, if it has one, and its first words."""
    lines = [line.strip() for line in cell.source.splitlines() if line.strip()]
    code = next((line for line in lines if not line.startswith(("import ", "from "))), "")
    first = " ".join((code or (lines or [""])[0]).split())
    words = f"{first[:_FIRST_WORDS]}…" if len(first) > _FIRST_WORDS else first
    if cell.cell_type == "markdown":
        return f"文字单元格“{words}”"
    return f"第 {cell.execution_count} 个单元格（{words}）"


class CellReader:
    """Reads an executed notebook.

    Parameters
    ----------
    unit : str
        ``<year>/<code>``: what the parts must be of.
    is_edition : bool
        Whether the page is an edition: it takes only what is tagged or shown on purpose, and
        refuses what has not all that it needs.
    evaluation : callable
        Returns the unit, checked and scored, for the numbers that an analyst asks for by name.
    """

    def __init__(
        self, unit: str, run_path: Path, is_edition: bool, evaluation: Callable[[], Evaluation]
    ) -> None:
        self._unit, self._run_path, self._is_edition = unit, run_path, is_edition
        self._evaluation = evaluation
        self._shown = Shown()
        self._cell, self._part, self._has_boxes = "", "", False
        self._places = {"": ""}

    def read(self, executed: Any) -> Shown:
        """Return what the notebook shows.

        Raises
        ------
        NotebookError
            If an edition is shown something that cannot be part of a report, or a part of
            another unit, named by its cell.
        """
        for cell in executed.cells:
            self._cell = cell_name(cell)
            self._has_boxes = any(
                style.tells_of_boxes(one.text)
                for one in cell.get("outputs", ())
                if one.output_type == "stream" and one.name == "stderr"
            )
            is_taken = not self._is_edition or TAG in cell.metadata.get("tags", [])
            if cell.cell_type == "markdown" and is_taken:
                self._add_text(cell.source, "")
            elif cell.cell_type == "code":
                left = [self._take(one, is_taken) for one in cell.outputs]
                if not all(left):
                    told = f"{self._cell}的输出没有放进页面：单元格没有 {TAG} 标记。"
                    self._shown.left_out.append(told)
        self._settle()
        return self._shown

    def _take(self, output: Any, is_taken: bool) -> bool:
        """Take an output in; return whether it was, or need not be."""
        data, mark = output.get("data", {}), output.get("metadata", {}).get(MARK, {})
        if "order" in mark and "text/html" in data:
            self._add_part(mark, _bare(data["text/html"]))
        elif "own" in mark:
            self._add_own(data, mark)
        elif "absent" in mark:
            self._places[mark["absent"]] = self._part
        elif mark or FINISH_TYPE in data:
            pass
        elif not is_taken:
            return False
        elif output.output_type == "stream":
            self._add_printed(output)
        else:
            self._add_output(data, output.get("metadata", {}))
        return True

    def _add_part(self, mark: Mapping[str, Any], html: str) -> None:
        if mark["unit"] != self._unit:
            told = f"“{mark['part']}”这一部分显示的是 {mark['unit']}，不是 {self._unit}。"
            remedy = "各部分要用同一个 evaluation 显示；单位只在标记为 parameters 的单元格里指定。"
            raise NotebookError(self._run_path.name, told, remedy)
        self._part = mark["part"]
        self._places[self._part] = self._part
        self._shown.parts.append({**mark, "html": html})

    def _add_own(self, data: Mapping[str, Any], mark: Mapping[str, Any]) -> None:
        if mark["own"] == "text":
            self._add_text(mark["written"], mark["after"])
            return
        html, what = _bare(data["text/html"]), "图" if mark["own"] == "figure" else "表"
        if mark["own"] == "figure":
            html = html.replace(mark["chart"], f"own-{len(self._shown.own) + 1}")
            if not mark["has_alt"]:
                self._amiss("的图没有文字说明（alt）。", "请写 show(figure, title=…, alt=…)。")
        else:
            html = with_our_numbers(html, mark["title"], self._evaluation)
        if not mark["title"] and (self._is_edition or what == "图"):
            self._amiss(f"的{what}没有标题。", "请写 title=…。")
        self._add(html, mark["after"])

    def _add_text(self, markdown: str, after: str) -> None:
        try:
            html = str(written_html(markdown, self._evaluation))
        except UsageError as error:
            self._refuse(error.fault, error.remedy)
        if not self._is_edition and not self._shown.title:
            title = re.search(r"<h1>(.*?)</h1>", html, re.DOTALL)
            if title:
                self._shown.title = _plain(title[1])
                html = html.replace(title[0], "", 1).strip()
        self._add(html, after, is_text=True)

    def _add_printed(self, output: Any) -> None:
        if output.name != "stderr":
            self._add(f"<pre>{escape(output.text)}</pre>", "")
        elif self._has_boxes:
            self._shown.faults.append(f"{self._cell}的图没有放进页面：{style.BOXES}")
        elif not style.is_of_fonts(output.text):
            self._shown.faults.append(f"{self._cell}输出了警告，没有放进页面。")

    def _add_output(self, data: Mapping[str, Any], metadata: Mapping[str, Any]) -> None:
        plain, html = str(data.get("text/plain", "")), str(data.get("text/html", ""))
        images = [kind for kind in _IMAGES if kind in data]
        if images and self._is_edition:
            self._refuse("的图没有标题和文字说明。", "请用 show(figure, title=…, alt=…) 放进报告。")
        elif images and not self._has_boxes:
            alt = str(metadata.get(images[0], {}).get("alt") or metadata.get("alt") or "")
            address = _data_address(images[0], data[images[0]])
            self._add(f'<figure><img src="{address}" alt="{escape(alt)}"></figure>', "")
        elif images:
            pass  # told where the cell warns of it
        elif "text/markdown" in data:
            self._add_text(str(data["text/markdown"]), "")
        elif "<table" in html:
            if _CUT_SHORT.search(html):
                told = "的表太大，只显示了一部分：请用 show(frame, title=…) 放全表。"
                self._shown.faults.append(f"{self._cell}{told}")
            self._add(cleaned_table(html), "")
        elif set(data) - {"text/plain", "text/html"}:
            kinds = "、".join(sorted(set(data) - {"text/plain"}))
            told = f"的输出没有放进页面：只放文字、表格和图（这里是 {kinds}）。"
            self._shown.faults.append(f"{self._cell}{told}")
        elif plain.startswith("<Figure "):
            told = "的图没有放进页面：请用 show(figure, title=…, alt=…)。"
            self._shown.faults.append(f"{self._cell}{told}")
        elif plain:
            self._add(f"<pre>{escape(plain)}</pre>", "")

    def _add(self, html: str, after: str, is_text: bool = False) -> None:
        if not html:
            return
        if refused := refused_in(html):
            self._refuse("有页面不允许的内容。", detail=refused)
        self._shown.faults += [f"{self._cell}{fault}" for fault in faults_of(html, is_text)]
        self._shown.own.append(OwnPiece(self._cell, html, after or self._part))

    def _amiss(self, fault: str, remedy: str) -> None:
        """Refuse what a report cannot be without; on a page of its own it is told."""
        if self._is_edition:
            self._refuse(fault, remedy)
        self._shown.faults.append(f"{self._cell}{fault}{remedy}")

    def _refuse(self, fault: str, remedy: str = "", detail: str = "") -> NoReturn:
        place = f"{self._run_path.name} › {self._cell}"
        raise NotebookError(place, fault.removeprefix("的"), remedy, detail)

    def _settle(self) -> None:
        """Look up the parts that own work is to stand after, now that all are known."""
        for number, piece in enumerate(self._shown.own):
            self._cell = piece.cell
            if piece.after not in self._places:
                known = [name for name in self._places if name]
                close = nearest(piece.after, known)
                hint = f"是不是“{close}”？" if close else f"有：{'、'.join(known)}。"
                self._refuse(f"after 写的“{piece.after}”没有显示。", hint)
            self._shown.own[number] = replace(piece, after=self._places[piece.after])


class PagePieces:
    """The pieces of a page in their order, and the headings that its contents list.

    Where sections of an outline are numbered, those of an analyst's own are numbered with them.
    """

    def __init__(self, shown: Shown) -> None:
        self.pieces: list[dict[str, Any]] = []
        self.headings: list[dict[str, Any]] = []
        self._shown, self._cell = shown, ""
        self._is_numbered, self._level = False, 1
        self._sections = self._inserted = self._below = self._own = self._tables = 0

    def add_own(self, after: str) -> None:
        """Add the own work that stands after a part, ``""`` for what stands before all parts."""
        for piece in self._shown.own:
            if piece.after == after:
                self._cell = piece.cell
                html = _HEADING.sub(self._own_heading, piece.html)
                html = _NAMELESS.sub(self._named_table, html)
                self.pieces.append({"part": "", "html": f'<section class="own">{html}</section>'})

    def add_part(self, part: Mapping[str, Any]) -> None:
        """Add a part of ours."""
        html = part["html"]
        for told in part["headings"]:
            heading = dict(told)
            self._level = heading["level"]
            if self._level > 2:
                self._below += 1
            else:
                number, mark, rest = heading["text"].partition("、")
                self._is_numbered, self._below = f"{number}{mark}" in _SECTIONS, 0
                if self._is_numbered:
                    self._sections = _SECTIONS[f"{number}、"] + self._inserted
                    heading["text"] = f"{ordinal(self._sections)}、{rest}"
                    at = f'<h2 id="{heading["id"]}">'
                    html = html.replace(f"{at}{number}、", f"{at}{ordinal(self._sections)}、", 1)
            self.headings.append(heading)
        self.pieces.append({**part, "html": html})

    def _own_heading(self, match: re.Match[str]) -> str:
        level, inner = max(int(match[1]), 2), match[2]
        if level > 3:
            return f"<p><strong>{inner}</strong></p>"
        if level > self._level + 1:
            self._shown.faults.append(
                f"{self._cell}：“{_plain(inner)}”上面没有高一级的标题（##）。"
            )
        self._level, self._own = level, self._own + 1
        if self._is_numbered:
            inner = f"{self._next_number(level)}{without_numbering(inner)}"
        heading = {"id": f"h{self._own}", "text": _plain(inner), "level": level}
        self.headings.append(heading)
        return f'<h{level} id="{heading["id"]}">{inner}</h{level}>'

    def _named_table(self, match: re.Match[str]) -> str:
        """Return a table's label that no other table has: readers jump to them by it."""
        self._tables += 1
        return f"{match[0][:-1]}{self._tables}{match[0][-1]}"

    def _next_number(self, level: int) -> str:
        if level == 2:
            self._inserted, self._below = self._inserted + 1, 0
            self._sections += 1
            return f"{ordinal(self._sections)}、"
        self._below += 1
        return f"（{ordinal(self._below)}）"


def _bare(html: str) -> str:
    style, before, after = WRAPPER
    return html.removeprefix(style).removeprefix(before).removesuffix(after)


def _plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def _data_address(kind: str, data: str) -> str:
    content = base64.b64encode(data.encode()).decode() if kind == "image/svg+xml" else data
    return f"data:{kind};base64,{''.join(content.split())}"
