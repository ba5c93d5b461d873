"""Tests of what budget lines are taken from: form before tables, this year's and last year's."""

import re
from dataclasses import replace
from random import Random

import pytest
from builders import BASIC, amount_of, make_folder, sheet_of, write_csv, write_xlsx
from evaluated import line, sample, scored
from printed import plain_texts
from reconciled import RELATIONS, a_unit, case_of, grid_of
from table_sets import PERSONNEL, Plan, budgets, final_accounts

from notebooks import traced
from selfeval.checks import check
from selfeval.checks.official.reading import check_table_years
from selfeval.evaluation.load import load_unit
from selfeval.page.performance import describe_performance
from selfeval.page.public import outline_section
from selfeval.page.spending import (
    describe_basic,
    describe_fund,
    describe_projects,
    describe_spending,
    execution_table,
)
from selfeval.schemes.relations import Address, Source
from selfeval.scoring.score import score
from selfeval.sheets import Place
from selfeval.tables.book import Book
from selfeval.tables.official_table import OfficialTable
from selfeval.tables.reading import Reading, Unread
from selfeval.tables.sources import line_entries, place_in_years, placed_phase, stated_amounts

WAN = 1_000_000


@pytest.fixture(scope="module")
def unit(tmp_path_factory):
    """A unit of 2021 whose tables each test draws itself."""
    return a_unit(tmp_path_factory.mktemp("单位"))


def fen(text):
    return round(float(text) * WAN)


def stated(case, phase="executed"):
    """Return what each line is in a phase: amount and cell."""
    rows = [row for row in case.tables.stated if row.phase == phase]
    return {row.item_code: (row.fen, f"{row.place.sheet}!{row.place.cell}") for row in rows}


def of_set(unit, sheets, file="表.xlsx"):
    return case_of(unit, *[grid_of(name, rows, file) for name, rows in sheets.items()])


def without_own_money(plan):
    """Return a plan of a unit that has general public budget money only."""
    plan.commercial = dict.fromkeys(plan.commercial, 0)
    plan.fund = dict.fromkeys(plan.fund, 0)
    return plan


def test_final_accounts_alone_fill_the_budget_lines_each_with_its_cell(unit):
    sheets = final_accounts(without_own_money(Plan(Random(1))))
    found = stated(of_set(unit, sheets))

    accounts, basic = sheets["支出"][4], sheets["基本"]
    public = sheets["三公"][5]
    assert found == {
        "total": (fen(accounts[2]), "支出!C5"),
        "basic": (fen(accounts[3]), "支出!D5"),
        "project": (fen(accounts[4]), "支出!E5"),
        "personnel": (fen(basic[-1][2]), f"基本!C{len(basic)}"),
        "operating": (fen(basic[-1][5]), f"基本!F{len(basic)}"),
        "three_public_expenses": (fen(public[6]), "三公!G6"),
        "official_overseas_visits": (fen(public[7]), "三公!H6"),
        "official_vehicles": (fen(public[8]), "三公!I6"),
        "official_vehicle_purchases": (fen(public[9]), "三公!J6"),
        "official_vehicle_running": (fen(public[10]), "三公!K6"),
        "official_hospitality": (fen(public[11]), "三公!L6"),
        "opening_carryover_and_surplus": (fen(sheets["总表"][-2][1]), "总表!B15"),
        "closing_carryover_and_surplus": (fen(sheets["总表"][-2][3]), "总表!D15"),
        "government_managed_funds": (0, "基金!E5"),
        "commercial_expenditure": (0, "支出!G5"),
    }  # fmt: skip


def test_personnel_of_one_fund_is_the_units_own_only_where_it_has_no_other_money(unit):
    plan = without_own_money(Plan(Random(1)))
    alone = final_accounts(plan)
    mixed = {**alone, "支出": [list(row) for row in alone["支出"]]}
    mixed["支出"][4][3] = f"{float(mixed['支出'][4][3]) + 12.89:.2f}"
    rounded = {**alone, "支出": [list(row) for row in alone["支出"]]}
    rounded["支出"][4][3] = f"{float(rounded['支出'][4][3]) + 0.01:.2f}"

    assert "personnel" in stated(of_set(unit, alone))
    assert "personnel" not in stated(of_set(unit, mixed))
    assert "operating" not in stated(of_set(unit, mixed))
    assert "personnel" in stated(of_set(unit, rounded))


