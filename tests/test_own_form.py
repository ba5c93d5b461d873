"""Tests of selfeval.tables: sheets as clerks fill them in → tidy frames, or words to act on."""

import re
from datetime import date
from decimal import Decimal

import pytest
from builders import (
    BASIC,
    LAYOUTS,
    PROJECTS,
    make_folder,
    ods_cell,
    ods_of,
    sheet_of,
    write_csv,
    write_ods,
    write_xls,
    write_xlsx,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from selfeval.errors import InputErrors, TableError
from selfeval.money import FEN_PER
from selfeval.sheets import Place
from selfeval.tables import load_tables
from selfeval.tables.rows import Amount
from selfeval.unit import load_folder

PHASES = [
    "prior_final_accounts",
    "initial_budget",
    "budget_adjustment",
    "adjusted_budget",
    "executed",
]
INDICATOR = {
    "indicator_family": "产出指标",
    "indicator_aspect": "数量指标",
    "indicator_name": "培训场次",
    "comparison": "≥",
    "target_value": "20",
    "actual_value": "22",
    "weight": 10,
    "self_score": 9.5,
}
ADDRESS = re.compile(r"T001 › \S+\.\w+ › \S+ › ([A-Z]+[0-9]+|第 [0-9]+ 行)：")


def cells(table, *rows, unit="万元"):
    return sheet_of(table, rows, unit)


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path)


def tables(folder, **sheets):
    """Load a unit whose one workbook has these sheets."""
    write_xlsx(folder / "表.xlsx", **sheets)
    return load_tables(load_folder(folder))


def told(folder, **sheets):
    """Return what is said of a unit that must be refused."""
    if sheets:
        write_xlsx(folder / "表.xlsx", **sheets)
    with pytest.raises((TableError, InputErrors)) as caught:
        load_tables(load_folder(folder))
    faults = getattr(caught.value, "errors", [caught.value])
    assert all(fault.place.startswith("T001") and fault.remedy for fault in faults)
    return str(caught.value)


def fen(found):
    return {(a.item_code, a.phase): a.fen for a in found.amounts if a.fen is not None}


def record(frame, **wanted):
    for name, value in wanted.items():
        frame = frame[frame[name] == value]
    [row] = frame.to_dict("records")
    return row


# --- amounts -------------------------------------------------------------------------------


def test_an_amount_is_read_with_its_meaning_its_state_and_its_cell(folder):
    row = {"item": "公用经费", "initial_budget": "（3.5）", "executed": "—", "adjusted_budget": 0}
    found = tables(folder, 基本支出=cells("basic", row))

    [read] = [amount for amount in found.amounts if amount.phase == "initial_budget"]
    assert read == Amount(
        table="basic", block="operating", item_code="operating", item_name="公用经费", fund="",
        phase="initial_budget", fen=-3_500_000, state="value", raw="（3.5）", amount_unit="万元",
        place=Place("表.xlsx", "基本支出", "D4"),
    )  # fmt: skip
    states = {amount.phase: amount.state for amount in found.amounts}
    assert states == {
        "prior_final_accounts": "blank",
        "initial_budget": "value",
        "budget_adjustment": "blank",
        "adjusted_budget": "zero",
        "executed": "dash",
    }
    assert sum(amount.fen is None for amount in found.amounts) == 3


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("50%", "“50%”是百分数，不是数额"),
        ("40万", "“40万”把单位写进了单元格"),
        ("1,23", "千分位逗号的位置不对"),
        ("0.0000001", "折合后不足一分（万元）"),
        (True, "“TRUE”不是数字"),
        ("1" * 20, "数额过大"),
        (date(2021, 1, 2), "“2021-01-02"),
        ("甲" * 100, f"“{'甲' * 40}…”不是数字"),
    ],
)
def test_a_cell_that_is_no_amount_is_refused_by_address_with_what_to_do(folder, raw, said):
    row = {"item": "人员经费", "executed": raw}

    text = told(folder, 基本支出=cells("basic", row))
    assert text.startswith("T001 › 表.xlsx › 基本支出 › G4：“全年执行数”栏的")
    assert said in text
    assert text.endswith("请在来源处改成金额（以万元为单位）；没有数据就留空，不适用写“—”。")


