"""Tests of selfeval.page.opening: the first screen, and the form of a letter."""

import re

import pytest
from evaluated import COMPLETE, SIGNED, indicator, line, sample, scored
from printed import pairs_of, paragraphs_of, plain_texts, words_of

from selfeval.page import opening

TOTAL = "支出合计"


def whole(*amounts, **more):
    """Return the one line that a table of totals needs."""
    return {key: value for key, value in line(TOTAL, *amounts, **more).items()
            if key != "budget_adjustment"}  # fmt: skip


def lead(evaluation):
    return plain_texts([opening.describe_overview(evaluation)])


def strip(evaluation):
    return [f"{term}{told}" for term, told in pairs_of(opening.overview(evaluation).html, "strip")]


def facts(evaluation):
    return dict(pairs_of(opening.overview(evaluation).html, "facts"))


# --- title -----------------------------------------------------------------------------------


def test_the_title_is_cut_where_its_parts_meet_and_reads_as_the_outline_has_it(tmp_path):
    evaluation = scored(tmp_path)
    (head,) = re.findall("<h1>(.*?)</h1>", opening.overview(evaluation).html)

    assert re.findall("<span>([^<]+)</span>", head) == [
        "2021年度", "测试单位", "部门整体支出预算绩效自评报告"
    ]  # fmt: skip
    assert words_of(head) == evaluation.unit.title


# --- lead ------------------------------------------------------------------------------------


def test_the_lead_says_what_was_planned_spent_where_it_differs_and_what_was_reached(tmp_path):
    assert lead(scored(tmp_path)) == (
        "2021年，部门整体支出年初预算200.00万元，全年支出207.00万元，多7.00万元（+3.50%）。"
        "比年初预算多得最多的是人员经费，多5.50万元；比例最大的是窗口服务专项，多8.00%。"
        "3项绩效指标达到3项。"
    )


def test_a_line_that_is_the_largest_in_money_and_in_per_cent_is_named_once(tmp_path):
    rows = [line("甲", "", 10, "", "", 12), line("乙", "", 10, "", "", 15)]

    assert "比年初预算多得最多的是乙，多5.00万元（+50.00%）。" in lead(
        scored(tmp_path, projects=rows)
    )


def test_the_largest_of_lines_of_which_one_had_no_budget_is_named_without_a_rate(tmp_path):
    rows = [line("甲", "", 0, "", "", 12), line("乙", "", 10, "", "", 10)]

    assert "比年初预算多的是甲，多12.00万元。" in lead(scored(tmp_path, projects=rows))


def test_where_all_spent_less_the_lead_names_who_spent_least(tmp_path):
    rows = [line("甲", "", 100, "", "", 90), line("乙", "", 10, "", "", 8)]
    basic = [line("人员经费", "", 0, "", "", 0), line("公用经费", "", 0, "", "", 0)]

    assert lead(scored(tmp_path, projects=rows, basic=basic)) == (
        "2021年，部门整体支出年初预算110.00万元，全年支出98.00万元，少12.00万元（－10.91%）。"
        "比年初预算少得最多的是甲，少10.00万元；比例最大的是乙，少20.00%。"
    )


def test_spending_that_equals_its_budget_is_said_to(tmp_path):
    evaluation = scored(tmp_path, other=[whole("", 50, "", 50, 50)])

    assert lead(evaluation) == (
        "2021年，部门整体支出年初预算50.00万元，全年支出50.00万元，与年初预算相同。"
    )


def test_a_sum_that_is_known_in_part_says_of_how_much_of_the_budget(tmp_path):
    rows = [line("甲", "", 1300, "", "", 1683.71), line("乙", "", 878.7)]

    assert lead(scored(tmp_path, projects=rows, basic=[line("基本支出合计", "", 2.73)])).startswith(
        "2021年，部门整体支出年初预算2181.43万元，其中1300.00万元（占59.59%）有全年执行数，"
        "这部分支出1683.71万元；其余没有全年执行数，整体预算执行率不可计算。"
    )


# --- the sum ---------------------------------------------------------------------------------


def test_the_sum_goes_from_the_initial_budget_to_what_is_left(tmp_path):
    assert strip(scored(tmp_path)) == [
        "年初预算200.00万元", "年中调增＋14.00万元", "调整后预算＝214.00万元",
        "全年支出－207.00万元", "没有用完＝7.00万元",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("amounts", "told"),
    [
        (("", 50, "", 40, 45),
         ["年初预算50.00万元", "年中调减－10.00万元", "调整后预算＝40.00万元",
          "全年支出－45.00万元", "超出＝5.00万元"]),
        (("", 50, "", 50, 50),
         ["年初预算50.00万元", "年中调整＋0.00万元", "调整后预算＝50.00万元",
          "全年支出－50.00万元", "没有用完＝0.00万元"]),
        (("", 50, "", "", 40),
         ["年初预算50.00万元", "全年支出－40.00万元", "没有用完＝10.00万元"]),
        (("", "", "", 50, 40),
         ["调整后预算50.00万元", "全年支出－40.00万元", "没有用完＝10.00万元"]),
        (("", 50, "", 60, ""),
         ["年初预算50.00万元", "年中调增＋10.00万元", "调整后预算＝60.00万元"]),
        (("", 50, "", "", ""), []),
    ],
)  # fmt: skip
def test_the_sum_holds_what_is_known_and_says_less_and_beyond_in_words(tmp_path, amounts, told):
    assert strip(scored(tmp_path, other=[whole(*amounts)])) == told


