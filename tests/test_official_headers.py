"""Tests of where official tables begin and end, and of what their headings say."""

# ruff: noqa: E501 (a drawn table is as wide as the form)

import pytest
from official_tables import found, reading, refused
from test_official_edges import told

from selfeval.sheets import Grid
from selfeval.tables.cells import (
    Cells,
    as_code,
    as_heading,
    bare_label,
    title_of,
    unit_notes,
    units_in,
    without_years,
    years_in,
)

TITLE = "支出决算表"
UNIT = "单位：万元"
OFFICE = "部门：某局 | | | | 单位：万元"
HEADER = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出"
ROW = "201 | 一般公共服务支出 | 9 | |"
NEXT = "208 | 社会保障和就业支出 | 3 | |"
LAST = "210 | 卫生健康支出 | 5 | |"
FIRST_PAGE = (TITLE, UNIT, HEADER, ROW)


def lines_of(*rows: str) -> list[str]:
    """Return what was read of one sheet."""
    return told(reading("\n".join(rows)))


def tables_of(*rows: str) -> list[str]:
    """Return where the tables of one sheet stand, each with its layout and its unit."""
    read = reading("\n".join(rows))
    return [f"{t.layout} {t.range} {t.amount_unit or '-'} {t.year}" for t in read.tables]


# --- where a table ends ------------------------------------------------------------------------


@pytest.mark.parametrize("ruler", ["栏次 | | 1 | 2 | 3", "栏次 | | 甲 | 乙 | 丙"])
def test_the_numbers_of_columns_again_below_a_note_go_on_with_the_table(ruler):
    assert tables_of(TITLE, UNIT, HEADER, ruler, ROW, "注：本表反映支出。", ruler, NEXT) == [
        "final_expenditure A1:E8 万元 None"
    ]


THREE_PUBLIC = (
    "合计 | “三公”经费 | | | | | | 会议费 | 培训费",
    " | 小计 | 因公出国（境）费 | 公务接待费 | 公务用车购置及运行维护费 | | | |",
    " | | | | 小计 | 公务用车购置费 | 公务用车运行费 | |",
    "9 | 8 | 1 | 4 | 4 | | 4 | 2 | 3",
)


@pytest.mark.parametrize(
    ("between", "tables"),
    [
        ([], ["final_expenditure A1:E4 万元 None", "budget_three_public A5:I8 - None"]),
        (["单位：元"], ["final_expenditure A1:E4 万元 None", "budget_three_public A6:I9 元 None"]),
        (
            ["（元）", "", ""],
            ["final_expenditure A1:E4 万元 None", "budget_three_public A8:I11 元 None"],
        ),
    ],
)
def test_a_header_without_keys_ends_a_table_where_it_is_of_another(between, tables):
    assert tables_of(*FIRST_PAGE, *between, *THREE_PUBLIC) == tables


@pytest.mark.parametrize(
    ("row", "ends"),
    [
        ("附件表", False),
        ("某某附表", True),
        ("某某附表（公开）", True),
        ("某某附表 | 公开", True),
        ("某某附表 | 公开 | 某", False),
        ("某某附表 | 9", False),
        ("注：见附表", False),
        ("某" * 59 + "表", True),
        ("某" * 60 + "表", False),
    ],
)
def test_a_short_text_that_ends_like_a_title_ends_a_table(row, ends):
    tables = tables_of(*FIRST_PAGE, row, NEXT)

    assert tables == [f"final_expenditure A1:E{4 if ends else 6} 万元 None"]


# --- its title again ---------------------------------------------------------------------------


def page(title: str, *between: str) -> tuple[str, ...]:
    """Return a second page whose title is another or the same."""
    return (title, *between, HEADER, NEXT)


