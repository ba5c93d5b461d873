"""The command as a user meets it: its two streams and its exit code, and once as a process."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path

import pytest
from builders import FORM, PROJECTS, make_folder, make_unit
from click.testing import CliRunner
from conftest import ROOT, Samples, copy_project

from selfeval.checks import RULES
from selfeval.cli import cli, main
from selfeval.evaluation import Evaluation
from selfeval.evaluation.finding import Verdict
from selfeval.tables.own_form.workbook import write_form
from selfeval.unit.hashes import RecordedHash, load_recorded

COMMAND = str(Path(sys.executable).with_name("selfeval"))
KEYS = {"unit_code", "fiscal_year", "code", "outcome", "severity", "message", "places"}
NOT_SUCCESS = ("没有失败", "已新建", "report.html")


Run = subprocess.CompletedProcess[str]


def selfeval(*arguments: str | Path, cwd: Path) -> Run:
    """Run the command in this process."""
    typed = ["selfeval", *map(str, arguments)]
    with (
        chdir(cwd),
        CliRunner().isolation() as (out, err, _),
        pytest.MonkeyPatch.context() as patched,
    ):
        patched.setattr(sys, "argv", typed)
        with pytest.raises(SystemExit) as ended:
            main()
        sys.stdout.flush()
        sys.stderr.flush()
        said, told = (stream.getvalue().decode("utf-8") for stream in (out, err))
    return Run(typed, int(ended.value.code or 0), said, told)


def process(*arguments: str | Path, cwd: Path, **environment: str) -> Run:
    """Run the command as a process of its own."""
    return subprocess.run(
        [COMMAND, *arguments],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one sound unit, in a folder with Chinese characters and a space."""
    root = tmp_path / "自评 项目"
    make_unit(root)
    return root


# --- a process of its own --------------------------------------------------------------------

PROCESSES = [
    ("annex", 0, "T001 已生成表格 3 份\n"),
    ("check", 1, "T001 测试单位 2021年度\n"),
    ("evidence", 0, "T001 测试单位 2021年度\n"),
    ("layouts", 0, "params/schemes/layouts/official/budget.yaml\n"),
    ("list", 0, "2021/T001 测试单位\n共 1 个单位。\n"),
    ("new T002 --year 2021 --name 测试局", 0, "已新建 params/2021/T002。接下来：\n"),
    ("retry", 0, "没有上次未通过的单位。\n"),
    ("rules", 0, "SUM-01 基本支出合计等于人员经费加公用经费"),
    ("schedule", 0, "# 运行 crontab -e，"),
    ("score", 0, "T001 测试单位 2021年度\n"),
    ("status", 0, "2021/T001 还没有报告 测试单位\n"),
    ("text", 0, "T001 测试单位 2021年度\n"),
    ("tables params/2021/T001/填报.xlsx", 0, "params/2021/T001/填报.xlsx\n"),
]
"""Commands, their exit codes and what they print at first; ``run`` and ``verify`` are tried as
processes below, where there are pages."""


@pytest.mark.parametrize(("command", "code", "begins"), PROCESSES)
def test_a_command_is_a_process_with_a_code_and_prints_utf_8(
    command: str, code: int, begins: str, project: Path
) -> None:
    run = process(*command.split(), cwd=project)

    assert (run.returncode, run.stderr) == (code, "")
    assert run.stdout.startswith(begins)


def test_each_command_is_tried_as_a_process() -> None:
    assert {command.split()[0] for command, *_ in PROCESSES} | {"run", "verify"} == set(
        cli.commands
    )


# --- help and start-up ----------------------------------------------------------------------


@pytest.mark.parametrize("command", ["", "run", "check", "evidence", "new", "rules", "verify"])
def test_the_help_is_in_chinese(command: str, tmp_path: Path) -> None:
    shown = selfeval(*command.split(), "--help", cwd=tmp_path)

    assert shown.returncode == 0
    assert shown.stdout.startswith("用法：selfeval")
    assert "选项：" in shown.stdout
    assert not {"Usage", "Options", "Commands", "Show this"} & set(shown.stdout.split())