def test_the_sum_adds_up_where_the_adjustments_that_are_filled_in_are_not_all(tmp_path):
    rows = [line("甲", "", 50, 3, "", 40)]
    evaluation = scored(tmp_path, projects=rows, other=[whole("", 50, "", 60, 40)])

    assert strip(evaluation)[:3] == [
        "年初预算50.00万元", "年中调增＋10.00万元", "调整后预算＝60.00万元"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("amounts", "note"),
    [
        (("", 50, "", "", 40), ["调整后预算数未提供，这里没有列。"]),
        (("", "", "", 50, 40), ["年初预算数未提供，这里没有列。"]),
        (("", 50, "", 60, ""), ["全年执行数未提供，这里没有列。"]),
        (("", 50, "", 60, 55), []),
    ],
)
def test_what_the_sum_leaves_out_is_named_below_it(tmp_path, amounts, note):
    page = opening.overview(scored(tmp_path, other=[whole(*amounts)])).html

    assert [told for told in paragraphs_of(page, "note") if "没有列" in told] == note


# --- facts -----------------------------------------------------------------------------------


def test_three_facts_tell_the_rate_with_both_denominators_the_indicators_and_the_score(tmp_path):
    assert facts(scored(tmp_path)) == {
        "预算执行率": "96.73%，占调整后预算214.00万元；占年初预算103.50%",
        "绩效指标": "达到3项，共3项",
        "自评得分": "99.67分，等级为“优”",
    }


def test_a_budget_that_was_not_adjusted_has_one_rate(tmp_path):
    evaluation = scored(tmp_path, other=[whole("", 50, "", 50, 40)])

    assert facts(evaluation)["预算执行率"] == "80.00%，占调整后预算50.00万元"


def test_a_rate_that_is_not_known_says_why_and_the_other_stands_beside_it(tmp_path):
    evaluation = scored(tmp_path, other=[whole("", 50, "", "", 40)])

    assert facts(evaluation)["预算执行率"] == (
        "不可计算：支出合计的调整后预算数未提供；占年初预算80.00%"
    )


def test_indicators_that_cannot_be_judged_are_counted(tmp_path):
    evaluation = scored(tmp_path, indicators=[indicator(), indicator("乙", actual_value="")])

    assert facts(evaluation)["绩效指标"] == "达到1项，共2项，1项无法判断"
    assert facts(evaluation)["自评得分"].startswith("未评：")


def test_without_indicators_the_facts_say_that_there_are_none(tmp_path):
    told = facts(scored(tmp_path, projects=COMPLETE["projects"]))

    assert told["绩效指标"] == "没有填报"
    assert told["自评得分"].startswith("未评：没有填报绩效指标")


def test_a_copied_budget_makes_the_rate_worth_nothing_and_its_points_wait():
    told = facts(sample("S004"))

    assert told["预算执行率"] == (
        "100.00%，占调整后预算845.58万元（与支出完全相同，不能说明执行情况）；占年初预算169.12%"
    )
    assert told["自评得分"] == "99.37分（其中执行率10分待核）"


# --- status ----------------------------------------------------------------------------------


def test_a_page_says_whose_word_it_is_and_of_which_day(tmp_path):
    page = opening.overview(scored(tmp_path, settings=SIGNED, **COMPLETE)).html

    assert "单位自评，未经财政部门复核　2022年4月20日" in words_of(page)


def test_a_draft_says_what_is_wrong_and_what_cannot_be_relied_on():
    (status,) = [told for told in paragraphs_of(opening.overview(sample("S004")).html, "status")
                 if "草稿" in told]  # fmt: skip

    assert status == (
        "草稿　尚有10处没有更正或说明："
        "支出合计、人员经费、公用经费等的调整后预算数与支出数完全相同，没有写明批准调整的文件；执行率和得分暂不能采信。"
    )


def test_the_first_screen_leads_to_a_table_only_where_there_is_one(tmp_path):
    led = opening.overview(scored(tmp_path / "a")).html
    bare = opening.overview(scored(tmp_path / "b", measures=COMPLETE["measures"])).html

    assert f'href="#{opening.EXECUTION_TABLE}"' in led
    assert opening.EXECUTION_TABLE not in bare


# --- a letter --------------------------------------------------------------------------------


def test_a_letter_begins_with_the_notice_it_follows_where_the_unit_names_it(tmp_path):
    notice = "《关于开展自评的通知》（×财绩〔2022〕3号）"
    told = opening.letter_opening(scored(tmp_path / "a", settings={"notice": notice}, **COMPLETE))

    assert paragraphs_of(told) == [f"根据{notice}，现将2021年度部门整体支出绩效自评情况报告如下。"]
    assert opening.letter_opening(scored(tmp_path / "b")) == ""


def test_a_letter_ends_with_its_forms_and_who_signs_when(tmp_path):
    signed = opening.letter_end(scored(tmp_path / "a", settings=SIGNED, **COMPLETE))
    bare = opening.letter_end(scored(tmp_path / "b"))

    assert re.findall("<a [^>]*>([^<]*)</a>", signed) == [
        "部门整体支出绩效评价基础数据表", "部门整体支出绩效自评表", "项目支出绩效自评表"
    ]  # fmt: skip
    assert paragraphs_of(signed)[-1] == "测试单位2022年4月20日"
    assert paragraphs_of(bare)[-1] == "测试单位"


def test_a_unit_without_projects_hands_on_no_form_of_projects(tmp_path):
    end = opening.letter_end(scored(tmp_path, basic=COMPLETE["basic"]))

    assert "项目支出绩效自评表" not in end
    assert "部门整体支出绩效自评表" in end
