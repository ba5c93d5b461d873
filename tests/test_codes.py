"""Tests of TEXT-13: codes and the names beside them."""

import pytest
from evaluated import fails, findings, outcomes, saying


def test_a_code_with_the_name_it_had_in_other_years_is_told(tmp_path):
    said = "1、医疗卫生与计划生育支出（210类）行政事业单位医疗（11款）支出5万元。"
    (finding,) = [f for f in findings(saying(tmp_path, said), "TEXT-13") if f.outcome != "pass"]

    assert (finding.outcome, finding.severity) == ("fail", "warning")
    assert finding.message == (
        "文中把编码210写作“医疗卫生与计划生育支出”，2021年的科目里它是“卫生健康支出”："
        "“1、医疗卫生与计划生育支出（210类）行政事业单位……”。"
    )
    assert (finding.expected, finding.found, finding.item) == (
        "卫生健康支出", "医疗卫生与计划生育支出", "210",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "codes"),
    [
        ("2210201行政单位医疗支出5万元。", ["2210201"]),
        ("2210201 行政单位医疗。", ["2210201"]),
        ("行政单位医疗（2210201）支出5万元。", ["2210201"]),
        ("教育支出（204类）。", ["204"]),
        ("住房保障支出（221类）住房改革支出（02款）购房补贴（01项）5万元。", ["2210201"]),
        ("基本工资（30102）5万元。", ["30102"]),
    ],
)
def test_a_code_with_the_name_of_another_is_found(tmp_path, sentence, codes):
    assert fails(saying(tmp_path, sentence), "TEXT-13") == codes


@pytest.mark.parametrize(
    "sentence",
    [
        "住房保障支出（221类）住房改革支出（02款）住房公积金（01项）5万元。",
        "2210201住房公积金支出5万元。",
        "住房公积金(2210201)支出5万元。",
        "其中：用于教育支出（205类）5万元。",
        "津贴补贴（30102）5万元。",
    ],
)
def test_a_code_with_its_own_name_passes(tmp_path, sentence):
    assert outcomes(saying(tmp_path, sentence), "TEXT-13") == [("pass", "")]


@pytest.mark.parametrize(
    "sentence",
    [
        "培训30102名学员。",
        "投入22102万元。",
        "某项特别支出（205类）5万元。",
        "住房公积金（01项）5万元。",
        "联系电话2210201转办公室。",
        "2290000其他用途。",
        "教育支出（类）5万元。",
    ],
)
def test_numbers_and_names_the_list_does_not_have_claim_nothing(tmp_path, sentence):
    assert findings(saying(tmp_path, sentence), "TEXT-13") == []
