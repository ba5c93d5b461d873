"""One notebook + one unit → executed notebook → HTML. papermill and nbconvert live only here.

Success is proven, never assumed: papermill calls a notebook "completed" after a dead kernel, a
timeout or ``sys.exit(0)``. A report exists only if the notebook's finish record is there, every
code cell ran in order, and nothing was written to stderr.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbconvert.exporters.templateexporter import TemplateExporter
from papermill.exceptions import PapermillException, PapermillExecutionError
from traitlets.config import Config

from .errors import NotebookError, ParamsError
from .showing import FINISH_TYPE, MARK, STYLE
from .terms import EDITIONS

TEMPLATES: Final = Path(__file__).parent / "templates"
CELL_SECONDS, START_SECONDS = 120, 120
_FORBIDDEN = (
    re.compile(r"<\s*(script|iframe|object|embed|link|img|form|base)\b", re.IGNORECASE),
    re.compile(r"<[^>]*\b(?:href|src|srcset)\s*=\s*(?![\"']?#)", re.IGNORECASE),
    re.compile(r"<[^>]*(?:https?://|url\((?!#)|javascript:)", re.IGNORECASE),
    re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    re.compile(r"Traceback \(most recent|site-packages|ipykernel_"),
)
_PLACEHOLDER_LEFT = re.compile(r"\{\{.*?\}\}")


@dataclass(frozen=True)
class Report:
    """A finished report: its HTML and its finish record."""

    html: str
    record: Mapping[str, Any]


def notebook_path(notebooks: Path, edition: str) -> Path:
    """Return the notebook of an edition: the project's own, else the one in the package."""
    if edition not in EDITIONS:
        raise ParamsError("", f"没有“{edition}”这个版本。", f"可用的有：{'、'.join(EDITIONS)}。")
    package = Path(__file__).resolve().parent
    candidates = [notebooks, package.parent / "notebooks", package / "_bundled" / "notebooks"]
    found = (folder / f"{edition}.ipynb" for folder in candidates)
    return next((path for path in found if path.is_file()), candidates[-1] / f"{edition}.ipynb")


def build_report(notebook: Path, unit_folder: Path, run_path: Path) -> Report:
    """Run a notebook on a unit and return the report it made.

    Parameters
    ----------
    notebook : Path
        A template with one cell tagged ``parameters`` that knows ``unit``. It is only read.
    unit_folder : Path
        ``params/<year>/<unit_code>``.
    run_path : Path
        Where the executed notebook goes; kept when the run fails, to be opened.

    Raises
    ------
    ParamsError
        If the notebook has no parameter ``unit``: papermill would only warn, run on the default
        and so report on the wrong unit.
    NotebookError
        If a cell raised, ran out of time or lost its kernel, or the run is not proven whole.
    """
    _require_parameter(notebook, "unit")
    run_path.parent.mkdir(parents=True, exist_ok=True)
    executed = _execute(notebook, {"unit": str(unit_folder.resolve())}, run_path)
    record = finish_record(executed, run_path)
    page = export_page(executed, record)
    check_page(page, run_path, unit_folder)
    return Report(page, record)


def _require_parameter(notebook: Path, name: str) -> None:
    try:
        source = nbformat.read(notebook, as_version=4)
    except FileNotFoundError:
        raise ParamsError(str(notebook), "没有这个笔记本。", "请检查 notebooks 文件夹。") from None
    tagged = [c for c in source.cells if "parameters" in c.metadata.get("tags", [])]
    if len(tagged) != 1 or not re.search(rf"^{name}\s*[:=]", tagged[0].source, re.MULTILINE):
        raise ParamsError(
            notebook.name, f"没有名为 {name} 的参数。", "应有且只有一个标记为 parameters 的单元格。"
        )


def _execute(notebook: Path, parameters: dict[str, str], run_path: Path) -> Any:
    with _kernel_home() as config:
        try:
            return papermill.execute_notebook(
                str(notebook),
                str(run_path),
                parameters,
                kernel_name="python3",
                config=config,
                start_timeout=START_SECONDS,
                execution_timeout=CELL_SECONDS,
                iopub_timeout=60,
                request_save_on_cell_execute=False,
                autosave_cell_every=0,
                progress_bar=False,
                log_output=False,
                # Nothing is left to be saved, and an interrupted kernel chats on the terminal.
                shutdown_kernel="immediate",
            )
        except PapermillExecutionError as error:
            raise NotebookError(
                f"{run_path.name} 第 {error.exec_count} 个单元格",
                f"运行出错（{error.ename}：{error.evalue}）。",
                "请在 JupyterLab 打开这个笔记本查看。",
            ) from error
        except CellTimeoutError as error:
            raise NotebookError(
                run_path.name, f"有单元格超过 {CELL_SECONDS} 秒没有完成。"
            ) from error
        except DeadKernelError as error:
            raise NotebookError(run_path.name, "内核中途退出，可能是内存不足。") from error
        except (PapermillException, RuntimeError) as error:
            raise NotebookError(run_path.name, f"内核没有启动（{error}）。") from error


