"""The official forms: what stands in which cell, what stays blank, how it is printed."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from fractions import Fraction
from itertools import pairwise

import pytest
from annexes import BASE, OVERALL, PROJECTS, cells, pages, part, row, sheets_of
from builders import SCHEMES, make_unit
from click.testing import CliRunner
from evaluated import (
    BASIC,
    COMPLETE,
    INDICATORS,
    LOW,
    OTHER,
    SIGNED,
    evaluate,
    indicator,
    line,
    satisfaction,
    scored,
)
from evaluated import PROJECTS as TWO_PROJECTS

from selfeval.annex import build_annexes
from selfeval.cli import cli
from selfeval.errors import ParamsError, SelfEvalError, UsageError
from selfeval.evaluation.load import load_unit
from selfeval.page.index import index_page
from selfeval.project import Project
from selfeval.run.batch import run_units
from selfeval.run.publishing import publish
from selfeval.schemes.annex_forms import form_files, load_forms
from selfeval.scoring.desk import desk_units
from selfeval.scoring.score import score
from selfeval.tables.own_form.workbook import storable
from selfeval.unit.register import find_units

A4_ROOM = (842 - 2 * 0.75 * 72) / 0.85
"""Points of rows on a page of A4, where the columns are made to fit its width."""
FORMULA_SIGNS = ["=", "+", "-", "@", "\t=", "\r=", " =", "\x01=", "＝", "＋", "－", "＠"]


def other(**amounts: list[object]) -> list[dict[str, object]]:
    """Return rows of 三公采购结转 by name, their amounts as 上年、年初、调整、调整后、执行."""
    return [line(name, *values) for name, values in amounts.items()]


# --- 附件1 基础数据表 ------------------------------------------------------------------------


def test_the_basic_data_are_headed_by_the_year_the_unit_and_the_unit_of_money(tmp_path):
    (sheet,) = pages(scored(tmp_path), BASE)

    assert cells(sheet, "A1", "A2", "A3", "E3") == [
        "附件1", "2021年度部门整体支出绩效评价基础数据表", "填报单位：测试单位", "金额单位：万元",
    ]  # fmt: skip
    assert row(sheet, 4) == ["财政供养人员情况（人）", "编制数", "2021年实际在职人数", "控制率"]
    assert row(sheet, 6) == ["经费控制情况（万元）", "2020年决算数", "2021年预算数", "2021年决算数"]


def test_each_amount_of_the_basic_data_stands_in_its_row_and_year(tmp_path):
    (sheet,) = pages(scored(tmp_path), BASE)

    table = {n: row(sheet, n) for n in (5, *range(7, 14), 16, 17, 21, 25, 26)}
    assert table == {
        5: [18, 16, 0.8889],
        7: ["“三公”经费：", 3, 3, 2],
        8: ["1、公务用车购置和维护经费", 0, 0, 0],
        9: ["其中：公车购置", 0, 0, 0],
        10: ["公车运行维护", 0, 0, 0],
        11: ["2、出国经费", 0, 0, 0],
        12: ["3、公务接待", 3, 3, 2],
        13: ["项目支出：", 68, 80, 83],
        16: ["窗口服务专项", 40, 50, 54],
        17: ["宣传培训专项", 28, 30, 29],
        21: ["公用经费", 18, 20, 18.5],
        25: ["政府采购金额", "——", 3, 2],
        26: ["部门基本支出预算调整", "——", 9],
    }
    assert cells(sheet, "F26") == [9]


def test_totals_and_rates_of_the_basic_data_are_formulas_with_their_results(tmp_path):
    (sheet,) = pages(scored(tmp_path), BASE, values=False)

    assert cells(sheet, "F5", "B7", "F7", "D8", "F13") == [
        "=ROUND(D5/B5,4)", "=B8+SUM(B11:B12)", "=F8+SUM(F11:F12)", "=SUM(D9:D10)", "=SUM(F16:F17)",
    ]  # fmt: skip


def test_a_total_that_is_not_the_sum_of_its_parts_is_the_units_own_number(tmp_path):
    tables = COMPLETE | {"other": [r | {"executed": 2.5} if "三公" in str(r["item"]) else r
                                   for r in OTHER]}  # fmt: skip
    evaluation = scored(tmp_path, **tables)

    (formulas,), (results,) = (pages(evaluation, BASE, values) for values in (False, True))

    assert cells(formulas, "D7", "F7") == ["=D8+SUM(D11:D12)", 2.5]
    assert cells(results, "D7", "F7") == [3, 2.5]


def test_a_total_is_no_formula_where_a_part_is_missing(tmp_path):
    given = other(**{"“三公”经费合计": ["", 3, "", 3, 2], "公务接待费": ["", 3, "", 3, 2]})

    (sheet,) = pages(scored(tmp_path, basic=BASIC, other=given), BASE, values=False)

    assert cells(sheet, "B7", "D7", "F7", "D12", "F12") == [None, 3, 2, 3, 2]


def test_what_a_unit_did_not_supply_stays_blank_and_is_never_zero(tmp_path):
    evaluation = scored(tmp_path, basic=[line("公用经费", "", 20, "", "", "")])

    for name in (BASE, OVERALL):
        numbers = {
            cell.coordinate: cell.value
            for sheet in pages(evaluation, name)
            for cells_ in sheet.iter_rows()
            for cell in cells_
            if isinstance(cell.value, (int, float))
        }
        assert numbers == ({"D19": 20} if name == BASE else {"G6": 10})


@pytest.mark.parametrize(
    ("typed", "held"), [("—", "——"), ("/", "——"), ("", None), ("0", 0), ("0.00", 0)]
)
def test_a_dash_a_blank_and_a_zero_stay_three_things(tmp_path, typed, held):
    given = other(政府采购金额=["", typed, "", "", 1])

    (sheet,) = pages(scored(tmp_path, basic=BASIC, other=given), BASE)

    assert cells(sheet, "A23", "D23") == ["政府采购金额", held]


@pytest.mark.parametrize(
    ("typed", "unit", "rounding", "digits"),
    [
        ("9999999999999.99", "元", "half_up", "1000000000"),
        ("0.01", "元", "half_up", "0"),
        ("531.791267", "万元", "half_up", "531.79"),
        ("0.1", "万元", "half_up", "0.1"),
        ("-1234.565", "万元", "half_up", "-1234.57"),
        ("-1234.565", "万元", "half_even", "-1234.56"),
    ],
)
def test_a_cell_holds_an_amount_as_it_is_printed(tmp_path, typed, unit, rounding, digits):
    given = {"settings": {"rounding": rounding}, "unit": unit}
    evaluation = evaluate(tmp_path, **given, basic=[line("公用经费", "", typed)])

    xml = part(build_annexes(score(evaluation))[BASE], "xl/worksheets/sheet1.xml")

    assert re.search(r'<c r="D19"[^>]*><v>([^<]+)</v>', xml)[1] == digits


# --- 附件2 部门整体支出绩效自评表 -----------------------------------------------------------------


def test_the_self_evaluation_tells_the_money_its_rate_and_the_points_for_it(tmp_path):
    evaluation = scored(tmp_path)

    (sheet,), (formulas,) = (pages(evaluation, OVERALL, values) for values in (True, False))

    assert cells(sheet, "A2", "A3", "D4") == [
        "2021年度部门整体支出绩效自评表", "金额单位：万元", "测试单位",
    ]  # fmt: skip
    assert row(sheet, 6) == [
        "年度资金总额", 200, 214, 207, 10, 0.9673, 9.67
    ]  # fmt: skip
    assert cells(formulas, "H6", "I6") == ["=ROUND(F6/E6,4)", "=ROUND(MAX(MIN(H6,1),0)*G6,2)"]
    assert cells(sheet, "F7", "F8", "F9") == [
        "按支出性质分：207.00", "其中：基本支出：124.00", "项目支出：83.00",
    ]  # fmt: skip


def test_each_indicator_has_a_row_and_the_last_row_adds_them_up(tmp_path):
    evaluation = scored(tmp_path)

    (sheet,), (formulas,) = (pages(evaluation, OVERALL, values) for values in (True, False))

    assert [row(sheet, n) for n in (15, 16, 17)] == [
        ["产出指标", "数量指标", "培训场次", "≥20场", "20场", 50, 50],
        ["效益指标", "社会效益指标", "办件量", "全部网上可办", "达成", 30, 30],
        ["满意度指标", "服务对象满意度指标", "服务对象评价", "≥90%", "95%", 10, 10],
    ]
    assert row(sheet, 18) == ["总分", 100, 99.67]
    assert cells(formulas, "G18", "H18") == ["=G6+SUM(G15:G17)", "=I6+SUM(H15:H17)"]


def test_the_total_of_the_form_is_the_score_of_the_report_though_rounded_lines_add_to_more(
    tmp_path,
):
    near = [indicator(target_value="10000", actual_value="9993.2", self_score=""),
            indicator("办件量", target_value="1000", actual_value="999.4", weight=40,
                      self_score=""),]  # fmt: skip
    evaluation = scored(tmp_path, **(COMPLETE | {"indicators": near}))

    (sheet,), (formulas,) = (pages(evaluation, OVERALL, values) for values in (True, False))

    assert cells(sheet, "I6", "H15", "H16") == [9.67, 49.97, 39.98]
    assert evaluation.final_score.total.value == Fraction(2070, 214) + Fraction("89.942")
    assert cells(sheet, "H17") == cells(formulas, "H17") == [99.61]


def test_a_capped_total_stands_beside_what_its_rows_add_up_to(tmp_path):
    evaluation = scored(tmp_path, settings={"scoring": "execution-capped"}, **LOW)

    (sheet,) = pages(evaluation, OVERALL)

    assert cells(sheet, "H18", "I18") == [
        69,
        "各项相加得95.00分，执行率低于60.00%，总分以69.00分为限",
    ]


def test_a_projects_total_is_capped_by_its_own_execution_rate(tmp_path):
    whole = [indicator(project="窗口服务专项", weight=90, self_score=90)]
    tables = LOW | {"indicators": whole, "projects": [line("窗口服务专项", 40, 50, 0, 50, 20)]}

    sheet = pages(scored(tmp_path, settings={"scoring": "execution-capped"}, **tables), PROJECTS)[0]

    assert row(sheet, 15) == [
        "总分", 100, 59, "各项相加得94.00分，执行率低于50.00%，总分以59.00分为限",
    ]  # fmt: skip


def test_the_total_of_the_form_says_which_points_wait(tmp_path):
    wrong = [line("人员经费", 90, 100, 10, 110, 105), *BASIC[1:]]

    (sheet,) = pages(scored(tmp_path, **COMPLETE | {"basic": wrong}), OVERALL)

    assert sheet["I18"].value == "其中执行率9.67分待核"


def test_the_form_of_a_project_says_which_of_its_own_points_wait(tmp_path):
    whole = [indicator(project="窗口服务专项", weight=90, self_score=90)]
    for executed, note in ((54, None), (56, "其中执行率10分待核")):
        rows = [line("窗口服务专项", 40, 50, 5, 55, executed), *TWO_PROJECTS[1:2]]
        evaluation = scored(tmp_path, projects=rows, basic=BASIC, indicators=whole)

        assert pages(evaluation, PROJECTS)[0]["I15"].value == note


def test_spending_above_the_budget_earns_no_more_than_the_weight(tmp_path):
    over = [line("支出合计", "", 100, 0, 100, 130)]

    evaluation = scored(tmp_path, other=over, indicators=INDICATORS)
    (sheet,) = pages(evaluation, OVERALL)

    assert cells(sheet, "H6", "I6", "H18") == [1.3, 10, 100]


def test_the_foot_of_the_forms_says_where_the_points_are_from(tmp_path):
    settings = {"scoring": "sichuan-2023"}
    evaluation = scored(tmp_path, settings=settings)

    (overall,), (project, *_) = (pages(evaluation, name) for name in (OVERALL, PROJECTS))

    for sheet in (overall, project):
        said = sheet.cell(sheet.max_row, 1).value
        assert said.startswith("注：")
        assert said.endswith(
            "得分按评分办法“四川（10＋90）”计算，依据见自评报告，尚未对照原文核实。"
        )


def test_an_indicator_without_points_leaves_its_score_and_the_total_blank(tmp_path):
    unknown = [indicator(actual_value="", self_score=""), *INDICATORS[1:]]

    (sheet,) = pages(scored(tmp_path, **(COMPLETE | {"indicators": unknown})), OVERALL)

    assert cells(sheet, "G15", "H15", "G18", "H18") == [50, None, 100, None]
    told = sheet.cell(sheet.max_row, 1).value
    assert told.startswith("注：没有总分：有1项不能计分：培训场次。得分按评分办法")


def test_a_missing_weight_leaves_the_total_of_weights_blank(tmp_path):
    unknown = [indicator(weight="", self_score=""), *INDICATORS[1:]]

    (sheet,) = pages(scored(tmp_path, **(COMPLETE | {"indicators": unknown})), OVERALL)

    assert cells(sheet, "G15", "H15", "G18", "H18") == [None, None, None, None]


def test_a_line_of_the_profile_stands_under_its_block_whatever_the_unit_called_it(tmp_path):
    thrift = indicator("过紧日子", comparison="定性", actual_value="达成", weight=10, self_score=10)

    (sheet,) = pages(
        scored(tmp_path, settings={"scoring": "sichuan-2025"}, indicators=[thrift, *INDICATORS]),
        OVERALL,
    )

    rows = {sheet.cell(row, 4).value: sheet.cell(row, 2).value for row in range(15, 24)}
    assert (rows["预算执行率"], rows["过紧日子"]) == ("基本运行", None)  # one frame over both
    assert rows["培训场次"] == "产出指标"


def test_the_cause_of_a_deviation_stands_beside_its_indicator(tmp_path):
    late = [
        indicator(actual_value="10", self_score=25, deviation_cause="场地维修"),
        *INDICATORS[1:],
    ]

    (sheet,) = pages(scored(tmp_path, **(COMPLETE | {"indicators": late})), OVERALL)

    assert cells(sheet, "F15", "H15", "I15", "I16") == ["10场", 25, "场地维修", None]


def test_without_indicators_the_form_keeps_the_kinds_it_asks_for(tmp_path):
    (sheet,) = pages(scored(tmp_path, basic=BASIC), OVERALL)

    assert [cells(sheet, f"B{n}", f"C{n}") for n in (15, 16, 19, 23)] == [
        ["产出指标", "数量指标"], [None, "质量指标"], ["效益指标", "经济效益指标"],
        ["满意度指标", "服务对象满意度指标"],
    ]  # fmt: skip
    assert row(sheet, 24) == ["总分"]


def test_the_forms_carry_the_units_own_words_and_signatures(tmp_path):
    said = {"annual_goal": "办件2万件", "annual_result": "办件2.1万件", "thrift_measures": "少开会",
            "preparer": "丁某", "telephone": "内线1"}  # fmt: skip
    evaluation = scored(tmp_path, settings=SIGNED | {"annex": said})

    (base,), (overall,) = (pages(evaluation, name) for name in (BASE, OVERALL))

    assert cells(overall, "B13", "F13") == ["办件2万件", "办件2.1万件"]
    assert base["B29"].value == "少开会"
    for sheet, address in ((base, "A31"), (overall, "A19")):
        assert sheet[address].value.split() == [
            "填表人：丁某", "填报日期：2022年4月20日", "联系电话：内线1", "单位负责人签字：",
        ]  # fmt: skip


# --- 项目支出绩效自评表 ------------------------------------------------------------------------


def test_each_project_has_a_sheet_with_its_money_and_its_indicators(tmp_path):
    own = [indicator(project="窗口服务专项"), *INDICATORS[1:]]
    evaluation = scored(tmp_path, **(COMPLETE | {"indicators": own}))

    sheets = pages(evaluation, PROJECTS)

    assert [s.title for s in sheets] == [
        "1 窗口服务专项", "2 宣传培训专项", "3 宣传", "4 培训",
    ]  # fmt: skip
    first = sheets[0]
    assert cells(first, "A1", "A2", "B4", "F5") == [
        "项目支出绩效自评表", "（2021年度）", "窗口服务专项", "测试单位",
    ]  # fmt: skip
    assert row(first, 7) == ["年度资金总额", 50, 55, 54, 0.9818]
    assert row(first, 14) == ["产出指标", "数量指标", "培训场次", "≥20场", "20场", 50, 50]
    assert sheets[1]["D14"].value is None


def test_a_project_is_scored_only_where_its_own_weights_make_a_whole(tmp_path):
    whole = [indicator(project="窗口服务专项", weight=90, self_score=90)]
    some = [indicator(project="窗口服务专项", weight=89, self_score=89),
            satisfaction(weight=1, self_score=1)]  # fmt: skip
    for given, last in ((whole, [100, 99.82]), (some, [])):
        tables = {"projects": TWO_PROJECTS, "basic": BASIC, "indicators": given}

        sheet = pages(scored(tmp_path, **tables), PROJECTS)[0]

        assert row(sheet, 15) == ["总分", *last]
        assert (sheet["I7"].value is None) == (last == [])


def test_a_projects_goals_are_its_own_and_its_office_may_be_the_units(tmp_path):
    own = {"project": "宣 传", "annual_goal": "印5千册", "supervisor": "某委"}
    said = {"annual_goal": "部门的", "supervisor": "某局", "projects": [own]}

    sheets = pages(scored(tmp_path, settings={"annex": said}), PROJECTS)

    assert [cells(s, "B5", "B12") for s in sheets[1:3]] == [["某局", None], ["某委", "印5千册"]]


def test_words_about_a_project_that_no_table_has_are_refused_with_the_likely_one(tmp_path):
    said = {"projects": [{"project": "窗口服务专向"}, {"project": "宣传"}, {"project": "宣传"}]}

    with pytest.raises(SelfEvalError) as refused:
        scored(tmp_path, settings={"annex": said})

    assert "附表文字（annex）里的项目“窗口服务专向”不在填报表里。是不是“窗口服务专项”？" in str(
        refused.value
    )
    assert "附表文字（annex）里的项目“宣传”写了两次。" in str(refused.value)


def test_a_unit_without_projects_has_no_form_of_projects(tmp_path):
    assert set(build_annexes(scored(tmp_path, basic=BASIC))) == {BASE, OVERALL}


@pytest.mark.parametrize("name", ["甲/乙[丙]:丁*?\\", "'引号'", "长" * 60, "😀" * 40, "甲\t乙"])
def test_a_sheet_may_bear_any_projects_name(tmp_path, name):
    (sheet,) = pages(scored(tmp_path, projects=[line(name, 1, 1, 0, 1, 1)]), PROJECTS)

    assert sheet.title.startswith("1 ")
    assert len(sheet.title.encode("utf-16-le")) <= 62
    assert sheet["B4"].value.split() == name.split()


# --- texts -----------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
def test_no_text_of_a_unit_becomes_a_formula_now_or_when_it_is_edited(tmp_path, sign):
    danger = f'{sign}HYPERLINK("http://x")'
    said = {"annual_goal": danger, "thrift_measures": danger, "supervisor": danger,
            "projects": [{"project": "窗口服务专项", "annual_goal": danger}]}  # fmt: skip
    own = [indicator(danger, deviation_cause=danger, project="窗口服务专项")]
    evaluation = scored(tmp_path, settings={"annex": said},
                        **(COMPLETE | {"indicators": own}))  # fmt: skip

    found = [
        cell
        for content in build_annexes(evaluation).values()
        for sheet in sheets_of(content, values=False)[:1]
        for cells_ in sheet.iter_rows()
        for cell in cells_
        if "HYPERLINK" in str(cell.value)
    ]

    assert len(found) >= 6
    assert {cell.data_type for cell in found} == {"s"}
    exposed = [cell for cell in found if not cell.value.startswith("H")]
    assert all(cell.quotePrefix for cell in exposed)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("甲\r\n乙\r丙", "甲\n乙\n丙"),
        ("甲\x00\x0b\ud800乙\uffff", "甲乙"),
        ("<r><t>甲</t></r>", "<r><t>甲</t></r> "),
        ("长" * 32_767, "长" * 32_767),
        ("长" * 32_768, "长" * 32_766 + "…"),
    ],
)
def test_a_text_is_kept_as_far_as_a_cell_can_hold_it(text, kept):
    assert storable(text) == kept


def test_what_looks_like_markup_is_shown_as_it_was_written(tmp_path):
    said = {"annual_goal": "<r><t>甲</t></r>", "annual_result": "_x0041_ <b>&乙</b>"}

    (sheet,) = pages(scored(tmp_path, settings={"annex": said}), OVERALL)

    assert cells(sheet, "B13", "F13") == ["<r><t>甲</t></r> ", "_x0041_ <b>&乙</b>"]


# --- how it looks ----------------------------------------------------------------------------


def test_the_bands_of_the_basic_data_are_merged_as_in_the_form(tmp_path):
    (sheet,) = pages(scored(tmp_path), BASE)

    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A1:G1", "A2:G2", "A3:D3", "E3:G3", "A4:A5", "B4:C4", "D4:E4", "F4:G4"} <= merged
    assert {"B6:C6", "D7:E7", "F26:G26", "A27:A28", "B29:G29", "A30:G30"} <= merged
    assert not any(str(area).startswith(("B27", "B28", "G28")) for area in merged)


def test_a_family_and_an_aspect_are_merged_over_the_rows_they_share(tmp_path):
    def one(name, family, aspect):
        return indicator(name, indicator_family=family, indicator_aspect=aspect, weight=18)

    rows = [
        one("甲", "产出指标", "数量指标"), one("乙", "产出指标", "数量指标"),
        one("丙", "产出指标", "质量指标"), one("丁", "效益指标", "质量指标"),
        one("戊", "效益指标", "社会效益指标"),
    ]  # fmt: skip

    (sheet,) = pages(scored(tmp_path, basic=BASIC, indicators=rows), OVERALL)

    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {area for area in merged if re.match("[BC]1[5-9]:[BC]", area)} == {
        "B15:B17", "B18:B19", "C15:C16",
    }  # fmt: skip
    assert {"A14:A19", "A5:A11", "A12:A13", "A20:F20"} <= merged


@pytest.mark.parametrize(
    ("name", "repeated"), [(BASE, "$6:$6"), (OVERALL, "$14:$14"), (PROJECTS, "$13:$13")]
)
def test_a_form_prints_on_a4_one_page_wide_centred_with_its_heading_repeated(
    tmp_path, name, repeated
):
    for sheet in pages(scored(tmp_path), name):
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "portrait")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_options.horizontalCentered
        assert sheet.print_title_rows == repeated
        assert sheet.page_margins.left == sheet.page_margins.right == 0.5


HUNAN = ["hunan-2015", "hunan-2017", "hunan-yuhua-2017", "hunan-yueyang-2018"]


@pytest.mark.parametrize("profile", HUNAN)
def test_no_frame_is_cut_where_long_rules_go_over_to_another_page(tmp_path, profile):
    own = [indicator(f"指标{n}", deviation_cause="因" * 60) for n in range(12)]
    evaluation = scored(tmp_path, settings={"scoring": profile}, basic=BASIC, indicators=own)

    (sheet,) = pages(evaluation, OVERALL)

    ends = [0, *(one.id for one in sheet.row_breaks.brk), sheet.max_row]
    assert len(ends) > 2
    for above, below in pairwise(ends):
        heights = [sheet.row_dimensions[n].height for n in range(above + 1, below + 1)]
        assert sum(heights) < A4_ROOM
    for area in sheet.merged_cells.ranges:
        assert not any(area.min_row <= end < area.max_row for end in ends), area
    last = next(cell.row for cell in sheet["A"] if cell.value == "总分")
    for end in (end for end in ends if 0 < end < last):
        assert {sheet.cell(end, column).border.bottom.style for column in range(1, 10)} == {"thin"}
        assert {sheet.cell(end + 1, column).border.top.style for column in range(1, 10)} == {"thin"}
        assert all(sheet.cell(end + 1, column).value for column in range(1, 5))


def test_amounts_show_two_decimals_and_rates_a_percentage_in_bordered_cells(tmp_path):
    (sheet,) = pages(scored(tmp_path), OVERALL)

    formats = [sheet[a].number_format for a in ("D6", "H6", "I6", "D15")]
    assert formats == ["#,##0.00", "0.00%", "0.00", "@"]
    assert {sheet[a].border.left.style for a in ("D6", "A14", "I18")} == {"thin"}
    assert [sheet[a].font.name for a in ("A2", "D14", "D15")] == ["黑体", "黑体", "宋体"]
    assert sheet["D15"].alignment.wrap_text


@pytest.mark.parametrize(
    ("letters", "lines", "size"), [(7, 1, 10.5), (35, 5, 10.5), (150, 22, 10.5), (600, 45, 5.5)]
)
def test_a_row_is_as_high_as_its_longest_text_needs_which_is_smaller_before_it_is_cut(
    tmp_path, letters, lines, size
):
    long = [indicator(deviation_cause="因" * letters), *INDICATORS[1:]]

    (sheet,) = pages(scored(tmp_path, **(COMPLETE | {"indicators": long})), OVERALL)

    assert lines * 14.5 * size / 10.5 <= sheet.row_dimensions[15].height <= 409
    assert size <= sheet["I15"].font.size <= size + 1
    assert sheet["H15"].font.size == 10.5
    assert sheet.row_dimensions[16].height < 45


@pytest.mark.parametrize(
    ("settings", "broken", "printed"),
    [
        ({}, False, None), ({"sample": True}, False, "示例"),
        ({}, True, "草稿　自评得分（其中执行率9.67分待核）"),
        ({"sample": True}, True, "示例　草稿　自评得分（其中执行率9.67分待核）"),
    ],
)  # fmt: skip
def test_every_page_says_whether_it_is_a_sample_or_a_draft_and_which_points_wait(
    tmp_path, settings, broken, printed
):
    wrong = [line("人员经费", 90, 100, 10, 110, 105), *BASIC[1:]]
    tables = COMPLETE | ({"basic": wrong} if broken else {})
    evaluation = scored(tmp_path, settings=SIGNED | settings, **tables)

    assert evaluation.is_draft == broken
    for name in (BASE, OVERALL, PROJECTS):
        assert {s.oddHeader.right.text for s in pages(evaluation, name)} == {printed}


# --- bytes and files -------------------------------------------------------------------------


def test_the_same_input_gives_the_same_bytes_without_any_clock(tmp_path):
    first = build_annexes(scored(tmp_path / "一"))
    second = build_annexes(scored(tmp_path / "二"))

    assert first == second
    for content in first.values():
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "2021-12-31T00:00:00Z" in part(content, "docProps/core.xml")


def test_the_command_writes_the_forms_and_says_where(tmp_path):
    folder = make_unit(tmp_path, **COMPLETE)

    result = CliRunner().invoke(cli, ["--project", str(tmp_path), "annex", folder.name])

    target = tmp_path / "outputs" / "2021" / "T001"
    assert result.exit_code == 0
    assert {path.name for path in target.iterdir()} == {BASE, OVERALL, PROJECTS}
    assert "T001 已生成表格 3 份" in result.output
    assert all(name in result.output for name in (BASE, OVERALL, PROJECTS))
    assert sheets_of((target / OVERALL).read_bytes())[0]["H18"].value


def test_a_unit_that_cannot_be_read_is_named_and_the_others_get_their_forms(tmp_path):
    make_unit(tmp_path, **COMPLETE)
    broken = make_unit(tmp_path, settings={"unit_code": "T000"})
    (broken / "unit.yaml").write_text("unit_code: T000", encoding="utf-8")

    result = CliRunner().invoke(cli, ["--project", str(tmp_path), "annex", "--year", "2021"])

    assert result.exit_code == 3
    assert "T000 没有生成表格" in result.output
    assert "T001 已生成表格 3 份" in result.output


def test_a_unit_that_is_refused_keeps_no_older_forms_but_what_is_not_ours(tmp_path):
    folder = make_unit(tmp_path, **COMPLETE)
    CliRunner().invoke(cli, ["--project", str(tmp_path), "annex"])
    target = tmp_path / "outputs" / "2021" / "T001"
    publish(target / "我的草稿.xlsx", b"")
    (folder / "narrative.md").write_text("# 没有的标题\n", encoding="utf-8")

    project = Project(tmp_path)
    (result,) = run_units(project, find_units(project, [], None))

    assert result.status == "refused"
    assert {path.name for path in target.iterdir()} == {"record.json", "我的草稿.xlsx"}


def test_a_unit_that_lost_its_projects_loses_their_form(tmp_path):
    make_unit(tmp_path, **COMPLETE)
    CliRunner().invoke(cli, ["--project", str(tmp_path), "annex"])
    make_unit(tmp_path, basic=BASIC)

    CliRunner().invoke(cli, ["--project", str(tmp_path), "annex"])

    target = tmp_path / "outputs" / "2021" / "T001"
    assert {path.name for path in target.iterdir()} == {BASE, OVERALL}


def test_the_index_links_the_forms_a_record_lists():
    report = dict.fromkeys(("initial_budget", "adjusted_budget", "executed", "execution_rate",
                            "initial_rate", "score"))  # fmt: skip
    report |= {"sample": False, "open": 0, "rounding": "half_up", "draft": False, "title": "甲"}
    record = {"unit_code": "T001", "unit_name": "甲", "status": "done", "report": report}

    page = index_page(2021, desk_units([record | {"annexes": [BASE, PROJECTS]}, record]))

    assert re.findall(r'href="(T001/[^"]+xlsx)">([^<]+)<', page) == [
        (f"T001/{BASE}", "附件1"),
        (f"T001/{PROJECTS}", "项目支出"),
    ]


# --- forms as data ---------------------------------------------------------------------------


def own_schemes(tmp_path):
    return shutil.copytree(SCHEMES, tmp_path / "params" / "schemes")


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("year", "names"),
    [
        (2014, []),
        (2015, [BASE]),
        (2019, [BASE]),
        (2020, [BASE, OVERALL, PROJECTS]),
        (2021, [BASE, OVERALL, PROJECTS]),
    ],
)
def test_a_form_is_in_force_from_its_date_on(year, names):
    assert sorted(form.file_name for form in load_forms(SCHEMES, year)) == sorted(names)


def test_the_wording_of_a_later_form_holds_from_its_year_on(tmp_path):
    schemes = own_schemes(tmp_path)
    newer = schemes / "annex" / "hunan-base-data-2023.yaml"
    shutil.copy(schemes / "annex" / "hunan-base-data.yaml", newer)
    edit(newer, "effective: 2015-01-01", "effective: 2023-01-01")
    edit(newer, "2、出国经费", "2、因公出国（境）费")

    for year, label in ((2022, "2、出国经费"), (2023, "2、因公出国（境）费")):
        evaluation = scored(tmp_path, settings={"fiscal_year": year})
        (sheet,) = pages(evaluation, BASE)
        assert sheet["A11"].value == label


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("sum: [purchases, running]", "sum: [purchases, no_such]", "no_such"),
        ("repeat: expenses", "repeat: nothing", "nothing"),
        ("down: staff", "down: stuff", "stuff"),
        ("file: 附件1-", "file: ../附件1-", "file"),
    ],
)
def test_a_form_that_names_what_is_not_there_is_refused_by_its_file(tmp_path, old, new, key):
    schemes = own_schemes(tmp_path)
    edit(schemes / "annex" / "hunan-base-data.yaml", old, new)

    with pytest.raises(ParamsError) as refused:
        load_forms(schemes, 2021)

    assert "annex/hunan-base-data.yaml" in str(refused.value)
    assert key in str(refused.value)
    assert BASE not in form_files(schemes)


def test_every_form_says_where_it_is_from_and_whether_that_was_verified():
    for form in load_forms(SCHEMES, 2021):
        assert form.reference
        assert isinstance(form.verified, bool)


def test_forms_are_of_an_evaluation_that_was_scored(tmp_path):
    with pytest.raises(UsageError, match="还没有检查"):
        build_annexes(load_unit(make_unit(tmp_path)))
