"""One notebook + one unit → executed notebook → HTML. papermill and nbconvert live only here.

Success is proven, never assumed: papermill calls a notebook "completed" after a dead kernel, a
timeout or ``sys.exit(0)``. A report exists only if the notebook's finish record is there and is
about this unit and edition, every code cell ran in order, and nothing was written to stderr.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbconvert.exporters.templateexporter import TemplateExporter
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillException, PapermillExecutionError
from traitlets.config import Config

from ..budget.printer import Printer
from ..checks import check
from ..errors import (
    InputErrors,
    NotebookError,
    ParamsError,
    TableError,
    UsageError,
)
from ..evaluation import Evaluation
from ..evaluation.load import load_unit
from ..forking import mapped
from ..page.contained import check_page
from ..page.macros import TEMPLATES, legible, style_sheet
from ..page.readable import page_faults
from ..page.seal import sealed
from ..page.trace import (
    TRACE,
    UNDRAWN_HERE,
    defined,
    numbered,
    printed_numbers,
    told_undrawn,
    trace_section,
    without_undrawn,
)
from ..scoring.score import score
from ..style import is_of_fonts
from ..terms import EDITIONS
from ..unit.own_notebook import require_parameter
from .cells import CellReader, PagePieces, Shown
from .engine import ChildLostError, ForkedEngine, can_fork
from .notebook import FINISH_TYPE
from .processes import ENVIRONMENT, UnitLimits, set_variables

START_SECONDS = 120
_INPUT_ERRORS: Final = {error.__name__ for error in (InputErrors, ParamsError, TableError)}
# Where a socket's name may have at most 104 bytes (macOS), and ours adds 15 to the folder's.
_LONGEST_HOME = 80
_ONE_EVALUATION: Final = "各部分要用同一个 evaluation 显示：请从头运行全部单元格。"


@dataclass(frozen=True)
class Report:
    """A finished page: its HTML, its record, and what of its notebook is only told in the log.

    ``faults`` of the record are what is to be better in an analyst's own work, by cell.
    """

    html: str
    record: Mapping[str, Any]
    left_out: tuple[str, ...] = ()


def build_report(
    notebook: Path,
    unit_folder: Path,
    run_path: Path,
    limits: UnitLimits | None = None,
    kernel: bool = False,
    edition: str = "",
) -> Report:
    """Run an edition's notebook on a unit and return the report it made.

    Parameters and errors are those of ``execute``; a notebook is named after its edition, unless
    that is told.
    """
    executed = execute(notebook, unit_folder, run_path, limits, kernel)
    record = read_finish_record(executed, run_path)
    _require_same(record, edition or notebook.stem, unit_folder, run_path)
    report = export_page(executed, record, run_path, lambda: evaluated(unit_folder))
    check_page(report.html, run_path, unit_folder)
    return report


def evaluated(unit_folder: Path) -> Evaluation:
    """Return a unit, checked and scored: in a batch the one that it holds."""
    return score(check(load_unit(unit_folder)))


def execute(
    notebook: Path,
    unit_folder: Path,
    run_path: Path,
    limits: UnitLimits | None = None,
    kernel: bool = False,
) -> Any:
    """Run a notebook on a unit and return it with its outputs.

    Parameters
    ----------
    notebook : Path
        A template with one cell tagged ``parameters`` that knows ``unit``. It is only read.
    unit_folder : Path
        ``params/<year>/<unit_code>``.
    run_path : Path
        Where the executed notebook goes; kept when the run fails, to be opened.
    limits : UnitLimits, optional
        What it may take.
    kernel : bool
        Run it by Jupyter's kernel, also where it could be forked.

    Raises
    ------
    ParamsError
        If the notebook has no parameter ``unit``: papermill would only warn, run on the default
        and so report on the wrong unit.
    TableError
        If a cell says so of the unit's input.
    NotebookError
        If a cell raised, ran out of time or memory, or its process was lost.
    """
    require_parameter(notebook, f"notebooks/{notebook.name}")
    run_path.parent.mkdir(parents=True, exist_ok=True)
    return _execute(
        notebook, os.path.abspath(unit_folder), run_path, limits or UnitLimits(), kernel
    )


class _Kept:
    """Keeps the notebook also when its process is lost or late."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **settings: Any) -> None:
        run_path = settings.pop("run_path")
        try:
            super().execute_managed_notebook(nb_man, kernel_name, **settings)  # type: ignore[misc]
        except (RuntimeError, TimeoutError):
            # Here and not later: papermill is about to mark every cell as completed.
            nbformat.write(nb_man.nb, run_path)  # type: ignore[no-untyped-call]
            raise


