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


def test_a_header_again_below_a_note_begins_another_table():
    at_once = tables_of(*FIRST_PAGE, "注：本表反映支出。", HEADER, NEXT)
    later = tables_of(*FIRST_PAGE, "注：本表反映支出。", NEXT, HEADER, LAST)

    assert at_once == ["final_expenditure A1:E5 万元 None", "budget_untitled A6:E7 - None"]
    assert later == ["final_expenditure A1:E6 万元 None", "budget_untitled A7:E8 - None"]


def test_a_header_again_without_a_note_goes_on_with_the_table():
    assert tables_of(*FIRST_PAGE, "", HEADER, NEXT) == ["final_expenditure A1:E7 万元 None"]


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


def test_a_unit_right_below_a_header_is_of_the_header_below_it():
    assert tables_of(TITLE, HEADER, "单位：元", *THREE_PUBLIC) == [
        "final_expenditure A1:E2 - None",
        "budget_three_public A4:I7 元 None",
    ]


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


def test_a_title_again_at_the_end_of_a_sheet_ends_its_table():
    assert tables_of(*FIRST_PAGE, TITLE) == ["final_expenditure A1:E4 万元 None"]
    assert tables_of(*FIRST_PAGE, TITLE, "某某", "", "") == ["final_expenditure A1:E4 万元 None"]


def test_a_header_again_below_a_table_without_a_title_and_a_title_begins_another():
    assert tables_of(UNIT, HEADER, ROW, TITLE, UNIT, HEADER, NEXT) == [
        "budget_untitled A2:E3 万元 None",
        "final_expenditure A4:E7 万元 None",
    ]


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


def test_the_number_of_an_attachment_is_that_of_a_form():
    again = reading(
        "\n".join([TITLE, "附件一", *FIRST_PAGE[1:]]), f"续表\n附件一\n{HEADER}\n{NEXT}"
    )
    other = reading(
        "\n".join([TITLE, "附件一", *FIRST_PAGE[1:]]), f"续表\n附件二\n{HEADER}\n{NEXT}"
    )

    assert [table.layout for table in again.tables] == GOES_ON
    assert [table.layout for table in other.tables] == ENDS


def test_pages_that_go_on_keep_the_year_and_the_title_of_their_table():
    header = (
        "科目编码 | 科目名称 | 2021年决算数 | 2022年决算数 | |",
        " | | | 小计 | 基本支出 | 项目支出",
    )
    pages = [
        f"2022年一般公共预算财政拨款支出决算表\n{UNIT}",
        *header, "201 | 一般公共服务支出 | 7 | 9 | 8 | 1",
        *moved(*header, "208 | 社会保障和就业支出 | 6 | 5 | 3 | 2"),
        *moved(*moved(*header, "210 | 卫生健康支出 | 4 | 7 | 4 | 3")),
    ]  # fmt: skip
    titled = ["2022年一般公共预算财政拨款支出决算表", UNIT, *header, "212 | 城乡社区支出 | 1 | | |"]

    read = reading("\n".join(pages), "\n".join(titled))

    assert found(read) == {
        "total/201!prior_final_accounts": 7, "total/201": 9, "basic/201": 8, "project/201": 1,
        "total/208!prior_final_accounts": 6, "total/208": 5, "basic/208": 3, "project/208": 2,
        "total/210!prior_final_accounts": 4, "total/210": 7, "basic/210": 4, "project/210": 3,
        "total/212!prior_final_accounts": 1,
    }  # fmt: skip
    assert [(table.layout, table.year) for table in read.tables] == [
        ("final_general_expenditure", 2022)
    ]


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


def test_a_row_of_headings_with_a_number_is_no_header():
    assert lines_of(TITLE, UNIT, HEADER + " | 7", ROW) == [
        "表1 标题“支出决算表”，表头“科目编码、科目名称、合计、基本支出、项目支出、7”与现有的版式都不相符"
    ]


def test_a_table_nobody_knows_by_its_title_has_it_and_its_year_nevertheless():
    read = reading("\n".join(["某县", "2022年某某情况表", UNIT, HEADER, ROW]))

    assert [(table.title, table.year, table.range) for table in read.tables] == [
        ("2022年某某情况表", 2022, "A2:E5")
    ]


