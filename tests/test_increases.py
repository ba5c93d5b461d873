"""Tests of TEXT-08: increases in the text, recomputed."""

import pytest
from evaluated import ended, fails, findings, saying


def test_a_rate_that_does_not_follow_from_the_amounts_beside_it_is_told(tmp_path):
    said = "2020年执行数为80.50万元，2021年预算安排70万元，比2020年执行数减少3.10%，因为A。"
    (finding,) = findings(saying(tmp_path, said), "TEXT-08")

    assert (finding.outcome, finding.severity) == ("fail", "error")
    assert finding.message == (
        "文中写“比2020年执行数减少3.10%”，而按文中80.50万元、70万元计算为减少13.04%："
        "“2020年执行数为80.50万元，2021年预算安排70万元，比2020年执行数减少3.10%，因为A”。请核实。"
    )
    assert (finding.expected, finding.item) == ("减少13.04%", "比2020年执行数减少3.10%")
    assert [str(place) for place in finding.places] == ["T001 › narrative.md › 第 13 行"]


@pytest.mark.parametrize(
    "sentence",
    [
        "2020年执行数80.50万元，2021年安排70.00万元，比2020年执行数增加13.04%，因为A。",
        "收入792.22万元，同比增加189.25万元，增长13.39%，因为A。",
        "收入合计792.22万元。与2020年度相比，收入合计增加189.25万元，增长13.39%，因为A。",
        "支出57.00万元，较上年60.00万元减少3.00万元，下降15%，因为A。",
        "支出57.00万元，较上年60.00万元减少13.00万元，因为A。",
        "支出57.00万元，较上年60.00万元增加，因为A。",
        "支出57.00万元，与上年60.00万元持平。",
        "支出142.80万元，占基本支出的30%，比2020年度减少13.52万元，下降18.65%，因为A。",
        "人员经费支出比上年增长7.22%，因为A。",
        "人员经费支出比上年减少15.50万元，因为A。",
        "人员经费支出比上年减少，因为A。",
        "与上年相比，人员经费支出增长7.22%，因为A。",
        "人员经费支出与上年持平。",
        "窗口服务专项支出超出年初预算4.20万元（18.40%），因为A。",
        "窗口服务专项支出比年初预算增加14.20万元，因为A。",
        "支出1.00万元，较预算数2.00万元减少1.00万元，下降60%，因为A。",
        "支出1.00万元，较预算数2.00万元增加1.00万元，增长50%，因为A。",
    ],
)
def test_a_change_that_contradicts_the_amounts_it_is_of_is_found(tmp_path, sentence):
    assert len(fails(saying(tmp_path, sentence), "TEXT-08")) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "2020年执行数80.50万元，2021年安排70.00万元，比2020年执行数减少13.04%，因为A。",
        "收入792.22万元，同比增加189.25万元，增长31.39%，因为A。",
        "收入792.22万元。同比上年度增加189.25万元，增加31.39%，因为A。",
        "与2020年度相比，收入总计792.22万元，因为A。",
        "支出57.00万元，较上年60.00万元减少3.00万元（5%），因为A。",
        "支出57.00万元，比上年减少3.00万元，下降（增长）5%，因为A。",
        "甲支出20.00万元、乙支出40.00万元，比上年增加20.00万元，增长50%，因为A。",
        "人员经费支出比上年增长17.22%，因为A。",
        "人员经费支出比上年增加15.50万元，增长17.22%，因为A。",
        "窗口服务专项支出超出年初预算4.20万元（8.40%），因为A。",
        "窗口服务专项支出低于年初预算4.20万元，因为A。",
        "支出1.00万元，较预算数2.00万元减少1.00万元，下降50%，因为A。",
    ],
)
def test_a_change_that_follows_from_the_amounts_is_no_finding(tmp_path, sentence):
    assert set(ended(saying(tmp_path, sentence), "TEXT-08")) <= {"pass"}


@pytest.mark.parametrize(
    "sentence",
    [
        "支出57.00万元，比上年下降约15%，因为A。",
        "支出57.00万元，比上年下降15%以上，因为A。",
        "全年接待100批次，投入57.00万元，比上年增加10批次，增长90%。",
        "收入、支出分别为90.00万元和80.00万元，比上年增加10.00万元，增长90%，因为A。",
        "上半年人员经费支出比上年同期增长90%，因为A。",
        "人员经费支出比2019年增长90%，因为A。",
        "人员经费预算比上年增长90%，因为A。",
        "人员经费支出比上年提高2个百分点。",
        "人员经费支出进度比上年提高2%。",
        "甲支出{{文献购置.调整后预算数}}，比上年增加3.00万元，增长90%，因为A。",
        "总投资500.00万元，比上年增加3.00万元，增长90%，因为A。",
        "支出57.00万元，比上年增加3.00万元，占全年的90%，因为A。",
        "甲项目上年支出60.00万元，乙项目支出30.00万元，比上年减少5%，因为A。",
    ],
)
def test_a_change_of_no_certain_amounts_claims_nothing(tmp_path, sentence):
    assert findings(saying(tmp_path, sentence), "TEXT-08") == []


@pytest.mark.parametrize(
    ("sentence", "outcome"),
    [
        ("文献支出比上年增长100%，因为A。", ["fail"]),
        ("支出5.00万元，较上年0.00万元增加5.00万元，增长100%，因为A。", ["fail"]),
        ("文献支出比上年增加7.00万元，因为A。", ["pass"]),
    ],
)
def test_a_rate_of_increase_over_nothing_is_found(tmp_path, sentence, outcome):
    evaluation = saying(tmp_path, sentence)

    assert ended(evaluation, "TEXT-08") == outcome
    assert ("比较的基数为零" in findings(evaluation, "TEXT-08")[0].message) == (outcome == ["fail"])


def test_a_change_from_a_year_the_tables_lack_cannot_be_computed(tmp_path):
    (finding,) = findings(saying(tmp_path, "公用经费支出比上年减少5%，因为A。"), "TEXT-08")

    assert (finding.outcome, finding.severity) == ("not_computable", "info")
    assert "公用经费的上年决算数未提供，无法核对" in finding.message


def test_a_rate_within_what_the_amounts_were_rounded_by_is_rounding(tmp_path):
    said = "2020年执行数0.50万元，2021年安排0.62万元，比2020年执行数增加22.22%，因为A。"
    (finding,) = findings(saying(tmp_path, said), "TEXT-08")

    assert finding.outcome == "rounding"
    assert "计算为增加24.00%，相差在四舍五入的范围之内" in finding.message


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("支出增加5.00万元，增长13.95。", ["增长13.95"]),
        ("支出增加5.00万元，增长13.95，因为A。", ["增长13.95"]),
        ("收支各减少67.86,70.97万元。", []),
        ("版本升级增加2.0功能。", []),
    ],
)
def test_a_rate_that_lost_its_percent_sign_is_found(tmp_path, sentence, found):
    assert fails(saying(tmp_path, sentence), "TEXT-08") == found
