"""What the value of an indicator says: a number with its unit, or a level in words.

What can be read in one way only is read exactly; whatever else is in a cell is refused, with what
was found and what to write. When something was to be done is read in ``deadlines``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final, Literal

from ..folding import fold
from ..money import parse_number
from ..schemes.readings import Slip, Units, ValueWords
from ..terms import COMPARISONS, TABLE_HEADS
from ..text.numbers import as_written

Head = Literal["target", "actual"]
# More digits than any amount has are no number that could be printed.
_NUMBER = re.compile(
    r"(?P<number>[-+−–△▲]?\s?[0-9](?:[0-9,]{0,30}[0-9])?(?:\.[0-9]{1,30})?|\([0-9,.]{1,60}\))"
    r"\s*(?P<unit>[^0-9\s].*)?"
)
_FIRST_NUMBER = re.compile(r"[0-9][0-9,]*+(?:\.[0-9]++)?+")
_MORE = re.compile(r"[0-9,;:、。(]")
_POWER = re.compile(r"m[23]")
_RANGE = re.compile(r"[0-9.]+[^0-9,，、;；。]{0,4}[-~—–至到][0-9.]+[^0-9]*")
_MARKS = ":,.;。、(-—\n"
_BETWEEN_CHOICES = re.compile(r"[/、,;|或()]")
NUMERALS: Final = "零〇一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟"
_FORMAL = str.maketrans("〇两壹贰叁肆伍陆柒捌玖拾佰仟", "零二一二三四五六七八九十百千")
_TENS = {"十": 10, "百": 100, "千": 1000}


@dataclass(frozen=True)
class UnreadValue:
    """Why a value cannot be used, as goes on after the quoted cell, and what to write instead."""

    head: Head
    why: str
    remedy: str


@dataclass(frozen=True)
class ReadNumber:
    """A number as written and what stands behind it, "" if it is bare.

    ``within`` where words behind it say that it is the most: 30天内.
    """

    value: Fraction
    unit: str = ""
    within: bool = False


def plain_value(text: object) -> str:
    """Return a value without differences of width and outer space."""
    return unicodedata.normalize("NFKC", str(text)).strip()


def start_of(text: str, words: Iterable[str]) -> str:
    """Return the longest of some words that a text begins with, "" if it begins with none."""
    return max(filter(text.startswith, words), key=len, default="")


def end_of(text: str, words: Iterable[str]) -> str:
    """Return the longest of some words that a text ends with, "" if it ends with none."""
    return max(filter(text.endswith, words), key=len, default="")


def unit_of(measure_unit: object, words: ValueWords) -> str:
    """Return what a row's column of units says, "" where it says that there is none."""
    unit = plain_value(measure_unit)
    return "" if unit in words.no_unit else unit


def arabic(text: str, counters: Iterable[str]) -> str:
    """Return a text with its Chinese numerals as digits: before a counter, 百分之九十, 零 alone."""
    text = text.replace("百分百", "100%").replace("百分之百", "100%")
    text = re.sub(rf"百分之([{NUMERALS}]{{1,12}})", lambda found: f"{value_of(found[1])}%", text)
    if text.translate(_FORMAL) == "零":
        return "0"
    ends = "|".join(sorted(map(re.escape, counters), key=len, reverse=True))
    return re.sub(
        rf"(?<![第每0-9{NUMERALS}])([{NUMERALS}]{{1,12}}+)(?=(?:{ends})(?:$|[及以之内或(。;]))",
        lambda found: str(value_of(found[1])),
        text,
    )


def value_of(numeral: str) -> int:
    """Return the value of a Chinese numeral below ten thousand."""
    total, digit = 0, 0
    for sign in numeral.translate(_FORMAL):
        if sign in _TENS:
            total, digit = total + (digit or 1) * _TENS[sign], 0
        else:
            digit = digit * 10 + "零一二三四五六七八九".index(sign)
    return total + digit


# --- numbers and units -------------------------------------------------------------------------