def test_a_percentage_typed_into_an_amount_is_refused_though_excel_stores_a_fraction(folder):
    book = Workbook()
    book.active.title = "基本支出"
    for row in cells("basic", {"item": "人员经费", "executed": 0.5}):
        book.active.append([None if value == "" else value for value in row])
    book.active["G4"].number_format = "0%"
    book.save(folder / "表.xlsx")

    assert "G4：“全年执行数”栏的“50%”是百分数" in told(folder)


PARSED = st.fixed_dictionaries(
    {name: st.integers(-(10**13), 10**13) for name in ("人员经费", "公用经费", "基本支出合计")}
)


def exactly(amount, unit):
    return format(Decimal(amount) / FEN_PER[unit], "f")


@settings(max_examples=8)
@given(PARSED, st.data())
def test_the_same_amounts_give_the_same_fen_in_any_order_unit_and_kind_of_file(
    tmp_path_factory, amounts, data
):
    seen = []
    for kind in ("xlsx", "xls", "ods", "utf-8", "utf-8-sig", "gb18030", "utf-16"):
        folder = make_folder(tmp_path_factory.mktemp("unit"))
        unit = data.draw(st.sampled_from(sorted(FEN_PER)), label=f"unit of {kind}")
        items = data.draw(st.permutations(sorted(amounts)), label=f"order of {kind}")
        numbers = kind in {"xlsx", "xls", "ods"} and data.draw(st.booleans(), label="as numbers")
        rows = [
            {"item": item, "executed": float(text) if numbers else text}
            for item in items
            for text in [exactly(amounts[item], unit)]
        ]
        sheet = cells("basic", *rows, unit=unit)
        if kind in {"xlsx", "xls", "ods"}:
            writer = {"xlsx": write_xlsx, "xls": write_xls, "ods": write_ods}[kind]
            writer(folder / f"表.{kind}", 基本支出=sheet)
        else:
            write_csv(folder / "基本支出.csv", sheet, kind)
        seen.append(fen(load_tables(load_folder(folder))))

    codes = {"人员经费": "personnel", "公用经费": "operating", "基本支出合计": "basic"}
    assert seen[0] == {(codes[item], "executed"): amount for item, amount in amounts.items()}
    assert all(found == seen[0] for found in seen)


def test_an_amount_keeps_every_fen_beside_a_missing_one(folder):
    rows = [{"item": "人员经费", "executed": "9999999999999.99"}, {"item": "公用经费"}]

    found = tables(folder, 基本支出=cells("basic", *rows, unit="元"))
    assert fen(found) == {("personnel", "executed"): 999_999_999_999_999}


# --- the unit of the amounts ---------------------------------------------------------------


@pytest.mark.parametrize(
    "above",
    [
        ["金额单位：千元"],
        ["单位：千元"],
        ["单位:千元"],
        ["（单位：千元）"],
        ["金额单位 ： 千元"],
        ["货币单位：千元"],
        ["金额单位：", "千元"],
        ["", "", "金额单位：", "", "千元"],
        ["编制单位：某局    金额单位：千元"],
        ["编制单位：望城区元和街道", "单位：千元"],
        ["填报单位：某某局，单位：千元"],
        ["单位名称：某局", "", "金额单位：千元"],
    ],
)
def test_the_unit_is_read_from_above_the_headings(folder, above):
    title, headings, *body = cells("basic", {"item": "人员经费", "executed": 3}, unit="")

    found = tables(folder, 基本支出=[title, above, headings, *body])
    assert fen(found) == {("personnel", "executed"): 300_000}


@pytest.mark.parametrize("suffix", ["（千元）", "(千元)", "（单位：千元）", " （ 千元 ）"])
def test_the_unit_is_read_from_the_headings_themselves(folder, suffix):
    title, headings, *body = cells("basic", {"item": "人员经费", "executed": 3}, unit="")
    headings = [h + suffix if h.endswith("数") else h for h in headings]

    found = tables(folder, 基本支出=[title, headings, *body])
    assert fen(found) == {("personnel", "executed"): 300_000}


@pytest.mark.parametrize("unit", sorted(FEN_PER))
def test_every_unit_in_use_is_known(folder, unit):
    found = tables(folder, 基本支出=cells("basic", {"item": "人员经费", "executed": 3}, unit=unit))

    assert fen(found) == {("personnel", "executed"): 3 * FEN_PER[unit]}


def test_a_table_without_a_unit_is_refused(folder):
    text = told(folder, 基本支出=cells("basic", *BASIC, unit=""))

    assert "T001 › 表.xlsx › 基本支出：“基本支出情况表”没有写明金额单位" in text


