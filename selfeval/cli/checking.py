"""Commands that look at units: check, score, evidence."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import ProgramError, SelfEvalError, UsageError, flatten
from ..terms import EVIDENCE_STATES, OUTCOMES, RUN_STATES, SAID_OUTCOMES, SEVERITIES
from .group import (
    FINDINGS,
    OWN_FAULT,
    SOME_FAILED,
    UNREADABLE,
    Faults,
    cli,
    from_here,
    help_option,
    json_text,
    kept_apart,
    schemes_at,
    unit_argument,
    wanted_units,
    wrapped,
    year_option,
)

if TYPE_CHECKING:
    from ..checks.written import WrittenText
    from ..evaluation import Evaluation
    from ..evaluation.finding import Finding
    from ..scoring.work_list import WorkItem
    from ..tables import Tables
    from ..unit import Unit

BOUND_FILE = "narrative.bound.md"
"""Where a text with placeholders is written; a system file to the scheme of checks."""


@cli.command("check")
@unit_argument
@year_option
@click.option("--json", "as_json", is_flag=True, help="输出 JSON 记录，供程序读取。")
@click.option("--all", "everything", is_flag=True, help="连通过的核对也列出来。")
@help_option
@click.pass_obj
def check_units(
    root: str, units: tuple[str, ...], year: int | None, as_json: bool, everything: bool
) -> None:
    """检查各单位的表格和文字，不生成报告；有严重不符时退出码为 1。"""
    from ..checks import check as check_evaluation
    from ..evaluation.load import load_unit
    from ..scoring.score import score

    _, folders = wanted_units(root, units, year)
    records: list[dict[str, Any]] = []
    faults: Faults = {}
    blocked = False
    for folder in folders:
        with kept_apart(folder, faults):
            evaluation = score(check_evaluation(load_unit(folder)))
            blocked = blocked or evaluation.is_draft
            if as_json:
                unit = {"unit_code": evaluation.unit.code, "fiscal_year": evaluation.unit.year}
                records += [unit | finding.record() for finding in evaluation.all_findings]
            else:
                _print_findings(evaluation, everything)
        records += _unreadable(folder, faults[folder]) if folder in faults else []
    if as_json:
        click.echo(json_text(records, 1))
    if faults:
        sys.exit(SOME_FAILED)
    if blocked:
        sys.exit(FINDINGS)


def _unreadable(folder: Path, error: SelfEvalError) -> list[dict[str, Any]]:
    """Return the faults of a unit that was not checked, as records like those of findings."""
    records = []
    for fault in flatten([error]):
        parts = fault.place.split(" › ")
        # The unit's code leads the place of a table; the record has it in a field of its own.
        parts = parts[1:] if len(parts) > 1 and parts[0] == folder.name else parts
        if len(parts) == 2 and parts[1].startswith("第 "):  # a text has lines and no sheets
            parts.insert(1, "")
        file, sheet, cell = [*parts, "", ""][:3]
        records.append(
            {
                "unit_code": folder.name,
                "fiscal_year": int(folder.parent.name),
                "code": OWN_FAULT if isinstance(fault, ProgramError) else UNREADABLE,
                "outcome": "fail",
                "severity": "error",
                "message": f"{fault.fault}{fault.remedy}",
                "places": [{"file": file, "sheet": sheet, "cell": cell}],
                "expected": "",
                "found": "",
                "item": "",
                "action": "correct",
                "explanation": "",
            }
        )
    return records


def _print_findings(evaluation: Evaluation, everything: bool) -> None:
    """Print what was found, and under it what to write where."""
    from ..page.sentences import as_plain, describe_work
    from ..scoring.work_list import work_list

    unit, found = evaluation.unit, evaluation.all_findings
    counts = "，".join(
        f"{name} {sum(1 for finding in found if finding.outcome == outcome)}"
        for outcome, name in OUTCOMES.items()
    )
    sample = "（示例）" if unit.settings.sample else ""
    click.echo(click.style(f"{unit.code} {unit.name}{sample} {unit.year}年度", bold=True))
    todo = work_list(evaluation)
    for finding in found:
        if everything or finding.waits or finding.outcome == "rounding":
            click.echo(_finding_lines(finding, unit.code))
    idle = (
        f"；另有{len(todo.idle)}条不需要处理，用 --all 列出" if todo.idle and not everything else ""
    )
    click.echo(f"  {counts}{idle}。")
    if not todo.items:
        explained = sum(1 for finding in found if finding.explanation)
        told = f"（{explained}条已说明）" if explained else ""
        click.echo(f"  没有待处理的发现{told}。")
    if todo.items:
        said = as_plain(describe_work(todo), evaluation.printer).rstrip("。")
        click.echo(f"  {click.style(said, bold=True)}：")
    for task in todo.items:
        for line in _task_lines(evaluation, task):
            click.echo(line)
    if todo.following:
        after = "、".join(f"{finding.item} {finding.code}" for finding in todo.following)
        click.echo(f"  都写好以后随之消失：{after}")
    click.echo()


def _task_lines(evaluation: Evaluation, task: WorkItem) -> Iterator[str]:
    """Yield the lines of a task: where, what stands there, what to write; what changes with it."""
    from ..scoring.work_list import named

    for number, row in enumerate(task.rows):
        where = named(evaluation, *(own.place for own in row))
        clears = f"（消掉 {' '.join([*task.subjects, *task.codes])}）" if number == 0 else ""
        now = f"（{row[0].shown}）" if row[0].shown else ""
        yield f"  {'□' if number == 0 else '　'} {where}{now}：{row[0].write}{clears}"
    yield from (f"      {line}" for line in task.otherwise)


def _finding_lines(finding: Finding, code: str) -> str:
    from ..evaluation.finding import places_text

    colours = {"error": "red", "warning": "yellow", "info": "cyan"}
    mark = f"{SEVERITIES[finding.severity]}·{OUTCOMES[finding.outcome]}"
    if finding.outcome in {"pass", "rounding"}:
        mark = OUTCOMES[finding.outcome]
    elif finding.is_open:
        mark = click.style(mark, fg=colours[finding.severity])
    lines = [f"  {mark} {finding.code} {finding.message}"]
    if finding.places:
        lines.append(f"      位置：{places_text(finding.places, code)}")
    if finding.explanation:
        lines.append(f"      说明：{finding.explanation}")
    return "\n".join(lines)


@cli.command("score")
@unit_argument
@year_option
@click.option(
    "--scheme",
    "names",
    multiple=True,
    metavar="办法",
    help="用这个评分办法，见 params/schemes/scoring；写几次就并列比较。默认用 unit.yaml 所写的。",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON 记录，供程序读取。")
@help_option
@click.pass_obj
def score_units(
    root: str, units: tuple[str, ...], year: int | None, names: tuple[str, ...], as_json: bool
) -> None:
    """按评分办法逐项计分；给出几个办法时并列比较，并说明为什么不同。"""
    from ..checks import check as check_evaluation
    from ..evaluation.load import load_unit
    from ..schemes.scoring import load_scoring
    from ..scoring.comparison import (
        compare_profiles,
        comparison_lines,
        printed_lines,
        score_records,
    )

    schemes = schemes_at(root)
    by = list(dict.fromkeys(names))
    chosen = [load_scoring(schemes, name) for name in by]
    _, folders = wanted_units(root, units, year)
    used: dict[tuple[str, str], None] = {}
    records: list[dict[str, Any]] = []
    faults: Faults = {}
    for folder in folders:
        with kept_apart(folder, faults):
            evaluation = check_evaluation(load_unit(folder))
            compared = compare_profiles(evaluation, chosen or [evaluation.unit.scoring])
            unit = {"unit_code": evaluation.unit.code, "fiscal_year": evaluation.unit.year}
            own = [{"scheme": name} for name in by or [evaluation.unit.settings.scoring]]
            for scheme, record in zip(own, score_records(compared), strict=True):
                records.append(unit | scheme | record)
            if as_json:
                continue
            title = f"{evaluation.unit.code} {evaluation.unit.name} {evaluation.unit.year}年度"
            click.echo(click.style(title, bold=True))
            used |= dict.fromkeys(profile.sources for profile in compared.profiles)
            several = len(compared.scores) > 1
            lines = comparison_lines(compared) if several else printed_lines(compared.scores[0])
            for kind, text in lines:
                click.echo(_SCORES[kind](text))
            click.echo()
    if as_json:
        click.echo(json_text(records, 1))
    for source in used:
        click.echo("\n".join(source) + "\n")
    if faults:
        sys.exit(SOME_FAILED)


@cli.command("evidence")
@unit_argument
@year_option
@click.option("--record", is_flag=True, help="把现有文件的 SHA-256 记到 evidence.yaml。")
@click.option(
    "--date", "on", metavar="年-月-日", help="与 --record 合用：记录日期，如 2022-04-20。"
)
@help_option
@click.pass_obj
def list_evidence(
    root: str, units: tuple[str, ...], year: int | None, record: bool, on: str | None
) -> None:
    """列出佐证材料台账：文件在不在，有没有改动。

    文件放在单位文件夹的 evidence（或“佐证材料”）子文件夹里，只算校验值，不看内容。

    --record 把校验值写进单位文件夹的 evidence.yaml，不改填报表；表里填了校验值的，以表为准。

    退出码：0 没有问题；1 有缺的或改动过的文件；2 用法不对；3 有单位不能读取（其余照常列出）。
    """
    from ..tables import load_tables
    from ..unit import load_folder

    recorded_on = _record_date(on, record)
    _, folders = wanted_units(root, units, year)
    wrong = False
    faults: Faults = {}
    for folder in folders:
        with kept_apart(folder, faults):
            unit = load_folder(folder)
            tables = load_tables(unit)
            wrong = _print_ledger(unit, tables, record) or wrong
            if record:
                _record_evidence(unit, tables, recorded_on)
    if faults:
        sys.exit(SOME_FAILED)
    if wrong:
        sys.exit(FINDINGS)


def _record_date(on: str | None, record: bool) -> dt.date | None:
    if on is None:
        return None
    if not record:
        raise UsageError("--date", "只能与 --record 一起用。", "请加上 --record。")
    try:
        return dt.datetime.strptime(on, "%Y-%m-%d").date()
    except ValueError:
        raise UsageError("--date", f"“{on}”不是日期。", "请写成 2022-04-20 的样子。") from None


def _print_ledger(unit: Unit, tables: Tables, record: bool) -> bool:
    """Print a unit's ledger; return whether files are missing, or changed and stay so."""
    from ..tables.own_form.evidence import ledger_lines, state_counts

    rows = tables.evidence
    click.echo(click.style(f"{unit.code} {unit.name} {unit.year}年度", bold=True))
    for state, text in ledger_lines(rows, tables.unnamed_evidence):
        mark = click.style(EVIDENCE_STATES[state], fg=_LEDGER[state]) if state else ""
        click.echo(f"  {mark} {text}" if mark else f"  {text}")
    told = "，".join(f"{EVIDENCE_STATES[state]}{n}份" for state, n in state_counts(rows).items())
    click.echo(f"  台账共{len(rows)}份材料：{told}。" if rows else "  没有填佐证材料台账。")
    return any(
        row.state == "missing" or (row.state == "changed" and (bool(row.sha256) or not record))
        for row in rows
    )