def read_number(said: str, head: Head, words: ValueWords) -> ReadNumber | UnreadValue:
    """Read a value that has no sign any more as one exact number with its unit."""
    text = plain_value(said).rstrip("。;")
    within = end_of(text, words.within)
    found = _NUMBER.fullmatch(text.removesuffix(within))
    unit = (found["unit"] or "").strip() if found else ""
    unit = unit[1:-1] if unit in words.unit_brackets else unit
    if found is None or _is_more(unit, words):
        return _no_number(text, head, words)
    if unit.startswith(words.approximate.after) or unit.endswith(words.approximate.after):
        return _inexact(head)
    try:
        value = parse_number(found["number"].strip())
    except ValueError as error:
        return UnreadValue(head, str(error), "请只写一个数和它的单位。")
    assert value is not None
    return ReadNumber(Fraction(value), unit, bool(within))


def _is_more(unit: str, words: ValueWords) -> bool:
    """Return whether what stands behind a number is more than a unit."""
    bare = _POWER.sub("", unit)
    for bracket in words.unit_brackets:
        bare = bare.replace(bracket, "")
    return bool(_MORE.search(bare)) or any(word in bare for word in words.not_in_units)


def _inexact(head: Head) -> UnreadValue:
    return UnreadValue(head, "是约数", "请核实以后写确切的数。")


def _no_number(text: str, head: Head, words: ValueWords) -> UnreadValue:
    if not any(map(str.isdigit, text)):
        level = f"指标性质改为“{COMPARISONS['qualitative']}”，{TABLE_HEADS['actual']}写完成的程度"
        return UnreadValue(head, "里没有数", f"请写数；确实不能用数的，{level}。")
    before = start_of(text, words.approximate.before)
    if before and _NUMBER.fullmatch(text.removeprefix(before).strip()):
        return _inexact(head)
    if _RANGE.fullmatch(text):
        return UnreadValue(head, "是一段范围", "请写一个确切的数。")
    return UnreadValue(head, "不只是一个数", "请只写一个数和它的单位，说明写到别的栏里。")


def read_numbers(
    target: str, actual: str, measure_unit: object, words: ValueWords
) -> tuple[ReadNumber, ReadNumber, str] | UnreadValue:
    """Read a target and an actual value, both in one unit, which is returned last.

    The unit is the row's own, or else that behind the target, or behind the actual value. Each
    number keeps what stood behind it; its value is in the common unit.
    """
    first, second = read_number(target, "target", words), read_number(actual, "actual", words)
    if isinstance(first, UnreadValue):
        return first
    if isinstance(second, UnreadValue):
        return second
    unit = unit_of(measure_unit, words) or first.unit
    if unit in words.scales and unit != second.unit and second.unit.startswith(unit):
        unit = second.unit
    if not unit and (_quantity(second.unit, words) or _scale(second.unit, words)[0] == 1):
        unit = second.unit
    common: list[ReadNumber] = []
    pairs: tuple[tuple[Head, ReadNumber], ...] = (("target", first), ("actual", second))
    for head, number in pairs:
        factor = factor_of(number.unit, unit, words)
        if factor is None:
            if not unit:
                return UnreadValue("target", "没有写单位", "请填度量单位。")
            why = f"的单位与“{unit}”不同，又没有固定的换算关系"
            return UnreadValue(head, why, f"请写成以“{unit}”计的数。")
        common.append(replace(number, value=number.value * factor))
    return common[0], common[1], unit


def measure(unit: str, words: ValueWords) -> tuple[str, Fraction]:
    """Return what a unit measures and how many of the smallest it is: 万元/场 is 10000 元/场."""
    counted, slash, per = unit.removesuffix(end_of(unit, words.per_year)).partition("/")
    scale, name = Fraction(1), counted
    if not _quantity(counted, words):
        scale, name = _scale(counted, words)
    known, name = _quantity(name, words), words.alike.get(name, name)
    if known is None:
        return f"{name}{slash}{per}", scale
    return f"{known.of}{slash}{per}", scale * Fraction(known.names[name])


