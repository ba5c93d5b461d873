"""Tests of the internal edition: its work list, its findings, the ledger that is only there."""

import re

import pytest
from evaluated import BASIC, COMPLETE, INDICATORS, line, sample, satisfaction, scored

from selfeval.page.internal import (
    build_evidence,
    build_ratios,
    findings,
    internal_overview,
    passed,
)
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


def test_the_first_screen_lists_what_to_write_and_leads_to_each_finding():
    html = internal_overview(sample("S004")).html
    told = re.sub("<[^>]+>", "", html)

    assert "写10处（其中单元格9个），11条发现就都消失。" in told
    assert "基本支出!H6现在：空追加82.32万元的原因和批准文号人员经费　消掉 EXEC-03" in told
    assert "F6（调整后预算数）写错的，一起改基本支出!F6、E6、F8、E8；三公采购结转!D18" in told
    assert "都写好以后，支出合计的EXEC-03随之消失。" in told
    assert "复核时最可能扣：“监测报告按时出具率”可能剩" in told
    shown = findings(sample("S004")).html
    assert {*re.findall('href="#(f[0-9]+)"', html)} <= {*re.findall('id="(f[0-9]+)"', shown)}


def test_a_sound_units_first_screen_says_that_nothing_is_to_be_done():
    html = internal_overview(sample("S001")).html

    assert "没有要处理的发现。" in html
    assert '<ol class="todo">' not in html


def test_a_finding_says_where_it_is_answered_and_what_a_reason_in_the_settings_is():
    told = re.sub("<[^>]+>", "", findings(sample("S004")).html)

    assert "写在基本支出!H6：追加82.32万元的原因和批准文号" in told
    entry = "- {finding: &#34;EXEC-03&#34;, item: &#34;人员经费&#34;, text: }"
    assert f"或写说明unit.yaml 的 explanations：{entry}" in told


def test_findings_that_one_cell_clears_stand_folded_under_the_first(tmp_path):
    wrong = [line("人员经费", 90, 100, 10, 210, 105.5), *BASIC[1:]]
    html = findings(scored(tmp_path, **(COMPLETE | {"basic": wrong}))).html

    assert "<summary>原因相同、一起消失的（" in html


def test_what_asks_for_nothing_stands_folded_at_the_end():
    assert "<summary>不需要处理的（7条）</summary>" in passed(sample("S005")).html
    assert "<summary>" not in passed(sample("S001")).html


def test_ratios_without_a_result_are_a_list():
    html = build_ratios(sample("S001")).html
    without = [ratio for ratio in sample("S001").ratio_rows if not ratio.is_computed]

    assert html.count("<li>") == len(without) > 0
    assert "不可计算" not in "".join(re.findall("<table.*?</table>", html, re.DOTALL))
