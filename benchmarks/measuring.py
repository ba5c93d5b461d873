"""Measures all there is to measure, round by round, so that a busy minute hits no one side."""

from __future__ import annotations

import json
import os
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .cost import Cost, cost, unit_costs
from .sizes import Sizes
from .units import (
    FINAL,
    ROOT,
    batch_project,
    copy_sample,
    new_project,
    unit_of_final_accounts,
    unit_of_indicators,
    unit_of_projects,
    unit_of_rows,
    unit_of_text,
)

BIN = Path(sys.executable).parent
EDITIONS = ("report", "review")
READ = (
    "import sys, pandas, python_calamine as c\n"
    "with c.CalamineWorkbook.from_path(sys.argv[1]) as w:\n"
    "    [w.get_sheet_by_name(n).to_python() for n in w.sheet_names]"
)
GROWTH: dict[str, tuple[str, Callable[[Path, int], Path]]] = {
    "rows": ("S005", unit_of_rows),
    "projects": ("S001", unit_of_projects),
    "indicators": ("S001", unit_of_indicators),
}
"""What a unit may have many of, by the name of its sizes: the sample that gets them, and how."""


@dataclass
class Measured:
    """Costs by what they are of, and of which size; ``load`` of the machine before and after."""

    costs: defaultdict[tuple[str, int | str], list[Cost]] = field(
        default_factory=lambda: defaultdict(list)
    )
    load: list[float] = field(default_factory=list)

    def add(self, what: str, size: int | str, one: Cost) -> None:
        """Keep a cost, and tell of it while one waits."""
        self.costs[what, size].append(one)
        print(f"  {what} {size}: {one.cpu:.2f} CPU s, {one.peak:.0f} MiB", file=sys.stderr)

    def cpu(self, what: str, size: int | str = "") -> float:
        """Return the median of CPU seconds."""
        return statistics.median(one.cpu for one in self.costs[what, size])

    def peak(self, what: str, size: int | str = "") -> float:
        """Return the highest peak in MiB."""
        return max(one.peak for one in self.costs[what, size])


def measure(work: Path, sizes: Sizes) -> Measured:
    """Make the units in a folder and measure."""
    measured = Measured(load=[os.getloadavg()[0]])
    batches = {count: batch_project(work / f"batch{count}", count) for count in sizes.batches}
    large = new_project(work / "large")
    for sample in {sample for sample, _ in GROWTH.values()}:
        copy_sample(large, sample, sample)
    for what, (_, make) in GROWTH.items():
        for count in getattr(sizes, what):
            make(large, count)
    single = new_project(work / "single")
    copy_sample(single, "S001", "S001")
    nine = unit_of_final_accounts(single)
    texts = [unit_of_text(single, length) for length in (sizes.text, 2 * sizes.text)]
    # What only the first start does, such as reading libraries from the disk, is nobody's cost.
    cost([BIN / "selfeval", "run", "S001"], single)
    for _ in range(sizes.rounds):
        for count, project in batches.items():
            _measure_batch(measured, project, count)
        for sample in sizes.by_hand:
            measured.add("by hand", sample, _by_hand(single, sample))
        _measure_floor(measured, batches[max(batches)], sizes.floor)
        for _ in range(sizes.repeats):
            _measure_checks(measured, single, nine, texts)
        cost([BIN / "selfeval", "run", "--all"], large)
        for code, one in unit_costs(large).items():
            measured.add("large", code, one)
    measured.load.append(os.getloadavg()[0])
    return measured


def _measure_batch(measured: Measured, project: Path, count: int) -> None:
    """Measure a run of all units, and one after which nothing has changed."""
    run = cost([BIN / "selfeval", "run", "--all"], project)
    measured.add("run", count, run)
    own = unit_costs(project).values()
    within = sum(one.cpu for one in own)
    if len(own) != count or within > run.cpu:
        raise SystemExit(f"{len(own)} units told of {within:.2f} CPU s, {run.cpu:.2f} were counted")
    measured.add("within", count, Cost(within, max(one.peak for one in own)))
    measured.add("rerun", count, cost([BIN / "selfeval", "run"], project))


def _by_hand(project: Path, sample: str) -> Cost:
    """Measure the commands that a user without the kit types for a unit's two editions."""
    unit = ROOT / "params" / "2021" / sample
    costs = []
    for edition in EDITIONS:
        notebook = ROOT / "notebooks" / f"{edition}.ipynb"
        book = f"{edition}.ipynb"
        costs += [
            cost([BIN / "papermill", notebook, book, "-p", "unit", unit], project),
            cost([BIN / "jupyter", "nbconvert", "--to", "html", "--no-input", book], project),
        ]
    return Cost(sum(one.cpu for one in costs), max(one.peak for one in costs))


def _measure_floor(measured: Measured, project: Path, count: int) -> None:
    """Measure the warm floor on units of a batch that has been run; it makes the same files."""
    units = sorted(project.glob("params/2021/B*"))[:count]
    made = project.parent / "floor"
    floor = ROOT / "benchmarks" / "floor.py"
    whole = cost([sys.executable, floor, made, *units], project)
    seconds = json.loads((project / "printed.txt").read_text(encoding="utf-8").splitlines()[-1])
    measured.add("floor", "", Cost(statistics.mean(seconds), whole.peak))
    for path in made.glob("*/*"):
        if path.read_bytes() != (project / "outputs/2021" / path.relative_to(made)).read_bytes():
            raise SystemExit(f"the floor makes another {path.relative_to(made)} than the run")


def _measure_checks(measured: Measured, project: Path, nine: Path, texts: Sequence[Path]) -> None:
    """Measure what is done without a report: checking, and what it is compared with."""
    measured.add("check", "", cost([BIN / "selfeval", "check", "S001"], project))
    reading = cost([sys.executable, "-c", READ, nine / FINAL], project)
    measured.add("reading", "", reading)
    for what, unit in zip(("nine", "text", "twice"), (nine, *texts), strict=True):
        # 1 says that there are findings.
        one = cost([BIN / "selfeval", "check", unit.name], project, accepted=(0, 1))
        measured.add(what, "", one)
