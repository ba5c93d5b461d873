"""Commands that show what there is: units and their state, tables, layouts, rules."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from ..terms import PLAN_REASONS, SCREEN_WORDS, STATES
from .group import (
    FINDINGS,
    SOME_FAILED,
    cli,
    group_option,
    help_option,
    indent,
    json_text,
    notebook_option,
    schemes_at,
    unit_argument,
    wanted_units,
    year_option,
)


@cli.command()
@click.argument("files", nargs=-1, required=True, metavar="文件...")
@click.option("--json", "as_json", is_flag=True, help="每个文件输出一行 JSON，供程序读取。")
@click.option("--brief", is_flag=True, help="只列认出的表和没有读懂的，不逐个列数。")
@help_option
@click.pass_obj
def tables(root: str, files: tuple[str, ...], as_json: bool, brief: bool) -> None:
    """看文件里认出了哪些表、每个数读成了什么、哪些没有读懂。

    退出码：0 全部读懂；1 有没读懂的；2 用法不对；3 有文件读不了（其余照常列出）。
    """
    from ..tables.inspection import inspect_files, inspection_lines

    schemes = schemes_at(root)
    unread = failed = False
    for inspected in inspect_files([Path(file) for file in files], schemes):
        unread, failed = unread or bool(inspected.unread), failed or bool(inspected.error)
        if as_json:
            click.echo(json_text(inspected.record()))
            continue
        for kind, text in inspection_lines(inspected, schemes, brief):
            click.echo(_PRINTED[kind](text))
    if failed:
        sys.exit(SOME_FAILED)
    if unread:
        sys.exit(FINDINGS)


@cli.command()
@help_option
@click.pass_obj
def layouts(root: str) -> None:
    """列出能读取的各种公开表。"""
    from ..schemes.agree import load_schemes
    from ..tables.inspection import layout_rows

    file = told = ""
    schemes = schemes_at(root)
    load_schemes(schemes)
    for row in layout_rows(schemes):
        if row["file"] != file:
            file = row["file"]
            click.echo(f"params/schemes/layouts/official/{file}.yaml")
            told = row["sources"][0]
            click.echo(f"  依据：{told}")
        click.echo(f"  {click.style(row['layout'], bold=True)} {'、'.join(row['titles'])}")
        click.echo(f"      栏目：{'、'.join(row['columns'])}")
        for source in row["sources"]:
            if source != told:
                click.echo(f"      依据：{source}")


@cli.command()
@click.option("--markdown", is_flag=True, help="输出 Markdown，即 params/schemes/RULES.md。")
@help_option
@click.pass_obj
def rules(root: str, markdown: bool) -> None:
    """列出全部检查规则。"""
    from ..page.index import rule_rows, rules_markdown, threshold_rows
    from ..schemes.agree import load_schemes

    checks = load_schemes(schemes_at(root))
    if markdown:
        click.echo(rules_markdown(checks), nl=False)
        return
    for row in rule_rows(checks):
        code = click.style(row["code"], bold=True)
        click.echo(f"{code} {row['title']}（{row['severity']}，{row['action']}）")
        click.echo(f"    {row['asks']}\n    依据：{row['reference']}")
    click.echo("\n阈值")
    for row in threshold_rows(checks):
        click.echo(f"    {row['description']}{row['values']}依据：{row['reference']}")


@cli.command()
@unit_argument
@year_option
@group_option
@notebook_option
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取。")
@help_option
@click.pass_obj
def status(
    root: str,
    units: tuple[str, ...],
    year: int | None,
    group: str | None,
    notebook: str | None,
    as_json: bool,
) -> None:
    """各单位的报告到了哪一步：已完成、草稿、未通过、已过期、还没有报告。"""
    from ..run.index import unit_status

    found = unit_status(*wanted_units(root, units, year, group, notebook))
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
    from ..unit.register import identity

    _, folders = wanted_units(root, units, year, group)
    for folder in folders:
        one = identity(folder)
        click.echo(f"{one['fiscal_year']}/{one['unit_code']} {_named(one)}".rstrip())
    click.echo(f"共 {len(folders)} 个单位。")


def _named(one: Mapping[str, Any]) -> str:
    return f"{one['group']} › {one['unit_name']}" if one["group"] else str(one["unit_name"])


_PRINTED: dict[str, Callable[[str], str]] = {
    "file": lambda text: click.style(text, bold=True),
    "error": lambda text: indent(click.style(text, fg="red")),
    "table": lambda text: f"  {click.style(text, fg='green')}",
    "number": lambda text: f"      {text}",
    "unread": lambda text: f"  {click.style(STATES['unread'], fg='yellow')} {text}",
}
"""How each line about a file is printed."""
