"""What was measured, as a text for readers and a plot."""

from __future__ import annotations

import math
import os
import platform
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from selfeval.version import VERSION

from .measuring import GROWTH, Measured
from .sizes import Sizes

_GRAIN = 0.01  # what a process tells of itself has two decimals
NAMES = {"rows": "rows of final accounts", "projects": "projects", "indicators": "indicators"}


def text(measured: Measured, sizes: Sizes) -> str:
    """Return all ratios, each with the seconds it is made of."""
    blocks = (_head, _unit, _batches, _checks, _large)
    return "\n\n".join("\n".join(block(measured, sizes)) for block in blocks) + "\n"


def _head(measured: Measured, sizes: Sizes) -> Iterator[str]:
    before, after = measured.load
    yield f"What a run of selfeval {VERSION} costs"
    yield ""
    yield f"{platform.system()} {platform.machine()}, {len(os.sched_getaffinity(0))} processors,"
    yield f"Python {platform.python_version()}; load {before:.1f} before, {after:.1f} after."
    yield "CPU seconds, user and system, of a command and of all processes that it started: medians"
    yield f"of {sizes.rounds} rounds with every side in each; Python files compiled on all sides."
    yield "Seconds depend on the machine and its neighbours: compare ratios, those of one run only."


def _unit(measured: Measured, sizes: Sizes) -> Iterator[str]:
    count = max(sizes.batches)
    run, rerun = (measured.cpu(what, count) / count for what in ("run", "rerun"))
    floor = measured.cpu("floor")
    yield _line("One unit: both editions, forms, charts", "CPU s", "ratio")
    if sizes.by_hand:
        hand = statistics.mean(measured.cpu("by hand", sample) for sample in sizes.by_hand)
        ratio = f"{hand / run:.1f} times the run"
        yield _line("  papermill ×2, jupyter nbconvert ×2, as commands", hand, ratio)
    yield _line(f"  selfeval run, of {count} units, start included", run)
    ratio = f"run ÷ floor {run / floor:.2f}"
    yield _line("  the warm floor: one process, no notebook, same files", floor, ratio)
    ratio = f"rerun ÷ run {rerun / run:.3f}"
    yield _line("  selfeval run again, nothing changed", rerun, ratio)


def _line(name: str, seconds: float | str, more: str = "") -> str:
    shown = seconds if isinstance(seconds, str) else f"{seconds:.3f}"
    return f"{name:<56}{shown:>8}   {more}".rstrip()


def _batches(measured: Measured, sizes: Sizes) -> Iterator[str]:
    columns = "{:<18}{:>15}{:>17}{:>15}{:>14}".format
    yield columns("", "CPU s", "of it in the", "peak MiB of", "of a unit's")
    yield columns("Size of the batch", "a unit", "unit's process", "the command", "process")
    for count in sizes.batches:
        whole, own = (measured.cpu(what, count) / count for what in ("run", "within"))
        peak, largest = (measured.peak(what, count) for what in ("run", "within"))
        numbers = f"{whole:.3f}", f"{own:.3f}", f"{peak:.0f}", f"{largest:.0f}"
        yield columns(f"{count:>12,} units", *numbers)
    few, *_, many = sizes.batches
    further = (measured.cpu("run", many) - measured.cpu("run", few)) / (many - few)
    yield f"Each unit beyond the first {few}: {further:.3f} CPU s. The peaks are the highest;"
    yield "a unit's process counts what it shares with the process that it is forked from."


def _checks(measured: Measured, sizes: Sizes) -> Iterator[str]:
    check, nine, reading = (measured.cpu(what) for what in ("check", "nine", "reading"))
    long, twice = measured.cpu("text"), measured.cpu("twice")
    yield _line("Checking alone", "CPU s", "ratio")
    yield _line("  selfeval check", check)
    yield _line("  import pandas, read nine tables with calamine", reading)
    yield _line(
        "  selfeval check of these nine tables", nine, f"check ÷ reading {nine / reading:.2f}"
    )
    name = f"  selfeval check of a text of {sizes.text:,} characters"
    yield _line(name, long, f"text ÷ check {long / check:.2f}")
    yield _line("  of twice the text", twice, f"twice ÷ text {twice / long:.2f}")


def _large(measured: Measured, sizes: Sizes) -> Iterator[str]:
    yield "Large units: the unit's process while it is run (growth.svg shows it)"
    for what, (sample, _) in GROWTH.items():
        power, _ = exponent(_growth(measured, sizes, what))
        yield f"  {NAMES[what]}: what they add grows as their number to the power {power:.2f}"
        named = {"as it is": sample}
        named |= {f"{count:,}": f"{what.upper()}{count}" for count in getattr(sizes, what)}
        for name, unit in named.items():
            seconds, peak = measured.cpu("large", unit), measured.peak("large", unit)
            yield f"{name:>12} {seconds:>9.2f} CPU s {peak:>6.0f} MiB"


def _growth(measured: Measured, sizes: Sizes, what: str) -> list[tuple[int, float]]:
    """Return what each number of rows, projects or indicators adds to the sample's seconds."""
    as_it_is = measured.cpu("large", GROWTH[what][0])
    return [
        (count, max(measured.cpu("large", f"{what.upper()}{count}") - as_it_is, _GRAIN))
        for count in getattr(sizes, what)
    ]


def exponent(points: Sequence[tuple[int, float]]) -> tuple[float, float]:
    """Return the power with which seconds grow, and the seconds of size one, by least squares.

    The points lie along a line if both scales are logarithmic: 1 is linear, 2 quadratic.
    """
    logs = [[math.log(value) for value in values] for values in zip(*points, strict=True)]
    slope, intercept = statistics.linear_regression(*logs)
    return slope, math.exp(intercept)


def plot(measured: Measured, sizes: Sizes, path: Path) -> None:
    """Draw what a number of rows, projects or indicators adds, and how it grows."""
    figure = Figure(figsize=(10, 3.5), layout="constrained")
    for axes, what in zip(figure.subplots(1, len(GROWTH)), GROWTH, strict=True):
        points = _growth(measured, sizes, what)
        counts, seconds = zip(*points, strict=True)
        power, one = exponent(points)
        linear = [seconds[-1] * count / counts[-1] for count in counts]
        axes.loglog(counts, seconds, "o", label="measured")
        axes.loglog(counts, [one * n**power for n in counts], label=f"number to the {power:.2f}")
        axes.loglog(counts, linear, ":", label="linear")
        axes.set_xticks(counts, [f"{count:,}" for count in counts])
        axes.set_yticks(seconds, [f"{one:.1f}" for one in seconds])
        axes.minorticks_off()
        axes.set_xlabel(NAMES[what])
        axes.legend()
    figure.supylabel("CPU s beyond the unit as it is")
    figure.savefig(path)
