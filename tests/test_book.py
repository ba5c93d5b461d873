"""Tests of the book of amounts: which numbers there are, and which of them is meant."""

import pickle

import pytest
from builders import amount_of

from selfeval.money import FEN_PER
from selfeval.schemes.relations import Address
from selfeval.sheets import Place
from selfeval.tables.book import Book, is_class

AT = Address("甲", "total", "201", "")


def record(item="201", fen=5, cell="C4", **changed):
    """Return an amount; without 分 it is a blank."""
    own = {"item_name": "某某", "place": Place("表.xlsx", "一", cell), "raw": "0.05"}
    return amount_of(item, fen, **(own | changed))


def book(*records, funds=None):
    return Book(records, funds or {})


def cells(entries):
    return [entry.place.cell for entry in entries]


# --- one number --------------------------------------------------------------------------------


def test_an_amount_that_needs_no_other_name_is_in_the_book_as_it_was_read():
    (entry,) = book(record()).entries

    assert (entry, entry.at) == (record(), AT)


@pytest.mark.parametrize("state", ["blank", "dash"])
def test_a_blank_and_what_does_not_apply_have_no_amount_and_round_nothing(state):
    entry = record(fen=None, state=state, raw="1", amount_unit="万元")

    assert (entry.fen, entry.half) == (None, 0)


@pytest.mark.parametrize(
    ("state", "filled"), [("value", True), ("zero", True), ("dash", True), ("blank", False)]
)
def test_all_but_a_blank_is_filled_in(state, filled):
    assert record(fen=0, state=state).filled is filled


def test_a_tables_own_fund_goes_unnamed_and_another_does_not():
    own = record(fund="general_public_budget")
    other = record(fund="government_managed_funds")

    found = book(own, other, funds={"甲": "general_public_budget"})

    assert [entry.fund for entry in found.entries] == ["", "government_managed_funds"]


def test_a_table_without_a_phase_is_its_sheets_alone():
    (entry,) = book(record(phase="")).entries

    assert entry.table == "甲@表.xlsx#一"
    assert entry.layout == "甲"


@pytest.mark.parametrize(
    ("table", "item", "has_code"),
    [
        ("final_expenditure", "201", True),
        ("final_expenditure", "name:某某", False),
        ("final_summary", "201", False),
        ("final_summary@表.xlsx#一", "201", False),
        ("summary_of_all", "201", True),
    ],
)
def test_a_row_has_a_code_of_its_own_unless_it_stands_in_a_summary(table, item, has_code):
    assert record(item, table=table).has_code is has_code


@pytest.mark.parametrize(
    ("raw", "unit", "half"),
    [
        ("45", "元", 50),
        ("45.5", "元", 0),
        ("45.50", "元", 0),
        ("45", "千元", 500),
        ("45.123", "千元", 50),
        ("45", "万元", 5_000),
        ("45.5", "万元", 5_000),
        ("45.50", "万元", 5_000),
        ("45.503", "万元", 500),
        ("45.12345", "万元", 5),
        ("45.123456", "万元", 0),
        ("45", "亿元", 50_000_000),
        ("４５．５０３", "万元", 500),
        ("1.2345 合计45.503万元", "万元", 500),
        ("无", "万元", 5_000),
        ("无", "元", 50),
    ],
)
def test_a_number_may_be_half_its_last_printed_digit_off_and_no_less_than_a_fen(raw, unit, half):
    entry = record(fen=FEN_PER[unit], raw=raw, amount_unit=unit)

    assert entry.half == half


# --- which number is meant ---------------------------------------------------------------------


def test_of_a_number_read_several_times_the_first_that_is_filled_in_is_meant():
    found = book(record(fen=None, cell="C4"), record(cell="C5"), record(cell="C6"))
    blank = book(record(fen=None, cell="C4"), record(fen=None, cell="C5"))

    assert found.get(AT, "executed").place.cell == "C5"
    assert blank.get(AT, "executed").place.cell == "C4"
    assert found.get(AT, "initial_budget") is None
    assert found.get(AT._replace(fund="别"), "executed") is None


