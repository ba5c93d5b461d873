"""Tests of TEXT-08, TEXT-09 and TEXT-10: rates in the text, recomputed."""

from fractions import Fraction

import pytest
from evaluated import evaluate, fails, findings, line, outcomes, saying, text
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from printed import HALF_UP

from selfeval.budget.printer import Printer
from selfeval.checks.text.numbers import computed, growth, money, printed_percent, share, verdict

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


def only(evaluation, code):
    """Return the outcomes of one rule, without the items."""
    return [outcome for outcome, _ in outcomes(evaluation, code)]


# --- numbers as printed ----------------------------------------------------------------------


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
    assert verdict(printed_percent(stated), computed(growth, money(new), money(old))) == found


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
    assert verdict(signed, computed(growth, *amounts)) != "fail"


@given(FEN, FEN)
def test_a_share_we_format_never_contradicts_the_amounts_we_format(part, whole):
    shown = printed_percent(HALF_UP.rate(Fraction(part, whole)))
    amounts = [money(HALF_UP.money(fen)) for fen in (part, whole)]

    assert verdict(shown, computed(share, *amounts)) != "fail"


def test_a_quotient_of_zero_is_not_computed():
    assert computed(share, money("5万元"), money("0.00万元")) is None


# --- TEXT-08 ---------------------------------------------------------------------------------


def test_a_rate_that_does_not_follow_from_the_amounts_beside_it_is_told(tmp_path):
    said = "2020年执行数为80.50万元，2021年预算安排70万元，比2020年执行数减少3.10%，因为A。"
    (finding,) = findings(saying(tmp_path, said), "TEXT-08")

    assert (finding.outcome, finding.severity) == ("fail", "error")
    assert finding.message == (
        "文中写“比2020年执行数减少3.10%”，而按文中80.50万元、70万元计算为减少13.04%："
        "“2020年执行数为80.50万元，2021年预算安排70万元，比2020年执行数减少3.10%，因为A”。请核实。"
    )
    assert (finding.expected, finding.item) == ("减少13.04%", "比2020年执行数减少3.10%")
    assert [str(place) for place in finding.places] == ["T001 › narrative.md › 第 13 行"]


@pytest.mark.parametrize(
    "sentence",
    [
        "2020年执行数80.50万元，2021年安排70.00万元，比2020年执行数增加13.04%，因为A。",
        "收入792.22万元，同比增加189.25万元，增长13.39%，因为A。",
        "收入合计792.22万元。与2020年度相比，收入合计增加189.25万元，增长13.39%，因为A。",
        "支出57.00万元，较上年60.00万元减少3.00万元，下降15%，因为A。",
        "支出57.00万元，较上年60.00万元减少13.00万元，因为A。",
        "支出57.00万元，较上年60.00万元增加，因为A。",
        "支出57.00万元，与上年60.00万元持平。",
        "支出142.80万元，占基本支出的30%，比2020年度减少13.52万元，下降18.65%，因为A。",
        "人员经费支出比上年增长7.22%，因为A。",
        "人员经费支出比上年减少15.50万元，因为A。",
        "人员经费支出比上年减少，因为A。",
        "与上年相比，人员经费支出增长7.22%，因为A。",
        "人员经费支出与上年持平。",
        "窗口服务专项支出超出年初预算4.20万元（18.40%），因为A。",
        "窗口服务专项支出比年初预算增加14.20万元，因为A。",
        "支出1.00万元，较预算数2.00万元减少1.00万元，下降60%，因为A。",
        "支出1.00万元，较预算数2.00万元增加1.00万元，增长50%，因为A。",
    ],
)
def test_a_change_that_contradicts_the_amounts_it_is_of_is_found(tmp_path, sentence):
    assert len(fails(saying(tmp_path, sentence), "TEXT-08")) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "2020年执行数80.50万元，2021年安排70.00万元，比2020年执行数减少13.04%，因为A。",
        "收入792.22万元，同比增加189.25万元，增长31.39%，因为A。",
        "收入792.22万元。同比上年度增加189.25万元，增加31.39%，因为A。",
        "与2020年度相比，收入总计792.22万元，因为A。",
        "支出57.00万元，较上年60.00万元减少3.00万元（5%），因为A。",
        "支出57.00万元，比上年减少3.00万元，下降（增长）5%，因为A。",
        "甲支出20.00万元、乙支出40.00万元，比上年增加20.00万元，增长50%，因为A。",
        "人员经费支出比上年增长17.22%，因为A。",
        "人员经费支出比上年增加15.50万元，增长17.22%，因为A。",
        "窗口服务专项支出超出年初预算4.20万元（8.40%），因为A。",
        "窗口服务专项支出低于年初预算4.20万元，因为A。",
        "支出1.00万元，较预算数2.00万元减少1.00万元，下降50%，因为A。",
    ],
)
def test_a_change_that_follows_from_the_amounts_is_no_finding(tmp_path, sentence):
    assert set(only(saying(tmp_path, sentence), "TEXT-08")) <= {"pass"}


