"""Tests of selfeval.tables.official: whole readings of small tables at the edges of the rules."""

# ruff: noqa: E501 (a drawn table is as wide as the form)

import re

import pytest
from official_tables import reading

from selfeval.tables.official.reader import Reading


def told(read: Reading) -> list[str]:
    """Return all that was read of filled cells: amounts by rows, figures after "=", what was not
    understood after "?", tables, and sheets without one."""
    rows: dict[str, list[str]] = {}
    assert {unread.place.file for unread in read.unread} <= {"表.xlsx"}
    for r in read.amounts:
        if not r["raw"]:
            continue
        column, row = re.fullmatch("([A-Z]+)([0-9]+)", str(r["cell"])).groups()
        line = f"{r['sheet']}!{row} {r['item_name']} {r['fund'] or '-'} {r['amount_unit'] or '-'}"
        size = f"{r['amount']}分" if r["amount"] is not None else r["state"]
        key = f"{r['block']}/{r['item_code']}"
        rows.setdefault(line, []).append(f"{column} {key} {r['phase'] or '-'} {r['raw']}={size}")
    for r in read.figures:
        line = f"= {r['sheet']}!{r['cell']} {r['item_name']} {r['phase']}"
        rows[line] = [f"{r['block']}/{r['item_code']} {r['raw']} {r['kind']} {r['value']}"]
    for u in read.unread:
        rows.setdefault(f"? {u.place.sheet} {u.why}", []).append(f"{u.place.cell} {u.raw}")
    for t in read.tables:
        notes = "；".join(t.notes) or "-"
        flags = " empty" * (t.is_empty and not read.unread) + " said" * t.says_empty
        line = f"{t.layout} {t.sheet}!{t.range} {t.amount_unit or '-'} {t.year} {t.phase or '-'}"
        rows.setdefault(line, []).append(f"{t.title or '-'} {notes}{flags}")
    lines = [f"{line}: {', '.join(cells)}" for line, cells in rows.items()]
    return [*lines, *(f"{grid.sheet} {why}" for grid, why in read.strangers)]


# --- tables whose columns say everything -------------------------------------------------------


def test_rows_named_after_years_have_the_phases_of_these_years():
    read = reading("""
        2024年一般公共预算“三公”经费支出表
        单位：万元
        单位编码 | 单位名称 | 合计 | 因公出国（境）费 | 公务用车购置及运行费 | | | 公务接待费 | 增减率
        | | | | 小计 | 公务用车购置费 | 公务用车运行费 | |
        | 2023年预算数 | 9 | | 5 | | 5 | 4 |
        | 2024年预算数 | 8 | 1 | 4 | | 4 | 3 | 12.5％
    """)

    assert told(read) == [
        "表1!5 “三公”经费 - 万元: C three_public_expenses/three_public_expenses prior_initial_budget 9=9000000分",
        "表1!5 公务用车购置及运行维护费 - 万元: E three_public_expenses/official_vehicles prior_initial_budget 5=5000000分",
        "表1!5 公务用车运行维护费 - 万元: G three_public_expenses/official_vehicle_running prior_initial_budget 5=5000000分",
        "表1!5 公务接待费 - 万元: H three_public_expenses/official_hospitality prior_initial_budget 4=4000000分",
        "表1!6 “三公”经费 - 万元: C three_public_expenses/three_public_expenses initial_budget 8=8000000分",
        "表1!6 因公出国（境）费 - 万元: D three_public_expenses/official_overseas_visits initial_budget 1=1000000分",
        "表1!6 公务用车购置及运行维护费 - 万元: E three_public_expenses/official_vehicles initial_budget 4=4000000分",
        "表1!6 公务用车运行维护费 - 万元: G three_public_expenses/official_vehicle_running initial_budget 4=4000000分",
        "表1!6 公务接待费 - 万元: H three_public_expenses/official_hospitality initial_budget 3=3000000分",
        "= 表1!I6 2024年预算数 initial_budget: three_public_expenses/total 12.5％ rate 0.125",
        "budget_three_public 表1!A1:I6 万元 2024 initial_budget: 2024年一般公共预算“三公”经费支出表 -",
    ]


def test_rows_named_after_years_below_a_title_without_one_are_left_open():
    read = reading("""
        一般公共预算“三公”经费支出表
        单位：万元
        单位编码 | 单位名称 | 合计 | 因公出国（境）费 | 公务用车购置及运行费 | | | 公务接待费 | 增减率
        | | | | 小计 | 公务用车购置费 | 公务用车运行费 | |
        | 2023年预算数 | 9 | | | | | 4 |
        | 2024年预算数 | 8 | | | | | 3 |
    """)

    assert told(read) == [
        "? 表1 同一科目在这张表里有几行，名称或数额不同（C5、C6）: C5 9, H5 4, C6 8, H6 3",
        "budget_three_public 表1!A1:I6 万元 None initial_budget: 一般公共预算“三公”经费支出表 -",
    ]


def test_offices_in_rows_are_kept_apart_and_their_codes_are_no_amounts():
    read = reading("""
        2024年一般公共预算“三公”经费支出表
        单位：万元
        单位编码 | 单位名称 | 合计 | 因公出国（境）费 | 公务用车购置及运行费 | | | 公务接待费 | 增减率
        | | | | 小计 | 公务用车购置费 | 公务用车运行费 | |
        | 合计 | 9 | | | | | 4 |
        101 | 某局 机关 | 6 | | | | | 3 |
        102 | 某所 | 3 | | | | | 1 |
        | | 7 | | | | | 2 | 5%
        103 | 某站 | 8 | 某某局 | | | | 2 |
    """)

    assert told(read) == [
        "表1!5 “三公”经费 - 万元: C three_public_expenses/three_public_expenses initial_budget 9=9000000分",
        "表1!5 公务接待费 - 万元: H three_public_expenses/official_hospitality initial_budget 4=4000000分",
        "表1!6 “三公”经费 - 万元: C three_public_expenses/three_public_expenses:某局机关 initial_budget 6=6000000分",
        "表1!6 公务接待费 - 万元: H three_public_expenses/official_hospitality:某局机关 initial_budget 3=3000000分",
        "表1!7 “三公”经费 - 万元: C three_public_expenses/three_public_expenses:某所 initial_budget 3=3000000分",
        "表1!7 公务接待费 - 万元: H three_public_expenses/official_hospitality:某所 initial_budget 1=1000000分",
        "? 表1 有几行数，看不出各是什么: C8 7, H8 2, I8 5%",
        "? 表1 金额栏里是文字“某某局”，栏目像是错位了: C9 8, H9 2",
        "budget_three_public 表1!A1:I9 万元 2024 initial_budget: 2024年一般公共预算“三公”经费支出表 -",
    ]


def test_rows_without_numbers_do_not_make_a_table_one_of_offices():
    read = reading("""
        2024年一般公共预算“三公”经费支出表
        单位：万元
        单位编码 | 单位名称 | 合计 | 因公出国（境）费 | 公务用车购置及运行费 | | | 公务接待费 | 增减率
        | | | | 小计 | 公务用车购置费 | 公务用车运行费 | |
        101 | 某局 | 6 | | | | | 3 |
        102 | 某所 | | | | | | |
    """)

    assert told(read) == [
        "表1!5 “三公”经费 - 万元: C three_public_expenses/three_public_expenses initial_budget 6=6000000分",
        "表1!5 公务接待费 - 万元: H three_public_expenses/official_hospitality initial_budget 3=3000000分",
        "budget_three_public 表1!A1:I6 万元 2024 initial_budget: 2024年一般公共预算“三公”经费支出表 -",
    ]


def test_a_row_without_a_name_is_called_after_its_columns():
    read = reading("""
        “三公”经费、会议费、培训费支出决算表
        单位：万元
        合计 | 因公出国（境）费 | 公务用车购置及运行维护费 | | | 公务接待费 | 会议费 | 培训费
        | | 小计 | 公务用车购置费 | 公务用车运行维护费 | | |
        | | 6 | | 6 | 4 | 1 | 2
    """)

    assert told(read) == [
        "表1!5 公务用车购置及运行维护费 fiscal_appropriation 万元: C three_public_expenses/official_vehicles executed 6=6000000分",
        "表1!5 公务用车运行维护费 fiscal_appropriation 万元: E three_public_expenses/official_vehicle_running executed 6=6000000分",
        "表1!5 公务接待费 fiscal_appropriation 万元: F three_public_expenses/official_hospitality executed 4=4000000分",
        "表1!5 会议费 fiscal_appropriation 万元: G three_public_expenses/conferences executed 1=1000000分",
        "表1!5 培训费 fiscal_appropriation 万元: H three_public_expenses/training executed 2=2000000分",
        "final_three_public 表1!A1:H5 万元 None executed: “三公”经费、会议费、培训费支出决算表 -",
    ]


def test_a_number_right_of_the_last_heading_means_that_a_single_row_moved():
    read = reading("""
        2024年一般公共预算“三公”经费支出表
        单位：万元
        合计 | 因公出国（境）费 | 公务用车购置及运行费 | | | 公务接待费
        | | 小计 | 公务用车购置费 | 公务用车运行费 |
        9 | | 5 | | 5 | 4 | 2
    """)

    assert told(read) == [
        "? 表1 有数字落在没有标题的栏里，栏目像是错位了: A5 9, C5 5, E5 5, F5 4",
        "? 表1 这一栏没有自己的标题，左边一栏是“公务接待费”: G5 2",
        "budget_three_public 表1!A1:G5 万元 2024 initial_budget: 2024年一般公共预算“三公”经费支出表 -",
    ]


