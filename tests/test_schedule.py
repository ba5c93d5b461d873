"""What ``selfeval schedule`` prints runs as it is: under cron, in a shell, as units, as XML."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from xml.etree import ElementTree

import pytest
from builders import make_unit
from test_batch import small_notebooks
from test_cli import selfeval

from selfeval.cli import cli
from selfeval.cli.scheduling import (
    _TEXTS,
    WEEK,
    Schedule,
    _powershell,
    crontab_text,
    mail_text,
    shell_text,
    systemd_text,
    windows_text,
)
from selfeval.errors import UsageError

TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
FIVE_FIELDS = re.compile(r"^(?:\S+ ){5}")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one sound unit, in a folder that shells, cron and systemd trip over."""
    root = tmp_path / '自评 \'100%项目 $HOME "2"'
    make_unit(root, settings={"group": "测试局"})
    return root


def printed(*arguments: str, root: Path) -> str:
    """Return what the command prints, here on Linux."""
    run = selfeval("schedule", *arguments, cwd=root)
    assert (run.returncode, run.stderr) == (0, "")
    return run.stdout


def in_shell(line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a line in /bin/sh as cron does: in hardly any environment, from another folder."""
    return subprocess.run(
        ["/bin/sh", "-c", line],
        cwd="/",
        env={"PATH": "/usr/bin:/bin"} | environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def as_cron(text: str) -> subprocess.CompletedProcess[str]:
    """Run the command of a crontab's last line as cron hands it to the shell."""
    command = FIVE_FIELDS.sub("", text.splitlines()[-1])
    return in_shell(re.split(r"(?<!\\)%", command)[0].replace(r"\%", "%"))


def planned(root: Path | str, *program: str, **changed: str) -> Schedule:
    return Schedule(str(root), program or ("selfeval", "run"), "outputs/2021/index.html", **changed)


# --- cron -----------------------------------------------------------------------------------


@pytest.fixture
def cron() -> Iterator[None]:
    """The cron of this machine, running, and the crontab put back as it was."""
    if os.geteuid() != 0 or not shutil.which("cron") or not shutil.which("crontab"):
        message = "no cron that this user may start"
        if os.environ.get("SELFEVAL_REQUIRE_CRON"):
            pytest.fail(message)
        pytest.skip(message)
    before = subprocess.run(["crontab", "-l"], capture_output=True, check=False)
    # One that is running already does the work, and this one ends at once.
    daemon = subprocess.Popen(["cron", "-f"], stderr=subprocess.DEVNULL)
    yield
    daemon.terminate()
    daemon.wait()
    if before.returncode:
        subprocess.run(["crontab", "-r"], capture_output=True, check=False)
    else:
        subprocess.run(["crontab", "-"], input=before.stdout, check=True)


@pytest.mark.cron
def test_cron_runs_the_line_that_is_printed(cron: None, project: Path) -> None:
    small_notebooks(project)
    own = subprocess.run(["crontab", "-l"], capture_output=True, encoding="utf-8", check=False)
    *head, line = printed("T001", "--year", "2021", root=project).splitlines()
    text = "\n".join([own.stdout, *head, FIVE_FIELDS.sub("* * * * * ", line), ""])
    logs = project / "outputs/.log"

    subprocess.run(["crontab", "-"], input=text, encoding="utf-8", check=True)
    for _ in range(6_000):
        told = [path.read_text(encoding="utf-8") for path in logs.glob("*.log")]
        if told and re.search("没有失败|退出码", told[0]):
            break
        time.sleep(0.05)

    assert [one.splitlines()[-1] for one in told] == ["完成 1 个，没有失败。"]
    assert (project / "outputs/2021/T001/record.json").is_file()


def test_a_unit_that_fails_makes_the_line_write_what_is_to_be_mailed(project: Path) -> None:
    make_unit(project, narrative="# 没有的标题\n")

    run = as_cron(printed("--year", "2021", root=project))

    (log,) = (project / "outputs/.log").iterdir()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d-\d{6}-[0-9a-f]{8}\.log", log.name)
    assert (run.returncode, run.stderr) == (3, "")
    assert run.stdout == (
        f"selfeval（退出码3）：有单位未通过，请看 outputs/2021/index.html。日志：{log}\n"
    )
    text = log.read_text(encoding="utf-8")
    assert text.endswith(f"完成 0 个，未通过 1 个：T001。\n{run.stdout}")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (0, ""),
        (1, "程序出错，请交给维护人员"),
        (2, "没有开始，请照日志改正"),
        (3, "有单位未通过，请看 outputs/2021/index.html"),
        (4, "另一批正在运行，这次没有做"),
        (5, "中途停止，请再运行一次"),
        (127, "程序出错，请交给维护人员"),
    ],
)
def test_each_exit_code_is_told_in_one_line_and_handed_on(
    code: int, said: str, project: Path
) -> None:
    program = project / "环境/bin/结束"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\nexit {code}\n")
    program.chmod(0o755)

    run = as_cron(crontab_text(planned(project, str(program), "run")))

    (log,) = (project / "outputs/.log").iterdir()
    told = f"selfeval（退出码{code}）：{said}。日志：{log}\n" if said else ""
    assert (run.returncode, run.stdout, run.stderr) == (code, told, "")
    assert log.read_text(encoding="utf-8") == told


