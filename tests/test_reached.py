"""What a text says was reached, against the indicators, the ledger of evidence and the score."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from evaluated import PARAMS, evaluate, findings, indicator, satisfaction, scored, text

from selfeval.checks import check
from selfeval.checks.text.compare import Comparison
from selfeval.checks.text.facts import Facts, reader_of
from selfeval.checks.text.reached import NOT_SCORED, Performance
from selfeval.evaluation.load import load_unit
from selfeval.scoring.score import score
from selfeval.sheets import Place
from selfeval.text.paragraphs import paragraph
from selfeval.text.reading import Reader

SAID = Path(__file__).resolve().parent / "cases" / "text" / "reached.yaml"
CASES: list[dict[str, Any]] = yaml.safe_load(SAID.read_text(encoding="utf-8"))


@cache
def sample(unit: str) -> tuple[Reader, Performance, Callable[..., Comparison]]:
    """Return what reads and compares the text of a sample unit that is scored."""
    case = score(check(load_unit(PARAMS / "2021" / unit)))
    facts = Facts(case)
    reader, performance = reader_of(case, facts), Performance(case)
    comparison = partial(Comparison, case, facts, performance, reader.lexicon)
    return reader, performance, comparison


@pytest.mark.parametrize("case", CASES, ids=[case["claim"] for case in CASES])
def test_each_number_comes_out_as_a_finance_officer_would_say(case):
    reader, performance, comparison = sample(case["unit"])
    said = paragraph(((Place("", ""), case["says"]),))
    statements = [*reader.read(said, None), *performance.claims(said)]
    found: dict[str, list[str]] = {}
    for judged in comparison(statements).judged():
        found.setdefault(judged.said.quote, []).append(judged.outcome)
    for number, outcome in case["comes"].items():
        assert found[number] == (outcome if isinstance(outcome, list) else [outcome]), number


def test_a_wrong_value_is_told_with_what_the_table_says_and_where(tmp_path):
    case = evaluate(tmp_path, narrative=text("全年举办培训21场。"), indicators=[indicator()])
    (finding,) = findings(case, "TEXT-25")
    assert (
        "文中写“全年举办培训21场”，而“培训场次”的年度指标值≥20场，实际完成值20场" in finding.message
    )
    assert [place.file for place in finding.places] == ["narrative.md", "绩效指标.csv"]


def test_points_wait_for_the_score_and_are_compared_after_it(tmp_path):
    narrative = text("培训场次自评得40分。")
    before = evaluate(tmp_path, narrative=narrative)
    assert [one.why for one in before.judged if one.said.quote == "40分"] == [NOT_SCORED]
    assert not findings(before, "TEXT-26")
    after = score(before)
    assert [one.outcome for one in after.judged if one.said.quote == "40分"] == ["fail"]
    (finding,) = findings(after, "TEXT-26")
    assert "“培训场次”满分50分，得50.00分" in finding.message


def test_a_plan_in_a_measure_tells_nothing_of_what_was_reached(tmp_path):
    measures = [{"problem": "场次少", "measure": "培训达到30场", "owner": "甲", "due": "2022-06"}]
    case = evaluate(tmp_path, indicators=[indicator()], measures=measures)
    assert not findings(case, "TEXT-25")


def test_the_cause_of_a_deviation_speaks_of_the_indicator_of_its_row(tmp_path):
    rows = [indicator(actual_value="18", deviation_cause="实际完成17场，未达到目标")]
    found = findings(evaluate(tmp_path, indicators=rows), "TEXT-25")
    assert [one.found for one in found if one.outcome == "fail"] == ["17场"]


def test_a_rate_that_contradicts_the_indicator_does_not_pass_for_having_evidence(tmp_path):
    for rate, outcomes in (("95", ["pass"]), ("59", [])):
        folder = tmp_path / rate
        folder.mkdir()
        narrative = text(f"服务对象满意度{rate}%。")
        rows = [satisfaction(indicator_name="服务对象满意度")]
        case = evaluate(folder, narrative=narrative, indicators=rows)
        assert [finding.outcome for finding in findings(case, "TEXT-04")] == outcomes


def test_two_indicators_of_one_name_and_other_values_are_not_compared(tmp_path):
    rows = [indicator(), indicator(actual_value="25")]
    case = scored(tmp_path, narrative=text("全年培训30场。"), indicators=rows)
    assert not [one for one in findings(case, "TEXT-25") if one.outcome == "fail"]


PASTED = """
| 一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 实际完成值 | 分值 | 得分 |
| 产出指标 | 数量指标 | 受助学生数 | ≧ | 640 | 人次 | 652 | 30 | 30 |
| 质量指标 | 补助标准达标率 | ═ | 100 | % | 100% | 30 | 28 |
| 满意度指标 | 家长满意度 | ≥85% | 91.4% | 30 | 30 |
| 总分 | 100 | 98 | 优 |
"""


@pytest.mark.parametrize(
    ("right", "wrong", "slip"),
    [
        ("受助学生数652人次。", "受助学生数625人次。", "625人次"),
        ("家长满意度达到91.4%。", "家长满意度达到94.1%。", "94.1%"),
        ("补助标准达标率这一项得28分。", "补助标准达标率这一项得29分。", "29分"),
        ("项目自评总分98分。", "项目自评总分89分。", "89分"),
        ("项目自评等级为优。", "项目自评等级为良。", "良"),
    ],
)
def test_a_form_pasted_into_the_text_is_what_its_sentences_are_held_against(
    tmp_path, right, wrong, slip
):
    for says, found in ((right, []), (wrong, [slip])):
        folder = tmp_path / str(len(found))
        folder.mkdir()
        case = score(evaluate(folder, narrative=text(PASTED, says), projects=[]))
        told = [*findings(case, "TEXT-25"), *findings(case, "TEXT-26")]
        assert [one.found for one in told if one.outcome == "fail"] == found
