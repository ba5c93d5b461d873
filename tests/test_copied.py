"""Tests of TEXT-19 and TEXT-20: passages copied from another unit, or from last year."""

import os
import sys

import pytest
from builders import make_folder
from evaluated import LINES, evaluate, fails, findings, saying, text

from selfeval.checks import check
from selfeval.evaluation.load import load_unit

FACT = "共举办阅读推广活动131场，线上线下读者合计参加42600人次，较为集中在寒暑假。"
ONE = (
    "教师在开课前到街镇征集意向，据此确定课程目录，开设课程64门，"
    "一部分由退休教师担任主讲，结课情况好于预期。"
)
PROSE = (
    "我单位把服务群众作为工作的出发点和落脚点，窗口人员轮流值守，老年人有人引导，材料不齐的当场告知。"
    "办事流程重新梳理以后，来回跑的情况少了，群众等候的时间明显缩短，电话咨询也有专人答复并做好登记。"
    "针对工作中的不足，班子成员分别到一线蹲点，听取办事群众的意见，把能改的问题当场改掉，得到群众认可。"
    "年底又组织回访，对办理结果不满意的，由原经办人重新办理，并把结果告诉本人。"
    "对确实办不了的，说明理由，告诉群众还有哪些途径可以反映，避免一推了之，态度生硬的现象有了改观。"
)


def beside(tmp_path, mine, theirs, others=1, code="T002", **settings):
    """Check a unit beside others of the year, whose text is this."""
    for number in range(others):
        own = {"unit_code": f"{code}{number}", "unit_name": f"星桥区第{number}图书馆"} | settings
        make_folder(tmp_path, text(theirs), **own)
    return saying(tmp_path, mine)


def test_a_passage_with_anothers_numbers_is_told_once_with_the_other_place(tmp_path):
    (finding,) = findings(beside(tmp_path, FACT * 2, f"另外一句。\n\n{FACT}"), "TEXT-19")

    assert (finding.outcome, finding.severity) == ("fail", "warning")
    assert finding.message == (
        "“共举办阅读推广活动131场，线上线下读者合计参加……”起的2句80字，与另一个单位的文字一字不差"
        "（T0020/narrative.md › 第 15 行），连数字131、42600也相同。"
        "请核实是否照搬，改成本单位本年的内容。"
    )
    assert [str(place) for place in finding.places] == ["T001 › narrative.md › 第 13 行"]


@pytest.mark.parametrize(
    ("mine", "theirs", "others", "found"),
    [
        (FACT, FACT, 1, True),
        (FACT, FACT.replace("读者", "\n读 者").replace("，", ","), 1, True),
        (FACT, FACT, 2, True),
        (FACT, FACT, 3, False),
        (FACT, FACT.replace("131", "132"), 1, False),
        (ONE, ONE, 1, True),
        (ONE[:40], ONE[:40], 1, False),
        (f"每周上门{FACT}", f"每周上门{FACT}", 1, True),
        (PROSE, PROSE, 1, True),
        (PROSE[:80], PROSE[:80], 1, False),
        ("本年度无政府性基金预算支出。", "本年度无政府性基金预算支出。", 1, False),
        (PROSE.replace("，", "按照规定，"), PROSE.replace("，", "按照规定，"), 1, False),
    ],
)
def test_only_facts_or_long_passages_of_one_or_two_others_are_copied(
    tmp_path, mine, theirs, others, found
):
    assert bool(fails(beside(tmp_path, mine, theirs, others), "TEXT-19")) is found


@pytest.mark.parametrize(
    "sentence",
    [
        "单价50万元以上通用设备0台，单价100万元以上专用设备0台，没有别的设备。",
        "公务用车购置及运行维护费，指单位公务用车购置费12万元及运行维护费34万元。",
        "开通12345热线、12348热线和24小时自助服务区，群众可以随时咨询，随时办理，随时查询进度。",
        "决算批复以后，在15个工作日内和20日内分别报送、公开，公开的内容完整，格式规范，时间及时，没有遗漏。",
        "2021年1月12日至12月31日全年没有发生安全事故，没有发生群体性事件和信访事件。",
        "我区全年接待游客1234人次，实现旅游收入5678万元，各项指标在年底前都已完成。",
        "与区文化馆联合举办活动131场，参加42600人次，活动分布在全年的各个节假日。",
    ],
)
def test_what_everybody_writes_or_several_share_is_not_copied(tmp_path, sentence):
    assert fails(beside(tmp_path, sentence, sentence), "TEXT-19") == []


