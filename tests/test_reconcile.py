"""Tests of the identities of official tables, I1 to I14 and I16: four outcomes, both years."""

import itertools
from fractions import Fraction
from random import Random

import pytest
from builders import amount_of, make_folder, write_xlsx
from hypothesis import given, settings
from hypothesis import strategies as st
from reconciled import (
    a_unit,
    case_of,
    cells,
    grid_of,
    outcomes,
    told,
    unreconciled,
)
from table_sets import Plan, budgets, filled, final_accounts, rounded

from selfeval.checks import check
from selfeval.checks.official.sums import Sum
from selfeval.evaluation.load import load_unit
from selfeval.sheets import Place

SETS = {"final": final_accounts, "budget": budgets}
SEEDS = st.integers(min_value=0, max_value=10**9)


@pytest.fixture(scope="module")
def unit(tmp_path_factory):
    """A unit of 2021 whose tables each test draws itself."""
    return a_unit(tmp_path_factory.mktemp("单位"))


def grids(sheets, file="表.xlsx"):
    return [grid_of(name, rows, file) for name, rows in sheets.items()]


def whole_yuan(fen):
    """Return 分 in 元, rounded to whole 元."""
    return str((fen + 50) // 100)


def number_cells(sheets):
    """Return every cell of a set that holds an amount: sheet, row, column."""
    return [
        (name, r, c)
        for name, rows in sheets.items()
        for r, row in enumerate(rows)
        for c, cell in enumerate(row)
        if "." in str(cell) and str(cell).replace(".", "").isdecimal()
    ]


LAST = "最后一行"


def at(sheets, sheet, row, column):
    """Return a cell by a text that stands in its row, and its column."""
    lines = [n for n, cells in enumerate(sheets[sheet]) if row in (*cells, LAST)]
    return sheet, lines[-1], column


def changed(sheets, place, by):
    """Return a set with one amount changed by some 万元, or by some 元 in a table of 元."""
    name, row, column = place
    kept = {sheet: [list(line) for line in rows] for sheet, rows in sheets.items()}
    kept[name][row][column] = f"{float(kept[name][row][column]) + by:.2f}"
    return kept


def address(place):
    name, row, column = place
    return f"{name}!{chr(65 + column)}{row + 1}"


# --- sets of tables that add up --------------------------------------------------------------


@pytest.mark.parametrize("kind", SETS)
@settings(max_examples=10)
@given(seed=SEEDS)
def test_a_set_of_tables_that_adds_up_passes_every_identity(unit, kind, seed):
    case = case_of(unit, *grids(SETS[kind](Plan(Random(seed)))))

    assert case.tables.reading.unread == []
    assert {finding.outcome for finding in told(case)} == {"pass"}
    assert unreconciled(case) == []


@pytest.mark.parametrize(
    ("kind", "show"), [("final", rounded), ("final", filled), ("budget", whole_yuan)]
)
@settings(max_examples=10)
@given(seed=SEEDS)
def test_amounts_rounded_one_by_one_never_fail(unit, kind, show, seed):
    plan = Plan(Random(seed), step=1, largest=10**8)
    case = case_of(unit, *grids(SETS[kind](plan, show)))

    assert "fail" not in {finding.outcome for finding in told(case)}


@pytest.mark.parametrize("kind", SETS)
@settings(max_examples=10)
@given(seed=SEEDS, data=st.data())
def test_one_changed_amount_always_fails_and_its_cell_is_named(unit, kind, seed, data):
    sheets = SETS[kind](Plan(Random(seed)))
    place = data.draw(st.sampled_from(number_cells(sheets)))
    by = data.draw(st.integers(200, 10**6)) * data.draw(st.sampled_from([1, -1]))
    case = case_of(unit, *grids(changed(sheets, place, by)))

    fails = [finding for finding in told(case) if finding.outcome == "fail"]

    assert any(address(place) in cells(finding) for finding in fails)


@pytest.mark.parametrize(
    ("rule", "kind", "place"),
    [
        ("I1", "final", ("总表", "总计", 1)),
        ("I1", "final", ("财政", "总计", 3)),
        ("I1", "budget", ("总表", "支出总计", 3)),
        ("I1", "budget", ("财政", "收入总计", 1)),
        ("I2", "final", ("总表", "使用非财政拨款结余", 1)),
        ("I2", "final", ("财政", "年初财政拨款结转和结余", 1)),
        ("I2", "budget", ("总表", "二、事业收入", 1)),
        ("I2", "budget", ("财政", "一般公共预算", 1)),
        ("I3", "final", ("总表", "结余分配", 3)),
        ("I3", "final", ("财政", "年末财政拨款结转和结余", 3)),
        ("I3", "budget", ("总表", "农林水支出", 3)),
        ("I3", "budget", ("财政", "支出总计", 3)),
        ("I4", "final", ("总表", "六、经营收入", 1)),
        ("I4", "final", ("收入", "合计", 2)),
        ("I4", "final", ("收入", "合计", 6)),
        ("I4", "final", ("支出", "213", 2)),
        ("I4", "final", ("财政", "社会保障和就业支出", 4)),
        ("I4", "budget", ("收入", "合计", 2)),
        ("I4", "budget", ("支出", "合计", 2)),
        ("I4", "budget", ("支出", "221", 2)),
        ("I4", "budget", ("总表", "1、一般公共预算", 1)),
        ("I5", "final", ("收入", "2130303", 3)),
        ("I5", "final", ("支出", "2130303", 6)),
        ("I5", "budget", ("收入", "2130303", 6)),
        ("I6", "final", ("收入", "2130303", 2)),
        ("I6", "final", ("支出", "21303", 4)),
        ("I6", "final", ("一般", "213", 2)),
        ("I6", "final", ("基本", "30101", 2)),
        ("I6", "final", ("基金", "2120899", 7)),
        ("I6", "budget", ("基本", "303", 2)),
        ("I6", "budget", ("基金", "合计", 2)),
        ("I7", "final", ("财政", "农林水支出", 3)),
        ("I7", "final", ("财政", "总计", 4)),
        ("I7", "final", ("财政", "年末财政拨款结转和结余", 5)),
        ("I7", "final", ("基金", "2120899", 2)),
        ("I7", "budget", ("财政", "农林水支出", 4)),
        ("I7", "budget", ("财政", "支出总计", 5)),
        ("I8", "final", ("收入", "合计", 3)),
        ("I8", "final", ("一般", "合计", 2)),
        ("I8", "final", ("一般", "208", 2)),
        ("I8", "final", ("一般", "合计", 3)),
        ("I8", "final", ("基金", "合计", 4)),
        ("I8", "budget", ("一般", "合计", 2)),
        ("I8", "budget", ("基本", "合计", 2)),
        ("I8", "budget", ("基金", "合计", 2)),
        ("I8", "budget", ("财政", "收入总计", 1)),
        ("I9", "final", ("基本", "人员经费合计", 2)),
        ("I9", "final", ("基本", "302", 5)),
        ("I9", "budget", ("基本", "30101", 3)),
        ("I9", "budget", ("基本", "合计", 4)),
        ("I10", "final", ("一般", "2130306", 4)),
        ("I10", "final", ("基金", "21208", 6)),
        ("I10", "budget", ("支出", "2130306", 4)),
        ("I10", "budget", ("一般", "合计", 3)),
        ("I10", "budget", ("基金", "212", 4)),
        ("I11", "final", ("三公", LAST, 7)),
        ("I11", "final", ("三公", LAST, 4)),
        ("I11", "budget", ("三公", LAST, 0)),
        ("I11", "budget", ("三公", LAST, 3)),
        ("I12", "final", ("基本", "30217", 5)),
        ("I12", "final", ("三公", LAST, 10)),
        ("I12", "budget", ("基本", "30231", 2)),
        ("I12", "budget", ("三公", LAST, 5)),
    ],
)
def test_each_identity_fails_where_one_of_its_numbers_is_off_in_either_year(
    unit, rule, kind, place
):
    sheets = SETS[kind](Plan(Random(1)))
    where = at(sheets, *place)
    # A part is too much from above its whole on, and a whole too little.
    by = 5 if rule != "I12" else 10**8 if place[0] == "基本" else -(10**8)
    case = case_of(unit, *grids(changed(sheets, where, by)))

    fails = [finding for finding in told(case, rule) if finding.outcome == "fail"]

    assert fails
    assert all(address(where) in cells(finding) for finding in fails)


def test_the_years_of_two_sets_are_reconciled_apart(unit):
    last = final_accounts(Plan(Random(1)), year="2020年度")
    wrong = changed(last, at(last, "总表", "总计", 1), 5)
    case = case_of(
        unit, *grids(final_accounts(Plan(Random(2))), "今.xlsx"), *grids(wrong, "去.xlsx")
    )

    fails = [finding for finding in told(case) if finding.outcome == "fail"]

    assert {place.file for finding in fails for place in finding.places} == {"去.xlsx"}
    assert all("上年决算数" in finding.message for finding in fails)


# --- tolerance -------------------------------------------------------------------------------


def entry(raw, unit="万元", item="201"):
    fen = round(Fraction(raw) * {"万元": 10**6, "元": 100, "千元": 10**5, "亿元": 10**10}[unit])
    place = Place("f", "s", f"A{item}")
    return amount_of(item, fen, table="t", place=place, raw=raw, amount_unit=unit)


def compared(whole, *parts):
    """Return how a sum ends; each number as it is printed, with its unit if not 万元."""
    texts = [text.partition(" ") for text in (whole, *parts)]
    first, *rest = [entry(raw, unit or "万元", str(n)) for n, (raw, _, unit) in enumerate(texts)]
    return Sum(first, tuple(rest)).outcome


@pytest.mark.parametrize(
    ("whole", "parts", "outcome"),
    [
        ("3.00", ["1.00", "2.00"], "pass"),
        ("3.01", ["1.00", "2.00"], "rounding"),
        ("3.02", ["1.00", "2.00"], "fail"),
        ("2.99", ["1.00", "2.00"], "rounding"),
        ("2.98", ["1.00", "2.00"], "fail"),
        ("3.02", ["1.00", "1.00", "1.00"], "rounding"),
        ("3.03", ["1.00", "1.00", "1.00"], "fail"),
        ("1.01", ["1.00"], "rounding"),
        ("1.02", ["1.00"], "fail"),
        # A workbook keeps no trailing zeros: 1 in 万元 may have been 1.00, never 1 rounded.
        ("3.01", ["1", "2"], "rounding"),
        ("3.4", ["1", "2"], "fail"),
        # Four decimals are a hundredth of that.
        ("3.0001", ["1.0000", "2.0000"], "rounding"),
        ("3.0002", ["1.0000", "2.0000"], "fail"),
        # Each part has a last digit of its own.
        ("3.0050", ["1.00", "2.0000"], "rounding"),
        ("3.0051", ["1.00", "2.0000"], "rounding"),
        ("3.0052", ["1.00", "2.0000"], "fail"),
        # To the 分 nothing is rounded.
        ("3.000001", ["1.000000", "2.000000"], "fail"),
        ("3.01 元", ["1.00 元", "2.00 元"], "fail"),
        ("3.55 元", ["1.5 元", "2.00 元"], "fail"),
        ("3 元", ["1.00 元", "2.01 元"], "rounding"),
        ("3 元", ["1.00 元", "2.50 元"], "rounding"),
        ("3 元", ["1.00 元", "2.51 元"], "fail"),
        ("4 元", ["1 元", "2 元"], "rounding"),
        ("5 元", ["1 元", "2 元"], "fail"),
        # 万元 against 元: only the 万元 are rounded.
        ("1.23 万元", ["12345.00 元"], "rounding"),
        ("1.23 万元", ["12350.00 元"], "rounding"),
        ("1.23 万元", ["12350.01 元"], "fail"),
        ("1.23 万元", ["12250.00 元"], "rounding"),
        ("1.23 万元", ["12249.99 元"], "fail"),
    ],
)
def test_a_sum_may_miss_by_half_of_the_last_digit_of_each_number(whole, parts, outcome):
    assert compared(whole, *parts) == outcome


@pytest.mark.parametrize("count", [1, 2, 3])
def test_no_way_of_rounding_parts_and_their_sum_is_ever_a_fail(count):
    """Every combination of the third decimal, ties among them, rounded up and rounded down."""
    for thousandths in itertools.product(range(10), repeat=count):
        exact = [10 * 100 + digit for digit in thousandths]  # in 0.001 万元
        for up in (5, 6):  # ties go up, or down
            shown = [(value + 10 - up) // 10 for value in exact]
            total = (sum(exact) + 10 - up) // 10
            printed = [f"{value // 100}.{value % 100:02d}" for value in (total, *shown)]

            assert compared(*printed) in {"pass", "rounding"}


# --- what is missing -------------------------------------------------------------------------

SUMMARY = """
    收入支出决算总表
    单位：万元
    收入 | | 支出 |
    项目 | 决算数 | 项目 | 决算数
    一、一般公共预算财政拨款收入 | {general} | 一、一般公共服务支出 | {spent}
    二、政府性基金预算财政拨款收入 | | 二、教育支出 | {education}
    本年收入合计 | {revenue} | 本年支出合计 | {total}
    年初结转和结余 | {opening} | 年末结转和结余 | {closing}
    总计 | {left} | 总计 | {right}
"""
SOUND = {
    "general": 90, "revenue": 90, "opening": 10, "left": 100,
    "spent": 60, "education": 20, "total": 80, "closing": 20, "right": 100,
}  # fmt: skip


def summary(**amounts):
    return SUMMARY.format(**(SOUND | amounts))


def test_a_summary_that_adds_up_passes(unit):
    case = case_of(unit, summary())

    assert [o for o, _ in outcomes(case, "I1", "I2", "I3")] == ["pass", "pass", "pass"]


def test_a_disagreement_is_told_with_both_sides_the_gap_and_every_cell_and_no_blame(unit):
    (finding,) = told(case_of(unit, summary(right=101.5)), "I1")

    assert finding.outcome == "fail"
    assert finding.message == (
        "收入支出决算总表：收入总计100.00万元，支出总计为101.50万元，相差1.50万元。"
    )
    assert cells(finding) == ["表1!B9", "表1!D9"]
    assert (finding.expected, finding.found, finding.item) == ("", "", "收入总计")


def test_a_blank_total_is_not_computable_and_says_so(unit):
    (finding,) = told(case_of(unit, summary(left="")), "I1")

    assert finding.outcome == "not_computable"
    assert finding.message == ("收入支出决算总表：收入总计空白，支出总计为100.00万元，无法核对。")
    assert cells(finding) == ["表1!B9", "表1!D9"]


def test_a_total_that_does_not_apply_is_not_computable(unit):
    (finding,) = told(case_of(unit, summary(left="—")), "I1")

    assert finding.outcome == "not_computable"
    assert "收入总计不适用" in finding.message


def test_where_all_parts_are_blank_nothing_is_compared_with_zero(unit):
    (finding,) = told(case_of(unit, summary(right="")), "I1")

    assert finding.outcome == "not_computable"
    assert finding.message == "收入支出决算总表：收入总计100.00万元，支出总计是空白，无法核对。"


def test_blanks_among_the_parts_are_named_where_the_sum_disagrees(unit):
    (finding,) = told(case_of(unit, summary(opening="")), "I2")

    assert finding.outcome == "fail"
    assert finding.message == (
        "收入支出决算总表：收入总计100.00万元，本年收入合计为90.00万元，相差10.00万元"
        "（年初结转和结余是空白）。"
    )
    assert cells(finding) == ["表1!B9", "表1!B7", "表1!B8"]


def test_blanks_among_the_parts_are_nothing_where_the_sum_agrees(unit):
    (finding,) = told(case_of(unit, summary(opening="", left=90)), "I2")

    assert finding.outcome == "pass"
    assert cells(finding) == ["表1!B9", "表1!B7"]


def test_a_dash_among_the_parts_is_no_blank(unit):
    (finding,) = told(case_of(unit, summary(opening="—")), "I2")

    assert finding.outcome == "fail"
    assert "空白" not in finding.message


def test_tables_without_a_number_have_nothing_to_say(unit):
    empty = summary(**dict.fromkeys(SOUND, ""))

    assert outcomes(case_of(unit, empty)) == []


EXPENDITURE = """
    支出决算表
    单位：万元
    项目 | | 本年支出合计 | 基本支出 | 项目支出 | 上缴上级支出 | 经营支出 | 对附属单位补助支出
    功能分类科目编码 | 科目名称 | | | | | |
    合计 | | {total} | 50 | 30 | | |
    201 | 一般公共服务支出 | 60 | 40 | 20 | | |
    20103 | 政府办公厅（室）及相关机构事务 | 60 | 40 | 20 | | |
    2010301 | 行政运行 | 60 | 40 | 20 | | |
    205 | 教育支出 | 20 | 10 | 10 | | |
"""


def test_a_missing_table_is_named_once_with_the_number_that_stands_alone(unit):
    found = outcomes(case_of(unit, summary()), "I4")

    assert [m for o, m in found if o != "pass"] == [
        "收入支出决算总表的本年收入合计（90.00万元）等2个数没有可以核对的收入决算表。",
        "收入支出决算总表的本年支出合计（80.00万元）没有可以核对的支出决算表。",
    ]
    assert {o for o, _ in found} == {"pass", "not_computable"}


def test_a_table_of_details_without_its_summary_says_so(unit):
    (finding,) = told(case_of(unit, EXPENDITURE.format(total=80)), "I4")

    assert finding.outcome == "not_computable"
    assert finding.message == (
        "支出决算表的本年支出合计（80.00万元）没有可以核对的收入支出决算总表。"
    )


def test_a_table_that_lacks_the_row_says_so(unit):
    rows = EXPENDITURE.format(total=80).replace("合计 | | 80 | 50 | 30 | | |\n", "")
    found = outcomes(case_of(unit, summary(), rows), "I4")

    assert (
        "not_computable",
        "收入支出决算总表的本年支出合计为80.00万元，支出决算表里没有可以与它核对的数。",
    ) in found


def test_a_class_that_only_one_of_two_tables_has_is_a_disagreement(unit):
    rows = EXPENDITURE.format(total=60).replace("205 | 教育支出 | 20 | 10 | 10 | | |\n", "")
    found = outcomes(case_of(unit, summary(), rows), "I4")

    assert (
        "fail",
        "收入支出决算总表：二、教育支出20.00万元，支出决算表没有这一行，相差20.00万元。",
    ) in found


def test_what_holds_is_told_once_for_a_table_with_all_its_cells(unit):
    (finding,) = told(case_of(unit, EXPENDITURE.format(total=80)), "I5")

    assert (finding.outcome, finding.message) == (
        "pass", "支出决算表每行的合计与各栏：5处相符。"
    )  # fmt: skip
    assert len(finding.places) == 15


def test_a_level_that_is_left_out_does_not_hide_what_is_below_it(unit):
    rows = EXPENDITURE.format(total=80).replace(
        "    20103 | 政府办公厅（室）及相关机构事务 | 60 | 40 | 20 | | |\n", ""
    )
    wrong = rows.replace("行政运行 | 60 | 40", "行政运行 | 57 | 37")
    fails = [m for o, m in outcomes(case_of(unit, wrong), "I6") if o == "fail"]

    assert [o for o, _ in outcomes(case_of(unit, rows), "I6")] == ["pass"]
    assert fails == [
        "支出决算表：201一般公共服务支出60.00万元，2010301行政运行为57.00万元，相差3.00万元。",
        "支出决算表：201一般公共服务支出的基本支出40.00万元，2010301行政运行为37.00万元，"
        "相差3.00万元。",
    ]


def disagreeing(case, *rules):
    """Return what does not hold, or cannot be said, each with the cells that are named."""
    return [f for f in told(case, *rules) if f.outcome in ("fail", "not_computable")]


def test_a_sum_with_a_part_that_was_not_understood_cannot_be_computed_and_names_its_cell(unit):
    rows = EXPENDITURE.format(total=80).replace("教育支出 | 20 |", "教育支出 | 20几 |")
    found = disagreeing(case_of(unit, rows), "I5", "I6")

    assert [(f.code, f.outcome, f.message) for f in found] == [
        ("I5", "not_computable", "支出决算表：205教育支出“20几”，基本支出＋项目支出为20.00万元，"
         "C9“20几”没有读懂，无法核对。"),
        ("I6", "not_computable", "支出决算表：本年支出合计80.00万元，"
         "201一般公共服务支出为60.00万元，C9“20几”没有读懂，无法核对。"),
    ]  # fmt: skip
    assert all("表1!C9" in cells(f) for f in found)


def test_a_blank_that_its_row_and_its_column_lack_alike_is_a_missing_number_and_no_failure(unit):
    rows = EXPENDITURE.format(total=80).replace("教育支出 | 20 | 10 | 10", "教育支出 | 20 | | 10")
    found = disagreeing(case_of(unit, rows), "I5", "I6")

    assert [(f.code, f.outcome, f.message) for f in found] == [
        ("I5", "not_computable", "支出决算表：205教育支出20.00万元，项目支出为10.00万元，"
         "D9空白，它所在的行和栏都差10.00万元，像是漏了数，无法核对。"),
        ("I6", "not_computable", "支出决算表：基本支出合计50.00万元，"
         "201一般公共服务支出为40.00万元，D9空白，它所在的行和栏都差10.00万元，像是漏了数，无法核对。"),
    ]  # fmt: skip


def test_a_blank_that_only_one_of_its_sums_lacks_is_nothing_and_the_sum_fails(unit):
    rows = EXPENDITURE.format(total=80).replace("教育支出 | 20 | 10 | 10", "教育支出 | 20 | | 10")
    found = disagreeing(case_of(unit, rows.replace("| 80 | 50 |", "| 80 | 40 |")), "I5", "I6")

    assert {f.outcome for f in found} == {"fail"}


def test_several_sums_that_lack_numbers_not_understood_are_told_together(unit):
    rows = EXPENDITURE.format(total=80).replace("教育支出 | 20 | ", "教育支出 | 20几 | 约")
    (finding,) = disagreeing(case_of(unit, rows), "I6")

    assert finding.message == (
        "支出决算表各级科目与其明细：C9“20几”、D9“约10”没有读懂，2处无法核对（本年支出合计；基本支出合计）。"
    )


def test_a_disagreement_that_a_number_of_an_unknown_row_may_explain_is_none(unit):
    rows = EXPENDITURE.format(total=80).replace("205 | 教育支出", "7 11 02 | 教育支出")
    (finding,) = disagreeing(case_of(unit, rows), "I6")

    assert finding.outcome == "not_computable"
    assert finding.message == (
        "支出决算表各级科目与其明细：C9“20”、D9“10”、E9“10”没有读懂，可能是其中的一部分，"
        "3处无法核对（本年支出合计；基本支出合计；项目支出合计）。"
    )


def test_a_number_that_was_not_understood_elsewhere_explains_no_disagreement(unit):
    rows = EXPENDITURE.format(total=80).replace("教育支出 | 20 |", "教育支出 | 20几 |")
    (finding,) = [
        f
        for f in told(case_of(unit, rows.replace("60 | 40", "60 | 41")), "I6")
        if f.outcome == "fail"
    ]

    assert "20几" not in finding.message


def test_three_public_expenses_of_the_budget_and_the_accounts_add_up_each_by_itself(unit):
    sheets = final_accounts(Plan(Random(1)))
    budget = changed(sheets, at(sheets, "三公", LAST, 0), 5)

    assert [o for o, _ in outcomes(case_of(unit, *grids(sheets)), "I11")] == ["pass"] * 4
    fails = [m for o, m in outcomes(case_of(unit, *grids(budget)), "I11") if o == "fail"]
    assert len(fails) == 1
    assert "预算数（口径未注明）" in fails[0]


FISCAL = """
    财政拨款收入支出决算总表
    单位：万元
    收入 | | 支出 | | |
    项目 | 决算数 | 项目 | 合计 | 一般公共预算财政拨款 | 政府性基金预算财政拨款
    一般公共预算财政拨款 | 50 | 教育支出 | 60 | 60 |
    本年收入合计 | 50 | 本年支出合计 | 60 | 60 |
    年初财政拨款结转和结余 | {opening} | 年末财政拨款结转和结余 | | |
    {general}
    总计 | 60 | 总计 | 60 | 60 |
"""
SAID = "财政拨款收入支出决算总表：总计的一般公共预算财政拨款60.00万元，一般公共预算财政拨款"


@pytest.mark.parametrize(
    ("opening", "general", "told_of_the_fund"),
    [
        # The opening balance is not printed by fund: nothing can be said of one fund.
        (10, "", []),
        (
            10,
            "一般公共预算财政拨款 | 10 | | | |",
            [f"{SAID}（B5）＋一般公共预算财政拨款（B8）为60.00万元，相符。"],
        ),
        # Where there was none, the fund's revenue must do; told once, whichever relation applies.
        (0, "", [f"{SAID}为50.00万元，相差10.00万元。"]),
        (
            0,
            "一般公共预算财政拨款 | | | | |",
            [f"{SAID}为50.00万元，相差10.00万元（一般公共预算财政拨款是空白）。"],
        ),
    ],
)
def test_each_fund_has_its_own_revenue_and_opening_balance(
    unit, opening, general, told_of_the_fund
):
    found = outcomes(case_of(unit, FISCAL.format(opening=opening, general=general)), "I7")

    assert [message for _, message in found if message.startswith(SAID)] == told_of_the_fund


# --- limits ----------------------------------------------------------------------------------


def test_hospitality_in_basic_expenditure_above_the_three_public_table_fails(unit):
    sheets = final_accounts(Plan(Random(1)))
    case = case_of(unit, *grids(sheets))
    assert {o for o, _ in outcomes(case, "I12")} == {"pass"}

    hosted = float(sheets["三公"][5][11])
    over = {**sheets, "基本": [list(row) for row in sheets["基本"]]}
    row = next(row for row in over["基本"] if "30217" in row)
    row[5] = f"{hosted + 0.02:.2f}"
    (finding,) = [f for f in told(case_of(unit, *grids(over)), "I12") if f.outcome == "fail"]

    assert finding.message.endswith("部分超过了全部。")
    assert {cell.partition("!")[0] for cell in cells(finding)} == {"基本", "三公"}

    row[5] = f"{hosted + 0.01:.2f}"
    found = told(case_of(unit, *grids(over)), "I12")
    assert [f.outcome for f in found].count("rounding") == 1


def test_a_limit_without_its_table_or_with_a_blank_is_not_computable(unit):
    sheets = final_accounts(Plan(Random(1)))
    without = {name: rows for name, rows in sheets.items() if name != "三公"}
    blank = {**sheets, "三公": [*sheets["三公"][:5], [*sheets["三公"][5][:11], ""]]}

    assert {o for o, _ in outcomes(case_of(unit, *grids(without)), "I12")} == {"not_computable"}
    messages = [m for o, m in outcomes(case_of(unit, *grids(blank)), "I12") if o != "pass"]
    assert len(messages) == 1
    assert messages[0].endswith("财政拨款“三公”经费支出决算表里是空白，无法核对。")


def test_a_code_whose_name_says_otherwise_is_not_taken_for_hospitality(unit):
    sheets = final_accounts(Plan(Random(1)))
    row = next(row for row in sheets["基本"] if "30217" in row)
    row[4], row[5] = "培训费", "99999.00"

    assert not any("30217" in m for _, m in outcomes(case_of(unit, *grids(sheets)), "I12"))


# --- empty tables ----------------------------------------------------------------------------


def funds(sheets, total):
    """Return a set whose table of government funds is empty, and what 04 has for them."""
    kept = {name: [list(row) for row in rows] for name, rows in sheets.items()}
    kept["基金"] = [*kept["基金"][:4], ["合计"], ["说明：本年度没有政府性基金，故本表无数据。"]]
    row = next(row for row in kept["财政"] if "本年支出合计" in row)
    row[5] = total
    return kept


def test_an_empty_table_with_its_sentence_passes_where_the_fund_has_no_money(unit):
    sheets = funds(final_accounts(Plan(Random(1))), "")

    assert [o for o, _ in outcomes(case_of(unit, *grids(sheets)), "I13")] == ["pass", "pass"]


@pytest.mark.parametrize(
    "note",
    [
        "注：无相关收支项目。",
        "说明：本单位2021年无政府性基金预算财政拨款安排的预算，故本表为空表。",
        "备注：我局没有使用政府性基金预算拨款安排的支出",
        "本部门未安排政府性基金预算",
        "无",
    ],
)
def test_what_offices_write_below_an_empty_table_is_a_note_of_it(unit, note):
    sheets = funds(final_accounts(Plan(Random(1))), "")
    sheets["基金"][-1] = [note]

    assert ("pass", "政府性基金预算财政拨款收入支出决算表是空表，有说明。") in (
        outcomes(case_of(unit, *grids(sheets)), "I13")
    )


def test_an_empty_table_without_a_note_is_no_fault_of_the_table(unit):
    # What it lacks may stand in the text; MISS-05 asks for it.
    sheets = funds(final_accounts(Plan(Random(1))), "")
    sheets["基金"].pop()

    assert [o for o, _ in outcomes(case_of(unit, *grids(sheets)), "I13")] == ["pass"]


VOID = "注：本单位2021年无政府性基金预算财政拨款安排的预算，故本表为空表。"


def test_a_filled_table_that_says_it_is_empty_fails_whatever_table_it_is(unit):
    sheets = final_accounts(Plan(Random(1)))
    sheets["基金"].append([VOID])
    sheets["支出"].append([VOID])

    found = [m for o, m in outcomes(case_of(unit, *grids(sheets)), "I13") if o == "fail"]

    assert found == [
        f"支出决算表里有数，下面却写着“{VOID}”。",
        f"政府性基金预算财政拨款收入支出决算表里有数，下面却写着“{VOID}”。",
    ]


def test_an_empty_table_with_the_note_of_another_fund_fails(unit):
    sheets = funds(final_accounts(Plan(Random(1))), "")
    sheets["基金"][-1] = ["说明：本年度没有国有资本经营预算财政拨款收入和支出，故本表无数据。"]

    (found,) = [m for o, m in outcomes(case_of(unit, *grids(sheets)), "I13") if o == "fail"]

    assert found == (
        "政府性基金预算财政拨款收入支出决算表下面写着"
        "“说明：本年度没有国有资本经营预算财政拨款收入和支出，故本表无数据。”，"
        "说的是国有资本，不是这张表的资金。"
    )


@pytest.mark.parametrize(
    "note",
    [
        "注：本表反映本年度支出情况。",
        "注：若本表无数据，请写明原因。",
        "说明：本表无数据的，请注明“本表为空表”。",
        "若本单位无此类资金，则本表为空表。",
        "没有政府性基金的单位，本表为空表。",
        "注：2020年本表为空表，2021年新增。",
        "注：本单位无政府性基金预算，政府性基金预算支出表为空表。",
        "说明：没有政府性基金预算财政拨款收入和支出，也没有国有资本经营预算收支，故本表无数据。",
    ],
)
def test_a_note_of_something_else_is_no_contradiction(unit, note):
    sheets = final_accounts(Plan(Random(1)))
    sheets["支出"].append([note if "也没有" not in note else "注"])
    empty = funds(sheets, "")
    empty["基金"][-1] = [note]

    found = outcomes(case_of(unit, *grids(sheets), *grids({"空": empty["基金"]})), "I13")

    assert "写着" not in "".join(m for _, m in found)


def test_an_empty_table_fails_where_the_summary_has_money_of_the_fund(unit):
    sheets = funds(final_accounts(Plan(Random(1))), "12.00")
    (finding,) = [f for f in told(case_of(unit, *grids(sheets)), "I13") if f.outcome == "fail"]

    assert finding.message == (
        "财政拨款收入支出决算总表的本年支出合计的政府性基金预算财政拨款12.00万元，"
        "政府性基金预算财政拨款收入支出决算表是空表。"
    )


def test_a_table_with_money_fails_where_the_summary_has_a_blank_and_a_number_is_told_once(unit):
    sheets = final_accounts(Plan(Random(1)))
    where = at(sheets, "财政", "本年支出合计", 5)
    blank = {name: [list(row) for row in rows] for name, rows in sheets.items()}
    blank["财政"][where[1]][5] = ""

    def fails(kept, rule):
        return [m for o, m in outcomes(case_of(unit, *grids(kept)), rule) if o == "fail"]

    assert len(fails(blank, "I13")) == 1
    assert fails(blank, "I8") == []
    # Two numbers that differ are told by the identity of the two tables alone.
    assert fails(changed(sheets, where, 5), "I13") == []
    assert len(fails(changed(sheets, where, 5), "I8")) == 1


def test_a_fund_s_zero_against_money_is_told_by_the_identity_not_as_an_empty_table(unit):
    sheets = funds(final_accounts(Plan(Random(1))), "12.00")
    sheets["基金"][4] = ["合计", "", "0.00", "0.00", "0.00", "0.00", "0.00", "0.00"]
    case = case_of(unit, *grids(sheets))
    found = outcomes(case, "I8")

    assert [o for o, _ in outcomes(case, "I13")] == ["pass"]
    assert [m for o, m in found if o == "fail" and "基金" in m]


# --- income by fund --------------------------------------------------------------------------

FISCAL_BUDGET = """
    财政拨款收支预算总表
    单位：万元
    收入 | | 支出 |
    项目 | 预算数 | 项目 | 预算数
    一般公共预算拨款 | 6 | 一般公共服务支出 | 8
    政府性基金预算拨款 | 2 | |
    收入总计 | 8 | 支出总计 | 8
"""
INCOME_BY_FUND = """
    收入总表
    单位：万元
    单位名称 | 合计 | 一般公共预算 | 政府性基金预算 | 事业收入
    某局 | {total} | {general} | 2 | 1
"""
INCOME_WITH_PARTS = """
    收入总表
    单位：万元
    单位名称 | 合计 | 财政拨款 | | | 事业收入
    | | 小计 | 一般公共预算 | 政府性基金预算 |
    某局 | {total} | 8 | {general} | 2 | 1
"""


@pytest.mark.parametrize("income", [INCOME_BY_FUND, INCOME_WITH_PARTS], ids=["beside", "below"])
def test_income_adds_up_whether_funds_stand_beside_or_below_the_appropriation(unit, income):
    case = case_of(unit, FISCAL_BUDGET, income.format(total=9, general=6))

    assert {o for o, _ in outcomes(case, "I5")} == {"pass"}
    assert [m for o, m in outcomes(case, "I8") if o == "fail"] == []


@pytest.mark.parametrize("income", [INCOME_BY_FUND, INCOME_WITH_PARTS], ids=["beside", "below"])
def test_the_general_budget_of_the_income_table_is_compared_with_the_fiscal_summary(unit, income):
    case = case_of(unit, FISCAL_BUDGET, income.format(total=9, general=5))

    assert any("一般公共预算" in m for o, m in outcomes(case, "I8") if o == "fail")


def test_a_total_of_income_that_is_not_its_funds_fails(unit):
    case = case_of(unit, INCOME_BY_FUND.format(total=10, general=6))

    assert "fail" in [o for o, _ in outcomes(case, "I5")]


BEYOND = """
    收支总体情况表
    单位：万元
    收入 | | 支出 |
    项目 | 预算数 | 项目 | 预算数
    一、财政拨款 | 9 | 一、基本支出 | 9
    本年收入合计 | 9 | 本年支出合计 | 9
    四、上级补助收入 | {superior} | 五、上缴上级支出 | 2
    五、附属单位上缴收入 | 1 | 四、对附属单位补助支出 | 1
    收入总计 | 12 | 支出总计 | 12
"""


@pytest.mark.parametrize(("superior", "expected"), [(2, "pass"), (3, "fail")])
def test_what_stands_below_the_total_of_the_year_is_added_to_it(unit, superior, expected):
    case = case_of(unit, BEYOND.format(superior=superior))

    assert [o for o, _ in outcomes(case, "I2")] == [expected]
    assert [o for o, _ in outcomes(case, "I1", "I3")] == ["pass", "pass"]


def test_special_operations_are_a_part_of_the_expenditure(unit):
    case = case_of(
        unit,
        """
        一般公共预算支出明细表（按支出功能分类科目）
        单位：万元
        功能科目编码 | 功能科目名称 | 合计 | 人员经费支出 | 公用经费支出 | 专项业务经费支出
        201 | 一般公共服务支出 | 9 | 5 | 3 | 1
        """,
    )

    assert {o for o, _ in outcomes(case, "I10")} == {"pass"}


# --- procurement, running costs --------------------------------------------------------------

PROCUREMENT = """
    政府采购情况表
    单位：万元
    项目 | 金额
    政府采购支出合计 | {total}
    政府采购货物支出 | 10
    政府采购工程支出 | 20
    政府采购服务支出 | 5
    授予中小企业合同金额 | {small}
"""


@pytest.mark.parametrize(
    ("total", "small", "expected"),
    [
        (35, 30, ["pass", "pass"]),
        (36, 30, ["fail", "pass"]),
        (35.02, 35.03, ["rounding", "rounding"]),
        (35, 36, ["pass", "fail"]),
        ("", 30, ["not_computable", "not_computable"]),
    ],
)
def test_procurement_is_goods_works_and_services_and_no_less_than_small_firms_get(
    unit, total, small, expected
):
    case = case_of(unit, PROCUREMENT.format(total=total, small=small))

    assert [outcome for outcome, _ in outcomes(case, "I16")] == expected


def test_a_limit_is_exact_where_both_are_printed_to_the_fen(unit):
    def ended(small):
        text = PROCUREMENT.format(total="35.00", small=small).replace("万元", "元")
        return outcomes(case_of(unit, text), "I16")[-1][0]

    assert [ended(small) for small in ("35.00", "35.01", "34.99")] == ["pass", "fail", "pass"]


AGENCY = """
    机关运行经费情况表
    单位：万元
    项目 | 决算数
    机关运行经费 | {amount}
"""


def more(amount, by):
    return f"{float(amount) + by:.2f}"


def test_running_costs_above_the_operating_expenditure_are_a_hint_and_less_are_none(unit):
    sheets = final_accounts(Plan(Random(1)))
    operating = sheets["基本"][-1][5]

    same = told(case_of(unit, *grids(sheets), AGENCY.format(amount=operating)), "I14")
    # Institutions of the department have operating expenditure that is no running cost.
    less = told(case_of(unit, *grids(sheets), AGENCY.format(amount="0.55")), "I14")
    other = told(case_of(unit, *grids(sheets), AGENCY.format(amount=more(operating, 1))), "I14")
    alone = told(case_of(unit, AGENCY.format(amount="0.55")), "I14")
    nothing = told(case_of(unit, *grids(sheets), AGENCY.format(amount="0.00")), "I14")

    assert [f.outcome for f in (*same, *less, *nothing)] == ["pass"] * 3
    assert [(f.outcome, f.severity) for f in other] == [("fail", "info")]
    # Not every unit has such a table.
    assert alone == []


AGENCY_ELSEWHERE = [
    """
    机关运行经费支出决算表
    单位：万元
    科目编码 | 科目名称 | 机关运行经费支出决算
    合计 | | {amount}
    """,
    """
    机构运行经费支出、国有资产占用情况及政府采购支出信息表
    单位：万元
    项目 | 统计数
    一、机构运行经费 | {amount}
    """,
    """
    财政拨款“三公”经费、机关运行经费支出决算表
    单位：万元
    项目 | 决算数
    机关运行经费 | {amount}
    """,
]


@pytest.mark.parametrize("table", AGENCY_ELSEWHERE, ids=["by item", "shared", "three public"])
def test_running_costs_are_compared_in_whatever_table_they_stand(unit, table):
    sheets = final_accounts(Plan(Random(1)))
    operating = sheets["基本"][-1][5]

    same = told(case_of(unit, *grids(sheets), table.format(amount=operating)), "I14")
    other = told(case_of(unit, *grids(sheets), table.format(amount=more(operating, 1))), "I14")

    assert [f.outcome for f in same] == ["pass"]
    assert [f.outcome for f in other] == ["fail"]


# --- through real files ----------------------------------------------------------------------


def test_a_wrong_cell_of_a_workbook_in_the_unit_s_folder_is_named_by_file_sheet_and_cell(tmp_path):
    sheets = final_accounts(Plan(Random(1)))
    where = at(sheets, "支出", "2130306", 4)
    folder = make_folder(tmp_path)
    write_xlsx(folder / "决算.xlsx", **changed(sheets, where, 7))

    fails = [f for f in check(load_unit(folder)).all_findings if f.outcome == "fail"]

    assert {f.code for f in fails} >= {"I5", "I6"}
    told_of = [str(place) for f in fails if f.code == "I5" for place in f.places]
    assert f"决算.xlsx › 支出 › E{where[1] + 1}" in told_of
