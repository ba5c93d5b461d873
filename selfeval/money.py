"""Money: 分 as exact integers, and amounts as clerks type them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

Rounding = Literal["half_up", "half_even"]
State = Literal["value", "zero", "blank", "dash"]

FEN_PER: Final = {"元": 10**2, "千元": 10**5, "万元": 10**6, "亿元": 10**10}
DISPLAY_UNIT: Final = "万元"
DISPLAY_DECIMALS: Final = 2
LARGEST_AMOUNT: Final = 10**15
"""10 万亿元 in 分. A workbook stores 15 digits: above this it could not hold every 分."""

_DASHES = re.compile(r"[-‐‑‒–—―─−﹣－]{1,4}|[/\\／]|…{1,2}")
# Only the full-width twins of what the grammar knows: NFKC would also make ² a 2 and ① a 1.
_HALF_WIDTH = str.maketrans("０１２３４５６７８９，．＋－（）％\u3000\xa0", "0123456789,.+-()%  ")
_MINUS = str.maketrans({"−": "-", "﹣": "-", "–": "-", "△": "-", "▲": "-"})
_NUMBER = re.compile(r"[-+]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
_BRACKETED = re.compile(r"\(\s*(?P<inner>[0-9,.]+)\s*\)")
_WITH_UNIT = re.compile(r"[-+(]?\s*[0-9,.]+\s*(?:[百千万亿]+元?|元)(?:人民币)?\)?")


@dataclass(frozen=True)
class ParsedAmount:
    """One amount cell: what it held and, where it held a number, the 分."""

    state: State
    fen: int | None


def plain_text(raw: object) -> str:
    """Return a cell as a clerk sees it: text without outer space, numbers as Excel shows them.

    A workbook stores doubles with 15 significant digits; digits beyond those are noise of
    binary arithmetic (578.7000000000001) and are not what was typed.
    """
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, float):
        return format(Decimal(format(raw, ".15g")), "f")
    return str(raw).strip(" \t\r\n\v\f\u3000\xa0\ufeff")


def parse_number(raw: object) -> Decimal | None:
    """Parse a number by an explicit grammar; blank and dash give None.

    Accepted: digits, half or full width; thousands commas in threes; a leading minus, △ or ▲;
    a number in brackets as a negative. Refused: units, percentages, spaces within the digits.

    Raises
    ------
    ValueError
        With what is wrong, in Chinese, for anything else: never guessed, never skipped.
    """
    shown = plain_text(raw)
    if not shown or _DASHES.fullmatch(shown):
        return None
    text = shown.translate(_HALF_WIDTH).translate(_MINUS).strip()
    if text.endswith(("%", "‰")):
        raise ValueError("是百分数，不是数额")
    bracketed = _BRACKETED.fullmatch(text)
    text = f"-{bracketed['inner']}" if bracketed else re.sub(r"^([-+])\s+", r"\1", text)
    if not _NUMBER.fullmatch(text):
        raise ValueError(_why_no_number(text))
    return Decimal(text.replace(",", ""))


def _why_no_number(text: str) -> str:
    if re.fullmatch(r"[-+]?[0-9,]+(\.[0-9]+)?", text):
        return "千分位逗号的位置不对"
    if re.fullmatch(r"[-+]?[0-9,.]+(\s+[0-9,.]+)+", text):
        return "数字中间有空格"
    if _WITH_UNIT.fullmatch(text):
        return "把单位写进了单元格"
    return "不是数字"


def cell_state(raw: object) -> State:
    """Return what a cell that holds a number, a dash or nothing says.

    Blank, 不适用 and zero are three things: only the last is a number.
    """
    shown = plain_text(raw)
    if not shown:
        return "blank"
    if _DASHES.fullmatch(shown):
        return "dash"
    return "value" if parse_number(raw) else "zero"


def parse_amount(raw: object, amount_unit: str) -> ParsedAmount:
    """Parse one amount cell into 分.

    Parameters
    ----------
    raw : object
        The cell's value as the reader of the file gave it: str, int, float or None.
    amount_unit : {"元", "千元", "万元", "亿元"}
        The unit the table declares.

    Raises
    ------
    ValueError
        If the cell is not an amount, is finer than one 分, or is 10 万亿元 or more.
    """
    number = parse_number(raw)
    if number is None:
        return ParsedAmount(cell_state(raw), None)
    # Fraction, because Decimal multiplies with 28 digits and would round longer numbers.
    fen = Fraction(number) * FEN_PER[amount_unit]
    if fen.denominator != 1:
        raise ValueError(f"折合后不足一分（{amount_unit}）")
    if abs(fen) >= LARGEST_AMOUNT:
        raise ValueError("数额过大")
    return ParsedAmount("value" if fen else "zero", int(fen))


def format_exact(number: Decimal | int, least: int = 0) -> str:
    """Format a number to its last digit, with at least so many decimals: 90, 0.5, never 90.00."""
    digits = Decimal(number).normalize()
    return f"{digits:.{max(least, -int(digits.as_tuple().exponent))}f}"


def in_unit(fen: int, amount_unit: str) -> str:
    """Return 分 as a cell of a table in a unit of money has it: 100000 分 in 万元 is 0.1."""
    exact = Fraction(fen, FEN_PER[amount_unit])
    return format_exact(Decimal(exact.numerator) / exact.denominator)


def format_exact_rate(limit: Decimal | int) -> str:
    """Format a rate as its rule has it: 0.8 → "80%"."""
    return f"{format_exact(Decimal(limit) * 100)}%"


def exact_yuan(fen: int) -> str:
    """Return 分 as exact 元 with thousands spaces, for the trace: "16 837 100.00 元"."""
    whole, cents = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{cents:02d} 元".replace(",", " ")


def rounding_tolerance(count: int, amount_unit: str, decimals: int) -> Fraction:
    """Return how far ``count`` printed parts may miss their printed total, in 分.

    Each of the parts and the total was rounded on its own by at most half of the last printed
    digit, so (n + 1) × ½ × 10⁻ᵈ of the unit: the interval rule of XBRL Calculations 1.1.
    """
    return Fraction((count + 1) * FEN_PER[amount_unit], 2 * 10**decimals)