def test_duties_of_offices_of_a_kind_are_alike(tmp_path):
    duty = text().replace("办理各项业务。", FACT)
    make_folder(tmp_path, duty, unit_code="T002")

    assert fails(evaluate(tmp_path, narrative=duty, **LINES), "TEXT-19") == []


def test_a_department_may_repeat_what_its_own_unit_says(tmp_path):
    mine = f"下属单位有第0图书馆。\n\n{FACT}"

    assert fails(beside(tmp_path, mine, FACT), "TEXT-19") == []


def test_a_number_that_a_placeholder_fills_in_is_no_copied_fact(tmp_path):
    said = "全年支出{{支出合计.全年执行数}}，其中基本支出{{基本支出.全年执行数}}，用于运转。"

    assert fails(beside(tmp_path, said, said), "TEXT-19") == []


@pytest.mark.parametrize(("year", "other"), [(2022, "T002"), (2020, "T002")])
def test_a_unit_of_another_year_is_not_looked_at(tmp_path, year, other):
    evaluation = beside(tmp_path, FACT, FACT, code=other, fiscal_year=year)

    assert (fails(evaluation, "TEXT-19"), fails(evaluation, "TEXT-20")) == ([], [])


def last_year(tmp_path, sentence, before=None, **settings):
    make_folder(tmp_path, text(before or sentence), fiscal_year=2020, **settings)
    return saying(tmp_path, sentence)


@pytest.mark.parametrize(
    ("sentence", "before", "found"),
    [
        (FACT, FACT, True),
        (FACT, FACT.replace("42600", "41800"), False),
        (PROSE, PROSE, False),
        (PROSE + "窗口又新增了自助设备。" * 3 + PROSE, PROSE * 2, True),
        (f"每周上门{FACT}", f"每周上门{FACT}", False),
        (ONE, ONE, True),
    ],
)
def test_last_years_facts_and_long_passages_are_found(tmp_path, sentence, before, found):
    assert bool(fails(last_year(tmp_path, sentence, before), "TEXT-20")) is found


def test_a_folder_of_last_year_with_another_name_is_not_the_units(tmp_path):
    assert fails(last_year(tmp_path, FACT, unit_name="星桥区图书馆"), "TEXT-20") == []


@pytest.mark.skipif(sys.platform == "win32", reason="has no pipes")
def test_a_neighbour_that_cannot_be_read_is_passed_over(tmp_path):
    folders = [make_folder(tmp_path, FACT, unit_code=f"T00{n}") for n in range(2, 6)]
    (folders[0] / "narrative.md").write_bytes(b"\xff\xfe\xff")
    (folders[1] / "narrative.md").unlink()
    (folders[2] / "narrative.md").unlink()
    os.mkfifo(folders[2] / "narrative.md")
    (folders[3] / "narrative.md").unlink()
    (folders[3] / "narrative.md").mkdir()

    assert fails(saying(tmp_path, FACT), "TEXT-19") == []


def test_a_unit_without_neighbours_or_outside_a_year_has_nothing_copied(tmp_path):
    evaluation = saying(tmp_path, FACT)

    assert findings(evaluation, "TEXT-19") == findings(evaluation, "TEXT-20") == []


def test_folders_that_stand_beside_a_unit_in_no_year_are_no_neighbours(tmp_path):
    beside(tmp_path, FACT, FACT)
    outside = (tmp_path / "params" / "2021").rename(tmp_path / "params" / "单位")

    assert fails(check(load_unit(outside / "T001")), "TEXT-19") == []
