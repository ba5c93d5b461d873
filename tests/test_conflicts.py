"""Tests of rows of one table that claim the same key."""

import pytest
from official_tables import found, reading, refused

TITLE = "一般公共预算财政拨款支出决算表"
HEADER = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出"


def page(*rows):
    return "\n".join((TITLE, "单位：万元", HEADER, *rows))


def test_of_a_titled_page_only_the_rows_that_conflict_are_given_up():
    first = page("201 | 一般公共服务支出 | 9 | |")
    second = page("201 | 一般公共服务支出 | 8 | |", "208 | 社会保障和就业支出 | 3 | |")
    read = reading(first, second)

    assert found(read) == {"total/208": 3}
    assert set(refused(read)) == {"表1!C4", "表2!C4"}


@pytest.mark.parametrize(
    ("name", "again", "kept"),
    [
        ("一般公共服务支出", "一般公共服务支出", True),
        ("一般公共服务支出", "一般公共", True),
        ("一般公共", "一般公共服务支出", True),
        ("一般公共服务支出", "", True),
        ("一般公共服务支出", "外交支出", False),
    ],
)
def test_a_code_printed_twice_is_one_row_if_one_name_is_the_other_cut_off(name, again, kept):
    read = reading(page(f"201 | {name} | 9 | |", f"201 | {again} | 9 | |"))

    assert found(read) == ({"total/201": 9} if kept else {})
