"""Characters that a reader may see as a box, or surely will."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final

UNREADABLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff"
    "\U000f0000-\U0010ffff]"
)
"""Controls, and characters of somebody's own making: no font of another's machine has them."""

_UNSEEN: Final = {"Cc", "Cf", "Mn", "Me", "Mc", "Zs", "Zl", "Zp"}


def bundled_font() -> str:
    """Return the file of the font that comes with the package."""
    from pylopdf_fonts_zh_cn import sans_path

    return str(sans_path())


@cache
def glyphs_of(font: str) -> frozenset[int]:
    """Return the code points that a font's file has glyphs for."""
    # Only where a text has a rare character: it costs as much as the rest of a check.
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(font).get_charmap())


def is_unseen(character: str) -> bool:
    """Return whether a character is a space, or joins or changes what stands before it."""
    return unicodedata.category(character) in _UNSEEN


@lru_cache(maxsize=4096)
def is_rare(character: str) -> bool:
    """Return whether fonts may lack a character: it is neither in GBK nor in our own font.

    Our font has the national list of characters; every Chinese font has those of GBK.
    """
    if is_unseen(character):
        return False
    try:
        character.encode("gbk")
    except UnicodeEncodeError:
        return ord(character) not in glyphs_of(bundled_font())
    return False


def rare_characters(text: str) -> Iterator[str]:
    """Yield the characters of a text that may or will be seen as a box, each once."""
    if not text.isascii() or not text.isprintable():
        yield from (c for c in dict.fromkeys(text) if UNREADABLE.match(c) or is_rare(c))
