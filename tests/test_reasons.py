"""What counts as a reason, what it excuses, and the facts that stay whatever it says."""

import re

import pytest
from evaluated import (
    COMPLETE,
    INDICATORS,
    LOW,
    SIGNED,
    STAFFING,
    evaluate,
    findings,
    indicator,
    line,
    measure,
    sample,
    scored,
)
from printed import as_plain, pairs_of, paragraphs_of, plain_texts, rows_of

from selfeval.page import charts
from selfeval.page.internal import build_preview as preview_view
from selfeval.page.internal import scores as scores_view
from selfeval.page.opening import overview
from selfeval.page.performance import describe_performance
from selfeval.page.public import outline_section
from selfeval.page.sentences import describe_preview
from selfeval.page.spending import spending_html
from selfeval.run.record import finish_record
from selfeval.scoring.comparison import compare_profiles, printed_lines, score_records
from selfeval.scoring.reviewer import preview

HOLLOW = [
    *("无", "1", "见附件", "已核实"),
    *("。", "无。", "详见附件3", "经核实，情况属实", "/", "追加", "啊啊啊啊", "OK"),
    *("没有", "同上", "按规定", "已说明", "aaa", "2021", "😀😀", "N/A", "無", "詳見附件"),
    *("领导同意", "已经财政局同意", "已按程序审批", "详见报告正文第三部分", "以后补充", "涉密"),
    *("按执行数填列", "以决算为准", "不知道", "偏差在合理范围内", "附件已上传一体化系统", "未说明"),
    "根据上级有关文件精神和工作实际需要进行了合理调整",
    "由于各种客观因素影响导致的正常变动属于合理情况",
    "经认真核对，该数据真实、准确、完整、有效，本单位郑重承诺以上数据属实",
]
DOCUMENTS = [
    "汛后抢修追加（×财预〔2021〕5号）",
    "汛后抢修追加，×财预[2021]5号",
    "汛后抢修追加，某财预（2021）5号",
    "汛后抢修追加（某财预 (2021) 第 5 号）",
    "2021年8月12日区财政局批复同意追加",
    "根据区政府常务会议纪要（2021年8月12日）追加汛后抢修经费",
    "2021-08-12 局党组会议纪要",
    "2021年第12次区政府常务会议纪要",
    "上年结转（×财预〔2019〕5号）",
    "追加指标：×财指2021-135号",
    "根据区财政局《2021年预算追加通知单》第23号追加抢修经费",
    "2021年8月，区财政局下达追加抢修经费的通知",
    "二〇二一年八月十二日区财政局批复追加汛后抢修经费",
]
UNDOCUMENTED = [
    "汛后抢修追加",
    "经批准追加汛后抢修经费",
    "2021年8月12日汛后抢修",
    "2021年8月已向财政局申请，尚未批复",
    *("无〔2021〕1号", "×〔2021〕1号", "××〔2021〕××号", "无（2021年8月通知）"),
    *("2021年12月32日财政局批复", "2021年13月财政局批复", "××财政局批复"),
    "×财预〔2021〕0号",
    "未取得批复（2021年8月12日）",
    "预计2021年12月取得批复",
    "正在申请批复，2021年8月",
    "区财政局2021年8月不予批复",
    "2021年8月12日被财政局否决，决定不追加",
    "2021年8月12日口头通知",
    "会议没有通过，2021年第3次会议",
    "2021年第3次会议未通过",
]


def copied(tmp_path, **more):
    """Return a unit whose one project's adjusted budget is copied from its spending."""
    tables = {"basic": [line("人员经费", "", 10, 0, 10, 10), line("公用经费", "", 10, 0, 10, 10)],
              "projects": [line("甲", "", 50, "", 126.9, 126.9, note=more.pop("note", ""))],
              "staffing": STAFFING, "indicators": INDICATORS, "measures": [measure()],
              "other": [row for row in COMPLETE["other"] if row["item"] != "支出合计"]}  # fmt: skip
    return scored(tmp_path, settings=SIGNED | more, **tables)


def waiting(evaluation, code, item="甲"):
    """Return a rule's findings of an item that still ask for something."""
    return [f for f in findings(evaluation, code) if f.is_open and f.item == item]


