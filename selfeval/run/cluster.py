"""Jobs done on other machines, by way of a dask scheduler; each as this machine would do it.

A job travels as plain data, and what came of it travels back. A worker lays a unit's files ready in
the folder that all machines share. It publishes nothing: that is left to the batch, which holds the
lock. dask places no job by itself: one that loses its machine is done once more, and no oftener.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import re
import time
import warnings
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache, partial
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import uuid4

from ..errors import UsageError
from ..project import Project
from .plan import program
from .processes import Ended, UnitLimits, in_processes
from .publishing import read_holder

if TYPE_CHECKING:
    from distributed import Client, Future
    from distributed.security import Security

_ADDRESS: Final = re.compile(r"(tls|tcp)://(\[[0-9A-Fa-f:.]+\]|[\w.-]+):[0-9]{1,5}")
_LOOPBACK: Final = re.compile(r"127(\.[0-9]+){3}|localhost|\[::1\]")
_TICK: Final = 0.5
_CERTIFICATES: Final = (
    "请在 dask 的设置或环境变量里写明 distributed.comm.tls 的 ca-file、client.cert 和 client.key。"
)
_PATIENCE: Final = 60.0
"""Seconds to wait where no worker is left: dask starts one anew that died, within a few."""
_TRIES: Final = 2
"""How often a job is begun whose machine goes away."""

_making: dict[str, str] = {}
"""On a worker: the outputs that each job which is being done belongs to, by its key."""


class Home(NamedTuple):
    """What the batch knows of itself, for workers to hold beside what they see.

    ``holder`` is what stands in the outputs' lock: whoever reads it there has the same folder
    before it, and the batch is still at work. ``versions`` are those of all that makes reports.
    """

    outputs: Path
    holder: str
    versions: Mapping[str, str]


@dataclass(frozen=True)
class _Errand:
    """What is sent to a worker; dask looks into tuples and lists, and not into this."""

    work: Callable[[Any], Any]
    job: Any
    limits: UnitLimits
    variables: Mapping[str, str]
    home: Home
    key: str


class _NotMade(NamedTuple):
    """What a worker answers that did not do a job: why it may not, "" if it was stopped."""

    why: str = ""


class _Unwanted(Exception):  # noqa: N818 - nothing is wrong
    """Nobody waits for the job any more, or the worker is to end."""


def require_cluster(address: str) -> None:
    """Refuse an address that is none or not safe, and a Python that has no dask.

    Whoever reaches a dask scheduler can run anything on its workers; only certificates keep
    others out.

    Raises
    ------
    UsageError
        With what to do.
    """
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise UsageError(
            "--scheduler", f"“{address}”不是调度器的地址。", "应写成 tls://主机:端口。"
        )
    if match[1] == "tcp" and not _LOOPBACK.fullmatch(match[2]):
        raise UsageError(
            "--scheduler",
            f"“{address}”没有加密，谁连上都能在各台电脑上运行程序。",
            "请给调度器和各台电脑配证书，写成 tls://主机:端口；不加密的只能是本机。",
        )
    if find_spec("distributed") is None:
        raise UsageError(
            "--scheduler", "没有安装 dask。", '请运行 pip install "selfeval[cluster]"。'
        )


@contextmanager
def connected(
    address: str, project: Project, left: Callable[[str, str], None] = lambda worker, why: None
) -> Iterator[Cluster]:
    """Return the cluster of a scheduler, once a worker is there that sees the same project.

    The caller holds the lock of the outputs.

    Parameters
    ----------
    left : callable
        Called with a worker's address and why it is not used, or no more.

    Raises
    ------
    UsageError
        If the scheduler cannot be reached, or none of its workers can be used.
    """
    require_cluster(address)
    from distributed import Client

    _silence_dask()
    home = Home(project.all_outputs, read_holder(project.all_outputs), installed_versions())
    security = _security(address)
    try:
        client = Client(address, security=security)
    except OSError as error:
        raise UsageError(address, *_unreached(error)) from None
    with client:
        cluster = Cluster(client, home, left)
        cluster.require_workers(address)
        yield cluster


def _silence_dask() -> None:
    """Keep dask from telling in English what we tell: lost connections, other versions."""
    from distributed.versions import VersionMismatchWarning

    warnings.filterwarnings("ignore", category=VersionMismatchWarning)
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _security(address: str) -> Security | None:
    """Return the certificates of dask's own configuration, none for an address without.

    Raises
    ------
    UsageError
        If they are not given, or cannot be read.
    """
    from distributed.security import Security

    if not address.startswith("tls:"):
        return None
    security = Security(require_encryption=True)
    try:
        context = security.get_connection_args("client")["ssl_context"]
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise UsageError(
            address, f"证书文件读不出（{type(error).__name__}）。", _CERTIFICATES
        ) from None
    if context is None:
        raise UsageError(address, "没有设好证书。", _CERTIFICATES)
    return security


def _unreached(error: BaseException | None) -> tuple[str, str]:
    """Say why a scheduler could not be reached, and what to do."""
    import ssl

    while error is not None:
        if isinstance(error, ssl.SSLError):
            return "证书对不上。", "请检查这台电脑和调度器的证书是不是同一个 CA 签发的、过期没有。"
        error = error.__cause__ or error.__context__
    return "连不上调度器。", "请检查它开着没有，地址、端口、防火墙和证书对不对。"


@dataclass
class Cluster:
    """A scheduler's workers, as far as they can be used."""

    client: Client
    home: Home
    left: Callable[[str, str], None]
    present: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    unfit: dict[str, str] = field(default_factory=dict)

    def threads(self) -> Mapping[str, int]:
        """Return how many threads each worker has that can be used, by its address.

        Raises
        ------
        OSError
            If the scheduler is gone.
        """
        self.present = set()
        if self.client.status != "running":
            raise ConnectionError
        found: Mapping[str, int] = self.client.nthreads()
        self.present = set(found)
        for gone in self.used - found.keys():
            self.used.remove(gone)
            self.left(gone, "连接断开了。")
        if new := [worker for worker in found if worker not in self.used | self.unfit.keys()]:
            answers = self.client.run(why_unfit, self.home, workers=new, on_error="return")
            for worker, why in answers.items():
                if why == "":
                    self.used.add(worker)
                elif not isinstance(why, OSError):  # that one went away while it was asked
                    self.leave_out(worker, why if isinstance(why, str) else _unread(why))
        return {worker: count for worker, count in found.items() if worker in self.used}

    def leave_out(self, worker: str, why: str) -> None:
        """Give a worker nothing to do any more."""
        self.used.discard(worker)
        self.unfit[worker] = why
        self.left(worker, why)

    def require_workers(self, address: str) -> None:
        """Refuse to begin without a worker that can be used.

        Raises
        ------
        UsageError
            With what keeps each, or the scheduler, from being used.
        """
        # The scheduler unpickles what it hands on, so it must have the same package.
        try:
            why = self.client.run_on_scheduler(why_other, self.home)
        except Exception as error:  # whatever keeps it from being asked
            why = _unread(error)
        if why:
            raise UsageError(address, f"调度器不能用：{why}")
        if self.threads():
            self.settle()
            return
        told = "".join(f"\n{worker}：{why}" for worker, why in self.unfit.items())
        if told:
            raise UsageError(address, f"各台电脑都不能用。{told}", "")
        raise UsageError(address, "还没有电脑连到调度器。", "请在各台电脑上启动 dask worker。")

    def settle(self) -> None:
        """Wait until no worker writes to these outputs for a batch that is over."""
        with suppress(OSError):
            self.client.run(_settled, str(self.home.outputs), on_error="ignore")


