"""A notebook shows a report part by part, and cannot finish one that is not whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from builders import make_unit
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from selfeval import check, finish, load_unit, score, show
from selfeval.evaluation import Evaluation, Trace
from selfeval.run.notebook import FINISH_TYPE, MARK

REPORT_PARTS = ("overview", "glossary", "trace", "about")
REVIEW_PARTS = (
    "review-overview",
    "execution",
    "findings",
    "ratios",
    "coverage",
    "scores",
    "evidence",
    "passed",
    "trace",
    "about",
)


@pytest.fixture(autouse=True)
def shell(tmp_path: Path) -> Iterator[None]:
    """A real IPython, without a terminal: ``display`` needs one to hand its data to."""
    InteractiveShell.clear_instance()
    config = Config({"HistoryManager": {"enabled": False}})
    InteractiveShell.instance(config=config, ipython_dir=str(tmp_path / "ipython"))
    yield
    InteractiveShell.clear_instance()


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return score(check(load_unit(make_unit(tmp_path_factory.mktemp("unit")))))


@pytest.fixture
def evaluation(scored: Evaluation) -> Evaluation:
    """The unit as it is before anything was shown."""
    return replace(scored, trace=Trace(), shown=[])


def displayed(evaluation: Evaluation, *parts: str) -> list:
    with capture_output() as captured:
        for part in parts:
            show(evaluation, part)
    return captured.outputs


def section_ids(evaluation: Evaluation) -> list[str]:
    return [section.id for section in evaluation.unit.outline.sections]


def test_the_first_part_shown_brings_the_style_and_the_others_do_not(
    evaluation: Evaluation,
) -> None:
    outputs = displayed(evaluation, "overview", "glossary")

    styles = [output for output in outputs if "<style>" in output.data.get("text/html", "")]
    assert styles == outputs[:1]
    assert len(outputs) == 3


def test_a_part_carries_our_mark_with_its_place_and_headings(evaluation: Evaluation) -> None:
    [_, output] = displayed(evaluation, "glossary")

    mark = output.metadata[MARK]
    assert mark["part"] == "glossary"
    assert mark["order"] > 0
    assert [heading["level"] for heading in mark["headings"]] == [2]
    assert output.data["text/html"].startswith('<div class="selfeval">')


def test_the_style_carries_no_mark_so_that_the_page_has_it_once(evaluation: Evaluation) -> None:
    style, _ = displayed(evaluation, "glossary")

    assert MARK not in style.metadata


def test_a_section_the_outline_does_not_have_is_left_out_with_a_word(
    evaluation: Evaluation,
) -> None:
    [output] = displayed(evaluation, "no_such_section")

    assert "没有这一部分" in output.data["text/plain"]
    assert MARK not in output.metadata
    assert evaluation.shown == []


@pytest.mark.parametrize("missing", [*REPORT_PARTS, "spending"])
def test_a_report_without_one_of_its_parts_cannot_be_finished(
    missing: str, evaluation: Evaluation
) -> None:
    parts = [*REPORT_PARTS, *section_ids(evaluation)]
    displayed(evaluation, *(part for part in parts if part != missing))

    with pytest.raises(RuntimeError, match=missing):
        finish(evaluation, "report")


@pytest.mark.parametrize("missing", REVIEW_PARTS)
def test_a_review_without_one_of_its_parts_cannot_be_finished(
    missing: str, evaluation: Evaluation
) -> None:
    displayed(evaluation, *(part for part in REVIEW_PARTS if part != missing))

    with pytest.raises(RuntimeError, match=missing):
        finish(evaluation, "review")


def test_a_whole_report_ends_with_one_finish_record(evaluation: Evaluation) -> None:
    displayed(evaluation, *REPORT_PARTS, *section_ids(evaluation))

    with capture_output() as captured:
        finish(evaluation, "report")

    [output] = captured.outputs
    record = output.data[FINISH_TYPE]
    assert (record["edition"], record["unit_code"], record["fiscal_year"]) == (
        "report",
        "T001",
        2021,
    )
    assert record["initial_budget"] == "170000000/1"
    assert record["execution_rate"] == "329/360"
    assert sum(record["outcomes"].values()) == len(evaluation.all_findings)
    assert record["numbers_checked"] <= record["numbers_read"] == 9
    assert set(record["inputs"]) == {"unit.yaml", "narrative.md", "填报.xlsx"}
