"""Tests of TEXT-10: shares in the text, recomputed."""

from fractions import Fraction

import pytest
from evaluated import ended, evaluate, fails, findings, line, outcomes, saying, text
from hypothesis import given, settings
from hypothesis import strategies as st
from printed import HALF_UP

FEN = st.integers(10**4, 10**11)


PUBLIC = [
    {"item": "“三公”经费合计", "initial_budget": 6, "adjusted_budget": 6, "executed": 4},
    {"item": "公务接待费", "prior_final_accounts": 2, "initial_budget": 2, "adjusted_budget": 2,
     "executed": 1},
    {"item": "因公出国（境）费", "prior_final_accounts": 0, "initial_budget": 0,
     "adjusted_budget": 0, "executed": 0},
]  # fmt: skip


WHOLE = {
    "basic": [line("人员经费", 50, 50, 0, 50, 50), line("公用经费", 0, 0, 0, 0, 0)],
    "projects": [line("窗口服务专项", 40, 50, 0, 50, 30)],
    "other": PUBLIC,
}


def test_a_share_that_does_not_follow_from_the_amounts_is_told(tmp_path):
    said = (
        "本年支出合计975.94万元，其中：基本支出537.76万元，占65.10%；项目支出438.18万元，占44.90%。"
    )
    (finding,) = findings(evaluate(tmp_path, narrative=text(said)), "TEXT-10")[:1]

    assert (finding.outcome, finding.severity, finding.expected) == ("fail", "error", "55.10%")
    assert "文中写“占65.10%”，而按文中537.76万元、975.94万元计算为55.10%" in finding.message


@pytest.mark.parametrize(
    ("stated", "outcome"),
    [("50.00%", "pass"), ("50.10%", "pass"), ("50.11%", "fail"), ("49.89%", "fail"),
     ("50%", "pass"), ("51%", "fail")],
)  # fmt: skip
def test_a_share_may_miss_by_a_tenth_of_a_point_or_its_own_digits(tmp_path, stated, outcome):
    said = f"支出合计200.00万元，其中：甲支出100.00万元，占{stated}。"

    assert ended(saying(tmp_path, said), "TEXT-10") == [outcome]


@pytest.mark.parametrize(
    "sentence",
    [
        "支出合计200.00万元。其中：甲支出100.00万元，占60%；乙支出100.00万元，占40%。",
        "支出合计200.00万元，主要用于以下方面：甲支出100.00万元，占60%。",
        "支出合计200.00万元，甲支出100.00万元，占支出合计的60%。",
        "窗口服务专项支出30.00万元，占支出合计的30%。",
        "窗口服务专项支出占支出合计的30%。",
        "人员经费占支出合计的80%。",
        "公务接待费支出1.00万元，占50%。",
        "设备支出15.00万元，占项目支出的90%。",
        "支出合计0.00万元，其中：甲支出0.00万元，占100%。",
        "项目支出占支出合计的%。",
    ],
)
def test_a_wrong_share_is_found_whatever_says_its_whole(tmp_path, sentence):
    found = fails(evaluate(tmp_path, narrative=text(sentence), **WHOLE), "TEXT-10")

    assert len(found) == (2 if "乙支出" in sentence else 1)


@pytest.mark.parametrize(
    "sentence",
    [
        "支出合计200.00万元。其中：甲支出100.00万元，占50%；乙支出100.00万元，占50%。",
        "支出合计200.00万元，其中：甲支出100.00万元，占50%；乙支出100.00万元，占50%，"
        "其中丙支出20.00万元，占20%。",
        "支出合计200.00万元，其中：甲支出20.00万元、乙支出40.00万元，占30%。",
        "窗口服务专项支出30.00万元，占支出合计的37.50%。",
        "窗口服务专项支出30.00万元，占项目支出的100%。",
        "窗口服务专项全年支出{{窗口服务专项.全年执行数}}，"
        "占支出合计的{{窗口服务专项.占年初预算比重}}。",
        "人员经费占支出合计的50%，人员经费支出占支出合计的62.5%。",
        "公务接待费支出1.00万元，占25%。",
        "少儿读物占比35%。",
        "设备支出15.00万元，占全区投入的90%。",
        "甲支出100.00万元，占60%。",
        "2020年人员经费支出占支出合计的80%。",
        "人员经费支出约占支出合计的80%左右。",
        "支出合计200.00万元，其中：甲、乙占比分别为10%、20%。",
        "支出合计0.00万元，其中：甲支出0.00万元，占0.00%。",
    ],
)
def test_a_right_share_or_one_of_an_unknown_whole_is_no_finding(tmp_path, sentence):
    found = ended(evaluate(tmp_path, narrative=text(sentence), **WHOLE), "TEXT-10")

    assert set(found) <= {"pass"}


@pytest.mark.parametrize(
    ("shares", "outcomes_"),
    [
        (("50.0%", "50.0%"), ["pass"]),
        (("50.1%", "50.1%"), ["pass"]),
        (("33%", "33%", "33%"), ["pass"]),
        (("25.09%",) * 4, ["pass"]),
        (("12.59%",) * 8, ["fail", "pass"]),
    ],
)
def test_shares_of_parts_that_make_the_whole_make_a_hundred(tmp_path, shares, outcomes_):
    part = f"{300 / len(shares):.2f}万元"
    told = "；".join(f"第{n}项支出{part}，占{share_}" for n, share_ in enumerate(shares))
    found = outcomes(saying(tmp_path, f"支出合计300.00万元，其中：{told}。"), "TEXT-10")

    assert [outcome for outcome, _ in found] == outcomes_


@settings(max_examples=8)
@given(st.lists(st.tuples(FEN, FEN), min_size=8, max_size=8))
def test_a_text_of_our_own_numbers_never_contradicts_itself(tmp_path_factory, pairs):
    sentences = []
    for new, old in pairs:
        rate, shown = Fraction(new - old, old), HALF_UP.money(new)
        way = "增长" if rate >= 0 else "下降"
        sentences.append(
            f"2020年支出{HALF_UP.money(old)}，2021年支出{shown}，"
            f"比2020年{way}{HALF_UP.rate(abs(rate))}，因为A。"
        )
        sentences.append(
            f"年初预算为{HALF_UP.money(old)}，支出决算为{shown}，"
            f"完成年初预算的{HALF_UP.rate(Fraction(new, old))}。"
        )
        sentences.append(
            f"合计{HALF_UP.money(new + old)}，其中：甲{shown}，"
            f"占{HALF_UP.rate(Fraction(new, new + old))}。"
        )
    evaluation = saying(tmp_path_factory.mktemp("unit"), *sentences)

    for code in ("TEXT-08", "TEXT-09", "TEXT-10"):
        assert ended(evaluation, code)
        assert set(ended(evaluation, code)) <= {"pass", "rounding"}