@pytest.mark.parametrize("text", ["附表", "某某局 单位：见附表", "某某局"])
def test_a_text_that_is_too_short_or_of_an_office_is_no_title(text):
    assert lines_of(text, "甲 | 乙", "某 | 1") == ["表1 没有找到标题，也没有找到认识的表头"]


def test_headings_not_merged_in_a_sheet_with_merged_cells_reach_to_the_next():
    header = ["科目编码 | 科目名称 | 本年支出 | |", " | | 合计 | 基本支出 | 项目支出"]

    read = reading(
        "\n".join([TITLE + " | < | < | < | <", UNIT, *header, "201 | 一般公共服务支出 | 9 | 5 | 4"])
    )

    assert found(read) == {"total/201": 9, "basic/201": 5, "project/201": 4}


def test_of_two_years_in_headings_the_later_is_that_of_the_table():
    header = [
        "科目编码 | 科目名称 | 2021年决算数 | 2022年决算数 | |",
        " | | | 小计 | 基本支出 | 项目支出",
    ]
    row = "201 | 一般公共服务支出 | 7 | 9 | 8 | 1"

    read = reading("\n".join(["一般公共预算财政拨款支出决算表", UNIT, *header, row]))

    assert read.tables[0].year == 2022
    assert found(read) == {
        "total/201!prior_final_accounts": 7, "total/201": 9, "basic/201": 8, "project/201": 1
    }  # fmt: skip


def test_a_year_beside_the_same_heading_without_one_is_not_that_of_the_table():
    read = reading("\n".join([TITLE, UNIT, HEADER + " | 2021年合计", ROW + " | 1"]))

    assert read.tables[0].year is None
    assert refused(read) == {"表1!F4": "看不出栏目“合计”是哪一年的什么数"}


def test_headings_that_tell_a_table_go_before_those_of_a_table_without_a_title():
    header = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出 | 单位预留机动经费 | 结转下年资金"

    assert tables_of(UNIT, header, "201 | 一般公共服务支出 | 9 | 5 | 4 | 1 | 2") == [
        "budget_expenditure A2:G3 万元 None"
    ]


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


def test_half_of_the_words_of_a_row_that_are_headings_make_it_part_of_the_header():
    assert tables_of(TITLE, UNIT, HEADER, " | | 合计 | 某某甲 |", ROW) == []


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


def test_a_heading_in_two_rows_may_stand_below_the_one_over_all_in_its_column():
    header = (
        "合计 | “三公”经费 | | | | | | 会议费 | 培训费",
        " | 公务 | 小计 | 因公出国（境）费 | 公务用车购置及运行维护费 | | | |",
        " | 接待费 | | | | | | |",
        " | | | | 小计 | 公务用车购置费 | 公务用车运行费 | |",
    )

    read = reading("\n".join([UNIT, *header, "9 | 4 | 8 | 1 | 4 | | 4 | 2 | 3"]))

    assert found(read) == THREE_PUBLIC_READ


def test_a_short_piece_alone_is_the_rest_of_the_heading_above_it():
    header = (
        "合计 | 某某支 | “三公”经费 | | | | | | 会议费 | 培训费",
        " | 出 | | | | | | | |",
        " | | 小计 | 因公出国（境）费 | 公务接待费 | 公务用车购置及运行维护费 | | | |",
        " | | | | | 小计 | 公务用车购置费 | 公务用车运行费 | |",
    )

    read = reading("\n".join([UNIT, *header, "9 | 7 | 8 | 1 | 4 | 4 | | 4 | 2 | 3"]))

    assert found(read) == THREE_PUBLIC_READ
    assert [why.partition("栏目")[2] for why in refused(read).values()] == ["“某某支/出”"]


def test_the_rest_of_the_heading_of_a_key_column_may_stand_below_it():
    header = (
        "科目编码 | 项目 | 本年支出 | |",
        " | （按功能分类） | 合计 | 基本支出 | 项目支出",
    )

    read = reading("\n".join([TITLE, UNIT, *header, "201 | 一般公共服务支出 | 9 | 5 | 4"]))

    assert found(read) == {"total/201": 9, "basic/201": 5, "project/201": 4}


