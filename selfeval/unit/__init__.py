"""A unit's folder → a frozen Unit, and its narrative as sections of text."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from ..errors import ParamsError, SelfEvalError, attempt, raise_all
from ..schemes.checks import Checks, load_checks
from ..schemes.form import FormLayout, load_form
from ..schemes.glossary import Glossary, load_glossary
from ..schemes.grammar import ProseGrammar, load_grammar
from ..schemes.loading import schemes_folder
from ..schemes.outlines import Outline, Section, load_outline
from ..schemes.scoring import Scoring, load_scoring
from ..sheets import Place
from ..strict import IsoDate, Strict, as_text, load_yaml, nearest, parse_model, read_data
from ..terms import NOT_SUPPLIED
from .annex_texts import AnnexTexts
from .corrections import CORRECTIONS_FILE, Correction, Trial, load_corrections
from .folder import Contents, folder_contents
from .hashes import EVIDENCE_FILE, RecordedHash, load_recorded
from .own_notebook import NOTEBOOK_FILES, notebook_faults

UNIT_FILE = "unit.yaml"
NARRATIVE_FILE = "narrative.md"
_OWN_FILES = {UNIT_FILE, NARRATIVE_FILE, CORRECTIONS_FILE, EVIDENCE_FILE}
CODE_PATTERN = r"[0-9A-Za-z][0-9A-Za-z_-]{0,31}"
_CONTACT = re.compile(r"\+?[0-9][0-9 ()（）-]{5,18}[0-9]|[^\s@]{1,64}@[^\s@]{3,255}")
_RESERVED = re.compile(r"(?i)con|prn|aux|nul|com[0-9]|lpt[0-9]")


def hidden_characters(name: str) -> bool:
    """Return whether a name has a line break or another character that cannot be seen."""
    return any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in name)


def visible(name: str) -> str:
    """Return a name with what cannot be seen in it written out: S001\\n."""
    return "".join(repr(c)[1:-1] if hidden_characters(c) else c for c in name)


class Explanation(Strict):
    """A unit's explanation of one finding, printed where the reader needs it."""

    finding: Annotated[str, Field(min_length=1)]
    item: str = ""
    cell: str = ""
    text: Annotated[str, Field(min_length=1)]
    basis: str = ""


class UnitFile(Strict):
    """The keys of unit.yaml."""

    unit_code: Annotated[str, Field(strict=True)]
    unit_name: Annotated[str, Field(strict=True, min_length=2, max_length=60)]
    fiscal_year: Annotated[int, Field(ge=2000, le=2100)]
    group: Annotated[str, Field(strict=True, max_length=60)] = ""
    outline: str = "wangcheng-2021"
    scoring: str = "mof-2020"
    rounding: Literal["half_up", "half_even"] = "half_up"
    sample: bool = False
    signatory: str | None = None
    contact: str | None = None
    report_date: IsoDate | None = None
    notice: Annotated[str, Field(strict=True, max_length=200)] = ""
    office_contacts: tuple[Annotated[str, Field(strict=True)], ...] = ()
    ignore: tuple[str, ...] = ()
    notebook: Annotated[str, Field(strict=True)] = ""
    years: dict[str, Annotated[int, Field(ge=2000, le=2100)]] = Field(default_factory=dict)
    also_named: tuple[Annotated[str, Field(strict=True, min_length=2)], ...] = ()
    explanations: tuple[Explanation, ...] = ()
    annex: AnnexTexts = AnnexTexts()

    @field_validator("unit_code")
    @classmethod
    def _plain_code(cls, code: str) -> str:
        if not re.fullmatch(CODE_PATTERN, code) or _RESERVED.fullmatch(code):
            raise ValueError(f"单位代码“{code}”应是 1 至 32 位字母、数字、短横线或下划线")
        return code

    @field_validator("unit_name", "group")
    @classmethod
    def _visible_name(cls, name: str, info: ValidationInfo) -> str:
        if hidden_characters(name):
            whose = "单位" if info.field_name == "unit_name" else "主管部门"
            raise ValueError(f"{whose}名称里有换行或看不见的字符，请重新输入{whose}全称")
        return name

    @field_validator("office_contacts")
    @classmethod
    def _reachable(cls, contacts: tuple[str, ...]) -> tuple[str, ...]:
        for contact in contacts:
            if not _CONTACT.fullmatch(contact):
                raise ValueError(
                    f"“{contact}”不是电话号码或信箱，应如 0731-88000000 或 bgs@example.gov.cn"
                )
        return contacts


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


