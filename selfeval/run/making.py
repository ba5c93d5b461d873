"""What one unit's process does: evaluate, run the notebooks, and lay the files ready."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ..errors import NotebookError, ParamsError, SelfEvalError, cause, raise_all
from ..page.seal import seal_of, sealed
from ..project import Project
from ..schemes.checks import Checks
from ..schemes.privacy import (
    Found,
    find_in_page,
    find_in_workbook,
    heading_before,
    masked_page,
    masked_text,
)
from ..terms import SCREEN_WORDS
from ..unit.own_notebook import own_notebooks
from .log import Log, log_at, told_to_log
from .processes import UnitLimits
from .publishing import FULL, PublishError, digests, stage, work_folder

if TYPE_CHECKING:
    from ..evaluation import Evaluation

_ROOM = 2
"""Megabytes on disk that a unit takes while it is made: its notebooks, and its files twice."""
Status = Literal[
    "done", "draft", "refused", "crashed", "timed_out", "out_of_memory", "killed", "unpublished"
]


class DraftError(SelfEvalError):
    """A final report was asked for, and severe findings are neither corrected nor explained."""


@dataclass(frozen=True)
class Job:
    """One unit's part of a batch: plain data, so that it can be done anywhere.

    ``target`` is where its set of files will stand. ``kernels`` asks for Jupyter's own kernels.
    """

    project: Project
    folder: Path
    target: Path
    limits: UnitLimits
    final: bool = False
    kernels: bool = False


class Made(NamedTuple):
    """What became of a unit: ``record`` tells of the set laid ready, if there is one."""

    status: Status
    reason: str = ""
    record: Mapping[str, Any] = {}


def make_set(job: Job) -> Made:
    """Make a unit's pages and forms, and lay them ready beside their place.

    Whatever goes wrong is told in the answer: here is the boundary of one unit's faults.
    """
    work = work_folder(job.target)
    with log_at(work) as log:
        try:
            made = _make(job, log)
        except NotebookError as error:
            made = Made(error.status, f"{error}{told_to_log(error.detail, work)}")
        except DraftError as error:
            made = Made("draft", str(error))
        except PublishError as error:
            made = Made("unpublished", str(error))
        except SelfEvalError as error:
            made = Made("refused", str(error))
        except MemoryError:
            raise
        except OSError as error:
            where = Path(str(error.filename)).name if error.filename else job.folder.name
            told = f"{where}：读写文件失败（{cause(error)}）。"
            if error.errno in FULL:
                made = Made("unpublished", f"{told}做一个单位约需 {_ROOM} MB，请先腾出空间。")
            else:
                made = Made("crashed", f"{told}请检查权限，以及文件是否正被打开。")
        except Exception as error:
            detail = "".join(traceback.format_exception(error))
            made = Made("crashed", f"程序出错。{told_to_log(detail, work)}")
        log.tell(f"{made.status} {made.reason}".rstrip())
    return made


def _make(job: Job, log: Log) -> Made:
    """Return what is laid ready, and the record it will stand with.

    Raises
    ------
    SelfEvalError
        If the unit cannot be read, a notebook fails, or a file cannot be written.
    """
    from .plan import versions

    without_grammar()
    # What a notebook reads by a relative path lies in the project, whoever started its process.
    os.chdir(job.project.root)
    own = job.project.notebook is not None
    files, record = _own_page(job, log) if own else _editions(job, log)
    data = {name: _bytes(content) for name, content in files.items()}
    record["versions"] = dict(versions())
    record["files"] = digests(data)
    record["seals"] = {name: seal_of(str(page)) for name, page in files.items() if is_page(name)}
    with log.step("files"):
        stage(job.target, data)
    return Made("done", record=record)


def _bytes(content: str | bytes) -> bytes:
    return content.encode("utf-8") if isinstance(content, str) else content


def without_grammar() -> None:
    """Spare jsonschema, which nbformat needs, a grammar that takes two seconds to build.

    It is of a kind of address that no notebook has; jsonschema does without where its package is
    missing.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def is_page(name: str) -> bool:
    """Return whether a file of a set is a page."""
    return name.endswith(".html")


