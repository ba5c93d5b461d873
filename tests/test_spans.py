"""Tests of which table a number belongs to, where a sheet has several or a table several sheets."""

from dataclasses import replace

import pytest
from builders import amount_of, made
from official_tables import drawn, reading

from selfeval.sheets import Place
from selfeval.tables.official_table import OfficialTable
from selfeval.tables.reading import Reading, Unread
from selfeval.tables.rows import Indicator
from selfeval.tables.sources import place_in_years

HEADER = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出"


def table(cells, layout="甲"):
    return OfficialTable(layout, "", "", "表.xlsx", "一", cells, "万元", None, "executed", "")


def amount(cell, layout="甲"):
    return amount_of("201", table=layout, place=Place("表.xlsx", "一", cell))


def accounts(year, *rows, unit="单位：万元"):
    return "\n".join((f"{year}年度支出决算表", unit, HEADER, *rows, ""))


def phases(*sheets):
    """Return the phase of each number of a report of 2021, by sheet and cell."""
    read = reading(*sheets)
    place_in_years(read, 2021, {})
    return {f"{r.place.sheet}!{r.place.cell}": r.phase for r in read.amounts if r.fen}


@pytest.mark.parametrize(
    ("row", "number"), [(1, 0), (4, 0), (5, 0), (6, 1), (10, 1), (11, 2), (15, 2)]
)
def test_a_row_of_a_form_is_of_the_part_of_its_layout_that_begins_above_it(row, number):
    own = [table("A2:E4"), table("A6:E9"), table("A11:E14")]
    lost = amount(f"AB{row}")
    found = Reading(
        [own[0], table("A1:E9", "乙"), *own[1:]],
        [amount(f"AB{row}")],
        indicators=[made(Indicator, row=row, table="甲")],
        unread=[Unread(lost.place, "", "", lost)],
    )

    found.settle_tables()

    assert [r.official for r in (*found.amounts, *found.indicators)] == [own[number]] * 2
    assert found.unread[0].of.official == own[number]


def test_a_row_of_no_table_of_a_form_belongs_to_none():
    found = Reading([table("A1:E4", "乙")], [amount("C2")])

    found.settle_tables()

    assert found.amounts[0].official is None


def test_a_table_that_goes_on_in_another_file_keeps_its_year_there():
    first = drawn(accounts(2020, "201 | 一般公共服务支出 | 9 | 5 | 4"), "1", "1.csv")
    second = drawn("续表\n208 | 社会保障和就业支出 | 3 | 2 | 1", "2", "2.csv")

    found = phases(*(replace(page, is_text=True) for page in (first, second)))

    assert {at[0] for at in found} == {"1", "2"}
    assert set(found.values()) == {"prior_final_accounts"}


def test_last_years_table_keeps_its_year_where_this_years_begins_below_it_on_its_second_sheet():
    further = accounts(2020, "208 | 社会保障和就业支出 | 3 | |")
    own = accounts(2021, "201 | 一般公共服务支出 | 8 | |")
    found = phases(accounts(2020, "201 | 一般公共服务支出 | 9 | |"), further + own)

    assert found == {
        "表1!C4": "prior_final_accounts",
        "表2!C4": "prior_final_accounts",
        "表2!C8": "executed",
    }


def test_a_table_keeps_its_year_where_nothing_of_its_first_sheet_was_understood():
    found = phases(
        accounts(2020, "201 | 一般公共服务支出 | 9 | 5 | 4", unit=""),
        accounts(2020, "208 | 社会保障和就业支出 | 3 | |"),
    )

    assert found == {"表2!C4": "prior_final_accounts"}
