"""Tells from a page alone whether it was changed after it was made, in two layers.

Every number stands in the trace table with its exact value: it is printed anew from there, with
its unit, note and grade, and added anew from its parts. Whatever else was changed, the seal in
the page's foot no longer fits.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final, get_args

from ..budget.printer import Printer
from ..budget.quantities import Kind, Quantity
from ..errors import UsageError, cause
from ..project import RECORD_FILE
from ..terms import EDITIONS, OWN_PAGE, ROUNDINGS, SAID_OUTCOMES, SCREEN_WORDS, TRACE_GROUPS
from .seal import changed_parts, is_whole, seal_of, sealed_record
from .sentences import under_caption
from .trace import formula_of, signs_of

_VOID: Final = {"meta", "br", "hr", "img"}
_YEAR = re.compile(r"(\d{4})年")
_COUNTED = re.compile(r"（(\d+)条）$")
_NUMERAL = re.compile(r"\d+(?:\.\d+)?[^\W\d_%]?%?")
_MEASURED = re.compile(r"-?\d{1,20}(?:\.\d{1,9})?(?:万元|元|%|分)")
_GENERATED: Final = {"lead", "strip", "facts"}
"""Where every number is ours and carries its exact value."""
_BREAK = re.compile(r"[，。；、（]")
_EXACT = re.compile(r"-?\d{1,2000}(?:/\d{1,2000})?")
"""Anything else that is a number, such as 1e999999999, would take for ever."""
_CONTEXT = 12
_DEEPEST = 500
_TOP: Final = "页首"
"""What stands below the title is told to be there: the title itself is long."""


@dataclass(frozen=True)
class Verification:
    """What a page prints and what does not hold.

    ``printed`` numbers, ``derived`` ones added anew; ``faults`` of numbers, status and grade;
    ``changes`` that only the seal shows.
    """

    printed: int
    derived: int
    faults: tuple[str, ...]
    changes: tuple[str, ...]


@dataclass
class _TraceRow:
    """A row of the trace: its number as it is to be printed, and what is printed."""

    number: str
    group: str
    quantity: Quantity
    parts: list[tuple[str, int]] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)

    @property
    def whole(self) -> Quantity:
        """Its number with what it is made of."""
        return replace(self.quantity, parts=tuple(self.parts))


@dataclass(frozen=True)
class _PrintedNumber:
    """A marked number: where it stands, its row ("" of a mere count), and what is printed."""

    place: str
    before: str
    caption: str
    key: str
    shown: str
    value: Fraction | None
    note: str | None


@dataclass
class _DrawnFigure:
    """A figure; what one of an analyst's own says (``is_own``) only the seal holds."""

    place: str
    is_own: bool = False
    caption: str = ""
    subtitle: str = ""
    title: str = ""
    alt: str = ""
    drawn: list[str] = field(default_factory=list)


@dataclass
class _Table:
    place: str
    caption: str = ""
    row_name: str = ""
    summary: str = ""
    lines: int = 0
    marks: int = 0
    is_own: bool = False
    unmarked: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _JudgedTotal:
    """What a page says of a total beside the sum of its parts: their rows, and the word."""

    total: str
    added: str
    word: str


@dataclass
class _Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""
    bare: str = ""
    marks: int = 0

    def add(self, text: str, bare: str) -> None:
        self.text, self.bare = self.text + text, self.bare + bare


