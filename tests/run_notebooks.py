"""Run notebooks one after the other, and tell what became of them: a process with one thread.

    python tests/run_notebooks.py [--thread] < jobs.json | tail -1 > told.json

A job has the ``notebook`` and the ``output`` that papermill is given, and its ``settings``.
"""

from __future__ import annotations

import builtins
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

import IPython
import matplotlib
import pandas as pd
import papermill
import psutil

from selfeval.run.engine import ChildLostError, can_fork, warm_shell


def run(notebook: str, output: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Run one notebook; return the error it came to, if any, and what is left of it."""
    told: dict[str, Any] = {"error": None}
    files = open_files()
    printed = Path(output).with_suffix(".txt")
    with printed.open("w", encoding="utf-8") as stdout_file:
        try:
            papermill.execute_notebook(notebook, output, stdout_file=stdout_file, **settings)
        except (Exception, KeyboardInterrupt) as error:
            told |= {"error": type(error).__name__, "message": str(error)}
            if isinstance(error, ChildLostError):
                told |= vars(error)
    told["printed"] = printed.read_text(encoding="utf-8")[:100]
    told["children"] = [child.name() for child in psutil.Process().children(recursive=True)]
    told["files"] = open_files() - files
    return told


def open_files() -> int:
    """Return how many files, pipes and sockets this process has open."""
    return len(os.listdir("/proc/self/fd"))


def surroundings() -> list[Any]:
    """Return what a shell would change of the process it is made in."""
    shell = IPython.get_ipython()  # type: ignore[no-untyped-call]
    names = sorted(vars(builtins).keys() - {"_"})
    return [
        dict(os.environ),
        list(sys.path),
        names,
        hasattr(sys.modules["__main__"], "main"),
        shell,
    ]


def main() -> None:
    """Run the jobs; numpy, pandas and matplotlib are there, as they are in a batch."""
    jobs = json.load(sys.stdin)
    if "--thread" in sys.argv:
        threading.Thread(target=threading.Event().wait, daemon=True).start()
    before = surroundings()
    warm_shell()
    told: dict[str, Any] = {
        "can_fork": can_fork(),
        "imported": sorted({matplotlib.__name__, pd.__name__, "numpy"} & sys.modules.keys()),
        "before": before,
    }
    for name, job in jobs.items():
        told[name] = run(**job)
    told["after"] = surroundings()
    # A kernel, too, writes here.
    print("\n" + json.dumps(told))


if __name__ == "__main__":
    main()