def test_an_address_with_a_phase_is_of_that_phase_whichever_is_asked_for():
    found = book(record(cell="C4"), record(cell="D4", phase="initial_budget"))

    assert found.get(AT._replace(phase="executed"), "initial_budget").place.cell == "C4"
    assert found.get(AT, "initial_budget").place.cell == "D4"


@pytest.mark.parametrize(
    ("item", "meant"),
    [
        ("201", ["201"]),
        ("299", []),
        ("classes", ["201", "name:甲类"]),
        ("economic", ["301"]),
        ("others", ["name:甲类"]),
    ],
)
def test_an_address_means_one_number_or_a_group(item, meant):
    items = ("201", "20101", "301", "total", "name:甲类")
    found = book(*(record(item, cell=item) for item in items), record("201", block="basic"))

    assert cells(found.group(AT._replace(item=item), "executed")) == meant


def test_of_a_group_only_the_numbers_of_its_column_are_meant():
    found = book(record("201"), record("202", block="basic"), record("203", phase="initial_budget"))

    assert cells(found.group(AT._replace(item="classes"), "executed")) == ["C4"]


@pytest.mark.parametrize(
    ("item", "functional", "economic"),
    [
        ("201", True, False),
        ("name:某某", True, False),
        ("20101", False, False),
        ("301", False, True),
        ("402", False, True),
        ("509", False, True),
        ("30101", False, False),
        ("601", False, False),
        ("101", False, False),
        ("3甲1", False, False),
    ],
)
def test_a_class_is_told_by_its_first_digit_and_length(item, functional, economic):
    assert is_class(item, "classes") is functional
    assert is_class(item, "economic") is economic


# --- what there is -----------------------------------------------------------------------------


def test_tables_items_and_columns_are_listed_once_in_the_order_of_reading():
    records = [
        record("208"), record("201"), record("201", block="basic"), record("208", fund="别"),
        record("301", table="乙", phase="initial_budget"),
    ]  # fmt: skip
    found = book(*records)

    assert list(found.tables()) == ["甲", "乙"]
    assert found.items("甲") == ["208", "201"]
    assert found.columns("甲") == [
        ("total", "", "executed"), ("basic", "", "executed"), ("total", "别", "executed"),
    ]  # fmt: skip
    assert (found.has("乙"), found.has("丙")) == (True, False)
    assert (found.items("丙"), found.columns("丙"), found.phases("丙")) == ([], [], [])


def test_the_phases_of_several_tables_are_those_that_each_has():
    phases = {"甲": ("executed", "initial_budget"), "乙": ("initial_budget", "executed"),
              "丙": ("initial_budget",)}  # fmt: skip
    found = book(*(record(table=t, phase=phase) for t, of in phases.items() for phase in of))

    assert found.phases("甲") == ["executed", "initial_budget"]
    assert found.phases("甲", "乙") == ["executed", "initial_budget"]
    assert found.phases("甲", "乙", "丙") == ["initial_budget"]
    assert found.phases("甲", "丁") == []


def test_numbers_read_more_than_once_are_told_together_where_the_item_is_sure():
    twice = [record(cell="C4"), record(cell="C5"), record(fen=None, cell="C6")]
    once = [record("202"), record("202", fen=None)]
    unsure = [record("name:某某"), record("name:某某")]
    nobodys = [record("203", phase=""), record("203", phase="")]
    again = [record("204", cell="C8"), record("204", cell="C9")]

    found = book(*unsure, *nobodys, *once, *twice, *again).repeated()

    assert [cells(entries) for entries in found] == [["C4", "C5"], ["C8", "C9"]]


def test_a_book_survives_the_way_to_another_process():
    found = book(record(fund="别"), funds={"甲": "别"})

    assert pickle.loads(pickle.dumps(found)).entries == found.entries
