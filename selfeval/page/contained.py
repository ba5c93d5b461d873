"""Refuses a page that is not self-contained: that would run, fetch, leak or lead nowhere."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from ..budget.placeholders import PLACEHOLDER
from ..errors import NotebookError, TableError
from ..glyphs import UNREADABLE

_HEAD: Final = {"meta", "title", "style"}
# fmt: off
_FORBIDDEN: Final = {
    "script", "iframe", "frame", "frameset", "object", "embed", "applet", "portal", "link", "base",
    "form", "input", "button", "textarea", "select", "image", "picture", "video", "audio",
    "source", "track", "template", "noscript", "noembed", "noframes", "xmp", "plaintext", "math",
    "foreignobject", "animate", "animatemotion", "animatetransform", "set", "use",
}
_TELLING: Final = _FORBIDDEN | _HEAD | {"html", "head", "body", "svg", "code"}
"""Tags that say something by themselves; others only by their attributes."""
_FETCHING: Final = {
    "href", "xlink:href", "src", "srcset", "srcdoc", "action", "formaction", "background",
    "poster", "ping", "data", "manifest", "archive", "code", "codebase", "longdesc", "usemap",
    "xml:base",
}
# fmt: on
_WORDS: Final = {"data-note", "aria-label", "title", "alt"}
"""Attributes that are only read: what a unit wrote may stand there as it is."""

_INLINE = re.compile(r"data:image/(?:png|jpeg|svg\+xml);base64,[A-Za-z0-9+/=]*")
"""An image that stands in the page itself; one that is drawn from it runs no script."""
_VALUE: Final = r'(?:"[^"<>&]*+(?:&(?:amp|lt|gt|quot|#34|#39);[^"<>&]*+)*+"|[-0-9a-z]++)'
_TOKEN: Final = re.compile(
    rf"<(?P<tag>[a-z][a-z0-9]*+)(?P<attributes>(?: [a-zA-Z][-:a-zA-Z]*+={_VALUE})*+)"
    r"(?P<empty> /)?>"
    r"|</(?P<end>[a-z][a-z0-9]*+)>|(?P<data>[^<]++)"
)
_ATTRIBUTE: Final = re.compile(r' ([-:a-zA-Z]++)=(?:"([^"]*+)"|([-0-9a-z]++))')
"""Tags and text as our templates and charts write them: every parser reads them alike."""

_DOCTYPE: Final = "<!DOCTYPE html>"
_TEXT_ONLY: Final = {"style", "title"}
"""Elements that parsers read no tags in, or not all parsers."""

_LOCAL = re.compile(r"url\(\s*['\"]?#")
_LEAKS = re.compile(r"Traceback \(most recent|site-packages|ipykernel_")


def _fetches(style: str) -> bool:
    style = style.lower()
    return "@import" in style or ("url(" in style and "url(" in _LOCAL.sub("", style))


_BESIDE = re.compile(r"(?:[\w.-]|%[0-9A-F]{2})+\.xlsx")
"""A workbook in the same folder: no path, no host."""


class _PageReader(HTMLParser):
    """Collects what a page must not have, each as an excerpt."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.refused: list[str] = []
        self.words: list[str] = []
        self.ids: Counter[str] = Counter()
        self.targets: set[str] = set()
        self._open: list[str] = []
        self._frame: set[str] = set()

    def read_plain(self, page: str) -> bool:
        """Read a page at half of the parser's cost, unless something in it is unusual.

        The page is then to be read by the parser: it was read only to where that stands.
        """
        at, text_only = len(_DOCTYPE), ""
        if not page.startswith(_DOCTYPE):
            return False
        for token in _TOKEN.finditer(page, at):
            if token.start() != at:
                return False
            at = token.end()
            tag, attributes, empty, end, data = token.groups()
            if data:
                self.handle_data(data if text_only == "style" else unescape(data))
            elif text_only not in {"", end}:
                return False
            elif end:
                self.handle_endtag(end)
                text_only = ""
            else:
                self.lasttag = tag
                if not attributes and tag not in _TELLING:
                    continue
                found = _ATTRIBUTE.findall(attributes) if attributes else []
                pairs: list[tuple[str, str | None]]
                pairs = [(name.lower(), unescape(own or bare)) for name, own, bare in found]
                self.handle_starttag(tag, pairs)
                if empty:
                    self.handle_endtag(tag)
                elif tag in _TEXT_ONLY:
                    text_only = tag
        return at == len(page) and not self.refused

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # In SVG a <title> is a tool tip; in the body of HTML it would hide what follows.
        in_place = "head" in self._open or (tag == "title" and "svg" in self._open)
        again = tag in self._frame
        if tag in _FORBIDDEN or again or (tag in _HEAD and not in_place):
            self._refuse()
        if tag in {"html", "head", "body"}:
            self._frame.add(tag)
        for name, value in attrs:
            if not (tag == "img" and name == "src" and _INLINE.fullmatch(value or "")):
                self._look_at(name, value or "")
        if tag in {"head", "svg", "code"}:
            self._open.append(tag)

    def _look_at(self, name: str, value: str) -> None:
        if name == "id":
            self.ids[value] += 1
        elif name in _WORDS:
            self.words.append(value)
        elif name in {"href", "xlink:href"} and value.startswith("#"):
            self.targets.add(value[1:])
        elif name == "href" and self.lasttag == "a" and _BESIDE.fullmatch(value):
            pass  # a form that is handed on together with the page
        elif name in _FETCHING or name.startswith("on") or _fetches(value):
            self._refuse()

    def _refuse(self, text: str = "") -> None:
        self.refused.append(" ".join((text or self.get_starttag_text() or "").split())[:60])

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            self._open.remove(tag)

    def handle_data(self, data: str) -> None:
        # A placeholder that is offered to be pasted stands as code.
        self.words.append(data.replace("{{", "") if "code" in self._open else data)
        if self.lasttag == "style" and _fetches(data):
            self._refuse(data)

    # Browsers and this parser disagree on where a comment ends; a page needs none.
    def handle_comment(self, data: str) -> None:
        self._refuse(f"<!--{data}")

    def handle_decl(self, decl: str) -> None:
        if decl.lower() != "doctype html":
            self._refuse(f"<!{decl}")

    def unknown_decl(self, data: str) -> None:
        self._refuse(f"<![{data}")

    def handle_pi(self, data: str) -> None:
        self._refuse(f"<?{data}")


