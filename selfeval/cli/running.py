"""Commands that run notebooks over units: run, retry."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import UsageError
from ..terms import PLAN_REASONS
from .group import (
    SOME_FAILED,
    cli,
    group_option,
    help_option,
    notebook_option,
    unit_argument,
    wanted_units,
    year_option,
)

if TYPE_CHECKING:
    from ..project import Project
    from ..run.batch import Options


def _batch_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say how a batch is run."""
    options = [
        click.option("--final", is_flag=True, help="定稿：还是草稿的单位不生成报告。"),
        notebook_option,
        click.option("--jobs", type=int, metavar="个数", help="同时做几个单位，默认按处理器个数。"),
        click.option(
            "--scheduler",
            default="",
            metavar="地址",
            help="由几台电脑一起做：dask 调度器的地址，例如 tls://10.1.2.3:8786；"
            "--jobs 就是一共几个，默认按各台电脑的线程总数。",
        ),
        click.option(
            "--timeout", type=int, default=600, metavar="秒", help="一个单位的时限，默认 600 秒。"
        ),
        click.option(
            "--memory", type=int, default=2048, metavar="MB", help="一个单位的内存，默认 2048 MB。"
        ),
        click.option("--kernels", is_flag=True, help="用 Jupyter 内核运行笔记本：结果一样，慢。"),
        click.option("--json", "as_json", is_flag=True, help="每件事输出一行 JSON，供程序读取。"),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@cli.command()
@unit_argument
@year_option
@group_option
@click.option(
    "--changed/--all",
    default=True,
    help="只做有变化的单位（默认）；--all 全部重做。",
)
@click.option("--dry-run", is_flag=True, help="只说要做哪些单位、为什么，不生成报告。")
@click.option(
    "--keep", is_flag=True, help="单位文件夹已删去的，它的报告移到 outputs 的 .removed，不删除。"
)
@_batch_options
@help_option
@click.pass_obj
def run(
    root: str,
    /,
    units: tuple[str, ...],
    year: int | None,
    group: str | None,
    changed: bool,
    dry_run: bool,
    keep: bool,
    notebook: str | None,
    as_json: bool,
    **settings: Any,
) -> None:
    """为各单位生成公开版和内部自查版报告（默认全部单位）。

    没有变化的单位沿用已有的报告：单位和上年的文件、别的单位与它有关的文字、方案、
    笔记本、程序和它用的库都与上次一样，报告的文件也没有改动过。

    \b
    退出码：0 全部做好；2 没有开始（用法或方案不对）；3 有单位未通过；
    4 另一批任务正在运行；5 中途停止，再运行一次会接着做。
    """
    project, folders = wanted_units(root, units, year, group, notebook)
    options = _options(again=not changed, keep=keep, **settings)
    if dry_run:
        _tell_plan(project, folders, options)
    else:
        _run(project, folders, options, as_json)


@cli.command()
@unit_argument
@year_option
@group_option
@_batch_options
@help_option
@click.pass_obj
def retry(
    root: str,
    /,
    units: tuple[str, ...],
    year: int | None,
    group: str | None,
    notebook: str | None,
    as_json: bool,
    **settings: Any,
) -> None:
    """只重做上次没有通过的单位。"""
    from ..run.plan import Plan
    from ..run.publishing import read_record

    project, folders = wanted_units(root, units, year, group, notebook)
    plan = Plan(project)
    records = {folder: read_record(plan.record_path(folder)) for folder in folders}
    failed = [folder for folder, own in records.items() if own and own.get("status") != "done"]
    if failed:
        _run(project, failed, _options(**settings), as_json)
    elif not as_json:
        click.echo("没有上次未通过的单位。")


def _options(
    final: bool,
    jobs: int | None,
    timeout: int,
    memory: int,
    kernels: bool,
    scheduler: str,
    again: bool = False,
    keep: bool = False,
) -> Options:
    from ..run.batch import Options
    from ..run.cluster import require_cluster
    from ..run.processes import UnitLimits

    for name, value in (("--jobs", jobs), ("--timeout", timeout), ("--memory", memory)):
        if value is not None and value < 1:
            raise UsageError(name, f"{value} 太小。", "应是 1 或更大的整数。")
    if scheduler:
        require_cluster(scheduler)
    limits = UnitLimits(float(timeout), memory << 20)
    return Options(final, again, keep, jobs or 0, limits, kernels, scheduler)


def _tell_plan(project: Project, folders: Sequence[Path], options: Options) -> None:
    from ..run.plan import Plan

    plan, count = Plan(project), 0
    for folder in folders:
        why = PLAN_REASONS["again"] if options.again else plan.why(folder, options.final)
        if why:
            count += 1
            click.echo(f"{folder.parent.name}/{folder.name} 要做：{why}")
    rest = len(folders) - count
    click.echo(f"共 {len(folders)} 个单位，要做 {count} 个，没有变化的 {rest} 个。")


def _run(project: Project, folders: Sequence[Path], options: Options, as_json: bool) -> None:
    from ..run.batch import run_units
    from .progress import progress_of

    with progress_of(project, as_json) as progress, _stopped_by_signals():
        results = run_units(project, folders, options, progress.watch)
        progress.done(results)
    if progress.without_index or any(result.status != "done" for result in results):
        sys.exit(SOME_FAILED)


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Let a scheduler's signals stop a batch as Ctrl-C does: in order, and to be resumed."""

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), stop) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)