# --- numbers that stand elsewhere --------------------------------------------------------------


def test_the_only_number_of_a_row_may_stand_one_column_aside():
    read = reading("""
        收支预算总表
        单位：万元
        收入 | | | 支出 | | |
        项目 | 预算数 | | 项目 | 预算数 | |
        一、财政拨款收入 | 9 | | 一、一般公共服务支出 | | | 7
        二、事业收入 | | 3 | 二、外交支出 | | 2 |
        收入总计 | 12 | | 支出总计 | 9 | |
    """)

    assert told(read) == [
        "表1!5 一、财政拨款收入 - 万元: B revenue/fiscal_appropriation initial_budget 9=9000000分",
        "表1!7 收入总计 - 万元: B revenue/grand_total initial_budget 12=12000000分",
        "表1!5 一、一般公共服务支出 - 万元: G total/201 initial_budget 7=7000000分",
        "表1!6 二、外交支出 - 万元: F total/202 initial_budget 2=2000000分",
        "表1!7 支出总计 - 万元: E total/grand_total initial_budget 9=9000000分",
        "? 表1 这一栏没有自己的标题，左边一栏是“收入/预算数”: C6 3",
        "budget_summary 表1!A1:G7 万元 None initial_budget: 收支预算总表 -",
    ]


def test_projects_are_read_by_name_with_what_is_above_them():
    read = reading("""
        项目支出决算表
        单位：万元
        序号 | 项目名称 | 年初预算数 | 全年预算数 | 决算数 | 备注
        1 | 信息化建设 | 30 | 28 | 25 | 12
        2 | 信息化建设 | 3 | 2 | 1 | 略
        | 小计 | 33 | 30 | 26 |
        | 合 计 | 33 | 30 | 26 |
        3.5 | 培训 | 5 | 5 | 5 |
        | 12.5 | 6 | 6 | 6 |
    """)

    assert told(read) == [
        "表1!4 信息化建设 - 万元: C project/name:信息化建设 initial_budget 30=30000000分, D project/name:信息化建设 adjusted_budget 28=28000000分, E project/name:信息化建设 executed 25=25000000分",
        "表1!5 信息化建设 - 万元: C project/name:信息化建设 initial_budget 3=3000000分, D project/name:信息化建设 adjusted_budget 2=2000000分, E project/name:信息化建设 executed 1=1000000分",
        "表1!7 合 计 - 万元: C project/total initial_budget 33=33000000分, D project/total adjusted_budget 30=30000000分, E project/total executed 26=26000000分",
        "表1!8 培训 - 万元: C project/name:培训 initial_budget 5=5000000分, D project/name:培训 adjusted_budget 5=5000000分, E project/name:培训 executed 5=5000000分",
        "? 表1 不知道“小计”是哪些行的合计: C6 33, D6 30, E6 26",
        "? 表1 这一行没有科目或项目名称: C9 6, D9 6, E9 6",
        "? 表1 看不出属于哪一行或哪一栏: A8 3.5, B9 12.5",
        "final_projects 表1!A1:F9 万元 None executed: 项目支出决算表 -",
    ]


def test_a_row_that_moved_sideways_is_read_only_if_every_cell_moved_alike():
    read = reading("""
        一般公共预算财政拨款支出决算表
        单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        201 | 一般公共服务支出 | 9 | 5 | 4
        | 208 | 社会保障和就业支出 | 3 | 2 | 1
        | | 210 | 卫生健康支出 | 3 | 2 | 1
        | 20 | 社会保障和就业支出 | 3 | 2 | 1
        | 20805 | 行政单位离退休 | 3 | 2 | 1
        | 211 | 节能环保支出 | 3 | x | 1
        | 213 | 某 | 3 | 2 | 1
        | 212 | 城乡社区支出 | 3 | | 3
        214 | 交通运输支出 | 3 | | 3
    """)

    assert told(read) == [
        "表1!4 一般公共服务支出 general_public_budget 万元: C total/201 executed 9=9000000分, D basic/201 executed 5=5000000分, E project/201 executed 4=4000000分",
        "表1!5 社会保障和就业支出 general_public_budget 万元: D total/208 executed 3=3000000分, E basic/208 executed 2=2000000分, F project/208 executed 1=1000000分",
        "表1!6 卫生健康支出 general_public_budget 万元: E total/210 executed 3=3000000分, F basic/210 executed 2=2000000分, G project/210 executed 1=1000000分",
        "表1!11 城乡社区支出 general_public_budget 万元: D total/212 executed 3=3000000分, F project/212 executed 3=3000000分",
        "表1!12 交通运输支出 general_public_budget 万元: C total/214 executed 3=3000000分, E project/214 executed 3=3000000分",
        "? 表1 “20”不在金额栏里，栏目像是错位了: D7 3, E7 2",
        "? 表1 科目编码“20805”与名称“行政单位离退休”不符，像是少了几位: D8 3, E8 2, F8 1",
        "? 表1 “211”没有科目名称: D9 3",
        "? 表1 “213”没有科目名称: D10 3, E10 2",
        "? 表1 看不出属于哪一行或哪一栏: B7 20, B9 211, B10 213",
        "? 表1 这一栏没有自己的标题，左边一栏是“项目支出”: F7 1, F9 1, F10 1",
        "final_general_expenditure 表1!A1:G12 万元 None executed: 一般公共预算财政拨款支出决算表 -",
    ]


def test_a_row_that_moved_to_the_left_is_read_likewise():
    read = reading("""
        支出决算表
        单位：万元
         | | 科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
         | | 201 | 一般公共服务支出 | 9 | 5 | 4
         | 208 | 社会保障和就业支出 | 3 | 2 | 1 |
    """)

    assert told(read) == [
        "表1!4 一般公共服务支出 - 万元: E total/201 executed 9=9000000分, F basic/201 executed 5=5000000分, G project/201 executed 4=4000000分",
        "表1!5 社会保障和就业支出 - 万元: D total/208 executed 3=3000000分, E basic/208 executed 2=2000000分, F project/208 executed 1=1000000分",
        "final_expenditure 表1!A1:G5 万元 None executed: 支出决算表 -",
    ]


def test_names_among_the_amounts_mean_that_a_row_moved_other_words_do_not():
    read = reading("""
        一般公共预算财政拨款支出决算表
        单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        201 | 一般公共服务支出 | 9 | 基本支出 | 4
        208 | 社会保障和就业支出 | 9 | 约5万元左右 | 4
        210 | 卫生健康支出 | 不适用 | 208社会 | 4
        211 | 节能环保支出 | 5 | 无 | 5
        213 | 农林水支出 | 5 | 其他 2022年 | 5
        214 | 交通运输支出 | | 2 | 3
        215 | 资源勘探工业信息等支出 | | | 3
    """)

    assert told(read) == [
        "表1!5 社会保障和就业支出 general_public_budget 万元: C total/208 executed 9=9000000分, E project/208 executed 4=4000000分",
        "表1!7 节能环保支出 general_public_budget 万元: C total/211 executed 5=5000000分, D basic/211 executed 无=blank, E project/211 executed 5=5000000分",
        "表1!8 农林水支出 general_public_budget 万元: C total/213 executed 5=5000000分, E project/213 executed 5=5000000分",
        "? 表1 金额栏里是文字“基本支出”，栏目像是错位了: C4 9, E4 4",
        "? 表1 不是数字: D5 约5万元左右, D8 其他 2022年",
        "? 表1 金额栏里是文字“208社会”，栏目像是错位了: D6 208社会, E6 4",
        "? 表1 合计栏是空的，其他栏有数，数字像是错位了: D9 2, E9 3, E10 3",
        "final_general_expenditure 表1!A1:E10 万元 None executed: 一般公共预算财政拨款支出决算表 -",
    ]


# --- figures -----------------------------------------------------------------------------------


def test_changes_and_shares_are_figures():
    read = reading("""
        2024年一般公共预算支出表
        单位：万元
        功能分类科目 | | 2023年执行数 | 2024年预算数 | | | 2024年预算数比2023年执行数 |
        科目编码 | 科目名称 | | 小计 | 基本支出 | 项目支出 | 增减额 | 增减%
        201 | 一般公共服务支出 | 80 | 100 | | | 20 | 25%
        202 | 外交支出 | | 100 | | | 1,2 | 25％
        203 | 国防支出 | | 100 | | | — | 无
        204 | 公共安全支出 | | 100 | | | X | 2X
        205 | 教育支出 | | 100 | | | -12.5 | 12.5
    """)

    assert told(read) == [
        "表1!5 一般公共服务支出 general_public_budget 万元: C total/201 prior_final_accounts 80=80000000分, D total/201 initial_budget 100=100000000分",
        "表1!6 外交支出 general_public_budget 万元: D total/202 initial_budget 100=100000000分",
        "表1!7 国防支出 general_public_budget 万元: D total/203 initial_budget 100=100000000分",
        "表1!8 公共安全支出 general_public_budget 万元: D total/204 initial_budget 100=100000000分",
        "表1!9 教育支出 general_public_budget 万元: D total/205 initial_budget 100=100000000分",
        "= 表1!G5 一般公共服务支出 initial_budget: /201 20 difference 20",
        "= 表1!H5 一般公共服务支出 initial_budget: /201 25% rate 0.25",
        "= 表1!H6 外交支出 initial_budget: /202 25％ rate 0.25",
        "= 表1!G9 教育支出 initial_budget: /205 -12.5 difference -12.5",
        "= 表1!H9 教育支出 initial_budget: /205 12.5 rate 12.5",
        "? 表1 千分位逗号的位置不对: G6 1,2",
        "? 表1 不是数字: H8 2X",
        "budget_general_expenditure 表1!A1:H9 万元 2024 initial_budget: 2024年一般公共预算支出表 -",
    ]


