"""Tests of a printed total against its parts: what is compared, and how it ends."""

from dataclasses import replace

import pytest
from builders import amount_of
from reconciled import RELATIONS, a_unit, case_of, cells

from selfeval.checks.official.labels import Labels
from selfeval.checks.official.sums import Sum, cells_meant, listed, places, tell, tell_together
from selfeval.schemes.relations import Address, Either
from selfeval.sheets import Place
from selfeval.tables.book import Book


def record(item, fen, unit="元"):
    """Return an amount in 分 as read: None is a blank, and 0 not."""
    return amount_of(item, fen, place=Place("表.xlsx", "一", f"A{item}"), amount_unit=unit)


def entries(*amounts, unit="元"):
    return tuple(record(str(n), fen, unit) for n, fen in enumerate(amounts, 1))


def compared(whole, parts, less=(), **kwargs):
    return Sum(entries(whole)[0], entries(*parts), entries(*less), **kwargs)


# --- how a comparison ends ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("whole", "parts", "less", "nothing"),
    [
        (None, [None], [], True),
        (None, [], [], True),
        (None, [5, -5], [], True),
        (None, [5], [], False),
        (None, [], [5], False),
        (0, [None], [None], True),
        (0, [None, 0], [], False),
        (0, [None], [0], False),
        (5, [None], [], False),
    ],
)
def test_there_is_nothing_to_compare_without_a_total_and_without_parts(whole, parts, less, nothing):
    assert compared(whole, parts, less).says_nothing is nothing


@pytest.mark.parametrize(
    ("whole", "parts", "less", "reason", "outcome"),
    [
        (5, [3, 2], [], "", "pass"),
        (5, [7, None], [2], "", "pass"),
        (5, [3, 1], [], "", "fail"),
        (5, [6], [2], "", "fail"),
        (None, [5], [], "whole", "not_computable"),
        (5, [None, None], [None], "parts", "not_computable"),
        (1, [None], [], "parts", "not_computable"),
        (-1, [], [], "parts", "not_computable"),
        (0, [None], [], "", "pass"),
        (5, [None], [0], "", "fail"),
    ],
)
def test_blanks_are_added_as_nothing_unless_there_is_nothing_else(
    whole, parts, less, reason, outcome
):
    found = compared(whole, parts, less)

    assert (found.reason, found.outcome) == (reason, outcome)


def test_a_row_that_the_table_of_the_parts_does_not_have_is_a_difference():
    assert compared(5, [None], absent=True).outcome == "fail"


@pytest.mark.parametrize(
    ("gap", "outcome"), [(0, "pass"), (15_000, "rounding"), (15_001, "fail"), (-15_001, "fail")]
)
def test_each_printed_number_may_be_half_its_last_digit_off(gap, outcome):
    # Three numbers with two decimals in 万元, and a blank that rounds nothing.
    whole, *parts = entries(30_000 + gap, 10_000, 20_000, None, unit="万元")

    found = Sum(replace(whole, raw="0.03"), tuple(replace(part, raw="0.01") for part in parts))

    assert found.outcome == outcome


# --- which cells are added ---------------------------------------------------------------------


def at(item):
    return Address("甲", "total", item, "")


def resolved(amounts, *parts):
    """Return the items that parts mean, and the items no table has."""
    book = Book([record(item, fen) for item, fen in amounts.items()], {})
    found, absent = cells_meant(book, parts, "executed")
    return [entry.item_code for entry in found], [address.item for address in absent]


def test_of_several_groups_the_first_with_anything_filled_in_is_added():
    groups = Either(either=((at("1"),), (at("2"),), (at("3"), at("4"))))

    assert resolved({"2": 0, "3": 5}, groups) == (["2"], [])
    assert resolved({"1": None, "2": None, "3": 5}, groups) == (["3"], ["4"])


def test_without_anything_filled_in_the_first_group_that_is_there_is_meant():
    groups = Either(either=((at("1"),), (at("2"),), (at("3"),)))

    assert resolved({"2": None, "3": None}, groups) == (["2"], [])
    assert resolved({"9": 5}, groups) == ([], ["1"])


def test_all_that_no_table_has_is_told():
    either = Either(either=((at("3"),),))

    assert resolved({"2": 5}, at("1"), at("2"), either, at("4")) == (["2"], ["1", "3", "4"])


