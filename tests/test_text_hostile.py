"""Texts made to do harm, or broken by accident: read without a fault, in the time they are long."""

import sys

import pytest
from evaluated import sample
from planting import literal
from test_linear import processor_seconds

LONG = 20_000
OUTCOMES = {"pass", "rounding", "unchecked", "fail"}
REPEATED = {
    "one number": "1",
    "numbers with commas": "1,",
    "numbers with spaces": "1 ",
    "dots between digits": "1.",
    "dashes between digits": "5-",
    "opening brackets": "（",
    "closing brackets": "）",
    "brackets": "（）",
    "document numbers": "〔2021〕5号",
    "classes": "水利（类）",
    "items of no class": "水利（项）",
    "levels without a name": "（类）",
    "items": "农林水支出（类）水利（款）水利工程运行与维护（项）",
    "wholes in wholes": "其中：",
    "parts of parts": "人员经费50万元，其中：",
    "no mark at all": "人员经费支出",
    "no known word": "我",
    "names at once": "人员经费、",
    "phases": "年初预算",
    "amounts and nothing else": "5万元",
    "amounts of a name": "人员经费5万元",
    "parts that add up": "支出5万元，其中：基本支出3万元，项目支出2万元；",
    "one amount again and again": "人员经费支出5万元。",
    "changes": "比上年增加5万元，增长5%，",
    "comparisons with nothing": "比上年",
    "claims": "支出大于年初预算，",
    "shares": "占5%，",
    "years": "2021年",
    "numerals": "一二三",
    "scales": "万",
    "percentages without a number": "百分之",
    "letters": "A",
    "quotation marks": "“",
    "unfilled places": "{{",
    "heads of a kind": "其中行政编制10人、",
    "parts of counts": "12次检测中11次达标，",
    "points of nothing": "三个方面：一是",
    "deadlines": "2022年6月底前完成窗口增设",
    "one change again and again": "较上年增加512.34万元。",
    "the most of all": "执行率最高的是水利工程运行维护，",
    "names and amounts that do not pair": "人员经费、公用经费分别为5万元、",
}


@pytest.mark.skipif(sys.platform == "win32", reason="has no timer of the processor's time")
@pytest.mark.parametrize("repeated", REPEATED.values(), ids=REPEATED)
def test_a_hostile_text_is_read_in_the_time_it_is_long(repeated):
    text = repeated * (LONG // len(repeated))

    with processor_seconds(10):
        case = literal(sample("S005"), text)

    assert {judged.outcome for judged in case.judged} <= OUTCOMES


@pytest.mark.skipif(sys.platform == "win32", reason="has no timer of the processor's time")
def test_a_sum_of_hundreds_of_names_is_formed_once_a_phase():
    text = "人员经费、公用经费、" * 200 + "基本支出合计5万元。"

    with processor_seconds(10):
        case = literal(sample("S005"), text)

    assert {judged.outcome for judged in case.judged} <= OUTCOMES


@pytest.mark.parametrize("count", [2, 150])
def test_hundreds_of_names_told_at_once_are_each_compared(count):
    names = ["人员经费", "公用经费"] * (count // 2)
    amounts = ["366.54万元", "55.80万元"] * (count // 2)

    case = literal(sample("S005"), f"{'、'.join(names)}分别支出{'、'.join(amounts)}。")

    told = [one.outcome for one in case.judged if one.said.paragraph.text.startswith("人员")]
    assert told == ["pass"] * count