def test_counts_in_a_list_of_amounts_are_figures():
    read = reading("""
        财政拨款“三公”经费支出决算表
        单位：万元
        项目 | 行次 | 预算数 | 决算数
        合计 | 1 | 12 | 10
        1.因公出国（境）费 | 2 | |
        2.公务用车购置及运行维护费 | 3 | 7 | 6
        （1）公务用车购置费 | 4 | |
        （2）公务用车运行维护费 | 5 | 7 | 6
        3.公务接待费 | 6 | 5 | 4
        1.因公出国（境）团组数（个） | 7 | — | 2
        4.公务用车保有量（辆） | 8 | 无 | 3辆
        国内公务接待人次（人） | 9 | 1 2 | 3
        其他费 | 10 | 1 | 2
        小计 | 11 | 1 | 2
    """)

    assert told(read) == [
        "表1!4 合计 fiscal_appropriation 万元: C three_public_expenses/three_public_expenses stated_budget 12=12000000分, D three_public_expenses/three_public_expenses executed 10=10000000分",
        "表1!6 2.公务用车购置及运行维护费 fiscal_appropriation 万元: C three_public_expenses/official_vehicles stated_budget 7=7000000分, D three_public_expenses/official_vehicles executed 6=6000000分",
        "表1!8 （2）公务用车运行维护费 fiscal_appropriation 万元: C three_public_expenses/official_vehicle_running stated_budget 7=7000000分, D three_public_expenses/official_vehicle_running executed 6=6000000分",
        "表1!9 3.公务接待费 fiscal_appropriation 万元: C three_public_expenses/official_hospitality stated_budget 5=5000000分, D three_public_expenses/official_hospitality executed 4=4000000分",
        "= 表1!D10 1.因公出国（境）团组数（个） executed: three_public_expenses/overseas_groups 2 count 2",
        "= 表1!D12 国内公务接待人次（人） executed: three_public_expenses/domestic_guests 3 count 3",
        "? 表1 不是数字: D11 3辆",
        "? 表1 数字中间有空格: C12 1 2",
        "? 表1 “其他费”不是这张表的行目，或看不出是哪一个行目: C13 1, D13 2",
        "? 表1 不知道“小计”是哪些行的合计: C14 1, D14 2",
        "final_three_public 表1!A1:D14 万元 None executed: 财政拨款“三公”经费支出决算表 -",
    ]


# --- cells beside the values -------------------------------------------------------------------


def test_numbers_that_no_column_explains_are_listed_codes_and_line_numbers_are_not():
    read = reading("""
        支出决算表
        单位：万元
        行次 | 科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出 | 奇怪支出 | 备注 | |
        1 | 201 | 一般公共服务支出 | 9 | 5 | 4 | 3 | 12 | | 7
        2.5 | 208 | 社会保障和就业支出 | 9 | 5 | 4 | 3 | 略 | 8 |
        3 | 20 | 其他 | 9 | 5 | 4 | | | |
        | 2101 | 12 | 9 | 5 | 4 | | | |
        6 | 2105 | 卫生 | | | | | | | 8
    """)

    assert told(read) == [
        "表1!4 一般公共服务支出 - 万元: D total/201 executed 9=9000000分, E basic/201 executed 5=5000000分, F project/201 executed 4=4000000分",
        "表1!5 社会保障和就业支出 - 万元: D total/208 executed 9=9000000分, E basic/208 executed 5=5000000分, F project/208 executed 4=4000000分",
        "? 表1 科目编码“20”不完整: D6 9, E6 5, F6 4",
        "? 表1 “12”不在金额栏里，栏目像是错位了: D7 9, E7 5, F7 4",
        "? 表1 版式“支出决算表”里没有栏目“奇怪支出”: G4 3, G5 3",
        "? 表1 看不出属于哪一行或哪一栏: A5 2.5, A6 3, B7 2101, C7 12",
        "final_expenditure 表1!A1:J8 万元 None executed: 支出决算表 -",
    ]


def test_a_cell_may_repeat_the_unit_of_its_table_after_a_space():
    read = reading("""
        一般公共预算财政拨款支出决算表
        单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        201 | 一般公共服务支出 | 9 万元 | 5万 | 4万元
        208 | 社会保障和就业支出 | 0 | 0.00 | …
    """)

    assert told(read) == [
        "表1!4 一般公共服务支出 general_public_budget 万元: C total/201 executed 9 万元=9000000分, D basic/201 executed 5万=5000000分, E project/201 executed 4万元=4000000分",
        "表1!5 社会保障和就业支出 general_public_budget 万元: C total/208 executed 0=0分, D basic/208 executed 0.00=0分, E project/208 executed …=blank",
        "final_general_expenditure 表1!A1:E5 万元 None executed: 一般公共预算财政拨款支出决算表 -",
    ]


def test_a_cell_that_says_nothing_needs_no_unit():
    read = reading("""
        支出决算表
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        201 | 一般公共服务支出 | 9 | ** | 无
    """)

    assert told(read) == [
        "表1!3 一般公共服务支出 - -: D basic/201 executed **=blank, E project/201 executed 无=blank",
        "? 表1 表上没有写明金额单位: C3 9",
        "final_expenditure 表1!A1:E3 - None executed: 支出决算表 -",
    ]


def test_notes_below_a_table_are_kept_and_tell_that_it_is_empty():
    read = reading("""
        一般公共预算财政拨款支出决算表
        单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        201 | 一般公共服务支出 | 0 | — |
        注：甲
        说明：乙
        本部门没有数据
        今年无数据
    """)

    assert told(read) == [
        "表1!4 一般公共服务支出 general_public_budget 万元: C total/201 executed 0=0分, D basic/201 executed —=dash",
        "final_general_expenditure 表1!A1:E8 万元 None executed: 一般公共预算财政拨款支出决算表 注：甲；说明：乙；本部门没有数据 empty said",
    ]


def test_a_note_of_anything_else_does_not_tell_that_a_table_is_empty():
    read = reading("""
        一般公共预算财政拨款支出决算表
        科目编码 | 科目名称 | 合计（元） | 基本支出（元） | 项目支出（元）
        201 | 一般公共服务支出 | 0 | — |
        注：甲
    """)

    assert told(read) == [
        "表1!3 一般公共服务支出 general_public_budget 元: C total/201 executed 0=0分, D basic/201 executed —=dash",
        "final_general_expenditure 表1!A1:E4 元 None executed: 一般公共预算财政拨款支出决算表 注：甲 empty",
    ]


# --- codes -------------------------------------------------------------------------------------


def test_parts_of_codes_left_out_are_those_of_the_nearest_row_above():
    read = reading("""
        支出决算表
        单位：万元
        科目编码 | | | 科目名称 | 合计 | 基本支出 | 项目支出
        类 | 款 | 项 | | | |
        201 | | | 一般公共服务支出 | 1 | |
        | 03 | | 政府办公厅（室）及相关机构事务 | 1 | |
        | | 01 | 行政运行 | 1 | |
        | 04 | | 发展与改革事务 | 2 | |
        | | 1 | 行政运行 | 2 | |
        | | 02 | 一般行政管理事务 | 2 | |
        229 | 02 | | 年初预留 | 3 | |
    """)

    assert told(read) == [
        "表1!5 一般公共服务支出 - 万元: E total/201 executed 1=1000000分",
        "表1!6 政府办公厅（室）及相关机构事务 - 万元: E total/20103 executed 1=1000000分",
        "表1!7 行政运行 - 万元: E total/2010301 executed 1=1000000分",
        "表1!8 发展与改革事务 - 万元: E total/20104 executed 2=2000000分",
        "表1!9 行政运行 - 万元: E total/2010401 executed 2=2000000分",
        "表1!10 一般行政管理事务 - 万元: E total/2010402 executed 2=2000000分",
        "表1!11 年初预留 - 万元: E total/22902 executed 3=3000000分",
        "final_expenditure 表1!A1:G11 万元 None executed: 支出决算表 -",
    ]


def test_a_part_of_a_code_left_out_below_another_code_is_left_open():
    read = reading("""
        支出决算表
        单位：万元
        科目编码 | | | 科目名称 | 合计 | 基本支出 | 项目支出
        类 | 款 | 项 | | | |
        201 | 03 | 01 | 行政运行 | 1 | |
        208 | | 01 | 行政单位离退休 | 1 | |
        | 05 | 01 | 行政单位离退休 | 1 | |
    """)

    assert told(read) == [
        "表1!5 行政运行 - 万元: E total/2010301 executed 1=1000000分",
        "? 表1 科目编码“208 01”不完整: E6 1",
        "? 表1 科目编码“05 01”不完整: E7 1",
        "final_expenditure 表1!A1:G7 万元 None executed: 支出决算表 -",
    ]


