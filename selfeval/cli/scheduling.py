"""The command that prints a schedule: a crontab line, a systemd timer or a Windows task."""

from __future__ import annotations

import hashlib
import re
import shlex
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ..errors import UsageError
from .group import (
    LOCKED,
    REFUSED,
    SOME_FAILED,
    STOPPED,
    cli,
    group_option,
    help_option,
    notebook_option,
    unit_argument,
    wanted_units,
    year_option,
)

if TYPE_CHECKING:
    from ..project import Project

LOGS: Final = "outputs/.log"
"""Where each scheduled run leaves a log, from the project's folder."""
WEEK: Final = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_LAST_DAY = 28  # every month has it
_CRON_BYTES = 998
_TIME = re.compile(r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9]")
_ADDRESS = re.compile(r"[A-Za-z0-9._+-]+(?:@[A-Za-z0-9.-]+)?")
_NEVER_PRINTED = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True)
class Schedule:
    """A command that runs in a project's folder, when it does, and who is told if it fails.

    ``at`` is a time, ``02:30``; ``on`` is ``daily``, ``weekdays``, a day of WEEK, or a day of
    the month. ``index`` is the page that tells which units failed.
    """

    root: str
    command: tuple[str, ...]
    index: str
    at: str = "02:30"
    on: str = "daily"
    mail: str | None = None

    @property
    def key(self) -> str:
        """What tells this schedule from the machine's others, whenever it runs."""
        told = "\0".join((self.root, *self.command))
        return hashlib.sha256(told.encode()).hexdigest()[:8]

    @property
    def name(self) -> str:
        """The name of its timer or task."""
        return f"selfeval-{self.key}"

    @property
    def clock(self) -> tuple[int, int]:
        """Its hour and minute."""
        hour, minute = self.at.split(":")
        return int(hour), int(minute)

    @property
    def outcomes(self) -> dict[str, str]:
        """What a failed run means and what to do, by its exit code; "" is any other code."""
        return {
            str(REFUSED): "没有开始，请照日志改正",
            str(SOME_FAILED): f"有单位未通过，请看 {self.index}",
            str(LOCKED): "另一批正在运行，这次没有做",
            str(STOPPED): "中途停止，请再运行一次",
            "": "程序出错，请交给维护人员",
        }


@cli.command()
@unit_argument
@year_option
@group_option
@notebook_option
@click.option("--final", is_flag=True, help="定稿，同 run 的 --final。")
@click.option("--at", default="02:30", metavar="时刻", help="几点几分运行，默认 02:30。")
@click.option(
    "--on",
    default="daily",
    metavar="日子",
    help="哪些天运行：daily 每天（默认）、weekdays 周一至周五、monday 至 sunday 每周这一天、"
    "1 至 28 每月这一天。",
)
@click.option(
    "--for",
    "system",
    default="windows" if sys.platform == "win32" else "cron",
    metavar="系统",
    help="用什么定时：cron、systemd 或 windows；Windows 上默认 windows，其余默认 cron。",
)
@click.option("--mail", metavar="地址", help="没有成功时发邮件到这个地址（cron、systemd）。")
@help_option
@click.pass_obj
def schedule(
    root: str,
    units: tuple[str, ...],
    year: int | None,
    group: str | None,
    notebook: str | None,
    final: bool,
    at: str,
    on: str,
    system: str,
    mail: str | None,
) -> None:
    """打印定时运行 selfeval run 的设置，供粘贴；只打印，不改动这台电脑。

    每次运行的日志在 outputs/.log，一次一个文件。没有成功的，写明退出码、怎么办、日志在哪里。
    """
    _require_time(at, on)
    _require_system(system, mail)
    project, _ = wanted_units(root, units, year, group, notebook)
    arguments = [_from_project(unit) for unit in units]
    if year is not None:
        arguments += ["--year", str(year)]
    if group is not None:
        arguments += ["--group", group]
    if project.notebook is not None:
        arguments += ["--notebook", _place_of(project.notebook, project)]
    if final:
        arguments += ["--final"]
    planned = Schedule(
        root=str(project.root),
        command=(*_program(), "run", *arguments),
        index=f"{project.outputs.relative_to(project.root).as_posix()}/{year or '年度'}/index.html",
        at=at,
        on=on,
        mail=mail,
    )
    for text in (planned.root, *planned.command):
        if _NEVER_PRINTED.search(text):
            raise UsageError(repr(text), "含有不能打印的字符，写不进定时任务。", "请改名后再试。")
    click.echo(_TEXTS[system](planned), nl=False)


