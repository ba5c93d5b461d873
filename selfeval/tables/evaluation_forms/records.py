"""Cells of evaluation forms → records: amounts, figures, and why a number cannot be read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ...folding import fold
from ...money import ParsedAmount, parse_amount, parse_number, plain_text
from ...schemes.evaluation_forms import EvaluationForm, EvaluationForms
from ...sheets import Place
from ..cells import Cells
from ..official_table import StatedYear
from ..reading import Reading, Unread
from ..rows import Amount, Figure
from .bands import FoundPart, PartColumn, is_part_heading, names_of

_OWN_UNIT = re.compile(r"(?P<number>.*?)(?P<unit>亿元|万元|千元|亿|万|元)")
_PROJECT_CODE = re.compile(r"^[0-9A-Za-z]{6,}[-—_－]+")
_PERCENT = ("%", "％")


@dataclass(frozen=True)
class Meaning:
    """What a cell holds, by its row and its column.

    ``money`` are the units of money noted for it, ``units`` what may stand behind the number,
    ``percent`` whether its heading says that it is a percentage.
    """

    table: str
    item_code: str
    item_name: str
    kind: str = "amount"
    block: str = ""
    fund: str = ""
    phase: str = ""
    measure: str = ""
    money: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    percent: bool = False


@dataclass
class FormText:
    """A form that is being read: its rows, what is known of it, what was read so far.

    ``money`` are the units noted above its first part; ``years`` what says its year;
    ``projects`` the names it bears, with their rows; ``used`` the cells that are explained;
    ``whys`` why others are not.
    """

    cells: Cells
    form: EvaluationForm
    words: EvaluationForms
    first: int
    end: int
    title: str
    year: int | None
    parts: list[FoundPart]
    reading: Reading
    money: tuple[str, ...] = ()
    years: tuple[StatedYear, ...] = ()
    projects: list[tuple[int, str]] = field(default_factory=list)
    used: set[tuple[int, int]] = field(default_factory=set)
    whys: dict[tuple[int, int], str] = field(default_factory=dict)

    def project_at(self, row: int) -> str:
        """Return the name of the project whose rows these are, as printed."""
        above = [name for at, name in self.projects if at <= row]
        return above[-1] if above else next((name for _, name in self.projects), "")

    def ends_at(self, row: int) -> bool:
        """Return whether a row begins what comes after a part: remarks, signatures."""
        filled = self.cells.filled(row)
        names = names_of(self.cells.folded[row][filled[0]]) if filled else ()
        return any(
            name == end or name.startswith(f"{end}:") for name in names for end in self.words.ends
        )

    def use_row(self, row: int) -> None:
        """Take all cells of a row as explained."""
        self.used |= {(row, column) for column in self.cells.filled(row)}


def keyed(text: FormText, row: int, meaning: Meaning) -> Meaning:
    """Return a meaning with the project's code, in a form of one project."""
    if not text.form.project:
        return meaning
    name = text.project_at(row)
    code = f"project:{fold(_PROJECT_CODE.sub('', name))}"
    own = "" if meaning.item_code in ("", "total") else f"/{meaning.item_code}"
    return replace(meaning, item_code=f"{code}{own}", item_name=name)


def take_form_row(text: FormText, part: FoundPart, row: int, key: Meaning) -> None:
    """Read the cells of a row under each column of its part; ``key`` is what the row is of."""
    for column in part.columns:
        if column.first < part.first_value:
            continue
        if column.spec is not None:
            take_column(text, part, row, column, key)
            continue
        for at in filled_under(text.cells, row, column):
            text.whys[row, at] = f"版式“{part.band.title}”里没有栏目“{column.heading}”"


def take_column(
    text: FormText, part: FoundPart, row: int, column: PartColumn, key: Meaning
) -> None:
    """Read the one cell of a row that stands under a column."""
    cells, spec = text.cells, column.spec
    assert spec is not None
    filled = filled_under(cells, row, column)
    if spec.kind in ("text", "skip"):
        text.used |= {(row, at) for at in filled}
        return
    if filled and (column.fault or len(filled) > 1):
        for at in filled:
            text.whys[row, at] = column.fault or f"栏目“{column.heading}”下有两个数"
        return
    at = filled[0] if filled else column.first
    if not filled and (column.fault or is_covered(cells, row, at)):
        return
    if filled and not cells.numeric[row][at] and is_part_heading(part.band, cells.folded[row][at]):
        text.used.add((row, at))
        return
    heading = fold(column.heading)
    meaning = Meaning(
        key.table,
        "/".join(filter(None, (key.item_code, spec.item))),
        key.item_name,
        spec.kind,
        key.block or spec.block or part.band.block,
        key.fund or spec.fund,
        key.phase or spec.phase or part.band.phase,
        spec.measure,
        each_once(column.units or key.money, text.money),
        spec.units,
        heading.endswith("%") or "(%)" in heading,
    )
    take_cell(text, row, at, meaning)