def test_a_project_that_is_gone_is_told(tmp_path: Path) -> None:
    run = in_shell(shell_text(planned(tmp_path / "没有")), log="/")

    assert run.returncode != 0
    assert run.stdout == (f"selfeval（退出码{run.returncode}）：进不了项目文件夹，或建不了日志。\n")


@pytest.mark.parametrize(
    ("on", "fields"),
    [
        ("daily", "5 2 * * *"),
        ("weekdays", "5 2 * * 1-5"),
        ("sunday", "5 2 * * 0"),
        ("saturday", "5 2 * * 6"),
        ("28", "5 2 28 * *"),
    ],
)
def test_the_days_are_cron_s(on: str, fields: str) -> None:
    text = crontab_text(planned("/甲", at="2:05", on=on))

    assert text.splitlines()[-1].startswith(f"{fields} log=; cd '/甲' ")


def test_cron_mails_chinese_to_the_address() -> None:
    lines = crontab_text(planned("/甲", mail="a.b@c.cn")).splitlines()

    assert lines[1:3] == ['MAILTO="a.b@c.cn"', 'CONTENT_TYPE="text/plain; charset=UTF-8"']


# --- systemd --------------------------------------------------------------------------------


def written(text: str, home: Path) -> dict[str, Path]:
    """Return the files that the printed commands write, by their suffix."""
    files, _, rest = text.partition("systemctl --user daemon-reload")
    assert rest.splitlines()[-1] == "loginctl enable-linger"
    run = in_shell(files, HOME=str(home))
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    folder = home / ".config/systemd/user"
    return {path.name.removeprefix("selfeval-")[8:]: path for path in folder.iterdir()}


def started(unit: Path) -> str:
    """Return the line that systemd gives to the shell."""
    (quoted,) = re.findall(r'(?m)^ExecStart=/bin/sh -c "(.*)"$', unit.read_text(encoding="utf-8"))
    unquoted = re.sub(r"\\(.)", r"\1", quoted)
    assert re.findall(r"(?<!%)%(?:%%)*(?!%)|(?<!\$)\$(?:\$\$)*(?!\$)", unquoted) == []
    return unquoted.replace("%%", "%").replace("$$", "$")


@pytest.mark.parametrize("mail", ["", "a@b.cn"])
def test_the_units_are_valid_and_start_the_line_that_cron_would(
    mail: str, project: Path, tmp_path: Path
) -> None:
    options = ["--for", "systemd", "--year", "2021", *(["--mail", mail] if mail else [])]

    units = written(printed(*options, root=project), tmp_path)

    assert sorted(units) == sorted([".service", ".timer", *(["-mail.service"] if mail else [])])
    line = printed("--year", "2021", root=project).splitlines()[-1]
    assert started(units[".service"]) == FIVE_FIELDS.sub("", line).replace(r"\%", "%")
    if shutil.which("systemd-analyze"):
        check = ["systemd-analyze", "--user", "--man=no", "verify", *map(str, units.values())]
        environment = os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)}
        run = subprocess.run(check, env=environment, capture_output=True, encoding="utf-8")
        assert (run.returncode, run.stderr) == (0, "")


