"""Counts and dates of a text: what comes of each, as a finance officer would say it."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from evaluated import INDICATORS, PROJECTS, SIGNED, STAFFING, evaluate, load_folder, text

from selfeval.checks.text.told import statements
from selfeval.evaluation import Evaluation
from selfeval.terms import SAID_OUTCOMES

CASES = Path(__file__).resolve().parent / "cases" / "text"
MEASURES = [
    {"problem": "窗口人员轮岗少", "cause": "没有计划", "measure": "制定窗口轮岗培训计划",
     "owner": "办公室", "due": "2022-06-30"},
    {"problem": "支出进度慢", "cause": "没有通报", "measure": "建立经费支出月报制度",
     "owner": "财务科", "due": "2022-09-30"},
]  # fmt: skip
EVIDENCE = [
    {"indicator_name": INDICATORS[-1]["indicator_name"], "material": "群众满意度问卷汇总",
     "date": "2021-12-20"},
]  # fmt: skip


def cases(file: str) -> list[Any]:
    found = yaml.safe_load((CASES / file).read_text(encoding="utf-8"))
    return [pytest.param(case["says"], case["comes"], id=case["claim"]) for case in found]


@cache
def unit() -> Evaluation:
    folder = Path(tempfile.mkdtemp())
    tables = {
        "staffing": STAFFING, "projects": PROJECTS, "measures": MEASURES,
        "indicators": INDICATORS, "evidence": EVIDENCE,
    }  # fmt: skip
    return evaluate(folder, settings=SIGNED, **tables)


@pytest.mark.parametrize(("says", "comes"), [*cases("counts.yaml"), *cases("dates.yaml")])
def test_what_comes_of_it(tmp_path, says, comes):
    source = unit().unit.folder
    folder = shutil.copytree(source, tmp_path / "params" / source.parent.name / source.name)
    (folder / "narrative.md").write_text(text(says), encoding="utf-8")
    told = statements(replace(unit(), unit=load_folder(folder), found=None))
    found = {one.said.quote: SAID_OUTCOMES[one.outcome] for one in told}
    assert {number: found.get(number) for number in comes} == comes
