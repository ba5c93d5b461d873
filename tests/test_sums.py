"""Tests of a printed total against its parts: what is compared, and how it ends."""

import pytest

from selfeval.checks.sums import Sum, listed, places, resolve
from selfeval.relations import Address, Either
from selfeval.tables.book import Book, as_entry

STATES = {None: "blank", 0: "zero"}


def record(item, fen, unit="元"):
    """Return an amount in 分 as read: None is a blank, and 0 not."""
    return {
        "table": "甲", "block": "total", "item_code": item, "item_name": item, "fund": "",
        "phase": "executed", "amount": fen, "state": STATES.get(fen, "value"),
        "file": "表.xlsx", "sheet": "一", "cell": f"A{item}", "amount_unit": unit,
        "raw": "" if fen is None else f"{fen / 100:.2f}",
    }  # fmt: skip


def entries(*amounts, unit="元"):
    return tuple(as_entry(record(str(n), fen, unit)) for n, fen in enumerate(amounts, 1))


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

    found = Sum(whole._replace(raw="0.03"), tuple(part._replace(raw="0.01") for part in parts))

    assert found.outcome == outcome


# --- which cells are added ---------------------------------------------------------------------


def at(item):
    return Address("甲", "total", item, "")


def resolved(amounts, *parts):
    """Return the items that parts mean, and the items no table has."""
    book = Book([record(item, fen) for item, fen in amounts.items()], {})
    found, absent = resolve(book, parts, "executed")
    return [entry.item for entry in found], [address.item for address in absent]


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
