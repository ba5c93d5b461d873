"""Tests of which year a table is of and what says so: title, headings, dates, names, siblings."""

import pytest
from annexes import OVERALL
from builders import BASIC, make_folder, sheet_of, write_csv, write_xlsx
from evaluated import scored
from official_tables import drawn, reading

from selfeval.annex import build_annexes
from selfeval.checks import check
from selfeval.errors import SelfEvalError
from selfeval.evaluation.load import load_unit
from selfeval.page.appendix import coverage
from selfeval.page.internal import unchecked
from selfeval.tables.sources import settle_years

WAN = 1_000_000
ACCOUNTS = [
    ["支出决算表"],
    ["单位：万元"],
    ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"],
    ["合计", "", 80, 50, 30],
]


def accounts(title="支出决算表", note="单位：万元", *above):
    return [*([line] for line in above), [title], [note], *ACCOUNTS[2:]]


def evaluated(tmp_path, files, **settings):
    """Return a unit of 2021, its folder holding workbooks: a file's name to its sheets."""
    folder = make_folder(tmp_path, **settings)
    for name, sheets in files.items():
        write_xlsx(folder / name, **sheets)
    return check(load_unit(folder))


def found(evaluation, code):
    return [f for f in evaluation.all_findings if f.code == code]


def total(evaluation, phase="executed"):
    value = evaluation.quantities[f"total.{phase}"].value
    return None if value is None else value / WAN


# --- what says the year ----------------------------------------------------------------------

SPENDING = "科目编码 | 科目名称 | 本年支出合计 | 基本支出 | 项目支出\n合计 | | 80 | 50 | 30"


def stated(text, sheet="表1", file="表.xlsx"):
    """Return what the first table of a sheet says of its year: where, and which."""
    read = reading(drawn(text, sheet, file))
    return [(said.where, said.year) for said in read.tables[0].years]


@pytest.mark.parametrize(
    ("above", "said"),
    [
        ("2020年度支出决算表\n单位：万元", [("标题", 2020)]),
        ("附件2 2020年度支出决算表\n单位：万元", [("标题", 2020)]),
        ("某局2020年部门决算\n支出决算表\n单位：万元", [("表上方的文字", 2020)]),
        ("支出决算表\n日期：2020年12月31日\n单位：万元", [("日期", 2020)]),
        ("支出决算表\n编制日期：2020-12-31 | | 单位：万元", [("日期", 2020)]),
        ("支出决算表\n所属年度：2020\n单位：万元", [("表上方的文字", 2020)]),
        # The day a table was made says nothing of the year it is of.
        ("支出决算表\n编制日期：2021年8月20日\n单位：万元", []),
        ("支出决算表\n公开时间：2021年9月\n单位：万元", []),
        ("支出决算表\n计划完成日期：2023年12月31日\n单位：万元", []),
        ("支出决算表\n单位：万元", []),
        ("支出决算表\n2020年与2019年比较\n单位：万元", []),
    ],
)
def test_the_words_above_a_table_say_its_year(above, said):
    assert stated(f"{above}\n{SPENDING}") == said


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("2020年部门决算", 2020),
        ("某局_2020_决算", 2020),
        ("决算2020", 2020),
        ("二〇二〇年决算", 2020),
        ("20200915决算", None),
        ("决算2020-09-15", None),
        ("决算（2020年9月公开）", None),
        ("2021年公开2020年决算", None),
        ("附件2 2020年决算", 2020),
        ("附件2 2020决算", 2020),
        ("2 0 2 0 年决算", 2020),
        ("12020决算", None),
        ("2019-2020年决算", None),
        ("2019年至2020年决算", None),
        ("决算", None),
    ],
)
def test_the_name_of_a_sheet_or_a_file_says_the_year(name, year):
    text = f"支出决算表\n单位：万元\n{SPENDING}"

    assert stated(text, sheet=name) == ([("工作表名", year)] if year else [])
    assert stated(text, file=f"{name}.xlsx") == ([("文件名", year)] if year else [])


def test_what_stands_nearer_to_the_numbers_comes_first():
    text = f"2020年支出决算表\n日期：2019年12月31日\n单位：万元\n{SPENDING}"

    assert stated(text, "2018", "2017.xlsx") == [
        ("标题", 2020), ("日期", 2019), ("工作表名", 2018), ("文件名", 2017)
    ]  # fmt: skip


def test_the_headings_say_the_year_where_the_title_does_not():
    text = """
        收入支出决算总表
        单位：万元
        项目 | 2020年决算数 | 项目 | 2020年决算数
        本年收入合计 | 5 | 本年支出合计 | 5
    """

    assert stated(text) == [("表头", 2020)]


def test_headings_of_last_year_beside_this_years_say_nothing_of_the_table():
    text = """
        “三公”经费预算表
        单位：万元
        项目 | 2020年预算数 | 本年预算数
        合计 | 9 | 8
        公务接待费 | 9 | 8
    """
    read = reading(drawn(text, file="2021年预算.xlsx"))

    assert [(said.where, said.year) for said in read.tables[0].years] == [("文件名", 2021)]
    assert {(r.phase, r.fen) for r in read.amounts} == {
        ("prior_initial_budget", 9 * WAN), ("initial_budget", 8 * WAN)
    }  # fmt: skip


