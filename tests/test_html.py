"""Tests of selfeval.page.html and its macros: text escaped at its source, every number traced."""

import ast
import re
from html.parser import HTMLParser

import pytest
from conftest import ROOT
from evaluated import COMPLETE, line, scored
from hypothesis import example, given
from hypothesis import strategies as st
from printed import HALF_UP

from selfeval.page.html import markdown_html, number_html, paragraphs_html, table_html
from selfeval.page.macros import macros
from selfeval.page.sentences import count_of
from selfeval.page.spending import describe_projects
from selfeval.page.trace import numbered, printed_numbers

ATTACK = "<script>alert(1)</script> & \"甲\" '乙' <img src=x onerror=alert(1)>"


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found, self.words = [], ""
        self.feed(str(html))

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.words += data


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory):
    return scored(tmp_path_factory.mktemp("unit"), **COMPLETE)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    rows = [line(ATTACK, "", 10, "", "", 12, note=ATTACK, use=ATTACK)]
    return scored(tmp_path_factory.mktemp("unit"), projects=rows)


# --- what the unit supplies is text ----------------------------------------------------------


def test_text_is_safe_in_an_element_and_in_an_attribute():
    ((tag, attributes),) = Tags(macros("numbers").gap(ATTACK, ATTACK)).found

    assert (tag, attributes) == ("span", {"class": "gap", "title": ATTACK})


def test_html_is_written_in_the_templates_alone():
    written = [
        f"{path.name}:{text.lineno}"
        for path in sorted((ROOT / "selfeval" / "page").glob("*.py"))
        if path.name not in {"svg.py", "seal.py"}  # what a library drew, and the finished page
        for text in f_strings(ast.parse(path.read_text(encoding="utf-8")))
        if re.search(r"(?<!\?P)</?[a-z]", ast.unparse(text))
    ]

    assert written == []


def f_strings(tree):
    """Return the f-strings of a module but those of regular expressions."""
    patterns = {
        id(part)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("re.")
        for part in ast.walk(call)
    }
    found = (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr))
    return [node for node in found if id(node) not in patterns]


def test_names_and_notes_of_a_unit_are_words_in_sentences(hostile):
    tags = Tags(paragraphs_html(hostile, describe_projects(hostile)))

    assert {tag for tag, _ in tags.found} <= {"p", "a", "span"}
    assert {key for _, attributes in tags.found for key in attributes} <= {
        "class", "href", "data-number", "data-value", "data-note", "title",
    }  # fmt: skip
    assert ATTACK in tags.words


def test_names_captions_and_heads_are_words_in_a_table(hostile):
    quantity = hostile.quantities["total.execution_rate"]
    tags = Tags(
        table_html(hostile, ATTACK, [ATTACK, "数"], [[ATTACK, quantity], ["乙", (ATTACK,)]])
    )

    assert not {"script", "img"} & {tag for tag, _ in tags.found}
    assert tags.words.count(ATTACK) == 4
    assert dict(tags.found)["div"]["aria-label"] == ATTACK


@pytest.mark.parametrize(
    "markdown",
    [
        "[点](https://example.com)",
        "[点](javascript:alert(1))",
        "<https://example.com>",
        "https://example.com",
        "![图](https://example.com/a.png)",
        "![图](data:image/png;base64,AAAA)",
        "<script>alert(1)</script>",
        "<b onclick='x()'>粗</b>",
        "<style>p{}</style>",
        "<!-- 注 -->",
        "[点][1]\n\n[1]: https://example.com",
        "<svg/onload=alert(1)>",
        "&lt;script&gt;",
        "```html\n<script>alert(1)</script>\n```",
        "    <script>",
    ],
)
def test_narrative_makes_no_link_no_image_and_no_tag_of_its_own(evaluation, markdown):
    html = markdown_html(evaluation, f"前文。\n\n{markdown}\n\n后文。")
    tags = Tags(html)

    assert {tag for tag, _ in tags.found} <= {"p", "ul", "ol", "li", "br", "strong", "em"}
    assert all(set(attributes) <= {"value"} for _, attributes in tags.found)
    assert "前文。" in tags.words
    assert "后文。" in tags.words