@pytest.mark.parametrize(("blank", "tables"), [(12, ["final_expenditure"]), (13, [])])
def test_a_header_is_fourteen_rows_high_at_most(blank, tables):
    header = (
        "科目编码 | 科目名称 | 本年支出 | |",
        *[""] * blank,
        " | | 合计 | 基本支出 | 项目支出",
    )

    assert [t.split()[0] for t in tables_of(TITLE, UNIT, *header, ROW)] == tables


def test_three_totals_in_a_row_are_headings():
    header = (
        "科目编码 | 科目名称 | 2022年 | 2021年 | 2020年 | 基本支出 | 项目支出",
        " | | 合计 | 合计 | 合计 | |",
    )

    read = reading("\n".join([TITLE, UNIT, *header, "201 | 一般公共服务支出 | 9 | 8 | 7 | 5 | 4"]))

    assert found(read) == {"total/201": 9, "basic/201": 5, "project/201": 4}
    assert refused(read) == dict.fromkeys(["表1!D5", "表1!E5"], "看不出栏目“合计”是哪一年的什么数")


def test_pieces_of_a_heading_are_joined_in_one_column_only():
    header = [HEADER + " | 经营 |", " | | | | | 某 | 支出"]

    read = reading("\n".join([TITLE, UNIT, *header, "201 | 一般公共服务支出 | 9 | 5 | 4 | 3 | 2"]))

    assert refused(read) == {
        "表1!F5": "版式“支出决算表”里没有栏目“经营/某”",
        "表1!G5": "版式“支出决算表”里没有栏目“经营/支出”",
    }


def test_a_heading_merged_over_two_columns_is_that_of_each_wherever_it_stands():
    rows = [
        UNIT + " | < | <", TITLE + " | < | < | <", "某局", "",
        "科目编码 | 科目名称 | 合计 | < | 基本支出 | 项目支出",
        "201 | 一般公共服务支出 | | 9 | 5 | 4",
    ]  # fmt: skip

    assert found(reading("\n".join(rows))) == {"total/201": 9, "basic/201": 5, "project/201": 4}


def test_a_column_merged_below_a_heading_of_others_that_have_their_own_has_none():
    header = [HEADER + " | < | <", " | | | | 小计 | |"]

    read = reading("\n".join([TITLE, UNIT, *header, "201 | 一般公共服务支出 | 9 | 5 | 4 | 3 |"]))

    assert found(read) == {}
    assert refused(read)["表1!F5"] == "这一栏没有自己的标题，左边一栏是“项目支出”"


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


def test_a_number_between_headings_in_the_row_of_the_total_is_below_the_one_over_them():
    total = "合计 | | 0 | 9 | 合计 | 7 | 项目支出 | 3"

    read = reading("\n".join([*FUNDS, total, FUNDS_ROW]))

    assert refused(read)["表1!G5"] == "这一栏没有自己的标题，左边一栏是“本年支出”"


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


def test_a_heading_merged_over_others_in_the_row_of_the_total_reaches_no_further():
    header = FUNDS[2].replace("本年支出 | |", "本年支出 | < | <") + " |"
    total = "合计 | | 0 | 9 | 合计 | 基本支出 | 项目支出 | 3 |"

    read = reading("\n".join([*FUNDS[:2], header, total, FUNDS_ROW + " | 7"]))

    assert refused(read)["表1!I5"] == "看不出属于哪一行或哪一栏"


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


def test_a_sheet_that_goes_on_without_a_title_and_conflicts_is_given_up():
    refused = why_refused(FIRST_PAGE, ("续表", HEADER, OTHER_ROW, NEXT))

    assert refused == {"C4": TWICE, "表2!C3": UNTITLED, "表2!C4": UNTITLED}


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


def test_of_a_sheet_with_the_title_only_the_rows_that_conflict_are_given_up():
    refused = why_refused(FIRST_PAGE, (TITLE, UNIT, HEADER, OTHER_ROW, NEXT))

    assert refused == {"C4": TWICE, "表2!C4": TWICE}


def test_a_header_of_two_rows_again_begins_one_page():
    header = ("科目编码 | 科目名称 | 本年支出 | |", " | | 合计 | 基本支出 | 项目支出")

    refused = why_refused((TITLE, UNIT, *header, ROW, TITLE, *header, OTHER_ROW, NEXT))

    assert refused == {"C5": TWICE, "C9": TWICE}


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


