"""What the forms say is what the unit's tables say, as printed: read back, filled in again."""

from __future__ import annotations

import re
import tempfile
from decimal import Context, Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from annexes import BASE, OVERALL, PROJECTS
from builders import SCHEMES, make_folder
from evaluated import COMPLETE, evaluate, indicator, line, sample, scored
from hypothesis import given, settings
from hypothesis import strategies as st
from printed import HALF_UP

from selfeval.annex import build_annexes
from selfeval.budget.lines import project_line
from selfeval.budget.printer import Limits
from selfeval.checks import check
from selfeval.evaluation import Evaluation
from selfeval.evaluation.load import load_unit
from selfeval.money import FEN_PER
from selfeval.schemes.layouts import load_layouts
from selfeval.scoring.score import score
from selfeval.sheets.files import read_sheets
from selfeval.tables.inspection import inspect_files
from selfeval.tables.official.reader import Reading, read_official
from selfeval.terms import COMPARISONS, PHASES

LAYOUTS = load_layouts(SCHEMES)
SAMPLES = ("G001", "S001", "S002", "S003", "S004", "S005")
BASE_LINES = (
    "three_public_expenses", "official_vehicles", "official_vehicle_purchases",
    "official_vehicle_running", "official_overseas_visits", "official_hospitality",
    "project", "operating", "procurement",
)  # fmt: skip
BASE_PHASES = ("prior_final_accounts", "initial_budget", "executed")
LEVELS = ("initial_budget", "adjusted_budget", "executed")
SHEET = Context(prec=15)
"""A number of a sheet has fifteen digits."""


def read_back(evaluation: Evaluation, name: str, folder: Path) -> Reading:
    """Write one form of a unit into a folder, and read it as any official table."""
    path = folder / name
    path.write_bytes(build_annexes(evaluation)[name])
    return read_official(read_sheets(path), LAYOUTS)


def held(amount: object, state: str) -> int | str:
    return int(amount) if amount is not None else state  # type: ignore[call-overload]


def stated(evaluation: Evaluation, line: str, phase: str) -> int | str:
    """Return what the unit says of a line: 分 as printed, or that it is blank or not applicable."""
    quantity = evaluation.quantities.get(f"{line}.{phase}")
    if quantity is None or quantity.value is None:
        return "blank" if quantity is None or quantity.applies else "dash"
    printed = HALF_UP.quantity(quantity).removesuffix("万元")
    return int(Decimal(printed) * FEN_PER["万元"])


def amounts(reading: Reading, table: str, fund: str = "") -> dict[tuple[str, str], int | str]:
    labels = ("revenue", "expenditure")
    return {
        (r.item_code, r.phase): held(r.fen, r.state)
        for r in reading.amounts
        if r.table == table and r.fund == fund and r.block not in labels
    }


def figures(reading: Reading, table: str) -> dict[tuple[str, str], Decimal | None]:
    return {(r.block, r.item_code): r.value for r in reading.figures if r.table == table}


def number(value: Fraction | None, decimals: int = 2, beside: Limits = ()) -> Decimal | None:
    if value is None:
        return None
    return SHEET.create_decimal(HALF_UP.decimal(value, decimals, beside))


def one_line(text: str) -> str:
    return re.sub(r"\s*[\r\n]+\s*", "", text).strip(" \t\u3000\xa0")


def check_base(evaluation: Evaluation, folder: Path) -> None:
    reading = read_back(evaluation, BASE, folder)

    found = amounts(reading, "base_expenses")
    for name in BASE_LINES:
        for phase in BASE_PHASES:
            never = (name, phase) == ("procurement", "prior_final_accounts")
            assert found[name, phase] == ("dash" if never else stated(evaluation, name, phase))
    for project in evaluation.tables.projects:
        if project.parent:
            continue
        own = project_line(project.project)
        for phase in BASE_PHASES:
            # A line that is blank in every column is not read at all.
            assert found.get((own, phase), "blank") == stated(evaluation, own, phase)
    assert found["basic_adjustment", "executed"] == stated(evaluation, "basic", "budget_adjustment")
    staff = figures(reading, "base_staffing")
    for block in ("authorised_posts", "staff_in_post"):
        assert staff.get((block, "staff")) == number(evaluation.quantities[f"staff.{block}"].value)
    rate = evaluation.quantities["staff.staffing_rate"]
    assert staff.get(("staffing_rate", "staff")) == number(rate.value, 4, rate.limits)
    assert reading.unread == []


