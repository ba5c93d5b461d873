"""Commands that make something or prove it: annex, new, verify."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import SelfEvalError, UsageError
from ..terms import UNIT_LIST_HEADS
from .group import (
    FINDINGS,
    SOME_FAILED,
    Faults,
    cli,
    from_here,
    group_option,
    help_option,
    indent,
    kept_apart,
    project_at,
    unit_argument,
    wanted_units,
    year_option,
)

if TYPE_CHECKING:
    from ..project import Project


@cli.command()
@unit_argument
@year_option
@group_option
@help_option
@click.pass_obj
def annex(root: str, units: tuple[str, ...], year: int | None, group: str | None) -> None:
    """填好官方表格：附件1、附件2 和项目支出绩效自评表（默认全部单位）。"""
    from ..run.batch import write_annexes
    from ..run.publishing import alone

    project, folders = wanted_units(root, units, year, group)
    faults: Faults = {}
    with alone(project.all_outputs):
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
