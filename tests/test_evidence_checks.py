"""Tests of EVID-01 to EVID-07, and of the rules that a ledger answers: IND-04 and TEXT-04."""

import hashlib

import pytest
from builders import NARRATIVE
from evaluated import (
    INDICATORS,
    evaluate,
    fails,
    findings,
    indicator,
    outcomes,
    satisfaction,
    text,
)

LINE = "签到120人\n".encode()
RIGHT, WRONG = hashlib.sha256(LINE).hexdigest(), "0" * 64
ASKED = satisfaction()["indicator_name"]
BARE = satisfaction(evidence="")


def material(name="培训场次", **more):
    """Return a row of the ledger: material on paper."""
    return {"indicator_name": name, "material": "签到表", "date": "2021-11-20"} | more


def kept(tmp_path, *rows, files=(), indicators=INDICATORS, narrative=NARRATIVE):
    """Evaluate a unit with indicators, a ledger, and these files, all of the same line."""
    folder = tmp_path / "params" / "2021" / "T001" / "evidence"
    for name in files:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(LINE)
    return evaluate(tmp_path, narrative=narrative, indicators=indicators, evidence=rows)


def messages(evaluation, code):
    return [(f.outcome, f.severity, f.message) for f in findings(evaluation, code)]


def test_without_a_ledger_nothing_is_said_of_it(tmp_path):
    without = evaluate(tmp_path / "a", indicators=INDICATORS)
    empty = kept(tmp_path / "b")

    for evaluation in (without, empty):
        assert not [f for f in evaluation.all_findings if f.code.startswith("EVID")]


# --- EVID-01 and EVID-02: the files ------------------------------------------------------------


def test_a_file_that_is_missing_is_severe_and_told_with_its_cell(tmp_path):
    (found,) = findings(kept(tmp_path, material(evidence_file="签到.pdf")), "EVID-01")

    assert (found.outcome, found.severity, found.item) == ("fail", "error", "签到.pdf")
    assert found.message == (
        "“培训场次”的佐证文件“签到.pdf”不在佐证材料文件夹里。"
        "请补上文件；改了名的，请改台账；只有纸质材料的，请清空文件一栏。"
    )
    assert str(found.places[0]) == "佐证材料.csv › 佐证材料 › C3"


def test_files_that_are_there_pass_and_paper_is_not_counted(tmp_path):
    rows = [material(evidence_file="甲.txt"), material(evidence_file="乙.txt"), material()]

    assert messages(kept(tmp_path, *rows, files=["甲.txt", "乙.txt"]), "EVID-01") == [
        ("pass", "error", "台账写到的2份文件都在。")
    ]


def test_a_changed_file_is_told_with_both_hashes_and_the_remedy(tmp_path):
    row = material(evidence_file="甲.txt", sha256=WRONG)
    (found,) = findings(kept(tmp_path, row, files=["甲.txt"]), "EVID-02")

    assert (found.outcome, found.severity, found.item) == ("fail", "error", "甲.txt")
    assert found.message == (
        "“培训场次”的佐证文件“甲.txt”与记录的校验值不同，记录之后改动过。"
        "确需改动的，请改正“佐证材料”表里的校验值；不该改动的，请换回原来的文件。"
    )
    assert (found.expected, found.found) == ("000000000000…（佐证材料）", f"{RIGHT[:12]}…")


def test_a_file_changed_since_it_was_recorded_may_be_recorded_anew(tmp_path):
    row = material(evidence_file="甲.txt")
    kept(tmp_path, row, files=["甲.txt"])
    folder = tmp_path / "params" / "2021" / "T001"
    (folder / "evidence.yaml").write_text(
        f"files:\n  甲.txt: {{sha256: '{WRONG}'}}\n", encoding="utf-8"
    )

    (found,) = findings(kept(tmp_path, row), "EVID-02")

    assert "请运行 selfeval evidence T001 --record 重新记录；" in found.message
    assert found.expected == "000000000000…（evidence.yaml）"


def test_a_file_with_its_hash_passes_and_one_without_is_never_a_pass(tmp_path):
    rows = [material(evidence_file="甲.txt", sha256=RIGHT), material(evidence_file="乙.txt")]

    assert messages(kept(tmp_path, *rows, files=["甲.txt", "乙.txt"]), "EVID-02") == [
        (
            "not_computable",
            "info",
            "1份佐证文件没有记录校验值，看不出以后有没有改动。"
            "请运行 selfeval evidence T001 --record 记录。",
        ),
        ("pass", "error", "1份佐证文件与记录的校验值相同。"),
    ]


