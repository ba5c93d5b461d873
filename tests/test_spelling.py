"""Tests of TEXT-15, TEXT-16 and TEXT-18: doubled words, years, half-width marks."""

import pytest
from evaluated import evaluate, fails, findings, indicator, line, measure, saying

# --- TEXT-15 ---------------------------------------------------------------------------------


def test_a_doubled_word_is_told_with_the_words_around_it(tmp_path):
    (finding,) = findings(saying(tmp_path, "经费比上年增加增加，因为A。"), "TEXT-15")

    assert (finding.outcome, finding.severity) == ("fail", "warning")
    assert finding.message == "“增加增加”重复：“经费比上年增加增加，因为A”。"
    assert str(finding.places[0]) == "T001 › narrative.md › 第 13 行"


@pytest.mark.parametrize(
    ("sentence", "doubled"),
    [
        ("服务的的质量提高。", "的的"),
        ("按期完成。。", "。。"),
        ("一是建窗口，，二是培训。", "，，"),
        ("建窗口,,二是培训。", ",,"),
        ("建窗口、、培训。", "、、"),
        ("建窗口，。培训。", "，。"),
        ("完成 增加增加。", "增加增加"),
        ("占86.12%%。", "%%"),
        ("加强队伍建设加强队伍建设。", "加强队伍建设加强队伍建设"),
        ("支出占{{基本支出.占年初预算比重}}%。", "%%"),
    ],
)
def test_doubled_words_and_marks_are_found(tmp_path, sentence, doubled):
    assert fails(saying(tmp_path, sentence), "TEXT-15") == [doubled]


@pytest.mark.parametrize(
    "sentence",
    [
        "以便民为目的的改革。",
        "增进了了解。",
        "工业增加增加值较快。",
        "一步一个脚印一步一个脚印地做。",
        "稳步推进……效果良好。",
        "服务——培训。",
        "他说：“好。”",
        "家家户户受益，方方面面支持。",
        "项目名称 金额单位 项目名称 金额单位",
        "金额为3,000,000元。",
    ],
)
def test_what_may_stand_twice_is_not_found(tmp_path, sentence):
    assert findings(saying(tmp_path, sentence), "TEXT-15") == []


FORMS = [
    "|2018年度|项目名称项目名称|年初预算|40万|全年执行数|满意度100%|",
    "2018年度支出 项目名称项目名称 年初预算 40万 全年执行数 满意度100% 得分",
    "项目名称项目名称\n2018年度支出\n经费40万\n满意度100%\n偏差原因分析\n改进措施",
    "产出指标 数量指标 项目名称项目名称 ≥90 2018年度支出 经费40万 满意度100% ≥95",
]


@pytest.mark.parametrize("form", FORMS)
def test_cells_of_a_form_pasted_into_the_text_are_not_read_as_prose(tmp_path, form):
    evaluation = saying(tmp_path, form)

    codes = ("TEXT-02", "TEXT-04", "TEXT-15", "TEXT-16")
    assert [f.message for code in codes for f in findings(evaluation, code)] == []


@pytest.mark.parametrize(
    "prose",
    [
        "2018年度支出完成较好，项目名称项目名称写了两遍，经费40万，满意度100%。",
        "（一）2018年度支出完成较好 ，\n项目名称项目名称写了两遍，经费 40 万 ，满意度 100% 。",
        "本单位全年围绕中心工作开展各项服务，\n2018年度支出，项目名称项目名称，经费40万，\n满意度100%。",
    ],
)
def test_prose_with_a_few_spaces_and_lines_is_still_read(tmp_path, prose):
    evaluation = saying(tmp_path, prose)

    for code in ("TEXT-02", "TEXT-04", "TEXT-15", "TEXT-16"):
        assert len(fails(evaluation, code)) == 1


def test_every_column_of_the_table_of_problems_is_read_for_slips(tmp_path):
    row = measure("执行慢。。", cause="人员少，，", measure="加强加强培训")
    found = fails(saying(tmp_path, measures=[row]), "TEXT-15")

    assert found == ["。。", "，，", "加强加强"]


# --- TEXT-16 ---------------------------------------------------------------------------------


