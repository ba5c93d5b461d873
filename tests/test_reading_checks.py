"""Tests of READ-01 to READ-06, SAME-01, CODE-01 and CODE-02: what was read of official tables."""

import re
from random import Random

import pytest
import yaml
from builders import make_folder, sheet_of, write_csv, write_xlsx
from openpyxl import load_workbook
from reconciled import a_unit, case_of, cells, grid_of, outcomes, told, unreconciled
from table_sets import Plan, budgets, final_accounts

from selfeval.checks import check
from selfeval.evaluation.load import load_unit
from selfeval.page.appendix import coverage, coverage_rows
from selfeval.page.internal import internal_overview, unchecked
from selfeval.page.public import outline_section


@pytest.fixture(scope="module")
def unit(tmp_path_factory):
    """A unit of 2021 whose tables each test draws itself."""
    return a_unit(tmp_path_factory.mktemp("单位"))


def checked(tmp_path, settings=None, **files):
    """Return a unit's folder of workbooks, evaluated; a file's name to its sheets."""
    folder = make_folder(tmp_path, **(settings or {}))
    for name, sheets in files.items():
        write_xlsx(folder / f"{name}.xlsx", **sheets)
    return check(load_unit(folder))


def of_rule(evaluation, code):
    return [f for f in evaluation.all_findings if f.code == code]


PROCUREMENT = """
    政府采购情况表
    单位：万元
    项目 | 金额
    合计 | {total}
    货物 | {goods}
    工程 | {works}
    服务 |
"""
SMALL = [
    ["政府采购情况表"],
    ["单位：万元"],
    ["项目", "金额"],
    ["合计", 3],
    ["货物", 1],
    ["服务", 2],
]


# --- READ ------------------------------------------------------------------------------------


def test_a_sheet_with_numbers_beside_official_tables_that_is_none_is_told(tmp_path):
    sheets = {"采购": SMALL, "草稿": [["甲", 1], ["乙", 2]], "封面": [["某局"]]}
    (finding,) = of_rule(checked(tmp_path, 决算=sheets), "READ-01")

    assert (finding.outcome, finding.severity, finding.item) == ("fail", "error", "草稿")
    assert "里面的数没有读取，也没有核对" in finding.message
    assert [str(place) for place in finding.places] == ["决算.xlsx › 草稿"]


def test_numbers_that_were_not_understood_are_told_together_with_each_cell(tmp_path):
    odd = [*SMALL[:4], ["货物", "约3"], ["服务", "约4"], ["工程", "1万项"]]
    read = of_rule(checked(tmp_path, 决算={"采购": odd}), "READ-02")

    assert [(f.outcome, f.severity) for f in read] == [("fail", "error")] * len(read)
    assert "“约3”、“约4”、“1万项”没有读懂" in "".join(f.message for f in read)
    assert [p.cell for f in read for p in f.places] == ["B5", "B6", "B7"]


def test_what_is_hidden_in_official_tables_is_told_and_read_all_the_same(tmp_path):
    folder = make_folder(tmp_path)
    path = write_xlsx(folder / "决算.xlsx", 采购=SMALL)
    book = load_workbook(path)
    book["采购"].row_dimensions[5].hidden = True
    book.save(path)
    evaluation = check(load_unit(folder))
    (finding,) = of_rule(evaluation, "READ-03")

    assert finding.message.startswith("隐藏的第 5 行里有内容，已照常读取")
    assert [f.outcome for f in of_rule(evaluation, "I16")] == ["pass"]


def test_a_table_of_which_nothing_is_compared_is_told_and_one_compared_number_is_enough(unit):
    def left(total, goods):
        text = PROCUREMENT.format(total=total, goods=goods, works="")
        return unreconciled(case_of(unit, text))

    assert left(3, "") == ["政府采购情况表"]  # set against nothing but blanks
    assert left(3, 3) == []
    assert left(3, 4) == []
    assert left("", "") == []


def test_a_table_is_not_reconciled_by_the_check_of_its_codes(unit):
    codes = """
        2021年一般公共预算财政拨款项目支出决算表
        单位：万元
        功能分类科目编码 | 科目名称 | 决算数
        2010301 | 行政运行 | 5
    """
    case = case_of(unit, codes)

    assert outcomes(case, "CODE-02") == [("pass", "科目编码与名称：1处相符。")]
    assert unreconciled(case) == ["一般公共预算财政拨款项目支出决算表"]


