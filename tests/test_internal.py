"""Tests of the evidence ledger: whole in the internal edition, and nowhere in the public one."""

import re

import pytest
from evaluated import BASIC, INDICATORS, sample, satisfaction, scored

from selfeval.page.internal import build_evidence
from selfeval.page.parts import build_view
from selfeval.page.public import PUBLIC_VIEWS

FOUND = "6b86b273ff34"  # the SHA-256 of "1" begins so
LEDGER = [
    {"indicator_name": "培训场次", "material": "签到<表>", "evidence_file": "签到名册.txt",
     "page": "3—5", "date": "2021-11-20", "holder": "人事科张某", "note": "复印件"},
    {"indicator_name": "培训场次", "material": "培训照片", "evidence_file": "照片.zip"},
    {"indicator_name": satisfaction()["indicator_name"], "material": "问卷汇总",
     "sample_size": 400, "recovered": 386},
]  # fmt: skip


def kept(tmp_path, *rows, **more):
    """Return a unit evaluated and scored, with a ledger and one file of evidence."""
    folder = tmp_path / "params" / "2021" / "T001" / "evidence"
    folder.mkdir(parents=True)
    (folder / "签到名册.txt").write_bytes(b"1")
    (folder / "多余的底稿.txt").write_bytes(b"2")
    return scored(tmp_path, indicators=INDICATORS, evidence=rows, **more)


def cells(html):
    """Return the table of a part as rows of text, its heads first."""
    rows = re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)
    return [[re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
            for row in rows]  # fmt: skip


def test_the_ledger_stands_under_its_indicators_with_the_state_of_each_file(tmp_path):
    html = build_evidence(kept(tmp_path, *LEDGER)).html

    blank = ["—"] * 4
    assert cells(html) == [
        ["指标", "材料", "文件", "页码", "日期", "保管人", "问卷", "SHA-256", "状态"],
        ["培训场次", "签到&lt;表&gt;", "签到名册.txt", "3—5", "2021-11-20", "人事科张某", "—",
         FOUND, "未记校验值"],
        ["培训场次", "培训照片", "照片.zip", *blank, "—", "缺文件"],
        ["办件量", "签到表", "—", *blank, "—", "未提供"],
        ["服务对象评价", "问卷汇总", "—", "—", "—", "—", "400份，收回386份", "—", "纸质材料"],
    ]  # fmt: skip
    counted = re.sub("<[^>]+>", "", html)
    assert "台账共3份材料：缺文件1份，未记校验值1份，纸质材料1份。" in counted
    assert "台账没有写到的文件：多余的底稿.txt" in html
    assert '<span class="gap">缺文件</span>' in html


@pytest.mark.parametrize(
    ("sent", "recovered", "shown"),
    [(400, "", "400份"), ("", 386, "收回386份"), ("", "", "—"), (0, 0, "0份，收回0份")],
)
def test_a_sample_is_shown_as_far_as_it_is_known(tmp_path, sent, recovered, shown):
    html = build_evidence(
        kept(tmp_path, LEDGER[2] | {"sample_size": sent, "recovered": recovered})
    ).html

    assert cells(html)[-1][6] == shown


def test_without_a_ledger_the_indicators_own_words_are_shown(tmp_path):
    html = build_evidence(scored(tmp_path, indicators=INDICATORS)).html

    assert [row[:2] for row in cells(html)] == [
        ["指标", "材料"], ["培训场次", "签到表"], ["办件量", "签到表"],
        ["服务对象评价", "问卷100份"],
    ]  # fmt: skip


def test_without_indicators_the_lack_is_said(tmp_path):
    html = build_evidence(scored(tmp_path, basic=BASIC)).html

    assert "<p>没有填报绩效指标，佐证材料未提供。</p>" in html


def public(evaluation):
    """Return all parts of the public edition as one page."""
    parts = [*PUBLIC_VIEWS, *(section.id for section in evaluation.unit.outline.sections)]
    return "".join(view.html for part in parts if (view := build_view(evaluation, part)))


def test_the_public_edition_names_the_materials_of_its_indicators_and_tells_no_more_of_the_ledger(
    tmp_path,
):
    explained = [
        {"finding": "EVID-01", "item": "照片.zip", "text": "原件在档案室"},
        {"finding": "EVID-06", "text": "是工作底稿"},
    ]
    evaluation = kept(tmp_path, *LEDGER, settings={"explanations": explained})
    assert sum(1 for f in evaluation.all_findings if f.explanation) == 2

    page = public(evaluation)

    told = ["签到名册", "照片.zip", "多余的底稿", "人事科张某", "3—5", FOUND]
    assert "材料：问卷汇总" in page
    assert [word for word in told if word in page] == []
    assert [word for word in told if word not in build_evidence(evaluation).html] == []


def test_the_sample_with_a_ledger_has_no_open_finding_and_keeps_its_files_from_the_public():
    evaluation = sample("S001")
    ledger = evaluation.tables.evidence

    page = public(evaluation)

    assert [f.code for f in evaluation.all_findings if f.is_open] == []
    assert {row.state for row in ledger} == {"present", "paper"}
    kept_back = {said for row in ledger for said in (row.evidence_file, row.found_sha256[:12])}
    assert [word for word in kept_back - {""} if word in page] == []