# --- what is no reason -------------------------------------------------------------------------


WHERE = ["cell", "unit.yaml"]


def given(tmp_path, where, code, texts, *amounts):
    """Return a unit with a project for each reason, given in a cell or in unit.yaml."""
    names = [f"第{number}项" for number in range(len(texts))]
    told = [{"finding": code, "item": name, "text": text}
            for name, text in zip(names, texts, strict=True)]  # fmt: skip
    rows = [line(name, *amounts, note=text if where == "cell" else "")
            for name, text in zip(names, texts, strict=True)]  # fmt: skip
    explained = {"explanations": told if where == "unit.yaml" else []}
    evaluation = evaluate(tmp_path, settings=explained, projects=rows)
    return [next(f for f in findings(evaluation, code) if f.item == name) for name in names]


@pytest.mark.parametrize("where", WHERE)
def test_empty_words_are_no_reason_in_a_cell_or_in_unit_yaml(tmp_path, where):
    found = given(tmp_path, where, "EXEC-01", HOLLOW, "", 10, "", "", 12)

    for words, finding in zip(HOLLOW, found, strict=True):
        assert finding.blocks
        assert f"写的“{words.rstrip('。') or words}”不是原因。请写明具体原因。" in finding.message


def test_the_finding_leads_to_the_cell_and_to_the_file_with_the_empty_words(tmp_path):
    told = {"finding": "EXEC-01", "item": "甲", "text": "已核实"}
    rows = [line("甲", "", 10, "", "", 12, note="无")]

    evaluation = evaluate(tmp_path, settings={"explanations": [told]}, projects=rows)

    (finding,) = waiting(evaluation, "EXEC-01")
    assert finding.message == (
        "甲年初预算数10.00万元，支出12.00万元，为年初预算数的120.00%，超出2.00万元（+20.00%）；"
        "没有调整后预算数，“调整和偏差原因”栏写的“无”不是原因。请写明具体原因。"
        "unit.yaml 的说明写的“已核实”不是原因。请写明具体原因。"
    )
    assert [str(place) for place in finding.places][-2:] == [
        "项目支出.csv › 项目支出 › H4",
        "T001 › unit.yaml",
    ]


def test_few_words_that_say_something_are_a_reason(tmp_path):
    said = [
        "缺考",
        "疫情影响",
        "退休2人",
        "按规定调资",
        "5家企业停产",
        "财政未批复",
        "审批未通过",
        "项目未完成",
    ]
    rows = [indicator(f"第{number}项", actual_value="18", self_score=45, deviation_cause=cause)
            for number, cause in enumerate(said)]  # fmt: skip

    assert findings(evaluate(tmp_path, indicators=rows), "IND-05") == []


def test_an_empty_cause_of_an_indicator_is_told_and_is_not_drawn_as_a_cause(tmp_path):
    rows = [indicator(actual_value="18", self_score=45, deviation_cause="无"), *INDICATORS[1:]]
    evaluation = scored(tmp_path, indicators=rows)

    (finding,) = findings(evaluation, "IND-05")
    assert finding.message.endswith(
        "未达到年度指标值，“偏差原因分析及改进措施”栏写的“无”不是原因。请写明具体原因。"
    )
    assert charts.draw_deviations(evaluation).title == "1项指标偏离目标，1项没有写明原因"


def test_an_empty_reason_for_a_low_rate_is_told(tmp_path):
    rows = [line("甲", "", 100, 0, 100, 50, note="正常")]

    (finding,) = findings(evaluate(tmp_path, projects=rows), "EXEC-05")

    assert finding.message.endswith("栏写的“正常”不是原因。请写明具体原因。")


# --- an adjustment wants a document ------------------------------------------------------------


@pytest.mark.parametrize("where", WHERE)
def test_an_adjustment_with_a_document_is_explained(tmp_path, where):
    found = given(tmp_path, where, "EXEC-03", DOCUMENTS, "", 50, "", 126.9, 126.9)

    assert [f.message for f in found if f.is_open] == []
    assert [f.explanation for f in found] == DOCUMENTS


def test_a_document_may_stand_as_the_basis_of_an_explanation(tmp_path):
    told = {"finding": "EXEC-03", "item": "甲", "text": "汛后抢修", "basis": "×财预〔2021〕5号"}

    assert not waiting(copied(tmp_path, explanations=[told]), "EXEC-03")