def test_a_table_is_not_reconciled_by_a_correction_of_it(tmp_path):
    folder = make_folder(tmp_path)
    write_xlsx(folder / "决算.xlsx", 采购=SMALL[:4])
    mend = {"file": "决算.xlsx", "sheet": "采购", "cell": "B4", "expect": "3", "correct": "4",
            "reason": "写错了", "status": "open"}  # fmt: skip
    text = yaml.safe_dump({"corrections": [mend]}, allow_unicode=True)
    (folder / "corrections.yaml").write_text(text, encoding="utf-8")
    found = check(load_unit(folder)).all_findings

    assert [f.item for f in found if f.code == "READ-06"] == ["政府采购情况表"]


def test_the_numbers_of_a_table_that_says_not_what_it_is_of_are_counted(unit):
    sheet = """
        单位：万元
        科目编码 | 科目名称 | 金额
        2010301 | 行政运行 | 5
    """
    case = case_of(
        unit, sheet, "    公开05表" + sheet.replace("5", "6"), "2021年某某情况表" + sheet
    )

    assert unreconciled(case) == []
    assert [m for _, m in outcomes(case, "READ-11")] == [
        f"{name}：从表名看不出是哪类资金、预算还是决算。它的1个数只在本表之内核对，"
        "没有计入任何一类资金，也没有用在报告里。"
        for name in ("没有标题的支出表", "没有标题的支出表（公开05表）", "2021年某某情况表")
    ]


def words_of(html):
    """Return what a page says, without its tags."""
    return re.sub("<[^>]+>", "", html)


def test_what_is_read_in_the_review_edition_is_what_is_checked_and_what_is_not(tmp_path):
    sheets = final_accounts(Plan(Random(1))) | {"采购": [*SMALL[:3], ["货物", 1]]}
    evaluation = checked(tmp_path, 决算=sheets)
    amounts = evaluation.tables.amounts
    rows = coverage_rows(evaluation)
    html = words_of(unchecked(evaluation).html)

    covered = coverage(evaluation)
    read, used = covered.read, covered.used
    assert read == sum(amount.fen is not None for amount in amounts)
    assert sum(row.read + row.blank + row.dash for row in rows) == len(amounts)
    assert [row.unused for row in rows if row.table == "final_procurement"] == [1]
    assert f"读到数额{read}个，其中{used}个参与了至少一项核对；没有参与任何核对的共1个。" in html
    # All of the nine tables' numbers stand in some identity.
    assert covered.unused == 1


def test_a_number_that_was_not_understood_counts_as_not_checked(tmp_path):
    sheets = {"采购": [["2021年政府采购情况表"], *SMALL[1:3], ["货物", "约3"], ["", "", 7]]}
    evaluation = checked(tmp_path, 决算=sheets)

    (row,) = coverage_rows(evaluation)

    assert (row.table, row.read, row.unread, row.unused) == ("final_procurement", 0, 2, 2)
    assert "未参与2个（含没有读懂的2个）。" in words_of(internal_overview(evaluation).html)
    assert "没有参与任何核对的共2个（含没有读懂的2个）。" in words_of(unchecked(evaluation).html)


# --- SAME-01 ---------------------------------------------------------------------------------


def form_of(folder, amount, unit="万元", item="支出合计", phase="executed"):
    rows = [{"item": item, phase: amount}]
    write_csv(folder / "三公采购结转.csv", sheet_of("other", rows, unit))


@pytest.mark.parametrize(
    ("amount", "unit", "outcome"),
    [
        (80, "万元", "pass"),
        (800000, "元", "pass"),
        (80.01, "万元", "rounding"),
        (80.02, "万元", "fail"),
        # A number to the 分 is not rounded: only the 万元 beside it are.
        ("800050.00", "元", "rounding"),
        ("800050.01", "元", "fail"),
    ],
)
def test_the_forms_number_and_the_tables_differ_by_no_more_than_rounding(
    tmp_path, amount, unit, outcome
):
    sheet = [["支出决算表"], ["单位：万元"],
             ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"],
             ["合计", "", 80, 50, 30]]  # fmt: skip
    folder = make_folder(tmp_path)
    write_xlsx(folder / "2021年决算.xlsx", 支出=sheet)
    form_of(folder, amount, unit)
    (finding,) = of_rule(check(load_unit(folder)), "SAME-01")

    assert finding.outcome == outcome
    assert len(finding.places) == 2
    assert (finding.expected, finding.found) == ("", "")


