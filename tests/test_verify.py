"""A report can be checked from its file alone, and a change to any number is noticed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from builders import make_unit
from conftest import Samples

from selfeval import check, load_unit, score
from selfeval.annotations import about_html, trace_html
from selfeval.errors import UsageError
from selfeval.markup import number_html
from selfeval.verify import Verification, verify_page

UNITS = ("G001", "S001", "S002", "S003", "S004", "S005")
TRACE_ROW = re.compile(r'<tr id="t\d+".*?</tr>', re.DOTALL)


@pytest.fixture
def html(samples: Samples) -> str:
    return samples.page("G001").read_text(encoding="utf-8")


def verify(html: str, tmp_path: Path) -> Verification:
    path = tmp_path / "report.html"
    path.write_text(html, encoding="utf-8")
    return verify_page(path)


def changed(html: str, pattern: str, new: str) -> str:
    found, count = re.subn(pattern, new, html, count=1, flags=re.DOTALL)
    assert count == 1
    return found


@pytest.mark.parametrize("edition", ["report", "review"])
@pytest.mark.parametrize("unit", UNITS)
def test_every_sample_page_holds(unit: str, edition: str, samples: Samples) -> None:
    result = verify_page(samples.page(unit, edition))

    assert result.faults == ()
    assert result.printed > 10
    assert result.derived > 1


def test_every_number_of_the_page_is_counted(html: str, tmp_path: Path) -> None:
    result = verify(html, tmp_path)

    assert result.printed == html.count('<a class="n"')
    assert result.derived == html.count("data-parts=")


def test_a_changed_digit_in_the_text_is_noticed(html: str, tmp_path: Path) -> None:
    result = verify(changed(html, r"(<a class=\"n\"[^>]*>)1683\.71", r"\g<1>1683.72"), tmp_path)

    assert result.faults == ("“1683.72万元”不是其精确值的四舍五入，应为1683.71。",)


def test_a_changed_exact_value_behind_a_number_is_noticed(html: str, tmp_path: Path) -> None:
    bad = changed(html, r'(<a class="n"[^>]*data-value=")1683710000/1', r"\g<1>1683710001/1")

    assert "的精确值与数据来源表序号" in verify(bad, tmp_path).faults[0]


def test_a_changed_value_in_the_trace_is_noticed_where_it_is_used_and_added(
    html: str, tmp_path: Path
) -> None:
    bad = changed(html, r'(<tr id="t\d+" data-value=")30273', r"\g<1>30274")

    faults = " ".join(verify(bad, tmp_path).faults)

    assert "的精确值与数据来源表序号" in faults
    assert "与其算式的结果不同" in faults


@pytest.mark.parametrize(("column", "before"), [(1, "shown"), (2, "exact")])
def test_a_changed_digit_printed_in_the_trace_table_is_noticed(
    column: int, before: str, html: str, tmp_path: Path
) -> None:
    row = next(TRACE_ROW.finditer(html))[0]
    cells = re.findall(r'<td class="num">([^<]*)</td>', row)
    wrong = re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 10), cells[column - 1])
    bad = html.replace(row, row.replace(f">{cells[column - 1]}<", f">{wrong}<"))

    assert verify(bad, tmp_path).faults == ("序号1在数据来源表里写的数与其精确值不同。",), before


@pytest.mark.parametrize(
    ("pattern", "new"),
    [
        (r'data-parts="\+(t\d+) ', r'data-parts="-\1 '),
        (r'data-parts="\+(t\d+) \+t\d+', r'data-parts="+\1 +\1'),
        (r'data-operation="sum"', r'data-operation="quotient"'),
        (r'data-operation="quotient"', r'data-operation="sum"'),
    ],
    ids=["sign", "part", "sum made a quotient", "quotient made a sum"],
)
def test_a_changed_sum_is_noticed(pattern: str, new: str, html: str, tmp_path: Path) -> None:
    faults = verify(changed(html, pattern, new), tmp_path).faults

    assert any("与其算式的结果不同" in fault for fault in faults)


def test_a_missing_row_is_noticed_by_what_is_printed_and_by_what_is_added(
    html: str, tmp_path: Path
) -> None:
    part = re.search(r'data-parts="\+t(\d+) ', html)
    assert part
    bad = changed(html, rf'<tr id="t{part[1]}".*?</tr>', "")

    faults = " ".join(verify(bad, tmp_path).faults)

    assert f"在数据来源表中没有序号{part[1]}。" in faults
    assert "的组成部分不全" in faults


def test_an_amount_that_is_not_a_whole_number_of_fen_is_a_fault(html: str, tmp_path: Path) -> None:
    bad = html.replace("1683710000/1", "3367420001/2")

    assert any("整数分" in fault for fault in verify(bad, tmp_path).faults)


@pytest.mark.parametrize("value", ["abc", "1/0", ""])
def test_a_page_whose_marks_are_broken_is_refused_not_crashed_on(
    value: str, html: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="数据标记被改坏了"):
        verify(changed(html, r'(data-value=")[^"]*', rf"\g<1>{value}"), tmp_path)


@pytest.mark.parametrize("attribute", ["data-value", "id", "href"])
def test_a_page_that_lost_a_mark_is_refused(attribute: str, html: str, tmp_path: Path) -> None:
    pattern = rf'(<(?:tr|a class="n")[^>]*?) {attribute}="[^"]*"'

    with pytest.raises(UsageError, match="数据标记被改坏了"):
        verify(changed(html, pattern, r"\1"), tmp_path)


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


def test_the_units_own_words_on_rounding_do_not_change_how_the_page_is_checked(
    html: str, tmp_path: Path
) -> None:
    # 100.005 rounds to 100.01 half up, to 100.00 half even.
    bad = html.replace("</main>", "").replace("<main", "<p>四舍六入五成双</p><main")
    bad = bad.replace("1683710000/1", "1683705000/1").replace("16 837 100.00", "16 837 050.00")

    assert not [f for f in verify(bad, tmp_path).faults if "四舍五入" in f or "写的数" in f]


def test_a_page_rounded_half_even_is_checked_half_even(tmp_path: Path) -> None:
    folder = make_unit(
        tmp_path,
        settings={"rounding": "half_even"},
        projects=[
            {"item": "甲", "initial_budget": 0.125, "adjusted_budget": 0.125, "executed": 0.1}
        ],
    )
    evaluation = score(check(load_unit(folder)))
    number = number_html(evaluation, evaluation.quantities["project:甲.initial_budget"])
    page = f'{number}{trace_html(evaluation)}<h2 id="s-about"></h2>{about_html(evaluation)}'

    assert ">0.12万元</a>" in page
    assert verify(page, tmp_path).faults == ()
    assert verify(page.replace("五成双", "五入"), tmp_path).faults != ()
