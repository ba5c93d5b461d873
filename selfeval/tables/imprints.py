"""What a table, its sheet and its file say of the year it is of, and in which place they say it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath

from ..folding import fold
from ..sheets import Place
from ..terms import STATED_IN
from .cells import Cells, apart_from_numbers, years_in
from .official_table import OfficialTable, StatedYear
from .reading import Reading

IN_TITLE, IN_HEADINGS = STATED_IN["title"], STATED_IN["headings"]
ABOVE, DATED = STATED_IN["above"], STATED_IN["dated"]
SHEET_NAME, FILE_NAME = STATED_IN["sheet"], STATED_IN["file"]
BESIDE, DECLARED = STATED_IN["beside"], STATED_IN["declared"]
_LONGEST_LINE = 60
_DATE = re.compile(
    r"(?P<year>20[0-4][0-9])(?:年(?P<month>[0-9]{1,2})月(?:(?P<day>[0-9]{1,2})日?)?"
    r"|(?P<mark>[-./])(?P<m>[0-9]{1,2})(?P=mark)(?P<d>[0-9]{1,2}))"
    r"|二[〇零○oO][一二三四][〇零○oO一二三四五六七八九]年[一二三四五六七八九十]{1,2}月"
)
_DATE_LINE = re.compile(
    r"(?:编制|填报|填表|制表|报表|决算|截[止至])?(?:日期|时间|日)?:?20[0-4][0-9][年./-]12[月./-]31日?"
    r"(?:00:00:00)?(?:单位:.*|金额单位:.*)?"
)
_LABELLED = re.compile(r"年度:?(20[0-4][0-9])(?![0-9])")
_SPAN = re.compile(r"20[0-4][0-9]年?度?[-—–~至到、和与]20[0-4][0-9](?![0-9])")
_BARE = re.compile(r"(?<![0-9A-Za-z])20[0-4][0-9](?![0-9])")


def years_of_names(file: str, sheet: str) -> Iterator[StatedYear]:
    """Yield the years that the names of a table's sheet and file say."""
    named = ((SHEET_NAME, sheet, sheet, sheet), (FILE_NAME, PurePath(file).stem, "", file))
    for where, name, at, shown in named:
        if where == SHEET_NAME and name == PurePath(file).stem:  # a CSV file has no other
            continue
        folded = fold(apart_from_numbers(name))
        if _SPAN.search(folded):
            continue
        years = set(_years(name)[0]) or set(map(int, _BARE.findall(_DATE.sub("", folded))))
        if len(years) == 1:
            yield StatedYear(years.pop(), where, shown, Place(file, at))


def years_above(cells: Cells, rows: Iterable[int], title: str) -> Iterator[StatedYear]:
    """Yield the years that lines above a table say, its title left out.

    The day a table was made or published is not of its year; the last day of a year is.
    """
    for row in rows:
        for column in cells.filled(row):
            text = cells.texts[row][column]
            if text == title or len(text) > _LONGEST_LINE:
                continue
            years, dated = _years(text)
            if len(set(years)) == 1:
                where = DATED if dated else ABOVE
                yield StatedYear(years[0], where, text, cells.place(row, column))


def years_of_form(cells: Cells) -> Iterator[StatedYear]:
    """Yield the years by which the unit's own form is called, above its headings."""
    for said in years_above(cells, range(cells.height), ""):
        if fold(said.text).endswith(("表", "年度", "年", ")")):
            yield said


def year_of_cover(cells: Cells) -> StatedYear | None:
    """Return the one year that the lines of a sheet without tables say."""
    found = list(years_above(cells, range(cells.height), ""))
    if len({said.year for said in found}) != 1:
        return None
    return found[0]._replace(where="工作表", text=cells.grid.sheet)


def _years(text: str) -> tuple[list[int], bool]:
    """Return the years a text says, days of other meaning left out; whether by a year's end."""
    folded = fold(apart_from_numbers(text))
    alone = _DATE_LINE.fullmatch(folded)
    ends = [
        int(date["year"])
        for date in _DATE.finditer(folded if alone else "")
        if (date["month"] or date["m"]) == "12" and (date["day"] or date["d"]) == "31"
    ]
    rest = _DATE.sub("", folded)
    years = [*years_in(rest), *map(int, _LABELLED.findall(rest))]
    return years or ends, bool(ends) and not years


def settle_years(reading: Reading, declared: Mapping[str, int]) -> None:
    """Give each table its year, by the first that says one; ``declared`` by file or file#sheet.

    Title, headings, lines above, sheet, file, then what is declared, then the file's other
    tables: all of them, or those of its kind if they are of several years; then its cover. What
    is declared decides between several that a table states.
    """
    for table in reading.tables:
        _settle(table, declared.get(f"{table.file}#{table.sheet}", declared.get(table.file)))
    for table in [table for table in reading.tables if table.year is None]:
        beside = [t for t in reading.tables if t.file == table.file and t.year_by != BESIDE]
        kin = [other for other in beside if other.phase == table.phase]
        for others in (beside, kin):
            years = {other.year for other in others} - {None}
            if len(years) == 1:
                table.year, table.year_by = years.pop(), BESIDE
                break
        else:
            covers = [said for said in reading.covers if said.place.file == table.file]
            if len({said.year for said in covers}) == 1 and not any(t.year for t in beside):
                table.year, table.year_by = covers[0].year, covers[0].source


def _settle(table: OfficialTable, declared: int | None) -> None:
    stated = [said.year for said in table.years]
    table.doubts = ()
    if declared is not None and (declared in stated or not stated):
        table.year, table.year_by = declared, DECLARED
    elif table.years:
        table.year, table.year_by = stated[0], table.years[0].source
        doubts = [f"{said.source}是{said.year}年" for said in table.years]
        doubts += [f"{DECLARED}写的是{declared}年"] if declared is not None else []
        if len({*stated, declared} - {None}) > 1:
            table.doubts = tuple(doubts)
