"""Tests of TEXT-14 and TEXT-22: the unit's name in its text, and how it is counted."""

import pytest
from builders import make_folder
from evaluated import LINES, evaluate, fails, findings, saying, text

NAME = "星桥市云台区规划和自然资源局"


def named(tmp_path, sentence, name=NAME):
    evaluation = evaluate(tmp_path, narrative=text(sentence), settings={"unit_name": name}, **LINES)
    return fails(evaluation, "TEXT-14")


def test_a_name_that_differs_in_a_character_is_told_once(tmp_path):
    wrong = "星桥市云台区规划与自然资源局"
    evaluation = evaluate(
        tmp_path,
        narrative=text(f"2021年{wrong}完成任务。", f"{wrong}下设五科。"),
        settings={"unit_name": NAME},
        **LINES,
    )
    (finding,) = findings(evaluation, "TEXT-14")

    assert (finding.outcome, finding.severity) == ("fail", "warning")
    assert finding.message == (
        f"文中的单位名称“{wrong}”，与 unit.yaml 的“{NAME}”不同：“2021年{wrong}完成任务”。请核实。"
    )
    assert (finding.expected, finding.found) == (NAME, wrong)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("星桥市云台区规划自然资源局", True),
        ("星桥市云台区规划和自然资原局", True),
        ("星桥市云台区规化和自然资原局", True),
        ("星桥市云台区规化和自燃资原局", False),
        (NAME, False),
        ("星桥市云台区规划和自然资源局执法大队", False),
        ("星桥市规划和自然资源局", False),
        ("星桥市东湖区规划和自然资源局", False),
        ("云台区规划和自然资源局", False),
        ("我局", False),
    ],
)
def test_only_a_name_of_the_same_place_a_character_or_two_apart_is_misspelt(
    tmp_path, written, found
):
    assert named(tmp_path, f"2021年{written}完成任务。") == ([written] if found else [])


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("星桥市第一实验中学", "星桥市第二实验中学"),
        ("星桥区图书馆", "星桥区文化馆"),
        ("星桥市云台区行政审批服务局", "星桥市云台区行政审批服务中心"),
        ("示例：星桥市云台区行政审批服务局（示例）", "星桥市云台区行政审批服务局"),
        ("星桥市云台区人民政府办公室", "星桥市云台区人民政府研究室"),
    ],
)
def test_another_unit_of_the_place_is_not_a_misspelling(tmp_path, name, written):
    assert named(tmp_path, f"2021年与{written}合作。", name) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "本局加挂星桥市云台区规划与自然资源局牌子。",
        "本局前身为星桥市云台区规划与自然资源局。",
        "原名星桥市云台区规划与自然资源局。",
    ],
)
def test_another_plate_or_a_former_name_of_the_unit_is_no_misspelling(tmp_path, sentence):
    assert named(tmp_path, sentence) == []


def test_a_declared_second_name_is_the_units_own(tmp_path):
    other = "星桥市云台区规划与自然资源局"
    settings = {"unit_name": NAME, "also_named": [other]}
    evaluation = evaluate(tmp_path, narrative=text(f"2021年{other}完成任务。"),
                          settings=settings, **LINES)  # fmt: skip

    assert fails(evaluation, "TEXT-14") == []


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("本单位（星桥区文化馆）内设三科。", ["星桥区文化馆"]),
        ("星桥区文化馆（以下简称本馆）内设三科。", ["星桥区文化馆"]),
        ("本单位（星桥区图书馆）内设三科。", []),
        ("本单位（区图书馆）内设三科。", []),
        ("本单位（公益一类事业单位）内设三科。", []),
        ("本单位（含东湖区文化馆）内设三科。", []),
        ("本单位（下属图书阅览馆）内设三科。", []),
        ("本单位（含星桥区图书馆分馆）内设三科。", []),
        ("与星桥区文化馆合作。", []),
    ],
)
def test_another_name_for_the_unit_itself_is_found(tmp_path, sentence, found):
    assert named(tmp_path, sentence, "星桥区图书馆") == found


def named_beside(tmp_path, sentence, other="星桥区文化馆"):
    make_folder(tmp_path, unit_code="T002", unit_name=other)
    return named(tmp_path, sentence, "星桥区图书馆")


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("2021年，星桥区文化馆收入合计12万元。", True),
        ("星桥区文化馆2021年度部门决算情况如下。", True),
        ("星桥区文化馆内设三科。", True),
        ("星桥区文化馆捐赠图书一批。", False),
        ("与星桥区文化馆合作。星桥区文化馆内设三科。", False),
        ("本馆收到星桥区文化馆支出合计的说明。", False),
        ("星桥区图书馆内设三科。", False),
        ("星桥区美术馆2021年度部门整体支出绩效自评报告", True),
        ("根据星桥区财政局2021年度部门整体支出绩效评价报告改进。", False),
        ("填报单位：星桥区美术馆", True),
        ("填报单位（盖章）：星桥区图书馆", False),
    ],
)
def test_a_report_that_speaks_of_another_unit_as_its_own_is_found(tmp_path, sentence, found):
    assert bool(named_beside(tmp_path, sentence)) is found


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("本单位开放全年。我局按期完成。", ["我局"]),
        ("本馆全年开放，我局按期完成。", ["我局"]),
        ("本单位开放，本中心培训，本中心采购。", []),
        ("我局按期完成。", []),
        ("本馆开放，我馆培训，我单位采购。", []),
        ("本馆开放，本办法自发布之日起执行，我所在的社区受益。", []),
        ("本馆开放，日本局部地区。", []),
    ],
)
def test_what_a_unit_of_another_kind_calls_itself_is_found(tmp_path, sentence, found):
    assert named(tmp_path, sentence, "星桥区图书馆") == found


def test_a_unit_of_no_kind_may_call_itself_anything(tmp_path):
    assert named(tmp_path, "本单位开放。我局完成。", "星桥区人民政府") == []


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("下设一台大队。", ["一台大队"]),
        ("全系统有一本局。", ["一本局"]),
        ("共有3名下属单位，编制20名。", ["3名下属单位"]),
        ("本项目由基本支出和项目支出构成。", ["本项目由基本支出"]),
        ("下设一个大队、两所学校、三家单位。", []),
        ("表彰5名单位职工、2名部门负责人、3名学校、医院骨干，1名中心（副）主任。", []),
        ("口径上统一本单位，第三名学校，每一位中心。", []),
        ("一台中心服务器，一张中心城区图，一套机构。", []),
        ("改造12场馆，考上一本学院，建一栋图书馆。", []),
        ("本项目由专项资金安排。", []),
    ],
)
def test_a_unit_counted_as_a_thing_is_found(tmp_path, sentence, found):
    assert fails(saying(tmp_path, sentence), "TEXT-22") == found