def test_personnel_is_added_up_where_no_total_is_printed(unit):
    sheets = budgets(without_own_money(Plan(Random(1))))
    basic = [row[:3] for row in sheets["基本"]]
    basic[2] = ["科目编码", "科目名称", "金额"]
    found = stated(of_set(unit, {**sheets, "基本": basic}), "initial_budget")

    own = {row[0]: row[-1] for row in basic}
    amount = sum(round(float(own[code]) * 100) for code in PERSONNEL)
    assert found["personnel"][0] == amount
    assert found["personnel"][1].startswith("基本!C")
    assert "＋C" in found["personnel"][1]


def test_a_budget_alone_fills_the_initial_budget(unit):
    sheets = budgets(Plan(Random(1)))
    found = stated(of_set(unit, sheets), "initial_budget")

    assert found["total"] == (round(float(sheets["支出"][4][2]) * 100), "支出!C5")
    assert {"basic", "project", "three_public_expenses"} <= set(found)


def test_no_source_is_taken_for_what_the_form_states(unit):
    case = of_set(unit, final_accounts(Plan(Random(1))))
    own, blank = (amount_of("total", 5),), (amount_of("total"),)

    def totals(form):
        rows = stated_amounts(form, case.tables.book, RELATIONS)
        return [row.fen for row in rows if (row.item_code, row.phase) == ("total", "executed")]

    assert totals(own) == [5]
    assert len(totals(blank)) == 2
    assert stated_amounts(own, case.tables.book, None) == own


def test_of_a_number_read_twice_the_first_that_is_filled_in_is_used(unit):
    def total(*amounts):
        sheets = [
            [["支出决算表"], ["单位：万元"],
             ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"],
             ["合计", "", amount, "", ""]]
            for amount in amounts
        ]  # fmt: skip
        between = grid_of(
            "采购", [["政府采购情况表"], ["单位：万元"], ["项目", "金额"], ["合计", 3]]
        )
        first, second = (grid_of("支出", rows, f"{n}.xlsx") for n, rows in enumerate(sheets))
        return stated(case_of(unit, first, between, second))["total"][0]

    assert total("5", "7") == 5 * WAN
    assert total("", "7") == 7 * WAN


# --- years -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phase", "own", "placed"),
    [
        ("executed", 2021, "executed"),
        ("executed", None, "表.xlsx:executed"),
        ("executed", 2020, "prior_final_accounts"),
        ("executed", 2019, "2019:executed"),
        ("executed", 2022, "2022:executed"),
        ("initial_budget", 2020, "2020:initial_budget"),
        ("adjusted_budget", 2021, "adjusted_budget"),
        ("", 2020, ""),
    ],
)
def test_a_phase_of_another_year_is_never_taken_for_this_years(phase, own, placed):
    table = OfficialTable("甲", "", "", "表.xlsx", "一", "A1:E4", "元", own, phase, "")

    assert placed_phase(phase, table, 2021) == placed


def test_last_years_final_accounts_are_the_prior_final_accounts(unit):
    last = final_accounts(Plan(Random(2)), year="2020年度")
    case = of_set(unit, last)

    assert stated(case) == {}
    assert stated(case, "prior_final_accounts")["total"] == (fen(last["支出"][4][2]), "支出!C5")
    assert list(check_table_years(case)) == []


@pytest.mark.parametrize("year", ["2019年度", "2022年度"])
def test_tables_of_other_years_are_not_used_and_each_is_told(unit, year):
    case = of_set(unit, final_accounts(Plan(Random(2)), year=year))
    told = list(check_table_years(case))

    assert case.tables.stated == ()
    assert len(told) == 9
    assert told[0].message == (
        f"收入支出决算总表是{year}的表，报告年度是2021年，它的数没有用在报告里。"
    )


def test_last_years_budget_is_told_as_not_used(unit):
    case = of_set(unit, budgets(Plan(Random(2)), year="2020年度"))

    assert case.tables.stated == ()
    assert len(list(check_table_years(case))) == 8


