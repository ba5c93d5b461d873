"""How the value of an indicator is read: numbers, units, slips of scale, levels, times."""

import datetime as dt
import re
from decimal import Decimal
from fractions import Fraction

import pytest
from builders import SCHEMES
from evaluated import row
from hypothesis import given
from hypothesis import strategies as st
from printed import attainment

from selfeval.indicators.deadlines import in_time, read_time
from selfeval.indicators.readings import (
    ReadNumber,
    UnreadValue,
    arabic,
    doubts,
    factor_of,
    read_number,
    read_numbers,
    with_unit,
)
from selfeval.schemes.loading import scheme_names
from selfeval.schemes.scoring import load_scoring

MOF = load_scoring(SCHEMES, "mof-2020")
WORDS = MOF.words
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2023, 12, 31))


def points(**values):
    return attainment(row(**values), MOF).points


# --- numbers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "value", "unit"),
    [
        ("1,200", "1200", ""),
        ("１２０ 场", "120", "场"),
        ("98.7％", "98.7", "%"),
        ("△3.5%", "-3.5", "%"),
        ("3个工作日内", "3", "个工作日"),
        ("2.618万", "2.618", "万"),
    ],
)
def test_a_number_is_read_with_what_stands_behind_it(said, value, unit):
    found = read_number(said, "actual", WORDS)

    assert (found.value, found.unit) == (Fraction(Decimal(value)), unit)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("约26180", "是约数"),
        ("近 300", "是约数"),
        ("26180人次左右", "是约数"),
        ("20余场", "是约数"),
        ("95%以上", "是约数"),
        ("完成", "里没有数"),
        ("/", "里没有数"),
        ("95-98%", "是一段范围"),
        ("10/12", "不只是一个数"),
        ("100%（含补办）", "不只是一个数"),
        ("2万3千", "不只是一个数"),
        ("第3名", "不只是一个数"),
        ("12,34", "千分位逗号的位置不对"),
    ],
)
def test_whatever_else_is_in_a_cell_is_refused_and_says_why(said, why):
    found = read_number(said, "actual", WORDS)

    assert isinstance(found, UnreadValue)
    assert found.why == why
    assert found.remedy.startswith("请")


@pytest.mark.parametrize(
    ("written", "unit", "factor"),
    [
        ("", "场", "1"),
        ("元", "万元", "1/10000"),
        ("亿元", "万元", "10000"),
        ("元/场", "万元/场", "1/10000"),
        ("人次", "万人次", "1/10000"),
        ("万", "人次", "10000"),
        ("万", "万人次", "1"),
        ("‰", "%", "1/10"),
        ("小时", "天", "1/24"),
        ("公顷", "亩", "15"),
        ("元", "元/场", None),
        ("场次", "场", "1"),
        ("人", "人次", None),
        ("天", "个月", None),
        ("工作日", "天", None),
        ("万", "%", None),
        ("%", "场", None),
    ],
)
def test_a_unit_is_converted_only_where_it_is_certain(written, unit, factor):
    assert factor_of(written, unit, WORDS) == (None if factor is None else Fraction(factor))


@pytest.mark.parametrize(
    ("value", "unit", "printed"),
    [
        ("120", "场", "120场"),
        ("120场", "场", "120场"),
        ("98.7%", "%", "98.7%"),
        ("48万元", "万元", "48万元"),
        ("2.618万", "万人次", "2.618万人次"),
        ("3600元/场", "万元/场", "3600元/场"),
        ("不少于120", "场", "不少于120场"),
        ("10月底前", "月", "10月底前"),
        ("达成", "%", "达成"),
        ("", "场", ""),
        ("5", "/", "5"),
    ],
)
def test_a_unit_is_printed_once(value, unit, printed):
    assert with_unit(value, unit, WORDS) == printed


@given(st.decimals(1, 10**6, places=2), st.sampled_from(["元", "万元", "亿元"]))
def test_a_stated_unit_changes_no_points(amount, unit):
    yuan = Fraction(amount) * 10**8
    shown = Decimal(int(yuan)) / {"元": 1, "万元": 10**4, "亿元": 10**8}[unit]

    said = f"{shown:f}{unit}"

    assert points(comparison="≤", target_value="5000000000000元", actual_value=said) == points(
        comparison="≤", target_value="5000000000000元", actual_value=f"{int(yuan)}元"
    )