def test_blank_cells_are_named_only_if_asked_for_and_each_once():
    filled, blank = entries(5, None)

    assert places([filled, blank, filled]) == (filled.place,)
    assert places([filled, blank], blank=True) == (filled.place, blank.place)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ("甲", "甲"),
        ("甲乙甲", "甲＋乙"),
        ("甲乙丙丁戊己", "甲＋乙＋丙＋丁＋戊＋己"),
        ("甲乙丙丁戊己庚", "甲＋乙＋丙＋丁＋戊＋己等7项"),
    ],
)
def test_the_first_six_of_many_names_are_told_each_once(names, said):
    assert listed(list(names), "＋") == said


# --- what is said of it ------------------------------------------------------------------------

HEADER = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出"
ACCOUNTS = f"""
    支出决算表
    单位：万元
    {HEADER}
    201 | 一般公共服务支出 | 9 | 5 | 4
    208 | 社会保障和就业支出 | 3.01 | |
    20805 | 行政事业单位养老支出 | | |
    合计 | | 12 | 5 | 四
    210 | 卫生健康支出 | 3.02 | 1 |
    """
GENERAL = f"""
    一般公共预算财政拨款支出决算表
    单位：万元
    {HEADER}
    201 | 一般公共服务支出 | 9 | 5 | 4
    208 | 社会保障和就业支出 | 2 | 2 | 0
    20805 | 行政事业单位养老支出 | | |
    """
BUDGET = f"""
    支出预算总表
    单位：万元
    {HEADER}
    201 | 一般公共服务支出 | 1 | 1 | 0
    """


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """The tables above, with a number among them that was not understood."""
    return case_of(a_unit(tmp_path_factory.mktemp("单位")), ACCOUNTS, GENERAL, BUDGET)


def read_sum(case, whole, parts, less="", **kwargs):
    """Return a comparison of cells of the tables: C7 of the first, 2!C4 of the second."""
    book = {f"{e.place.sheet[1:]}!{e.place.cell}": e for e in case.tables.book.entries}

    def named(text):
        return tuple(book[cell if "!" in cell else f"1!{cell}"] for cell in text.split())

    return Sum(named(whole)[0], named(parts), named(less), **kwargs)


@pytest.mark.parametrize(
    ("whole", "parts", "less", "outcome", "said"),
    [
        (
            "C4", "D4 E4", "", "pass",
            "201一般公共服务支出9.00万元，基本支出＋项目支出为9.00万元，相符",
        ),
        (
            "C7", "C4 C5", "", "rounding",
            "本年支出合计12.00万元，201一般公共服务支出＋208社会保障和就业支出为12.01万元，"
            "相差0.01万元，在四舍五入的范围之内",
        ),
        ("D7", "D4 D5", "", "pass", "基本支出合计5.00万元，201一般公共服务支出为5.00万元，相符"),
        (
            "C7", "C4", "C5 C8", "fail",
            "本年支出合计12.00万元，201一般公共服务支出－208社会保障和就业支出－210卫生健康支出"
            "为2.97万元，相差9.03万元",
        ),
        (
            "C8", "D8 E8", "", "fail",
            "210卫生健康支出3.02万元，基本支出为1.00万元，相差2.02万元（项目支出是空白）",
        ),
        (
            "C7", "C4 D5", "", "fail",
            "本年支出合计12.00万元，201一般公共服务支出为9.00万元，"
            "相差3.00万元（208社会保障和就业支出是空白）",
        ),
        (
            "C7", "C4 D4", "", "fail",
            "本年支出合计12.00万元，201一般公共服务支出＋201一般公共服务支出的基本支出为14.00万元，"
            "相差2.00万元",
        ),
        (
            "C7", "C5 C4 C4", "", "fail",
            "本年支出合计12.00万元，208社会保障和就业支出＋201一般公共服务支出（C4）为21.01万元，"
            "相差9.01万元",
        ),
        (
            "C7", "2!C4 2!C5", "", "fail",
            "本年支出合计12.00万元，一般公共预算财政拨款支出决算表的201一般公共服务支出＋"
            "208社会保障和就业支出为11.00万元，相差1.00万元",
        ),
        (
            "C7", "2!C4 3!C4 2!C5", "", "pass",
            "本年支出合计12.00万元，一般公共预算财政拨款支出决算表、支出预算总表的"
            "201一般公共服务支出（C4）＋208社会保障和就业支出为12.00万元，相符",
        ),
        (
            "C5", "D5 C4", "E5", "fail",
            "208社会保障和就业支出3.01万元，201一般公共服务支出－208社会保障和就业支出的项目支出为9.00万元，"
            "相差5.99万元（208社会保障和就业支出（D5）；208社会保障和就业支出（E5）是空白）",
        ),
        (
            "C7", "D7", "", "fail",
            "本年支出合计12.00万元，基本支出为5.00万元，相差7.00万元",
        ),
        (
            "C5", "D5 E5", "", "not_computable",
            "208社会保障和就业支出3.01万元，基本支出＋项目支出都是空白，无法核对",
        ),
        (
            "C7", "C6", "", "not_computable",
            "本年支出合计12.00万元，20805行政事业单位养老支出是空白，无法核对",
        ),
        (
            "C6", "C4", "", "not_computable",
            "20805行政事业单位养老支出空白，201一般公共服务支出为9.00万元，无法核对",
        ),
    ],
)  # fmt: skip
def test_a_finding_says_what_was_added_and_how_it_ended(case, whole, parts, less, outcome, said):
    compared = read_sum(case, whole, parts, less)

    found = tell(Labels(case, RELATIONS), compared)

    assert found.outcome == outcome
    assert found.message == f"支出决算表：{said}。"


