"""Makes a new unit's folder: unit.yaml, narrative.md and the fill-in workbook."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ...errors import TableError, UsageError
from ...money import plain_text
from ...project import Project
from ...schemes.form import load_form
from ...schemes.loading import schemes_folder
from ...schemes.outlines import Outline, Part, load_outline
from ...sheets import Place
from ...sheets.files import read_grids
from ...strict import parse_model
from ...terms import UNIT_LIST_HEADS, ordinal
from ...unit import NARRATIVE_FILE, UNIT_FILE, UnitFile, hidden_characters
from .workbook import FORM_FILE, write_form

_UNIT_TEMPLATE = """\
# 单位代码：与文件夹名一致
unit_code: "{code}"
# 单位名称：写全称
unit_name: "{name}"
# 预算年度：与上级文件夹一致
fiscal_year: {year}
# 主管部门：没有就留空；一览页按它分组，run --group 只做它的单位
group: ""
# 报告提纲：params/schemes/outlines 里的文件名
outline: {outline}
# 评分办法：params/schemes/scoring 里的文件名
scoring: mof-2020
# 公开版用自己的笔记本做的，写项目里的路径，如 notebooks/教育系统.ipynb；不用就留空
notebook: ""
# 以下三项印在报告末尾，没有就写 null
signatory: null
contact: null
report_date: null
# 公开表上没有写年度的，写明是哪一年的，例如：{{"决算.xlsx": {year}, "附表.xlsx#表三": {year}}}
years: {{}}
# 本单位的其他名称（另一个牌子、原名、所属单位），公开表上可能印着
also_named: []
# 可以公开的办公电话和信箱；没有列在这里的手机号码、邮箱印进公开版，算严重问题
office_contacts: []
# 对检查发现的说明，例如：
#   - finding: EXEC-01
#     item: 某项目
#     text: 汛后抢修两处闸门，追加 10 万元
#     basis: ×财预〔2021〕1号
# 空话（“无”“见附件”等）不算说明；同一项有几处发现的，用 cell 写明哪一格
explanations: []
# 印在附件1、附件2和项目支出绩效自评表里的文字，没有就留空，例如：
#   annual_goal: 全年受理事项2万件
#   annual_result: 全年受理2.1万件
#   thrift_measures: 压减会议3次
#   projects:
#     - {{project: 某项目, annual_goal: 培训20场, annual_result: 培训20场}}
annex: {{}}
"""

_HINTS = {
    "required": "<!-- 请在这里写文字。表中的数用占位符，例如 {{项目支出.年初预算数}}。 -->",
    "optional": "<!-- 数字和句子由填报表生成；需要补充的话写在这里，没有就留空。 -->",
    "none": "",
}


def new_unit(project: Project, code: str, year: int, name: str, outline: str) -> Path:
    """Make ``params/<year>/<code>`` and return it.

    Raises
    ------
    UsageError
        If the folder exists, or the name has a character that cannot stand in a report's title.
    ParamsError
        If the code, the year or the name would be refused later, or there is no such outline.
    """
    name = name.strip()
    if hidden_characters(name):
        raise UsageError("--name", "单位名称里有看不见的字符。", "请重新输入单位全称。")
    if '"' in name or "\\" in name:
        raise UsageError(f"“{name}”", "不能用作单位名称。", "请写单位全称，不含英文引号和反斜杠。")
    keys = {"unit_code": code, "unit_name": name, "fiscal_year": year, "outline": outline}
    parse_model(UnitFile, keys, "新建单位")
    folder = project.params / str(year) / code
    taken = {path.name.lower(): path.name for path in _entries(folder.parent)}
    if code.lower() in taken:
        raise UsageError(
            f"params/{year}/{taken[code.lower()]}",
            "已经存在，没有改动。",
            "请换一个代码，或直接填写。",
        )
    schemes = schemes_folder(project.params)
    chosen = load_outline(schemes, outline)
    form = load_form(schemes)
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Made aside and moved in whole: a half-made folder would be read as a unit.
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".") as work:
        made = Path(work) / code
        made.mkdir()
        text = _UNIT_TEMPLATE.format(code=code, name=name, year=year, outline=outline)
        (made / UNIT_FILE).write_text(text, encoding="utf-8")
        (made / NARRATIVE_FILE).write_text(_narrative(chosen), encoding="utf-8")
        write_form(made / FORM_FILE, form, f"{name}　{year}年度")
        made.rename(folder)
    return folder


def listed_units(path: Path) -> Iterator[tuple[Place, str, str, str]]:
    """Yield the units of a list: the row's place, code, name, and outline if it has one.

    Raises
    ------
    TableError, InputErrors
        If the file cannot be read, or no row has the headings of code and name.
    """
    grid, heads = read_grids(path)[0], UNIT_LIST_HEADS
    rows = [[plain_text(cell) for cell in row] for row in grid.rows]
    needed = {heads["code"], heads["name"]}
    top = next((at for at, row in enumerate(rows) if needed <= {*row}), None)
    if top is None:
        wanted = "、".join(f"“{heads[key]}”" for key in ("code", "name"))
        raise TableError(path.name, f"没有{wanted}两列。", "请在第一行写上这两个列名。")
    columns = [rows[top].index(head) if head in rows[top] else None for head in heads.values()]
    for at, row in enumerate(rows[top + 1 :], top + 1):
        code, name, outline = ("" if n is None or n >= len(row) else row[n] for n in columns)
        if code or name:
            place = grid.place(at)
            yield replace(place, sheet="") if grid.is_text else place, code, name, outline


def _entries(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _narrative(outline: Outline) -> str:
    lines: list[str] = []
    for index, section in enumerate(outline.sections, 1):
        lines += [f"# {ordinal(index)}、{section.heading}", ""]
        lines += _hint(section)
        if section.free_parts:
            lines += ["<!-- 可以自拟二级标题，例如：## （一）履职情况 -->", ""]
        for number, part in enumerate(section.parts, 1):
            lines += [f"## （{ordinal(number)}）{part.heading}", "", *_hint(part)]
    return "\n".join(lines).rstrip() + "\n"


def _hint(part: Part) -> list[str]:
    hint = _HINTS[part.text]
    return [hint, ""] if hint else []