class _Page(HTMLParser):
    """What a page says, by the elements that say it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.edition = self.title = ""
        self.headings: list[tuple[str, str]] = []
        self.contents: dict[str, str] = {}
        self.rows: dict[str, _TraceRow] = {}
        self.printed: list[_PrintedNumber] = []
        self.figures: list[_DrawnFigure] = []
        self.tables: list[_Table] = []
        self.compared: list[_JudgedTotal] = []
        self.findings: list[int] = []
        self.years: list[tuple[str, str]] = []
        self.bare: list[tuple[str, str]] = []
        self.status_row = self.status_css = self.status = ""
        self.printer = Printer("half_up")
        self._open: list[_Element] = []
        self._row: _TraceRow | None = None
        self._group = ""
        self._total = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag in _VOID:
            return
        if len(self._open) >= _DEEPEST:
            raise ValueError("a page is never so deep")
        self._open.append(_Element(tag, found))
        if tag == "tr":
            self._row = _row(found, self._group) if "data-value" in found else None
            if self._row is not None:
                self.rows[found["id"]] = self._row
        elif tag == "table":
            self.tables.append(_Table(self._place, is_own=_is_own(found)))
        elif tag == "figure":
            self.figures.append(_DrawnFigure(self._place, is_own=_is_own(found)))

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[-1].add(data, data)

    def handle_endtag(self, tag: str) -> None:
        if tag not in [element.tag for element in self._open]:
            return
        while True:
            element = self._open.pop()
            before = self._open[-1].text if self._open else ""
            self._closed(element, before)
            if self._open:
                # ``bare`` is what a text says without its marked numbers.
                is_mark = element.marks == 1 and element.tag in {"a", "tspan"}
                self._open[-1].add(element.text, "" if is_mark else element.bare)
                self._open[-1].marks += element.marks
            if element.tag == tag:
                return

    @property
    def _place(self) -> str:
        return self.headings[-1][1] if len(self.headings) > 1 else _TOP

    def _within(self, tag: str) -> bool:
        return any(element.tag == tag for element in self._open)

    def _closed(self, element: _Element, before: str) -> None:
        """Note an element that is whole now; ``before`` is what its parent says before it."""
        tag, found, text = element.tag, element.attributes, element.text
        if found.get("class") in _GENERATED:
            self.bare.append((self._place, element.bare))
        if tag in {"h1", "h2", "h3"}:
            self.headings.append((found.get("id", ""), text))
            self.findings.append(0)
        elif tag == "body":
            kinds = found.get("class", "").split()
            self.edition = next((e for e in (*EDITIONS, OWN_PAGE) if e in kinds), "")
        elif tag == "title" and not self._within("svg"):
            self.title = text
        elif tag == "p":
            self._paragraph(found, text)
        elif tag == "article":
            self.findings[-1] += 1
        elif tag == "a" and self._within("nav"):
            self.contents[found["href"].lstrip("#")] = text
        elif (tag == "a" and found.get("class") == "n") or tag == "data" or "data-n" in found:
            element.marks = 1
            self._marked(found, before, text)
        elif tag == "a" and self._row is not None:
            sign = -1 if before.endswith("－") else 1
            self._row.parts.append((found["href"].lstrip("#"), sign))
        elif self._within("details") and not self._within("th"):
            self._in_parts(element)
        elif self._within("table"):
            self._in_table(element)
        elif self._within("figure"):
            self._in_figure(tag, text)

    def _paragraph(self, found: dict[str, str], text: str) -> None:
        css = found.get("class", "")
        if css.partition(" ")[0] == "status":
            self.status_row = found.get("data-n", "") or self.status_row
            self.status_css, self.status = f"{self.status_css} {css}", f"{self.status}{text}"
        elif css == "lead" and _YEAR.match(text):
            self.years.append((self._place, text[:5]))
        elif self.headings and self.headings[-1][0] == "s-about" and ROUNDINGS["half_even"] in text:
            # Only where the report says how it rounds: a unit's own text may name a method too.
            self.printer = Printer("half_even")

    def _marked(self, found: dict[str, str], before: str, text: str) -> None:
        key = "" if "value" in found else found.get("data-n") or found["href"].lstrip("#")
        caption = ""
        if self._within("table"):
            table = self.tables[-1]
            table.marks += 1
            caption, before = table.caption, before or f"{table.row_name} "
        elif self._within("figure"):
            caption = self.figures[-1].subtitle
        value = None if "data-n" in found else _exact(found.get("value") or found["data-value"])
        note = found.get("data-note")
        self.printed.append(_PrintedNumber(self._place, before, caption, key, text, value, note))

    def _in_table(self, element: _Element) -> None:
        table, tag, text = self.tables[-1], element.tag, element.text
        if tag == "tr":
            self._row = None
        elif tag == "caption":
            table.caption = text
            if not table.is_own:
                self.years += [(text, year) for year in _YEAR.findall(text)[-1:]]
        elif tag in {"td", "th"} and self._row is not None:
            self._row.cells.append(text)
        elif tag == "th" and element.attributes.get("scope") == "rowgroup":
            self._group = text
        elif tag == "summary":
            table.summary = text
        elif tag == "th" and element.attributes.get("scope") == "row":
            # A name that opens is the row's name, and not what it opens.
            table.row_name, table.summary = table.summary or text, ""
            table.lines += 1
        elif tag == "td" and not element.marks and element.attributes.get("class") == "num":
            table.unmarked += [(table.row_name, text)] if re.search(r"\d", text) else []

    def _in_parts(self, element: _Element) -> None:
        """Note the total that a list of its parts begins with, and the word that ends it."""
        if element.tag == "dt":
            self._total = self.printed[-1].key
        elif element.tag == "dd" and "class" in element.attributes:
            said = [word for word in SAID_OUTCOMES.values() if word in element.bare]
            self.compared.append(_JudgedTotal(self._total, self.printed[-1].key, "".join(said)))

    def _in_figure(self, tag: str, text: str) -> None:
        figure = self.figures[-1]
        if tag == "strong":
            figure.caption = text
        elif tag == "span":
            figure.subtitle = text
            own = figure.is_own
            self.years += [] if own else [(text, year) for year in _YEAR.findall(text)[-1:]]
        elif tag == "title":
            figure.title = text
        elif tag == "desc":
            figure.alt = text
        elif tag == "text":
            figure.drawn.append(text)


def _is_own(attributes: dict[str, str]) -> bool:
    return "own" in attributes.get("class", "").split()


def _exact(text: str) -> Fraction:
    if not _EXACT.fullmatch(text):
        raise ValueError(text)
    return Fraction(text)


def _row(attributes: dict[str, str], group: str) -> _TraceRow:
    kind = attributes.get("data-kind", "money")
    if kind not in get_args(Kind):
        raise ValueError(kind)
    bands = attributes.get("data-bands", "").split()
    quantity = Quantity(
        "",
        "",
        kind,  # type: ignore[arg-type]
        _exact(attributes["data-value"]),
        measure_unit=attributes.get("data-unit", ""),
        bands=tuple(zip(map(_exact, bands[::2]), bands[1::2], strict=True)),
        limits=tuple(map(_exact, attributes.get("data-limits", "").split())),
    )
    return _TraceRow(attributes["id"].lstrip("t"), group, quantity)


def verify_page(path: Path) -> Verification:
    """Check a page against the exact values and the seal it carries.

    Raises
    ------
    UsageError
        If the file cannot be read, or is not a report with a trace table.
    """
    try:
        html = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(
            str(path), f"文件打不开（{cause(error)}）。", "请检查文件名和权限。"
        ) from None
    except UnicodeDecodeError:
        raise UsageError(str(path), "不是本工具生成的报告：不是 UTF-8 编码。") from None
    page = _Page()
    try:
        page.feed(html)
        page.close()
        if not page.rows:
            raise UsageError(str(path), "不是本工具生成的报告：没有数据来源表。")
        faults = [fault for look in _LOOKS for fault in look(page)]
    except (KeyError, ValueError, ZeroDivisionError, IndexError, StopIteration):
        raise UsageError(
            str(path), "报告里的数据标记被改坏了，无法核算。", "请重新生成这份报告。"
        ) from None
    derived = sum(1 for row in page.rows.values() if row.parts)
    return Verification(len(page.printed), derived, tuple(faults), tuple(_changes(page, html)))


# --- the numbers -----------------------------------------------------------------------------


def _misprinted(page: _Page) -> Iterator[str]:
    for number in page.printed:
        fault = _number_fault(page, number)
        if fault:
            before = _BREAK.split(number.before)[-1][-_CONTEXT:]
            words = f"{before}{number.shown}".strip()
            yield f"{number.place} › “{words}”：{fault}"


def _number_fault(page: _Page, number: _PrintedNumber) -> str:
    """Say what is wrong with a printed number, "" if nothing."""
    if not number.key:
        return "" if number.shown == str(number.value) else f"应为“{number.value}”。"
    row = page.rows.get(number.key)
    if row is None:
        return f"在数据来源表中没有序号{number.key.lstrip('t')}。"
    if number.value is not None and number.value != row.quantity.value:
        return f"精确值与数据来源表序号{row.number}不同。"
    if not _is_printable(row.quantity):
        return "精确值不是整数分或整数。"
    forms, exact = [page.printer.quantity(row.quantity)], page.printer.exact(row.quantity)
    # In a sentence a word such as 减少 stands for the minus, in a table nothing does.
    if not number.caption:
        forms.append(page.printer.quantity(row.quantity, absolute=True))
    for form in forms:
        if number.shown in {form, under_caption(form, number.caption), exact}:
            note = f"{form}＝{exact}｜{_source(page, row)}"
            told = number.note is None or number.note == note
            return "" if told else f"悬停时的说明写成“{number.note}”，应为“{note}”。"
    return f"应为“{forms[0]}”，由精确值{exact}得来。"


def _is_printable(quantity: Quantity) -> bool:
    assert quantity.value is not None
    return quantity.kind not in {"money", "count"} or quantity.value.denominator == 1


def _source(page: _Page, row: _TraceRow) -> str:
    """Return a row's source as a note tells it, "" if its formula names other rows."""
    cell = row.cells[3]
    if not row.parts:
        return cell if row.group in TRACE_GROUPS.values() else f"{row.group} › {cell}"
    signs, parts = signs_of(row.whole), [part for part, _ in row.parts]
    numbers = [part.lstrip("t") for part in parts]
    if cell == formula_of(signs, numbers):
        known = (page.rows.get(part) for part in parts)
        return formula_of(signs, (row.cells[1] if row else "" for row in known))
    minus = [f"－{n}" if sign == "－" else n for sign, n in zip(signs, numbers, strict=True)]
    told = f"（序号{'、'.join(minus)}）"
    return cell.removesuffix(told) if cell.endswith(told) else ""


