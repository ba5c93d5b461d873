"""A report tells from its files alone whether it was changed, whatever was changed."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from builders import make_unit
from conftest import ROOT, Samples
from evaluated import LOW, scored

from notebooks import exported
from selfeval import check, load_unit, score
from selfeval.checks.form.privacy import known_in
from selfeval.errors import UsageError
from selfeval.page.seal import is_whole, seal_of, sealed
from selfeval.page.verify import Verification, verify_folder, verify_page
from selfeval.project import LIST_FILE
from selfeval.schemes.privacy import masked_page

UNITS = ("G001", "S001", "S002", "S003", "S004", "S005")
EDITIONS = ("report", "review")


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """Both editions of a draft with charts, indicators and a score, and a page with a grade."""
    asked = {
        "report": ("S004", "report"),
        "review": ("S004", "review"),
        "graded": ("S001", "report"),
    }
    return {
        name: exported(score(check(load_unit(ROOT / "params" / "2021" / unit))), edition)
        for name, (unit, edition) in asked.items()
    }


def verify(html: str, tmp_path: Path) -> Verification:
    path = tmp_path / "report.html"
    path.write_text(html, encoding="utf-8", newline="")
    return verify_page(path)


def changed(html: str, pattern: str, new: str) -> str:
    found, count = re.subn(pattern, new, html, count=1, flags=re.DOTALL)
    assert count == 1
    assert found != html
    return found


def forged(html: str) -> str:
    """Return a changed page with its seals computed anew, as a forger can."""
    again = sealed(html)
    assert is_whole(again)
    return again


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("unit", UNITS)
def test_every_sample_page_holds(unit: str, edition: str, samples: Samples) -> None:
    result = verify_page(samples.page(unit, edition))

    assert result.faults == ()
    assert result.changes == ()
    assert result.printed > 10
    assert result.derived > 1


def test_every_number_of_the_page_is_counted(pages: dict[str, str], tmp_path: Path) -> None:
    html = pages["report"]

    result = verify(html, tmp_path)

    assert result.printed == html.count('<a class="n"') + html.count("<tspan data-n=")
    assert result.derived == len(re.findall(r'<tr id="t[^>]*>.*?<a href.*?</tr>', html))


# --- what is noticed though the seal was computed anew ---------------------------------------

NUMBER = r'(<a class="n"[^>]*>)'
SCORE = r'(<tr id="t\d+" data-value="233711/2352" data-kind="points"[^>]*>.*?)'
LINE = r"(<summary>监督性监测企业家次.*?"
NUMBERS = {
    "a digit in a sentence": (NUMBER + "500.00万元", r"\g<1>501.00万元", "应为“500.00万元”"),
    "the unit behind a number": (NUMBER + "500.00万元", r"\g<1>500.00元", "应为“500.00万元”"),
    "a minus before a number": (NUMBER + "500.00万元", r"\g<1>-500.00万元", "应为“500.00万元”"),
    "a decimal cut off": (NUMBER + "500.00万元", r"\g<1>500万元", "应为“500.00万元”"),
    "the unit of a table": (r"(年，)万元(）</caption>)", r"\1元\2", "应为“265.00万元”"),
    "a rate in a table": (NUMBER + r"135\.88%", r"\g<1>95.88%", "应为“135.88%”"),
    "the exact value behind a number": (
        '(<a class="n"[^>]*data-value=")845580000',
        r"\g<1>845580001",
        "“全年支出845.58万元”：精确值与数据来源表序号2不同",
    ),
    "the exact value in a note": ("＝5 000 000", "＝6 000 000", "悬停时的说明写成“500.00万元＝6 0"),
    "the cell in a note": ('› C18"', '› C19"', "悬停时的说明"),
    "the exact value in the trace": (
        "<td>5 000 000.00",
        "<td>5 000 000.01",
        "数据来源 › 序号1“支出合计年初预算数”：写成“5 000 000.01 元”，应为“5 000 000.00 元”",
    ),
    "the cell in the trace": ("<td>C18</td>", "<td>C19</td>", "悬停时的说明"),
    "the sheet in the trace": ("三公采购结转</th>", "三公采购</th>", "悬停时的说明"),
    "the value of a row of the trace": (
        '(<tr id="t1" data-value=")500000000',
        r"\g<1>500000001",
        "与其算式的结果不同",
    ),
    "a row of the trace": (r'<tr id="t1" .*?</tr>', "", "在数据来源表中没有序号1"),
    "a part's sign": (r"(\d</a>)－(<a)", r"\1＋\2", "与其算式的结果不同"),
    "a part": (r'(<td><a href="#t)\d+', r"\g<1>1", "算式里写的序号"),
    "a difference made a quotient": (r"(\d</a>)－(<a)", r"\1÷\2", "算式里写的序号"),
    "a quotient made a sum": (r"(\d</a>)÷(<a)", r"\1＋\2", "算式里写的序号"),
    "the rows of a sum": (r"（序号<a[^>]*>\d+</a>、", "（序号", "与其算式的结果不同"),
    "what came of a total and its parts": (
        "(相加，<b>)相符",
        r"\1不符",
        "“支出合计年初预算数”写着“不符”：合计5 000 000.00 元，相加5 000 000.00 元",
    ),
    "a part of a total": (
        r"(<dd><span>基本支出</span>[^/]*/small> <a[^>]*>)2 650 000.00",
        r"\g<1>2 650 000.01",
        "应为“265.00万元”",
    ),
    "a number of a table made plain": (
        r'(<td class=num>)<a class="n"[^>]*>(265.00)</a>',
        r"\1\2",
        "› 基本支出：“265.00”没有精确值",
    ),
    "a number of the first sentence made plain": (
        r'(年初预算)<a class="n"[^>]*>500.00(万元)</a>',
        r"\g<1>700.00\2",
        "页首 › “700.00万元”没有精确值",
    ),
    "a number of the first screen made plain": (
        r'(，占调整后预算)<a class="n"[^>]*>[^<]*(万元)</a>',
        r"\g<1>700.00\2",
        "页首 › “700.00万元”没有精确值",
    ),
    "a number of the sum made plain": (
        r'(<dd><span>－</span>)<a class="n"[^>]*>[^<]*(万元)</a>',
        r"\g<1>700.00\2",
        "页首 › “700.00万元”没有精确值",
    ),
    "the execution rate among the indicators": (
        r'(<td>100%</td><td><a class="n"[^>]*>)100.00%',
        r"\g<1>99.00%",
        "部门整体预算执行率 99.00%”：应为“100.00%”",
    ),
    "the points that wait": (r"(其中执行率<a[^>]*>)10分", r"\g<1>1分", "执行率1分”：应为“10分”"),
    "the score": (NUMBER + "99.37分", r"\g<1>99.73分", "应为“99.37分”"),
    "the number in a note": ("99.37分＝", "99.73分＝", "悬停时的说明写成“99.73分"),
    "the exact score": (SCORE + "99.366922分", r"\g<1>99.466922分", "99.366922分”"),
    "points of an indicator": (
        LINE + NUMBER + r"10\.00</a></td>.*?" + NUMBER + r")9\.48",
        r"\g<1>9.84",
        "监督性监测企业家次 9.84”：应为“9.48分”",
    ),
    "the weight of an indicator": (LINE + NUMBER + r")10\.00", r"\g<1>19.00", "应为“10.00分”"),
    "a number of a chart": (r"(<tspan[^>]*>)82\.32<", r"\g<1>8.23<", "应为“82.32万元”"),
    "a unit in a chart": (r"(<tspan[^>]*>)82\.32<", r"\g<1>82.32元<", "应为“82.32万元”"),
    "the unit of a chart": ("，万元）</span>", "，元）</span>", "应为“82.32万元”"),
    "a chart without its unit": ("，万元）</span>", "）</span>", "应为“82.32万元”"),
    "the number of a chart's title": (
        r"(<strong><a[^>]*>)6项",
        r"\g<1>2项",
        "应为“6项”",
    ),
    "the title in a chart": (r'(<title id="execution-title">)6', r"\g<1>2", "图内的标题是“2项"),
    "a number told instead of a chart": (
        r"(<desc.*?)82\.32",
        r"\g<1>8.32",
        "替代文字里的“8.32”",
    ),
    "a count in a sentence": (r"(共<a[^>]*>)4个", r"\g<1>5个", "共5个”：应为“4个”"),
    "the measure word of a count": (r"(共<a[^>]*>)4个", r"\g<1>4亿个", "应为“4个”"),
    "a count of indicators": (r"(绩效指标中<a[^>]*>)\d+项", r"\g<1>99项", "应为“"),
    "the draft mark": (
        r'<p class="status draft".*?</p>',
        "",
        "标题下写明“草稿”或“单位自评”的一行不见了",
    ),
    "the draft mark made a sound one": (
        r'(<p class="status) draft(" data-n="t\d+">).*?</p>',
        r"\1\2单位自评</p>",
        "记有10处没有更正或说明的严重发现，标题下却写着“单位自评",
    ),
    "the count of what makes a draft": (r"(尚有<a[^>]*>)10处", r"\g<1>1处", "应为“10处”"),
    "the draft mark of the window": ("（草稿）</title>", "</title>", "与标题栏不一致"),
    "the year of the title": (
        "(<h1[^>]*><span><span>)2021年",
        r"\g<1>2022年",
        "页首的标题是2022年度",
    ),
    "the year of the window": (
        "(<title>)2021年",
        r"\g<1>2020年",
        "写的是2020年，页首的标题是2021年度",
    ),
    "the year of a table": ("（2021年，万元）</caption>", "（2022年，万元）</caption>", "是2022年"),
    "the year of a chart": ("（2021年，万元）</span>", "（2022年，万元）</span>", "写的是2022年"),
    "the year of the lead": ('("lead">)2021年', r"\g<1>2022年", "写的是2022年"),
    "the unit's name": ("(<h1.*?<span>示例四：)星桥区", r"\g<1>月桥区", "与页首的标题"),
    "a heading": (r"(<h2 [^>]*>一、)", r"\g<1>甲", "与正文的标题"),
}
GRADED = {
    "the grade in a sentence": (
        r"(按评分办法计算得<a[^>]*>[^<]*</a>，等级为“<a[^>]*>)优",
        r"\1良",
        "等级为“良”：应为“优”",
    ),
    "the grade on the first screen": (r"(</a>，等级为“<a[^>]*>)优", r"\1良", "应为“优”"),
    "the floor of a grade": ('data-bands="90 优', 'data-bands="199/2 优', "应为“良”"),
}
REVIEW = {
    "a count of findings": (r"(待处理<a[^>]*>)11条", r"\g<1>1条", "应为“11条”"),
    "a count of amounts": (r"(未参与<a[^>]*>)15个", r"\g<1>0个", "应为“15个”"),
    "a count of a table": (r'(<data value="15">)15', r"\g<1>51", "“基本支出情况表 51”：应为“15”"),
    "a count without its mark": (r'<data value="15">15</data>', "16", "“16”没有精确值"),
    "a finding": (r'<article class="finding error" id="f[0-9]+">.*?</article>', "", "下面有"),
    "a passed check": (r"<tr><th scope=\"row\">SUM-\d+.*?</tr>", "", "“已通过的核对（"),
    "the draft mark": (r'status draft"', 'status"', "标题下却写着"),
    "the score": (r"(自评得分<a[^>]*>)99", r"\g<1>89", "应为“99.37分”"),
}
REFUSED = [
    pytest.param(edition, *kind, id=f"{edition}: {name}")
    for edition, kinds in (("report", NUMBERS), ("graded", GRADED), ("review", REVIEW))
    for name, kind in kinds.items()
]


@pytest.mark.parametrize(("edition", "pattern", "new", "told"), REFUSED)
def test_a_changed_number_is_told_by_what_follows_from_its_exact_value(
    edition: str, pattern: str, new: str, told: str, pages: dict[str, str], tmp_path: Path
) -> None:
    bad = changed(pages[edition], pattern, new)

    naive, careful = verify(bad, tmp_path), verify(forged(bad), tmp_path)

    assert told in "\n".join(careful.faults)
    assert careful.changes == ()
    assert naive.faults == careful.faults
    assert naive.changes != ()


# --- what only the seal tells ----------------------------------------------------------------

WORDS = {
    "a warning": ("不能说明执行情况", "说明执行情况良好", "页首"),
    "the mark of a sample": (r"<p class=\"status\">示例.*?</p>", "", "页首"),
    "the length of a bar": (r"(<path d=\"M 0 [0-9.]+ L )[0-9.]+", r"\g<1>36.52", "页首"),
    "what an indicator reached": (r"(<td>)(\d+)(次|家次|个|份)(</td>)", r"\g<1>9\2\3\4", "绩效"),
    "the unit's own words": ("(<h3[^>]*>[^<]*</h3>\n<p>[^<]{4})", r"\g<1>圆满", "（"),
    "a term": (r"(id=\"s-glossary\".*?<dd>)", r"\1不是", "名词解释"),
    "a name in the trace": ("(<td>支出合计)年初", r"\1年末", "数据来源"),
    "the digest of an input": (r"(SHA-256 <code>)\w{4}", r"\g<1>0000", "编制说明"),
    "an input": (r"<li><code>narrative.*?</li>", "", "编制说明"),
    "the method of scoring": ("(<p>评分办法：)", r"\1某县", "编制说明"),
    "a link to the trace": (r'href="#t2"', 'href="#t3"', "页首"),
    "a style that hides": ("</style>", ".draft { display: none }</style>", "标题栏、样式"),
    "the policy of the page": ("default-src 'none'; ", "", "标题栏、样式"),
    "the seal": (r'(class="seal">)\w', r"\1", "标题栏、样式"),
    "all of the seal": (r'<code class="seal">\w*</code>', "", "页尾没有校验值"),
    "a section": (r"<h2 [^>]*id=\"s-glossary\".*?(?=</section>)", "", "其他需要说明"),
}


@pytest.mark.parametrize(("pattern", "new", "told"), WORDS.values(), ids=WORDS)
def test_whatever_else_is_changed_is_told_by_the_seal_with_the_nearest_heading(
    pattern: str, new: str, told: str, pages: dict[str, str], tmp_path: Path
) -> None:
    result = verify(changed(pages["report"], pattern, new), tmp_path)

    assert told in "\n".join(result.changes)
    assert len(result.changes) == 1


def test_two_sections_in_another_order_are_no_longer_the_sealed_page(
    pages: dict[str, str], tmp_path: Path
) -> None:
    sections = r"(<section aria.*?</section>\n)\s*(<section aria.*?</section>\n)"

    assert verify(changed(pages["report"], sections, r"\2\1"), tmp_path).changes != ()


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_other_line_ends_and_a_byte_order_mark_are_no_change(
    mark: str, pages: dict[str, str], tmp_path: Path
) -> None:
    saved = mark + pages["report"].replace("\n", "\r\n")

    result = verify(saved, tmp_path)

    assert result.faults == result.changes == ()


def test_the_seal_is_all_that_a_page_gains_by_being_sealed(pages: dict[str, str]) -> None:
    html = pages["report"]

    assert len(seal_of(html)) == 64
    assert forged(html) == html
    assert not is_whole(html.replace("草稿", "定稿"))


# --- broken pages ----------------------------------------------------------------------------


def test_an_amount_that_is_not_a_whole_number_of_fen_is_a_fault(
    pages: dict[str, str], tmp_path: Path
) -> None:
    bad = pages["report"].replace('"500000000"', '"1000000001/2"')

    assert any("整数分" in fault for fault in verify(bad, tmp_path).faults)


@pytest.mark.parametrize("value", ["abc", "1/0", "1e999999999", ""])
def test_a_page_whose_marks_are_broken_is_refused_not_crashed_on(
    value: str, pages: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="数据标记被改坏了"):
        verify(changed(pages["report"], r'(data-value=")[^"]*', rf"\g<1>{value}"), tmp_path)


@pytest.mark.parametrize("attribute", ["data-value", "id", "href"])
def test_a_page_that_lost_a_mark_is_refused(
    attribute: str, pages: dict[str, str], tmp_path: Path
) -> None:
    pattern = rf'(<(?:tr|a class="n")[^>]*?) {attribute}="[^"]*"'
    bad = forged(changed(pages["report"], pattern, r"\1"))

    with pytest.raises(UsageError, match="数据标记被改坏了"):
        verify(bad, tmp_path)


def test_a_page_without_end_is_refused(pages: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="数据标记被改坏了"):
        verify(pages["report"].replace("<main", "<b>" * 100_000 + "<main"), tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"<p>1</p>", b"\xff\xfe\x00", "一".encode("gb18030"), b"PK\x03\x04"]
)
def test_a_file_that_is_no_report_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(content)

    with pytest.raises(UsageError, match="不是本工具生成的报告"):
        verify_page(path)


def test_the_index_is_no_report(samples: Samples) -> None:
    with pytest.raises(UsageError, match="没有数据来源表"):
        verify_page(samples.page("").parent / "index.html")


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "no.html", tmp_path):
        with pytest.raises(UsageError, match="文件打不开"):
            verify_page(path)


# --- rounding --------------------------------------------------------------------------------


def test_the_units_own_words_on_rounding_do_not_change_how_the_page_is_checked(
    pages: dict[str, str], tmp_path: Path
) -> None:
    # 100.005 rounds to 100.01 half up, to 100.00 half even.
    bad = pages["report"].replace("<main", "<p>四舍六入五成双（GB/T 8170-2008）</p><main")
    bad = bad.replace('"500000000"', '"100005000"').replace("5 000 000.00", "1 000 050.00")
    bad = bad.replace("500.00</a>", "100.01</a>").replace("500.00万元", "100.01万元")

    assert not [f for f in verify(bad, tmp_path).faults if "100.0" in f]


def test_a_page_rounded_half_even_is_checked_half_even(tmp_path: Path) -> None:
    folder = make_unit(
        tmp_path,
        settings={"rounding": "half_even"},
        projects=[
            {"item": "甲", "initial_budget": 0.125, "adjusted_budget": 0.125, "executed": 0.1}
        ],
    )
    page = exported(score(check(load_unit(folder))))

    assert ">0.12</a>" in page
    assert verify(page, tmp_path).faults == ()
    assert verify(page.replace("五成双", "五入"), tmp_path).faults != ()


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_page_with_a_capped_total_holds(edition: str, tmp_path: Path) -> None:
    evaluation = scored(tmp_path, settings={"scoring": "execution-capped"}, **LOW)

    result = verify(exported(evaluation, edition), tmp_path)

    assert (result.faults, result.changes) == ((), ())


def test_a_page_whose_personal_numbers_are_masked_holds(tmp_path: Path) -> None:
    name = "设备采购13800138000"
    folder = make_unit(
        tmp_path,
        settings={"contact": "a@example.cn"},
        projects=[{"item": name, "initial_budget": 2, "adjusted_budget": 2, "executed": 3}],
        staffing=[{"kind": name, "authorised_posts": 14, "staff_in_post": 14}],
    )
    evaluation = score(check(load_unit(folder)))

    page = exported(evaluation)
    masked = masked_page(page, evaluation.unit.checks, known=known_in(evaluation))

    assert page.count("13800138000") > 5
    assert "8000138" not in masked
    assert "a@example.cn" not in masked
    result = verify(forged(masked), tmp_path)
    assert result.faults == result.changes == ()


# --- the set of files ------------------------------------------------------------------------


@pytest.fixture
def outputs(samples: Samples, tmp_path: Path) -> Path:
    """The outputs of a year, free to be changed."""
    return shutil.copytree(samples.page("").parent, tmp_path / "2021")


def folder_faults(folder: Path) -> list[str]:
    told = []
    for path, _, result in verify_folder(folder):
        whole = isinstance(result, Verification)
        faults = (*result.faults, *result.changes) if isinstance(result, Verification) else result
        told += [f"{path.parent.name if whole else path.name}: {fault}" for fault in faults]
    return told


def test_the_outputs_of_a_run_hold(outputs: Path) -> None:
    assert folder_faults(outputs) == []
    assert folder_faults(outputs / "S001") == []
    assert len(list(verify_folder(outputs))) == 1 + 3 * len(UNITS)


@pytest.mark.parametrize("name", ["index.html", "rules.html", LIST_FILE, "S001/record.json"])
def test_a_changed_file_of_a_year_is_told(name: str, outputs: Path) -> None:
    path = outputs / name
    path.write_bytes(path.read_bytes() + b" ")

    assert folder_faults(outputs) == [f"2021: {name} 与记录的 SHA-256 不同，在记录之后改动过。"]


def test_a_file_missing_added_or_changed_is_told_of_a_unit(outputs: Path) -> None:
    unit = outputs / "S001"
    record = json.loads((unit / "record.json").read_text(encoding="utf-8"))
    missing, altered = record["annexes"][:2]
    (unit / missing).unlink()
    (unit / altered).write_bytes(b"")
    (unit / "新报告.html").write_text("", encoding="utf-8")

    assert folder_faults(unit) == [
        f"S001: 缺少 {missing}。",
        "S001: 多出 新报告.html，记录里没有它。",
        f"S001: {altered} 与记录的 SHA-256 不同，在记录之后改动过。",
    ]


def test_a_forger_who_computes_a_whole_page_anew_is_told_by_the_record(outputs: Path) -> None:
    page = outputs / "S004" / "report.html"
    html = page.read_text(encoding="utf-8")
    page.write_text(forged(html.replace("不能说明执行情况", "说明执行情况良好")), encoding="utf-8")

    assert verify_page(page).changes == ()
    assert folder_faults(outputs) == ["S004: report.html 与记录的 SHA-256 不同，在记录之后改动过。"]


def test_a_unit_taken_out_of_a_year_is_told(outputs: Path) -> None:
    shutil.rmtree(outputs / "S002")

    assert folder_faults(outputs) == ["2021: 缺少 S002/record.json。"]


@pytest.mark.parametrize("name", ["record.json", "S004/record.json"])
def test_a_changed_record_is_told_by_its_own_digest(name: str, outputs: Path) -> None:
    path = outputs / name
    record = json.loads(path.read_text(encoding="utf-8"))
    record["files"].pop("index.html", None)
    (outputs / "index.html").unlink()
    record["status"] = "完成"
    path.write_text(json.dumps(record), encoding="utf-8")

    assert "record.json 在生成后改动过。" in "".join(folder_faults(path.parent))


def test_the_record_tells_the_seal_in_the_foot_of_each_page(outputs: Path) -> None:
    record = json.loads((outputs / "S001" / "record.json").read_text(encoding="utf-8"))

    for edition in EDITIONS:
        html = (outputs / "S001" / f"{edition}.html").read_text(encoding="utf-8")
        assert record["seals"][f"{edition}.html"] == seal_of(html)


@pytest.mark.parametrize(
    ("content", "message"), [(None, "没有 record.json"), ("{", "读不到"), ("{}", "读不到")]
)
def test_a_folder_without_a_list_of_files_is_refused(
    content: str | None, message: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "record.json").write_text(content, encoding="utf-8")

    with pytest.raises(UsageError, match=message):
        list(verify_folder(tmp_path))
