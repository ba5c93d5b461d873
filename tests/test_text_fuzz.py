"""Sentences made of the grammar's own pieces: no rule of texts may break, whatever they say."""

import re
import unicodedata
from dataclasses import replace

from conftest import EXAMPLES
from evaluated import LINES, evaluate, measure, text
from hypothesis import given, settings
from hypothesis import strategies as st

from selfeval.checks import RULES
from selfeval.checks.prose import paragraphs
from selfeval.checks.text.told import statements
from selfeval.evaluation import Evaluation
from selfeval.text.numbers import AMOUNT, money
from selfeval.unit import load_folder

PIECES = """
    窗口服务专项 “文献购置” 人员经费 “三公”经费 支出合计 决算数 本年支出 公务接待费 追加专项
    编报绩效目标的项目 群众满意度 本单位（测试局） 教育支出（205类） 2210201 其中： 一是 （一）

    年初预算 调整后预算 支出 决算 执行 比上年 较2020年 同比 与上年 大于预算 小于年初预算 约
    控制在预算以内 完成预算的 占支出合计的 比重为 2019年度 20211年度 202年度 截至 分别为
    主要原因是 受疫情影响 增加 减少（增加） 持平 增加增加 的的 其他 《2018年度办法》

    50 50.00 1,234.5 １，２３４．５ 1，23 1.2.3 0 00 -5 （5） ９ ٣ ² ① 一百 1e5 100,000,000 ,5 5,
    .5 5. 999999999999999999999999999999

    元 万元 亿元 千元 万 亿 % ％ %% 百分点 个 元/人

    ， 。 ； ： 、 。。 （ ） 《 》 “ ” | ** , ; ! \ufffc \u200b 𠮷 {
"""
SUBJECTS, PHASES, NUMBERS, UNITS, MARKS = (kind.split() for kind in PIECES.split("\n\n"))
UNITS += ["", " 万 元"]
MARKS += [" ", "\n", "\n\n", "\t", "\u3000", "- ", "1. "]
pieces = st.one_of(*map(st.sampled_from, (SUBJECTS, PHASES, NUMBERS, UNITS, MARKS)))
amounts = st.tuples(*map(st.sampled_from, (SUBJECTS, PHASES, NUMBERS, UNITS, MARKS))).map("".join)


@st.composite
def sentences(draw: st.DrawFn) -> str:
    """Return sentences as a clerk writes them, then cut, doubled or out of order."""
    said = draw(st.lists(st.one_of(amounts, amounts, pieces), min_size=1, max_size=12))
    if draw(st.booleans()):
        said = draw(st.permutations(said))
    whole = "".join(said) * draw(st.sampled_from([1, 1, 1, 2]))
    first = draw(st.integers(0, min(3, len(whole))))
    return whole[first : len(whole) - draw(st.integers(0, 3))]


def said_by(folder, whole):
    (folder / "narrative.md").write_text(text(whole), encoding="utf-8")
    return load_folder(folder)


def test_no_rule_breaks_whatever_the_text_says_and_amounts_are_what_was_typed(tmp_path):
    rows = [measure(), measure("人员少")]
    made = evaluate(tmp_path, **LINES, measures=rows)
    rules = [
        rule
        for code, rule in RULES.items()
        if code.startswith("TEXT") or code in {"I15", "MISS-05"}
    ]

    @settings(max_examples=EXAMPLES, derandomize=True)
    @given(sentences(), sentences())
    def run(narrative, problem):
        unit = said_by(made.unit.folder, narrative)
        said = zip(made.tables.measures, (problem, narrative), strict=True)
        told = tuple(replace(row, problem=text) for row, text in said)
        tables = replace(made.tables, measures=told)
        case = Evaluation(unit, tables, made.budget_lines, made.quantities)
        case = replace(case, judged=statements(case))

        findings = [finding for rule in rules for finding in rule(case)]

        assert [f for f in findings if not f.message or "\ufffd" in f.message] == []
        for paragraph in paragraphs(case):
            for match in AMOUNT.finditer(paragraph.text):
                typed = paragraph.quote(*match.span())
                digits = re.sub(r"[^0-9.]", "", unicodedata.normalize("NFKC", typed))
                assert match["number"] == digits
                assert money(match[0]).value >= 0

    run()
