"""How a unit prints that says nothing of rounding: half up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from html import unescape

from selfeval.budget.printer import Printer
from selfeval.indicators import attainment as points
from selfeval.page import sentences

HALF_UP = Printer("half_up")
attainment = partial(points.attainment, printer=HALF_UP)
rule_points = partial(points.rule_points, printer=HALF_UP)
as_plain = partial(sentences.as_plain, printer=HALF_UP)


def plain_texts(texts: Iterable[sentences.Text]) -> str:
    """Return several paragraphs as plain text, one a line."""
    return "\n".join(map(as_plain, texts))


def words_of(html: str) -> str:
    """Return the words of a piece of HTML as a reader sees them."""
    return unescape(re.sub(r"<[^>]*>", "", html)).strip()


def paragraphs_of(html: str, css: str = "") -> list[str]:
    """Return the paragraphs of a class, or all but the status of a page."""
    found = re.findall(r"<p(?: [^>]*)?>.*?</p>", str(html), re.DOTALL)
    own = [p for p in found if (f'class="{css}' in p if css else 'class="status' not in p)]
    return [words_of(paragraph) for paragraph in own]


def pairs_of(html: str, css: str) -> list[tuple[str, str]]:
    """Return the terms of a list of definitions, each with what is said of it."""
    lists = re.findall(rf'<dl class="{css}">(.*?)</dl>', str(html), re.DOTALL)
    pairs = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", "".join(lists), re.DOTALL)
    return [(words_of(term), words_of(told)) for term, told in pairs]


def rows_of(html: str) -> list[list[str]]:
    """Return the rows of all tables, each the words of its cells."""
    return [
        [words_of(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr.*?</tr>", str(html), re.DOTALL)
    ]
