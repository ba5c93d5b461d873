"""Long hostile text costs what its length does, and a large unit what its rows do.

Of text the processor's time is counted, not that of a clock: a busy machine fails no test. Of
rows the lines of our code that run, each round of a loop again: they are the same every time.
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
from builders import SCHEMES, make_folder, write_xlsx
from evaluated import LINES, PROJECTS, evaluate, indicator, line, row, text
from printed import attainment

import selfeval
from selfeval.annex import build_annexes
from selfeval.checks import RULES, check
from selfeval.checks.text.told import statements
from selfeval.evaluation import Evaluation
from selfeval.evaluation.load import load_unit
from selfeval.page.parts import build_view, edition_parts
from selfeval.schemes.scoring import load_scoring
from selfeval.scoring.score import score
from selfeval.terms import EDITIONS
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
        case = Evaluation(unit, made.tables, made.budget_lines, made.quantities)
        case = replace(case, judged=statements(case))
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


# --- large units ---------------------------------------------------------------------------


def lines_run(work):
    """Return how many lines of the package ran, each round of a loop and of a list's as one."""
    package, count = str(Path(selfeval.__file__).parent), 0

    def count_line(frame, event, _):
        nonlocal count
        count += event == "line"
        return count_line

    def enter(frame, event, _):
        return count_line if frame.f_code.co_filename.startswith(package) else None

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def indicators_with_materials(folder, count):
    names = [f"完成第{number}类事项" for number in range(count)]
    evaluate(
        folder,
        projects=PROJECTS,
        indicators=[indicator(name, weight="0.5", self_score="0.5") for name in names],
        evidence=[{"indicator_name": name, "material": f"{name}台账"} for name in names],
    )


def projects_with_indicators(folder, count):
    names = [f"第{number}项专项" for number in range(count)]
    evaluate(
        folder,
        projects=[line(name, 10, 10, 0, 10, 9) for name in names],
        indicators=[indicator(f"{name}场次", weight="0.5", project=name) for name in names],
    )


def rows_of_final_accounts(folder, count):
    codes = [f"{201 + number // 90}{number % 90 + 10}" for number in range(count)]
    heads = ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"]
    rows = [[code, f"科目{code}", 2, 1, 1] for code in codes]
    total = ["合计", "", 2 * count, count, count]
    unit = make_folder(folder)
    write_xlsx(unit / "决算.xlsx", 支出=[["支出决算表"], ["单位：万元"], heads, total, *rows])


def everything(folder):
    case = score(check(load_unit(folder)))
    for edition in EDITIONS:
        for part in edition_parts(case, edition):
            build_view(case, part)
    build_annexes(case)


@pytest.mark.parametrize(
    "write", [indicators_with_materials, projects_with_indicators, rows_of_final_accounts]
)
def test_a_large_unit_takes_as_much_longer_as_it_has_more_rows(tmp_path, write):
    folder, ran = tmp_path / "params" / "2021" / "T001", []
    for count in (10, 10, 30, 50):
        write(tmp_path, count)
        ran.append(lines_run(lambda: everything(folder)))

    _, first, second, third = ran  # once for what is loaded only once
    assert third - second < 1.05 * (second - first)
