"""Tests of which table a number belongs to, where a sheet has several or a table several sheets."""

from builders import amount_of, made
from official_tables import reading

from selfeval.sheets import Place
from selfeval.tables.reading import OfficialTable, Reading
from selfeval.tables.rows import Indicator
from selfeval.tables.sources import place_in_years
from selfeval.tables.spans import Origins

HEADER = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出"


def table(sheet, cells, layout="甲"):
    return OfficialTable(layout, "", "", "表.xlsx", sheet, cells, "万元", None, "executed", "")


def amount(sheet, cell, layout="甲"):
    return amount_of("201", table=layout, place=Place("表.xlsx", sheet, cell))


def accounts(year, *rows, unit="单位：万元"):
    return "\n".join((f"{year}年度支出决算表", unit, HEADER, *rows, ""))


def phases(*sheets):
    """Return the phase of each number of a report of 2021, by sheet and cell."""
    read = reading(*sheets)
    place_in_years(read, 2021, {})
    return {f"{r.place.sheet}!{r.place.cell}": r.phase for r in read.amounts if r.fen}


def test_a_number_is_of_the_table_of_its_layout_that_begins_above_it():
    first, second, third = table("一", "A1:E4"), table("一", "A6:E9"), table("一", "A11:E14")
    origins = Origins(Reading([first, table("一", "A1:E9", "乙"), second, third]))

    def at(row):
        return origins.table("甲", Place("表.xlsx", "一", f"AB{row}"))

    assert [at(row) for row in (1, 4, 5)] == [first] * 3
    assert [at(row) for row in (6, 9, 10)] == [second] * 3
    assert [at(row) for row in (11, 14, 15)] == [third] * 3


def test_a_number_above_the_tables_of_its_sheet_is_of_the_last_on_the_sheet_before():
    first, last, own = table("一", "A1:E4"), table("一", "A6:E9"), table("二", "A6:E9")
    records = [amount("一", "C4"), amount("一", "C9"), amount("二", "C4"), amount("二", "C9")]
    origins = Origins(Reading([first, last, own], records))

    assert [origins.of(record) for record in records] == [first, last, last, own]


def test_of_a_table_whose_first_sheet_gave_no_number_the_next_one_has_its_own():
    first = table("一", "A1:E4")
    origins = Origins(Reading([first, table("一", "A6:E9")], [amount("二", "C4")]))

    assert origins.of(amount("二", "C4")) is first


def test_an_indicator_is_of_the_table_of_its_row():
    first, second = table("一", "A1:E4"), table("一", "A6:E9")
    rows = [made(Indicator, file="表.xlsx", sheet="一", row=row, table="甲") for row in (3, 8)]
    origins = Origins(Reading([first, second], indicators=rows))

    assert [origins.of(row) for row in rows] == [first, second]


def test_what_was_read_of_no_table_belongs_to_none():
    origins = Origins(Reading([table("一", "A1:E4")], [amount("一", "C2")]))

    assert origins.table("乙", Place("表.xlsx", "一", "C2")) is None
    assert origins.table("甲", Place("另.xlsx", "一", "C2")) is None
    assert origins.table("甲", Place("表.xlsx", "三", "C2")) is None


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
