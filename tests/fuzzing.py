"""Invented workbooks read back: every number with its meaning, or listed with a reason.

    python tests/fuzzing.py --files 10000

makes and reads that many, prints what became of them, and fails if any number was read wrong,
vanished or was invented, or if too many sound files were not read in full.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from builders import SCHEMES
from fuzz_dirt import soil
from fuzz_sheets import Expected, Sheet, any_sheets, any_style
from fuzz_writers import KINDS, write_sheets

from selfeval.errors import SelfEvalError
from selfeval.schemes.layouts import load_layouts
from selfeval.sheets import column_letters
from selfeval.sheets.files import read_sheets
from selfeval.sheets.grid import Grid
from selfeval.tables.official.reader import Reading, read_official
from selfeval.tables.rows import Amount

MOST_REFUSED = 0.005
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LAYOUTS = load_layouts(SCHEMES)


@dataclass
class Outcome:
    """What became of one invented workbook."""

    seed: int
    kind: str
    dirt: str
    amounts: int = 0
    refused: str = ""
    unread: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"seed {self.seed} ({self.kind}{' ' + self.dirt if self.dirt else ''})"


def run_file(seed: int, dirty: bool, folder: Path) -> Outcome:
    """Make the workbook of a seed, read it, and compare."""
    rng = Random(f"{seed}{dirty}")
    style = any_style(rng)
    kind = rng.choice(KINDS)
    if kind == "csv":
        style.merged = False
    sheets = any_sheets(rng, style)
    dirt = soil(rng, sheets, style, kind) if dirty else ""
    outcome = Outcome(seed, kind, dirt)
    paths = write_sheets(rng, sheets, folder, kind)
    try:
        grids = [grid for path in paths for grid in read_sheets(path)]
    except SelfEvalError as error:
        outcome.refused = str(error)
        return outcome
    finally:
        for path in paths:
            path.unlink()
    try:
        _compare(sheets, grids, read_official(grids, LAYOUTS), outcome)
    except Exception as error:
        error.add_note(f"while reading {outcome}")
        raise
    return outcome


def _compare(sheets: list[Sheet], grids: list[Grid], read: Reading, outcome: Outcome) -> None:
    """Note every number that was read wrong, vanished or was invented."""
    listed = {(u.place.sheet, u.place.cell) for u in read.unread}
    strange = {grid.sheet for grid, _ in read.strangers}
    told = {fault.place for grid in grids for fault in grid.faults}
    found = {(r.place.sheet, r.place.cell): r for r in read.amounts if r.fen is not None}
    figures = {(r.place.sheet, r.place.cell) for r in read.figures}
    outcome.amounts = len(found)
    outcome.unread = sorted({f"{u.place.sheet}!{u.place.cell} {u.why}" for u in read.unread})
    outcome.unread += [f"{grid.sheet} {why}" for grid, why in read.strangers]
    files = {grid.sheet: grid.file for grid in grids}
    expected: set[tuple[str, str]] = set()
    seen = {(sheet, part) for sheet, cell in found for part in _parts(cell)}
    for sheet in sheets:
        for cell in sheet.numbers | set(sheet.truth):
            place = (sheet.name, f"{column_letters(cell[1])}{cell[0] + 1}")
            expected.add(place)
            record = found.get(place)
            truth = sheet.truth.get(cell)
            shown = f"{place[0]}!{place[1]} {sheet.cells.get(cell)!r}"
            if record is not None:
                fault = _mistake(record, truth)
                if fault:
                    outcome.wrong.append(f"{shown}: {fault}")
            elif not (
                place in listed
                # A text that was an amount is told where the row was understood to be one.
                or (truth is None and not {(place[0], part) for part in _parts(place[1])} <= seen)
                or place in figures
                or sheet.name in strange
                or f"{files.get(sheet.name)} › {place[0]} › {place[1]}" in told
            ):
                outcome.wrong.append(f"{shown}: vanished, was {truth}")
    for place in set(found) - expected:
        outcome.wrong.append(f"{place[0]}!{place[1]}: invented {_said(found[place])}")


def _parts(cell: str) -> tuple[str, str]:
    """Return the column and the row of an address."""
    row = cell.lstrip(_LETTERS)
    return cell.removesuffix(row), row


def _said(amount: Amount) -> Expected:
    a = amount
    return Expected(a.table, a.block, a.item_code, a.fund, a.phase, a.fen)


def _mistake(amount: Amount, truth: Expected | None) -> str:
    """Return how an amount differs from what was meant, "" if it does not."""
    said = _said(amount)
    if said == truth or (said.table.endswith("untitled") and truth and said.fen == truth.fen):
        return ""
    return f"read as {said}, was {truth}"


# --- many files ----------------------------------------------------------------------------


def run_files(first: int, count: int) -> Iterator[Outcome]:
    """Run so many seeds, every other one soiled."""
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, first + count):
            yield run_file(seed, seed % 2 == 1, Path(folder))


def _run_batch(first: int, count: int) -> list[Outcome]:
    return list(run_files(first, count))


def main() -> int:
    """Run many files on all processors, print what became of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    options = parser.parse_args()
    batch = 100
    starts = range(options.first, options.first + options.files, batch)
    counts = [min(batch, options.first + options.files - start) for start in starts]
    outcomes: list[Outcome] = []
    with ProcessPoolExecutor() as pool:
        for done in pool.map(_run_batch, starts, counts):
            outcomes += done
            for outcome in done:
                for fault in outcome.wrong:
                    print(f"WRONG {outcome}: {fault}")
    return _report(outcomes)


def _report(outcomes: list[Outcome]) -> int:
    clean = [outcome for outcome in outcomes if not outcome.dirt]
    refused = [outcome for outcome in clean if outcome.refused or outcome.unread]
    wrong = [outcome for outcome in outcomes if outcome.wrong]
    for outcome in refused[:200]:
        print(f"REFUSED {outcome}: {outcome.refused or outcome.unread[0]}")
    share = len(refused) / max(len(clean), 1)
    dirty = [outcome for outcome in outcomes if outcome.dirt]
    told = sum(bool(outcome.refused or outcome.unread) for outcome in dirty)
    kinds = Counter(outcome.kind for outcome in outcomes)
    print(f"{len(outcomes)} files ({', '.join(f'{k} {n}' for k, n in sorted(kinds.items()))})")
    print(f"{sum(outcome.amounts for outcome in outcomes)} amounts read")
    print(f"clean: {len(clean)} files, {len(refused)} not read in full ({share:.2%})")
    print(f"dirty: {len(dirty)} files, {told} refused or with cells listed")
    print(f"wrong, vanished or invented: {len(wrong)} files")
    return 1 if wrong or share > MOST_REFUSED else 0


if __name__ == "__main__":
    sys.exit(main())
