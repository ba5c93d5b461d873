"""The command: parses, calls, prints. Everything a user reads here is in Chinese."""

from __future__ import annotations

import datetime as dt
import gc
import io
import json
import locale
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .errors import ProgramError, SelfEvalError, UsageError, cause, flatten, own_fault
from .terms import EVIDENCE_STATES, FIGURES, OUTCOMES, RUN_STATES, SEVERITIES, STATES

if TYPE_CHECKING:
    from .checks import Finding
    from .evaluation import Evaluation
    from .project import Project
    from .run.batch import Result
    from .tables import Tables
    from .unit import Unit

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


click.Context.formatter_class = _Formatter
_help = click.help_option("-h", "--help", help="显示说明并退出。")
_unit_argument = click.argument("units", nargs=-1, metavar="[单位]...")
_year_option = click.option("--year", type=int, metavar="年度", help="只处理这个年度。")


@click.group()
@click.option(
    "--project", "root", default=".", metavar="文件夹", help="项目文件夹，默认是当前文件夹。"
)
@_help
@click.pass_context
def cli(context: click.Context, root: str) -> None:
    """把预算单位的表格变成部门整体支出绩效自评报告。"""
    context.obj = root


def _project(root: str) -> Project:
    from .project import find_project

    path = Path(root)
    if not path.is_dir():
        raise UsageError(f"“{root}”", "没有这个文件夹。", "请检查 --project。")
    return find_project(path)


def _schemes(root: str) -> Path:
    """Return the project's schemes; outside of a project those that come with the package."""
    from .schemes.loading import schemes_folder

    try:
        return schemes_folder(_project(root).params)
    except UsageError:
        if root != ".":
            raise
        return schemes_folder(Path(root) / "params")


@cli.command()
@_unit_argument
@_year_option
@click.option("--final", is_flag=True, help="定稿：还是草稿的单位不生成报告。")
@_help
@click.pass_obj
def run(root: str, units: tuple[str, ...], year: int | None, final: bool) -> None:
    """为各单位生成公开版和内部自查版报告（默认全部单位）。"""
    from .run.batch import find_units, run_units

    project = _project(root)
    folders = find_units(project, units, year)
    total, done = len(folders), 0

    def told(result: Result) -> None:
        nonlocal done
        done += 1
        click.echo(_result_line(project, result, f"[{done}/{total}]"))

    click.echo(f"共 {total} 个单位，每个单位两份报告。")
    results = run_units(project, folders, final, told)
    failed = [result for result in results if result.status != "done"]
    for index in sorted({result.unit_folder.parent.name for result in results}):
        click.echo(f"一览：{_shown(project.outputs / index / 'index.html')}")
    made = _counts([result for result in results if result.status == "done"])
    if failed:
        names = "、".join(result.record["unit_code"] for result in failed)
        click.echo(f"{made}，未通过 {len(failed)} 个：{names}。", err=True)
        sys.exit(SOME_FAILED)
    click.echo(f"{made}，没有失败。")


def _counts(made: Sequence[Result]) -> str:
    """Say how many reports are complete, and how many are not, by what they lack."""
    from .page.index import report_state

    states: Counter[str] = Counter(report_state(result.record["report"]) for result in made)
    short = [state for state in ("draft", "not_scored") if states[state]]
    others = "".join(f"，{FIGURES[state]} {states[state]} 个" for state in short)
    return f"{RUN_STATES['done']} {states['done']} 个{others}"


def _result_line(project: Project, result: Result, count: str) -> str:
    from .page.index import report_state, score_text

    code, name = result.record["unit_code"], result.record["unit_name"]
    if result.status != "done":
        state = click.style(f"{FIGURES['failed']}（{RUN_STATES[result.status]}）", fg="red")
        return f"{count} {code} {state} {name}\n{_indent(result.reason)}"
    report = result.record["report"]
    state = click.style(RUN_STATES["done"], fg="green")
    if report_state(report) != "done":
        state = click.style(FIGURES[report_state(report)], fg="yellow")
    page = project.outputs / result.unit_folder.parent.name / code / "report.html"
    told = report.get("pending") or report.get("cap")
    waits = f"，{score_text(report)}" if told else ""
    return f"{count} {code} {state} {name}{waits}，待处理 {report['open']} 条  {_shown(page)}"


