"""Units made by a real scheduler and its workers are what this machine would make; none is lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dask
import psutil
import pytest
from builders import make_unit
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from distributed import Client
from distributed.security import Security
from test_batch import COMMAND, KEYS, record_of

from notebooks import finish_cell, show_cell, write_notebook
from selfeval.errors import UsageError
from selfeval.project import Project
from selfeval.run.cluster import (
    Cluster,
    Home,
    connected,
    installed_versions,
    on_cluster,
    require_cluster,
    why_unfit,
)
from selfeval.run.processes import UnitLimits
from selfeval.run.publishing import alone, read_holder
from selfeval.version import VERSION

DASK = str(Path(sys.executable).with_name("dask"))
TLS = "DASK_DISTRIBUTED__COMM__TLS__"
MEET = """\
import sys
from distributed import Client
Client(sys.argv[1]).wait_for_workers(int(sys.argv[2]))
"""


def certificates(folder: Path) -> dict[str, str]:
    """An authority of the test's own and one certificate it signed; where dask finds them."""
    folder.mkdir()
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("authority", "own")
    ]
    began = datetime.now(UTC) - timedelta(days=1)
    paths = {}
    for path, number in (("CA_FILE", 0), ("CERT", 1)):
        certificate = (
            x509.CertificateBuilder()
            .subject_name(names[number])
            .issuer_name(names[0])
            .public_key(keys[number].public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(began)
            .not_valid_after(began + timedelta(days=9))
            .add_extension(x509.BasicConstraints(ca=not number, path_length=None), critical=True)
            .sign(keys[0], hashes.SHA256())
        )
        paths[path] = folder / f"{path}.pem"
        paths[path].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths["KEY"] = folder / "KEY.pem"
    paths["KEY"].write_bytes(
        keys[1].private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    own = {
        f"{TLS}{role}__{what}": str(paths[what])
        for role in ("SCHEDULER", "WORKER", "CLIENT")
        for what in ("CERT", "KEY")
    }
    return own | {f"{TLS}CA_FILE": str(paths["CA_FILE"])}


@dataclass(frozen=True)
class Running:
    """A scheduler with two workers, and the environment in which it can be reached."""

    address: str
    environment: dict[str, str]
    scheduler: subprocess.Popen[bytes]

    def command(
        self, root: Path, *arguments: str, **changed: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments, "--scheduler", self.address],
            cwd=root, capture_output=True, text=True, encoding="utf-8",
            env=self.environment | changed,
        )  # fmt: skip

    @contextmanager
    def begun(self, root: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
        """Begin a run; return it, and where it writes what it says."""
        out = root / "out.txt"
        with (
            out.open("wb") as file,
            subprocess.Popen(
                [*COMMAND, "run", "--scheduler", self.address, "--timeout", "90"],
                cwd=root, stdout=file, stderr=file, env=self.environment,
            ) as run,
        ):  # fmt: skip
            try:
                yield run, out
            finally:
                run.kill()

    def client(self) -> Client:
        own = {key: self.environment[f"{TLS}CLIENT__{key.upper()}"] for key in ("cert", "key")}
        security = Security(
            require_encryption=True,
            tls_ca_file=self.environment[f"{TLS}CA_FILE"],
            **{f"tls_client_{key}": path for key, path in own.items()},
        )
        return Client(self.address, security=security)


@contextmanager
def dask_of(folder: Path, workers: int) -> Iterator[Running]:
    """A real scheduler and its workers, each under its nanny, with certificates of their own."""
    environment = os.environ | certificates(folder / "certificates")
    environment |= {"DASK_CONFIG": str(folder), "DASK_TEMPORARY_DIRECTORY": str(folder)}
    told, log = folder / "scheduler.json", folder / "log.txt"

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        with log.open("ab") as file:
            process = subprocess.Popen(
                [DASK, *arguments, "--no-dashboard"],
                cwd=folder, env=environment, stdout=file, stderr=file,
            )  # fmt: skip
        stack.callback(end, process)
        return process

    with ExitStack() as stack:
        at = ("--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(told))
        scheduler = start("scheduler", "--protocol", "tls", *at)
        while not told.exists():
            assert scheduler.poll() is None, log.read_text(encoding="utf-8")
            time.sleep(0.05)
        address = json.loads(told.read_text(encoding="utf-8"))["address"]
        for _ in range(workers):
            start("worker", address, "--nthreads", "2")
        meet = [sys.executable, "-c", MEET, address, str(workers)]
        subprocess.run(meet, env=environment, check=True)
        yield Running(address, environment, scheduler)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with dask_of(tmp_path_factory.mktemp("dask"), 2) as running:
        yield running


def end(process: subprocess.Popen[bytes]) -> None:
    children = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    process.wait()
    for child in psutil.wait_procs(children, timeout=10)[1]:
        child.kill()


def small_notebooks(root: Path, *first: str) -> None:
    """Notebooks that take a second on any unit, after cells of the test's own."""
    shown = show_cell().replace("'2021/T001'", "unit[-9:]")
    for edition in ("report", "review"):
        finished = finish_cell(**KEYS, edition=edition)
        finished = finished.replace("')}", "'.replace('T001', unit[-4:]))}")
        write_notebook(root / "notebooks" / f"{edition}.ipynb", *first, shown, finished)


def published(root: Path) -> dict[str, bytes]:
    """Everything that is shared, by its place."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted((root / "outputs").rglob("*"))
        if path.is_file() and ".work" not in path.parts and path.name != ".lock"
    }


def wait_until(true: Callable[[], object], process: subprocess.Popen[bytes], out: Path) -> None:
    while not true():
        assert process.poll() is None, out.read_text(encoding="utf-8")
        time.sleep(0.05)


# --- as on one machine ----------------------------------------------------------------------

FOUND = "open('notebooks/report.ipynb').close()"
KILL = "import os\nif unit.endswith('T002'): os.kill(os.getpid(), 9)"


def test_a_cluster_publishes_the_bytes_that_one_machine_does_and_a_killed_unit_stops_no_other(
    cluster: Running, tmp_path: Path
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    small_notebooks(here, FOUND, KILL)
    for number in range(1, 4):
        make_unit(here, settings={"unit_code": f"T00{number}"})
    make_unit(here, settings={"unit_code": "T004"}, narrative="# 没有的标题\n")
    shutil.copytree(here, there)

    alone_ = subprocess.run([*COMMAND, "run"], cwd=here, capture_output=True)
    together = cluster.command(there, "run")

    assert alone_.returncode == together.returncode == 3
    assert together.stderr == "完成 2 个，未通过 2 个：T002、T004。\n"
    assert published(there) == published(here)
    record = json.loads(published(there)["outputs/2021/T002/record.json"])
    assert record["status"] == "killed"
    assert "outputs/2021/T003/report.html" in published(there)
    again = cluster.command(there, "retry", "--jobs", "1")
    assert again.stderr == "完成 0 个，未通过 2 个：T002、T004。\n"


# --- machines that go away ------------------------------------------------------------------


def waiting_notebooks(root: Path, **times: int) -> Callable[[str], list[int]]:
    """Notebooks that note which process runs them, and then wait, so many times for each unit.

    Returns what is noted of a unit.
    """
    small_notebooks(
        root,
        f"import os, time\nnoted = {str(root)!r} + '/' + unit[-4:]\n"
        "with open(noted, 'a') as file: print(os.getpid(), file=file)",
        f"while len(open(noted).read().split()) <= {times}[unit[-4:]]: time.sleep(0.1)",
    )

    def noted(unit: str) -> list[int]:
        path = root / unit
        return [int(pid) for pid in path.read_text().split()] if path.exists() else []

    for unit in times:
        make_unit(root, settings={"unit_code": unit})
    return noted


def worker_of(cells: psutil.Process) -> psutil.Process:
    """The process of dask's that the process of a notebook descends from."""
    *_, server = [one for one in cells.parents() if "forkserver" in "".join(one.cmdline())]
    worker = server.parent()
    assert worker is not None
    return worker


def test_a_unit_that_loses_its_machine_is_made_by_another_and_no_oftener(
    cluster: Running, tmp_path: Path
) -> None:
    noted = waiting_notebooks(tmp_path, T001=2, T002=1)
    ended = []
    with cluster.begun(tmp_path) as (run, out):

        def lose(unit: str, time: int) -> None:
            wait_until(lambda: len(noted(unit)) == time, run, out)
            ended.append(psutil.Process(noted(unit)[-1]))
            worker_of(ended[-1]).kill()

        lose("T002", 1)
        wait_until((tmp_path / "outputs/2021/T002/report.html").exists, run, out)
        lose("T001", len(noted("T001")))
        lose("T001", 2)
        run.wait()

    text = out.read_text(encoding="utf-8")
    assert run.returncode == 3, text
    assert "T002 完成" in text
    assert "做它的电脑断开了，换一台重做，又断开了。请再运行一次；还是这样的，" in text
    assert text.count("：连接断开了。") == 3
    assert record_of(Project(tmp_path), "T001")["status"] == "killed"
    assert psutil.wait_procs(ended, timeout=60)[1] == []


def test_without_its_scheduler_a_batch_ends_and_what_stood_stands(tmp_path: Path) -> None:
    noted = waiting_notebooks(tmp_path, T001=9)
    stood = tmp_path / "outputs/2021/T001/record.json"
    stood.parent.mkdir(parents=True)
    stood.write_text('{"status": "done"}', encoding="utf-8")
    (tmp_path / "dask").mkdir()
    with dask_of(tmp_path / "dask", 1) as own, own.begun(tmp_path) as (run, out):
        wait_until(lambda: noted("T001"), run, out)
        cells = psutil.Process(noted("T001")[0])

        own.scheduler.kill()
        run.wait()
        gone, _ = psutil.wait_procs([cells], timeout=60)

    text = out.read_text(encoding="utf-8")
    assert run.returncode == 3, text
    assert "没有写成" in text
    assert "没有电脑可用了，没有做。请检查调度器和各台电脑，请再运行一次。" in text
    assert gone
    assert stood.read_text(encoding="utf-8") == '{"status": "done"}'


# --- stopping -------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_stopped_batch_leaves_no_process_and_no_lock(
    number: int, cluster: Running, tmp_path: Path
) -> None:
    noted = waiting_notebooks(tmp_path, T001=9, T002=9)
    with cluster.begun(tmp_path) as (run, out):
        wait_until(lambda: noted("T001") and noted("T002"), run, out)
        made = [psutil.Process(pid) for pid in (*noted("T001"), *noted("T002"))]

        run.send_signal(number)
        run.wait()

    if number == signal.SIGKILL:  # the scheduler notices, and then its workers do
        psutil.wait_procs(made, timeout=60)
    else:
        assert run.returncode == 5
        assert out.read_text(encoding="utf-8").endswith("再运行一次即可。\n")
    assert not any(process.is_running() for process in made)
    with alone(tmp_path / "outputs"):
        pass
    assert list((tmp_path / "outputs/2021").glob("T00*")) == []


def test_a_batch_lets_go_of_the_lock_only_when_its_units_have_ended(
    cluster: Running, tmp_path: Path
) -> None:
    outputs, made = tmp_path / "outputs", "__import__('selfeval.run.cluster').run.cluster._making"

    def stop() -> None:
        if any(client.run(eval, made).values()):
            raise InterruptedError

    with alone(outputs), cluster.client() as client:
        home = Home(outputs, read_holder(outputs), installed_versions())
        own = Cluster(client, home, lambda worker, why: None)
        with pytest.raises(InterruptedError):
            list(on_cluster(time.sleep, [600.0], own, 0, UnitLimits(), tick=stop))

        left = client.run(eval, made)

    assert list(left.values()) == [{}, {}]


# --- what is refused before anything starts -------------------------------------------------


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("tcp://10.1.2.3:8786", "没有加密，谁连上都能在各台电脑上运行程序。请给调度器和"),
        ("tcp://localhost.example.cn:8786", "没有加密"),
        ("tcp://127.0.0.1.example.cn:8786", "没有加密"),
        ("10.1.2.3:8786", "不是调度器的地址。应写成 tls://主机:端口。"),
        ("tls://10.1.2.3", "不是调度器的地址"),
        ("ucx://10.1.2.3:8786", "不是调度器的地址"),
    ],
)
def test_an_address_that_is_not_safe_is_refused(address: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        require_cluster(address)


@pytest.mark.parametrize("address", ["tls://10.1.2.3:8786", "tcp://localhost:1", "tcp://[::1]:1"])
def test_what_is_encrypted_or_stays_on_this_machine_is_not_refused(address: str) -> None:
    require_cluster(address)


def one_unit(tmp_path: Path) -> Path:
    small_notebooks(tmp_path)
    make_unit(tmp_path)
    return tmp_path


def refused(run: subprocess.CompletedProcess[str], root: Path) -> str:
    """What a run says that did not begin."""
    assert run.returncode == 2
    assert run.stdout == ""
    assert list((root / "outputs").glob("2*")) == []
    return run.stderr


def test_certificates_of_another_authority_are_refused(cluster: Running, tmp_path: Path) -> None:
    other = certificates(tmp_path / "other")

    run = cluster.command(one_unit(tmp_path), "run", **other)

    assert refused(run, tmp_path) == (
        f"{cluster.address}：证书对不上。请检查这台电脑和调度器的证书是不是同一个 CA 签发的、"
        "过期没有。\n"
    )


def told_by(address: str, tmp_path: Path, **settings: object) -> str:
    """What keeps a scheduler from being used, with these settings of dask's."""
    keys = {f"distributed.comm.{name.replace('__', '.')}": own for name, own in settings.items()}
    with (
        dask.config.set(keys),
        pytest.raises(UsageError) as refusal,
        connected(address, Project(tmp_path)),
    ):
        pass
    return str(refusal.value)


@pytest.mark.parametrize(
    ("file", "why"), [("", "没有设好证书。"), ("没有.pem", "证书文件读不出（FileNotFoundError）。")]
)
def test_missing_certificates_are_told_of(file: str, why: str, tmp_path: Path) -> None:
    told = told_by("tls://10.1.2.3:8786", tmp_path, tls__ca_file=file, tls__client__cert="own.pem")

    assert told == (
        f"tls://10.1.2.3:8786：{why}请在 dask 的设置或环境变量里写明 distributed.comm.tls 的 "
        "ca-file、client.cert 和 client.key。"
    )


def test_a_scheduler_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    told = told_by("tcp://127.0.0.1:9", tmp_path, timeouts__connect="1s")

    assert told == (
        "tcp://127.0.0.1:9：连不上调度器。请检查它开着没有，地址、端口、防火墙和证书对不对。"
    )


def test_without_dask_the_command_says_how_to_install_it(tmp_path: Path) -> None:
    without = "import sys; sys.modules['distributed'] = None; from selfeval.cli import main; main()"

    run = subprocess.run(
        [sys.executable, "-c", without, "run", "--scheduler", "tls://10.1.2.3:8786"],
        cwd=one_unit(tmp_path), capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip

    assert refused(run, tmp_path) == (
        '--scheduler：没有安装 dask。请运行 pip install "selfeval[cluster]"。\n'
    )


# --- machines that may make nothing ---------------------------------------------------------


def test_a_scheduler_with_another_version_is_told_of_and_nothing_starts(
    cluster: Running, tmp_path: Path
) -> None:
    """The other version is the batch's, a copy of the package."""
    package = Path(sys.modules["selfeval"].__path__[0])
    copied = tmp_path / "copied"
    shutil.copytree(package, copied / "selfeval", ignore=shutil.ignore_patterns("__pycache__"))
    (copied / "selfeval/version.py").write_text('VERSION = "9.9.9"\n', encoding="utf-8")
    shutil.copytree(package.parent / "params/schemes", tmp_path / "params/schemes")

    run = subprocess.run(
        [sys.executable, "-c", "from selfeval.cli import main; main()",
         "run", "--scheduler", cluster.address],
        cwd=one_unit(tmp_path), capture_output=True, text=True, encoding="utf-8",
        env=cluster.environment | {"PYTHONPATH": str(copied)},
    )  # fmt: skip

    assert refused(run, tmp_path) == (
        f"{cluster.address}：调度器不能用：版本不同（selfeval 这里是 9.9.9，那里是 {VERSION}）。"
        "请装同样的版本，再重新启动。\n"
    )


def test_when_no_machine_sees_the_project_each_is_named_with_what_differs(
    cluster: Running, tmp_path: Path
) -> None:
    told: list[tuple[str, str]] = []
    home = Home(tmp_path / "outputs", "进程 1，电脑 A", installed_versions())

    with cluster.client() as client:
        none = Cluster(client, home, lambda *left: told.append(left))
        with pytest.raises(UsageError) as refusal:
            none.require_workers("tls://A")

    assert len(told) == 2
    assert str(refusal.value).splitlines() == ["tls://A：各台电脑都不能用。"] + [
        f"{worker}：同样的路径下看不到项目文件夹（{tmp_path}）。请在同样的路径挂载。"
        for worker, _ in told
    ]


def test_a_machine_that_sees_another_folder_or_a_batch_that_is_over_makes_nothing(
    tmp_path: Path,
) -> None:
    outputs = Project(tmp_path).all_outputs

    with alone(outputs):
        home = Home(outputs, read_holder(outputs), installed_versions())
        elsewhere = home._replace(outputs=tmp_path / "elsewhere/outputs")
        held = why_unfit(home), why_unfit(elsewhere)
    over = why_unfit(home)

    assert held[0] == ""
    assert held[1] == (
        f"同样的路径下看不到项目文件夹（{tmp_path / 'elsewhere'}）。请在同样的路径挂载。"
    )
    assert over.startswith("同样的路径下看不到项目文件夹")