@pytest.mark.parametrize(("code", "executed"), [("EXEC-03", 126.9), ("EXEC-06", 120)])
@pytest.mark.parametrize("where", WHERE)
def test_an_adjustment_without_a_document_stays_open_and_says_what_to_write(
    tmp_path, where, code, executed
):
    found = given(tmp_path, where, code, UNDOCUMENTED, "", 50, "", 126.9, executed)

    for words, finding in zip(UNDOCUMENTED, found, strict=True):
        assert finding.is_open
        assert re.search(
            f"写的“{re.escape(words)}”(没有写明批准文件|不是原因)。请写明原因和批准文件："
            "文号（如×财预〔2021〕5号），或写明日期的批复、会议纪要、决定、追加（下达）通知。$",
            finding.message,
        )


@pytest.mark.parametrize("where", WHERE)
def test_a_document_of_a_year_that_cannot_have_adjusted_this_budget_is_none(tmp_path, where):
    words = ["抢修追加（×财预〔2099〕5号）", "抢修追加，2022年8月12日财政局批复",
             "依据×财预〔2018〕5号办法"]  # fmt: skip
    found = given(tmp_path, where, "EXEC-03", words, "", 50, "", 126.9, 126.9)

    for said, year, finding in zip(words, (2099, 2022, 2018), found, strict=True):
        assert finding.blocks
        assert (
            f"写的“{said}”里的文件是{year}年的，看不出调整的是2021年的预算。"
            "请写明2019—2021年批准调整的文件：文号（如×财预〔2021〕5号）"
        ) in finding.message


def test_a_copied_adjustment_is_told_once(tmp_path):
    evaluation = copied(tmp_path)

    assert waiting(evaluation, "EXEC-03")
    assert not findings(evaluation, "EXEC-06")


def test_a_reason_for_one_part_excuses_the_whole_only_as_far_as_it_goes(tmp_path):
    rows = [line("甲", "", 10, 5, 15, 15, note="抢修追加（×财预〔2021〕5号）"),
            line("乙", "", 10)]  # fmt: skip

    far, near = (
        evaluate(tmp_path / name, projects=[*rows, line("项目支出合计", "", 20, "", end, end)])
        for name, end in (("a", 40), ("b", 25))
    )

    assert waiting(far, "EXEC-03", "项目支出")
    assert findings(near, "EXEC-03")
    assert not waiting(near, "EXEC-03", "项目支出")


# --- the fact stays ----------------------------------------------------------------------------


def told_reasons(evaluation):
    """Return the units' words of the table of reasons, by their lines."""
    rows = rows_of(spending_html(evaluation).partition("原因（")[2])
    return {row[0]: row[-1] for row in rows[1:]}


@pytest.mark.parametrize("where", ["cell", "unit.yaml"])
def test_an_accepted_reason_stands_beside_the_fact_as_the_units_own_words(tmp_path, where):
    words = "汛后抢修追加（×财预〔2021〕5号）"
    told = {"note": words} if where == "cell" else {"explanations": [
        {"finding": "EXEC-03", "item": item, "text": words} for item in ("甲", "支出合计")
    ]}  # fmt: skip
    evaluation = copied(tmp_path, **told)

    assert not evaluation.is_draft
    assert dict(pairs_of(overview(evaluation).html, "facts"))["预算执行率"] == (
        "100.00%，占调整后预算146.90万元（与支出完全相同，原因见后）；占年初预算209.86%"
    )
    assert charts.draw_budget_against_spending(evaluation).title == "甲支出超出年初预算153.80%"
    assert told_reasons(evaluation)["甲"] == f"“{words}”"
    said = plain_texts(describe_performance(evaluation))
    assert "等级为“优”。" in said
    assert "执行率得分按调整后预算数计算，该数与支出完全相同。" in said


