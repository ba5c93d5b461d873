"""One printer rounds: once, at display, by the unit's rule, never across a limit."""

import ast
import re
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from printed import HALF_UP

from selfeval.budget.printer import Printer
from selfeval.money import FEN_PER, LARGEST_AMOUNT, parse_amount, rounding_tolerance

HALF_EVEN = Printer("half_even")
FEN = st.integers(-LARGEST_AMOUNT + 1, LARGEST_AMOUNT - 1)
UNITS = st.sampled_from(sorted(FEN_PER))
PRINTERS = st.sampled_from([HALF_UP, HALF_EVEN])
DECIMAL_ROUNDING = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN}


def in_unit(printer, fen, unit, decimals):
    return printer.decimal(Fraction(fen, FEN_PER[unit]), decimals)


@given(FEN, UNITS)
def test_a_formatted_amount_parses_to_the_same_fen(amount, unit):
    shown = in_unit(HALF_UP, amount, unit, 10)

    assert (parse_amount(shown, unit).fen or 0) == amount


@given(st.integers(-(10**30), 10**30), st.integers(1, 10**9), PRINTERS)
@example(5, 2, HALF_UP)
@example(5, 2, HALF_EVEN)
@example(-5, 2, HALF_UP)
@example(-7, 2, HALF_EVEN)
@example(1, 2, HALF_EVEN)
def test_rounding_agrees_with_an_exact_decimal_division(numerator, denominator, printer):
    # A quotient of these sizes that is no tie differs from one by more than the 80 digits.
    with localcontext(prec=80):
        expected = (Decimal(numerator) / denominator).quantize(
            Decimal(1), rounding=DECIMAL_ROUNDING[printer.rounding]
        )

    assert int(printer.decimal(Fraction(numerator, denominator), 0)) == expected


def test_every_tie_of_a_score_of_100_points_is_rounded_by_the_rule_that_is_given():
    for cents in range(10_000):
        tie = Fraction(2 * cents + 1, 200)

        assert HALF_UP.points(tie) == f"{(cents + 1) / 100:.2f}"
        even = cents + cents % 2
        assert HALF_EVEN.points(tie) == f"{even / 100:.2f}"


@given(st.integers(-(10**9), 10**9), PRINTERS)
def test_a_tie_goes_away_from_zero_or_to_the_even_digit(whole, printer):
    rounded = int(printer.decimal(Fraction(2 * whole + 1, 2), 0))

    if printer == HALF_UP:
        assert rounded == (whole + 1 if whole >= 0 else whole)
    else:
        assert rounded in {whole, whole + 1}
        assert rounded % 2 == 0


@given(st.decimals(-(10**9), 10**9, allow_nan=False, places=8), st.integers(0, 6), PRINTERS)
def test_a_formatted_number_is_the_quantized_one(value, decimals, printer):
    with localcontext(prec=60):
        step, way = Decimal(1).scaleb(-decimals), DECIMAL_ROUNDING[printer.rounding]
        expected = value.quantize(step, rounding=way)

    shown = printer.decimal(value, decimals)
    assert Decimal(shown) == expected
    assert len(shown.rpartition(".")[2]) == decimals or decimals == 0


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (0, 0, "0"),
        (7, 0, "7"),
        (Fraction(-5, 2), 0, "-3"),
        (5, 1, "5.0"),
        (Fraction(1, 20), 1, "0.1"),
    ],
)
def test_a_number_without_decimals_has_no_point(value, decimals, shown):
    assert HALF_UP.decimal(value, decimals) == shown


def test_half_a_last_digit_of_money_depends_on_the_rule_in_force():
    assert HALF_UP.money(1_245_000) == "1.25万元"
    assert HALF_EVEN.money(1_245_000) == "1.24万元"
    assert HALF_UP.money(-1_245_000) == "-1.25万元"


def test_money_that_is_no_whole_fen_is_rounded_once():
    assert HALF_UP.money(Fraction(2_489_999, 2)) == "1.24万元"


def test_an_amount_that_rounds_to_nothing_has_no_sign():
    assert HALF_UP.money(-1) == "0.00万元"


def test_a_rate_is_rounded_from_the_exact_fraction():
    assert HALF_UP.rate(Fraction(12952, 10000)) == "129.52%"
    assert HALF_UP.rate(Fraction(2, 3)) == "66.67%"
    assert HALF_UP.rate(Fraction(199999, 200000)) == "100.00%"


