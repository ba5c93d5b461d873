"""Tests of selfeval.tables.official: whole readings of small tables at the edges of the rules."""

# ruff: noqa: E501 (a drawn table is as wide as the form)

import re

import pytest
from official_tables import reading

from selfeval.tables.official.reader import Reading


def told(read: Reading) -> list[str]:
    """Return all that was read of filled cells: amounts by rows, figures after "=", what was not
    understood after "?", tables, and sheets without one."""
    rows: dict[str, list[str]] = {}
    assert {unread.place.file for unread in read.unread} <= {"表.xlsx"}
    for r in read.amounts:
        if not r.raw:
            continue
        column, row = re.fullmatch("([A-Z]+)([0-9]+)", str(r.place.cell)).groups()
        line = f"{r.place.sheet}!{row} {r.item_name} {r.fund or '-'} {r.amount_unit or '-'}"
        size = f"{r.fen}分" if r.fen is not None else r.state
        key = f"{r.block}/{r.item_code}"
        rows.setdefault(line, []).append(f"{column} {key} {r.phase or '-'} {r.raw}={size}")
    for r in read.figures:
        line = f"= {r.place.sheet}!{r.place.cell} {r.item_name} {r.phase}"
        rows[line] = [f"{r.block}/{r.item_code} {r.raw} {r.kind} {r.value}"]
    for u in read.unread:
        rows.setdefault(f"? {u.place.sheet} {u.why}", []).append(f"{u.place.cell} {u.raw}")
    for t in read.tables:
        notes = "；".join(t.notes) or "-"
        flags = " empty" * (t.is_empty and not read.unread) + " said" * t.says_empty
        line = f"{t.layout} {t.sheet}!{t.range} {t.amount_unit or '-'} {t.year} {t.phase or '-'}"
        rows.setdefault(line, []).append(f"{t.title or '-'} {notes}{flags}")
    lines = [f"{line}: {', '.join(cells)}" for line, cells in rows.items()]
    return [*lines, *(f"{grid.sheet} {why}" for grid, why in read.strangers)]


# --- pages -------------------------------------------------------------------------------------


TITLE = "一般公共预算财政拨款支出决算表"
HEADER = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出"
FIRST = f"{TITLE}\n单位：万元\n{HEADER}\n201 | 一般公共服务支出 | 9 | |"
ITS_AMOUNT = "表1!4 一般公共服务支出 general_public_budget 万元: C total/201 executed 9=9000000分"
ITS_TABLE = f"final_general_expenditure 表1!A1:E4 万元 None executed: {TITLE} -"


@pytest.mark.parametrize(
    ("page", "further"),
    [
        pytest.param(
            "一般公共预算财政拨款支出决算表\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!2 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分"
            ],
            id="title",
        ),
        pytest.param(
            "续表\n\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!3 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分"
            ],
            id="word and a blank row",
        ),
        pytest.param(
            "续表\n1 | 2 | 3 | 4 | 5\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!3 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分"
            ],
            id="ruler",
        ),
        pytest.param(
            "3.5\n续表\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!3 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分",
                "? 表2 在表头上面，不属于任何一行: A1 3.5",
            ],
            id="number above",
        ),
        pytest.param(
            "续表\n12 | 3.5 | 7\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!3 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分",
                "? 表2 “3.5”不在金额栏里，栏目像是错位了: C2 7",
                "? 表2 看不出属于哪一行或哪一栏: A2 12, B2 3.5",
            ],
            id="numbers below",
        ),
        pytest.param(
            "\n续表\n\n\n12 | 3.5 | 7\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!5 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分",
                "? 表2 “3.5”不在金额栏里，栏目像是错位了: C4 7",
                "? 表2 看不出属于哪一行或哪一栏: A4 12, B4 3.5",
            ],
            id="blank rows and numbers below",
        ),
        pytest.param(
            "续表\n单位：元\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            ["? 表2 金额单位前后不一（万元、元）: C3 3, D3 2, E3 1"],
            id="other unit",
        ),
        pytest.param(
            "某某说明\n甲 | 1.5\n续表\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!4 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分",
                "? 表2 在表头上面，不属于任何一行: B2 1.5",
            ],
            id="number among words",
        ),
        pytest.param(
            "某某说明\n甲 | 1.5\n乙 | 2.5\n续表\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!5 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分",
                "? 表2 在表头上面，不属于任何一行: B2 1.5, B3 2.5",
            ],
            id="two numbers among words",
        ),
        pytest.param(
            "续表\n甲 | 乙 | 1.5\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!3 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分",
                "? 表2 “乙”没有科目编码: C2 1.5",
            ],
            id="number below words",
        ),
        pytest.param(
            "续表\n甲 | 1.5\n乙 | 2.5\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!4 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分",
                "? 表2 看不出属于哪一行或哪一栏: B2 1.5, B3 2.5",
            ],
            id="two numbers below words",
        ),
    ],
)
def test_a_page_without_a_header_goes_on_with_the_table(page, further):
    lines = told(reading(FIRST, page))

    assert lines[0] == ITS_AMOUNT
    assert ITS_TABLE in lines
    assert [line for line in lines[1:] if line != ITS_TABLE] == further


