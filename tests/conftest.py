"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from selfeval.project import Project
from selfeval.run.batch import Result, find_units, run_units

# How long an example takes says nothing of the code on a machine that is busy.
settings.register_profile("selfeval", deadline=None)
settings.load_profile("selfeval")

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
    """All sample units in both editions, made by a real run: ten kernels, about 30 s."""
    project = copy_project(tmp_path_factory.mktemp("自评 项目"))
    return Samples(project, run_units(project, find_units(project, [], None)))
