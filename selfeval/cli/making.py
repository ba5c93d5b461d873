"""Commands that make something or prove it: run, retry, status, list, annex, new, verify."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import SelfEvalError, UsageError
from ..terms import PLAN_REASONS, RUN_STATES, SCREEN_WORDS, UNIT_LIST_HEADS
from .group import (
    FINDINGS,
    SOME_FAILED,
    Faults,
    cli,
    from_here,
    group_option,
    help_option,
    indent,
    json_text,
    kept_apart,
    project_at,
    unit_argument,
    wanted_units,
    year_option,
)

if TYPE_CHECKING:
    from ..project import Project
    from ..run.batch import Result


_final_option = click.option("--final", is_flag=True, help="定稿：还是草稿的单位不生成报告。")
_keep_option = click.option(
    "--keep", is_flag=True, help="单位文件夹已删去的，它的报告移到 outputs 的 .removed，不删除。"
)


@cli.command()
@unit_argument
@year_option
@group_option
@_final_option
@click.option(
    "--changed/--all",
    default=True,
    help="只做有变化的单位（默认）；--all 全部重做。",
)
@click.option("--dry-run", is_flag=True, help="只说要做哪些单位、为什么，不生成报告。")
@_keep_option
@help_option
@click.pass_obj
def run(
    root: str,
    units: tuple[str, ...],
    year: int | None,
    group: str | None,
    final: bool,
    changed: bool,
    dry_run: bool,
    keep: bool,
) -> None:
    """为各单位生成公开版和内部自查版报告（默认全部单位）。

    没有变化的单位沿用已有的报告：单位和上年的文件、别的单位与它有关的文字、方案、
    笔记本、程序和它用的库都与上次一样，报告的文件也没有改动过。
    """
    project, folders = wanted_units(root, units, year, group)
    if dry_run:
        _tell_plan(project, folders, final, again=not changed)
    else:
        _run(project, folders, final, again=not changed, keep=keep)


@cli.command()
@unit_argument
@year_option
@group_option
@_final_option
@help_option
@click.pass_obj
def retry(
    root: str, units: tuple[str, ...], year: int | None, group: str | None, final: bool
) -> None:
    """只重做上次没有通过的单位。"""
    from ..run.plan import Plan, read_record

    project, folders = wanted_units(root, units, year, group)
    plan = Plan(project)
    records = {folder: read_record(plan.record_path(folder)) for folder in folders}
    failed = [folder for folder, own in records.items() if own and own.get("status") != "done"]
    if failed:
        _run(project, failed, final)
    else:
        click.echo("没有上次未通过的单位。")


@cli.command()
@unit_argument
@year_option
@group_option
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取。")
@help_option
@click.pass_obj
def status(
    root: str, units: tuple[str, ...], year: int | None, group: str | None, as_json: bool
) -> None:
    """各单位的报告到了哪一步：已完成、草稿、未通过、已过期、还没有报告。"""
    from ..run.batch import unit_status

    project, folders = wanted_units(root, units, year, group)
    found = unit_status(project, folders)
    if as_json:
        click.echo(json_text(found, indent=1))
        return
    for one in found:
        state = SCREEN_WORDS.get(one["state"], PLAN_REASONS["new"])
        why = "；".join(filter(None, [one["why"], one["reason"]]))
        click.echo(f"{one['fiscal_year']}/{one['unit_code']} {state} {_named(one)}".rstrip())
        if why:
            click.echo(indent(why))
    counts = Counter(SCREEN_WORDS.get(one["state"], PLAN_REASONS["new"]) for one in found)
    told = "，".join(f"{state} {count} 个" for state, count in counts.items())
    click.echo(f"共 {len(found)} 个单位：{told}。")


@cli.command("list")
@unit_argument
@year_option
@group_option
@help_option
@click.pass_obj
def list_units(root: str, units: tuple[str, ...], year: int | None, group: str | None) -> None:
    """列出各年度的单位：代码、主管部门、名称。"""
    from ..run.batch import identity

    _, folders = wanted_units(root, units, year, group)
    for folder in folders:
        one = identity(folder)
        click.echo(f"{one['fiscal_year']}/{one['unit_code']} {_named(one)}".rstrip())
    click.echo(f"共 {len(folders)} 个单位。")


def _named(one: Mapping[str, Any]) -> str:
    return f"{one['group']} › {one['unit_name']}" if one["group"] else str(one["unit_name"])


def _tell_plan(project: Project, folders: Sequence[Path], final: bool, again: bool) -> None:
    from ..run.plan import Plan

    plan, count = Plan(project), 0
    for folder in folders:
        if why := PLAN_REASONS["again"] if again else plan.why(folder, final):
            count += 1
            click.echo(f"{folder.parent.name}/{folder.name} 要做：{why}")
    rest = len(folders) - count
    click.echo(f"共 {len(folders)} 个单位，要做 {count} 个，没有变化的 {rest} 个。")


def _run(
    project: Project,
    folders: Sequence[Path],
    final: bool,
    again: bool = False,
    keep: bool = False,
) -> None:
    from ..run.batch import run_units

    total, done = len(folders), 0

    def told(result: Result) -> None:
        nonlocal done
        done += 1
        click.echo(_result_line(project, result, f"[{done}/{total}]"))

    click.echo(f"共 {total} 个单位，每个单位两份报告。")
    results = run_units(project, folders, final, told, again, keep)
    failed = [result for result in results if result.status != "done"]
    for index in sorted({result.unit_folder.parent.name for result in results}):
        click.echo(f"一览：{from_here(project.outputs / index / 'index.html')}")
    made = _counts([result for result in results if result.status == "done"])
    if kept := sum(result.kept for result in results):
        made += f"（{kept} 个没有变化，沿用已有的报告）"
    if failed:
        names = "、".join(result.record["unit_code"] for result in failed)
        click.echo(f"{made}，未通过 {len(failed)} 个：{names}。", err=True)
        sys.exit(SOME_FAILED)
    click.echo(f"{made}，没有失败。")


def _counts(made: Sequence[Result]) -> str:
    """Say how many reports are complete, and how many are not, by what they lack."""
    from ..page.index import report_state

    states: Counter[str] = Counter(report_state(result.record["report"]) for result in made)
    short = [state for state in ("draft", "not_scored") if states[state]]
    others = "".join(f"，{SCREEN_WORDS[state]} {states[state]} 个" for state in short)
    return f"{RUN_STATES['done']} {states['done']} 个{others}"


def _result_line(project: Project, result: Result, count: str) -> str:
    from ..page.index import report_state, score_text

    code, name = result.record["unit_code"], result.record["unit_name"]
    if result.status != "done":
        state = click.style(f"{SCREEN_WORDS['failed']}（{RUN_STATES[result.status]}）", fg="red")
        return f"{count} {code} {state} {name}\n{indent(result.reason)}"
    report = result.record["report"]
    state = click.style(RUN_STATES["done"], fg="green")
    if report_state(report) != "done":
        state = click.style(SCREEN_WORDS[report_state(report)], fg="yellow")
    page = project.outputs / result.unit_folder.parent.name / code / "report.html"
    told = report.get("pending") or report.get("cap")
    waits = f"，{score_text(report)}" if told else ""
    waits += "，没有变化" if result.kept else ""
    return f"{count} {code} {state} {name}{waits}，待处理 {report['open']} 条  {from_here(page)}"


@cli.command()
@unit_argument
@year_option
@group_option
@help_option
@click.pass_obj
def annex(root: str, units: tuple[str, ...], year: int | None, group: str | None) -> None:
    """填好官方表格：附件1、附件2 和项目支出绩效自评表（默认全部单位）。"""
    from ..run.batch import write_annexes

    project, folders = wanted_units(root, units, year, group)
    faults: Faults = {}
    for folder in folders:
        with kept_apart(folder, faults, "没有生成表格"):
            written = write_annexes(project, folder)
            click.echo(f"{folder.name} 已生成表格 {len(written)} 份")
            for path in written:
                click.echo(f"    {from_here(path)}")
    if faults:
        sys.exit(SOME_FAILED)


@cli.command()
@click.argument("code", metavar=UNIT_LIST_HEADS["code"], required=False)
@click.option("--year", type=int, required=True, metavar="年度", help="预算年度。")
@click.option("--name", metavar="名称", help="单位全称。")
@click.option(
    "--outline",
    default="wangcheng-2021",
    metavar="提纲",
    help="报告提纲，见 params/schemes/outlines；默认 wangcheng-2021。",
)
@click.option(
    "--from",
    "listed",
    metavar="名单",
    help="按名单新建多个单位：CSV 或 Excel，有“单位代码”“单位名称”两列，可以有“报告提纲”。",
)
@help_option
@click.pass_obj
def new(
    root: str, code: str | None, year: int, name: str | None, outline: str, listed: str | None
) -> None:
    """新建单位的文件夹和填报工作簿：一个，或名单上的全部。"""
    from ..tables.own_form.new_unit import new_unit
    from ..tables.own_form.workbook import FORM_FILE
    from ..unit import NARRATIVE_FILE

    if listed is not None:
        if code is not None or name is not None:
            raise UsageError("--from", "与单位代码、--name 不能一起用。", "代码和名称写在名单里。")
        _new_from(project_at(root), Path(listed), year, outline)
        return
    if code is None:
        raise click.MissingParameter(
            param=click.Argument(["code"], metavar=UNIT_LIST_HEADS["code"])
        )
    if name is None:
        raise click.MissingParameter(param=click.Option(["--name"]))
    folder = new_unit(project_at(root), code, year, name, outline)
    click.echo(f"已新建 {from_here(folder)}。接下来：")
    click.echo(f"  1. 用 Excel 或 WPS 填写 {from_here(folder / FORM_FILE)}")
    click.echo(f"  2. 在 {from_here(folder / NARRATIVE_FILE)} 各标题下写文字")
    click.echo(f"  3. selfeval check {code}    看检查结果")
    click.echo(f"  4. selfeval run {code}      生成报告")


def _new_from(project: Project, listed: Path, year: int, outline: str) -> None:
    """Make a folder for each unit of a list; what is wrong with one stops no other."""
    from ..tables.own_form.new_unit import listed_units, new_unit

    faults, made = 0, 0
    for place, code, name, own in listed_units(listed):
        try:
            folder = new_unit(project, code, year, name, own or outline)
            made += 1
            click.echo(f"已新建 {from_here(folder)} {name}")
        except SelfEvalError as error:
            faults += 1
            click.echo(f"{place} {code} 没有新建\n{indent(str(error))}", err=True)
    click.echo(f"新建 {made} 个，没有新建 {faults} 个。")
    if faults:
        sys.exit(SOME_FAILED)


@cli.command()
@click.argument("paths", nargs=-1, required=True, metavar="报告.html或文件夹...")
@help_option
def verify(paths: tuple[str, ...]) -> None:
    """只凭文件核实报告：数对不对，生成以后改动过没有。

    \b
    给出一份报告：每个数由它的精确值重新印出（连同单位、图、悬停说明、等级和状态），
    每个算出来的数重新计算；页尾的校验值管住其余一切文字和样式。
    给出 outputs 里一个年度或一个单位的文件夹：再按 record.json 里的 SHA-256
    核对文件有没有缺少、多出或改动。

    \b
    能看出：生成以后的任何改动；报告里的，说出在哪个标题下；是数的，再说出应为什么。
    看不出：改的人把数和校验值（还有 record.json）全部重新算过；
    打印件和截图上的改动；填报的数本身是否属实。

    \b
    要防重新计算：把年度文件夹里 record.json 的 SHA-256 另行登记（如写进报送函），
    它管住这一年度的全部文件；只发一份报告的，登记页尾的校验值。

    退出码：0 没有改动；1 有不符或改动；2 用法不对，或不是本工具生成的报告。
    """
    from ..page.verify import Verification, digest_of, verify_folder, verify_page
    from ..project import RECORD_FILE

    wrong = False

    def told(place: object, summary: str, faults: Iterable[tuple[str, str]]) -> None:
        nonlocal wrong
        lines = [f"    {layer}：{fault}" for layer, fault in faults]
        wrong = wrong or bool(lines)
        state = f"发现 {len(lines)} 处问题" if lines else "没有发现改动"
        click.echo("\n".join([f"{place}：{summary}，{state}。", *lines]))

    def told_page(path: Path, result: Verification) -> None:
        summary = f"正文 {result.printed} 个数，重新计算 {result.derived} 个"
        faults = [("核算", fault) for fault in result.faults]
        told(path, summary, [*faults, *(("校验值", change) for change in result.changes)])

    for name in paths:
        if not Path(name).is_dir():
            told_page(Path(name), verify_page(Path(name)))
            continue
        for path, count, result in verify_folder(Path(name)):
            if isinstance(result, Verification):
                told_page(path, result)
            else:
                told(path, f"记录 {count} 个文件", [("文件清单", fault) for fault in result])
        click.echo(f"{Path(name) / RECORD_FILE} 的 SHA-256：{digest_of(Path(name) / RECORD_FILE)}")
    if wrong:
        sys.exit(FINDINGS)