@pytest.mark.parametrize("where", WHERE)
def test_words_that_lack_a_document_are_printed_as_the_units_own_in_a_draft(tmp_path, where):
    told = {"note": "汛后抢修追加"} if where == "cell" else {
        "explanations": [{"finding": "EXEC-03", "item": "甲", "text": "汛后抢修追加"}]
    }  # fmt: skip
    evaluation = copied(tmp_path, **told)

    assert evaluation.is_draft
    assert told_reasons(evaluation) == {"甲": "“汛后抢修追加”"}
    assert told_reasons(copied(tmp_path / "b", explanations=[
        {"finding": "EXEC-03", "item": "甲", "text": "情况属实"}])) == {}  # fmt: skip


def test_a_whole_is_told_in_its_own_words_and_by_its_parts_words_only_where_they_stand(tmp_path):
    words = "年中追加（×财预〔2021〕5号），无其他变化"
    told = [{"finding": "EXEC-03", "item": "支出合计", "text": words}]
    empty = copied(tmp_path / "a", note="无", explanations=told)
    basic = [line("人员经费", "", 10, 0, 10, 10), line("公用经费", "", 10, 0, 10, 10)]
    rows = [line(name, "", 50, "", 60, 60, note=f"{name}闸抢修（×财预〔2021〕5号）")
            for name in "甲乙"]  # fmt: skip
    parts = scored(tmp_path / "b", basic=basic, projects=rows)

    assert told_reasons(empty) == {"部门整体支出": f"“{words}”"}
    assert told_reasons(parts) == {name: f"“{name}闸抢修（×财预〔2021〕5号）”" for name in "甲乙"}


def test_empty_words_are_never_printed_as_a_reason(tmp_path):
    rows = [line(f"第{number}项", "", 50, "", 126.9, 126.9, note=words)
            for number, words in enumerate(HOLLOW)]  # fmt: skip
    evaluation = scored(tmp_path, projects=rows)
    page = spending_html(evaluation)
    names = "、".join(f"第{number}项" for number in range(len(HOLLOW)))

    assert told_reasons(evaluation) == {}
    assert "“" not in page
    assert paragraphs_of(page, "alarm") == [f"单位没有说明原因：{names}。"]


# --- points that wait --------------------------------------------------------------------------

PENDING = "99.37分（其中执行率10分待核）"