@cli.command()
@_unit_argument
@_year_option
@_help
@click.pass_obj
def annex(root: str, units: tuple[str, ...], year: int | None) -> None:
    """填好官方表格：附件1、附件2 和项目支出绩效自评表（默认全部单位）。"""
    from .run.batch import find_units, write_annexes

    project = _project(root)
    faults: Faults = {}
    for folder in find_units(project, units, year):
        with _apart(folder, faults, "没有生成表格"):
            written = write_annexes(project, folder)
            click.echo(f"{folder.name} 已生成表格 {len(written)} 份")
            for path in written:
                click.echo(f"    {_shown(path)}")
    if faults:
        sys.exit(SOME_FAILED)


Faults = dict[Path, SelfEvalError]
"""What kept a command from dealing with a unit, by the unit's folder."""


@contextmanager
def _apart(folder: Path, faults: Faults, what: str = RUN_STATES["refused"]) -> Iterator[None]:
    """Keep one unit's failure from stopping the others: note it, tell it, and go on."""
    from .unit import visible

    try:
        yield
        return
    except BrokenPipeError:
        raise
    except SelfEvalError as error:
        faults[folder] = error
    except OSError as error:
        faults[folder] = _file_error(error)
    except Exception as error:  # a command's boundary, as run_units is: the others go on
        what, faults[folder] = "程序出错", own_fault(folder.name, error)
    click.echo(f"{visible(folder.name)} {what}\n{_indent(str(faults[folder]))}", err=True)