def _record_evidence(unit: Unit, tables: Tables, on: dt.date | None) -> None:
    """Write a unit's evidence.yaml where it is to change, and say what changed."""
    from ..run.publishing import publish
    from ..tables.own_form.evidence import record_hashes
    from ..unit.hashes import EVIDENCE_FILE, recorded_text

    rows = tables.evidence
    if not rows:
        return
    recording = record_hashes(rows, unit.recorded, on)
    path = unit.folder / EVIDENCE_FILE
    told = {
        "新记录": recording.new,
        "改动后重新记录": recording.changed,
        "台账不再写到，已删去": recording.dropped,
        "与填报表里的校验值不同，没有记录": recording.contradicted,
    }
    for what, names in told.items():
        for name in names:
            click.echo(f"  {what}：{name}")
    if recording.files == dict(unit.recorded):
        click.echo(f"  {from_here(path)} 不需要改动。")
        return
    publish(path, recorded_text(recording.files))
    click.echo(f"  已写入 {from_here(path)}（{len(recording.files)}份文件）。")


_SCORES: dict[str, Callable[[str], str]] = {
    "total": lambda text: f"  {click.style(text, bold=True)}",
    "line": lambda text: f"  {text}",
    "same": lambda text: f"  {text}",
    "reason": lambda text: f"      {text}",
}
"""How each line of a score is printed."""