@pytest.mark.parametrize(
    "unit",
    [
        "金额单位：万",
        "金额单位：",
        "单位：美元",
        "单位：万元、人",
        "单位：百元",
        "单位：万元人民币",
    ],
)
def test_an_unknown_unit_is_refused_by_address(folder, unit):
    title, headings, *body = cells("basic", *BASIC, unit="")

    text = told(folder, 基本支出=[title, ["", unit], headings, *body])
    assert "T001 › 表.xlsx › 基本支出 › B2：金额单位“" in text
    assert "请写 元、千元、万元、亿元 之一" in text


def test_an_unknown_unit_beside_its_label_is_refused_where_it_stands(folder):
    title, headings, *body = cells("basic", *BASIC, unit="")

    text = told(folder, 基本支出=[title, ["金额单位：", "块"], headings, *body])
    assert "T001 › 表.xlsx › 基本支出 › B2：金额单位“块”不认识。" in text


def test_two_units_in_one_table_are_refused_with_both_places(folder):
    title, unit, headings, *body = cells("basic", *BASIC)
    headings = [f"{h}（元）" if h == "全年执行数" else h for h in headings]

    text = told(folder, 基本支出=[title, unit, headings, *body])
    assert "金额单位前后不一" in text
    assert "A2 为万元" in text
    assert "G3 为元" in text


# --- headings ------------------------------------------------------------------------------


def headings_changed(change):
    title, unit, headings, *body = cells("basic", *BASIC)
    return [title, unit, change(list(headings)), *body]


def test_headings_may_be_aliases_broken_into_lines_or_spaced(folder):
    names = {
        "支出项目": "基本支出项目",
        "调整后预算数": "全年\n预算数",
        "全年执行数": "预 算 执 行 数",
    }
    sheet = headings_changed(lambda headings: [names.get(h, h) for h in headings])

    assert fen(tables(folder, 基本支出=sheet))["personnel", "executed"] == 105_500_000


def test_columns_may_stand_in_any_order(folder):
    sheet = [list(row) for row in cells("basic", *BASIC)]
    turned = [*sheet[:2], *[row[:1] + row[:0:-1] for row in sheet[2:]]]

    assert fen(tables(folder, 基本支出=turned)) == fen(tables(folder, 基本支出=sheet))


def test_a_table_is_known_by_its_headings_whatever_its_sheet_is_called(folder):
    assert tables(folder, Sheet1=cells("basic", *BASIC)).present == {"basic"}


def test_a_missing_heading_is_named_with_the_one_that_looks_like_it(folder):
    sheet = headings_changed(lambda hs: ["年初预算" if h == "年初预算数" else h for h in hs])

    text = told(folder, 基本支出=sheet)
    assert "T001 › 表.xlsx › 基本支出 › 第 3 行：“基本支出情况表”缺少栏目“年初预算数”" in text
    assert "“年初预算”是不是“年初预算数”？" in text


def test_an_unknown_heading_is_refused_with_the_nearest_name(folder):
    sheet = headings_changed(lambda hs: [*hs[:-1], "调整与偏差原因"])

    text = told(folder, 基本支出=sheet)
    assert "H3：“基本支出情况表”里没有栏目“调整与偏差原因”。是不是“调整和偏差原因”？" in text


def test_a_doubled_heading_is_refused_even_under_another_name(folder):
    sheet = headings_changed(lambda hs: [*hs, "全年支出数"])

    assert "I3：栏目“全年执行数”出现了两次" in told(folder, 基本支出=sheet)


def test_a_sheet_of_another_kind_is_refused_with_the_way_to_ignore_it(folder):
    text = told(folder, 通讯录=[["姓名", "电话"], ["张三", "1"]])

    assert "T001 › 表.xlsx › 通讯录：不是本工具认识的表" in text
    assert "ignore 里写明“表.xlsx#通讯录”" in text


def test_a_value_under_no_heading_is_refused(folder):
    sheet = [*cells("basic"), ["人员经费", "", 1, 2, 3, 4, 5, "", "多余"]]

    assert "I4：“多余”所在的一列没有表头" in told(folder, 基本支出=sheet)