def test_a_finding_is_of_the_total_and_names_the_cells_that_were_added(case):
    labels = Labels(case, RELATIONS)
    holds = tell(labels, read_sum(case, "C7", "C4 C5 C6"))
    differs = tell(labels, read_sum(case, "C7", "C4 C6"))

    assert holds.item == differs.item == "本年支出合计"
    assert cells(holds) == ["表1!C7", "表1!C4", "表1!C5"]
    assert cells(differs) == ["表1!C7", "表1!C4", "表1!C6"]


def test_a_table_without_the_row_is_named_instead_of_its_parts(case):
    compared = read_sum(case, "C5", "2!C6", absent=True)

    found = tell(Labels(case, RELATIONS), compared)

    assert found.item == "208社会保障和就业支出"
    assert found.message == (
        "支出决算表：208社会保障和就业支出3.01万元，"
        "一般公共预算财政拨款支出决算表没有这一行，相差3.01万元。"
    )


# --- what is said of several at once -----------------------------------------------------------


def together(case, *sums):
    labels = Labels(case, RELATIONS)
    compared = [read_sum(case, *one) for one in sums]
    return list(tell_together(labels, "各行", compared))


def test_what_holds_is_counted_and_each_disagreement_told_by_itself(case):
    found = together(case, ("C4", "D4 E4"), ("C7", "C4"), ("2!C4", "2!D4 2!E4"), ("C7", "C5"))

    assert [(one.outcome, one.message.partition("：")[2]) for one in found] == [
        ("fail", "本年支出合计12.00万元，201一般公共服务支出为9.00万元，相差3.00万元。"),
        ("fail", "本年支出合计12.00万元，208社会保障和就业支出为3.01万元，相差8.99万元。"),
        ("pass", "2处相符。"),
    ]
    assert cells(found[2]) == ["表1!C4", "表1!D4", "表1!E4", "表2!C4", "表2!D4", "表2!E4"]


def test_what_rounds_is_counted_with_the_widest_difference(case):
    (found,) = together(case, ("C7", "C4 C5"), ("C7", "C4 C8 2!E5"), ("C7", "C4 C5"))

    assert found.outcome == "rounding"
    assert found.message == "各行：3处有四舍五入的尾差（本年支出合计），最多相差0.02万元。"


def test_one_of_what_holds_or_rounds_is_counted_too(case):
    found = together(case, ("C4", "D4 E4"), ("C7", "C4 C5"))

    assert [one.message for one in found] == [
        "各行：1处相符。",
        "各行：1处有四舍五入的尾差（本年支出合计），最多相差0.01万元。",
    ]


def test_one_that_cannot_be_computed_is_told_by_itself(case):
    (found,) = together(case, ("C5", "D5 E5"))

    assert found.message.endswith("基本支出＋项目支出都是空白，无法核对。")
    assert cells(found) == ["表1!C5", "表1!D5", "表1!E5"]


@pytest.mark.parametrize(
    ("sums", "said"),
    [
        (
            [("C5", "D5"), ("C7", "C6")],
            "2处的明细是空白（208社会保障和就业支出；本年支出合计），无法核对",
        ),
        (
            [("C6", "C4"), ("D5", "D4")],
            "2处的合计是空白（20805行政事业单位养老支出；208社会保障和就业支出的基本支出），无法核对",
        ),
    ],
)
def test_several_that_cannot_be_computed_are_told_at_once_with_every_cell(case, sums, said):
    (found,) = together(case, *sums)

    assert found.outcome == "not_computable"
    assert found.message == f"各行：{said}。"
    assert cells(found) == [f"表1!{cell}" for one in sums for cell in one]


def test_nothing_is_said_of_rows_without_any_number(case):
    assert together(case, ("C6", "D6 E6")) == []
    assert len(together(case, ("C6", "D6 E6"), ("C4", "D4 E4"))) == 1