def _indent(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def _shown(path: Path) -> str:
    """Return a path relative to the current folder; as it is on another drive."""
    try:
        return os.path.relpath(path)
    except ValueError:
        return str(path)


@cli.command()
@_unit_argument
@_year_option
@click.option("--json", "as_json", is_flag=True, help="输出 JSON 记录，供程序读取。")
@click.option("--all", "everything", is_flag=True, help="连通过的核对也列出来。")
@_help
@click.pass_obj
def check(
    root: str, units: tuple[str, ...], year: int | None, as_json: bool, everything: bool
) -> None:
    """检查各单位的表格和文字，不生成报告；有严重不符时退出码为 1。"""
    from .evaluation import check as check_evaluation
    from .evaluation import load_unit, score
    from .run.batch import find_units

    project = _project(root)
    records: list[dict[str, Any]] = []
    faults: Faults = {}
    blocked = False
    for folder in find_units(project, units, year):
        with _apart(folder, faults):
            evaluation = score(check_evaluation(load_unit(folder)))
            blocked = blocked or evaluation.is_draft
            if as_json:
                unit = {"unit_code": evaluation.unit.code, "fiscal_year": evaluation.unit.year}
                records += [unit | finding.record() for finding in evaluation.all_findings]
            else:
                _print_findings(evaluation, everything)
        records += _unreadable(folder, faults[folder]) if folder in faults else []
    if as_json:
        click.echo(_json_text(records, 1))
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
    unit, found = evaluation.unit, evaluation.all_findings
    counts = "，".join(
        f"{name} {sum(1 for finding in found if finding.outcome == outcome)}"
        for outcome, name in OUTCOMES.items()
    )
    sample = "（示例）" if unit.settings.sample else ""
    click.echo(click.style(f"{unit.code} {unit.name}{sample} {unit.year}年度", bold=True))
    for finding in found:
        if everything or finding.is_open or finding.outcome == "rounding":
            click.echo(_finding_lines(finding, unit.code))
    click.echo(f"  {counts}。\n")


def _finding_lines(finding: Finding, code: str) -> str:
    from .checks import places_text

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


@cli.command()
@_unit_argument
@_year_option
@click.option(
    "--scheme",
    "names",
    multiple=True,
    metavar="办法",
    help="用这个评分办法，见 params/schemes/scoring；写几次就并列比较。默认用 unit.yaml 所写的。",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON 记录，供程序读取。")
@_help
@click.pass_obj
def score(
    root: str, units: tuple[str, ...], year: int | None, names: tuple[str, ...], as_json: bool
) -> None:
    """按评分办法逐项计分；给出几个办法时并列比较，并说明为什么不同。"""
    from .evaluation import check as check_evaluation
    from .evaluation import load_unit
    from .run.batch import find_units
    from .schemes.scoring import load_scoring
    from .scoring.comparison import compare_profiles, comparison_lines, score_lines, score_records

    schemes = _schemes(root)
    by = list(dict.fromkeys(names))
    chosen = [load_scoring(schemes, name) for name in by]
    used: dict[tuple[str, str], None] = {}
    records: list[dict[str, Any]] = []
    faults: Faults = {}
    for folder in find_units(_project(root), units, year):
        with _apart(folder, faults):
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
            lines = comparison_lines(compared) if several else score_lines(compared.scores[0])
            for kind, text in lines:
                click.echo(_SCORES[kind](text))
            click.echo()
    if as_json:
        click.echo(_json_text(records, 1))
    for source in used:
        click.echo("\n".join(source) + "\n")
    if faults:
        sys.exit(SOME_FAILED)


_SCORES: dict[str, Callable[[str], str]] = {
    "total": lambda text: f"  {click.style(text, bold=True)}",
    "line": lambda text: f"  {text}",
    "same": lambda text: f"  {text}",
    "reason": lambda text: f"      {text}",
}
"""How each line of a score is printed."""


@cli.command()
@_unit_argument
@_year_option
@click.option("--record", is_flag=True, help="把现有文件的 SHA-256 记到 evidence.yaml。")
@click.option(
    "--date", "on", metavar="年-月-日", help="与 --record 合用：记录日期，如 2022-04-20。"
)
@_help
@click.pass_obj
def evidence(
    root: str, units: tuple[str, ...], year: int | None, record: bool, on: str | None
) -> None:
    """列出佐证材料台账：文件在不在，有没有改动。

    文件放在单位文件夹的 evidence（或“佐证材料”）子文件夹里，只算校验值，不看内容。

    --record 把校验值写进单位文件夹的 evidence.yaml，不改填报表；表里填了校验值的，以表为准。

    退出码：0 没有问题；1 有缺的或改动过的文件；2 用法不对；3 有单位不能读取（其余照常列出）。
    """
    from .run.batch import find_units
    from .tables import load_tables
    from .unit import load_unit

    recorded_on = _record_date(on, record)
    wrong = False
    faults: Faults = {}
    for folder in find_units(_project(root), units, year):
        with _apart(folder, faults):
            unit = load_unit(folder)
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
    from .unit.evidence import ledger_lines, state_counts

    rows = tables.evidence.to_dict("records")
    click.echo(click.style(f"{unit.code} {unit.name} {unit.year}年度", bold=True))
    for state, text in ledger_lines(rows, tables.unnamed_evidence):
        mark = click.style(EVIDENCE_STATES[state], fg=_LEDGER[state]) if state else ""
        click.echo(f"  {mark} {text}" if mark else f"  {text}")
    counted = f"台账共{len(rows)}份材料：{state_counts(rows)}。" if rows else "没有填佐证材料台账。"
    click.echo(f"  {counted}")
    return any(
        row["state"] == "missing" or (row["state"] == "changed" and (row["sha256"] or not record))
        for row in rows
    )


_LEDGER = {
    "present": "green",
    "missing": "red",
    "changed": "red",
    "unhashed": "yellow",
    "paper": None,
}
"""The colour of each state of a file of evidence."""


def _record_evidence(unit: Unit, tables: Tables, on: dt.date | None) -> None:
    """Write a unit's evidence.yaml where it is to change, and say what changed."""
    from .run.batch import publish
    from .unit.hashes import EVIDENCE_FILE, record_hashes, recorded_text

    rows = tables.evidence.to_dict("records")
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
        click.echo(f"  {_shown(path)} 不需要改动。")
        return
    publish(path, recorded_text(recording.files))
    click.echo(f"  已写入 {_shown(path)}（{len(recording.files)}份文件）。")


@cli.command()
@click.argument("files", nargs=-1, required=True, metavar="文件...")
@click.option("--json", "as_json", is_flag=True, help="每个文件输出一行 JSON，供程序读取。")
@click.option("--brief", is_flag=True, help="只列认出的表和没有读懂的，不逐个列数。")
@_help
@click.pass_obj
def tables(root: str, files: tuple[str, ...], as_json: bool, brief: bool) -> None:
    """看文件里认出了哪些表、每个数读成了什么、哪些没有读懂。

    退出码：0 全部读懂；1 有没读懂的；2 用法不对；3 有文件读不了（其余照常列出）。
    """
    from .tables.inspection import survey_files, survey_lines

    schemes = _schemes(root)
    unread = failed = False
    for survey in survey_files([Path(file) for file in files], schemes):
        unread, failed = unread or bool(survey.unread), failed or bool(survey.error)
        if as_json:
            click.echo(_json_text(survey.record()))
            continue
        for kind, text in survey_lines(survey, schemes, brief):
            click.echo(_SURVEY[kind](text))
    if failed:
        sys.exit(SOME_FAILED)
    if unread:
        sys.exit(FINDINGS)


_SURVEY: dict[str, Callable[[str], str]] = {
    "file": lambda text: click.style(text, bold=True),
    "error": lambda text: _indent(click.style(text, fg="red")),
    "table": lambda text: f"  {click.style(text, fg='green')}",
    "number": lambda text: f"      {text}",
    "unread": lambda text: f"  {click.style(STATES['unread'], fg='yellow')} {text}",
}
"""How each line of a survey is printed."""


def _json_text(record: object, indent: int | None = None) -> str:
    # A terminal of another encoding gets \\u escapes, which every reader of JSON understands.
    utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    return json.dumps(record, ensure_ascii=not utf8, indent=indent)


@cli.command()
@_help
@click.pass_obj
def layouts(root: str) -> None:
    """列出能读取的各种公开表。"""
    from .tables.inspection import layout_rows

    file = ""
    for row in layout_rows(_schemes(root)):
        if row["file"] != file:
            file = row["file"]
            click.echo(f"params/schemes/layouts/official/{file}.yaml")
        click.echo(f"  {click.style(row['layout'], bold=True)} {'、'.join(row['titles'])}")
        click.echo(f"      栏目：{'、'.join(row['columns'])}")


@cli.command()
@click.argument("code", metavar="单位代码")
@click.option("--year", type=int, required=True, metavar="年度", help="预算年度。")
@click.option("--name", required=True, metavar="名称", help="单位全称。")
@click.option(
    "--outline",
    default="wangcheng-2021",
    metavar="提纲",
    help="报告提纲，见 params/schemes/outlines；默认 wangcheng-2021。",
)
@_help
@click.pass_obj
def new(root: str, code: str, year: int, name: str, outline: str) -> None:
    """新建一个单位的文件夹和填报工作簿。"""
    from .tables.own_form.new_unit import new_unit
    from .tables.own_form.workbook import FORM_FILE
    from .unit import NARRATIVE_FILE

    folder = new_unit(_project(root), code, year, name, outline)
    click.echo(f"已新建 {_shown(folder)}。接下来：")
    click.echo(f"  1. 用 Excel 或 WPS 填写 {_shown(folder / FORM_FILE)}")
    click.echo(f"  2. 在 {_shown(folder / NARRATIVE_FILE)} 各标题下写文字")
    click.echo(f"  3. selfeval check {code}    看检查结果")
    click.echo(f"  4. selfeval run {code}      生成报告")


@cli.command()
@click.option("--markdown", is_flag=True, help="输出 Markdown，即 params/schemes/RULES.md。")
@_help
@click.pass_obj
def rules(root: str, markdown: bool) -> None:
    """列出全部检查规则。"""
    from .page.index import rule_rows, rules_markdown, threshold_rows
    from .schemes.checks import load_checks
    from .schemes.loading import schemes_folder

    checks = load_checks(schemes_folder(_project(root).params))
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
@click.argument("paths", nargs=-1, required=True, metavar="报告.html或文件夹...")
@_help
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
    from .page.verify import Verification, digest_of, verify_folder, verify_page
    from .project import RECORD_FILE

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
        from .run.batch import Busy

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
        click.echo(str(_file_error(error)), err=True)
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


def _file_error(error: OSError) -> SelfEvalError:
    place = _shown(Path(error.filename)) if isinstance(error.filename, str) else ""
    return UsageError(place, f"文件读写失败（{cause(error)}）。", "请检查权限和磁盘空间。")


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
        return f"没有命令{shown}，可用的有 {'、'.join(cli.commands)}。"
    return f"多了一个参数{shown}。"


def _parameter_name(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    return str(parameter.metavar)
