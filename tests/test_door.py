"""The front door: a dozen names, each with an example that runs, and one sentence for a slip."""

from __future__ import annotations

import doctest
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, copy_project
from evaluated import sample
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

import selfeval
from selfeval.errors import UsageError
from selfeval.evaluation import Evaluation

FUNCTIONS = [name for name in selfeval.__all__ if name not in ("Evaluation", "style")]
FRAMES = {
    name
    for name, own in vars(Evaluation).items()
    if isinstance(own, property) and own.fget.__annotations__.get("return") == "ShownFrame"
}
METHODS = sorted(FRAMES | {"frame", "with_amounts", "with_indicators"})


@pytest.fixture(autouse=True)
def shell(tmp_path: Path) -> Iterator[InteractiveShell]:
    """A real IPython, without a terminal: of what is shown it prints the plain text."""
    InteractiveShell.clear_instance()
    config = Config({"HistoryManager": {"enabled": False}})
    yield InteractiveShell.instance(config=config, ipython_dir=str(tmp_path / "ipython"))
    InteractiveShell.clear_instance()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("door")).root


def examples(name: str, owner: object) -> list[doctest.DocTest]:
    names = {own: getattr(selfeval, own) for own in selfeval.__all__}
    found = doctest.DocTestFinder(recurse=False).find(owner, name, globs=names)
    return [test for test in found if test.examples]


@pytest.mark.parametrize(
    ("home", "name"),
    [*((selfeval, name) for name in FUNCTIONS), *((Evaluation, name) for name in METHODS)],
)
def test_the_example_of_a_name_runs_and_shows_what_it_says(
    home: object, name: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project / "notebooks")
    owner = getattr(home, name)
    tests = examples(name, owner.fget if isinstance(owner, property) else owner)
    told: list[str] = []

    for test in tests:
        doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test, out=told.append)

    assert tests
    assert told == [], "".join(told)


def test_the_door_has_these_names_and_no_module_but_the_look_of_charts() -> None:
    assert selfeval.__all__ == dir(selfeval) == [
        "Evaluation", "check", "compare", "finish", "load_all", "load_unit", "parts", "pick",
        "score", "show", "style", "units", "watch",
    ]  # fmt: skip


def test_a_name_of_the_door_is_one_and_the_same_object_with_its_own_words() -> None:
    assert selfeval.check is selfeval.check
    assert selfeval.load_unit.__doc__ is not None
    assert selfeval.load_unit.__doc__.startswith("Load a unit")


def test_asking_for_a_name_imports_no_pandas_and_no_widgets() -> None:
    code = (
        "import sys, selfeval; dir(selfeval); assert not {*sys.modules} & {'pandas', 'ipywidgets'};"
        "selfeval.pick; assert 'ipywidgets' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (
            lambda: selfeval.load_unit(),
            "load_unit(…)：缺少参数：unit。写法：load_unit(unit, year=None)。",
        ),
        (
            lambda: selfeval.units(yaer=2021),
            "units(…)：没有叫“yaer”的参数。是不是“year”？",
        ),
        (
            lambda: selfeval.units(2021, 2022),
            "units(…)：参数写得太多，或者写了两次。写法：units(year=None)。",
        ),
        (
            lambda: selfeval.check("G001"),
            "check(…)：evaluation 应是 load_unit 的结果，这里是“G001”。"
            "请先 evaluation = load_unit(单位代码)。",
        ),
        (
            lambda: selfeval.score(None),
            "score(…)：evaluation 应是 load_unit 的结果，这里是一个 NoneType。"
            "请先 evaluation = load_unit(单位代码)。",
        ),
        (lambda: selfeval.load_unit(2021), None),
    ],
)
def test_a_call_that_cannot_be_meant_is_refused_in_one_sentence(call, told) -> None:
    with pytest.raises(UsageError) as refused:
        call()

    assert "\n" not in str(refused.value)
    assert told is None or str(refused.value) == told


def test_an_error_of_ours_is_a_sentence_below_the_analysts_own_lines(
    shell: InteractiveShell,
) -> None:
    shell.user_ns |= {"show": selfeval.show, "evaluation": sample("S001")}

    with capture_output() as captured:
        shell.run_cell("def mine(part):\n    show(evaluation, part)\n\nmine('spendign')")

    assert captured.stdout.strip().splitlines() == [
        "单元格第 4 行：mine('spendign')",
        "单元格第 2 行：show(evaluation, part)",
        "show(…)：没有“spendign”这一部分。是不是“spending”？",
    ]
