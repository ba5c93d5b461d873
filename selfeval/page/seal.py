"""A digest of the finished page in its own foot, and a short one of each part on its heading.

The long digest notices any change; the short ones tell below which heading it is. A record of
files carries its own digest too.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

UNSEALED: Final = '<code class="seal"></code>'
"""Where the template leaves room for the page's digest."""

_SEAL = re.compile(r'(<code class="seal">)([0-9a-f]*)(</code>)')
_PART_SEAL = re.compile(r'(<h[1-3])( data-seal="[0-9a-f]*")')
_HEADING = re.compile(r"<h[1-3](?=[ >])")
_SHORT = 8
_RECORD_SEAL = "seal"


def sealed(html: str) -> str:
    """Return a page with the digests of its parts and its own, in place of any it carried."""
    head, *parts = _parts(_bare(html))
    marked = "".join(f'{part[:3]} data-seal="{_digest(part)[:_SHORT]}"{part[3:]}' for part in parts)
    whole = _digest(_bare(html))
    return (head + marked).replace(UNSEALED, f'<code class="seal">{whole}</code>', 1)


def seal_of(html: str) -> str:
    """Return the digest that a page carries, "" if it carries none."""
    found = _SEAL.search(html)
    return found[2] if found else ""


def is_whole(html: str) -> bool:
    """Return whether a page is as it was sealed."""
    return seal_of(html) == _digest(_bare(html))


def sealed_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with its digest, in place of any it carried."""
    bare = {key: value for key, value in record.items() if key != _RECORD_SEAL}
    text = json.dumps(bare, ensure_ascii=False, sort_keys=True)
    return bare | {_RECORD_SEAL: _digest(text)}


def changed_parts(html: str) -> list[int]:
    """Return which parts, counted by their headings from 1, differ from their digests."""
    carried = _parts(html)[1:]
    seals = [re.match(r'<h[1-3] data-seal="([0-9a-f]*)"', part) for part in carried]
    return [
        number
        for number, (part, seal) in enumerate(zip(carried, seals, strict=True), 1)
        if seal is None or seal[1] != _digest(_bare(part))[:_SHORT]
    ]


def _parts(html: str) -> list[str]:
    """Return what stands before the first heading, then each heading with what follows it."""
    starts = [0, *(found.start() for found in _HEADING.finditer(html)), len(html)]
    return [html[start:end] for start, end in pairwise(starts)]


def _bare(html: str) -> str:
    """Return a page without its digests, its lines ended as we end them."""
    html = html.removeprefix("\ufeff").replace("\r\n", "\n")
    return _SEAL.sub(r"\1\3", _PART_SEAL.sub(r"\1", html))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
