"""A unit's folder → a frozen Unit, and its narrative as sections of text."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import Field, field_validator

from .corrections import CORRECTIONS_FILE, Correction, load_corrections
from .errors import ParamsError, SelfEvalError, raise_all
from .form_texts import FormTexts
from .hashes import EVIDENCE_FILE, RecordedHash, load_recorded
from .profiles import Scoring, load_scoring
from .schemes import (
    Checks,
    FormLayout,
    Glossary,
    Outline,
    Section,
    load_checks,
    load_form,
    load_glossary,
    load_outline,
    schemes_folder,
)
from .strict import IsoDate, Strict, load_yaml, nearest, parse_model

UNIT_FILE = "unit.yaml"
NARRATIVE_FILE = "narrative.md"
CODE_PATTERN = r"[0-9A-Za-z][0-9A-Za-z_-]{0,31}"
TABLE_SUFFIXES = {".xlsx", ".xls", ".ods", ".csv", ".xlsm", ".xlsb", ".et", ".tsv"}
_Loaded = TypeVar("_Loaded")
_RESERVED = re.compile(r"(?i)con|prn|aux|nul|com[0-9]|lpt[0-9]")


class Explanation(Strict):
    """A unit's explanation of one finding, printed where the reader needs it."""

    finding: Annotated[str, Field(min_length=1)]
    item: str = ""
    text: Annotated[str, Field(min_length=2)]
    basis: str = ""


class UnitFile(Strict):
    """The keys of unit.yaml."""

    unit_code: Annotated[str, Field(strict=True)]
    unit_name: Annotated[str, Field(strict=True, min_length=2, max_length=60)]
    fiscal_year: Annotated[int, Field(ge=2000, le=2100)]
    outline: str = "wangcheng-2021"
    scoring: str = "mof-2020"
    rounding: Literal["half_up", "half_even"] = "half_up"
    sample: bool = False
    signatory: str | None = None
    contact: str | None = None
    report_date: IsoDate | None = None
    ignore: tuple[str, ...] = ()
    years: dict[str, Annotated[int, Field(ge=2000, le=2100)]] = Field(default_factory=dict)
    also_named: tuple[Annotated[str, Field(strict=True, min_length=2)], ...] = ()
    explanations: tuple[Explanation, ...] = ()
    annex: FormTexts = FormTexts()

    @field_validator("unit_code")
    @classmethod
    def _plain_code(cls, code: str) -> str:
        if not re.fullmatch(CODE_PATTERN, code) or _RESERVED.fullmatch(code):
            raise ValueError(f"单位代码“{code}”应是 1 至 32 位字母、数字、短横线或下划线")
        return code


@dataclass(frozen=True)
class TextPart:
    """What the unit wrote under one heading: the heading as typed, and Markdown."""

    heading: str
    text: str
    line: int
    text_line: int


@dataclass(frozen=True)
class Narrative:
    """The unit's own text: by section or part id, and the free subsections by section id."""

    texts: dict[str, TextPart]
    free: dict[str, tuple[TextPart, ...]]

    def all_parts(self) -> list[TextPart]:
        """Return every piece of text, in no particular order of meaning."""
        return [*self.texts.values(), *(part for parts in self.free.values() for part in parts)]


@dataclass(frozen=True)
class Unit:
    """All that is known of a unit before its tables are read."""

    folder: Path
    settings: UnitFile
    form: FormLayout
    outline: Outline
    scoring: Scoring
    checks: Checks
    glossary: Glossary
    narrative: Narrative
    table_files: tuple[Path, ...]
    corrections: tuple[Correction, ...]
    recorded: Mapping[str, RecordedHash]
    schemes: Path

    @property
    def code(self) -> str:
        """The unit's code."""
        return self.settings.unit_code

    @property
    def name(self) -> str:
        """The unit's name."""
        return self.settings.unit_name

    @property
    def year(self) -> int:
        """The fiscal year reported on."""
        return self.settings.fiscal_year

    @property
    def title(self) -> str:
        """The report's title, by the outline."""
        title = self.outline.title.replace("{year}", str(self.year))
        return title.replace("{name}", self.name)

    @property
    def prior_folder(self) -> Path:
        """Where the same unit's folder of the year before would be."""
        return self.folder.resolve().parent.parent / str(self.year - 1) / self.code

    def inputs(self) -> dict[str, str]:
        """Return each input file's name and SHA-256, last year's folder's with its path."""
        paths = [self.folder / UNIT_FILE, self.folder / NARRATIVE_FILE, *self.table_files]
        if self.corrections:
            paths.append(self.folder / CORRECTIONS_FILE)
        if self.recorded:
            paths.append(self.folder / EVIDENCE_FILE)
        named = {path.name: path for path in paths}
        if (self.prior_folder / UNIT_FILE).is_file():
            own = (UNIT_FILE, NARRATIVE_FILE, CORRECTIONS_FILE)
            named |= {
                f"{self.year - 1}/{self.code}/{path.name}": path
                for path in sorted(self.prior_folder.iterdir())
                if _is_table(path) or (path.name in own and path.is_file())
            }
        return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in named.items()}