def imported(code: str, cwd: Path) -> set[str]:
    script = f"import sys\nsys.argv = {['selfeval', *code.split()]!r}\n" + (
        "from selfeval.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    print()\n    print(*sys.modules)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=cwd, capture_output=True, encoding="utf-8", check=True
    )
    return set(run.stdout.splitlines()[-1].split())


HEAVY = {"pandas", "numpy", "papermill", "nbformat", "nbconvert", "jsonschema", "matplotlib"}


@pytest.mark.parametrize(
    ("arguments", "without"),
    [
        ("--help", HEAVY | {"pydantic", "xlsxwriter"}),
        ("run --help", HEAVY | {"pydantic", "xlsxwriter"}),
        ("run --nonsense", HEAVY | {"pydantic", "xlsxwriter"}),
        ("check", {"papermill", "nbformat", "nbconvert", "jsonschema", "IPython", "zmq"}),
        ("rules", HEAVY),
    ],
)
def test_a_command_imports_only_what_it_needs(
    arguments: str, without: set[str], project: Path
) -> None:
    modules = imported(arguments, project)

    assert "selfeval.cli" in modules
    assert modules & without == set()


# --- what is wrong is said once, in Chinese --------------------------------------------------


def assert_refused(run: Run, code: int, message: str) -> None:
    assert run.returncode == code, run.stderr
    assert message in run.stderr + run.stdout
    assert "Traceback" not in run.stderr + run.stdout
    assert not [word for word in NOT_SUCCESS if word in run.stdout]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["frobnicate"],
            "没有命令“frobnicate”，可用的有 annex、check、evidence、layouts、list、new、retry、"
            "rules、run、schedule、score、status、tables、text、verify。",
        ),
        (["run", "--yeer", "2021"], "没有选项“--yeer”。是不是“--year”？"),
        (["run", "--year"], "选项“--year”的写法不对"),
        (["run", "--final=1"], "选项“--final”的写法不对"),
        (["run", "--year", "今年"], "“--year”的值不对，应是整数。"),
        (["run", "--year", "1999"], "没有1999年度的单位（现有年度：2021）"),
        (["run", "T0001"], "没有这个单位。是不是“T001”？"),
        (["run", "../x"], "不是单位代码，也不是 params 里的单位文件夹。"),
        (["run", "/etc"], "不是单位代码，也不是 params 里的单位文件夹。"),
        (["check", "T0001"], "没有这个单位。是不是“T001”？"),
        (["new", "--year", "2021"], "缺少“单位代码”。"),
        (["new", "A1", "--year", "2021"], "缺少“--name”。"),
        (["new", "A1", "--name", "测试局", "--year", "2021", "x"], "多了一个参数“x”。"),
        (["new", "CON", "--name", "测试局", "--year", "2021"], "单位代码“CON”"),
        (["new", "T001", "--name", "测试局", "--year", "2021"], "已经存在，没有改动。"),
        (["new", "A1", "--name", "局\udc80", "--year", "2021"], "看不见的字符"),
        (["evidence", "--date", "2022-04-20"], "--date：只能与 --record 一起用。"),
        (["evidence", "--record", "--date", "4月"], "--date：“4月”不是日期。"),
        (["verify"], "缺少“报告.html或文件夹...”。"),
        (["verify", "no.html"], "no.html：文件打不开"),
        (["--project", "没有", "run"], "“没有”：没有这个文件夹。"),
        (["--project", "params/2021/T001/unit.yaml", "run"], "没有这个文件夹。"),
        (["--project", "/", "run"], "这里不是 selfeval 项目"),
    ],
    ids=" ".join,
)
def test_a_wrong_command_is_answered_in_chinese_with_code_2_and_nothing_is_made(
    arguments: list[str], message: str, project: Path
) -> None:
    arguments = [os.fsdecode(os.fsencode(argument)) for argument in arguments]

    run = selfeval(*arguments, cwd=project)

    assert_refused(run, 2, message)
    assert run.stdout == ""
    assert len(run.stderr.splitlines()) == 1
    assert not (project / "outputs").exists()


