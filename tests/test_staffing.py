"""Tests of STAFF-01 to STAFF-03."""

import pytest
from evaluated import STAFFING, evaluate, findings, outcomes


def staff(tmp_path, *rows):
    fields = ("kind", "authorised_posts", "staff_in_post", "note")
    return evaluate(tmp_path, staffing=[dict(zip(fields, row, strict=False)) for row in rows])


def test_a_total_of_staff_that_misses_its_kinds_is_told_with_the_gap(tmp_path):
    evaluation = staff(tmp_path, ("行政编制", 12, 10), ("事业编制", 6, 6), ("合计", 18, 17))
    finding = findings(evaluation, "STAFF-01")[0]

    assert finding.outcome == "fail"
    assert finding.message == "在职人员合计的年末实有填报17人，行政编制＋事业编制为16人，相差1人。"


def test_a_total_of_staff_that_equals_its_kinds_passes(tmp_path):
    assert outcomes(evaluate(tmp_path, staffing=STAFFING), "STAFF-01") == [("pass", "")] * 2


@pytest.mark.parametrize(("total", "outcome"), [(18, "not_computable"), (11, "fail")])
def test_a_kind_left_blank_makes_a_larger_total_unknown_and_a_smaller_one_wrong(
    tmp_path, total, outcome
):
    evaluation = staff(tmp_path, ("行政编制", 12, 10), ("事业编制", "", 6), ("合计", total, 16))

    assert findings(evaluation, "STAFF-01")[0].outcome == outcome


def test_a_kind_outside_the_establishment_needs_no_posts(tmp_path):
    evaluation = staff(tmp_path, ("行政编制", 12, 10), ("政府雇员", "—", 2), ("合计", 13, 12))

    assert findings(evaluation, "STAFF-01")[0].outcome == "fail"


def test_missing_posts_make_the_staffing_rate_not_computable_and_are_asked_for(tmp_path):
    (finding,) = findings(staff(tmp_path, ("行政编制", "", 10)), "STAFF-02")

    assert finding.outcome == "not_computable"
    assert finding.message == ("在职人员控制率不可计算：人员编制数未提供。请补填各类人员的编制数。")


def test_missing_staff_are_asked_for_where_the_posts_are_known(tmp_path):
    (finding,) = findings(staff(tmp_path, ("行政编制", 10, "")), "STAFF-02")

    assert finding.message.endswith("请补填各类人员的年末实有。")


@pytest.mark.parametrize(
    ("posts", "note", "is_open"),
    [(10, "", False), (9, "", True), (9, "无", True), (9, "军转安置", False)],
)
def test_staff_above_the_posts_need_a_reason(tmp_path, posts, note, is_open):
    (finding,) = findings(staff(tmp_path, ("行政编制", posts, 10, note)), "STAFF-02")

    assert finding.is_open == is_open
    assert finding.outcome == ("pass" if posts == 10 else "fail")


def test_a_remark_on_one_person_excuses_one_person(tmp_path):
    rows = [("行政编制", 12, 13, "年内调入1人"), ("事业编制", 6, 8, ""), ("合计", 18, 21, "")]
    (finding,) = findings(staff(tmp_path, *rows), "STAFF-02")

    assert finding.is_open
    assert finding.message == (
        "在职人员控制率为116.67%，超过100%，多出3人，说明只讲到1人（行政编制：“年内调入1人”），"
        "还有2人没有说明。请在“说明”栏写明各类人员为什么超编、各几人。"
    )
    assert [place.cell for place in finding.places] == ["", "D3"]


@pytest.mark.parametrize(
    ("administrative", "institution", "total", "is_open"),
    [
        ("军转安置", "", "", True),  # speaks of its own kind only
        ("军转安置", "编制连人划转", "", False),
        ("军转安置1人", "编制连人划转两人", "", False),
        ("军转安置3人", "", "", True),  # its own kind has one too many
        ("", "", "军转安置3人", False),
        ("", "", "军转安置", False),
        ("军转安置1人", "", "军转安置1人", True),
        ("核定12人、实有13人，系军转安置", "编制连人划转", "", False),
    ],
)
def test_a_remark_excuses_the_people_it_speaks_of_in_its_own_row(
    tmp_path, administrative, institution, total, is_open
):
    rows = [("行政编制", 12, 13, administrative), ("事业编制", 6, 8, institution),
            ("合计", 18, 21, total)]  # fmt: skip

    assert findings(staff(tmp_path, *rows), "STAFF-02")[0].is_open == is_open


@pytest.mark.parametrize(
    ("words", "is_open"), [("军转安置2人", True), ("军转安置三人", False), ("军转安置", False)]
)
def test_an_explanation_in_unit_yaml_excuses_as_many_people_as_a_remark(tmp_path, words, is_open):
    rows = [{"kind": "行政编制", "authorised_posts": 12, "staff_in_post": 15}]
    told = [{"finding": "STAFF-02", "text": words}]
    evaluation = evaluate(tmp_path, settings={"explanations": told}, staffing=rows)
    (finding,) = findings(evaluation, "STAFF-02")

    assert finding.is_open == is_open
    assert finding.message.endswith("只讲到2人，还有1人没有说明。") == is_open


def test_staff_outside_the_establishment_are_counted_apart(tmp_path):
    evaluation = staff(tmp_path, ("行政编制", 14, 14), ("政府雇员", "—", 2))
    (finding,) = findings(evaluation, "STAFF-03")

    assert finding.outcome == "fail"
    assert finding.message == (
        "在职人员16人中含政府雇员2人，编制内为14人。"
        "请说明口径是否与部门决算一致（编制数以机构编制部门核定为准）。"
    )


def test_a_remark_on_one_kind_outside_the_establishment_excuses_no_other(tmp_path):
    evaluation = staff(tmp_path, ("行政编制", 14, 14), ("政府雇员", "—", 2, "按决算口径"),
                       ("劳务派遣", "—", 3))  # fmt: skip
    (finding,) = findings(evaluation, "STAFF-03")

    assert finding.is_open
    assert "请说明劳务派遣口径是否与部门决算一致" in finding.message


def test_staff_outside_the_establishment_pass_with_a_note_and_others_are_not_told(tmp_path):
    noted = staff(tmp_path / "a", ("行政编制", 14, 14), ("政府雇员", "—", 2, "按决算口径"))

    assert not findings(noted, "STAFF-03")[0].is_open
    assert findings(evaluate(tmp_path / "b", staffing=STAFFING), "STAFF-03") == []
