"""Tests of MISS-01 to MISS-08, SECT-01 and SECT-02: what a report must have."""

from random import Random

import pytest
from builders import LAYOUTS, NARRATIVE, make_folder, make_unit, write_xlsx
from evaluated import (
    COMPLETE,
    OTHER,
    SIGNED,
    evaluate,
    fails,
    findings,
    line,
    measure,
    outcomes,
    sample,
    text,
)
from openpyxl import load_workbook
from table_sets import Plan, final_accounts

from selfeval.checks import check
from selfeval.evaluation.load import load_unit

FUNDS = ["政府性基金预算支出", "国有资本经营预算支出"]


@pytest.mark.parametrize(
    ("code", "item", "without"),
    [
        ("MISS-01", "“三公”经费", "“三公”经费合计"),
        ("MISS-02", "政府采购金额", "政府采购金额"),
        ("MISS-03", "年初结转和结余、年末结转和结余", "年末结转和结余"),
    ],
)
def test_a_row_that_is_left_out_is_asked_for_and_zero_or_a_dash_is_an_answer(
    tmp_path, code, item, without
):
    left_out = [row for row in OTHER if row["item"] != without]
    dashed = [*left_out, {"item": without, "initial_budget": "—", "executed": "—"}]

    assert fails(evaluate(tmp_path / "a", other=left_out), code) == [item]
    assert outcomes(evaluate(tmp_path / "b", other=OTHER), code) == [("pass", item)]
    assert outcomes(evaluate(tmp_path / "c", other=dashed), code) == [("pass", item)]


def test_a_missing_row_is_told_with_what_to_do(tmp_path):
    (finding,) = findings(evaluate(tmp_path, projects=[line("甲", "", 1)], other=[]), "MISS-01")

    assert finding.message == "“三公”经费未提供；没有发生的请填0，不适用请填“—”。"


def test_last_years_accounts_are_asked_for_where_one_of_the_two_is_missing(tmp_path):
    tables = COMPLETE | {"projects": [line("甲", "", 50)]}
    (finding,) = findings(evaluate(tmp_path / "a", **tables), "MISS-04")

    assert finding.message.startswith("项目支出上年决算数未提供")
    assert fails(evaluate(tmp_path / "b"), "MISS-04") == []


@pytest.mark.parametrize(
    ("said", "open_"),
    [
        ("全年工作按计划完成。", FUNDS),
        ("本年度无政府性基金预算支出。", FUNDS[1:]),
        ("政府性基金预算没有安排，国有资本经营预算也没有安排。", []),
        ("政府性基金安排300万元，无障碍设施完工。", FUNDS),
    ],
)
def test_a_fund_is_accounted_for_by_a_sentence_that_names_it_and_says_there_was_none(
    tmp_path, said, open_
):
    evaluation = evaluate(tmp_path, narrative=text(said), other=[])

    assert fails(evaluation, "MISS-05") == open_


@pytest.mark.parametrize(
    ("said", "open_"),
    [("本年度未安排。", FUNDS[1:]), ("安排300万元，用于无障碍设施。", FUNDS)],
)
def test_a_funds_own_section_that_speaks_of_an_amount_does_not_say_there_was_none(
    tmp_path, said, open_
):
    narrative = f"# 三、政府性基金预算支出情况\n\n{said}\n"
    evaluation = evaluate(tmp_path, narrative=narrative, settings={"outline": "hunan-ten-part"},
                          other=[])  # fmt: skip

    assert fails(evaluation, "MISS-05") == open_


def test_a_fund_with_a_number_is_accounted_for(tmp_path):
    assert fails(evaluate(tmp_path, other=OTHER), "MISS-05") == []


def test_indicators_and_self_scores_are_asked_for(tmp_path):
    bare = [row | {"self_score": ""} for row in COMPLETE["indicators"]]

    assert (
        "不可计算"
        in findings(evaluate(tmp_path / "a", other=OTHER, indicators=[]), "MISS-06")[0].message
    )
    assert fails(evaluate(tmp_path / "b", indicators=bare), "MISS-06") == ["绩效指标"]
    assert fails(evaluate(tmp_path / "c"), "MISS-06") == []


def test_who_signs_who_answers_and_when_are_asked_for(tmp_path):
    (finding,) = findings(evaluate(tmp_path / "a", settings={"contact": "甲"}), "MISS-07")

    assert (
        finding.message
        == "没有写明负责人（signatory）、报告日期（report_date）。请在 unit.yaml 里补填。"
    )
    assert fails(evaluate(tmp_path / "b", settings=SIGNED), "MISS-07") == []


def test_a_required_section_without_text_is_found_by_its_heading(tmp_path):
    narrative = NARRATIVE.replace("办理各项业务。", "")

    assert fails(evaluate(tmp_path / "a", narrative=narrative), "SECT-01") == ["主要职能"]
    assert fails(evaluate(tmp_path / "b"), "SECT-01") == []


def test_a_heading_without_text_is_told_with_its_line_and_one_that_is_not_there_as_such(tmp_path):
    empty = evaluate(tmp_path / "a", narrative=NARRATIVE.replace("办理各项业务。", ""))
    cut = NARRATIVE.replace("## （三）主要职能\n", "")
    absent = evaluate(tmp_path / "b", narrative=cut)

    (told,) = [f for f in findings(empty, "SECT-01") if f.item == "主要职能"]
    (lacking,) = [f for f in findings(absent, "SECT-01") if f.item == "主要职能"]
    assert [place.cell for place in told.places] == ["第 7 行"]
    assert lacking.message == "“主要职能”没有文字。请在 narrative.md 里写上这个标题和文字。"


