"""What is said in any of its forms is read back as the same: numbers, then statements."""

import shutil
from fractions import Fraction
from functools import cache

import pytest
from builders import SCHEMES
from conftest import EXAMPLES
from evaluated import LINES, evaluate
from hypothesis import example, given, settings
from hypothesis import strategies as st

from selfeval.checks.text.facts import Facts, number_words, reader_of
from selfeval.errors import SelfEvalError
from selfeval.money import FEN_PER
from selfeval.schemes.grammar import load_grammar
from selfeval.sheets import Place
from selfeval.text.paragraphs import paragraph, plain_line
from selfeval.text.statements import Subject
from selfeval.text.tokens import chinese, numbers

GRAMMAR = load_grammar(SCHEMES)
WORDS = number_words(GRAMMAR)
FULL_WIDTH = str.maketrans("0123456789.,%", "０１２３４５６７８９．，％")
SPACED = ["", "", "", " ", "\u3000", "\xa0"]
AMOUNT_UNITS = ["元", "万元", "亿元"]
MANY = settings(max_examples=EXAMPLES, derandomize=True)


def only(said):
    """Return the one number of a text."""
    (number,) = numbers(plain_line(said), WORDS)
    return number


# --- numbers -------------------------------------------------------------------------------


def in_chinese(number):
    """Return a number below 10 to the 12th in Chinese numerals."""
    for scale, name in ((10**8, "亿"), (10**4, "万")):
        if number >= scale:
            rest = number % scale
            gap = "零" if rest and rest < scale // 10 else ""
            return f"{in_chinese(number // scale)}{name}{gap}{in_chinese(rest) if rest else ''}"
    digits, said = f"{number:04}", ""
    for digit, place in zip(digits, "千百十 ", strict=True):
        if digit != "0":
            said += "〇一二三四五六七八九"[int(digit)] + place.strip()
        elif said and not said.endswith("零"):
            said += "零"
    said = said.rstrip("零")
    return said.removeprefix("一") if said.startswith("一十") else said


@st.composite
def written(draw, most=10**7, decimals=6):
    """Return digits in one of their styles, what they are worth, and half of the last."""
    places = draw(st.integers(0, decimals))
    whole = draw(st.integers(0, most))
    part = f".{draw(st.integers(0, 10**places - 1)):0{places}}" if places else ""
    shown = f"{whole:,}" if draw(st.booleans()) else str(whole)
    comma = draw(st.sampled_from([",", "，"]))
    said = f"{shown}{part}"
    value = Fraction(f"{whole}{part}")
    said = said.translate(FULL_WIDTH) if draw(st.booleans()) else said.replace(",", comma)
    return said, value, Fraction(1, 2 * 10**places)


@MANY
@given(written(), st.sampled_from(AMOUNT_UNITS), st.sampled_from(SPACED), st.sampled_from(SPACED))
@example(("2010.5", Fraction("2010.5"), Fraction(1, 20)), "万元", "", "")
@example(("1999.12", Fraction("1999.12"), Fraction(1, 200)), "元", "", "")
def test_an_amount_is_worth_what_is_printed_in_every_style(digits, unit, gap, inner):
    said, value, half = digits

    number = only(f"支出{gap}{said}{gap}{inner.join(unit)}。")

    assert (number.kind, number.unit) == ("money", unit)
    assert number.value == value * FEN_PER[unit]
    assert number.half == half * FEN_PER[unit]
    assert not number.is_hedged


@MANY
@given(written(), st.sampled_from(AMOUNT_UNITS), st.integers(1, 12))
def test_an_amount_broken_by_the_end_of_a_line_is_one_amount(digits, unit, at):
    said, value, _ = digits
    whole = f"支出{said}{unit}。"
    # A line that ends between digits may as well be two numbers.
    if at < len(whole) and not (whole[at - 1].isdecimal() and whole[at : at + 1].isdecimal()):
        place = Place("文", "一")
        text = paragraph(((place, whole[:at]), (place, whole[at:]))).text
        assert [number.value for number in numbers(text, WORDS)] == [value * FEN_PER[unit]]


