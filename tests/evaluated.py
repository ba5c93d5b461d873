"""Small units with CSV tables, loaded and checked: what tests of rules and sentences look at."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from builders import LAYOUTS, NARRATIVE, Rows, made, make_folder, sheet_of, write_csv

from selfeval.checks import check
from selfeval.evaluation import Evaluation
from selfeval.evaluation.finding import Finding
from selfeval.evaluation.load import load_unit
from selfeval.evaluation.score import ScoredRow
from selfeval.scoring.score import score
from selfeval.tables.rows import Indicator
from selfeval.unit import load_folder as load_folder

PARAMS = Path(__file__).resolve().parent.parent / "params"
SIGNED = {"signatory": "甲", "contact": "办公室", "report_date": "2022-04-20"}
STAFFING = [
    {"kind": "行政编制", "authorised_posts": 12, "staff_in_post": 10},
    {"kind": "事业编制", "authorised_posts": 6, "staff_in_post": 6},
    {"kind": "合计", "authorised_posts": 18, "staff_in_post": 16},
]
PHASES = ("prior_final_accounts", "initial_budget", "budget_adjustment", "adjusted_budget",
          "executed")  # fmt: skip


def line(item: str, *amounts: object, **more: object) -> dict[str, object]:
    """Return a row of amounts in the order of the phases: 上年、年初、调整、调整后、执行."""
    return {"item": item, **dict(zip(PHASES, amounts, strict=False))} | more


BASIC = [
    line("人员经费", 90, 100, 10, 110, 105.5, use="工资", note="政策性调资（×财预〔2021〕5号）"),
    line("公用经费", 18, 20, -1, 19, 18.5, use="办公费", note="压减一般性支出（×财预〔2021〕6号）"),
    line("基本支出合计", 108, 120, 9, 129, 124),
]
PROJECTS = [
    line("窗口服务专项", 40, 50, 5, 55, 54, note="追加设备（×财预〔2021〕7号）"),
    line("宣传培训专项", 28, 30, 0, 30, 29),
    line("宣传", 8, 10, 0, 10, 9.5, parent="宣传培训专项"),
    line("培训", 20, 20, 0, 20, 19.5, parent="宣传培训专项"),
    line("项目支出合计", 68, 80, 5, 85, 83),
]
OTHER = [
    {"item": "支出合计", "prior_final_accounts": 176, "initial_budget": 200,
     "adjusted_budget": 214, "executed": 207},
    *({"item": name, "prior_final_accounts": 3, "initial_budget": 3, "adjusted_budget": 3,
       "executed": 2} for name in ("“三公”经费合计", "公务接待费", "政府采购金额")),
    *({"item": name, "prior_final_accounts": 0, "initial_budget": 0, "adjusted_budget": 0,
       "executed": 0} for name in ("因公出国（境）费", "公务用车购置及运行维护费",
                                   "公务用车购置费", "公务用车运行维护费", "年初结转和结余",
                                   "政府性基金预算支出", "国有资本经营预算支出")),
    {"item": "年末结转和结余", "prior_final_accounts": 0, "executed": 7},
]  # fmt: skip


def indicator(name: str = "培训场次", **more: object) -> dict[str, object]:
    """Return an indicator reached, with evidence."""
    return {
        "indicator_family": "产出指标", "indicator_aspect": "数量指标", "indicator_name": name,
        "comparison": "≥", "target_value": "20", "measure_unit": "场", "actual_value": "20",
        "weight": 50, "self_score": 50, "evidence": "签到表",
    } | more  # fmt: skip


def row(**values: object) -> Indicator:
    """Return an indicator as it is scored."""
    own = {
        "indicator_family": "产出指标", "indicator_aspect": "数量指标",
        "indicator_name": "培训人次", "comparison": "≥", "target_value": "20",
        "actual_value": "20", "weight": Decimal(10), "fiscal_year": 2021,
    }  # fmt: skip
    return made(Indicator, **own | values)


MONEY = {"projects": [line("培训", 20, 20, 0, 20, 19.5)]}
"""The money behind indicators of the project 培训."""


def satisfaction(**more: object) -> dict[str, object]:
    """Return an indicator of satisfaction, reached, with evidence."""
    return indicator(
        "服务对象评价", indicator_family="满意度指标", indicator_aspect="服务对象满意度指标",
        target_value="90", measure_unit="%", actual_value="95", weight=10, self_score=10,
        evidence="问卷100份",
    ) | more  # fmt: skip


INDICATORS = [
    indicator(),
    indicator("办件量", indicator_family="效益指标", indicator_aspect="社会效益指标",
              comparison="定性", target_value="全部网上可办", measure_unit="", actual_value="达成",
              weight=30, self_score=30),
    satisfaction(),
]  # fmt: skip


def qualitative(
    name: str = "网上办理", target: str = "全部事项网上可办", **more: object
) -> dict[str, object]:
    """Return an indicator that is worded, not measured."""
    return indicator(
        name, indicator_family="效益指标", indicator_aspect="社会效益指标", comparison="定性",
        target_value=target, measure_unit="", actual_value="达成",
    ) | more  # fmt: skip


def cost(**more: object) -> dict[str, object]:
    """Return an indicator of cost."""
    return indicator(
        "场均费用", indicator_aspect="成本指标", comparison="≤", target_value="2",
        measure_unit="万元", actual_value="1.8",
    ) | more  # fmt: skip


def measure(problem: str = "窗口偏少", **more: object) -> dict[str, object]:
    """Return a problem with cause, measure, owner and date."""
    return {
        "problem": problem, "cause": "场地有限", "measure": "增设窗口", "owner": "办公室",
        "due": "2022-06-30",
    } | more  # fmt: skip


COMPLETE: dict[str, Rows] = {
    "staffing": STAFFING, "basic": BASIC, "projects": PROJECTS, "other": OTHER,
    "indicators": INDICATORS, "measures": [measure()],
}  # fmt: skip


LOW: dict[str, Rows] = COMPLETE | {
    "basic": [line("人员经费", 90, 100, 0, 100, 50), line("公用经费", 18, 20, 0, 20, 10)],
    "projects": [line("窗口服务专项", 40, 50, 0, 50, 25)],
    "other": [],
}
"""A unit that spent half of its budget: its lines add up to 95 points."""


def text(*sentences: str) -> str:
    """Return a narrative whose performance section holds these paragraphs."""
    return NARRATIVE.replace("全年工作按计划完成。", "\n\n".join(sentences))


def evaluate(
    tmp_path: Path,
    *,
    narrative: str = NARRATIVE,
    settings: Mapping[str, object] | None = None,
    unit: str = "万元",
    **tables: Rows,
) -> Evaluation:
    """Load a unit made of CSV files and check it; ``tables`` as for ``builders.make_unit``."""
    folder = make_folder(tmp_path, narrative, **(settings or {}))
    for old in folder.glob("*.csv"):
        old.unlink()
    for table, rows in (tables or COMPLETE).items():
        write_csv(folder / f"{LAYOUTS[table].sheet}.csv", sheet_of(table, rows, unit))
    return check(load_unit(folder))


LINES: dict[str, Rows] = {
    "basic": [line("人员经费", 90, 100, 10, 110, 105.5), line("公用经费", "", 20, 0, 20, 19)],
    "projects": [line("窗口服务专项", 45, 50, 5, 55, 54.2), line("文献", 0, 8, 0, 8, 7),
                 line("文献购置", "", 10, "", "", 12), line("追加专项", "", 0, 5, 5, 4)],
}  # fmt: skip
"""Lines with unlike amounts, for texts to speak of."""


@cache
def _lines() -> tuple[Path, Evaluation]:
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)
    evaluation = evaluate(folder, **LINES)
    return evaluation.unit.folder, evaluation


def saying(tmp_path: Path, *sentences: str, **tables: Rows) -> Evaluation:
    """Return a unit whose text says this, a paragraph each, about ``LINES``, read only once."""
    if tables:
        return evaluate(tmp_path, narrative=text(*sentences), **(LINES | tables))
    source, evaluation = _lines()
    folder = shutil.copytree(source, tmp_path / "params" / source.parent.name / source.name)
    (folder / "narrative.md").write_text(text(*sentences), encoding="utf-8")
    return check(replace(evaluation, unit=load_folder(folder), found=None))


def scored(tmp_path: Path, **inputs: object) -> Evaluation:
    """Return a unit evaluated and scored."""
    return score(evaluate(tmp_path, **inputs))  # type: ignore[arg-type]


def scored_row(evaluation: Evaluation, name: str) -> ScoredRow:
    """Return the line of a score by its name."""
    return next(row for row in evaluation.final_score.rows if row.name == name)


def findings(evaluation: Evaluation, code: str) -> list[Finding]:
    """Return the findings of one rule."""
    return [finding for finding in evaluation.all_findings if finding.code == code]


def only(tmp_path: Path, code: str, *rows: dict[str, object], **tables: object) -> Finding:
    """Return the one finding of a rule on indicators of a project that was paid for."""
    (finding,) = findings(evaluate(tmp_path, indicators=rows, **(MONEY | tables)), code)
    return finding


def outcomes(evaluation: Evaluation, code: str) -> list[tuple[str, str]]:
    """Return (outcome, item) of one rule's findings."""
    return [(finding.outcome, finding.item) for finding in findings(evaluation, code)]


def ended(evaluation: Evaluation, code: str) -> list[str]:
    """Return the outcomes of one rule, without the items."""
    return [outcome for outcome, _ in outcomes(evaluation, code)]


def fails(evaluation: Evaluation, code: str) -> list[str]:
    """Return the items of one rule's fails."""
    return [item for outcome, item in outcomes(evaluation, code) if outcome == "fail"]


@cache
def sample(code: str) -> Evaluation:
    """Return a unit that comes with the package, checked and scored."""
    return score(check(load_unit(PARAMS / "2021" / code)))