# --- rows ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["NA", "None", "TRUE", "001", "nan", "null", "1e5", "-"])
def test_a_project_may_be_called_anything(folder, name):
    found = tables(folder, 项目支出=cells("projects", {"item": name, "executed": 1}))

    assert [row.project for row in found.projects] == [name]
    assert fen(found) == {(f"project:{name}", "executed"): 1_000_000}


@pytest.mark.parametrize(
    "name",
    [
        "人员经费",
        "其中：人员经费",
        "一、人员经费",
        "（一）人员经费",
        "1.人员经费",
        "人员\n经费",
        " 人 员 经 费",
    ],
)
def test_a_fixed_row_is_known_with_numbers_spaces_and_breaks(folder, name):
    found = tables(folder, 基本支出=cells("basic", {"item": name, "executed": 1}))

    assert fen(found) == {("personnel", "executed"): 1_000_000}


def test_an_unknown_fixed_row_is_refused_with_the_nearest_name(folder):
    text = told(folder, 基本支出=cells("basic", {"item": "人员经费用", "executed": 1}))

    assert "A4：“基本支出情况表”里没有“人员经费用”这一行。是不是“人员经费”？" in text


def test_a_row_without_its_name_is_refused(folder):
    text = told(folder, 项目支出=cells("projects", *PROJECTS, {"executed": 7}))

    assert "G5：这一行没有填“项目名称”" in text


def test_the_worked_example_is_not_read(folder):
    rows = [{"item": "【填写示例】甲", "executed": 1}, {"item": "乙", "executed": 2}]

    assert fen(tables(folder, 项目支出=cells("projects", *rows))) == {
        ("project:乙", "executed"): 2_000_000
    }


@pytest.mark.parametrize(
    "note", ["注：数据来自决算。", "说明:无", "备注：1. 无", "填表说明：无", "注 : 无"]
)
def test_a_note_ends_the_table(folder, note):
    sheet = [*cells("projects", *PROJECTS), [note], ["制表人：张三", "李四"]]

    assert [row.project for row in tables(folder, 项目支出=sheet).projects] == ["甲项目"]


def test_a_number_below_a_note_is_refused_and_not_left_out_in_silence(folder):
    sheet = [*cells("projects", *PROJECTS), ["注：甲"], ["乙项目", "", "", "", "", "", 30]]

    text = told(folder, 项目支出=sheet)
    assert "G6：第 5 行是附注，附注以下不应再有“全年执行数”（30）" in text


def test_blank_rows_between_the_rows_are_no_end(folder):
    sheet = cells("projects", PROJECTS[0], {}, {}, {"item": "乙项目"})

    assert len(tables(folder, 项目支出=sheet).projects) == 2


@pytest.mark.parametrize("name", ["小计", "运转类小计", "其他合计", "共 计"])
def test_a_subtotal_among_the_projects_is_refused_for_it_would_count_twice(folder, name):
    assert "像是小计" in told(folder, 项目支出=cells("projects", *PROJECTS, {"item": name}))


@pytest.mark.parametrize("name", ["合计", "合 计", "项目支出合计", "总计"])
def test_the_total_of_the_projects_is_no_project(folder, name):
    found = tables(folder, 项目支出=cells("projects", *PROJECTS, {"item": name, "executed": 40}))

    assert [row.project for row in found.projects] == ["甲项目"]
    assert fen(found)["project", "executed"] == 40_000_000


@pytest.mark.parametrize(
    ("table", "names"),
    [
        ("projects", ["甲项目", "甲 项目"]),
        ("projects", ["“甲”项目", "甲项目"]),
        ("projects", ["合计", "项目支出合计"]),
        ("basic", ["公用经费", "日常公用经费"]),
        ("other", ["三公经费", "“三公”经费合计"]),
    ],
)
def test_a_row_named_twice_is_refused_with_both_places(folder, table, names):
    text = told(folder, 表=cells(table, *({"item": name} for name in names)))

    assert f"A5：“{names[1]}”与 A4 重复" in text


def test_a_parent_is_known_however_it_is_spaced(folder):
    rows = [{"item": "“大”项目"}, {"item": "小项目", "parent": "大 项目"}]

    found = tables(folder, 项目支出=cells("projects", *rows))
    assert [row.parent for row in found.projects] == ["", "“大”项目"]


def test_an_unknown_parent_is_refused_with_the_nearest_name(folder):
    rows = [{"item": "大项目"}, {"item": "小项目", "parent": "大项日"}]

    text = told(folder, 项目支出=cells("projects", *rows))
    assert "B5：上级项目“大项日”不在项目名称之列。是不是“大项目”？" in text