def test_a_rate_is_rounded_by_the_rule_in_force():
    assert HALF_UP.rate(Fraction(5, 100000)) == "0.01%"
    assert HALF_EVEN.rate(Fraction(5, 100000)) == "0.00%"
    assert HALF_EVEN.rate(Fraction(1125, 100000)) == "1.12%"


@pytest.mark.parametrize(("share", "shown"), [(1, "100%"), ("0.125", "12.5%"), ("1/3", "33.33%")])
def test_a_share_of_a_level_has_no_more_decimals_than_it_needs(share, shown):
    assert HALF_UP.percent(Fraction(share)) == shown


@given(st.lists(FEN, min_size=1, max_size=20), UNITS, st.integers(0, 4), PRINTERS)
def test_rounding_alone_never_exceeds_the_tolerance(parts, unit, decimals, printer):
    def printed(amount):
        return Fraction(in_unit(printer, amount, unit, decimals)) * FEN_PER[unit]

    off = abs(sum(map(printed, parts)) - printed(sum(parts)))

    assert off <= rounding_tolerance(len(parts), unit, decimals)


def test_the_tolerance_is_reached_and_so_no_wider_than_needed():
    # Three parts and their total, each half a last digit off in the worst direction.
    parts = [5_000, 5_000, 5_000]
    printed = [Fraction(in_unit(HALF_UP, part, "万元", 2)) * 10**6 for part in parts]

    assert sum(printed) - sum(parts) == rounding_tolerance(len(parts) - 1, "万元", 2)


# --- beside a limit --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "limits", "shown"),
    [
        ("89.996", (), "90.00"),
        ("89.996", (90, 80), "89.996"),
        ("89.99996", (90,), "89.99996"),
        ("90", (90,), "90.00"),
        ("90.004", (90,), "90.004"),
        ("89.99", (90,), "89.99"),
        ("12.345", ("12.345",), "12.345"),
        ("0.001", (0,), "0.001"),
    ],
)
def test_a_number_beside_a_limit_is_printed_on_its_own_side_of_it(value, limits, shown):
    assert HALF_UP.points(Decimal(value), map(Decimal, limits)) == shown


def test_a_rate_just_below_a_limit_is_not_printed_as_the_limit():
    assert HALF_UP.rate(Fraction(79999, 100000), [Decimal("0.8")]) == "79.999%"


@given(
    st.fractions(-200, 200, max_denominator=10**18),
    st.decimals(-200, 200, places=3),
    PRINTERS,
)
def test_no_printed_number_contradicts_its_comparison(value, limit, printer):
    printed = Fraction(printer.points(value, [limit]))

    assert (printed < limit, printed > limit) == (value < limit, value > limit)


@given(st.fractions(-200, 200))
def test_a_number_that_equals_a_limit_no_decimals_can_print_has_the_usual_ones(value):
    shown = HALF_UP.weight(value)

    assert shown == HALF_UP.points(value) or Fraction(shown) == value


# --- nobody else rounds ----------------------------------------------------------------------

PACKAGE = Path(__file__).resolve().parent.parent / "selfeval"
NO_NUMBERS_OF_A_UNIT = {
    "money.py": "writes a number out to its last digit",
    "annex/workbook.py": "heights of rows",
    "page/svg.py": "places in a picture",
    "cli/progress.py": "seconds",
    "run/cluster.py": "seconds",
    "run/log.py": "seconds and bytes",
    "run/publishing.py": "bytes",
}


def rounded_in(tree):
    """Yield where Python itself would round: round(), quantize(), a format with decimals."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in {"round", "quantize"}:
                yield node.lineno
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            parts = node.format_spec.values
            spec = "".join(part.value for part in parts if isinstance(part, ast.Constant))
            if re.search(r"\.\d*[efg%]?$|%$", spec):
                yield node.lineno


def test_only_the_printer_rounds():
    found = {
        f"{name}:{number}"
        for path in PACKAGE.rglob("*.py")
        if (name := path.relative_to(PACKAGE).as_posix()) not in NO_NUMBERS_OF_A_UNIT
        for number in rounded_in(ast.parse(path.read_text("utf-8")))
    }

    assert found == set()


def test_the_rule_of_a_unit_is_handed_along_only_as_its_printer():
    named = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if (isinstance(node, ast.arg) and node.arg == "rounding")
        or (isinstance(node, ast.keyword) and node.arg == "rounding")
    }

    assert named == set()