def test_what_an_identity_compares_is_not_compared_again(unit):
    sheets = final_accounts(Plan(Random(1)))
    sheets["支出"][4] = [*sheets["支出"][4]]
    sheets["支出"][4][2] = "99999.00"
    case = case_of(unit, *[grid_of(name, rows) for name, rows in sheets.items()])

    assert "fail" in {outcome for outcome, _ in outcomes(case, "I4")}
    assert outcomes(case, "SAME-01") == []


BASE = """
    部门整体支出绩效评价基础数据表
    单位：万元
    经费控制情况 | 2020年决算数 | 2021年预算数 | 2021年决算数
    三公经费 | 5 | 6 | {public}
    1、公务用车购置和维护经费 | 5 | 6 | {public}
    其中：公车购置 | | |
    公车运行维护 | 5 | 6 | {public}
    2、出国经费 | | |
    3、公务接待 | | |
"""
PUBLIC = """
    财政拨款“三公”经费支出决算表
    单位：万元
    合计 | 因公出国（境）费 | 公务用车购置及运行维护费 | | | 公务接待费
    | | 小计 | 公务用车购置费 | 公务用车运行维护费 |
    7 | | 7 | | 7 |
"""


@pytest.mark.parametrize(("public", "outcome"), [(7, "pass"), (7.01, "rounding"), (8, "fail")])
def test_one_quantity_of_two_tables_is_compared_where_no_identity_does(unit, public, outcome):
    case = case_of(unit, BASE.format(public=public), PUBLIC)
    found = {f.item: f for f in told(case, "SAME-01")}

    assert {f.outcome for f in found.values()} == {outcome}
    assert set(found) == {
        "“三公”经费全年执行数", "公务用车购置及运行维护费全年执行数",
        "公务用车运行维护费全年执行数",
    }  # fmt: skip
    assert cells(found["“三公”经费全年执行数"]) == ["表2!A5", "表1!D4"]


def test_numbers_of_different_funds_are_not_compared(unit):
    sheets = final_accounts(Plan(Random(1)))  # general, government funds and its own money
    case = case_of(unit, *[grid_of(name, rows) for name, rows in sheets.items()])

    assert sheets["支出"][4][3] == sheets["一般"][4][3]
    assert outcomes(case, "SAME-01") == []


def test_a_table_read_twice_is_compared_once_for_each_way_it_ends(unit):
    sheets = budgets(Plan(Random(1)))
    again = {name: [list(row) for row in rows] for name, rows in sheets.items()}
    again["支出"][4][2] = again["支出"][4][3] = "1.00"
    both = [grid_of(name, rows, "甲.xlsx") for name, rows in sheets.items()]
    both += [grid_of(name, rows, "乙.xlsx") for name, rows in again.items()]
    fails = [f for f in told(case_of(unit, *both), "SAME-01") if f.outcome == "fail"]

    assert len(fails) == 1
    assert fails[0].message.startswith("支出预算总表里同一个数读到两次：合计（")
    assert fails[0].message.endswith("）等2个数不同。")
    assert len(fails[0].places) == 4


# --- CODE ------------------------------------------------------------------------------------

CODED = """
    {title}
    单位：万元
    科目编码 | 科目名称 | 本年支出合计 | 基本支出 | 项目支出
    {code} | {name} | 5 | 5 |
"""
BASIC = """
    一般公共预算财政拨款基本支出决算表
    单位：万元
    科目编码 | 科目名称 | 决算数
    {code} | {name} | 5
"""


