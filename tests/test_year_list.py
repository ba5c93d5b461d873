"""The units of a year as a workbook."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
from test_index import DONE, FAILED, MINOR, SEVERE, done

from selfeval.annex.year_list import year_list
from selfeval.scoring.desk import desk_units


def workbook(*records: dict, stale: dict[str, str] | None = None) -> Any:
    return openpyxl.load_workbook(io.BytesIO(year_list(2021, desk_units(records, stale))))


def rows(sheet: Any) -> list[dict[str, object]]:
    heads, *told = sheet.iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in told]


def test_a_unit_is_a_row_of_numbers_that_are_exact_to_the_cent() -> None:
    unit = done("A1", SEVERE, MINOR, executed="99995001/1") | {
        "group": "甲局",
        "files": {"report.html": "", "review.html": "", "附件1-表.xlsx": ""},
        "annexes": ["附件1-表.xlsx"],
    }

    sheet = workbook(unit)["各单位一览"]

    [row] = rows(sheet)
    assert row == {
        "代码": "A1", "单位": "测试局", "主管部门": "甲局", "状态": "有提醒",
        "严重": 3, "提醒": 12, "提示": 0, "首要问题": "支出超过调整后预算",
        "年初预算数": 100, "调整后预算数": 110, "全年执行数": 99.995001,
        "预算执行率": 0.909, "年初预算完成率": 1, "自评得分": 92.27, "等级": "优",
        "不列入比较": None, "说明": None,
        "公开版": "公开版", "内部自查版": "内部自查版", "附件1-表": "附件1-表",
    }  # fmt: skip
    links = [cell.hyperlink.target.replace("\\", "/") for cell in sheet[2] if cell.hyperlink]
    assert links == ["A1/report.html", "A1/review.html", "A1/附件1-表.xlsx"]


def test_what_is_not_known_is_blank_and_what_went_wrong_is_told() -> None:
    nothing = dict.fromkeys(("executed", "execution_rate", "score"))
    waiting = [{"name": "执行率", "points": "10", "weight": "10"}]
    sheet = workbook(
        FAILED,
        done("A1", score_missing="分值合计为95", **nothing),
        done("A3", pending=waiting, grade=""),
        done("A4"),
        stale={"A4": "方案有改动"},
    )["各单位一览"]

    told = {row["代码"]: row for row in rows(sheet)}

    assert [told["A1"][head] for head in ("全年执行数", "预算执行率", "自评得分")] == [None] * 3
    assert {code: row["不列入比较"] for code, row in told.items()} == {
        "A002": "未通过", "A1": "未评", "A3": "待核", "A4": "已过期",
    }  # fmt: skip
    assert {code: row["说明"] for code, row in told.items()} == {
        "A002": "第一行\n第二行",
        "A1": "未评（分值合计为95）",
        "A3": "92.27分（其中执行率10分待核）",
        "A4": "生成以后方案有改动，请重新运行。",
    }


def test_each_problem_of_a_unit_is_a_row_of_its_own_to_filter() -> None:
    book = workbook(done("A1", SEVERE, MINOR), done("A2", MINOR), done("A3"))

    found = [(row["代码"], row["问题"], row["程度"], row["条数"]) for row in rows(book["问题"])]

    assert found == [
        ("A1", "支出超过调整后预算", "严重", 3),
        ("A1", "没有政府采购数据", "提醒", 12),
        ("A2", "没有政府采购数据", "提醒", 12),
    ]


def test_heads_stay_rows_filter_and_it_prints_on_a4_landscape_one_page_wide() -> None:
    for sheet in workbook(done("A1", MINOR), done("A2")).worksheets:
        last = sheet.dimensions.partition(":")[2]

        assert sheet.freeze_panes == "C2"
        assert sheet.auto_filter.ref == f"A1:{last}"
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.print_title_rows == "$1:$1"


def test_the_same_units_give_the_same_bytes_and_no_text_is_a_formula() -> None:
    unit = DONE | {"unit_name": "=1+1", "group": "@甲"}

    assert year_list(2021, desk_units([unit])) == year_list(2021, desk_units([unit]))
    cells = workbook(unit)["各单位一览"][2]
    assert [(cell.value, cell.data_type) for cell in cells[1:3]] == [("=1+1", "s"), ("@甲", "s")]


def test_a_year_without_units_is_a_workbook_of_heads() -> None:
    assert [sheet["A1"].value for sheet in workbook().worksheets] == ["代码", "代码"]