@pytest.mark.parametrize(
    "markdown",
    [
        "小标题\n---", "小标题\n===", "***", "> 90%的群众满意", ">90%的群众满意", "# 标题",
        "[注]: 本表数据未经审计", "[注]：甲", "[^1]: 甲", "[点](附件)", "![图](图一.png)", "<附件>",
        "共3*5*2=30平方米", "*甲*", "***甲***", "甲_乙_丙", "__甲__", "______", "`甲`",
        "```甲\n乙\n```", "D:\\共享\\*", "\\*", "&nbsp;&amp;", "~~甲~~", "甲|乙", "http://甲.cn",
        "| 甲 | 乙 |\n| 丙 |", "|", "| 甲 |\n| --- |\n| 乙 | 丙 |", "- 甲\n***\n- 乙",
        "- 甲\n> 乙", "1. 甲\n```\n乙", "2021.", "共\n\n12.\n5万元", "- 3. 甲\n- 4. 乙", "+ 3) 甲",
    ],
)  # fmt: skip
def test_what_is_no_markdown_of_ours_is_printed_as_it_is_typed(evaluation, markdown):
    tags = Tags(markdown_html(evaluation, f"前文。\n\n{markdown}\n\n后文。"))

    typed = re.sub(r"(?m)^(?:[-+] |1\. )", "", markdown)
    assert re.sub(r"\s+", "", tags.words) == re.sub(r"\s+", "", f"前文。{typed}后文。")


@pytest.mark.parametrize("numbers", [(3, 4), (1, 2, 4), (1, 1, 1), (2021, 2019)])
def test_the_numbers_of_a_list_are_printed_as_they_are_typed(evaluation, numbers):
    items = "\n".join(f"{number}. 甲" for number in numbers)
    tags = Tags(markdown_html(evaluation, f"前文。\n\n{items}\n\n后文。"))

    printed = [attributes["value"] for tag, attributes in tags.found if tag == "li"]
    assert printed == [str(number) for number in numbers]


WORDS = ["甲", "乙", "丙。", "12", "3.5%", "（一）", "\u3000"]
MARKS = [
    "*", "**", "_", "`", "```", "#", "> ", "- ", "+ ", "1. ", "7) ", "|", "---", "| --- |", "===",
    "[", "]", "(", ")", "]: ", "!", "<", ">", "</b>", "&lt;", "\\", "~", "\n", "\n\n", "    ", "\t",
]  # fmt: skip


def test_no_word_of_a_text_is_lost_or_moved(evaluation):
    kept = re.compile(r"[甲乙丙。%（一）_`#>\[\](!<&;\\~=]")

    @given(st.lists(st.sampled_from(WORDS + MARKS), max_size=25).map("".join))
    @example("甲\\\n乙")
    def holds(markdown):
        words = Tags(markdown_html(evaluation, markdown)).words
        assert kept.findall(words) == kept.findall(markdown)

    holds()


@pytest.mark.parametrize("indent", ["    ", "\t", "        "])
def test_an_indented_paragraph_is_a_paragraph(evaluation, indent):
    html = markdown_html(evaluation, f"{indent}共**五**项。")

    assert html == "<p>共<strong>五</strong>项。</p>\n"


def test_lists_emphasis_and_tables_of_narrative_are_kept(evaluation):
    html = markdown_html(
        evaluation, "1. **甲**\n2. 乙\n\n| 项 | 数 |\n| --- | ---: |\n| 甲 | 1 |\n"
    )
    tags = Tags(html)

    assert {"ol", "li", "strong", "table", "th", "td"} <= {tag for tag, _ in tags.found}
    assert {a.get("scope") for tag, a in tags.found if tag == "th"} == {"col"}


# --- numbers ---------------------------------------------------------------------------------


def test_a_project_whose_name_has_a_star_or_a_line_can_be_named(tmp_path):
    own = scored(tmp_path, projects=[line("甲_乙*丙*", "", 7)])

    assert "7.00万元" in markdown_html(own, "共{{甲_乙*丙*.年初预算数}}。")


def test_a_project_whose_name_has_a_bar_can_be_named_in_a_table(tmp_path):
    own = scored(tmp_path, projects=[line("甲|乙", "", 7)])

    html = markdown_html(own, "| 项 | 数 |\n|---|---|\n| 共 | {{甲|乙.年初预算数}} |\n")

    assert html.count("<td>") == 2
    assert "7.00万元</a></td>" in html