def test_a_part_of_a_code_below_a_shorter_code_is_left_open():
    read = reading("""
        支出决算表
        单位：万元
        科目编码 | | | 科目名称 | 合计 | 基本支出 | 项目支出
        类 | 款 | 项 | | | |
        201 | | | 一般公共服务支出 | 1 | |
        | | 01 | 行政运行 | 1 | |
        | 03 | | 政府办公厅（室）及相关机构事务 | 1 | |
    """)

    assert told(read) == [
        "表1!5 一般公共服务支出 - 万元: E total/201 executed 1=1000000分",
        "? 表1 科目编码“01”不完整: E6 1",
        "? 表1 科目编码“03”不完整: E7 1",
        "final_expenditure 表1!A1:G7 万元 None executed: 支出决算表 -",
    ]


def test_parts_of_codes_of_a_wrong_length_are_left_open():
    read = reading("""
        支出决算表
        单位：万元
        科目编码 | | | 科目名称 | 合计 | 基本支出 | 项目支出
        类 | 款 | 项 | | | |
        201 | 003 | | 政府办公厅（室）及相关机构事务 | 1 | |
        20 | 3 | | 政府办公厅（室）及相关机构事务 | 1 | |
        201 | 03 | 20103 | 行政运行 | 1 | |
        701 | | | 某某 | 1 | |
        | | | [2010301] 行政运行 | 1 | |
        | | 02 | 一般行政管理事务 | 1 | |
    """)

    assert told(read) == [
        "表1!9 行政运行 - 万元: E total/2010301 executed 1=1000000分",
        "表1!10 一般行政管理事务 - 万元: E total/2010302 executed 1=1000000分",
        "? 表1 科目编码“201 003”不完整: E5 1",
        "? 表1 科目编码“20 3”不完整: E6 1",
        "? 表1 科目编码“201 03 20103”不完整: E7 1",
        "? 表1 科目编码“701”不完整: E8 1",
        "final_expenditure 表1!A1:G10 万元 None executed: 支出决算表 -",
    ]


def test_a_code_put_together_that_does_not_fit_the_name_is_left_open():
    read = reading("""
        支出决算表
        单位：万元
        科目编码 | | | 科目名称 | 合计 | 基本支出 | 项目支出
        类 | 款 | 项 | | | |
        201 | 03 | | 政府办公厅（室）及相关机构事务 | 1 | |
        | | 01 | 民政管理事务 | 1 | |
        | | 02 | 一般行政管理事务 | 2 | |
    """)

    assert told(read) == [
        "表1!5 政府办公厅（室）及相关机构事务 - 万元: E total/20103 executed 1=1000000分",
        "? 表1 上一级编码没有写，推出的编码“2010301”与名称“民政管理事务”不符: E6 1",
        "? 表1 科目编码“02”不完整: E7 2",
        "final_expenditure 表1!A1:G7 万元 None executed: 支出决算表 -",
    ]


def test_what_is_no_code_and_no_total_has_its_own_reason():
    read = reading("""
        支出决算表
        单位：万元
        科目编码 | | | 科目名称 | 合计 | 基本支出 | 项目支出
        类 | 款 | 项 | | | |
        201 | | | 一般公共服务支出 | 1 | |
        | | | 本页小计 | 1 | |
        | | | 无 | 1 | |
        12.5 | | | 合计 | 1 | |
        | | | 1.5 | 3 | |
        | | | | 4 | |
        | | | 某事务 | 4 | |
        | | | 合计 | 5 | |
    """)

    assert told(read) == [
        "表1!5 一般公共服务支出 - 万元: E total/201 executed 1=1000000分",
        "表1!12 合计 - 万元: E total/total executed 5=5000000分",
        "? 表1 不知道“本页小计”是哪些行的合计: E6 1",
        "? 表1 这一行没有科目或项目名称: E7 1, E10 4",
        "? 表1 “12.5”不在金额栏里，栏目像是错位了: E8 1",
        "? 表1 “1.5”不在金额栏里，栏目像是错位了: E9 3",
        "? 表1 “某事务”没有科目编码: E11 4",
        "? 表1 看不出属于哪一行或哪一栏: A8 12.5, D9 1.5",
        "final_expenditure 表1!A1:G12 万元 None executed: 支出决算表 -",
    ]


def test_the_same_code_on_rows_of_other_names_or_amounts_is_left_open():
    read = reading("""
        一般公共预算财政拨款支出决算表
        单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        201 | 一般公共服务支出 | 9 | 5 | 4
        201 | 一般公共服务 | 9 | 5 | 4
        208 | 社会保障和就业支出 | 9 | |
        208 | 社会保障和就业支出 | 8 | |
        210 | 卫生健康支出 | — | |
        210 | 别的 | — | |
        211 | 节能环保支出 | 1 | |
        211 | 卫生健康支出 | 1 | |
        213 | 农林水支出 | 1 | |
        213 | 农林水支出 | — | |
        合计 | | 8 | |
        总计 | | 8 | |
    """)

    assert told(read) == [
        "表1!4 一般公共服务支出 general_public_budget 万元: C total/201 executed 9=9000000分, D basic/201 executed 5=5000000分, E project/201 executed 4=4000000分",
        "表1!5 一般公共服务 general_public_budget 万元: C total/201 executed 9=9000000分, D basic/201 executed 5=5000000分, E project/201 executed 4=4000000分",
        "表1!8 卫生健康支出 general_public_budget 万元: C total/210 executed —=dash",
        "表1!9 别的 general_public_budget 万元: C total/210 executed —=dash",
        "表1!12 农林水支出 general_public_budget 万元: C total/213 executed 1=1000000分",
        "表1!13 农林水支出 general_public_budget 万元: C total/213 executed —=dash",
        "表1!14 合计 general_public_budget 万元: C total/total executed 8=8000000分",
        "表1!15 总计 general_public_budget 万元: C total/total executed 8=8000000分",
        "? 表1 同一科目在这张表里有几行，名称或数额不同（C6、C7）: C6 9, C7 8",
        "? 表1 同一科目在这张表里有几行，名称或数额不同（C10、C11）: C10 1, C11 1",
        "final_general_expenditure 表1!A1:E15 万元 None executed: 一般公共预算财政拨款支出决算表 -",
    ]


def test_two_totals_that_differ_are_both_left_open():
    read = reading("""
        一般公共预算财政拨款支出决算表
        单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        201 | 一般公共服务支出 | 8 | |
        合计 | | 8 | |
        总计 | | 9 | |
    """)

    assert told(read) == [
        "表1!4 一般公共服务支出 general_public_budget 万元: C total/201 executed 8=8000000分",
        "? 表1 同一科目在这张表里有几行，名称或数额不同（C5、C6）: C5 8, C6 9",
        "final_general_expenditure 表1!A1:E6 万元 None executed: 一般公共预算财政拨款支出决算表 -",
    ]


# --- fixed rows --------------------------------------------------------------------------------


def test_names_below_a_sum_are_of_its_parts_also_on_the_next_sheet():
    read = reading(
        """
        2024年部门收支总表
        单位：万元
        收入 | | 支出 |
        项目 | 预算数 | 项目 | 预算数
        一、一般公共预算拨款收入 | 100 | 一、一般公共服务支出 | 90
        二、上年结转 | 5 | 二、社会保障和就业支出 | 20
        """,
        """
        2024年部门收支总表（续表）
        单位：万元
        收入 | | 支出 |
        项目 | 预算数 | 项目 | 预算数
        （一）一般公共预算拨款 | 3 | 三、资源勘探工业信息等支出 | 1
        其他甲 | 1 | 小计 | 2
        | 7 | |
        收入总计 | 105 | 支出总计 | 110
        """,
    )

    assert told(read) == [
        "表1!5 一、一般公共预算拨款收入 - 万元: B revenue/general_public_budget initial_budget 100=100000000分",
        "表1!6 二、上年结转 - 万元: B revenue/prior_year_carryover initial_budget 5=5000000分",
        "表1!5 一、一般公共服务支出 - 万元: D total/201 initial_budget 90=90000000分",
        "表1!6 二、社会保障和就业支出 - 万元: D total/208 initial_budget 20=20000000分",
        "表2!5 （一）一般公共预算拨款 - 万元: B revenue/prior_general_public_budget initial_budget 3=3000000分",
        "表2!8 收入总计 - 万元: B revenue/grand_total initial_budget 105=105000000分",
        "表2!5 三、资源勘探工业信息等支出 - 万元: D total/215 initial_budget 1=1000000分",
        "表2!8 支出总计 - 万元: D total/grand_total initial_budget 110=110000000分",
        "? 表2 “其他甲”不是这张表的行目，或看不出是哪一个行目: B6 1",
        "? 表2 这一行没有科目或项目名称: B7 7",
        "? 表2 不知道“小计”是哪些行的合计: D6 2",
        "budget_summary 表1!A1:D6 万元 2024 initial_budget: 2024年部门收支总表 -",
    ]


