"""What a batch tells while it runs: a live table on a terminal, lines elsewhere, or JSON."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import cause
from ..terms import RUN_STATES, SCREEN_WORDS
from .group import from_here, indent, json_text

if TYPE_CHECKING:
    from ..project import Project
    from ..run.batch import Result, Watch

_SHOWN_RUNNING = 4
_NAMED = 3
"""Units that are named beside what is said of several."""


@contextmanager
def progress_of(project: Project, as_json: bool) -> Iterator[Progress]:
    """Return what tells of a batch, in the way that fits where it is read."""
    if as_json:
        yield Events(project)
    elif sys.stdout.isatty():
        with LiveTable(project) as live:
            yield live
    else:
        yield Progress(project)


class Progress:
    """Plain lines, one as each unit ends."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.total = self.to_run = self.count = 0
        self.without_index: dict[str, OSError] = {}

    @property
    def watch(self) -> Watch:
        """What a batch calls."""
        from ..run.batch import Watch

        return Watch(
            self.planned,
            self.begun,
            self.ended,
            self.removed,
            self.worker_left,
            self.unindexed,
            self.tick,
        )

    def tick(self) -> None:
        """Nothing happens between events."""

    def planned(self, total: int, to_run: int) -> None:
        """Tell how many units there are, and how many have to be run."""
        self.total, self.to_run = total, to_run
        pages = len(self.project.run_notebooks)
        each = "两份报告" if pages > 1 else "一页"
        self.line(f"共 {total} 个单位，每个单位{each}。")

    def begun(self, folder: Path) -> None:
        """Nothing is told of a unit's beginning."""

    def ended(self, result: Result) -> None:
        """Tell what became of a unit."""
        self.count += 1
        self.line(self.result_line(result))

    def removed(self, targets: Sequence[Path], kept: bool) -> None:
        """Tell whose pages left the outputs."""
        names = "、".join(target.name for target in targets)
        how = "移到 .removed" if kept else "删去"
        self.line(f"{names} 已不在 params 里，它的报告已从 outputs {how}。")

    def worker_left(self, worker: str, why: str) -> None:
        """Tell which of a cluster's machines is not used, and why."""
        self.line(f"不用 {worker}：{why}")

    def unindexed(self, year: str, error: OSError) -> None:
        """Tell that the index of a year could not be written."""
        self.without_index[year] = error
        told = f"{year}年度的一览没有写成（{cause(error)}），"
        told += "请检查磁盘空间、权限，以及文件是否正被打开，再运行一次。"
        click.echo(told, err=True)

    def done(self, results: Sequence[Result]) -> None:
        """Tell where the indexes are, and how many units did not pass."""
        years = {result.unit_folder.parent.name for result in results}
        for year in sorted(years - self.without_index.keys()):
            self.line(f"一览：{from_here(self.project.outputs / year / 'index.html')}")
        self.tell_faults(results)
        made = _counts([result for result in results if result.status == "done"])
        if kept := sum(result.kept for result in results):
            made += f"（{kept} 个没有变化，沿用已有的报告）"
        failed = [result.record["unit_code"] for result in results if result.status != "done"]
        if failed:
            click.echo(f"{made}，未通过 {len(failed)} 个：{'、'.join(failed)}。", err=True)
        else:
            self.line(f"{made}，没有失败。")

    def tell_faults(self, results: Sequence[Result]) -> None:
        """Write what is to be better in analysts' own cells, each once, with its units."""
        units: dict[str, list[str]] = {}
        for result in results:
            for fault in result.record.get("report", {}).get("faults", ()):
                units.setdefault(fault, []).append(result.record["unit_code"])
        if units:
            self.line("自己写的单元格，还有要改的地方：")
        for fault, codes in units.items():
            named = "、".join(codes[:_NAMED])
            of = f"{named}等 {len(codes)} 个单位" if len(codes) > _NAMED else named
            self.line(indent(f"{fault}（{of}）"))

    def line(self, text: str) -> None:
        """Write a line."""
        click.echo(text)

    def result_line(self, result: Result) -> str:
        """Return what became of a unit as a line, or more if it failed."""
        from ..scoring.desk import record_state, score_text

        count = f"[{self.count}/{self.total}]"
        code, name = result.record["unit_code"], result.record["unit_name"]
        if result.status != "done":
            failed = f"{SCREEN_WORDS['failed']}（{RUN_STATES[result.status]}）"
            text = click.style(failed, fg="red")
            return f"{count} {code} {text} {name}\n{indent(result.reason)}"
        report, state = result.record["report"], record_state(result.record)
        text = click.style(RUN_STATES["done"], fg="green")
        if state != "done":
            text = click.style(SCREEN_WORDS[state], fg="yellow")
        page = self.project.run_notebooks[0].stem
        folder = self.project.outputs / result.unit_folder.parent.name / code
        same = "，没有变化" if result.kept else ""
        where = from_here(folder / f"{page}.html")
        if "notebook" in report:
            return f"{count} {code} {text} {name}{same}  {where}"
        waits = report.get("pending") or report.get("cap")
        score = f"，{score_text(report)}" if waits else ""
        return f"{count} {code} {text} {name}{score}{same}，待处理 {report['open']} 条  {where}"