def test_a_table_without_a_year_has_that_of_its_files_other_tables(unit):
    sheets = final_accounts(Plan(Random(2)))
    sheets["总表"][0] = ["2019年度收入支出决算总表"]
    case = of_set(unit, sheets)
    told = {finding.item: finding.message for finding in check_table_years(case)}

    assert case.tables.stated == ()
    assert told["支出决算表"] == (
        "支出决算表没有写年度，同一文件的表是2019年度的，报告年度是2021年，它的数没有用在报告里。"
    )


def test_a_table_without_a_year_has_that_of_its_kind_in_a_file_of_two_years(unit):
    accounts = final_accounts(Plan(Random(2)))
    accounts["总表"][0] = ["2020年度收入支出决算总表"]
    budget = {f"预算{name}": rows for name, rows in budgets(Plan(Random(3)), year="2021年").items()}
    case = of_set(unit, accounts | budget)

    assert {table.year for table in case.tables.reading.tables} == {2020, 2021}
    assert "total" in stated(case, "prior_final_accounts")
    assert "total" in stated(case, "initial_budget")
    assert stated(case) == {}


def test_a_files_name_says_the_year_where_no_table_does(unit):
    sheets = final_accounts(Plan(Random(2)))

    assert "total" in stated(of_set(unit, sheets, "2020年度决算.xlsx"), "prior_final_accounts")
    assert "total" in stated(of_set(unit, sheets, "2021年公开2020年决算.xlsx"))
    assert "total" in stated(of_set(unit, sheets, "决算.xlsx"))


def test_a_table_of_another_file_says_nothing_of_a_tables_year():
    def table(file, year):
        return OfficialTable("甲", "", "", file, "一", "A1:E4", "元", year, "executed", "")

    tables = [table("一.xlsx", None), table("二.xlsx", 2020), table("三.xlsx", None)]
    place_in_years(Reading(tables), 2021, {})

    assert [one.year for one in tables] == [None, 2020, None]


def test_a_number_of_no_table_keeps_its_phase():
    read = Reading(amounts=[amount("1", 500)])
    place_in_years(read, 2021, {})

    assert [one.phase for one in read.amounts] == ["executed"]


BASE_DATA = """
    部门整体支出绩效评价基础数据表
    （2019年度）
    单位：万元
    财政供养人员情况 | 编制数 | 2019年实际在职人数 | 控制率
    | 10 | 9 | 90%
    经费控制情况 | 2018年决算数 | 2019年预算数 | 2019年决算数
    三公经费 | 5 | 6 | 7
"""


def test_each_part_of_a_form_of_another_year_is_told_also_where_it_has_several_phases(unit):
    told = {
        finding.item: finding.message for finding in check_table_years(case_of(unit, BASE_DATA))
    }

    assert set(told) == {"财政供养人员情况", "经费控制情况"}
    assert told["经费控制情况"] == (
        "经费控制情况按表上方的文字“（2019年度）”是2019年度的表，报告年度是2021年，它的数没有用在报告里。"
    )


def test_a_part_of_last_years_form_of_which_a_number_is_used_is_not_told(unit):
    last = case_of(unit, BASE_DATA.replace("2019", "2020").replace("2018", "2019"))

    assert list(check_table_years(last)) == []
    assert stated(last, "prior_final_accounts")["three_public_expenses"][0] == 7 * WAN


TWO = """
    {first}年度政府采购情况表
    单位：万元
    项目 | 金额
    合计 | {amount}
    货物 | {amount}
    |
    {second}年度政府采购情况表
    单位：万元
    项目 | 金额
    合计 | {other}
    货物 | {other}
"""


def test_two_tables_of_one_kind_on_a_sheet_keep_their_years_apart(unit):
    case = case_of(unit, TWO.format(first=2020, second=2021, amount=7, other=9))

    assert stated(case)["procurement"][0] == 9 * WAN
    assert stated(case, "prior_final_accounts")["procurement"][0] == 7 * WAN


def test_a_table_that_goes_on_on_another_sheet_keeps_its_year(unit):
    rows = final_accounts(Plan(Random(2)), year="2020年度")["支出"]
    first, more = rows[:10], [*rows[:4], *rows[10:]]
    case = of_set(unit, {"一": first, "二": more})

    tables = {id(record.official) for record in case.tables.reading.amounts}

    assert {record.place.sheet for record in case.tables.reading.amounts} == {"一", "二"}
    assert len(tables) == len(case.tables.reading.tables)
    assert {entry.phase for entry in case.tables.book.entries} == {"prior_final_accounts"}