# --- slips of scale ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "actual", "unit", "otherwise"),
    [
        ("98", "0.987", "%", "98.7%"),
        ("98%", "0.6", "", "60%"),
        ("0.98", "98.7", "%", "98%"),
        ("50", "480000", "万元", "480000元"),
        ("500000", "48", "元", "48万元"),
        ("26000", "2.618", "人次", "2.618万人次"),
        ("2.6", "26180", "万人次", "26180人次"),
        ("2", "20000", "亿元", "20000万元"),
        ("0.4", "3600", "万元/场", "3600元/场"),
        ("26000", "2.618", "", "2.618万"),
    ],
)
def test_a_bare_number_far_from_its_target_may_be_of_another_scale(target, actual, unit, otherwise):
    read = read_numbers(target, actual, unit, WORDS)

    assert [doubt.otherwise for doubt in doubts(*read, WORDS)] == [otherwise]


@pytest.mark.parametrize(
    ("target", "actual", "unit"),
    [
        ("98", "98.7", "%"),
        ("1", "0.8", "%"),
        ("8", "0.5", "%"),
        ("98", "0.98%", "%"),
        ("90", "3", "%"),
        ("50", "480000元", "万元"),
        ("50万元", "480000万元", ""),
        ("20", "2000", "场"),
        ("20", "0", "场"),
    ],
)
def test_a_number_that_says_its_unit_or_may_well_be_true_is_not_doubted(target, actual, unit):
    read = read_numbers(target, actual, unit, WORDS)

    assert list(doubts(*read, WORDS)) == []


def test_a_slip_names_both_readings_and_what_to_write():
    found = attainment(row(target_value="98", actual_value="0.987", measure_unit="%"), MOF)

    assert (found.points, found.rule, found.field) == (None, "IND-08", "actual_value")
    assert found.basis == "实际完成值“0.987”看不出是0.987%还是98.7%"
    assert found.remedy == "请连单位写明：“98.7%”，或“0.987%”。"


@given(
    st.sampled_from(["≥", "≤"]),
    st.sampled_from(["%", "万元", "人次", ""]),
    st.decimals("0.01", 100000, places=2),
    st.decimals("0.01", 10**9, places=2),
    st.decimals("0.01", 10**9, places=2),
)
def test_a_worse_number_never_scores_more(sign, unit, target, one, other):
    worse, better = sorted((one, other), reverse=sign == "≤")
    low, high = (
        points(comparison=sign, target_value=str(target), actual_value=str(a), measure_unit=unit)
        for a in (worse, better)
    )

    assert low is None or high is None or low <= high


# --- times -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("10月底前", (2021, 10, 21), (2021, 10, 31)),
        ("12月31日前", (2021, 12, 31), (2021, 12, 31)),
        ("2021年9月", (2021, 9, 1), (2021, 9, 30)),
        ("2021年9月15日完成", (2021, 9, 15), (2021, 9, 15)),
        ("于2021年9月中旬完成", (2021, 9, 11), (2021, 9, 20)),
        ("十二月底前", (2021, 12, 21), (2021, 12, 31)),
        ("第三季度", (2021, 7, 1), (2021, 9, 30)),
        ("四季度末", (2021, 10, 1), (2021, 12, 31)),
        ("上半年", (2021, 1, 1), (2021, 6, 30)),
        ("年底前", (2021, 12, 21), (2021, 12, 31)),
        ("年内", (2021, 1, 1), (2021, 12, 31)),
        ("次年3月", (2022, 3, 1), (2022, 3, 31)),
        ("2022年1月", (2022, 1, 1), (2022, 1, 31)),
        ("2021-09-15", (2021, 9, 15), (2021, 9, 15)),
        ("2021/9/15 00:00:00", (2021, 9, 15), (2021, 9, 15)),
        ("不晚于10月底", (2021, 10, 21), (2021, 10, 31)),
        ("10月前", (2021, 9, 30), (2021, 10, 31)),
    ],
)
def test_a_time_is_read_as_the_days_it_may_mean(said, first, last):
    found = read_time(said, 2021, WORDS)

    assert (found.first, found.last) == (dt.date(*first), dt.date(*last))