@pytest.mark.parametrize(
    ("first", "again", "tables"),
    [
        pytest.param((TITLE, UNIT), (TITLE, UNIT), ["A1:E8 万元 None"], id="same"),
        pytest.param(
            ("2022年" + TITLE, UNIT), (TITLE, UNIT), ["A1:E8 万元 2022"], id="year at first"
        ),
        pytest.param(
            (TITLE, UNIT), ("2022年" + TITLE, UNIT), ["A1:E8 万元 None"], id="year again"
        ),
        pytest.param(
            ("2022年" + TITLE, UNIT), ("2022年" + TITLE, UNIT), ["A1:E8 万元 2022"], id="same year"
        ),
        pytest.param(
            ("2022年" + TITLE, UNIT),
            ("2023年" + TITLE, UNIT),
            ["A1:E4 万元 2022", "A5:E8 万元 2023"],
            id="other year",
        ),
        pytest.param((TITLE, OFFICE), (TITLE, OFFICE), ["A1:E8 万元 None"], id="same office"),
        pytest.param((TITLE, OFFICE), (TITLE, UNIT), ["A1:E8 万元 None"], id="office at first"),
        pytest.param((TITLE, UNIT), (TITLE, OFFICE), ["A1:E8 万元 None"], id="office again"),
        pytest.param(
            (TITLE, OFFICE),
            (TITLE, OFFICE.replace("局", "所")),
            ["A1:E4 万元 None", "A5:E8 万元 None"],
            id="other office",
        ),
        pytest.param(
            ("部门：某所", TITLE, OFFICE), (TITLE, OFFICE), ["A2:E9 万元 None"],
            id="office above the title",
        ),
        pytest.param(
            (TITLE, "部门： | 部门：某局 | | | 单位：万元"),
            (TITLE, OFFICE.replace("局", "所")),
            ["A1:E4 万元 None", "A5:E8 万元 None"],
            id="a blank for an office",
        ),
        pytest.param((TITLE, UNIT), (TITLE, "公开03表", UNIT), ["A1:E9 万元 None"], id="number"),
        pytest.param((TITLE, UNIT), (TITLE, "注：某某。", UNIT), ["A1:E9 万元 None"], id="note"),
        pytest.param((TITLE, UNIT), (TITLE, *"某" * 6), ["A1:E13 万元 None"], id="six lines"),
        pytest.param((TITLE, UNIT), (TITLE, *"某" * 7), ["A1:E4 万元 None"], id="seven lines"),
        pytest.param((TITLE, UNIT), (TITLE, "某 | 7"), ["A1:E4 万元 None"], id="a number"),
    ],
)  # fmt: skip
def test_a_title_again_goes_on_in_place_unless_the_year_or_the_office_differs(first, again, tables):
    rows = (*first, HEADER, ROW, *again, HEADER, NEXT)

    assert tables_of(*rows) == [f"final_expenditure {table}" for table in tables]


# --- what a text says --------------------------------------------------------------------------


def cells_of(*rows: tuple[str, ...]) -> Cells:
    """Return some rows as they are read from a sheet."""
    return Cells(Grid("表.xlsx", "表", rows))


def test_a_text_broken_within_its_cell_is_one_and_a_sheet_may_be_empty():
    broken = cells_of(("a \r\n b", "a\nb", "a\r b", "a\n\nb", "a  b"))
    empty = cells_of()

    assert broken.texts == [["ab", "ab", "ab", "ab", "a  b"]]
    assert (empty.height, empty.width) == (0, 0)
    assert reading(empty.grid).strangers == []


@pytest.mark.parametrize(
    "text",
    [
        "合计:", "合计(万元)", "合计(单位:元)", "(元)合计", "合计(1)", "合计(A=B+C)", "合计(元)(7)",
        "合计(ABCDEFGHIJKL)", "合计(", "合计(万", "合计(单位:万", "合计(单位:人民币百元",
    ],
)  # fmt: skip
def test_a_heading_is_known_without_its_unit_its_letters_and_its_colon(text):
    assert as_heading(text) == "合计"