def load_unit(folder: str | Path) -> Unit:
    """Load a unit's folder, ``params/<year>/<unit_code>``.

    Parameters
    ----------
    folder : str or Path
        Holds unit.yaml, narrative.md and at least one table.

    Raises
    ------
    ParamsError, InputErrors
        If the folder, a file, a key or a heading is missing or unknown.
    """
    folder = Path(folder)
    if not folder.name or ".." in folder.parts:
        folder = Path(os.path.abspath(folder))
    shown = f"{folder.parent.name}/{folder.name}" if folder.parent.name else folder.name
    place = f"{shown}/{UNIT_FILE}"
    settings = _read_settings(folder, shown, place)
    schemes = schemes_folder(folder.resolve().parent.parent)
    errors = list(_misplaced(settings, folder, place))
    outline = _attempt(errors, lambda: load_outline(schemes, settings.outline))
    scoring = _attempt(errors, lambda: load_scoring(schemes, settings.scoring))
    narrative = None
    if outline is not None:
        narrative = _attempt(
            errors,
            lambda: _read_narrative(folder / NARRATIVE_FILE, f"{shown}/{NARRATIVE_FILE}", outline),
        )
    corrections = _attempt(errors, lambda: load_corrections(folder, shown))
    recorded = _attempt(errors, lambda: load_recorded(folder, shown))
    tables = tuple(sorted(path for path in folder.iterdir() if _is_table(path)))
    if not tables:
        errors.append(
            ParamsError(
                shown, "文件夹里没有表格。", "请放入填报.xlsx，或 .xls、.ods、.csv 格式的填报表。"
            )
        )
    raise_all(errors)
    assert outline is not None
    assert scoring is not None
    assert narrative is not None
    return Unit(
        folder=folder,
        settings=settings,
        form=load_form(schemes),
        outline=outline,
        scoring=scoring,
        checks=load_checks(schemes),
        glossary=load_glossary(schemes),
        narrative=narrative,
        table_files=tables,
        corrections=corrections or (),
        recorded=recorded or {},
        schemes=schemes,
    )


def _read_settings(folder: Path, shown: str, place: str) -> UnitFile:
    if not folder.is_dir():
        raise ParamsError(
            shown, "没有这个单位文件夹。", "请检查单位代码和年度，或用 selfeval new 新建。"
        )
    if not (folder / UNIT_FILE).is_file():
        raise ParamsError(
            shown, f"文件夹里没有 {UNIT_FILE}。", "请用 selfeval new 新建，或从样例复制。"
        )
    return parse_model(UnitFile, load_yaml(folder / UNIT_FILE, place), place)


def _attempt(errors: list[SelfEvalError], load: Callable[[], _Loaded]) -> _Loaded | None:
    try:
        return load()
    except SelfEvalError as error:
        errors.append(error)
        return None


def _misplaced(settings: UnitFile, folder: Path, place: str) -> Iterator[SelfEvalError]:
    if settings.unit_code != folder.name:
        yield ParamsError(
            place,
            f"unit_code 是“{settings.unit_code}”，文件夹名是“{folder.name}”。",
            "两者应当一致。",
        )
    year = folder.parent.name
    if year.isdecimal() and int(year) != settings.fiscal_year:
        yield ParamsError(
            place, f"fiscal_year 是 {settings.fiscal_year}，上级文件夹是 {year}。", "两者应当一致。"
        )


def _is_table(path: Path) -> bool:
    # "~$" and ".~lock" are what Excel, WPS and LibreOffice leave beside an open workbook.
    return (
        path.is_file()
        and path.suffix.lower() in TABLE_SUFFIXES
        and not path.name.startswith(("~$", ".~", "."))
    )


_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HEADING = re.compile(r"(?P<marks>#{1,6})\s*(?P<text>.*?)\s*#*\s*")
_NUMBERING = re.compile(
    r"^(?:第?[一二三四五六七八九十百]+[、.．]|[（(][一二三四五六七八九十百]+[)）][、.．]?|\d+[、.．])\s*"
)