@pytest.mark.parametrize(
    "said", ["", "前", "内", "达成", "10", "13月", "2月30日", "9月未完成", "6月至10月", "3日内"]
)
def test_what_is_no_time_is_none(said):
    assert read_time(said, 2021, WORDS) is None


def test_a_month_without_any_year_is_no_time():
    assert read_time("10月", None, WORDS) is None


@given(DAYS, DAYS, DAYS, st.sampled_from(["", "前", "完成"]))
def test_later_is_never_in_time_where_earlier_is_late(limit, one, other, behind):
    first, second = (f"{d.year}年{d.month}月{d.day}日" for d in sorted((one, other)))
    wanted = read_time(f"{limit.year}年{limit.month}月{behind}", 2021, WORDS)
    early, late = (in_time(wanted, read_time(said, 2021, WORDS)) for said in (first, second))

    assert not (late is True and early is not True)
    assert not (early is False and late is not False)


@given(st.sampled_from(["≤", "=", "定性", ""]), st.integers(1, 12), st.integers(1, 12))
def test_only_what_is_in_time_earns_points(sign, limit, month):
    earned = points(comparison=sign, target_value=f"{limit}月底前", actual_value=f"{month}月")

    assert earned == (10 if month <= limit else None)


@pytest.mark.parametrize("name", scheme_names(SCHEMES, "scoring"))
def test_no_profile_gives_points_for_what_is_late(name):
    late = row(comparison="≤", target_value="10月底前", actual_value="12月底前")

    assert attainment(late, load_scoring(SCHEMES, name)).points in (None, 0)


def test_a_number_in_a_column_of_ends_of_months_is_a_time():
    values = {"comparison": "≤", "target_value": "10", "measure_unit": "月底前"}

    assert points(**values, actual_value="9") == 10
    assert points(**values, actual_value="12") is None


def test_a_limit_of_days_without_a_sign_is_the_most():
    values = {"comparison": "", "target_value": "30天内"}

    assert points(**values, actual_value="20天") == 10
    assert points(**values, actual_value="40天") == Fraction(15, 2)


# --- levels ------------------------------------------------------------------------------------


@given(st.text("达成部分未基本率一但完仅0123456789%，：。（） ", max_size=8))
def test_full_marks_in_words_need_the_whole_word(rest):
    found = attainment(row(comparison="定性", target_value="好", actual_value=f"达成{rest}"), MOF)
    tail = rest.strip()

    whole = re.match("0*[1-9][0-9]{2,}%", tail)
    assert found.points != 10 or not tail or tail[0] in "，：。（）" or whole


@given(
    st.integers(0, 99),
    st.sampled_from(["{}%", "（{}%）", "，{}%", "：完成{}%", "，完成{}%左右", "：完成{}/100"]),
)
def test_a_share_below_the_whole_earns_no_full_marks_in_words(percent, behind):
    said = f"达成{behind.format(percent)}"

    assert points(comparison="定性", target_value="好", actual_value=said) is None


@pytest.mark.parametrize(
    "behind",
    [
        "，完成了目标的60%", "，目标完成度0.6", "，完成六成", "，完成率100%，进度60%",
        "：5项中完成3项",
        "，未通过验收", "，未实施", "，没有效果", "，存在问题", "：差", "：否",
        "（部分）", "（计划2022年）",
        "且效果较差", "预期指标且效果较差", "，没有逾期，进度滞后",
        "；2个分馆不合格", "，除1个分馆外均通过", "（除2个分馆）", "，其余在整改", "（11/12）",
        "，考核不及格1个", "：3个分馆没过", "，1个分馆暂缓", "，1个分馆例外", "，剩余1个明年完成",
        "（尚余1个）", "，差1个", "，缺1个",
    ],
)  # fmt: skip
def test_full_marks_in_words_are_not_kept_by_what_takes_them_back(behind):
    assert points(comparison="定性", target_value="好", actual_value=f"达成{behind}") is None