def _editions(job: Job, log: Log) -> tuple[dict[str, str | bytes], dict[str, Any]]:
    """Return both editions and the official forms, and what the record says of them."""
    from ..checks import check
    from ..checks.form.privacy import known_in
    from ..checks.text.copied import compared_sentences
    from ..evaluation.load import hold, load_unit
    from ..page.parts import build_view
    from ..scoring.score import score
    from .plan import sentence_digest
    from .report import build_report

    with log.step("evaluation"):
        loaded = load_unit(job.folder)
        checked = check(loaded)
        evaluation = score(checked)
    if job.final:
        _require_final(evaluation)
    hold(loaded, checked, evaluation)
    if not job.kernels:
        # Both editions print it, and inherit it; if it fails, the notebook that shows it says so.
        with suppress(Exception):
            build_view(evaluation, "execution")
    reports = {}
    notebooks = job.project.notebooks_of(own_notebooks(job.folder))
    for edition, notebook in notebooks.items():
        run_path = work_folder(job.target) / f"{edition}.ipynb"
        with log.step(run_path.name), _named(run_path, job.project.shown(notebook)):
            left = log.left(job.limits)
            reports[edition] = build_report(
                notebook, job.folder, run_path, left, job.kernels, edition
            )
        for told in reports[edition].left_out:
            log.tell(f"{run_path.name}：{told}")
    with log.step("forms"):
        annexes = forms_to_share(evaluation, reports["report"].html)
    checks, own = evaluation.unit.checks, evaluation.unit.settings.office_contacts
    known = known_in(evaluation)
    pages: dict[str, str | bytes] = {
        f"{edition}.html": page_to_share(report.html, checks, own, known)
        for edition, report in reports.items()
    }
    faults = {edition: report.record["faults"] for edition, report in reports.items()}
    return pages | annexes, {
        "report": dict(reports["report"].record) | {"faults": [*chain(*faults.values())]},
        "notebooks": {edition: job.project.shown(path) for edition, path in notebooks.items()},
        "annexes": list(annexes),
        "compared": sorted({*map(sentence_digest, compared_sentences(evaluation))}),
    }


@contextmanager
def _named(run_path: Path, notebook: str) -> Iterator[None]:
    """Name a notebook by its own path where it is a unit's own, and fails."""
    try:
        yield
    except NotebookError as error:
        if notebook != f"notebooks/{run_path.name}":
            error.place = error.place.replace(run_path.name, notebook, 1)
        raise


def _own_page(job: Job, log: Log) -> tuple[dict[str, str | bytes], dict[str, Any]]:
    """Return the page of an analyst's own notebook, and what the record says of it."""
    from ..checks.form.privacy import known_in
    from ..evaluation.load import hold, load_unit
    from .own_page import build_page

    notebook = job.project.run_notebooks[0]
    with log.step("evaluation"):
        loaded = load_unit(job.folder)
    hold(loaded)
    read = _folders_read(job)
    with log.step(notebook.name):
        run_path = work_folder(job.target) / notebook.name
        left = log.left(job.limits)
        report = build_page(notebook, job.folder, run_path, left, job.kernels)
    unit = loaded.unit
    own = unit.settings.office_contacts
    page = page_to_share(report.html, unit.checks, own, known_in(loaded))
    told = {"report": dict(report.record), "read": read()}
    told["notebooks"] = {notebook.stem: job.project.shown(notebook)}
    return {f"{notebook.stem}.html": page}, told


def page_to_share(html: str, checks: Checks, own: Sequence[str], known: Sequence[Found]) -> str:
    """Return a sealed page with nothing personal in it, sealed again if there was any."""
    page = masked_page(html, checks, own, known)
    return page if page == html else sealed(page)