def _quantity(unit: str, words: ValueWords) -> Units | None:
    return next((units for units in words.units if unit in units.names), None)


def _scale(unit: str, words: ValueWords) -> tuple[Fraction, str]:
    """Split a unit into its 万 or 亿, as a number, and the rest."""
    found = start_of(unit, words.scales)
    return Fraction(words.scales.get(found, 1)), unit.removeprefix(found)


# A text asks it of each number and each indicator.
@lru_cache(maxsize=4096)
def factor_of(written: str, unit: str, words: ValueWords) -> Fraction | None:
    """Return how many of a unit one of another is, None where that is not certain."""
    if written in ("", unit):
        return Fraction(1)
    if written in words.scales:
        scale, own = words.scales[written], _scale(unit, words)[0]
        if _slips_of(unit, words):
            return None
        # 2.6万 in a column of 万人次 has not been multiplied twice.
        return Fraction(scale) / own if scale != own else Fraction(1)
    (what, factor), (wanted, divisor) = measure(written, words), measure(unit, words)
    return factor / divisor if what == wanted else None


def with_unit(value: object, unit: object, words: ValueWords) -> str:
    """Return an indicator's value with its unit, once: what says its own is left as it is."""
    text, measure_unit = plain_value(value), unit_of(unit, words)
    number = _FIRST_NUMBER.search(text)
    if number is None or not measure_unit:
        return str(value)
    behind = text[number.end() :].strip()
    if behind in words.scales:
        return f"{value}{measure_unit.removeprefix(behind)}"
    return str(value) if behind else f"{value}{unit}"


# --- slips of scale ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Doubt:
    """A bare number that may be of another scale: which, its other value, and both in words."""

    head: Head
    value: Fraction
    as_written: str
    otherwise: str


def doubts(target: ReadNumber, actual: ReadNumber, unit: str, words: ValueWords) -> Iterator[Doubt]:
    """Yield how else a pair of numbers may have been meant, far apart as they are.

    A number that says its own unit is never doubted.
    """
    if target.value <= 0 or actual.value <= 0:
        return
    of = _slips_of(unit, words)
    ratio = actual.value / target.value
    for slip in words.slips:
        low, high = map(Fraction, slip.band)
        near = min(ratio, 1 / ratio) * slip.times
        # A fraction of no unit may be a percentage; a count is no fraction.
        in_percent = not unit and min(target.value, actual.value) < 1
        of_it = slip.of == of or (in_percent and slip.of == measure("%", words)[0])
        if of_it and low <= near <= high:
            if slip.of:
                yield from _hundredfold(target, actual, slip, unit or "%")
            else:
                yield from _rescaled(target, actual, slip, unit, words)
            return


def _slips_of(unit: str, words: ValueWords) -> str:
    """Return what a unit measures where there are slips of just that, else ""."""
    quantity = measure(unit, words)[0]
    return quantity if quantity in {slip.of for slip in words.slips} else ""


def _hundredfold(target: ReadNumber, actual: ReadNumber, slip: Slip, unit: str) -> Iterator[Doubt]:
    """Yield the smaller of two percentages as the fraction that it may be."""
    head: Head = "actual" if actual.value < target.value else "target"
    number = actual if head == "actual" else target
    if not number.unit and number.value <= 1:
        other = number.value * slip.times
        yield Doubt(head, other, f"{as_written(number.value)}{unit}", f"{as_written(other)}{unit}")


def _rescaled(
    target: ReadNumber, actual: ReadNumber, slip: Slip, unit: str, words: ValueWords
) -> Iterator[Doubt]:
    """Yield a number as counted in 万 or not in 万, contrary to its unit."""
    scale, name = _scale(unit, words)
    pairs: tuple[tuple[Head, ReadNumber, ReadNumber], ...] = (
        ("actual", actual, target),
        ("target", target, actual),
    )
    for head, number, other in pairs:
        times = Fraction(slip.times) if number.value < other.value else Fraction(1, slip.times)
        names = {Fraction(1): ""} | {Fraction(n): word for word, n in words.scales.items()}
        if number.unit or scale * times not in names:
            continue
        said = as_written(number.value)
        meant = f"{said}{names[scale * times]}{name}"
        yield Doubt(head, number.value * times, f"{said}{unit}", meant)
        return


