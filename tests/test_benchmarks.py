"""The benchmarks count everything, and what they measure is what they say; no time is asserted."""

import subprocess
import sys
from dataclasses import replace

import pytest
from conftest import ROOT

from benchmarks import floor
from benchmarks.cost import Cost, unit_costs
from benchmarks.measuring import GROWTH, Measured
from benchmarks.results import NAMES, exponent, plot, text
from benchmarks.sizes import TINY
from benchmarks.units import FINAL, batch_project, new_project
from selfeval.evaluation.load import load_unit

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the benchmarks need Linux")

LEAVES_WORK_BEHIND = """
import os, time
if os.fork():
    os._exit(0)
while time.process_time() < 0.3:
    pass
"""
MEASURES = f"""
import sys
from pathlib import Path
from benchmarks.cost import adopt_orphans, cost
adopt_orphans()
print(cost([sys.executable, "-c", {LEAVES_WORK_BEHIND!r}], Path(sys.argv[1])).cpu)
"""


@LINUX
def test_the_cost_of_a_command_counts_what_it_does_not_wait_for(tmp_path):
    counted = subprocess.run(
        [sys.executable, "-c", MEASURES, tmp_path],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip

    assert float(counted) >= 0.3


@LINUX
def test_each_unit_tells_what_its_process_cost(samples):
    codes = {path.name for path in (samples.project.params / "2021").iterdir()}

    assert unit_costs(samples.project.root).keys() == codes


def test_the_warm_floor_makes_the_files_of_a_run(samples, tmp_path):
    floor.make(samples.project.params / "2021" / "S001", tmp_path)

    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    stands = {p.name: p.read_bytes() for p in (samples.project.outputs / "2021/S001").iterdir()}
    del stands["record.json"]
    assert made == stands


def rows_of_final_accounts(tables):
    places = [one.place for one in tables.amounts if one.place.file == FINAL]
    return {(place.sheet, place.cell.lstrip("ABCDEFGHI")) for place in places}


@pytest.mark.parametrize(
    ("what", "read"),
    [
        ("rows", rows_of_final_accounts),
        ("projects", lambda tables: tables.projects),
        ("indicators", lambda tables: tables.indicators),
    ],
)
def test_a_large_unit_has_as_many_more_as_it_is_asked_for(what, read, tmp_path):
    project = new_project(tmp_path)
    _, make = GROWTH[what]
    few, more = (len(read(load_unit(make(project, n)).tables)) for n in (30, 90))

    assert more - few == 60


def test_a_batch_is_made_of_the_samples_under_codes_of_their_own(tmp_path):
    project = batch_project(tmp_path, 4)
    units = [load_unit(folder).unit for folder in sorted(project.glob("params/2021/*"))]

    assert [unit.code for unit in units] == ["B00000", "B00001", "B00002", "B00003"]
    assert units[0].name == units[3].name != units[1].name


def test_time_that_doubles_as_size_does_grows_with_the_power_one():
    assert exponent([(10, 3.0), (20, 6.0), (40, 12.0)])[0] == pytest.approx(1)
    assert exponent([(10, 3.0), (20, 12.0), (40, 48.0)])[0] == pytest.approx(2)


def invented():
    """Return costs as if they had been measured: what counts is how they are told."""
    measured = Measured(load=[0.5, 2.0])
    seconds = {"run": 8, "within": 6, "rerun": 0.8, "floor": 2, "by hand": 60}
    seconds |= {"check": 1, "reading": 0.5, "nine": 1.5, "text": 3, "twice": 7}
    for what, cpu in seconds.items():
        for size in ("", "S001", 1, 2):
            measured.add(what, size, Cost(cpu, 100))
    for what, (sample, _) in GROWTH.items():
        measured.add("large", sample, Cost(1.5, 100))
        for n in getattr(TINY, what):
            measured.add("large", f"{what.upper()}{n}", Cost(1.5 + n / 10, 100))
    return measured


@LINUX
def test_the_results_tell_every_ratio():
    told = text(invented(), replace(TINY, by_hand=("S001",)))

    assert [line.split("   ")[-1].strip() for line in told.splitlines() if "÷" in line] == [
        "run ÷ floor 2.00",
        "rerun ÷ run 0.100",
        "check ÷ reading 3.00",
        "text ÷ check 3.00",
        "twice ÷ text 2.33",
    ]
    assert "15.0 times the run" in told
    assert told.count("to the power 1.00") == 3


def test_the_plot_shows_all_that_a_unit_may_have_many_of(tmp_path):
    plot(invented(), TINY, tmp_path / "growth.svg")

    drawn = (tmp_path / "growth.svg").read_text(encoding="utf-8")
    assert all(f"<!-- {name} -->" in drawn for name in NAMES.values())
