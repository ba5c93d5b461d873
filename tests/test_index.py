"""The index of a year and the page of rules."""

from __future__ import annotations

import re

import pytest
from builders import SCHEMES

from selfeval.checks import RULES
from selfeval.page.index import (
    index_page,
    legible,
    rules_markdown,
    rules_page,
    score_text,
    threshold_rows,
)
from selfeval.schemes.checks import Checks, load_checks

REPORT = {
    "sample": False,
    "draft": False,
    "rounding": "half_up",
    "initial_budget": "100000000/1",
    "adjusted_budget": "110000000/1",
    "executed": "99995000/1",
    "execution_rate": "19999/22000",
    "initial_rate": "19999/20000",
    "score": "18453/200",
    "grade": "优",
    "open": 4,
}
DONE = {
    "unit_code": "A001",
    "unit_name": "测试局",
    "status": "done",
    "reason": "",
    "report": REPORT,
}
FAILED = {"unit_code": "A002", "unit_name": "", "status": "refused", "reason": "第一行\n第二行"}


@pytest.fixture(scope="module")
def checks() -> Checks:
    return load_checks(SCHEMES)


def row_text(page: str) -> str:
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)).strip()


def done(**keys: object) -> dict:
    return DONE | {"report": REPORT | keys}


def test_points_that_wait_are_printed_with_the_score_instead_of_a_grade() -> None:
    waiting = [{"name": name, "points": points, "weight": weight} for name, points, weight in
               (("执行率", "10", "10"), ("“甲”", "19/2", "10"), ("“乙”", "5", "5"))]  # fmt: skip
    shown = [score_text(REPORT | {"grade": "", "pending": waiting[:n]}) for n in (1, 2, 3)]

    assert shown == [
        "92.27分（其中执行率10分待核）",
        "92.27分（其中执行率10分、“甲”9.5分待核）",
        "92.27分（其中执行率等3项24.5分待核）",
    ]
    assert row_text(index_page(2021, [done(grade="", pending=waiting[:1])])).endswith(
        "92.27分 4条 公开版 内部自查版 （其中执行率10分待核）"
    )


def test_points_that_wait_in_a_record_of_an_earlier_version_are_still_told():
    waiting = [{"name": "执行率", "points": "19/2"}]

    shown = score_text(REPORT | {"grade": "", "pending": waiting})
    assert shown.endswith("分（其中执行率9.5分待核）")


def test_a_capped_score_says_so_wherever_it_is_listed() -> None:
    told = "各项相加得95.00分，执行率低于60.00%，总分以69分为限"
    waiting = [{"name": "执行率", "points": "49999/10000", "weight": "5"}]

    assert score_text(REPORT | {"cap": told}) == f"92.27（优）（{told}）"
    assert score_text(REPORT | {"cap": told, "pending": waiting}) == (
        f"92.27分（{told}）（各项得分中执行率4.9999分待核）"
    )


def test_the_index_says_why_a_unit_has_no_score() -> None:
    page = index_page(2021, [done(score=None, score_missing="分值合计为95，不是100")])

    assert row_text(page).endswith("未评 4条 公开版 内部自查版 （分值合计为95，不是100）")


def test_the_index_says_once_where_grades_are_from_and_of_several_profiles_whose() -> None:
    mine, other = ["评分办法：甲。", "等级：90分以上为优。"], ["评分办法：乙。", "等级：乙。"]
    units = [done(sources=mine) | {"unit_code": f"A00{n}"} for n in range(5)]

    alone = index_page(2021, units)
    mixed = index_page(2021, [*units, done(sources=other) | {"unit_code": "B001"}])

    assert alone.count("评分办法：甲。等级：90分以上为优。</p>") == 1
    assert "等级：90分以上为优。用这个办法的：A000、A001、A002等5个单位。</p>" in mixed
    assert "评分办法：乙。等级：乙。用这个办法的：B001。</p>" in mixed


def test_a_finished_unit_shows_its_amounts_rates_score_findings_and_both_editions() -> None:
    page = index_page(2021, [DONE])

    assert row_text(page) == (
        "测试局 A001 已完成 100.00 110.00 100.00 90.90% 100.00% 92.27（优） 4条 公开版 内部自查版"
    )
    assert 'href="A001/report.html"' in page
    assert 'href="A001/review.html"' in page