@pytest.mark.parametrize(
    "text", ["", ":合计", "X合计X", "合计(甲)", "合计(A)数", "合计(ABCDEFGHIJKLM)"]
)
def test_anything_else_is_of_the_heading(text):
    assert as_heading(text) == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[20101]", "20101"), ("（201）", "201"), ("【201】 ", "201"), ("205.0", "205"),
        ("201-05", "20105"), ("201 05 01", "2010501"), ("201.05.01", "2010501"),
        ("1234567", "1234567"), ("12345678", ""), ("1201-05", ""), ("201-05-01-02", ""),
        ("201.05", ""), ("205.00", ""), ("201X", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_code_is_its_digits_and_anything_else_is_none(text, code):
    assert as_code(text) == code


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("一、甲:", "甲"),
        ("其中:1.甲", "甲"),
        ("(一)甲:", "甲"),
        ("1.5甲", "1.5甲"),
        (":甲X", ":甲X"),
    ],
)
def test_a_name_is_known_without_its_numbering_and_its_colon(text, bare):
    assert bare_label(text) == bare


@pytest.mark.parametrize(
    ("text", "years", "rest"),
    [
        ("2023年度预算", [2023], "预算"),
        ("2023预算", [2023], "预算"),
        ("2023(上年)", [2023], "(上年)"),
        ("二o二三年预算", [2023], "预算"),
        ("2019年和2020年", [2019, 2020], "和"),
        ("2050年", [], "2050年"),
        ("12023年", [], "12023年"),
        ("2023", [], "2023"),
        ("预算", [], "预算"),
    ],
)
def test_a_year_is_found_in_digits_and_spelt_and_taken_out(text, years, rest):
    assert years_in(text) == years
    assert without_years(text) == rest


def test_a_year_is_found_however_it_is_spaced():
    assert years_in("20 23 年") == [2023]


@pytest.mark.parametrize(
    "text",
    [
        "支出表 部门：某局", "支出表编制单位名称：某局", "支出表单位:万元", "支出表金额单位万元",
        "2023年支出表 公开：1",
    ],
)  # fmt: skip
def test_a_title_ends_before_the_office_and_the_unit(text):
    assert title_of(text) == "支出表"


def test_a_title_has_sixty_letters_at_most():
    assert title_of("某" * 61) == "某" * 60


@pytest.mark.parametrize(
    ("rows", "units"),
    [
        ([("单 位： 万 元",)], [("万元", 0)]),
        ([("", "单位：千元")], [("千元", 1)]),
        ([("单位：万元", "金额单位：元")], [("万元", 0), ("元", 1)]),
        ([("单位：万", "单位：元"), ("元", "")], [("万元", 0), ("元", 1)]),
        ([("单位：万",), ("某",), ("",), ("元",)], [("万元", 0)]),
        ([("单位：万",), ("某",), ("",), ("",), ("元",)], []),
        ([("单位：万", "单位：元"), ("", "元")], [("元", 1)]),
        ([("", ""), ("单位：万", "")], []),
        ([("元",), ("单位：万",)], []),
        ([("单位：元人",)], []),
        ([("职位：元", "单价：元")], []),
    ],
)
def test_a_unit_is_noted_in_words_also_where_a_page_broke_them(rows, units):
    cells = cells_of(*rows)
    noted = [row for row, texts in enumerate(rows) if "单" in "".join(texts)][-1]

    assert unit_notes(cells, noted) == units


def test_a_unit_in_brackets_counts_in_a_short_text_only():
    cells = cells_of(("金额（万 元）", "金额（元）" + "某" * 34, "金额（元）" + "某" * 35))

    assert units_in(cells, 0) == [("万元", 0), ("元", 1)]


# --- a header again with its columns moved -----------------------------------------------------


def moved(*rows: str) -> list[str]:
    """Draw some rows one column further to the right."""
    return ["|" + row for row in rows]


AGAIN = moved(HEADER, NEXT)
GOES_ON = ["final_expenditure"]
ENDS = ["final_expenditure", "budget_untitled"]