_LEDGER = {
    "present": "green",
    "missing": "red",
    "changed": "red",
    "unhashed": "yellow",
    "paper": None,
}
"""The colour of each state of a file of evidence."""


@cli.command("text")
@unit_argument
@year_option
@click.option("--all", "everything", is_flag=True, help="连相符的也列出来。")
@click.option("--json", "as_json", is_flag=True, help="每个数输出一条 JSON 记录，供程序读取。")
@click.option("--bind", is_flag=True, help="把与表格相同的数改成占位符，另存一份，不动原文。")
@help_option
@click.pass_obj
def list_text(
    root: str,
    units: tuple[str, ...],
    year: int | None,
    everything: bool,
    as_json: bool,
    bind: bool,
) -> None:
    """列出文字里的每个数：和哪里的数核对过，没有核对的为什么。

    --bind 把 narrative.md 里能确定、印出来一字不差的数换成占位符，写到旁边的 narrative.bound.md，
    并列出改了哪几行；看过以后自己改名替换。已经有这个文件的，不覆盖。

    退出码：0 没有不符；1 有与表格不符的数或说法；2 用法不对；3 有单位不能读取（其余照常列出）。
    """
    from ..checks import check as check_evaluation
    from ..checks.written import WrittenText
    from ..evaluation.load import load_unit

    if bind and (as_json or not units):
        raise UsageError(
            "--bind", "要写明单位，不与 --json 合用。", "如 selfeval text U001 --bind。"
        )
    _, folders = wanted_units(root, units, year)
    records: list[dict[str, Any]] = []
    faults: Faults = {}
    wrong = False
    for folder in folders:
        with kept_apart(folder, faults, "没有写出" if bind else RUN_STATES["refused"]):
            written = WrittenText(check_evaluation(load_unit(folder)))
            wrong = wrong or any(one.outcome == "fail" for one in written.case.judged)
            if as_json:
                records += written.records()
            elif bind:
                _print_bound(written)
            else:
                _print_text(written, everything)
    if as_json:
        click.echo(json_text(records, 1))
    if faults:
        sys.exit(SOME_FAILED)
    if wrong:
        sys.exit(FINDINGS)


