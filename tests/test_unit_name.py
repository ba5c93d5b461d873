"""Tests of TEXT-14: the unit's name in its text."""

import pytest
from evaluated import LINES, evaluate, fails, findings, text

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
