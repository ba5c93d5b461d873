"""One rule of rounding on all pages and forms of a unit: no quantity is printed in two ways."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from annexes import OVERALL, pages
from evaluated import PARAMS, indicator, line, measure, satisfaction, scored, text
from printed import HALF_UP

from selfeval.annex import build_annexes
from selfeval.budget.printer import Printer
from selfeval.page.index import index_page
from selfeval.page.internal import INTERNAL_VIEWS
from selfeval.page.parts import build_view
from selfeval.page.trace import printed_numbers
from selfeval.run.record import finish_record
from selfeval.schemes.scoring import load_scoring
from selfeval.scoring.comparison import (
    compare_profiles,
    comparison_lines,
    printed_lines,
    score_records,
)
from selfeval.scoring.desk import desk_units

HALF_EVEN = Printer("half_even")
NOTE = re.compile('data-note="([^"＝]*)＝')
MOF = load_scoring(PARAMS / "schemes", "mof-2020")


def on_the_tie(folder, rounding):
    """Return a unit with amounts, rates, points and self-scores on the tie."""
    rows = [
        indicator(target_value="2000", actual_value="1989.8", self_score="49.745", evidence=""),
        indicator("网上办理", indicator_family="效益指标", indicator_aspect="社会效益指标",
                  target_value="80", actual_value="109.7", weight=30, self_score=28),
        satisfaction(target_value="80", actual_value="79.96", self_score="9.995"),
    ]  # fmt: skip
    said = "人员经费支出12345.00元，比上年增长3.00%，因为A。", "执行率为99.01%。"
    return scored(
        folder,
        unit="元",
        narrative=text(*said),
        settings={"rounding": rounding, "scoring": "execution-capped", "report_date": "2022-04-20"},
        staffing=[{"kind": "行政编制", "authorised_posts": 20_000, "staff_in_post": 20_001}],
        basic=[line("人员经费", 6_345_450, 6_354_550, 45_450, 6_400_000, 6_400_320),
               line("公用经费", 1_234_450, 1_545_450, 54_550, 1_600_000, 1_600_080)],
        projects=[line("培训", 20_000, 20_000, 0, 20_000, 20_001)],
        other=[line("政府采购金额", "", 300_000, "", 300_000, 245_450),
               line("“三公”经费合计", 20_000, 20_000, "", 20_000, 20_001)],
        indicators=rows,
        measures=[measure()],
    )  # fmt: skip


def printed(evaluation):
    """Return all that is printed of a unit by its place: pages, forms, findings, lists, records."""
    parts = [section.id for section in evaluation.unit.outline.sections]
    parts = ["overview", *parts, *INTERNAL_VIEWS, "about"]
    views = [build_view(evaluation, part) for part in parts]
    views.append(build_view(evaluation, "trace", *parts))
    found = {view.part: as_read(view.html) for view in views}
    found |= {f"{view.part} on hovering": " ".join(NOTE.findall(view.html)) for view in views}
    found |= {f"{view.part} in Lab": view.plain for view in views}
    for name in build_annexes(evaluation):
        held = [cell.value for sheet in pages(evaluation, name)
                for row in sheet.iter_rows() for cell in row if cell.value is not None]  # fmt: skip
        found[name] = "\n".join(as_shown(value) for value in held)
    found["findings"] = "\n".join(
        f"{one.message} {one.expected} {one.found}" for one in evaluation.all_findings
    )
    compared = compare_profiles(evaluation, [evaluation.unit.scoring, MOF])
    found["compared"] = "\n".join(told for _, told in comparison_lines(compared))
    found["scored"] = "\n".join(told for _, told in printed_lines(evaluation.final_score))
    found["records"] = str(list(score_records(compared)))
    found["ratios in Lab"] = "\n".join(evaluation.frame("ratios")["shown"])
    report = finish_record(evaluation, "report")
    record = {"unit_code": "甲", "unit_name": "甲", "status": "done", "report": report, "files": {}}
    found["index"] = as_read(index_page(2021, desk_units([record])))
    return found


def as_read(html):
    """Return what a page shows; exact values in the trace are not rounded, and left out."""
    return re.sub("<[^>]+>", " ", re.sub(r'(<tr id="t.*?</td>)<td>[^<]*', r"\1", html))


def as_shown(value):
    """Return what a cell holds as it would be read: a number with all its digits."""
    return f"{value:.6f}".rstrip("0") if isinstance(value, float) else str(value)


def digits(shown):
    return re.sub("[^0-9.%]", "", shown)


@pytest.mark.parametrize("rounding", ["half_up", "half_even"])
def test_no_quantity_on_the_tie_is_printed_in_two_ways_anywhere(tmp_path, rounding):
    evaluation = on_the_tie(tmp_path, rounding)
    printer = evaluation.printer
    other = HALF_EVEN if printer == HALF_UP else HALF_UP
    texts = printed(evaluation)
    views = [build_view(evaluation, part).html for part in ("performance", *INTERNAL_VIEWS)]
    known = printed_numbers(views, evaluation.quantities)
    numbers = (evaluation.quantities | known).values()
    shown = {n.key: digits(printer.quantity(n)) for n in numbers if n.value is not None}
    wrong = {n.key: digits(other.quantity(n)) for n in numbers if n.value is not None}

    # What another number is rightly printed as tells nothing.
    ties = {key: wrong[key] for key in wrong if wrong[key] not in {*shown.values(), ""}}
    assert {key.rpartition(".")[2] for key in ties} >= {
        "prior_final_accounts", "budget_adjustment", "initial_budget", "executed",
        "execution_rate", "initial_rate", "staffing_rate", "points", "self_score",
    }  # fmt: skip
    assert [
        (key, number, place)
        for key, number in ties.items()
        for place, text_ in texts.items()
        if re.search(rf"(?<![0-9.]){re.escape(number)}(?![0-9])", text_)
    ] == []
    for key in ("personnel.prior_final_accounts", "total.execution_rate", "score.1.points"):
        assert any(shown[key] in text_ for text_ in texts.values())


def test_a_change_is_printed_in_one_way_as_growth_and_as_a_common_ratio(tmp_path):
    evaluation = on_the_tie(tmp_path, "half_even")
    names = "three_public_expenses.growth_rate", "ratio.three_public_change_rate_on_totals"

    growth, ratio = (evaluation.quantities[name] for name in names)

    assert growth.value == ratio.value
    assert evaluation.printer.quantity(growth) == evaluation.printer.quantity(ratio) == "0.005%"


MARKED = re.compile(r'<(a class="n"|tspan data-n=).*?</(a|tspan)>')


def test_every_number_in_a_column_of_numbers_and_in_the_preview_stands_in_the_trace(tmp_path):
    evaluation = on_the_tie(tmp_path, "half_even")
    sections = [section.id for section in evaluation.unit.outline.sections]
    parts = ["overview", *sections, *INTERNAL_VIEWS]

    html = {part: MARKED.sub("", build_view(evaluation, part).html) for part in parts}

    cells = {
        part: re.findall(r'<td class="?num"?>([^<]*[0-9][^<]*)<', html[part]) for part in parts
    }
    assert {part: found for part, found in cells.items() if found} == {}
    sentence = re.search(r"<p>(.*?)</p>", html["preview"])[1]
    assert re.findall("[0-9]+", re.sub("“[^”]*”（[^）]*）", "", sentence)) == []


def test_the_notes_name_no_other_rule_of_rounding_than_the_one_in_use(tmp_path):
    notes = printed(on_the_tie(tmp_path, "half_even"))["about"]

    assert "四舍六入五成双" in notes
    assert "四舍五入" not in notes


THIRDS = [
    indicator("甲", weight="16.667", self_score=""),
    indicator("乙", weight="16.667", actual_value="19.9999", self_score=""),
    indicator("丙", weight="16.666", self_score=""),
    indicator("办件量", indicator_family="效益指标", indicator_aspect="社会效益指标",
              weight=30, self_score=""),
    satisfaction(self_score=""),
]  # fmt: skip
NO_PROJECTS = [line("培训", 0, 0, 0, 0, 0)]


def spent(executed, budget=100_000):
    """Return the tables of a unit whose whole budget is one of personnel."""
    personnel = line("人员经费", "", budget, 0, budget, executed)
    return {"basic": [personnel, line("公用经费", "", 0, 0, 0, 0)], "projects": NO_PROJECTS}


def all_of(texts):
    return "\n".join(texts.values())


def test_a_rate_under_two_names_is_printed_in_one_way(tmp_path):
    posts = [{"kind": "行政编制", "authorised_posts": 100_000, "staff_in_post": 104_999}]
    evaluation = scored(
        tmp_path,
        settings={"scoring": "hunan-2015"},
        staffing=posts,
        **spent(94_999.9),
        indicators=THIRDS,
    )

    text = all_of(printed(evaluation))

    assert "104.999%" in text
    assert "105.00%" not in text


def test_both_rates_of_the_whole_and_its_lines_stand_on_their_side_of_a_cap(tmp_path):
    evaluation = scored(
        tmp_path,
        settings={"scoring": "execution-capped"},
        **spent(79_999),
        indicators=THIRDS,
    )

    texts = printed(evaluation)

    first = re.sub(r"\s+", " ", texts["overview"])
    assert "预算执行率 79.999% ，占调整后预算" in first
    assert "80.00%" not in first.replace("低于 80.00%", "")


def test_what_is_more_or_less_is_never_printed_as_nothing(tmp_path):
    evaluation = scored(
        tmp_path,
        unit="元",
        basic=[line("人员经费", 70_000_001, 70_000_000, 30, 70_000_030, 70_000_000),
               line("公用经费", 20_000_000, 20_000_000, 0, 20_000_000, 20_000_010)],
        projects=NO_PROJECTS,
    )  # fmt: skip

    text = re.sub(r"\s+", "", all_of(printed(evaluation)))

    assert "年中调增＋0.003万元" in text
    assert "比上年决算数增加0.001万元，增长0.00001%" in text
    assert "比年初预算多的是公用经费，多0.001万元（+0.0001%）" in text
    assert not re.findall(
        r".{9}(?:增加|减少|增长|下降|调增＋|调减－|超出|多|少)0\.00(?!\d).{5}", text
    )


def test_full_marks_are_printed_as_the_weight_is(tmp_path):
    texts = printed(scored(tmp_path, **spent(100_000), indicators=THIRDS))

    assert "分值16.667分，得16.667分" in texts["scores"]
    assert "分值16.667分，得16.6669分" in texts["scores"]
    assert not re.search(r"(?<![0-9.])16\.67(?![0-9])", all_of(texts))


@pytest.mark.parametrize("rounding", ["half_up", "half_even"])
def test_a_form_holds_a_number_near_a_limit_as_the_page_prints_it(tmp_path, rounding):
    rows = [*THIRDS[:4], satisfaction(target_value="1000", actual_value="999.6", self_score="")]
    evaluation = scored(
        tmp_path,
        settings={"scoring": "execution-capped", "rounding": rounding},
        **spent(79_999),
        indicators=rows,
    )

    overall = pages(evaluation, OVERALL)[0]
    held = {cell.value: cell.number_format for row in overall.iter_rows() for cell in row}

    assert held[0.79999] == "0.000%"
    assert held[16.6669] == "0.0000"
    assert held[9.996] == "0.000"
    assert held[16.667] == "General"


@pytest.mark.parametrize(("rounding", "shown"), [("half_up", "100.01%"), ("half_even", "100.005%")])
def test_a_rate_just_above_the_budget_has_one_form_on_the_first_screen(tmp_path, rounding, shown):
    evaluation = scored(
        tmp_path,
        settings={"rounding": rounding},
        **spent(100_005),
        indicators=THIRDS,
    )

    first = as_read(build_view(evaluation, "overview").html)

    assert evaluation.quantities["total.execution_rate"].value == Fraction("1.00005")
    assert set(re.findall(r"100\.0[0-9]*%", first)) == {shown}


def test_a_finding_prints_a_number_near_a_limit_as_the_page_does(tmp_path):
    rows = [
        indicator(actual_value="", self_score="39.9996", weight=40),
        indicator("受理", target_value="10000", actual_value="9999.6", weight=10, self_score=""),
        indicator("办件量", indicator_family="效益指标", indicator_aspect="社会效益指标",
                  weight=30, self_score=""),
        satisfaction(self_score=""),
    ]  # fmt: skip
    evaluation = scored(
        tmp_path,
        narrative=text("人员经费预算执行率为85.00%。"),
        settings={"scoring": "execution-capped"},
        basic=[line("人员经费", 100_000, 100_000, 0, 100_000, 79_999), line("公用经费", *[0] * 5)],
        projects=[line("培训", 0, 100_000, 0, 100_000, 100_004)],
        measures=[measure("执行进度缓慢", project="培训")],
        indicators=rows,
    )

    messages = {one.code: one.message for one in evaluation.all_findings if one.is_open}

    assert "自评39.9996分" in messages["IND-02"]
    assert "计算为79.999%" in messages["TEXT-09"]
    assert "的100.004%" in messages["TEXT-01"]


def test_profiles_side_by_side_print_a_rate_in_one_way(tmp_path):
    evaluation = scored(tmp_path, settings={"scoring": "mof-2020"}, **spent(79_999))
    capped = load_scoring(PARAMS / "schemes", "execution-capped")

    compared = compare_profiles(evaluation, [evaluation.unit.scoring, capped])

    sentences = [score.rows[0].sentence for score in compared.scores]
    assert ["79.999%" in one for one in sentences] == [True, True]


def test_a_share_of_a_target_is_printed_in_one_way_by_all_findings(tmp_path):
    rows = [
        indicator(
            target_value="100000",
            actual_value="130004",
            project="培训",
            deviation_cause="参加培训的人数比预计增加",
            self_score="",
        ),
        *THIRDS[3:],
    ]
    evaluation = scored(tmp_path, projects=[line("培训", 0, 10_000, 0, 10_000, 0)], indicators=rows)

    shown = "\n".join(one.message for one in evaluation.all_findings if one.code[:4] == "LINT")

    assert re.findall(r"完成(?:比例)?(13[0-9.]+%)", shown) == ["130.00%", "130.00%"]
    assert "完成比例130.00%" in evaluation.attained[0][1].standing