def _misstated(page: _Page) -> Iterator[str]:
    """Yield where the trace table itself prints an exact value or a part wrongly."""
    for row in page.rows.values():
        place = f"数据来源 › 序号{row.number}“{row.cells[1]}”"
        if not _is_printable(row.quantity):
            yield f"{place}：精确值不是整数分或整数。"
            continue
        exact = page.printer.exact(row.quantity)
        if [row.cells[0], row.cells[2]] != [row.number, exact]:
            yield f"{place}：写成“{row.cells[2]}”，应为“{exact}”。"
        if row.parts and not _source(page, row):
            yield f"{place}：算式里写的序号与它的组成部分不同。"


def _wrong_sums(page: _Page) -> Iterator[str]:
    for row in page.rows.values():
        place = f"数据来源 › 序号{row.number}“{row.cells[1]}”"
        if any(part not in page.rows for part, _ in row.parts):
            yield f"{place}：组成部分不全。"
        elif row.parts and row.quantity.value != _combine(page, row):
            yield f"{place}：与其算式的结果不同。"


def _combine(page: _Page, row: _TraceRow) -> Fraction | None:
    values = [sign * (page.rows[part].quantity.value or Fraction(0)) for part, sign in row.parts]
    if row.quantity.kind != "rate":
        return sum(values, Fraction(0))
    return values[0] / values[1] if len(values) == 2 and values[1] else None