def _require_time(at: str, on: str) -> None:
    if not _TIME.fullmatch(at):
        raise UsageError("--at", f"“{at}”不是时刻。", "请写成 02:30 这样，从 00:00 到 23:59。")
    if on not in ("daily", "weekdays", *WEEK, *map(str, range(1, _LAST_DAY + 1))):
        raise UsageError(
            "--on",
            f"“{on}”不是日子。",
            f"可以写 daily、weekdays、monday 至 sunday，或 1 至 {_LAST_DAY}。",
        )


def _require_system(system: str, mail: str | None) -> None:
    if system not in _TEXTS:
        raise UsageError("--for", f"没有“{system}”。", f"可以写 {'、'.join(_TEXTS)}。")
    if (system == "windows") != (sys.platform == "win32"):
        raise UsageError(
            "--for", f"这台电脑不用 {system}，路径不会对。", "请在要定时运行的电脑上用这条命令。"
        )
    if mail is not None and system == "windows":
        raise UsageError(
            "--mail", "Windows 的任务计划程序不发邮件。", f"请去掉 --mail，结果看 {LOGS} 里的日志。"
        )
    if mail is not None and not _ADDRESS.fullmatch(mail):
        raise UsageError(
            "--mail", f"“{mail}”不是一个邮件地址。", "请写成 cwk@example.gov.cn 这样。"
        )


def _program() -> list[str]:
    """Return the command of the running environment, by its absolute path."""
    script = "selfeval.exe" if sys.platform == "win32" else "selfeval"
    command = Path(sysconfig.get_path("scripts"), script)
    if command.is_file():
        return [str(command)]
    return [sys.executable, "-P", "-c", "from selfeval.cli import main; main()"]


def _from_project(unit: str) -> str:
    """Return a unit as it is named from the project's folder: a code, or its folder's path."""
    from ..unit import CODE_PATTERN

    if re.fullmatch(CODE_PATTERN, unit):
        return unit
    folder = Path(unit).absolute()
    return f"params/{folder.parent.name}/{folder.name}"


def _place_of(notebook: Path, project: Project) -> str:
    """Return the path of a notebook, from the project's folder where it lies in it."""
    inside = notebook.is_relative_to(project.root)
    return (notebook.relative_to(project.root) if inside else notebook).as_posix()


# --- POSIX ----------------------------------------------------------------------------------


def shell_text(planned: Schedule) -> str:
    """Return the run as one line for any POSIX shell, which says nothing if all is good.

    On failure it writes one Chinese line, which is also the last one of the log, and ends with
    the exit code of the run. It is short: see crontab_text.
    """
    known = planned.outcomes
    known |= {"''": "进不了项目文件夹，或建不了日志", "*": known.pop("")}
    cases = " ".join(f"{code}) m={shlex.quote(text)};;" for code, text in known.items())
    log = f"$PWD/{LOGS}/$(date +%F-%H%M%S)-{planned.key}.log"
    program, *arguments = planned.command
    called = shlex.quote(program)
    if Path(program).is_relative_to(planned.root):
        called = f'"$PWD"/{shlex.quote(str(Path(program).relative_to(planned.root)))}'
    # Braces: to some shells a Chinese character may belong to the name of a variable.
    told = "selfeval（退出码${c}）：${m}。${log:+日志：$log}"
    return (
        f"log=; cd {shlex.quote(planned.root)} && mkdir -p {LOGS} && log={log} && "
        f'PYTHONUTF8=1 {called} {shlex.join(arguments)} >"$log" 2>&1; '
        f"c=$?; case ${{log:+$c}} in 0) exit;; {cases} esac; "
        f'echo "{told}" | tee -a "${{log:-/dev/null}}"; exit $c'
    )