def test_without_a_command_the_help_is_shown_and_the_code_is_2(tmp_path: Path) -> None:
    run = selfeval(cwd=tmp_path)

    assert run.returncode == 2
    assert run.stdout.startswith("用法：selfeval")


def no_units(root: Path) -> None:
    shutil.rmtree(root / "params/2021")


def no_params(root: Path) -> None:
    shutil.rmtree(root / "params")


def outputs_is_a_file(root: Path) -> None:
    (root / "outputs").write_text("")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (no_units, "还没有任何单位。请用 selfeval new 新建一个。"),
        (no_params, "这里不是 selfeval 项目"),
        (outputs_is_a_file, "outputs：文件读写失败"),
    ],
)
def test_a_wrong_project_is_answered_in_chinese_with_code_2(
    spoil: Callable[[Path], None], message: str, project: Path
) -> None:
    spoil(project)

    assert_refused(selfeval("run", cwd=project), 2, message)


def wrong_heading(folder: Path) -> None:
    (folder / "narrative.md").write_text("# 基本情况概述\n", encoding="utf-8")


def text_in_an_amount(folder: Path) -> None:
    rows = {"projects": [PROJECTS[0] | {"executed": "四十"}]}
    write_form(folder / "填报.xlsx", FORM, "测试", rows)


def empty_table(folder: Path) -> None:
    (folder / "填报.xlsx").write_bytes(b"")


def wrong_encoding(folder: Path) -> None:
    (folder / "narrative.md").write_bytes("# 一、部门\n".encode("gb18030"))


def no_unit_file(folder: Path) -> None:
    (folder / "unit.yaml").unlink()


def no_table(folder: Path) -> None:
    (folder / "填报.xlsx").unlink()


def no_yaml(folder: Path) -> None:
    (folder / "unit.yaml").write_text("unit_code: [T001\n", encoding="utf-8")


def not_a_name(folder: Path) -> None:
    folder.rename(folder.with_name("单位"))


BAD_UNITS = [
    (wrong_heading, "提纲里没有标题“基本情况概述”"),
    (text_in_an_amount, "“四十”"),
    (empty_table, "填报.xlsx：是空文件"),
    (wrong_encoding, "narrative.md：文件不是 UTF-8 编码"),
    (no_unit_file, "文件夹里没有 unit.yaml"),
    (no_table, "文件夹里没有表格"),
    (no_yaml, "不是正确的 YAML"),
    (not_a_name, "文件夹名是“单位”"),
]


@pytest.mark.parametrize(("spoil", "message"), BAD_UNITS)
@pytest.mark.parametrize("command", ["run", "check"])
def test_a_bad_unit_is_answered_in_chinese_with_code_3(
    command: str, spoil: Callable[[Path], None], message: str, project: Path
) -> None:
    spoil(project / "params/2021/T001")

    run = selfeval(command, cwd=project)

    assert_refused(run, 3, message)
    assert list(project.rglob("*.html")) == [
        path for path in project.rglob("*.html") if path.name in {"index.html", "rules.html"}
    ]


# Root may read everything; it becomes nobody for this, once all is imported.
AS_NOBODY = """\
import os
import encodings.utf_8_sig, selfeval.run.batch, selfeval.evaluation
from selfeval.cli import main
if os.getuid() == 0:
    os.setgroups([])
    os.setuid(65534)
main()
"""


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A project that another user may enter; pytest's own folders are closed to others."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        make_unit(root)
        for path in (root, *root.rglob("*")):
            path.chmod(0o755)
        yield root