@MANY
@given(written(10**3, 4), st.sampled_from(["%", "％", "个百分点", "百分点"]))
def test_a_percentage_is_a_fraction(digits, unit):
    said, value, half = digits

    number = only(f"增长{said}{unit}")

    assert number.kind == ("percent" if unit in "%％" else "points")
    assert (number.value, number.half) == (value / 100, half / 100)


@MANY
@given(st.integers(1, 99_999_999), st.sampled_from(["元", "人", "万元"]))
@example(99_999_999, "元")
@example(120_000_000, "元")
@example(10_000, "人")
@example(12, "万元")
def test_a_chinese_numeral_is_the_number_it_writes(number, unit):
    said = in_chinese(number)
    assert chinese(said) == number
    if number < 10_000 and said not in {"一", "百", "千"}:
        assert only(f"共{said}{unit}").value == number * FEN_PER.get(unit, 1)


@given(st.integers(1, 99_999_999))
def test_a_numeral_with_a_digit_too_many_is_no_number(number):
    said = in_chinese(number)
    doubled = next((said[:n] + "三" + said[n:] for n, c in enumerate(said) if c in "二四五"), "")

    assert not doubled or chinese(doubled) is None or set(doubled) <= set("〇一二三四五六七八九零")


@pytest.mark.parametrize(
    ("said", "percent"),
    [
        ("百分之九十八", 98), ("百分之百", 100), ("百分之三十七点七五", Fraction("37.75")),
        ("百分之98.5", Fraction("98.5")), ("千分之五", Fraction("0.5")), ("四成", 40),
        ("三成五", 35), ("四分之三", 75), ("三成半", 35),
    ],
)  # fmt: skip
def test_a_part_in_words_is_a_percentage(said, percent):
    number = only(f"占{said}")

    assert (number.kind, number.value * 100) == ("percent", percent)


HEDGED = [(h.bound, w, "") for h in GRAMMAR.hedges for w in h.before] + [
    (h.bound, "", w) for h in GRAMMAR.hedges for w in h.after
]


@pytest.mark.parametrize(("bound", "before", "after"), HEDGED)
def test_a_hedge_leaves_open_what_it_says(bound, before, after):
    number = only(f"支出{before}50万元{after}")

    low, high = number.low, number.high
    below, above = 40 * FEN_PER["万元"], 60 * FEN_PER["万元"]
    assert number.value == 50 * FEN_PER["万元"]
    assert number.is_hedged == (bound != "none")
    if number.is_hedged:
        assert (low < below, high > above) == (bound == "most", bound == "least")


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [("50余万元", 50, 60), ("120多万元", 120, 130), ("3万余元", 3, 4), ("五十余万元", 50, 60),
     ("1.5万余元", "1.5", "1.6"), ("50-60万元", 50, 60), ("50～60万元", 50, 60)],
)  # fmt: skip
def test_a_rough_number_is_a_range(said, low, high):
    number = only(f"支出{said}")

    assert number.low == Fraction(low) * FEN_PER["万元"]
    assert number.high == Fraction(high) * FEN_PER["万元"]


@pytest.mark.parametrize(
    "said",
    ["〔2021〕5号", "第3条", "1.2.3", "PM2.5", "9" * 30, "2021.07", "2021-07-05", "12月5日"],
)
def test_what_only_looks_like_an_amount_is_none(said):
    assert only(f"按{said}执行").kind in {"citation", "date"}


@pytest.mark.parametrize(
    "said", ["一般", "十分重视", "百名", "三四个", "二三十人", "三百五人", "万元"]
)
def test_a_turn_of_phrase_is_no_number(said):
    assert list(numbers(f"有{said}", WORDS)) == []