@pytest.mark.parametrize(
    ("code", "name", "found"),
    [
        ("30201", "办公费", [("pass", "科目编码与名称：1处相符。")]),
        ("30201", "印刷费", [
            ("fail", "一般公共预算财政拨款基本支出决算表的“30201 印刷费”："
                     "2021年编码30201的名称是“办公费”。"),
        ]),
        ("30210", "车辆运行费", [
            ("fail", "一般公共预算财政拨款基本支出决算表的“30210 车辆运行费”："
                     "2021年的科目里没有编码30210。"),
        ]),
        ("31098", "不知道的款", []),
    ],
)  # fmt: skip
def test_codes_and_their_names_are_those_of_the_year(unit, code, name, found):
    case = case_of(unit, BASIC.format(code=code, name=name))

    assert outcomes(case, "CODE-01", "CODE-02") == found
    # The row is named, not its amount: the amount was not checked.
    assert {cell for f in told(case, "CODE-01", "CODE-02") for cell in cells(f)} <= {"表1!第 4 行"}


def test_a_code_is_asked_of_the_year_of_its_own_table(unit):
    old = {"code": "2080504", "name": "未归口管理的行政单位离退休"}
    case = case_of(
        unit,
        CODED.format(title="2017年度支出决算表", **old),
        CODED.format(title="2021年度支出决算表", code="2080501", name="行政单位离退休"),
    )

    assert outcomes(case, "CODE-01", "CODE-02") == [("pass", "科目编码与名称：2处相符。")]


# --- READ-10 ---------------------------------------------------------------------------------

ACCOUNTS_OF_THREE = [
    ["2021年财政拨款“三公”经费支出决算表"],
    ["单位：万元"],
    ["项目", "预算数", "决算数"],
    ["“三公”经费合计", 12, 10],
    ["公务接待费", 12, 10],
]
BUDGET_OF_THREE = [
    ["2021年一般公共预算“三公”经费支出预算表"],
    ["单位：万元"],
    ["项目", "预算数"],
    ["“三公”经费合计", 12],
    ["公务接待费", 12],
]


def other_amounts(evaluation):
    """Return the rows of the table below the spending, without their tags."""
    html = outline_section(evaluation, "spending").html.rpartition("<tbody>")[2]
    return [re.sub("<[^>]+>", " ", row).split() for row in html.split("<tr")[1:]]


def test_a_budget_of_unknown_kind_is_shown_with_a_note_and_told(tmp_path):
    evaluation = checked(tmp_path, 决算={"三公": ACCOUNTS_OF_THREE})
    told = {f.code: f for f in evaluation.all_findings if f.code in ("READ-10", "MISS-01")}

    assert told["READ-10"].message == (
        "财政拨款“三公”经费支出决算表的“预算数”（12.00万元等2个数）没有注明是年初预算数还是调整后的全年预算数，"
        "报告列为“预算数（口径未注明）”，不据以计算完成率和执行率。"
    )
    assert told["MISS-01"].outcome == "pass"
    assert evaluation.quantities["three_public_expenses.execution_rate"].value is None
    rows = other_amounts(evaluation)
    assert [r[2:] for r in rows if "“三公”经费" in r[1]] == [
        ["12.00", "预算数（口径未注明）", "10.00", "—"]
    ]


def test_a_kind_of_budget_is_said_once_for_an_amount_and_its_parts(tmp_path):
    evaluation = checked(tmp_path, 决算={"三公": ACCOUNTS_OF_THREE})

    (row,) = [r for r in other_amounts(evaluation) if "公务接待费" in r[1]]
    assert row[2:5] == ["12.00", "10.00", "—"]


def test_a_budget_of_unknown_kind_is_no_matter_where_the_budget_itself_is_there(tmp_path):
    evaluation = checked(tmp_path, 决算={"三公": ACCOUNTS_OF_THREE}, 预算={"三公": BUDGET_OF_THREE})

    assert not [f for f in evaluation.all_findings if f.code == "READ-10"]
    assert "口径未注明" not in str(other_amounts(evaluation))


def test_an_adjusted_budget_stands_in_a_column_of_its_own(tmp_path):
    sheet = [*ACCOUNTS_OF_THREE, ["注：预算数为“三公”经费全年预算数。"]]
    evaluation = checked(tmp_path, 决算={"三公": sheet})

    assert not [f for f in evaluation.all_findings if f.code == "READ-10"]
    head = outline_section(evaluation, "spending").html.rpartition("<thead>")[2]
    heads = re.findall(r"<th scope=\"col\" class=num>([^<]+)</th>", head)
    assert heads == ["调整后", "全年支出", "比上年"]
    assert ["12.00", "10.00", "—"] in [row[2:5] for row in other_amounts(evaluation)]
