"""Tests of selfeval.indicators.directions: which way an indicator goes, and what cannot be told."""

from dataclasses import replace
from fractions import Fraction

import evaluated
import pytest
from builders import SCHEMES, write_csv
from evaluated import make_folder
from hypothesis import given
from hypothesis import strategies as st
from printed import attainment
from test_linear import LONG, REPEATED, processor_seconds

from selfeval.checks import check
from selfeval.evaluation.load import load_unit
from selfeval.indicators.directions import (
    comparison_of,
    direction_of,
    family_of,
    is_cost,
    is_level,
    shown_target,
)
from selfeval.schemes.checks import load_checks
from selfeval.schemes.form import load_form
from selfeval.schemes.loading import scheme_names
from selfeval.schemes.scoring import load_scoring
from selfeval.scoring.score import score

MOF = load_scoring(SCHEMES, "mof-2020")
PROFILES = [load_scoring(SCHEMES, name) for name in scheme_names(SCHEMES, "scoring")]
MORE_IS_FINE = [p for p in PROFILES if not (p.quantitative.over or p.quantitative.no_points)]

SAME = {
    way: texts.split("|")
    for way, texts in {
        "at_least": "≥{}|>={}|＞＝{}|> = {}|=>{}|≧{}|不低于{}|不少于 {}|大于等于{}"
        "|大于或等于{}|不得低于{}|至少{}|达到{}|{}以上|{}及以上|{}（含）以上|≥不少于{}|不低于{}以上|不低于{}（含）|培训人次不少于{}",
        "at_most": "≤{}|<={}|＜＝{}|=<{}|≦{}|不超过{}|不高于{}|小于等于{}|不得超过{}"
        "|{}以内|{}（含）以内|{}以下|控制在{}|控制在{}以内|控制在 {} 以内|≤{}以内|总额不超过{}",
        "more_than": ">{}|＞{}|大于{}|超过{}|高于 {}",
        "less_than": "<{}|＜{}|< {}|小于{}|少于{}|低于{}|不足{}",
        "equal": "={}|＝{}|═{}|等于{}",
    }.items()
}
WAYS = [(way, text) for way, texts in SAME.items() for text in texts]


def row(**values):
    return evaluated.row(**{"comparison": ""} | values)


@pytest.mark.parametrize(
    ("family", "aspect"),
    [("产出指标", "成本"), ("产出指标", "成本指标等"), ("产出", "成本控制指标"),
     ("产出指标（50分）", "经济成本"), ("成本", ""), ("成本指标（10分）", ""),
     ("项目产出", "成本 指标")],
)  # fmt: skip
def test_a_cost_is_one_however_its_levels_are_headed(family, aspect):
    levels = {"indicator_family": family, "indicator_aspect": aspect}

    assert direction_of(row(indicator_name="办公用房改造", **levels), MOF).comparison == "at_most"


@pytest.mark.parametrize(
    ("printed", "family"),
    [("产出", "output"), ("效益（30分）", "outcome"), ("项目效益", "outcome"),
     ("满意度", "satisfaction"), ("社会公众或服务对象满意度指标", "satisfaction"),
     ("满意度\n指标", "satisfaction"), ("工作任务", "")],
)  # fmt: skip
def test_a_first_level_is_known_by_how_forms_head_it(printed, family):
    assert family_of(row(indicator_family=printed)) == family


@pytest.mark.parametrize(
    ("aspect", "family", "is_one"),
    [("满意度指标", "satisfaction", True), ("服务对象满意度指标等", "satisfaction", True),
     ("社会公众或服务对象满意度指标", "outcome", True), ("数量", "output", True),
     ("社会效益", "output", False), ("数量指标", "satisfaction", False), ("", "output", False)],
)  # fmt: skip
def test_a_second_level_is_known_by_how_forms_head_it(aspect, family, is_one):
    assert is_level(aspect, MOF.checks.listed(f"aspects_of_{family}")) is is_one


@pytest.mark.parametrize(("way", "text"), WAYS)
def test_a_sign_or_word_is_read_where_it_stands(way, text):
    told = direction_of(row(target_value=text.format("20人")), MOF)

    assert (told.comparison, told.text) == (way, "20人")


COLUMN = {
    "at_least": ["≥", ">=", "=>", "≧", "不低于", "以上", "正向指标"],
    "at_most": ["≤", "=<", "≦", "不超过", "以内", "反向"],
    "more_than": ["＞"],
    "less_than": ["＜"],
    "equal": ["＝"],
    "qualitative": ["定性", "定性指标"],
}


@pytest.mark.parametrize(("way", "said"), [(way, said) for way in COLUMN for said in COLUMN[way]])
def test_the_column_of_a_form_says_it_in_signs_and_words(way, said):
    assert comparison_of(row(comparison=said), MOF) == way


def test_the_form_takes_every_word_that_says_a_direction():
    form = next(table for table in load_form(SCHEMES).tables if table.table == "indicators")
    column = next(column for column in form.columns if column.field == "comparison")

    assert {">=", "<", "不超过", "以内", "正向"} <= set(column.accepts)


