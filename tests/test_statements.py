"""What a text says of money: each number of a sentence, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from evaluated import LINES, ended, evaluate, fails, findings, line, measure, sample, saying
from hypothesis import given, settings
from hypothesis import strategies as st
from printed import HALF_UP

from selfeval.checks.text.compare import Comparison
from selfeval.checks.text.facts import Facts, reader_of
from selfeval.checks.text.reached import Performance
from selfeval.sheets import Place
from selfeval.terms import SAID_OUTCOMES
from selfeval.text.paragraphs import paragraph
from selfeval.text.reading import Reader
from selfeval.text.statements import Judged

SAID = Path(__file__).resolve().parent / "cases" / "text" / "money.yaml"
GROUPS: list[dict[str, Any]] = yaml.safe_load(SAID.read_text(encoding="utf-8"))
CASES = [
    (group["claim"], group.get("unit", ""), sentence, comes)
    for group in GROUPS
    for sentence, comes in group["says"].items()
]
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
UNITS = {"": LINES, "合计": WHOLE}
SAMPLES = {unit for _, unit, *_ in CASES} - {*UNITS}


@pytest.fixture(scope="module")
def units(
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, tuple[Reader, Callable[..., Comparison]]]:
    """Return what reads and compares the text of each unit."""

    def made(name: str) -> tuple[Reader, Callable[..., Comparison]]:
        own = UNITS.get(name)
        case = evaluate(tmp_path_factory.mktemp("unit"), **own) if own else sample(name)
        facts = Facts(case)
        reader = reader_of(case, facts)
        return reader, partial(Comparison, case, facts, Performance(case), reader.lexicon)

    return {name: made(name) for name in {*UNITS, *SAMPLES}}


def told(judged: Judged, asked: str) -> str:
    """Return what came of a number, as exactly as a case asks."""
    said = f"{SAID_OUTCOMES[judged.outcome]} {judged.code} {judged.expected}".split()
    return " ".join(said[: len(asked.split())])


@pytest.mark.parametrize(("claim", "unit", "says", "comes"), CASES, ids=range(len(CASES)))
def test_each_number_comes_out_as_a_finance_officer_would_say(units, claim, unit, says, comes):
    reader, comparison = units[unit]
    parts = [paragraph(((Place("", ""), part),)) for part in says.split("|")]
    found: dict[str, list[Judged]] = {}
    read = [said for part in parts for said in reader.read(part)]
    for judged in comparison(read).judged():
        found.setdefault(judged.said.quote, []).append(judged)

    asked = {quote: own if isinstance(own, list) else [own] for quote, own in comes.items()}
    assert found.keys() == asked.keys(), claim
    for quote, own in asked.items():
        assert list(map(told, found[quote], own)) == own, f"{claim}：{quote}"


# --- how it is told --------------------------------------------------------------------------

MESSAGES = [
    ("TEXT-03", "窗口服务专项年初预算60万元。",
     "文中写60万元，表中窗口服务专项年初预算数50.00万元：“窗口服务专项年初预算60万元”。"
     "建议改用占位符，由工具填数。"),
    ("TEXT-12", "人员经费全年支出105.5元。",
     "文中写105.5元，表中人员经费全年执行数105.50万元，数字相同而单位不同："
     "“人员经费全年支出105.5元”。请核实是否误写了单位。"),
    ("TEXT-07", "窗口服务专项支出低于年初预算，因为A。",
     "文中写“窗口服务专项支出低于年初预算”，而表中窗口服务专项年初预算数50.00万元、"
     "表中窗口服务专项全年执行数54.20万元：“窗口服务专项支出低于年初预算，因为A”。"
     "两种说法对不上，请核实。"),
    ("TEXT-08", "窗口服务专项支出与上年持平。",
     "文中写“窗口服务专项支出与上年持平”，而表中窗口服务专项上年决算数45.00万元、"
     "表中窗口服务专项全年执行数54.20万元：“窗口服务专项支出与上年持平”。两种说法对不上，请核实。"),
    ("TEXT-08", "2020年执行数为80.50万元，2021年预算安排70万元，比2020年执行数减少3.10%，因为A。",
     "文中写“比2020年执行数减少3.10%”，而按文中80.50万元、文中70万元计算为减少13.04%："
     "“2020年执行数为80.50万元，2021年预算安排70万元，比2020年执行数减少3.10%，因为A”。请核实。"),
    ("TEXT-08", "2020年执行数0.50万元，2021年安排0.62万元，比2020年执行数增加22.22%，因为A。",
     "文中写“比2020年执行数增加22.22%”，而按文中0.50万元、文中0.62万元计算为增加24.00%，"
     "相差在四舍五入的范围之内：“2020年执行数0.50万元，2021年安排0.62万元，比2020年执行数增加22.22%，因为A”。"),
    ("TEXT-08", "文献支出比上年增长100%，因为A。",
     "文中写“文献支出比上年增长100%”，而按表中文献上年决算数0.00万元、表中文献全年执行数7.00万元，"
     "基数为零，不可计算：“文献支出比上年增长100%，因为A”。请核实。"),
    ("TEXT-09", "预算为452.40万元，支出决算为446.11万元，完成预算的89.61%。",
     "文中写“完成预算的89.61%”，而按文中452.40万元、文中446.11万元计算为98.61%："
     "“预算为452.40万元，支出决算为446.11万元，完成预算的89.61%”。请核实。"),
    ("TEXT-11", "文献购置调整后预算15万元。经批准，文献购置调整后预算18万元。",
     "文中写“文献购置调整后预算18万元”，文中另写15万元："
     "“经批准，文献购置调整后预算18万元”。请核实。"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "says", "message"), MESSAGES)
def test_what_is_wrong_is_told_with_what_it_was_compared_with(tmp_path, code, says, message):
    (finding,) = findings(saying(tmp_path, says), code)

    assert finding.message == message
    assert finding.severity == "error"


def test_a_wrong_number_is_told_at_its_line_and_the_cells_of_what_it_was_compared_with(tmp_path):
    said = "窗口服务专项支出低于年初预算，因为A。"
    (finding,) = findings(saying(tmp_path, said), "TEXT-07")

    assert [str(place) for place in finding.places] == [
        "T001 › narrative.md › 第 13 行",
        "项目支出.csv › 项目支出 › D4",
        "项目支出.csv › 项目支出 › G4",
    ]


def test_a_number_that_is_not_compared_says_why(tmp_path):
    said = saying(tmp_path, "文献购置完成全年预算的100%。").judged[-1]

    assert (said.outcome, said.why) == ("unchecked", "没有预算或者支出的数")


def test_a_share_without_a_number_is_found(tmp_path):
    assert fails(saying(tmp_path, "项目支出占支出合计的%。"), "TEXT-10") == ["占支出合计的%"]


# --- where it stands -------------------------------------------------------------------------


def test_numbers_filled_in_by_placeholders_are_compared_as_typed_ones_are(tmp_path):
    said = (
        "窗口服务专项支出{{窗口服务专项.全年执行数}}，为年初预算的108.40%。",
        "窗口服务专项支出{{窗口服务专项.全年执行数}}，占支出合计的{{窗口服务专项.占年初预算比重}}。",
    )
    evaluation = saying(tmp_path, *said)

    assert ended(evaluation, "TEXT-09") == ["pass"]
    assert ended(evaluation, "TEXT-10") == ["fail"]


def test_a_list_ends_where_a_paragraph_bears_another_mark(tmp_path):
    said = ("主要情况如下：", "1、文献购置12万元。", "二、窗口服务专项60万元。")
    evaluation = saying(tmp_path, *said)

    assert [
        (one.said.quote, one.said.doubt)
        for one in evaluation.judged
        if one.said.quote in {"12万元", "60万元"}
    ] == [("12万元", "carried"), ("60万元", "")]


def test_a_placeholder_without_a_number_is_no_number(tmp_path):
    said = "年初预算{{文献购置.调整后预算数}}，支出54万元，低于年初预算。"

    assert findings(saying(tmp_path, said), "TEXT-07") == []


def test_what_a_projects_money_is_for_is_read_as_the_narrative_is(tmp_path):
    use = "窗口服务专项年初预算60万元，用于大厅值守。"
    rows = LINES | {"projects": [line("窗口服务专项", 45, 50, 0, 50, 54.2) | {"use": use}]}

    (finding,) = findings(evaluate(tmp_path, **rows), "TEXT-03")

    assert finding.places[0].sheet == "项目支出"
    assert "文中写60万元，表中窗口服务专项年初预算数50.00万元" in finding.message


def test_a_problem_in_the_table_is_read_as_the_narrative_is(tmp_path):
    row = measure("窗口服务专项支出低于年初预算")
    (finding,) = findings(saying(tmp_path, measures=[row]), "TEXT-07")

    assert str(finding.places[0]) == "问题与措施.csv › 问题与措施 › 第 3 行"


@pytest.mark.parametrize("planned", ["窗口服务专项支出低于年初预算", "下年窗口服务专项预算30万元"])
def test_a_measure_speaks_of_the_years_to_come(tmp_path, planned):
    evaluation = saying(tmp_path, measures=[measure(measure=planned)])

    assert fails(evaluation, "TEXT-07") == fails(evaluation, "TEXT-03") == []


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


def test_the_items_of_a_list_led_in_as_a_budget_are_budgets(tmp_path):
    lead = "各专项年初预算安排如下："
    evaluation = saying(tmp_path, lead, "1.窗口服务专项支出50万元。", "2.文献支出9万元。")

    outcomes = {one.said.quote: one.outcome for one in evaluation.judged}
    assert (outcomes["50万元"], outcomes["9万元"]) == ("pass", "fail")
