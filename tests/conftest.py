"""Fixtures shared by all tests."""

from __future__ import annotations

import gc
import os
import pickle
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings
from IPython.core.interactiveshell import InteractiveShell
from playwright.sync_api import Browser, sync_playwright
from traitlets.config import Config

from selfeval.project import Project
from selfeval.run.batch import Result, run_units
from selfeval.run.making import without_grammar
from selfeval.sheets import Limits, child
from selfeval.unit.register import find_units

# How long an example takes says nothing of the code on a machine that is busy.
settings.register_profile("selfeval", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("selfeval")

EXAMPLES = int(os.environ.get("SELFEVAL_EXAMPLES", "100"))
"""Of a family of sentences that is made of pieces: ``make fuzz`` asks for many more."""

without_grammar()

# Thousands of tests are objects, and hardly one of them is a cycle to be looked for.
gc.set_threshold(100_000, 20, 20)


def pytest_collection_finish() -> None:
    """Leave what was collected out of every later search for cycles."""
    gc.freeze()


ROOT = Path(__file__).resolve().parent.parent

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def soffice() -> str:
    """The LibreOffice installed on this machine."""
    executable = shutil.which("soffice")
    if executable is None:
        message = "no LibreOffice on PATH"
        if os.environ.get("SELFEVAL_REQUIRE_OFFICE"):
            pytest.fail(message)
        pytest.skip(message)
    return executable


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium installed on this machine; Playwright downloads none."""
    executable = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if executable is None:
        message = "no Chromium on PATH"
        if os.environ.get("SELFEVAL_REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module", autouse=True)
def one_reader() -> Iterator[None]:
    """One process reads all tables of a module's tests: to start one costs more than most tests.

    It is the real one, with the limits in force; it ends where it would end, and is not used
    from another process, for other limits, or in another current folder.
    """
    fresh, started = child._child, ExitStack()
    kept: dict[tuple[int, str, Limits], Popen[bytes]] = {}

    @contextmanager
    def reader(limits: Limits) -> Iterator[Popen[bytes]]:
        key = os.getpid(), os.getcwd(), limits
        if key not in kept or kept[key].poll() is not None:
            started.close()
            kept.clear()
            kept[key] = started.enter_context(fresh(limits))
        yield kept[key]

    with pytest.MonkeyPatch.context() as patched, started:
        patched.setattr(child, "_child", reader)
        yield


@dataclass(frozen=True)
class Samples:
    """The sample units, run once for all tests: copy before you change anything."""

    project: Project
    results: list[Result]

    def page(self, unit: str, edition: str = "report") -> Path:
        """Return a page that was made."""
        return self.project.outputs / "2021" / unit / f"{edition}.html"


def copy_project(folder: Path) -> Project:
    """Copy this project's params and notebooks, and nothing else, to a folder."""
    for name in ("params", "notebooks"):
        shutil.copytree(
            ROOT / name, folder / name, ignore=shutil.ignore_patterns(".*", "__pycache__")
        )
    return Project(folder)


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    """All sample units in both editions, made by one real run for all processes of the tests."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    project, made = Project(folder / "自评 项目"), folder / "samples.pickle"
    with FileLock(folder / "samples.lock"):
        if not made.exists():
            copy_project(project.root)
            results = run_units(project, find_units(project, [], None))
            made.write_bytes(pickle.dumps(results))
    return Samples(project, pickle.loads(made.read_bytes()))


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[None]:
    """A real IPython, without a terminal: ``display`` needs one to hand its data to."""
    InteractiveShell.clear_instance()
    config = Config({"HistoryManager": {"enabled": False}})
    InteractiveShell.instance(config=config, ipython_dir=str(tmp_path / "ipython"))
    yield
    InteractiveShell.clear_instance()
