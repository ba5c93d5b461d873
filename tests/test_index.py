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
    threshold_rows,
)
from selfeval.schemes.checks import Checks, load_checks
from selfeval.scoring.desk import desk_units, score_text
from selfeval.scoring.distribution import score_distributions

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
    "open": 0,
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


def page_of(*records: dict, stale: dict[str, str] | None = None, notebook: str = "") -> str:
    return index_page(2021, desk_units(records, stale), notebook=notebook)


def as_text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def row_text(page: str) -> str:
    """Return the lines of the units, without the head of each state."""
    rows = re.findall(r'<tr class="of[^"]*">.*?</tr>', page, re.DOTALL)
    return as_text(" ".join(rows))


def done(code: str = "A001", *problems: tuple[str, str, int], **keys: object) -> dict:
    told = [{"severity": s, "code": "EXEC-01", "problem": p, "count": n} for s, p, n in problems]
    return DONE | {"unit_code": code, "report": REPORT | {"problems": told} | keys}


SEVERE, MINOR = ("error", "支出超过调整后预算", 3), ("warning", "没有政府采购数据", 12)


def test_a_unit_is_one_line_with_what_waits_its_first_problem_amounts_rate_and_score() -> None:
    page = page_of(done("A001", SEVERE, MINOR, draft=True, grade=""), done("A002"))

    assert row_text(page) == (
        "测试局 A001 严重3 提醒12 支出超过调整后预算 100.00 100.00 90.90% 92.27 "
        "测试局 A002 自查 100.00 100.00 90.90% 92.27 优"
    )
    assert '<a href="A001/report.html">测试局</a>' in page
    assert '<a href="A001/review.html"><span class="alarm">严重3</span>' in page


def test_units_stand_by_state_then_by_severe_findings_then_by_amount() -> None:
    units = [
        done("A1"),
        done("A2", executed="99995001/1"),
        done("A3", ("info", "核对不了", 1)),
        done("A4", MINOR),
        done("A5", SEVERE, draft=True),
        done("A6", ("error", "没有绩效指标和自评得分", 4), draft=True),
        done("A7"),
        FAILED | {"unit_code": "A8"},
    ]

    page = page_of(*units, stale={"A7": "单位的文件有改动"})

    assert re.findall(r"<small>(A\d)", page) == ["A8", "A7", "A6", "A5", "A4", "A3", "A2", "A1"]
    states = ["failed", "stale", "draft", "warned", "noted", "clear"]
    assert re.findall(r'<tbody id="(\w+)"', page) == states
    lead = as_text(page.partition('class="lead">')[2].partition("</p>")[0])
    assert lead == "8个单位： 未通过1 · 已过期1 · 草稿2 · 可报4 。"
    assert all(f'href="#{state}"' in page for state in states[:4])


def test_sums_are_of_units_with_both_numbers_and_say_of_how_many() -> None:
    lacking, old = done("A2", executed=None, execution_rate=None), done("A3")

    some = page_of(done(), lacking, old, stale={"A3": "方案有改动"})

    sums = "年初合计100.00万元，支出合计100.00万元，为年初的100.00%，执行率90.90%"
    assert f"<p>{sums}（1个单位）。</p>" in some
    assert f"<p>{sums}。</p>" in page_of(done())
    assert "年初合计" not in page_of(lacking)


def test_a_score_that_does_not_compare_is_shown_with_why_and_left_out_of_the_strip(
    checks: Checks,
) -> None:
    waiting = [{"name": "执行率", "points": "10", "weight": "10"}]
    units = desk_units([
        done("A1", score="80"),
        done("A2", score="85"),
        done("A3", score="99", grade="", pending=waiting),
        done("A4", score="69", cap="总分以69分为限"),
        done("A5", SEVERE, score="98", draft=True, grade=""),
        done("A6", score=None, grade=""),
    ])  # fmt: skip

    page = index_page(2021, units, score_distributions(checks, 2021, units))

    assert page.count("<circle") == 2
    assert "2个得分：最低80.00（测试局），中位82.50，最高85.00（测试局）" in page
    assert (
        "没有列入比较的：草稿1个（还有严重问题没有处理）、未评1个（算不出总分）、"
        "待核1个（得分所依据的数或材料还没有核实）、封顶1个（总分以上限为准）。"
    ) in page
    shown = re.findall(r'class="num score">([^<]*)<', page)
    assert shown == ["98.00", "未评", "80.00 优", "85.00 优", "99.00 待核", "69.00 封顶"]


def test_what_several_units_share_is_listed_with_them_what_one_has_alone_is_not() -> None:
    units = [done(f"A{n}", MINOR, *([SEVERE] if n == 1 else [])) for n in range(8)]

    page = page_of(*units)

    assert as_text(page.partition('class="desk problems">')[2].partition("</table>")[0]) == (
        "至少两个单位都有的，按单位数排列 问题 程度 单位数 单位 没有政府采购数据 提醒 8 "
        + " 、 ".join(["测试局"] * 5)
        + " 等"
    )


def test_a_department_has_its_sums_and_a_link_that_leaves_only_its_units() -> None:
    units = [
        done("A1") | {"group": "乙局"},
        done("A2", SEVERE, draft=True) | {"group": "甲局"},
        done("A3") | {"group": "甲局"},
        done("A4"),
    ]

    page = page_of(*units)

    groups = as_text(page.partition('class="desk groups">')[2].partition("</table>")[0])
    assert groups.endswith(
        "乙局 1个：可报1 100.00 100.00 90.90% 甲局 2个：草稿1 · 可报1 200.00 199.99 90.90%"
    )
    assert '<a href="#d2">甲局</a>' in page
    assert re.findall(r"<small>(A\d)<span> · (..)</span>", page) == [
        ("A2", "甲局"), ("A1", "乙局"), ("A3", "甲局"),
    ]  # fmt: skip
    assert "#d2:target ~ .desk .of:not(.d2)" in page
    assert '<tbody id="clear" class="of d0 d1 d2">' in page
    assert re.findall(r'<tr class="of( d\d)?', page) == [" d2", " d1", " d2", ""]