@pytest.mark.parametrize(
    "closed", ["params/2021/T001", "params/2021/T001/填报.xlsx", "params/2021"]
)
def test_what_may_not_be_read_is_named_without_a_traceback(closed: str, open_to_all: Path) -> None:
    (open_to_all / closed).chmod(0)

    run = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, "check"],
        cwd=open_to_all,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    (open_to_all / closed).chmod(0o755)

    assert run.returncode in {2, 3}
    assert "没有权限" in run.stderr
    assert Path(closed).name in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""


# --- evidence -------------------------------------------------------------------------------


@pytest.fixture
def ledger(project: Path) -> Path:
    """The folder of evidence of a unit whose ledger names two files and paper; one is there."""
    fields = {"weight": 50, "indicator_family": "产出指标", "indicator_aspect": "数量指标"}
    indicator = fields | {"indicator_name": "培训场次", "comparison": "≥", "target_value": "20"}
    rows = [
        {"indicator_name": "培训场次", "material": "签到表", "evidence_file": name}
        for name in ("甲.txt", "乙.txt", "")
    ]
    folder = make_unit(project, indicators=[indicator], evidence=rows) / "evidence"
    folder.mkdir()
    (folder / "甲.txt").write_bytes(b"1")
    return folder


def test_evidence_lists_the_ledger_and_exits_with_1_where_a_file_is_missing(
    ledger: Path, project: Path
) -> None:
    (ledger / "丙.txt").write_bytes(b"3")

    run = selfeval("evidence", cwd=project)

    assert (run.returncode, run.stderr) == (1, "")
    assert run.stdout == (
        "T001 测试单位 2021年度\n"
        "  未记校验值 培训场次：签到表  甲.txt（1字节）  6b86b273ff34\n"
        "  缺文件 培训场次：签到表  乙.txt\n"
        "  纸质材料 培训场次：签到表\n"
        "  台账没有写到的文件：丙.txt\n"
        "  台账共3份材料：缺文件1份，未记校验值1份，纸质材料1份。\n"
    )


def test_evidence_records_hashes_beside_the_workbook_and_tells_what_changed(
    ledger: Path, project: Path
) -> None:
    (ledger / "乙.txt").write_bytes(b"2")
    workbook = (ledger.parent / "填报.xlsx").read_bytes()

    first = selfeval("evidence", "T001", "--record", "--date", "2022-04-20", cwd=project)
    same = selfeval("evidence", "T001", "--record", cwd=project)
    (ledger / "甲.txt").write_bytes(b"!")
    changed = selfeval("evidence", "T001", cwd=project)
    again = selfeval("evidence", "T001", "--record", cwd=project)
    after = selfeval("evidence", "T001", cwd=project)

    assert [run.returncode for run in (first, same, changed, again, after)] == [0, 0, 1, 0, 0]
    assert "  新记录：乙.txt\n  新记录：甲.txt\n  已写入" in first.stdout
    assert "evidence.yaml 不需要改动。" in same.stdout
    assert "  已改动 培训场次：签到表  甲.txt（1字节）  记录 6b86b273ff34，现为 " in changed.stdout
    assert "  改动后重新记录：甲.txt\n" in again.stdout
    assert "文件齐全2份" in after.stdout
    recorded = (ledger.parent / "evidence.yaml").read_text(encoding="utf-8")
    assert recorded.count("recorded: '2022-04-20'") == 1  # 乙, recorded once and unchanged
    assert (ledger.parent / "填报.xlsx").read_bytes() == workbook


def test_evidence_writes_nothing_where_there_is_no_ledger(project: Path) -> None:
    run = selfeval("evidence", "--record", cwd=project)

    assert (run.returncode, run.stderr) == (0, "")
    assert "没有填佐证材料台账。" in run.stdout
    assert not list(project.rglob("evidence.yaml"))