@pytest.mark.parametrize(
    ("rows", "tables"),
    [
        pytest.param([UNIT, HEADER, ROW, *AGAIN], GOES_ON, id="right below"),
        pytest.param([UNIT, HEADER, ROW, "合计 | | 9 | |", *AGAIN], ENDS, id="below the total"),
        pytest.param([UNIT, HEADER, "合计 | | 9 | |", *AGAIN], GOES_ON, id="below a total alone"),
        pytest.param(
            [UNIT, HEADER, "合计 | | 9 | |", ROW, *AGAIN], GOES_ON, id="below the total's parts"
        ),
        pytest.param(
            [UNIT, HEADER, "合计 | | 9 | |", ROW, "合计 | | 9 | |", *AGAIN], GOES_ON,
            id="below a total at both ends",
        ),
        pytest.param([UNIT, HEADER, ROW, "注：某某。", *AGAIN], ENDS, id="below a note"),
        pytest.param(
            [UNIT, HEADER, ROW, "注：某某。", "（续表）", *AGAIN], GOES_ON, id="said to go on"
        ),
        pytest.param([UNIT, HEADER, ROW, "注：某某。", "接上表", *AGAIN], GOES_ON, id="from above"),
        pytest.param([UNIT, HEADER, ROW, "某某情况表", *AGAIN], ENDS, id="unknown title"),
        pytest.param(
            [UNIT, HEADER, ROW, "某某情况表", UNIT, HEADER, NEXT], ENDS, id="unknown title in place"
        ),
        pytest.param(["公开03表", UNIT, HEADER, ROW, "公开03表", *AGAIN], GOES_ON, id="its number"),
        pytest.param(["公开03表", UNIT, HEADER, ROW, "公开04表", *AGAIN], ENDS, id="other number"),
        pytest.param(
            [UNIT, HEADER, ROW, "", *moved(HEADER.replace("合计", "总计"), NEXT)], ENDS,
            id="other words",
        ),
    ],
)  # fmt: skip
def test_a_header_that_moved_goes_on_with_its_table_unless_that_has_ended(rows, tables):
    assert [table.split()[0] for table in tables_of(TITLE, *rows)] == tables


# --- what a header belongs to ------------------------------------------------------------------


@pytest.mark.parametrize("between", [["某 | 7", UNIT], [UNIT, "某 | 7"]])
def test_a_title_above_numbers_is_not_that_of_a_header_below_them(between):
    read = reading("\n".join([TITLE, *between, HEADER, ROW]))

    assert [(table.layout, table.title) for table in read.tables] == [("budget_untitled", "")]
    assert set(refused(read).values()) == {"在表头上面，不属于任何一行"}


@pytest.mark.parametrize("office", ["单位编码： | 012345", "单位编码 | 012345 | 单位名称 | 某局"])
def test_the_code_of_an_office_above_a_header_is_no_amount(office):
    read = reading("\n".join([TITLE, office, UNIT, HEADER, ROW]))

    assert [table.title for table in read.tables] == [TITLE]
    assert read.unread == []


@pytest.mark.parametrize("text", ["附表", "某某局 单位：见附表", "某某局"])
def test_a_text_that_is_too_short_or_of_an_office_is_no_title(text):
    assert lines_of(text, "甲 | 乙", "某 | 1") == ["表1 没有找到标题，也没有找到认识的表头"]


# --- which rows are a header -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("above", "begins"),
    [
        ("备注", True),
        ("备注：", True),
        (" | | 备注", False),
        ("备注 | 说明", False),
        ("备注 | 说明：", True),
        ("备注 | 说明 | 单位：万元", True),
        (" | | 备注\n某", True),
    ],
)
def test_no_header_begins_below_headings_that_may_be_part_of_it(above, begins):
    tables = tables_of(TITLE, UNIT, *above.split("\n"), HEADER, ROW)

    assert [table.split()[0] for table in tables] == ["final_expenditure"] * begins