@pytest.mark.parametrize("said", ["75 5.60万元", "1,23万元", "18 22万元"])
def test_a_number_cut_in_two_is_no_amount(said):
    assert {number.kind for number in numbers(plain_line(said), WORDS)} == {"bare"}


@pytest.mark.parametrize(("said", "value"), [("增加-5%", -5), ("幅度为-5%", -5), ("经费-5%", 5)])
def test_a_dash_is_a_sign_only_behind_a_word_that_wants_one(said, value):
    assert only(said).value * 100 == value


# --- statements ----------------------------------------------------------------------------

NAMES = {
    "人员经费": ("expenditure", "personnel", ""),
    "公用经费": ("expenditure", "operating", ""),
    "基本支出": ("expenditure", "basic", ""),
    "项目支出": ("expenditure", "project", ""),
    "“三公”经费": ("", "", "three_public_expenses"),
    "公务接待费": ("", "", "official_hospitality"),
    "窗口服务专项": ("", "", "project:窗口服务专项"),
    "追加专项": ("", "", "project:追加专项"),
}
PHASES = {
    "年初预算": ("initial_budget",), "年初预算数": ("initial_budget",),
    "年初安排": ("initial_budget",), "调整后预算": ("adjusted_budget",),
    "全年预算数": ("adjusted_budget",), "决算数": ("executed",), "实际支出": ("executed",),
    "全年执行数": ("executed",), "支出决算": ("executed",),
    "预算安排": ("initial_budget", "adjusted_budget"),
}  # fmt: skip
JOINED = ["", "为", "是", "达到", "共", "：", "总额为"]
names = st.sampled_from(sorted(NAMES))
phases = st.sampled_from(sorted(PHASES))
amounts = st.tuples(written(10**5, 2), st.sampled_from(AMOUNT_UNITS))
shares = written(99, 2)
told_names = st.lists(
    st.tuples(names, amounts), min_size=2, max_size=5, unique_by=lambda told: told[0]
)
told_phases = st.lists(
    st.tuples(phases, amounts), min_size=2, max_size=4, unique_by=lambda told: told[0]
)


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """Return what reads a text of a unit."""
    case = evaluate(tmp_path_factory.mktemp("单位"), **LINES)
    reader = reader_of(case, Facts(case))

    @cache
    def read(text):
        return reader.read(paragraph(((Place("文", "一"), text),)))

    return read


def is_of(said, name):
    """Return whether a statement is surely of what a name says, and of nothing else."""
    side, block, item = NAMES[name]
    (own,) = said.subjects
    told = {Subject("expenditure", "", block, item), Subject(side, "", block, item)}
    return own in told and not said.doubt


def fen(amount):
    (_, value, _), unit = amount
    return value * FEN_PER[unit]


def shown(amount):
    (said, _, _), unit = amount
    return f"{said}{unit}"


@MANY
@given(st.sampled_from(["", "2021年", "2020年度", "2021年度，"]), names,
       st.sampled_from(["", "的"]), phases, st.sampled_from(JOINED), amounts)  # fmt: skip
def test_a_level_is_read_as_it_was_said(read, year, name, of, phase, joint, amount):
    (said,) = read(f"{year}{name}{of}{phase}{joint}{shown(amount)}。")

    assert (said.measure, said.number.value) == ("level", fen(amount))
    assert is_of(said, name)
    assert said.phases == PHASES[phase]
    assert said.year == (int(year[:4]) if year else None)


@MANY
@given(names, told_phases, st.sampled_from("，、；"))
def test_phases_told_in_a_row_are_all_of_the_name_before_them(read, name, told, mark):
    listed = mark.join(f"{phase}{shown(amount)}" for phase, amount in told)

    said = read(f"{name}{listed}。")

    assert [one.number.value for one in said] == [fen(amount) for _, amount in told]
    assert [one.phases for one in said] == [PHASES[phase] for phase, _ in told]
    assert all(is_of(one, name) for one in said)