def test_a_unit_is_rounded_as_its_own_report_is() -> None:
    assert "92.27（优）" in index_page(2021, [done(score="18453/200")])
    assert "92.26（优）" in index_page(2021, [done(score="18453/200", rounding="half_even")])


def test_what_was_not_supplied_is_said_in_words_never_as_zero() -> None:
    nothing = dict.fromkeys(("adjusted_budget", "executed", "execution_rate", "score"))

    text = row_text(index_page(2021, [done(**nothing)]))

    assert "100.00 未提供 未提供 不可计算 100.00% 未评" in text


def test_a_true_zero_is_shown_as_zero() -> None:
    zeros = {"executed": "0/1", "execution_rate": "0/1", "initial_rate": "0/1", "score": "0/1"}

    text = row_text(index_page(2021, [done(**zeros)]))

    assert "0.00 0.00% 0.00% 0.00（优）" in text


def test_a_draft_is_marked_and_counted() -> None:
    page = index_page(2021, [DONE, done(draft=True)])

    assert '<strong class="alarm">草稿</strong>' in page
    assert "共2个单位，已生成报告2个，其中草稿1个。" in page


def test_a_unit_without_a_score_is_not_shown_as_complete() -> None:
    page = index_page(2021, [DONE, done(score=None, grade=""), done(draft=True)])

    assert "共3个单位，已生成报告3个，其中草稿1个、未评1个。" in page
    assert '<strong class="alarm">未评</strong>' in page


def test_a_failed_unit_has_its_code_its_reason_line_by_line_and_no_link() -> None:
    page = index_page(2021, [FAILED])

    assert row_text(page) == "A002 A002 未通过 第一行 第二行"
    assert "第一行<br>第二行<br>" in page
    assert "A002/" not in page


def test_text_is_escaped_and_cannot_turn_the_line_around() -> None:
    bomb = "</style><script>alert(1)</script>\u202e"

    page = index_page(
        2021, [DONE | {"unit_name": bomb}, FAILED | {"unit_name": bomb, "reason": bomb}]
    )

    assert "<script" not in page
    assert page.count("&lt;/style&gt;&lt;script&gt;") == 3
    assert "\u202e" not in page


def test_only_the_marks_that_turn_text_around_are_dropped() -> None:
    turning = "".join(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))

    assert legible(f"甲{turning}乙\u3000\u200b\u00a01") == "甲乙\u3000\u200b\u00a01"


def test_the_page_of_rules_has_every_rule_that_is_run_with_its_source(checks: Checks) -> None:
    page = rules_page(checks)

    assert [code for code in RULES if f'<tr id="{code}">' not in page] == []
    assert page.count("<tr id=") == len(checks.rules)
    assert "“不可计算”不算通过" in page


def test_the_markdown_has_a_row_for_each_rule_and_a_line_for_each_threshold(
    checks: Checks,
) -> None:
    lines = rules_markdown(checks).splitlines()

    rows = [line for line in lines if re.match(r"\| [A-Z]+-?\d+ \|", line)]
    assert len(rows) == len(checks.rules)
    assert {row.count(" | ") for row in rows} == {5}
    assert sum(line.startswith("- ") for line in lines) == len(checks.thresholds)


def test_a_threshold_tells_from_when_it_holds(checks: Checks) -> None:
    rows = threshold_rows(checks)

    assert rows
    assert all(re.search(r"\d{4}年\d+月\d+日起为[\d.]+", row["values"]) for row in rows)
    assert all(row["reference"] for row in rows)


def test_the_units_stand_under_their_departments_those_of_none_first() -> None:
    units = [
        done() | {"unit_code": code, "unit_name": f"单位{code}", "group": group}
        for code, group in [("A001", "甲主管局"), ("A002", ""), ("A003", "甲主管局")]
    ]

    text = re.sub(r"<[^>]+>", "", index_page(2021, units))

    places = [
        text.index(one) for one in ("单位A002", "甲主管局（2个单位）", "单位A001", "单位A003")
    ]
    assert places == sorted(places)
