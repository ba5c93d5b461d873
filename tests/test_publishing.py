"""A unit's set of files is the old one or the new one, whatever fails while it is published."""

from __future__ import annotations

import errno
import inspect
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from selfeval.run import publishing
from selfeval.run.publishing import (
    PublishError,
    digests,
    record_bytes,
    recover,
    stage,
    stage_record,
    swap,
)


def publish(year: Path, text: str) -> None:
    """Publish a set of two files of a text."""
    files = {"report.html": text.encode() * 100, "review.html": text.encode() * 200}
    record = {"status": "done", "files": digests(files)}
    sys.stdout.write("begin\n")
    sys.stdout.flush()
    recover(year)
    stage(year / "T001", files)
    stage_record(year / "T001", record)
    swap(year / "T001", record)


PUBLISH = f"""\
import sys
from pathlib import Path
from selfeval.run.publishing import (
    PublishError, digests, recover, stage, stage_record, swap,
)
{inspect.getsource(publish)}
try:
    publish(Path(sys.argv[1]), sys.argv[2])
except (PublishError, OSError) as error:
    print(error)
    sys.exit(3)
"""
FAULTS = {
    "fails once for want of space": "error=ENOSPC:when={n}",
    "fails for ever": "error=EIO:when={n}+",
    "is where the process dies": "signal=SIGKILL:when={n}",
}
# The process stops at the one system call alone, which is quicker than at each.
ONE_CALL = ("strace", "-o", os.devnull, "-f", "--seccomp-bpf")


def published(year: Path) -> str:
    """Return the text of the set that stands, once it is seen to be whole by its record."""
    target = year / "T001"
    record = json.loads((target / "record.json").read_text(encoding="utf-8"))
    assert {path.name for path in target.iterdir()} == {"record.json", *record["files"]}
    for name, told in record["files"].items():
        assert sha256((target / name).read_bytes()).hexdigest() == told
    return (target / "report.html").read_text(encoding="utf-8")[:3]


def publish_aside(year: Path, text: str, *under: str) -> subprocess.CompletedProcess[str]:
    """Publish in a process of its own, under a program."""
    command = [*under, sys.executable, "-c", PUBLISH, str(year), text]
    environment = os.environ | {"PYTHONHASHSEED": "0"}
    return subprocess.run(command, capture_output=True, text=True, env=environment)


def system_calls(tmp_path: Path) -> list[tuple[str, int]]:
    """Return the system calls of one publication, each with how many of its name came before."""
    trace = tmp_path / "trace"
    publish_aside(tmp_path / "year", "new", "strace", "-o", str(trace))
    lines = trace.read_text(encoding="utf-8", errors="replace").splitlines()
    names = [match[0] if (match := re.match(r"\w+(?=\()", line)) else "" for line in lines]
    begun = next(n for n, line in enumerate(lines) if 'write(1, "begin' in line)
    last = max(n for n, line in enumerate(lines) if str(tmp_path) in line)
    seen = Counter(names[: begun + 1])
    found = []
    for name in names[begun + 1 : last + 1]:
        seen[name] += 1
        found.append((name, seen[name]))
    return found


@pytest.fixture
def _strace() -> None:
    able = (
        shutil.which("strace")
        and not subprocess.run([*ONE_CALL, "true"], capture_output=True).returncode
    )
    if not able:
        if os.environ.get("SELFEVAL_REQUIRE_STRACE"):
            pytest.fail("no strace that may trace")
        pytest.skip("no strace that may trace")


