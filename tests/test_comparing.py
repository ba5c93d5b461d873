"""Units, years and trials side by side: one row of each thing, a blank where there is none."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from builders import make_unit
from evaluated import BASIC, PARAMS, evaluate, sample

from selfeval.errors import UsageError
from selfeval.evaluation.load import load_unit
from selfeval.lab.comparing import compare


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A unit's folder, with its folder of the year before."""
    folder = make_unit(tmp_path_factory.mktemp("years"), basic=BASIC)
    before = folder.parent.parent / "2020" / folder.name
    shutil.copytree(folder, before)
    settings = before / "unit.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("2021", "2020"), encoding="utf-8")
    make_unit(folder.parents[2], basic=[BASIC[0] | {"executed": 99}, BASIC[1]])
    return folder


def test_a_unit_alone_stands_beside_its_own_year_before(years: Path) -> None:
    frame = compare(load_unit(years)).set_index("支出项目")

    assert list(frame.columns) == ["上级", "合计", "2020年", "2021年", "增减"]
    assert list(frame.loc["人员经费", ["2020年", "2021年", "增减"]]) == [
        Decimal("105.5"), Decimal("99"), Decimal("-6.5"),
    ]  # fmt: skip
    assert frame.sources().loc["人员经费", "2020年"].startswith("填报.xlsx › 基本支出 › G")


def test_a_line_that_only_one_has_is_blank_in_the_other(tmp_path: Path) -> None:
    frame = compare([sample("S001"), sample("S002")], phase="initial_budget")
    own = frame[frame["支出项目"] == "文献资源购置专项"].iloc[0]

    assert own["S001"] == 120
    assert own["S002"] is pd.NA
    assert own["增减"] is pd.NA


def test_totals_can_be_left_out() -> None:
    both = compare([sample("S001"), sample("S002")], totals=False)

    assert "合计" not in both.columns
    assert not {"支出合计", "基本支出"} & set(both["支出项目"])


def test_a_trial_stands_beside_what_it_is_a_trial_of() -> None:
    own = sample("S001")
    trial = own.with_amounts({"人员经费.全年执行数": "380"})

    lines = compare([own, trial]).set_index("支出项目")
    found = compare([own, trial], what="findings").set_index("规则")
    points = compare([own, trial], what="scores")

    assert lines.loc["人员经费", "增减"] == Decimal("-50.16")
    assert list(found.loc["SUM-01", ["2021年", "2021年（试算）"]]) == [0, 1]
    assert list(points.columns) == ["指标", "一级指标", "合计", "2021年", "2021年（试算）", "增减"]


def test_a_rate_differs_by_percentage_points() -> None:
    frame = compare([sample("S001"), sample("S002")], phase="预算执行率").set_index("支出项目")

    assert str(frame.loc["支出合计", "增减"]).endswith("个百分点")


def test_three_stand_side_by_side_without_a_difference() -> None:
    frame = compare([sample(code) for code in ("S001", "S002", "S003")], what="ratios")

    assert list(frame.columns) == ["指标", "口径", "S001", "S002", "S003"]


def test_codes_are_loaded_from_the_project_around(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PARAMS)

    assert list(compare(["S001", "S002"], what="ratios").columns[2:4]) == ["S001", "S002"]


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: compare(sample("S001")), "没有上年的文件夹 params/2020/S001。"),
        (lambda: compare([]), "没有要对照的单位。"),
        (lambda: compare([sample("S001"), 3]), "只能对照 load_unit 的结果或者单位代码。"),
        (lambda: compare(["S001"] * 2, what="lnes"), "不能对照“lnes”。是不是“lines”？"),
        (
            lambda: compare([sample("S001")] * 2, phase="全年执行"),
            "没有叫“全年执行”的口径。是不是“全年执行数”？",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused_with_what_can(call, told: str) -> None:
    with pytest.raises(UsageError, match=r"^compare\(…\)：") as refused:
        call()

    assert told in str(refused.value)


def test_the_same_unit_twice_has_two_columns(tmp_path: Path) -> None:
    case = evaluate(tmp_path)

    assert list(compare([case, case]).columns[3:5]) == ["2021年", "2021年·2"]


def test_what_was_reached_of_indicators_stands_side_by_side_as_the_units_wrote_it() -> None:
    own = sample("S001")
    trial = own.with_indicators({"举办阅读推广活动场次": {"实际完成值": "100"}})

    frame = compare([own, trial], what="indicators").set_index("指标")

    assert list(frame.columns) == ["类别", "2021年", "2021年（试算）"]
    assert list(frame.loc["举办阅读推广活动场次"]) == ["数量指标", "131场", "100场"]