@given(
    st.sampled_from(PROFILES),
    st.sampled_from(sorted(SAME)),
    st.decimals(0, 1000, places=1),
    st.decimals(0, 2000, places=1),
    st.data(),
)
def test_changing_only_the_wording_of_a_sign_never_changes_the_score(
    scoring, way, target, actual, data
):
    texts = [data.draw(st.sampled_from(SAME[way])) for _ in "12"]

    one, other = (
        attainment(row(target_value=text.format(target), actual_value=str(actual)), scoring)
        for text in texts
    )

    assert (one.points, one.share) == (other.points, other.share)


@given(
    st.sampled_from(MORE_IS_FINE),
    st.sampled_from([(way, text) for way, text in WAYS if way != "equal"]),
    st.decimals(0, 100, places=1),
    st.decimals(0, 200, places=1),
    st.decimals(0, 200, places=1),
)
def test_a_worse_actual_never_scores_more(scoring, sign, target, one, other):
    way, text = sign
    worse, better = sorted((one, other), reverse=way in {"at_most", "less_than"})
    points = [
        attainment(row(target_value=text.format(target), actual_value=str(actual)), scoring).points
        for actual in (worse, better)
    ]

    assert None in points or points[0] <= points[1]


@given(
    st.sampled_from(["more_than", "less_than"]),
    st.decimals(1, 1000, places=1),
    st.decimals(0, 2000, places=1),
)
def test_only_what_is_beyond_a_strict_sign_has_full_marks(way, target, actual):
    reached = actual > target if way == "more_than" else actual < target
    text = SAME[way][0].format(target)

    found = attainment(row(target_value=text, actual_value=str(actual)), MOF)

    assert (found.points == 10) == reached or found.rule == "IND-08"


@pytest.mark.parametrize(
    ("column", "target", "why"),
    [
        ("≥", "≤20", "年度指标值写的是“≤20”，与指标性质“≥”说的不是一个方向"),
        ("=", "不低于20", "年度指标值写的是“不低于20”，与指标性质“=”说的不是一个方向"),
        ("反向", "20人以上", "年度指标值写的是“20人以上”，与指标性质“反向”说的不是一个方向"),
        ("定性", "20人以上", "年度指标值写的是“20人以上”，指标性质却是“定性”"),
        ("", "≥20以内", "年度指标值“≥20以内”的方向看不明白"),
        ("", "20≥", "年度指标值“20≥”的方向看不明白"),
        ("", "从未低于20", "年度指标值“从未低于20”的方向看不明白"),
        ("", "》=20", "年度指标值“》=20”的方向看不明白"),
        (
            "低优",
            "20",
            "年度指标值“20”没有写方向，指标性质“低优”也看不出方向，按“≥”和按“≤”得分不同",
        ),
    ],
)
def test_a_direction_that_cannot_be_told_has_no_points_and_says_why(column, target, why):
    found = attainment(row(comparison=column, target_value=target, actual_value="25"), MOF)

    assert (found.points, found.rule, found.basis) == (None, "IND-07", why)
    assert found.remedy.startswith("请")


@pytest.mark.parametrize(
    ("column", "target", "way"),
    [
        ("≤", "<20", "less_than"),
        ("≥", "超过20", "more_than"),
        ("=", "达到20", "equal"),
        ("≤", "达到20", "at_most"),
        ("正向", "=20", "equal"),
        ("低优", "≤20", "at_most"),
        ("定性", "培训人次不少于20", "qualitative"),
    ],
)
def test_two_places_that_agree_are_one_direction(column, target, way):
    assert comparison_of(row(comparison=column, target_value=target), MOF) == way


@pytest.mark.parametrize("target", [
    "有效提升", "达到国家标准", "不低于上年水平", "开展不低于5次的宣传活动", "最低生活保障标准提高",
])  # fmt: skip
def test_words_that_speak_of_more_than_a_number_are_qualitative(target):
    assert comparison_of(row(target_value=target), MOF) == "qualitative"


@pytest.mark.parametrize("column", ["", "—", "/", "定量", "定量指标"])
def test_a_column_that_says_no_direction_leaves_it_to_the_target(column):
    signed, bare = (row(comparison=column, target_value=target) for target in ("≤20", "20"))

    assert (comparison_of(signed, MOF), comparison_of(bare, MOF)) == ("at_most", "at_least")