@pytest.mark.parametrize(
    ("row", "is_header"),
    [
        ("科目编码 | 合计 | 甲 | 乙 | 丙", True),
        ("科目名称 | 合计 | 甲 | 乙", True),
        ("科目名称 | 公务接待费 | 甲 | 乙", True),
        ("科目名称 | 合计 | 甲 | 乙 | 丙", False),
        ("甲 | 科目编码 | 乙 | 丙 | 丁", False),
        ("合计 | 基本支出 | 甲 | 乙", False),
        ("科目编码 | 科目名称 | 合计 | 9", False),
    ],
)
def test_two_headings_among_others_are_a_header_if_they_are_half_or_name_a_code(row, is_header):
    (table, *_) = tables_of(*FIRST_PAGE, row, NEXT)

    assert table == f"final_expenditure A1:E{4 if is_header else 6} 万元 None"


@pytest.mark.parametrize(
    "row",
    [
        "基本支出", "合计", "合计 | 总计", " | | 合计", " | | | 总计 | 总计", " | | 某某某", " | | 合计 | 某某甲 | 某某乙",
        " | | | 基本支出",
    ],
)  # fmt: skip
def test_words_below_a_header_that_are_no_headings_are_not_of_it(row):
    read = reading("\n".join([TITLE, UNIT, HEADER, row, "201 | 一般公共服务支出 | 9 | 5 | 4"]))

    assert found(read) == {"total/201": 9, "basic/201": 5, "project/201": 4}
    assert read.unread == []


THREE_PUBLIC_READ = {
    "three_public_expenses/three_public_meetings_training": 9,
    "three_public_expenses/three_public_expenses": 8,
    "three_public_expenses/official_overseas_visits": 1,
    "three_public_expenses/official_hospitality": 4,
    "three_public_expenses/official_vehicles": 4,
    "three_public_expenses/official_vehicle_running": 4,
    "three_public_expenses/conferences": 2,
    "three_public_expenses/training": 3,
}


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(THREE_PUBLIC[:3], id="whole"),
        pytest.param((*THREE_PUBLIC[:3], "某"), id="a word at the left"),
        pytest.param(
            (
                THREE_PUBLIC[0],
                THREE_PUBLIC[1].replace("公务接待费", "公务"),
                " | | | 接待费",
                THREE_PUBLIC[2],
            ),
            id="a heading in two rows",
        ),
    ],
)
def test_every_column_of_a_header_in_several_rows_is_read(header):
    read = reading("\n".join([UNIT, *header, THREE_PUBLIC[3]]))

    assert found(read) == THREE_PUBLIC_READ
    assert read.unread == []


@pytest.mark.parametrize(("blank", "tables"), [(12, ["final_expenditure"]), (13, [])])
def test_a_header_is_fourteen_rows_high_at_most(blank, tables):
    header = (
        "科目编码 | 科目名称 | 本年支出 | |",
        *[""] * blank,
        " | | 合计 | 基本支出 | 项目支出",
    )

    assert [t.split()[0] for t in tables_of(TITLE, UNIT, *header, ROW)] == tables


# --- headings in the row of the total ----------------------------------------------------------

FUNDS = (
    "政府性基金预算财政拨款收入支出决算表",
    UNIT,
    "科目编码 | 科目名称 | 年初结转和结余 | 本年收入 | 本年支出 | | | 年末结转和结余",
)
FUNDS_ROW = "212 | 城乡社区支出 | 0 | 9 | 5 | 4 | 1 | 2"


@pytest.mark.parametrize("word", ["合计", "小计"])
def test_headings_in_the_row_of_the_total_are_no_amounts(word):
    total = f"合计 | | 0 | 9 | {word} | 基本支出 | 项目支出 | 3"

    read = reading("\n".join([*FUNDS, total, FUNDS_ROW]))

    assert found(read) == {
        "opening_carryover_and_surplus/total": 0, "revenue/total": 9,
        "closing_carryover_and_surplus/total": 3,
        "opening_carryover_and_surplus/212": 0, "revenue/212": 9, "total/212": 5, "basic/212": 4,
        "project/212": 1, "closing_carryover_and_surplus/212": 2,
    }  # fmt: skip
    assert read.unread == []