def crontab_text(planned: Schedule) -> str:
    """Return lines for a crontab. cron mails what the command writes, so only failures are.

    Raises
    ------
    UsageError
        If a crontab cannot hold the line.
    """
    command = shell_text(planned).replace("%", r"\%")
    if "\\" in "".join((planned.root, *planned.command)):
        raise UsageError(planned.root, "路径里有“\\”，写不进 crontab。", "请改名后再试。")
    if len(command.encode()) > _CRON_BYTES:
        raise UsageError(
            "",
            f"这一行有 {len(command.encode())} 个字节，cron 最多只收 {_CRON_BYTES} 个。",
            "请用 --group 代替逐个写单位，把项目移到短一些的路径，或者用 --for systemd。",
        )
    hour, minute = planned.clock
    if planned.on.isdigit():
        days = f"{planned.on} * *"
    else:
        known = {"daily": "*", "weekdays": "1-5"}
        days = f"* * {known[planned.on] if planned.on in known else WEEK.index(planned.on)}"
    mailed = [f'MAILTO="{planned.mail}"'] if planned.mail else []
    return _lines(
        "# 运行 crontab -e，把下面各行粘贴到文件末尾；要停用，删去这些行。",
        *mailed,
        'CONTENT_TYPE="text/plain; charset=UTF-8"',
        f"{minute} {hour} {days} {command}",
    )


def systemd_text(planned: Schedule) -> str:
    """Return shell commands that write a user's service and timer, and start the timer."""
    hour, minute = planned.clock
    days = {"daily": "*-*-*", "weekdays": "Mon..Fri *-*-*"}
    days |= {day: f"{day[:3].title()} *-*-*" for day in WEEK}
    date = f"*-*-{planned.on:0>2}" if planned.on.isdigit() else days[planned.on]
    told = f"Description=selfeval {_percent(planned.root)}"
    name, mail = planned.name, f"{planned.name}-mail.service"
    units = {
        f"{name}.service": [
            "[Unit]",
            told,
            *([f"OnFailure={mail}"] if planned.mail else []),
            "[Service]",
            "Type=oneshot",
            f"ExecStart=/bin/sh -c {_unit_quoted(shell_text(planned))}",
        ],
        f"{name}.timer": [
            "[Unit]",
            told,
            "[Timer]",
            f"OnCalendar={date} {hour:02}:{minute:02}:00",
            "Persistent=true",
            "[Install]",
            "WantedBy=timers.target",
        ],
    }
    if planned.mail:
        script = mail_text(planned)
        start = f"ExecStart=/bin/sh -c {_unit_quoted(script)}"
        units[mail] = ["[Unit]", told, "[Service]", "Type=oneshot", start]
    folder = "~/.config/systemd/user"
    written = [
        line
        for file, lines in units.items()
        for line in (f"cat > {folder}/{file} <<'END'", *lines, "END")
    ]
    return _lines(
        "# 把下面各行全部粘贴到终端。注销以后也要运行的，最后一行不能少。",
        f"# 要停用：systemctl --user disable --now {name}.timer",
        f"mkdir -p {folder}",
        *written,
        f"systemctl --user daemon-reload && systemctl --user enable --now {name}.timer",
        "loginctl enable-linger",
    )


def mail_text(planned: Schedule) -> str:
    """Return a line for any POSIX shell that mails the last line of the schedule's last log."""
    from email.header import Header

    said = [
        f"To: {planned.mail}",
        f"Subject: {Header('selfeval 定时运行没有成功', 'utf-8').encode()}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        f"定时运行没有成功：{planned.root}",
    ]
    return (
        f"cd {shlex.quote(planned.root)}; {{ printf '%s\\n' {shlex.join(said)}; "
        f'tail -n 1 "$(ls -t {LOGS}/*-{planned.key}.log | head -n 1)"; }} '
        f'| PATH="$PATH:/usr/sbin:/usr/lib" sendmail {planned.mail}'
    )