def test_a_year_of_another_report_is_asked_about(tmp_path):
    (finding,) = findings(saying(tmp_path, "2018年度部门整体支出完成较好。"), "TEXT-16")

    assert (finding.outcome, finding.severity) == ("fail", "info")
    assert finding.message == (
        "本报告是2021年度的，文中写“2018年”，可能是套用往年文字："
        "“2018年度部门整体支出完成较好”。请核实。"
    )


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("2019年预算执行良好。", ["2019年"]),
        ("2020年预算执行良好。", []),
        ("2021年预算执行良好。", []),
        ("2022年预算已经编好。", []),
        ("2023年预算已经编好。", ["2023年"]),
        ("2019年，我局服务群众万余人次。", ["2019年"]),
        ("1999年度支出完成。", ["1999年"]),
        ("202年度支出完成。", ["202年度"]),
        ("20211年度支出完成。", ["20211年度"]),
    ],
)
def test_only_this_year_and_those_beside_it_are_expected(tmp_path, sentence, found):
    assert fails(saying(tmp_path, sentence), "TEXT-16") == found


@pytest.mark.parametrize(
    "sentence",
    [
        "依据《2018年度部门预算编制办法》。",
        "依据〔2018年度〕第3号。",
        "截至2018年全年累计办件。",
        "2018年单位成立。",
        "2018年，本中心建成启用。",
        "“十四五”规划到2025年全面实现。",
        "2016—2018年度结转资金。",
        "2018年采购的设备完好。",
        "设备使用100年。",
        "根据2018年部门批复实施。",
        "见附件1 2021年度报表。",
    ],
)
def test_years_of_history_plans_and_titles_are_not_asked_about(tmp_path, sentence):
    assert findings(saying(tmp_path, sentence), "TEXT-16") == []


# --- TEXT-18 ---------------------------------------------------------------------------------


def test_half_width_marks_between_chinese_characters_are_told_once(tmp_path):
    (finding,) = findings(saying(tmp_path, "建窗口,办培训;开讲座。", "人员:十人。"), "TEXT-18")

    assert (finding.outcome, finding.severity) == ("fail", "info")
    assert finding.message == "汉字之间有3处半角标点，例如“建窗口,办培训;开讲座”。"
    assert [str(place) for place in finding.places] == [
        "T001 › narrative.md › 第 13 行",
        "T001 › narrative.md › 第 15 行",
    ]


@pytest.mark.parametrize(
    "sentence", ["建窗口，办培训。", "金额3,000元。", "时间为10:30开始。", "Word,Excel两门课。"]
)
def test_marks_among_digits_and_letters_may_be_half_width(tmp_path, sentence):
    assert findings(saying(tmp_path, sentence), "TEXT-18") == []


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("项目支出绩效自评表（2019年度）", ["自评表（2019年度）"]),
        (
            "项目支出绩效自评表\n（2020年度）\n项目名称\n预算数\n执行数\n得分",
            ["自评表（2020年度）"],
        ),
        (
            "2020年度项目支出绩效自评表 | 项目名称 | 年初预算 | 全年执行数 |",
            ["2020年度项目支出绩效自评表"],
        ),
        ("项目支出绩效自评表（2021年度）", []),
        ("2020年度部门整体支出绩效自评报告已经公开。", []),
        ("参照《项目支出绩效自评表（2020年度）》。", []),
        ("纳入本部门2020年度决算编制的单位有两个。", ["纳入本部门2020年度决算"]),
        ("纳入本部门2021年度决算编制的单位有两个。", []),
        ("纳入本单位预算编制的单位有两个。", []),
    ],
)
def test_a_form_or_a_scope_of_another_year_is_stale(tmp_path, sentence, found):
    assert fails(saying(tmp_path, sentence), "TEXT-16") == found


@pytest.mark.parametrize(
    ("goal", "cause", "note", "found"),
    [
        ("2018年度支出全部完成。", "", "", ["2018年度支出全部完成"]),
        ("", "2018年度预算下达晚", "", ["2018年度预算下达晚"]),
        ("", "", "2018年度预算追加", ["2018年度预算追加"]),
        ("2021年度支出全部完成，2020年度决算公开。", "2018年度立项的预算", "2018年开工", []),
    ],
)
def test_the_forms_own_texts_are_of_the_year_too(tmp_path, goal, cause, note, found):
    evaluation = evaluate(
        tmp_path,
        settings={"annex": {"annual_goal": goal}},
        basic=[line("人员经费", 90, 100, 10, 110, 105.5, note=note)],
        indicators=[indicator(deviation_cause=cause)],
    )

    assert [f.item for f in findings(evaluation, "TEXT-16")] == found
