"""Tests of selfeval.checks.written: which numbers count, what could stand there as placeholder."""

import json
import re

import pytest
from evaluated import saying

from selfeval.budget.placeholders import PLACEHOLDER
from selfeval.checks import check
from selfeval.checks.prose import paragraphs
from selfeval.checks.written import WrittenText, in_runs, is_counted
from selfeval.evaluation.load import load_unit

SAID = (
    "人员经费支出105.50万元，项目支出88万元。基本支出支出124.50 万元，执行率为95.77%。",
    "支出合计{{支出合计.全年执行数}}，培训12场。",
)


def offers(evaluation):
    written = WrittenText(evaluation)
    told = [(one.said, written.offer(one)) for one in evaluation.judged]
    return {said.paragraph.quote(said.start, said.end): offer for said, offer in told if offer}


def content_of(evaluation):
    return (evaluation.unit.folder / "narrative.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("sentence", "counted"),
    [
        ("1.组织培训。", []),
        ("（2）组织培训12场。", ["12场"]),
        ("1. 2021年部门预算", []),
        ("按×财预〔2021〕5号，2021年3月5日拨付3万元。", ["3万元"]),
        ("2080501 行政单位离退休 54.53", ["54.53"]),
        ("5G信号覆盖大厅，见图3。", []),
        ("满意度95.5%，提高1.2个百分点，得98分。", ["95.5%", "1.2个百分点", "98分"]),
    ],
)
def test_dates_citations_ordinals_and_codes_are_no_numbers_of_the_author(
    sentence, counted, tmp_path
):
    found = saying(tmp_path, sentence).judged

    own = [one.said.quote for one in found if is_counted(one)]
    assert own[1:] == counted  # the first is of the text of every unit of these tests


def test_a_number_that_a_placeholder_printed_is_told_apart(tmp_path):
    tally = WrittenText(saying(tmp_path, *SAID)).tally()

    assert (tally.numbers, tally.compared, tally.wrong, tally.placed) == (6, 4, 1, 1)


def test_a_number_that_equals_a_quantity_is_offered_its_placeholder(tmp_path):
    found = offers(saying(tmp_path, *SAID, "支出合计201.7万元。"))

    assert {raw: (o.placeholder, o.prints, o.is_exact) for raw, o in found.items()} == {
        "105.50万元": ("{{人员经费.全年执行数}}", "105.50万元", True),
        "124.50 万元": ("{{基本支出.全年执行数}}", "124.50万元", True),
        "95.77%": ("{{基本支出.预算执行率}}", "95.77%", True),
        "201.7万元": ("{{支出合计.全年执行数}}", "201.70万元", False),
    }


def test_a_number_of_another_phase_than_is_told_is_offered_nothing(tmp_path):
    # 55 is the adjusted budget; who writes 支出 means what was spent, 54.2.
    assert offers(saying(tmp_path, "窗口服务专项支出55.00万元，约105.50万元。")) == {}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_bound_text_reads_as_the_original_does(end, tmp_path):
    after = "支出合计{{支出合计.全年执行数}}，其中公用经费支出19.00万元。"
    evaluation = saying(tmp_path, *SAID, "支出合计201.7万元。", after)
    content = content_of(evaluation).replace("\n", end)

    bound = WrittenText(evaluation).bound(content)

    assert len(PLACEHOLDER.findall(bound)) == 6
    assert "201.7万元" in bound
    (evaluation.unit.folder / "narrative.md").write_text(bound, encoding="utf-8", newline="")
    again = check(load_unit(evaluation.unit.folder))
    read = [own.raw.replace(" ", "") for own in paragraphs(evaluation)]
    assert [own.raw.replace(" ", "") for own in paragraphs(again)] == read
    assert [own.text for own in paragraphs(again)] == [own.text for own in paragraphs(evaluation)]
    assert WrittenText(again).bound(bound) == bound


def test_a_line_with_a_hint_in_it_is_left_as_it_is(tmp_path):
    evaluation = saying(tmp_path, "<!-- 写支出 -->人员经费支出105.50万元。")

    assert WrittenText(evaluation).bound(content_of(evaluation)) == content_of(evaluation)