def test_an_economic_item_below_the_heading_of_a_part_is_not_that_of_the_whole():
    read, unread = economic(
        KEYS + "基本支出 | | 项目支出", " | | | 小计 | 工资奖金津补贴 | 工资奖金津补贴"
    )

    assert read == {"total/201": 9}
    assert [why.partition("栏目")[2] for why in unread.values()] == [
        "“基本支出/小计”", "“基本支出/工资奖金津补贴”", "“项目支出/工资奖金津补贴”"
    ]  # fmt: skip


def test_two_columns_of_the_same_economic_item_are_both_left_open():
    read, unread = economic(
        KEYS + "机关工资福利支出 | | 机关工资福利支出",
        " | | | 小计 | 工资奖金津补贴 | 工资奖金津补贴",
    )

    assert read == {"total/201": 9, "total/501:201": 5}
    assert unread == dict.fromkeys(
        ["E5", "F5"], "有 2 栏都像是“机关工资福利支出/工资奖金津补贴”，分不出哪一栏"
    )


def test_a_column_without_a_heading_is_told_by_all_those_over_the_one_to_its_left():
    _, unread = economic(KEYS + "机关工资福利支出 | |", " | | | 小计 | 工资奖金津补贴 |")

    assert unread["F5"] == ("这一栏没有自己的标题，左边一栏是“机关工资福利支出/工资奖金津补贴”")


def test_columns_that_mean_the_same_are_called_by_the_headings_of_the_first():
    _, unread = economic(KEYS + "机关工资福利支出 | 本年支出", " | | | | 机关工资福利支出")

    assert set(unread.values()) == {"有 2 栏都像是“机关工资福利支出”，分不出哪一栏"}


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


def test_a_number_in_a_nameless_column_at_the_left_leaves_its_row_open():
    read = reading("\n".join([TITLE, UNIT, " | " + HEADER, "1 | " + ROW_201]))

    assert found(read) == {}
    assert refused(read) == {"表1!A4": "看不出属于哪一行或哪一栏"} | dict.fromkeys(
        ["表1!D4", "表1!E4", "表1!F4"], "“1”不在金额栏里，栏目像是错位了"
    )


def test_a_column_below_the_one_for_a_class_is_no_part_of_the_code():
    header = "类 | | 科目名称 | 合计 | 基本支出 | 项目支出"

    read = reading("\n".join([TITLE, UNIT, header, "201 | 01 | 行政运行 | 9 | 5 | 4"]))

    assert found(read) == {}
    assert refused(read)["表1!B4"] == "看不出属于哪一行或哪一栏"


def test_a_code_beside_one_of_two_panels_of_items_is_passed_over():
    rows = [
        "收入支出决算总表", UNIT, "科目编码 | 项目 | 决算数 | 项目 | 决算数",
        "1 | 一、一般公共预算财政拨款收入 | 9 | 一、一般公共服务支出 | 8",
    ]  # fmt: skip

    assert found(reading("\n".join(rows))) == {"revenue/general_public_budget": 9, "total/201": 8}


def test_names_and_parts_alone_are_no_table_without_a_title():
    header = "名称 | 基本支出 | 项目支出 | 事业单位经营支出"

    assert tables_of(UNIT, header, "教育支出 | 9 | 5 | 4") == []


def test_all_numbers_of_a_column_that_stand_one_further_to_the_right_are_its_own():
    rows = [
        "2024年财政拨款支出预算表 | < | <", UNIT, "科目 | < | < | 预算数 |", "编码 | 名称 | | |",
        "201 | 一般公共服务支出 | | | 9", "208 | 社会保障和就业支出 | | | 3",
    ]  # fmt: skip

    one = reading("\n".join(rows[:-1]))
    both = reading("\n".join(rows))

    assert found(one) == {}
    assert found(both) == {"total/201": 9, "total/208": 3}


