"""Tests of selfeval.checks as a whole: the table of rules, explanations, the golden case."""

import dataclasses
import re
import sys

import pytest
from evaluated import (
    COMPLETE,
    SIGNED,
    evaluate,
    fails,
    findings,
    indicator,
    line,
    measure,
    outcomes,
    sample,
    text,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from printed import HALF_UP

from selfeval.checks import RULES, SCORE_RULES
from selfeval.evaluation.finding import is_draft, places_text
from selfeval.sheets import Place
from selfeval.terms import ACTIONS, OUTCOMES, SEVERITIES

OVER = [line("甲", "", 10, "", "", 12), line("乙", "", 10, "", "", 13)]
BAD = {
    "basic": [line("人员经费", "", 10, "", "", 12), line("基本支出合计", "", 9)],
    "projects": [line("编外人员工资", "", 0, "", 5, 6), line("甲", "", 40, 1, 50, 50)],
    "staffing": [{"kind": "政府雇员", "staff_in_post": 2}, {"kind": "合计", "staff_in_post": 3}],
    "indicators": [
        indicator(actual_value="", evidence="", weight=3),
        indicator("乙", self_score=60),
    ],
    "measures": [measure("甲进度滞后", measure="", owner="")],
}
BAD_TEXT = text("满意度95%。", "XX安排40万。", "人员经费支出3万元。")


# --- the table of rules ----------------------------------------------------------------------


@pytest.mark.parametrize("make", ["bad", "complete", "G001", "S003"])
def test_every_finding_has_a_known_code_outcome_severity_and_action(tmp_path, make):
    own = {"bad": {"narrative": BAD_TEXT, **BAD}, "complete": {}}
    evaluation = evaluate(tmp_path, **own[make]) if make in own else sample(make)

    for finding in evaluation.all_findings:
        rule = evaluation.unit.checks.rules[finding.code]
        assert finding.outcome in OUTCOMES
        unknown = rule.when_unknown if finding.outcome == "not_computable" else None
        assert (finding.severity, finding.action) == (unknown or rule.severity, rule.action)
        assert finding.severity in SEVERITIES
        assert finding.action in ACTIONS
        assert finding.message.endswith(("。", "实")) or "依据：" in finding.message
        assert not [bad for bad in ("None", "nan", "<NA>", "。。") if bad in finding.message]


def test_a_bad_unit_fails_in_nearly_every_rule_and_its_findings_stand_severe_first(tmp_path):
    found = evaluate(tmp_path, narrative=BAD_TEXT, **BAD).all_findings
    failed = [f for f in found if f.outcome == "fail"]
    ranks = [list(SEVERITIES).index(f.severity) for f in failed]

    assert ranks == sorted(ranks)
    assert {f.code for f in failed} >= {
        "SUM-06", "EXEC-01", "EXEC-03", "EXEC-04", "STAFF-01", "STAFF-03", "IND-01", "IND-02",
        "IND-03", "IND-04", "PAIR-01", "TEXT-02", "TEXT-03", "TEXT-04", "TEXT-05", "TEXT-06",
    }  # fmt: skip
    assert is_draft(found)


def test_a_complete_unit_has_no_fail(tmp_path):
    evaluation = evaluate(tmp_path, settings=SIGNED, **COMPLETE)

    assert {f.code for f in evaluation.all_findings if f.outcome != "pass"} == set()
    assert not evaluation.is_draft


def test_the_frame_of_findings_says_outcome_and_severity_in_chinese(tmp_path):
    frame = evaluate(tmp_path, projects=OVER).frame("findings")

    assert set(frame["outcome"]) <= set(OUTCOMES.values())
    assert frame["severity"].iloc[0] == "严重"


# --- explanations ----------------------------------------------------------------------------


def explained(tmp_path, *explanations, **tables):
    settings_ = {"explanations": list(explanations)}
    return evaluate(tmp_path, settings=settings_, **(tables or {"projects": OVER}))


def test_an_explanation_of_one_item_explains_that_item_and_no_other(tmp_path):
    evaluation = explained(
        tmp_path, {"finding": "EXEC-01", "item": "甲", "text": "汛后抢修", "basis": "财预1号"}
    )
    said = {f.item: f.explanation for f in findings(evaluation, "EXEC-01")}

    assert said == {"甲": "汛后抢修（依据：财预1号）", "乙": ""}
    assert findings(evaluation, "META-01") == []


def test_an_explanation_without_item_explains_the_only_finding_of_its_rule(tmp_path):
    evaluation = explained(tmp_path, {"finding": "EXEC-01", "text": "汛后抢修"}, projects=OVER[:1])

    assert [f.explanation for f in findings(evaluation, "EXEC-01")] == ["汛后抢修"]


def test_an_explanation_without_item_hides_none_of_several_findings(tmp_path):
    evaluation = explained(tmp_path, {"finding": "EXEC-01", "text": "追加"})
    (stale,) = findings(evaluation, "META-01")

    assert {f.explanation for f in findings(evaluation, "EXEC-01")} == {""}
    assert stale.message == (
        "EXEC-01 有2项发现（“甲”、“乙”），说明“追加”没有写是哪一项。"
        "请用 item 写明；每一项各写一条说明。"
    )


def test_an_explanation_of_an_item_excuses_one_number_of_it_and_no_other(tmp_path):
    rows = [line("人员经费", "", 10, "", "", 10), line("公用经费", "", 10, "", "", 10),
            line("基本支出合计", "", 21, "", "", 22)]  # fmt: skip
    told = {"finding": "SUM-01", "item": "基本支出", "text": "合计含已撤并科室"}

    both = explained(tmp_path / "a", told, basic=rows)
    one = explained(tmp_path / "b", told | {"cell": "G6"}, basic=rows)

    assert {f.explanation for f in findings(both, "SUM-01")} == {""}
    assert findings(both, "META-01")[0].message == (
        "“基本支出”的 SUM-01 有2处发现"
        "（T001 › 基本支出.csv › 基本支出 › D6；T001 › 基本支出.csv › 基本支出 › G6），"
        "说明“合计含已撤并科室”没有写是哪一处。请用 cell 写明单元格或行；每一处各写一条说明。"
    )
    assert [f.is_open for f in findings(one, "SUM-01") if f.outcome == "fail"] == [True, False]


def test_a_stale_explanation_is_itself_a_finding(tmp_path):
    evaluation = explained(tmp_path, {"finding": "EXEC-04", "item": "甲", "text": "追加"})
    (stale,) = findings(evaluation, "META-01")

    assert (stale.outcome, stale.severity) == ("fail", "warning")
    assert stale.message == (
        "没有“甲”的 EXEC-04这条发现，说明“追加”用不上。"
        "已经更正的，请删去这条说明；代码或名称写错的，请改正。"
    )
    assert str(stale.places[0]) == "T001 › unit.yaml"


def test_an_explained_error_no_longer_keeps_the_report_a_draft(tmp_path):
    evaluation = evaluate(tmp_path, projects=OVER)
    found = evaluation.all_findings
    told = [dataclasses.replace(f, explanation="追加") if f.blocks else f for f in found]

    assert is_draft(found)
    assert not is_draft(told)


@settings(max_examples=8)
@given(
    st.sampled_from(sorted(RULES)), st.sampled_from(["", "甲", "编外人员工资", "支出合计", "无"])
)
def test_an_explanation_never_touches_a_finding_it_does_not_name(tmp_path_factory, code, item):
    folder = tmp_path_factory.mktemp("unit")
    before = evaluate(folder, narrative=BAD_TEXT, **BAD).all_findings
    explanation = {"finding": code, "text": "抢修（×财预〔2021〕5号）", "item": item}
    after = evaluate(
        folder, narrative=BAD_TEXT, settings={"explanations": [explanation]}, **BAD
    ).all_findings

    touched = [f for f in after if f.explanation]
    assert {(f.code, f.item) for f in touched} <= {(code, item or f.item) for f in touched}
    assert len({f.item for f in touched}) <= 1
    assert sorted(f.message for f in after if f.code != "META-01") == sorted(
        f.message for f in before
    )
    assert bool(touched) != any(f.code == "META-01" for f in after)


# --- the golden case -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def golden():
    return sample("G001")


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("total.initial_budget", "2181.43"),
        ("project:行政审批中介服务费专项资金.initial_rate", "129.52%"),
        ("project:行政审批中介服务费专项资金.overspend", "383.71"),
        ("project:行政审批中介服务费专项资金.overspend_rate", "29.52%"),
        ("basic.share", "13.88%"),
        ("project.share", "86.12%"),
        ("personnel.parent_share", "94.05%"),
        ("operating.parent_share", "5.95%"),
        ("known.coverage", "59.59%"),
        ("project:行政审批中介服务费专项资金.share", "59.59%"),
    ],
)
def test_the_golden_case_gives_the_derived_figures(golden, key, shown):
    quantity = golden.quantities[key]

    assert HALF_UP.quantity(quantity).removesuffix("万元") == shown