def prior_folders(folder: Path, year: int) -> tuple[Path, Path]:
    """Return where the folders of the same unit would be of the two years before."""
    params, code = folder.absolute().parent.parent, folder.name
    return params / str(year - 1) / code, params / str(year - 2) / code


@dataclass(frozen=True)
class Unit:
    """All that is known of a unit before its tables are read."""

    folder: Path
    settings: UnitFile
    form: FormLayout
    outline: Outline
    scoring: Scoring
    checks: Checks
    grammar: ProseGrammar
    glossary: Glossary
    narrative: Narrative
    contents: Contents
    corrections: tuple[Correction, ...]
    recorded: Mapping[str, RecordedHash]
    schemes: Path

    @property
    def table_files(self) -> tuple[Path, ...]:
        """The files that are read as tables, by name."""
        return self.contents.tables

    @property
    def code(self) -> str:
        """The unit's code."""
        return self.settings.unit_code

    @property
    def year_and_code(self) -> str:
        """What no other unit of the project has: 2021/S001."""
        return f"{self.year}/{self.code}"

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
    def title_parts(self) -> tuple[str, str, str]:
        """The title cut by meaning: the year, whose report, what report."""
        title = self.outline.title.replace("{year}", str(self.year))
        before, name, after = title.partition("{name}")
        return before, name.replace("{name}", self.name), after

    @property
    def prior_folder(self) -> Path:
        """Where the same unit's folder of the year before would be."""
        return prior_folders(self.folder, self.year)[0]

    def inputs(self) -> dict[str, str]:
        """Return each input file's name and SHA-256, last year's folder's with its path."""
        paths = [self.folder / UNIT_FILE, self.folder / NARRATIVE_FILE, *self.table_files]
        if any(not isinstance(one, Trial) for one in self.corrections):
            paths.append(self.folder / CORRECTIONS_FILE)
        if self.recorded:
            paths.append(self.folder / EVIDENCE_FILE)
        named = {path.name: path for path in paths}
        if (self.prior_folder / UNIT_FILE).is_file():
            own = (self.prior_folder / name for name in sorted(_OWN_FILES - {EVIDENCE_FILE}))
            system = self.checks.listed("system_files", self.year)
            before = [*own, *folder_contents(self.prior_folder, _OWN_FILES, (), system).tables]
            named |= {
                f"{self.year - 1}/{self.code}/{path.name}": path
                for path in before
                if path.is_file()
            }
        return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in named.items()}


def load_folder(folder: str | Path) -> Unit:
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
    errors: list[SelfEvalError] = []
    unit = read_unit(folder, errors)
    raise_all(errors)
    return unit