def test_sums_before_the_grand_total_are_those_of_the_year():
    read = reading("""
        2024年部门收支总表
        单位：万元
        收入 | | 支出 |
        项目 | 预算数 | 项目 | 预算数
        2024年一般公共预算拨款收入 | 100 | 一般公共服务支出 | 90
        收入合计 | 100 | 支出合计 | 90
        上年结转 | 5 | 结转下年 | 15
        一般公共预算 | 5 | 其他支出 | 0
        收入总计 | 105 | 支出总计 | 105
    """)

    assert told(read) == [
        "表1!5 2024年一般公共预算拨款收入 - 万元: B revenue/general_public_budget initial_budget 100=100000000分",
        "表1!6 收入合计 - 万元: B revenue/current_total initial_budget 100=100000000分",
        "表1!7 上年结转 - 万元: B revenue/prior_year_carryover initial_budget 5=5000000分",
        "表1!8 一般公共预算 - 万元: B revenue/prior_general_public_budget initial_budget 5=5000000分",
        "表1!9 收入总计 - 万元: B revenue/grand_total initial_budget 105=105000000分",
        "表1!5 一般公共服务支出 - 万元: D total/201 initial_budget 90=90000000分",
        "表1!6 支出合计 - 万元: D total/current_total initial_budget 90=90000000分",
        "表1!7 结转下年 - 万元: D total/carried_forward initial_budget 15=15000000分",
        "表1!8 其他支出 - 万元: D total/229 initial_budget 0=0分",
        "表1!9 支出总计 - 万元: D total/grand_total initial_budget 105=105000000分",
        "budget_summary 表1!A1:D9 万元 2024 initial_budget: 2024年部门收支总表 -",
    ]


# --- pages -------------------------------------------------------------------------------------


TITLE = "一般公共预算财政拨款支出决算表"
HEADER = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出"
FIRST = f"{TITLE}\n单位：万元\n{HEADER}\n201 | 一般公共服务支出 | 9 | |"
ITS_AMOUNT = "表1!4 一般公共服务支出 general_public_budget 万元: C total/201 executed 9=9000000分"
ITS_TABLE = f"final_general_expenditure 表1!A1:E4 万元 None executed: {TITLE} -"


@pytest.mark.parametrize(
    ("page", "further"),
    [
        pytest.param(
            "一般公共预算财政拨款支出决算表\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!2 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分"
            ],
            id="title",
        ),
        pytest.param(
            "续表\n\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!3 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分"
            ],
            id="word and a blank row",
        ),
        pytest.param(
            "续表\n1 | 2 | 3 | 4 | 5\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!3 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分"
            ],
            id="ruler",
        ),
        pytest.param(
            "3.5\n续表\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!3 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分",
                "? 表2 在表头上面，不属于任何一行: A1 3.5",
            ],
            id="number above",
        ),
        pytest.param(
            "续表\n12 | 3.5 | 7\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!3 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分",
                "? 表2 “3.5”不在金额栏里，栏目像是错位了: C2 7",
                "? 表2 看不出属于哪一行或哪一栏: A2 12, B2 3.5",
            ],
            id="numbers below",
        ),
        pytest.param(
            "\n续表\n\n\n12 | 3.5 | 7\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!5 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分",
                "? 表2 “3.5”不在金额栏里，栏目像是错位了: C4 7",
                "? 表2 看不出属于哪一行或哪一栏: A4 12, B4 3.5",
            ],
            id="blank rows and numbers below",
        ),
        pytest.param(
            "续表\n单位：元\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            ["? 表2 金额单位前后不一（万元、元）: C3 3, D3 2, E3 1"],
            id="other unit",
        ),
        pytest.param(
            "某某说明\n甲 | 1.5\n续表\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!4 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分",
                "? 表2 在表头上面，不属于任何一行: B2 1.5",
            ],
            id="number among words",
        ),
        pytest.param(
            "某某说明\n甲 | 1.5\n乙 | 2.5\n续表\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!5 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分",
                "? 表2 在表头上面，不属于任何一行: B2 1.5, B3 2.5",
            ],
            id="two numbers among words",
        ),
        pytest.param(
            "续表\n甲 | 乙 | 1.5\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!3 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分",
                "? 表2 “乙”没有科目编码: C2 1.5",
            ],
            id="number below words",
        ),
        pytest.param(
            "续表\n甲 | 1.5\n乙 | 2.5\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!4 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分",
                "? 表2 看不出属于哪一行或哪一栏: B2 1.5, B3 2.5",
            ],
            id="two numbers below words",
        ),
    ],
)
def test_a_page_without_a_header_goes_on_with_the_table(page, further):
    lines = told(reading(FIRST, page))

    assert lines[0] == ITS_AMOUNT
    assert ITS_TABLE in lines
    assert [line for line in lines[1:] if line != ITS_TABLE] == further


@pytest.mark.parametrize(
    ("page", "further"),
    [
        pytest.param(
            "208 | 社会保障和就业支出 | 3 | 2 | 1",
            ["表2 没有找到标题，也没有找到认识的表头"],
            id="no title",
        ),
        pytest.param(
            "支出决算表\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            ["表2 标题“支出决算表”，也没有找到认识的表头"],
            id="other title",
        ),
        pytest.param(
            "一般公共预算财政拨款支出决算表\n208 | 社会保障和就业支出 | 3 | 2",
            ["表2 标题“一般公共预算财政拨款支出决算表”，也没有找到认识的表头"],
            id="narrower",
        ),
        pytest.param(
            "一般公共预算财政拨款支出决算表\n208 | 社会保障和就业支出 | 3 | 2 | 1 | 4",
            ["表2 标题“一般公共预算财政拨款支出决算表”，也没有找到认识的表头"],
            id="wider",
        ),
        pytest.param(
            "一般公共预算财政拨款支出决算表\n208 | 社会保障和就业支出 |  | | ",
            ["表2 标题“一般公共预算财政拨款支出决算表”，也没有找到认识的表头"],
            id="no number",
        ),
        pytest.param(
            "一般公共预算财政拨款支出决算表\n1 | 2 | 3 | 4 | 5",
            ["表2 标题“一般公共预算财政拨款支出决算表”，也没有找到认识的表头"],
            id="ruler only",
        ),
    ],
)
def test_pages_that_are_no_part_of_the_table_are_not_read_as_one(page, further):
    lines = told(reading(FIRST, page))

    assert lines[0] == ITS_AMOUNT
    assert ITS_TABLE in lines
    assert [line for line in lines[1:] if line != ITS_TABLE] == further


@pytest.mark.parametrize(
    ("page", "further"),
    [
        pytest.param(
            "一般公共预算财政拨款支出决算表\n单位：万元\n科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!4 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分"
            ],
            id="same",
        ),
        pytest.param(
            "一般公共预算财政拨款支出决算表\n部门：某局 | | | | 单位：万元\n科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!4 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分"
            ],
            id="office named now",
        ),
        pytest.param(
            "一般公共预算财政拨款支出决算表\n单位：万元\n科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出 | 备注\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!4 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分",
                "final_general_expenditure 表2!A1:F4 万元 None executed: 一般公共预算财政拨款支出决算表 -",
            ],
            id="other headings",
        ),
        pytest.param(
            "某局一般公共预算财政拨款支出决算表\n单位：万元\n科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!4 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分",
                "final_general_expenditure 表2!A1:E4 万元 None executed: 某局一般公共预算财政拨款支出决算表 -",
            ],
            id="other title",
        ),
        pytest.param(
            "支出决算表\n单位：万元\n科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!4 社会保障和就业支出 - 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分",
                "final_expenditure 表2!A1:E4 万元 None executed: 支出决算表 -",
            ],
            id="other layout",
        ),
        pytest.param(
            "单位：万元\n科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n208 | 社会保障和就业支出 | 3 | 2 | 1",
            [
                "表2!3 社会保障和就业支出 - 万元: C total/208 - 3=3000000分, D basic/208 - 2=2000000分, E project/208 - 1=1000000分",
                "budget_untitled 表2!A2:E3 万元 None -: - -",
            ],
            id="no title",
        ),
    ],
)
def test_a_title_and_a_header_again_go_on_with_the_table_unless_they_differ(page, further):
    lines = told(reading(FIRST, page))

    assert lines[0] == ITS_AMOUNT
    assert ITS_TABLE in lines
    assert [line for line in lines[1:] if line != ITS_TABLE] == further


def test_the_same_title_and_office_on_the_next_sheet_go_on_with_a_table():
    read = reading(
        """
        一般公共预算财政拨款支出决算表
        部门：某局 | | | | 单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        201 | 一般公共服务支出 | 9 | |
        """,
        """
        一般公共预算财政拨款支出决算表
        部门：某局 | | | | 单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        208 | 社会保障和就业支出 | 9 | |
        """,
    )

    assert told(read) == [
        "表1!4 一般公共服务支出 general_public_budget 万元: C total/201 executed 9=9000000分",
        "表2!4 社会保障和就业支出 general_public_budget 万元: C total/208 executed 9=9000000分",
        "final_general_expenditure 表1!A1:E4 万元 None executed: 一般公共预算财政拨款支出决算表 -",
    ]


def test_the_same_title_of_another_office_begins_another_table():
    read = reading(
        """
        一般公共预算财政拨款支出决算表
        部门：某局 | | | | 单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        201 | 一般公共服务支出 | 9 | |
        """,
        """
        一般公共预算财政拨款支出决算表
        部门：某所 | | | | 单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        201 | 一般公共服务支出 | 9 | |
        """,
    )

    assert told(read) == [
        "表1!4 一般公共服务支出 general_public_budget 万元: C total/201 executed 9=9000000分",
        "表2!4 一般公共服务支出 general_public_budget 万元: C total/201 executed 9=9000000分",
        "final_general_expenditure 表1!A1:E4 万元 None executed: 一般公共预算财政拨款支出决算表 -",
        "final_general_expenditure 表2!A1:E4 万元 None executed: 一般公共预算财政拨款支出决算表 -",
    ]