def _read(page: str) -> _PageReader:
    reader = _PageReader()
    if not reader.read_plain(page):
        reader = _PageReader()
        reader.feed(page)
        reader.close()
    return reader


def refused_in(piece: str) -> str:
    """Return what a piece of a page has that no page may have, as an excerpt; "" if nothing."""
    reader = _PageReader()
    reader.feed(piece)
    reader.close()
    return reader.refused[0] if reader.refused else ""


def check_page(page: str, run_path: Path, unit_folder: Path) -> None:
    """Refuse a page that would run a script, ask the network, or tell where it was made.

    Raises
    ------
    NotebookError
        With the first offending excerpt; also for links to nowhere and ids given twice.
    TableError
        If a character of the unit's would be a box to its readers.
    """
    reader = _read(page)
    words = "\n".join(reader.words)
    leak, left = _LEAKS.search(words), PLACEHOLDER.search(words)
    if reader.refused or leak:
        excerpt = reader.refused[0] if reader.refused else leak and leak[0]
        raise NotebookError(run_path.name, "页面里有不允许的内容。", detail=str(excerpt))
    if left:
        raise NotebookError(
            run_path.name,
            f"页面里有没有替换的占位符“{left[0]}”。",
            "占位符只能写在 narrative.md 里，表格里请直接写文字。",
        )
    box = UNREADABLE.search(words)
    if box:
        raise TableError(
            unit_folder.name,
            f"页面里的字符 U+{ord(box[0]):04X} 是自造字或控制字符，在别人的手机和电脑上是方框。",
            f"在哪一格，请看 selfeval check {unit_folder.name} 的 PAGE-01；请改用通用汉字。",
        )
    places = {unit_folder.resolve(), unit_folder.absolute(), Path.home(), tempfile.gettempdir()}
    if any(len(str(place)) > 4 and str(place) in page for place in places):
        raise NotebookError(run_path.name, "页面里出现了本机的文件夹路径。")
    lost = sorted(reader.targets - set(reader.ids))
    if lost:
        raise NotebookError(run_path.name, f"页面里的链接“#{lost[0]}”没有指向任何地方。")
    doubled = [name for name, count in reader.ids.items() if count > 1]
    if doubled:
        raise NotebookError(run_path.name, f"页面里的标识“{doubled[0]}”出现了两次。")
