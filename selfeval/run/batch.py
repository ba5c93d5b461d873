"""Many units → reports, records and the index of each year. One bad unit never stops the rest."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from ..errors import (
    NotebookError,
    ParamsError,
    SelfEvalError,
    UsageError,
    cause,
    raise_all,
)
from ..page.seal import seal_of, sealed, sealed_record
from ..project import RECORD_FILE, YEAR_PATTERN, Project, notebook_path
from ..schemes.checks import load_checks
from ..schemes.loading import schemes_folder
from ..schemes.privacy import (
    find_in_page,
    find_in_workbook,
    heading_before,
    masked_page,
    masked_text,
)
from ..strict import load_yaml, nearest
from ..terms import EDITIONS, PLAN_REASONS, SCREEN_WORDS
from ..unit import CODE_PATTERN, UNIT_FILE, visible
from .plan import Plan, read_record, sentence_digest

if TYPE_CHECKING:
    from ..evaluation import Evaluation

WORK_FOLDER: Final = ".work"
"""Holds what is not shared: a unit's executed notebooks, and what went wrong in them."""
REMOVED_FOLDER: Final = ".removed"
"""Holds the pages of units that are no longer in params, if they are to be kept."""
ERROR_FILE: Final = "error.txt"
_EXACT = re.compile(r"-?\d+/\d+")


class Busy(SelfEvalError):  # noqa: N818 - it is a state, not a mistake
    """Another batch works on the same outputs."""


class DraftError(SelfEvalError):
    """A final report was asked for, and severe findings are neither corrected nor explained."""


Status = Literal["done", "draft", "refused", "crashed"]


@dataclass(frozen=True)
class Result:
    """What became of one unit.

    ``refused``: its folder or tables are at fault. ``crashed``: its notebook failed. ``kept``:
    nothing was run, for the report stands.
    """

    unit_folder: Path
    status: Status
    record: Mapping[str, Any]
    kept: bool = False

    @property
    def reason(self) -> str:
        """Why there is no report, "" if there is one."""
        return str(self.record.get("reason", ""))


def run_units(
    project: Project,
    folders: Sequence[Path],
    final: bool = False,
    told: Callable[[Result], None] = lambda result: None,
    again: bool = False,
    keep: bool = False,
) -> list[Result]:
    """Make both editions for each unit that needs it in turn, and the index of each year.

    Parameters
    ----------
    project : Project
        Where notebooks and outputs are.
    folders : sequence of Path
        Unit folders, ``params/<year>/<unit_code>``.
    final : bool
        Refuse units that are still drafts.
    told : callable
        Called with each unit's result as it is known.
    again : bool
        Run also the units whose report stands.
    keep : bool
        Keep the pages of units whose folders are gone, in ``.removed``.

    Raises
    ------
    Busy
        If another batch holds the outputs.
    """
    results = []
    years = sorted({folder.parent.name for folder in folders})
    for own in (project.outputs, *(project.outputs / year for year in years)):
        project.require_own(own)
    with _alone(project.outputs):
        _clean_up(project)
        plan = Plan(project)
        for folder in folders:
            why = PLAN_REASONS["again"] if again else plan.why(folder, final)
            result = _run_unit(plan, folder, final) if why else _kept(plan, folder)
            results.append(result)
            told(result)
        for year in years:
            _clear_removed(project, year, keep)
            write_index(plan, year)
    return results


def _clean_up(project: Project) -> None:
    """Remove the logs that earlier versions kept beside the pages."""
    for log in project.outputs.glob("*/*/log"):
        if re.fullmatch(YEAR_PATTERN, log.parent.parent.name):
            shutil.rmtree(log, ignore_errors=True)