def test_the_same_title_without_an_office_goes_on_with_a_table():
    read = reading(
        """
        一般公共预算财政拨款支出决算表
        部门：某局 | | | | 单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        201 | 一般公共服务支出 | 9 | |
        """,
        """
        一般公共预算财政拨款支出决算表
         | | | | 单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        208 | 社会保障和就业支出 | 9 | |
        """,
    )

    assert told(read) == [
        "表1!4 一般公共服务支出 general_public_budget 万元: C total/201 executed 9=9000000分",
        "表2!4 社会保障和就业支出 general_public_budget 万元: C total/208 executed 9=9000000分",
        "final_general_expenditure 表1!A1:E4 万元 None executed: 一般公共预算财政拨款支出决算表 -",
    ]


def test_two_sheets_without_a_title_are_two_tables():
    read = reading(
        """
        单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        201 | 一般公共服务支出 | 9 | |
        """,
        """
        单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        208 | 社会保障和就业支出 | 9 | |
        """,
    )

    assert told(read) == [
        "表1!3 一般公共服务支出 - 万元: C total/201 - 9=9000000分",
        "表2!3 社会保障和就业支出 - 万元: C total/208 - 9=9000000分",
        "budget_untitled 表1!A2:E3 万元 None -: - -",
        "budget_untitled 表2!A2:E3 万元 None -: - -",
    ]


def test_a_page_without_a_header_in_the_same_sheet_goes_on_too():
    read = reading("""
        一般公共预算财政拨款支出决算表
        单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        201 | 一般公共服务支出 | 9 | |
        续表
        208 | 社会保障和就业支出 | 3 | 2 | 1
    """)

    assert told(read) == [
        "表1!4 一般公共服务支出 general_public_budget 万元: C total/201 executed 9=9000000分",
        "表1!6 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分",
        "final_general_expenditure 表1!A1:E4 万元 None executed: 一般公共预算财政拨款支出决算表 -",
    ]


# --- sheets without a table --------------------------------------------------------------------


def test_a_sheet_without_a_title_and_a_heading_says_so():
    read = reading("""
        甲 | 乙
        1 | 2
    """)

    assert told(read) == [
        "表1 没有找到标题，也没有找到认识的表头",
    ]


def test_a_sheet_with_a_title_only_says_which():
    read = reading("""
        某某一览表
        甲 | 12
    """)

    assert told(read) == [
        "表1 标题“某某一览表”，也没有找到认识的表头",
    ]


def test_a_sheet_with_headings_of_no_layout_says_which():
    read = reading("""
        某某表
        某某一览表
        事项 | | 项目 | 数
        甲 | | | 12
        甲 | 乙 | 丙 | 丁 | 5
    """)

    assert told(read) == [
        "表1 标题“某某表”，表头“事项、项目、数”与现有的版式都不相符",
    ]


def test_numbers_below_the_last_table_are_listed():
    read = reading("""
        一般公共预算财政拨款支出决算表
        单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        201 | 一般公共服务支出 | 9 | 5 | 4

        某某情况表
        甲 | 1.5 | 5
    """)

    assert told(read) == [
        "表1!4 一般公共服务支出 general_public_budget 万元: C total/201 executed 9=9000000分, D basic/201 executed 5=5000000分, E project/201 executed 4=4000000分",
        "? 表1 不在任何一张认出的表里: B7 1.5, C7 5",
        "final_general_expenditure 表1!A1:E4 万元 None executed: 一般公共预算财政拨款支出决算表 -",
    ]


# --- headers -----------------------------------------------------------------------------------


def test_a_header_nobody_knows_ends_the_table_above_it():
    read = reading("""
        一般公共预算财政拨款支出决算表
        单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        201 | 一般公共服务支出 | 9 | 5 | 4
        科目编码 | 科目名称 | 甲 | 乙
        208 | 社会保障和就业支出 | 3 | 2
    """)

    assert told(read) == [
        "表1!4 一般公共服务支出 general_public_budget 万元: C total/201 executed 9=9000000分, D basic/201 executed 5=5000000分, E project/201 executed 4=4000000分",
        "? 表1 不在任何一张认出的表里: A6 208, C6 3, D6 2",
        "final_general_expenditure 表1!A1:E4 万元 None executed: 一般公共预算财政拨款支出决算表 -",
    ]


def test_a_row_with_one_heading_is_no_header():
    read = reading("""
        一般公共预算财政拨款支出决算表
        单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        201 | 一般公共服务支出 | 9 | 5 | 4
        其他支出 | 项目
        208 | 社会保障和就业支出 | 3 | 2 | 1
    """)

    assert told(read) == [
        "表1!4 一般公共服务支出 general_public_budget 万元: C total/201 executed 9=9000000分, D basic/201 executed 5=5000000分, E project/201 executed 4=4000000分",
        "表1!6 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分",
        "final_general_expenditure 表1!A1:E6 万元 None executed: 一般公共预算财政拨款支出决算表 -",
    ]


def test_a_name_that_is_a_heading_too_is_no_header():
    read = reading("""
        收支预算总表
        单位：万元
        收入 | | 支出 |
        项目 | 预算数 | 项目 | 预算数
        财政拨款收入 | 9 | 基本支出 | 7
        其他收入 | | 项目支出 |
        事业收入 | 1 | 外交支出 | 2
    """)

    assert told(read) == [
        "表1!5 财政拨款收入 - 万元: B revenue/fiscal_appropriation initial_budget 9=9000000分",
        "表1!7 事业收入 - 万元: B revenue/service_revenue initial_budget 1=1000000分",
        "表1!5 基本支出 - 万元: D total/basic initial_budget 7=7000000分",
        "表1!7 外交支出 - 万元: D total/202 initial_budget 2=2000000分",
        "budget_summary 表1!A1:D7 万元 None initial_budget: 收支预算总表 -",
    ]


def test_lines_above_a_header_that_hold_numbers_are_listed_unless_they_note_the_unit():
    read = reading("""
        一般公共预算财政拨款支出决算表
        12.5 | 3
        部门：某局 | 7 | 单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        201 | 一般公共服务支出 | 9 | 5 | 4
    """)

    assert told(read) == [
        "表1!5 一般公共服务支出 - 万元: C total/201 - 9=9000000分, D basic/201 - 5=5000000分, E project/201 - 4=4000000分",
        "? 表1 在表头上面，不属于任何一行: A2 12.5, B2 3",
        "budget_untitled 表1!A4:E5 万元 None -: - -",
    ]


@pytest.mark.parametrize(
    ("row", "refused"),
    [
        ("栏次 | — | —1— | 2=3+4 | －3－", []),
        ("栏次 | 甲 | １ | ２ | ３", []),
        ("栏次 | | (1) | 2 | ", []),
        ("类 | 款 | 1 | 2 | 3", []),
        ("类 | 款", []),
        ("| | 2 | 3 | 4", []),
        ("行次 | 某某 | 1 | 2 | 3", ["? 表1 “某某”没有科目编码: C4 1, D4 2, E4 3"]),
        ("栏次 | | 1 | 2 | 3 元", ["? 表1 “栏次”没有科目编码: C4 1, D4 2, E4 3 元"]),
        ("| | 3 | 4 | 5", ["? 表1 这一行没有科目或项目名称: C4 3, D4 4, E4 5"]),
        ("| | 1 | 3 | 2", ["? 表1 这一行没有科目或项目名称: C4 1, D4 3, E4 2"]),
        ("| | 1 | 2", ["? 表1 这一行没有科目或项目名称: C4 1, D4 2"]),
    ],
)
def test_a_row_below_a_header_that_numbers_its_columns_is_a_ruler_any_other_is_not(row, refused):
    lines = told(reading(FIRST.replace(HEADER, f"{HEADER}\n{row}")))

    assert lines[0] == ITS_AMOUNT.replace("!4", "!5")
    assert lines[1:-1] == refused


# --- further headers, pages and keys -----------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        "科目编码 | 科目名称 | 合计 | 基本 | 项目支出\n | | | 支 |\n | | | 出 |",
        "科目编码 | 科目名称 | 合计 | 基 | 项目支出\n | | | 本支 |\n | | | 出 |",
        "科目编码 | 科 | 合计 | 基本支出 | 项目支出\n | 目 | | |\n | 名称 | | |",
        "科 | 科目名称 | 合计 | 基本支出 | 项目支出\n目 | | | |\n编码 | | | |",
        "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出 | 对\n | | | | | 附属单\n | | | | | 位补助支出",
        "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n\n类 | | 1 | 2 | 3",
        "科目编码 | 科目名称 | 本年支出 | |\n\n | | 合计 | 基本支出 | 项目支出",
        "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n | 栏次 | | | ",
        "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n合计 | | | | ",
        "科目编码 | 科目名称 | 合计 | 本年支出 | \n | | | 基本支出 | 项目支出 | 甲 | 乙",
        "部门： | 某局\n科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出",
        "部门: | 某局\n科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出",
        "收入 | 支出\n科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出",
        "收入 | 支出\n\n科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出",
        "| 支出\n科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出",
        "甲 | 乙\n科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出",
    ],
)
def test_a_header_may_be_broken_over_rows_and_stand_below_other_words(header):
    page = f"支出决算表\n单位：万元\n{header}\n208 | 社会保障和就业支出 | 9 | 5 | 4 | |"
    row = page.count("\n") + 1

    amounts, table = told(reading(page))

    assert amounts == (
        f"表1!{row} 社会保障和就业支出 - 万元: C total/208 executed 9=9000000分, "
        "D basic/208 executed 5=5000000分, E project/208 executed 4=4000000分"
    )
    assert table.startswith("final_expenditure")


