"""In a real kernel: frames as they are shown, Tab, the picker, a folder that is watched, a slip."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import make_unit
from evaluated import BASIC
from kernels import Kernel, started


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("live")
    first = make_unit(root, basic=BASIC)
    second = first.with_name("T002")
    shutil.copytree(first, second)
    settings = second / "unit.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("T001", "T002"), encoding="utf-8")
    (root / "notebooks").mkdir()
    return root


@pytest.fixture(scope="module")
def kernel(folder: Path) -> Iterator[Kernel]:
    with started(folder / "notebooks") as kernel:
        kernel.run("from selfeval import *\nimport selfeval\nunit = '2021/T001'")
        kernel.run("evaluation = score(load_unit(unit))")
        yield kernel


def html(kernel: Kernel, source: str) -> str:
    return str(kernel.run(source)[-1]["data"]["text/html"])


def test_a_frame_shows_the_source_of_a_number_where_the_mouse_is(kernel: Kernel) -> None:
    shown = html(kernel, "evaluation.lines")

    assert re.search(r'title="填报\.xlsx › 基本支出 › G\d+">105\.50</td>', shown)
    assert 'class="selfeval-frame"' in shown
    assert ">年初预算数</th>" in shown


def test_a_source_follows_its_number_through_filters_orders_and_joins(kernel: Kernel) -> None:
    told = kernel.text(
        "lines = evaluation.lines\n"
        "kept = lines[lines['全年执行数'] > 20].sort_values('全年执行数').reset_index(drop=True)\n"
        "joined = kept.merge(lines[['支出项目', '年初预算数']], on='支出项目')\n"
        "sources = joined.set_index('支出项目').sources()\n"
        "sources.loc['人员经费', ['全年执行数', '年初预算数_y']].tolist()"
    )

    assert re.fullmatch(r"\['填报\.xlsx › 基本支出 › G\d+', '填报\.xlsx › 基本支出 › D\d+'\]", told)


def test_tab_offers_the_names_of_the_door_and_the_frames(kernel: Kernel) -> None:
    named = {match.split(".")[-1] for match in kernel.completions("selfeval.")}
    frames = {match.split(".")[-1] for match in kernel.completions("evaluation.")}

    assert {"load_unit", "compare", "watch"} <= named
    assert not {"import_module", "TYPE_CHECKING", "tables", "lab", "errors"} & named
    assert {"lines", "findings", "scores", "with_amounts"} <= frames


def test_a_slip_in_a_kernel_is_one_sentence_below_the_line_of_the_cell(kernel: Kernel) -> None:
    [error] = kernel.run("x = 1\nload_unit('T0O1')")

    assert error["traceback"] == [
        "单元格第 2 行：load_unit('T0O1')",
        "“T0O1”：2021年度没有这个单位。是不是“T001”？",
    ]


def test_a_unit_that_is_picked_becomes_the_parameter_of_the_notebook(kernel: Kernel) -> None:
    assert kernel.text("pick(unit)").startswith("2021/T001 ")
    units = kernel.widget(description="单位")

    kernel.change(units, index=1)

    assert kernel.text("unit") == "'2021/T002'"
    assert kernel.text("load_unit(unit).unit.code") == "'T002'"
    kernel.run("unit = '2021/T001'")


def test_what_is_picked_stays_when_all_is_run_again_until_the_parameter_changes(
    kernel: Kernel,
) -> None:
    run_again = "unit = '2021/T001'\npick(unit)\nunit"
    kernel.run("pick('2021/T001')")
    [*_, latest] = [one for one, has in kernel.widgets.items() if has.get("description") == "单位"]
    kernel.change(latest, index=1)

    kept = kernel.text(run_again)
    kernel.run("unit = '2021/T002'\npick(unit)")
    fresh = kernel.text(run_again)

    assert (kept, fresh) == ("'2021/T002'", "'2021/T001'")


def test_a_table_that_is_saved_is_read_again_and_what_changed_is_shown(
    kernel: Kernel, folder: Path
) -> None:
    make_unit(folder, basic=BASIC)
    assert "与上次看时相比（没有）" in kernel.text("watched = watch(unit)\nwatched")
    page = next(
        own for own, has in kernel.widgets.items() if "<p>2021/T001" in str(has.get("value"))
    )

    make_unit(folder, basic=[BASIC[0] | {"executed": 99}, BASIC[1]])

    told = kernel.wait_for(page, "value")
    assert '<td class="text">人员经费全年执行数</td>' in told
    assert '105.50万元</td><td class="text">99.00万元' in told
    assert told.count("<caption>") == 1
    assert kernel.text("watched.evaluation.fen('personnel', 'executed')") == "99000000"
    kernel.run("watched.stop()")


def test_a_placeholder_in_a_text_of_ones_own_is_shown_as_its_number(kernel: Kernel) -> None:
    [shown] = kernel.run("show('支出{{人员经费.年初预算数}}。')")

    assert shown["data"]["text/markdown"] == "支出100.00万元。"
    assert shown["metadata"]["selfeval"]["written"] == "支出{{人员经费.年初预算数}}。"


def test_a_placeholder_that_names_nothing_is_told_at_once(kernel: Kernel) -> None:
    [error] = kernel.run("show('支出{{人员经废.年初预算数}}。')")

    assert error["evalue"].startswith("占位符“{{人员经废.年初预算数}}”没有对应的数。")


def test_how_many_units_were_read_is_told_in_one_line(kernel: Kernel) -> None:
    shown = kernel.run("everything = load_all()")

    assert [one["data"]["text/plain"] for one in shown] == [""]
    assert kernel.shown_anew == ["正在读第 1 个，共 2 个单位", "2 个单位"]


def test_a_cell_that_is_run_again_never_shows_a_stale_table(kernel: Kernel, folder: Path) -> None:
    make_unit(folder, basic=BASIC)
    source = "load_unit(unit).fen('personnel', 'executed')"
    before = kernel.text(source)

    make_unit(folder, basic=[BASIC[0] | {"executed": 77}, BASIC[1]])

    assert (before, kernel.text(source)) == ("105500000", "77000000")
