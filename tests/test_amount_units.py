"""Tests of the unit of money: of a table, of its further pages, and of its columns."""

import pytest
from official_tables import YUAN, found, reading, refused

HEADER = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出"
UNSTATED = "表上没有写明金额单位"


def table(*above, header=HEADER, row="201 | 一般公共服务支出 | 9 | | "):
    return "\n".join(("支出决算表", *above, header, row))


def page(*above):
    return "\n".join(("续表", *above, "208 | 社会保障和就业支出 | 3 | 2 | 1"))


def whys(read):
    """Return why numbers were refused, by sheet."""
    return {cell.partition("!")[0]: why for cell, why in refused(read).items()}


# --- of a table --------------------------------------------------------------------------------


def test_a_table_that_states_no_unit_has_no_amounts():
    read = reading(table())

    assert found(read) == {}
    assert refused(read) == {"表1!C3": UNSTATED}
    assert read.tables[0].amount_unit == ""


def test_a_table_that_states_two_units_has_no_amounts():
    read = reading(table("单位：万元 | 金额单位：元"))

    assert found(read) == {}
    assert refused(read) == {"表1!C4": "金额单位前后不一（万元、元）"}
    assert read.tables[0].amount_unit == ""


@pytest.mark.parametrize(
    ("length", "why"), [(60, {"表1!C5": "金额单位前后不一（元、万元）"}), (61, {})]
)
def test_a_unit_in_brackets_in_a_line_too_long_for_a_title_is_not_the_tables(length, why):
    line = "（元）".rjust(length, "长")

    assert refused(reading(table(line, "单位：万元"))) == why


def test_a_unit_below_the_header_is_not_the_tables():
    read = reading(table("单位：万元", row="201 | 一般公共服务支出（单位：元） | 9 | | "))

    assert refused(read) == {}
    assert found(read) == {"total/201": 9}


# --- of a further page -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        (["单位：万元"], [], {}),
        (["单位：万元"], ["单位：万元"], {}),
        ([], ["单位：万元"], {"表1": UNSTATED}),
        (["单位：万元"], ["单位：元"], {"表2": "金额单位前后不一（万元、元）"}),
        (["单位：万元"], ["单位：元 | 金额单位：千元"], {"表2": "金额单位前后不一（元、千元）"}),
        (
            ["单位：元 | 金额单位：千元"],
            ["单位：万元"],
            {"表1": "金额单位前后不一（元、千元）", "表2": "金额单位前后不一（元、千元）"},
        ),
    ],
)
def test_a_further_page_has_the_tables_unit_or_the_same(first, second, why):
    read = reading(table(*first), page(*second))

    assert whys(read) == why
    assert found(read).get("total/208") == (None if "表2" in why else 3)


# --- of a column -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("above", "why"),
    [
        ([], {}),
        (["单位：元"], {}),
        (["单位：万元"], {"表1!C4": "表上写的单位是万元，栏目写的是元"}),
        (["单位：万元 | 金额单位：千元"], {"表1!C4": "金额单位前后不一（万元、千元）"}),
    ],
)
def test_a_column_may_state_a_unit_but_not_another_than_its_table(above, why):
    read = reading(table(*above, header="科目编码 | 科目名称 | 合计（元） | 基本支出 | 项目支出"))

    assert refused(read) == why
    assert found(read, YUAN) == ({} if why else {"total/201": 9})