def bare_heading(text: str) -> str:
    """Return a heading without numbering, spaces and differences of width."""
    bare = _NUMBERING.sub("", text.strip())
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", bare))


def _read_narrative(path: Path, place: str, outline: Outline) -> Narrative:
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ParamsError(
            place, "没有这个文件。", "请从样例复制，或用 selfeval new 新建。"
        ) from None
    except UnicodeDecodeError:
        raise ParamsError(place, "文件不是 UTF-8 编码。", "请用 UTF-8 重新保存。") from None
    except OSError as error:
        raise ParamsError(place, f"文件打不开（{error.strerror}）。", "请检查权限。") from None
    reader = _NarrativeReader(outline, place)
    for line, marks, heading, body in _split(_without_comments(content)):
        reader.take(line, marks, heading, body)
    raise_all(reader.errors)
    free = {key: tuple(parts) for key, parts in reader.free.items()}
    return Narrative(reader.texts, free)


class _NarrativeReader:
    """Sorts the pieces of narrative.md under the outline's headings, one after the other."""

    def __init__(self, outline: Outline, place: str) -> None:
        self.sections = {bare_heading(section.heading): section for section in outline.sections}
        self.place = place
        self.section: Section | None = None
        self.lost = False  # under a section that the outline does not have
        self.texts: dict[str, TextPart] = {}
        self.free: dict[str, list[TextPart]] = {}
        self.errors: list[SelfEvalError] = []

    def take(self, line: int, marks: int, heading: str, body: str) -> None:
        """Take one heading and the text below it; ``marks`` counts its #, 0 for no heading."""
        place = f"{self.place} 第 {line} 行"
        first = line + 1 + len(body) - len(body.lstrip("\n"))
        part = TextPart(_NUMBERING.sub("", heading.strip()), body.strip(), line, first)
        if marks == 0:
            if part.text:
                self._refuse(place, "第一个标题之前有文字。", "请把文字放到某个标题之下。")
        elif marks == 1:
            self.section = self.sections.get(bare_heading(heading))
            self.lost = self.section is None
            if self.section is None:
                self._unknown(place, heading, [s.heading for s in self.sections.values()])
            else:
                self._keep(place, self.section.id, part)
        elif marks == 2:
            self._take_part(place, heading, part)
        else:
            self._refuse(
                place, f"标题“{heading}”的级别不对。", "一级标题用 #，二级标题用 ##，不用更细的。"
            )

    def _take_part(self, place: str, heading: str, part: TextPart) -> None:
        section = self.section
        if section is None:
            if not self.lost:
                self._refuse(
                    place, f"标题“{heading}”之前没有一级标题。", "请先写所属部分的一级标题（#）。"
                )
            return
        known = {bare_heading(p.heading): p for p in section.parts}
        bare = bare_heading(heading)
        if bare in known:
            self._keep(place, f"{section.id}.{known[bare].id}", part)
        elif not section.free_parts:
            self._unknown(place, heading, [p.heading for p in section.parts])
        elif not bare:
            self._refuse(place, "标题是空的。", "请写上标题，或删去这一行。")
        else:
            own = self.free.setdefault(section.id, [])
            if any(bare_heading(other.heading) == bare for other in own):
                self._refuse(place, f"标题“{heading}”出现了两次。", "请合并为一处。")
            own.append(part)

    def _keep(self, place: str, key: str, part: TextPart) -> None:
        if key in self.texts:
            self._refuse(place, f"标题“{part.heading}”出现了两次。", "请合并为一处。")
        self.texts.setdefault(key, part)

    def _unknown(self, place: str, heading: str, known: list[str]) -> None:
        close = nearest(bare_heading(heading), known)
        names = f"可用的标题：{'、'.join(known)}。" if known else "这一部分不分二级标题。"
        hint = f"是不是“{close}”？" if close else names
        self._refuse(place, f"提纲里没有标题“{heading}”。", hint)

    def _refuse(self, place: str, fault: str, remedy: str) -> None:
        self.errors.append(ParamsError(place, fault, remedy))


def _without_comments(content: str) -> str:
    """Drop <!-- hints -->, keeping the count of lines."""
    return _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), content)


def _split(content: str) -> list[tuple[int, int, str, str]]:
    pieces: list[tuple[int, int, str, list[str]]] = [(1, 0, "", [])]
    for number, text in enumerate(content.splitlines(), 1):
        match = _HEADING.fullmatch(text) if text.startswith("#") else None
        if match:
            pieces.append((number, len(match["marks"]), match["text"], []))
        else:
            pieces[-1][3].append(text if text.strip() else "")
    return [(line, marks, head, "\n".join(body)) for line, marks, head, body in pieces]