class _Forked(_Kept, ForkedEngine):  # type: ignore[misc]
    pass


class _Kernel(_Kept, NBClientEngine):  # type: ignore[misc]
    pass


_ENGINES: Final = {"selfeval-forked": _Forked, "selfeval-kernel": _Kernel}
for _name, _engine in _ENGINES.items():
    papermill_engines.register(_name, _engine)


def _execute(notebook: Path, unit: str, run_path: Path, limits: UnitLimits, kernel: bool) -> Any:
    forked = not kernel and can_fork()
    try:
        with nullcontext(Config()) if forked else _kernel_home() as config:
            return papermill.execute_notebook(
                _verbatim(notebook),
                _verbatim(run_path),
                {"unit": unit},
                engine_name="selfeval-forked" if forked else "selfeval-kernel",
                run_path=run_path,
                kernel_name="python3",
                config=config,
                start_timeout=START_SECONDS,
                execution_timeout=max(1, int(limits.seconds)),
                iopub_timeout=60,
                request_save_on_cell_execute=False,
                autosave_cell_every=0,
                progress_bar=False,
                log_output=False,
                record_timing=False,
                # Nothing is left to be saved, and an interrupted kernel chats on the terminal.
                shutdown_kernel="immediate",
                **({"memory": mapped() + limits.memory, "same_group": True} if forked else {}),
            )
    except PapermillExecutionError as error:
        if error.ename in _INPUT_ERRORS:
            # Found only while drawing or wording, but still a fault of the tables.
            raise TableError("", error.evalue) from error
        cell = f"{run_path.name} › 第 {error.exec_count} 个单元格"
        if error.ename == UsageError.__name__:
            raise NotebookError(cell, error.evalue) from error
        detail = f"{error.ename}: {error.evalue}"
        if error.ename == MemoryError.__name__:
            memory = f"要用的内存超过 {limits.memory >> 20} MB。"
            more = "请减少它一次处理的数据，或者用 --memory 放宽。"
            raise NotebookError(cell, memory, more, detail, "out_of_memory") from error
        raise NotebookError(cell, "运行出错。", detail=detail) from error
    except CellTimeoutError as error:
        raise _late(run_path.name, error) from error
    except DeadKernelError as error:
        raise _lost(error, run_path) from error
    except (PapermillException, RuntimeError) as error:
        raise NotebookError(
            run_path.name,
            "生成报告的程序没有启动。",
            "请再运行一次；还是这样的，请交给维护人员。",
            detail=str(error),
        ) from error


def _late(place: str, error: Exception) -> NotebookError:
    again = "电脑正忙时，请过一会儿再运行；确实需要更久的，用 --timeout 放宽。"
    return NotebookError(place, "到了时限还没有运行完。", again, str(error), "timed_out")


def _lost(error: DeadKernelError, run_path: Path) -> NotebookError:
    """Say how a notebook's process ended by itself, as far as the system told."""
    if not isinstance(error, ChildLostError):
        again = "请再运行一次；还是这样的，请交给维护人员。"
        fault = "运行笔记本的程序中途退出了，原因不明。"
        return NotebookError(run_path.name, fault, again, detail=str(error))
    cells = nbformat.read(run_path, as_version=4).cells[: error.cell_index + 1]  # type: ignore[no-untyped-call]
    # As Jupyter numbers them: text and empty cells do not count.
    count = sum(cell.cell_type == "code" and bool(cell.source.strip()) for cell in cells)
    place = f"{run_path.name} › 第 {count} 个单元格"
    if error.signal is None:
        fault = f"自己结束了程序（退出码 {error.exit_code}）。"
        return NotebookError(place, fault, "笔记本里不要结束程序。", detail=str(error))
    name = signal.Signals(error.signal).name
    if name == "SIGXCPU":
        return _late(place, error)
    if error.signal == signal.SIGKILL:
        fault, again = f"程序被中止了（{name}）。", "请再运行一次；常常这样的，请查是谁中止的。"
        return NotebookError(place, fault, again, detail=str(error), status="killed")
    fault = f"程序崩溃了（{name}）。"
    return NotebookError(place, fault, "请交给维护人员。", detail=str(error))