class Events(Progress):
    """One JSON record a line for each thing that happens."""

    def planned(self, total: int, to_run: int) -> None:
        """Write how many units there are, and how many have to be run."""
        self._write("planned", units=total, to_run=to_run)

    def begun(self, folder: Path) -> None:
        """Write that a unit has begun."""
        self._write("begun", **_unit(folder))

    def ended(self, result: Result) -> None:
        """Write what became of a unit."""
        told = {"status": result.status, "reason": result.reason, "kept": result.kept}
        if faults := result.record.get("report", {}).get("faults"):
            told["faults"] = faults
        self._write("ended", **_unit(result.unit_folder), **told, seconds=round(result.seconds, 2))

    def removed(self, targets: Sequence[Path], kept: bool) -> None:
        """Write whose pages left the outputs."""
        self._write("removed", units=[target.name for target in targets], kept=kept)

    def worker_left(self, worker: str, why: str) -> None:
        """Write which of a cluster's machines is not used, and why."""
        self._write("worker_left", worker=worker, reason=why)

    def unindexed(self, year: str, error: OSError) -> None:
        """Write that the index of a year could not be written."""
        self.without_index[year] = error
        self._write("unindexed", fiscal_year=int(year), reason=cause(error))

    def done(self, results: Sequence[Result]) -> None:
        """Write how many units ended how."""
        self._write("done", **Counter(str(result.status) for result in results))

    def _write(self, event: str, **told: Any) -> None:
        click.echo(json_text({"event": event} | told))
        sys.stdout.flush()


def _unit(folder: Path) -> dict[str, Any]:
    return {"fiscal_year": int(folder.parent.name), "unit_code": folder.name}


class LiveTable(Progress):
    """A table that is drawn anew; what has ended stands in lines above it."""

    def __init__(self, project: Project) -> None:
        super().__init__(project)
        from rich.console import Console
        from rich.live import Live

        # A thread that refreshes would be a second one beside those that are forked.
        self._live = Live(console=Console(), auto_refresh=False, transient=True)
        self._running: dict[Path, float] = {}
        self._began = time.monotonic()
        self._ran = self._failed = 0
        self._last_failure = ""

    def __enter__(self) -> LiveTable:
        self._live.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._live.stop()

    def begun(self, folder: Path) -> None:
        """Show a unit among those that run."""
        self._running[folder] = time.monotonic()
        self.tick()

    def ended(self, result: Result) -> None:
        """Write a unit's line above the table."""
        if self._running.pop(result.unit_folder, None) is not None:
            self._ran += 1
        if result.status != "done":
            self._failed += 1
            first = result.reason.partition("\n")[0]
            self._last_failure = f"{result.record['unit_code']} {first}"
        super().ended(result)
        self.tick()

    def done(self, results: Sequence[Result]) -> None:
        """Take the table away, and write what stays."""
        self._live.stop()
        super().done(results)

    def line(self, text: str) -> None:
        """Write a line above the table."""
        from rich.text import Text

        self._live.console.print(Text.from_ansi(text), soft_wrap=True)

    def tick(self) -> None:
        """Draw the table as things stand."""
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 2))
        seconds = time.monotonic() - self._began
        rate = self._ran / seconds if seconds else 0.0
        left = self.total - self.count
        table.add_row(Text(f"完成 {self.count - self._failed}", style="green"), *self._told(rate))
        if self._running:
            now = time.monotonic()
            shown = sorted(self._running.items(), key=lambda one: one[1])[:_SHOWN_RUNNING]
            names = "　".join(f"{folder.name} {now - began:.0f} 秒" for folder, began in shown)
            rest = len(self._running) - len(shown)
            table.add_row("正在做", Text(f"{names}{f'　等 {rest} 个' if rest > 0 else ''}"))
        if self._last_failure and left:
            table.add_row("最近未通过", Text(self._last_failure, overflow="ellipsis", no_wrap=True))
        self._live.update(table, refresh=True)

    def _told(self, rate: float) -> Iterator[Any]:
        from rich.text import Text

        to_go = self.to_run - self._ran
        pace = f"，每分钟 {rate * 60:.0f} 个，还要约 {_duration(to_go / rate)}" if rate else ""
        failed = f"，未通过 {self._failed}" if self._failed else ""
        yield Text(f"共 {self.total} 个，还有 {self.total - self.count} 个{failed}{pace}")


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} 秒"
    minutes = round(seconds / 60)
    return f"{minutes} 分钟" if minutes < 90 else f"{minutes // 60} 小时 {minutes % 60} 分钟"


def _counts(made: Sequence[Result]) -> str:
    """Say how many reports are complete, and how many are not, by what they lack."""
    from ..scoring.desk import record_state

    states: Counter[str] = Counter(record_state(result.record) for result in made)
    short = [state for state in ("draft", "not_scored") if states[state]]
    others = "".join(f"，{SCREEN_WORDS[state]} {states[state]} 个" for state in short)
    return f"{RUN_STATES['done']} {states['done']} 个{others}"