def test_a_failed_service_mails_the_last_line_of_its_own_log(project: Path, tmp_path: Path) -> None:
    schedule = planned(project, "/bin/false", mail="a@b.cn")
    told = in_shell(shell_text(schedule)).stdout
    (project / "outputs/.log/2099-01-01-000000-ffffffff.log").write_text("别的\n")
    post = tmp_path / "bin/sendmail"
    post.parent.mkdir()
    post.write_text('#!/bin/sh\ncat > "$SENT-$1"\n')
    post.chmod(0o755)
    unit = written(systemd_text(schedule), tmp_path)["-mail.service"]

    assert started(unit) == mail_text(schedule)
    run = in_shell(started(unit), PATH=f"{post.parent}:/usr/bin:/bin", SENT=str(tmp_path / "sent"))

    assert (run.returncode, run.stderr) == (0, "")
    message = message_from_bytes((tmp_path / "sent-a@b.cn").read_bytes(), policy=policy.default)
    assert (message["To"], message["Subject"]) == ("a@b.cn", "selfeval 定时运行没有成功")
    assert message.get_content() == f"定时运行没有成功：{project}\n{told}"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("on", "calendar"),
    [
        ("daily", "*-*-* 02:05:00"),
        ("weekdays", "Mon..Fri *-*-* 02:05:00"),
        *((day, f"{day[:3].title()} *-*-* 02:05:00") for day in WEEK),
        ("1", "*-*-01 02:05:00"),
    ],
)
def test_the_days_are_systemd_s(on: str, calendar: str) -> None:
    assert f"\nOnCalendar={calendar}\n" in systemd_text(planned("/甲", at="2:05", on=on))
    if shutil.which("systemd-analyze"):
        subprocess.run(["systemd-analyze", "calendar", calendar], capture_output=True, check=True)


# --- Windows --------------------------------------------------------------------------------


def task_of(schedule: Schedule) -> ElementTree.Element:
    text = windows_text(schedule)
    (xml,) = re.findall(r"(?ms)^Register-ScheduledTask .* -Xml @'\n(.*)\n'@$", text)
    return ElementTree.fromstring(xml)


@pytest.mark.parametrize(
    ("on", "days"),
    [
        ("daily", ["ScheduleByDay", "DaysInterval"]),
        ("sunday", ["ScheduleByWeek", "WeeksInterval", "DaysOfWeek", "Sunday"]),
        (
            "weekdays",
            ["ScheduleByWeek", "WeeksInterval", "DaysOfWeek", *map(str.title, WEEK[1:6])],
        ),
    ],
)
def test_the_task_is_xml_with_the_time_and_days(on: str, days: list[str]) -> None:
    trigger = task_of(planned(r"D:\甲<&乙", at="2:05", on=on)).find(f".//{TASK}CalendarTrigger")

    assert trigger is not None
    start, when = trigger
    assert start.text == "2020-01-01T02:05:00"
    assert [element.tag.removeprefix(TASK) for element in when.iter()] == days


def test_a_day_of_the_month_is_one_of_all_twelve() -> None:
    task = task_of(planned(r"D:\甲", on="5"))

    assert task.findtext(f".//{TASK}Day") == "5"
    assert len(task.findall(f".//{TASK}Months/")) == 12


def test_the_task_starts_the_program_with_its_arguments() -> None:
    root, program = r"D:\自评 <100%项目>", r"D:\自评 'x'\Scripts\selfeval.exe"
    schedule = planned(root, program, "run", "--group", "测试 局")

    arguments = task_of(schedule).findtext(f".//{TASK}Arguments")

    assert arguments
    assert "%" not in arguments
    assert "$(" not in arguments  # a variable of the task scheduler
    assert "Set-Location -LiteralPath ('D:\\自评 <100'+[char]37+'项目>'); " in arguments
    assert r"-FilePath 'D:\自评 ''x''\Scripts\selfeval.exe' " in arguments
    assert r"""-ArgumentList 'run --group \"测试 局\"' """ in arguments
    assert " 3 {'有单位未通过，请看 outputs/2021/index.html'} " in arguments


def test_quotes_of_powershell_are_doubled_chinese_ones_too() -> None:
    assert _powershell("‘甲’'乙'") == "'‘‘甲’’''乙'''"


# --- the command ----------------------------------------------------------------------------