def test_evidence_goes_on_past_a_unit_that_cannot_be_read(ledger: Path, project: Path) -> None:
    folder = make_folder(project, unit_code="T000")
    (folder / "填报.xlsx").write_bytes(b"")

    run = selfeval("evidence", cwd=project)

    assert run.returncode == 3
    assert run.stderr.startswith("T000 不能读取\n")
    assert run.stdout.startswith("T001 ")


# --- check ----------------------------------------------------------------------------------


def test_check_exits_with_0_when_nothing_severe_is_open(tmp_path: Path) -> None:
    project = copy_project(tmp_path)

    run = selfeval("check", "S001", cwd=project.root)

    assert run.returncode == 0, run.stdout
    assert run.stdout.startswith("S001 示例一：星桥区图书馆（示例） 2021年度\n")
    assert not project.outputs.exists()


def test_check_exits_with_1_when_something_severe_is_open(project: Path) -> None:
    make_unit(project, projects=[PROJECTS[0] | {"adjusted_budget": "", "executed": 90}])

    run = selfeval("check", cwd=project)

    assert run.returncode == 1
    assert "严重·不符 EXEC-01" in run.stdout
    assert run.stderr == ""


def test_check_all_also_lists_what_holds(project: Path) -> None:
    short, long = (selfeval("check", *more, cwd=project).stdout for more in ([], ["--all"]))

    passed = re.compile(r"^  通过 [A-Z]+-\d\d ", re.MULTILINE)
    assert not passed.search(short)
    assert passed.search(long)


def test_json_has_a_record_for_every_finding_and_for_every_fault_of_an_unreadable_unit(
    project: Path,
) -> None:
    folder = make_folder(project, unit_code="T002")
    rows = {"projects": [PROJECTS[0] | {"executed": "四十", "initial_budget": "五十"}]}
    write_form(folder / "填报.xlsx", FORM, "测试", rows)

    run = selfeval("check", "--json", cwd=project)

    assert run.returncode == 3
    records = json.loads(run.stdout)
    assert [record for record in records if not record.keys() >= KEYS] == []
    faults = [record for record in records if record["unit_code"] == "T002"]
    assert [(fault["code"], fault["severity"]) for fault in faults] == [("INPUT", "error")] * 2
    assert {record["unit_code"] for record in records} == {"T001", "T002"}
    assert all(place.keys() == {"file", "sheet", "cell"} for r in records for place in r["places"])


@pytest.mark.parametrize(
    ("command", "left"), [("check", "T003"), ("score", "T003"), ("annex", "T003 已生成表格"),
                          ("evidence", "没有填佐证材料台账。")],
)  # fmt: skip
def test_a_fault_of_ours_stops_one_unit_only_and_says_so(
    project: Path, monkeypatch: pytest.MonkeyPatch, command: str, left: str
) -> None:
    for code in ("T002", "T003"):
        make_unit(project, settings={"unit_code": code})

    def broken(folder: Path) -> dict[str, RecordedHash]:
        assert folder.name != "T002", "坏了"
        return load_recorded(folder)

    monkeypatch.setattr("selfeval.unit.load_recorded", broken)
    run = CliRunner().invoke(cli, ["--project", str(project), command])

    assert run.exit_code == 3
    assert re.search(
        r"^T002 程序出错\n    T002：程序内部出错（AssertionError：坏了.*；test_cli\.py 第 \d+ 行）"
        r"。这不是填报的错，请把这段话交给维护人员。$",
        run.stderr,
        re.MULTILINE,
    )
    assert left in run.stdout.partition("T001")[2]


