"""Whatever is killed whenever: each unit's files are of one run, and a run goes on from there.

``SELFEVAL_KILLS`` asks for more kills than the 10 that each run of the tests makes.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

import psutil
from builders import make_unit
from test_batch import KEYS

from notebooks import OVERVIEW, RECORD, write_notebook
from selfeval.run.notebook import FINISH_TYPE, MARK

COMMAND = [str(Path(sys.executable).with_name("selfeval")), "run", "--json", "--jobs", "2"]
UNITS = [f"T{number:03}" for number in range(1, 6)]
KILLS = int(os.environ.get("SELFEVAL_KILLS", "10"))
VICTIMS = {"unit": 3, "notebook": 3, "warm": 2, "batch": 1, "all": 1}
"""What is killed, and how often: a batch that goes on can be hit again."""


def set_of(target: Path) -> dict[str, bytes] | None:
    """Return the files that stand in a unit's folder at one instant; None if it changed then."""
    try:
        folder = os.open(target, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return {}
    try:
        files = {}
        for name in os.listdir(folder):
            handle = os.open(name, os.O_RDONLY, dir_fd=folder)
            with os.fdopen(handle, "rb") as file:
                files[name] = file.read()
        same = os.stat(target).st_ino == os.fstat(folder).st_ino
        return files if same else None
    except FileNotFoundError:
        return None  # it was exchanged, and is being removed
    finally:
        os.close(folder)


def fault_of(files: dict[str, bytes]) -> str:
    """Return what is amiss with a set of files, "" if they are what their record says."""
    if not files:
        return ""
    if "record.json" not in files:
        return f"no record, but {sorted(files)}"
    told = json.loads(files["record.json"])["files"]
    found = {name: sha256(data).hexdigest() for name, data in files.items()}
    found.pop("record.json")
    return "" if found == told else f"{found} but {told}"


def look(target: Path) -> list[tuple[object, ...]]:
    """Return which files stand in a unit's folder, and when each was written."""
    try:
        stats = [(entry.name, entry.stat()) for entry in os.scandir(target)]
    except FileNotFoundError:
        return []
    return [(name, stat.st_ino, stat.st_size, stat.st_mtime_ns) for name, stat in stats]


@contextmanager
def watched(year: Path) -> Iterator[list[str]]:
    """Look at every unit's files again and again, and read them where they are others."""
    faults: list[str] = []
    seen: dict[str, list[tuple[object, ...]]] = {}
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.002):
            for unit in UNITS:
                now = look(year / unit)
                if seen.get(unit) == now:
                    continue
                files = set_of(year / unit)
                if files is None:
                    continue
                seen[unit] = now
                if fault := fault_of(files):
                    faults.append(f"{unit}: {fault}")

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield faults
    finally:
        over.set()
        watcher.join()


def victims(batch: psutil.Process, kind: str) -> list[psutil.Process]:
    """Return the processes of a kind that a batch has now."""
    if kind == "batch":
        return [batch]
    everyone = batch.children(recursive=True)
    if kind == "all":
        return [batch, *everyone]
    warm = [one for one in batch.children() if "forkserver" in " ".join(one.cmdline())]
    units = [child for one in warm for child in one.children()]
    if kind == "warm":
        return warm
    return units if kind == "unit" else [child for one in units for child in one.children()]


def awaited(batch: psutil.Process, kind: str) -> list[psutil.Process]:
    """Return the processes of a kind, looked for again where there is none yet: a notebook's."""
    for _ in range(100):
        if found := victims(batch, kind):
            return found
    return []


def kill_at_random(run: subprocess.Popen[str], chance: random.Random) -> int:
    """Kill something of a batch after some of its events; return how often it was there."""
    assert run.stdout is not None
    killed = 0
    for line in run.stdout:
        if chance.random() < 0.4 or "begun" not in line:
            continue
        for _ in range(chance.randrange(2000)):
            os.sched_yield()
        with suppress(psutil.NoSuchProcess):
            [kind] = chance.choices([*VICTIMS], VICTIMS.values())
            found = awaited(psutil.Process(run.pid), kind)
            killed += bool(found)
            for one in found:
                with suppress(psutil.NoSuchProcess):
                    one.send_signal(signal.SIGKILL)
    return killed


PAGE = f"""
from pathlib import Path

code, said = Path(unit).name, (Path(unit) / "unit.yaml").read_text(encoding="utf-8")
mark = {OVERVIEW!r} | {{"unit": f"2021/{{code}}"}}
shown = f"<h1>{{code}}</h1><pre>{{said}}</pre>"
display({{"text/html": shown}}, raw=True, metadata={{{MARK!r}: mark}})
"""
FINISH = "display({{{!r}: {!r} | {{'unit_code': code, 'edition': {!r}}}}}, raw=True)"


def make_notebooks(root: Path) -> None:
    """Make notebooks that take no time and show what a unit is called."""
    for edition in ("report", "review"):
        finish = FINISH.format(FINISH_TYPE, RECORD | KEYS, edition)
        write_notebook(root / "notebooks" / f"{edition}.ipynb", PAGE, finish)


def make_all(root: Path, text: str) -> None:
    """Make the units anew, so that each set of files of a round differs from those before."""
    for unit in UNITS:
        make_unit(root, settings={"unit_code": unit, "unit_name": f"测试单位{text}"})


def outputs_of(root: Path) -> dict[str, bytes]:
    year = root / "outputs/2021"
    paths = [path for path in year.rglob("*") if path.is_file() and ".work" not in path.parts]
    return {path.relative_to(year).as_posix(): path.read_bytes() for path in paths}


def finished(root: Path, text: str) -> set[str]:
    """Return the units whose report is of this round."""
    found = set()
    for unit in UNITS:
        files = set_of(root / "outputs/2021" / unit) or {}
        record = json.loads(files.get("record.json", b"{}"))
        if record.get("status") == "done" and record["unit_name"].endswith(text):
            found.add(unit)
    return found


def test_kills_at_random_instants_leave_whole_sets_and_the_next_run_does_the_rest(
    tmp_path: Path,
) -> None:
    chance = random.Random(20260101)
    root, undisturbed = tmp_path / "a", tmp_path / "b"
    make_notebooks(root)
    kills = rounds = 0
    with watched(root / "outputs/2021") as faults:
        while kills < KILLS:
            rounds += 1
            text = f"第{rounds}轮"
            make_all(root, text)
            for _ in range(2):
                with subprocess.Popen(COMMAND, cwd=root, stdout=subprocess.PIPE, text=True) as run:
                    kills += kill_at_random(run, chance)
                    run.communicate()
            done = finished(root, text)

            last = subprocess.run(COMMAND, cwd=root, capture_output=True, text=True)

            assert last.returncode == 0, last.stderr
            events = [json.loads(line) for line in last.stdout.splitlines()]
            begun = {one["unit_code"] for one in events if one["event"] == "begun"}
            assert begun == {*UNITS} - done
            assert finished(root, text) == {*UNITS}
            assert list((root / "outputs/2021/.work").glob("*/set")) == []
    for name in ("params", "notebooks"):
        shutil.copytree(root / name, undisturbed / name)
    subprocess.run(COMMAND, cwd=undisturbed, check=True, stdout=subprocess.DEVNULL)

    assert faults == []
    assert outputs_of(root) == outputs_of(undisturbed)
