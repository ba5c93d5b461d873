"""Personal numbers and addresses in a text, a page or a workbook: found, and masked.

What they look like is data (``personal`` in ``params/schemes/checks/rules.yaml``). A number is
found whatever its width, spaces and hyphens, and also where a page's tags break it.
"""

from __future__ import annotations

import html
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from .checks import Checks, Personal

_BREAK: Final = "\0"
"""Stands between two pieces of text that a reader does not see as one."""

_FEWEST_DIGITS: Final = 11
# What stands before is asked after the first digit: so most of a text is passed over at once.
_RUN = re.compile(
    r"[0-9](?<![0-9¥$].)(?<![0-9]\..)"
    rf"(?:(?: ?- ?| )?[0-9]){{{_FEWEST_DIGITS - 1},}}(?:(?: ?- ?| )?[Xx])?"
    r"(?![0-9A-Za-z]|\.[0-9])"
)
_LETTERS = re.compile(r"([A-Za-z][A-Za-z0-9]*)[/=_]?$|[0-9]_$")
_SERIAL = re.compile(r"(?<=[0-9])(?<!86)-$"), re.compile(r"-[0-9]{1,8}(?![0-9])")
_GROUP = re.compile(r"[0-9Xx]+")
_LONGEST: Final = 22
_NEAR: Final = 24
_MOBILE: Final = 11
_GAPS: Final = " -"
_CUT: Final = 7
_MARKDOWN = re.compile(r"[*_`~\\]")
_TAG_OR_ESCAPE = re.compile(r"<(/?[A-Za-z][\w:.-]*)[^>]*>|&#?\w+;")
_SPACES = re.compile(r" {2,}")
_READ = re.compile(r'\s(?:data-note|aria-label|title|alt)="(?P<text>[^"\0]*)"')
_HEADING = re.compile(r"<h[1-3]\b[^>]*>(?P<text>.*?)</h[1-3]>", re.DOTALL)
_INLINE: Final = frozenset(
    [
        "a",
        "abbr",
        "b",
        "code",
        "em",
        "i",
        "mark",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "tspan",
        "u",
        "wbr",
    ]
)
_DECIMALS = re.compile(r"\d")
_KEPT_MARKS: Final = frozenset("@._+-/=")


@dataclass(frozen=True)
class Found:
    """A personal number or address; ``spans`` are where its characters stand in what was read."""

    kind: Personal
    text: str
    spans: tuple[tuple[int, int], ...]

    @property
    def hidden(self) -> range:
        """Which of its characters are not to be shown."""
        first, last = self.kind.keep
        address = self.text.rfind("@")
        return range(first, address if address >= 0 else len(self.text) - last)

    @property
    def shown(self) -> str:
        """It as it may be shown: 110101********1234."""
        return "".join("*" if i in self.hidden else c for i, c in enumerate(self.text))


class _Letters:
    """A text as it is compared, with where each of its characters comes from.

    It is made of what holds something personal, which is rare: ``_compared`` says so at a tenth
    of the cost.
    """

    def __init__(self) -> None:
        self._characters: list[str] = []
        self._spans: list[tuple[int, int]] = []

    def add_text(self, text: str, start: int) -> None:
        """Add text that stands as it is from ``start`` on."""
        for at, character in enumerate(text, start):
            self.add(character, at, at + 1)

    def add(self, character: str, start: int, end: int) -> None:
        """Add what stands for one character from ``start`` to ``end``."""
        folded = _folded(character)
        if not (folded == " " and self._characters[-1:] == [" "]):
            self._characters += folded
            self._spans += [(start, end)] * len(folded)

    @property
    def text(self) -> str:
        """The whole text; nothing is added any more."""
        return "".join(self._characters)

    def span(self, index: int) -> tuple[int, int]:
        """Return from where to where one of its characters stands in what was read."""
        return self._spans[index]

    def found(self, checks: Checks, allowed: Sequence[str]) -> Iterator[Found]:
        """Yield what is personal in it, and where that stands."""
        for kind, text, at in _search(self.text, checks, allowed):
            yield Found(kind, text, tuple(map(self.span, at)))


def _compared(text: str) -> str:
    """Return a text as it is compared."""
    return _SPACES.sub(" ", text.translate(_FOLDS))


def find_in_text(
    text: str, checks: Checks, allowed: Sequence[str] = (), markdown: bool = False
) -> list[Found]:
    """Find what is personal in a plain text, or in a Markdown text as it will be read."""
    if "@" not in text and "＠" not in text and len(_DECIMALS.findall(text)) < _FEWEST_DIGITS:
        return []
    return list(_found_in(text, checks, tuple(allowed), markdown))


# Each rule about what is personal looks through the same texts.
@lru_cache(maxsize=512)
def _found_in(
    text: str, checks: Checks, allowed: tuple[str, ...], markdown: bool
) -> tuple[Found, ...]:
    read = _MARKDOWN.sub("", text) if markdown else text
    if not any(_search(_compared(read), checks, allowed)):
        return ()
    return tuple(_letters_of(text, markdown).found(checks, allowed))