@pytest.mark.usefixtures("_strace")
@pytest.mark.parametrize("first", range(len(FAULTS)))
def test_whichever_system_call_fails_the_old_set_stands_or_the_new_and_publishing_again_works(
    first: int, tmp_path: Path
) -> None:
    year = tmp_path / "year"
    publish(year, "old")
    calls = system_calls(tmp_path)
    assert {"fsync", "renameat2", "openat", "write", "close", "chmod"} <= dict(calls).keys()

    # Each call meets one of the faults here, and the others in the other rounds.
    for number, (name, count) in enumerate(calls):
        every = int(os.environ.get("SELFEVAL_EVERY_FAULT", "0"))
        if not every and number % len(FAULTS) != first:
            continue
        shutil.rmtree(year)
        publish(year, "old")
        fault = [*FAULTS.values()][(number // len(FAULTS) if not every else first) % len(FAULTS)]
        inject = f"inject={name}:{fault.format(n=count)}"

        run = publish_aside(year, "new", *ONE_CALL, "-e", f"trace={name}", "-e", inject)

        assert "Traceback" not in run.stderr, (inject, run.stderr)
        assert published(year) in {"old", "new"}, inject
        if run.returncode == 0:
            assert published(year) == "new", inject
        elif run.returncode == 3 and name != "write":
            assert "T001" in run.stdout or str(year) in run.stdout, inject
        publish(year, "new")
        assert published(year) == "new", inject
        assert list((year / ".work/T001").iterdir()) == [], inject


# --- where a folder cannot be exchanged in one step -----------------------------------------


@pytest.fixture
def two_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that cannot exchange two folders, as a network drive cannot."""

    def unknown(one: bytes, other: bytes) -> None:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

    monkeypatch.setattr(publishing, "_rename_exchange", unknown)


def put(year: Path, text: str) -> None:
    files = {"report.html": text.encode()}
    record = {"files": digests(files)}
    stage(year / "T001", files)
    stage_record(year / "T001", record)
    swap(year / "T001", record)


@pytest.mark.usefixtures("two_steps")
def test_a_set_is_published_also_where_folders_cannot_be_exchanged(tmp_path: Path) -> None:
    put(tmp_path, "old")
    put(tmp_path, "new")

    assert published(tmp_path) == "new"
    assert list((tmp_path / ".work/T001").iterdir()) == []


@pytest.mark.usefixtures("two_steps")
@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_death_between_two_steps_is_made_good_by_the_next_batch(
    step: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "old")
    rename, count = os.rename, 0

    def dying(one: Path, other: Path) -> None:
        nonlocal count
        count += 1
        if count == step:
            raise KeyboardInterrupt  # nothing of ours catches it, as nothing would run after death
        rename(one, other)

    with monkeypatch.context() as patched:
        patched.setattr(os, "rename", dying)
        with pytest.raises(KeyboardInterrupt):
            put(tmp_path, "new")
    recover(tmp_path)

    assert published(tmp_path) == ("old" if step < 3 else "new")


@pytest.mark.usefixtures("two_steps")
def test_a_set_that_cannot_be_put_in_its_place_puts_the_old_one_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "old")
    rename = os.rename

    def failing(one: Path, other: Path) -> None:
        if Path(one).name == "set":
            raise OSError(errno.EACCES, os.strerror(errno.EACCES), str(one), None, str(other))
        rename(one, other)

    monkeypatch.setattr(os, "rename", failing)
    with pytest.raises(PublishError, match="没有权限"):
        put(tmp_path, "new")

    assert published(tmp_path) == "old"


# --- what is in a set, and what is not ------------------------------------------------------


def test_a_set_that_is_not_what_its_record_says_is_not_published(tmp_path: Path) -> None:
    put(tmp_path, "old")
    stage(tmp_path / "T001", {"report.html": b"new"})

    with pytest.raises(PublishError, match=r"T001 › report\.html"):
        swap(tmp_path / "T001", {"files": {"report.html": "0" * 64}})

    assert published(tmp_path) == "old"


def test_what_others_put_into_a_units_folder_stays_there_and_what_we_no_longer_make_goes(
    tmp_path: Path,
) -> None:
    target = tmp_path / "T001"
    files = {"report.html": b"1", "附件1.xlsx": b"2"}
    record = {"files": digests(files)}
    stage(target, files | {"record.json": record_bytes(record)})
    swap(target, record)
    (target / "批注.docx").write_text("3", encoding="utf-8")
    (target / "旧页.html").write_text("4", encoding="utf-8")
    (target / "图").mkdir()
    (target / "图/1.png").write_text("5", encoding="utf-8")

    put(tmp_path, "new")

    assert {path.name for path in target.iterdir()} == {
        *("report.html", "record.json", "批注.docx", "图"),
    }
    assert (target / "图/1.png").read_text(encoding="utf-8") == "5"


def test_a_set_that_was_laid_ready_and_never_published_leaves_nothing(tmp_path: Path) -> None:
    put(tmp_path, "old")
    stage(tmp_path / "T001", {"report.html": b"new", "附件1.xlsx": b"new"})

    recover(tmp_path)

    assert published(tmp_path) == "old"
    assert list((tmp_path / ".work/T001").iterdir()) == []


def test_a_full_disk_is_named_with_what_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(PublishError) as raised:
        stage(tmp_path / "T001", {"report.html": b"1" * 4096, "review.html": b"1" * 4096})

    assert str(raised.value) == (
        "T001 › report.html：写文件失败（磁盘已满，这一套文件共需 9 KB）。"
        "请检查磁盘空间、权限，以及文件是否正被打开，再运行一次。"
    )