def test_projects_that_are_each_others_parents_are_refused(folder):
    rows = [
        {"item": "甲", "parent": "乙"},
        {"item": "乙", "parent": "甲"},
        {"item": "丙", "parent": "丙"},
    ]

    text = told(folder, 项目支出=cells("projects", *rows))
    assert text.startswith("共 3 处")
    assert "B6：上级项目“丙”又归到了“丙”自己之下" in text


def test_a_table_found_twice_is_refused_with_both_places(folder):
    write_csv(folder / "基本支出.csv", cells("basic", *BASIC))

    text = told(folder, 支出=cells("basic", *BASIC))
    assert "T001 › 表.xlsx › 支出：“基本支出情况表”已在 基本支出.csv › 基本支出 出现过" in text


# --- merged cells --------------------------------------------------------------------------


def merged(folder, sheet, *areas):
    book = Workbook()
    book.active.title = "项目支出"
    for row in sheet:
        book.active.append([None if value == "" else value for value in row])
    for area in areas:
        book.active.merge_cells(area)
    book.save(folder / "表.xlsx")
    return folder


def test_merged_text_belongs_to_every_row_it_spans(folder):
    rows = [{"item": "大"}, {"item": "小一", "parent": "大", "note": "原因"}, {"item": "小二"}]
    merged(folder, cells("projects", *rows), "B5:B6", "H5:H6")

    found = load_tables(load_folder(folder)).projects
    assert [row.parent for row in found] == ["", "大", "大"]
    assert [row.note for row in found] == ["", "原因", "原因"]


@pytest.mark.parametrize(("area", "way"), [("G4:G5", "几行"), ("F4:G4", "几栏"), ("F4:G5", "几")])
def test_a_merged_amount_belongs_to_no_row_and_is_refused(folder, area, way):
    rows = [{"item": "甲", (area[0] == "G" and "executed") or "adjusted_budget": 9}, {"item": "乙"}]
    merged(folder, cells("projects", *rows), area)

    text = told(folder)
    assert f"{area[:2]}：“" in text
    assert f"的合并单元格跨了{way}" in text


def test_a_merged_amount_of_an_ods_is_refused_too(folder):
    sheet = cells("projects", {"item": "甲"}, {"item": "乙"})
    rows = [[ods_cell(value) for value in row] for row in sheet]
    rows[3][6] = ods_cell(9, numberrowsspanned=2, numbercolumnsspanned=1)
    ods_of(folder / "表.ods", *rows)

    assert "G4：“全年执行数”的合并单元格跨了几行" in told(folder)


def test_empty_merged_amounts_are_no_fault(folder):
    merged(folder, cells("projects", {"item": "甲"}, {"item": "乙"}), "G4:G5")

    assert len(load_tables(load_folder(folder)).projects) == 2


def test_a_banner_merged_across_the_amounts_is_refused_and_read_as_no_project(folder):
    merged(folder, cells("projects", {"item": "一、运转类"}, *PROJECTS), "A4:H4")

    assert "A4：" in told(folder)


def test_a_title_merged_above_the_headings_is_no_fault(folder):
    merged(folder, cells("projects", *PROJECTS), "A1:H1")

    assert len(load_tables(load_folder(folder)).projects) == 1


# --- CSV -----------------------------------------------------------------------------------


def csv_unit(folder, *lines):
    head = "项目名称,年初预算数,预算调整数,调整后预算数,全年执行数,上年决算数"
    text = "\n".join(["项目支出情况表", "金额单位：万元", head, *lines, ""])
    (folder / "项目支出.csv").write_text(text, encoding="utf-8")
    return folder


def test_a_csv_row_shorter_than_the_headings_is_refused_for_a_comma_may_have_shifted_it(folder):
    # 1,000.00 without quotation marks is two fields; the row is still no longer than the headings.
    text = told(csv_unit(folder, "甲,1,000.00,5"))

    assert "T001 › 项目支出.csv › 项目支出 › 第 4 行：这一行只有 4 栏，表头到第 6 栏" in text
    assert "1,234.50" in text


def test_a_csv_row_longer_than_the_headings_is_refused(folder):
    assert "没有表头" in told(csv_unit(folder, "甲,1,000.00,0,1,1,1,7"))