# --- of which number -------------------------------------------------------------------------


def amount(item, fen, phase="executed"):
    """Return an amount of table 甲; "—" is what does not apply."""
    place = Place("表.xlsx", "一", f"C{item}")
    known = {"item_name": f"名{item}", "phase": phase, "place": place}
    if fen == "—":
        return amount_of(item, None, raw="—", state="dash", **known)
    return amount_of(item, fen, raw="" if fen is None else f"{fen / 100:.0f}", **known)


def at(item):
    return Address("甲", "total", item, "")


def of_sources(records, *sources, unread=()):
    """Return the records that line "procurement" is taken from, and all single numbers of it."""
    relations = RELATIONS.model_copy(update={"lines": {"procurement": sources}})
    book = Book(records, {}, unread)
    entries = line_entries(book, relations, "procurement", "executed")
    return stated_amounts([], book, relations), [entry.item_code for entry in entries]


def test_a_line_taken_from_one_number_says_where_it_stands():
    (taken,), singles = of_sources([amount("1", 500)], Source(at=at("1")))

    assert taken == replace(amount("1", 500), block="procurement", item_code="procurement")
    assert singles == ["1"]


def test_a_line_taken_from_a_sum_names_each_cell_that_was_added():
    records = [amount("1", 500), amount("2", None), amount("3", 700), amount("4", "—")]
    source = Source(sum=tuple(map(at, "12345")))
    (taken,), singles = of_sources(records, source)

    assert (taken.fen, taken.state) == (1200, "value")
    assert (taken.place.cell, taken.raw, taken.item_name) == ("C1＋C3", "5＋7", "名1")
    assert singles == []


def test_a_sum_is_no_number_where_one_of_its_addends_was_not_understood():
    place = Place("表.xlsx", "一", "C2")
    known = Unread(place, "约7", "不是数", replace(amount("2", None), state="unread"))
    source, other = Source(sum=(at("1"), at("2"))), Source(at=at("3"))
    records = [amount("1", 500), amount("3", 1300)]

    assert of_sources(records[:1], source, unread=[known])[0] == ()
    assert of_sources(records[:1], source, unread=[Unread(place, "7", "科目编码不完整")])[0] == ()
    assert [r.fen for r in of_sources(records, source, other, unread=[known])[0]] == [1300]
    # A number in another column is no part of it.
    elsewhere = Unread(Place("表.xlsx", "一", "D2"), "7", "科目编码不完整")
    assert [r.fen for r in of_sources(records[:1], source, unread=[elsewhere])[0]] == [500]


def test_a_number_that_was_not_understood_is_looked_for_in_the_next_source():
    lost = Unread(
        Place("表.xlsx", "一", "C1"), "约5", "不是数", replace(amount("1", None), state="unread")
    )
    sources = [Source(at=at("1")), Source(at=at("2"))]

    (taken,), _ = of_sources([amount("2", 700)], *sources, unread=[lost])

    assert taken.place.cell == "C2"


def test_a_sum_of_nothing_is_no_number_and_one_of_zeros_is_zero():
    source = Source(sum=(at("1"), at("2")))
    blank, _ = of_sources([amount("1", None), amount("2", None)], source)
    (zero,), _ = of_sources([amount("1", 0), amount("2", None)], source)
    (balanced,), _ = of_sources([amount("1", 500), amount("2", -500)], source)

    assert blank == ()
    assert (zero.fen, zero.state) == (0, "zero")
    assert (balanced.fen, balanced.state) == (0, "zero")


def test_the_first_source_with_anything_filled_in_is_taken_for_each_phase():
    sources = [Source(at=at("1")), Source(at=at("2")), Source(at=at("3"))]
    records = [
        amount("1", None), amount("2", "—"), amount("3", 700),
        amount("1", 400, "initial_budget"), amount("3", 300, "initial_budget"),
    ]  # fmt: skip
    taken, singles = of_sources(records, *sources)

    assert [(one.phase, one.state, one.place.cell) for one in taken] == [
        ("initial_budget", "value", "C1"),
        ("executed", "dash", "C2"),
    ]
    assert singles == ["3"]