@pytest.mark.parametrize(
    "total",
    [
        pytest.param("合计 | | 0 | 9 | 合计 | 基本支出 | 某某支出 | 3", id="unknown"),
        pytest.param("合计 | | 0 | 合计 | 合计 | 基本支出 | 项目支出 | 3", id="below two headings"),
        pytest.param("合计 | | 0 | 9 | 合计 | 7 | 项目支出 | 3", id="a number between"),
        pytest.param("合计 | | 0 | 9 | 合计 | 7 | 6 | 3", id="only one"),
        pytest.param("合计 | | 0 | 9 | 7 | 基本支出 | 项目支出 | 3", id="below none"),
        pytest.param("总数 | | 0 | 9 | 合计 | 基本支出 | 项目支出 | 3", id="no total"),
    ],
)
def test_headings_among_numbers_elsewhere_leave_the_amounts_below_them_open(total):
    read = reading("\n".join([*FUNDS, total, FUNDS_ROW]))

    assert {"表1!F5", "表1!G5"} <= refused(read).keys()
    assert "basic/212" not in found(read)


@pytest.mark.parametrize(
    ("header", "total", "row"),
    [
        (
            "科目编码 | 本年支出 | | | 年末结转和结余 | 年初结转和结余 | 本年收入",
            "合计 | 合计 | 基本支出 | 项目支出 | 3 | 0 | 9",
            "212 | 5 | 4 | 1 | 2 | 0 | 9",
        ),
        (
            "科目编码 | 科目名称 | 年初结转和结余 | 本年收入 | 本年支出 | | 年末结转和结余",
            "合计 | | 0 | 9 | 小计 | 基本支出 | 3",
            "212 | 城乡社区支出 | 0 | 9 | 5 | 4 | 2",
        ),
    ],
)
def test_two_headings_or_more_may_stand_right_beside_the_total(header, total, row):
    read = reading("\n".join([*FUNDS[:2], header, total, row]))

    assert found(read).items() >= {
        "opening_carryover_and_surplus/total": 0, "revenue/total": 9,
        "closing_carryover_and_surplus/total": 3, "opening_carryover_and_surplus/212": 0,
        "revenue/212": 9, "total/212": 5, "basic/212": 4, "closing_carryover_and_surplus/212": 2,
    }.items()  # fmt: skip
    assert read.unread == []


# --- pages that conflict -----------------------------------------------------------------------

OTHER_ROW = "201 | 一般公共服务支出 | 8 | |"
TWICE = "同一科目在这张表里有几行，名称或数额不同"
UNTITLED = "这一页没有标题，又与前一页的数冲突，可能是另一张表"


def why_refused(*sheets: tuple[str, ...]) -> dict[str, str]:
    """Return the cells that were not understood, with the beginnings of the reasons."""
    read = reading(*("\n".join(sheet) for sheet in sheets))
    return {cell.removeprefix("表1!"): why.split("（")[0] for cell, why in refused(read).items()}


@pytest.mark.parametrize(
    ("page", "cells"),
    [
        pytest.param([HEADER, OTHER_ROW, NEXT], ["C6", "C7"], id="in place"),
        pytest.param(moved(HEADER, OTHER_ROW, NEXT), ["D6", "D7"], id="moved"),
        pytest.param([TITLE, UNIT, HEADER, NEXT, HEADER, OTHER_ROW, LAST], ["C10", "C11"], id="third"),
    ],
)  # fmt: skip
def test_a_page_without_a_title_that_conflicts_is_given_up(page, cells):
    refused = why_refused((*FIRST_PAGE, *page))

    assert refused == {"C4": TWICE} | dict.fromkeys(cells, UNTITLED)


@pytest.mark.parametrize(
    ("page", "cell"),
    [
        ([TITLE, HEADER, OTHER_ROW, NEXT], "C7"),
        ([TITLE, UNIT, HEADER, OTHER_ROW, NEXT], "C8"),
        ([TITLE, UNIT, "", "", HEADER, OTHER_ROW, NEXT], "C10"),
        ([TITLE, UNIT, *moved(HEADER), *moved(OTHER_ROW, NEXT)], "D8"),
    ],
)
def test_of_a_page_with_the_title_only_the_rows_that_conflict_are_given_up(page, cell):
    assert why_refused((*FIRST_PAGE, *page)) == {"C4": TWICE, cell: TWICE}