@pytest.mark.parametrize(
    "sentence",
    [
        "支出57.00万元，比上年下降约15%，因为A。",
        "支出57.00万元，比上年下降15%以上，因为A。",
        "全年接待100批次，投入57.00万元，比上年增加10批次，增长90%。",
        "收入、支出分别为90.00万元和80.00万元，比上年增加10.00万元，增长90%，因为A。",
        "上半年人员经费支出比上年同期增长90%，因为A。",
        "人员经费支出比2019年增长90%，因为A。",
        "人员经费预算比上年增长90%，因为A。",
        "人员经费支出比上年提高2个百分点。",
        "人员经费支出进度比上年提高2%。",
        "甲支出{{文献购置.调整后预算数}}，比上年增加3.00万元，增长90%，因为A。",
        "总投资500.00万元，比上年增加3.00万元，增长90%，因为A。",
        "支出57.00万元，比上年增加3.00万元，占全年的90%，因为A。",
        "甲项目上年支出60.00万元，乙项目支出30.00万元，比上年减少5%，因为A。",
    ],
)
def test_a_change_of_no_certain_amounts_claims_nothing(tmp_path, sentence):
    assert findings(saying(tmp_path, sentence), "TEXT-08") == []


@pytest.mark.parametrize(
    ("sentence", "outcome"),
    [
        ("文献支出比上年增长100%，因为A。", ["fail"]),
        ("支出5.00万元，较上年0.00万元增加5.00万元，增长100%，因为A。", ["fail"]),
        ("文献支出比上年增加7.00万元，因为A。", ["pass"]),
    ],
)
def test_a_rate_of_increase_over_nothing_is_found(tmp_path, sentence, outcome):
    evaluation = saying(tmp_path, sentence)

    assert only(evaluation, "TEXT-08") == outcome
    assert ("比较的基数为零" in findings(evaluation, "TEXT-08")[0].message) == (outcome == ["fail"])


def test_a_change_from_a_year_the_tables_lack_cannot_be_computed(tmp_path):
    (finding,) = findings(saying(tmp_path, "公用经费支出比上年减少5%，因为A。"), "TEXT-08")

    assert (finding.outcome, finding.severity) == ("not_computable", "info")
    assert "公用经费的上年决算数未提供，无法核对" in finding.message


def test_a_rate_within_what_the_amounts_were_rounded_by_is_rounding(tmp_path):
    said = "2020年执行数0.50万元，2021年安排0.62万元，比2020年执行数增加22.22%，因为A。"
    (finding,) = findings(saying(tmp_path, said), "TEXT-08")

    assert finding.outcome == "rounding"
    assert "计算为增加24.00%，相差在四舍五入的范围之内" in finding.message


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("支出增加5.00万元，增长13.95。", ["增长13.95"]),
        ("支出增加5.00万元，增长13.95，因为A。", ["增长13.95"]),
        ("收支各减少67.86,70.97万元。", []),
        ("版本升级增加2.0功能。", []),
    ],
)
def test_a_rate_that_lost_its_percent_sign_is_found(tmp_path, sentence, found):
    assert fails(saying(tmp_path, sentence), "TEXT-08") == found


