"""Many units → reports, records and the index of each year. One bad unit never stops the rest."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from ..errors import SelfEvalError, UsageError
from ..project import RECORD_FILE, YEAR_PATTERN, Project
from ..schemes.annex_forms import form_files
from ..schemes.checks import load_checks
from ..schemes.loading import schemes_folder
from ..schemes.privacy import masked_text
from ..unit import visible
from ..unit.register import identity
from .cluster import connected, on_cluster
from .index import write_index
from .making import Job, Made, Status, forms_to_share, is_page, make_set
from .plan import Plan
from .processes import WARM, Ended, UnitLimits, in_processes
from .publishing import (
    PublishError,
    alone,
    digests,
    read_record,
    record_bytes,
    recover,
    stage,
    stage_record,
    swap,
    work_folder,
)

REMOVED_FOLDER: Final = ".removed"
"""Holds the pages of units that are no longer in params, if they are to be kept."""
_WORTH_REHEARSING = 4
"""Units from which on a rehearsal saves more than it costs."""
_EXACT = re.compile(r"-?\d+/\d+")


@dataclass(frozen=True)
class Result:
    """What became of one unit.

    ``refused``: its folder or tables are at fault. ``kept``: nothing was run, for the report
    stands.
    """

    unit_folder: Path
    status: Status
    record: Mapping[str, Any]
    kept: bool = False
    seconds: float = 0.0

    @property
    def reason(self) -> str:
        """Why there is no report, "" if there is one."""
        return str(self.record.get("reason", ""))


@dataclass
class Watch:
    """What is told of a batch while it runs: nothing, unless somebody listens."""

    planned: Callable[[int, int], None] = lambda total, to_run: None
    begun: Callable[[Path], None] = lambda folder: None
    ended: Callable[[Result], None] = lambda result: None
    removed: Callable[[Sequence[Path], bool], None] = lambda targets, kept: None
    worker_left: Callable[[str, str], None] = lambda worker, why: None
    unindexed: Callable[[str, OSError], None] = lambda year, error: None
    tick: Callable[[], None] | None = None


@dataclass(frozen=True)
class Options:
    """How a batch is run.

    ``final`` refuses units that are still drafts; ``again`` runs also those whose report stands;
    ``keep`` keeps the pages of units whose folders are gone, in ``.removed``; ``jobs`` units are
    made at a time, one for each processor by default; ``kernels`` runs the notebooks by Jupyter's
    kernels; ``scheduler`` is the address of a dask scheduler whose workers make the units.
    """

    final: bool = False
    again: bool = False
    keep: bool = False
    jobs: int = 0
    limits: UnitLimits = field(default_factory=UnitLimits)
    kernels: bool = False
    scheduler: str = ""


def run_units(
    project: Project,
    folders: Sequence[Path],
    options: Options | None = None,
    watch: Watch | None = None,
) -> list[Result]:
    """Run the project's notebooks for each unit that needs it, and write the index of each year.

    Parameters
    ----------
    project : Project
        Where notebooks and outputs are.
    folders : sequence of Path
        Unit folders, ``params/<year>/<unit_code>``.

    Returns
    -------
    list of Result
        One for each unit, in the order of ``folders``.

    Raises
    ------
    Busy
        If another command holds the outputs.
    UsageError
        If there is no cluster at the scheduler's address that could make the units.
    """
    options, watch = options or Options(), watch or Watch()
    years = sorted({folder.parent.name for folder in folders})
    for own in (project.outputs, *(project.outputs / year for year in years)):
        project.require_own(own)
    with alone(project.all_outputs):
        for year in years:
            recover(project.outputs / year)
            _clear_logs(project.outputs / year)
        batch = _Batch(project, options, watch)
        results = batch.run(folders)
        for year in years:
            if gone := _clear_removed(project, year, options.keep):
                watch.removed(gone, options.keep)
            try:
                write_index(batch.plan, year)
            except OSError as error:
                watch.unindexed(year, error)
    return [results[folder] for folder in folders]


class _Batch:
    """One batch while it runs."""

    def __init__(self, project: Project, options: Options, watch: Watch) -> None:
        self.project, self.options, self.watch = project, options, watch
        self.plan = Plan(project)

    def run(self, folders: Sequence[Path]) -> dict[Path, Result]:
        """Do what is to be done, and publish each unit as its process ends."""
        results: dict[Path, Result] = {}
        keys: dict[Path, Mapping[str, str]] = {}
        jobs = []

        def end(folder: Path, result: Result) -> None:
            results[folder] = result
            self.watch.ended(result)

        kept = []
        for folder in dict.fromkeys(folders):
            target = self.target(folder)
            try:
                self.project.require_own(target)
                self.project.require_own(work_folder(target))
            except UsageError as error:
                end(folder, self.result(folder, Made("refused", str(error))))
                continue
            if self.options.again or self.plan.why(folder, self.options.final):
                # What is there before it is read: what changes meanwhile is run again.
                keys[folder] = self.plan.key(folder, ())
                jobs.append(self.job(folder, target))
            else:
                record = read_record(self.plan.record_path(folder)) or {}
                kept.append(Result(folder, "done", record, kept=True))
        with self.made(jobs) as done:
            self.watch.planned(len(folders), len(jobs))
            for result in kept:
                end(result.unit_folder, result)
            for job, ended in done:
                end(job.folder, self.publish(job, ended, keys[job.folder]))
        return results

    @contextmanager
    def made(self, jobs: Sequence[Job]) -> Iterator[Iterator[tuple[Job, Ended]]]:
        """Return the jobs as they end, done on this machine or on a cluster's."""
        options = self.options

        def begun(job: Job) -> None:
            self.watch.begun(job.folder)

        how = (options.limits, begun, self.watch.tick, self.told_warm(jobs))
        with ExitStack() as stack:
            if jobs and options.scheduler:
                left = self.watch.worker_left
                cluster = stack.enter_context(connected(options.scheduler, self.project, left))
                done = on_cluster(make_set, jobs, cluster, options.jobs, *how)
            else:
                count = min(options.jobs or _processors(), len(jobs))
                done = in_processes(make_set, jobs, count, *how)
            yield stack.enter_context(closing(done))

    def target(self, folder: Path) -> Path:
        return self.project.outputs / folder.parent.name / visible(folder.name)

    def job(self, folder: Path, target: Path) -> Job:
        options = self.options
        return Job(
            self.project,
            folder,
            target,
            options.limits,
            options.final,
            options.kernels,
        )

    def told_warm(self, jobs: Sequence[Job]) -> dict[str, str]:
        """Return what the process is told from which the units' are forked."""
        years = sorted({str(job.folder.absolute().parent) for job in jobs})
        return {WARM: json.dumps({"years": years, "rehearse": len(jobs) >= _WORTH_REHEARSING})}

    def result(self, folder: Path, made: Made, seconds: float = 0.0) -> Result:
        record = identity(folder) | {"status": made.status, "reason": made.reason, "files": {}}
        return Result(folder, made.status, self.fit(record), seconds=seconds)

    def publish(self, job: Job, ended: Ended, key: Mapping[str, str]) -> Result:
        """Put a unit's new set, or the record of why there is none, in the old one's place."""
        made = ended.answer if ended.ending == "answered" else _lost(job, ended)
        folder, seconds = job.folder, ended.seconds
        if made.status == "unpublished" or (made.status == "draft" and self.has_pages(job)):
            return self.result(folder, made, seconds)
        try:
            if made.status == "done":
                result = self.done(job, made, key, seconds)
                stage_record(job.target, result.record)
            else:
                result = self.result(folder, made, seconds)
                stage(job.target, {RECORD_FILE: record_bytes(result.record)})
            swap(job.target, result.record, self.forms)
        except PublishError as error:
            told = "\n".join(filter(None, [made.reason, str(error)]))
            return self.result(folder, Made("unpublished", told), seconds)
        return result

    def done(self, job: Job, made: Made, key: Mapping[str, str], seconds: float) -> Result:
        compared = made.record.get("compared", ())
        record = {
            **identity(job.folder),
            "status": "done",
            "reason": "",
            **made.record,
            "key": {
                **key,
                "neighbours": self.plan.neighbours(job.folder, compared),
                "read": self.plan.read(made.record.get("read", ())),
            },
        }
        return Result(job.folder, "done", self.fit(record), seconds=seconds)

    def has_pages(self, job: Job) -> bool:
        """Return whether an earlier report, though a draft, stands: refusing it takes it not."""
        record = read_record(job.target / RECORD_FILE)
        return record is not None and record.get("status") == "done"

    def fit(self, record: dict[str, Any]) -> dict[str, Any]:
        return _fit_to_share(self.project, record)

    @cached_property
    def forms(self) -> Sequence[str]:
        try:
            return form_files(schemes_folder(self.project.params))
        except SelfEvalError:
            return ()


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _lost(job: Job, ended: Ended) -> Made:
    """Say why a unit's process gave no answer, from how it ended."""
    again = "请再运行一次"
    match ended.ending:
        case "late":
            limit = f"{job.limits.seconds:g} 秒内没有做完，已中止。"
            return Made(
                "timed_out", f"{limit}电脑正忙时，请过一会儿再运行；或者用 --timeout 放宽。"
            )
        case "out_of_memory":
            limit = f"{job.limits.memory >> 20} MB"
            why = f"被系统中止：电脑的内存不够（{ended.detail}）。" if ended.detail else ""
            more = "请关掉别的程序，或者用 --jobs 少做几个。"
            if not why:
                why, more = f"要用的内存超过 {limit}。", "请精简它的表格，或者用 --memory 放宽。"
            return Made("out_of_memory", why + more)
        case "killed":
            how = f"（{ended.detail}）" if ended.detail else ""
            return Made("killed", f"程序被中止了{how}。{again}。")
        case "lost":
            why = "做它的电脑断开了，换一台重做，又断开了。"
            return Made("killed", f"{why}{again}；还是这样的，请在一台电脑上单独运行它。")
        case "unmade":
            return Made("unpublished", f"没有电脑可用了，没有做。请检查调度器和各台电脑，{again}。")
        case _:
            more = "还是这样的，请交给维护人员。"
            return Made("crashed", f"程序崩溃了（{ended.detail}）。{again}；{more}")