def test_sheets_named_after_two_years_are_two_tables():
    text = f"支出决算表\n单位：万元\n{SPENDING}"
    read = reading(drawn(text, "2020"), drawn(text, "2021"))
    settle_years(read, {})

    assert [table.year for table in read.tables] == [2020, 2021]
    assert read.unread == []


def test_a_form_says_its_year_below_its_title():
    text = """
        部门整体支出绩效评价基础数据表
        （2020年度）
        单位：万元
        经费控制情况 | 上年决算数 | 本年预算数 | 本年决算数
        三公经费 | 5 | 6 | 7
    """

    assert stated(text) == [("表上方的文字", 2020)]


def test_a_sheet_without_a_table_says_the_year_of_its_file():
    cover = drawn("某局\n2020年度部门决算", "封面")
    read = reading(cover, f"支出决算表\n单位：万元\n{SPENDING}")
    settle_years(read, {})

    assert [(table.year, table.year_by) for table in read.tables] == [(2020, "工作表“封面”")]


def test_a_table_says_what_its_year_is_known_from():
    read = reading(
        f"2020年支出决算表\n单位：万元\n{SPENDING}",
        "政府采购情况表\n单位：万元\n项目 | 金额\n合计 | 7",
    )
    settle_years(read, {})

    assert [table.year for table in read.tables] == [2020, 2020]
    assert [table.year_by for table in read.tables] == [
        "标题“2020年支出决算表”", "同一文件的其他表"
    ]  # fmt: skip


# --- a table whose year nobody says ----------------------------------------------------------


def test_last_years_accounts_without_a_year_are_not_this_years(tmp_path):
    evaluation = evaluated(tmp_path, {"决算.xlsx": {"支出": ACCOUNTS}})
    (finding,) = found(evaluation, "READ-07")

    assert total(evaluation) is None
    assert total(evaluation, "prior_final_accounts") is None
    assert (finding.outcome, finding.severity, finding.blocks) == ("fail", "error", True)
    assert [str(place) for place in finding.places] == ["决算.xlsx › 支出 › A1:E4"]
    assert finding.message == (
        "决算.xlsx 里的支出决算表没有写是哪一年的，标题、表头、日期、工作表名、文件名里都没有。"
        "它的3个数没有用在报告里。请在 unit.yaml 里写上年度，例如 years: {\"决算.xlsx\": 2021}；"
        "也可以把年度写进文件名，例如“2021年决算.xlsx”。"
    )  # fmt: skip


def test_the_undated_tables_of_a_file_are_told_together_and_kept_in_the_coverage(tmp_path):
    other = [["政府采购情况表"], ["单位：万元"], ["项目", "金额"], ["合计", 3], ["货物", 3]]
    evaluation = evaluated(tmp_path, {"决算.xlsx": {"支出": ACCOUNTS, "采购": other}})
    (finding,) = found(evaluation, "READ-07")

    assert "支出决算表、政府采购情况表没有写是哪一年的" in finding.message
    assert "它们的5个数" in finding.message
    assert coverage(evaluation).read == 5
    assert "支出决算表（年度不明，没有用在报告里）" in unchecked(evaluation).html


def test_beside_tables_of_several_years_the_sheet_is_named(tmp_path):
    sheets = {
        "一": accounts("2020年支出决算表"),
        "二": accounts("2019年支出决算表"),
        "三": [["政府采购情况表"], ["单位：万元"], ["项目", "金额"], ["合计", 3]],
    }
    (finding,) = found(evaluated(tmp_path, {"决算.xlsx": sheets}), "READ-07")

    assert 'years: {"决算.xlsx#三": 2021}' in finding.message
    assert "文件名，例如" not in finding.message


def test_undated_tables_of_two_files_are_not_one_table_read_twice(tmp_path):
    other = [*ACCOUNTS[:3], ["合计", "", 90, 50, 40]]
    evaluation = evaluated(tmp_path, {"甲.xlsx": {"一": ACCOUNTS}, "乙.xlsx": {"一": other}})

    assert [f.item for f in found(evaluation, "READ-07")] == ["乙.xlsx", "甲.xlsx"]
    assert found(evaluation, "SAME-01") == []


def test_undated_tables_saved_as_one_file_each_are_told_together(tmp_path):
    folder = make_folder(tmp_path)
    other = [["政府采购情况表"], ["单位：万元"], ["项目", "金额"], ["合计", 3]]
    for name, rows in (("甲.csv", ACCOUNTS), ("乙.csv", other), ("2021年丙.csv", ACCOUNTS)):
        write_csv(folder / name, rows)
    (finding,) = found(check(load_unit(folder)), "READ-07")

    assert len(finding.places) == 2
    assert finding.message == (
        "乙.csv 等2个文件里的政府采购情况表、支出决算表没有写是哪一年的，标题、表头、日期、工作表名"
        "、文件名里都没有。它们的4个数没有用在报告里。请在 unit.yaml 里写上年度，例如 years: "
        "{\"乙.csv\": 2021, \"甲.csv\": 2021}；也可以把年度写进文件名，例如“2021年乙.csv”。"
    )  # fmt: skip


