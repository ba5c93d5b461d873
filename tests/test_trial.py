"""A trial: a number, a weight or a scheme changed in memory; findings and score follow, no file."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from evaluated import COMPLETE, evaluate, fails, sample

from selfeval.errors import UsageError
from selfeval.evaluation import Evaluation
from selfeval.page.parts import build_view, edition_parts
from selfeval.run.notebook import finish, view_output
from selfeval.scoring.score import score


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return score(evaluate(tmp_path_factory.mktemp("trial"), **COMPLETE))


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_amount_of_a_trial_moves_what_is_made_of_it_and_writes_nothing(
    evaluation: Evaluation,
) -> None:
    before = contents(evaluation.unit.folder)

    trial = score(evaluation.with_amounts({"人员经费.全年执行数": "95.5"}))

    assert trial.fen("personnel", "executed") == 95_500_000
    assert trial.fen("operating", "executed") == evaluation.fen("operating", "executed")
    assert fails(trial, "SUM-01") != fails(evaluation, "SUM-01")
    assert "（试算，原为“105.5”）" in trial.budget_lines["personnel"].phases["executed"].source
    assert contents(evaluation.unit.folder) == before
    assert (trial.is_trial, evaluation.is_trial) == (True, False)


@pytest.mark.parametrize("value", [95.5, "95.5", "95.50"])
def test_an_amount_may_be_a_number_or_a_text(evaluation: Evaluation, value: object) -> None:
    trial = evaluation.with_amounts({"人员经费.全年执行数": value})

    assert trial.fen("personnel", "executed") == 95_500_000


def test_an_amount_left_out_is_unknown_and_not_zero(evaluation: Evaluation) -> None:
    trial = evaluation.with_amounts({"“三公”经费合计.全年执行数": None})

    assert trial.read("three_public_expenses", "executed") is None


def test_an_amount_of_a_table_in_yuan_is_given_in_ten_thousands_too(tmp_path: Path) -> None:
    case = evaluate(tmp_path, unit="元", **COMPLETE)

    trial = case.with_amounts({"人员经费.全年执行数": "0.0095"})

    assert trial.fen("personnel", "executed") == 9_500


def test_a_trial_of_a_trial_has_both(evaluation: Evaluation) -> None:
    once = evaluation.with_amounts({"人员经费.全年执行数": 90, "公用经费.全年执行数": 10})

    twice = once.with_amounts({"人员经费.全年执行数": 80})

    assert twice.fen("personnel", "executed") == 80_000_000
    assert twice.fen("operating", "executed") == 10_000_000


def test_a_weight_of_a_trial_moves_the_score(evaluation: Evaluation) -> None:
    changes = {"培训场次": {"分值": 40, "实际完成值": "10"}, "办件量": {"分值": 40}}

    trial = score(evaluation.with_indicators(changes))

    row = next(row for row in trial.final_score.rows if row.name == "培训场次")
    assert (row.weight, row.points) == (40, 20)
    assert next(r for r in evaluation.final_score.rows if r.name == "培训场次").weight == 50


def test_another_scheme_is_a_trial_and_the_units_own_is_none() -> None:
    own = sample("S001")

    other, same = score(own, scheme="city-20-80"), score(own, scheme="mof-2020")

    assert other.is_trial
    assert other.unit.scoring.name != own.unit.scoring.name
    assert other.final_score.rescaled
    assert same is own


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"人员经费": 1}, "写成“项目.口径”"),
        ({"人员经废.全年执行数": 1}, "是不是“人员经费.全年执行数”？"),
        ({"人员经费.全年支出": 1}, "口径有上年决算数、"),
        ({"人员经费.全年执行数": "约95"}, "的新值“约95”不是数字。请写万元数"),
        ({"支出合计.预算调整数": 1}, "是算出来的（调整后预算数－年初预算数）"),
        ("人员经费", "要改的写成 {名称: 新的值}"),
    ],
)
def test_what_cannot_be_changed_is_refused_with_what_can(
    evaluation: Evaluation, changes: dict[str, object], told: str
) -> None:
    with pytest.raises(UsageError, match=r"with_amounts\(…\)：") as refused:
        evaluation.with_amounts(changes)

    assert told in str(refused.value)


def test_an_indicator_or_a_heading_there_is_not_is_refused(evaluation: Evaluation) -> None:
    with pytest.raises(UsageError, match="没有叫“培训场数”的指标。是不是“培训场次”？"):
        evaluation.with_indicators({"培训场数": {"分值": 1}})
    with pytest.raises(UsageError, match="没有叫“难度”的栏目。可用的有：一级指标、"):
        evaluation.with_indicators({"培训场次": {"难度": 1}})


def test_a_part_of_a_trial_says_so_and_its_numbers_are_in_no_trace(evaluation: Evaluation) -> None:
    trial = score(evaluation.with_amounts({"人员经费.全年执行数": 95}))

    for part in edition_parts(trial, "review"):
        view = build_view(trial, part)
        assert view is not None
        data, mark = view_output(trial, view)
        assert '<div class="selfeval"><p class="note">试算：改动只在笔记本里' in str(
            data["text/html"]
        )
        assert mark["trial"] is True
        assert all(heading["text"].endswith("（试算）") for heading in mark["headings"])
        own = set(re.findall(' id="([^"]+)"', str(data["text/html"])))
        assert not own & set(re.findall(' id="([^"]+)"', view.html))
        named = re.findall('(?:href="#|url\\(#)([^")]+)', str(data["text/html"]))
        assert {name for name in named if not name.startswith("s-")} <= own
        assert 'class="n"' not in str(data["text/html"])
        assert "data-n=" not in str(data["text/html"])


def test_a_trial_is_never_finished_as_a_report(evaluation: Evaluation) -> None:
    trial = score(evaluation.with_amounts({"人员经费.全年执行数": 95}))

    with pytest.raises(UsageError, match="试算的结果不能定为报告"):
        finish(trial, "report")


def test_a_trial_needs_a_unit_that_was_loaded(evaluation: Evaluation) -> None:
    with pytest.raises(UsageError, match="只有 load_unit 读进来的单位可以试算"):
        replace(evaluation, remake=None).with_amounts({"人员经费.全年执行数": 1})