# --- TEXT-09 ---------------------------------------------------------------------------------


def test_a_rate_of_completion_that_is_not_that_of_the_amounts_is_told(tmp_path):
    said = "年初预算为452.40万元，支出决算为446.11万元，完成年初预算的89.61%。"
    (finding,) = findings(saying(tmp_path, said), "TEXT-09")

    assert (finding.outcome, finding.severity) == ("fail", "error")
    assert finding.message == (
        "文中写“完成年初预算的89.61%”，而按同处预算452.40万元、支出446.11万元计算为98.61%："
        "“年初预算为452.40万元，支出决算为446.11万元，完成年初预算的89.61%”。请核实。"
    )


@pytest.mark.parametrize(
    ("sentence", "outcome"),
    [
        ("年初预算为452.40万元，支出决算为446.11万元，完成年初预算的98.61%。", ["pass"]),
        ("预算452.40万元，支出446.11万元，预算执行率98.61%。", ["pass"]),
        ("年初预算为102.33万元，支出决算为97.68万元。完成年初预算的95.45%。", ["rounding"]),
        ("窗口服务专项支出{{窗口服务专项.全年执行数}}，为年初预算的108.40%。", ["pass"]),
        ("窗口服务专项预算执行率为98.55%。", ["pass"]),
        ("窗口服务专项预算执行率为108.40%。", ["pass"]),
        ("窗口服务专项预算执行率为{{窗口服务专项.预算执行率}}。", ["pass"]),
        ("窗口服务专项预算执行率为95.55%。", ["fail"]),
        ("窗口服务专项完成全年预算的108.40%。", ["fail"]),
        ("文献购置预算执行率为120.00%。", ["pass"]),
        ("文献购置完成全年预算的100%。", ["not_computable"]),
        ("窗口服务专项预算执行率达95%以上。", []),
        ("截至6月，窗口服务专项完成年初预算的60%。", []),
        ("培训计划完成率100%。", []),
        ("投资500.00万元，支出20.00万元，完成投资的4%。", []),
    ],
)
def test_a_rate_of_completion_is_recomputed_where_it_is_certain_what_it_is_of(
    tmp_path, sentence, outcome
):
    assert only(saying(tmp_path, sentence), "TEXT-09") == outcome


@pytest.mark.parametrize(
    ("sentence", "outcome"),
    [
        ("年初预算为0，支出决算为10.77万元，完成年初预算的100%。", ["fail"]),
        ("年初预算为0万元，支出决算为10.77万元，完成年初预算的100%。", ["fail"]),
        ("年初未安排预算，支出决算为10.77万元，完成年初预算的100%。", ["fail"]),
        ("年初预算为0.50万元，支出决算为0.50万元，完成年初预算的100%。", ["pass"]),
        ("追加专项完成年初预算的80%。", ["fail"]),
        ("追加专项完成全年预算的80%。", ["pass"]),
        ("追加专项完成预算的80%。", ["pass"]),
        ("因公出国（境）费支出决算为0.00万元，完成预算的0.00%。", ["not_computable"]),
    ],
)
def test_a_budget_of_nothing_cannot_be_completed(tmp_path, sentence, outcome):
    assert only(saying(tmp_path, sentence, other=PUBLIC), "TEXT-09") == outcome


# --- TEXT-10 ---------------------------------------------------------------------------------


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

    assert only(saying(tmp_path, said), "TEXT-10") == [outcome]


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
    found = only(evaluate(tmp_path, narrative=text(sentence), **WHOLE), "TEXT-10")

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
        assert only(evaluation, code)
        assert set(only(evaluation, code)) <= {"pass", "rounding"}