def test_undated_tables_are_still_checked_against_themselves(tmp_path):
    wrong = [*ACCOUNTS[:3], ["合计", "", 80, 50, 20]]
    evaluation = evaluated(tmp_path, {"决算.xlsx": {"支出": wrong}})

    assert [f.outcome for f in found(evaluation, "I5")] == ["fail"]


@pytest.mark.parametrize("key", ["决算.xlsx", "决算.xlsx#支出"])
def test_unit_yaml_states_the_year_of_a_file_or_a_sheet(tmp_path, key):
    files = {"决算.xlsx": {"支出": ACCOUNTS}}
    this = evaluated(tmp_path / "一", files, years={key: 2021})
    last = evaluated(tmp_path / "二", files, years={key: 2020})

    assert (total(this), total(this, "prior_final_accounts")) == (80, None)
    assert (total(last), total(last, "prior_final_accounts")) == (None, 80)
    assert found(this, "READ-07") == found(last, "READ-07") == []


def test_years_that_name_what_does_not_exist_are_refused(tmp_path):
    files = {"决算.xlsx": {"支出": ACCOUNTS}}

    with pytest.raises(SelfEvalError) as told:
        evaluated(tmp_path, files, years={"决算.xlsx#支": 2021, "预算.xlsx": 2021})

    assert "years 里的“决算.xlsx#支”不存在。" in str(told.value)
    assert "T001 › unit.yaml" in str(told.value)


def test_the_units_own_form_needs_no_year(tmp_path):
    folder = make_folder(tmp_path)
    write_csv(folder / "基本支出.csv", sheet_of("basic", BASIC))

    assert found(check(load_unit(folder)), "READ-07") == []


# --- two years for one table -----------------------------------------------------------------


def test_a_title_and_a_file_that_differ_are_told_and_the_title_holds(tmp_path):
    files = {"2020年决算.xlsx": {"支出": accounts("2021年支出决算表")}}
    evaluation = evaluated(tmp_path, files)
    (finding,) = found(evaluation, "READ-09")

    assert total(evaluation) == 80
    assert (finding.outcome, finding.severity) == ("fail", "error")
    assert finding.message == (
        "2020年决算.xlsx 里的支出决算表年度不一致：标题“2021年支出决算表”是2021年，"
        "文件名“2020年决算.xlsx”是2020年。现在按2021年使用。请核对后改正；"
        "改不了的，在 unit.yaml 里写明，例如 years: {\"2020年决算.xlsx\": 2021}。"
    )  # fmt: skip
    assert [str(place) for place in finding.places] == ["2020年决算.xlsx › 支出 › A1"]


@pytest.mark.parametrize("year", [2021, 2020])
def test_unit_yaml_decides_between_two_years_that_a_table_states(tmp_path, year):
    files = {"2020年决算.xlsx": {"支出": accounts("2021年支出决算表")}}
    evaluation = evaluated(tmp_path, files, years={"2020年决算.xlsx": year})

    assert found(evaluation, "READ-09") == []
    assert total(evaluation, "executed" if year == 2021 else "prior_final_accounts") == 80


def test_unit_yaml_cannot_say_another_year_than_all_that_is_printed(tmp_path):
    files = {"决算.xlsx": {"支出": accounts("2020年支出决算表")}}
    evaluation = evaluated(tmp_path, files, years={"决算.xlsx": 2021})
    (finding,) = found(evaluation, "READ-09")

    assert total(evaluation) is None
    assert "标题“2020年支出决算表”是2020年，unit.yaml 的 years 写的是2021年" in finding.message


def test_tables_of_one_file_that_differ_from_its_name_are_told_together(tmp_path):
    sheets = {"一": accounts("2021年支出决算表"), "二": [
        ["2021年政府采购情况表"], ["单位：万元"], ["项目", "金额"], ["合计", 3]]}  # fmt: skip
    (finding,) = found(evaluated(tmp_path, {"2020年.xlsx": sheets}), "READ-09")

    assert "支出决算表、政府采购情况表年度不一致" in finding.message
    assert len(finding.places) == 2


def test_the_indicators_of_last_years_form_are_not_this_years(tmp_path):
    last = scored(tmp_path / "一")
    folder = make_folder(tmp_path / "二", fiscal_year=2022)
    write_csv(folder / "基本支出.csv", sheet_of("basic", BASIC))
    (folder / OVERALL).write_bytes(build_annexes(last)[OVERALL])
    evaluation = check(load_unit(folder))

    assert evaluation.tables.indicators == ()
    assert any("指标没有用在报告里" in f.message for f in found(evaluation, "READ-04"))
