"""Tests of selfeval.money."""

from decimal import Decimal, localcontext

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from selfeval.money import (
    FEN_PER,
    LARGEST_AMOUNT,
    ParsedAmount,
    cell_state,
    exact_yuan,
    format_exact_rate,
    parse_amount,
    parse_number,
    plain_text,
)

FEN = st.integers(-LARGEST_AMOUNT + 1, LARGEST_AMOUNT - 1)
UNITS = st.sampled_from(sorted(FEN_PER))


def fen(raw, unit="万元"):
    return parse_amount(raw, unit).fen


def exactly(amount, unit):
    """Return 分 as text in a unit, with every digit, by a way other than the package's."""
    with localcontext(prec=60):
        return format(Decimal(amount) / FEN_PER[unit], "f")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("1234.50", 1234_500_000),
        ("1,234.50", 1234_500_000),
        ("1,234,567", 1_234_567_000_000),
        ("１，２３４．５０", 1234_500_000),
        ("９８７６５４３．２１０", 9_876_543_210_000),
        (" 578.7\u3000", 578_700_000),
        ("\u00a0578.7\ufeff", 578_700_000),
        ("（300）", -300_000_000),
        ("( 300 )", -300_000_000),
        ("(1,300.5)", -1_300_500_000),
        ("△300", -300_000_000),
        ("▲300", -300_000_000),
        ("−300", -300_000_000),
        ("－300", -300_000_000),
        ("﹣300", -300_000_000),
        ("–300", -300_000_000),
        ("- 300", -300_000_000),
        ("+300", 300_000_000),
        ("0.000001", 1),
        ("-0.000001", -1),
        (300, 300_000_000),
        (-0.5, -500_000),
        ("99999999.999999", 99_999_999_999_999),
    ],
)
def test_every_way_clerks_write_an_amount_is_read(raw, expected):
    assert parse_amount(raw, "万元") == ParsedAmount("value", expected)


@pytest.mark.parametrize("raw", ["—", "——", "-", "--", "－", "−", "–", "/", "／", "…", " — "])
def test_a_dash_means_not_applicable(raw):
    assert parse_amount(raw, "万元") == ParsedAmount("dash", None)
    assert parse_number(raw) is None


@pytest.mark.parametrize("raw", ["", None, "  ", "\u3000", "\u00a0", "\ufeff", "\r\n"])
def test_a_blank_is_not_a_zero(raw):
    assert parse_amount(raw, "万元") == ParsedAmount("blank", None)


@pytest.mark.parametrize("raw", [0, 0.0, -0.0, "0", "0.00", "０", "-0", "（0）"])
def test_a_zero_is_not_a_blank(raw):
    assert parse_amount(raw, "万元") == ParsedAmount("zero", 0)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("50%", "百分数"),
        ("50％", "百分数"),
        ("5‰", "百分数"),
        ("40万", "单位"),
        ("40 万元", "单位"),
        ("（40万元）", "单位"),
        ("400000元", "单位"),
        ("1,234.50元", "单位"),
        ("12,34", "逗号"),
        ("1,2345", "逗号"),
        ("1234,567", "逗号"),
        (",123", "逗号"),
        ("1,,234", "逗号"),
        ("12 34", "空格"),
        ("1.5E3", "不是数字"),
        ("1.2.3", "不是数字"),
        ("12.", "不是数字"),
        (".5", "不是数字"),
        ("--5", "不是数字"),
        ("(-5)", "不是数字"),
        ("△(5)", "不是数字"),
        ("(5", "不是数字"),
        ("约40", "不是数字"),
        ("约40万元", "不是数字"),
        ("约1,200", "不是数字"),
        ("无", "不是数字"),
        ("不适用", "不是数字"),
        ("TRUE", "不是数字"),
        ("NaN", "不是数字"),
        ("inf", "不是数字"),
        (True, "不是数字"),
        (False, "不是数字"),
        (float("nan"), "不是数字"),
        (float("inf"), "不是数字"),
        (pd.Timestamp("2021-01-01"), "不是数字"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(raw, reason):
    with pytest.raises(ValueError, match=reason):
        parse_amount(raw, "万元")


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("50%", "是百分数，不是数额"),
        ("40万元", "把单位写进了单元格"),
        ("12,34", "千分位逗号的位置不对"),
        ("12 34", "数字中间有空格"),
        ("约40", "不是数字"),
        ("0.0000001", "折合后不足一分（万元）"),
        ("1000000000", "数额过大"),
    ],
)
def test_a_refusal_says_in_one_clause_what_is_wrong(raw, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        parse_amount(raw, "万元")


@pytest.mark.parametrize("raw", ["3²", "5①", "⑴", "½", "٣", "四十", "1\u200b2"])
def test_a_sign_that_only_looks_like_a_digit_is_never_read_as_one(raw):
    with pytest.raises(ValueError, match="不是数字"):
        parse_amount(raw, "万元")


@pytest.mark.parametrize(
    ("raw", "unit"),
    [
        ("0.0000001", "万元"),
        ("0.001", "元"),
        (33.3333333333333, "万元"),
        ("578.70000000000000000000000000000000001", "万元"),
    ],
)
def test_less_than_one_fen_is_refused_however_far_behind_the_point(raw, unit):
    with pytest.raises(ValueError, match="不足一分"):
        parse_amount(raw, unit)


@pytest.mark.parametrize("raw", ["9" * 40, 1e300, "100000000", -100000000])
def test_ten_trillion_yuan_and_more_is_refused(raw):
    with pytest.raises(ValueError, match="数额过大"):
        parse_amount(raw, "亿元")


@pytest.mark.parametrize(
    ("raw", "unit"),
    [("9999999999999.99", "元"), ("-99999.9999999999", "亿元"), (999999999.5, "万元")],
)
def test_less_than_ten_trillion_yuan_is_read(raw, unit):
    assert parse_amount(raw, unit).state == "value"


@pytest.mark.parametrize(
    ("raw", "unit"),
    [("10000000000000", "元"), ("-100000", "亿元"), (1000000000, "万元"), ("10000000000", "千元")],
)
def test_ten_trillion_yuan_is_too_much_in_any_unit(raw, unit):
    with pytest.raises(ValueError, match="数额过大"):
        parse_amount(raw, unit)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [("元", 100), ("千元", 100_000), ("万元", 1_000_000), ("亿元", 10_000_000_000)],
)
def test_one_of_a_unit_is_this_many_fen(unit, expected):
    assert fen("1", unit) == expected