def test_the_golden_cases_execution_is_not_computable_and_says_why(golden):
    whole = findings(golden, "EXEC-02")[0]

    assert golden.quantities["total.execution_rate"].value is None
    assert (whole.outcome, whole.item) == ("not_computable", "支出合计")
    assert whole.message == (
        "部门整体的预算执行率不可计算：人员经费、公用经费、行政审批日常事务专项等7项没有全年执行数；"
        "各项都没有调整后预算数；有全年执行数的只占年初预算数的59.59%。"
    )


def test_the_golden_case_gives_the_findings_its_data_can_show(golden):
    agency = "行政审批中介服务费专项资金"
    expected = {
        ("EXEC-01", "fail", agency),
        ("EXEC-02", "not_computable", "支出合计"),
        ("EXEC-02", "not_computable", agency),
        ("TEXT-01", "fail", agency),
        ("MISS-06", "fail", "绩效指标"),
        ("STAFF-02", "not_computable", ""),
        ("STAFF-03", "fail", "在职人员"),
        ("MISS-01", "fail", "“三公”经费"),
        ("MISS-02", "fail", "政府采购金额"),
        ("MISS-03", "fail", "年初结转和结余、年末结转和结余"),
        ("MISS-04", "fail", "基本支出、项目支出"),
        ("MISS-05", "fail", "政府性基金预算支出"),
        ("MISS-05", "fail", "国有资本经营预算支出"),
        ("MISS-07", "fail", ""),
        ("TEXT-04", "fail", "满意度"),
        ("TEXT-04", "fail", "减轻企业负担"),
        ("TEXT-06", "fail", "窗口人员奖励及政务服务审批结果免费邮寄"),
        ("TEXT-06", "fail", "编外智慧政务网络工程专业技术人员费用"),
        ("SECT-02", "fail", "部门整体支出绩效自评结果拟应用和公开情况"),
        ("SECT-02", "fail", "部门整体支出绩效评价基础数据表"),
        ("PAIR-02", "fail", "按照有关要求，督促各科室推进项目实施、加大预算执……"),
        ("PAIR-02", "fail", "继续制定和完善相关制度并抓好执行，对绩效评价查出……"),
        ("SUM-02", "not_computable", "项目支出"),
        ("SUM-04", "not_computable", "支出合计"),
    }
    found = {(f.code, f.outcome, f.item) for f in golden.all_findings if f.outcome != "pass"}

    assert found == expected
    assert golden.is_draft