def test_headings_are_merged_over_their_cells_only():
    read = reading("""
        支出总表
        单位：万元
        项目 | < | 合计 | 基本支出 | < | < | | 项目支出
        科目编码 | 科目名称 | ^ | 小计 | 人员经费 | 公用经费 | 某某 | ^
        208 | 社会保障和就业支出 | 9 | 5 | 3 | 2 | 7 | 4
    """)

    assert told(read) == [
        "表1!5 社会保障和就业支出 - 万元: C total/208 initial_budget 9=9000000分, D basic/208 initial_budget 5=5000000分, E personnel/208 initial_budget 3=3000000分, F operating/208 initial_budget 2=2000000分, H project/208 initial_budget 4=4000000分",
        "? 表1 版式“支出预算总表”里没有栏目“某某”: G5 7",
        "budget_expenditure 表1!A1:H5 万元 None initial_budget: 支出总表 -",
    ]


def test_numbers_below_a_heading_over_two_columns_are_read_where_it_stands_only():
    read = reading("""
        支出总表
        单位：万元
        项目 | < | 合计 | 基本支出 | < | 项目支出
        科目编码 | 科目名称 | ^ | ^ | ^ | ^
        208 | 社会保障和就业支出 | 9 | | 5 | 4
        210 | 卫生健康支出 | 8 | | 5 | 3
        211 | 节能环保支出 | 8 | 5 | | 3
        212 | 城乡社区支出 | 9 | 5 | 1 | 3
    """)

    assert told(read) == [
        "表1!7 节能环保支出 - 万元: C total/211 initial_budget 8=8000000分, D basic/211 initial_budget 5=5000000分, F project/211 initial_budget 3=3000000分",
        "? 表1 数字所在的栏没有自己的标题，分不清属于哪一栏: C5 9, E5 5, F5 4, C6 8, E6 5, F6 3",
        "? 表1 同一栏下有两个数: C8 9, D8 5, E8 1, F8 3",
        "budget_expenditure 表1!A1:F8 万元 None initial_budget: 支出总表 -",
    ]


def test_an_unmerged_heading_reaches_to_the_next_of_its_row():
    read = reading("""
        支出总表
        单位：万元
        科目编码 | 科目名称 | 合计 | 本年支出 | | 其他
         | | | 基本支出 | 项目支出 |
        208 | 社会保障和就业支出 | 9 | 5 | 4 | 7
    """)

    assert told(read) == [
        "表1!5 社会保障和就业支出 - 万元: C total/208 initial_budget 9=9000000分, D basic/208 initial_budget 5=5000000分, E project/208 initial_budget 4=4000000分",
        "? 表1 版式“支出预算总表”里没有栏目“其他”: F5 7",
        "budget_expenditure 表1!A1:F5 万元 None initial_budget: 支出总表 -",
    ]


def test_years_and_units_in_headings_are_of_the_columns_below():
    read = reading("""
        2024年一般公共预算支出表
        科目编码 | 科目名称 | 2023年决算数（万元） | 2024年预算数（万元） | |
         | | | 合计 | 基本支出 | 项目支出
        208 | 社会保障和就业支出 | 9 | 5 | 3 | 2
        210 | 卫生健康支出 | 9 | | 3 | 2
    """)

    assert told(read) == [
        "表1!4 社会保障和就业支出 general_public_budget 万元: C total/208 prior_final_accounts 9=9000000分, D total/208 initial_budget 5=5000000分, E basic/208 initial_budget 3=3000000分, F project/208 initial_budget 2=2000000分",
        "? 表1 合计栏是空的，其他栏有数，数字像是错位了: C5 9, E5 3, F5 2",
        "budget_general_expenditure 表1!A1:F5 万元 2024 initial_budget: 2024年一般公共预算支出表 -",
    ]


def test_numbers_beside_a_column_without_a_heading_have_moved_with_those_of_other_rows():
    read = reading("""
        支出总表
        单位：万元
        科目编码 | 科目名称 | | 合计 | | 基本支出 | 项目支出 |
        208 | 社会保障和就业支出 | | 9 | | 5 | | 4
        210 | 卫生健康支出 | | | 9 | 5 | 4 |
    """)

    assert told(read) == [
        "? 表1 有数字落在没有标题的栏里，栏目像是错位了: D4 9, F4 5, F5 5, G5 4",
        "? 表1 这一栏没有自己的标题，左边一栏是“项目支出”: H4 4",
        "? 表1 这一栏没有自己的标题，左边一栏是“合计”: E5 9",
        "budget_expenditure 表1!A1:H5 万元 None initial_budget: 支出总表 -",
    ]


def test_a_number_two_columns_from_the_only_values_is_of_them_a_farther_one_is_not():
    read = reading("""
        项目支出表
        单位：万元
        项目名称 | | | | 金额
        信息化建设 | | | 30.5 |
        培训 | | 20.5 | |
        会议 | 10.5 | | |
        差旅 | | 1.5 | 2.5 |
        其他 | 二期 | | | 5
    """)

    assert told(read) == [
        "表1!4 信息化建设 - 万元: D project/name:信息化建设 initial_budget 30.5=30500000分",
        "表1!5 培训 - 万元: C project/name:培训 initial_budget 20.5=20500000分",
        "表1!8 其他/二期 - 万元: E project/name:其他/二期 initial_budget 5=5000000分",
        "? 表1 看不出属于哪一行或哪一栏: B6 10.5, C7 1.5, D7 2.5",
        "budget_projects 表1!A1:E8 万元 None initial_budget: 项目支出表 -",
    ]


def test_pages_below_each_other_without_titles_are_given_up_only_where_they_conflict():
    read = reading("""
        金额
        单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        201 | 一般公共服务支出 | 9 | |
        | 科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        | 210 | 卫生健康支出 | 7 | |
        科目编码 | 科目名称 | | 合计 | 基本支出 | 项目支出
        208 | 社会保障和就业支出 | | 3 | |
        201 | 一般公共服务支出 | | 8 | |
         | | 科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
         | | 211 | 节能环保支出 | 6 | |
    """)

    assert told(read) == [
        "表1!6 卫生健康支出 - 万元: D total/210 - 7=7000000分",
        "表1!11 节能环保支出 - 万元: E total/211 - 6=6000000分",
        "? 表1 同一科目在这张表里有几行，名称或数额不同（C4、D9）: C4 9",
        "? 表1 这一页没有标题，又与前一页的数冲突，可能是另一张表: D9 8, D8 3",
        "budget_untitled 表1!A3:E4 万元 None -: - -",
    ]


def test_a_header_again_below_a_page_without_one_goes_on_with_the_table():
    read = reading(
        """
        一般公共预算财政拨款支出决算表
        单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        201 | 一般公共服务支出 | 9 | |
        """,
        """
        续表
        208 | 社会保障和就业支出 | 3 | 2 | 1

        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        210 | 卫生健康支出 | 2 | 1 | 1
        """,
    )

    assert told(read) == [
        "表1!4 一般公共服务支出 general_public_budget 万元: C total/201 executed 9=9000000分",
        "表2!2 社会保障和就业支出 general_public_budget 万元: C total/208 executed 3=3000000分, D basic/208 executed 2=2000000分, E project/208 executed 1=1000000分",
        "表2!5 卫生健康支出 general_public_budget 万元: C total/210 executed 2=2000000分, D basic/210 executed 1=1000000分, E project/210 executed 1=1000000分",
        "final_general_expenditure 表1!A1:E4 万元 None executed: 一般公共预算财政拨款支出决算表 -",
    ]


def test_a_page_without_a_header_goes_on_with_a_table_without_a_title():
    read = reading(
        """
        单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        201 | 一般公共服务支出 | 9 | |
        """,
        """
        续表
        208 | 社会保障和就业支出 | 3 | 2 | 1
        """,
    )

    assert told(read) == [
        "表1!3 一般公共服务支出 - 万元: C total/201 - 9=9000000分",
        "表2!2 社会保障和就业支出 - 万元: C total/208 - 3=3000000分, D basic/208 - 2=2000000分, E project/208 - 1=1000000分",
        "budget_untitled 表1!A2:E3 万元 None -: - -",
    ]


def test_a_number_beside_the_name_of_an_office_is_no_part_of_the_name():
    read = reading("""
        2024年一般公共预算“三公”经费支出表
        单位：万元
         | 单位名称 | 合计 | 因公出国（境）费 | 公务用车购置及运行费 | | | 公务接待费
         | | | | 小计 | 公务用车购置费 | 公务用车运行费 |
        甲 | 某局 | 9 | | | | | 4
        乙 | 某所 | 8 | | | | | 3
        102 | 某站 | 7 | | | | | 2
    """)

    assert told(read) == [
        "表1!5 “三公”经费 - 万元: C three_public_expenses/three_public_expenses:甲某局 initial_budget 9=9000000分",
        "表1!5 公务接待费 - 万元: H three_public_expenses/official_hospitality:甲某局 initial_budget 4=4000000分",
        "表1!6 “三公”经费 - 万元: C three_public_expenses/three_public_expenses:乙某所 initial_budget 8=8000000分",
        "表1!6 公务接待费 - 万元: H three_public_expenses/official_hospitality:乙某所 initial_budget 3=3000000分",
        "表1!7 “三公”经费 - 万元: C three_public_expenses/three_public_expenses:某站 initial_budget 7=7000000分",
        "表1!7 公务接待费 - 万元: H three_public_expenses/official_hospitality:某站 initial_budget 2=2000000分",
        "? 表1 看不出属于哪一行或哪一栏: A7 102",
        "budget_three_public 表1!A1:H7 万元 2024 initial_budget: 2024年一般公共预算“三公”经费支出表 -",
    ]