def test_a_section_made_from_a_table_without_rows_is_found(tmp_path):
    nothing = {"staffing": [], "basic": [], "projects": [], "measures": []}

    assert fails(evaluate(tmp_path, other=OTHER, **nothing), "SECT-01") == [
        "人员情况", "基本支出", "项目支出", "问题与改进措施",
    ]  # fmt: skip


def test_sections_that_other_outlines_of_the_region_ask_for_are_named_with_their_source(tmp_path):
    here = {"unit_name": "望城区某局"}
    found = findings(evaluate(tmp_path / "a", settings=here), "SECT-02")
    ten = evaluate(tmp_path / "b", settings=here | {"outline": "hunan-ten-part"}, narrative="")

    assert [f.item for f in found] == [
        "部门整体支出绩效自评结果拟应用和公开情况", "部门整体支出绩效评价基础数据表",
    ]  # fmt: skip
    assert all("依据：" in f.message for f in found)
    assert findings(ten, "SECT-02") == []
    assert findings(evaluate(tmp_path / "c", settings={"unit_name": "上海市某局"}), "SECT-02") == []


# --- the tables of the form -------------------------------------------------------------------


@pytest.mark.parametrize(
    "table", ["staffing", "basic", "projects", "other", "indicators", "measures"]
)
def test_a_table_that_is_not_there_is_named_instead_of_all_that_follows_from_it(tmp_path, table):
    indicators = [row | {"project": "窗口服务专项"} for row in COMPLETE["indicators"][:1]]
    evidence = [{"indicator_name": "培训场次", "material": "签到表"}]
    measures = [measure(project="窗口服务专项")]
    tables = COMPLETE | {"indicators": indicators, "evidence": evidence, "measures": measures}
    before = {
        (f.code, f.item) for f in evaluate(tmp_path / "a", **tables).all_findings if f.is_open
    }

    without = {name: rows for name, rows in tables.items() if name != table}
    evaluation = evaluate(tmp_path / "b", **without)

    sheet = LAYOUTS[table].sheet
    found = {(f.code, f.item) for f in evaluation.all_findings if f.is_open} - before
    assert found - {("EVID-04", "")} == {("FILE-02", sheet)}
    assert f"没有“{sheet}”这张表" in findings(evaluation, "FILE-02")[0].message


def test_a_sheet_of_another_name_is_still_there_and_one_deleted_is_named_with_its_file(tmp_path):
    folder = make_unit(tmp_path, **COMPLETE)
    book = load_workbook(folder / "填报.xlsx")
    book["项目支出"].title = "改名"
    del book["绩效指标"]
    del book["佐证材料"]
    book.save(folder / "填报.xlsx")

    (finding,) = findings(check(load_unit(folder)), "FILE-02")

    assert finding.message == (
        "没有“绩效指标”这张表（绩效指标完成情况表），报告里的这一部分和用到它的核对都没有数。"
        "请放回这张表；找不到的，可以用 selfeval new 新建一份填报表，从里面复制。"
    )
    assert [place.file for place in finding.places] == ["填报.xlsx"]


def test_a_unit_of_official_tables_alone_is_not_asked_for_a_form():
    assert findings(sample("S005"), "FILE-02") == []


# --- public tables alone ---------------------------------------------------------------------


def public_tables(tmp_path, narrative=""):
    folder = make_folder(tmp_path, narrative)
    write_xlsx(folder / "决算.xlsx", **final_accounts(Plan(Random(1)), year="2021年度"))
    return check(load_unit(folder))


def test_what_only_the_form_and_the_text_can_give_is_one_line_where_there_are_none(tmp_path):
    evaluation = public_tables(tmp_path)

    own = [f.code for f in evaluation.all_findings if f.is_open and not f.code.startswith("READ")]
    assert own == ["MISS-08"]
    assert findings(evaluation, "MISS-08")[0].message == (
        "没有填报表，只核对公开表；填报表和文字里才有的内容（人员、绩效指标、问题与措施等）没有检查。"
        "要写自评报告，请用 selfeval new 新建一个单位，把它的填报.xlsx 移到本单位文件夹里填写。"
    )
    assert not evaluation.is_draft


def test_a_unit_that_writes_a_report_without_the_form_is_asked_for_its_text(tmp_path):
    narrative = NARRATIVE.replace("办理各项业务。", "")
    evaluation = public_tables(tmp_path, narrative)

    assert fails(evaluation, "SECT-01") == ["主要职能"]
    assert fails(evaluation, "MISS-01") == []
    (told,) = findings(evaluation, "MISS-08")
    assert (
        "只核对公开表和文字；填报表里才有的内容（人员、绩效指标、问题与措施等）没有检查。"
        in told.message
    )
    assert findings(evaluate(tmp_path / "b"), "MISS-08") == []


def test_a_section_on_money_that_a_table_says_there_was_not_needs_no_text(tmp_path):
    narrative = "# 一、部门（单位）基本情况\n\n## （二）机构设置\n\n内设办公室。\n"
    folder = make_folder(tmp_path, narrative, outline="hunan-ten-part")
    write_xlsx(folder / "决算.xlsx", **final_accounts(Plan(Random(1)), year="2021年度"))
    empty = set(fails(check(load_unit(folder)), "SECT-01"))

    assert "国有资本经营预算支出情况" not in empty
    assert "社会保险基金预算支出情况" in empty