def _clear_logs(year_folder: Path) -> None:
    """Remove the logs that earlier versions kept beside the pages."""
    if re.fullmatch(YEAR_PATTERN, year_folder.name):
        for log in year_folder.glob("*/log"):
            shutil.rmtree(log, ignore_errors=True)


def _clear_removed(project: Project, year: str, keep: bool) -> list[Path]:
    """Take the pages of units that are no longer in params out of the year's outputs."""
    known = {visible(unit.name) for unit in project.unit_folders(int(year))}
    removed, found = project.outputs / year / REMOVED_FOLDER, []
    for path in sorted((project.outputs / year).glob(f"*/{RECORD_FILE}")):
        gone = path.parent
        if gone.name in known or gone.is_symlink():
            continue
        found.append(gone)
        shutil.rmtree(work_folder(gone), ignore_errors=True)
        if keep:
            shutil.rmtree(removed / gone.name, ignore_errors=True)
            removed.mkdir(exist_ok=True)
            os.replace(gone, removed / gone.name)
        else:
            # What cannot be deleted now is tried again: the index leaves it out in any case.
            shutil.rmtree(gone, ignore_errors=True)
    return found


def _fit_to_share(project: Project, record: dict[str, Any]) -> dict[str, Any]:
    """Return a record without what is personal, and without the folders of this machine.

    It may quote the unit's own text and names, and what a notebook of the project's own says.
    """
    root = project.root
    own = [f"{place}{os.sep}" for place in (root.resolve(), root.absolute(), Path.home())]

    def fit(value: Any) -> Any:
        if isinstance(value, Mapping):
            # A code is no telephone number, and folders are called after it.
            return {fit(k): v if k == "unit_code" else fit(v) for k, v in value.items()}
        if isinstance(value, list):
            return [fit(one) for one in value]
        if not isinstance(value, str) or _EXACT.fullmatch(value):
            return value
        for place in own:
            value = value.replace(place, "")
        return masked_text(value, checks)

    try:
        checks = load_checks(schemes_folder(project.params))
        fitting: dict[str, Any] = fit(record)
    except SelfEvalError:
        return record
    return fitting


def write_annexes(project: Project, folder: Path) -> list[Path]:
    """Write a unit's official forms among its outputs; return where. The caller holds the lock.

    Where a report stands, its record tells of the new forms; it is stale all the same if they
    differ.

    Raises
    ------
    ParamsError, TableError, InputErrors
        If anything in the unit's folder cannot be read.
    PublishError
        If a file cannot be written.
    """
    from ..checks import check
    from ..evaluation.load import load_unit
    from ..scoring.score import score

    target = project.outputs / folder.parent.name / visible(folder.name)
    project.require_own(target)
    project.require_own(work_folder(target))
    annexes = forms_to_share(score(check(load_unit(folder))))
    record = read_record(target / RECORD_FILE) or {}
    pages = filter(is_page, record.get("files", {}))
    files = annexes | {name: (target / name).read_bytes() for name in pages}
    told = record | {"files": digests(files)}
    if record:
        told |= {"annexes": list(annexes)}
        files[RECORD_FILE] = record_bytes(told)
    stage(target, files)
    swap(target, told, form_files(schemes_folder(project.params)))
    return [target / name for name in annexes]
