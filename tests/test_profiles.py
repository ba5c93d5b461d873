"""Tests of selfeval.schemes.scoring: what a scoring profile may say, and that it says it once."""

import re
import shutil
from fractions import Fraction

import pytest
import yaml
from builders import SCHEMES

from selfeval.errors import ParamsError
from selfeval.schemes.loading import scheme_names
from selfeval.schemes.scoring import load_scoring
from selfeval.strict import load_yaml

NAMES = scheme_names(SCHEMES, "scoring")


class NoAliases(yaml.SafeDumper):
    """Writes out what occurs twice."""

    def ignore_aliases(self, data):
        return True


@pytest.fixture
def edited(tmp_path):
    """A function that edits one profile and loads it."""
    for kind in ("scoring", "readings"):
        shutil.copytree(SCHEMES / kind, tmp_path / kind)

    def load(name, edit):
        path = tmp_path / "scoring" / f"{name}.yaml"
        data = load_yaml(path)
        edit(data)
        path.write_text(yaml.dump(data, Dumper=NoAliases, allow_unicode=True), encoding="utf-8")
        return load_scoring(tmp_path, name)

    return load


def points(block, value, variant=0):
    return lambda data: data["variants"][variant]["blocks"][block].update(points=value)


def block(number, variant=0, **values):
    return lambda data: data["variants"][variant]["blocks"][number].update(values)


def line(number, **values):
    return lambda data: data["variants"][0]["blocks"][0]["lines"][number].update(values)


def rule(number, **values):
    return lambda data: data["variants"][0]["blocks"][0]["lines"][number]["rule"].update(values)


def level(number, **shares):
    return lambda data: data["qualitative"]["levels"][number].update(shares)


OVER = {"from": 1.3, "policy": "note", "applies_to": ["at_least"], "reference": "某手册"}
SHORT = {"method": "deduct", "beyond": "below", "limit": 1, "step": 0.01, "points": 1,
         "steps": "whole", "steps_reference": "某手册"}  # fmt: skip


def over(**values):
    """Change what a profile says of what is far above its target; None takes a key away."""
    said = {key: value for key, value in (OVER | values).items() if value is not None}
    return lambda data: data["quantitative"].update(over=said)


def numeric(**rules):
    return lambda data: data["quantitative"].update(rules)


def no_points(**limits):
    given = {"below": 0.7, "above": 1.3} | limits
    return lambda data: data["quantitative"].update(no_points=given)


def floor(row, value):
    return lambda data: data["grades"][row].update({"from": value})


@pytest.mark.parametrize("name", NAMES)
def test_every_profile_of_the_package_names_itself_its_source_and_whether_it_is_verified(name):
    profile = load_scoring(SCHEMES, name)

    assert profile.name
    assert len(profile.reference) > 20
    assert profile.verified is False
    assert all(variant.reference for variant in profile.variants)


@pytest.mark.parametrize("name", NAMES)
def test_every_profile_says_where_its_grades_are_from_or_that_they_are_not_its_own(name):
    points, grades = load_scoring(SCHEMES, name).sources

    assert re.search(r"（自\d{4}年\d+月\d+日起，尚未对照原文核实）。$", points)
    assert re.match(
        r"等级：90分以上为优，80分以上不足90分为良，([67]0)分以上不足80分为中，不足\1分为差。",
        grades,
    )
    own = name in {"mof-2020", "sichuan-2025"}
    said = "分数线见于" if own else "分数线不出自"
    assert said in grades
    assert not own or re.search("没有(对照|见到)原文。$", grades)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("families", [set(), {"cost"}, {"satisfaction"}, {"cost", "satisfaction"}])
def test_every_profile_has_all_its_points_for_every_kind_of_unit(name, families):
    profile = load_scoring(SCHEMES, name)

    variant = profile.variant_for(families)

    assert sum(block.points for block in variant.blocks) == profile.total == 100