def test_json_has_the_records_of_the_units_beside_one_that_brought_a_fault_of_ours_to_light(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for code in ("T002", "T003"):
        make_unit(project, settings={"unit_code": code})

    def broken(case: Evaluation) -> Iterator[Verdict]:
        assert case.unit.code != "T002"
        return iter(())

    monkeypatch.setitem(RULES, "SUM-01", broken)
    run = CliRunner().invoke(cli, ["--project", str(project), "check", "--json"])

    assert run.exit_code == 3
    records = json.loads(run.stdout)
    assert {record["unit_code"] for record in records} == {"T001", "T002", "T003"}
    assert [r["code"] for r in records if r["unit_code"] == "T002"] == ["PROGRAM"]


def test_scores_are_one_record_for_each_unit_and_profile_named_as_it_is_called(
    project: Path,
) -> None:
    own = selfeval("score", "--json", cwd=project)
    both = selfeval(
        "score", "T001", "--scheme", "sichuan-2023", "--scheme", "mof-2020", "--json", cwd=project
    )

    assert (own.returncode, both.returncode) == (0, 0)
    (record,) = json.loads(own.stdout)
    assert (record["unit_code"], record["fiscal_year"]) == ("T001", 2021)
    assert record["scheme"] == "mof-2020"
    assert [r["scheme"] for r in json.loads(both.stdout)] == ["sichuan-2023", "mof-2020"]


def test_profiles_are_shown_side_by_side_and_one_that_is_not_there_is_refused(
    project: Path,
) -> None:
    both = selfeval("score", "--scheme", "mof-2020", "--scheme", "hunan-2017", cwd=project)
    none = selfeval("score", "--scheme", "mof-2021", cwd=project)

    assert "T001 测试单位 2021年度" in both.stdout
    assert "  湖南省直部门整体支出（2017 年度）：没有这一项" in both.stdout
    foot = [line[:10] for part in both.stdout.split("\n\n")[-3:-1] for line in part.split("\n")]
    assert foot == [
        "评分办法：全国通行（",
        "等级：90分以上为优",
        "评分办法：湖南省直部",
        "等级：90分以上为优",
    ]
    assert_refused(none, 2, "mof-2020")


def test_json_stays_json_on_a_terminal_of_another_encoding(project: Path) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "gbk"}

    run = subprocess.run(
        [COMMAND, "check", "--json"], cwd=project, env=environment, capture_output=True, check=False
    )

    run.stdout.decode("ascii")
    assert json.loads(run.stdout)[0]["unit_code"] == "T001"


@pytest.mark.parametrize(
    "environment", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}]
)
def test_chinese_is_printed_whatever_the_locale_says(
    environment: dict[str, str], project: Path
) -> None:
    run = process("check", cwd=project, **{"PYTHONUTF8": "0"} | environment)

    assert run.stdout.startswith("T001 测试单位 2021年度\n")
    assert run.stderr == ""


def test_a_unit_is_read_and_named_alike_in_a_locale_of_another_encoding(
    project: Path, tmp_path: Path
) -> None:
    name = "zh_CN.GBK"
    made = shutil.which("localedef") and subprocess.run(
        ["localedef", "-i", "zh_CN", "-f", "GBK", tmp_path / name],
        capture_output=True,
        check=False,
    )
    if not made or made.returncode:
        pytest.skip("no such locale can be made here")
    environment = os.environ | {"LOCPATH": str(tmp_path), "LC_ALL": name, "PYTHONUTF8": "0"}

    def run(*arguments: str | bytes) -> str:
        done = subprocess.run(
            [COMMAND, *arguments], cwd=project, env=environment, capture_output=True, check=False
        )
        return (done.stdout + done.stderr).decode("gbk")

    assert run("check").startswith("T001 测试单位 2021年度\n")
    assert "已新建" in run("new", "T002", "--year", "2021", "--name", "测试局".encode("gbk"))
    assert "测试局" in (project / "params/2021/T002/unit.yaml").read_text(encoding="utf-8")
    form = "params/2021/T001/填报.xlsx"
    read = run("tables", "--brief", form.encode(), form.encode("gbk"))
    assert read.count(f"{form}\n") == read.count("（form_basic，") == 2


def test_a_character_the_terminal_lacks_does_not_stop_the_command(project: Path) -> None:
    make_unit(project, settings={"unit_name": "测试𠮷\u00a0局"})
    environment = os.environ | {"PYTHONIOENCODING": "gb2312"}

    run = subprocess.run(
        [COMMAND, "check"], cwd=project, env=environment, capture_output=True, check=False
    )

    assert run.stderr == b""
    assert "测试\\U00020bb7\\xa0局" in run.stdout.decode("gb2312")