def test_a_thousand_units_are_less_than_a_megabyte(checks: Checks) -> None:
    name = "某某市某某区人力资源和社会保障局信息中心"
    annexes = [f"附件{n}-部门整体支出绩效评价基础数据表.xlsx" for n in (1, 2, 3)]
    units = desk_units(
        done(f"A{n:04}", SEVERE, MINOR, ("info", "年初加调整不等于调整后预算", 9))
        | {"unit_name": name, "group": f"某某市某某局{n % 50}", "annexes": annexes}
        for n in range(1000)
    )

    page = index_page(2021, units, score_distributions(checks, 2021, units))

    assert 700_000 < len(page.encode()) < 1_000_000


def test_an_own_notebooks_index_has_states_reasons_and_links() -> None:
    report = {"notebook": "三公 专题", "title": "“三公”专题", "sample": False}
    own = DONE | {"report": report}

    page = page_of(own, own | {"unit_code": "A003"}, FAILED, stale={"A003": "笔记本有改动"},
                   notebook="三公 专题")  # fmt: skip

    assert row_text(page) == (
        "A002 A002 不能读取：第一行 第二行 测试局 A003 笔记本有改动 “三公”专题 "
        "测试局 A001 “三公”专题"
    )
    assert 'href="A001/三公%20专题.html"' in page
    assert "3个单位： 未通过1 · 已过期1 · 已完成1 。" in as_text(page)
    assert ".xlsx" not in page
    assert "说明" in page
    assert "说明" not in page_of(own, notebook="三公 专题")


def test_points_that_wait_are_told_with_the_score_instead_of_a_grade() -> None:
    waiting = [{"name": name, "points": points, "weight": weight} for name, points, weight in
               (("执行率", "10", "10"), ("“甲”", "19/2", "10"), ("“乙”", "5", "5"))]  # fmt: skip
    shown = [score_text(REPORT | {"grade": "", "pending": waiting[:n]}) for n in (1, 2, 3)]

    assert shown == [
        "92.27分（其中执行率10分待核）",
        "92.27分（其中执行率10分、“甲”9.5分待核）",
        "92.27分（其中执行率等3项24.5分待核）",
    ]


def test_points_that_wait_in_a_record_of_an_earlier_version_are_still_told():
    waiting = [{"name": "执行率", "points": "19/2"}]

    shown = score_text(REPORT | {"grade": "", "pending": waiting})
    assert shown.endswith("分（其中执行率9.5分待核）")


def test_a_capped_score_says_so_wherever_it_is_told() -> None:
    told = "各项相加得95.00分，执行率低于60.00%，总分以69分为限"
    waiting = [{"name": "执行率", "points": "49999/10000", "weight": "5"}]

    assert score_text(REPORT | {"cap": told}) == f"92.27（优）（{told}）"
    assert score_text(REPORT | {"cap": told, "pending": waiting}) == (
        f"92.27分（{told}）（各项得分中执行率4.9999分待核）"
    )


def test_a_score_that_is_missing_says_why() -> None:
    told = score_text(REPORT | {"score": None, "score_missing": "分值合计为95，不是100"})

    assert told == "未评（分值合计为95，不是100）"


def test_the_index_says_once_where_grades_are_from_and_of_several_profiles_whose() -> None:
    mine, other = ["评分办法：甲。", "等级：90分以上为优。"], ["评分办法：乙。", "等级：乙。"]
    units = [done(f"A00{n}", sources=mine) for n in range(7)]

    alone = page_of(*units)
    mixed = page_of(*units, done("B001", sources=other))

    assert alone.count("评分办法：甲。等级：90分以上为优。</p>") == 1
    assert "用这个办法的：A000、A001、A002、A003、A004等7个单位。</p>" in mixed
    assert "评分办法：乙。等级：乙。用这个办法的：B001。</p>" in mixed


def test_a_unit_is_rounded_as_its_own_report_is() -> None:
    assert "92.27 优" in page_of(done(score="18453/200"))
    assert "92.26 优" in page_of(done(score="18453/200", rounding="half_even"))


def test_what_was_not_supplied_is_said_in_words_never_as_zero() -> None:
    nothing = dict.fromkeys(("adjusted_budget", "executed", "execution_rate", "score"))

    assert "100.00 未提供 不可计算 未评" in row_text(page_of(done(**nothing)))


def test_a_true_zero_is_shown_as_zero() -> None:
    zeros = {"executed": "0/1", "execution_rate": "0/1", "initial_rate": "0/1", "score": "0/1"}

    assert "0.00 0.00% 0.00 优" in row_text(page_of(done(**zeros)))


def test_a_failed_unit_has_its_code_its_reason_line_by_line_and_no_link() -> None:
    page = page_of(FAILED)
    long = page_of(FAILED | {"reason": "一\n二\n三\n四"})

    assert row_text(page) == "A002 A002 不能读取：第一行 第二行"
    assert "第一行<br>第二行</td>" in page
    assert "<details><summary>另有2行</summary>三<br>四<br></details>" in long
    assert "A002/" not in page


def test_text_is_escaped_and_cannot_turn_the_line_around() -> None:
    bomb = "</style><script>alert(1)</script>\u202e"

    page = page_of(DONE | {"unit_name": bomb}, FAILED | {"unit_name": bomb, "reason": bomb})

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