@contextmanager
def _alone(outputs: Path) -> Iterator[None]:
    outputs.mkdir(parents=True, exist_ok=True)
    holder = outputs / ".batch"
    from filelock import FileLock, Timeout

    lock = FileLock(outputs / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        who = holder.read_text(encoding="utf-8") if holder.exists() else ""
        raise Busy(
            "",
            f"另一批任务正在使用同一个输出文件夹（进程 {who or '未知'}）。",
            "请等它结束后再试。",
        ) from None
    try:
        holder.write_text(str(os.getpid()), encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _kept(plan: Plan, folder: Path) -> Result:
    record = read_record(plan.record_path(folder))
    assert record is not None
    return Result(folder, "done", record, kept=True)


def _clear_removed(project: Project, year: str, keep: bool) -> None:
    """Take the pages of units that are no longer in params out of the year's outputs."""
    known = {visible(unit.name) for unit in project.unit_folders(int(year))}
    removed = project.outputs / year / REMOVED_FOLDER
    for path in sorted((project.outputs / year).glob(f"*/{RECORD_FILE}")):
        gone = path.parent
        if gone.name in known or gone.is_symlink():
            continue
        shutil.rmtree(project.outputs / year / WORK_FOLDER / gone.name, ignore_errors=True)
        if keep:
            shutil.rmtree(removed / gone.name, ignore_errors=True)
            removed.mkdir(exist_ok=True)
            os.replace(gone, removed / gone.name)
        else:
            # What cannot be deleted now is tried again: the index leaves it out in any case.
            shutil.rmtree(gone, ignore_errors=True)


def _run_unit(plan: Plan, folder: Path, final: bool) -> Result:
    project = plan.project
    target = project.outputs / folder.parent.name / visible(folder.name)
    work = target.parent / WORK_FOLDER / target.name
    try:
        project.require_own(target)
        project.require_own(work)
    except UsageError as error:
        return Result(folder, "refused", identity(folder) | _state("refused", str(error)))
    shutil.rmtree(work, ignore_errors=True)
    try:
        before = plan.key(folder, ())
        reports, annexes, compared = _make_reports(project, folder, work, final)
        pages = {f"{edition}.html": report.html for edition, report in reports.items()}
        for name, page in pages.items():
            publish(target / name, page)
        publish_annexes(project, target, annexes)
        record = {
            **identity(folder),
            "status": "done",
            "reason": "",
            "report": dict(reports["report"].record),
            "annexes": list(annexes),
            "files": _digests(pages | annexes),
            "seals": {name: seal_of(page) for name, page in pages.items()},
            "compared": compared,
            # What was there before it was read: what changed meanwhile is run again.
            "key": {**before, "neighbours": plan.neighbours(folder, compared)},
        }
        record = _fit_to_share(project, record)
        publish(target / RECORD_FILE, _json(record))
    except NotebookError as error:
        reason = f"{error}{_told_to_log(error.detail, work)}"
        return _failed(project, folder, target, "crashed", reason)
    except DraftError as error:
        return _failed(project, folder, target, "draft", str(error))
    except SelfEvalError as error:
        return _failed(project, folder, target, "refused", str(error))
    except OSError as error:
        # A rename fails with two names; the second is the file a user knows.
        named = error.filename2 or error.filename
        where = Path(named).name if isinstance(named, str) else target.name
        remedy = "请检查磁盘空间、权限，以及文件是否正被打开。"
        reason = f"{where}：读写文件失败（{cause(error)}）。{remedy}"
        return _failed(project, folder, target, "crashed", reason)
    except Exception as error:  # the batch's boundary: one unit's fault never stops the rest
        reason = f"程序出错。{_told_to_log(''.join(traceback.format_exception(error)), work)}"
        return _failed(project, folder, target, "crashed", reason)
    return Result(folder, "done", record)


def _state(status: Status, reason: str) -> dict[str, Any]:
    return {"status": status, "reason": reason}


def _failed(project: Project, folder: Path, target: Path, status: Status, reason: str) -> Result:
    """Record why a unit has no report, and remove what an earlier run left of it."""
    record = identity(folder) | _state(status, reason) | {"files": {}}
    record = _fit_to_share(project, record)
    try:
        # An older page must not be taken for this run's, nor an older record for its state.
        for name in (*(f"{edition}.html" for edition in EDITIONS), RECORD_FILE):
            (target / name).unlink(missing_ok=True)
        publish_annexes(project, target, {})
        publish(target / RECORD_FILE, _json(record))
    except OSError as error:
        record["reason"] += f"\n旧报告没有清理干净（{cause(error)}），请不要使用。"
    return Result(folder, status, record)


def _fit_to_share(project: Project, record: dict[str, Any]) -> dict[str, Any]:
    """Return a record without what is personal, and without the folders of this machine.

    It may quote the unit's own text and names, and what a notebook of the project's own says.
    """
    root = project.root
    own = [f"{place}{os.sep}" for place in (root.resolve(), root.absolute(), Path.home())]

    def fit(value: Any) -> Any:
        if isinstance(value, Mapping):
            # A code is no telephone number, and folders are called after it.
            return {fit(k): v if k == "unit_code" else fit(v) for k, v in value.items()}
        if isinstance(value, list):
            return [fit(one) for one in value]
        if not isinstance(value, str) or _EXACT.fullmatch(value):
            return value
        for place in own:
            value = value.replace(place, "")
        return masked_text(value, checks)

    try:
        checks = load_checks(schemes_folder(project.params))
        fitting: dict[str, Any] = fit(record)
    except SelfEvalError:
        return record
    return fitting


def _told_to_log(detail: str, work: Path) -> str:
    """Write what is for maintainers only, and return where it is."""
    where = f"{WORK_FOLDER}/{work.name}"
    if not detail:
        return f"执行过的笔记本在 {where}。"
    try:
        publish(work / ERROR_FILE, f"{detail}\n")
    except OSError as error:
        return f"详情没有写进 {where}（{cause(error)}）。"
    return f"详情见 {where}/{ERROR_FILE}，请交给维护人员。"


def _make_reports(
    project: Project, folder: Path, work: Path, final: bool
) -> tuple[dict[str, Any], dict[str, bytes], list[str]]:
    """Return a unit's editions, its official forms by file name, and the sentences compared."""
    # Imported here: a unit that is refused needs no kernel, and --help needs neither.
    from ..checks import check
    from ..checks.form.privacy import known_in
    from ..checks.text.copied import compared_sentences
    from ..evaluation.load import load_unit
    from ..scoring.score import score
    from ..tables.handover import hand_over

    evaluation = score(check(load_unit(folder)))
    if final:
        _require_final(evaluation)
    build_report = _report_builder()
    with tempfile.TemporaryDirectory(prefix="se-") as shared:
        tables = Path(shared) / "tables"
        hand_over(evaluation.unit, evaluation.tables, tables)
        reports = {
            edition: build_report(
                notebook_path(project.notebooks, edition),
                folder,
                work / f"{edition}.ipynb",
                tables=tables,
            )
            for edition in EDITIONS
        }
    annexes = _forms_to_share(evaluation, reports["report"].html)
    checks, own = evaluation.unit.checks, evaluation.unit.settings.office_contacts
    known = known_in(evaluation)
    for edition, report in reports.items():
        page = sealed(masked_page(report.html, checks, own, known))
        reports[edition] = replace(report, html=page)
    return reports, annexes, sorted({*map(sentence_digest, compared_sentences(evaluation))})


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


def _forms_to_share(evaluation: Evaluation, page: str = "") -> dict[str, bytes]:
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
    found = [
        (f"report.html › {heading_before(page, one.spans[0][0])}".removesuffix(" › "), one)
        for one in find_in_page(page, checks, office)
    ]
    for name, data in annexes.items():
        found += [(name, one) for one in find_in_workbook(data, checks, office)]
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


def write_annexes(project: Project, folder: Path) -> list[Path]:
    """Write a unit's official forms among its outputs; return where.

    Raises
    ------
    ParamsError, TableError, InputErrors
        If anything in the unit's folder cannot be read.
    """
    from ..checks import check
    from ..evaluation.load import load_unit
    from ..scoring.score import score

    target = project.outputs / folder.parent.name / folder.name
    project.require_own(target)
    evaluation = score(check(load_unit(folder)))
    return publish_annexes(project, target, _forms_to_share(evaluation))


def publish_annexes(project: Project, target: Path, annexes: Mapping[str, bytes]) -> list[Path]:
    """Write the official forms into a unit's outputs, and remove those it no longer has."""
    from ..schemes.annex_forms import form_files

    for name in set(form_files(schemes_folder(project.params))) - set(annexes):
        (target / name).unlink(missing_ok=True)
    for name, content in annexes.items():
        publish(target / name, content)
    return [target / name for name in annexes]


def _report_builder() -> Any:
    # jsonschema, which nbformat needs, spends two seconds building a grammar for a kind of
    # address that no notebook has; it does without where the grammar's package is missing.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from .report import build_report

    return build_report


def identity(folder: Path) -> dict[str, Any]:
    """Return a unit's code, name, year and group, as far as its folder tells."""
    data: object = None
    with suppress(SelfEvalError):
        data = load_yaml(folder / UNIT_FILE)
    told = data if isinstance(data, dict) else {}
    return {
        "unit_code": visible(folder.name),
        "unit_name": str(told.get("unit_name", "")),
        "fiscal_year": int(folder.parent.name),
        "group": str(told.get("group") or ""),
    }


def _digests(files: Mapping[str, str | bytes]) -> dict[str, str]:
    """Return the SHA-256 of each file that is published, by its name."""
    return {
        name: hashlib.sha256(text.encode("utf-8") if isinstance(text, str) else text).hexdigest()
        for name, text in files.items()
    }


def _json(record: Mapping[str, Any]) -> str:
    return json.dumps(sealed_record(record), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def publish(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all: temp file, flush, rename, flush the folder."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def write_index(plan: Plan, year: str) -> Path:
    """Write the index of a year from the records of its units, and the page of rules."""
    project = plan.project
    from ..page.index import index_page, rules_page
    from ..scoring.distribution import score_distribution

    folder = project.outputs / year
    records: list[dict[str, Any]] = []
    files: dict[str, str | bytes] = {}
    units = {visible(unit.name): unit for unit in project.unit_folders(int(year))}
    stale: dict[str, str] = {}
    for path in sorted(folder.glob(f"*/{RECORD_FILE}")):
        # A unit whose folder was removed from params is no longer part of the year.
        if unit := units.get(path.parent.name):
            records.append(_read_record(project, path))
            files[f"{path.parent.name}/{RECORD_FILE}"] = path.read_bytes()
            if records[-1]["status"] == "done" and (why := plan.why(unit)):
                stale[path.parent.name] = why
    checks = load_checks(schemes_folder(project.params))
    scores = score_distribution(checks, int(year), records)
    pages = {
        "index.html": index_page(int(year), records, scores, stale),
        "rules.html": rules_page(checks),
    }
    for name, page in pages.items():
        publish(folder / name, page)
        files[name] = page
    # Whoever keeps the digest of this one record holds every file of the year.
    record = {"fiscal_year": int(year), "files": _digests(files)}
    publish(folder / RECORD_FILE, _json(record))
    return folder / "index.html"


def unit_status(project: Project, folders: Sequence[Path]) -> list[dict[str, Any]]:
    """Return how far each unit's report is: its state, why it is stale, why it failed.

    The state is "done", "draft", "not_scored", "stale", "failed", or "" without a report.
    """
    from ..page.index import report_state

    plan, found = Plan(project), []
    for folder in folders:
        path = plan.record_path(folder)
        record = _read_record(project, path) if path.exists() else identity(folder)
        state, why = "failed" if record.get("status") else "", ""
        if record.get("status") == "done":
            why = plan.why(folder)
            state = "stale" if why else report_state(record["report"])
        found.append(
            {
                "unit_code": record["unit_code"],
                "unit_name": record["unit_name"],
                "fiscal_year": int(folder.parent.name),
                "group": str(record.get("group", "")),
                "state": state,
                "why": why,
                "reason": str(record.get("reason", "")),
            }
        )
    return found


def _read_record(project: Project, path: Path) -> dict[str, Any]:
    """Return a unit's record; one that is damaged, or elsewhere, counts as failed."""
    reason = f"{RECORD_FILE} 损坏，请重新运行这个单位。"
    try:
        project.require_own(path)
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if record["status"] != "done" or record["report"]["title"]:
            return record
    except UsageError as error:
        reason = str(error)
    except (ValueError, KeyError, TypeError):
        pass
    return {"unit_code": path.parent.name, "unit_name": "", **_state("crashed", reason)}


def find_units(project: Project, wanted: Sequence[str], year: int | None) -> list[Path]:
    """Return the unit folders asked for, all by default.

    Parameters
    ----------
    wanted : sequence of str
        Unit codes, or paths of unit folders.
    year : int, optional
        Only this year's units.

    Raises
    ------
    UsageError
        If a year or unit does not exist, or a name could leave the params folder.
    """
    years = project.years()
    if year is not None and year not in years:
        known = "、".join(str(y) for y in years) or "无"
        raise UsageError(
            f"params/{year}", f"没有{year}年度的单位（现有年度：{known}）。", "请检查 --year。"
        )
    chosen = [year] if year is not None else years
    if not wanted:
        folders = [folder for y in chosen for folder in project.unit_folders(y)]
        if not folders:
            raise UsageError("params", "还没有任何单位。", "请用 selfeval new 新建一个。")
        return folders
    found = [folder for name in wanted for folder in _find_unit(project, name, chosen)]
    return list(dict.fromkeys(found))


def of_group(folders: Sequence[Path], group: str) -> list[Path]:
    """Return the unit folders that belong to a group.

    Raises
    ------
    UsageError
        If none does.
    """
    groups = {folder: identity(folder)["group"] for folder in folders}
    found = [folder for folder in folders if groups[folder] == group]
    if not found:
        known = "、".join(sorted({*groups.values()} - {""})) or "无"
        raise UsageError(
            f"“{group}”", f"没有这个主管部门的单位（现有：{known}）。", "请检查 --group。"
        )
    return found


def _find_unit(project: Project, name: str, years: Sequence[int]) -> list[Path]:
    if not re.fullmatch(CODE_PATTERN, name):
        return [_unit_at(project, name)]
    found = [f for y in years for f in project.unit_folders(y) if f.name == name]
    if not found:
        known = [f.name for y in years for f in project.unit_folders(y)]
        close = nearest(name, known)
        hint = f"是不是“{close}”？" if close else f"现有单位：{'、'.join(known[:10]) or '无'}。"
        where = "、".join(str(y) for y in years) or "任何"
        raise UsageError(f"“{name}”", f"{where}年度没有这个单位。", hint)
    return found


def _unit_at(project: Project, name: str) -> Path:
    """Return the unit folder at a path, from the current folder or from the project's."""
    path = Path(name)
    plain = re.fullmatch(CODE_PATTERN, path.name) and ".." not in path.parts
    # The folder itself is not resolved: where a link leads to is no part of the project.
    for place in (path.absolute(), project.root / path) if plain else ():
        year = place.parent.name
        inside = place.parent.parent.resolve() == project.params.resolve()
        if inside and re.fullmatch(YEAR_PATTERN, year) and place.is_dir():
            return project.params / year / place.name
    raise UsageError(
        f"“{visible(name)}”",
        "不是单位代码，也不是 params 里的单位文件夹。",
        "单位代码由 1 至 32 位字母、数字、短横线或下划线组成。",
    )