def check_indicators(evaluation: Evaluation, reading: Reading, project: str = "") -> None:
    rows = evaluation.final_score.own
    assert len(rows) == len(evaluation.tables.indicators)
    expected = [
        (
            row.family, one_line(row.aspect), one_line(row.name), one_line(row.target),
            one_line(row.actual), number(row.weight if row.has_weight else None),
            number(row.points, beside=(row.weight,)),
            one_line(row.deviation),
        )
        for row in rows
        if not project or project_line(row.project) == project_line(project)
    ]  # fmt: skip
    fields = ("indicator_family", "indicator_aspect", "indicator_name", "target_value",
              "actual_value", "weight", "self_score", "deviation_cause")  # fmt: skip
    own = [row for row in reading.indicators if not project or row.project == project]
    assert [tuple(getattr(row, name) for name in fields) for row in own] == expected


def check_overall(evaluation: Evaluation, folder: Path) -> None:
    reading = read_back(evaluation, OVERALL, folder)

    found = amounts(reading, "overall_funds")
    assert {phase: found["total", phase] for phase in LEVELS} == {
        phase: stated(evaluation, "total", phase) for phase in LEVELS
    }
    spent = {r.item_code: held(r.fen, r.state) for r in reading.amounts if r.block == "expenditure"}
    assert {k: v for k, v in spent.items() if v != "blank"} == {
        line: amount
        for line in ("total", "basic", "project")
        if (amount := stated(evaluation, line, "executed")) != "blank"
    }
    execution = evaluation.final_score.rows[0]
    points = figures(reading, "overall_funds")
    assert points["weight", "total"] == number(execution.weight)
    full = (execution.weight,)
    assert points.get(("self_score", "total")) == number(execution.points, beside=full)
    rate = evaluation.quantities["total.execution_rate"]
    assert points.get(("execution_rate", "total")) == number(rate.value, 4, rate.limits)
    totals, total = figures(reading, "overall_indicators"), evaluation.final_score.total
    assert totals.get(("self_score", "total")) == number(total.value, beside=total.limits)
    check_indicators(evaluation, reading)
    assert reading.unread == []


def check_projects(evaluation: Evaluation, folder: Path) -> None:
    names = [project.project for project in evaluation.tables.projects]
    if not names:
        assert PROJECTS not in build_annexes(evaluation)
        return
    reading = read_back(evaluation, PROJECTS, folder)

    found = amounts(reading, "project_funds")
    assert found == {
        (project_line(name), phase): stated(evaluation, project_line(name), phase)
        for name in names
        for phase in LEVELS
    }
    for name in names:
        check_indicators(evaluation, reading, name)
    assert reading.unread == []


@pytest.mark.parametrize("code", SAMPLES)
def test_the_forms_of_a_sample_read_back_to_the_numbers_of_its_tables(code, tmp_path):
    check_base(sample(code), tmp_path)
    check_overall(sample(code), tmp_path)
    check_projects(sample(code), tmp_path)


@pytest.mark.parametrize("code", SAMPLES)
def test_a_survey_of_the_forms_understands_every_cell(code, tmp_path):
    paths = []
    for name, content in build_annexes(sample(code)).items():
        paths.append(tmp_path / name)
        paths[-1].write_bytes(content)

    for survey in inspect_files(paths, SCHEMES):
        assert (survey.error, survey.unread) == ("", [])
        assert {table.year for table in survey.tables} == {2021}
        assert {table.amount_unit for table in survey.tables} <= {"万元", ""}


# --- invented units --------------------------------------------------------------------------