@pytest.mark.parametrize(
    ("page", "further"),
    [
        pytest.param(
            "208 | 社会保障和就业支出 | 3 | 2 | 1",
            ["表2 没有找到标题，也没有找到认识的表头"],
            id="no title",
        ),
        pytest.param(
            "支出决算表\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            ["表2 标题“支出决算表”，也没有找到认识的表头"],
            id="other title",
        ),
        pytest.param(
            "一般公共预算财政拨款支出决算表\n208 | 社会保障和就业支出 | 3 | 2",
            ["表2 标题“一般公共预算财政拨款支出决算表”，也没有找到认识的表头"],
            id="narrower",
        ),
        pytest.param(
            "一般公共预算财政拨款支出决算表\n208 | 社会保障和就业支出 | 3 | 2 | 1 | 4",
            ["表2 标题“一般公共预算财政拨款支出决算表”，也没有找到认识的表头"],
            id="wider",
        ),
        pytest.param(
            "一般公共预算财政拨款支出决算表\n208 | 社会保障和就业支出 |  | | ",
            ["表2 标题“一般公共预算财政拨款支出决算表”，也没有找到认识的表头"],
            id="no number",
        ),
        pytest.param(
            "一般公共预算财政拨款支出决算表\n1 | 2 | 3 | 4 | 5",
            ["表2 标题“一般公共预算财政拨款支出决算表”，也没有找到认识的表头"],
            id="ruler only",
        ),
    ],
)
def test_pages_that_are_no_part_of_the_table_are_not_read_as_one(page, further):
    lines = told(reading(FIRST, page))

    assert lines[0] == ITS_AMOUNT
    assert ITS_TABLE in lines
    assert [line for line in lines[1:] if line != ITS_TABLE] == further


@pytest.mark.parametrize(
    ("page", "further"),
    [
        pytest.param(
            "一般公共预算财政拨款支出决算表\n单位：万元\n科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!4 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分"
            ],
            id="same",
        ),
        pytest.param(
            "一般公共预算财政拨款支出决算表\n部门：某局 | | | | 单位：万元\n科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!4 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分"
            ],
            id="office named now",
        ),
        pytest.param(
            "一般公共预算财政拨款支出决算表\n单位：万元\n科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出 | 备注\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!4 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分",
                "final_general_expenditure 表2!A1:F4 万元 None executed: 一般公共预算财政拨款支出决算表 -",
            ],
            id="other headings",
        ),
        pytest.param(
            "某局一般公共预算财政拨款支出决算表\n单位：万元\n科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!4 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分",
                "final_general_expenditure 表2!A1:E4 万元 None executed: 某局一般公共预算财政拨款支出决算表 -",
            ],
            id="other title",
        ),
        pytest.param(
            "支出决算表\n单位：万元\n科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!4 社会保障和就业支出 - 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分",
                "final_expenditure 表2!A1:E4 万元 None executed: 支出决算表 -",
            ],
            id="other layout",
        ),
        pytest.param(
            "单位：万元\n科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!3 社会保障和就业支出 - 万元: C total/208 - 3=3000000分, D basic/208 - 2=2000000分, E project/208 - 1=1000000分",
                "budget_untitled 表2!A2:E3 万元 None -: - -",
            ],
            id="no title",
        ),
    ],
)
def test_a_title_and_a_header_again_go_on_with_the_table_unless_they_differ(page, further):
    lines = told(reading(FIRST, page))

    assert lines[0] == ITS_AMOUNT
    assert ITS_TABLE in lines
    assert [line for line in lines[1:] if line != ITS_TABLE] == further