@pytest.mark.parametrize(
    "behind",
    [
        "，未发生事故", "，无逾期", "，不但按期，而且节约", "，不存在问题",
        "，按计划完成", "，各部分均完成",
        "：满意度98%", "，群众投诉减少50%", "，5个小区中完成5个", "，完成率达到100%",
        "，缩小城乡差距",
        "，未成年人全部受益", "年度指标", "100%",
        "，没有不合格的", "，不合格率为0", "，除完成任务外，还新增2处", "，拆除违建外墙3处",
        "，已整改到位", "（12/12）", "，无一例外", "，没有不及格的", "，减少1个环节", "，误差1毫米",
    ],
)  # fmt: skip
def test_full_marks_in_words_are_kept_by_what_explains_them(behind):
    assert points(comparison="定性", target_value="好", actual_value=f"达成{behind}") == 10


@pytest.mark.parametrize(
    ("actual", "earned"),
    [("无", 10), ("未发生", 10), ("未发生安全事故", 10), ("零", 10), ("1起", 0),
     ("未发生重大事故", None), ("没有减少事故", None), ("无法统计", None)],
)  # fmt: skip
def test_none_is_zero_where_nothing_was_to_happen_and_no_less_is_said(actual, earned):
    values = {"indicator_name": "安全事故起数", "comparison": "", "actual_value": actual}

    assert points(target_value="0", measure_unit="起", **values) == earned


@pytest.mark.parametrize("target", ["有效提升", "及时", "是", "每月10日前", "1-12月", "零容忍"])
def test_a_target_reported_in_its_own_words_is_reached(target):
    assert points(comparison="", target_value=target, actual_value=target) == 10
    assert points(comparison="", target_value=target, actual_value=f"不{target}") is None
    assert points(comparison="", target_value=target, actual_value=f"基本{target}") is None


@pytest.mark.parametrize("target", ["/", "—", "待定", "见附件", "优良中低差", "是/否", "有无"])
def test_what_asks_nothing_is_not_reached_by_being_repeated(target):
    assert points(comparison="定性", target_value=target, actual_value=target) is None


@given(
    st.integers(1, 99),
    st.integers(1, 99),
    st.sampled_from(["完成", "已完成", "共", "实际完成", "累计完成"]),
)
def test_words_before_a_number_change_no_points(target, actual, before):
    plain = points(target_value=f"{target}场", actual_value=f"{actual}场")

    assert points(target_value=f"{target}场", actual_value=f"{before}{actual}场") == plain
    assert points(target_value=f"完成{target}场", actual_value=f"{actual}场完成") == plain
    assert points(target_value=f"{target}场", actual_value=f"未{before}{actual}场") is None


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("两次", "2次"), ("十二场", "12场"), ("二十个", "20个"), ("一百零五人次", "105人次"),
        ("一千二百人", "1200人"), ("叁份", "3份"), ("百分之九十五", "95%"), ("百分百", "100%"),
        ("零", "0"), ("零起", "0起"), ("不少于三次", "不少于3次"), ("三个工作日内", "3个工作日内"),
        ("一流", "一流"), ("一次性", "一次性"), ("第三批", "第三批"), ("十分满意", "十分满意"),
    ],
)  # fmt: skip
def test_a_chinese_numeral_is_a_number_before_a_counter(said, read):
    assert arabic(said, WORDS.counters) == read


@pytest.mark.parametrize(
    ("target", "actual", "earned"),
    [
        ("20211231", "20211220", 10), ("2021.11", "2021.1", 10), ("2021.1", "2021.9", None),
        ("44561", "44571", None),
    ],
)  # fmt: skip
def test_digits_of_a_date_are_compared_as_a_date_or_not_at_all(target, actual, earned):
    values = {"indicator_aspect": "时效指标", "indicator_name": "项目完成时间"}

    assert points(comparison="≤", target_value=target, actual_value=actual, **values) == earned


@pytest.mark.parametrize("actual", ["计划9月", "预计9月", "9月启动", "9月开工", "9月未完成"])
def test_a_time_of_something_else_is_not_the_time_of_completion(actual):
    assert points(comparison="≤", target_value="10月底前完成", actual_value=actual) is None


def test_a_lower_level_may_say_what_is_missing():
    said = "部分达成，但有一个分馆尚未完成"

    assert points(comparison="定性", target_value="好", actual_value=said) == 6


def test_a_number_without_a_unit_keeps_none():
    assert read_numbers("20", "22", "", WORDS) == (
        ReadNumber(Fraction(20)),
        ReadNumber(Fraction(22)),
        "",
    )