def test_a_phase_that_the_form_states_leaves_the_other_phases_to_the_tables():
    relations = RELATIONS.model_copy(update={"lines": {"procurement": (Source(at=at("1")),)}})
    book = Book([amount("1", 400, "prior_final_accounts"), amount("1", 500)], {})
    own = amount_of("procurement", 1, phase="prior_final_accounts")

    _, *taken = stated_amounts([own], book, relations)

    assert [one.phase for one in taken] == ["executed"]


@pytest.mark.parametrize(
    ("one", "other", "speaks"),
    [
        (500, 500, True),
        (500, 600, True),
        (500, 601, False),
        (600, 500, True),
        (601, 500, False),
        (500, None, False),
        (None, 500, False),
        ("—", "—", False),
    ],
)
def test_a_number_of_one_fund_speaks_for_the_line_where_the_totals_agree(one, other, speaks):
    records = [amount("1", 900), amount("2", one), amount("3", other)]
    taken, singles = of_sources(records, Source(at=at("1"), same=((at("2"), at("3")),)))

    assert [one.fen for one in taken] == [900] * speaks
    assert singles == ["1"] * speaks


def test_one_group_that_agrees_is_enough_and_one_number_too_few_is_not():
    records = [amount("1", 900), amount("2", 500), amount("3", 800), amount("4", 500)]
    pairs = {
        (("2", "3"), ("2", "4")): True,
        (("2", "3"), ("3", "4")): False,
        (("2", "4", "3"),): False,
        (("2", "9"),): False,
    }
    told = {
        groups: bool(of_sources(records, Source(at=at("1"), same=tuple(
            tuple(map(at, group)) for group in groups)))[0])
        for groups in pairs
    }  # fmt: skip

    assert told == pairs


def test_each_number_of_a_group_is_compared_with_its_first():
    records = [amount("1", 900), amount("2", 500), amount("3", 600), amount("4", 400)]
    groups = [tuple(map(at, items)) for items in ("234", "342")]

    told = [of_sources(records, Source(at=at("1"), same=(group,)))[1] for group in groups]

    assert told == [["1"], []]


# --- through a unit's folder -----------------------------------------------------------------


def sources(evaluation, *keys):
    return [evaluation.quantities[key].source for key in keys]


def test_with_final_accounts_only_the_report_and_its_trace_name_file_sheet_and_cell(tmp_path):
    sheets = final_accounts(without_own_money(Plan(Random(1))))
    folder = make_folder(tmp_path)
    write_xlsx(folder / "2021年决算.xlsx", **sheets)
    evaluation = score(check(load_unit(folder)))

    assert sources(evaluation, "total.executed") == ["2021年决算.xlsx › 支出 › C5"]
    assert "2021年决算.xlsx › 支出</th>" in traced(evaluation)
    assert "<td>C5</td>" in traced(evaluation)


def test_the_form_wins_over_the_tables_and_the_difference_is_a_finding(tmp_path):
    sheets = final_accounts(without_own_money(Plan(Random(1))))
    folder = make_folder(tmp_path)
    write_xlsx(folder / "2021年决算.xlsx", **sheets)
    total = [{"item": "支出合计", "executed": 7}]
    write_csv(folder / "三公采购结转.csv", sheet_of("other", total))
    evaluation = check(load_unit(folder))
    (finding,) = [f for f in evaluation.all_findings if f.code == "SAME-01"]

    assert evaluation.quantities["total.executed"].value == 7 * WAN
    assert finding.outcome == "fail"
    assert finding.message == (
        f"支出合计全年执行数：填报表“三公采购结转”为7.00万元，支出决算表为{sheets['支出'][4][2]}万元，"
        "不同。"
    )
    assert [str(place) for place in finding.places] == [
        "三公采购结转.csv › 三公采购结转 › E4", "2021年决算.xlsx › 支出 › C5",
    ]  # fmt: skip


def test_a_form_that_says_not_applicable_where_a_table_has_an_amount_is_a_finding(tmp_path):
    sheets = final_accounts(Plan(Random(1)))
    folder = make_folder(tmp_path)
    write_xlsx(folder / "2021年决算.xlsx", **sheets)
    none = [{"item": "公务接待费", "executed": "—"}]
    write_csv(folder / "三公采购结转.csv", sheet_of("other", none))
    (finding,) = [f for f in check(load_unit(folder)).all_findings if f.code == "SAME-01"]

    assert finding.outcome == "fail"
    assert "填报表“三公采购结转”为不适用" in finding.message