@pytest.mark.parametrize(
    ("name", "aspect", "family", "unit", "way"),
    [
        ("培训人次", "数量指标", "产出指标", "人次", "at_least"),
        ("问题整改完成率", "质量指标", "产出指标", "%", "at_least"),
        ("失业人员培训人数", "数量指标", "产出指标", "人", "at_least"),
        ("查处违规次数", "数量指标", "产出指标", "次", "at_least"),
        ("审结案件数", "数量指标", "产出指标", "件", "at_least"),
        ("空气质量优良天数比例", "生态效益指标", "效益指标", "%", "at_least"),
        ("污水达标排放率", "生态效益指标", "效益指标", "%", "at_least"),
        ("带动就业人数", "社会效益指标", "效益指标", "人", "at_least"),
        ("群众满意度", "服务对象满意度指标", "满意度指标", "%", "at_least"),
        ("场均成本", "经济成本指标", "成本指标", "万元", "at_most"),
        ("维修单价", "成本指标", "产出指标", "万元", "at_most"),
        ("设备采购支出额", "数量指标", "产出指标", "万元", "at_most"),
        ("采购成本节约率", "成本指标", "产出指标", "%", "at_least"),
        ("预算执行率", "成本指标", "产出指标", "%", ""),
        ("企业办公费用", "经济效益指标", "效益指标", "万元", ""),
        ("审批用时", "时效指标", "产出指标", "小时", ""),
        ("竣工验收期限", "时效指标", "产出指标", "", ""),
        ("服务投诉率", "质量指标", "产出指标", "%", ""),
        ("火灾死亡人数", "社会效益指标", "效益指标", "人", ""),
        ("三公经费变动率", "预算配置", "投入指标", "%", ""),
    ],
)
def test_a_number_without_a_sign_is_read_where_every_reader_reads_the_same(
    name, aspect, family, unit, way
):
    told = row(indicator_name=name, indicator_aspect=aspect, indicator_family=family,
               measure_unit=unit)  # fmt: skip

    assert comparison_of(told, MOF) == way


def test_what_earns_the_same_either_way_is_scored():
    told = row(indicator_name="办理时限", target_value="10", measure_unit="天")

    same, other = (attainment(replace(told, actual_value=actual), MOF) for actual in ("10", "9"))

    assert (same.points, other.points) == (Fraction(10), None)


@pytest.mark.parametrize(
    ("column", "target", "unit", "shown"),
    [
        ("≥", "120", "场", "≥120场"),
        ("≥", "不少于120", "场", "不少于120场"),
        ("≤", "48万元以内", "万元", "48万元以内"),
        ("≤", "48以内", "万元", "48万元以内"),
        ("", "＜0.40", "万元/场", "<0.40万元/场"),
        ("≥", "≥98%", "%", "≥98%"),
        (">=", "98", "%", "≥98%"),
        ("=", "达到100", "%", "=100%"),
        ("定性", "各分馆通过考核", "", "各分馆通过考核"),
    ],
)
def test_a_target_is_printed_with_its_sign_and_its_unit_once(column, target, unit, shown):
    told = row(comparison=column, target_value=target, measure_unit=unit)

    assert shown_target(told, MOF) == shown


def test_a_cost_is_one_by_its_first_or_second_level_or_its_name():
    plain = row(indicator_name="培训", indicator_aspect="数量指标")

    assert not is_cost(plain, MOF)
    assert is_cost(replace(plain, indicator_family="成本指标"), MOF)
    assert is_cost(replace(plain, indicator_aspect="成本指标"), MOF)
    assert is_cost(replace(plain, indicator_name="培训费用（万元）"), MOF)


def test_every_word_of_a_direction_says_one_thing_only():
    words = load_checks(SCHEMES).words
    said = [
        word
        for name, listed in words.items()
        if name.startswith(("direction_at", "direction_more", "direction_less", "direction_eq"))
        for word in listed.words
    ]

    assert len(said) == len(set(said))


PUBLISHED = """
2021年度部门整体支出绩效自评表
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分
产出指标|数量指标|培训人次|≥20|18|10|9
|成本指标|场均成本|＜0.40|0.50|10|10
||维修总费用|48万元|60万元|10|10
|时效指标|审批用时|10天|12天|10|10
"""


def published(tmp_path, form):
    """Put a drawn form in place of a unit's own tables and return its scored indicators."""
    folder = make_folder(tmp_path)
    for old in folder.glob("*.csv"):
        old.unlink()
    lines = [line.split("|") for line in form.strip().splitlines()]
    width = max(map(len, lines))
    write_csv(folder / "自评.csv", [line + [""] * (width - len(line)) for line in lines])
    return score(check(load_unit(folder))).final_score.own


def test_a_published_table_without_a_column_of_signs_is_read_by_its_targets(tmp_path):
    rows = published(tmp_path, PUBLISHED)

    assert [row.points for row in rows] == [9, 8, 8, None]
    assert [row.target for row in rows] == ["≥20", "<0.40", "≤48万元", "10天"]


HEADED = """
2021年度部门整体支出绩效自评表
一级指标|二级指标|三级指标|{head}|年度指标值|实际完成值|分值|得分
产出指标|数量指标|会议次数|＜|20|18|10|9
"""


@pytest.mark.parametrize("head", ["指标性质", "指标方向"])
def test_a_sign_in_the_column_of_a_published_table_is_not_lost(tmp_path, head):
    rows = published(tmp_path, HEADED.format(head=head))

    assert [(row.target, row.points) for row in rows] == [("<20", 10)]


def test_a_long_hostile_target_costs_what_its_length_does():
    with processor_seconds(5):
        for piece in [*REPEATED, "不低于", "≥", "≥ ", "以上", "(含)", "达"]:
            said = piece * (LONG // len(piece))
            attainment(row(target_value=said, actual_value=said, indicator_name=said), MOF)
