"""``make bench``: CPU of one unit's two editions, ours against papermill + nbconvert by hand.

Each figure is the least of several runs; a ratio compares two figures of one run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FINAL = ROOT / "params" / "2021" / "S005" / "2021年部门决算公开表.xlsx"
READ = (
    "import sys, pandas, python_calamine as c\n"
    "with c.CalamineWorkbook.from_path(sys.argv[1]) as w:\n"
    "    [w.get_sheet_by_name(n).to_python() for n in w.sheet_names]"
)
BIN = Path(sys.executable).parent
UNIT = ROOT / "params" / "2021" / "S001"
TEXT = ROOT / "tests" / "planted" / "S001.md"
LONG = 50_000
RUNS = 3


@dataclass(frozen=True)
class Cost:
    """CPU seconds and peak memory of a command with all the processes it waited for."""

    cpu: float
    peak_mib: float


def cost(*commands: list[str], folder: Path, findings: bool = False) -> Cost:
    """Run commands one after another and return what they cost together.

    ``findings`` where a command may end with 1, as a check that found something does.
    """
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    cpu = peak = 0.0
    for command in commands:
        with (folder / "log.txt").open("ab") as log:
            process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
            _, status, usage = os.wait4(process.pid, 0)
        if os.waitstatus_to_exitcode(status) > int(findings):
            text = (folder / "log.txt").read_text(encoding="utf-8", errors="replace")
            raise SystemExit(f"{command[0]} failed:\n{text[-2000:]}")
        cpu += usage.ru_utime + usage.ru_stime
        peak = max(peak, usage.ru_maxrss / 1024)
    return Cost(cpu, peak)


def least(*commands: list[str], folder: Path, findings: bool = False) -> Cost:
    """Return the cheapest of several runs; the first, unmeasured, warms caches."""
    cost(*commands, folder=folder, findings=findings)
    costs = (cost(*commands, folder=folder, findings=findings) for _ in range(RUNS))
    return min(costs, key=lambda one: one.cpu)


def by_hand(edition: str) -> list[list[str]]:
    """Return the commands a user without the kit would type for one edition."""
    notebook, run = str(ROOT / "notebooks" / f"{edition}.ipynb"), f"{edition}.ipynb"
    return [
        [str(BIN / "papermill"), notebook, run, "-p", "unit", str(UNIT)],
        [str(BIN / "jupyter"), "nbconvert", "--to", "html", "--no-input", run],
    ]


def unit_of_final_accounts(project: Path) -> Path:
    """Make a unit that holds nothing but its final accounts, nine tables in one workbook."""
    folder = project / "params" / "2021" / "NINE"
    shutil.copytree(FINAL.parent, folder)
    for path in folder.iterdir():
        if path.name not in {FINAL.name, "unit.yaml", "narrative.md"}:
            path.unlink()
    settings = (folder / "unit.yaml").read_text(encoding="utf-8").replace("S005", "NINE")
    (folder / "unit.yaml").write_text(settings, encoding="utf-8")
    text = (folder / "narrative.md").read_text(encoding="utf-8")
    # The projects its text names are in the form, which is left out.
    (folder / "narrative.md").write_text(re.sub(r"[{]{2}.*?[}]{2}", "若干", text), encoding="utf-8")
    return folder


def unit_of_text(project: Path, length: int) -> Path:
    """Make a unit whose own text is so long: one that speaks of its money, again and again."""
    folder = project / "params" / "2021" / f"TEXT{length}"
    shutil.copytree(UNIT, folder)
    settings = (folder / "unit.yaml").read_text(encoding="utf-8")
    settings = settings.replace(UNIT.name, folder.name)
    (folder / "unit.yaml").write_text(settings, encoding="utf-8")
    said = TEXT.read_text(encoding="utf-8").replace("\n", "\n\n")
    whole = said * (length // len(said) + 1)
    with (folder / "narrative.md").open("a", encoding="utf-8") as narrative:
        narrative.write(f"\n{whole[:length].rpartition('。')[0]}。\n")
    return folder


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        project = folder / "project"
        shutil.copytree(ROOT / "params" / "schemes", project / "params" / "schemes")
        shutil.copytree(UNIT, project / "params" / "2021" / UNIT.name)
        shutil.copytree(ROOT / "notebooks", project / "notebooks")
        ours = least([str(BIN / "selfeval"), "run", UNIT.name], folder=project)
        checking = least([str(BIN / "selfeval"), "check", UNIT.name], folder=project)
        hand = least(*by_hand("report"), *by_hand("review"), folder=folder)
        floor = least(
            [
                sys.executable,
                str(ROOT / "benchmarks" / "floor.py"),
                str(UNIT),
                str(ROOT / "notebooks"),
            ],
            folder=folder,
        )
        nine = unit_of_final_accounts(project)
        reading = least([sys.executable, "-c", READ, str(nine / FINAL.name)], folder=folder)
        checked = [str(BIN / "selfeval"), "check", nine.name]
        official = least(checked, folder=project, findings=True)
        texts = [
            least(
                [str(BIN / "selfeval"), "check", unit_of_text(project, length).name],
                folder=project,
                findings=True,
            )
            for length in (LONG, 2 * LONG)
        ]
    print("CPU seconds, least of", RUNS, "runs, one unit, two editions")
    print(f"  selfeval run                    {ours.cpu:6.2f}   peak {ours.peak_mib:.0f} MiB")
    print(f"  papermill + jupyter nbconvert   {hand.cpu:6.2f}   peak {hand.peak_mib:.0f} MiB")
    print(f"  the same calls, no kernel       {floor.cpu:6.2f}   peak {floor.peak_mib:.0f} MiB")
    print(f"  selfeval check                  {checking.cpu:6.2f}")
    print(
        f"  selfeval check, nine tables     {official.cpu:6.2f}   peak {official.peak_mib:.0f} MiB"
    )
    print(f"  import pandas, read with calamine {reading.cpu:4.2f}")
    print(f"  selfeval check, {LONG:,} characters {texts[0].cpu:4.2f}")
    print(f"run ÷ by hand      {ours.cpu / hand.cpu:5.2f}")
    print(f"run ÷ floor        {ours.cpu / floor.cpu:5.2f}")
    print(f"check ÷ reading    {official.cpu / reading.cpu:5.2f}   (final accounts, nine tables)")
    print(f"text ÷ check       {texts[0].cpu / checking.cpu:5.2f}   ({LONG:,} characters)")
    print(f"twice the text     {texts[1].cpu / texts[0].cpu:5.2f}")


if __name__ == "__main__":
    main()