FEN = st.one_of(st.integers(0, 10**14), st.integers(0, 10**9), st.integers(-(10**9), 0))
CELL = st.one_of(FEN.map(lambda fen: f"{Decimal(fen) / 100:f}"), st.just(""), st.just("—"))
LETTERS = st.text(
    st.one_of(st.sampled_from("甲乙丙丁戊己庚辛，；（）=+-@<&>\"'ab1\n"),
              st.characters(codec="utf-8", categories=["Lo", "Lu", "Ll", "Nd", "So"])),
    min_size=1, max_size=60,
)  # fmt: skip
SMALL = st.integers(0, 300)
OTHERS = {
    "three_public_expenses": "“三公”经费合计", "official_overseas_visits": "因公出国（境）费",
    "official_vehicles": "公务用车购置及运行维护费", "official_vehicle_purchases": "公务用车购置费",
    "official_vehicle_running": "公务用车运行维护费", "official_hospitality": "公务接待费",
    "procurement": "政府采购金额",
}  # fmt: skip


@st.composite
def indicator_rows(draw: st.DrawFn) -> list[dict[str, object]]:
    def one(index: int) -> dict[str, object]:
        weight = draw(st.integers(0, 400)) / Decimal(10)
        return indicator(
            f"指标{index}{draw(LETTERS)}",
            indicator_family=draw(st.sampled_from(["产出指标", "效益指标", "满意度指标"])),
            indicator_aspect=draw(st.sampled_from(["数量指标", "质量指标", "社会效益指标"])),
            comparison=draw(st.sampled_from([c for c in COMPARISONS.values() if c != "定性"])),
            target_value=str(draw(SMALL)),
            actual_value=draw(st.one_of(SMALL.map(str), st.just(""))),
            weight=draw(st.one_of(st.just(str(weight)), st.just(""))),
            self_score="",
            deviation_cause=draw(st.one_of(st.just(""), LETTERS)),
            project=draw(st.sampled_from(["", "项目一", "项目二"])),
        )

    return [one(index) for index in range(draw(st.integers(0, 5)))]


@st.composite
def units(draw: st.DrawFn) -> dict[str, list[dict[str, object]]]:
    def amounts_of(name: str, **more: object) -> dict[str, object]:
        # Phases that contradict one another are refused nowhere: each is what it is.
        return line(name, *(draw(CELL) for _ in PHASES), **more)

    others = draw(st.sets(st.sampled_from(sorted(OTHERS))))
    return {
        "basic": [amounts_of("人员经费"), amounts_of("公用经费")],
        "projects": [
            amounts_of("项目一"),
            amounts_of("项目二"),
            amounts_of("细目", parent="项目二"),
        ],
        "other": [amounts_of("支出合计"), *(amounts_of(OTHERS[name]) for name in sorted(others))],
        "staffing": [
            {"kind": "行政编制", "authorised_posts": draw(SMALL), "staff_in_post": draw(SMALL)}
        ],
        "indicators": draw(indicator_rows()),
    }


@settings(max_examples=6)
@given(tables=units())
def test_the_forms_of_any_unit_read_back_to_its_numbers(tables):
    with tempfile.TemporaryDirectory() as folder:
        evaluation = score(evaluate(Path(folder), unit="元", **tables))

        check_base(evaluation, Path(folder))
        check_overall(evaluation, Path(folder))
        check_projects(evaluation, Path(folder))


# --- form → frame → form ---------------------------------------------------------------------


def as_source(evaluation: Evaluation, folder: Path) -> Evaluation:
    """Return the unit anew, from its 附件1 and 附件2 alone."""
    unit = make_folder(folder)
    for name in (BASE, OVERALL):
        (unit / name).write_bytes(build_annexes(evaluation)[name])
    return score(check(load_unit(unit)))


def test_a_form_filled_in_again_from_itself_says_the_same(tmp_path):
    first = scored(tmp_path / "一", **{k: v for k, v in COMPLETE.items() if k != "projects"})

    again = as_source(first, tmp_path / "二")

    before, after = (
        amounts(read_back(one, BASE, tmp_path), "base_expenses") for one in (first, again)
    )
    kept = {key for key in before if key[0] in BASE_LINES}
    assert {key: after[key] for key in kept} == {key: before[key] for key in kept}
    assert before["three_public_expenses", "executed"] == 2_000_000


def test_the_checks_find_nothing_wrong_in_a_form_of_sound_tables(tmp_path):
    again = as_source(scored(tmp_path / "一"), tmp_path / "二")

    wrong = [
        f
        for f in again.all_findings
        if f.outcome == "fail" and f.code in {"I18", "I19", "I20", "I21"}
    ]
    assert [f.message for f in wrong] == []