def _unit_quoted(text: str) -> str:
    """Return an argument of ExecStart: quoted, and safe from specifiers and variables."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{_percent(escaped)}"'


def _percent(text: str) -> str:
    return text.replace("%", "%%")


# --- Windows --------------------------------------------------------------------------------


def windows_text(planned: Schedule) -> str:
    """Return PowerShell commands that register a task, told as XML in the command itself.

    Chinese paths never pass through a file, whose encoding schtasks and cmd would guess.
    """
    from xml.sax.saxutils import escape

    hour, minute = planned.clock
    arguments = ["-NoProfile", "-WindowStyle", "Hidden", "-Command", powershell_text(planned)]
    return _lines(
        "# 打开 PowerShell，把下面各行全部粘贴进去，按回车。登录着的时候才运行；要不登录也运行，",
        "# 打开“任务计划程序”，在这个任务的属性里选“不管用户是否登录都要运行”。",
        f"# 要停用：Unregister-ScheduledTask -TaskName '{planned.name}'",
        f"Register-ScheduledTask -Force -TaskName '{planned.name}' -Xml @'",
        '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
        f"  <RegistrationInfo><Description>{escape(planned.root)}</Description></RegistrationInfo>",
        "  <Triggers><CalendarTrigger>",
        f"    <StartBoundary>2020-01-01T{hour:02}:{minute:02}:00</StartBoundary>",
        f"    {_windows_days(planned.on)}",
        "  </CalendarTrigger></Triggers>",
        "  <Settings>",
        "    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>",
        "    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>",
        "    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>",
        "    <StartWhenAvailable>true</StartWhenAvailable>",
        "    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>",
        "  </Settings>",
        "  <Actions><Exec>",
        "    <Command>powershell.exe</Command>",
        f"    <Arguments>{escape(subprocess.list2cmdline(arguments))}</Arguments>",
        "  </Exec></Actions>",
        "</Task>",
        "'@",
    )


def powershell_text(planned: Schedule) -> str:
    """Return the run for PowerShell 5 or newer: the log in UTF-8, the exit code of the run."""
    known = planned.outcomes
    default = known.pop("")
    cases = " ".join(f"{code} {{{_powershell(text)}}}" for code, text in known.items())
    folder = LOGS.replace("/", "\\")
    program, *arguments = planned.command
    return "; ".join(
        [
            "$ErrorActionPreference = 'Stop'",
            f"Set-Location -LiteralPath {_powershell(planned.root)}",
            f"$null = New-Item -ItemType Directory -Force -Path '{folder}'",
            f"$log = '{folder}\\' + (Get-Date -Format 'yyyy-MM-dd-HHmmss') + '-{planned.key}.log'",
            "$env:PYTHONUTF8 = '1'",
            # It writes both streams as they are; PowerShell's own > would decode them.
            f"$run = Start-Process -FilePath {_powershell(program)} -ArgumentList "
            f"{_powershell(subprocess.list2cmdline(arguments))} -NoNewWindow -Wait -PassThru "
            "-RedirectStandardOutput $log -RedirectStandardError ($log + '.err')",
            f"$told = switch ($run.ExitCode) {{0 {{''}} {cases} "
            f"default {{{_powershell(default)}}}}}",
            "if ($told) {Add-Content -LiteralPath $log -Encoding UTF8 -Value "
            "('selfeval（退出码 ' + $run.ExitCode + '）：' + $told + '。')}",
            "exit $run.ExitCode",
        ]
    )


def _windows_days(on: str) -> str:
    if on == "daily":
        return "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>"
    if on.isdigit():
        months = _elements(_MONTHS)
        return (
            f"<ScheduleByMonth><DaysOfMonth><Day>{on}</Day></DaysOfMonth>"
            f"<Months>{months}</Months></ScheduleByMonth>"
        )
    days = _elements(day.title() for day in (WEEK[1:6] if on == "weekdays" else [on]))
    return (
        "<ScheduleByWeek><WeeksInterval>1</WeeksInterval>"
        f"<DaysOfWeek>{days}</DaysOfWeek></ScheduleByWeek>"
    )


def _elements(names: Iterable[str]) -> str:
    return "".join(f"<{name} />" for name in names)


def _powershell(text: str) -> str:
    """Return a string of PowerShell, to which Chinese quotes are quotes too.

    The task scheduler would take %NAME% for a variable of the environment.
    """
    doubled = re.sub("(['‘’‚‛])", r"\1\1", text)
    return "('" + doubled.replace("%", "'+[char]37+'") + "')" if "%" in text else f"'{doubled}'"


def _lines(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


_TEXTS: dict[str, Callable[[Schedule], str]] = {
    "cron": crontab_text,
    "systemd": systemd_text,
    "windows": windows_text,
}
"""What is printed for each system."""
