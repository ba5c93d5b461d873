"""The sheet of evidence → rows: which material backs which indicator, as the unit wrote it.

The files themselves are looked at in ``evidence``.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from ...errors import TableError
from ...folding import fold
from ...strict import nearest
from ...unit.hashes import SHA256_PATTERN
from ..rows import Material
from .evidence import inner_path
from .reader import FormTable, RawRow, read_points

_DASHES = "-—–―－/ "
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_HYPHENS = str.maketrans({"年": "-", "月": "-", "日": "", "/": "-", ".": "-", " ": ""})


def material_rows(form: FormTable) -> Iterator[Material | TableError]:
    """Yield one row per material of the ledger, as far as the sheet tells; files unread."""
    columns = {column.field: column for column in form.layout.columns}
    for row in form.rows:
        texts: dict[str, str] = {}
        counts: dict[str, int | None] = {}
        faults = list(_gaps(row))
        for field, read in _EVIDENCE_CELLS.items():
            try:
                texts[field] = read(row.cells.get(field), row.text(field))
            except ValueError as error:
                faults.append(
                    TableError(
                        str(row.places[field]),
                        f"“{columns[field].heading}”栏的“{row.text(field)}”{error}。",
                        columns[field].help,
                    )
                )
        for field in ("sample_size", "recovered"):
            try:
                number = read_points(row, columns[field])
                counts[field] = None if number is None else int(number)
            except TableError as error:
                faults.append(error)
        if faults:
            yield from faults
            continue
        yield form.typed(Material, row, **texts, **counts)


def _gaps(row: RawRow) -> Iterator[TableError]:
    """Yield an error where a row does not say what the material is, or what the hash is of."""
    if not row.text("material"):
        place = str(row.places["material"])
        yield TableError(place, "这一行没有写材料名称。", "请补填，或清空这一行。")
    if row.text("sha256").strip(_DASHES) and not row.text("evidence_file").strip(_DASHES):
        place = str(row.places["sha256"])
        yield TableError(place, "填了校验值，没有写是哪个文件的。", "请补填文件，或清空校验值。")


def _page(raw: object, text: str) -> str:
    # Excel makes a date of 3-5 where the cell is not of text.
    if isinstance(raw, dt.date):
        raise ValueError("是日期，像是被表格软件改动过的页码")
    return text


def _date(raw: object, text: str) -> str:
    """Return a date as ISO, only as exact as it was written."""
    if not text.strip(_DASHES):
        return ""
    plain = unicodedata.normalize("NFKC", text).translate(_HYPHENS)
    match = _DATE.fullmatch(plain.rstrip("-"))
    if match is None:
        raise ValueError("不是日期")
    year, month, day = (int(part) if part else 0 for part in match.groups())
    try:
        dt.date(year, month or 1, day or 1)
    except ValueError:
        raise ValueError("不是日历上的日期") from None
    return "-".join([f"{year:04d}", *(f"{part:02d}" for part in (month, day) if part)])


def _digest(raw: object, text: str) -> str:
    digest = re.sub(r"[\s:]", "", text).lower()
    if digest.strip(_DASHES) and not re.fullmatch(SHA256_PATTERN, digest):
        raise ValueError("不是 64 位十六进制的校验值")
    return digest.strip(_DASHES)


def _file(raw: object, text: str) -> str:
    return inner_path(text) if text.strip(_DASHES) else ""


_EVIDENCE_CELLS: dict[str, Callable[[object, str], str]] = {
    "evidence_file": _file,
    "page": _page,
    "date": _date,
    "sha256": _digest,
}


def unknown_indicators(form: FormTable, names: Iterable[str]) -> Iterator[TableError]:
    """Yield an error for each row of the ledger whose indicator is none of the unit's."""
    known = {fold(name): name for name in names}
    for row in form.rows:
        name = row.text("indicator_name")
        if fold(name) not in known:
            close = nearest(name, known.values())
            hint = f"是不是“{close}”？" if close else ""
            yield TableError(
                str(row.places["indicator_name"]),
                f"三级指标“{name}”不在绩效指标之列。",
                f"{hint}请写与绩效指标表完全相同的名称。",
            )
