"""Tests of selfeval.text.numbers: numbers as printed, and what follows from them."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from printed import HALF_UP

from selfeval.budget.printer import Printer
from selfeval.text.numbers import computed, growth, money, outcome_of, printed_percent, share

FEN = st.integers(10**4, 10**11)


@pytest.mark.parametrize(
    ("stated", "new", "old", "found"),
    [
        ("12.08%", "9859.38万元", "8796.53万元", "pass"),
        ("12.09%", "9859.38万元", "8796.53万元", "fail"),
        ("24.00%", "0.62万元", "0.50万元", "pass"),
        ("22.22%", "0.62万元", "0.50万元", "rounding"),
        ("21.7%", "0.62万元", "0.50万元", "fail"),
        ("12.5%", "112.56万元", "100.00万元", "rounding"),
        ("13%", "112.56万元", "100.00万元", "pass"),
        ("0.2%", "112.56万元", "100.00万元", "fail"),
        ("25%", "5000000元", "400.00万元", "pass"),
    ],
)
def test_a_rate_is_judged_by_all_numbers_that_round_to_the_printed_ones(stated, new, old, found):
    assert outcome_of(printed_percent(stated), computed(growth, money(new), money(old))) == found


@given(FEN, FEN, st.integers(0, 4), st.sampled_from(["half_up", "half_even"]))
def test_a_rate_we_format_never_contradicts_the_amounts_we_format(new, old, decimals, rounding):
    assume(abs(new - old) < 10**4 * old)
    rate = Fraction(new - old, old)
    printer = Printer(rounding)
    shown = f"{printer.decimal(abs(rate) * 100, decimals)}%"
    amounts = [money(printer.money(fen)) for fen in (new, old)]

    stated = printed_percent(shown)
    sign = 1 if rate >= 0 else -1
    signed = type(stated)(sign * stated.value, stated.half)
    assert outcome_of(signed, computed(growth, *amounts)) != "fail"


@given(FEN, FEN)
def test_a_share_we_format_never_contradicts_the_amounts_we_format(part, whole):
    shown = printed_percent(HALF_UP.rate(Fraction(part, whole)))
    amounts = [money(HALF_UP.money(fen)) for fen in (part, whole)]

    assert outcome_of(shown, computed(share, *amounts)) != "fail"


def test_a_quotient_of_zero_is_not_computed():
    assert computed(share, money("5万元"), money("0.00万元")) is None