@contextmanager
def _kernel_home() -> Iterator[Config]:
    """Give one run its own IPC address and Jupyter folders, and quiet environment."""
    with tempfile.TemporaryDirectory(prefix="se-") as home:
        settings = {
            "JUPYTER_RUNTIME_DIR": f"{home}/r",
            "IPYTHONDIR": f"{home}/i",
            "PYTHONHASHSEED": "0",
            "PYTHONUTF8": "1",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }
        before = {name: os.environ.get(name) for name in settings}
        os.environ.update(settings)
        config = Config()
        if sys.platform != "win32":
            # The default IPC name is relative to the current folder: parallel runs would meet.
            config.KernelManager.transport = "ipc"
            config.KernelManager.ip = f"{home}/{uuid.uuid4().hex[:8]}"
        try:
            yield config
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


def finish_record(executed: Any, run_path: Path) -> Mapping[str, Any]:
    """Return the finish record of an executed notebook.

    Raises
    ------
    NotebookError
        If there is none, a code cell did not run or ran out of order, or a cell wrote an error
        or to stderr.
    """
    counts = [cell.execution_count for cell in executed.cells if cell.cell_type == "code"]
    if counts != list(range(1, len(counts) + 1)):
        raise NotebookError(run_path.name, "有单元格没有运行，或没有按顺序运行。")
    records = []
    for output in _outputs(executed):
        if output.output_type == "error":
            raise NotebookError(run_path.name, f"有单元格出错（{output.ename}）。")
        if output.output_type == "stream" and output.name == "stderr":
            text = " ".join(output.text.split())[:200]
            raise NotebookError(run_path.name, f"有单元格输出了警告：{text}")
        record = output.get("data", {}).get(FINISH_TYPE)
        if record is not None:
            records.append(record)
    if len(records) != 1:
        raise NotebookError(run_path.name, "没有运行到最后，缺少完成记录。")
    found: Mapping[str, Any] = records[0]
    return found


def _outputs(executed: Any) -> Iterator[Any]:
    for cell in executed.cells:
        if cell.cell_type == "code":
            yield from cell.outputs


def export_page(executed: Any, record: Mapping[str, Any]) -> str:
    """Return the page: the outputs that carry our mark, in the outline's order, our template."""
    parts = []
    for output in _outputs(executed):
        mark = output.get("metadata", {}).get(MARK)
        if mark and "order" in mark:
            parts.append({**mark, "html": output.data["text/html"]})
    parts.sort(key=lambda part: part["order"])
    page = {
        "title": _page_title(record),
        "edition": record["edition"],
        "style": STYLE.read_text(encoding="utf-8").strip(),
        "parts": parts,
        "headings": [heading for part in parts for heading in part["headings"]],
    }
    exporter = TemplateExporter(
        template_name="selfeval",
        template_file="index.html.j2",
        extra_template_basedirs=[str(TEMPLATES)],
        file_extension=".html",
    )
    html, _ = exporter.from_notebook_node(executed, resources={"page": page})
    return str(html).strip() + "\n"


def _page_title(record: Mapping[str, Any]) -> str:
    mark = "（草稿）" if record["draft"] and record["edition"] == "report" else ""
    inner = f"（{EDITIONS['review']}）" if record["edition"] == "review" else ""
    return f"{record['title']}{mark}{inner}"


def check_page(page: str, run_path: Path, unit_folder: Path) -> None:
    """Refuse a page that would run a script, ask the network, or tell where it was made.

    Raises
    ------
    NotebookError
        With the first offending excerpt.
    """
    body = page[page.index("</head>") :]
    for pattern in _FORBIDDEN:
        match = pattern.search(body)
        if match:
            raise NotebookError(
                run_path.name, f"页面里有不允许的内容“{page_excerpt(body, match.start())}”。"
            )
    left = _PLACEHOLDER_LEFT.search(body)
    if left:
        raise NotebookError(run_path.name, f"页面里有没有替换的占位符“{left[0]}”。")
    for place in {str(unit_folder.resolve()), str(Path.home()), tempfile.gettempdir()}:
        if len(place) > 4 and place in page:
            raise NotebookError(run_path.name, "页面里出现了本机的文件夹路径。")


def page_excerpt(text: str, at: int) -> str:
    """Return the few characters of a page around a fault."""
    return " ".join(text[max(0, at - 10) : at + 40].split())