def _misjudged(page: _Page) -> Iterator[str]:
    """Yield totals that are said to agree with their parts and do not, or the other way round."""
    for one in page.compared:
        total, added = page.rows.get(one.total), page.rows.get(one.added)
        if not total or not added:
            continue
        is_same = total.quantity.value == added.quantity.value
        if is_same != (one.word == SAID_OUTCOMES["pass"]):
            told = [page.printer.exact(row.quantity) for row in (total, added)]
            yield f"“{total.cells[1]}”写着“{one.word}”：合计{told[0]}，相加{told[1]}。"


def _unmarked(page: _Page) -> Iterator[str]:
    """Yield numbers without a mark on the first screen, and in a table that marks its numbers."""
    for place, text in page.bare:
        for number in _MEASURED.findall(text):
            yield f"{place} › “{number}”没有精确值。"
    for table in page.tables:
        for name, text in table.unmarked if table.marks else ():
            yield f"{table.place} › 表“{table.caption}” › {name}：“{text}”没有精确值。"


# --- what follows from numbers ---------------------------------------------------------------


def _charts(page: _Page) -> Iterator[str]:
    for figure in page.figures:
        if not figure.title or figure.is_own:
            continue
        place = f"{figure.place} › 图“{figure.caption}”"
        if figure.title != figure.caption:
            yield f"{place}：图内的标题是“{figure.title}”。"
        words = "\n".join([figure.caption, *figure.drawn])
        # A label too long for the chart is cut, and then the alternative text says more.
        if "…" not in words:
            seen = set(_NUMERAL.findall(words))
            for numeral in dict.fromkeys(_NUMERAL.findall(figure.alt)):
                if numeral not in seen:
                    yield f"{place}：替代文字里的“{numeral}”不在图里。"


def _status(page: _Page) -> Iterator[str]:
    if page.edition == OWN_PAGE:  # it says nothing of the report
        return
    draft = SCREEN_WORDS["draft"]
    if page.status_row not in page.rows:
        other = SCREEN_WORDS["self_evaluation"]
        yield f"{_TOP}：标题下写明“{draft}”或“{other}”的一行不见了。"
        return
    severe = page.rows[page.status_row].quantity
    count = f"数据来源表记有{page.printer.exact(severe)}没有更正或说明的严重发现"
    is_draft = bool(severe.value)
    if {draft in page.status, "draft" in page.status_css.split()} != {is_draft}:
        yield f"{_TOP}：{count}，标题下却写着“{page.status}”。"
    if page.edition == "report" and is_draft != (f"（{draft}）" in page.title):
        yield f"标题栏“{page.title}”：{count}，与标题栏不一致。"


