"""``make bench``: what a run costs beside papermill and nbconvert, and beside its warm floor."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from .cost import adopt_orphans
from .measuring import measure
from .results import plot, text
from .sizes import FULL, TINY, USUAL


def main() -> None:
    """Measure, print the results, and write them to a folder."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--full", action="store_true", help="1,000 units too: up to an hour")
    parser.add_argument("--tiny", action="store_true", help="only to see that all parts work")
    parser.add_argument("--to", type=Path, default=Path(__file__).parent, help="where results go")
    options = parser.parse_args()
    if sys.platform != "linux":
        sys.exit("Only Linux lets the benchmarks count what a command leaves behind.")
    sizes = TINY if options.tiny else FULL if options.full else USUAL
    adopt_orphans()
    with tempfile.TemporaryDirectory() as work:
        measured = measure(Path(work), sizes)
    results = text(measured, sizes)
    (options.to / "results.txt").write_text(results, encoding="utf-8")
    plot(measured, sizes, options.to / "growth.svg")
    print(results)


if __name__ == "__main__":
    main()
