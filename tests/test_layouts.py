"""Tests of selfeval.schemes.layouts: official tables as data, and what a new one needs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from builders import SCHEMES, write_csv

from selfeval.errors import ParamsError
from selfeval.schemes.layouts import load_layouts
from selfeval.sheets import read_files
from selfeval.tables.official.reader import Reading, read_official

CONTRIBUTING = Path(__file__).resolve().parent.parent / "CONTRIBUTING.md"
LOCAL = CONTRIBUTING.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
TABLE = [
    ["会议费支出情况表", "", ""],
    ["单位：某局", "", "单位：万元"],
    ["项目", "决算数", ""],
    ["合计", "12.5", ""],
    ["其中：一类会议", "3", ""],
]


def schemes_with(tmp_path: Path, content: str) -> Path:
    """Copy the schemes and add one file of layouts."""
    schemes = tmp_path / "schemes"
    shutil.copytree(SCHEMES, schemes)
    (schemes / "layouts/official/local.yaml").write_text(content, encoding="utf-8")
    return schemes


def read(tmp_path: Path, schemes: Path) -> Reading:
    [grids] = read_files([write_csv(tmp_path / "表.csv", TABLE)])
    assert isinstance(grids, list)
    return read_official(grids, load_layouts(schemes))


def test_the_example_for_contributors_is_all_that_a_new_table_needs(tmp_path):
    reading = read(tmp_path, schemes_with(tmp_path, LOCAL))

    assert [(table.layout, table.amount_unit) for table in reading.tables] == [
        ("local_conferences", "万元")
    ]
    assert [(a.item_code, a.phase, a.fen, a.place.cell) for a in reading.amounts] == [
        ("conferences", "executed", 12_500_000, "B4"),
        ("conferences_first_class", "executed", 3_000_000, "B5"),
    ]
    assert reading.unread == []


def test_a_layout_of_one_fund_that_takes_titles_without_it_is_refused(tmp_path):
    broad = LOCAL.replace(
        "phase: executed", "fund: government_managed_funds\n    phase: executed", 1
    )
    narrow = broad.replace("has: [", "has: [政府性基金, ", 1)

    with pytest.raises(ParamsError) as caught:
        load_layouts(schemes_with(tmp_path / "1", broad))
    load_layouts(schemes_with(tmp_path / "2", narrow))

    assert str(caught.value) == (
        "schemes/layouts/official/local.yaml：表“会议费支出情况表”只限一类资金（fund: "
        "government_managed_funds），has 里却没有写明这类资金的字样，别的资金的表也会认成它。"
        "请在 has 里加上“政府性基金”。"
    )


def test_without_its_layout_the_same_table_is_a_stranger(tmp_path):
    reading = read(tmp_path, SCHEMES)

    assert reading.tables == []
    [(grid, why)] = reading.strangers
    assert grid.file == "表.csv"
    assert "会议费支出情况表" in why


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("rows: items", "rows: rows", "rows"),
        ("    has: [会议费, 支出情况]", "    had: [会议费]", "had"),
        ("        columns:", "        columns: money\n        spare:", "spare"),
        ("verified: true", "verified: perhaps", "verified"),
    ],
)
def test_a_layout_that_is_not_well_formed_is_refused_with_its_file(tmp_path, old, new, told):
    assert old in LOCAL

    with pytest.raises(ParamsError) as caught:
        load_layouts(schemes_with(tmp_path, LOCAL.replace(old, new, 1)))

    assert "layouts/official/local.yaml" in str(caught.value)
    assert told in str(caught.value)