def read_unit(folder: str | Path, errors: list[SelfEvalError]) -> Unit:
    """Read a unit's folder as far as it can be; its faults join ``errors``, to be told together.

    What is at fault is left out or has its default. Such a unit serves to examine the rest of
    the folder, nothing else.

    Raises
    ------
    ParamsError, InputErrors
        If too little can be read to go on.
    """
    folder = Path(folder)
    if not folder.name or ".." in folder.parts:
        folder = Path(os.path.abspath(folder))
    name = visible(folder.name)
    shown = f"{folder.parent.name}/{name}" if folder.parent.name else name
    place = str(Place(UNIT_FILE, "", unit=name))
    settings = _read_settings(folder, shown, place, errors)
    # Headings are judged only by an outline that is sure to be meant.
    is_meant = not errors or "outline" in settings.model_fields_set
    # Not resolved: of a folder that is a link, the project is where the link is.
    schemes = schemes_folder(folder.absolute().parent.parent)
    errors += _misplaced(settings, folder, place)
    errors += notebook_faults(folder, settings.notebook, place)
    outline = attempt(errors, lambda: load_outline(schemes, settings.outline))
    scoring = attempt(errors, lambda: load_scoring(schemes, settings.scoring))
    narrative = None
    if outline is not None and is_meant:
        path = folder / NARRATIVE_FILE
        named = str(Place(NARRATIVE_FILE, "", unit=folder.name))
        narrative = attempt(errors, partial(_read_narrative, path, named, outline, errors))
    corrections = attempt(errors, lambda: load_corrections(folder))
    recorded = attempt(errors, lambda: load_recorded(folder))
    checks = load_checks(schemes)
    system = checks.listed("system_files", settings.fiscal_year)
    own = _OWN_FILES | NOTEBOOK_FILES.keys()
    contents = folder_contents(folder, own, settings.ignore, system)
    if not contents.tables:
        others = f"（有：{'、'.join(contents.unread)}）" if contents.unread else ""
        errors.append(
            ParamsError(
                shown,
                f"文件夹里没有表格{others}。",
                "请放入填报.xlsx，或 .xls、.ods、.csv 格式的填报表。",
            )
        )
    errors += _unseemly(contents.tables, shown)
    defaults = UnitFile.model_fields
    outline = outline or attempt([], lambda: load_outline(schemes, defaults["outline"].default))
    scoring = scoring or attempt([], lambda: load_scoring(schemes, defaults["scoring"].default))
    if outline is None or scoring is None:
        raise_all(errors)
    assert outline is not None
    assert scoring is not None
    return Unit(
        folder=folder,
        settings=settings,
        form=load_form(schemes),
        outline=outline,
        scoring=scoring,
        checks=checks,
        grammar=load_grammar(schemes),
        glossary=load_glossary(schemes),
        narrative=narrative or Narrative({}, {}),
        contents=contents,
        corrections=corrections or (),
        recorded=recorded or {},
        schemes=schemes,
    )


def _read_settings(folder: Path, shown: str, place: str, errors: list[SelfEvalError]) -> UnitFile:
    if not folder.is_dir():
        raise ParamsError(
            shown, "没有这个单位文件夹。", "请检查单位代码和年度，或用 selfeval new 新建。"
        )
    if not (folder / UNIT_FILE).exists():
        raise ParamsError(shown, f"文件夹里没有 {UNIT_FILE}。", _misnamed(folder / UNIT_FILE))
    keys = load_yaml(folder / UNIT_FILE, place)
    try:
        return parse_model(UnitFile, keys, place)
    except ParamsError as error:
        sound = _sound_keys(keys, folder)
        if sound is None:
            raise
        errors.append(error)
        return sound


def _misnamed(path: Path) -> str:
    """Return what to do where a file is not there: an editor may have added to its name."""
    stem = path.name.partition(".")[0]
    likely = {f"{path.name}.txt", f"{stem}.txt", f"{stem}.yml", f"{stem}.markdown"}
    found = sorted(one.name for one in path.parent.iterdir() if one.name.lower() in likely)
    if found:
        return f"文件夹里有“{found[0]}”，请改名为“{path.name}”。"
    return "请用 selfeval new 新建，或从样例复制。"


def _sound_keys(keys: object, folder: Path) -> UnitFile | None:
    """Return the settings of the keys that are sound, None if the folder's name is not either."""
    kept: dict[str, object] = {
        "unit_code": folder.name,
        "unit_name": NOT_SUPPLIED,
        "fiscal_year": folder.parent.name,
    }
    pairs = keys.items() if isinstance(keys, dict) else ()
    settings = None
    for key, value in (("unit_code", folder.name), *pairs):
        with suppress(ValueError):
            settings = UnitFile.model_validate(kept | {key: value})
            kept[key] = value
    return settings


