"""Tests of selfeval.tables.official: shapes that PDFs and other offices give to known forms."""

import pytest
from official_tables import found, reading

# --- rows ----------------------------------------------------------------------------------


NARROWER = """
    支出决算表
    单位：万元
    科目编码 | | | 科目名称 | 本年支出合计 | 基本支出 | 项目支出
    类 | 款 | 项 | | | |
    201 | | | 一般公共服务支出 | 9 | 5 | 4
    {page}
"""


@pytest.mark.parametrize(
    "page", ["2010301 | 行政运行 | 5 | 5 | | |", "2010301 | 行政运行 | 5 | 5 | 0 | 1 |"]
)
def test_rows_of_a_narrower_page_with_a_number_less_or_more_are_left_open(page):
    read = reading(NARROWER.format(page=page))

    assert "total/2010301" not in found(read)
    assert read.unread