def test_a_number_carries_its_exact_value_its_source_and_a_link_to_the_trace(evaluation):
    quantity = evaluation.quantities["project:窗口服务专项.executed"]
    ((tag, attributes),) = Tags(number_html(evaluation, quantity)).found

    assert tag == "a"
    assert attributes == {
        "class": "n",
        "href": f"#{quantity.key}",
        "data-value": "54000000",
        "data-note": "54.00万元＝540 000.00 元｜项目支出.csv › 项目支出 › G4",
    }


def test_a_missing_number_is_a_word_that_says_why(hostile):
    quantity = hostile.quantities["total.execution_rate"]
    ((tag, attributes),) = Tags(number_html(hostile, quantity)).found

    assert (tag, attributes) == ("span", {"class": "gap", "title": quantity.missing})


def test_a_rate_is_traced_with_the_numbers_it_is_made_of(evaluation):
    rate = number_html(evaluation, evaluation.quantities["total.execution_rate"])

    assert list(printed_numbers([rate], evaluation.quantities)) == [
        "total.executed", "total.adjusted_budget", "total.execution_rate",
    ]  # fmt: skip


def test_a_number_that_the_evaluation_does_not_hold_brings_its_definition(evaluation):
    count = count_of("projects", 3).quantity

    assert printed_numbers([number_html(evaluation, count)], {}) == {count.key: count}


def test_two_numbers_of_one_name_are_never_printed_as_one(evaluation):
    three, four = (number_html(evaluation, count_of("projects", n).quantity) for n in (3, 4))

    with pytest.raises(ValueError, match="项目"):
        printed_numbers([three, four], {})


def test_what_a_unit_writes_is_never_taken_for_a_number(evaluation):
    typed = '<a class="n" href="#total.executed" data-value="1"> data-n="total.executed"'

    assert printed_numbers([markdown_html(evaluation, typed)], evaluation.quantities) == {}
    assert numbered(markdown_html(evaluation, typed), []) == markdown_html(evaluation, typed)


def test_placeholders_become_numbers_wherever_they_stand(evaluation):
    first = "共**{{支出合计.全年执行数}}**，{{人员.年末实有}}。"
    rest = "- {{窗口服务专项.预算执行率}}\n\n[{{支出合计.全年执行数}}](x)"
    html = markdown_html(evaluation, f"{first}\n\n{rest}")
    tags = Tags(html)

    assert [a["href"] for tag, a in tags.found if tag == "a"] == [
        "#total.executed", "#staff.staff_in_post", "#project:窗口服务专项.execution_rate",
        "#total.executed",
    ]  # fmt: skip
    assert "共207.00万元，16人。" in tags.words
    assert "98.18%" in tags.words
    assert not re.search("[\U00010400\U00010401]", html)


def test_thousands_of_placeholders_do_no_harm(evaluation):
    html = markdown_html(evaluation, "{{支出合计.全年执行数}} " * 6500)

    assert html.count("207.00万元") == 6500 * 2
    assert not re.search("[\U00010400\U00010401]", html)


def test_stand_ins_typed_by_the_unit_stand_for_no_number(evaluation):
    html = markdown_html(evaluation, "\U000104000\U00010401与{{支出合计.全年执行数}}")

    assert html.count('class="n"') == 1


def test_an_exact_value_is_exact_however_large(evaluation):
    from dataclasses import replace
    from fractions import Fraction

    rate = replace(evaluation.quantities["total.share"], value=Fraction(10**18 + 1, 100))

    assert HALF_UP.exact(rate) == "1000000000000000001%"


# --- tables ----------------------------------------------------------------------------------


def test_a_table_has_a_caption_scopes_and_a_focusable_box(evaluation):
    quantity = evaluation.quantities["total.executed"]
    rows, heads = [["甲", quantity], ["合计", "未提供"]], ["项目", "数"]
    options = {"numeric": [1], "strong": [1], "indent": {0: 1}}
    html = table_html(evaluation, "表（万元）", heads, rows, **options)
    tags = Tags(html)

    assert "<caption>表（万元）</caption>" in html
    assert [a["scope"] for tag, a in tags.found if tag == "th"] == ["col", "col", "row", "row"]
    assert tags.found[0][1] == {
        "class": "scroll", "tabindex": "0", "role": "region", "aria-label": "表（万元）",
    }  # fmt: skip
    # The caption names the unit of money; the cells do not repeat it, the note does.
    assert ">207.00</a>" in html
    assert '<span class="gap">未提供</span>' in html