def test_a_csv_row_with_quoted_commas_is_read(folder):
    found = load_tables(load_folder(csv_unit(folder, '"甲,\n乙","1,000.00",,,"2,000",')))

    assert fen(found) == {
        ("project:甲,乙", "initial_budget"): 1_000_000_000,
        ("project:甲,乙", "executed"): 2_000_000_000,
    }


def test_titles_and_notes_of_a_csv_file_may_be_short(folder):
    assert load_tables(load_folder(csv_unit(folder, "甲,1,,,,", "", "注：无"))).present == {
        "projects"
    }


# --- staffing, indicators, measures --------------------------------------------------------


def test_staff_is_counted_by_kind_with_the_printed_total_apart(folder):
    rows = [
        {"kind": "行政编制", "authorised_posts": 20, "staff_in_post": "19", "note": "调出 1 人"},
        {"kind": "政府雇员", "authorised_posts": "—", "staff_in_post": 3},
        {"kind": "合计", "authorised_posts": 20, "staff_in_post": 22},
    ]
    found = tables(folder, 基本情况=cells("staffing", *rows)).staffing

    assert [row.is_total for row in found] == [False, False, True]
    assert [row.authorised_posts for row in found] == [20, None, 20]
    assert [row.place_of("staff_in_post").cell for row in found] == ["C3", "C4", "C5"]


@pytest.mark.parametrize("raw", [1.5, -1, "二十", "20人", 10**12])
def test_a_number_of_persons_is_a_whole_number_from_zero(folder, raw):
    text = told(folder, 基本情况=cells("staffing", {"kind": "行政编制", "staff_in_post": raw}))

    assert "C3：“年末实有人数”栏的" in text


def test_indicators_keep_their_words_and_exact_points(folder):
    (row,) = tables(folder, 绩效指标=cells("indicators", INDICATOR)).indicators

    assert (row.comparison, row.target_value, row.actual_value) == ("≥", "20", "22")
    assert (row.weight, row.self_score, row.row) == (Decimal(10), Decimal("9.5"), 3)


def test_the_total_of_the_indicators_is_no_indicator(folder):
    sheet = cells("indicators", INDICATOR, {"indicator_family": "合计", "weight": 10})

    assert len(tables(folder, 绩效指标=sheet).indicators) == 1


def test_every_bad_cell_of_an_indicator_is_told(folder):
    wrong = {"indicator_family": "产出", "comparison": "≠", "weight": "十", "self_score": "9分"}

    text = told(folder, 绩效指标=cells("indicators", INDICATOR | wrong))
    assert text.startswith("共 4 处")
    assert "A3：“一级指标”栏的“产出”不在可选之列。是不是“产出指标”？" in text
    assert "D3：“指标性质”栏的“≠”不在可选之列。请从下拉列表选：≥、≤、=、定性。" in text
    assert "H3：“分值”栏的“十”不是数字" in text


def test_a_weight_below_nothing_is_refused_by_its_cell(folder):
    text = told(folder, 绩效指标=cells("indicators", INDICATOR | {"weight": -5}))

    assert "H3：“分值”栏的“-5”小于 0。请在来源处改成不小于 0 的数；" in text


def test_an_indicator_without_the_optional_columns_is_read(folder):
    sheet = [row[:8] for row in cells("indicators", INDICATOR)]

    (row,) = tables(folder, 绩效指标=sheet).indicators
    assert (row.self_score, row.evidence, row.project) == (None, "", "")


def test_measures_are_read_with_dates_as_text(folder):
    row = {"problem": "问题", "cause": "原因", "measure": "措施", "due": date(2022, 6, 30)}

    (found,) = tables(folder, 问题与措施=cells("measures", row)).measures
    assert (found.problem, found.due, found.row) == ("问题", "2022-06-30", 3)


@pytest.mark.parametrize("table", ["indicators", "measures"])
def test_a_project_that_is_not_in_its_table_is_refused_with_the_nearest_name(folder, table):
    row = INDICATOR | {"problem": "问题", "project": "甲项日"}

    text = told(folder, 项目支出=cells("projects", *PROJECTS), 其他=cells(table, row))
    assert "关联项目“甲项日”不在“项目支出”表中。是不是“甲项目”？" in text


def test_notes_and_uses_belong_to_the_fixed_rows_and_have_their_cell(folder):
    row = {"item": "人员经费", "use": "工资、奖金", "note": "调资"}

    [found] = tables(folder, 基本支出=cells("basic", row)).notes
    assert (found.block, found.use, found.note) == ("personnel", "工资、奖金", "调资")
    assert (found.table, found.sheet, found.place_of("note").cell) == ("basic", "基本支出", "H4")