def _unread(error: Exception) -> str:
    return f"没有装 selfeval，或版本不同（{type(error).__name__}）。请装同样的版本，再重新启动。"


@dataclass
class _Task:
    job: Any
    worker: str = ""
    tries: int = 0


def on_cluster(
    work: Callable[[Any], Any],
    jobs: Iterable[Any],
    cluster: Cluster,
    count: int,
    limits: UnitLimits,
    begun: Callable[[Any], None] = lambda job: None,
    tick: Callable[[], None] | None = None,
    variables: Mapping[str, str] | None = None,
) -> Generator[tuple[Any, Ended]]:
    """Do each job in a process of its own on some worker; yield each as it ends.

    If the caller stops early, by closing the iterator or by an exception, all of them are ended.

    Parameters
    ----------
    work, limits, begun, tick, variables
        As for ``in_processes``; ``work`` is a function that workers can import. A worker forks
        from one process as long as it lives, which has the variables of its first job.
    count : int
        How many are done at a time; 0 for as many as the workers have threads.
    """
    waiting, running = deque(_Task(job) for job in jobs), dict[Any, _Task]()
    errand = partial(_Errand, work, limits=limits, variables=variables or {}, home=cluster.home)
    seen = time.monotonic()
    try:
        while waiting or running:
            try:
                threads = cluster.threads()
            except OSError:
                threads, seen = {}, float("-inf")
            for future in [one for one in running if not one.done()]:
                if running[future].worker not in cluster.present:
                    task = running.pop(future)
                    future.cancel()
                    yield from _again(task, waiting)
            free = Counter(threads)
            free.subtract(task.worker for task in running.values())
            while waiting and len(running) < (count or sum(threads.values())):
                worker, left = max(free.items(), key=lambda one: one[1], default=("", 0))
                if left < 1:
                    break
                task, free[worker] = waiting.popleft(), left - 1
                if not task.tries:
                    begun(task.job)
                task.worker, task.tries = worker, task.tries + 1
                key = f"selfeval-{uuid4()}"
                own = errand(job=task.job, key=key)
                running[cluster.client.submit(_made, own, key=key, workers=[worker])] = task
            if threads:
                seen = time.monotonic()
            elif not running and time.monotonic() - seen > _PATIENCE:
                for task in waiting:
                    yield task.job, Ended("unmade")
                return
            _wait_for_one(running)
            for future in [one for one in running if one.done()]:
                task = running.pop(future)
                answer = _answer(future)
                if isinstance(answer, Ended):
                    yield task.job, answer
                elif answer.why:
                    cluster.leave_out(task.worker, answer.why)
                    task.tries -= 1
                    waiting.appendleft(task)
                else:
                    yield from _again(task, waiting)
            if tick is not None:
                tick()
    finally:
        if running and cluster.client.status == "running":
            cluster.client.cancel(list(running))
            cluster.settle()


