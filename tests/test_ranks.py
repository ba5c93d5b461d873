"""What a text says to be the most or the least of several, held against the tables."""

from __future__ import annotations

import pytest
from evaluated import findings, line, saying

RANKED = [
    ("各专项里年初预算最多的是窗口服务专项。", "pass"),
    ("各专项里年初预算最多的是文献购置。", "fail"),
    ("比较年初预算规模，窗口服务专项居于首位，追加专项垫底。", "pass"),
    ("比较年初预算规模，文献购置居于首位。", "fail"),
    ("论年初预算，文献购置居各专项第二位。", "pass"),
    ("论年初预算，窗口服务专项居各专项第三位。", "fail"),
    ("窗口服务专项年初预算50万元，规模最大。", "pass"),
    ("窗口服务专项年初预算50万元，规模最小。", "fail"),
]
LEFT_OPEN = [
    "窗口服务专项群众反映最多。",
    "影响最大的是窗口服务专项。",
    "窗口服务专项里最大的一笔是设备款。",
]


@pytest.mark.parametrize(("says", "outcome"), RANKED)
def test_what_is_said_to_come_first_or_last_is_held_against_all_projects(tmp_path, says, outcome):
    found = findings(saying(tmp_path, says), "TEXT-28")

    assert {one.outcome for one in found} == {outcome}


@pytest.mark.parametrize(
    ("says", "outcome"),
    [
        ("各专项都追加了预算，追加最多的是窗口服务专项。", "fail"),
        ("各专项都追加了预算，追加最多的是宣传培训专项。", "pass"),
        ("与上年相比，增幅最大的是窗口服务专项。", "pass"),
        ("与上年相比，增幅最小的是档案整理专项。", "fail"),
    ],
)
def test_what_was_added_and_how_much_it_grew_is_ranked_too(tmp_path, says, outcome):
    projects = [
        line("窗口服务专项", 10, 30, 2, 32, 31),
        line("宣传培训专项", 30, 20, 9, 29, 28),
        line("档案整理专项", 10, 20, 5, 25, 24),
    ]

    found = findings(saying(tmp_path, says, projects=projects), "TEXT-28")

    assert {one.outcome for one in found} == {outcome}


@pytest.mark.parametrize("says", LEFT_OPEN)
def test_what_is_not_compared_by_money_is_left_open(tmp_path, says):
    evaluation = saying(tmp_path, says)

    assert not findings(evaluation, "TEXT-28")
    assert [one.outcome for one in evaluation.judged if one.said.verb == "rank"] == ["unchecked"]


def test_words_of_order_in_a_sentence_that_names_nothing_are_no_claim(tmp_path):
    evaluation = saying(tmp_path, "第一季度完成招标，最后一批设备年底到货。")

    assert [one for one in evaluation.judged if one.said.verb == "rank"] == []