def _misplaced(settings: UnitFile, folder: Path, place: str) -> Iterator[SelfEvalError]:
    if settings.unit_code != folder.name:
        yield ParamsError(
            place,
            f"单位代码（unit_code）是“{settings.unit_code}”，文件夹名是“{visible(folder.name)}”。",
            "两者应当一致。",
        )
    year = folder.parent.name
    if year.isdecimal() and int(year) != settings.fiscal_year:
        yield ParamsError(
            place,
            f"预算年度（fiscal_year）是 {settings.fiscal_year}，上级文件夹是 {year}。",
            "两者应当一致。",
        )

    siblings = folder.absolute().parent
    for name in sorted(os.listdir(siblings)):
        other, alike = siblings / name, name.casefold() == folder.name.casefold()
        if alike and name != folder.name and other.is_dir() and not other.samefile(folder):
            yield ParamsError(
                f"{year}/{visible(folder.name)}",
                f"与“{name}”只有大小写不同，有的系统会把两者当作同一个文件夹。",
                "请换一个单位代码。",
            )


def _unseemly(files: Iterable[Path], shown: str) -> Iterator[SelfEvalError]:
    for path in files:
        if hidden_characters(path.name):
            yield ParamsError(
                f"{shown}/{visible(path.name)}", "文件名里有换行、看不见的字符或乱码。", "请改名。"
            )


_COMMENT_MARK = re.compile("<!--|-->")
_HEADING_MARKS = "#＃﹟"
_BEFORE_HEADING = re.compile(r"(?:[\s>*+\-\u200b-\u200f\u2060\ufeff]|[0-9]{1,9}[.)])*")
_UNDERLINE = re.compile(r"={3,}|-{3,}")
_NUMBERING = re.compile(
    r"^(?:第?[一二三四五六七八九十百]+[、.．]|[（(][一二三四五六七八九十百]+[)）][、.．]?|\d+[、.．](?!\d))\s*"
)


def without_numbering(heading: str) -> str:
    """Return a heading without the number that was typed before it: 一、 or （一） or 1."""
    return _NUMBERING.sub("", heading)


def bare_heading(text: str) -> str:
    """Return a heading without numbering, spaces and differences of width."""
    bare = without_numbering(text.strip())
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", bare))


def _read_narrative(
    path: Path, place: str, outline: Outline, errors: list[SelfEvalError]
) -> Narrative:
    if not path.exists():
        raise ParamsError(place, "没有这个文件。", _misnamed(path))
    content = as_text(read_data(path, place), place)
    reader = _NarrativeReader(outline, place, errors)
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    reader.read(reader.without_comments(content))
    free = {key: tuple(parts) for key, parts in reader.free.items()}
    return Narrative(reader.texts, free)