# --- EVID-03 and EVID-07: surveys --------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "recovered", "outcome"),
    [
        (400, 386, "pass"),
        (400, 400, "pass"),
        (400, 401, "fail"),
        (400, "", "pass"),
        ("", 386, "fail"),
        ("", "", "fail"),
        (0, 0, "pass"),
    ],
)
def test_satisfaction_needs_a_sample_and_no_more_answers_than_questions(
    tmp_path, sent, recovered, outcome
):
    row = material(ASKED, sample_size=sent, recovered=recovered)

    found = {f.outcome for f in findings(kept(tmp_path, row, indicators=[BARE]), "EVID-03")}

    assert ("fail" in found) == (outcome == "fail")
    assert found


def test_what_a_survey_lacks_is_told_in_words(tmp_path):
    lacking = kept(tmp_path / "a", material(ASKED), indicators=[BARE])
    too_many = kept(tmp_path / "b", material(ASKED, sample_size=400, recovered=401))

    assert messages(lacking, "EVID-03") == [
        ("fail", "warning", "满意度指标“服务对象评价”的佐证材料没有写明问卷份数。")
    ]
    assert messages(too_many, "EVID-03")[0] == (
        "fail", "warning", "“服务对象评价”的问卷收回401份，多于发放的400份，请更正。"
    )  # fmt: skip


def test_one_of_several_materials_may_bear_the_sample(tmp_path):
    rows = [material(ASKED), material(ASKED, sample_size=400)]

    assert outcomes(kept(tmp_path, *rows), "EVID-03") == [("pass", "")]


@pytest.mark.parametrize("cell", ["", "见台账", "满意度汇总表", "问卷汇总.pdf", "全年无投诉"])
def test_a_survey_counted_in_the_ledger_needs_no_words_in_the_indicators_own_row(tmp_path, cell):
    row = material(ASKED, material="汇总表", sample_size=400, recovered=386)
    evaluation = kept(tmp_path, row, indicators=[satisfaction(evidence=cell)])

    for code in ("IND-04", "LINT-10", "EVID-03"):
        assert fails(evaluation, code) == []


@pytest.mark.parametrize(
    ("cell", "named"),
    [
        ("", {"material": "问卷400份"}),
        ("", {"material": "问卷汇总", "note": "发放400份"}),
        ("", {"material": "问卷汇总", "evidence_file": "回收386份.txt"}),
        ("问卷汇总（发放400份，回收386份）", {}),
    ],
)
def test_questionnaires_counted_in_words_are_counted(tmp_path, cell, named):
    rows = [material(ASKED) | named]
    files = [named["evidence_file"]] if "evidence_file" in named else []
    evaluation = kept(tmp_path, *rows, files=files, indicators=[satisfaction(evidence=cell)])

    assert fails(evaluation, "EVID-03") == fails(evaluation, "LINT-10") == []


@pytest.mark.parametrize("cell", ["", "见台账", "问卷统计"])
def test_a_ledger_without_counts_is_told_once(tmp_path, cell):
    evaluation = kept(tmp_path, material(ASKED), indicators=[satisfaction(evidence=cell)])

    assert [f.degree for f in findings(evaluation, "EVID-03")] == ["no_sample"]
    assert fails(evaluation, "LINT-10") == []


def test_want_of_complaints_in_the_ledger_is_no_survey_and_told_once(tmp_path):
    row = material(ASKED, material="零投诉说明")
    evaluation = kept(tmp_path, row, indicators=[satisfaction(evidence="")])

    assert fails(evaluation, "EVID-03") == []
    assert "“零投诉说明”不是调查得来的" in findings(evaluation, "LINT-10")[0].message


def test_other_indicators_need_no_sample(tmp_path):
    assert findings(kept(tmp_path, material()), "EVID-03") == []


@pytest.mark.parametrize(
    ("sent", "recovered", "small"),
    [(96, "", False), (95, "", True), (400, 96, False), (400, 95, True), ("", 95, True)],
)
def test_a_survey_below_the_smallest_sample_is_pointed_out(tmp_path, sent, recovered, small):
    row = material(ASKED, sample_size=sent, recovered=recovered)

    found = findings(kept(tmp_path, row), "EVID-07")

    assert [(f.severity, f.item) for f in found] == ([("info", ASKED)] if small else [])


# --- EVID-04: indicators without a row ---------------------------------------------------------