def level_at(said: str, levels: Sequence[Sequence[str]], words: ValueWords) -> tuple[str, int]:
    """Return the name and number of the level that a text begins with, ("", -1) if none.

    The best may have a word before it that changes nothing: 全部达成.
    """
    text = plain_value(said)
    named = {name: n for n, names in enumerate(levels) for name in names}
    best = {f"{word}{name}": name for word in words.level_before for name in levels[0]}
    found = start_of(text, [*named, *best])
    name = best.get(found, found)
    return name, named.get(name, -1)


def goes_on(said: str, name: str, lower: tuple[str, ...], words: ValueWords) -> str:
    """Return what takes back a level that a text begins with, "" if nothing does.

    An explanation may follow behind a mark. ``lower`` are the names of all levels below the best,
    which an explanation may take back; empty for another level, which it takes back never.
    """
    text = plain_value(said)
    rest = text[text.index(name) + len(name) :].lstrip()
    behind = rest
    for ends in (words.level_tails, words.level_effects):
        behind = behind.removeprefix(start_of(behind, ends))
    behind = behind.lstrip()
    shares = list(_shares_in(behind, words))
    less = next((shown for shown, share in shares if share < 1), "")
    is_whole = behind[:1].isdigit() and bool(shares) and not less
    if behind and behind[0] not in _MARKS and not is_whole:
        return rest
    if not lower:
        return ""
    found = next((word for word in (*lower, *words.taken_back) if _says(rest, word, words)), "")
    alone = behind.strip(f"{_MARKS})?!")
    if not found and any(re.fullmatch(pattern, alone) for pattern in words.not_alone):
        found = alone
    undone = (one[0] for pattern in words.not_done if (one := re.search(pattern, behind)))
    return found or less or next(undone, "")


def _says(text: str, word: str, words: ValueWords) -> bool:
    """Return whether a word is in a text, and not denied there: 无逾期 tells of none."""
    parts = text.split(word)
    return any(not part.endswith(words.denied) for part in parts[:-1])


def _shares_in(text: str, words: ValueWords) -> Iterator[tuple[str, Fraction]]:
    """Yield how much a text says was done, as it is written and as a number."""
    for pattern in words.shares:
        for found in re.finditer(pattern, text):
            parts, shown = found.groupdict(), found[0].strip(f"{_MARKS} )")
            if "percent" in parts:
                yield shown, Fraction(Decimal(parts["percent"])) / 100
            elif "fraction" in parts:
                yield shown, Fraction(Decimal(parts["fraction"]))
            elif int(parts["whole"]):
                yield shown, Fraction(int(parts["part"]), int(parts["whole"]))


def behind_mark(said: str) -> str:
    """Return what stands behind the first mark of a text: 5月25日 of 达成（5月25日）."""
    return "".join(re.split(f"[{re.escape(_MARKS)}]", plain_value(said), maxsplit=1)[1:]).strip(
        " )。"
    )


def is_echo(said: str, target: str, words: ValueWords) -> bool:
    """Return whether an actual value is the target again, word for word, and says something."""
    wanted, text = fold(target).rstrip("。;"), fold(said).rstrip("。;")
    nothing = map(fold, (*words.no_unit, *words.no_target))
    if not wanted or wanted in nothing or choice_in(target, words) is not None:
        return False
    return text in {f"{word}{wanted}" for word in ("", *words.echo_before)}


def choice_in(target: str, words: ValueWords) -> str | None:
    """Return the best of the degrees that a target lists to choose from, None if it lists none."""
    return words.choices.get(_BETWEEN_CHOICES.sub("", fold(target)))
