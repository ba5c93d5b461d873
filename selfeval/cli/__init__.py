"""The command: parses, calls, prints. Everything a user reads here is in Chinese."""

from __future__ import annotations

import gc
import io
import locale
import os
import re
import sys

import click

from ..errors import SelfEvalError
from . import checking, making, reading, running, scheduling  # noqa: F401  (they enter themselves)
from .group import LOCKED, REFUSED, STOPPED, cli, file_error


def main() -> None:
    """Run the command; every fault of the user's becomes one Chinese message and a code."""
    _start_in_utf8()
    # Imports and tables leave many objects and hardly a cycle: looking for these as often as
    # Python does by itself costs a tenth of a check.
    gc.set_threshold(100_000, 20, 20)
    for stream in (sys.stdout, sys.stderr):
        _make_able(stream)
    try:
        code = cli.main(prog_name="selfeval", standalone_mode=False)
        sys.stdout.flush()
    except SelfEvalError as error:
        from ..run.publishing import Busy

        click.echo(str(error), err=True)
        sys.exit(LOCKED if isinstance(error, Busy) else REFUSED)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "")
        sys.exit(REFUSED)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "selfeval"
        click.echo(f"{_usage_text(error)}用法见 {command} --help。", err=True)
        sys.exit(REFUSED)
    except (KeyboardInterrupt, click.Abort):
        click.echo("已停止。已完成的单位都已保存，再运行一次即可。", err=True)
        sys.exit(STOPPED)
    except BrokenPipeError:
        # The reader of a pipe has seen enough (| head); Python would complain while closing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(REFUSED)
    except OSError as error:
        click.echo(str(file_error(error)), err=True)
        sys.exit(REFUSED)
    sys.exit(code if isinstance(code, int) else 0)


def _start_in_utf8() -> None:
    """Start again in UTF-8 mode, as the kernels run, where the locale has another encoding.

    Files are named in UTF-8 on most disks; what the terminal reads stays in its own encoding.
    """
    encodings = {sys.getfilesystemencoding(), locale.getencoding()}
    if sys.flags.utf8_mode or {name.lower().replace("-", "") for name in encodings} == {"utf8"}:
        return
    own = ["-X", "utf8", "-P", "-c", "from selfeval.cli import main; main()"]
    environment = os.environ | {"PYTHONUTF8": "1"}
    environment.setdefault("PYTHONIOENCODING", sys.stdout.encoding)
    if sys.platform == "win32":  # where a process cannot become another one
        import subprocess

        command = [sys.executable, *own, *sys.argv[1:]]
        sys.exit(subprocess.call(command, env=environment))
    arguments = [os.fsencode(sys.executable), *map(os.fsencode, own), *map(_utf8, sys.argv[1:])]
    os.execve(sys.executable, arguments, environment)


def _utf8(argument: str) -> bytes:
    """Return an argument in UTF-8: a file's name may be in it already, what is typed is not."""
    raw = os.fsencode(argument)
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return argument.encode("utf-8", "surrogateescape")
    return raw


def _make_able(stream: object) -> None:
    """Let a stream that cannot write Chinese write UTF-8, and none stop at a rare character."""
    if not isinstance(stream, io.TextIOWrapper):
        return
    try:
        "自评".encode(stream.encoding)
    except UnicodeEncodeError:
        stream.reconfigure(encoding="utf-8")
    stream.reconfigure(errors="backslashreplace")


def _usage_text(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        close = f"是不是“{error.possibilities[0]}”？" if error.possibilities else ""
        return f"没有选项“{error.option_name}”。{close}"
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return f"缺少“{_parameter_name(error.param)}”。"
    if isinstance(error, click.BadParameter) and error.param is not None:
        return f"“{_parameter_name(error.param)}”的值不对，应是整数。"
    if isinstance(error, click.BadOptionUsage):
        return f"选项“{error.option_name}”的写法不对：该带值的要带值，不带值的不要带。"
    # click says the rest in English only; what the user typed is quoted or in brackets.
    typed = re.search(r"['(](.+?)[')]", error.message)
    shown = f"“{typed[1]}”" if typed else ""
    if "No such command" in error.message:
        return f"没有命令{shown}，可用的有 {'、'.join(sorted(cli.commands))}。"
    return f"多了一个参数{shown}。"


def _parameter_name(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    return str(parameter.metavar)