def _again(task: _Task, waiting: deque[_Task]) -> Iterator[tuple[Any, Ended]]:
    """Let a job whose machine went away be done once more, or tell that it was lost."""
    if task.tries < _TRIES:
        waiting.appendleft(task)
    else:
        yield task.job, Ended("lost")


def _wait_for_one(running: Mapping[Any, _Task]) -> None:
    from concurrent.futures import CancelledError

    from distributed import wait

    if running:
        with suppress(TimeoutError, CancelledError):
            wait(list(running), timeout=_TICK, return_when="FIRST_COMPLETED")
    else:
        time.sleep(_TICK)


def _answer(future: Future[Any]) -> Ended | _NotMade:
    """Return what a worker answered."""
    if future.status == "cancelled":
        return _NotMade()
    try:
        # A worker may end between its answer and our asking for it.
        answer: Ended | _NotMade = future.result(timeout=_TICK * 20)
    except (TimeoutError, OSError):
        return _NotMade()
    except Exception as error:
        return Ended("crashed", detail=type(error).__name__)
    return answer


# --- on a worker, and on the scheduler ------------------------------------------------------


def why_unfit(home: Home) -> str:
    """Return why this machine may not make the units of a batch, "" if it may."""
    if why := why_other(home):
        return why
    if read_holder(home.outputs) != home.holder:
        return f"同样的路径下看不到项目文件夹（{home.outputs.parent}）。请在同样的路径挂载。"
    return ""


def why_other(home: Home) -> str:
    """Return what is installed here in another version than the batch has, "" if nothing is."""
    here, there = home.versions, installed_versions()
    for name in {**here, **there}:
        own, other = here.get(name, "无"), there.get(name, "无")
        if own != other:
            shown = f"{name} 这里是 {own:.40}，那里是 {other:.40}"
            return f"版本不同（{shown}）。请装同样的版本，再重新启动。"
    return ""


@cache
def installed_versions() -> Mapping[str, str]:
    """Return what reports are made with here: what was imported stays, so it is kept."""
    return program() | {"distributed": metadata.version("distributed")}


def _made(errand: _Errand) -> Ended | _NotMade:
    """Do a job as in a batch on this machine; it ends when nobody waits for it any more."""
    from distributed import Status, get_worker

    if why := why_unfit(errand.home):
        return _NotMade(why)
    # A worker under dask's nanny is daemonic, and such a process may start none. The flag only
    # keeps children from being left behind; ours die with the process that forks them.
    multiprocessing.current_process().daemon = False
    worker = get_worker()
    task = worker.state.tasks[errand.key]

    def tick() -> None:
        if task.state != "executing" or worker.status not in {Status.running, Status.paused}:
            raise _Unwanted

    _making[errand.key] = str(errand.home.outputs)
    try:
        one = in_processes(
            errand.work, [errand.job], 1, errand.limits, tick=tick, variables=errand.variables
        )
        with closing(one) as done:
            [(_, ended)] = done
    except _Unwanted:
        return _NotMade()
    finally:
        del _making[errand.key]
    return ended


async def _settled(outputs: str) -> None:
    """Return when nothing is made for these outputs any more: within a process's grace."""
    for _ in range(100):
        if outputs not in list(_making.values()):
            return
        await asyncio.sleep(_TICK / 5)