# --- headers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "refused"),
    [
        ("栏次 | — | —1— | 2=3+4 | －3－", []),
        ("栏次 | 甲 | １ | ２ | ３", []),
        ("栏次 | | (1) | 2 | ", []),
        ("类 | 款 | 1 | 2 | 3", []),
        ("类 | 款", []),
        ("| | 2 | 3 | 4", []),
        ("行次 | 某某 | 1 | 2 | 3", ["? 表1 “某某”没有科目编码: C4 1, D4 2, E4 3"]),
        ("栏次 | | 1 | 2 | 3 元", ["? 表1 “栏次”没有科目编码: C4 1, D4 2, E4 3 元"]),
        ("| | 3 | 4 | 5", ["? 表1 这一行没有科目或项目名称: C4 3, D4 4, E4 5"]),
        ("| | 1 | 3 | 2", ["? 表1 这一行没有科目或项目名称: C4 1, D4 3, E4 2"]),
        ("| | 1 | 2", ["? 表1 这一行没有科目或项目名称: C4 1, D4 2"]),
    ],
)
def test_a_row_below_a_header_that_numbers_its_columns_is_a_ruler_any_other_is_not(row, refused):
    lines = told(reading(FIRST.replace(HEADER, f"{HEADER}\n{row}")))

    assert lines[0] == ITS_AMOUNT.replace("!4", "!5")
    assert lines[1:-1] == refused


# --- further headers, pages and keys -----------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        "科目编码 | 科目名称 | 合计 | 基本 | 项目支出\n | | | 支 |\n | | | 出 |",
        "科目编码 | 科目名称 | 合计 | 基 | 项目支出\n | | | 本支 |\n | | | 出 |",
        "科目编码 | 科 | 合计 | 基本支出 | 项目支出\n | 目 | | |\n | 名称 | | |",
        "科 | 科目名称 | 合计 | 基本支出 | 项目支出\n目 | | | |\n编码 | | | |",
        "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出 | 对\n | | | | | 附属单\n | | | | | 位补助支出",
        "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n\n类 | | 1 | 2 | 3",
        "科目编码 | 科目名称 | 本年支出 | |\n\n | | 合计 | 基本支出 | 项目支出",
        "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n | 栏次 | | | ",
        "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n合计 | | | | ",
        "科目编码 | 科目名称 | 合计 | 本年支出 | \n | | | 基本支出 | 项目支出 | 甲 | 乙",
        "部门： | 某局\n科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出",
        "部门: | 某局\n科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出",
        "收入 | 支出\n科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出",
        "收入 | 支出\n\n科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出",
        "| 支出\n科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出",
        "甲 | 乙\n科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出",
    ],
)
def test_a_header_may_be_broken_over_rows_and_stand_below_other_words(header):
    page = f"支出决算表\n单位：万元\n{header}\n208 | 社会保障和就业支出 | 9 | 5 | 4 | |"
    row = page.count("\n") + 1

    amounts, table = told(reading(page))

    assert amounts == (
        f"表1!{row} 社会保障和就业支出 - 万元: C total/208 executed 9=9000000分, "
        "D basic/208 executed 5=5000000分, E project/208 executed 4=4000000分"
    )
    assert table.startswith("final_expenditure")