def _verbatim(path: Path) -> str:
    """Return a path that papermill, which formats paths with the parameters, leaves as it is."""
    return str(path).replace("{", "{{").replace("}", "}}")


@contextmanager
def _kernel_home() -> Iterator[Config]:
    """Give one run its own IPC address and Jupyter folders, and quiet environment."""
    with tempfile.TemporaryDirectory(prefix="se-") as home:
        settings = ENVIRONMENT | {"JUPYTER_RUNTIME_DIR": f"{home}/r", "IPYTHONDIR": f"{home}/i"}
        config = Config()
        if sys.platform != "win32" and len(os.fsencode(home)) <= _LONGEST_HOME:
            # The default IPC name is relative to the current folder: parallel runs would meet.
            config.KernelManager.transport = "ipc"
            config.KernelManager.ip = f"{home}/{uuid.uuid4().hex[:8]}"
        with set_variables(settings):
            yield config


def require_all_ran(executed: Any, run_path: Path) -> None:
    """Refuse an executed notebook of which a cell did not run, ran out of order, or failed.

    Raises
    ------
    NotebookError
        If so.
    """
    # An empty cell never runs; JupyterLab adds one at the end by itself.
    code = [c for c in executed.cells if c.cell_type == "code" and c.source.strip()]
    if [cell.execution_count for cell in code] != list(range(1, len(code) + 1)):
        raise NotebookError(
            run_path.name,
            "有单元格没有运行，或没有按顺序运行。",
            "请在 JupyterLab 里运行全部单元格，看停在哪里。",
        )
    for output in _outputs(executed):
        if output.output_type == "error":
            raise NotebookError(run_path.name, "有单元格出错。", detail=output.ename)


def read_finish_record(executed: Any, run_path: Path) -> Mapping[str, Any]:
    """Return the finish record of an executed notebook.

    Raises
    ------
    NotebookError
        If there is none, or a cell did not run, ran out of order, or wrote an error or to stderr.
    """
    require_all_ran(executed, run_path)
    records = []
    for output in _outputs(executed):
        # Boxes are in a picture, which a report takes by show(…) alone: that draws it anew.
        is_warning = output.output_type == "stream" and output.name == "stderr"
        if is_warning and not is_of_fonts(output.text):
            raise NotebookError(run_path.name, "有单元格输出了警告。", detail=output.text)
        record = output.get("data", {}).get(FINISH_TYPE)
        if record is not None:
            records.append(record)
    if len(records) != 1 or not isinstance(records[0], Mapping):
        raise NotebookError(
            run_path.name, "没有运行到最后，缺少完成记录。", "最后一格应是 finish(…)，且只有一次。"
        )
    found: Mapping[str, Any] = records[0]
    return found


def _outputs(executed: Any) -> Iterator[Any]:
    for cell in executed.cells:
        if cell.cell_type == "code":
            yield from cell.outputs


def _require_same(
    record: Mapping[str, Any], edition: str, unit_folder: Path, run_path: Path
) -> None:
    """Refuse a report on another unit, or in another edition, than was asked for."""
    made = f"{record.get('fiscal_year')}/{record.get('unit_code')}"
    asked = f"{unit_folder.parent.name}/{unit_folder.name}"
    if made != asked:
        raise NotebookError(
            run_path.name,
            f"笔记本报告的是 {made}，不是 {asked}。",
            "单位只在标记为 parameters 的单元格里指定，别处不要再写。",
        )
    if record.get("edition") != edition:
        raise NotebookError(
            run_path.name,
            f"完成记录写的是“{record.get('edition')}”，不是“{edition}”。",
            "请检查 finish(…) 的第二个参数。",
        )