def _letters_of(text: str, markdown: bool = False) -> _Letters:
    letters, at = _Letters(), 0
    for mark in _MARKDOWN.finditer(text) if markdown else ():
        letters.add_text(text[at : mark.start()], at)
        at = mark.end()
    letters.add_text(text[at:], at)
    return letters


def find_in_page(page: str, checks: Checks, allowed: Sequence[str] = ()) -> list[Found]:
    """Find what is personal in a page's words, or in those of a part of a workbook."""
    if not any(found for text in _words_of(page) for found in _search(text, checks, allowed)):
        return []
    return [one for part in _letters_of_page(page) for one in part.found(checks, allowed)]


@lru_cache(maxsize=2)  # it is looked through, and then masked
def _words_of(page: str) -> tuple[str, str]:
    """Return a page's words as they are compared, and apart from them what its attributes say."""
    tags: list[str] = []

    def instead(found: re.Match[str]) -> str:
        whole, tag = found.group(0, 1)
        if tag is None:
            return html.unescape(whole)
        tags.append(whole)
        return _between(tag)

    words = _TAG_OR_ESCAPE.sub(instead, page)
    said = _BREAK.join(["", *_READ.findall(_BREAK.join(tags))])
    return _compared(words), _compared(_TAG_OR_ESCAPE.sub(instead, said))


def _letters_of_page(page: str) -> tuple[_Letters, _Letters]:
    """Return the same, with the places in the page."""
    words, read = _Letters(), _Letters()
    _add_words(words, page, 0)
    for found in _TAG_OR_ESCAPE.finditer(page):
        for said in _READ.finditer(found[0]):
            start = found.start() + said.start("text")
            read.add(_BREAK, start, start)
            _add_words(read, said["text"], start)
    return words, read


def _add_words(letters: _Letters, page: str, start: int) -> None:
    """Add the words of a page, or of an attribute, that begins at ``start``."""
    at = 0
    for found in _TAG_OR_ESCAPE.finditer(page):
        letters.add_text(page[at : found.start()], start + at)
        first, at = found.start(), found.end()
        if found[1] is None:
            for character in html.unescape(found[0]):
                letters.add(character, start + first, start + at)
        elif stands_for := _between(found[1]):
            letters.add(stands_for, start + first, start + first)
    letters.add_text(page[at:], start + at)


@lru_cache(maxsize=1024)
def _between(tag: str) -> str:
    """Return what a tag puts between two texts, "" for nothing."""
    name = tag.lower().lstrip("/")
    return " " if name == "br" else "" if name in _INLINE else _BREAK


def find_in_workbook(data: bytes, checks: Checks, allowed: Sequence[str] = ()) -> list[Found]:
    """Find what is personal in any part of an .xlsx workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = [book.read(name).decode("utf-8") for name in sorted(book.namelist())]
    return [found for part in parts for found in find_in_page(part, checks, allowed)]


def heading_before(page: str, at: int) -> str:
    """Return the words of the last heading before a place of a page, "" if there is none."""
    headings = [match for match in _HEADING.finditer(page) if match.start() < at]
    return html.unescape(re.sub(r"<[^>]*>", "", headings[-1]["text"])) if headings else ""


def masked_page(
    page: str, checks: Checks, allowed: Sequence[str] = (), known: Sequence[Found] = ()
) -> str:
    """Return a page on which nothing personal can be read any more.

    What is ``known`` from the page's sources is hidden also where other digits touch it.
    """
    found = find_in_page(page, checks, allowed)
    if known:
        found += [one for part in _letters_of_page(page) for one in _again(part, known)]
    return _masked(page, found)


def masked_text(
    text: str, checks: Checks, allowed: Sequence[str] = (), known: Sequence[Found] = ()
) -> str:
    """Return a text in which nothing personal can be read any more; ``known`` as on a page."""
    again = _again(_letters_of(text), known) if known else []
    return _masked(text, [*find_in_text(text, checks, allowed), *again])


def _masked(source: str, found: Sequence[Found]) -> str:
    if not found:
        return source
    hidden = {one.spans[index] for one in found for index in one.hidden}
    pieces, last = [], 0
    for start, end in sorted(hidden):
        pieces += [source[last:start], "*"]
        last = end
    return "".join([*pieces, source[last:]])


@lru_cache(maxsize=8192)
def _folded(character: str) -> str:
    """Return one character as it is compared; nothing for one that cannot be seen."""
    if character.isascii():
        return " " if character.isspace() else character
    digit = unicodedata.decimal(character, None) if len(character) == 1 else None
    if digit is not None:
        return str(digit)
    category = unicodedata.category(character[0])
    if category in {"Cf", "Mn", "Me"}:
        return ""
    if category in {"Zs", "Zl", "Zp"}:
        return " "
    if category == "Pd" or character == "−":
        return "-"
    plain = unicodedata.normalize("NFKC", character)
    return plain if plain.isascii() and (plain.isalpha() or plain in _KEPT_MARKS) else character


class _Folds(dict[int, str]):
    """What each character is compared as, for ``str.translate``."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _folded(chr(code))
        return folded