def _names(page: _Page) -> Iterator[str]:
    """Yield where year, title or a heading differ between the places where they stand."""
    headline = page.headings[0][1]
    if (
        page.edition == "report"
        and page.title.removesuffix(f"（{SCREEN_WORDS['draft']}）") != headline
    ):
        yield f"标题栏“{page.title}”与页首的标题“{headline}”不同。"
    year = _YEAR.search(headline)
    for place, text in [(page.title, page.title), *page.years]:
        other = re.search(r"\d{4}", text)
        if year and other and other[0] != year[1]:
            yield f"“{place}”写的是{other[0]}年，页首的标题是{year[1]}年度。"
    headings = dict(page.headings)
    for key, text in page.contents.items():
        if headings.get(key) != text:
            yield f"目录里的“{text}”与正文的标题“{headings.get(key, '')}”不同。"


def _counts(page: _Page) -> Iterator[str]:
    """Yield heads and captions that count what stands below them wrongly."""
    told = [(text, n) for (_, text), n in zip(page.headings, page.findings, strict=True)]
    told += [(table.caption, table.lines) for table in page.tables if not table.is_own]
    for text, number in told:
        count = _COUNTED.search(text)
        if count and int(count[1]) != number:
            yield f"“{text}”：下面有{number}条。"


_LOOKS: Final = (
    _misprinted,
    _misstated,
    _wrong_sums,
    _misjudged,
    _unmarked,
    _charts,
    _status,
    _names,
    _counts,
)


# --- the seal --------------------------------------------------------------------------------


def _changes(page: _Page, html: str) -> Iterator[str]:
    if is_whole(html):
        return
    if not seal_of(html):
        yield "页尾没有校验值：被删去了，或页面是旧版本生成的。请重新生成。"
        return
    parts = changed_parts(html)
    for number in parts:
        name = page.headings[number - 1][1] if 1 < number <= len(page.headings) else _TOP
        yield f"“{name}”到下一个标题之间，内容在生成后改动过。"
    if not parts:
        yield "标题栏、样式、页尾的校验值或整节内容在生成后改动过，说不出是哪一节。"


# --- the set ---------------------------------------------------------------------------------


def verify_folder(folder: Path) -> Iterator[tuple[Path, int, Verification | tuple[str, ...]]]:
    """Compare a folder of outputs with its record, then each of its pages and folders.

    Yields
    ------
    (path, count, result)
        For a folder the number of files recorded and what differs; for a page, 0 and what
        verifying it tells.

    Raises
    ------
    UsageError
        If the folder has no record, or one without a list of files.
    """
    record = _record(folder)
    recorded = {str(name): str(digest) for name, digest in record["files"].items()}
    found = _published(folder)
    faults = [] if record == sealed_record(record) else [f"{RECORD_FILE} 在生成后改动过。"]
    faults += [f"缺少 {name}。" for name in sorted(set(recorded) - set(found))]
    faults += [f"多出 {name}，记录里没有它。" for name in sorted(set(found) - set(recorded))]
    for name in sorted(set(found) & set(recorded)):
        if digest_of(found[name]) != recorded[name]:
            faults.append(f"{name} 与记录的 SHA-256 不同，在记录之后改动过。")
    yield folder, len(recorded), tuple(faults)
    for name, path in sorted(found.items()):
        if path.name == RECORD_FILE:
            yield from verify_folder(path.parent)
        elif name in record.get("seals", {}):
            yield path, 0, _page_or_fault(path)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _page_or_fault(path: Path) -> Verification | tuple[str, ...]:
    try:
        return verify_page(path)
    except UsageError as error:
        return (f"{error.fault}{error.remedy}",)


def _record(folder: Path) -> dict[str, Any]:
    path = folder / RECORD_FILE
    try:
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        record["files"].items()
        return record
    except FileNotFoundError:
        remedy = "请给出一份报告，或 outputs 里一个年度、一个单位的文件夹。"
        raise UsageError(str(folder), f"没有 {RECORD_FILE}，不知道应有哪些文件。", remedy) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        remedy = "请重新运行 selfeval run。"
        raise UsageError(
            str(path), "读不到文件清单：文件坏了，或是旧版本生成的。", remedy
        ) from None


def _published(folder: Path) -> dict[str, Path]:
    """Return the files of a folder; of a folder below with a record of its own only that."""
    found = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        inner = [folder / parent for parent in name.parents[:-1]]
        of_its_own = any((parent / RECORD_FILE).is_file() for parent in inner)
        hidden = any(part.startswith(".") for part in name.parts)
        is_record = path.name == RECORD_FILE
        if not path.is_file() or hidden or path == folder / RECORD_FILE:
            continue
        if is_record or not of_its_own:
            found[name.as_posix()] = path
    return found