def test_what_is_wrong_is_listed_first_and_what_agrees_only_if_asked_for(tmp_path):
    written = WrittenText(saying(tmp_path, "培训12场。", *SAID))

    short = [outcome for outcome, _ in written.lines(False) if outcome != "more"]
    assert short == ["fail", "unchecked", "unchecked", "unchecked"]
    long = [text for outcome, text in written.lines(True) if outcome == "pass"]
    assert long[0].startswith("第 15 行 105.50万元：人员经费全年执行数105.50万元（基本支出.csv › ")


def test_a_record_says_what_a_number_is_of_and_what_came_of_it(tmp_path):
    records = WrittenText(saying(tmp_path, *SAID)).records()

    (found,) = [record for record in records if record["raw"] == "105.50万元"]
    assert found == {
        "unit_code": "T001", "fiscal_year": 2021, "file": "narrative.md", "sheet": "",
        "cell": "第 13 行", "line": 13, "raw": "105.50万元", "kind": "money",
        "subject": "人员经费", "measure": "level", "phase": ["executed"], "year": None,
        "value": "105500000",
        "outcome": "pass", "code": "TEXT-03", "shown": "人员经费全年执行数105.50万元",
        "expected": "人员经费全年执行数105.50万元",
        "places": [{"file": "基本支出.csv", "sheet": "基本支出", "cell": "G4"}], "why": "",
        "key": "personnel.executed",
        "sentence": "人员经费支出105.50万元，项目支出88万元。", "is_counted": True,
        "is_placeholder": False, "placeholder": "{{人员经费.全年执行数}}", "prints": "105.50万元",
    }  # fmt: skip
    assert json.loads(json.dumps(records)) == records


def test_the_frame_has_the_same_rows_typed(tmp_path):
    evaluation = saying(tmp_path, *SAID)

    frame = evaluation.frame("statements")

    assert len(frame) == len(evaluation.judged)
    row = frame[frame["raw"] == "105.50万元"].iloc[0]
    assert (row["line"], row["value"], row["outcome"]) == (13, 105500000, "pass")
    assert str(frame["line"].dtype) == str(frame["year"].dtype) == "Int64"
    empty = check(load_unit(evaluation.unit.folder)).frame("statements").iloc[:0]
    assert [*empty.columns] == [*frame.columns]


def test_the_first_screen_counts_and_the_text_stands_once_with_its_reasons(tmp_path):
    from selfeval.page.internal import findings, internal_overview, own_text

    evaluation = saying(tmp_path, *SAID)

    head, html = internal_overview(evaluation).html, own_text(evaluation).html

    plain = re.sub("<[^>]+>", "", head)
    assert "文中6个数，核对4个，不符1个；另有1个由占位符填写。" in plain
    assert html.count("，项目支出<a") == 1
    (wrong,) = re.findall(r'<a class="said fail" id="(d\d+)" href="#(n\d+)"><u>88万元', html)
    assert f'id="{wrong[1]}"' in html
    (finding,) = re.findall(r'见<a href="#(f\d+)">TEXT-03</a>', html)
    whole = findings(evaluation).html
    (article,) = re.findall(rf'<article[^>]* id="{finding}">.*?</article>', whole)
    assert f'<a href="#{wrong[0]}">' in article


def test_the_text_is_in_the_internal_edition_alone():
    from selfeval.page.internal import INTERNAL_VIEWS
    from selfeval.page.public import PUBLIC_VIEWS

    assert "statements" in INTERNAL_VIEWS
    assert "statements" not in PUBLIC_VIEWS


def test_numbers_in_a_row_are_told_as_from_and_to():
    assert in_runs([1, 2, 4, 5, 6, 9]) == "1、2、4–6、9"


def test_nothing_personal_can_be_read_in_the_text_of_the_page(tmp_path):
    from selfeval.page.own_text import own_text

    html = own_text(saying(tmp_path, "联系电话13912345678，人员经费支出105.50万元。")).html

    assert "13912345678" not in html
    assert "<u>105.50万元</u>" in html