_FOLDS: Final = _Folds()


def _search(
    text: str, checks: Checks, allowed: Sequence[str]
) -> Iterator[tuple[Personal, str, Sequence[int]]]:
    """Yield what is personal in a text as it is compared, and where its characters stand."""
    office = frozenset(map(_contact, allowed))
    numbers = [kind for kind in checks.personal if kind.is_number]
    for run in _RUN.finditer(text):
        for kind, at in _in_run(run, text, numbers, checks):
            bare = "".join(text[i] for i in at).upper()
            if not (kind.office and _contact(bare) in office):
                yield kind, bare, at
    for kind in checks.personal:
        if not kind.is_number:
            for match in kind.expression.finditer(text):
                if not (kind.office and _contact(match[0]) in office):
                    yield kind, match[0], range(*match.span())


def _again(letters: _Letters, known: Sequence[Found]) -> Iterator[Found]:
    """Yield where what is known stands, whatever stands beside it, also cut short before a …"""
    whole = {_close(one.text): one.kind for one in known}
    cut = {
        f"{text[:at]}…": kind.model_copy(update={"keep": (kind.keep[0], 0)})
        for text, kind in whole.items()
        for at in range(_CUT, len(text))
    }
    kinds = cut | whole
    at = [i for i, character in enumerate(letters.text) if character not in _GAPS]
    closed = _close(letters.text)
    for match in re.finditer("|".join(map(re.escape, sorted(kinds))), closed):
        text = match[0].removesuffix("…")
        spans = map(letters.span, at[match.start() : match.start() + len(text)])
        yield Found(kinds[match[0]], text, tuple(spans))


def _close(text: str) -> str:
    return "".join(c.upper() if c.isascii() else c for c in text if c not in _GAPS)


def _contact(text: str) -> str:
    """Return an address, or the last digits of a telephone number, as they are compared."""
    folded = "".join(map(_folded, text))
    return folded.lower() if "@" in folded else re.sub(r"\D", "", folded)[-_MOBILE:]


def _in_run(
    run: re.Match[str], text: str, kinds: Sequence[Personal], checks: Checks
) -> Iterator[tuple[Personal, list[int]]]:
    """Yield what groups of digits, one or some together, make a number; the longest of a start."""
    groups = list(_GROUP.finditer(text, run.start(), run.end()))
    first = 0
    while first < len(groups):
        best = None
        bare, at, sizes = "", list[int](), list[str]()
        for last in range(first, len(groups)):
            group = groups[last]
            bare, at = bare + group[0].upper(), [*at, *range(group.start(), group.end())]
            sizes.append(str(len(group[0])))
            if len(bare) > _LONGEST:
                break
            for kind in kinds:
                if _is(kind, bare, "-".join(sizes)) and _stands(kind, text, at, checks):
                    best = (kind, at, last)
        if best:
            yield best[0], best[1]
        first = best[2] + 1 if best else first + 1


def _is(kind: Personal, bare: str, sizes: str) -> bool:
    spaced = not kind.groups or "-" not in sizes or sizes in kind.groups
    return spaced and bool(kind.expression.fullmatch(bare)) and _CHECKS[kind.check](bare)


def _stands(kind: Personal, text: str, at: Sequence[int], checks: Checks) -> bool:
    """Tell whether a number stands where such a number would: it is no amount and no code."""
    before = text[max(at[0] - _NEAR, 0) : at[0]]
    after = text[at[-1] + 1 : at[-1] + 9].lstrip()
    if after.startswith(checks.listed("after_quantity")):
        return False
    glued = _LETTERS.search(before) if kind.check != "identity" else None
    if glued and (glued[1] or "").lower() not in checks.listed("contact_marks"):
        return False
    if kind.office and (_SERIAL[0].search(before) or _SERIAL[1].match(after)):
        return False
    if kind.near and not any(word in before for word in kind.near):
        return False
    named = before.rstrip(' :：为是“"(（[【')
    return kind.check == "identity" or not named.endswith(checks.listed("number_names"))


def _identity(bare: str) -> bool:
    """ISO 7064 MOD 11-2, as GB 11643 has it."""
    remainder = sum(int(digit) * pow(2, 17 - i, 11) for i, digit in enumerate(bare[:17])) % 11
    return "10X98765432"[remainder] == bare[17]


def _luhn(bare: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in bare[-2::-2])
    return (sum(doubled) + sum(map(int, bare[-1::-2]))) % 10 == 0


_CHECKS: Final = {"none": lambda bare: True, "identity": _identity, "luhn": _luhn}