@pytest.mark.parametrize("between", [[], [""]])
def test_a_header_with_its_columns_numbered_twice_again_begins_one_page(between):
    header = (HEADER, "栏次 | | 1 | 2 | 3", *between, "1 | 2 | 3 | 4 | 5")

    refused = why_refused((TITLE, UNIT, *header, ROW, TITLE, *header, OTHER_ROW, NEXT))

    assert list(refused.values()) == [TWICE, TWICE]


# --- items of an economic classification as columns --------------------------------------------

ECONOMIC = ("2024年支出预算分类汇总表（按政府预算经济分类）", UNIT)
KEYS = "科目编码 | 科目名称 | 合计 | "
AMOUNTS = "201 | 一般公共服务支出 | 9 | 5 | 3 | 2 | 1"


def economic(*header: str) -> tuple[dict[str, object], dict[str, str]]:
    """Return what is read of a row below headings, and what of it is not understood."""
    width = max(row.count("|") for row in header) + 1
    row = " | ".join(AMOUNTS.split(" | ")[:width])
    read = reading("\n".join([*ECONOMIC, *header, row]))
    return found(read), {cell.removeprefix("表1!"): why for cell, why in refused(read).items()}


@pytest.mark.parametrize(
    ("header", "amounts"),
    [
        ([KEYS + "机关工资福利支出"], {"501": 5}),
        (
            [
                KEYS + "某某 | |",
                " | | | 机关工资福利支出 | |",
                " | | | 小计 | 工资奖金津补贴 | 社会保障缴费",
            ],
            {"501": 5, "50101": 3, "50102": 2},
        ),
        (
            [KEYS + "机关工资福利支出 | |", " | | | 小计 | 工资奖金津补贴 | 社会保障缴费"],
            {"501": 5, "50101": 3, "50102": 2},
        ),
        (
            [KEYS + "机关工资福利支出 |", " | | | 合计 | 工资奖金津补贴"],
            {"501": 5, "50101": 3},
        ),
        ([KEYS + "本年支出 |", " | | | 机关工资福利支出 | 机关商品和服务支出"], {"501": 5, "502": 3}),
        ([KEYS + "某某 |", " | | | 工资奖金津补贴 | 社会保障缴费"], {"50101": 5, "50102": 3}),
    ],
)  # fmt: skip
def test_a_column_may_be_named_after_an_economic_item(header, amounts):
    read, unread = economic(*header)

    assert read == {"total/201": 9} | {f"total/{code}:201": n for code, n in amounts.items()}
    assert unread == {}


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ([KEYS + "机关工资福利支出 | 某某"], {"E4": "某某"}),
        ([KEYS + "机关工资福利支出 |", " | | | 小计 | 某某"], {"E5": "机关工资福利支出/某某"}),
        ([KEYS + "某某 |", " | | | 小计 | 工资奖金津补贴"], {"D5": "某某/小计"}),
        (
            [KEYS + "机关商品和服务支出", " | | | 工资奖金津补贴"],
            {"D5": "机关商品和服务支出/工资奖金津补贴"},
        ),
        (
            [KEYS + "某某", " | | | 上年执行数", " | | | 机关工资福利支出"],
            {"D6": "某某/上年执行数/机关工资福利支出"},
        ),
    ],
)
def test_a_column_that_no_economic_item_explains_is_listed(header, cells):
    _, unread = economic(*header)

    assert unread == {
        cell: f"版式“支出预算分类汇总表（按政府预算经济分类）”里没有栏目“{path}”"
        for cell, path in cells.items()
    }


# --- which columns are keys, and what the others hold ------------------------------------------

READ_201 = {"total/201": 9, "basic/201": 5, "project/201": 4}
ROW_201 = "201 | 一般公共服务支出 | 9 | 5 | 4"


