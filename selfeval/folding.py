"""Texts as they are compared: without spaces, differences of width and quotation marks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LABEL = re.compile(r"^[^:]*:|\([^()]*\)")
_DROPPED = re.compile(r"[\s\u200b-\u200f\ufeff\"'“”‘’「」『』〝〞〞〟]")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return a text without spaces, differences of width and kinds of quotation marks."""
    if text.isascii() and text.isalnum():
        return text
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text))


def bare_name(name: str) -> str:
    """Return a unit's name folded, without a label before it and brackets in it."""
    return _LABEL.sub("", fold(name))