def words(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def test_a_score_that_rests_on_an_open_severe_finding_has_no_grade_and_says_which_points():
    evaluation = sample("S004")
    score = evaluation.final_score
    [compared] = compare_profiles(evaluation, [evaluation.unit.scoring]).scores
    [record] = score_records(compare_profiles(evaluation, [evaluation.unit.scoring]))

    assert score.grade == compared.grade == record["grade"] == ""
    assert record["pending"] == [{"name": "执行率", "points": "10.00"}]
    assert next(printed_lines(compared)) == ("total", PENDING)
    assert f"按评分办法计算得{PENDING}。" in plain_texts(describe_performance(evaluation))
    said, first = (words(view(evaluation).html) for view in (scores_view, overview))
    assert f"自评得分{PENDING}。执行率待核：所依据的数或材料有7处严重问题" in said
    assert "其中执行率10分待核" in first
    assert "等级为" not in first
    table = words(outline_section(evaluation, "performance").html).split("合计")[-1]
    assert "（其中执行率10分待核）" in table
    told = finish_record(evaluation, "report")
    waiting = [{"name": "执行率", "points": "10", "weight": "10"}]
    assert (told["grade"], told["pending"]) == ("", waiting)


def test_a_cap_is_told_wherever_the_total_stands(tmp_path):
    evaluation = scored(tmp_path, settings={"scoring": "execution-capped"}, **LOW)
    told = "各项相加得95.00分，执行率低于60.00%，总分以69.00分为限"

    said = plain_texts(describe_performance(evaluation))
    performance = words(outline_section(evaluation, "performance").html)
    review = words(scores_view(evaluation).html)

    assert f"按评分办法计算得69.00分，等级为“中”。{told}。" in said
    assert f"自评得分69.00分，等级为“中”，{told}" in words(overview(evaluation).html)
    _, note = performance.split("合计")[-1].split("69.00", 1)
    assert note.strip().startswith(f"{told}。")
    assert "1项没有得满分，共少得5.00分；执行率低于60.00%，总分以69.00分为限" in review
    assert f"自评得分69.00分，等级为“中”。{told}。" in review
    assert "各部分相加得95.00分，执行率低于60.00%，总分以69.00分为限" in review
    assert "69.00分（执行率低于60.00%，总分以69.00分为限）" in review
    assert finish_record(evaluation, "report")["cap"] == told


def test_points_that_wait_are_no_part_of_a_capped_total(tmp_path):
    wrong = [line("人员经费", 90, 100, 5, 100, 50), *LOW["basic"][1:]]
    evaluation = scored(
        tmp_path, settings={"scoring": "execution-capped"}, **LOW | {"basic": wrong}
    )

    assert evaluation.final_score.pending_text == "各项得分中执行率5分待核"
    assert "69.00分（各项得分中执行率5分待核）" in plain_texts(describe_performance(evaluation))


def test_a_reviewer_may_take_all_points_that_wait():
    seen = preview(sample("S004"))

    assert (format(float(seen.low), ".2f"), seen.lines[0].low) == ("86.48", 0)
    assert "复核后可能剩下86.48分–" in as_plain(describe_preview(seen))
    assert "1项待核" in as_plain(describe_preview(seen))
    assert "部门整体预算执行率" in preview_view(sample("S004")).html


@pytest.mark.parametrize(
    ("row", "waits"),
    [
        (line("甲", "", 50, "", 126.9, 126.9), True),  # EXEC-03: copied from spending
        (line("甲", "", 50, "", 126.9, 126.9, note="抢修追加（×财预〔2021〕5号）"), False),
        (line("甲", "", 100, 0, 100, 120), True),  # EXEC-04: above the adjusted budget
        (line("甲", "", 100, 5, 110, 90), True),  # SUM-06: the adjusted budget does not add up
        (line("甲", "", 100, 0, 100, 50), False),  # EXEC-05: low, but no number is in doubt
    ],
)
def test_points_of_the_execution_rate_wait_for_findings_about_its_numbers(tmp_path, row, waits):
    basic = [line("人员经费", "", 10, 0, 10, 10), line("公用经费", "", 10, 0, 10, 10)]
    score = scored(tmp_path, basic=basic, projects=[row], indicators=INDICATORS).final_score

    assert bool(score.pending) == waits
    assert bool(score.grade) != waits


def test_a_printed_total_waits_for_a_finding_about_one_of_its_parts(tmp_path):
    rows = [line("甲", "", 50, "", 126.9, 126.9), line("乙", "", 100, 0, 100, 90)]
    whole = [{"item": "支出合计", "initial_budget": 150, "adjusted_budget": 226.9,
              "executed": 216.9}]  # fmt: skip
    score = scored(tmp_path, projects=rows, other=whole, indicators=INDICATORS).final_score

    assert [one.name for one in score.pending] == ["执行率"]


def test_without_a_total_the_page_says_why_and_not_which_points_wait(tmp_path):
    rows = [line("甲", "", 50, "", 126.9, 126.9)]
    basic = [line("人员经费", "", 10, 0, 10, 10), line("公用经费", "", 10, 0, 10, 10)]
    unscored = [indicator(actual_value="")]
    evaluation = scored(tmp_path, basic=basic, projects=rows, indicators=unscored)

    assert [one.name for one in evaluation.final_score.pending] == ["执行率"]
    assert evaluation.final_score.pending_text == ""
    assert "待核" not in overview(evaluation).html
    assert finish_record(evaluation, "report")["pending"] == []


def test_a_finding_about_other_numbers_or_about_words_holds_no_points_back(tmp_path):
    short = [row for row in COMPLETE["other"] if row["item"] != "公务接待费"]
    wrong = [*short, {"item": "公务接待费", "initial_budget": 9, "executed": 9}]
    evaluation = scored(tmp_path, **COMPLETE | {"other": wrong})

    assert [f.code for f in evaluation.all_findings if f.blocks][:1] == ["SUM-05"]
    assert evaluation.final_score.pending == ()


def test_an_indicators_points_wait_for_its_missing_evidence(tmp_path):
    ledger = [{"indicator_name": "培训场次", "material": "签到表", "evidence_file": "签到表.pdf"}]
    evaluation = scored(tmp_path, **COMPLETE | {"evidence": ledger})

    assert [(one.name, one.points) for one in evaluation.final_score.pending] == [
        ("“培训场次”", 50)
    ]
