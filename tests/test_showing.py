"""A notebook shows a report part by part, in any order; a page that is not whole is refused."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from builders import make_unit
from evaluated import scored
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display
from IPython.utils.capture import capture_output

from notebooks import executed, output_of
from selfeval import check, finish, load_unit, parts, score, show
from selfeval.errors import NotebookError, UsageError
from selfeval.evaluation import Evaluation
from selfeval.evaluation.finding import Finding
from selfeval.page.charts import draw_scores
from selfeval.page.parts import edition_parts
from selfeval.run.notebook import FINISH_TYPE, MARK
from selfeval.run.processes import HEADLESS
from selfeval.run.record import finish_record
from selfeval.run.report import export_page
from selfeval.terms import EDITIONS

pytestmark = pytest.mark.usefixtures("shell")


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return score(check(load_unit(make_unit(tmp_path_factory.mktemp("unit")))))


def displayed(evaluation: Evaluation, *parts: str) -> list[Any]:
    with capture_output() as captured:
        for part in parts:
            show(evaluation, part)
    return captured.outputs


def test_a_part_carries_its_style_and_our_mark_with_its_place_and_headings(
    evaluation: Evaluation,
) -> None:
    [output] = displayed(evaluation, "glossary")

    mark = output.metadata[MARK]
    assert mark["part"] == "glossary"
    assert mark["order"] > 0
    assert [heading["level"] for heading in mark["headings"]] == [2]
    assert output.data["text/html"].startswith("<style>")
    assert '<div class="selfeval">' in output.data["text/html"]


def test_in_a_batch_the_style_stands_once_with_the_first_part(
    evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HEADLESS, "1")

    first, other = displayed(evaluation, "overview", "glossary")

    assert first.data["text/html"].startswith("<style>")
    assert other.data["text/html"].startswith('<div class="selfeval">')


def test_a_cell_shows_the_same_in_any_order_twice_and_alone(evaluation: Evaluation) -> None:
    names = list(dict.fromkeys(parts(evaluation)["部分"]))
    shuffled = Random(1).sample(names, len(names))

    alone = {name: displayed(evaluation, name) for name in names}
    before = dict(zip(shuffled, displayed(evaluation, *shuffled), strict=True))
    again = dict(zip(names, displayed(evaluation, *names), strict=True))

    for name in names:
        [one] = alone[name]
        assert (one.data, one.metadata) == (before[name].data, before[name].metadata), name
        assert (one.data, one.metadata) == (again[name].data, again[name].metadata), name


def page_of(evaluation: Evaluation, record: dict[str, object], outputs: list[Any]) -> str:
    return export_page(executed(outputs), record, Path("report.ipynb"), lambda: evaluation).html


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_order_of_cells_changes_no_number_of_the_page(
    edition: str, evaluation: Evaluation
) -> None:
    outputs = [output_of(evaluation, part) for part in edition_parts(evaluation, edition)]
    shuffled = Random(1).sample(outputs, len(outputs))
    record = finish_record(evaluation, edition)

    page, expected = (page_of(evaluation, record, shown) for shown in (shuffled, outputs))

    assert page == expected


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_page_without_one_of_its_parts_is_refused_by_its_name(
    edition: str, evaluation: Evaluation
) -> None:
    names = edition_parts(evaluation, edition)
    outputs = [output_of(evaluation, part) for part in names]
    record = finish_record(evaluation, edition)

    for n, name in enumerate(names):
        with pytest.raises(NotebookError, match=f"还有几部分没有用 show\\(…\\) 显示：{name}。"):
            page_of(evaluation, record, outputs[:n] + outputs[n + 1 :])


def test_parts_of_two_evaluations_make_no_page(evaluation: Evaluation, tmp_path: Path) -> None:
    other = scored(tmp_path)
    names = edition_parts(evaluation, "report")
    outputs = [output_of(other if n == "overview" else evaluation, n) for n in names]

    with pytest.raises(NotebookError, match="不是同一个数"):
        page_of(evaluation, finish_record(evaluation, "report"), outputs)


def test_a_part_of_another_unit_is_refused_though_it_prints_no_number(
    evaluation: Evaluation,
) -> None:
    settings = evaluation.unit.settings.model_copy(update={"unit_code": "T002"})
    other = replace(evaluation, unit=replace(evaluation.unit, settings=settings))
    names = edition_parts(evaluation, "report")
    outputs = [output_of(other if n == "problems" else evaluation, n) for n in names]

    with pytest.raises(NotebookError, match="“problems”这一部分显示的是 2021/T002，不是 2021/T001"):
        page_of(evaluation, finish_record(evaluation, "report"), outputs)


def test_an_edition_that_does_not_exist_is_not_finished(evaluation: Evaluation) -> None:
    with pytest.raises(UsageError, match="没有“raport”这个版本。可用的有：report、review。"):
        finish(evaluation, "raport")


def test_the_trace_by_itself_lists_the_numbers_of_the_parts_that_are_named(
    evaluation: Evaluation,
) -> None:
    [alone] = displayed(evaluation, "trace")
    with capture_output() as captured:
        show(evaluation, "trace", "scores")
    [named] = captured.outputs

    assert "<td>支出合计全年执行数</td>" in alone.data["text/html"]
    assert "各项得分之和" not in alone.data["text/html"]
    assert "<td>各项得分之和</td>" in named.data["text/html"]


def test_a_section_that_only_other_outlines_have_is_left_out_with_a_word(
    evaluation: Evaluation,
) -> None:
    [output] = displayed(evaluation, "use_and_publicity")

    assert "没有这一部分" in output.data["text/plain"]
    assert output.metadata[MARK] == {"absent": "use_and_publicity"}


def test_a_misspelt_part_is_refused_with_the_nearest_name(evaluation: Evaluation) -> None:
    with pytest.raises(UsageError) as slip:
        show(evaluation, "spendign")
    with pytest.raises(UsageError, match=r"请看 parts\(evaluation\)"):
        show(evaluation, "支出")

    assert str(slip.value) == "show(…)：没有“spendign”这一部分。是不是“spending”？"


def test_one_part_is_shown_at_a_time(evaluation: Evaluation) -> None:
    with pytest.raises(UsageError, match="“overview”后面不能再写别的部分"):
        show(evaluation, "overview", "scores")


def test_the_trace_of_no_part_does_not_say_that_it_lists_one(evaluation: Evaluation) -> None:
    with capture_output() as captured:
        show(evaluation, "trace", "use_and_publicity", "trace")

    [output] = captured.outputs
    assert "这几部分里" not in output.data["text/html"]
    assert "<td>支出合计全年执行数</td>" in output.data["text/html"]


def test_what_was_not_done_before_is_told_in_one_line(evaluation: Evaluation) -> None:
    shell = InteractiveShell.instance()
    shell.user_ns |= {"show": show, "evaluation": replace(evaluation, found=None)}

    with capture_output() as captured:
        shell.run_cell("show(evaluation, 'overview')")

    assert captured.stdout.strip().splitlines() == [
        "单元格第 1 行：show(evaluation, 'overview')",
        "还没有检查。请先运行 check(evaluation)。",
    ]


def test_the_parts_are_those_that_can_be_shown_with_their_headings(evaluation: Evaluation) -> None:
    listed = parts(evaluation)

    assert list(listed.columns) == ["版本", "部分", "标题"]
    assert listed[listed["版本"] == "公开版"]["部分"].tolist() == [
        "overview", "profile", "spending", "performance", "problems", "measures",
        "glossary", "trace", "about",
    ]  # fmt: skip
    assert listed.set_index("部分").at["preview", "标题"] == "复核预演"
    assert len(displayed(evaluation, *listed["部分"])) == len(listed)


def test_nothing_in_an_evaluation_can_be_changed(evaluation: Evaluation) -> None:
    for field in fields(evaluation):
        with pytest.raises(FrozenInstanceError):
            setattr(evaluation, field.name, None)
        assert not isinstance(getattr(evaluation, field.name), (dict, list, set)), field.name
    with pytest.raises(TypeError):
        evaluation.quantities["total.executed"] = None  # type: ignore[index]


def test_a_finish_record_says_what_the_batch_needs_to_know(evaluation: Evaluation) -> None:
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
    assert sum(one["count"] for one in record["problems"]) == record["open"] > 0
    severe = [one["count"] for one in record["problems"] if one["severity"] == "error"]
    assert sum(severe) == record["blocking"]
    assert set(record["inputs"]) == {"unit.yaml", "narrative.md", "填报.xlsx"}


def test_a_severe_finding_that_keeps_nothing_a_draft_is_a_reminder_in_the_record(
    evaluation: Evaluation,
) -> None:
    finding = Finding(code="SUM-01", severity="error", action="correct", message="没有合计",
                      outcome="not_computable")  # fmt: skip

    record = finish_record(replace(evaluation, found=(finding, finding)), "report")

    assert record["problems"] == [
        {"severity": "warning", "code": "SUM-01", "count": 2,
         "problem": "无法核对：基本支出合计等于人员经费加公用经费"},
    ]  # fmt: skip


def test_a_chart_is_shown_with_its_texts_as_text(evaluation: Evaluation) -> None:
    chart = draw_scores(evaluation)

    with capture_output() as shown:
        display(chart)

    (picture,) = shown.outputs
    assert f">{chart.title}</text>" in picture.data["image/svg+xml"]
    assert picture.data["text/plain"] == chart.alt