def test_a_reader_that_closes_the_pipe_early_sees_no_traceback(project: Path) -> None:
    with subprocess.Popen(
        [COMMAND, "rules"], cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        assert run.stdout
        assert run.stderr
        run.stdout.close()
        errors = run.stderr.read()

    assert errors == b""


# --- the rest -------------------------------------------------------------------------------


def test_run_tells_each_unit_its_state_and_paths_relative_to_the_current_folder(
    samples: Samples, tmp_path: Path
) -> None:
    root = tmp_path / "副本"
    shutil.copytree(samples.project.root, root)
    for unit in ("G001", "S001", "S002", "S003", "S004"):
        shutil.rmtree(root / "params/2021" / unit)

    run = process("--project", "副本", "run", cwd=tmp_path)

    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == [
        "共 1 个单位，每个单位两份报告。",
        "[1/1] S005 完成 示例五：星桥区水利技术服务站，待处理 "
        f"{samples.results[-1].record['report']['open']} 条  副本/outputs/2021/S005/report.html",
        "G001、S001、S002、S003、S004 已不在 params 里，它的报告已从 outputs 删去。",
        "一览：副本/outputs/2021/index.html",
        "完成 1 个，没有失败。",
    ]
    again = (root / "outputs/2021/S005/report.html").read_bytes()
    assert again == samples.page("S005").read_bytes()


def test_run_final_exits_with_3_for_a_draft(project: Path) -> None:
    make_unit(project, projects=[PROJECTS[0] | {"adjusted_budget": "", "executed": 90}])

    assert_refused(selfeval("run", "--final", cwd=project), 3, "还是草稿，有")


def test_new_tells_what_to_do_next_with_relative_paths(project: Path) -> None:
    elsewhere = project / "params" / "2021"

    run = selfeval("new", "A01", "--year", "2022", "--name", "测试局", cwd=elsewhere)

    assert run.returncode == 0
    assert run.stdout.splitlines()[0] == "已新建 ../2022/A01。接下来："
    assert "用 Excel 或 WPS 填写 ../2022/A01/填报.xlsx" in run.stdout
    assert selfeval("check", "A01", cwd=project).returncode in {0, 1}


def test_rules_lists_every_rule_and_threshold(tmp_path: Path) -> None:
    project = copy_project(tmp_path)

    text = selfeval("rules", cwd=project.root).stdout
    markdown = selfeval("rules", "--markdown", cwd=project.root).stdout

    assert "SUM-01" in text
    assert "阈值" in text
    assert markdown.startswith("# 检查规则\n")


def test_verify_exits_with_0_for_a_sound_page_and_with_1_for_a_changed_one(
    samples: Samples, tmp_path: Path
) -> None:
    page = samples.page("G001")
    bad = tmp_path / "改过.html"
    text = page.read_text(encoding="utf-8").replace(">1683.71万元</a>", ">1683.72万元</a>", 1)
    bad.write_text(text, encoding="utf-8")

    good = process("verify", page, cwd=ROOT)
    both = selfeval("verify", page, "改过.html", cwd=tmp_path)
    folder = selfeval("verify", page.parent, cwd=ROOT)

    assert good.returncode == 0
    assert good.stdout.endswith("，没有发现改动。\n")
    assert both.returncode == 1
    assert "，发现 2 处问题。\n    核算：页首 › “" in both.stdout
    assert "1683.72万元”：应为“1683.71万元”，由精确值16 837 100.00 元得来。" in both.stdout
    assert "    校验值：“页首”到下一个标题之间，内容在生成后改动过。" in both.stdout
    assert folder.returncode == 0
    assert re.search(r"record\.json 的 SHA-256：[0-9a-f]{64}\n$", folder.stdout)