def test_the_profiles_that_are_known_are_there():
    assert NAMES == [
        "city-20-80", "execution-capped", "hunan-2015", "hunan-2017", "hunan-yueyang-2018",
        "hunan-yuhua-2017", "mof-2020", "sichuan-2023", "sichuan-2025",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (points(1, 51), "分值合计为 101，不是 100"),
        (points(1, 19, variant=1), "分值合计为 99，不是 100"),
        (points(1, 0), "大于 0"),
        (block(0, takes=["output"]), "“预算执行率”是执行率得分，不能再有别的指标"),
        (block(1, takes=[]), "“产出指标”没有任何指标"),
        (block(1, takes=["outcome"]), "“outcome”出现了两次"),
        (block(1, block="outcome"), "“outcome”出现了两次"),
        (block(1, takes=["result"]), "不在允许之列"),
        (lambda data: data.update(variants=[]), "至少 1 项的清单"),
        (lambda data: data["variants"].pop(), "有成本指标、没有满意度指标的情形没有规定分值"),
        (
            lambda data: data["variants"][0].pop("cost"),
            "有成本指标、有满意度指标的情形规定了几套分值",
        ),
        (level(1, highest="0.7"), "有空当或重叠"),
        (level(1, highest="0.9"), "有空当或重叠"),
        (level(0, highest="0.9"), "应从 0 到 1"),
        (level(2, lowest="0.1"), "应从 0 到 1"),
        (level(0, given="0.5"), "给分不在档内"),
        (level(1, names=["达成"]), "定性分档的“达成”出现了两次"),
        (floor(1, 95), "等级的分数线应由高到低"),
        (floor(1, 90), "等级的分数线应由高到低"),
        (floor(3, 10), "最后一档为 0"),
        (floor(0, 101), "超过总分 100"),
        (lambda data: data["grades"][1].update(grade="excellent"), "等级“excellent”出现了两次"),
        (lambda data: data.update(grades=[]), "至少 1 项的清单"),
        (lambda data: data["execution"].update(denominator="executed"), "不在允许之列"),
        (over(policy="deduct"), "扣几分"),
        (over(**{"from": 1}), "大于 1"),
        (over(applies_to=None), "applies_to"),
        (over(applies_to=[]), "至少 1 项的清单"),
        (over(reference=None), "reference"),
        (over(applies_to=["at_least", "at_most"]), "“≤”的指标超过目标就是没有达到"),
        (
            numeric(
                equal={"method": "reached"},
                over=OVER | {"policy": "deduct", "points": 2, "applies_to": ["equal"]},
            ),
            "“=”的指标超过目标本来就不得分",
        ),
        (numeric(at_least=SHORT | {"limit": 0.9}), "差距从 100% 往下算"),
        (numeric(at_least=SHORT | {"beyond": "above"}), "差距从 100% 往下算"),
        (
            numeric(at_least={k: v for k, v in SHORT.items() if k != "steps_reference"}),
            "steps_reference",
        ),
        (no_points(below=0), "大于 0"),
        (no_points(above=1), "大于 1"),
        (lambda data: data.update(gradez=[]), "不认识的键“gradez”，是不是“grades”"),
        (lambda data: data.update(effective="2020"), "不是日期"),
    ],
)
def test_a_profile_that_contradicts_itself_is_refused(edited, edit, said):
    with pytest.raises(ParamsError) as caught:
        edited("mof-2020", edit)

    assert caught.value.place == "schemes/scoring/mof-2020.yaml"
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        # The printed form of 2017: 5 points, and a rule that still counts to 8.
        (rule(1, full=8), "“三公”经费变动率”的分值是 5，计分规则的满分却是 8"),
        (line(0, points=4), "“在职人员控制率”的分值是 4，计分规则的满分却是 5"),
        (line(0, judged=["甲"]), "要么按比率（ratio）计分，要么由人评议（judged）"),
        (line(0, ratio=""), "要么按比率（ratio）计分，要么由人评议（judged）"),
        (points(0, 11), "“投入”的分值是 11，各项相加却是 10"),
        (points(0, 9), "“投入”的分值是 9，各项相加却是 10"),
        (block(0, takes=["output"]), "“投入”没有给本单位的指标留下分值"),
        (line(1, line="staffing_rate"), "“staffing_rate”出现了两次"),
    ],
)
def test_fixed_lines_that_do_not_add_up_are_refused(edited, edit, said):
    with pytest.raises(ParamsError) as caught:
        edited("hunan-2017", edit)

    assert said in str(caught.value)


def tiers(*rows):
    def edit(data):
        own = data["variants"][0]["blocks"][1]["lines"][1]
        assert own["line"] == "budget_control"
        own["rule"]["tiers"] = list(rows)

    return edit


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (
            tiers({"up_to": 0.1, "points": 5}, {"up_to": 0.1, "points": 4}, {"points": 0}),
            "由低到高",
        ),
        (tiers({"up_to": 0.1, "points": 5}, {"up_to": 0.2, "points": 0}), "最后一档不设上限"),
        (tiers({"points": 5}, {"points": 0}), "最后一档不设上限"),
        (tiers({"up_to": 0, "below": 1, "points": 5}, {"points": 0}), "上限只写一种"),
        (tiers({"up_to": 0, "points": 4}, {"points": 0}), "计分规则的满分却是 4"),
    ],
)
def test_tiers_with_gaps_or_another_maximum_are_refused(edited, edit, said):
    with pytest.raises(ParamsError) as caught:
        edited("hunan-2017", edit)

    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("caps", "said"),
    [
        ([(0.8, 89), (0.7, 79)], "执行率越低，总分的上限应越低"),
        ([(0.7, 89), (0.8, 79)], "执行率越低，总分的上限应越低"),
        ([(0.7, 101)], "总分的上限超过了总分"),
    ],
)
def test_caps_rise_with_the_execution_rate(edited, caps, said):
    rows = [{"execution_below": b, "total": t, "reference": "某文"} for b, t in caps]

    with pytest.raises(ParamsError) as caught:
        edited("execution-capped", lambda data: data.update(caps=rows))

    assert said in str(caught.value)


def test_a_profile_tells_the_cap_of_an_execution_rate_on_both_sides_of_each_limit():
    profile = load_scoring(SCHEMES, "execution-capped")

    totals = {
        rate: cap.total if (cap := profile.cap_for(Fraction(rate))) else None
        for rate in ("0.4999", "0.5", "0.5999", "0.6", "0.6999", "0.7", "0.7999", "0.8", "1")
    }

    assert list(totals.values()) == [59, 69, 69, 79, 79, 89, 89, None, None]
