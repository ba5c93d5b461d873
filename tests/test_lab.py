"""The first hour in a real JupyterLab: from the start notebook to a word of one's own on a page.

A project of two years; JupyterLab is opened by the address that it prints in the terminal.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from conftest import ROOT, copy_project
from fontTools.ttLib import TTFont
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect
from pylopdf_fonts_zh_cn import sans_path

from selfeval.project import Project
from selfeval.run.batch import run_units

RUN_ALL = "运行所有单元格"
ALL_RAN = """() => {
  const panel = document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden)');
  const cells = [...panel.querySelectorAll('.jp-CodeCell .jp-InputArea-prompt')];
  return cells.length > 0 && cells.every(cell => /^\\[\\d+\\]:$/.test(cell.textContent.trim()));
}"""
KERNEL_READY = """() => {
  const session = window.jupyterapp.shell.currentWidget?.sessionContext;
  return session?.isReady && session.session?.kernel?.status === 'idle';
}"""
PATIENCE = 240_000
"""Milliseconds that a busy machine may take."""
OWN_WORDS = "这一句是在笔记本里写的。"


@dataclass
class Lab:
    """JupyterLab in Chromium, and whatever it complained of."""

    page: Page
    project: Project
    complaints: list[str] = field(default_factory=list)

    @property
    def notebook(self) -> Locator:
        """The notebook that is in sight."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")

    def hear(self, said: ConsoleMessage) -> None:
        """Keep what the console warns of."""
        if said.type in ("error", "warning"):
            self.complaints.append(said.text)

    def wait_for_kernel(self) -> None:
        """Wait until cells can be run."""
        # What stands in the status bar may still be of the notebook before.
        self.page.wait_for_function(KERNEL_READY, timeout=PATIENCE)
        told = self.page.locator("#jp-main-statusbar").get_by_text("| 空闲")
        expect(told).to_be_visible(timeout=PATIENCE)

    def open(self, link: Locator, title: str) -> None:
        """Follow a link within the notebook, and wait for what it opens."""
        link.click()
        expect(self.tab(title)).to_be_visible()

    def tab(self, title: str) -> Locator:
        """Return the tab that is in front, if it has some title."""
        return self.page.locator(".lm-TabBar-tab.jp-mod-current", has_text=title)

    def command(self, name: str, **args: str) -> None:
        """Do what a menu does, and wait until it is done."""
        done = "([name, args]) => window.jupyterapp.commands.execute(name, args).then(() => null)"
        self.page.evaluate(done, [name, args])

    def run_all(self) -> None:
        """Run all cells by the menu, and wait until they ran."""
        self.page.get_by_role("menuitem", name="运行", exact=True).click()
        self.page.get_by_role("menuitem", name=RUN_ALL, exact=True).click()
        self.page.wait_for_function(ALL_RAN, timeout=PATIENCE)

    def cell(self, source: str) -> Locator:
        """Return the cell that has some source."""
        return self.notebook.locator(".jp-Cell", has=self.page.locator(f"text={source}")).first