def _print_text(written: WrittenText, everything: bool) -> None:
    unit = written.case.unit
    click.echo(click.style(f"{unit.code} {unit.name} {unit.year}年度", bold=True))
    for kind, text in written.lines(everything):
        if kind == "more":
            click.echo(wrapped(text, 6))
            continue
        mark = SAID_OUTCOMES[kind]
        first, *rest = wrapped(f"{mark} {text}", 6).splitlines()
        styled = first.strip().replace(mark, click.style(mark, fg=_SAID[kind]), 1)
        click.echo("\n".join([f"  {styled}", *rest]))
    click.echo(wrapped(written.summary(), 2) + "\n")


_SAID = {"fail": "red", "rounding": "cyan", "pass": "green", "unchecked": "yellow"}


def _print_bound(written: WrittenText) -> None:
    """Write a unit's text with placeholders beside it, and print what differs."""
    from difflib import unified_diff

    from ..run.publishing import publish
    from ..unit import NARRATIVE_FILE

    folder = written.case.unit.folder
    source, target = folder / NARRATIVE_FILE, folder / BOUND_FILE
    content = source.read_bytes().decode("utf-8-sig")
    bound = written.bound(content)
    if bound == content:
        click.echo(f"{written.case.unit.code} 没有可以换成占位符的数。")
        return
    if target.exists():
        fault = "已经有这个文件，没有覆盖。"
        raise UsageError(from_here(target), fault, "请先看完，改名或删去，再运行一次。")
    publish(target, bound)
    names = from_here(source), from_here(target)
    lines = unified_diff(content.splitlines(), bound.splitlines(), *names, n=0, lineterm="")
    click.echo("\n".join(lines))
    click.echo(f"已写到 {names[1]}；看过以后，请自己改名替换 {NARRATIVE_FILE}。")