def test_a_heading_over_names_and_amounts_is_of_each():
    rows = [
        "收入支出决算总表 | < | <", UNIT, "项目 | < | 项目 | <", " | 决算数 | | 决算数",
        "一、一般公共预算财政拨款收入 | 9 | 一、一般公共服务支出 | 8",
    ]  # fmt: skip

    assert found(reading("\n".join(rows))) == {"revenue/general_public_budget": 9, "total/201": 8}


def test_without_a_title_and_codes_a_total_is_not_that_of_the_expenditure():
    read = reading("\n".join([UNIT, "项目 | 预算数", "本年收入合计 | 9"]))

    assert found(read) == {}
    assert set(refused(read)) == {"表1!B3"}


def test_without_a_title_a_stage_alone_is_of_nothing():
    read = reading("\n".join([UNIT, HEADER + " | 上年执行数", ROW_201 + " | 7"]))

    assert found(read) == READ_201
    assert refused(read) == {"表1!F3": "版式“没有标题的支出表”里没有栏目“上年执行数”"}


def test_a_year_before_that_of_the_table_needs_a_word_for_its_stage():
    rows = [HEADER + " | 2021年经营支出", ROW_201 + " | 7"]

    read = reading("\n".join(["2022年" + TITLE, UNIT, *rows]))

    assert found(read) == READ_201
    assert refused(read) == {"表1!F4": "看不出栏目“经营支出”是哪一年的什么数"}


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


def test_years_not_merged_over_their_columns_in_a_sheet_with_merged_cells_reach_to_the_next():
    rows = [
        "科目编码 | 科目名称 | 2022年决算数 | | | 2021年决算数 | |",
        " | | 合计 | 基本支出 | 项目支出 | 合计 | 基本支出 | 项目支出",
        ROW_201 + " | 7 | 4 | 3",
    ]

    read = reading("\n".join(["2022年" + TITLE + " | < | <", UNIT, *rows]))

    assert found(read) == READ_201 | {
        "total/201!prior_final_accounts": 7, "basic/201!prior_final_accounts": 4,
        "project/201!prior_final_accounts": 3,
    }  # fmt: skip


# --- further ends of tables --------------------------------------------------------------------


def test_headings_in_the_row_of_the_total_may_stand_below_a_header_of_two_rows():
    header = (
        "项目 | | 年初结转和结余 | 本年收入 | 本年支出 | | | 年末结转和结余",
        "科目编码 | 科目名称 | | | | | |",
    )
    total = "合计 | | 0 | 9 | 合计 | 基本支出 | 项目支出 | 3"

    read = reading("\n".join([*FUNDS[:2], *header, total, FUNDS_ROW]))

    assert found(read)["closing_carryover_and_surplus/total"] == 3
    assert found(read)["basic/212"] == 4
    assert read.unread == []


@pytest.mark.parametrize(
    ("row", "table"),
    [
        ("采购品目 | 金额", "budget_procurement A5:B6 - None"),
        ("项目 | 预算数", "budget_untitled A5:B6 - None"),
    ],
)
def test_two_headings_alone_end_a_table_where_they_are_those_of_another(row, table):
    assert tables_of(*FIRST_PAGE, row, "某 | 9")[1:] == [table]


def test_a_unit_in_a_header_does_not_make_it_one_of_the_header_below():
    header = HEADER.replace("合计", "合计（万元）")

    assert tables_of(TITLE, header, *THREE_PUBLIC) == [
        "final_expenditure A1:E2 万元 None",
        "budget_three_public A3:I6 - None",
    ]


@pytest.mark.parametrize("between", [[], [""], [TITLE, UNIT, HEADER, NEXT], [HEADER, NEXT]])
def test_a_table_ends_at_the_title_of_another_after_blank_rows_and_pages(between):
    other = ["一般公共预算财政拨款支出决算表", UNIT, HEADER, ROW]

    assert [table.split()[0] for table in tables_of(*FIRST_PAGE, *between, *other)] == [
        "final_expenditure",
        "final_general_expenditure",
    ]


def test_pages_of_two_panels_go_on_with_each():
    header = "项目 | 决算数 | 项目 | 决算数"
    rows = [
        "收入支出决算总表", UNIT, header,
        "一、一般公共预算财政拨款收入 | 9 | 一、一般公共服务支出 | 8",
        *moved(header, "四、上级补助收入 | 3 | 二、外交支出 | 4"),
    ]  # fmt: skip

    read = reading("\n".join(rows))

    assert found(read) == {
        "revenue/general_public_budget": 9, "total/201": 8, "revenue/superior_subsidy_revenue": 3,
        "total/202": 4,
    }  # fmt: skip