def take_cell(text: FormText, row: int, at: int, meaning: Meaning, part: str | None = None) -> None:
    """Read one cell as what it means, or the ``part`` of its text that is the number."""
    raw = text.cells.texts[row][at]
    place = text.cells.place(row, at)
    text.used.add((row, at))
    of: Amount | None = None
    try:
        if text.form.project and not text.project_at(row):
            if not raw:
                return
            raise ValueError("表上没有写项目名称，不知道是哪个项目的数")
        value = text.cells.raw(row, at) if part is None else part
        own = keyed(text, row, meaning)
        if own.kind == "amount":
            of = _lost(place, plain_text(value), own)
            found = amount_of(value, own.money)
            if found is not None:
                amount, unit = found
                text.reading.amounts.append(
                    replace(of, fen=amount.fen, state=amount.state, amount_unit=unit)
                )
        elif plain_text(value):
            text.reading.figures.append(_figure(place, value, own))
    except ValueError as error:
        text.reading.unread.append(Unread(place, raw, str(error), of))


def _lost(place: Place, raw: str, meaning: Meaning) -> Amount:
    """Return what is known of an amount before its number is."""
    return Amount(
        table=meaning.table,
        block=meaning.block,
        item_code=meaning.item_code,
        item_name=meaning.item_name,
        fund=meaning.fund,
        phase=meaning.phase,
        place=place,
        raw=raw,
        amount_unit=next(iter(meaning.money), ""),
        fen=None,
        state="unread",
    )


def _figure(place: Place, value: object, meaning: Meaning) -> Figure:
    fund = f"@{meaning.fund}" if meaning.fund else ""
    return Figure(
        table=meaning.table,
        block=meaning.measure,
        item_code=f"{meaning.item_code}{fund}",
        item_name=meaning.item_name,
        fund=meaning.fund,
        phase=meaning.phase,
        place=place,
        raw=plain_text(value),
        kind=meaning.kind,
        value=plain_number(value, meaning),
    )


def amount_of(value: object, units: Sequence[str]) -> tuple[ParsedAmount, str] | None:
    """Return an amount and its unit; None for a cell without a number where no unit is noted.

    Raises
    ------
    ValueError
        If it is no amount, or its unit is not noted, noted differently, or contradicted.
    """
    own = _OWN_UNIT.fullmatch(plain_text(value))
    if own:
        named = own["unit"] if own["unit"].endswith("元") else f"{own['unit']}元"
        if units and named not in units:
            raise ValueError(f"单元格里写的单位是“{own['unit']}”，表上写的是“{'、'.join(units)}”")
        return parse_amount(own["number"], named), named
    if len(units) == 1:
        return parse_amount(value, units[0]), units[0]
    if parse_number(value) is None:
        return None
    raise ValueError(f"金额单位前后不一（{'、'.join(units)}）" if units else "表上没有写明金额单位")


def plain_number(value: object, meaning: Meaning) -> Decimal | None:
    """Return a number that is no money, None for a dash; a rate as a fraction.

    Raises
    ------
    ValueError
        If it is no number, or a rate that does not say whether it is a percentage.
    """
    shown = plain_text(value)
    for unit in meaning.units:
        shown = shown.removesuffix(unit).rstrip()
    percent = shown.endswith(_PERCENT)
    number = parse_number(shown.rstrip("".join(_PERCENT)).rstrip())
    if meaning.kind != "rate" or number is None:
        if percent:
            raise ValueError("是百分数，不是数额")
        return number
    if percent or meaning.percent:
        return number / 100
    if number:
        raise ValueError("没有写百分号，看不出是比例还是百分数")
    return number


def each_once(*units: Sequence[str]) -> tuple[str, ...]:
    """Return each unit once."""
    return tuple(dict.fromkeys(unit for some in units for unit in some))


def filled_under(cells: Cells, row: int, column: PartColumn) -> list[int]:
    """Return the columns that hold something under a column's heading."""
    return [at for at in range(column.first, column.end) if cells.texts[row][at]]


def is_covered(cells: Cells, row: int, at: int) -> bool:
    """Return whether a merge from above covers a cell."""
    origin = cells.grid.merged.get((row, at))
    return origin is not None and origin[0] < row