@pytest.mark.parametrize(
    ("raw", "state"),
    [
        (None, "blank"),
        ("\u3000", "blank"),
        ("—", "dash"),
        ("0.00", "zero"),
        ("-5", "value"),
        ("（5）", "value"),
        (5, "value"),
    ],
)
def test_a_cell_is_blank_not_applicable_zero_or_a_value(raw, state):
    assert cell_state(raw) == state


@pytest.mark.parametrize("raw", [578.7000000000001, 578.6999999999999])
def test_the_noise_of_binary_arithmetic_is_not_part_of_an_amount(raw):
    assert fen(raw) == 578_700_000


@given(FEN, UNITS)
@example(LARGEST_AMOUNT - 1, "亿元")
def test_an_amount_written_out_in_any_unit_is_read_back_to_the_fen(amount, unit):
    assert (parse_amount(exactly(amount, unit), unit).fen or 0) == amount


@given(FEN, UNITS)
def test_a_workbooks_floating_point_number_is_read_back_to_the_fen(amount, unit):
    assert (parse_amount(float(exactly(amount, unit)), unit).fen or 0) == amount


@given(st.integers(-(10**12), 10**12), st.sampled_from(["{}", "（{}）", "△{}", "−{}"]))
def test_thousands_commas_change_nothing(yuan, shape):
    sign = 1 if shape == "{}" else -1

    assert fen(shape.format(f"{abs(yuan):,}"), "元") == sign * abs(yuan) * 100


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused_and_nothing_else(text):
    try:
        amount = parse_amount(text, "元")
    except ValueError:
        return
    assert (amount.fen is None) == (amount.state in {"blank", "dash"})
    assert any(c in "0123456789０１２３４５６７８９" for c in text) == (amount.fen is not None)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (None, ""),
        (578.7000000000001, "578.7"),
        (3.0, "3"),
        (1e15, "1000000000000000"),
        (1e-7, "0.0000001"),
        (True, "TRUE"),
        ("001", "001"),
        (" NA ", "NA"),
    ],
)
def test_a_cell_is_shown_as_excel_shows_it(raw, shown):
    assert plain_text(raw) == shown


def test_exact_yuan_shows_every_fen():
    assert exact_yuan(1_683_710_005) == "16 837 100.05 元"
    assert exact_yuan(-5) == "-0.05 元"
    assert exact_yuan(0) == "0.00 元"


@pytest.mark.parametrize(("limit", "shown"), [("0.8", "80%"), ("1", "100%"), ("0.125", "12.5%")])
def test_a_limit_is_printed_as_its_rule_has_it(limit, shown):
    assert format_exact_rate(Decimal(limit)) == shown
