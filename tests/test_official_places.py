"""Tests of selfeval.tables.official: the forms of other places, each the smallest that shows it."""

import pytest
from official_tables import found, reading, refused

# --- “三公” expenses ------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["“三公”经费支出预算表", "财政拨款“三公”经费支出决算表"])
@pytest.mark.parametrize("more", ["会议费", "培训费"])
@pytest.mark.parametrize("total", ["合计", "总计"])
def test_a_total_beside_meetings_or_training_may_be_of_these_too(title, more, total):
    read = reading(f"""
        {title}
        单位：万元
        {total} | 因公出国（境）费用 | 公务用车购置及运行维护费 | | | 公务接待费 | {more}
        | | 小计 | 公务用车购置费 | 公务用车运行维护费 | |
        14 | 2 | 4 | 1 | 3 | 3 | 5
    """)

    kept = found(read)
    assert "three_public_expenses/three_public_expenses" not in kept
    assert kept["three_public_expenses/official_hospitality"] == 3
    assert list(refused(read)) == ["表1!A5"]


ROWS_OF_STAGES = """
    一般公共预算财政拨款“三公”经费及会议费、培训费支出决算表
    单位：万元
    {key} | {over} | | | | | | 会议费 | 培训费
    | 小计 | 因公出国（境）费用 | 公务接待费 | 公务用车购置及运行维护费 | | | |
    | | | | 小计 | 公务用车购置费 | 公务用车运行维护费 | |
    栏次 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8
    预算数 | 9 | | 5 | 4 | | 4 | 2 | 1
    决算数 | 8 | | 5 | 3 | | 3 | 2 | 1
    增减额 | -1 | | 0 | -1 | | -1 | 0 | 0
"""


@pytest.mark.parametrize("key", ["", "项目"])
@pytest.mark.parametrize("over", ["“三公”经费", "一般公共预算财政拨款安排的“三公”经费"])
def test_stages_in_rows_may_stand_below_a_heading_of_their_own(key, over):
    read = reading(ROWS_OF_STAGES.format(key=key, over=over))

    kept = found(read)
    assert kept["three_public_expenses/three_public_expenses!stated_budget"] == 9
    assert kept["three_public_expenses/three_public_expenses"] == 8
    assert kept["three_public_expenses/training"] == 1
    assert not read.unread