class _NarrativeReader:
    """Sorts narrative.md, line by line, under the outline's headings; no line is left out."""

    def __init__(self, outline: Outline, place: str, errors: list[SelfEvalError]) -> None:
        self.sections = {bare_heading(section.heading): section for section in outline.sections}
        self.place = place
        self.section: Section | None = None
        self.lost = False  # under a section that the outline does not have
        self.texts: dict[str, TextPart] = {}
        self.free: dict[str, list[TextPart]] = {}
        self.errors = errors

    def without_comments(self, content: str) -> str:
        """Drop <!-- hints -->, keeping the count of lines; one that is not whole is refused."""
        kept: list[str] = []
        at, line, counted = 0, 1, 0
        opened: tuple[int, int] | None = None
        for mark in _COMMENT_MARK.finditer(content):
            line, counted = line + content.count("\n", counted, mark.start()), mark.start()
            if mark[0] == "<!--":
                if opened:
                    self._unclosed(opened[1])
                opened = (mark.start(), line)
            elif opened:
                kept += [content[at : opened[0]], "\n" * (line - opened[1])]
                at, opened = mark.end(), None
            else:
                self._refuse(
                    line, "提示的结尾“-->”之前没有开头“<!--”。", "请补上开头，或删去这个“-->”。"
                )
        if opened:
            self._unclosed(opened[1])
        return "".join([*kept, content[at:]])

    def _unclosed(self, line: int) -> None:
        self._refuse(
            line,
            "提示的开头“<!--”之后没有结尾“-->”，后面的文字会印不出来。",
            "请在提示末尾补上“-->”。",
        )

    def read(self, content: str) -> None:
        """Take the headings and the text below each."""
        above, body = (0, 0, ""), list[str]()
        for number, line in enumerate(content.split("\n"), 1):
            text = line.strip()
            heading = text.lstrip(_HEADING_MARKS)
            if heading != text:
                self._take(*above, body)
                marks = len(text) - len(heading)
                closed = heading.rstrip(_HEADING_MARKS)  # "甲 ##" is closed, "C#" is a name
                heading = closed if not closed or closed[-1].isspace() else heading
                above, body = (number, marks, heading.strip()), []
                continue
            self._refuse_hidden_heading(number, text)
            body.append(line if text else "")
        self._take(*above, body)

    def _refuse_hidden_heading(self, line: int, text: str) -> None:
        """Refuse what looks like a heading and is none: the text below would be another's."""
        start = _BEFORE_HEADING.match(text)
        after = text[start.end() :] if start else ""
        heading = after.lstrip(_HEADING_MARKS)
        if heading != after and heading[:1].isspace():
            self._refuse(
                line,
                f"“{after}”前面有别的字符，看不出是不是标题。",
                "是标题的，“#”要写在一行的最前面；不是标题的，请删去“#”。",
            )
        elif _UNDERLINE.fullmatch(text):
            self._refuse(
                line,
                f"这一行只有“{text[:3]}”，看不出上一行是不是标题。",
                "标题请在文字前面写“#”或“##”；请删去这一行。",
            )

    def _take(self, line: int, marks: int, heading: str, body: list[str]) -> None:
        """Take one heading and the text below it; ``marks`` counts its #, 0 for no heading."""
        first = next((n for n, text in enumerate(body, line + 1) if text), line + 1)
        part = TextPart(without_numbering(heading), "\n".join(body).strip(), line, first)
        if marks == 0:
            if part.text:
                self._refuse(first, "第一个标题之前有文字。", "请把文字放到某个标题之下。")
                self._set_aside(part)
        elif marks == 1:
            self.section = self.sections.get(bare_heading(heading))
            self.lost = self.section is None
            if self.section is None:
                self._unknown(part, heading, [s.heading for s in self.sections.values()])
            else:
                self._keep(self.section.id, part)
        elif marks == 2:
            self._take_part(heading, part)
        else:
            self._refuse(
                line, f"标题“{heading}”的级别不对。", "一级标题用 #，二级标题用 ##，不用更细的。"
            )
            self._set_aside(part)

    def _take_part(self, heading: str, part: TextPart) -> None:
        section = self.section
        if section is None:
            if not self.lost:
                self._refuse(
                    part.line,
                    f"标题“{heading}”之前没有一级标题。",
                    "请先写所属部分的一级标题（#）。",
                )
            self._set_aside(part)
            return
        known = {bare_heading(p.heading): p for p in section.parts}
        bare = bare_heading(heading)
        if bare in known:
            self._keep(f"{section.id}.{known[bare].id}", part)
        elif not section.free_parts:
            self._unknown(part, heading, [p.heading for p in section.parts])
        elif not bare:
            self._refuse(part.line, "标题是空的。", "请写上标题，或删去这一行。")
            self._set_aside(part)
        else:
            own = self.free.setdefault(section.id, [])
            if any(bare_heading(other.heading) == bare for other in own):
                self._refuse(part.line, f"标题“{heading}”出现了两次。", "请合并为一处。")
            own.append(part)

    def _keep(self, key: str, part: TextPart) -> None:
        if key in self.texts:
            self._refuse(part.line, f"标题“{part.heading}”出现了两次。", "请合并为一处。")
            self._set_aside(part)
        self.texts.setdefault(key, part)

    def _set_aside(self, part: TextPart) -> None:
        """Keep the text of a refused heading where its placeholders can be looked at."""
        self.free.setdefault("", []).append(part)

    def _unknown(self, part: TextPart, heading: str, known: list[str]) -> None:
        close = nearest(bare_heading(heading), known)
        names = f"可用的标题：{'、'.join(known)}。" if known else "这一部分不分二级标题。"
        hint = f"是不是“{close}”？" if close else names
        self._refuse(part.line, f"提纲里没有标题“{heading}”。", hint)
        self._set_aside(part)

    def _refuse(self, line: int, fault: str, remedy: str) -> None:
        self.errors.append(ParamsError(f"{self.place} › 第 {line} 行", fault, remedy))
