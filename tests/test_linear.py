"""Long hostile text costs what its length does: no pattern and no rule tries it in all ways.

What is counted is the processor's time, not that of a clock: a busy machine fails no test.
"""

import importlib
import pkgutil
import re
import signal
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from builders import SCHEMES
from evaluated import LINES, evaluate, row, text
from printed import attainment

import selfeval
from selfeval.checks import RULES
from selfeval.checks.text.told import statements
from selfeval.evaluation import Evaluation
from selfeval.schemes.scoring import load_scoring
from selfeval.unit import load_folder

LONG = 20_000
REPEATED = [
    *" \n1(《，。甲一年-",
    "1,",
    "1 ",
    "<!--",
    "{{",
    "{{.",
    "其中：",
    "1.",
    "1分 ",
    "单位 ",
    "a:",
]
BEFORE = ["", "(1", "{{甲."]
TEXTS = """窗口服务专项年初预算50万元 比上年增加5万元，增长 占支出合计的 5万元， 《 大于预算
    2018年度 的的 1， “ {{ 增加（减少） 云台区 教育支出（205类） 甲5万元。"""


@contextmanager
def processor_seconds(most):
    def late(*_):
        raise AssertionError(f"took more than {most} s of the processor's time")

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, most)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def patterns():
    """Yield every pattern of a module, and whether it looks for a match anywhere in a text."""
    for found in pkgutil.walk_packages(selfeval.__path__, "selfeval."):
        if found.name.endswith("__main__"):
            continue
        module = importlib.import_module(found.name)
        source = Path(module.__file__).read_text("utf-8")
        for name, pattern in vars(module).items():
            if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str):
                anywhere = re.search(rf"\b{name}\.(?!(?:full)?match\b)[a-z]+\(", source)
                yield f"{found.name}.{name}", pattern, bool(anywhere)


def is_slow(pattern, anywhere):
    try:
        with processor_seconds(2):
            for before in BEFORE:
                for repeated in REPEATED:
                    hostile = before + repeated * (LONG // len(repeated)) + "\n\nx"
                    pattern.match(hostile)
                    pattern.fullmatch(hostile)
                    if anywhere:
                        pattern.sub("", hostile)
    except AssertionError:
        return True
    return False


@pytest.mark.skipif(sys.platform == "win32", reason="has no timer of the processor's time")
def test_no_pattern_takes_longer_than_a_text_is_long():
    assert [name for name, pattern, anywhere in patterns() if is_slow(pattern, anywhere)] == []


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return evaluate(tmp_path_factory.mktemp("单位"), **LINES)


@pytest.mark.skipif(sys.platform == "win32", reason="has no timer of the processor's time")
@pytest.mark.parametrize("repeated", TEXTS.split())
def test_no_rule_takes_longer_than_a_text_is_long(made, repeated):
    lines = repeated * (2_000 // len(repeated))
    (made.unit.folder / "narrative.md").write_text(text("\n".join([lines] * 10)), "utf-8")

    with processor_seconds(10):
        unit = load_folder(made.unit.folder)
        case = Evaluation(unit, made.tables, made.lines, made.quantities)
        case = replace(case, statements=statements(case))
        for code, rule in RULES.items():
            if code.startswith("TEXT") or code in {"I15", "MISS-05"}:
                assert list(rule(case)) is not None


def words_of(value):
    """Yield every text in nested lists and mappings."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from words_of([*value, *value.values()])
    elif isinstance(value, list | tuple):
        for one in value:
            yield from words_of(one)


@pytest.mark.skipif(sys.platform == "win32", reason="has no timer of the processor's time")
def test_no_cell_of_an_indicator_takes_longer_than_it_is_long():
    scoring = load_scoring(SCHEMES, "mof-2020")
    named = (name for name in scoring.checks.words if name.startswith("direction_"))
    listed = [scoring.checks.listed(name) for name in named]
    words = {*words_of(scoring.words.model_dump()), *words_of(listed)}

    with processor_seconds(60):
        for word in sorted({*words, "1", "3/4", "10月", "5项中"} - {""}):
            hostile = word * (2_000 // len(word))
            for sign, target, actual in (
                ("≥", "20", hostile),
                ("", hostile, "20"),
                ("定性", "全部达成", f"达成，完成{hostile}"),
            ):
                own = row(comparison=sign, target_value=target, actual_value=actual)
                assert attainment(own, scoring).basis