def test_the_forms_parts_are_compared_with_the_tables_total(tmp_path):
    plan = Plan(Random(1))
    sheets = final_accounts(plan)
    folder = make_folder(tmp_path)
    write_xlsx(folder / "2021年决算.xlsx", **sheets)
    basic = [line("人员经费", "", "", "", "", 1), line("公用经费", "", "", "", "", 2)]
    projects = [line("甲", "", "", "", "", 3)]
    write_csv(folder / "基本支出.csv", sheet_of("basic", basic))
    write_csv(folder / "项目支出.csv", sheet_of("projects", projects))
    found = check(load_unit(folder)).all_findings

    told = {f.code: f.message for f in found if f.code.startswith("SUM") and f.outcome == "fail"}
    accounts = sheets["支出"][4]
    assert set(told) == {"SUM-01", "SUM-02"}
    assert told["SUM-01"].startswith(
        f"基本支出全年执行数在公开表里为{accounts[3]}万元，人员经费＋公用经费为3.00万元，"
    )
    assert told["SUM-02"].startswith(
        f"项目支出全年执行数在公开表里为{accounts[4]}万元，甲为3.00万元"
    )


def test_the_tables_are_reconciled_by_themselves_not_again_as_a_form(tmp_path):
    folder = make_folder(tmp_path)
    write_xlsx(folder / "2021年决算.xlsx", **final_accounts(Plan(Random(1))))
    found = check(load_unit(folder)).all_findings

    assert [f.code for f in found if f.code.startswith("SUM")] == []


def test_a_unit_without_official_tables_has_nothing_to_reconcile(tmp_path):
    evaluation = scored(tmp_path, basic=BASIC)

    assert evaluation.tables.relations is None
    assert [f for f in evaluation.all_findings if f.code[0] == "I" and f.code[1:].isdecimal()] == []


# --- what official tables say beyond the lines that our form has ------------------------------


def official(tmp_path, **changed):
    """Return a unit of 2021 with official tables alone, some sheets changed."""
    sheets = final_accounts(Plan(Random(1)), year="2021年度") | changed
    folder = make_folder(tmp_path, "")
    write_xlsx(folder / "决算.xlsx", **{name: rows for name, rows in sheets.items() if rows})
    return sheets, score(check(load_unit(folder)))


def words(html):
    return re.sub(r"<[^>]+>", " ", html)


def rows_of(html):
    """Return the cells of each row of a table, the name first."""
    rows = re.findall(r"<tr.*?</tr>", html, re.DOTALL)
    return {cells[0]: cells[1:] for row in rows if (cells := words(row).split())}


def test_personnel_known_of_one_fund_alone_is_shown_as_of_that_fund(tmp_path):
    accounts = final_accounts(Plan(Random(1)), year="2021年度")["支出"]
    accounts[4] = [*accounts[4][:2], *(f"{float(a) + 1:.2f}" for a in accounts[4][2:4]),
                   *accounts[4][4:]]  # fmt: skip
    sheets, evaluation = official(tmp_path, 支出=accounts)
    basic = sheets["基本"]
    sentence = (
        "其中只按一种资金公开的部分：人员经费（一般公共预算）全年执行数{}万元；"
        "公用经费（一般公共预算）全年执行数{}万元。"
    )

    rows = rows_of(execution_table(evaluation))
    assert rows["人员经费（一般公共预算）"][0] == basic[-1][2]
    assert "人员经费" not in rows
    assert sentence.format(basic[-1][2], basic[-1][5]) in plain_texts(describe_basic(evaluation))


def test_spending_that_is_neither_basic_nor_of_projects_has_a_line_of_its_own(tmp_path):
    sheets, evaluation = official(tmp_path)
    rows = rows_of(execution_table(evaluation))

    assert rows["经营支出"][0] == sheets["支出"][4][6]
    assert "其余" not in rows


