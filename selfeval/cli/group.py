"""What all commands share: the group, options, exit codes, one unit's fault kept apart."""

from __future__ import annotations

import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import SelfEvalError, UsageError, cause, own_fault
from ..terms import RUN_STATES
from ..version import VERSION

if TYPE_CHECKING:
    from ..project import Project


_COLUMNS, _NEVER_FIRST = 78, "，。；：、）”"
REFUSED, SOME_FAILED, LOCKED, STOPPED = 2, 3, 4, 5


FINDINGS = 1


UNREADABLE, OWN_FAULT = "INPUT", "PROGRAM"
"""The codes of faults that kept a unit from being checked, its own or this program's; rules have
codes of their own."""


class _Formatter(click.HelpFormatter):
    """Click's help with Chinese headings."""

    _NAMES = {"Options": "选项", "Commands": "命令", "Arguments": "参数"}  # noqa: RUF012

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        args = args.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 …")
        super().write_usage(prog, args, prefix="用法：")

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{heading}：\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        words = [(name, text.replace("  [required]", "（必填）")) for name, text in rows]
        super().write_dl(words, col_max, col_spacing)

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        with super().section(self._NAMES.get(name, name)):
            yield


help_option = click.help_option("-h", "--help", help="显示说明并退出。")


unit_argument = click.argument("units", nargs=-1, metavar="[单位]...")


group_option = click.option("--group", metavar="主管部门", help="只处理这个主管部门的单位。")


year_option = click.option("--year", type=int, metavar="年度", help="只处理这个年度。")


notebook_option = click.option(
    "--notebook",
    metavar="笔记本",
    help="不是两个版本的报告，而是自己的笔记本：逐个单位运行，每个单位一页。",
)


click.Context.formatter_class = _Formatter


@click.group()
@click.option(
    "--project", "root", default=".", metavar="文件夹", help="项目文件夹，默认是当前文件夹。"
)
@click.version_option(VERSION, "--version", message="selfeval %(version)s", help="显示版本并退出。")
@help_option
@click.pass_context
def cli(context: click.Context, root: str) -> None:
    """把预算单位的表格变成部门整体支出绩效自评报告。"""
    context.obj = root


def project_at(root: str) -> Project:
    """Return the project of a folder."""
    from ..project import find_project

    path = Path(root)
    if not path.is_dir():
        raise UsageError(f"“{root}”", "没有这个文件夹。", "请检查 --project。")
    return find_project(path)


def schemes_at(root: str) -> Path:
    """Return the project's schemes; outside of a project those that come with the package."""
    from ..schemes.loading import schemes_folder

    try:
        return schemes_folder(project_at(root).params)
    except UsageError:
        if root != ".":
            raise
        return schemes_folder(Path(root) / "params")


def wanted_units(
    root: str,
    units: Sequence[str],
    year: int | None,
    group: str | None = None,
    notebook: str | None = None,
) -> tuple[Project, list[Path]]:
    """Return the project and its unit folders asked for, once its schemes are seen to agree.

    With a notebook its runs are of that one.

    Raises
    ------
    UsageError, ParamsError, InputErrors
        If there is no such unit, or any scheme names what does not exist.
    """
    from ..schemes.agree import load_schemes
    from ..unit.register import find_units, of_group

    project = project_at(root)
    folders = find_units(project, units, year)
    if group is not None:
        folders = of_group(folders, group)
    load_schemes(schemes_at(root))
    return (_with_notebook(project, notebook) if notebook else project), folders


def _with_notebook(project: Project, notebook: str) -> Project:
    """Return a project whose runs are of an analyst's own notebook.

    Raises
    ------
    UsageError
        If there is no such notebook, or its name cannot be that of its folder of outputs.
    ParamsError
        If it takes no unit.
    """
    from dataclasses import replace

    from ..project import require_own_name
    from ..unit.own_notebook import require_parameter

    path = next((p for p in (Path(notebook), project.root / notebook) if p.is_file()), None)
    if path is None or path.suffix != ".ipynb":
        raise UsageError(f"“{notebook}”", "没有这个笔记本。", "请写它的路径，以 .ipynb 结尾。")
    require_own_name(path)
    path = path.absolute()
    require_parameter(path, project.shown(path))
    return replace(project, notebook=path)


Faults = dict[Path, SelfEvalError]
"""What kept a command from dealing with a unit, by the unit's folder."""


@contextmanager
def kept_apart(folder: Path, faults: Faults, what: str = RUN_STATES["refused"]) -> Iterator[None]:
    """Keep one unit's failure from stopping the others: note it, tell it, and go on."""
    from ..unit import visible

    try:
        yield
        return
    except BrokenPipeError:
        raise
    except SelfEvalError as error:
        faults[folder] = error
    except OSError as error:
        faults[folder] = file_error(error)
    except Exception as error:  # a command's boundary, as run_units is: the others go on
        what, faults[folder] = "程序出错", own_fault(folder.name, error)
    click.echo(f"{visible(folder.name)} {what}\n{indent(str(faults[folder]))}", err=True)


def indent(text: str) -> str:
    """Return a text four columns to the right."""
    return "\n".join(f"    {line}" for line in text.splitlines())


def wrapped(text: str, margin: int) -> str:
    """Return a text in lines of a terminal's width, a Chinese character counting as two."""
    lines, width = [""], margin
    for piece in re.findall(r"[!-~]{1,40}|.", text):
        wide = sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in piece)
        if width + wide > _COLUMNS and piece not in _NEVER_FIRST:
            lines, width = [*lines, ""], margin
        lines[-1] += piece
        width += wide
    return "\n".join(" " * margin + line for line in lines)


def from_here(path: Path) -> str:
    """Return a path relative to the current folder; as it is on another drive."""
    try:
        return os.path.relpath(path)
    except ValueError:
        return str(path)


def json_text(record: object, indent: int | None = None) -> str:
    # A terminal of another encoding gets \\u escapes, which every reader of JSON understands.
    utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    return json.dumps(record, ensure_ascii=not utf8, indent=indent)


def file_error(error: OSError) -> SelfEvalError:
    """Return a fault of the disk in Chinese."""
    place = from_here(Path(error.filename)) if isinstance(error.filename, str) else ""
    return UsageError(place, f"文件读写失败（{cause(error)}）。", "请检查权限和磁盘空间。")