@pytest.mark.parametrize(
    ("rows", "unread"),
    [
        pytest.param(["项目 | | | |", HEADER, ROW_201], {}, id="over all"),
        pytest.param(["项目 | | | | |", HEADER + " | 备注", ROW_201 + " | 7"], {}, id="remarks"),
        pytest.param([" | " + HEADER, "一 | " + ROW_201], {}, id="a nameless column at the left"),
        pytest.param(
            [HEADER.replace("科目名称", ""), ROW_201], {}, id="a nameless column of names"
        ),
        pytest.param([HEADER + " | | 备注", ROW_201 + " | | 某"], {}, id="one after the values"),
        pytest.param(
            [HEADER + " | 金额", ROW_201 + " | 7"], {"F4": "“金额”"}, id="a heading of any amount"
        ),
        pytest.param(
            [HEADER + " | 某某 |", " | | | | | 决算数 | 某", ROW_201 + " | 7"],
            {"F5": "“某某/决算数”"},
            id="a stage of something unknown",
        ),
    ],
)
def test_a_column_is_what_its_headings_say_and_nothing_else(rows, unread):
    read = reading("\n".join([TITLE + " | < | <", UNIT, *rows]))

    assert found(read) == READ_201
    assert {cell: why.partition("栏目")[2] for cell, why in refused(read).items()} == {
        f"表1!{cell}": path for cell, path in unread.items()
    }


@pytest.mark.parametrize("header", ["科目编码 | | | | ", "类 | 款 | 项 | | "])
def test_a_blank_column_beside_the_parts_of_a_code_has_the_name(header):
    rows = [header + "合计 | 基本支出 | 项目支出", "类 | 款 | 项 | | | |"]

    read = reading("\n".join([TITLE, UNIT, *rows, "201 | 01 | 01 | 行政运行 | 9 | 5 | 4"]))

    assert found(read) == {"total/2010101": 9, "basic/2010101": 5, "project/2010101": 4}


@pytest.mark.parametrize(
    ("word", "phase"), [("上年决算数", "prior_final_accounts"), ("全年预算数", "adjusted_budget")]
)
def test_a_stage_over_several_columns_is_that_of_each(word, phase):
    rows = [
        f"科目编码 | 科目名称 | 决算数 | | | {word} | |",
        " | | 合计 | 基本支出 | 项目支出 | 合计 | 基本支出 | 项目支出",
        ROW_201 + " | 7 | 4 | 3",
    ]

    assert found(reading("\n".join([TITLE, UNIT, *rows]))) == READ_201 | {
        f"total/201!{phase}": 7, f"basic/201!{phase}": 4, f"project/201!{phase}": 3
    }  # fmt: skip


# --- further ends of tables --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "table"),
    [
        ("采购品目 | 金额", "budget_procurement A5:B6 - None"),
        ("项目 | 预算数", "budget_untitled A5:B6 - None"),
    ],
)
def test_two_headings_alone_end_a_table_where_they_are_those_of_another(row, table):
    assert tables_of(*FIRST_PAGE, row, "某 | 9")[1:] == [table]


@pytest.mark.parametrize("between", [[], [""], [TITLE, UNIT, HEADER, NEXT], [HEADER, NEXT]])
def test_a_table_ends_at_the_title_of_another_after_blank_rows_and_pages(between):
    other = ["一般公共预算财政拨款支出决算表", UNIT, HEADER, ROW]

    assert [table.split()[0] for table in tables_of(*FIRST_PAGE, *between, *other)] == [
        "final_expenditure",
        "final_general_expenditure",
    ]


@pytest.mark.parametrize(("first", "again"), [("2022年", ""), ("", "2022年")])
def test_a_sheet_that_says_no_year_goes_on_with_the_table_of_its_title(first, again):
    sheets = [[first + TITLE, UNIT, HEADER, ROW], [again + TITLE, UNIT, HEADER, NEXT]]

    read = reading(*("\n".join(sheet) for sheet in sheets))

    assert [table.range for table in read.tables] == ["A1:E4"]


def test_two_units_broken_in_one_cell_are_told_apart():
    assert unit_notes(cells_of(("单位：万，单位：元",)), 0) == [("元", 0)]