def test_what_no_table_names_is_the_rest(tmp_path):
    table = [["2021年度支出预算总表"], ["单位：万元"],
             ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
             ["213", "农林水支出", "100", "60", "30"], ["合计", "", "100", "60", "30"]]  # fmt: skip
    folder = make_folder(tmp_path, "")
    write_xlsx(folder / "预算.xlsx", 支出=table)
    evaluation = score(check(load_unit(folder)))

    assert rows_of(execution_table(evaluation))["其余"][0] == "10.00"
    assert evaluation.quantities["rest.initial_budget"].formula == "支出合计－基本支出－项目支出"
    assert "，其余占10.00%。" in plain_texts([describe_spending(evaluation)])


def test_what_is_known_of_project_spending_is_told_without_a_list_of_projects(tmp_path):
    sheets, evaluation = official(tmp_path)

    assert plain_texts(describe_projects(evaluation)).startswith(
        f"项目明细未提供，项目支出{sheets['支出'][4][4]}万元，预算执行率不可计算。"
    )


def test_text_that_is_not_there_is_not_announced(tmp_path):
    assert "以下" not in plain_texts(describe_performance(official(tmp_path)[1]))
    assert "以下为单位" in plain_texts(describe_performance(sample("G001")))


def test_a_difference_of_rounding_is_no_rest(tmp_path):
    basic = [line("基本支出合计", "", 60)]
    rows = scored(tmp_path, basic=basic, projects=[line("甲", "", 39.99)],
                  other=[line("支出合计", "", 100)])  # fmt: skip

    assert "其余" not in execution_table(rows)


def test_what_parts_in_whole_yuan_round_off_is_no_rest(tmp_path):
    table = [["2021年度支出预算总表"], ["单位：元"],
             ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
             ["213", "农林水支出", "100.34", "60", "40"],
             ["合计", "", "100.34", "60", "40"]]  # fmt: skip
    folder = make_folder(tmp_path, "")
    write_xlsx(folder / "预算.xlsx", 支出=table)

    assert "其余" not in rows_of(execution_table(score(check(load_unit(folder)))))


def test_a_table_that_says_there_was_none_is_believed(tmp_path):
    evaluation = official(tmp_path)[1]
    section = words(outline_section(evaluation, "spending").html)

    assert re.search("公开表写明没有：[^。]*国有资本经营预算支出", section)


def test_a_table_of_zeros_that_says_there_was_none_is_read_so(tmp_path):
    note = ["说明：本年度没有国有资本经营预算财政拨款收支，故本表无数据。"]
    empty = final_accounts(Plan(Random(1)), year="2021年度")["国资"]
    zeros = [*empty[:-2], ["合计", "", "0", "0", "0", "0", "0", "0"], note]
    evaluation = official(tmp_path, 国资=zeros)[1]
    section = words(outline_section(evaluation, "spending").html)

    assert evaluation.quantities["state_capital_operations.executed"].value == 0
    assert re.search("公开表写明没有：[^。]*国有资本经营预算支出", section)
    assert plain_texts(describe_fund(evaluation, "state_capital_operations")) == (
        "公开表写明没有国有资本经营预算支出。"
    )


def test_income_and_functions_are_shown_with_their_cells_where_tables_have_them(tmp_path):
    sheets, evaluation = official(tmp_path)
    html = outline_section(evaluation, "spending").html
    rows = rows_of(html)

    assert rows["本年收入合计"] == [sheets["总表"][12][1]]
    assert rows["农林水支出"] == [next(row[2] for row in sheets["支出"] if row[0] == "213")]
    assert evaluation.quantities["function:213.executed"].source.startswith("决算.xlsx › 支出 › C")
    assert "收入情况" not in outline_section(sample("S001"), "spending").html


@pytest.mark.parametrize(
    "name", ["一般公共服务支出", "一、一般公共服务支出", "（一）一般公共服务支出"]
)
def test_a_class_loses_its_number_and_nothing_else(tmp_path, name):
    table = [["2021年度收支预算总表"], ["单位：万元"], ["收入", "", "支出", ""],
             ["项目", "预算数", "项目", "预算数"], ["一、财政拨款收入", "100", name, "100"],
             ["收入总计", "100", "支出总计", "100"]]  # fmt: skip
    folder = make_folder(tmp_path, "")
    write_xlsx(folder / "预算.xlsx", 总表=table)
    evaluation = score(check(load_unit(folder)))

    assert rows_of(outline_section(evaluation, "spending").html)["一般公共服务支出"] == ["100.00"]