@contextmanager
def started(command: list[str], folder: Path, home: Path) -> Iterator[str]:
    """Start JupyterLab as `make lab` does; yield the address that it prints in the terminal."""
    own = {"HOME": str(home), "JUPYTER_RUNTIME_DIR": str(home / "runtime")}
    with subprocess.Popen(
        command, cwd=folder, env=os.environ | own, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stderr is not None
            said: list[str] = []
            while not (told := re.search(r"^ +(http://127\S+)$", "".join(said[-1:]), re.MULTILINE)):
                said.append(server.stderr.readline())
                assert said[-1], "".join(said)
            threading.Thread(target=server.stderr.read, daemon=True).start()
            yield told[1]
        finally:
            server.terminate()
            server.wait()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Lab]:
    root, home = tmp_path_factory.mktemp("项目"), tmp_path_factory.mktemp("home")
    project = copy_project(root)
    later = project.params / "2022" / "S001"
    shutil.copytree(project.params / "2021" / "S001", later)
    settings = (later / "unit.yaml").read_text(encoding="utf-8")
    settings = settings.replace("fiscal_year: 2021", "fiscal_year: 2022")
    (later / "unit.yaml").write_text(settings, encoding="utf-8")
    # What a developer has open is none of the analyst's.
    unopened = shutil.ignore_patterns("workspaces")
    shutil.copytree(ROOT / ".jupyter", root / ".jupyter", ignore=unopened)
    [told] = re.findall(r"bin/jupyter (lab .+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    command = [str(Path(sys.executable).with_name("jupyter")), *told.split()]
    command += ["--no-browser", "--allow-root", "--ServerApp.port=0", "--expose-app-in-browser"]
    with started(command, root, home) as address:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        lab = Lab(context.new_page(), project)
        lab.page.on("pageerror", lambda error: lab.complaints.append(str(error)))
        lab.page.on("console", lab.hear)
        lab.page.goto(address)
        lab.page.wait_for_function("window.jupyterapp")
        lab.page.evaluate("window.jupyterapp.restored.then(() => null)")
        lab.wait_for_kernel()
        yield lab
        context.close()


@pytest.mark.browser
def test_an_analyst_goes_from_the_start_to_a_word_of_their_own_on_the_page(lab: Lab) -> None:
    page = lab.page
    expect(page.get_by_role("menuitem", name="文件", exact=True)).to_be_visible()
    browser = page.locator(".jp-DirListing-content")
    expect(browser).to_contain_text("params")

    lab.run_all()
    lab.notebook.get_by_role("button", name="params/2021/S001", exact=True).click()
    expect(browser).to_contain_text("填报.xlsx")
    expect(browser).to_contain_text("narrative.md")

    lab.open(lab.notebook.get_by_role("link", name="explore.ipynb").first, "explore.ipynb")
    lab.wait_for_kernel()
    lab.run_all()
    years, units = lab.notebook.locator(".widget-dropdown select").all()
    years.select_option("2022")
    expect(lab.notebook).to_contain_text("unit = “2022/S001”")
    lab.run_all()
    expect(lab.notebook).to_contain_text("项目支出（示例一：星桥区图书馆 2022年，万元）")
    years, units = lab.notebook.locator(".widget-dropdown select").all()
    years.select_option("2021")
    units.select_option(index=2)
    expect(lab.notebook).to_contain_text("unit = “2021/S002”")
    units.select_option(index=1)
    expect(lab.notebook).to_contain_text("unit = “2021/S001”")
    lab.run_all()
    expect(lab.notebook).to_contain_text("项目支出（示例一：星桥区图书馆 2021年，万元）")
    figures = lab.notebook.locator(".jp-OutputArea-output figure svg")
    assert figures.count() == 3
    can_draw = TTFont(sans_path(), fontNumber=0).getBestCmap()
    drawn = "".join(figures.all_text_contents())
    assert "馆舍设施维修改造专项" in drawn
    assert {c for c in drawn if ord(c) not in can_draw and not c.isspace()} == set()
    assert lab.notebook.locator("[data-mime-type*=stderr], [data-mime-type*=error]").count() == 0

    trial = lab.cell("share = 50")
    expect(trial.locator(".jp-OutputArea")).to_contain_text("SUM-02")
    trial.locator(".cm-line").first.click()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    page.keyboard.type("share = 100")
    page.keyboard.press("Control+Enter")
    expect(lab.cell("share = 100").locator(".jp-OutputArea")).to_contain_text("（没有）")

    assert page.locator(".jp-Dialog, .Toastify__toast").count() == 0
    assert lab.complaints == []


@pytest.mark.browser
@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb")))
def test_a_notebook_that_is_only_opened_has_not_changed_and_is_saved_as_it_was(
    lab: Lab, name: str
) -> None:
    path = lab.project.notebooks / f"打开/{name}"
    path.parent.mkdir(exist_ok=True)
    shutil.copy(ROOT / "notebooks" / name, path)

    lab.command("docmanager:open", path=f"notebooks/打开/{name}")
    expect(lab.tab(name)).to_be_visible()
    lab.wait_for_kernel()
    expect(lab.tab(name)).not_to_have_class(re.compile("jp-mod-dirty"))
    saved = path.stat().st_mtime_ns
    lab.command("docmanager:save")

    assert path.stat().st_mtime_ns > saved
    assert path.read_bytes() == (ROOT / "notebooks" / name).read_bytes()
    assert lab.complaints == []


@pytest.mark.browser
def test_a_cell_that_is_tagged_in_jupyterlab_stands_on_the_page_after_its_part(lab: Lab) -> None:
    page = lab.page
    lab.command("docmanager:open", path="notebooks/start.ipynb")
    link = lab.notebook.get_by_role("link", name="report.ipynb", exact=True)
    lab.open(link.first, "report.ipynb")
    lab.wait_for_kernel()
    page.get_by_role("tab", name="属性检查器").click()
    tools = page.locator(".jp-NotebookTools")
    expect(tools).to_be_visible()

    lab.cell('show(evaluation, "spending")').locator(".jp-InputArea-prompt").click()
    page.keyboard.press("b")
    page.keyboard.press("m")
    page.keyboard.press("Enter")
    page.keyboard.type(OWN_WORDS)
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("ArrowUp")
    tools.get_by_text("Common Tools").click()
    tools.get_by_placeholder("Add Tag").click()
    page.keyboard.type("report")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+s")
    path = lab.project.notebooks / "report.ipynb"
    saved = page.locator(".lm-TabBar-tab.jp-mod-current:not(.jp-mod-dirty)")
    expect(saved.filter(has_text="report.ipynb")).to_be_visible()
    assert OWN_WORDS in path.read_text(encoding="utf-8")

    [result] = run_units(lab.project, [lab.project.params / "2021" / "S001"])

    assert result.reason == ""
    made = lab.project.outputs / "2021/S001/report.html"
    html = made.read_text(encoding="utf-8")
    before, after = html.index('id="s-spending"'), html.index('id="s-performance"')
    assert before < html.index(OWN_WORDS) < after
    assert lab.complaints == []