def test_below_several_rows_and_their_total_no_page_follows():
    assert tables_of(*FIRST_PAGE, NEXT, "合计 | | 9 | |", *moved(HEADER, LAST))[1:] == [
        "budget_untitled A7:F8 - None"
    ]


def test_a_table_with_numbers_not_understood_on_its_first_page_is_not_empty():
    read = reading(
        "\n".join([TITLE, UNIT, HEADER, "甲 | | 9 | |"]), f"续表\n{HEADER}\n208 | | 0 | |"
    )

    assert [table.is_empty for table in read.tables] == [False]


def test_a_table_with_numbers_not_understood_is_not_empty_though_the_next_page_is():
    first = "\n".join([TITLE, UNIT, HEADER, "甲 | | 9 | |"])

    for sheets in ([first], [first, f"续表\n{HEADER}\n208 | | 0 | |"]):
        assert [table.is_empty for table in reading(*sheets).tables] == [False]


@pytest.mark.parametrize(("first", "again"), [("2022年", ""), ("", "2022年")])
def test_a_sheet_that_says_no_year_goes_on_with_the_table_of_its_title(first, again):
    sheets = [[first + TITLE, UNIT, HEADER, ROW], [again + TITLE, UNIT, HEADER, NEXT]]

    read = reading(*("\n".join(sheet) for sheet in sheets))

    assert [table.range for table in read.tables] == ["A1:E4"]


def test_a_note_right_below_the_header_of_a_page_is_one_of_the_table():
    read = reading("\n".join(FIRST_PAGE), "\n".join(["续表", UNIT, HEADER, "注：某某。", NEXT]))

    assert [table.notes for table in read.tables] == [("注：某某。",)]


def test_a_performance_form_ends_the_table_before_it():
    form = [
        "项目支出绩效自评表",
        "项目名称 | 某项目 | | | | | |",
        "绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分",
        " | 产出指标 | 数量指标 | 甲 | 1 | 1 | 10 | 10",
    ]

    read = reading("\n".join([*FIRST_PAGE, *form]), "\n".join(["续表", UNIT, HEADER, NEXT]))

    assert [table.layout for table in read.tables] == [
        "final_expenditure", "project_indicators", "budget_untitled"
    ]  # fmt: skip


def test_a_note_right_below_a_header_is_one_of_the_table():
    read = reading(
        "\n".join([TITLE, UNIT, HEADER, "注：某某。", ROW, "某某某无数据", "某某某某无数据"])
    )

    assert read.tables[0].notes == ("注：某某。", "某某某某无数据")


def test_two_units_broken_in_one_cell_are_told_apart():
    assert unit_notes(cells_of(("单位：万，单位：元",)), 0) == [("元", 0)]


def test_a_header_without_the_row_of_the_parts_of_a_code_is_another():
    header = "科目编码 | < | < | 科目名称 | 合计 | 基本支出 | 项目支出"
    first = [TITLE, UNIT, header, "类 | 款 | 项 | | | |", "201 | 01 | 01 | 行政运行 | 9 | 5 | 4"]
    other = [TITLE, UNIT, header, "201 | 01 | 02 | 一般行政管理事务 | 9 | 5 | 4"]

    read = reading("\n".join(first), "\n".join(other))

    assert [table.range for table in read.tables] == ["A1:G5", "A1:G4"]


def test_a_number_beside_the_words_that_a_table_goes_on_is_listed():
    first = "\n".join([TITLE, UNIT, HEADER, ROW_201])
    page = "续表 | | 7 | |\n208 | 社会保障和就业支出 | 3 | 2 | 1"

    at_once = reading(first, page)
    below = reading(first, "某\n" + page)

    assert refused(at_once) == {"表2!C1": "在表头上面，不属于任何一行"}
    assert refused(below) == {"表2!C2": "“续表”没有科目编码"}
    assert found(at_once) == found(below) == READ_201 | {
        "total/208": 3, "basic/208": 2, "project/208": 1
    }  # fmt: skip