# --- the unit as a whole -------------------------------------------------------------------


def test_all_faults_of_a_unit_are_told_together_each_with_its_place(folder):
    (folder / "坏.xls").write_bytes(b"%PDF-1.7")
    text = told(
        folder,
        基本支出=cells("basic", {"item": "人员经费", "executed": "40万", "initial_budget": "5%"}),
        项目支出=cells("projects", {"item": "甲", "executed": "=A1"}, {"item": "甲"}),
        通讯录=[["姓名"]],
    )

    assert text.startswith("共 6 处需要更正：")
    assert len(ADDRESS.findall(text)) == 4
    for said in (
        "坏.xls：是 PDF 文件，不是表格文件",
        "G4：“全年执行数”",
        "D4：“年初预算数”",
        "G4：是公式",
        "A5：“甲”与 A4 重复",
        "通讯录：不是本工具认识的表",
    ):
        assert said in text  # fmt: skip


def test_a_cell_is_complained_of_only_once(folder):
    text = told(folder, 项目支出=cells("projects", {"item": "甲", "executed": "=A1"}))

    assert text.count("G4") == 1
    assert "T001 › 表.xlsx › 项目支出 › G4：是公式，但文件里没有保存计算结果" in text


def test_a_project_table_that_cannot_be_read_makes_no_project_unknown(folder):
    text = told(
        folder,
        项目支出=cells("projects", {"executed": 5}),
        绩效指标=cells("indicators", INDICATOR | {"project": "甲"}),
    )

    assert "关联项目" not in text


def test_the_unit_is_named_even_where_its_code_begins_the_files_name(folder):
    write_xlsx(folder / "T001表.xlsx", 通讯录=[["姓名"]])

    assert told(folder).startswith("T001 › T001表.xlsx › 通讯录：")


@pytest.mark.parametrize("ignored", ["其他.xlsx", "其他.xlsx#坏"])
def test_what_unit_yaml_ignores_is_not_read_whatever_is_wrong_with_it(tmp_path, ignored):
    folder = make_folder(tmp_path, ignore=[ignored])
    write_xlsx(folder / "其他.xlsx", 坏=[["=A1"]])

    assert tables(folder, 基本支出=cells("basic", *BASIC)).present == {"basic"}


def test_a_hidden_sheet_may_be_ignored_by_name(tmp_path):
    folder = make_folder(tmp_path, ignore=["其他.xlsx#藏"])
    write_xlsx(folder / "其他.xlsx", 支出=cells("basic", *BASIC), 藏=[["x"]])
    book = load_workbook(folder / "其他.xlsx")
    book["藏"].sheet_state = "hidden"
    book.save(folder / "其他.xlsx")

    assert load_tables(load_folder(folder)).present == {"basic"}


def test_a_wholly_ignored_file_need_not_be_readable(tmp_path):
    folder = make_folder(tmp_path, ignore=["附件.xls"])
    (folder / "附件.xls").write_bytes(b"%PDF-1.7")

    assert tables(folder, 基本支出=cells("basic", *BASIC)).present == {"basic"}


def test_an_ignored_name_that_does_not_exist_is_refused(tmp_path):
    folder = make_folder(tmp_path, ignore=["没有.xlsx"])

    text = told(folder, 基本支出=cells("basic", *BASIC))
    assert text.startswith("T001 › unit.yaml：ignore 里的“没有.xlsx”不存在")


def test_the_guide_of_the_form_is_passed_over(folder):
    found = tables(folder, 说明=[["填报说明"], ["1. 甲"]], 基本支出=cells("basic", *BASIC))

    assert found.present == {"basic"}


def test_a_table_below_the_word_guide_is_still_read(folder):
    sheet = [["填报说明：请如实填写"], *cells("basic", *BASIC)]

    assert tables(folder, 基本支出=sheet).present == {"basic"}


def test_a_unit_with_nothing_but_the_guide_is_refused(folder):
    assert "没有读到任何一张表" in told(folder, 说明=[["填报说明"]])


def test_every_phase_of_the_layout_is_an_amount_column():
    fields = [c.field for c in LAYOUTS["basic"].columns if c.type == "amount"]

    assert fields == PHASES
