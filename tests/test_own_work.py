"""An analyst's own work in a report: where it stands, what it must have, what becomes of it."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from evaluated import scored
from IPython.display import display
from IPython.utils.capture import capture_output
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from notebooks import output_of
from selfeval import show, style
from selfeval.budget.quantities import Quantity
from selfeval.errors import NotebookError, UsageError
from selfeval.evaluation import Evaluation
from selfeval.evaluation.numbers import ShownFraction
from selfeval.page.charts import draw_budget_against_spending
from selfeval.page.own_work import frame_html
from selfeval.page.parts import edition_parts
from selfeval.page.readable import faults_of, page_faults
from selfeval.page.verify import verify_page
from selfeval.run.record import finish_record
from selfeval.run.report import Report, export_page

pytestmark = pytest.mark.usefixtures("shell")

RUN = Path("report.ipynb")
ALT = {"title": "三项支出", "alt": "甲最多"}


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return scored(tmp_path_factory.mktemp("unit"))


def cell(*shown: Any, tag: str = "report", source: str = "own(1)", **how: Any) -> Any:
    """Return a cell that has shown something by ``show``; text alone is a Markdown cell."""
    if not how and shown and isinstance(shown[0], str):
        return new_markdown_cell(shown[0], metadata={"tags": [tag]})
    with capture_output() as captured:
        show(*shown, **how)
    return cell_of(captured.outputs, tag, source)


def displayed(data: Any, tag: str = "report", source: str = "own(1)") -> Any:
    """Return a cell that has displayed something by itself."""
    with capture_output() as captured:
        display(data)
    return cell_of(captured.outputs, tag, source)


def cell_of(outputs: list[Any], tag: str, source: str) -> Any:
    made = [new_output("display_data", data=o.data, metadata=o.metadata) for o in outputs]
    tags = {"tags": [tag]} if tag else {}
    return new_code_cell(source, outputs=made, metadata=tags, execution_count=7)


def report(evaluation: Evaluation, **own: Any) -> Report:
    """Return a report of the standard parts, with own cells after the parts they are named by."""
    cells = []
    for part in edition_parts(evaluation, "report"):
        cells.append(new_code_cell("", outputs=[output_of(evaluation, part)]))
        found = own.get(part, [])
        cells += found if isinstance(found, list) else [found]
    record = finish_record(evaluation, "report")
    return export_page(new_notebook(cells=cells), record, RUN, lambda: evaluation)


def figure() -> Figure:
    drawn, axes = plt.subplots()
    axes.barh(["甲", "乙"], [2, 1])
    return drawn


def refusal(evaluation: Evaluation, **own: Any) -> str:
    with pytest.raises(NotebookError) as refused:
        report(evaluation, **own)
    return f"{refused.value}{refused.value.detail}"


# --- where it stands -------------------------------------------------------------------------


def headings(html: str) -> list[str]:
    found = re.findall(r"<h[23][^>]*>(.*?)</h[23]>", html)
    return [re.sub("<[^>]+>", "", one) for one in found if one != "目录"]


def test_a_tagged_text_stands_after_the_part_before_it_and_is_numbered_with_the_sections(
    evaluation: Evaluation,
) -> None:
    made = report(
        evaluation, spending=cell("## 三公专题\n\n专题的话。\n\n### 2. 接待\n\n#### 细目")
    )
    plain = headings(report(evaluation).html)

    now = headings(made.html)

    at = next(n for n, one in enumerate(plain) if one.startswith("三、"))
    assert now[:at] == plain[:at]
    assert now[at : at + 2] == ["三、三公专题", "（一）接待"]
    assert now[at + 2] == "四、" + plain[at].removeprefix("三、")
    assert now[-3:] == plain[-3:]
    listed = re.findall(r'<li class="level[23]"><a href="#[^"]*">([^<]*)</a>', made.html)
    assert listed == now
    assert "<p><strong>细目</strong></p>" in made.html
    assert made.record["faults"] == []


def test_a_subsection_of_ones_own_goes_on_with_the_numbers_of_its_section(
    evaluation: Evaluation,
) -> None:
    now = headings(report(evaluation, spending=cell("### 补充")).html)

    before = [one for one in now[: now.index("（三）补充")] if one.startswith("（")]
    assert before[-2:] == ["（一）基本支出情况", "（二）项目支出情况"]


def test_what_is_shown_after_another_part_stands_there_in_the_order_of_the_cells(
    evaluation: Evaluation,
) -> None:
    own = [cell("一句", after="profile"), cell("二句", after="profile"), cell("三句")]

    page = report(evaluation, glossary=own).html

    places = [page.index(one) for one in ("一句", "二句", 'id="s-spending"', "三句")]
    assert places == sorted(places)


def test_after_a_part_that_is_not_shown_is_refused_with_the_nearest(evaluation: Evaluation) -> None:
    told = refusal(evaluation, glossary=cell("话", after="spendign"))

    assert told == (
        "report.ipynb › 第 7 个单元格（own(1)）：after 写的“spendign”没有显示。是不是“spending”？"
    )


def test_after_a_section_that_the_units_outline_lacks_is_where_it_was_asked_for(
    evaluation: Evaluation,
) -> None:
    own = [cell(evaluation, "use_and_publicity", tag=""), cell("话", after="use_and_publicity")]

    page = report(evaluation, spending=own).html

    assert page.index('id="s-spending"') < page.index(">话<") < page.index('id="s-performance"')


def test_what_is_not_tagged_is_not_exported_and_the_log_says_so(evaluation: Evaluation) -> None:
    own = [displayed(pd.DataFrame({"密": [1]}), tag="", source="import a\nframe.head()")]
    own += [new_markdown_cell("## 给自己看的")]

    made = report(evaluation, spending=own)

    assert ("密" in made.html, "给自己看的" in made.html) == (False, False)
    assert made.left_out == (
        "第 7 个单元格（frame.head()）的输出没有放进页面：单元格没有 report 标记。",
    )


# --- figures ---------------------------------------------------------------------------------


def test_a_figure_is_drawn_anew_as_an_svg_with_its_words_as_text(evaluation: Evaluation) -> None:
    drawn = figure()

    page = report(evaluation, spending=cell(drawn, **ALT)).html

    [own] = re.findall(r'<figure class="own">.*?</figure>', page, re.DOTALL)
    assert "<strong>三项支出</strong>" in own
    assert '<title id="own-1-title">三项支出</title><desc id="own-1-alt">甲最多</desc>' in own
    assert re.search(r"<text [^>]*>甲</text>", own)
    assert "var(--budget)" in own
    assert min(int(size) for size in re.findall(r"font-size: (\d+)", own)) >= style.SMALL
    assert not re.search("<use|<image|font-family|#[0-9a-f]{6}", own)
    assert not plt.fignum_exists(drawn.number)


def test_colours_of_ones_own_stand_on_white_paper_also_in_the_dark(evaluation: Evaluation) -> None:
    drawn = figure()
    drawn.axes[0].axvline(1, color="#aa3377")

    assert '<figure class="own light">' in report(evaluation, spending=cell(drawn, **ALT)).html


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"title": "题"}, "图没有文字说明（alt）。请写 show(figure, title=…, alt=…)。"),
        ({"alt": "甲多"}, "图没有标题。请写 title=…。"),
    ],
)
def test_a_figure_without_its_words_is_refused_by_its_cell(
    words: dict[str, str], told: str, evaluation: Evaluation
) -> None:
    own = cell(figure(), **words)

    assert refusal(evaluation, spending=own) == f"report.ipynb › 第 7 个单元格（own(1)）：{told}"


def test_a_figure_that_is_only_displayed_is_refused_with_what_to_write(
    evaluation: Evaluation,
) -> None:
    picture = new_output("display_data", data={"image/png": "", "text/plain": "<Figure size>"})
    own = new_code_cell("plt.show()", outputs=[picture], metadata={"tags": ["report"]})

    assert "请用 show(figure, title=…, alt=…) 放进报告。" in refusal(evaluation, spending=own)


def test_a_picture_of_dots_is_refused_with_another_way_to_draw() -> None:
    drawn, axes = plt.subplots()
    axes.imshow([[0, 1], [1, 0]])

    with pytest.raises(UsageError, match="请改用 pcolormesh"):
        show(drawn, **ALT)

    plt.close(drawn)


def test_markers_and_powers_of_ten_are_drawn_and_a_link_is_not(evaluation: Evaluation) -> None:
    axes = plt.subplots()[1]
    axes.plot([1, 2], [1, 100], marker="o")
    axes.scatter([1], [10], color="C1")
    axes.set_yscale("log")
    axes.text(1, 10, "字", url="http://example.org")

    with style.context():
        page = report(evaluation, spending=cell(axes, **ALT)).html

    [own] = re.findall(r'<figure class="own">.*?</figure>', page, re.DOTALL)
    drawn = re.findall(r'<path d="[^"]*" style="([^"]*)" transform="translate', own)
    assert {one.partition(";")[0] for one in drawn} >= {"fill: var(--budget)", "fill: var(--over)"}
    assert re.search(r'>1</tspan><tspan[^>]*>0</tspan><tspan[^>]*y="-[^>]*>2</tspan>', page)
    assert "example.org" not in page


def test_a_chart_of_ours_may_be_changed_and_keeps_its_words_and_its_traced_numbers(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    chart = draw_budget_against_spending(evaluation)
    chart.axes[0].axvline(10)

    page = report(evaluation, performance=cell(chart, after="performance")).html

    assert page.count('id="own-1-alt"') == 1
    assert page.count(f'<desc id="own-1-alt">{chart.alt}</desc>') == 1
    [own] = re.findall(r'<figure class="own">.*?</figure>', page, re.DOTALL)
    assert own.count('<tspan data-n="t') > 3
    assert faults_found(page, tmp_path) == ()
    wrong = page.replace(own, own.replace(">105.50<", ">105.60<"))
    assert "应为“105.50万元”" in "".join(faults_found(wrong, tmp_path))


# --- frames ----------------------------------------------------------------------------------

FRAME = pd.DataFrame(
    {
        "项目": ["甲<b>", "乙"],
        "金额": [Decimal("1234567.80"), None],
        "比": [0.125, 1.0],
        "数": [3.0, float("nan")],
        "有": [True, False],
        "日": [pd.Timestamp("2021-03-01"), pd.NaT],
    },
    index=[4, 9],
)


def test_a_frame_is_a_table_of_the_page_with_exact_decimals_and_blanks(
    evaluation: Evaluation,
) -> None:
    page = report(evaluation, spending=cell(FRAME, title="各项（2019年，万元）")).html

    [table] = re.findall(r'<table class="own">.*?</table>', page, re.DOTALL)
    assert table.startswith('<table class="own"><caption>各项（2019年，万元）</caption>')
    heads = re.findall(r'<th scope="col"([^>]*)>([^<]*)</th>', table)
    assert heads == [
        ("", "项目"), (" class=num", "金额"), (" class=num", "比"), (" class=num", "数"),
        ("", "有"), ("", "日"),
    ]  # fmt: skip
    rows = [re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", row) for row in table.split("<tr>")[2:]]
    assert rows == [
        ["甲&lt;b&gt;", "1234567.80", "0.13", "3", "是", "2021-03-01"],
        ["乙", "", "1.00", "", "否", ""],
    ]


def test_a_named_index_heads_the_rows_and_levels_of_columns_stand_together(
    evaluation: Evaluation,
) -> None:
    frame = pd.DataFrame(
        {("年初", "金额"): [1]}, index=pd.MultiIndex.from_tuples([("甲", "子")], names=["处", None])
    )

    page = report(evaluation, spending=cell(frame["年初"]["金额"], title="题")).html
    both = report(evaluation, spending=cell(frame, title="题")).html

    assert '<th scope="col">处</th><td></td><th scope="col" class=num>金额</th>' in page
    assert '<th scope="row">甲</th><td>子</td><td class="num own">1</td>' in page
    assert ">年初　金额</th>" in both


def test_a_table_without_a_title_is_refused_by_its_cell(evaluation: Evaluation) -> None:
    told = refusal(evaluation, spending=cell(FRAME, tag="report", title=""))

    assert told == "report.ipynb › 第 7 个单元格（own(1)）：表没有标题。请写 title=…。"


def test_a_plain_frame_becomes_a_table_and_what_it_lacks_is_told(evaluation: Evaluation) -> None:
    long = pd.DataFrame({"数": range(100)})

    made = report(evaluation, spending=displayed(long))

    assert '<table class="own">' in made.html
    assert made.record["faults"] == [
        "第 7 个单元格（own(1)）的表太大，只显示了一部分：请用 show(frame, title=…) 放全表。",
        "第 7 个单元格（own(1)）的表没有标题：请用 show(frame, title=…)。",
    ]


def faults_found(page: str, tmp_path: Path) -> tuple[str, ...]:
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    verified = verify_page(tmp_path / "page.html")
    return verified.faults + verified.changes


def lines_frame(evaluation: Evaluation) -> pd.DataFrame:
    lines, known = ["total", "project"], evaluation.quantities
    return pd.DataFrame(
        {
            "项目": ["支出合计", "项目支出"],
            "年初": [
                Decimal(int(known[f"{one}.initial_budget"].value or 0)) / 10**6 for one in lines
            ],
            "率": [float(known[f"{one}.execution_rate"].value or 0) for one in lines],
            "别的": [1.5, 2.5],
        }
    )


def test_numbers_of_ours_in_a_frame_lead_to_their_sources_and_the_page_verifies(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    frame = lines_frame(evaluation)
    sources = {
        (0, "年初"): "total.initial_budget",
        (1, "年初"): evaluation.quantities["project.initial_budget"],
        (0, "率"): "total.execution_rate",
        (1, "率"): Quantity("x", "另外算的", "rate", Fraction(str(frame["率"][1])), source="别处"),
    }

    page = report(
        evaluation, spending=cell(frame.iloc[::-1], title="两项（2020年，万元）", sources=sources)
    ).html

    [table] = re.findall(r'<table class="own">.*?</table>', page, re.DOTALL)
    assert re.findall(r'<a class="n" href="#t\d+"[^>]*>([^<]*)</a>', table) == [
        "80.00", "97.65%", "200.00", "96.73%",
    ]  # fmt: skip
    assert "别处" in page
    assert '<td class="num own">1.50</td>' in table
    assert faults_found(page, tmp_path) == ()


def test_a_frame_of_ours_has_its_caption_and_its_sources_by_itself(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    lines = evaluation.lines
    frame = lines[lines["预算执行率"] < 0.97][["支出项目", "全年执行数", "预算执行率"]]

    page = report(evaluation, spending=cell(frame)).html

    [table] = re.findall(r'<table class="own">.*?</table>', page, re.DOTALL)
    assert len(frame) > 0
    assert table.count('<a class="n" href="#t') == 2 * len(frame)
    assert frame.caption in re.sub(r"<[^>]*>", "", table)
    assert faults_found(page, tmp_path) == ()


def test_rates_that_are_all_whole_are_printed_as_rates() -> None:
    frame = pd.DataFrame({"名": ["甲"], "率": [ShownFraction(Fraction(1), "100.00%")]})

    assert ">100.00%</td>" in frame_html(frame, "题")


def test_a_number_of_another_unit_leads_nowhere_though_it_is_equal(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    other = scored(tmp_path, settings={"unit_code": "T009"}).lines[["支出项目", "全年执行数"]]

    page = report(evaluation, spending=cell(other)).html

    [table] = re.findall(r'<table class="own">.*?</table>', page, re.DOTALL)
    assert len(re.findall(r'<td class="num own">', table)) == len(other)
    assert "<a " not in table


def test_a_cell_that_was_changed_is_no_number_of_ours_any_more(evaluation: Evaluation) -> None:
    frame = lines_frame(evaluation)
    frame.loc[0, "年初"] += 1
    own = cell(frame, title="题", sources={(0, "年初"): "total.initial_budget"})

    page = report(evaluation, spending=own).html

    [table] = re.findall(r'<table class="own">.*?</table>', page, re.DOTALL)
    assert ">201.00</td>" in table or ">201</td>" in table
    assert "<a " not in table


# --- texts -----------------------------------------------------------------------------------


def test_placeholders_of_a_text_become_traced_numbers(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    text = (
        "## 结余{{项目支出.年初预算数}}\n\n|项|数|\n|-|-|\n|甲|{{支出合计.全年执行数}}|\n|乙|3|\n"
    )

    page = report(evaluation, spending=cell(text)).html

    assert re.search(r'<td><a class="n" href="#t\d+"[^>]*>207.00万元</a></td>', page)
    assert ">三、结余80.00万元</a></li>" in page
    assert faults_found(page, tmp_path) == ()


def test_a_placeholder_of_nothing_is_refused_by_its_cell(evaluation: Evaluation) -> None:
    told = refusal(evaluation, spending=cell("话{{没有的.年初预算数}}"))

    assert told.startswith("report.ipynb › 文字单元格“话{{没有的.年初预算数}}”：占位符")


def test_a_text_is_cleaned_as_ours_is(evaluation: Evaluation) -> None:
    page = report(evaluation, spending=cell("<script>1</script>[去](http://a.b)")).html

    assert "&lt;script&gt;" in page
    assert 'href="http' not in page


def test_tables_without_a_name_are_told_apart_by_readers(evaluation: Evaluation) -> None:
    table = "|项|数|\n|-|-|\n|甲|1|\n"

    page = report(evaluation, spending=cell(f"{table}\n话\n\n{table}")).html

    assert re.findall(r'aria-label="(表\d*)"', page) == ["表1", "表2"]
    assert page.count('<th scope="col" class="num">数</th>') == 2


def test_what_cannot_be_shown_is_refused_at_once() -> None:
    with pytest.raises(UsageError, match="不会显示 int。可以是图、表（DataFrame）或者文字。"):
        show(3)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="放在哪一部分后面，请写 after=…。"):
        show("话", "spending")


def test_parts_take_no_title(evaluation: Evaluation) -> None:
    with pytest.raises(UsageError, match="报告的部分不用写 title"):
        show(evaluation, "spending", title="题")


def test_the_work_of_another_evaluation_leads_to_no_source(evaluation: Evaluation) -> None:
    frame, known = lines_frame(evaluation), dict(evaluation.quantities)
    known["total.initial_budget"] = replace(known["total.initial_budget"], value=Fraction(1))
    own = cell(frame, title="题", sources={(0, "年初"): known["total.initial_budget"]})

    [table] = re.findall(
        r'<table class="own">.*?</table>', report(evaluation, spending=own).html, re.DOTALL
    )
    assert "<a " not in table


# --- what a page is held to ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("piece", "told"),
    [
        ("<img src='a' alt=''>", ["的图没有文字说明（alt）。"]),
        ("<table><tr><td>1</td></tr></table>", ["的表没有表头。"]),
        ("<h2> </h2>", ["有一个空的标题。"]),
        (
            '<svg viewBox="0 0 650 9"><text style="font-size: 10px">小</text></svg>',
            ["的图在手机上字只有约 5 像素高：请用 selfeval.style 的样式画，或者画窄些、字大些。"],
        ),
        (
            '<svg viewBox="0 0 300 9"><text style="font-size: 12px; fill: #ffee00">黄</text>'
            '<text style="font-size: 12px; fill: #595959">灰</text></svg>',
            ["的图里“黄”颜色太浅，看不清：请换深一些的颜色。"],
        ),
        (
            "一" * 60_000,
            ["的内容有 175 KB，页面会打不开或很慢：请画得简单些，或只放汇总的表。"],
        ),
        ('<table><caption>题</caption><tr><th scope="col">甲</th></tr></table>', []),
    ],
)
def test_what_a_reader_would_miss_in_a_piece_is_told(piece: str, told: list[str]) -> None:
    assert faults_of(piece) == told


def test_a_page_that_is_too_large_as_a_whole_is_told() -> None:
    assert page_faults("字" * 700_000) == [
        "整页有 2050 KB，在手机上打不开或很慢：请少放几张图和大表。"
    ]
    assert page_faults("字") == []


def test_a_heading_without_one_above_it_is_told(evaluation: Evaluation) -> None:
    made = report(evaluation, overview=cell("### 细"))

    assert made.record["faults"] == ["文字单元格“### 细”：“细”上面没有高一级的标题（##）。"]


# --- fonts -----------------------------------------------------------------------------------


def test_boxes_are_told_in_one_line_a_cell_with_the_remedy(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import warnings

    monkeypatch.setattr(warnings, "showwarning", lambda *_, **__: None)
    style.tell_boxes_once()
    drawn, axes = plt.subplots()
    axes.set_title("公用经费")

    with warnings.catch_warnings():
        warnings.simplefilter("default")
        drawn.canvas.draw()
    plt.close(drawn)

    told = capsys.readouterr().err
    assert told == f"{style.BOXES}\n"
    assert style.tells_of_boxes(told)


GLYPH = "a.py:1: UserWarning: Glyph 25903 (A) missing from font(s) DejaVu.\n  x()\n"
FONT = "findfont: Font family 'SimHei' not found.\n"


@pytest.mark.parametrize(
    ("printed", "of_fonts", "boxes"),
    [
        (GLYPH, True, True),
        (FONT, True, False),
        (f"{FONT}{style.BOXES}\n", True, True),
        (f"{GLYPH}旧接口\n", False, True),
        ("旧接口\n", False, False),
        ("", False, False),
    ],
)
def test_what_a_cell_writes_of_fonts_is_known(printed: str, of_fonts: bool, boxes: bool) -> None:
    assert (style.is_of_fonts(printed), style.tells_of_boxes(printed)) == (of_fonts, boxes)