def test_the_golden_cases_sums_all_hold(golden):
    passed = {f.code for f in golden.all_findings if f.outcome == "pass"}

    assert passed >= {"SUM-01", "SUM-02", "SUM-03", "STAFF-01", "PAIR-01"}


# --- the samples -----------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["S001", "S002", "S003"])
def test_a_clean_sample_has_no_severe_fail(code):
    evaluation = sample(code)

    assert [
        f for f in evaluation.all_findings if f.outcome == "fail" and f.severity == "error"
    ] == []
    assert not evaluation.is_draft


def test_the_sample_with_rounded_numbers_gives_rounding():
    assert {f.code for f in sample("S003").all_findings if f.outcome == "rounding"} == {
        "SUM-01", "SUM-02", "SUM-05",
    }  # fmt: skip


def test_the_sample_with_a_copied_adjustment_is_a_draft():
    evaluation = sample("S004")

    assert evaluation.is_draft
    assert "支出合计" in fails(evaluation, "EXEC-03")
    assert outcomes(evaluation, "EXEC-01") == []


def test_all_places_are_told_in_one_style_and_last_years_by_its_own_folder():
    places = [
        Place("填报.xlsx", "项目支出", "D6"),
        Place("填报.xlsx", "项目支出", "G6"),
        Place("narrative.md", "", "第 3 行", "U001"),
        Place("2020/U001/填报.xlsx", "项目支出", "G6"),
    ]

    assert places_text(places, "U001") == (
        "U001 › 填报.xlsx › 项目支出 › D6、G6；U001 › narrative.md › 第 3 行；"
        "2020/U001/填报.xlsx › 项目支出 › G6"
    )


def codes_of(title):
    """Return the rules that the opening of a docstring names: "LINT-08, LINT-10 to LINT-12"."""
    ends = re.findall(r"([A-Z]+)-?([0-9]+)(?: to [A-Z]+-?([0-9]+))?", title)
    return {(p, n) for p, one, to in ends for n in range(int(one), int(to or one) + 1)}


def test_a_codes_prefix_is_the_room_of_its_check_and_docstrings_there_begin_with_the_code():
    rooms: dict[str, set[str]] = {}
    for code, rule in (RULES | SCORE_RULES).items():
        check = getattr(rule, "func", rule)
        prefix, number = re.fullmatch(r"([A-Z]+)-?([0-9]+)", code).groups()
        rooms.setdefault(prefix, set()).add(check.__module__.split(".")[2])
        for said in (check.__doc__, sys.modules[check.__module__].__doc__):
            title, _, sentence = said.partition(": ")
            assert (prefix, int(number)) in codes_of(title), code
            assert sentence.split(".")[0], code

    assert {prefix for prefix, found in rooms.items() if len(found) > 1} == set()
