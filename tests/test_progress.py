"""What a batch tells while it runs: lines, JSON, and a table that is drawn anew."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import struct
import termios
from pathlib import Path

import pytest
from builders import make_unit
from test_batch import COMMAND, run_command, small_notebooks


@pytest.fixture
def two_units(tmp_path: Path) -> Path:
    """A good unit and one that fails."""
    small_notebooks(tmp_path)
    make_unit(tmp_path)
    make_unit(tmp_path, settings={"unit_code": "T002"}, narrative="# 没有的标题\n")
    return tmp_path


def test_json_has_one_record_a_line_for_each_thing_that_happens(two_units: Path) -> None:
    run = run_command(two_units, "run", "--json", "--jobs", "1")

    events = [json.loads(line) for line in run.stdout.splitlines()]
    seconds = [event.pop("seconds") for event in events if event["event"] == "ended"]
    reasons = [event.pop("reason") for event in events if event["event"] == "ended"]
    one, two = ({"fiscal_year": 2021, "unit_code": f"T00{n}"} for n in (1, 2))
    assert run.returncode == 3
    assert events == [
        {"event": "planned", "units": 2, "to_run": 2},
        {"event": "begun", **one},
        {"event": "ended", **one, "status": "done", "kept": False},
        {"event": "begun", **two},
        {"event": "ended", **two, "status": "refused", "kept": False},
        {"event": "done", "done": 1, "refused": 1},
    ]
    assert all(second > 0 for second in seconds)
    assert reasons[0] == ""
    assert "没有的标题" in reasons[1]


def test_removed_units_are_told(two_units: Path) -> None:
    run_command(two_units, "run")
    (two_units / "params/2021/T002").rename(two_units / "T002")

    lines = run_command(two_units, "run").stdout
    events = run_command(two_units, "run", "--json").stdout

    assert "T002 已不在 params 里，它的报告已从 outputs 删去。" in lines
    assert "removed" not in events


def on_terminal(root: Path, *arguments: str) -> str:
    """Return what a command writes to a terminal of 100 columns."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(root)
        os.execv(COMMAND[0], [*COMMAND, *arguments])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    data = b""
    while True:
        try:
            data += os.read(terminal, 1 << 16)
        except OSError:  # the other side is closed
            break
    os.waitpid(pid, 0)
    return data.decode("utf-8")


@pytest.mark.filterwarnings("ignore:.*use of forkpty.*:DeprecationWarning")
def test_a_terminal_has_a_table_of_what_runs_and_lines_of_what_ended(two_units: Path) -> None:
    told = on_terminal(two_units, "run", "--jobs", "1")

    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", told)
    assert re.search(r"正在做 +T001 \d+ 秒", plain)
    assert re.search(r"完成 1 +共 2 个，还有 1 个，每分钟 \d+ 个，还要约 \d+ 秒", plain)
    assert "[1/2] T001 完成 测试单位" in plain
    assert "[2/2] T002 未通过（不能读取） 测试单位" in plain
    end = plain.rpartition("一览：")[2]
    assert end.splitlines()[1] == "完成 1 个，未通过 1 个：T002。"
    assert "正在做" not in end
    assert told.endswith("\x1b[?25h") or "\x1b[?25h" in told