def test_what_run_is_asked_for_is_passed_on(project: Path) -> None:
    small_notebooks(project)
    units = ["T001", "2021/T001", "--year", "2021", "--group", "测试局", "--final"]

    line = printed(*units, root=project / "params").splitlines()[-1]
    own = project / "notebooks/专题.ipynb"
    own.write_bytes((project / "notebooks/report.ipynb").read_bytes())
    noted = printed("--notebook", str(own), "--year", "2021", root=project).splitlines()[-1]

    make_unit(project, settings={"unit_code": "T002"})
    alone = printed("--group", "", root=project).splitlines()[-1]

    [whole] = re.findall(r"PYTHONUTF8=1 (.*) >\"\$log\"", line)
    command, _, *arguments = shlex.split(whole)
    assert Path(command).is_absolute()
    assert os.access(command, os.X_OK)
    passed = ["T001", "params/2021/T001", *units[2:]]
    assert arguments == passed
    assert cli.commands["run"].make_context("run", passed).params["group"] == "测试局"
    assert " run --year 2021 --notebook 'notebooks/专题.ipynb' >" in noted
    assert "请看 outputs/专题/2021/index.html" in noted
    assert " run --group '' >" in alone


def test_two_schedules_have_two_names_and_one_at_another_time_has_one() -> None:
    one, other = planned("/甲"), planned("/甲", "selfeval", "run", "--final")

    assert one.name != other.name
    assert one.name == planned("/甲", at="3:00", on="monday").name


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--at", "24:00"], "--at：“24:00”不是时刻。请写成 02:30 这样，从 00:00 到 23:59。"),
        (["--at", "2点"], "--at：“2点”不是时刻。"),
        (["--on", "29"], "可以写 daily、weekdays、monday 至 sunday，或 1 至 28。"),
        (["--on", "周一"], "--on：“周一”不是日子。"),
        (["--for", "at"], "--for：没有“at”。可以写 cron、systemd、windows。"),
        (["--for", "windows"], "--for：这台电脑不用 windows，路径不会对。"),
        (["--mail", 'a@b" x'], "--mail：“a@b\" x”不是一个邮件地址。"),
        (["--notebook", "没有.ipynb"], "“没有.ipynb”：没有这个笔记本。"),
        (["T002"], "“T002”：2021年度没有这个单位。"),
        (["--year", "2020"], "没有2020年度的单位"),
        (["--group", "别的局"], "“别的局”：没有这个主管部门的单位（现有：测试局）。"),
    ],
)  # fmt: skip
def test_what_cannot_be_scheduled_is_refused_in_one_sentence(
    arguments: list[str], message: str, project: Path
) -> None:
    run = selfeval("schedule", *arguments, cwd=project)

    assert (run.returncode, run.stdout) == (2, "")
    assert message in run.stderr
    assert len(run.stderr.splitlines()) == 1


def test_mail_is_refused_on_windows(monkeypatch: pytest.MonkeyPatch, project: Path) -> None:
    monkeypatch.setattr("selfeval.cli.scheduling.sys.platform", "win32")

    run = selfeval("schedule", "--for", "windows", "--mail", "a@b.cn", cwd=project)

    assert (run.returncode, run.stdout) == (2, "")
    assert "--mail：Windows 的任务计划程序不发邮件。" in run.stderr


@pytest.mark.parametrize(
    ("folder", "message"),
    [
        ("甲\n乙", "含有不能打印的字符"),
        ("甲\\乙", "路径里有“\\”，写不进 crontab。"),
        ("/".join(["很长的名称" * 10] * 3), "cron 最多只收 998 个"),
    ],
)
def test_a_folder_that_a_crontab_cannot_hold_is_refused(
    folder: str, message: str, tmp_path: Path
) -> None:
    make_unit(tmp_path / folder)

    run = selfeval("schedule", cwd=tmp_path / folder)

    assert (run.returncode, run.stdout) == (2, "")
    assert message in run.stderr


def test_the_longest_line_is_the_longest_that_crontab_takes(tmp_path: Path) -> None:
    def line(more: int) -> str:
        return crontab_text(planned(f"/甲{'x' * more}"))

    most = 998 - len(FIVE_FIELDS.sub("", line(0).splitlines()[-1]).encode())

    with pytest.raises(UsageError, match="这一行有 999 个字节"):
        line(most + 1)
    if shutil.which("crontab"):
        table = tmp_path / "表"
        for more, code in ((0, 0), (1, 1)):
            table.write_text(line(most).rstrip() + more * "x" + "\n", encoding="utf-8")
            run = subprocess.run(["crontab", "-n", table], capture_output=True, check=False)
            assert run.returncode == code


def test_every_system_is_named_in_the_help(tmp_path: Path) -> None:
    shown = selfeval("schedule", "--help", cwd=tmp_path).stdout

    assert [name for name in _TEXTS if name not in shown] == []