def test_two_codes_in_columns_that_are_not_of_codes_are_left_open():
    read = reading("""
        支出决算表
        单位：万元
        项目 | | 合计 | 基本支出 | 项目支出
        201 | 208 | 9 | 5 | 4
        201 | 一般公共服务支出 | 9 | 5 | 4
    """)

    assert told(read) == [
        "表1!5 一般公共服务支出 - 万元: C total/201 executed 9=9000000分, D basic/201 executed 5=5000000分, E project/201 executed 4=4000000分",
        "? 表1 科目编码“201 208”不完整: C4 9, D4 5, E4 4",
        "? 表1 看不出属于哪一行或哪一栏: A4 201, B4 208",
        "final_expenditure 表1!A1:E5 万元 None executed: 支出决算表 -",
    ]


def test_a_row_named_by_its_number_alone_has_no_name():
    read = reading("""
        收支预算总表
        单位：万元
        收入 | | 支出 |
        项目 | 预算数 | 项目 | 预算数
        事业收入 | 9 | 外交支出 | 9
        其中： | 5 | 一、 | 3
    """)

    assert told(read) == [
        "表1!5 事业收入 - 万元: B revenue/service_revenue initial_budget 9=9000000分",
        "表1!5 外交支出 - 万元: D total/202 initial_budget 9=9000000分",
        "? 表1 这一行没有科目或项目名称: B6 5, D6 3",
        "budget_summary 表1!A1:D6 万元 None initial_budget: 收支预算总表 -",
    ]


def test_a_code_that_is_none_beside_a_name_is_not_listed_as_a_number():
    read = reading("""
        一般公共预算财政拨款基本支出决算表
        单位：万元
        人员经费 | | | 公用经费 | |
        科目编码 | 科目名称 | 决算数 | 科目编码 | 科目名称 | 决算数
        301 | 工资福利支出 | 60 | 302 | 商品和服务支出 | 11
         | | | 3020 | 某某 | 5
        3010 | | 4 | | |
    """)

    assert told(read) == [
        "表1!5 工资福利支出 general_public_budget 万元: C basic/301 executed 60=60000000分",
        "表1!5 商品和服务支出 general_public_budget 万元: F basic/302 executed 11=11000000分",
        "? 表1 科目编码“3010”不完整: C7 4",
        "? 表1 科目编码“3020”不完整: F6 5",
        "? 表1 看不出属于哪一行或哪一栏: A7 3010",
        "final_general_basic 表1!A1:F7 万元 None executed: 一般公共预算财政拨款基本支出决算表 -",
    ]


def test_names_among_the_amounts_of_a_single_row_leave_it_open():
    read = reading("""
        2024年一般公共预算“三公”经费支出表
        单位：万元
        合计 | 因公出国（境）费 | 公务用车购置及运行费 | | | 公务接待费
         | | 小计 | 公务用车购置费 | 公务用车运行费 |
        9 | | | 某某 | |
    """)

    assert told(read) == [
        "? 表1 金额栏里是文字“某某”，栏目像是错位了: A5 9",
        "budget_three_public 表1!A1:F5 万元 2024 initial_budget: 2024年一般公共预算“三公”经费支出表 -",
    ]


def test_the_same_code_twice_without_a_name_is_one_row():
    read = reading(FIRST + "\n212 | | 1 | |\n212 | | 1 | |")

    assert not read.unread
    assert [r["amount"] for r in read.amounts if r["item_code"] == "212" and r["raw"]] == [
        1000000
    ] * 2


def test_a_sum_amid_rows_without_a_grand_total_is_left_open():
    read = reading("""
        收支预算总表
        单位：万元
        收入 | | 支出 |
        项目 | 预算数 | 项目 | 预算数
        事业收入 | 9 | 外交支出 | 9
        收入合计 | 9 | 国防支出 | 2
        其他收入 | 2 | 支出合计 | 11
    """)

    assert told(read) == [
        "表1!5 事业收入 - 万元: B revenue/service_revenue initial_budget 9=9000000分",
        "表1!7 其他收入 - 万元: B revenue/other_revenue initial_budget 2=2000000分",
        "表1!5 外交支出 - 万元: D total/202 initial_budget 9=9000000分",
        "表1!6 国防支出 - 万元: D total/203 initial_budget 2=2000000分",
        "表1!7 支出合计 - 万元: D total/grand_total initial_budget 11=11000000分",
        "? 表1 “收入合计”不是这张表的行目，或看不出是哪一个行目: B6 9",
        "budget_summary 表1!A1:D7 万元 None initial_budget: 收支预算总表 -",
    ]


def test_a_last_sum_with_numbers_of_no_name_above_is_left_open():
    read = reading("""
        收支预算总表
        单位：万元
        收入 | | 支出 |
        项目 | 预算数 | 项目 | 预算数
        事业收入 | 9 | 外交支出 | 9
        其他收入 | 2 | | 5
         | | 国防支出 | 2
        收入合计 | 11 | 支出合计 | 16
    """)

    assert told(read) == [
        "表1!5 事业收入 - 万元: B revenue/service_revenue initial_budget 9=9000000分",
        "表1!6 其他收入 - 万元: B revenue/other_revenue initial_budget 2=2000000分",
        "表1!8 收入合计 - 万元: B revenue/grand_total initial_budget 11=11000000分",
        "表1!5 外交支出 - 万元: D total/202 initial_budget 9=9000000分",
        "表1!7 国防支出 - 万元: D total/203 initial_budget 2=2000000分",
        "? 表1 这一行没有科目或项目名称: D6 5",
        "? 表1 “支出合计”不是这张表的行目，或看不出是哪一个行目: D8 16",
        "budget_summary 表1!A1:D8 万元 None initial_budget: 收支预算总表 -",
    ]


def test_a_fixed_row_printed_twice_is_one_but_a_name_of_several_is_not():
    read = reading("""
        收支预算总表
        单位：万元
        收入 | | 支出 |
        项目 | 预算数 | 项目 | 预算数
        一般公共预算拨款收入 | 9 | 外交支出 | 9
        一般公共预算拨款收入 | 9 | 外交支出 | 9
        事业收入 | 2 | |
        事业收入 | 2 | |
        收入合计 | 11 | 支出合计 | 9
    """)

    assert told(read) == [
        "表1!5 一般公共预算拨款收入 - 万元: B revenue/general_public_budget initial_budget 9=9000000分",
        "表1!7 事业收入 - 万元: B revenue/service_revenue initial_budget 2=2000000分",
        "表1!8 事业收入 - 万元: B revenue/service_revenue initial_budget 2=2000000分",
        "表1!9 收入合计 - 万元: B revenue/grand_total initial_budget 11=11000000分",
        "表1!5 外交支出 - 万元: D total/202 initial_budget 9=9000000分",
        "表1!6 外交支出 - 万元: D total/202 initial_budget 9=9000000分",
        "表1!9 支出合计 - 万元: D total/grand_total initial_budget 9=9000000分",
        "? 表1 “一般公共预算拨款收入”不是这张表的行目，或看不出是哪一个行目: B6 9",
        "budget_summary 表1!A1:D9 万元 None initial_budget: 收支预算总表 -",
    ]


def test_a_name_that_is_known_below_another_row_only_is_left_open_elsewhere():
    read = reading("""
        收入支出决算总表
        单位：万元
        收入 | | 支出 |
        项目 | 金额 | 项目 | 金额
        经营结余 | 5 | 外交支出 | 9
        年初结转和结余 | 3 | 国防支出 | 2
        经营结余 | 1 | 经营结余 | 4
    """)

    assert told(read) == [
        "表1!6 年初结转和结余 - 万元: B revenue/opening_carryover_and_surplus executed 3=3000000分",
        "表1!7 经营结余 - 万元: B revenue/opening_commercial executed 1=1000000分",
        "表1!5 外交支出 - 万元: D total/202 executed 9=9000000分",
        "表1!6 国防支出 - 万元: D total/203 executed 2=2000000分",
        "? 表1 “经营结余”不是这张表的行目，或看不出是哪一个行目: B5 5, D7 4",
        "final_summary 表1!A1:D7 万元 None executed: 收入支出决算总表 -",
    ]


def test_in_a_list_of_fixed_rows_parts_are_read_without_their_total():
    read = reading("""
        财政拨款收入支出决算总表
        单位：万元
        收入 | | 支出 | | |
        项目 | 金额 | 项目 | 合计 | 一般公共预算财政拨款 | 政府性基金预算财政拨款
        一般公共预算财政拨款 | 9 | 外交支出 | | 3 | 1
    """)

    assert told(read) == [
        "表1!5 一般公共预算财政拨款 fiscal_appropriation 万元: B revenue/general_public_budget executed 9=9000000分",
        "表1!5 外交支出 general_public_budget 万元: E total/202 executed 3=3000000分",
        "表1!5 外交支出 government_managed_funds 万元: F total/202 executed 1=1000000分",
        "final_fiscal_summary 表1!A1:F5 万元 None executed: 财政拨款收入支出决算总表 -",
    ]