def export_page(
    executed: Any, record: Mapping[str, Any], run_path: Path, evaluation: Callable[[], Evaluation]
) -> Report:
    """Return an edition: its parts in the outline's order, an analyst's own work among them.

    Parameters
    ----------
    record : mapping
        The finish record.
    evaluation : callable
        Returns the unit, checked and scored, if an analyst's own work asks for its numbers.

    Raises
    ------
    NotebookError
        If a part that the edition must have is not among the outputs, or one is there twice or
        shows another unit; if parts print different numbers under one name; if an analyst's own
        work lacks what a report must have, by its cell.
    """
    unit = f"{record['fiscal_year']}/{record['unit_code']}"
    shown = CellReader(unit, run_path, True, evaluation).read(executed)
    _require_parts(shown, record, run_path)
    contents = PagePieces(shown)
    first, *others = sorted(shown.parts, key=lambda part: int(part["order"]))
    contents.add_part(first)
    for after in ("", first["part"]):
        contents.add_own(after)
    for part in others:
        contents.add_part(part)
        contents.add_own(part["part"])
    number_parts(contents.pieces, Printer(record["rounding"]), run_path)
    html = rendered(_page_title(record), record["edition"], contents.pieces, contents.headings)
    faults = [*shown.faults, *page_faults(html)]
    told = {"parts": [part["part"] for part in shown.parts], "faults": faults}
    return Report(html, {**record, **told}, tuple(shown.left_out))


def _require_parts(shown: Shown, record: Mapping[str, Any], run_path: Path) -> None:
    counted = Counter(part["part"] for part in shown.parts)
    missing = [part for part in record["parts"] if part not in counted]
    if missing:
        raise NotebookError(
            run_path.name,
            f"还有几部分没有用 show(…) 显示：{'、'.join(missing)}。",
            "每一部分用 show(…) 输出一次，不要清除或截取它的输出。",
        )
    twice = [part for part, count in counted.items() if count > 1]
    if twice:
        raise NotebookError(
            run_path.name,
            f"有几部分显示了不止一次：{'、'.join(twice)}。",
            "每一部分只用 show(…) 输出一次。",
        )


def number_parts(parts: Sequence[dict[str, Any]], printer: Printer, run_path: Path) -> None:
    """Number what the parts of a page print, and fill in the part that traces the numbers.

    Raises
    ------
    NotebookError
        If they print different numbers under one name.
    """
    pieces = [part["html"] for part in parts if part["part"] != TRACE]
    known = [part["numbers"] for part in parts if "numbers" in part]
    try:
        numbers = printed_numbers(pieces, defined(known))
    except (KeyError, ValueError) as error:
        raise NotebookError(
            run_path.name,
            f"“{error.args[0]}”在各部分里不是同一个数。",
            _ONE_EVALUATION,
        ) from None
    undrawn = told_undrawn(pieces)
    for part in parts:
        if part["part"] == TRACE:
            part["html"] = trace_section(numbers, printer)
        else:
            html = numbered(without_undrawn(part["html"]), numbers)
            part["html"] = html.replace(UNDRAWN_HERE, undrawn)


def rendered(
    title: str,
    kind: str,
    parts: Sequence[Mapping[str, Any]],
    headings: Sequence[Mapping[str, Any]],
) -> str:
    """Return a page of parts in our template, sealed."""
    page = {
        "title": title,
        "edition": kind,
        "style": style_sheet(),
        "parts": [{"html": part["html"]} for part in parts],
        "headings": headings,
    }
    # nbconvert copies and checks what it is given several times: the page is all it needs.
    bare = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]
    html, _ = _exporter().from_notebook_node(bare, resources={"page": page})
    return sealed(legible(str(html)).strip() + "\n")


@cache
def _exporter() -> Any:
    return TemplateExporter(  # type: ignore[no-untyped-call]
        template_name="selfeval",
        template_file="report.html.j2",
        extra_template_basedirs=[str(TEMPLATES)],
        file_extension=".html",
    )


def _page_title(record: Mapping[str, Any]) -> str:
    mark = "（草稿）" if record["draft"] and record["edition"] == "report" else ""
    inner = f"（{EDITIONS['review']}）" if record["edition"] == "review" else ""
    return f"{record['title']}{mark}{inner}"
