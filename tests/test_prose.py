"""Tests of selfeval.checks.prose: the text as paragraphs."""

import re

import pytest
from evaluated import LINES, evaluate, measure, text

from selfeval.checks.prose import paragraphs
from selfeval.evaluation import Evaluation
from selfeval.text.numbers import AMOUNT, MONEY
from selfeval.text.paragraphs import OPAQUE


def read(tmp_path, *sentences, **tables):
    made = evaluate(tmp_path, narrative=text(*sentences), **(LINES | tables))
    case = Evaluation(made.unit, made.tables, made.budget_lines, made.quantities)
    return [
        found for found in paragraphs(case) if "科室" not in found.raw and "业务" not in found.raw
    ]


def test_lines_that_wrap_are_one_paragraph_and_keep_their_numbers(tmp_path):
    (found,) = read(tmp_path, "支出总计\n9859.38 万元，增长\n12.08%。")
    at = found.text.index("12.08")

    assert found.text == "支出总计9859.38万元,增长12.08%。"
    assert [str(found.place(i)).rpartition(" › ")[2] for i in (0, 5, at)] == [
        "第 13 行", "第 14 行", "第 15 行",
    ]  # fmt: skip
    assert found.quote(4, at + 6) == "9859.38 万元，增长12.08%"


def test_a_list_is_a_paragraph_for_each_item(tmp_path):
    found = read(tmp_path, "一是建窗口。\n二是培训。\n（三）讲座。\n1. 宣传\n45.00万元。")

    assert [paragraph.raw for paragraph in found] == [
        "一是建窗口。", "二是培训。", "（三）讲座。", "1. 宣传45.00万元。",
    ]  # fmt: skip
    assert {paragraph.part for paragraph in found} == {
        "一是建窗口。\n二是培训。\n(三)讲座。\n1.宣传45.00万元。"
    }


@pytest.mark.parametrize(
    ("typed", "amounts"),
    [
        ("支出1，683．71 万元", ["1683.71万元"]),
        ("支出１２，３４５．６万元", ["12345.6万元"]),
        ("支出12,345,678元、3亿元、5千元", ["12345678元", "3亿元", "5千元"]),
        ("支出 0.5\n万元", ["0.5万元"]),
        ("2021年，50万元", ["50万元"]),
        ("支出1,23万元", []),
        ("支出12,3456万元", []),
        ("2021,500万元", []),
        ("支出1.2.3万元", []),
        ("预算 2021 50万元", []),
        ("支出100\n50万元", []),
        ("支出12345678901234567890万元", []),
        ("支出٣万元、²万元、①万元", []),
    ],
)
def test_an_amount_is_read_whole_or_not_at_all(tmp_path, typed, amounts):
    found = read(tmp_path, typed)

    assert [m[0] for one in found for m in AMOUNT.finditer(one.text)] == amounts
    assert [m[0] for one in found for m in re.finditer(MONEY, one.text)] == amounts


def test_a_sentence_without_end_is_cut_so_that_no_rule_reads_far(tmp_path):
    (found,) = read(tmp_path, "长" * 10_000)

    assert max(end - start for start, end in found.sentences) <= 2400


def test_thousands_separators_go_and_other_commas_stay(tmp_path):
    (found,) = read(tmp_path, "支出3，518.85万元，2,017人，5，6月。")

    assert found.text == "支出3518.85万元,2017人,5,6月。"


def test_placeholders_are_read_as_printed_and_one_without_a_number_parts_the_words(tmp_path):
    (found,) = read(tmp_path, "支出{{人员经费.全年执行数}}，预算{{文献购置.调整后预算数}}。")

    assert found.text == f"支出105.50万元,预算{OPAQUE}。"


def test_an_excerpt_never_cuts_a_number(tmp_path):
    (found,) = read(tmp_path, f"{'甲' * 20}12345.67万元{'乙' * 21}增加，{'丙' * 8}76543.21万元。")
    at = found.text.index("增加")

    assert found.excerpt(at, at + 2) == f"……12345.67万元{'乙' * 21}增加，{'丙' * 8}76543.21……"


def test_each_cell_of_a_problem_is_a_paragraph(tmp_path):
    found = read(tmp_path, "甲。", measures=[measure("执行慢", cause="人员少")])

    assert [paragraph.raw for paragraph in found] == ["甲。", "执行慢", "人员少"]