def _folders_read(job: Job) -> Callable[[], list[str]]:
    """Return what tells which other folders of ``params`` this process and its forks look into.

    What a kernel looks into is not to be seen from here: then it is all of the unit's year.
    """
    from .engine import can_fork

    year, code = job.folder.parent.name, job.folder.name
    if job.kernels or not can_fork():
        return lambda: [f"{year}/*"]
    params = f"{job.project.params.absolute()}{os.sep}"
    noted, seen = os.memfd_create("read"), set[str]()

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in {"open", "os.listdir", "os.scandir"}:
            return
        with suppress(TypeError, ValueError):
            path = os.path.abspath(os.fsdecode(arguments[0]))
            if path.startswith(params):
                at, _, rest = path.removeprefix(params).partition(os.sep)
                entry = f"{at}/{rest.partition(os.sep)[0]}".rstrip("/")
                if at.isdecimal() and entry not in seen:
                    seen.add(entry)
                    os.write(noted, f"{entry}\n".encode())

    # It stays for as long as the process, which is the unit's own.
    sys.addaudithook(note)

    def told() -> list[str]:
        entries = {*os.pread(noted, os.fstat(noted).st_size, 0).decode().split("\n")} - {""}
        last_year = f"{int(year) - 1}/{code}"
        return sorted(entries - {f"{year}/{code}", last_year})

    return told


def _require_final(evaluation: Evaluation) -> None:
    """Refuse a unit that is a draft, or has no total.

    Raises
    ------
    DraftError
        With an example of what is open, and why there is no total.
    """
    blocking = [finding for finding in evaluation.all_findings if finding.blocks]
    missing = evaluation.final_score.total.missing
    unscored = f"没有{SCREEN_WORDS['score']}：{missing}。" if missing else ""
    if blocking:
        rules = evaluation.unit.checks.rules
        excusable = all(rules[f.code].explainable and not f.withholds for f in blocking)
        raise DraftError(
            evaluation.unit.code,
            f"还是草稿，有{len(blocking)}处严重问题没有更正或说明，例如："
            f"{blocking[0].message}{unscored}",
            "请更正来源，或写明原因。" if excusable else "请更正来源；其中有的不能靠说明消除。",
        )
    if unscored:
        raise DraftError(evaluation.unit.code, unscored, "没有总分的不能定稿。")


def forms_to_share(evaluation: Evaluation, page: str = "") -> dict[str, bytes]:
    """Return the official forms by file name, nothing personal in them.

    Raises
    ------
    InputErrors, ParamsError
        If they, or the public page, have anything personal that no finding tells of.
    """
    from ..annex import build_annexes
    from ..checks.form.privacy import known_in

    checks, own = evaluation.unit.checks, evaluation.unit.settings.office_contacts
    known = known_in(evaluation)
    annexes = build_annexes(evaluation)
    _require_told(evaluation, page, annexes)
    if not known:
        return annexes
    return build_annexes(evaluation, lambda text: masked_text(text, checks, own, known))


def _require_told(evaluation: Evaluation, page: str, annexes: Mapping[str, bytes]) -> None:
    """Refuse to publish anything personal that no finding tells of: the last look, at the bytes.

    Raises
    ------
    InputErrors, ParamsError
        With the part of the page, or the form, for each.
    """
    checks, office = evaluation.unit.checks, evaluation.unit.settings.office_contacts
    told = {finding.item for finding in evaluation.all_findings}
    in_forms = [
        (name, one)
        for name, data in annexes.items()
        for one in find_in_workbook(data, checks, office)
    ]
    # Last, for what is read of the page is kept until it is masked.
    found = [
        (f"report.html › {heading_before(page, one.spans[0][0])}".removesuffix(" › "), one)
        for one in find_in_page(page, checks, office)
    ] + in_forms
    errors = {
        (place, one.shown): ParamsError(
            place,
            f"公开版里有{one.kind.description}{one.shown}，没有找到它写在哪份文件里。",
            "请检查笔记本、方案和单位的文件，删去后再运行。",
        )
        for place, one in found
        if one.shown not in told
    }
    raise_all(errors.values())