@MANY
@given(told_names, st.sampled_from(["分别为", "分别是", "支出分别为", "依次为"]), st.booleans())
def test_numbers_told_at_once_are_each_of_their_own_name(read, told, word, joined):
    heads, tails = [name for name, _ in told], [shown(amount) for _, amount in told]
    said = read(f"{_listed(heads, joined)}{word}{_listed(tails, joined)}。")

    assert [one.number.value for one in said] == [fen(amount) for _, amount in told]
    assert all(is_of(one, name) for one, name in zip(said, heads, strict=True))


def _listed(words, joined):
    return "、".join(words[:-1]) + ("和" if joined else "、") + words[-1]


@MANY
@given(names, amounts, st.sampled_from(["比上年", "较上年", "与上年相比", "同比", "比2020年"]),
       st.sampled_from([("增加", "增长", 1), ("减少", "下降", -1)]), amounts, shares)  # fmt: skip
def test_a_change_is_of_the_amount_before_it_and_against_what_it_names(
    read, name, level, base, words, change, rate
):
    noun, verb, sign = words
    text = f"{name}支出{shown(level)}，{base}{noun}{shown(change)}，{verb}{rate[0]}%。"

    _, said, share = read(text)

    assert (said.measure, said.number.value) == ("change", fen(change))
    assert (share.measure, share.number.value) == ("change", rate[1] / 100)
    for one in (said, share):
        assert is_of(one, name)
        assert one.direction == sign
        assert one.base.year == 2020


@MANY
@given(names, amounts, shares, st.sampled_from(["占支出合计的", "占支出合计", "占支出合计比重为"]))
def test_a_share_is_of_the_amount_before_it_in_the_whole_it_names(read, name, level, rate, word):
    _, said = read(f"{name}支出{shown(level)}，{word}{rate[0]}%。")

    assert (said.measure, said.number.value) == ("share", rate[1] / 100)
    assert is_of(said, name)
    assert said.whole.side == "expenditure"


@MANY
@given(
    names, shares, st.sampled_from(["预算执行率为", "执行率", "预算完成率达到", "的预算执行率是"])
)
def test_a_rate_is_of_the_name_before_it(read, name, rate, word):
    (said,) = read(f"{name}{word}{rate[0]}%。")

    assert (said.measure, said.number.value) == ("rate", rate[1] / 100)
    assert is_of(said, name)


@MANY
@given(
    names,
    amounts,
    shares,
    st.sampled_from(["完成", "完成年初预算的", "完成预算的", "为年初预算的"]),
)
def test_a_completion_is_a_rate(read, name, level, rate, word):
    _, said = read(f"{name}支出{shown(level)}，{word}{rate[0]}%。")

    assert (said.measure, said.number.value) == ("rate", rate[1] / 100)
    assert is_of(said, name)


@MANY
@given(told_names, amounts, st.sampled_from(["，其中：", "，其中，", "，包括", "。其中："]),
       st.sampled_from("，、"))  # fmt: skip
def test_parts_are_told_to_be_of_the_whole_before_them(read, told, whole, word, mark):
    listed = mark.join(f"{name}{shown(amount)}" for name, amount in told)

    head, *parts = read(f"支出合计{shown(whole)}{word}{listed}。")

    assert [one.number.value for one in parts] == [fen(amount) for _, amount in told]
    assert all(is_of(one, name) for one, (name, _) in zip(parts, told, strict=True))
    if word != "。其中：":
        assert all(one.of == head for one in parts)


def test_a_word_for_a_part_of_what_no_word_names_is_refused_with_the_nearest_name(tmp_path):
    schemes = shutil.copytree(SCHEMES, tmp_path / "schemes")
    file = schemes / "text" / "grammar.yaml"
    words = file.read_text(encoding="utf-8").replace("of: procurement}", "of: procurment}", 1)
    file.write_text(words, encoding="utf-8")

    with pytest.raises(SelfEvalError, match="没有科目“procurment”，是不是“procurement”"):
        load_grammar(schemes)