def test_an_indicator_without_a_row_is_told_where_others_have_one(tmp_path):
    evaluation = kept(tmp_path, material(), material(ASKED))

    assert fails(evaluation, "EVID-04") == ["办件量"]
    assert findings(evaluation, "EVID-04")[0].message == (
        "“办件量”在佐证材料台账里没有材料，其他指标有。"
    )


def test_a_ledger_of_all_indicators_passes(tmp_path):
    rows = [material(row["indicator_name"]) for row in INDICATORS]

    assert outcomes(kept(tmp_path, *rows), "EVID-04") == [("pass", "")]


def test_an_indicator_without_any_evidence_is_told_once(tmp_path):
    rows = [indicator(evidence=""), indicator("乙", evidence="")]
    evaluation = kept(tmp_path, material(), indicators=rows)

    assert fails(evaluation, "IND-04") == ["乙"]
    assert fails(evaluation, "EVID-04") == []


# --- EVID-05: dates ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("2021-01-01", None),
        ("2020-12-31", "早于报告年度"),
        ("2022-06-30", None),
        ("2022-07-01", "报告年度结束已久"),
        ("2020-12", "早于报告年度"),
        ("2022-06", None),
        ("2022-07", "报告年度结束已久"),
        ("2020", "早于报告年度"),
        ("2021", None),
        ("2022", None),
        ("2023", "报告年度结束已久"),
    ],
)
def test_material_is_of_the_year_or_of_the_half_year_after_it(tmp_path, date, said):
    (found,) = findings(kept(tmp_path, material(date=date)), "EVID-05")

    assert found.outcome == ("fail" if said else "pass")
    if said:
        assert found.severity == "info"
        assert found.message == (
            f"“培训场次”的材料“签到表”日期是{date}，{said}。请核对日期；确是本年度依据的，请说明。"
        )


def test_material_without_a_date_is_not_asked_about(tmp_path):
    assert findings(kept(tmp_path, material(date="")), "EVID-05") == []


# --- EVID-06: files without a row --------------------------------------------------------------


def test_files_that_no_row_names_are_told_together(tmp_path):
    (found,) = findings(kept(tmp_path, material(), files=["乙.pdf", "甲.pdf"]), "EVID-06")

    assert (found.outcome, found.severity) == ("fail", "info")
    assert found.message == (
        "佐证材料文件夹里有2份文件台账没有写到：“乙.pdf”、“甲.pdf”。"
        "请在台账补一行；用不上的，请移走。"
    )


@pytest.mark.parametrize(("count", "more"), [(6, False), (7, True)])
def test_of_many_files_six_are_named(tmp_path, count, more):
    names = [f"{number}.pdf" for number in range(count)]
    (found,) = findings(kept(tmp_path, material(), files=names), "EVID-06")

    assert f"有{count}份" in found.message
    assert ("“5.pdf”等。" in found.message) == more


def test_a_file_the_system_left_is_no_evidence(tmp_path):
    assert findings(kept(tmp_path, material(), files=["Thumbs.db"]), "EVID-06") == []


# --- rules that a ledger answers ---------------------------------------------------------------


def test_a_row_of_the_ledger_is_evidence_enough_for_an_indicator(tmp_path):
    bare = [indicator(evidence=""), indicator("乙", evidence="签到表")]

    assert fails(kept(tmp_path / "a", material("培 训场次"), indicators=bare), "IND-04") == []
    assert fails(kept(tmp_path / "b", indicators=bare), "IND-04") == ["培训场次"]


def test_a_row_of_the_ledger_is_evidence_enough_for_a_claim_in_the_text(tmp_path):
    claim, bare = text("群众满意度为95%。"), [indicator(), satisfaction(evidence="")]

    with_row = kept(tmp_path / "a", material(ASKED), indicators=bare, narrative=claim)
    without = kept(tmp_path / "b", material(), indicators=bare, narrative=claim)

    assert outcomes(with_row, "TEXT-04") == [("pass", "满意度")]
    assert outcomes(without, "TEXT-04") == [("fail", "满意度")]


def test_a_missing_file_keeps_the_page_a_draft_until_it_is_explained(tmp_path):
    row = material(evidence_file="签到.pdf")
    explained = {"finding": "EVID-01", "item": "签到.pdf", "text": "原件在档案室"}
    before = evaluate(tmp_path / "a", indicators=INDICATORS, evidence=[row])
    after = evaluate(
        tmp_path / "b", settings={"explanations": [explained]}, indicators=INDICATORS,
        evidence=[row],
    )  # fmt: skip

    assert [f.blocks for f in findings(before, "EVID-01")] == [True]
    assert [f.blocks for f in findings(after, "EVID-01")] == [False]
