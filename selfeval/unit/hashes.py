"""What a unit's files of evidence were when their hashes were recorded: its evidence.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

import yaml
from pydantic import Field

from ..errors import ParamsError
from ..sheets import Place
from ..strict import LARGEST_TEXT, IsoDate, Strict, load_yaml, parse_model

EVIDENCE_FILE: Final = "evidence.yaml"
SHA256_PATTERN: Final = r"[0-9a-f]{64}"
_HEADER = """\
# 佐证材料的 SHA-256，由 selfeval evidence --record 写入；表里填了校验值的以表为准
"""


class RecordedHash(Strict):
    """What a file of evidence was when its hash was recorded, and when that was, if told."""

    sha256: Annotated[str, Field(strict=True, pattern=f"^{SHA256_PATTERN}$")]
    recorded: IsoDate | None = None


class RecordedHashes(Strict):
    """The file ``evidence.yaml`` of a unit's folder, by path within the folder of evidence."""

    files: dict[str, RecordedHash]


def load_recorded(folder: Path) -> dict[str, RecordedHash]:
    """Load a unit's recorded hashes; none where there is no such file."""
    path, place = folder / EVIDENCE_FILE, str(Place(EVIDENCE_FILE, "", unit=folder.name))
    if not path.exists():
        return {}
    return parse_model(RecordedHashes, load_yaml(path, place), place).files


def recorded_text(files: Mapping[str, RecordedHash]) -> str:
    """Return the text of evidence.yaml, sorted by file.

    Raises
    ------
    ParamsError
        If it would be longer than a file that can be read again.
    """
    entries = {}
    for name in sorted(files):
        entries[name] = {"sha256": files[name].sha256}
        if date := files[name].recorded:
            # As text: a date that stands twice would be written as a reference to the first.
            entries[name]["recorded"] = date.isoformat()
    content = yaml.safe_dump(
        {"files": entries}, allow_unicode=True, sort_keys=False, width=2 * LARGEST_TEXT
    )
    text = f"{_HEADER}{content}"
    if len(text.encode()) > LARGEST_TEXT:
        raise ParamsError(EVIDENCE_FILE, "文件太多，记不下。", "请把零散的材料合并成册。")
    return text
